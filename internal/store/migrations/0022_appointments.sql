-- Places where appointments are held, with the slots they offer.
CREATE TABLE appointment_place (
	name     TEXT PRIMARY KEY,
	channel  TEXT NOT NULL CHECK (channel IN ('counter', 'phone', 'video')),
	hours    TEXT NOT NULL, -- mo-fr 09:00-12:00
	length_s INTEGER NOT NULL CHECK (length_s > 0),
	capacity INTEGER NOT NULL CHECK (capacity > 0)
) STRICT;

CREATE TABLE appointment (
	id        INTEGER PRIMARY KEY,
	contact_id INTEGER REFERENCES contact(id) ON DELETE SET NULL,
	place     TEXT NOT NULL REFERENCES appointment_place(name) ON UPDATE CASCADE,
	start     INTEGER NOT NULL,
	length_s  INTEGER NOT NULL CHECK (length_s > 0),
	subject   TEXT NOT NULL DEFAULT '',
	party_ref TEXT,
	status    TEXT NOT NULL CHECK (status IN ('booked', 'attended', 'no_show', 'cancelled')),
	made      INTEGER NOT NULL,
	moved     INTEGER NOT NULL DEFAULT 0, -- times it was moved
	reminded  INTEGER,
	note      TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX appointment_start ON appointment(start);
CREATE INDEX appointment_place_start ON appointment(place, start) WHERE status <> 'cancelled';
CREATE INDEX appointment_party ON appointment(party_ref, start) WHERE party_ref IS NOT NULL;
