package output

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"

	"kcc/internal/calendar"
)

// rosterFile writes the sample and opens it for editing.
func rosterFile(t testing.TB, book RosterBook, opt Options) *excelize.File {
	t.Helper()
	return reopen(t, func(b *bytes.Buffer) error { return WriteRosterBook(b, book, opt) })
}

func readBack(t testing.TB, f *excelize.File) (RosterRead, error) {
	t.Helper()
	buf, err := f.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	return ReadRosterBook(buf)
}

// smallRoster is the sample cut to a few agents.
func smallRoster(t testing.TB, lang Lang, agents int) (RosterBook, Options) {
	zone := amsterdam(t)
	b := sampleRoster(zone, lang)
	b.Agents = b.Agents[:agents]
	if agents < 10 { // a quick one
		b.Slots, b.Forecast = b.Slots[:200], nil
	}
	return b, Options{Zone: zone, Lang: lang}
}

func TestRosterReadBack(t *testing.T) {
	for _, lang := range []Lang{English, Dutch} {
		agents := 60
		if lang == English {
			agents = 8
		}
		book, opt := smallRoster(t, lang, agents)
		got, err := readBack(t, rosterFile(t, book, opt))
		if err != nil {
			t.Fatal(err)
		}
		if got.Lang != lang || got.Zone != "Europe/Amsterdam" || got.First != book.First || got.Days != 28 || got.Meta["hash"] != "3f9a02c1" {
			t.Errorf("read %s %s %s %d %v", got.Lang, got.Zone, got.First, got.Days, got.Meta)
		}
		if len(got.Cells) != agents*28 {
			t.Fatalf("%d cells, want %d", len(got.Cells), agents*28)
		}
		for i, c := range got.Cells {
			a, d := &book.Agents[i/28], i%28
			want := a.Days[d]
			if c.Changed || want.Kind == Working && (formatBreaks(c.Breaks) != formatBreaks(want.Breaks) || !slices.Equal(c.Plan, want.Plan)) {
				t.Fatalf("%s on %s: changed %v, breaks %v, plan %v, want %v and %v", a.ID, c.Date, c.Changed, c.Breaks, c.Plan, want.Breaks, want.Plan)
			}
			if c.Agent != a.ID || c.Date != book.First.Add(d) || c.Kind != want.Kind || c.Locked != want.Locked ||
				want.Kind == Working && (c.Start != want.Start || c.End != want.End) {
				t.Fatalf("%s on %s read back as %+v, want %+v", a.ID, book.First.Add(d), c, want)
			}
		}
	}
}

// TestRosterEdited holds that rows may be sorted and cells typed anew.
func TestRosterEdited(t *testing.T) {
	book, opt := smallRoster(t, Dutch, 4)
	f := rosterFile(t, book, opt)
	sheet := "Week 49"
	// A planner sorts: the first and second row change places.
	for col := 1; col <= weekColAgainst; col++ {
		a, _ := excelize.CoordinatesToCellName(col, weekFirstRow)
		b, _ := excelize.CoordinatesToCellName(col, weekFirstRow+1)
		va, _ := f.GetCellValue(sheet, a)
		vb, _ := f.GetCellValue(sheet, b)
		if err := errors.Join(f.SetCellStr(sheet, a, vb), f.SetCellStr(sheet, b, va)); err != nil {
			t.Fatal(err)
		}
	}
	for cell, v := range map[string]string{"E5": "9.00 - 17u30 !", "F5": "laat", "G5": "l!", "H5": "", "I5": "23:00–07:00", "J5": "z"} {
		if err := f.SetCellStr(sheet, cell, v); err != nil {
			t.Fatal(err)
		}
	}
	got, err := readBack(t, f)
	if err != nil {
		t.Fatal(err)
	}
	var week []ReadCell
	for _, c := range got.Cells {
		if c.Changed != (c.Was != nil) || c.Was != nil && (c.Was.Agent != c.Agent || c.Was.Date != c.Date) {
			t.Errorf("%s on %s: changed %v, written from %+v", c.Agent, c.Date, c.Changed, c.Was)
		}
		c.Was = nil
		if c.Agent == "agent-002" && c.Date < book.First.Add(6) {
			c.Agent, c.Sheet, c.Cell = "", "", ""
			week = append(week, c)
		}
	}
	d := book.First
	want := []ReadCell{
		{Date: d, Kind: Working, Start: 540, End: 1050, Locked: true, Changed: true},
		{Date: d + 1, Kind: Working, Shift: "laat", Changed: true},
		{Date: d + 2, Kind: OnLeave, Locked: true, Changed: true},
		{Date: d + 3, Changed: true},
		{Date: d + 4, Kind: Working, Start: 23 * 60, End: 31 * 60, Changed: true},
		{Date: d + 5, Kind: Sick, Changed: true},
	}
	if diff := cmp.Diff(want, week); diff != "" {
		t.Errorf("edited week (-want +got):\n%s", diff)
	}
}

