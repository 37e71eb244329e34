package bench

import (
	"cmp"
	"math"
	"slices"
)

// loosen frees the days on which the last line, of staff k, does not keep what is
// fixed: where no line keeps all of it, less is fixed.
func (v *diver) loosen(k int) {
	days := v.lines[len(v.lines)-1]
	for d, t := range days {
		if f := &v.fixed[k*len(days)+d]; *f != t {
			*f = free
		}
	}
}

// choose fixes what the master agrees on and returns how many days of staff are
// not yet decided. Nothing is fixed when all lines are whole.
func (v *diver) choose(threshold float64, pace *pace) (fractional int) {
	days, n := v.to-v.from, len(v.staff)
	types := v.p.types + 1
	v.share = slices.Grow(v.share[:0], n*days*types)[:n*days*types]
	clear(v.share)
	whole := make([]bool, n)
	for l, x := range v.x {
		if x < 1e-6 {
			continue
		}
		k := int(v.owner[l])
		whole[k] = whole[k] || x > wholeWeight
		for d, t := range v.lines[l] {
			v.share[(k*days+d)*types+int(t)+1] += x
		}
	}
	v.agreed = v.agreed[:0]
	open := 0
	fixes := 0
	for k := range n {
		undecided := open
		for d := range days {
			i := k*days + d
			if v.fixed[i] != free {
				continue
			}
			best, what := 0.0, free
			for t, x := range v.share[i*types : (i+1)*types] {
				if x > best {
					best, what = x, int16(t-1)
				}
			}
			if best >= wholeWeight {
				v.fixed[i] = what
			} else {
				open++
				if best >= threshold || !whole[k] {
					v.agreed = append(v.agreed, agreement{i, what, best})
				}
				if best >= threshold {
					fixes++
				}
			}
		}
		// Weight may be split between equal lines: those with all days decided are whole.
		if !whole[k] && open > undecided {
			fractional++
		}
	}
	if fractional == 0 {
		return 0
	}
	// Those with the largest share come first.
	share := pace.share(float64(open) / float64(n*days))
	least := max(int(float64(open)*share), 1)
	most := max(int(float64(open)*max(share, capShare)), 1)
	slices.SortFunc(v.agreed, func(a, b agreement) int {
		return cmp.Or(cmp.Compare(b.share, a.share), a.at-b.at)
	})
	for _, a := range v.agreed[:min(max(fixes, least), most, len(v.agreed))] {
		v.fixed[a.at] = a.what
	}
	return fractional
}

// stepShare and capShare are the least and the largest part of the days not yet decided that one step of a dive
// fixes.
const (
	stepShare = 0.05
	capShare  = 0.08
)

// pace says how much of a dive is to be fixed per step so that it ends in time.
type pace struct {
	left  func() float64
	first float64 // what was left at the first step
	last  float64 // the last share
	steps float64
}

// share returns the part of the days still open, themselves a part open of all, that
// the next step fixes at least.
func (p *pace) share(open float64) float64 {
	p.last = p.next(open)
	return p.last
}

func (p *pace) next(open float64) float64 {
	if p.left == nil {
		return stepShare
	}
	left := p.left()
	if p.steps == 0 {
		p.first = left
	}
	used := p.first - left
	p.steps++
	if used <= 0 || open <= lastOpen {
		return stepShare
	}
	// Steps of equal share take a number in proportion to the logarithm of what is open.
	steps := left / (used / (p.steps - 1))
	return min(max(math.Log(open/lastOpen)/max(steps, 1), stepShare), 0.5)
}

// lastOpen is the part of the days still open at which a dive is about over.
const lastOpen = 0.01

// agreement is the assignment that most of the weight agrees on.
type agreement struct {
	at    int // index in diver.fixed
	what  int16
	share float64
}

// wholeWeight is the weight from which a line is taken for chosen.
const wholeWeight = 0.999
