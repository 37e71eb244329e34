package flow

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"kcc/erlang"
	"kcc/internal/accuracy"
	"kcc/internal/calendar"
	"kcc/internal/centre"
	"kcc/internal/output"
	"kcc/roster"
)

// ActionKind is a kind of thing that can still be done today.
type ActionKind string

// The kinds of actions.
const (
	MoveBreaks ActionKind = "move breaks"
	MoveWork   ActionKind = "move e-mail work"
	Overtime   ActionKind = "overtime"
	CallIn     ActionKind = "call in"
	GoHome     ActionKind = "go home"
	Flexible   ActionKind = "flexible layer"
)

// label returns the kind in the language of the work floor.
func (k ActionKind) label(lang output.Lang) string {
	if lang != output.Dutch {
		return string(k)
	}
	return map[ActionKind]string{
		MoveBreaks: "pauzes verschuiven", MoveWork: "e-mailwerk verschuiven", Overtime: "overwerk", CallIn: "oproepen", GoHome: "naar huis", Flexible: "flexibele schil",
	}[k]
}

// Action is one thing that can be done, with what it does.
type Action struct {
	Kind     ActionKind
	Agents   []string
	Skill    string
	From, To time.Time
	Hours    float64 // of work more (or, going home, less); moved hours of work
	Saves    float64 // points of expected cost, the price of the action taken off
	Service  []Service
	Text     roster.Sentence
	Moves    []roster.MovedBreak
}

// Premiums in points per hour, on top of the wage of 4 points an hour that the
// cost curves hold: half the wage for overtime, a quarter for a call-in, the
// whole wage again for hired people.
const (
	overtimePremium = 2.0
	callInPremium   = 1.0
	flexiblePremium = 4.0
	perKind         = 3 // actions shown of a kind
	callInNotice    = time.Hour
	mostOvertime    = 2 * time.Hour
	leastFlexible   = 3 * time.Hour
	workingDay      = 8 * time.Hour
)

// Actions lists what can be done in the rest of the day, the most useful first,
// each on its own, with the service level that it would give.
func (t *Today) Actions(ctx context.Context) ([]Action, error) {
	var out []Action
	for _, f := range []func(context.Context) ([]Action, error){t.moveBreaks, t.moveWork, t.overtime, t.callIn, t.goHome, t.flexible} {
		list, err := f(ctx)
		if err != nil {
			return out, err
		}
		out = append(out, list...)
	}
	slices.SortStableFunc(out, func(a, b Action) int { return cmp.Compare(b.Saves, a.Saves) })
	return out, nil
}

// costOfCover is the part of the cost that customers feel, wage included.
func costOfCover(res *roster.Result) float64 { return res.Cost.Missing + res.Cost.Surplus }

// judge measures a changed roster.
func (t *Today) judge(ctx context.Context, a *Action, p *roster.Problem, r roster.Roster, premium float64) error {
	res, err := roster.Measure(p, r)
	if err != nil {
		return err
	}
	a.Saves = costOfCover(t.Result) - costOfCover(res) - premium*math.Max(0, a.Hours)
	a.Service, err = t.expect(ctx, t.reqs, res)
	return err
}

// bothWays says a sentence with numbers in both languages.
func bothWays(english, dutch string, digits int, numbers ...float64) roster.Sentence {
	say := func(l output.Lang, format string) string {
		var args []any
		for _, x := range numbers {
			args = append(args, l.Number(x, digits))
		}
		return fmt.Sprintf(format, args...)
	}
	return roster.Sentence{English: say(output.English, english), Dutch: say(output.Dutch, dutch)}
}

