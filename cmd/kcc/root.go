package main

import (
	"fmt"
	"runtime/debug"
	"time"

	"github.com/spf13/cobra"

	"kcc/internal/calendar"
	"kcc/internal/store"
)

// newRootCmd builds the whole command tree on app.
func newRootCmd(app *App) *cobra.Command {
	root := &cobra.Command{
		Use:   "kcc",
		Short: "Workforce toolkit for a customer contact centre",
		Long:  "kcc takes a contact centre from contact history to a rostered team that keeps its\npromises to customers: import, forecast, staff, roster, and the registers around them.",
		Example: "  kcc init                                  # settings, description of the centre, store\n" +
			"  kcc import history.csv                    # what came in\n" +
			"  kcc roster import agents.csv shifts.csv   # the team\n" +
			"  kcc plan --weeks 4                        # forecast, staff and roster, into a workbook",
		SilenceUsage:  true,
		SilenceErrors: true,
		Args:          cobra.NoArgs,
		PersistentPreRunE: func(cmd *cobra.Command, _ []string) error {
			if err := checkCounts(cmd); err != nil {
				return err
			}
			return app.setup(cmd)
		},
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return withHint(&statusError{exitUsage, plainFlagError(err)}, "%s --help lists the flags", cmd.CommandPath())
	})
	app.addGlobalFlags(root)
	root.AddGroup(
		&cobra.Group{ID: "plan", Title: "Planning:"},
		&cobra.Group{ID: "work", Title: "Contacts and promises:"},
		&cobra.Group{ID: "know", Title: "Reports and knowledge:"},
		&cobra.Group{ID: "admin", Title: "The centre and its store:"},
	)
	add := func(group string, cmds ...*cobra.Command) {
		for _, c := range cmds {
			c.GroupID = group
			root.AddCommand(c)
		}
	}
	add("work", newContactCmd(app), newHandoffCmd(app), newPromiseCmd(app), newWatchCmd(app), newAppointmentCmd(app), newOutboundCmd(app), newPrivacyCmd(app))
	add("plan", newDemoCmd(app), newPlanCmd(app), newImportCmd(app), newForecastCmd(app), newErlangCmd(app), newStaffCmd(app), newSimulateCmd(app), newRosterCmd(app))
	add("know", newReportCmd(app), newInformCmd(app), newChannelCmd(app), newKbCmd(app))
	add("admin", newInitCmd(app), newCentreCmd(app), newConfigCmd(app), newBackupCmd(app), newRestoreCmd(app), newCheckCmd(app), newManCmd(app), newVersionCmd(app))
	strictArgs(root)
	plainDefaults(root)
	app.addCompletions(root)
	return root
}

func (a *App) addGlobalFlags(root *cobra.Command) {
	a.flags.lockTimeout = durationValue(5 * time.Second)
	f := root.PersistentFlags()
	f.StringVar(&a.flags.db, "db", "", "the store (default kcc.db; env KCC_DB) in `FILE`")
	f.StringVar(&a.flags.config, "config", "", "settings (default kcc.toml; env KCC_CONFIG) in `FILE`")
	f.StringVar(&a.flags.centre, "centre", "", "description of the centre from `FILE`, for work without a store")
	f.StringVar(&a.flags.format, "format", "", "print as `table|csv|json|md`")
	f.StringVarP(&a.flags.out, "out", "o", "", "write to `FILE`; the extension picks csv, xlsx, json, html, md or ics; - is stdout")
	f.StringVar(&a.flags.lang, "lang", "", "language of labels and messages, `en|nl`")
	f.StringVar(&a.flags.zone, "zone", "", "time zone `NAME` (default Europe/Amsterdam)")
	f.StringVar(&a.flags.now, "now", "", "take `TIME` for now, so that a run can be repeated")
	f.Uint64Var(&a.flags.seed, "seed", 1, "seed of everything random, `N`")
	f.BoolVarP(&a.flags.dryRun, "dry-run", "n", false, "do everything but write")
	f.BoolVarP(&a.flags.quiet, "quiet", "q", false, "no news, only results and warnings")
	f.BoolVarP(&a.flags.verbose, "verbose", "v", false, "more news")
	f.BoolVar(&a.flags.noColor, "no-color", false, "no colour on a terminal")
	f.BoolVar(&a.flags.excelNL, "excel-nl", false, "CSV with semicolons and decimal commas, for a Dutch Excel")
	f.Var(&a.flags.lockTimeout, "lock-timeout", "wait this `TIME` for another run to let go of the store")
}

// strictArgs makes cobra's argument errors count as wrong use.
func strictArgs(cmd *cobra.Command) {
	if check := cmd.Args; check != nil {
		cmd.Args = func(c *cobra.Command, args []string) error {
			if err := check(c, args); err != nil {
				return withHint(&statusError{exitUsage, plainArgsError(c, args, err)}, "%s --help shows how it is used", c.CommandPath())
			}
			return nil
		}
	}
	for _, sub := range cmd.Commands() {
		strictArgs(sub)
	}
}

func newVersionCmd(app *App) *cobra.Command {
	return &cobra.Command{
		Use: "version", Short: "Print the version of kcc and of the store layout", Args: cobra.NoArgs,
		Example: "  kcc version",
		RunE: func(*cobra.Command, []string) error {
			_, err := fmt.Fprintf(app.Out, "kcc %s, store layout %d\n", versionString(), store.SchemaVersion())
			return err
		},
	}
}

// versionString returns the version set by the linker, else that of the build.
func versionString() string {
	if version != "" {
		return version
	}
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		return info.Main.Version
	}
	return "unknown"
}

// durationValue is a flag for an elapsed time that wants its unit.
type durationValue time.Duration

func (d *durationValue) String() string { return calendar.FormatDuration(time.Duration(*d)) }
func (d *durationValue) Type() string   { return "duration" }
func (d *durationValue) Set(s string) error {
	v, err := calendar.ParseDuration(s)
	if err == nil && v < 0 {
		err = fmt.Errorf("%q: want a time of 0 or more", s)
	}
	*d = durationValue(v)
	return err
}
