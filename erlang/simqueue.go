package erlang

import "math"

// playQueue plays one run of one first-come queue with agents that are all
// alike. Contacts are taken in order of arrival: each meets the agent who is
// free first, at max(arrival, free), and leaves when that is later than its
// patience. This is the recursion of Kiefer and Wolfowitz with impatience; it
// needs no events, only a heap of the times at which agents are free.
//
// Where the number of agents changes between slots, additional agents are free
// at once; when there are fewer, those who are free first go, so that nobody
// breaks off a conversation. Before the centre closes the queue is worked off.
//
// Source: Kiefer and Wolfowitz (1955), On the theory of queues with many
// servers; with impatience as in Baccelli, Boyer and Hebuterne (1984).
func playQueue(s *Scenario, p part, opt SimOptions, run uint64, t *tally) {
	qi := p.queues[0]
	q := &s.Queues[qi]
	at, opens := offsets(s.Slots)
	n := len(s.Slots)
	agents := make([]int, n)
	away := stream(opt.Seed, run, qi, streamAway)
	for _, ti := range p.teams {
		for i, k := range presence(&s.Teams[ti], t.slotDay, away) {
			agents[i] += k
		}
	}
	factor := dayFactors(q.VolumeCV, t.slotDay[n-1]+1, stream(opt.Seed, run, qi, streamDay))
	arrivals := stream(opt.Seed, run, qi, streamArrivals)
	handles := stream(opt.Seed, run, qi, streamHandle)
	patiences := stream(opt.Seed, run, qi, streamPatience)
	handle, patience := newSampler(q.AHTLaw), newSampler(q.Patient)
	T, short := q.Target.Within.Seconds(), q.Target.Short.Seconds()
	if short == 0 {
		short = T
	}
	leaves := q.Patience > 0 && !math.IsInf(q.Patience, 1)
	free := &freeTimes{}
	slot := 0    // the agents of this slot are in free
	clock := 0.0 // of the unit Poisson process
	free.set(agents[0], at[0])
	for i := range n {
		d := s.Slots[i].Step.Seconds()
		rate := q.Offered[i] / d * factor[t.slotDay[i]]
		if q.NoiseCV > 0 {
			k := 1 / (q.NoiseCV * q.NoiseCV)
			rate *= gammaDraw(arrivals, k) / k
		}
		if opens[i] && i > 0 { // the day before is over, and its queue worked off
			slot = i
			free.set(agents[i], at[i])
		}
		if !(rate > 0) {
			continue
		}
		c := &t.run[qi][i]
		mean := q.AHT[i]
		now := at[i]
		for {
			if clock <= 0 {
				clock = arrivals.ExpFloat64()
			}
			if left := (at[i] + d - now) * rate; clock > left {
				clock -= left
				break
			}
			now += clock / rate
			clock = 0
			work := mean * handle.draw(handles)
			limit := math.Inf(1)
			if leaves {
				limit = q.Patience * patience.draw(patiences)
			} else if q.Patience < 0 {
				limit = 0
			}
			var start float64
			for {
				start = math.Inf(1)
				if free.len() > 0 {
					start = max(now, free.first())
				}
				next := slot + 1
				if next >= n || opens[next] || at[next] > start {
					break
				}
				free.change(agents[next]-agents[slot], at[next])
				slot = next
			}
			wait := start - now
			c.Offered++
			if wait > limit {
				c.Left++
				if limit <= T {
					c.LeftIn++
				}
				if limit <= short {
					c.Short++
				}
				continue
			}
			if math.IsInf(start, 1) {
				continue // nobody comes any more and the customer is patient: never answered
			}
			free.replaceFirst(start + work)
			c.Answered++
			c.Wait += wait
			c.Work += work
			if wait <= T {
				c.InTime++
			}
		}
	}
}
