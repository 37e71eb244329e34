package bench

import (
	"context"
	"math"
	"slices"
	"sync"
)

// saddle is the master of a diver as a saddle point,
//
//	min over x  max over w   Σ c·x + Σ_i [ w_i · (A·x)_i - φ*_i(w_i) ]
//
// where x holds the weights of the lines, those of one employee being at least zero
// and adding up to one, (A·x)_i is the cover that they give to cell i and φ_i the
// convex cost of that cover with conjugate φ*_i. The price of cover is -w.
//
// It is solved by the primal-dual hybrid gradient method with diagonal steps, drawn
// towards the point of the last restart (A. Chambolle, T. Pock, "Diagonal
// preconditioning for first order primal-dual algorithms in convex optimization",
// ICCV 2011; H. Lu, J. Yang, "Restarted Halpern PDHG for linear programming", 2024).
// A step costs one look at every entry of A, whatever the size of a basis would be.
// Every x is feasible and every w gives a bound, so that the error of a solution is
// known.
type saddle struct {
	// Cost of cover per cell: breakpoints at[first[i]:first[i+1]], before, between and
	// after which the slopes are slope[first[i]+i:first[i+1]+i+1].
	first []int32
	at    []float64
	slope []float64

	of    [][]int32 // lines per employee
	live  [][]int32 // those of them that steps look at, the others have no weight
	cost  []float64
	start []int32 // line l covers the cells entry[start[l]:start[l+1]]
	entry []int32
	// What else counts per line, in amounts: it goes to the cells more[from[l]:from[l+1]].
	from   []int32
	more   []int32
	amount []float64

	x, w   []float64 // the solution: weight per line and slope of the cost per cell
	least  []float64 // per employee: the least reduced cost of its lines at w
	value  float64   // cost of x
	bound  float64   // bound at w
	omega  float64   // balance of dual and primal steps
	middle float64   // omega to begin with

	xnow, xfrom    []float64 // per line: the iterate, and at the restart
	wnow, wfrom    []float64 // per cell
	z, znow, zfrom []float64 // cover of x, of the iterate and at the restart
	tau, sigma     []float64 // steps per employee and per cell
	reduced        []float64 // scratch
	lanes          [saddleLanes]lane
	liveSize       int64 // entries of the live lines
	parallel       bool  // lanes on several goroutines
	Steps          int64 // work, in about the unit of line.Solver.Steps
}

// reset empties m for that many employees and cells. typical is the usual price of
// one person's cover.
func (m *saddle) reset(staff, cells int, typical float64) {
	m.first, m.at, m.slope = append(m.first[:0], 0), m.at[:0], m.slope[:0]
	m.cost, m.start, m.entry, m.x = m.cost[:0], append(m.start[:0], 0), m.entry[:0], m.x[:0]
	m.from, m.more, m.amount = append(m.from[:0], 0), m.more[:0], m.amount[:0]
	for len(m.of) < staff {
		m.of, m.live = append(m.of, nil), append(m.live, nil)
	}
	m.of = m.of[:staff]
	for k := range m.of {
		m.of[k] = m.of[k][:0]
	}
	for _, v := range []*[]float64{&m.w, &m.wnow, &m.wfrom, &m.z, &m.znow, &m.zfrom, &m.sigma} {
		*v = resize(*v, cells)
	}
	m.tau, m.least = resize(m.tau, staff), resize(m.least, staff)
	m.middle = balanceStart * max(typical, 1)
	m.omega = m.middle
}

// resize returns v with n elements of no particular value.
func resize(v []float64, n int) []float64 { return slices.Grow(v[:0], n)[:n] }

// cell appends a cell.
func (m *saddle) cell(at, slope []float64) {
	m.at, m.slope = append(m.at, at...), append(m.slope, slope...)
	m.first = append(m.first, int32(len(m.at)))
}

// line appends a line of employee k, which covers cells and adds amounts to more.
func (m *saddle) line(k int, cost, weight float64, cells, more []int32, amounts []float64) {
	m.of[k] = append(m.of[k], int32(len(m.cost)))
	m.cost, m.x = append(m.cost, cost), append(m.x, weight)
	m.entry = append(m.entry, cells...)
	m.start = append(m.start, int32(len(m.entry)))
	m.more, m.amount = append(m.more, more...), append(m.amount, amounts...)
	m.from = append(m.from, int32(len(m.more)))
}

