package rosterfile

import (
	"errors"
	"fmt"

	"kcc/internal/calendar"
	"kcc/roster"
)

// Fairness says how evenly weekends, late shifts and holidays are to be spread.
type Fairness struct {
	Late  calendar.Clock // a shift that ends then or after is late; 0 = roster.DefaultLateFrom
	Price float64        // as roster.Weights.Fair: 0 = the default, negative = none
}

// Apply sets it in a problem.
func (f Fairness) Apply(p *roster.Problem) {
	p.LateFrom, p.Weights.Fair = f.Late, f.Price
}

// fairness reads the table [fairness] of a rule book:
//
//	[fairness]
//	late = "20:00"   # a shift that ends then or after is late (default 18:00)
//	price = 2        # points per shift above the even share; 0 = no price
func fairness(v any) (Fairness, error) {
	var out Fairness
	table, ok := v.(map[string]any)
	if !ok {
		return out, errors.New("want a table [fairness]")
	}
	for key, v := range table {
		switch key {
		case "late":
			text, _ := v.(string)
			c, err := calendar.ParseClock(text)
			if err != nil || c == 0 {
				return out, errors.New(`late: want a time of day such as "20:00"`)
			}
			out.Late = c
		case "price":
			x, ok := v.(float64)
			if n, whole := v.(int64); whole {
				x, ok = float64(n), true
			}
			if !ok || x < 0 || x > mostFairPrice {
				return out, fmt.Errorf("price: want a number from 0 to %d", mostFairPrice)
			}
			if out.Price = x; x == 0 {
				out.Price = -1
			}
		default:
			return out, fmt.Errorf("%s: want late or price", key)
		}
	}
	return out, nil
}

// mostFairPrice keeps fairness from pushing minimum hours aside.
const mostFairPrice = 50
