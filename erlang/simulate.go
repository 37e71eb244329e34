package erlang

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"sync"
	"time"
)

// Scenario is what a simulation plays: contacts of several channels, and agents
// with skills, over the slots of a plan. Slots are in order of time; where one
// does not begin at the end of the one before, the centre is closed in between.
type Scenario struct {
	Slots  []Slot
	Queues []SimQueue
	Teams  []SimTeam
}

// SimQueue is one channel as the simulation sees it.
type SimQueue struct {
	Name     string
	Offered  []float64 // expected contacts per slot
	AHT      []float64 // mean handle time per slot, s; of a chat alone with its agent
	AHTLaw   Law
	Patience float64 // mean, s; 0 and +Inf: nobody leaves; Immediate: nobody waits
	Patient  Law     // law of the patience
	Target   Target
	Priority int // higher goes first; equal ones in order of arrival

	// Chats is the number of contacts an agent holds at once, with handle times
	// ChatAHT relative to AHT (1, 1.3, 1.6): empty means one at a time.
	ChatAHT []float64

	// Lead makes the queue deferrable: a contact is in time when it is done within
	// Lead of its arrival, measured by Due. Nobody leaves, and work goes in order
	// of deadline, after all queues that are not deferrable.
	Deferrable bool
	Due        func(arrival time.Time) time.Time
	Reserve    int    // idle agents that are kept for others before deferrable work is taken
	Backlog    []Work // waiting when the first slot begins

	VolumeCV float64 // spread of a whole day's volume around Offered
	NoiseCV  float64 // spread of a slot around its day
	Redial   float64 // share of those who left that calls again
	RedialIn float64 // mean time until then, s; default 600
}

// Immediate as a patience means that a contact that cannot be served at once is
// lost: Erlang B.
const Immediate = -1

// SimTeam is a number of agents with the same skills.
type SimTeam struct {
	Name   string
	Skills []SimSkill
	Agents []float64 // per slot, after breaks; fractions are met on average over the days
	Away   float64   // chance of each agent to be away for a whole day
}

// SimSkill lets a team serve a queue.
type SimSkill struct {
	Queue      string
	Efficiency float64 // handle times are divided by it; 0 means 1
	Rank       int     // lower is tried first for a contact; teams of equal rank by fewer skills
}

// SimOptions say how long to play. The zero value plays until the service level
// of every queue is known to half a percent.
type SimOptions struct {
	Seed      uint64
	Runs      int     // times the scenario is played; 0 means until Precision
	MaxRuns   int     // with Precision; default 2000
	Precision float64 // half width of the 95 % interval of each queue's service level; default 0.005
	Warmup    int     // slots at the start that do not count
	Workers   int     // default all processors; results do not depend on it
	Progress  func(done, of int)

	events bool // tests: by events even where the fast way would do
}

// Count is what happened to contacts, summed over the runs, by slot of arrival.
type Count struct {
	Runs     int
	Offered  float64
	Answered float64
	InTime   float64 // answered within the threshold, or done before it was due
	Left     float64
	Short    float64 // left within the short limit
	LeftIn   float64 // left within the threshold
	Wait     float64 // of the answered, s
	Work     float64 // handle time, s, by slot of arrival
	// Sums over the runs of products of the two parts of the service level, for its
	// confidence interval.
	num, den, num2, numDen, den2 float64
}

// SimReport is the outcome of a simulation.
type SimReport struct {
	Scenario *Scenario
	Runs     int
	Contacts float64
	Slots    [][]Count // by queue, by slot
	Days     [][]Count // by queue, by day; KeptDays beside it
	Total    []Count   // by queue
	// Kept is, by queue, the share of days (of all runs) on which the day's service
	// level reached its target.
	Kept      []float64
	DayStart  []time.Time
	slotDay   []int
	Occupancy float64 // handle time over presence of all teams
}

