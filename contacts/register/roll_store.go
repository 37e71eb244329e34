package register

import (
	"context"
	"database/sql"
)

// Roll-ups are kept in the transaction that changes a contact: one statement per
// table adds (sign 1) or takes away (sign -1) a single contact.
const (
	rollInterval = `
INSERT INTO volume_interval (start, queue_id, subject, source_id, day, step_s, rows, offered, answered, abandoned, short_abandoned, offered_n,
	wait_sum, wait_n, talk_sum, talk_n, hold_sum, acw_sum, handle_sum, handle_n)
SELECT start - start % 900, queue_id, subject, source_id, day, 900, ?1, ?1,
	?1 * answered, ?1 * (outcome = 'abandoned'), ?1 * (outcome = 'short_abandon'), ?1,
	?1 * answered * COALESCE(wait_s, 0), ?1 * (answered AND wait_s IS NOT NULL),
	?1 * answered * COALESCE(talk_s, 0), ?1 * (answered AND talk_s IS NOT NULL), ?1 * answered * COALESCE(hold_s, 0), ?1 * answered * COALESCE(acw_s, 0),
	?1 * answered * COALESCE(handle_s, 0), ?1 * (answered AND handle_s IS NOT NULL)
FROM (SELECT *, outcome NOT IN ('abandoned', 'short_abandon', 'overflow') AS answered FROM contact WHERE id = ?2 AND queue_id IS NOT NULL AND direction = 'inbound')
WHERE true
ON CONFLICT DO UPDATE SET rows = rows + excluded.rows, offered = offered + excluded.offered, answered = answered + excluded.answered,
	abandoned = abandoned + excluded.abandoned, short_abandoned = short_abandoned + excluded.short_abandoned, offered_n = offered_n + excluded.offered_n,
	wait_sum = wait_sum + excluded.wait_sum, wait_n = wait_n + excluded.wait_n, talk_sum = talk_sum + excluded.talk_sum, talk_n = talk_n + excluded.talk_n,
	hold_sum = hold_sum + excluded.hold_sum, acw_sum = acw_sum + excluded.acw_sum, handle_sum = handle_sum + excluded.handle_sum,
	handle_n = handle_n + excluded.handle_n`

	rollDay = `
INSERT INTO volume_day (day, queue_id, direction, subject, kind, segment, source_id, contacts, answered, abandoned, short_abandoned, transferred,
	resolved, resolved_n, wait_sum, wait_n, handle_sum, handle_n, csat_sum, csat_n)
SELECT day, queue_id, direction, subject, kind, segment, source_id, ?1,
	?1 * answered, ?1 * (outcome = 'abandoned'), ?1 * (outcome = 'short_abandon'), ?1 * (COALESCE(transferred, 0)),
	?1 * COALESCE(resolved, 0), ?1 * (resolved IS NOT NULL), ?1 * answered * COALESCE(wait_s, 0), ?1 * (answered AND wait_s IS NOT NULL),
	?1 * answered * COALESCE(handle_s, 0), ?1 * (answered AND handle_s IS NOT NULL), ?1 * COALESCE(csat, 0), ?1 * (csat IS NOT NULL)
FROM (SELECT *, outcome NOT IN ('abandoned', 'short_abandon', 'overflow') AS answered FROM contact WHERE id = ?2 AND queue_id IS NOT NULL)
WHERE true
ON CONFLICT DO UPDATE SET contacts = contacts + excluded.contacts, answered = answered + excluded.answered, abandoned = abandoned + excluded.abandoned,
	short_abandoned = short_abandoned + excluded.short_abandoned, transferred = transferred + excluded.transferred,
	resolved = resolved + excluded.resolved, resolved_n = resolved_n + excluded.resolved_n, wait_sum = wait_sum + excluded.wait_sum,
	wait_n = wait_n + excluded.wait_n, handle_sum = handle_sum + excluded.handle_sum, handle_n = handle_n + excluded.handle_n,
	csat_sum = csat_sum + excluded.csat_sum, csat_n = csat_n + excluded.csat_n`

	rollCoverage = `
INSERT INTO coverage (channel, day, source_id, queue_id, rows)
SELECT q.channel, c.day, c.source_id, c.queue_id, ?1 FROM contact c JOIN queue q ON q.id = c.queue_id WHERE c.id = ?2
ON CONFLICT DO UPDATE SET rows = rows + excluded.rows`
)

// Cells that a contact was the last one of go, so that an emptied day does not
// count as covered.
const (
	emptyInterval = `
DELETE FROM volume_interval WHERE rows = 0 AND (start, queue_id, subject) IN (SELECT start - start % 900, queue_id, subject FROM contact WHERE id = ?)`
	emptyDay = `
DELETE FROM volume_day WHERE contacts = 0 AND (day, queue_id, direction, subject, kind, segment) IN
	(SELECT day, queue_id, direction, subject, kind, segment FROM contact WHERE id = ?)`
	emptyCoverage = `
DELETE FROM coverage WHERE rows = 0 AND (day, queue_id) IN (SELECT day, queue_id FROM contact WHERE id = ?)`
)

// roll adds a contact to the roll-ups, or takes it away.
func roll(ctx context.Context, tx *sql.Tx, id int64, sign int) error {
	for _, q := range []string{rollInterval, rollDay, rollCoverage} {
		if _, err := tx.ExecContext(ctx, q, sign, id); err != nil {
			return err
		}
	}
	if sign > 0 {
		return nil
	}
	for _, q := range []string{emptyInterval, emptyDay, emptyCoverage} {
		if _, err := tx.ExecContext(ctx, q, id); err != nil {
			return err
		}
	}
	return nil
}

// rolled changes a contact and keeps the roll-ups in step.
func (d *Desk) rolled(ctx context.Context, tx *sql.Tx, id int64, change func() error) error {
	if err := roll(ctx, tx, id, -1); err != nil {
		return err
	}
	if err := change(); err != nil {
		return err
	}
	return roll(ctx, tx, id, 1)
}
