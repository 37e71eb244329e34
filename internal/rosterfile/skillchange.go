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
func skillChange(v any) (price float64, err error) {
	table, ok := v.(map[string]any)
	if !ok {
		return 0, errors.New("want a table [skills]")
	}
	for key, v := range table {
		if key != "change" {
			return 0, fmt.Errorf("%s: want change", key)
		}
		if price, err = pricePoints(v, mostChangePrice); err != nil {
			return 0, fmt.Errorf("change: %w", err)
		}
	}
	return price, nil
}

// mostChangePrice: above the price of a missing agent-interval nobody would change skill for a customer.
const mostChangePrice = roster.MissingCost

// pricePoints reads a price in points; 0 is none, which weights write as -1.
func pricePoints(v any, most float64) (float64, error) {
	x, ok := v.(float64)
	if n, whole := v.(int64); whole {
		x, ok = float64(n), true
	}
	if !ok || !(x >= 0 && x <= most) { // nor NaN
		return 0, fmt.Errorf("want a number from 0 to %g", most)
	}
	if x == 0 {
		return -1, nil
	}
	return x, nil
}
