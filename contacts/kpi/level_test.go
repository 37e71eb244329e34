package kpi

import (
	"context"
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// TestLevelsToday: each channel by its own formula, from the source of the lowest
// rank, only today and only until now, as the reports have it; nothing is kept,
// and a writer is not waited for.
func TestLevelsToday(t *testing.T) {
	ctx := context.Background()
	d := newDesk(t)
	for _, ch := range []string{"phone", "chat"} {
		d.call(call{at: "2026-11-01 09:00", channel: ch, wait: 500.0})
		d.call(call{at: "2026-11-02 09:00", channel: ch, wait: 10.0})
		d.call(call{at: "2026-11-02 09:01", channel: ch, wait: 40.0})
		d.call(call{at: "2026-11-02 09:02", channel: ch, outcome: "abandoned", wait: 20.0})
		d.call(call{at: "2026-11-02 09:03", channel: ch, outcome: "abandoned", wait: 50.0})
		d.call(call{at: "2026-11-02 09:04", channel: ch, outcome: "abandoned", wait: 2.0})
		d.call(call{at: "2026-11-02 09:05", channel: ch, wait: 5.0, source: 2}) // the same customers in the register
		d.call(call{at: "2026-11-02 11:00", channel: ch, wait: 500.0})
	}
	d.interval("2026-11-02 09:00", "counter", 900, 10, 9, 1, 0, 8, 10, 300)
	set := phoneSettings()
	for _, ch := range []string{"chat", "counter", "email"} {
		set.Targets[ch] = set.Targets["phone"]
	}
	set.ChannelOrder = []string{"phone", "chat", "counter", "email"}
	set.Formulas = map[string]Definition{"chat": WaitAny, "counter": WaitAny}
	now, err := time.ParseInLocation("2006-01-02 15:04", "2026-11-02 10:30", amsterdam)
	if err != nil {
		t.Fatal(err)
	}
	hold, err := d.db.Begin() // the writer
	if err != nil {
		t.Fatal(err)
	}
	soon, cancel := context.WithTimeout(ctx, 4*time.Second) // less than what a writer waits for another
	defer cancel()
	if _, err := LevelsToday(soon, d.db, set, now); err != nil {
		t.Errorf("beside a writer: %v", err)
	}
	if err := hold.Rollback(); err != nil {
		t.Fatal(err)
	}
	got, err := LevelsToday(ctx, d.db, set, now)
	if err != nil {
		t.Fatal(err)
	}
	target := set.Targets["phone"]
	want := []Level{
		{"phone", target, 5, 1, 4, false},
		{"chat", target, 5, 2, 4, false},
		{"counter", target, 10, 0, 0, true}, // who gave up in time is not told
		{"email", target, 0, 0, 0, false},
	}
	if diff := cmp.Diff(want, got, cmpopts.EquateNaNs()); diff != "" {
		t.Errorf("levels (-want +got):\n%s", diff)
	}
	var kept int
	if err := d.db.QueryRow("SELECT (SELECT COUNT(*) FROM kpi_part) + (SELECT COUNT(*) FROM kpi_setting)").Scan(&kept); err != nil || kept > 0 {
		t.Errorf("%d rows are kept (%v)", kept, err)
	}
	q := Query{Period: days(t, "2026-11-02", "2026-11-02"), By: []Key{ByChannel}, Until: now}
	f := d.load(set, q, "2026-11-02 10:30")
	fig := serviceLevel(set)
	for i, g := range f.Groups {
		if a, b := got[i].Share(), fig.Value(&g.Sums); a != b && !(math.IsNaN(a) && math.IsNaN(b)) {
			t.Errorf("%s: %v, but the report has %v", got[i].Channel, a, b)
		}
	}
}
