package output

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"strings"
	"time"

	"kcc/internal/calendar"
)

//go:embed roster.css
var rosterCSS string

// WriteRosterPage writes the roster as one page: what to expect, coverage, and
// a table per week. Team limits it to one team; empty is everyone. It has no
// sickness: a page is passed on.
func WriteRosterPage(w io.Writer, book RosterBook, team string, opt Options) error {
	if err := book.check(); err != nil {
		return err
	}
	p := newPage(opt, book.Title, book.period(opt.Lang), nil)
	p.CSS += template.CSS(rosterCSS)
	agents := book.inTeam(team)
	if len(agents) == 0 {
		return fmt.Errorf("the roster has no agent in team %q", team)
	}
	if team != "" {
		p.Heading, p.Title = book.Title+": "+team, book.Title+": "+team
	} else if err := book.pageService(p, opt); err != nil {
		return err
	}
	for i, m := range book.mondays() {
		s, err := book.weekSection(agents, m, i == 0, opt)
		if err != nil {
			return err
		}
		p.Sections = append(p.Sections, s)
	}
	p.Sections = append(p.Sections, pageLegend(opt.Lang))
	return p.write(w)
}

// WriteAgentPage writes the roster of one agent, a line per day, for a phone.
func WriteAgentPage(w io.Writer, book RosterBook, agent string, opt Options) error {
	if err := book.check(); err != nil {
		return err
	}
	var a *RosterAgent
	for i := range book.Agents {
		if book.Agents[i].ID == agent {
			a = &book.Agents[i]
		}
	}
	if a == nil {
		return fmt.Errorf("the roster has no agent %q", agent)
	}
	p := newPage(opt, displayName(a), book.Title+", "+book.period(opt.Lang), nil)
	p.CSS += template.CSS(rosterCSS)
	for _, m := range book.mondays() {
		s, err := book.agentWeek(a, m, opt.Lang)
		if err != nil {
			return err
		}
		p.Sections = append(p.Sections, s)
	}
	return p.write(w)
}

// WriteWallRoster writes the roster to be printed and pinned up: a landscape
// page per week and team, readable without colour. It has no sickness.
func WriteWallRoster(w io.Writer, book RosterBook, opt Options) error {
	if err := book.check(); err != nil {
		return err
	}
	p := newPage(opt, "", "", nil)
	p.Title = book.Title
	p.CSS += template.CSS(rosterCSS) + "@page{size:A4 landscape;margin:10mm}"
	for _, m := range book.mondays() {
		for _, team := range book.teams() {
			s, err := book.wallSection(team, m, opt.Lang)
			if err != nil {
				return err
			}
			p.Sections = append(p.Sections, s)
		}
	}
	return p.write(w)
}

// period names the days of the roster.
func (b *RosterBook) period(l Lang) string {
	last := b.First.Add(b.Days - 1)
	return fmt.Sprintf("%s %d - %s %d", l.Day(dateTime(b.First)), b.First.Year(), l.Day(dateTime(last)), last.Year())
}

// mondays returns the Monday of every week that the roster touches.
func (b *RosterBook) mondays() []calendar.Date {
	var out []calendar.Date
	for m := b.First.Monday(); m < b.First.Add(b.Days); m = m.Add(7) {
		out = append(out, m)
	}
	return out
}

// teams returns the teams in the order of the agents.
func (b *RosterBook) teams() []string {
	var out []string
	seen := map[string]bool{}
	for i := range b.Agents {
		if t := b.Agents[i].Team; !seen[t] {
			seen[t] = true
			out = append(out, t)
		}
	}
	return out
}

// inTeam returns the agents of a team, everyone for "".
func (b *RosterBook) inTeam(team string) []*RosterAgent {
	var out []*RosterAgent
	for i := range b.Agents {
		if team == "" || b.Agents[i].Team == team {
			out = append(out, &b.Agents[i])
		}
	}
	return out
}

// pageService adds what customers may expect, and a coverage chart per skill.
func (b *RosterBook) pageService(p *page, opt Options) error {
	tables := []*Table{newCoverage(b, opt.zone()).table(b, opt.Lang)}
	if len(b.Service) > 0 {
		tables = append([]*Table{b.serviceTable(opt.Lang)}, tables...)
	}
	for _, t := range tables {
		s, err := htmlSection(t, opt)
		if err != nil {
			return err
		}
		p.Sections = append(p.Sections, s)
	}
	for _, c := range b.CoverageCharts(opt) {
		s, err := c.SVG(opt.Lang)
		if err != nil {
			return err
		}
		p.Sections = append(p.Sections, s)
	}
	return nil
}

