package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"kcc/contacts"
	"kcc/contacts/importer"
	"kcc/internal/flow"
	"kcc/internal/output"
	"kcc/internal/store"
)

// importOptions are the flags of import.
type importOptions struct {
	Profile, SaveProfile, Source, DateOrder, DST, Gaps, Decimal string
	Encoding, Delimiter, Sheet, Kind, Channel, FileZone         string
	Rejects, Rows                                               string
	Map                                                         []string
	Interval                                                    durationValue
	KeepAgents, Strict, Force                                   bool
	RepeatDays                                                  int
	Beside                                                      bool // the source is meant to stand beside one that counts
}

func newImportCmd(app *App) *cobra.Command {
	var o importOptions
	cmd := &cobra.Command{
		Use:   "import FILE...",
		Short: "Read contact history: call records, interval statistics, event logs, tickets, agent states",
		Long: "import reads what contact-centre systems and planners export: CSV, TSV and pipe-separated text in any\n" +
			"usual encoding, Excel workbooks, JSON records, Asterisk queue_log, also gzip-ed, in archives, as globs or\n" +
			"from stdin (-). Everything is detected by content over whole columns; --dry-run shows what was understood.\n" +
			"Importing a file twice changes nothing; a corrected file updates. Each file is one transaction.\n\n" +
			"Exit status 3: some rows were rejected (see --rejects) or one of several files could not be read.\n" +
			"Exit status 1: nothing could be read. 2: day and month cannot be told apart (--date-order).",
		Example: "  kcc import export.csv\n" +
			"  kcc import 'exports/*.csv.gz' --source genesys --rejects rejects.csv\n" +
			"  kcc import wachtrijen.xlsx --dry-run\n" +
			"  kcc import odd.csv --map offered='Aantal X' --map channel==phone --date-order dmy --save-profile odd\n" +
			"  zcat queue_log.gz | kcc import - --profile asterisk --format json",
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return runImport(cmd.Context(), app, args, o) },
	}
	f := cmd.Flags()
	f.StringVar(&o.Profile, "profile", "", "settings shipped or saved under `NAME` (kcc import profile lists them)")
	f.StringVar(&o.SaveProfile, "save-profile", "", "keep the settings of this run under `NAME`")
	f.StringArrayVar(&o.Map, "map", nil, "take a field from a column, `FIELD=COLUMN`, or from a text, FIELD==TEXT; may be repeated")
	f.StringVar(&o.Source, "source", "", "`NAME` of the source; of a channel and day one source counts (default: by the kind of rows)")
	f.StringVar(&o.DateOrder, "date-order", "", "order of day and month, `dmy|mdy|ymd`, where the file does not tell")
	f.StringVar(&o.DST, "dst", "", "which pass of the doubled autumn hour is meant, `first|second|merge` (default: by the order of the rows)")
	f.StringVar(&o.Gaps, "gaps", "", "absent intervals of open days are `zero|missing` (default zero; a whole day without rows is missing)")
	f.StringVar(&o.Decimal, "decimal", "", "decimal `MARK`, . or , (default: detected)")
	f.StringVar(&o.Encoding, "encoding", "", "`NAME` of the encoding (default: detected)")
	f.StringVar(&o.Delimiter, "delimiter", "", "field delimiter `CHAR`, or tab (default: detected)")
	f.StringVar(&o.Sheet, "sheet", "", "only this sheet of a workbook, `NAME`")
	f.StringVar(&o.Kind, "kind", "", "rows are `intervals|calls|queue_log|tickets|agent_states` (default: detected)")
	f.StringVar(&o.Channel, "channel", "", "channel of rows whose file names none, `NAME` (default phone)")
	f.Var(&o.Interval, "interval", "length of the intervals, for example `15m` (default: by the gaps)")
	f.StringVar(&o.FileZone, "file-zone", "", "time zone `NAME` the file is written in (default: --zone)")
	f.BoolVar(&o.KeepAgents, "keep-agents", false, "keep the names of agents (default: keyed references)")
	f.BoolVar(&o.Strict, "strict", false, "refuse rows with a citizen service number (default: keyed reference)")
	f.BoolVar(&o.Force, "force", false, "read a file again that is in the store already")
	f.IntVar(&o.RepeatDays, "repeat-days", 0, "a contact of the same party and subject within `N` days is a repeat (default 7)")
	f.StringVar(&o.Rejects, "rejects", "", "write the rows that were left out to `FILE`, to repair and import again")
	f.StringVar(&o.Rows, "rows", "", "write every row as understood to `FILE`, JSON lines; - is stdout")
	cmd.AddCommand(newImportLogCmd(app), newImportUndoCmd(app), newImportMapCmd(app), newImportTemplateCmd(app), newImportProfileCmd(app), newImportPreferCmd(app))
	return cmd
}

