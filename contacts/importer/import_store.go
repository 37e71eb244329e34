package importer

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"math"
	"path/filepath"
	"slices"
	"time"

	"kcc/contacts/privacy"
	"kcc/internal/calendar"
	"kcc/internal/store"
)

// StoreOptions of Import; the zero value keeps no names and no identifiers.
type StoreOptions struct {
	Source     string         // "" = by the kind of the rows
	KeepAgents bool           // keep agent names
	Strict     bool           // refuse rows with a citizen service number
	Vault      *privacy.Vault // keys of references; nil drops identifiers
	RepeatDays int            // a contact repeats another of the same party and subject within this; 0 = 7
	DryRun     bool
	Force      bool // read a file again that was imported before
	Now        time.Time
	Rows       *RowWriter
	Reject     func(*Reject)
	big        int64                    // size of a file from which contacts are loaded as a whole, 0 = bigFile
	rowsOnly   bool                     // leave the roll-ups out; benchmarks
	beforePut  func()                   // called before a draft gets into the store; tests
	Targets    map[string]time.Duration // within which time a channel wants to help
	Gaps       string                   // "zero" or "missing" for absent intervals of these queues, "" as before
}

// defaultRepeatDays is within how many days a contact of the same party about
// the same subject is a repeat.
const defaultRepeatDays = 7

func (so *StoreOptions) repeatDays() int {
	if so.RepeatDays == 0 {
		return defaultRepeatDays
	}
	return so.RepeatDays
}

// Summary is what an import did, file by file.
type Summary struct {
	Run      int64            `json:"run,omitempty"`
	DryRun   bool             `json:"dry_run,omitempty"`
	Files    []FileReport     `json:"files"`
	Unknown  []UnknownQueue   `json:"unknown_queues,omitempty"`
	Overlaps []SourceOverlap  `json:"overlaps,omitempty"`
	Masked   int              `json:"masked,omitempty"`
	Total    Counts           `json:"total"`
	Spans    []Span           `json:"spans,omitempty"`
	Errors   map[string]error `json:"-"`

	lastQueue int64              // highest id of a queue before the run
	before    map[[3]string]bool // channel, source and what it is left out for, before the run
}

// UnknownQueue is a queue that no rule or channel column explains.
type UnknownQueue struct {
	Source  string `json:"source"`
	Queue   string `json:"queue"`
	Channel string `json:"channel"`
	New     bool   `json:"new"` // no earlier import held it
}

// SourceOverlap tells that a source is left out where another covers the same.
type SourceOverlap struct {
	Channel string `json:"channel"`
	Source  string `json:"source"`
	Counts  string `json:"counts"`
	First   string `json:"first"`
	Last    string `json:"last"`
	Days    int    `json:"days"`
	New     bool   `json:"new"` // it was not so on any day before this run
}

// Span is what is known of a channel: inside it an absent interval is zero, an
// absent open day missing.
type Span struct {
	Channel     string `json:"channel"`
	First       string `json:"first"`
	Last        string `json:"last"`
	Days        int    `json:"days_with_rows"`
	DaysWithout int    `json:"days_without_rows"` // of weekdays that have rows elsewhere
	// IntervalsAbsent counts the intervals without row on days with rows, at times
	// at which that weekday has rows; a dry run tells.
	IntervalsAbsent int `json:"intervals_absent,omitempty"`
}

// Import writes files into the store, each in one transaction: a run that is
// killed has imported its files whole or not at all. Files that cannot be read
// are reported in the summary; the error is for what stops the run.
func Import(ctx context.Context, db *sql.DB, files []*File, opt Options, so StoreOptions) (*Summary, error) {
	if err := opt.Check(); err != nil {
		return nil, err
	}
	rules, err := Rules(ctx, db)
	if err != nil {
		return nil, err
	}
	opt.Rules = append(slices.Clone(opt.Rules), rules...)
	sum := &Summary{DryRun: so.DryRun, Errors: map[string]error{}}
	if !so.DryRun {
		if sum.before, err = overlapping(ctx, db); err != nil {
			return nil, err
		}
		err := store.Write(ctx, db, func(tx *sql.Tx) error {
			res, err := tx.ExecContext(ctx, "INSERT INTO import_run (started, repeat_days) VALUES (?, ?)", so.Now.Unix(), so.repeatDays())
			if err != nil {
				return err
			}
			if sum.Run, err = res.LastInsertId(); err != nil {
				return err
			}
			return tx.QueryRowContext(ctx, "SELECT COALESCE(MAX(id), 0) FROM queue").Scan(&sum.lastQueue)
		})
		if err != nil {
			return nil, err
		}
	}
	cover := newCoverage(opt.zone())
	for _, f := range files {
		reports, err := importFile(ctx, db, f, opt, so, sum, cover)
		if err != nil {
			if ctx.Err() != nil || errors.Is(err, store.ErrLocked) || errors.Is(err, store.ErrDamaged) {
				return sum, err
			}
			sum.Errors[f.Name] = err
			sum.Files = append(sum.Files, FileReport{File: f.Name, Error: err.Error()})
			continue
		}
		sum.Files = append(sum.Files, reports...)
	}
	for _, r := range sum.Files {
		sum.Total.add(r.Counts)
	}
	if so.DryRun {
		sum.Spans = cover.spans()
		return sum, nil
	}
	return sum, sum.context(ctx, db)
}

