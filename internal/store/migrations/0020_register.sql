-- What the register adds to a contact: whether it is finished, the case it is
-- about, and the text index over its notes.
ALTER TABLE contact ADD COLUMN status TEXT NOT NULL DEFAULT '' CHECK (status IN ('', 'open', 'closed'));
ALTER TABLE contact ADD COLUMN closed INTEGER;
ALTER TABLE contact ADD COLUMN reference TEXT;
CREATE INDEX contact_open ON contact(start) WHERE status = 'open';

CREATE VIRTUAL TABLE contact_text USING fts5(note, content = 'contact', content_rowid = 'id', tokenize = 'unicode61 remove_diacritics 2');
CREATE TRIGGER contact_text_insert AFTER INSERT ON contact WHEN new.note IS NOT NULL BEGIN
	INSERT INTO contact_text (rowid, note) VALUES (new.id, new.note);
END;
CREATE TRIGGER contact_text_delete AFTER DELETE ON contact WHEN old.note IS NOT NULL BEGIN
	INSERT INTO contact_text (contact_text, rowid, note) VALUES ('delete', old.id, old.note);
END;
CREATE TRIGGER contact_text_update AFTER UPDATE OF note ON contact WHEN old.note IS NOT new.note BEGIN
	INSERT INTO contact_text (contact_text, rowid, note) SELECT 'delete', old.id, old.note WHERE old.note IS NOT NULL;
	INSERT INTO contact_text (rowid, note) SELECT new.id, new.note WHERE new.note IS NOT NULL;
END;

-- A question of a customer. It may take several contacts, and a contact may
-- hold several questions.
CREATE TABLE question (
	id      INTEGER PRIMARY KEY,
	subject TEXT NOT NULL DEFAULT '',
	opened  INTEGER NOT NULL
) STRICT;

CREATE TABLE contact_question (
	contact_id  INTEGER NOT NULL REFERENCES contact(id) ON DELETE CASCADE,
	question_id INTEGER NOT NULL REFERENCES question(id) ON DELETE CASCADE,
	PRIMARY KEY (contact_id, question_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX contact_question_question ON contact_question(question_id);

-- Articles of the knowledge base that were used in a contact.
CREATE TABLE contact_article (
	contact_id INTEGER NOT NULL REFERENCES contact(id) ON DELETE CASCADE,
	article    TEXT NOT NULL,
	PRIMARY KEY (contact_id, article)
) STRICT, WITHOUT ROWID;
CREATE INDEX contact_article_article ON contact_article(article);

-- What open work still needs to know of a customer, sealed with the key file.
CREATE TABLE sealed_detail (
	id         INTEGER PRIMARY KEY,
	contact_id INTEGER REFERENCES contact(id) ON DELETE CASCADE,
	handoff_id INTEGER REFERENCES handoff(id) ON DELETE CASCADE,
	appointment_id INTEGER REFERENCES appointment(id) ON DELETE CASCADE,
	key_id     TEXT NOT NULL,
	body       BLOB NOT NULL,
	erase_at   INTEGER -- set when the work is closed
) STRICT;
CREATE INDEX sealed_detail_contact ON sealed_detail(contact_id) WHERE contact_id IS NOT NULL;
CREATE INDEX sealed_detail_handoff ON sealed_detail(handoff_id) WHERE handoff_id IS NOT NULL;
CREATE INDEX sealed_detail_appointment ON sealed_detail(appointment_id) WHERE appointment_id IS NOT NULL;
CREATE INDEX sealed_detail_erase ON sealed_detail(erase_at) WHERE erase_at IS NOT NULL;
