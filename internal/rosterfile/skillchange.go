package rosterfile

import (
	"errors"
	"fmt"

	"kcc/roster"
)

// skillChange reads the table [skills] of a rule book and returns the price as in
// roster.Weights.SkillChange: 0 = the default, negative = none.
//
//	[skills]
//	change = 0.2     # points per change of skill within a shift; 0 = no price
func skillChange(at spot, v any) (price float64) {
	table, ok := v.(map[string]any)
	if !ok {
		at.want(v, "a table [skills]")
	}
	for key, v := range table {
		if key != "change" {
			at.under(key).fail(errors.New("want change"))
			continue
		}
		price = pricePoints(at.under(key), v, mostChangePrice)
	}
	return price
}

// mostChangePrice: above the price of a missing agent-interval nobody would change skill for a customer.
const mostChangePrice = roster.MissingCost

// pricePoints reads a price in points; 0 is none, which weights write as -1.
func pricePoints(at spot, v any, most float64) float64 {
	x, ok := v.(float64)
	if n, whole := v.(int64); whole {
		x, ok = float64(n), true
	}
	if !ok || !(x >= 0 && x <= most) { // nor NaN
		at.want(v, fmt.Sprintf("a number from 0 to %g", most))
		return 0
	}
	if x == 0 {
		return -1
	}
	return x
}
