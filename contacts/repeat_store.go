package contacts

import (
	"context"
	"database/sql"
	"errors"
	"time"
)

// RepeatWithin is within how long a contact of the same customer about the same
// subject is a repeat, unless set otherwise.
const RepeatWithin = 7 * 24 * time.Hour

// LinkRepeat links a contact to the one before it and the one after it of the
// same customer and subject, where they are close enough to be repeats. The
// roll-ups of those two are kept in step; that of the contact itself is left to
// the caller.
func LinkRepeat(ctx context.Context, tx *sql.Tx, id int64, within time.Duration) error {
	var party sql.NullString
	var subject string
	var start int64
	err := tx.QueryRowContext(ctx, "SELECT party_ref, subject, start FROM contact WHERE id = ?", id).Scan(&party, &subject, &start)
	if err != nil || party.String == "" {
		return err
	}
	w := int64(within / time.Second)
	neighbour := func(query string, args ...any) (int64, error) {
		var n int64
		err := tx.QueryRowContext(ctx, "SELECT id FROM contact WHERE party_ref = ? AND subject = ? AND "+query+" LIMIT 1", append([]any{party.String, subject}, args...)...).Scan(&n)
		if errors.Is(err, sql.ErrNoRows) {
			err = nil
		}
		return n, err
	}
	before, err := neighbour("start BETWEEN ? AND ? AND (start < ? OR id < ?) ORDER BY start DESC, id DESC", start-w, start, start, id)
	if err != nil {
		return err
	}
	after, err := neighbour("start BETWEEN ? AND ? AND (start > ? OR id > ?) ORDER BY start, id", start, start+w, start, id)
	if err != nil {
		return err
	}
	if err := setRepeat(ctx, tx, "UPDATE contact SET repeat_of = ?, followed_by = ? WHERE id = ?", orNull(before), orNull(after), id); err != nil {
		return err
	}
	return neighbours(ctx, tx, before, after, id, id)
}

// UnlinkRepeat takes a contact out of the chain of repeats it is in, and joins
// the contacts on both sides of it when they are close enough. The roll-up of
// the contact itself is left to the caller.
func UnlinkRepeat(ctx context.Context, tx *sql.Tx, id int64, within time.Duration) error {
	var before, after, from, to int64
	err := tx.QueryRowContext(ctx, `SELECT COALESCE(c.repeat_of, 0), COALESCE(c.followed_by, 0), COALESCE(b.start, 0), COALESCE(a.start, 0)
		FROM contact c LEFT JOIN contact b ON b.id = c.repeat_of LEFT JOIN contact a ON a.id = c.followed_by WHERE c.id = ?`, id).Scan(&before, &after, &from, &to)
	if err != nil || (before == 0 && after == 0) {
		return err
	}
	if err := setRepeat(ctx, tx, "UPDATE contact SET repeat_of = NULL, followed_by = NULL WHERE id = ?", id); err != nil {
		return err
	}
	if before == 0 || after == 0 || to-from > int64(within/time.Second) {
		return neighbours(ctx, tx, before, after, 0, 0)
	}
	return neighbours(ctx, tx, before, after, after, before)
}

// neighbours sets what follows the contact before, and what the contact after
// repeats.
func neighbours(ctx context.Context, tx *sql.Tx, before, after, follows, repeats int64) error {
	for _, n := range []struct {
		id, to int64
		query  string
	}{
		{before, follows, "UPDATE contact SET followed_by = ? WHERE id = ?"},
		{after, repeats, "UPDATE contact SET repeat_of = ? WHERE id = ?"},
	} {
		if n.id == 0 {
			continue
		}
		if err := Rolled(ctx, tx, n.id, func() error { return setRepeat(ctx, tx, n.query, orNull(n.to), n.id) }); err != nil {
			return err
		}
	}
	return nil
}

func setRepeat(ctx context.Context, tx *sql.Tx, query string, args ...any) error {
	_, err := tx.ExecContext(ctx, query, args...)
	return err
}

func orNull(id int64) any {
	if id == 0 {
		return nil
	}
	return id
}
