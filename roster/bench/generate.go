package bench

import (
	"context"
	"math"
	"slices"

	"kcc/roster/line"
)

// fixPrice returns what the exact programme takes, in 1/scale, for a day on which a
// line does not keep what is fixed: far more than the cover of a shift brings.
func (v *diver) fixPrice() int32 {
	return min(10*v.p.steepest, line.Never/8/int32(v.to-v.from))
}

// price finds the cheapest line of staff k at v.prices and puts it into v.next[k]
// and its least cost into v.lower[k].
func (v *diver) price(w *worker, k int) {
	p, e := v.p, v.staff[k]
	first, scale := v.from*p.types, float64(p.scale)
	cost := w.cost[:len(v.present)]
	wish := p.wish[e][first:]
	for i := range cost {
		cost[i] = wish[i] - int32(math.Round(v.prices[i]*scale))
	}
	constant := v.priceLinks(w, k, cost)
	extra := v.fixPrice()
	for d := range v.to - v.from {
		row := cost[d*p.types : (d+1)*p.types]
		switch f := v.fixed[k*(v.to-v.from)+d]; {
		case f == Off:
			for t := range row {
				row[t] += extra
			}
		case f >= 0:
			row[f] -= extra
			constant += int64(extra)
		}
	}
	copy(v.next[k], v.current[k])
	if c, ok := v.decided(w, k, cost); ok {
		v.lower[k] = c + constant
		return
	}
	if v.linked(k) {
		if best, ok := w.solver.Relaxed(p.light[e], v.current[k], v.from, v.to, cost, v.next[k]); ok {
			v.lower[k] = int64(best) + constant
			return
		}
	} else if p.soft == nil {
		if _, ok := w.solver.Best(p.models[e], v.current[k], v.from, v.to, cost, v.next[k]); ok {
			v.lower[k] = int64(w.solver.Lower) + constant
			return
		}
	} else {
		shifts := w.shiftsOf(p, v.current[k])
		if best, ok := w.soft.Best(p.soft[e], shifts, v.from, v.to, cost, p.shifts, shifts, v.next[k][v.from:v.to]); ok {
			v.lower[k] = int64(best) + constant
			return
		}
	}
	v.lower[k] = math.MinInt32 // the table is too large: no line, no bound
	copy(v.next[k], v.current[k])
}

// decided puts the only line of staff k into v.next[k] when soft rules leave it and all
// its days are fixed, and returns what it costs.
func (v *diver) decided(w *worker, k int, cost []int32) (total int64, ok bool) {
	days := v.to - v.from
	all := v.fixed[k*days : (k+1)*days]
	if v.p.soft == nil || slices.Contains(all, free) {
		return 0, false
	}
	copy(v.next[k][v.from:v.to], all)
	penalty := v.p.penalty(v.staff[k], v.next[k], w)
	if penalty >= int64(line.Never/2) {
		copy(v.next[k], v.current[k])
		return 0, false
	}
	for d, t := range all {
		if t != Off {
			penalty += int64(cost[d*v.p.types+int(t)])
		}
	}
	return penalty, true
}

// bound prices all staff at v.prices and returns the Lagrangian bound of the part.
func (v *diver) bound(ctx context.Context) int64 {
	each(v.crew, 0, len(v.staff), func(w *worker, k int) {
		if ctx.Err() == nil {
			v.price(w, k)
		}
	})
	if ctx.Err() != nil {
		return math.MinInt64
	}
	total := v.base
	for _, l := range v.lower {
		total += l
	}
	p, first := v.p, v.from*v.p.types
	for i := range v.present {
		if v.row[i] < 0 {
			continue // nobody comes
		}
		price := int32(math.Round(v.prices[i] * float64(p.scale)))
		for z := int32(0); z < int32(len(v.staff)); z++ {
			c := int64(p.slope(first+i, v.present[i]+z)) + int64(price)
			if c >= 0 {
				break
			}
			total += c
		}
	}
	return total
}

// generate solves the master and adds lines until the bound is within tolerance of
// its value, the value is no more than enough, rounds are over, or no roster of the part
// can cost at most cutoff. The prices of a round are those of the master, moved by smooth (0..1) towards those
// with the best bound so far (P. Wentges, "Weighted Dantzig-Wolfe decomposition for
// linear mixed-integer programming", 1997). It returns the value of the master in
// weights and the bound in 1/scale, math.MinInt64 if there is none.
func (v *diver) generate(ctx context.Context, rounds int, smooth, tolerance, enough float64, cutoff int64) (value float64, bound int64) {
	scale := float64(v.p.scale)
	bound = math.MinInt64
	plain := smooth == 0
	if !v.exact && !plain {
		for i, y := range v.center {
			v.m.w[i] = -y
		}
	}
	risen := 0
	for r := range rounds {
		value = v.solve(ctx)
		if value <= enough {
			return value, bound
		}
		if !v.exact {
			tolerance = max(tolerance, 2*v.close)
		}
		switch {
		case r == 0 && !plain:
			copy(v.prices, v.center)
		case plain:
			v.mixPrices(0)
		default:
			v.mixPrices(smooth)
		}
		l := v.bound(ctx)
		if ctx.Err() != nil || v.spent() {
			return value, bound
		}
		if l > bound {
			if float64(l-bound)/scale > max(v.close, diveSlack)/4 {
				risen = r
			}
			bound = l
			copy(v.center, v.prices)
		}
		if bound > cutoff || value-float64(bound)/scale < tolerance {
			return value, bound
		}
		added := v.extend(v.crew[0])
		v.thin()
		if added == 0 && plain && v.solved() || !v.exact && r-risen > stalled {
			return value, bound
		}
		plain = added == 0 || smooth == 0
	}
	return v.solve(ctx), bound
}

// stalled is the number of rounds without a better bound after which an inexact master
// will not find one any more.
const stalled = 15

// spent reports whether the work allowed is done.
func (v *diver) spent() bool { return v.left != nil && v.left() <= 0 }
