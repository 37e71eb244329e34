package roster

import (
	"context"
	"fmt"
	"math"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// programmeOf is a programme in whole numbers in the text form that coinor-cbc reads.
type programmeOf struct{ obj, rows, held, whole strings.Builder }

func (w *programmeOf) text() string {
	return fmt.Sprintf("Minimize\n obj: %s\nSubject To\n%s%sGeneral\n%sEnd\n", w.obj.String(), w.rows.String(), w.held.String(), w.whole.String())
}

// holding says what of a day stays as it is beside who works for how long.
type holding int

const (
	holdForms  holding = iota // nothing else
	holdStarts                // when shifts begin
	holdBreaks                // and when breaks do
)

// writeDay writes a day, given who works for how long on which kind of shift, as a
// linear programme: how many begin when and have which break when, per group and kind of
// shift, as far as hold leaves that open, and for every slot and skill weights of whole heads.
// It returns what the day costs as it is. All agents must have one book, as those that Generate
// makes.
func writeDay(s *searcher, d int, hold holding) (lp string, cost float64) {
	m, c := s.m, s.lanes[0].cov
	var w programmeOf
	span := s.lanes[0].relay.spans[d]
	from, to := int(span.from), int(span.to)
	present := map[[2]int]*strings.Builder{} // per group and slot: the terms of presence
	add := func(g, slot int, sign, name string) {
		at := [2]int{g, slot}
		if present[at] == nil {
			present[at] = &strings.Builder{}
		}
		fmt.Fprintf(present[at], " %s %s", sign, name)
	}
	type class struct{ group, shift, paid int }
	count := map[class]int{}
	var order []class
	have := map[string]int{} // heads of the roster, by name
	for a, p := range s.plans {
		if p == nil || p.opts[d] < 0 || m.agents[a].group < 0 {
			continue
		}
		o := m.agents[a].option(d, p.opts[d])
		x := class{m.agents[a].group, o.shift, o.paid}
		if count[x] == 0 {
			order = append(order, x)
		}
		count[x]++
		i := slices.Index(order, x)
		have[startName(i, int(p.opts[d]))]++
		for k, br := range p.brks[d] {
			have[breakName(i, int(p.opts[d]), k, br.start)]++
		}
	}
	b := m.agents[0].book
	held := func(name string) { fmt.Fprintf(&w.held, " h%s: %s = %d\n", name, name, have[name]) }
	for i, x := range order {
		var starts strings.Builder
		for j := range b.days[d] {
			o := &b.days[d][j]
			if o.shift != x.shift || o.paid != x.paid {
				continue
			}
			start := startName(i, j)
			fmt.Fprintf(&w.whole, " %s\n", start)
			fmt.Fprintf(&starts, " + %s", start)
			for t := o.start; t < o.start+o.n; t++ {
				add(x.group, t, "+", start)
			}
			if hold >= holdStarts {
				held(start)
			}
			if o.brk < 0 {
				continue
			}
			for k, br := range b.breaks[b.cases[d][o.brk].list] {
				fmt.Fprintf(&w.rows, " b%d_%d_%d: %s", i, j, k, start)
				for at := o.start + br.lo; at <= o.start+br.hi; at++ {
					name := breakName(i, j, k, at)
					fmt.Fprintf(&w.whole, " %s\n", name)
					if hold >= holdBreaks {
						held(name)
					}
					fmt.Fprintf(&w.rows, " - %s", name)
					for t := at; t < at+br.n; t++ {
						add(x.group, t, "-", name)
					}
				}
				fmt.Fprintf(&w.rows, " = 0\n")
			}
		}
		fmt.Fprintf(&w.rows, " n%d:%s = %d\n", i, starts.String(), count[x])
	}
	for slot := from; slot < to; slot++ {
		for g := range m.groups {
			terms := present[[2]int{g, slot}]
			if terms == nil {
				continue
			}
			fmt.Fprintf(&w.rows, " g%d_%d:%s", slot, g, terms.String())
			for _, k := range m.groups[g].skills {
				fmt.Fprintf(&w.rows, " - a%d_%d_%d", slot, g, k)
				fmt.Fprintf(&w.whole, " a%d_%d_%d\n", slot, g, k)
			}
			fmt.Fprintf(&w.rows, " = 0\n")
		}
		for k := range m.skills {
			cost += m.costs[slot*c.k+k].at(c.z[slot*c.k+k])
			writeHeads(&w, m, slot, k, present)
		}
	}
	return w.text(), cost
}

func startName(class, option int) string { return fmt.Sprintf("x%d_%d", class, option) }

func breakName(class, option, k, at int) string {
	return fmt.Sprintf("y%d_%d_%d_%d", class, option, k, at)
}

// headsAround is how far from the need presences are written, in full heads;
// beyond that every headsStep-th of each kind.
const (
	headsAround = 5
	headsStep   = 5
)

// writeHeads writes that the presence of a skill in a slot is a mixture of whole heads.
func writeHeads(w *programmeOf, m *model, slot, k int, present map[[2]int]*strings.Builder) {
	cost, kinds := &m.costs[slot*len(m.skills)+k], m.kindsOf[k]
	effs, most := [maxKinds]float64{}, [maxKinds]int{}
	for q, kind := range kinds {
		effs[q], most[q] = m.kinds[kind].eff, int(m.kinds[kind].most)
	}
	var sum strings.Builder
	var heads [maxKinds]strings.Builder
	for x := 0; x <= most[0]; x++ {
		for y := 0; y <= most[1]; y++ {
			z := float64(x)*effs[0] + float64(y)*effs[1]
			if math.Abs(z-cost.need) > headsAround && (x%headsStep > 0 && x < most[0] || y%headsStep > 0 && y < most[1]) {
				continue
			}
			name := fmt.Sprintf("w%d_%d_%d_%d", slot, k, x, y)
			fmt.Fprintf(&w.obj, " + %g %s\n", cost.at(z), name)
			fmt.Fprintf(&sum, " + %s", name)
			for q, n := range [maxKinds]int{x, y} {
				if n > 0 {
					fmt.Fprintf(&heads[q], " - %d %s", n, name)
				}
			}
		}
	}
	fmt.Fprintf(&w.rows, " c%d_%d:%s = 1\n", slot, k, sum.String())
	for q, kind := range kinds {
		fmt.Fprintf(&w.rows, " k%d_%d:", slot, kind)
		for g := range m.groups {
			if m.groups[g].eff[k] == effs[q] && present[[2]int{g, slot}] != nil {
				fmt.Fprintf(&w.rows, " + a%d_%d_%d", slot, g, k)
			}
		}
		fmt.Fprintf(&w.rows, "%s = 0\n", heads[q].String())
	}
}

// TestDaysAgainstLP compares the days of a roster with the linear programme of each, given who
// works for how long, and then when, and with which breaks: what starts, breaks and skills lose. It
// runs with ROSTER_MIP_DAYS=1,5,9 and coinor-cbc, for 60 agents or with ROSTER_MIP_AGENTS=500
// for 500. With ROSTER_MIP_SECONDS cbc looks that long for the best whole day, too.
func TestDaysAgainstLP(t *testing.T) {
	list := os.Getenv("ROSTER_MIP_DAYS")
	if list == "" {
		t.Skip("set ROSTER_MIP_DAYS to days of the horizon, from 0, to compare with coinor-cbc")
	}
	o := GenerateOptions{Agents: 60, Skills: 4, Seed: 1}
	if os.Getenv("ROSTER_MIP_AGENTS") == "500" {
		o.Agents, o.Skills = 500, 5
	}
	m, err := newModel(Generate(o))
	if err != nil {
		t.Fatal(err)
	}
	s := newSearcher(m, 1, 2)
	ctx := context.Background()
	s.construct(ctx)
	s.priced(ctx, m.defaultEffort())
	s.restoreBest()
	s.polish(ctx)
	t.Logf("roster %.2f, bound %.2f", s.total(), s.bound)
	var sum [holdBreaks + 2]float64
	for _, text := range strings.Split(list, ",") {
		d, err := strconv.Atoi(text)
		if err != nil || d < 0 || d >= m.p.Days {
			t.Fatalf("day %q: want one of 0 to %d", text, m.p.Days-1)
		}
		var least [holdBreaks + 2]float64
		for hold := holdForms; hold <= holdBreaks; hold++ {
			var lp string
			lp, least[holdBreaks+1] = writeDay(s, d, hold)
			least[hold], _ = runCBC(t, lp, 60, true)
			if hold > 0 && least[hold] < least[hold-1]-0.01 {
				t.Errorf("day %d: %.2f with more held, %.2f before", d, least[hold], least[hold-1])
			}
		}
		if least[holdBreaks] > least[holdBreaks+1]+0.01 {
			t.Errorf("day %d: the programme says at least %.2f, the roster costs %.2f", d, least[holdBreaks], least[holdBreaks+1])
		}
		t.Logf("day %d: linear programme %.2f, with starts held %.2f, with breaks %.2f, roster %.2f", d, least[0], least[1], least[2], least[3])
		for i, v := range least {
			sum[i] += v
		}
		if seconds, _ := strconv.Atoi(os.Getenv("ROSTER_MIP_SECONDS")); seconds > 0 {
			lp, _ := writeDay(s, d, holdForms)
			best, bound := runCBC(t, lp, seconds, false)
			t.Logf("day %d: whole, coinor-cbc %.2f, at least %.2f", d, best, bound)
		}
	}
	t.Logf("all: linear programme %.2f, with starts held %.2f, with breaks %.2f, roster %.2f", sum[0], sum[1], sum[2], sum[3])
}
