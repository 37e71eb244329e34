package flow

import (
	"context"
	"maps"
	"math"
	"slices"

	"kcc/contacts"
	"kcc/contacts/channel"
	"kcc/internal/calendar"
)

// Channels answers questions on the channels of a site.
type Channels struct {
	*Site
	Rates channel.Rates
}

// ChannelDims are what channels can be laid out by.
func ChannelDims() []string { return []string{"subject", "kind", "segment"} }

// Channels gives the channels of a site with what contacts cost.
func (s *Site) Channels(occupancy float64) *Channels {
	return &Channels{Site: s, Rates: RatesOf(s.Centre, occupancy)}
}

// repeatDays is within how many days the import takes a contact for a repeat,
// where nothing else is said.
const repeatDays = 7

// Mix describes the channels in a span: by channel, and by what by names. A
// channel of which no contact is registered is described by its interval
// statistics, as far as they go.
func (c *Channels) Mix(ctx context.Context, span Span, w Which, by []string) ([]channel.Line, error) {
	lists, only, err := c.chosen(ctx, w, by, span)
	if err != nil {
		return nil, err
	}
	return c.lines(ctx, span, w, by, lists[0], only)
}

// MixOfTwo describes the channels in two spans that are compared: each channel
// by the same kind of source in both.
func (c *Channels) MixOfTwo(ctx context.Context, before, after Span, w Which) (was, is []channel.Line, err error) {
	lists, only, err := c.chosen(ctx, w, nil, before, after)
	if err != nil {
		return nil, nil, err
	}
	if was, err = c.lines(ctx, before, w, nil, lists[0], only); err != nil {
		return nil, nil, err
	}
	is, err = c.lines(ctx, after, w, nil, lists[1], only)
	return was, is, err
}

// lines adds cells up; those of the channels of only are no single contacts.
func (c *Channels) lines(ctx context.Context, span Span, w Which, by []string, list []contacts.Cell, only map[string]bool) ([]channel.Line, error) {
	promises, err := channel.LoadPromises(ctx, c.DB, span.First, span.Last, c.Now, c.Centre.Zone)
	if err != nil {
		return nil, err
	}
	choose := c.chooser(w)
	kept := promises[:0]
	for _, p := range promises {
		p.Channel = centreName(c.Centre, p.Channel)
		if choose(&contacts.Cell{Channel: p.Channel, Subject: p.Subject, Kind: p.Kind, Segment: p.Segment}) {
			kept = append(kept, p)
		}
	}
	old := min(span.Last, calendar.DateOf(c.Now, c.Centre.Zone)-1-repeatDays)
	out := channel.Mix(list, keyer(by), c.Rates.Cost, old, kept)
	for i := range out {
		if x := &out[i]; only[x.Keys[0]] {
			x.Counted = x.Contacts
		}
	}
	return out, nil
}

// chosen reads per span the cells that w chooses, divided as far as needed; those
// of the channels of only come from interval statistics.
func (c *Channels) chosen(ctx context.Context, w Which, by []string, spans ...Span) (lists [][]contacts.Cell, only map[string]bool, err error) {
	upto := contacts.ByDirection
	need := func(d contacts.Dim) { upto = max(upto, d) }
	if w.Subject != "" || slices.Contains(by, "subject") {
		need(contacts.BySubject)
	}
	if w.Kind != "" || slices.Contains(by, "kind") {
		need(contacts.ByKind)
	}
	if w.Segment != "" || slices.Contains(by, "segment") {
		need(contacts.BySegment)
	}
	lists = make([][]contacts.Cell, len(spans))
	for i, span := range spans {
		if lists[i], err = c.cells(ctx, span, upto); err != nil {
			return nil, nil, err
		}
	}
	if only, err = c.unregistered(ctx, spans, lists); err != nil {
		return nil, nil, err
	}
	choose := c.chooser(w)
	for i, span := range spans {
		if len(only) > 0 {
			counted, err := c.counted(ctx, span, only, upto >= contacts.BySubject)
			if err != nil {
				return nil, nil, err
			}
			lists[i] = append(slices.DeleteFunc(lists[i], func(x contacts.Cell) bool { return only[x.Channel] }), counted...)
		}
		lists[i] = slices.DeleteFunc(lists[i], func(x contacts.Cell) bool { return !choose(&x) })
	}
	return lists, only, nil
}

// keyer returns the values of some dimensions of a cell.
func keyer(by []string) channel.Keyer {
	return func(c *contacts.Cell) []string {
		out := make([]string, len(by))
		for i, d := range by {
			switch d {
			case "subject":
				out[i] = c.Subject
			case "kind":
				out[i] = c.Kind
			case "segment":
				out[i] = c.Segment
			}
		}
		return out
	}
}

