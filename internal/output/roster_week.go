package output

import (
	"errors"
	"fmt"
	"math"

	"github.com/xuri/excelize/v2"

	"kcc/internal/calendar"
)

// Layout of a week sheet. ReadRosterBook finds the cells by it: ids in column
// A, days from weekFirstDay on, the dates in weekDateRow.
const (
	weekTitleRow   = 1
	weekDateRow    = 3
	weekHeadRow    = 4
	weekFirstRow   = 5
	weekColID      = 1
	weekColName    = 2
	weekColTeam    = 3
	weekColHours   = 4 // contract
	weekFirstDay   = 5
	weekColPaid    = weekFirstDay + 7
	weekColAgainst = weekColPaid + 1
)

// contractSlack is how far hours may lie from the contract unmarked: a quarter.
const contractSlack = 0.25

// shiftLook is a colour for shifts by their start.
type shiftLook struct {
	before float64 // hour of the day
	fill   string
	text   lbl
}

// shiftLooks are the colours of shifts, by start.
var shiftLooks = []shiftLook{
	{9, "DCEBFA", lblEarly},
	{12, "DDF3E0", lblDay},
	{15, "FFF3CC", lblMiddle},
	{24, "F9DCC8", lblLate},
}

// The colours of what is not a shift.
const (
	leaveFill = "D9CDEE"
	sickFill  = "F6C9CF"
	offInk    = "9CA3AF"
	naFill    = "E5E7EB"
	breakFill = "9CA3AF"
	paidFill  = "CBD0D8"
)

// week writes the sheet of one ISO week.
func (x *rosterXLSX) week(w weekSheet) error {
	if err := x.open(w.name); err != nil {
		return err
	}
	l := x.opt.Lang
	year, week := w.monday.ISOWeek()
	title := fmt.Sprintf("%s %d, %d: %s - %s", l.label(lblWeek), week, year, l.Day(dateTime(w.monday)), l.Day(dateTime(w.monday.Add(6))))
	ref, err := span(1, weekHeadRow, weekColAgainst, weekHeadRow+len(x.book.Agents))
	if err != nil {
		return err
	}
	// The filter resets the properties of the sheet, so it comes before the page.
	if err := x.AutoFilter(w.name, ref, nil); err != nil {
		return err
	}
	return errors.Join(
		x.set(w.name, 1, weekTitleRow, title, cellStyle{bold: true, size: 14, ink: headFill}),
		x.note(w.name, 1, weekTitleRow+1, l.label(lblReadBack)),
		x.weekHead(w),
		x.weekRows(w),
		x.weekTotals(w),
		x.weekRules(w),
		x.SetPanes(w.name, freeze(weekHeadRow, weekColName)),
		x.page(w.name, pageSetup{titleRows: weekHeadRow, titleCols: weekColName, header: x.book.Title}),
		x.SetRowHeight(w.name, weekHeadRow, 20),
	)
}

func (x *rosterXLSX) weekHead(w weekSheet) error {
	l := x.opt.Lang
	head := cellStyle{fill: headFill, ink: headInk, bold: true, valign: "center"}
	center := head
	center.align = "center"
	small := cellStyle{align: "center", ink: inkSoft, format: dateCode(l)}
	var errs []error
	right := head
	right.align = "right"
	for _, h := range []struct {
		col  int
		text lbl
		look cellStyle
	}{
		{weekColID, lblID, head},
		{weekColName, lblName, head},
		{weekColTeam, lblTeam, head},
		{weekColHours, lblContract, right},
		{weekColPaid, lblHours, right},
		{weekColAgainst, lblDifference, right},
	} {
		errs = append(errs, x.set(w.name, h.col, weekHeadRow, l.label(h.text), h.look))
	}
	for d := range 7 {
		date := w.monday.Add(d)
		if i := int(date - x.book.First); i >= 0 && i < len(x.names.days) {
			errs = append(errs, x.link(w.name, weekFirstDay+d, weekDateRow, x.names.days[i]))
		}
		errs = append(errs,
			x.set(w.name, weekFirstDay+d, weekDateRow, serial(dateTime(date)), small),
			x.set(w.name, weekFirstDay+d, weekHeadRow, l.Day(dateTime(date)), center))
	}
	idWidth, nameWidth, teamWidth := 6, 12, 6
	for i := range x.book.Agents {
		a := &x.book.Agents[i]
		idWidth = max(idWidth, textWidth(a.ID))
		nameWidth = max(nameWidth, textWidth(a.Name))
		teamWidth = max(teamWidth, textWidth(a.Team))
	}
	return errors.Join(append(errs,
		x.width(w.name, weekColID, weekColID, float64(min(idWidth+2, 24))),
		x.width(w.name, weekColName, weekColName, float64(min(nameWidth+2, 32))),
		x.width(w.name, weekColTeam, weekColTeam, float64(min(teamWidth+2, 20))),
		x.width(w.name, weekColHours, weekColHours, 10),
		x.width(w.name, weekFirstDay, weekFirstDay+6, 14),
		x.width(w.name, weekColPaid, weekColAgainst, 10))...)
}

