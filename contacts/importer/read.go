package importer

import (
	"errors"
	"io"
	"strings"
)

// Counts is what became of the rows of a file.
type Counts struct {
	Read      int `json:"rows_read"`
	Imported  int `json:"rows_imported"`
	Duplicate int `json:"rows_duplicate"`
	Updated   int `json:"rows_updated"`
	Skipped   int `json:"rows_skipped"`
	Rejected  int `json:"rows_rejected"`
}

// reader makes rows of a table by its layout.
type reader struct {
	l      *layout
	opt    *Options
	zone   localTimes
	dst    doubledOrder
	row    Row
	held   map[Field]bool
	skips  map[string]int // rows skipped, by reason
	sums   map[Field]float64
	footer []footerTotal
	series []byte
	names  memo[string] // channels as written to kcc's names
	ends   memo[string] // outcomes likewise
	turns  memo[string] // directions likewise
	calls  callFields
	start  from
	date   from
	clock  from
	told   from // the first column that tells when a row was
	last   readMoment
	iso    isoTimes
	bare   bareRows
}

// readMoment is the moment read last, as each row's time is asked for twice.
type readMoment struct {
	f    Field
	text string
	wallTime
}

// footerTotal compares the total of a footer with the rows.
type footerTotal struct {
	Field string  `json:"field"`
	File  float64 `json:"file"`
	Rows  float64 `json:"rows"`
}

func newReader(l *layout, opt *Options) *reader {
	r := &reader{l: l, opt: opt, held: map[Field]bool{}, skips: map[string]int{}, sums: map[Field]float64{}, bare: bareRows{}}
	r.names.limit, r.ends.limit, r.turns.limit = maxDistinct, maxDistinct, maxDistinct
	r.zone.loc = l.fileZone
	r.dst = doubledOrder{mode: opt.DST, descending: l.descending}
	for f := range l.at {
		r.held[f] = true
	}
	for f := range l.constant {
		r.held[f] = true
	}
	r.row.held = r.held
	r.calls = callFieldsOf(l)
	r.start, r.date, r.clock = l.from(fStart), l.from(fDate), l.from(fTime)
	r.told = from{col: -1}
	for _, f := range []Field{fStart, fDate, fReceived, fTime} {
		if told := l.from(f); told.col >= 0 && (f != fTime || !hasTime(l.at)) {
			r.told = told
			break
		}
	}
	return r
}

// each makes the second pass: every data row goes to fn with its cells.
func (l *layout) each(f *File, opt *Options, fn func(cells []string, line int) error) error {
	t, err := f.table(l.dialect, opt)
	if err != nil {
		return err
	}
	defer t.Close()
	inBody := l.headerLine == 0
	for {
		row, err := t.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		line := t.Line()
		if !inBody {
			// The header may span two rows; both lie before the first data row.
			inBody = line >= l.headerLine && !l.partOfHeader(row)
			if !inBody || line == l.headerLine {
				continue
			}
		}
		if isBlank(row) || l.isHeader(row) {
			continue
		}
		if err := fn(row, line); err != nil {
			return err
		}
	}
}

// partOfHeader reports whether a row is the header or its second line.
func (l *layout) partOfHeader(row []string) bool {
	for i, c := range row {
		c = strings.TrimSpace(c)
		if c == "" {
			continue
		}
		if i >= len(l.header) || !strings.Contains(strings.ToLower(l.header[i]), strings.ToLower(c)) {
			return false
		}
	}
	return true
}

// read turns one raw row into a Row. A nil error and false mean that the row is
// no data: a total or a note.
func (r *reader) read(cells []string, line int) (ok bool, err error) {
	l := r.l
	row := &r.row
	row.begin(l.Kind, line)
	if why := r.notData(cells); why != "" {
		r.skips[why]++
		return false, nil
	}
	switch l.Kind {
	case Intervals:
		err = r.interval(cells)
	case Calls:
		err = r.call(cells)
	case Tickets:
		err = r.ticket(cells)
	case States:
		err = r.state(cells)
	case TicketEvents, Schedules, Holidays, ScheduleLinks:
		err = r.ticketPart(cells)
	}
	if l.Kind == Intervals && (err == nil || errors.Is(err, errNoFigures)) {
		r.bare.count(r.row.Interval.Queue, r.row.Interval.Channel, err != nil)
	}
	if errors.Is(err, errNoFigures) {
		r.skips[err.Error()]++
		return false, nil
	}
	return err == nil, err
}

// notData recognises totals and notes below or between the rows.
func (r *reader) notData(cells []string) string {
	l := r.l
	if l.totalWords {
		if q := r.text(cells, fQueue); totalWord(q) {
			if !meanWord(q) && r.timeless(cells) {
				r.readFooter(cells)
			}
			return "total of all queues"
		}
	}
	if l.Kind != Intervals && l.Kind != Calls && l.Kind != Tickets && l.Kind != States {
		return ""
	}
	when := ""
	if r.told.col >= 0 {
		when = cell(cells, r.told.col)
		if when != "" && !totalWord(when) {
			if _, ok := r.moment(when, r.told.f); ok {
				return ""
			}
		}
	}
	first, filled := "", 0
	for _, c := range cells {
		if c = strings.TrimSpace(c); c != "" {
			if first == "" {
				first = c
			}
			filled++
		}
	}
	if totalWord(first) || totalWord(when) {
		if !meanWord(first) && !meanWord(when) {
			r.readFooter(cells)
		}
		return "total"
	}
	if filled <= 2 && len(l.header) > 3 && (when == "" || len(when) > 20) {
		return "note"
	}
	return ""
}

// timeless reports whether a row has neither date nor time.
func (r *reader) timeless(cells []string) bool {
	for _, f := range []Field{fStart, fDate, fTime} {
		if r.text(cells, f) != "" {
			return false
		}
	}
	return true
}

// readFooter keeps the totals of a footer row for comparison with the rows.
func (r *reader) readFooter(cells []string) {
	r.footer = r.footer[:0]
	for _, f := range []Field{fOffered, fAnswered, fAbandoned, fWithin} {
		i, ok := r.l.at[f]
		if !ok || cell(cells, i) == "" {
			continue
		}
		if v, ok := parseNumber(cell(cells, i), r.l.mark[f]); ok {
			r.footer = append(r.footer, footerTotal{string(f), v, r.sums[f]})
		}
	}
}
