package roster

import (
	"math"
	"slices"
	"testing"
	"time"

	"kcc/internal/calendar"
)

// changes counts how often agents change skill within a shift.
func changes(r Roster) (n int) {
	for _, a := range r.Assignments {
		n += a.SkillChanges()
	}
	return n
}

// TestSkillsAreSteady holds that a price on changes of skill lowers their number
// and hardly costs coverage, and that coverage is told as the roster then is.
func TestSkillsAreSteady(t *testing.T) {
	p := Generate(GenerateOptions{Agents: 20, Skills: 4, Weeks: 1, Seed: 2})
	free := *p
	free.Weights.SkillChange = -1
	opt := Options{Effort: 4, Seed: 1, NoBound: true}
	loose, err := Make(t.Context(), &free, opt)
	if err != nil {
		t.Fatal(err)
	}
	steady, err := Make(t.Context(), p, opt)
	if err != nil {
		t.Fatal(err)
	}
	a, b := changes(loose.Roster), changes(steady.Roster)
	if b >= a {
		t.Errorf("%d changes of skill with a price, %d without", b, a)
	}
	if x, y := steady.Cost.Total+DefaultSkillChange*float64(b), loose.Cost.Total+DefaultSkillChange*float64(a); x > y-3 {
		t.Errorf("cost and changes %.1f with a price on changes, %.1f without: want at least 3 less", x, y)
	}
	// Coverage by the skill plans themselves.
	have := map[time.Time]map[string]float64{}
	eff := map[string]*Agent{}
	for i := range p.Agents {
		eff[p.Agents[i].ID] = &p.Agents[i]
	}
	for _, x := range steady.Roster.Assignments {
		skill, next := "", 0
		for at := x.Start; at.Before(x.End); at = at.Add(p.Step) {
			for next < len(x.Plan) && !x.Plan[next].Start.After(at) {
				skill = x.Plan[next].Skill
				next++
			}
			resting := false
			for _, br := range x.Breaks {
				resting = resting || !at.Before(br.Start) && at.Before(br.Start.Add(br.Length))
			}
			if !resting {
				if have[at.UTC()] == nil {
					have[at.UTC()] = map[string]float64{}
				}
				have[at.UTC()][skill] += eff[x.Agent].Efficiency(skill)
			}
		}
	}
	for _, c := range steady.Coverage {
		if got := have[c.Start.UTC()][c.Skill]; got-c.Present > 1e-6 || c.Present-got > 1e-6 {
			t.Errorf("%v %s: coverage says %.2f, the skill plans %.2f", c.Start, c.Skill, c.Present, got)
		}
	}
	t.Logf("%d changes without a price, %d with; cost %.1f and %.1f", a, b, loose.Cost.Total, steady.Cost.Total)
}

// samePlan reports whether two shifts serve the same.
func samePlan(x, y Assignment) bool {
	return slices.EqualFunc(x.Plan, y.Plan, func(a, b SkillSpan) bool { return a.Skill == b.Skill && a.Start.Equal(b.Start) })
}

// otherPlans counts the shifts that two rosters have at the same times and that serve
// something else, by date.
func otherPlans(r, s Roster) map[calendar.Date]int {
	was := r.cells()
	n := map[calendar.Date]int{}
	for i := range s.Assignments {
		y := &s.Assignments[i]
		if x := was[agentDay{y.Agent, y.Date}]; SameShift(x, y) && !samePlan(*x, *y) {
			n[y.Date]++
		}
	}
	return n
}

// skillsStay fails where shifts serve something else on days that are not free.
func skillsStay(t *testing.T, what string, r, s Roster, free ...calendar.Date) {
	t.Helper()
	for d, n := range otherPlans(r, s) {
		if !slices.Contains(free, d) {
			t.Errorf("%s: %d shifts of %s serve something else though nothing changed there", what, n, d)
		}
	}
}

// told fails where a cost that was told is not that of the roster.
func told(t *testing.T, what string, p *Problem, r Roster, cost float64) {
	t.Helper()
	res, err := Evaluate(p, r)
	if err != nil {
		t.Fatal(err)
	}
	if math.Abs(res.Cost.Total-cost) > 1e-3 {
		t.Errorf("%s: cost %.4f was told, the roster has %.4f", what, cost, res.Cost.Total)
	}
}

// TestUntouchedSkillsStay holds that a roster judged, repaired, swapped in, with a meeting, with breaks
// moved or planned over keeps who serves what on days on which nothing else changes, and that what is told
// of it is so.
func TestUntouchedSkillsStay(t *testing.T) {
	for _, x := range []struct {
		name   string
		change float64
		nights bool
	}{{"days", 0, false}, {"changes for nothing", -1, false}, {"nights", 0, true}} {
		t.Run(x.name, func(t *testing.T) { untouched(t, x.change, x.nights) })
	}
}

