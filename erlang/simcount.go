package erlang

import (
	"math"
	"time"
)

// outcome is what became of one contact.
type outcome struct {
	slot           int
	wait           float64
	left           bool
	inTime, leftIn bool
	short          bool
	handle         float64
	unserved       bool // still waiting at the end of everything
}

// tally counts the runs of one worker.
type tally struct {
	slotDay []int
	run     [][]Count // this run, by queue and slot
	slots   [][]Count
	days    [][]Count
	total   []Count
	kept    []float64
	targets []Target
	defer_  []bool
	runs    int
	work    float64
	dayRun  []Count
}

func newTally(r *SimReport) *tally {
	q, n, d := len(r.Scenario.Queues), len(r.Scenario.Slots), len(r.DayStart)
	t := &tally{slotDay: r.slotDay, total: make([]Count, q), kept: make([]float64, q), dayRun: make([]Count, d)}
	for i := range q {
		t.run = append(t.run, make([]Count, n))
		t.slots = append(t.slots, make([]Count, n))
		t.days = append(t.days, make([]Count, d))
		t.targets = append(t.targets, r.Scenario.Queues[i].Target)
		t.defer_ = append(t.defer_, r.Scenario.Queues[i].Deferrable)
	}
	return t
}

func (t *tally) begin() {
	for _, q := range t.run {
		clear(q)
	}
}

// add counts one contact of a queue.
func (t *tally) add(queue int, o outcome) {
	c := &t.run[queue][o.slot]
	c.Offered++
	switch {
	case o.unserved:
	case o.left:
		c.Left++
		if o.leftIn {
			c.LeftIn++
		}
		if o.short {
			c.Short++
		}
	default:
		c.Answered++
		c.Wait += o.wait
		c.Work += o.handle
		if o.inTime {
			c.InTime++
		}
	}
}

// end adds the run to the sums.
func (t *tally) end(warmup int) {
	t.runs++
	for q, run := range t.run {
		clear(t.dayRun)
		var all Count
		for i := range run {
			if i < warmup {
				continue
			}
			c := &run[i]
			t.slots[q][i].addRun(c, t.targets[q])
			t.dayRun[t.slotDay[i]].sum(c)
			all.sum(c)
			t.work += c.Work
		}
		for d := range t.dayRun {
			c := &t.dayRun[d]
			if t.slotDay[warmup0(warmup, len(run))] > d {
				continue
			}
			t.days[q][d].addRun(c, t.targets[q])
			if num, den := c.parts(t.targets[q].Definition); den == 0 || num >= t.targets[q].Ratio*den-ratioSlack*den {
				t.kept[q]++
			}
		}
		t.total[q].addRun(&all, t.targets[q])
	}
}

func warmup0(warmup, n int) int { return min(warmup, n-1) }

// sum adds the plain counts of o.
func (c *Count) sum(o *Count) {
	c.Offered += o.Offered
	c.Answered += o.Answered
	c.InTime += o.InTime
	c.Left += o.Left
	c.Short += o.Short
	c.LeftIn += o.LeftIn
	c.Wait += o.Wait
	c.Work += o.Work
}

// addRun adds one run with its products.
func (c *Count) addRun(o *Count, t Target) {
	c.Runs++
	c.sum(o)
	num, den := o.parts(t.Definition)
	c.num += num
	c.den += den
	c.num2 += num * num
	c.numDen += num * den
	c.den2 += den * den
}

// merge adds the sums of another worker.
func (c *Count) merge(o *Count) {
	c.Runs += o.Runs
	c.sum(o)
	c.num += o.num
	c.den += o.den
	c.num2 += o.num2
	c.numDen += o.numDen
	c.den2 += o.den2
}

// parts returns numerator and denominator of the service level.
func (c *Count) parts(d Definition) (num, den float64) {
	switch d {
	case Answered:
		return c.InTime, c.Answered
	case ExclShort:
		return c.InTime, c.Offered - c.Short
	case WaitAny:
		return c.InTime + c.LeftIn, c.Offered
	}
	return c.InTime, c.Offered
}

