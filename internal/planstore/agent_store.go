package planstore

import (
	"context"
	"database/sql"
	"fmt"
	"math"
	"strings"

	"kcc/internal/calendar"
	"kcc/internal/store"
	"kcc/roster"
)

// centsPerUnit converts money: the store holds whole cents.
const centsPerUnit = 100

// SaveAgents makes agents the list of agents, in this order. Agents that are no
// longer in it are removed with their availability; what they worked stays in
// the rosters.
func SaveAgents(ctx context.Context, db *sql.DB, agents []roster.Agent) error {
	return store.Write(ctx, db, func(tx *sql.Tx) error {
		keep := map[string]bool{}
		put, err := tx.PrepareContext(ctx, `
INSERT INTO plan_agent (id, position, name, team, contract_s, min_s, max_s, period, max_days_per_week, valid_from, valid_to, rule_set, cost_per_hour, acd, notes, pattern, pattern_from)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (id) DO UPDATE SET position = excluded.position, name = excluded.name, team = excluded.team, contract_s = excluded.contract_s,
	min_s = excluded.min_s, max_s = excluded.max_s, period = excluded.period, max_days_per_week = excluded.max_days_per_week,
	valid_from = excluded.valid_from, valid_to = excluded.valid_to, rule_set = excluded.rule_set, cost_per_hour = excluded.cost_per_hour,
	acd = excluded.acd, notes = excluded.notes, pattern = excluded.pattern, pattern_from = excluded.pattern_from`)
		if err != nil {
			return err
		}
		defer put.Close()
		skill, err := tx.PrepareContext(ctx, "INSERT INTO plan_agent_skill (agent, position, skill, efficiency) VALUES (?, ?, ?, ?)")
		if err != nil {
			return err
		}
		defer skill.Close()
		for i, a := range agents {
			if keep[a.ID] {
				return fmt.Errorf("agent %s is in the list twice", a.ID)
			}
			keep[a.ID] = true
			if _, err := put.ExecContext(ctx, a.ID, i, a.Name, a.Team, seconds(a.Contract), maybe(seconds(a.Min), a.HasMin), maybe(seconds(a.Max), a.HasMax),
				string(a.Period), a.MaxDaysPerWeek, maybe(dayNumber(a.ValidFrom), a.HasFrom), maybe(dayNumber(a.ValidTo), a.HasTo), a.RuleSet,
				int64(math.Round(a.CostPerHour*centsPerUnit)), a.ACD, a.Notes, a.Pattern, maybe(dayNumber(a.PatternFrom), a.HasPatternFrom)); err != nil {
				return fmt.Errorf("agent %s: %w", a.ID, err)
			}
			if _, err := tx.ExecContext(ctx, "DELETE FROM plan_agent_skill WHERE agent = ?", a.ID); err != nil {
				return err
			}
			for j, s := range a.Skills {
				if _, err := skill.ExecContext(ctx, a.ID, j, s.Name, s.Efficiency); err != nil {
					return fmt.Errorf("agent %s: %w", a.ID, err)
				}
			}
		}
		have, err := agentIDs(ctx, tx)
		if err != nil {
			return err
		}
		for _, id := range have {
			if keep[id] {
				continue
			}
			if _, err := tx.ExecContext(ctx, "DELETE FROM plan_agent WHERE id = ?", id); err != nil {
				return err
			}
		}
		return nil
	})
}

func agentIDs(ctx context.Context, tx *sql.Tx) ([]string, error) {
	rows, err := tx.QueryContext(ctx, "SELECT id FROM plan_agent ORDER BY position")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []string
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		out = append(out, id)
	}
	return out, rows.Err()
}

