package flow

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"kcc/contacts"
	"kcc/erlang"
	"kcc/forecast"
	"kcc/internal/calendar"
	"kcc/internal/centre"
	"kcc/internal/output"
	"kcc/internal/planstore"
	"kcc/roster"
)

// LeaveOptions say over which weeks leave is planned.
type LeaveOptions struct {
	From  calendar.Date // a Monday; 0: the next
	Weeks int           // 0: 26
	// Loss is the share of present hours that no roster can bring to bear.
	Loss  float64
	Agent string // who asks, checked before the forecast; may be empty
	Step  func(done float64)
}

// defaultLeaveWeeks is half a year.
const defaultLeaveWeeks = 26

// LeaveWeek is how much leave one week can bear. Hours are contract hours.
type LeaveWeek struct {
	Monday    calendar.Date
	Need      float64 // hours of contracts that the requirement takes
	Contracts float64 // hours under contract
	Granted   float64 // hours of leave and sickness that are entered
	Room      float64 // hours that may still be taken by anybody; below 0: too much is granted
	Away      int     // people who may still be away the whole week
	Planned   bool    // the need is that of the plan in the store, not a forecast made now
	BySkill   map[string]SkillRoom
}

// SkillRoom is the room for leave of agents with a skill.
type SkillRoom struct {
	Hours float64
	Away  int
}

// Leave is a plan of leave: how many may be away before promises fail.
type Leave struct {
	Skills  []string
	Weeks   []LeaveWeek
	Useful  float64 // share of paid hours in which somebody serves
	Skipped []forecast.Skipped
	// From Far on days lie so far ahead that their forecast is uncertain; days that
	// History begins less than a year before have no season to learn from.
	Far, History calendar.Date

	need   []map[string]float64 // per week and skill, hours of contracts
	agents []roster.Agent
	avail  []roster.Availability
}

// ErrNoSuchAgent ends the sentence on somebody whom the store does not know.
var ErrNoSuchAgent = errors.New("is not one of the agents")

// usualPresence is the share of paid hours without breaks where no roster tells.
const usualPresence = 15.0 / 16

// PlanLeave computes the room for leave per week and skill. A week can bear what
// its agents can do beyond the requirement, and that for every group of skills:
// for a group T the agents with a skill of T must have the hours that T needs
// (Hall 1935, On representatives of subsets). The room of a skill is the least
// over the groups that hold it. Hours are compared, not times of day.
func (s *Site) PlanLeave(ctx context.Context, opt LeaveOptions) (*Leave, error) {
	zone := s.Centre.Zone
	if opt.From == 0 {
		opt.From = calendar.DateOf(s.Now, zone).Monday().Add(7)
	}
	if opt.Weeks == 0 {
		opt.Weeks = defaultLeaveWeeks
	}
	if opt.Step == nil {
		opt.Step = func(float64) {}
	}
	end := opt.From.Add(7 * opt.Weeks)
	l := &Leave{}
	var err error
	if l.agents, err = planstore.LoadAgents(ctx, s.DB); err != nil {
		return nil, err
	}
	if len(l.agents) == 0 {
		return nil, ErrNoContracts
	}
	if opt.Agent != "" && !slices.ContainsFunc(l.agents, func(a roster.Agent) bool { return a.ID == opt.Agent }) {
		return nil, fmt.Errorf("%s %w", opt.Agent, ErrNoSuchAgent)
	}
	if l.avail, err = planstore.LoadAvailability(ctx, s.DB, opt.From, end-1); err != nil {
		return nil, err
	}
	if l.Useful, err = s.usefulShare(ctx); err != nil {
		return nil, err
	}
	l.Useful *= 1 - opt.Loss
	today := calendar.DateOf(s.Now, zone)
	l.Far = today.Add(7 * defaultLeaveWeeks)
	if l.History, _, err = contacts.CoveredDays(ctx, s.DB); err != nil {
		return nil, err
	}
	l.need = make([]map[string]float64, opt.Weeks)
	for i := range l.need {
		l.need[i] = map[string]float64{}
	}
	planned, err := s.plannedNeed(ctx, opt.From, opt.Weeks)
	if err != nil {
		return nil, err
	}
	add := func(r *erlang.Requirement, w int) {
		if math.IsNaN(r.RosteredFractional) {
			return
		}
		l.need[w][r.Skill] += r.RosteredFractional * r.Step.Hours() / l.Useful
		if !slices.Contains(l.Skills, r.Skill) {
			l.Skills = append(l.Skills, r.Skill)
		}
	}
	weekOf := func(r *erlang.Requirement) int {
		d := int(calendar.DateOf(r.Start, zone) - opt.From)
		if d < 0 {
			return -1
		}
		return d / 7
	}
	unplanned := false
	for w, reqs := range planned {
		unplanned = unplanned || reqs == nil
		for i := range reqs {
			if weekOf(&reqs[i]) == w {
				add(&reqs[i], w)
			}
		}
	}
	if unplanned {
		first, until := leaveSpan(today, opt.From, end)
		a, err := s.staffAhead(ctx, first, until, hasAgents, opt.Step)
		if err != nil {
			return nil, err
		}
		l.Skipped = a.skipped
		for i := range a.reqs {
			if w := weekOf(&a.reqs[i]); w >= 0 && w < opt.Weeks && planned[w] == nil {
				add(&a.reqs[i], w)
			}
		}
	}
	slices.Sort(l.Skills)
	for w := range opt.Weeks {
		x := l.week(opt.From.Add(7*w), l.need[w])
		x.Planned = planned[w] != nil
		l.Weeks = append(l.Weeks, x)
	}
	return l, nil
}

