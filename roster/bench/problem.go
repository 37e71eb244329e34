package bench

import (
	"errors"
	"fmt"
	"slices"

	"kcc/roster/line"
)

// ErrInfeasible is returned when the rules of some employee leave no line of work.
var ErrInfeasible = errors.New("no feasible roster")

// problem is an instance prepared for the search. Costs are whole numbers of
// 1/scale of the instance's weights. It does not change.
type problem struct {
	inst  *Instance
	days  int
	types int
	staff int
	scale int32

	models    []*line.Model // hard rules per employee, or
	light     []*line.Model // hard rules without those of the whole line, where their table is too large
	soft      []*line.Soft  // rules with prices per employee, where types are duties:
	shifts    []int16       // the shift of each type
	wish      [][]int32     // per employee: cost of a shift by day and type, relative to none
	base      int64         // what the requests cost when nobody works
	slopes    []int32       // per cell (day and type) and number present: cost of one more
	empty     int64         // what the cover costs when nobody works
	steepest  int32         // largest slope, of either sign
	dearWish  int32         // largest wish, of either sign
	lengths   []int         // minutes per type
	forbidden [][]bool      // whether the second type may not follow the first
	typical   float64       // typical weight of cover, 0 = the mean of the instance's
	unit      int64         // every cost of a roster is a multiple of it
}

// cells returns the number of pairs of day and shift type.
func (p *problem) cells() int { return p.days * p.types }

// slope returns the cost of one more person on a cell where n are.
func (p *problem) slope(cell int, n int32) int32 { return p.slopes[cell*p.staff+int(n)] }

// maxTotal bounds the cost of one line of work, so that it fits line.Never.
const maxTotal = int64(line.Never) / 8

// newProblem prepares the costs of inst, not its rules, in 1/scale of its weights
// or coarser when the weights are so large that the sums of a line would not fit.
func newProblem(inst *Instance, scale int32) (*problem, error) {
	p := &problem{inst: inst, days: inst.Days, types: len(inst.Shifts), staff: len(inst.Staff)}
	if p.types > 1<<15-1 {
		return nil, fmt.Errorf("%d shift types: want at most %d", p.types, 1<<15-1)
	}
	under, over := make([]int64, p.cells()), make([]int64, p.cells())
	for _, c := range inst.Cover {
		under[c.Day*p.types+c.Shift] += int64(c.Under)
		over[c.Day*p.types+c.Shift] += int64(c.Over)
	}
	wishes := make([]map[int]int64, p.staff)
	add := func(r Request, sign int64) {
		if wishes[r.Employee] == nil {
			wishes[r.Employee] = map[int]int64{}
		}
		wishes[r.Employee][r.Day*p.types+r.Shift] += sign * int64(r.Weight)
	}
	for _, r := range inst.On {
		add(r, -1)
	}
	for _, r := range inst.Off {
		add(r, 1)
	}
	var most, wish int64
	for i := range under {
		most = max(most, under[i], over[i])
	}
	for _, w := range wishes {
		for _, v := range w {
			wish = max(wish, v, -v)
		}
	}
	p.scale = scale
	for p.scale > 1 && (most+wish)*int64(p.scale)*int64(p.days) > maxTotal {
		p.scale /= 2
	}
	if (most+wish)*int64(p.days) > maxTotal {
		return nil, fmt.Errorf("weights of up to %d over %d days are too large to add up: divide all weights by a common number", most+wish, p.days)
	}
	p.dearWish = int32(wish) * p.scale
	for i := range under {
		p.commonUnit(under[i], over[i])
	}
	for _, w := range wishes {
		for _, v := range w {
			p.commonUnit(v)
		}
	}
	p.wish = make([][]int32, p.staff)
	for e := range p.wish {
		p.wish[e] = make([]int32, p.cells())
		for i, v := range wishes[e] {
			p.wish[e][i] = int32(v) * p.scale
		}
	}
	for _, r := range inst.On {
		p.base += int64(r.Weight) * int64(p.scale)
	}
	p.slopes = make([]int32, p.cells()*p.staff)
	for _, c := range inst.Cover {
		cell := c.Day*p.types + c.Shift
		for n := range p.staff {
			if n < c.Need {
				p.slopes[cell*p.staff+n] -= int32(c.Under) * p.scale
			} else {
				p.slopes[cell*p.staff+n] += int32(c.Over) * p.scale
			}
		}
		p.empty += int64(c.Need) * int64(c.Under) * int64(p.scale)
	}
	p.steepest = p.scale
	for _, s := range p.slopes {
		p.steepest = max(p.steepest, s, -s)
	}
	return p, nil
}

