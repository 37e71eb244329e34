-- The channel by which the rows of a queue are told apart. It stays as it was when
-- a later file names the channel of a queue that an earlier one left open, so
-- that the rows of both are the same rows. NULL is file_channel.
ALTER TABLE queue ADD COLUMN key_channel TEXT;
