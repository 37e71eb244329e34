package calendar

import (
	"errors"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// office returns opening hours with the default Dutch holidays.
func office(t testing.TB, week string) *Hours {
	t.Helper()
	w, err := ParseWeek(week)
	if err != nil {
		t.Fatal(err)
	}
	return &Hours{Loc: amsterdam(t), Week: w, Holidays: &Holidays{}}
}

func at(t testing.TB, s string) time.Time {
	t.Helper()
	tm, err := ParseTime(s, amsterdam(t))
	if err != nil {
		t.Fatal(err)
	}
	return tm
}

const wall = "2006-01-02 15:04:05 -0700"

func TestAddBusiness(t *testing.T) {
	always := AlwaysOpen(amsterdam(t))
	split := office(t, "mo-fr 08:00-12:00 13:30-18:00")
	nine := office(t, "mo-fr 09:00-17:00")
	short := office(t, "mo-fr 09:00-17:00")
	if err := short.Holidays.Set("kings_day", "10:00-14:00"); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name string
		h    *Hours
		from string
		add  time.Duration
		want string
	}{
		{"over a week-end and King's Day", office(t, "mo-fr 08:00-17:00"), "2026-04-24 16:30", 4 * time.Hour, "2026-04-28 11:30"},
		{"Friday afternoon", nine, "2026-11-20 16:30", time.Hour, "2026-11-23 09:30"},
		{"up to closing time", nine, "2026-11-20 16:00", time.Hour, "2026-11-20 17:00"},
		{"from before opening", nine, "2026-11-20 06:00", time.Hour, "2026-11-20 10:00"},
		{"from the lunch break", split, "2026-11-20 12:30", 10 * time.Minute, "2026-11-20 13:40"},
		{"over the lunch break", split, "2026-11-20 11:30", time.Hour, "2026-11-20 14:00"},
		{"nothing", nine, "2026-11-22 03:00", 0, "2026-11-22 03:00"},
		{"short King's Day", short, "2026-04-24 16:00", 5 * time.Hour, "2026-04-27 14:00"},
		{"night of spring, always open", always, "2026-03-28 22:00", 8 * time.Hour, "2026-03-29 07:00"},
		{"night of autumn, always open", always, "2026-10-24 22:00", 8 * time.Hour, "2026-10-25 05:00"},
		{"into the doubled hour", always, "2026-10-25 01:00", 90 * time.Minute, "2026-10-25T02:30:00+02:00"},
		{"into the second pass", always, "2026-10-25 01:00", 150 * time.Minute, "2026-10-25T02:30:00+01:00"},
		{"back over the week-end", nine, "2026-11-23 09:30", -time.Hour, "2026-11-20 16:30"},
		{"back to opening", nine, "2026-11-23 10:00", -time.Hour, "2026-11-23 09:00"},
	}
	for _, tt := range tests {
		got, err := NewWorkTime(tt.h).AddBusiness(at(t, tt.from), tt.add)
		if err != nil || !got.Equal(at(t, tt.want)) {
			t.Errorf("%s: %s + %s = %s (%v), want %s", tt.name, tt.from, tt.add, got.Format(wall), err, tt.want)
		}
	}
	// An opening that falls into the hour skipped in spring starts at the jump,
	// one in the doubled hour is open twice.
	night := office(t, "su 02:30-04:00")
	night.Holidays = nil
	w := NewWorkTime(night)
	if s := w.Stretches(NewDate(2026, 3, 29)); len(s) != 1 || s[0].To.Sub(s[0].From) != time.Hour {
		t.Errorf("02:30-04:00 on 29 March = %v, want one hour from 03:00", s)
	}
	if got := w.BusinessBetween(at(t, "2026-10-25 00:00"), at(t, "2026-10-26 00:00")); got != 2*time.Hour {
		t.Errorf("02:30-04:00 on 25 October holds %s, want 2h", got)
	}
}

