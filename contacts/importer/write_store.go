package importer

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"kcc/contacts"
	"kcc/contacts/privacy"
)

// batchRows is how many rows go into one INSERT; more gain little.
const batchRows = 50

// writer puts the rows of one file into the store, inside one transaction.
type writer struct {
	ctx    context.Context
	tx     *sql.Tx
	opt    *StoreOptions
	source int64
	sname  string
	file   int64

	queues   map[queueKey]*queueInfo
	channels map[int64]string
	roll     *rollups
	days     daySlot
	batches  map[string]*batch
	counts   *Counts
	replaced int
	masked   int
	parties  partySet // customers of this file
	seen     bool     // the temporary table of rows seen again exists
	refs     map[string]string
	spans    map[int64]*[2]int64 // per queue, of rows without id
}

type queueKey struct{ name, channel string }

type queueInfo struct {
	id      int64
	channel string
}

// queue returns the id of a queue of this source, making it when it is new.
// own is the channel the file names, channel the one that counts.
func (w *writer) queue(name, own, channel string) (*queueInfo, error) {
	k := queueKey{name, own}
	if q := w.queues[k]; q != nil {
		return q, nil
	}
	k = queueKey{strings.Clone(name), strings.Clone(own)}
	q := &queueInfo{channel: channel}
	var stored string
	err := w.tx.QueryRowContext(w.ctx, "SELECT id, channel FROM queue WHERE source_id = ? AND name = ? AND file_channel = ?", w.source, name, own).Scan(&q.id, &stored)
	if err == sql.ErrNoRows {
		knownChannel := 0
		if own != "" || channel != "" {
			knownChannel = 1
		}
		if q.channel == "" {
			q.channel = contacts.Phone
		}
		res, err := w.tx.ExecContext(w.ctx, "INSERT INTO queue (source_id, name, file_channel, channel, known) VALUES (?, ?, ?, ?, ?)",
			w.source, name, own, q.channel, knownChannel)
		if err != nil {
			return nil, err
		}
		if q.id, err = res.LastInsertId(); err != nil {
			return nil, err
		}
	} else if err != nil {
		return nil, err
	} else {
		q.channel = stored
	}
	w.queues[k] = q
	w.channels[q.id] = q.channel
	return q, nil
}

// record is one row on its way into a table.
type record struct {
	key, hash int64
	updated   int64 // 0 unknown
	line      int
	args      []any
	apply     func(sign float64) // adds the row to the roll-ups
	again     int64              // queue of a row without id, 0 otherwise
}

// batch collects records of one table.
type batch struct {
	w       *writer
	table   string
	cols    []string // after key, source_id, file_id, line, hash
	pending []record
	full    *sql.Stmt
	update  *sql.Stmt
	updated bool // the table has a column updated
	load    func(id int64) (func(sign float64), error)
}

var headCols = []string{"key", "source_id", "file_id", "line", "hash"}

func (w *writer) batch(table string, cols []string, load func(id int64) (func(sign float64), error)) *batch {
	b := w.batches[table]
	if b == nil {
		b = &batch{w: w, table: table, cols: cols, updated: slices.Contains(cols, "updated"), load: load}
		w.batches[table] = b
	}
	return b
}

func (b *batch) insertSQL(rows int) string {
	n := len(headCols) + len(b.cols)
	one := "(" + strings.Repeat("?, ", n-1) + "?)"
	// OR IGNORE needs no journal per statement, as no row can undo the others; a
	// row that is missing afterwards without its key being there is an error.
	return "INSERT OR IGNORE INTO " + b.table + " (" + strings.Join(headCols, ", ") + ", " + strings.Join(b.cols, ", ") + ") VALUES " +
		strings.Repeat(one+", ", rows-1) + one
}

// add queues a record; args are in the order of cols.
func (b *batch) add(r record) error {
	b.pending = append(b.pending, r)
	if len(b.pending) >= batchRows {
		return b.flush()
	}
	return nil
}