func untouched(t *testing.T, change float64, nights bool) {
	p := Generate(GenerateOptions{Agents: 25, Skills: 4, Weeks: 2, Seed: 3})
	p.Weights.SkillChange = change
	if nights { // somebody is there all the time: no slot parts one day from the next
		rest := []BreakTemplate{{Length: 30 * time.Minute, Earliest: 3 * time.Hour, Latest: 5 * time.Hour}}
		for i, name := range []string{"evening-2", "night"} {
			start := []calendar.Clock{19 * 60, 60}[i]
			p.Shifts = append(p.Shifts, Shift{Name: name, EarliestStart: start, LatestStart: start, MinLength: 8 * time.Hour, MaxLength: 8 * time.Hour, Breaks: rest})
		}
		for d := range p.Days {
			for s := range 56 { // from 19:00 to 9:00
				p.Demand = append(p.Demand, Demand{Slot: d*96 + 76 + s, Skill: p.Skills[s%2], Need: 1})
			}
		}
	}
	opt := Options{Effort: 2, Seed: 1, NoBound: true}
	made, err := Make(t.Context(), p, opt)
	if err != nil {
		t.Fatal(err)
	}
	r := made.Roster
	if nights != slices.ContainsFunc(r.Assignments, func(a Assignment) bool { return a.Shift == "night" }) {
		t.Fatalf("night shifts: %v", !nights)
	}
	told(t, "made", p, r, made.Cost.Total)
	again, err := Evaluate(p, r)
	if err != nil {
		t.Fatal(err)
	}
	skillsStay(t, "judged again", r, again.Roster)
	if !slices.Equal(again.Hours, made.Hours) {
		t.Error("judged again, hours are others")
	}

	gone := r.Assignments[len(r.Assignments)/2]
	mended, err := Repair(t.Context(), p, r, RepairOptions{Absent: []Availability{{Agent: gone.Agent, From: gone.Date, To: gone.Date, Kind: Sick}}})
	if err != nil {
		t.Fatal(err)
	}
	var days []calendar.Date
	for _, c := range mended.Changes {
		days = append(days, c.Date)
	}
	skillsStay(t, "repaired", r, mended.Roster, days...)
	if otherPlans(r, mended.Roster)[gone.Date] == 0 {
		t.Errorf("nobody serves something else for %s, who is away on %s", gone.Agent, gone.Date)
	}
	q := *p
	q.Availability = append(slices.Clone(p.Availability), Availability{Agent: gone.Agent, From: gone.Date, To: gone.Date, Kind: Sick})
	told(t, "repaired", &q, mended.Roster, mended.Cost[AfterRepair].Total)

	other := slices.IndexFunc(r.Assignments, func(a Assignment) bool {
		return a.Date == gone.Date && a.Agent != gone.Agent && !a.Start.Equal(gone.Start)
	})
	if other < 0 {
		t.Fatalf("nobody to swap with on %s", gone.Date)
	}
	swapped, err := Swap(p, r, gone.Agent, r.Assignments[other].Agent, gone.Date)
	if err != nil {
		t.Fatal(err)
	}
	skillsStay(t, "swapped", r, swapped.Roster, gone.Date)
	told(t, "swapped", p, swapped.Roster, swapped.After.Total)

	moved, err := MoveBreaks(t.Context(), p, r, MoveOptions{Date: gone.Date, PerMove: 1e6})
	if err != nil {
		t.Fatal(err)
	}
	skillsStay(t, "no break moved", r, moved.Roster)
	if moved, err = MoveBreaks(t.Context(), p, mended.Roster, MoveOptions{Date: gone.Date}); err != nil {
		t.Fatal(err)
	}
	skillsStay(t, "breaks moved", mended.Roster, moved.Roster, gone.Date)

	met, err := PlaceMeetings(p, r, []Meeting{{Name: "team", Agents: []string{gone.Agent}, Length: 30 * time.Minute, From: gone.Date, To: gone.Date}})
	if err != nil {
		t.Fatal(err)
	}
	skillsStay(t, "with a meeting", r, met.Roster, gone.Date)
	for i, a := range met.Roster.Assignments {
		if a.Locked != r.Assignments[i].Locked {
			t.Errorf("with a meeting %s is locked on %s: %v", a.Agent, a.Date, a.Locked)
			break
		}
	}

	// The first week is published, one of its shifts locked by hand, the second planned anew.
	over := *p
	over.Locked = lockAll(p, r, func(_ string, d calendar.Date) bool { return d < p.First+7 })
	for i := range over.Locked {
		if c := &over.Locked[i]; !c.Off {
			c.Assignment.Plan = nil
			break
		}
	}
	fresh, err := Make(t.Context(), &over, opt)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for d, k := range otherPlans(r, fresh.Roster) {
		if d < p.First+7 {
			n += k
		}
	}
	if n > 1 {
		t.Errorf("the first week is locked and %d shifts serve something else, want at most the one without skills", n)
	}
}

