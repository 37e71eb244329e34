package bench

import (
	"cmp"
	"context"
	"math"
	"slices"

	"gonum.org/v1/gonum/blas/gonum"
)

// program is a linear programme
//
//	min c·x   subject to   A·x = b,   0 ≤ x ≤ u
//
// to which columns may be added between solves. All entries of one column are
// equal, 1 or -1, as the covering problems of rosters need no others. It is solved
// by the revised primal simplex method with an explicit inverse and Devex prices
// (P. Harris, "Pivot selection methods of the Devex LP code", Mathematical
// Programming 5, 1973). The basis stays when columns are added or costs change.
type program struct {
	rows int
	b    []float64

	cost  []float64
	upper []float64
	sign  []float64
	start []int32 // column j has the rows entries[start[j]:start[j+1]]
	entry []int32
	place []int8 // where the column is: basic, at zero or at its upper bound

	head []int32 // column that is basic in each row
	safe []int32 // head of a basis to fall back on, with full the columns at their upper bounds
	full []int32
	x    []float64 // value of the basic column of each row
	inv  []float64 // inverse of the basis, column by column
	y    []float64 // dual values of the rows

	d, weight, row  []float64 // reduced cost, Devex weight and entry of a row, per column
	rho, alpha, tmp []float64
	index           []int32 // the entries of alpha
	value           []float64
	fresh           int   // pivots since the inverse was computed
	Steps           int64 // work, in about the unit of line.Solver.Steps
}

// Places of a column.
const (
	atZero int8 = iota
	atUpper
	basic
)

// Tolerances of the simplex method, on weights of about 1 to 1000 and entries of 1.
const (
	dualTolerance  = 1e-6  // reduced costs above minus this are not worth a pivot
	pivotTolerance = 1e-6  // smaller entries do not limit a step
	smallPivot     = 1e-3  // smaller entries are divided by for want of others only
	boundSlip      = 1e-5  // values beyond their bounds by more are the mark of a spoilt basis
	priceSlip      = 1e-6  // drift of a reduced cost that calls for new ones
	entryTolerance = 1e-12 // smaller entries are zero
	primalSlip     = 1e-7  // a basic value may leave its bounds by this much
	refactorAfter  = 200   // pivots until the inverse is computed anew
	sparseShare    = 4     // columns with fewer than one in so many entries are sparse
)

var blas gonum.Implementation

// reset empties lp and gives it b as its right-hand side.
func (lp *program) reset(b []float64) {
	lp.rows, lp.b = len(b), b
	lp.cost, lp.upper, lp.sign = lp.cost[:0], lp.upper[:0], lp.sign[:0]
	lp.start, lp.entry, lp.place = append(lp.start[:0], 0), lp.entry[:0], lp.place[:0]
	m := lp.rows
	lp.head = slices.Grow(lp.head[:0], m)[:m]
	for _, v := range []*[]float64{&lp.x, &lp.y, &lp.rho, &lp.alpha, &lp.tmp} {
		*v = slices.Grow((*v)[:0], m)[:m]
	}
	lp.inv = slices.Grow(lp.inv[:0], m*m)[:m*m]
}

// add adds a column at zero and returns its number.
func (lp *program) add(cost, upper, sign float64, entries ...int32) int {
	lp.cost, lp.upper, lp.sign = append(lp.cost, cost), append(lp.upper, upper), append(lp.sign, sign)
	lp.entry = append(lp.entry, entries...)
	lp.start = append(lp.start, int32(len(lp.entry)))
	lp.place = append(lp.place, atZero)
	return len(lp.cost) - 1
}

// column returns the rows in which column j has its entries.
func (lp *program) column(j int) []int32 { return lp.entry[lp.start[j]:lp.start[j+1]] }

