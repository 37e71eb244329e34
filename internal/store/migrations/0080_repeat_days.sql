-- Within how many days a contact was taken as a repeat by a run, so that undoing
-- a later one links anew by the same measure.
ALTER TABLE import_run ADD COLUMN repeat_days INTEGER;
