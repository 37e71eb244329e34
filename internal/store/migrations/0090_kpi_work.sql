-- Work and its promises as reports read them: of each day (of UTC) on which work
-- was received one list, see package kpi. It follows from the other tables; a
-- change of a piece of work takes the list of its day away.
CREATE TABLE kpi_work (
	day   INTEGER PRIMARY KEY, -- received / 86400
	form  INTEGER NOT NULL,    -- of the list; lists of another form are made again
	token INTEGER NOT NULL,    -- of the run that makes the list
	last  INTEGER NOT NULL DEFAULT 0, -- when the last of it was closed; far away while some is open
	body  BLOB                 -- NULL while it is made
) STRICT;

CREATE TRIGGER kpi_work_handoff_insert AFTER INSERT ON handoff BEGIN
	DELETE FROM kpi_work WHERE day = NEW.received / 86400;
END;
CREATE TRIGGER kpi_work_handoff_update AFTER UPDATE OF contact_id, department, received, closed ON handoff BEGIN
	DELETE FROM kpi_work WHERE day IN (OLD.received / 86400, NEW.received / 86400);
END;
CREATE TRIGGER kpi_work_handoff_delete AFTER DELETE ON handoff BEGIN
	DELETE FROM kpi_work WHERE day = OLD.received / 86400;
END;
CREATE TRIGGER kpi_work_commitment_insert AFTER INSERT ON commitment BEGIN
	DELETE FROM kpi_work WHERE day = (SELECT received / 86400 FROM handoff WHERE id = NEW.handoff_id);
END;
CREATE TRIGGER kpi_work_commitment_update AFTER UPDATE OF handoff_id, due, stopped, paused_since ON commitment BEGIN
	DELETE FROM kpi_work WHERE day IN (SELECT received / 86400 FROM handoff WHERE id IN (OLD.handoff_id, NEW.handoff_id));
END;
CREATE TRIGGER kpi_work_commitment_delete AFTER DELETE ON commitment BEGIN
	DELETE FROM kpi_work WHERE day = (SELECT received / 86400 FROM handoff WHERE id = OLD.handoff_id);
END;
CREATE TRIGGER kpi_work_event_insert AFTER INSERT ON handoff_event BEGIN
	DELETE FROM kpi_work WHERE day = (SELECT received / 86400 FROM handoff WHERE id = NEW.handoff_id);
END;
CREATE TRIGGER kpi_work_event_update AFTER UPDATE OF handoff_id, at, kind ON handoff_event BEGIN
	DELETE FROM kpi_work WHERE day IN (SELECT received / 86400 FROM handoff WHERE id IN (OLD.handoff_id, NEW.handoff_id));
END;
CREATE TRIGGER kpi_work_event_delete AFTER DELETE ON handoff_event BEGIN
	DELETE FROM kpi_work WHERE day = (SELECT received / 86400 FROM handoff WHERE id = OLD.handoff_id);
END;
-- A ticket that another takes the place of is gone without a word.
CREATE TRIGGER kpi_work_ticket_replace BEFORE INSERT ON ticket BEGIN
	DELETE FROM kpi_work WHERE day = (SELECT received / 86400 FROM ticket WHERE key = NEW.key);
END;
CREATE TRIGGER kpi_work_ticket_insert AFTER INSERT ON ticket BEGIN
	DELETE FROM kpi_work WHERE day = NEW.received / 86400;
END;
CREATE TRIGGER kpi_work_ticket_update AFTER UPDATE OF received, closed, channel, kind, subject, handed_off_to, due_date ON ticket BEGIN
	DELETE FROM kpi_work WHERE day IN (OLD.received / 86400, NEW.received / 86400);
END;
CREATE TRIGGER kpi_work_ticket_delete AFTER DELETE ON ticket BEGIN
	DELETE FROM kpi_work WHERE day = OLD.received / 86400;
END;

-- What work is about is read with its contact when a list is made.
DROP TRIGGER handoff_topic;
DROP TRIGGER contact_topic;
DROP INDEX handoff_span;
ALTER TABLE handoff DROP COLUMN topic;
DROP TABLE work_topic;
CREATE TRIGGER kpi_work_contact_update AFTER UPDATE OF channel, kind, subject, segment, direction ON contact
WHEN EXISTS (SELECT 1 FROM handoff WHERE contact_id = NEW.id) BEGIN
	DELETE FROM kpi_work WHERE day IN (SELECT received / 86400 FROM handoff WHERE contact_id = NEW.id);
END;

-- Indexes by which reports found and counted work before.
DROP INDEX ticket_span;
DROP INDEX commitment_handoff;
DROP INDEX commitment_late;
DROP INDEX commitment_stopped;
DROP INDEX commitment_due;
CREATE INDEX commitment_due ON commitment(due);
