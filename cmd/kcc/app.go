package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"kcc/internal/calendar"
	"kcc/internal/config"
	"kcc/internal/output"
	"kcc/internal/store"
	"kcc/internal/ui"
)

// App is all that a command may touch: streams, clock, settings and the store.
// Tests build one on buffers and a temporary file.
type App struct {
	*ui.Streams
	Clock  func() time.Time // the system clock unless --now fixes it
	Getenv func(string) string

	flags  globalFlags
	config *config.Config // settings after flags, environment and file
	zone   *time.Location
	db     *sql.DB
	args   []string
	part   error // the run is done in part: said at its end, when nothing worse happened

	centreName string // of the store, once site has read it
}

// globalFlags are the flags that every command has.
type globalFlags struct {
	db, config, centre, format, out, lang, zone, now string
	seed                                             uint64
	dryRun, quiet, verbose, noColor, excelNL         bool
	lockTimeout                                      durationValue
}

func newApp() *App {
	return &App{Streams: ui.System(), Clock: time.Now, Getenv: os.Getenv}
}

// execute runs one command line and returns its exit status.
func (a *App) execute(ctx context.Context, args []string, interrupted func() os.Signal) int {
	root := newRootCmd(a)
	a.args = args
	root.SetArgs(args)
	root.SetIn(a.In)
	root.SetOut(a.Out)
	root.SetErr(a.Err)
	err := store.Explain(root.ExecuteContext(ctx))
	if s := interrupted(); s != nil {
		switch {
		case errors.Is(err, context.Canceled):
			a.report(errors.New("interrupted"))
		case err != nil:
			a.report(fmt.Errorf("interrupted: %w", err))
		}
		return exitOfSignal(s)
	}
	if err == nil {
		err = a.part
	}
	if err != nil {
		a.report(err)
	}
	return statusOf(err)
}

// setup reads the settings and resolves what the global flags say. It runs
// before every command.
func (a *App) setup(cmd *cobra.Command) error {
	a.Quiet, a.Verbose = a.flags.quiet, a.flags.verbose
	a.NoColor = a.NoColor || a.flags.noColor
	cfg, err := config.Load(a.flags.config, a.Getenv)
	if err != nil {
		return &statusError{exitUsage, err}
	}
	set := func(key, flag, value string) {
		if cmd.Flags().Changed(flag) {
			cfg.Set(key, value, "--"+flag)
		}
	}
	set("db", "db", a.flags.db)
	set("centre", "centre", a.flags.centre)
	set("lang", "lang", a.flags.lang)
	set("zone", "zone", a.flags.zone)
	set("excel_nl", "excel-nl", strconv.FormatBool(a.flags.excelNL))
	set("lock_timeout", "lock-timeout", a.flags.lockTimeout.String())
	if err := cfg.Check(); err != nil {
		return &statusError{exitUsage, err}
	}
	a.config = cfg
	a.flags.excelNL, a.flags.lockTimeout = cfg.Bool("excel_nl"), durationValue(cfg.Duration("lock_timeout"))
	if err := a.applySettings(cmd); err != nil {
		return err
	}
	if a.zone, err = time.LoadLocation(cfg.Zone); err != nil {
		return usagef("time zone %q is not known: want a name such as Europe/Amsterdam", cfg.Zone)
	}
	if _, err := a.format(); err != nil {
		return err
	}
	if a.flags.now != "" {
		t, err := calendar.ParseTime(a.flags.now, a.zone)
		if err != nil {
			return usagef("--now: %w", err)
		}
		a.Clock = func() time.Time { return t }
	}
	return a.checkOut(cmd)
}

// Now returns the time of the clock in the centre's zone.
func (a *App) Now() time.Time { return a.Clock().In(a.zone) }

// Today returns the civil day of Now.
func (a *App) Today() calendar.Date { return calendar.DateOf(a.Clock(), a.zone) }

// Zone returns the centre's time zone.
func (a *App) Zone() *time.Location { return a.zone }

// Lang returns the language of labels.
func (a *App) Lang() output.Lang { return output.Lang(a.config.Lang) }

// DB opens the store on first use. It fails with store.ErrNoStore when there is
// none; only init and demo create one.
func (a *App) DB(ctx context.Context) (*sql.DB, error) { return a.open(ctx, store.Options{}) }

// CreateDB opens the store and makes it when there is none.
func (a *App) CreateDB(ctx context.Context) (*sql.DB, error) {
	return a.open(ctx, store.Options{Create: true})
}

// InspectDB opens the store as it is, without bringing its layout up to date
// and without writing to it.
func (a *App) InspectDB(ctx context.Context) (*sql.DB, error) {
	return a.open(ctx, store.Options{Inspect: true})
}

// open opens the store once; later calls get the same one, whatever they ask.
func (a *App) open(ctx context.Context, opt store.Options) (*sql.DB, error) {
	if a.db != nil {
		return a.db, nil
	}
	db, err := store.Open(ctx, a.config.DB, a.storeOptions(opt))
	if err != nil {
		return nil, err
	}
	a.db = db
	return db, nil
}

// storeOptions adds the clock and the patience of the run.
func (a *App) storeOptions(opt store.Options) store.Options {
	opt.Now, opt.LockTimeout = a.Clock, time.Duration(a.flags.lockTimeout)
	if opt.LockTimeout == 0 {
		opt.LockTimeout = -1 // the store's 0 is its default; here it says not to wait
	}
	return opt
}

func (a *App) close() {
	if a.db != nil {
		a.db.Close()
		a.db = nil
	}
}
