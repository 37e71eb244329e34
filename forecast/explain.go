package forecast

import (
	"math"
	"strings"
)

// explain breaks the forecast of each day into factors, so that
//
//	Total = Base · Π factors
//
// Base is an ordinary day at the level of the origin; the calendar regression
// gives the factors of weekday, special days and time of year; what the other
// models, events and the opening hours of the day change comes as factors of its
// own. Factors within rounding of 1 are left out.
func (o *outcome) explain(skip int, extra func(k int) []Factor) []DayFactor {
	v, p := o.v, o.v.p
	if p.plain || !p.nonneg {
		return nil
	}
	fit, resid := fitCalreg(v, v.calregSetting())
	if !fit.ok {
		return nil
	}
	set := v.calregSetting()
	level := levelOf(resid, set.alpha, set.phi, clipOf(resid))
	f := v.features()
	// The mean effect of the weekdays that are open belongs to the base.
	centre := v.weekdayCentre(f, &fit)
	var out []DayFactor
	for k := range v.h {
		level *= fit.phi
		d := v.n + k
		if k < skip || !p.opens[d] {
			continue
		}
		total, share := 0.0, 0.0
		row := v.share(d)
		for i, open := range p.openRow(d) {
			if open {
				total += o.mean[k*p.slots+i]
				share += row[i]
			}
		}
		day := DayFactor{Date: p.date(d), Total: total}
		base := 0.0
		weekday, year := 0.0, 0.0
		for i, c := range f.cols[d] {
			x := fit.beta[c] * f.vals[d][i]
			switch name := f.names[c]; {
			case name == "level" || name == "trend":
				base += x
			case strings.HasPrefix(name, "weekday "):
				weekday += x
			case strings.HasPrefix(name, "year "):
				year += x
			default:
				day.add(name, math.Exp(x))
			}
		}
		day.Base = math.Exp(base + centre + level)
		head := []Factor{{p.date(d).Weekday().String(), math.Exp(weekday - centre)}}
		if year != 0 {
			head = append(head, Factor{"time of year", math.Exp(year)})
		}
		day.Factors = append(head, day.Factors...)
		if share < 0.995 || share > 1.005 {
			day.add("opening hours of the day", share)
		}
		for _, x := range extra(k) {
			day.add(x.Name, x.Value)
		}
		prod := day.Base
		for _, x := range day.Factors {
			prod *= x.Value
		}
		if prod > 0 {
			day.add("other models", total/prod)
		}
		out = append(out, day)
	}
	return out
}

// add appends a factor unless it changes nothing.
func (d *DayFactor) add(name string, value float64) {
	const nothing = 5e-4
	if math.Abs(value-1) >= nothing && value > 0 && !math.IsInf(value, 0) {
		d.Factors = append(d.Factors, Factor{name, value})
	}
}

// weekdayCentre is the mean weekday effect over the open weekdays.
func (v *view) weekdayCentre(f *dayFeatures, fit *calregFit) float64 {
	sum, n := 0.0, 0.0
	for c, name := range f.names {
		if strings.HasPrefix(name, "weekday ") {
			sum += fit.beta[c]
			n++
		}
	}
	if n == 0 {
		return 0
	}
	return sum / n
}
