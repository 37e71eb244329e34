package flow

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"maps"
	"runtime"
	"slices"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"kcc/contacts/cause"
	"kcc/contacts/kpi"
	"kcc/internal/centre"
	"kcc/internal/output"
)

// Reporting makes any report by its name.
type Reporting struct {
	DB     *sql.DB
	Centre *centre.Centre // nil: none
	Set    *kpi.Settings
	Lang   output.Lang
	Now    time.Time
	Causes cause.Book

	names map[kpi.Key]map[string]string // of the centre
}

// Title names a value of a key as the centre does; "" where it does not.
func (r *Reporting) Title(k kpi.Key, v string) string {
	if k == kpi.ByCause && v != "" {
		c := r.Causes.Code(v)
		return c.TitleIn(r.Lang == output.Dutch)
	}
	return r.names[k][v]
}

// view is what all reports of a run share.
func (r *Reporting) view(min int, charts bool) kpi.View {
	return kpi.View{Lang: r.Lang, Now: r.Now, MinCell: min, Charts: charts, Titles: r.Title}
}

// Section makes the report of one section over a period.
func (r *Reporting) Section(ctx context.Context, s *kpi.Section, p kpi.Period, filter map[kpi.Key][]string, min int) (*kpi.Report, error) {
	q := kpi.Query{Period: p, Filter: filter}
	var err error
	if q.By, err = kpi.ParseKeys(strings.Join(s.By, ",")); err != nil {
		return nil, err
	}
	if q.Every, err = kpi.ParseEvery(s.Every); err != nil {
		return nil, err
	}
	v := r.view(min, s.Draws())
	if v.Compare, err = kpi.ParseCompare(s.Versus); err != nil {
		return nil, err
	}
	if v.Compare == kpi.VsPlan {
		if v.Plan, err = PlanFigures(ctx, r.DB, r.Set, q, r.Now); err != nil {
			return nil, err
		}
	}
	return r.Report(ctx, s.Report, q, v, ReportOptions{})
}

// ReportOptions are what only some reports ask.
type ReportOptions struct {
	Lead  time.Duration // forecast: judged is what was made at least this long ahead
	Named bool          // agent: a row per agent, not per team
}

// Report makes the report of a name.
func (r *Reporting) Report(ctx context.Context, name string, q kpi.Query, v kpi.View, opt ReportOptions) (*kpi.Report, error) {
	switch name {
	case "leadtime":
		return kpi.LeadTime(ctx, r.DB, r.Set, q, v)
	case "backlog":
		return kpi.Backlog(ctx, r.DB, r.Set, q, v)
	case "repeat":
		return kpi.RepeatReport(ctx, r.DB, r.Set, q, v)
	case "agent":
		shifts, err := KPIShifts(ctx, r.DB, q.Period, r.Set.Zone, v.Now)
		if err != nil {
			return nil, err
		}
		return kpi.AgentReport(ctx, r.DB, r.Set, q, v, shifts, opt.Named)
	case "forecast":
		return ForecastReport(ctx, r.DB, r.Set, q, v, opt.Lead)
	case "roster":
		return RosterReport(ctx, r.DB, r.Set, q, v)
	case "knowledge":
		return KnowledgeReport(ctx, r.DB, r.Set, q, v)
	}
	return kpi.Make(ctx, r.DB, r.Set, name, q, v)
}

// PackFile is one file of a pack.
type PackFile struct {
	Name  string // in the folder
	Title string
	Data  []byte
}

// Pack makes the pages of a month: the management set and a page per department,
// each in the formats of the template, and a page that lists them. The state is
// that at the end of the month, at most now, so that nothing changes in the files
// when nothing changed in the store.
func (r *Reporting) Pack(ctx context.Context, t *kpi.Template, month kpi.Period) ([]PackFile, error) {
	if end := month.To.Add(1).Start(r.Set.Zone); end.Before(r.Now) {
		r.Now = end
	}
	opt := output.Options{Lang: r.Lang, Zone: r.Set.Zone}
	var pages []packPage
	head := t.Title
	if head == "" {
		head = "Monthly report"
		if r.Lang == output.Dutch {
			head = "Maandrapport"
		}
	}
	head += ", " + month.Span(r.Lang)
	if len(t.Management) > 0 {
		pages = append(pages, packPage{"management", head, t.Management, nil})
	}
	if len(t.Department) > 0 {
		names, err := r.departments(ctx, month)
		if err != nil {
			return nil, err
		}
		for _, d := range names {
			title := d
			if r.Centre != nil {
				if dep, ok := r.Centre.Department(d); ok && dep.Title != "" {
					title = dep.Title
				}
			}
			pages = append(pages, packPage{"department-" + fileName(d), title + ": " + head, t.Department, map[kpi.Key][]string{kpi.ByDepartment: {d}}})
		}
	}
	out, links, err := r.pages(ctx, pages, t, month, opt)
	if err != nil {
		return nil, err
	}
	lead := "The pages of this month."
	if r.Lang == output.Dutch {
		lead = "De pagina's van deze maand."
	}
	var index bytes.Buffer
	if err := output.WriteLinks(&index, opt, head, lead, links); err != nil {
		return nil, err
	}
	return append(out, PackFile{Name: "index.html", Title: head, Data: index.Bytes()}), nil
}

