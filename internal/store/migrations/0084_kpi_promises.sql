-- What reports count of promises, without looking at their rows: those that were
-- decided in a period, and those that were late in it.
DROP INDEX commitment_due;
DROP INDEX commitment_stopped;
CREATE INDEX commitment_due ON commitment(due, stopped, paused_since);
CREATE INDEX commitment_stopped ON commitment(stopped, due, handoff_id, paused_since);
CREATE INDEX commitment_late ON commitment(stopped, due, handoff_id) WHERE stopped > due;
