package planstore

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kcc/internal/calendar"
	"kcc/roster"
)

func TestPatternsAreKept(t *testing.T) {
	db := newStore(t)
	var days []roster.PatternDay
	for _, s := range []string{"", "-", "x", "early/day!", "07:00-15:30", "22:00-06:00!", "late"} {
		d, err := roster.ParsePatternDay(s)
		if err != nil {
			t.Fatal(err)
		}
		days = append(days, d)
	}
	want := []roster.Pattern{
		{Name: "b", Teams: []string{"red", "blue"}, From: calendar.NewDate(2026, time.November, 30), HasFrom: true, Days: days},
		{Name: "a", Days: days},
	}
	for range 2 { // saving twice is saving once
		if err := SavePatterns(t.Context(), db, want); err != nil {
			t.Fatal(err)
		}
	}
	got, err := LoadPatterns(t.Context(), db)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-was +is)\n%s", d)
	}
}
