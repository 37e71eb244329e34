package forecast

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"kcc/internal/calendar"
)

var ctx = context.Background()

func ams(t testing.TB) *time.Location {
	t.Helper()
	loc, err := time.LoadLocation("Europe/Amsterdam")
	if err != nil {
		t.Fatal(err)
	}
	return loc
}

func must(t testing.TB, s Series, opt Options) *Forecast {
	t.Helper()
	f, err := Run(ctx, s, opt)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestRunFollowsOpeningHours(t *testing.T) {
	s := synth{seed: 1, step: 30 * time.Minute, first: calendar.NewDate(2026, 1, 5), days: 84, perDay: 400}.series()
	f := must(t, s, Options{})
	first := calendar.NewDate(2026, 1, 5).Add(84)
	count := map[calendar.Date]int{}
	for _, p := range f.Points {
		d, c := calendar.DateOf(p.Start, s.Zone), calendar.ClockOf(p.Start, s.Zone)
		count[d]++
		if d < first || d >= first.Add(28) {
			t.Fatalf("point on %s lies outside the 28 days from %s", d, first)
		}
		if d.Weekday() == time.Sunday || (d.Weekday() == time.Saturday && (c < 9*60 || c >= 13*60)) || c < 8*60 || c >= 18*60 {
			t.Fatalf("point at %s %s, when the history is closed", d, c)
		}
	}
	if len(count) != 24 {
		t.Errorf("days forecast = %d, want 24 open days", len(count))
	}
	if n := count[first]; n != 20 {
		t.Errorf("intervals on Monday = %d, want 20", n)
	}
}

func TestRunIsAccurateOnAKnownProcess(t *testing.T) {
	c := synth{seed: 3, step: time.Hour, first: calendar.NewDate(2025, 9, 1), days: 140, perDay: 900}
	all := c.series()
	cut := c.first.Add(112).Start(all.Zone)
	train := all
	train.Obs = nil
	truth := map[int64]float64{}
	for _, o := range all.Obs {
		if o.Start.Before(cut) {
			train.Obs = append(train.Obs, o)
		} else {
			truth[o.Start.Unix()] = o.Offered
		}
	}
	f := must(t, train, Options{})
	abs, sum, in := 0.0, 0.0, 0.0
	for _, p := range f.Points {
		y, ok := truth[p.Start.Unix()]
		if !ok {
			t.Fatalf("no actual at %s", p.Start)
		}
		abs += math.Abs(y - p.Mean)
		sum += y
		if y >= p.Bounds[0] && y <= p.Bounds[1] {
			in++
		}
		if math.Abs(p.AHT-240) > 1e-9 {
			t.Fatalf("AHT = %g, want 240", p.AHT)
		}
	}
	// About 70 contacts an hour: Poisson alone gives 9.5 %, the level another 4 %.
	if w := abs / sum; w > 0.14 {
		t.Errorf("WAPE = %.3f, want at most 0.14", w)
	}
	if c := in / float64(len(f.Points)); c < 0.7 || c > 0.92 {
		t.Errorf("coverage of the 80%% bounds = %.2f", c)
	}
}

func TestHolidaysAreClosedAndNeighboursLearned(t *testing.T) {
	hol := &calendar.Holidays{}
	week, _ := calendar.ParseWeek("mo-fr 08:00-18:00")
	zone := ams(t)
	hours := &calendar.Hours{Loc: zone, Week: week, Holidays: hol}
	c := synth{seed: 5, step: time.Hour, first: calendar.NewDate(2024, 1, 1), days: 720, perDay: 500, week: "mo-fr 08:00-18:00", effects: map[calendar.Date]float64{}, noRows: map[calendar.Date]bool{}}
	for d := c.first; d < c.first.Add(c.days); d++ {
		if !hours.OpenDay(d) {
			c.noRows[d] = true
			continue
		}
		if !hours.OpenDay(d-1) && week[(d-1).Weekday()] != nil {
			c.effects[d] = 1.4 // the day after a closed weekday
		}
	}
	s := c.series()
	s.Hours = hours
	f := must(t, s, Options{Holidays: hol, From: c.first.Add(720), Horizon: 30})
	got := map[calendar.Date]float64{}
	for _, d := range f.Days(zone) {
		got[d.Date] = d.Mean
	}
	christmas := calendar.NewDate(2025, 12, 25)
	if _, ok := got[christmas]; ok {
		t.Error("Christmas is forecast, want closed")
	}
	// Monday 29 December follows Friday 26 December, closed: 1.4 times a Monday.
	after, plain := got[calendar.NewDate(2025, 12, 29)], got[calendar.NewDate(2026, 1, 12)]
	if r := after / plain; r < 1.1 {
		t.Errorf("Monday after Christmas over a plain Monday = %.2f, want more than 1.1", r)
	}
}

func TestMissingDaysAreNotZero(t *testing.T) {
	c := synth{seed: 9, step: time.Hour, first: calendar.NewDate(2026, 1, 5), days: 112, perDay: 600, noRows: map[calendar.Date]bool{}}
	want := must(t, c.series(), Options{})
	for d := c.first.Add(50); d < c.first.Add(64); d++ { // two weeks lost
		c.noRows[d] = true
	}
	got := must(t, c.series(), Options{})
	a, b := total(want), total(got)
	if r := b / a; r < 0.85 || r > 1.15 {
		t.Errorf("volume with two weeks missing over without = %.2f, want about 1", r)
	}
	if len(got.Points) != len(want.Points) {
		t.Errorf("points = %d, want %d", len(got.Points), len(want.Points))
	}
}

func total(f *Forecast) float64 {
	s := 0.0
	for _, p := range f.Points {
		s += p.Mean
	}
	return s
}

func TestAbsentIntervalOfAnOpenDayIsZero(t *testing.T) {
	c := synth{seed: 11, step: time.Hour, first: calendar.NewDate(2026, 1, 5), days: 84, perDay: 6, week: "mo-fr 08:00-18:00"}
	full := c.series()
	sparse := full
	sparse.Obs = nil
	for _, o := range full.Obs {
		if o.Offered > 0 { // a log of contacts has no row where nothing came
			sparse.Obs = append(sparse.Obs, o)
		}
	}
	a, b := total(must(t, full, Options{})), total(must(t, sparse, Options{}))
	if math.Abs(a-b)/a > 0.1 {
		t.Errorf("volume from a log without zero rows = %.1f, with them %.1f", b, a)
	}
}

func TestClockChangeDays(t *testing.T) {
	for _, tt := range []struct {
		name string
		day  calendar.Date
		want int
	}{
		{"spring", calendar.NewDate(2026, 3, 29), 92},
		{"autumn", calendar.NewDate(2026, 10, 25), 100},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := synth{seed: 2, step: 15 * time.Minute, first: tt.day.Add(-42), days: 41, perDay: 2000, week: "mo-su 00:00-24:00"}
			f := must(t, c.series(), Options{Horizon: 3})
			n := 0
			seen := map[int64]bool{}
			for _, p := range f.Points {
				if seen[p.Start.Unix()] {
					t.Fatalf("%s comes twice", p.Start)
				}
				seen[p.Start.Unix()] = true
				if calendar.DateOf(p.Start, ams(t)) == tt.day {
					n++
				}
			}
			if n != tt.want {
				t.Errorf("quarters on %s = %d, want %d", tt.day, n, tt.want)
			}
		})
	}
}

