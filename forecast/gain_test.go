package forecast

import (
	"context"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// TestAverageGain prints how far the error is under that of the best anchor of
// each set, and the mean over the sets. The best anchor is picked per set and
// window after the fact, which no planner could do, so the gain is a lower one
// than against any single method. Sets with origins count by WAPE, half for the
// next day and half for the whole horizon; competition series count by OWA.
func TestAverageGain(t *testing.T) {
	if os.Getenv("KCC_EVAL_GAIN") == "" {
		t.Skip("set KCC_EVAL_GAIN=1 (and KCC_DATA) to compute the mean gain over the best anchors")
	}
	dir := dataDir(t)
	rows := readCSV(t, filepath.Join(dir, "baselines.csv"))
	var gains []float64
	for _, pr := range protocols() {
		if pr.anchors == nil {
			continue
		}
		s := readSeries(t, filepath.Join(dir, pr.file), pr.column)
		r, err := Backtest(context.Background(), s, BacktestOptions{
			Options: Options{Horizon: pr.h, OpenDays: pr.open},
			First:   pr.first, Step: pr.step, Folds: 12, Windows: []int{1, pr.h}, TrainDays: pr.trainDays,
		})
		if err != nil {
			t.Fatal(err)
		}
		var both []float64
		for _, sc := range r.Scores {
			window := fmt.Sprintf("%d-%d", sc.From, sc.To)
			name, best := lowestAnchor(t, rows, "wape_interval", func(set, days, _ string) bool {
				return slices.Contains(pr.anchors, set) && days == window
			})
			both = append(both, 1-sc.WAPE/best)
			fmt.Printf("%-20s %-5s wape %6.2f best %-16s %6.2f gain %5.1f %%\n", pr.name, window, 100*sc.WAPE, name, 100*best, 100*(1-sc.WAPE/best))
		}
		gains = append(gains, mean(both))
	}
	for _, c := range competitions(t, dir) {
		s, err := c.score(Auto)
		if err != nil {
			t.Fatal(err)
		}
		n := strconv.Itoa(len(c.pick))
		name, best := lowestAnchor(t, rows, "owa", func(set, _, count string) bool {
			return set == c.anchors && count == n
		})
		owa := s.owa(c)
		fmt.Printf("%-20s %-5s owa  %6.3f best %-16s %6.3f gain %5.1f %%\n", c.name, "all", owa, name, best, 100*(1-owa/best))
		gains = append(gains, 1-owa/best)
	}
	fmt.Printf("mean gain over %d sets %.1f %%\n", len(gains), 100*mean(gains))
}

// lowestAnchor returns the public method with the lowest value of a column among
// the rows whose data set, window and number of series pass.
func lowestAnchor(t *testing.T, rows [][]string, column string, pass func(set, days, count string) bool) (name string, best float64) {
	t.Helper()
	col := map[string]int{}
	for i, h := range rows[0] {
		col[h] = i
	}
	best = math.Inf(1)
	for _, r := range rows[1:] {
		if strings.HasPrefix(r[1], "PROTOTYPE") || !pass(r[0], r[col["days_ahead"]], r[col["n_series"]]) {
			continue
		}
		if x, err := strconv.ParseFloat(r[col[column]], 64); err == nil && x < best {
			name, best = r[1], x
		}
	}
	if name == "" {
		t.Fatal("no anchor on the same folds")
	}
	return name, best
}