// plannedNeed returns per week the requirement of the newest roster of it, or
// else the newest, when that is no older than freshPlan and holds the whole week
// and all channels that agents work on and that have contacts; nil for other
// weeks. Such weeks need no forecast, and their room is that of their roster.
func (s *Site) plannedNeed(ctx context.Context, from calendar.Date, weeks int) ([][]erlang.Requirement, error) {
	out := make([][]erlang.Requirement, weeks)
	first, last, err := contacts.CoveredDays(ctx, s.DB)
	if err != nil {
		return nil, err
	}
	names, err := contacts.CoveredChannels(ctx, s.DB, first, last)
	if err != nil {
		return nil, err
	}
	for w := range out {
		monday := from.Add(7 * w)
		id, err := s.requirementFor(ctx, monday, 7)
		if errors.Is(err, planstore.ErrNoRun) {
			return out, nil
		}
		if err != nil {
			return nil, err
		}
		run, reqs, err := s.requirements(ctx, id)
		if err != nil {
			return nil, err
		}
		if s.Now.Sub(run.Made) <= freshPlan && s.covers(reqs, monday, 7) && s.complete(reqs, names) {
			out[w] = reqs
		}
	}
	return out, nil
}

// complete reports whether requirements are of all the channels that agents work
// on among some of the store.
func (s *Site) complete(reqs []erlang.Requirement, channels []string) bool {
	have := map[string]bool{}
	for i := range reqs {
		have[reqs[i].Channel] = true
	}
	for _, name := range channels {
		if ch, ok := s.Centre.Channel(centreName(s.Centre, name)); ok && hasAgents(ch) && !have[ch.Name] {
			return false
		}
	}
	return true
}

// freshPlan is how old a plan may be whose need is taken over.
const freshPlan = 4 * 7 * 24 * time.Hour

// hasAgents reports whether agents work on a channel.
func hasAgents(ch centre.Channel) bool { return ch.Kind != centre.Bot }

// leaveSpan returns the days to forecast for a plan of leave from from up to end.
// The models that a forecast takes depend on how far it looks: all look equally
// far, so that a week has the same room in a list of weeks and for a request.
// Looking less far would hardly be faster: choosing the models takes the time.
func leaveSpan(today, from, end calendar.Date) (first, until calendar.Date) {
	next := today.Monday().Add(7)
	return min(from, next), max(end, next.Add(7*defaultLeaveWeeks))
}

