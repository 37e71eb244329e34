package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"kcc/internal/calendar"
	"kcc/internal/output"
	"kcc/internal/rosterfile"
	"kcc/roster"
)

type rosterExportOptions struct {
	rosterInput
	Dir  string
	What []string
	Team string
}

// exportKinds are what roster export can write.
var exportKinds = []string{"ics", "pages", "wall", "payroll", "acd"}

func newRosterExportCmd(app *App) *cobra.Command {
	var o rosterExportOptions
	cmd := &cobra.Command{
		Use:   "export [FILE]",
		Short: "Write a roster for agents, the wall, payroll and telephony",
		Long: "export writes a roster (the one in force, a version, or a file) into a folder:\n\n" +
			"  ics      calendars/AGENT.ics, a calendar file per agent, to subscribe to or send\n" +
			"  pages    index.html, teams/TEAM.html and agents/AGENT.html, made for a phone\n" +
			"  wall     wall.html, a landscape page per week and team to print and pin up, without colour\n" +
			"  payroll  payroll.csv, a row per agent and day with paid, evening, night, weekend and holiday hours\n" +
			"  acd      acd.csv, a row per stretch of one activity, for a telephony or routing system\n\n" +
			"Pages that others see show no sickness. Files are replaced one by one; nothing else is touched.",
		Example: "  kcc roster export --dir rooster --lang nl\n" +
			"  kcc roster export 14 --what ics,pages --team front-1\n" +
			"  kcc roster export roster.csv --what payroll --agents a.csv --shifts s.csv --requirement r.csv --from 2026-11-30",
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return runRosterExport(cmd.Context(), app, firstArg(args), o)
		},
	}
	o.addFlags(cmd)
	f := cmd.Flags()
	f.StringVar(&o.Dir, "dir", "roster-export", "write into this `FOLDER`")
	f.StringSliceVar(&o.What, "what", exportKinds, "`KINDS` of files, with commas: ics,pages,wall,payroll,acd")
	f.StringVar(&o.Team, "team", "", "only agents of this team, `NAME`")
	return cmd
}

func runRosterExport(ctx context.Context, app *App, file string, o rosterExportOptions) error {
	for _, w := range o.What {
		if !slices.Contains(exportKinds, w) {
			return usagef("--what %s: want %s", w, strings.Join(exportKinds, ", "))
		}
	}
	if app.flags.out != "" {
		return usagef("roster export writes many files: want --dir FOLDER instead of --out")
	}
	p, r, err := o.readRoster(ctx, app, file)
	if err != nil {
		return err
	}
	if o.Team != "" {
		q := *p
		q.Agents = slices.DeleteFunc(slices.Clone(p.Agents), func(a roster.Agent) bool { return a.Team != o.Team })
		if len(q.Agents) == 0 {
			return usagef("--team %s: no agent is in it", o.Team)
		}
		p = &q
		r.Assignments = slices.DeleteFunc(slices.Clone(r.Assignments), func(a roster.Assignment) bool { return !knownAgent(p, a.Agent) })
	}
	holidays := calendar.Statutory()
	version := 0
	if o.version != nil {
		s, err := app.site(ctx)
		if err != nil {
			return err
		}
		holidays, version = s.Centre.PublicHolidays(), int(o.version.ID)
	}
	book := app.rosterBook(p, &roster.Result{Roster: r, Hours: roster.HoursOf(p, r)})
	book.Version = version
	e := &exporter{app: app, dir: o.Dir, book: book, names: map[string]string{}}
	for _, w := range o.What {
		switch w {
		case "ics":
			for i := range book.Agents {
				id := book.Agents[i].ID
				e.write(filepath.Join("calendars", e.name(id)+".ics"), func(w io.Writer) error { return output.WriteRosterICS(w, book, id, app.outputOptions()) })
			}
		case "pages":
			e.pages(p)
		case "wall":
			e.write("wall.html", func(w io.Writer) error { return output.WriteWallRoster(w, book, app.outputOptions()) })
		case "payroll":
			e.table("payroll.csv", rosterfile.Payroll(p, r, rosterfile.DefaultPayroll(holidays)))
		case "acd":
			e.table("acd.csv", rosterfile.ACD(p, r))
		}
	}
	if e.err != nil {
		return e.err
	}
	lang := app.Lang()
	verb := lang.Pick("wrote", "geschreven:")
	if app.flags.dryRun {
		verb = lang.Pick("dry run: would write", "proef: zou schrijven:")
	}
	app.Infof(lang.Pick("%s %s into %s: %s, %s to %s", "%s %s in %s: %s, %s tot en met %s"), verb, app.count(e.files, "file", "bestand", "bestanden"), o.Dir,
		app.count(len(p.Agents), "agent", "medewerker", "medewerkers"), p.First, p.Last())
	return nil
}

