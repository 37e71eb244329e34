package flow

import (
	"context"
	"math"
	"path/filepath"
	"testing"
	"time"

	"kcc/erlang"
	"kcc/forecast"
	"kcc/internal/centre"
	"kcc/internal/store/storetest"
)

// whatifSite is the centre that a new one starts from, with a week of forecast.
func whatifSite(t *testing.T) (*Inform, []*forecast.Forecast) {
	t.Helper()
	db := storetest.Open(t, filepath.Join(t.TempDir(), "kcc.db"))
	c, err := centre.Parse("centre.toml", centre.Template())
	if err != nil {
		t.Fatal(err)
	}
	s := &Site{DB: db, Centre: c, Now: time.Date(2026, 11, 22, 12, 0, 0, 0, c.Zone)}
	var fs []*forecast.Forecast
	for _, ch := range []struct {
		name   string
		n, aht float64
	}{{"phone", 40, 260}, {"chat", 8, 540}, {"email", 5, 380}, {"counter", 6, 560}} {
		f := &forecast.Forecast{Channel: ch.name, Step: 15 * time.Minute, DayFactorCV: 0.08}
		hours := c.Hours(ch.name)
		day := Weeks(20_800, 1).Last + 1
		for d := day; d < day+5; d++ {
			for k, at := range hours.Intervals(d, f.Step) {
				f.Points = append(f.Points, forecast.Point{Start: at, Step: f.Step, Mean: ch.n * (1 + 0.5*math.Sin(float64(k)/8)), AHT: ch.aht, Bounds: []float64{1, 2, 0, 3}})
			}
		}
		fs = append(fs, f)
	}
	in := &Inform{Site: s, Rates: RatesOf(c, 0)}
	return in, fs
}

// A what-if is a fresh run of the sizing on the moved forecast, requirement by
// requirement, and what it says adds up.
func TestWhatIfEqualsAFreshSizing(t *testing.T) {
	in, fs := whatifSite(t)
	ctx := context.Background()
	for _, move := range []Move{
		{From: "phone", To: "chat", Share: 0.15, Success: 1, Spread: 0.2},
		{From: "phone", To: "email", Share: 0.4, Success: 0.9, Spread: 0.2},
		{From: "email", To: "chat", Share: 0.3, Success: 1},
		{From: "chat", To: "bot", Share: 0.5, Success: 0.6},
		{From: "counter", To: "phone", Share: 1, Success: 1},
	} {
		w, err := in.WhatIf(ctx, fs, WhatIfOptions{Move: move, Records: Weeks(20_800, 13)})
		if err != nil {
			t.Fatal(err)
		}
		opt := PlanOptionsOf(in.Centre, w.Forecasts)
		opt.NoCurve = true
		fresh, err := erlang.Plan(ctx, IntervalsOf(in.Centre, w.Forecasts), opt)
		if err != nil {
			t.Fatal(err)
		}
		if len(fresh) != len(w.After.Requirements) {
			t.Fatalf("%s to %s: %d requirements, a fresh run has %d", move.From, move.To, len(w.After.Requirements), len(fresh))
		}
		for i, r := range w.After.Requirements {
			f := fresh[i]
			if r.Channel != f.Channel || !r.Start.Equal(f.Start) || r.Agents != f.Agents || r.RosteredFractional != f.RosteredFractional || r.Result.ServiceLevel != f.Result.ServiceLevel && !math.IsNaN(f.Result.ServiceLevel) {
				t.Fatalf("%s to %s: requirement %d is %+v, a fresh run has %+v", move.From, move.To, i, r, f)
			}
		}
		// Nobody is lost: what leaves one channel comes by the other, or stays with the bot.
		gone := w.Before.Channels[move.From].Contacts - w.After.Channels[move.From].Contacts
		come := w.After.Channels[move.To].Contacts - w.Before.Channels[move.To].Contacts
		if want := move.Share * move.Success * w.Before.Channels[move.From].Contacts; math.Abs(gone-want) > 1e-6 || move.To != "bot" && math.Abs(come-gone) > 1e-6 {
			t.Errorf("%s to %s: %g a week leave, %g come, want %g", move.From, move.To, gone, come, want)
		}
		if !(w.FTE.Lo <= w.FTE.Value && w.FTE.Value <= w.FTE.Hi) {
			t.Errorf("FTE %g is outside its interval %g to %g", w.FTE.Value, w.FTE.Lo, w.FTE.Hi)
		}
		if f := w.After.FTE - w.Before.FTE; math.Abs(f-w.FTE.Value) > 1e-12 {
			t.Errorf("FTE change %g, want %g", w.FTE.Value, f)
		}
	}
}

// The forecast that is moved stays as it was, and a move of nothing changes nothing.
func TestWhatIfLeavesTheForecastAlone(t *testing.T) {
	in, fs := whatifSite(t)
	mean, aht := fs[0].Points[3].Mean, fs[1].Points[3].AHT
	m := &mover{from: "phone", to: "chat", share: 0.2, subject: 0.5, success: 1, ahtTo: 500, relFrom: 1.2}
	moved := m.apply(in.Centre, fs)
	if fs[0].Points[3].Mean != mean || fs[1].Points[3].AHT != aht {
		t.Error("the forecast was changed in place")
	}
	// 10 % of phone leaves; a contact on the subject took 1.2 times the mean, so the rest takes 0.88/0.9 of it.
	if got, want := moved[0].Points[3].AHT, 260*(1-0.1*1.2)/0.9; math.Abs(got-want) > 1e-9 {
		t.Errorf("handle time of what stays is %g, want %g", got, want)
	}
	m.share = 0
	for i, f := range m.apply(in.Centre, fs) {
		if f != fs[i] {
			t.Error("a move of nothing makes another forecast")
		}
	}
}
