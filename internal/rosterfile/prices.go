package rosterfile

import (
	"time"

	"kcc/internal/output"
	"kcc/roster"
)

// PriceTable lays out what one more full agent would save per skill and interval,
// beside what was asked for and what the roster has.
func PriceTable(p *roster.Problem, r *roster.Result) output.Table {
	t := output.Table{Name: "prices", Title: "What one more agent is worth", Columns: []output.Column{
		{Name: "start", Kind: output.DateTime},
		{Name: "interval_s", Kind: output.Integer},
		{Name: "skill"},
		{Name: "required", Kind: output.Number, Digits: 2},
		{Name: "rostered", Kind: output.Number, Digits: 2},
		{Name: "price", Kind: output.Number, Digits: 2},
	}}
	type key struct {
		at    int64
		skill string
	}
	price := map[key]float64{}
	for _, x := range r.Prices {
		price[key{x.Start.Unix(), x.Skill}] = x.Value
	}
	for _, c := range r.Coverage {
		if v, ok := price[key{c.Start.Unix(), c.Skill}]; ok {
			t.Rows = append(t.Rows, []any{c.Start.In(p.Zone), int(c.Step / time.Second), c.Skill, c.Need, c.Present, v})
		}
	}
	return t
}
