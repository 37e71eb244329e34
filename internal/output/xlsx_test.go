package output

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"
)

// reopen writes with write and opens the result as a workbook.
func reopen(t testing.TB, write func(b *bytes.Buffer) error) *excelize.File {
	t.Helper()
	var b bytes.Buffer
	if err := write(&b); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(&b)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

func TestTableXLSX(t *testing.T) {
	tb := sample()
	f := reopen(t, func(b *bytes.Buffer) error {
		return Write(b, XLSX, Options{Zone: amsterdam(t), Lang: Dutch}, tb, Table{Name: "staffing 80-20- week -49-", Columns: []Column{{Name: "x"}}})
	})
	want := []string{"Staffing 80-20- week -49-", "staffing 80-20- week -49- 2", hiddenSheet}
	if diff := cmp.Diff(want, f.GetSheetList()); diff != "" {
		t.Fatal(diff)
	}
	sheet := want[0]
	raw, err := f.GetRows(sheet, excelize.Options{RawCellValue: true})
	if err != nil {
		t.Fatal(err)
	}
	wantRaw := [][]string{
		{"Channel", "Start", "Day", "Opens", "Offered", "Load", "80/20", "Handle time (s)", "Wait (s)", "Open"},
		{"phone", "46356.333333333336", "46356", "0.3541666666666667", "12480", "832.005", "0.8123456789", "240", "3.25", "ja"},
		{`=HYPERLINK("x")`, "46320.104166666664", "46320", "0", "-3", "", "0.5", "3602", "inf", "nee"},
		{"e-mail | \"web\"\nform", "46320.104166666664"},
		{"+31 20 555", "", "46110", "1.0625", "0", "-0.001", "0.96", "0", "0", "ja"},
		{"Total", "", "", "", "12477", "", "0.81"},
		nil,
		{tb.Notes[0]},
		{tb.Notes[1]},
	}
	if diff := cmp.Diff(wantRaw, raw); diff != "" {
		t.Errorf("raw cells (-want +got):\n%s", diff)
	}
	for cell, want := range map[string]string{"B2": "30-11-2026 08:00", "C2": "30-11-2026", "D5": "25:30", "G2": "81.2%"} {
		if got, _ := f.GetCellValue(sheet, cell); got != want {
			t.Errorf("%s shows %q, want %q", cell, got, want)
		}
	}
	if formula, _ := f.GetCellFormula(sheet, "A3"); formula != "" {
		t.Errorf("imported text became the formula %q", formula)
	}
	rules, err := f.GetConditionalFormats(sheet)
	if err != nil || len(rules["G2:G5"]) != 2 {
		t.Errorf("conditional formats %v (%v), want two on G2:G5", rules, err)
	}
	panes, err := f.GetPanes(sheet)
	if err != nil || !panes.Freeze || panes.YSplit != 1 {
		t.Errorf("panes %+v (%v), want a frozen first row", panes, err)
	}
	titles, filters := 0, 0
	for _, n := range f.GetDefinedName() {
		if n.Name == "_xlnm.Print_Titles" {
			titles++
		}
		if n.Name == "_xlnm._FilterDatabase" && strings.Contains(n.RefersTo, "$A$1:$J$5") {
			filters++
		}
	}
	if titles != 2 || filters != 1 {
		t.Errorf("%d print titles and %d filters, want 2 and 1", titles, filters)
	}
	names, err := f.GetRows(hiddenSheet)
	if err != nil || len(names) != 2 || names[0][0] != sheet || names[0][8] != "aht_s" {
		t.Errorf("hidden names %v (%v)", names, err)
	}
	if visible, _ := f.GetSheetVisible(hiddenSheet); visible {
		t.Error("the sheet for kcc is visible")
	}
}

func TestSameBytes(t *testing.T) {
	var a, b bytes.Buffer
	for _, w := range []*bytes.Buffer{&a, &b} {
		if err := Write(w, XLSX, Options{}, sample()); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(a.Bytes(), b.Bytes()) {
		t.Error("the same table gives different workbooks")
	}
}

func TestSheetNames(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		b := newWorkbook(Options{})
		defer b.Close()
		seen := map[string]bool{}
		for range 4 {
			want := rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{"", "History", "'", "a", "A", strings.Repeat("é😀", 20), "week [49]: 1/2"})).Draw(rt, "name")
			name, err := b.addSheet(want)
			if err != nil {
				rt.Fatalf("sheet name %q made of %q: %v", name, want, err)
			}
			if key := strings.ToLower(name); seen[key] {
				rt.Fatalf("sheet name %q twice", name)
			} else {
				seen[key] = true
			}
		}
	})
}

// FuzzCellText holds that any text makes a workbook that opens again.
func FuzzCellText(f *testing.F) {
	for _, s := range []string{"a", "\x00\x01", "\xff", "_x0041_", "<&>", "é😀", strings.Repeat("x", 40000), " lead", "a\r\nb"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		x := reopen(t, func(b *bytes.Buffer) error {
			return Write(b, XLSX, Options{}, Table{Name: "t", Title: s, Columns: []Column{{Name: "a", Title: s}, {Name: "b", Kind: Integer}}, Rows: [][]any{{s, 7}}, Notes: []string{s}})
		})
		if got, err := x.GetCellValue("t", "B2"); err != nil || got != "7" {
			t.Fatalf("B2 = %q (%v), want 7", got, err)
		}
	})
}
