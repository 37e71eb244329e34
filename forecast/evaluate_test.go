package forecast

import (
	"context"
	"encoding/csv"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// dataDir returns the folder with the public series, or skips the test.
func dataDir(t testing.TB) string {
	t.Helper()
	dir := os.Getenv("KCC_DATA")
	if dir == "" {
		root, _ := os.Getwd()
		for {
			if _, err := os.Stat(filepath.Join(root, "go.mod")); err == nil {
				break
			}
			up := filepath.Dir(root)
			if up == root {
				t.Skip("no module root; set KCC_DATA")
			}
			root = up
		}
		dir = filepath.Join(root, "..", "shared", "data")
	}
	dir = filepath.Join(dir, "forecast")
	if _, err := os.Stat(dir); err != nil {
		t.Skip("no data: set KCC_DATA to the folder with the public series")
	}
	return dir
}

// readSeries reads a column of a CSV with date[,time] as a series.
func readSeries(t testing.TB, file, column string) Series {
	t.Helper()
	rows := readCSV(t, file)
	head := map[string]int{}
	for i, h := range rows[0] {
		head[h] = i
	}
	s := Series{Channel: column, Zone: time.UTC}
	ti, timed := head["time"]
	for _, r := range rows[1:] {
		layout, text := time.DateOnly, r[head["date"]]
		if timed {
			layout, text = "2006-01-02 15:04", text+" "+r[ti]
		}
		at, err := time.Parse(layout, text)
		if err != nil {
			t.Fatal(err)
		}
		v, err := strconv.ParseFloat(r[head[column]], 64)
		if err != nil {
			v = math.NaN()
		}
		s.Obs = append(s.Obs, Observation{Start: at, Offered: v, Handled: math.NaN(), AHT: math.NaN()})
	}
	return s
}

func readCSV(t testing.TB, file string) [][]string {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Skipf("no data: %v (set KCC_DATA)", err)
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.FieldsPerRecord = -1
	rows, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// protocol is one row block of the published evaluation.
type protocol struct {
	name, file, column        string
	anchors                   []string // data sets of baselines.csv on the same folds
	first, step, h, trainDays int
	open                      bool
	windows                   []int
}

func protocols() []protocol {
	return []protocol{
		{"P1 bank half-hourly", "bank_calls_30min.csv", "calls", []string{"bank_30min", "bank_30min_grid"}, 100, 4, 20, 0, true, []int{1, 5, 10, 20}},
		{"P2 bank daily", "bank_calls_daily.csv", "calls", []string{"bank_daily", "bank_daily_grid"}, 100, 4, 20, 0, true, []int{1, 5, 10, 20}},
		{"P3 incoming", "callcenter_daily_aht.csv", "incoming", []string{"cc_daily_incoming"}, 860, 30, 28, 730, false, []int{1, 7, 14, 28}},
		{"P3 talk", "callcenter_daily_aht.csv", "talk_s", []string{"cc_daily_talk"}, 860, 30, 28, 730, false, []int{1, 7, 14, 28}},
		{"P3b police", "seattle_police911_2015_hourly.csv", "total", []string{"police_total_hourly"}, 200, 12, 28, 300, false, []int{1, 7, 14, 28}},
		// Other series, as a check; docs/benchmarks-forecast.md says what was tuned on what.
		{"X answered", "callcenter_daily_aht.csv", "answered", nil, 845, 30, 28, 730, false, []int{1, 7, 14, 28}},
		{"X waiting", "callcenter_daily_aht.csv", "waiting_s", nil, 850, 30, 28, 730, false, []int{1, 7, 14, 28}},
		{"X disturbances", "seattle_police911_2015_hourly.csv", "disturbances", nil, 205, 12, 28, 300, false, []int{1, 7, 14, 28}},
		{"X other", "seattle_police911_2015_hourly.csv", "other", nil, 205, 12, 28, 300, false, []int{1, 7, 14, 28}},
		{"X bank quarters", "bank_calls_15min.csv", "calls", nil, 62, 4, 20, 0, true, []int{1, 5, 10, 20}},
	}
}

// TestEvaluate prints the scores of the evaluation protocol. It runs only when
// KCC_EVAL names the blocks: all, or the first letters of their names.
func TestEvaluate(t *testing.T) {
	want := os.Getenv("KCC_EVAL")
	if want == "" {
		t.Skip("set KCC_EVAL=all (and KCC_DATA) to score the public series")
	}
	dir := dataDir(t)
	for _, pr := range protocols() {
		if want != "all" && (len(want) > len(pr.name) || pr.name[:len(want)] != want) {
			continue
		}
		s := readSeries(t, filepath.Join(dir, pr.file), pr.column)
		opt := BacktestOptions{
			Options: Options{Horizon: pr.h, OpenDays: pr.open},
			First:   pr.first, Step: pr.step, Folds: 12, Windows: pr.windows, TrainDays: pr.trainDays,
		}
		if os.Getenv("KCC_EVAL_MODELS") != "" {
			opt.Models = []string{"all"}
		}
		r, err := Backtest(context.Background(), s, opt)
		if err != nil {
			t.Fatal(err)
		}
		for _, sc := range r.Scores {
			best := bestAnchor(t, dir, pr.anchors, fmt.Sprintf("%d-%d", sc.From, sc.To))
			fmt.Printf("%-20s %-8s %d-%-3d wape %6.2f day %6.2f bias %6.2f mase %.3f cov %.3f %.3f pin %.4f msis %5.2f floor %5.2f  %.3fs  | %s\n",
				pr.name, sc.Model, sc.From, sc.To, 100*sc.WAPE, 100*sc.WAPEDay, 100*sc.Bias, sc.MASE,
				sc.Coverage[0], sc.Coverage[1], sc.Pinball, sc.MSIS, 100*sc.Floor, sc.SecondsPerFit, best)
		}
	}
}

// bestAnchor describes the best public method on the same folds and window.
func bestAnchor(t *testing.T, dir string, sets []string, window string) string {
	rows := readCSV(t, filepath.Join(dir, "baselines.csv"))
	col := map[string]int{}
	for i, h := range rows[0] {
		col[h] = i
	}
	best, text := math.Inf(1), ""
	for _, r := range rows[1:] {
		if !slices.Contains(sets, r[0]) || r[col["days_ahead"]] != window || strings.HasPrefix(r[1], "PROTOTYPE") {
			continue
		}
		x, err := strconv.ParseFloat(r[col["wape_interval"]], 64)
		if err == nil && x < best {
			best = x
			text = fmt.Sprintf("best anchor %s wape %.2f day %s pin %s msis %s", r[1], 100*x, r[col["wape_day"]], r[col["pinball_rel"]], r[col["msis95"]])
		}
	}
	return text
}