// flush writes the queued records. The usual case is one statement; only when
// some keys are there already are they looked at one by one.
func (b *batch) flush() error {
	if len(b.pending) == 0 {
		return nil
	}
	w := b.w
	args := make([]any, 0, len(b.pending)*(len(headCols)+len(b.cols)))
	for i := range b.pending {
		r := &b.pending[i]
		args = append(args, r.key, w.source, w.file, int64(r.line), r.hash)
		args = append(args, r.args...)
	}
	var res sql.Result
	var err error
	if len(b.pending) == batchRows {
		if b.full == nil {
			if b.full, err = w.tx.PrepareContext(w.ctx, b.insertSQL(batchRows)); err != nil {
				return err
			}
		}
		res, err = b.full.ExecContext(w.ctx, args...)
	} else {
		res, err = w.tx.ExecContext(w.ctx, b.insertSQL(len(b.pending)), args...)
	}
	if err != nil {
		return err
	}
	n, err := res.RowsAffected()
	if err != nil {
		return err
	}
	if int(n) == len(b.pending) {
		for i := range b.pending {
			if b.pending[i].apply != nil {
				b.pending[i].apply(1)
			}
		}
	} else if err := b.conflicts(); err != nil {
		return err
	}
	b.pending = b.pending[:0]
	return nil
}

type storedRow struct {
	id, file, line, hash, updated int64
}

// conflicts settles a batch in which some keys were there before.
func (b *batch) conflicts() error {
	w := b.w
	q := "SELECT key, id, COALESCE(file_id, 0), line, hash, 0 FROM "
	if b.updated {
		q = "SELECT key, id, COALESCE(file_id, 0), line, hash, COALESCE(updated, 0) FROM "
	}
	q += b.table + " WHERE key IN (" + strings.Repeat("?, ", len(b.pending)-1) + "?)"
	keys := make([]any, len(b.pending))
	for i := range b.pending {
		keys[i] = b.pending[i].key
	}
	rows, err := w.tx.QueryContext(w.ctx, q, keys...)
	if err != nil {
		return err
	}
	defer rows.Close()
	stored := make(map[int64]storedRow, len(b.pending))
	for rows.Next() {
		var key int64
		var s storedRow
		if err := rows.Scan(&key, &s.id, &s.file, &s.line, &s.hash, &s.updated); err != nil {
			return err
		}
		stored[key] = s
	}
	if err := rows.Err(); err != nil {
		return err
	}
	rows.Close()
	for i := range b.pending {
		r := &b.pending[i]
		s, ok := stored[r.key]
		switch {
		case !ok:
			return fmt.Errorf("%s: the store refuses the row of line %d", b.table, r.line)
		case s.file == w.file && s.line == int64(r.line) && s.hash == r.hash:
			if r.apply != nil {
				r.apply(1) // this is the row just written
			}
		case s.hash == r.hash, r.updated > 0 && s.updated > r.updated:
			w.duplicate()
			if err := w.sawAgain(r, s); err != nil {
				return err
			}
		default:
			if err := b.change(r, &s); err != nil {
				return err
			}
			stored[r.key] = storedRow{s.id, w.file, int64(r.line), r.hash, r.updated}
		}
	}
	return nil
}

// duplicate moves a row from imported to duplicate.
func (w *writer) duplicate() {
	w.counts.Imported--
	w.counts.Duplicate++
}

// sawAgain notes that a stored row without id is in this file too, so that it is
// not replaced.
func (w *writer) sawAgain(r *record, s storedRow) error {
	if r.again == 0 || s.file == w.file {
		return nil
	}
	if !w.seen {
		if _, err := w.tx.ExecContext(w.ctx, "CREATE TEMP TABLE IF NOT EXISTS import_seen (id INTEGER PRIMARY KEY)"); err != nil {
			return err
		}
		if _, err := w.tx.ExecContext(w.ctx, "DELETE FROM temp.import_seen"); err != nil {
			return err
		}
		w.seen = true
	}
	_, err := w.tx.ExecContext(w.ctx, "INSERT OR IGNORE INTO temp.import_seen (id) VALUES (?)", s.id)
	return err
}

