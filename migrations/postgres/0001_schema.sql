-- The tables. This file has a twin for SQLite with the same tables and the same columns; what differs is said where it differs.
--
-- Conventions: ids are text; times are integer milliseconds since 1970 UTC and end in _at; documents are JSON text;
-- flags are a time or null rather than a boolean, so that they say when. Columns with personal data are marked so.
--
-- Ids, keys and words are compared byte by byte (COLLATE "C"), as SQLite does, also where the database speaks a language: that is
-- cheaper, and lists are in the same order everywhere. Documents and free text, which nobody compares, are left as they come.
--
-- A column that holds one of a few words is read and written by its type in src/store/table.rs. Where rows are few a CHECK says so too; on
-- the tables of every close there is one CHECK at most, of what must hold between columns: PostgreSQL reads each anew with every statement.

-- Lines, and who is told of low ratings --------------------------------------------------------------------------------

-- A line: a queue of chats with its own rating settings (one JSON document, kept with every version it ever had).
CREATE TABLE line (
    id          TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    name        TEXT COLLATE "C" NOT NULL,
    settings    TEXT NOT NULL,
    version     BIGINT NOT NULL,
    created_at  BIGINT NOT NULL,
    updated_at  BIGINT NOT NULL,
    archived_at BIGINT,
    experiment  TEXT                             -- the one that runs, as JSON; null where none does
);

-- Experiments: two ways to ask on one line, half of its clients each. At most one of a line runs. What they say is worked out from the
-- rating requests that carry their id.
CREATE TABLE experiment (
    id          TEXT COLLATE "C" PRIMARY KEY NOT NULL,       -- sorts by time
    line_id     TEXT COLLATE "C" NOT NULL,
    control     TEXT NOT NULL,                   -- how the line asked, as JSON
    trial       TEXT NOT NULL,                   -- what is tried, as JSON
    margin      BIGINT NOT NULL,                -- a difference that would not matter, in percentage points
    clients_max BIGINT NOT NULL,                -- planned in each variant
    matures_ms  BIGINT NOT NULL,                -- a question is mature so long after it leaves
    started_at  BIGINT NOT NULL,
    started_by  TEXT COLLATE "C" NOT NULL,
    ended_at    BIGINT,
    ended_by    TEXT COLLATE "C",
    verdict     TEXT COLLATE "C" CHECK (verdict IN ('go_on', 'a_better', 'b_better', 'no_larger', 'cannot_tell')), -- when it ended
    kept        TEXT COLLATE "C" CHECK (kept IN ('a', 'b')),  -- how the line asks since
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

-- Which version a line had when it was deleted: one of the same id goes on from there, so that no node takes its settings for the
-- earlier ones.
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
    operator_id   TEXT COLLATE "C",                              -- the desk's operator this person is, for "the responsible operator"
    language      TEXT COLLATE "C",
    members       TEXT NOT NULL DEFAULT '[]',                    -- of a group: ids of recipients, as JSON
    tat           BIGINT NOT NULL DEFAULT 0,                     -- storm control: GCRA state in microseconds
    created_at    BIGINT NOT NULL,
    disabled_at   BIGINT,
    unreached_at  BIGINT,                                        -- the last alert did not reach them; empty again once one does
    unreached_why TEXT,                                          -- in the platform's words
    sealed        TEXT,                                          -- of a room: its hook and token, sealed with security.key
    gone_at       BIGINT,                                        -- of a room: its service said that it is no longer there; disabled since then
    gone_told_at  BIGINT,                                        -- when admins were told so
    CHECK ((kind = 'group') = (connection IS NULL)),
    CHECK ((kind = 'room') = (sealed IS NOT NULL))
);
CREATE UNIQUE INDEX recipient_operator ON recipient (operator_id) WHERE operator_id IS NOT NULL;

-- What operators are called, as the desk told it last: a close that leaves the name out does not erase it.
CREATE TABLE operator_name (
    id       TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    name     TEXT COLLATE "C" NOT NULL,
    named_at BIGINT NOT NULL                                     -- the time of the close that told it
);

-- What operators are: of an operator who is not here, nobody said anything but a person.
CREATE TABLE operator_kind (
    id      TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    kind    TEXT COLLATE "C" NOT NULL CHECK (kind IN ('human', 'program')),
    by_hand BIGINT NOT NULL CHECK (by_hand IN (0, 1)),           -- an admin said so: what a desk tells changes nothing
    told_at BIGINT NOT NULL
);

-- What enters, and whom it is about -------------------------------------------------------------------------------------

-- Everything that enters and is no close that was kept: one row per event of a source, written in the transaction of its effect.
-- The same key with the same body gives the same result; with another body it is refused. The event of a close is in its
-- rating_request.
CREATE TABLE inbox (
    source      TEXT COLLATE "C" NOT NULL,
    event_key   TEXT COLLATE "C" NOT NULL,
    kind        TEXT COLLATE "C" NOT NULL,
    body_hash   TEXT COLLATE "C" NOT NULL,
    received_at BIGINT NOT NULL,
    subject     TEXT COLLATE "C",                                -- what it was about: a rating request, a session, a delivery
    disposition TEXT COLLATE "C",
    body        TEXT,                                            -- personal; kept only of what could not be read or used
    PRIMARY KEY (source, event_key)
);
CREATE INDEX inbox_received ON inbox (received_at);
-- What was refused, for people to look at; few rows of it are found by this.
CREATE INDEX inbox_refused ON inbox (received_at) WHERE kind = 'refused';

-- A client, over all lines and channels: here only to ask not too often. The id is the desk's id of the person, or the
-- connection and chat where the desk has none.
CREATE TABLE client (
    id          TEXT COLLATE "C" PRIMARY KEY NOT NULL,           -- personal
    same_as     TEXT COLLATE "C",                                -- personal: of a conversation, the desk's id of the person in it, once a close
                                                                 -- has told both. They share one budget
    next_ask_at BIGINT NOT NULL DEFAULT 0,
    revision    BIGINT NOT NULL,                                 -- the fence of optimistic writes
    updated_at  BIGINT NOT NULL
);

