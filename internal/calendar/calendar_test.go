package calendar

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

func amsterdam(t testing.TB) *time.Location {
	t.Helper()
	loc, err := time.LoadLocation("Europe/Amsterdam")
	if err != nil {
		t.Fatal(err)
	}
	return loc
}

func TestDateAgainstTime(t *testing.T) {
	for d := NewDate(1999, 12, 1); d < NewDate(2051, 1, 1); d++ {
		y, m, day := d.Civil()
		ref := time.Date(y, m, day, 0, 0, 0, 0, time.UTC)
		if NewDate(y, m, day) != d || ref.Weekday() != d.Weekday() || ref.Format(time.DateOnly) != d.String() {
			t.Fatalf("day %d: %s %s", d, d, d.Weekday())
		}
		if mon := d.Monday(); mon.Weekday() != time.Monday || mon > d || d-mon > 6 {
			t.Fatalf("Monday of %s = %s", d, mon)
		}
	}
}

func TestAddMonths(t *testing.T) {
	tests := []struct {
		from string
		n    int
		want string
	}{
		{"2026-01-31", 1, "2026-02-28"},
		{"2024-01-31", 1, "2024-02-29"},
		{"2026-11-30", 3, "2027-02-28"},
		{"2026-03-15", -3, "2025-12-15"},
		{"2026-08-31", 1, "2026-09-30"},
		{"2026-05-01", 12, "2027-05-01"},
	}
	for _, tt := range tests {
		d, _ := ParseDate(tt.from)
		if got := d.AddMonths(tt.n).String(); got != tt.want {
			t.Errorf("%s + %d months = %s, want %s", tt.from, tt.n, got, tt.want)
		}
	}
}

// Quarters per day in Europe/Amsterdam: 96, but 92 and 100 on the days of the
// clock changes, the last Sundays of March and October (EU rule since 1996).
func TestGridQuarters2000To2050(t *testing.T) {
	g := Grid{amsterdam(t), 15 * time.Minute}
	for d := NewDate(2000, 1, 1); d < NewDate(2051, 1, 1); d++ {
		want := 96
		_, m, day := d.Civil()
		if d.Weekday() == time.Sunday && day > 24 {
			switch m {
			case time.March:
				want = 92
			case time.October:
				want = 100
			}
		}
		q := g.Day(d)
		if len(q) != want {
			t.Fatalf("%s has %d quarters, want %d", d, len(q), want)
		}
		if want == 96 && d%7 != 0 {
			continue
		}
		for i, s := range q {
			if DateOf(s, g.Loc) != d || (i > 0 && s.Sub(q[i-1]) != g.Step) || !g.Floor(s.Add(7*time.Minute)).Equal(s) {
				t.Fatalf("%s quarter %d = %s", d, i, s)
			}
		}
	}
}

func TestGridSlotOfDoubledHour(t *testing.T) {
	g := Grid{amsterdam(t), 15 * time.Minute}
	q := g.Day(NewDate(2026, 10, 25))
	if a, b := g.Slot(q[8]), g.Slot(q[12]); a != 8 || b != 8 {
		t.Errorf("slots of 02:00 CEST and 02:00 CET = %d, %d, want 8, 8", a, b)
	}
	if got := g.Slot(q[99]); got != 95 {
		t.Errorf("last slot = %d, want 95", got)
	}
}

func TestAtOnClockChanges(t *testing.T) {
	loc := amsterdam(t)
	tests := []struct {
		day  Date
		at   string
		want string
	}{
		{NewDate(2026, 3, 29), "02:30", "2026-03-29T03:30:00+02:00"},  // does not exist: moved forward
		{NewDate(2026, 10, 25), "02:30", "2026-10-25T02:30:00+02:00"}, // the first of two
		{NewDate(2026, 10, 25), "03:00", "2026-10-25T03:00:00+01:00"}, // exists once
		{NewDate(2026, 11, 22), "24:00", "2026-11-23T00:00:00+01:00"}, // end of day
		{NewDate(2026, 6, 1), "08:15", "2026-06-01T08:15:00+02:00"},   // an ordinary day
	}
	for _, tt := range tests {
		c, err := ParseClock(tt.at)
		if err != nil {
			t.Fatal(err)
		}
		if got := tt.day.At(c, loc).Format(time.RFC3339); got != tt.want {
			t.Errorf("%s %s = %s, want %s", tt.day, tt.at, got, tt.want)
		}
	}
}