// CoverageCharts returns a chart of required against rostered per skill, over
// the whole roster.
func (b *RosterBook) CoverageCharts(opt Options) []Chart {
	l := opt.Lang
	var out []Chart
	for _, skill := range newCoverage(b, opt.zone()).skills {
		c := Chart{
			Name: b.skillLabel(skill), Title: l.label(lblCoverage) + " " + b.skillLabel(skill), YLabel: l.label(lblAgentsUnit), Digits: 1,
			Series: []ChartSeries{{Name: l.label(lblRostered)}, {Name: l.label(lblRequired)}},
		}
		var times []time.Time
		for _, s := range b.Slots {
			if s.Skill != skill {
				continue
			}
			times = append(times, s.Start)
			c.Series[0].Values = append(c.Series[0].Values, s.Rostered)
			c.Series[1].Values = append(c.Series[1].Values, s.Required)
		}
		c.X, c.Ticks = TimeAxis(times, opt.zone(), l)
		out = append(out, c)
	}
	return out
}

// dayClass is the class of a day cell, for its colour.
func dayClass(c *RosterCell) string {
	switch c.Kind {
	case Working:
		for k, look := range shiftLooks {
			if float64(c.Start) < look.before*60 {
				return fmt.Sprintf("w%d", k+1)
			}
		}
		return fmt.Sprintf("w%d", len(shiftLooks))
	case OnLeave:
		return "leave"
	case Unavailable:
		return "na"
	}
	return "off"
}

// openText is what a page shows of a cell: sickness is shown as absence.
func (c *RosterCell) openText(l Lang) string {
	switch c.Kind {
	case Working:
		return c.span()
	case OnLeave, Sick:
		return l.label(lblLeave)
	}
	return ""
}

// openCell is the cell as a page may show it.
func (c *RosterCell) openCell() *RosterCell {
	if c.Kind == Sick {
		return &RosterCell{Kind: OnLeave}
	}
	return c
}

var weekTemplate = template.Must(template.New("week").Parse(`<details class="week"{{if .Open}} open{{end}}><summary>{{.Title}}</summary>
<div class="scroll" role="region" aria-label="{{.Title}}" tabindex="0"><table class="roster">
<thead><tr><th scope="col">{{.Agent}}</th>{{range .Days}}<th scope="col">{{.}}</th>{{end}}<th scope="col" class="n">{{.Hours}}</th></tr></thead>
<tbody>
{{range .Rows}}<tr><th scope="row">{{.Name}}</th>{{range .Cells}}<td class="{{.Class}}"{{with .Hint}} title="{{.}}"{{end}}>{{.Text}}</td>{{end}}<td class="n">{{.Hours}}</td></tr>
{{end}}</tbody></table></div></details>
`))

type weekView struct {
	Open                bool
	Title, Agent, Hours string
	Days                []string
	Rows                []weekRow
}

type weekRow struct {
	Name, Hours string
	Cells       []dayView
}

type dayView struct{ Class, Text, Hint string }

// view gathers one week of some agents.
func (b *RosterBook) view(agents []*RosterAgent, monday calendar.Date, l Lang) weekView {
	_, week := monday.ISOWeek()
	v := weekView{
		Title: fmt.Sprintf("%s %d: %s - %s", l.label(lblWeek), week, l.Day(dateTime(monday)), l.Day(dateTime(monday.Add(6)))),
		Agent: l.label(lblAgent), Hours: l.label(lblHours),
	}
	for d := range 7 {
		v.Days = append(v.Days, l.Day(dateTime(monday.Add(d))))
	}
	for _, a := range agents {
		hours, _ := b.weekHours(a, monday)
		row := weekRow{Name: displayName(a), Hours: l.Number(hours, 1)}
		for d := range 7 {
			at := int(monday.Add(d) - b.First)
			if at < 0 || at >= b.Days {
				row.Cells = append(row.Cells, dayView{Class: "out"})
				continue
			}
			c := a.Days[at].openCell()
			row.Cells = append(row.Cells, dayView{dayClass(c), c.openText(l), b.hint(a, c, l)})
		}
		v.Rows = append(v.Rows, row)
	}
	return v
}

