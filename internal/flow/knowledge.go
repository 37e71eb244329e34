package flow

import (
	"context"
	"database/sql"

	"kcc/contacts"
	"kcc/internal/calendar"
	"kcc/kb"
)

// SubjectVolumes tells the knowledge base how many contacts there were about
// each subject in a span of days.
func SubjectVolumes(ctx context.Context, db *sql.DB, from, to calendar.Date) ([]kb.SubjectVolume, error) {
	list, err := contacts.SubjectCounts(ctx, db, from, to)
	out := make([]kb.SubjectVolume, len(list))
	for i, c := range list {
		out[i] = kb.SubjectVolume{Subject: c.Subject, Contacts: c.Contacts}
	}
	return out, err
}

// ArticleUses tells the knowledge base in which contacts its articles were used.
func ArticleUses(ctx context.Context, db *sql.DB) ([]kb.ContactUse, error) {
	list, err := contacts.ArticleUses(ctx, db)
	out := make([]kb.ContactUse, len(list))
	for i, u := range list {
		out[i] = kb.ContactUse{Article: u.Article, Contacts: u.Contacts, Judged: u.Judged, Resolved: u.Resolved}
	}
	return out, err
}
