package erlang

import (
	"math"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// slowCost is the least cost by trying every number of agents and lines.
func slowCost(w WhatIf, p Prices, agents, lines int) float64 {
	best := math.Inf(1)
	rate := 3600 * w.Load / w.AHT
	for n := range agents + 1 {
		wages, left := 0.0, n
		// Cheapest first, by hand for at most one layer.
		type pool struct {
			price float64
			most  int
		}
		pools := []pool{{p.WageHour, p.Regular}}
		for _, l := range p.Flexible {
			pools = append(pools, pool{l.Hour, l.Most})
		}
		for len(pools) > 0 {
			k := 0
			for i := range pools {
				if pools[i].price < pools[k].price {
					k = i
				}
			}
			use := left
			if pools[k].most > 0 {
				use = min(use, pools[k].most)
			}
			wages += float64(use) * pools[k].price
			left -= use
			pools = append(pools[:k], pools[k+1:]...)
		}
		if left > 0 || n < w.Settings.Minimum {
			continue
		}
		if p.LineHour == 0 && p.Lines == 0 {
			r := w.With(float64(n))
			cost := wages + p.WaitHour*r.Queue + p.Abandon*rate*r.PAbandon
			if r.Status == OK && (w.Settings.Target.none() || r.Meets(w.Settings.Target)) {
				best = math.Min(best, cost)
			}
			continue
		}
		for k := max(1, n); k <= lines; k++ {
			l := WithLines(w.Load, n, k, w.AHT, w.Settings.Patience, w.Settings.Target.Within.Seconds())
			cost := wages + p.WaitHour*l.Queue + rate*(p.Abandon*l.PAbandon+p.Blocked*l.PBlock) + p.LineHour*float64(k)
			if !math.IsNaN(cost) && (w.Settings.Target.Ratio == 0 || l.ServiceLevel >= w.Settings.Target.Ratio) {
				best = math.Min(best, cost)
			}
		}
	}
	return best
}

func TestLeastCostAgainstEveryNumber(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := WhatIf{Load: rapid.Float64Range(0.2, 30).Draw(t, "load"), AHT: rapid.Float64Range(60, 600).Draw(t, "aht")}
		w.Settings.Patience = rapid.Float64Range(20, 600).Draw(t, "patience")
		w.Settings.Minimum = rapid.IntRange(0, 2).Draw(t, "minimum")
		if rapid.Bool().Draw(t, "target") {
			w.Settings.Target = Target{Ratio: 0.8, Within: 20 * time.Second}
		}
		p := Prices{
			WageHour: rapid.Float64Range(10, 60).Draw(t, "wage"), WaitHour: rapid.Float64Range(0, 100).Draw(t, "wait"),
			Abandon: rapid.Float64Range(0, 30).Draw(t, "abandon"),
		}
		if rapid.Bool().Draw(t, "layer") {
			p.Regular = rapid.IntRange(1, 40).Draw(t, "regular")
			p.Flexible = []Layer{{Hour: rapid.Float64Range(10, 90).Draw(t, "flex"), Most: rapid.IntRange(0, 40).Draw(t, "most")}}
		}
		const lines = 90
		if rapid.Bool().Draw(t, "lines") {
			p.Lines = rapid.IntRange(40, lines).Draw(t, "at most")
			p.LineHour = rapid.Float64Range(0.1, 5).Draw(t, "line")
			p.Blocked = rapid.Float64Range(0, 30).Draw(t, "blocked")
			if p.Blocked == 0 {
				p.Blocked = p.Abandon
			}
		}
		most := lines
		if p.Lines > 0 {
			most = p.Lines
		}
		c := LeastCost(w, p)
		want := slowCost(w, p, min(p.allowed(), 90), most)
		if math.IsInf(want, 1) != (c.Status != OK) {
			t.Fatalf("status %v, every number says %g", c.Status, want)
		}
		// The cost of few agents is not convex where nearly all leave: a valley far from
		// the load is not looked for, so the walk may cost more there, but not with a
		// price on customers that makes serving them worth while.
		worth := p.Abandon*3600/w.AHT > 1.5*p.WageHour
		if c.Status == OK && (w.Settings.Target.Ratio > 0 || worth) && c.PerHour > want*(1+1e-9)+1e-9 {
			t.Fatalf("cost %.6f with %d+%d agents and %d lines, every number says %.6f", c.PerHour, c.Agents, c.Flex, c.Lines, want)
		}
		if c.Status == OK && c.PerHour < want-1e-9 {
			t.Fatalf("cost %.6f is less than the least, %.6f", c.PerHour, want)
		}
		if sum := c.Wages + c.Waiting + c.Lost + c.Overflow + c.LineRent; c.Status == OK && math.Abs(sum-c.PerHour) > 1e-9*(1+c.PerHour) {
			t.Fatalf("the parts add up to %g, not %g", sum, c.PerHour)
		}
	})
}

func TestLeastCostOfPartners(t *testing.T) {
	w := WhatIf{Load: 20, AHT: 300, Settings: Settings{Patience: 180, Target: Target{Ratio: 0.8, Within: 20 * time.Second}}}
	// 240 contacts an hour; an agent at 36 an hour costs about 3 per contact.
	p := Prices{WageHour: 36, Partners: []Partner{{PerContact: 2.5, PerHour: 24}, {PerContact: 1, Share: 0.05}}}
	c := LeastCost(w, p)
	if c.Status != OK || !closeTo(c.ByShare[1], 0.05, 1e-9, 0) || !(c.ByShare[0] <= 0.1+1e-9) {
		t.Errorf("shares %v with status %v, want the cheap partner at its 5 %% and the other at 10 %% at most", c.ByShare, c.Status)
	}
	if none := LeastCost(w, Prices{WageHour: 36}); none.PerHour <= c.PerHour {
		t.Errorf("without partners %g an hour, with them %g", none.PerHour, c.PerHour)
	}
	// With few regular agents and a small layer the target can only be kept with
	// partners; without them it cannot.
	p = Prices{WageHour: 36, Regular: 10, Flexible: []Layer{{Hour: 60, Most: 4}}}
	if c := LeastCost(w, p); c.Status != Unreachable {
		t.Errorf("14 agents for 20 erlangs: status %v, want unreachable", c.Status)
	}
	p.Partners = []Partner{{PerContact: 6}}
	c = LeastCost(w, p)
	if c.Status != OK || c.Agents > 10 || c.Flex > 4 || c.Result.ServiceLevel < 0.8-1e-9 {
		t.Errorf("with a partner: %+v", c)
	}
}
