package kpi

import (
	"context"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"kcc/internal/calendar"
	"kcc/internal/store"
)

// bigStore makes a store with a year of n contacts, like those of a municipal
// centre: 7 channels, 12 subjects, 6 kinds, 3 segments, 8 causes, 5 departments,
// one contact in twelve handed off. With KCC_KPI_STORE it is kept in that file and
// used again.
func bigStore(b *testing.B, n int) *sql.DB {
	b.Helper()
	ctx := context.Background()
	path := os.Getenv("KCC_KPI_STORE")
	if path == "" {
		path = b.TempDir() + "/big.db"
	} else {
		path += "-" + strconv.Itoa(n) + ".db"
	}
	_, had := os.Stat(path)
	db, err := store.Open(ctx, path, store.Options{Create: true})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { db.Close() })
	if had == nil {
		return db
	}
	channels := []string{"phone", "chat", "counter", "email", "webform", "letter", "bot"}
	weights := []int{52, 7, 7, 13, 5, 2, 14}
	subjects := []string{"documents", "moving", "civil_status", "taxes", "tax_objection", "waste", "street", "parking", "building", "support", "appointment", "other"}
	sw := []int{18, 9, 5, 14, 3, 11, 8, 7, 4, 9, 8, 4}
	kinds, kw := []string{"question", "request", "complaint", "report", "objection", "status_chase"}, []int{55, 20, 4, 9, 2, 10}
	segments, gw := []string{"resident", "business", "partner"}, []int{85, 12, 3}
	causes, cw := []string{"information", "transaction", "status_chase", "unclear_letter", "broken_form", "promise_missed", "repeat", "wrong_channel"}, []int{35, 23, 12, 10, 5, 5, 5, 5}
	rng := rand.New(rand.NewPCG(1, uint64(n)))
	draw := func(names []string, w []int) string {
		sum := 0
		for _, x := range w {
			sum += x
		}
		k := rng.IntN(sum)
		for i, x := range w {
			if k -= x; k < 0 {
				return names[i]
			}
		}
		return ""
	}
	loc, _ := time.LoadLocation("Europe/Amsterdam")
	first := calendar.NewDate(2025, time.October, 1)
	const days = 365
	err = store.Write(ctx, db, func(tx *sql.Tx) error {
		exec := func(q string, args ...any) {
			if err == nil {
				_, err = tx.ExecContext(ctx, q, args...)
			}
		}
		exec("INSERT INTO source (id, name, rank) VALUES (1, 'crm', 1)")
		for i, c := range channels {
			exec("INSERT INTO queue (id, source_id, name, channel) VALUES (?, 1, ?, ?)", i+1, c, c)
		}
		exec(`INSERT INTO promise_rule (id, name, version, valid_from, metric, within, mode) VALUES (1, 'd', 1, 0, 'resolve', '5wd', 'service')`)
		exec(`INSERT INTO promise_calendar (id, version, text) VALUES (1, '1', 'x')`)
		const cols = 21
		put, perr := tx.PrepareContext(ctx, `INSERT INTO contact (id, key, source_id, start, day, slot, channel, queue_id, outcome, subject, kind, segment, cause, department,
			wait_s, talk_s, acw_s, handle_s, agent, csat, judgeable) VALUES (?`+strings.Repeat(", ?", cols-1)+")")
		if perr != nil {
			return perr
		}
		defer put.Close()
		id := int64(0)
		perDay := n / days
		cover := map[[2]int64]int{}
		for d := first; d < first+days && err == nil; d++ {
			midnight := d.Start(loc).Unix()
			for k := range perDay {
				id++
				at := midnight + 7*3600 + int64(k)*int64(13*3600)/int64(perDay) + rng.Int64N(5)
				ch := draw(channels, weights)
				q := 0
				for channels[q] != ch {
					q++
				}
				outcome, dep := "answered", ""
				subject := draw(subjects, sw)
				switch r := rng.IntN(100); {
				case r < 4 && (ch == "phone" || ch == "chat"):
					outcome = "abandoned"
				case r < 12:
					outcome, dep = "handed_off", []string{"civil_affairs", "taxes", "permits", "public_space", "social_support"}[len(subject)%5]
				case r < 17:
					outcome = "transferred"
				}
				talk := float64(60 + rng.IntN(500))
				var csat any
				if rng.IntN(12) == 0 {
					csat = float64(5 + rng.IntN(6))
				}
				if _, err = put.ExecContext(ctx, id, id, 1, at, int64(d), (at-midnight)/900, ch, q+1, outcome, subject, draw(kinds, kw), draw(segments, gw), draw(causes, cw), dep,
					float64(rng.IntN(90)), talk, 40.0, talk+40, "a"+strconv.Itoa(rng.IntN(60)), csat, 1); err != nil {
					return err
				}
				cover[[2]int64{int64(d), int64(q)}]++
				if outcome == "handed_off" {
					due := at + 5*86400
					stop := at + rng.Int64N(7*86400)
					exec("INSERT INTO handoff (id, contact_id, department, status, received, since, closed) VALUES (?, ?, ?, 'closed', ?, ?, ?)", id, id, dep, at, at, stop)
					exec("INSERT INTO commitment (handoff_id, metric, rule_id, calendar_id, due, stopped) VALUES (?, 'resolve', 1, 1, ?, ?)", id, due, stop)
				}
			}
		}
		for k, rows := range cover {
			exec("INSERT INTO coverage (channel, day, source_id, queue_id, rows) VALUES (?, ?, 1, ?, ?)", channels[k[1]], k[0], k[1]+1, rows)
		}
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
	return db
}

func benchSettings() *Settings {
	loc, _ := time.LoadLocation("Europe/Amsterdam")
	return &Settings{
		Zone: loc, Targets: map[string]Target{"phone": {0.8, 30 * time.Second}, "chat": {0.8, time.Minute}, "counter": {0.8, 10 * time.Minute}},
		Specialist: func(s string) (bool, bool) { return s == "building" || s == "support" || s == "civil_status", true },
		Costs:      Costs{Wage: 34, Shrinkage: 0.25, Channel: map[string]float64{}},
	}
}

var (
	benchMonth = Period{calendar.NewDate(2026, time.May, 1), calendar.NewDate(2026, time.May, 31)}
	benchYear  = Period{calendar.NewDate(2025, time.October, 1), calendar.NewDate(2026, time.September, 30)}
	benchNow   = time.Date(2026, 10, 5, 12, 0, 0, 0, time.UTC)
)

// BenchmarkReport measures whole reports on a store whose parts are made, and
// beside them the plain SQL that answers a part of the same question. The size is
// KCC_KPI_CONTACTS, else 20,000.
func BenchmarkReport(b *testing.B) {
	n := 20_000
	if s := os.Getenv("KCC_KPI_CONTACTS"); s != "" {
		n, _ = strconv.Atoi(s)
	}
	db := bigStore(b, n)
	ctx := context.Background()
	set := benchSettings()
	v := View{Now: benchNow}
	for _, c := range []struct {
		name, report string
		q            Query
	}{
		{"kpi_month", "kpi", Query{Period: benchMonth}},
		{"channel_month", "channel", Query{Period: benchMonth}},
		{"subject_kind_month", "subject", Query{Period: benchMonth, By: []Key{BySubject, ByKind}}},
		{"segment_day_month", "segment", Query{Period: benchMonth, Every: Day}},
		{"kpi_hour_month", "kpi", Query{Period: benchMonth, Every: Hour}},
		{"kpi_year", "kpi", Query{Period: benchYear}},
		{"subject_kind_year", "subject", Query{Period: benchYear, By: []Key{BySubject, ByKind}}},
		{"channel_week_year", "channel", Query{Period: benchYear, Every: Week}},
	} {
		b.Run(c.name, func(b *testing.B) {
			if _, err := Make(ctx, db, set, c.report, c.q, v); err != nil { // makes the parts
				b.Fatal(err)
			}
			for b.Loop() {
				r, err := Make(ctx, db, set, c.report, c.q, v)
				if err != nil {
					b.Fatal(err)
				}
				if len(r.Data[0].Rows) == 0 {
					b.Fatal("an empty report")
				}
			}
		})
	}
	for _, c := range []struct {
		name, report string
		p            Period
	}{{"leadtime_month", "leadtime", benchMonth}, {"leadtime_year", "leadtime", benchYear}} {
		b.Run(c.name, func(b *testing.B) {
			for b.Loop() {
				if _, err := LeadTime(ctx, db, set, Query{Period: c.p}, v); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	loc := set.zone()
	for _, c := range []struct {
		name string
		p    Period
		by   string
	}{{"sql_scan_channel_month", benchMonth, "channel"}, {"sql_scan_subject_kind_month", benchMonth, "subject, kind"}, {"sql_scan_channel_year", benchYear, "channel"}} {
		b.Run(c.name, func(b *testing.B) {
			for b.Loop() {
				rows, err := db.QueryContext(ctx, fmt.Sprintf(`SELECT %s, COUNT(*), SUM(outcome = 'abandoned'), SUM(wait_s <= 30), AVG(wait_s), AVG(handle_s), AVG(csat), SUM(outcome = 'handed_off')
					FROM contact WHERE start >= ? AND start < ? AND direction = 'inbound' GROUP BY %s`, c.by, c.by), c.p.From.Start(loc).Unix(), c.p.To.Add(1).Start(loc).Unix())
				if err != nil {
					b.Fatal(err)
				}
				for rows.Next() {
				}
				rows.Close()
			}
		})
	}
}

// BenchmarkBuild measures making the parts of a month and of a year anew.
func BenchmarkBuild(b *testing.B) {
	n := 20_000
	if s := os.Getenv("KCC_KPI_CONTACTS"); s != "" {
		n, _ = strconv.Atoi(s)
	}
	db := bigStore(b, n)
	ctx := context.Background()
	for _, c := range []struct {
		name string
		p    Period
	}{{"month", benchMonth}, {"year", benchYear}} {
		b.Run(c.name, func(b *testing.B) {
			for b.Loop() {
				cube, err := openCube(ctx, db, benchSettings())
				if err == nil {
					err = cube.make(ctx, []span{{c.p.From, c.p.To}}, false)
				}
				if err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
