package calendar

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

// TestLawTerm holds worked examples of the Algemene termijnenwet. Systems that
// know no Dutch law (Signalen, Zammad, GLPI) end these terms on the plain day.
func TestLawTerm(t *testing.T) {
	bridge := map[Date]bool{NewDate(2026, 5, 15): true}
	tests := []struct {
		name, from, term, want string
		equated                map[Date]bool
	}{
		{"Good Friday, week-end and Easter Monday", "2026-04-02", "1d", "2026-04-07", nil},
		{"article 2 asks a second ordinary day", "2026-04-02", "3d", "2026-04-08", nil},
		{"two days are too few for article 2", "2026-04-02", "2d", "2026-04-07", nil},
		{"ends on 5 May", "2026-04-21", "2w", "2026-05-06", nil},
		{"ends on Christmas", "2026-12-11", "2w", "2026-12-28", nil},
		{"ends on the Saturday of King's Day", "2025-04-12", "2w", "2025-04-28", nil},
		{"ends on Ascension", "2026-04-30", "2w", "2026-05-15", nil},
		{"Ascension and an equated Friday", "2026-04-30", "2w", "2026-05-18", bridge},
		{"12 weeks are extended", "2026-10-02", "12w", "2026-12-28", nil},
		{"13 weeks are not", "2026-09-26", "13w", "2026-12-26", nil},
		{"90 days are extended", "2026-09-27", "90d", "2026-12-28", nil},
		{"91 days are not", "2026-09-26", "91d", "2026-12-26", nil},
		{"26 weeks are not", "2026-06-27", "26w", "2026-12-26", nil},
		{"working days", "2026-04-02", "2wd", "2026-04-08", nil},
	}
	for _, tt := range tests {
		from, _ := ParseDate(tt.from)
		term, err := ParseTerm(tt.term)
		if err != nil {
			t.Fatal(err)
		}
		got, err := Law{Equated: tt.equated}.Term(from, term)
		if err != nil || got.Last.String() != tt.want {
			t.Errorf("%s: %s + %s = %s (%v), want %s", tt.name, tt.from, tt.term, got.Last, err, tt.want)
		}
	}
	if _, err := (Law{}).Term(NewDate(2026, 1, 1), Term{Unit: BusinessTime, Duration: time.Hour}); err == nil {
		t.Error("a statutory term in business hours is accepted")
	}
}

func TestLawProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		from := NewDate(2000, 1, 1) + Date(rapid.IntRange(0, 40*365).Draw(t, "from"))
		n := rapid.IntRange(1, 90).Draw(t, "n")
		l := Law{}
		e, err := l.Term(from, Term{Unit: CalendarDays, N: n})
		if err != nil {
			t.Fatal(err)
		}
		if !l.Ordinary(e.Last) || e.Last < from+Date(n) {
			t.Fatalf("%s + %dd ends on %s", from, n, e.Last)
		}
		ordinary := 0
		for d := from + 1; d <= e.Last; d++ {
			if l.Ordinary(d) {
				ordinary++
			}
		}
		if n >= 3 && ordinary < 2 {
			t.Fatalf("%s + %dd holds %d ordinary days", from, n, ordinary)
		}
		if next, _ := l.Term(from+1, Term{Unit: CalendarDays, N: n}); next.Last < e.Last {
			t.Fatalf("a later start ends earlier: %s and %s", e.Last, next.Last)
		}
		if more, _ := l.Term(from, Term{Unit: CalendarDays, N: n + 1}); n < 90 && more.Last < e.Last {
			t.Fatalf("a longer term ends earlier: %s and %s", e.Last, more.Last)
		}
	})
}
