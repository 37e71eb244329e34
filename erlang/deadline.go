package erlang

import (
	"cmp"
	"math"
	"slices"
	"sort"
	"time"

	"kcc/internal/calendar"
)

// Work is deferrable work that comes in together and is due together.
type Work struct {
	Count     float64 // contacts
	AHT       float64 // s
	Available time.Time
	Due       time.Time
}

// Slot is a stretch of working time of one length, in which deferrable work can
// be done.
type Slot struct {
	Start time.Time
	Step  time.Duration
}

// end returns the end of the slot.
func (s Slot) end() time.Time { return s.Start.Add(s.Step) }

// Deadline returns the least-peak capacity, in agents per slot, that does all
// work after it is available and before it is due. free is capacity that is
// there anyway, in agents per slot (idle time of other channels); it is used
// first, and nil means none. late is the work that no capacity could do in time,
// as it was due before the first slot ended; it is asked for by the end of the
// first day.
//
// Between its arrival and its due time work may be done in any slot: cumulative
// arrivals are the upper edge of a tube, cumulative deadlines the lower one, and
// the tightest string through it has the least peak (see tautString). That holds
// for work that is due in the order in which it comes in, as under one promise;
// work under several promises is split into lists of that kind, whose profiles
// are added: enough, though not always the least. What free capacity can do is
// taken off first, earliest deadline first.
func Deadline(slots []Slot, work []Work, free []float64) (agents []float64, late float64) {
	agents, _, late = deadline(slots, work, free)
	return agents, late
}

// deadline is Deadline that also returns how much of the free capacity is used.
func deadline(slots []Slot, work []Work, free []float64) (agents, used []float64, late float64) {
	agents = make([]float64, len(slots))
	if len(slots) == 0 {
		for _, w := range work {
			late += w.Count
		}
		return agents, nil, late
	}
	if free != nil && len(free) != len(slots) {
		panic("erlang: slots and free capacity differ in length")
	}
	pieces, late := place(slots, work)
	if free != nil {
		pieces, used = fillFree(slots, pieces, free)
	}
	for _, chain := range chains(pieces) {
		addString(slots, chain, agents)
	}
	return agents, used, late
}

// addString adds the tightest string of pieces that are due in order of arrival.
func addString(slots []Slot, pieces []piece, agents []float64) {
	n := len(slots)
	x, lower, upper := make([]float64, n+1), make([]float64, n+1), make([]float64, n+1)
	for i, s := range slots {
		x[i+1] = x[i] + s.Step.Seconds()
	}
	for _, p := range pieces {
		upper[p.from+1] += p.work
		lower[p.to+1] += p.work
	}
	for i := range n {
		upper[i+1] += upper[i]
		lower[i+1] += lower[i]
		lower[i+1] = math.Min(lower[i+1], upper[i+1]) // the two sums round differently
	}
	y := tautString(x, lower, upper)
	for i := range n {
		agents[i] += math.Max(0, (y[i+1]-y[i])/(x[i+1]-x[i]))
	}
}

// chains splits pieces into as few lists as possible in which deadlines are in
// order of arrival, as the string needs.
func chains(pieces []piece) [][]piece {
	slices.SortStableFunc(pieces, func(a, b piece) int { return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(a.to, b.to)) })
	var out [][]piece
	for _, p := range pieces {
		i := 0
		for i < len(out) && out[i][len(out[i])-1].to > p.to {
			i++
		}
		if i == len(out) {
			out = append(out, nil)
		}
		out[i] = append(out[i], p)
	}
	return out
}

// piece is work in agent-seconds that may be done from slot from up to and with
// slot to.
type piece struct {
	from, to int
	work     float64
}

// place finds the slots for each piece of work, in order of deadline.
func place(slots []Slot, work []Work) (out []piece, late float64) {
	n := len(slots)
	firstDay := 0
	day := calendar.DateOf(slots[0].Start, slots[0].Start.Location())
	for firstDay+1 < n && calendar.DateOf(slots[firstDay+1].Start, slots[0].Start.Location()) == day {
		firstDay++
	}
	for _, w := range work {
		from := sort.Search(n, func(i int) bool { return slots[i].end().After(w.Available) })
		to := sort.Search(n, func(i int) bool { return slots[i].end().After(w.Due) }) - 1
		if from == n {
			continue // comes in after the last slot
		}
		switch {
		case to < 0:
			late += w.Count
			to = firstDay
		case to < from:
			to = from
		}
		out = append(out, piece{from, to, w.Count * w.AHT})
	}
	slices.SortStableFunc(out, func(a, b piece) int { return cmp.Compare(a.to, b.to) })
	return out, late
}