// reducedCost returns the cost of line l plus w times what it covers.
func (m *saddle) reducedCost(l int32, w []float64) float64 {
	c := m.cost[l] + gather(w, m.entry[m.start[l]:m.start[l+1]])
	for j := m.from[l]; j < m.from[l+1]; j++ {
		c += w[m.more[j]] * m.amount[j]
	}
	return c
}

// gather returns the sum of w over cells. Four sums at a time keep the adder busy.
func gather(w []float64, cells []int32) float64 {
	var a, b, c, d float64
	for len(cells) >= 4 {
		a += w[cells[0]]
		b += w[cells[1]]
		c += w[cells[2]]
		d += w[cells[3]]
		cells = cells[4:]
	}
	for _, i := range cells {
		a += w[i]
	}
	return a + b + (c + d)
}

// put adds x times what line l covers to z.
func (m *saddle) put(l int32, x float64, z []float64) {
	for _, i := range m.entry[m.start[l]:m.start[l+1]] {
		z[i] += x
	}
	for j := m.from[l]; j < m.from[l+1]; j++ {
		z[m.more[j]] += x * m.amount[j]
	}
}

// drop takes the last line, of employee k, out again.
func (m *saddle) drop(k int32) {
	l := len(m.cost) - 1
	m.of[k] = m.of[k][:len(m.of[k])-1]
	m.cost, m.x = m.cost[:l], m.x[:l]
	m.entry, m.start = m.entry[:m.start[l]], m.start[:l+1]
	m.more, m.amount, m.from = m.more[:m.from[l]], m.amount[:m.from[l]], m.from[:l+1]
}

// cells returns the cells of line l.
func (m *saddle) cells(l int32) []int32 { return m.entry[m.start[l]:m.start[l+1]] }

// keep drops the lines that are not wanted and calls moved for the others, in order.
func (m *saddle) keep(wanted func(l int) bool, moved func(from, to int)) {
	owner := make([]int32, len(m.cost))
	for k, list := range m.of {
		for _, l := range list {
			owner[l] = int32(k)
		}
		m.of[k] = list[:0]
	}
	to, end, last := 0, int32(0), int32(0)
	for l := range m.cost {
		if !wanted(l) {
			continue
		}
		cells := m.cells(int32(l))
		copy(m.entry[end:], cells)
		end += int32(len(cells))
		m.cost[to], m.x[to] = m.cost[l], m.x[l]
		a, b := m.from[l], m.from[l+1]
		copy(m.more[last:], m.more[a:b])
		copy(m.amount[last:], m.amount[a:b])
		last += b - a
		m.start[to+1], m.from[to+1] = end, last // to+1 is at most l+1, which has been read
		m.of[owner[l]] = append(m.of[owner[l]], int32(to))
		moved(l, to)
		to++
	}
	m.cost, m.x, m.start, m.entry = m.cost[:to], m.x[:to], m.start[:to+1], m.entry[:end]
	m.from, m.more, m.amount = m.from[:to+1], m.more[:last], m.amount[:last]
}

// pieces returns the breakpoints and the slopes of cell i.
func (m *saddle) pieces(i int) (at, slope []float64) {
	a, b := m.first[i], m.first[i+1]
	return m.at[a:b], m.slope[int(a)+i : int(b)+i+1]
}

// coverCost returns the cost of cover z of cell i.
func (m *saddle) coverCost(i int, z float64) float64 {
	at, slope := m.pieces(i)
	sum := slope[0] * z
	for b, n := range at {
		if z <= n {
			break
		}
		sum += (slope[b+1] - slope[b]) * (z - n)
	}
	return sum
}

// conjugate returns the least, over cover z, of its cost minus w·z; w is between the
// first and the last slope.
func (m *saddle) conjugate(i int, w float64) float64 {
	at, slope := m.pieces(i)
	sum, from := 0.0, 0.0
	for b, n := range at {
		if slope[b] >= w {
			break
		}
		sum += (slope[b] - w) * (n - from)
		from = n
	}
	return sum
}

// ascend returns the dual step of cell i: the w with w/σ in y minus the cover at
// which w is a slope of its cost.
func (m *saddle) ascend(i int, y, sigma float64) float64 {
	at, slope := m.pieces(i)
	w := slope[0]
	for b, n := range at {
		t := sigma * (y - n)
		if t <= slope[b] {
			break
		}
		w = min(t, slope[b+1])
		if t < slope[b+1] {
			break
		}
	}
	return w
}

