package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"kcc/internal/calendar"
	"kcc/internal/centre"
	"kcc/internal/config"
	"kcc/internal/output"
	"kcc/internal/planstore"
	"kcc/internal/store"
)

// centreFile is the name of the description that init writes.
const centreFile = "centre.toml"

func newInitCmd(app *App) *cobra.Command {
	return &cobra.Command{
		Use:   "init [DIR]",
		Short: "Make the settings, the description of the centre and the store",
		Long: "init writes a commented kcc.toml (settings) and centre.toml (the centre) in DIR, makes the\n" +
			"store kcc.db there and loads the centre into it. What exists already is kept as it is.",
		Example: "  kcc init\n  kcc init /srv/kcc\n  kcc init --dry-run",
		Args:    cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			dir := "."
			if len(args) > 0 {
				dir = args[0]
			}
			return runInit(cmd.Context(), app, dir)
		},
	}
}

func runInit(ctx context.Context, app *App, dir string) error {
	if st, err := os.Stat(dir); err == nil && !st.IsDir() {
		return usagef("init: %s is a file: want a folder", dir)
	}
	settings := filepath.Join(dir, config.DefaultFile)
	if app.flags.config != "" || app.Getenv("KCC_CONFIG") != "" {
		settings = app.config.File
	}
	description := filepath.Join(dir, centreFile)
	c, fresh, err := centreToLoad(description)
	if err != nil {
		return err
	}
	if err := app.placeStore(dir, settings); err != nil {
		return err
	}
	path := app.config.DB
	if app.flags.dryRun {
		for _, f := range []string{settings, description, path} {
			if _, err := os.Stat(f); err == nil {
				app.Infof("would keep %s", f)
			} else {
				app.Infof("would make %s", f)
			}
		}
		return nil
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("init: %w", err)
	}
	if err := app.keepOrWrite(settings, config.Template()); err != nil {
		return err
	}
	if err := app.keepOrWrite(description, fresh); err != nil {
		return err
	}
	_, statErr := os.Stat(path)
	db, err := app.CreateDB(ctx)
	if err != nil {
		return err
	}
	if errors.Is(statErr, fs.ErrNotExist) {
		app.Infof("made %s", path)
	} else {
		app.Infof("kept %s", path)
	}
	switch _, _, err := planstore.LoadCentre(ctx, db, app.Today()); {
	case err == nil:
		app.Infof("kept the centre that the store has; \"kcc centre import %s\" loads another version", description)
		return nil
	case !errors.Is(err, planstore.ErrNoCentre):
		return err
	}
	return app.loadCentre(ctx, c, description, app.Today())
}

// placeStore settles where init puts the store: where a flag or the environment
// says, else where the settings in the folder say, else in the folder.
func (a *App) placeStore(dir, settings string) error {
	if o := a.config.Origin("db"); o == "--db" || o == "KCC_DB" {
		return nil
	}
	if !fileExists(settings) {
		a.config.Set("db", filepath.Join(dir, config.DefaultStore), "init")
		return nil
	}
	cfg, err := config.Load(settings, a.Getenv)
	if err == nil {
		err = cfg.Check()
	}
	if err != nil {
		return &statusError{exitUsage, err}
	}
	a.config.Set("db", cfg.DB, settings)
	return nil
}

// centreToLoad reads the description that exists, or the template, which is
// also returned as text.
func centreToLoad(path string) (*centre.Centre, []byte, error) {
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		text = centre.Template()
	} else if err != nil {
		return nil, nil, fmt.Errorf("init: %w", err)
	}
	c, err := parseCentre(path, text)
	return c, text, err
}

// keepOrWrite writes a file that is not there yet.
func (a *App) keepOrWrite(path string, text []byte) error {
	if _, err := os.Stat(path); err == nil {
		a.Infof("kept %s", path)
		return nil
	}
	err := output.WriteFile(path, func(w io.Writer) error {
		_, err := io.Copy(w, bytes.NewReader(text))
		return err
	})
	if err == nil {
		a.Infof("wrote %s", path)
	}
	return err
}

// loadCentre stores a version of the centre and says what it holds.
func (a *App) loadCentre(ctx context.Context, c *centre.Centre, source string, from calendar.Date) error {
	db, err := a.DB(ctx)
	if err != nil {
		return err
	}
	v, isNew, err := planstore.SaveCentre(ctx, db, c, from, source, a.Now())
	if err != nil {
		return err
	}
	if !isNew {
		a.Infof("the centre is as in %s already (version %d, valid from %s)", source, v.ID, v.ValidFrom)
		return nil
	}
	a.Infof("loaded the centre from %s: %d channels, %d departments, %d subjects (version %d, valid from %s)",
		source, len(c.Channels), len(c.Departments), len(c.Subjects), v.ID, v.ValidFrom)
	return nil
}

// Centre returns the description of the centre: that of --centre (or the
// setting centre) when given, else the version in the store that holds today.
func (a *App) Centre(ctx context.Context) (*centre.Centre, error) {
	return a.CentreOn(ctx, a.Today())
}

// CentreOn is Centre for another day than today.
func (a *App) CentreOn(ctx context.Context, day calendar.Date) (*centre.Centre, error) {
	c, err := a.readCentre(ctx, day)
	if err != nil {
		return nil, err
	}
	// One zone per run: that which was asked for, else the centre's own.
	if a.config.IsDefault("zone") {
		a.zone = c.Zone
	} else {
		c.Zone = a.zone
	}
	return c, nil
}

func (a *App) readCentre(ctx context.Context, day calendar.Date) (*centre.Centre, error) {
	if path := a.config.Centre; path != "" {
		return readCentreFile(path)
	}
	db, err := a.DB(ctx)
	if err != nil {
		return nil, err
	}
	c, _, err := planstore.LoadCentre(ctx, db, day)
	if errors.Is(err, planstore.ErrNoCentre) {
		err = withHint(err, "run \"kcc centre import centre.toml\" first, or name a description with --centre")
	}
	return c, err
}

// CentreIfAny is Centre where a command can do without: nil when there is no
// description and no store.
func (a *App) CentreIfAny(ctx context.Context) (*centre.Centre, error) {
	c, err := a.Centre(ctx)
	if errors.Is(err, store.ErrNoStore) || errors.Is(err, planstore.ErrNoCentre) {
		return nil, nil
	}
	return c, err
}

func readCentreFile(path string) (*centre.Centre, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("centre: %w", err)
	}
	return parseCentre(path, text)
}

// parseCentre reads a description; mistakes in it are wrong use.
func parseCentre(name string, text []byte) (*centre.Centre, error) {
	c, err := centre.Parse(name, text)
	var inv *centre.Invalid
	if errors.As(err, &inv) {
		return nil, &statusError{exitUsage, err}
	}
	return c, err
}
