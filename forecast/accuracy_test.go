package forecast

import (
	"math"
	"testing"
	"time"

	"kcc/internal/calendar"
)

// E|X-μ| of a Poisson variable, by the direct sum.
func TestPoissonMAD(t *testing.T) {
	for _, mu := range []float64{0.3, 1, 4.5, 10.7, 60} {
		want, p := 0.0, math.Exp(-mu)
		for k := 0; k < 400; k++ {
			want += p * math.Abs(float64(k)-mu)
			p *= mu / float64(k+1)
		}
		if got := poissonMAD(mu); math.Abs(got-want) > 1e-9*want {
			t.Errorf("poissonMAD(%g) = %.12f, want %.12f", mu, got, want)
		}
	}
}

func TestScoreByHand(t *testing.T) {
	f := &scored{scale: 2, floorable: false, fold: Fold{Points: []FoldPoint{
		{Ahead: 1, Actual: 10, Mean: 12, Bounds: []float64{8, 14, 5, 20}},
		{Ahead: 1, Actual: 20, Mean: 15, Bounds: []float64{12, 18, 10, 19}},
		{Ahead: 2, Actual: 30, Mean: 30, Bounds: []float64{29, 31, 28, 32}},
	}}, day: []int{0, 0, 1}}
	s := score("m", []*scored{f}, 1, 2, []float64{0.8, 0.95})
	for _, c := range []struct {
		name      string
		got, want float64
	}{
		{"WAPE", s.WAPE, 7.0 / 60},
		{"WAPEDay", s.WAPEDay, 3.0 / 60},
		{"bias", s.Bias, -3.0 / 60},
		{"MASE", s.MASE, 7.0 / 2 / 3},
		{"cov80", s.Coverage[0], 2.0 / 3},
		{"cov95", s.Coverage[1], 2.0 / 3},
		// Widths 15, 9, 4; 20 lies 1 above 19: 40 more; over the scale 2 and 3 points.
		{"MSIS", s.MSIS, (15.0 + 9 + 40 + 4) / 2 / 3},
		// 10: .1·2, .5·2, .1·4; 20: .1·8, .5·5, .9·2; 30: .1·1, 0, .1·1; thirds over 60.
		{"pinball", s.Pinball, (0.2 + 1 + 0.4 + 0.8 + 2.5 + 1.8 + 0.1 + 0 + 0.1) / 3 / 60},
	} {
		if math.Abs(c.got-c.want) > 1e-12 {
			t.Errorf("%s = %.9f, want %.9f", c.name, c.got, c.want)
		}
	}
}

// A backtest may not look ahead: what lies after the last origin's horizon, and
// what lies after an origin, must not change its forecast.
func TestBacktestDoesNotLookAhead(t *testing.T) {
	c := synth{seed: 21, step: time.Hour, first: calendar.NewDate(2026, 1, 5), days: 112, perDay: 400}
	s := c.series()
	opt := BacktestOptions{Options: Options{Horizon: 7}, First: 60, Step: 10, Folds: 2, Windows: []int{7}}
	a, err := Backtest(ctx, s, opt)
	if err != nil {
		t.Fatal(err)
	}
	cut := a.Folds[0].Origin.Add(1).Start(s.Zone)
	changed := s
	changed.Obs = append([]Observation(nil), s.Obs...)
	for i := range changed.Obs {
		if !changed.Obs[i].Start.Before(cut) {
			changed.Obs[i].Offered = 3*changed.Obs[i].Offered + 7
		}
	}
	b, err := Backtest(ctx, changed, opt)
	if err != nil {
		t.Fatal(err)
	}
	for i := range a.Folds[0].Points {
		p, q := a.Folds[0].Points[i], b.Folds[0].Points[i]
		if p.Mean != q.Mean || p.Bounds[0] != q.Bounds[0] || p.Bounds[3] != q.Bounds[3] {
			t.Fatalf("the forecast of %s changed with what came after its origin: %v, %v", p.Start, p, q)
		}
	}
}

