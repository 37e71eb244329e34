package flow

import (
	"context"
	"database/sql"
	"slices"
	"strings"
	"time"

	"kcc/contacts/kpi"
	"kcc/internal/output"
	"kcc/internal/planstore"
	"kcc/roster"
)

// piece is a stretch of rostered work on a skill, breaks taken out.
type piece struct {
	agent, skill string
	from, to     time.Time
}

// piecesOf cuts a shift at its breaks and changes of skill. A shift without a plan
// is for the first skill of its agent.
func piecesOf(a *roster.Assignment, first string) []piece {
	cuts := []time.Time{a.Start, a.End}
	for _, b := range a.Breaks {
		cuts = append(cuts, b.Start, b.Start.Add(b.Length))
	}
	for _, s := range a.Plan {
		cuts = append(cuts, s.Start)
	}
	slices.SortFunc(cuts, time.Time.Compare)
	var out []piece
	for i := 1; i < len(cuts); i++ {
		from, to := cuts[i-1], cuts[i]
		if !from.Before(to) || from.Before(a.Start) || to.After(a.End) || slices.ContainsFunc(a.Breaks, func(b roster.Break) bool {
			return !from.Before(b.Start) && from.Before(b.Start.Add(b.Length))
		}) {
			continue
		}
		skill := first
		for _, s := range a.Plan {
			if !s.Start.After(from) {
				skill = s.Skill
			}
		}
		if n := len(out); n > 0 && out[n-1].to.Equal(from) && out[n-1].skill == skill {
			out[n-1].to = to
			continue
		}
		out = append(out, piece{a.Agent, skill, from, to})
	}
	return out
}

// publishedPieces returns the rostered work of a period by the published rosters.
func publishedPieces(ctx context.Context, db *sql.DB, p kpi.Period, loc *time.Location) ([]piece, map[string]roster.Agent, error) {
	list, err := planstore.PublishedShifts(ctx, db, p.From.Add(-1), p.To, loc)
	if err != nil {
		return nil, nil, err
	}
	agents, err := planstore.LoadAgents(ctx, db)
	if err != nil {
		return nil, nil, err
	}
	byID := map[string]roster.Agent{}
	for _, a := range agents {
		byID[a.ID] = a
	}
	var out []piece
	for i := range list {
		first := ""
		if a := byID[list[i].Agent]; len(a.Skills) > 0 {
			first = a.Skills[0].Name
		}
		out = append(out, piecesOf(&list[i], first)...)
	}
	return out, byID, nil
}

// KPIShifts returns when agents were to work by the published rosters, under the
// names that telephony has for them.
func KPIShifts(ctx context.Context, db *sql.DB, p kpi.Period, loc *time.Location, now time.Time) ([]kpi.Shift, error) {
	list, agents, err := publishedPieces(ctx, db, p, loc)
	if err != nil {
		return nil, err
	}
	var out []kpi.Shift
	from, end := p.From.Start(loc), p.To.Add(1).Start(loc)
	if now.Before(end) {
		end = now
	}
	for _, x := range list {
		if x.from.Before(from) {
			x.from = from
		}
		if x.to.After(end) {
			x.to = end
		}
		if !x.from.Before(x.to) {
			continue
		}
		a := agents[x.agent]
		seen := map[string]bool{}
		for _, name := range []string{a.ACD, a.Name, x.agent} {
			if name != "" && !seen[name] {
				seen[name] = true
				out = append(out, kpi.Shift{Agent: name, From: x.from, To: x.to})
			}
		}
	}
	return out, nil
}

// staffed is what one bucket and skill needed, had on the roster and had at work.
type staffed struct {
	start                     time.Time
	skill                     string
	required, rostered, short float64 // agent-hours; short: needed and not rostered, interval by interval
}