// keep drops the columns from number first on that are neither basic nor wanted
// and calls moved for each of those that stay, in order.
func (lp *program) keep(first int, wanted func(j int) bool, moved func(from, to int)) {
	n, to := len(lp.cost), first
	at := lp.start[first]
	renumber := make([]int32, n-first)
	for j := first; j < n; j++ {
		if lp.place[j] != basic && !wanted(j) && !slices.Contains(lp.safe, int32(j)) {
			continue
		}
		entries := lp.column(j)
		copy(lp.entry[at:], entries)
		at += int32(len(entries))
		lp.cost[to], lp.upper[to], lp.sign[to], lp.place[to] = lp.cost[j], lp.upper[j], lp.sign[j], lp.place[j]
		// start[to+1] is at most start[j+1], which is read no more.
		lp.start[to+1] = at
		renumber[j-first] = int32(to)
		moved(j, to)
		to++
	}
	for _, list := range [2][]int32{lp.head, lp.safe} {
		for i, j := range list {
			if int(j) >= first {
				list[i] = renumber[int(j)-first]
			}
		}
	}
	lp.cost, lp.upper, lp.sign, lp.place = lp.cost[:to], lp.upper[:to], lp.sign[:to], lp.place[:to]
	lp.start, lp.entry = lp.start[:to+1], lp.entry[:at]
}

// refresh computes the inverse, the basic values and the prices anew. When the
// basis has become singular or its values have left their bounds, the basis
// remembered takes its place.
func (lp *program) refresh() bool {
	if !lp.factor() || lp.infeasible() {
		return lp.fallBack()
	}
	lp.prices()
	return true
}

// fallBack takes the basis remembered.
func (lp *program) fallBack() bool {
	clear(lp.place)
	copy(lp.head, lp.safe)
	for _, j := range lp.head {
		lp.place[j] = basic
	}
	for _, j := range lp.full {
		lp.place[j] = atUpper
	}
	if !lp.factor() {
		return false
	}
	lp.prices()
	return true
}

// infeasible reports whether a basic value is clearly outside its bounds.
func (lp *program) infeasible() bool {
	for i, j := range lp.head {
		if lp.x[i] < -boundSlip || lp.x[i] > lp.upper[j]+boundSlip {
			return true
		}
	}
	return false
}

// factor computes the inverse and the basic values from the columns in head. It
// returns false if they do not form a basis.
func (lp *program) factor() bool {
	m := lp.rows
	clear(lp.inv)
	for i := range m {
		lp.inv[i*m+i] = 1
	}
	order := slices.Clone(lp.head)
	slices.SortFunc(order, func(a, b int32) int {
		return cmp.Or(len(lp.column(int(a)))-len(lp.column(int(b))), int(a-b))
	})
	taken := make([]bool, m)
	for _, q := range order {
		lp.ftran(int(q))
		r, most := -1, pivotTolerance
		for k, i := range lp.index {
			if v := math.Abs(lp.value[k]); !taken[i] && v > most {
				r, most = int(i), v
			}
		}
		if r < 0 {
			return false
		}
		taken[r] = true
		lp.head[r] = q
		lp.pivot(r)
	}
	lp.fresh = 0
	lp.values()
	return true
}

// values computes the basic values.
func (lp *program) values() {
	m := lp.rows
	rest := lp.tmp
	copy(rest, lp.b)
	for j, p := range lp.place {
		if p == atUpper {
			for _, i := range lp.column(j) {
				rest[i] -= lp.sign[j] * lp.upper[j]
			}
		}
	}
	clear(lp.x)
	for j, v := range rest {
		if v != 0 {
			blas.Daxpy(m, v, lp.inv[j*m:(j+1)*m], 1, lp.x, 1)
		}
	}
}

// ftran computes alpha, column q in terms of the basis, and lists its entries.
func (lp *program) ftran(q int) {
	m := lp.rows
	clear(lp.alpha)
	col := lp.column(q)
	for _, j := range col {
		blas.Daxpy(m, lp.sign[q], lp.inv[int(j)*m:int(j+1)*m], 1, lp.alpha, 1)
	}
	lp.index, lp.value = lp.index[:0], lp.value[:0]
	for i, a := range lp.alpha {
		if math.Abs(a) > entryTolerance {
			lp.index, lp.value = append(lp.index, int32(i)), append(lp.value, a)
		} else {
			lp.alpha[i] = 0
		}
	}
	lp.Steps += int64(len(col)*m/4 + m)
}

