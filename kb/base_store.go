package kb

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"kcc/internal/store"
)

// Base is the knowledge base in a store.
type Base struct {
	DB     *sql.DB
	Now    func() time.Time
	Zone   *time.Location
	Author string
	DryRun bool // do everything but keep it

	cache indexCache
}

var errDryRun = errors.New("dry run")

// write runs f in one transaction that also brings the index up to date with
// what f marked as changed.
func (b *Base) write(ctx context.Context, f func(w *writer) error) error {
	err := store.Write(ctx, b.DB, func(tx *sql.Tx) error {
		w := &writer{Base: b, tx: tx, dirty: map[string]*dirty{}, prepared: map[string]*sql.Stmt{}}
		defer w.close()
		if err := f(w); err != nil {
			return err
		}
		if err := w.reindex(ctx); err != nil {
			return err
		}
		if b.DryRun {
			return errDryRun
		}
		return nil
	})
	if errors.Is(err, errDryRun) {
		return nil
	}
	return err
}

// writer is one transaction.
type writer struct {
	*Base
	tx    *sql.Tx
	dirty map[string]*dirty // by language
	words bool              // synonyms changed

	prepared map[string]*sql.Stmt // what an import does for every article
}

// stmt returns a statement that is prepared once per transaction.
func (w *writer) stmt(ctx context.Context, query string) (*sql.Stmt, error) {
	if s := w.prepared[query]; s != nil {
		return s, nil
	}
	s, err := w.tx.PrepareContext(ctx, query)
	if err == nil {
		w.prepared[query] = s
	}
	return s, err
}

func (w *writer) close() {
	for _, s := range w.prepared {
		_ = s.Close() // the transaction ends anyway
	}
}

// dirty is what changed in one language.
type dirty struct {
	articles, questions map[int64]bool
	all                 bool
}

func (w *writer) mark(lang string) *dirty {
	d := w.dirty[lang]
	if d == nil {
		d = &dirty{articles: map[int64]bool{}, questions: map[int64]bool{}}
		w.dirty[lang] = d
	}
	return d
}

// Day returns today in the zone of the centre.
func (b *Base) Day() string { return b.Now().In(b.Zone).Format(time.DateOnly) }

type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

const articleColumns = `a.id, a.name, a.revision, a.state, a.kind, a.title, a.asked, a.body, a.subjects, a.products, a.channels, a.audience,
	a.lang, a.owner, a.source, a.valid_from, a.valid_to, a.review, a.extra, a.created, a.changed, a.published`

func (b *Base) scan(row interface{ Scan(...any) error }) (*Article, error) {
	var a Article
	var asked, subjects, products, channels, audience, extra string
	var created, changed int64
	var published sql.NullInt64
	err := row.Scan(&a.row, &a.ID, &a.Revision, &a.State, &a.Kind, &a.Title, &asked, &a.Body, &subjects, &products, &channels, &audience,
		&a.Lang, &a.Owner, &a.Source, &a.ValidFrom, &a.ValidTo, &a.Review, &extra, &created, &changed, &published)
	if err != nil {
		return nil, err
	}
	for _, l := range []struct {
		text string
		into any
	}{{asked, &a.Asked}, {subjects, &a.Subjects}, {products, &a.Products}, {channels, &a.Channels}, {audience, &a.Audience}, {extra, &a.Extra}} {
		if err := json.Unmarshal([]byte(l.text), l.into); err != nil {
			return nil, fmt.Errorf("article %s: %w", a.ID, err)
		}
	}
	if len(a.Extra) == 0 {
		a.Extra = nil
	}
	a.Created, a.Changed = time.Unix(created, 0).In(b.Zone), time.Unix(changed, 0).In(b.Zone)
	if published.Valid {
		a.Published = time.Unix(published.Int64, 0).In(b.Zone)
	}
	return &a, nil
}

func (b *Base) article(ctx context.Context, q querier, id string) (*Article, error) {
	a, err := b.scan(q.QueryRowContext(ctx, "SELECT "+articleColumns+" FROM kb_article a WHERE a.name = ?", id))
	if errors.Is(err, sql.ErrNoRows) {
		return nil, fmt.Errorf("%w: %s", ErrNotFound, id)
	}
	return a, err
}

// Article returns an article by its id.
func (b *Base) Article(ctx context.Context, id string) (*Article, error) {
	return b.article(ctx, b.DB, id)
}

// Filter picks articles; the zero value picks all that are not retired.
type Filter struct {
	State                            State // "all" also shows retired ones
	Kind                             Kind
	Subject, Channel, Audience, Lang string
	Owner                            string
	Day                              string    // in date on this day
	Since                            time.Time // first published or changed after
}

