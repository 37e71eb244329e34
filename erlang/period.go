package erlang

import (
	"container/heap"
	"math"
	"time"

	"kcc/internal/calendar"
)

// floorShare of the target is what every single interval keeps where the target
// itself is over a day or a month: nobody is left to wait for ever so that the
// average comes out.
const floorShare = 0.5

// spreadTarget replaces the requirements of intervals by the fewest agents that
// keep the target over each day or month: the share of all contacts answered in
// time, weighted by volume. It starts from what every interval must keep at
// least and adds one agent at a time where it saves most contacts.
func spreadTarget(g queueGroup, opt *PlanOptions, load []float64, reqs []Requirement) {
	t := g.settings.Target
	if t.Ratio <= 0 {
		return
	}
	for i := 0; i < len(reqs); {
		j := i
		for j < len(reqs) && samePeriod(t.Period, reqs[i].Start, reqs[j].Start) {
			j++
		}
		spread(g, opt, load[i:j], reqs[i:j], i)
		i = j
	}
}

func samePeriod(p Period, a, b time.Time) bool {
	loc := a.Location()
	da, db := calendar.DateOf(a, loc), calendar.DateOf(b, loc)
	if p == PerDay {
		return da == db
	}
	ya, ma, _ := da.Civil()
	yb, mb, _ := db.Civil()
	return ya == yb && ma == mb
}

func spread(g queueGroup, opt *PlanOptions, load []float64, reqs []Requirement, offset int) {
	s := g.settings
	floor := s
	floor.Target.Ratio *= floorShare
	floor.Target.Period = PerInterval
	cv := math.Hypot(opt.dayCV(g.channel), opt.NoiseCV)
	x, w := []float64{1}, []float64{1}
	switch {
	case cv > 0 && opt.Certainty > 0:
		x[0] = gammaQuantile(cv, opt.Certainty)
	case cv > 0:
		x, w = gammaNodes(cv)
	}
	level := func(st station, n int) float64 {
		sl := st.mean(float64(n), x, w).ServiceLevel
		if math.IsNaN(sl) {
			return 0
		}
		return sl
	}
	stations := make([]station, len(reqs))
	agents := make([]int, len(reqs))
	var total, good float64
	q := gainHeap{}
	volume := func(i int) float64 { return contacts(g.intervals[offset+i]) }
	next := func(i int, have float64) {
		// The best average gain of the next few agents: the service level is first
		// convex, so one agent alone may look useless.
		best, steps := 0.0, 1
		for k := 1; k <= 4; k++ {
			if gain := volume(i) * (level(stations[i], agents[i]+k) - have) / float64(k); gain > best {
				best, steps = gain, k
			}
		}
		if best > 0 {
			heap.Push(&q, gainStep{i, steps, best, have})
		}
	}
	for i := range reqs {
		if reqs[i].Status != OK {
			return
		}
		iv := g.intervals[offset+i]
		stations[i] = newStation(load[i], s.handleTime(iv), s)
		low := newStation(load[i], s.handleTime(iv), floor)
		agents[i], _, _ = low.size()
		agents[i] = max(agents[i], s.Minimum)
		total += volume(i)
		have := level(stations[i], agents[i])
		good += volume(i) * have
		next(i, have)
	}
	for good < s.Target.Ratio*total-ratioSlack*total && q.Len() > 0 {
		top := heap.Pop(&q).(gainStep)
		i := top.at
		agents[i] += top.steps
		have := level(stations[i], agents[i])
		good += volume(i) * (have - top.have)
		next(i, have)
	}
	for i := range reqs {
		r := &reqs[i]
		r.Agents, r.Fractional = agents[i], float64(agents[i])
		r.Result = stations[i].at(r.Fractional, 1)
		r.finish(math.Max(0, g.intervals[offset+i].Fixed), s, *opt, stations[i])
	}
}

// gainStep is a possible next step: so many agents more at an interval and the
// contacts saved per agent.
type gainStep struct {
	at, steps int
	gain      float64
	have      float64
}

type gainHeap []gainStep

func (h gainHeap) Len() int { return len(h) }
func (h gainHeap) Less(i, j int) bool {
	if h[i].gain != h[j].gain {
		return h[i].gain > h[j].gain
	}
	return h[i].at < h[j].at
}
func (h gainHeap) Swap(i, j int) { h[i], h[j] = h[j], h[i] }
func (h *gainHeap) Push(x any)   { *h = append(*h, x.(gainStep)) }
func (h *gainHeap) Pop() any {
	old := *h
	x := old[len(old)-1]
	*h = old[:len(old)-1]
	return x
}
