-- The tables behind the life of a rating. This file has a twin for SQLite with the same name, the same tables and
-- the same columns; what differs is said where it differs.
--
-- Conventions: ids are text; times are integer milliseconds since 1970 UTC and end in _at; documents are JSON text;
-- flags are a time or null rather than a boolean, so that they say when. Columns with personal data are marked so.

-- A line: a queue of chats with its own rating settings (one JSON document, kept with every version it ever had).
CREATE TABLE line (
    id          TEXT PRIMARY KEY NOT NULL,
    name        TEXT NOT NULL,
    settings    TEXT NOT NULL,
    version     BIGINT NOT NULL,
    created_at  BIGINT NOT NULL,
    updated_at  BIGINT NOT NULL,
    archived_at BIGINT
);

CREATE TABLE line_version (
    line_id    TEXT NOT NULL REFERENCES line (id),
    version    BIGINT NOT NULL,
    name       TEXT NOT NULL,
    settings   TEXT NOT NULL,
    changed_by TEXT NOT NULL,
    changed_at BIGINT NOT NULL,
    PRIMARY KEY (line_id, version)
);

-- Who gets alerts, and where. A group has members and no address of its own.
CREATE TABLE recipient (
    id          TEXT PRIMARY KEY NOT NULL,
    name        TEXT NOT NULL,
    kind        TEXT NOT NULL CHECK (kind IN ('person', 'group')),
    connection  TEXT,
    address     TEXT,                            -- personal: JSON of the contract's Address
    operator_id TEXT,                            -- the desk's operator this person is, for "the responsible operator"
    language    TEXT,
    members     TEXT NOT NULL DEFAULT '[]',      -- of a group: ids of recipients, as JSON
    tat         BIGINT NOT NULL DEFAULT 0,      -- storm control: GCRA state in microseconds
    created_at  BIGINT NOT NULL,
    disabled_at BIGINT,
    CHECK ((kind = 'group') = (connection IS NULL))
);
CREATE UNIQUE INDEX recipient_operator ON recipient (operator_id) WHERE operator_id IS NOT NULL;

-- Everything that enters: one row per event of a source, written in the transaction of its effect. The same key with
-- the same body gives the same result; with another body it is refused.
CREATE TABLE inbox (
    source      TEXT NOT NULL,
    event_key   TEXT NOT NULL,
    kind        TEXT NOT NULL,
    body_hash   TEXT NOT NULL,
    received_at BIGINT NOT NULL,
    subject     TEXT,                            -- what it was about: a rating request, a session, a delivery
    disposition TEXT,
    body        TEXT,                            -- personal; kept only of what could not be read or used
    PRIMARY KEY (source, event_key)
);
CREATE INDEX inbox_received ON inbox (received_at);

-- A client, over all lines and channels: here only to ask not too often. The id is the desk's id of the person, or the
-- connection and chat where the desk has none.
CREATE TABLE client (
    id           TEXT PRIMARY KEY NOT NULL,      -- personal
    next_ask_at  BIGINT NOT NULL DEFAULT 0,
    opted_out_at BIGINT,
    revision     BIGINT NOT NULL,         -- the fence of optimistic writes
    updated_at   BIGINT NOT NULL
);

-- What we learned of a conversation from the channel itself: the clock of its window, and whether we may write.
CREATE TABLE conversation (
    connection             TEXT NOT NULL,
    chat                   TEXT NOT NULL,        -- personal
    last_client_message_at BIGINT,              -- by the platform's clock
    window_expires_at      BIGINT,
    blocked_at             BIGINT,
    updated_at             BIGINT NOT NULL,
    PRIMARY KEY (connection, chat)
);

