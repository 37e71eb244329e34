package cause

import (
	"cmp"
	"math"
	"slices"

	"kcc/contacts"
)

// Dim names what a tally is divided by.
type Dim string

// The dimensions of a tally.
const (
	DimCause      Dim = "cause"
	DimSubject    Dim = "subject"
	DimChannel    Dim = "channel"
	DimKind       Dim = "kind"
	DimSegment    Dim = "segment"
	DimDepartment Dim = "department"
	DimRule       Dim = "rule"
)

// Dims lists the dimensions of a tally.
func Dims() []Dim {
	return []Dim{DimCause, DimSubject, DimChannel, DimKind, DimSegment, DimDepartment, DimRule}
}

// Of returns the value of a dimension of d.
func (k Dim) Of(d *Derived) string {
	switch k {
	case DimCause:
		return d.Cause
	case DimSubject:
		return d.Subject
	case DimChannel:
		return d.Channel
	case DimKind:
		return d.Kind
	case DimSegment:
		return d.Segment
	case DimDepartment:
		return d.Department
	case DimRule:
		return d.Rule
	}
	panic("cause: no such dimension")
}

// Pricer says what contacts cost: the cost of the contacts of a cell, and the
// hours that agents work on them.
type Pricer func(c *contacts.Cell) (cost, hours float64)

// Line is one line of a tally.
type Line struct {
	Keys []string // values of the dimensions asked for
	contacts.Cell
	Given     float64 // contacts whose cause was noted
	Derived   float64 // contacts whose cause a rule found
	Avoidable float64
	Cost      float64
	Hours     float64
	// The avoidable part alone:
	AvoidableCost, AvoidableHours float64
}

// AHT returns the mean handle time in seconds; NaN when none is known.
func (l *Line) AHT() float64 {
	if l.HandleN == 0 {
		return math.NaN()
	}
	return l.HandleSum / l.HandleN
}

func (l *Line) add(d *Derived, avoidable bool, price Pricer) {
	l.Cell.Add(&d.Cell)
	switch {
	case d.Given():
		l.Given += d.Contacts
	case d.Rule != "":
		l.Derived += d.Contacts
	}
	cost, hours := price(&d.Cell)
	l.Cost += cost
	l.Hours += hours
	if avoidable {
		l.Avoidable += d.Contacts
		l.AvoidableCost += cost
		l.AvoidableHours += hours
	}
}

// Tally adds contacts up by some dimensions, the most expensive line first, and
// over all.
func Tally(list []Derived, book Book, price Pricer, by ...Dim) (lines []Line, total Line) {
	avoidable := map[string]bool{}
	for _, c := range book {
		avoidable[c.Code] = c.Avoidable
	}
	at := map[[3]string]int{}
	for i := range list {
		d := &list[i]
		var key [3]string
		for k, dim := range by {
			key[k] = dim.Of(d)
		}
		n, ok := at[key]
		if !ok {
			n = len(lines)
			at[key] = n
			lines = append(lines, Line{Keys: slices.Clone(key[:len(by)])})
		}
		lines[n].add(d, avoidable[d.Cause], price)
		total.add(d, avoidable[d.Cause], price)
	}
	slices.SortFunc(lines, func(a, b Line) int {
		return cmp.Or(cmp.Compare(b.Cost, a.Cost), cmp.Compare(b.Contacts, a.Contacts), slices.Compare(a.Keys, b.Keys))
	})
	return lines, total
}

// SmallCell is the number of contacts below which a line does not leave the
// centre on its own.
const SmallCell = 5

// Hide joins the lines with fewer than SmallCell contacts into one called other,
// so that no small count can be read, nor be worked out from a total. A rest that
// is still small takes the smallest of the other lines with it.
func Hide(lines []Line, other string) []Line {
	var keep []Line
	var rest *Line
	join := func(l *Line) {
		if rest == nil {
			rest = &Line{Keys: make([]string, len(l.Keys))}
			for i := range rest.Keys {
				rest.Keys[i] = other
			}
		}
		rest.merge(l)
	}
	for i := range lines {
		if lines[i].Contacts > 0 && lines[i].Contacts < SmallCell-tiny {
			join(&lines[i])
		} else {
			keep = append(keep, lines[i])
		}
	}
	for rest != nil && rest.Contacts < SmallCell-tiny && len(keep) > 0 {
		least := 0
		for i := range keep {
			if keep[i].Contacts < keep[least].Contacts {
				least = i
			}
		}
		join(&keep[least])
		keep = slices.Delete(keep, least, least+1)
	}
	if rest != nil {
		keep = append(keep, *rest)
	}
	return keep
}

func (l *Line) merge(o *Line) {
	l.Cell.Add(&o.Cell)
	l.Given += o.Given
	l.Derived += o.Derived
	l.Avoidable += o.Avoidable
	l.Cost += o.Cost
	l.Hours += o.Hours
	l.AvoidableCost += o.AvoidableCost
	l.AvoidableHours += o.AvoidableHours
}