// ErrNoSlots is returned for a scenario without slots.
var ErrNoSlots = errors.New("there is nothing to simulate: no slots")

const (
	defaultPrecision = 0.005
	defaultMaxRuns   = 2000
	// batchRuns is played between two looks at the precision; chunkRuns by one
	// worker at a time. Both are fixed, so that sums do not depend on the workers.
	batchRuns = 32
	chunkRuns = 4
)

// Simulate plays the scenario many times and counts. The random numbers of a run
// depend on the seed, the run and the queue alone, so that two scenarios that
// differ in their teams meet the same customers. When ctx ends it returns what
// was counted with ctx.Err().
func Simulate(ctx context.Context, s *Scenario, opt SimOptions) (*SimReport, error) {
	if err := s.check(); err != nil {
		return nil, err
	}
	runs := opt.Runs
	if runs <= 0 {
		runs = opt.MaxRuns
		if runs <= 0 {
			runs = defaultMaxRuns
		}
	}
	precision := opt.Precision
	if precision <= 0 {
		precision = defaultPrecision
	}
	workers := opt.Workers
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	rep := newReport(s)
	parts := s.parts()
	for done := 0; done < runs; {
		batch := min(batchRuns, runs-done)
		tallies := make([]*tally, (batch+chunkRuns-1)/chunkRuns)
		var wg sync.WaitGroup
		tickets := make(chan struct{}, workers)
		for i := range tallies {
			tickets <- struct{}{}
			wg.Go(func() {
				defer func() { <-tickets }()
				t := newTally(rep)
				for run := done + i*chunkRuns; run < min(done+(i+1)*chunkRuns, done+batch); run++ {
					if ctx.Err() != nil {
						return
					}
					t.begin()
					for _, p := range parts {
						p.play(s, opt, uint64(run), t)
					}
					t.end(opt.Warmup)
				}
				tallies[i] = t
			})
		}
		wg.Wait()
		if ctx.Err() != nil {
			break
		}
		for _, t := range tallies {
			rep.merge(t)
		}
		done += batch
		if opt.Progress != nil {
			opt.Progress(done, runs)
		}
		if opt.Runs <= 0 && rep.precise(precision) {
			break
		}
	}
	rep.finish()
	return rep, ctx.Err()
}

func (s *Scenario) check() error {
	n := len(s.Slots)
	if n == 0 {
		return ErrNoSlots
	}
	for i, sl := range s.Slots {
		if sl.Step <= 0 || (i > 0 && sl.Start.Before(s.Slots[i-1].end())) {
			return fmt.Errorf("slot %d at %s: slots must have a length and be in order of time", i, sl.Start.Format(time.RFC3339))
		}
	}
	names := map[string]bool{}
	for _, q := range s.Queues {
		if len(q.Offered) != n || len(q.AHT) != n {
			return fmt.Errorf("queue %q has %d volumes and %d handle times for %d slots", q.Name, len(q.Offered), len(q.AHT), n)
		}
		if names[q.Name] {
			return fmt.Errorf("two queues are named %q", q.Name)
		}
		names[q.Name] = true
		if q.Deferrable && q.Due == nil {
			return fmt.Errorf("queue %q is deferrable and has no due time", q.Name)
		}
	}
	for _, t := range s.Teams {
		if len(t.Agents) != n {
			return fmt.Errorf("team %q has agents for %d slots of %d", t.Name, len(t.Agents), n)
		}
		for _, k := range t.Skills {
			if !names[k.Queue] {
				return fmt.Errorf("team %q serves %q, and there is no such queue", t.Name, k.Queue)
			}
		}
	}
	return nil
}

// part is a set of queues and teams that do not touch the others.
type part struct{ queues, teams []int }

