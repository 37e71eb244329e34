package flow

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"kcc/internal/calendar"
	"kcc/internal/planstore"
	"kcc/internal/rosterfile"
	"kcc/roster"
)

// TeamFiles is what the files of a team hold.
type TeamFiles = rosterfile.Team

// StoredTeam returns the agents, shifts and rotations that the store has.
func StoredTeam(ctx context.Context, db *sql.DB) (TeamFiles, error) {
	var t TeamFiles
	var err error
	if t.Agents, err = planstore.LoadAgents(ctx, db); err != nil {
		return t, err
	}
	if t.Patterns, err = planstore.LoadPatterns(ctx, db); err != nil {
		return t, err
	}
	t.Shifts, err = planstore.LoadShifts(ctx, db)
	return t, err
}

// SaveTeam puts what the files hold in the place of what the store had: agents,
// availability, shifts, rotations and meetings each as a whole, where a file gave them.
// With add, availability is added to what is known; rows that are there already
// are not doubled.
func SaveTeam(ctx context.Context, db *sql.DB, t TeamFiles, add bool) error {
	if t.Agents != nil {
		if err := planstore.SaveAgents(ctx, db, t.Agents); err != nil {
			return err
		}
	}
	if t.Shifts != nil {
		if err := planstore.SaveShifts(ctx, db, t.Shifts); err != nil {
			return err
		}
	}
	if t.Patterns != nil {
		if err := planstore.SavePatterns(ctx, db, t.Patterns); err != nil {
			return err
		}
	}
	if t.Meetings != nil {
		if err := planstore.SaveMeetings(ctx, db, t.Meetings); err != nil {
			return err
		}
	}
	switch {
	case t.Availability == nil:
		return nil
	case !add:
		return planstore.SaveAvailability(ctx, db, t.Availability)
	}
	have, err := planstore.LoadAvailability(ctx, db, earliestDay, latestDay)
	if err != nil {
		return err
	}
	known := map[roster.Availability]bool{}
	for _, v := range have {
		known[v] = true
	}
	var fresh []roster.Availability
	for _, v := range t.Availability {
		if !known[v] {
			known[v] = true
			fresh = append(fresh, v)
		}
	}
	return planstore.AddAvailability(ctx, db, fresh)
}

// earliestDay and latestDay bound every day that a file can hold.
var (
	earliestDay = calendar.NewDate(1, time.January, 1)
	latestDay   = calendar.NewDate(9999, time.December, 31)
)

// Check names what a plan misses: agents, shifts, or a skill that nobody has.
func (t Team) Check(first, last calendar.Date) error {
	if len(t.Agents) == 0 {
		return errors.New("the store has no agents")
	}
	if len(t.Shifts) == 0 {
		return errors.New("the store has no shifts")
	}
	for i := range t.Agents {
		a := &t.Agents[i]
		if (!a.HasTo || a.ValidTo >= first) && (!a.HasFrom || a.ValidFrom <= last) {
			return nil
		}
	}
	return fmt.Errorf("no agent has a contract between %s and %s", first, last)
}
