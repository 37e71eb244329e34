-- Why contacts arise: cause codes and the rules that derive a cause, where the
-- centre has changed what comes with kcc, and what happened on which day.
CREATE TABLE cause_code (
	code      TEXT PRIMARY KEY,
	title     TEXT NOT NULL,
	title_nl  TEXT NOT NULL,
	avoidable INTEGER NOT NULL CHECK (avoidable IN (0, 1)),
	organisation INTEGER NOT NULL DEFAULT 0 CHECK (organisation IN (0, 1)), -- the organisation gains by the contact
	gain      REAL NOT NULL DEFAULT 0 CHECK (gain BETWEEN 0 AND 1),         -- share that the action takes away
	action    TEXT NOT NULL DEFAULT '',
	action_nl TEXT NOT NULL DEFAULT ''
) STRICT;

CREATE TABLE cause_rule (
	name     TEXT PRIMARY KEY,
	position INTEGER NOT NULL,
	kind     TEXT NOT NULL CHECK (kind IN ('match', 'missed_promise', 'repeat', 'mailing')),
	cause    TEXT NOT NULL,
	days     INTEGER NOT NULL DEFAULT 0,
	channel  TEXT NOT NULL DEFAULT '',
	subject  TEXT NOT NULL DEFAULT '',
	contact_kind TEXT NOT NULL DEFAULT '',
	off      INTEGER NOT NULL DEFAULT 0 CHECK (off IN (0, 1))
) STRICT;

-- Something that happened on a day and may explain contacts, or take them away.
CREATE TABLE occasion (
	id         INTEGER PRIMARY KEY,
	name       TEXT NOT NULL,
	kind       TEXT NOT NULL CHECK (kind IN ('mailing', 'disruption', 'action', 'other')),
	first_day  INTEGER NOT NULL,
	last_day   INTEGER NOT NULL CHECK (last_day >= first_day),
	channel    TEXT NOT NULL DEFAULT '',
	subject    TEXT NOT NULL DEFAULT '',
	department TEXT NOT NULL DEFAULT '',
	sent       INTEGER NOT NULL DEFAULT 0, -- letters or messages
	note       TEXT NOT NULL DEFAULT '',
	UNIQUE (name, first_day)
) STRICT;
CREATE INDEX occasion_day ON occasion(first_day);

-- The channel strategy: what is aimed at, where, by which instrument.
CREATE TABLE channel_goal (
	name       TEXT PRIMARY KEY,
	channel    TEXT NOT NULL DEFAULT '',
	subject    TEXT NOT NULL DEFAULT '',
	segment    TEXT NOT NULL DEFAULT '',
	measure    TEXT NOT NULL CHECK (measure IN ('share', 'contacts', 'digital', 'cost', 'fcr', 'csat', 'effort', 'kept', 'containment')),
	direction  TEXT NOT NULL CHECK (direction IN ('at_least', 'at_most')),
	goal       REAL NOT NULL,
	by_day     INTEGER,
	instrument TEXT NOT NULL CHECK (instrument IN ('communication', 'product', 'benefit', 'restriction')),
	csat       REAL, -- appreciation that the goal must not cost
	note       TEXT NOT NULL DEFAULT ''
) STRICT;
