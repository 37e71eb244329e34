-- Tickets with the history of their status, and the business hours they run on.
CREATE TABLE ticket (
	id            INTEGER PRIMARY KEY,
	key           INTEGER NOT NULL UNIQUE,
	source_id     INTEGER NOT NULL REFERENCES source(id),
	file_id       INTEGER NOT NULL REFERENCES import_file(id),
	line          INTEGER NOT NULL,
	hash          INTEGER NOT NULL,
	external_id   TEXT NOT NULL,
	updated       INTEGER,
	received      INTEGER NOT NULL,
	channel       TEXT NOT NULL DEFAULT '',
	kind          TEXT NOT NULL DEFAULT '',
	subject       TEXT NOT NULL DEFAULT '',
	status        TEXT NOT NULL DEFAULT '',
	priority      TEXT NOT NULL DEFAULT '',
	handed_off_to TEXT NOT NULL DEFAULT '',
	handed_off    INTEGER,
	due_date      TEXT,
	closed        INTEGER,
	agent         TEXT,
	party_ref     TEXT
) STRICT;
CREATE INDEX ticket_received ON ticket(received);

-- Changes of a field of a ticket (status, group, priority ...), in order.
CREATE TABLE ticket_event (
	id        INTEGER PRIMARY KEY,
	key       INTEGER NOT NULL UNIQUE,
	source_id INTEGER NOT NULL REFERENCES source(id),
	file_id   INTEGER NOT NULL REFERENCES import_file(id),
	line      INTEGER NOT NULL,
	hash      INTEGER NOT NULL,
	ticket    TEXT NOT NULL,
	field     TEXT NOT NULL,
	at        INTEGER NOT NULL,
	value     TEXT NOT NULL
) STRICT;
CREATE INDEX ticket_event_ticket ON ticket_event(ticket, field, at);

-- Business hours: minutes of the week from Sunday 00:00 local time.
CREATE TABLE ticket_schedule_period (
	id        INTEGER PRIMARY KEY,
	key       INTEGER NOT NULL UNIQUE,
	source_id INTEGER NOT NULL REFERENCES source(id),
	file_id   INTEGER NOT NULL REFERENCES import_file(id),
	line      INTEGER NOT NULL,
	hash      INTEGER NOT NULL,
	schedule  TEXT NOT NULL,
	name      TEXT NOT NULL DEFAULT '',
	zone      TEXT NOT NULL,
	from_min  INTEGER NOT NULL,
	to_min    INTEGER NOT NULL CHECK (to_min > from_min)
) STRICT;

CREATE TABLE ticket_schedule_holiday (
	id        INTEGER PRIMARY KEY,
	key       INTEGER NOT NULL UNIQUE,
	source_id INTEGER NOT NULL REFERENCES source(id),
	file_id   INTEGER NOT NULL REFERENCES import_file(id),
	line      INTEGER NOT NULL,
	hash      INTEGER NOT NULL,
	schedule  TEXT NOT NULL,
	name      TEXT NOT NULL DEFAULT '',
	first_day INTEGER NOT NULL,
	last_day  INTEGER NOT NULL
) STRICT;

-- Which schedule a ticket runs on from when.
CREATE TABLE ticket_schedule_link (
	id        INTEGER PRIMARY KEY,
	key       INTEGER NOT NULL UNIQUE,
	source_id INTEGER NOT NULL REFERENCES source(id),
	file_id   INTEGER NOT NULL REFERENCES import_file(id),
	line      INTEGER NOT NULL,
	hash      INTEGER NOT NULL,
	ticket    TEXT NOT NULL,
	schedule  TEXT NOT NULL,
	at        INTEGER NOT NULL
) STRICT;
CREATE INDEX ticket_schedule_link_ticket ON ticket_schedule_link(ticket, at);
