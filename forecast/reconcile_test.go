package forecast

import (
	"math"
	"testing"
	"time"

	"gonum.org/v1/gonum/mat"

	"kcc/internal/calendar"
)

// flatForecast has one point with a mean and a standard deviation.
func flatForecast(m, sd float64) *Forecast {
	const z80 = 1.2815515655446004
	return &Forecast{Levels: []float64{0.8}, Points: []Point{{
		Start: time.Unix(0, 0), Mean: m, Bounds: []float64{m - z80*sd, m + z80*sd},
	}}}
}

// The two passes over the tree are compared with the matrix form of minimum
// trace reconciliation, ỹ = S(S'W⁻¹S)⁻¹S'W⁻¹ŷ.
func TestReconcileAgainstMatrixForm(t *testing.T) {
	// total = (a1 + a2) + b
	means := []float64{110, 70, 50, 45, 25} // total, a, b, a1, a2
	sds := []float64{8, 6, 5, 7, 2}
	f := make([]*Forecast, 5)
	for i := range f {
		f[i] = flatForecast(means[i], sds[i])
	}
	a := &Node{Forecast: f[1], Parts: []*Node{{Forecast: f[3]}, {Forecast: f[4]}}}
	Reconcile(&Node{Forecast: f[0], Parts: []*Node{a, {Forecast: f[2]}}})

	s := mat.NewDense(5, 3, []float64{1, 1, 1, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 1, 0})
	w := mat.NewDense(5, 5, nil)
	for i, x := range sds {
		w.Set(i, i, 1/(x*x))
	}
	var sw, sws, inv, rhs, b, want mat.Dense
	sw.Mul(s.T(), w)
	sws.Mul(&sw, s)
	if err := inv.Inverse(&sws); err != nil {
		t.Fatal(err)
	}
	rhs.Mul(&sw, mat.NewDense(5, 1, means))
	b.Mul(&inv, &rhs)
	want.Mul(s, &b)
	for i := range f {
		if got := f[i].Points[0].Mean; math.Abs(got-want.At(i, 0)) > 1e-9 {
			t.Errorf("node %d = %.6f, want %.6f", i, got, want.At(i, 0))
		}
	}
}

func TestSubjectsAddUpToTheirChannel(t *testing.T) {
	first := calendar.NewDate(2026, 1, 5)
	mk := func(seed uint64, subject string, perDay float64, days int) Series {
		s := synth{seed: seed, step: time.Hour, first: first.Add(84 - days), days: days, perDay: perDay}.series()
		s.Subject = subject
		return s
	}
	in := []Series{mk(1, "tax", 80, 84), mk(2, "waste", 30, 84), mk(3, "new", 5, 6)}
	whole := Series{Channel: "phone", Zone: in[0].Zone, Step: time.Hour}
	for _, s := range in {
		whole.Obs = append(whole.Obs, s.Obs...)
	}
	out, bad, err := RunAll(ctx, append([]Series{whole}, in...), Options{Horizon: 14}, nil)
	if err != nil || len(bad) > 0 || len(out) != 4 {
		t.Fatalf("%d forecasts, skipped %v, error %v", len(out), bad, err)
	}
	sum := map[int64]float64{}
	for _, f := range out[1:] {
		for _, p := range f.Points {
			if p.Mean < 0 {
				t.Fatalf("negative %g", p.Mean)
			}
			sum[p.Start.Unix()] += p.Mean
		}
	}
	for _, p := range out[0].Points {
		if math.Abs(sum[p.Start.Unix()]-p.Mean) > 1e-9*(1+p.Mean) {
			t.Fatalf("%s: subjects %.6f, channel %.6f", p.Start, sum[p.Start.Unix()], p.Mean)
		}
	}
}
