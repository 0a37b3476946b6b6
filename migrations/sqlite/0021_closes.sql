-- What a close needs to know beside itself.
-- This file has a twin for PostgreSQL with the same name, the same tables and the same columns.

-- What operators are called, as the desk told it last: a close that leaves the name out does not erase it.
CREATE TABLE operator_name (
    id       TEXT PRIMARY KEY NOT NULL,
    name     TEXT NOT NULL,
    named_at INTEGER NOT NULL                    -- the time of the close that told it
) STRICT, WITHOUT ROWID;

-- When the client last wrote something that was no answer to a question of ours, by the platform's clock: a session that is
-- closed once more after it is a close of its own.
ALTER TABLE conversation ADD COLUMN last_words_at INTEGER;

-- When somebody last wrote in a session, as far as we are told: what its line's idle timer counts from.
ALTER TABLE session ADD COLUMN active_at INTEGER NOT NULL DEFAULT 0;
-- The rating request asked while the session was still open: the one of its next close.
ALTER TABLE session ADD COLUMN talk_request TEXT;
-- Sessions that an idle timer may close.
CREATE INDEX session_idle ON session (line_id, active_at) WHERE status = 'open';
