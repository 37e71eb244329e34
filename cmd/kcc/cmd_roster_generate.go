package main

import (
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"kcc/internal/calendar"
	"kcc/internal/output"
	"kcc/internal/rosterfile"
	"kcc/roster"
)

type rosterGenerateOptions struct {
	Agents, Skills, Weeks int
	Preset, From          string
	Leave                 float64
	Contracts, Open       string
}

func newRosterGenerateCmd(app *App) *cobra.Command {
	var o rosterGenerateOptions
	cmd := &cobra.Command{
		Use:   "generate DIR",
		Short: "Make up a contact centre to roster, as files",
		Long: "generate writes agents.csv, availability.csv, shifts.csv and requirement.csv of a made-up contact\n" +
			"centre into a folder: to try roster make, to see what a change of contracts would bring, or to\n" +
			"measure. The presets differ in demand against the hours that can be rostered: standard 97 %,\n" +
			"slack 85 %, short 115 %. The same flags and --seed give the same files.",
		Example: "  kcc roster generate trial\n" +
			"  kcc roster generate trial --agents 500 --skills 5 --preset short --seed 7\n" +
			"  kcc roster generate trial --contracts 16,20,24 --leave 0.08 --open 07:30-21:00 --from 2027-01-04\n" +
			"  kcc roster make --agents trial/agents.csv --availability trial/availability.csv --shifts trial/shifts.csv --requirement trial/requirement.csv --from 2026-11-30 -o trial/roster.xlsx",
		Args: cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error { return runRosterGenerate(app, args[0], o) },
	}
	f := cmd.Flags()
	f.StringVar(&o.Preset, "preset", string(roster.Standard), "difficulty: `standard|slack|short`")
	f.IntVar(&o.Agents, "agents", 60, "`N` agents")
	f.IntVar(&o.Skills, "skills", 2, "`N` skills, at most 8")
	f.IntVar(&o.Weeks, "weeks", defaultRosterWeeks, "`N` weeks")
	f.Float64Var(&o.Leave, "leave", 0.12, "`SHARE` of agent-days on leave")
	f.StringVar(&o.Contracts, "contracts", "", "contract `HOURS` a week to draw from, such as 24,32,36 (default a mix of 16 to 40)")
	f.StringVar(&o.Open, "open", "08:00-20:00", "opening `HOURS` on weekdays; Saturday an hour later to three hours earlier")
	f.StringVar(&o.From, "from", "", "first `DAY`, a Monday (default the first Monday after --now)")
	return cmd
}

func (o *rosterGenerateOptions) options(app *App) (g roster.GenerateOptions, err error) {
	g = roster.GenerateOptions{
		Agents: o.Agents, Skills: o.Skills, Weeks: o.Weeks, Preset: roster.Preset(o.Preset), Leave: o.Leave,
		Seed: app.flags.seed, Zone: app.Zone(), First: app.Today().Monday().Add(7),
	}
	if o.Agents < 1 || o.Skills < 1 || o.Weeks < 1 || o.Leave < 0 {
		return g, usagef("--agents, --skills and --weeks must be 1 or more, --leave 0 or more")
	}
	if o.Leave == 0 {
		g.Leave = -1
	}
	if o.From != "" {
		if g.First, err = calendar.ParseDate(o.From); err != nil {
			return g, usagef("--from: %w", err)
		}
		if g.First.Monday() != g.First {
			return g, usagef("--from %s is not a Monday", o.From)
		}
	}
	from, to, ok := strings.Cut(o.Open, "-")
	if g.Open, err = calendar.ParseClock(strings.TrimSpace(from)); err == nil && ok {
		g.Close, err = calendar.ParseClock(strings.TrimSpace(to))
	}
	if err != nil || !ok {
		return g, usagef("--open %q: want hours such as 08:00-20:00", o.Open)
	}
	for _, c := range strings.FieldsFunc(o.Contracts, func(r rune) bool { return r == ',' || r == ';' || r == ' ' }) {
		n, err := strconv.Atoi(c)
		if err != nil {
			return g, usagef("--contracts: %q is not a number of hours", c)
		}
		g.Contracts = append(g.Contracts, n)
	}
	if err := g.Check(); err != nil {
		return g, &statusError{exitUsage, err}
	}
	return g, nil
}

func runRosterGenerate(app *App, dir string, o rosterGenerateOptions) error {
	g, err := o.options(app)
	if err != nil {
		return err
	}
	p := roster.Generate(g)
	if !app.flags.dryRun {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			return err
		}
	}
	for _, t := range rosterfile.Tables(p) {
		err := app.writeFile(filepath.Join(dir, t.Name+".csv"), func(w io.Writer, f output.Format) error {
			return output.Write(w, f, app.outputOptions(), t)
		})
		if err != nil {
			return err
		}
	}
	app.Infof("%s, %s, %s from %s, preset %s, seed %d", countText(len(p.Agents), "agent"), countText(len(p.Skills), "skill"), countText(g.Weeks, "week"), p.First, g.Preset, g.Seed)
	return nil
}