// Easter Sundays as published in almanacs.
func TestEaster(t *testing.T) {
	for year, want := range map[int]string{
		2000: "2000-04-23", 2008: "2008-03-23", 2011: "2011-04-24", 2019: "2019-04-21", 2024: "2024-03-31", 2025: "2025-04-20",
		2026: "2026-04-05", 2027: "2027-03-28", 2030: "2030-04-21", 2035: "2035-03-25", 2038: "2038-04-25", 2050: "2050-04-10",
	} {
		if got := Easter(year).String(); got != want {
			t.Errorf("Easter(%d) = %s, want %s", year, got, want)
		}
	}
}

// The Easter rule is checked against the tabular rule of the Gregorian calendar
// (golden number and epact), an independent way, for 2000-2050.
func TestEasterByEpact(t *testing.T) {
	for year := 2000; year <= 2050; year++ {
		golden := year%19 + 1
		century := year/100 + 1
		x := 3*century/4 - 12
		z := (8*century+5)/25 - 5
		sunday := 5*year/4 - x - 10
		epact := (11*golden + 20 + z - x) % 30
		if epact == 24 || (epact == 25 && golden > 11) {
			epact++
		}
		n := 44 - epact
		if n < 21 {
			n += 30
		}
		n += 7 - (sunday+n)%7
		if want := NewDate(year, time.March, n); Easter(year) != want {
			t.Errorf("Easter(%d) = %s, want %s", year, Easter(year), want)
		}
	}
}

func TestHolidays2000To2050(t *testing.T) {
	h := &Holidays{}
	for year := 2000; year <= 2050; year++ {
		seen := map[string]Date{}
		for _, hol := range h.Year(year) {
			seen[hol.Key] = hol.Date
			if (hol.Key == "good_friday") != (hol.Setting == Open) {
				t.Errorf("%d %s: setting %d", year, hol.Key, hol.Setting)
			}
		}
		if len(seen) != 11 {
			t.Fatalf("%d has %d holidays", year, len(seen))
		}
		king := seen["kings_day"]
		if king.Weekday() == time.Sunday {
			t.Errorf("King's Day %s is a Sunday", king)
		}
		wantDay := 27
		if year < 2014 {
			wantDay = 30
		}
		if plain := NewDate(year, time.April, wantDay); king != plain && (plain.Weekday() != time.Sunday || king != plain-1) {
			t.Errorf("King's Day %d = %s", year, king)
		}
		if a := seen["ascension"]; a.Weekday() != time.Thursday {
			t.Errorf("Ascension %s is no Thursday", a)
		}
		if seen["liberation_day"] != NewDate(year, time.May, 5) {
			t.Errorf("5 May missing in %d", year)
		}
	}
}

func TestHolidaySettings(t *testing.T) {
	h := &Holidays{}
	for key, value := range map[string]string{"good_friday": "closed", "kings_day": "open", "christmas": "10:00-14:00", "liberation_day": "lustrum"} {
		if err := h.Set(key, value); err != nil {
			t.Fatal(err)
		}
	}
	if _, ok := h.On(NewDate(2026, 5, 5)); ok {
		t.Error("5 May 2026 counts although 2026 is no lustrum year")
	}
	if _, ok := h.On(NewDate(2025, 5, 5)); !ok {
		t.Error("5 May 2025 does not count although 2025 is a lustrum year")
	}
	week, err := ParseWeek("mo-fr 08:00-17:00; sa 10:00-12:00")
	if err != nil {
		t.Fatal(err)
	}
	hours := &Hours{Loc: amsterdam(t), Week: week, Holidays: h}
	for day, want := range map[string]string{
		"2026-04-03": "closed", "2026-04-27": "08:00-17:00", "2026-12-25": "10:00-14:00", "2025-05-05": "closed", "2026-05-05": "08:00-17:00",
		"2026-11-28": "10:00-12:00", "2026-11-29": "closed",
	} {
		d, _ := ParseDate(day)
		if got := FormatSpans(hours.On(d)); got != want {
			t.Errorf("%s is %s, want %s", day, got, want)
		}
	}
	if err := h.Set("pancake_day", "open"); err == nil {
		t.Error("an unknown holiday was taken")
	}
	if err := h.Set("easter", "sometimes"); err == nil {
		t.Error("an unknown setting was taken")
	}
}

func TestOpenIntervalsOnClockChanges(t *testing.T) {
	h := AlwaysOpen(amsterdam(t))
	for day, want := range map[Date]int{NewDate(2026, 3, 29): 92, NewDate(2026, 10, 25): 100, NewDate(2026, 7, 1): 96} {
		if got := len(h.Intervals(day, 15*time.Minute)); got != want {
			t.Errorf("%s has %d open quarters, want %d", day, got, want)
		}
	}
}