func (t *Today) moveBreaks(ctx context.Context) ([]Action, error) {
	m, err := roster.MoveBreaks(ctx, &t.Problem, t.Roster, roster.MoveOptions{Date: t.Date, From: t.From})
	if err != nil || len(m.Moves) == 0 || m.Saves <= 0 {
		return nil, err
	}
	a := Action{Kind: MoveBreaks, From: t.From, To: t.Date.Add(1).Start(t.Problem.Zone), Moves: m.Moves}
	seen := map[string]bool{}
	for _, b := range m.Moves {
		if !seen[b.Agent] {
			seen[b.Agent] = true
			a.Agents = append(a.Agents, b.Agent)
		}
	}
	a.Text = bothWays("%s breaks of %s agents", "%s pauzes van %s medewerkers", 0, float64(len(m.Moves)), float64(len(a.Agents)))
	if err := t.judge(ctx, &a, &t.Problem, m.Roster, 0); err != nil {
		return nil, err
	}
	return []Action{a}, nil
}

// values returns what one agent more and one agent less of a skill costs in each
// slot of the rest of the day.
func (t *Today) values() (more, less map[string]map[int]float64) {
	more, less = map[string]map[int]float64{}, map[string]map[int]float64{}
	present := map[string]map[int]float64{}
	end := t.Date.Add(1).Start(t.Problem.Zone)
	for _, c := range t.Result.Coverage {
		if c.Start.Before(end) {
			if present[c.Skill] == nil {
				present[c.Skill] = map[int]float64{}
			}
			present[c.Skill][t.Problem.SlotOf(c.Start)] = c.Present
		}
	}
	for i := range t.Problem.Demand {
		d := &t.Problem.Demand[i]
		if !t.Problem.SlotStart(d.Slot).Before(end) {
			continue
		}
		if more[d.Skill] == nil {
			more[d.Skill], less[d.Skill] = map[int]float64{}, map[int]float64{}
		}
		z := present[d.Skill][d.Slot]
		more[d.Skill][d.Slot] = d.Cost(z+1) - d.Cost(z)
		less[d.Skill][d.Slot] = d.Cost(math.Max(0, z-1)) - d.Cost(z)
	}
	return more, less
}

// stretch is a candidate for staying longer or leaving earlier.
type stretch struct {
	at       int // index in the roster
	from, to time.Time
	gain     float64
}

// overtime lets somebody stay up to two hours longer where that is worth most.
func (t *Today) overtime(ctx context.Context) ([]Action, error) {
	more, _ := t.values()
	var list []stretch
	for i, a := range t.Roster.Assignments {
		if a.Date != t.Date || a.End.Before(t.From) {
			continue
		}
		ag := t.agent(a.Agent)
		best := stretch{at: i, from: a.End}
		sum := 0.0
		for at := a.End; at.Before(a.End.Add(mostOvertime)); at = at.Add(t.Problem.Step) {
			worth := 0.0
			for _, s := range ag.Skills {
				worth = math.Min(worth, more[s.Name][t.Problem.SlotOf(at)]*ag.Efficiency(s.Name))
			}
			sum += -worth - overtimePremium*t.Problem.Step.Hours()
			if sum > best.gain {
				best.gain, best.to = sum, at.Add(t.Problem.Step)
			}
		}
		if best.gain > 0 {
			list = append(list, best)
		}
	}
	return t.longest(ctx, list, func(s stretch, a roster.Assignment) (Action, roster.Assignment) {
		a.End = s.to
		a.Shift = ""
		return Action{Kind: Overtime, Agents: []string{a.Agent}, From: s.from, To: s.to, Hours: s.to.Sub(s.from).Hours()}, a
	}, overtimePremium)
}