func TestWorkTimeNeverOpen(t *testing.T) {
	w := NewWorkTime(&Hours{Loc: amsterdam(t)})
	from := at(t, "2026-11-20 16:30")
	if _, err := w.AddBusiness(from, time.Hour); !errors.Is(err, ErrNeverOpen) {
		t.Errorf("AddBusiness on a closed calendar: %v", err)
	}
	if _, err := w.AddBusiness(from, -time.Hour); !errors.Is(err, ErrNeverOpen) {
		t.Errorf("AddBusiness back on a closed calendar: %v", err)
	}
	if _, err := w.AddWorkingDays(from, 1, 0); !errors.Is(err, ErrNeverOpen) {
		t.Errorf("AddWorkingDays on a closed calendar: %v", err)
	}
	if _, err := w.NextOpen(from); !errors.Is(err, ErrNeverOpen) {
		t.Errorf("NextOpen on a closed calendar: %v", err)
	}
	if _, err := NewWorkTime(AlwaysOpen(amsterdam(t))).AddBusiness(from, 290*365*24*time.Hour); !errors.Is(err, ErrNeverOpen) {
		t.Errorf("AddBusiness past the horizon: %v", err)
	}
}

func TestAddWorkingDays(t *testing.T) {
	nine := office(t, "mo-fr 09:00-17:00")
	tests := []struct {
		name   string
		h      *Hours
		from   string
		n      int
		cutoff Clock
		want   string
	}{
		{"during the day", nine, "2026-11-18 11:00", 2, 0, "2026-11-20 17:00"},
		{"before opening counts for the day", nine, "2026-11-18 06:00", 2, 0, "2026-11-20 17:00"},
		{"at closing time counts for the next", nine, "2026-11-18 17:00", 2, 0, "2026-11-23 17:00"},
		{"on a Sunday", nine, "2026-11-22 10:00", 1, 0, "2026-11-24 17:00"},
		{"after the cut-off", nine, "2026-11-18 15:30", 1, 15 * 60, "2026-11-20 17:00"},
		{"before the cut-off", nine, "2026-11-18 14:59", 1, 15 * 60, "2026-11-19 17:00"},
		{"the same day", nine, "2026-11-18 11:00", 0, 0, "2026-11-18 17:00"},
		{"over Easter", nine, "2026-04-02 11:00", 2, 0, "2026-04-07 17:00"}, // Good Friday is open
		{"short Friday", office(t, "mo-th 09:00-17:00; fr 09:00-12:00"), "2026-11-19 16:00", 1, 0, "2026-11-20 12:00"},
	}
	for _, tt := range tests {
		got, err := NewWorkTime(tt.h).AddWorkingDays(at(t, tt.from), tt.n, tt.cutoff)
		if err != nil || !got.Equal(at(t, tt.want)) {
			t.Errorf("%s: %s + %d = %s (%v), want %s", tt.name, tt.from, tt.n, got.Format(wall), err, tt.want)
		}
	}
}

func TestWorkingDayBack(t *testing.T) {
	w := NewWorkTime(office(t, "mo-fr 09:00-17:00"))
	sunday := NewDate(2026, 11, 22)
	for n, want := range map[int]Date{-1: sunday - 2, -5: sunday - 6, -6: sunday - 9, 0: sunday + 1, 1: sunday + 1, 6: sunday + 8} {
		if got, err := w.WorkingDay(sunday, n); err != nil || got != want {
			t.Errorf("WorkingDay(%s, %d) = %s (%v), want %s", sunday, n, got, err, want)
		}
	}
	monday := sunday + 1
	for n, want := range map[int]Date{-1: sunday - 2, 0: monday, 1: monday + 1} {
		if got, err := w.WorkingDay(monday, n); err != nil || got != want {
			t.Errorf("WorkingDay(%s, %d) = %s (%v), want %s", monday, n, got, err, want)
		}
	}
	if got := w.WorkingDaysBetween(NewDate(2026, 4, 24), NewDate(2026, 5, 6)); got != 6 { // 28 29 30 1 4 6
		t.Errorf("WorkingDaysBetween = %d, want 6", got)
	}
}