// TestLockedSkillsCostNothing holds that some locked shifts with skills make a new roster no
// worse than the same shifts without.
func TestLockedSkillsCostNothing(t *testing.T) {
	for _, price := range []float64{0, -1} {
		p := Generate(GenerateOptions{Agents: 30, Skills: 4, Weeks: 1, Seed: 5})
		p.Weights.SkillChange = price
		opt := Options{Effort: 2, Seed: 1, NoBound: true}
		made, err := Make(t.Context(), p, opt)
		if err != nil {
			t.Fatal(err)
		}
		var cost [2]float64
		for i := range cost {
			q := *p
			q.Locked = nil
			day := calendar.Date(-1)
			for _, a := range made.Roster.Assignments {
				if a.Date <= day {
					continue
				}
				day = a.Date
				if i == 1 {
					a.Plan = nil
				}
				q.Locked = append(q.Locked, Cell{Agent: a.Agent, Date: a.Date, Assignment: a})
			}
			res, err := Make(t.Context(), &q, opt)
			if err != nil {
				t.Fatal(err)
			}
			cost[i] = res.Cost.Total + math.Max(0, DefaultSkillChange+price)*float64(changes(res.Roster))
		}
		if cost[0] > 1.01*cost[1]+1e-6 {
			t.Errorf("price %g: %.1f with the skills of locked shifts, %.1f without", price, cost[0], cost[1])
		}
	}
}

// constructed is a generated problem with its first roster.
func constructed(tb testing.TB, opt GenerateOptions) (*model, *searcher) {
	m, err := newModel(Generate(opt))
	if err != nil {
		tb.Fatal(err)
	}
	s, _ := m.searcher(Options{Seed: 1})
	s.construct(tb.Context())
	s.restoreBest()
	return m, s
}

// TestSkillsOnAnyCores holds that the skills are the same on one core and on more.
func TestSkillsOnAnyCores(t *testing.T) {
	m, s := constructed(t, GenerateOptions{Agents: 25, Skills: 4, Weeks: 1, Seed: 4})
	var kept coverage
	cov := s.lanes[0].cov
	cov.save(&kept)
	several := m.newSkills(t.Context(), cov, s.plans, 3).skill
	cov.restore(&kept)
	one := m.newSkills(t.Context(), cov, s.plans, 1).skill
	for a := range one {
		if !slices.Equal(one[a], several[a]) {
			t.Fatalf("agent %d serves other skills", a)
		}
	}
}

// BenchmarkSkills gives out the skills of 500 agents and four weeks.
func BenchmarkSkills(b *testing.B) {
	m, s := constructed(b, GenerateOptions{Agents: 500, Skills: 5, Weeks: 4, Seed: 1})
	var kept coverage
	cov := s.lanes[0].cov
	cov.tidy()
	cov.save(&kept)
	worked := m.workedShifts(s.plans)
	for b.Loop() {
		before := cov.total()
		p := &skillPaths{m: m, skill: m.newSkills(b.Context(), cov, s.plans, 2).skill}
		n := 0
		for i := range worked {
			n += p.changes(&worked[i])
		}
		b.ReportMetric(float64(n), "changes")
		b.ReportMetric(cov.total()-before, "points")
		cov.restore(&kept)
	}
}

// TestSkillChanges holds that a meeting is no change of skill.
func TestSkillChanges(t *testing.T) {
	span := func(skill string) SkillSpan { return SkillSpan{Skill: skill} }
	for _, x := range []struct {
		plan []SkillSpan
		want int
	}{
		{nil, 0},
		{[]SkillSpan{span("phone")}, 0},
		{[]SkillSpan{span("phone"), span("chat"), span("phone")}, 2},
		{[]SkillSpan{span("phone"), span(AwayMark + "team"), span("phone")}, 0},
		{[]SkillSpan{span(AwayMark + "team"), span("phone"), span(AwayMark + "course"), span("chat")}, 1},
	} {
		if got := (Assignment{Plan: x.plan}).SkillChanges(); got != x.want {
			t.Errorf("%v: %d changes, want %d", x.plan, got, x.want)
		}
	}
}
