package roster

import (
	"context"
	"errors"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kcc/internal/calendar"
)

// sameOnAnyWorkers holds that one worker and two make the same roster, and returns it.
func sameOnAnyWorkers(t *testing.T, p *Problem) *Result {
	t.Helper()
	one, err := Make(t.Context(), p, Options{Effort: 5, Seed: 9, Workers: 1})
	if err != nil {
		t.Fatal(err)
	}
	two, err := Make(t.Context(), p, Options{Effort: 5, Seed: 9, Workers: 2})
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(one.Roster, two.Roster, cmp.Comparer(func(a, b time.Time) bool { return a.Equal(b) })); d != "" {
		t.Errorf("one worker and two differ:\n%s", d)
	}
	if one.Bound != two.Bound || one.Cost != two.Cost {
		t.Errorf("bound %v and %v, cost %+v and %+v", one.Bound, two.Bound, one.Cost, two.Cost)
	}
	return one
}

func TestSameRosterOnAnyNumberOfWorkers(t *testing.T) {
	p := Generate(GenerateOptions{Agents: 15, Skills: 3, Weeks: 2, Seed: 5})
	one := sameOnAnyWorkers(t, p)
	other, err := Make(context.Background(), p, Options{Effort: 5, Seed: 10})
	if err != nil {
		t.Fatal(err)
	}
	if cmp.Equal(one.Roster, other.Roster, cmp.Comparer(func(a, b time.Time) bool { return a.Equal(b) })) {
		t.Error("another seed gives the same roster")
	}
}

func TestSameShiftsOnAnyNumberOfWorkers(t *testing.T) {
	p := Generate(GenerateOptions{Agents: 12, Skills: 2, Weeks: 2, Seed: 5})
	for d := p.First; d <= p.Last(); d++ {
		p.ShiftDemand = append(p.ShiftDemand, ShiftDemand{Date: d, Shift: p.Shifts[0].Name, Need: 3})
	}
	sameOnAnyWorkers(t, p)
}

func TestCancelledRunKeepsBest(t *testing.T) {
	p := Generate(GenerateOptions{Agents: 40, Skills: 2, Weeks: 4, Seed: 5})
	ctx, cancel := context.WithTimeout(context.Background(), 800*time.Millisecond)
	defer cancel()
	var over time.Duration
	res, err := Make(ctx, p, Options{Effort: 100000, Seed: 1})
	if dl, _ := ctx.Deadline(); true {
		over = time.Since(dl)
	}
	if err != nil || !res.Stopped || len(res.Violations) > 0 || len(res.Roster.Assignments) == 0 {
		t.Fatalf("err %v, stopped %v, %d violations, %d shifts", err, res.Stopped, len(res.Violations), len(res.Roster.Assignments))
	}
	if over > time.Second { // 100 ms when the machine is quiet
		t.Errorf("ended %v after the deadline", over)
	}
	ctx2, cancel2 := context.WithCancel(context.Background())
	cancel2()
	res, err = Make(ctx2, p, Options{Seed: 1})
	if err != nil || !res.Stopped || len(res.Violations) > 0 {
		t.Errorf("cancelled before the start: err %v, violations %v", err, res.Violations)
	}
}

// tiny is a problem small enough to try every roster.
func tiny(agents int, needs []float64) *Problem {
	zone, _ := time.LoadLocation("Europe/Amsterdam")
	p := &Problem{
		Zone: zone, First: calendar.NewDate(2026, time.November, 30), Days: 2, Step: time.Hour, Skills: []string{"a", "b"},
		Shifts: []Shift{{
			Name: "s", EarliestStart: 8 * 60, LatestStart: 10 * 60, MinLength: 4 * time.Hour, MaxLength: 5 * time.Hour,
			Breaks: []BreakTemplate{{Length: time.Hour, Earliest: time.Hour, Latest: 3 * time.Hour}},
		}},
	}
	for i := range agents {
		a := Agent{ID: string(rune('p' + i)), Contract: time.Duration(3+2*i) * time.Hour, HasMin: true}
		switch i % 3 {
		case 0:
			a.Skills = []Skill{{Name: "a"}}
		case 1:
			a.Skills = []Skill{{Name: "a"}, {Name: "b", Efficiency: 0.5}}
		default:
			a.Skills = []Skill{{Name: "b"}}
		}
		p.Agents = append(p.Agents, a)
	}
	for i, n := range needs {
		p.Demand = append(p.Demand, Demand{Slot: 8 + i/2 + 24*(i/14), Skill: p.Skills[i%2], Need: n})
	}
	return p
}

