package output

import (
	"errors"
	"fmt"
	"io"
	"regexp"
	"runtime"
	"slices"
	"sort"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"
	"golang.org/x/sync/errgroup"

	"kcc/internal/calendar"
)

// RosterRead is what ReadRosterBook found in the week sheets of a workbook.
type RosterRead struct {
	Lang  Lang
	Zone  string
	First calendar.Date
	Days  int
	Meta  map[string]string // what WriteRosterBook got as Meta
	Cells []ReadCell        // by agent in the order of the sheet of the first week, then by day
}

// ReadCell is one day cell.
type ReadCell struct {
	Agent  string
	Date   calendar.Date
	Kind   CellKind
	Shift  string         // name of the shift; alone, without times, when the planner typed a name
	Start  calendar.Clock // of times
	End    calendar.Clock // above 24:00 when the shift ends on the next day
	Locked bool

	// Changed says that the planner changed what the cell holds, but for the
	// lock. Breaks and Plan are those of an unchanged cell.
	Changed bool
	Breaks  []RosterBreak
	Plan    []SkillSpan
	Was     *ReadCell // of a changed cell: what it was written from

	Sheet string // where the cell stands, for messages
	Cell  string
}

// CellError says which cell of a workbook cannot be read and what it should hold.
type CellError struct {
	Sheet, Cell, Value, Want string
}

func (e *CellError) Error() string {
	return fmt.Sprintf("sheet %q, cell %s: %q: want %s", e.Sheet, e.Cell, e.Value, e.Want)
}

// ErrNotRosterBook is returned for a workbook that WriteRosterBook did not make.
var ErrNotRosterBook = errors.New("not a roster workbook of kcc: the hidden sheet _kcc is missing or of another kind")

// maxUnzipped bounds what an archive may unpack to.
const maxUnzipped = 1 << 29

// maxCellErrors ends the reading of a workbook that is plainly wrong.
const maxCellErrors = 100

// ReadRosterBook reads the day cells of the week sheets back. Rows may be
// sorted, hidden by a filter or inserted by the planner: agents are found by
// the id in column A, days by the dates above them. Every wrong cell is
// reported: the error joins a *CellError per cell.
func ReadRosterBook(r io.Reader) (RosterRead, error) {
	var read RosterRead
	f, err := openCells(r)
	if err != nil {
		return RosterRead{}, fmt.Errorf("read workbook: damaged: %w", err)
	}
	read.Meta = map[string]string{}
	if !f.has(hiddenSheet) {
		return read, ErrNotRosterBook
	}
	hidden, err := f.rows(hiddenSheet)
	if err != nil {
		return read, fmt.Errorf("read workbook: damaged: %w", err)
	}
	b := rosterReader{cellBook: f, out: &read, known: map[string]int{}, seen: map[cellKey]string{}, detail: map[cellKey]cellDetail{}}
	if err := b.hidden(hidden); err != nil {
		return read, err
	}
	sheets := make([]weekRows, len(b.weeks))
	var run errgroup.Group
	run.SetLimit(runtime.GOMAXPROCS(0))
	for i, name := range b.weeks {
		run.Go(func() error {
			sheets[i].rows, sheets[i].err = b.rows(name)
			return nil
		})
	}
	_ = run.Wait() // the error of a sheet is told in its turn
	for i, name := range b.weeks {
		if err := b.week(name, sheets[i]); err != nil {
			return read, err
		}
	}
	b.missing()
	sort.SliceStable(read.Cells, func(i, j int) bool {
		x, y := read.Cells[i], read.Cells[j]
		if a, c := b.known[x.Agent], b.known[y.Agent]; a != c {
			return a < c
		}
		return x.Date < y.Date
	})
	return read, errors.Join(b.errs...)
}

type cellKey struct {
	agent string
	date  calendar.Date
}

type rosterReader struct {
	*cellBook
	out    *RosterRead
	weeks  []string
	known  map[string]int // agent id to its place
	seen   map[cellKey]string
	detail map[cellKey]cellDetail
	errs   []error
}

func (b *rosterReader) fail(sheet, cell, value, want string) {
	b.errs = append(b.errs, &CellError{sheet, cell, value, want})
}

