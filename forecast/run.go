package forecast

import (
	"context"
	"fmt"
	"math"
	"time"

	"gonum.org/v1/gonum/stat/distuv"

	"kcc/internal/calendar"
)

// maxHorizon is the most days that may be forecast at once: three years.
const maxHorizon = 1100

// Run forecasts one series. It returns ErrNoHistory (wrapped) for a series
// without data.
func Run(ctx context.Context, s Series, opt Options) (*Forecast, error) {
	if err := opt.check(); err != nil {
		return nil, err
	}
	if f, err := borrow(ctx, &s, &opt); f != nil || err != nil {
		return f, err
	}
	h := opt.Horizon
	if h == 0 {
		h = DefaultHorizon
	}
	_, last, err := span(&s)
	if err != nil {
		return nil, err
	}
	from := opt.From
	if from == 0 {
		from = last.Add(1)
	}
	reach := h
	if opt.OpenDays {
		reach = 7*h/2 + 60 // more than enough days to hold h open ones
	}
	p, n, err := buildPanel(&s, &opt, max(last, from.Add(reach-1))+7)
	if err != nil {
		return nil, err
	}
	start := p.index(from)
	if start < 1 {
		return nil, fmt.Errorf("%s: no history before %s: %w", s.Name(), from, ErrNoHistory)
	}
	end := start + h
	if opt.OpenDays {
		open := 0
		for end = start; end < p.days() && open < h; end++ {
			if p.opens[end] {
				open++
			}
		}
	}
	n = min(n, start)
	o, err := solve(ctx, p, 0, n, end-n, &opt)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", s.Name(), err)
	}
	if len(o.choice.models) == 0 {
		return nil, fmt.Errorf("%s: no model fits this history: %w", s.Name(), ErrNoHistory)
	}
	return o.publish(&s, &opt, start-n), nil
}

// check reports what is wrong with the options.
func (o *Options) check() error {
	if o.Horizon < 0 || o.Horizon > maxHorizon {
		return fmt.Errorf("horizon of %d days: want 1 to %d", o.Horizon, maxHorizon)
	}
	for _, l := range o.Levels {
		if !(l > 0 && l < 1) {
			return fmt.Errorf("level %g: want more than 0 and less than 100 percent", 100*l)
		}
	}
	if o.Model != "" && o.Model != Auto && !knownModel(o.Model) {
		return fmt.Errorf("model %q: want auto or one of %v", o.Model, Models())
	}
	return nil
}

func knownModel(name string) bool {
	for _, m := range pool() {
		if m.name == name {
			return true
		}
	}
	return false
}

// span returns the first and last day of the history.
func span(s *Series) (first, last calendar.Date, err error) {
	zone := s.Zone
	if zone == nil {
		s.Zone = time.UTC
		zone = s.Zone
	}
	first, last = s.First, s.Last
	if first == 0 && last == 0 {
		first, last = math.MaxInt32, math.MinInt32
	}
	if len(s.Obs) == 0 {
		return 0, 0, fmt.Errorf("%s: %w", s.Name(), ErrNoHistory)
	}
	lo, hi := s.Obs[0].Start, s.Obs[0].Start
	for _, o := range s.Obs {
		if o.Start.Before(lo) {
			lo = o.Start
		}
		if o.Start.After(hi) {
			hi = o.Start
		}
	}
	return min(first, calendar.DateOf(lo, zone)), max(last, calendar.DateOf(hi, zone)), nil
}

