package flow

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"time"

	"kcc/internal/calendar"
	"kcc/internal/output"
	"kcc/roster"
)

// IdealOptions say how the ideal mix of shifts is looked for.
type IdealOptions struct {
	Skill   string  // only this skill; empty: all skills together
	PerKind float64 // points that a different start or length must save over the whole span
	Effort  int     // 0: by size
	Seed    uint64
	Lengths []time.Duration // new lengths to try; nil: every half hour from 3 to 10 hours
}

// idealMoves is the number of moves of one search by default.
const idealMoves = 1e6

// IdealShift is one start and length of the ideal mix.
type IdealShift struct {
	Kind       string // of the catalogue
	Start, End calendar.Clock
	PerWeekday [7]float64 // mean number on it, by time.Weekday
	Total      int        // over the span
}

// NewLength is what a length that the catalogue lacks would save.
type NewLength struct {
	Length time.Duration
	Cost   float64
	Saves  float64 // points against the ideal of the catalogue
	Short  float64 // agent-hours short
	Over   float64 // agent-hours over
	Used   int     // people a week on it
}

// Ideal is the mix of shifts that would suit the demand best, before people.
type Ideal struct {
	First       calendar.Date
	Days        int
	Shifts      []IdealShift
	Cost        float64
	Short, Over float64 // agent-hours
	Demand      float64 // agent-hours
	Paid        float64 // agent-hours, breaks included
	Lengths     []NewLength
}

// IdealShifts finds which shifts, and how many of each on each day, cover the
// demand of a problem best, whoever works them: a missing agent-slot costs 10
// points and a surplus one 1, as in a roster. Breaks count as thinner presence
// over the window in which they may fall. Then it tries lengths that the
// catalogue does not have.
func IdealShifts(ctx context.Context, p *roster.Problem, opt IdealOptions) (*Ideal, error) {
	m := &mixOf{p: p, opt: opt}
	m.need()
	if m.demand == 0 {
		return nil, fmt.Errorf("there is no demand for %q from %s to %s", opt.Skill, p.First, p.Last())
	}
	kinds := m.catalogue(p.Shifts)
	base := m.solve(ctx, kinds, nil, baseRounds)
	lengths, base := m.tryLengths(ctx, kinds, base)
	out := &Ideal{First: p.First, Days: p.Days, Demand: m.demand * p.Step.Hours()}
	out.Cost, out.Short, out.Over = base.Cost, base.Under*p.Step.Hours(), base.Over*p.Step.Hours()
	for k, n := range base.Count {
		s := IdealShift{Kind: kinds[k].kind, Start: kinds[k].start, End: kinds[k].start + calendar.Clock(kinds[k].length/time.Minute)}
		weekdays := [7]float64{}
		for d := range p.Days {
			weekdays[p.First.Add(d).Weekday()]++
		}
		for d, c := range n {
			s.Total += c
			s.PerWeekday[p.First.Add(d).Weekday()] += float64(c)
		}
		if s.Total == 0 {
			continue
		}
		for w := range s.PerWeekday {
			if weekdays[w] > 0 {
				s.PerWeekday[w] /= weekdays[w]
			}
		}
		out.Paid += float64(s.Total) * kinds[k].paid.Hours()
		out.Shifts = append(out.Shifts, s)
	}
	slices.SortFunc(out.Shifts, func(a, b IdealShift) int { return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(a.End, b.End)) })
	for _, x := range lengths {
		x.Saves = base.Cost - x.Cost
		out.Lengths = append(out.Lengths, x)
	}
	slices.SortStableFunc(out.Lengths, func(a, b NewLength) int { return cmp.Compare(b.Saves, a.Saves) })
	return out, ctx.Err()
}

// tryLengths starts from the mix of the catalogue for every new length. A mix
// that does better without the new length becomes the one of the catalogue.
func (m *mixOf) tryLengths(ctx context.Context, kinds []mixKind, base *roster.MixResult) ([]NewLength, *roster.MixResult) {
	var out []NewLength
	step := m.p.Step.Hours()
	for _, n := range m.newLengths() {
		if ctx.Err() != nil {
			break
		}
		more := m.withLength(kinds, n)
		r := m.solve(ctx, more, base.Count, 1)
		total := 0
		for k := len(kinds); k < len(more); k++ {
			for _, c := range r.Count[k] {
				total += c
			}
		}
		if total == 0 && r.Cost < base.Cost {
			r.Count = r.Count[:len(kinds)]
			base = r
		}
		out = append(out, NewLength{Length: n, Cost: r.Cost, Short: r.Under * step, Over: r.Over * step, Used: int(math.Round(float64(total) * 7 / float64(m.p.Days)))})
	}
	for i := range out { // what a later search found without new lengths holds for all
		if out[i].Cost > base.Cost {
			out[i].Cost, out[i].Short, out[i].Over, out[i].Used = base.Cost, base.Under*step, base.Over*step, 0
		}
	}
	return out, base
}

