package flow

import (
	"context"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"kcc/contacts"
	"kcc/contacts/channel"
	"kcc/internal/output"
)

// unregistered finds the channels that are to be described by their interval
// statistics. In one span those are the channels with statistics and not a single
// registered contact. Of spans that are compared each must be described whole, and
// by the same kind of source: the channels of which the statistics, but not the
// registered contacts, reach from the first to the last week of all of them.
func (c *Channels) unregistered(ctx context.Context, spans []Span, lists [][]contacts.Cell) (map[string]bool, error) {
	out, never := map[string]bool{}, map[string]bool{}
	for i, span := range spans {
		parts := []Span{span}
		if len(spans) > 1 {
			parts = []Span{{span.First, min(span.First+6, span.Last)}, {max(span.Last-6, span.First), span.Last}}
		}
		registered, covered := map[string]int{}, map[string]int{}
		for _, part := range parts {
			names, err := contacts.CoveredChannels(ctx, c.DB, part.First, part.Last)
			if err != nil {
				return nil, err
			}
			for _, name := range names {
				covered[centreName(c.Centre, name)]++
			}
			seen := map[string]bool{}
			for k := range lists[i] {
				if x := &lists[i][k]; x.Day >= part.First && x.Day <= part.Last && !seen[x.Channel] {
					seen[x.Channel] = true
					registered[x.Channel]++
				}
			}
		}
		for k := range lists[i] {
			if name := lists[i][k].Channel; covered[name] < len(parts) {
				never[name] = true
			}
		}
		for name, n := range covered {
			switch {
			case n < len(parts):
				never[name] = true
			case registered[name] < len(parts):
				out[name] = true
			}
		}
	}
	maps.DeleteFunc(out, func(name string, _ bool) bool { return never[name] })
	return out, nil
}

// counted makes a cell of what the interval statistics of each channel of only
// hold in a span, and with bySubject one per subject, where they name subjects.
func (c *Channels) counted(ctx context.Context, span Span, only map[string]bool, bySubject bool) ([]contacts.Cell, error) {
	hist, err := c.History(ctx, contacts.Filter{From: span.First, To: span.Last, Channels: slices.Sorted(maps.Keys(only)), BySubject: bySubject})
	if err != nil {
		return nil, err
	}
	var out []contacts.Cell
	rest := map[string]int{} // the cell of a channel without its subjects
	for i := range hist {
		if s := &hist[i]; only[s.Channel] && s.Subject == "" {
			rest[s.Channel] = len(out)
			out = append(out, cellOf(s, span))
		}
	}
	for i := range hist {
		s := &hist[i]
		whole, ok := rest[s.Channel]
		if !ok || s.Subject == "" {
			continue
		}
		x := cellOf(s, span)
		out[whole].AddPart(&x, -1)
		out = append(out, x)
	}
	const least = 0.5 // contacts: less is what subtraction leaves
	return slices.DeleteFunc(out, func(x contacts.Cell) bool { return x.Contacts < least }), nil
}

// cellOf adds a series up to one cell, on the first day of a span. Contacts whose
// end is not known count as answered.
func cellOf(s *contacts.Series, span Span) contacts.Cell {
	x := contacts.Cell{Day: span.First, Channel: s.Channel, Subject: s.Subject}
	for _, o := range s.Obs {
		if math.IsNaN(o.Offered) {
			continue
		}
		x.Contacts += o.Offered
		lost := o.Abandoned
		if math.IsNaN(lost) {
			lost = 0
		}
		answered := o.Handled
		if math.IsNaN(answered) {
			answered = max(0, o.Offered-lost)
		}
		x.Answered += answered
		x.Abandoned += lost
		if answered > 0 && !math.IsNaN(o.AHT) {
			x.HandleSum += answered * o.AHT
			x.HandleN += answered
		}
	}
	return x
}

// countedOf names the channels of lines that come from interval statistics.
func countedOf(lines []channel.Line) map[string]bool {
	out := map[string]bool{}
	for i := range lines {
		if lines[i].Counted > 0 {
			out[lines[i].Keys[0]] = true
		}
	}
	return out
}

// countedNote says which channels come from interval statistics and what those
// do not tell; "" when none does.
func countedNote(l output.Lang, only map[string]bool, by []string) string {
	if len(only) == 0 {
		return ""
	}
	note := fmt.Sprintf(l.Pick("From interval statistics, as no single contacts of theirs are registered, or not all through: %s. These tell volume and handle time, not kind, segment, repeat contacts, hand-offs or satisfaction",
		"Uit intervalcijfers, omdat er geen contacten van geregistreerd zijn, of niet over de hele tijd: %s. Die geven volume en afhandeltijd, maar geen soort, doelgroep, herhaalcontact, doorzetten of tevredenheid"),
		strings.Join(slices.Sorted(maps.Keys(only)), ", "))
	if slices.Contains(by, "subject") {
		note += l.Pick("; subjects only where the statistics name them", "; onderwerpen alleen waar de cijfers ze noemen")
	}
	return note
}

// withNote adds a note unless it is empty.
func withNote(notes []string, note string) []string {
	if note == "" {
		return notes
	}
	return append(notes, note)
}
