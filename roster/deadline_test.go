package roster

import (
	"context"
	"testing"
	"time"
)

// TestHurry holds how the time up to a deadline is divided, and that nothing is without one.
func TestHurry(t *testing.T) {
	free := newHurry(context.Background())
	for range 100 {
		if free.enough() {
			t.Fatal("without a deadline the ascent is told to end")
		}
	}
	if e := free.effort(32, 100); e != 32 || free.hurried {
		t.Errorf("without a deadline effort %d, hurried %v", e, free.hurried)
	}
	now := time.Now()
	short := hurry{begin: now.Add(-10 * time.Second), until: now.Add(time.Hour), end: now.Add(5 * time.Second), rounds: 50}
	if e := short.effort(32, 100); e < 5 || e > 6 || !short.hurried { // a dive of 20 s, 4 s for it
		t.Errorf("effort %d of 32, hurried %v, want 6 for a fifth of the time", e, short.hurried)
	}
	long := hurry{begin: now.Add(-10 * time.Second), until: now.Add(time.Hour), end: now.Add(time.Minute), rounds: 50}
	if e := long.effort(32, 100); e != 32 || long.hurried {
		t.Errorf("effort %d of 32, hurried %v, want all: there is time", e, long.hurried)
	}
	over := hurry{begin: now.Add(-10 * time.Second), until: now.Add(-time.Second), end: now.Add(time.Minute)}
	if !over.enough() || !over.hurried {
		t.Error("the ascent goes on after its time")
	}
}
