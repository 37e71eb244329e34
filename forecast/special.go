package forecast

import (
	"math"
	"strings"
)

// minSpecialDays is the history from which the effects of special days are
// taken out for models that do not know them.
const minSpecialDays = 56

// isSpecial reports whether a column of the day model is the effect of a special
// day, not of the weekday, the level or the time of year.
func isSpecial(name string) bool {
	return name != "level" && name != "trend" && !strings.HasPrefix(name, "weekday ") && !strings.HasPrefix(name, "year ")
}

// special returns the factor of each day up to the horizon that comes from its
// place in the month, closures, holidays and events, as the calendar regression
// learned them; nil when there is nothing to tell.
func (v *view) special() []float64 {
	if v.specced {
		return v.spec
	}
	v.specced = true
	if v.p.plain || !v.p.nonneg || v.n-v.lo < minSpecialDays {
		return nil
	}
	f := v.features()
	found := false
	for _, name := range f.names {
		found = found || isSpecial(name)
	}
	if !found {
		return nil
	}
	fit, _ := fitCalreg(v, v.calregSetting())
	if !fit.ok {
		return nil
	}
	v.spec = make([]float64, len(f.cols))
	for d := range v.spec {
		s := 0.0
		for i, c := range f.cols[d] {
			if isSpecial(f.names[c]) {
				s += fit.beta[c] * f.vals[d][i]
			}
		}
		v.spec[d] = math.Exp(s)
	}
	return v.spec
}

// calregSetting returns the tuned setting of the slow calendar regression.
func (v *view) calregSetting() calregSetting {
	set, ok := v.set.byName["calreg"]
	if !ok {
		set = tuneCalreg(lambdaSlow, false)(v)
		v.set.byName["calreg"] = set
	}
	return set.(calregSetting)
}

// ordinary returns the view with the special effects divided out of the history.
func (v *view) ordinary() *view {
	if v.plain != nil {
		return v.plain
	}
	s := v.p.slots
	y := make([]float64, v.n*s)
	for d := range v.n {
		copy(y[d*s:(d+1)*s], v.row(d))
		if d < v.lo {
			continue
		}
		shape := v.shape(d)
		for i := range s {
			y[d*s+i] /= v.spec[d]
			if shape != nil && shape[i] > 0 {
				y[d*s+i] /= shape[i]
			}
		}
	}
	v.plain = newView(v.p, v.lo, v.n, v.h, y, v.set)
	v.plain.shaped = true // its days have the shapes of their weekdays
	return v.plain
}