// options turns flags and profile into the importer's options.
func (o *importOptions) options(ctx context.Context, app *App) (importer.Options, error) {
	opt := importer.Options{}
	if o.Profile != "" {
		db, err := app.DB(ctx)
		if err != nil && !errors.Is(err, store.ErrNoStore) {
			return opt, err
		}
		p, err := importer.LoadProfile(ctx, db, o.Profile)
		if err != nil {
			return opt, usagef("--profile: %w", err)
		}
		p.Apply(&opt)
	}
	opt.Zone = app.Zone()
	set := func(to *string, v string) {
		if v != "" {
			*to = v
		}
	}
	set(&opt.DateOrder, o.DateOrder)
	set(&opt.DST, o.DST)
	set(&opt.Decimal, o.Decimal)
	set(&opt.Encoding, o.Encoding)
	set(&opt.Sheet, o.Sheet)
	set(&opt.FileZone, o.FileZone)
	if o.Channel != "" {
		opt.Channel = contacts.ChannelName(o.Channel)
	}
	if o.Interval != 0 {
		opt.Step = time.Duration(o.Interval)
	}
	if o.Kind != "" {
		opt.Kind = importer.Kind(o.Kind)
		if !slices.Contains([]importer.Kind{importer.Intervals, importer.Calls, importer.QueueLog, importer.Tickets, importer.States}, opt.Kind) {
			return opt, usagef("--kind %q: want intervals, calls, queue_log, tickets or agent_states", o.Kind)
		}
	}
	switch strings.ToLower(o.Delimiter) {
	case "":
	case "tab", "\\t":
		opt.Delimiter = '\t'
	default:
		r := []rune(o.Delimiter)
		if len(r) != 1 || r[0] > 127 {
			return opt, usagef("--delimiter %q: want one character, or tab", o.Delimiter)
		}
		opt.Delimiter = r[0]
	}
	for _, m := range o.Map {
		field, column, ok := strings.Cut(m, "=")
		if !ok || field == "" {
			return opt, usagef("--map %q: want FIELD=COLUMN or FIELD==TEXT", m)
		}
		if opt.Map == nil {
			opt.Map = map[string]string{}
		}
		opt.Map[strings.TrimSpace(field)] = column
	}
	if o.Gaps != "" && o.Gaps != "zero" && o.Gaps != "missing" {
		return opt, usagef("--gaps %q: want zero or missing", o.Gaps)
	}
	if err := opt.Check(); err != nil {
		return opt, &statusError{exitUsage, err}
	}
	return opt, nil
}