// bruteForce returns the least cost over every combination of plans, breaks and
// skills: no dynamic programme, no flow.
func bruteForce(t *testing.T, p *Problem) float64 {
	m, err := newModel(p)
	if err != nil {
		t.Fatal(err)
	}
	type way struct {
		slots []int
		own   float64
	}
	ways := make([][]way, len(m.agents))
	for a := range m.agents {
		ma := &m.agents[a]
		var days [][]way
		for d := range ma.days {
			list := []way{{}}
			for i := range ma.book.days[d] {
				o := &ma.book.days[d][i]
				for _, b := range everyPlacing(ma, d, o) {
					w := way{own: float64(o.paid)}
					m.present(o, b, func(s int) { w.slots = append(w.slots, s) })
					list = append(list, w)
				}
			}
			days = append(days, list)
		}
		for _, x := range days[0] {
			for _, y := range days[1] {
				w := way{slots: append(append([]int{}, x.slots...), y.slots...)}
				mins := x.own + y.own
				q := ma.periods[0]
				if mins > float64(q.cap) {
					continue
				}
				w.own = DefaultUnderContract/60*math.Max(0, float64(q.target)-mins) + DefaultOverContract/60*math.Max(0, mins-float64(q.target)) + DefaultUnderMin/60*math.Max(0, float64(q.min)-mins)
				ways[a] = append(ways[a], w)
			}
		}
	}
	best := math.Inf(1)
	present := make([]int, m.slots) // bit per agent
	var try func(a int, own float64)
	try = func(a int, own float64) {
		if own >= best {
			return
		}
		if a == len(ways) {
			sum := own
			for s, who := range present {
				sum += m.bestSkills(s, who)
			}
			best = math.Min(best, sum)
			return
		}
		for _, w := range ways[a] {
			for _, s := range w.slots {
				present[s] |= 1 << a
			}
			try(a+1, own+w.own)
			for _, s := range w.slots {
				present[s] &^= 1 << a
			}
		}
	}
	try(0, 0)
	return best
}

// bestSkills tries every way to give skills to the agents present in a slot.
func (m *model) bestSkills(slot, who int) float64 {
	z := make([]float64, len(m.skills))
	best := math.Inf(1)
	var give func(a int)
	give = func(a int) {
		if a == len(m.agents) {
			sum := 0.0
			for s := range z {
				sum += m.costs[slot*len(m.skills)+s].at(z[s])
			}
			best = math.Min(best, sum)
			return
		}
		if who>>a&1 == 0 {
			give(a + 1)
			return
		}
		gr := m.groups[m.agents[a].group]
		for _, s := range gr.skills {
			z[s] += gr.eff[s]
			give(a + 1)
			z[s] -= gr.eff[s]
		}
	}
	give(0)
	return best
}

