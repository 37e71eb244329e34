package kpi

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"kcc/internal/calendar"
)

// busyDesk has some weeks of contacts of customers who come back, over the autumn
// clock change, and interval statistics beside them.
func busyDesk(t testing.TB) *desk {
	d := newDesk(t)
	at := time.Date(2026, 10, 1, 8, 0, 0, 0, amsterdam)
	for i := range 220 {
		at = at.Add(time.Duration(37+(i*i)%310) * time.Minute)
		if i%9 == 0 {
			at = at.Add(-30 * time.Minute) // several within a quarter of an hour
		}
		d.call(call{
			at: at.Format(time.RFC3339), channel: []string{"phone", "chat"}[i%2], subject: []string{"waste", "taxes"}[i/3%2], party: fmt.Sprint("p", i%11),
			outcome: []string{"answered", "abandoned", "answered", "handed_off"}[i%4], wait: float64(i * 7 % 60), talk: 100.5 + float64(i%90), agent: fmt.Sprint("a", i%3),
		})
	}
	for i := range 40 {
		d.interval(fmt.Sprintf("2026-10-%02d %02d:15", 1+i%30, 9+i%8), "email", 900, 5+i%4, 4, 1, 0, 3, 20, 240)
	}
	return d
}

// TestDaysAgree: the parts of a day are the same bytes whether it is made alone,
// with others, or by several readers.
func TestDaysAgree(t *testing.T) {
	d := busyDesk(t)
	ctx := context.Background()
	build := func(spans ...span) map[calendar.Date]string {
		c, err := openCube(ctx, d.db, phoneSettings())
		if err != nil {
			t.Fatal(err)
		}
		out := map[calendar.Date]string{}
		for _, s := range spans {
			made := make(chan madeDay, 100)
			if err := c.build(ctx, s, made); err != nil {
				t.Fatal(err)
			}
			close(made)
			for m := range made {
				out[m.day] = fmt.Sprintf("%x", m.bodies)
			}
		}
		return out
	}
	first, last := calendar.NewDate(2026, time.September, 28), calendar.NewDate(2026, time.November, 20)
	whole := build(span{first, last})
	if len(whole) != int(last-first)+1 {
		t.Fatalf("%d days made, want %d", len(whole), last-first+1)
	}
	var alone, halves []span
	for day := first; day <= last; day++ {
		alone = append(alone, span{day, day})
	}
	for day := first; day <= last; day += 5 {
		halves = append(halves, span{day, min(day+4, last)})
	}
	for name, got := range map[string]map[calendar.Date]string{"alone": build(alone...), "by five": build(halves...)} {
		for _, day := range slices.Sorted(maps.Keys(whole)) {
			if got[day] != whole[day] {
				t.Errorf("%s %s: other parts than with all days together", day, name)
			}
		}
	}
}

