package importer

import (
	"cmp"
	"math"
	"strings"

	"kcc/contacts"
)

// volKey is one interval of the roll-up. Texts are numbers of rollups.words.
type volKey struct {
	start       int64
	queue, step int32
	subject     uint32
}

// volSum are the figures of one interval, in the order of volColumns.
type volSum struct {
	day     int64
	figures [volFigures]float64
}

// The figures of an interval.
const (
	volRows = iota
	volOffered
	volAnswered
	volAbandoned
	volShort
	volWithin
	volWithinN
	volOfferedN
	volWaitSum
	volWaitN
	volTalkSum
	volTalkN
	volHoldSum
	volACWSum
	volHandleSum
	volHandleN
	volFigures
)

// volColumns names the figures; those of volWhole are whole numbers.
var (
	volColumns = [volFigures]string{
		"rows", "offered", "answered", "abandoned", "short_abandoned", "within_target", "within_n", "offered_n", "wait_sum", "wait_n",
		"talk_sum", "talk_n", "hold_sum", "acw_sum", "handle_sum", "handle_n",
	}
	volWhole = [volFigures]bool{volRows: true, volOfferedN: true}
)

// dayKey is one cell of the daily roll-up, its texts as numbers.
type dayKey struct {
	day, queue int32
	dims       [6]uint32 // direction, subject, kind, segment, cause, department
}

func (k volKey) hash() uint64 {
	return mixed(mixed(uint64(k.start), uint64(k.queue)<<32|uint64(uint32(k.step))), uint64(k.subject))
}

func (k dayKey) hash() uint64 {
	h := mixed(uint64(k.day), uint64(k.queue))
	for i := 0; i < len(k.dims); i += 2 {
		h = mixed(h, uint64(k.dims[i])<<32|uint64(k.dims[i+1]))
	}
	return h
}

type coverKey struct {
	day   int64
	queue int64
}

func (k coverKey) hash() uint64 { return mixed(uint64(k.day), uint64(k.queue)) }

// rollups collects what a file adds to (or takes from) the roll-ups. Past limit
// it is written out, so that memory stays flat.
type rollups struct {
	limit int
	vol   cells[volKey, volSum]
	day   cells[dayKey, contacts.DaySums]
	cover cells[coverKey, int64]
	words wordlist // used as keys; "" is 0
}

// Most cells held: by statements, which are dear, and by a loader, which sorts them
// and is faster with cells that stay in the cache of the processor.
const (
	maxCells  = 40_000
	loadCells = 8_000
)

func newRollups() *rollups {
	r := &rollups{limit: maxCells}
	r.words.number("")
	return r
}

func (r *rollups) full() bool { return len(r.vol.keys)+len(r.day.keys) >= r.limit }

// word returns the number of a text.
func (r *rollups) word(s string) uint32 {
	if s == "" {
		return 0
	}
	return uint32(r.words.number(s))
}

// contact adds a contact, or takes it away with sign -1.
func (r *rollups) contact(c *contacts.Contact, queue int64, day int64, sign float64) {
	covered := coverKey{day, queue}
	rows, _ := r.cover.at(covered, covered.hash())
	*rows += int64(sign)
	dk := dayKey{int32(day), int32(queue), [6]uint32{
		r.word(c.Direction), r.word(c.Subject), r.word(c.Kind), r.word(c.Segment), r.word(c.Cause), r.word(c.Department),
	}}
	r.cellOf(dk).Add(c, sign)
	if c.Direction == contacts.Outbound {
		return
	}
	at := c.Start.Unix()
	v := &r.cell(volKey{at - floorMod(at, 900), int32(queue), 900, dk.dims[1]}, day).figures
	v[volRows] += sign
	v[volOffered] += sign
	v[volOfferedN] += sign
	switch c.Outcome {
	case contacts.Abandoned:
		v[volAbandoned] += sign
	case contacts.ShortAbandon:
		v[volShort] += sign
	}
	if c.InTime != contacts.Unknown {
		v[volWithinN] += sign
	}
	if !c.IsAnswered() {
		return
	}
	v[volAnswered] += sign
	if c.InTime == contacts.Yes {
		v[volWithin] += sign
	}
	for _, f := range [...]struct {
		value      float64
		sum, count int
	}{{c.Wait, volWaitSum, volWaitN}, {c.Talk, volTalkSum, volTalkN}, {c.Hold, volHoldSum, -1}, {c.ACW, volACWSum, -1}, {c.HandleTime(), volHandleSum, volHandleN}} {
		if !math.IsNaN(f.value) {
			v[f.sum] += sign * f.value
			if f.count >= 0 {
				v[f.count] += sign
			}
		}
	}
}

