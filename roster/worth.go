package roster

// worth returns what presence of an agent costs in the slots from one to another if
// the agent's shifts on the days first..last of a plan that is in the cover were taken
// out; nil is a plan without shifts. Where the agent is present one head more costs
// then what one head less saves now, so that nothing needs to be moved to know it. The
// result is good until the next call.
func (l *lane) worth(agent int, old *plan, first, last, from, to int) []float64 {
	m, ma := l.m, &l.m.agents[agent]
	v := l.cov.valuesIn(ma.group, from, to)
	if old == nil || len(m.groups[ma.group].skills) == 0 {
		return v
	}
	if l.without == nil {
		l.without = make([]float64, m.slots)
	}
	copy(l.without[from:to], v[from:to]) // the rest may be in the other lane's hands
	for d := first; d <= last; d++ {
		if i := old.opts[d]; i != noOption {
			m.present(ma.option(d, i), old.brks[d], func(slot int) {
				if slot >= from && slot < to {
					l.without[slot] = -l.cov.removal(slot, ma.group)
				}
			})
		}
	}
	return l.without
}

// changes returns what the cover and the demand per shift would cost more with a plan
// in the place of another on some days.
func (l *lane) changes(agent int, old, p *plan, first, last int) (sum float64) {
	ma := &l.m.agents[agent]
	for d := first; d <= last; d++ {
		l.compare(ma, d, old, p)
		sum += l.slotCost(ma.group) + l.countCost(ma, d, old.opts[d], p.opts[d])
	}
	return sum
}

// compare fills was and is with the slots of a day that an agent leaves and comes to
// with a plan in the place of another.
func (l *lane) compare(ma *mAgent, d int, old, p *plan) {
	var o, q *option
	if i := old.opts[d]; i != noOption {
		o = ma.option(d, i)
	}
	if j := p.opts[d]; j != noOption {
		q = ma.option(d, j)
	}
	l.was, l.is = l.m.differ(o, old.brks[d], q, p.brks[d], l.was[:0], l.is[:0])
}

// slotCost returns what it costs that one agent of a group leaves the slots was and
// comes to the slots is.
func (l *lane) slotCost(group int) (sum float64) {
	for _, slot := range l.was {
		sum += l.cov.removal(slot, group)
	}
	for _, slot := range l.is {
		sum += l.cov.value(slot, group)
	}
	return sum
}

// countCost returns what the demand per shift costs more when an agent works option j
// instead of i.
func (l *lane) countCost(ma *mAgent, d int, i, j int32) (sum float64) {
	for _, s := range l.m.byDay[d] {
		if by := l.m.countsMore(ma, d, s, i, j); by != 0 {
			n, x := l.cov.count[s], l.m.shiftD[s].d
			sum += x.Cost(float64(n+by)) - x.Cost(float64(n))
		}
	}
	return sum
}

// carry takes an agent out of the slots was and puts it into the slots is, with its
// shift on a day going from option i to j. The skills of the slots are put in order as
// well as possible.
func (l *lane) carry(ma *mAgent, d int, i, j int32) {
	for _, slot := range l.was {
		l.cov.remove(slot, ma.group)
		if !l.m.uniform {
			l.cov.tidySlot(slot)
		}
	}
	for _, slot := range l.is {
		l.cov.add(slot, ma.group)
		if !l.m.uniform {
			l.cov.tidySlot(slot)
		}
	}
	for _, s := range l.m.byDay[d] {
		if by := l.m.countsMore(ma, d, s, i, j); by != 0 {
			l.count(s, by)
		}
	}
}

// differ appends the slots in which only the one of two shifts is present, and those
// in which only the other is; nil is a day off.
func (m *model) differ(o *option, ob []placed, q *option, qb []placed, was, is []int) ([]int, []int) {
	none := option{start: m.slots}
	if o == nil {
		o = &none
	}
	if q == nil {
		q = &none
	}
	from, to := max(0, min(o.start, q.start)), min(max(o.start+o.n, q.start+q.n), m.slots)
	i, j := 0, 0
	for t := from; t < to; t++ {
		for i < len(ob) && t >= ob[i].start+ob[i].n {
			i++
		}
		for j < len(qb) && t >= qb[j].start+qb[j].n {
			j++
		}
		x := t >= o.start && t < o.start+o.n && (i == len(ob) || t < ob[i].start)
		y := t >= q.start && t < q.start+q.n && (j == len(qb) || t < qb[j].start)
		if x && !y {
			was = append(was, t)
		} else if y && !x {
			is = append(is, t)
		}
	}
	return was, is
}

// countsMore returns by how much a shift demand is met more when an agent works
// option j instead of i; noOption is a day off.
func (m *model) countsMore(ma *mAgent, d, s int, i, j int32) (by int) {
	sd := &m.shiftD[s]
	if !m.countsFor(ma, sd) {
		return 0
	}
	if i != noOption && ma.option(d, i).shift == sd.shift {
		by--
	}
	if j != noOption && ma.option(d, j).shift == sd.shift {
		by++
	}
	return by
}