// project moves weights to the nearest that are not negative and add up to one
// (C. Michelot, "A finite algorithm for finding the projection of a point onto the
// canonical simplex", 1986).
func project(v []float64) {
	n, sum := len(v), 0.0
	for _, x := range v {
		sum += x
	}
	t := (sum - 1) / float64(n)
	for {
		count, s := 0, 0.0
		for _, x := range v {
			if x > t {
				count++
				s += x
			}
		}
		if count >= n || count == 0 {
			break
		}
		n = count
		t = (s - 1) / float64(count)
	}
	for i, x := range v {
		v[i] = max(x-t, 0)
	}
}

// lane works on a part of the employees. The parts and the order in which their sums are
// added do not depend on how many goroutines work on them.
type lane struct {
	from, to     int // employees
	z            []float64
	weights      []float64 // scratch
	value, bound float64
}

// saddleLanes is the number of lanes, worthLane the number of entries of a step from
// which a second goroutine is worth its start.
const (
	saddleLanes = 2
	worthLane   = 40000
)

// deal gives every lane about the same number of entries.
func (m *saddle) deal() {
	size, all := make([]int, len(m.of)), 0
	for k, list := range m.of {
		for _, l := range list {
			size[k] += int(m.start[l+1] - m.start[l])
		}
		all += size[k]
	}
	k, sum := 0, 0
	for i := range m.lanes {
		n := &m.lanes[i]
		for n.from = k; k < len(size) && (i == saddleLanes-1 || sum < all*(i+1)/saddleLanes); k++ {
			sum += size[k]
		}
		n.to = k
		n.z = resize(n.z, len(m.z))
	}
}

// run runs f for all lanes.
func (m *saddle) run(f func(n *lane)) {
	if !m.parallel || m.liveSize < worthLane {
		for i := range m.lanes {
			f(&m.lanes[i])
		}
		return
	}
	var wg sync.WaitGroup
	for i := range m.lanes[1:] {
		wg.Go(func() { f(&m.lanes[i+1]) })
	}
	f(&m.lanes[0])
	wg.Wait()
}

// judge computes the value of x and the bound at w.
func (m *saddle) judge() {
	m.run(func(n *lane) {
		n.value, n.bound = 0, 0
		for k := n.from; k < n.to; k++ {
			least := math.Inf(1)
			for _, l := range m.of[k] {
				n.value += m.cost[l] * m.x[l]
				c := m.reducedCost(l, m.w)
				m.reduced[l] = c
				least = min(least, c)
			}
			m.least[k] = least
			n.bound += least
		}
	})
	m.value, m.bound = 0, 0
	for i := range m.lanes {
		m.value += m.lanes[i].value
		m.bound += m.lanes[i].bound
	}
	for i, w := range m.w {
		m.value += m.coverCost(i, m.z[i])
		m.bound += m.conjugate(i, w)
	}
	m.Steps += 2 * int64(len(m.entry)+len(m.more))
}

// step makes step n since the restart: the point that the method would go to from
// the iterate comes into x and w, the next iterate is as far beyond it, drawn towards
// the restart by one part in n+2.
func (m *saddle) step(n int) {
	a := float64(n+1) / float64(n+2)
	m.run(func(n *lane) { m.descend(n, a) })
	copy(m.z, m.lanes[0].z)
	for i := range m.lanes[1:] {
		for j, z := range m.lanes[i+1].z {
			m.z[j] += z
		}
	}
	for i, z := range m.z {
		sigma := m.sigma[i] * m.omega
		w := m.ascend(i, m.wnow[i]/sigma+2*z-m.znow[i], sigma)
		m.w[i] = w
		m.wnow[i] = a*(2*w-m.wnow[i]) + (1-a)*m.wfrom[i]
		m.znow[i] = a*(2*z-m.znow[i]) + (1-a)*m.zfrom[i]
	}
	m.Steps += 2*m.liveSize + int64(4*len(m.w))
}

// descend makes the step of the weights of a lane's lines and leaves their cover in its
// z.
func (m *saddle) descend(n *lane, a float64) {
	clear(n.z)
	for k := n.from; k < n.to; k++ {
		list := m.live[k]
		tau := m.tau[k] / m.omega
		v := n.weights[:len(list)]
		for j, l := range list {
			v[j] = m.xnow[l] - tau*m.reducedCost(l, m.wnow)
		}
		project(v)
		for j, l := range list {
			x := v[j]
			m.x[l] = x
			if x > 0 {
				m.put(l, x, n.z)
			}
			m.xnow[l] = a*(2*x-m.xnow[l]) + (1-a)*m.xfrom[l]
		}
	}
}