-- People who do not want to be asked: the one list that says so. It names nobody: a person is known again by the sums of what
-- they are called (the desk's id of the client, connection and chat), so that it outlives the erasure of everything else.
CREATE TABLE opt_out (
    mark         TEXT COLLATE "C" PRIMARY KEY NOT NULL,          -- HMAC-SHA256 of one name, under the key below
    person       TEXT COLLATE "C" NOT NULL,                      -- the same for all names of one person, and made of chance
    opted_out_at BIGINT NOT NULL,
    told_by      TEXT COLLATE "C" NOT NULL CHECK (told_by IN ('text', 'button', 'link', 'mail', 'person', 'program', 'command'))
);
CREATE INDEX opt_out_person ON opt_out (person);

-- The key of the sums. It lies here, and not in the settings, because a lost or replaced security.key must not lead to
-- people being asked who asked not to be.
CREATE TABLE opt_out_key (
    id  BIGINT PRIMARY KEY CHECK (id = 1),
    key TEXT NOT NULL                                            -- 32 bytes in hex; what two UUIDs have of chance: 244 bits
);
INSERT INTO opt_out_key (id, key) VALUES (1, replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', ''));

-- What we learned of a conversation from the channel itself: the clock of its window, and whether we may write.
CREATE TABLE conversation (
    connection             TEXT COLLATE "C" NOT NULL,
    identity               TEXT COLLATE "C" NOT NULL,            -- personal: whoever is there, by a name that all forms of one address share
    chat                   TEXT COLLATE "C" NOT NULL,            -- personal: the address, as it was written last
    last_client_message_at BIGINT,                               -- by the platform's clock
    last_words_at          BIGINT,                               -- the same, of what was no answer to a question of ours: a session that is closed
                                                                 -- once more after it is a close of its own
    window_expires_at      BIGINT,
    blocked_at             BIGINT,
    updated_at             BIGINT NOT NULL,
    PRIMARY KEY (connection, identity)
);

-- One conversation of one client on one line, from opening to close. Each close raises the epoch. A session whose only event
-- was its close has no row: see known_session. Differs from SQLite: nothing
-- refers to the line, since PostgreSQL would read and lock it for each session that is written; whoever writes a session has
-- read its line in the same transaction.
CREATE TABLE session (
    source                 TEXT COLLATE "C" NOT NULL,
    id                     TEXT COLLATE "C" NOT NULL,            -- the desk's id
    line_id                TEXT COLLATE "C" NOT NULL,
    status                 TEXT COLLATE "C" NOT NULL CHECK (status IN ('open', 'closed', 'merged')),
    epoch                  BIGINT NOT NULL DEFAULT 0,
    opened_at              BIGINT,
    closed_at              BIGINT,
    last_event_at          BIGINT NOT NULL,                      -- the newest event applied; older ones are stale
    active_at              BIGINT NOT NULL DEFAULT 0,            -- when somebody last wrote, as far as we are told: for the idle timer
    recent_closes          BIGINT NOT NULL DEFAULT 0,
    recent_since           BIGINT NOT NULL DEFAULT 0,
    operator_id            TEXT COLLATE "C",
    operators              TEXT NOT NULL DEFAULT '[]',
    client_id              TEXT COLLATE "C",                     -- personal
    connection             TEXT COLLATE "C",
    address                TEXT,                                 -- personal
    language               TEXT COLLATE "C",
    last_client_message_at BIGINT,
    talk_request           TEXT COLLATE "C",                     -- the rating request asked while it was still open: the one of its next close
    merged_into            TEXT COLLATE "C",
    revision               BIGINT NOT NULL,                      -- the fence of optimistic writes
    PRIMARY KEY (id, source)                     -- people ask by id alone
);
-- Everything about one client is found by the client, and the client by the place where they were talked to.
CREATE INDEX session_client ON session (client_id) WHERE client_id IS NOT NULL;
CREATE INDEX session_chat ON session ((address::jsonb ->> 'chat') COLLATE "C") WHERE address IS NOT NULL;
-- Sessions that an idle timer may close.
CREATE INDEX session_idle ON session (line_id, active_at) WHERE status = 'open';
-- For desks that are asked about chats which were open.
CREATE INDEX session_open ON session (source, id) WHERE status = 'open';
-- Sessions that nobody closed lose their personal data too. Closed ones are not in it: they are found by their closes, and a
-- close writes one row less.
CREATE INDEX session_silent ON session (line_id, last_event_at)
    WHERE status <> 'closed' AND (client_id IS NOT NULL OR address IS NOT NULL);

-- What happened to a session besides its closes: reopened, reassigned, merged, overtaken. For `lastword explain`.
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

-- Our question about one close of one session, with the facts frozen as they were at the close. Every close has one,
-- also when we do not ask, and every one ends in exactly one outcome.
CREATE TABLE rating_request (
    id                     TEXT COLLATE "C" PRIMARY KEY NOT NULL, -- begins with closed_at: ids sort by when chats were closed
    source                 TEXT COLLATE "C" NOT NULL,
    session_id             TEXT COLLATE "C" NOT NULL,
    event_key              TEXT COLLATE "C",                     -- the event that told of the close: the same key with the same body gives the same result
                                                                 -- for good. None for closes that were imported, and questions that are no close of their own
    body_hash              TEXT COLLATE "C",                     -- of what that event said; goes with the personal data
    epoch                  BIGINT NOT NULL,                      -- of a question asked once more: that of the close, below zero
    again_of               TEXT COLLATE "C",                     -- of a question asked once more: the rating request of the low rating. It is no
                                                                 -- close of its own: the counters pass it over
    line_id                TEXT COLLATE "C" NOT NULL,
    line_version           BIGINT NOT NULL,
    scale                  TEXT COLLATE "C" NOT NULL,            -- binary or five_star
    connection             TEXT COLLATE "C",
    channel                TEXT COLLATE "C",
    long_address           TEXT,                                 -- personal: JSON of an Address, where that is more than its chat
    chat                   TEXT COLLATE "C",                     -- personal: one name for all forms of the chat; the client is found by it
    addresses              TEXT NOT NULL DEFAULT '[]',           -- personal: other addresses of the client, by connection, as JSON
    language               TEXT COLLATE "C",
    client_id              TEXT COLLATE "C",                     -- personal
    operator_id            TEXT COLLATE "C",
    operators              TEXT NOT NULL,
    handled_by             TEXT COLLATE "C" NOT NULL DEFAULT 'nobody',
                                                                 -- who handled the session, by the kinds of its operators at the close
    labels                 TEXT COLLATE "C" NOT NULL DEFAULT '[]', -- labels of the session at the close, as JSON
    fields                 TEXT COLLATE "C" NOT NULL DEFAULT '{}', -- personal: values of its fields at the close by key, as JSON
    attribution            TEXT COLLATE "C" NOT NULL,
    closed_by              TEXT COLLATE "C",
    opened_at              BIGINT,
    closed_at              BIGINT NOT NULL,
    last_client_message_at BIGINT,
    operator_messages      BIGINT,
    client_messages        BIGINT,
    facts                  TEXT NOT NULL DEFAULT '{}',           -- the other facts that the decision looked at, as JSON: for a dry run
    client_name            TEXT,                                 -- personal
    wish_reason            TEXT,                                 -- why whoever closed it wanted the client asked, or not; personal
    desk_page              TEXT COLLATE "C",                     -- the chat's page at the desk; personal
    created_at             BIGINT NOT NULL,
    due_at                 BIGINT,
    expires_at             BIGINT,
    change_ms              BIGINT NOT NULL,
    way                    TEXT COLLATE "C",                     -- of the question: in_time, early, template, fallback or window_unknown
    asked_connection       TEXT COLLATE "C",                     -- where the question is asked, if not in the conversation of the close:
    asked_long_address     TEXT,                                 -- another place of the same client. Personal: as long_address
    asked_chat             TEXT COLLATE "C",                     -- personal: as chat, of that address; a typed answer finds its question by it
    delivered_at           BIGINT,                               -- the platform took the question, or an answer proves it
    typing_ended_at        BIGINT,                               -- the client wrote something else: only its buttons count from then on
    held_at                BIGINT,                               -- its scores by link look like a program's: none counts until one more tap
    late_at                BIGINT,                               -- when somebody first tried to rate although it was too late
    outcome                TEXT COLLATE "C",                     -- answered, expired, not_asked, canceled, unreachable or unsure
    reason                 TEXT COLLATE "C",
    decided_at             BIGINT,
    erased_at              BIGINT,                               -- when it lost what it held of a person
    experiment_id          TEXT COLLATE "C",                 -- the experiment that ran when it was decided,
    variant                TEXT COLLATE "C",                     -- and how it had this client asked
    CHECK ((outcome IS NULL) = (decided_at IS NULL) AND (due_at IS NULL) = (expires_at IS NULL)
        AND (due_at IS NOT NULL OR outcome IS NOT NULL))
);
-- The source tells little: PostgreSQL, while it knows nothing of a new table, may look up by it alone. So it is never asked to ({apart}).
CREATE UNIQUE INDEX rating_request_event ON rating_request (event_key, source);
-- People ask by the id of a session alone.
CREATE UNIQUE INDEX rating_request_close ON rating_request (session_id, source, epoch);
CREATE INDEX rating_request_asked ON rating_request (asked_chat, asked_connection) WHERE asked_chat IS NOT NULL;
-- Everything about one client is found by the client, and the client by the place where they were talked to.
CREATE INDEX rating_request_client ON rating_request (client_id, id) WHERE client_id IS NOT NULL;
CREATE INDEX rating_request_chat ON rating_request (chat) WHERE chat IS NOT NULL;

-- Lists: each is read in the order of one index, newest close first, from where the page before ended (src/store/report/rating_list.rs).
-- The list of all closes is the table: the id of a close begins with the moment at which the chat was closed.
-- A close has either an operator and a place in rating_request_operator, or none and a place in rating_request_nobody.
CREATE INDEX rating_request_experiment ON rating_request (experiment_id, id) WHERE experiment_id IS NOT NULL;
CREATE INDEX rating_request_line ON rating_request (line_id, id);
CREATE INDEX rating_request_operator ON rating_request (operator_id, id) WHERE operator_id IS NOT NULL;
CREATE INDEX rating_request_nobody ON rating_request (id) WHERE operator_id IS NULL;
CREATE INDEX rating_request_no_channel ON rating_request (id) WHERE channel IS NULL;
CREATE INDEX rating_request_late ON rating_request (id) WHERE late_at IS NOT NULL;

-- When questions expire, in that order: a row for each that was asked, until its time comes, whatever became of it. So an answer
-- has no index to change: on PostgreSQL the new version of its rating request costs no entry in any.
CREATE TABLE question_expiry (
    expires_at BIGINT NOT NULL,
    request_id TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (expires_at, request_id)
);

-- Closes that ended without a rating, by how they ended: their place in the lists. Those that have one are found by it.
CREATE TABLE unrated_close (
    outcome    TEXT COLLATE "C" NOT NULL,
    request_id TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (outcome, request_id)
);

-- Sessions as they are known: those that have a row, and those whose only event was their close. It says all there is to say
-- of them, so that a close writes one row less; the second event of such a session gives it a row.
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
WHERE q.epoch = 1 AND NOT EXISTS (SELECT 1 FROM session s WHERE s.source = q.source AND s.id = q.session_id);

-- Under shared attribution a close counts for operators besides the responsible one: their place in the lists.
CREATE TABLE shared_close (
    operator_id TEXT COLLATE "C" NOT NULL,
    request_id  TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (operator_id, request_id)
);

-- Which closes have a label, or a value of a field: lists and reports by it follow this table. The close's own row says the same.
CREATE TABLE close_label (
    key        TEXT COLLATE "C" NOT NULL,                        -- as sessions.labels and sessions.fields of the settings name it
    request_id TEXT COLLATE "C" NOT NULL,
    value      TEXT COLLATE "C" NOT NULL,                        -- personal: of a field; empty for a label
    PRIMARY KEY (key, request_id)
);
CREATE INDEX close_label_request ON close_label (request_id);

-- Where a question or an alert was sent before its address changed: a button that was sent there stays good. The rows of
-- questions and recipients themselves hold the address of today.
CREATE TABLE earlier_address (
    subject    TEXT COLLATE "C" NOT NULL,                        -- the rating request, or the recipient of alerts
    connection TEXT COLLATE "C" NOT NULL,
    chat       TEXT COLLATE "C" NOT NULL,                        -- personal
    address    TEXT NOT NULL,                                    -- personal: JSON of the contract's Address
    moved_at   BIGINT NOT NULL,
    PRIMARY KEY (subject, connection, chat)
);

-- What leaves -------------------------------------------------------------------------------------------------------------

-- Everything that leaves: the schedule and the outbox in one. The states are those of src/domain/question/delivery.rs.
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
    brought_from     BIGINT,                                     -- brought forward to see whether its connection works again: when it was due
    give_up_at       BIGINT NOT NULL,
    window_closes_at BIGINT,
    outside_window   BIGINT NOT NULL DEFAULT 0,                  -- 1: in a form that the platform approved, which
                                                                 -- has no window to keep to
    token            BIGINT NOT NULL DEFAULT 0,                  -- the fence: raised by each claim, named by each later statement
    attempts         BIGINT NOT NULL DEFAULT 0,                  -- intents
    crashes          BIGINT NOT NULL DEFAULT 0,                  -- leases that ended without an intent
    resends          BIGINT NOT NULL DEFAULT 0,
    resends_max      BIGINT NOT NULL DEFAULT 0,
    owner            TEXT COLLATE "C",
    lease_until      BIGINT,
    intent_at        BIGINT,
    ended_at         BIGINT,
    resend_at        BIGINT,                                     -- of an unknown one: when it may go again
    message_id       TEXT COLLATE "C",                           -- the platform's
    detail           TEXT,                                       -- the platform's own words
    created_at       BIGINT NOT NULL,
    CHECK ((state IN ('leased', 'sending')) = (lease_until IS NOT NULL) AND resends <= resends_max
        AND (state NOT IN ('sending', 'sent', 'delivered', 'undeliverable', 'unknown') OR intent_at IS NOT NULL))
);
CREATE INDEX delivery_due ON delivery (connection, due_at, id) WHERE state = 'scheduled';
-- Those whose node died while it held them: they are taken up one at a time, so that it is seen which of them it was.
CREATE INDEX delivery_suspect ON delivery (connection, due_at) WHERE state = 'scheduled' AND crashes > 0;
CREATE INDEX delivery_lease ON delivery (lease_until) WHERE lease_until IS NOT NULL;
CREATE INDEX delivery_resend ON delivery (resend_at) WHERE state = 'unknown' AND resend_at IS NOT NULL;
-- The first question about a close has the id of its rating request, and is found by that.
CREATE INDEX delivery_subject ON delivery (subject) WHERE id <> subject;
CREATE INDEX delivery_stuck ON delivery (id) WHERE state IN ('unknown', 'failed', 'dead', 'undeliverable');
CREATE INDEX delivery_message ON delivery (connection, message_id) WHERE message_id IS NOT NULL;

-- Every try of a delivery but the last, which is in the delivery's own row.
CREATE TABLE attempt (
    delivery_id TEXT COLLATE "C" NOT NULL,
    token       BIGINT NOT NULL,
    intent_at   BIGINT,
    ended_at    BIGINT NOT NULL,
    verdict     TEXT COLLATE "C" NOT NULL,
    detail      TEXT,
    PRIMARY KEY (delivery_id, token)
);

-- What all nodes share about a connection: its limit, its pauses, its place in the queue, its polling cursor.
CREATE TABLE connection (
    name           TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    kind           TEXT COLLATE "C" NOT NULL,
    tat            BIGINT NOT NULL DEFAULT 0,                    -- GCRA state in microseconds
    blocked_until  BIGINT NOT NULL DEFAULT 0,
    blocked_at     BIGINT NOT NULL DEFAULT 0,                    -- when that pause was asked for: a time to come was noted by a clock that was ahead
    pause_told_until BIGINT NOT NULL DEFAULT 0,                  -- the end of the last long pause that admins were told of
    last_served_at BIGINT NOT NULL DEFAULT 0,
    failing_since  BIGINT,                                       -- since when its calls fail, where they do
    probe_at       BIGINT,                                       -- when a delivery is brought forward next to see whether it works again
    stopped_at     BIGINT,
    stopped_reason TEXT,
    suspended_at   BIGINT,                                       -- an admin paused it: it is stopped until it is resumed
    heard_at       BIGINT,                                       -- something last came in through it, or a fetch worked, then
    unheard        BIGINT NOT NULL DEFAULT 0,                    -- messages that left since anything was heard,
    unheard_since  BIGINT,                                       -- and when the first of them did
    deaf_at        BIGINT,                                       -- nothing arrives through it, since then;
    deaf_reason    TEXT,                                         -- and why, in the platform's words or ours
    told_at        BIGINT,                                       -- admins were told of its present trouble then
    cursor         TEXT,
    seen_at        BIGINT NOT NULL
);

-- A secret that a platform renewed takes the place of the one in the settings that it was made from; tokens that a platform
-- handed over belong to it. It is sealed with the installation's key, which is in no database.
CREATE TABLE connection_secret (
    connection TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    made_from  TEXT COLLATE "C" NOT NULL,                        -- SHA-256 of the secret in the settings: a new one there wins
    sealed     TEXT NOT NULL,
    ends_at    BIGINT NOT NULL,
    renewed_at BIGINT NOT NULL
);

-- A connection that an admin made on a page or by the API. Those of settings files are not here. Its secrets are sealed with the
-- installation's key, which is in no database.
CREATE TABLE stored_connection (
    name       TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    kind       TEXT COLLATE "C" NOT NULL,
    settings   TEXT NOT NULL,                                    -- what is no secret, as JSON
    secrets    TEXT NOT NULL,                                    -- the keys of the secrets, as JSON: known also without the key
    sealed     TEXT NOT NULL,                                    -- the secrets, as sealed JSON
    version    BIGINT NOT NULL,                                  -- one more with each change
    created_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    changed_by TEXT NOT NULL                                     -- the name of the admin or key
);

-- The pace of one chat: GCRA state in milliseconds. Rows in the past mean nothing and are swept.
CREATE TABLE chat_pace (
    connection TEXT COLLATE "C" NOT NULL,
    chat       TEXT COLLATE "C" NOT NULL,                        -- personal
    next_at    BIGINT NOT NULL,
    PRIMARY KEY (connection, chat)
);

-- Where a bot is shared, what its platform told us and is not ours is kept here until the desk behind the connection took it:
-- one request of a platform, as it came, written in the transaction that judged it. Rows leave at the head: in order, once the
-- desk answered 2xx, or when they are too old.
CREATE TABLE pass_on (
    connection  TEXT COLLATE "C" NOT NULL,
    seq         BIGINT NOT NULL,                                 -- its place: 1, 2, 3 … without a gap, in the order of commits
    method      TEXT COLLATE "C" NOT NULL,
    query       TEXT NOT NULL,
    headers     TEXT NOT NULL,                                   -- personal: JSON of src/life/shared_account/forward_outbox.rs; a secret stands as the name of its setting
    body        BYTEA NOT NULL,                                  -- personal: the very bytes
    received_at BIGINT NOT NULL,
    PRIMARY KEY (connection, seq)
);

-- The desk behind a connection: how far it is, and which node passes on to it now.
CREATE TABLE pass_on_desk (
    connection  TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    last_seq    BIGINT NOT NULL DEFAULT 0,                       -- of the newest request ever kept; the row's lock is what puts commits in order
    token       BIGINT NOT NULL DEFAULT 0,                       -- the fence: raised by each claim, named by the statement that records its end
    owner       TEXT COLLATE "C",
    lease_until BIGINT,
    failures    BIGINT NOT NULL DEFAULT 0,                       -- in a row, of the request at the head
    next_try_at BIGINT NOT NULL DEFAULT 0,
    error       TEXT,                                            -- of the last failure: the desk's status, or why there was none
    failed_at   BIGINT,
    passed_at   BIGINT,
    dropped     BIGINT NOT NULL DEFAULT 0,                       -- requests that became too old
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

-- Which session of another desk a visitor's page shows, beside that desk's own chat: so that a close which names no
-- address of ours still finds its visitor. The page that says so last has it.
CREATE TABLE visitor_session (
    connection TEXT COLLATE "C" NOT NULL,
    session_id TEXT COLLATE "C" NOT NULL,                        -- that desk's id
    visitor    TEXT COLLATE "C" NOT NULL,
    claimed_at BIGINT NOT NULL,
    PRIMARY KEY (connection, session_id)
);

-- A place of our own where messages wait for their reader: the conversation of a web chat, a supervisor's screen.
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

-- Everything a client did about a rating request, in the order it arrived, whatever became of it.
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
    message_id  TEXT COLLATE "C"                                 -- personal; the platform's id of the client's own message that said it
);
CREATE INDEX answer_event_request ON answer_event (request_id);
CREATE INDEX answer_event_message ON answer_event (source, message_id) WHERE message_id IS NOT NULL;

-- Edits and deletions of clients' messages that may be answers, each as the platform told it: so that those that overtake their
-- message, or each other, lead to the same value. Kept for a few days.
CREATE TABLE message_change (
    source      TEXT COLLATE "C" NOT NULL,
    event_key   TEXT COLLATE "C" NOT NULL,
    chat        TEXT COLLATE "C" NOT NULL,                       -- personal
    message_id  TEXT COLLATE "C" NOT NULL,                       -- personal; the platform's id of the client's message
    order_key   BIGINT NOT NULL,
    deleted     BIGINT NOT NULL,                                 -- 1: the message is gone
    text        TEXT,                                            -- personal; only while the message itself is not here yet
    received_at BIGINT NOT NULL,
    PRIMARY KEY (source, message_id, event_key)
);
CREATE INDEX message_change_received ON message_change (received_at);

-- Signs that an answer by link came from a program that opens every link in a mail. The answer counts; a person judges. One
-- sign about one rating request, from when it was first seen.
CREATE TABLE answer_signal (
    request_id TEXT COLLATE "C" NOT NULL,
    kind       TEXT COLLATE "C" NOT NULL CHECK (kind IN ('too_soon', 'every_score', 'unopened', 'outweighed')),
    noticed_at BIGINT NOT NULL,
    PRIMARY KEY (request_id, kind)
);

-- Link pages whose style sheet or picture was fetched, as browsers do. A form sent from any other page waits for one more tap.
CREATE TABLE page_fetch (
    page       TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    fetched_at BIGINT NOT NULL
);
CREATE INDEX page_fetch_fetched ON page_fetch (fetched_at);

-- The value that counts: at most one for a rating request. Who and where are copied from the request, frozen.
CREATE TABLE rating (
    request_id  TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    line_id     TEXT COLLATE "C" NOT NULL,
    operator_id TEXT COLLATE "C",
    channel     TEXT COLLATE "C",
    scale       TEXT COLLATE "C" NOT NULL,
    score       BIGINT NOT NULL,
    low         BIGINT NOT NULL CHECK (low IN (0, 1)),
    comment     TEXT,                                            -- personal
    comment_message TEXT COLLATE "C",                            -- personal; the platform's id of the message that the comment is, or was
    comment_order BIGINT,                                        -- the platform's order of that message
    comment_deleted_at BIGINT,                                   -- when the client deleted the comment
    reasons     TEXT NOT NULL DEFAULT '[]',                      -- JSON: what the client chose, each with its code and its text as it
                                                                 -- was then
    tags        TEXT,                                            -- JSON: codes with which keyword rules tagged the comment; null
                                                                 -- where there were no rules to hold it against
    resolved    BIGINT CHECK (resolved IN (0, 1)),
    order_key   BIGINT NOT NULL,
    order_event TEXT COLLATE "C" NOT NULL,
    evidence    TEXT COLLATE "C" NOT NULL DEFAULT 'tap',         -- that a person gave the score: page, read or tap
    reacted     BIGINT NOT NULL DEFAULT 0,                       -- 1: the score is an emoji on our question: a tap or a typed score
                                                                 -- outranks it, whichever came first
    revision    BIGINT NOT NULL DEFAULT 1,
    first_at    BIGINT NOT NULL,
    changed_at  BIGINT NOT NULL,
    closed_at   BIGINT NOT NULL,
    voided_at   BIGINT,                                          -- an admin voided it: it stays as it was, and only leaves the adjusted score
    worked_at   BIGINT                                           -- when somebody took care of a low one: replied, marked it as resolved, or
                                                                 -- acknowledged its alert. src/domain/review.rs has the rule
);
CREATE INDEX rating_line ON rating (line_id, request_id);
CREATE INDEX rating_operator ON rating (operator_id, request_id) WHERE operator_id IS NOT NULL;
CREATE INDEX rating_nobody ON rating (request_id) WHERE operator_id IS NULL;
CREATE INDEX rating_score ON rating (scale, score, request_id);
CREATE INDEX rating_low ON rating (request_id) WHERE low = 1;
CREATE INDEX rating_voided ON rating (request_id) WHERE voided_at IS NOT NULL;
-- What waits, what is low, and what is done, newest first: only those rows are in them. Without statistics SQLite takes any index
-- of low ratings for as good as the first; columns that are always empty there are begun with, so that it fits best.
CREATE INDEX rating_waits ON rating (worked_at, voided_at, first_at, request_id, line_id)
    WHERE low = 1 AND worked_at IS NULL AND voided_at IS NULL;
CREATE INDEX rating_waits_closed ON rating (request_id) WHERE low = 1 AND worked_at IS NULL AND voided_at IS NULL;
CREATE INDEX rating_low_by_answer ON rating (first_at, request_id, line_id) WHERE low = 1;
CREATE INDEX rating_worked ON rating (worked_at, request_id, line_id) WHERE low = 1 AND worked_at IS NOT NULL;
-- What clients wrote about a line, newest first: the list of its public showcase.
CREATE INDEX rating_words ON rating (line_id, first_at, request_id) WHERE comment IS NOT NULL;
-- What clients wrote to an operator, newest close first: the page of their own numbers.
CREATE INDEX rating_operator_words ON rating (operator_id, request_id) WHERE comment IS NOT NULL;

-- Which ratings have a reason: what their clients chose, and what keyword rules tagged their comments with. The rating's own row
-- says the same; lists of one reason follow this table.
CREATE TABLE rating_reason (
    origin     TEXT COLLATE "C" NOT NULL CHECK (origin IN ('chosen', 'tagged')),
    code       TEXT COLLATE "C" NOT NULL,
    request_id TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (origin, code, request_id)
);

-- The words of comments, as src/domain/report/words.rs makes them: kept in the transaction of the comment.
CREATE TABLE comment_word (
    word       TEXT COLLATE "C" NOT NULL,                        -- personal, as the comment is
    request_id TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (word, request_id)
);

-- One row: comments whose words are not kept yet are read from the last to the first, a few at a time, by whichever node
-- comes to it. Null when all are.
CREATE TABLE comment_word_state (
    id    BIGINT PRIMARY KEY NOT NULL CHECK (id = 1),
    below TEXT COLLATE "C"                                       -- rating requests below this one are still to be read
);
INSERT INTO comment_word_state (id, below) VALUES (1, 'zzzzzzzzzzzzzzzzzz');

-- Edits of a rating by its client after the first minutes, at most two: up at once, down held for three days.
-- src/domain/review/edit.rs has the rule. The rating itself is what counts; every tap stays in answer_event too.
CREATE TABLE rating_edit (
    request_id TEXT COLLATE "C" NOT NULL,
    number     BIGINT NOT NULL,                                  -- 1 or 2
    before     BIGINT NOT NULL,                                  -- the score that counted
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

-- One alert for one recipient: of a low rating, or of an alarm, whose id is request_id then. Its message is a delivery: one of its own,
-- or a digest's.
CREATE TABLE alert (
    id              TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    request_id      TEXT COLLATE "C" NOT NULL,
    recipient_id    TEXT COLLATE "C" NOT NULL,                   -- '' when there is nobody
    level           BIGINT NOT NULL DEFAULT 0,                   -- 0: told at once; 1, 2 …: escalated
    kind            TEXT COLLATE "C" NOT NULL CHECK (kind IN ('low', 'changed', 'more', 'test', 'late', 'praise', 'alarm', 'all_clear')),
    line_id         TEXT COLLATE "C" NOT NULL,
    state           TEXT COLLATE "C" NOT NULL CHECK (state IN ('raised', 'digested', 'undeliverable', 'canceled')),
    reason          TEXT COLLATE "C",
    delivery_id     TEXT COLLATE "C",
    created_at      BIGINT NOT NULL,
    told_at         BIGINT,                                      -- when the platform took its message
    instead_of      TEXT COLLATE "C",                            -- the recipient who could not be told, so that this one is
    escalate_after  BIGINT,                                      -- how long somebody has to acknowledge it once it was told
    escalate_at     BIGINT,
    acknowledged_at BIGINT,
    acknowledged_by TEXT COLLATE "C",
    CHECK (state NOT IN ('raised', 'digested') OR delivery_id IS NOT NULL)
);
CREATE UNIQUE INDEX alert_once ON alert (request_id, recipient_id, level, kind);
CREATE INDEX alert_escalation ON alert (escalate_at) WHERE escalate_at IS NOT NULL;
CREATE INDEX alert_delivery ON alert (delivery_id) WHERE delivery_id IS NOT NULL;
-- What waits for somebody, counted on every page: only what waits is in it.
CREATE INDEX alert_waiting ON alert (request_id) WHERE acknowledged_at IS NULL AND state <> 'canceled' AND kind = 'low';
CREATE INDEX alert_lost ON alert (id) WHERE state = 'undeliverable';
CREATE INDEX alert_recipient ON alert (recipient_id, id);

-- What people did about one rating. There is a row from the first act on; its revision is the fence of two people at once.
CREATE TABLE review (
    request_id     TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    line_id        TEXT COLLATE "C" NOT NULL,
    revision       BIGINT NOT NULL,
    assigned_to    TEXT COLLATE "C",                             -- the account
    assigned_name  TEXT COLLATE "C",                             -- as it was then
    assigned_at    BIGINT,
    settled_at     BIGINT,                                       -- marked as resolved
    settled_by     TEXT COLLATE "C",
    note           TEXT,
    replied_at     BIGINT,                                       -- the first reply
    asked_again    TEXT COLLATE "C",                             -- the second rating request
    asked_again_at BIGINT
);
CREATE INDEX review_assigned ON review (assigned_to, request_id) WHERE assigned_to IS NOT NULL;
-- What was replied to, by the close: the measured recovery reads the replied ones of its days.
CREATE INDEX review_replied ON review (request_id) WHERE replied_at IS NOT NULL;

-- By when low ratings are to be replied to: one row for each on a line with a deadline, from when it became low. A reply, or marking it
-- as resolved, meets it.
CREATE TABLE reply_due (
    request_id TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    line_id    TEXT COLLATE "C" NOT NULL,
    since      BIGINT NOT NULL,                 -- when it became low
    due_at     BIGINT NOT NULL,
    met_at     BIGINT,
    told_at    BIGINT                           -- when people were told that it is late
);
CREATE INDEX reply_due_open ON reply_due (due_at, request_id) WHERE met_at IS NULL;

-- The reply to a rating: one, with every version it had. A version has a delivery, or the reason why it was not sent.
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

-- Texts to begin a reply with: of one line, or of all where line_id is null.
CREATE TABLE reply_template (
    id         TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    line_id    TEXT COLLATE "C",
    name       TEXT COLLATE "C" NOT NULL,
    text       TEXT NOT NULL,
    updated_at BIGINT NOT NULL,
    updated_by TEXT COLLATE "C" NOT NULL
);

-- Filters of the ratings that people gave a name: their own, or shared with everybody who sees ratings.
CREATE TABLE saved_view (
    id         TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    owner_id   TEXT COLLATE "C" NOT NULL,        -- an account; when it is closed, what it shares with nobody goes
    name       TEXT COLLATE "C" NOT NULL,
    query      TEXT COLLATE "C" NOT NULL,        -- as behind the ? of an address, without words that were searched for
    shared     BIGINT NOT NULL CHECK (shared IN (0, 1)),
    created_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    UNIQUE (owner_id, name)
);

-- Flags (what the client wrote does not belong there) and appeals (the rating should leave the score), each judged once.
-- The rating itself stays as it was; an appeal that is upheld sets rating.voided_at.
CREATE TABLE objection (
    id          TEXT COLLATE "C" PRIMARY KEY NOT NULL,           -- sorts by time
    request_id  TEXT COLLATE "C" NOT NULL,
    line_id     TEXT COLLATE "C" NOT NULL,
    kind        TEXT COLLATE "C" NOT NULL CHECK (kind IN ('flag', 'appeal')),
    reason      TEXT COLLATE "C" NOT NULL,                       -- of a flag: spam, profanity, offensive, other
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

-- Who may do what, and who did ------------------------------------------------------------------------------------------

-- Keys of programs that call the API. Only a hash is kept; the prefix is shown so that people can tell keys apart.
CREATE TABLE api_key (
    id           TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    name         TEXT COLLATE "C" NOT NULL,
    prefix       TEXT COLLATE "C" NOT NULL,
    hash         TEXT COLLATE "C" NOT NULL UNIQUE,
    scopes       TEXT NOT NULL,
    lines        TEXT,                                           -- the lines it is limited to, as JSON; without it a key is for all of them
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
    operator_id   TEXT COLLATE "C",                              -- of an operator: their id at the desk, by which their own numbers are known
    all_lines     BIGINT NOT NULL DEFAULT 1 CHECK (all_lines IN (0, 1)), -- of a supervisor: all lines, also those still to be made,
                                                                 -- or the ones in account_line
    comments      BIGINT NOT NULL DEFAULT 0 CHECK (comments IN (0, 1)), -- of an operator: reads what clients wrote about them
    language      TEXT COLLATE "C",                              -- what they chose for the pages; null where the browser decides
    theme         TEXT COLLATE "C" CHECK (theme IN ('light', 'dark')),
    created_at    BIGINT NOT NULL,
    disabled_at   BIGINT
);

-- The lines of a supervisor who does not see all of them.
CREATE TABLE account_line (
    account_id TEXT COLLATE "C" NOT NULL,
    line_id    TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (account_id, line_id)
);

-- When somebody was last at work on the pages, and when the visit before that ended: what happened since is what they are shown first.
CREATE TABLE account_visit (
    account_id TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    last_at    BIGINT NOT NULL,
    before_at  BIGINT
);

-- A login: one browser, from the password to the sign-out. Only a hash of its secret is kept.
CREATE TABLE login (
    hash       TEXT COLLATE "C" PRIMARY KEY NOT NULL,            -- SHA-256 of what is in the cookie
    id         TEXT COLLATE "C" NOT NULL UNIQUE,                 -- by which its owner can end it from elsewhere
    account_id TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    seen_at    BIGINT NOT NULL,                                  -- to the minute
    address    TEXT COLLATE "C" NOT NULL,                        -- personal
    agent      TEXT NOT NULL                                     -- personal: what the browser says it is
);
CREATE INDEX login_account ON login (account_id);
CREATE INDEX login_created ON login (created_at);

-- Browsers in which a person switched notifications on. What leads there is sealed: it is worth nothing without the installation's key.
CREATE TABLE push_browser (
    id            TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    account_id    TEXT COLLATE "C" NOT NULL,
    endpoint_hash TEXT COLLATE "C" NOT NULL UNIQUE,   -- SHA-256: a browser stands here once
    sealed        TEXT COLLATE "C" NOT NULL,          -- endpoint and keys; empty once the browser is gone
    agent         TEXT NOT NULL,                 -- personal: what the browser says it is
    low           BIGINT NOT NULL CHECK (low IN (0, 1)),   -- wants low ratings
    late          BIGINT NOT NULL CHECK (late IN (0, 1)),  -- wants those that nobody replied to in time
    tat           BIGINT NOT NULL DEFAULT 0,    -- storm control: GCRA state in microseconds
    created_at    BIGINT NOT NULL,
    gone_at       BIGINT                            -- its push service said that it is no longer there
);
CREATE INDEX push_browser_account ON push_browser (account_id);

-- Tries to sign in since the last success. The name is hashed: people sometimes type their password in its place.
CREATE TABLE sign_in_try (
    who      TEXT COLLATE "C" PRIMARY KEY NOT NULL,              -- SHA-256 of the login as typed, in small letters
    failures BIGINT NOT NULL,
    last_at  BIGINT NOT NULL,
    until    BIGINT NOT NULL                                     -- no further try before then
);
CREATE INDEX sign_in_try_last ON sign_in_try (last_at);

-- Who changed what: written in the transaction of the change, never changed.
CREATE TABLE audit (
    id           TEXT COLLATE "C" PRIMARY KEY NOT NULL,          -- sorts by time
    at           BIGINT NOT NULL,
    by_kind      TEXT COLLATE "C" NOT NULL CHECK (by_kind IN ('person', 'program', 'command', 'nobody')),
    by_id        TEXT COLLATE "C" NOT NULL,
    by_name      TEXT COLLATE "C" NOT NULL,                      -- as it was then
    act          TEXT COLLATE "C" NOT NULL,
    subject_kind TEXT COLLATE "C" NOT NULL,
    subject      TEXT COLLATE "C" NOT NULL,
    line_id      TEXT COLLATE "C",                               -- for those who see some lines only
    before       TEXT NOT NULL DEFAULT '{}',                     -- what was changed, without secrets
    after        TEXT NOT NULL DEFAULT '{}'
);
CREATE INDEX audit_subject ON audit (subject_kind, subject, id);
CREATE INDEX audit_by ON audit (by_id, id);
CREATE INDEX audit_act ON audit (act, id);

-- Counters ----------------------------------------------------------------------------------------------------------------

-- Reports never scan ratings: closes and what came of them are counted. Everything is counted under the day of the close on the
-- organisation's calendar, so that what is asked, answered and good is a part of the same closes. What each column counts, and
-- for whom a close counts, says src/domain/report/counter.rs.

-- One row: on whose clock the days are cut, and when the counters were last held against the rows. Held while counters
-- are added up, so that one node at a time does it.
CREATE TABLE counter_state (
    id           BIGINT PRIMARY KEY NOT NULL CHECK (id = 1),
    time_zone    TEXT COLLATE "C",
    recounted_at BIGINT
);
INSERT INTO counter_state (id) VALUES (1);

-- What happened and is not in the counters yet: written in the transaction of what it counts, many nodes at once without
-- a row they share; added up by whoever comes first. Reports read it beside the counters.
CREATE TABLE counter_delta (
    id           BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    day          BIGINT NOT NULL,                                -- days since 1970-01-01
    hour         BIGINT NOT NULL,
    whose        TEXT COLLATE "C" NOT NULL,                      -- line or operator
    line_id      TEXT COLLATE "C" NOT NULL,
    operator_id  TEXT COLLATE "C" NOT NULL,                      -- '' for lines, and for closes without an operator
    channel      TEXT COLLATE "C" NOT NULL,                      -- '' where it is not known
    scale        TEXT COLLATE "C" NOT NULL,
    handled_by   TEXT COLLATE "C" NOT NULL,                      -- who handled the session
    reason_of    TEXT COLLATE "C" NOT NULL,                      -- of a count of reasons: of which outcome, or of low ratings
                                                                 -- (chosen, tagged); '' of the counts themselves
    reason       TEXT COLLATE "C" NOT NULL,
    n            BIGINT NOT NULL,                                -- of a count of reasons
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

-- A report reads one row for each thing it shows and each period, however many lines, operators, channels and ratings there are.
-- A roll-up says which of line, operator and channel its counters keep apart; what it does not keep is ''. Those with
-- operators count a close once for each operator it belongs to, the others once (src/domain/report/roll_up.rs).
--
-- The counters, by day, month and year, a table for each part of a cell: most reports ask for counts alone.

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
    counts       TEXT NOT NULL,                                  -- JSON: scale and who handled the session (binary/human) to its counts
    PRIMARY KEY (roll_up, grain, line_id, operator_id, channel, period)
);
-- All counters of a day or month: what `lastword recount` reads.
CREATE INDEX counter_period ON counter (grain, period, roll_up);

-- Why closes were not asked about, taken back or not reached, and why ratings were low.
CREATE TABLE counter_reason (
    roll_up      TEXT COLLATE "C" NOT NULL,
    grain        TEXT COLLATE "C" NOT NULL CHECK (grain IN ('day', 'month', 'year')),
    line_id      TEXT COLLATE "C" NOT NULL,
    operator_id  TEXT COLLATE "C" NOT NULL,
    channel      TEXT COLLATE "C" NOT NULL,
    period       BIGINT NOT NULL,                                -- days, months or years since 1970
    reasons      TEXT NOT NULL,                                  -- JSON: scale and who handled the session to outcome, or chosen or tagged, to
                                                                 -- reason to how many
    PRIMARY KEY (roll_up, grain, line_id, operator_id, channel, period)
);
CREATE INDEX counter_reason_period ON counter_reason (grain, period, roll_up);

-- When chats are closed, by hour of the week.
CREATE TABLE counter_hour (
    roll_up      TEXT COLLATE "C" NOT NULL,
    grain        TEXT COLLATE "C" NOT NULL CHECK (grain IN ('day', 'month')),
    line_id      TEXT COLLATE "C" NOT NULL,
    operator_id  TEXT COLLATE "C" NOT NULL,
    channel      TEXT COLLATE "C" NOT NULL,
    period       BIGINT NOT NULL,                                -- days or months since 1970
    hours        TEXT NOT NULL,                                  -- JSON: scale and who handled the session to hour (from Monday 0:00 on the
                                                                 -- organisation's clock) to closes, delivered, answered; of these, without voided
                                                                 -- ones: rated, good, bad; time for an answer over: delivered, answered
    PRIMARY KEY (roll_up, grain, line_id, operator_id, channel, period)
);
CREATE INDEX counter_hour_period ON counter_hour (grain, period, roll_up);

-- Shares that are watched: of low ratings, of questions that nobody answered in time, of questions that did not arrive; each on
-- one line and channel. Two whole numbers, the sum and its limit, say how far one has fallen (src/domain/report/watch.rs). They are
-- written in the transaction of the answer, of what matures, or of a delivery's end.
CREATE TABLE share_watch (
    line_id     TEXT COLLATE "C" NOT NULL,
    channel     TEXT COLLATE "C" NOT NULL,                     -- '' where it is not known
    kind        TEXT COLLATE "C" NOT NULL CHECK (kind IN ('score', 'response', 'delivery')),
    basis       TEXT COLLATE "C" NOT NULL,                   -- the sum of the settings under which the baseline was learnt
    since       BIGINT NOT NULL,                -- those settings hold since then: closes from before are not watched
    looked_at   BIGINT NOT NULL,                -- when a baseline was learnt, or too little for one was found
    clients     BIGINT NOT NULL,                -- of how many it was learnt
    cases       BIGINT NOT NULL,
    bad         BIGINT NOT NULL,
    days        BIGINT NOT NULL,                -- the days that the cases are on
    learnt_at   BIGINT,                         -- null: too little for a baseline, so that nothing is watched
    usual       BIGINT NOT NULL DEFAULT 0,      -- the share of bad cases that counts as usual, in millionths
    usual_low   BIGINT NOT NULL DEFAULT 0,      -- the lower end of its interval, in millionths
    adds        BIGINT NOT NULL DEFAULT 0,      -- what a bad case adds to the sum,
    takes       BIGINT NOT NULL DEFAULT 0,      -- what another one takes off,
    sum_limit   BIGINT NOT NULL DEFAULT 0,      -- and where the alarm is
    promise     BIGINT NOT NULL DEFAULT 0,      -- minimum of cases between two false alarms, on average,
    shares      BIGINT NOT NULL DEFAULT 0,      -- as long as at most this many shares are watched
    sum         BIGINT NOT NULL DEFAULT 0,
    run_from    BIGINT,                         -- since when the sum is above nothing, and the cases since
    run_cases   BIGINT NOT NULL DEFAULT 0,
    run_bad     BIGINT NOT NULL DEFAULT 0,
    alarm_id    TEXT COLLATE "C",                            -- the alarm that stands
    read_to     TEXT COLLATE "C" NOT NULL DEFAULT '', -- of questions that mature: those up to this one were heard,
    next_at     BIGINT,                         -- and when they are looked at next
    PRIMARY KEY (line_id, channel, kind),
    CHECK (learnt_at IS NULL OR (adds > 0 AND takes > 0 AND sum_limit > 0))
);

-- When a line was last looked at for what is usual on it, and in which version.
CREATE TABLE share_look (
    line_id   TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    version   BIGINT NOT NULL,
    looked_at BIGINT NOT NULL
);

-- Alarms: a watched share has fallen. What people are told of one are alerts about its id.
CREATE TABLE share_alarm (
    id         TEXT COLLATE "C" PRIMARY KEY NOT NULL,        -- sorts by time
    line_id    TEXT COLLATE "C" NOT NULL,
    channel    TEXT COLLATE "C" NOT NULL,
    kind       TEXT COLLATE "C" NOT NULL CHECK (kind IN ('score', 'response', 'delivery')),
    raised_at  BIGINT NOT NULL,
    from_at    BIGINT NOT NULL,                 -- the cases that drove it: from the first to the last,
    until_at   BIGINT NOT NULL,
    cases      BIGINT NOT NULL,                 -- how many there were,
    bad        BIGINT NOT NULL,                 -- and how many of them were bad
    usual      BIGINT NOT NULL,                 -- the baseline, as it was then
    promise    BIGINT NOT NULL,
    ended_at   BIGINT,
    end_reason TEXT COLLATE "C" CHECK (end_reason IN ('all_clear', 'learnt_anew')),
    news       TEXT COLLATE "C" CHECK (news IN ('raised', 'cleared')), -- what is still to be told
    CHECK ((ended_at IS NULL) = (end_reason IS NULL))
);
CREATE INDEX share_alarm_line ON share_alarm (line_id, id);
CREATE INDEX share_alarm_news ON share_alarm (id) WHERE news IS NOT NULL;
CREATE INDEX share_alarm_stands ON share_alarm (line_id) WHERE ended_at IS NULL;

-- Letters to owners: the numbers of the last day, week or month, for one recipient.
CREATE TABLE letter (
    id           TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    recipient_id TEXT COLLATE "C" NOT NULL,
    every        TEXT COLLATE "C" NOT NULL CHECK (every IN ('daily', 'weekly', 'monthly')),
    hour         BIGINT NOT NULL,               -- of the organisation's clock
    lines        TEXT COLLATE "C",                           -- the lines it is about, as JSON; null for all of them
    created_at   BIGINT NOT NULL,
    changed_at   BIGINT NOT NULL,
    changed_by   TEXT COLLATE "C" NOT NULL
);

-- Which were sent: one row for each letter and period, so that none is sent twice whatever restarts.
CREATE TABLE letter_sent (
    letter_id TEXT COLLATE "C" NOT NULL,
    day       BIGINT NOT NULL,                  -- the first day it is about, since 1970
    people    BIGINT NOT NULL,                  -- to how many it was sent
    sent_at   BIGINT NOT NULL,
    PRIMARY KEY (letter_id, day)
);

-- Data in, and data gone --------------------------------------------------------------------------------------------------

-- One file that is imported, by what is in it and how it is read: begun, killed and begun again, it goes on where it was.
CREATE TABLE import_run (
    id          TEXT COLLATE "C" PRIMARY KEY NOT NULL,           -- SHA-256 of the file and of how it is read
    file        TEXT COLLATE "C" NOT NULL,                       -- its name, for people
    format      TEXT COLLATE "C" NOT NULL,
    source      TEXT COLLATE "C" NOT NULL,
    done        BIGINT NOT NULL DEFAULT 0,                       -- rows of the file that are behind us, in its order
    added       BIGINT NOT NULL DEFAULT 0,                       -- closes that were new
    ratings     BIGINT NOT NULL DEFAULT 0,                       -- of them, rated
    repeated    BIGINT NOT NULL DEFAULT 0,                       -- closes that were there already
    rejected    BIGINT NOT NULL DEFAULT 0,                       -- rows that make no sense
    started_at  BIGINT NOT NULL,
    changed_at  BIGINT NOT NULL,
    finished_at BIGINT
);

-- How far each line is with removing personal data after its time: closes before this moment have been seen to.
CREATE TABLE retention (
    line_id    TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    done_until BIGINT NOT NULL
);

-- The installation --------------------------------------------------------------------------------------------------------

-- The oldest program that may work on these tables, by the last migration that it knows. A migration that adds leaves it alone; one that
-- older programs cannot work with raises it. One row.
CREATE TABLE schema_support (
    id               BIGINT PRIMARY KEY NOT NULL CHECK (id = 1),
    oldest_migration BIGINT NOT NULL,                            -- an older program stops working and says why
    oldest_program   TEXT COLLATE "C" NOT NULL                   -- its version, for people
);
INSERT INTO schema_support (id, oldest_migration, oldest_program) VALUES (1, 1, '0.1.0');

-- What is known of this database as a whole: where it lives, when it was last at work, and whether it may send. One row.
-- `lastword backup` leaves the row out of a dump of PostgreSQL: a database without it came from a copy, and sends nothing.
CREATE TABLE installation (
    id             BIGINT PRIMARY KEY NOT NULL CHECK (id = 1),
    lineage        TEXT COLLATE "C",                             -- made at the first start; the same in every copy
    place          TEXT COLLATE "C",                             -- where it lives: what a copy has differently
    beats          BIGINT NOT NULL DEFAULT 0,                    -- one for each minute at work
    beat_at        BIGINT,                                       -- the last one
    awake_until    BIGINT,                                       -- without a beat until then, something is wrong, and nothing is sent
    quarantine     TEXT COLLATE "C" CHECK (quarantine IN ('backup', 'restored', 'elsewhere', 'dump', 'older', 'asleep')),
    quarantined_at BIGINT,                                       -- what was due by then may have been sent by another life of this database
    CHECK ((quarantine IS NULL) = (quarantined_at IS NULL))
);
INSERT INTO installation (id) VALUES (1);

-- Room for changes --------------------------------------------------------------------------------------------------------

-- Differs from SQLite: the queue's tables change all the time, so dead rows are swept earlier than the default fifth, and pages
-- keep room so that an update that changes no index stays on its page.
ALTER TABLE delivery SET (autovacuum_vacuum_scale_factor = 0.02, fillfactor = 80);
ALTER TABLE connection SET (autovacuum_vacuum_threshold = 20, fillfactor = 50);
-- Nearly every rating request is written to once more, when its question is delivered. No index knows of that moment, so the new
-- version of the row costs no entry in any of its indexes, if it finds room on the same page: half of each is left free for it,
-- and used again when the rating request ends.
ALTER TABLE rating_request SET (fillfactor = 50);
-- Rows come and go all the time: vacuum by number, not by share.
ALTER TABLE question_expiry SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);
ALTER TABLE counter_delta SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);