// cellOf returns a cell of the daily roll-up, to be used at once.
func (r *rollups) cellOf(k dayKey) *contacts.DaySums {
	d, _ := r.day.at(k, k.hash())
	return d
}

// cell returns a cell of the roll-up by intervals, to be used at once.
func (r *rollups) cell(k volKey, day int64) *volSum {
	v, isNew := r.vol.at(k, k.hash())
	if isNew {
		v.day = day
	}
	return v
}

// interval adds a row of interval statistics, or takes it away with sign -1.
func (r *rollups) interval(iv *Interval, queue, day int64, sign float64) {
	covered := coverKey{day, queue}
	rows, _ := r.cover.at(covered, covered.hash())
	*rows += int64(sign)
	v := &r.cell(volKey{iv.Start.Unix(), int32(queue), int32(iv.Step.Seconds()), r.word(iv.Subject)}, day).figures
	v[volRows] += sign
	offered := iv.Offered
	if math.IsNaN(offered) {
		offered = iv.Answered
	}
	count := func(x float64, sum int) bool {
		if math.IsNaN(x) {
			return false
		}
		v[sum] += sign * x
		return true
	}
	if count(offered, volOffered) {
		v[volOfferedN] += sign
	}
	count(iv.Answered, volAnswered)
	count(iv.Abandoned, volAbandoned)
	count(iv.Short, volShort)
	if count(iv.Within, volWithin) {
		count(offered, volWithinN)
	}
	weight := iv.weight()
	mean := func(x float64, sum, n int) {
		if count(x*weight, sum) && n >= 0 {
			v[n] += sign * weight
		}
	}
	mean(iv.Wait, volWaitSum, volWaitN)
	mean(iv.Talk, volTalkSum, volTalkN)
	mean(iv.Hold, volHoldSum, -1)
	mean(iv.ACW, volACWSum, -1)
	mean(iv.HandleTime(), volHandleSum, volHandleN)
}

// weight returns what the means of a row are over: its answered contacts, else
// the offered ones.
func (iv *Interval) weight() float64 {
	if !math.IsNaN(iv.Answered) {
		return iv.Answered
	}
	if math.IsNaN(iv.Offered) {
		return 0
	}
	return iv.Offered
}

// upserts adds cells to a roll-up, many in one statement. Figures that no cell
// has are left out.
type upserts struct {
	w       *writer
	into    string // table and key columns
	columns []string
	used    []bool
	full    *direct
	vals    []any
	rows    int
	width   int
}

func (u *upserts) sql(rows int) string {
	names, sets := "", ""
	for i, c := range u.columns {
		if u.used[i] {
			names += ", " + c
			if sets != "" {
				sets += ", "
			}
			sets += c + " = " + c + " + excluded." + c
		}
	}
	return "INSERT OR ROLLBACK INTO " + u.into + names + ") VALUES " + marks(rows, u.width) + " ON CONFLICT DO UPDATE SET " + sets
}

// use tells which figures the cells to come have.
func (u *upserts) use(figures []float64) {
	for i, f := range figures {
		if f != 0 {
			u.used[i] = true
		}
	}
}

// add queues a cell by its key and figures; whole ones are counts.
func (u *upserts) add(figures []float64, isWhole func(i int) bool, key ...any) error {
	n := len(u.vals)
	u.vals = append(u.vals, key...)
	for i, f := range figures {
		switch {
		case !u.used[i]:
		case isWhole(i):
			u.vals = append(u.vals, whole(int64(f)))
		default:
			u.vals = append(u.vals, nullFloat(f))
		}
	}
	u.width = len(u.vals) - n
	if u.rows++; u.rows < batchRows {
		return nil
	}
	if u.full == nil {
		var err error
		if u.full, err = prepareDirect(u.w.ctx, u.w.conn, u.sql(batchRows)); err != nil {
			return err
		}
	}
	return u.run(u.full)
}

