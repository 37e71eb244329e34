package importer

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"
	"time"

	"kcc/internal/tabular"
)

// Parsed is a table whose layout is known, ready to be read.
type Parsed struct {
	file    *File
	opt     Options
	l       *layout
	rep     *repeats
	queue   bool // an Asterisk queue_log
	Kind    Kind
	Name    string // file, and sheet of a workbook with several
	Dialect string
	Counts  Counts
	Skips   map[string]int
	bare    bareRows
	Totals  []footerTotal
	Found   []string // what was detected, in words
	Step    time.Duration
	First   time.Time
	Last    time.Time
}

// Encoding returns the encoding of the file, "" for a workbook.
func (p *Parsed) Encoding() string { return p.l.dialect.Encoding }

// Delimiter returns the delimiter of a text file.
func (p *Parsed) Delimiter() string { return p.l.dialect.Delimiter }

// Sheet returns the sheet of a workbook.
func (p *Parsed) Sheet() string { return p.l.dialect.Sheet }

// Form returns text, xlsx or json.
func (p *Parsed) Form() string { return p.l.dialect.Kind }

// Understand detects the tables of a file. A damaged workbook gives an error.
func Understand(ctx context.Context, f *File, opt Options) (out []*Parsed, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%s: the file is damaged (%v)", f.Name, p)
		}
	}()
	if err := opt.Check(); err != nil {
		return nil, err
	}
	d, err := f.sniff(&opt)
	if err != nil {
		return nil, err
	}
	if d.events && opt.Kind == "" || opt.Kind == QueueLog {
		d.events = true
		l := &layout{file: f.Name, dialect: d, Kind: QueueLog, idColumn: -1}
		return []*Parsed{{file: f, opt: opt, l: l, queue: true, Kind: QueueLog, Name: f.Name}}, nil
	}
	sheets := []string{""}
	if d.Kind == tabular.Workbook {
		if opt.Sheet != "" {
			sheets = []string{opt.Sheet}
		} else if sheets, err = f.sheets(); err != nil {
			return nil, err
		}
	}
	var firstErr error
	for _, s := range sheets {
		d.Sheet = s
		p, err := understandTable(ctx, f, d, opt)
		if err != nil {
			var unknown *UnknownError
			if errors.As(err, &unknown) && len(sheets) > 1 || errors.Is(err, tabular.ErrEmpty) {
				if firstErr == nil {
					firstErr = err
				}
				continue
			}
			return nil, err
		}
		out = append(out, p)
	}
	if len(out) == 1 {
		out[0].rename(f.Name)
	}
	if len(out) == 0 {
		if firstErr == nil {
			firstErr = fmt.Errorf("%s: %w", f.Name, tabular.ErrEmpty)
		}
		return nil, firstErr
	}
	return out, nil
}

// rename drops the sheet from the name where a workbook has one table only.
func (p *Parsed) rename(name string) { p.Name, p.l.file = name, name }

func understandTable(ctx context.Context, f *File, d dialect, opt Options) (*Parsed, error) {
	l, err := detect(f, d, &opt)
	if err != nil {
		return nil, err
	}
	if err := l.measure(ctx, f, &opt); err != nil {
		return nil, err
	}
	rep, err := l.find(ctx, f, &opt)
	if err != nil {
		return nil, err
	}
	return &Parsed{file: f, opt: opt, l: l, rep: rep, Kind: l.Kind, Name: l.file, Found: l.describe(), Step: l.step}, nil
}

