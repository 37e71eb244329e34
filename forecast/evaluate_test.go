package forecast

import (
	"context"
	"encoding/csv"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strconv"
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
	first, step, h, trainDays int
	open                      bool
	windows                   []int
}

func protocols() []protocol {
	return []protocol{
		{"P1 bank half-hourly", "bank_calls_30min.csv", "calls", 100, 4, 20, 0, true, []int{1, 5, 10, 20}},
		{"P2 bank daily", "bank_calls_daily.csv", "calls", 100, 4, 20, 0, true, []int{1, 5, 10, 20}},
		{"P3 incoming", "callcenter_daily_aht.csv", "incoming", 860, 30, 28, 730, false, []int{1, 7, 14, 28}},
		{"P3 talk", "callcenter_daily_aht.csv", "talk_s", 860, 30, 28, 730, false, []int{1, 7, 14, 28}},
		{"P3b police", "seattle_police911_2015_hourly.csv", "total", 200, 12, 28, 300, false, []int{1, 7, 14, 28}},
		// Series that were not looked at while the settings were chosen.
		{"X answered", "callcenter_daily_aht.csv", "answered", 845, 30, 28, 730, false, []int{1, 7, 14, 28}},
		{"X waiting", "callcenter_daily_aht.csv", "waiting_s", 850, 30, 28, 730, false, []int{1, 7, 14, 28}},
		{"X disturbances", "seattle_police911_2015_hourly.csv", "disturbances", 205, 12, 28, 300, false, []int{1, 7, 14, 28}},
		{"X other", "seattle_police911_2015_hourly.csv", "other", 205, 12, 28, 300, false, []int{1, 7, 14, 28}},
		{"X bank quarters", "bank_calls_15min.csv", "calls", 62, 4, 20, 0, true, []int{1, 5, 10, 20}},
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
			fmt.Printf("%-20s %-9s %d-%-3d wape %6.2f day %6.2f bias %6.2f mase %.3f cov %.3f %.3f pin %.4f msis %5.2f floor %5.2f  %.3fs\n",
				pr.name, sc.Model, sc.From, sc.To, 100*sc.WAPE, 100*sc.WAPEDay, 100*sc.Bias, sc.MASE,
				sc.Coverage[0], sc.Coverage[1], sc.Pinball, sc.MSIS, 100*sc.Floor, sc.SecondsPerFit)
		}
	}
}
