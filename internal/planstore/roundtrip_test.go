package planstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"kcc/erlang"
	"kcc/forecast"
	"kcc/internal/calendar"
	"kcc/internal/store"
	"kcc/roster"
)

// exact compares what was saved with what came back: NaN equals NaN, times are
// equal instants, zones go by name, an empty list is no list.
var exact = cmp.Options{
	cmpopts.EquateNaNs(), cmpopts.EquateEmpty(),
	cmp.Comparer(func(a, b time.Time) bool { return a.Equal(b) }),
	cmp.Comparer(func(a, b *time.Location) bool { return a.String() == b.String() }),
}

var amsterdam = func() *time.Location {
	loc, err := time.LoadLocation("Europe/Amsterdam")
	if err != nil {
		panic(err)
	}
	return loc
}()

// Generators of values as the computing packages make them.
var (
	name     = rapid.StringMatching(`[a-z]{1,6}[0-9]?`)
	phrase   = rapid.StringMatching(`[A-Zéü][a-z '";%_\-]{0,12}`)
	number   = rapid.OneOf(rapid.Float64(), rapid.SampledFrom([]float64{0, math.NaN(), math.Inf(1), math.Inf(-1), 1e-300, 0.1}))
	finite   = rapid.Float64()
	day      = rapid.Map(rapid.IntRange(15000, 25000), func(n int) calendar.Date { return calendar.Date(n) })
	span     = rapid.Map(rapid.IntRange(0, 200000), func(n int) time.Duration { return time.Duration(n) * time.Second })
	minutes  = rapid.Map(rapid.IntRange(0, 36*60), func(n int) calendar.Clock { return calendar.Clock(n) })
	instant  = rapid.Map(rapid.Int64Range(1_500_000_000, 2_000_000_000), func(n int64) time.Time { return time.Unix(n, 0).In(amsterdam) })
	week     = rapid.Map(rapid.IntRange(0, 127), func(n int) [7]bool { return weekdays(int64(n)) })
	numbers  = rapid.SliceOfN(number, 0, 5)
	longList = rapid.SliceOfN(number, 0, 40)
)

func TestAgentsComeBack(t *testing.T) {
	db := newStore(t)
	agent := rapid.Custom(func(t *rapid.T) roster.Agent {
		a := roster.Agent{
			Name: phrase.Draw(t, "name"), Team: name.Draw(t, "team"), Contract: span.Draw(t, "contract"),
			HasMin: rapid.Bool().Draw(t, "min?"), HasMax: rapid.Bool().Draw(t, "max?"), HasFrom: rapid.Bool().Draw(t, "from?"), HasTo: rapid.Bool().Draw(t, "to?"),
			Period:         rapid.SampledFrom([]roster.Period{"", roster.PerWeek, roster.PerFour, roster.PerYear}).Draw(t, "period"),
			MaxDaysPerWeek: rapid.IntRange(0, 7).Draw(t, "days"), RuleSet: name.Draw(t, "rules"), ACD: name.Draw(t, "acd"), Notes: phrase.Draw(t, "notes"),
			CostPerHour: float64(rapid.IntRange(0, 9999).Draw(t, "cents")) / 100,
		}
		if a.HasMin {
			a.Min = span.Draw(t, "min")
		}
		if a.HasMax {
			a.Max = span.Draw(t, "max")
		}
		if a.HasFrom {
			a.ValidFrom = day.Draw(t, "from")
		}
		if a.HasTo {
			a.ValidTo = day.Draw(t, "to")
		}
		for _, s := range rapid.SliceOfN(name, 0, 3).Draw(t, "skills") {
			a.Skills = append(a.Skills, roster.Skill{Name: s, Efficiency: rapid.SampledFrom([]float64{0, 1, 0.8, 1.0 / 3}).Draw(t, "efficiency")})
		}
		return a
	})
	rapid.Check(t, func(rt *rapid.T) {
		var agents []roster.Agent
		for _, id := range rapid.SliceOfNDistinct(name, 0, 5, rapid.ID[string]).Draw(rt, "ids") {
			a := agent.Draw(rt, "agent")
			a.ID = id
			agents = append(agents, a)
		}
		same(rt, "agents", agents, SaveAgents, LoadAgents, db)

		var list []roster.Availability
		for range rapid.IntRange(0, 4).Draw(rt, "rows") {
			if len(agents) == 0 {
				break
			}
			v := roster.Availability{
				Agent: rapid.SampledFrom(agents).Draw(rt, "who").ID, From: day.Draw(rt, "from"), Days: week.Draw(rt, "weekdays"), Start: minutes.Draw(rt, "start"),
				End:  minutes.Draw(rt, "end"),
				Kind: rapid.SampledFrom([]roster.Kind{roster.Leave, roster.Sick, roster.Unavailable, roster.Available, roster.Prefer, roster.Avoid, roster.Fixed}).Draw(rt, "kind"),
				// Weights of wishes are small numbers.
				Shift: name.Draw(rt, "shift"), HasHours: rapid.Bool().Draw(rt, "hours?"), Weight: rapid.SampledFrom([]float64{0, 1, 2.5}).Draw(rt, "weight"),
			}
			v.To = v.From + calendar.Date(rapid.IntRange(0, 40).Draw(rt, "length"))
			if v.HasHours {
				v.Hours = span.Draw(rt, "hours")
			}
			list = append(list, v)
		}
		same(rt, "availability", list, SaveAvailability, func(ctx context.Context, db *sql.DB) ([]roster.Availability, error) {
			return LoadAvailability(ctx, db, 0, 100000)
		}, db)
	})
}

