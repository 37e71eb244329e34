-- Contacts, interval statistics and what an import leaves behind.
-- Times are UTC seconds; day is the local civil day since 1970-01-01 and slot
-- the local quarter of that day (0-95), both in the centre's zone.

-- Where figures come from. Of a channel and day the source of the lowest rank
-- that has rows counts; the others overlap and are left out.
CREATE TABLE source (
	id   INTEGER PRIMARY KEY,
	name TEXT NOT NULL UNIQUE,
	rank INTEGER NOT NULL
) STRICT;

-- One call of kcc import.
CREATE TABLE import_run (
	id      INTEGER PRIMARY KEY,
	started INTEGER NOT NULL,
	undone  INTEGER
) STRICT;

-- One file of a run, written in one transaction with its rows.
CREATE TABLE import_file (
	id             INTEGER PRIMARY KEY,
	run_id         INTEGER NOT NULL REFERENCES import_run(id) ON DELETE CASCADE,
	source_id      INTEGER NOT NULL REFERENCES source(id),
	name           TEXT NOT NULL,
	fingerprint    TEXT NOT NULL,
	settings       TEXT NOT NULL,
	kind           TEXT NOT NULL,
	encoding       TEXT NOT NULL DEFAULT '',
	delimiter      TEXT NOT NULL DEFAULT '',
	imported       INTEGER NOT NULL,
	rows_read      INTEGER NOT NULL DEFAULT 0,
	rows_imported  INTEGER NOT NULL DEFAULT 0,
	rows_duplicate INTEGER NOT NULL DEFAULT 0,
	rows_updated   INTEGER NOT NULL DEFAULT 0,
	rows_skipped   INTEGER NOT NULL DEFAULT 0,
	rows_rejected  INTEGER NOT NULL DEFAULT 0,
	rows_replaced  INTEGER NOT NULL DEFAULT 0,
	first_start    INTEGER,
	last_start     INTEGER,
	undone         INTEGER
) STRICT;
CREATE INDEX import_file_fingerprint ON import_file(fingerprint);

-- What a queue or skill of a source stands for; known tells that a rule or the
-- file itself named the channel.
CREATE TABLE queue (
	id        INTEGER PRIMARY KEY,
	source_id INTEGER NOT NULL REFERENCES source(id),
	name      TEXT NOT NULL,
	file_channel TEXT NOT NULL DEFAULT '',
	channel   TEXT NOT NULL,
	subject   TEXT NOT NULL DEFAULT '',
	known     INTEGER NOT NULL DEFAULT 0 CHECK (known IN (0, 1)),
	UNIQUE (source_id, name, file_channel)
) STRICT;

-- Rules from queue names to channel and subject, the lowest position first.
CREATE TABLE queue_rule (
	pattern  TEXT PRIMARY KEY,
	channel  TEXT NOT NULL DEFAULT '',
	subject  TEXT NOT NULL DEFAULT '',
	position INTEGER NOT NULL
) STRICT;

-- Settings of an import under a name, as JSON.
CREATE TABLE import_profile (
	name TEXT PRIMARY KEY,
	body TEXT NOT NULL
) STRICT;

-- One contact with a customer, from a file or registered by hand.
-- key is a 63-bit hash of source and external id, or of source, row and ordinal.
CREATE TABLE contact (
	id          INTEGER PRIMARY KEY,
	key         INTEGER NOT NULL,
	source_id   INTEGER NOT NULL REFERENCES source(id),
	file_id     INTEGER REFERENCES import_file(id),
	line        INTEGER NOT NULL DEFAULT 0,
	hash        INTEGER NOT NULL DEFAULT 0,
	external_id TEXT,
	updated     INTEGER,
	start       INTEGER NOT NULL,
	day         INTEGER NOT NULL,
	slot        INTEGER NOT NULL,
	channel     TEXT NOT NULL,
	queue_id    INTEGER REFERENCES queue(id),
	direction   TEXT NOT NULL DEFAULT 'inbound' CHECK (direction IN ('inbound', 'outbound')),
	outcome     TEXT NOT NULL DEFAULT '',
	subject     TEXT NOT NULL DEFAULT '',
	kind        TEXT NOT NULL DEFAULT '',
	segment     TEXT NOT NULL DEFAULT '',
	cause       TEXT NOT NULL DEFAULT '',
	department  TEXT NOT NULL DEFAULT '',
	article     TEXT NOT NULL DEFAULT '',
	wait_s      REAL,
	talk_s      REAL,
	hold_s      REAL,
	acw_s       REAL,
	handle_s    REAL,
	agent       TEXT,
	party_ref   TEXT,
	resolved    INTEGER CHECK (resolved IN (0, 1)),
	csat        REAL,
	effort      REAL,
	transferred INTEGER CHECK (transferred IN (0, 1)),
	repeat_of   INTEGER,
	note        TEXT
) STRICT;
CREATE UNIQUE INDEX contact_key ON contact(key);
CREATE INDEX contact_start ON contact(start);
CREATE INDEX contact_party ON contact(party_ref, start) WHERE party_ref IS NOT NULL;