// pivot changes the inverse so that the column in alpha is basic in row r.
func (lp *program) pivot(r int) {
	m := lp.rows
	inverse := 1 / lp.alpha[r]
	dense := len(lp.index) > m/sparseShare
	lp.alpha[r] = 0
	done := 0
	for j := range m {
		col := lp.inv[j*m : (j+1)*m]
		v := col[r]
		if v == 0 {
			continue
		}
		v *= inverse
		done++
		if dense {
			blas.Daxpy(m, -v, lp.alpha, 1, col, 1)
		} else {
			for k, i := range lp.index {
				c := col[i] - v*lp.value[k]
				if math.Abs(c) < entryTolerance {
					c = 0
				}
				col[i] = c
			}
		}
		col[r] = v
	}
	if dense {
		lp.Steps += int64(done*m/4 + m)
	} else {
		lp.Steps += int64(done*len(lp.index) + m)
	}
	lp.fresh++
}

// prices computes the dual values and all reduced costs from the inverse.
func (lp *program) prices() {
	m := lp.rows
	for i, j := range lp.head {
		lp.tmp[i] = lp.cost[j]
	}
	for j := range m {
		lp.y[j] = blas.Ddot(m, lp.tmp, 1, lp.inv[j*m:(j+1)*m], 1)
	}
	n := len(lp.cost)
	lp.d = slices.Grow(lp.d[:0], n)[:n]
	for j := range n {
		lp.d[j] = lp.reduced(j)
	}
	lp.Steps += int64(m*m/4 + len(lp.entry))
}

// reduced returns the reduced cost of column j at the dual values.
func (lp *program) reduced(j int) float64 {
	if lp.place[j] == basic {
		return 0
	}
	var sum float64
	for _, i := range lp.column(j) {
		sum += lp.y[i]
	}
	return lp.cost[j] - lp.sign[j]*sum
}

// objective returns the cost of the present solution.
func (lp *program) objective() float64 {
	var sum float64
	for i, j := range lp.head {
		sum += lp.cost[j] * lp.x[i]
	}
	for j, p := range lp.place {
		if p == atUpper {
			sum += lp.cost[j] * lp.upper[j]
		}
	}
	return sum
}

// solve makes pivots until no column improves the objective, ctx ends or most
// pivots are made. The basic values must be within their bounds.
func (lp *program) solve(ctx context.Context, most int) bool {
	lp.resetWeights(len(lp.cost))
	lp.prices()
	for k := 0; k < most; k++ {
		if k%16 == 0 && ctx.Err() != nil {
			return false
		}
		if lp.fresh > refactorAfter && !lp.refresh() {
			return false
		}
		q := lp.entering()
		if q < 0 {
			return true
		}
		if d := lp.reduced(q); math.Abs(d-lp.d[q]) > priceSlip*(1+math.Abs(d)) {
			lp.prices() // the updates have drifted
			continue
		}
		lp.ftran(q)
		if !lp.move(q) {
			// No entry is large enough to divide by: with a fresh inverse the column waits
			// for the next solve.
			if lp.fresh == 0 {
				lp.d[q] = 0
			} else if !lp.refresh() {
				return false
			}
		}
	}
	return false
}

func (lp *program) resetWeights(n int) {
	lp.weight = slices.Grow(lp.weight[:0], n)[:n]
	for j := range lp.weight {
		lp.weight[j] = 1
	}
}

