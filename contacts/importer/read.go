package importer

import (
	"errors"
	"io"
	"math"
	"strings"
	"time"

	"kcc/contacts"
	"kcc/internal/calendar"
	"kcc/internal/tabular"
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
	names  map[string]string // channels as written to kcc's names
}

// footerTotal compares the total of a footer with the rows.
type footerTotal struct {
	Field string  `json:"field"`
	File  float64 `json:"file"`
	Rows  float64 `json:"rows"`
}

func newReader(l *layout, opt *Options) *reader {
	r := &reader{l: l, opt: opt, held: map[Field]bool{}, skips: map[string]int{}, sums: map[Field]float64{}, names: map[string]string{}}
	r.zone.loc = l.fileZone
	r.dst = doubledOrder{mode: opt.DST, descending: l.descending}
	for f := range l.at {
		r.held[f] = true
	}
	for f := range l.constant {
		r.held[f] = true
	}
	r.row.held = r.held
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
	held := row.held
	*row = Row{Kind: l.Kind, Line: line, held: held}
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
	if err != nil {
		return false, err
	}
	return true, nil
}

// notData recognises totals and notes below or between the rows.
func (r *reader) notData(cells []string) string {
	l := r.l
	if l.totalWords {
		if q := r.text(cells, fQueue); totalWord(q) {
			return "total of all queues"
		}
	}
	if l.Kind != Intervals && l.Kind != Calls && l.Kind != Tickets && l.Kind != States {
		return ""
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
	when := ""
	for _, f := range []Field{fStart, fDate, fReceived} {
		if i, ok := l.at[f]; ok {
			when = cell(cells, i)
			if when != "" && !totalWord(when) {
				if _, ok := r.moment(when, f); ok {
					return ""
				}
			}
			break
		}
	}
	if totalWord(first) || totalWord(when) {
		r.readFooter(cells)
		return "total"
	}
	if filled <= 2 && len(l.header) > 3 && (when == "" || len(when) > 20) {
		return "note"
	}
	return ""
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

func cell(cells []string, i int) string {
	if i < len(cells) {
		return strings.TrimSpace(cells[i])
	}
	return ""
}

func (r *reader) text(cells []string, f Field) string {
	if i, ok := r.l.at[f]; ok {
		return cell(cells, i)
	}
	return r.l.constant[f]
}

// bad words the error of one cell.
func (r *reader) bad(f Field, value, want string) error {
	name := string(f)
	if i, ok := r.l.at[f]; ok {
		name = r.l.columns[i].header
	}
	return &RowError{r.l.file, r.row.Line, name, value, want}
}

// wallTime is a moment as a cell tells it.
type wallTime struct {
	wall           int64 // seconds since 1970 on the clock
	nano           int
	utc            bool // wall is UTC: the cell has an offset or is an epoch
	hasDate, clock bool
	to             int
}

// moment reads a cell of a time field.
func (r *reader) moment(s string, f Field) (wallTime, bool) {
	w := wallTime{to: -1}
	if isPlainNumber(s) {
		return r.numericMoment(s, f)
	}
	st, ok := scanStamp(s)
	if !ok {
		return w, false
	}
	w.nano, w.hasDate, w.clock, w.to = st.nano, st.hasDate, st.hasTime, st.to
	w.wall = int64(st.clock())
	if st.hasDate {
		y, m, d, ok := st.civil(r.l.order[f])
		if !ok {
			return w, false
		}
		if y <= 1904 && (f == fTime || f == fEndTime) { // a clock time stored as a date
			w.hasDate = false
		} else {
			w.wall += civilSeconds(y, m, d)
		}
	}
	if st.hasOffset {
		w.wall -= int64(st.offset)
		w.utc = true
	}
	return w, true
}

// numericMoment reads epochs, serials, 20260322, 0815 and fractions of a day.
func (r *reader) numericMoment(s string, f Field) (wallTime, bool) {
	w := wallTime{to: -1}
	v, ok := parseNumber(strings.Replace(s, ",", ".", 1), '.')
	if !ok {
		return w, false
	}
	n := int64(v)
	whole := v == math.Trunc(v)
	day := func(y, m, d int) bool {
		if m < 1 || m > 12 || d < 1 || d > daysIn(y, m) || y < 1900 {
			return false
		}
		w.wall += civilSeconds(y, m, d)
		w.hasDate = true
		return true
	}
	hms := func(h, m, sec int) bool {
		w.clock = true
		w.wall += int64(h*3600 + m*60 + sec)
		return h < 25 && m < 60 && sec < 61
	}
	clockOnly := f == fTime || f == fEndTime
	switch {
	case v >= minEpoch && v <= maxEpoch:
		_, frac := math.Modf(v)
		return wallTime{n, int(math.Round(frac*1e6)) * 1000, true, true, true, -1}, true
	case v >= minEpoch*1000 && v <= maxEpoch*1000:
		return wallTime{n / 1000, int(n%1000) * 1e6, true, true, true, -1}, true
	case len(s) == 14 && whole:
		ok = day(int(n/1e10), int(n/1e8%100), int(n/1e6%100)) && hms(int(n/1e4%100), int(n/100%100), int(n%100))
	case len(s) == 12 && whole:
		ok = day(int(n/1e8), int(n/1e6%100), int(n/1e4%100)) && hms(int(n/100%100), int(n%100), 0)
	case !clockOnly && v >= minSerial && v <= maxSerial:
		t, _ := tabular.FromSerial(v, false)
		w.wall, w.nano, w.hasDate, w.clock = t.Unix(), t.Nanosecond(), true, !whole
		return w, true
	case (len(s) == 8 || len(s) == 7) && whole:
		switch r.l.order[f] {
		case orderMDY:
			ok = day(int(n%10000), int(n/1000000), int(n/10000%100))
		case orderDMY:
			ok = day(int(n%10000), int(n/10000%100), int(n/1000000))
		default:
			ok = day(int(n/10000), int(n/100%100), int(n%100))
		}
	case clockOnly && v < 1 && !whole, clockOnly && v == 0 && len(s) == 1 && r.l.columns[r.l.at[f]].below1 > r.l.columns[r.l.at[f]].hhmm:
		sec := math.Round(v * 86400)
		w.wall, w.clock = int64(sec), true
		return w, true
	case clockOnly && v >= minSerial && v <= maxSerial:
		t, _ := tabular.FromSerial(v, false)
		w.wall, w.clock = t.Unix()-t.Truncate(24*time.Hour).Unix(), true
		return w, true
	case whole && n <= maxHHMM && n >= 0:
		c := r.l.columns[r.l.at[f]]
		if c.hourOnly == c.hhmm {
			ok = hms(int(n), 0, 0)
		} else {
			ok = hms(int(n/100), int(n%100), 0)
		}
	default:
		return w, false
	}
	return w, ok
}

// when reads the start of a row from its start, or date and time columns.
func (r *reader) when(cells []string, start, date, clock Field) (w wallTime, err error) {
	l := r.l
	if i, ok := l.at[start]; ok {
		s := cell(cells, i)
		w, ok := r.moment(s, start)
		if !ok || !w.hasDate {
			return w, r.bad(start, s, r.wantTime(start))
		}
		return w, nil
	}
	i, ok := l.at[date]
	if !ok {
		return w, r.bad(start, "", "a time")
	}
	s := cell(cells, i)
	w, ok = r.moment(s, date)
	if !ok || !w.hasDate {
		return w, r.bad(date, s, r.wantDate(date))
	}
	if j, ok := l.at[clock]; ok {
		s := cell(cells, j)
		c, ok := r.moment(s, clock)
		if !ok || (!c.clock && !c.hasDate) {
			return w, r.bad(clock, s, "a time such as 08:15")
		}
		day := floorDiv(w.wall, 86400) * 86400
		inDay := c.wall
		if c.hasDate {
			inDay = c.wall - floorDiv(c.wall, 86400)*86400
		}
		w.wall, w.nano, w.clock, w.to = day+inDay, c.nano, true, c.to
		w.utc = w.utc || c.utc
	}
	return w, nil
}

func (r *reader) wantDate(f Field) string {
	switch r.l.order[f] {
	case orderMDY:
		return "a date such as 12/31/2026"
	case orderDMY:
		return "a date such as 2026-12-31 or 31-12-2026"
	}
	return "a date such as 2026-12-31"
}

func (r *reader) wantTime(f Field) string { return r.wantDate(f) + ", with a time such as 08:15" }

// utc turns the wall clock of a row into a moment.
func (r *reader) utc(w wallTime, f Field, series string, records bool) (time.Time, error) {
	if w.utc {
		return time.Unix(w.wall, int64(w.nano)).UTC(), nil
	}
	u, doubled, missing := r.zone.at(w.wall, firstPass)
	switch {
	case missing:
		return time.Time{}, r.bad(f, time.Unix(w.wall, 0).UTC().Format("2006-01-02 15:04:05"),
			"a time that exists in "+r.l.fileZone.String()+" (the clock is moved forward there)")
	case doubled:
		if p := r.dst.choose(series, w.wall, records); p == secondPass {
			u, _, _ = r.zone.at(w.wall, secondPass)
		}
	default:
		r.dst.leave(series)
	}
	return time.Unix(u, int64(w.nano)).UTC(), nil
}

// instant reads a time field that stands on its own (end, updated, closed).
func (r *reader) instant(cells []string, f Field) (time.Time, error) {
	i, ok := r.l.at[f]
	if !ok {
		return time.Time{}, nil
	}
	s := cell(cells, i)
	if s == "" {
		return time.Time{}, nil
	}
	w, ok := r.moment(s, f)
	if !ok || !w.hasDate {
		return time.Time{}, r.bad(f, s, r.wantTime(f))
	}
	if w.utc {
		return time.Unix(w.wall, int64(w.nano)).UTC(), nil
	}
	u, _, missing := r.zone.at(w.wall, firstPass)
	if missing {
		u += 3600
	}
	return time.Unix(u, int64(w.nano)).UTC(), nil
}

// count reads a count; NaN when empty.
func (r *reader) count(cells []string, f Field) (float64, error) {
	s := r.text(cells, f)
	if s == "" {
		if r.l.blankZero[f] && r.anyCount(cells) {
			return 0, nil
		}
		return math.NaN(), nil
	}
	v, ok := parseNumber(s, r.l.mark[f])
	if !ok {
		if isMissing(s) {
			return math.NaN(), nil
		}
		return math.NaN(), r.bad(f, s, "a number")
	}
	if v < 0 {
		return math.NaN(), r.bad(f, s, "a number of 0 or more")
	}
	return v, nil
}

// anyCount reports whether a row has a count at all. Where a file has several
// count columns and never writes a zero, its blank rows are intervals without
// contacts; the blanks of a single column are unknown.
func (r *reader) anyCount(cells []string) bool {
	columns, zeros := 0, 0
	for _, f := range []Field{fOffered, fAnswered, fAbandoned} {
		i, ok := r.l.at[f]
		if !ok {
			continue
		}
		if cell(cells, i) != "" {
			return true
		}
		columns++
		zeros += r.l.columns[i].zeros
	}
	return columns > 1 && zeros == 0
}

// isMissing recognises the ways in which programs write "nothing".
func isMissing(s string) bool {
	switch strings.ToLower(s) {
	case "-", "--", "n/a", "na", "nan", "null", "none", "#n/a", "nvt", "n.v.t.", ".", "(null)", "infinity", "inf", "#div/0!", "#deel/0!", "#value!", "#waarde!", "?", "undefined", "\\n":
		return true
	}
	return false
}

// seconds reads a duration; NaN when empty.
func (r *reader) seconds(cells []string, f Field) (float64, error) {
	s := r.text(cells, f)
	if s == "" || isMissing(s) {
		return math.NaN(), nil
	}
	v, ok := r.duration(s, f)
	if !ok {
		return math.NaN(), r.bad(f, s, "a duration such as 0:03:20 or 200")
	}
	if v < 0 {
		return math.NaN(), r.bad(f, s, "a duration of 0 or more")
	}
	return v, nil
}

func (r *reader) duration(s string, f Field) (float64, bool) {
	if strings.IndexByte(s, ':') >= 0 {
		v, err := tabular.ParseClockSeconds(s)
		if err != nil {
			return 0, false
		}
		if r.l.hhmm[f] && strings.Count(s, ":") == 1 {
			v *= 60
		}
		return v, true
	}
	unit := r.l.unit[f]
	if unit == 0 {
		unit = 1
	}
	mark := r.l.mark[f]
	if mark == 0 {
		mark = '.'
	}
	if v, ok := parseNumber(s, mark); ok {
		v *= unit
		if unit == 86400 {
			v = math.Round(v*1000) / 1000
		}
		return v, true
	}
	return parseUnits(s)
}

// interval reads a row of interval statistics.
func (r *reader) interval(cells []string) error {
	l, iv := r.l, &r.row.Interval
	iv.Queue, iv.Agent = r.text(cells, fQueue), r.text(cells, fAgent)
	iv.Subject = r.text(cells, fSubject)
	r.row.dims = r.dimensions(cells)
	r.series = append(r.series[:0], iv.Queue...)
	r.series = append(r.series, 0)
	r.series = append(r.series, r.text(cells, fChannel)...)
	r.series = append(r.series, 0)
	r.series = append(r.series, iv.Subject...)
	r.series = append(r.series, 0)
	r.series = append(r.series, iv.Agent...)
	w, err := r.when(cells, fStart, fDate, fTime)
	if err != nil {
		return err
	}
	f := fStart
	if _, ok := l.at[fStart]; !ok {
		f = fDate
	}
	if iv.Start, err = r.utc(w, f, string(r.series)+string(rune(r.row.dims)), false); err != nil {
		return err
	}
	r.row.Local = !w.utc
	r.row.topic = iv.Subject
	iv.Channel = r.channel(r.text(cells, fChannel), iv.Queue, &iv.Subject)
	iv.Step = l.step
	if i, ok := l.at[fStep]; ok && r.opt.Step == 0 {
		if sec, ok := r.duration(cell(cells, i), fStep); ok && sec > 0 {
			iv.Step = time.Duration(sec * float64(time.Second))
		}
	}
	for _, c := range []struct {
		f Field
		v *float64
	}{{fOffered, &iv.Offered}, {fAnswered, &iv.Answered}, {fAbandoned, &iv.Abandoned}, {fShort, &iv.Short}, {fWithin, &iv.Within}} {
		if *c.v, err = r.count(cells, c.f); err != nil {
			return err
		}
	}
	r.complete(iv)
	for _, c := range []struct {
		f Field
		v *float64
	}{{fWait, &iv.Wait}, {fTalk, &iv.Talk}, {fHold, &iv.Hold}, {fACW, &iv.ACW}, {fAHT, &iv.AHT}} {
		if *c.v, err = r.seconds(cells, c.f); err != nil {
			return err
		}
		if l.total[c.f] && !math.IsNaN(*c.v) {
			n := iv.Answered
			if math.IsNaN(n) {
				n = iv.Offered
			}
			if n > 0 {
				*c.v /= n
			} else {
				*c.v = math.NaN()
			}
		}
		if math.IsNaN(*c.v) && r.held[c.f] && (iv.Answered == 0 || (iv.Offered == 0 && math.IsNaN(iv.Answered))) {
			*c.v = 0 // programs leave the means of no contacts blank
		}
		if math.IsNaN(*c.v) && l.blankZero[c.f] && l.blankCounts() && iv.Answered > 0 {
			*c.v = 0 // and a program that never writes a zero leaves these blank too
		}
	}
	iv.Target = math.NaN()
	if _, ok := l.at[fTarget]; ok {
		if iv.Target, err = r.seconds(cells, fTarget); err != nil {
			return err
		}
	} else if l.within > 0 {
		iv.Target = l.within
	}
	if _, ok := l.at[fWithin]; !ok {
		if err := r.level(cells, iv); err != nil {
			return err
		}
	}
	for f, v := range map[Field]float64{fOffered: iv.Offered, fAnswered: iv.Answered, fAbandoned: iv.Abandoned, fWithin: iv.Within} {
		if !math.IsNaN(v) {
			r.sums[f] += v
		}
	}
	return nil
}

// complete fills the count that follows from the others: blank abandoned with
// as many answered as offered are none.
func (r *reader) complete(iv *Interval) {
	if math.IsNaN(iv.Abandoned) && r.held[fAbandoned] && iv.Offered == iv.Answered {
		iv.Abandoned = 0
	}
	if math.IsNaN(iv.Offered) && !math.IsNaN(iv.Answered) && !math.IsNaN(iv.Abandoned) {
		iv.Offered = iv.Answered + iv.Abandoned
	}
}

// level turns a service level into the number within target.
func (r *reader) level(cells []string, iv *Interval) error {
	i, ok := r.l.at[fLevel]
	iv.Within = math.NaN()
	if !ok || math.IsNaN(iv.Offered) {
		return nil
	}
	s := cell(cells, i)
	if s == "" || isMissing(strings.TrimSuffix(s, "%")) {
		return nil
	}
	t, pct := strings.CutSuffix(s, "%")
	v, ok := parseNumber(strings.TrimSpace(t), r.l.mark[fLevel])
	if !ok {
		return r.bad(fLevel, s, "a share such as 80%")
	}
	if pct || r.l.columns[i].max > 1.5 {
		v /= 100
	}
	iv.Within = v * iv.Offered
	return nil
}

// dimensions hashes the cells that tell rows apart beside the fields, the same
// way in every process.
func (r *reader) dimensions(cells []string) uint64 {
	if len(r.l.dims) == 0 {
		return 0
	}
	h := newStableHash()
	for _, i := range r.l.dims {
		h.text(cell(cells, i))
	}
	return h.sum()
}

// channel settles the channel of a row.
func (r *reader) channel(own, queue string, subject *string) string {
	if own != "" {
		name, ok := r.names[own]
		if !ok {
			name = contacts.ChannelName(own)
			if len(r.names) < maxDistinct {
				r.names[strings.Clone(own)] = name
			}
		}
		r.row.own = name
	}
	return channelOf(r.opt, r.row.own, queue, subject)
}

// call reads a call record.
func (r *reader) call(cells []string) error {
	c := &r.row.Contact
	*c = contacts.Contact{CSAT: math.NaN(), Effort: math.NaN(), NPS: math.NaN()}
	c.ExternalID = r.text(cells, fID)
	w, err := r.when(cells, fStart, fDate, fTime)
	if err != nil {
		return err
	}
	f := fStart
	if _, ok := r.l.at[fStart]; !ok {
		f = fDate
	}
	if c.Start, err = r.utc(w, f, "", true); err != nil {
		return err
	}
	r.row.Local = true
	if c.Updated, err = r.instant(cells, fUpdated); err != nil {
		return err
	}
	c.Queue, c.Subject, c.Kind = r.text(cells, fQueue), r.text(cells, fSubject), r.text(cells, fKind)
	r.row.topic = c.Subject
	c.Channel = r.channel(r.text(cells, fChannel), c.Queue, &c.Subject)
	c.Direction = contacts.DirectionName(r.text(cells, fDirection))
	c.Segment, c.Cause, c.Department = r.text(cells, fSegment), r.text(cells, fCause), r.text(cells, fDept)
	c.Article, c.Agent, c.Note = r.text(cells, fArticle), r.text(cells, fAgent), r.text(cells, fNote)
	r.row.party, r.row.bsn = r.text(cells, fParty), r.text(cells, fBSN)
	if c.ExternalID == "" {
		r.row.dims = r.dimensions(cells)
	}
	for _, d := range []struct {
		f Field
		v *float64
	}{{fWait, &c.Wait}, {fTalk, &c.Talk}, {fHold, &c.Hold}, {fACW, &c.ACW}, {fAHT, &c.Handle}} {
		if *d.v, err = r.seconds(cells, d.f); err != nil {
			return err
		}
	}
	for _, d := range []struct {
		f Field
		v *float64
	}{{fCSAT, &c.CSAT}, {fEffort, &c.Effort}, {fNPS, &c.NPS}} {
		if *d.v, err = r.count(cells, d.f); err != nil {
			return err
		}
	}
	if c.NPS > 10 {
		return r.bad(fNPS, r.text(cells, fNPS), "a score from 0 to 10")
	}
	c.Moved, c.Resolved, c.InTime = r.flag(cells, fMoved), r.flag(cells, fResolved), r.flag(cells, fWithin)
	r.row.inTime = c.InTime
	if r.row.target, err = r.seconds(cells, fTarget); err != nil {
		return err
	}
	return r.outcome(cells, c)
}

func (r *reader) flag(cells []string, f Field) contacts.Flag {
	yes, ok := parseFlag(r.text(cells, f))
	switch {
	case !ok:
		return contacts.Unknown
	case yes:
		return contacts.Yes
	}
	return contacts.No
}

// outcome settles how a call ended, and the wait that follows from its times.
func (r *reader) outcome(cells []string, c *contacts.Contact) error {
	answeredAt, err := r.instant(cells, fAnswerAt)
	if err != nil {
		return err
	}
	end, err := r.instant(cells, fEnd)
	if err != nil {
		end = time.Time{} // an end without date says nothing
	}
	if math.IsNaN(c.Wait) && !answeredAt.IsZero() && !answeredAt.Before(c.Start) {
		c.Wait = answeredAt.Sub(c.Start).Seconds()
		r.held[fWait] = true
	}
	if s := r.text(cells, fOutcome); s != "" && !isMissing(s) {
		c.Outcome = contacts.OutcomeName(s)
		return nil
	}
	answered := r.flag(cells, fAnswered)
	if a := r.flag(cells, fAbandoned); a != contacts.Unknown && answered == contacts.Unknown {
		answered = contacts.Yes
		if a == contacts.Yes {
			answered = contacts.No
		}
	}
	switch {
	case answered == contacts.Yes:
		c.Outcome = contacts.Answered
	case answered == contacts.No:
		c.Outcome = contacts.Abandoned
	case !answeredAt.IsZero(), c.Talk > 0, c.Handle > 0 && !r.held[fTalk]:
		c.Outcome = contacts.Answered
	case r.held[fTalk] || r.held[fAnswerAt], r.held[fAHT]:
		c.Outcome = contacts.Abandoned
	default:
		return nil // the file does not say
	}
	if c.Moved == contacts.Yes && c.Outcome == contacts.Answered {
		c.Outcome = contacts.Transferred
	}
	r.held[fOutcome] = true
	if math.IsNaN(c.Wait) && c.Outcome == contacts.Abandoned && !end.IsZero() && r.held[fAnswerAt] {
		c.Wait = end.Sub(c.Start).Seconds()
	}
	if math.IsNaN(c.Talk) && math.IsNaN(c.Handle) && c.Outcome == contacts.Answered && !end.IsZero() && !answeredAt.IsZero() && end.After(answeredAt) {
		c.Talk = end.Sub(answeredAt).Seconds()
		r.held[fTalk] = true
	}
	return nil
}

// state reads what an agent did.
func (r *reader) state(cells []string) error {
	s := &r.row.State
	s.Agent, s.State = r.text(cells, fAgent), r.text(cells, fState)
	if s.Agent == "" {
		return r.bad(fAgent, "", "an agent")
	}
	if s.State == "" {
		return r.bad(fState, "", "a state")
	}
	w, err := r.when(cells, fStart, fDate, fTime)
	if err != nil {
		return err
	}
	if s.Start, err = r.utc(w, fStart, s.Agent, true); err != nil {
		return err
	}
	if i, ok := r.l.at[fEnd]; ok {
		v := cell(cells, i)
		e, ok := r.moment(v, fEnd)
		switch {
		case v == "" || isMissing(v):
		case !ok:
			return r.bad(fEnd, v, r.wantTime(fEnd))
		case e.hasDate:
			if s.End, err = r.utc(e, fEnd, s.Agent, true); err != nil {
				return err
			}
		default:
			// A clock time: on the day of the start, or after midnight.
			e.wall += floorDiv(w.wall, 86400) * 86400
			if e.wall < w.wall {
				e.wall += 86400
			}
			if s.End, err = r.utc(e, fEnd, s.Agent, true); err != nil {
				return err
			}
		}
	} else if d, err := r.seconds(cells, fAHT); err != nil {
		return err
	} else if !math.IsNaN(d) {
		s.End = s.Start.Add(time.Duration(d * float64(time.Second)))
	}
	if !s.End.IsZero() && s.End.Before(s.Start) {
		return r.bad(fEnd, r.text(cells, fEnd), "an end after the start")
	}
	return nil
}

// ticket reads a case.
func (r *reader) ticket(cells []string) error {
	t := &r.row.Ticket
	t.ID = r.text(cells, fID)
	if t.ID == "" {
		return r.bad(fID, "", "an id")
	}
	t.Kind, t.Subject, t.Status = r.text(cells, fKind), r.text(cells, fSubject), r.text(cells, fStatus)
	t.Priority, t.Agent, t.HandedOffTo = r.text(cells, fPriority), r.text(cells, fAgent), r.text(cells, fHandedTo)
	if ch := r.text(cells, fChannel); ch != "" {
		t.Channel = contacts.ChannelName(ch)
	}
	r.row.party, r.row.bsn = r.text(cells, fParty), r.text(cells, fBSN)
	var err error
	if t.Received, err = r.instant(cells, fReceived); err != nil {
		return err
	}
	if t.Received.IsZero() {
		return r.bad(fReceived, "", r.wantTime(fReceived))
	}
	r.row.Local = true
	for _, d := range []struct {
		f Field
		v *time.Time
	}{{fUpdated, &t.Updated}, {fHandedAt, &t.HandedOff}, {fClosed, &t.Closed}, {fDue, &t.DueAt}} {
		if *d.v, err = r.instant(cells, d.f); err != nil {
			return err
		}
	}
	if !t.DueAt.IsZero() {
		w, _ := r.moment(r.text(cells, fDue), fDue)
		if w.clock && w.wall%86400 != 0 {
			t.Due = t.DueAt.In(r.opt.zone()).Format(time.RFC3339)
		} else {
			t.Due = calendar.Date(floorDiv(w.wall, 86400)).String()
		}
	}
	return nil
}

// ticketPart reads a row of the tables around tickets.
func (r *reader) ticketPart(cells []string) error {
	row := &r.row
	var err error
	switch r.l.Kind {
	case TicketEvents:
		row.Event = TicketEvent{Ticket: r.text(cells, fTicket), Field: r.text(cells, fFieldName), Value: r.text(cells, fValue)}
		if row.Event.At, err = r.instant(cells, fStart); err == nil && row.Event.At.IsZero() {
			err = r.bad(fStart, "", "a time")
		}
	case ScheduleLinks:
		row.Link = ScheduleLink{Ticket: r.text(cells, fTicket), Schedule: r.text(cells, fSchedule)}
		if row.Link.At, err = r.instant(cells, fStart); err == nil && row.Link.At.IsZero() {
			err = r.bad(fStart, "", "a time")
		}
	case Schedules:
		p := &row.Period
		*p = SchedulePeriod{Schedule: r.text(cells, fSchedule), Name: r.text(cells, fNote), Zone: ZoneName(r.text(cells, fZone))}
		if _, err := time.LoadLocation(p.Zone); err != nil || p.Zone == "" {
			return r.bad(fZone, r.text(cells, fZone), "a time zone")
		}
		for _, m := range []struct {
			f Field
			v *int
		}{{fFromMin, &p.From}, {fToMin, &p.To}} {
			v, ok := parseNumber(r.text(cells, m.f), '.')
			if !ok || v < 0 || v > 8*24*60 {
				return r.bad(m.f, r.text(cells, m.f), "a minute of the week")
			}
			*m.v = int(v)
		}
		if p.To <= p.From {
			return r.bad(fToMin, r.text(cells, fToMin), "an end after the start")
		}
	case Holidays:
		h := &row.Holiday
		h.Schedule, h.Name = r.text(cells, fSchedule), r.text(cells, fNote)
		for _, d := range []struct {
			f Field
			v *calendar.Date
		}{{fDate, &h.First}, {fEndDate, &h.Last}} {
			w, ok := r.moment(r.text(cells, d.f), d.f)
			if !ok || !w.hasDate {
				return r.bad(d.f, r.text(cells, d.f), r.wantDate(d.f))
			}
			*d.v = calendar.Date(floorDiv(w.wall, 86400))
		}
		if h.Last < h.First {
			return r.bad(fEndDate, r.text(cells, fEndDate), "an end on or after the start")
		}
	}
	return err
}

// stableHash is FNV-1a over texts with a separator; equal in every process.
type stableHash uint64

func newStableHash() stableHash { return 14695981039346656037 }

func (h *stableHash) text(s string) {
	v := uint64(*h)
	for i := 0; i < len(s); i++ {
		v = (v ^ uint64(s[i])) * 1099511628211
	}
	*h = stableHash((v ^ 0xff) * 1099511628211)
}

func (h *stableHash) num(n uint64) {
	v := uint64(*h)
	for i := 0; i < 8; i++ {
		v = (v ^ (n & 0xff)) * 1099511628211
		n >>= 8
	}
	*h = stableHash(v)
}

func (h *stableHash) float(f float64) { h.num(math.Float64bits(f)) }

// sum mixes the bits once more, as FNV is weak in its high ones.
func (h *stableHash) sum() uint64 {
	v := uint64(*h)
	v ^= v >> 33
	v *= 0xff51afd7ed558ccd
	v ^= v >> 33
	v *= 0xc4ceb9fe1a85ec53
	return v ^ v>>33
}
