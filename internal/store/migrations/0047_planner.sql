-- Meetings, training and appointments of agents. With length_s NULL the meeting
-- has its time, start to stop; else it is to be placed between start and stop.
CREATE TABLE plan_meeting (
	id       INTEGER PRIMARY KEY,
	name     TEXT    NOT NULL,
	agents   TEXT,             -- JSON list of ids and teams; NULL: everyone
	from_day INTEGER NOT NULL,
	to_day   INTEGER NOT NULL, -- included
	weekdays INTEGER NOT NULL,
	start    INTEGER NOT NULL, -- minutes of the day
	stop     INTEGER NOT NULL,
	length_s INTEGER,
	times    INTEGER NOT NULL CHECK (times >= 1),
	together INTEGER NOT NULL CHECK (together IN (0, 1))
) STRICT;

-- Cells that a planner has fixed: later runs and repairs keep them. Without a
-- shift the agent is free that day.
CREATE TABLE plan_lock (
	agent TEXT    NOT NULL, -- stays when the agent has left
	day   INTEGER NOT NULL,
	shift TEXT,             -- JSON: the shift as it was, NULL: a day off
	made_at INTEGER NOT NULL,
	PRIMARY KEY (agent, day)
) STRICT, WITHOUT ROWID;
