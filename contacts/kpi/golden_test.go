package kpi

import (
	"context"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"kcc/internal/calendar"
	"kcc/internal/output"
)

// afterAll is a moment after all that the tests write.
var afterAll = time.Date(2027, 6, 1, 12, 0, 0, 0, time.UTC)

// figures computes the named figures of a total, by key.
func figuresOf(set *Settings, s *Sums) map[string]float64 {
	out := map[string]float64{}
	for _, f := range allFigures(set) {
		out[f.Key] = f.Value(s)
	}
	return out
}

// wantFigures compares figures; NaN is unknown.
func wantFigures(t *testing.T, got map[string]float64, want map[string]float64) {
	t.Helper()
	for k, w := range want {
		if g := got[k]; !(math.Abs(g-w) < 1e-9 || math.IsNaN(g) && math.IsNaN(w)) {
			t.Errorf("%s = %v, want %v", k, g, w)
		}
	}
}

// TestServiceLevelFormulas: five answered after 5, 10, 30, 31 and 100 s, given up
// after 3 (short), 20 and 50 s, target 30 s. O = 7 without the short one, H = 5,
// Hx = 3, Ax = 1.
func TestServiceLevelFormulas(t *testing.T) {
	d := newDesk(t)
	for _, w := range []float64{5, 10, 30, 31, 100} {
		d.call(call{at: "2026-11-02 09:00", wait: w, talk: 200.0, hold: 10.0, acw: 40.0})
	}
	for _, w := range []float64{3, 20, 50} {
		d.call(call{at: "2026-11-02 09:10", outcome: "abandoned", wait: w})
	}
	set := phoneSettings()
	f := d.load(set, Query{Period: days(t, "2026-11-02", "2026-11-02")}, "2026-11-20 12:00")
	wantFigures(t, figuresOf(set, &f.Total), map[string]float64{
		"offered": 8, "answered": 5, "abandoned": 2, "short_abandoned": 1, "abandon_rate": 2.0 / 7,
		"service_level_offered": 3.0 / 7, "service_level_answered": 3.0 / 5, "service_level_excl_short": 3.0 / 6, "service_level_wait_any": 4.0 / 7,
		"service_level": 3.0 / 7, "asa_s": 176.0 / 5, "talk_s": 200, "hold_s": 10, "acw_s": 40, "aht_s": 250,
	})
	for _, def := range Definitions() {
		set.Definition = def
		f := d.load(set, Query{Period: days(t, "2026-11-02", "2026-11-02")}, "2026-11-20 12:00")
		if g := figuresOf(set, &f.Total); g["service_level"] != g["service_level_"+string(def)] {
			t.Errorf("formula %s: service_level %v, want %v", def, g["service_level"], g["service_level_"+string(def)])
		}
		fig := Pick(ServiceLevels(), "service_level_"+string(def))[0]
		if text := fig.Definition(output.English, set); !strings.Contains(text, string(def)) {
			t.Errorf("the definition %q does not name the formula %s", text, def)
		}
	}
}

