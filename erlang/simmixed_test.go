package erlang

import (
	"context"
	"math"
	"testing"
	"time"
)

// mixed is two days of phone, chat and e-mail with specialists and all-rounders.
func mixed() *Scenario {
	s := &Scenario{}
	t0 := time.Date(2026, 1, 5, 8, 0, 0, 0, time.UTC)
	for d := range 2 {
		for i := range 36 {
			s.Slots = append(s.Slots, Slot{t0.AddDate(0, 0, d).Add(time.Duration(i) * 15 * time.Minute), 15 * time.Minute})
		}
	}
	fill := func(v float64) []float64 {
		out := make([]float64, len(s.Slots))
		for i := range out {
			out[i] = v
		}
		return out
	}
	within := Target{Ratio: 0.8, Within: 20 * time.Second}
	s.Queues = []SimQueue{
		{Name: "phone", Offered: fill(30), AHT: fill(300), Patience: 180, Target: within, Redial: 0.3, VolumeCV: 0.1},
		{Name: "chat", Offered: fill(20), AHT: fill(400), Patience: 120, Target: within, ChatAHT: []float64{1, 1.3, 1.7}, AHTLaw: Law{Shape: Lognormal, CV: 1.2}},
		{Name: "email", Offered: fill(8), AHT: fill(500), Deferrable: true, Priority: -1, Due: func(t time.Time) time.Time { return t.Add(20 * time.Hour) }},
	}
	phone, chat, all := fill(9), fill(4), fill(4)
	for i := range phone {
		if i%36 < 4 {
			phone[i] = 6
		}
		if i%36 >= 16 && i%36 < 20 { // lunch
			phone[i], all[i] = 7, 3
		}
	}
	s.Teams = []SimTeam{
		{Name: "phone", Skills: []SimSkill{{Queue: "phone"}, {Queue: "email"}}, Agents: phone, Away: 0.05},
		{Name: "chat", Skills: []SimSkill{{Queue: "chat"}}, Agents: chat},
		{Name: "all", Skills: []SimSkill{{Queue: "phone", Efficiency: 0.9}, {Queue: "chat"}, {Queue: "email"}}, Agents: all},
	}
	return s
}

// Every contact is answered, has left, or still waits at the end; nobody works
// more than the agents are there.
func TestSimulationConserves(t *testing.T) {
	s := mixed()
	r, err := Simulate(context.Background(), s, SimOptions{Seed: 11, Runs: 40})
	if err != nil {
		t.Fatal(err)
	}
	for i, q := range s.Queues {
		c := &r.Total[i]
		if c.Offered == 0 || c.Answered+c.Left > c.Offered || c.InTime > c.Answered || c.Short > c.Left {
			t.Errorf("%s: %+v", q.Name, c)
		}
		if !q.Deferrable && c.Answered+c.Left != c.Offered {
			t.Errorf("%s: %g answered and %g left of %g", q.Name, c.Answered, c.Left, c.Offered)
		}
		var slots, days float64
		for k := range r.Slots[i] {
			slots += r.Slots[i][k].Offered
		}
		for k := range r.Days[i] {
			days += r.Days[i][k].Offered
		}
		if slots != c.Offered || days != c.Offered {
			t.Errorf("%s: slots add to %g and days to %g of %g", q.Name, slots, days, c.Offered)
		}
	}
	if want := 30 * 72.0; r.Total[0].PerRun() < want || r.Total[0].PerRun() > 1.2*want {
		t.Errorf("phone: %g calls a run with redials, want somewhat more than %g", r.Total[0].PerRun(), want)
	}
	if !(r.Occupancy > 0.5 && r.Occupancy < 1.3) { // chats share an agent
		t.Errorf("occupancy %g", r.Occupancy)
	}
	if sl := r.Total[2].ServiceLevel(); sl < 0.95 {
		t.Errorf("e-mail due in 20 hours: %g in time", sl)
	}
	again, err := Simulate(context.Background(), mixed(), SimOptions{Seed: 11, Runs: 40, Workers: 1})
	if err != nil || again.Total[0] != r.Total[0] || again.Total[2] != r.Total[2] {
		t.Errorf("the same seed gives other figures: %v", err)
	}
}

