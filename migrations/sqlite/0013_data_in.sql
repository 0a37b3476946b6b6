-- Data in, and data gone: how far imports of files are, which closes have lost their personal data, and how clients are found.
-- This file has a twin for PostgreSQL with the same name, the same tables and the same columns.

-- One file that is imported, by what is in it and how it is read: begun, killed and begun again, it goes on where it was.
CREATE TABLE import_run (
    id          TEXT PRIMARY KEY NOT NULL,       -- SHA-256 of the file and of how it is read
    file        TEXT NOT NULL,                   -- its name, for people
    format      TEXT NOT NULL,
    source      TEXT NOT NULL,
    done        INTEGER NOT NULL DEFAULT 0,      -- rows of the file that are behind us, in its order
    added       INTEGER NOT NULL DEFAULT 0,      -- closes that were new
    ratings     INTEGER NOT NULL DEFAULT 0,      -- of them, rated
    repeated    INTEGER NOT NULL DEFAULT 0,      -- closes that were there already
    rejected    INTEGER NOT NULL DEFAULT 0,      -- rows that make no sense
    started_at  INTEGER NOT NULL,
    changed_at  INTEGER NOT NULL,
    finished_at INTEGER
) STRICT, WITHOUT ROWID;

-- When a close lost what it held of a person: after the line's time, or because the client was erased.
ALTER TABLE rating_request ADD COLUMN erased_at INTEGER;

-- How far each line is with that: closes before this moment have been seen to.
CREATE TABLE retention (
    line_id    TEXT PRIMARY KEY NOT NULL,
    done_until INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Everything about one client is found by the client, and the client by the place where they were talked to.
CREATE INDEX rating_request_client ON rating_request (client_id) WHERE client_id IS NOT NULL;
CREATE INDEX session_client ON session (client_id) WHERE client_id IS NOT NULL;
CREATE INDEX session_chat ON session (address ->> 'chat') WHERE address IS NOT NULL;
