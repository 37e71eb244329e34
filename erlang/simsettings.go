package erlang

import (
	"time"

	"kcc/internal/calendar"
)

// SimQueueOf describes a channel for the simulation as its settings describe it
// for staffing. offered and aht are per slot.
func SimQueueOf(name string, s Settings, slots []Slot, offered, aht []float64) SimQueue {
	q := SimQueue{Name: name, Offered: offered, AHT: aht, Patience: s.Patience, Target: s.Target, Redial: s.Redial}
	switch s.model() {
	case ModelC:
		q.Patience = 0
	case ModelChat:
		growth := s.ChatGrowth
		if growth == 0 {
			growth = DefaultChatGrowth
		}
		first := s.AHT
		if first == 0 && len(s.ChatAHT) > 0 {
			first = s.ChatAHT[0]
		}
		if first == 0 {
			first = 1
		}
		q.ChatAHT = ChatTimes(first, s.ChatAHT, s.Concurrency, growth)
	case ModelDeadline:
		q.Deferrable = true
		q.Priority = -1
		q.Patience = 0
		hours := s.Hours
		if hours == nil {
			hours = hoursOfSlots(slots)
		}
		d := deferral{s: s, work: calendar.NewWorkTime(hours), loc: hours.Loc}
		q.Due = func(t time.Time) time.Time {
			at, ok := d.due(t.In(d.loc), 1)
			if !ok {
				at = t
			}
			return at
		}
		q.Target.Ratio = s.PromiseRatio
		if q.Target.Ratio <= 0 {
			q.Target.Ratio = DefaultPromiseRatio
		}
		for _, b := range s.Backlog {
			h := b.AHT
			if h <= 0 {
				h = s.AHT
			}
			q.Backlog = append(q.Backlog, Work{Count: b.Count, AHT: h, Available: b.At, Due: q.Due(b.At)})
		}
	}
	return q
}

func hoursOfSlots(slots []Slot) *calendar.Hours {
	ivs := make([]Interval, len(slots))
	for i, s := range slots {
		ivs[i] = Interval{Start: s.Start, Step: s.Step}
	}
	return hoursOf(ivs)
}