func (b *RosterBook) hint(a *RosterAgent, c *RosterCell, l Lang) string {
	if c.Kind != Working {
		return ""
	}
	return strings.Join(b.dayLines(a, c, l), "\n")
}

func (b *RosterBook) weekSection(agents []*RosterAgent, monday calendar.Date, open bool, opt Options) (template.HTML, error) {
	v := b.view(agents, monday, opt.Lang)
	v.Open = open
	return render(weekTemplate, v)
}

func render(t *template.Template, data any) (template.HTML, error) {
	var sb strings.Builder
	if err := t.Execute(&sb, data); err != nil {
		return "", err
	}
	return template.HTML(sb.String()), nil
}

func pageLegend(l Lang) template.HTML {
	var sb strings.Builder
	sb.WriteString(`<p class="legend">`)
	put := func(class string, text string) {
		sb.WriteString(`<span><i class="swatch ` + class + `"></i>` + template.HTMLEscapeString(text) + `</span> `)
	}
	for k, look := range shiftLooks {
		put(fmt.Sprintf("w%d", k+1), l.label(look.text))
	}
	put("leave", l.label(lblLeave))
	sb.WriteString("</p>\n")
	return template.HTML(sb.String())
}

var agentTemplate = template.Must(template.New("agent").Parse(`<h2>{{.Title}}</h2>
<ol class="days">
{{range .Days}}<li class="{{.Class}}"><span class="date">{{.Date}}</span><span class="shift">{{.Text}}</span>{{with .Lines}}<ul>{{range .}}<li>{{.}}</li>{{end}}</ul>{{end}}</li>
{{end}}</ol>
<p class="lead">{{.Hours}}</p>
`))

type agentDay struct {
	Class, Date, Text string
	Lines             []string
}

// agentWeek lists the days of one agent; the agent may see their own sickness.
func (b *RosterBook) agentWeek(a *RosterAgent, monday calendar.Date, l Lang) (template.HTML, error) {
	_, week := monday.ISOWeek()
	hours, _ := b.weekHours(a, monday)
	v := struct {
		Title, Hours string
		Days         []agentDay
	}{Title: fmt.Sprintf("%s %d", l.label(lblWeek), week), Hours: l.label(lblHours) + ": " + l.Number(hours, 1)}
	for d := range 7 {
		at := int(monday.Add(d) - b.First)
		if at < 0 || at >= b.Days {
			continue
		}
		c := &a.Days[at]
		day := agentDay{Class: dayClass(c), Date: l.Day(dateTime(monday.Add(d)))}
		switch c.Kind {
		case Working:
			day.Text, day.Lines = c.span(), b.dayLines(a, c, l)
		case OnLeave:
			day.Text = l.label(lblLeave)
		case Sick:
			day.Text, day.Class = l.label(lblSick), "leave"
		case Unavailable:
			day.Text = l.label(lblUnavailable)
		default:
			day.Text = l.label(lblOff)
		}
		v.Days = append(v.Days, day)
	}
	return render(agentTemplate, v)
}

var wallTemplate = template.Must(template.New("wall").Parse(`<div class="wall"><h2>{{.Title}}{{with .Team}} · {{.}}{{end}}</h2>
<div class="scroll plain"><table class="roster">
<thead><tr><th scope="col">{{.Agent}}</th>{{range .Days}}<th scope="col">{{.}}</th>{{end}}</tr></thead>
<tbody>
{{range .Rows}}<tr><th scope="row">{{.Name}}</th>{{range .Cells}}<td class="{{.Class}}">{{.Text}}</td>{{end}}</tr>
{{end}}</tbody></table></div></div>
`))

func (b *RosterBook) wallSection(team string, monday calendar.Date, l Lang) (template.HTML, error) {
	var agents []*RosterAgent
	for i := range b.Agents {
		if b.Agents[i].Team == team {
			agents = append(agents, &b.Agents[i])
		}
	}
	return render(wallTemplate, struct {
		weekView
		Team string
	}{b.view(agents, monday, l), team})
}
