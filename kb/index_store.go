package kb

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"

	"kcc/kb/search"
)

// When the changes beside an index become many, it is built anew. Small
// collections are always built anew: that takes a blink, and keeps the
// statistics fresh where one article matters.
const (
	smallArticles  = 300
	smallQuestions = 2000
	maxChangedDocs = 64
	maxChangedAsks = 1000
)

// blockShift makes the id of a block: index id times 2^32 plus its number.
const blockShift = 32

// reindex brings the indexes of the languages that changed up to date.
func (w *writer) reindex(ctx context.Context) error {
	langs := make([]string, 0, len(w.dirty))
	for lang := range w.dirty {
		langs = append(langs, lang)
	}
	slices.Sort(langs)
	if len(langs) > 0 || w.words {
		if err := w.nextVersion(ctx); err != nil {
			return err
		}
	}
	for _, lang := range langs {
		d := w.dirty[lang]
		again, err := w.tooMany(ctx, lang, d)
		if err != nil {
			return err
		}
		if again {
			err = w.rebuild(ctx, lang)
		} else {
			err = w.addChanges(ctx, lang, d)
		}
		if err != nil {
			return fmt.Errorf("index of language %s: %w", lang, err)
		}
	}
	return nil
}

func (w *writer) tooMany(ctx context.Context, lang string, d *dirty) (bool, error) {
	var have, articles, questions, docs, asks int
	err := w.tx.QueryRowContext(ctx, `SELECT (SELECT COUNT(*) FROM kb_index WHERE lang = ?1), (SELECT COUNT(*) FROM kb_article WHERE lang = ?1),
		(SELECT COUNT(*) FROM kb_question WHERE lang = ?1), (SELECT COUNT(*) FROM kb_index_change WHERE lang = ?1 AND kind = 'a'),
		(SELECT COUNT(*) FROM kb_index_change WHERE lang = ?1 AND kind = 'q')`, lang).Scan(&have, &articles, &questions, &docs, &asks)
	return d.all || have == 0 || (articles <= smallArticles && questions <= smallQuestions) ||
		docs+len(d.articles) > maxChangedDocs || asks+len(d.questions) > maxChangedAsks, err
}

// document is what the index reads of an article. Subjects and products stand
// with the answer: many articles share them, so they say less than a title.
func document(a *Article) search.Document {
	about := append([]string{a.Body}, a.Subjects...)
	return search.Document{
		ID: a.ID, Title: strings.Join(append([]string{a.Title}, a.Asked...), "\n"),
		Body: strings.Join(append(about, a.Products...), "\n"),
	}
}

// rebuild makes the index of a language anew.
func (w *writer) rebuild(ctx context.Context, lang string) error {
	articles, err := w.list(ctx, w.tx, Filter{Lang: lang})
	if err != nil {
		return err
	}
	docs := make([]search.Document, len(articles))
	for i, a := range articles {
		docs[i] = document(a)
	}
	questions, err := askedQuestions(ctx, w.tx, lang, nil)
	if err != nil {
		return err
	}
	head, blocks := search.Build(search.Lang(lang), docs, questions, nil).Encode()
	var id int64
	err = w.tx.QueryRowContext(ctx, "INSERT INTO kb_index (lang, head) VALUES (?, ?) ON CONFLICT (lang) DO UPDATE SET head = excluded.head RETURNING id", lang, head).Scan(&id)
	if err != nil {
		return err
	}
	if _, err := w.tx.ExecContext(ctx, "DELETE FROM kb_index_block WHERE id >= ? AND id < ?", id<<blockShift, (id+1)<<blockShift); err != nil {
		return err
	}
	ins, err := w.tx.PrepareContext(ctx, "INSERT INTO kb_index_block (id, data) VALUES (?, ?)")
	if err != nil {
		return err
	}
	defer ins.Close()
	for i, data := range blocks {
		if len(data) == 0 {
			continue
		}
		if _, err := ins.ExecContext(ctx, id<<blockShift+int64(i), data); err != nil {
			return err
		}
	}
	_, err = w.tx.ExecContext(ctx, "DELETE FROM kb_index_change WHERE lang = ?", lang)
	return err
}