func TestBacktestIsTheSameOnAnyNumberOfWorkers(t *testing.T) {
	s := synth{seed: 22, step: time.Hour, first: calendar.NewDate(2026, 1, 5), days: 90, perDay: 400}.series()
	opt := BacktestOptions{Options: Options{Horizon: 7}, Folds: 4, Workers: 1}
	a, err := Backtest(ctx, s, opt)
	if err != nil {
		t.Fatal(err)
	}
	opt.Workers = 4
	b, err := Backtest(ctx, s, opt)
	if err != nil {
		t.Fatal(err)
	}
	for i := range a.Scores {
		if a.Scores[i].WAPE != b.Scores[i].WAPE || a.Scores[i].MSIS != b.Scores[i].MSIS {
			t.Fatalf("scores differ: %+v, %+v", a.Scores[i], b.Scores[i])
		}
	}
}

func TestJudge(t *testing.T) {
	c := synth{seed: 23, step: time.Hour, first: calendar.NewDate(2026, 1, 5), days: 98, perDay: 400}
	all := c.series()
	made := c.first.Add(83)
	past := all
	past.Obs = nil
	for _, o := range all.Obs {
		if calendar.DateOf(o.Start, all.Zone) <= made {
			past.Obs = append(past.Obs, o)
		}
	}
	f := must(t, past, Options{Horizon: 28})
	got, err := Judge(f, made, all, []int{1, 7, 28})
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != 3 || got[0].N != 10 || got[2].N <= got[1].N {
		t.Fatalf("scores %+v", got)
	}
	if got[2].WAPE > 0.3 || got[2].Floor <= 0 || got[2].Floor > got[2].WAPE*1.5 {
		t.Errorf("WAPE %.3f beside a floor of %.3f", got[2].WAPE, got[2].Floor)
	}
}

func TestLearnAndMailings(t *testing.T) {
	c := synth{seed: 31, step: time.Hour, first: calendar.NewDate(2025, 6, 2), days: 280, perDay: 1500, week: "mo-fr 08:00-18:00", effects: map[calendar.Date]float64{}}
	var events []Event
	for k := range 4 { // a market day that doubles the volume
		d := c.first.Add(30 + 56*k + 2)
		c.effects[d] = 1.6
		events = append(events, Event{Name: "market", From: d, To: d})
	}
	mail := c.first.Add(210) // a Monday: 20 % more for five days
	for k := range 5 {
		c.effects[mail.Add(k)] = 1.2
	}
	events = append(events, Event{Name: "letters", From: mail, To: mail.Add(4), Mode: EventExtra, Letters: 10000, Rate: 0.2})
	odd := c.first.Add(150)
	for odd.Weekday() != time.Thursday {
		odd++
	}
	c.effects[odd] = 2.2 // nobody wrote this down
	s := c.series()
	effects, surprises, err := Learn(ctx, s, Options{Events: events})
	if err != nil {
		t.Fatal(err)
	}
	found := false
	for _, e := range effects {
		if e.Event && e.Name == "market" {
			found = true
			if e.Days != 4 || e.Factor < 1.35 || e.Factor > 1.8 {
				t.Errorf("market: %d days, factor %.2f, want 4 and about 1.6", e.Days, e.Factor)
			}
		}
	}
	if !found {
		t.Error("the market was not learned")
	}
	if len(surprises) == 0 || surprises[0].Date != odd {
		t.Errorf("surprises %+v, want %s first", surprises, odd)
	}
	mails, err := CompareMailings(ctx, s, Options{Events: events})
	if err != nil {
		t.Fatal(err)
	}
	if len(mails) != 1 || mails[0].Days != 5 || math.Abs(mails[0].Expected-2000) > 1e-6 {
		t.Fatalf("mailings %+v", mails)
	}
	normal := 0.0
	for _, o := range s.Obs {
		if d := calendar.DateOf(o.Start, s.Zone); d >= mail && d < mail.Add(5) {
			normal += o.Offered / 1.2
		}
	}
	if want := 0.2 * normal; math.Abs(mails[0].Came-want) > 3*mails[0].Spread {
		t.Errorf("came %.0f ± %.0f, want %.0f", mails[0].Came, mails[0].Spread, want)
	}
}
