package flow

import (
	"cmp"
	"context"
	"slices"

	"kcc/contacts"
	"kcc/contacts/cause"
	"kcc/contacts/channel"
	"kcc/internal/calendar"
	"kcc/internal/centre"
	"kcc/internal/planstore"
)

// Occupancy is the share of their time at work that agents are taken to handle
// contacts, for costs, where nothing else is said.
const Occupancy = 0.80

// Inform answers why contacts arise at a site: its cause codes, rules and
// occasions, and what its contacts cost.
type Inform struct {
	*Site
	Book      cause.Book
	Rules     []cause.Rule
	Occasions []cause.Occasion // of all times
	Rates     channel.Rates

	kept []keptCells // what was read already
}

// keptCells is the roll-up of a span as it was read.
type keptCells struct {
	span    Span
	upto    contacts.Dim
	figures contacts.Figures
	cells   []contacts.Cell
}

// read returns the roll-up of a span, from what was read before where that holds
// it. The cells are shared: they are not to be changed.
func (in *Inform) read(ctx context.Context, span Span, upto contacts.Dim, figures contacts.Figures) ([]contacts.Cell, error) {
	for _, k := range in.kept {
		if k.upto == upto && k.figures <= figures && k.span.First <= span.First && k.span.Last >= span.Last {
			day := func(d calendar.Date) int {
				i, _ := slices.BinarySearchFunc(k.cells, d, func(c contacts.Cell, d calendar.Date) int { return cmp.Compare(c.Day, d) })
				return i
			}
			return k.cells[day(span.First):day(span.Last+1)], nil
		}
	}
	list, err := in.cellsOf(ctx, span, upto, figures)
	if err == nil {
		in.kept = append(in.kept, keptCells{span, upto, figures, list})
	}
	return list, err
}

// Span is a run of civil days, both ends included.
type Span struct{ First, Last calendar.Date }

// Days returns the number of days of the span.
func (s Span) Days() int { return int(s.Last-s.First) + 1 }

// Before returns the span of the same length just before it.
func (s Span) Before() Span { return Span{s.First.Add(-s.Days()), s.First - 1} }

// Weeks returns the last n whole weeks, Monday to Sunday, before today.
func Weeks(today calendar.Date, n int) Span {
	last := today.Monday() - 1
	return Span{last.Add(-7*n + 1), last}
}

// Which chooses contacts; empty fields choose all. A subject stands for those
// below it too, a department for the subjects it handles and for what was handed
// to it.
type Which struct {
	Channel, Subject, Kind, Segment, Cause, Department string
}

// Inform loads what answers why contacts arise.
func (s *Site) Inform(ctx context.Context, occupancy float64) (*Inform, error) {
	in := &Inform{Site: s, Rates: RatesOf(s.Centre, occupancy)}
	var err error
	if in.Book, err = cause.LoadBook(ctx, s.DB); err != nil {
		return nil, err
	}
	if in.Rules, err = cause.LoadRules(ctx, s.DB); err != nil {
		return nil, err
	}
	if in.Occasions, err = cause.LoadOccasions(ctx, s.DB, -1<<30, 1<<30); err != nil {
		return nil, err
	}
	events, err := planstore.Events(ctx, s.DB)
	if err != nil {
		return nil, err
	}
	for _, e := range events {
		in.Occasions = append(in.Occasions, cause.Occasion{
			Name: e.Name, Kind: occasionKind(e.Letters, e.Subject), From: e.From, To: max(e.From, e.To), Channel: e.Channel, Subject: e.Subject,
			Department: e.Department, Sent: e.Letters, Note: e.Note,
		})
	}
	slices.SortStableFunc(in.Occasions, func(a, b cause.Occasion) int {
		return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.Name, b.Name))
	})
	return in, nil
}

// occasionKind says what a planned event is: one with letters and a subject is a
// mailing.
func occasionKind(letters int, subject string) cause.OccasionKind {
	if letters > 0 && subject != "" {
		return cause.Mailing
	}
	return cause.Other
}