// RosterReport compares what was needed, what was rostered and what was worked.
func RosterReport(ctx context.Context, db *sql.DB, set *kpi.Settings, q kpi.Query, v kpi.View) (*kpi.Report, error) {
	loc := set.Zone
	l := v.Lang
	pick := func(en, nl string) string {
		if l == output.Dutch {
			return nl
		}
		return en
	}
	if q.Every == kpi.Whole {
		q.Every = kpi.Day
	}
	from, end := q.From.Start(loc), q.To.Add(1).Start(loc)
	need, err := planstore.RecordRequirements(ctx, db, from, end, loc)
	if err != nil {
		return nil, err
	}
	pieces, _, err := publishedPieces(ctx, db, q.Period, loc)
	if err != nil {
		return nil, err
	}
	worked, hasStates, err := kpi.WorkedHours(ctx, db, set, q, v.Now)
	if err != nil {
		return nil, err
	}
	qs := q
	qs.By = nil
	f, err := kpi.Load(ctx, db, set, qs)
	if err != nil {
		return nil, err
	}
	type key struct {
		start int64
		skill string
	}
	cells := map[key]*staffed{}
	cell := func(t time.Time, skill string) *staffed {
		start := q.Every.Start(t)
		k := key{start.Unix(), skill}
		if cells[k] == nil {
			cells[k] = &staffed{start: start, skill: skill}
		}
		return cells[k]
	}
	// Rostered agent-hours per interval of the requirement, to see what is short.
	present := map[key]float64{}
	step := 15 * time.Minute
	if len(need) > 0 {
		step = need[0].Step
	}
	for _, p := range pieces {
		for t := p.from; t.Before(p.to); {
			slot := t.Truncate(step)
			next := slot.Add(step)
			if next.After(p.to) {
				next = p.to
			}
			if !t.Before(from) && t.Before(end) {
				cell(t, p.skill).rostered += next.Sub(t).Hours()
				present[key{slot.Unix(), p.skill}] += next.Sub(t).Hours()
			}
			t = next
		}
	}
	needed := map[key]float64{}
	var slots []key
	for _, n := range need {
		k := key{n.Start.Unix(), n.Skill}
		if _, ok := needed[k]; !ok {
			slots = append(slots, k)
		}
		needed[k] += float64(n.Agents) * n.Step.Hours()
	}
	for _, k := range slots {
		c := cell(time.Unix(k.start, 0).In(loc), k.skill)
		c.required += needed[k]
		c.short += max(0, needed[k]-present[k])
	}
	var list []*staffed
	for _, c := range cells {
		list = append(list, c)
	}
	slices.SortFunc(list, func(a, b *staffed) int {
		if c := a.start.Compare(b.start); c != 0 {
			return c
		}
		return strings.Compare(a.skill, b.skill)
	})
	r := &kpi.Report{Name: "roster", Title: pick("Plan against actual staffing, ", "Plan tegenover werkelijke bezetting, ") + q.Period.Span(l)}
	kind := output.Date
	if q.Every == kpi.Hour || q.Every == kpi.Interval {
		kind = output.DateTime
	}
	hours := func(name, en, nl string) output.Column {
		return output.Column{Name: name, Title: pick(en, nl), Kind: output.Number, Digits: 1}
	}
	t := output.Table{Name: "roster", Sheet: pick("Staffing", "Bezetting"), Title: r.Title, Columns: []output.Column{
		{Name: "start", Title: pick("Start", "Begin"), Kind: kind},
		hours("required_hours", "Required (h)", "Nodig (u)"), hours("rostered_hours", "Rostered (h)", "Ingeroosterd (u)"), hours("short_hours", "Short (h)", "Tekort (u)"),
		hours("worked_hours", "Worked (h)", "Gewerkt (u)"), hours("worked_less_rostered", "Worked - rostered", "Gewerkt - rooster"),
		{Name: "offered", Title: pick("Offered", "Aangeboden"), Kind: output.Number},
		{Name: "service_level", Title: pick("Service level", "Servicelevel"), Kind: output.Percent, Digits: 1},
	}}
	sl := kpi.Pick(kpi.Figures(set), "service_level")[0]
	byStart := map[int64]*kpi.Group{}
	for i := range f.Groups {
		byStart[f.Groups[i].Start.Unix()] = &f.Groups[i]
	}
	starts := map[int64]time.Time{}
	for _, c := range list {
		starts[c.start.Unix()] = c.start
	}
	for at := range worked {
		starts[at] = time.Unix(at, 0).In(loc)
	}
	// known leaves out what the store does not have at all: that is not nothing.
	known := func(x *staffed, worked float64) []any {
		out := make([]any, 5)
		if len(need) > 0 {
			out[0] = x.required
		}
		if len(pieces) > 0 {
			out[1] = x.rostered
		}
		if len(need) > 0 && len(pieces) > 0 {
			out[2] = x.short
		}
		if hasStates {
			out[3] = worked
		}
		if hasStates && len(pieces) > 0 {
			out[4] = worked - x.rostered
		}
		return out
	}
	sum := staffed{}
	workedSum := 0.0
	var came kpi.Sums // of the rows shown, so that the total is theirs
	for _, at := range slices.Sorted(keysOf(starts)) {
		x := staffed{start: starts[at]}
		for _, c := range list {
			if c.start.Unix() == at {
				x.required, x.rostered, x.short = x.required+c.required, x.rostered+c.rostered, x.short+c.short
			}
		}
		sum.required, sum.rostered, sum.short = sum.required+x.required, sum.rostered+x.rostered, sum.short+x.short
		var offered, level any
		workedSum += worked[at]
		if g := byStart[at]; g != nil {
			came.Add(&g.Sums)
			offered = g.Sums[kpi.Offered]
			if y := sl.Value(&g.Sums); y == y {
				level = y
			}
		}
		t.Rows = append(t.Rows, append(append([]any{starts[at]}, known(&x, worked[at])...), offered, level))
	}
	data := t
	if len(t.Rows) > 1 {
		t.Total = append(append([]any{pick("Total", "Totaal")}, known(&sum, workedSum)...), nil, nil)
		if known := slices.ContainsFunc(t.Rows, func(row []any) bool { return row[6] != nil }); known {
			t.Total[6] = came[kpi.Offered]
		}
		if y := sl.Value(&came); y == y {
			t.Total[7] = y
		}
	}
	skills := output.Table{Name: "skills", Sheet: pick("Skills", "Vaardigheden"), Title: pick("By skill", "Per vaardigheid"), Keys: 2, Columns: []output.Column{
		{Name: "start", Title: pick("Start", "Begin"), Kind: kind},
		{Name: "skill", Title: pick("Skill", "Vaardigheid")},
		hours("required_hours", "Required (h)", "Nodig (u)"), hours("rostered_hours", "Rostered (h)", "Ingeroosterd (u)"), hours("short_hours", "Short (h)", "Tekort (u)"),
	}}
	for _, c := range list {
		skills.Rows = append(skills.Rows, []any{c.start, c.skill, c.required, c.rostered, c.short})
	}
	r.Define = []kpi.Defined{
		{Key: "required", Title: pick("Required", "Nodig"), Text: pick("agent-hours of the newest requirement (kcc staff), without shrinkage", "medewerkeruren van de nieuwste behoefte (kcc staff), zonder uitval")},
		{Key: "rostered", Title: pick("Rostered", "Ingeroosterd"), Text: pick("hours of the published roster without breaks", "uren van het gepubliceerde rooster zonder pauzes")},
		{Key: "short", Title: pick("Short", "Tekort"), Text: pick("required less rostered, over the intervals in which that is more than 0", "nodig min ingeroosterd, over de intervallen waarin dat meer dan 0 is")},
		{Key: "worked", Title: pick("Worked", "Gewerkt"), Text: pick("hours of agents on contacts or ready for them", "uren van medewerkers op contacten of gereed")},
		{Key: "service_level", Title: sl.Name(l), Text: sl.Definition(l, set)},
	}
	if len(need) == 0 {
		r.Notes = append(r.Notes, pick("The store has no requirement of these days (kcc staff keeps one).", "De store heeft van deze dagen geen behoefte (kcc staff bewaart er een)."))
	}
	if len(pieces) == 0 {
		r.Notes = append(r.Notes, pick("No roster is published for these days (kcc roster publish).", "Voor deze dagen is geen rooster gepubliceerd (kcc roster publish)."))
	}
	if !hasStates {
		r.Notes = append(r.Notes, pick("The store has no agent states of these days: what was worked is not known.", "De store heeft van deze dagen geen standen van medewerkers: wat is gewerkt is niet bekend."))
	}
	r.Facts = []output.Fact{{Label: pick("Period", "Periode"), Value: q.Period.Span(l)}}
	for _, d := range r.Define {
		t.Notes = append(t.Notes, d.Title+": "+d.Text)
	}
	for _, n := range r.Notes {
		t.Notes = append(t.Notes, pick("Data: ", "Gegevens: ")+n)
	}
	r.Tables, r.Data = []output.Table{t}, []output.Table{data, skills}
	if len(skills.Rows) > 0 {
		r.Tables = append(r.Tables, skills)
	}
	if v.Charts && len(t.Rows) > 1 {
		c := output.Chart{Name: pick("Hours", "Uren"), Title: pick("Required, rostered and worked", "Nodig, ingeroosterd en gewerkt"), YLabel: pick("agent-hours", "medewerkeruren"), Digits: 1}
		for _, row := range data.Rows {
			at := row[0].(time.Time)
			c.X, c.Ticks = append(c.X, l.Date(at)), append(c.Ticks, l.Day(at))
		}
		for i, x := range []output.ChartSeries{{Name: pick("Required", "Nodig"), Dashed: true}, {Name: pick("Rostered", "Ingeroosterd")}, {Name: pick("Worked", "Gewerkt")}} {
			column := []int{1, 2, 4}[i]
			for _, row := range data.Rows {
				if y, ok := row[column].(float64); ok {
					x.Values = append(x.Values, y)
				}
			}
			if len(x.Values) == len(data.Rows) {
				c.Series = append(c.Series, x)
			}
		}
		r.Charts = append(r.Charts, c)
	}
	return r, nil
}