func (c *Counts) add(o Counts) {
	c.Read += o.Read
	c.Imported += o.Imported
	c.Duplicate += o.Duplicate
	c.Updated += o.Updated
	c.Skipped += o.Skipped
	c.Rejected += o.Rejected
}

// errDry ends the transaction of a dry run.
var errDry = errors.New("dry run")

// importFile writes one file.
func importFile(ctx context.Context, db *sql.DB, f *File, opt Options, so StoreOptions, sum *Summary, cover *coverage) ([]FileReport, error) {
	print, err := f.Fingerprint(ctx)
	if err != nil {
		return nil, err
	}
	settings := settingsKey(&opt, &so)
	if !so.Force {
		known, err := importedBefore(ctx, db, print, settings, f.Name)
		if err != nil {
			return nil, err
		}
		if known != nil && so.Rows == nil && !so.DryRun && !slices.ContainsFunc(known, func(r FileReport) bool { return r.Rejected > 0 }) {
			return known, nil
		}
		if known != nil {
			return showKnown(ctx, f, opt, so, cover)
		}
	}
	parsed, err := Understand(ctx, f, opt)
	if err != nil {
		return nil, err
	}
	d := destination{&so, sum, cover, print, settings}
	if so.whole(parsed, f.Size) {
		reports, err := d.writeWhole(ctx, db, f, parsed[0], opt)
		if !errors.Is(err, errNotWhole) {
			return reports, err
		}
	}
	return d.writeRows(ctx, db, parsed, opt)
}

// destination is where the tables of a file go.
type destination struct {
	so              *StoreOptions
	sum             *Summary
	cover           *coverage
	print, settings string
}

// writeRows writes the tables of a file in one transaction, row by row.
func (d *destination) writeRows(ctx context.Context, db *sql.DB, parsed []*Parsed, opt Options) ([]FileReport, error) {
	first, err := isFirst(ctx, db)
	if err != nil {
		return nil, store.Explain(err)
	}
	var reports []FileReport
	err = bulk(ctx, db, !first && mayDelete(parsed), func(conn *sql.Conn, tx *sql.Tx) error {
		if still, err := isFirst(ctx, tx); err != nil {
			return err
		} else if first && !still && mayDelete(parsed) {
			return errNotFirst
		}
		for _, p := range parsed {
			w, err := d.writer(ctx, conn, tx, p, &opt)
			if err != nil {
				return err
			}
			defer w.close()
			r, err := d.write(w, p, &opt)
			if err != nil {
				return err
			}
			reports = append(reports, r)
		}
		if d.so.DryRun {
			return errDry
		}
		return nil
	})
	if errors.Is(err, errNotFirst) {
		return d.writeRows(ctx, db, parsed, opt)
	}
	if errors.Is(err, errDry) {
		err = nil
	}
	return reports, err
}

func (d *destination) writer(ctx context.Context, conn *sql.Conn, tx *sql.Tx, p *Parsed, opt *Options) (*writer, error) {
	w, err := newWriter(ctx, tx, p, opt, d.so, d.sum.Run, d.print, d.settings)
	if err == nil {
		w.conn = conn
	}
	return w, err
}