// awake chooses the lines that the next steps look at: those with weight and, of each
// employee, the cheapest at w.
func (m *saddle) awake() {
	m.liveSize = 0
	for k, list := range m.of {
		limit := math.Inf(1)
		if len(list) > liveLines {
			v := m.lanes[0].weights[:0]
			for _, l := range list {
				v = append(v, m.reduced[l])
			}
			slices.Sort(v)
			limit = v[liveLines-1]
		}
		live := m.live[k][:0]
		for _, l := range list {
			if m.reduced[l] <= limit || m.x[l] > 0 || m.xnow[l] != 0 || m.xfrom[l] != 0 {
				live = append(live, l)
				m.liveSize += int64(m.start[l+1] - m.start[l] + m.from[l+1] - m.from[l])
			}
		}
		m.live[k] = live
	}
}

// liveLines is the number of cheapest lines per employee that steps look at.
const liveLines = 12

// begin prepares the steps for the lines at hand.
func (m *saddle) begin() {
	n := len(m.cost)
	m.xnow, m.xfrom, m.reduced = resize(m.xnow, n), resize(m.xfrom, n), resize(m.reduced, n)
	longest := 0
	clear(m.z)
	clear(m.sigma)
	for k, list := range m.of {
		longest = max(longest, len(list))
		// The weights add up to one again after lines came or went.
		sum, most := 0.0, 1.0
		for _, l := range list {
			sum += m.x[l]
		}
		for _, l := range list {
			if sum > 0 {
				m.x[l] /= sum
			} else {
				m.x[l] = 1 / float64(len(list))
			}
			m.put(l, m.x[l], m.z)
			m.put(l, 1, m.sigma)
			size := float64(m.start[l+1] - m.start[l])
			for _, a := range m.amount[m.from[l]:m.from[l+1]] {
				size += a
			}
			most = max(most, size)
		}
		m.tau[k] = 1 / most
	}
	for i, lines := range m.sigma {
		m.sigma[i] = 1 / max(lines, 1)
		_, slope := m.pieces(i)
		m.w[i] = min(max(m.w[i], slope[0]), slope[len(slope)-1])
	}
	for i := range m.lanes {
		m.lanes[i].weights = resize(m.lanes[i].weights, longest)
	}
	m.deal()
	m.liveSize = int64(len(m.entry))
	m.restart()
}

// restart makes x and w the iterate and the point to be drawn to.
func (m *saddle) restart() {
	copy(m.xnow, m.x)
	copy(m.xfrom, m.x)
	copy(m.wnow, m.w)
	copy(m.wfrom, m.w)
	copy(m.znow, m.z)
	copy(m.zfrom, m.z)
}

// Numbers that steer the restarts.
const (
	saddleCheck   = 40   // steps between two looks at the gap
	restartFall   = 0.2  // restart when the gap has fallen to this share of that at the last
	restartTurn   = 0.8  // or to this share and begins to rise
	restartSpan   = 3    // or when one step in so many was made since
	balanceStart  = 2.0  // omega to begin with, in typical prices of cover
	balanceSpread = 16.0 // omega stays within this factor of that

)

// solve makes steps until value and bound differ by tolerance at most, or most steps
// are made.
func (m *saddle) solve(ctx context.Context, tolerance float64, most int) {
	m.begin()
	m.judge()
	m.awake()
	last := m.value - m.bound
	before, n := last, 0
	for k := 1; m.value-m.bound > tolerance && k <= most; k++ {
		m.step(n)
		n++
		if k%saddleCheck != 0 && k != most {
			continue
		}
		m.judge()
		gap := m.value - m.bound
		if ctx.Err() != nil {
			return
		}
		if gap <= restartFall*last || gap <= restartTurn*last && gap > before || n*restartSpan >= k && k > 4*saddleCheck {
			m.rebalance()
			m.restart()
			last, n = gap, 0
		}
		before = gap
		m.awake()
	}
}

// rebalance moves omega half-way, as a factor, to the ratio of what w and x moved by
// since the restart.
func (m *saddle) rebalance() {
	var dx, dw float64
	for k, list := range m.of {
		for _, l := range list {
			d := m.x[l] - m.xfrom[l]
			dx += d * d / m.tau[k]
		}
	}
	for i, w := range m.w {
		d := w - m.wfrom[i]
		dw += d * d / m.sigma[i]
	}
	if dx > 0 && dw > 0 {
		m.omega = math.Sqrt(m.omega * math.Sqrt(dw/dx))
		m.omega = min(max(m.omega, m.middle/balanceSpread), m.middle*balanceSpread)
	}
}