func TestShiftsComeBack(t *testing.T) {
	db := newStore(t)
	names := rapid.OneOf(rapid.Just([]string(nil)), rapid.SliceOfN(name, 1, 3))
	rapid.Check(t, func(rt *rapid.T) {
		var shifts []roster.Shift
		for _, id := range rapid.SliceOfNDistinct(name, 0, 4, rapid.ID[string]).Draw(rt, "names") {
			s := roster.Shift{
				Name: id, EarliestStart: minutes.Draw(rt, "earliest"), LatestStart: minutes.Draw(rt, "latest"), Every: span.Draw(rt, "every"),
				MinLength: span.Draw(rt, "min"), MaxLength: span.Draw(rt, "max"), Weekdays: week.Draw(rt, "weekdays"), Skills: names.Draw(rt, "skills"), Teams: names.Draw(rt, "teams"),
			}
			for range rapid.IntRange(0, 3).Draw(rt, "breaks") {
				s.Breaks = append(s.Breaks, roster.BreakTemplate{Length: span.Draw(rt, "length"), Earliest: span.Draw(rt, "earliest"), Latest: span.Draw(rt, "latest"), Paid: rapid.Bool().Draw(rt, "paid")})
			}
			shifts = append(shifts, s)
		}
		same(rt, "shifts", shifts, SaveShifts, LoadShifts, db)
	})
}

// same saves a list, loads it and compares.
func same[T any](t *rapid.T, what string, list []T, save func(context.Context, *sql.DB, []T) error, load func(context.Context, *sql.DB) ([]T, error), db *sql.DB) {
	t.Helper()
	if err := save(context.Background(), db, list); err != nil {
		t.Fatalf("save %s: %v", what, err)
	}
	back, err := load(context.Background(), db)
	if err != nil {
		t.Fatalf("load %s: %v", what, err)
	}
	if d := cmp.Diff(list, back, exact); d != "" {
		t.Fatalf("%s change in the store (-was +is):\n%s", what, d)
	}
}

