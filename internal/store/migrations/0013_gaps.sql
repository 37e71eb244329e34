-- What an absent interval inside the span of a queue means, where an import says so.
ALTER TABLE queue ADD COLUMN gaps TEXT NOT NULL DEFAULT '' CHECK (gaps IN ('', 'zero', 'missing'));