// askedQuestions returns past questions with their articles; ids nil means all
// that have any.
func askedQuestions(ctx context.Context, q querier, lang string, ids map[int64]bool) ([]search.Question, error) {
	query := `SELECT q.id, q.text, a.name FROM kb_question q JOIN kb_question_article l ON l.question_id = q.id JOIN kb_article a ON a.id = l.article_id
		WHERE q.lang = ? AND a.state <> 'retired' AND a.lang = q.lang`
	args := []any{lang}
	if ids != nil {
		list := make([]int64, 0, len(ids))
		for id := range ids {
			list = append(list, id)
		}
		query += " AND q.id IN (SELECT value FROM json_each(?))"
		args = append(args, text(list))
	}
	rows, err := q.QueryContext(ctx, query+" ORDER BY q.id, a.name", args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []search.Question
	for rows.Next() {
		var id int64
		var ask, article string
		if err := rows.Scan(&id, &ask, &article); err != nil {
			return nil, err
		}
		key := strconv.FormatInt(id, 10)
		if n := len(out); n > 0 && out[n-1].ID == key {
			out[n-1].Articles = append(out[n-1].Articles, article)
		} else {
			out = append(out, search.Question{ID: key, Text: ask, Articles: []string{article}})
		}
	}
	return out, rows.Err()
}

// addChanges puts what changed beside the index.
func (w *writer) addChanges(ctx context.Context, lang string, d *dirty) error {
	head, id, err := indexHead(ctx, w.tx, lang)
	if err != nil {
		return err
	}
	x, err := search.Open(head, blockReader(ctx, w.tx, id), nil, nil)
	if errors.Is(err, search.ErrLayout) {
		return w.rebuild(ctx, lang)
	}
	if err != nil {
		return err
	}
	put := func(kind, doc string, data []byte) error {
		_, err := w.tx.ExecContext(ctx, "INSERT OR REPLACE INTO kb_index_change (lang, kind, doc, data) VALUES (?, ?, ?, ?)", lang, kind, doc, data)
		return err
	}
	for row := range d.articles {
		a, err := w.scan(w.tx.QueryRowContext(ctx, "SELECT "+articleColumns+" FROM kb_article a WHERE a.id = ?", row))
		if err != nil {
			return err
		}
		var data []byte
		if a.State != Retired {
			if data, err = x.DocumentChange(document(a)); err != nil {
				return err
			}
		}
		if err := put("a", a.ID, data); err != nil {
			return err
		}
	}
	if len(d.questions) == 0 {
		return nil
	}
	qs, err := askedQuestions(ctx, w.tx, lang, d.questions)
	if err != nil {
		return err
	}
	for _, q := range qs {
		data, err := x.QuestionChange(q)
		if err != nil {
			return err
		}
		if err := put("q", q.ID, data); err != nil {
			return err
		}
		n, _ := strconv.ParseInt(q.ID, 10, 64)
		delete(d.questions, n)
	}
	for n := range d.questions { // no article is left
		if err := put("q", strconv.FormatInt(n, 10), nil); err != nil {
			return err
		}
	}
	return nil
}

func indexHead(ctx context.Context, q querier, lang string) (head []byte, id int64, err error) {
	err = q.QueryRowContext(ctx, "SELECT head, id FROM kb_index WHERE lang = ?", lang).Scan(&head, &id)
	return head, id, err
}

// blockReader reads blocks of one index.
func blockReader(ctx context.Context, q querier, index int64) search.Blocks {
	return func(numbers []uint32) (map[uint32][]byte, error) {
		ids := make([]int64, len(numbers))
		for i, n := range numbers {
			ids[i] = index<<blockShift + int64(n)
		}
		rows, err := q.QueryContext(ctx, "SELECT id, data FROM kb_index_block WHERE id IN (SELECT value FROM json_each(?))", text(ids))
		if err != nil {
			return nil, err
		}
		defer rows.Close()
		out := make(map[uint32][]byte, len(numbers))
		for rows.Next() {
			var id int64
			var data []byte
			if err := rows.Scan(&id, &data); err != nil {
				return nil, err
			}
			out[uint32(id&(1<<blockShift-1))] = data
		}
		return out, rows.Err()
	}
}

// settingVersion is the setting that counts the changes of the indexes and of
// the synonyms.
const settingVersion = "index_version"

func (w *writer) nextVersion(ctx context.Context) error {
	_, err := w.tx.ExecContext(ctx, `INSERT INTO kb_setting (name, value) VALUES (?, '1')
		ON CONFLICT (name) DO UPDATE SET value = CAST(value AS INTEGER) + 1`, settingVersion)
	return err
}

// indexCache keeps the indexes that a Base opened, until one is changed by
// whatever process.
type indexCache struct {
	sync.Mutex
	version string
	open    map[string]*search.Index
}

// openIndex opens the index of a language as it is at this moment. An index of
// another layout than this version reads gives search.ErrLayout.
func (b *Base) openIndex(ctx context.Context, q querier, lang string) (*search.Index, error) {
	var version string
	err := q.QueryRowContext(ctx, "SELECT value FROM kb_setting WHERE name = ?", settingVersion).Scan(&version)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return nil, err
	}
	b.cache.Lock()
	defer b.cache.Unlock()
	if b.cache.version != version || b.cache.open == nil {
		b.cache.version, b.cache.open = version, map[string]*search.Index{}
	}
	if x := b.cache.open[lang]; x != nil {
		var id int64
		err := q.QueryRowContext(ctx, "SELECT id FROM kb_index WHERE lang = ?", lang).Scan(&id)
		return x.Reading(blockReader(ctx, q, id)), err
	}
	x, err := readIndex(ctx, q, lang)
	if err == nil {
		b.cache.open[lang] = x
	}
	return x, err
}