func TestForecastsComeBack(t *testing.T) {
	db := newStore(t)
	forecasts := rapid.Custom(func(t *rapid.T) *forecast.Forecast {
		f := &forecast.Forecast{
			Model: phrase.Draw(t, "model"), Step: span.Draw(t, "step"), Levels: numbers.Draw(t, "levels"), DayFactorCV: number.Draw(t, "cv"),
			Why: rapid.SliceOfN(rapid.Make[forecast.DayFactor](), 0, 3).Draw(t, "why"), Choice: rapid.Make[forecast.Choice]().Draw(t, "choice"),
			Cleaned: rapid.SliceOfN(rapid.Make[forecast.Cleaned](), 0, 3).Draw(t, "cleaned"), Notes: rapid.SliceOfN(phrase, 0, 3).Draw(t, "notes"),
		}
		f.Choice.Bands = append(f.Choice.Bands, forecast.BandChoice{Models: []forecast.ModelScore{{Name: "x", WAPE: number.Draw(t, "wape")}}})
		start := instant.Draw(t, "start")
		for range rapid.IntRange(0, 5).Draw(t, "points") {
			start = start.Add(time.Duration(rapid.IntRange(1, 4).Draw(t, "gap")) * 15 * time.Minute)
			f.Points = append(f.Points, forecast.Point{Start: start, Step: span.Draw(t, "length"), Mean: number.Draw(t, "mean"), AHT: number.Draw(t, "aht"), Bounds: numbers.Draw(t, "bounds")})
		}
		return f
	})
	rapid.Check(t, func(rt *rapid.T) {
		run := ForecastRun{Made: instant.Draw(rt, "made"), Source: phrase.Draw(rt, "source"), Inputs: name.Draw(rt, "inputs"), Note: phrase.Draw(rt, "note")}
		var list []*forecast.Forecast
		for _, ch := range rapid.SliceOfNDistinct(name, 0, 3, rapid.ID[string]).Draw(rt, "channels") {
			f := forecasts.Draw(rt, "forecast")
			f.Channel, f.Subject = ch, rapid.SampledFrom([]string{"", "tax"}).Draw(rt, "subject")
			list = append(list, f)
		}
		id, err := SaveForecasts(context.Background(), db, run, list)
		if err != nil {
			rt.Fatal(err)
		}
		run.ID = id
		head, back, err := LoadForecasts(context.Background(), db, rapid.SampledFrom([]int64{0, id}).Draw(rt, "which"), amsterdam)
		if err != nil {
			rt.Fatal(err)
		}
		if d := cmp.Diff(run, head, exact); d != "" {
			rt.Fatalf("the run changes (-was +is):\n%s", d)
		}
		if d := cmp.Diff(list, back, exact); d != "" {
			rt.Fatalf("forecasts change (-was +is):\n%s", d)
		}
	})
}

func TestEventsAndAdjustmentsComeBack(t *testing.T) {
	db := newStore(t)
	ctx := context.Background()
	rapid.Check(t, func(rt *rapid.T) {
		e := rapid.Make[forecast.Event]().Draw(rt, "event")
		e.ID, e.Name, e.Channel, e.Subject, e.Department, e.Note = "", phrase.Draw(rt, "name"), "", "", "", ""
		e.Mode = rapid.SampledFrom([]forecast.EventMode{forecast.EventLearn, forecast.EventFactor, forecast.EventExtra, forecast.EventExclude, forecast.EventCopy}).Draw(rt, "mode")
		id, err := AddEvent(ctx, db, e)
		if err != nil || id == "" {
			rt.Fatalf("AddEvent = %q, %v", id, err)
		}
		e.ID = id
		all, err := Events(ctx, db)
		if d := cmp.Diff([]forecast.Event{e}, all, exact); d != "" || err != nil {
			rt.Fatalf("the event changes (-was +is): %v\n%s", err, d)
		}
		a := forecast.Adjustment{
			Channel: name.Draw(rt, "channel"), Subject: "", From: instant.Draw(rt, "from"), To: instant.Draw(rt, "to"), Factor: finite.Draw(rt, "factor"), Add: finite.Draw(rt, "add"),
			HasSet: rapid.Bool().Draw(rt, "set?"), Reason: phrase.Draw(rt, "reason"), By: name.Draw(rt, "by"), Made: instant.Draw(rt, "made"),
		}
		if a.HasSet {
			a.SetTo = finite.Draw(rt, "set")
		}
		if a.ID, err = AddAdjustment(ctx, db, a); err != nil {
			rt.Fatal(err)
		}
		adj, err := Adjustments(ctx, db, amsterdam)
		if d := cmp.Diff([]forecast.Adjustment{a}, adj, exact); d != "" || err != nil {
			rt.Fatalf("the adjustment changes (-was +is): %v\n%s", err, d)
		}
		if err := errors.Join(RemoveEvent(ctx, db, e.ID), RemoveAdjustment(ctx, db, a.ID)); err != nil {
			rt.Fatal(err)
		}
		if err := RemoveEvent(ctx, db, e.ID); !errors.Is(err, ErrNoSuch) {
			rt.Fatalf("an event removed twice: %v", err)
		}
	})
}