// RatesOf returns what contacts cost per channel of a centre.
func RatesOf(c *centre.Centre, occupancy float64) channel.Rates {
	if occupancy <= 0 {
		occupancy = Occupancy
	}
	base := channel.Rate{
		Wage: c.Costs.WagePerHour, Productive: (1 - c.Shrinkage.Planned) * (1 - c.Shrinkage.Unplanned), Occupancy: occupancy, Concurrency: 1,
	}
	out := channel.Rates{"": base}
	for _, ch := range c.Channels {
		r := base
		r.AHT, r.PerContact = ch.AHT.Seconds(), ch.CostByContact
		if ch.Kind == centre.Chat {
			r.Concurrency = float64(max(1, ch.Concurrency))
		}
		out[ch.Name] = r
	}
	return out
}

// cells reads the roll-up with the centre's names of channels.
func (s *Site) cells(ctx context.Context, span Span, upto contacts.Dim) ([]contacts.Cell, error) {
	return s.cellsOf(ctx, span, upto, contacts.AllFigures)
}

func (s *Site) cellsOf(ctx context.Context, span Span, upto contacts.Dim, figures contacts.Figures) ([]contacts.Cell, error) {
	list, err := contacts.Cells(ctx, s.DB, contacts.CellFilter{First: span.First, Last: span.Last, Upto: upto, Figures: figures})
	names := map[string]string{}
	for i := range list {
		c := &list[i]
		name, ok := names[c.Channel]
		if !ok {
			name = centreName(s.Centre, c.Channel)
			names[c.Channel] = name
		}
		c.Channel = name
	}
	return list, err
}

// under returns a test for a subject and all below it; an empty name is all.
func (s *Site) under(subject string) func(string) bool {
	known := map[string]bool{}
	return func(name string) bool {
		if subject == "" || name == subject {
			return true
		}
		in, ok := known[name]
		if !ok {
			for above, hops := name, 0; above != "" && hops <= len(s.Centre.Subjects) && !in; hops++ {
				sub, found := s.Centre.Subject(above)
				if !found {
					break
				}
				above = sub.Parent
				in = above == subject
			}
			known[name] = in
		}
		return in
	}
}

// chooser returns a test for the contacts that w chooses.
func (s *Site) chooser(w Which) func(*contacts.Cell) bool {
	under := s.under(w.Subject)
	departments := map[string]string{}
	return func(c *contacts.Cell) bool {
		if w.Channel != "" && c.Channel != w.Channel || w.Kind != "" && c.Kind != w.Kind || w.Segment != "" && c.Segment != w.Segment ||
			w.Cause != "" && c.Cause != w.Cause || !under(c.Subject) {
			return false
		}
		if w.Department == "" || c.Department == w.Department {
			return true
		}
		d, ok := departments[c.Subject]
		if !ok {
			d = s.Centre.DepartmentOf(c.Subject)
			departments[c.Subject] = d
		}
		return d == w.Department
	}
}

// Derived returns the contacts of a span with their causes, noted or derived.
func (in *Inform) Derived(ctx context.Context, span Span, w Which) ([]cause.Derived, error) {
	need, days, mailings := in.need(span)
	list, err := in.read(ctx, need, contacts.ByDepartment, contacts.WorkFigures)
	if err != nil {
		return nil, err
	}
	chases, err := cause.LoadChases(ctx, in.DB, span.First, span.Last, max(1, days), in.Now, in.Centre.Zone)
	if err != nil {
		return nil, err
	}
	for i := range chases {
		chases[i].Cell.Channel = centreName(in.Centre, chases[i].Cell.Channel)
	}
	choose := in.chooser(w)
	all := cause.Derive(list, in.Rules, chases, mailings)
	out := all[:0]
	for i := range all {
		if all[i].Day >= span.First && choose(&all[i].Cell) {
			out = append(out, all[i])
		}
	}
	return out, nil
}