// packPage is one page of a pack, in every format of the template.
type packPage struct {
	name, title string
	sections    []kpi.Section
	filter      map[kpi.Key][]string
}

// pages makes the pages, as many at once as there are cores, and renders them.
func (r *Reporting) pages(ctx context.Context, list []packPage, t *kpi.Template, month kpi.Period, opt output.Options) ([]PackFile, []output.Link, error) {
	files := make([][]PackFile, len(list))
	g, gctx := errgroup.WithContext(ctx)
	g.SetLimit(runtime.GOMAXPROCS(0))
	for i, p := range list {
		g.Go(func() error {
			book, flat, err := r.book(gctx, p.title, p.sections, month, p.filter, t.MinCell)
			if err != nil {
				return fmt.Errorf("%s: %w", p.name, err)
			}
			for _, f := range t.Formats {
				b, format := book, output.HTML
				if f == "xlsx" {
					b, format = flat, output.XLSX
				}
				var data bytes.Buffer
				if err := output.WriteBook(&data, format, opt, b); err != nil {
					return fmt.Errorf("%s: %w", p.name, err)
				}
				files[i] = append(files[i], PackFile{Name: p.name + "." + f, Title: p.title + " (" + f + ")", Data: data.Bytes()})
			}
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		return nil, nil, err
	}
	out := slices.Concat(files...)
	links := make([]output.Link, len(out))
	for i, f := range out {
		links[i] = output.Link{Title: f.Title, Path: f.Name}
	}
	return out, links, nil
}

// departments lists those of the centre, and those that contacts and work of the
// month name.
func (r *Reporting) departments(ctx context.Context, month kpi.Period) ([]string, error) {
	seen := map[string]bool{}
	if r.Centre != nil {
		for _, d := range r.Centre.Departments {
			seen[d.Name] = true
		}
	}
	f, err := kpi.Load(ctx, r.DB, r.Set, kpi.Query{Period: month, By: []kpi.Key{kpi.ByDepartment}})
	if err != nil {
		return nil, err
	}
	for i := range f.Groups {
		if d := f.Groups[i].Values[0]; d != "" {
			seen[d] = true
		}
	}
	return slices.Sorted(maps.Keys(seen)), nil
}

// fileName makes a name that can stand in a path.
func fileName(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '-', r == '_':
			return r
		}
		return '-'
	}, s)
}

// book makes the sections of a page, as a page with chapters and as a workbook.
func (r *Reporting) book(ctx context.Context, title string, sections []kpi.Section, p kpi.Period, filter map[kpi.Key][]string, min int) (page, flat output.Book, err error) {
	page.Title, flat.Title = title, title
	var define []kpi.Defined
	seen := map[string]bool{}
	var notes []string
	for i := range sections {
		rep, err := r.Section(ctx, &sections[i], p, filter, min)
		if err != nil {
			return page, flat, err
		}
		name := sections[i].Title
		if name == "" {
			name = rep.Short()
		}
		if page.Facts == nil {
			page.Facts, flat.Facts = append(slices.Clone(rep.Head), rep.Facts...), append(slices.Clone(rep.Facts), rep.Head...)
		}
		ch := output.Book{Title: name, Charts: rep.Charts, TablesFirst: true}
		for _, t := range rep.Tables {
			ch.Tables = append(ch.Tables, t)
			t.Notes = nil
			flat.Tables = append(flat.Tables, t)
		}
		page.Chapters = append(page.Chapters, ch)
		flat.Charts = append(flat.Charts, rep.Charts...)
		for _, d := range rep.Define {
			if !seen[d.Title+d.Text] {
				seen[d.Title+d.Text] = true
				define = append(define, d)
			}
		}
		for _, n := range rep.Notes {
			if !seen[n] {
				seen[n] = true
				notes = append(notes, n)
			}
		}
	}
	all := kpi.Report{Define: define, Notes: notes}
	flat.Tables = append(flat.Tables, all.Explained(r.Lang)...)
	return page, flat, nil
}

// NewReporting gathers what reports need from the store and the centre.
func NewReporting(ctx context.Context, db *sql.DB, c *centre.Centre, zone *time.Location, l output.Lang, now time.Time) (*Reporting, error) {
	r := &Reporting{DB: db, Centre: c, Set: KPISettings(c), Lang: l, Now: now}
	r.Set.Zone = zone
	var err error
	if r.Causes, err = cause.LoadBook(ctx, db); err != nil {
		return nil, err
	}
	if c != nil {
		r.names = KPINames(c)
	}
	r.Set.TeamOf, err = KPITeams(ctx, db)
	return r, err
}
