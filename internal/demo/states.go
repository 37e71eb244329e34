package demo

import (
	"bufio"
	"fmt"
	"io"
	"math/rand/v2"
	"time"

	"kcc/internal/calendar"
)

// StateWeeks is over how many weeks the demo knows what agents did.
const StateWeeks = 4

// The shares by which days and hours of agents are drawn.
const (
	sickDays  = 0.05 // of the days of an agent
	leaveDays = 0.10
	lateStart = 0.10 // of the days at work; 5-20 minutes
	trainings = 0.04 // of the days at work; two hours
)

// busyShare is the share of the time on contacts or ready that a team is busy.
var busyShare = map[string]float64{"front-1": 0.82, "front-2": 0.80, "counter": 0.68, "desk": 0.88}

// writeStates writes what agents did in the last weeks of the history, as their
// telephony would have it: stretches of some minutes in one state. The team meets
// on Tuesdays.
func (m *maker) writeStates(w io.Writer, agents []agent, hours *calendar.Hours, rng *rand.Rand) error {
	bw := bufio.NewWriter(w)
	fmt.Fprintln(bw, "agent,start,end,state")
	for _, a := range agents {
		days := min(5, a.maxDays)
		day := time.Duration(float64(a.hours) / float64(days) * float64(time.Hour)).Truncate(30 * time.Minute)
		off := rng.IntN(5) // of part-timers: the days after this one
		for d := m.last.Add(1 - 7*StateWeeks); d <= m.last; d++ {
			weekday := int(d-d.Monday()) % 7
			if !hours.OpenDay(d) || (weekday-off+5)%5 >= days {
				continue
			}
			s := states{w: bw, agent: a.id, loc: m.loc, rng: rng, at: d.At(calendar.Clock(8*60+30*rng.IntN(8)), m.loc)}
			s.end = s.at.Add(day)
			switch x := rng.Float64(); {
			case x < sickDays:
				s.until("Sick", s.end)
				continue
			case x < sickDays+leaveDays:
				s.until("Leave", s.end)
				continue
			}
			s.day(busyShare[a.team], weekday == 1)
		}
	}
	return bw.Flush()
}

// states writes the states of one agent on one day.
type states struct {
	w       io.Writer
	agent   string
	loc     *time.Location
	rng     *rand.Rand
	at, end time.Time
}

// until writes a state that lasts until a moment, at most the end of the day.
func (s *states) until(state string, to time.Time) {
	if to.After(s.end) {
		to = s.end
	}
	if to.After(s.at) {
		const layout = "2006-01-02 15:04:05"
		fmt.Fprintf(s.w, "%s,%s,%s,%s\n", s.agent, s.at.In(s.loc).Format(layout), to.In(s.loc).Format(layout), state)
		s.at = to
	}
}

// spell draws a length around a mean.
func (s *states) spell(mean time.Duration) time.Duration {
	return time.Duration(float64(mean) * (0.5 + s.rng.Float64())).Truncate(time.Second)
}

// day writes a day at work: contacts and waiting in turn, a break in each half, an
// unpaid lunch in days over five and a half hours, and what else comes up.
func (s *states) day(busy float64, meets bool) {
	begin, length := s.at, s.end.Sub(s.at)
	if s.rng.Float64() < lateStart {
		s.until("Late", s.at.Add(s.spell(12*time.Minute)))
	}
	type stop struct {
		at     time.Time
		state  string
		length time.Duration
	}
	stops := []stop{{begin.Add(length / 4), "Break", 15 * time.Minute}}
	if meets {
		stops = append(stops, stop{begin.Add(length * 3 / 8), "Meeting", 45 * time.Minute})
	}
	const withLunch = 5*time.Hour + 30*time.Minute
	if length > withLunch {
		stops = append(stops, stop{begin.Add(length / 2), "Lunch", 30 * time.Minute}, stop{begin.Add(length * 3 / 4), "Break", 15 * time.Minute})
	}
	if s.rng.Float64() < trainings {
		stops = append(stops, stop{begin.Add(length * 7 / 8), "Training", 2 * time.Hour})
	}
	for _, p := range append(stops, stop{at: s.end}) {
		for s.at.Before(p.at) {
			// Some contacts in a row, then some waiting.
			round := s.spell(40 * time.Minute)
			talk := time.Duration(float64(round) * busy)
			s.until("Talking", earlier(p.at, s.at.Add(talk*5/6)))
			s.until("After-contact work", earlier(p.at, s.at.Add(talk/6)))
			s.until("Ready", earlier(p.at, s.at.Add(s.spell(round-talk))))
		}
		s.until(p.state, s.at.Add(p.length))
	}
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}
