package importer

import (
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"time"
)

// layout is everything that was detected about a table: enough to read its rows
// one by one.
type layout struct {
	file    string
	dialect dialect
	Kind    Kind

	titleDay   string // the one date above the header
	titleQueue string // the one queue above the header
	headerLine int
	header     []string
	columns    []*column
	at         map[Field]int // column of a field
	constant   map[Field]string
	known      map[string]bool // header cells that mean a repeated header

	order     map[Field]dateOrder
	unit      map[Field]float64 // seconds per unit of plain numbers
	total     map[Field]bool    // a duration summed over the contacts of the interval
	mark      map[Field]byte
	blankZero map[Field]bool // counts and elapsed times whose zeros are blank
	hhmm      map[Field]bool

	fileZone   *time.Location // of local times in the file
	step       time.Duration
	within     float64 // seconds of the target in a header
	descending bool
	totalWords bool // the queue column has rows "Total" beside real queues
	rows       int
	maybe      map[uint64]struct{} // hashes that may occur twice
	idColumn   int
	dims       []int // columns without a field that tell intervals, or calls without id, apart
	supplement bool  // repaired rejects
}

// headerWithin is among how many rows the header is looked for.
const headerWithin = 20

// sampleRows is how many rows are kept to find the header among.
const sampleRows = headerWithin + 3

// twoRowGain is how much better two rows together must be than each alone to be
// one header.
const twoRowGain = 0.6

// detect makes the first pass over a table.
func detect(f *File, d dialect, opt *Options) (*layout, error) {
	if d.Kind == "json" && d.header == nil {
		h, err := f.jsonHeader()
		if err != nil {
			return nil, err
		}
		d.header = h
	}
	t, err := f.table(d, opt)
	if err != nil {
		return nil, err
	}
	defer t.Close()
	l := &layout{
		file: f.Name, dialect: d, at: map[Field]int{}, constant: map[Field]string{}, order: map[Field]dateOrder{},
		unit: map[Field]float64{}, total: map[Field]bool{}, mark: map[Field]byte{}, blankZero: map[Field]bool{}, hhmm: map[Field]bool{}, idColumn: -1,
	}
	if d.Sheet != "" {
		l.file += " (" + d.Sheet + ")"
	}
	head, lines, err := firstRows(t, sampleRows)
	if err != nil {
		return nil, err
	}
	skip, err := l.findHeader(head, lines, opt)
	if err != nil {
		return nil, err
	}
	scan := newScan(l, f.Size)
	for i := skip; i < len(head); i++ {
		scan.row(head[i])
	}
	for {
		row, err := t.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		scan.row(row)
	}
	if c, ok := t.(*closing); ok {
		l.dialect.Encoding, l.dialect.Delimiter = c.Encoding(), c.Delimiter()
	}
	scan.finish()
	return l, l.settle(opt)
}

// firstRows copies the first n rows that are not blank.
func firstRows(t table, n int) (rows [][]string, lines []int, err error) {
	for len(rows) < n {
		row, err := t.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, nil, err
		}
		if !isBlank(row) {
			rows = append(rows, slices.Clone(row))
			lines = append(lines, t.Line())
		}
	}
	return rows, lines, nil
}

func isBlank(row []string) bool {
	for _, s := range row {
		if trimmed(s) != "" {
			return false
		}
	}
	return true
}

// findHeader picks the header by its score of synonyms and returns the index of
// the first data row.
func (l *layout) findHeader(head [][]string, lines []int, opt *Options) (int, error) {
	if opt.NoHeader != nil {
		l.header = opt.NoHeader
		l.makeColumns()
		return 0, nil
	}
	best, bestScore, two := -1, 0.0, false
	for i := 0; i < len(head) && i < headerWithin; i++ {
		s := headerScore(head[i], l.dialect.paths, opt)
		if i+1 < len(head) {
			// A header over two rows: "Avg Speed" above "Ans".
			if s2 := headerScore(joinRows(head[i], head[i+1]), l.dialect.paths, opt); s2 >= s+twoRowGain && s2 >= bestScore+twoRowGain && headerScore(head[i+1], l.dialect.paths, opt)+twoRowGain <= s2 {
				best, bestScore, two = i, s2, true
				continue
			}
		}
		if s > bestScore {
			best, bestScore, two = i, s, false
		}
	}
	if best < 0 {
		for i := 0; i < len(head) && i < headerWithin; i++ {
			if texts(head[i]) >= 2 {
				best = i
				break
			}
		}
	}
	if best < 0 {
		return 0, &UnknownError{File: l.file, Why: "no header row was found in the first 20 rows"}
	}
	row := head[best]
	next := best + 1
	if two {
		row = joinRows(head[best], head[best+1])
		next++
	}
	l.titleDay, l.titleQueue = titleDay(head[:best]), titleQueue(head[:best])
	l.headerLine = lines[best]
	for _, h := range row {
		l.header = append(l.header, strings.TrimSpace(h))
	}
	for n := len(l.header); n > 0 && l.header[n-1] == ""; n-- {
		l.header = l.header[:n-1]
	}
	l.makeColumns()
	return next, nil
}

