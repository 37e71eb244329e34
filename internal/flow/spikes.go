package flow

import (
	"cmp"
	"context"
	"math"
	"slices"

	"kcc/contacts"
	"kcc/contacts/cause"
	"kcc/internal/calendar"
)

// SpikeFound is a spike with what may explain it.
type SpikeFound struct {
	cause.Spike
	Cost      float64      // of the extra contacts
	Channels  []PartOf     // that carried the extra contacts, the most first
	Causes    []PartOf     // causes of the extra contacts
	Occasions []string     // on the subject shortly before or during
	Words     []cause.Word // in the notes, against the weeks before
}

// PartOf is the share of some extra contacts that one value had.
type PartOf struct {
	Name  string
	Share float64
}

// Of what a spike is compared with, and how many are explained from notes.
const (
	weeksBefore    = 6
	occasionLead   = 21 // days that an occasion may lie before the week
	explainedMost  = 12
	partsShown     = 2
	leastPartShown = 0.10
	leastPerWeek   = 3.0 // contacts on a subject that is looked at
)

// Spikes looks for weeks of a span in which a subject had more contacts than the
// control leads to expect, and explains them.
func (in *Inform) Spikes(ctx context.Context, span Span, w Which, opt cause.SpikeOptions) ([]SpikeFound, error) {
	choose := in.chooser(w)
	upto := contacts.BySubject
	if w.Kind != "" || w.Segment != "" {
		upto = contacts.BySegment
	}
	series, err := in.series(ctx, span.Last, upto, func(c *contacts.Cell) string {
		if choose(c) {
			return c.Subject
		}
		return ""
	})
	if err != nil {
		return nil, err
	}
	for name, s := range series {
		sum := 0.0
		for _, y := range s.Counts {
			if y > 0 {
				sum += y
			}
		}
		if sum < leastPerWeek*float64(len(s.Counts))/7 {
			delete(series, name)
		}
	}
	opt.From, opt.To = span.First, span.Last
	spikes := cause.Spikes(series, opt)
	out := make([]SpikeFound, len(spikes))
	for i := range spikes {
		out[i].Spike = spikes[i]
	}
	return out, in.explain(ctx, out, w)
}

// explain says of spikes which channels and causes carried them, what happened,
// and which words stand in the notes; of the most striking ones first.
func (in *Inform) explain(ctx context.Context, list []SpikeFound, w Which) error {
	if len(list) == 0 {
		return nil
	}
	order := make([]int, len(list))
	span := Span{list[0].Week, list[0].Week + 6}
	for i := range list {
		order[i] = i
		span.First, span.Last = min(span.First, list[i].Week.Add(-7*weeksBefore)), max(span.Last, list[i].Week+6)
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(list[a].P, list[b].P) })
	w.Subject = ""
	derived, err := in.Derived(ctx, span, w)
	if err != nil {
		return err
	}
	for n, i := range order {
		s := &list[i]
		var mine []cause.Derived
		first := s.Week.Add(-7 * weeksBefore)
		for k := range derived {
			if d := &derived[k]; d.Subject == s.Subject && d.Day >= first && d.Day < s.Week+7 {
				mine = append(mine, *d)
			}
		}
		cost, _ := in.meanCost(mine)
		s.Cost = cost * s.Extra()
		s.Channels = extraBy(mine, s.Week, cause.DimChannel)
		s.Causes = extraBy(mine, s.Week, cause.DimCause)
		for _, o := range in.Occasions {
			if o.From <= s.Week+6 && o.To.Add(occasionLead) >= s.Week && (o.Subject == "" || o.Subject == s.Subject) && o.Kind != cause.Action {
				s.Occasions = append(s.Occasions, o.Name)
			}
		}
		if n >= explainedMost {
			continue
		}
		notes, err := cause.LoadNotes(ctx, in.DB, s.Subject, s.Week, s.Week+6, in.Centre.Zone)
		if err != nil {
			return err
		}
		before, err := cause.LoadNotes(ctx, in.DB, s.Subject, first, s.Week-1, in.Centre.Zone)
		if err != nil {
			return err
		}
		s.Words = cause.Words(notes, before)
	}
	return nil
}

// extraBy returns which values of a dimension had the extra contacts of a week,
// against the mean of the weeks before.
func extraBy(list []cause.Derived, week calendar.Date, dim cause.Dim) []PartOf {
	now, before := map[string]float64{}, map[string]float64{}
	weeks := map[calendar.Date]bool{}
	for i := range list {
		d := &list[i]
		if d.Day >= week {
			now[dim.Of(d)] += d.Contacts
		} else {
			before[dim.Of(d)] += d.Contacts
			weeks[d.Day.Monday()] = true
		}
	}
	n := float64(max(1, len(weeks)))
	total := 0.0
	var out []PartOf
	for name, x := range now {
		if extra := x - before[name]/n; extra > 0 {
			total += extra
			out = append(out, PartOf{name, extra})
		}
	}
	slices.SortFunc(out, func(a, b PartOf) int { return cmp.Or(cmp.Compare(b.Share, a.Share), cmp.Compare(a.Name, b.Name)) })
	for i := range out {
		out[i].Share /= math.Max(total, 1)
	}
	out = slices.DeleteFunc(out, func(p PartOf) bool { return p.Share < leastPartShown })
	return out[:min(len(out), partsShown)]
}