// commonUnit lowers the unit to one that divides weights, too.
func (p *problem) commonUnit(weights ...int64) {
	for _, w := range weights {
		for w *= int64(p.scale); w != 0; {
			p.unit, w = w, p.unit%w
		}
	}
	p.unit = max(p.unit, -p.unit)
}

// newHard prepares inst with its hard rules.
func newHard(inst *Instance, scale int32) (*problem, error) {
	p, err := newProblem(inst, scale)
	if err != nil {
		return nil, err
	}
	return p, p.compile()
}

// penalty returns what the line of e costs by its soft rules.
func (p *problem) penalty(e int, types []int16, w *worker) int64 {
	if p.soft == nil {
		return int64(p.models[e].Penalty(types))
	}
	return int64(p.soft[e].Penalty(w.shiftsOf(p, types)))
}

// rules returns the rules of employee i.
func (p *problem) rules(i int) line.Rules {
	e := &p.inst.Staff[i]
	off := make([]bool, p.days)
	for _, d := range e.DaysOff {
		off[d] = true
	}
	return line.Rules{
		Days: p.days, Saturday: 5, Lengths: p.lengths, Forbidden: p.forbidden, MaxCount: e.MaxShifts,
		MinMinutes: e.MinMinutes, MaxMinutes: e.MaxMinutes, MinRun: e.MinRun, MaxRun: e.MaxRun,
		MinOff: e.MinOff, MaxWeekends: e.MaxWeekends, DayOff: off,
	}
}

// freeRules returns the rules of employee e for so many days with so many weekends, without
// minimum of minutes and without maxima of the shift types that e may work.
func (p *problem) freeRules(e, days, weekends int) line.Rules {
	r := p.rules(e)
	r.Days, r.MinMinutes, r.MaxWeekends, r.MaxCount = days, 0, weekends, slices.Clone(r.MaxCount)
	for t, n := range r.MaxCount {
		r.MaxCount[t] = min(n, 1) * days
	}
	return r
}

// compile prepares the rules of every employee.
func (p *problem) compile() error {
	p.forbidden, p.lengths = make([][]bool, p.types), make([]int, p.types)
	for a, s := range p.inst.Shifts {
		p.lengths[a] = s.Minutes
		p.forbidden[a] = make([]bool, p.types)
		for _, b := range s.NotNext {
			p.forbidden[a][b] = true
		}
	}
	for i := range p.inst.Staff {
		m, err := line.New(p.rules(i))
		if err != nil {
			return fmt.Errorf("%w: employee %s: %w", ErrInfeasible, p.inst.Staff[i].ID, err)
		}
		p.models = append(p.models, m)
		p.light = append(p.light, p.lighten(i))
	}
	return nil
}

// state is a roster in the search: lines, people present per cell, cost.
type state struct {
	lines   [][]int16
	present []int32
	cost    int64 // in 1/scale
}

// newState returns the state of a roster.
func (p *problem) newState(r Roster) *state {
	s := &state{lines: r.Clone(), present: make([]int32, p.cells()), cost: p.base + p.empty}
	w := &worker{}
	for e, l := range s.lines {
		s.cost += p.penalty(e, l, w)
		for d, t := range l {
			if t != Off {
				s.cost += p.add(s.present, e, d, t)
			}
		}
	}
	return s
}

// add puts employee e on shift t of day d and returns the change in cost.
func (p *problem) add(present []int32, e, d int, t int16) int64 {
	cell := d*p.types + int(t)
	c := p.slope(cell, present[cell]) + p.wish[e][cell]
	present[cell]++
	return int64(c)
}

// remove takes employee e from shift t of day d and returns the change in cost.
func (p *problem) remove(present []int32, e, d int, t int16) int64 {
	cell := d*p.types + int(t)
	present[cell]--
	return -int64(p.slope(cell, present[cell]) + p.wish[e][cell])
}

// replace puts the days from..to-1 of line in place of those of employee e and
// returns the change in the cost of cover and requests.
func (p *problem) replace(s *state, e, from, to int, line []int16) int64 {
	var delta int64
	old := s.lines[e]
	for d := from; d < to; d++ {
		if old[d] == line[d] {
			continue
		}
		if old[d] != Off {
			delta += p.remove(s.present, e, d, old[d])
		}
		if line[d] != Off {
			delta += p.add(s.present, e, d, line[d])
		}
		old[d] = line[d]
	}
	return delta
}

func (s *state) roster() Roster { return Roster(s.lines).Clone() }
