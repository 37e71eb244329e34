package cause

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"

	"kcc/internal/calendar"
)

// madeUp draws subjects as a centre has them: weekdays, a yearly wave, a trend,
// days off, busy days that all subjects share, and noise of each subject's own.
type madeUp struct {
	series map[string]Series
	sd     map[string]float64 // of a week's contacts around its expectation
	first  calendar.Date
	weeks  int
}

func newYear(seed uint64, subjects, weeks int) *madeUp {
	rng := rand.New(rand.NewPCG(seed, 77))
	src := rand.NewPCG(seed, 78)
	m := &madeUp{series: map[string]Series{}, sd: map[string]float64{}, first: calendar.NewDate(2025, 1, 6), weeks: weeks}
	off := map[calendar.Date]bool{}
	for range weeks / 6 {
		off[m.first.Add(rng.IntN(7*weeks))] = true
	}
	busy := make([]float64, 7*weeks)
	for i := range busy {
		busy[i] = math.Exp(0.05*rng.NormFloat64() - 0.05*0.05/2)
	}
	for k := range subjects {
		mean := 12 * math.Exp(2.2*rng.Float64()) // per day
		if k%3 == 2 {
			mean = 3 + 3*rng.Float64()
		}
		weekend := rng.Float64() < 0.4
		trend := 0.15 * rng.NormFloat64() // per year
		wave, phase := 0.12*rng.Float64(), 2*math.Pi*rng.Float64()
		cv := 0.04 + 0.06*rng.Float64() // of a day's own factor
		counts := make([]float64, 7*weeks)
		var total, variance float64
		for i := range counts {
			d := m.first.Add(i)
			wd := [7]float64{0.3, 1.25, 1.08, 1, 1, 0.85, 0.35}[int(d.Weekday())]
			if !weekend && wd < 0.5 {
				wd = 0
			}
			mu := mean * wd * math.Exp(trend*float64(i)/365) * (1 + wave*math.Sin(2*math.Pi*float64(i)/365+phase))
			if off[d] {
				mu *= 0.3
			}
			total += mu
			variance += mu + mu*mu*(0.05*0.05+cv*cv)
			mu *= busy[i]
			if mu > 0 {
				mu *= distuv.Gamma{Alpha: 1 / (cv * cv), Beta: 1 / (cv * cv), Src: src}.Rand()
				counts[i] = distuv.Poisson{Lambda: mu, Src: src}.Rand()
			}
		}
		name := fmt.Sprintf("subject%02d", k)
		m.series[name] = Series{First: m.first, Counts: counts, Special: func(d calendar.Date) bool { return off[d] }}
		m.sd[name] = math.Sqrt(variance / float64(weeks))
	}
	return m
}

func (m *madeUp) options() SpikeOptions {
	return SpikeOptions{From: m.first, To: m.first.Add(7*m.weeks - 1)}
}

// rounds returns how often a simulation runs: a small number always, the whole
// of it with KCC_INFORM set.
func rounds(small, whole int) int {
	if os.Getenv("KCC_INFORM") != "" {
		return whole
	}
	return small
}

func TestNoAlarmInNullYears(t *testing.T) {
	n := rounds(40, 200)
	any, possible := 0, 0
	for seed := range uint64(n) {
		m := newYear(seed+1, 12, 52)
		alarms := 0
		for _, s := range Spikes(m.series, m.options()) {
			if s.Grade == Alarm {
				alarms++
			} else {
				possible++
			}
		}
		if alarms > 0 {
			any++
		}
	}
	t.Logf("%d of %d null years raise an alarm; %.1f weeks a year are worth a look", any, n, float64(possible)/float64(n))
	if limit := 0.05 * float64(n); float64(any) > limit {
		t.Errorf("%d of %d null years raise an alarm, want at most %g", any, n, limit)
	}
}

func TestPlantedSpikesAreFound(t *testing.T) {
	n := rounds(40, 400)
	var found, alarm, covered, four, fourFound, fourAlarm int
	for seed := range uint64(n) {
		m := newYear(seed+1000, 12, 52)
		rng := rand.New(rand.NewPCG(seed, 5))
		name := fmt.Sprintf("subject%02d", rng.IntN(12))
		week := m.first.Add(7 * rng.IntN(52))
		size := 4 + 6*rng.Float64()
		if seed%2 == 0 {
			size = 4
		}
		extra := math.Ceil(size * m.sd[name])
		s := m.series[name]
		for range int(extra) {
			i := int(week-m.first) + rng.IntN(5)
			s.Counts[i]++
		}
		hit, grade := false, ""
		for _, f := range Spikes(m.series, m.options()) {
			if f.Subject == name && f.Week == week {
				hit, grade = true, f.Grade
			}
		}
		c := Fit(s, func(d calendar.Date) bool { return d.Monday() == week })
		sum := c.Over(week, week+6)
		q := distuv.StudentsT{Sigma: 1, Nu: sum.DF}.Quantile(0.95)
		if math.Abs(sum.Extra()-extra) <= q*sum.SE {
			covered++
		}
		if size == 4 {
			four++
			if hit {
				fourFound++
			}
			if grade == Alarm {
				fourAlarm++
			}
			continue
		}
		if hit {
			found++
		}
		if grade == Alarm {
			alarm++
		}
	}
	rest := n - four
	t.Logf("4 to 10 standard errors: %d of %d found, %d with an alarm; of exactly 4: %d of %d found, %d with an alarm; true value in the 90 %% interval %d of %d",
		found, rest, alarm, fourFound, four, fourAlarm, covered, n)
	if float64(found) < 0.9*float64(rest) || float64(fourFound) < 0.85*float64(four) {
		t.Error("fewer than 90 % of the planted spikes are found")
	}
	if share := float64(covered) / float64(n); n >= 100 && (share < 0.85 || share > 0.95) || share < 0.78 {
		t.Errorf("the true value is inside the 90 %% interval in %.1f %%", 100*share)
	}
}
