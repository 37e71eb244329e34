package register

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"strings"
	"time"

	"kcc/contacts"
	"kcc/contacts/promise"
	"kcc/internal/store"
)

// Source is the name under which registered contacts stand among the sources of
// imports, and its rank: figures of a telephone system go before it.
const (
	Source     = "register"
	sourceRank = 900
)

// Added tells what became of an entry.
type Added struct {
	ID       int64
	New      bool  // false: an entry with this id was there already, nothing changed
	HandOff  int64 // the work that was made; 0 when none
	Promises []Commitment
	Masked   int // numbers in the note that were hidden
}

// Add registers one contact with the work and the promises that follow from it,
// in one transaction. When it returns without an error the contact is kept.
func (d *Desk) Add(ctx context.Context, e *Entry) (Added, error) {
	start, err := d.clean(e)
	if err != nil {
		return Added{}, err
	}
	var party, note any
	var out Added
	if e.Party != "" {
		if party, err = d.ref(e.Party); err != nil {
			return out, err
		}
	}
	task := e.Task
	if d.Secrets != nil {
		var n int
		e.Note, out.Masked = d.Secrets.Mask(e.Note)
		task, n = d.Secrets.Mask(task)
		out.Masked += n
	}
	if e.Note != "" {
		note = e.Note
	}
	err = d.write(ctx, func(tx *sql.Tx) error { return d.add(ctx, tx, e, start, party, note, task, &out) })
	if err != nil {
		return Added{}, err
	}
	return out, nil
}

// add is Add inside a transaction, with what it found out of the entry.
func (d *Desk) add(ctx context.Context, tx *sql.Tx, e *Entry, start time.Time, party, note any, task string, out *Added) error {
	key, had, err := d.entryKey(ctx, tx, e.ID)
	if err != nil || had != 0 {
		out.ID = had
		return err
	}
	if out.ID, err = d.insert(ctx, tx, e, key, start, party, note); err != nil {
		return err
	}
	out.New = true
	if err := d.linkEntry(ctx, tx, e, out.ID); err != nil {
		return err
	}
	if party != nil {
		if err := contacts.LinkRepeat(ctx, tx, out.ID, contacts.RepeatWithin); err != nil {
			return err
		}
	}
	if err := contacts.Roll(ctx, tx, out.ID, 1); err != nil {
		return err
	}
	if !e.wantsWork() {
		return nil
	}
	w := Work{
		Contact: out.ID, Department: e.Department, Assignee: e.Assignee, Task: task, Callback: e.Callback,
		WindowFrom: e.WindowFrom, WindowTo: e.WindowTo, At: d.now(),
	}
	out.HandOff, out.Promises, err = d.addWork(ctx, tx, w)
	return err
}

// ref returns the keyed reference of an identifier.
func (d *Desk) ref(identifier string) (string, error) {
	if d.Secrets == nil {
		return "", errors.New("there is no key file to make references to customers with")
	}
	return d.Secrets.Ref(identifier)
}

// entryKey returns the key of an entry and, when it was registered before under
// the id it has elsewhere, the contact it became.
func (d *Desk) entryKey(ctx context.Context, tx *sql.Tx, externalID string) (key, had int64, err error) {
	var b [8]byte
	if externalID == "" {
		if _, err := rand.Read(b[:]); err != nil {
			return 0, 0, err
		}
		return int64(binary.BigEndian.Uint64(b[:]) >> 1), 0, nil
	}
	sum := sha256.Sum256([]byte(Source + "\x00" + externalID))
	key = int64(binary.BigEndian.Uint64(sum[:8]) >> 1)
	err = tx.QueryRowContext(ctx, "SELECT id FROM contact WHERE key = ?", key).Scan(&had)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return key, had, err
}

