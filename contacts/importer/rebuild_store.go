package importer

import (
	"context"
	"database/sql"

	"kcc/contacts"
)

// The roll-ups of one queue from its rows: what the import adds up row by row,
// in one go. Undo and new rules use it.
const (
	rebuildFacts = `
INSERT INTO volume_interval (start, queue_id, subject, source_id, day, step_s, rows, offered, answered, abandoned, short_abandoned, within_target, within_n,
	offered_n, wait_sum, wait_n, talk_sum, talk_n, hold_sum, acw_sum, handle_sum, handle_n)
SELECT start, queue_id, subject, source_id, MIN(day), step_s, COUNT(*),
	SUM(COALESCE(o, 0)), SUM(COALESCE(answered, 0)), SUM(COALESCE(abandoned, 0)), SUM(COALESCE(short_abandoned, 0)),
	SUM(COALESCE(within_target, 0)), SUM(CASE WHEN within_target IS NULL THEN 0 ELSE COALESCE(o, 0) END), SUM(o IS NOT NULL),
	SUM(COALESCE(wait_s, 0) * w), SUM((wait_s IS NOT NULL) * w), SUM(COALESCE(talk_s, 0) * w), SUM((talk_s IS NOT NULL) * w),
	SUM(COALESCE(hold_s, 0) * w), SUM(COALESCE(acw_s, 0) * w), SUM(COALESCE(h, 0) * w), SUM((h IS NOT NULL) * w)
FROM (SELECT *, COALESCE(offered, answered) AS o, COALESCE(answered, offered, 0) AS w,
	COALESCE(aht_s, CASE WHEN talk_s IS NULL AND hold_s IS NULL AND acw_s IS NULL THEN NULL
		ELSE COALESCE(talk_s, 0) + COALESCE(hold_s, 0) + COALESCE(acw_s, 0) END) AS h
	FROM interval_fact WHERE queue_id = ?1)
GROUP BY start, subject, step_s
ON CONFLICT DO UPDATE SET rows = rows + excluded.rows, offered = offered + excluded.offered, answered = answered + excluded.answered,
	abandoned = abandoned + excluded.abandoned, short_abandoned = short_abandoned + excluded.short_abandoned,
	within_target = within_target + excluded.within_target, within_n = within_n + excluded.within_n, offered_n = offered_n + excluded.offered_n,
	wait_sum = wait_sum + excluded.wait_sum, wait_n = wait_n + excluded.wait_n, talk_sum = talk_sum + excluded.talk_sum, talk_n = talk_n + excluded.talk_n,
	hold_sum = hold_sum + excluded.hold_sum, acw_sum = acw_sum + excluded.acw_sum, handle_sum = handle_sum + excluded.handle_sum,
	handle_n = handle_n + excluded.handle_n`

	rebuildCoverage = `
INSERT INTO coverage (channel, day, source_id, queue_id, rows)
SELECT q.channel, r.day, r.source_id, q.id, SUM(n) FROM queue q JOIN (
	SELECT queue_id, source_id, day, COUNT(*) AS n FROM contact WHERE queue_id = ?1 GROUP BY day
	UNION ALL
	SELECT queue_id, source_id, day, COUNT(*) FROM interval_fact WHERE queue_id = ?1 GROUP BY day) r ON r.queue_id = q.id
GROUP BY r.day`
)

// rebuild computes the roll-ups of queues anew.
func rebuild(ctx context.Context, tx *sql.Tx, queues []int64) error {
	for _, q := range queues {
		for _, stmt := range []string{
			"DELETE FROM volume_interval WHERE queue_id = ?1", "DELETE FROM volume_day WHERE queue_id = ?1", "DELETE FROM coverage WHERE queue_id = ?1",
		} {
			if _, err := tx.ExecContext(ctx, stmt, q); err != nil {
				return err
			}
		}
		if err := contacts.RebuildContacts(ctx, tx, q); err != nil {
			return err
		}
		for _, stmt := range []string{rebuildFacts, rebuildCoverage} {
			if _, err := tx.ExecContext(ctx, stmt, q); err != nil {
				return err
			}
		}
	}
	return nil
}
