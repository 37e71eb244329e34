package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"kcc/internal/flow"
	"kcc/internal/planstore"
	"kcc/roster"
)

func newRosterPublishCmd(app *App) *cobra.Command {
	var force bool
	cmd := &cobra.Command{
		Use:   "publish [VERSION]",
		Short: "Publish a draft roster: from then on its days are fixed",
		Long: "publish makes a draft (the last one, or that of the number) the roster of its days, after checking\n" +
			"every rule once more. Later runs of plan and roster make keep what is published; corrections are\n" +
			"drafts of repair, swap, move-breaks or import that are published in their turn. It lists the cells\n" +
			"that change against what was published before, and warns of changes that are told later than the\n" +
			"term of the working-time rules: 28 days, and at the very least 4 (Arbeidstijdenwet 4:2).\n\n" +
			"Exit status 4: the roster breaks rules and is not published; --force publishes it all the same.",
		Example: "  kcc roster publish\n" +
			"  kcc roster publish 14 --dry-run\n" +
			"  kcc roster publish 14 --force",
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			id, ok := versionNumber(firstArg(args))
			if !ok {
				return usagef("%q is not the number of a roster: \"kcc roster show --versions\" lists them", args[0])
			}
			return runRosterPublish(cmd.Context(), app, id, force)
		},
	}
	cmd.Flags().BoolVar(&force, "force", false, "publish although rules are broken")
	return cmd
}

func runRosterPublish(ctx context.Context, app *App, id int64, force bool) error {
	s, err := app.site(ctx)
	if err != nil {
		return err
	}
	p, err := s.Publication(ctx, id)
	switch {
	case errors.Is(err, planstore.ErrNoRun) && id != 0:
		return withHint(fmt.Errorf("the store has no roster %d", id), "\"kcc roster show --versions\" lists them")
	case errors.Is(err, planstore.ErrNoRun):
		return withHint(errors.New("the store has no draft roster to publish"), "\"kcc roster show --versions\" lists the rosters, \"kcc plan\" makes one")
	case err != nil:
		return err
	}
	v := p.Version
	if len(p.Violations) > 0 {
		if err := app.emitViolations(p.Violations); err != nil {
			return err
		}
		if !force {
			return withHint(notMetf(app.Lang().Pick("roster %d breaks %s and is not published", "rooster %d breekt %s en is niet gepubliceerd"), v.ID, app.count(len(p.Violations), "rule", "regel", "regels")), "%s", app.Lang().Pick("mend it, or publish it with --force", "herstel het, of publiceer het met --force"))
		}
		app.Warnf(app.Lang().Pick("roster %d breaks %s", "rooster %d breekt %s"), v.ID, app.count(len(p.Violations), "rule", "regel", "regels"))
	} else if p.Notice.Earlier {
		if err := app.emit(changeTable(p.Changes, v.Problem.Zone, app.Lang())); err != nil {
			return err
		}
	}
	for _, x := range roster.CheckPresence(&v.Problem, v.Roster(), v.Problem.Presence) {
		app.Warnf("%s: %s", x.Rule, app.say(x.Text))
	}
	app.tellNotice(p.Notice)
	if app.flags.dryRun {
		app.Infof(app.Lang().Pick("dry run: roster %d is not published", "proefdraai: rooster %d wordt niet gepubliceerd"), v.ID)
		return nil
	}
	if err := s.Publish(ctx, p, force); err != nil {
		return err
	}
	app.Infof(app.Lang().Pick("published roster %d: %s to %s, %s", "rooster %d gepubliceerd: %s tot en met %s, %s"), v.ID, v.First, v.Last(),
		app.count(len(v.Roster().Assignments), "shift", "dienst", "diensten"))
	return nil
}

// tellNotice says what a publication changes and how soon.
func (a *App) tellNotice(n flow.Notice) {
	lang := a.Lang()
	if n.Cells == 0 {
		a.Infof("%s", lang.Pick("no working time changes", "er verandert geen werktijd"))
		return
	}
	what := fmt.Sprintf(lang.Pick("%s of %s", "%s van %s"), a.count(n.Cells, "shift", "dienst", "diensten"), a.count(n.Agents, "agent", "medewerker", "medewerkers"))
	if n.Earlier {
		what += lang.Pick(" against what was published", " ten opzichte van wat gepubliceerd was")
	}
	a.Infof(lang.Pick("changes %s, the first on %s", "wijzigt %s, de eerste op %s"), what, n.First)
	if n.Late > 0 {
		a.Warnf(lang.Pick("%s told less than %d days ahead: agree on them with the agents (Arbeidstijdenwet 4:2)",
			"%s minder dan %d dagen vooruit gemeld: spreek ze af met de medewerkers (Arbeidstijdenwet 4:2)"), a.changesAre(n.Late), n.Wanted)
	}
	if n.TooLate > 0 {
		a.Warnf(lang.Pick("%s told less than %d days ahead: only with the consent of the agents", "%s minder dan %d dagen vooruit gemeld: alleen met instemming van de medewerkers"), a.changesAre(n.TooLate), n.Least)
	}
}

func (a *App) changesAre(n int) string {
	if n == 1 {
		return a.Lang().Pick("1 change is", "1 wijziging is")
	}
	return fmt.Sprintf(a.Lang().Pick("%d changes are", "%d wijzigingen zijn"), n)
}

func isAre(n int, one, more string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, more)
}