func TestEventNumbers(t *testing.T) {
	db := newStore(t)
	for i := 1; i <= 11; i++ {
		id, err := AddEvent(t.Context(), db, forecast.Event{Name: "x"})
		if want := fmt.Sprintf("e%d", i); err != nil || id != want {
			t.Fatalf("event %d has ID %q, %v; want %q", i, id, err, want)
		}
	}
	if _, err := AddEvent(t.Context(), db, forecast.Event{ID: "e3", Name: "changed"}); err != nil {
		t.Fatal(err)
	}
	all, err := Events(t.Context(), db)
	if err != nil || len(all) != 11 {
		t.Errorf("%d events, %v; an event saved again is the same one", len(all), err)
	}
}

func TestRequirementsComeBack(t *testing.T) {
	db := newStore(t)
	statuses := []erlang.Status{erlang.OK, erlang.Unreachable, erlang.Unstable}
	rapid.Check(t, func(rt *rapid.T) {
		var list []erlang.Requirement
		for i, n := 0, rapid.IntRange(0, 6).Draw(rt, "n"); i < n; i++ {
			list = append(list, erlang.Requirement{
				Channel: "phone", Skill: "phone", Start: time.Unix(1_700_000_000+int64(i)*900, 0).In(amsterdam), Step: span.Draw(rt, "step"), Erlangs: number.Draw(rt, "erlangs"),
				Agents: rapid.Int().Draw(rt, "agents"), Fractional: number.Draw(rt, "fractional"), Rostered: rapid.Int().Draw(rt, "rostered"), RosteredFractional: number.Draw(rt, "rf"),
				Status: rapid.SampledFrom(statuses).Draw(rt, "status"), Base: rapid.IntRange(0, 50).Draw(rt, "base"), Curve: longList.Draw(rt, "curve"),
				Result: erlang.Result{
					Model: rapid.SampledFrom([]erlang.Model{erlang.Auto, erlang.ModelA, erlang.ModelC, erlang.ModelChat, erlang.ModelDeadline, erlang.ModelFixed}).Draw(rt, "model"),
					Definition: rapid.SampledFrom([]erlang.Definition{erlang.Offered, erlang.Answered, erlang.ExclShort, erlang.WaitAny}).
						Draw(rt, "definition"),
					Agents: number.Draw(rt, "with"), Erlangs: number.Draw(rt, "load"), ServiceLevel: number.Draw(rt, "sl"), PWait: number.Draw(rt, "wait"), PAbandon: number.Draw(rt, "abandon"),
					ASA: number.Draw(rt, "asa"), Occupancy: number.Draw(rt, "occupancy"), Queue: number.Draw(rt, "queue"), Status: rapid.SampledFrom(statuses).Draw(rt, "result"),
				},
			})
		}
		run := RequirementRun{Made: instant.Draw(rt, "made"), Note: phrase.Draw(rt, "note")}
		id, err := SaveRequirements(context.Background(), db, run, list)
		if err != nil {
			rt.Fatal(err)
		}
		run.ID = id
		head, back, err := LoadRequirements(context.Background(), db, 0, amsterdam)
		if err != nil {
			rt.Fatal(err)
		}
		if d := cmp.Diff(run, head, exact); d != "" {
			rt.Fatalf("the run changes (-was +is):\n%s", d)
		}
		if d := cmp.Diff(list, back, exact); d != "" {
			rt.Fatalf("requirements change (-was +is):\n%s", d)
		}
	})
}