func (x *rosterXLSX) weekRows(w weekSheet) error {
	text := cellStyle{border: "b", valign: "center"}
	hours := cellStyle{border: "b", valign: "center", align: "right", format: "0.0"}
	signed := hours
	signed.format = "+0.0;-0.0;0.0"
	day := cellStyle{border: "lrtb", align: "center", valign: "center", format: "@"}
	outside := cellStyle{fill: stripeFill, border: "lrtb"}
	for i := range x.book.Agents {
		a := &x.book.Agents[i]
		row := weekFirstRow + i
		paid, days := x.book.weekHours(a, w.monday)
		errs := []error{
			x.set(w.name, weekColID, row, a.ID, text),
			x.set(w.name, weekColName, row, a.Name, text),
			x.set(w.name, weekColTeam, row, a.Team, text),
			x.set(w.name, weekColHours, row, excelFloat(a.ContractHours), hours),
			x.set(w.name, weekColPaid, row, excelFloat(paid), hours),
		}
		// A week that lies partly outside the roster says nothing of the contract.
		diff := any(nil)
		if days == 7 {
			diff = excelFloat(roundTo(paid-a.ContractHours, 2))
		}
		errs = append(errs, x.set(w.name, weekColAgainst, row, diff, signed))
		for d := range 7 {
			at := int(w.monday.Add(d) - x.book.First)
			if at < 0 || at >= x.book.Days {
				errs = append(errs, x.set(w.name, weekFirstDay+d, row, nil, outside))
				continue
			}
			c := &a.Days[at]
			look := day
			if c.Kind == Unavailable {
				look.fill = naFill
			}
			errs = append(errs, x.set(w.name, weekFirstDay+d, row, c.cellText(), look))
			if note := x.cellNote(c); note != "" {
				errs = append(errs, x.comment(w.name, weekFirstDay+d, row, note))
			}
		}
		if err := errors.Join(errs...); err != nil {
			return err
		}
	}
	return nil
}

// cellNote is what the pointer shows over a cell.
func (x *rosterXLSX) cellNote(c *RosterCell) string {
	if c.Kind == Unavailable && c.Note == "" {
		return x.opt.Lang.label(lblUnavailable)
	}
	return c.Note
}

func (x *rosterXLSX) comment(sheet string, col, row int, text string) error {
	cell, err := excelize.CoordinatesToCellName(col, row)
	if err != nil {
		return err
	}
	return x.AddComment(sheet, excelize.Comment{Cell: cell, Author: "kcc", Paragraph: []excelize.RichTextRun{{Text: xmlText(text)}}, Width: 220, Height: 60})
}

// excelFloat returns x, or nothing for NaN and infinity.
func excelFloat(x float64) any {
	if !finite(x) {
		return nil
	}
	return x
}

func roundTo(x float64, digits int) float64 {
	p := math.Pow(10, float64(digits))
	return math.Round(x*p) / p
}

// weekTotals writes, below the agents, how many work and the hours required and
// rostered per day.
func (x *rosterXLSX) weekTotals(w weekSheet) error {
	l := x.opt.Lang
	row := weekFirstRow + len(x.book.Agents) + 1
	type line struct {
		text lbl
		form string
		of   func(day int) any
	}
	lines := []line{
		{lblPresent, "0", func(d int) any {
			n := 0
			for i := range x.book.Agents {
				if x.book.Agents[i].Days[d].Kind == Working {
					n++
				}
			}
			return n
		}},
		{lblRequired, "0.0", func(d int) any { return roundTo(x.cover.days[d][""].required, 2) }},
		{lblRostered, "0.0", func(d int) any { return roundTo(x.cover.days[d][""].rostered, 2) }},
		{lblUnmet, "0.0", func(d int) any { return roundTo(x.cover.days[d][""].unmet, 2) }},
		{lblSurplus, "0.0", func(d int) any { return roundTo(x.cover.days[d][""].surplus, 2) }},
	}
	for k, ln := range lines {
		label := l.label(ln.text)
		if k > 0 {
			label += " (" + unitHours(l) + ")"
		}
		style := cellStyle{bold: true, fill: totalFill, border: "b"}
		for col := 1; col < weekFirstDay; col++ {
			v := any(nil)
			if col == weekColName {
				v = label
			}
			if err := x.set(w.name, col, row+k, v, style); err != nil {
				return err
			}
		}
		sum := 0.0
		for d := range 7 {
			at := int(w.monday.Add(d) - x.book.First)
			v := any(nil)
			if at >= 0 && at < x.book.Days {
				v = ln.of(at)
				if f, ok := v.(float64); ok {
					sum += f
				}
			}
			if err := x.set(w.name, weekFirstDay+d, row+k, v, cellStyle{bold: true, fill: totalFill, border: "b", align: "center", format: ln.form}); err != nil {
				return err
			}
		}
		if k > 0 {
			if err := x.set(w.name, weekColPaid, row+k, roundTo(sum, 2), cellStyle{bold: true, fill: totalFill, border: "b", align: "right", format: "0.0"}); err != nil {
				return err
			}
		}
	}
	unmet := row + 3
	ref, err := span(weekFirstDay, unmet, weekColPaid, unmet)
	if err != nil {
		return err
	}
	bad, err := x.toneStyle(Bad)
	if err != nil {
		return err
	}
	first, err := excelize.CoordinatesToCellName(weekFirstDay, unmet)
	if err != nil {
		return err
	}
	return x.SetConditionalFormat(w.name, ref, []excelize.ConditionalFormatOptions{
		{Type: "formula", Criteria: "AND(ISNUMBER(" + first + ")," + first + ">=0.05)", Format: bad},
	})
}

