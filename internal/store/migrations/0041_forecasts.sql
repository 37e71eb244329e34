-- Forecasts: a run holds one forecast per channel or subject, each with a point
-- per interval. NULL in a REAL column is "not known". BLOB lists are float64,
-- little-endian.

CREATE TABLE plan_forecast_run (
	id      INTEGER PRIMARY KEY,
	made_at INTEGER NOT NULL,
	source  TEXT    NOT NULL, -- store, a file, "plan", "update"
	inputs  TEXT    NOT NULL, -- hash of what it was made from; empty: not kept
	note    TEXT    NOT NULL
) STRICT;

CREATE TABLE plan_forecast (
	id             INTEGER PRIMARY KEY,
	run            INTEGER NOT NULL REFERENCES plan_forecast_run (id) ON DELETE CASCADE,
	channel        TEXT    NOT NULL,
	subject        TEXT    NOT NULL, -- empty: the whole channel
	model          TEXT    NOT NULL,
	step_s         INTEGER NOT NULL,
	levels         BLOB    NOT NULL,
	day_factor_cv  REAL,
	first_start    INTEGER,          -- of the points; NULL without points
	last_start     INTEGER,
	detail         TEXT    NOT NULL, -- JSON: why, choice, cleaned, notes
	UNIQUE (run, channel, subject)
) STRICT;

CREATE INDEX plan_forecast_channel ON plan_forecast (channel, subject, run);

CREATE TABLE plan_forecast_point (
	forecast INTEGER NOT NULL REFERENCES plan_forecast (id) ON DELETE CASCADE,
	start    INTEGER NOT NULL,
	step_s   INTEGER NOT NULL,
	mean     REAL,
	aht      REAL,
	bounds   BLOB    NOT NULL, -- lo, hi per level
	PRIMARY KEY (forecast, start)
) STRICT, WITHOUT ROWID;

CREATE TABLE plan_event (
	id         TEXT    PRIMARY KEY,
	name       TEXT    NOT NULL,
	channel    TEXT    NOT NULL,
	subject    TEXT    NOT NULL,
	department TEXT    NOT NULL,
	from_day   INTEGER NOT NULL,
	to_day     INTEGER NOT NULL,
	lead       INTEGER NOT NULL,
	lag        INTEGER NOT NULL,
	mode       TEXT    NOT NULL CHECK (mode IN ('learn', 'factor', 'extra', 'exclude', 'copy')),
	factor     REAL    NOT NULL,
	letters    INTEGER NOT NULL,
	rate       REAL    NOT NULL,
	contacts   REAL    NOT NULL,
	spread     BLOB    NOT NULL,
	copy_from  INTEGER NOT NULL,
	note       TEXT    NOT NULL
) STRICT;

CREATE INDEX plan_event_days ON plan_event (from_day, to_day);

CREATE TABLE plan_adjustment (
	id      TEXT    PRIMARY KEY,
	channel TEXT    NOT NULL,
	subject TEXT    NOT NULL,
	start   INTEGER NOT NULL,
	stop    INTEGER NOT NULL, -- not included
	factor  REAL    NOT NULL,
	extra   REAL    NOT NULL, -- contacts added to each interval
	set_to  REAL,             -- total of the span
	reason  TEXT    NOT NULL,
	made_by TEXT    NOT NULL,
	made_at INTEGER NOT NULL
) STRICT;

CREATE INDEX plan_adjustment_span ON plan_adjustment (channel, start, stop);
