package flow

import (
	"math"
	"testing"
	"time"

	"kcc/contacts/kpi"
	"kcc/forecast"
	"kcc/internal/calendar"
	"kcc/internal/planstore"
	"kcc/internal/store/storetest"
)

// TestForecastAgainstActual: a forecast made ten days ahead, one made at 09:20 of
// the day itself, and what came.
//
//	         ahead  of 09:20  came  bounds of 80 %
//	09:00        1         -     2  0-2
//	09:15        2         -     2  0-2
//	09:30        1         5     4  3-5 (ahead 0-2)
//	09:45        2         5     6  3-5 (ahead 0-2)
//
// Foreseen were 200 s a contact ahead and 300 s at 09:20; 300 s were had.
func TestForecastAgainstActual(t *testing.T) {
	ctx := t.Context()
	db := storetest.Open(t, t.TempDir()+"/k.db")
	loc, err := time.LoadLocation("Europe/Amsterdam")
	if err != nil {
		t.Fatal(err)
	}
	day := calendar.NewDate(2026, time.November, 30)
	at := func(hour, minute int) time.Time { return day.At(calendar.Clock(60*hour+minute), loc) }
	exec := func(q string, args ...any) {
		t.Helper()
		if _, err := db.ExecContext(ctx, q, args...); err != nil {
			t.Fatal(err)
		}
	}
	save := func(made time.Time, first int, aht float64, bounds []float64, means ...float64) {
		f := &forecast.Forecast{Channel: "phone", Model: "m", Step: 15 * time.Minute, Levels: []float64{0.8}}
		for i, m := range means {
			f.Points = append(f.Points, forecast.Point{Start: at(9, 15*(first+i)), Step: 15 * time.Minute, Mean: m, Computed: m, AHT: aht, Bounds: bounds})
		}
		if _, err := planstore.SaveForecasts(ctx, db, planstore.ForecastRun{Made: made, Source: "run"}, []*forecast.Forecast{f}); err != nil {
			t.Fatal(err)
		}
	}
	save(at(9, 0).AddDate(0, 0, -10), 0, 200, []float64{0, 2}, 1, 2, 1, 2)
	save(at(9, 20), 2, 300, []float64{3, 5}, 5, 5)
	exec("INSERT INTO source (id, name, rank) VALUES (1, 'acd', 1)")
	exec("INSERT INTO queue (id, source_id, name, channel) VALUES (1, 1, 'q', 'phone')")
	for i, n := range []int{2, 2, 4, 6} {
		exec(`INSERT INTO volume_interval (start, queue_id, subject, source_id, day, step_s, rows, offered, offered_n, answered, abandoned, short_abandoned, within_target, within_n,
			wait_sum, wait_n, handle_sum, handle_n) VALUES (?, 1, '', 1, ?, 900, 1, ?, 1, ?, 0, 0, 0, 0, 0, 0, ?, ?)`, at(9, 15*i).Unix(), int64(day), n, n, 300*n, n)
	}
	exec("INSERT INTO coverage (channel, day, source_id, queue_id, rows) VALUES ('phone', ?, 1, 1, 4)", int64(day))
	floor := forecast.PoissonFloor
	for _, c := range []struct {
		name string
		lead time.Duration
		want map[string]float64
	}{
		{"just before", 0, map[string]float64{
			"forecast": 13, "offered": 14, "bias": -1.0 / 14, "wape_interval": 3.0 / 14, "poisson_floor": (floor(1) + floor(2) + 2*floor(5)) / 14,
			"wape_day": 1.0 / 14, "within_80": 3.0 / 4, "within_95": math.NaN(), "aht_wape": 400.0 / 4200,
		}},
		{"a week ahead", 7 * 24 * time.Hour, map[string]float64{
			"forecast": 6, "offered": 14, "bias": -8.0 / 14, "wape_interval": 8.0 / 14, "poisson_floor": 2 * (floor(1) + floor(2)) / 14,
			"wape_day": 8.0 / 14, "within_80": 2.0 / 4, "within_95": math.NaN(), "aht_wape": 1.0 / 3,
		}},
	} {
		r, err := ForecastReport(ctx, db, &kpi.Settings{Zone: loc}, kpi.Query{Period: kpi.Period{From: day, To: day}}, kpi.View{Now: at(12, 0)}, c.lead)
		if err != nil || len(r.Data[0].Rows) != 1 {
			t.Fatalf("%s: %v, %v", c.name, r, err)
		}
		for i, col := range r.Data[0].Columns {
			want, ok := c.want[col.Name]
			if !ok {
				continue
			}
			got, isNumber := r.Data[0].Rows[0][i].(float64)
			if !isNumber {
				got = math.NaN()
			}
			if math.Abs(got-want) > 1e-9 || math.IsNaN(got) != math.IsNaN(want) {
				t.Errorf("%s: %s = %v, want %v", c.name, col.Name, got, want)
			}
		}
	}
	// By hand (Crow 1958): the mean absolute deviation of a Poisson count of mean 1 is 2/e.
	if got := floor(1); math.Abs(got-2/math.E) > 1e-12 {
		t.Errorf("chance alone at 1 is %g, want 2/e", got)
	}
}
