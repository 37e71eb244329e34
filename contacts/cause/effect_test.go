package cause

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"

	"kcc/internal/calendar"
)

// A letter brings contacts that decay over three weeks; what it brought is inside
// the 90 % interval about nine times in ten, and is found when it is at least
// four standard errors.
func TestLetterEffects(t *testing.T) {
	n := rounds(60, 400)
	covered, big, found := 0, 0, 0
	for seed := range uint64(n) {
		m := newYear(seed+5000, 6, 60)
		rng := rand.New(rand.NewPCG(seed, 9))
		name := fmt.Sprintf("subject%02d", rng.IntN(6))
		sent := m.first.Add(70 + rng.IntN(7*60-120))
		s := m.series[name]
		extra := int(m.sd[name] * (2 + 12*rng.Float64()))
		for range extra {
			s.Counts[int(sent-m.first)+1+min(19, int(rng.ExpFloat64()*4))]++
		}
		window := func(d calendar.Date) bool { return d > sent && d <= sent+21 }
		c := Fit(s, window)
		sum := c.Over(sent+1, sent+21)
		q := distuv.StudentsT{Sigma: 1, Nu: sum.DF}.Quantile(0.95)
		if math.Abs(sum.Extra()-float64(extra)) <= q*sum.SE {
			covered++
		}
		if float64(extra) >= 4*sum.SE {
			big++
			if sum.Extra()-q*sum.SE > 0 {
				found++
			}
		}
	}
	t.Logf("%d of %d inside the 90 %% interval; %d of %d of at least 4 standard errors found", covered, n, found, big)
	if share := float64(covered) / float64(n); n >= 100 && (share < 0.85 || share > 0.95) || share < 0.8 {
		t.Errorf("the true value is inside the 90 %% interval in %.1f %%", 100*share)
	}
	if float64(found) < 0.9*float64(big) {
		t.Errorf("%d of %d letters of at least 4 standard errors found", found, big)
	}
}

// An action takes contacts away for good; the control is made of what came before.
func TestActionEffects(t *testing.T) {
	n := rounds(60, 400)
	covered, big, found, false_ := 0, 0, 0, 0
	for seed := range uint64(n) {
		m := newYear(seed+9000, 6, 104)
		rng := rand.New(rand.NewPCG(seed, 11))
		name := fmt.Sprintf("subject%02d", rng.IntN(6))
		at := m.first.Add(7 * (80 + rng.IntN(12)))
		cut := 0.4 * rng.Float64()
		if seed%4 == 0 {
			cut = 0
		}
		s := m.series[name]
		gone := 0.0
		for i := int(at - m.first); i < len(s.Counts) && i < int(at-m.first)+56; i++ {
			k := distuv.Binomial{N: s.Counts[i], P: cut, Src: rand.NewPCG(seed, uint64(i))}
			if s.Counts[i] > 0 && cut > 0 {
				x := k.Rand()
				s.Counts[i] -= x
				gone += x
			}
		}
		c := Fit(s, func(d calendar.Date) bool { return d >= at })
		sum := c.Over(at, at+55)
		q := distuv.StudentsT{Sigma: 1, Nu: sum.DF}.Quantile(0.95)
		if math.Abs(sum.Extra()+gone) <= q*sum.SE {
			covered++
		}
		if gone >= 4*sum.SE {
			big++
			if sum.Extra()+q*sum.SE < 0 {
				found++
			}
		}
		if cut == 0 && math.Abs(sum.Extra()) > q*sum.SE {
			false_++
		}
	}
	t.Logf("%d of %d inside the 90 %% interval; %d of %d of at least 4 standard errors found; %d of %d without an effect outside", covered, n, found, big, false_, n/4)
	if share := float64(covered) / float64(n); n >= 100 && (share < 0.85 || share > 0.95) || share < 0.8 {
		t.Errorf("the true value is inside the 90 %% interval in %.1f %%", 100*share)
	}
	if float64(found) < 0.9*float64(big) {
		t.Errorf("%d of %d actions of at least 4 standard errors found", found, big)
	}
}

// The inverse of the trigamma function, and its value at 1: π²/6.
func TestTrigamma(t *testing.T) {
	if got := trigamma(1); math.Abs(got-math.Pi*math.Pi/6) > 1e-10 {
		t.Errorf("trigamma(1) = %.12f, want π²/6", got)
	}
	for _, x := range []float64{0.01, 0.5, 1, 3.7, 50, 1e4} {
		if got := trigammaInverse(trigamma(x)); math.Abs(got/x-1) > 1e-6 {
			t.Errorf("trigammaInverse(trigamma(%g)) = %g", x, got)
		}
	}
}
