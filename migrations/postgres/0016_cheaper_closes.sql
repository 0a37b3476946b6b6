-- What a close and its question cost the database. The twin of the file for SQLite, where nothing of this is to be done.

-- For each session that is written, PostgreSQL would read its line and lock it against deletion, one by one. Lines are
-- never deleted: they are put away. Whoever writes a session has read its line in the same transaction.
ALTER TABLE session DROP CONSTRAINT session_line_id_fkey;

-- Nearly every rating request is written to once more, when its question is delivered. No index knows of that moment, so
-- the new version of the row costs no entry in any of its nine indexes, if it finds room on the same page: half of each is
-- left free for it, and used again when the rating request ends.
ALTER TABLE rating_request SET (fillfactor = 50);
