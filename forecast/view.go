package forecast

import (
	"math"
	"slices"
)

// view is a panel as it looked at one origin: history days [lo, n), and the h
// days after it to forecast. Models read y only before n. What several models
// need is computed once and kept here; a view belongs to one goroutine.
type view struct {
	p        *panel
	lo, n, h int
	y        []float64 // of the panel, cleaned; models read this

	set     *settings // tuned at the first origin of a choice, nil: tune here
	prof    *profile
	tot     []float64
	flatted *flat
	feats   *dayFeatures
	spec    []float64 // effect of special days per day, see special
	specced bool
	plain   *view                // the view without special effects
	shapes  map[string][]float64 // slot factors per kind of special day, see dayShapes
	shaped  bool
}

// settings hold what is tuned once per series and reused at every origin.
type settings struct {
	prof   profileSetting
	power  float64 // Box-Cox power of interval models
	byName map[string]any
}

func newView(p *panel, lo, n, h int, y []float64, set *settings) *view {
	if set == nil {
		set = &settings{power: math.NaN(), byName: map[string]any{}}
	}
	return &view{p: p, lo: lo, n: n, h: h, y: y, set: set}
}

// at returns the view of an earlier origin.
func (v *view) at(n, h int) *view { return newView(v.p, v.lo, n, h, v.y, v.set) }

func (v *view) row(d int) []float64 { return v.y[d*v.p.slots : (d+1)*v.p.slots] }

// has reports whether history day d has data.
func (v *view) has(d int) bool {
	if !v.p.opens[d] {
		return false
	}
	for _, x := range v.row(d) {
		if !math.IsNaN(x) {
			return true
		}
	}
	return false
}

// dataDays returns the history days with data, oldest first.
func (v *view) dataDays() []int {
	var out []int
	for d := v.lo; d < v.n; d++ {
		if v.has(d) {
			out = append(out, d)
		}
	}
	return out
}

// result makes an empty forecast: h rows of slots, all NaN.
func (v *view) result() []float64 {
	out := make([]float64, v.h*v.p.slots)
	for i := range out {
		out[i] = math.NaN()
	}
	return out
}

// spread turns forecasts of standard day totals into intervals by the profile;
// closed slots stay NaN.
func (v *view) spread(total []float64) []float64 {
	out := v.result()
	s := v.p.slots
	for k := range v.h {
		d := v.n + k
		if !v.p.opens[d] {
			continue
		}
		share := v.share(d)
		open := v.p.openRow(d)
		for i := range s {
			if open[i] {
				out[k*s+i] = total[k] * share[i]
			}
		}
	}
	return out
}

// totals returns per history day the standard total: the volume of the known
// slots over their share of an ordinary day of that weekday, so that a short or
// partly missing day is comparable. Days with less than minShare are NaN.
func (v *view) totals() []float64 {
	if v.tot != nil {
		return v.tot
	}
	v.tot = make([]float64, v.n)
	for d := range v.tot {
		v.tot[d] = math.NaN()
		if d < v.lo || !v.p.opens[d] {
			continue
		}
		share := v.share(d)
		sum, part := 0.0, 0.0
		for i, x := range v.row(d) {
			if !math.IsNaN(x) {
				sum += x
				part += share[i]
			}
		}
		if part >= minShare {
			v.tot[d] = sum / part
		}
	}
	return v.tot
}

// minShare is the least part of a day that says enough about the whole day.
const minShare = 0.2

// profile returns the shares of the slots per weekday at this origin.
func (v *view) profile() *profile {
	if v.prof == nil {
		if v.set.prof.halfLife == 0 {
			v.set.prof = tuneProfile(v)
		}
		v.prof = fitProfile(v, v.n, v.set.prof)
	}
	return v.prof
}

// flat is the series as one sequence of the open slots of history and horizon.
type flat struct {
	y     []float64 // raw; NaN missing; only up to hist
	hist  int       // entries of the history
	day   []int     // day of each entry
	slot  []int
	pos   []int // index of the slot among the slots ever open: the daily season
	week  []int // index within the cycle: the weekly season
	m1    int   // daily seasons
	m2    int   // weekly seasons
	start int   // first entry with data
}

// maxFlat bounds the length of the history that interval models see: ten weeks
// of quarters, day and night. Older intervals say nothing more about the shape.
const maxFlat = 7000

// flatten lays the open slots out in one row, the last maxFlat of the history.
func (v *view) flatten() *flat {
	if v.flatted != nil {
		return v.flatted
	}
	p := v.p
	f := &flat{}
	used := make([]bool, p.slots)
	from := v.lo
	for d, count := v.n-1, 0; d >= v.lo; d-- {
		for i, o := range p.openRow(d) {
			if o {
				count++
				used[i] = true
			}
		}
		if count > maxFlat && v.n-d >= 5*p.cycle {
			from = d
			break
		}
	}
	for d := v.n; d < v.n+v.h; d++ {
		for i, o := range p.openRow(d) {
			used[i] = used[i] || o
		}
	}
	pos := make([]int, p.slots)
	for i, u := range used {
		pos[i] = f.m1
		if u {
			f.m1++
		}
	}
	f.m2 = f.m1 * p.cycle
	for d := from; d < v.n+v.h; d++ {
		if d == v.n {
			f.hist = len(f.day)
		}
		for i, o := range p.openRow(d) {
			if !o {
				continue
			}
			f.day = append(f.day, d)
			f.slot = append(f.slot, i)
			f.pos = append(f.pos, pos[i])
			f.week = append(f.week, p.phase(d)*f.m1+pos[i])
			if d < v.n {
				f.y = append(f.y, v.row(d)[i])
			}
		}
	}
	if v.h == 0 {
		f.hist = len(f.day)
	}
	f.start = slices.IndexFunc(f.y, func(x float64) bool { return !math.IsNaN(x) })
	v.flatted = f
	return f
}

// unflatten puts forecasts of the horizon entries of f back on the panel.
func (v *view) unflatten(f *flat, z []float64) []float64 {
	out := v.result()
	for i := f.hist; i < len(f.day); i++ {
		out[(f.day[i]-v.n)*v.p.slots+f.slot[i]] = z[i-f.hist]
	}
	return out
}
