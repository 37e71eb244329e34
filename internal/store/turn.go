package store

import (
	"context"
	"time"
)

// turnSuffix names the file beside the store on which writers queue.
const turnSuffix = "-turn"

// Turn waits until it is this process's turn to write to the store at path, and
// returns what ends the turn. SQLite lets waiting writers ask again after pauses
// of up to a tenth of a second, so with dozens of desks an unlucky one may wait
// for seconds; a file lock serves them in order of arrival. It is a courtesy, not
// the lock of the store: who does not get a turn within wait, or is on a system
// without file locks, writes all the same.
func Turn(ctx context.Context, path string, wait time.Duration) func() {
	none := func() {}
	f, err := openTurn(path + turnSuffix)
	if err != nil {
		return none
	}
	end := func() { f.Close() } // closing gives up the lock
	if f.try() {
		return end
	}
	got := make(chan error, 1)
	go func() { got <- f.lock() }()
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case err := <-got:
		if err != nil {
			end()
			return none
		}
		return end
	case <-ctx.Done():
	case <-timer.C:
	}
	go func() { // when the lock comes after all, nobody needs it
		<-got
		end()
	}()
	return none
}
