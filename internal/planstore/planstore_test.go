package planstore

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"kcc/erlang"
	"kcc/forecast"
	"kcc/internal/calendar"
	"kcc/internal/store"
	"kcc/roster"
)

func assignment(agent string, d calendar.Date, hour int) roster.Assignment {
	start := d.At(calendar.Clock(60*hour), amsterdam)
	return roster.Assignment{
		Agent: agent, Date: d, Shift: "day", Start: start, End: start.Add(8 * time.Hour),
		Breaks: []roster.Break{{Start: start.Add(4 * time.Hour), Length: 30 * time.Minute}}, Plan: []roster.SkillSpan{{Start: start, Skill: "phone"}},
	}
}

func TestPublishing(t *testing.T) {
	db := newStore(t)
	ctx := t.Context()
	first := calendar.NewDate(2026, 11, 30)
	now := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	save := func(from calendar.Date, days, hour int) int64 {
		t.Helper()
		v := RosterVersion{First: from, Days: days, Zone: amsterdam, Step: 15 * time.Minute, Made: now}
		for d := from; d < from.Add(days); d++ {
			v.Result.Roster.Assignments = append(v.Result.Roster.Assignments, assignment("agent-001", d, hour))
		}
		id, err := SaveRoster(ctx, db, v)
		if err != nil {
			t.Fatal(err)
		}
		return id
	}
	if _, err := LoadRoster(ctx, db, 0); !errors.Is(err, ErrNoRun) {
		t.Fatalf("LoadRoster of an empty store = %v", err)
	}
	a, b, c := save(first, 28, 8), save(first+7, 7, 9), save(first, 28, 10)
	for i, id := range []int64{a, b} {
		if err := PublishRoster(ctx, db, id, now.Add(time.Duration(i)*time.Hour)); err != nil {
			t.Fatal(err)
		}
	}
	shifts, err := PublishedShifts(ctx, db, first, first+27, amsterdam)
	if err != nil || len(shifts) != 28 {
		t.Fatalf("%d published shifts, %v; want 28", len(shifts), err)
	}
	for i, s := range shifts {
		want := 8
		if i >= 7 && i < 14 {
			want = 9 // the later version of that week
		}
		if s.Start.Hour() != want || len(s.Breaks) != 1 || len(s.Plan) != 1 {
			t.Errorf("shift on %s starts at %d with %d breaks, want %d and its break", s.Date, s.Start.Hour(), len(s.Breaks), want)
		}
	}
	if err := PublishRoster(ctx, db, a, now); !errors.Is(err, ErrPublished) {
		t.Errorf("published twice: %v", err)
	}
	if err := RemoveRoster(ctx, db, a); !errors.Is(err, ErrPublished) {
		t.Errorf("a published roster removed: %v", err)
	}
	if err := RemoveRoster(ctx, db, c); err != nil {
		t.Error(err)
	}
	if err := RemoveRoster(ctx, db, c); !errors.Is(err, ErrNoRun) {
		t.Errorf("removed twice: %v", err)
	}
	all, err := Rosters(ctx, db)
	if err != nil || len(all) != 2 || all[0].ID != b || all[0].Status != Published || !all[0].Published.Equal(now.Add(time.Hour)) {
		t.Errorf("Rosters = %+v, %v", all, err)
	}
}

func TestAgentsThatLeave(t *testing.T) {
	db := newStore(t)
	ctx := t.Context()
	d := calendar.NewDate(2026, 11, 30)
	two := []roster.Agent{{ID: "a", Skills: []roster.Skill{{Name: "phone"}}}, {ID: "b"}}
	if err := SaveAgents(ctx, db, two); err != nil {
		t.Fatal(err)
	}
	if err := SaveAvailability(ctx, db, []roster.Availability{{Agent: "a", From: d, To: d, Kind: roster.Leave}, {Agent: "b", From: d, To: d, Kind: roster.Sick}}); err != nil {
		t.Fatal(err)
	}
	if _, err := SaveRoster(ctx, db, RosterVersion{First: d, Days: 7, Result: roster.Result{Roster: roster.Roster{Assignments: []roster.Assignment{assignment("b", d, 8)}}}}); err != nil {
		t.Fatal(err)
	}
	if err := SaveAgents(ctx, db, two[:1]); err != nil {
		t.Fatal(err)
	}
	if list, err := LoadAvailability(ctx, db, d, d); err != nil || len(list) != 1 || list[0].Agent != "a" {
		t.Errorf("availability = %v, %v; want that of the agent who stays", list, err)
	}
	if v, err := LoadRoster(ctx, db, 0); err != nil || len(v.Result.Roster.Assignments) != 1 {
		t.Errorf("the roster of an agent who left: %v, %v", v, err)
	}
	err := AddAvailability(ctx, db, []roster.Availability{{Agent: "x", Kind: roster.Leave}, {Agent: "x", Kind: roster.Leave}, {Agent: "y", Kind: roster.Leave}})
	if err == nil || !strings.Contains(err.Error(), "not in the list of agents: x, y") {
		t.Errorf("availability of unknown agents: %v", err)
	}
	if err := SaveAgents(ctx, db, []roster.Agent{{ID: "a"}, {ID: "a"}}); err == nil {
		t.Error("an agent twice passes")
	}
	if list, err := LoadAvailability(ctx, db, d+1, d+30); err != nil || len(list) != 0 {
		t.Errorf("availability of other days = %v, %v", list, err)
	}
}

