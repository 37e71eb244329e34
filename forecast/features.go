package forecast

import (
	"math"
	"strconv"
	"time"

	"kcc/internal/calendar"
)

// minYear is the history that a yearly pattern needs: a year and a half, so that
// a season and a level shift can be told apart.
const minYear = 548

// yearlyTerms is the number of Fourier pairs of the yearly pattern.
const yearlyTerms = 3

// dayFeatures is the sparse design matrix of the day model: per day the columns
// that are not zero. Column 0 is the intercept.
type dayFeatures struct {
	names []string
	ridge []float64
	cols  [][]int32
	vals  [][]float64
	trend int // column of the trend
}

func (f *dayFeatures) width() int { return len(f.names) }

// featureSet collects columns by name.
type featureSet struct {
	dayFeatures
	index map[string]int32
}

// Prior precision of an effect, in units of the noise precision of one day: an
// effect with ridge r seen on n days keeps n/(n+r) of its size.
const (
	ridgeWeekday = 0.3
	ridgeMonth   = 2.0
	ridgeClosure = 1.0
	ridgeHoliday = 0.2 // a holiday changes a day by far more than its noise
	ridgeEvent   = 0.1 // what a planner has named did something
	ridgeSchool  = 0.6
	ridgeYear    = 6.0
	ridgeTrend   = 20.0
)

// trendUnit is the unit of the trend column in days, so that its effect is the
// growth per year; it counts up to the origin and is not carried beyond.
const trendUnit = 365.25

func (f *featureSet) add(d int, name string, value, ridge float64) {
	k, ok := f.index[name]
	if !ok {
		k = int32(len(f.names))
		f.index[name] = k
		f.names = append(f.names, name)
		f.ridge = append(f.ridge, ridge)
	}
	f.cols[d] = append(f.cols[d], k)
	f.vals[d] = append(f.vals[d], value)
}

// features describes every day of [lo, n+h) by what the calendar knows of it.
func (v *view) features() *dayFeatures {
	if v.feats != nil {
		return v.feats
	}
	p := v.p
	end := min(p.days(), v.n+v.h)
	f := &featureSet{index: map[string]int32{}}
	f.cols = make([][]int32, end)
	f.vals = make([][]float64, end)
	yearly := !p.plain && len(v.dataDays()) > 0 && v.n-v.lo >= minYear
	for d := v.lo; d < end; d++ {
		if !p.opens[d] {
			continue
		}
		f.add(d, "level", 1, 0)
		f.add(d, "trend", math.Min(0, float64(d-v.n)/trendUnit), ridgeTrend)
		if p.cycle > 1 {
			f.add(d, phaseName(p, d), 1, ridgeWeekday)
		}
		if p.plain {
			continue
		}
		v.monthPosition(f, d)
		v.closures(f, d)
		if p.school[d] {
			f.add(d, "school holiday", 1, ridgeSchool)
		}
		if p.events != nil {
			for _, k := range p.events[d].learn {
				f.add(d, "event "+k, 1, ridgeEvent)
			}
		}
		if yearly {
			date := p.date(d)
			y := date.Year()
			t := 2 * math.Pi * (float64(date) - float64(calendar.NewDate(y, time.January, 1))) / 365.25
			for k := 1; k <= yearlyTerms; k++ {
				f.add(d, yearName("sin", k), math.Sin(float64(k)*t), ridgeYear*float64(k))
				f.add(d, yearName("cos", k), math.Cos(float64(k)*t), ridgeYear*float64(k))
			}
		}
	}
	f.trend = int(f.index["trend"])
	v.feats = &f.dayFeatures
	return v.feats
}

// businessDay reports whether d is an open day from Monday to Friday that is no
// public holiday.
func (p *panel) businessDay(d int) bool {
	wd := p.date(d).Weekday()
	return wd != time.Saturday && wd != time.Sunday && p.holiday[d] == "" && !p.closed[d]
}

// monthPosition marks the first and last business days of the month, when bills
// and benefits move the volume.
func (v *view) monthPosition(f *featureSet, d int) {
	p := v.p
	if !p.businessDay(d) {
		return
	}
	date := p.date(d)
	_, m, _ := date.Civil()
	pos := 0
	for k := date; ; k-- {
		if _, km, _ := k.Civil(); km != m {
			break
		}
		if i := p.index(k); i < 0 || p.businessDay(i) {
			if i < 0 {
				if wd := k.Weekday(); wd == time.Saturday || wd == time.Sunday {
					continue
				}
			}
			pos++
		}
		if pos > monthEdge {
			break
		}
	}
	if pos <= monthEdge {
		f.add(d, "business day "+string(rune('0'+pos))+" of the month", 1, ridgeMonth)
	}
	pos = 0
	for k := date; ; k++ {
		if _, km, _ := k.Civil(); km != m {
			break
		}
		wd := k.Weekday()
		if i := p.index(k); i < p.days() && !p.businessDay(i) || wd == time.Saturday || wd == time.Sunday {
			continue
		}
		pos++
		if pos > monthEdge {
			break
		}
	}
	if pos <= monthEdge {
		f.add(d, "business day "+string(rune('0'+pos))+" from the end of the month", 1, ridgeMonth)
	}
}

// monthEdge is how many business days at either end of the month have an effect
// of their own.
const monthEdge = 3

// closures marks days around closed days and holidays that are worked.
func (v *view) closures(f *featureSet, d int) {
	p := v.p
	if k := p.holiday[d]; k != "" {
		f.add(d, "holiday "+k, 1, ridgeHoliday)
		f.add(d, "any holiday", 1, ridgeClosure)
	}
	// The first and second open day after a closure.
	open := 0
	for k := d - 1; k >= max(0, d-7) && open < 2; k-- {
		if p.closed[k] {
			if open == 0 {
				f.add(d, "day after a closed day", 1, ridgeClosure)
			} else {
				f.add(d, "second day after a closed day", 1, ridgeMonth)
			}
			if h := p.holiday[k]; h != "" && open == 0 {
				f.add(d, "after "+h, 1, ridgeMonth)
			}
			break
		}
		if p.opens[k] {
			open++
		}
	}
	for k := d + 1; k < min(p.days(), d+5); k++ {
		if p.closed[k] {
			f.add(d, "day before a closed day", 1, ridgeClosure)
			if h := p.holiday[k]; h != "" {
				f.add(d, "before "+h, 1, ridgeMonth)
			}
		}
		if p.closed[k] || p.opens[k] {
			break
		}
	}
	// Days beside a holiday that is worked.
	if p.holiday[d] == "" {
		if d > 0 && p.holiday[d-1] != "" && p.opens[d-1] {
			f.add(d, "day after a holiday", 1, ridgeClosure)
		}
		if d+1 < p.days() && p.holiday[d+1] != "" && p.opens[d+1] {
			f.add(d, "day before a holiday", 1, ridgeClosure)
		}
	}
}

func phaseName(p *panel, d int) string {
	if p.plain {
		return "phase " + strconv.Itoa(p.phase(d))
	}
	return "weekday " + p.date(d).Weekday().String()
}

func yearName(fn string, k int) string { return "year " + fn + string(rune('0'+k)) }
