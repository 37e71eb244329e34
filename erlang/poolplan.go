package erlang

import (
	"context"
	"fmt"
	"math"
	"time"
)

// PoolQueue is one queue of a team with several skills, over the slots of a plan.
type PoolQueue struct {
	Name     string
	Settings Settings
	Offered  []float64 // expected contacts per slot
	AHT      []float64 // s
	Loads    []float64 // load to staff each slot for, as OfferedLoads gives it
	Separate []int     // agents per slot with a team of its own
	VolumeCV float64
}

// PoolOptions say how a pool is settled.
type PoolOptions struct {
	Flexible  float64 // share of the team that can serve every queue of the pool, 0..1
	Certainty float64 // keep the targets with this certainty on the volume; 0 is on average
	NoiseCV   float64
	Sim       SimOptions // Runs: default 100
	Rounds    int        // simulations at most; default 25
}

// PoolPlan is the need of a team with several skills, per slot.
type PoolPlan struct {
	Separate []int   // agents with a team per queue: the upper bound
	Together []int   // agents if everybody could do everything: the lower bound
	Total    []int   // agents settled by simulation
	Flexible []int   // of Total, those who can serve every queue
	Special  [][]int // by queue and slot: specialists
	Agents   [][]int // by queue and slot: specialists and the queue's part of the flexible ones
	Low      int     // slots in which some queue stays below its target
	Rounds   int
	Sim      *SimReport // the settled plan played, by queue as given
}

// SettlePool returns how many agents a team for several queues needs in every
// slot when a share of it can serve all of them and the others one each.
//
// The bounds are a team per queue, and one team in which everybody can do
// everything and the longest waiting contact goes first (so that the strictest
// target decides). Between them every slot is settled by bisection, all slots at
// the same time: each round plays the whole plan, slots in which every queue keeps
// its targets go down and the others up. Afterwards an agent is added where a
// target is still missed, until all hold or the rounds are over. All rounds meet
// the same customers (common random numbers), so that what differs between rounds
// is the team alone.
//
// With a certainty the volumes are those that are not exceeded with it. Targets
// hold per slot; a slot may miss its ratio by what the simulation cannot tell, at
// most a point.
//
// Sources: Wallace and Whitt (2005), A staffing algorithm for call centers with
// skill-based routing (a little flexibility gives most of the gain); Cezik and
// L'Ecuyer (2008) for settling by simulation with common random numbers.
func SettlePool(ctx context.Context, slots []Slot, queues []PoolQueue, opt PoolOptions) (*PoolPlan, error) {
	if !(opt.Flexible >= 0 && opt.Flexible <= 1) {
		return nil, fmt.Errorf("share of all-rounders %g: want a share from 0 to 1", opt.Flexible)
	}
	n := len(slots)
	for _, q := range queues {
		if len(q.Offered) != n || len(q.AHT) != n || len(q.Loads) != n || len(q.Separate) != n {
			panic("erlang: queues of a pool and slots differ in length")
		}
		if m := q.Settings.model(); m == ModelDeadline || m == ModelFixed {
			return nil, fmt.Errorf("queue %q: only queues in which customers wait can be pooled", q.Name)
		}
	}
	if opt.Sim.Runs <= 0 {
		opt.Sim.Runs = defaultRepairRuns
	}
	if opt.Rounds <= 0 {
		opt.Rounds = defaultRepairRounds
	}
	p := &poolSearch{queues: queues, opt: opt, out: &PoolPlan{Separate: make([]int, n), Together: make([]int, n), Total: make([]int, n)}}
	p.bounds(slots)
	p.scenario(slots)
	return p.out, p.settle(ctx)
}

// poolSearch is the state of SettlePool.
type poolSearch struct {
	queues []PoolQueue
	opt    PoolOptions
	out    *PoolPlan
	s      *Scenario
}

// high returns the factor of the volumes of a queue for the asked certainty.
func (p *poolSearch) high(q *PoolQueue) float64 {
	if p.opt.Certainty <= 0 {
		return 1
	}
	return gammaQuantile(math.Hypot(q.VolumeCV, p.opt.NoiseCV), p.opt.Certainty)
}

