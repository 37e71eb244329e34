package kb

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"slices"

	"kcc/internal/store"
	"kcc/kb/search"
)

// Found is an article that may answer a question.
type Found struct {
	*Article
	Score   float64
	Cover   float64 // how well it fits, 0 to about 1, whatever the weights
	Snippet string  // part of the answer with the words asked for between ** and **
	Parts   []search.Part
}

// SearchOptions of Search; the zero value asks for five articles of any kind.
type SearchOptions struct {
	Filter
	Limit   int
	Explain bool
	Keep    bool // keep the question, masked, for the gaps report
}

// The words of a snippet and the articles looked at per round of filtering.
const (
	snippetWords  = 36
	defaultLimit  = 5
	filterBatch   = 64
	goodCover     = 0.5 // below it a first answer counts as none in the gaps report
	highlightMark = "**"
)

// Search finds the articles that answer a question, the best first. A language
// in the filter leaves the others out; else all are searched.
func (b *Base) Search(ctx context.Context, question string, o SearchOptions) ([]Found, error) {
	if o.Limit <= 0 {
		o.Limit = defaultLimit
	}
	out, err := b.search(ctx, question, &o)
	if errors.Is(err, search.ErrLayout) { // of an earlier version
		if err = b.renew(ctx); err == nil {
			out, err = b.search(ctx, question, &o)
		}
	}
	if err != nil {
		return nil, err
	}
	if o.Keep {
		return out, b.keepSearch(ctx, question, o.Lang, out)
	}
	return out, nil
}

func (b *Base) search(ctx context.Context, question string, o *SearchOptions) ([]Found, error) {
	var out []Found
	err := store.Read(ctx, b.DB, func(tx *sql.Tx) error {
		out = nil
		langs, err := languages(ctx, tx)
		if err != nil {
			return err
		}
		m, err := model(ctx, tx)
		if err != nil {
			return err
		}
		for _, lang := range langs {
			if o.Lang != "" && o.Lang != lang {
				continue
			}
			found, err := b.searchIn(ctx, tx, lang, m, question, o)
			if err != nil {
				return err
			}
			out = append(out, found...)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(out, func(x, y Found) int { return cmp.Compare(y.Score, x.Score) })
	if len(out) > o.Limit {
		out = out[:o.Limit]
	}
	return out, nil
}

// renew makes all indexes anew.
func (b *Base) renew(ctx context.Context) error {
	again := &Base{DB: b.DB, Now: b.Now, Zone: b.Zone, Author: b.Author} // also in a dry run: it is only the index
	return again.write(ctx, func(w *writer) error {
		langs, err := languages(ctx, w.tx)
		for _, lang := range langs {
			w.mark(lang).all = true
		}
		return err
	})
}

func (b *Base) searchIn(ctx context.Context, tx *sql.Tx, lang string, m search.Model, question string, o *SearchOptions) ([]Found, error) {
	x, err := b.openIndex(ctx, tx, lang)
	if err != nil {
		return nil, err
	}
	w := m.For(x)
	var out []Found
	for limit, from := filterBatch, 0; ; limit *= 4 {
		hits, err := x.Search(question, w, limit)
		if err != nil {
			return nil, err
		}
		for _, h := range hits[min(from, len(hits)):] {
			a, err := b.article(ctx, tx, h.ID)
			if err != nil {
				return nil, err
			}
			if !o.matches(a) {
				continue
			}
			f := Found{Article: a, Score: h.Score, Cover: h.Cover()}
			f.Snippet = search.Snippet(search.Lang(lang), question, PlainText(a.Body), snippetWords, highlightMark, highlightMark)
			if o.Explain {
				f.Parts = h.Explain(w)
			}
			if out = append(out, f); len(out) == o.Limit {
				return out, nil
			}
		}
		if len(hits) < limit {
			return out, nil
		}
		from = limit
	}
}

func (b *Base) keepSearch(ctx context.Context, question, lang string, found []Found) error {
	if lang == "" {
		lang = string(search.Guess(question))
	}
	first, cover := "", any(nil)
	if len(found) > 0 {
		first, cover = found[0].ID, found[0].Cover
	}
	return b.write(ctx, func(w *writer) error {
		_, err := w.tx.ExecContext(ctx, "INSERT INTO kb_search (at, source, lang, text, article, cover) VALUES (?, 'search', ?, ?, ?, ?)",
			w.Now().Unix(), lang, Mask(question), first, cover)
		return err
	})
}
