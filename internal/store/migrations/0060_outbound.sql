-- Calls that the centre makes itself: campaigns, the people on their lists,
-- every attempt, and who may not be called. Times are UTC seconds; days are
-- civil days since 1970-01-01.
CREATE TABLE outbound_campaign (
	id           INTEGER PRIMARY KEY,
	name         TEXT NOT NULL UNIQUE,
	kind         TEXT NOT NULL CHECK (kind IN ('callback', 'status', 'appointment', 'reminder', 'arrears', 'survey', 'other')),
	state        TEXT NOT NULL CHECK (state IN ('open', 'paused', 'closed')),
	priority     INTEGER NOT NULL DEFAULT 0, -- the higher the sooner
	channel      TEXT NOT NULL,
	skill        TEXT NOT NULL DEFAULT '',
	subject      TEXT NOT NULL DEFAULT '',
	hours        TEXT NOT NULL,              -- when may be called: mo-fr 09:00-12:00 13:00-17:00
	max_attempts INTEGER NOT NULL CHECK (max_attempts > 0),
	spacing_s    INTEGER NOT NULL CHECK (spacing_s >= 0),
	consent      INTEGER NOT NULL DEFAULT 0 CHECK (consent IN (0, 1)), -- only who agreed is called
	first_day    INTEGER,
	last_day     INTEGER,
	talk_s       INTEGER NOT NULL,           -- expected, until attempts say otherwise
	dial_s       INTEGER NOT NULL,
	created      INTEGER NOT NULL
) STRICT;

-- One person on the list of a campaign. key is the id elsewhere, or what the
-- record was made from. due is 253402300799 (the end of 9999) without a term.
CREATE TABLE outbound_record (
	id          INTEGER PRIMARY KEY,
	campaign_id INTEGER NOT NULL REFERENCES outbound_campaign(id) ON DELETE CASCADE,
	key         TEXT NOT NULL,
	party_ref   TEXT,
	contact_id  INTEGER REFERENCES contact(id) ON DELETE SET NULL,
	handoff_id  INTEGER REFERENCES handoff(id) ON DELETE SET NULL,
	appointment_id INTEGER REFERENCES appointment(id) ON DELETE SET NULL,
	subject     TEXT NOT NULL DEFAULT '',
	reference   TEXT NOT NULL DEFAULT '',  -- number of the case
	task        TEXT NOT NULL DEFAULT '',  -- what to say or ask
	priority    INTEGER NOT NULL DEFAULT 0,
	due         INTEGER NOT NULL DEFAULT 253402300799,
	window_from INTEGER,                   -- promised to the customer
	window_to   INTEGER,
	status      TEXT NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'taken', 'done')),
	result      TEXT NOT NULL DEFAULT '' CHECK (result IN ('', 'reached', 'wrong_number', 'refused', 'do_not_call', 'exhausted', 'stopped')),
	attempts    INTEGER NOT NULL DEFAULT 0,
	next_at     INTEGER NOT NULL,          -- not called before
	taken_by    TEXT NOT NULL DEFAULT '',
	taken_until INTEGER,
	created     INTEGER NOT NULL,
	closed      INTEGER,
	UNIQUE (campaign_id, key)
) STRICT;
CREATE INDEX outbound_rank ON outbound_record(campaign_id, priority DESC, due, id) WHERE status = 'open';
CREATE INDEX outbound_next ON outbound_record(campaign_id, next_at) WHERE status = 'open';
CREATE INDEX outbound_window ON outbound_record(window_to) WHERE status = 'open' AND window_to IS NOT NULL;
CREATE INDEX outbound_taken ON outbound_record(taken_until) WHERE status = 'taken';
CREATE INDEX outbound_party ON outbound_record(party_ref) WHERE party_ref IS NOT NULL;
CREATE INDEX outbound_state ON outbound_record(campaign_id, status, result, attempts);
CREATE INDEX outbound_contact ON outbound_record(contact_id) WHERE contact_id IS NOT NULL;
CREATE INDEX outbound_handoff ON outbound_record(handoff_id) WHERE handoff_id IS NOT NULL;
CREATE INDEX outbound_appointment ON outbound_record(appointment_id) WHERE appointment_id IS NOT NULL;

CREATE TABLE outbound_attempt (
	id        INTEGER PRIMARY KEY,
	record_id INTEGER NOT NULL REFERENCES outbound_record(id) ON DELETE CASCADE,
	at        INTEGER NOT NULL,
	hour      INTEGER NOT NULL, -- local
	outcome   TEXT NOT NULL CHECK (outcome IN ('reached', 'callback', 'no_answer', 'busy', 'voicemail', 'wrong_party', 'wrong_number', 'refused', 'do_not_call')),
	talk_s    INTEGER,
	dial_s    INTEGER,
	by        TEXT NOT NULL DEFAULT '',
	note      TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX outbound_attempt_record ON outbound_attempt(record_id, at);

-- Attempts counted, so that no report and no choice reads them all. attempt is
-- the number of the call to the same person, from 1; weekday 0 is Sunday.
CREATE TABLE outbound_tally (
	campaign_id INTEGER NOT NULL REFERENCES outbound_campaign(id) ON DELETE CASCADE,
	day     INTEGER NOT NULL,
	attempt INTEGER NOT NULL,
	hour    INTEGER NOT NULL,
	outcome TEXT NOT NULL,
	n       INTEGER NOT NULL,
	talk_s  INTEGER NOT NULL, -- sums, over talk_n and dial_n attempts
	talk_n  INTEGER NOT NULL,
	dial_s  INTEGER NOT NULL,
	dial_n  INTEGER NOT NULL,
	PRIMARY KEY (campaign_id, day, attempt, hour, outcome)
) STRICT, WITHOUT ROWID;

-- Stays when the customer asks to be forgotten: else nobody would know that
-- they do not want to be called. It holds a keyed reference, never who it is.
CREATE TABLE do_not_call (
	party     TEXT PRIMARY KEY,
	since     INTEGER NOT NULL,
	reason    TEXT NOT NULL DEFAULT '',
	by        TEXT NOT NULL DEFAULT ''
) STRICT, WITHOUT ROWID;

-- Who agreed to be called for a kind of campaign, and who took that back.
CREATE TABLE outbound_consent (
	party     TEXT NOT NULL,
	kind      TEXT NOT NULL,
	given     INTEGER NOT NULL,
	withdrawn INTEGER,
	PRIMARY KEY (party, kind)
) STRICT, WITHOUT ROWID;

-- The number to call, sealed, until some days after the record is done.
ALTER TABLE sealed_detail ADD COLUMN outbound_id INTEGER REFERENCES outbound_record(id) ON DELETE CASCADE;
CREATE INDEX sealed_detail_outbound ON sealed_detail(outbound_id) WHERE outbound_id IS NOT NULL;
