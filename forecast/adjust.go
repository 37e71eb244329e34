package forecast

import (
	"fmt"
	"math"
	"time"
)

// Apply lays the adjustments of a planner over the forecast, in their order. The
// bounds move with the mean: in proportion for a factor or a set total, by the
// same number for an addition. Points outside every span stay as they are.
func (f *Forecast) Apply(adjust []Adjustment) {
	for i := range adjust {
		a := &adjust[i]
		if !a.appliesTo(f.Channel, f.Subject) {
			continue
		}
		factor, add := a.Factor, a.Add
		if a.HasSet {
			total := 0.0
			for _, p := range f.Points {
				if a.covers(p.Start) {
					total += p.Mean
				}
			}
			factor, add = 0, 0
			if total > 0 {
				factor = a.SetTo / total
			}
			if factor == 0 && a.SetTo > 0 {
				continue
			}
		} else if factor == 0 {
			factor = 1
		}
		for k := range f.Points {
			p := &f.Points[k]
			if !a.covers(p.Start) {
				continue
			}
			p.Mean = math.Max(0, p.Mean*factor+add)
			for b := range p.Bounds {
				p.Bounds[b] = math.Max(0, p.Bounds[b]*factor+add)
			}
		}
	}
}

// Check reports what is wrong with an adjustment.
func (a *Adjustment) Check() error {
	switch {
	case !a.To.After(a.From):
		return fmt.Errorf("adjustment from %s to %s: want an end after the start", a.From.Format(time.DateTime), a.To.Format(time.DateTime))
	case a.Factor < 0 || math.IsNaN(a.Factor) || math.IsInf(a.Factor, 0):
		return fmt.Errorf("adjustment factor %g: want 0 or more", a.Factor)
	case a.HasSet && (a.SetTo < 0 || math.IsNaN(a.SetTo)):
		return fmt.Errorf("adjustment to %g contacts: want 0 or more", a.SetTo)
	case a.Reason == "":
		return fmt.Errorf("adjustment without a reason: say why, so that it can be judged later")
	}
	return nil
}

func (a *Adjustment) covers(t time.Time) bool { return !t.Before(a.From) && t.Before(a.To) }

func (a *Adjustment) appliesTo(channel, subject string) bool {
	return (a.Channel == "" || a.Channel == channel) && (a.Subject == "" || a.Subject == subject)
}

// SetPercent makes the adjustment a change by so many percent.
func (a *Adjustment) SetPercent(p float64) { a.Factor = 1 + p/100 }
