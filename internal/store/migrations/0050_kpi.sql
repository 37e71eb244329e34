-- What reports add up: per local day one part for interval statistics, one for
-- contact records and one for agents, each a compact table of sums (see package
-- kpi). They follow from the other tables and are made again when those change.
CREATE TABLE kpi_part (
	id   INTEGER PRIMARY KEY, -- day * 4 + part
	body BLOB NOT NULL
) STRICT;

-- Days whose parts are no longer right. Every change of contacts or interval
-- statistics touches the coverage of its day in the same transaction.
CREATE TABLE kpi_stale (
	id  INTEGER PRIMARY KEY AUTOINCREMENT,
	day INTEGER NOT NULL
) STRICT;
INSERT INTO kpi_stale (day) SELECT DISTINCT day FROM coverage ORDER BY day;

CREATE TRIGGER kpi_stale_insert AFTER INSERT ON coverage BEGIN INSERT INTO kpi_stale (day) VALUES (new.day); END;
CREATE TRIGGER kpi_stale_update AFTER UPDATE ON coverage BEGIN INSERT INTO kpi_stale (day) VALUES (new.day); END;
CREATE TRIGGER kpi_stale_delete AFTER DELETE ON coverage BEGIN INSERT INTO kpi_stale (day) VALUES (old.day); END;

-- The settings under which the parts were made.
CREATE TABLE kpi_setting (
	name  TEXT PRIMARY KEY,
	value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
