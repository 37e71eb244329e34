package flow

import (
	"context"
	"database/sql"

	"kcc/contacts"
	"kcc/contacts/kpi"
	"kcc/internal/calendar"
	"kcc/internal/centre"
	"kcc/internal/planstore"
)

// KPISettings tells the reports what they need to know of a centre; nil gives
// the defaults. Channels carry the names that the store has for them.
func KPISettings(c *centre.Centre) *kpi.Settings {
	s := &kpi.Settings{Targets: map[string]kpi.Target{}, Formulas: map[string]kpi.Definition{}}
	if c == nil {
		return s
	}
	s.Zone = c.Zone
	s.Definition, _ = kpi.ParseDefinition(c.ServiceLevel.Definition) // was checked when it was read
	s.Short = c.ServiceLevel.Short
	s.Costs = kpi.Costs{Currency: c.Currency, Wage: c.Costs.WagePerHour, Channel: map[string]float64{}}
	s.Costs.Shrinkage = 1 - (1-c.Shrinkage.Planned)*(1-c.Shrinkage.Unplanned)
	byStore := map[string]centre.Channel{}
	for _, ch := range c.Channels {
		name := contacts.ChannelName(ch.Name)
		byStore[name] = ch
		s.ChannelOrder = append(s.ChannelOrder, name)
		if ch.Target.Within > 0 {
			s.Targets[name] = kpi.Target{Level: ch.Target.Level, Within: ch.Target.Within}
		}
		if own := ch.Formula(c); own != c.ServiceLevel.Definition {
			s.Formulas[name], _ = kpi.ParseDefinition(own)
		}
		s.Costs.Channel[name] = ch.CostByContact
		if ch.Kind == centre.Bot {
			s.Bots = append(s.Bots, name)
		}
	}
	s.ChannelTitle = func(channel string) string { return byStore[channel].Title }
	hours := map[string]*calendar.Hours{}
	for name, ch := range byStore {
		hours[name] = c.Arrivals(ch.Name)
		if ch.Kind == centre.Deferrable || ch.Kind == centre.Bot {
			hours[name] = c.Hours(ch.Name) // a day without mail says nothing on a closed day
		}
	}
	s.Hours = func(channel string) *calendar.Hours { return hours[channel] }
	s.DepartmentOf = c.DepartmentOf
	s.Work = func(department string) *calendar.WorkTime { return calendar.NewWorkTime(c.OfficeHours(department)) }
	s.Specialist = func(subject string) (bool, bool) {
		sub, ok := c.Subject(subject)
		return sub.Level == "specialist", ok
	}
	return s
}

// KPINames returns per key the values that the centre names, with their titles.
func KPINames(c *centre.Centre) map[kpi.Key]map[string]string {
	names := map[kpi.Key]map[string]string{kpi.ByChannel: {}, kpi.BySubject: {}, kpi.BySegment: {}, kpi.ByDepartment: {}}
	for _, ch := range c.Channels {
		names[kpi.ByChannel][contacts.ChannelName(ch.Name)] = ch.Title
	}
	for _, s := range c.Subjects {
		names[kpi.BySubject][s.Name] = s.Title
	}
	for _, s := range c.Segments {
		names[kpi.BySegment][s.Name] = s.Title
	}
	for _, d := range c.Departments {
		names[kpi.ByDepartment][d.Name] = d.Title
	}
	return names
}

// KPITeams tells the team of an agent by the id, the name in the telephony
// system or the name on the list of agents.
func KPITeams(ctx context.Context, db *sql.DB) (func(agent string) string, error) {
	list, err := planstore.LoadAgents(ctx, db)
	if err != nil {
		return nil, err
	}
	teams := map[string]string{}
	for _, a := range list {
		for _, name := range []string{a.Name, a.ACD, a.ID} {
			if name != "" {
				teams[name] = a.Team
			}
		}
	}
	return func(agent string) string { return teams[agent] }, nil
}
