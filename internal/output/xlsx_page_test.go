package output

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"
)

// TestPrintWide: what fits on one page at a size that can be read does; else
// every column fits on a page with the keys beside it, on no more pages than at
// the smallest size.
func TestPrintWide(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		widths := rapid.SliceOfN(rapid.IntRange(minColWidth, maxColWidth), 1, 60).Draw(t, "widths")
		scale, keys := printWide(widths, rapid.IntRange(1, 4).Draw(t, "keys"))
		px := func(from, to int) (sum int) {
			for _, w := range widths[from:to] {
				sum += w*charPixels + colPixels
			}
			return sum
		}
		const page = 10.9 * 96 // the width of A4 landscape without margins, in pixels
		if scale == 0 {
			if smallest := page / float64(px(0, len(widths))); smallest < squeezed/100.0 {
				t.Fatalf("fits one page at %.0f %%", 100*smallest)
			}
			return
		}
		room := int(page * spare * 100 / float64(scale))
		if scale < leastScale || scale > 100 || px(0, len(widths)) < room || px(0, keys) > room/2 {
			t.Fatalf("%d %% with %d keys of %d pixels, room %d", scale, keys, px(0, keys), room)
		}
		for i := keys; i < len(widths); i++ {
			if px(0, keys)+px(i, i+1) > room {
				t.Fatalf("column %d of %d pixels does not stand on a page of %d beside %d of keys", i, px(i, i+1), room, px(0, keys))
			}
		}
	})
}

// A table that is a little too wide for one page is squeezed onto it instead of
// taking twice the pages; a wider one keeps a size that can be read.
func TestPrintLittleTooWide(t *testing.T) {
	columns := func(pixels float64) []int {
		widths := make([]int, 20)
		for i := range widths {
			widths[i] = int((pixels/20 - colPixels) / charPixels)
		}
		return widths
	}
	for _, tt := range []struct {
		at  float64 // the scale at which it fills one page, percent
		fit bool
	}{{70, true}, {58, true}, {53, true}, {48, false}, {30, false}} {
		if scale, _ := printWide(columns(pagePixels*spare*fullScale/tt.at), 1); (scale == 0) != tt.fit || scale != 0 && scale < leastScale {
			t.Errorf("a table that fits at %.0f %% prints at %d (0 is on one page)", tt.at, scale)
		}
	}
}

// TestWidePage: a table too wide for one page repeats its keys and its header,
// and its notes stay on the first page.
func TestWidePage(t *testing.T) {
	wide := Table{Name: "wide", Keys: 2, Notes: []string{strings.Repeat("what it means ", 30)}}
	row := []any{}
	for i := range 40 {
		wide.Columns = append(wide.Columns, Column{Name: fmt.Sprintf("column_%d", i), Kind: Integer})
		row = append(row, i)
	}
	wide.Rows = [][]any{row}
	narrow := Table{Name: "narrow", Columns: wide.Columns[:3], Rows: [][]any{row[:3]}}
	f := reopen(t, func(b *bytes.Buffer) error { return Write(b, XLSX, Options{}, wide, narrow) })
	for _, tt := range []struct {
		sheet, titles string
		fit           bool
	}{
		{"wide", "'wide'!$A:$B,'wide'!$1:$1", false},
		{"narrow", "'narrow'!$1:$1", true},
	} {
		titles := ""
		for _, n := range f.GetDefinedName() {
			if n.Name == "_xlnm.Print_Titles" && n.Scope == tt.sheet {
				titles = n.RefersTo
			}
		}
		props, err1 := f.GetSheetProps(tt.sheet)
		page, err2 := f.GetPageLayout(tt.sheet)
		if err1 != nil || err2 != nil {
			t.Fatal(err1, err2)
		}
		fit := props.FitToPage != nil && *props.FitToPage
		if titles != tt.titles || fit != tt.fit || *page.Orientation != "landscape" {
			t.Errorf("%s: titles %q, fit %v, %s; want %q, %v", tt.sheet, titles, fit, *page.Orientation, tt.titles, tt.fit)
		}
		if !fit && (*page.AdjustTo < leastScale || *page.AdjustTo > 100 || *page.PageOrder != "overThenDown") {
			t.Errorf("%s: %d %%, %s", tt.sheet, *page.AdjustTo, *page.PageOrder)
		}
	}
	cells, err := f.GetMergeCells("wide")
	if err != nil || len(cells) != 1 || cells[0].GetStartAxis() != "A4" {
		t.Fatalf("merged %v (%v), want the note", cells, err)
	}
	last, _, err := excelize.CellNameToCoordinates(cells[0].GetEndAxis())
	if h, err2 := f.GetRowHeight("wide", 4); err != nil || err2 != nil || last > 12 || h < 4*lineHeight {
		t.Errorf("the note spans %d columns and %g points (%v, %v)", last, h, err, err2)
	}
}
