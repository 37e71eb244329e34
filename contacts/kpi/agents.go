package kpi

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"maps"
	"math"
	"slices"
	"time"

	"kcc/contacts/estimate"
	"kcc/internal/output"
)

// Shift is when an agent was to work on contacts by the roster: breaks are gaps
// between shifts.
type Shift struct {
	Agent    string // by the name that states have
	From, To time.Time
}

// stateTime is the time of one agent or team by what states count as, in hours.
type stateTime struct {
	busy, waiting, planned, unplanned, unknown float64
	due, kept, worked                          float64 // rostered work, of it at work; at work in all
}

func (s *stateTime) add(o *stateTime) {
	s.busy += o.busy
	s.waiting += o.waiting
	s.planned += o.planned
	s.unplanned += o.unplanned
	s.unknown += o.unknown
	s.due += o.due
	s.kept += o.kept
	s.worked += o.worked
}

func (s *stateTime) paid() float64      { return s.busy + s.waiting + s.planned + s.unplanned }
func (s *stateTime) occupancy() float64 { return ratio(s.busy, s.busy+s.waiting) }
func (s *stateTime) shrinkage() float64 { return ratio(s.planned+s.unplanned, s.paid()) }
func (s *stateTime) adherence() float64 { return ratio(s.kept, s.due) }
func (s *stateTime) conformance() float64 {
	if s.due == 0 {
		return math.NaN()
	}
	return s.worked / s.due
}

// AgentState is a stretch in which an agent was in one state.
type AgentState struct {
	Agent    string
	From, To time.Time
	State    string
}

// stateTimes adds up states per agent, with how far they kept to the roster.
func stateTimes(states []AgentState, shifts []Shift) map[string]*stateTime {
	out := map[string]*stateTime{}
	of := func(agent string) *stateTime {
		if out[agent] == nil {
			out[agent] = &stateTime{}
		}
		return out[agent]
	}
	work := map[string][]stretch{}
	for i := range states {
		s := &states[i]
		t, h := of(s.Agent), s.To.Sub(s.From).Hours()
		switch estimate.UseOf(s.State) {
		case estimate.Busy:
			t.busy += h
		case estimate.Waiting:
			t.waiting += h
		case estimate.Planned:
			t.planned += h
			continue
		case estimate.Unplanned:
			t.unplanned += h
			continue
		case estimate.UnknownUse:
			t.unknown += h
			continue
		default:
			continue
		}
		t.worked += h
		work[s.Agent] = append(work[s.Agent], stretch{s.From, s.To})
	}
	for agent := range work {
		slices.SortFunc(work[agent], func(a, b stretch) int { return a.from.Compare(b.from) })
	}
	for _, sh := range shifts {
		if out[sh.Agent] == nil {
			continue // no states of this agent at all: nothing to judge
		}
		t := of(sh.Agent)
		t.due += sh.To.Sub(sh.From).Hours()
		list := work[sh.Agent]
		i, _ := slices.BinarySearchFunc(list, sh.From, func(s stretch, at time.Time) int {
			if !s.to.After(at) {
				return -1
			}
			return 1
		})
		for ; i < len(list) && list[i].from.Before(sh.To); i++ {
			a, b := list[i].from, list[i].to
			if a.Before(sh.From) {
				a = sh.From
			}
			if b.After(sh.To) {
				b = sh.To
			}
			t.kept += b.Sub(a).Hours()
		}
	}
	return out
}

