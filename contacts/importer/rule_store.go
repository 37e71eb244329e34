package importer

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"

	"kcc/contacts"
	"kcc/internal/store"
)

// Rules returns the rules from queues to channels and subjects, in order.
func Rules(ctx context.Context, db *sql.DB) ([]QueueRule, error) {
	rows, err := db.QueryContext(ctx, "SELECT pattern, channel, subject FROM queue_rule ORDER BY position, pattern")
	if err != nil {
		return nil, store.Explain(err)
	}
	defer rows.Close()
	var out []QueueRule
	for rows.Next() {
		var r QueueRule
		if err := rows.Scan(&r.Pattern, &r.Channel, &r.Subject); err != nil {
			return nil, err
		}
		out = append(out, r)
	}
	return out, rows.Err()
}

// SetRule adds a rule or replaces the one with the same pattern, and applies it
// to what was imported before. It returns how many queues it changed.
func SetRule(ctx context.Context, db *sql.DB, r QueueRule) (int, error) {
	if strings.TrimSpace(r.Pattern) == "" {
		return 0, errors.New("a rule wants the name of a queue, or a pattern with * and ?")
	}
	r.Channel = contacts.ChannelName(r.Channel)
	changed := 0
	err := store.Write(ctx, db, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO queue_rule (pattern, channel, subject, position)
			SELECT ?, ?, ?, COALESCE(MAX(position), 0) + 1 FROM queue_rule WHERE true
			ON CONFLICT (pattern) DO UPDATE SET channel = excluded.channel, subject = excluded.subject`, r.Pattern, r.Channel, r.Subject)
		if err != nil {
			return err
		}
		changed, err = applyRules(ctx, tx)
		return err
	})
	return changed, err
}

// RemoveRule removes a rule. Queues keep what it made of them.
func RemoveRule(ctx context.Context, db *sql.DB, pattern string) error {
	return store.Write(ctx, db, func(tx *sql.Tx) error {
		res, err := tx.ExecContext(ctx, "DELETE FROM queue_rule WHERE pattern = ?", pattern)
		if err != nil {
			return err
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			return errors.Join(err, fmt.Errorf("there is no rule %q", pattern))
		}
		return nil
	})
}

// Queue is a queue or skill of a source and what it stands for.
type Queue struct {
	Source, Name, Channel, Subject string
	Known                          bool
	Rows                           int64
}

// Queues lists every queue that was imported.
func Queues(ctx context.Context, db *sql.DB) ([]Queue, error) {
	rows, err := db.QueryContext(ctx, `SELECT s.name, q.name, q.channel, q.subject, q.known, COALESCE(SUM(c.rows), 0)
		FROM queue q JOIN source s ON s.id = q.source_id LEFT JOIN coverage c ON c.queue_id = q.id
		GROUP BY q.id ORDER BY q.known, s.rank, q.name, q.channel`)
	if err != nil {
		return nil, store.Explain(err)
	}
	defer rows.Close()
	var out []Queue
	for rows.Next() {
		var q Queue
		if err := rows.Scan(&q.Source, &q.Name, &q.Channel, &q.Subject, &q.Known, &q.Rows); err != nil {
			return nil, err
		}
		out = append(out, q)
	}
	return out, rows.Err()
}

// applyRules brings the queues of the store in line with the rules.
func applyRules(ctx context.Context, tx *sql.Tx) (int, error) {
	var rules []QueueRule
	rows, err := tx.QueryContext(ctx, "SELECT pattern, channel, subject FROM queue_rule ORDER BY position, pattern")
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	for rows.Next() {
		var r QueueRule
		if err := rows.Scan(&r.Pattern, &r.Channel, &r.Subject); err != nil {
			return 0, err
		}
		rules = append(rules, r)
	}
	if err := rows.Err(); err != nil {
		return 0, err
	}
	rows.Close()
	type queue struct {
		id                     int64
		name, channel, subject string
	}
	var all []queue
	rows, err = tx.QueryContext(ctx, "SELECT id, name, channel, subject FROM queue WHERE name <> ''")
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	for rows.Next() {
		var q queue
		if err := rows.Scan(&q.id, &q.name, &q.channel, &q.subject); err != nil {
			return 0, err
		}
		all = append(all, q)
	}
	if err := rows.Err(); err != nil {
		return 0, err
	}
	rows.Close()
	var touched []int64
	for _, q := range all {
		i := slices.IndexFunc(rules, func(r QueueRule) bool { return r.Match(q.name) })
		if i < 0 {
			continue
		}
		r := rules[i]
		channel := q.channel
		if r.Channel != "" {
			channel = r.Channel
		}
		res, err := tx.ExecContext(ctx, "UPDATE queue SET channel = ?, subject = ?, known = 1 WHERE id = ? AND (channel <> ? OR subject <> ? OR known = 0)",
			channel, r.Subject, q.id, channel, r.Subject)
		if err != nil {
			return 0, err
		}
		if n, err := res.RowsAffected(); err != nil {
			return 0, err
		} else if n == 0 {
			continue
		}
		if _, err := tx.ExecContext(ctx, "UPDATE contact SET channel = ? WHERE queue_id = ?", channel, q.id); err != nil {
			return 0, err
		}
		if r.Subject != q.subject {
			for _, t := range []string{"contact", "interval_fact"} {
				if _, err := tx.ExecContext(ctx, "UPDATE "+t+" SET subject = ? WHERE queue_id = ? AND subject IN ('', ?)", r.Subject, q.id, q.subject); err != nil {
					return 0, err
				}
			}
		}
		touched = append(touched, q.id)
	}
	return len(touched), rebuild(ctx, tx, touched)
}
