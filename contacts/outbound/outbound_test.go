package outbound

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"path/filepath"
	"testing"
	"time"

	"kcc/contacts/privacy"
	"kcc/contacts/promise"
	"kcc/contacts/register"
	"kcc/internal/calendar"
	"kcc/internal/store/storetest"
)

var amsterdam, _ = time.LoadLocation("Europe/Amsterdam")

// clock is a clock that tests move.
type clock struct{ t time.Time }

func at(s string) time.Time {
	t, err := time.ParseInLocation("2006-01-02 15:04", s, amsterdam)
	if err != nil {
		panic(err)
	}
	return t
}

// newDesk opens a desk on a new store at the time of the clock.
func newDesk(tb testing.TB, c *clock) *Desk {
	tb.Helper()
	dir := tb.TempDir()
	db := storetest.Open(tb, filepath.Join(dir, "kcc.db"))
	now := func() time.Time { return c.t }
	return &Desk{
		Register: &register.Desk{
			DB: db, Centre: register.Centre{Zone: amsterdam}, Now: now, By: "anna",
			Secrets: &privacy.Vault{Path: filepath.Join(dir, "kcc.key"), Now: now},
		},
		Office: &calendar.Hours{Loc: amsterdam, Week: mustWeek("mo-fr 09:00-17:00"), Holidays: &calendar.Holidays{}},
	}
}

func mustWeek(s string) [7][]calendar.Span {
	w, err := calendar.ParseWeek(s)
	if err != nil {
		panic(err)
	}
	return w
}

// phone makes a number of a range that is kept free for fiction.
func phone(n int) string { return fmt.Sprintf("06-9%07d", n) }

// TestNextOrder holds who goes first: a promised window, then the campaign and
// the record of higher priority, then what is due.
func TestNextOrder(t *testing.T) {
	ctx := context.Background()
	c := &clock{at("2026-11-24 10:00")}
	d := newDesk(t, c)
	for _, k := range []Campaign{{Name: "low", Kind: Arrears}, {Name: "high", Kind: Status, Priority: 5}} {
		if _, err := d.AddCampaign(ctx, k); err != nil {
			t.Fatal(err)
		}
	}
	load := func(campaign string, r ...Record) {
		t.Helper()
		if res, err := d.Load(ctx, campaign, r); err != nil || res.Added != len(r) {
			t.Fatalf("%+v, %v", res, err)
		}
	}
	load("low", Record{Key: "promised", Number: phone(1), WindowFrom: at("2026-11-24 09:30"), WindowTo: at("2026-11-24 11:00")},
		Record{Key: "later", Number: phone(2), WindowFrom: at("2026-11-24 14:00"), WindowTo: at("2026-11-24 15:00")},
		Record{Key: "plain", Number: phone(3)})
	load("high", Record{Key: "far", Number: phone(4), Due: at("2026-12-24 10:00")}, Record{Key: "soon", Number: phone(5), Due: at("2026-11-24 16:00")},
		Record{Key: "first", Number: phone(6), Priority: 1})
	for _, want := range []string{"promised", "first", "soon", "far", "plain"} {
		r, err := d.Next(ctx, NextOptions{})
		if err != nil || r.Key != want {
			t.Fatalf("next is %q (%v), want %q", r.Key, err, want)
		}
		if r.Number == "" {
			t.Errorf("%s comes without its number", want)
		}
	}
	if _, err := d.Next(ctx, NextOptions{}); !errors.Is(err, ErrNothing) {
		t.Errorf("next when all are taken: %v", err)
	}
	if when, ok, err := d.Wait(ctx, NextOptions{}); err != nil || !ok || !when.Equal(at("2026-11-24 10:15")) {
		t.Errorf("wait until %v, %v, %v: want the end of the lease", when, ok, err)
	}
	c.t = at("2026-11-24 10:16") // the leases are over: the order is the same
	if r, err := d.Next(ctx, NextOptions{}); err != nil || r.Key != "promised" {
		t.Errorf("after the lease: %q, %v", r.Key, err)
	}
}