// TestFormulaPerChannel: each channel counts by its own formula, the total adds
// up what they count, and the definition names them.
func TestFormulaPerChannel(t *testing.T) {
	d := newDesk(t)
	for _, ch := range []string{"phone", "chat"} {
		d.call(call{at: "2026-11-02 09:00", channel: ch, wait: 10.0})
		d.call(call{at: "2026-11-02 09:01", channel: ch, wait: 40.0})
		d.call(call{at: "2026-11-02 09:02", channel: ch, outcome: "abandoned", wait: 20.0})
		d.call(call{at: "2026-11-02 09:03", channel: ch, outcome: "abandoned", wait: 50.0})
	}
	set := phoneSettings()
	set.Targets["chat"] = set.Targets["phone"]
	set.Formulas = map[string]Definition{"chat": WaitAny}
	q := Query{Period: days(t, "2026-11-02", "2026-11-02"), By: []Key{ByChannel}}
	f := d.load(set, q, "2026-11-20 12:00")
	wantFigures(t, figuresOf(set, &f.Groups[0].Sums), map[string]float64{"service_level": 2.0 / 4, "service_level_offered": 1.0 / 4})
	wantFigures(t, figuresOf(set, &f.Groups[1].Sums), map[string]float64{"service_level": 1.0 / 4})
	wantFigures(t, figuresOf(set, &f.Total), map[string]float64{"service_level": 3.0 / 8, "service_level_wait_any": 4.0 / 8})
	fig := serviceLevel(set)
	if got, want := fig.Definition(output.Dutch, set), `formule "offered": binnen de norm beantwoord / aangeboden; voor chat "wait_any": (binnen de norm beantwoord of opgehangen) / aangeboden. `; !strings.HasPrefix(got, want) {
		t.Errorf("definition %q, want %q", got, want)
	}
	if got, want := set.formulaText(output.English), `formula "offered", chat "wait_any"`; got != want {
		t.Errorf("formula %q, want %q", got, want)
	}
	// Interval statistics do not tell who gave up in time: the chat and the whole are unknown.
	d.interval("2026-11-03 09:00", "chat", 900, 10, 9, 1, 0, 8, 10, 300)
	q.Period = days(t, "2026-11-02", "2026-11-03")
	f = d.load(set, q, "2026-11-20 12:00")
	wantFigures(t, figuresOf(set, &f.Groups[0].Sums), map[string]float64{"service_level": math.NaN()})
	wantFigures(t, figuresOf(set, &f.Groups[1].Sums), map[string]float64{"service_level": 1.0 / 4})
	if notes := f.Quality(output.English, set, afterAll); !slices.ContainsFunc(notes, func(s string) bool { return strings.Contains(s, `Formula "wait_any" needs`) }) {
		t.Errorf("nothing tells why: %q", notes)
	}
}

// TestAllAbandoned: nobody was answered; what is over the answered is unknown.
func TestAllAbandoned(t *testing.T) {
	d := newDesk(t)
	for _, w := range []float64{2, 10, 40} {
		d.call(call{at: "2026-11-02 09:00", outcome: "abandoned", wait: w})
	}
	set := phoneSettings()
	f := d.load(set, Query{Period: days(t, "2026-11-02", "2026-11-02")}, "2026-11-20 12:00")
	wantFigures(t, figuresOf(set, &f.Total), map[string]float64{
		"offered": 3, "answered": 0, "abandoned": 2, "short_abandoned": 1, "abandon_rate": 1, "service_level_offered": 0,
		"service_level_answered": math.NaN(), "service_level_excl_short": 0, "service_level_wait_any": 0.5, "asa_s": math.NaN(), "aht_s": math.NaN(), "fcr": math.NaN(),
	})
}

// TestNoCalls: an empty store, and a period without contacts.
func TestNoCalls(t *testing.T) {
	d := newDesk(t)
	set := phoneSettings()
	q := Query{Period: days(t, "2026-11-02", "2026-11-02")}
	f := d.load(set, q, "2026-11-20 12:00")
	if notes := f.Quality(output.English, set, afterAll); !f.Empty || len(notes) != 1 || !strings.Contains(notes[0], "no contacts") {
		t.Errorf("empty store: %v %q", f.Empty, notes)
	}
	d.call(call{at: "2026-11-05 09:00"})
	f = d.load(set, q, "2026-11-20 12:00")
	wantFigures(t, figuresOf(set, &f.Total), map[string]float64{"offered": 0, "answered": math.NaN(), "service_level": math.NaN(), "fcr": math.NaN(), "on_time": math.NaN(), "open": math.NaN()})
	if notes := f.Quality(output.English, set, afterAll); !slices.ContainsFunc(notes, func(s string) bool { return strings.Contains(s, "data run from 2026-11-05") }) {
		t.Errorf("a period before the data: %q", notes)
	}
}

