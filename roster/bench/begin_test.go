package bench

import (
	"context"
	"testing"
)

// hardOf makes an instance ready for the search.
func hardOf(t *testing.T, inst *Instance) *problem {
	t.Helper()
	p, err := newHard(inst, costScale)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// firstOf returns the first roster of a problem at some prices, nil for none.
func firstOf(t *testing.T, p *problem, w *worker, prices []int32) *state {
	t.Helper()
	s, err := p.construct(context.Background(), w, prices)
	if err != nil {
		t.Fatal(err)
	}
	return s
}