func TestNoHistory(t *testing.T) {
	if _, err := Run(ctx, Series{Channel: "chat"}, Options{}); !errors.Is(err, ErrNoHistory) {
		t.Errorf("error = %v, want ErrNoHistory", err)
	}
	s := Series{Channel: "chat", Obs: []Observation{{Start: time.Unix(0, 0), Offered: math.NaN()}}}
	if _, err := Run(ctx, s, Options{}); !errors.Is(err, ErrNoHistory) {
		t.Errorf("error = %v, want ErrNoHistory", err)
	}
}

func TestColdStart(t *testing.T) {
	for _, days := range []int{1, 3, 8, 15, 25} {
		c := synth{seed: 4, step: time.Hour, first: calendar.NewDate(2026, 1, 5), days: days, perDay: 300, week: "mo-su 08:00-18:00"}
		f := must(t, c.series(), Options{Horizon: 14})
		if len(f.Points) == 0 {
			t.Fatalf("%d days of history: no forecast", days)
		}
		for _, p := range f.Points {
			if math.IsNaN(p.Mean) || p.Mean < 0 || math.IsNaN(p.Bounds[0]) || p.Bounds[0] > p.Mean || p.Bounds[1] < p.Mean {
				t.Fatalf("%d days of history: point %+v", days, p)
			}
		}
		if len(f.Notes) == 0 {
			t.Errorf("%d days of history: no note says so", days)
		}
	}
}

func TestColdStartBorrowsFromParent(t *testing.T) {
	parent := synth{seed: 6, step: time.Hour, first: calendar.NewDate(2025, 9, 1), days: 130, perDay: 1000}
	p := parent.series()
	child := synth{seed: 7, step: time.Hour, first: parent.first.Add(126), days: 4, perDay: 100}.series()
	child.Channel = "chat"
	f := must(t, child, Options{Parent: &p, Horizon: 14})
	days := f.Days(p.Zone)
	byDay := map[time.Weekday]float64{}
	for _, d := range days {
		byDay[d.Date.Weekday()] += d.Mean
	}
	if len(byDay) != 6 {
		t.Fatalf("weekdays forecast = %d, want the 6 of the parent", len(byDay))
	}
	if r := byDay[time.Saturday] / byDay[time.Monday]; r < 0.05 || r > 0.5 {
		t.Errorf("Saturday over Monday = %.2f, want the small share of the parent", r)
	}
}