// TestIntervalOverMidnight: an interval belongs to the day and hour it starts in.
func TestIntervalOverMidnight(t *testing.T) {
	d := newDesk(t)
	d.interval("2026-11-02 23:45", "phone", 1800, 6, 5, 1, 0, 4, 12, 300)
	d.interval("2026-11-03 00:15", "phone", 1800, 2, 2, 0, 0, 2, 6, 200)
	set := phoneSettings()
	f := d.load(set, Query{Period: days(t, "2026-11-02", "2026-11-03"), Every: Day}, "2026-11-20 12:00")
	if len(f.Groups) != 2 || f.Groups[0].Sums[Offered] != 6 || f.Groups[1].Sums[Offered] != 2 {
		t.Fatalf("per day: %v", f.Groups)
	}
	wantFigures(t, figuresOf(set, &f.Total), map[string]float64{
		"service_level": 6.0 / 8, "asa_s": (5*12.0 + 2*6) / 7, "aht_s": (5*300.0 + 2*200) / 7, // weighted by volume: the mean of means is 9 and 250
		"service_level_excl_short": math.NaN(), // intervals do not tell who gave up in time
	})
}

// TestClockChange: the days of 25 and 23 hours, with the doubled hour apart.
func TestClockChange(t *testing.T) {
	d := newDesk(t)
	d.call(call{at: "2026-10-25T02:30:00+02:00"})
	d.call(call{at: "2026-10-25T02:30:00+01:00"})
	d.call(call{at: "2026-10-25 23:50"})
	d.call(call{at: "2026-03-29 03:10"})
	set := phoneSettings()
	f := d.load(set, Query{Period: days(t, "2026-10-25", "2026-10-25"), Every: Hour}, "2026-11-20 12:00")
	var got []string
	for _, g := range f.Groups {
		got = append(got, g.Start.Format(time.RFC3339))
	}
	want := []string{"2026-10-25T02:00:00+02:00", "2026-10-25T02:00:00+01:00", "2026-10-25T23:00:00+01:00"}
	if !slices.Equal(got, want) {
		t.Errorf("autumn: %v, want %v", got, want)
	}
	f = d.load(set, Query{Period: days(t, "2026-03-29", "2026-03-29"), Every: Day}, "2026-11-20 12:00")
	if len(f.Groups) != 1 || f.Groups[0].End.Sub(f.Groups[0].Start) != 23*time.Hour || f.Total[Offered] != 1 {
		t.Errorf("spring: %v", f.Groups)
	}
}

// TestReturns: what is a repeat, legs of a transfer, and the tail that is too
// recent to judge. Window 7 days, the newest contact on 20 November.
func TestReturns(t *testing.T) {
	d := newDesk(t)
	set := phoneSettings()
	d.call(call{at: "2026-11-02 09:00", party: "a", subject: "waste"}) // came back on the 5th
	d.call(call{at: "2026-11-05 09:00", party: "a", subject: "waste"}) // a repeat; not followed
	d.call(call{at: "2026-11-05 10:00", party: "a", subject: "taxes"}) // another subject
	d.call(call{at: "2026-11-03 09:00", party: "b", subject: "waste"}) // three legs of one contact
	d.call(call{at: "2026-11-03 09:05", party: "b", subject: "waste", outcome: "transferred"})
	d.call(call{at: "2026-11-03 09:12", party: "b", subject: "waste"})
	d.call(call{at: "2026-11-02 11:00", party: "c", subject: "waste", outcome: "abandoned"}) // not answered: not judged
	d.call(call{at: "2026-11-02 12:00", party: "c", subject: "waste"})
	d.call(call{at: "2026-11-20 09:00", party: "d", subject: "waste"}) // too recent
	d.call(call{at: "2026-11-12 09:00"})                               // customer unknown
	f := d.load(set, Query{Period: days(t, "2026-11-01", "2026-11-30")}, "2026-11-21 12:00")
	// Judged: a 2nd, a 5th, a taxes, b, c; of them a 2nd was followed.
	wantFigures(t, figuresOf(set, &f.Total), map[string]float64{"fcr": 4.0 / 5, "repeat_rate": 1.0 / 9})
	if notes := f.Quality(output.English, set, localTime(t, "2026-11-21 12:00")); !slices.ContainsFunc(notes, func(s string) bool { return strings.Contains(s, "too recent") }) {
		t.Errorf("the censored tail is not told: %q", notes)
	}
}