// matches reports whether the filter lets an article through.
func (f *Filter) matches(a *Article) bool {
	switch {
	case f.State == "" && a.State == Retired,
		f.State != "" && f.State != "all" && a.State != f.State,
		f.Kind != "" && a.Kind != f.Kind,
		f.Subject != "" && !holds(a.Subjects, f.Subject),
		f.Channel != "" && len(a.Channels) > 0 && !holds(a.Channels, f.Channel),
		f.Audience != "" && !holds(a.Audience, f.Audience),
		f.Lang != "" && a.Lang != f.Lang,
		f.Owner != "" && !strings.EqualFold(a.Owner, f.Owner),
		f.Day != "" && !a.InDate(f.Day),
		!f.Since.IsZero() && a.Changed.Before(f.Since):
		return false
	}
	return true
}

func holds(list []string, s string) bool {
	return slices.ContainsFunc(list, func(v string) bool { return strings.EqualFold(v, s) })
}

// List returns the articles that a filter picks, in order of id.
func (b *Base) List(ctx context.Context, f Filter) ([]*Article, error) {
	return b.list(ctx, b.DB, f)
}

func (b *Base) list(ctx context.Context, q querier, f Filter) ([]*Article, error) {
	rows, err := q.QueryContext(ctx, "SELECT "+articleColumns+" FROM kb_article a ORDER BY a.name")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []*Article
	for rows.Next() {
		a, err := b.scan(rows)
		if err != nil {
			return nil, err
		}
		if f.matches(a) {
			out = append(out, a)
		}
	}
	return out, rows.Err()
}

// Add stores a new article and returns it. An empty id is made of the title.
func (b *Base) Add(ctx context.Context, id string, c Content, state State, reason string) (*Article, error) {
	var out *Article
	err := b.write(ctx, func(w *writer) error {
		var err error
		out, err = w.add(ctx, id, c, state, reason, "add")
		return err
	})
	return out, err
}

func (w *writer) add(ctx context.Context, id string, c Content, state State, reason, action string) (*Article, error) {
	if err := c.Check(); err != nil {
		return nil, err
	}
	if id == "" {
		base := Slug(c.Title)
		id = base
		for n := 2; ; n++ {
			var have int
			if err := w.tx.QueryRowContext(ctx, "SELECT COUNT(*) FROM kb_article WHERE name = ?", id).Scan(&have); err != nil {
				return nil, err
			}
			if have == 0 {
				break
			}
			id = fmt.Sprintf("%s-%d", base, n)
		}
	} else if err := checkID(id); err != nil {
		return nil, err
	} else if _, err := w.article(ctx, w.tx, id); err == nil {
		return nil, fmt.Errorf("%w: %s", ErrExists, id)
	} else if !errors.Is(err, ErrNotFound) {
		return nil, err
	}
	return w.create(ctx, id, c, state, reason, action)
}

// create stores a new article whose content and id are checked.
func (w *writer) create(ctx context.Context, id string, c Content, state State, reason, action string) (*Article, error) {
	a := &Article{ID: id, State: state, Content: c, Created: w.Now().Truncate(time.Second)}
	return a, w.put(ctx, a, action, reason)
}

// put stores a as its next revision.
func (w *writer) put(ctx context.Context, a *Article, action, reason string) error {
	a.Revision++
	a.Changed = w.Now().Truncate(time.Second)
	if a.State == Published && a.Published.IsZero() {
		a.Published = a.Changed
	}
	var published any
	if !a.Published.IsZero() {
		published = a.Published.Unix()
	}
	var row any
	if a.row != 0 {
		row = a.row
	}
	if a.Extra == nil {
		a.Extra = map[string]string{}
	}
	put, err := w.stmt(ctx, `INSERT INTO kb_article (id, name, revision, state, kind, title, asked, body, subjects, products, channels, audience,
			lang, owner, source, valid_from, valid_to, review, extra, created, changed, published)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (name) DO UPDATE SET revision = excluded.revision, state = excluded.state, kind = excluded.kind, title = excluded.title,
			asked = excluded.asked, body = excluded.body, subjects = excluded.subjects, products = excluded.products, channels = excluded.channels,
			audience = excluded.audience, lang = excluded.lang, owner = excluded.owner, source = excluded.source, valid_from = excluded.valid_from,
			valid_to = excluded.valid_to, review = excluded.review, extra = excluded.extra, changed = excluded.changed, published = excluded.published
		RETURNING id`)
	if err != nil {
		return err
	}
	err = put.QueryRowContext(ctx,
		row, a.ID, a.Revision, a.State, a.Kind, a.Title, text(a.Asked), a.Body, text(a.Subjects), text(a.Products), text(a.Channels), text(a.Audience),
		a.Lang, a.Owner, a.Source, a.ValidFrom, a.ValidTo, a.Review, text(a.Extra), a.Created.Unix(), a.Changed.Unix(), published).Scan(&a.row)
	if err != nil {
		return err
	}
	if len(a.Extra) == 0 {
		a.Extra = nil
	}
	revise, err := w.stmt(ctx, `INSERT INTO kb_revision (article_id, revision, at, author, action, reason, state, content) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`)
	if err != nil {
		return err
	}
	_, err = revise.ExecContext(ctx, a.row, a.Revision, a.Changed.Unix(), w.Author, action, reason, a.State, text(a.Content))
	w.mark(a.Lang).articles[a.row] = true
	return err
}