// exporter writes files into a folder and remembers the first error.
type exporter struct {
	app   *App
	dir   string
	book  output.RosterBook
	files int
	names map[string]string // file name in use, by id
	err   error
}

func (e *exporter) write(name string, f func(w io.Writer) error) {
	if e.err != nil {
		return
	}
	path := filepath.Join(e.dir, name)
	if e.app.flags.dryRun {
		e.err = f(io.Discard)
	} else if e.err = os.MkdirAll(filepath.Dir(path), 0o755); e.err == nil {
		e.err = output.WriteFile(path, f)
	}
	if e.err != nil {
		e.err = fmt.Errorf("%s: %w", path, e.err)
	}
	e.files++
}

func (e *exporter) table(name string, t output.Table) {
	e.write(name, func(w io.Writer) error { return output.Write(w, output.CSV, e.app.outputOptions(), t) })
}

// pages writes the index, a page per team and one per agent.
func (e *exporter) pages(p *roster.Problem) {
	opt := e.app.outputOptions()
	text := func(en, nl string) string {
		if opt.Lang == output.Dutch {
			return nl
		}
		return en
	}
	var teams []string
	for i := range p.Agents {
		if t := p.Agents[i].Team; t != "" && !slices.Contains(teams, t) {
			teams = append(teams, t)
		}
	}
	groups := []output.IndexGroup{{Title: text("Teams", "Teams")}, {Title: text("Agents", "Medewerkers")}}
	for _, t := range teams {
		name := "teams/" + e.name(t) + ".html"
		e.write(name, func(w io.Writer) error { return output.WriteRosterPage(w, e.book, t, opt) })
		groups[0].Links = append(groups[0].Links, output.IndexLink{Text: t, Href: name})
	}
	for i := range e.book.Agents {
		a := &e.book.Agents[i]
		name := "agents/" + e.name(a.ID) + ".html"
		e.write(name, func(w io.Writer) error { return output.WriteAgentPage(w, e.book, a.ID, opt) })
		label := a.Name
		if label == "" {
			label = a.ID
		}
		groups[1].Links = append(groups[1].Links, output.IndexLink{Text: label, Href: name})
	}
	if len(teams) == 0 {
		groups = groups[1:]
	}
	lead := fmt.Sprintf("%s - %s", p.First, p.Last())
	e.write("index.html", func(w io.Writer) error { return output.WriteIndex(w, e.book.Title, lead, groups, opt) })
}

// name returns the file name of an agent or a team: no two share one, also where
// the file system does not tell upper from lower case.
func (e *exporter) name(id string) string {
	base := fileName(id)
	for n := 1; ; n++ {
		name := base
		if n > 1 {
			name = fmt.Sprintf("%s-%d", base, n)
		}
		key := strings.ToLower(name)
		if used, ok := e.names[key]; !ok || used == id {
			e.names[key] = id
			return name
		}
	}
}

// fileName keeps an id usable as the name of a file.
func fileName(id string) string {
	return strings.Map(func(r rune) rune {
		if r <= ' ' || strings.ContainsRune(`/\:*?"<>|%#`, r) {
			return '_'
		}
		return r
	}, id)
}
