package kpi

import (
	"context"
	"math"
	"slices"
	"strings"
	"testing"

	"kcc/internal/output"
)

// state adds a state of an agent; without an end it lasts.
func (d *desk) state(agent, from, to, state string) {
	d.t.Helper()
	d.exec("INSERT OR IGNORE INTO import_file (id, run_id, source_id, name, fingerprint, settings, kind, imported) VALUES (1, 1, 1, 's', 'f', '', 'agent_states', 0)")
	d.next++
	var end any
	if to != "" {
		end = localTime(d.t, to).Unix()
	}
	d.exec("INSERT INTO agent_state (key, source_id, file_id, line, hash, agent, start, end, state) VALUES (?, 1, 1, 1, 1, ?, ?, ?, ?)", d.next, agent, localTime(d.t, from).Unix(), end, state)
}

// row returns a row of a report by the name in its first column, by column name.
func rowOf(t *testing.T, r *Report, name string) map[string]float64 {
	t.Helper()
	for _, row := range r.Data[0].Rows {
		if row[0] != name {
			continue
		}
		out := map[string]float64{}
		for i, c := range r.Data[0].Columns {
			switch x := row[i].(type) {
			case float64:
				out[c.Name] = x
			case int:
				out[c.Name] = float64(x)
			case nil:
				out[c.Name] = math.NaN()
			}
		}
		return out
	}
	t.Fatalf("no row %q in %v", name, r.Data[0].Rows)
	return nil
}