// goHome lets somebody leave earlier where nobody is missed.
func (t *Today) goHome(ctx context.Context) ([]Action, error) {
	_, less := t.values()
	var list []stretch
	for i, a := range t.Roster.Assignments {
		if a.Date != t.Date || !a.End.After(t.From.Add(time.Hour)) || a.Start.After(t.From) {
			continue
		}
		best := stretch{at: i, to: a.End}
		sum := 0.0
		for at := a.End.Add(-t.Problem.Step); !at.Before(t.From); at = at.Add(-t.Problem.Step) {
			if skill := servesAt(a, at); skill != "" {
				sum -= less[skill][t.Problem.SlotOf(at)]
			}
			if sum > best.gain && a.End.Sub(at) >= time.Hour {
				best.gain, best.from = sum, at
			}
		}
		if best.gain > 0 {
			list = append(list, best)
		}
	}
	return t.longest(ctx, list, func(s stretch, a roster.Assignment) (Action, roster.Assignment) {
		a.End = s.from
		a.Shift = ""
		a.Breaks = slices.DeleteFunc(slices.Clone(a.Breaks), func(b roster.Break) bool { return b.Start.Add(b.Length).After(s.from) })
		a.Plan = slices.DeleteFunc(slices.Clone(a.Plan), func(x roster.SkillSpan) bool { return !x.Start.Before(s.from) })
		return Action{Kind: GoHome, Agents: []string{a.Agent}, From: s.from, To: s.to, Hours: -s.to.Sub(s.from).Hours()}, a
	}, 0)
}

// longest judges the best few candidates that break no rule.
func (t *Today) longest(ctx context.Context, list []stretch, change func(stretch, roster.Assignment) (Action, roster.Assignment), premium float64) ([]Action, error) {
	slices.SortStableFunc(list, func(a, b stretch) int { return cmp.Compare(b.gain, a.gain) })
	var out []Action
	for _, s := range list {
		if len(out) == perKind || ctx.Err() != nil {
			break
		}
		act, a := change(s, t.Roster.Assignments[s.at])
		r := roster.Roster{Assignments: slices.Clone(t.Roster.Assignments)}
		r.Assignments[s.at] = a
		if t.locked(a.Agent) || len(roster.Adds(&t.Problem, a.Agent, t.Roster, r)) > 0 || len(roster.AddsPresence(&t.Problem, t.Roster, r)) > 0 {
			continue
		}
		if err := t.judge(ctx, &act, &t.Problem, r, premium); err != nil {
			return out, err
		}
		if act.Saves > 0 {
			out = append(out, act)
		}
	}
	return out, ctx.Err()
}

func (t *Today) locked(agent string) bool {
	return slices.ContainsFunc(t.Problem.Locked, func(c roster.Cell) bool { return c.Agent == agent && c.Date == t.Date })
}

func (t *Today) agent(id string) *roster.Agent {
	for i := range t.Problem.Agents {
		if t.Problem.Agents[i].ID == id {
			return &t.Problem.Agents[i]
		}
	}
	return &roster.Agent{}
}

// servesAt returns the skill that a shift serves at an instant, "" in a break.
func servesAt(a roster.Assignment, at time.Time) string {
	for _, b := range a.Breaks {
		if !at.Before(b.Start) && at.Before(b.Start.Add(b.Length)) {
			return ""
		}
	}
	skill := ""
	for _, s := range a.Plan {
		if !s.Start.After(at) {
			skill = s.Skill
		}
	}
	return skill
}

