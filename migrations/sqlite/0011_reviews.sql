-- The rules of reviews carried over to ratings: low ratings are worked off, answered, flagged and appealed.
-- This file has a twin for PostgreSQL with the same name, the same tables and the same columns.

-- When somebody took care of a low rating: replied, marked it as resolved, or acknowledged its alert. A rating waits while
-- it is low, not voided, and nobody did; src/domain/review.rs has the rule.
ALTER TABLE rating ADD COLUMN worked_at INTEGER;
UPDATE rating SET worked_at = changed_at WHERE low = 1 AND NOT EXISTS (SELECT 1 FROM alert a
    WHERE a.request_id = rating.request_id AND a.kind = 'low' AND a.state <> 'canceled' AND a.acknowledged_at IS NULL);
UPDATE rating SET worked_at = changed_at WHERE low = 1 AND worked_at IS NULL AND EXISTS (SELECT 1 FROM alert a
    WHERE a.request_id = rating.request_id AND a.acknowledged_at IS NOT NULL);

-- What waits, what is low, and what is done, newest first: only those rows are in them.
CREATE INDEX rating_waits ON rating (first_at, request_id, line_id) WHERE low = 1 AND worked_at IS NULL AND voided_at IS NULL;
CREATE INDEX rating_low_by_answer ON rating (first_at, request_id, line_id) WHERE low = 1;
CREATE INDEX rating_worked ON rating (worked_at, request_id, line_id) WHERE low = 1 AND worked_at IS NOT NULL;

-- What people did about one rating. There is a row from the first act on; its revision is the fence of two people at once.
CREATE TABLE review (
    request_id     TEXT PRIMARY KEY NOT NULL,
    line_id        TEXT NOT NULL,
    closed_at      INTEGER NOT NULL,
    revision       INTEGER NOT NULL,
    assigned_to    TEXT,                         -- the account
    assigned_name  TEXT,                         -- as it was then
    assigned_at    INTEGER,
    settled_at     INTEGER,                      -- marked as resolved
    settled_by     TEXT,
    note           TEXT,
    replied_at     INTEGER,                      -- the first reply
    asked_again    TEXT,                         -- the second rating request
    asked_again_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX review_assigned ON review (assigned_to, request_id) WHERE assigned_to IS NOT NULL;
-- What was replied to, by the close: the measured recovery reads the replied ones of its days.
CREATE INDEX review_replied ON review (closed_at, request_id) WHERE replied_at IS NOT NULL;

-- The reply to a rating: one, with every version it had. A version has a delivery, or the reason why it was not sent.
CREATE TABLE reply (
    request_id  TEXT NOT NULL,
    version     INTEGER NOT NULL,
    text        TEXT NOT NULL,                   -- personal
    by_id       TEXT NOT NULL,
    by_name     TEXT NOT NULL,
    written_at  INTEGER NOT NULL,
    delivery_id TEXT,
    not_sent    TEXT,
    PRIMARY KEY (request_id, version),
    CHECK ((delivery_id IS NULL) <> (not_sent IS NULL))
) STRICT, WITHOUT ROWID;

-- Texts to begin a reply with: of one line, or of all where line_id is null.
CREATE TABLE reply_template (
    id         TEXT PRIMARY KEY NOT NULL,
    line_id    TEXT,
    name       TEXT NOT NULL,
    text       TEXT NOT NULL,
    updated_at INTEGER NOT NULL,
    updated_by TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Flags (what the client wrote does not belong there) and appeals (the rating should leave the score), each judged once.
-- The rating itself stays as it was; an appeal that is upheld sets rating.voided_at.
CREATE TABLE objection (
    id          TEXT PRIMARY KEY NOT NULL,       -- sorts by time
    request_id  TEXT NOT NULL,
    line_id     TEXT NOT NULL,
    kind        TEXT NOT NULL CHECK (kind IN ('flag', 'appeal')),
    reason      TEXT NOT NULL,                   -- of a flag: spam, profanity, offensive, other
    text        TEXT NOT NULL,
    by_id       TEXT NOT NULL,
    by_name     TEXT NOT NULL,
    raised_at   INTEGER NOT NULL,
    state       TEXT NOT NULL CHECK (state IN ('open', 'upheld', 'declined', 'taken_back')),
    judged_by   TEXT,
    judged_at   INTEGER,
    judgement   TEXT,
    CHECK ((state = 'open') = (judged_at IS NULL))
) STRICT, WITHOUT ROWID;
CREATE INDEX objection_request ON objection (request_id, id);
CREATE INDEX objection_open ON objection (id) WHERE state = 'open';
CREATE UNIQUE INDEX objection_one_appeal ON objection (request_id) WHERE kind = 'appeal' AND state = 'open';
CREATE UNIQUE INDEX objection_one_flag ON objection (request_id, by_id) WHERE kind = 'flag' AND state = 'open';

-- A reply leaves like everything else: as a delivery. A CHECK cannot be altered here, but what stands in the schema can,
-- because no row is kept differently (https://www.sqlite.org/lang_altertable.html#otheralter).
PRAGMA writable_schema = ON;
UPDATE sqlite_schema SET sql = replace(sql, '''digest'', ''event'')', '''digest'', ''event'', ''reply'')') WHERE type = 'table' AND name = 'delivery';
PRAGMA writable_schema = RESET;