// bounds fills in the upper and lower bound of every slot.
func (p *poolSearch) bounds(slots []Slot) {
	for i := range slots {
		var all Load
		var rate, leaving float64
		cv := 0.0
		t := Target{Within: time.Duration(math.MaxInt64)}
		least := 0
		for k := range p.queues {
			q := &p.queues[k]
			p.out.Separate[i] += q.Separate[i]
			least = max(least, q.Settings.Minimum)
			if !(q.Loads[i] > 0) {
				continue
			}
			st := newStation(q.Loads[i]*p.high(q), q.AHT[i], q.Settings)
			a := st.load.Erlangs * st.perErlang()
			r := st.load.Erlangs / st.load.AHT
			all.Erlangs += a
			rate += r
			if st.load.leaves() {
				leaving += r / st.load.Patience
			}
			cv += a * math.Hypot(q.VolumeCV, p.opt.NoiseCV)
			t = strictest(t, q.Settings.Target)
		}
		if rate == 0 {
			p.out.Together[i] = min(least, p.out.Separate[i])
			continue
		}
		all.AHT = all.Erlangs / rate
		if leaving > 0 {
			all.Patience = rate / leaving
		}
		st := station{model: ModelC, load: all, target: t}
		if all.leaves() {
			st.model = ModelA
		}
		if p.opt.Certainty > 0 {
			cv = 0 // the volumes are already the high ones
		}
		together, _, status := st.sizeUncertain(cv/all.Erlangs, 0)
		if status != OK {
			together = p.out.Separate[i]
		}
		p.out.Together[i] = min(max(together, least), p.out.Separate[i])
	}
}

// strictest returns a target that keeps both.
func strictest(a, b Target) Target {
	lower := func(x, y float64) float64 { // 0 is no limit
		if x == 0 || (y > 0 && y < x) {
			return y
		}
		return x
	}
	if b.Ratio > 0 {
		a.Ratio, a.Within = math.Max(a.Ratio, b.Ratio), min(a.Within, b.Within)
		a.Definition, a.Short = b.Definition, b.Short
	}
	a.MaxASA = time.Duration(lower(float64(a.MaxASA), float64(b.MaxASA)))
	a.MaxAbandon = lower(a.MaxAbandon, b.MaxAbandon)
	a.MaxOccupancy = lower(a.MaxOccupancy, b.MaxOccupancy)
	return a
}

// scenario lays out queues and teams: specialists per queue, then all-rounders.
func (p *poolSearch) scenario(slots []Slot) {
	p.s = &Scenario{Slots: slots}
	all := SimTeam{Name: "all-rounders", Agents: make([]float64, len(slots))}
	for k := range p.queues {
		q := &p.queues[k]
		offered, high := make([]float64, len(slots)), p.high(q)
		for i, v := range q.Offered {
			offered[i] = v * high
		}
		sq := SimQueueOf(q.Name, q.Settings, slots, offered, q.AHT)
		if p.opt.Certainty <= 0 {
			sq.VolumeCV, sq.NoiseCV = q.VolumeCV, p.opt.NoiseCV
		}
		p.s.Queues = append(p.s.Queues, sq)
		p.s.Teams = append(p.s.Teams, SimTeam{Name: q.Name, Skills: []SimSkill{{Queue: q.Name}}, Agents: make([]float64, len(slots))})
		all.Skills = append(all.Skills, SimSkill{Queue: q.Name})
	}
	p.s.Teams = append(p.s.Teams, all)
	p.out.Flexible = make([]int, len(slots))
	p.out.Special = make([][]int, len(p.queues))
	p.out.Agents = make([][]int, len(p.queues))
	for k := range p.queues {
		p.out.Special[k], p.out.Agents[k] = make([]int, len(slots)), make([]int, len(slots))
	}
}

// team divides total agents of slot i: specialists in proportion to the separate
// teams, all-rounders as the share says. With as many agents as the separate
// teams have together they are those teams, and what is above them is flexible.
func (p *poolSearch) team(i, total int) {
	weights := make([]int, len(p.queues))
	for k := range p.queues {
		weights[k] = p.queues[k].Separate[i]
	}
	var special []int
	if total >= p.out.Separate[i] {
		special = weights
	} else {
		special = splitBy(weights, total-int(math.Round(p.opt.Flexible*float64(total))))
	}
	flexible := total
	for k, n := range special {
		p.out.Special[k][i] = n
		p.s.Teams[k].Agents[i] = float64(n)
		flexible -= n
	}
	p.out.Total[i], p.out.Flexible[i] = total, flexible
	p.s.Teams[len(p.queues)].Agents[i] = float64(flexible)
	for k, n := range splitBy(weights, total) {
		p.out.Agents[k][i] = n
	}
}

