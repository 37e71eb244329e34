package erlang

import (
	"math"
	"slices"
)

// playEvents plays one run of a part.
func playEvents(s *Scenario, p part, opt SimOptions, run uint64, t *tally) {
	f := &floor{s: s, t: t}
	f.at, f.opens = offsets(s.Slots)
	days := t.slotDay[len(s.Slots)-1] + 1
	for _, qi := range p.queues {
		f.addLine(qi, opt.Seed, run, days)
	}
	for _, ti := range p.teams {
		f.addTeam(ti, opt.Seed, run)
	}
	f.order()
	for i := range s.Slots {
		f.events.push(event{t: f.at[i], kind: eventSlot, id: int32(i)})
		if i+1 == len(s.Slots) || f.opens[i+1] {
			f.events.push(event{t: f.at[i] + s.Slots[i].Step.Seconds(), kind: eventClose, id: int32(i)})
		}
	}
	f.next = make([]key, len(f.queues))
	for l := range f.queues {
		f.nextArrival(l)
	}
	for {
		l := f.firstLine()
		if len(f.events) > 0 && f.events[0].before(f.next[l]) == 1 {
			f.handle(f.events.pop())
		} else if f.next[l] != never {
			f.handle(f.next[l].event())
		} else {
			break
		}
	}
	f.leftOver()
}

func (f *floor) addLine(qi int, seed, run uint64, days int) {
	q := &f.s.Queues[qi]
	l := simLine{
		q: q, index: qi, handle: newSampler(q.AHTLaw), patience: newSampler(q.Patient),
		arrivals: stream(seed, run, qi, streamArrivals), handles: stream(seed, run, qi, streamHandle),
		patiences: stream(seed, run, qi, streamPatience), redials: stream(seed, run, qi, streamRedial),
		leaves: q.Patience > 0 && !math.IsInf(q.Patience, 1) && !q.Deferrable,
		T:      q.Target.Within.Seconds(), short: q.Target.Short.Seconds(),
		chat: len(q.ChatAHT) > 1, slot: -1,
	}
	if l.short == 0 {
		l.short = l.T
	}
	if l.chat {
		for _, h := range q.ChatAHT {
			l.slow = append(l.slow, h/q.ChatAHT[0])
		}
	}
	factor := dayFactors(q.VolumeCV, days, stream(seed, run, qi, streamDay))
	for i, v := range q.Offered {
		r := v / f.s.Slots[i].Step.Seconds() * factor[f.t.slotDay[i]]
		if q.NoiseCV > 0 {
			k := 1 / (q.NoiseCV * q.NoiseCV)
			r *= gammaDraw(l.arrivals, k) / k
		}
		l.rate = append(l.rate, r)
	}
	id := len(f.queues)
	f.queues = append(f.queues, l)
	for _, b := range q.Backlog {
		whole := math.Floor(b.Count + l.handles.Float64())
		for range int(whole) {
			f.join(id, simContact{
				line: int32(id), arrival: b.Available.Sub(f.s.Slots[0].Start).Seconds(), limit: math.Inf(1),
				due: b.Due.Sub(f.s.Slots[0].Start).Seconds(), work: b.AHT * l.handle.draw(l.handles),
			})
		}
	}
}

func (f *floor) addTeam(ti int, seed, run uint64) {
	team := &f.s.Teams[ti]
	away := stream(seed, run, len(f.s.Queues)+ti, streamAway)
	g := simGroup{team: team, agents: presence(team, f.t.slotDay, away), plain: len(team.Skills)}
	top := 1
	for _, k := range team.Skills {
		l := slices.IndexFunc(f.queues, func(l simLine) bool { return l.q.Name == k.Queue })
		e := k.Efficiency
		if e <= 0 {
			e = 1
		}
		g.skills = append(g.skills, simServe{l, e, k.Rank})
		top = max(top, len(f.queues[l].slow))
		f.queues[l].teams = append(f.queues[l].teams, len(f.teams))
	}
	g.level = make([][]int32, top+1)
	for range slices.Max(append(g.agents, 0)) {
		g.lanes = append(g.lanes, int32(len(f.agents)))
		f.agents = append(f.agents, simAgent{team: int32(len(f.teams)), level: off, line: -1})
	}
	f.teams = append(f.teams, g)
}