func joinRows(a, b []string) []string {
	out := make([]string, max(len(a), len(b)))
	for i := range out {
		var p []string
		for _, r := range [][]string{a, b} {
			if i < len(r) && strings.TrimSpace(r[i]) != "" {
				p = append(p, strings.TrimSpace(r[i]))
			}
		}
		out[i] = strings.Join(p, " ")
	}
	return out
}

// headerScore counts the different fields a row names; numbers speak against it.
func headerScore(row []string, paths bool, opt *Options) float64 {
	fields := map[Field]bool{}
	score := 0.0
	for _, cell := range row {
		cell = strings.TrimSpace(cell)
		if cell == "" {
			continue
		}
		for _, col := range opt.Map {
			if strings.EqualFold(col, cell) {
				score++
			}
		}
		if len(cell) > 64 || formOf(cell) != notNumber {
			score -= 0.5
			continue
		}
		if st, ok := scanStamp(cell); ok && (st.hasDate || st.hasTime) {
			score--
			continue
		}
		cands, _ := candidatesOf(cell, paths)
		for _, c := range cands {
			if !fields[c.field] {
				fields[c.field] = true
				if c.rank < coreRank {
					score++
				} else {
					score += 0.7
				}
				break
			}
		}
	}
	return score
}

// texts counts the cells that are neither empty nor a number.
func texts(row []string) int {
	n := 0
	for _, c := range row {
		c = strings.TrimSpace(c)
		if c == "" {
			continue
		}
		if formOf(c) != notNumber {
			return 0
		}
		n++
	}
	return n
}

func (l *layout) makeColumns() {
	l.known = map[string]bool{}
	for i, h := range l.header {
		c := newColumn(h, l.dialect.paths)
		l.columns = append(l.columns, c)
		l.known[strings.ToLower(h)] = true
		if h == rejectColumn {
			l.supplement = true
		}
		for _, k := range c.cands {
			if k.field == fID && (l.idColumn < 0 || k.rank < l.idRank()) {
				l.idColumn = i
			}
		}
	}
}

func (l *layout) idRank() int {
	for _, k := range l.columns[l.idColumn].cands {
		if k.field == fID {
			return k.rank
		}
	}
	return math.MaxInt
}

// isHeader reports whether a row repeats the header.
func (l *layout) isHeader(row []string) bool {
	same := 0
	for i, h := range l.header {
		if i < len(row) && h != "" {
			if !strings.EqualFold(trimmed(row[i]), h) {
				return false
			}
			same++
		}
	}
	return same > 1
}

// settle decides on kind, columns, marks and units from what the pass saw.
func (l *layout) settle(opt *Options) error {
	if err := l.assign(opt); err != nil {
		return err
	}
	if _, named := l.at[fQueue]; !named && l.constant[fQueue] == "" && (l.Kind == Intervals || l.Kind == Calls) && l.titleQueue != "" {
		l.constant[fQueue] = l.titleQueue
	}
	var fileVote [2]int
	for _, c := range l.columns {
		fileVote[0] += c.forms[decimalDot] + c.forms[thousandComma]
		fileVote[1] += c.forms[decimalComma] + c.forms[thousandDot]
	}
	for f, i := range l.at {
		c := l.columns[i]
		switch synonyms().typ[f] {
		case durationField, countField, ratioField, flagField:
			l.mark[f] = decideMark(c, fileVote, synonyms().typ[f], opt.Decimal)
			l.unit[f] = decideUnit(c, l.Kind)
			l.total[f] = c.info.agg == 't' && l.Kind == Intervals
			l.blankZero[f] = c.empty > 0 && c.zeros+c.clockZeros == 0 && (synonyms().typ[f] == countField || f == fHold || f == fACW)
			l.hhmm[f] = c.info.hhmm
			if f == fWithin && c.info.within > 0 || f == fLevel && c.info.within > 0 {
				l.within = c.info.within
			}
		case timeField:
			o, ambiguous := c.order()
			if opt.DateOrder != "" {
				o = map[string]dateOrder{"dmy": orderDMY, "mdy": orderMDY, "ymd": orderYMD}[opt.DateOrder]
				ambiguous = false
			}
			if ambiguous && opt.DateFirst {
				o, ambiguous = orderMDY, false
			}
			if ambiguous {
				l.order[f] = orderUnknown
				continue
			}
			l.order[f] = o
		}
	}
	if err := l.settleTitleDay(opt); err != nil {
		return err
	}
	l.shareUnit()
	if err := l.shareOrder(); err != nil {
		return err
	}
	l.fileZone = opt.zone()
	if opt.FileZone != "" {
		z, err := time.LoadLocation(opt.FileZone)
		if err != nil {
			return err
		}
		l.fileZone = z
	}
	if opt.FileZone == "" && l.zendesk() {
		l.fileZone = time.UTC
	}
	for _, f := range []Field{fStart, fTime, fReceived} {
		if i, ok := l.at[f]; ok && l.columns[i].info.utc {
			l.fileZone = time.UTC
		}
	}
	if l.Kind == Intervals {
		if i, ok := l.at[fQueue]; ok {
			l.totalWords = hasTotals(l.columns[i])
		}
		for i, c := range l.columns {
			if l.isDimension(i, c) {
				l.dims = append(l.dims, i)
			}
		}
	}
	if l.Kind == Calls { // what is not kept of a call without id still tells it from others
		for i, c := range l.columns {
			if !l.isMapped(i) && !strings.HasPrefix(c.header, "kcc_") {
				l.dims = append(l.dims, i)
			}
		}
	}
	return nil
}

