package main

import (
	"context"
	"time"

	"kcc/roster"
)

// demoIll is the length of the shift of the agent who falls ill in the demo.
const demoIll = 8 * time.Hour

// runDemoLife shows what comes after a plan: the roster is published, what a repair
// would do if somebody fell ill on the second day, and what weighs on whom.
func runDemoLife(ctx context.Context, app *App) error {
	s, err := app.site(ctx)
	if err != nil {
		return err
	}
	p, err := s.Publication(ctx, 0)
	if err != nil || len(p.Violations) > 0 {
		return err // the plan said so
	}
	if err := s.Publish(ctx, p, false); err != nil {
		return err
	}
	v, lang := p.Version, app.Lang()
	r := v.Roster()
	app.Infof(lang.Pick("published roster %d: %s to %s, %s", "rooster %d gepubliceerd: %s tot en met %s, %s"), v.ID, v.First, v.Last(),
		app.count(len(r.Assignments), "shift", "dienst", "diensten"))
	day := v.First.Add(1)
	for _, a := range r.Assignments {
		if a.Date != day || a.Paid() < demoIll {
			continue
		}
		app.Infof(lang.Pick("if %s fell ill on %s: kcc roster repair --absent %s --from %s --dry-run", "als %s op %s ziek werd: kcc roster repair --absent %s --from %s --dry-run"), a.Agent, day, a.Agent, day)
		o := rosterRepairOptions{Absent: a.Agent, To: day.String(), Kind: string(roster.Sick), Most: 3}
		o.From = day.String()
		app.flags.dryRun = true // shown, not noted: the workbook stays the roster in force
		err := runRosterRepair(ctx, app, "", o)
		app.flags.dryRun = false
		if err != nil {
			return err
		}
		break
	}
	shares, err := roster.FairShares(&v.Problem, r)
	if err != nil {
		return err
	}
	for _, line := range fairSpread(&v.Problem, shares, lang) {
		app.Infof("%s", line)
	}
	return nil
}