// change replaces a stored row by the one of this file.
func (b *batch) change(r *record, s *storedRow) error {
	w := b.w
	if b.load != nil {
		undo, err := b.load(s.id)
		if err != nil {
			return err
		}
		undo(-1)
	}
	if s.file == w.file {
		w.duplicate() // an earlier state in this very file
	} else {
		w.counts.Imported--
		w.counts.Updated++
		if err := w.keepPrior(b.table, s.id, s.file); err != nil {
			return err
		}
	}
	if b.update == nil {
		var err error
		if b.update, err = w.tx.PrepareContext(w.ctx, "UPDATE "+b.table+" SET file_id = ?, line = ?, hash = ?, "+strings.Join(b.cols, " = ?, ")+" = ? WHERE id = ?"); err != nil {
			return err
		}
	}
	args := append([]any{w.file, int64(r.line), r.hash}, r.args...)
	if _, err := b.update.ExecContext(w.ctx, append(args, s.id)...); err != nil {
		return err
	}
	if r.apply != nil {
		r.apply(1)
	}
	return nil
}

// keepPrior stores a row as it was, for undo.
func (w *writer) keepPrior(table string, id, file int64) error {
	rows, err := w.tx.QueryContext(w.ctx, "SELECT * FROM "+table+" WHERE id = ?", id)
	if err != nil {
		return err
	}
	defer rows.Close()
	cols, err := rows.Columns()
	if err != nil {
		return err
	}
	vals := make([]any, len(cols))
	ptrs := make([]any, len(cols))
	for i := range vals {
		ptrs[i] = &vals[i]
	}
	if !rows.Next() {
		return rows.Err()
	}
	if err := rows.Scan(ptrs...); err != nil {
		return err
	}
	rows.Close()
	m := map[string]any{}
	for i, c := range cols {
		if b, ok := vals[i].([]byte); ok {
			vals[i] = string(b)
		}
		m[c] = vals[i]
	}
	body, err := json.Marshal(m)
	if err != nil {
		return err
	}
	_, err = w.tx.ExecContext(w.ctx, "INSERT OR IGNORE INTO import_prior (file_id, tab, row_id, prior_file, body) VALUES (?, ?, ?, ?, ?)",
		w.file, table, id, nullInt(file), string(body))
	return err
}

func nullInt(v int64) any {
	if v == 0 {
		return nil
	}
	return v
}

func nullFloat(v float64) any {
	if math.IsNaN(v) {
		return nil
	}
	return v
}

func nullText(s string) any {
	if s == "" {
		return nil
	}
	return s
}

func nullTime(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.Unix()
}

func nullFlag(f contacts.Flag) any {
	switch f {
	case contacts.Yes:
		return int64(1)
	case contacts.No:
		return int64(0)
	}
	return nil
}

// mask63 keeps a hash inside what SQLite stores as a positive integer.
const mask63 = 1<<63 - 1

// Write puts one row into the store.
func (w *writer) Write(r *Row) error {
	switch r.Kind {
	case Calls, QueueLog:
		return w.contact(r)
	case Intervals:
		return w.interval(r)
	case Tickets:
		return w.ticket(r)
	case States:
		return w.state(r)
	}
	return w.ticketPart(r)
}

// contactCols lists the columns of a contact that a file can fill; only those
// that it holds are written.
var contactCols = []struct {
	name string
	need []Field // any of these, or always when empty
}{
	{"external_id", []Field{fID}},
	{"updated", []Field{fUpdated}},
	{"start", nil},
	{"day", nil},
	{"slot", nil},
	{"channel", nil},
	{"queue_id", nil},
	{"direction", []Field{fDirection}},
	{"outcome", nil},
	{"subject", nil},
	{"kind", []Field{fKind}},
	{"segment", []Field{fSegment}},
	{"cause", []Field{fCause}},
	{"department", []Field{fDept}},
	{"article", []Field{fArticle}},
	{"wait_s", []Field{fWait, fAnswerAt}},
	{"talk_s", []Field{fTalk, fAnswerAt}},
	{"hold_s", []Field{fHold}},
	{"acw_s", []Field{fACW}},
	{"handle_s", []Field{fAHT, fTalk, fHold, fACW, fAnswerAt}},
	{"agent", []Field{fAgent}},
	{"party_ref", []Field{fParty, fBSN}},
	{"resolved", []Field{fResolved}},
	{"csat", []Field{fCSAT}},
	{"effort", []Field{fEffort}},
	{"nps", []Field{fNPS}},
	{"in_time", nil},
	{"judgeable", []Field{fParty, fBSN}},
	{"transferred", []Field{fMoved}},
	{"note", []Field{fNote}},
}