// TestPrepare: it makes the days that changed and no others, as many as it may.
func TestPrepare(t *testing.T) {
	d := busyDesk(t)
	ctx := context.Background()
	set := phoneSettings()
	kept := func() int {
		var n int
		if err := d.db.QueryRow("SELECT COUNT(DISTINCT id / 4) FROM kpi_part").Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	if n, err := Prepare(ctx, d.db, set, 40); err != nil || n == 0 || kept() != n {
		t.Fatalf("Prepare made %d days, %d are kept, %v", n, kept(), err)
	} else if all := int(calendar.NewDate(2026, time.October, 30)-calendar.NewDate(2026, time.October, 1)) + 1; n >= all {
		t.Fatalf("Prepare made %d days for 40 rows", n)
	}
	if n, err := Prepare(ctx, d.db, set, 1e6); err != nil || n != 0 {
		t.Fatalf("nothing changed, Prepare made %d days, %v", n, err)
	}
	before := kept()
	d.call(call{at: "2026-10-03 10:00"})
	n, err := Prepare(ctx, d.db, set, 1e6)
	if reach := set.reach(); err != nil || n != 3+reach { // from the first of October on
		t.Fatalf("a contact on the third: Prepare made %d days, %v", n, err)
	}
	if kept() != before+n {
		t.Errorf("%d days kept, want %d", kept(), before+n)
	}
	if found, err := CheckKept(ctx, d.db, set, true); err != nil || len(found) != 0 {
		t.Errorf("check of sound parts: %v %v", found, err)
	}
}

// TestCheckKept: what is kept and does not follow from the rest is found, but not
// what waits to be made again.
func TestCheckKept(t *testing.T) {
	ctx := context.Background()
	set := phoneSettings()
	for _, c := range []struct {
		name, change string
		want         []string
	}{
		{"sound", "", nil},
		{"a part of another day", "UPDATE kpi_part SET body = (SELECT body FROM kpi_part WHERE id = 20730 * 4) WHERE id = 20731 * 4", []string{"the waiting figures of 2026-10-05"}},
		{"a contact changed behind its day", "UPDATE contact SET kind = 'complaint' WHERE day = 20732", []string{"the contact figures of 2026-10-06"}},
		{"a part is gone", "DELETE FROM kpi_part WHERE id = 20733 * 4 + 1", []string{"figures of 2026-10-07 are not whole", "the contact figures of 2026-10-07"}},
		{"a day that waits", "UPDATE contact SET kind = 'complaint' WHERE day = 20732; UPDATE coverage SET rows = rows WHERE day = 20732", nil},
		{"a list of work of another day", "UPDATE kpi_work SET body = (SELECT body FROM kpi_work WHERE day = 20730) WHERE day = 20732", []string{"the list of work of 2026-10-06"}},
		{"other settings", "UPDATE contact SET kind = 'complaint' WHERE day = 20732; UPDATE kpi_setting SET value = 'x' WHERE name = 'hash'", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := busyDesk(t)
			for _, at := range []string{"2026-10-04 10:00", "2026-10-05 10:00", "2026-10-06 10:00"} {
				d.handOff(1, "dep", at, "2026-10-09 10:00", "", "")
			}
			if _, err := Prepare(ctx, d.db, set, 1e6); err != nil {
				t.Fatal(err)
			}
			if c.change != "" {
				d.exec(c.change)
			}
			found, err := CheckKept(ctx, d.db, set, true)
			if err != nil || len(found) != len(c.want) {
				t.Fatalf("found %q, %v, want %q", found, err, c.want)
			}
			for i := range found {
				if !strings.Contains(found[i], c.want[i]) {
					t.Errorf("found %q, want %q", found[i], c.want[i])
				}
			}
			// The next report is right all the same where a change was told.
			if _, err := CheckKept(ctx, d.db, set, false); err != nil {
				t.Fatal(err)
			}
		})
	}
}

// TestApart: a report with a target of its own leaves what is kept for the centre.
func TestApart(t *testing.T) {
	d := busyDesk(t)
	q := Query{Period: days(t, "2026-10-01", "2026-11-15")}
	const now = "2026-12-01 12:00"
	first := d.load(phoneSettings(), q, now).Total
	body := func() (out string) {
		if err := d.db.QueryRow("SELECT GROUP_CONCAT(HEX(body)) FROM (SELECT body FROM kpi_part ORDER BY id)").Scan(&out); err != nil {
			t.Fatal(err)
		}
		return out
	}
	before := body()
	set := phoneSettings()
	set.Targets = map[string]Target{"phone": {0.8, 5 * time.Second}}
	set.Apart = true
	other := d.load(set, q, now).Total
	if other[Within] >= first[Within] || other[Offered] != first[Offered] {
		t.Errorf("within 5 s %v, within 30 s %v; offered %v and %v", other[Within], first[Within], other[Offered], first[Offered])
	}
	if body() != before {
		t.Error("the kept parts changed")
	}
	if again := d.load(phoneSettings(), q, now).Total; again != first {
		t.Error("other figures afterwards")
	}
}