func TestRosterReadErrors(t *testing.T) {
	book, opt := smallRoster(t, English, 3)
	for _, c := range []struct {
		name string
		edit func(f *excelize.File) error
		want []string
	}{
		{"wrong times", func(f *excelize.File) error {
			return errors.Join(f.SetCellStr("Week 50", "F6", "08:30-25:00"), f.SetCellStr("Week 50", "G6", "8:30"))
		}, []string{`sheet "Week 50", cell F6: "08:30-25:00": want times from 00:00 to 24:00`, `cell G6: "8:30": want 08:30-17:00, the name of a shift`}},
		{"number", func(f *excelize.File) error { return f.SetCellValue("Week 49", "E5", 46000.5) }, []string{`cell E5: "46000.5": want 08:30-17:00`}},
		{"unknown agent", func(f *excelize.File) error { return f.SetCellStr("Week 49", "A7", "agent-999") }, []string{`cell A7: "agent-999": want the id of an agent`}},
		{"double agent", func(f *excelize.File) error { return f.SetCellStr("Week 49", "A7", "agent-001") }, []string{`want one row per agent; E5 has this agent already`}},
		{"lost row", func(f *excelize.File) error { return f.RemoveRow("Week 51", 6) }, []string{"the row of an agent is missing: agent-002 on 2026-12-14"}},
		{"lost sheet", func(f *excelize.File) error { return f.DeleteSheet("Week 52") }, []string{`the sheet "Week 52" is missing`}},
		{"wrong date", func(f *excelize.File) error { return f.SetCellStr("Week 49", "G3", "soon") }, []string{`cell G3: "soon": want a date`}},
		{"other workbook", func(f *excelize.File) error { return f.DeleteSheet(hiddenSheet) }, []string{"not a roster workbook"}},
		{"other layout", func(f *excelize.File) error { return f.SetCellStr(hiddenSheet, "B1", "roster-99") }, []string{`layout "roster-99"`}},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := rosterFile(t, book, opt)
			if err := c.edit(f); err != nil {
				t.Fatal(err)
			}
			_, err := readBack(t, f)
			if err == nil {
				t.Fatal("want an error")
			}
			for _, w := range c.want {
				if !strings.Contains(err.Error(), w) {
					t.Errorf("error %q, want it to hold %q", err, w)
				}
			}
		})
	}
	if _, err := ReadRosterBook(strings.NewReader("no workbook")); err == nil {
		t.Error("a text file: want an error")
	}
}

// TestDetail holds that breaks and plans read back as they were written.
func TestDetail(t *testing.T) {
	clock := rapid.Map(rapid.IntRange(0, 2000), func(n int) calendar.Clock { return calendar.Clock(n) })
	rapid.Check(t, func(rt *rapid.T) {
		c := RosterCell{Kind: Working, Start: clock.Draw(rt, "start"), End: clock.Draw(rt, "end"), Shift: "x"}
		for range rapid.IntRange(0, 3).Draw(rt, "breaks") {
			at := clock.Draw(rt, "at")
			c.Breaks = append(c.Breaks, RosterBreak{at, at + calendar.Clock(rapid.IntRange(1, 90).Draw(rt, "length")), rapid.Bool().Draw(rt, "paid")})
		}
		for range rapid.IntRange(0, 3).Draw(rt, "plan") {
			c.Plan = append(c.Plan, SkillSpan{clock.Draw(rt, "at"), rapid.StringMatching(`[a-z][a-z ]{0,5}[a-z]`).Draw(rt, "skill")})
		}
		row := detailRow(&RosterAgent{ID: "a"}, &c, 0)
		d, err := parseDetail(row[3], row[4], row[5], row[6])
		if err != nil {
			rt.Fatal(err)
		}
		if d.start != c.Start || d.end != c.End || d.shift != c.Shift || !slices.Equal(d.breaks, c.Breaks) || !slices.Equal(d.plan, c.Plan) {
			rt.Fatalf("%v read back as %+v", row, d)
		}
	})
	for _, bad := range []string{"8", "08:30", "a-b", "08:30-99:00"} {
		if _, err := parseDetail(bad, "", "", ""); err == nil {
			t.Errorf("detail %q: want an error", bad)
		}
	}
	for _, bad := range []string{"12:00", "12:00+30", "12:00+0u", "12:00+30x", "x+30u"} {
		if _, err := parseBreaks(bad); err == nil {
			t.Errorf("break %q: want an error", bad)
		}
	}
}

