//go:build unix && !solaris && !aix

package store

import (
	"context"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"
)

func TestTurn(t *testing.T) {
	ctx := context.Background()
	path := filepath.Join(t.TempDir(), "kcc.db")
	end := Turn(ctx, path, time.Minute)
	var second atomic.Bool
	done := make(chan struct{})
	go func() {
		defer close(done)
		end := Turn(ctx, path, time.Minute)
		second.Store(true)
		end()
	}()
	// Who does not want to wait goes on without a turn, and so does who gives up.
	begin := time.Now()
	Turn(ctx, path, 10*time.Millisecond)()
	gone, cancel := context.WithCancel(ctx)
	cancel()
	Turn(gone, path, time.Minute)()
	if waited := time.Since(begin); waited > 30*time.Second {
		t.Errorf("giving up took %s", waited)
	}
	if second.Load() {
		t.Error("two have the turn at once")
	}
	end()
	select {
	case <-done:
	case <-time.After(time.Minute):
		t.Fatal("the second never gets its turn")
	}
	// Those who gave up do not keep it: a new one gets it at once.
	got := make(chan struct{})
	go func() { Turn(ctx, path, time.Hour)(); close(got) }()
	select {
	case <-got:
	case <-time.After(time.Minute):
		t.Fatal("a turn that nobody wants is kept")
	}
	// A folder that cannot be written is no reason to fail.
	Turn(ctx, filepath.Join(path, "nowhere", "kcc.db"), time.Minute)()
}
