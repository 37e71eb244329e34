package channel

import (
	"cmp"
	"slices"
)

// Change is how the contacts of one channel changed between two periods, divided
// into what caused it. The three parts add up to the change.
type Change struct {
	Channel       string
	Before, After float64 // contacts, per week or in all
	Volume        float64 // as there were more or fewer contacts in all
	Topics        float64 // as other subjects came up
	Choice        float64 // as customers chose another channel for the same subject
}

// Counts are contacts by channel and subject.
type Counts map[string]map[string]float64

// Add counts contacts.
func (c Counts) Add(channel, subject string, n float64) {
	if c[channel] == nil {
		c[channel] = map[string]float64{}
	}
	c[channel][subject] += n
}

// totals returns the contacts per subject and in all.
func (c Counts) totals() (bySubject map[string]float64, all float64) {
	bySubject = map[string]float64{}
	for _, m := range c {
		for s, n := range m {
			bySubject[s] += n
			all += n
		}
	}
	return bySubject, all
}

// Shift divides the change of every channel from one period to the next. With N
// contacts in all, w(s) the share of subject s and p(c|s) the share of channel c
// in it,
//
//	contacts(c) = Σ_s N · w(s) · p(c|s),
//
// and each factor gets its Shapley value: the mean, over all orders in which the
// factors can change, of what it adds. That leaves no rest and favours no factor.
// For a product xyz the part of x is Δx·((y0z0 + y1z1)/3 + (y0z1 + y1z0)/6).
// A subject that one period lacks takes its choice of channel from the other.
func Shift(before, after Counts) []Change {
	s0, n0 := before.totals()
	s1, n1 := after.totals()
	names := map[string]bool{}
	for c := range before {
		names[c] = true
	}
	for c := range after {
		names[c] = true
	}
	subjects := map[string]bool{}
	for s := range s0 {
		subjects[s] = true
	}
	for s := range s1 {
		subjects[s] = true
	}
	list := make([]string, 0, len(subjects))
	for s := range subjects {
		list = append(list, s)
	}
	slices.Sort(list)
	var out []Change
	for c := range names {
		ch := Change{Channel: c}
		for _, s := range list {
			a, b := before[c][s], after[c][s]
			ch.Before += a
			ch.After += b
			w0, w1 := part(s0[s], n0), part(s1[s], n1)
			p0, p1 := part(a, s0[s]), part(b, s1[s])
			if s0[s] == 0 {
				p0 = p1
			}
			if s1[s] == 0 {
				p1 = p0
			}
			ch.Volume += shapley(n0, n1, w0, w1, p0, p1)
			ch.Topics += shapley(w0, w1, n0, n1, p0, p1)
			ch.Choice += shapley(p0, p1, n0, n1, w0, w1)
		}
		out = append(out, ch)
	}
	slices.SortFunc(out, func(a, b Change) int { return cmp.Or(cmp.Compare(b.After, a.After), cmp.Compare(a.Channel, b.Channel)) })
	return out
}

func shapley(x0, x1, y0, y1, z0, z1 float64) float64 {
	return (x1 - x0) * ((y0*z0+y1*z1)/3 + (y0*z1+y1*z0)/6)
}

func part(a, b float64) float64 {
	if b == 0 {
		return 0
	}
	return a / b
}

// PriceChange is how the mean cost of a contact changed, by channel: as the
// channel has another share, or another cost. The parts of all channels add up
// to the change of the mean.
type PriceChange struct {
	Channel                 string
	ShareBefore, ShareAfter float64
	CostBefore, CostAfter   float64 // per contact
	ByMix, ByPrice          float64
}

// Prices divides the change of the mean cost per contact. A channel that one
// period lacks takes its cost from the other; its part of the mix is measured
// against the mean of both periods, so that a dearer channel that grows counts
// as dearer.
func Prices(before, after []Line) (list []PriceChange, costBefore, costAfter float64) {
	type sums struct{ contacts, cost float64 }
	add := func(lines []Line) (map[string]sums, sums) {
		m, all := map[string]sums{}, sums{}
		for i := range lines {
			l := &lines[i]
			s := m[l.Keys[0]]
			m[l.Keys[0]] = sums{s.contacts + l.Contacts, s.cost + l.Cost}
			all = sums{all.contacts + l.Contacts, all.cost + l.Cost}
		}
		return m, all
	}
	b, allB := add(before)
	a, allA := add(after)
	costBefore, costAfter = part(allB.cost, allB.contacts), part(allA.cost, allA.contacts)
	mean := (costBefore + costAfter) / 2
	names := map[string]bool{}
	for c := range b {
		names[c] = true
	}
	for c := range a {
		names[c] = true
	}
	for c := range names {
		p := PriceChange{
			Channel: c, ShareBefore: part(b[c].contacts, allB.contacts), ShareAfter: part(a[c].contacts, allA.contacts),
			CostBefore: part(b[c].cost, b[c].contacts), CostAfter: part(a[c].cost, a[c].contacts),
		}
		if b[c].contacts == 0 {
			p.CostBefore = p.CostAfter
		}
		if a[c].contacts == 0 {
			p.CostAfter = p.CostBefore
		}
		p.ByMix = (p.ShareAfter - p.ShareBefore) * ((p.CostBefore+p.CostAfter)/2 - mean)
		p.ByPrice = (p.ShareBefore + p.ShareAfter) / 2 * (p.CostAfter - p.CostBefore)
		list = append(list, p)
	}
	slices.SortFunc(list, func(x, y PriceChange) int {
		return cmp.Or(cmp.Compare(y.ShareAfter, x.ShareAfter), cmp.Compare(x.Channel, y.Channel))
	})
	return list, costBefore, costAfter
}
