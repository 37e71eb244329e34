package output

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// summary writes the first sheet.
func (x *rosterXLSX) summary() error {
	sheet, l, b := x.names.summary, x.opt.Lang, x.book
	if err := x.open(sheet); err != nil {
		return err
	}
	section := cellStyle{bold: true, size: 13, ink: headFill}
	last := b.First.Add(b.Days - 1)
	period := fmt.Sprintf("%s %d - %s %d, %d %s, %d %s", l.Day(dateTime(b.First)), b.First.Year(), l.Day(dateTime(last)), last.Year(),
		b.Days, l.label(lblDays), len(b.Agents), l.label(lblAgentsUnit))
	err := errors.Join(
		x.set(sheet, 1, 1, b.Title, cellStyle{bold: true, size: 16, ink: headFill}),
		x.set(sheet, 1, 2, period, cellStyle{ink: inkSoft}),
		x.width(sheet, 1, 1, 34),
		x.width(sheet, 2, 9, 13))
	if err != nil {
		return err
	}
	row := 4
	if len(b.Service) > 0 {
		if row, err = x.block(sheet, 1, row, b.serviceTable(l)); err != nil {
			return err
		}
		row++
	}
	if row, err = x.block(sheet, 1, row, x.cover.table(b, l)); err != nil {
		return err
	}
	row++
	if row, err = x.summaryHours(sheet, row, section); err != nil {
		return err
	}
	if len(b.Asked) > 0 {
		if err := x.set(sheet, 1, row, l.label(lblAsked), section); err != nil {
			return err
		}
		if row, err = x.facts(sheet, 1, row+1, b.Asked); err != nil {
			return err
		}
		row++
	}
	if len(b.Notes) > 0 {
		if err := x.set(sheet, 1, row, l.label(lblNotes), section); err != nil {
			return err
		}
		row++
		for _, n := range b.Notes {
			for _, line := range wrapWords(n, 130) {
				if err := x.set(sheet, 1, row, line, cellStyle{}); err != nil {
					return err
				}
				row++
			}
		}
		row++
	}
	if row, err = x.legend(sheet, row, section); err != nil {
		return err
	}
	return errors.Join(x.index(sheet, row+1, section), x.hideGrid(sheet), x.page(sheet, pageSetup{portrait: true}))
}

// levelSlack is less than one decimal of a percentage shows.
const levelSlack = 0.0005

// serviceTable is what customers may expect, per channel.
func (b *RosterBook) serviceTable(l Lang) *Table {
	t := &Table{Title: l.label(lblService), Columns: []Column{
		{Name: "channel", Title: l.label(lblChannel)},
		{Name: "target", Title: l.label(lblTarget)},
		{Name: "expected", Title: l.label(lblExpected), Kind: Percent, Digits: 1},
		{Name: "against", Title: l.label(lblAgainstTarget), Kind: Percent, Digits: 1, Rules: []Rule{{Op: Below, Limit: -levelSlack, Tone: Bad}, {Op: Above, Limit: -levelSlack, Tone: Good}}},
		{Name: "low", Title: l.label(lblLow), Kind: Percent, Digits: 1},
		{Name: "high", Title: l.label(lblHigh), Kind: Percent, Digits: 1},
		{Name: "asa", Title: l.label(lblASA), Kind: Seconds},
		{Name: "abandon", Title: l.label(lblAbandon), Kind: Percent, Digits: 1},
		{Name: "occupancy", Title: l.label(lblOccupancy), Kind: Percent, Digits: 0},
	}}
	for _, s := range b.Service {
		t.Rows = append(t.Rows, []any{s.Channel, s.Target, s.Expected, s.Expected - s.Goal, s.Low, s.High, s.ASA, s.Abandon, s.Occupancy})
	}
	return t
}

