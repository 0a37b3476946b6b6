-- Connections that stop or fall silent: what was heard of each, and whether somebody was told; and secrets that a platform
-- renewed.

-- Something last came in through it, or a fetch worked, then.
ALTER TABLE connection ADD COLUMN heard_at INTEGER;
-- Messages that left since anything was heard, and when the first of them did.
ALTER TABLE connection ADD COLUMN unheard INTEGER NOT NULL DEFAULT 0;
ALTER TABLE connection ADD COLUMN unheard_since INTEGER;
-- Nothing arrives through it, since then; and why, in the platform's words or ours.
ALTER TABLE connection ADD COLUMN deaf_at INTEGER;
ALTER TABLE connection ADD COLUMN deaf_reason TEXT;
-- Admins were told of its present trouble then.
ALTER TABLE connection ADD COLUMN told_at INTEGER;

-- A secret that a platform renewed takes the place of the one in the settings that it was made from. It is sealed with the
-- installation's key, which is in no database.
CREATE TABLE connection_secret (
    connection  TEXT PRIMARY KEY NOT NULL,
    made_from   TEXT NOT NULL,                -- SHA-256 of the secret in the settings: a new one there wins
    sealed      TEXT NOT NULL,
    ends_at     INTEGER NOT NULL,
    renewed_at  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