// usefulShare is what part of paid hours agents are present, by the last roster.
func (s *Site) usefulShare(ctx context.Context) (float64, error) {
	list, err := planstore.Rosters(ctx, s.DB)
	if err != nil {
		return 0, err
	}
	for _, v := range list {
		if v.Result.WorkedHours <= 0 {
			continue
		}
		full, err := planstore.LoadRoster(ctx, s.DB, v.ID)
		if err != nil {
			return 0, err
		}
		paid := 0.0
		for _, a := range full.Result.Roster.Assignments {
			paid += a.Paid().Hours()
		}
		if paid > 0 {
			return math.Min(1, v.Result.WorkedHours/paid), nil
		}
	}
	return usualPresence, nil
}

// hoursIn returns contract hours of an agent in a week, and those of leave and
// sickness in it.
func (l *Leave) hoursIn(a *roster.Agent, monday calendar.Date) (contract, away float64) {
	days := contractDays(a)
	perDay := weekHours(a) / float64(days)
	valid, off, own := 0, 0, 0.0
	for d := monday; d < monday+7; d++ {
		if a.HasFrom && d < a.ValidFrom || a.HasTo && d > a.ValidTo {
			continue
		}
		valid++
		for i := range l.avail {
			v := &l.avail[i]
			if v.Agent != a.ID || v.Kind != roster.Leave && v.Kind != roster.Sick || !v.On(d) {
				continue
			}
			switch {
			case v.HasHours:
				own += v.Hours.Hours()
			case v.Start == v.End:
				off++
			default:
				own += math.Min(perDay, float64(v.End-v.Start)/60)
			}
			break
		}
	}
	contract = weekHours(a) * float64(valid) / 7
	return contract, math.Min(contract, own+perDay*float64(min(off, days)))
}

// contractDays is over how many days a week's hours are spread.
func contractDays(a *roster.Agent) int {
	const usual = 5
	if a.MaxDaysPerWeek > 0 {
		return a.MaxDaysPerWeek
	}
	return usual
}

// groupOf returns the skills of an agent that are asked for, as a set of bits.
func (l *Leave) groupOf(a *roster.Agent) uint {
	g := uint(0)
	for i, s := range l.Skills {
		if i < maxSkillBits && a.Efficiency(s) > 0 {
			g |= 1 << i
		}
	}
	return g
}

// maxSkillBits bounds the skills whose groups are all looked at: 2^12 groups.
const maxSkillBits = 12

func (l *Leave) week(monday calendar.Date, need map[string]float64) LeaveWeek {
	w := LeaveWeek{Monday: monday, BySkill: map[string]SkillRoom{}}
	for _, s := range l.Skills {
		w.Need += need[s]
	}
	rooms := l.rooms(monday, need)
	mean, n := 0.0, 0
	for i := range l.agents {
		a := &l.agents[i]
		c, away := l.hoursIn(a, monday)
		w.Contracts, w.Granted = w.Contracts+c, w.Granted+away
		if c > 0 && l.groupOf(a) != 0 {
			mean += c
			n++
		}
	}
	if n > 0 {
		mean /= float64(n)
	}
	w.Room = rooms.least(^uint(0))
	w.Away = people(w.Room, mean)
	for i, s := range l.Skills {
		if i >= maxSkillBits {
			break
		}
		room := rooms.least(1 << i)
		sum, k := 0.0, 0
		for j := range l.agents {
			if c, _ := l.hoursIn(&l.agents[j], monday); c > 0 && l.agents[j].Efficiency(s) > 0 {
				sum += c
				k++
			}
		}
		x := SkillRoom{Hours: room}
		if k > 0 {
			x.Away = min(k, people(room, sum/float64(k)))
		}
		w.BySkill[s] = x
	}
	return w
}

func people(hours, each float64) int {
	if each <= 0 || hours < 0 {
		return 0
	}
	return int(hours/each + 1e-9)
}

// skillRooms is per group of skills what is left of the hours of its agents.
type skillRooms []float64 // by set of bits; 0 is unused