// randomHours draws opening hours with split days, nights, short holidays and
// special days.
func randomHours(r *rand.Rand, loc *time.Location) *Hours {
	h := &Hours{Loc: loc, Special: map[Date][]Span{}}
	spans := func() []Span {
		var out []Span
		for c := Clock(r.IntN(12 * 60)); len(out) < r.IntN(4); {
			to := c + 1 + Clock(r.IntN(8*60))
			if to > Midnight {
				break
			}
			out = append(out, Span{c, to})
			if c = to + Clock(r.IntN(180)); c >= Midnight {
				break
			}
		}
		return out
	}
	for d := range h.Week {
		h.Week[d] = spans()
	}
	if r.IntN(3) == 0 {
		h.Week[time.Sunday] = []Span{{0, Midnight}} // both clock changes are on a Sunday
		h.Week[time.Saturday] = []Span{{0, Midnight}}
	}
	h.Week[1+r.IntN(5)] = []Span{{8 * 60, 17 * 60}}
	if r.IntN(2) == 0 {
		h.Holidays = &Holidays{Settings: map[string]Setting{}, Spans: map[string]Span{}}
		for _, key := range HolidayKeys() {
			h.Holidays.Settings[key] = Setting(r.IntN(3))
			h.Holidays.Spans[key] = Span{10 * 60, 14 * 60}
		}
	}
	for range r.IntN(4) {
		h.Special[NewDate(2026, 1, 1)+Date(r.IntN(365))] = spans()
	}
	return h
}

// minuteOracle counts open minutes one by one by the clock on the wall: it has
// no table, sums or zone arithmetic of its own.
func minuteOracle(h *Hours, from time.Time, minutes int) time.Time {
	day, spans := Date(-1<<31), []Span(nil)
	t := from.In(h.Loc)
	for minutes > 0 {
		if d := DateOf(t, h.Loc); d != day {
			day, spans = d, h.On(d)
		}
		c := Clock(t.Hour()*60 + t.Minute())
		for _, s := range spans {
			if c >= s.From && c < s.To {
				minutes--
			}
		}
		t = t.Add(time.Minute)
	}
	return t
}

// TestAgainstMinuteOracle compares 10,000 random cases with an independent
// count minute by minute.
func TestAgainstMinuteOracle(t *testing.T) {
	cases := 10_000
	if testing.Short() {
		cases = 500
	}
	r := rand.New(rand.NewPCG(6, 1))
	loc := amsterdam(t)
	base := NewDate(2026, 1, 1).Start(loc)
	changes := []time.Time{at(t, "2026-03-28 12:00"), at(t, "2026-10-24 12:00")}
	var h *Hours
	var w *WorkTime
	for i := range cases {
		if i%20 == 0 {
			h = randomHours(r, loc)
			w = NewWorkTime(h)
		}
		from := base.Add(time.Duration(r.IntN(365*24*60)) * time.Minute)
		if i%4 == 0 { // a quarter of the cases around a clock change
			from = changes[r.IntN(2)].Add(time.Duration(r.IntN(24*60)) * time.Minute)
		}
		minutes := 1 + r.IntN(400)
		want := minuteOracle(h, from, minutes)
		got, err := w.AddBusiness(from, time.Duration(minutes)*time.Minute)
		if err != nil || !got.Equal(want) {
			t.Fatalf("case %d: %s + %dm = %s (%v), want %s; hours %s", i, from.Format(wall), minutes, got.Format(wall), err, want.Format(wall), FormatWeek(h.Week))
		}
		if b := w.BusinessBetween(from, want); b != time.Duration(minutes)*time.Minute {
			t.Fatalf("case %d: between %s and %s = %s, want %dm", i, from.Format(wall), want.Format(wall), b, minutes)
		}
	}
}

