package forecast

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// without returns the combined forecast of the horizon when model drop may not
// be used; drop "" leaves all. preds are the forecasts of the horizon.
func (c *choice) without(v *view, raw []float64, preds [][]float64, drop string) []float64 {
	d := *c
	d.origins = make([]originForecast, len(c.origins))
	mine := append([][]float64(nil), preds...)
	for i, of := range c.origins {
		of.preds = append([][]float64(nil), of.preds...)
		d.origins[i] = of
	}
	for m := range c.models {
		if slices.Contains(strings.Split(drop, "+"), c.models[m].name) {
			mine[m] = nil
			for i := range d.origins {
				d.origins[i].preds[m] = nil
			}
		}
	}
	d.weigh(v, raw)
	return d.combine(v.p, v.n, v.h, mine)
}

// dropped lists what is left out in turn: each model, or the groups that
// KCC_ABLATE_DROP names (means4+means12,ets).
func dropped() []string {
	if s := os.Getenv("KCC_ABLATE_DROP"); s != "" {
		return strings.Split(s, ",")
	}
	return Models()
}

// foldOf chooses on one view and returns what each pool without one model says.
func foldOf(t *testing.T, p *panel, lo, n, h int) map[string][]float64 {
	raw := p.withoutEvents(n)
	work := append([]float64(nil), raw...)
	v := newView(p, lo, n, h, work, nil)
	clean(v, work)
	c, err := choose(ctx, v, raw, "")
	if err != nil {
		t.Fatal(err)
	}
	var preds [][]float64
	for i := range c.models {
		preds = append(preds, c.models[i].run(v))
	}
	out := map[string][]float64{}
	for _, drop := range append([]string{""}, dropped()...) {
		out[drop] = c.without(v, raw, preds, drop)
	}
	return out
}

// TestAblation prints how much worse each block gets when a model is left out
// of the pool, on the next day (for competition series the first day or week) and
// over the whole horizon: KCC_ABLATE names the blocks (all, P1, P3, M4, NN5, X ...).
func TestAblation(t *testing.T) {
	want := os.Getenv("KCC_ABLATE")
	if want == "" {
		t.Skip("set KCC_ABLATE (and KCC_DATA) to measure what each model is worth")
	}
	dir := dataDir(t)
	show := func(name string, near, err map[string]float64) {
		line := fmt.Sprintf("%-20s all %.4f / %.4f; left out, near / whole:", name, near[""], err[""])
		for _, m := range dropped() {
			line += fmt.Sprintf(" %s %+.2f/%+.2f%%", m, 100*(near[m]/near[""]-1), 100*(err[m]/err[""]-1))
		}
		fmt.Println(line)
	}
	for _, pr := range protocols() {
		if want != "all" && !strings.HasPrefix(pr.name, want) {
			continue
		}
		s := readSeries(t, filepath.Join(dir, pr.file), pr.column)
		_, last, _ := span(&s)
		p, n, err := buildPanel(&s, &Options{}, last)
		if err != nil {
			t.Fatal(err)
		}
		p.closeUnseen(n)
		var open []int
		for d := range n {
			if p.data[d] {
				open = append(open, d)
			}
		}
		near, abs, sum := map[string]float64{}, map[string]float64{}, 0.0
		for k := range 12 {
			at := pr.first + k*pr.step - 1
			end := min(n, open[at]+1+pr.h)
			if pr.open {
				end = open[min(len(open)-1, at+pr.h)] + 1
			}
			lo := 0
			if pr.trainDays > 0 {
				lo = max(0, open[at]+1-pr.trainDays)
			}
			for drop, f := range foldOf(t, p, lo, open[at]+1, end-open[at]-1) {
				for i, x := range f {
					if y := p.y[(open[at]+1)*p.slots+i]; !math.IsNaN(x) && !math.IsNaN(y) {
						abs[drop] += math.Abs(x - y)
						if open[at]+1+i/p.slots == open[at+1] {
							near[drop] += math.Abs(x - y)
						}
						if drop == "" {
							sum += y
						}
					}
				}
			}
		}
		for drop := range abs {
			abs[drop] /= sum
		}
		show(pr.name, near, abs)
	}
	plain := func(name string, train, test [][]float64, slots, cycle, lag int) {
		near, mase := map[string]float64{}, map[string]float64{}
		for i := range train {
			p, n, h, err := plainPanel(Plain{Values: train[i]}, slots, cycle, len(test[i]))
			if err != nil {
				t.Fatal(err)
			}
			scale, count := 0.0, 0.0
			for k := lag; k < len(train[i]); k++ {
				if d := math.Abs(train[i][k] - train[i][k-lag]); !math.IsNaN(d) {
					scale += d
					count++
				}
			}
			for drop, f := range foldOf(t, p, 0, n, h) {
				for k, y := range test[i] {
					e := math.Abs(y-f[k]) / (scale / count) / float64(len(test[i])*len(train))
					mase[drop] += e
					if k < lag {
						near[drop] += e
					}
				}
			}
		}
		show(name, near, mase)
	}
	if want == "all" || want == "M4" {
		_, train := wide(t, filepath.Join(dir, "m4_hourly_train.csv"))
		_, test := wide(t, filepath.Join(dir, "m4_hourly_test.csv"))
		var a, b [][]float64
		for i := 0; i < len(train); i += 4 { // every fourth series
			a, b = append(a, train[i]), append(b, test[i])
		}
		plain("M4 hourly, 1 in 4", a, b, 24, 7, 24)
	}
	if want == "all" || want == "NN5" {
		train, test := nn5(t, dir)
		plain("NN5 odd", train, test, 1, 7, 7)
	}
}
