package forecast

import (
	"math"
	"strconv"

	"kcc/internal/calendar"
)

// dayEvents is what the events mean for one day of a panel.
type dayEvents struct {
	factor  float64 // product of the given factors; 1 when none
	extra   float64 // contacts added
	exclude bool
	copy    int      // days back, 0: none
	learn   []string // keys of effects to be learned: name and day of the window
}

// layEvents notes per day what the events of the series mean.
func (p *panel) layEvents(s *Series, events []Event) {
	if len(events) == 0 {
		return
	}
	p.events = make([]dayEvents, p.days())
	for i := range p.events {
		p.events[i].factor = 1
	}
	for i := range events {
		e := &events[i]
		if !e.appliesTo(s.Channel, s.Subject) {
			continue
		}
		from, to := max(0, p.index(e.first())), min(p.days()-1, p.index(e.last()))
		extra := p.spreadExtra(e)
		for d := from; d <= to; d++ {
			de := &p.events[d]
			switch e.Mode {
			case EventFactor:
				if e.Factor > 0 {
					de.factor *= e.Factor
				}
			case EventExclude:
				de.exclude = true
			case EventCopy:
				de.copy = e.CopyFrom
			case EventLearn:
				de.learn = append(de.learn, e.window(p.date(d)))
			case EventExtra:
				de.extra += extra[d-from]
			}
		}
	}
}

// window names the part of the event that day d is: lead days, the days
// themselves, and each lag day, so that each has an effect of its own.
func (e *Event) window(d calendar.Date) string {
	switch to := max(e.From, e.To); {
	case d < e.From:
		return e.Name + " -" + strconv.Itoa(int(e.From-d))
	case d > to:
		return e.Name + " +" + strconv.Itoa(int(d-to))
	}
	return e.Name
}

// spreadExtra divides the contacts of an EventExtra over the open days of its
// window; the result starts at the first day of the window inside the panel.
func (p *panel) spreadExtra(e *Event) []float64 {
	from, to := max(0, p.index(e.first())), min(p.days()-1, p.index(e.last()))
	if e.Mode != EventExtra || to < from {
		return make([]float64, max(0, to-from+1))
	}
	out := make([]float64, to-from+1)
	sum := 0.0
	k := 0
	for d := p.index(e.first()); d <= p.index(e.last()); d++ {
		if d >= 0 && d < p.days() && !p.opens[d] {
			continue
		}
		w := 0.0
		if e.Spread == nil {
			w = MailingSpread(k)
		} else if k < len(e.Spread) {
			w = e.Spread[k]
		}
		k++
		sum += w
		if d >= from && d <= to {
			out[d-from] = w
		}
	}
	if sum <= 0 {
		return out
	}
	for i := range out {
		out[i] *= e.Extra() / sum
	}
	return out
}

// MailingSpread returns the weight of the k-th open day (from 0) after letters
// arrive: most callers react at once, the rest fades geometrically with ratio
// mailingDecay. A learned spread replaces it when earlier mailings are known.
func MailingSpread(k int) float64 { return math.Pow(mailingDecay, float64(k)) }

// mailingDecay leaves half of the contacts in the first two open days.
const mailingDecay = 0.7