func (w *writer) contact(r *Row) error {
	c := &r.Contact
	b := w.batches["contact"]
	if b == nil {
		var cols []string
		for _, col := range contactCols {
			if col.need == nil || slices.ContainsFunc(col.need, func(f Field) bool { return r.held[f] }) || (r.Kind == QueueLog && (col.name == "party_ref" || col.name == "judgeable")) {
				cols = append(cols, col.name)
			}
		}
		b = w.batch("contact", cols, w.loadContact)
	}
	channel := c.Channel
	if channel == "" && r.Kind == QueueLog {
		channel = contacts.Phone // Asterisk queues hold calls
	}
	q, err := w.queue(c.Queue, r.own, channel)
	if err != nil {
		return err
	}
	c.Channel = q.channel
	if err := w.protect(r); err != nil {
		return err
	}
	c.Judge(r.target)
	c.Judge(w.opt.Targets[c.Channel].Seconds())
	day, slot := w.days.of(c.Start.Unix())
	handle := math.NaN()
	if c.IsAnswered() {
		handle = c.HandleTime()
	}
	rec := record{line: r.Line}
	content := newStableHash()
	content.num(uint64(c.Start.UnixNano()))
	for _, s := range []string{c.Queue, r.own, c.Direction, c.Outcome, r.topic, c.Kind, c.Segment, c.Cause, c.Department, c.Article, c.Note} {
		content.text(s)
	}
	for _, v := range []float64{c.Wait, c.Talk, c.Hold, c.ACW, c.Handle, c.CSAT, c.Effort} {
		if math.IsNaN(v) {
			v = -1
		}
		content.float(v)
	}
	content.num(uint64(c.Resolved)<<8 | uint64(c.Moved))
	if !math.IsNaN(c.NPS) {
		content.float(c.NPS)
	}
	if r.inTime != contacts.Unknown {
		content.num(uint64(r.inTime))
	}
	hash := content.sum()
	key := newStableHash()
	key.text(w.sname)
	if c.ExternalID != "" {
		key.text(c.ExternalID)
		if r.Kind == QueueLog {
			key.text(c.Queue) // one call may wait in several queues
			key.num(uint64(c.Start.Unix()))
		}
		if !c.Updated.IsZero() {
			rec.updated = c.Updated.Unix()
		}
	} else {
		key.num(hash)
		key.num(r.ordinal)
		rec.again = q.id
		w.note(q.id, c.Start.Unix())
	}
	w.parties.add(c.PartyRef)
	rec.key, rec.hash = int64(key.sum()&mask63), int64(hash&mask63)
	rec.args = make([]any, 0, len(b.cols))
	for _, col := range b.cols {
		var v any
		switch col {
		case "external_id":
			v = nullText(c.ExternalID)
		case "updated":
			v = nullTime(c.Updated)
		case "start":
			v = c.Start.Unix()
		case "day":
			v = int64(day)
		case "slot":
			v = int64(slot)
		case "channel":
			v = c.Channel
		case "queue_id":
			v = q.id
		case "direction":
			v = c.Direction
		case "outcome":
			v = c.Outcome
		case "subject":
			v = c.Subject
		case "kind":
			v = c.Kind
		case "segment":
			v = c.Segment
		case "cause":
			v = c.Cause
		case "department":
			v = c.Department
		case "article":
			v = c.Article
		case "wait_s":
			v = nullFloat(c.Wait)
		case "talk_s":
			v = nullFloat(c.Talk)
		case "hold_s":
			v = nullFloat(c.Hold)
		case "acw_s":
			v = nullFloat(c.ACW)
		case "handle_s":
			v = nullFloat(handle)
		case "agent":
			v = nullText(c.Agent)
		case "party_ref":
			v = nullText(c.PartyRef)
		case "resolved":
			v = nullFlag(c.Resolved)
		case "csat":
			v = nullFloat(c.CSAT)
		case "effort":
			v = nullFloat(c.Effort)
		case "nps":
			v = nullFloat(c.NPS)
		case "in_time":
			v = nullFlag(c.InTime)
		case "judgeable":
			v = int64(0)
			if c.PartyRef != "" {
				v = int64(1)
			}
		case "transferred":
			v = nullFlag(c.Moved)
		case "note":
			v = nullText(c.Note)
		}
		rec.args = append(rec.args, v)
	}
	kept := *c
	rec.apply = func(sign float64) { w.roll.contact(&kept, q.id, int64(day), sign) }
	if err := b.add(rec); err != nil {
		return err
	}
	return w.spill()
}

