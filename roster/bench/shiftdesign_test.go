package bench

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"kcc/roster"
)

const tinyDesign = `interval = 60; days = 2;
demand = [1,1,2,2,1,1, 0,1,3,3,2,0];
shiftTypes = 1; minStart = [0]; maxStart = [3]; minLength = [2]; maxLength = [4];
weightUnderCover = 1; weightOverCover = 1; weightShiftInstances = 30;
`

// The mix of a tiny instance is as cheap as the best of all mixes, found by
// trying every set of at most three kinds with up to three people a day.
func TestShiftDesignTiny(t *testing.T) {
	p, err := ParseShiftDesign(strings.NewReader(tinyDesign))
	if err != nil {
		t.Fatal(err)
	}
	m := p.Mix()
	got := roster.SolveMix(context.Background(), m, 5, 1)
	best := bruteMix(m)
	if got.Cost > best+1e-9 {
		t.Errorf("cost %.0f, the best is %.0f", got.Cost, best)
	}
	again := roster.SolveMix(context.Background(), m, 5, 1)
	if again.Cost != got.Cost || again.Used != got.Used {
		t.Errorf("the same seed gives %.0f and %.0f", got.Cost, again.Cost)
	}
	for _, bad := range []string{"interval = 60;", strings.Replace(tinyDesign, "days = 2", "days = 5", 1), strings.Replace(tinyDesign, "maxLength = [4]", "maxLength = [1]", 1)} {
		if _, err := ParseShiftDesign(strings.NewReader(bad)); err == nil {
			t.Errorf("%q is accepted", bad)
		}
	}
}

// bruteMix tries every set of up to three kinds; days do not touch each other
// beyond the cyclic wrap, so people are tried for both days together.
func bruteMix(m *roster.Mix) float64 {
	best := 1e18
	n := len(m.Kinds)
	var kinds [][]int
	for a := range n {
		kinds = append(kinds, []int{a})
		for b := a + 1; b < n; b++ {
			kinds = append(kinds, []int{a, b})
			for c := b + 1; c < n; c++ {
				kinds = append(kinds, []int{a, b, c})
			}
		}
	}
	z := make([]float64, len(m.Need))
	var try func(set []int, i int)
	try = func(set []int, i int) {
		if i == len(set)*len(m.Days) {
			cost := float64(len(set)) * m.PerKind
			for t := range z {
				if d := m.Need[t] - z[t]; d > 0 {
					cost += m.Under * d
				} else {
					cost -= m.Over * d
				}
			}
			best = min(best, cost)
			return
		}
		k, d := set[i/len(m.Days)], i%len(m.Days)
		add := func(w float64) {
			for s := range m.Kinds[k].Presence {
				z[(m.Days[d]+m.Kinds[k].Start+s)%len(z)] += w
			}
		}
		for n := 0; n <= 3; n++ {
			try(set, i+1)
			add(1)
		}
		add(-4)
	}
	for _, set := range kinds {
		try(set, 0)
	}
	return best
}

// The public instances, with the published totals of two of them that are 480
// and 300 (GrMCMF with local search): the first always, all with KCC_EVAL.
func TestShiftDesignPublished(t *testing.T) {
	files, _ := filepath.Glob(filepath.Join(dataDir(t), "roster", "shiftdesign", "*.dzn"))
	if len(files) == 0 || testing.Short() {
		t.Skip("no public instances here: KCC_DATA names their folder")
	}
	effort := 2
	if os.Getenv("KCC_EVAL") != "" {
		effort = 30
	} else {
		files = slices.DeleteFunc(files, func(f string) bool { return filepath.Base(f) != "RandomExample1.dzn" })
	}
	for _, file := range files {
		f, err := os.Open(file)
		if err != nil {
			t.Fatal(err)
		}
		p, err := ParseShiftDesign(f)
		f.Close()
		if err != nil {
			t.Fatal(err)
		}
		r := roster.SolveMix(context.Background(), p.Mix(), effort, 1)
		t.Logf("%s: cost %.0f, %d shifts, %.0f minutes short, %.0f over", filepath.Base(file), r.Cost, r.Used, r.Under*float64(p.Interval), r.Over*float64(p.Interval))
		if limit := map[string]float64{"RandomExample1.dzn": 480, "RandomExample2.dzn": 300}[filepath.Base(file)]; limit > 0 && r.Cost > limit {
			t.Errorf("%s costs %.0f, published %.0f", filepath.Base(file), r.Cost, limit)
		}
	}
}
