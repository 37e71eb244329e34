package erlang

import "math/rand/v2"

// floor is the state of one run of a part with several queues, skills, chats or
// deadlines. It is driven by events in order of time: arrivals, ends of
// contacts, customers who leave, and changes of the roster.
type floor struct {
	s       *Scenario
	t       *tally
	queues  []simLine
	teams   []simGroup
	agents  []simAgent
	contact []simContact
	spare   []int32
	events  eventHeap
	next    []key // the next arrival of each line, or never
	at      []float64
	opens   []bool
	slot    int
	closing bool // the centre is closed; agents only finish what waits
}

// simLine is a queue of the part.
type simLine struct {
	q         *SimQueue
	index     int // in the scenario
	rate      []float64
	waiting   []int32 // in order of arrival; deferrable in order of deadline
	head      int
	live      int // those in waiting that have not left
	arrivals  *rand.Rand
	handles   *rand.Rand
	patiences *rand.Rand
	redials   *rand.Rand
	handle    sampler
	patience  sampler
	leaves    bool
	T, short  float64
	clock     float64
	clockAt   float64
	slot      int // of the next arrival
	teams     []int
	chat      bool
	slow      []float64 // chat: handle time with j+1 chats over that with one
}

// simGroup is a team of the part.
type simGroup struct {
	team   *SimTeam
	skills []simServe // by line, in order of priority
	agents []int      // per slot
	lanes  []int32    // its agents
	level  [][]int32  // present agents by number of chats held; 0 is idle
	plain  int        // number of skills, for routing
}

type simServe struct {
	line       int
	efficiency float64
	rank       int
}

type simAgent struct {
	team    int32
	level   int32 // chats held, -1 when busy with one contact, -2 when off
	pos     int32 // place in level list
	version int32
	here    bool // should be here
	line    int32
	jobs    []simJob
	since   float64
}

type simJob struct {
	rest float64 // s alone
}

type simContact struct {
	line    int32
	slot    int32
	arrival float64
	limit   float64
	due     float64
	work    float64
	version int32
	waiting bool
}

const off, busy = -2, -1
