package outbound

import (
	"context"
	"database/sql"
	"strings"
	"time"
)

// in returns the marks and arguments of a list of texts.
func in(list []string) (string, []any) {
	args := make([]any, len(list))
	for i, s := range list {
		args[i] = s
	}
	return "(" + strings.TrimSuffix(strings.Repeat("?, ", len(list)), ", ") + ")", args
}

func isBarred(ctx context.Context, q querier, refs []string) (bool, error) {
	if len(refs) == 0 {
		return false, nil
	}
	marks, args := in(refs)
	var n int
	err := q.QueryRowContext(ctx, "SELECT COUNT(*) FROM do_not_call WHERE party IN "+marks, args...).Scan(&n)
	return n > 0, err
}

func hasConsent(ctx context.Context, q querier, kind Kind, refs []string) (bool, error) {
	if len(refs) == 0 {
		return false, nil
	}
	marks, args := in(refs)
	var n int
	err := q.QueryRowContext(ctx, "SELECT COUNT(*) FROM outbound_consent WHERE withdrawn IS NULL AND kind = ? AND party IN "+marks, append([]any{kind}, args...)...).Scan(&n)
	return n > 0, err
}

// Bar notes that a person, as typed, is not to be called, and ends the open
// records that are about them. It returns how many those were.
func (d *Desk) Bar(ctx context.Context, who, reason string) (int64, error) {
	refs, ref, err := d.refsOf(who)
	if err != nil {
		return 0, err
	}
	var n int64
	err = d.write(ctx, func(tx *sql.Tx) error {
		n, err = d.bar(ctx, tx, ref, refs, reason)
		return err
	})
	return n, err
}

func (d *Desk) refsOf(who string) (refs []string, ref string, err error) {
	if refs, err = d.Register.Secrets.Refs(who); err != nil {
		return nil, "", err
	}
	ref, err = d.Register.Secrets.Ref(who)
	return refs, ref, err
}

func (d *Desk) bar(ctx context.Context, tx *sql.Tx, ref string, refs []string, reason string) (int64, error) {
	reason, _ = d.Register.Secrets.Mask(reason)
	_, err := tx.ExecContext(ctx, "INSERT INTO do_not_call (party, since, reason, by) VALUES (?, ?, ?, ?) ON CONFLICT (party) DO NOTHING",
		ref, d.now().Unix(), reason, d.Register.By)
	if err != nil {
		return 0, err
	}
	marks, args := in(refs)
	var n int64
	if err := tx.QueryRowContext(ctx, "SELECT COUNT(*) FROM outbound_record WHERE status <> 'done' AND party_ref IN "+marks, args...).Scan(&n); err != nil {
		return 0, err
	}
	return n, d.finish(ctx, tx, string(DoNotCall), "status <> 'done' AND party_ref IN "+marks, args...)
}

// Unbar takes a person off the do-not-call list; false when they were not on it.
func (d *Desk) Unbar(ctx context.Context, who string) (bool, error) {
	refs, _, err := d.refsOf(who)
	if err != nil {
		return false, err
	}
	var n int64
	err = d.write(ctx, func(tx *sql.Tx) error {
		marks, args := in(refs)
		res, err := tx.ExecContext(ctx, "DELETE FROM do_not_call WHERE party IN "+marks, args...)
		if err != nil {
			return err
		}
		n, err = res.RowsAffected()
		return err
	})
	return n > 0, err
}

// Barred is one entry of the do-not-call list: never who, only since when.
type Barred struct {
	Ref    string
	Since  time.Time
	Reason string
}

// BarredList returns the do-not-call list, the newest first.
func (d *Desk) BarredList(ctx context.Context) ([]Barred, error) {
	rows, err := d.db().QueryContext(ctx, "SELECT party, since, reason FROM do_not_call ORDER BY since DESC, party")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []Barred
	for rows.Next() {
		var b Barred
		var since int64
		if err := rows.Scan(&b.Ref, &since, &b.Reason); err != nil {
			return nil, err
		}
		b.Since = time.Unix(since, 0).In(d.zone())
		out = append(out, b)
	}
	return out, rows.Err()
}

// SetConsent notes that a person agreed to calls of a kind, or took that back;
// then open records of campaigns that need it end.
func (d *Desk) SetConsent(ctx context.Context, who string, kind Kind, given bool) error {
	if _, ok := defaults[kind]; !ok {
		return (&Campaign{Name: "consent", Kind: kind}).fill()
	}
	refs, ref, err := d.refsOf(who)
	if err != nil {
		return err
	}
	return d.write(ctx, func(tx *sql.Tx) error {
		now := d.now().Unix()
		if given {
			_, err := tx.ExecContext(ctx, `INSERT INTO outbound_consent (party, kind, given) VALUES (?, ?, ?)
				ON CONFLICT (party, kind) DO UPDATE SET given = excluded.given, withdrawn = NULL`, ref, kind, now)
			return err
		}
		marks, args := in(refs)
		if _, err := tx.ExecContext(ctx, "UPDATE outbound_consent SET withdrawn = ? WHERE withdrawn IS NULL AND kind = ? AND party IN "+marks, append([]any{now, kind}, args...)...); err != nil {
			return err
		}
		return d.finish(ctx, tx, resultStopped, "status <> 'done' AND campaign_id IN (SELECT id FROM outbound_campaign WHERE consent = 1 AND kind = ?) AND party_ref IN "+marks,
			append([]any{kind}, args...)...)
	})
}