// callIn asks somebody who is free today.
func (t *Today) callIn(ctx context.Context) ([]Action, error) {
	w, ok := t.worst()
	soonest := t.From.Add(callInNotice)
	if !ok || !w.To.After(soonest) {
		return nil, nil
	}
	gap := roster.Gap{From: latest(w.From, soonest), To: w.To, Skill: w.Skill}
	list, err := roster.Suggest(ctx, &t.Problem, t.Roster, gap, perKind*4)
	if err != nil {
		return nil, err
	}
	var out []Action
	for _, c := range list {
		if c.Before != nil || c.After.Start.Before(soonest) || len(out) == perKind || c.Saves <= 0 {
			continue
		}
		a := Action{Kind: CallIn, Agents: []string{c.Agent}, Skill: w.Skill, From: c.After.Start, To: c.After.End, Hours: c.After.Paid().Hours()}
		r := roster.Roster{Assignments: append(slices.Clone(t.Roster.Assignments), c.After)}
		if err := t.judge(ctx, &a, &t.Problem, r, callInPremium); err != nil {
			return out, err
		}
		if a.Saves > 0 {
			out = append(out, a)
		}
	}
	return out, nil
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// moveWork takes deferrable work out of the intervals in which customers wait
// too long: to quiet intervals later today, the rest to tomorrow. Only work whose
// promise leaves at least a working day is moved.
func (t *Today) moveWork(ctx context.Context) ([]Action, error) {
	short := map[int64]float64{} // agents missing where customers wait, by slot
	for _, c := range t.Result.Coverage {
		if gap := c.Need - c.Present; gap > leastGap && t.waiting(c.Skill) {
			short[c.Start.Unix()] += gap
		}
	}
	var kept []erlang.Requirement
	var names []string
	moved := 0.0
	a := Action{Kind: MoveWork}
	freed := map[int64]int{} // agents that other channels have freed already
	for _, r := range t.reqs {
		gap := 0.0
		for at := r.Start; at.Before(r.Start.Add(r.Step)); at = at.Add(t.Problem.Step) {
			gap = math.Max(gap, short[at.Unix()])
		}
		ch, ok := t.centre.Channel(r.Channel)
		agents := int(math.Ceil(gap)) - freed[r.Start.Unix()]
		if !ok || ch.Kind != centre.Deferrable || agents <= 0 || !t.canWait(ch) || r.RosteredFractional <= 0 {
			kept = append(kept, r)
			continue
		}
		less := math.Min(float64(agents), r.RosteredFractional)
		moved += less * r.Step.Hours()
		freed[r.Start.Unix()] += int(math.Ceil(less))
		if r.RosteredFractional > float64(agents) {
			r.RosteredFractional -= float64(agents)
			r.Fractional = math.Max(0, r.Fractional-float64(agents))
			r.Rostered -= agents
			r.Base -= agents
			kept = append(kept, r)
		}
		if !slices.Contains(names, ch.Name) {
			names = append(names, ch.Name)
		}
		if a.From.IsZero() || r.Start.Before(a.From) {
			a.From = r.Start
		}
		a.To = latest(a.To, r.Start.Add(r.Step))
		a.Skill = r.Skill
	}
	if moved == 0 {
		return nil, nil
	}
	q := t.Problem
	was := t.Problem.Demand
	t.setDemand(kept)
	q.Demand = t.Problem.Demand
	t.Problem.Demand = was
	res, err := roster.Measure(&q, t.Roster)
	if err != nil {
		return nil, err
	}
	spare := 0.0
	for _, x := range shortagesOf(res, a.From, t.Date.Add(1).Start(t.Problem.Zone)) {
		spare += x.Spare
	}
	a.Hours = moved
	of := strings.ReplaceAll(strings.Join(names, ", "), "%", "%%")
	a.Text = bothWays("%s h of "+of+"; %s h fit into quiet intervals later today, %s h go to tomorrow",
		"%s u "+of+"; %s u passen in rustige intervallen later vandaag, %s u gaan naar morgen", 1, moved, math.Min(moved, spare), math.Max(0, moved-spare))
	// What is moved is still to be done: it costs its wage later.
	a.Saves = waitCost(t, t.Result) - waitCost(t, res)
	if a.Service, err = t.expect(ctx, t.reqs, res); err != nil || a.Saves <= 0 {
		return nil, err
	}
	return []Action{a}, nil
}

// waitCost is the cost of coverage of the skills that serve waiting customers.
func waitCost(t *Today, res *roster.Result) float64 {
	sum := 0.0
	present := map[string]map[int]float64{}
	for _, c := range res.Coverage {
		if present[c.Skill] == nil {
			present[c.Skill] = map[int]float64{}
		}
		present[c.Skill][t.Problem.SlotOf(c.Start)] = c.Present
	}
	end := t.Date.Add(1).Start(t.Problem.Zone)
	for i := range t.Problem.Demand {
		d := &t.Problem.Demand[i]
		if t.waiting(d.Skill) && t.Problem.SlotStart(d.Slot).Before(end) {
			sum += d.Cost(present[d.Skill][d.Slot])
		}
	}
	return sum
}

// waiting reports whether customers wait for a skill.
func (t *Today) waiting(skill string) bool {
	return slices.ContainsFunc(t.centre.Channels, func(ch centre.Channel) bool {
		return skillOf(ch) == skill && (ch.Kind == centre.Realtime || ch.Kind == centre.Chat)
	})
}

// canWait reports whether the promise of a channel leaves a working day.
func (t *Today) canWait(ch centre.Channel) bool {
	if !ch.HasPromise {
		return false
	}
	switch ch.Promise.Unit {
	case calendar.Elapsed, calendar.BusinessTime:
		return ch.Promise.Duration >= workingDay
	}
	return true
}

// flexible hires people for the worst stretch, of at least three hours.
func (t *Today) flexible(ctx context.Context) ([]Action, error) {
	w, ok := t.worst()
	soonest := t.From.Add(callInNotice)
	if !ok || !w.To.After(soonest) {
		return nil, nil
	}
	from, to := latest(w.From, soonest), w.To
	if d := leastFlexible - to.Sub(from); d > 0 {
		to = to.Add(d)
	}
	var out []Action
	for n := 1; n <= perKind; n++ {
		q := t.Problem
		q.Agents, q.Locked = slices.Clone(q.Agents), nil
		r := roster.Roster{Assignments: slices.Clone(t.Roster.Assignments)}
		for i := range n {
			id := fmt.Sprintf("flexible %d", i+1)
			q.Agents = append(q.Agents, roster.Agent{ID: id, Skills: []roster.Skill{{Name: w.Skill, Efficiency: 1}}, RuleSet: "none"})
			r.Assignments = append(r.Assignments, roster.Assignment{Agent: id, Date: t.Date, Start: from, End: to})
		}
		a := Action{Kind: Flexible, Skill: w.Skill, From: from, To: to, Hours: float64(n) * to.Sub(from).Hours(), Text: roster.Sentence{English: fmt.Sprintf("%d for %s", n, w.Skill), Dutch: fmt.Sprintf("%d voor %s", n, w.Skill)}}
		if err := t.judge(ctx, &a, &q, r, flexiblePremium); err != nil {
			return out, err
		}
		if a.Saves <= 0 || len(out) > 0 && a.Saves < out[len(out)-1].Saves {
			break
		}
		out = append(out, a)
	}
	if len(out) > 1 {
		out = out[len(out)-1:] // the best number of people
	}
	return out, nil
}

// ActionTable shows the actions with the service level of the rest of the day.
func (t *Today) ActionTable(lang output.Lang, actions []Action) output.Table {
	tab := output.Table{
		Name: "actions", Title: lang.Pick("What can be done, each on its own", "Wat er gedaan kan worden, elk apart"),
		Columns: []output.Column{
			{Name: "rank", Title: lang.Pick("Rank", "Nr"), Kind: output.Integer},
			{Name: "action", Title: lang.Pick("Action", "Actie"), Kind: output.Text},
			{Name: "agents", Title: lang.Pick("Who", "Wie"), Kind: output.Text},
			{Name: "from", Title: lang.Pick("From", "Van"), Kind: output.Text},
			{Name: "to", Title: lang.Pick("To", "Tot"), Kind: output.Text},
			{Name: "hours", Title: lang.Pick("Hours", "Uren"), Kind: output.Number, Digits: 1},
			{Name: "saves", Title: lang.Pick("Saves", "Levert op"), Kind: output.Number, Digits: 1},
		},
		Notes: []string{
			lang.Pick("saves: points of expected cost in the rest of the day, the price of the action taken off (10 points: an agent missing for a quarter)",
				"levert op: punten verwachte kosten in de rest van de dag, na aftrek van de prijs van de actie (10 punten: een medewerker te weinig gedurende een kwartier)"),

			lang.Pick("service level: simulated for the rest of the day", "servicelevel: gesimuleerd voor de rest van de dag"),
		},
		Keys: 2,
	}
	for _, ch := range t.Channels {
		tab.Columns = append(tab.Columns, output.Column{Name: "service_level_" + ch, Title: ch, Kind: output.Percent, Digits: 1})
	}
	tab.Columns = append(tab.Columns, output.Column{Name: "detail", Title: lang.Pick("Detail", "Toelichting"), Kind: output.Text})
	levels := func(list []Service) (out []any) {
		for _, ch := range t.Channels {
			x := math.NaN()
			for _, s := range list {
				if s.Channel == ch {
					x = s.Level
				}
			}
			out = append(out, x)
		}
		return out
	}
	row := []any{0, lang.Pick("as it is", "zoals het is"), "", clockText(t.From, t.Problem.Zone), "", nil, nil}
	tab.Rows = append(tab.Rows, append(append(row, levels(t.Service)...), ""))
	for i, a := range actions {
		who := strings.Join(a.Agents, " ")
		if len(a.Agents) > perKind {
			who = fmt.Sprintf(lang.Pick("%d agents", "%d medewerkers"), len(a.Agents))
		}
		row := []any{i + 1, a.Kind.label(lang), who, clockText(a.From, t.Problem.Zone), clockText(a.To, t.Problem.Zone), a.Hours, a.Saves}
		tab.Rows = append(tab.Rows, append(append(row, levels(a.Service)...), lang.Pick(a.Text.English, a.Text.Dutch)))
	}
	return tab
}

func clockText(at time.Time, zone *time.Location) string {
	if at.IsZero() {
		return ""
	}
	return at.In(zone).Format("15:04")
}

// UpdateTable shows what the actuals of today say.
func (t *Today) UpdateTable(lang output.Lang) output.Table {
	tab := output.Table{
		Name: "update", Title: lang.Pick("Today so far", "Vandaag tot nu toe"),
		Columns: []output.Column{
			{Name: "channel", Title: label(lang, "channel"), Kind: output.Text},
			{Name: "observed", Title: lang.Pick("So far", "Tot nu toe"), Kind: output.Number},
			{Name: "expected", Title: lang.Pick("Forecast", "Verwacht"), Kind: output.Number},
			{Name: "factor", Title: lang.Pick("Rest of day x", "Rest van de dag x"), Kind: output.Number, Digits: 2},
			{Name: "rest", Title: lang.Pick("To come", "Nog te komen"), Kind: output.Number},
			{Name: "reason", Title: lang.Pick("Why", "Waarom"), Kind: output.Text},
		},
	}
	for _, u := range t.Updates {
		tab.Rows = append(tab.Rows, []any{u.Channel, u.Observed, u.Expected, u.Factor, u.Rest, accuracy.Say(lang, u.Reason)})
	}
	return tab
}

// ShortageTable shows what is missing in the rest of the day.
func (t *Today) ShortageTable(lang output.Lang) output.Table {
	tab := output.Table{
		Name: "shortage", Title: lang.Pick("Rest of the day", "Rest van de dag"),
		Columns: []output.Column{
			{Name: "skill", Title: label(lang, "skill"), Kind: output.Text},
			{Name: "short_hours", Title: lang.Pick("Hours short", "Uren tekort"), Kind: output.Number, Digits: 1},
			{Name: "spare_hours", Title: lang.Pick("Hours spare", "Uren over"), Kind: output.Number, Digits: 1},
			{Name: "worst_from", Title: lang.Pick("Worst from", "Ergst van"), Kind: output.Text},
			{Name: "worst_to", Title: lang.Pick("Worst to", "Ergst tot"), Kind: output.Text},
			{Name: "worst_agents", Title: lang.Pick("Agents missing", "Medewerkers te weinig"), Kind: output.Number, Digits: 1},
		},
	}
	for _, x := range t.Shortages() {
		tab.Rows = append(tab.Rows, []any{x.Skill, x.Short, x.Spare, clockText(x.From, t.Problem.Zone), clockText(x.To, t.Problem.Zone), x.Worst})
	}
	return tab
}