// fillFree does as much work as it can in free capacity, earliest deadline
// first, and returns what is left and the free agents that are used.
func fillFree(slots []Slot, pieces []piece, free []float64) (left []piece, used []float64) {
	room := make([]float64, len(free))
	for i, f := range free {
		room[i] = math.Max(0, f) * slots[i].Step.Seconds()
	}
	next := make([]int, len(room)+1) // next slot with room, with path compression
	for i := range next {
		next[i] = i
	}
	find := func(i int) int {
		for next[i] != i {
			next[i] = next[next[i]]
			i = next[i]
		}
		return i
	}
	used = make([]float64, len(free))
	left = pieces[:0]
	for _, p := range pieces {
		for i := find(p.from); i <= p.to && p.work > 0; i = find(i) {
			d := math.Min(room[i], p.work)
			room[i] -= d
			used[i] += d / slots[i].Step.Seconds()
			p.work -= d
			if room[i] > 0 {
				break
			}
			next[i] = i + 1
		}
		if p.work > 0 {
			left = append(left, p)
		}
	}
	return left, used
}

// DeadlineResult tells how work goes with a given capacity.
type DeadlineResult struct {
	Done      float64   // contacts handled
	Late      float64   // contacts handled or still open after they were due
	InTime    float64   // share of Done and overdue work that was in time
	MeanWait  float64   // from arrival to answer, elapsed s
	Backlog   []float64 // work waiting at the end of each slot, s of handle time
	Oldest    []float64 // age of the oldest waiting work at the end of each slot, elapsed s
	Days      []float64 // Backlog in days of work: divided by the capacity of the day that begins then
	Occupancy float64   // share of the capacity that was used
}

// PlayDeadline works through the work with agents per slot, earliest deadline
// first, and reports what became of it.
func PlayDeadline(slots []Slot, work []Work, agents []float64) DeadlineResult {
	if len(agents) != len(slots) {
		panic("erlang: slots and agents differ in length")
	}
	queue := slices.Clone(work)
	slices.SortStableFunc(queue, func(a, b Work) int { return a.Available.Compare(b.Available) })
	r := DeadlineResult{Backlog: make([]float64, len(slots)), Oldest: make([]float64, len(slots)), Days: make([]float64, len(slots))}
	var open []Work // waiting, by deadline
	used, capacity, waited, next := 0.0, 0.0, 0.0, 0
	daily := dayCapacity(slots, agents)
	for i, s := range slots {
		for ; next < len(queue) && queue[next].Available.Before(s.end()); next++ {
			at, _ := slices.BinarySearchFunc(open, queue[next].Due, func(w Work, t time.Time) int {
				if w.Due.After(t) {
					return 1
				}
				return -1
			})
			open = slices.Insert(open, at, queue[next])
		}
		room := agents[i] * s.Step.Seconds()
		capacity += room
		for len(open) > 0 && room > 0 {
			w := &open[0]
			need := w.Count * w.AHT
			done := w.Count
			if need > room*(1+tieSlack) {
				done = w.Count * room / need
			}
			used += done * w.AHT
			room -= done * w.AHT
			r.Done += done
			waited += done * math.Max(0, s.end().Sub(w.Available).Seconds())
			if s.end().After(w.Due) {
				r.Late += done
			}
			if done < w.Count {
				w.Count -= done
				break // the slot is full
			}
			open = open[1:]
		}
		for _, w := range open {
			r.Backlog[i] += w.Count * w.AHT
			r.Oldest[i] = math.Max(r.Oldest[i], s.end().Sub(w.Available).Seconds())
		}
		if daily[i] > 0 {
			r.Days[i] = r.Backlog[i] / daily[i]
		}
	}
	overdue := 0.0
	if len(slots) > 0 {
		for _, w := range open {
			if !w.Due.After(slots[len(slots)-1].end()) {
				overdue += w.Count
			}
		}
	}
	r.Late += overdue
	if total := r.Done + overdue; total > 0 {
		r.InTime = 1 - r.Late/total
	} else {
		r.InTime = 1
	}
	if r.Done > 0 {
		r.MeanWait = waited / r.Done
	}
	if capacity > 0 {
		r.Occupancy = math.Min(1, used/capacity)
	}
	return r
}

// dayCapacity returns for each slot the capacity of its day, in agent-seconds.
func dayCapacity(slots []Slot, agents []float64) []float64 {
	out := make([]float64, len(slots))
	for i := 0; i < len(slots); {
		loc := slots[i].Start.Location()
		day := calendar.DateOf(slots[i].Start, loc)
		j, sum := i, 0.0
		for ; j < len(slots) && calendar.DateOf(slots[j].Start, loc) == day; j++ {
			sum += agents[j] * slots[j].Step.Seconds()
		}
		for ; i < j; i++ {
			out[i] = sum
		}
	}
	return out
}