-- One conversation of one client on one line, from opening to close. Each close raises the epoch.
CREATE TABLE session (
    source                 TEXT NOT NULL,
    id                     TEXT NOT NULL,        -- the desk's id
    line_id                TEXT NOT NULL REFERENCES line (id),
    status                 TEXT NOT NULL CHECK (status IN ('open', 'closed', 'merged')),
    epoch                  BIGINT NOT NULL DEFAULT 0,
    opened_at              BIGINT,
    closed_at              BIGINT,
    last_event_at          BIGINT NOT NULL,     -- the newest event applied; older ones are stale
    recent_closes          BIGINT NOT NULL DEFAULT 0,
    recent_since           BIGINT NOT NULL DEFAULT 0,
    operator_id            TEXT,
    operators              TEXT NOT NULL DEFAULT '[]',
    client_id              TEXT,                 -- personal
    connection             TEXT,
    address                TEXT,                 -- personal
    language               TEXT,
    last_client_message_at BIGINT,
    merged_into            TEXT,
    revision               BIGINT NOT NULL, -- the fence of optimistic writes
    PRIMARY KEY (id, source)                     -- people ask by id alone
);

-- What happened to a session besides its closes: reopened, reassigned, merged, overtaken. For `lastword explain`.
CREATE TABLE session_event (
    source      TEXT NOT NULL,
    session_id  TEXT NOT NULL,
    occurred_at BIGINT NOT NULL,
    event_key   TEXT NOT NULL,
    kind        TEXT NOT NULL,
    detail      TEXT NOT NULL DEFAULT '',
    received_at BIGINT NOT NULL,
    PRIMARY KEY (source, session_id, occurred_at, event_key)
);

-- Our question about one close of one session, with the facts frozen as they were at the close. Every close has one,
-- also when we do not ask, and every one ends in exactly one outcome.
CREATE TABLE rating_request (
    id                     TEXT PRIMARY KEY NOT NULL,
    source                 TEXT NOT NULL,
    session_id             TEXT NOT NULL,
    epoch                  BIGINT NOT NULL,
    line_id                TEXT NOT NULL,
    line_version           BIGINT NOT NULL,
    scale                  TEXT NOT NULL CHECK (scale IN ('binary', 'five_star')),
    connection             TEXT,
    channel                TEXT,
    address                TEXT,                 -- personal
    language               TEXT,
    client_id              TEXT,                 -- personal
    operator_id            TEXT,
    operators              TEXT NOT NULL,
    attribution            TEXT NOT NULL,
    closed_by              TEXT NOT NULL,
    opened_at              BIGINT,
    closed_at              BIGINT NOT NULL,
    last_client_message_at BIGINT,
    created_at             BIGINT NOT NULL,
    due_at                 BIGINT,
    expires_at             BIGINT,
    change_ms              BIGINT NOT NULL,
    outcome                TEXT CHECK (outcome IN ('answered', 'expired', 'not_asked', 'canceled', 'unreachable', 'unsure')),
    reason                 TEXT,
    decided_at             BIGINT,
    CHECK ((outcome IS NULL) = (decided_at IS NULL)),
    CHECK ((due_at IS NULL) = (expires_at IS NULL)),
    CHECK (due_at IS NOT NULL OR outcome IS NOT NULL)
);
CREATE UNIQUE INDEX rating_request_close ON rating_request (source, session_id, epoch);
CREATE INDEX rating_request_open ON rating_request (expires_at) WHERE outcome IS NULL;