// note widens the span of rows without id in a queue.
func (w *writer) note(queue, at int64) {
	s := w.spans[queue]
	if s == nil {
		w.spans[queue] = &[2]int64{at, at}
		return
	}
	s[0], s[1] = min(s[0], at), max(s[1], at)
}

// spill writes the roll-ups out when they have grown.
func (w *writer) spill() error {
	if !w.roll.full() {
		return nil
	}
	return w.roll.flush(w.ctx, w.tx, w.source, w.channels)
}

// loadContact returns how a stored contact counts in the roll-ups.
func (w *writer) loadContact(id int64) (func(sign float64), error) {
	c := contacts.Contact{ID: id}
	var start, queue, day int64
	var wait, talk, hold, acw, handle, csat, effort, nps sql.NullFloat64
	var resolved, moved, inTime sql.NullInt64
	var party sql.NullString
	var judgeable bool
	err := w.tx.QueryRowContext(w.ctx, `SELECT start, COALESCE(queue_id, 0), day, direction, outcome, subject, kind, segment, cause, department,
		wait_s, talk_s, hold_s, acw_s, handle_s, csat, effort, nps, resolved, transferred, in_time, party_ref, judgeable,
		COALESCE(repeat_of, 0), COALESCE(followed_by, 0) FROM contact WHERE id = ?`, id).
		Scan(&start, &queue, &day, &c.Direction, &c.Outcome, &c.Subject, &c.Kind, &c.Segment, &c.Cause, &c.Department,
			&wait, &talk, &hold, &acw, &handle, &csat, &effort, &nps, &resolved, &moved, &inTime, &party, &judgeable, &c.RepeatOf, &c.FollowedBy)
	if err != nil {
		return nil, err
	}
	c.Start = time.Unix(start, 0)
	f := func(v sql.NullFloat64) float64 {
		if v.Valid {
			return v.Float64
		}
		return math.NaN()
	}
	c.Wait, c.Talk, c.Hold, c.ACW, c.Handle, c.CSAT, c.Effort, c.NPS = f(wait), f(talk), f(hold), f(acw), f(handle), f(csat), f(effort), f(nps)
	c.Resolved, c.Moved, c.InTime = flagOf(resolved), flagOf(moved), flagOf(inTime)
	if c.PartyRef = party.String; c.PartyRef == "" && judgeable {
		c.PartyRef = "erased" // it counts as before
	}
	if party.String != "" {
		w.changed(party.String)
	}
	if c.RepeatOf != 0 || c.FollowedBy != 0 {
		// The row that takes its place is linked anew with all of the customer.
		if _, err := w.tx.ExecContext(w.ctx, "UPDATE contact SET repeat_of = NULL, followed_by = NULL WHERE id = ?", id); err != nil {
			return nil, err
		}
	}
	if err := w.loadChannel(queue); err != nil {
		return nil, err
	}
	return func(sign float64) { w.roll.contact(&c, queue, day, sign) }, nil
}

func flagOf(v sql.NullInt64) contacts.Flag {
	switch {
	case !v.Valid:
		return contacts.Unknown
	case v.Int64 == 1:
		return contacts.Yes
	}
	return contacts.No
}

