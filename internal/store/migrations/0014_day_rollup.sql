-- The daily roll-up with every dimension and sum that reports need, and what it
-- is made of: the score that gives NPS, whether a contact was helped within the
-- target of its channel, and both ends of a repeat.
ALTER TABLE contact ADD COLUMN nps REAL;                                                   -- 0-10
ALTER TABLE contact ADD COLUMN in_time INTEGER CHECK (in_time IN (0, 1));                  -- the wait ended within the target of the channel
ALTER TABLE contact ADD COLUMN judgeable INTEGER NOT NULL DEFAULT 0 CHECK (judgeable IN (0, 1)); -- the customer is or was known, so that a repeat shows
ALTER TABLE contact ADD COLUMN followed_by INTEGER;                                        -- the contact that repeats this one
UPDATE contact SET judgeable = 1 WHERE party_ref IS NOT NULL;
UPDATE contact SET followed_by = r.id FROM (SELECT id, repeat_of FROM contact WHERE repeat_of IS NOT NULL) r WHERE contact.id = r.repeat_of;

DROP TABLE volume_day;
CREATE TABLE volume_day (
	day        INTEGER NOT NULL,
	queue_id   INTEGER NOT NULL REFERENCES queue(id),
	direction  TEXT NOT NULL,
	subject    TEXT NOT NULL,
	kind       TEXT NOT NULL,
	segment    TEXT NOT NULL,
	cause      TEXT NOT NULL,
	department TEXT NOT NULL,
	source_id  INTEGER NOT NULL,
	contacts   INTEGER NOT NULL,
	answered   INTEGER NOT NULL DEFAULT 0,
	abandoned  INTEGER NOT NULL DEFAULT 0,
	short_abandoned INTEGER NOT NULL DEFAULT 0,
	within_target   INTEGER NOT NULL DEFAULT 0,
	abandoned_within INTEGER NOT NULL DEFAULT 0,
	within_n   INTEGER NOT NULL DEFAULT 0,
	transferred INTEGER NOT NULL DEFAULT 0,
	callback   INTEGER NOT NULL DEFAULT 0,
	handed_off INTEGER NOT NULL DEFAULT 0,
	own_answer INTEGER NOT NULL DEFAULT 0,
	resolved   INTEGER NOT NULL DEFAULT 0,
	resolved_n INTEGER NOT NULL DEFAULT 0,
	wait_sum   REAL NOT NULL DEFAULT 0,
	wait_n     INTEGER NOT NULL DEFAULT 0,
	talk_sum   REAL NOT NULL DEFAULT 0,
	talk_n     INTEGER NOT NULL DEFAULT 0,
	hold_sum   REAL NOT NULL DEFAULT 0,
	acw_sum    REAL NOT NULL DEFAULT 0,
	handle_sum REAL NOT NULL DEFAULT 0,
	handle_n   INTEGER NOT NULL DEFAULT 0,
	csat_sum   REAL NOT NULL DEFAULT 0,
	csat_sq    REAL NOT NULL DEFAULT 0,
	csat_n     INTEGER NOT NULL DEFAULT 0,
	effort_sum REAL NOT NULL DEFAULT 0,
	effort_sq  REAL NOT NULL DEFAULT 0,
	effort_n   INTEGER NOT NULL DEFAULT 0,
	nps_sum    REAL NOT NULL DEFAULT 0,
	promoters  INTEGER NOT NULL DEFAULT 0,
	detractors INTEGER NOT NULL DEFAULT 0,
	nps_n      INTEGER NOT NULL DEFAULT 0,
	repeats    INTEGER NOT NULL DEFAULT 0,
	followed   INTEGER NOT NULL DEFAULT 0,
	judgeable  INTEGER NOT NULL DEFAULT 0,
	PRIMARY KEY (day, queue_id, direction, subject, kind, segment, cause, department)
) STRICT, WITHOUT ROWID;

INSERT INTO volume_day (day, queue_id, direction, subject, kind, segment, cause, department, source_id,
	contacts, answered, abandoned, short_abandoned, transferred, callback, handed_off, own_answer, resolved, resolved_n,
	wait_sum, wait_n, talk_sum, talk_n, hold_sum, acw_sum, handle_sum, handle_n,
	csat_sum, csat_sq, csat_n, effort_sum, effort_sq, effort_n, repeats, followed, judgeable)
SELECT day, queue_id, direction, subject, kind, segment, cause, department, source_id,
	COUNT(*), SUM(answered), SUM(outcome = 'abandoned'), SUM(outcome = 'short_abandon'),
	SUM(transferred IS 1 OR outcome IN ('transferred', 'transferred_ok', 'transferred_failed')), SUM(outcome = 'callback_requested'), SUM(outcome = 'handed_off'),
	SUM(outcome = 'answered_self' OR (outcome = 'answered' AND resolved IS 1 AND transferred IS NOT 1)),
	SUM(resolved IS 1), SUM(resolved IS NOT NULL),
	SUM(answered * COALESCE(wait_s, 0)), SUM(answered AND wait_s IS NOT NULL), SUM(answered * COALESCE(talk_s, 0)), SUM(answered AND talk_s IS NOT NULL),
	SUM(answered * COALESCE(hold_s, 0)), SUM(answered * COALESCE(acw_s, 0)), SUM(answered * COALESCE(handle_s, 0)), SUM(answered AND handle_s IS NOT NULL),
	SUM(COALESCE(csat, 0)), SUM(COALESCE(csat * csat, 0)), SUM(csat IS NOT NULL), SUM(COALESCE(effort, 0)), SUM(COALESCE(effort * effort, 0)), SUM(effort IS NOT NULL),
	SUM(repeat_of IS NOT NULL), SUM(followed_by IS NOT NULL), SUM(judgeable)
FROM (SELECT *, outcome NOT IN ('abandoned', 'short_abandon', 'overflow') AS answered FROM contact WHERE queue_id IS NOT NULL)
GROUP BY day, queue_id, direction, subject, kind, segment, cause, department;
