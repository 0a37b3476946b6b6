-- Passing on: where a bot is shared, what its platform told us and is not ours is kept here until the desk behind the
-- connection took it. This file has a twin for PostgreSQL; there a body is BYTEA.

-- One request of a platform, as it came, written in the transaction that judged it. Rows leave at the head: in order, once
-- the desk answered 2xx, or when they are too old.
CREATE TABLE pass_on (
    connection  TEXT NOT NULL,
    seq         INTEGER NOT NULL,                -- its place: 1, 2, 3 … without a gap, in the order of commits
    method      TEXT NOT NULL,
    query       TEXT NOT NULL,
    headers     TEXT NOT NULL,                   -- personal: JSON of src/life/keep_for_desk.rs; a secret stands as the name of its setting
    body        BLOB NOT NULL,                   -- personal: the very bytes
    received_at INTEGER NOT NULL,
    PRIMARY KEY (connection, seq)
) STRICT;

-- The desk behind a connection: how far it is, and which node passes on to it now.
CREATE TABLE pass_on_desk (
    connection  TEXT PRIMARY KEY NOT NULL,
    last_seq    INTEGER NOT NULL DEFAULT 0,      -- of the newest request ever kept; the row's lock is what puts commits in order
    token       INTEGER NOT NULL DEFAULT 0,      -- the fence: raised by each claim, named by the statement that records its end
    owner       TEXT,
    lease_until INTEGER,
    failures    INTEGER NOT NULL DEFAULT 0,      -- in a row, of the request at the head
    next_try_at INTEGER NOT NULL DEFAULT 0,
    error       TEXT,                            -- of the last failure: the desk's status, or why there was none
    failed_at   INTEGER,
    passed_at   INTEGER,
    dropped     INTEGER NOT NULL DEFAULT 0,      -- requests that became too old
    dropped_at  INTEGER,
    CHECK ((owner IS NULL) = (lease_until IS NULL))
) STRICT, WITHOUT ROWID;