// entering returns the column with the best price, or -1 at the optimum.
func (lp *program) entering() int {
	q, most := -1, 0.0
	for j, d := range lp.d {
		if d < -dualTolerance && lp.place[j] == atZero && lp.upper[j] > 0 || d > dualTolerance && lp.place[j] == atUpper {
			if v := d * d / lp.weight[j]; v > most {
				q, most = j, v
			}
		}
	}
	return q
}

// move lets column q, which is in alpha, leave its bound as far as the others
// allow and exchanges it with the column that stops it. It returns false, and changes nothing,
// if that would divide by almost nothing.
func (lp *program) move(q int) bool {
	up := 1.0
	if lp.place[q] == atUpper {
		up = -1
	}
	// The least step with the bounds a little wider, then the largest entry among
	// the rows that stop before it (Harris).
	limit := lp.upper[q]
	for k, i := range lp.index {
		a := lp.value[k] * up
		if a > pivotTolerance {
			limit = min(limit, (lp.x[i]+primalSlip)/a)
		} else if a < -pivotTolerance {
			limit = min(limit, (lp.x[i]-lp.upper[lp.head[i]]-primalSlip)/a)
		}
	}
	r, step, largest := -1, lp.upper[q], 0.0
	for k, i := range lp.index {
		a := lp.value[k] * up
		var t float64
		switch {
		case a > pivotTolerance:
			t = lp.x[i] / a
		case a < -pivotTolerance:
			t = (lp.x[i] - lp.upper[lp.head[i]]) / a
		default:
			continue
		}
		if v := math.Abs(a); t <= limit && v > largest {
			r, step, largest = int(i), max(t, 0), v
		}
	}
	if r >= 0 && largest < smallPivot {
		return false
	}
	if step > 0 {
		blas.Daxpy(lp.rows, -step*up, lp.alpha, 1, lp.x, 1)
	}
	if r < 0 { // from one bound to the other
		lp.place[q] = atZero + atUpper - lp.place[q]
		return true
	}
	out := int(lp.head[r])
	value := step
	if up < 0 {
		value = lp.upper[q] - step
	}
	a := lp.alpha[r]
	lp.reprice(q, r, a)
	lp.place[out] = atZero
	if a*up < 0 {
		lp.place[out] = atUpper
	}
	lp.place[q] = basic
	lp.head[r] = int32(q)
	lp.x[r] = value
	lp.d[out] = -lp.d[q] / a
	lp.weight[out] = max(lp.weight[q]/(a*a), 1)
	lp.d[q] = 0
	lp.pivot(r)
	return true
}

// reprice changes the dual values, the reduced costs and the Devex weights for an
// exchange of column q with the one that is basic in row r.
func (lp *program) reprice(q, r int, a float64) {
	lp.priceRow(r)
	lp.applyRow(q, a)
}

// priceRow computes row r of the inverse and, for every column that is not basic,
// its entry in row r in terms of the basis.
func (lp *program) priceRow(r int) {
	m := lp.rows
	for j := range m {
		lp.rho[j] = lp.inv[j*m+r]
	}
	n := len(lp.cost)
	lp.row = slices.Grow(lp.row[:0], n)[:n]
	for j, p := range lp.place {
		if p == basic {
			lp.row[j] = 0
			continue
		}
		var sum float64
		for _, i := range lp.column(j) {
			sum += lp.rho[i]
		}
		lp.row[j] = sum * lp.sign[j]
	}
	lp.Steps += int64(len(lp.entry)/2 + m)
}

// applyRow changes prices for an exchange of column q, whose entry is a, with the
// column that is basic in the row of priceRow.
func (lp *program) applyRow(q int, a float64) {
	ratio := lp.d[q] / a
	for j, v := range lp.rho {
		if v != 0 {
			lp.y[j] += ratio * v
		}
	}
	w := lp.weight[q] / (a * a)
	for j, v := range lp.row {
		if v != 0 && j != q {
			lp.d[j] -= ratio * v
			lp.weight[j] = max(lp.weight[j], v*v*w)
		}
	}
	lp.Steps += int64(len(lp.row))
}
