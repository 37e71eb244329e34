package output

import (
	"flag"
	"math"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kcc/internal/calendar"
)

var update = flag.Bool("update", false, "write the golden files anew")

// golden compares got with testdata/name.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s differs (-want +got):\n%s", name, diff)
	}
}

func amsterdam(t testing.TB) *time.Location {
	t.Helper()
	loc, err := time.LoadLocation("Europe/Amsterdam")
	if err != nil {
		t.Fatal(err)
	}
	return loc
}

// sample is a table with every kind of column and the awkward values of each.
func sample() Table {
	return Table{
		Name:  "staffing",
		Sheet: "Staffing 80/20: week [49]",
		Title: "Staffing & service",
		Columns: []Column{
			{Name: "channel", Title: "Channel"},
			{Name: "start", Title: "Start", Kind: DateTime},
			{Name: "day", Title: "Day", Kind: Date},
			{Name: "opens", Title: "Opens", Kind: Clock},
			{Name: "offered", Title: "Offered", Kind: Integer},
			{Name: "load_erlangs", Title: "Load", Kind: Number, Digits: 2},
			{Name: "service_level", Title: "80/20", Kind: Percent, Digits: 1, Rules: []Rule{{Op: Below, Limit: 0.8, Tone: Bad}, {Op: Above, Limit: 0.95, Tone: Good}}},
			{Name: "aht_s", Title: "Handle time", Kind: Seconds},
			{Name: "asa_s", Title: "Wait", Kind: Seconds, Digits: 1},
			{Name: "open", Title: "Open", Kind: Bool},
		},
		Rows: [][]any{
			{"phone", time.Date(2026, 11, 30, 7, 0, 0, 0, time.UTC), calendar.NewDate(2026, 11, 30), calendar.Clock(510), 12480, 832.005, 0.8123456789, 240.0, 3.25, true},
			{"=HYPERLINK(\"x\")", time.Date(2026, 10, 25, 0, 30, 0, 0, time.UTC), calendar.NewDate(2026, 10, 25), calendar.Clock(0), -3, math.NaN(), 0.5, time.Hour + 2*time.Second, math.Inf(1), false},
			{"e-mail | \"web\"\nform", time.Date(2026, 10, 25, 1, 30, 0, 0, time.UTC), nil, nil, nil, nil, nil, nil, nil, nil},
			{"+31 20 555", time.Time{}, calendar.NewDate(2026, 3, 29), calendar.Clock(1530), 0, -0.001, 0.96, 0, 0.0, true},
		},
		Total: []any{"Total", nil, nil, nil, 12477, nil, 0.81, nil, nil, nil},
		Notes: []string{"Service level: answered within the target of all offered contacts, short abandons left out.", "Source: <import> of 22 November."},
	}
}
