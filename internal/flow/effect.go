package flow

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"

	"kcc/contacts"
	"kcc/contacts/cause"
	"kcc/internal/calendar"
)

// ErrTooShort is returned when there is too little history for a control.
var ErrTooShort = errors.New("there is too little history to tell what would have come")

// Measured is what came in some days against what would have come.
type Measured struct {
	Span                     // that was looked at
	Actual, Expected float64 // contacts
	Extra, Lo, Hi    float64 // Actual - Expected with its interval
	Ratio            float64 // Extra / Expected
	RatioLo, RatioHi float64
	P                float64 // two-sided chance of as much when nothing happened
	Cost, Hours      float64 // of the extra contacts
	Days             int
}

// measured turns a sum over days into a result at a level.
func measured(span Span, s cause.Sum, level float64) Measured {
	t := distuv.StudentsT{Sigma: 1, Nu: s.DF}
	half := t.Quantile((1+level)/2) * s.SE
	m := Measured{Span: span, Actual: s.Actual, Expected: s.Expected, Extra: s.Extra(), Lo: s.Extra() - half, Hi: s.Extra() + half, Days: s.Days, P: 1}
	if s.Expected > 0 {
		m.Ratio, m.RatioLo, m.RatioHi = m.Extra/s.Expected, m.Lo/s.Expected, m.Hi/s.Expected
	} else {
		m.Ratio, m.RatioLo, m.RatioHi = math.NaN(), math.NaN(), math.NaN()
	}
	if s.SE > 0 {
		m.P = 2 * t.CDF(-math.Abs(s.Extra()/s.SE))
	}
	return m
}

// LetterFound is what a mailing brought.
type LetterFound struct {
	cause.Occasion
	Measured
	PerHundred, PerLo, PerHi float64       // contacts per 100 letters; NaN when it is not known how many were sent
	Half                     calendar.Date // by then half of the extra contacts had come; 0 when there are none
	Causes                   []PartOf
	Words                    []cause.Word
	Err                      error // why there is no result
}

// LetterDays is for how many days a mailing is followed, where nothing is said.
const LetterDays = 21