func TestOutlierIsLeftOut(t *testing.T) {
	c := synth{seed: 8, step: time.Hour, first: calendar.NewDate(2026, 1, 5), days: 112, perDay: 600, effects: map[calendar.Date]float64{}}
	odd := c.first.Add(107) // a Wednesday near the end
	c.effects[odd] = 6
	f := must(t, c.series(), Options{})
	if len(f.Cleaned) != 0 {
		t.Logf("cleaned: %+v", f.Cleaned)
	}
	c2 := c
	c2.effects = nil
	clean := total(must(t, c2.series(), Options{}))
	if r := total(f) / clean; r < 0.85 || r > 1.2 {
		t.Errorf("volume with one wild day over without = %.2f", r)
	}
}

func TestEventFactorAndExtra(t *testing.T) {
	c := synth{seed: 12, step: time.Hour, first: calendar.NewDate(2026, 1, 5), days: 112, perDay: 600}
	s := c.series()
	day := c.first.Add(115)
	base := must(t, s, Options{}).Days(s.Zone)
	factor := must(t, s, Options{Events: []Event{{Name: "x", From: day, To: day, Mode: EventFactor, Factor: 1.5}}}).Days(s.Zone)
	extra := must(t, s, Options{Events: []Event{{Name: "y", From: day, To: day, Lag: 3, Mode: EventExtra, Letters: 10000, Rate: 0.1}}}).Days(s.Zone)
	sumBase, sumExtra := 0.0, 0.0
	for i := range base {
		if base[i].Date == day {
			if r := factor[i].Mean / base[i].Mean; math.Abs(r-1.5) > 1e-9 {
				t.Errorf("factor on %s = %.3f, want 1.5", day, r)
			}
		} else if factor[i].Mean != base[i].Mean {
			t.Errorf("factor changed %s", base[i].Date)
		}
		sumBase += base[i].Mean
		sumExtra += extra[i].Mean
	}
	if d := sumExtra - sumBase; math.Abs(d-1000) > 1e-6 {
		t.Errorf("extra contacts = %.3f, want 1000", d)
	}
}

func TestWhyMultipliesToTheTotal(t *testing.T) {
	s := synth{seed: 13, step: time.Hour, first: calendar.NewDate(2026, 1, 5), days: 112, perDay: 600}.series()
	f := must(t, s, Options{Growth: 0.1})
	days := f.Days(s.Zone)
	if len(f.Why) != len(days) {
		t.Fatalf("explained days = %d, want %d", len(f.Why), len(days))
	}
	for i, w := range f.Why {
		x := w.Base
		for _, k := range w.Factors {
			x *= k.Value
		}
		// Factors within 0.05 % of 1 are not listed.
		if math.Abs(x/days[i].Mean-1) > 0.005 || w.Date != days[i].Date {
			t.Errorf("%s: factors give %.2f, forecast %.2f", w.Date, x, days[i].Mean)
		}
	}
}

func TestResample(t *testing.T) {
	s := synth{seed: 14, step: 30 * time.Minute, first: calendar.NewDate(2026, 1, 5), days: 84, perDay: 600}.series()
	half, hour, quarter := must(t, s, Options{}), must(t, s, Options{Interval: time.Hour}), must(t, s, Options{Interval: 15 * time.Minute})
	a, b, c := total(half), total(hour), total(quarter)
	if math.Abs(a-b) > 1e-6 || math.Abs(a-c) > 1e-6 {
		t.Errorf("totals %.3f, %.3f, %.3f, want equal", a, b, c)
	}
	if len(quarter.Points) != 2*len(half.Points) || len(half.Points) != 2*len(hour.Points) {
		t.Errorf("points %d, %d, %d", len(quarter.Points), len(half.Points), len(hour.Points))
	}
}

func TestCancelled(t *testing.T) {
	c, cancel := context.WithCancel(ctx)
	cancel()
	s := synth{seed: 1, step: time.Hour, first: calendar.NewDate(2026, 1, 5), days: 84, perDay: 400}.series()
	if _, err := Run(c, s, Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("error = %v, want context.Canceled", err)
	}
}

