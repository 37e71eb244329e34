package erlang

import (
	"cmp"
	"math"
	"slices"
)

// Prices turn staffing into money. Amounts are in one currency; a zero field is
// no price, so that a Prices with a wage alone prices agents alone.
type Prices struct {
	WageHour float64 // of a regular agent, per hour present
	WaitHour float64 // of a customer waiting, per hour
	Abandon  float64 // of a customer who leaves, each
	Regular  int     // regular agents at most; 0 means any number

	// Partners take contacts over before they reach the queue; the cheapest is
	// used first, up to its limit.
	Partners []Partner
	// Flexible layers are called in on top of the regular agents, the cheapest
	// first, up to its limit. They cost their own price instead of the wage.
	Flexible []Layer

	// Lines limit who can wait: a call that finds all of them busy is lost. They
	// are counted where a line has a price or where there is a limit on them.
	LineHour float64 // of a line, per hour
	Lines    int     // lines at most; 0 means any number
	Blocked  float64 // of a call that finds no line, each; 0 means Abandon
}

// Partner is a company that takes contacts over.
type Partner struct {
	PerContact float64
	Share      float64 // of the contacts at most; 0 means all
	PerHour    float64 // contacts an hour at most; 0 means any number
}

// Layer is a group of agents who can be called in.
type Layer struct {
	Hour float64 // price of an agent per hour
	Most int     // agents at most; 0 means any number
}

// CostPlan is the least costly way to serve a load for an hour.
type CostPlan struct {
	Status  Status  // Unreachable where no way within the limits keeps the targets
	Agents  int     // regular
	Flex    int     // flexible, of all layers
	ByLayer []int   // flexible, by layer as in Prices
	Partner float64 // share of the contacts that goes to partners
	ByShare []float64
	Lines   int     // 0 where lines are not counted
	PerHour float64 // total cost of an hour

	// The parts of PerHour.
	Wages, Waiting, Lost, Overflow, LineRent float64

	Result Result // of the contacts that stay; PAbandon counts blocked calls too
}

const (
	// costSteps and costFine are how finely the share of the partners is tried: in
	// steps of a twentieth, then of a four-hundredth around the best.
	costSteps = 20
	costFine  = 20
	// costRising is how many numbers in a row must cost more before the search
	// stops: the service level of few agents is not convex.
	costRising = 3
)

// LeastCost returns the agents with the least cost of wages, waiting and lost
// customers, with the partners, flexible layers and lines that p allows, among
// those that keep every target of w.Settings (a zero target asks for nothing).
//
// For a given share of the partners the cost is followed in the number of agents
// from the load up and down until it rises: it is convex in the stable range, as
// waits are convex and wages linear (with layers, convex piecewise linear).
//
// Source: Borst, Mandelbaum and Reiman (2004), Dimensioning large call centers,
// for the trade of staffing against waiting costs.
func LeastCost(w WhatIf, p Prices) CostPlan {
	rate := 0.0 // contacts an hour
	if w.AHT > 0 {
		rate = 3600 * w.Load / w.AHT
	}
	most, order := p.partnerRoom(rate)
	best := CostPlan{PerHour: math.Inf(1), Status: Unreachable}
	start := -1
	try := func(away float64) {
		kept := w
		kept.Load *= 1 - away
		c := p.cheapest(kept, rate*(1-away), start)
		if c.Status != OK {
			return
		}
		start = c.Agents + c.Flex
		c.Partner = away
		c.ByShare, c.Overflow = p.overflow(order, away, rate)
		c.PerHour += c.Overflow
		if c.PerHour < best.PerHour {
			best = c
		}
	}
	try(0)
	if most <= 0 {
		return best
	}
	step := most / costSteps
	for i := 1; i <= costSteps; i++ {
		try(step * float64(i))
	}
	if best.Status != OK {
		return best
	}
	centre := best.Partner
	for i := -costFine + 1; i < costFine; i++ {
		if away := centre + step*float64(i)/costFine; i != 0 && away > 0 && away < most {
			try(away)
		}
	}
	return best
}

// partnerRoom returns the share of the contacts that partners may take together
// and the partners by price.
func (p Prices) partnerRoom(rate float64) (most float64, order []int) {
	for i, x := range p.Partners {
		order = append(order, i)
		most += x.limit(rate)
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(p.Partners[a].PerContact, p.Partners[b].PerContact) })
	return math.Min(1, most), order
}

// limit returns the share of rate contacts an hour that the partner takes at most.
func (x Partner) limit(rate float64) float64 {
	share := 1.0
	if x.Share > 0 && x.Share < 1 {
		share = x.Share
	}
	if x.PerHour > 0 && rate > 0 {
		share = math.Min(share, x.PerHour/rate)
	}
	return share
}

// overflow divides a share of the contacts over the partners, the cheapest first.
func (p Prices) overflow(order []int, away, rate float64) (by []float64, cost float64) {
	if len(order) == 0 {
		return nil, 0
	}
	by = make([]float64, len(order))
	for _, i := range order {
		by[i] = math.Min(away, p.Partners[i].limit(rate))
		away -= by[i]
		cost += by[i] * rate * p.Partners[i].PerContact
	}
	return by, cost
}

// wages returns who n agents are, the cheapest first, and what they cost for an
// hour. It reports whether so many are allowed at all.
func (p Prices) wages(n int) (regular int, by []int, cost float64, ok bool) {
	if len(p.Flexible) > 0 {
		by = make([]int, len(p.Flexible))
	}
	for _, i := range p.layers() {
		price, most, into := p.WageHour, p.Regular, &regular
		if i >= 0 {
			price, most, into = p.Flexible[i].Hour, p.Flexible[i].Most, &by[i]
		}
		k := n
		if most > 0 {
			k = min(k, most)
		}
		*into = k
		cost += price * float64(k)
		n -= k
	}
	return regular, by, cost, n == 0
}

