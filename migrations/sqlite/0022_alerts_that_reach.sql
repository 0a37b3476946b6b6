-- Whether an alert was told, when, and in whose place; what a client adds to a low rating later; and recipients who were not
-- reached the last time. This file has a twin for PostgreSQL with the same name.
--
-- SQLite changes no rule of a column: the table is made anew.
CREATE TABLE alert_told (
    id              TEXT PRIMARY KEY NOT NULL,
    request_id      TEXT NOT NULL,
    recipient_id    TEXT NOT NULL,               -- '' when there is nobody
    level           INTEGER NOT NULL DEFAULT 0,  -- 0: told at once; 1, 2 …: escalated
    kind            TEXT NOT NULL CHECK (kind IN ('low', 'changed', 'more', 'test')),
    line_id         TEXT NOT NULL,
    state           TEXT NOT NULL CHECK (state IN ('raised', 'digested', 'undeliverable', 'canceled')),
    reason          TEXT,
    delivery_id     TEXT,
    created_at      INTEGER NOT NULL,
    acknowledged_at INTEGER,
    acknowledged_by TEXT,
    escalate_at     INTEGER,
    escalate_after  INTEGER,                     -- how long somebody has to acknowledge it once it was told
    told_at         INTEGER,                     -- when the platform took its message
    instead_of      TEXT,                        -- the recipient who could not be told, so that this one is
    CHECK (state NOT IN ('raised', 'digested') OR delivery_id IS NOT NULL)
) STRICT, WITHOUT ROWID;
INSERT INTO alert_told (id, request_id, recipient_id, level, kind, line_id, state, reason, delivery_id, created_at, acknowledged_at,
                        acknowledged_by, escalate_at)
SELECT id, request_id, recipient_id, level, kind, line_id, state, reason, delivery_id, created_at, acknowledged_at, acknowledged_by,
       escalate_at FROM alert;
DROP TABLE alert;
ALTER TABLE alert_told RENAME TO alert;
CREATE UNIQUE INDEX alert_once ON alert (request_id, recipient_id, level, kind);
CREATE INDEX alert_escalation ON alert (escalate_at) WHERE escalate_at IS NOT NULL;
CREATE INDEX alert_delivery ON alert (delivery_id) WHERE delivery_id IS NOT NULL;
CREATE INDEX alert_waiting ON alert (request_id) WHERE acknowledged_at IS NULL AND state <> 'canceled' AND kind = 'low';
CREATE INDEX alert_lost ON alert (id) WHERE state = 'undeliverable';
CREATE INDEX alert_recipient ON alert (recipient_id, id);

ALTER TABLE recipient ADD COLUMN unreached_at INTEGER;  -- the last alert did not reach them; empty again once one does
ALTER TABLE recipient ADD COLUMN unreached_why TEXT;    -- in the platform's words

-- Which version a line had when it was deleted: one of the same id goes on from there, so that no node takes its settings for the
-- earlier ones.
CREATE TABLE deleted_line (
    id      TEXT PRIMARY KEY NOT NULL,
    version INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
