package bench

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
)

// maxDays, maxShifts and maxStaff keep a damaged file from claiming all memory.
const (
	maxDays   = 10000
	maxShifts = 10000
	maxStaff  = 100000
	// maxWeight keeps every total far inside the solver's numbers.
	maxWeight = 1 << 20
)

// ParseError says where a file is not a staff-scheduling instance.
type ParseError struct {
	Line int
	Text string
}

func (e *ParseError) Error() string {
	if e.Line == 0 {
		return e.Text
	}
	return fmt.Sprintf("line %d: %s", e.Line, e.Text)
}

type parser struct {
	inst    *Instance
	section string
	line    int
	shifts  map[string]int
	staff   map[string]int
	follow  [][]string // names in the list of forbidden successors, per shift
	where   []int      // line of each shift
}

// Parse reads the text format with its sections SECTION_HORIZON to
// SECTION_COVER. Unknown names, doubled ids, missing fields and numbers out of
// range are errors with their line.
func Parse(r io.Reader) (*Instance, error) {
	p := &parser{inst: &Instance{}, shifts: map[string]int{}, staff: map[string]int{}}
	sc := bufio.NewScanner(r)
	sc.Buffer(nil, 1<<24)
	for sc.Scan() {
		p.line++
		text := strings.TrimSpace(strings.TrimPrefix(sc.Text(), "\ufeff"))
		if text == "" || strings.HasPrefix(text, "#") {
			continue
		}
		if err := p.read(text); err != nil {
			return nil, err
		}
	}
	if err := sc.Err(); err != nil {
		return nil, err
	}
	return p.inst, p.finish()
}

func (p *parser) errorf(format string, a ...any) error {
	return &ParseError{Line: p.line, Text: fmt.Sprintf(format, a...)}
}

var sections = []string{
	"SECTION_HORIZON", "SECTION_SHIFTS", "SECTION_STAFF", "SECTION_DAYS_OFF",
	"SECTION_SHIFT_ON_REQUESTS", "SECTION_SHIFT_OFF_REQUESTS", "SECTION_COVER",
}

func (p *parser) read(text string) error {
	if strings.HasPrefix(text, "SECTION_") {
		if !slices.Contains(sections, text) {
			return p.errorf("section %q is not known: want one of %s", text, strings.Join(sections, ", "))
		}
		p.section = text
		return nil
	}
	f := strings.Split(text, ",")
	for i := range f {
		f[i] = strings.TrimSpace(f[i])
	}
	switch p.section {
	case "SECTION_HORIZON":
		if p.inst.Days != 0 {
			return p.errorf("a second number of days")
		}
		n, err := p.number("days", f[0], 1, maxDays)
		p.inst.Days = n
		return err
	case "SECTION_SHIFTS":
		return p.shift(f)
	case "SECTION_STAFF":
		return p.employee(f)
	case "SECTION_DAYS_OFF":
		return p.daysOff(f)
	case "SECTION_SHIFT_ON_REQUESTS":
		return p.request(f, &p.inst.On)
	case "SECTION_SHIFT_OFF_REQUESTS":
		return p.request(f, &p.inst.Off)
	case "SECTION_COVER":
		return p.cover(f)
	}
	return p.errorf("text before the first section: %q: want SECTION_HORIZON", text)
}

func (p *parser) fields(f []string, n int, names string) error {
	if len(f) < n {
		return p.errorf("%d fields: want %s", len(f), names)
	}
	return nil
}

func (p *parser) number(what, s string, lo, hi int) (int, error) {
	n, err := strconv.Atoi(s)
	if err != nil {
		return 0, p.errorf("%s %q: want a whole number", what, s)
	}
	if n < lo || n > hi {
		return 0, p.errorf("%s %d: want a number from %d to %d", what, n, lo, hi)
	}
	return n, nil
}

func (p *parser) shift(f []string) error {
	if err := p.fields(f, 2, "shift, minutes, shifts that may not follow"); err != nil {
		return err
	}
	id := f[0]
	if _, ok := p.shifts[id]; ok || id == "" || id == "-" {
		return p.errorf("shift %q: the id is empty, - or used before", id)
	}
	if len(p.shifts) == maxShifts {
		return p.errorf("more than %d shifts", maxShifts)
	}
	minutes, err := p.number("minutes", f[1], 1, 1<<20)
	if err != nil {
		return err
	}
	var follow []string
	if len(f) > 2 {
		for s := range strings.SplitSeq(f[2], "|") {
			if s = strings.TrimSpace(s); s != "" {
				follow = append(follow, s)
			}
		}
	}
	p.shifts[id] = len(p.inst.Shifts)
	p.inst.Shifts = append(p.inst.Shifts, Shift{ID: id, Minutes: minutes})
	p.follow = append(p.follow, follow)
	p.where = append(p.where, p.line)
	return nil
}