// low reports whether some queue misses a target, or its minimum presence, in
// slot i.
func (p *poolSearch) low(r *SimReport, i int) bool {
	for k := range p.queues {
		if p.out.Special[k][i]+p.out.Flexible[i] < p.queues[k].Settings.Minimum {
			return true
		}
		if c := &r.Slots[k][i]; c.Offered > 0 && !c.keeps(p.queues[k].Settings.Target) {
			return true
		}
	}
	load := 0.0
	for k := range p.queues {
		q := &p.queues[k]
		if m := q.Settings.Target.MaxOccupancy; m > 0 && m < 1 && q.Loads[i] > 0 {
			for j := range p.queues {
				st := newStation(p.queues[j].Loads[i]*p.high(&p.queues[j]), p.queues[j].AHT[i], p.queues[j].Settings)
				load += st.load.Erlangs * st.perErlang() * (1 - zeroNaN(r.Slots[j][i].Abandoned()))
			}
			return load > m*float64(p.out.Total[i])*(1+tieSlack)
		}
	}
	return false
}

func zeroNaN(v float64) float64 {
	if math.IsNaN(v) {
		return 0
	}
	return v
}

// keeps reports whether simulated contacts keep the targets, up to what the
// simulation cannot tell.
func (c *Count) keeps(t Target) bool {
	slack := math.Min(c.HalfWidth(), repairTolerance)
	if math.IsNaN(slack) {
		slack = repairTolerance
	}
	switch {
	case t.Ratio > 0 && c.ServiceLevel()+slack < t.Ratio:
		return false
	case t.MaxAbandon > 0 && c.Abandoned()-slack > t.MaxAbandon:
		return false
	case t.MaxASA > 0 && !(c.ASA() <= t.MaxASA.Seconds()*(1+asaTolerance)):
		return false
	}
	return true
}

// asaTolerance is what a simulated mean wait may be above its target.
const asaTolerance = 0.02

// settle bisects all slots at once and repairs what is left.
func (p *poolSearch) settle(ctx context.Context) error {
	n := len(p.s.Slots)
	play := func() (*SimReport, error) {
		p.out.Rounds++
		return Simulate(ctx, p.s, p.opt.Sim)
	}
	lo, hi := make([]int, n), make([]int, n) // lo misses, hi keeps
	for i := range n {
		lo[i], hi[i] = p.out.Together[i]-1, p.out.Separate[i]
		p.team(i, hi[i])
	}
	for open := true; open; {
		open = false
		for i := range n {
			at := hi[i]
			if hi[i]-lo[i] > 1 {
				at, open = (lo[i]+hi[i])/2, true
			}
			p.team(i, at)
		}
		if !open {
			break
		}
		r, err := play()
		if err != nil {
			return err
		}
		for i := range n {
			switch {
			case hi[i]-lo[i] <= 1:
			case p.low(r, i):
				lo[i] = p.out.Total[i]
			default:
				hi[i] = p.out.Total[i]
			}
		}
	}
	for {
		r, err := play()
		if err != nil {
			return err
		}
		p.out.Sim, p.out.Low = r, 0
		var add []int
		for i := range n {
			if p.low(r, i) {
				p.out.Low++
				add = append(add, i)
			}
		}
		if len(add) == 0 {
			add = p.behind(r)
		}
		if len(add) == 0 || p.out.Rounds >= p.opt.Rounds {
			return nil
		}
		for _, i := range add {
			p.team(i, p.out.Total[i]+1)
		}
	}
}

// behind returns the slots in which most contacts are late, where a queue misses
// its ratio over the whole plan though every slot is within the tolerance.
func (p *poolSearch) behind(r *SimReport) []int {
	var out []int
	for k := range p.queues {
		c := &r.Total[k]
		if t := p.queues[k].Settings.Target.Ratio; t > 0 && c.Offered > 0 && c.ServiceLevel()+c.HalfWidth() < t {
			out = append(out, mostMissed(r.Slots[k], p.out.Total)...)
		}
	}
	return out
}