// zendesk reports whether a table comes from Zendesk, whose times are UTC.
func (l *layout) zendesk() bool {
	if l.Kind == TicketEvents || l.Kind == ScheduleLinks {
		return true
	}
	return l.Kind == Tickets && slices.ContainsFunc(l.columns, func(c *column) bool { return c.info.key == "viachannel" })
}

// shareUnit applies milliseconds found in one duration column to the others that
// say nothing: one program wrote them all.
func (l *layout) shareUnit() {
	ms := false
	for f, u := range l.unit {
		ms = ms || (u == 0.001 && synonyms().typ[f] == durationField)
	}
	if !ms {
		return
	}
	for f, u := range l.unit {
		c := l.columns[l.at[f]]
		if u == 1 && synonyms().typ[f] == durationField && c.info.unit == 0 && c.clock2+c.clock3 == 0 && (c.median() >= msEach || c.max == 0) {
			l.unit[f] = 0.001
		}
	}
}

// shareOrder lets columns of one file settle each other's order of day and
// month, as one program wrote them all.
func (l *layout) shareOrder() error {
	known := orderUnknown
	for f, o := range l.order {
		c := l.columns[l.at[f]]
		if o != orderUnknown && (c.aOver12 > 0 || c.bOver12 > 0) {
			known = o
		}
	}
	for _, spec := range fieldSpecs() { // in a fixed order
		f := spec.field
		o, ok := l.order[f]
		if !ok || o != orderUnknown {
			continue
		}
		if known == orderUnknown {
			c := l.columns[l.at[f]]
			return &AmbiguousError{l.file, c.header, c.example}
		}
		l.order[f] = known
	}
	return nil
}

// isDimension reports whether a column without a field tells rows apart: short
// texts that are neither numbers nor flags.
func (l *layout) isDimension(i int, c *column) bool {
	if c.cands != nil || c.n == 0 || c.header == "" || strings.HasPrefix(c.header, "kcc_") {
		return false
	}
	if l.isMapped(i) {
		return false
	}
	return c.flags*2 < c.n && c.numeric*2 < c.n && c.long == 0 && c.info.key != "weekday" && c.info.key != "weekdag"
}

// isMapped reports whether a column holds a field.
func (l *layout) isMapped(i int) bool {
	for _, at := range l.at {
		if at == i {
			return true
		}
	}
	return false
}

// blankCounts reports whether the file leaves counts of zero blank.
func (l *layout) blankCounts() bool {
	for _, f := range []Field{fOffered, fAnswered, fAbandoned, fMoved} {
		if l.blankZero[f] {
			return true
		}
	}
	return false
}

// fewFooters is how many thousands in a column of counts outweigh a cell with
// decimals.
const fewFooters = 10

