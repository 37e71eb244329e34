package kb

import (
	"context"
	"fmt"
	"strings"
	"time"

	"kcc/internal/store"
)

// Event is something that happened with an article.
type Event struct {
	Kind    string // view, link, rate, flag, comment or fixed
	At      time.Time
	Author  string
	Contact string
	Stars   int   // 1-5; 0: none
	Solved  *bool // did it answer the contact
	Note    string
}

// Note keeps an event of an article. The note is masked.
func (b *Base) Note(ctx context.Context, id string, e Event) error {
	return b.write(ctx, func(w *writer) error {
		a, err := w.article(ctx, w.tx, id)
		if err != nil {
			return err
		}
		return w.note(ctx, a, e)
	})
}

func (w *writer) note(ctx context.Context, a *Article, e Event) error {
	if e.At.IsZero() {
		e.At = w.Now()
	}
	var stars, solved any
	if e.Stars != 0 {
		stars = e.Stars
	}
	if e.Solved != nil {
		solved = *e.Solved
	}
	_, err := w.tx.ExecContext(ctx, "INSERT INTO kb_event (article_id, at, kind, author, contact, stars, solved, note) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
		a.row, e.At.Unix(), e.Kind, w.Author, e.Contact, stars, solved, Mask(e.Note))
	return err
}

// Events returns what happened with an article, the newest first.
func (b *Base) Events(ctx context.Context, id string) ([]Event, error) {
	a, err := b.Article(ctx, id)
	if err != nil {
		return nil, err
	}
	rows, err := b.DB.QueryContext(ctx, "SELECT kind, at, author, contact, COALESCE(stars, 0), solved, note FROM kb_event WHERE article_id = ? ORDER BY at DESC, id DESC", a.row)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []Event
	for rows.Next() {
		var e Event
		var at int64
		if err := rows.Scan(&e.Kind, &at, &e.Author, &e.Contact, &e.Stars, &e.Solved, &e.Note); err != nil {
			return nil, err
		}
		e.At = time.Unix(at, 0).In(b.Zone)
		out = append(out, e)
	}
	return out, rows.Err()
}

// Link notes that an article answered a contact and, when a question is given,
// keeps it (masked) as an example for the article.
func (b *Base) Link(ctx context.Context, id, question string, e Event) error {
	return b.write(ctx, func(w *writer) error {
		a, err := w.article(ctx, w.tx, id)
		if err != nil {
			return err
		}
		e.Kind = "link"
		if err := w.note(ctx, a, e); err != nil {
			return err
		}
		if strings.TrimSpace(question) == "" {
			return nil
		}
		_, err = w.ask(ctx, a.Lang, question, "link", []int64{a.row})
		return err
	})
}

// Ask keeps a past question with the articles that answer it. It returns false
// when nothing is left of it after masking.
func (w *writer) ask(ctx context.Context, lang, question, source string, articles []int64) (bool, error) {
	q := Mask(question)
	if len(strings.Trim(q, "#@ .?!")) == 0 || len(articles) == 0 {
		return false, nil
	}
	var id int64
	put, err := w.stmt(ctx, `INSERT INTO kb_question (lang, text, last, source) VALUES (?, ?, ?, ?)
		ON CONFLICT (lang, text) DO UPDATE SET times = times + 1, last = excluded.last RETURNING id`)
	if err != nil {
		return false, err
	}
	link, err := w.stmt(ctx, "INSERT OR IGNORE INTO kb_question_article (question_id, article_id) VALUES (?, ?)")
	if err != nil {
		return false, err
	}
	err = put.QueryRowContext(ctx, lang, q, w.Now().Unix(), source).Scan(&id)
	if err != nil {
		return false, err
	}
	for _, a := range articles {
		if _, err := link.ExecContext(ctx, id, a); err != nil {
			return false, err
		}
	}
	w.mark(lang).questions[id] = true
	return true, nil
}

// Labelled is a question with the ids of the articles that answer it.
type Labelled struct {
	ID       string
	Text     string
	Articles []string
}