func TestParseWeekRoundTrip(t *testing.T) {
	for _, s := range []string{
		"mo-fr 08:00-17:00", "mo-we,fr 08:00-17:00; th 08:00-20:00", "mo,we,fr-su 09:00-12:00", "mo-we 08:00-12:00 13:30-18:00; th 08:00-20:00; sa 09:00-13:00", "mo-su 00:00-24:00", "we 09:00-12:00", "sa-su 10:00-16:00",
	} {
		w, err := ParseWeek(s)
		if err != nil {
			t.Fatalf("%q: %v", s, err)
		}
		if got := FormatWeek(w); got != s {
			t.Errorf("%q came back as %q", s, got)
		}
	}
	for _, s := range []string{"xx 08:00-17:00", "mo 8-17", "mo 17:00-08:00", "mo 08:00-12:00 11:00-13:00", "mo-zz 08:00-09:00"} {
		if _, err := ParseWeek(s); err == nil {
			t.Errorf("%q was taken", s)
		}
	}
}

func TestParseDuration(t *testing.T) {
	for s, want := range map[string]time.Duration{
		"20s": 20 * time.Second, "3m30s": 210 * time.Second, "15m": 15 * time.Minute, "8h": 8 * time.Hour, "2d": 48 * time.Hour, "1w": 168 * time.Hour, "0": 0, "1.5h": 90 * time.Minute,
	} {
		if got, err := ParseDuration(s); err != nil || got != want {
			t.Errorf("ParseDuration(%q) = %v, %v, want %v", s, got, err, want)
		}
	}
	for _, s := range []string{"20", "", "x", "5 apples", "4bh"} {
		if _, err := ParseDuration(s); err == nil {
			t.Errorf("ParseDuration(%q) was taken", s)
		}
	}
}

func TestTermRoundTrip(t *testing.T) {
	for _, s := range []string{"4bh", "90bm", "5wd", "3d", "2w", "20m", "8h"} {
		term, err := ParseTerm(s)
		if err != nil || term.String() != s {
			t.Errorf("%q came back as %q, %v", s, term, err)
		}
	}
	for _, s := range []string{"1.5wd", "-2d", "7", "soon"} {
		if _, err := ParseTerm(s); err == nil {
			t.Errorf("%q was taken", s)
		}
	}
}

func TestParseTime(t *testing.T) {
	loc := amsterdam(t)
	for s, want := range map[string]string{
		"2026-11-22 08:15":          "2026-11-22T08:15:00+01:00",
		"2026-11-22T08:15":          "2026-11-22T08:15:00+01:00",
		"2026-06-22T08:15:00Z":      "2026-06-22T10:15:00+02:00",
		"2026-11-22":                "2026-11-22T00:00:00+01:00",
		"22-11-2026 08:15":          "2026-11-22T08:15:00+01:00",
		"2-1-2026":                  "2026-01-02T00:00:00+01:00",
		"2026-10-25 02:30":          "2026-10-25T02:30:00+02:00",
		"2026-10-25T02:30:00+01:00": "2026-10-25T02:30:00+01:00",
	} {
		got, err := ParseTime(s, loc)
		if err != nil || got.In(loc).Format(time.RFC3339) != want {
			t.Errorf("ParseTime(%q) = %v, %v, want %s", s, got, err, want)
		}
	}
	for _, s := range []string{"2026-03-29 02:30", "2026-13-01", "yesterday", "2026-02-30 08:00", ""} {
		if got, err := ParseTime(s, loc); err == nil {
			t.Errorf("ParseTime(%q) = %v, want an error", s, got)
		}
	}
}

// Every instant lies in exactly the interval that Floor names, on its own day.
func TestFloorProperty(t *testing.T) {
	loc := amsterdam(t)
	rapid.Check(t, func(t *rapid.T) {
		at := time.Unix(rapid.Int64Range(946684800, 2556143999).Draw(t, "unix"), 0).In(loc)
		step := rapid.SampledFrom([]time.Duration{5 * time.Minute, 15 * time.Minute, 30 * time.Minute, time.Hour}).Draw(t, "step")
		g := Grid{loc, step}
		f := g.Floor(at)
		if f.After(at) || at.Sub(f) >= step || g.Slot(f) != g.Slot(at) || DateOf(f, loc) != DateOf(at, loc) {
			t.Fatalf("Floor(%s) = %s with step %s", at, f, step)
		}
	})
}