// baseRounds is how many times as long the mix of the catalogue is looked for.
const baseRounds = 3

type mixOf struct {
	p      *roster.Problem
	opt    IdealOptions
	slots  []float64
	demand float64
}

// mixKind is one start and length with its breaks.
type mixKind struct {
	kind   string
	start  calendar.Clock
	length time.Duration
	paid   time.Duration
	breaks []roster.BreakTemplate
	days   [7]bool
}

// need adds up the demand per slot.
func (m *mixOf) need() {
	m.slots = make([]float64, m.p.Slots())
	for i := range m.p.Demand {
		d := &m.p.Demand[i]
		if d.Slot >= 0 && d.Slot < len(m.slots) && (m.opt.Skill == "" || d.Skill == m.opt.Skill) {
			m.slots[d.Slot] += d.Need
			m.demand += d.Need
		}
	}
}

func (m *mixOf) catalogue(shifts []roster.Shift) []mixKind {
	var out []mixKind
	seen := map[string]bool{}
	for i := range shifts {
		s := &shifts[i]
		every := max(s.Every, m.p.Step)
		for at := s.EarliestStart; at <= s.LatestStart; at += calendar.Clock(every / time.Minute) {
			for n := s.MinLength; n <= s.MaxLength; n += every {
				if key := fmt.Sprint(at, n, s.Breaks, s.Weekdays); !seen[key] {
					seen[key] = true
					out = append(out, newMixKind(s.Name, at, n, s.Breaks, s.Weekdays))
				}
			}
		}
	}
	return out
}

func newMixKind(name string, at calendar.Clock, n time.Duration, breaks []roster.BreakTemplate, days [7]bool) mixKind {
	k := mixKind{kind: name, start: at, length: n, paid: n, days: days}
	for _, b := range breaks {
		if b.Earliest+b.Length < n && n > b.Over {
			k.breaks = append(k.breaks, b)
			if !b.Paid {
				k.paid -= b.Length
			}
		}
	}
	return k
}

// presence is the share of each slot of a shift that is worked.
func (m *mixOf) presence(k *mixKind) []float64 {
	step := m.p.Step
	out := make([]float64, k.length/step)
	for i := range out {
		out[i] = 1
	}
	for _, b := range k.breaks {
		first, last := int(b.Earliest/step), int(min(b.Latest, k.length-b.Length)/step)
		n := max(1, int(b.Length/step))
		share := 1 / float64(last-first+1)
		for at := first; at <= last; at++ {
			for i := at; i < min(at+n, len(out)); i++ {
				out[i] -= share
			}
		}
	}
	for i := range out {
		out[i] = math.Max(0, out[i])
	}
	return out
}

func (m *mixOf) solve(ctx context.Context, kinds []mixKind, start [][]int, rounds int) *roster.MixResult {
	x := &roster.Mix{Need: m.slots, Under: roster.MissingCost, Over: roster.SurplusCost, PerKind: m.opt.PerKind, Start: start}
	for d := range m.p.Days {
		x.Days = append(x.Days, m.p.SlotOf(m.p.First.Add(d).Start(m.p.Zone)))
	}
	for i := range kinds {
		k := &kinds[i]
		v := roster.MixKind{Name: k.kind, Start: int(time.Duration(k.start) * time.Minute / m.p.Step), Presence: m.presence(k)}
		if k.days != [7]bool{} {
			for d := range m.p.Days {
				v.Days = append(v.Days, k.days[m.p.First.Add(d).Weekday()])
			}
		}
		x.Kinds = append(x.Kinds, v)
	}
	effort := m.opt.Effort
	if effort == 0 {
		effort = max(1, int(idealMoves/float64(roster.MixMoves*max(1, len(kinds)*m.p.Days))))
	}
	return roster.SolveMix(ctx, x, rounds*effort, m.opt.Seed)
}

// newLengths are the lengths to try that no shift has.
func (m *mixOf) newLengths() []time.Duration {
	if m.opt.Lengths != nil {
		return m.opt.Lengths
	}
	var out []time.Duration
	const step, shortest, longest = 30 * time.Minute, 3 * time.Hour, 10 * time.Hour
	for n := shortest; n <= longest; n += step {
		if !slices.ContainsFunc(m.p.Shifts, func(s roster.Shift) bool { return n >= s.MinLength && n <= s.MaxLength }) {
			out = append(out, n)
		}
	}
	return out
}

