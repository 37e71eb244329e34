package erlang

import (
	"context"
	"errors"
	"math"
	"slices"
	"testing"
	"time"

	"kcc/internal/calendar"
)

func amsterdam(t *testing.T) *time.Location {
	t.Helper()
	loc, err := time.LoadLocation("Europe/Amsterdam")
	if err != nil {
		t.Fatal(err)
	}
	return loc
}

// office returns opening hours from Monday to Friday.
func office(t *testing.T, hours string) *calendar.Hours {
	t.Helper()
	week, err := calendar.ParseWeek(hours)
	if err != nil {
		t.Fatal(err)
	}
	return &calendar.Hours{Loc: amsterdam(t), Week: week}
}

// days returns intervals of n open days with the same volume in each.
func days(h *calendar.Hours, channel string, first calendar.Date, n int, step time.Duration, offered, aht float64) []Interval {
	var out []Interval
	for d := first; d < first.Add(n); d++ {
		for _, at := range h.Intervals(d, step) {
			out = append(out, Interval{Start: at, Step: step, Channel: channel, Offered: offered, AHT: aht})
		}
	}
	return out
}

func TestPlanSizesEachInterval(t *testing.T) {
	h := office(t, "mo-fr 08:00-12:00")
	ivs := days(h, "phone", calendar.NewDate(2026, 11, 30), 2, 15*time.Minute, 30, 300)
	set := Settings{Target: Target{Ratio: 0.8, Within: 20 * time.Second}, Patience: 180, Unplanned: 0.1, Minimum: 3}
	reqs, err := Plan(context.Background(), ivs, PlanOptions{Default: set, TimeOfDay: SIPP})
	if err != nil || len(reqs) != len(ivs) {
		t.Fatalf("%d requirements for %d intervals, %v", len(reqs), len(ivs), err)
	}
	want := Size(Load{Erlangs: 10, AHT: 300, Patience: 180}, set.Target)
	for _, r := range reqs {
		if r.Agents != want.Agents || r.Skill != "phone" || r.Rostered != int(math.Ceil(float64(want.Agents)/0.9)) {
			t.Fatalf("requirement %+v, want %d agents", r, want.Agents)
		}
		if !closeTo(r.RosteredFractional, want.Fractional/0.9, 1e-9, 0) {
			t.Fatalf("rostered_fractional %g, want %g", r.RosteredFractional, want.Fractional/0.9)
		}
	}
	mol, err := Plan(context.Background(), ivs, PlanOptions{Default: set})
	if err != nil {
		t.Fatal(err)
	}
	if mol[0].Erlangs >= 10 || !closeTo(mol[8].Erlangs, 10, 1e-6, 0) || mol[16].Erlangs >= 10 {
		t.Errorf("modified loads %g, %g, %g: want less than 10 at opening and 10 later", mol[0].Erlangs, mol[8].Erlangs, mol[16].Erlangs)
	}
	// Nothing to do still needs the minimum; appointments come on top.
	ivs[0].Offered, ivs[0].Fixed = 0, 2
	reqs, err = Plan(context.Background(), ivs[:1], PlanOptions{Default: set})
	if err != nil || reqs[0].Agents != 5 {
		t.Errorf("minimum and appointments: %+v, %v, want 5 agents", reqs, err)
	}
	if _, err := Plan(context.Background(), []Interval{{Step: time.Hour, Channel: "x", Offered: 1}}, PlanOptions{}); !errors.Is(err, ErrNoAHT) {
		t.Errorf("no handle time: %v, want ErrNoAHT", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Plan(ctx, ivs, PlanOptions{Default: set}); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled plan: %v", err)
	}
}

func TestPlanSpreadsDeferrableWork(t *testing.T) {
	h := office(t, "mo-fr 08:00-17:00")
	first := calendar.NewDate(2026, 11, 30)
	// All e-mail comes in between 08:00 and 10:00.
	var ivs []Interval
	for d := first; d < first.Add(14); d++ {
		for i, at := range h.Intervals(d, 30*time.Minute) {
			n := 0.0
			if i < 4 {
				n = 45
			}
			ivs = append(ivs, Interval{Start: at, Step: 30 * time.Minute, Channel: "email", Offered: n, AHT: 600})
		}
	}
	term, err := calendar.ParseTerm("1wd")
	if err != nil {
		t.Fatal(err)
	}
	opt := PlanOptions{Default: Settings{Promise: term, PromiseRatio: 1, Hours: h}}
	reqs, err := Plan(context.Background(), ivs, opt)
	if err != nil {
		t.Fatal(err)
	}
	// 180 mails of 600 s on a day of 9 hours: 30 agent-hours over 9 hours, and with a
	// day to do it in the least peak is the mean.
	for _, r := range reqs {
		if !closeTo(r.Fractional, 30.0/9, 0.02, 0) {
			t.Fatalf("at %s %g agents, want a flat %g", r.Start, r.Fractional, 30.0/9)
		}
		if r.Result.ServiceLevel < 1-1e-9 || r.Agents < 3 || r.Agents > 4 {
			t.Fatalf("%+v", r)
		}
	}
	// Due within two hours there is no room to spread: the peak follows the work.
	opt.Default.Promise, _ = calendar.ParseTerm("2bh")
	tight, err := Plan(context.Background(), ivs, opt)
	if err != nil {
		t.Fatal(err)
	}
	peak := 0.0
	for _, r := range tight {
		peak = math.Max(peak, r.Fractional)
	}
	if peak < 7 {
		t.Errorf("peak %g with two hours, want at least 7", peak)
	}
	// An opening backlog that is overdue shows.
	opt.Default.Promise = term
	opt.Default.Backlog = []Arrival{{At: first.Add(-7).At(9*60, h.Loc), Count: 300, AHT: 600}}
	late, err := Plan(context.Background(), ivs, opt)
	if err != nil {
		t.Fatal(err)
	}
	if late[0].Fractional < reqs[0].Fractional+2 || late[0].Result.ServiceLevel > 0.999 {
		t.Errorf("with 300 mails overdue %g agents at service level %g", late[0].Fractional, late[0].Result.ServiceLevel)
	}
}

func TestPlanBlends(t *testing.T) {
	h := office(t, "mo-fr 08:00-17:00")
	first := calendar.NewDate(2026, 11, 30)
	ivs := append(days(h, "phone", first, 7, 30*time.Minute, 60, 300), days(h, "email", first, 7, 30*time.Minute, 10, 600)...)
	term, _ := calendar.ParseTerm("1wd")
	opt := PlanOptions{Channels: map[string]Settings{
		"phone": {Target: Target{Ratio: 0.8, Within: 20 * time.Second}},
		"email": {Promise: term, Hours: h},
	}}
	sum := func(channel string, reqs []Requirement) float64 {
		s := 0.0
		for _, r := range reqs {
			if r.Channel == channel {
				s += r.Fractional * r.Step.Hours()
			}
		}
		return s
	}
	alone, err := Plan(context.Background(), ivs, opt)
	if err != nil {
		t.Fatal(err)
	}
	e := opt.Channels["email"]
	e.BlendInto, e.MaxBlend = "phone", 0.95
	opt.Channels["email"] = e
	blended, err := Plan(context.Background(), ivs, opt)
	if err != nil {
		t.Fatal(err)
	}
	idle := 0.0
	for _, r := range blended {
		if r.Channel == "phone" {
			idle += r.IdleAgents(0.95) * r.Step.Hours()
		}
	}
	a, b := sum("email", alone), sum("email", blended)
	if !(b < a) || b < a-idle-1e-6 || sum("phone", alone) != sum("phone", blended) {
		t.Errorf("e-mail needs %g hours alone and %g blended; idle hours of the phone %g", a, b, idle)
	}
}

func TestPlanPerDaySavesAgents(t *testing.T) {
	h := office(t, "mo-fr 08:00-17:00")
	ivs := days(h, "phone", calendar.NewDate(2026, 11, 30), 1, 15*time.Minute, 0, 300)
	for i := range ivs {
		ivs[i].Offered = 10 + 3*float64(i%12)
	}
	set := Settings{Target: Target{Ratio: 0.8, Within: 20 * time.Second}, Patience: 180}
	each, err := Plan(context.Background(), ivs, PlanOptions{Default: set})
	if err != nil {
		t.Fatal(err)
	}
	set.Target.Period = PerDay
	day, err := Plan(context.Background(), ivs, PlanOptions{Default: set})
	if err != nil {
		t.Fatal(err)
	}
	var n, m int
	var good, all float64
	for i := range each {
		n += each[i].Agents
		m += day[i].Agents
		good += ivs[i].Offered * day[i].Result.ServiceLevel
		all += ivs[i].Offered
		if day[i].Result.ServiceLevel < 0.4 {
			t.Errorf("interval %d has a service level of %g", i, day[i].Result.ServiceLevel)
		}
	}
	if m >= n || good/all < 0.8-1e-9 {
		t.Errorf("over the day %d agent-intervals at %g, per interval %d", m, good/all, n)
	}
}

func TestPlanFollowsTheClockChange(t *testing.T) {
	h := &calendar.Hours{Loc: amsterdam(t), Week: calendar.AlwaysOpen(time.UTC).Week}
	for _, c := range []struct {
		day   calendar.Date
		slots int
	}{{calendar.NewDate(2026, 3, 29), 92}, {calendar.NewDate(2026, 10, 25), 100}} {
		ivs := days(h, "email", c.day, 1, 15*time.Minute, 4, 300)
		term, _ := calendar.ParseTerm("4bh")
		reqs, err := Plan(context.Background(), ivs, PlanOptions{Default: Settings{Promise: term, Hours: h}})
		if err != nil || len(reqs) != c.slots {
			t.Errorf("%s: %d requirements, %v, want %d", c.day, len(reqs), err, c.slots)
		}
	}
}

// Idle time is filled once: two channels that blend into the phone together save
// no more than its idle time.
func TestIdleTimeIsFilledOnce(t *testing.T) {
	t0 := time.Date(2026, 1, 5, 8, 0, 0, 0, time.UTC)
	var phone, mail, post []Interval
	for i := range 32 {
		at := t0.Add(time.Duration(i) * 15 * time.Minute)
		iv := Interval{Start: at, Step: 15 * time.Minute, Channel: "phone", Offered: 20, AHT: 300}
		phone = append(phone, iv)
		iv.Channel, iv.Offered = "mail", 12
		mail = append(mail, iv)
		iv.Channel = "post"
		post = append(post, iv)
	}
	late := Settings{Model: ModelDeadline, Promise: calendar.Term{N: 1, Unit: calendar.WorkingDays}}
	blend := late
	blend.BlendInto = "phone"
	need := func(s Settings) (deferred, idle float64) {
		opt := PlanOptions{NoCurve: true, Channels: map[string]Settings{
			"phone": {Target: Target{Ratio: 0.8, Within: 20 * time.Second}}, "mail": s, "post": s,
		}}
		reqs, err := Plan(context.Background(), slices.Concat(phone, mail, post), opt)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range reqs {
			if r.Channel == "phone" {
				idle += r.IdleAgents(0)
			} else {
				deferred += r.Fractional
			}
		}
		return deferred, idle
	}
	plain, idle := need(late)
	blended, _ := need(blend)
	if saved := plain - blended; idle <= 1 || saved <= 1 || saved > idle*1.02 {
		t.Errorf("saved %.2f agent-intervals by filling %.2f of idle time", saved, idle)
	}
}

// The post of a day is one interval that begins when nobody works: the work is
// done in quarters of the opening hours, and none of it is lost.
func TestPlanWorksThePostOfADay(t *testing.T) {
	h := office(t, "mo-fr 09:00-17:00")
	first := calendar.NewDate(2026, 11, 30)
	var ivs []Interval
	for d := first; d < first.Add(28); d++ {
		if len(h.On(d)) > 0 {
			ivs = append(ivs, Interval{Start: d.Start(h.Loc), Step: 24 * time.Hour, Channel: "post", Offered: 72, AHT: 400})
		}
	}
	term, err := calendar.ParseTerm("2wd")
	if err != nil {
		t.Fatal(err)
	}
	reqs, err := Plan(context.Background(), ivs, PlanOptions{Default: Settings{Promise: term, PromiseRatio: 1, Hours: h}})
	if err != nil {
		t.Fatal(err)
	}
	// 72 letters of 400 s are 8 hours of work on each of 20 days of 8 hours: one agent.
	hours, quarters := 0.0, 0
	for _, r := range reqs {
		hours += r.Fractional * r.Step.Hours()
		if r.Step == 15*time.Minute {
			quarters++
			if !closeTo(r.Fractional, 1, 0.02, 0) || r.Result.ServiceLevel < 1-1e-9 {
				t.Fatalf("at %s %g agents in time for %g, want one, always in time", r.Start, r.Fractional, r.Result.ServiceLevel)
			}
		} else if r.Agents != 0 {
			t.Fatalf("%s: %d agents where the post comes in, want none", r.Start, r.Agents)
		}
	}
	if !closeTo(hours, 160, 0.02, 0) || quarters != 20*32 {
		t.Errorf("%.1f hours in %d quarters, want 160 in %d", hours, quarters, 20*32)
	}
	// Work that blends is laid on the grid of the idle time.
	at := func(d calendar.Date, min int) time.Time { return d.At(calendar.Clock(min), h.Loc).UTC() }
	if got := gridOf(map[time.Time]float64{at(first, 540): 1, at(first, 570): 1, at(first+1, 540): 0}); got != 30*time.Minute {
		t.Errorf("grid of half hours = %s", got)
	}
}
