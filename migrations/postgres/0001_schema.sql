-- The tables. The SQLite file has the same tables and columns; this file notes where it differs.
--
-- Conventions: IDs are text; times are integer milliseconds since 1970 UTC and end in _at; documents are JSON text; flags are a time or
-- null rather than a boolean, so that they also say when. Columns with personal data are marked.
--
-- IDs, keys and short values are compared byte by byte (COLLATE "C"), as in SQLite, regardless of the database's locale: that is faster,
-- and lists have the same order everywhere. Documents and free text are not compared and use the default collation.
--
-- A column with one of a few values is read and written by its type in src/store/table.rs. Tables with few rows also have a CHECK for it;
-- tables written by every close have at most one CHECK, for conditions between columns: PostgreSQL parses each CHECK again with every
-- statement.

-- Lines, and recipients of alerts --------------------------------------------------------------------------------------

-- A line: a queue of chats with its own rating settings (one JSON document, stored with every earlier version).
CREATE TABLE line (
    id          TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    name        TEXT COLLATE "C" NOT NULL,
    settings    TEXT NOT NULL,
    version     BIGINT NOT NULL,
    created_at  BIGINT NOT NULL,
    updated_at  BIGINT NOT NULL,
    archived_at BIGINT,
    experiment  TEXT                             -- the running one, as JSON; null if there is none
);

-- Experiments: two ways to ask on one line, for half of its clients each. At most one per line is running. Results are computed from the
-- rating requests with its ID.
CREATE TABLE experiment (
    id          TEXT COLLATE "C" PRIMARY KEY NOT NULL,       -- sorts by time
    line_id     TEXT COLLATE "C" NOT NULL,
    control     TEXT NOT NULL,                   -- settings of variant A, as JSON
    trial       TEXT NOT NULL,                   -- settings of variant B, as JSON
    margin      BIGINT NOT NULL,                -- a difference that would not matter, in percentage points
    clients_max BIGINT NOT NULL,                -- planned per variant
    matures_ms  BIGINT NOT NULL,                -- time after sending at which a question is mature
    started_at  BIGINT NOT NULL,
    started_by  TEXT COLLATE "C" NOT NULL,
    ended_at    BIGINT,
    ended_by    TEXT COLLATE "C",
    verdict     TEXT COLLATE "C" CHECK (verdict IN ('go_on', 'a_better', 'b_better', 'no_larger', 'cannot_tell')), -- when it ended
    kept        TEXT COLLATE "C" CHECK (kept IN ('a', 'b')),  -- variant that the line uses since then
    CHECK ((ended_at IS NULL) = (ended_by IS NULL)),
    CHECK ((ended_at IS NULL) = (kept IS NULL))
);
CREATE INDEX experiment_line ON experiment (line_id, started_at);
CREATE UNIQUE INDEX experiment_runs ON experiment (line_id) WHERE ended_at IS NULL;

CREATE TABLE line_version (
    line_id    TEXT COLLATE "C" NOT NULL REFERENCES line (id),
    version    BIGINT NOT NULL,
    name       TEXT COLLATE "C" NOT NULL,
    settings   TEXT NOT NULL,
    changed_by TEXT COLLATE "C" NOT NULL,
    changed_at BIGINT NOT NULL,
    PRIMARY KEY (line_id, version)
);

-- Last version of a deleted line: a new line with the same ID continues from there, so that no node confuses its settings with earlier
-- ones.
CREATE TABLE deleted_line (
    id      TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    version BIGINT NOT NULL
);

-- Who gets alerts, and where. A group has members and no address of its own. The address of a room names it (`chat`: its id, `via`: the
-- service, `user`: what is shown of its hook); what leads there is sealed.
CREATE TABLE recipient (
    id            TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    name          TEXT COLLATE "C" NOT NULL,
    kind          TEXT COLLATE "C" NOT NULL CHECK (kind IN ('person', 'group', 'room')),
    connection    TEXT COLLATE "C",
    address       TEXT,                                          -- personal: JSON of the contract's Address
    operator_id   TEXT COLLATE "C",                              -- the desk's operator who is this person, for "the responsible operator"
    language      TEXT COLLATE "C",
    members       TEXT NOT NULL DEFAULT '[]',                    -- for a group: IDs of recipients, as JSON
    tat           BIGINT NOT NULL DEFAULT 0,                     -- storm control: GCRA state in microseconds
    created_at    BIGINT NOT NULL,
    disabled_at   BIGINT,
    unreached_at  BIGINT,                                        -- the last alert did not reach them; empty again once one does
    unreached_why TEXT,                                          -- in the platform's words
    sealed        TEXT,                                          -- of a room: its hook and token, sealed with security.key
    gone_at       BIGINT,                                        -- of a room: its service said that it is no longer there; disabled since then
    gone_notified_at BIGINT,                                     -- when admins were told so
    CHECK ((kind = 'group') = (connection IS NULL)),
    CHECK ((kind = 'room') = (sealed IS NOT NULL))
);
CREATE UNIQUE INDEX recipient_operator ON recipient (operator_id) WHERE operator_id IS NOT NULL;

-- Names of operators, as last reported by the desk: a close without the name does not erase it.
CREATE TABLE operator_name (
    id       TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    name     TEXT COLLATE "C" NOT NULL,
    named_at BIGINT NOT NULL                                     -- time of the close that reported it
);
-- Other operators of the same name.
CREATE INDEX operator_name_shared ON operator_name (name, id);

-- Kinds of operators. An operator without a row is human.
CREATE TABLE operator_kind (
    id          TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    kind        TEXT COLLATE "C" NOT NULL CHECK (kind IN ('human', 'program')),
    by_hand     BIGINT NOT NULL CHECK (by_hand IN (0, 1)),           -- set by an admin: not changed by the desk's reports
    reported_at BIGINT NOT NULL
);

-- Events received, and their clients ------------------------------------------------------------------------------------

-- Received events except stored closes: one row per event of a source, written in the transaction of its effect. The same key with the same
-- body returns the same result; with another body it is refused. The event of a close is in its rating_request.
CREATE TABLE inbox (
    source      TEXT COLLATE "C" NOT NULL,
    event_key   TEXT COLLATE "C" NOT NULL,
    kind        TEXT COLLATE "C" NOT NULL,
    body_hash   TEXT COLLATE "C" NOT NULL,
    received_at BIGINT NOT NULL,
    subject     TEXT COLLATE "C",                                -- subject: a rating request, a session, a delivery
    disposition TEXT COLLATE "C",
    body        TEXT,                                            -- personal; stored only if it could not be parsed or used
    PRIMARY KEY (source, event_key)
);
CREATE INDEX inbox_received ON inbox (received_at);
-- Refused events, for people to look at; this index has few rows.
CREATE INDEX inbox_refused ON inbox (received_at) WHERE kind = 'refused';

-- A client, over all lines and channels; limits how often the client is asked. The ID is the desk's ID of the person, or connection and
-- chat if the desk has none.
CREATE TABLE client (
    id          TEXT COLLATE "C" PRIMARY KEY NOT NULL,           -- personal
    same_as     TEXT COLLATE "C",                                -- personal: for a conversation, the desk's ID of its person, once a close
                                                                 -- has reported both. They share one limit
    next_ask_at BIGINT NOT NULL DEFAULT 0,
    revision    BIGINT NOT NULL,                                 -- revision for optimistic locking
    updated_at  BIGINT NOT NULL
);

