package roster

import "math"

// The programme of one agent: the cheapest way through the horizon, day by day,
// given what each option costs. The state after a day is
//
//	link   what the coming days must respect: days of work since the last weekly
//	       rest and the end class of the last shift, or the days off since
//	days   days worked in the week, where the agent has a maximum
//	units  paid time in the contract period, in units of the book
//
// Hours are priced when a period ends. Each state keeps its best predecessor, so
// that the plan is read back from the end. All of it is exact but for the end
// classes, which take a shift to end up to half an hour later than it does where
// the daily rest can bind, and a stretch of work without weekly rest of six days,
// which is only used when its last shift ends early: both keep plans legal. With
// loose set these two are turned around: every legal plan is a plan of the
// programme, so that its value is a valid bound.
type programme struct {
	cur, nxt   []float64
	lo, hi     []int // range of finite units per row of cur
	lo2, hi2   []int
	back       [][]uint32 // per day
	weekBack   [][]int8   // per day that ends a week inside a period: days by link and unit
	periodBack [][]int32  // per day that ends a period: days and units by link
	best       []float64  // per group of the day
	pick       [][]int32  // per day and group: the option, noOption when none
	prefix     []float64
	gains      []float64
	tilt       tilt // added to the costs of options by evaluateDays where tilted
	tilted     bool
	held       []int32 // per day: the form that is held, noOption, mustWork or anyDay; nil = none
}

// What a day may be held at beside a form and noOption.
const (
	mustWork = math.MinInt32 + 1
	anyDay   = math.MinInt32 + 2
)

const noOption = math.MinInt32

// offMark in a back pointer says that the day is off.
const offMark = 0xFFFF

// forcedPenalty prices a rule that locked or fixed days break, so that the other
// days give way where they can.
const forcedPenalty = 1e8

// heldPenalty prices a day off that is held as a day of work.
const heldPenalty = 1e6

// links describes the link states of a book.
type links struct {
	classes, rows, offs, n int
	loose                  bool
	b                      *book
}

func newLinks(b *book, loose bool) links {
	l := links{classes: len(b.classes), rows: 1, b: b, loose: loose}
	if !loose && b.maxRow != maxInt {
		l.rows = b.maxRow
		if b.sixth {
			l.rows++
		}
	}
	l.offs = max(0, b.offMin-2)
	l.n = 1 + 2*l.rows*l.classes + l.offs
	return l
}

func (l *links) work(row, class int) int { return 1 + (row-1)*l.classes + class }

func (l *links) off1(row, class int) int {
	if class == 0 {
		row = 1 // an end of class 0 gives the weekly rest with one day off
	}
	return 1 + l.rows*l.classes + (row-1)*l.classes + class
}

// afterOff returns the link after one more day off.
func (l *links) afterOff(link int) int {
	first, w := 1+l.rows*l.classes, l.rows*l.classes
	switch {
	case link == 0:
		return 0
	case link < first:
		return l.off1((link-1)/l.classes+1, (link-1)%l.classes)
	case link < first+w:
		if l.offs > 0 {
			return first + w
		}
		return 0
	}
	if k := link - first - w; k+1 < l.offs {
		return link + 1
	}
	return 0
}

// afterWork returns the link after working group g, the extra cost, and whether
// the rules allow it.
func (l *links) afterWork(link int, g *optionGroup, split float64) (next int, cost float64, ok bool) {
	first, w := 1+l.rows*l.classes, l.rows*l.classes
	switch {
	case link == 0:
		return l.work(1, g.class), 0, true
	case link < first:
		row, class := (link-1)/l.classes+1, (link-1)%l.classes
		if l.loose {
			return l.work(1, g.class), 0, g.loose>>class&1 == 1
		}
		if l.rows == 1 && l.b.maxRow == maxInt {
			return l.work(1, g.class), 0, g.after>>class&1 == 1
		}
		next, ok = l.row(row+1, g)
		return next, 0, ok && g.after>>class&1 == 1
	case link < first+w:
		k := link - first
		row, class := k/l.classes+1, k%l.classes
		if l.loose {
			return l.work(1, g.class), split, l.b.offMin < 2
		}
		if l.b.offMin >= 2 {
			return l.work(1, g.class), split, false
		}
		legal := g.two>>class&1 == 1
		if g.reset>>class&1 == 1 || class == 0 || l.b.maxRow == maxInt {
			return l.work(1, g.class), split, legal
		}
		next, ok = l.row(row+2, g)
		return next, split, ok && legal
	}
	return l.work(1, g.class), 0, false
}

