package flow

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"fmt"
	"slices"
	"time"

	"kcc/contacts"
	"kcc/erlang"
	"kcc/forecast"
	"kcc/internal/calendar"
	"kcc/internal/centre"
	"kcc/internal/planstore"
	"kcc/internal/rosterfile"
	"kcc/roster"
)

// Site is a centre with its store: where the planning steps take their input
// and leave their results.
type Site struct {
	DB      *sql.DB
	Centre  *centre.Centre
	Version planstore.CentreVersion
	Now     time.Time

	reqs  map[int64]loadedRequirements   // by run
	fores map[int64][]*forecast.Forecast // by run
}

// Prepare loads the newest requirement with its forecast, for the steps to come.
// What cannot be loaded is told by the step that needs it.
func (s *Site) Prepare(ctx context.Context) {
	if run, _, err := s.LastRequirements(ctx); err == nil {
		_, _, _, _ = s.forecastOf(ctx, run.ID)
	}
}

type loadedRequirements struct {
	run  planstore.RequirementRun
	list []erlang.Requirement
}

// requirements loads a run of requirements, once. The list is for reading only.
func (s *Site) requirements(ctx context.Context, id int64) (planstore.RequirementRun, []erlang.Requirement, error) {
	if x, ok := s.reqs[id]; ok {
		return x.run, x.list, nil
	}
	run, list, err := planstore.LoadRequirements(ctx, s.DB, id, s.Centre.Zone)
	if err == nil && id != 0 { // 0 is the newest, which may change
		if s.reqs == nil {
			s.reqs = map[int64]loadedRequirements{}
		}
		s.reqs[id] = loadedRequirements{run, list}
	}
	return run, list, err
}

// OpenSite loads the description of the centre that is in force on the day of
// now. It fails with planstore.ErrNoCentre when there is none.
func OpenSite(ctx context.Context, db *sql.DB, now time.Time, zone *time.Location) (*Site, error) {
	c, v, err := planstore.LoadCentre(ctx, db, calendar.DateOf(now, zone))
	if err != nil {
		return nil, err
	}
	return &Site{DB: db, Centre: c, Version: v, Now: now}, nil
}

// History reads the volumes of whole channels, or of subjects as the filter
// says, from the store.
func (s *Site) History(ctx context.Context, f contacts.Filter) ([]contacts.Series, error) {
	if f.Zone == nil {
		f.Zone = s.Centre.Zone
	}
	f.Channels = slices.Clone(f.Channels)
	for i, name := range f.Channels {
		f.Channels[i] = contacts.ChannelName(name)
	}
	hist, err := contacts.History(ctx, s.DB, f)
	for i := range hist {
		hist[i].Channel = centreName(s.Centre, hist[i].Channel)
	}
	return hist, err
}

// centreName returns the name that the centre has for a channel of the store:
// the import gives channels one name each ("post" is "letter"), the centre may
// have another.
func centreName(c *centre.Centre, channel string) string {
	if _, ok := c.Channel(channel); ok {
		return channel
	}
	for _, ch := range c.Channels {
		if contacts.ChannelName(ch.Name) == channel {
			return ch.Name
		}
	}
	return channel
}

// lookBack is how far back the working-time rules look: 52 weeks of Sundays.
const lookBack = 52 * 7

// Team loads what a roster of the days first..last is made of.
func (s *Site) Team(ctx context.Context, first, last calendar.Date) (Team, error) {
	var t Team
	var err error
	if t.Agents, err = planstore.LoadAgents(ctx, s.DB); err != nil {
		return t, err
	}
	if t.Availability, err = planstore.LoadAvailability(ctx, s.DB, first, last); err != nil {
		return t, err
	}
	if t.Shifts, err = planstore.LoadShifts(ctx, s.DB); err != nil {
		return t, err
	}
	if t.Patterns, err = planstore.LoadPatterns(ctx, s.DB); err != nil {
		return t, err
	}
	if t.History, err = planstore.PublishedShifts(ctx, s.DB, first.Add(-lookBack), first-1, s.Centre.Zone); err != nil {
		return t, err
	}
	if t.Meetings, err = planstore.LoadMeetings(ctx, s.DB, first, last); err != nil {
		return t, err
	}
	book, err := rosterfile.ReadRules(s.Centre.Roster.Rules)
	if err != nil {
		return t, fmt.Errorf("the centre's roster rules: %w", err)
	}
	t.SetRules(book)
	return t, nil
}

