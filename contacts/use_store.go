package contacts

import (
	"context"
	"database/sql"

	"kcc/internal/calendar"
)

// SubjectCount is the number of inbound contacts about a subject.
type SubjectCount struct {
	Subject  string
	Contacts int
}

// SubjectCounts counts the registered inbound contacts per subject from day
// from up to and including to, the most first; contacts without a subject are
// left out.
func SubjectCounts(ctx context.Context, db *sql.DB, from, to calendar.Date) ([]SubjectCount, error) {
	rows, err := db.QueryContext(ctx, `SELECT subject, SUM(contacts) AS n FROM volume_day
		WHERE day BETWEEN ? AND ? AND direction = 'inbound' AND subject <> '' GROUP BY subject ORDER BY n DESC, subject`, int64(from), int64(to))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []SubjectCount
	for rows.Next() {
		var c SubjectCount
		if err := rows.Scan(&c.Subject, &c.Contacts); err != nil {
			return nil, err
		}
		out = append(out, c)
	}
	return out, rows.Err()
}

// ArticleUse is how often an article of the knowledge base was used in contacts.
type ArticleUse struct {
	Article  string
	Contacts int
	Judged   int // contacts of which is known whether they were resolved at once
	Resolved int
}

// ArticleUses counts the contacts per article, whether named by an import or
// linked by an adviser, in order of article.
func ArticleUses(ctx context.Context, db *sql.DB) ([]ArticleUse, error) {
	rows, err := db.QueryContext(ctx, `SELECT u.article, COUNT(*), SUM(c.resolved IS NOT NULL), SUM(c.resolved IS 1) FROM (
			SELECT contact_id, article FROM contact_article UNION SELECT id, article FROM contact WHERE article <> ''
		) u JOIN contact c ON c.id = u.contact_id GROUP BY u.article ORDER BY u.article`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []ArticleUse
	for rows.Next() {
		var u ArticleUse
		if err := rows.Scan(&u.Article, &u.Contacts, &u.Judged, &u.Resolved); err != nil {
			return nil, err
		}
		out = append(out, u)
	}
	return out, rows.Err()
}