// ServiceLevel returns the share in time over all runs, in the definition of the
// target; NaN without contacts.
func (c *Count) ServiceLevel() float64 {
	if c.den == 0 {
		return math.NaN()
	}
	return c.num / c.den
}

// normal95 is the 97.5 % quantile of the normal law.
const normal95 = 1.959963984540054

// HalfWidth returns the half width of the 95 % confidence interval of
// ServiceLevel: that of a ratio of two sums over independent runs,
//
//	1.96 · s(num - SL·den) / (mean(den)·√runs)
//
// Source: Law and Kelton (1991), Simulation modeling and analysis, section 9.5.
func (c *Count) HalfWidth() float64 {
	n := float64(c.Runs)
	if n < 2 || c.den == 0 {
		return math.NaN()
	}
	r := c.num / c.den
	ss := c.num2 - 2*r*c.numDen + r*r*c.den2
	return normal95 * math.Sqrt(math.Max(0, ss)/(n-1)*n) / c.den
}

// ASA returns the mean wait of the answered, s.
func (c *Count) ASA() float64 { return nanShare(c.Wait, c.Answered) }

// Abandoned returns the share that left.
func (c *Count) Abandoned() float64 { return nanShare(c.Left, c.Offered) }

// PerRun returns the mean number of contacts in a run.
func (c *Count) PerRun() float64 { return share(c.Offered, float64(c.Runs)) }

func nanShare(a, b float64) float64 {
	if b == 0 {
		return math.NaN()
	}
	return a / b
}

func newReport(s *Scenario) *SimReport {
	r := &SimReport{Scenario: s}
	r.slotDay, r.DayStart = daysOf(s.Slots)
	for range s.Queues {
		r.Slots = append(r.Slots, make([]Count, len(s.Slots)))
		r.Days = append(r.Days, make([]Count, len(r.DayStart)))
	}
	r.Total = make([]Count, len(s.Queues))
	r.Kept = make([]float64, len(s.Queues))
	return r
}

func (r *SimReport) merge(t *tally) {
	if t == nil {
		return
	}
	r.Runs += t.runs
	for q := range r.Slots {
		for i := range r.Slots[q] {
			r.Slots[q][i].merge(&t.slots[q][i])
		}
		for d := range r.Days[q] {
			r.Days[q][d].merge(&t.days[q][d])
		}
		r.Total[q].merge(&t.total[q])
		r.Kept[q] += t.kept[q]
	}
	r.Occupancy += t.work
}

// precise reports whether every queue with contacts is known well enough.
func (r *SimReport) precise(half float64) bool {
	for q := range r.Total {
		if r.Total[q].den > 0 && !(r.Total[q].HalfWidth() <= half) {
			return false
		}
	}
	return true
}

func (r *SimReport) finish() {
	work := r.Occupancy
	present := 0.0
	for _, t := range r.Scenario.Teams {
		for i, n := range t.Agents {
			present += n * (1 - t.Away) * r.Scenario.Slots[i].Step.Seconds()
		}
	}
	r.Occupancy = share(work, present*float64(r.Runs))
	for q := range r.Kept {
		r.Contacts += r.Total[q].Offered
		days := 0
		for d := range r.Days[q] {
			days += r.Days[q][d].Runs
		}
		r.Kept[q] = share(r.Kept[q], float64(days))
	}
}

// offsets returns the starts of the slots in seconds from the first, and
// whether the centre was closed just before each.
func offsets(slots []Slot) (at []float64, opens []bool) {
	at, opens = make([]float64, len(slots)+1), make([]bool, len(slots))
	for i, s := range slots {
		at[i] = s.Start.Sub(slots[0].Start).Seconds()
		opens[i] = i == 0 || s.Start.After(slots[i-1].end())
	}
	at[len(slots)] = slots[len(slots)-1].end().Sub(slots[0].Start).Seconds()
	return at, opens
}

// since returns the time of an offset.
func since(start time.Time, offset float64) time.Time {
	return start.Add(time.Duration(offset * float64(time.Second)))
}
