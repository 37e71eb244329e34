package forecast

import (
	"math"

	"gonum.org/v1/gonum/stat/distuv"
)

// Node is a forecast and the parts that must add up to it: a total and its
// channels, a channel and its subjects. A node without Forecast is just a sum.
type Node struct {
	Forecast *Forecast
	Parts    []*Node
	// Views are other ways to divide the same whole: a channel by team beside its
	// subjects. Each adds up.
	Views [][]*Node

	up    float64 // estimate from this node and below
	upVar float64
	out   float64
	at    int  // index of the interval in Forecast.Points
	known bool // the interval exists here or below
}

// Reconcile makes the forecasts of a tree add up in every interval, changing
// each in proportion to the variance of its error: minimum trace reconciliation
// with a diagonal error matrix (Wickramasuriya, Athanasopoulos and Hyndman 2019,
// JASA 114:804-819). On a tree the solution is found by one pass up, which weighs
// each node against the sum of its parts by inverse variance, and one pass down,
// which divides what is left over the parts by their variance. Volumes stay
// >= 0. Bounds move in proportion. Variances are read from the bounds.
func Reconcile(root *Node) {
	starts := map[int64]bool{}
	var order []int64
	root.walk(func(n *Node) {
		n.at = 0
		if n.Forecast == nil {
			return
		}
		for _, p := range n.Forecast.Points {
			if t := p.Start.Unix(); !starts[t] {
				starts[t] = true
				order = append(order, t)
			}
		}
	})
	index := map[*Node]map[int64]int{}
	root.walk(func(n *Node) {
		if n.Forecast != nil {
			m := make(map[int64]int, len(n.Forecast.Points))
			for i, p := range n.Forecast.Points {
				m[p.Start.Unix()] = i
			}
			index[n] = m
		}
	})
	for _, t := range order {
		root.upward(t, index)
		if root.known {
			root.downward(math.Max(0, root.up))
			root.write()
		}
	}
}

func (n *Node) walk(f func(*Node)) {
	f(n)
	for _, parts := range n.divisions() {
		for _, p := range parts {
			p.walk(f)
		}
	}
}

// divisions lists the ways in which n is divided.
func (n *Node) divisions() [][]*Node {
	if len(n.Parts) == 0 {
		return n.Views
	}
	return append([][]*Node{n.Parts}, n.Views...)
}

// sumOf adds up the estimates of the known parts of one division.
func sumOf(parts []*Node) (sum, variance float64, known int) {
	for _, p := range parts {
		if p.known {
			sum += p.up
			variance += p.upVar
			known++
		}
	}
	return sum, variance, known
}

// upward sets the best estimate of n from itself and each way it is divided, by
// inverse variance.
func (n *Node) upward(t int64, index map[*Node]map[int64]int) {
	n.known, n.at = false, -1
	var mean, weight float64
	add := func(m, v float64) {
		n.known = true
		w := 1 / math.Max(v, leastVariance)
		mean += w * m
		weight += w
	}
	for _, parts := range n.divisions() {
		for _, p := range parts {
			p.upward(t, index)
		}
		if sum, v, known := sumOf(parts); known > 0 {
			add(sum, v)
		}
	}
	if n.Forecast != nil {
		if i, ok := index[n][t]; ok {
			n.at = i
			add(n.Forecast.variance(i))
		}
	}
	if n.known {
		n.up, n.upVar = mean/weight, 1/weight
	}
}

// leastVariance stands for a forecast without any doubt.
const leastVariance = 1e-12

// downward gives n its final value and divides it over the parts of each division.
func (n *Node) downward(x float64) {
	n.out = x
	for _, all := range n.divisions() {
		sum, variance, known := sumOf(all)
		if known == 0 {
			continue
		}
		left := x - sum
		value := make([]float64, len(all))
		total := 0.0
		for i, p := range all {
			if !p.known {
				continue
			}
			share := 1 / float64(known)
			if variance > 0 {
				share = p.upVar / variance
			}
			value[i] = math.Max(0, p.up+share*left)
			total += value[i]
		}
		for i, p := range all {
			if !p.known {
				continue
			}
			v := x / float64(known)
			if total > 0 {
				v = value[i] * x / total // only where something was cut at 0
			}
			p.downward(v)
		}
	}
}

// write sets the points of the interval; the sums of Parts are exact from the
// leaves up, those of Views up to rounding.
func (n *Node) write() float64 {
	sum, parts := 0.0, false
	for _, p := range n.Parts {
		if p.known {
			sum += p.write()
			parts = true
		}
	}
	for _, view := range n.Views {
		for _, p := range view {
			if p.known {
				p.write()
			}
		}
	}
	if !parts {
		sum = n.out
	}
	if n.at >= 0 {
		p := &n.Forecast.Points[n.at]
		if p.Mean > 0 {
			for b, x := range p.Bounds {
				p.Bounds[b] = x * sum / p.Mean
			}
			p.Computed *= sum / p.Mean
		}
		p.Mean = sum
	}
	return sum
}

// variance returns the mean and error variance of point i, read from the first
// bounds; a Poisson variance where there are none.
func (f *Forecast) variance(i int) (mean, variance float64) {
	p := &f.Points[i]
	if len(f.Levels) == 0 || len(p.Bounds) < 2 {
		return p.Mean, math.Max(p.Mean, 1e-9)
	}
	z := distuv.UnitNormal.Quantile((1 + f.Levels[0]) / 2)
	sd := (p.Bounds[1] - p.Bounds[0]) / (2 * z)
	return p.Mean, math.Max(sd*sd, 1e-9)
}