// Rows reads every row that counts, in the order of the file. fn gets a Row that
// is used again; reject gets what cannot be read. Counts are complete when it
// returns: rows given to fn count as imported until the caller knows better.
func (p *Parsed) Rows(ctx context.Context, fn func(*Row) error, reject func(*Reject)) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("%s: the file is damaged (%v)", p.Name, v)
		}
	}()
	p.Counts, p.First, p.Last = Counts{}, time.Time{}, time.Time{}
	note := func(row *Row) {
		if t := row.Start(); !t.IsZero() {
			if p.First.IsZero() || t.Before(p.First) {
				p.First = t
			}
			if t.After(p.Last) {
				p.Last = t
			}
		}
		p.Counts.Imported++
	}
	if p.queue {
		return p.queueLog(ctx, func(row *Row) error { note(row); return fn(row) }, reject)
	}
	l := p.l
	if l.Kind == Other {
		return l.each(p.file, &p.opt, func([]string, int) error { p.Counts.Read++; p.Counts.Skipped++; return nil })
	}
	r := newReader(l, &p.opt)
	p.rep.ordinal = map[uint64]uint64{}
	seen := map[uint64]uint64{} // intervals of this file: natural key to content
	n := 0
	err = l.each(p.file, &p.opt, func(cells []string, line int) error {
		if n++; n%1024 == 0 {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			if p.opt.Progress != nil && n%8192 == 0 {
				p.opt.Progress(p.Name, int64(n), int64(l.rows))
			}
		}
		p.Counts.Read++
		ok, err := r.read(cells, line)
		if err != nil {
			var re *RowError
			if !errors.As(err, &re) {
				return err
			}
			p.Counts.Rejected++
			reject(&Reject{*re, l.header, cells})
			return nil
		}
		if !ok {
			p.Counts.Skipped++
			return nil
		}
		row := &r.row
		switch {
		case l.Kind == Intervals:
			key, content := row.Interval.natural(row.dims), row.Interval.content()
			if old, dup := seen[key]; dup && old == content {
				p.Counts.Duplicate++
				return nil
			} else if dup {
				p.Counts.Duplicate++ // an earlier state of the same interval, which this row replaces
				p.Counts.Imported--
			}
			seen[key] = content
		case l.idColumn >= 0 && cell(cells, l.idColumn) != "":
			if len(l.maybe) > 0 && p.rep.superseded(l.rowHash(cells), line) {
				p.Counts.Duplicate++
				return nil
			}
		case l.Kind == Calls:
			row.noID = true
			if len(l.maybe) > 0 {
				row.ordinal = p.rep.next(l, l.rowHash(cells))
			}
		}
		if err := fn(row); err != nil {
			var re *RowError
			if !errors.As(err, &re) {
				return err
			}
			re.File = p.Name
			p.Counts.Rejected++
			reject(&Reject{*re, l.header, cells})
			return nil
		}
		note(row)
		return nil
	})
	p.Skips, p.bare = r.skips, r.bare
	p.Totals = append([]footerTotal(nil), r.footer...)
	for i := range p.Totals {
		p.Totals[i].Rows = r.sums[Field(p.Totals[i].Field)]
	}
	return err
}

// natural hashes what an interval is of: two rows with the same are the same.
func (iv *Interval) natural(dims uint64) uint64 {
	h := newStableHash()
	h.text(iv.Queue)
	h.text(iv.Channel)
	h.text(iv.Subject)
	h.text(iv.Agent)
	h.num(uint64(iv.Start.Unix()))
	h.num(uint64(iv.Step / time.Second))
	h.num(dims)
	return h.sum()
}

// content hashes the figures of an interval.
func (iv *Interval) content() uint64 {
	h := newStableHash()
	for _, v := range []float64{iv.Offered, iv.Answered, iv.Abandoned, iv.Short, iv.Within, iv.Target, iv.Wait, iv.Talk, iv.Hold, iv.ACW, iv.AHT} {
		if math.IsNaN(v) {
			v = -1
		}
		h.float(v)
	}
	return h.sum()
}

// Warnings tells what a planner should know about a file: totals that do not
// add up, rows left out.
func (p *Parsed) Warnings() []string {
	var out []string
	for _, t := range p.Totals {
		if math.Abs(t.File-t.Rows) > 0.5 {
			out = append(out, fmt.Sprintf("%s: the file's own total of %s is %s, its rows add up to %s", p.Name, t.Field, trimFloat(t.File), trimFloat(t.Rows)))
		}
	}
	return append(out, p.bare.warnings(p.Name)...)
}

func trimFloat(v float64) string {
	return strings.TrimSuffix(strings.TrimRight(fmt.Sprintf("%.2f", v), "0"), ".")
}