// PlanInput gathers what a plan from first on needs.
func (s *Site) PlanInput(ctx context.Context, first calendar.Date, weeks int) (PlanInput, error) {
	in := PlanInput{Centre: s.Centre, First: first, Weeks: weeks}
	var err error
	if in.History, err = s.History(ctx, contacts.Filter{}); err != nil {
		return in, err
	}
	last := first.Add(7*weeks - 1)
	if in.Team, err = s.Team(ctx, first, last); err != nil {
		return in, err
	}
	if err = s.Freeze(ctx, &in.Team, first, last, true); err != nil {
		return in, err
	}
	if in.Events, err = planstore.Events(ctx, s.DB); err != nil {
		return in, err
	}
	if in.Outbound, err = s.Outbound(ctx, first, 7*weeks); err != nil {
		return in, err
	}
	in.Adjust, err = planstore.Adjustments(ctx, s.DB, s.Centre.Zone)
	return in, err
}

// Saved names the runs under which a plan was stored.
type Saved struct{ Forecast, Requirement, Roster int64 }

// SavePlan stores the forecast, the requirement and the roster, as a draft.
func (s *Site) SavePlan(ctx context.Context, p *Plan) (Saved, error) {
	var saved Saved
	var err error
	saved.Forecast, err = s.SaveForecasts(ctx, "plan", p.Forecasts)
	if err != nil {
		return saved, err
	}
	saved.Requirement, err = s.SaveRequirements(ctx, saved.Forecast, p.Requirements)
	if err != nil {
		return saved, err
	}
	saved.Roster, err = s.SaveRoster(ctx, saved.Requirement, &p.Problem, p.Result)
	return saved, err
}

// SaveForecasts stores forecasts as one run and returns its number.
func (s *Site) SaveForecasts(ctx context.Context, source string, fs []*forecast.Forecast) (int64, error) {
	run := planstore.ForecastRun{Made: s.Now, Source: source, Inputs: s.Version.Hash}
	return planstore.SaveForecasts(ctx, s.DB, run, fs)
}

// SaveRequirements stores requirements as one run and returns its number.
func (s *Site) SaveRequirements(ctx context.Context, forecastRun int64, reqs []erlang.Requirement) (int64, error) {
	run := planstore.RequirementRun{ForecastRun: forecastRun, Made: s.Now, Inputs: s.Version.Hash}
	return planstore.SaveRequirements(ctx, s.DB, run, reqs)
}

// SaveRoster stores a roster as a draft and returns its number.
func (s *Site) SaveRoster(ctx context.Context, requirementRun int64, p *roster.Problem, r *roster.Result) (int64, error) {
	v := planstore.RosterVersion{
		Status: planstore.Draft, First: p.First, Days: p.Days, Zone: p.Zone, Step: p.Step, Made: s.Now,
		RequirementRun: requirementRun, Inputs: hashOf(p), Result: *r,
	}
	for _, c := range p.Locked {
		if c.Off {
			v.Off = append(v.Off, c)
		}
	}
	return planstore.SaveRoster(ctx, s.DB, v)
}

// LastForecast loads the newest run of the forecast.
func (s *Site) LastForecast(ctx context.Context) (planstore.ForecastRun, []*forecast.Forecast, error) {
	runs, err := planstore.ForecastRuns(ctx, s.DB, 1)
	if err != nil {
		return planstore.ForecastRun{}, nil, err
	}
	if len(runs) == 0 {
		return planstore.ForecastRun{}, nil, fmt.Errorf("%w: there is no forecast", planstore.ErrNoRun)
	}
	return planstore.LoadForecasts(ctx, s.DB, runs[0].ID, s.Centre.Zone)
}

// LastRequirements loads the newest run of requirements.
func (s *Site) LastRequirements(ctx context.Context) (planstore.RequirementRun, []erlang.Requirement, error) {
	runs, err := planstore.RequirementRuns(ctx, s.DB, 1)
	if err != nil {
		return planstore.RequirementRun{}, nil, err
	}
	if len(runs) == 0 {
		return planstore.RequirementRun{}, nil, fmt.Errorf("%w: there is no requirement", planstore.ErrNoRun)
	}
	return s.requirements(ctx, runs[0].ID)
}

// hashOf names a problem by its content.
func hashOf(p *roster.Problem) string {
	h := sha256.New()
	q := *p
	q.Zone = nil
	fmt.Fprintf(h, "%+v", q) // maps are printed in order of key
	return hex.EncodeToString(h.Sum(nil))[:16]
}
