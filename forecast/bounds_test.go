package forecast

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"kcc/internal/calendar"
)

// Bounds of a channel with few contacts hold what they promise.
func TestLowVolumeCoverage(t *testing.T) {
	c := synth{seed: 77, step: 30 * time.Minute, first: calendar.NewDate(2026, 1, 5), days: 168, perDay: 12, week: "mo-fr 08:00-18:00"}
	r, err := Backtest(ctx, c.series(), BacktestOptions{Options: Options{Horizon: 14}, First: 80, Step: 6, Folds: 5, Windows: []int{14}})
	if err != nil {
		t.Fatal(err)
	}
	s := r.Scores[0]
	// Bounds are no whole numbers, so that they hold what they say on average over
	// many intervals; a bound rounded outward to a count would hold more.
	if s.Coverage[0] < 0.72 || s.Coverage[0] > 0.9 || s.Coverage[1] < 0.9 {
		t.Errorf("coverage %.3f and %.3f, want about 0.80 and 0.95", s.Coverage[0], s.Coverage[1])
	}
	if s.WAPE > 1.25*s.Floor {
		t.Errorf("WAPE %.3f beside a floor of %.3f", s.WAPE, s.Floor)
	}
}

// Odd histories give a forecast or a clear error, never NaN.
func TestOddHistories(t *testing.T) {
	base := synth{seed: 3, step: time.Hour, first: calendar.NewDate(2026, 1, 5), days: 60, perDay: 100, week: "mo-fr 08:00-18:00"}.series()
	for _, tt := range []struct {
		name   string
		change func(i int, o *Observation)
	}{
		{"all zero", func(_ int, o *Observation) { o.Offered = 0 }},
		{"constant", func(_ int, o *Observation) { o.Offered = 7 }},
		{"one contact ever", func(i int, o *Observation) {
			o.Offered = 0
			if i == 100 {
				o.Offered = 1
			}
		}},
		{"huge", func(_ int, o *Observation) { o.Offered *= 1e9 }},
		{"tiny fractions", func(_ int, o *Observation) { o.Offered *= 1e-7 }},
		{"half unknown", func(i int, o *Observation) {
			if i%2 == 0 {
				o.Offered = math.NaN()
			}
		}},
		{"from nothing to something", func(i int, o *Observation) {
			if i < 300 {
				o.Offered = 0
			}
		}},
		{"something to nothing", func(i int, o *Observation) {
			if i > 300 {
				o.Offered = 0
			}
		}},
		{"infinite", func(i int, o *Observation) {
			if i == 9 {
				o.Offered = math.Inf(1)
			}
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := base
			s.Obs = append([]Observation(nil), base.Obs...)
			for i := range s.Obs {
				tt.change(i, &s.Obs[i])
			}
			f := must(t, s, Options{Horizon: 14})
			top := 0.0
			for _, o := range s.Obs {
				if !math.IsInf(o.Offered, 0) && o.Offered > top {
					top = o.Offered
				}
			}
			for _, p := range f.Points {
				if math.IsNaN(p.Mean) || p.Mean < 0 || p.Mean > 10*top+1 {
					t.Fatalf("mean %g at %s", p.Mean, p.Start)
				}
				for _, b := range p.Bounds {
					if math.IsNaN(b) || math.IsInf(b, 0) {
						t.Fatalf("bounds %v around %g", p.Bounds, p.Mean)
					}
				}
			}
		})
	}
}

// Errors that go together within an origin count as few; a skew that rests on
// few is mirrored away, one that rests on many stays.
func TestSkewByEvidence(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 5))
	var together, apart [][]float64
	for range 12 {
		level := rng.NormFloat64()
		var a, b []float64
		for range 28 {
			a = append(a, level+0.2*rng.NormFloat64())
			b = append(b, rng.NormFloat64())
		}
		together, apart = append(together, a), append(apart, b)
	}
	few, many := independent(together), independent(apart)
	if few < 6 || few > 25 {
		t.Errorf("errors of 12 origins that share their level count as %.1f, want about 12", few)
	}
	if many < 100 || many > 12*28 {
		t.Errorf("336 errors on their own count as %.1f", many)
	}
	z := []float64{-1, -0.5, 0, 1, 3}
	if lo, hi := mirrored(z, 0.1, 1), mirrored(z, 0.9, 1); math.Abs(lo+hi) > 1e-12 || hi <= 0 {
		t.Errorf("fully mirrored quantiles %v and %v, want symmetric", lo, hi)
	}
	if got, want := mirrored(z, 0.9, 0), quantile(z, 0.9); got != want {
		t.Errorf("without mirror %v, want %v", got, want)
	}
}