// layers returns the layers by price; -1 are the regular agents, who come first
// among equals.
func (p Prices) layers() []int {
	order := make([]int, 0, len(p.Flexible)+1)
	for i := -1; i < len(p.Flexible); i++ {
		order = append(order, i)
	}
	price := func(i int) float64 {
		if i < 0 {
			return p.WageHour
		}
		return p.Flexible[i].Hour
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(price(a), price(b)) })
	return order
}

// allowed returns the number of agents that all layers have together.
func (p Prices) allowed() int {
	if p.Regular == 0 {
		return math.MaxInt32
	}
	sum := p.Regular
	for _, l := range p.Flexible {
		if l.Most == 0 {
			return math.MaxInt32
		}
		sum += l.Most
	}
	return sum
}

// cheapest finds the number of agents for the contacts that stay, rate an hour,
// walking up and down from start (below 0: from the load).
func (p Prices) cheapest(w WhatIf, rate float64, start int) CostPlan {
	st := newStation(w.Load, w.AHT, w.Settings)
	least := w.Settings.Minimum
	need := int(w.Load) + 1
	if !w.Settings.Target.none() {
		n, _, status := st.size()
		if status != OK {
			return CostPlan{Status: status, PerHour: math.Inf(1)}
		}
		need = n
	}
	limit := min(p.allowed(), need+int(w.Load+20*math.Sqrt(w.Load))+20+least)
	if start < 0 {
		start = need
	}
	start = min(limit, max(least, start))
	best := p.cost(st, w.Settings, start, rate)
	walk := func(step int) {
		rising := 0
		for n := start + step; n >= least && n <= limit && rising < costRising; n += step {
			c := p.cost(st, w.Settings, n, rate)
			switch {
			case c.PerHour < best.PerHour:
				best, rising = c, 0
			case !math.IsInf(best.PerHour, 1):
				rising++
			case step < 0:
				return // fewer agents do not keep what more do not
			}
		}
	}
	walk(+1)
	walk(-1)
	return best
}

// cost returns what n agents cost for an hour; +Inf with status Unreachable where
// they are not allowed or do not keep the targets.
func (p Prices) cost(st station, s Settings, n int, rate float64) CostPlan {
	c := CostPlan{}
	bad := CostPlan{Status: Unreachable, PerHour: math.Inf(1)}
	var ok bool
	if c.Agents, c.ByLayer, c.Wages, ok = p.wages(n); !ok || n < s.Minimum {
		return bad
	}
	c.Flex = n - c.Agents
	c.PerHour = c.Wages
	if !(st.load.Erlangs > 0) {
		c.Result = st.at(float64(n), 1)
		return c
	}
	if (p.LineHour > 0 || p.Lines > 0) && st.model != ModelChat {
		return p.withLines(st, s, n, rate, c)
	}
	c.Result = st.at(float64(n), 1)
	c.Waiting, c.Lost = p.WaitHour*c.Result.Queue, p.Abandon*rate*c.Result.PAbandon
	c.PerHour += c.Waiting + c.Lost
	if c.Result.Status != OK || math.IsNaN(c.PerHour) || !keepsIfAsked(c.Result, s.Target) {
		return bad
	}
	return c
}

// keepsIfAsked reports whether r keeps every target that is set.
func keepsIfAsked(r Result, t Target) bool { return t.none() || r.Meets(t) }

// withLines finds the number of lines for n agents: as many as are allowed where
// lines cost nothing, else the least costly number. The service level is over
// all offered calls, a blocked one being a miss; redials are not followed.
func (p Prices) withLines(st station, s Settings, n int, rate float64, c CostPlan) CostPlan {
	best := CostPlan{Status: Unreachable, PerHour: math.Inf(1)}
	blocked := p.Blocked
	if blocked == 0 {
		blocked = p.Abandon
	}
	top := p.Lines
	if top == 0 {
		top = n + int(st.load.Erlangs*2+20*math.Sqrt(st.load.Erlangs)) + 20
	}
	from := n
	if p.LineHour == 0 {
		from = max(n, top) // lines cost nothing: all of them
	}
	rising := 0
	for k := max(1, from); k <= top && rising < costRising; k++ {
		l := WithLines(st.load.Erlangs, n, k, st.load.AHT, st.load.Patience, st.target.Within.Seconds())
		x := c
		x.Lines = k
		x.Result = Result{
			Model: st.model, Definition: Offered, Agents: float64(n), Erlangs: st.load.Erlangs, ServiceLevel: l.ServiceLevel,
			PWait: l.PWait, PAbandon: l.PAbandon + l.PBlock, ASA: l.ASA, Occupancy: l.Occupancy, Queue: l.Queue,
		}
		x.Waiting = p.WaitHour * l.Queue
		x.Lost = rate * (p.Abandon*l.PAbandon + blocked*l.PBlock)
		x.LineRent = p.LineHour * float64(k)
		x.PerHour = x.Wages + x.Waiting + x.Lost + x.LineRent
		switch {
		case math.IsNaN(x.PerHour) || !keepsIfAsked(x.Result, s.Target):
		case x.PerHour < best.PerHour:
			best, rising = x, 0
		default:
			rising++
		}
	}
	return best
}