// TestWishes holds that nobody is called against their wish, whatever
// identifier the wish came with.
func TestWishes(t *testing.T) {
	ctx := context.Background()
	c := &clock{at("2026-11-24 10:00")}
	d := newDesk(t, c)
	for _, k := range []Campaign{{Name: "a", Kind: Arrears}, {Name: "b", Kind: Survey, Consent: true}} {
		if _, err := d.AddCampaign(ctx, k); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := d.Bar(ctx, "+31 6 90000001", "asked"); err != nil {
		t.Fatal(err)
	}
	if err := d.SetConsent(ctx, phone(3), Survey, true); err != nil {
		t.Fatal(err)
	}
	list := []Record{{Key: "1", Number: phone(1)}, {Key: "2", Number: phone(2), Party: "customer-2"}, {Key: "3", Number: phone(3)}}
	if res, err := d.Load(ctx, "a", list); err != nil || res.Added != 2 || res.Barred != 1 {
		t.Fatalf("%+v, %v", res, err)
	}
	if res, err := d.Load(ctx, "b", list); err != nil || res.Added != 1 || res.NoConsent != 1 || res.Barred != 1 {
		t.Fatalf("%+v, %v", res, err)
	}
	if res, err := d.Load(ctx, "a", list); err != nil || res.Known != 2 || res.Added != 0 {
		t.Errorf("a second time: %+v, %v", res, err)
	}
	// Barred by number while on the list under another identifier.
	if _, err := d.Bar(ctx, phone(2), ""); err != nil {
		t.Fatal(err)
	}
	r, err := d.Next(ctx, NextOptions{Campaign: "a"})
	if err != nil || r.Key != "3" {
		t.Fatalf("next is %q, %v: want 3", r.Key, err)
	}
	// In a call they ask never to be called again: the survey is off, too.
	res, err := d.Log(ctx, Attempt{Record: r.ID, Outcome: DoNotCall, Talk: 30 * time.Second, Dial: -1})
	if err != nil || res.Record.Result != string(DoNotCall) || res.Contact == 0 {
		t.Fatalf("%+v, %v", res, err)
	}
	if _, err := d.Next(ctx, NextOptions{}); !errors.Is(err, ErrNothing) {
		t.Errorf("someone is called against their wish: %v", err)
	}
	stands, err := d.Stands(ctx, "b", 0, 0)
	if err != nil || stands[0].Results[string(DoNotCall)] != 1 {
		t.Errorf("%+v, %v", stands, err)
	}
}

// TestMonth plays a month of calling with several desks, random answers and
// promised callbacks, and holds every rule against the log of calls alone.
func TestMonth(t *testing.T) {
	ctx := context.Background()
	c := &clock{at("2026-12-01 07:00")} // with both Christmas days and the night of no clock change
	d := newDesk(t, c)
	hours := "mo-fr 09:30-12:00 13:00-18:30; sa 10:00-12:00"
	camps := []Campaign{
		{Name: "arrears", Kind: Arrears, Hours: hours, MaxAttempts: 3, Spacing: 20 * time.Hour},
		{Name: "status", Kind: Status, Hours: "mo-fr 09:00-17:00", MaxAttempts: 2, Spacing: 3 * time.Hour, Priority: 3},
	}
	rng := rand.New(rand.NewPCG(7, 0))
	for i, k := range camps {
		if _, err := d.AddCampaign(ctx, k); err != nil {
			t.Fatal(err)
		}
		var list []Record
		for n := range 110 {
			list = append(list, Record{Key: fmt.Sprint(n), Number: phone(n + 60*i)}) // fifty are on both lists
		}
		if _, err := d.Load(ctx, k.Name, list); err != nil {
			t.Fatal(err)
		}
	}
	office := d.Office
	barred := map[string]time.Time{}
	type call struct {
		at     time.Time
		number string
	}
	var calls []call
	asked := map[int64]int{} // callbacks that a record asked for
	attempts := map[int64]int{}
	last := map[int64]time.Time{}
	promised := map[int64][2]time.Time{}
	for day := 0; day < 31; day++ {
		for c.t = at("2026-12-01 07:00").AddDate(0, 0, day); c.t.Hour() < 21; c.t = c.t.Add(time.Duration(4+rng.IntN(14)) * time.Minute) {
			if rng.IntN(70) == 0 {
				n := phone(rng.IntN(170))
				if _, err := d.Bar(ctx, n, ""); err != nil {
					t.Fatal(err)
				}
				if _, had := barred[n]; !had {
					barred[n] = c.t
				}
			}
			r, err := d.Next(ctx, NextOptions{})
			if errors.Is(err, ErrNothing) {
				continue
			}
			if err != nil {
				t.Fatal(err)
			}
			k := camps[0]
			if r.Campaign == "status" {
				k = camps[1]
			}
			w, err := NewWindow(k.Hours, office, amsterdam)
			if err != nil {
				t.Fatal(err)
			}
			if !w.Open(c.t) {
				t.Errorf("record %d is called at %v, outside %s", r.ID, c.t, k.Hours)
			}
			if d := calendar.DateOf(c.t, amsterdam).String(); d == "2026-12-25" || d == "2026-12-26" {
				t.Errorf("record %d is called on %s", r.ID, d)
			}
			if since, no := barred[r.Number]; no {
				t.Errorf("record %d is called at %v, on the do-not-call list since %v", r.ID, c.t, since)
			}
			attempts[r.ID]++
			if attempts[r.ID] > k.MaxAttempts+asked[r.ID] {
				t.Errorf("record %d has call %d, at most %d and %d asked for", r.ID, attempts[r.ID], k.MaxAttempts, asked[r.ID])
			}
			if p, ok := promised[r.ID]; ok {
				if c.t.Before(p[0]) {
					t.Errorf("record %d is called at %v, before its window from %v", r.ID, c.t, p[0])
				}
			} else {
				if l, ok := last[r.ID]; ok && c.t.Sub(l) < k.Spacing {
					t.Errorf("record %d is called %v after the last call, spacing %v", r.ID, c.t.Sub(l), k.Spacing)
				}
				for _, o := range calls {
					if o.number == r.Number && c.t.Sub(o.at) < k.Spacing {
						t.Errorf("%v between two calls to one person over campaigns, spacing %v", c.t.Sub(o.at), k.Spacing)
					}
				}
				for id, p := range promised { // someone whose window is open waits
					if id != r.ID && !c.t.Before(p[0]) && c.t.Before(p[1]) && isOpen(t, d, id) && sameHours(t, d, id, c.t) {
						t.Errorf("record %d is called while record %d has its promised window %v-%v", r.ID, id, p[0], p[1])
					}
				}
			}
			calls = append(calls, call{c.t, r.Number})
			last[r.ID] = c.t
			delete(promised, r.ID)
			a := Attempt{Record: r.ID, Talk: time.Minute, Dial: 20 * time.Second}
			switch x := rng.IntN(10); {
			case x < 3:
				a.Outcome = Reached
			case x < 4:
				a.Outcome = CallBack
				a.CallFrom = c.t.Add(time.Duration(1+rng.IntN(30)) * time.Hour).Truncate(time.Minute)
				a.CallUntil = a.CallFrom.Add(4 * time.Hour)
				promised[r.ID] = [2]time.Time{a.CallFrom, a.CallUntil}
				asked[r.ID]++
			case x < 5:
				a.Outcome = WrongParty
			default:
				a.Outcome = NoAnswer
			}
			if _, err := d.Log(ctx, a); err != nil {
				t.Fatal(err)
			}
		}
	}
	t.Logf("%d calls, %d wishes", len(calls), len(barred))
	if len(calls) < 400 || len(barred) < 20 {
		t.Fatalf("only %d calls and %d wishes: the month says little", len(calls), len(barred))
	}
	for _, k := range camps {
		s, err := d.Stands(ctx, k.Name, 0, 0)
		if err != nil {
			t.Fatal(err)
		}
		n := s[0].Left()
		for _, v := range s[0].Results {
			n += v
		}
		if n != s[0].Records {
			t.Errorf("campaign %s: %d open and done, %d records", k.Name, n, s[0].Records)
		}
	}
}

func isOpen(t *testing.T, d *Desk, id int64) bool {
	t.Helper()
	r, err := d.record(context.Background(), d.db(), id)
	if err != nil {
		t.Fatal(err)
	}
	return r.Status == "open"
}

// sameHours reports whether the campaign of a record may call at t.
func sameHours(t *testing.T, d *Desk, id int64, when time.Time) bool {
	t.Helper()
	r, err := d.record(context.Background(), d.db(), id)
	if err != nil {
		t.Fatal(err)
	}
	k, err := d.Campaign(context.Background(), r.Campaign)
	if err != nil {
		t.Fatal(err)
	}
	w, err := d.Window(&k)
	if err != nil {
		t.Fatal(err)
	}
	return w.Open(when)
}

// TestFill holds that the register fills a campaign: callbacks in their windows,
// status updates of open promises, and that a call moves the work on.
func TestFill(t *testing.T) {
	ctx := context.Background()
	c := &clock{at("2026-11-24 09:00")}
	d := newDesk(t, c)
	a, err := d.Register.Add(ctx, &register.Entry{Channel: "phone", Subject: "waste", Party: phone(1), Callback: phone(1), WindowFrom: "2026-11-24 13:00", WindowTo: "2026-11-24 15:00"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.AddCampaign(ctx, Campaign{Name: "callbacks", Kind: Callback}); err != nil {
		t.Fatal(err)
	}
	if _, err := d.AddCampaign(ctx, Campaign{Name: "lists", Kind: Arrears}); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Fill(ctx, "lists", time.Hour); !errors.Is(err, ErrInvalid) {
		t.Errorf("arrears are filled from the register: %v", err)
	}
	for i, want := range []Filled{{Found: 1, Loaded: Loaded{Added: 1}}, {Found: 1, Loaded: Loaded{Known: 1}}} {
		if got, err := d.Fill(ctx, "callbacks", time.Hour); err != nil || got != want {
			t.Errorf("fill %d: %+v, %v, want %+v", i+1, got, err, want)
		}
	}
	if _, err := d.Next(ctx, NextOptions{}); !errors.Is(err, ErrNothing) {
		t.Errorf("called before the promised window: %v", err)
	}
	c.t = at("2026-11-24 13:05")
	r, err := d.Next(ctx, NextOptions{})
	if err != nil || r.HandOff != a.HandOff || r.Number != phone(1) {
		t.Fatalf("%+v, %v", r, err)
	}
	if _, err := d.Log(ctx, Attempt{Record: r.ID, Outcome: NoAnswer, Talk: -1, Dial: -1}); err != nil {
		t.Fatal(err)
	}
	c.t = at("2026-11-24 14:06")
	if r, err = d.Next(ctx, NextOptions{}); err != nil || !r.WindowTo.Equal(at("2026-11-24 15:00")) {
		t.Fatalf("the window is lost by a call that nobody answered: %+v, %v", r, err)
	}
	if _, err := d.Log(ctx, Attempt{Record: r.ID, Outcome: Reached, Talk: 3 * time.Minute, Dial: -1}); err != nil {
		t.Fatal(err)
	}
	h, err := d.Register.HandOff(ctx, a.HandOff)
	if err != nil {
		t.Fatal(err)
	}
	var kinds []promise.EventKind
	for _, e := range h.Log {
		kinds = append(kinds, e.Kind)
	}
	if len(kinds) < 2 || kinds[len(kinds)-2] != promise.Attempted || kinds[len(kinds)-1] != promise.Responded {
		t.Errorf("the log of the work is %v, want attempted and responded at its end", kinds)
	}
}

// TestOutlook holds the outlook of a fresh list to the sum by hand, and its
// bounds to what random lists come to.
func TestOutlook(t *testing.T) {
	s := Stand{Campaign: Campaign{Kind: Arrears, MaxAttempts: 3, Talk: 5 * time.Minute, Dial: 40 * time.Second}, Records: 100, Open: []int{60, 40}, Results: map[string]int{}}
	o := s.Outlook()
	p := priorReach
	calls := 60*(1+(1-p)+(1-p)*(1-p)) + 40*(1+(1-p))
	reached := 60*(1-math.Pow(1-p, 3)) + 40*(1-math.Pow(1-p, 2))
	if math.Abs(o.Calls-calls) > 1e-9 || math.Abs(o.Reached-reached) > 1e-9 || math.Abs(o.Final-reached/100) > 1e-12 || math.Abs(o.Reached+o.Missed-100) > 1e-9 {
		t.Errorf("%+v, want %.3f calls and %.3f reached", o, calls, reached)
	}
	// A list with its own history: truth .25 at every call.
	rng := rand.New(rand.NewPCG(3, 3))
	inside, runs := 0, 400
	for range runs {
		const truth, people, past = 0.25, 200, 800
		right := 0
		for range past {
			if rng.Float64() < truth {
				right++
			}
		}
		s := Stand{
			Campaign: Campaign{MaxAttempts: 3, Talk: time.Minute, Dial: time.Minute}, Records: people, Open: []int{people}, Results: map[string]int{},
			OfKind: []Tally{{Attempt: 1, Hour: 10, Outcome: Reached, N: right}, {Attempt: 1, Hour: 10, Outcome: NoAnswer, N: past - right}},
		}
		o := s.Outlook()
		got := 0
		for range people {
			for range 3 {
				if rng.Float64() < truth {
					got++
					break
				}
			}
		}
		if f := float64(got) / people; f >= o.Low && f <= o.High {
			inside++
		}
	}
	if share := float64(inside) / float64(runs); share < 0.85 || share > 0.96 {
		t.Errorf("the 90 %% bounds hold %.1f %% of the lists", 100*share)
	}
}

// TestBestTime holds that who was not reached in the morning is called in the
// afternoon, when others are left for the morning.
func TestBestTime(t *testing.T) {
	ctx := context.Background()
	c := &clock{at("2026-11-24 10:00")}
	d := newDesk(t, c)
	if _, err := d.AddCampaign(ctx, Campaign{Name: "a", Kind: Arrears, Hours: "mo-fr 09:00-17:00", Spacing: 20 * time.Hour}); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Load(ctx, "a", []Record{{Key: "early", Number: phone(1)}}); err != nil {
		t.Fatal(err)
	}
	r, err := d.Next(ctx, NextOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.Log(ctx, Attempt{Record: r.ID, Outcome: NoAnswer, Talk: -1, Dial: -1}); err != nil {
		t.Fatal(err)
	}
	c.t = at("2026-11-25 10:00")
	if _, err := d.Load(ctx, "a", []Record{{Key: "fresh", Number: phone(2)}}); err != nil {
		t.Fatal(err)
	}
	if r, err = d.Next(ctx, NextOptions{}); err != nil || r.Key != "fresh" {
		t.Errorf("at ten the one who did not answer at ten goes first: %q, %v", r.Key, err)
	}
}
