package rosterfile

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"kcc/internal/calendar"
	"kcc/internal/tabular"
	"kcc/roster"
)

// Team is what the files of a team hold. A list that is nil was in none of the
// files.
type Team struct {
	Agents       []roster.Agent
	Availability []roster.Availability
	Shifts       []roster.Shift
	Meetings     []roster.Meeting
	Patterns     []roster.Pattern
	Roster       []roster.Assignment // of a roster.csv
	HasRoster    bool
	Notes        []roster.Sentence
}

// TeamOptions says how files of a team are read. The agents and shifts of Known
// may be named beside those of the files.
type TeamOptions struct {
	Known Team
	Zone  *time.Location
	Today calendar.Date // of several contracts of an agent the one in force then counts
	// Agent and Kind are those of calendar files that do not say them.
	Agent string
	Kind  roster.Kind
}

// table is one table to be read: a file, or a sheet of a workbook.
type table struct {
	path, sheet string
	kind        Kind
}

// ReadTeam reads files in any order: CSV and TSV, workbooks with a sheet per
// list (as WriteTemplate makes them), iCalendar files with leave and wishes.
// What a table holds follows from its headings.
func ReadTeam(paths []string, stdin io.Reader, opt TeamOptions) (Team, error) {
	t := &teamReader{opt: opt, stdin: stdin}
	for _, path := range paths {
		if IsCalendar(path) {
			t.calendars = append(t.calendars, path)
			continue
		}
		t.file(path)
	}
	if err := errors.Join(t.errs...); err != nil {
		return t.out, err
	}
	t.join()
	if err := errors.Join(t.errs...); err != nil {
		return t.out, err
	}
	t.names()
	for _, x := range t.later {
		t.read(x.path, x.sheet, func(r *tabular.Reader) error {
			if x.kind == KindPatterns {
				list, err := Patterns(r, t.shifts)
				t.out.Patterns = append(slices.Grow(t.out.Patterns, 1), list...)
				return err
			}
			list, err := Availability(r, t.known, t.shifts, opt.Zone)
			t.out.Availability = append(slices.Grow(t.out.Availability, 1), list...)
			return err
		})
	}
	for _, path := range t.calendars {
		list, notes, err := ReadCalendar(path, stdin, CalendarOptions{Zone: opt.Zone, Agent: opt.Agent, Kind: opt.Kind, Known: t.known})
		if err != nil {
			t.errs = append(t.errs, err)
			continue
		}
		t.out.Availability = append(slices.Grow(t.out.Availability, 1), list...)
		t.out.Notes = append(t.out.Notes, notes...)
	}
	t.checkMeetings()
	t.checkPatterns()
	return t.out, errors.Join(t.errs...)
}

type teamReader struct {
	opt       TeamOptions
	stdin     io.Reader
	out       Team
	people    []roster.Agent // without contract
	contracts []contractRow
	skills    []skillRow
	later     []table // availability and rotations, read when agents and shifts are known
	calendars []string
	ids       map[string]bool
	teams     map[string]bool
	shifts    []roster.Shift
	errs      []error
}

type contractRow struct {
	roster.Agent
	where string
}

type skillRow struct {
	agent string
	roster.Skill
	where string
}

func (t *teamReader) known(id string) bool { return t.ids[id] }

// file reads one file, or each sheet of a workbook that has several.
func (t *teamReader) file(path string) {
	sheets := sheetsOf(path)
	if len(sheets) < 2 {
		t.table(path, "", true)
		return
	}
	found := 0
	var skipped []string
	for _, s := range sheets {
		if t.table(path, s, false) {
			found++
		} else {
			skipped = append(skipped, s)
		}
	}
	if found == 0 {
		t.errs = append(t.errs, fmt.Errorf("%s: none of its sheets (%s) has headings of agents, contracts, skills, availability, shifts, rotations, appointments or meetings", path, strings.Join(sheets, ", ")))
	} else if len(skipped) > 1 { // the first sheet of the template explains
		t.out.Notes = append(t.out.Notes, noteOf("%s: left out the sheets %s", "%s: deze bladen tellen niet mee: %s", filepath.Base(path), strings.Join(skipped, ", ")))
	}
}

// sheetsOf returns the visible sheets of a workbook; nil for any other file.
func sheetsOf(path string) []string {
	if path == "-" {
		return nil
	}
	z, err := zip.OpenReader(path)
	if err != nil {
		return nil // told when it is opened as a table
	}
	defer z.Close()
	if !tabular.IsWorkbook(&z.Reader) {
		return nil
	}
	b, err := tabular.OpenBook(&z.Reader)
	if err != nil {
		return nil
	}
	return b.Sheets()
}

func (t *teamReader) read(path, sheet string, f func(r *tabular.Reader) error) {
	r, err := tabular.OpenFile(path, t.stdin, tabular.Options{Sheet: sheet})
	if sheet != "" && errors.Is(err, tabular.ErrEmpty) {
		return
	}
	if err != nil {
		t.errs = append(t.errs, err)
		return
	}
	defer r.Close()
	if err := f(r); err != nil {
		if sheet != "" {
			err = fmt.Errorf("sheet %s: %w", sheet, err)
		}
		t.errs = append(t.errs, err)
	}
}

