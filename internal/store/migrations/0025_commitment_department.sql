-- The department for which a promise was made; its rules and hours are those that
-- a recomputation looks at. Empty is the centre itself.
ALTER TABLE commitment ADD COLUMN department TEXT NOT NULL DEFAULT '';
