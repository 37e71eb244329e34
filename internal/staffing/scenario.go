package staffing

import (
	"context"
	"fmt"
	"slices"
	"time"

	"kcc/erlang"
	"kcc/internal/tabular"
	"kcc/roster"
)

// Play says how a table of intervals is to be simulated.
type Play struct {
	Options
	AHTLaw      map[string]erlang.Law // by channel, "" = all others
	PatienceLaw map[string]erlang.Law
	Rostered    bool // the column rostered, with agents away by the shrinkage, instead of agents
	NoTeams     bool // the agents come from elsewhere: the rows need not name them
}

// Scenario reads intervals from r with their volumes and, unless p.NoTeams, the
// agents of each, as Staff writes them. Channels that share a skill share its
// agents.
func Scenario(ctx context.Context, r *tabular.Reader, p Play) (*erlang.Scenario, []erlang.Settings, *Report, error) {
	s := &staff{opt: p.Options, cols: columnsOf(r), byName: map[groupKey]int32{}, lenient: true, played: true}
	if s.opt.Zone == nil {
		s.opt.Zone = time.UTC
	}
	if err := s.find(); err != nil {
		return nil, nil, nil, err
	}
	if !s.plan {
		return nil, nil, nil, &tabular.MissingError{File: s.cols.file, Missing: []string{"start"}, Header: s.cols.header}
	}
	agents := s.cols.at("kcc_agents", "agents")
	if p.Rostered {
		agents = s.cols.at("kcc_rostered", "rostered")
	}
	if agents < 0 && !p.NoTeams {
		return nil, nil, nil, &tabular.MissingError{File: s.cols.file, Missing: []string{"agents (run kcc staff first) or --roster"}, Header: s.cols.header}
	}
	chunks, err := s.collect(ctx, r)
	if err != nil {
		return nil, nil, nil, err
	}
	s.leaveOutSubjects()
	staffed, err := s.agentsOf(chunks, agents)
	if err != nil {
		return nil, nil, nil, err
	}
	sc, set, err := s.scenario(staffed, p)
	return sc, set, &s.report, err
}

// scenario lays the rows on the slots that occur.
func (s *staff) scenario(staffed []float64, p Play) (*erlang.Scenario, []erlang.Settings, error) {
	step, err := s.playedStep()
	if err != nil {
		return nil, nil, err
	}
	at := map[int64]int{}
	var starts []int64
	for _, g := range s.groups {
		for _, i := range g.rows {
			r := &s.rows[i]
			if r.bad {
				continue
			}
			if _, ok := at[r.start]; !ok {
				at[r.start] = 0
				starts = append(starts, r.start)
			}
		}
	}
	slices.Sort(starts)
	sc := &erlang.Scenario{}
	for i, t := range starts {
		at[t] = i
		sc.Slots = append(sc.Slots, erlang.Slot{Start: time.Unix(t, 0).In(s.opt.Zone), Step: seconds(float64(step))})
	}
	n := len(starts)
	var settings []erlang.Settings
	bySkill := map[string]int{}
	for _, g := range s.groups {
		if len(g.rows) == 0 {
			continue
		}
		offered, aht := make([]float64, n), make([]float64, n)
		present := make([]float64, n)
		for _, i := range g.rows {
			if r := &s.rows[i]; !r.bad {
				offered[at[r.start]], aht[at[r.start]] = r.offered, r.aht
				present[at[r.start]] = staffed[i]
			}
		}
		name := g.key.channel
		if name == "" {
			name = defaultSkill
		}
		if g.key.subject != "" {
			name += "/" + g.key.subject
		}
		q := erlang.SimQueueOf(name, g.settings, sc.Slots, offered, aht)
		q.AHTLaw, q.Patient = lawOf(p.AHTLaw, g.key.channel), lawOf(p.PatienceLaw, g.key.channel)
		q.VolumeCV = cvOf(s.opt.Plan.VolumeCV, g.key.channel)
		q.NoiseCV = s.opt.Plan.NoiseCV
		sc.Queues = append(sc.Queues, q)
		settings = append(settings, g.settings)
		if p.NoTeams {
			continue
		}
		skill := s.skill(&staffRow{channel: g.key.channel, settings: g.settings, interval: erlang.Interval{Skill: g.key.skill}})
		ti, ok := bySkill[skill]
		if !ok {
			ti = len(sc.Teams)
			bySkill[skill] = ti
			team := erlang.SimTeam{Name: skill, Agents: make([]float64, n)}
			if p.Rostered {
				team.Away = g.settings.Unplanned
			}
			sc.Teams = append(sc.Teams, team)
		}
		team := &sc.Teams[ti]
		team.Skills = append(team.Skills, erlang.SimSkill{Queue: name})
		for i, v := range present {
			team.Agents[i] += v
		}
	}
	// Deferrable work fills the idle time of the channel that it blends into.
	for qi, set := range settings {
		if set.BlendInto == "" {
			continue
		}
		for ti := range sc.Teams {
			serves := func(q string) bool {
				return slices.ContainsFunc(sc.Teams[ti].Skills, func(k erlang.SimSkill) bool { return k.Queue == q })
			}
			if serves(set.BlendInto) && !serves(sc.Queues[qi].Name) {
				sc.Teams[ti].Skills = append(sc.Teams[ti].Skills, erlang.SimSkill{Queue: sc.Queues[qi].Name, Rank: 1})
			}
		}
	}
	return sc, settings, nil
}

