package forecast

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"
)

// TestEvaluateAHT prints how well handle time and workload of the contact centre
// by days are forecast, on the folds of P3, beside a plain weighted mean of the
// last four weeks and of the last eight same weekdays.
func TestEvaluateAHT(t *testing.T) {
	if os.Getenv("KCC_EVAL_AHT") == "" {
		t.Skip("set KCC_EVAL_AHT=1 (and KCC_DATA) to score handle times")
	}
	rows := readCSV(t, filepath.Join(dataDir(t), "callcenter_daily_aht.csv"))
	col := map[string]int{}
	for i, h := range rows[0] {
		col[h] = i
	}
	s := Series{Channel: "phone", Zone: time.UTC}
	number := func(r []string, name string) float64 {
		v, err := strconv.ParseFloat(r[col[name]], 64)
		if err != nil {
			return math.NaN()
		}
		return v
	}
	for _, r := range rows[1:] {
		at, err := time.Parse(time.DateOnly, r[col["date"]])
		if err != nil {
			t.Fatal(err)
		}
		s.Obs = append(s.Obs, Observation{Start: at, Offered: number(r, "incoming"), Handled: number(r, "answered"), AHT: number(r, "talk_s")})
	}
	r, err := Backtest(ctx, s, BacktestOptions{Options: Options{Horizon: 28, Model: "means8"}, First: 860, Step: 30, Folds: 12, Windows: []int{1, 7, 14, 28}, TrainDays: 730})
	if err != nil {
		t.Fatal(err)
	}
	for _, sc := range r.Scores {
		fmt.Printf("%d-%d handle time %.2f%% bias %+.2f%% workload %.2f%%\n", sc.From, sc.To, 100*sc.AHTError, 100*sc.AHTBias, 100*sc.WorkError)
	}
	for _, to := range []int{1, 7, 14, 28} {
		var month, weekdays, work float64
		for k := range 12 {
			at := 860 + 30*k // the first day ahead
			mean := func(from, step, n int) float64 {
				sw, sx := 0.0, 0.0
				for i := from; n > 0 && i >= 0; i, n = i-step, n-1 {
					if o := s.Obs[i]; o.Handled > 0 {
						sw += o.Handled
						sx += o.Handled * o.AHT
					}
				}
				return sx / sw
			}
			for d := at; d < at+to; d++ {
				o := s.Obs[d]
				if !(o.Handled > 0) {
					continue
				}
				work += o.Handled * o.AHT
				month += o.Handled * math.Abs(o.AHT-mean(at-1, 1, 28))
				back := d - 7
				for back >= at {
					back -= 7
				}
				weekdays += o.Handled * math.Abs(o.AHT-mean(back, 7, 8))
			}
		}
		fmt.Printf("%d-%d mean of four weeks %.2f%%, of eight same weekdays %.2f%%\n", to, to, 100*month/work, 100*weekdays/work)
	}
}