// LoadAgents returns the list of agents in its order.
func LoadAgents(ctx context.Context, db *sql.DB) ([]roster.Agent, error) {
	var out []roster.Agent
	err := store.Read(ctx, db, func(tx *sql.Tx) error {
		index := map[string]int{}
		rows, err := tx.QueryContext(ctx, `
SELECT id, name, team, contract_s, min_s, max_s, period, max_days_per_week, valid_from, valid_to, rule_set, cost_per_hour, acd, notes, pattern, pattern_from
FROM plan_agent ORDER BY position`)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var a roster.Agent
			var contract, cents int64
			var lo, hi, from, to, round sql.Null[int64]
			if err := rows.Scan(&a.ID, &a.Name, &a.Team, &contract, &lo, &hi, &a.Period, &a.MaxDaysPerWeek, &from, &to, &a.RuleSet, &cents, &a.ACD, &a.Notes, &a.Pattern, &round); err != nil {
				return err
			}
			a.Contract, a.CostPerHour = duration(contract), float64(cents)/centsPerUnit
			a.Min, a.HasMin = duration(lo.V), lo.Valid
			a.Max, a.HasMax = duration(hi.V), hi.Valid
			a.ValidFrom, a.HasFrom = calendar.Date(from.V), from.Valid
			a.ValidTo, a.HasTo = calendar.Date(to.V), to.Valid
			a.PatternFrom, a.HasPatternFrom = calendar.Date(round.V), round.Valid
			index[a.ID] = len(out)
			out = append(out, a)
		}
		if err := rows.Err(); err != nil {
			return err
		}
		skills, err := tx.QueryContext(ctx, "SELECT agent, skill, efficiency FROM plan_agent_skill ORDER BY agent, position")
		if err != nil {
			return err
		}
		defer skills.Close()
		for skills.Next() {
			var id string
			var s roster.Skill
			if err := skills.Scan(&id, &s.Name, &s.Efficiency); err != nil {
				return err
			}
			a := &out[index[id]]
			a.Skills = append(a.Skills, s)
		}
		return skills.Err()
	})
	return out, err
}

// SaveAvailability replaces the availability of all agents. An agent that is
// not in the list of agents is an error that names all such agents.
func SaveAvailability(ctx context.Context, db *sql.DB, list []roster.Availability) error {
	return store.Write(ctx, db, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, "DELETE FROM plan_availability"); err != nil {
			return err
		}
		return addAvailability(ctx, tx, list)
	})
}

// AddAvailability adds leave, sickness or wishes to what is known.
func AddAvailability(ctx context.Context, db *sql.DB, list []roster.Availability) error {
	return store.Write(ctx, db, func(tx *sql.Tx) error { return addAvailability(ctx, tx, list) })
}

func addAvailability(ctx context.Context, tx *sql.Tx, list []roster.Availability) error {
	ids, err := agentIDs(ctx, tx)
	if err != nil {
		return err
	}
	known := map[string]bool{}
	for _, id := range ids {
		known[id] = true
	}
	var missing []string
	put, err := tx.PrepareContext(ctx, `
INSERT INTO plan_availability (agent, from_day, to_day, weekdays, start, stop, kind, shift, hours_s, weight) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`)
	if err != nil {
		return err
	}
	defer put.Close()
	for _, v := range list {
		if !known[v.Agent] {
			known[v.Agent] = true // say it once
			missing = append(missing, v.Agent)
			continue
		}
		if len(missing) > 0 {
			continue
		}
		if _, err := put.ExecContext(ctx, v.Agent, dayNumber(v.From), dayNumber(v.To), weekdayMask(v.Days), int64(v.Start), int64(v.End), string(v.Kind), v.Shift,
			maybe(seconds(v.Hours), v.HasHours), v.Weight); err != nil {
			return fmt.Errorf("availability of %s: %w", v.Agent, err)
		}
	}
	if len(missing) > 0 {
		return fmt.Errorf("availability: not in the list of agents: %s", strings.Join(missing, ", "))
	}
	return nil
}

// LoadAvailability returns the availability that touches the days from and to,
// both included, in the order in which it was saved.
func LoadAvailability(ctx context.Context, db *sql.DB, from, to calendar.Date) ([]roster.Availability, error) {
	rows, err := db.QueryContext(ctx, `
SELECT agent, from_day, to_day, weekdays, start, stop, kind, shift, hours_s, weight FROM plan_availability
WHERE to_day >= ? AND from_day <= ? ORDER BY id`, dayNumber(from), dayNumber(to))
	if err != nil {
		return nil, store.Explain(err)
	}
	defer rows.Close()
	var out []roster.Availability
	for rows.Next() {
		var v roster.Availability
		var from, to, mask, start, stop int64
		var hours sql.Null[int64]
		if err := rows.Scan(&v.Agent, &from, &to, &mask, &start, &stop, &v.Kind, &v.Shift, &hours, &v.Weight); err != nil {
			return nil, store.Explain(err)
		}
		v.From, v.To, v.Days = calendar.Date(from), calendar.Date(to), weekdays(mask)
		v.Start, v.End = calendar.Clock(start), calendar.Clock(stop)
		v.Hours, v.HasHours = duration(hours.V), hours.Valid
		out = append(out, v)
	}
	return out, store.Explain(rows.Err())
}