func (l *links) row(row int, g *optionGroup) (int, bool) {
	if row <= l.b.maxRow || row == l.b.maxRow+1 && l.b.sixth && g.class == 0 {
		return l.work(row, g.class), true
	}
	return l.work(l.rows, g.class), false
}

// start returns the link before the first day.
func (l *links) start(m *model, ma *mAgent) int {
	h := &ma.hist
	if h.lastDay == noDay || h.lastDay < -2-l.offs {
		return 0
	}
	begin := m.begin(h.lastDay)
	night := h.nightDays[h.lastDay]
	class := l.b.classFor(h.lastEnd-begin, night)
	if l.loose {
		class = 0
	}
	row := min(max(1, h.block), l.rows)
	if l.b.rules.MaxDaysInRow > 0 && l.b.maxRow != maxInt {
		row = min(max(row, h.runDays), l.rows)
	}
	switch h.lastDay {
	case -1:
		return l.work(row, class)
	case -2:
		return l.off1(row, class)
	}
	return 1 + 2*l.rows*l.classes + min(-3-h.lastDay, l.offs-1)
}

// evaluate fills best options per group for every day from the value of presence
// per slot (v, what one more agent costs there) and per-shift costs.
func (s *programme) evaluate(m *model, ma *mAgent, v []float64, shiftCost []float64) {
	s.sums(m, v, 0, m.slots)
	s.evaluateDays(m, ma, v, shiftCost, 0, m.p.Days-1, nil)
}

// sums makes the prefix sums of v from one slot to another; behind the horizon
// presence is worth nothing.
func (s *programme) sums(m *model, v []float64, from, to int) {
	if cap(s.prefix) < m.slots+1+padSlots {
		s.prefix = make([]float64, m.slots+1+padSlots)
	}
	s.prefix = s.prefix[:m.slots+1+padSlots]
	sum := 0.0
	for i := from; i < to; i++ {
		s.prefix[i] = sum
		sum += v[i]
	}
	if to < m.slots {
		s.prefix[to] = sum
		return
	}
	for i := to; i < len(s.prefix); i++ {
		s.prefix[i] = sum
	}
}

// evaluateDays is evaluate for the days first..last after sums. blur, if not nil,
// blurs the cost of every option.
func (s *programme) evaluateDays(m *model, ma *mAgent, v, shiftCost []float64, first, last int, blur *blur) {
	if len(s.pick) < m.p.Days {
		s.pick = make([][]int32, m.p.Days)
	}
	s.best = s.best[:0]
	for d := first; d <= last; d++ {
		md := &ma.days[d]
		groups := ma.book.groups[d]
		n := max(1, len(groups))
		at := len(s.best)
		for range n {
			s.best = append(s.best, math.Inf(1))
		}
		if cap(s.pick[d]) < n {
			s.pick[d] = make([]int32, n)
		}
		s.pick[d] = s.pick[d][:n]
		for i := range s.pick[d] {
			s.pick[d][i] = noOption
		}
		best := s.best[at:]
		if len(md.private) > 0 {
			best[0], s.pick[d][0] = s.lockedCost(m, md, d, v, shiftCost), -1
			continue
		}
		if !md.all && len(md.allow) == 0 {
			continue
		}
		s.gainsOf(ma.book, d)
		options := ma.book.days[d]
		onDay := 0.0
		if s.tilted {
			for _, k := range [...]FairKind{FairWeekend, FairHoliday} {
				if m.fairDays[d][k] {
					onDay += s.tilt[k]
				}
			}
		}
		consider := func(i int32) {
			o := &options[i]
			c := s.price(m, md, o, i, d, shiftCost)
			if s.tilted {
				c += onDay
				if o.to >= m.lateAt[d] {
					c += s.tilt[FairLate]
				}
			}
			if blur != nil {
				c -= blur.next()
			}
			if c < best[o.group] {
				best[o.group], s.pick[d][o.group] = c, i
			}
		}
		if md.all {
			for i := range options {
				consider(int32(i))
			}
		} else {
			for _, i := range md.allow {
				consider(i)
			}
		}
	}
}

// price returns what option i of day d costs with its breaks placed best, after sums
// and gainsOf.
func (s *programme) price(m *model, md *mDay, o *option, i int32, d int, shiftCost []float64) float64 {
	c := s.prefix[o.start+o.n] - s.prefix[o.start]
	if o.brk >= 0 {
		c -= s.gains[o.brk]
	}
	if md.extra != nil {
		c += md.extra[i]
	}
	if shiftCost != nil {
		c += shiftCost[d*len(m.p.Shifts)+o.shift]
	}
	return c
}

