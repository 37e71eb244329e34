package importer

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"pgregory.net/rapid"

	"kcc/internal/calendar"
)

// slowBusiness counts business minutes one by one: the independent computation.
func slowBusiness(s *Schedule, from, to time.Time) time.Duration {
	n := time.Duration(0)
	for t := from; t.Before(to); t = t.Add(time.Minute) {
		l := t.In(s.Zone)
		week := int(l.Weekday())*1440 + l.Hour()*60 + l.Minute()
		d := calendar.DateOf(t, s.Zone)
		open := false
		for _, p := range s.Periods {
			open = open || (week >= p.From && week < p.To) || (week+weekMinutes >= p.From && week+weekMinutes < p.To)
		}
		for _, h := range s.Holidays {
			if d >= h.First && d <= h.Last {
				open = false
			}
		}
		if open {
			n += time.Minute
		}
	}
	return n
}

func TestBusinessEqualsCountingMinutes(t *testing.T) {
	zones := []string{"Europe/Amsterdam", "America/Los_Angeles", "UTC"}
	rapid.Check(t, func(rt *rapid.T) {
		loc, err := time.LoadLocation(rapid.SampledFrom(zones).Draw(rt, "zone"))
		if err != nil {
			rt.Fatal(err)
		}
		s := &Schedule{Zone: loc}
		for range rapid.IntRange(1, 7).Draw(rt, "periods") {
			// No period begins or ends in the hour that a clock change doubles or skips:
			// which pass is meant would be a matter of taste.
			from := rapid.IntRange(200, weekMinutes-1).Draw(rt, "from")
			to := from + rapid.IntRange(1, 900).Draw(rt, "length")
			if e := to % weekMinutes; e >= 60 && e <= 180 {
				to += 200
			}
			s.Periods = append(s.Periods, Minutes{from, to})
		}
		// Around both clock changes of 2026.
		start := time.Date(2026, rapid.SampledFrom([]time.Month{3, 10, 11}).Draw(rt, "month"), rapid.SampledFrom([]int{1, 6, 7, 8, 14, 24, 28, 30}).Draw(rt, "day"), 0, rapid.IntRange(0, 1439).Draw(rt, "minute"), 0, 0, time.UTC)
		if rapid.Bool().Draw(rt, "holiday") {
			d := calendar.DateOf(start, loc) + calendar.Date(rapid.IntRange(0, 4).Draw(rt, "after"))
			s.Holidays = []Days{{d, d + calendar.Date(rapid.IntRange(0, 2).Draw(rt, "more"))}}
		}
		end := start.Add(time.Duration(rapid.IntRange(0, 3*1440).Draw(rt, "span")) * time.Minute)
		if got, want := s.Business(start, end), slowBusiness(s, start, end); got != want {
			rt.Fatalf("Business(%v, %v) = %v, counting gives %v (%+v)", start, end, got, want, s)
		}
	})
}

func TestZendeskSeeds(t *testing.T) {
	dir := filepath.Join(dataDir(t), "imports", "zendesk_seeds")
	db, so := testStore(t)
	p, err := LoadProfile(context.Background(), db, "zendesk")
	if err != nil {
		t.Fatal(err)
	}
	var opt Options
	p.Apply(&opt)
	sum := load(t, db, so, opt, filepath.Join(dir, "*.csv"))
	if sum.Total.Rejected != 0 || len(sum.Errors) > 0 {
		t.Fatalf("rejects or errors: %+v", sum)
	}
	for table, want := range map[string]int{"ticket": 10, "ticket_event": 35, "ticket_schedule_period": 5, "ticket_schedule_holiday": 2, "ticket_schedule_link": 10} {
		if got := one(t, db, "SELECT COUNT(*) FROM "+table); got != want {
			t.Errorf("%s has %d rows, want %d", table, got, want)
		}
	}
	times, err := TicketHistory(context.Background(), db, so.Now)
	if err != nil {
		t.Fatal(err)
	}
	la, err := time.LoadLocation("America/Los_Angeles")
	if err != nil {
		t.Fatal(err)
	}
	hours := &Schedule{Zone: la, Periods: []Minutes{{1920, 2640}, {3360, 4080}, {4800, 5520}, {6240, 6960}, {7680, 8400}}}
	checked := 0
	for _, x := range times {
		if x.ID != "11071" {
			continue
		}
		for _, sp := range x.Spans {
			if sp.To.IsZero() {
				continue
			}
			checked++
			// Whole minutes aside, as counting goes by the minute.
			if diff := sp.Business - slowBusiness(hours, sp.From, sp.To); diff < -time.Minute || diff > time.Minute {
				t.Errorf("%s from %v: business %v, counting gives %v", sp.Status, sp.From, sp.Business, slowBusiness(hours, sp.From, sp.To))
			}
		}
		if want := "2020-11-14T11:01:27Z"; x.Spans[0].From.Add(x.Resolution).UTC().Format(time.RFC3339) != want || !x.Solved {
			t.Errorf("first solved after %v, want at %s", x.Resolution, want)
		}
	}
	if checked < 10 {
		t.Errorf("only %d stretches of ticket 11071 were checked", checked)
	}
}
