package register

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"kcc/contacts"
	"kcc/contacts/promise"
)

// Edit changes fields of a contact: nil leaves a field as it is, empty clears it.
type Edit struct {
	Channel, Kind, Subject, Segment, Cause, Outcome, Note, AddNote *string
	Agent, Reference, Party                                        *string
	CSAT, Effort, NPS                                              *float64
	Articles                                                       []string // added
}

// Edit changes a contact.
func (d *Desk) Edit(ctx context.Context, id int64, e Edit) error {
	var set []string
	var args []any
	put := func(col string, v any) { set, args = append(set, col+" = ?"), append(args, v) }
	for _, f := range []struct {
		what, col string
		v         *string
		known     []string
		null      bool
	}{
		{"channel", "channel", e.Channel, d.Centre.Channels, false},
		{"", "kind", e.Kind, nil, false},
		{"subject", "subject", e.Subject, d.Centre.subjectNames(), false},
		{"segment", "segment", e.Segment, d.Centre.Segments, false},
		{"", "cause", e.Cause, nil, false},
		{"", "outcome", e.Outcome, nil, false},
		{"", "agent", e.Agent, nil, true},
		{"", "reference", e.Reference, nil, true},
	} {
		if f.v == nil {
			continue
		}
		v := strings.TrimSpace(*f.v)
		if err := check(f.what, v, f.known); err != nil {
			return err
		}
		if f.col == "channel" && v == "" {
			return errNoChannel
		}
		if f.null {
			put(f.col, null(v))
		} else {
			put(f.col, v)
		}
	}
	if e.Party != nil {
		var ref any
		if *e.Party != "" {
			r, err := d.ref(*e.Party)
			if err != nil {
				return err
			}
			ref = r
		}
		put("party_ref", ref)
		put("judgeable", ref != nil)
	}
	if e.Note != nil {
		put("note", null(d.mask(*e.Note)))
	}
	if e.AddNote != nil {
		set = append(set, "note = CASE WHEN note IS NULL THEN ? ELSE note || char(10) || ? END")
		text := d.mask(*e.AddNote)
		args = append(args, text, text)
	}
	if e.CSAT != nil {
		put("csat", *e.CSAT)
	}
	if e.Effort != nil {
		put("effort", *e.Effort)
	}
	if e.NPS != nil {
		if *e.NPS < 0 || *e.NPS > 10 {
			return fmt.Errorf("nps %g: want a score from 0 to 10", *e.NPS)
		}
		put("nps", *e.NPS)
	}
	if len(set) == 0 && len(e.Articles) == 0 {
		return errors.New("nothing is to be changed")
	}
	return d.write(ctx, func(tx *sql.Tx) error {
		if err := exists(ctx, tx, id); err != nil {
			return err
		}
		for _, a := range e.Articles {
			if _, err := tx.ExecContext(ctx, "INSERT OR IGNORE INTO contact_article (contact_id, article) VALUES (?, ?)", id, a); err != nil {
				return err
			}
		}
		if len(e.Articles) > 0 {
			set = append(set, "article = CASE WHEN article = '' THEN ? ELSE article END")
			args = append(args, e.Articles[0])
		}
		if e.Channel != nil {
			queue, err := d.queueOfEdit(ctx, tx, id, strings.TrimSpace(*e.Channel))
			if err != nil {
				return err
			}
			put("queue_id", queue)
		}
		return contacts.Rolled(ctx, tx, id, func() error {
			chained := e.Party != nil || e.Subject != nil
			if chained {
				if err := contacts.UnlinkRepeat(ctx, tx, id, contacts.RepeatWithin); err != nil {
					return err
				}
			}
			if _, err := tx.ExecContext(ctx, "UPDATE contact SET "+strings.Join(set, ", ")+" WHERE id = ?", append(args, id)...); err != nil || !chained {
				return err
			}
			return contacts.LinkRepeat(ctx, tx, id, contacts.RepeatWithin)
		})
	})
}

// queueOfEdit returns the queue for another channel of a registered contact. That
// of an imported one follows from the queue in its file.
func (d *Desk) queueOfEdit(ctx context.Context, tx *sql.Tx, id int64, channel string) (int64, error) {
	var source int64
	if err := tx.QueryRowContext(ctx, "SELECT source_id FROM contact WHERE id = ?", id).Scan(&source); err != nil {
		return 0, err
	}
	if err := d.sourceID(ctx, tx); err != nil {
		return 0, err
	}
	if source != d.source {
		return 0, fmt.Errorf("contact %d was imported: its channel follows from its queue", id)
	}
	return d.queueID(ctx, tx, channel)
}