func unitHours(l Lang) string {
	if l == Dutch {
		return "uur"
	}
	return "hours"
}

// weekRules colours the cells by what stands in them, so that the colour
// follows when the planner changes a cell.
func (x *rosterXLSX) weekRules(w weekSheet) error {
	if len(x.book.Agents) == 0 {
		return nil
	}
	last := weekFirstRow + len(x.book.Agents) - 1
	ref, err := span(weekFirstDay, weekFirstRow, weekFirstDay+6, last)
	if err != nil {
		return err
	}
	cell, err := excelize.CoordinatesToCellName(weekFirstDay, weekFirstRow)
	if err != nil {
		return err
	}
	var rules []excelize.ConditionalFormatOptions
	add := func(formula string, s *excelize.Style, stop bool) {
		id, e := x.NewConditionalStyle(s)
		err = errors.Join(err, e)
		rules = append(rules, excelize.ConditionalFormatOptions{Type: "formula", Criteria: formula, Format: &id, StopIfTrue: stop})
	}
	fill := func(color string) excelize.Fill {
		return excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{color}}
	}
	plain := `UPPER(SUBSTITUTE(` + cell + `,"!",""))`
	add(`RIGHT(`+cell+`)="!"`, &excelize.Style{Font: &excelize.Font{Bold: true, Underline: "single"}}, false)
	add(plain+`="L"`, &excelize.Style{Fill: fill(leaveFill)}, false)
	add(plain+`="Z"`, &excelize.Style{Fill: fill(sickFill)}, false)
	add(plain+`="-"`, &excelize.Style{Font: &excelize.Font{Color: offInk}}, false)
	hour := `IFERROR(VALUE(LEFT(` + cell + `,FIND(":",` + cell + `)-1)),99)`
	for _, look := range shiftLooks {
		add(fmt.Sprintf("%s<%g", hour, look.before), &excelize.Style{Fill: fill(look.fill)}, true)
	}
	if err != nil {
		return err
	}
	if err := x.SetConditionalFormat(w.name, ref, rules); err != nil {
		return err
	}
	return x.contractRule(w, last)
}

// contractRule marks hours that lie off the contract, where that is per week.
func (x *rosterXLSX) contractRule(w weekSheet, last int) error {
	warn, err := x.toneStyle(Warn)
	if err != nil {
		return err
	}
	var rows []int
	for i := range x.book.Agents {
		if p := x.book.Agents[i].Period; p == "" || p == "week" {
			rows = append(rows, weekFirstRow+i)
		}
	}
	// Neighbouring rows share one rule.
	for i := 0; i < len(rows); {
		j := i
		for j+1 < len(rows) && rows[j+1] == rows[j]+1 {
			j++
		}
		ref, err1 := span(weekColAgainst, rows[i], weekColAgainst, rows[j])
		cell, err2 := excelize.CoordinatesToCellName(weekColAgainst, rows[i])
		if err := firstError(err1, err2); err != nil {
			return err
		}
		err := x.SetConditionalFormat(w.name, ref, []excelize.ConditionalFormatOptions{
			{Type: "formula", Criteria: fmt.Sprintf("AND(ISNUMBER(%s),ABS(%s)>%g)", cell, cell, contractSlack), Format: warn},
		})
		if err != nil {
			return err
		}
		i = j + 1
	}
	return nil
}

// weekOf returns the position of the week sheet that holds a day.
func (x *rosterXLSX) weekOf(d calendar.Date) int {
	return int(d.Monday()-x.names.weeks[0].monday) / 7
}
