package flow

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"kcc/internal/calendar"
	"kcc/internal/planstore"
	"kcc/internal/rosterfile"
	"kcc/roster"
)

// TeamFiles is what the files of a team hold.
type TeamFiles struct {
	Agents       []roster.Agent
	Availability []roster.Availability
	Shifts       []roster.Shift
}

// teamKind tells by its columns what a file of a team holds.
func teamKind(header []string) (string, bool) {
	has := func(name string) bool { return slices.Contains(header, name) }
	switch {
	case has("contract_hours"):
		return "agents", true
	case has("kind") && (has("agent") || has("id")):
		return "availability", true
	case has("earliest_start") || has("latest_start"):
		return "shifts", true
	}
	return "", false
}

// ReadTeam reads files of agents, availability and shifts, in any order; what
// each is follows from its columns. Availability may name agents and shifts of
// the files and those in known.
func ReadTeam(paths []string, stdin io.Reader, known TeamFiles, zone *time.Location) (TeamFiles, error) {
	var out TeamFiles
	var later []string
	var errs []error
	for _, path := range paths {
		r, err := rosterfile.Open(path, stdin)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		kind, ok := teamKind(r.Header())
		switch {
		case !ok:
			err = fmt.Errorf("%s: neither agents (column contract_hours), availability (columns agent, kind) nor shifts (column earliest_start)", path)
		case kind == "agents":
			out.Agents, err = rosterfile.Agents(r)
		case kind == "shifts":
			out.Shifts, err = rosterfile.Shifts(r)
		default:
			later = append(later, path)
		}
		r.Close()
		errs = append(errs, err)
	}
	if err := errors.Join(errs...); err != nil {
		return out, err
	}
	agents, shifts := known.Agents, known.Shifts
	if out.Agents != nil {
		agents = append(slices.Clone(out.Agents), agents...)
	}
	if out.Shifts != nil {
		shifts = out.Shifts
	}
	ids := map[string]bool{}
	for i := range agents {
		ids[agents[i].ID] = true
	}
	for _, path := range later {
		r, err := rosterfile.Open(path, stdin)
		if err != nil {
			return out, err
		}
		list, err := rosterfile.Availability(r, func(id string) bool { return ids[id] }, shifts, zone)
		r.Close()
		if err != nil {
			return out, err
		}
		out.Availability = append(out.Availability, list...)
	}
	return out, nil
}

// StoredTeam returns the agents and shifts that the store has.
func StoredTeam(ctx context.Context, db *sql.DB) (TeamFiles, error) {
	var t TeamFiles
	var err error
	if t.Agents, err = planstore.LoadAgents(ctx, db); err != nil {
		return t, err
	}
	t.Shifts, err = planstore.LoadShifts(ctx, db)
	return t, err
}

// SaveTeam puts what the files hold in the place of what the store had: agents,
// availability and shifts each as a whole, where a file gave them.
func SaveTeam(ctx context.Context, db *sql.DB, t TeamFiles) error {
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
	if t.Availability != nil {
		return planstore.SaveAvailability(ctx, db, t.Availability)
	}
	return nil
}

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