// AgentReport makes the report on teams, or with named on each agent. shifts are
// those of the published rosters, nil when there are none.
func AgentReport(ctx context.Context, db *sql.DB, set *Settings, q Query, v View, shifts []Shift, named bool) (*Report, error) {
	key := ByTeam
	if named {
		key = ByAgent
	}
	if len(q.By) > 0 || q.Every != Whole {
		return nil, fmt.Errorf("%w: the report on agents has no other keys", ErrKeys)
	}
	q.By = []Key{key}
	if err := checkKeys(q); err != nil {
		return nil, err
	}
	f, err := Load(ctx, db, set, q)
	if err != nil {
		return nil, err
	}
	f.hide(v.MinCell, v.Lang)
	loc := set.zone()
	states, err := readStates(ctx, db, set, q.From.Start(loc), q.To.Add(1).Start(loc), v.Now)
	if err != nil {
		return nil, err
	}
	team := func(agent string) string {
		if set.TeamOf == nil {
			return ""
		}
		return set.TeamOf(agent)
	}
	times := map[string]*stateTime{}
	total := &stateTime{}
	for agent, t := range stateTimes(states, shifts) {
		name := agent
		if !named {
			name = team(agent)
		}
		if times[name] == nil {
			times[name] = &stateTime{}
		}
		times[name].add(t)
		total.add(t)
	}
	l := v.Lang
	r := &Report{Name: "agent", Title: l.Pick("Teams", "Teams") + ", " + q.Period.Span(l), Facts: facts(f, set, &v)}
	if named {
		r.Title = l.Pick("Agents", "Medewerkers") + ", " + q.Period.Span(l)
	}
	figs := Pick(allFigures(set), "contacts", "answered", "aht_s", "talk_s", "acw_s", "fcr_agent", "fcr", "transfer_rate", "csat")
	sums := map[string]*Sums{}
	var names []string
	for i := range f.Groups {
		n := f.Groups[i].Values[0]
		sums[n] = &f.Groups[i].Sums
		names = append(names, n)
	}
	for _, n := range slices.Sorted(maps.Keys(times)) {
		if sums[n] == nil {
			sums[n] = &Sums{}
			names = append(names, n)
		}
	}
	slices.SortStableFunc(names, func(a, b string) int {
		if (a == "") != (b == "") {
			return cmp.Compare(b, a)
		}
		return cmp.Compare(a, b)
	})
	percent := func(name, en, nl string) output.Column {
		return output.Column{Name: name, Title: l.Pick(en, nl), Kind: output.Percent, Digits: 1}
	}
	t := output.Table{Name: "agent", Sheet: r.Title[:min(len(r.Title), 31)], Title: r.Title}
	t.Columns = append(t.Columns, output.Column{Name: string(key), Title: l.Pick(keyTitles[key][0], keyTitles[key][1])})
	if named {
		t.Columns = append(t.Columns, output.Column{Name: "team", Title: "Team"})
	}
	for i := range figs {
		t.Columns = append(t.Columns, figs[i].column(l))
	}
	t.Columns = append(t.Columns, output.Column{Name: "paid_hours", Title: l.Pick("Paid hours", "Betaalde uren"), Kind: output.Number, Digits: 1},
		percent("occupancy", "Occupancy", "Bezettingsgraad"), percent("shrinkage", "Shrinkage", "Uitval"), percent("adherence", "Adherence", "Roostertrouw"), percent("conformance", "Conformance", "Gewerkt t.o.v. rooster"))
	row := func(name string, s *Sums, st *stateTime, people bool) []any {
		out := []any{name}
		if people {
			out[0] = v.title(key, name)
		}
		if named {
			out = append(out, team(name))
		}
		for i := range figs {
			out = append(out, figs[i].cell(figs[i].Value(s)))
		}
		if st == nil {
			return append(out, nil, nil, nil, nil, nil)
		}
		return append(out, st.paid(), nanNil(st.occupancy()), nanNil(st.shrinkage()), nanNil(st.adherence()), nanNil(st.conformance()))
	}
	data := t
	for _, n := range names {
		t.Rows = append(t.Rows, row(n, sums[n], times[n], true))
		data.Rows = append(data.Rows, row(n, sums[n], times[n], false))
	}
	if len(names) > 1 {
		t.Total = row("", &f.Total, total, true)
		t.Total[0] = l.Pick("Total", "Totaal")
		if named {
			t.Total[1] = ""
		}
	}
	r.Define = append(defined(shown(figs, f), l, set),
		Defined{"paid_hours", l.Pick("Paid hours", "Betaalde uren"), l.Pick("time in states that are paid: on contacts, ready, breaks, meetings, leave, sickness", "tijd in betaalde standen: op contacten, gereed, pauze, overleg, verlof, ziekte")},
		Defined{"occupancy", l.Pick("Occupancy", "Bezettingsgraad"), l.Pick("(talk + hold + after-contact work) / (that + ready)", "(gesprek + in de wacht + nawerk) / (dat + gereed)")},
		Defined{"shrinkage", l.Pick("Shrinkage", "Uitval"), l.Pick("1 - time on contacts or ready / paid time", "1 - tijd op contacten of gereed / betaalde tijd")},
		Defined{"adherence", l.Pick("Adherence", "Roostertrouw"), l.Pick("rostered working time in which the agent was on contacts or ready / rostered working time", "ingeroosterde werktijd waarin de medewerker op contacten of gereed was / ingeroosterde werktijd")},
		Defined{"conformance", l.Pick("Conformance", "Gewerkt t.o.v. rooster"), l.Pick("time on contacts or ready / rostered working time", "tijd op contacten of gereed / ingeroosterde werktijd")},
	)
	if f.Total[Contacts] == 0 {
		r.Notes = append(r.Notes, l.Pick("No contact in this period names its agent (import with --keep-agents).", "Geen contact in deze periode noemt zijn medewerker (importeer met --keep-agents)."))
	}
	switch {
	case len(states) == 0:
		r.Notes = append(r.Notes, l.Pick("The store has no agent states of this period: no occupancy, shrinkage or adherence.", "De store heeft geen standen van medewerkers in deze periode: geen bezettingsgraad, uitval of roostertrouw."))
	case total.due == 0:
		r.Notes = append(r.Notes, l.Pick("No roster is published for these days and agents: no adherence.", "Voor deze dagen en medewerkers is geen rooster gepubliceerd: geen roostertrouw."))
	}
	if total.unknown > 0 {
		r.Notes = append(r.Notes, fmt.Sprintf(l.Pick("%s hours in states that say nothing of their reason are left out.", "%s uur in standen die niets over de reden zeggen is weggelaten."), l.Number(total.unknown, 1)))
	}
	t.Notes = notes(l, r.Define, r.Notes)
	r.Tables, r.Data = []output.Table{t}, []output.Table{data}
	return r, nil
}

// WorkedHours returns the hours of agents on contacts or ready for them per
// bucket of the query, by its start in UTC seconds; has tells whether the store
// has states of the period at all.
func WorkedHours(ctx context.Context, db *sql.DB, set *Settings, q Query, now time.Time) (hours map[int64]float64, has bool, err error) {
	loc := set.zone()
	states, err := readStates(ctx, db, set, q.From.Start(loc), q.To.Add(1).Start(loc), now)
	if err != nil {
		return nil, false, err
	}
	const grid = 5 * time.Minute // no bucket is shorter or starts between
	hours = map[int64]float64{}
	for i := range states {
		s := &states[i]
		if u := estimate.UseOf(s.State); u != estimate.Busy && u != estimate.Waiting {
			continue
		}
		for t := s.From; t.Before(s.To); {
			next := t.Truncate(grid).Add(grid)
			if next.After(s.To) {
				next = s.To
			}
			at := t
			if q.Every == Interval {
				at = t.Truncate(quarter * time.Second)
			}
			hours[q.Every.Start(at).Unix()] += next.Sub(t).Hours()
			t = next
		}
	}
	return hours, len(states) > 0, nil
}
