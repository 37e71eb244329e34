package flow

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"kcc/forecast"
	"kcc/internal/accuracy"
	"kcc/internal/calendar"
	"kcc/internal/centre"
	"kcc/internal/output"
	"kcc/roster"
)

// RosterTitle is what stands above a roster of name.
func RosterTitle(lang output.Lang, name string, first calendar.Date, days int) string {
	return fmt.Sprintf(label(lang, "roster of"), name, weeksText(lang, first, days))
}

// BookOf lays out a roster with its problem for the workbook. Service,
// forecasts and asked may be nil: a roster made from files has none.
func BookOf(p *roster.Problem, r *roster.Result, lang output.Lang) output.RosterBook {
	book := output.RosterBook{
		Title: RosterTitle(lang, "kcc", p.First, p.Days),
		First: p.First, Days: p.Days, Step: p.Step,
	}
	for _, s := range p.Skills {
		book.Skills = append(book.Skills, output.RosterSkill{ID: s})
	}
	cells := cellsOf(p, r)
	for i := range p.Agents {
		book.Agents = append(book.Agents, agentRow(p, r, &p.Agents[i], cells[i]))
	}
	for _, c := range r.Coverage {
		book.Slots = append(book.Slots, output.RosterSlot{Start: c.Start.In(p.Zone), Skill: c.Skill, Required: c.Need, Rostered: c.Present})
	}
	for _, v := range r.Violations {
		row := output.RosterViolation{Hard: true, Rule: v.Rule, Agent: v.Agent, Detail: v.Text.In(string(lang))}
		if len(v.Days) > 0 {
			row.Date = v.Days[0]
		}
		if v.Cites != "" {
			row.Detail += " (" + v.Cites + ")"
		}
		book.Violations = append(book.Violations, row)
	}
	for _, s := range r.Shortfalls {
		book.Violations = append(book.Violations, output.RosterViolation{Rule: s.What, Agent: s.Agent, Date: s.From, Detail: s.Text.In(string(lang))})
	}
	book.Asked = askedOf(p, r, lang)
	if r.UnmetHours > 0 {
		book.Notes = append(book.Notes, fmt.Sprintf(label(lang, "short hours"), r.UnmetHours))
	}
	if r.Stopped {
		book.Notes = append(book.Notes, label(lang, "stopped"))
	}
	for _, n := range r.Notes {
		book.Notes = append(book.Notes, n.In(string(lang)))
	}
	return book
}

// weeksText names ISO weeks: week 48, weeks 48-51.
func weeksText(lang output.Lang, first calendar.Date, days int) string {
	_, a := first.ISOWeek()
	_, b := first.Add(days - 1).ISOWeek()
	if a == b {
		return fmt.Sprintf("week %d", a)
	}
	return fmt.Sprintf(lang.Pick("weeks %d-%d", "weken %d-%d"), a, b)
}

func askedOf(p *roster.Problem, r *roster.Result, lang output.Lang) []output.Fact {
	rules := map[string]bool{}
	for i := range p.Agents {
		name := p.Agents[i].RuleSet
		if name == "" {
			name = roster.DefaultRuleSet
		}
		rules[name] = true
	}
	names := make([]string, 0, len(rules))
	for n := range rules {
		names = append(names, n)
	}
	slices.Sort(names)
	facts := []output.Fact{
		{Label: label(lang, "period"), Value: fmt.Sprintf("%s - %s", p.First, p.Last())},
		{Label: label(lang, "agents"), Value: fmt.Sprint(len(p.Agents))},
		{Label: label(lang, "rules"), Value: strings.Join(names, ", ")},
		{Label: label(lang, "effort"), Value: fmt.Sprint(r.Effort)},
		{Label: label(lang, "seed"), Value: fmt.Sprint(r.Seed)},
	}
	if r.Bound > 0 && r.Cost.Total > 0 {
		facts = append(facts, output.Fact{Label: label(lang, "gap"), Value: fmt.Sprintf("%.1f %%", 100*math.Max(0, 1-r.Bound/r.Cost.Total))})
	}
	return facts
}