func TestOpeningDaysThatChange(t *testing.T) {
	first := calendar.NewDate(2026, 1, 5)
	base := synth{seed: 15, step: time.Hour, first: first, days: 182, perDay: 300, week: "mo-sa 09:00-15:00"}
	saturdays := func(open func(week int) bool) Series {
		c := base
		c.noRows = map[calendar.Date]bool{}
		for d := first; d < first.Add(c.days); d++ {
			if d.Weekday() == time.Saturday && !open(int(d-first)/7) {
				c.noRows[d] = true
			}
		}
		return c.series()
	}
	for _, tt := range []struct {
		name string
		open func(week int) bool
		want bool
	}{
		{"one special opening", func(w int) bool { return w == 12 }, false},
		{"opened three weeks ago", func(w int) bool { return w >= 23 }, true},
		{"closed for eight weeks", func(w int) bool { return w < 18 }, false},
		{"every other week", func(w int) bool { return w%2 == 0 }, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := saturdays(tt.open)
			got := false
			for _, p := range must(t, s, Options{Horizon: 14}).Points {
				got = got || p.Start.In(s.Zone).Weekday() == time.Saturday
			}
			if got != tt.want {
				t.Errorf("Saturday forecast = %v, want %v", got, tt.want)
			}
		})
	}
}

// daily is a series of days, Monday 5 January 2026 first.
func daily(values []float64) Series {
	s := Series{Channel: "phone", Zone: time.UTC}
	for i, v := range values {
		s.Obs = append(s.Obs, Observation{Start: calendar.NewDate(2026, 1, 5).Add(i).Start(time.UTC), Offered: v, Handled: math.NaN(), AHT: math.NaN()})
	}
	return s
}

// A jump of the level is believed: no day around it is cleaned away, neither half a
// year later nor when it lies two weeks back. A single odd day is not believed.
func TestJumpIsNoOutlier(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	for _, days := range []int{30, 14} {
		y := make([]float64, 200)
		for i := range y {
			y[i] = 100 + 6*rng.NormFloat64()
			if i >= len(y)-days {
				y[i] += 200
			}
		}
		y[120] = 300
		f := must(t, daily(y), Options{Horizon: 7})
		// The first day after a jump may not be believed as long as few others bear it out.
		if n := len(f.Cleaned); n < 1 || n > 2 || f.Cleaned[0].Date != calendar.NewDate(2026, 1, 5).Add(120) {
			t.Errorf("jump %d days ago: cleaned %v, want only the odd day", days, f.Cleaned)
		}
		for _, p := range f.Points {
			if math.Abs(p.Mean-300) > 45 {
				t.Errorf("jump %d days ago: forecast %.0f on %s, want about 300", days, p.Mean, p.Start.Format(time.DateOnly))
			}
		}
	}
}

// Few contacts: the forecast is a rate, and bounds hold the days without any.
func TestRareContactsHaveARate(t *testing.T) {
	rng := rand.New(rand.NewPCG(2, 2))
	for _, rate := range []float64{0.15, 0.8, 2} {
		y := make([]float64, 364)
		sum := 0.0
		for i := range y {
			y[i] = poisson(rng, rate)
			if i >= 364-84 {
				sum += y[i] / 84
			}
		}
		f := must(t, daily(y), Options{Horizon: 28})
		mean := 0.0
		for _, p := range f.Points {
			mean += p.Mean / float64(len(f.Points))
			if p.Mean < math.Ln2 && p.Bounds[0] != 0 {
				t.Errorf("rate %g: lower bound %g where none is the likeliest count", rate, p.Bounds[0])
			}
		}
		if mean < 0.6*sum || mean > 1.5*sum {
			t.Errorf("rate %g: forecast %.3f a day, the last twelve weeks had %.3f", rate, mean, sum)
		}
	}
}

func TestOddSeries(t *testing.T) {
	zeros := make([]float64, 120)
	f := must(t, daily(zeros), Options{Horizon: 7})
	for _, p := range f.Points {
		if p.Mean != 0 || p.Bounds[0] != 0 {
			t.Errorf("nothing ever came, forecast %g from %g", p.Mean, p.Bounds[0])
		}
	}
	for n := 1; n <= 25; n++ { // every short length gives a forecast
		y := make([]float64, n)
		for i := range y {
			y[i] = float64(50 + i%7)
		}
		for _, p := range must(t, daily(y), Options{Horizon: 7}).Points {
			if !(p.Mean > 40 && p.Mean < 70) {
				t.Errorf("%d days: forecast %g", n, p.Mean)
			}
		}
	}
	s := daily(make([]float64, 60))
	for i := range s.Obs { // one value a month
		s.Obs[i].Start = time.Date(2021, time.Month(1+i), 1, 0, 0, 0, 0, time.UTC)
		s.Obs[i].Offered = 300
	}
	f, err := Run(ctx, s, Options{Horizon: 7})
	if err == nil && len(f.Points) == 0 && len(f.Notes) == 0 {
		t.Error("a forecast of nothing without a word")
	}
}