// padSlots is the room behind the horizon for shifts that run past it.
const padSlots = 24 * 60

func (s *programme) lockedCost(m *model, md *mDay, d int, v, shiftCost []float64) float64 {
	o := &md.private[0]
	c := 0.0
	for t := max(0, o.start); t < min(o.start+o.n, m.slots); t++ {
		if !onBreak(o.fixedBreak, t) {
			c += v[t]
		}
	}
	if shiftCost != nil && o.shift >= 0 {
		c += shiftCost[d*len(m.p.Shifts)+o.shift]
	}
	return c
}

func onBreak(bs []placed, t int) bool {
	for _, b := range bs {
		if t >= b.start && t < b.start+b.n {
			return true
		}
	}
	return false
}

// gainsOf computes for every break case of the day what the best placed breaks
// take away from the cost of presence.
func (s *programme) gainsOf(b *book, d int) {
	s.gains = s.gains[:0]
	for _, c := range b.cases[d] {
		s.gains = append(s.gains, s.bestBreaks(b.breaks[c.list], c.start, nil))
	}
}

// bestBreaks places the breaks of a list, in order and without overlap, where
// presence is worth least. It returns the sum of presence values taken away and
// fills at, if not nil, with the start slots.
func (s *programme) bestBreaks(list []tbreak, start int, at []int) float64 {
	if len(list) == 1 || disjoint(list) {
		total := 0.0
		for i, b := range list {
			best, where := math.Inf(-1), 0
			for t := start + b.lo; t <= start+b.hi; t++ {
				if g := s.prefix[t+b.n] - s.prefix[t]; g > best {
					best, where = g, t
				}
			}
			total += best
			if at != nil {
				at[i] = where
			}
		}
		return total
	}
	return s.chainBreaks(list, start, at)
}

func disjoint(list []tbreak) bool {
	for i := 1; i < len(list); i++ {
		if list[i-1].hi+list[i-1].n > list[i].lo {
			return false
		}
	}
	return true
}

// chainBreaks is bestBreaks for windows that overlap: the best total with break i
// at offset t, over the breaks before it.
func (s *programme) chainBreaks(list []tbreak, start int, at []int) float64 {
	const maxOffsets = 24 * 60
	var prev, cur [maxOffsets]float64
	from := make([][]int16, len(list))
	for i, b := range list {
		if at != nil {
			from[i] = make([]int16, b.hi+1)
		}
		best, arg := math.Inf(-1), -1
		t0 := 0
		for t := b.lo; t <= b.hi; t++ {
			cur[t] = math.Inf(-1)
			if i == 0 {
				best = 0
			} else {
				p := list[i-1]
				for ; t0 <= p.hi && t0+p.n <= t; t0++ {
					if t0 >= p.lo && prev[t0] > best {
						best, arg = prev[t0], t0
					}
				}
			}
			if !math.IsInf(best, -1) {
				cur[t] = best + s.prefix[start+t+b.n] - s.prefix[start+t]
			}
			if at != nil {
				from[i][t] = int16(arg)
			}
		}
		prev = cur
	}
	last := list[len(list)-1]
	best, arg := math.Inf(-1), last.lo
	for t := last.lo; t <= last.hi; t++ {
		if prev[t] > best {
			best, arg = prev[t], t
		}
	}
	if at != nil {
		for i := len(list) - 1; i >= 0; i-- {
			at[i] = start + arg
			arg = int(from[i][max(arg, 0)])
		}
	}
	return best
}

// hoursCost prices the units of paid time in a period.
func (m *model) hoursCost(ma *mAgent, q *mPeriod, units int) float64 {
	mins := units * ma.book.unit
	c := 0.0
	switch {
	case mins < q.target:
		c = m.w.UnderContract * float64(q.target-mins) / 60
	default:
		c = m.w.OverContract * float64(mins-q.target) / 60
	}
	if mins < q.min {
		c += m.w.UnderMin * float64(q.min-mins) / 60
	}
	return c
}

// overCap prices hours above the maximum, which only locked days can cause.
func overCap(ma *mAgent, q *mPeriod, units int) float64 {
	if over := units*ma.book.unit - q.cap; over > 0 {
		return forcedPenalty * float64(1+over)
	}
	return 0
}

