-- The description of the centre. Each load is a version, valid from a day on;
-- the text is the TOML form, which is complete and exact.
CREATE TABLE centre_version (
	id         INTEGER PRIMARY KEY,
	valid_from INTEGER NOT NULL, -- civil day, days since 1970-01-01
	loaded_at  INTEGER NOT NULL, -- UTC seconds
	source     TEXT    NOT NULL, -- the file it was read from
	hash       TEXT    NOT NULL, -- SHA-256 of text, hexadecimal
	text       TEXT    NOT NULL
) STRICT;

CREATE INDEX centre_version_valid ON centre_version (valid_from, id);
