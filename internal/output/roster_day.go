package output

import (
	"errors"
	"fmt"
	"math"
	"sort"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"

	"kcc/internal/calendar"
)

// Layout of a day sheet.
const (
	dayTitleRow  = 1
	dayLegendRow = 2
	dayHourRow   = 4
	dayFirstRow  = 5
	dayColName   = 1
	dayColShift  = 2
	dayColHours  = 3
	dayFirstSlot = 4
)

// What stands in the grid in a break.
const (
	breakCode     = "·"
	paidBreakCode = "°"
)

// skillFills are the colours of skills in the day grid, light enough for the
// letter on top.
var skillFills = []string{"BFDDF7", "FAD7A8", "C3E8C9", "DCC9F2", "F5C3D2", "B8E3E3", "EDE3A0", "D5D9DF"}

// dayWork is one agent at work on the day of a sheet; shift is the number of
// minutes that the day of the cell lies before it.
type dayWork struct {
	agent  *RosterAgent
	cell   *RosterCell
	offset calendar.Clock
}

// at returns the code of the grid at clock c of the day of the sheet.
func (w *dayWork) at(c calendar.Clock, codes map[string]string) string {
	c += w.offset
	skill := w.cell.skillAt(c, w.agent)
	if b := w.cell.breakAt(c); b != nil && skill != "" {
		if b.Paid {
			return paidBreakCode
		}
		return breakCode
	}
	return codes[skill]
}

// dayPlan is what a day sheet shows.
type dayPlan struct {
	work     []dayWork
	absent   map[CellKind][]string
	from, to calendar.Clock // the grid
	step     calendar.Clock
	need     map[string]map[calendar.Clock]coverPair
}

type coverPair struct{ required, rostered float64 }

// plan gathers the day with number d of the roster.
func (x *rosterXLSX) plan(d int) *dayPlan {
	b := x.book
	p := &dayPlan{absent: map[CellKind][]string{}, need: map[string]map[calendar.Clock]coverPair{}, from: calendar.Midnight, step: calendar.Clock(b.step() / time.Minute)}
	see := func(from, to calendar.Clock) {
		p.from, p.to = min(p.from, max(from, 0)), max(p.to, min(to, calendar.Midnight))
	}
	for i := range b.Agents {
		a := &b.Agents[i]
		c := &a.Days[d]
		if d > 0 {
			if y := &a.Days[d-1]; y.Kind == Working && y.End > calendar.Midnight {
				p.work = append(p.work, dayWork{a, y, calendar.Midnight})
				see(0, y.End-calendar.Midnight)
			}
		}
		if c.Kind == Working {
			p.work = append(p.work, dayWork{a, c, 0})
			see(c.Start, c.End)
		} else {
			name := a.Name
			if name == "" {
				name = a.ID
			}
			p.absent[c.Kind] = append(p.absent[c.Kind], name)
		}
	}
	sort.SliceStable(p.work, func(i, j int) bool {
		a, b := p.work[i], p.work[j]
		if s, t := a.cell.Start-a.offset, b.cell.Start-b.offset; s != t {
			return s < t
		}
		return a.cell.End-a.offset < b.cell.End-b.offset
	})
	zone := x.opt.zone()
	for _, s := range b.Slots {
		if calendar.DateOf(s.Start, zone) != b.First.Add(d) {
			continue
		}
		at := calendar.ClockOf(s.Start, zone)
		if p.need[s.Skill] == nil {
			p.need[s.Skill] = map[calendar.Clock]coverPair{}
		}
		// The hour that the autumn night has twice shows its larger need.
		if old, ok := p.need[s.Skill][at]; !ok || s.Required > old.required {
			p.need[s.Skill][at] = coverPair{s.Required, s.Rostered}
		}
		see(at, at+p.step)
	}
	p.from -= p.from % 60
	if p.to%60 != 0 {
		p.to += 60 - p.to%60
	}
	return p
}