func runImport(ctx context.Context, app *App, args []string, o importOptions) error {
	opt, err := o.options(ctx, app)
	if err != nil {
		return err
	}
	db, err := app.DB(ctx)
	noStore := app.flags.dryRun && errors.Is(err, store.ErrNoStore)
	if err != nil && !noStore {
		return err
	}
	in, err := importer.ExpandEach(args, app.In)
	if err != nil {
		return err
	}
	defer in.Close()
	files := &importFiles{app: app, o: &o}
	defer files.abort()
	rows, err := files.rows()
	if err != nil {
		return err
	}
	progress := app.NewProgress("import", 0)
	defer progress.Done()
	opt.Progress = func(file string, done, total int64) {
		progress.Describe(file)
		progress.SetOf(done, total)
	}
	var sum *importer.Summary
	if noStore {
		sum, err = importer.Scan(ctx, in.Files, opt, rows, files.reject)
	} else {
		so := importer.StoreOptions{
			Source: o.Source, KeepAgents: o.KeepAgents, Strict: o.Strict, RepeatDays: o.RepeatDays, DryRun: app.flags.dryRun,
			Force: o.Force, Now: app.Clock(), Rows: rows, Reject: files.reject, Gaps: o.Gaps,
		}
		c, err := app.CentreIfAny(ctx)
		if err != nil {
			return err
		}
		so.Targets = flow.WaitTargets(c)
		if !app.flags.dryRun || fileExists(app.config.Text("privacy.key_file")) {
			so.Vault = app.vault()
		}
		if sum, err = importer.Import(ctx, db, in.Files, opt, so); err != nil {
			return err
		}
		if !app.flags.dryRun {
			if err := app.prepareFigures(ctx, db, c, preparedRows); err != nil {
				return fmt.Errorf("import: the rows are in the store; the figures of their days: %w", err)
			}
		}
	}
	progress.Done()
	if err != nil {
		return err
	}
	if o.Beside {
		sum.Overlaps = nil
	}
	if err := files.close(); err != nil {
		return err
	}
	if o.SaveProfile != "" && !app.flags.dryRun {
		if err := importer.SaveProfile(ctx, db, o.SaveProfile, importer.ProfileOf(opt)); err != nil {
			return err
		}
		app.Infof("saved profile %s", o.SaveProfile)
	}
	if err := app.emitImport(sum, o.Rows == "-"); err != nil {
		return err
	}
	return importStatus(app, sum, &o, files)
}

// preparedRows is how many rows of changed days an import makes the report
// figures of, which takes about 3 s per million; the first report makes the rest.
const preparedRows = 250_000

// importFiles are the two files that an import writes beside the store.
type importFiles struct {
	app       *App
	o         *importOptions
	rowFile   *pendingFile
	rowWriter *importer.RowWriter
	bad       *pendingFile
	badWriter *importer.RejectWriter
	shown     int
	total     int
	err       error
}

// shownRejects is how many rejects are told on the screen.
const shownRejects = 10

func (f *importFiles) rows() (*importer.RowWriter, error) {
	switch f.o.Rows {
	case "":
		return nil, nil
	case "-":
		f.rowWriter = importer.NewRowWriter(f.app.Out, f.app.Zone())
		return f.rowWriter, nil
	}
	var err error
	if f.rowFile, err = createPending(f.o.Rows); err != nil {
		return nil, err
	}
	f.rowWriter = importer.NewRowWriter(f.rowFile, f.app.Zone())
	return f.rowWriter, nil
}

// reject shows the first rejects and writes all of them.
func (f *importFiles) reject(r *importer.Reject) {
	f.total++
	if f.shown < shownRejects {
		f.shown++
		f.app.Warnf("%s", r.Error())
	}
	if f.o.Rejects == "" || f.err != nil {
		return
	}
	if f.bad == nil {
		if f.bad, f.err = createPending(f.o.Rejects); f.err != nil {
			return
		}
		f.badWriter = importer.NewRejectWriter(f.bad)
	}
	f.err = f.badWriter.Write(r)
}

func (f *importFiles) abort() {
	f.rowFile.abort()
	f.bad.abort()
}

func (f *importFiles) close() error {
	if f.total > f.shown {
		f.app.Warnf("and %d rows more", f.total-f.shown)
	}
	if f.err != nil {
		return f.err
	}
	if f.rowWriter != nil {
		if err := f.rowWriter.Flush(); err != nil {
			return err
		}
	}
	if f.rowFile != nil {
		if err := f.rowFile.commit(); err != nil {
			return err
		}
	}
	if f.bad != nil {
		if err := f.badWriter.Flush(); err != nil {
			return err
		}
		return f.bad.commit()
	}
	return nil
}

// emitImport shows the summary: JSON as one object, else a table of files.
func (a *App) emitImport(sum *importer.Summary, rowsOnStdout bool) error {
	if a.flags.format == "json" || strings.HasSuffix(strings.ToLower(a.flags.out), ".json") {
		write := func(w io.Writer) error {
			enc := json.NewEncoder(w)
			enc.SetIndent("", "  ")
			enc.SetEscapeHTML(false)
			return enc.Encode(sum)
		}
		if a.flags.out == "" || a.flags.out == "-" {
			if rowsOnStdout {
				return nil
			}
			return write(a.Out)
		}
		return a.writeFile(a.flags.out, func(w io.Writer, _ output.Format) error { return write(w) })
	}
	if rowsOnStdout && a.flags.out == "" || a.silent() {
		return nil
	}
	return a.emit(importTables(sum, a)...)
}