-- Interval statistics as a file gave them. NULL is unknown, not zero. wait_s is
-- the mean over answered contacts, talk_s, hold_s, acw_s and aht_s likewise.
CREATE TABLE interval_fact (
	id         INTEGER PRIMARY KEY,
	key        INTEGER NOT NULL,
	source_id  INTEGER NOT NULL REFERENCES source(id),
	file_id    INTEGER NOT NULL REFERENCES import_file(id),
	line       INTEGER NOT NULL,
	hash       INTEGER NOT NULL,
	queue_id   INTEGER NOT NULL REFERENCES queue(id),
	subject    TEXT NOT NULL DEFAULT '',
	agent      TEXT,
	start      INTEGER NOT NULL,
	day        INTEGER NOT NULL,
	slot       INTEGER NOT NULL,
	step_s     INTEGER NOT NULL,
	offered    REAL,
	answered   REAL,
	abandoned  REAL,
	short_abandoned REAL,
	within_target   REAL,
	target_s   REAL,
	wait_s     REAL,
	talk_s     REAL,
	hold_s     REAL,
	acw_s      REAL,
	aht_s      REAL
) STRICT;
CREATE UNIQUE INDEX interval_fact_key ON interval_fact(key);

-- Roll-up per interval, queue and subject: sums that add up. *_n is the number
-- of contacts a sum is over. Call records go into quarters by their start.
CREATE TABLE volume_interval (
	start      INTEGER NOT NULL,
	queue_id   INTEGER NOT NULL REFERENCES queue(id),
	subject    TEXT NOT NULL DEFAULT '',
	source_id  INTEGER NOT NULL,
	day        INTEGER NOT NULL,
	step_s     INTEGER NOT NULL,
	rows       INTEGER NOT NULL,
	offered    REAL NOT NULL DEFAULT 0,
	answered   REAL NOT NULL DEFAULT 0,
	abandoned  REAL NOT NULL DEFAULT 0,
	short_abandoned REAL NOT NULL DEFAULT 0,
	within_target   REAL NOT NULL DEFAULT 0,
	within_n   REAL NOT NULL DEFAULT 0,
	offered_n  INTEGER NOT NULL DEFAULT 0,
	wait_sum   REAL NOT NULL DEFAULT 0,
	wait_n     REAL NOT NULL DEFAULT 0,
	talk_sum   REAL NOT NULL DEFAULT 0,
	talk_n     REAL NOT NULL DEFAULT 0,
	hold_sum   REAL NOT NULL DEFAULT 0,
	acw_sum    REAL NOT NULL DEFAULT 0,
	handle_sum REAL NOT NULL DEFAULT 0,
	handle_n   REAL NOT NULL DEFAULT 0,
	PRIMARY KEY (start, queue_id, subject, step_s)
) STRICT, WITHOUT ROWID;

-- Roll-up of contact records per local day and the dimensions of reports.
CREATE TABLE volume_day (
	day        INTEGER NOT NULL,
	queue_id   INTEGER NOT NULL REFERENCES queue(id),
	direction  TEXT NOT NULL,
	subject    TEXT NOT NULL,
	kind       TEXT NOT NULL,
	segment    TEXT NOT NULL,
	source_id  INTEGER NOT NULL,
	contacts   INTEGER NOT NULL,
	answered   INTEGER NOT NULL DEFAULT 0,
	abandoned  INTEGER NOT NULL DEFAULT 0,
	short_abandoned INTEGER NOT NULL DEFAULT 0,
	transferred INTEGER NOT NULL DEFAULT 0,
	resolved   INTEGER NOT NULL DEFAULT 0,
	resolved_n INTEGER NOT NULL DEFAULT 0,
	wait_sum   REAL NOT NULL DEFAULT 0,
	wait_n     INTEGER NOT NULL DEFAULT 0,
	handle_sum REAL NOT NULL DEFAULT 0,
	handle_n   INTEGER NOT NULL DEFAULT 0,
	csat_sum   REAL NOT NULL DEFAULT 0,
	csat_n     INTEGER NOT NULL DEFAULT 0,
	PRIMARY KEY (day, queue_id, direction, subject, kind, segment)
) STRICT, WITHOUT ROWID;

-- Rows per queue and local day: the days that a source covers, and overlaps.
CREATE TABLE coverage (
	channel   TEXT NOT NULL,
	day       INTEGER NOT NULL,
	source_id INTEGER NOT NULL REFERENCES source(id),
	queue_id  INTEGER NOT NULL REFERENCES queue(id),
	rows      INTEGER NOT NULL,
	PRIMARY KEY (channel, day, source_id, queue_id)
) STRICT, WITHOUT ROWID;

-- Rows that a file changed or replaced, as they were, for undo.
CREATE TABLE import_prior (
	file_id INTEGER NOT NULL REFERENCES import_file(id) ON DELETE CASCADE,
	tab     TEXT NOT NULL,
	row_id  INTEGER NOT NULL,
	prior_file INTEGER,
	body    TEXT NOT NULL,
	PRIMARY KEY (file_id, tab, row_id)
) STRICT, WITHOUT ROWID;
