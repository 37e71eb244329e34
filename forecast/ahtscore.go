package forecast

import "math"

// ahtTotals holds per interval of a panel the contacts behind the handle time and
// their seconds of work.
type ahtTotals struct {
	handled, work []float64
}

// totalsOfAHT adds the handle times of a series up per interval; nil when there
// are none.
func totalsOfAHT(s *Series, p *panel) *ahtTotals {
	var t *ahtTotals
	idx := newClockIndex(p)
	sec := int64(p.step.Seconds())
	for _, o := range s.Obs {
		w := weightOf(o)
		if !(o.AHT > 0) || math.IsInf(o.AHT, 0) || !(w > 0) {
			continue
		}
		d, slot := idx.find(o.Start.Unix(), sec)
		if d < 0 || d >= p.days() {
			continue
		}
		if t == nil {
			t = &ahtTotals{make([]float64, len(p.y)), make([]float64, len(p.y))}
		}
		t.handled[d*p.slots+slot] += w
		t.work[d*p.slots+slot] += w * o.AHT
	}
	return t
}

// at returns the contacts and mean handle time of an interval; NaN is unknown.
func (t *ahtTotals) at(i int) (handled, aht float64) {
	if t == nil || !(t.handled[i] > 0) {
		return 0, math.NaN()
	}
	return t.handled[i], t.work[i] / t.handled[i]
}

// ahtSums are the errors of handle time and workload in one window.
type ahtSums struct {
	abs, bias, work  float64 // weighted by contacts
	loadAbs, load    float64 // volume times handle time
	dayAbs, daily    float64 // handle time of whole days, weighted by contacts
	dayMean, dayWork float64 // of the day so far
}

func (a *ahtSums) add(p *FoldPoint) {
	if math.IsNaN(p.AHT) || !(p.Handled > 0) {
		return
	}
	e := p.AHT - p.ActualAHT
	a.abs += p.Handled * math.Abs(e)
	a.bias += p.Handled * e
	a.work += p.Handled * p.ActualAHT
	y := p.Actual * p.ActualAHT
	a.loadAbs += math.Abs(p.Mean*p.AHT - y)
	a.load += y
	a.dayMean += p.Handled * p.AHT
	a.dayWork += p.Handled * p.ActualAHT
}

// flush closes a day.
func (a *ahtSums) flush() {
	a.dayAbs += math.Abs(a.dayMean - a.dayWork)
	a.daily += a.dayWork
	a.dayMean, a.dayWork = 0, 0
}

// scores returns the figures of Score; NaN without handle times.
func (a *ahtSums) scores(s *Score) {
	s.AHTError, s.AHTErrorDay, s.AHTBias, s.WorkError = a.abs/a.work, a.dayAbs/a.daily, a.bias/a.work, a.loadAbs/a.load
}