func (p *parser) employee(f []string) error {
	if err := p.fields(f, 8, "employee, shift limits, max minutes, min minutes, max run, min run, min days off, max weekends"); err != nil {
		return err
	}
	if len(p.shifts) == 0 {
		return p.errorf("staff before any shift")
	}
	if _, ok := p.staff[f[0]]; ok || f[0] == "" {
		return p.errorf("employee %q: the id is empty or used before", f[0])
	}
	if len(p.staff) == maxStaff {
		return p.errorf("more than %d employees", maxStaff)
	}
	e := Employee{ID: f[0], MaxShifts: make([]int, len(p.shifts))}
	for part := range strings.SplitSeq(f[1], "|") {
		if part = strings.TrimSpace(part); part == "" {
			continue
		}
		name, value, ok := strings.Cut(part, "=")
		s, known := p.shifts[strings.TrimSpace(name)]
		if !ok || !known {
			return p.errorf("employee %q: shift limit %q: want a known shift, = and a number", e.ID, part)
		}
		n, err := p.number("limit of shift "+name, strings.TrimSpace(value), 0, maxDays)
		if err != nil {
			return err
		}
		e.MaxShifts[s] = n
	}
	for i, field := range []struct {
		name string
		to   *int
		most int
	}{
		{"max minutes", &e.MaxMinutes, 1 << 30},
		{"min minutes", &e.MinMinutes, 1 << 30},
		{"max consecutive shifts", &e.MaxRun, maxDays},
		{"min consecutive shifts", &e.MinRun, maxDays},
		{"min consecutive days off", &e.MinOff, maxDays},
		{"max weekends", &e.MaxWeekends, maxDays},
	} {
		n, err := p.number(field.name, f[2+i], 0, field.most)
		if err != nil {
			return err
		}
		*field.to = n
	}
	p.staff[e.ID] = len(p.inst.Staff)
	p.inst.Staff = append(p.inst.Staff, e)
	return nil
}

func (p *parser) person(id string) (int, error) {
	e, ok := p.staff[id]
	if !ok {
		return 0, p.errorf("employee %q is not in SECTION_STAFF", id)
	}
	return e, nil
}

func (p *parser) day(s string) (int, error) {
	if p.inst.Days == 0 {
		return 0, p.errorf("a day before SECTION_HORIZON")
	}
	return p.number("day", s, 0, p.inst.Days-1)
}

func (p *parser) daysOff(f []string) error {
	e, err := p.person(f[0])
	if err != nil {
		return err
	}
	for _, s := range f[1:] {
		if s == "" {
			continue
		}
		d, err := p.day(s)
		if err != nil {
			return err
		}
		if !slices.Contains(p.inst.Staff[e].DaysOff, d) {
			p.inst.Staff[e].DaysOff = append(p.inst.Staff[e].DaysOff, d)
		}
	}
	return nil
}

func (p *parser) dayShift(day, shift string) (d, s int, err error) {
	if d, err = p.day(day); err != nil {
		return 0, 0, err
	}
	s, ok := p.shifts[shift]
	if !ok {
		return 0, 0, p.errorf("shift %q is not in SECTION_SHIFTS", shift)
	}
	return d, s, nil
}

func (p *parser) request(f []string, to *[]Request) error {
	if err := p.fields(f, 4, "employee, day, shift, weight"); err != nil {
		return err
	}
	e, err := p.person(f[0])
	if err != nil {
		return err
	}
	d, s, err := p.dayShift(f[1], f[2])
	if err != nil {
		return err
	}
	w, err := p.number("weight", f[3], 0, maxWeight)
	*to = append(*to, Request{Employee: e, Day: d, Shift: s, Weight: w})
	return err
}

func (p *parser) cover(f []string) error {
	if err := p.fields(f, 5, "day, shift, need, weight under, weight over"); err != nil {
		return err
	}
	d, s, err := p.dayShift(f[0], f[1])
	if err != nil {
		return err
	}
	c := Cover{Day: d, Shift: s}
	if c.Need, err = p.number("need", f[2], 0, maxStaff*10); err != nil {
		return err
	}
	if c.Under, err = p.number("weight under", f[3], 0, maxWeight); err != nil {
		return err
	}
	c.Over, err = p.number("weight over", f[4], 0, maxWeight)
	p.inst.Cover = append(p.inst.Cover, c)
	return err
}

// finish resolves what may be named before it is defined.
func (p *parser) finish() error {
	switch {
	case p.inst.Days == 0:
		return &ParseError{Text: "no SECTION_HORIZON with a number of days: this is not a staff-scheduling instance"}
	case len(p.inst.Shifts) == 0:
		return &ParseError{Text: "SECTION_SHIFTS is missing or empty"}
	case len(p.inst.Staff) == 0:
		return &ParseError{Text: "SECTION_STAFF is missing or empty"}
	}
	for i, names := range p.follow {
		for _, name := range names {
			s, ok := p.shifts[name]
			if !ok {
				return &ParseError{Line: p.where[i], Text: fmt.Sprintf("shift %q may not be followed by %q, which is not a shift", p.inst.Shifts[i].ID, name)}
			}
			if !slices.Contains(p.inst.Shifts[i].NotNext, s) {
				p.inst.Shifts[i].NotNext = append(p.inst.Shifts[i].NotNext, s)
			}
		}
	}
	return nil
}