// TestAgentFigures: a working day of agent a, minute by minute; b was ill all day;
// c is on the roster but has no states, so nothing is known of it; d has states and
// no roster, one over midnight and one that still lasts at half past nine on the
// second day.
//
//	a, minutes   ready  contact  paid, not at work  unpaid  of it on the roster (450)
//	09:10-10:00     50                                      50
//	10:00-11:00              60                             60
//	11:00-11:15              15                             15
//	11:15-11:45                                 30
//	11:45-13:00     75                                      75
//	13:00-13:30                                         30  (the break)
//	13:30-16:30             180                            180
//	16:30-17:20     50                                      30
//	             ------------------------------------------------
//	               175      255                 30         410
func TestAgentFigures(t *testing.T) {
	d := newDesk(t)
	const day = "2026-11-02 "
	for _, s := range [][3]string{
		{"09:10", "10:00", "Ready"},
		{"10:00", "11:00", "Talking"},
		{"11:00", "11:15", "After call work"},
		{"11:15", "11:45", "Meeting"},
		{"11:45", "13:00", "Ready"},
		{"13:00", "13:30", "Logged out"},
		{"13:30", "16:30", "Talking"},
		{"16:30", "17:20", "Ready"},
	} {
		d.state("a", day+s[0], day+s[1], s[2])
	}
	d.state("b", day+"09:00", day+"17:00", "Ziek")
	d.state("d", day+"23:30", "2026-11-03 00:30", "Ready")
	d.state("d", "2026-11-03 09:00", "", "Talking")
	d.call(call{at: day + "10:00", agent: "a", talk: 300.0, hold: 20.0, acw: 40.0})
	d.call(call{at: day + "10:30", agent: "a", talk: 200.0, acw: 40.0, outcome: "transferred"})
	d.call(call{at: day + "10:40", agent: "d", talk: 100.0})
	var shifts []Shift
	for _, s := range [][3]string{{"a", "09:00", "13:00"}, {"a", "13:30", "17:00"}, {"b", "09:00", "17:00"}, {"c", "09:00", "17:00"}} {
		shifts = append(shifts, Shift{s[0], localTime(t, day+s[1]), localTime(t, day+s[2])})
	}
	set := phoneSettings()
	set.TeamOf = func(agent string) string {
		return map[string]string{"a": "north", "b": "north", "c": "north", "d": "south"}[agent]
	}
	q := Query{Period: days(t, "2026-11-02", "2026-11-03")}
	v := View{Now: localTime(t, "2026-11-03 09:30")}
	make := func(named bool) *Report {
		r, err := AgentReport(context.Background(), d.db, set, q, v, shifts, named)
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	r := make(true)
	wantFigures(t, rowOf(t, r, "a"), map[string]float64{
		"contacts": 2, "talk_s": 250, "acw_s": 40, "aht_s": 300, "transfer_rate": 0.5, // of the two the source tells the ending
		"paid_hours": 460.0 / 60, "occupancy": 255.0 / 430, "shrinkage": 30.0 / 460, "adherence": 410.0 / 450, "conformance": 430.0 / 450,
	})
	wantFigures(t, rowOf(t, r, "b"), map[string]float64{"paid_hours": 8, "occupancy": math.NaN(), "shrinkage": 1, "adherence": 0, "conformance": 0})
	wantFigures(t, rowOf(t, r, "d"), map[string]float64{"paid_hours": 1.5, "occupancy": 0.5 / 1.5, "shrinkage": 0, "adherence": math.NaN(), "conformance": math.NaN()})
	if slices.ContainsFunc(r.Data[0].Rows, func(row []any) bool { return row[0] == "c" }) {
		t.Error("an agent without states or contacts has a row")
	}
	// A team is the sum of its agents, not the mean of their figures.
	r = make(false)
	wantFigures(t, rowOf(t, r, "north"), map[string]float64{
		"contacts": 2, "paid_hours": 940.0 / 60, "occupancy": 255.0 / 430, "shrinkage": 510.0 / 940, "adherence": 410.0 / 930, "conformance": 430.0 / 930,
	})
	// Of the second alone, half of the state over midnight.
	q.Period = days(t, "2026-11-02", "2026-11-02")
	wantFigures(t, rowOf(t, make(true), "d"), map[string]float64{"paid_hours": 0.5, "occupancy": 0})
	// The hours at work per hour of the clock.
	q.Every = Hour
	hours, has, err := WorkedHours(context.Background(), d.db, set, q, v.Now)
	if at := localTime(t, day+"11:00").Unix(); err != nil || !has || math.Abs(hours[at]-0.5) > 1e-9 {
		t.Errorf("worked from 11 to 12: %v, want half an hour (%v)", hours[at], err)
	}
}

// TestClockChangeStates: over the night of 25 hours a state lasts an hour longer
// than the clock shows, and so does the shift.
func TestClockChangeStates(t *testing.T) {
	states := []AgentState{{"a", localTime(t, "2026-10-25 00:00"), localTime(t, "2026-10-25 06:00"), "Ready"}}
	shifts := []Shift{{"a", localTime(t, "2026-10-25 00:00"), localTime(t, "2026-10-25 08:00")}}
	got := stateTimes(states, shifts)["a"]
	if got.waiting != 7 || got.due != 9 || got.kept != 7 {
		t.Errorf("ready %v h of a shift of %v h, kept %v h; want 7 of 9", got.waiting, got.due, got.kept)
	}
}

// TestCostPerContact: wage 36 an hour, a fifth of paid time not on contacts, 0.25
// for each phone call besides. 300 s of handling cost 300/3600 · 36/0.8 = 3.75. A
// contact of unknown length costs its call alone.
//
//	phone 300 s, 100 s, unknown: 3.75 + 1.25 + 3 · 0.25 = 5.75
//	chat 600 s:                  7.50
func TestCostPerContact(t *testing.T) {
	d := newDesk(t)
	d.call(call{at: "2026-11-02 09:00", talk: 260.0, acw: 40.0, subject: "waste"})
	d.call(call{at: "2026-11-02 09:10", talk: 100.0, subject: "taxes"})
	d.call(call{at: "2026-11-02 09:20", subject: "taxes"})
	d.call(call{at: "2026-11-02 09:30", outcome: "abandoned", wait: 60.0})
	d.call(call{at: "2026-11-02 09:40", channel: "chat", talk: 600.0, subject: "waste"})
	set := phoneSettings()
	set.Costs = Costs{Wage: 36, Shrinkage: 0.2, Channel: map[string]float64{"phone": 0.25}}
	q := Query{Period: days(t, "2026-11-02", "2026-11-02")}
	for _, c := range []struct {
		by   []Key
		want map[string]float64
	}{
		{nil, map[string]float64{"": 13.25 / 4}},
		{[]Key{ByChannel}, map[string]float64{"phone": 5.75 / 3, "chat": 7.50}},
		{[]Key{BySubject}, map[string]float64{"waste": (3.75 + 0.25 + 7.50) / 2, "taxes": (1.25 + 0.50) / 2, "": math.NaN()}},
	} {
		q.By = c.by
		f := d.load(set, q, "2026-11-20 12:00")
		got := map[string]float64{}
		for _, g := range f.Groups {
			got[strings.Join(g.Values, ",")] = figuresOf(set, &g.Sums)["cost_per_contact"]
		}
		if len(got) != len(c.want) {
			t.Errorf("by %v: %v, want %v", c.by, got, c.want)
		}
		wantFigures(t, got, c.want)
		if f.Total[Cost] != 13.25 || f.Total[CostN] != 4 {
			t.Errorf("by %v: the total costs %v over %v, want 13.25 over 4", c.by, f.Total[Cost], f.Total[CostN])
		}
		if notes := strings.Join(f.Quality(output.English, set, afterAll), "\n"); !strings.Contains(notes, "Of phone 67% of the contacts handled") {
			t.Errorf("the unknown handle time is not told: %s", notes)
		}
	}
}

// TestTicketsOnly: a store with cases and nothing else tells what it can of work
// and nothing of calls.
func TestTicketsOnly(t *testing.T) {
	d := newDesk(t)
	d.exec("INSERT INTO import_file (id, run_id, source_id, name, fingerprint, settings, kind, imported) VALUES (1, 1, 1, 't', 'f', '', 'tickets', 0)")
	for i, c := range [][4]string{ // received, due, closed, department
		{"2026-11-02 09:00", "2026-11-06", "2026-11-05 10:00", "public"},       // kept
		{"2026-11-02 10:00", "2026-11-06", "2026-11-06 23:30", "public"},       // a date is a promise for the whole day: kept
		{"2026-11-03 09:00", "2026-11-06", "2026-11-09 10:00", "taxes"},        // late
		{"2026-11-03 09:00", "2026-11-06", "", "taxes"},                        // open, past due
		{"2026-11-04 09:00", "", "2026-11-04 15:00", "taxes"},                  // nothing promised
		{"2026-11-04 09:00", "2026-12-01", "", ""},                             // open in time
		{"2026-10-05 09:00", "2026-10-09", "2026-10-07 15:00", "public"},       // the month before
		{"2026-10-29 09:00", "2026-11-05 12:00", "2026-11-05 13:00", "public"}, // a due time: an hour late
	} {
		var closed, due any
		if c[2] != "" {
			closed = localTime(t, c[2]).Unix()
		}
		if c[1] != "" {
			due = c[1]
		}
		d.exec("INSERT INTO ticket (key, source_id, file_id, line, hash, external_id, received, channel, kind, subject, handed_off_to, due_date, closed) VALUES (?, 1, 1, 1, 1, ?, ?, 'email', 'request', 'waste', ?, ?, ?)",
			i+1, i, localTime(t, c[0]).Unix(), c[3], due, closed)
	}
	set := phoneSettings()
	p, ok, err := DataPeriod(context.Background(), d.db, set)
	if err != nil || !ok || p != days(t, "2026-10-05", "2026-11-09") {
		t.Fatalf("the data run over %v %v %v, want 2026-10-05 to 2026-11-09", p, ok, err)
	}
	q := Query{Period: days(t, "2026-11-01", "2026-11-30")}
	want := map[string]float64{
		"received": 6, "closed": 5, "open": 2, "overdue": 1, "on_time": 2.0 / 5,
		"offered": 0, "service_level": math.NaN(), "asa_s": math.NaN(), "aht_s": math.NaN(), "fcr": math.NaN(), "cost_per_contact": math.NaN(),
	}
	for _, by := range [][]Key{nil, {ByDepartment}, {ByChannel, BySubject}, {ByKind}} {
		q.By = by
		f := d.load(set, q, "2026-11-20 12:00")
		wantFigures(t, figuresOf(set, &f.Total), want)
	}
	q.By = []Key{ByDepartment}
	f := d.load(set, q, "2026-11-20 12:00")
	var got []string
	for _, g := range f.Groups {
		got = append(got, g.Values[0])
	}
	if !slices.Equal(got, []string{"public", "taxes", ""}) {
		t.Errorf("departments %q, those without one last", got)
	}
	q.By = nil
	for _, name := range []string{"kpi", "channel", "subject"} {
		r, err := Make(context.Background(), d.db, set, name, q, View{Now: localTime(t, "2026-11-20 12:00"), Charts: true})
		if err != nil {
			t.Fatalf("report %s: %v", name, err)
		}
		if len(r.Data[0].Rows) == 0 {
			t.Errorf("report %s is empty", name)
		}
	}
	r, err := LeadTime(context.Background(), d.db, set, q, View{Now: localTime(t, "2026-11-20 12:00")})
	if err != nil {
		t.Fatal(err)
	}
	// Public, received in November: 3 and 4 days.
	if row := rowOf(t, r, "public"); row["received"] != 2 || row["days_p50"] != 3 || row["days_p95"] != 4 {
		t.Errorf("lead times of public: %v", row)
	}
	b, err := Backlog(context.Background(), d.db, set, Query{Period: days(t, "2026-11-01", "2026-11-15")}, View{Now: localTime(t, "2026-11-20 12:00")})
	if err != nil || len(b.Data[0].Rows) == 0 {
		t.Errorf("backlog %v %v", b, err)
	}
}

// TestReopened: what is reopened is open again, and its first close does not count
// as done.
func TestReopened(t *testing.T) {
	d := newDesk(t)
	c := d.call(call{at: "2026-11-02 09:00", subject: "waste"})
	h := d.handOff(c, "public", "2026-11-02 09:00", "2026-11-06 17:00", "", "") // closed on the 3rd, reopened on the 5th
	d.event(h, "2026-11-03 10:00", "closed")
	d.event(h, "2026-11-05 10:00", "reopened")
	set := phoneSettings()
	q := Query{Period: days(t, "2026-11-01", "2026-11-30")}
	for _, c := range []struct {
		now  string
		want map[string]float64
	}{
		{"2026-11-06 12:00", map[string]float64{"received": 1, "closed": 0, "open": 1, "overdue": 0, "on_time": math.NaN()}},
		{"2026-11-20 12:00", map[string]float64{"received": 1, "closed": 0, "open": 1, "overdue": 1, "on_time": 0}},
	} {
		f := d.load(set, q, c.now)
		wantFigures(t, figuresOf(set, &f.Total), c.want)
	}
	week := View{Now: localTime(t, "2026-11-09 12:00")}
	r, err := LeadTime(context.Background(), d.db, set, q, week)
	if err != nil {
		t.Fatal(err)
	}
	if row := rowOf(t, r, "public"); row["open"] != 1 || !math.IsInf(row["days_p50"], 1) {
		t.Errorf("lead time of reopened work: %v", row)
	}
}
