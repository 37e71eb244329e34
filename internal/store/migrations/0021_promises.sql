-- Promise rules. A version is never changed; a change is a new version.
CREATE TABLE promise_rule (
	id         INTEGER PRIMARY KEY,
	name       TEXT NOT NULL,
	version    INTEGER NOT NULL,
	valid_from INTEGER NOT NULL, -- civil day
	off        INTEGER NOT NULL DEFAULT 0 CHECK (off IN (0, 1)),
	channel    TEXT NOT NULL DEFAULT '',
	kind       TEXT NOT NULL DEFAULT '',
	subject    TEXT NOT NULL DEFAULT '',
	department TEXT NOT NULL DEFAULT '',
	metric     TEXT NOT NULL CHECK (metric IN ('first_response', 'callback', 'resolve')),
	within     TEXT NOT NULL, -- 4bh, 5wd, 2w
	mode       TEXT NOT NULL CHECK (mode IN ('service', 'statutory')),
	cutoff     INTEGER NOT NULL DEFAULT 0, -- minutes since midnight, 0 = closing time
	pause_reasons TEXT NOT NULL DEFAULT '', -- one per line, empty = any
	escalation TEXT NOT NULL DEFAULT '',
	level      REAL NOT NULL DEFAULT 0,
	UNIQUE (name, version)
) STRICT;

-- Calendars that promises were made under, as text; never changed.
CREATE TABLE promise_calendar (
	id      INTEGER PRIMARY KEY,
	version TEXT NOT NULL UNIQUE,
	text    TEXT NOT NULL
) STRICT;

-- A piece of work on a contact: by the centre itself (department is empty) or
-- handed off to a department. status, department and assignee are those that
-- follow from its events, kept for lists.
CREATE TABLE handoff (
	id         INTEGER PRIMARY KEY,
	contact_id INTEGER NOT NULL REFERENCES contact(id) ON DELETE CASCADE,
	kind       TEXT NOT NULL DEFAULT 'question' CHECK (kind IN ('question', 'callback')),
	task       TEXT NOT NULL DEFAULT '', -- what is asked of the department
	department TEXT NOT NULL DEFAULT '',
	assignee   TEXT NOT NULL DEFAULT '', -- group or person
	status     TEXT NOT NULL CHECK (status IN ('open', 'paused', 'met', 'closed')),
	received   INTEGER NOT NULL, -- by the centre
	since      INTEGER,          -- the department has it since
	closed     INTEGER,
	window_from INTEGER,         -- of a callback
	window_to   INTEGER,
	attempts   INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX handoff_contact ON handoff(contact_id);
CREATE INDEX handoff_open ON handoff(department, received) WHERE status <> 'closed';
CREATE INDEX handoff_window ON handoff(window_to) WHERE window_to IS NOT NULL AND status IN ('open', 'paused');

-- The log of a piece of work: the truth from which all of the above follows.
CREATE TABLE handoff_event (
	id         INTEGER PRIMARY KEY,
	handoff_id INTEGER NOT NULL REFERENCES handoff(id) ON DELETE CASCADE,
	at         INTEGER NOT NULL,
	kind       TEXT NOT NULL CHECK (kind IN ('received', 'handed_off', 'assigned', 'paused', 'resumed', 'extended',
		'attempted', 'responded', 'message', 'closed', 'reopened', 'repinned')),
	department TEXT NOT NULL DEFAULT '',
	assignee   TEXT NOT NULL DEFAULT '',
	reason     TEXT NOT NULL DEFAULT '',
	amount     TEXT NOT NULL DEFAULT '',
	by         TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX handoff_event_handoff ON handoff_event(handoff_id, id);

-- A promise that was made on a piece of work, with the versions of the rule and
-- the calendar that it is counted with. due, dept_due, stopped and paused_since
-- follow from the events.
CREATE TABLE commitment (
	id          INTEGER PRIMARY KEY,
	handoff_id  INTEGER NOT NULL REFERENCES handoff(id) ON DELETE CASCADE,
	metric      TEXT NOT NULL,
	rule_id     INTEGER NOT NULL REFERENCES promise_rule(id),
	calendar_id INTEGER NOT NULL REFERENCES promise_calendar(id),
	due         INTEGER NOT NULL,
	dept_due    INTEGER,
	stopped     INTEGER,
	paused_since INTEGER,
	UNIQUE (handoff_id, metric)
) STRICT;
CREATE INDEX commitment_open ON commitment(due) WHERE stopped IS NULL;
CREATE INDEX commitment_open_dept ON commitment(dept_due) WHERE stopped IS NULL AND dept_due IS NOT NULL;
CREATE INDEX commitment_due ON commitment(due);

-- Notices that were sent by the steps of an escalation; none is sent twice.
CREATE TABLE notice (
	commitment_id INTEGER NOT NULL REFERENCES commitment(id) ON DELETE CASCADE,
	step       TEXT NOT NULL,
	due        INTEGER NOT NULL, -- the due time it was about
	sent       INTEGER NOT NULL,
	department TEXT NOT NULL,
	PRIMARY KEY (commitment_id, step, due)
) STRICT, WITHOUT ROWID;
