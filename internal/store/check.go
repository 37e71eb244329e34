package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// maxFindings bounds what one check reports: a damaged file has thousands.
const maxFindings = 100

// Finding is one thing that is wrong with the store.
type Finding struct {
	Check  string // what was looked at: pages, keys, or the name of a Rule
	Detail string // what is wrong, and where
}

// Rule is a check of content that a part of kcc adds to those of the file, such
// as "every promise has its events". Run returns one sentence per violation.
type Rule struct {
	Name string
	Run  func(ctx context.Context, db *sql.DB) ([]string, error)
}

// Query makes a Rule from a query that yields one text per violation.
func Query(name, query string, args ...any) Rule {
	return Rule{Name: name, Run: func(ctx context.Context, db *sql.DB) ([]string, error) {
		return Texts(ctx, db, query, args...)
	}}
}

// Check reads the whole store and reports what is wrong with the file, with the
// references between tables, and with the content by the rules. A store that is
// too damaged to be read gives findings, not an error. Rules are left out when
// the file itself is damaged or its layout is older than this program's.
func Check(ctx context.Context, db *sql.DB, rules ...Rule) ([]Finding, error) {
	out, err := integrity(ctx, db)
	if err != nil || len(out) > 0 {
		return out, err
	}
	keys, err := foreignKeys(ctx, db)
	if err != nil {
		return nil, err
	}
	out = append(out, keys...)
	steps, err := pending(ctx, db)
	if err != nil || len(steps) > 0 {
		return out, err
	}
	for _, r := range rules {
		found, err := r.Run(ctx, db)
		if err != nil {
			return nil, fmt.Errorf("check %s: %w", r.Name, Explain(err))
		}
		for _, d := range found {
			out = append(out, Finding{r.Name, d})
		}
	}
	return out, nil
}

func integrity(ctx context.Context, db *sql.DB) ([]Finding, error) {
	found, err := Texts(ctx, db, fmt.Sprintf("PRAGMA integrity_check(%d)", maxFindings))
	if err = Explain(err); errors.Is(err, ErrDamaged) {
		return []Finding{{"pages", cause(err)}}, nil
	}
	if err != nil {
		return nil, err
	}
	var out []Finding
	for _, f := range found {
		if f != "ok" {
			out = append(out, Finding{"pages", f})
		}
	}
	return out, nil
}

func foreignKeys(ctx context.Context, db *sql.DB) ([]Finding, error) {
	found, err := Texts(ctx, db, `
SELECT 'table ' || "table" || ' row ' || COALESCE(rowid, '?') || ' refers to a row of ' || parent || ' that is not there'
FROM pragma_foreign_key_check LIMIT ?`, maxFindings)
	var out []Finding
	for _, f := range found {
		out = append(out, Finding{"references", f})
	}
	return out, Explain(err)
}