// TestParseCellText holds that every cell that can be written reads back as it was.
func TestParseCellText(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		c := RosterCell{Kind: CellKind(rapid.IntRange(0, 3).Draw(rt, "kind")), Locked: rapid.Bool().Draw(rt, "locked")}
		if c.Kind == Working {
			c.Start = calendar.Clock(rapid.IntRange(0, 1439).Draw(rt, "start"))
			c.End = c.Start + calendar.Clock(rapid.IntRange(1, 1439).Draw(rt, "length"))
		}
		got, want := parseCell(c.cellText())
		if want != "" {
			rt.Fatalf("%q: want %s", c.cellText(), want)
		}
		if got.Kind != c.Kind || got.Start != c.Start || got.End != c.End || got.Locked != c.Locked {
			rt.Fatalf("%q read back as %+v, want %+v", c.cellText(), got, c)
		}
	})
}

func FuzzParseCell(f *testing.F) {
	for _, s := range []string{"", "-", "!", "L!", "08:30-17:00", "24:00-24:00", "7-15", "Late", "=1+1", "12-30-2026"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		c, want := parseCell(s)
		if want != "" || c.Kind != Working || c.Shift != "" {
			return
		}
		if c.Start < 0 || c.Start >= calendar.Midnight || c.End <= c.Start || c.End-c.Start > calendar.Midnight {
			t.Fatalf("%q gives a shift from %d to %d", s, c.Start, c.End)
		}
	})
}