func TestAgainstBruteForce(t *testing.T) {
	cases := []struct {
		name   string
		agents int
		needs  []float64
	}{
		{"one", 1, []float64{0, 0, 1, 0, 1, 0, 1, 0, 1}},
		{"two skills", 2, []float64{1, 0.5, 1, 0.5, 2, 0.5, 1, 0.5, 1, 0.5, 1, 0, 0, 0, 1, 0, 1, 0, 1, 0}},
		{"three", 3, []float64{1, 1, 2, 1, 2, 1.3, 1, 1, 0.7, 1, 1, 1, 0, 0, 1, 1, 1, 0.4, 1, 1, 2, 1}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			p := tiny(c.agents, c.needs)
			want := bruteForce(t, p)
			res, err := Make(context.Background(), p, Options{Effort: 200, Seed: 1})
			if err != nil {
				t.Fatal(err)
			}
			if len(res.Violations) > 0 {
				t.Errorf("violations %v", res.Violations)
			}
			if math.Abs(res.Cost.Total-want) > 1e-6 {
				t.Errorf("cost %.4f, want %.4f", res.Cost.Total, want)
			}
			if res.Bound > want+1e-6 || res.Bound < 0.5*want {
				t.Errorf("bound %.4f of optimum %.4f", res.Bound, want)
			}
		})
	}
}

func TestProblemErrors(t *testing.T) {
	good := func() *Problem { return Generate(GenerateOptions{Agents: 2, Weeks: 1, Seed: 1}) }
	cases := []struct {
		name  string
		spoil func(*Problem)
		want  string
	}{
		{"zone", func(p *Problem) { p.Zone = nil }, "no time zone"},
		{"days", func(p *Problem) { p.Days = 0 }, "no days"},
		{"step", func(p *Problem) { p.Step = 7 * time.Minute }, "does not divide an hour"},
		{"twice", func(p *Problem) { p.Agents[1].ID = p.Agents[0].ID }, "occurs twice"},
		{"rules", func(p *Problem) { p.Agents[1].RuleSet = "minors" }, `rule set "minors", which is not known`},
		{"shift", func(p *Problem) { p.Shifts[0].MinLength = 0 }, "make no sense"},
	}
	for _, c := range cases {
		p := good()
		c.spoil(p)
		if _, err := Make(context.Background(), p, Options{Effort: 1}); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v, want %q", c.name, err, c.want)
		}
	}
	p := good()
	p.Agents = nil
	if _, err := Make(context.Background(), p, Options{}); !errors.Is(err, ErrNoAgents) {
		t.Errorf("no agents: %v", err)
	}
}

func TestShortfallsSayWhy(t *testing.T) {
	base := func() *Problem {
		p := Generate(GenerateOptions{Agents: 3, Skills: 1, Weeks: 1, Seed: 1, Leave: -1})
		p.Availability = nil
		for i := range p.Agents {
			p.Agents[i].Contract, p.Agents[i].MaxDaysPerWeek = 32*time.Hour, 5
		}
		p.Agents[0].Min, p.Agents[0].HasMin = 32*time.Hour, true
		return p
	}
	cases := []struct {
		name, want string
		spoil      func(*Problem)
	}{
		{"availability", "leave only 3 days to work", func(p *Problem) {
			p.Availability = []Availability{{Agent: p.Agents[0].ID, From: p.First, To: p.First.Add(3), Kind: Unavailable}}
		}},
		{"days", "the maximum of 3 days a week stands in the way", func(p *Problem) { p.Agents[0].MaxDaysPerWeek = 3 }},
		{"skill", "the agent has none of the skills", func(p *Problem) { p.Agents[0].Skills = []Skill{{Name: "juggling"}} }},
		{"lengths", "no combination of shift lengths", func(p *Problem) { p.Shifts = p.Shifts[1:2]; p.Agents[0].MaxDaysPerWeek = 7 }},
	}
	for _, c := range cases {
		p := base()
		c.spoil(p)
		res, err := Make(context.Background(), p, Options{Effort: 3})
		if err != nil {
			t.Fatal(err)
		}
		found := false
		for _, s := range res.Shortfalls {
			found = found || s.Agent == p.Agents[0].ID && strings.Contains(s.Text.English, c.want)
		}
		if !found {
			t.Errorf("%s: shortfalls %+v, want %q", c.name, res.Shortfalls, c.want)
		}
	}
}
