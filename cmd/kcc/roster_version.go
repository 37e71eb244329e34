package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"

	"kcc/internal/flow"
	"kcc/internal/planstore"
	"kcc/roster"
)

// firstArg returns the argument of a command that has at most one, "" without.
func firstArg(args []string) string {
	if len(args) == 0 {
		return ""
	}
	return args[0]
}

// versionNumber reads an argument that names a roster of the store: nothing (the
// one in force, 0) or a number that is not the name of a file.
func versionNumber(arg string) (int64, bool) {
	if arg == "" {
		return 0, true
	}
	id, err := strconv.ParseInt(arg, 10, 64)
	if err != nil || id <= 0 {
		return 0, false
	}
	if _, err := os.Stat(arg); err == nil {
		return 0, false
	}
	return id, true
}

// version loads a roster of the store; 0 is the one in force.
func (a *App) version(ctx context.Context, id int64) (*flow.Version, error) {
	s, err := a.site(ctx)
	if err != nil {
		return nil, err
	}
	v, err := s.LoadVersion(ctx, id)
	switch {
	case errors.Is(err, planstore.ErrNoRun) && id == 0:
		return nil, withHint(err, "make one with \"kcc plan\", or name a file")
	case errors.Is(err, planstore.ErrNoRun):
		return nil, withHint(fmt.Errorf("the store has no roster %d", id), "\"kcc roster show --versions\" lists them")
	}
	return v, err
}

// saveChanged stores a changed roster as a draft based on the version it came from.
func (a *App) saveChanged(ctx context.Context, v *flow.Version, r roster.Roster, note string) error {
	if a.flags.dryRun {
		a.Infof("%s", a.Lang().Pick("dry run: the roster is not stored", "proef: het rooster is niet opgeslagen"))
		return nil
	}
	s, err := a.site(ctx)
	if err != nil {
		return err
	}
	id, err := s.SaveChanged(ctx, v, r, note)
	if err != nil {
		return err
	}
	a.Infof(a.Lang().Pick("stored as draft roster %d, based on %d: \"kcc roster publish %d\" makes it hold", "opgeslagen als concept %d, op basis van %d: \"kcc roster publish %d\" laat het gelden"), id, v.ID, id)
	return nil
}

// saveRepair notes the absence and stores the repaired roster.
func (a *App) saveRepair(ctx context.Context, v *flow.Version, away roster.Availability, r roster.Roster) error {
	if !a.flags.dryRun {
		s, err := a.site(ctx)
		if err != nil {
			return err
		}
		if err := flow.SaveTeam(ctx, s.DB, flow.TeamFiles{Availability: []roster.Availability{away}}, true); err != nil {
			return err
		}
	}
	v.Problem.Availability = append(v.Problem.Availability, away)
	return a.saveChanged(ctx, v, r, fmt.Sprintf("%s of %s from %s to %s", away.Kind, away.Agent, away.From, away.To))
}