func (u *upserts) run(d *direct) error {
	for _, v := range u.vals {
		d.put(v)
	}
	u.vals, u.rows = u.vals[:0], 0
	_, err := d.run()
	return err
}

func (u *upserts) done() error {
	defer u.full.close()
	if u.rows == 0 {
		return nil
	}
	d, err := prepareDirect(u.w.ctx, u.w.conn, u.sql(u.rows))
	if err != nil {
		return err
	}
	defer d.close()
	return u.run(d)
}

// flush adds everything collected to the tables, each in the order of its key.
func (r *rollups) flush(w *writer) error {
	shrunk := false
	vol := &upserts{w: w, into: "volume_interval (start, queue_id, subject, source_id, day, step_s", columns: volColumns[:], used: make([]bool, volFigures)}
	for i := range r.vol.vals {
		vol.use(r.vol.vals[i].figures[:])
	}
	vol.used[volRows] = true
	words := r.words.list
	for _, i := range r.vol.sorted(func(a, b volKey) int {
		return cmp.Or(cmp.Compare(a.start, b.start), cmp.Compare(a.queue, b.queue), strings.Compare(words[a.subject], words[b.subject]), cmp.Compare(a.step, b.step))
	}) {
		k, v := r.vol.keys[i], &r.vol.vals[i]
		shrunk = shrunk || v.figures[volRows] <= 0
		if err := vol.add(v.figures[:], func(i int) bool { return volWhole[i] }, k.start, whole(int64(k.queue)), words[k.subject], w.source, whole(v.day), whole(int64(k.step))); err != nil {
			return err
		}
	}
	if err := vol.done(); err != nil {
		return err
	}
	names, counts := contacts.DayColumns()
	days := &upserts{w: w, into: "volume_day (day, queue_id, direction, subject, kind, segment, cause, department, source_id", columns: names, used: make([]bool, len(names))}
	for i := range r.day.vals {
		days.use(r.day.vals[i][:])
	}
	days.used[contacts.DayContacts] = true
	for _, i := range r.day.sorted(r.compareDays) {
		k, d := r.day.keys[i], &r.day.vals[i]
		shrunk = shrunk || d[contacts.DayContacts] <= 0
		if err := days.add(d[:], func(i int) bool { return counts[i] }, whole(int64(k.day)), whole(int64(k.queue)), words[k.dims[0]], words[k.dims[1]], words[k.dims[2]],
			words[k.dims[3]], words[k.dims[4]], words[k.dims[5]], w.source); err != nil {
			return err
		}
	}
	if err := days.done(); err != nil {
		return err
	}
	if err := r.flushCover(w); err != nil {
		return err
	}
	if shrunk {
		for _, q := range []string{
			"DELETE FROM volume_interval WHERE rows <= 0", "DELETE FROM volume_day WHERE contacts <= 0", "DELETE FROM coverage WHERE rows <= 0",
		} {
			if _, err := w.tx.ExecContext(w.ctx, q); err != nil {
				return err
			}
		}
	}
	r.resetCells()
	return nil
}

// resetCells empties the cells and keeps their memory.
func (r *rollups) resetCells() {
	r.day.reset()
	r.vol.reset()
}

// flushCover adds to the table which days are covered.
func (r *rollups) flushCover(w *writer) error {
	cover := &upserts{w: w, into: "coverage (channel, day, source_id, queue_id", columns: []string{"rows"}, used: []bool{true}}
	for _, i := range r.cover.sorted(func(a, b coverKey) int {
		return cmp.Or(cmp.Compare(a.day, b.day), cmp.Compare(a.queue, b.queue))
	}) {
		k := r.cover.keys[i]
		if err := cover.add([]float64{float64(r.cover.vals[i])}, func(int) bool { return true }, w.channels[k.queue], k.day, w.source, k.queue); err != nil {
			return err
		}
	}
	r.cover.reset()
	return cover.done()
}

// compareDays orders cells of the daily roll-up as their table does.
func (r *rollups) compareDays(a, b dayKey) int {
	if c := cmp.Or(cmp.Compare(a.day, b.day), cmp.Compare(a.queue, b.queue)); c != 0 {
		return c
	}
	for i := range a.dims {
		if a.dims[i] != b.dims[i] {
			return strings.Compare(r.words.list[a.dims[i]], r.words.list[b.dims[i]])
		}
	}
	return 0
}
