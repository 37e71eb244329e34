-- What agents were doing, for adherence, occupancy and shrinkage.
CREATE TABLE agent_state (
	id        INTEGER PRIMARY KEY,
	key       INTEGER NOT NULL UNIQUE,
	source_id INTEGER NOT NULL REFERENCES source(id),
	file_id   INTEGER NOT NULL REFERENCES import_file(id),
	line      INTEGER NOT NULL,
	hash      INTEGER NOT NULL,
	agent     TEXT NOT NULL,
	start     INTEGER NOT NULL,
	end       INTEGER,
	state     TEXT NOT NULL
) STRICT;
CREATE INDEX agent_state_start ON agent_state(start);
CREATE INDEX agent_state_agent ON agent_state(agent, start);
