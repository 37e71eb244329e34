package roster

// joint is where two weeks of an agent meet, and prices the single day off that the
// two can make together: with the left week off on its last day after work and the
// right one at work on its first, or the left at work on its last and the right off on
// its first and then at work.
//
// A share of the left weeks and one of the right have to meet only as far as together
// they are more than one: that much costs the price of a single day off. With a
// multiplier each, center + price·(left + right − 1) within 0 and the price, it is a
// charge on either week, and the weights of both find to each other.
type joint struct {
	left, right int  // shares
	still       bool // the two belong to different patches: not moved within a sweep
	over        [2]float64
	center      [2]float64
	charge      [2]float64
}

// edgesOf gives what makes a single day off, on the left and on the right.
var edgesOf = [2][2]uint8{{tailEarly, headWork}, {tailWork, headLate}}

// buildJoints finds where weeks meet.
func (x *master) buildJoints() {
	for i := range x.shares {
		x.shares[i].before, x.shares[i].after = -1, -1
		if i > 0 && x.shares[i-1].agent == x.shares[i].agent && x.m.w.SplitDaysOff > 0 {
			x.shares[i].before, x.shares[i-1].after = len(x.joints), len(x.joints)
			x.joints = append(x.joints, joint{left: i - 1, right: i})
		}
	}
	in := make([]int, len(x.shares))
	for i, p := range x.patches() {
		for _, at := range p.shares {
			in[at] = i
		}
	}
	for i := range x.joints {
		j := &x.joints[i]
		j.still = in[j.left] != in[j.right]
	}
}

// join sets the charges of all joints by the weights as they are and moves their
// centers there.
func (x *master) join() {
	price := x.m.w.SplitDaysOff
	for i := range x.joints {
		j := &x.joints[i]
		step := price
		if j.still {
			step /= 2
		}
		for e, edge := range edgesOf {
			j.over[e] = x.shares[j.left].likely(edge[0]) + x.shares[j.right].likely(edge[1]) - 1
			j.center[e] = clamp(j.center[e]+step*j.over[e], 0, price)
			j.charge[e] = j.center[e]
			if !j.still {
				x.recharge(j, e)
			}
		}
	}
}

func (x *master) recharge(j *joint, e int) {
	price := x.m.w.SplitDaysOff
	j.charge[e] = clamp(j.center[e]+price*j.over[e], 0, price)
}

// edgeCost returns what the edges of a week of a share are charged.
func (x *master) edgeCost(b *share, edges uint8) (sum float64) {
	if edges == 0 {
		return 0
	}
	for e, edge := range edgesOf {
		if b.before >= 0 && edges&edge[1] != 0 {
			sum += x.joints[b.before].charge[e]
		}
		if b.after >= 0 && edges&edge[0] != 0 {
			sum += x.joints[b.after].charge[e]
		}
	}
	return sum
}

// edgeBend returns how fast the charges rise when weight moves from one week to
// another.
func (x *master) edgeBend(b *share, from, to uint8) float64 {
	n := 0
	for _, edge := range edgesOf {
		if b.before >= 0 && (from^to)&edge[1] != 0 && !x.joints[b.before].still {
			n++
		}
		if b.after >= 0 && (from^to)&edge[0] != 0 && !x.joints[b.after].still {
			n++
		}
	}
	return float64(n) * x.m.w.SplitDaysOff
}

// edgeMove tells the joints of a share that weight moved from one week to another.
func (x *master) edgeMove(b *share, from, to uint8, theta float64) {
	move := func(at, e int, edge uint8) {
		if at < 0 || (from^to)&edge == 0 || x.joints[at].still {
			return
		}
		j := &x.joints[at]
		if to&edge != 0 {
			j.over[e] += theta
		} else {
			j.over[e] -= theta
		}
		x.recharge(j, e)
	}
	for e, edge := range edgesOf {
		move(b.before, e, edge[1])
		move(b.after, e, edge[0])
	}
}

// likely is the weight of the weeks with an edge.
func (b *share) likely(edge uint8) (sum float64) {
	for i, p := range b.weeks {
		if p.edges&edge != 0 {
			sum += b.weight[i]
		}
	}
	return sum
}
