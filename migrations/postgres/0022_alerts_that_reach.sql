-- Whether an alert was told, when, and in whose place; what a client adds to a low rating later; and recipients who were not
-- reached the last time. This file has a twin for SQLite with the same name.
ALTER TABLE alert DROP CONSTRAINT alert_kind_check;
ALTER TABLE alert ADD CONSTRAINT alert_kind_check CHECK (kind IN ('low', 'changed', 'more', 'test'));
ALTER TABLE alert ADD COLUMN escalate_after BIGINT;     -- how long somebody has to acknowledge it once it was told
ALTER TABLE alert ADD COLUMN told_at BIGINT;            -- when the platform took its message
ALTER TABLE alert ADD COLUMN instead_of TEXT;           -- the recipient who could not be told, so that this one is
CREATE INDEX alert_lost ON alert (id) WHERE state = 'undeliverable';
CREATE INDEX alert_recipient ON alert (recipient_id, id);

ALTER TABLE recipient ADD COLUMN unreached_at BIGINT;   -- the last alert did not reach them; empty again once one does
ALTER TABLE recipient ADD COLUMN unreached_why TEXT;    -- in the platform's words

-- Which version a line had when it was deleted: one of the same id goes on from there, so that no node takes its settings for the
-- earlier ones.
CREATE TABLE deleted_line (
    id      TEXT PRIMARY KEY NOT NULL,
    version BIGINT NOT NULL
);
