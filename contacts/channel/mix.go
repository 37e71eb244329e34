package channel

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"

	"kcc/contacts"
	"kcc/internal/calendar"
)

// Digital reports whether a channel is digital: the customer writes or clicks,
// and neither calls, visits nor posts a letter.
func Digital(channel string) bool {
	switch contacts.ChannelName(channel) {
	case contacts.Phone, contacts.Counter, contacts.Letter, contacts.Callback:
		return false
	}
	return true
}

// Line is what one channel, or one part of it, did in a period.
type Line struct {
	Keys []string // channel and further dimensions
	contacts.Cell
	Cost, Hours float64
	Total       float64 // contacts on all channels of the same further dimensions
	Counted     float64 // contacts known from interval statistics only, not one by one
	// Of contacts so old that a repeat would have come by now:
	OldFollowed, OldJudgeable float64
	Promises, Missed          int // that came due, and were missed
}

// Share returns the channel's share of the contacts of its subject, kind or
// segment, or of all.
func (l *Line) Share() float64 { return div(l.Contacts, l.Total) }

// AHT returns the mean handle time in seconds.
func (l *Line) AHT() float64 { return div(l.HandleSum, l.HandleN) }

// CostPerContact returns what one contact costs.
func (l *Line) CostPerContact() float64 { return div(l.Cost, l.Contacts) }

// FCR returns the share of contacts that the customer did not come back on, of
// those that can be judged: first-contact resolution as operations see it.
func (l *Line) FCR() float64 {
	if l.OldJudgeable == 0 {
		return math.NaN()
	}
	return 1 - l.OldFollowed/l.OldJudgeable
}

// Containment returns the share of registered contacts that stay on the channel:
// neither transferred, handed off nor to be called back.
func (l *Line) Containment() float64 {
	return 1 - div(l.Transferred+l.HandedOff+l.Callback, l.Contacts-l.Counted)
}

// Kept returns the share of the promises that came due and were kept.
func (l *Line) Kept() float64 {
	return 1 - div(float64(l.Missed), float64(l.Promises))
}

// CSAT returns the mean satisfaction, and half of its 95 % interval.
func (l *Line) CSAT() (mean, half float64) {
	if l.CSATN == 0 {
		return math.NaN(), math.NaN()
	}
	mean = l.CSATSum / l.CSATN
	if l.CSATN < 2 {
		return mean, math.NaN()
	}
	v := math.Max(0, l.CSATSq-l.CSATN*mean*mean) / (l.CSATN - 1)
	return mean, distuv.StudentsT{Sigma: 1, Nu: l.CSATN - 1}.Quantile(0.975) * math.Sqrt(v/l.CSATN)
}

// Effort returns the mean customer effort.
func (l *Line) Effort() float64 { return div(l.EffortSum, l.EffortN) }

func div(a, b float64) float64 {
	if b == 0 {
		return math.NaN()
	}
	return a / b
}

// Pricer says what the contacts of a cell cost, and the hours of agents' work.
type Pricer func(c *contacts.Cell) (cost, hours float64)

// Promise is how many promises on contacts of some dimensions came due.
type Promise struct {
	Channel, Subject, Kind, Segment string
	Due, Missed                     int
}

// Keyer returns the dimensions of a cell beside its channel.
type Keyer func(c *contacts.Cell) []string

// Mix adds cells up per channel and what rest gives beside it, in order of
// contacts. Repeats are judged of contacts up to day old; promises are added by
// the same dimensions.
func Mix(cells []contacts.Cell, rest Keyer, price Pricer, old calendar.Date, promises []Promise) []Line {
	at, totals := map[string]int{}, map[string]float64{}
	var out []Line
	find := func(channel string, more []string) *Line {
		key := channel + "\x00" + join(more)
		i, ok := at[key]
		if !ok {
			i = len(out)
			at[key] = i
			out = append(out, Line{Keys: append([]string{channel}, more...)})
		}
		return &out[i]
	}
	for i := range cells {
		c := &cells[i]
		more := rest(c)
		l := find(c.Channel, more)
		l.Cell.Add(c)
		cost, hours := price(c)
		l.Cost += cost
		l.Hours += hours
		if c.Day <= old {
			l.OldFollowed += c.Followed
			l.OldJudgeable += c.Judgeable
		}
		totals[join(more)] += c.Contacts
	}
	for _, p := range promises {
		c := contacts.Cell{Channel: p.Channel, Subject: p.Subject, Kind: p.Kind, Segment: p.Segment}
		if i, ok := at[p.Channel+"\x00"+join(rest(&c))]; ok {
			out[i].Promises += p.Due
			out[i].Missed += p.Missed
		}
	}
	for i := range out {
		out[i].Total = totals[join(out[i].Keys[1:])]
	}
	slices.SortStableFunc(out, func(a, b Line) int {
		if c := slices.Compare(a.Keys[1:], b.Keys[1:]); c != 0 {
			return c
		}
		switch {
		case a.Contacts > b.Contacts:
			return -1
		case a.Contacts < b.Contacts:
			return 1
		}
		return slices.Compare(a.Keys, b.Keys)
	})
	return out
}

func join(keys []string) string {
	s := ""
	for _, k := range keys {
		s += k + "\x00"
	}
	return s
}

// SmallCell is the number of contacts below which figures of a line are not
// shown outside the centre.
const SmallCell = 5
