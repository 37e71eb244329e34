package line

// totals are the prices of one shift and of one worked weekend that stand for the
// price of the period's totals. With them a line costs nothing by its sums, so that the
// programme needs no count: it is smaller by the product of shifts and weekends. For any
// prices the least cost of such a line, minus what the totals are worth at most at
// those prices, is a lower bound of the least cost with the totals; the rest of a line
// from any mode has such a bound, too.
type totals struct {
	shift, weekend int32
	least, most    int32 // shifts of the span without a price
	free           int32 // weekends of the span without a price
}

// worth returns the constant of the bound: what lines within the totals would pay.
func (t *totals) worth() int32 {
	if t.shift < 0 {
		return t.shift*t.least + t.weekend*t.free
	}
	return t.shift*t.most + t.weekend*t.free
}

// squeeze finds prices of the totals with a good bound: each line found is a plane above the
// bound as a function of the prices, and the next prices are where the lowest of the planes
// is highest (J. Kelley, "The cutting-plane method for solving convex programs", 1960). It leaves
// the bound from every mode on every day in s.rest, and returns the prices with it and
// the least exact cost of the lines seen, inf without any.
func (s *SoftSolver) squeeze(entry, shifts, weekends int) (prices totals, bound, upper int32) {
	r := &s.m.rules
	h := r.History
	t := totals{
		least: int32(r.Total.Min - h.Total - shifts), most: int32(r.Total.Max - h.Total - shifts),
		free: int32(r.Weekends.Max - h.Weekends - weekends),
	}
	bound, upper = -inf, inf
	s.hyper = s.hyper[:0]
	for range squeezes {
		n, w, cost := s.price(entry, &t)
		if cost >= unreachable {
			return t, inf, inf
		}
		c := cost - t.shift*n - t.weekend*w
		s.hyper = append(s.hyper, hyperplane{c, n, w})
		upper = min(upper, c+s.m.total(shifts+int(n), weekends+int(w)))
		if b := cost - t.worth(); b > bound {
			bound, prices = b, t
			s.rest, s.spare = s.spare, s.rest
		}
		if bound >= upper || s.highest(&t, r.Total.Price, r.Weekends.Price) <= bound+squeezed {
			break
		}
	}
	return prices, bound, upper
}

// squeezes is the most prices of totals that are tried, squeezed the rise of the bound below
// which no more are.
const (
	squeezes = 10
	squeezed = 32
)

// hyperplane is what a line says of the bound: its cost without totals, its shifts and weekends.
type hyperplane struct{ cost, shifts, weekends int32 }

// highest moves t to the prices, within their limits, at which the least of the planes is
// greatest, and returns that.
func (s *SoftSolver) highest(t *totals, shift, weekend int32) int32 {
	at := func(price int32) int32 {
		t.shift = price
		return s.highestAt(t, weekend)
	}
	lo, hi := -shift, shift
	if s.hyper[0].shifts >= t.least && len(s.hyper) == 1 {
		lo = 0
	}
	for hi-lo > 2 {
		// The function is concave: of two points the lower one bounds the highest.
		a := lo + (hi-lo)/2
		if at(a) < at(a+1) {
			lo = a + 1
		} else {
			hi = a
		}
	}
	best, where := -inf, lo
	for price := lo; price <= hi; price++ {
		if v := at(price); v > best {
			best, where = v, price
		}
	}
	return at(where)
}

// highestAt does the same for the price of weekends alone.
func (s *SoftSolver) highestAt(t *totals, most int32) int32 {
	t.weekend = 0
	worth := t.worth()
	least := func(price int32) (v, slope int32) {
		v = inf
		for _, p := range s.hyper {
			if c := p.cost + t.shift*p.shifts + price*p.weekends; c < v || c == v && p.weekends < slope {
				v, slope = c, p.weekends
			}
		}
		return v - worth - price*t.free, slope - t.free
	}
	lo, hi := int32(0), most
	vlo, up := least(lo)
	if up <= 0 || hi == 0 {
		return vlo
	}
	vhi, down := least(hi)
	if down >= 0 {
		t.weekend = hi
		return vhi
	}
	for {
		// Where the lines through both ends meet.
		x := lo + (vhi-vlo-down*(hi-lo))/(up-down)
		if x <= lo || x >= hi {
			break
		}
		v, slope := least(x)
		if slope == 0 {
			t.weekend = x
			return v
		}
		if slope > 0 {
			if x-lo < 1 {
				break
			}
			lo, vlo, up = x, v, slope
		} else {
			hi, vhi, down = x, v, slope
		}
	}
	if vlo >= vhi {
		t.weekend = lo
		return vlo
	}
	t.weekend = hi
	return vhi
}