// parts splits the scenario into independent parts, so that a channel with a
// team of its own takes the fast way.
func (s *Scenario) parts() []part {
	index := map[string]int{}
	label := make([]int, len(s.Queues))
	for i, q := range s.Queues {
		index[q.Name] = i
		label[i] = i
	}
	for _, t := range s.Teams {
		for _, k := range t.Skills[min(1, len(t.Skills)):] {
			a, b := label[index[t.Skills[0].Queue]], label[index[k.Queue]]
			for i := range label {
				if label[i] == b {
					label[i] = a
				}
			}
		}
	}
	byLabel := map[int]*part{}
	var order []int
	for i, l := range label {
		if byLabel[l] == nil {
			byLabel[l] = &part{}
			order = append(order, l)
		}
		byLabel[l].queues = append(byLabel[l].queues, i)
	}
	for i, t := range s.Teams {
		if len(t.Skills) > 0 {
			p := byLabel[label[index[t.Skills[0].Queue]]]
			p.teams = append(p.teams, i)
		}
	}
	var out []part
	for _, l := range order {
		out = append(out, *byLabel[l])
	}
	return out
}

// play plays one run of the part.
func (p part) play(s *Scenario, opt SimOptions, run uint64, t *tally) {
	if p.simple(s) && !opt.events {
		playQueue(s, p, opt, run, t)
		return
	}
	playEvents(s, p, opt, run, t)
}

// simple reports whether the part is one first-come queue whose agents are all
// alike and do one thing at a time.
func (p part) simple(s *Scenario) bool {
	if len(p.queues) != 1 {
		return false
	}
	q := &s.Queues[p.queues[0]]
	if q.Deferrable || len(q.ChatAHT) > 1 || q.Redial > 0 {
		return false
	}
	for _, i := range p.teams {
		if e := s.Teams[i].Skills[0].Efficiency; e != 0 && e != 1 {
			return false
		}
	}
	return true
}

// The streams of random numbers of one queue in one run.
const (
	streamDay = iota
	streamArrivals
	streamHandle
	streamPatience
	streamAway
	streamRedial
	streams
)

func stream(seed, run uint64, queue, kind int) *rand.Rand {
	return rand.New(rand.NewPCG(seed, run*1_000_003+uint64(queue)*streams+uint64(kind)))
}

// dayFactors returns the factors of the volume of each day of a run.
func dayFactors(cv float64, days int, r *rand.Rand) []float64 {
	out := make([]float64, days)
	k := 1 / (cv * cv)
	for i := range out {
		out[i] = 1
		if cv > 0 {
			out[i] = gammaDraw(r, k) / k
		}
	}
	return out
}

// presence returns the agents per slot in one run: fractions are rounded up or
// down by one draw a day, and every agent may be away for the day.
func presence(t *SimTeam, slotDay []int, r *rand.Rand) []int {
	out := make([]int, len(t.Agents))
	for i := 0; i < len(out); {
		j, most := i, 0
		u := r.Float64()
		for ; j < len(out) && slotDay[j] == slotDay[i]; j++ {
			out[j] = int(math.Floor(t.Agents[j] + u))
			most = max(most, out[j])
		}
		if t.Away > 0 {
			// Agent k is in every slot that asks for more than k: those who are away
			// are away all day.
			here := make([]int, most+1)
			for k := range most {
				here[k+1] = here[k]
				if r.Float64() >= t.Away {
					here[k+1]++
				}
			}
			for k := i; k < j; k++ {
				out[k] = here[out[k]]
			}
		}
		i = j
	}
	return out
}

// daysOf numbers the days of the slots.
func daysOf(slots []Slot) (day []int, starts []time.Time) {
	day = make([]int, len(slots))
	for i, s := range slots {
		if i == 0 || !sameDay(s.Start, slots[i-1].Start) {
			starts = append(starts, s.Start)
		}
		day[i] = len(starts) - 1
	}
	return day, starts
}

func sameDay(a, b time.Time) bool {
	ya, ma, da := a.Date()
	yb, mb, db := b.Date()
	return ya == yb && ma == mb && da == db
}