// hidden reads the hidden sheet.
func (b *rosterReader) hidden(rows []cellRow) error {
	at := func(row *cellRow, i int) string { return row.at(i + 1) }
	layout := false
	for i := range rows {
		row := &rows[i]
		var err error
		switch at(row, 0) {
		case "layout":
			if layout = at(row, 1) == rosterLayout; !layout {
				return fmt.Errorf("the roster workbook has the layout %q, this version of kcc reads %q", at(row, 1), rosterLayout)
			}
		case "lang":
			b.out.Lang = Lang(at(row, 1))
		case "zone":
			b.out.Zone = at(row, 1)
		case "first":
			b.out.First, err = calendar.ParseDate(at(row, 1))
		case "days":
			b.out.Days, err = strconv.Atoi(at(row, 1))
		case "week":
			b.weeks = append(b.weeks, at(row, 1))
		case "agent":
			b.known[at(row, 1)] = len(b.known)
		case "cell":
			var date calendar.Date
			if date, err = calendar.ParseDate(at(row, 2)); err == nil {
				b.detail[cellKey{at(row, 1), date}], err = parseDetail(at(row, 3), at(row, 4), at(row, 5), at(row, 6))
			}
		case "meta":
			b.out.Meta[at(row, 1)] = at(row, 2)
		}
		if err != nil {
			return fmt.Errorf("sheet %q, %s: %w", hiddenSheet, at(row, 0), err)
		}
	}
	if !layout || b.out.Days <= 0 {
		return ErrNotRosterBook
	}
	return nil
}

// weekRows are the rows of a week sheet, or why there are none.
type weekRows struct {
	rows []cellRow
	err  error
}

// week reads one week sheet.
func (b *rosterReader) week(sheet string, read weekRows) error {
	if !b.has(sheet) {
		return fmt.Errorf("the sheet %q is missing: was it renamed or deleted?", sheet)
	}
	if read.err != nil {
		return fmt.Errorf("sheet %q: %w", sheet, read.err)
	}
	rows := read.rows
	head, err := b.dates(sheet, rows)
	if err != nil {
		return err
	}
	for i := range rows {
		row := &rows[i]
		id := strings.TrimSpace(row.at(weekColID))
		if row.n < weekFirstRow || id == "" {
			continue
		}
		if _, ok := b.known[id]; !ok {
			cell, _ := excelize.CoordinatesToCellName(weekColID, row.n) // small positive numbers
			b.fail(sheet, cell, id, "the id of an agent of this roster")
			continue
		}
		for _, h := range head {
			cell, _ := excelize.CoordinatesToCellName(h.col, row.n)
			if b.day(sheet, cell, row.at(h.col), id, h.date); len(b.errs) >= maxCellErrors {
				return errors.Join(append(b.errs, fmt.Errorf("and perhaps more: stopped after %d wrong cells", maxCellErrors))...)
			}
		}
	}
	return nil
}

type dateColumn struct {
	col  int
	date calendar.Date
}

// dates reads the dates above the day columns that lie in the roster.
func (b *rosterReader) dates(sheet string, rows []cellRow) ([]dateColumn, error) {
	var out []dateColumn
	at := slices.IndexFunc(rows, func(r cellRow) bool { return r.n == weekDateRow })
	if at < 0 {
		return nil, fmt.Errorf("sheet %q: the row with dates is missing: want them in row %d", sheet, weekDateRow)
	}
	for _, c := range rows[at].cells {
		text := strings.TrimSpace(c.text)
		if text == "" {
			continue
		}
		date, err := readDate(text)
		if err != nil {
			cell, _ := excelize.CoordinatesToCellName(c.col, weekDateRow)
			return nil, &CellError{sheet, cell, text, "a date"}
		}
		if date >= b.out.First && date < b.out.First.Add(b.out.Days) {
			out = append(out, dateColumn{c.col, date})
		}
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("sheet %q: no date of the roster (%s, %d days) in row %d", sheet, b.out.First, b.out.Days, weekDateRow)
	}
	return out, nil
}

// readDate reads a date cell: a serial number, or text.
func readDate(s string) (calendar.Date, error) {
	if x, err := strconv.ParseFloat(s, 64); err == nil {
		const unixEpoch = 25569
		if x < firstSerial || x > 2958465 { // 9999-12-31
			return 0, fmt.Errorf("date %q", s)
		}
		return calendar.Date(int(x) - unixEpoch), nil
	}
	return calendar.ParseDate(s)
}