// cellsOf puts assignments and absence into a grid of agents by days.
func cellsOf(p *roster.Problem, r *roster.Result) [][]output.RosterCell {
	grid := make([][]output.RosterCell, len(p.Agents))
	index := map[string]int{}
	for i := range p.Agents {
		grid[i] = make([]output.RosterCell, p.Days)
		index[p.Agents[i].ID] = i
	}
	for i := range p.Availability {
		v := &p.Availability[i]
		a, ok := index[v.Agent]
		if !ok || v.Start != v.End {
			continue
		}
		for d := max(v.From, p.First); d <= min(v.To, p.Last()); d++ {
			if !v.On(d) {
				continue
			}
			c := &grid[a][d-p.First]
			switch v.Kind {
			case roster.Leave:
				c.Kind, c.Hours = output.OnLeave, v.Hours.Hours()
			case roster.Sick:
				c.Kind, c.Hours = output.Sick, v.Hours.Hours()
			case roster.Unavailable:
				if c.Kind == output.DayOff {
					c.Kind = output.Unavailable
				}
			}
		}
	}
	for _, a := range r.Roster.Assignments {
		i, ok := index[a.Agent]
		if !ok || a.Date < p.First || a.Date > p.Last() {
			continue
		}
		grid[i][a.Date-p.First] = workCell(p, a)
	}
	return grid
}

func workCell(p *roster.Problem, a roster.Assignment) output.RosterCell {
	at := func(t time.Time) calendar.Clock {
		days := calendar.DateOf(t, p.Zone) - a.Date
		return calendar.ClockOf(t, p.Zone) + calendar.Clock(days)*calendar.Midnight
	}
	c := output.RosterCell{Kind: output.Working, Shift: a.Shift, Start: at(a.Start), End: at(a.End), Hours: a.Paid().Hours(), Locked: a.Locked}
	for _, b := range a.Breaks {
		c.Breaks = append(c.Breaks, output.RosterBreak{Start: at(b.Start), End: at(b.Start.Add(b.Length)), Paid: b.Paid})
	}
	for _, s := range a.Plan {
		name, away := s.Away()
		if away {
			if c.Note != "" {
				c.Note += "; "
			}
			c.Note += s.Start.In(p.Zone).Format("15:04") + " " + name
		}
		c.Plan = append(c.Plan, output.SkillSpan{Start: at(s.Start), Skill: s.Skill})
	}
	return c
}

func agentRow(p *roster.Problem, r *roster.Result, a *roster.Agent, days []output.RosterCell) output.RosterAgent {
	row := output.RosterAgent{
		ID: a.ID, Name: a.Name, Team: a.Team, ContractHours: a.Contract.Hours(),
		MinHours: math.NaN(), MaxHours: math.NaN(), Balance: math.NaN(), Days: days, Note: a.Notes,
	}
	for _, s := range a.Skills {
		row.Skills = append(row.Skills, s.Name)
	}
	if a.HasMin {
		row.MinHours = a.Min.Hours()
	}
	if a.HasMax {
		row.MaxHours = a.Max.Hours()
	}
	switch a.Period {
	case roster.PerFour:
		row.Period = "4weeks"
	case roster.PerYear:
		row.Period = "year"
	}
	balance, kept := time.Duration(0), false
	for _, h := range r.Hours {
		if h.Agent == a.ID {
			balance += h.Balance()
			kept = true
		}
	}
	if kept {
		row.Balance = balance.Hours()
	}
	credit := creditPerDay(p, r, a)
	for d := range row.Days {
		if c := &row.Days[d]; (c.Kind == output.OnLeave || c.Kind == output.Sick) && c.Hours == 0 {
			c.Hours = credit
		}
	}
	return row
}