// table is required against rostered hours per skill.
func (c coverage) table(b *RosterBook, l Lang) *Table {
	t := &Table{Title: l.label(lblCoverage), Columns: append([]Column{{Name: "skill", Title: l.label(lblSkill)}}, coverColumns(l)...)}
	for _, s := range c.skills {
		t.Rows = append(t.Rows, append([]any{b.skillLabel(s)}, coverValues(c.total[s])...))
	}
	t.Total = append([]any{l.label(lblTotal)}, coverValues(c.total[""])...)
	return t
}

func coverColumns(l Lang) []Column {
	unit := " (" + unitHours(l) + ")"
	return []Column{
		{Name: "required", Title: l.label(lblRequired) + unit, Kind: Number, Digits: 1},
		{Name: "rostered", Title: l.label(lblRostered) + unit, Kind: Number, Digits: 1},
		{Name: "unmet", Title: l.label(lblUnmet) + unit, Kind: Number, Digits: 1, Rules: []Rule{{Op: Above, Limit: 0.05, Tone: Bad}}},
		{Name: "surplus", Title: l.label(lblSurplus) + unit, Kind: Number, Digits: 1},
		{Name: "covered", Title: l.label(lblCoverageRatio), Kind: Percent, Digits: 1},
	}
}

func coverValues(s coverSum) []any {
	return []any{roundTo(s.required, 2), roundTo(s.rostered, 2), roundTo(s.unmet, 2), roundTo(s.surplus, 2), s.covered()}
}

// summaryHours writes the hours against the contracts and what the checker found.
func (x *rosterXLSX) summaryHours(sheet string, row int, section cellStyle) (int, error) {
	l, b := x.opt.Lang, x.book
	paid, contract := 0.0, 0.0
	for i := range b.Agents {
		paid += hoursOf(&b.Agents[i])
		contract += b.Agents[i].ContractHours * float64(b.Days) / 7
	}
	hard, soft := 0, 0
	for _, v := range b.Violations {
		if v.Hard {
			hard++
		} else {
			soft++
		}
	}
	hours := cellStyle{format: "#,##0.0", align: "right"}
	count := cellStyle{format: "0", align: "right", bold: true}
	tone := Good
	if hard > 0 {
		tone = Bad
	}
	marked := count
	marked.fill, marked.ink = toneColors[tone][0], toneColors[tone][1]
	label := cellStyle{ink: inkSoft}
	err := errors.Join(
		x.set(sheet, 1, row, l.label(lblHours), section),
		x.set(sheet, 1, row+1, l.label(lblRostered), label), x.set(sheet, 2, row+1, roundTo(paid, 2), hours),
		x.set(sheet, 1, row+2, l.label(lblContract), label), x.set(sheet, 2, row+2, roundTo(contract, 2), hours),
		x.set(sheet, 1, row+3, l.label(lblDifference), label), x.set(sheet, 2, row+3, roundTo(paid-contract, 2), cellStyle{format: "+#,##0.0;-#,##0.0;0.0", align: "right"}),
		x.set(sheet, 1, row+5, l.label(lblViolations), section),
		x.set(sheet, 1, row+6, l.label(lblHardFound), label), x.set(sheet, 2, row+6, hard, marked),
		x.set(sheet, 1, row+7, l.label(lblSoftFound), label), x.set(sheet, 2, row+7, soft, count))
	return row + 9, err
}