func TestLastForecastPoints(t *testing.T) {
	db := newStore(t)
	ctx := t.Context()
	start := time.Date(2026, 11, 30, 8, 0, 0, 0, amsterdam)
	made := time.Date(2026, 11, 20, 6, 0, 0, 0, amsterdam)
	save := func(made time.Time, from, to int, mean float64) {
		t.Helper()
		f := &forecast.Forecast{Channel: "phone", Step: 15 * time.Minute}
		for i := from; i < to; i++ {
			f.Points = append(f.Points, forecast.Point{Start: start.Add(time.Duration(i) * 15 * time.Minute), Step: 15 * time.Minute, Mean: mean})
		}
		if _, err := SaveForecasts(ctx, db, ForecastRun{Made: made, Source: "test"}, []*forecast.Forecast{f}); err != nil {
			t.Fatal(err)
		}
	}
	save(made, 0, 8, 1)
	save(made.Add(24*time.Hour), 4, 12, 2)
	means := func(asOf time.Time) string {
		t.Helper()
		points, err := LastForecastPoints(ctx, db, "phone", "", start, start.Add(24*time.Hour), asOf, amsterdam)
		if err != nil {
			t.Fatal(err)
		}
		var b strings.Builder
		for _, p := range points {
			fmt.Fprintf(&b, "%g", p.Mean)
		}
		return b.String()
	}
	if got, want := means(time.Time{}), "111122222222"; got != want {
		t.Errorf("newest of each interval = %s, want %s", got, want)
	}
	if got, want := means(made.Add(time.Hour)), "11111111"; got != want {
		t.Errorf("as it was known before = %s, want %s", got, want)
	}
	if runs, err := ForecastRuns(ctx, db, 1); err != nil || len(runs) != 1 || runs[0].ID != 2 {
		t.Errorf("ForecastRuns = %v, %v", runs, err)
	}
}

// plan returns forecasts and requirements of eight channels over four weeks of
// quarters with 50 open ones a day.
func plan() ([]*forecast.Forecast, []erlang.Requirement) {
	const days, quarters = 28, 50
	curve := make([]float64, 20)
	var fs []*forecast.Forecast
	var reqs []erlang.Requirement
	for ch := range 8 {
		f := &forecast.Forecast{Channel: fmt.Sprintf("channel-%d", ch), Step: 15 * time.Minute, Levels: []float64{0.8, 0.95}}
		for d := range days {
			first := calendar.NewDate(2026, 11, 30).Add(d).At(8*60, amsterdam)
			for q := range quarters {
				at := first.Add(time.Duration(q) * 15 * time.Minute)
				f.Points = append(f.Points, forecast.Point{Start: at, Step: f.Step, Mean: 12.5, AHT: 240, Bounds: []float64{8, 17, 6, 20}})
				reqs = append(reqs, erlang.Requirement{Channel: f.Channel, Skill: f.Channel, Start: at, Step: f.Step, Agents: 6, Curve: curve})
			}
		}
		fs = append(fs, f)
	}
	return fs, reqs
}

// BenchmarkPlan11200 saves and loads 11,200 forecast points and as many
// requirements.
func BenchmarkPlan11200(b *testing.B) {
	fs, reqs := plan()
	b.Logf("%d requirements", len(reqs))
	db := newStore(b)
	for b.Loop() {
		run, err := SaveForecasts(b.Context(), db, ForecastRun{}, fs)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := SaveRequirements(b.Context(), db, RequirementRun{ForecastRun: run}, reqs); err != nil {
			b.Fatal(err)
		}
		if _, list, err := LoadRequirements(b.Context(), db, 0, amsterdam); err != nil || len(list) != len(reqs) {
			b.Fatal(len(list), err)
		}
		if _, list, err := LoadForecasts(b.Context(), db, run, amsterdam); err != nil || len(list) != len(fs) {
			b.Fatal(len(list), err)
		}
	}
}

func TestRulesFindWhatCannotBe(t *testing.T) {
	db := newStore(t)
	d := calendar.NewDate(2026, 11, 30)
	late := assignment("a", d+40, 8)
	odd := assignment("b", d, 8)
	odd.Breaks[0].Start = odd.End
	back := assignment("c", d, 8)
	back.End = back.Start.Add(-time.Hour)
	back.Breaks = nil
	if _, err := SaveRoster(t.Context(), db, RosterVersion{First: d, Days: 7, Result: roster.Result{Roster: roster.Roster{Assignments: []roster.Assignment{late, odd, back}}}}); err != nil {
		t.Fatal(err)
	}
	found, err := store.Check(t.Context(), db, Rules()...)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, f := range found {
		got = append(got, f.Check+": "+f.Detail)
	}
	want := []string{
		"shifts: roster 1: the shift of c on 2026-11-30 ends before it starts",
		"breaks: roster 1: a break of b on 2026-11-30 lies outside the shift",
		"shift days: roster 1: the shift of a on 2027-01-09 lies outside its days",
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("check found\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// TestOldSentences: what a roster was told in English only is read as that.
func TestOldSentences(t *testing.T) {
	var got roster.Result
	if err := decodeDetail(`{"Notes": ["a note"], "Violations": [{"Rule": "x", "Text": "a rule"}]}`, &got); err != nil {
		t.Fatal(err)
	}
	if n, v := got.Notes[0].In("nl"), got.Violations[0].Text.In("en"); n != "a note" || v != "a rule" {
		t.Errorf("read %q and %q", n, v)
	}
}
