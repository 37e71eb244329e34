-- Who did what with personal data. Each entry holds the hash of the one before
-- it, so that a change or a gap shows. It holds no personal data itself.
CREATE TABLE audit (
	id     INTEGER PRIMARY KEY,
	at     INTEGER NOT NULL,
	by     TEXT NOT NULL,
	action TEXT NOT NULL,
	detail TEXT NOT NULL,
	prior  TEXT NOT NULL,
	hash   TEXT NOT NULL
) STRICT;
CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'the audit log cannot be changed'); END;
CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'the audit log cannot be changed'); END;
