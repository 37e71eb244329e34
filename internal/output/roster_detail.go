package output

import (
	"fmt"
	"strconv"
	"strings"

	"kcc/internal/calendar"
)

// cellDetail is what a day cell does not show: the name of the shift, breaks
// and the skill plan. The hidden sheet keeps it, so that a workbook that comes
// back unchanged is the whole roster.
type cellDetail struct {
	kind       CellKind
	start, end calendar.Clock
	shift      string
	breaks     []RosterBreak
	plan       []SkillSpan
}

// detailRow returns the row of the hidden sheet for a cell, nil for a day off
// that says nothing.
func detailRow(a *RosterAgent, c *RosterCell, date calendar.Date) []string {
	if c.Kind == DayOff {
		return nil
	}
	row := []string{"cell", a.ID, date.String(), "", c.Shift, formatBreaks(c.Breaks), formatPlan(c.Plan)}
	switch c.Kind {
	case Working:
		row[3] = c.Start.String() + "-" + c.End.String()
	case OnLeave:
		row[3] = "L"
	case Sick:
		row[3] = "Z"
	case Unavailable:
		row[3] = "N"
	}
	if c.Kind != Working {
		row = row[:4]
	}
	return row
}

// sameAs reports whether the planner left the cell as it was written.
func (d *cellDetail) sameAs(c *ReadCell) bool {
	kind := d.kind
	if kind == Unavailable {
		kind = DayOff // both read "-"
	}
	return kind == c.Kind && (c.Kind != Working || c.Shift == "" && d.start == c.Start && d.end == c.End)
}

func parseDetail(text, shift, breaks, plan string) (d cellDetail, err error) {
	switch text {
	case "L":
		d.kind = OnLeave
		return d, nil
	case "Z":
		d.kind = Sick
		return d, nil
	case "N":
		d.kind = Unavailable
		return d, nil
	}
	from, to, ok := strings.Cut(text, "-")
	if !ok {
		return d, fmt.Errorf("%q: want 08:30-17:00", text)
	}
	d.kind, d.shift = Working, shift
	if d.start, err = parseLongClock(from); err != nil {
		return d, err
	}
	if d.end, err = parseLongClock(to); err != nil {
		return d, err
	}
	if d.breaks, err = parseBreaks(breaks); err != nil {
		return d, err
	}
	d.plan, err = parsePlan(plan)
	return d, err
}

// formatBreaks writes breaks as roster.csv has them: 12:00+30u;15:15+15p.
func formatBreaks(list []RosterBreak) string {
	parts := make([]string, len(list))
	for i, b := range list {
		kind := "u"
		if b.Paid {
			kind = "p"
		}
		parts[i] = fmt.Sprintf("%s+%d%s", b.Start, b.End-b.Start, kind)
	}
	return strings.Join(parts, ";")
}

func parseBreaks(s string) ([]RosterBreak, error) {
	var out []RosterBreak
	for _, part := range splitList(s) {
		at, length, ok := strings.Cut(part, "+")
		bad := fmt.Errorf("break %q: want 12:00+30u", part)
		if !ok || len(length) < 2 {
			return nil, bad
		}
		start, err1 := parseLongClock(at)
		minutes, err2 := strconv.Atoi(length[:len(length)-1])
		kind := length[len(length)-1]
		if err1 != nil || err2 != nil || minutes <= 0 || kind != 'u' && kind != 'p' {
			return nil, bad
		}
		out = append(out, RosterBreak{start, start + calendar.Clock(minutes), kind == 'p'})
	}
	return out, nil
}

// formatPlan writes a skill plan as roster.csv has it: 08:00 phone;10:00 chat.
func formatPlan(list []SkillSpan) string {
	parts := make([]string, len(list))
	for i, s := range list {
		parts[i] = s.Start.String() + " " + s.Skill
	}
	return strings.Join(parts, ";")
}

func parsePlan(s string) ([]SkillSpan, error) {
	var out []SkillSpan
	for _, part := range splitList(s) {
		at, skill, ok := strings.Cut(part, " ")
		start, err := parseLongClock(at)
		if !ok || err != nil || skill == "" {
			return nil, fmt.Errorf("skill plan %q: want 08:00 phone", part)
		}
		out = append(out, SkillSpan{start, skill})
	}
	return out, nil
}

func splitList(s string) []string {
	if s == "" {
		return nil
	}
	return strings.Split(s, ";")
}

// parseLongClock reads a clock that may lie past midnight: 25:30.
func parseLongClock(s string) (calendar.Clock, error) {
	h, m, ok := strings.Cut(s, ":")
	hours, err1 := strconv.Atoi(h)
	minutes, err2 := strconv.Atoi(m)
	if !ok || err1 != nil || err2 != nil || hours < 0 || hours > 48 || minutes < 0 || minutes > 59 {
		return 0, fmt.Errorf("time %q: want 08:30", s)
	}
	return calendar.Clock(60*hours + minutes), nil
}