func TestWorkTimeProperties(t *testing.T) {
	loc := amsterdam(t)
	base := at(t, "2026-01-01 00:00")
	rapid.Check(t, func(rt *rapid.T) {
		h := randomHours(rand.New(rand.NewPCG(rapid.Uint64().Draw(rt, "hours"), 2)), loc)
		w := NewWorkTime(h)
		instant := func(name string) time.Time {
			return base.Add(time.Duration(rapid.Int64Range(0, 500*24*3600).Draw(rt, name)) * time.Second)
		}
		amount := func(name string) time.Duration {
			return time.Duration(rapid.Int64Range(0, 200*3600).Draw(rt, name)) * time.Second
		}
		a, b, c := instant("a"), instant("b"), instant("c")
		d, e := amount("d"), amount("e")
		add := func(t time.Time, d time.Duration) time.Time {
			got, err := w.AddBusiness(t, d)
			if err != nil {
				rt.Fatal(err)
			}
			return got
		}
		if a.After(b) {
			a, b = b, a
		}
		if got := w.BusinessBetween(a, add(a, d)); got != d {
			rt.Fatalf("elapsed until due is %s, want %s", got, d)
		}
		if add(b, d).Before(add(a, d)) {
			rt.Fatal("due is not monotone in the start")
		}
		if add(a, d+e).Before(add(a, d)) {
			rt.Fatal("due is not monotone in the amount")
		}
		if x, y := add(add(a, d), e), add(a, d+e); !x.Equal(y) {
			rt.Fatalf("adding in two steps gives %s, in one %s", x, y)
		}
		if w.BusinessBetween(a, c)+w.BusinessBetween(c, b) != w.BusinessBetween(a, b) {
			rt.Fatal("the parts do not sum to the whole")
		}
		if w.BusinessBetween(a, b) != -w.BusinessBetween(b, a) {
			rt.Fatal("business time is not antisymmetric")
		}
		if d > 0 {
			if got := w.BusinessBetween(add(b, -d), b); got != d {
				rt.Fatalf("counting back %s gives a stretch of %s", d, got)
			}
		}
		n := rapid.IntRange(0, 40).Draw(rt, "n")
		x, err := w.AddWorkingDays(a, n, 0)
		y, err2 := w.AddWorkingDays(b, n, 0)
		z, err3 := w.AddWorkingDays(a, n+1, 0)
		if err != nil || err2 != nil || err3 != nil || y.Before(x) || !z.After(x) || x.Before(a) {
			rt.Fatalf("working days: %s, later start %s, a day more %s (%v %v %v)", x, y, z, err, err2, err3)
		}
	})
}

func TestWorkTimeConcurrent(t *testing.T) {
	w := NewWorkTime(office(t, "mo-fr 08:00-12:00 13:00-17:00"))
	want := NewWorkTime(w.Hours())
	if _, err := want.AddBusiness(at(t, "2010-01-01 00:00"), 30*365*8*time.Hour); err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for g := range 8 {
		wg.Go(func() {
			r := rand.New(rand.NewPCG(uint64(g), 3))
			for range 300 {
				from := at(t, "2015-01-01 00:00").Add(time.Duration(r.IntN(15*365*24*60)) * time.Minute)
				d := time.Duration(1+r.IntN(2000*60)) * time.Minute
				a, err := w.AddBusiness(from, d)
				b, _ := want.AddBusiness(from, d)
				if err != nil || !a.Equal(b) {
					t.Errorf("%s + %s = %s, alone %s (%v)", from, d, a, b, err)
				}
			}
		})
	}
	wg.Wait()
}

// BenchmarkAddBusiness_4bh measures one deadline on a calendar of a year.
func BenchmarkAddBusiness_4bh(b *testing.B) {
	w := NewWorkTime(office(b, "mo-fr 08:00-12:00 13:00-17:00"))
	from := at(b, "2026-01-01 00:00")
	for i := 0; b.Loop(); i++ {
		if _, err := w.AddBusiness(from.Add(time.Duration(i%500_000)*time.Minute), 4*time.Hour); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkAddWorkingDays_5 measures one promise in working days.
func BenchmarkAddWorkingDays_5(b *testing.B) {
	w := NewWorkTime(office(b, "mo-fr 08:00-12:00 13:00-17:00"))
	from := at(b, "2026-01-01 00:00")
	for i := 0; b.Loop(); i++ {
		if _, err := w.AddWorkingDays(from.Add(time.Duration(i%500_000)*time.Minute), 5, 0); err != nil {
			b.Fatal(err)
		}
	}
}