// TestRosterSheets compares cells of the other sheets with the book.
func TestRosterSheets(t *testing.T) {
	book, opt := smallRoster(t, Dutch, 60)
	f := rosterFile(t, book, opt)
	sheets := f.GetSheetList()
	want := append([]string{"Samenvatting", "Week 49", "Week 50", "Week 51", "Week 52", "Dekking", "Verwachting", "Overtredingen", "Medewerkers"},
		"ma 30 nov", "di 1 dec")
	if diff := cmp.Diff(want, sheets[:len(want)]); diff != "" {
		t.Fatalf("sheets (-want +got):\n%s", diff)
	}
	for _, s := range sheets {
		if len([]rune(s)) > maxSheetName {
			t.Errorf("sheet name %q is too long", s)
		}
	}
	raw := func(sheet, cell string) string {
		v, err := f.GetCellValue(sheet, cell, excelize.Options{RawCellValue: true})
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	// The day sheet: agent 001 starts at 08:00, has a paid break at 10:00 and an
	// unpaid one at 12:00, and changes to chat at 13:00.
	day := "ma 30 nov"
	row := 0
	for r := dayFirstRow; r < 90 && row == 0; r++ {
		cell, _ := excelize.CoordinatesToCellName(1, r)
		if raw(day, cell) == "Medewerker 001" {
			row = r
		}
	}
	for slot, want := range map[int]string{0: "T", 7: "T", 8: paidBreakCode, 9: "T", 16: breakCode, 17: breakCode, 18: "T", 20: "C", 33: "C", 34: ""} {
		cell, _ := excelize.CoordinatesToCellName(dayFirstSlot+slot, row)
		if got := raw(day, cell); got != want {
			t.Errorf("slot %d of agent 001 holds %q, want %q", slot, got, want)
		}
	}
	// A night shift shows on both days.
	if got := firstName(t, f, "di 1 dec"); got != "Medewerker 060" {
		t.Errorf("first agent on the second day is %q, want the one with the night shift", got)
	}
	// Sums on the week sheet agree with the slots.
	required := 0.0
	for _, s := range book.Slots {
		if calendar.DateOf(s.Start, opt.Zone) == book.First {
			required += s.Required / 4
		}
	}
	totals := weekFirstRow + 60 + 1
	cell, _ := excelize.CoordinatesToCellName(weekFirstDay, totals+1)
	if got, want := raw("Week 49", cell), string(appendFloat(nil, roundTo(required, 2))); got != want {
		t.Errorf("required hours on Monday %q, want %q", got, want)
	}
	if got := raw("Week 49", "L5"); got != string(appendFloat(nil, hoursOfWeek(&book.Agents[0]))) {
		t.Errorf("hours of agent 001 in week 49: %q", got)
	}
	charts := 0
	f.Pkg.Range(func(name, _ any) bool {
		if strings.HasPrefix(name.(string), "xl/charts/chart") {
			charts++
		}
		return true
	})
	if charts != 14 {
		t.Errorf("%d charts, want one per skill and week and two of the forecast", charts)
	}
	if visible, _ := f.GetSheetVisible(hiddenSheet); visible {
		t.Error("the hidden sheet shows")
	}
}

func hoursOfWeek(a *RosterAgent) float64 {
	sum := 0.0
	for d := range 7 {
		sum += a.Days[d].Hours
	}
	return sum
}

// firstName returns the first agent on a day sheet.
func firstName(t *testing.T, f *excelize.File, sheet string) string {
	t.Helper()
	rows, err := f.GetRows(sheet)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rows[dayFirstRow:] {
		if len(r) > 1 && strings.Contains(r[1], ":") {
			return r[0]
		}
	}
	return ""
}

// TestRosterClockChange holds that days with 92 and 100 quarters are written.
func TestRosterClockChange(t *testing.T) {
	zone := amsterdam(t)
	for _, first := range []calendar.Date{calendar.NewDate(2026, 3, 29), calendar.NewDate(2026, 10, 25)} {
		b := RosterBook{
			Title: "x", First: first, Days: 1, Skills: []RosterSkill{{ID: "a"}},
			Agents: []RosterAgent{{ID: "1", Skills: []string{"a"}, Days: []RosterCell{{Kind: Working, Start: 0, End: 480, Hours: 8}}}},
		}
		for _, at := range (calendar.Grid{Loc: zone, Step: 15 * time.Minute}).Day(first) {
			b.Slots = append(b.Slots, RosterSlot{at, "a", 1, 1})
		}
		f := rosterFile(t, b, Options{Zone: zone})
		rows, err := f.GetRows("Coverage per interval")
		if err != nil {
			t.Fatal(err)
		}
		if len(rows) != len(b.Slots)+1 {
			t.Errorf("%s: %d rows, want %d", first, len(rows), len(b.Slots)+1)
		}
	}
}

func TestRosterBookRefused(t *testing.T) {
	for name, b := range map[string]RosterBook{
		"no days":     {},
		"odd step":    {Days: 1, Step: 7 * time.Minute},
		"short row":   {Days: 2, Agents: []RosterAgent{{ID: "1", Days: make([]RosterCell, 1)}}},
		"no id":       {Days: 1, Agents: []RosterAgent{{Days: make([]RosterCell, 1)}}},
		"double id":   {Days: 1, Agents: []RosterAgent{{ID: "1", Days: make([]RosterCell, 1)}, {ID: "1", Days: make([]RosterCell, 1)}}},
		"empty shift": {Days: 1, Agents: []RosterAgent{{ID: "1", Days: []RosterCell{{Kind: Working, Start: 600, End: 600}}}}},
	} {
		if err := WriteRosterBook(&bytes.Buffer{}, b, Options{}); err == nil {
			t.Errorf("%s: want an error", name)
		}
	}
	long := RosterBook{Days: 364, First: calendar.NewDate(2026, 1, 5), Agents: []RosterAgent{{ID: "1", Days: make([]RosterCell, 364)}}}
	if n := len(rosterFile(t, long, Options{}).GetSheetList()); n > 60 {
		t.Errorf("a roster of a year has %d sheets", n)
	}
	// The smallest book there is: no agents, no slots.
	if err := WriteRosterBook(&bytes.Buffer{}, RosterBook{Days: 1, First: calendar.NewDate(2026, 1, 1)}, Options{}); err != nil {
		t.Errorf("empty book: %v", err)
	}
}

func BenchmarkRosterBook60x28(b *testing.B) {
	zone := amsterdam(b)
	book := sampleRoster(zone, Dutch)
	for b.Loop() {
		if err := WriteRosterBook(&bytes.Buffer{}, book, Options{Zone: zone, Lang: Dutch}); err != nil {
			b.Fatal(err)
		}
	}
}

// FuzzReadRosterBook holds that a damaged workbook is an error, not a crash.
func FuzzReadRosterBook(f *testing.F) {
	book, opt := smallRoster(f, English, 2)
	book.Slots = nil
	var b bytes.Buffer
	if err := WriteRosterBook(&b, book, opt); err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes(), 100, byte(1))
	f.Add(b.Bytes(), b.Len()-30, byte(255))
	f.Add([]byte("PK"), 0, byte(0))
	f.Fuzz(func(_ *testing.T, data []byte, at int, x byte) {
		data = bytes.Clone(data)
		if at >= 0 && at < len(data) {
			data[at] ^= x
		}
		_, _ = ReadRosterBook(bytes.NewReader(data))
	})
}