// text writes a value as JSON. The values are lists and maps of strings, which
// always can be written.
func text(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic("kb: " + err.Error())
	}
	if string(b) == "null" {
		return "[]"
	}
	return string(b)
}

// Edit changes an article. Base is the revision that the edit starts from; 0
// means the current one. When someone else was first the error is a
// *ConflictError and nothing is saved.
func (b *Base) Edit(ctx context.Context, id string, base int, reason string, change func(*Article) error) (*Article, error) {
	return b.alter(ctx, id, base, "edit", reason, change)
}

func (b *Base) alter(ctx context.Context, id string, base int, action, reason string, change func(*Article) error) (*Article, error) {
	var out *Article
	err := b.write(ctx, func(w *writer) error {
		a, err := w.article(ctx, w.tx, id)
		if err != nil {
			return err
		}
		if base != 0 && base != a.Revision {
			c := &ConflictError{ID: id, Base: base, Current: a.Revision, At: a.Changed}
			if err := w.tx.QueryRowContext(ctx, "SELECT author FROM kb_revision WHERE article_id = ? AND revision = ?", a.row, a.Revision).Scan(&c.Author); err != nil {
				return err
			}
			return c
		}
		lang := a.Lang
		if err := change(a); err != nil {
			return err
		}
		if err := a.Check(); err != nil {
			return err
		}
		if lang != a.Lang {
			w.mark(lang).articles[a.row] = true
			w.mark(lang).all = true
		}
		if err := w.put(ctx, a, action, reason); err != nil {
			return err
		}
		out = a
		return nil
	})
	return out, err
}

// next says from which states a step leads where.
var next = map[string]struct {
	from []State
	to   State
}{
	"submit":  {[]State{Draft, Validated, Published}, InReview},
	"approve": {[]State{Draft, InReview}, Validated},
	"reject":  {[]State{InReview, Validated}, Draft},
	"publish": {[]State{Validated, Published}, Published},
	"retire":  {[]State{Draft, InReview, Validated, Published}, Retired},
	"reopen":  {[]State{Retired}, Draft},
}

// Step takes an article a step through its life: submit, approve, reject,
// publish, retire or reopen. Review, when not empty, sets the next review day.
func (b *Base) Step(ctx context.Context, id, step, review, reason string) (*Article, error) {
	n, ok := next[step]
	if !ok {
		return nil, fmt.Errorf("step %q is not known", step)
	}
	return b.alter(ctx, id, 0, step, reason, func(a *Article) error {
		if !slices.Contains(n.from, a.State) {
			return fmt.Errorf("%w: %s is %s, so it cannot %s", ErrState, id, a.State, step)
		}
		a.State = n.to
		if review != "" {
			a.Review = review
		}
		return nil
	})
}

// Revision is one change of an article.
type Revision struct {
	Revision int
	At       time.Time
	Author   string
	Action   string
	Reason   string
	State    State
	Content  Content
}

// History returns the revisions of an article, the oldest first.
func (b *Base) History(ctx context.Context, id string) ([]Revision, error) {
	a, err := b.Article(ctx, id)
	if err != nil {
		return nil, err
	}
	rows, err := b.DB.QueryContext(ctx, "SELECT revision, at, author, action, reason, state, content FROM kb_revision WHERE article_id = ? ORDER BY revision", a.row)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []Revision
	for rows.Next() {
		var r Revision
		var at int64
		var content string
		if err := rows.Scan(&r.Revision, &at, &r.Author, &r.Action, &r.Reason, &r.State, &content); err != nil {
			return nil, err
		}
		if err := json.Unmarshal([]byte(content), &r.Content); err != nil {
			return nil, err
		}
		r.At = time.Unix(at, 0).In(b.Zone)
		out = append(out, r)
	}
	return out, rows.Err()
}

// Restore makes the content of an old revision the newest one. A retired
// article becomes a draft.
func (b *Base) Restore(ctx context.Context, id string, revision int, reason string) (*Article, error) {
	all, err := b.History(ctx, id)
	if err != nil {
		return nil, err
	}
	at := slices.IndexFunc(all, func(r Revision) bool { return r.Revision == revision })
	if at < 0 {
		return nil, fmt.Errorf("%w: %s has no revision %d, its last is %d", ErrNotFound, id, revision, len(all))
	}
	return b.alter(ctx, id, 0, "restore", reason, func(a *Article) error {
		a.Content = all[at].Content
		if a.State == Retired {
			a.State = Draft
		}
		return nil
	})
}