// write reads the rows of a table and writes them.
func (d *destination) write(w *writer, p *Parsed, opt *Options) (FileReport, error) {
	var pre *preview
	if d.so.DryRun {
		pre = newPreview(opt, d.cover)
	}
	if err := w.load(p, pre); err != nil {
		return FileReport{}, err
	}
	d.sum.Masked += w.masked
	if d.so.DryRun { // the store does not tell afterwards
		for _, u := range w.unknown {
			if !slices.Contains(d.sum.Unknown, u) {
				d.sum.Unknown = append(d.sum.Unknown, u)
			}
		}
	}
	r := p.Report()
	r.Sample = pre.lines()
	if w.replaced > 0 {
		r.Warnings = append(r.Warnings, fmt.Sprintf("%s: replaced %d rows of an earlier file", p.Name, w.replaced))
		r.Replaced = w.replaced
	}
	return r, nil
}

// writeWhole writes a big file into a store without contacts, by way of a draft
// of the store. errNotWhole tells that the store is as it was and the rows have
// to go in one by one; who follows the rows has seen them then.
func (d *destination) writeWhole(ctx context.Context, db *sql.DB, f *File, p *Parsed, opt Options) (reports []FileReport, err error) {
	if first, err := isFirst(ctx, db); err != nil || !first {
		return nil, errors.Join(store.Explain(err), errNotWhole)
	}
	if large, err := isLarge(ctx, db, f.Size); err != nil || large {
		return nil, errors.Join(store.Explain(err), errNotWhole)
	}
	draft, err := store.NewDraft(ctx, db)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, draft.Close()) }()
	masked := d.sum.Masked
	report, err := d.fill(ctx, draft, p, &opt)
	if err == nil && !d.so.DryRun {
		if d.so.beforePut != nil {
			d.so.beforePut()
		}
		if err = draft.Put(ctx); errors.Is(err, store.ErrChanged) {
			err = errNotWhole
		}
	}
	if errors.Is(err, errNotWhole) {
		d.so.Rows, d.so.Reject, d.sum.Masked = nil, nil, masked
	}
	return []FileReport{report}, err
}

// fill imports a table into a draft: what is about the file and its queues by
// statements, then the contacts as pages.
func (d *destination) fill(ctx context.Context, draft *store.Draft, p *Parsed, opt *Options) (FileReport, error) {
	report, l, err := d.prepare(ctx, draft, p, opt)
	defer l.close()
	if err != nil {
		return report, err
	}
	if err := l.make(draft.Path); err != nil {
		return report, err
	}
	return report, l.complete(draft)
}