// need returns the days that deriving causes in a span looks at, for how many
// days at most a rule looks back, and the mailings that count.
func (in *Inform) need(span Span) (need Span, days int, mailings []cause.Occasion) {
	need = span
	for _, r := range in.Rules {
		if !r.Off {
			days = max(days, r.Days)
		}
	}
	for _, o := range in.Occasions {
		if o.Kind == cause.Mailing && o.From <= span.Last && o.To.Add(days) >= span.First {
			mailings = append(mailings, o)
			need.First = min(need.First, o.From.Add(-7*mailingWeeks))
		}
	}
	return need, days, mailings
}

// ahead reads once what several questions about a span and the weeks before it
// look at.
func (in *Inform) ahead(ctx context.Context, span Span) error {
	need, _, _ := in.need(span)
	_, err := in.read(ctx, need, contacts.ByDepartment, contacts.WorkFigures)
	return err
}

// mailingWeeks is how long before a mailing the usual volume is looked for.
const mailingWeeks = 9

// Price says what contacts cost.
func (in *Inform) Price(c *contacts.Cell) (cost, hours float64) { return in.Rates.Cost(c) }

// holiday reports whether a day is a public holiday that the centre keeps, a
// closed day or a day with other hours.
func (s *Site) holiday() func(calendar.Date) bool {
	h := s.Centre.PublicHolidays()
	known := map[calendar.Date]bool{}
	for _, list := range [][]centre.Day{s.Centre.Closed, s.Centre.Special} {
		for _, day := range list {
			if day.Channel != "" {
				continue
			}
			for d := day.From; d <= day.To; d++ {
				known[d] = true
			}
		}
	}
	years := map[int]bool{}
	return func(d calendar.Date) bool {
		if y := d.Year(); h != nil && !years[y] {
			years[y] = true
			for _, hol := range h.Year(y) {
				if hol.Setting == calendar.Closed {
					known[hol.Date] = true
				}
			}
		}
		return known[d]
	}
}

// historyDays is how far back a control looks: two years tell a yearly wave.
const historyDays = 2 * 366

// series returns the daily contacts by a name up to the last day of a span, over
// at most two years. Contacts whose name is empty are left out, but tell on which
// days there were contacts at all.
func (in *Inform) series(ctx context.Context, last calendar.Date, upto contacts.Dim, name func(*contacts.Cell) string) (map[string]cause.Series, error) {
	list, err := in.read(ctx, Span{last.Add(-historyDays), last}, upto, contacts.CountFigures)
	if err != nil {
		return nil, err
	}
	out := cause.DailyCounts(list, name)
	special := in.holiday()
	for k, s := range out {
		s.Special = special
		out[k] = s
	}
	return out, nil
}

// one returns the daily contacts that w chooses.
func (in *Inform) one(ctx context.Context, last calendar.Date, w Which) (cause.Series, bool, error) {
	upto := contacts.BySubject
	switch {
	case w.Cause != "":
		upto = contacts.ByCause
	case w.Segment != "":
		upto = contacts.BySegment
	case w.Kind != "":
		upto = contacts.ByKind
	}
	choose := in.chooser(w)
	all, err := in.series(ctx, last, upto, func(c *contacts.Cell) string {
		if choose(c) {
			return "chosen"
		}
		return ""
	})
	s, ok := all["chosen"]
	return s, ok, err
}

// meanCost returns the cost and hours of one contact among those that w chooses,
// in a span.
func (in *Inform) meanCost(list []cause.Derived) (cost, hours float64) {
	n := 0.0
	for i := range list {
		c, h := in.Price(&list[i].Cell)
		cost, hours, n = cost+c, hours+h, n+list[i].Contacts
	}
	if n == 0 {
		return 0, 0
	}
	return cost / n, hours / n
}
