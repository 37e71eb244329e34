package forecast

import (
	"context"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// plainScore holds the competition scores of one method over many series.
type plainScore struct {
	n                 int
	smape, mase, msis float64
	cov               [2]float64
	points            float64
}

func (s *plainScore) add(train, test, mean []float64, bounds [][]float64, lag int) {
	scale, count := 0.0, 0.0
	for i := lag; i < len(train); i++ {
		if d := math.Abs(train[i] - train[i-lag]); !math.IsNaN(d) {
			scale += d
			count++
		}
	}
	scale /= count
	var sm, ma, ms float64
	for i, y := range test {
		e := math.Abs(y - mean[i])
		if y != 0 || mean[i] != 0 {
			sm += 200 * e / (math.Abs(y) + math.Abs(mean[i]))
		}
		ma += e / scale
		lo, hi := bounds[i][2], bounds[i][3]
		ms += (hi - lo + 40*math.Max(0, lo-y) + 40*math.Max(0, y-hi)) / scale
		for l := range 2 {
			if y >= bounds[i][2*l] && y <= bounds[i][2*l+1] {
				s.cov[l]++
			}
		}
		s.points++
	}
	h := float64(len(test))
	s.n++
	s.smape += sm / h
	s.mase += ma / h
	s.msis += ms / h
}

func (s *plainScore) String() string {
	n := float64(s.n)
	return fmt.Sprintf("n %3d sMAPE %.3f MASE %.4f cov %.3f %.3f MSIS %.2f", s.n, s.smape/n, s.mase/n, s.cov[0]/s.points, s.cov[1]/s.points, s.msis/n)
}

// wide reads the competition's format: a name and values per row.
func wide(t testing.TB, file string) (ids []string, values [][]float64) {
	rows := readCSV(t, file)
	for _, r := range rows[1:] {
		var v []float64
		for _, c := range r[1:] {
			if c == "" || c == "NA" {
				break
			}
			x, err := strconv.ParseFloat(c, 64)
			if err != nil {
				t.Fatal(err)
			}
			v = append(v, x)
		}
		ids = append(ids, r[0])
		values = append(values, v)
	}
	return ids, values
}

// TestEvaluatePlain prints the scores on the competition series: KCC_EVAL=M4
// (KCC_EVAL_N series of the fixed shuffle, default all) or NN5.
func TestEvaluatePlain(t *testing.T) {
	want := os.Getenv("KCC_EVAL")
	if want != "M4" && want != "NN5" && want != "all" {
		t.Skip("set KCC_EVAL=M4, NN5 or all (and KCC_DATA) to score the public series")
	}
	dir := dataDir(t)
	names := []string{Auto}
	if os.Getenv("KCC_EVAL_MODELS") != "" {
		names = append(names, Models()...)
	}
	for _, c := range competitions(t, dir) {
		if want != "all" && want != c.key {
			continue
		}
		if n, err := strconv.Atoi(os.Getenv("KCC_EVAL_N")); err == nil && n < len(c.pick) && c.key == "M4" {
			c.pick = c.pick[:n]
		}
		for _, m := range names {
			begin := time.Now()
			s, err := c.score(m)
			if err != nil {
				fmt.Println(c.name, m, err, "skipped")
				continue
			}
			fmt.Printf("%-10s %-8s %s OWA %.4f  %.3f s/series\n", c.name, m, s, s.owa(c), time.Since(begin).Seconds()/float64(s.n))
		}
	}
}

// competition is a set of series with one test part each.
type competition struct {
	key, name, anchors string
	periods            []int
	lag                int
	pick               []int
	train, test        [][]float64
	refSmape, refMase  float64 // of Naive 2 over all series
}

// competitions reads M4 Hourly, in the order of a fixed shuffle, and NN5.
func competitions(t testing.TB, dir string) []competition {
	t.Helper()
	ids, train := wide(t, filepath.Join(dir, "m4_hourly_train.csv"))
	_, test := wide(t, filepath.Join(dir, "m4_hourly_test.csv"))
	text, err := os.ReadFile(filepath.Join(dir, "ids_h.txt"))
	if err != nil {
		t.Skip("no ids; set KCC_DATA")
	}
	at := map[string]int{}
	for i, id := range ids {
		at[id] = i
	}
	var pick []int
	for _, id := range strings.Fields(string(text)) {
		if i, ok := at[strings.Trim(id, "\",")]; ok {
			pick = append(pick, i)
		}
	}
	m4 := competition{"M4", "M4 hourly", "m4_hourly", []int{24, 168}, 24, pick, train, test, 18.383, 2.395}
	train, test = nn5(t, dir)
	pick = make([]int, len(train))
	for i := range pick {
		pick[i] = i
	}
	return []competition{m4, {"NN5", "NN5 odd", "nn5_daily_odd", []int{7}, 7, pick, train, test, 36.613, 1.3262}}
}

// score forecasts the picked series.
func (c competition) score(model string) (*plainScore, error) {
	in := make([]Plain, len(c.pick))
	for k, i := range c.pick {
		in[k] = Plain{ID: strconv.Itoa(i), Values: c.train[i]}
	}
	out, bad, err := RunPlainAll(context.Background(), in, PlainOptions{Periods: c.periods, Steps: len(c.test[c.pick[0]]), Model: model}, nil)
	if err != nil {
		return nil, err
	}
	if len(bad) > 0 {
		return nil, fmt.Errorf("%d series without a forecast", len(bad))
	}
	s := &plainScore{}
	for k, i := range c.pick {
		s.add(c.train[i], c.test[i], out[k].Mean, out[k].Bounds, c.lag)
	}
	return s, nil
}

// owa is the overall weighted average against Naive 2 over all series.
func (s *plainScore) owa(c competition) float64 {
	n := float64(s.n)
	return (s.smape/n/c.refSmape + s.mase/n/c.refMase) / 2
}

// nn5 reads the daily withdrawals: the last 56 days are the test. Gaps in the
// test part are filled from the days a week around them.
func nn5(t testing.TB, dir string) (train, test [][]float64) {
	rows := readCSV(t, filepath.Join(dir, "nn5_daily_odd.csv"))
	index := map[string]int{}
	var all [][]float64
	for _, r := range rows[1:] {
		i, ok := index[r[0]]
		if !ok {
			i = len(all)
			index[r[0]] = i
			all = append(all, nil)
		}
		x, err := strconv.ParseFloat(r[2], 64)
		if err != nil {
			x = math.NaN()
		}
		all[i] = append(all[i], x)
	}
	for _, v := range all {
		filled := append([]float64(nil), v...)
		for i, x := range v {
			if math.IsNaN(x) {
				var near []float64
				for _, k := range []int{-14, -7, 7, 14} {
					if j := i + k; j >= 0 && j < len(v) && !math.IsNaN(v[j]) {
						near = append(near, v[j])
					}
				}
				filled[i] = mean(near)
			}
		}
		cut := len(v) - 56
		train = append(train, filled[:cut])
		test = append(test, filled[cut:])
	}
	return train, test
}