func (d *Desk) insert(ctx context.Context, tx *sql.Tx, e *Entry, key int64, start time.Time, party, note any) (int64, error) {
	if err := d.sourceID(ctx, tx); err != nil {
		return 0, err
	}
	queue, err := d.queueID(ctx, tx, e.Channel)
	if err != nil {
		return 0, err
	}
	status, closed := "closed", any(start.Unix())
	if e.wantsWork() {
		status, closed = "open", nil
	}
	var resolved, transferred any
	switch e.Outcome {
	case contacts.Answered, contacts.AnsweredSelf:
		resolved = 1
	case contacts.Transferred, contacts.TransferredOK, contacts.TransferredFailed:
		transferred = 1
	}
	var handle *float64
	for _, v := range []*float64{e.Talk, e.Hold, e.ACW} {
		if v != nil {
			sum := *v
			if handle != nil {
				sum += *handle
			}
			handle = &sum
		}
	}
	article := ""
	if len(e.Articles) > 0 {
		article = e.Articles[0]
	}
	day, slot := d.local(start)
	res, err := tx.ExecContext(ctx, `
INSERT INTO contact (key, source_id, external_id, start, day, slot, channel, queue_id, direction, outcome, subject, kind, segment, cause,
	department, article, wait_s, talk_s, hold_s, acw_s, handle_s, agent, party_ref, judgeable, resolved, transferred, csat, effort, nps, in_time, note,
	status, closed, reference)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		key, d.source, null(e.ID), start.Unix(), int64(day), slot, e.Channel, queue, e.Direction, e.Outcome, e.Subject, e.Kind, e.Segment, e.Cause,
		e.Department, article, e.Wait, e.Talk, e.Hold, e.ACW, handle, null(e.Agent), party, party != nil, resolved, transferred,
		e.CSAT, e.Effort, e.NPS, d.inTime(e), note, status, closed, null(e.Reference))
	if err != nil {
		return 0, err
	}
	return res.LastInsertId()
}

// inTime tells whether the wait of an entry ended within the target of its
// channel; nil when that is not known.
func (d *Desk) inTime(e *Entry) any {
	c := contacts.Contact{Direction: e.Direction, Outcome: e.Outcome, Wait: math.NaN()}
	if e.Wait != nil {
		c.Wait = *e.Wait
	}
	c.Judge(d.Centre.Targets[e.Channel].Seconds())
	switch c.InTime {
	case contacts.Yes:
		return 1
	case contacts.No:
		return 0
	}
	return nil
}

// linkEntry notes the articles and the question of a new contact.
func (d *Desk) linkEntry(ctx context.Context, tx *sql.Tx, e *Entry, id int64) error {
	for _, a := range e.Articles {
		if _, err := tx.ExecContext(ctx, "INSERT OR IGNORE INTO contact_article (contact_id, article) VALUES (?, ?)", id, a); err != nil {
			return err
		}
	}
	if e.Question == 0 {
		return nil
	}
	res, err := tx.ExecContext(ctx, "INSERT INTO contact_question (contact_id, question_id) SELECT ?, id FROM question WHERE id = ?", id, e.Question)
	if err != nil {
		return err
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return errors.Join(err, fmt.Errorf("question %d: %w", e.Question, ErrNotFound))
	}
	return nil
}

func (d *Desk) sourceID(ctx context.Context, tx *sql.Tx) error {
	if d.source != 0 {
		return nil
	}
	err := tx.QueryRowContext(ctx, "SELECT id FROM source WHERE name = ?", Source).Scan(&d.source)
	if !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	res, err := tx.ExecContext(ctx, "INSERT INTO source (name, rank) VALUES (?, ?)", Source, sourceRank)
	if err != nil {
		return err
	}
	d.source, err = res.LastInsertId()
	return err
}

// queueID returns the queue that stands for a channel among the sources.
func (d *Desk) queueID(ctx context.Context, tx *sql.Tx, channel string) (int64, error) {
	if id := d.queues[channel]; id != 0 {
		return id, nil
	}
	var id int64
	err := tx.QueryRowContext(ctx, "SELECT id FROM queue WHERE source_id = ? AND name = '' AND file_channel = ?", d.source, channel).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		var res sql.Result
		if res, err = tx.ExecContext(ctx, "INSERT INTO queue (source_id, name, file_channel, channel, known) VALUES (?, '', ?, ?, 1)", d.source, channel, channel); err == nil {
			id, err = res.LastInsertId()
		}
	}
	if err != nil {
		return 0, err
	}
	if d.queues == nil {
		d.queues = map[string]int64{}
	}
	d.queues[channel] = id
	return id, nil
}

func null(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// Contact is a registered or imported contact as it is shown.
type Contact struct {
	contacts.Contact
	Status    string // open, closed; empty for imported contacts
	Closed    time.Time
	Reference string
	Articles  []string
	Questions []int64
}

// ContactFilter chooses contacts; empty fields choose all.
type ContactFilter struct {
	From, To   time.Time
	Channel    string
	Kind       string
	Subject    string // and all below it
	Department string
	Status     string
	Direction  string
	Segment    string
	Cause      string
	Outcome    string
	Agent      string
	Party      string
	Reference  string
	Question   int64
	Text       string // words in the note
	Limit      int    // 0 means 100, negative all
	OldFirst   bool
}

const contactColumns = `c.id, COALESCE(c.external_id, ''), c.start, c.channel, c.direction, c.outcome, c.subject, c.kind, c.segment, c.cause,
	c.department, c.article, c.wait_s, c.talk_s, c.handle_s, COALESCE(c.agent, ''), COALESCE(c.party_ref, ''), c.csat, c.effort, c.nps, COALESCE(c.note, ''),
	c.status, c.closed, COALESCE(c.reference, '')`

// List returns contacts, the newest first unless asked otherwise.
func (d *Desk) List(ctx context.Context, f ContactFilter) ([]Contact, error) {
	var where []string
	var args []any
	and := func(cond string, v ...any) { where, args = append(where, cond), append(args, v...) }
	from := "contact c"
	if f.Text != "" {
		from = "contact_text JOIN contact c ON c.id = contact_text.rowid"
		and("contact_text MATCH ?", ftsQuery(f.Text))
	}
	if !f.From.IsZero() {
		and("c.start >= ?", f.From.Unix())
	}
	if !f.To.IsZero() {
		and("c.start < ?", f.To.Unix())
	}
	for _, eq := range []struct{ col, v string }{
		{"channel", f.Channel},
		{"kind", f.Kind},
		{"status", f.Status},
		{"direction", f.Direction},
		{"segment", f.Segment},
		{"cause", f.Cause},
		{"outcome", f.Outcome},
		{"agent", f.Agent},
		{"reference", f.Reference},
		{"department", f.Department},
	} {
		if eq.v != "" {
			and("c."+eq.col+" = ?", eq.v)
		}
	}
	if f.Subject != "" {
		var vals []any
		for _, s := range d.Centre.under(f.Subject) {
			vals = append(vals, s)
		}
		and("c.subject IN (?"+strings.Repeat(", ?", len(vals)-1)+")", vals...)
	}
	if f.Party != "" {
		refs, err := d.refs(f.Party)
		if err != nil {
			return nil, err
		}
		vals := make([]any, len(refs))
		for i, r := range refs {
			vals[i] = r
		}
		and("c.party_ref IN (?"+strings.Repeat(", ?", len(vals)-1)+")", vals...)
	}
	if f.Question != 0 {
		and("c.id IN (SELECT contact_id FROM contact_question WHERE question_id = ?)", f.Question)
	}
	q := "SELECT " + contactColumns + " FROM " + from
	if len(where) > 0 {
		q += " WHERE " + strings.Join(where, " AND ")
	}
	if f.OldFirst {
		q += " ORDER BY c.start, c.id"
	} else {
		q += " ORDER BY c.start DESC, c.id DESC"
	}
	if f.Limit == 0 {
		f.Limit = 100
	}
	if f.Limit > 0 {
		q += " LIMIT ?"
		args = append(args, f.Limit)
	}
	rows, err := d.DB.QueryContext(ctx, q, args...)
	if err != nil {
		return nil, store.Explain(err)
	}
	defer rows.Close()
	var out []Contact
	for rows.Next() {
		c, err := d.scanContact(rows.Scan)
		if err != nil {
			return nil, store.Explain(err)
		}
		out = append(out, c)
	}
	return out, store.Explain(rows.Err())
}

func (d *Desk) refs(identifier string) ([]string, error) {
	if d.Secrets == nil {
		return nil, errors.New("there is no key file to make references to customers with")
	}
	return d.Secrets.Refs(identifier)
}

// ftsQuery makes a search for all words of a text, each also as the beginning of
// a longer word; quotes keep a phrase together.
func ftsQuery(text string) string {
	var out []string
	for i, part := range strings.Split(text, `"`) {
		if i%2 == 1 {
			if p := strings.TrimSpace(part); p != "" {
				out = append(out, `"`+p+`"`)
			}
			continue
		}
		for _, w := range strings.Fields(part) {
			out = append(out, `"`+w+`"*`)
		}
	}
	return strings.Join(out, " ")
}