// Letters measures what the mailings of a span brought: the contacts on their
// subject from the day after the mailing on, against a control made of the other
// days.
func (in *Inform) Letters(ctx context.Context, span Span, name string, days int, level float64) ([]LetterFound, error) {
	var out []LetterFound
	last := span.Last
	for _, o := range in.Occasions {
		if o.Kind == cause.Mailing && (name == "" && o.From >= span.First && o.From <= span.Last || name != "" && o.Name == name) {
			out = append(out, LetterFound{Occasion: o})
			last = max(last, o.To.Add(days))
		}
	}
	if len(out) == 0 {
		return nil, nil
	}
	last = min(last, in.yesterday())
	byKey, err := in.series(ctx, last, contacts.BySubject, func(c *contacts.Cell) string { return c.Channel + "\x00" + c.Subject })
	if err != nil {
		return nil, err
	}
	for i := range out {
		l := &out[i]
		s, ok := gather(byKey, in.under(l.Subject), l.Channel)
		window := Span{l.From + 1, min(l.To.Add(days), last)}
		if !ok || window.First > window.Last {
			l.Err = ErrTooShort
			continue
		}
		c := cause.Fit(s, in.disturbed(l.Subject, days, window))
		if c == nil {
			l.Err = ErrTooShort
			continue
		}
		l.Measured = measured(window, c.Over(window.First, window.Last), level)
		l.Half = halfWay(c, window)
		l.PerHundred, l.PerLo, l.PerHi = math.NaN(), math.NaN(), math.NaN()
		if l.Sent > 0 {
			per := 100 / float64(l.Sent)
			l.PerHundred, l.PerLo, l.PerHi = per*l.Extra, per*l.Lo, per*l.Hi
		}
		if err := in.explainLetter(ctx, l); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (in *Inform) yesterday() calendar.Date {
	return calendar.DateOf(in.Now, in.Centre.Zone) - 1
}

// gather adds up the series of a subject and all below it, on one channel or all.
func gather(byKey map[string]cause.Series, under func(string) bool, channel string) (cause.Series, bool) {
	var out cause.Series
	ok := false
	for key, s := range byKey {
		ch, subject := cutKey(key)
		if channel != "" && ch != channel || !under(subject) || subject == "" {
			continue
		}
		if !ok {
			out, ok = s, true
			out.Counts = slices.Clone(s.Counts)
			continue
		}
		for i, y := range s.Counts {
			out.Counts[i] += y
		}
	}
	return out, ok
}

func cutKey(key string) (channel, subject string) {
	for i := range len(key) {
		if key[i] == 0 {
			return key[:i], key[i+1:]
		}
	}
	return key, ""
}

// disturbed returns a test for the days that a control of a subject is not made
// of: its window, and the days after other mailings and of disruptions.
func (in *Inform) disturbed(subject string, days int, window Span) func(calendar.Date) bool {
	return func(d calendar.Date) bool {
		if d >= window.First && d <= window.Last {
			return true
		}
		for _, o := range in.Occasions {
			if o.Subject != subject {
				continue
			}
			if o.Kind == cause.Mailing && d > o.From && d <= o.To.Add(days) || o.Kind == cause.Disruption && d >= o.From && d <= o.To {
				return true
			}
		}
		return false
	}
}

// halfWay returns the day by which half of the extra contacts had come.
func halfWay(c *cause.Control, w Span) calendar.Date {
	all := c.Over(w.First, w.Last).Extra()
	if all <= 0 {
		return 0
	}
	for d := w.First; d <= w.Last; d++ {
		if c.Over(w.First, d).Extra() >= all/2 {
			return d
		}
	}
	return 0
}

// explainLetter adds cost, causes and words.
func (in *Inform) explainLetter(ctx context.Context, l *LetterFound) error {
	before := Span{l.Span.First.Add(-7 * weeksBefore), l.Span.First - 1}
	list, err := in.Derived(ctx, Span{before.First, l.Span.Last}, Which{Subject: l.Subject, Channel: l.Occasion.Channel})
	if err != nil {
		return err
	}
	cost, hours := in.meanCost(list)
	l.Cost, l.Hours = cost*l.Extra, hours*l.Extra
	l.Causes = extraBy(list, l.Span.First, cause.DimCause)
	notes, err := cause.LoadNotes(ctx, in.DB, l.Subject, l.Span.First, l.Span.Last, in.Centre.Zone)
	if err != nil {
		return err
	}
	others, err := cause.LoadNotes(ctx, in.DB, l.Subject, before.First, before.Last, in.Centre.Zone)
	if err != nil {
		return err
	}
	l.Words = cause.Words(notes, others)
	return nil
}

// EffectOptions says which action is measured, and how.
type EffectOptions struct {
	Which    // contacts that the action is to prevent
	Date     calendar.Date
	Settle   int      // days after the date that are left out on either side
	Weeks    int      // after the action; 0 is all there is
	Controls []string // subjects that the action does not touch; what moves them moves the expectation
	Level    float64
}

// EffectFound is the effect of an action.
type EffectFound struct {
	Measured
	Before     Span    // that the control is made of
	PerYear    float64 // contacts saved per year at the volume of the days looked at
	YearCost   float64 // saved per year; negative when contacts rose
	ByControls float64 // factor that the control subjects moved the expectation by; 1 without
}

// Effect measures an action: what came after it, against a control made of the
// days before it alone. With control subjects the expectation moves as they did
// (difference in differences on the log scale), and their uncertainty is added.
func (in *Inform) Effect(ctx context.Context, o EffectOptions) (*EffectFound, error) {
	last := in.yesterday()
	after := Span{o.Date.Add(o.Settle), last}
	if o.Weeks > 0 {
		after.Last = min(last, after.First.Add(7*o.Weeks-1))
	}
	if after.Days() < 7 {
		return nil, fmt.Errorf("%w: %d days after the action, want at least 7", ErrTooShort, max(0, after.Days()))
	}
	s, ok, err := in.one(ctx, after.Last, o.Which)
	if err != nil {
		return nil, err
	}
	notBefore := func(d calendar.Date) bool { return d >= o.Date }
	disturbed := in.disturbed(o.Subject, LetterDays, Span{after.First, after.Last})
	out := func(d calendar.Date) bool { return notBefore(d) || d < o.Date && disturbed(d) }
	if !ok {
		return nil, fmt.Errorf("%w: no such contact is registered", ErrTooShort)
	}
	c := cause.Fit(s, out)
	if c == nil {
		return nil, fmt.Errorf("%w: want at least three weeks before %s", ErrTooShort, o.Date)
	}
	sum := c.Over(after.First, after.Last)
	e := &EffectFound{Before: Span{max(s.First, o.Date.Add(-historyDays)), o.Date - 1}, ByControls: 1}
	if len(o.Controls) > 0 {
		if err := in.byControls(ctx, o, after, &sum, e); err != nil {
			return nil, err
		}
	}
	e.Measured = measured(after, sum, cmp.Or(o.Level, cause.DefaultLevel))
	list, err := in.Derived(ctx, Span{after.First.Add(-7 * weeksBefore), after.Last}, o.Which)
	if err != nil {
		return nil, err
	}
	cost, hours := in.meanCost(list)
	e.Cost, e.Hours = cost*e.Extra, hours*e.Extra
	e.PerYear = -e.Extra / float64(after.Days()) * 365
	e.YearCost = e.PerYear * cost
	return e, nil
}

// byControls moves the expectation as the control subjects moved.
func (in *Inform) byControls(ctx context.Context, o EffectOptions, after Span, sum *cause.Sum, e *EffectFound) error {
	tests := make([]func(string) bool, len(o.Controls))
	for i, name := range o.Controls {
		tests[i] = in.under(name)
	}
	w := o.Which
	w.Subject, w.Cause = "", ""
	choose := in.chooser(w)
	mine := in.under(o.Subject)
	upto := contacts.BySubject
	if w.Kind != "" || w.Segment != "" {
		upto = contacts.BySegment
	}
	all, err := in.series(ctx, after.Last, upto, func(c *contacts.Cell) string {
		if choose(c) && (o.Subject == "" || !mine(c.Subject)) && slices.ContainsFunc(tests, func(t func(string) bool) bool { return t(c.Subject) }) {
			return "controls"
		}
		return ""
	})
	if err != nil {
		return err
	}
	s, ok := all["controls"]
	c := cause.Fit(s, func(d calendar.Date) bool { return d >= o.Date })
	if !ok || c == nil {
		return fmt.Errorf("%w: on the control subjects", ErrTooShort)
	}
	k := c.Over(after.First, after.Last)
	if !(k.Expected > 0 && k.Actual > 0 && sum.Expected > 0) {
		return fmt.Errorf("%w: no contacts on the control subjects", ErrTooShort)
	}
	e.ByControls = k.Actual / k.Expected
	rel := math.Hypot(sum.SE/sum.Expected, k.SE/k.Expected)
	sum.Expected *= e.ByControls
	sum.SE = rel * sum.Expected
	sum.DF = math.Min(sum.DF, k.DF)
	return nil
}
