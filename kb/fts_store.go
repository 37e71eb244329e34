package kb

import (
	"context"
	"database/sql"
	"strings"
	"unicode"
)

// fts is SQLite's own full-text search, to compare with.
type fts struct{ db *sql.DB }

func newFTS(ctx context.Context, db *sql.DB, ev *evaluator) (*fts, error) {
	if _, err := db.ExecContext(ctx, "CREATE VIRTUAL TABLE doc USING fts5(id UNINDEXED, title, body)"); err != nil {
		return nil, err
	}
	for _, lang := range ev.langs {
		for _, d := range ev.docs[lang] {
			if _, err := db.ExecContext(ctx, "INSERT INTO doc (id, title, body) VALUES (?, ?, ?)", d.ID, d.Title, d.Body); err != nil {
				return nil, err
			}
		}
	}
	return &fts{db}, nil
}

// find returns the ids for a question whose words are all, or with or any,
// to be found.
func (f *fts) find(ctx context.Context, question string, or bool) ([]string, error) {
	words := strings.FieldsFunc(question, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	if len(words) == 0 {
		return nil, nil
	}
	sep := " "
	if or {
		sep = " OR "
	}
	for i, w := range words {
		words[i] = `"` + w + `"`
	}
	rows, err := f.db.QueryContext(ctx, "SELECT id FROM doc WHERE doc MATCH ? ORDER BY bm25(doc), rowid LIMIT ?", strings.Join(words, sep), mrrDepth)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []string
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		out = append(out, id)
	}
	return out, rows.Err()
}
