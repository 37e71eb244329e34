package erlang

import (
	"context"
	"fmt"
	"math"
	"testing"
	"time"
)

// steady returns a scenario of one queue with a constant load over many slots.
func steady(a, h, patience float64, n float64, target time.Duration, slots int) *Scenario {
	step := 15 * time.Minute
	t0 := time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC)
	s := &Scenario{}
	q := SimQueue{Name: "q", Patience: patience, Target: Target{Ratio: 0.8, Within: target}}
	team := SimTeam{Name: "t", Skills: []SimSkill{{Queue: "q"}}}
	for i := range slots {
		s.Slots = append(s.Slots, Slot{t0.Add(time.Duration(i) * step), step})
		q.Offered = append(q.Offered, a*step.Seconds()/h)
		q.AHT = append(q.AHT, h)
		team.Agents = append(team.Agents, n)
	}
	s.Queues, s.Teams = []SimQueue{q}, []SimTeam{team}
	return s
}

// Twenty steady cases against the formulas. With 95 % intervals about one of
// twenty may lie outside; all must lie within 1.75 times the half width, which
// is 3.4 standard errors.
func TestSimulationAgreesWithFormulas(t *testing.T) {
	cases := []struct {
		model          string
		a, h, patience float64
		n              float64
		T              float64
	}{
		{"b", 8.1, 180, Immediate, 15, 0},
		{"b", 5, 120, Immediate, 5, 0},
		{"b", 40, 200, Immediate, 35, 0},
		{"b", 100, 60, Immediate, 110, 0},
		{"c", 2, 240, 0, 4, 20},
		{"c", 10, 180, 0, 13, 20},
		{"c", 10, 180, 0, 12, 20},
		{"c", 25, 300, 0, 29, 30},
		{"c", 40, 100, 0, 43, 0},
		{"c", 60, 60, 0, 64, 20},
		{"c", 0.5, 300, 0, 2, 60},
		{"a", 48, 60, 120, 46, 20},
		{"a", 48, 60, 120, 50, 20},
		{"a", 10, 300, 60, 10, 20},
		{"a", 10, 300, 600, 9, 20},
		{"a", 10, 180, 180, 12, 0},
		{"a", 3, 240, 30, 4, 10},
		{"a", 30, 200, 400, 25, 60},
		{"a", 100, 300, 120, 98, 20},
		{"a", 0.8, 300, 120, 2, 20},
	}
	outside := 0
	for i, c := range cases {
		if underRace && i%5 > 0 {
			continue
		}
		slots := min(400, max(60, int(4e4*c.h/900/c.a))) // about 40,000 contacts a run
		s := steady(c.a, c.h, c.patience, c.n, time.Duration(c.T*float64(time.Second)), slots)
		rep, err := Simulate(context.Background(), s, SimOptions{Seed: uint64(i + 1), Runs: 20, Warmup: 24, events: i%2 == 1})
		if err != nil {
			t.Fatal(err)
		}
		want := 0.0
		switch c.model {
		case "b":
			want = 1 - B(c.a, c.n)
		case "c":
			want = WaitC(c.a, c.n, c.h, c.T).ServiceLevel
		case "a":
			want = A(c.a, c.n, c.h, c.patience, c.T, c.T).SLOffered
		}
		got, half := rep.Total[0].ServiceLevel(), rep.Total[0].HalfWidth()
		if math.Abs(got-want) > half {
			outside++
		}
		if math.Abs(got-want) > 1.75*half || !(half < 0.02) {
			t.Errorf("%s %+v: simulated %.5f ± %.5f, formula %.5f", c.model, c, got, half, want)
		}
	}
	if outside > 4 {
		t.Errorf("%d of %d cases lie outside their 95 %% interval", outside, len(cases))
	}
	t.Logf("%d of %d cases outside their 95 %% interval", outside, len(cases))
}

// The chat model against its simulation: 3 chats an agent, 300, 400, 540 s.
func TestSimulationAgreesWithChat(t *testing.T) {
	for i, c := range []struct {
		perHour, patience float64
		n                 int
	}{{60, 0, 4}, {200, 0, 12}, {200, 240, 9}, {60, 120, 3}} {
		if underRace && i > 0 {
			break
		}
		s := steady(c.perHour/3600*300, 300, c.patience, float64(c.n), 30*time.Second, 400)
		s.Queues[0].ChatAHT = []float64{300, 400, 540}
		rep, err := Simulate(context.Background(), s, SimOptions{Seed: uint64(i + 1), Runs: 30, Warmup: 24})
		if err != nil {
			t.Fatal(err)
		}
		want := Chat(ChatLoad{Rate: c.perHour / 3600, AHT: []float64{300, 400, 540}, Patience: c.patience}, c.n, 30, 30).SLOffered
		got, half := rep.Total[0].ServiceLevel(), rep.Total[0].HalfWidth()
		if math.Abs(got-want) > 1.75*half || !(half < 0.02) {
			t.Errorf("%+v: simulated %.5f ± %.5f, formula %.5f", c, got, half, want)
		}
	}
}

func TestSimulationDoesNotDependOnWorkers(t *testing.T) {
	s := steady(10, 180, 120, 11, 20*time.Second, 40)
	one, err1 := Simulate(context.Background(), s, SimOptions{Seed: 7, Runs: 40, Workers: 1})
	four, err2 := Simulate(context.Background(), s, SimOptions{Seed: 7, Runs: 40, Workers: 4})
	if err1 != nil || err2 != nil {
		t.Fatal(err1, err2)
	}
	if one.Total[0] != four.Total[0] || one.Slots[0][7] != four.Slots[0][7] {
		t.Errorf("1 worker: %+v, 4 workers: %+v", one.Total[0], four.Total[0])
	}
}

// The loads span what a centre may have: a village desk of one agent to a hall of
// thousands. Runs are few where a run holds many contacts.
func BenchmarkSimulateDay(b *testing.B) {
	for _, a := range []float64{1, 5, 15, 60, 200, 1000, 10000} {
		b.Run(fmt.Sprintf("%gE", a), func(b *testing.B) { benchSimulate(b, a, false) })
	}
}

// The same days by events, as queues that share agents are played.
func BenchmarkSimulateEvents(b *testing.B) {
	for _, a := range []float64{1, 15, 200, 1000} {
		b.Run(fmt.Sprintf("%gE", a), func(b *testing.B) { benchSimulate(b, a, true) })
	}
}

func benchSimulate(b *testing.B, erlangs float64, events bool) {
	s := steady(erlangs, 300, 180, math.Ceil(erlangs*1.02), 20*time.Second, 40)
	runs := max(4, min(64, int(64*200/erlangs)))
	contacts := 0.0
	for b.Loop() {
		rep, err := Simulate(context.Background(), s, SimOptions{Seed: 1, Runs: runs, Workers: 1, events: events})
		if err != nil {
			b.Fatal(err)
		}
		contacts += rep.Contacts
	}
	b.ReportMetric(contacts/b.Elapsed().Seconds()/1e6, "Mcontacts/s")
}