// creditPerDay returns what one day of leave or sickness counts for.
func creditPerDay(p *roster.Problem, r *roster.Result, a *roster.Agent) float64 {
	credited, days := 0.0, 0
	for _, h := range r.Hours {
		if h.Agent == a.ID {
			credited += h.Credited.Hours()
		}
	}
	for i := range p.Availability {
		v := &p.Availability[i]
		if v.Agent != a.ID || (v.Kind != roster.Leave && v.Kind != roster.Sick) || v.HasHours {
			continue
		}
		for d := max(v.From, p.First); d <= min(v.To, p.Last()); d++ {
			if v.On(d) {
				days++
			}
		}
	}
	if days == 0 {
		return 0
	}
	return credited / float64(days)
}

// addPlan completes the workbook of a plan with its forecast, its expected
// service and its inputs.
func (p *Plan) addPlan(book *output.RosterBook, lang output.Lang) {
	c := p.Input.Centre
	book.Title = RosterTitle(lang, c.Name, p.Input.First, 7*p.Input.Weeks)
	for _, s := range p.Service {
		book.Service = append(book.Service, output.RosterService{
			Channel: s.Channel, Target: targetText(lang, c, s.Channel), Goal: s.Goal, Expected: s.Level, Low: s.Low, High: s.High,
			ASA: s.ASA, Abandon: s.Abandon, Occupancy: s.Occupancy,
		})
	}
	for _, f := range p.Forecasts {
		sheet := forecastSheet(f, c.Zone, p.Input.First, lang)
		if ch, ok := c.Channel(f.Channel); !ok || ch.Kind != centre.Realtime && ch.Kind != centre.Chat {
			sheet.Points = nil // its day counts, not the quarter: it is worked later, or by a bot
		}
		book.Forecast = append(book.Forecast, sheet)
	}
	facts := []output.Fact{
		{Label: label(lang, "history"), Value: p.historySpan()},
		{Label: label(lang, "definition"), Value: formulasText(c)},
		{Label: label(lang, "shrinkage"), Value: fmt.Sprintf("%.1f %%", 100*c.Shrinkage.Unplanned)},
	}
	book.Asked = append(book.Asked, facts...)
	if p.PlayedDays > 0 {
		book.Notes = append(book.Notes, fmt.Sprintf(label(lang, "simulated"), p.PlayedDays))
	}
	if len(p.Skipped) > 0 {
		book.Notes = append(book.Notes, fmt.Sprintf(label(lang, "skipped"), skippedText(p.Skipped)))
	}
	book.Inputs = append(book.Inputs, p.channelTable(lang))
}

// Book returns the workbook of the plan.
func (p *Plan) Book(lang output.Lang) output.RosterBook {
	book := BookOf(&p.Problem, p.Result, lang)
	p.addPlan(&book, lang)
	return book
}

func (p *Plan) historySpan() string {
	if len(p.Input.History) == 0 {
		return "-"
	}
	first, last := p.Input.History[0].First, p.Input.History[0].Last
	for _, h := range p.Input.History {
		first, last = min(first, h.First), max(last, h.Last)
	}
	return fmt.Sprintf("%s - %s", first, last)
}

// formulasText names the formula of the service level, and those of channels with
// one of their own.
func formulasText(c *centre.Centre) string {
	out := c.ServiceLevel.Definition
	for _, ch := range c.Channels {
		if own := ch.Formula(c); own != c.ServiceLevel.Definition {
			out += fmt.Sprintf(", %s: %s", ch.Name, own)
		}
	}
	return out
}

// targetText says what is promised on a channel.
func targetText(lang output.Lang, c *centre.Centre, channel string) string {
	ch, ok := c.Channel(channel)
	switch {
	case !ok:
		return ""
	case ch.HasPromise:
		return fmt.Sprintf(label(lang, "within"), percentText(ch.PromiseLevel), ch.Promise)
	case ch.Target.Level > 0:
		return fmt.Sprintf(label(lang, "answered in"), percentText(ch.Target.Level), calendar.FormatDuration(ch.Target.Within))
	}
	return ""
}

func percentText(ratio float64) string { return fmt.Sprintf("%.4g", 100*ratio) }