// TestEndings: outcomes, marks, and telephony that only says answered.
func TestEndings(t *testing.T) {
	d := newDesk(t)
	set := phoneSettings()
	set.Specialist = func(s string) (bool, bool) { return s == "building", s != "" }
	for _, c := range []call{
		{outcome: "answered_self", subject: "waste", csat: 8.0, nps: 9.0},
		{outcome: "answered", subject: "waste", csat: 6.0, nps: 6.0},
		{outcome: "transferred", subject: "building", nps: 8.0},
		{outcome: "handed_off", subject: "building"},
		{outcome: "callback_requested", subject: "waste"},
		{outcome: "answered", subject: "building", resolved: 0},
		{outcome: "answered", resolved: 1},
	} {
		c.at, c.channel = "2026-11-02 09:00", "chat"
		d.call(c)
	}
	f := d.load(set, Query{Period: days(t, "2026-11-02", "2026-11-02")}, "2026-11-20 12:00")
	wantFigures(t, figuresOf(set, &f.Total), map[string]float64{
		"fcr_agent": 3.0 / 7, "transfer_rate": 1.0 / 7, "handoff_rate": 1.0 / 7, "callback_rate": 1.0 / 7, "resolved": 1, "resolved_rate": 0.5,
		"generic_own": 2.0 / 3, "specialist_out": 3.0 / 3, "csat": 7, "nps": 0,
	})
	d = newDesk(t)
	d.call(call{at: "2026-11-02 09:00"})
	f = d.load(set, Query{Period: days(t, "2026-11-02", "2026-11-02")}, "2026-11-20 12:00")
	wantFigures(t, figuresOf(set, &f.Total), map[string]float64{"fcr_agent": math.NaN()})
}

// TestPromisesKept: on time = closed by due / (closed + open past due), with an
// item closed late, one open past due, one open in time, and one paused before it
// fell due.
func TestPromisesKept(t *testing.T) {
	d := newDesk(t)
	c := d.call(call{at: "2026-11-02 09:00", subject: "waste"})
	d.handOff(c, "public", "2026-11-02 09:00", "2026-11-06 17:00", "2026-11-04 10:00", "") // kept
	d.handOff(c, "public", "2026-11-02 09:00", "2026-11-30 17:00", "2026-11-05 10:00", "") // kept, long before due
	d.handOff(c, "public", "2026-11-02 09:00", "2026-11-06 17:00", "2026-11-09 10:00", "") // late
	d.handOff(c, "taxes", "2026-11-02 09:00", "2026-11-06 17:00", "", "")                  // open past due
	d.handOff(c, "taxes", "2026-11-02 09:00", "2026-12-06 17:00", "", "")                  // open in time
	d.handOff(c, "taxes", "2026-11-02 09:00", "2026-11-06 17:00", "", "2026-11-05 17:00")  // paused in time
	set := phoneSettings()
	q := Query{Period: days(t, "2026-11-01", "2026-11-30")}
	want := map[string]float64{"on_time": 2.0 / 4, "received": 6, "closed": 3, "open": 3, "overdue": 1}
	for _, by := range [][]Key{nil, {ByDepartment}, {BySubject, ByChannel}} {
		q.By = by
		f := d.load(set, q, "2026-11-20 12:00")
		wantFigures(t, figuresOf(set, &f.Total), want)
	}
	q.By, q.Every = nil, Week
	f := d.load(set, q, "2026-11-20 12:00")
	wantFigures(t, figuresOf(set, &f.Total), want)
	byWeek := []float64{}
	for _, g := range f.Groups {
		byWeek = append(byWeek, g.Sums[Open])
	}
	if !slices.Equal(byWeek, []float64{4, 3, 3}) { // ends of 2-8, 9-15, 16-20 November
		t.Errorf("backlog per week: %v, want [4 3 3]", byWeek)
	}
	// On the 5th only the first two were decided.
	q.Every = Whole
	f = d.load(set, q, "2026-11-05 12:00")
	wantFigures(t, figuresOf(set, &f.Total), map[string]float64{"on_time": 1, "overdue": 0})
}

