package forecast

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// plainWeekdayMean is the anchor mean8_wd: the mean of each slot over the last
// eight days of the same weekday that have data, nothing else.
func plainWeekdayMean(p *panel, lo, n, end int) []float64 {
	out := make([]float64, (end-n)*p.slots)
	for d := n; d < end; d++ {
		for s := range p.slots {
			sum, k := 0.0, 0.0
			for e := d - p.cycle; e >= lo && k < 8; e -= p.cycle {
				if e < n && !math.IsNaN(p.y[e*p.slots+s]) {
					sum += p.y[e*p.slots+s]
					k++
				}
			}
			out[(d-n)*p.slots+s] = sum / k
		}
	}
	return out
}

// TestPairedBootstrap prints the difference in WAPE between the choice and the
// plain weekday mean on the same folds, with a 95 % interval from a moving-block
// bootstrap over the origins (blocks of three; Künsch 1989, Ann. Stat.
// 17:1217-1241).
func TestPairedBootstrap(t *testing.T) {
	if os.Getenv("KCC_EVAL_PAIRED") == "" {
		t.Skip("set KCC_EVAL_PAIRED=1 (and KCC_DATA) to compare with the plain weekday mean")
	}
	dir := dataDir(t)
	for _, pr := range protocols()[:5] {
		s := readSeries(t, filepath.Join(dir, pr.file), pr.column)
		_, last, _ := span(&s)
		p, n, err := buildPanel(&s, &Options{}, last)
		if err != nil {
			t.Fatal(err)
		}
		p.closeUnseen(n)
		r, err := Backtest(ctx, s, BacktestOptions{
			Options: Options{Horizon: pr.h, OpenDays: pr.open},
			First:   pr.first, Step: pr.step, Folds: 12, Windows: []int{pr.h}, TrainDays: pr.trainDays,
		})
		if err != nil {
			t.Fatal(err)
		}
		var mine, theirs, sums []float64
		for _, f := range r.Folds {
			o := p.index(f.Origin) + 1
			end := p.index(f.Days[len(f.Days)-1]) + 1
			lo := 0
			if pr.trainDays > 0 {
				lo = max(0, o-pr.trainDays)
			}
			anchor := plainWeekdayMean(p, lo, o, end)
			a, b, y := 0.0, 0.0, 0.0
			idx := newClockIndex(p)
			for _, pt := range f.Points {
				d, slot := idx.find(pt.Start.Unix(), int64(p.step.Seconds()))
				x := anchor[(d-o)*p.slots+slot]
				if math.IsNaN(x) {
					continue
				}
				a += math.Abs(pt.Mean - pt.Actual)
				b += math.Abs(x - pt.Actual)
				y += pt.Actual
			}
			mine, theirs, sums = append(mine, a), append(theirs, b), append(sums, y)
		}
		rng := rand.New(rand.NewPCG(1, 1))
		const rounds, block = 4000, 3
		var diff []float64
		for range rounds {
			a, b, y := 0.0, 0.0, 0.0
			for range len(mine) / block {
				at := rng.IntN(len(mine) - block + 1)
				for k := at; k < at+block; k++ {
					a += mine[k]
					b += theirs[k]
					y += sums[k]
				}
			}
			diff = append(diff, (a-b)/y)
		}
		slices.Sort(diff)
		a, b, y := 0.0, 0.0, 0.0
		for k := range mine {
			a += mine[k]
			b += theirs[k]
			y += sums[k]
		}
		fmt.Printf("%-20s auto %.2f mean of 8 %.2f difference %.2f points, 95%% interval %.2f to %.2f\n",
			pr.name, 100*a/y, 100*b/y, 100*(a-b)/y, 100*quantile(diff, 0.025), 100*quantile(diff, 0.975))
	}
}
