package output

import (
	"bytes"
	"strings"
	"testing"
)

// A row of the guide is as high as the lines that its text takes.
func TestFormGuideRowsHoldTheirText(t *testing.T) {
	form := Form{Title: "Team", Sheet: "Guide", Sheets: []FormSheet{{Name: "a", Columns: []FormColumn{
		{Heading: "short", Note: "one line"}, {Heading: "long", Note: strings.Repeat("what to fill in ", 14)},
	}}}}
	f := reopen(t, func(b *bytes.Buffer) error { return WriteForm(b, form, Options{}) })
	rows, err := f.GetRows("Guide")
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]float64{"short": 1, "long": 3}
	for i, row := range rows {
		if len(row) < 2 || want[row[1]] == 0 {
			continue
		}
		h, err := f.GetRowHeight("Guide", i+1)
		if err != nil || h != want[row[1]]*lineHeight {
			t.Errorf("the row of %q is %v points high (%v), want %v lines of %d", row[1], h, err, want[row[1]], lineHeight)
		}
		delete(want, row[1])
	}
	if len(want) > 0 {
		t.Errorf("no rows of %v", want)
	}
}