-- Clients who opted out. Contains no names: a client is identified by keyed hashes of their IDs (the desk's ID, connection and chat), so
-- that an opt-out survives the erasure of all other data.
CREATE TABLE opt_out (
    mark         TEXT COLLATE "C" PRIMARY KEY NOT NULL,          -- HMAC-SHA256 of one ID, with the key below
    person       TEXT COLLATE "C" NOT NULL,                      -- random; the same for all IDs of one person
    opted_out_at BIGINT NOT NULL,
    opted_out_by TEXT COLLATE "C" NOT NULL CHECK (opted_out_by IN ('text', 'button', 'link', 'mail', 'person', 'program', 'command'))
);
CREATE INDEX opt_out_person ON opt_out (person);

-- The key of these hashes. It is here and not in the settings, because a lost or replaced security.key must not cause clients to be asked
-- who opted out.
CREATE TABLE opt_out_key (
    id  BIGINT PRIMARY KEY CHECK (id = 1),
    key TEXT NOT NULL                                            -- 32 bytes in hex; two UUIDs have 244 random bits
);
INSERT INTO opt_out_key (id, key) VALUES (1, replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', ''));

-- State of a conversation reported by the channel: its window, and if we may write.
CREATE TABLE conversation (
    connection             TEXT COLLATE "C" NOT NULL,
    identity               TEXT COLLATE "C" NOT NULL,            -- personal: canonical name of the client, the same for all forms of one
                                                                 -- address
    chat                   TEXT COLLATE "C" NOT NULL,            -- personal: the address as last used
    last_client_message_at BIGINT,                               -- by the platform's clock
    last_words_at          BIGINT,                               -- the same, for messages that were no answer to our question: a session
                                                                 -- that is closed again after one counts as a new close
    window_expires_at      BIGINT,
    blocked_at             BIGINT,
    updated_at             BIGINT NOT NULL,
    PRIMARY KEY (connection, identity)
);

-- One conversation of one client on one line, from opening to close. Each close raises the epoch. A session whose only event was its close
-- has no row: see known_session. Differs from SQLite: the line is no foreign key, because PostgreSQL would read and lock it for each
-- session that is written; the transaction that writes a session has read its line.
CREATE TABLE session (
    source                 TEXT COLLATE "C" NOT NULL,
    id                     TEXT COLLATE "C" NOT NULL,            -- the desk's ID
    line_id                TEXT COLLATE "C" NOT NULL,
    status                 TEXT COLLATE "C" NOT NULL CHECK (status IN ('open', 'closed', 'merged')),
    epoch                  BIGINT NOT NULL DEFAULT 0,
    opened_at              BIGINT,
    closed_at              BIGINT,
    last_event_at          BIGINT NOT NULL,                      -- time of the newest event applied; older ones are stale
    active_at              BIGINT NOT NULL DEFAULT 0,            -- time of the last reported message of either side, for the idle timer
    recent_closes          BIGINT NOT NULL DEFAULT 0,
    recent_since           BIGINT NOT NULL DEFAULT 0,
    operator_id            TEXT COLLATE "C",
    operators              TEXT NOT NULL DEFAULT '[]',
    client_id              TEXT COLLATE "C",                     -- personal
    connection             TEXT COLLATE "C",
    address                TEXT,                                 -- personal
    language               TEXT COLLATE "C",
    last_client_message_at BIGINT,
    talk_request           TEXT COLLATE "C",                     -- the rating request sent while the session was open; used by its next
                                                                 -- close
    merged_into            TEXT COLLATE "C",
    revision               BIGINT NOT NULL,                      -- revision for optimistic locking
    PRIMARY KEY (id, source)                     -- lookups use only the ID
);
-- Data of one client are found by the client, and the client by the chat.
CREATE INDEX session_client ON session (client_id) WHERE client_id IS NOT NULL;
CREATE INDEX session_chat ON session ((address::jsonb ->> 'chat') COLLATE "C") WHERE address IS NOT NULL;
-- Open sessions for the idle timer.
CREATE INDEX session_idle ON session (line_id, active_at) WHERE status = 'open';
-- For desks that are polled for open chats.
CREATE INDEX session_open ON session (source, id) WHERE status = 'open';
-- Sessions that are never closed lose their personal data too. Closed ones are not in this index: they are found by their closes, and a
-- close writes one index entry less.
CREATE INDEX session_silent ON session (line_id, last_event_at)
    WHERE status <> 'closed' AND (client_id IS NOT NULL OR address IS NOT NULL);

-- Events of a session besides its closes: reopened, reassigned, merged, stale. For `lastword explain`.
CREATE TABLE session_event (
    source      TEXT COLLATE "C" NOT NULL,
    session_id  TEXT COLLATE "C" NOT NULL,
    occurred_at BIGINT NOT NULL,
    event_key   TEXT COLLATE "C" NOT NULL,
    kind        TEXT COLLATE "C" NOT NULL,
    detail      TEXT NOT NULL DEFAULT '',
    received_at BIGINT NOT NULL,
    PRIMARY KEY (source, session_id, occurred_at, event_key)
);

-- Questions ---------------------------------------------------------------------------------------------------------------

-- Our question about one close of one session, with the facts as of the close. Every close has a row, even if its client is not asked, and
-- ends in exactly one outcome.
CREATE TABLE rating_request (
    id                     TEXT COLLATE "C" PRIMARY KEY NOT NULL, -- starts with closed_at: IDs sort by the time of the close
    source                 TEXT COLLATE "C" NOT NULL,
    session_id             TEXT COLLATE "C" NOT NULL,
    event_key              TEXT COLLATE "C",                     -- event of the close: the same key with the same body always returns the
                                                                 -- same result. Null for imported closes, and for questions that are not a
                                                                 -- separate close
    body_hash              TEXT COLLATE "C",                     -- hash of that event's body; erased with the personal data
    epoch                  BIGINT NOT NULL,
    again_of               TEXT COLLATE "C",                     -- for a repeated question: the rating request of the low rating. It is not
                                                                 -- a separate close, so the counters ignore it
    line_id                TEXT COLLATE "C" NOT NULL,
    line_version           BIGINT NOT NULL,
    scale                  TEXT COLLATE "C" NOT NULL,            -- binary or five_star
    connection             TEXT COLLATE "C",
    channel                TEXT COLLATE "C",
    long_address           TEXT,                                 -- personal: JSON of an Address, if it has more than the chat
    chat                   TEXT COLLATE "C",                     -- personal: canonical name of the chat, by which the client is found
    addresses              TEXT NOT NULL DEFAULT '[]',           -- personal: other addresses of the client, by connection, as JSON
    language               TEXT COLLATE "C",
    client_id              TEXT COLLATE "C",                     -- personal
    operator_id            TEXT COLLATE "C",
    operators              TEXT NOT NULL,
    handled_by             TEXT COLLATE "C" NOT NULL DEFAULT 'nobody',
                                                                 -- who handled the session, by the kinds of its operators at the close
    labels                 TEXT COLLATE "C" NOT NULL DEFAULT '[]', -- labels of the session at the close, as JSON
    fields                 TEXT COLLATE "C" NOT NULL DEFAULT '{}', -- personal: values of its fields at the close, by key, as JSON
    attribution            TEXT COLLATE "C" NOT NULL,
    closed_by              TEXT COLLATE "C",
    opened_at              BIGINT,
    closed_at              BIGINT NOT NULL,
    last_client_message_at BIGINT,
    operator_messages      BIGINT,
    client_messages        BIGINT,
    facts                  TEXT NOT NULL DEFAULT '{}',           -- the other facts used by the decision, as JSON: for a dry run
    client_name            TEXT,                                 -- personal
    wish_reason            TEXT,                                 -- the closer's reason to ask or not to ask; personal
    desk_page              TEXT COLLATE "C",                     -- the chat's page in the desk; personal
    created_at             BIGINT NOT NULL,
    due_at                 BIGINT,
    expires_at             BIGINT,
    change_ms              BIGINT NOT NULL,
    way                    TEXT COLLATE "C",                     -- how the question was sent: in_time, early, template, fallback or
                                                                 -- window_unknown
    asked_connection       TEXT COLLATE "C",                     -- address of the question, if not the conversation of the close:
    asked_long_address     TEXT,                                 -- another address of the same client. Personal: as long_address
    asked_chat             TEXT COLLATE "C",                     -- personal: canonical name of that chat; a typed answer finds its question
                                                                 -- by it
    delivered_at           BIGINT,                               -- the platform accepted the question, or an answer proves its delivery
    typing_ended_at        BIGINT,                               -- the client wrote something else: from then on only the question's
                                                                 -- buttons count
    held_at                BIGINT,                               -- the scores by link look automated: none counts until one more tap
    late_at                BIGINT,                               -- time of the first attempt to rate after the deadline
    outcome                TEXT COLLATE "C",                     -- answered, expired, not_asked, canceled, unreachable or unsure
    reason                 TEXT COLLATE "C",
    decided_at             BIGINT,
    erased_at              BIGINT,                               -- time of its erasure
    experiment_id          TEXT COLLATE "C",                 -- the experiment that was running at the decision,
    variant                TEXT COLLATE "C",                     -- and this client's variant
    CHECK ((outcome IS NULL) = (decided_at IS NULL) AND (due_at IS NULL) = (expires_at IS NULL)
        AND (due_at IS NOT NULL OR outcome IS NOT NULL))
);
-- The source is not selective: PostgreSQL, without statistics of a new table, might use it alone. Queries prevent that ({apart}).
CREATE UNIQUE INDEX rating_request_event ON rating_request (event_key, source);
-- Lookups by the ID of a session alone.
CREATE UNIQUE INDEX rating_request_close ON rating_request (session_id, source, epoch, coalesce(again_of, ''));
CREATE INDEX rating_request_asked ON rating_request (asked_chat, asked_connection) WHERE asked_chat IS NOT NULL;
-- Data of one client are found by the client, and the client by the chat.
CREATE INDEX rating_request_client ON rating_request (client_id, id) WHERE client_id IS NOT NULL;
CREATE INDEX rating_request_chat ON rating_request (chat) WHERE chat IS NOT NULL;

-- Lists: each is read from one index, newest close first, starting after the previous page (src/store/report/rating_list.rs). The list of
-- all closes uses the primary key: the ID of a close starts with its time. A close has either an operator and an entry in
-- rating_request_operator, or none and an entry in rating_request_nobody.
CREATE INDEX rating_request_experiment ON rating_request (experiment_id, id) WHERE experiment_id IS NOT NULL;
CREATE INDEX rating_request_line ON rating_request (line_id, id);
CREATE INDEX rating_request_operator ON rating_request (operator_id, id) WHERE operator_id IS NOT NULL;
CREATE INDEX rating_request_nobody ON rating_request (id) WHERE operator_id IS NULL;
CREATE INDEX rating_request_no_channel ON rating_request (id) WHERE channel IS NULL;
CREATE INDEX rating_request_late ON rating_request (id) WHERE late_at IS NOT NULL;

-- Expiry times of questions, in order: one row per sent question until its time comes, whatever its outcome. So an answer changes no index:
-- on PostgreSQL the new version of its rating request adds no index entry.
CREATE TABLE question_expiry (
    expires_at BIGINT NOT NULL,
    request_id TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (expires_at, request_id)
);

-- Closes that ended without a rating, by outcome, for the lists. Rated closes are found by their rating.
CREATE TABLE unrated_close (
    outcome    TEXT COLLATE "C" NOT NULL,
    request_id TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (outcome, request_id)
);

-- Known sessions: those with a row, and those whose only event was their close. For the latter the close has all data, so a close writes
-- one row less; their second event adds a row.
CREATE VIEW known_session AS
SELECT source, id, line_id, status, epoch, opened_at, closed_at, last_event_at, active_at, recent_closes, recent_since, operator_id,
    operators, client_id, connection, address, (address::jsonb ->> 'chat') COLLATE "C" AS chat, language, last_client_message_at, talk_request,
    merged_into, revision
FROM session
UNION ALL
SELECT q.source, q.session_id, q.line_id, 'closed', 1, q.opened_at, q.closed_at, q.closed_at, 0, 1, q.closed_at, q.operator_id,
    q.operators, q.client_id, q.connection, COALESCE(q.long_address, '{"chat":' || to_json(q.chat)::text || '}'),
    q.chat, q.language, q.last_client_message_at, NULL, NULL, 0
FROM rating_request q
WHERE q.epoch = 1 AND q.again_of IS NULL AND NOT EXISTS (SELECT 1 FROM session s WHERE s.source = q.source AND s.id = q.session_id);

-- With shared attribution a close counts for further operators besides the responsible one: their entries for the lists.
CREATE TABLE shared_close (
    operator_id TEXT COLLATE "C" NOT NULL,
    request_id  TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (operator_id, request_id)
);

-- Closes with a label, or a value of a field, for lists and reports. The close's own row has the same data.
CREATE TABLE close_label (
    key        TEXT COLLATE "C" NOT NULL,                        -- the name in sessions.labels and sessions.fields of the settings
    request_id TEXT COLLATE "C" NOT NULL,
    value      TEXT COLLATE "C" NOT NULL,                        -- personal: value of a field; empty for a label
    counts     TEXT COLLATE "C",                                 -- counts of the close, as JSON, some days after it; null if they changed
                                                                 -- since, or are not stored yet (src/store/report/label_counts.rs)
    PRIMARY KEY (key, request_id)
);
CREATE INDEX close_label_request ON close_label (request_id);
-- Starts with a column that is always null, as the indexes of waiting ratings.
CREATE INDEX close_label_pending ON close_label (counts, request_id) WHERE counts IS NULL;

-- Words of the names of clients, as split by src/domain/word_split.rs, for the search by name: on each line, those of the names that
-- closes of the client still have.
CREATE TABLE client_word (
    line_id   TEXT COLLATE "C" NOT NULL,
    word      TEXT COLLATE "C" NOT NULL,                         -- personal
    client_id TEXT COLLATE "C" NOT NULL,                         -- personal
    PRIMARY KEY (line_id, word, client_id)
);
CREATE INDEX client_word_client ON client_word (client_id);

-- Earlier addresses of a question or an alert: buttons that were sent there stay valid. The rows of questions and recipients have the
-- current address.
CREATE TABLE earlier_address (
    subject    TEXT COLLATE "C" NOT NULL,                        -- the rating request, or the recipient of alerts
    connection TEXT COLLATE "C" NOT NULL,
    chat       TEXT COLLATE "C" NOT NULL,                        -- personal
    address    TEXT NOT NULL,                                    -- personal: JSON of the contract's Address
    moved_at   BIGINT NOT NULL,
    PRIMARY KEY (subject, connection, chat)
);

-- Messages to send --------------------------------------------------------------------------------------------------------

-- Everything to send: schedule and outbox in one. The states are those of src/domain/question/delivery.rs.
CREATE TABLE delivery (
    id               TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    kind             TEXT COLLATE "C" NOT NULL,                  -- ask, reminder, settle, alert, digest, event, reply, write_back or look
    connection       TEXT COLLATE "C" NOT NULL,
    address          TEXT NOT NULL,                              -- personal
    subject          TEXT COLLATE "C",                           -- the rating request, or the recipient of a digest
    payload          TEXT NOT NULL DEFAULT '{}',
    state            TEXT COLLATE "C" NOT NULL,
    reason           TEXT COLLATE "C",
    due_at           BIGINT NOT NULL,
    brought_from     BIGINT,                                     -- sent early to test if its connection works again: the original due time
    give_up_at       BIGINT NOT NULL,
    window_closes_at BIGINT,
    outside_window   BIGINT NOT NULL DEFAULT 0,                  -- 1: in a form approved by the platform, which needs no window
    token            BIGINT NOT NULL DEFAULT 0,                  -- fencing token: raised by each claim, required by each later statement
    attempts         BIGINT NOT NULL DEFAULT 0,                  -- intents
    crashes          BIGINT NOT NULL DEFAULT 0,                  -- leases that expired without an intent
    resends          BIGINT NOT NULL DEFAULT 0,
    resends_max      BIGINT NOT NULL DEFAULT 0,
    owner            TEXT COLLATE "C",
    lease_until      BIGINT,
    intent_at        BIGINT,
    ended_at         BIGINT,
    resend_at        BIGINT,                                     -- for an unknown one: when it may be sent again
    message_id       TEXT COLLATE "C",                           -- the platform's ID
    detail           TEXT,                                       -- the platform's message
    created_at       BIGINT NOT NULL,
    CHECK ((state IN ('leased', 'sending')) = (lease_until IS NOT NULL) AND resends <= resends_max
        AND (state NOT IN ('sending', 'sent', 'delivered', 'undeliverable', 'unknown') OR intent_at IS NOT NULL))
);
CREATE INDEX delivery_due ON delivery (connection, due_at, id) WHERE state = 'scheduled';
-- Deliveries whose node died while it held them: they are claimed one at a time, to find the one that caused it.
CREATE INDEX delivery_suspect ON delivery (connection, due_at) WHERE state = 'scheduled' AND crashes > 0;
CREATE INDEX delivery_lease ON delivery (lease_until) WHERE lease_until IS NOT NULL;
CREATE INDEX delivery_resend ON delivery (resend_at) WHERE state = 'unknown' AND resend_at IS NOT NULL;
-- The first question about a close has the ID of its rating request, and is found by that.
CREATE INDEX delivery_subject ON delivery (subject) WHERE id <> subject;
CREATE INDEX delivery_stuck ON delivery (id) WHERE state IN ('unknown', 'failed', 'dead', 'undeliverable');
CREATE INDEX delivery_message ON delivery (connection, message_id) WHERE message_id IS NOT NULL;

-- Every attempt of a delivery except the last, which is in the delivery's own row.
CREATE TABLE attempt (
    delivery_id TEXT COLLATE "C" NOT NULL,
    token       BIGINT NOT NULL,
    intent_at   BIGINT,
    ended_at    BIGINT NOT NULL,
    verdict     TEXT COLLATE "C" NOT NULL,
    detail      TEXT,
    PRIMARY KEY (delivery_id, token)
);

-- State of a connection shared by all nodes: its limit, its pauses, its position in the queue, its polling cursor.
CREATE TABLE connection (
    name           TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    kind           TEXT COLLATE "C" NOT NULL,
    tat            BIGINT NOT NULL DEFAULT 0,                    -- GCRA state in microseconds
    blocked_until  BIGINT NOT NULL DEFAULT 0,
    blocked_at     BIGINT NOT NULL DEFAULT 0,                    -- when that pause was requested: a future time was written while the clock
                                                                 -- was ahead
    pause_told_until BIGINT NOT NULL DEFAULT 0,                  -- end of the last long pause reported to admins
    last_served_at BIGINT NOT NULL DEFAULT 0,
    failing_since  BIGINT,                                       -- time since which its calls fail; null if they do not
    probe_at       BIGINT,                                       -- when the next delivery is sent early to test if it works again
    stopped_at     BIGINT,
    stopped_reason TEXT,
    suspended_at   BIGINT,                                       -- paused by an admin: it is stopped until it is resumed
    heard_at       BIGINT,                                       -- last time that something was received, or a fetch succeeded
    unheard        BIGINT NOT NULL DEFAULT 0,                    -- messages sent since anything was received,
    unheard_since  BIGINT,                                       -- and when the first of them was sent
    deaf_at        BIGINT,                                       -- time since which nothing is received;
    deaf_reason    TEXT,                                         -- and the reason, from the platform or us
    notified_at    BIGINT,                                       -- time when its current trouble was reported to admins
    cursor         TEXT,
    seen_at        BIGINT NOT NULL
);

-- A secret renewed by a platform replaces the one in the settings from which it was made; tokens from a platform belong to that secret. It
-- is sealed with the installation's key, which is in no database.
CREATE TABLE connection_secret (
    connection TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    made_from  TEXT COLLATE "C" NOT NULL,                        -- SHA-256 of the secret in the settings: a new one there takes precedence
    sealed     TEXT NOT NULL,
    ends_at    BIGINT NOT NULL,
    renewed_at BIGINT NOT NULL
);

-- A connection made by an admin on a page or by the API. Those of settings files are not here. Its secrets are sealed with the
-- installation's key, which is in no database.
CREATE TABLE stored_connection (
    name       TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    kind       TEXT COLLATE "C" NOT NULL,
    settings   TEXT NOT NULL,                                    -- settings that are not secret, as JSON
    secrets    TEXT NOT NULL,                                    -- names of the secrets, as JSON: readable without the key
    sealed     TEXT NOT NULL,                                    -- the secrets, as sealed JSON
    version    BIGINT NOT NULL,                                  -- raised by each change
    created_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    changed_by TEXT NOT NULL                                     -- name of the admin or key
);

-- Rate limit of one chat: GCRA state in milliseconds. Rows with past times have no effect and are deleted.
CREATE TABLE chat_pace (
    connection TEXT COLLATE "C" NOT NULL,
    chat       TEXT COLLATE "C" NOT NULL,                        -- personal
    next_at    BIGINT NOT NULL,
    PRIMARY KEY (connection, chat)
);

-- For a shared bot, updates from its platform that are not ours, until the desk behind the connection has accepted them: one request of a
-- platform, unchanged, written in the transaction that processed it. Rows are deleted in order, after a 2xx of the desk or when they are
-- too old.
CREATE TABLE pass_on (
    connection  TEXT COLLATE "C" NOT NULL,
    seq         BIGINT NOT NULL,                                 -- position: 1, 2, 3 … without gaps, in the order of commits
    method      TEXT COLLATE "C" NOT NULL,
    query       TEXT NOT NULL,
    headers     TEXT NOT NULL,                                   -- personal: JSON of src/life/shared_account/forward_outbox.rs; a secret is
                                                                 -- replaced with the name of its setting
    body        BYTEA NOT NULL,                                  -- personal: the unchanged bytes
    received_at BIGINT NOT NULL,
    PRIMARY KEY (connection, seq)
);

-- The desk behind a connection: its progress, and the node that forwards to it now.
CREATE TABLE pass_on_desk (
    connection  TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    last_seq    BIGINT NOT NULL DEFAULT 0,                       -- seq of the newest request; locking this row orders commits
    token       BIGINT NOT NULL DEFAULT 0,                       -- fencing token: raised by each claim, required by the statement that
                                                                 -- records its end
    owner       TEXT COLLATE "C",
    lease_until BIGINT,
    failures    BIGINT NOT NULL DEFAULT 0,                       -- consecutive failures of the first request
    next_try_at BIGINT NOT NULL DEFAULT 0,
    error       TEXT,                                            -- last failure: the desk's status, or why there was no response
    failed_at   BIGINT,
    passed_at   BIGINT,
    dropped     BIGINT NOT NULL DEFAULT 0,                       -- requests dropped because they were too old
    dropped_at  BIGINT,
    CHECK ((owner IS NULL) = (lease_until IS NULL))
);

-- The web chat ------------------------------------------------------------------------------------------------------------

-- A visitor of a web chat. `session_number` counts their sessions.
CREATE TABLE visitor (
    connection     TEXT COLLATE "C" NOT NULL,
    id             TEXT COLLATE "C" NOT NULL,
    language       TEXT COLLATE "C",
    session_number BIGINT NOT NULL DEFAULT 0,
    created_at     BIGINT NOT NULL,
    seen_at        BIGINT NOT NULL,
    PRIMARY KEY (connection, id)
);

-- The session of another desk that a visitor's page shows, beside that desk's own chat: a close without an address of ours then finds its
-- visitor. The page that reported it last counts.
CREATE TABLE visitor_session (
    connection TEXT COLLATE "C" NOT NULL,
    session_id TEXT COLLATE "C" NOT NULL,                        -- that desk's ID
    visitor    TEXT COLLATE "C" NOT NULL,
    claimed_at BIGINT NOT NULL,
    PRIMARY KEY (connection, session_id)
);

-- Messages for readers of our own pages: the conversation of a web chat, a supervisor's screen.
CREATE TABLE mail (
    connection TEXT COLLATE "C" NOT NULL,
    chat       TEXT COLLATE "C" NOT NULL,
    seq        BIGINT NOT NULL,
    key        TEXT COLLATE "C" NOT NULL,
    body       TEXT NOT NULL,                                    -- personal
    put_at     BIGINT NOT NULL,
    PRIMARY KEY (connection, chat, seq)
);
CREATE UNIQUE INDEX mail_key ON mail (connection, chat, key);

-- Answers and ratings -----------------------------------------------------------------------------------------------------

-- All actions of a client on a rating request, in order of arrival, with any result.
CREATE TABLE answer_event (
    id          TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    request_id  TEXT COLLATE "C" NOT NULL,
    source      TEXT COLLATE "C" NOT NULL,
    event_key   TEXT COLLATE "C" NOT NULL,
    kind        TEXT COLLATE "C" NOT NULL CHECK (kind IN ('score', 'reason', 'resolved', 'comment', 'comment_deleted')),
    value       TEXT NOT NULL,                                   -- personal, for comments
    order_key   BIGINT NOT NULL,
    received_at BIGINT NOT NULL,
    disposition TEXT COLLATE "C" NOT NULL,
    message_id  TEXT COLLATE "C"                                 -- personal; the platform's ID of the client's message
);
CREATE INDEX answer_event_request ON answer_event (request_id);
CREATE INDEX answer_event_message ON answer_event (source, message_id) WHERE message_id IS NOT NULL;

-- Edits and deletions of clients' messages that may be answers, as reported by the platform, so that reordered ones lead to the same value.
-- Stored for a few days.
CREATE TABLE message_change (
    source      TEXT COLLATE "C" NOT NULL,
    event_key   TEXT COLLATE "C" NOT NULL,
    chat        TEXT COLLATE "C" NOT NULL,                       -- personal
    message_id  TEXT COLLATE "C" NOT NULL,                       -- personal; the platform's ID of the client's message
    order_key   BIGINT NOT NULL,
    deleted     BIGINT NOT NULL,                                 -- 1: the message was deleted
    text        TEXT,                                            -- personal; only until the message itself arrives
    received_at BIGINT NOT NULL,
    PRIMARY KEY (source, message_id, event_key)
);
CREATE INDEX message_change_received ON message_change (received_at);

-- Signs that an answer by link came from a program that opens every link in a mail. The answer counts; a person judges. One sign per rating
-- request, with the time when it was first seen.
CREATE TABLE answer_signal (
    request_id TEXT COLLATE "C" NOT NULL,
    kind       TEXT COLLATE "C" NOT NULL CHECK (kind IN ('too_soon', 'every_score', 'unopened', 'outweighed')),
    noticed_at BIGINT NOT NULL,
    PRIMARY KEY (request_id, kind)
);

-- Link pages whose style sheet or image was fetched, as browsers do. A form submitted from any other page waits for one more tap.
CREATE TABLE page_fetch (
    page       TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    fetched_at BIGINT NOT NULL
);
CREATE INDEX page_fetch_fetched ON page_fetch (fetched_at);

-- The value that counts: at most one per rating request. Client, operator and line are copied from the request.
CREATE TABLE rating (
    request_id  TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    line_id     TEXT COLLATE "C" NOT NULL,
    operator_id TEXT COLLATE "C",
    channel     TEXT COLLATE "C",
    scale       TEXT COLLATE "C" NOT NULL,
    score       BIGINT NOT NULL,
    low         BIGINT NOT NULL CHECK (low IN (0, 1)),
    comment     TEXT,                                            -- personal
    comment_message TEXT COLLATE "C",                            -- personal; the platform's ID of the message with the comment, also after
                                                                 -- its deletion
    comment_order BIGINT,                                        -- the platform's order of that message
    comment_deleted_at BIGINT,                                   -- when the client deleted the comment
    reasons     TEXT NOT NULL DEFAULT '[]',                      -- JSON: reasons chosen by the client, each with its code and its text at
                                                                 -- that time
    tags        TEXT,                                            -- JSON: codes with which keyword rules tagged the comment; null if there
                                                                 -- were no rules
    resolved    BIGINT CHECK (resolved IN (0, 1)),
    order_key   BIGINT NOT NULL,
    order_event TEXT COLLATE "C" NOT NULL,
    evidence    TEXT COLLATE "C" NOT NULL DEFAULT 'tap',         -- evidence of a person: page, read or tap
    reacted     BIGINT NOT NULL DEFAULT 0,                       -- 1: the score is an emoji on our question: a tap or a typed score takes
                                                                 -- precedence, in any order
    revision    BIGINT NOT NULL DEFAULT 1,
    rated_at    BIGINT NOT NULL,
    changed_at  BIGINT NOT NULL,
    closed_at   BIGINT NOT NULL,
    voided_at   BIGINT,                                          -- voided by an admin: it stays unchanged, and is only excluded from the
                                                                 -- adjusted score
    done_at     BIGINT                                           -- time when a low one was done: by a reply, by marking it as resolved,
                                                                 -- or by acknowledging its alert. src/domain/review.rs has the rule
);
CREATE INDEX rating_line ON rating (line_id, request_id);
CREATE INDEX rating_operator ON rating (operator_id, request_id) WHERE operator_id IS NOT NULL;
CREATE INDEX rating_nobody ON rating (request_id) WHERE operator_id IS NULL;
CREATE INDEX rating_score ON rating (scale, score, request_id);
CREATE INDEX rating_low ON rating (request_id) WHERE low = 1;
CREATE INDEX rating_voided ON rating (request_id) WHERE voided_at IS NOT NULL;
-- Waiting, low and handled ratings, newest first; each index has only those rows. Without statistics SQLite considers any index of low
-- ratings equally good; the indexes start with columns that are always null there, so that the right one fits best.
CREATE INDEX rating_waits ON rating (done_at, voided_at, rated_at, request_id, line_id)
    WHERE low = 1 AND done_at IS NULL AND voided_at IS NULL;
CREATE INDEX rating_waits_closed ON rating (request_id) WHERE low = 1 AND done_at IS NULL AND voided_at IS NULL;
-- Low ratings that clients gave here: there may be few beside an imported history.
CREATE INDEX rating_low_own ON rating (voided_at, request_id)
    WHERE low = 1 AND voided_at IS NULL AND order_event <> 'imported';
CREATE INDEX rating_low_by_answer ON rating (rated_at, request_id, line_id) WHERE low = 1;
CREATE INDEX rating_done ON rating (done_at, request_id, line_id) WHERE low = 1 AND done_at IS NOT NULL;
-- Comments of clients on a line, newest first: the list of its public showcase.
CREATE INDEX rating_words ON rating (line_id, rated_at, request_id) WHERE comment IS NOT NULL;
-- Comments of clients on an operator, newest close first: the page of their own numbers.
CREATE INDEX rating_operator_words ON rating (operator_id, request_id) WHERE comment IS NOT NULL;

-- Ratings with a reason: chosen by their clients, and tagged by keyword rules. The rating's own row has the same data; lists of one reason
-- use this table.
CREATE TABLE rating_reason (
    origin     TEXT COLLATE "C" NOT NULL CHECK (origin IN ('chosen', 'tagged')),
    code       TEXT COLLATE "C" NOT NULL,
    request_id TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (origin, code, request_id)
);

-- Words of comments, as split by src/domain/report/words.rs: written in the transaction of the comment.
CREATE TABLE comment_word (
    word       TEXT COLLATE "C" NOT NULL,                        -- personal, like the comment
    request_id TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (word, request_id)
);

-- One row: comments without stored words are processed from the last to the first, in small batches, by any node. Null when all are done.
CREATE TABLE comment_word_state (
    id    BIGINT PRIMARY KEY NOT NULL CHECK (id = 1),
    below TEXT COLLATE "C"                                       -- rating requests below this one are still to be processed
);
INSERT INTO comment_word_state (id, below) VALUES (1, 'zzzzzzzzzzzzzzzzzz');

-- Edits of a rating by its client after the first minutes, at most two: upwards immediately, downwards held for three days.
-- src/domain/review/edit.rs has the rule. The rating itself has the value that counts; every tap is in answer_event too.
CREATE TABLE rating_edit (
    request_id TEXT COLLATE "C" NOT NULL,
    number     BIGINT NOT NULL,                                  -- 1 or 2
    before     BIGINT NOT NULL,                                  -- the score before
    score      BIGINT NOT NULL,
    state      TEXT COLLATE "C" NOT NULL CHECK (state IN ('applied', 'held', 'withdrawn')),
    made_at    BIGINT NOT NULL,
    due_at     BIGINT,                                           -- when a held one counts
    decided_at BIGINT,                                           -- when it counted, or was withdrawn
    PRIMARY KEY (request_id, number),
    CHECK ((state = 'held') = (decided_at IS NULL)),
    CHECK (state <> 'held' OR due_at IS NOT NULL)
);
CREATE INDEX rating_edit_due ON rating_edit (due_at) WHERE state = 'held';

-- The supervisor's own score of the conversation behind one close, beside the client's.
CREATE TABLE supervisor_score (
    request_id TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    score      BIGINT NOT NULL CHECK (score BETWEEN 1 AND 5),
    comment    TEXT,                                             -- at most 10,000 characters
    scored_by  TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    revision   BIGINT NOT NULL
);

-- Low ratings: alerts and what people did about them ----------------------------------------------------------------------

-- One alert for one recipient: about a low rating, or about an alarm, whose ID is then request_id. Its message is a delivery: its own, or a
-- digest's.
CREATE TABLE alert (
    id              TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    request_id      TEXT COLLATE "C" NOT NULL,
    recipient_id    TEXT COLLATE "C" NOT NULL,                   -- '' if there is no recipient
    level           BIGINT NOT NULL DEFAULT 0,                   -- 0: sent immediately; 1, 2 …: escalated
    kind            TEXT COLLATE "C" NOT NULL CHECK (kind IN ('low', 'changed', 'more', 'test', 'late', 'praise', 'alarm', 'all_clear')),
    line_id         TEXT COLLATE "C" NOT NULL,
    state           TEXT COLLATE "C" NOT NULL CHECK (state IN ('raised', 'digested', 'undeliverable', 'canceled')),
    reason          TEXT COLLATE "C",
    delivery_id     TEXT COLLATE "C",
    created_at      BIGINT NOT NULL,
    sent_at         BIGINT,                                      -- when the platform accepted its message
    instead_of      TEXT COLLATE "C",                            -- the unreachable recipient that this one replaces
    escalate_after  BIGINT,                                      -- time to acknowledge it after it was sent
    escalate_at     BIGINT,
    acknowledged_at BIGINT,
    acknowledged_by TEXT COLLATE "C",
    CHECK (state NOT IN ('raised', 'digested') OR delivery_id IS NOT NULL)
);
CREATE UNIQUE INDEX alert_once ON alert (request_id, recipient_id, level, kind);
CREATE INDEX alert_escalation ON alert (escalate_at) WHERE escalate_at IS NOT NULL;
CREATE INDEX alert_delivery ON alert (delivery_id) WHERE delivery_id IS NOT NULL;
-- Waiting alerts, counted on every page: the index has only those.
CREATE INDEX alert_waiting ON alert (request_id) WHERE acknowledged_at IS NULL AND state <> 'canceled' AND kind = 'low';
CREATE INDEX alert_lost ON alert (id) WHERE state = 'undeliverable';
CREATE INDEX alert_recipient ON alert (recipient_id, id);

-- Work of people on one rating. The row is created by the first action; its revision detects concurrent changes.
CREATE TABLE review (
    request_id     TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    line_id        TEXT COLLATE "C" NOT NULL,
    revision       BIGINT NOT NULL,
    assigned_to    TEXT COLLATE "C",                             -- the account
    assigned_name  TEXT COLLATE "C",                             -- the name at that time
    assigned_at    BIGINT,
    settled_at     BIGINT,                                       -- marked as resolved
    settled_by     TEXT COLLATE "C",
    note           TEXT,
    replied_at     BIGINT,                                       -- the first reply
    asked_again    TEXT COLLATE "C",                             -- the second rating request
    asked_again_at BIGINT
);
CREATE INDEX review_assigned ON review (assigned_to, request_id) WHERE assigned_to IS NOT NULL;
-- Replied ratings by close: the recovery report reads those of its days.
CREATE INDEX review_replied ON review (request_id) WHERE replied_at IS NOT NULL;

-- Deadlines for replies to low ratings: one row for each on a line with a deadline, from the time when it became low. A reply, or marking
-- it as resolved, meets the deadline.
CREATE TABLE reply_due (
    request_id  TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    line_id     TEXT COLLATE "C" NOT NULL,
    since       BIGINT NOT NULL,                 -- when it became low
    due_at      BIGINT NOT NULL,
    met_at      BIGINT,
    notified_at BIGINT                          -- time when recipients were notified that it is late
);
CREATE INDEX reply_due_open ON reply_due (due_at, request_id) WHERE met_at IS NULL;

-- The reply to a rating: one, with all its versions. A version has a delivery, or the reason why it was not sent.
CREATE TABLE reply (
    request_id  TEXT COLLATE "C" NOT NULL,
    version     BIGINT NOT NULL,
    text        TEXT NOT NULL,                                   -- personal
    by_id       TEXT COLLATE "C" NOT NULL,
    by_name     TEXT COLLATE "C" NOT NULL,
    written_at  BIGINT NOT NULL,
    delivery_id TEXT COLLATE "C",
    not_sent    TEXT,
    PRIMARY KEY (request_id, version),
    CHECK ((delivery_id IS NULL) <> (not_sent IS NULL))
);

-- Templates of replies: of one line, or of all if line_id is null.
CREATE TABLE reply_template (
    id         TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    line_id    TEXT COLLATE "C",
    name       TEXT COLLATE "C" NOT NULL,
    text       TEXT NOT NULL,
    updated_at BIGINT NOT NULL,
    updated_by TEXT COLLATE "C" NOT NULL
);

-- Named filters of the ratings: private, or shared with everyone who sees ratings.
CREATE TABLE saved_view (
    id         TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    owner_id   TEXT COLLATE "C" NOT NULL,        -- an account; its private views are deleted with it
    name       TEXT COLLATE "C" NOT NULL,
    query      TEXT COLLATE "C" NOT NULL,        -- as after the ? of an address, without search terms
    shared     BIGINT NOT NULL CHECK (shared IN (0, 1)),
    created_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    UNIQUE (owner_id, name)
);

-- Flags (an abusive or off-topic comment) and appeals (a rating to exclude from the score), each judged once. The rating itself stays
-- unchanged; a granted appeal sets rating.voided_at.
CREATE TABLE objection (
    id          TEXT COLLATE "C" PRIMARY KEY NOT NULL,           -- sorts by time
    request_id  TEXT COLLATE "C" NOT NULL,
    line_id     TEXT COLLATE "C" NOT NULL,
    kind        TEXT COLLATE "C" NOT NULL CHECK (kind IN ('flag', 'appeal')),
    reason      TEXT COLLATE "C" NOT NULL,                       -- for a flag: spam, profanity, offensive, other
    text        TEXT NOT NULL,
    by_id       TEXT COLLATE "C" NOT NULL,
    by_name     TEXT COLLATE "C" NOT NULL,
    raised_at   BIGINT NOT NULL,
    state       TEXT COLLATE "C" NOT NULL CHECK (state IN ('open', 'upheld', 'declined', 'taken_back')),
    judged_by   TEXT COLLATE "C",
    judged_at   BIGINT,
    judgement   TEXT,
    CHECK ((state = 'open') = (judged_at IS NULL))
);
CREATE INDEX objection_request ON objection (request_id, id);
CREATE INDEX objection_open ON objection (id) WHERE state = 'open';
CREATE UNIQUE INDEX objection_one_appeal ON objection (request_id) WHERE kind = 'appeal' AND state = 'open';
CREATE UNIQUE INDEX objection_one_flag ON objection (request_id, by_id) WHERE kind = 'flag' AND state = 'open';

-- Access and audit log --------------------------------------------------------------------------------------------------

-- API keys of programs. Only a hash is stored; the prefix is shown to identify a key.
CREATE TABLE api_key (
    id           TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    name         TEXT COLLATE "C" NOT NULL,
    prefix       TEXT COLLATE "C" NOT NULL,
    hash         TEXT COLLATE "C" NOT NULL UNIQUE,
    scopes       TEXT NOT NULL,
    lines        TEXT,                                           -- the lines to which it is limited, as JSON; null for all lines
    created_at   BIGINT NOT NULL,
    last_used_at BIGINT,
    revoked_at   BIGINT
);

-- People who sign in.
CREATE TABLE account (
    id            TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    login         TEXT COLLATE "C" NOT NULL UNIQUE,
    name          TEXT COLLATE "C" NOT NULL,
    role          TEXT COLLATE "C" NOT NULL CHECK (role IN ('admin', 'supervisor', 'operator')),
    password_hash TEXT NOT NULL,
    operator_id   TEXT COLLATE "C",                              -- for an operator: their ID in the desk, which selects their own numbers
    all_lines     BIGINT NOT NULL DEFAULT 1 CHECK (all_lines IN (0, 1)), -- for a supervisor: all lines, including future ones,
                                                                 -- or the ones in account_line
    comments      BIGINT NOT NULL DEFAULT 0 CHECK (comments IN (0, 1)), -- for an operator: may read comments about them
    language      TEXT COLLATE "C",                              -- chosen for the pages; null to use the browser's
    theme         TEXT COLLATE "C" CHECK (theme IN ('light', 'dark')),
    created_at    BIGINT NOT NULL,
    disabled_at   BIGINT
);

-- Lines of a supervisor who does not see all of them.
CREATE TABLE account_line (
    account_id TEXT COLLATE "C" NOT NULL,
    line_id    TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (account_id, line_id)
);

-- Time of a person's last activity on the pages, and end of the visit before: changes since then are shown first.
CREATE TABLE account_visit (
    account_id TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    last_at    BIGINT NOT NULL,
    before_at  BIGINT
);

-- A login: one browser, from signing in to signing out. Only a hash of its secret is stored.
CREATE TABLE login (
    hash       TEXT COLLATE "C" PRIMARY KEY NOT NULL,            -- SHA-256 of the cookie's value
    id         TEXT COLLATE "C" NOT NULL UNIQUE,                 -- by which its owner can revoke it from elsewhere
    account_id TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    seen_at    BIGINT NOT NULL,                                  -- to the minute
    address    TEXT COLLATE "C" NOT NULL,                        -- personal
    agent      TEXT NOT NULL                                     -- personal: the browser's user agent
);
CREATE INDEX login_account ON login (account_id);
CREATE INDEX login_created ON login (created_at);

-- Browsers with notifications switched on. Endpoints are sealed: they are useless without the installation's key.
CREATE TABLE push_browser (
    id            TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    account_id    TEXT COLLATE "C" NOT NULL,
    endpoint_hash TEXT COLLATE "C" NOT NULL UNIQUE,   -- SHA-256: one row per browser
    sealed        TEXT COLLATE "C" NOT NULL,          -- endpoint and keys; empty once the browser is gone
    agent         TEXT NOT NULL,                 -- personal: the browser's user agent
    low           BIGINT NOT NULL CHECK (low IN (0, 1)),   -- wants low ratings
    late          BIGINT NOT NULL CHECK (late IN (0, 1)),  -- wants those without a reply in time
    tat           BIGINT NOT NULL DEFAULT 0,    -- storm control: GCRA state in microseconds
    created_at    BIGINT NOT NULL,
    gone_at       BIGINT                            -- time when its push service reported it as gone
);
CREATE INDEX push_browser_account ON push_browser (account_id);

-- Failed sign-ins since the last success. The login is hashed: people sometimes type their password in its place.
CREATE TABLE sign_in_try (
    who      TEXT COLLATE "C" PRIMARY KEY NOT NULL,              -- SHA-256 of the login as typed, in lower case
    failures BIGINT NOT NULL,
    last_at  BIGINT NOT NULL,
    until    BIGINT NOT NULL                                     -- time until which further attempts are refused
);
CREATE INDEX sign_in_try_last ON sign_in_try (last_at);

-- The audit log: written in the transaction of the change, never changed.
CREATE TABLE audit (
    id           TEXT COLLATE "C" PRIMARY KEY NOT NULL,          -- sorts by time
    at           BIGINT NOT NULL,
    by_kind      TEXT COLLATE "C" NOT NULL CHECK (by_kind IN ('person', 'program', 'command', 'nobody')),
    by_id        TEXT COLLATE "C" NOT NULL,
    by_name      TEXT COLLATE "C" NOT NULL,                      -- the name at that time
    act          TEXT COLLATE "C" NOT NULL,
    subject_kind TEXT COLLATE "C" NOT NULL,
    subject      TEXT COLLATE "C" NOT NULL,
    line_id      TEXT COLLATE "C",                               -- for readers who see only some lines
    before       TEXT NOT NULL DEFAULT '{}',                     -- what changed, without secrets
    after        TEXT NOT NULL DEFAULT '{}'
);
CREATE INDEX audit_subject ON audit (subject_kind, subject, id);
CREATE INDEX audit_by ON audit (by_id, id);
CREATE INDEX audit_act ON audit (act, id);

-- Counters ----------------------------------------------------------------------------------------------------------------

-- Reports never scan ratings: closes and their results are counted. Everything is counted on the day of the close in the organisation's
-- time zone, so that asked, answered and good are shares of the same closes. src/domain/report/counter.rs defines the columns, and for
-- which operators a close counts.

-- One row: the time zone of the days, and when the counters were last compared with the rows. Locked while counters are added up, so that
-- one node at a time does it.
CREATE TABLE counter_state (
    id           BIGINT PRIMARY KEY NOT NULL CHECK (id = 1),
    time_zone    TEXT COLLATE "C",
    recounted_at BIGINT
);
INSERT INTO counter_state (id) VALUES (1);

-- The time zone of the counters, for SQL: the day of a close is its time in UTC plus the shift of the last row before it. Written with
-- counter_state.time_zone.
CREATE TABLE counter_clock (
    from_at  BIGINT PRIMARY KEY NOT NULL,
    shift_ms BIGINT NOT NULL
);

-- Changes not yet in the counters: written in the transaction of what they count, concurrently by many nodes without a shared row; added up
-- by any node. Reports add them to the counters.
CREATE TABLE counter_delta (
    id           BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    day          BIGINT NOT NULL,                                -- days since 1970-01-01
    hour         BIGINT NOT NULL,
    whose        TEXT COLLATE "C" NOT NULL,                      -- line or operator
    line_id      TEXT COLLATE "C" NOT NULL,
    operator_id  TEXT COLLATE "C" NOT NULL,                      -- '' for lines, and for closes without an operator
    channel      TEXT COLLATE "C" NOT NULL,                      -- '' if unknown
    scale        TEXT COLLATE "C" NOT NULL,
    handled_by   TEXT COLLATE "C" NOT NULL,                      -- who handled the session
    reason_of    TEXT COLLATE "C" NOT NULL,                      -- for a count of reasons: of which outcome, or of low ratings (chosen,
                                                                 -- tagged); '' for other counts
    reason       TEXT COLLATE "C" NOT NULL,
    n            BIGINT NOT NULL,                                -- for a count of reasons
    closes       BIGINT NOT NULL DEFAULT 0,
    not_asked    BIGINT NOT NULL DEFAULT 0,
    canceled     BIGINT NOT NULL DEFAULT 0,
    delivered    BIGINT NOT NULL DEFAULT 0,
    answered     BIGINT NOT NULL DEFAULT 0,
    expired      BIGINT NOT NULL DEFAULT 0,
    unreachable  BIGINT NOT NULL DEFAULT 0,
    unsure       BIGINT NOT NULL DEFAULT 0,
    late         BIGINT NOT NULL DEFAULT 0,
    score_0      BIGINT NOT NULL DEFAULT 0,
    score_1      BIGINT NOT NULL DEFAULT 0,
    score_2      BIGINT NOT NULL DEFAULT 0,
    score_3      BIGINT NOT NULL DEFAULT 0,
    score_4      BIGINT NOT NULL DEFAULT 0,
    score_5      BIGINT NOT NULL DEFAULT 0,
    good         BIGINT NOT NULL DEFAULT 0,
    bad          BIGINT NOT NULL DEFAULT 0,
    void_0       BIGINT NOT NULL DEFAULT 0,
    void_1       BIGINT NOT NULL DEFAULT 0,
    void_2       BIGINT NOT NULL DEFAULT 0,
    void_3       BIGINT NOT NULL DEFAULT 0,
    void_4       BIGINT NOT NULL DEFAULT 0,
    void_5       BIGINT NOT NULL DEFAULT 0,
    void_good    BIGINT NOT NULL DEFAULT 0,
    void_bad     BIGINT NOT NULL DEFAULT 0,
    resolved_yes BIGINT NOT NULL DEFAULT 0,
    resolved_no  BIGINT NOT NULL DEFAULT 0,
    commented    BIGINT NOT NULL DEFAULT 0,
    rate_secs    BIGINT NOT NULL DEFAULT 0,
    took_0       BIGINT NOT NULL DEFAULT 0,
    took_1       BIGINT NOT NULL DEFAULT 0,
    took_2       BIGINT NOT NULL DEFAULT 0,
    took_3       BIGINT NOT NULL DEFAULT 0,
    took_4       BIGINT NOT NULL DEFAULT 0,
    took_5       BIGINT NOT NULL DEFAULT 0,
    took_6       BIGINT NOT NULL DEFAULT 0,
    took_7       BIGINT NOT NULL DEFAULT 0,
    supervised   BIGINT NOT NULL DEFAULT 0,
    supervisor_sum BIGINT NOT NULL DEFAULT 0,
    delivered_open BIGINT NOT NULL DEFAULT 0,
    reasoned     BIGINT NOT NULL DEFAULT 0,
    comment_read BIGINT NOT NULL DEFAULT 0,
    tagged       BIGINT NOT NULL DEFAULT 0,
    delivered_runs BIGINT NOT NULL DEFAULT 0,
    answered_runs BIGINT NOT NULL DEFAULT 0
);

-- A report reads one row per shown item and period, regardless of the number of lines, operators, channels and ratings. A roll-up names
-- which of line, operator and channel its counters distinguish; the others are ''. Roll-ups with operators count a close once for each of
-- its operators, the others once (src/domain/report/roll_up.rs).
--
-- The counters, by day, month and year, with a separate table for each part of a cell: most reports only need counts.

-- The counts of a scale are an array without its zeros at the end, in this order:
--   closes, not_asked, canceled, delivered, answered, expired, unreachable, unsure, late, score_0, score_1, score_2,
--   score_3, score_4, score_5, good, bad, void_0, void_1, void_2, void_3, void_4, void_5, void_good, void_bad,
--   resolved_yes, resolved_no, commented, rate_secs, took_0, took_1, took_2, took_3, took_4, took_5, took_6, took_7,
--   supervised, supervisor_sum, delivered_open, reasoned, comment_read, tagged, delivered_runs, answered_runs
CREATE TABLE counter (
    roll_up      TEXT COLLATE "C" NOT NULL,
    grain        TEXT COLLATE "C" NOT NULL CHECK (grain IN ('day', 'month', 'year')),
    line_id      TEXT COLLATE "C" NOT NULL,
    operator_id  TEXT COLLATE "C" NOT NULL,
    channel      TEXT COLLATE "C" NOT NULL,
    period       BIGINT NOT NULL,                                -- days, months or years since 1970
    counts       TEXT NOT NULL,                                  -- JSON: counts by scale and who handled the session (binary/human)
    PRIMARY KEY (roll_up, grain, line_id, operator_id, channel, period)
);
-- All counters of a day or month, for `lastword recount`.
CREATE INDEX counter_period ON counter (grain, period, roll_up);
-- The days of the views for BI tools.
CREATE INDEX counter_day ON counter (roll_up, (DATE '1970-01-01' + CAST(period AS INTEGER)))
    WHERE grain = 'day' AND roll_up IN ('line_channel', 'line_operator_channel');

-- Reasons why closes were not asked about, canceled or not reached, and why ratings were low.
CREATE TABLE counter_reason (
    roll_up      TEXT COLLATE "C" NOT NULL,
    grain        TEXT COLLATE "C" NOT NULL CHECK (grain IN ('day', 'month', 'year')),
    line_id      TEXT COLLATE "C" NOT NULL,
    operator_id  TEXT COLLATE "C" NOT NULL,
    channel      TEXT COLLATE "C" NOT NULL,
    period       BIGINT NOT NULL,                                -- days, months or years since 1970
    reasons      TEXT NOT NULL,                                  -- JSON: number by scale and who handled the session, outcome (or chosen,
                                                                 -- tagged), and reason
    PRIMARY KEY (roll_up, grain, line_id, operator_id, channel, period)
);
CREATE INDEX counter_reason_period ON counter_reason (grain, period, roll_up);

-- Times of closes, by hour of the week.
CREATE TABLE counter_hour (
    roll_up      TEXT COLLATE "C" NOT NULL,
    grain        TEXT COLLATE "C" NOT NULL CHECK (grain IN ('day', 'month')),
    line_id      TEXT COLLATE "C" NOT NULL,
    operator_id  TEXT COLLATE "C" NOT NULL,
    channel      TEXT COLLATE "C" NOT NULL,
    period       BIGINT NOT NULL,                                -- days or months since 1970
    hours        TEXT NOT NULL,                                  -- JSON: by scale and who handled the session, and by hour (from Monday
                                                                 -- 0:00 in the organisation's time zone): closes, delivered, answered; of
                                                                 -- these, without voided ones: rated, good, bad; time for an answer over:
                                                                 -- delivered, answered
    PRIMARY KEY (roll_up, grain, line_id, operator_id, channel, period)
);
CREATE INDEX counter_hour_period ON counter_hour (grain, period, roll_up);

-- Watched shares: of low ratings, of questions not answered in time, of questions that did not arrive; each on one line and channel. Two
-- integers, the sum and its limit, measure how far a share has fallen (src/domain/report/watch.rs). They are written in the transaction of
-- the answer, of the question's maturity, or of the delivery's end.
CREATE TABLE share_watch (
    line_id     TEXT COLLATE "C" NOT NULL,
    channel     TEXT COLLATE "C" NOT NULL,                     -- '' if unknown
    kind        TEXT COLLATE "C" NOT NULL CHECK (kind IN ('score', 'response', 'delivery')),
    basis       TEXT COLLATE "C" NOT NULL,                   -- hash of the settings with which the baseline was learned
    since       BIGINT NOT NULL,                -- start of those settings: earlier closes are not watched
    looked_at   BIGINT NOT NULL,                -- time when a baseline was learned, or there was too little data for one
    clients     BIGINT NOT NULL,                -- number of clients from which it was learned
    cases       BIGINT NOT NULL,
    bad         BIGINT NOT NULL,
    days        BIGINT NOT NULL,                -- number of days with those cases
    learnt_at   BIGINT,                         -- null: too little data for a baseline, so nothing is watched
    usual       BIGINT NOT NULL DEFAULT 0,      -- usual share of bad cases, in millionths
    usual_low   BIGINT NOT NULL DEFAULT 0,      -- the lower end of its interval, in millionths
    adds        BIGINT NOT NULL DEFAULT 0,      -- added to the sum by a bad case,
    takes       BIGINT NOT NULL DEFAULT 0,      -- subtracted by any other case,
    sum_limit   BIGINT NOT NULL DEFAULT 0,      -- and the sum that raises the alarm
    promise     BIGINT NOT NULL DEFAULT 0,      -- minimum cases between two false alarms, on average,
    shares      BIGINT NOT NULL DEFAULT 0,      -- as long as at most this many shares are watched
    sum         BIGINT NOT NULL DEFAULT 0,
    run_from    BIGINT,                         -- time since which the sum is above zero, and the cases since then
    run_cases   BIGINT NOT NULL DEFAULT 0,
    run_bad     BIGINT NOT NULL DEFAULT 0,
    alarm_id    TEXT COLLATE "C",                            -- the active alarm
    read_to     TEXT COLLATE "C" NOT NULL DEFAULT '', -- for questions that mature: those up to this one were processed,
    next_at     BIGINT,                         -- and the time of the next check
    PRIMARY KEY (line_id, channel, kind),
    CHECK (learnt_at IS NULL OR (adds > 0 AND takes > 0 AND sum_limit > 0))
);

-- Time and version at which a line was last checked for its usual shares.
CREATE TABLE share_look (
    line_id   TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    version   BIGINT NOT NULL,
    looked_at BIGINT NOT NULL
);

-- Alarms: a watched share has fallen. Recipients are notified by alerts with its ID.
CREATE TABLE share_alarm (
    id         TEXT COLLATE "C" PRIMARY KEY NOT NULL,        -- sorts by time
    line_id    TEXT COLLATE "C" NOT NULL,
    channel    TEXT COLLATE "C" NOT NULL,
    kind       TEXT COLLATE "C" NOT NULL CHECK (kind IN ('score', 'response', 'delivery')),
    raised_at  BIGINT NOT NULL,
    from_at    BIGINT NOT NULL,                 -- the cases that raised it: from the first to the last,
    until_at   BIGINT NOT NULL,
    cases      BIGINT NOT NULL,                 -- their number,
    bad        BIGINT NOT NULL,                 -- and how many of them were bad
    usual      BIGINT NOT NULL,                 -- the baseline at that time
    promise    BIGINT NOT NULL,
    ended_at   BIGINT,
    end_reason TEXT COLLATE "C" CHECK (end_reason IN ('all_clear', 'learnt_anew')),
    news       TEXT COLLATE "C" CHECK (news IN ('raised', 'cleared')), -- notification still to be sent
    CHECK ((ended_at IS NULL) = (end_reason IS NULL))
);
CREATE INDEX share_alarm_line ON share_alarm (line_id, id);
CREATE INDEX share_alarm_news ON share_alarm (id) WHERE news IS NOT NULL;
CREATE INDEX share_alarm_stands ON share_alarm (line_id) WHERE ended_at IS NULL;

-- Letters to owners: the figures of the last day, week or month, for one recipient.
CREATE TABLE letter (
    id           TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    recipient_id TEXT COLLATE "C" NOT NULL,
    every        TEXT COLLATE "C" NOT NULL CHECK (every IN ('daily', 'weekly', 'monthly')),
    hour         BIGINT NOT NULL,               -- in the organisation's time zone
    lines        TEXT COLLATE "C",                           -- its lines, as JSON; null for all lines
    created_at   BIGINT NOT NULL,
    changed_at   BIGINT NOT NULL,
    changed_by   TEXT COLLATE "C" NOT NULL
);

-- Sent letters: one row per letter and period, so that none is sent twice after a restart.
CREATE TABLE letter_sent (
    letter_id TEXT COLLATE "C" NOT NULL,
    day       BIGINT NOT NULL,                  -- first day of its period, in days since 1970
    people    BIGINT NOT NULL,                  -- number of people it was sent to
    sent_at   BIGINT NOT NULL,
    PRIMARY KEY (letter_id, day)
);

-- Import and retention ----------------------------------------------------------------------------------------------------

-- An import of one file, identified by its content and options: after an interruption the next run continues.
CREATE TABLE import_run (
    id          TEXT COLLATE "C" PRIMARY KEY NOT NULL,           -- SHA-256 of the file and the options
    file        TEXT COLLATE "C" NOT NULL,                       -- its name, for people
    format      TEXT COLLATE "C" NOT NULL,
    source      TEXT COLLATE "C" NOT NULL,
    done        BIGINT NOT NULL DEFAULT 0,                       -- finished rows of the file, in order
    added       BIGINT NOT NULL DEFAULT 0,                       -- new closes
    ratings     BIGINT NOT NULL DEFAULT 0,                       -- of those, rated
    repeated    BIGINT NOT NULL DEFAULT 0,                       -- closes that already existed
    rejected    BIGINT NOT NULL DEFAULT 0,                       -- invalid rows
    started_at  BIGINT NOT NULL,
    changed_at  BIGINT NOT NULL,
    finished_at BIGINT
);

-- Rules by which ratings from files were graded, and the closes of each day for which each was used.
CREATE TABLE imported_rule (
    day             BIGINT NOT NULL,                                 -- of the closes, in UTC since 1970
    line_id         TEXT COLLATE "C" NOT NULL,
    scale           TEXT COLLATE "C" NOT NULL,                       -- binary or five_star
    low_max         BIGINT NOT NULL,                                 -- the highest bad score
    first_closed_at BIGINT NOT NULL,
    last_closed_at  BIGINT NOT NULL,
    PRIMARY KEY (day, line_id, scale, low_max)
);

-- Progress of removing personal data after the retention time, by line: closes before this time are done.
CREATE TABLE retention (
    line_id    TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    done_until BIGINT NOT NULL
);

-- The installation --------------------------------------------------------------------------------------------------------

-- The oldest program that may use these tables, by the last migration that it knows. A compatible migration does not change it; one that
-- older programs cannot work with raises it. One row.
CREATE TABLE schema_support (
    id               BIGINT PRIMARY KEY NOT NULL CHECK (id = 1),
    oldest_migration BIGINT NOT NULL,                            -- an older program stops working and reports why
    oldest_program   TEXT COLLATE "C" NOT NULL                   -- its version, for people
);
INSERT INTO schema_support (id, oldest_migration, oldest_program) VALUES (1, 1, '0.1.0');

-- State of this database as a whole: its place, its last activity, and if it may send. One row. `lastword backup` omits the row from a dump
-- of PostgreSQL: a database without it came from a copy, and sends nothing.
CREATE TABLE installation (
    id             BIGINT PRIMARY KEY NOT NULL CHECK (id = 1),
    lineage        TEXT COLLATE "C",                             -- created at the first start; the same in every copy
    place          TEXT COLLATE "C",                             -- place of the database: different for a copy
    beats          BIGINT NOT NULL DEFAULT 0,                    -- one per minute of activity
    beat_at        BIGINT,                                       -- time of the last beat
    awake_until    BIGINT,                                       -- without a beat until then, the database counts as an old copy and sends
                                                                 -- nothing
    quarantine     TEXT COLLATE "C" CHECK (quarantine IN ('backup', 'restored', 'elsewhere', 'dump', 'older', 'asleep')),
    quarantined_at BIGINT,                                       -- messages due before this time may have been sent by another copy of this
                                                                 -- database
    CHECK ((quarantine IS NULL) = (quarantined_at IS NULL))
);
INSERT INTO installation (id) VALUES (1);

-- The organisation as clients see it, set by an admin; a name in the settings file takes precedence. One row, or none.
CREATE TABLE organisation (
    id         BIGINT PRIMARY KEY NOT NULL CHECK (id = 1),
    name       TEXT COLLATE "C" NOT NULL,
    color      TEXT COLLATE "C" NOT NULL,                  -- such as #0b6b62; empty: ours
    logo_type  TEXT COLLATE "C" NOT NULL,                  -- its media type, known by its bytes; empty: no logo
    logo       TEXT COLLATE "C" NOT NULL,                  -- in base64
    version    BIGINT NOT NULL,                      -- raised by each change: nodes read the row again
    changed_at BIGINT NOT NULL,
    changed_by TEXT COLLATE "C" NOT NULL                   -- name of the admin
);

-- Views for BI tools ------------------------------------------------------------------------------------------------------

-- docs/bi.md describes every view and column whose name begins with bi1_. They are a contract: columns are only ever added, at the end, and
-- a column that has to change its meaning gets a new version, bi2_. They contain no personal data of clients, and a role with no other
-- rights may read them. src/store/report/bi.rs lists their columns and types. Flags are 0 or 1; what is unknown is '' in a column by which
-- the counters group, and null elsewhere.
-- Types: TEXT, BIGINT, TIMESTAMPTZ to the second, DATE.

-- Every close with its day and the conditions by which it is counted, as in src/domain/report/counter.rs. Not part of the contract.
CREATE VIEW counted_close AS
SELECT q.id, q.closed_at, q.line_id, COALESCE(q.channel, '') AS channel, q.scale, COALESCE(q.operator_id, '') AS operator_id,
    q.handled_by,
    COALESCE(q.closed_by, '') AS closed_by, COALESCE(q.outcome, 'open') AS outcome, q.reason,
    CAST(to_timestamp((q.closed_at + COALESCE((SELECT c.shift_ms FROM counter_clock c
        WHERE c.from_at <= q.closed_at ORDER BY c.from_at DESC LIMIT 1), 0)) / 1000) AT TIME ZONE 'UTC' AS DATE) AS day,
    CAST(CASE WHEN q.outcome IN ('not_asked', 'canceled') THEN 1 ELSE 0 END AS BIGINT) AS kept_back,
    CAST(CASE WHEN q.outcome = 'answered' OR (q.delivered_at IS NOT NULL
        AND COALESCE(q.outcome, '') NOT IN ('not_asked', 'canceled')) THEN 1 ELSE 0 END AS BIGINT) AS delivered,
    CAST(CASE WHEN q.late_at IS NOT NULL THEN 1 ELSE 0 END AS BIGINT) AS late,
    CAST(CASE WHEN q.outcome IS NULL OR EXISTS (SELECT 1 FROM question_expiry e WHERE e.expires_at = q.expires_at
        AND e.request_id = q.id) THEN 1 ELSE 0 END AS BIGINT) AS runs
FROM rating_request q
WHERE q.again_of IS NULL;

-- The daily counters: of lines, which count each close once, and of operators, which count it once for each. Not part of the contract.
CREATE VIEW counted_cell AS
SELECT c.roll_up, c.line_id, c.operator_id, c.channel, c.period, split_part(s.key, '/', 1) AS scale,
    split_part(s.key, '/', 2) AS handled_by, COALESCE(CAST(s.value ->> 0 AS BIGINT), 0) AS closes,
    COALESCE(CAST(s.value ->> 1 AS BIGINT), 0) AS not_asked, COALESCE(CAST(s.value ->> 2 AS BIGINT), 0) AS canceled,
    COALESCE(CAST(s.value ->> 3 AS BIGINT), 0) AS delivered, COALESCE(CAST(s.value ->> 4 AS BIGINT), 0) AS answered,
    COALESCE(CAST(s.value ->> 5 AS BIGINT), 0) AS expired, COALESCE(CAST(s.value ->> 6 AS BIGINT), 0) AS unreachable,
    COALESCE(CAST(s.value ->> 7 AS BIGINT), 0) AS unsure, COALESCE(CAST(s.value ->> 8 AS BIGINT), 0) AS late,
    COALESCE(CAST(s.value ->> 9 AS BIGINT), 0) AS score_0, COALESCE(CAST(s.value ->> 10 AS BIGINT), 0) AS score_1,
    COALESCE(CAST(s.value ->> 11 AS BIGINT), 0) AS score_2, COALESCE(CAST(s.value ->> 12 AS BIGINT), 0) AS score_3,
    COALESCE(CAST(s.value ->> 13 AS BIGINT), 0) AS score_4, COALESCE(CAST(s.value ->> 14 AS BIGINT), 0) AS score_5,
    COALESCE(CAST(s.value ->> 15 AS BIGINT), 0) AS good, COALESCE(CAST(s.value ->> 16 AS BIGINT), 0) AS bad,
    COALESCE(CAST(s.value ->> 17 AS BIGINT), 0) AS void_0, COALESCE(CAST(s.value ->> 18 AS BIGINT), 0) AS void_1,
    COALESCE(CAST(s.value ->> 19 AS BIGINT), 0) AS void_2, COALESCE(CAST(s.value ->> 20 AS BIGINT), 0) AS void_3,
    COALESCE(CAST(s.value ->> 21 AS BIGINT), 0) AS void_4, COALESCE(CAST(s.value ->> 22 AS BIGINT), 0) AS void_5,
    COALESCE(CAST(s.value ->> 23 AS BIGINT), 0) AS void_good, COALESCE(CAST(s.value ->> 24 AS BIGINT), 0) AS void_bad,
    COALESCE(CAST(s.value ->> 25 AS BIGINT), 0) AS resolved_yes, COALESCE(CAST(s.value ->> 26 AS BIGINT), 0) AS resolved_no,
    COALESCE(CAST(s.value ->> 27 AS BIGINT), 0) AS commented, COALESCE(CAST(s.value ->> 28 AS BIGINT), 0) AS rate_secs,
    COALESCE(CAST(s.value ->> 37 AS BIGINT), 0) AS supervised, COALESCE(CAST(s.value ->> 38 AS BIGINT), 0) AS supervisor_sum,
    COALESCE(CAST(s.value ->> 43 AS BIGINT), 0) AS delivered_runs, COALESCE(CAST(s.value ->> 44 AS BIGINT), 0) AS answered_runs
FROM counter c, jsonb_each(CAST(c.counts AS JSONB)) AS s
WHERE c.grain = 'day' AND c.roll_up IN ('line_channel', 'line_operator_channel');

-- What is not added up yet. Not part of the contract.
CREATE VIEW counted_pending AS
SELECT CASE d.whose WHEN 'line' THEN 'line_channel' ELSE 'line_operator_channel' END AS roll_up, d.line_id, d.operator_id, d.channel,
    d.day AS period, d.scale, d.handled_by, CAST(sum(d.closes) AS BIGINT) AS closes, CAST(sum(d.not_asked) AS BIGINT) AS not_asked,
    CAST(sum(d.canceled) AS BIGINT) AS canceled, CAST(sum(d.delivered) AS BIGINT) AS delivered, CAST(sum(d.answered) AS BIGINT) AS answered,
    CAST(sum(d.expired) AS BIGINT) AS expired, CAST(sum(d.unreachable) AS BIGINT) AS unreachable, CAST(sum(d.unsure) AS BIGINT) AS unsure,
    CAST(sum(d.late) AS BIGINT) AS late, CAST(sum(d.score_0) AS BIGINT) AS score_0, CAST(sum(d.score_1) AS BIGINT) AS score_1,
    CAST(sum(d.score_2) AS BIGINT) AS score_2, CAST(sum(d.score_3) AS BIGINT) AS score_3, CAST(sum(d.score_4) AS BIGINT) AS score_4,
    CAST(sum(d.score_5) AS BIGINT) AS score_5, CAST(sum(d.good) AS BIGINT) AS good, CAST(sum(d.bad) AS BIGINT) AS bad,
    CAST(sum(d.void_0) AS BIGINT) AS void_0, CAST(sum(d.void_1) AS BIGINT) AS void_1, CAST(sum(d.void_2) AS BIGINT) AS void_2,
    CAST(sum(d.void_3) AS BIGINT) AS void_3, CAST(sum(d.void_4) AS BIGINT) AS void_4, CAST(sum(d.void_5) AS BIGINT) AS void_5,
    CAST(sum(d.void_good) AS BIGINT) AS void_good, CAST(sum(d.void_bad) AS BIGINT) AS void_bad,
    CAST(sum(d.resolved_yes) AS BIGINT) AS resolved_yes, CAST(sum(d.resolved_no) AS BIGINT) AS resolved_no,
    CAST(sum(d.commented) AS BIGINT) AS commented, CAST(sum(d.rate_secs) AS BIGINT) AS rate_secs,
    CAST(sum(d.supervised) AS BIGINT) AS supervised, CAST(sum(d.supervisor_sum) AS BIGINT) AS supervisor_sum,
    CAST(sum(d.delivered_runs) AS BIGINT) AS delivered_runs, CAST(sum(d.answered_runs) AS BIGINT) AS answered_runs
FROM counter_delta d
WHERE d.reason_of = ''
GROUP BY d.whose, d.line_id, d.operator_id, d.channel, d.day, d.scale, d.handled_by;

-- Both together. The counters are not grouped again: a condition on a day, and a column that nobody asks for, reach them. Not part of the
-- contract.
CREATE VIEW counted_day AS
SELECT c.roll_up, c.line_id, c.operator_id, c.channel, c.period, c.scale, c.handled_by, c.closes + COALESCE(d.closes, 0) AS closes,
    c.not_asked + COALESCE(d.not_asked, 0) AS not_asked, c.canceled + COALESCE(d.canceled, 0) AS canceled,
    c.delivered + COALESCE(d.delivered, 0) AS delivered, c.answered + COALESCE(d.answered, 0) AS answered,
    c.expired + COALESCE(d.expired, 0) AS expired, c.unreachable + COALESCE(d.unreachable, 0) AS unreachable,
    c.unsure + COALESCE(d.unsure, 0) AS unsure, c.late + COALESCE(d.late, 0) AS late, c.score_0 + COALESCE(d.score_0, 0) AS score_0,
    c.score_1 + COALESCE(d.score_1, 0) AS score_1, c.score_2 + COALESCE(d.score_2, 0) AS score_2,
    c.score_3 + COALESCE(d.score_3, 0) AS score_3, c.score_4 + COALESCE(d.score_4, 0) AS score_4,
    c.score_5 + COALESCE(d.score_5, 0) AS score_5, c.good + COALESCE(d.good, 0) AS good, c.bad + COALESCE(d.bad, 0) AS bad,
    c.void_0 + COALESCE(d.void_0, 0) AS void_0, c.void_1 + COALESCE(d.void_1, 0) AS void_1, c.void_2 + COALESCE(d.void_2, 0) AS void_2,
    c.void_3 + COALESCE(d.void_3, 0) AS void_3, c.void_4 + COALESCE(d.void_4, 0) AS void_4, c.void_5 + COALESCE(d.void_5, 0) AS void_5,
    c.void_good + COALESCE(d.void_good, 0) AS void_good, c.void_bad + COALESCE(d.void_bad, 0) AS void_bad,
    c.resolved_yes + COALESCE(d.resolved_yes, 0) AS resolved_yes, c.resolved_no + COALESCE(d.resolved_no, 0) AS resolved_no,
    c.commented + COALESCE(d.commented, 0) AS commented, c.rate_secs + COALESCE(d.rate_secs, 0) AS rate_secs,
    c.supervised + COALESCE(d.supervised, 0) AS supervised, c.supervisor_sum + COALESCE(d.supervisor_sum, 0) AS supervisor_sum,
    c.delivered_runs + COALESCE(d.delivered_runs, 0) AS delivered_runs, c.answered_runs + COALESCE(d.answered_runs, 0) AS answered_runs
FROM counted_cell c LEFT JOIN counted_pending d ON d.roll_up = c.roll_up AND d.line_id = c.line_id AND d.operator_id = c.operator_id AND
    d.channel = c.channel AND d.period = c.period AND d.scale = c.scale AND d.handled_by = c.handled_by
UNION ALL
SELECT d.roll_up, d.line_id, d.operator_id, d.channel, d.period, d.scale, d.handled_by, d.closes, d.not_asked, d.canceled, d.delivered,
    d.answered, d.expired, d.unreachable, d.unsure, d.late, d.score_0, d.score_1, d.score_2, d.score_3, d.score_4, d.score_5, d.good, d.bad,
    d.void_0, d.void_1, d.void_2, d.void_3, d.void_4, d.void_5, d.void_good, d.void_bad, d.resolved_yes, d.resolved_no, d.commented,
    d.rate_secs, d.supervised, d.supervisor_sum, d.delivered_runs, d.answered_runs
FROM counted_pending d
WHERE NOT EXISTS (SELECT 1 FROM counted_cell c WHERE d.roll_up = c.roll_up AND d.line_id = c.line_id AND d.operator_id = c.operator_id AND
    d.channel = c.channel AND d.period = c.period AND d.scale = c.scale AND d.handled_by = c.handled_by);

-- Lines.
CREATE VIEW bi1_lines AS
SELECT l.id AS line_id, l.name, CAST(CASE WHEN l.archived_at IS NOT NULL THEN 1 ELSE 0 END AS BIGINT) AS archived
FROM line l;

-- Operators whose name is known, as in reports.
CREATE VIEW bi1_operators AS
SELECT n.id AS operator_id, n.name, COALESCE(k.kind, 'human') AS kind
FROM operator_name n LEFT JOIN operator_kind k ON k.id = n.id;

-- Closes, each once.
CREATE VIEW bi1_closes AS
SELECT q.id AS close_id, to_timestamp(q.closed_at / 1000) AS closed_at, q.day, q.line_id, q.channel, q.scale, q.operator_id, q.handled_by,
    q.closed_by, q.outcome, q.reason, CAST(1 - q.kept_back AS BIGINT) AS asked, q.delivered,
    CAST(CASE WHEN q.delivered = 1 AND q.runs = 0 THEN 1 ELSE 0 END AS BIGINT) AS matured,
    CAST(CASE WHEN q.outcome = 'answered' THEN 1 ELSE 0 END AS BIGINT) AS answered,
    CAST(CASE WHEN q.outcome = 'answered' AND q.runs = 0 THEN 1 ELSE 0 END AS BIGINT) AS answered_matured, q.late
FROM counted_close q;

-- Ratings, each once.
CREATE VIEW bi1_ratings AS
SELECT q.id AS close_id, to_timestamp(q.closed_at / 1000) AS closed_at, q.day, q.line_id, q.channel, q.scale, q.operator_id, q.handled_by,
    to_timestamp(t.rated_at / 1000) AS rated_at, CAST(t.score AS BIGINT) AS score,
    CASE WHEN t.low = 1 THEN 'bad' WHEN t.score >= CASE q.scale WHEN 'binary' THEN 1 ELSE 4 END THEN 'good' ELSE 'neutral' END AS grade,
    CAST(CASE WHEN t.voided_at IS NOT NULL THEN 1 ELSE 0 END AS BIGINT) AS voided,
    CAST(CASE WHEN t.voided_at IS NULL THEN 1 ELSE 0 END AS BIGINT) AS counted,
    CAST(CASE WHEN t.voided_at IS NULL AND t.low = 0 AND t.score >= CASE q.scale WHEN 'binary' THEN 1 ELSE 4 END THEN 1 ELSE 0 END
        AS BIGINT) AS good,
    CAST(CASE WHEN t.voided_at IS NULL AND t.low = 1 THEN 1 ELSE 0 END AS BIGINT) AS bad,
    CAST(CASE WHEN q.runs = 0 THEN 1 ELSE 0 END AS BIGINT) AS matured, CAST(t.resolved AS BIGINT) AS resolved,
    CAST(CASE WHEN t.comment IS NOT NULL THEN 1 ELSE 0 END AS BIGINT) AS has_comment,
    CAST(CASE WHEN t.rated_at > q.closed_at THEN (t.rated_at - q.closed_at) / 1000 ELSE 0 END AS BIGINT) AS seconds_to_rate,
    CAST(s.score AS BIGINT) AS supervisor_score
FROM rating t JOIN counted_close q ON q.id = t.request_id LEFT JOIN supervisor_score s ON s.request_id = t.request_id;

-- Reasons of low ratings that are not voided, each once.
CREATE VIEW bi1_reasons AS
SELECT DISTINCT q.id AS close_id, q.day, q.line_id, q.channel, q.scale, q.operator_id, q.handled_by, 'chosen' AS origin,
    r.value ->> 'code' AS code
FROM rating t JOIN counted_close q ON q.id = t.request_id, jsonb_array_elements(CAST(t.reasons AS JSONB)) AS r(value)
WHERE t.low = 1 AND t.voided_at IS NULL
UNION ALL
SELECT DISTINCT q.id AS close_id, q.day, q.line_id, q.channel, q.scale, q.operator_id, q.handled_by, 'tagged' AS origin,
    r.value #>> '{}' AS code
FROM rating t JOIN counted_close q ON q.id = t.request_id, jsonb_array_elements(CAST(t.tags AS JSONB)) AS r(value)
WHERE t.low = 1 AND t.voided_at IS NULL;

-- Low ratings that are not voided, and what was done about them.
CREATE VIEW bi1_low_ratings AS
SELECT q.id AS close_id, q.day, q.line_id, q.channel, q.scale, q.operator_id, q.handled_by, to_timestamp(t.rated_at / 1000) AS rated_at,
    to_timestamp(t.done_at / 1000) AS done_at, to_timestamp(v.replied_at / 1000) AS replied_at,
    to_timestamp(v.settled_at / 1000) AS settled_at,
    CAST(CASE WHEN t.done_at IS NULL THEN 1 ELSE 0 END AS BIGINT) AS waits,
    CAST(CASE WHEN v.replied_at > t.rated_at THEN (v.replied_at - t.rated_at) / 1000 WHEN v.replied_at IS NOT NULL THEN 0 END
        AS BIGINT) AS seconds_to_reply
FROM rating t JOIN counted_close q ON q.id = t.request_id LEFT JOIN review v ON v.request_id = t.request_id
WHERE t.low = 1 AND t.voided_at IS NULL;

-- The figures of a day, for the two views below. Not part of the contract.
CREATE VIEW counted_figures AS
SELECT c.roll_up, DATE '1970-01-01' + CAST(c.period AS INTEGER) AS day, c.line_id, c.channel, c.scale, c.operator_id, c.handled_by,
    c.closes, c.not_asked, c.canceled, c.closes - c.not_asked - c.canceled AS asked, c.delivered, c.delivered - c.delivered_runs AS matured,
    c.answered, c.answered - c.answered_runs AS answered_matured, c.expired, c.unreachable, c.unsure,
    c.closes - c.not_asked - c.canceled - c.answered - c.expired - c.unreachable - c.unsure AS open, c.late,
    c.answered - c.void_0 - c.void_1 - c.void_2 - c.void_3 - c.void_4 - c.void_5 AS counted, c.good - c.void_good AS good,
    c.bad - c.void_bad AS bad, c.score_0 - c.void_0 AS score_0, c.score_1 - c.void_1 AS score_1, c.score_2 - c.void_2 AS score_2,
    c.score_3 - c.void_3 AS score_3, c.score_4 - c.void_4 AS score_4, c.score_5 - c.void_5 AS score_5,
    c.void_0 + c.void_1 + c.void_2 + c.void_3 + c.void_4 + c.void_5 AS voided, c.resolved_yes, c.resolved_no, c.commented,
    c.rate_secs AS seconds_to_rate, c.supervised, c.supervisor_sum
FROM counted_day c
WHERE c.closes <> 0;

-- Counts of every day, each close once: those of the reports.
CREATE VIEW bi1_daily AS
SELECT s.day, s.line_id, s.channel, s.scale, s.handled_by, s.closes, s.not_asked, s.canceled, s.asked, s.delivered, s.matured, s.answered,
    s.answered_matured, s.expired, s.unreachable, s.unsure, s.open, s.late, s.counted, s.good, s.bad, s.score_0, s.score_1, s.score_2,
    s.score_3, s.score_4, s.score_5, s.voided, s.resolved_yes, s.resolved_no, s.commented, s.seconds_to_rate, s.supervised, s.supervisor_sum
FROM counted_figures s
WHERE s.roll_up = 'line_channel';

-- The same for operators. A close with several counted operators counts once for each.
CREATE VIEW bi1_operator_daily AS
SELECT s.day, s.line_id, s.channel, s.scale, s.operator_id, s.handled_by, s.closes, s.not_asked, s.canceled, s.asked, s.delivered,
    s.matured, s.answered, s.answered_matured, s.expired, s.unreachable, s.unsure, s.open, s.late, s.counted, s.good, s.bad, s.score_0,
    s.score_1, s.score_2, s.score_3, s.score_4, s.score_5, s.voided, s.resolved_yes, s.resolved_no, s.commented, s.seconds_to_rate,
    s.supervised, s.supervisor_sum
FROM counted_figures s
WHERE s.roll_up = 'line_operator_channel';

-- Alarms of watched shares.
CREATE VIEW bi1_alarms AS
SELECT a.id AS alarm_id, a.line_id, a.channel, a.kind, to_timestamp(a.raised_at / 1000) AS raised_at,
    to_timestamp(a.ended_at / 1000) AS ended_at, a.end_reason,
    CAST(a.cases AS BIGINT) AS cases, CAST(a.bad AS BIGINT) AS bad
FROM share_alarm a;

-- Space for changes -------------------------------------------------------------------------------------------------------

-- Differs from SQLite: the queue's tables change constantly, so dead rows are vacuumed earlier than at the default fifth, and pages keep
-- free space so that an update that changes no index stays on its page.
ALTER TABLE delivery SET (autovacuum_vacuum_scale_factor = 0.02, fillfactor = 80);
ALTER TABLE connection SET (autovacuum_vacuum_threshold = 20, fillfactor = 50);
-- Nearly every rating request is updated once more, when its question is delivered. No index has that column, so the new version of the row
-- adds no index entry if it fits on the same page: half of each page is left free for it, and reused when the rating request ends.
ALTER TABLE rating_request SET (fillfactor = 50);
-- Rows are inserted and deleted constantly: vacuum by number, not by share.
ALTER TABLE question_expiry SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);
ALTER TABLE counter_delta SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);
