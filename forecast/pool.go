package forecast

// model is one way to forecast a view. tune looks for settings on the history of
// the view and is called once per choice, on the history before its first
// origin, and once more for the final forecast; predict returns h rows of slots,
// NaN where closed, or nil when the history does not allow the model.
type model struct {
	name      string
	tune      func(*view) any
	predict   func(*view, any) []float64
	calendar  bool // knows special days itself
	favourite bool // see priorOf
	spare     bool // only when asked for by name
	day       bool // forecasts day totals and needs values >= 0
	slots     bool // for series with intervals within the day
	minDays   int  // days with data
	cycles    int  // whole cycles of history
}

func noTune(*view) any { return nil }

// pool lists the models in a fixed order. A spare model can be asked for by name,
// but takes no part in the choice: beside the others it does not earn its place
// (docs/benchmarks-forecast.md has what leaving each out does).
func pool() []model {
	return []model{
		{name: "calreg", favourite: true, calendar: true, tune: tuneCalreg(lambdaSlow, false), predict: predictCalreg, day: true, minDays: 5, cycles: 2},
		{name: "calregt", spare: true, calendar: true, tune: tuneCalreg(lambdaSlow, true), predict: predictCalreg, day: true, minDays: 5, cycles: 2},
		{name: "calregf", calendar: true, tune: tuneCalreg(lambdaFast, false), predict: predictCalreg, day: true, minDays: 5, cycles: 2},
		{name: "means8", tune: noTune, predict: predictMeans(8), day: true, minDays: 1},
		{name: "means12", tune: noTune, predict: predictMeans(12), day: true, minDays: 1},
		{name: "ets", tune: tuneEts, predict: predictEts, day: true, minDays: 5, cycles: 2},
		{name: "dshw", tune: tuneHW, predict: predictHW, minDays: 5, cycles: 2},
		{name: "sar", tune: noTune, predict: predictSAR, minDays: 5, cycles: 2},
		{name: "mstl", tune: tuneMSTL, predict: predictMSTL, slots: true, minDays: 5, cycles: 2},
		{name: "means4", spare: true, tune: noTune, predict: predictMeans(4), day: true, minDays: 1},
		{name: "theta", spare: true, tune: tuneTheta, predict: predictTheta, day: true, minDays: 5, cycles: 2},
	}
}

// Models lists the names of the pool, in order.
func Models() []string {
	var names []string
	for _, m := range pool() {
		names = append(names, m.name)
	}
	return names
}

// able returns the models that the history of v allows.
func able(v *view, only string) []model {
	days := len(v.dataDays())
	cycles := (v.n - v.lo) / v.p.cycle
	var out []model
	for _, m := range pool() {
		if auto := only == "" || only == Auto; auto && m.spare || !auto && m.name != only {
			continue
		}
		if days < m.minDays || cycles < m.cycles || (m.day && !v.p.nonneg) || (m.slots && v.p.slots < 2) {
			continue
		}
		out = append(out, m)
	}
	return out
}

// run tunes m if need be and forecasts v. Models that know no calendar see the
// history without the effects of special days and get them back afterwards.
func (m *model) run(v *view) []float64 {
	sp, whole := []float64(nil), v
	if !m.calendar {
		if sp = v.special(); sp != nil {
			v = v.ordinary()
		}
	}
	set, ok := v.set.byName[m.name]
	if !ok {
		set = m.tune(v)
		v.set.byName[m.name] = set
	}
	out := m.predict(v, set)
	if sp != nil && out != nil {
		s := v.p.slots
		for k := range v.h {
			shape := whole.shape(v.n + k)
			for i := range s {
				out[k*s+i] *= sp[v.n+k]
				if shape != nil {
					out[k*s+i] *= shape[i]
				}
			}
		}
	}
	return out
}