// prepare writes into a draft what goes in by statements, and reads the contacts
// into a loader, to be closed after errors too.
func (d *destination) prepare(ctx context.Context, draft *store.Draft, p *Parsed, opt *Options) (report FileReport, l *loader, err error) {
	db, err := draft.Open()
	if err != nil {
		return report, nil, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	err = bulk(ctx, db, false, func(conn *sql.Conn, tx *sql.Tx) error {
		if first, err := isFirst(ctx, tx); err != nil || !first { // another run was faster
			return errors.Join(err, errNotWhole)
		}
		w, err := d.writer(ctx, conn, tx, p, opt)
		if err != nil {
			return err
		}
		defer w.close()
		if l, err = w.openLoader(filepath.Dir(draft.Path)); err != nil {
			return err
		}
		report, err = d.write(w, p, opt)
		return err
	})
	return report, l, err
}

// errNotFirst is of contacts that another run added meanwhile.
var errNotFirst = errors.New("the store is no longer without contacts")

// showKnown reads a file that is in the store already, for its rows as understood
// and its rejects; the store stays as it is.
func showKnown(ctx context.Context, f *File, opt Options, so StoreOptions, cover *coverage) ([]FileReport, error) {
	parsed, err := Understand(ctx, f, opt)
	if err != nil {
		return nil, err
	}
	var out []FileReport
	for _, p := range parsed {
		pre := newPreview(&opt, cover)
		err := p.Rows(ctx, func(r *Row) error {
			pre.see(r)
			if so.Rows != nil {
				return so.Rows.Write(r)
			}
			return nil
		}, func(r *Reject) {
			if so.Reject != nil {
				so.Reject(r)
			}
		})
		if err != nil {
			return nil, err
		}
		r := p.Report()
		r.Known = true
		r.Duplicate += r.Imported
		r.Imported = 0
		if so.DryRun {
			r.Sample = pre.lines()
		}
		out = append(out, r)
	}
	return out, nil
}

// settingsKey sums up the options that change how a file is read.
func settingsKey(opt *Options, so *StoreOptions) string {
	h := newStableHash()
	h.text(so.Source)
	h.text(fmt.Sprint(opt.zone(), opt.DateOrder, opt.DST, opt.Decimal, opt.Encoding, opt.Delimiter, opt.Kind, opt.Sheet, opt.Channel, opt.Step, opt.FileZone, so.KeepAgents))
	for _, k := range slices.Sorted(maps.Keys(opt.Map)) {
		h.text(k)
		h.text(opt.Map[k])
	}
	return fmt.Sprintf("%016x", h.sum())
}

// importedBefore returns the reports of a file that is in the store already.
func importedBefore(ctx context.Context, db *sql.DB, print, settings, name string) ([]FileReport, error) {
	rows, err := db.QueryContext(ctx, `SELECT kind, encoding, delimiter, rows_read, rows_skipped, rows_rejected
		FROM import_file WHERE fingerprint = ? AND settings = ? AND undone IS NULL
		AND run_id = (SELECT MAX(run_id) FROM import_file WHERE fingerprint = ? AND settings = ? AND undone IS NULL) ORDER BY id`, print, settings, print, settings)
	if err != nil {
		return nil, store.Explain(err)
	}
	defer rows.Close()
	var out []FileReport
	for rows.Next() {
		r := FileReport{File: name, Known: true}
		if err := rows.Scan(&r.Kind, &r.Encoding, &r.Delimiter, &r.Read, &r.Skipped, &r.Rejected); err != nil {
			return nil, err
		}
		r.Duplicate = r.Read - r.Skipped - r.Rejected
		out = append(out, r)
	}
	return out, rows.Err()
}

func newWriter(ctx context.Context, tx *sql.Tx, p *Parsed, opt *Options, so *StoreOptions, run int64, print, settings string) (*writer, error) {
	w := &writer{
		ctx: ctx, tx: tx, opt: so, queues: memo[[]*namedQueue]{limit: math.MaxInt}, channels: map[int64]string{}, roll: newRollups(),
		days: daySlot{loc: opt.zone()}, batches: map[string]*batch{}, counts: &p.Counts, agents: memo[string]{limit: maxRefs}, spans: map[int64]*[2]int64{},
	}
	w.sname = so.Source
	if w.sname == "" {
		w.sname = sourceOf(p.Kind)
	}
	var err error
	if w.source, err = sourceID(ctx, tx, w.sname); err != nil {
		return nil, err
	}
	if run == 0 { // a dry run, which is rolled back
		res, err := tx.ExecContext(ctx, "INSERT INTO import_run (started) VALUES (?)", so.Now.Unix())
		if err != nil {
			return nil, err
		}
		if run, err = res.LastInsertId(); err != nil {
			return nil, err
		}
	}
	res, err := tx.ExecContext(ctx, `INSERT INTO import_file (run_id, source_id, name, fingerprint, settings, kind, encoding, delimiter, imported)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`, run, w.source, p.Name, print, settings, string(p.Kind), p.Encoding(), p.Delimiter(), so.Now.Unix())
	if err != nil {
		return nil, err
	}
	w.file, err = res.LastInsertId()
	return w, err
}

// markGaps notes what an absent interval of the queues of this file means.
func (w *writer) markGaps() error {
	if w.opt.Gaps == "" {
		return nil
	}
	for q := range w.channels {
		if _, err := w.tx.ExecContext(w.ctx, "UPDATE queue SET gaps = ? WHERE id = ?", w.opt.Gaps, q); err != nil {
			return err
		}
	}
	return nil
}

// sourceOf names the source of rows when none is given.
func sourceOf(k Kind) string {
	switch k {
	case TicketEvents, Schedules, Holidays, ScheduleLinks:
		return string(Tickets)
	}
	return string(k)
}

func sourceID(ctx context.Context, tx *sql.Tx, name string) (int64, error) {
	var id int64
	err := tx.QueryRowContext(ctx, "SELECT id FROM source WHERE name = ?", name).Scan(&id)
	if !errors.Is(err, sql.ErrNoRows) {
		return id, err
	}
	res, err := tx.ExecContext(ctx, "INSERT INTO source (name, rank) SELECT ?, COALESCE(MAX(rank), 0) + 1 FROM source", name)
	if err != nil {
		return 0, err
	}
	return res.LastInsertId()
}

// load reads the rows of a table into the store.
func (w *writer) load(p *Parsed, pre *preview) error {
	var trigger []string
	var err error
	if _, notes := p.l.at[fNote]; w.loader == nil && !notes && (p.Kind == Calls || p.Kind == QueueLog) {
		if trigger, err = w.dropNoteTrigger(); err != nil {
			return err
		}
	}
	err = p.Rows(w.ctx, func(r *Row) error {
		if w.opt.Rows != nil {
			if err := w.opt.Rows.Write(r); err != nil {
				return err
			}
		}
		pre.see(r)
		return w.Write(r)
	}, func(r *Reject) {
		if w.opt.Reject != nil {
			w.opt.Reject(r)
		}
	})
	if err != nil {
		return err
	}
	if err := w.finish(p.l.supplement); err != nil {
		return err
	}
	if err := w.markGaps(); err != nil {
		return err
	}
	for _, q := range trigger {
		if _, err := w.tx.ExecContext(w.ctx, q); err != nil {
			return err
		}
	}
	if err := w.repeats(); err != nil {
		return err
	}
	c := p.Counts
	var first, last any
	if !p.First.IsZero() {
		first, last = p.First.Unix(), p.Last.Unix()
	}
	_, err = w.tx.ExecContext(w.ctx, `UPDATE import_file SET encoding = ?, rows_read = ?, rows_imported = ?, rows_duplicate = ?, rows_updated = ?,
		rows_skipped = ?, rows_rejected = ?, rows_replaced = ?, first_start = ?, last_start = ? WHERE id = ?`,
		p.Encoding(), c.Read, c.Imported, c.Duplicate, c.Updated, c.Skipped, c.Rejected, w.replaced, first, last, w.file)
	return err
}

// context adds to the summary what the store knows after the run.
func (s *Summary) context(ctx context.Context, db *sql.DB) error {
	rows, err := db.QueryContext(ctx, `SELECT DISTINCT s.name, q.name, q.channel, q.id > ? FROM queue q JOIN source s ON s.id = q.source_id
		JOIN import_file f ON f.source_id = s.id WHERE f.run_id = ? AND q.known = 0 AND q.name <> '' ORDER BY 1, 2`, s.lastQueue, s.Run)
	if err != nil {
		return store.Explain(err)
	}
	defer rows.Close()
	for rows.Next() {
		var u UnknownQueue
		if err := rows.Scan(&u.Source, &u.Queue, &u.Channel, &u.New); err != nil {
			return err
		}
		s.Unknown = append(s.Unknown, u)
	}
	if err := rows.Err(); err != nil {
		return err
	}
	if s.Overlaps, err = overlaps(ctx, db, s.Run, s.before); err != nil {
		return err
	}
	s.Spans, err = spans(ctx, db)
	return err
}

// spans counts per channel, as a dry run does, the days with rows and those
// without on weekdays that have rows elsewhere.
func spans(ctx context.Context, db *sql.DB) ([]Span, error) {
	rows, err := db.QueryContext(ctx, "SELECT DISTINCT channel, day FROM coverage WHERE rows > 0 ORDER BY channel, day")
	if err != nil {
		return nil, store.Explain(err)
	}
	defer rows.Close()
	cover := newCoverage(time.UTC) // of days only
	for rows.Next() {
		var channel string
		var day calendar.Date
		if err := rows.Scan(&channel, &day); err != nil {
			return nil, err
		}
		cover.day(channel, day)[0] = true
	}
	return cover.spans(), rows.Err()
}

// Scan understands files without a store: what was detected, the rows as
// understood, the rejects.
func Scan(ctx context.Context, files []*File, opt Options, rows *RowWriter, reject func(*Reject)) (*Summary, error) {
	sum := &Summary{DryRun: true, Errors: map[string]error{}}
	cover := newCoverage(opt.zone())
	for _, f := range files {
		parsed, err := Understand(ctx, f, opt)
		if err == nil {
			for _, p := range parsed {
				pre := newPreview(&opt, cover)
				if err = p.Rows(ctx, func(r *Row) error {
					pre.see(r)
					if rows == nil {
						return nil
					}
					return rows.Write(r)
				}, reject); err != nil {
					break
				}
				report := p.Report()
				report.Sample = pre.lines()
				sum.Files = append(sum.Files, report)
			}
		}
		if err != nil {
			if ctx.Err() != nil {
				return sum, err
			}
			sum.Errors[f.Name] = err
			sum.Files = append(sum.Files, FileReport{File: f.Name, Error: err.Error()})
		}
	}
	for _, r := range sum.Files {
		sum.Total.add(r.Counts)
	}
	sum.Spans = cover.spans()
	return sum, nil
}