// rooms computes the hours left per group of skills.
func (l *Leave) rooms(monday calendar.Date, need map[string]float64) skillRooms {
	k := min(len(l.Skills), maxSkillBits)
	out := make(skillRooms, 1<<k)
	for t := uint(1); t < 1<<k; t++ {
		for i := range k {
			if t&(1<<i) != 0 {
				out[t] -= need[l.Skills[i]]
			}
		}
	}
	for i := range l.agents {
		g := l.groupOf(&l.agents[i])
		if g == 0 {
			continue
		}
		c, away := l.hoursIn(&l.agents[i], monday)
		for t := uint(1); t < 1<<k; t++ {
			if t&g != 0 {
				out[t] += c - away
			}
		}
	}
	return out
}

// least is the least room over the groups that hold any skill of set.
func (r skillRooms) least(set uint) float64 {
	best := math.Inf(1)
	for t := uint(1); t < uint(len(r)); t++ {
		if t&set != 0 {
			best = math.Min(best, r[t])
		}
	}
	return best
}

// LeaveAnswer is what a request for leave comes to in one week.
type LeaveAnswer struct {
	Monday calendar.Date
	Hours  float64 // asked for
	Room   float64 // for this agent's skills, before the request
	OK     bool
}

// Check answers a request for leave, week by week. Weeks outside the plan are an
// error.
func (l *Leave) Check(v roster.Availability) ([]LeaveAnswer, error) {
	var a *roster.Agent
	for i := range l.agents {
		if l.agents[i].ID == v.Agent {
			a = &l.agents[i]
		}
	}
	if a == nil {
		return nil, fmt.Errorf("%s %w", v.Agent, ErrNoSuchAgent)
	}
	first, last := l.Weeks[0].Monday, l.Weeks[len(l.Weeks)-1].Monday.Add(6)
	if v.From < first || v.To > last {
		return nil, fmt.Errorf("leave from %s to %s is not within the weeks that are planned, %s to %s", v.From, v.To, first, last)
	}
	var out []LeaveAnswer
	for m := v.From.Monday(); m <= v.To; m += 7 {
		with := *l
		with.avail = append(slices.Clone(l.avail), v)
		c, before := l.hoursIn(a, m)
		_, after := with.hoursIn(a, m)
		room := l.rooms(m, l.need[int(m-first)/7]).least(l.groupOf(a))
		if l.groupOf(a) == 0 {
			room = c // nobody waits for what this agent does
		}
		x := LeaveAnswer{Monday: m, Hours: after - before, Room: room}
		x.OK = x.Hours <= math.Max(0, room)+1e-9
		out = append(out, x)
	}
	return out, nil
}

// Doubt says why the forecast of a day is not to be relied on, or "".
func (l *Leave) Doubt(lang output.Lang, d calendar.Date) string {
	for i := range l.Weeks {
		if w := &l.Weeks[i]; w.Planned && d >= w.Monday && d <= w.Monday.Add(6) {
			return ""
		}
	}
	const year = 364 // the same weekday
	switch {
	case d.Add(-year) < l.History && d >= l.Far:
		return fmt.Sprintf(lang.Pick("%s is more than %d weeks ahead and the history, which begins on %s, does not hold this time of the year: the answer is a guess, ask again nearer the day",
			"%s ligt meer dan %d weken vooruit en in de historie, die op %s begint, komt deze tijd van het jaar niet voor: het antwoord is een gok, vraag het dichter bij de dag opnieuw"),
			lang.Date(d.Start(time.UTC)), defaultLeaveWeeks, lang.Date(l.History.Start(time.UTC)))
	case d >= l.Far:
		return fmt.Sprintf(lang.Pick("%s is more than %d weeks ahead: the forecast says what such weeks were like before and is uncertain, ask again nearer the day",
			"%s ligt meer dan %d weken vooruit: de prognose zegt hoe zulke weken eerder waren en is onzeker, vraag het dichter bij de dag opnieuw"),
			lang.Date(d.Start(time.UTC)), defaultLeaveWeeks)
	}
	return ""
}

