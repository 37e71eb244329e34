package main

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"kcc/internal/calendar"
	"kcc/internal/flow"
	"kcc/internal/output"
	"kcc/internal/rosterfile"
	"kcc/internal/tabular"
	"kcc/roster"
)

// rosterInput names the files that a roster is made from.
type rosterInput struct {
	Agents, Availability, Shifts, Requirement, History, Rules, Patterns string

	From  string
	Weeks int
	Days  int

	implied bool          // From and Days are those of a roster read before
	reading bool          // a roster is read, not made: against the requirement of its days
	freeze  bool          // keep what is locked and, unless replan, what is published
	replan  bool          // plan published days anew
	version *flow.Version // the roster of the store that was read, nil for a file
	book    *output.RosterRead
	site    *flow.Site      // of the store, nil for files
	before  *roster.Problem // of the book, before its absences were added
}

func (o *rosterInput) addFlags(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringVar(&o.Agents, "agents", "", "agents from `FILE`")
	f.StringVar(&o.Availability, "availability", "", "leave, sickness and wishes from `FILE`")
	f.StringVar(&o.Shifts, "shifts", "", "kinds of shift from `FILE`")
	f.StringVar(&o.Requirement, "requirement", "", "agents needed per interval and skill from `FILE`, as staff writes it")
	f.StringVar(&o.History, "history", "", "the roster before the first day from `FILE`; its rest times and hours count")
	f.StringVar(&o.Rules, "rules", "", "working-time rules: `atw|none|FILE` (default: the centre's, else atw)")
	f.StringVar(&o.Patterns, "patterns", "", "rotations from `FILE`, a row per week")
	f.StringVar(&o.From, "from", "", "first `DAY` of the roster (default the first Monday after --now)")
	f.IntVar(&o.Weeks, "weeks", 0, "`N` weeks (default 4)")
	f.IntVar(&o.Days, "days", 0, "`N` days instead of weeks")
}

// anyFile reports whether the roster is to be made from files.
func (o *rosterInput) anyFile() bool {
	return o.Agents != "" || o.Shifts != "" || o.Requirement != "" || o.Availability != ""
}

// problem reads the files and joins them; without files all comes from the store.
func (o *rosterInput) problem(ctx context.Context, app *App) (*roster.Problem, []roster.Sentence, error) {
	if !o.anyFile() {
		return app.storedProblem(ctx, o)
	}
	in := rosterfile.Input{Zone: app.Zone()}
	for _, need := range []struct{ flag, file string }{{"agents", o.Agents}, {"shifts", o.Shifts}, {"requirement", o.Requirement}} {
		if need.file == "" {
			return nil, nil, usagef("--%s FILE is missing", need.flag)
		}
	}
	if err := o.days(app, &in); err != nil {
		return nil, nil, err
	}
	var err error
	if in.Rules, err = rosterfile.ReadRules(o.Rules); err != nil {
		return nil, nil, &statusError{exitUsage, err}
	}
	var errs []error
	read := func(file string, f func(r *tabular.Reader) error) {
		if file == "" {
			return
		}
		r, err := rosterfile.Open(file, app.In)
		if err == nil {
			defer r.Close()
			err = f(r)
		}
		errs = append(errs, err)
	}
	read(o.Agents, func(r *tabular.Reader) (err error) { in.Agents, err = rosterfile.Agents(r); return err })
	read(o.Shifts, func(r *tabular.Reader) (err error) { in.Shifts, err = rosterfile.Shifts(r); return err })
	read(o.Requirement, func(r *tabular.Reader) (err error) {
		in.Requirements, err = rosterfile.Requirements(r, in.Zone)
		return err
	})
	read(o.History, func(r *tabular.Reader) (err error) { in.History, err = rosterfile.Roster(r, in.Zone); return err })
	if err := errors.Join(errs...); err != nil {
		return nil, nil, err
	}
	app.skillsOfFiles(in.Agents, in.Shifts, skillsOf(in.Requirements))
	ids := map[string]bool{}
	for i := range in.Agents {
		ids[in.Agents[i].ID] = true
	}
	read(o.Patterns, func(r *tabular.Reader) (err error) { in.Patterns, err = rosterfile.Patterns(r, in.Shifts); return err })
	read(o.Availability, func(r *tabular.Reader) (err error) {
		in.Availability, err = rosterfile.Availability(r, func(id string) bool { return ids[id] }, in.Shifts, in.Zone)
		return err
	})
	if err := errors.Join(errs...); err != nil {
		return nil, nil, err
	}
	p, notes, err := in.Problem()
	if err != nil {
		return nil, nil, err
	}
	return p, notes, p.Validate()
}

// skillsOf returns the skills that requirements name, in order.
func skillsOf(reqs []rosterfile.Requirement) []string {
	var out []string
	for _, r := range reqs {
		if !slices.Contains(out, r.Skill) {
			out = append(out, r.Skill)
		}
	}
	slices.Sort(out)
	return out
}

// days sets the first day and the number of days.
func (o *rosterInput) days(app *App, in *rosterfile.Input) error {
	switch {
	case o.Weeks < 0 || o.Days < 0 || o.Weeks > 0 && o.Days > 0:
		return usagef("want --weeks N or --days N, above 0")
	case o.Days > 0:
		in.Days = o.Days
	case o.Weeks > 0:
		in.Days = 7 * o.Weeks
	default:
		in.Days = 7 * defaultRosterWeeks
	}
	if o.From == "" {
		in.First = app.Today().Monday().Add(7)
		return nil
	}
	d, err := calendar.ParseDate(o.From)
	if err != nil {
		return usagef("--from: %w", err)
	}
	in.First = d
	return nil
}

const defaultRosterWeeks = 4

// countText writes a number of things: 1 shift, 2 shifts.
func countText(n int, what string) string {
	if n == 1 {
		return fmt.Sprintf("1 %s", what)
	}
	return fmt.Sprintf("%d %ss", n, what)
}