// table reads one table; false when it is none of a team. alone tells that the
// file has to be one.
func (t *teamReader) table(path, sheet string, alone bool) (known bool) {
	t.read(path, sheet, func(r *tabular.Reader) (err error) {
		kind, ok := KindOf(r.Header())
		if known = ok; !ok {
			if alone {
				return fmt.Errorf("%s: neither agents (column contract_hours), availability (columns agent, kind), shifts (column earliest_start), rotations (columns pattern, week), appointments or meetings (columns name, agents) nor a roster", path)
			}
			return nil
		}
		where := func(c *tabular.Columns) string {
			if sheet == "" {
				return fmt.Sprintf("%s: line %d", path, c.Line())
			}
			return fmt.Sprintf("%s: sheet %s: line %d", path, sheet, c.Line())
		}
		switch kind {
		case KindAvailability:
			if path == "-" {
				return errors.New("-: availability is read after the agents: name it as a file")
			}
			t.later = append(t.later, table{path, sheet, kind})
			return nil
		case KindPatterns:
			if path == "-" {
				return errors.New("-: rotations are read after the shifts: name them as a file")
			}
			t.later = append(t.later, table{path, sheet, kind})
			return nil
		case KindShifts:
			list, err := Shifts(r)
			if err != nil && len(list) == 0 && !alone && !isCellError(err) {
				return nil // an empty sheet
			}
			t.out.Shifts = append(t.out.Shifts, list...)
			return err
		case KindAppointments:
			list, err := Appointments(r)
			t.out.Meetings = append(slices.Grow(t.out.Meetings, 1), list...)
			return err
		case KindMeetings:
			list, err := Meetings(r)
			t.out.Meetings = append(slices.Grow(t.out.Meetings, 1), list...)
			return err
		case KindRoster:
			list, err := Roster(r, t.opt.Zone)
			t.out.Roster, t.out.HasRoster = append(t.out.Roster, list...), true
			return err
		case KindContracts:
			return t.contractRows(r, where)
		case KindSkills:
			return t.skillRows(r, where)
		}
		return t.agents(r, alone)
	})
	return known
}

func isCellError(err error) bool {
	var ce *tabular.CellError
	return errors.As(err, &ce)
}

// agents reads agents with their contracts, or who they are only.
func (t *teamReader) agents(r *tabular.Reader, alone bool) error {
	if kind, _ := KindOf(r.Header()); kind == KindAgents && hasHeading(r, "contract_hours") {
		list, err := Agents(r)
		if err != nil && len(list) == 0 && !alone && !isCellError(err) {
			return nil
		}
		t.out.Agents = append(t.out.Agents, list...)
		return err
	}
	c, err := columns(r, "id|agent", "name")
	if err != nil {
		return err
	}
	c.Alias("id", "agent")
	seen := map[string]int{}
	return rows(c, func() {
		a := person(c)
		if n, twice := seen[a.ID]; twice {
			c.Fail("id", fmt.Sprintf("an id that is not used before (line %d)", n))
		}
		seen[a.ID] = c.Line()
		t.people = append(t.people, a)
	})
}

func hasHeading(r *tabular.Reader, name string) bool {
	for _, h := range r.Header() {
		if s := tabular.Snake(h); s == name || slices.Contains(dutchHeadings()[name], s) {
			return true
		}
	}
	return false
}

func (t *teamReader) contractRows(r *tabular.Reader, where func(*tabular.Columns) string) error {
	c, err := columns(r, "agent|id", "contract_hours")
	if err != nil {
		return err
	}
	c.Alias("id", "agent")
	return rows(c, func() {
		a := person(c)
		contract(c, &a)
		t.contracts = append(t.contracts, contractRow{a, where(c)})
	})
}

func (t *teamReader) skillRows(r *tabular.Reader, where func(*tabular.Columns) string) error {
	c, err := columns(r, "agent|id", "skill")
	if err != nil {
		return err
	}
	c.Alias("agent", "id")
	return rows(c, func() {
		s := skillRow{agent: c.Text("agent"), Skill: roster.Skill{Name: c.Text("skill"), Efficiency: 1}, where: where(c)}
		if s.Name == "" {
			c.Fail("skill", "the name of a skill")
		}
		if v := c.Float("efficiency"); v == v {
			if v <= 0 || v > maxEfficiency {
				c.Fail("efficiency", "a speed above 0, 1 being a full agent")
			}
			s.Efficiency = v
		}
		t.skills = append(t.skills, s)
	})
}

