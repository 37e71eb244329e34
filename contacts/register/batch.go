package register

import (
	"context"
	"errors"
	"io"
	"slices"
	"time"

	"modernc.org/sqlite"

	"kcc/internal/store"
)

// Batch is what became of a stream of contacts.
type Batch struct {
	Added, Known, Rejected, Masked int
	Commits                        []time.Duration // how long each took, in order
	Errors                         []error         // the first of the rejected
}

// maxBatchErrors bounds the errors that a batch keeps.
const maxBatchErrors = 100

// Percentile returns the share p of the commits that took no longer.
func (b *Batch) Percentile(p float64) time.Duration {
	if len(b.Commits) == 0 {
		return 0
	}
	sorted := slices.Clone(b.Commits)
	slices.Sort(sorted)
	i := int(p*float64(len(sorted))+0.5) - 1
	return sorted[min(max(i, 0), len(sorted)-1)]
}

// LineError tells on which line of a stream a contact was refused.
type LineError struct {
	Line int
	Err  error
}

func (e *LineError) Error() string { return "line " + itoa(int64(e.Line)) + ": " + e.Err.Error() }
func (e *LineError) Unwrap() error { return e.Err }

// AddAll registers every contact of a stream, each in a transaction of its own,
// and calls done after each commit. Lines that cannot be registered are counted
// and left out; a lock or a broken store ends the batch.
func (d *Desk) AddAll(ctx context.Context, name string, r io.Reader, done func(line int, a Added) error) (*Batch, error) {
	b := &Batch{}
	err := ReadEntries(name, r, func(line int, e *Entry, bad error) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		begin := time.Now()
		var a Added
		if bad == nil {
			a, bad = d.Add(ctx, e)
		}
		if bad != nil {
			if ctx.Err() != nil || errors.Is(bad, store.ErrLocked) || errors.Is(bad, store.ErrDamaged) || !refusal(bad) {
				return bad
			}
			b.Rejected++
			if len(b.Errors) < maxBatchErrors {
				b.Errors = append(b.Errors, &LineError{line, bad})
			}
			return nil
		}
		b.Commits = append(b.Commits, time.Since(begin))
		b.Masked += a.Masked
		if a.New {
			b.Added++
		} else {
			b.Known++
		}
		return done(line, a)
	})
	return b, err
}

// refusal reports whether an error is about the contact and not about the store.
func refusal(err error) bool {
	var se *sqlite.Error
	return !errors.As(err, &se)
}
