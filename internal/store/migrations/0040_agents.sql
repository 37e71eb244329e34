-- Who can be planned, when, and on which shifts. Days are civil days (days
-- since 1970-01-01), times of a day are minutes since midnight, weekday masks
-- have bit 0 for Sunday; 0 means every day.

CREATE TABLE plan_agent (
	id                TEXT    PRIMARY KEY,
	position          INTEGER NOT NULL, -- order of the list
	name              TEXT    NOT NULL,
	team              TEXT    NOT NULL,
	contract_s        INTEGER NOT NULL, -- seconds of work per period
	min_s             INTEGER,
	max_s             INTEGER,
	period            TEXT    NOT NULL CHECK (period IN ('', 'week', '4w', 'year')),
	max_days_per_week INTEGER NOT NULL, -- 0: no limit of its own
	valid_from        INTEGER,
	valid_to          INTEGER,
	rule_set          TEXT    NOT NULL,
	cost_per_hour     INTEGER NOT NULL, -- cents
	acd               TEXT    NOT NULL, -- the agent's name in the telephony system
	notes             TEXT    NOT NULL
) STRICT;

CREATE TABLE plan_agent_skill (
	agent      TEXT    NOT NULL REFERENCES plan_agent (id) ON DELETE CASCADE ON UPDATE CASCADE,
	position   INTEGER NOT NULL,
	skill      TEXT    NOT NULL,
	efficiency REAL    NOT NULL,
	PRIMARY KEY (agent, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE plan_availability (
	id       INTEGER PRIMARY KEY,
	agent    TEXT    NOT NULL REFERENCES plan_agent (id) ON DELETE CASCADE ON UPDATE CASCADE,
	from_day INTEGER NOT NULL,
	to_day   INTEGER NOT NULL, -- included
	weekdays INTEGER NOT NULL,
	start    INTEGER NOT NULL,
	stop     INTEGER NOT NULL, -- start = stop = 0: the whole day
	kind     TEXT    NOT NULL CHECK (kind IN ('leave', 'sick', 'unavailable', 'available', 'prefer', 'avoid', 'fixed')),
	shift    TEXT    NOT NULL,
	hours_s  INTEGER,          -- credited per day
	weight   REAL    NOT NULL
) STRICT;

CREATE INDEX plan_availability_agent ON plan_availability (agent, from_day);

CREATE TABLE plan_shift (
	name     TEXT    PRIMARY KEY,
	position INTEGER NOT NULL,
	earliest INTEGER NOT NULL,
	latest   INTEGER NOT NULL,
	every_s  INTEGER NOT NULL,
	min_s    INTEGER NOT NULL,
	max_s    INTEGER NOT NULL,
	weekdays INTEGER NOT NULL,
	skills   TEXT,             -- JSON list; NULL: any
	teams    TEXT              -- JSON list; NULL: any
) STRICT;

CREATE TABLE plan_shift_break (
	shift      TEXT    NOT NULL REFERENCES plan_shift (name) ON DELETE CASCADE,
	position   INTEGER NOT NULL,
	length_s   INTEGER NOT NULL,
	earliest_s INTEGER NOT NULL, -- after the start of the shift
	latest_s   INTEGER NOT NULL,
	over_s     INTEGER NOT NULL, -- only in shifts longer than this
	paid       INTEGER NOT NULL CHECK (paid IN (0, 1)),
	PRIMARY KEY (shift, position)
) STRICT, WITHOUT ROWID;