func anyRoster(t *rapid.T) RosterVersion {
	v := RosterVersion{
		Status: Draft, First: day.Draw(t, "first"), Days: 28, Zone: amsterdam, Step: 15 * time.Minute, Made: instant.Draw(t, "made"), Inputs: name.Draw(t, "inputs"), Note: phrase.Draw(t, "note"),
		Result: roster.Result{
			Cost: rapid.Make[roster.Cost]().Draw(t, "cost"), Bound: number.Draw(t, "bound"), Gap: number.Draw(t, "gap"),
			Hours: rapid.SliceOfN(rapid.Make[roster.AgentHours](), 0, 2).Draw(t, "hours"), Violations: rapid.SliceOfN(rapid.Make[roster.Violation](), 0, 2).Draw(t, "violations"),
			Shortfalls: rapid.SliceOfN(rapid.Make[roster.Shortfall](), 0, 2).Draw(t, "shortfalls"), Notes: rapid.SliceOfN(rapid.Make[roster.Sentence](), 0, 2).Draw(t, "notes"), Seed: rapid.Uint64().Draw(t, "seed"),
			Iterations: rapid.Int().Draw(t, "iterations"), Stopped: rapid.Bool().Draw(t, "stopped"),
		},
	}
	for i := range rapid.IntRange(0, 4).Draw(t, "shifts") {
		a := roster.Assignment{Agent: name.Draw(t, "agent"), Date: v.First + calendar.Date(i), Shift: name.Draw(t, "shift"), Locked: rapid.Bool().Draw(t, "locked")}
		a.Start = a.Date.At(minutes.Draw(t, "start"), amsterdam)
		a.End = a.Start.Add(8 * time.Hour)
		for range rapid.IntRange(0, 2).Draw(t, "breaks") {
			a.Breaks = append(a.Breaks, roster.Break{Start: a.Start.Add(2 * time.Hour), Length: 15 * time.Minute, Paid: rapid.Bool().Draw(t, "paid")})
		}
		for range rapid.IntRange(0, 2).Draw(t, "spans") {
			a.Plan = append(a.Plan, roster.SkillSpan{Start: a.Start, Skill: name.Draw(t, "skill")})
		}
		v.Result.Roster.Assignments = append(v.Result.Roster.Assignments, a)
	}
	if rapid.Bool().Draw(t, "off") {
		v.Off = []roster.Cell{{Agent: "a", Date: v.First, Off: true}, {Agent: "b", Date: v.First + 3, Off: true}}
	}
	return v
}

func TestRostersComeBack(t *testing.T) {
	db := newStore(t)
	rapid.Check(t, func(rt *rapid.T) {
		v := anyRoster(rt)
		id, err := SaveRoster(context.Background(), db, v)
		if err != nil {
			rt.Fatal(err)
		}
		v.ID = id
		back, err := LoadRoster(context.Background(), db, id)
		if err != nil {
			rt.Fatal(err)
		}
		if d := cmp.Diff(v, back, exact); d != "" {
			rt.Fatalf("the roster changes (-was +is):\n%s", d)
		}
	})
	if found, err := store.Check(t.Context(), db, Rules()...); err != nil || len(found) > 0 {
		t.Errorf("check = %v, %v", found, err)
	}
}