// The fast way and the events agree where both can be used, also when the
// agents change during the day.
func TestSimulationFastWayAgreesWithEvents(t *testing.T) {
	day := func() *Scenario {
		s := steady(12, 240, 150, 12, 20*time.Second, 40)
		for i := range s.Slots {
			s.Queues[0].Offered[i] *= 0.6 + 0.4*math.Sin(float64(i)/6)*math.Sin(float64(i)/6)
			s.Teams[0].Agents[i] = math.Round(8 + 5*math.Sin(float64(i)/6)*math.Sin(float64(i)/6))
		}
		return s
	}
	fast, err1 := Simulate(context.Background(), day(), SimOptions{Seed: 2, Runs: 150})
	slow, err2 := Simulate(context.Background(), day(), SimOptions{Seed: 2, Runs: 150, events: true})
	if err1 != nil || err2 != nil {
		t.Fatal(err1, err2)
	}
	a, b := &fast.Total[0], &slow.Total[0]
	if a.Offered != b.Offered {
		t.Errorf("%g and %g contacts with the same seed", a.Offered, b.Offered)
	}
	if math.Abs(a.ServiceLevel()-b.ServiceLevel()) > 0.01 || math.Abs(a.Abandoned()-b.Abandoned()) > 0.005 {
		t.Errorf("fast %.4f, events %.4f", a.ServiceLevel(), b.ServiceLevel())
	}
}

func TestSimulationStops(t *testing.T) {
	s := steady(10, 180, 120, 11, 20*time.Second, 40)
	r, err := Simulate(context.Background(), s, SimOptions{Seed: 1, Precision: 0.01})
	if err != nil || r.Runs >= defaultMaxRuns || r.Total[0].HalfWidth() > 0.01 {
		t.Errorf("%d runs, half width %g, %v", r.Runs, r.Total[0].HalfWidth(), err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Simulate(ctx, s, SimOptions{Runs: 10}); err == nil {
		t.Error("a cancelled simulation reports no error")
	}
	if _, err := Simulate(context.Background(), &Scenario{}, SimOptions{}); err == nil {
		t.Error("nothing to simulate reports no error")
	}
}

// Repair brings a plan that is an agent short up to its target.
func TestRepair(t *testing.T) {
	set := Settings{Patience: 180, Target: Target{Ratio: 0.8, Within: 20 * time.Second}}
	s := steady(20, 240, 180, 0, 20*time.Second, 40)
	n, _ := Agents(Load{Erlangs: 20, AHT: 240, Patience: 180}, set.Target)
	planned := make([]int, 40)
	for i := range planned {
		planned[i] = n - 1 + i%2*4
	}
	agents, rep, err := Repair(context.Background(), s, set, planned, RepairOptions{Sim: SimOptions{Seed: 4, Runs: 300}})
	if err != nil || rep.Low != 0 || rep.Added == 0 || rep.Removed == 0 {
		t.Errorf("%+v, %v", rep, err)
	}
	if len(agents) != 40 || rep.Sim.Total[0].ServiceLevel() < 0.8 {
		t.Errorf("agents %v at %g", agents, rep.Sim.Total[0].ServiceLevel())
	}
}

// One team for e-mail with two days and messages with two hours: what is due first
// goes first, so that a pile of older e-mail does not make messages late.
func TestDeferrableWorkGoesByDeadline(t *testing.T) {
	s := &Scenario{}
	t0 := time.Date(2026, 1, 5, 8, 0, 0, 0, time.UTC)
	fill := func(v float64) []float64 {
		out := make([]float64, 36)
		for i := range out {
			out[i] = v
		}
		return out
	}
	for i := range 36 {
		s.Slots = append(s.Slots, Slot{t0.Add(time.Duration(i) * 15 * time.Minute), 15 * time.Minute})
	}
	due := func(d time.Duration) func(time.Time) time.Time {
		return func(t time.Time) time.Time { return t.Add(d) }
	}
	mail := fill(2)
	mail[0] = 120 // a night's e-mail
	s.Queues = []SimQueue{
		{Name: "email", Offered: mail, AHT: fill(400), Deferrable: true, Priority: -1, Due: due(48 * time.Hour)},
		{Name: "social", Offered: fill(2), AHT: fill(300), Deferrable: true, Priority: -1, Due: due(2 * time.Hour)},
	}
	s.Teams = []SimTeam{{Name: "written", Skills: []SimSkill{{Queue: "email"}, {Queue: "social"}}, Agents: fill(4)}}
	r, err := Simulate(context.Background(), s, SimOptions{Seed: 3, Runs: 40})
	if err != nil {
		t.Fatal(err)
	}
	// 120 e-mails of 400 s keep four agents busy for over three hours.
	if sl := r.Total[1].ServiceLevel(); sl < 0.99 {
		t.Errorf("messages due in two hours: %g in time, want nearly all", sl)
	}
	if sl := r.Total[0].ServiceLevel(); sl < 0.99 {
		t.Errorf("e-mail due in two days: %g in time, want nearly all", sl)
	}
}