// LinkAll keeps many past questions. Links to articles that are not there are
// counted, not kept.
func (b *Base) LinkAll(ctx context.Context, questions []Labelled, source string) (kept, unknown int, err error) {
	err = b.write(ctx, func(w *writer) error {
		kept, unknown = 0, 0
		rows, err := w.tx.QueryContext(ctx, "SELECT name, id, lang FROM kb_article")
		if err != nil {
			return err
		}
		type place struct {
			row  int64
			lang string
		}
		known := map[string]place{}
		for rows.Next() {
			var name string
			var p place
			if err := rows.Scan(&name, &p.row, &p.lang); err != nil {
				rows.Close()
				return err
			}
			known[name] = p
		}
		rows.Close()
		if err := rows.Err(); err != nil {
			return err
		}
		for _, q := range questions {
			byLang := map[string][]int64{}
			for _, id := range q.Articles {
				if p, ok := known[id]; ok {
					byLang[p.lang] = append(byLang[p.lang], p.row)
				}
			}
			if len(byLang) == 0 {
				unknown++
			}
			for lang, to := range byLang {
				ok, err := w.ask(ctx, lang, q.Text, source, to)
				if err != nil {
					return err
				}
				if ok {
					kept++
				}
			}
		}
		return nil
	})
	return kept, unknown, err
}

// Asked returns the past questions linked to an article, the most frequent first.
func (b *Base) Asked(ctx context.Context, id string, limit int) ([]string, error) {
	return store.Texts(ctx, b.DB, `SELECT q.text FROM kb_question q JOIN kb_question_article l ON l.question_id = q.id
		JOIN kb_article a ON a.id = l.article_id WHERE a.name = ? ORDER BY q.times DESC, q.text LIMIT ?`, id, limit)
}

// Synonym is a word and one that means the same.
type Synonym struct{ Lang, Word, Same string }

// Synonyms returns the table of a language, or of all when it is empty.
func (b *Base) Synonyms(ctx context.Context, lang string) ([]Synonym, error) {
	rows, err := b.DB.QueryContext(ctx, "SELECT lang, word, same FROM kb_synonym WHERE ? IN ('', lang) ORDER BY lang, word, same", lang)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []Synonym
	for rows.Next() {
		var s Synonym
		if err := rows.Scan(&s.Lang, &s.Word, &s.Same); err != nil {
			return nil, err
		}
		out = append(out, s)
	}
	return out, rows.Err()
}

// synonymsOf returns the table as the index wants it, both ways.
func synonymsOf(ctx context.Context, q querier, lang string) (map[string][]string, error) {
	rows, err := q.QueryContext(ctx, "SELECT word, same FROM kb_synonym WHERE lang = ? ORDER BY word, same", lang)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := map[string][]string{}
	for rows.Next() {
		var a, c string
		if err := rows.Scan(&a, &c); err != nil {
			return nil, err
		}
		out[a] = append(out[a], c)
		out[c] = append(out[c], a)
	}
	return out, rows.Err()
}

// AddSynonyms makes words of a language mean the same.
func (b *Base) AddSynonyms(ctx context.Context, lang, word string, same []string) error {
	word = strings.ToLower(strings.TrimSpace(word))
	return b.write(ctx, func(w *writer) error {
		w.words = true
		for _, s := range same {
			s = strings.ToLower(strings.TrimSpace(s))
			if word == "" || s == "" || s == word || strings.ContainsAny(word+s, " \t\n") {
				return fmt.Errorf("%w: synonyms are two different single words, not %q and %q", ErrInvalid, word, s)
			}
			if _, err := w.tx.ExecContext(ctx, "INSERT OR IGNORE INTO kb_synonym (lang, word, same) VALUES (?, ?, ?)", lang, word, s); err != nil {
				return err
			}
		}
		return nil
	})
}

// RemoveSynonyms removes a word from the table and returns how many lines went.
func (b *Base) RemoveSynonyms(ctx context.Context, lang, word string) (n int64, err error) {
	err = b.write(ctx, func(w *writer) error {
		w.words = true
		res, err := w.tx.ExecContext(ctx, "DELETE FROM kb_synonym WHERE lang = ?1 AND (word = ?2 OR same = ?2)", lang, strings.ToLower(word))
		if err != nil {
			return err
		}
		n, err = res.RowsAffected()
		return err
	})
	return n, err
}
