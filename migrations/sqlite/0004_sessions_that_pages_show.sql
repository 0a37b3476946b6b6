-- Which session of another desk a visitor's page shows, beside that desk's own chat: so that a close which names no
-- address of ours still finds its visitor. The page that says so last has it.
CREATE TABLE visitor_session (
    connection TEXT NOT NULL,
    session_id TEXT NOT NULL,                    -- that desk's id
    visitor    TEXT NOT NULL,
    claimed_at INTEGER NOT NULL,
    PRIMARY KEY (connection, session_id)
) STRICT, WITHOUT ROWID;
