package cause

import (
	"cmp"
	"math"
	"slices"

	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"

	"kcc/internal/calendar"
)

// SpikeOptions says how sure a spike must be. The zero value takes the defaults.
type SpikeOptions struct {
	From, To calendar.Date // weeks that lie within are looked at
	// Alarm is the chance of one false alarm or more in a year in which nothing
	// happens, over all subjects together; 0 is DefaultAlarm.
	Alarm float64
	// Possible is the chance that an ordinary week of one subject is listed as
	// worth a look; 0 is DefaultPossible.
	Possible float64
	Level    float64 // of the intervals; 0 is 0.90
}

// Defaults of SpikeOptions.
const (
	DefaultAlarm    = 0.05
	DefaultPossible = 0.01
	DefaultLevel    = 0.90
)

// The grades of a spike.
const (
	Alarm    = "alarm"    // with the false-alarm rate of SpikeOptions.Alarm
	Possible = "possible" // worth a look; some come by chance
)

// Spike is a week in which a subject had more contacts than its other weeks
// lead to expect.
type Spike struct {
	Subject  string
	Week     calendar.Date // its Monday
	Actual   float64
	Expected float64 // by the weeks in which nothing happened
	Lo, Hi   float64 // of the extra contacts, at SpikeOptions.Level
	SE       float64 // of the extra contacts
	P        float64 // chance of as much in an ordinary week of one subject
	Grade    string
}

// Extra returns the contacts above the expectation.
func (s *Spike) Extra() float64 { return s.Actual - s.Expected }

// Limits of the search for spikes.
const (
	weeksPerYear = 52
	maxSpikes    = 12  // of one subject; more are no spikes but another level
	leastWeek    = 5.0 // contacts: a smaller week is not shown outside the centre
)

// Spikes looks for weeks in which a subject had more contacts than expected. Per
// subject the most striking week is tested by its deleted residual: what it is
// above a control that does not know it, over the spread of the other weeks. A
// striking week is taken out and the rest is judged again, so that one event
// does not hide another (the procedure of Rosner, Technometrics 25, 1983).
//
// The spread of one subject is moderated by that of all (Smyth, Statistical
// Applications in Genetics and Molecular Biology 3, 2004). An alarm keeps the
// chance of any false alarm in a year: the test of one week of one subject is at
// Alarm / (52 · subjects), the bound of Bonferroni, whether the weeks are looked
// at one by one or all at once.
func Spikes(series map[string]Series, opt SpikeOptions) []Spike {
	if opt.Alarm == 0 {
		opt.Alarm = DefaultAlarm
	}
	if opt.Possible == 0 {
		opt.Possible = DefaultPossible
	}
	if opt.Level == 0 {
		opt.Level = DefaultLevel
	}
	names := make([]string, 0, len(series))
	for name := range series {
		names = append(names, name)
	}
	slices.Sort(names)
	var searches []*search
	var disps, dfs []float64
	for _, name := range names {
		s := &search{subject: name, series: series[name], opt: opt}
		if !s.refit() {
			continue
		}
		searches = append(searches, s)
		disps, dfs = append(disps, s.c.rawDisp()), append(dfs, s.c.DF)
	}
	tests := float64(weeksPerYear * max(1, len(searches)))
	if weeks := float64(opt.To-opt.From+1) / weekOf; weeks > weeksPerYear {
		tests *= weeks / weeksPerYear
	}
	prior := moderate(disps, dfs)
	var out []Spike
	for _, s := range searches {
		out = append(out, s.run(opt.Alarm/tests, prior)...)
	}
	slices.SortStableFunc(out, func(a, b Spike) int {
		return cmp.Or(cmp.Compare(a.Week, b.Week), cmp.Compare(a.P, b.P), cmp.Compare(a.Subject, b.Subject))
	})
	return out
}

// search looks for the spikes of one subject.
type search struct {
	subject string
	series  Series
	opt     SpikeOptions
	out     []calendar.Date // weeks taken out
	c       *Control
}

func (s *search) refit() bool {
	s.c = Fit(s.series, func(d calendar.Date) bool { return slices.Contains(s.out, d.Monday()) })
	return s.c != nil
}

