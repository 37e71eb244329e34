package staffing

import (
	"context"
	"fmt"

	"kcc/internal/output"
	"kcc/internal/tabular"
)

// CertaintyPrice is what it costs to keep the targets with a certainty.
type CertaintyPrice struct {
	Certainty  float64 // 0 is on average
	AgentHours float64
	Rostered   float64
}

// nowhere drops the rows.
type nowhere struct{}

func (nowhere) Header([]output.Column, int) error { return nil }
func (nowhere) Row([]any) error                   { return nil }

// PriceOfCertainty staffs the same rows for each certainty; open gives a fresh
// reader of the rows.
func PriceOfCertainty(ctx context.Context, open func() (*tabular.Reader, error), opt Options, levels []float64) ([]CertaintyPrice, error) {
	var out []CertaintyPrice
	for _, p := range levels {
		r, err := open()
		if err != nil {
			return nil, err
		}
		opt.Plan.Certainty = p
		rep, err := Staff(ctx, r, opt, nowhere{})
		r.Close()
		if err != nil {
			return nil, err
		}
		if rep.Rejected.Count > 0 {
			return nil, fmt.Errorf("%d rows could not be read: %w", rep.Rejected.Count, rep.Rejected.First[0])
		}
		out = append(out, CertaintyPrice{p, rep.AgentHours, rep.Rostered})
	}
	return out, nil
}

// PriceTable shows prices with the agent hours that each step adds.
func PriceTable(prices []CertaintyPrice) output.Table {
	t := output.Table{Name: "certainty", Title: "The price of certainty", Columns: []output.Column{
		{Name: "certainty", Kind: output.Percent},
		{Name: "agent_hours", Kind: output.Number, Digits: 1},
		{Name: "rostered_hours", Kind: output.Number, Digits: 1},
		{Name: "extra_hours", Kind: output.Number, Digits: 1},
		{Name: "extra", Kind: output.Percent, Digits: 1},
	}, Notes: []string{"certainty empty: the target holds on average over the contacts; extra: over the row before."}}
	for i, p := range prices {
		row := []any{nil, p.AgentHours, p.Rostered, nil, nil}
		if p.Certainty > 0 {
			row[0] = p.Certainty
		}
		if i > 0 && prices[i-1].Certainty > 0 && prices[i-1].AgentHours > 0 {
			row[3] = p.AgentHours - prices[i-1].AgentHours
			row[4] = p.AgentHours/prices[i-1].AgentHours - 1
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}