// plannedNote says which weeks are those of a plan; "" when none is.
func (l *Leave) plannedNote(lang output.Lang) string {
	var names []string
	for i := range l.Weeks {
		if w := &l.Weeks[i]; w.Planned {
			y, n := w.Monday.ISOWeek()
			names = append(names, fmt.Sprintf("%d-W%02d", y, n))
		}
	}
	switch len(names) {
	case 0:
		return ""
	case len(l.Weeks):
		return lang.Pick("Needed: as in the newest plan", "Nodig: zoals in het nieuwste plan")
	}
	return fmt.Sprintf(lang.Pick("Needed: as in the newest plan in %s, by a forecast in the other weeks", "Nodig: zoals in het nieuwste plan in %s, volgens een prognose in de andere weken"), strings.Join(names, ", "))
}

// Table shows the room for leave per week.
func (l *Leave) Table(lang output.Lang) output.Table {
	number := func(name, en, nl string) output.Column {
		return output.Column{Name: name, Title: lang.Pick(en, nl), Kind: output.Number, Digits: 0}
	}
	t := output.Table{
		Name: "leave", Title: lang.Pick("Room for leave", "Ruimte voor verlof"),
		Columns: []output.Column{
			{Name: "week", Title: lang.Pick("Week", "Week"), Kind: output.Text},
			{Name: "monday", Title: lang.Pick("Monday", "Maandag"), Kind: output.Date},
			number("contract_hours", "Contracts (h)", "Contracten (u)"),
			number("need_hours", "Needed (h)", "Nodig (u)"),
			number("granted_hours", "Granted (h)", "Toegekend (u)"),
			{Name: "room_hours", Title: lang.Pick("Room (h)", "Ruimte (u)"), Kind: output.Number, Rules: []output.Rule{{Op: output.Below, Limit: 0, Tone: output.Bad}}},
			{Name: "away", Title: lang.Pick("May be away", "Mag weg"), Kind: output.Integer},
		},
		Notes: []string{
			fmt.Sprintf(lang.Pick("May be away: people who can still take the whole week off before promises fail; the figures below a skill are for people who have it. Of a paid hour %.0f %% serves.",
				"Mag weg: mensen die de hele week vrij kunnen nemen voordat beloften in gevaar komen; onder een vaardigheid voor mensen die haar hebben. Van een betaald uur dient %.0f %%."),
				100*l.Useful),
		},
		Charts: []output.ChartSpec{{Title: lang.Pick("Room for leave", "Ruimte voor verlof"), Kind: output.BarChart, X: "week", Y: []string{"granted_hours", "room_hours"}, YLabel: lang.Pick("hours", "uren")}},
	}
	t.Notes = withNote(t.Notes, l.plannedNote(lang))
	for _, w := range l.Weeks {
		if doubt := l.Doubt(lang, w.Monday); doubt != "" {
			t.Notes = append(t.Notes, doubt)
			break
		}
	}
	for _, s := range l.Skills {
		t.Columns = append(t.Columns, output.Column{Name: "away_" + s, Title: s, Kind: output.Integer})
	}
	for _, w := range l.Weeks {
		y, n := w.Monday.ISOWeek()
		row := []any{fmt.Sprintf("%d-W%02d", y, n), w.Monday, w.Contracts, w.Need, w.Granted, w.Room, w.Away}
		for _, s := range l.Skills {
			row = append(row, w.BySkill[s].Away)
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// AnswerTable shows the answer to a request.
func AnswerTable(lang output.Lang, list []LeaveAnswer) output.Table {
	t := output.Table{
		Name: "answer", Title: lang.Pick("Leave asked for", "Gevraagd verlof"),
		Columns: []output.Column{
			{Name: "week", Title: lang.Pick("Week", "Week"), Kind: output.Text},
			{Name: "hours", Title: lang.Pick("Asked (h)", "Gevraagd (u)"), Kind: output.Number, Digits: 1},
			{Name: "room_hours", Title: lang.Pick("Room (h)", "Ruimte (u)"), Kind: output.Number, Digits: 1},
			{Name: "possible", Title: lang.Pick("Possible", "Kan"), Kind: output.Bool},
		},
	}
	for _, x := range list {
		y, n := x.Monday.ISOWeek()
		t.Rows = append(t.Rows, []any{fmt.Sprintf("%d-W%02d", y, n), x.Hours, x.Room, x.OK})
	}
	return t
}

// SkippedText lists the channels that were left out, with the reason.
func (l *Leave) SkippedText() string { return skippedText(l.Skipped) }
