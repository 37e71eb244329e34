-- Rotations: what may be worked on each day of a number of weeks that come round
-- again, for the agents who name one and for the teams of the list.
CREATE TABLE plan_pattern (
	name     TEXT    PRIMARY KEY,
	position INTEGER NOT NULL,
	teams    TEXT,             -- JSON list; NULL: none
	from_day INTEGER,          -- a day of a first week of the round
	days     TEXT    NOT NULL  -- JSON list of days from Monday, as in patterns.csv
) STRICT;

ALTER TABLE plan_agent ADD COLUMN pattern TEXT NOT NULL DEFAULT '';
ALTER TABLE plan_agent ADD COLUMN pattern_from INTEGER;
