package flow

import (
	"fmt"
	"math"
	"testing"
	"time"

	"kcc/contacts/kpi"
	"kcc/erlang"
	"kcc/internal/calendar"
	"kcc/internal/planstore"
	"kcc/internal/store/storetest"
	"kcc/roster"
)

// TestPlanAgainstActual: a published roster of an hour and a half, beside what was
// needed and what telephony saw.
//
//	phone, agents  needed  agent 1       agent 2  short
//	09:00               2  here          -            1 quarter
//	09:15               2  here          here         0
//	09:30               3  break         here         2
//	09:45               1  here          on chat      0
//	10:00-10:30         -  here          -            0
//
// Needed 8 quarters, rostered 7 on phone and 1 on chat, short 3. Agent 1, whom
// telephony knows as 7001, was ready from 09:05 until 09:30 and talked from 09:45
// until 10:20; agent 2 was ready all along.
func TestPlanAgainstActual(t *testing.T) {
	ctx := t.Context()
	db := storetest.Open(t, t.TempDir()+"/k.db")
	loc, err := time.LoadLocation("Europe/Amsterdam")
	if err != nil {
		t.Fatal(err)
	}
	day := calendar.NewDate(2026, time.November, 30)
	at := func(hour, minute int) time.Time { return day.At(calendar.Clock(60*hour+minute), loc) }
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(planstore.SaveAgents(ctx, db, []roster.Agent{
		{ID: "agent-1", ACD: "7001", Contract: 36 * time.Hour, Skills: []roster.Skill{{Name: "phone", Efficiency: 1}}},
		{ID: "agent-2", Contract: 36 * time.Hour, Skills: []roster.Skill{{Name: "phone", Efficiency: 1}, {Name: "chat", Efficiency: 1}}},
	}))
	var need []erlang.Requirement
	for i, n := range []int{2, 2, 3, 1} {
		need = append(need, erlang.Requirement{Start: at(9, 15*i), Step: 15 * time.Minute, Channel: "phone", Skill: "phone", Agents: n, Rostered: n, Fractional: float64(n), RosteredFractional: float64(n)})
	}
	_, err = planstore.SaveRequirements(ctx, db, planstore.RequirementRun{Made: at(0, 0)}, need)
	must(err)
	id, err := planstore.SaveRoster(ctx, db, planstore.RosterVersion{
		First: day, Days: 1, Zone: loc, Step: 15 * time.Minute, Made: at(0, 0),
		Result: roster.Result{Roster: roster.Roster{Assignments: []roster.Assignment{
			{Agent: "agent-1", Date: day, Shift: "s", Start: at(9, 0), End: at(10, 30), Breaks: []roster.Break{{Start: at(9, 30), Length: 15 * time.Minute}}},
			{Agent: "agent-2", Date: day, Shift: "s", Start: at(9, 15), End: at(10, 0), Plan: []roster.SkillSpan{{Start: at(9, 15), Skill: "phone"}, {Start: at(9, 45), Skill: "chat"}}},
		}}},
	})
	must(err)
	for _, q := range []string{
		"INSERT INTO source (id, name, rank) VALUES (1, 'acd', 1)",
		"INSERT INTO import_run (id, started) VALUES (1, 0)",
		"INSERT INTO import_file (id, run_id, source_id, name, fingerprint, settings, kind, imported) VALUES (1, 1, 1, 's', 'f', '', 'agent_states', 0)",
	} {
		_, err := db.ExecContext(ctx, q)
		must(err)
	}
	for i, s := range []struct {
		agent, state string
		from, to     time.Time
	}{
		{"7001", "Ready", at(9, 5), at(9, 30)},
		{"7001", "Talking", at(9, 45), at(10, 20)},
		{"agent-2", "Ready", at(9, 15), at(10, 0)},
	} {
		_, err := db.ExecContext(ctx, "INSERT INTO agent_state (key, source_id, file_id, line, hash, agent, start, end, state) VALUES (?, 1, 1, 1, 1, ?, ?, ?, ?)", i, s.agent, s.from.Unix(), s.to.Unix(), s.state)
		must(err)
	}
	set := &kpi.Settings{Zone: loc}
	q := kpi.Query{Period: kpi.Period{From: day, To: day}}
	v := kpi.View{Now: at(20, 0)}
	report := func() map[string]any {
		t.Helper()
		r, err := RosterReport(ctx, db, set, q, v)
		must(err)
		if len(r.Data[0].Rows) != 1 {
			t.Fatalf("rows %v, want one day", r.Data[0].Rows)
		}
		out := map[string]any{}
		for i, c := range r.Data[0].Columns {
			out[c.Name] = r.Data[0].Rows[0][i]
		}
		return out
	}
	if got := report(); got["rostered_hours"] != nil || got["required_hours"] != 2.0 || got["short_hours"] != nil {
		t.Errorf("before it is published: %v", got)
	}
	must(planstore.PublishRoster(ctx, db, id, at(0, 0)))
	got := report()
	for name, want := range map[string]float64{"required_hours": 2, "rostered_hours": 2, "short_hours": 0.75, "worked_hours": 1.75, "worked_less_rostered": -0.25} {
		if x, _ := got[name].(float64); math.Abs(x-want) > 1e-9 {
			t.Errorf("%s = %v, want %v", name, got[name], want)
		}
	}
	// The total is that of the days shown: of the third, nothing is known of staffing.
	for _, q := range []string{
		"INSERT INTO queue (id, source_id, name, channel) VALUES (1, 1, 'q', 'phone')",
		fmt.Sprintf("INSERT INTO agent_state (key, source_id, file_id, line, hash, agent, start, end, state) VALUES (9, 1, 1, 1, 1, '7001', %d, %d, 'Ready')", at(33, 0).Unix(), at(34, 0).Unix()),
	} {
		_, err := db.ExecContext(ctx, q)
		must(err)
	}
	for i, n := range []int{10, 20, 40} {
		_, err := db.ExecContext(ctx, `INSERT INTO volume_interval (start, queue_id, subject, source_id, day, step_s, rows, offered, offered_n, answered, abandoned, short_abandoned,
			within_target, within_n, wait_sum, wait_n, handle_sum, handle_n) VALUES (?, 1, '', 1, ?, 900, 1, ?, 1, ?, 0, 0, ?, ?, 0, 0, 0, 0)`, at(9+24*i, 0).Unix(), day+calendar.Date(i), n, n, n/2, n)
		must(err)
		_, err = db.ExecContext(ctx, "INSERT INTO coverage (channel, day, source_id, queue_id, rows) VALUES ('phone', ?, 1, 1, 1)", day+calendar.Date(i))
		must(err)
	}
	three, err := RosterReport(ctx, db, set, kpi.Query{Period: kpi.Period{From: day, To: day + 2}, Every: kpi.Day}, kpi.View{Now: at(90, 0)})
	must(err)
	if total := three.Tables[0].Total; len(three.Tables[0].Rows) != 2 || total[6] != 30.0 {
		t.Errorf("%d days, total %v; want 2 days with 30 contacts", len(three.Tables[0].Rows), total)
	}
	// The same roster judges how far agents kept to it, breaks left out: 60 of 75
	// minutes and 45 of 45.
	shifts, err := KPIShifts(ctx, db, q.Period, loc, v.Now)
	must(err)
	r, err := kpi.AgentReport(ctx, db, set, q, v, shifts, true)
	must(err)
	adherence := map[any]any{}
	for i, c := range r.Data[0].Columns {
		if c.Name == "adherence" {
			for _, row := range r.Data[0].Rows {
				adherence[row[0]] = row[i]
			}
		}
	}
	if len(adherence) != 2 || adherence["7001"] != 0.8 || adherence["agent-2"] != 1.0 {
		t.Errorf("adherence %v, want 0.8 of 7001 and 1 of agent-2", adherence)
	}
	// At a quarter to ten what is to come does not count yet.
	shifts, err = KPIShifts(ctx, db, q.Period, loc, at(9, 45))
	must(err)
	due := 0.0
	for _, s := range shifts {
		if s.Agent == "7001" {
			due += s.To.Sub(s.From).Minutes()
		}
	}
	if due != 30 {
		t.Errorf("%v minutes were rostered until 09:45, want 30", due)
	}
}
