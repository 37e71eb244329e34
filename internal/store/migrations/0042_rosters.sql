-- Requirements: agents needed per interval and skill, with the cost curve.
CREATE TABLE plan_requirement_run (
	id           INTEGER PRIMARY KEY,
	forecast_run INTEGER REFERENCES plan_forecast_run (id) ON DELETE SET NULL,
	made_at      INTEGER NOT NULL,
	inputs       TEXT    NOT NULL,
	note         TEXT    NOT NULL
) STRICT;

CREATE INDEX plan_requirement_run_forecast ON plan_requirement_run (forecast_run);

CREATE TABLE plan_requirement (
	run                 INTEGER NOT NULL REFERENCES plan_requirement_run (id) ON DELETE CASCADE,
	channel             TEXT    NOT NULL,
	skill               TEXT    NOT NULL,
	start               INTEGER NOT NULL,
	step_s              INTEGER NOT NULL,
	erlangs             REAL,
	agents              INTEGER NOT NULL,
	fractional          REAL,
	rostered            INTEGER NOT NULL,
	rostered_fractional REAL,
	status              TEXT    NOT NULL,
	model               TEXT    NOT NULL, -- from here on: what these agents do
	definition          TEXT    NOT NULL,
	with_agents         REAL,
	with_erlangs        REAL,
	service_level       REAL,
	p_wait              REAL,
	p_abandon           REAL,
	asa_s               REAL,
	occupancy           REAL,
	queue               REAL,
	result_status       TEXT    NOT NULL,
	base                INTEGER NOT NULL,
	curve               BLOB    NOT NULL, -- cost of base, base+1, ... agents
	PRIMARY KEY (run, channel, skill, start)
) STRICT, WITHOUT ROWID;

-- Rosters: every save is a version; what is published is never changed.
CREATE TABLE plan_roster (
	id              INTEGER PRIMARY KEY,
	status          TEXT    NOT NULL CHECK (status IN ('draft', 'published')),
	first_day       INTEGER NOT NULL,
	days            INTEGER NOT NULL,
	zone            TEXT    NOT NULL,
	step_s          INTEGER NOT NULL,
	made_at         INTEGER NOT NULL,
	published_at    INTEGER,
	based_on        INTEGER REFERENCES plan_roster (id) ON DELETE SET NULL,
	requirement_run INTEGER REFERENCES plan_requirement_run (id) ON DELETE SET NULL,
	inputs          TEXT    NOT NULL, -- hash of the problem
	note            TEXT    NOT NULL,
	detail          TEXT    NOT NULL, -- JSON, as the maker of the roster wrote it
	CHECK ((status = 'published') = (published_at IS NOT NULL))
) STRICT;

CREATE INDEX plan_roster_days ON plan_roster (status, first_day);
CREATE INDEX plan_roster_based ON plan_roster (based_on);
CREATE INDEX plan_roster_requirement ON plan_roster (requirement_run);

CREATE TABLE plan_assignment (
	id       INTEGER PRIMARY KEY,
	roster   INTEGER NOT NULL REFERENCES plan_roster (id) ON DELETE CASCADE,
	position INTEGER NOT NULL,
	agent    TEXT    NOT NULL, -- stays when the agent has left
	day      INTEGER NOT NULL, -- on which the shift starts
	shift    TEXT    NOT NULL,
	start    INTEGER NOT NULL,
	stop     INTEGER NOT NULL,
	locked   INTEGER NOT NULL CHECK (locked IN (0, 1)),
	UNIQUE (roster, position)
) STRICT;

CREATE INDEX plan_assignment_agent ON plan_assignment (agent, day);

CREATE TABLE plan_break (
	assignment INTEGER NOT NULL REFERENCES plan_assignment (id) ON DELETE CASCADE,
	position   INTEGER NOT NULL,
	start      INTEGER NOT NULL,
	length_s   INTEGER NOT NULL,
	paid       INTEGER NOT NULL CHECK (paid IN (0, 1)),
	PRIMARY KEY (assignment, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE plan_skill_span (
	assignment INTEGER NOT NULL REFERENCES plan_assignment (id) ON DELETE CASCADE,
	position   INTEGER NOT NULL,
	start      INTEGER NOT NULL,
	skill      TEXT    NOT NULL,
	PRIMARY KEY (assignment, position)
) STRICT, WITHOUT ROWID;

-- Days on which a planner wants an agent to be free.
CREATE TABLE plan_day_off (
	roster INTEGER NOT NULL REFERENCES plan_roster (id) ON DELETE CASCADE,
	agent  TEXT    NOT NULL,
	day    INTEGER NOT NULL,
	PRIMARY KEY (roster, agent, day)
) STRICT, WITHOUT ROWID;