func (d *Desk) scanContact(scan func(...any) error) (Contact, error) {
	var c Contact
	var start int64
	var closed sql.NullInt64
	var wait, talk, handle, csat, effort, nps sql.NullFloat64
	err := scan(&c.ID, &c.ExternalID, &start, &c.Channel, &c.Direction, &c.Outcome, &c.Subject, &c.Kind, &c.Segment, &c.Cause,
		&c.Department, &c.Article, &wait, &talk, &handle, &c.Agent, &c.PartyRef, &csat, &effort, &nps, &c.Note, &c.Status, &closed, &c.Reference)
	c.Start = time.Unix(start, 0).In(d.zone())
	if closed.Valid {
		c.Closed = time.Unix(closed.Int64, 0).In(d.zone())
	}
	c.Wait, c.Talk, c.Handle, c.CSAT, c.Effort, c.NPS = orNaN(wait), orNaN(talk), orNaN(handle), orNaN(csat), orNaN(effort), orNaN(nps)
	return c, err
}

// Get returns one contact with its articles and questions.
func (d *Desk) Get(ctx context.Context, id int64) (Contact, error) {
	c, err := d.scanContact(d.DB.QueryRowContext(ctx, "SELECT "+contactColumns+" FROM contact c WHERE c.id = ?", id).Scan)
	if errors.Is(err, sql.ErrNoRows) {
		return c, fmt.Errorf("contact %d: %w", id, ErrNotFound)
	}
	if err != nil {
		return c, store.Explain(err)
	}
	rows, err := d.DB.QueryContext(ctx, `
SELECT 0, article FROM contact_article WHERE contact_id = ? UNION ALL
SELECT question_id, '' FROM contact_question WHERE contact_id = ? ORDER BY 1, 2`, id, id)
	if err != nil {
		return c, store.Explain(err)
	}
	defer rows.Close()
	for rows.Next() {
		var q int64
		var a string
		if err := rows.Scan(&q, &a); err != nil {
			return c, store.Explain(err)
		}
		if q != 0 {
			c.Questions = append(c.Questions, q)
		} else {
			c.Articles = append(c.Articles, a)
		}
	}
	return c, store.Explain(rows.Err())
}

// exists returns ErrNotFound for a contact that is not there.
func exists(ctx context.Context, db promise.Queryer, id int64) error {
	var n int
	if err := db.QueryRowContext(ctx, "SELECT COUNT(*) FROM contact WHERE id = ?", id).Scan(&n); err != nil {
		return err
	}
	if n == 0 {
		return fmt.Errorf("contact %d: %w", id, ErrNotFound)
	}
	return nil
}