// loadChannel makes sure that the channel of a queue is known here.
func (w *writer) loadChannel(queue int64) error {
	if _, ok := w.channels[queue]; ok {
		return nil
	}
	var ch string
	if err := w.tx.QueryRowContext(w.ctx, "SELECT channel FROM queue WHERE id = ?", queue).Scan(&ch); err != nil {
		return err
	}
	w.channels[queue] = ch
	return nil
}

// protect turns identifiers into references and masks free text.
func (w *writer) protect(r *Row) error {
	c := &r.Contact
	var err error
	if r.bsn != "" {
		if w.opt.Strict {
			return &RowError{Line: r.Line, Column: string(fBSN), Value: "(hidden)", Want: "no citizen service number, as --strict is set"}
		}
		if c.PartyRef, err = w.ref(privacy.BSN, r.bsn); err != nil {
			return err
		}
	} else if r.party != "" && !strings.EqualFold(r.party, "anonymous") && !strings.EqualFold(r.party, "unknown") {
		if c.PartyRef, err = w.ref("", r.party); err != nil {
			return err
		}
	}
	if c.Agent != "" && !w.opt.KeepAgents {
		if c.Agent, err = w.ref("agent", c.Agent); err != nil {
			return err
		}
	}
	if c.Note != "" && w.opt.Vault != nil {
		var n int
		c.Note, n = w.opt.Vault.Mask(c.Note)
		w.masked += n
	}
	return nil
}

// maxRefs bounds the references remembered; customers call again, agents always.
const maxRefs = 50_000

// ref returns the keyed reference of an identifier; kind "" is told by its form.
// Without a key the identifier is dropped.
func (w *writer) ref(kind, value string) (string, error) {
	if w.opt.Vault == nil {
		return "", nil
	}
	id := kind + "\x00" + value
	if ref, ok := w.refs[id]; ok {
		return ref, nil
	}
	keys, err := w.opt.Vault.Keys()
	if err != nil {
		return "", err
	}
	if kind == "" {
		if kind, value, err = privacy.Identify(value); err != nil {
			return "", nil // nothing that identifies anyone
		}
	}
	ref := keys.Reference(kind, value)
	if len(w.refs) >= maxRefs {
		clear(w.refs)
	}
	w.refs[strings.Clone(id)] = ref
	return ref, nil
}

// intervalCols are the columns of interval_fact after the common ones.
var intervalCols = []string{
	"queue_id", "subject", "agent", "start", "day", "slot", "step_s", "offered", "answered", "abandoned", "short_abandoned",
	"within_target", "target_s", "wait_s", "talk_s", "hold_s", "acw_s", "aht_s",
}

func (w *writer) interval(r *Row) error {
	iv := &r.Interval
	q, err := w.queue(iv.Queue, r.own, iv.Channel)
	if err != nil {
		return err
	}
	agent := iv.Agent
	if agent != "" && !w.opt.KeepAgents {
		if agent, err = w.ref("agent", agent); err != nil {
			return err
		}
	}
	natural := *iv
	natural.Agent = agent // a hash of the name itself could be tried out
	natural.Channel, natural.Subject = r.own, r.topic
	key := newStableHash()
	key.text(w.sname)
	key.text("interval")
	key.num(natural.natural(r.dims))
	day, slot := w.days.of(iv.Start.Unix())
	kept := *iv
	kept.Subject = strings.Clone(kept.Subject)
	rec := record{key: int64(key.sum() & mask63), hash: int64(iv.content() & mask63), line: r.Line, args: []any{
		q.id, iv.Subject, nullText(agent), iv.Start.Unix(), int64(day), int64(slot), int64(iv.Step / time.Second),
		nullFloat(iv.Offered), nullFloat(iv.Answered), nullFloat(iv.Abandoned), nullFloat(iv.Short), nullFloat(iv.Within), nullFloat(iv.Target),
		nullFloat(iv.Wait), nullFloat(iv.Talk), nullFloat(iv.Hold), nullFloat(iv.ACW), nullFloat(iv.AHT),
	}, apply: func(sign float64) { w.roll.interval(&kept, q.id, int64(day), sign) }}
	if err := w.batch("interval_fact", intervalCols, w.loadInterval).add(rec); err != nil {
		return err
	}
	return w.spill()
}

