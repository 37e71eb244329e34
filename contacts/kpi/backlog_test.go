package kpi

import (
	"context"
	"strings"
	"testing"

	"kcc/internal/output"
)

// TestPutTogether holds that no small group can be read from the rows, nor told
// from the total less the other rows, and that the sum stays.
func TestPutTogether(t *testing.T) {
	for _, c := range []struct {
		name       string
		open, want []int
	}{
		{"none small", []int{9, 5}, []int{9, 5}},
		{"two small", []int{9, 7, 4, 1}, []int{9, 7, 5}},
		{"one small takes the next", []int{9, 7, 4}, []int{9, 11}},
		{"together still small", []int{9, 7, 1, 1}, []int{9, 9}},
		{"all small", []int{2, 1}, nil},
		{"all in one", []int{4, 1}, []int{5}},
		{"nothing", nil, nil},
	} {
		var rows []*backlogRow
		for i, n := range c.open {
			rows = append(rows, &backlogRow{vals: []string{string(rune('a' + i)), "x"}, open: n, ages: make([]float64, n)})
		}
		got := putTogether(rows, 5, output.English)
		if len(got) != len(c.want) {
			t.Errorf("%s: %d rows, want %d", c.name, len(got), len(c.want))
			continue
		}
		for i, g := range got {
			if g.open != c.want[i] || len(g.ages) != g.open {
				t.Errorf("%s: row %d has %d open and %d ages, want %d", c.name, i, g.open, len(g.ages), c.want[i])
			}
		}
		if n := len(got); n > 0 && n < len(c.open) && got[n-1].vals[0] != "(groups under 5)" {
			t.Errorf("%s: the last row is %q", c.name, got[n-1].vals)
		}
	}
}

// TestSmallBacklog: when no group may be shown, that is said.
func TestSmallBacklog(t *testing.T) {
	d := newDesk(t)
	c := d.call(call{at: "2026-11-02 09:00"})
	d.handOff(c, "a", "2026-11-02 09:00", "2026-11-06 17:00", "", "")
	d.handOff(c, "b", "2026-11-02 09:00", "2026-11-06 17:00", "", "")
	q := Query{Period: days(t, "2026-11-01", "2026-11-30")}
	r, err := Backlog(context.Background(), d.db, phoneSettings(), q, View{Now: localTime(t, "2026-11-20 12:00"), MinCell: 5, Lang: output.Dutch})
	if err != nil || len(r.Tables[0].Rows) != 0 {
		t.Fatalf("rows %v, %v", r.Tables[0].Rows, err)
	}
	if text := strings.Join(r.Tables[0].Notes, "\n"); !strings.Contains(text, "In totaal staan er minder dan 5 open: er is geen groep getoond.") {
		t.Errorf("nothing says why: %s", text)
	}
}
