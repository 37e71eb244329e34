package roster

import (
	"context"
	"testing"
	"time"
)

func TestMakeGenerated(t *testing.T) {
	p := Generate(GenerateOptions{Agents: 20, Weeks: 2, Seed: 1})
	start := time.Now()
	res, err := Make(context.Background(), p, Options{Effort: 5, Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range res.Violations {
		t.Errorf("violation: %s", v.Text)
	}
	t.Logf("%v cost %+v bound %.1f gap %.3f unmet %.1f of %.1f, worked %.1f, iters %d", time.Since(start), res.Cost, res.Bound, res.Gap, res.UnmetHours, res.DemandHours, res.WorkedHours, res.Iterations)
	for _, s := range res.Shortfalls {
		t.Log(s.Text)
	}
	t.Log(res.Notes)
}