// loadInterval returns how a stored row of interval statistics counts in the
// roll-ups.
func (w *writer) loadInterval(id int64) (func(sign float64), error) {
	var iv Interval
	var start, queue, day, step int64
	vals := make([]sql.NullFloat64, 10)
	err := w.tx.QueryRowContext(w.ctx, `SELECT start, queue_id, day, step_s, subject, offered, answered, abandoned, short_abandoned, within_target,
		wait_s, talk_s, hold_s, acw_s, aht_s FROM interval_fact WHERE id = ?`, id).Scan(&start, &queue, &day, &step, &iv.Subject,
		&vals[0], &vals[1], &vals[2], &vals[3], &vals[4], &vals[5], &vals[6], &vals[7], &vals[8], &vals[9])
	if err != nil {
		return nil, err
	}
	iv.Start, iv.Step = time.Unix(start, 0), time.Duration(step)*time.Second
	for i, p := range []*float64{&iv.Offered, &iv.Answered, &iv.Abandoned, &iv.Short, &iv.Within, &iv.Wait, &iv.Talk, &iv.Hold, &iv.ACW, &iv.AHT} {
		*p = math.NaN()
		if vals[i].Valid {
			*p = vals[i].Float64
		}
	}
	if err := w.loadChannel(queue); err != nil {
		return nil, err
	}
	return func(sign float64) { w.roll.interval(&iv, queue, day, sign) }, nil
}

// plain writes a row of a table without roll-ups; natural tells which row it is,
// content what it says.
func (w *writer) plain(table string, cols []string, line int, updated time.Time, natural, content []string, args ...any) error {
	key, hash := newStableHash(), newStableHash()
	key.text(w.sname)
	key.text(table)
	for _, s := range natural {
		key.text(s)
		hash.text(s)
	}
	for _, s := range content {
		hash.text(s)
	}
	rec := record{key: int64(key.sum() & mask63), hash: int64(hash.sum() & mask63), line: line, args: args}
	if !updated.IsZero() {
		rec.updated = updated.Unix()
	}
	return w.batch(table, cols, nil).add(rec)
}

func (w *writer) ticket(r *Row) error {
	t := &r.Ticket
	var party string
	var err error
	if r.bsn != "" && w.opt.Strict {
		return &RowError{Line: r.Line, Column: string(fBSN), Value: "(hidden)", Want: "no citizen service number, as --strict is set"}
	}
	switch {
	case r.bsn != "":
		party, err = w.ref(privacy.BSN, r.bsn)
	case r.party != "":
		party, err = w.ref("", r.party)
	}
	if err != nil {
		return err
	}
	agent := t.Agent
	if agent != "" && !w.opt.KeepAgents {
		if agent, err = w.ref("agent", agent); err != nil {
			return err
		}
	}
	return w.plain("ticket", []string{
		"external_id", "updated", "received", "channel", "kind", "subject", "status", "priority", "handed_off_to", "handed_off",
		"due_date", "closed", "agent", "party_ref",
	}, r.Line, t.Updated, []string{t.ID},
		[]string{fmt.Sprint(t.Received.Unix()), t.Channel, t.Kind, t.Subject, t.Status, t.Priority, t.HandedOffTo, fmt.Sprint(t.HandedOff.Unix()), t.Due, fmt.Sprint(t.Closed.Unix())},
		t.ID, nullTime(t.Updated), t.Received.Unix(), t.Channel, t.Kind, t.Subject, t.Status, t.Priority, t.HandedOffTo, nullTime(t.HandedOff),
		nullText(t.Due), nullTime(t.Closed), nullText(agent), nullText(party))
}

func (w *writer) state(r *Row) error {
	s := &r.State
	agent := s.Agent
	var err error
	if !w.opt.KeepAgents {
		if agent, err = w.ref("agent", agent); err != nil {
			return err
		}
	}
	return w.plain("agent_state", []string{"agent", "start", "end", "state"}, r.Line, time.Time{},
		[]string{agent, fmt.Sprint(s.Start.UnixNano()), s.State}, []string{fmt.Sprint(s.End.UnixNano())},
		agent, s.Start.Unix(), nullTime(s.End), s.State)
}