// channelTable shows per channel what the plan started from.
func (p *Plan) channelTable(lang output.Lang) output.Table {
	t := output.Table{
		Name: "channels", Title: label(lang, "channels"),
		Columns: []output.Column{
			{Name: "channel", Title: label(lang, "channel"), Kind: output.Text},
			{Name: "skill", Title: label(lang, "skill"), Kind: output.Text},
			{Name: "target", Title: label(lang, "target"), Kind: output.Text},
			{Name: "offered", Title: label(lang, "volume"), Kind: output.Number},
			{Name: "aht_s", Title: label(lang, "aht"), Kind: output.Number},
			{Name: "workload_h", Title: label(lang, "workload"), Kind: output.Number, Digits: 1},
			{Name: "day_factor_cv", Title: label(lang, "day cv"), Kind: output.Percent, Digits: 1},
			{Name: "model", Title: label(lang, "model"), Kind: output.Text},
		},
	}
	from := p.Input.First.Start(p.Input.Centre.Zone)
	for _, f := range p.Forecasts {
		volume, work := 0.0, 0.0
		for _, pt := range f.Points {
			if pt.Start.Before(from) {
				continue
			}
			volume += pt.Mean
			if !math.IsNaN(pt.AHT) {
				work += pt.Mean * pt.AHT
			}
		}
		skill := ""
		if ch, ok := p.Input.Centre.Channel(f.Channel); ok && ch.Kind != centre.Bot {
			skill = skillOf(ch)
		}
		aht := math.NaN()
		if volume > 0 && work > 0 {
			aht = work / volume
		}
		t.Rows = append(t.Rows, []any{f.Channel, skill, targetText(lang, p.Input.Centre, f.Channel), volume, aht, work / 3600, f.DayFactorCV, shortModel(lang, f.Model)})
	}
	return t
}

// forecastSheet sums a forecast to days and keeps its intervals; the bounds are
// those of the first level.
func forecastSheet(f *forecast.Forecast, zone *time.Location, first calendar.Date, lang output.Lang) output.RosterForecast {
	out := output.RosterForecast{Channel: f.Channel}
	if len(f.Levels) > 0 {
		out.Level = f.Levels[0]
	}
	bounds := func(b []float64) (low, high float64) {
		if len(b) < 2 {
			return math.NaN(), math.NaN()
		}
		return b[0], b[1]
	}
	for _, d := range f.Days(zone) {
		if d.Date < first {
			continue
		}
		day := output.ForecastDay{Date: d.Date, Mean: d.Mean, AHT: d.AHT, Note: dayNote(f, d.Date, lang)}
		day.Low, day.High = bounds(d.Bounds)
		out.Days = append(out.Days, day)
	}
	from := first.Start(zone)
	for _, p := range f.Points {
		if p.Start.Before(from) {
			continue
		}
		point := output.ForecastPoint{Start: p.Start.In(zone), Mean: p.Mean, AHT: p.AHT}
		point.Low, point.High = bounds(p.Bounds)
		out.Points = append(out.Points, point)
	}
	return out
}

// dayNote names the effects other than the weekday that move a day by more
// than noteworthy.
func dayNote(f *forecast.Forecast, d calendar.Date, lang output.Lang) string {
	const noteworthy = 0.05
	var parts []string
	for _, w := range f.Why {
		if w.Date != d {
			continue
		}
		for _, x := range w.Factors {
			if math.Abs(x.Value-1) >= noteworthy && x.Name != d.Weekday().String() {
				parts = append(parts, fmt.Sprintf("%s %+.0f %%", accuracy.Word(lang, x.Name), 100*(x.Value-1)))
			}
		}
	}
	return strings.Join(parts, ", ")
}

// shortModel keeps the two heaviest parts of a combination of models.
func shortModel(lang output.Lang, m string) string {
	parts := strings.Split(m, " + ")
	if len(parts) <= 3 {
		return m
	}
	return fmt.Sprintf(label(lang, "more models"), parts[0], parts[1], len(parts)-2)
}