// order sorts what is looked through often: skills of a team by priority of
// their queue, teams of a queue by rank and then by fewer skills.
func (f *floor) order() {
	for i := range f.teams {
		slices.SortStableFunc(f.teams[i].skills, func(a, b simServe) int {
			qa, qb := f.queues[a.line].q, f.queues[b.line].q
			if qa.Deferrable != qb.Deferrable {
				if qa.Deferrable {
					return 1
				}
				return -1
			}
			return qb.Priority - qa.Priority
		})
	}
	for l := range f.queues {
		rank := func(ti int) (int, int) {
			g := &f.teams[ti]
			for _, k := range g.skills {
				if k.line == l {
					return k.rank, g.plain
				}
			}
			return 0, g.plain
		}
		slices.SortStableFunc(f.queues[l].teams, func(a, b int) int {
			ra, na := rank(a)
			rb, nb := rank(b)
			if ra != rb {
				return ra - rb
			}
			return na - nb
		})
	}
}

// firstLine returns the line with the first arrival to come. Arrivals are half of
// all events and there are few lines: beside the heap they cost less than in it.
func (f *floor) firstLine() int {
	first := 0
	for l := 1; l < len(f.next); l++ {
		if f.next[l].before(f.next[first]) == 1 {
			first = l
		}
	}
	return first
}

// nextArrival sets the next arrival of a line.
func (f *floor) nextArrival(l int) {
	q := &f.queues[l]
	now := 0.0
	if q.slot < 0 {
		q.slot = 0
		now = f.at[0]
	} else {
		now = q.clockAt
	}
	for q.slot < len(q.rate) {
		end := f.at[q.slot] + f.s.Slots[q.slot].Step.Seconds()
		if r := q.rate[q.slot]; r > 0 {
			if q.clock <= 0 {
				q.clock = q.arrivals.ExpFloat64()
			}
			if left := (end - now) * r; q.clock <= left {
				now += q.clock / r
				q.clock = 0
				q.clockAt = now
				f.next[l] = keyOf(event{t: now, kind: eventArrive, id: int32(l), version: int32(q.slot)})
				return
			} else {
				q.clock -= left
			}
		}
		q.slot++
		if q.slot < len(q.rate) {
			now = f.at[q.slot]
		}
	}
	f.next[l] = never
}

func (f *floor) handle(e event) {
	switch e.kind {
	case eventSlot:
		f.closing = false
		f.changeSlot(int(e.id), e.t)
	case eventClose:
		f.close()
	case eventArrive:
		f.arrive(int(e.id), int(e.version), e.t)
		f.nextArrival(int(e.id))
	case eventRedial:
		if !f.closing {
			f.arrive(int(e.id), f.slot, e.t)
		}
	case eventDone:
		if a := &f.agents[e.id]; a.version == e.version {
			f.done(e.id, e.t)
		}
	case eventLeave:
		if c := &f.contact[e.id]; c.version == e.version && c.waiting {
			f.leave(e.id, e.t)
		}
	}
}

// arrive brings in one contact.
func (f *floor) arrive(l, slot int, now float64) {
	q := &f.queues[l]
	c := simContact{line: int32(l), slot: int32(slot), arrival: now, limit: math.Inf(1), due: math.Inf(1)}
	c.work = q.q.AHT[slot] * q.handle.draw(q.handles)
	if q.leaves {
		c.limit = q.q.Patience * q.patience.draw(q.patiences)
	} else if q.q.Patience < 0 && !q.q.Deferrable {
		c.limit = 0
	}
	if q.q.Deferrable {
		start := f.s.Slots[0].Start
		c.due = q.q.Due(since(start, now)).Sub(start).Seconds()
	}
	if a := f.findAgent(l); a >= 0 {
		f.start(a, c, now)
		return
	}
	if c.limit <= 0 {
		f.t.add(q.index, outcome{slot: slot, left: true, leftIn: true, short: true})
		f.redial(l, now)
		return
	}
	id := f.join(l, c)
	if !math.IsInf(c.limit, 1) {
		f.events.push(event{t: now + c.limit, kind: eventLeave, id: id, version: f.contact[id].version})
	}
}

// join puts a contact in its queue.
func (f *floor) join(l int, c simContact) int32 {
	var id int32
	if n := len(f.spare); n > 0 {
		id = f.spare[n-1]
		f.spare = f.spare[:n-1]
		c.version = f.contact[id].version + 1
		f.contact[id] = c
	} else {
		id = int32(len(f.contact))
		f.contact = append(f.contact, c)
	}
	f.contact[id].waiting = true
	q := &f.queues[l]
	q.live++
	if q.q.Deferrable && len(q.waiting) > q.head && c.due < f.contact[q.waiting[len(q.waiting)-1]].due {
		at, _ := slices.BinarySearchFunc(q.waiting[q.head:], c.due, func(w int32, due float64) int {
			if f.contact[w].due > due {
				return 1
			}
			return -1
		})
		q.waiting = slices.Insert(q.waiting, q.head+at, id)
		return id
	}
	q.waiting = append(q.waiting, id)
	return id
}