// legend explains the colours.
func (x *rosterXLSX) legend(sheet string, row int, section cellStyle) (int, error) {
	l := x.opt.Lang
	errs := []error{x.set(sheet, 1, row, l.label(lblLegend), section)}
	type key struct{ sample, fill, ink, text string }
	keys := []key{}
	samples := []string{"08:30-17:00", "09:00-17:30", "12:30-21:00", "16:00-22:00"}
	for k, look := range shiftLooks {
		keys = append(keys, key{samples[k], look.fill, "", l.label(look.text)})
	}
	keys = append(keys,
		key{"-", "", offInk, l.label(lblOff)},
		key{"-", naFill, offInk, l.label(lblUnavailable)},
		key{"L", leaveFill, "", l.label(lblLeave)},
		key{"Z", sickFill, "", l.label(lblSick)},
		key{"08:30-17:00!", "", "", l.label(lblLocked)},
		key{l.label(lblUnmet), toneColors[Bad][0], toneColors[Bad][1], l.label(lblUnderReq)},
		key{"+1.5", toneColors[Warn][0], toneColors[Warn][1], l.label(lblOverContract)})
	top := row + 1
	for i, k := range keys {
		errs = append(errs,
			x.set(sheet, 1, top+i, k.sample, cellStyle{fill: k.fill, ink: k.ink, align: "center", border: "lrtb", bold: strings.HasSuffix(k.sample, "!")}),
			x.set(sheet, 2, top+i, k.text, cellStyle{}))
	}
	for i, k := range x.dayKeys() {
		errs = append(errs,
			x.set(sheet, 6, top+i, k.code, cellStyle{fill: k.fill, align: "center", border: "lrtb"}),
			x.set(sheet, 7, top+i, k.text, cellStyle{}))
		row = max(row, top+i)
	}
	return max(row, top+len(keys)-1) + 1, errors.Join(errs...)
}

// index links to the other sheets.
func (x *rosterXLSX) index(sheet string, row int, section cellStyle) error {
	errs := []error{x.set(sheet, 1, row, x.opt.Lang.label(lblSheets), section)}
	link := cellStyle{ink: "1F6FB4"}
	put := func(col, row int, name string) {
		if name != "" {
			errs = append(errs, x.set(sheet, col, row, name, link), x.link(sheet, col, row, name))
		}
	}
	for _, w := range x.names.weeks {
		row++
		put(1, row, w.name)
		for d := range 7 {
			if at := int(w.monday.Add(d) - x.book.First); at >= 0 && at < len(x.names.days) {
				put(2+d, row, x.names.days[at])
			}
		}
	}
	for _, name := range []string{x.names.coverage, x.names.coverageData, x.names.forecast, x.names.forecastData, x.names.agents, x.names.violations, x.names.inputs} {
		if name != "" {
			row++
			put(1, row, name)
		}
	}
	return errors.Join(errs...)
}

// agents writes who was rostered, with hours against the contract.
func (x *rosterXLSX) agents() error {
	l, b := x.opt.Lang, x.book
	hours := " (" + unitHours(l) + "/" + l.label(lblPerWeek) + ")"
	t := &Table{Name: "agents", Columns: []Column{
		{Name: "id", Title: l.label(lblID)},
		{Name: "name", Title: l.label(lblName)},
		{Name: "team", Title: l.label(lblTeam)},
		{Name: "skills", Title: l.label(lblSkills)},
		{Name: "contract_hours", Title: l.label(lblContract) + hours, Kind: Number, Digits: 1},
		{Name: "min_hours", Title: l.label(lblMin) + hours, Kind: Number, Digits: 1},
		{Name: "max_hours", Title: l.label(lblMax) + hours, Kind: Number, Digits: 1},
		{Name: "period", Title: l.label(lblPeriod)},
		{Name: "rostered_hours", Title: l.label(lblRostered) + " (" + unitHours(l) + ")", Kind: Number, Digits: 1},
		{Name: "difference_hours", Title: l.label(lblHoursDiff) + " (" + unitHours(l) + ")", Kind: Number, Digits: 1},
		{Name: "balance_hours", Title: l.label(lblBalance) + " (" + unitHours(l) + ")", Kind: Number, Digits: 1},
		{Name: "days", Title: l.label(lblDaysWorked), Kind: Integer},
		{Name: "note", Title: l.label(lblNote)},
	}, Keys: 2}
	for i := range b.Agents {
		a := &b.Agents[i]
		skills := make([]string, len(a.Skills))
		for k, s := range a.Skills {
			skills[k] = b.skillLabel(s)
		}
		period := l.label(lblPerWeek)
		switch a.Period {
		case "4weeks":
			period = l.label(lblPerFourWeeks)
		case "year":
			period = l.label(lblPerYear)
		}
		days := 0
		for d := range a.Days {
			if a.Days[d].Kind == Working {
				days++
			}
		}
		paid := hoursOf(a)
		t.Rows = append(t.Rows, []any{
			a.ID, a.Name, a.Team, strings.Join(skills, ", "), a.ContractHours, a.MinHours, a.MaxHours, period,
			roundTo(paid, 2), roundTo(paid-a.ContractHours*float64(b.Days)/7, 2), a.Balance, days, a.Note,
		})
	}
	return x.stream(x.names.agents, t)
}