// playedStep returns the length of the intervals that are played, in seconds: that
// of the channels where customers wait. Deferrable work in intervals of another
// length, such as the post of a day, is left out, with its agents.
func (s *staff) playedStep() (float32, error) {
	step, file := float32(0), s.cols.file
	for _, waits := range []bool{true, false} {
		for _, g := range s.groups {
			if (g.settings.Formula() != erlang.ModelDeadline) != waits {
				continue
			}
			for _, i := range g.rows {
				r := &s.rows[i]
				if r.bad {
					continue
				}
				if step == 0 {
					step = r.step
				}
				if r.step == step {
					continue
				}
				if waits {
					return 0, fmt.Errorf("%s: intervals of %g and %g seconds: a simulation wants one length", file, step, r.step)
				}
				s.report.OtherStep = append(s.report.OtherStep, g.key.channel)
				g.rows = nil
				break
			}
		}
	}
	return step, nil
}

func lawOf(m map[string]erlang.Law, channel string) erlang.Law {
	if l, ok := m[channel]; ok {
		return l
	}
	return m[""]
}

func cvOf(m map[string]float64, channel string) float64 {
	if v, ok := m[channel]; ok {
		return v
	}
	return m[""]
}

// RosterTeams turns a roster into teams: for each agent, and each skill set the
// agent works with during a shift, one team that is present in the slots outside
// breaks. Where the roster plans a skill for the moment, agents serve that skill
// alone or, with all, the others they have too: a contact goes to those planned
// for it first, and who gets free takes what waits longest.
func RosterTeams(sc *erlang.Scenario, settings []erlang.Settings, assignments []roster.Assignment, agents []roster.Agent, all bool) []erlang.SimTeam {
	skill := make([]string, len(sc.Queues))
	for i, q := range sc.Queues {
		skill[i] = q.Name
		if settings[i].Skill != "" {
			skill[i] = settings[i].Skill
		}
	}
	byID := map[string]*roster.Agent{}
	for i := range agents {
		byID[agents[i].ID] = &agents[i]
	}
	type key struct{ agent, skill string }
	index := map[key]int{}
	var teams []erlang.SimTeam
	teamOf := func(agent, planned string) int {
		k := key{agent, planned}
		if i, ok := index[k]; ok {
			return i
		}
		t := erlang.SimTeam{Name: agent, Agents: make([]float64, len(sc.Slots))}
		for qi, q := range sc.Queues {
			e, can, rank := 1.0, planned == skill[qi], 0
			if a := byID[agent]; a != nil {
				for _, own := range a.Skills {
					if own.Name == skill[qi] {
						if own.Efficiency > 0 {
							e = own.Efficiency
						}
						if !can && (planned == "" || all) {
							can = true
							if planned != "" {
								rank = 1
							}
						}
					}
				}
			} else if planned == "" {
				can = true
			}
			if can {
				t.Skills = append(t.Skills, erlang.SimSkill{Queue: q.Name, Efficiency: e, Rank: rank})
			}
		}
		index[k] = len(teams)
		teams = append(teams, t)
		return index[k]
	}
	for _, a := range assignments {
		for i, sl := range sc.Slots {
			end := sl.Start.Add(sl.Step)
			if !sl.Start.Before(a.End) || !end.After(a.Start) {
				continue
			}
			present := overlap(sl.Start, end, a.Start, a.End)
			for _, b := range a.Breaks {
				present -= overlap(sl.Start, end, b.Start, b.Start.Add(b.Length))
			}
			if present <= 0 {
				continue
			}
			planned := ""
			for _, p := range a.Plan {
				if !p.Start.After(sl.Start) || p.Start.Before(end) && planned == "" {
					planned = p.Skill
				}
			}
			teams[teamOf(a.Agent, planned)].Agents[i] += float64(present) / float64(sl.Step)
		}
	}
	return slices.DeleteFunc(teams, func(t erlang.SimTeam) bool { return len(t.Skills) == 0 })
}

func overlap(a, b, c, d time.Time) time.Duration {
	from, to := a, b
	if c.After(from) {
		from = c
	}
	if d.Before(to) {
		to = d
	}
	return max(0, to.Sub(from))
}