func importTables(sum *importer.Summary, app *App) []output.Table {
	t := output.Table{Title: "Import", Columns: []output.Column{
		{Name: "file"},
		{Name: "kind"},
		{Name: "rows_read", Kind: output.Integer},
		{Name: "rows_imported", Kind: output.Integer},
		{Name: "rows_duplicate", Kind: output.Integer},
		{Name: "rows_updated", Kind: output.Integer},
		{Name: "rows_skipped", Kind: output.Integer},
		{Name: "rows_rejected", Kind: output.Integer},
		{Name: "encoding"},
		{Name: "delimiter"},
		{Name: "first", Kind: output.DateTime},
		{Name: "last", Kind: output.DateTime},
	}}
	for _, f := range sum.Files {
		var first, last time.Time
		if f.First != nil {
			first, last = *f.First, *f.Last
		}
		delim := f.Delimiter
		if delim == "\t" {
			delim = "tab"
		}
		t.Rows = append(t.Rows, []any{f.File, string(f.Kind), f.Read, f.Imported, f.Duplicate, f.Updated, f.Skipped, f.Rejected, f.Encoding, delim, first, last})
	}
	if !sum.DryRun || app.flags.format == "csv" {
		return []output.Table{t}
	}
	tables := []output.Table{t}
	for _, f := range sum.Files {
		d := output.Table{Title: f.File, Columns: []output.Column{{Name: "understood"}}}
		for _, s := range f.Found {
			d.Rows = append(d.Rows, []any{s})
		}
		if f.Step != "" {
			d.Rows = append(d.Rows, []any{"interval = " + f.Step})
		}
		for _, s := range f.Sample {
			d.Rows = append(d.Rows, []any{s})
		}
		for _, x := range f.Totals {
			d.Rows = append(d.Rows, []any{fmt.Sprintf("total of %s: file %g, rows %g", x.Field, x.File, x.Rows)})
		}
		if len(d.Rows) > 0 {
			tables = append(tables, d)
		}
	}
	if len(sum.Spans) > 0 {
		s := output.Table{Title: "Days covered", Columns: []output.Column{
			{Name: "channel"},
			{Name: "first"},
			{Name: "last"},
			{Name: "days_with_rows", Kind: output.Integer},
			{Name: "days_without_rows", Kind: output.Integer},
			{Name: "intervals_absent", Kind: output.Integer},
		}}
		for _, x := range sum.Spans {
			s.Rows = append(s.Rows, []any{x.Channel, x.First, x.Last, x.Days, x.DaysWithout, x.IntervalsAbsent})
		}
		tables = append(tables, s)
	}
	return tables
}

// tellQueues warns of each queue without a channel once, in the run that brings
// it in, so that a nightly import stays quiet; later runs only count them as news.
func (a *App) tellQueues(list []importer.UnknownQueue) {
	l := a.Lang()
	told, old := map[string]bool{}, map[string]bool{}
	for _, u := range list {
		switch {
		case !u.New:
			old[u.Queue] = true
		case !told[u.Queue]: // a rule counts for all sources
			told[u.Queue] = true
			if len(told) <= shownRejects {
				a.Warnf(l.Pick("queue %q has no channel of its own and counts as %s: kcc import map %q CHANNEL [SUBJECT] settles it",
					"wachtrij %q heeft geen eigen kanaal en telt als %s: met kcc import map %q KANAAL [ONDERWERP] legt u het vast"), u.Queue, u.Channel, u.Queue)
			}
		}
	}
	if n := len(told) - shownRejects; n > 0 {
		a.Warnf(l.Pick("and %s more without a channel: kcc import map lists them", "en nog %s zonder kanaal: kcc import map toont ze"), a.count(n, "queue", "wachtrij", "wachtrijen"))
	}
	if n := len(old); n > 0 {
		a.Infof(l.Pick("%s of earlier imports still without a channel of their own: kcc import map lists them", "%s uit eerdere imports nog zonder eigen kanaal: kcc import map toont ze"),
			a.count(n, "queue", "wachtrij", "wachtrijen"))
	}
}