// violations writes what the checker found.
func (x *rosterXLSX) violations() error {
	l, b := x.opt.Lang, x.book
	t := &Table{Name: "violations", Columns: []Column{
		{Name: "kind", Title: l.label(lblKind), Rules: []Rule{{Op: Is, Text: l.label(lblHard), Tone: Bad}}},
		{Name: "rule", Title: l.label(lblRule)},
		{Name: "agent", Title: l.label(lblAgent)},
		{Name: "name", Title: l.label(lblName)},
		{Name: "date", Title: l.label(lblDate), Kind: Date},
		{Name: "detail", Title: l.label(lblDetail)},
	}}
	names := map[string]string{}
	for i := range b.Agents {
		names[b.Agents[i].ID] = b.Agents[i].Name
	}
	for _, v := range b.Violations {
		kind := l.label(lblSoft)
		if v.Hard {
			kind = l.label(lblHard)
		}
		date := any(nil)
		if v.Date != 0 {
			date = v.Date
		}
		t.Rows = append(t.Rows, []any{kind, v.Rule, v.Agent, names[v.Agent], date, v.Detail})
	}
	if len(b.Violations) == 0 {
		t.Notes = []string{l.label(lblNoViolations)}
	}
	return x.stream(x.names.violations, t)
}

// inputs writes the tables of what went in, one below the other.
func (x *rosterXLSX) inputs() error {
	sheet := x.names.inputs
	if err := x.open(sheet); err != nil {
		return err
	}
	row := 1
	for i := range x.book.Inputs {
		next, err := x.block(sheet, 1, row, &x.book.Inputs[i])
		if err != nil {
			return err
		}
		row = next + 1
	}
	return x.page(sheet, pageSetup{header: x.book.Title})
}

// hidden writes what ReadRosterBook needs: the layout, the weeks, the ids and
// the caller's keys.
func (x *rosterXLSX) hidden() error {
	if _, err := x.NewSheet(hiddenSheet); err != nil {
		return err
	}
	l := x.opt.Lang
	if l == "" {
		l = English
	}
	rows := [][]string{
		{"layout", rosterLayout},
		{"lang", string(l)},
		{"zone", x.opt.zone().String()},
		{"first", x.book.First.String()},
		{"days", strconv.Itoa(x.book.Days)},
	}
	for _, w := range x.names.weeks {
		rows = append(rows, []string{"week", w.name, w.monday.String()})
	}
	for i := range x.book.Agents {
		rows = append(rows, []string{"agent", x.book.Agents[i].ID, x.book.Agents[i].Name})
	}
	for i := range x.book.Agents {
		a := &x.book.Agents[i]
		for d := range a.Days {
			if row := detailRow(a, &a.Days[d], x.book.First.Add(d)); row != nil {
				rows = append(rows, row)
			}
		}
	}
	for _, m := range x.book.Meta {
		rows = append(rows, []string{"meta", m.Label, m.Value})
	}
	for i, r := range rows {
		for j, v := range r {
			if err := x.set(hiddenSheet, j+1, i+1, v, cellStyle{format: "@"}); err != nil {
				return err
			}
		}
	}
	return x.SetSheetVisible(hiddenSheet, false)
}

// rosterLayout is the version of the layout; it changes when ReadRosterBook
// could no longer read an older workbook.
const rosterLayout = "roster-1"