func (b *rosterReader) day(sheet, cell, text, agent string, date calendar.Date) {
	key := cellKey{agent, date}
	if first, ok := b.seen[key]; ok {
		b.fail(sheet, cell, agent, "one row per agent; "+first+" has this agent already")
		return
	}
	b.seen[key] = cell
	c, want := parseCell(text)
	if want != "" {
		b.fail(sheet, cell, text, want)
		return
	}
	c.Agent, c.Date, c.Sheet, c.Cell = agent, date, sheet, cell
	was := b.detail[key]
	if c.Changed = !was.sameAs(&c); !c.Changed {
		c.Kind, c.Shift, c.Breaks, c.Plan = was.kind, was.shift, was.breaks, was.plan
	} else {
		c.Was = &ReadCell{Agent: agent, Date: date, Kind: was.kind, Shift: was.shift, Start: was.start, End: was.end, Breaks: was.breaks, Plan: was.plan}
	}
	b.out.Cells = append(b.out.Cells, c)
}

// missing reports agents whose row is gone.
func (b *rosterReader) missing() {
	if len(b.errs) > 0 || len(b.weeks) == 0 {
		return
	}
	var lost []string
	for id := range b.known {
		for d := range b.out.Days {
			if _, ok := b.seen[cellKey{id, b.out.First.Add(d)}]; !ok {
				lost = append(lost, fmt.Sprintf("%s on %s", id, b.out.First.Add(d)))
				break
			}
		}
	}
	sort.Strings(lost)
	const listed = 5
	if len(lost) > listed {
		lost = append(lost[:listed], fmt.Sprintf("and %d more", len(lost)-listed))
	}
	if len(lost) > 0 {
		b.errs = append(b.errs, fmt.Errorf("the row of an agent is missing: %s", strings.Join(lost, ", ")))
	}
}

// wantCell is what a day cell may hold.
const wantCell = "08:30-17:00, the name of a shift, - (off), L (leave) or Z (sick), each with ! to lock it"

// spanPattern takes what people type: 8:30-17:00, 08.30 - 17, 8u30–17u00.
var spanPattern = regexp.MustCompile(`^(\d{1,2})(?:[:.uh](\d{2}))?[uh]?\s*[-–—]\s*(\d{1,2})(?:[:.uh](\d{2}))?[uh]?$`)

// parseCell reads the text of a day cell. An empty cell is a day off. When the
// text is wrong it returns what was wanted.
func parseCell(text string) (c ReadCell, want string) {
	s := strings.TrimSpace(text)
	if strings.HasSuffix(s, "!") {
		c.Locked = true
		s = strings.TrimSpace(strings.TrimSuffix(s, "!"))
	}
	switch strings.ToUpper(s) {
	case "", "-", "–", "—":
		return c, ""
	case "L":
		c.Kind = OnLeave
		return c, ""
	case "Z":
		c.Kind = Sick
		return c, ""
	}
	if m := spanPattern.FindStringSubmatch(strings.ToLower(s)); m != nil {
		from, to := clockOf(m[1], m[2]), clockOf(m[3], m[4])
		if from < 0 || to < 0 || from >= calendar.Midnight {
			return c, "times from 00:00 to 24:00"
		}
		if to == from {
			return c, "an end that differs from the start"
		}
		if to < from {
			to += calendar.Midnight
		}
		c.Kind, c.Start, c.End = Working, from, to
		return c, ""
	}
	if strings.ContainsAny(s, ":!=") || len(s) > 40 || s[0] >= '0' && s[0] <= '9' && strings.Trim(s, "0123456789.,-–/ ") == "" {
		return c, wantCell
	}
	c.Kind, c.Shift = Working, s
	return c, ""
}

// clockOf reads hours and minutes, -1 when there is no such time.
func clockOf(h, m string) calendar.Clock {
	hours, _ := strconv.Atoi(h) // digits by the pattern
	minutes := 0
	if m != "" {
		minutes, _ = strconv.Atoi(m)
	}
	c := calendar.Clock(hours*60 + minutes)
	if minutes > 59 || c > calendar.Midnight {
		return -1
	}
	return c
}
