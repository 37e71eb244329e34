package accuracy

import (
	"fmt"

	"kcc/forecast"
	"kcc/internal/output"
)

// RecordTable lists how the forecasts of record compare with what came.
func RecordTable(records []*forecast.Record) output.Table {
	t := output.Table{Name: "accuracy", Title: "Forecast of record against what came"}
	ratio := func(name string) output.Column { return output.Column{Name: name, Kind: output.Percent, Digits: 1} }
	t.Columns = []output.Column{
		{Name: "channel"},
		{Name: "subject"},
		{Name: "days_ahead"},
		{Name: "runs", Kind: output.Integer},
		{Name: "n", Kind: output.Integer},
		{Name: "offered", Kind: output.Number},
		ratio("wape_interval"), ratio("floor_wape"), ratio("wape_computed"), ratio("wape_day"), ratio("bias"),
	}
	for _, l := range records[0].Levels {
		t.Columns = append(t.Columns, output.Column{Name: "cov" + LevelName(l), Kind: output.Number, Digits: 2})
	}
	t.Columns = append(t.Columns, ratio("wape_aht"), ratio("wape_work"))
	for _, r := range records {
		for _, b := range r.Bands {
			s := &b.Score
			row := []any{r.Channel, r.Subject, fmt.Sprintf("%d-%d", s.From, s.To), b.Runs, s.N, b.Offered, s.WAPE, s.Floor, b.Computed, s.WAPEDay, s.Bias}
			for i := range records[0].Levels {
				if i < len(s.Coverage) {
					row = append(row, s.Coverage[i])
				} else {
					row = append(row, nil)
				}
			}
			t.Rows = append(t.Rows, append(row, s.AHTError, s.WorkError))
		}
	}
	t.Notes = []string{
		"Of record is, per interval, the newest forecast made so many days before. floor_wape is what a perfect forecast of the rate would still miss by chance; wape_computed is without the changes by hand.",
	}
	return t
}

// LayerTable compares the changes by hand with what came.
func LayerTable(records []*forecast.Record) output.Table {
	t := output.Table{Name: "layers", Title: "Changes by hand, and what came"}
	t.Columns = []output.Column{
		{Name: "channel"},
		{Name: "subject"},
		{Name: "id"},
		{Name: "reason"},
		{Name: "by"},
		{Name: "n", Kind: output.Integer},
		{Name: "computed", Kind: output.Number},
		{Name: "adjusted", Kind: output.Number},
		{Name: "came", Kind: output.Number},
		{Name: "wape_computed", Kind: output.Percent, Digits: 1},
		{Name: "wape_adjusted", Kind: output.Percent, Digits: 1},
		{Name: "verdict"},
	}
	for _, r := range records {
		for _, j := range r.Layers {
			verdict := "no difference"
			switch {
			case j.ErrorAfter < j.ErrorBefore:
				verdict = "better"
			case j.ErrorAfter > j.ErrorBefore:
				verdict = "worse"
			}
			t.Rows = append(t.Rows, []any{
				r.Channel, r.Subject, j.ID, j.Reason, j.By, j.N, j.Before, j.After, j.Came, j.ErrorBefore, j.ErrorAfter, verdict,
			})
		}
	}
	return t
}
