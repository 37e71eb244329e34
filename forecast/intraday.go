package forecast

import (
	"context"
	"fmt"
	"math"
	"time"

	"kcc/internal/calendar"
)

// Update is what an intraday update saw and did.
type Update struct {
	Date     calendar.Date
	Now      time.Time
	Observed float64 // contacts so far, in whole intervals
	Expected float64 // what the forecast had for these intervals
	// Weight is how much of the deviation so far is carried to the rest of the day:
	// log(rest) moves by Weight · log(Observed/Expected).
	Weight float64
	// Factor multiplies the rest of the day; 1 when the update was not used.
	Factor float64
	Used   bool
	Reason string
	// Days is the number of past days behind the weight; Without and With are the
	// mean absolute errors of their rest of day, relative to it.
	Days          int
	Without, With float64
}

const (
	updateDays    = 60 // past days looked at
	updateLeast   = 12 // fewest days to learn from
	updateGain    = 0.99
	updatePrior   = 3.0 // days of no effect that the weight is shrunk by
	updateLargest = 1.2
)

// Revise forecasts the rest of the day of now from history that includes the
// intervals of today so far. The deviation so far is carried on by a weight that
// past days give: over them, the log ratio x of actual to forecast until this
// time of day, and z that of the rest, give
//
//	w = Σ x·z / (Σ x² + prior)
//
// which is small when slots vary more than whole days do. Each past day is judged
// with the weight of the others; only if the error of the rest of the day falls
// is the update used. (The plain ratio, w = 1, makes most series worse.)
// The result holds the intervals from now on; with them comes what was done.
func Revise(ctx context.Context, s Series, now time.Time, opt Options) (*Forecast, *Update, error) {
	if s.Zone == nil {
		s.Zone = time.UTC
	}
	today := calendar.DateOf(now, s.Zone)
	var past []Observation
	var sofar []Observation
	for _, o := range s.Obs {
		switch d := calendar.DateOf(o.Start, s.Zone); {
		case d < today:
			past = append(past, o)
		case d == today:
			sofar = append(sofar, o)
		}
	}
	if len(past) == 0 {
		return nil, nil, fmt.Errorf("%s: %w before %s", s.Name(), ErrNoHistory, today)
	}
	if s.Step == 0 {
		s.Step = InferStep(s.Obs)
	}
	s.Obs = past
	s.Last = min(s.Last, today-1)
	if s.First > s.Last {
		s.First = s.Last
	}
	adjust, growth := opt.Adjust, opt.Growth
	opt.From, opt.Horizon, opt.OpenDays, opt.Interval, opt.Adjust, opt.Growth = today, 1, false, 0, nil, 0
	f, err := Run(ctx, s, opt)
	if err != nil {
		return nil, nil, err
	}
	u := &Update{Date: today, Now: now, Factor: 1}
	// Whole intervals until now, by start.
	actual := map[int64]float64{}
	for _, o := range sumByStart(sofar, f.Step, s.Zone) {
		actual[o.at] += o.value
	}
	cut := -1 // last slot that is over
	g := calendar.Grid{Loc: s.Zone, Step: f.Step}
	var rest []Point
	for _, p := range f.Points {
		if p.Start.Add(f.Step).After(now) {
			rest = append(rest, p)
			continue
		}
		y, ok := actual[p.Start.Unix()]
		if !ok {
			if len(sofar) == 0 {
				continue
			}
			y = 0 // an absent interval of a day with rows
		}
		if math.IsNaN(y) {
			continue
		}
		cut = g.Slot(p.Start)
		u.Observed += y
		u.Expected += p.Mean
	}
	f.Points = rest
	switch {
	case len(rest) == 0:
		u.Reason = "the day is over"
	case cut < 0 || u.Expected <= 0:
		u.Reason = "nothing has been observed yet today"
	case u.Observed <= 0:
		u.Reason = "no contact has arrived yet: too little to go by"
	default:
		if err := u.learn(ctx, &s, today, cut, &opt); err != nil {
			return nil, nil, err
		}
	}
	if u.Used {
		u.Factor = math.Exp(u.Weight * math.Log(u.Observed/u.Expected))
		f.scale(u.Factor)
	}
	if growth != 0 {
		f.scale(1 + growth)
	}
	f.Apply(adjust)
	return f, u, nil
}

// learn measures the weight on past days, cut after the same slot.
func (u *Update) learn(ctx context.Context, s *Series, today calendar.Date, cut int, opt *Options) error {
	p, n, err := buildPanel(s, opt, today)
	if err != nil {
		return err
	}
	n = min(n, p.index(today))
	y := p.withoutEvents(n)
	all := newView(p, 0, n, 1, y, nil)
	clean(all, y)
	days := all.dataDays()
	if len(days) > updateDays {
		days = days[len(days)-updateDays:]
	}
	if len(days) == 0 {
		u.Reason = "too few past days to learn from"
		return nil
	}
	set := newView(p, 0, days[0], 1, y, nil)
	var x, z, w []float64
	for _, d := range days {
		if err := ctx.Err(); err != nil {
			return err
		}
		if d < 3*p.cycle {
			continue
		}
		v := newView(p, 0, d, 1, y, set.set)
		mean := predictCalreg(v, v.calregSetting())
		if mean == nil {
			continue
		}
		var a0, f0, a1, f1 float64
		for i := range p.slots {
			if math.IsNaN(y[d*p.slots+i]) || math.IsNaN(mean[i]) {
				continue
			}
			if i <= cut {
				a0 += y[d*p.slots+i]
				f0 += mean[i]
			} else {
				a1 += y[d*p.slots+i]
				f1 += mean[i]
			}
		}
		if a0 > 0 && f0 > 0 && a1 > 0 && f1 > 0 {
			x = append(x, math.Log(a0/f0))
			z = append(z, math.Log(a1/f1))
			w = append(w, a1)
		}
	}
	u.Days = len(x)
	if len(x) < updateLeast {
		u.Reason = fmt.Sprintf("only %d past days to learn from", len(x))
		return nil
	}
	var sxx, sxz float64
	for i := range x {
		sxx += x[i] * x[i]
		sxz += x[i] * z[i]
	}
	prior := updatePrior * sxx / float64(len(x))
	var without, with, sum float64
	for i := range x {
		b := weightOfDay(sxz-x[i]*z[i], sxx-x[i]*x[i]+prior)
		// Errors of the rest of the day: actual A, forecast A·exp(-z) and A·exp(b·x-z).
		without += w[i] * math.Abs(1-math.Exp(-z[i]))
		with += w[i] * math.Abs(1-math.Exp(b*x[i]-z[i]))
		sum += w[i]
	}
	u.Weight = weightOfDay(sxz, sxx+prior)
	u.Without, u.With = without/sum, with/sum
	u.Used = u.With < updateGain*u.Without
	u.Reason = "carrying the day so far on did not help on past days"
	if u.Used {
		u.Reason = fmt.Sprintf("on %d past days the error of the rest of the day fell from %.1f%% to %.1f%%", len(x), 100*u.Without, 100*u.With)
	}
	return nil
}

func weightOfDay(xz, xx float64) float64 {
	if xx <= 0 {
		return 0
	}
	return math.Max(0, math.Min(updateLargest, xz/xx))
}