// TestLeadTimes: business hours with a pause and a reopening, open work cut off.
func TestLeadTimes(t *testing.T) {
	d := newDesk(t)
	c := d.call(call{at: "2026-11-02 09:00", subject: "waste"})
	d.handOff(c, "public", "2026-11-02 09:00", "2026-11-06 17:00", "2026-11-02 13:00", "")      // 4 h
	h := d.handOff(c, "public", "2026-11-02 09:00", "2026-11-06 17:00", "2026-11-03 13:00", "") // 8 + 4 h
	d.event(h, "2026-11-02 11:00", "paused")
	d.event(h, "2026-11-02 15:00", "resumed")                                                  // less 4 h: 8 h
	h = d.handOff(c, "public", "2026-11-02 09:00", "2026-11-06 17:00", "2026-11-05 17:00", "") // 4 x 8 h
	d.event(h, "2026-11-02 17:00", "closed")
	d.event(h, "2026-11-05 09:00", "reopened") // less two days: 16 h
	d.event(h, "2026-11-05 17:00", "closed")
	d.handOff(c, "public", "2026-11-02 09:00", "2026-11-06 17:00", "", "") // open: 10 h on the 3rd at 11
	set := phoneSettings()
	week, err := calendar.ParseWeek("mo-fr 09:00-17:00")
	if err != nil {
		t.Fatal(err)
	}
	set.Work = func(string) *calendar.WorkTime {
		return calendar.NewWorkTime(&calendar.Hours{Loc: amsterdam, Week: week})
	}
	q := Query{Period: days(t, "2026-11-01", "2026-11-30")}
	ld, err := readLeads(context.Background(), d.db, set, &q, localTime(t, "2026-11-20 12:00"))
	if err != nil {
		t.Fatal(err)
	}
	var hours []float64
	ld.total.business.each(func(sec int64, done bool) {
		if done {
			hours = append(hours, time.Duration(sec*int64(time.Second)).Hours())
		}
	})
	slices.Sort(hours)
	if !slices.Equal(hours, []float64{4, 8, 16}) {
		t.Errorf("business hours %v, want [4 8 16]", hours)
	}
	r, err := LeadTime(context.Background(), d.db, set, q, View{Now: localTime(t, "2026-11-20 12:00")})
	if err != nil {
		t.Fatal(err)
	}
	// S: 3/4 at 4 h, 1/2 at 8 h, 1/4 at 16 h; 80 % is not reached.
	row := r.Data[0].Rows[0]
	if row[0] != "public" || row[1] != 4 || row[2] != 1 || row[4] != 8.0 || row[5] != math.Inf(1) {
		t.Errorf("lead times %v", row)
	}
	if b, err := Backlog(context.Background(), d.db, set, q, View{Now: localTime(t, "2026-11-20 12:00")}); err != nil || b.Data[0].Rows[0][1] != 1 || b.Data[0].Rows[0][7] != 1 {
		t.Errorf("backlog %v %v: want one open, late more than three times the promise or 1-3x", b.Data[0].Rows, err)
	}
}

// TestQuantile by hand: done at 1, 2 and 3, cut off at 2 and 5.
//
//	S(1) = 4/5, S(2) = 4/5·3/4 = 3/5, S(3) = 3/5·1/2 = 3/10
func TestQuantile(t *testing.T) {
	var l lives
	l.add(5, false)
	l.add(2, false)
	for _, at := range []int64{2, 1, 3} {
		l.add(at, true)
	}
	got, want := l.quantiles(0.1, 0.2, 0.4, 0.41, 0.5, 0.7, 0.8), []float64{1, 1, 2, 3, 3, 3, math.Inf(1)}
	if !slices.Equal(got, want) {
		t.Errorf("quantiles %v, want %v", got, want)
	}
	if got := lives(nil).quantiles(0.5); !math.IsNaN(got[0]) {
		t.Errorf("quantile of nothing = %v", got)
	}
}