func readIndex(ctx context.Context, q querier, lang string) (*search.Index, error) {
	head, id, err := indexHead(ctx, q, lang)
	if err != nil {
		return nil, err
	}
	synonyms, err := synonymsOf(ctx, q, lang)
	if err != nil {
		return nil, err
	}
	rows, err := q.QueryContext(ctx, "SELECT doc, kind = 'q', data FROM kb_index_change WHERE lang = ? ORDER BY kind, doc", lang)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var changes []search.Change
	for rows.Next() {
		var c search.Change
		if err := rows.Scan(&c.ID, &c.Question, &c.Data); err != nil {
			return nil, err
		}
		changes = append(changes, c)
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	return search.Open(head, blockReader(ctx, q, id), synonyms, changes)
}

// languages returns the languages that have an index, the largest first.
func languages(ctx context.Context, q querier) ([]string, error) {
	rows, err := q.QueryContext(ctx, "SELECT lang FROM kb_index ORDER BY length(head) DESC, lang")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []string
	for rows.Next() {
		var l string
		if err := rows.Scan(&l); err != nil {
			return nil, err
		}
		out = append(out, l)
	}
	return out, rows.Err()
}

// settingModel is the setting that holds learned weights.
const settingModel = "weights"

// storedModel is a search.Model as it is stored.
type storedModel struct {
	Plain, Linked map[string]float64
}

// model returns the weights of this store: learned ones, else those shipped.
func model(ctx context.Context, q querier) (search.Model, error) {
	var s string
	err := q.QueryRowContext(ctx, "SELECT value FROM kb_setting WHERE name = ?", settingModel).Scan(&s)
	if errors.Is(err, sql.ErrNoRows) {
		return search.Default(), nil
	}
	if err != nil {
		return search.Model{}, err
	}
	var m storedModel
	if err := json.Unmarshal([]byte(s), &m); err != nil {
		return search.Model{}, err
	}
	return search.Model{Plain: search.WeightsOf(m.Plain), Linked: search.WeightsOf(m.Linked)}, nil
}

// SetModel keeps learned weights for this store.
func (b *Base) SetModel(ctx context.Context, m search.Model) error {
	return b.write(ctx, func(w *writer) error {
		_, err := w.tx.ExecContext(ctx, "INSERT OR REPLACE INTO kb_setting (name, value) VALUES (?, ?)", settingModel, text(storedModel{m.Plain.Map(), m.Linked.Map()}))
		return err
	})
}