-- Everything that leaves: the schedule and the outbox in one. The states are those of src/domain/delivery.rs.
CREATE TABLE delivery (
    id               TEXT PRIMARY KEY NOT NULL,
    kind             TEXT NOT NULL CHECK (kind IN ('ask', 'reminder', 'settle', 'alert', 'digest', 'event')),
    connection       TEXT NOT NULL,
    address          TEXT NOT NULL,              -- personal
    subject          TEXT,                       -- the rating request, or the recipient of a digest
    payload          TEXT NOT NULL DEFAULT '{}',
    state            TEXT NOT NULL CHECK (state IN ('scheduled', 'leased', 'sending', 'sent', 'delivered', 'undeliverable',
                                                    'unknown', 'canceled', 'skipped', 'failed', 'dead')),
    reason           TEXT,
    due_at           BIGINT NOT NULL,
    give_up_at       BIGINT NOT NULL,
    window_closes_at BIGINT,
    token            BIGINT NOT NULL DEFAULT 0, -- the fence: raised by each claim, named by each later statement
    attempts         BIGINT NOT NULL DEFAULT 0, -- intents
    crashes          BIGINT NOT NULL DEFAULT 0, -- leases that ended without an intent
    resends          BIGINT NOT NULL DEFAULT 0,
    resends_max      BIGINT NOT NULL DEFAULT 0,
    owner            TEXT,
    lease_until      BIGINT,
    intent_at        BIGINT,
    ended_at         BIGINT,
    resend_at        BIGINT,                    -- of an unknown one: when it may go again
    message_id       TEXT,                       -- the platform's
    detail           TEXT,                       -- the platform's own words
    created_at       BIGINT NOT NULL,
    CHECK ((state IN ('leased', 'sending')) = (lease_until IS NOT NULL)),
    CHECK (resends <= resends_max),
    CHECK (state NOT IN ('sending', 'sent', 'delivered', 'undeliverable', 'unknown') OR intent_at IS NOT NULL)
);
CREATE INDEX delivery_due ON delivery (connection, due_at, id) WHERE state = 'scheduled';
CREATE INDEX delivery_lease ON delivery (lease_until) WHERE lease_until IS NOT NULL;
CREATE INDEX delivery_resend ON delivery (resend_at) WHERE state = 'unknown' AND resend_at IS NOT NULL;
CREATE INDEX delivery_subject ON delivery (subject) WHERE subject IS NOT NULL;
CREATE INDEX delivery_stuck ON delivery (id) WHERE state IN ('unknown', 'failed', 'dead', 'undeliverable');
CREATE INDEX delivery_message ON delivery (connection, message_id) WHERE message_id IS NOT NULL;

-- Every try of a delivery but the last, which is in the delivery's own row.
CREATE TABLE attempt (
    delivery_id TEXT NOT NULL,
    token       BIGINT NOT NULL,
    intent_at   BIGINT,
    ended_at    BIGINT NOT NULL,
    verdict     TEXT NOT NULL,
    detail      TEXT,
    PRIMARY KEY (delivery_id, token)
);

-- Everything a client did about a rating request, in the order it arrived, whatever became of it.
CREATE TABLE answer_event (
    id          TEXT PRIMARY KEY NOT NULL,
    request_id  TEXT NOT NULL,
    source      TEXT NOT NULL,
    event_key   TEXT NOT NULL,
    kind        TEXT NOT NULL CHECK (kind IN ('score', 'reason', 'resolved', 'comment')),
    value       TEXT NOT NULL,                   -- personal, for comments
    order_key   BIGINT NOT NULL,
    received_at BIGINT NOT NULL,
    disposition TEXT NOT NULL
);
CREATE INDEX answer_event_request ON answer_event (request_id);

-- The value that counts: at most one for a rating request. Who and where are copied from the request, frozen.
CREATE TABLE rating (
    request_id  TEXT PRIMARY KEY NOT NULL,
    line_id     TEXT NOT NULL,
    operator_id TEXT,
    channel     TEXT,
    scale       TEXT NOT NULL,
    score       BIGINT NOT NULL,
    low         BIGINT NOT NULL CHECK (low IN (0, 1)),
    comment     TEXT,                            -- personal
    reasons     TEXT NOT NULL DEFAULT '[]',
    resolved    BIGINT CHECK (resolved IN (0, 1)),
    order_key   BIGINT NOT NULL,
    order_event TEXT NOT NULL,
    revision    BIGINT NOT NULL DEFAULT 1,
    first_at    BIGINT NOT NULL,
    changed_at  BIGINT NOT NULL,
    closed_at   BIGINT NOT NULL
);

