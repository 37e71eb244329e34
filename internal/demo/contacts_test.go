package demo

import (
	"encoding/csv"
	"os"
	"testing"
	"time"

	"kcc/internal/calendar"
)

func TestRegisteredContacts(t *testing.T) {
	_, f := first(t)
	file, err := os.Open(f.Contacts)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	col := map[string]int{}
	for i, h := range rows[0] {
		col[h] = i
	}
	rows = rows[1:]
	if len(rows) < 30_000 || len(rows) > 60_000 {
		t.Errorf("%d registered contacts, want 30,000 to 60,000", len(rows))
	}
	first := f.Last.Add(-7*RegisterWeeks + 1)
	letterWeek := (LetterDay(f.Last) + 4).Monday()
	taxes := map[calendar.Date]int{} // per week
	broken := map[bool]int{}
	ids := map[string]string{} // subject by id
	last := ""
	for _, r := range rows {
		at, err := time.Parse(time.RFC3339, r[col["start"]])
		if err != nil {
			t.Fatal(err)
		}
		day := calendar.DateOf(at, at.Location())
		if day < first || day > f.Last {
			t.Fatalf("contact of %s, outside %s to %s", day, first, f.Last)
		}
		if ids[r[col["id"]]] != "" {
			t.Fatalf("id %s twice", r[col["id"]])
		}
		ids[r[col["id"]]] = r[col["subject"]]
		if r[col["subject"]] == "taxes" {
			taxes[day.Monday()]++
		}
		if r[col["cause"]] == "broken_form" && r[col["subject"]] == "parking" {
			broken[day >= FormDay(f.Last) && day < FormDay(f.Last)+6]++
		}
		if s := r[col["start"]]; s < last && s[len(s)-6:] == last[len(last)-6:] {
			t.Fatalf("%s comes after %s", s, last)
		}
		last = r[col["start"]]
	}
	if during, before := taxes[letterWeek], taxes[letterWeek-14]; during < 2*before-before/2 {
		t.Errorf("%d contacts on taxes after the mailing, %d two weeks before", during, before)
	}
	if broken[true] < 60 || broken[false] > broken[true] {
		t.Errorf("%d contacts on a broken form while it was, %d besides", broken[true], broken[false])
	}
	closed, late := 0, 0
	for _, h := range f.HandOffs {
		if ids[h.Contact] == "" {
			t.Fatalf("work on contact %s, which is not in the export", h.Contact)
		}
		if !h.Closed.IsZero() {
			closed++
			if !h.Responded.After(h.At) || h.Closed.Before(h.Responded) {
				t.Fatalf("%s: handed off %v, answered %v, closed %v", h.Contact, h.At, h.Responded, h.Closed)
			}
			if h.Closed.Sub(h.At) > 15*24*time.Hour {
				late++
			}
		}
	}
	if closed < 1000 || closed == len(f.HandOffs) || late == 0 {
		t.Errorf("%d of %d hand-offs closed, %d after more than 15 days", closed, len(f.HandOffs), late)
	}
}
