-- People sign in: what an account may see, the logins that are under way, tries that failed, and who changed what.
-- This file has a twin for SQLite with the same name, the same tables and the same columns.

-- Of an operator: their id at the desk, by which their own numbers are known.
ALTER TABLE account ADD COLUMN operator_id TEXT;
-- Of a supervisor: all lines, also those still to be made, or the ones in account_line.
ALTER TABLE account ADD COLUMN all_lines BIGINT NOT NULL DEFAULT 1 CHECK (all_lines IN (0, 1));
-- Of an operator: reads what clients wrote about them.
ALTER TABLE account ADD COLUMN comments BIGINT NOT NULL DEFAULT 0 CHECK (comments IN (0, 1));
-- What they chose for the pages; null where the browser decides.
ALTER TABLE account ADD COLUMN language TEXT;
ALTER TABLE account ADD COLUMN theme TEXT CHECK (theme IN ('light', 'dark'));

-- The lines of a supervisor who does not see all of them.
CREATE TABLE account_line (
    account_id TEXT NOT NULL,
    line_id    TEXT NOT NULL,
    PRIMARY KEY (account_id, line_id)
);

-- A login: one browser, from the password to the sign-out. Only a hash of its secret is kept.
CREATE TABLE login (
    hash       TEXT PRIMARY KEY NOT NULL,        -- SHA-256 of what is in the cookie
    id         TEXT NOT NULL UNIQUE,             -- by which its owner can end it from elsewhere
    account_id TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    seen_at    BIGINT NOT NULL,                 -- to the minute
    address    TEXT NOT NULL,                    -- personal
    agent      TEXT NOT NULL                     -- personal: what the browser says it is
);
CREATE INDEX login_account ON login (account_id);
CREATE INDEX login_created ON login (created_at);

-- Tries to sign in since the last success. The name is hashed: people sometimes type their password in its place.
CREATE TABLE sign_in_try (
    who      TEXT PRIMARY KEY NOT NULL,          -- SHA-256 of the login as typed, in small letters
    failures BIGINT NOT NULL,
    last_at  BIGINT NOT NULL,
    until    BIGINT NOT NULL                    -- no further try before then
);
CREATE INDEX sign_in_try_last ON sign_in_try (last_at);

-- Who changed what: written in the transaction of the change, never changed.
CREATE TABLE audit (
    id           TEXT COLLATE "C" PRIMARY KEY NOT NULL, -- sorts by time, also where the database sorts words by a language
    at           BIGINT NOT NULL,
    by_kind      TEXT NOT NULL CHECK (by_kind IN ('person', 'program', 'command', 'nobody')),
    by_id        TEXT NOT NULL,
    by_name      TEXT NOT NULL,                  -- as it was then
    act          TEXT NOT NULL,
    subject_kind TEXT NOT NULL,
    subject      TEXT NOT NULL,
    line_id      TEXT,                           -- for those who see some lines only
    before       TEXT NOT NULL DEFAULT '{}',     -- what was changed, without secrets
    after        TEXT NOT NULL DEFAULT '{}'
);
CREATE INDEX audit_subject ON audit (subject_kind, subject, id);
CREATE INDEX audit_by ON audit (by_id, id);
CREATE INDEX audit_act ON audit (act, id);

-- What waits for somebody, counted on every page: only what waits is in it.
CREATE INDEX alert_waiting ON alert (request_id) WHERE acknowledged_at IS NULL AND state <> 'canceled' AND kind = 'low';
