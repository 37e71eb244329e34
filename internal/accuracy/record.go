package accuracy

import (
	"fmt"

	"kcc/forecast"
	"kcc/internal/output"
)

// RecordTable lists how the forecasts of record compare with what came.
func RecordTable(records []*forecast.Record, l output.Lang) output.Table {
	t := output.Table{Name: "accuracy", Title: l.Pick("Forecast of record against what came", "Geldende prognose naast wat kwam")}
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
	for _, level := range records[0].Levels {
		t.Columns = append(t.Columns, output.Column{Name: "cov" + LevelName(level), Kind: output.Number, Digits: 2})
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
		l.Pick("Of record is, per interval, the newest forecast made so many days before. floor_wape is what a perfect forecast of the rate would still miss by chance; wape_computed is without the changes by hand.",
			"Geldend is, per interval, de nieuwste prognose van zoveel dagen ervoor. De ondergrens is wat een volmaakte prognose nog door toeval zou missen; zonder handwerk is zonder de handmatige wijzigingen."),
	}
	return t
}

// LayerTable compares the changes by hand with what came.
func LayerTable(records []*forecast.Record, l output.Lang) output.Table {
	t := output.Table{Name: "layers", Title: l.Pick("Changes by hand, and what came", "Handmatige wijzigingen, en wat kwam")}
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
			verdict := l.Pick("no difference", "geen verschil")
			switch {
			case j.ErrorAfter < j.ErrorBefore:
				verdict = l.Pick("better", "beter")
			case j.ErrorAfter > j.ErrorBefore:
				verdict = l.Pick("worse", "slechter")
			}
			t.Rows = append(t.Rows, []any{
				r.Channel, r.Subject, j.ID, j.Reason, j.By, j.N, j.Before, j.After, j.Came, j.ErrorBefore, j.ErrorAfter, verdict,
			})
		}
	}
	return t
}