// join makes agents of people, contracts and skills in separate tables.
func (t *teamReader) join() {
	if len(t.people) == 0 && len(t.contracts) == 0 && len(t.skills) == 0 {
		return
	}
	index := map[string]int{}
	for i, a := range t.people {
		index[a.ID] = i
	}
	fail := func(where, format string, args ...any) {
		t.errs = append(t.errs, fmt.Errorf("%s: %s", where, fmt.Sprintf(format, args...)))
	}
	of := map[string][]contractRow{}
	for _, c := range t.contracts {
		if _, ok := index[c.ID]; !ok {
			if len(t.people) > 0 {
				fail(c.where, "agent %q is not on the sheet of agents", c.ID)
				continue
			}
			index[c.ID] = len(t.people) // contracts alone name the agents
			t.people = append(t.people, c.Agent)
			index[c.ID] = len(t.people) - 1
		}
		of[c.ID] = append(of[c.ID], c)
	}
	for i := range t.people {
		a := &t.people[i]
		c, note, err := t.inForce(of[a.ID])
		switch {
		case err != nil:
			t.errs = append(t.errs, err)
			continue
		case len(of[a.ID]) == 0:
			t.errs = append(t.errs, fmt.Errorf("agent %s has no contract: want a row on the sheet of contracts", a.ID))
			continue
		case note != (roster.Sentence{}):
			t.out.Notes = append(t.out.Notes, note)
		}
		a.Contract, a.Min, a.Max, a.HasMin, a.HasMax, a.Period = c.Contract, c.Min, c.Max, c.HasMin, c.HasMax, c.Period
		a.Pattern, a.PatternFrom, a.HasPatternFrom = c.Pattern, c.PatternFrom, c.HasPatternFrom
		a.MaxDaysPerWeek, a.ValidFrom, a.ValidTo, a.HasFrom, a.HasTo = c.MaxDaysPerWeek, c.ValidFrom, c.ValidTo, c.HasFrom, c.HasTo
		if c.RuleSet != "" {
			a.RuleSet = c.RuleSet
		}
		if c.CostPerHour != 0 {
			a.CostPerHour = c.CostPerHour
		}
	}
	for _, s := range t.skills {
		i, ok := index[s.agent]
		switch {
		case !ok:
			fail(s.where, "agent %q is not on the sheet of agents", s.agent)
		case t.people[i].Efficiency(s.Name) > 0:
			fail(s.where, "agent %s has skill %s twice", s.agent, s.Name)
		default:
			t.people[i].Skills = append(t.people[i].Skills, s.Skill)
		}
	}
	for i := range t.people {
		if len(t.people[i].Skills) == 0 && len(t.errs) == 0 {
			t.out.Notes = append(t.out.Notes, noteOf("agent %s has no skill and will not be planned", "medewerker %s heeft geen vaardigheid en wordt niet ingepland", t.people[i].ID))
		}
	}
	t.out.Agents = append(t.out.Agents, t.people...)
}

// inForce returns the contract of an agent that holds today, or else the next
// one, or else the last.
func (t *teamReader) inForce(list []contractRow) (contractRow, roster.Sentence, error) {
	if len(list) == 0 {
		return contractRow{}, roster.Sentence{}, nil
	}
	list = slices.Clone(list)
	start := func(c contractRow) calendar.Date {
		if c.HasFrom {
			return c.ValidFrom
		}
		return always[0]
	}
	end := func(c contractRow) calendar.Date {
		if c.HasTo {
			return c.ValidTo
		}
		return always[1]
	}
	slices.SortStableFunc(list, func(a, b contractRow) int { return int(start(a) - start(b)) })
	best := len(list) - 1
	for i := range list {
		if i > 0 && start(list[i]) <= end(list[i-1]) {
			return list[i], roster.Sentence{}, fmt.Errorf("%s: the contract of %s overlaps the one from %s", list[i].where, list[i].ID, start(list[i-1]))
		}
	}
	for i := range list {
		if end(list[i]) >= t.opt.Today {
			best = i
			break
		}
	}
	if len(list) == 1 {
		return list[0], roster.Sentence{}, nil
	}
	return list[best], noteOf(
		"agent %s has %d contracts: the one from %s is taken; load the file again when the next begins",
		"medewerker %s heeft %d contracten: dat vanaf %s telt; laad het bestand opnieuw als het volgende begint", list[best].ID, len(list), start(list[best])), nil
}

// names collects what the later tables may refer to.
func (t *teamReader) names() {
	t.ids, t.teams = map[string]bool{}, map[string]bool{}
	for _, list := range [][]roster.Agent{t.out.Agents, t.opt.Known.Agents} {
		for i := range list {
			t.ids[list[i].ID] = true
			t.teams[list[i].Team] = true
		}
	}
	t.shifts = t.opt.Known.Shifts
	if t.out.Shifts != nil {
		t.shifts = t.out.Shifts
	}
}

// checkMeetings verifies that meetings name agents and teams that exist.
func (t *teamReader) checkMeetings() {
	for _, m := range t.out.Meetings {
		for _, who := range m.Agents {
			if !t.ids[who] && !t.teams[who] {
				t.errs = append(t.errs, fmt.Errorf("%s: %q is neither an agent nor a team", m.Name, who))
			}
		}
	}
}
