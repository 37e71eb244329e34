package cause

import (
	"cmp"
	"math"
	"slices"
)

// Quadrant is where contacts stand between what they are worth to the customer
// and to the organisation (Price and Jaffe, The Best Service is No Service,
// 2008, chapter 3).
type Quadrant string

// The quadrants.
const (
	Eliminate Quadrant = "eliminate" // irritating for both: take away what causes it
	Automate  Quadrant = "automate"  // of value to the customer alone: let them do it themselves
	Simplify  Quadrant = "simplify"  // of value to the organisation alone: make it easy
	Leverage  Quadrant = "leverage"  // of value to both: take the time
)

// Worth says whether contacts are worth something to customer and organisation.
type Worth func(d *Derived) (customer, organisation bool)

// WorthBy takes avoidable causes to be of no value to the customer. To the
// organisation contacts are of value when the code says so, when they are
// reports, complaints or objections, or on a subject that needs a specialist.
func WorthBy(book Book, specialist func(subject string) bool) Worth {
	codes := map[string]Code{}
	for _, c := range book {
		codes[c.Code] = c
	}
	needs := map[string]bool{}
	return func(d *Derived) (bool, bool) {
		code := codes[d.Cause]
		if code.Avoidable {
			return false, code.Organisation
		}
		special, ok := needs[d.Subject]
		if !ok {
			special = specialist(d.Subject)
			needs[d.Subject] = special
		}
		return true, code.Organisation || special || d.Kind == "report" || d.Kind == "complaint" || d.Kind == "objection"
	}
}

func quadrantOf(customer, organisation bool) Quadrant {
	switch {
	case customer && organisation:
		return Leverage
	case customer:
		return Automate
	case organisation:
		return Simplify
	}
	return Eliminate
}

// Saving is what an action on one cause of one subject may save.
type Saving struct {
	Quadrant Quadrant
	Subject  string
	Cause    string
	Contacts float64 // in the period
	Cost     float64
	Hours    float64
	Gain     float64 // share that the action takes away
	// Per year, with an interval: the volume of a year is that of the period and
	// its spread, and a gain is known to half of itself.
	Saved, SavedLo, SavedHi float64
	SavedHours              float64
}

// gainSpread is how far, as a share of itself, an assumed gain may be off: the
// ends of the interval take half and one and a half of it.
const gainSpread = 0.5

// Values lays the contacts of days days out over the quadrants, by subject and
// cause, what can be saved first. The savings add up.
func Values(list []Derived, book Book, price Pricer, worth Worth, days int) []Saving {
	type key struct {
		q              Quadrant
		subject, cause string
	}
	sums := map[key]*Saving{}
	for i := range list {
		d := &list[i]
		k := key{quadrantOf(worth(d)), d.Subject, d.Cause}
		s := sums[k]
		if s == nil {
			s = &Saving{Quadrant: k.q, Subject: k.subject, Cause: k.cause, Gain: book.Code(d.Cause).Gain}
			sums[k] = s
		}
		cost, hours := price(&d.Cell)
		s.Contacts += d.Contacts
		s.Cost += cost
		s.Hours += hours
	}
	year := yearDays / float64(max(1, days))
	out := make([]Saving, 0, len(sums))
	for _, s := range sums {
		s.Saved, s.SavedHours = s.Cost*year*s.Gain, s.Hours*year*s.Gain
		if s.Contacts > 0 {
			rel := math.Hypot(gainSpread, 1.645/math.Sqrt(s.Contacts))
			s.SavedLo, s.SavedHi = s.Saved*math.Max(0, 1-rel), math.Min(s.Cost*year, s.Saved*(1+rel))
		}
		out = append(out, *s)
	}
	slices.SortFunc(out, func(a, b Saving) int {
		return cmp.Or(cmp.Compare(b.Saved, a.Saved), cmp.Compare(b.Cost, a.Cost), cmp.Compare(a.Subject, b.Subject), cmp.Compare(a.Cause, b.Cause), cmp.Compare(a.Quadrant, b.Quadrant))
	})
	return out
}