// front returns the first contact that still waits, -1 for none.
func (f *floor) front(l int) int32 {
	q := &f.queues[l]
	for q.head < len(q.waiting) {
		id := q.waiting[q.head]
		if f.contact[id].waiting {
			return id
		}
		f.spare = append(f.spare, id)
		q.head++
	}
	q.waiting, q.head = q.waiting[:0], 0
	return -1
}

// take removes the front of a queue.
func (f *floor) take(l int) simContact {
	q := &f.queues[l]
	id := q.waiting[q.head]
	q.head++
	q.live--
	c := f.contact[id]
	f.contact[id].waiting = false
	f.spare = append(f.spare, id)
	if q.head > 1024 && 2*q.head > len(q.waiting) {
		q.waiting = append(q.waiting[:0], q.waiting[q.head:]...)
		q.head = 0
	}
	return c
}

// leave lets a waiting customer go.
func (f *floor) leave(id int32, now float64) {
	c := &f.contact[id]
	q := &f.queues[c.line]
	c.waiting = false
	q.live--
	f.t.add(q.index, outcome{slot: int(c.slot), left: true, leftIn: c.limit <= q.T, short: c.limit <= q.short})
	f.redial(int(c.line), now)
}

func (f *floor) redial(l int, now float64) {
	q := &f.queues[l]
	if q.q.Redial > 0 && q.redials.Float64() < q.q.Redial {
		in := q.q.RedialIn
		if in <= 0 {
			in = defaultRedialIn
		}
		f.events.push(event{t: now + in*q.redials.ExpFloat64(), kind: eventRedial, id: int32(l)})
	}
}

// defaultRedialIn is the mean time, in seconds, until somebody calls again.
const defaultRedialIn = 600

// findAgent returns an agent who can take a contact of line l at once, -1 for
// none: of the first team that has one, an idle agent, for a chat the one with
// the fewest chats.
func (f *floor) findAgent(l int) int32 {
	q := &f.queues[l]
	if f.closing && q.q.Deferrable {
		return -1
	}
	for _, ti := range q.teams {
		g := &f.teams[ti]
		last := 0
		if q.chat {
			last = len(q.slow) - 1
		}
		for j := 0; j <= last && j < len(g.level); j++ {
			list := g.level[j]
			if len(list) == 0 || (q.q.Deferrable && len(list) <= q.q.Reserve) {
				continue
			}
			if j == 0 {
				return list[len(list)-1]
			}
			for k := len(list) - 1; k >= 0; k-- { // holds chats of this line only
				if f.agents[list[k]].line == int32(l) {
					return list[k]
				}
			}
		}
	}
	return -1
}

// start lets an agent begin a contact.
func (f *floor) start(a int32, c simContact, now float64) {
	l := int(c.line)
	q := &f.queues[l]
	ag := &f.agents[a]
	eff := 1.0
	for _, k := range f.teams[ag.team].skills {
		if k.line == l {
			eff = k.efficiency
		}
	}
	work := c.work / eff
	wait := now - c.arrival
	end := now + work
	f.t.add(q.index, outcome{slot: int(c.slot), wait: wait, handle: work, inTime: f.inTime(q, wait, end, c.due)})
	if !q.chat {
		f.unlist(a)
		ag.level = busy
		ag.version++
		f.events.push(event{t: end, kind: eventDone, id: a, version: ag.version})
		return
	}
	f.progress(a, now)
	ag.line = int32(l)
	ag.jobs = append(ag.jobs, simJob{rest: work})
	f.relist(a, int32(len(ag.jobs)))
	f.plan(a, now)
}

func (f *floor) inTime(q *simLine, wait, end, due float64) bool {
	if q.q.Deferrable {
		return end <= due
	}
	return wait <= q.T
}

// progress brings the chats of an agent up to date.
func (f *floor) progress(a int32, now float64) {
	ag := &f.agents[a]
	if n := len(ag.jobs); n > 0 {
		slow := f.queues[ag.line].slow[n-1]
		for i := range ag.jobs {
			ag.jobs[i].rest -= (now - ag.since) / slow
		}
	}
	ag.since = now
}

// plan sets the event at which the first chat of an agent ends.
func (f *floor) plan(a int32, now float64) {
	ag := &f.agents[a]
	ag.version++
	if len(ag.jobs) == 0 {
		return
	}
	first := ag.jobs[0].rest
	for _, j := range ag.jobs[1:] {
		first = math.Min(first, j.rest)
	}
	slow := f.queues[ag.line].slow[len(ag.jobs)-1]
	f.events.push(event{t: now + math.Max(0, first)*slow, kind: eventDone, id: a, version: ag.version})
}