// price finds the cheapest line at the prices of t, with the cost of the rest of the
// line from every mode on every day in s.spare. It returns the line's shifts, weekends and cost.
func (s *SoftSolver) price(entry int, t *totals) (n, w, cost int32) {
	m, days := s.m, s.to-s.from
	actions := m.shifts + 1
	s.spare = resized(s.spare, (days+1)*m.modes)
	last := s.spare[days*m.modes:][:m.modes]
	for q := range last {
		last[q] = inf
		if s.after[q] < Never/2 {
			last[q] = s.after[q] + t.weekend*s.more[q]
		}
	}
	for k := days - 1; k >= 0; k-- {
		free, busy := s.dearDay(k, t)
		table := m.tableOf(m.weekday(s.from + k))
		here, next := s.spare[k*m.modes:][:m.modes], s.spare[(k+1)*m.modes:][:m.modes]
		cheapestAction(here[:m.capOff], next, table, m.next, free)
		from := m.capOff * actions
		cheapestAction(here[m.capOff:], next, table[from:], m.next[from:], busy)
	}
	s.Steps += 2 * int64(days*m.modes*actions)
	cost = s.spare[entry]
	if cost >= unreachable {
		return 0, 0, cost
	}
	for k, q := 0, entry; ; k++ {
		if k == days {
			w += s.more[q]
			return n, w, cost
		}
		free, busy := s.dearDay(k, t)
		dear := busy
		if q < m.capOff {
			dear = free
		}
		next, v := s.spare[(k+1)*m.modes:][:m.modes], s.spare[k*m.modes+q]
		weekday := m.weekday(s.from + k)
		for a := range actions {
			p, weekend := m.onDay(q, weekday, a)
			to := m.next[q*actions+a]
			if p+dear[a]+next[to] != v {
				continue
			}
			if a > 0 {
				n++
			}
			if weekend {
				w++
			}
			q = int(to)
			break
		}
	}
}

// dearDay returns what the actions of a day cost after a day off and after a shift.
func (s *SoftSolver) dearDay(k int, t *totals) (free, busy []int32) {
	actions := s.m.shifts + 1
	s.dear = resized(s.dear, 2*actions)
	free, busy = s.dear[:actions], s.dear[actions:]
	gc := s.gc[k*actions:][:actions]
	weekday := s.m.weekday(s.from + k)
	free[0], busy[0] = gc[0], gc[0]
	for a := 1; a < len(free); a++ {
		c := gc[a] + t.shift
		if weekday == 0 {
			c += t.weekend
		}
		busy[a] = c
		if weekday == 1 {
			c += t.weekend
		}
		free[a] = c
	}
	return free, busy
}

// cheapestAction sets here to the least, over the actions, of its price, its cost and
// what comes after it.
func cheapestAction(here, next, price []int32, to []int16, dear []int32) {
	actions := len(dear)
	if actions == 5 {
		d0, d1, d2, d3, d4 := dear[0], dear[1], dear[2], dear[3], dear[4]
		for q := range here {
			p, t := price[5*q:5*q+5:5*q+5], to[5*q:5*q+5:5*q+5]
			v := min(p[0]+d0+next[t[0]], p[1]+d1+next[t[1]], p[2]+d2+next[t[2]], p[3]+d3+next[t[3]], p[4]+d4+next[t[4]])
			here[q] = min(v, inf)
		}
		return
	}
	for q := range here {
		v := inf
		for a, c := range dear {
			v = min(v, price[q*actions+a]+c+next[to[q*actions+a]])
		}
		here[q] = v
	}
}