// TestBounds against published values: Wilson for 15 of 148 (Newcombe 1998, Stat.
// Med. 17:857, table I, method 3: 0.0624, 0.1605).
func TestBounds(t *testing.T) {
	if lo, hi := wilson(15, 148); math.Abs(lo-0.0624) > 5e-5 || math.Abs(hi-0.1605) > 5e-5 {
		t.Errorf("wilson(15, 148) = %.4f %.4f, want 0.0624 0.1605", lo, hi)
	}
	// 8 and 6: mean 7, spread sqrt(2), half width 1.96·sqrt(2)/sqrt(2).
	if lo, hi := meanBounds(14, 100, 2); math.Abs(lo-(7-z95)) > 1e-12 || math.Abs(hi-(7+z95)) > 1e-12 {
		t.Errorf("meanBounds = %g %g", lo, hi)
	}
}

// TestSources: of a channel and day only the source of the lowest rank counts,
// and records count for outcomes beside statistics of another source.
func TestSources(t *testing.T) {
	d := newDesk(t)
	d.interval("2026-11-02 09:00", "phone", 900, 10, 9, 1, 0, 8, 10, 300)
	for range 3 {
		d.call(call{at: "2026-11-02 09:01", source: 2, subject: "waste", csat: 9.0})
	}
	d.call(call{at: "2026-11-03 09:01", source: 2, subject: "waste"})
	set := phoneSettings()
	q := Query{Period: days(t, "2026-11-01", "2026-11-30")}
	f := d.load(set, q, "2026-11-20 12:00")
	wantFigures(t, figuresOf(set, &f.Total), map[string]float64{"offered": 11, "contacts": 4, "csat": 9})
	if notes := f.Quality(output.Dutch, set, afterAll); !slices.ContainsFunc(notes, func(s string) bool { return strings.Contains(s, "4 geregistreerde contacten, 36%") }) {
		t.Errorf("the share of the volume is not told: %q", notes)
	}
	q.By = []Key{BySubject}
	f = d.load(set, q, "2026-11-20 12:00")
	if len(f.Groups) != 1 || f.Groups[0].Sums[Offered] != 4 || !f.Records || f.Volume != 11 {
		t.Errorf("by subject: %+v of %v", f.Groups, f.Volume)
	}
	// A later change shows at once, also of a day whose parts are kept.
	d.call(call{at: "2026-11-03 10:01", source: 2, subject: "taxes"})
	f = d.load(set, q, "2026-11-20 12:00")
	if len(f.Groups) != 2 || f.Total[Offered] != 5 {
		t.Errorf("after another contact: %v", f.Groups)
	}
}

// TestPartialDay: today is counted as far as it goes, and said so.
func TestPartialDay(t *testing.T) {
	d := newDesk(t)
	d.call(call{at: "2026-11-19 09:00"})
	d.call(call{at: "2026-11-20 11:20"})
	set := phoneSettings()
	week, _ := calendar.ParseWeek("mo-fr 09:00-17:00")
	set.Hours = func(string) *calendar.Hours { return &calendar.Hours{Loc: amsterdam, Week: week} }
	f := d.load(set, Query{Period: days(t, "2026-11-16", "2026-11-20")}, "2026-11-20 12:00")
	notes := strings.Join(f.Quality(output.English, set, localTime(t, "2026-11-20 12:00")), "\n")
	if !strings.Contains(notes, "Today is not over: it counts until 11:30") {
		t.Errorf("partial day: %s", notes)
	}
	d.call(call{at: "2026-11-16 11:20"})
	f = d.load(set, Query{Period: days(t, "2026-11-16", "2026-11-20")}, "2026-11-20 12:00")
	notes = strings.Join(f.Quality(output.English, set, localTime(t, "2026-11-20 12:00")), "\n")
	if !strings.Contains(notes, "phone 2026-11-17, 2026-11-18") {
		t.Errorf("missing days: %s", notes)
	}
}
