-- What reports need of a piece of work and its promises lies in the indexes by
-- which they are found, so that of a year of work only the contacts are looked up.
DROP INDEX handoff_span;
CREATE INDEX handoff_span ON handoff(closed, received, contact_id, department);
CREATE INDEX commitment_handoff ON commitment(handoff_id, due, stopped, paused_since);