// run takes out one week after another.
func (s *search) run(alarm float64, prior spread) []Spike {
	type found struct {
		week calendar.Date
		p    float64
	}
	var list []found
	for range maxSpikes {
		week, p := s.strongest(prior)
		if p > s.opt.Possible {
			break
		}
		list = append(list, found{week, p})
		s.out = append(s.out, week)
		if !s.refit() {
			break
		}
	}
	if s.c == nil {
		return nil
	}
	var out []Spike
	for _, f := range list {
		if f.week < s.opt.From || f.week+6 > s.opt.To {
			continue
		}
		sum := s.c.Over(f.week, f.week+6)
		disp, df := prior.of(s.c.rawDisp(), s.c.DF)
		se := sum.SE * math.Sqrt(disp/s.c.Disp)
		t := distuv.StudentsT{Mu: 0, Sigma: 1, Nu: df}.Quantile((1 + s.opt.Level) / 2)
		sp := Spike{
			Subject: s.subject, Week: f.week, Actual: sum.Actual, Expected: sum.Expected, P: f.p, SE: se,
			Lo: sum.Extra() - t*se, Hi: sum.Extra() + t*se, Grade: Possible,
		}
		if f.p <= alarm {
			sp.Grade = Alarm
		}
		if sp.Actual >= leastWeek {
			out = append(out, sp)
		}
	}
	return out
}

// strongest returns the whole week that stands out most above the control, with
// the chance of as much by its deleted residual.
func (s *search) strongest(prior spread) (calendar.Date, float64) {
	c := s.c
	best, bestP := calendar.Date(0), 1.0
	all := 0.0
	for _, r := range c.weekResi {
		all += r * r
	}
	for w := c.Series.First.Monday(); w <= c.Series.Last(); w += weekOf {
		if w < c.Series.First || w+6 > c.Series.Last() || slices.Contains(s.out, w) {
			continue
		}
		p := c.deleted(w, all, prior)
		if p < bestP {
			best, bestP = w, p
		}
	}
	return best, bestP
}

// deleted returns the chance of as many contacts as week w had, or more.
func (c *Control) deleted(w calendar.Date, all float64, prior spread) float64 {
	s := c.Over(w, w+6)
	if s.Expected <= 0 || s.Days == 0 {
		return 1
	}
	// Over's error is that of a week outside the fit; of one inside it the share
	// of the fitted mean is taken off instead of added.
	outer := s.SE * s.SE / c.Disp
	leverage := math.Min(0.9, math.Max(0, outer-s.Expected*inflation(c.Persist, 1))/s.Expected)
	r := (s.Actual - s.Expected) / math.Sqrt(s.Expected)
	df := c.DF - 1
	if df < 1 {
		return 1
	}
	disp, nu := prior.of(math.Max(0, all-r*r/(1-leverage))/df, df)
	// Contacts are skewed to the right: powers of 2/3 are nearly symmetric
	// (Farrington and others, Journal of the Royal Statistical Society A 159,
	// 1996). The expectation without the week itself is lower by its leverage.
	mu := math.Max(s.Expected*0.1, s.Expected-leverage/(1-leverage)*(s.Actual-s.Expected))
	sd := math.Sqrt(disp * mu * (1 + leverage/(1-leverage)))
	z := (math.Pow(s.Actual, 2./3) - math.Pow(mu, 2./3)) / (2. / 3 * math.Pow(mu, -1./3) * sd)
	return 1 - distuv.StudentsT{Mu: 0, Sigma: 1, Nu: nu}.CDF(z)
}

// rawDisp returns the dispersion without its floor.
func (c *Control) rawDisp() float64 {
	sum := 0.0
	for _, r := range c.weekResi {
		sum += r * r
	}
	return sum / c.DF
}

// spread is what the dispersions of all subjects have in common: a scaled
// inverse chi-square with mean about disp and df degrees of freedom.
type spread struct{ disp, df float64 }

// of returns the dispersion of one subject moderated by that of all, with its
// degrees of freedom.
func (p spread) of(disp, df float64) (float64, float64) {
	if p.df <= 0 || math.IsNaN(p.disp) {
		return math.Max(minDispersion, disp), df
	}
	if math.IsInf(p.df, 1) {
		return math.Max(minDispersion, p.disp), maxDF
	}
	return math.Max(minDispersion, (p.df*p.disp+df*disp)/(p.df+df)), math.Min(maxDF, p.df+df)
}

// maxDF is when a t distribution is taken for normal.
const maxDF = 1e4

// moderate fits the spread to the dispersions of subjects by the mean and the
// variance of their logarithms (Smyth 2004, section 6.2).
func moderate(disp, df []float64) spread {
	const least = 4 // subjects
	var e, d []float64
	for i := range disp {
		if disp[i] > 0 && df[i] >= 2 {
			e = append(e, math.Log(disp[i])-digamma(df[i]/2)+math.Log(df[i]/2))
			d = append(d, trigamma(df[i]/2))
		}
	}
	if len(e) < least {
		return spread{}
	}
	mean, v := stat.MeanVariance(e, nil)
	rest := v - stat.Mean(d, nil)
	if rest <= 0 {
		return spread{math.Exp(mean), math.Inf(1)}
	}
	half := trigammaInverse(rest)
	return spread{math.Exp(mean + digamma(half) - math.Log(half)), 2 * half}
}
