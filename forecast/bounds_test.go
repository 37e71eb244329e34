package forecast

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"gonum.org/v1/gonum/stat/distuv"

	"kcc/internal/calendar"
)

func TestCountQuantile(t *testing.T) {
	// Poisson: against the distribution function.
	for _, mu := range []float64{0.1, 0.7, 2, 4.9} {
		for _, q := range []float64{0.025, 0.1, 0.5, 0.9, 0.975} {
			k := countQuantile(mu, mu, q)
			d := distuv.Poisson{Lambda: mu}
			if d.CDF(k) < q || (k > 0 && d.CDF(k-1) >= q) {
				t.Errorf("countQuantile(%g, %g, %g) = %g", mu, mu, q, k)
			}
		}
	}
	// Negative binomial: against draws of a gamma-mixed Poisson.
	rng := rand.New(rand.NewPCG(1, 2))
	const mu, variance, n = 3.0, 7.5, 200000
	g := distuv.Gamma{Alpha: mu * mu / (variance - mu), Beta: mu / (variance - mu), Src: rng}
	count := make([]float64, 200)
	for range n {
		count[int(poisson(rng, g.Rand()))]++
	}
	for _, q := range []float64{0.1, 0.9, 0.975} {
		sum, k := 0.0, 0
		for ; k < len(count); k++ {
			if sum += count[k] / n; sum >= q {
				break
			}
		}
		if got := countQuantile(mu, variance, q); math.Abs(got-float64(k)) > 1 {
			t.Errorf("negative binomial quantile %g = %g, drawn %d", q, got, k)
		}
	}
}

// Bounds of a channel with few contacts hold what they promise.
func TestLowVolumeCoverage(t *testing.T) {
	c := synth{seed: 77, step: 30 * time.Minute, first: calendar.NewDate(2026, 1, 5), days: 168, perDay: 12, week: "mo-fr 08:00-18:00"}
	r, err := Backtest(ctx, c.series(), BacktestOptions{Options: Options{Horizon: 14}, First: 80, Step: 6, Folds: 5, Windows: []int{14}})
	if err != nil {
		t.Fatal(err)
	}
	s := r.Scores[0]
	if s.Coverage[0] < 0.78 || s.Coverage[1] < 0.93 {
		t.Errorf("coverage %.3f and %.3f, want at least 0.78 and 0.93", s.Coverage[0], s.Coverage[1])
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
