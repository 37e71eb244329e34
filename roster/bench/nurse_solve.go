package bench

import (
	"context"
	"fmt"
	"slices"
	"time"

	"kcc/roster/line"
)

// NurseResult is the best roster found for an INRC-II problem.
type NurseResult struct {
	Duties    Duties
	Broken    []string // hard rules that the roster breaks: minimum cover only
	Objective int64    // without what Broken would cost
	Cost      NurseCost
	Bound     int64
	Elapsed   time.Duration
	Limited   bool
}

// priceMin is the price per nurse missing from a minimum cover, a hard rule: more
// than any single change of a line can gain.
const priceMin = 1000

// SolveNurses finds duties for an INRC-II problem and a lower bound. Skills and
// successions are always kept; a minimum cover that could not be met is in
// Broken. When ctx ends it returns the best roster so far and the context's error.
func SolveNurses(ctx context.Context, n *Nurses, opt Options) (*NurseResult, error) {
	p, err := newNurseProblem(n)
	if err != nil {
		return nil, err
	}
	r, best, err := p.search(ctx, opt)
	if r == nil {
		return nil, err
	}
	out := &NurseResult{Bound: r.Bound, Elapsed: r.Elapsed, Limited: r.Limited}
	skills := int16(len(n.Skills))
	for _, l := range best.lines {
		line := make([]Duty, n.Days())
		for d, t := range l {
			if line[d] = (Duty{Off, Off}); t != Off {
				line[d] = Duty{t / skills, t % skills}
			}
		}
		out.Duties = append(out.Duties, line)
	}
	out.Broken, out.Cost = CheckNurses(n, out.Duties)
	out.Objective = out.Cost.Sum()
	if len(out.Broken) == 0 && out.Objective*int64(p.scale) != best.cost {
		return nil, fmt.Errorf("the search counts %d/%d, the checker %d", best.cost, p.scale, out.Objective)
	}
	return out, err
}

// newNurseProblem turns duties, pairs of shift and skill, into the shift types of
// a staff-scheduling problem whose rules are soft.
func newNurseProblem(n *Nurses) (*problem, error) {
	inst := &Instance{Days: n.Days()}
	for _, s := range n.Shifts {
		for _, k := range n.Skills {
			inst.Shifts = append(inst.Shifts, Shift{ID: s.ID + " " + k, Minutes: 1})
		}
	}
	types, skills := len(inst.Shifts), len(n.Skills)
	for _, v := range n.Staff {
		e := Employee{ID: v.ID, MaxShifts: make([]int, types)}
		for t := range types {
			if slices.Contains(v.Skills, t%skills) {
				e.MaxShifts[t] = n.Days()
			}
		}
		inst.Staff = append(inst.Staff, e)
	}
	for _, w := range n.Wishes {
		for t := range types {
			if w.Shift < 0 || w.Shift == t/skills {
				inst.Off = append(inst.Off, Request{Employee: w.Nurse, Day: w.Day, Shift: t, Weight: priceWish})
			}
		}
	}
	for _, c := range n.Cover {
		k := Cover{Day: c.Day, Shift: c.Shift*skills + c.Skill, Need: c.Best, Under: priceCover}
		if c.Best > 0 {
			inst.Cover = append(inst.Cover, k)
		}
		if c.Min > 0 {
			k.Need, k.Under = c.Min, priceMin
			inst.Cover = append(inst.Cover, k)
		}
	}
	p, err := newProblem(inst, costScale)
	if err != nil {
		return nil, err
	}
	p.typical = priceCover
	p.commonUnit(priceSameRun, priceWorkRun, priceFreeRun, priceComplete, priceTotal, priceWeekend)
	for e := range p.wish {
		for i, t := 0, 0; i < len(p.wish[e]); i, t = i+1, (t+1)%types {
			if inst.Staff[e].MaxShifts[t] == 0 {
				p.wish[e][i] = line.Never
			}
		}
	}
	for t := range types {
		p.shifts = append(p.shifts, int16(t/skills))
	}
	return p, p.softRules(n)
}

// softRules prepares the rules of every nurse.
func (p *problem) softRules(n *Nurses) error {
	forbidden := make([][]bool, len(n.Shifts))
	var runs []line.Span
	for a, s := range n.Shifts {
		forbidden[a] = make([]bool, len(n.Shifts))
		for _, b := range s.NotNext {
			forbidden[a][b] = true
		}
		runs = append(runs, line.Span{Min: s.MinRun, Max: s.MaxRun, Price: priceSameRun * p.scale})
	}
	for _, v := range n.Staff {
		c := n.Contracts[v.Contract]
		broken := int32(0)
		if c.Complete {
			broken = priceComplete * p.scale
		}
		m, err := line.NewSoft(line.SoftRules{
			Days: p.days, Saturday: 5, Forbidden: forbidden, Shift: runs,
			Work:     line.Span{Min: c.MinWork, Max: c.MaxWork, Price: priceWorkRun * p.scale},
			Free:     line.Span{Min: c.MinFree, Max: c.MaxFree, Price: priceFreeRun * p.scale},
			Total:    line.Span{Min: c.MinTotal, Max: c.MaxTotal, Price: priceTotal * p.scale},
			Weekends: line.Span{Max: c.MaxWeekends, Price: priceWeekend * p.scale},
			Broken:   broken,
			History: line.History{
				Last: int16(v.Last), Same: v.Same, Work: v.Work, Off: v.Free, Total: v.Total, Weekends: v.Weekends,
			},
		})
		if err != nil {
			return fmt.Errorf("nurse %s: %w", v.ID, err)
		}
		p.soft = append(p.soft, m)
	}
	return nil
}