// day writes the sheet of day d: required and rostered per skill on top, below
// them the agents at work in quarters, with skills as letters and breaks.
func (x *rosterXLSX) day(d int) error {
	sheet, l := x.names.days[d], x.opt.Lang
	if err := x.open(sheet); err != nil {
		return err
	}
	date := x.book.First.Add(d)
	week := x.names.weeks[x.weekOf(date)]
	p := x.plan(d)
	err := errors.Join(
		x.set(sheet, dayColName, dayTitleRow, l.Day(dateTime(date))+" "+fmt.Sprint(date.Year()), cellStyle{bold: true, size: 14, ink: headFill}),
		x.set(sheet, dayColName, dayLegendRow, week.name, cellStyle{ink: headFill}),
		x.link(sheet, dayColName, dayLegendRow, week.name),
		x.width(sheet, dayColShift, dayColShift, 14),
		x.width(sheet, dayColHours, dayColHours, 7.5))
	if err != nil {
		return err
	}
	if p.from >= p.to {
		return errors.Join(x.width(sheet, dayColName, dayColName, 24), x.absent(sheet, dayFirstRow, 20, p),
			x.page(sheet, pageSetup{header: x.book.Title}))
	}
	slots := int((p.to - p.from) / p.step)
	lastCol := dayFirstSlot + slots - 1
	nameWidth := 14
	for _, w := range p.work {
		nameWidth = max(nameWidth, textWidth(displayName(w.agent)))
	}
	row, err := x.dayNeed(sheet, p, slots)
	if err != nil {
		return err
	}
	first := row
	if row, err = x.dayAgents(sheet, p, slots, row); err != nil {
		return err
	}
	return errors.Join(
		x.dayHours(sheet, p, slots),
		x.dayLegend(sheet, p, slots),
		x.dayRules(sheet, first, row, lastCol),
		x.absent(sheet, row+1, lastCol, p),
		x.width(sheet, dayColName, dayColName, float64(min(nameWidth+2, 30))),
		x.width(sheet, dayFirstSlot, lastCol, 3.4),
		x.SetPanes(sheet, freeze(dayHourRow, dayColHours)),
		x.hideGrid(sheet),
		x.page(sheet, pageSetup{titleRows: dayHourRow, titleCols: dayColShift, header: x.book.Title}))
}

func displayName(a *RosterAgent) string {
	if a.Name != "" {
		return a.Name
	}
	return a.ID
}

// hourBorder marks the cells that start a whole hour.
func hourBorder(c calendar.Clock) string {
	if c%60 == 0 {
		return "ltb"
	}
	return "tb"
}

// dayHours writes the head of the grid, an hour over its intervals.
func (x *rosterXLSX) dayHours(sheet string, p *dayPlan, slots int) error {
	l := x.opt.Lang
	head := cellStyle{fill: headFill, ink: headInk, bold: true, valign: "center"}
	right, hour := head, head
	right.align = "right"
	hour.align, hour.border, hour.size = "left", "l", 9
	errs := []error{
		x.set(sheet, dayColName, dayHourRow, l.label(lblAgent), head),
		x.set(sheet, dayColShift, dayHourRow, l.label(lblShift), head),
		x.set(sheet, dayColHours, dayHourRow, l.label(lblHours), right),
	}
	perHour := max(int(60/p.step), 1)
	for k := 0; k < slots; k += perHour {
		end := min(k+perHour, slots)
		for j := k; j < end; j++ {
			v := any(nil)
			if j == k {
				v = (p.from + calendar.Clock(j)*p.step).String()
			}
			errs = append(errs, x.set(sheet, dayFirstSlot+j, dayHourRow, v, hour))
		}
		if end > k+1 {
			a, err1 := excelize.CoordinatesToCellName(dayFirstSlot+k, dayHourRow)
			z, err2 := excelize.CoordinatesToCellName(dayFirstSlot+end-1, dayHourRow)
			errs = append(errs, err1, err2, x.MergeCell(sheet, a, z))
		}
	}
	return errors.Join(errs...)
}