-- One low-rating alert for one recipient. Its message is a delivery: one of its own, or a digest's.
CREATE TABLE alert (
    id              TEXT PRIMARY KEY NOT NULL,
    request_id      TEXT NOT NULL,
    recipient_id    TEXT NOT NULL,               -- '' when there is nobody
    level           BIGINT NOT NULL DEFAULT 0,  -- 0: told at once; 1, 2 …: escalated
    kind            TEXT NOT NULL CHECK (kind IN ('low', 'changed', 'test')),
    line_id         TEXT NOT NULL,
    state           TEXT NOT NULL CHECK (state IN ('raised', 'digested', 'undeliverable', 'canceled')),
    reason          TEXT,
    delivery_id     TEXT,
    created_at      BIGINT NOT NULL,
    acknowledged_at BIGINT,
    acknowledged_by TEXT,
    escalate_at     BIGINT,
    CHECK (state NOT IN ('raised', 'digested') OR delivery_id IS NOT NULL)
);
CREATE UNIQUE INDEX alert_once ON alert (request_id, recipient_id, level, kind);
CREATE INDEX alert_escalation ON alert (escalate_at) WHERE escalate_at IS NOT NULL;
CREATE INDEX alert_delivery ON alert (delivery_id) WHERE delivery_id IS NOT NULL;

-- What all nodes share about a connection: its limit, its pauses, its place in the queue, its polling cursor.
CREATE TABLE connection (
    name           TEXT PRIMARY KEY NOT NULL,
    kind           TEXT NOT NULL,
    tat            BIGINT NOT NULL DEFAULT 0,   -- GCRA state in microseconds
    blocked_until  BIGINT NOT NULL DEFAULT 0,
    last_served_at BIGINT NOT NULL DEFAULT 0,
    stopped_at     BIGINT,
    stopped_reason TEXT,
    cursor         TEXT,
    seen_at        BIGINT NOT NULL
);

-- The pace of one chat: GCRA state in milliseconds. Rows in the past mean nothing and are swept.
CREATE TABLE chat_pace (
    connection TEXT NOT NULL,
    chat       TEXT NOT NULL,                    -- personal
    next_at    BIGINT NOT NULL,
    PRIMARY KEY (connection, chat)
);

-- A visitor of a web chat. `session_number` counts their sessions.
CREATE TABLE visitor (
    connection     TEXT NOT NULL,
    id             TEXT NOT NULL,
    language       TEXT,
    session_number BIGINT NOT NULL DEFAULT 0,
    created_at     BIGINT NOT NULL,
    seen_at        BIGINT NOT NULL,
    PRIMARY KEY (connection, id)
);

-- A place of our own where messages wait for their reader: the conversation of a web chat, a supervisor's screen.
CREATE TABLE mail (
    connection TEXT NOT NULL,
    chat       TEXT NOT NULL,
    seq        BIGINT NOT NULL,
    key        TEXT NOT NULL,
    body       TEXT NOT NULL,                    -- personal
    put_at     BIGINT NOT NULL,
    PRIMARY KEY (connection, chat, seq)
);
CREATE UNIQUE INDEX mail_key ON mail (connection, chat, key);

-- Keys of programs that call the API. Only a hash is kept; the prefix is shown so that people can tell keys apart.
CREATE TABLE api_key (
    id           TEXT PRIMARY KEY NOT NULL,
    name         TEXT NOT NULL,
    prefix       TEXT NOT NULL,
    hash         TEXT NOT NULL UNIQUE,
    scopes       TEXT NOT NULL,
    created_at   BIGINT NOT NULL,
    last_used_at BIGINT,
    revoked_at   BIGINT
);

-- People who sign in.
CREATE TABLE account (
    id            TEXT PRIMARY KEY NOT NULL,
    login         TEXT NOT NULL UNIQUE,
    name          TEXT NOT NULL,
    role          TEXT NOT NULL CHECK (role IN ('admin', 'supervisor', 'operator')),
    password_hash TEXT NOT NULL,
    created_at    BIGINT NOT NULL,
    disabled_at   BIGINT
);

-- Differs from SQLite: the queue's tables change all the time, so dead rows are swept earlier than the default fifth,
-- and pages keep room so that an update that changes no index stays on its page.
ALTER TABLE delivery SET (autovacuum_vacuum_scale_factor = 0.02, fillfactor = 80);
ALTER TABLE connection SET (autovacuum_vacuum_threshold = 20, fillfactor = 50);
