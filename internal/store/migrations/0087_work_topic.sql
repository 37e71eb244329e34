-- What a piece of work is about, as its contact tells: kept with the work, so that
-- reports by channel, kind or subject look up no contacts. Triggers keep it right.
CREATE TABLE work_topic (
	id        INTEGER PRIMARY KEY,
	channel   TEXT NOT NULL,
	kind      TEXT NOT NULL,
	subject   TEXT NOT NULL,
	segment   TEXT NOT NULL,
	direction TEXT NOT NULL,
	UNIQUE (channel, kind, subject, segment, direction)
) STRICT;
INSERT INTO work_topic (channel, kind, subject, segment, direction)
SELECT DISTINCT c.channel, c.kind, c.subject, c.segment, c.direction FROM handoff h JOIN contact c ON c.id = h.contact_id;

ALTER TABLE handoff ADD COLUMN topic INTEGER NOT NULL DEFAULT 0; -- of work_topic
UPDATE handoff SET topic = (SELECT t.id FROM contact c JOIN work_topic t ON t.channel = c.channel AND t.kind = c.kind
	AND t.subject = c.subject AND t.segment = c.segment AND t.direction = c.direction WHERE c.id = handoff.contact_id);
DROP INDEX handoff_span;
CREATE INDEX handoff_span ON handoff(closed, received, topic, department);

CREATE TRIGGER handoff_topic AFTER INSERT ON handoff BEGIN
	INSERT INTO work_topic (channel, kind, subject, segment, direction)
	SELECT channel, kind, subject, segment, direction FROM contact c WHERE c.id = NEW.contact_id AND NOT EXISTS (
		SELECT 1 FROM work_topic t WHERE t.channel = c.channel AND t.kind = c.kind AND t.subject = c.subject AND t.segment = c.segment AND t.direction = c.direction);
	UPDATE handoff SET topic = (SELECT t.id FROM contact c JOIN work_topic t ON t.channel = c.channel AND t.kind = c.kind
		AND t.subject = c.subject AND t.segment = c.segment AND t.direction = c.direction WHERE c.id = NEW.contact_id) WHERE id = NEW.id;
END;
CREATE TRIGGER contact_topic AFTER UPDATE OF channel, kind, subject, segment, direction ON contact
WHEN EXISTS (SELECT 1 FROM handoff WHERE contact_id = NEW.id) BEGIN
	INSERT INTO work_topic (channel, kind, subject, segment, direction)
	SELECT NEW.channel, NEW.kind, NEW.subject, NEW.segment, NEW.direction WHERE NOT EXISTS (
		SELECT 1 FROM work_topic t WHERE t.channel = NEW.channel AND t.kind = NEW.kind AND t.subject = NEW.subject AND t.segment = NEW.segment AND t.direction = NEW.direction);
	UPDATE handoff SET topic = (SELECT t.id FROM work_topic t WHERE t.channel = NEW.channel AND t.kind = NEW.kind
		AND t.subject = NEW.subject AND t.segment = NEW.segment AND t.direction = NEW.direction) WHERE contact_id = NEW.id;
END;