// solve finds the cheapest plan after evaluate. barred days are off where they
// are not forced. It returns the cost of the plan (hours and wishes included) and
// fills plan with an option per day, noOption for a day off.
func (s *programme) solve(m *model, ma *mAgent, l *links, barred []bool, plan []int32) float64 {
	days := len(ma.days)
	width, size := m.shape(ma)
	s.reset(days, l.n, width, size)
	rows := l.n * width
	for i := range s.cur {
		s.cur[i], s.nxt[i] = math.Inf(1), math.Inf(1)
	}
	for i := range rows {
		s.lo[i], s.hi[i] = size, -1
		s.lo2[i], s.hi2[i] = size, -1
	}
	w0 := 0
	if width > 1 {
		w0 = min(ma.hist.weekDays, width-1)
	}
	r0 := l.start(m, ma)*width + w0
	s.cur[r0*size], s.lo[r0], s.hi[r0] = 0, 0, 0
	weekday := (int(m.p.First.Weekday()) + 6) % 7
	period, at := 0, 0
	for d := range days {
		for i := range rows {
			for u := s.lo2[i]; u <= s.hi2[i]; u++ {
				s.nxt[i*size+u] = math.Inf(1)
			}
			s.lo2[i], s.hi2[i] = size, -1
		}
		n := len(s.pick[d])
		s.day(m, ma, l, d, s.best[at:at+n], width, size, ma.periods[period].cap/ma.book.unit, barred != nil && barred[d])
		at += n
		s.cur, s.nxt = s.nxt, s.cur
		s.lo, s.lo2 = s.lo2, s.lo
		s.hi, s.hi2 = s.hi2, s.hi
		switch {
		case d == ma.periods[period].to:
			s.endPeriod(m, ma, d, &ma.periods[period], l.n, width, size)
			period = min(period+1, len(ma.periods)-1)
		case (weekday+d)%7 == 6 && width > 1:
			s.endWeek(d, l.n, width, size)
		}
	}
	bestCost, bestLink := math.Inf(1), -1
	for k := range l.n {
		if c := s.cur[k*width*size]; c < bestCost {
			bestCost, bestLink = c, k
		}
	}
	if bestLink < 0 || plan == nil {
		return bestCost
	}
	s.readBack(ma, bestLink, width, size, plan)
	return bestCost
}

func (s *programme) reset(days, n, width, size int) {
	total := n * width * size
	if cap(s.cur) < total {
		s.cur, s.nxt = make([]float64, total), make([]float64, total)
	}
	s.cur, s.nxt = s.cur[:total], s.nxt[:total]
	if cap(s.lo) < n*width {
		s.lo, s.hi = make([]int, n*width), make([]int, n*width)
		s.lo2, s.hi2 = make([]int, n*width), make([]int, n*width)
	}
	s.lo, s.hi, s.lo2, s.hi2 = s.lo[:n*width], s.hi[:n*width], s.lo2[:n*width], s.hi2[:n*width]
	for len(s.back) < days {
		s.back = append(s.back, nil)
		s.weekBack = append(s.weekBack, nil)
		s.periodBack = append(s.periodBack, nil)
	}
	for d := range days {
		if cap(s.back[d]) < total {
			s.back[d] = make([]uint32, total)
		}
		s.back[d] = s.back[d][:total]
		s.weekBack[d] = s.weekBack[d][:0]
		s.periodBack[d] = s.periodBack[d][:0]
	}
}

// day extends every state by one day.
func (s *programme) day(m *model, ma *mAgent, l *links, d int, best []float64, width, size, capUnits int, barred bool) {
	md := &ma.days[d]
	forced := md.forced
	groups := ma.book.groups[d]
	if len(md.private) > 0 {
		groups = []optionGroup{md.link}
	}
	back := s.back[d]
	off := md.off
	if s.held != nil && s.held[d] != noOption && s.held[d] != anyDay {
		off += heldPenalty
	}
	for link := range l.n {
		for w := range width {
			row := link*width + w
			lo, hi := s.lo[row], s.hi[row]
			if lo > hi {
				continue
			}
			src := s.cur[row*size : (row+1)*size]
			if !forced {
				to := l.afterOff(link)*width + w
				s.relaxRow(src, lo, hi, to, size, 0, off, back, uint32(link)<<16|offMark)
			}
			if barred && !forced {
				continue
			}
			for g := range groups {
				if math.IsInf(best[g], 1) {
					continue
				}
				next, extra, ok := l.afterWork(link, &groups[g], m.w.SplitDaysOff)
				limit := capUnits - groups[g].units
				w2 := w
				if width > 1 {
					w2++
					if w2 > ma.maxDays {
						if !forced || w2 >= width {
							continue
						}
						extra += forcedPenalty
					}
				}
				if !ok {
					if !forced {
						continue
					}
					extra += forcedPenalty
				}
				if forced {
					limit = size - 1 - groups[g].units
				}
				top := min(hi, limit)
				if lo > top {
					continue
				}
				s.relaxRow(src, lo, top, next*width+w2, size, groups[g].units, best[g]+extra, back, uint32(link)<<16|uint32(g))
			}
		}
	}
}