// unlist takes an agent out of the list of those who can take something.
func (f *floor) unlist(a int32) {
	ag := &f.agents[a]
	if ag.level < 0 {
		return
	}
	list := f.teams[ag.team].level[ag.level]
	last := len(list) - 1
	list[ag.pos] = list[last]
	f.agents[list[last]].pos = ag.pos
	f.teams[ag.team].level[ag.level] = list[:last]
	ag.level = off
}

// relist puts an agent in the list for so many chats.
func (f *floor) relist(a int32, level int32) {
	f.unlist(a)
	ag := &f.agents[a]
	g := &f.teams[ag.team]
	ag.level, ag.pos = level, int32(len(g.level[level]))
	g.level[level] = append(g.level[level], a)
}

// done ends a contact of an agent and gives the agent what waits.
func (f *floor) done(a int32, now float64) {
	ag := &f.agents[a]
	if len(ag.jobs) > 0 {
		f.progress(a, now)
		first := 0
		for i := range ag.jobs {
			if ag.jobs[i].rest < ag.jobs[first].rest {
				first = i
			}
		}
		ag.jobs = slices.Delete(ag.jobs, first, first+1)
	}
	f.available(a, now)
}

// available lets an agent who can take something take it.
func (f *floor) available(a int32, now float64) {
	ag := &f.agents[a]
	if !ag.here && !f.closing {
		f.goOff(a, now)
		return
	}
	f.relist(a, int32(len(ag.jobs)))
	took := false
	for {
		l := f.nextFor(a)
		if l < 0 {
			break
		}
		took = true
		f.start(a, f.take(l), now)
		if ag.level < 0 {
			return
		}
	}
	if len(ag.jobs) > 0 && !took {
		f.plan(a, now)
	}
	if len(ag.jobs) == 0 && f.closing {
		f.goOff(a, now)
	}
}

// goOff lets an agent go home, or finish the chats still open.
func (f *floor) goOff(a int32, now float64) {
	f.unlist(a)
	ag := &f.agents[a]
	ag.level = off
	if len(ag.jobs) > 0 {
		f.plan(a, now)
	}
}

// nextFor returns the line whose front the agent takes, -1 for none: by
// priority, then by time of arrival; deferrable work last, by when it is due.
func (f *floor) nextFor(a int32) int {
	ag := &f.agents[a]
	best, bestPrio := -1, math.MinInt
	bestAt := math.Inf(1)
	for _, k := range f.teams[ag.team].skills {
		q := &f.queues[k.line]
		if len(ag.jobs) > 0 && (ag.line != int32(k.line) || len(ag.jobs) >= len(q.slow)) {
			continue
		}
		if best >= 0 && (q.q.Deferrable && !f.queues[best].q.Deferrable || q.q.Priority < bestPrio) {
			break
		}
		if q.live == 0 {
			continue
		}
		id := f.front(k.line)
		if id < 0 {
			continue
		}
		if q.q.Deferrable && (f.closing || len(f.teams[ag.team].level[0]) <= q.q.Reserve) {
			continue
		}
		at := f.contact[id].arrival
		if q.q.Deferrable {
			at = f.contact[id].due
		}
		if best < 0 || at < bestAt {
			best, bestPrio, bestAt = k.line, q.q.Priority, at
		}
	}
	return best
}

// changeSlot brings the agents of a slot in and sends the others home.
func (f *floor) changeSlot(slot int, now float64) {
	f.slot = slot
	for ti := range f.teams {
		g := &f.teams[ti]
		for k, a := range g.lanes {
			ag := &f.agents[a]
			here := k < g.agents[slot]
			if ag.here == here && !(here && ag.level == off && len(ag.jobs) == 0) {
				continue
			}
			ag.here = here
			switch {
			case here && ag.level == off:
				f.available(a, now)
			case !here && ag.level == 0:
				f.unlist(a)
			case !here && ag.level > 0: // no more chats; those open are finished
				f.unlist(a)
			}
		}
	}
}

// close ends the day: who waits on the line is still served, all else stops.
func (f *floor) close() {
	f.closing = true
	for a := range f.agents {
		ag := &f.agents[a]
		ag.here = false
		if ag.level == 0 {
			f.unlist(int32(a))
		}
	}
}

// leftOver counts what still waits when everything is over.
func (f *floor) leftOver() {
	n := len(f.s.Slots)
	end := f.at[n]
	for l := range f.queues {
		q := &f.queues[l]
		for _, id := range q.waiting[q.head:] {
			c := &f.contact[id]
			if !c.waiting || c.due > end && q.q.Deferrable {
				continue
			}
			f.t.add(q.index, outcome{slot: int(c.slot), unserved: true})
		}
	}
}