func (w *writer) ticketPart(r *Row) error {
	switch r.Kind {
	case TicketEvents:
		e := &r.Event
		return w.plain("ticket_event", []string{"ticket", "field", "at", "value"}, r.Line, time.Time{},
			[]string{e.Ticket, e.Field, fmt.Sprint(e.At.UnixNano()), e.Value}, nil, e.Ticket, e.Field, e.At.Unix(), e.Value)
	case ScheduleLinks:
		l := &r.Link
		return w.plain("ticket_schedule_link", []string{"ticket", "schedule", "at"}, r.Line, time.Time{},
			[]string{l.Ticket, l.Schedule, fmt.Sprint(l.At.Unix())}, nil, l.Ticket, l.Schedule, l.At.Unix())
	case Schedules:
		p := &r.Period
		return w.plain("ticket_schedule_period", []string{"schedule", "name", "zone", "from_min", "to_min"}, r.Line, time.Time{},
			[]string{p.Schedule, fmt.Sprint(p.From)}, []string{p.Name, p.Zone, fmt.Sprint(p.To)}, p.Schedule, p.Name, p.Zone, int64(p.From), int64(p.To))
	case Holidays:
		h := &r.Holiday
		return w.plain("ticket_schedule_holiday", []string{"schedule", "name", "first_day", "last_day"}, r.Line, time.Time{},
			[]string{h.Schedule, h.First.String()}, []string{h.Name, h.Last.String()}, h.Schedule, h.Name, int64(h.First), int64(h.Last))
	}
	return nil
}

// finish writes what is left, drops what a corrected file replaces and brings
// the roll-ups up to date.
func (w *writer) finish(supplement bool) error {
	for _, b := range w.batches {
		if err := b.flush(); err != nil {
			return err
		}
	}
	if !supplement && len(w.spans) > 0 {
		if err := w.replace(); err != nil {
			return err
		}
	}
	return w.roll.flush(w.ctx, w.tx, w.source, w.channels)
}

// replace deletes the rows without id that lie in the span of this file, in the
// same queue of the same source, but are not in it: the file is a correction.
// Contacts that work hangs on stay.
func (w *writer) replace() error {
	if !w.seen {
		if _, err := w.tx.ExecContext(w.ctx, "CREATE TEMP TABLE IF NOT EXISTS import_seen (id INTEGER PRIMARY KEY)"); err != nil {
			return err
		}
		if _, err := w.tx.ExecContext(w.ctx, "DELETE FROM temp.import_seen"); err != nil {
			return err
		}
		w.seen = true
	}
	queues := make([]int64, 0, len(w.spans))
	for q := range w.spans {
		queues = append(queues, q)
	}
	slices.Sort(queues)
	for _, q := range queues {
		s := w.spans[q]
		rows, err := w.tx.QueryContext(w.ctx, `SELECT id, file_id FROM contact WHERE start BETWEEN ? AND ? AND queue_id = ? AND source_id = ?
			AND external_id IS NULL AND file_id IS NOT NULL AND file_id <> ? AND id NOT IN (SELECT id FROM temp.import_seen)
			AND id NOT IN (SELECT contact_id FROM handoff WHERE contact_id IS NOT NULL)
			AND id NOT IN (SELECT contact_id FROM contact_question)`, s[0], s[1], q, w.source, w.file)
		if err != nil {
			return err
		}
		type old struct{ id, file int64 }
		var gone []old
		for rows.Next() {
			var o old
			if err := rows.Scan(&o.id, &o.file); err != nil {
				rows.Close()
				return err
			}
			gone = append(gone, o)
		}
		if err := rows.Err(); err != nil {
			return err
		}
		rows.Close()
		for _, o := range gone {
			undo, err := w.loadContact(o.id)
			if err != nil {
				return err
			}
			undo(-1)
			if err := w.keepPrior("contact", o.id, o.file); err != nil {
				return err
			}
			if _, err := w.tx.ExecContext(w.ctx, "DELETE FROM contact WHERE id = ?", o.id); err != nil {
				return err
			}
			w.replaced++
		}
	}
	return nil
}
