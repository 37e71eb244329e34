-- Work that was open at some time in a period is found without looking at all
-- that was closed before it.
CREATE INDEX handoff_span ON handoff(closed, received);
CREATE INDEX ticket_span ON ticket(closed, received);
CREATE INDEX handoff_received ON handoff(received);
CREATE INDEX commitment_stopped ON commitment(stopped, due);
