-- API keys that are limited to lines, and calls of desks that were refused, for people to look at. This file has a twin for
-- SQLite with the same name and the same tables.
--
-- The lines as a JSON array; without it a key is for all of them.
ALTER TABLE api_key ADD COLUMN lines TEXT;

-- What was refused is kept in the inbox, where bodies have their time already; few rows of it are found by this.
CREATE INDEX inbox_refused ON inbox (received_at) WHERE kind = 'refused';
