package forecast

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"kcc/internal/calendar"
)

// LearnedEffect is the effect of a kind of day, as the history shows it.
type LearnedEffect struct {
	Name   string  // event and day of its window, holiday, place in the month
	Factor float64 // 1.2 is 20 % more
	Days   int     // days of the history behind it
	Event  bool    // of an event, not of the calendar
}

// Surprise is a day that nothing known explains: perhaps an event that nobody
// wrote down.
type Surprise struct {
	Date           calendar.Date
	Actual, Normal float64
	Factor         float64
}

// surpriseSpread is how many robust spreads make a day a surprise.
const surpriseSpread = 4.0

// Learn reads from the history what each event, holiday and special day does to
// the volume, and lists the days that remain unexplained, the largest first.
func Learn(ctx context.Context, s Series, opt Options) ([]LearnedEffect, []Surprise, error) {
	_, last, err := span(&s)
	if err != nil {
		return nil, nil, err
	}
	p, n, err := buildPanel(&s, &opt, last)
	if err != nil {
		return nil, nil, err
	}
	if err := ctx.Err(); err != nil {
		return nil, nil, err
	}
	y := p.withoutEvents(n)
	v := newView(p, 0, n, 1, y, nil)
	set := v.calregSetting()
	fit, resid := fitCalreg(v, set)
	if !fit.ok {
		return nil, nil, fmt.Errorf("%s: too little history to learn from: %w", s.Name(), ErrNoHistory)
	}
	f := v.features()
	count := make([]int, f.width())
	for d := range n {
		if math.IsNaN(resid[d]) {
			continue
		}
		for _, c := range f.cols[d] {
			count[c]++
		}
	}
	var effects []LearnedEffect
	for c, name := range f.names {
		if !isSpecial(name) || count[c] == 0 {
			continue
		}
		label, event := strings.CutPrefix(name, "event ")
		effects = append(effects, LearnedEffect{Name: label, Factor: math.Exp(fit.beta[c]), Days: count[c], Event: event})
	}
	slices.SortStableFunc(effects, func(a, b LearnedEffect) int {
		switch {
		case a.Event != b.Event:
			if a.Event {
				return -1
			}
			return 1
		default:
			return strings.Compare(a.Name, b.Name)
		}
	})
	// Around a level that sees both sides.
	local := centredMedian(resid, 2*p.cycle+1)
	var e []float64
	for d := range n {
		if !math.IsNaN(resid[d]) && !math.IsNaN(local[d]) {
			e = append(e, resid[d]-local[d])
		}
	}
	if len(e) == 0 {
		return effects, nil, nil
	}
	sd := 1.4826 * medianAbs(e)
	var out []Surprise
	tot := v.totals()
	for d := range n {
		r := resid[d] - local[d]
		if math.IsNaN(r) || math.Abs(r) < surpriseSpread*math.Max(sd, 0.01) {
			continue
		}
		out = append(out, Surprise{Date: p.date(d), Actual: tot[d], Normal: tot[d] / math.Exp(r), Factor: math.Exp(r)})
	}
	slices.SortStableFunc(out, func(a, b Surprise) int {
		x, y := math.Abs(math.Log(a.Factor)), math.Abs(math.Log(b.Factor))
		switch {
		case x > y:
			return -1
		case x < y:
			return 1
		}
		return int(a.Date - b.Date)
	})
	return effects, out, nil
}

// MailingResult compares an announced mailing or action with what came.
type MailingResult struct {
	Event    Event
	Days     int     // open days of the window with actuals
	Expected float64 // announced contacts of these days
	Came     float64 // actual minus the normal volume of these days
	Spread   float64 // standard error of Came, from the ordinary spread of days
	Rate     float64 // contacts per letter that came; NaN without letters or before the window is over
	Complete bool    // the whole window lies in the history
}

// CompareMailings measures what each EventExtra with days in the history brought:
// the volume of its window less what the calendar regression, fitted without any
// such window, says of these days at the level of the weeks around.
func CompareMailings(ctx context.Context, s Series, opt Options) ([]MailingResult, error) {
	_, last, err := span(&s)
	if err != nil {
		return nil, err
	}
	// Windows are left out of the fit.
	blind := opt
	blind.Events = slices.Clone(opt.Events)
	for i := range blind.Events {
		if blind.Events[i].Mode == EventExtra {
			blind.Events[i].Mode = EventExclude
		}
	}
	p, n, err := buildPanel(&s, &blind, last)
	if err != nil {
		return nil, err
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	v := newView(p, 0, n, 1, p.withoutEvents(n), nil)
	fit, resid := fitCalreg(v, v.calregSetting())
	if !fit.ok {
		return nil, fmt.Errorf("%s: too little history: %w", s.Name(), ErrNoHistory)
	}
	f := v.features()
	local := centredMedian(resid, 4*p.cycle+1)
	var e []float64
	for d := range resid {
		if !math.IsNaN(resid[d]) && !math.IsNaN(local[d]) {
			e = append(e, resid[d]-local[d])
		}
	}
	sd := 0.0
	if len(e) > 0 {
		sd = 1.4826 * medianAbs(e)
	}
	var out []MailingResult
	for i := range opt.Events {
		ev := &opt.Events[i]
		if ev.Mode != EventExtra || !ev.appliesTo(s.Channel, s.Subject) {
			continue
		}
		r := MailingResult{Event: *ev, Rate: math.NaN(), Complete: ev.last() <= last && ev.first() >= p.first}
		extra := p.spreadExtra(ev)
		from := max(0, p.index(ev.first()))
		varsum := 0.0
		for d := from; d <= min(n-1, p.index(ev.last())); d++ {
			if !p.data[d] {
				continue
			}
			act := 0.0
			for _, x := range p.row(d) {
				if !math.IsNaN(x) {
					act += x
				}
			}
			level := local[d]
			if math.IsNaN(level) {
				level = nearestKnown(local, d)
			}
			normal := math.Max(0, math.Exp(fit.linear(f, d)+level)-fit.offset)
			r.Days++
			r.Expected += extra[d-from]
			r.Came += act - normal
			varsum += normal*normal*sd*sd + normal
		}
		if r.Days == 0 {
			continue
		}
		r.Spread = math.Sqrt(varsum)
		if ev.Letters > 0 && r.Complete {
			r.Rate = r.Came / float64(ev.Letters)
		}
		out = append(out, r)
	}
	return out, nil
}

// centredMedian is the median of the known values within half of c either side;
// where under half is known it is NaN. Unlike a mean it does not follow one day
// that stands out.
func centredMedian(z []float64, c int) []float64 {
	out := make([]float64, len(z))
	half := c / 2
	for t := range z {
		var near []float64
		for i := max(0, t-half); i <= min(len(z)-1, t+half); i++ {
			if !math.IsNaN(z[i]) {
				near = append(near, z[i])
			}
		}
		out[t] = math.NaN()
		if len(near) > 0 && len(near) >= half {
			out[t] = median(near)
		}
	}
	return out
}

// nearestKnown returns the known value closest to i, 0 if there is none.
func nearestKnown(x []float64, i int) float64 {
	for k := range x {
		if j := i - k; j >= 0 && !math.IsNaN(x[j]) {
			return x[j]
		}
		if j := i + k; j < len(x) && !math.IsNaN(x[j]) {
			return x[j]
		}
	}
	return 0
}
