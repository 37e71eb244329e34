package cause

import (
	"slices"

	"kcc/contacts"
	"kcc/internal/calendar"
)

// OccasionKind names what happened.
type OccasionKind string

// The kinds of occasions.
const (
	Mailing    OccasionKind = "mailing"    // letters, bills, messages to many
	Disruption OccasionKind = "disruption" // something that did not work
	Action     OccasionKind = "action"     // something done to prevent contacts
	Other      OccasionKind = "other"
)

// Occasion is something that happened on some days and may explain contacts.
type Occasion struct {
	ID         int64
	Name       string
	Kind       OccasionKind
	From, To   calendar.Date // both included
	Channel    string        // empty is all
	Subject    string
	Department string
	Sent       int // letters or messages; 0 is unknown
	Note       string
}

// About reports whether the occasion is about a subject.
func (o *Occasion) About(subject string) bool { return o.Subject == "" || o.Subject == subject }

// Chase is a contact of a customer whose promise on the subject was missed
// shortly before, and on which no cause was noted.
type Chase struct {
	Cell     contacts.Cell // the dimensions of the contact, with counts of one
	Due      calendar.Date // of the promise
	After    int           // days from then
	Promised string        // department that had the work
}

// Derived is a cell with the cause that holds and where it comes from.
type Derived struct {
	contacts.Cell
	Rule string // name of the rule; empty for a cause that was noted, or none
}

// Given reports whether the cause was noted by an agent.
func (d *Derived) Given() bool { return d.Cause != Unknown && d.Rule == "" }

// Derive gives cells without a cause those that the rules find. Every cell is
// divided into parts that add up to it: nothing is counted twice or lost.
//
// Which contacts repeat another the roll-up tells; their handle time is the mean
// of their cell. Of the days after a mailing only what is more than usual on the
// subject counts: more than the median of the same weekday in the eight weeks
// before.
func Derive(cells []contacts.Cell, rules []Rule, chases []Chase, mailings []Occasion) []Derived {
	out := make([]Derived, 0, len(cells)+len(chases))
	byKey := map[cellKey][]*Chase{}
	for i := range chases {
		k := keyOf(&chases[i].Cell)
		byKey[k] = append(byKey[k], &chases[i])
	}
	over := overUsual(cells, rules, mailings)
	for i := range cells {
		c := &cells[i]
		if c.Cause != Unknown {
			out = append(out, Derived{Cell: *c})
			continue
		}
		out = divide(out, c, rules, byKey[keyOf(c)], over)
	}
	return out
}

// cellKey names a cell by day and dimensions.
type cellKey struct {
	day                                                    calendar.Date
	channel, direction, subject, kind, segment, department string
}

func keyOf(c *contacts.Cell) cellKey {
	return cellKey{c.Day, c.Channel, c.Direction, c.Subject, c.Kind, c.Segment, c.Department}
}

// divide appends the parts of one cell without a cause.
func divide(out []Derived, c *contacts.Cell, rules []Rule, chases []*Chase, over map[mailKey]float64) []Derived {
	left := *c
	put := func(part contacts.Cell, r *Rule) {
		if part.Contacts <= 0 {
			return
		}
		part.Cause = r.Cause
		out = append(out, Derived{part, r.Name})
		left.AddPart(&part, -1)
	}
	for i := range rules {
		r := &rules[i]
		if r.Off || !r.fits(c) || left.Contacts <= tiny {
			continue
		}
		part := *c
		part.AddPart(c, -1) // the dimensions without counts
		switch r.Kind {
		case ByMatch:
			part.Add(&left)
		case ByMissed:
			rest := chases[:0:0]
			for _, ch := range chases {
				if ch.After > r.Days || left.Contacts-part.Contacts < 1-tiny {
					rest = append(rest, ch)
					continue
				}
				part.Add(&ch.Cell)
			}
			chases = rest
		case ByRepeat:
			if share := min(1, left.Repeats/left.Contacts); share > 0 {
				repeats := left.Repeats
				part.AddPart(&left, share)
				part.Repeats = repeats // all of them go, and what stays has none
			}
		case ByMailing:
			if share := over[mailKey{c.Day, c.Subject, r.Name}]; share > 0 {
				part.AddPart(&left, min(1, share))
			}
		}
		put(part, r)
	}
	if left.Contacts > tiny {
		out = append(out, Derived{Cell: left})
	}
	return out
}

// tiny is less than any count of contacts that is not rounding.
const tiny = 1e-9

type mailKey struct {
	day     calendar.Date
	subject string
	rule    string
}

// usualWeeks is from how many weeks before a mailing the usual volume is taken.
const usualWeeks = 8

// overUsual returns which share of the contacts without a cause on a day and
// subject is more than usual after a mailing.
func overUsual(cells []contacts.Cell, rules []Rule, mailings []Occasion) map[mailKey]float64 {
	out := map[mailKey]float64{}
	if len(mailings) == 0 || !slices.ContainsFunc(rules, func(r Rule) bool { return r.Kind == ByMailing && !r.Off }) {
		return out
	}
	type daySubject struct {
		day     calendar.Date
		subject string
	}
	sum, first := map[daySubject]float64{}, map[string]calendar.Date{}
	for i := range cells {
		c := &cells[i]
		if c.Cause != Unknown {
			continue
		}
		sum[daySubject{c.Day, c.Subject}] += c.Contacts
		if f, ok := first[c.Subject]; !ok || c.Day < f {
			first[c.Subject] = c.Day
		}
	}
	for _, m := range mailings {
		if m.Subject == "" {
			continue
		}
		for _, r := range rules {
			if r.Kind != ByMailing || r.Off || (r.Subject != "" && r.Subject != m.Subject) {
				continue
			}
			for d := m.From + 1; d <= m.To.Add(r.Days); d++ {
				n := sum[daySubject{d, m.Subject}]
				var before []float64
				for w := 1; len(before) < usualWeeks && w <= 2*usualWeeks+r.Days/weekOf; w++ {
					b := d.Add(-weekOf * w)
					if b <= m.From && b >= first[m.Subject] {
						before = append(before, sum[daySubject{b, m.Subject}])
					}
				}
				if n <= 0 || len(before) < 2 {
					continue
				}
				k := mailKey{d, m.Subject, r.Name}
				out[k] = max(out[k], 1-min(1, median(before)/n))
			}
		}
	}
	return out
}

func median(x []float64) float64 {
	s := slices.Clone(x)
	slices.Sort(s)
	n := len(s)
	if n%2 == 1 {
		return s[n/2]
	}
	return (s[n/2-1] + s[n/2]) / 2
}