// tellOverlaps warns of each source that is left out once, in the run that brings
// it about; later runs only count the channels, as news.
func (a *App) tellOverlaps(list []importer.SourceOverlap) {
	l := a.Lang()
	old := map[string]bool{}
	for _, x := range list {
		if !x.New {
			old[x.Channel] = true
			continue
		}
		a.Warnf(l.Pick("%s: source %s is left out on %s (%s to %s), as %s covers them: kcc import prefer %s turns that around",
			"%s: bron %s telt niet mee op %s (%s tot en met %s), want %s heeft die ook: kcc import prefer %s draait dat om"),
			x.Channel, x.Source, a.count(x.Days, "day", "dag", "dagen"), x.First, x.Last, x.Counts, x.Source)
	}
	if len(old) > 0 {
		a.Infof(l.Pick("on %s a source is left out where another counts, as before: kcc import prefer lists them", "op %s telt een bron niet mee waar een andere telt, zoals eerder: kcc import prefer toont ze"),
			a.count(len(old), "channel", "kanaal", "kanalen"))
	}
}

// importStatus tells what changed and chooses the exit status.
func importStatus(app *App, sum *importer.Summary, o *importOptions, files *importFiles) error {
	for _, f := range sum.Files {
		for _, w := range f.Warnings {
			app.Warnf("%s", w)
		}
	}
	app.tellQueues(sum.Unknown)
	app.tellOverlaps(sum.Overlaps)
	c := sum.Total
	lang := app.Lang()
	if len(sum.Errors) < len(sum.Files) {
		verb := lang.Pick("imported", "geïmporteerd:")
		if sum.DryRun {
			verb = lang.Pick("dry run, would import", "proef, zou importeren:")
		}
		rows := lang.Pick("rows", "rijen")
		if c.Imported+c.Updated == 1 {
			rows = lang.Pick("row", "rij")
		}
		app.Infof(lang.Pick("%s %s %s (%s new, %s updated, %s unchanged, %s skipped, %s rejected)", "%s %s %s (%s nieuw, %s bijgewerkt, %s ongewijzigd, %s overgeslagen, %s geweigerd)"), verb, lang.Int(int64(c.Imported+c.Updated)), rows, lang.Int(int64(c.Imported)),
			lang.Int(int64(c.Updated)), lang.Int(int64(c.Duplicate)), lang.Int(int64(c.Skipped)), lang.Int(int64(c.Rejected)))
	}
	good := c.Imported + c.Updated + c.Duplicate
	var first error
	for _, f := range sum.Files {
		err := sum.Errors[f.File]
		if err == nil {
			continue
		}
		if first == nil {
			first = err
		} else {
			app.Warnf("%s", err)
		}
	}
	if first != nil {
		var amb *importer.AmbiguousError
		status := exitFailed
		switch {
		case len(sum.Errors) < len(sum.Files):
			status = exitPartial
		case errors.As(first, &amb):
			status = exitUsage
		}
		err := error(&statusError{status, first})
		if errors.As(first, &amb) {
			err = withHint(err, "say --date-order dmy (day first) or --date-order mdy (month first)")
		}
		var unk *importer.UnknownError
		if errors.As(first, &unk) && !unk.Empty {
			err = withHint(err, "name the columns with --map FIELD=COLUMN, for example --map start='Datum tijd' --map offered=Aantal")
		}
		return err
	}
	if c.Rejected > 0 {
		hint := "--rejects FILE writes them out, to repair and import again"
		if o.Rejects != "" {
			hint = "repair them in " + o.Rejects + " and import that file"
		}
		if good == 0 {
			return withHint(&statusError{exitFailed, fmt.Errorf("all %d rows were rejected", c.Rejected)}, "%s", hint)
		}
		return withHint(partialf("%d of %d rows were rejected", c.Rejected, c.Read), "%s", hint)
	}
	return nil
}