// withLength adds shifts of a length: from every half hour of the first start
// that the catalogue has, as long as they end by the time of its last shift,
// with the breaks of the shift nearest in length.
func (m *mixOf) withLength(kinds []mixKind, n time.Duration) []mixKind {
	first, last := kinds[0].start, calendar.Clock(0)
	near := &m.p.Shifts[0]
	away := func(s *roster.Shift) time.Duration { return max(s.MinLength-n, n-s.MaxLength, 0) }
	for i := range kinds {
		first = min(first, kinds[i].start)
		last = max(last, kinds[i].start+calendar.Clock(kinds[i].length/time.Minute))
	}
	for i := range m.p.Shifts {
		if away(&m.p.Shifts[i]) < away(near) {
			near = &m.p.Shifts[i]
		}
	}
	out := slices.Clone(kinds)
	for at := first; at+calendar.Clock(n/time.Minute) <= last; at += 30 {
		out = append(out, newMixKind("new", at, n, near.Breaks, near.Weekdays))
	}
	return out
}

// Tables shows the mix and the new lengths.
func (x *Ideal) Tables(lang output.Lang) []output.Table {
	t := output.Table{
		Name: "shifts", Title: lang.Pick("Ideal shifts, before people", "Ideale diensten, voor mensen"),
		Columns: []output.Column{
			{Name: "kind", Title: lang.Pick("Shift", "Dienst"), Kind: output.Text},
			{Name: "start", Title: lang.Pick("Start", "Begin"), Kind: output.Clock},
			{Name: "end", Title: lang.Pick("End", "Einde"), Kind: output.Text},
		},
		Notes: []string{fmt.Sprintf(lang.Pick("%.0f of %.0f agent-hours covered, %.0f over, %.0f paid; breaks count as thinner presence over their window",
			"%.0f van %.0f medewerkeruren gedekt, %.0f over, %.0f betaald; pauzes tellen als dunnere aanwezigheid over hun venster"),
			x.Demand-x.Short, x.Demand, x.Over, x.Paid)},
	}
	week := []time.Weekday{time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Friday, time.Saturday, time.Sunday}
	for _, d := range week {
		t.Columns = append(t.Columns, output.Column{Name: d.String()[:2], Title: lang.Weekday(d), Kind: output.Number, Digits: 1})
	}
	t.Columns = append(t.Columns, output.Column{Name: "total", Title: lang.Pick("Total", "Totaal"), Kind: output.Integer})
	for _, s := range x.Shifts {
		row := []any{s.Kind, s.Start, wrap(s.End)}
		for _, d := range week {
			row = append(row, s.PerWeekday[d])
		}
		t.Rows = append(t.Rows, append(row, s.Total))
	}
	n := output.Table{
		Name: "lengths", Title: lang.Pick("What a new length would save", "Wat een nieuwe duur zou schelen"),
		Columns: []output.Column{
			{Name: "length", Title: lang.Pick("Length", "Duur"), Kind: output.Text},
			{Name: "saves", Title: lang.Pick("Saves (points)", "Scheelt (punten)"), Kind: output.Number, Digits: 0},
			{Name: "saves_pct", Title: lang.Pick("of the cost", "van de kosten"), Kind: output.Percent, Digits: 1},
			{Name: "short_hours", Title: lang.Pick("Hours short", "Uren tekort"), Kind: output.Number, Digits: 1},
			{Name: "surplus_hours", Title: lang.Pick("Hours over", "Uren over"), Kind: output.Number, Digits: 1},
			{Name: "people_per_week", Title: lang.Pick("Shifts a week", "Diensten per week"), Kind: output.Integer},
		},
		Notes: []string{fmt.Sprintf(lang.Pick("against the ideal of the catalogue: %.0f points, %.1f hours short, %.1f over", "tegenover het ideaal van de catalogus: %.0f punten, %.1f uur tekort, %.1f over"), x.Cost, x.Short, x.Over)},
	}
	for _, l := range x.Lengths {
		n.Rows = append(n.Rows, []any{calendar.FormatDuration(l.Length), l.Saves, l.Saves / x.Cost, l.Short, l.Over, l.Used})
	}
	return []output.Table{t, n}
}

func wrap(c calendar.Clock) string {
	if c > calendar.Midnight {
		c -= calendar.Midnight
	}
	return c.String()
}
