package kpi

import (
	"testing"
	"time"

	"kcc/internal/calendar"
)

// A channel that is forecast but of which nothing came yet has a row, so that the
// rows add up to the total; a chart without a value is left out.
func TestDashboardRowsMakeTotal(t *testing.T) {
	d := newDesk(t)
	day := calendar.NewDate(2026, time.November, 22)
	forecast := map[string]float64{"phone": 120, "bot": 186}
	v := View{Now: day.At(12*60, amsterdam), Charts: true, Plan: func(k Key, val string, from, to time.Time, figure string) (float64, bool) {
		if k == "" {
			return forecast["phone"] + forecast["bot"], true
		}
		n, ok := forecast[val]
		return n, ok
	}}
	r, err := Dashboard(t.Context(), d.db, &Settings{Zone: amsterdam, ChannelOrder: []string{"phone", "chat", "bot"}}, v)
	if err != nil {
		t.Fatal(err)
	}
	table := r.Tables[0]
	column := -1
	for i, c := range table.Columns {
		if c.Name == "against_forecast" && table.Total[i] != nil {
			t.Errorf("against the forecast %v, though nothing of today is known", table.Total[i])
		}
		if c.Name == "forecast_day" {
			column = i
		}
	}
	sum := 0.0
	for _, row := range table.Rows {
		n, ok := row[column].(float64)
		if !ok {
			t.Errorf("row %v has no forecast of the day", row)
		}
		sum += n
	}
	if len(table.Rows) != 2 || table.Total == nil || sum != table.Total[column] {
		t.Errorf("%d rows sum to %v, total %v; want 2 rows that make the total", len(table.Rows), sum, table.Total)
	}
	if len(r.Charts) != 1 || r.Charts[0].Name != "Volume" {
		t.Errorf("%d charts, want only that of the volume: there is no service level yet", len(r.Charts))
	}
}
