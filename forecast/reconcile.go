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

	up    float64 // estimate from this node and below
	upVar float64
	sum   float64 // of the parts, upward
	sumV  float64
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
	for _, p := range n.Parts {
		p.walk(f)
	}
}

// upward sets the best estimate of n from itself and its parts.
func (n *Node) upward(t int64, index map[*Node]map[int64]int) {
	n.known, n.at, n.sum, n.sumV = false, -1, 0, 0
	parts := false
	for _, p := range n.Parts {
		p.upward(t, index)
		if p.known {
			parts = true
			n.sum += p.up
			n.sumV += p.upVar
		}
	}
	own := false
	if n.Forecast != nil {
		if i, ok := index[n][t]; ok {
			n.at, own = i, true
		}
	}
	n.known = own || parts
	switch {
	case own && parts:
		m, v := n.Forecast.variance(n.at)
		if v+n.sumV <= 0 {
			n.up, n.upVar = n.sum, 0
			return
		}
		n.up = (m*n.sumV + n.sum*v) / (v + n.sumV)
		n.upVar = v * n.sumV / (v + n.sumV)
	case own:
		n.up, n.upVar = n.Forecast.variance(n.at)
	default:
		n.up, n.upVar = n.sum, n.sumV
	}
}

// downward gives n its final value and divides it over the parts.
func (n *Node) downward(x float64) {
	n.out = x
	var parts []*Node
	for _, p := range n.Parts {
		if p.known {
			parts = append(parts, p)
		}
	}
	if len(parts) == 0 {
		return
	}
	left := x - n.sum
	value := make([]float64, len(parts))
	total := 0.0
	for i, p := range parts {
		share := 1 / float64(len(parts))
		if n.sumV > 0 {
			share = p.upVar / n.sumV
		}
		value[i] = math.Max(0, p.up+share*left)
		total += value[i]
	}
	for i, p := range parts {
		v := x / float64(len(parts))
		if total > 0 {
			v = value[i] * x / total // only where something was cut at 0
		}
		p.downward(v)
	}
}

// write sets the points of the interval, the sums exact from the leaves up.
func (n *Node) write() float64 {
	sum, parts := 0.0, false
	for _, p := range n.Parts {
		if p.known {
			sum += p.write()
			parts = true
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
