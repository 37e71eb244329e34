package forecast

import "math"

// pivotFloor keeps a Cholesky pivot positive: columns without data have only
// their ridge, and a plain linear dependence must not blow up.
const pivotFloor = 1e-10

// solveRidge solves (A + diag(ridge))·x = b for a symmetric positive
// semidefinite A of order k, given by rows in one slice of which only the lower
// triangle is read. A and b are overwritten; the result is in b.
func solveRidge(a, b, ridge []float64) {
	k := len(b)
	for i := range k {
		a[i*k+i] += ridge[i]
	}
	for j := range k {
		s := a[j*k+j]
		floor := pivotFloor * (1 + s)
		for q := range j {
			s -= a[j*k+q] * a[j*k+q]
		}
		if s < floor {
			s = floor
		}
		d := math.Sqrt(s)
		a[j*k+j] = d
		for i := j + 1; i < k; i++ {
			t := a[i*k+j]
			ri, rj := a[i*k:i*k+j], a[j*k:j*k+j]
			for q := range rj {
				t -= ri[q] * rj[q]
			}
			a[i*k+j] = t / d
		}
	}
	for i := range k {
		t := b[i]
		for q := range i {
			t -= a[i*k+q] * b[q]
		}
		b[i] = t / a[i*k+i]
	}
	for i := k - 1; i >= 0; i-- {
		t := b[i]
		for q := i + 1; q < k; q++ {
			t -= a[q*k+i] * b[q]
		}
		b[i] = t / a[i*k+i]
	}
}

// minimise searches the box [lo, hi] from x0 by the simplex method of Nelder and
// Mead (1965, Computer Journal 7:308-313) with the usual coefficients; points
// outside the box are pulled to its edge. It returns the best point found.
func minimise(f func([]float64) float64, x0, lo, hi []float64, evals int) []float64 {
	k := len(x0)
	clamp := func(x []float64) {
		for i := range x {
			x[i] = math.Min(hi[i], math.Max(lo[i], x[i]))
		}
	}
	pts := make([][]float64, k+1)
	val := make([]float64, k+1)
	for i := range pts {
		pts[i] = append([]float64(nil), x0...)
		if i > 0 {
			step := 0.25 * (hi[i-1] - lo[i-1])
			if pts[i][i-1]+step > hi[i-1] {
				step = -step
			}
			pts[i][i-1] += step
		}
		clamp(pts[i])
		val[i] = f(pts[i])
	}
	used := k + 1
	centre, try, try2 := make([]float64, k), make([]float64, k), make([]float64, k)
	for used < evals {
		// Insertion sort of k+1 points, best first.
		for i := 1; i <= k; i++ {
			for j := i; j > 0 && val[j] < val[j-1]; j-- {
				val[j], val[j-1] = val[j-1], val[j]
				pts[j], pts[j-1] = pts[j-1], pts[j]
			}
		}
		if math.Abs(val[k]-val[0]) <= 1e-6*(math.Abs(val[0])+1e-12) { // flat: good enough for smoothing weights
			break
		}
		for i := range centre {
			centre[i] = 0
			for j := range k {
				centre[i] += pts[j][i] / float64(k)
			}
		}
		move := func(dst []float64, t float64) float64 {
			for i := range dst {
				dst[i] = centre[i] + t*(pts[k][i]-centre[i])
			}
			clamp(dst)
			used++
			return f(dst)
		}
		r := move(try, -1)
		switch {
		case r < val[0]:
			if e := move(try2, -2); e < r {
				copy(pts[k], try2)
				val[k] = e
			} else {
				copy(pts[k], try)
				val[k] = r
			}
		case r < val[k-1]:
			copy(pts[k], try)
			val[k] = r
		default:
			t := 0.5
			if r < val[k] {
				t = -0.5
			}
			if c := move(try2, t); c < math.Min(r, val[k]) {
				copy(pts[k], try2)
				val[k] = c
			} else {
				for j := 1; j <= k; j++ {
					for i := range pts[j] {
						pts[j][i] = 0.5 * (pts[j][i] + pts[0][i])
					}
					val[j] = f(pts[j])
					used++
				}
			}
		}
	}
	best := 0
	for i := range val {
		if val[i] < val[best] {
			best = i
		}
	}
	return pts[best]
}