func (d *Desk) mask(text string) string {
	if d.Secrets == nil {
		return text
	}
	text, _ = d.Secrets.Mask(text)
	return text
}

// CloseContact closes a contact and the open work on it.
func (d *Desk) CloseContact(ctx context.Context, id int64, outcome, reason string, at time.Time) error {
	at, reason = d.at(at), d.mask(reason)
	return d.write(ctx, func(tx *sql.Tx) error {
		if err := exists(ctx, tx, id); err != nil {
			return err
		}
		work, err := ids(ctx, tx, "SELECT id FROM handoff WHERE contact_id = ? AND status <> 'closed' ORDER BY id", id)
		if err != nil {
			return err
		}
		var status string
		if err := tx.QueryRowContext(ctx, "SELECT status FROM contact WHERE id = ?", id).Scan(&status); err != nil {
			return err
		}
		if status == "closed" && len(work) == 0 {
			return fmt.Errorf("contact %d: %w", id, &promise.RefusedError{Kind: promise.Closed, Why: "it is closed already"})
		}
		for _, w := range work {
			if err := d.apply(ctx, tx, w, promise.Event{At: at, Kind: promise.Closed, Reason: reason, By: d.By}); err != nil {
				return err
			}
		}
		return contacts.Rolled(ctx, tx, id, func() error {
			_, err := tx.ExecContext(ctx, "UPDATE contact SET status = 'closed', closed = ?, outcome = CASE WHEN ? = '' THEN outcome ELSE ? END WHERE id = ?",
				at.Unix(), outcome, outcome, id)
			return err
		})
	})
}

// ReopenContact opens a contact again, with the work on it that was closed last;
// without such work the centre itself gets it.
func (d *Desk) ReopenContact(ctx context.Context, id int64, reason string, at time.Time) error {
	at, reason = d.at(at), d.mask(reason)
	return d.write(ctx, func(tx *sql.Tx) error {
		if err := exists(ctx, tx, id); err != nil {
			return err
		}
		var status string
		if err := tx.QueryRowContext(ctx, "SELECT status FROM contact WHERE id = ?", id).Scan(&status); err != nil {
			return err
		}
		if status == "open" {
			return fmt.Errorf("contact %d: %w", id, &promise.RefusedError{Kind: promise.Reopened, Why: "it is open"})
		}
		work, err := ids(ctx, tx, "SELECT id FROM handoff WHERE contact_id = ? AND status = 'closed' ORDER BY closed DESC, id DESC LIMIT 1", id)
		if err != nil {
			return err
		}
		if len(work) > 0 {
			return d.apply(ctx, tx, work[0], promise.Event{At: at, Kind: promise.Reopened, Reason: reason, By: d.By})
		}
		_, _, err = d.addWork(ctx, tx, Work{Contact: id, At: at})
		return err
	})
}

// Link puts contacts in one question and returns it: the question that one of
// them has already, else a new one.
func (d *Desk) Link(ctx context.Context, contact []int64, question int64) (int64, error) {
	err := d.write(ctx, func(tx *sql.Tx) error {
		for _, id := range contact {
			if err := exists(ctx, tx, id); err != nil {
				return err
			}
			if question != 0 {
				continue
			}
			have, err := ids(ctx, tx, "SELECT question_id FROM contact_question WHERE contact_id = ? ORDER BY question_id LIMIT 1", id)
			if err != nil {
				return err
			}
			if len(have) > 0 {
				question = have[0]
			}
		}
		if question == 0 {
			res, err := tx.ExecContext(ctx, "INSERT INTO question (subject, opened) SELECT subject, start FROM contact WHERE id = ?", contact[0])
			if err != nil {
				return err
			}
			if question, err = res.LastInsertId(); err != nil {
				return err
			}
		}
		found, err := ids(ctx, tx, "SELECT id FROM question WHERE id = ?", question)
		if err != nil {
			return err
		}
		if len(found) == 0 {
			return fmt.Errorf("question %d: %w", question, ErrNotFound)
		}
		for _, id := range contact {
			if _, err := tx.ExecContext(ctx, "INSERT OR IGNORE INTO contact_question (contact_id, question_id) VALUES (?, ?)", id, question); err != nil {
				return err
			}
		}
		return nil
	})
	return question, err
}

// LinkArticle notes that an article was used in a contact.
func (d *Desk) LinkArticle(ctx context.Context, contact int64, article string) error {
	return d.Edit(ctx, contact, Edit{Articles: []string{article}})
}

func ids(ctx context.Context, db promise.Queryer, query string, args ...any) ([]int64, error) {
	rows, err := db.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []int64
	for rows.Next() {
		var id int64
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		out = append(out, id)
	}
	return out, rows.Err()
}