// publish puts an outcome on the clock, leaving out the first skip days.
func (o *outcome) publish(s *Series, opt *Options, skip int) *Forecast {
	v, p := o.v, o.v.p
	levels := opt.Levels
	if levels == nil {
		levels = DefaultLevels()
	}
	f := &Forecast{
		Channel: s.Channel, Subject: s.Subject, Team: s.Team, Model: o.choice.name(),
		Step: p.step, Levels: levels, DayFactorCV: o.dayCV, Cleaned: o.clean,
		Choice: o.choice.public(),
	}
	aht := fitAHT(s, p, 0, v.n)
	for k := skip; k < v.h; k++ {
		at, slot := p.starts(v.n + k)
		for i, t := range at {
			m := o.mean[k*p.slots+slot[i]]
			if math.IsNaN(m) {
				continue
			}
			f.Points = append(f.Points, Point{
				Start: t, Step: p.step, Mean: m, AHT: aht.at(p, v.n+k, slot[i]),
				Bounds: o.bounds.at(m, k+1, slot[i], levels), Computed: m,
			})
		}
	}
	f.Why = o.explain(skip, func(k int) []Factor { return o.eventFactors(o.before, k) })
	f.Notes = o.notes()
	if len(f.Points) == 0 {
		f.Notes = append(f.Notes, fmt.Sprintf("nothing is open from %s to %s: no interval to forecast", p.date(v.n+skip), p.date(v.n+v.h-1)))
	}
	if opt.Growth != 0 {
		f.scale(1 + opt.Growth)
		for i := range f.Why {
			f.Why[i].Total *= 1 + opt.Growth
			f.Why[i].add("growth asked for", 1+opt.Growth)
		}
	}
	f.Apply(opt.Adjust)
	if opt.Interval != 0 && opt.Interval != f.Step {
		f.resample(opt.Interval, p.zone)
	}
	return f
}

// scale multiplies volume and bounds.
func (f *Forecast) scale(x float64) {
	for i := range f.Points {
		f.Points[i].Mean *= x
		f.Points[i].Computed *= x
		for b := range f.Points[i].Bounds {
			f.Points[i].Bounds[b] *= x
		}
	}
}

// notes tells what a planner should know about the history.
func (o *outcome) notes() []string {
	var out []string
	v := o.v
	days := len(v.dataDays())
	if len(o.choice.origins) == 0 {
		out = append(out, fmt.Sprintf("only %d days of history: no backtest, the bounds are a guess", days))
	} else if v.n-v.lo < 8*v.p.cycle {
		out = append(out, fmt.Sprintf("only %d days of history: expect wide bounds", days))
	}
	if at, ratio := v.shift(); at > 0 {
		out = append(out, fmt.Sprintf("the level changed around %s by %+.0f%%", v.p.date(at), 100*(ratio-1)))
	}
	if n := len(o.clean); n > 0 {
		out = append(out, fmt.Sprintf("%d days of the history are not believed, the first %s", n, o.clean[0].Date))
	}
	return out
}

// public lists the choice for the reader.
func (c *choice) public() Choice {
	out := Choice{Origins: len(c.origins) - c.far, Reason: c.reason}
	for b, band := range c.bands {
		bc := BandChoice{From: band[0], To: band[1]}
		for m := range c.models {
			bc.Models = append(bc.Models, ModelScore{Name: c.models[m].name, WAPE: c.errs[b][m], Weight: c.weights[b][m]})
		}
		out.Bands = append(out.Bands, bc)
	}
	return out
}

// Day is the forecast of one civil day.
type Day struct {
	Date   calendar.Date
	Mean   float64
	AHT    float64   // weighted by volume
	Bounds []float64 // lo, hi per level
}

// Days adds the points up per civil day of zone. The bounds of a day are those
// of a volume with the Poisson spread and the day factor:
// Mean ± z·sqrt(Mean + CV²·Mean²).
func (f *Forecast) Days(zone *time.Location) []Day {
	var out []Day
	var work float64
	for i, p := range f.Points {
		d := calendar.DateOf(p.Start, zone)
		if len(out) == 0 || out[len(out)-1].Date != d {
			out = append(out, Day{Date: d})
			work = 0
		}
		day := &out[len(out)-1]
		day.Mean += p.Mean
		work += p.Mean * p.AHT
		day.AHT = work / day.Mean
		if last := i == len(f.Points)-1 || calendar.DateOf(f.Points[i+1].Start, zone) != d; last {
			sd := math.Sqrt(day.Mean + f.DayFactorCV*f.DayFactorCV*day.Mean*day.Mean)
			for _, l := range f.Levels {
				z := distuv.UnitNormal.Quantile((1 + l) / 2)
				day.Bounds = append(day.Bounds, math.Max(0, day.Mean-z*sd), day.Mean+z*sd)
			}
		}
	}
	return out
}
