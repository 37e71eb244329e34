package erlang

import (
	"context"
	"fmt"
	"math"
	"time"
)

// StudyOptions describe the study of staffing rules on one day.
type StudyOptions struct {
	Peaks    []float64 // erlangs at the peak; default 15 and 60
	AHT      float64   // s; default 300
	Patience float64   // s; default 180
	Ratio    float64   // default 0.80
	Within   float64   // s; default 20
	Runs     int       // simulated days per plan; default 1000
	Seed     uint64
	CVs      []float64 // spreads of the day's volume to play the modified-load plan with; default 0.10 and 0.20
}

// StudyRow is one plan and what the simulation makes of it.
type StudyRow struct {
	Peak       float64
	Plan       string
	VolumeCV   float64
	AgentHours float64
	Level      float64 // service level over all contacts
	HalfWidth  float64
	DaysLow    float64 // share of days below the ratio
	Worst      float64 // service level of the worst and best interval
	Best       float64
	LowSlots   int // intervals more than a point below the ratio
	Slots      int
}

// Study plans one day of ten hours with two humps by Erlang C and A, interval by
// interval and on the modified offered load, with callers who stay and callers
// who leave, and plays every plan. It shows what each rule costs and what it
// keeps.
func Study(ctx context.Context, o StudyOptions) ([]StudyRow, error) {
	o.defaults()
	var rows []StudyRow
	for _, peak := range o.Peaks {
		for _, p := range []struct {
			plan     string
			model    Model
			mode     TimeOfDay
			patience float64
			law      Law
			cv       float64
		}{
			{"C SIPP, nobody leaves", ModelC, SIPP, 0, Law{}, 0},
			{"C MOL, nobody leaves", ModelC, MOL, 0, Law{}, 0},
			{"C SIPP, callers leave", ModelC, SIPP, o.Patience, Law{}, 0},
			{"A SIPP, callers leave", ModelA, SIPP, o.Patience, Law{}, 0},
			{"A MOL, callers leave", ModelA, MOL, o.Patience, Law{}, 0},
			{"A MOL, lognormal AHT cv 1.5", ModelA, MOL, o.Patience, Law{Shape: Lognormal, CV: 1.5}, 0},
		} {
			row, err := o.play(ctx, peak, p.plan, p.model, p.mode, p.patience, p.law, 0, 0)
			if err != nil {
				return rows, err
			}
			rows = append(rows, row)
		}
		for _, cv := range o.CVs {
			for _, certainty := range []float64{0, 0.8} {
				name := fmt.Sprintf("A MOL, volume cv %g", cv)
				if certainty > 0 {
					name += fmt.Sprintf(", certainty %g", certainty)
				}
				row, err := o.play(ctx, peak, name, ModelA, MOL, o.Patience, Law{}, cv, certainty)
				if err != nil {
					return rows, err
				}
				rows = append(rows, row)
			}
		}
	}
	return rows, nil
}

func (o *StudyOptions) defaults() {
	if len(o.Peaks) == 0 {
		o.Peaks = []float64{15, 60}
	}
	if o.AHT <= 0 {
		o.AHT = 300
	}
	if o.Patience <= 0 {
		o.Patience = 180
	}
	if o.Ratio <= 0 {
		o.Ratio = 0.8
	}
	if o.Within <= 0 {
		o.Within = 20
	}
	if o.Runs <= 0 {
		o.Runs = 1000
	}
	if o.CVs == nil {
		o.CVs = []float64{0.10, 0.20}
	}
}

// studyDay returns the load of each quarter from 08:00 to 18:00: two humps, at
// 10:30 and 14:30.
func studyDay(peak float64) []float64 {
	const slots = 40
	out := make([]float64, slots)
	top := 0.0
	for i := range out {
		h := 8 + (float64(i)+0.5)/4
		out[i] = 0.25 + math.Exp(-(h-10.5)*(h-10.5)/2.5) + 0.85*math.Exp(-(h-14.5)*(h-14.5)/3)
		top = math.Max(top, out[i])
	}
	for i := range out {
		out[i] *= peak / top
	}
	return out
}

func (o *StudyOptions) play(ctx context.Context, peak float64, name string, model Model, mode TimeOfDay, patience float64, law Law, cv, certainty float64) (StudyRow, error) {
	const step = 15 * time.Minute
	t0 := time.Date(2026, 1, 5, 8, 0, 0, 0, time.UTC)
	target := Target{Ratio: o.Ratio, Within: time.Duration(o.Within * float64(time.Second))}
	set := Settings{Model: model, Target: target, AHT: o.AHT, Patience: patience}
	var ivs []Interval
	for i, a := range studyDay(peak) {
		ivs = append(ivs, Interval{Start: t0.Add(time.Duration(i) * step), Step: step, Channel: "day", Offered: a * step.Seconds() / o.AHT, AHT: o.AHT})
	}
	opt := PlanOptions{Default: set, TimeOfDay: mode, NoCurve: true}
	if certainty > 0 {
		opt.VolumeCV, opt.Certainty = map[string]float64{"": cv}, certainty
	}
	reqs, err := Plan(ctx, ivs, opt)
	if err != nil {
		return StudyRow{}, err
	}
	s := &Scenario{Teams: []SimTeam{{Name: "day", Skills: []SimSkill{{Queue: "day"}}}}}
	q := SimQueue{Name: "day", Patience: patience, AHTLaw: law, Target: target, VolumeCV: cv}
	row := StudyRow{Peak: peak, Plan: name, VolumeCV: cv, Worst: 1, Slots: len(reqs)}
	for i, r := range reqs {
		s.Slots = append(s.Slots, Slot{r.Start, r.Step})
		q.Offered = append(q.Offered, ivs[i].Offered)
		q.AHT = append(q.AHT, o.AHT)
		s.Teams[0].Agents = append(s.Teams[0].Agents, float64(r.Agents))
		row.AgentHours += float64(r.Agents) * r.Step.Hours()
	}
	s.Queues = []SimQueue{q}
	rep, err := Simulate(ctx, s, SimOptions{Seed: o.Seed, Runs: o.Runs})
	if err != nil {
		return row, err
	}
	row.Level, row.HalfWidth = rep.Total[0].ServiceLevel(), rep.Total[0].HalfWidth()
	row.DaysLow = 1 - rep.Kept[0]
	for i := range rep.Slots[0] {
		sl := rep.Slots[0][i].ServiceLevel()
		row.Worst, row.Best = math.Min(row.Worst, sl), math.Max(row.Best, sl)
		if sl < o.Ratio-0.01 {
			row.LowSlots++
		}
	}
	return row, nil
}
