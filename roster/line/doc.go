// Package line finds the cheapest line of work of one employee: which shift, if
// any, on each day of a period, under the rules that hold for that employee
// alone. It is the exact inner step of the roster solvers: prices of cover go
// in as a cost per day and shift type, the best line comes out.
//
// The rules are at most one shift a day, forbidden successions, minutes between
// a minimum and a maximum, shifts in a row between a minimum and a maximum, a
// minimum of days off in a row, a maximum of worked weekends, a maximum per
// shift type and fixed days off. A run of shifts or of days off that touches
// the first or the last day of the period has no minimum, as the days beyond
// it are not known.
//
// # Method
//
// Dynamic programming over the days. A state is the kind of the last shift and
// the length of its run (or the days off so far), the minutes so far and the
// weekends so far. Shift types that agree in length and in what may precede and
// follow them are one arc, priced per day at the cheapest of them. Minutes are
// counted in the greatest common divisor of the shift lengths and only where
// the minimum and the maximum can still be met. A maximum per shift type is
// left out at first; when the best line breaks one, the type becomes a further
// dimension, and what then still breaks is priced until it holds.
//
// Any stretch of days can be optimised while the rest of the line stays.
//
//	m, err := line.New(line.Rules{Days: 28, Lengths: []int{480}, MaxCount: []int{28}, ...})
//	s := line.NewSolver()
//	cost, ok := s.Best(m, current, 0, 28, prices, best)
package line
