//go:build linux

package flow

import (
	"bufio"
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"syscall"
	"testing"
	"time"

	"kcc/contacts/cause"
	"kcc/contacts/channel"
	"kcc/contacts/importer"
	"kcc/contacts/privacy"
	"kcc/contacts/promise"
	"kcc/contacts/register"
	"kcc/internal/calendar"
	"kcc/internal/centre"
	"kcc/internal/planstore"
	"kcc/internal/store"
)

// bigDays is the history of the big store: two years.
const bigDays = 730

// bigStore makes, or opens, a store with n contacts and n/50 hand-offs in folder dir.
func bigStore(t *testing.T, dir string, n int) *Site {
	t.Helper()
	ctx := context.Background()
	c, err := centre.Parse("centre.toml", centre.Template())
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, c.Zone)
	path := filepath.Join(dir, fmt.Sprintf("big-%d.db", n))
	_, err = os.Stat(path)
	made := err == nil
	db, err := store.Open(ctx, path, store.Options{Create: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	s := &Site{DB: db, Centre: c, Now: now}
	if made {
		return s
	}
	if _, _, err := planstore.SaveCentre(ctx, db, c, calendar.DateOf(now, c.Zone)-1000, "centre.toml", now); err != nil {
		t.Fatal(err)
	}
	vault := &privacy.Vault{Path: filepath.Join(dir, "big.key"), Now: func() time.Time { return now }}
	csv := filepath.Join(dir, "big.csv")
	past := writeBig(t, csv, n, c)
	in, err := importer.Expand([]string{csv}, strings.NewReader(""))
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	if _, err := importer.Import(ctx, db, in.Files, importer.Options{Zone: c.Zone}, importer.StoreOptions{Source: "big", Now: now, Vault: vault}); err != nil {
		t.Fatal(err)
	}
	d := register.Desk{DB: db, Centre: RegisterCentre(c, c.Zone), Now: func() time.Time { return now }, By: "test"}
	if _, err := d.Replay(ctx, past); err != nil {
		t.Fatal(err)
	}
	day := calendar.DateOf(now, c.Zone)
	for k := range 8 {
		o := cause.Occasion{Name: fmt.Sprint("mailing ", k), Kind: cause.Mailing, Subject: "taxes", Sent: 5000, From: day.Add(-90 * k), To: day.Add(-90 * k)}
		if err := cause.SaveOccasion(ctx, db, o); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

// writeBig writes n contacts as a centre has them: most on a few channels and
// subjects, a cause on half of them, a customer on nine in ten.
func writeBig(t *testing.T, path string, n int, c *centre.Centre) []register.Past {
	t.Helper()
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	w := bufio.NewWriter(f)
	rng := rand.New(rand.NewPCG(1, 2))
	pick := func(list []string, skew float64) string {
		return list[int(math.Pow(rng.Float64(), skew)*float64(len(list)))]
	}
	channels := []string{"phone", "email", "chat", "counter", "webform", "social", "post"}
	subjects := []string{"documents", "waste", "taxes", "moving", "parking", "street", "support", "building", "appointment", "civil_status", "tax_objection", "other"}
	kinds := []string{"question", "request", "report", "complaint", "status_chase"}
	causes := []string{"", "new_question", "", "service_failure", "unclear_letter", "unclear_website", "status_chase", "broken_form", "wrong_channel"}
	start := calendar.NewDate(2026, time.November, 22).Add(-bigDays)
	at := make([]int, n)
	for i := range at {
		day := rng.IntN(bigDays)
		for (start+calendar.Date(day)).Weekday() == time.Sunday || (start+calendar.Date(day)).Weekday() == time.Saturday && rng.IntN(3) > 0 {
			day = rng.IntN(bigDays)
		}
		at[i] = day*600 + rng.IntN(600)
	}
	sort.Ints(at)
	fmt.Fprintln(w, "id,start,channel,kind,subject,segment,cause,outcome,department,party,talk_s,acw_s,csat,effort,note")
	var past []register.Past
	for i, m := range at {
		when := (start + calendar.Date(m/600)).At(calendar.Clock(8*60+m%600), c.Zone)
		subject, outcome, dept, csat, effort, note := pick(subjects, 1.6), "answered", "", "", "", ""
		if rng.IntN(100) < 6 {
			outcome, dept = "handed_off", c.DepartmentOf(subject)
		}
		if rng.IntN(7) == 0 {
			csat, effort = fmt.Sprint(4+rng.IntN(7)), fmt.Sprint(1+rng.IntN(5))
		}
		if rng.IntN(12) == 0 {
			note = "question about " + subject + " and the letter"
		}
		fmt.Fprintf(w, "B%d,%s,%s,%s,%s,%s,%s,%s,%s,customer-%d,%d,%d,%s,%s,%s\n", i, when.Format(time.RFC3339), pick(channels, 2), pick(kinds, 2), subject,
			pick([]string{"resident", "business", "partner"}, 3), pick(causes, 1.5), outcome, dept, rng.IntN(n/3), 60+rng.IntN(500), 10+rng.IntN(60), csat, effort, note)
		if dept != "" && len(past) < n/50 {
			closed := when.Add(time.Duration(1+rng.IntN(15)) * 24 * time.Hour)
			past = append(past, register.Past{
				Source: "big", ExternalID: fmt.Sprint("B", i), Work: register.Work{Department: dept, At: when},
				Events: []promise.Event{{At: closed, Kind: promise.Closed}},
			})
		}
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	return past
}

func cpu() time.Duration {
	var r syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &r)
	return time.Duration(r.Utime.Nano() + r.Stime.Nano())
}

// TestInformOnAMillion times what the commands of inform and channel do on a
// store of a million contacts over two years, kept in the folder KCC_BIG names;
// without it on a small one.
func TestInformOnAMillion(t *testing.T) {
	dir, n := os.Getenv("KCC_BIG"), 1_000_000
	if dir == "" {
		dir, n = t.TempDir(), 4_000
	}
	ctx := context.Background()
	s := bigStore(t, dir, n)
	span := Weeks(calendar.DateOf(s.Now, s.Centre.Zone), 13)
	all := Span{span.Last.Add(-bigDays + 8), span.Last}
	load := func() *Inform {
		in, err := s.Inform(ctx, 0)
		if err != nil {
			t.Fatal(err)
		}
		return in
	}
	tally := func(span Span) error {
		_, err := load().Tally(ctx, TallyOptions{Span: span, By: []cause.Dim{cause.DimSubject, cause.DimCause}})
		return err
	}
	const limit, longLimit = 2 * time.Second, 6 * time.Second
	for _, c := range []struct {
		name string
		run  func() error
	}{
		{"inform causes", func() error { return tally(span) }},
		{"inform causes, two years", func() error { return tally(all) }},
		{"inform trend", func() error { _, err := load().Trends(ctx, span, Which{}, cause.DimCause); return err }},
		{"inform spikes", func() error { _, err := load().Spikes(ctx, span, Which{}, cause.SpikeOptions{}); return err }},
		{"inform spikes, a year", func() error {
			_, err := load().Spikes(ctx, Span{span.Last.Add(-363), span.Last}, Which{}, cause.SpikeOptions{})
			return err
		}},
		{"inform letter", func() error { _, err := load().Letters(ctx, span, "", LetterDays, 0.9); return err }},
		{"inform value", func() error { _, err := load().Values(ctx, span, Which{}); return err }},
		{"inform department", func() error { _, err := load().Department(ctx, "permits", span); return err }},
		{"inform effect", func() error {
			_, err := load().Effect(ctx, EffectOptions{Which: Which{Subject: "parking"}, Date: span.First, Controls: []string{"waste"}})
			return err
		}},
		{"channel list", func() error {
			c := s.Channels(0)
			if _, err := c.Mix(ctx, span, Which{}, nil); err != nil {
				return err
			}
			_, err := c.Volume(ctx, span)
			return err
		}},
		{"channel mix by subject", func() error { _, err := s.Channels(0).Mix(ctx, span, Which{}, []string{"subject"}); return err }},
		{"channel mix, two years", func() error { _, err := s.Channels(0).Mix(ctx, all, Which{}, nil); return err }},
		{"channel shift", func() error { _, _, err := s.Channels(0).Changes(ctx, span.Before(), span, Which{}); return err }},
		{"channel strategy", func() error {
			g := channel.Goal{Name: "g", Measure: channel.FCR, Channel: "phone", Goal: 0.8, Instrument: "product", MinCSAT: math.NaN()}
			if err := channel.SaveGoal(ctx, s.DB, g); err != nil {
				return err
			}
			_, err := s.Channels(0).Standings(ctx, span)
			return err
		}},
	} {
		before, wall := cpu(), time.Now()
		if err := c.run(); err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		used := cpu() - before
		t.Logf("%-26s %.2f CPU s, %.2f s", c.name, used.Seconds(), time.Since(wall).Seconds())
		most := limit
		if strings.Contains(c.name, "year") { // far beyond the period that is looked at by default
			most = longLimit
		}
		if used > most {
			t.Errorf("%s took %.2f CPU s on %d contacts, want at most %v", c.name, used.Seconds(), n, most)
		}
	}
}