// decideMark settles the decimal mark of a column by its own cells, then by the
// rest of the file, then by what the column is.
func decideMark(c *column, file [2]int, typ fieldType, forced string) byte {
	if forced != "" {
		return forced[0]
	}
	if typ == countField {
		// Contacts are whole: 1.361 again and again is a thousand, whatever the mean
		// in a footer looks like.
		switch {
		case c.forms[eitherDot] > fewFooters*c.forms[decimalDot] && c.forms[thousandComma] == 0:
			return ','
		case c.forms[eitherComma] > fewFooters*c.forms[decimalComma] && c.forms[thousandDot] == 0:
			return '.'
		}
	}
	dot, comma := c.forms[decimalDot]+c.forms[thousandComma], c.forms[decimalComma]+c.forms[thousandDot]
	if dot == 0 && comma == 0 {
		dot, comma = file[0], file[1]
	}
	switch {
	case dot > comma:
		return '.'
	case comma > dot:
		return ','
	case typ == countField: // 1.234 calls are a thousand
		if c.forms[eitherDot] > 0 {
			return ','
		}
	case c.forms[eitherComma] > c.forms[eitherDot]:
		return ','
	}
	return '.'
}

// Above these a plain number cannot be the seconds of one contact.
const (
	msMedian = 20_000 // 5.5 hours
	msEach   = 1_000  // beside a column of milliseconds
)

// decideUnit settles what plain numbers of a duration column count.
func decideUnit(c *column, kind Kind) float64 {
	numbers := 0
	for f := wholeForm; f <= eitherComma; f++ {
		numbers += c.forms[f]
	}
	positive := numbers - c.zeros
	switch {
	case c.info.unit > 0:
		if c.info.unit == 1 && c.fraction == positive && positive > 0 && c.dayFrac*10 >= positive*9 && c.max < 1 {
			return 86400
		}
		return c.info.unit
	case positive > 0 && c.max < 2 && c.dayFrac*10 >= positive*9:
		return 86400
	case c.info.agg != 't' && positive > 0 && c.clock2+c.clock3 == 0 && c.median() >= msMedian && kind != Tickets && kind != States:
		return 0.001
	}
	return 1
}

// totalWord reports whether a cell names a total rather than a queue or a day.
func totalWord(s string) bool {
	const first = "tsgeaordwm" // letters
	if s = trimmed(s); s == "" || isLetter(s[0]) && strings.IndexByte(first, s[0]|0x20) < 0 {
		return false // most cells
	}
	s = strings.Trim(s, ":*-= ")
	if s == "" || strings.IndexByte(first, s[0]|0x20) < 0 {
		return false
	}
	s = strings.ToLower(s)
	switch s {
	case "total", "totals", "totaal", "totalen", "summary", "grand total", "eindtotaal", "subtotal", "subtotaal", "sum", "som",
		"average", "gemiddelde", "gemiddeld", "avg", "all", "alle", "all queues", "alle wachtrijen", "overall", "samenvatting", "gem.", "report total", "dagtotaal", "weektotaal", "maandtotaal":
		return true
	}
	for _, p := range []string{"total ", "totaal ", "totals ", "total:", "totaal:", "grand total", "subtotal", "subtotaal", "summary ", "eindtotaal", "gemiddelde ", "average "} {
		if strings.HasPrefix(s, p) {
			return true
		}
	}
	return false
}

// meanWord reports whether a total is a mean, which says nothing of the sum.
func meanWord(s string) bool {
	s = strings.ToLower(strings.TrimSpace(s))
	return strings.HasPrefix(s, "gem") || strings.HasPrefix(s, "av")
}

// hasTotals reports whether a queue column holds totals beside several queues.
func hasTotals(c *column) bool {
	total, real := false, 0
	for _, s := range c.distinct.list {
		if totalWord(s) {
			total = true
		} else {
			real++
		}
	}
	return total && real > 0
}

// describe tells in words what was found, for --dry-run.
func (l *layout) describe() []string {
	var out []string
	for _, spec := range fieldSpecs() {
		if i, ok := l.at[spec.field]; ok {
			s := fmt.Sprintf("%s = column %q", spec.field, l.columns[i].header)
			switch {
			case spec.typ == timeField && l.order[spec.field] != orderUnknown && l.columns[i].dated > l.columns[i].yFirst:
				s += ", " + l.order[spec.field].String()
			case spec.typ == durationField && l.total[spec.field]:
				s += ", total over the interval"
			}
			if spec.typ == durationField && l.columns[i].numbers() > 0 {
				switch l.unit[spec.field] {
				case 86400:
					s += ", fractions of a day"
				case 0.001:
					s += ", milliseconds"
				case 60:
					s += ", minutes"
				case 3600:
					s += ", hours"
				}
			}
			if l.mark[spec.field] == ',' {
				s += ", decimal comma"
			}
			out = append(out, s)
		}
	}
	for f, v := range l.constant {
		out = append(out, fmt.Sprintf("%s = %q", f, v))
	}
	return out
}