// dayNeed writes required, rostered and their difference per skill.
func (x *rosterXLSX) dayNeed(sheet string, p *dayPlan, slots int) (int, error) {
	l := x.opt.Lang
	row := dayFirstRow
	largest := 0.0
	for _, m := range p.need {
		for _, v := range m {
			largest = math.Max(largest, math.Max(v.required, v.rostered))
		}
	}
	whole, signed := "0.0", "0.0;-0.0;0"
	if largest >= 99.95 { // no room for four figures
		whole, signed = "0", "0;-0;0"
	}
	hours := x.book.step().Hours()
	for _, skill := range x.cover.skills {
		m := p.need[skill]
		if len(m) == 0 {
			continue
		}
		for k, text := range []lbl{lblRequired, lblRostered, lblDifference} {
			look := cellStyle{size: 9, valign: "center", fill: stripeFill}
			if k == 2 {
				look.fill, look.bold = "", true
			}
			name := any(nil)
			if k == 0 {
				name = x.book.skillLabel(skill)
			}
			nameLook := look
			nameLook.bold = true
			sum := 0.0
			for s := range slots {
				at := p.from + calendar.Clock(s)*p.step
				cellLook := look
				cellLook.align, cellLook.size, cellLook.border, cellLook.bold = "center", 8, hourBorder(at), false
				cellLook.format = whole
				v := any(nil)
				if pair, ok := m[at]; ok {
					f := [3]float64{pair.required, pair.rostered, pair.rostered - pair.required}[k]
					sum += f * hours
					if v = roundTo(f, 2); k == 2 && math.Abs(f) < leastShown {
						v = 0.0 // not -0.0
					}
				}
				if k == 2 {
					cellLook.format, cellLook.size = signed, 7.5
				}
				if err := x.set(sheet, dayFirstSlot+s, row, v, cellLook); err != nil {
					return row, err
				}
			}
			sumLook := look
			sumLook.format, sumLook.align = "0.0", "right"
			err := errors.Join(
				x.set(sheet, dayColName, row, name, nameLook),
				x.set(sheet, dayColShift, row, l.label(text), look),
				x.set(sheet, dayColHours, row, roundTo(sum, 2), sumLook))
			if err != nil {
				return row, err
			}
			row++
		}
		if err := x.needRule(sheet, row-1, slots); err != nil {
			return row, err
		}
	}
	return row + 1, nil
}

// leastShown is the least difference that one decimal shows.
const leastShown = 0.05

// needRule colours the differences of one skill: short red, over green.
func (x *rosterXLSX) needRule(sheet string, row, slots int) error {
	ref, err1 := span(dayFirstSlot, row, dayFirstSlot+slots-1, row)
	cell, err2 := excelize.CoordinatesToCellName(dayFirstSlot, row)
	bad, err3 := x.toneStyle(Bad)
	good, err4 := x.toneStyle(Good)
	if err := firstError(err1, err2, err3, err4); err != nil {
		return err
	}
	return x.SetConditionalFormat(sheet, ref, []excelize.ConditionalFormatOptions{
		{Type: "formula", Criteria: fmt.Sprintf("AND(ISNUMBER(%s),%s<=-%g)", cell, cell, leastShown), Format: bad, StopIfTrue: true},
		{Type: "formula", Criteria: fmt.Sprintf("AND(ISNUMBER(%s),%s>=%g)", cell, cell, leastShown), Format: good, StopIfTrue: true},
	})
}

// dayAgents writes a row per agent at work and returns the row after the last.
func (x *rosterXLSX) dayAgents(sheet string, p *dayPlan, slots, row int) (int, error) {
	text := cellStyle{border: "b", valign: "center"}
	hours := cellStyle{border: "b", valign: "center", align: "right", format: "0.0"}
	for i := range p.work {
		w := &p.work[i]
		err := errors.Join(
			x.set(sheet, dayColName, row, displayName(w.agent), text),
			x.set(sheet, dayColShift, row, w.cell.span(), text),
			x.set(sheet, dayColHours, row, excelFloat(w.cell.Hours), hours))
		if err != nil {
			return row, err
		}
		for s := range slots {
			at := p.from + calendar.Clock(s)*p.step
			v := any(nil)
			if code := w.at(at, x.codes); code != "" {
				v = code
			}
			if err := x.set(sheet, dayFirstSlot+s, row, v, cellStyle{align: "center", valign: "center", size: 8, border: hourBorder(at)}); err != nil {
				return row, err
			}
		}
		row++
	}
	return row, nil
}