// Volume is what the best source counts on each channel in a span: all contacts,
// registered or not. Channels without history are left out.
func (c *Channels) Volume(ctx context.Context, span Span) (map[string]float64, error) {
	hist, err := c.History(ctx, contacts.Filter{From: span.First, To: span.Last})
	if err != nil {
		return nil, err
	}
	out := map[string]float64{}
	for i := range hist {
		out[hist[i].Channel] += hist[i].Offered()
	}
	return out, nil
}

// Changes divides the change of the channels between two spans, per week. Those
// of only come from interval statistics.
func (c *Channels) Changes(ctx context.Context, before, after Span, w Which) (list []channel.Change, only map[string]bool, err error) {
	spans := []Span{before, after}
	lists, only, err := c.chosen(ctx, w, []string{"subject"}, spans...)
	if err != nil || len(lists[0]) == 0 || len(lists[1]) == 0 {
		return nil, nil, err
	}
	var counts [2]channel.Counts
	for i, cells := range lists {
		counts[i] = channel.Counts{}
		for k := range cells {
			counts[i].Add(cells[k].Channel, cells[k].Subject, cells[k].Contacts/(float64(spans[i].Days())/7))
		}
	}
	list = channel.Shift(counts[0], counts[1])
	maps.DeleteFunc(only, func(name string, _ bool) bool {
		return !slices.ContainsFunc(list, func(x channel.Change) bool { return x.Channel == name })
	})
	return list, only, nil
}

// Standings holds the strategy against what came in a span.
func (c *Channels) Standings(ctx context.Context, span Span) ([]channel.Standing, error) {
	goals, err := channel.LoadGoals(ctx, c.DB)
	if err != nil {
		return nil, err
	}
	if len(goals) == 0 {
		return nil, nil
	}
	lines, err := c.Mix(ctx, span, Which{}, nil)
	if err != nil {
		return nil, err
	}
	known, err := c.covers(ctx, span.Before(), lines)
	if err != nil {
		return nil, err
	}
	var out []channel.Standing
	for _, g := range goals {
		s := channel.Standing{Goal: g}
		var csat float64
		s.Now, s.Lo, s.Hi, s.N, csat, err = c.value(ctx, span, g)
		if err != nil {
			return nil, err
		}
		s.CSATNow = csat
		s.Before = math.NaN()
		if known {
			if s.Before, _, _, _, _, err = c.value(ctx, span.Before(), g); err != nil {
				return nil, err
			}
		}
		s.Judge(calendar.DateOf(c.Now, c.Centre.Zone), span.Days())
		out = append(out, s)
	}
	return out, nil
}

// covers reports whether contacts are registered in the first and the last week
// of a span, so that it can be compared with one that lines describe; where none
// of those is registered, interval statistics will do.
func (c *Channels) covers(ctx context.Context, span Span, lines []channel.Line) (bool, error) {
	for _, week := range []Span{{span.First, span.First + 6}, {span.Last - 6, span.Last}} {
		lists, only, err := c.chosen(ctx, Which{}, nil, week)
		if err != nil {
			return false, err
		}
		list := lists[0]
		if slices.ContainsFunc(lines, func(x channel.Line) bool { return x.Counted == 0 }) {
			list = slices.DeleteFunc(list, func(x contacts.Cell) bool { return only[x.Channel] })
		}
		if len(list) == 0 {
			return false, nil
		}
	}
	return true, nil
}

// value measures a goal in a span, with the appreciation beside it.
func (c *Channels) value(ctx context.Context, span Span, g channel.Goal) (v, lo, hi, n, csat float64, err error) {
	lines, err := c.Mix(ctx, span, Which{Subject: g.Subject, Segment: g.Segment}, nil)
	if err != nil {
		return 0, 0, 0, 0, 0, err
	}
	var sum channel.Line
	total, digital := 0.0, 0.0
	for i := range lines {
		l := &lines[i]
		total += l.Contacts
		if channel.Digital(l.Keys[0]) {
			digital += l.Contacts
		}
		if g.Channel != "" && g.Channel != l.Keys[0] {
			continue
		}
		sum.Cell.Add(&l.Cell)
		sum.Cost += l.Cost
		sum.Counted += l.Counted
		sum.OldFollowed += l.OldFollowed
		sum.OldJudgeable += l.OldJudgeable
		sum.Promises += l.Promises
		sum.Missed += l.Missed
	}
	v, lo, hi, n = channel.Value(g.Measure, &sum, total, digital, float64(span.Days())/7)
	csat, _ = sum.CSAT()
	return v, lo, hi, n, csat, nil
}