// relaxRow moves the units lo..hi of a row by shift units into row to, at a cost.
func (s *programme) relaxRow(src []float64, lo, hi, to, size, shift int, cost float64, back []uint32, mark uint32) {
	dst := s.nxt[to*size+shift:]
	bk := back[to*size+shift:]
	src = src[lo : hi+1]
	dst, bk = dst[lo:hi+1], bk[lo:hi+1]
	for i, c := range src {
		if c += cost; c < dst[i] {
			dst[i], bk[i] = c, mark
		}
	}
	s.lo2[to], s.hi2[to] = min(s.lo2[to], lo+shift), max(s.hi2[to], hi+shift)
}

// endWeek folds the days of the week away.
func (s *programme) endWeek(d, n, width, size int) {
	if cap(s.weekBack[d]) < n*size {
		s.weekBack[d] = make([]int8, n*size)
	}
	wb := s.weekBack[d][:n*size]
	s.weekBack[d] = wb
	for link := range n {
		base := link * width
		for w := 1; w < width; w++ {
			row := base + w
			for u := s.lo[row]; u <= s.hi[row]; u++ {
				s.lo[base], s.hi[base] = min(s.lo[base], u), max(s.hi[base], u)
			}
		}
		for u := max(0, s.lo[base]); u <= s.hi[base]; u++ {
			best, arg := s.cur[base*size+u], 0
			for w := 1; w < width; w++ {
				if c := s.cur[(base+w)*size+u]; c < best {
					best, arg = c, w
				}
				s.cur[(base+w)*size+u] = math.Inf(1)
			}
			s.cur[base*size+u] = best
			wb[link*size+u] = int8(arg)
		}
		for w := 1; w < width; w++ {
			s.lo[base+w], s.hi[base+w] = size, -1
		}
	}
}

// endPeriod prices the hours of the period and folds days and units away. The
// days of a week that goes on are folded too: only a period that ends within a
// week (a year) is affected, and its maximum of days is then checked per part.
func (s *programme) endPeriod(m *model, ma *mAgent, d int, q *mPeriod, n, width, size int) {
	if cap(s.periodBack[d]) < n {
		s.periodBack[d] = make([]int32, n)
	}
	pb := s.periodBack[d][:n]
	s.periodBack[d] = pb
	for link := range n {
		best, arg := math.Inf(1), int32(-1)
		for w := range width {
			row := link*width + w
			for u := s.lo[row]; u <= s.hi[row]; u++ {
				c := s.cur[row*size+u]
				s.cur[row*size+u] = math.Inf(1)
				if math.IsInf(c, 1) {
					continue
				}
				if c += m.hoursCost(ma, q, u) + overCap(ma, q, u); c < best {
					best, arg = c, int32(w*size+u)
				}
			}
			s.lo[row], s.hi[row] = size, -1
		}
		pb[link] = arg
		if arg >= 0 {
			s.cur[link*width*size] = best
			s.lo[link*width], s.hi[link*width] = 0, 0
		}
	}
}

// readBack follows the back pointers from the end.
func (s *programme) readBack(ma *mAgent, link, width, size int, plan []int32) {
	w, u := 0, 0
	for d := len(ma.days) - 1; d >= 0; d-- {
		if len(s.periodBack[d]) > 0 {
			x := int(s.periodBack[d][link])
			w, u = x/size, x%size
		} else if len(s.weekBack[d]) > 0 {
			w = int(s.weekBack[d][link*size+u])
		}
		mark := s.back[d][(link*width+w)*size+u]
		link = int(mark >> 16)
		g := int(mark & offMark)
		if g == offMark {
			plan[d] = noOption
			continue
		}
		plan[d] = s.pick[d][g]
		if len(ma.days[d].private) > 0 {
			u -= ma.days[d].link.units
		} else {
			u -= ma.book.groups[d][g].units
		}
		if width > 1 {
			w--
		}
	}
}