// dayRules colours the letters of the grid.
func (x *rosterXLSX) dayRules(sheet string, first, end, lastCol int) error {
	if end <= first {
		return nil
	}
	ref, err := span(dayFirstSlot, first, lastCol, end-1)
	if err != nil {
		return err
	}
	var rules []excelize.ConditionalFormatOptions
	for _, k := range x.dayKeys() {
		id, err := x.NewConditionalStyle(&excelize.Style{Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{k.fill}}})
		if err != nil {
			return err
		}
		rules = append(rules, excelize.ConditionalFormatOptions{Type: "cell", Criteria: "==", Value: `"` + k.code + `"`, Format: &id})
	}
	return x.SetConditionalFormat(sheet, ref, rules)
}

// dayKey is an entry of the legend of the day sheets.
type dayKey struct{ code, fill, text string }

func (x *rosterXLSX) dayKeys() []dayKey {
	var keys []dayKey
	for k, s := range x.book.activities() {
		keys = append(keys, dayKey{x.codes[s.ID], skillFills[k%len(skillFills)], s.label()})
	}
	l := x.opt.Lang
	return append(keys, dayKey{breakCode, breakFill, l.label(lblBreak)}, dayKey{paidBreakCode, paidFill, l.label(lblPaidBreak)})
}

// dayLegend explains the letters above the grid, as far as it is wide.
func (x *rosterXLSX) dayLegend(sheet string, p *dayPlan, slots int) error {
	const perChar = 0.45 // columns that a character of the text takes
	col := dayFirstSlot
	var errs []error
	for _, k := range x.dayKeys() {
		need := 2 + int(math.Ceil(perChar*float64(textWidth(k.text))))
		if col+need > dayFirstSlot+slots {
			break
		}
		errs = append(errs,
			x.set(sheet, col, dayLegendRow, k.code, cellStyle{fill: k.fill, align: "center", size: 8, border: "lrtb"}),
			x.set(sheet, col+1, dayLegendRow, k.text, cellStyle{size: 9, ink: inkSoft}))
		col += need
	}
	return errors.Join(errs...)
}

// absent lists who is away, one line per reason.
func (x *rosterXLSX) absent(sheet string, row, lastCol int, p *dayPlan) error {
	l := x.opt.Lang
	const (
		lineChars      = 150 // names that fit on one line of the merged cell
		maxAbsentLines = 12  // of names; the week sheet has them all
	)
	for _, k := range []struct {
		kind CellKind
		text lbl
	}{{OnLeave, lblLeave}, {Sick, lblSick}, {Unavailable, lblUnavailable}, {DayOff, lblOff}} {
		names := p.absent[k.kind]
		if len(names) == 0 {
			continue
		}
		list := strings.Join(names, ", ")
		if shown := len(names) * maxAbsentLines * lineChars / max(textWidth(list), 1); shown < len(names) {
			list = fmt.Sprintf("%s, ... +%d", strings.Join(names[:shown], ", "), len(names)-shown)
		}
		a, err1 := excelize.CoordinatesToCellName(dayColShift, row)
		z, err2 := excelize.CoordinatesToCellName(lastCol, row)
		lines := 1 + textWidth(list)/lineChars
		err := errors.Join(err1, err2,
			x.set(sheet, dayColName, row, fmt.Sprintf("%s (%d)", l.label(k.text), len(names)), cellStyle{bold: true, valign: "top"}),
			x.set(sheet, dayColShift, row, list, cellStyle{wrap: true, valign: "top", align: "left", ink: inkSoft}),
			x.MergeCell(sheet, a, z),
			x.SetRowHeight(sheet, row, float64(15*lines)))
		if err != nil {
			return err
		}
		row++
	}
	return nil
}
