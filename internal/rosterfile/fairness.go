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
	Days  []FairDay      // that count as holidays
	Plain bool           // the special days of the centre do not count as holidays
}

// FairDay is a day that counts as a holiday: once, or every year.
type FairDay struct {
	Date calendar.Date // once
	Each string        // or the month and day of every year: 12-24
}

// fairDays is how far back shifts on holidays are counted.
const fairDays = 52 * 7

// Apply sets it in a problem.
func (f Fairness) Apply(p *roster.Problem) {
	p.LateFrom, p.Weights.Fair = f.Late, f.Price
	for _, d := range f.Days {
		if d.Each == "" {
			p.OwnDays = append(p.OwnDays, d.Date)
			continue
		}
		for y := p.First.Add(-fairDays).Year(); y <= p.Last().Year(); y++ {
			if day, err := calendar.ParseDate(fmt.Sprintf("%d-%s", y, d.Each)); err == nil { // else 29 February
				p.OwnDays = append(p.OwnDays, day)
			}
		}
	}
}

// fairness reads the table [fairness] of a rule book:
//
//	[fairness]
//	late = "20:00"   # a shift that ends then or after is late (default 18:00)
//	price = 2        # points per shift above the even share; 0 = no price
//	days = ["12-24", "2026-12-31"]  # count as holidays: every year, once
//	special_days = false            # those of the centre do not
func fairness(at spot, v any) (out Fairness) {
	table, ok := v.(map[string]any)
	if !ok {
		at.want(v, "a table [fairness]")
	}
	for key, v := range table {
		at := at.under(key)
		switch key {
		case "late":
			text, _ := v.(string)
			c, err := calendar.ParseClock(text)
			if err != nil || c == 0 {
				at.want(v, `a time of day such as "20:00"`)
			}
			out.Late = c
		case "price":
			out.Price = pricePoints(at, v, mostFairPrice)
		case "days":
			list, ok := v.([]any)
			if !ok {
				at.want(v, `a list such as ["12-24", "2026-12-31"]`)
			}
			for i, x := range list {
				if d, ok := fairDay(x); ok {
					out.Days = append(out.Days, d)
				} else {
					at.entry(i).want(x, `a day such as "12-24" or "2026-12-31"`)
				}
			}
		case "special_days":
			on, ok := v.(bool)
			if !ok {
				at.want(v, "true or false")
			}
			out.Plain = ok && !on
		default:
			at.fail(errors.New("want late, price, days or special_days"))
		}
	}
	return out
}

// fairDay reads 12-24, a day of every year, or 2026-12-31.
func fairDay(v any) (FairDay, bool) {
	text, _ := v.(string)
	if d, err := calendar.ParseDate(text); err == nil {
		return FairDay{Date: d}, true
	}
	const leap = "2024-" // has a 29 February
	_, err := calendar.ParseDate(leap + text)
	return FairDay{Each: text}, err == nil
}

// mostFairPrice keeps fairness from pushing minimum hours aside.
const mostFairPrice = 50
