-- The tables. This file has a twin for PostgreSQL with the same tables and the same columns; what differs is said where it
-- differs there.
--
-- Conventions: ids are text; times are integer milliseconds since 1970 UTC and end in _at; documents are JSON text;
-- flags are a time or null rather than a boolean, so that they say when. Columns with personal data are marked so.
--
-- A column that holds one of a few words is read and written by its type in src/store/table.rs. Where rows are few a CHECK says so too; on
-- the tables of every close there is one CHECK at most, of what must hold between columns: PostgreSQL reads each anew with every statement.

-- Lines, and who is told of low ratings --------------------------------------------------------------------------------

-- A line: a queue of chats with its own rating settings (one JSON document, kept with every version it ever had).
CREATE TABLE line (
    id          TEXT PRIMARY KEY NOT NULL,
    name        TEXT NOT NULL,
    settings    TEXT NOT NULL,
    version     INTEGER NOT NULL,
    created_at  INTEGER NOT NULL,
    updated_at  INTEGER NOT NULL,
    archived_at INTEGER,
    experiment  TEXT                             -- the one that runs, as JSON; null where none does
) STRICT, WITHOUT ROWID;

-- Experiments: two ways to ask on one line, half of its clients each. At most one of a line runs. What they say is worked out from the
-- rating requests that carry their id.
CREATE TABLE experiment (
    id          TEXT PRIMARY KEY NOT NULL,       -- sorts by time
    line_id     TEXT NOT NULL,
    control     TEXT NOT NULL,                   -- how the line asked, as JSON
    trial       TEXT NOT NULL,                   -- what is tried, as JSON
    margin      INTEGER NOT NULL,                -- a difference that would not matter, in percentage points
    clients_max INTEGER NOT NULL,                -- planned in each variant
    matures_ms  INTEGER NOT NULL,                -- a question is mature so long after it leaves
    started_at  INTEGER NOT NULL,
    started_by  TEXT NOT NULL,
    ended_at    INTEGER,
    ended_by    TEXT,
    verdict     TEXT CHECK (verdict IN ('go_on', 'a_better', 'b_better', 'no_larger', 'cannot_tell')), -- when it ended
    kept        TEXT CHECK (kept IN ('a', 'b')),  -- how the line asks since
    CHECK ((ended_at IS NULL) = (ended_by IS NULL)),
    CHECK ((ended_at IS NULL) = (kept IS NULL))
) STRICT, WITHOUT ROWID;
CREATE INDEX experiment_line ON experiment (line_id, started_at);
CREATE UNIQUE INDEX experiment_runs ON experiment (line_id) WHERE ended_at IS NULL;

CREATE TABLE line_version (
    line_id    TEXT NOT NULL REFERENCES line (id),
    version    INTEGER NOT NULL,
    name       TEXT NOT NULL,
    settings   TEXT NOT NULL,
    changed_by TEXT NOT NULL,
    changed_at INTEGER NOT NULL,
    PRIMARY KEY (line_id, version)
) STRICT, WITHOUT ROWID;

-- Which version a line had when it was deleted: one of the same id goes on from there, so that no node takes its settings for the
-- earlier ones.
CREATE TABLE deleted_line (
    id      TEXT PRIMARY KEY NOT NULL,
    version INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Who gets alerts, and where. A group has members and no address of its own. The address of a room names it (`chat`: its id, `via`: the
-- service, `user`: what is shown of its hook); what leads there is sealed.
CREATE TABLE recipient (
    id            TEXT PRIMARY KEY NOT NULL,
    name          TEXT NOT NULL,
    kind          TEXT NOT NULL CHECK (kind IN ('person', 'group', 'room')),
    connection    TEXT,
    address       TEXT,                          -- personal: JSON of the contract's Address
    operator_id   TEXT,                          -- the desk's operator this person is, for "the responsible operator"
    language      TEXT,
    members       TEXT NOT NULL DEFAULT '[]',    -- of a group: ids of recipients, as JSON
    tat           INTEGER NOT NULL DEFAULT 0,    -- storm control: GCRA state in microseconds
    created_at    INTEGER NOT NULL,
    disabled_at   INTEGER,
    unreached_at  INTEGER,                       -- the last alert did not reach them; empty again once one does
    unreached_why TEXT,                          -- in the platform's words
    sealed        TEXT,                          -- of a room: its hook and token, sealed with security.key
    gone_at       INTEGER,                       -- of a room: its service said that it is no longer there; disabled since then
    gone_told_at  INTEGER,                       -- when admins were told so
    CHECK ((kind = 'group') = (connection IS NULL)),
    CHECK ((kind = 'room') = (sealed IS NOT NULL))
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX recipient_operator ON recipient (operator_id) WHERE operator_id IS NOT NULL;

-- What operators are called, as the desk told it last: a close that leaves the name out does not erase it.
CREATE TABLE operator_name (
    id       TEXT PRIMARY KEY NOT NULL,
    name     TEXT NOT NULL,
    named_at INTEGER NOT NULL                    -- the time of the close that told it
) STRICT, WITHOUT ROWID;

-- What operators are: of an operator who is not here, nobody said anything but a person.
CREATE TABLE operator_kind (
    id      TEXT PRIMARY KEY NOT NULL,
    kind    TEXT NOT NULL CHECK (kind IN ('human', 'program')),
    by_hand INTEGER NOT NULL CHECK (by_hand IN (0, 1)), -- an admin said so: what a desk tells changes nothing
    told_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- What enters, and whom it is about -------------------------------------------------------------------------------------

-- Everything that enters and is no close that was kept: one row per event of a source, written in the transaction of its effect.
-- The same key with the same body gives the same result; with another body it is refused. The event of a close is in its
-- rating_request.
CREATE TABLE inbox (
    source      TEXT NOT NULL,
    event_key   TEXT NOT NULL,
    kind        TEXT NOT NULL,
    body_hash   TEXT NOT NULL,
    received_at INTEGER NOT NULL,
    subject     TEXT,                            -- what it was about: a rating request, a session, a delivery
    disposition TEXT,
    body        TEXT,                            -- personal; kept only of what could not be read or used
    PRIMARY KEY (source, event_key)
) STRICT, WITHOUT ROWID;
CREATE INDEX inbox_received ON inbox (received_at);
-- What was refused, for people to look at; few rows of it are found by this.
CREATE INDEX inbox_refused ON inbox (received_at) WHERE kind = 'refused';

-- A client, over all lines and channels: here only to ask not too often. The id is the desk's id of the person, or the
-- connection and chat where the desk has none.
CREATE TABLE client (
    id          TEXT PRIMARY KEY NOT NULL,       -- personal
    same_as     TEXT,                            -- personal: of a conversation, the desk's id of the person in it, once a close
                                                 -- has told both. They share one budget
    next_ask_at INTEGER NOT NULL DEFAULT 0,
    revision    INTEGER NOT NULL,                -- the fence of optimistic writes
    updated_at  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- People who do not want to be asked: the one list that says so. It names nobody: a person is known again by the sums of what
-- they are called (the desk's id of the client, connection and chat), so that it outlives the erasure of everything else.
CREATE TABLE opt_out (
    mark         TEXT PRIMARY KEY NOT NULL,      -- HMAC-SHA256 of one name, under the key below
    person       TEXT NOT NULL,                  -- the same for all names of one person, and made of chance
    opted_out_at INTEGER NOT NULL,
    told_by      TEXT NOT NULL CHECK (told_by IN ('text', 'button', 'link', 'mail', 'person', 'program', 'command'))
) STRICT, WITHOUT ROWID;
CREATE INDEX opt_out_person ON opt_out (person);

-- The key of the sums. It lies here, and not in the settings, because a lost or replaced security.key must not lead to
-- people being asked who asked not to be.
CREATE TABLE opt_out_key (
    id  INTEGER PRIMARY KEY CHECK (id = 1),
    key TEXT NOT NULL                            -- 32 bytes of chance, in hex
) STRICT;
INSERT INTO opt_out_key (id, key) VALUES (1, lower(hex(randomblob(32))));

-- What we learned of a conversation from the channel itself: the clock of its window, and whether we may write.
CREATE TABLE conversation (
    connection             TEXT NOT NULL,
    identity               TEXT NOT NULL,        -- personal: whoever is there, by a name that all forms of one address share
    chat                   TEXT NOT NULL,        -- personal: the address, as it was written last
    last_client_message_at INTEGER,              -- by the platform's clock
    last_words_at          INTEGER,              -- the same, of what was no answer to a question of ours: a session that is closed
                                                 -- once more after it is a close of its own
    window_expires_at      INTEGER,
    blocked_at             INTEGER,
    updated_at             INTEGER NOT NULL,
    PRIMARY KEY (connection, identity)
) STRICT, WITHOUT ROWID;

-- One conversation of one client on one line, from opening to close. Each close raises the epoch. A session whose only event
-- was its close has no row: see known_session.
CREATE TABLE session (
    source                 TEXT NOT NULL,
    id                     TEXT NOT NULL,        -- the desk's id
    line_id                TEXT NOT NULL REFERENCES line (id),
    status                 TEXT NOT NULL CHECK (status IN ('open', 'closed', 'merged')),
    epoch                  INTEGER NOT NULL DEFAULT 0,
    opened_at              INTEGER,
    closed_at              INTEGER,
    last_event_at          INTEGER NOT NULL,     -- the newest event applied; older ones are stale
    active_at              INTEGER NOT NULL DEFAULT 0, -- when somebody last wrote, as far as we are told: for the idle timer
    recent_closes          INTEGER NOT NULL DEFAULT 0,
    recent_since           INTEGER NOT NULL DEFAULT 0,
    operator_id            TEXT,
    operators              TEXT NOT NULL DEFAULT '[]',
    client_id              TEXT,                 -- personal
    connection             TEXT,
    address                TEXT,                 -- personal
    language               TEXT,
    last_client_message_at INTEGER,
    talk_request           TEXT,                 -- the rating request asked while it was still open: the one of its next close
    merged_into            TEXT,
    revision               INTEGER NOT NULL,     -- the fence of optimistic writes
    PRIMARY KEY (id, source)                     -- people ask by id alone
) STRICT, WITHOUT ROWID;
-- Everything about one client is found by the client, and the client by the place where they were talked to.
CREATE INDEX session_client ON session (client_id) WHERE client_id IS NOT NULL;
CREATE INDEX session_chat ON session (address ->> 'chat') WHERE address IS NOT NULL;
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
    source      TEXT NOT NULL,
    session_id  TEXT NOT NULL,
    occurred_at INTEGER NOT NULL,
    event_key   TEXT NOT NULL,
    kind        TEXT NOT NULL,
    detail      TEXT NOT NULL DEFAULT '',
    received_at INTEGER NOT NULL,
    PRIMARY KEY (source, session_id, occurred_at, event_key)
) STRICT, WITHOUT ROWID;

-- Questions ---------------------------------------------------------------------------------------------------------------

-- Our question about one close of one session, with the facts frozen as they were at the close. Every close has one,
-- also when we do not ask, and every one ends in exactly one outcome.
CREATE TABLE rating_request (
    id                     TEXT PRIMARY KEY NOT NULL, -- begins with closed_at: ids sort by when chats were closed
    source                 TEXT NOT NULL,
    session_id             TEXT NOT NULL,
    event_key              TEXT,                 -- the event that told of the close: the same key with the same body gives the same result
                                                 -- for good. None for closes that were imported, and questions that are no close of their own
    body_hash              TEXT,                 -- of what that event said; goes with the personal data
    epoch                  INTEGER NOT NULL,     -- of a question asked once more: that of the close, below zero
    again_of               TEXT,                 -- of a question asked once more: the rating request of the low rating. It is no
                                                 -- close of its own: the counters pass it over
    line_id                TEXT NOT NULL,
    line_version           INTEGER NOT NULL,
    scale                  TEXT NOT NULL,        -- binary or five_star
    connection             TEXT,
    channel                TEXT,
    long_address           TEXT,                 -- personal: JSON of an Address, where that is more than its chat
    chat                   TEXT,                 -- personal: one name for all forms of the chat; the client is found by it
    addresses              TEXT NOT NULL DEFAULT '[]', -- personal: other addresses of the client, by connection, as JSON
    language               TEXT,
    client_id              TEXT,                 -- personal
    operator_id            TEXT,
    operators              TEXT NOT NULL,
    handled_by             TEXT NOT NULL DEFAULT 'nobody',
                                                 -- who handled the session, by the kinds of its operators at the close
    labels                 TEXT NOT NULL DEFAULT '[]', -- labels of the session at the close, as JSON
    fields                 TEXT NOT NULL DEFAULT '{}', -- personal: values of its fields at the close by key, as JSON
    attribution            TEXT NOT NULL,
    closed_by              TEXT,
    opened_at              INTEGER,
    closed_at              INTEGER NOT NULL,
    last_client_message_at INTEGER,
    operator_messages      INTEGER,
    client_messages        INTEGER,
    facts                  TEXT NOT NULL DEFAULT '{}', -- the other facts that the decision looked at, as JSON: for a dry run
    client_name            TEXT,                 -- personal
    wish_reason            TEXT,                 -- why whoever closed it wanted the client asked, or not; personal
    desk_page              TEXT,                 -- the chat's page at the desk; personal
    created_at             INTEGER NOT NULL,
    due_at                 INTEGER,
    expires_at             INTEGER,
    change_ms              INTEGER NOT NULL,
    way                    TEXT,                 -- of the question: in_time, early, template, fallback or window_unknown
    asked_connection       TEXT,                 -- where the question is asked, if not in the conversation of the close:
    asked_long_address     TEXT,                 -- another place of the same client. Personal: as long_address
    asked_chat             TEXT,                 -- personal: as chat, of that address; a typed answer finds its question by it
    delivered_at           INTEGER,              -- the platform took the question, or an answer proves it
    typing_ended_at        INTEGER,              -- the client wrote something else: only its buttons count from then on
    held_at                INTEGER,              -- its scores by link look like a program's: none counts until one more tap
    late_at                INTEGER,              -- when somebody first tried to rate although it was too late
    outcome                TEXT,                 -- answered, expired, not_asked, canceled, unreachable or unsure
    reason                 TEXT,
    decided_at             INTEGER,
    erased_at              INTEGER,              -- when it lost what it held of a person
    experiment_id          TEXT,                 -- the experiment that ran when it was decided,
    variant                TEXT,                 -- and how it had this client asked
    CHECK ((outcome IS NULL) = (decided_at IS NULL) AND (due_at IS NULL) = (expires_at IS NULL)
        AND (due_at IS NOT NULL OR outcome IS NOT NULL))
) STRICT, WITHOUT ROWID;
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
    expires_at INTEGER NOT NULL,
    request_id TEXT NOT NULL,
    PRIMARY KEY (expires_at, request_id)
) STRICT, WITHOUT ROWID;

-- Closes that ended without a rating, by how they ended: their place in the lists. Those that have one are found by it.
CREATE TABLE unrated_close (
    outcome    TEXT NOT NULL,
    request_id TEXT NOT NULL,
    PRIMARY KEY (outcome, request_id)
) STRICT, WITHOUT ROWID;

-- Sessions as they are known: those that have a row, and those whose only event was their close. It says all there is to say
-- of them, so that a close writes one row less; the second event of such a session gives it a row.
CREATE VIEW known_session AS
SELECT source, id, line_id, status, epoch, opened_at, closed_at, last_event_at, active_at, recent_closes, recent_since, operator_id,
    operators, client_id, connection, address, address ->> 'chat' AS chat, language, last_client_message_at, talk_request,
    merged_into, revision
FROM session
UNION ALL
SELECT q.source, q.session_id, q.line_id, 'closed', 1, q.opened_at, q.closed_at, q.closed_at, 0, 1, q.closed_at, q.operator_id,
    q.operators, q.client_id, q.connection, COALESCE(q.long_address, CASE WHEN q.chat IS NOT NULL THEN '{"chat":' || json_quote(q.chat) || '}' END),
    q.chat, q.language, q.last_client_message_at, NULL, NULL, 0
FROM rating_request q
WHERE q.epoch = 1 AND NOT EXISTS (SELECT 1 FROM session s WHERE s.source = q.source AND s.id = q.session_id);

-- Under shared attribution a close counts for operators besides the responsible one: their place in the lists.
CREATE TABLE shared_close (
    operator_id TEXT NOT NULL,
    request_id  TEXT NOT NULL,
    PRIMARY KEY (operator_id, request_id)
) STRICT, WITHOUT ROWID;

-- Which closes have a label, or a value of a field: lists and reports by it follow this table. The close's own row says the same.
CREATE TABLE close_label (
    key        TEXT NOT NULL,                    -- as sessions.labels and sessions.fields of the settings name it
    request_id TEXT NOT NULL,
    value      TEXT NOT NULL,                    -- personal: of a field; empty for a label
    PRIMARY KEY (key, request_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX close_label_request ON close_label (request_id);

-- Where a question or an alert was sent before its address changed: a button that was sent there stays good. The rows of
-- questions and recipients themselves hold the address of today.
CREATE TABLE earlier_address (
    subject    TEXT NOT NULL,                    -- the rating request, or the recipient of alerts
    connection TEXT NOT NULL,
    chat       TEXT NOT NULL,                    -- personal
    address    TEXT NOT NULL,                    -- personal: JSON of the contract's Address
    moved_at   INTEGER NOT NULL,
    PRIMARY KEY (subject, connection, chat)
) STRICT, WITHOUT ROWID;

-- What leaves -------------------------------------------------------------------------------------------------------------

-- Everything that leaves: the schedule and the outbox in one. The states are those of src/domain/question/delivery.rs.
CREATE TABLE delivery (
    id               TEXT PRIMARY KEY NOT NULL,
    kind             TEXT NOT NULL,              -- ask, reminder, settle, alert, digest, event, reply, write_back or look
    connection       TEXT NOT NULL,
    address          TEXT NOT NULL,              -- personal
    subject          TEXT,                       -- the rating request, or the recipient of a digest
    payload          TEXT NOT NULL DEFAULT '{}',
    state            TEXT NOT NULL,
    reason           TEXT,
    due_at           INTEGER NOT NULL,
    brought_from     INTEGER,                    -- brought forward to see whether its connection works again: when it was due
    give_up_at       INTEGER NOT NULL,
    window_closes_at INTEGER,
    outside_window   INTEGER NOT NULL DEFAULT 0, -- 1: in a form that the platform approved, which
                                                 -- has no window to keep to
    token            INTEGER NOT NULL DEFAULT 0, -- the fence: raised by each claim, named by each later statement
    attempts         INTEGER NOT NULL DEFAULT 0, -- intents
    crashes          INTEGER NOT NULL DEFAULT 0, -- leases that ended without an intent
    resends          INTEGER NOT NULL DEFAULT 0,
    resends_max      INTEGER NOT NULL DEFAULT 0,
    owner            TEXT,
    lease_until      INTEGER,
    intent_at        INTEGER,
    ended_at         INTEGER,
    resend_at        INTEGER,                    -- of an unknown one: when it may go again
    message_id       TEXT,                       -- the platform's
    detail           TEXT,                       -- the platform's own words
    created_at       INTEGER NOT NULL,
    CHECK ((state IN ('leased', 'sending')) = (lease_until IS NOT NULL) AND resends <= resends_max
        AND (state NOT IN ('sending', 'sent', 'delivered', 'undeliverable', 'unknown') OR intent_at IS NOT NULL))
) STRICT, WITHOUT ROWID;
CREATE INDEX delivery_due ON delivery (connection, due_at) WHERE state = 'scheduled';
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
    delivery_id TEXT NOT NULL,
    token       INTEGER NOT NULL,
    intent_at   INTEGER,
    ended_at    INTEGER NOT NULL,
    verdict     TEXT NOT NULL,
    detail      TEXT,
    PRIMARY KEY (delivery_id, token)
) STRICT, WITHOUT ROWID;

-- What all nodes share about a connection: its limit, its pauses, its place in the queue, its polling cursor.
CREATE TABLE connection (
    name           TEXT PRIMARY KEY NOT NULL,
    kind           TEXT NOT NULL,
    tat            INTEGER NOT NULL DEFAULT 0,   -- GCRA state in microseconds
    blocked_until  INTEGER NOT NULL DEFAULT 0,
    blocked_at     INTEGER NOT NULL DEFAULT 0,   -- when that pause was asked for: a time to come was noted by a clock that was ahead
    pause_told_until INTEGER NOT NULL DEFAULT 0, -- the end of the last long pause that admins were told of
    last_served_at INTEGER NOT NULL DEFAULT 0,
    failing_since  INTEGER,                      -- since when its calls fail, where they do
    probe_at       INTEGER,                      -- when a delivery is brought forward next to see whether it works again
    stopped_at     INTEGER,
    stopped_reason TEXT,
    suspended_at   INTEGER,                      -- an admin paused it: it is stopped until it is resumed
    heard_at       INTEGER,                      -- something last came in through it, or a fetch worked, then
    unheard        INTEGER NOT NULL DEFAULT 0,   -- messages that left since anything was heard,
    unheard_since  INTEGER,                      -- and when the first of them did
    deaf_at        INTEGER,                      -- nothing arrives through it, since then;
    deaf_reason    TEXT,                         -- and why, in the platform's words or ours
    told_at        INTEGER,                      -- admins were told of its present trouble then
    cursor         TEXT,
    seen_at        INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- A secret that a platform renewed takes the place of the one in the settings that it was made from; tokens that a platform
-- handed over belong to it. It is sealed with the installation's key, which is in no database.
CREATE TABLE connection_secret (
    connection TEXT PRIMARY KEY NOT NULL,
    made_from  TEXT NOT NULL,                    -- SHA-256 of the secret in the settings: a new one there wins
    sealed     TEXT NOT NULL,
    ends_at    INTEGER NOT NULL,
    renewed_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- A connection that an admin made on a page or by the API. Those of settings files are not here. Its secrets are sealed with the
-- installation's key, which is in no database.
CREATE TABLE stored_connection (
    name       TEXT PRIMARY KEY NOT NULL,
    kind       TEXT NOT NULL,
    settings   TEXT NOT NULL,                    -- what is no secret, as JSON
    secrets    TEXT NOT NULL,                    -- the keys of the secrets, as JSON: known also without the key
    sealed     TEXT NOT NULL,                    -- the secrets, as sealed JSON
    version    INTEGER NOT NULL,                 -- one more with each change
    created_at INTEGER NOT NULL,
    changed_at INTEGER NOT NULL,
    changed_by TEXT NOT NULL                     -- the name of the admin or key
) STRICT, WITHOUT ROWID;

-- The pace of one chat: GCRA state in milliseconds. Rows in the past mean nothing and are swept.
CREATE TABLE chat_pace (
    connection TEXT NOT NULL,
    chat       TEXT NOT NULL,                    -- personal
    next_at    INTEGER NOT NULL,
    PRIMARY KEY (connection, chat)
) STRICT, WITHOUT ROWID;

-- Where a bot is shared, what its platform told us and is not ours is kept here until the desk behind the connection took it:
-- one request of a platform, as it came, written in the transaction that judged it. Rows leave at the head: in order, once the
-- desk answered 2xx, or when they are too old.
CREATE TABLE pass_on (
    connection  TEXT NOT NULL,
    seq         INTEGER NOT NULL,                -- its place: 1, 2, 3 … without a gap, in the order of commits
    method      TEXT NOT NULL,
    query       TEXT NOT NULL,
    headers     TEXT NOT NULL,                   -- personal: JSON of src/life/shared_account/forward_outbox.rs; a secret stands as the name of its setting
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

-- The web chat ------------------------------------------------------------------------------------------------------------

-- A visitor of a web chat. `session_number` counts their sessions.
CREATE TABLE visitor (
    connection     TEXT NOT NULL,
    id             TEXT NOT NULL,
    language       TEXT,
    session_number INTEGER NOT NULL DEFAULT 0,
    created_at     INTEGER NOT NULL,
    seen_at        INTEGER NOT NULL,
    PRIMARY KEY (connection, id)
) STRICT, WITHOUT ROWID;

-- Which session of another desk a visitor's page shows, beside that desk's own chat: so that a close which names no
-- address of ours still finds its visitor. The page that says so last has it.
CREATE TABLE visitor_session (
    connection TEXT NOT NULL,
    session_id TEXT NOT NULL,                    -- that desk's id
    visitor    TEXT NOT NULL,
    claimed_at INTEGER NOT NULL,
    PRIMARY KEY (connection, session_id)
) STRICT, WITHOUT ROWID;

-- A place of our own where messages wait for their reader: the conversation of a web chat, a supervisor's screen.
CREATE TABLE mail (
    connection TEXT NOT NULL,
    chat       TEXT NOT NULL,
    seq        INTEGER NOT NULL,
    key        TEXT NOT NULL,
    body       TEXT NOT NULL,                    -- personal
    put_at     INTEGER NOT NULL,
    PRIMARY KEY (connection, chat, seq)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX mail_key ON mail (connection, chat, key);

-- Answers and ratings -----------------------------------------------------------------------------------------------------

-- Everything a client did about a rating request, in the order it arrived, whatever became of it.
CREATE TABLE answer_event (
    id          TEXT PRIMARY KEY NOT NULL,
    request_id  TEXT NOT NULL,
    source      TEXT NOT NULL,
    event_key   TEXT NOT NULL,
    kind        TEXT NOT NULL CHECK (kind IN ('score', 'reason', 'resolved', 'comment', 'comment_deleted')),
    value       TEXT NOT NULL,                   -- personal, for comments
    order_key   INTEGER NOT NULL,
    received_at INTEGER NOT NULL,
    disposition TEXT NOT NULL,
    message_id  TEXT                             -- personal; the platform's id of the client's own message that said it
) STRICT, WITHOUT ROWID;
CREATE INDEX answer_event_request ON answer_event (request_id);
CREATE INDEX answer_event_message ON answer_event (source, message_id) WHERE message_id IS NOT NULL;

-- Edits and deletions of clients' messages that may be answers, each as the platform told it: so that those that overtake their
-- message, or each other, lead to the same value. Kept for a few days.
CREATE TABLE message_change (
    source      TEXT NOT NULL,
    event_key   TEXT NOT NULL,
    chat        TEXT NOT NULL,                   -- personal
    message_id  TEXT NOT NULL,                   -- personal; the platform's id of the client's message
    order_key   INTEGER NOT NULL,
    deleted     INTEGER NOT NULL,                -- 1: the message is gone
    text        TEXT,                            -- personal; only while the message itself is not here yet
    received_at INTEGER NOT NULL,
    PRIMARY KEY (source, message_id, event_key)
) STRICT, WITHOUT ROWID;
CREATE INDEX message_change_received ON message_change (received_at);

-- Signs that an answer by link came from a program that opens every link in a mail. The answer counts; a person judges. One
-- sign about one rating request, from when it was first seen.
CREATE TABLE answer_signal (
    request_id TEXT NOT NULL,
    kind       TEXT NOT NULL CHECK (kind IN ('too_soon', 'every_score', 'unopened', 'outweighed')),
    noticed_at INTEGER NOT NULL,
    PRIMARY KEY (request_id, kind)
) STRICT, WITHOUT ROWID;

-- Link pages whose style sheet or picture was fetched, as browsers do. A form sent from any other page waits for one more tap.
CREATE TABLE page_fetch (
    page       TEXT PRIMARY KEY NOT NULL,
    fetched_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX page_fetch_fetched ON page_fetch (fetched_at);

-- The value that counts: at most one for a rating request. Who and where are copied from the request, frozen.
CREATE TABLE rating (
    request_id  TEXT PRIMARY KEY NOT NULL,
    line_id     TEXT NOT NULL,
    operator_id TEXT,
    channel     TEXT,
    scale       TEXT NOT NULL,
    score       INTEGER NOT NULL,
    low         INTEGER NOT NULL CHECK (low IN (0, 1)),
    comment     TEXT,                            -- personal
    comment_message TEXT,                        -- personal; the platform's id of the message that the comment is, or was
    comment_order INTEGER,                       -- the platform's order of that message
    comment_deleted_at INTEGER,                  -- when the client deleted the comment
    reasons     TEXT NOT NULL DEFAULT '[]',      -- JSON: what the client chose, each with its code and its text as it was then
    tags        TEXT,                            -- JSON: codes with which keyword rules tagged the comment; null where there were
                                                 -- no rules to hold it against
    resolved    INTEGER CHECK (resolved IN (0, 1)),
    order_key   INTEGER NOT NULL,
    order_event TEXT NOT NULL,
    evidence    TEXT NOT NULL DEFAULT 'tap',     -- that a person gave the score: page, read or tap
    reacted     INTEGER NOT NULL DEFAULT 0,      -- 1: the score is an emoji on our question: a tap or a typed score
                                                 -- outranks it, whichever came first
    revision    INTEGER NOT NULL DEFAULT 1,
    first_at    INTEGER NOT NULL,
    changed_at  INTEGER NOT NULL,
    closed_at   INTEGER NOT NULL,
    voided_at   INTEGER,                         -- an admin voided it: it stays as it was, and only leaves the adjusted score
    worked_at   INTEGER                          -- when somebody took care of a low one: replied, marked it as resolved, or
                                                 -- acknowledged its alert. src/domain/review.rs has the rule
) STRICT, WITHOUT ROWID;
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
    origin     TEXT NOT NULL CHECK (origin IN ('chosen', 'tagged')),
    code       TEXT NOT NULL,
    request_id TEXT NOT NULL,
    PRIMARY KEY (origin, code, request_id)
) STRICT, WITHOUT ROWID;

-- The words of comments, as src/domain/report/words.rs makes them: kept in the transaction of the comment.
CREATE TABLE comment_word (
    word       TEXT NOT NULL,                    -- personal, as the comment is
    request_id TEXT NOT NULL,
    PRIMARY KEY (word, request_id)
) STRICT, WITHOUT ROWID;

-- One row: comments whose words are not kept yet are read from the last to the first, a few at a time, by whichever node
-- comes to it. Null when all are.
CREATE TABLE comment_word_state (
    id    INTEGER PRIMARY KEY NOT NULL CHECK (id = 1),
    below TEXT                                   -- rating requests below this one are still to be read
) STRICT, WITHOUT ROWID;
INSERT INTO comment_word_state (id, below) VALUES (1, 'zzzzzzzzzzzzzzzzzz');

-- Edits of a rating by its client after the first minutes, at most two: up at once, down held for three days.
-- src/domain/review/edit.rs has the rule. The rating itself is what counts; every tap stays in answer_event too.
CREATE TABLE rating_edit (
    request_id TEXT NOT NULL,
    number     INTEGER NOT NULL,                 -- 1 or 2
    before     INTEGER NOT NULL,                 -- the score that counted
    score      INTEGER NOT NULL,
    state      TEXT NOT NULL CHECK (state IN ('applied', 'held', 'withdrawn')),
    made_at    INTEGER NOT NULL,
    due_at     INTEGER,                          -- when a held one counts
    decided_at INTEGER,                          -- when it counted, or was withdrawn
    PRIMARY KEY (request_id, number),
    CHECK ((state = 'held') = (decided_at IS NULL)),
    CHECK (state <> 'held' OR due_at IS NOT NULL)
) STRICT, WITHOUT ROWID;
CREATE INDEX rating_edit_due ON rating_edit (due_at) WHERE state = 'held';

-- The supervisor's own score of the conversation behind one close, beside the client's.
CREATE TABLE supervisor_score (
    request_id TEXT PRIMARY KEY NOT NULL,
    score      INTEGER NOT NULL CHECK (score BETWEEN 1 AND 5),
    comment    TEXT,                             -- at most 10,000 characters
    scored_by  TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    changed_at INTEGER NOT NULL,
    revision   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Low ratings: alerts and what people did about them ----------------------------------------------------------------------

-- One alert for one recipient: of a low rating, or of an alarm, whose id is request_id then. Its message is a delivery: one of its own,
-- or a digest's.
CREATE TABLE alert (
    id              TEXT PRIMARY KEY NOT NULL,
    request_id      TEXT NOT NULL,
    recipient_id    TEXT NOT NULL,               -- '' when there is nobody
    level           INTEGER NOT NULL DEFAULT 0,  -- 0: told at once; 1, 2 …: escalated
    kind            TEXT NOT NULL CHECK (kind IN ('low', 'changed', 'more', 'test', 'late', 'praise', 'alarm', 'all_clear')),
    line_id         TEXT NOT NULL,
    state           TEXT NOT NULL CHECK (state IN ('raised', 'digested', 'undeliverable', 'canceled')),
    reason          TEXT,
    delivery_id     TEXT,
    created_at      INTEGER NOT NULL,
    told_at         INTEGER,                     -- when the platform took its message
    instead_of      TEXT,                        -- the recipient who could not be told, so that this one is
    escalate_after  INTEGER,                     -- how long somebody has to acknowledge it once it was told
    escalate_at     INTEGER,
    acknowledged_at INTEGER,
    acknowledged_by TEXT,
    CHECK (state NOT IN ('raised', 'digested') OR delivery_id IS NOT NULL)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX alert_once ON alert (request_id, recipient_id, level, kind);
CREATE INDEX alert_escalation ON alert (escalate_at) WHERE escalate_at IS NOT NULL;
CREATE INDEX alert_delivery ON alert (delivery_id) WHERE delivery_id IS NOT NULL;
-- What waits for somebody, counted on every page: only what waits is in it.
CREATE INDEX alert_waiting ON alert (request_id) WHERE acknowledged_at IS NULL AND state <> 'canceled' AND kind = 'low';
CREATE INDEX alert_lost ON alert (id) WHERE state = 'undeliverable';
CREATE INDEX alert_recipient ON alert (recipient_id, id);

-- What people did about one rating. There is a row from the first act on; its revision is the fence of two people at once.
CREATE TABLE review (
    request_id     TEXT PRIMARY KEY NOT NULL,
    line_id        TEXT NOT NULL,
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
CREATE INDEX review_replied ON review (request_id) WHERE replied_at IS NOT NULL;

-- By when low ratings are to be replied to: one row for each on a line with a deadline, from when it became low. A reply, or marking it
-- as resolved, meets it.
CREATE TABLE reply_due (
    request_id TEXT PRIMARY KEY NOT NULL,
    line_id    TEXT NOT NULL,
    since      INTEGER NOT NULL,                 -- when it became low
    due_at     INTEGER NOT NULL,
    met_at     INTEGER,
    told_at    INTEGER                           -- when people were told that it is late
) STRICT, WITHOUT ROWID;
CREATE INDEX reply_due_open ON reply_due (due_at, request_id) WHERE met_at IS NULL;

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

-- Filters of the ratings that people gave a name: their own, or shared with everybody who sees ratings.
CREATE TABLE saved_view (
    id         TEXT PRIMARY KEY NOT NULL,
    owner_id   TEXT NOT NULL,                    -- an account; when it is closed, what it shares with nobody goes
    name       TEXT NOT NULL,
    query      TEXT NOT NULL,                    -- as behind the ? of an address, without words that were searched for
    shared     INTEGER NOT NULL CHECK (shared IN (0, 1)),
    created_at INTEGER NOT NULL,
    changed_at INTEGER NOT NULL,
    UNIQUE (owner_id, name)
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

-- Who may do what, and who did ------------------------------------------------------------------------------------------

-- Keys of programs that call the API. Only a hash is kept; the prefix is shown so that people can tell keys apart.
CREATE TABLE api_key (
    id           TEXT PRIMARY KEY NOT NULL,
    name         TEXT NOT NULL,
    prefix       TEXT NOT NULL,
    hash         TEXT NOT NULL UNIQUE,
    scopes       TEXT NOT NULL,
    lines        TEXT,                           -- the lines it is limited to, as JSON; without it a key is for all of them
    created_at   INTEGER NOT NULL,
    last_used_at INTEGER,
    revoked_at   INTEGER
) STRICT, WITHOUT ROWID;

-- People who sign in.
CREATE TABLE account (
    id            TEXT PRIMARY KEY NOT NULL,
    login         TEXT NOT NULL UNIQUE,
    name          TEXT NOT NULL,
    role          TEXT NOT NULL CHECK (role IN ('admin', 'supervisor', 'operator')),
    password_hash TEXT NOT NULL,
    operator_id   TEXT,                          -- of an operator: their id at the desk, by which their own numbers are known
    all_lines     INTEGER NOT NULL DEFAULT 1 CHECK (all_lines IN (0, 1)), -- of a supervisor: all lines, also those still to be made,
                                                 -- or the ones in account_line
    comments      INTEGER NOT NULL DEFAULT 0 CHECK (comments IN (0, 1)), -- of an operator: reads what clients wrote about them
    language      TEXT,                          -- what they chose for the pages; null where the browser decides
    theme         TEXT CHECK (theme IN ('light', 'dark')),
    created_at    INTEGER NOT NULL,
    disabled_at   INTEGER
) STRICT, WITHOUT ROWID;

-- The lines of a supervisor who does not see all of them.
CREATE TABLE account_line (
    account_id TEXT NOT NULL,
    line_id    TEXT NOT NULL,
    PRIMARY KEY (account_id, line_id)
) STRICT, WITHOUT ROWID;

-- When somebody was last at work on the pages, and when the visit before that ended: what happened since is what they are shown first.
CREATE TABLE account_visit (
    account_id TEXT PRIMARY KEY NOT NULL,
    last_at    INTEGER NOT NULL,
    before_at  INTEGER
) STRICT, WITHOUT ROWID;

-- A login: one browser, from the password to the sign-out. Only a hash of its secret is kept.
CREATE TABLE login (
    hash       TEXT PRIMARY KEY NOT NULL,        -- SHA-256 of what is in the cookie
    id         TEXT NOT NULL UNIQUE,             -- by which its owner can end it from elsewhere
    account_id TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    seen_at    INTEGER NOT NULL,                 -- to the minute
    address    TEXT NOT NULL,                    -- personal
    agent      TEXT NOT NULL                     -- personal: what the browser says it is
) STRICT, WITHOUT ROWID;
CREATE INDEX login_account ON login (account_id);
CREATE INDEX login_created ON login (created_at);

-- Browsers in which a person switched notifications on. What leads there is sealed: it is worth nothing without the installation's key.
CREATE TABLE push_browser (
    id            TEXT PRIMARY KEY NOT NULL,
    account_id    TEXT NOT NULL,
    endpoint_hash TEXT NOT NULL UNIQUE,   -- SHA-256: a browser stands here once
    sealed        TEXT NOT NULL,          -- endpoint and keys; empty once the browser is gone
    agent         TEXT NOT NULL,                 -- personal: what the browser says it is
    low           INTEGER NOT NULL CHECK (low IN (0, 1)),   -- wants low ratings
    late          INTEGER NOT NULL CHECK (late IN (0, 1)),  -- wants those that nobody replied to in time
    tat           INTEGER NOT NULL DEFAULT 0,    -- storm control: GCRA state in microseconds
    created_at    INTEGER NOT NULL,
    gone_at       INTEGER                            -- its push service said that it is no longer there
) STRICT, WITHOUT ROWID;
CREATE INDEX push_browser_account ON push_browser (account_id);

-- Tries to sign in since the last success. The name is hashed: people sometimes type their password in its place.
CREATE TABLE sign_in_try (
    who      TEXT PRIMARY KEY NOT NULL,          -- SHA-256 of the login as typed, in small letters
    failures INTEGER NOT NULL,
    last_at  INTEGER NOT NULL,
    until    INTEGER NOT NULL                    -- no further try before then
) STRICT, WITHOUT ROWID;
CREATE INDEX sign_in_try_last ON sign_in_try (last_at);

-- Who changed what: written in the transaction of the change, never changed.
CREATE TABLE audit (
    id           TEXT PRIMARY KEY NOT NULL,      -- sorts by time
    at           INTEGER NOT NULL,
    by_kind      TEXT NOT NULL CHECK (by_kind IN ('person', 'program', 'command', 'nobody')),
    by_id        TEXT NOT NULL,
    by_name      TEXT NOT NULL,                  -- as it was then
    act          TEXT NOT NULL,
    subject_kind TEXT NOT NULL,
    subject      TEXT NOT NULL,
    line_id      TEXT,                           -- for those who see some lines only
    before       TEXT NOT NULL DEFAULT '{}',     -- what was changed, without secrets
    after        TEXT NOT NULL DEFAULT '{}'
) STRICT, WITHOUT ROWID;
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
    id           INTEGER PRIMARY KEY NOT NULL CHECK (id = 1),
    time_zone    TEXT,
    recounted_at INTEGER
) STRICT, WITHOUT ROWID;
INSERT INTO counter_state (id) VALUES (1);

-- What happened and is not in the counters yet: written in the transaction of what it counts, many nodes at once without
-- a row they share; added up by whoever comes first. Reports read it beside the counters.
CREATE TABLE counter_delta (
    id           INTEGER PRIMARY KEY NOT NULL,
    day          INTEGER NOT NULL,               -- days since 1970-01-01
    hour         INTEGER NOT NULL,
    whose        TEXT NOT NULL,                  -- line or operator
    line_id      TEXT NOT NULL,
    operator_id  TEXT NOT NULL,                  -- '' for lines, and for closes without an operator
    channel      TEXT NOT NULL,                  -- '' where it is not known
    scale        TEXT NOT NULL,
    handled_by   TEXT NOT NULL,                  -- who handled the session
    reason_of    TEXT NOT NULL,                  -- of a count of reasons: of which outcome, or of low ratings
                                                 -- (chosen, tagged); '' of the counts themselves
    reason       TEXT NOT NULL,
    n            INTEGER NOT NULL,               -- of a count of reasons
    closes       INTEGER NOT NULL DEFAULT 0,
    not_asked    INTEGER NOT NULL DEFAULT 0,
    canceled     INTEGER NOT NULL DEFAULT 0,
    delivered    INTEGER NOT NULL DEFAULT 0,
    answered     INTEGER NOT NULL DEFAULT 0,
    expired      INTEGER NOT NULL DEFAULT 0,
    unreachable  INTEGER NOT NULL DEFAULT 0,
    unsure       INTEGER NOT NULL DEFAULT 0,
    late         INTEGER NOT NULL DEFAULT 0,
    score_0      INTEGER NOT NULL DEFAULT 0,
    score_1      INTEGER NOT NULL DEFAULT 0,
    score_2      INTEGER NOT NULL DEFAULT 0,
    score_3      INTEGER NOT NULL DEFAULT 0,
    score_4      INTEGER NOT NULL DEFAULT 0,
    score_5      INTEGER NOT NULL DEFAULT 0,
    good         INTEGER NOT NULL DEFAULT 0,
    bad          INTEGER NOT NULL DEFAULT 0,
    void_0       INTEGER NOT NULL DEFAULT 0,
    void_1       INTEGER NOT NULL DEFAULT 0,
    void_2       INTEGER NOT NULL DEFAULT 0,
    void_3       INTEGER NOT NULL DEFAULT 0,
    void_4       INTEGER NOT NULL DEFAULT 0,
    void_5       INTEGER NOT NULL DEFAULT 0,
    void_good    INTEGER NOT NULL DEFAULT 0,
    void_bad     INTEGER NOT NULL DEFAULT 0,
    resolved_yes INTEGER NOT NULL DEFAULT 0,
    resolved_no  INTEGER NOT NULL DEFAULT 0,
    commented    INTEGER NOT NULL DEFAULT 0,
    rate_secs    INTEGER NOT NULL DEFAULT 0,
    took_0       INTEGER NOT NULL DEFAULT 0,
    took_1       INTEGER NOT NULL DEFAULT 0,
    took_2       INTEGER NOT NULL DEFAULT 0,
    took_3       INTEGER NOT NULL DEFAULT 0,
    took_4       INTEGER NOT NULL DEFAULT 0,
    took_5       INTEGER NOT NULL DEFAULT 0,
    took_6       INTEGER NOT NULL DEFAULT 0,
    took_7       INTEGER NOT NULL DEFAULT 0,
    supervised   INTEGER NOT NULL DEFAULT 0,
    supervisor_sum INTEGER NOT NULL DEFAULT 0,
    delivered_open INTEGER NOT NULL DEFAULT 0,
    reasoned     INTEGER NOT NULL DEFAULT 0,
    comment_read INTEGER NOT NULL DEFAULT 0,
    tagged       INTEGER NOT NULL DEFAULT 0,
    delivered_runs INTEGER NOT NULL DEFAULT 0,
    answered_runs INTEGER NOT NULL DEFAULT 0
) STRICT;

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
    roll_up      TEXT NOT NULL,
    grain        TEXT NOT NULL CHECK (grain IN ('day', 'month', 'year')),
    line_id      TEXT NOT NULL,
    operator_id  TEXT NOT NULL,
    channel      TEXT NOT NULL,
    period       INTEGER NOT NULL,               -- days, months or years since 1970
    counts       TEXT NOT NULL,                  -- JSON: scale and who handled the session (binary/human) to its counts
    PRIMARY KEY (roll_up, grain, line_id, operator_id, channel, period)
) STRICT, WITHOUT ROWID;
-- All counters of a day or month: what `lastword recount` reads.
CREATE INDEX counter_period ON counter (grain, period, roll_up);

-- Why closes were not asked about, taken back or not reached, and why ratings were low.
CREATE TABLE counter_reason (
    roll_up      TEXT NOT NULL,
    grain        TEXT NOT NULL CHECK (grain IN ('day', 'month', 'year')),
    line_id      TEXT NOT NULL,
    operator_id  TEXT NOT NULL,
    channel      TEXT NOT NULL,
    period       INTEGER NOT NULL,               -- days, months or years since 1970
    reasons      TEXT NOT NULL,                  -- JSON: scale and who handled the session to outcome, or chosen or tagged, to
                                                 -- reason to how many
    PRIMARY KEY (roll_up, grain, line_id, operator_id, channel, period)
) STRICT, WITHOUT ROWID;
CREATE INDEX counter_reason_period ON counter_reason (grain, period, roll_up);

-- When chats are closed, by hour of the week.
CREATE TABLE counter_hour (
    roll_up      TEXT NOT NULL,
    grain        TEXT NOT NULL CHECK (grain IN ('day', 'month')),
    line_id      TEXT NOT NULL,
    operator_id  TEXT NOT NULL,
    channel      TEXT NOT NULL,
    period       INTEGER NOT NULL,               -- days or months since 1970
    hours        TEXT NOT NULL,                  -- JSON: scale and who handled the session to hour (from Monday 0:00 on the
                                                 -- organisation's clock) to closes, delivered, answered; of these, without voided
                                                 -- ones: rated, good, bad; time for an answer over: delivered, answered
    PRIMARY KEY (roll_up, grain, line_id, operator_id, channel, period)
) STRICT, WITHOUT ROWID;
CREATE INDEX counter_hour_period ON counter_hour (grain, period, roll_up);

-- Shares that are watched: of low ratings, of questions that nobody answered in time, of questions that did not arrive; each on
-- one line and channel. Two whole numbers, the sum and its limit, say how far one has fallen (src/domain/report/watch.rs). They are
-- written in the transaction of the answer, of what matures, or of a delivery's end.
CREATE TABLE share_watch (
    line_id     TEXT NOT NULL,
    channel     TEXT NOT NULL,                     -- '' where it is not known
    kind        TEXT NOT NULL CHECK (kind IN ('score', 'response', 'delivery')),
    basis       TEXT NOT NULL,                   -- the sum of the settings under which the baseline was learnt
    since       INTEGER NOT NULL,                -- those settings hold since then: closes from before are not watched
    looked_at   INTEGER NOT NULL,                -- when a baseline was learnt, or too little for one was found
    clients     INTEGER NOT NULL,                -- of how many it was learnt
    cases       INTEGER NOT NULL,
    bad         INTEGER NOT NULL,
    days        INTEGER NOT NULL,                -- the days that the cases are on
    learnt_at   INTEGER,                         -- null: too little for a baseline, so that nothing is watched
    usual       INTEGER NOT NULL DEFAULT 0,      -- the share of bad cases that counts as usual, in millionths
    usual_low   INTEGER NOT NULL DEFAULT 0,      -- the lower end of its interval, in millionths
    adds        INTEGER NOT NULL DEFAULT 0,      -- what a bad case adds to the sum,
    takes       INTEGER NOT NULL DEFAULT 0,      -- what another one takes off,
    sum_limit   INTEGER NOT NULL DEFAULT 0,      -- and where the alarm is
    promise     INTEGER NOT NULL DEFAULT 0,      -- minimum of cases between two false alarms, on average,
    shares      INTEGER NOT NULL DEFAULT 0,      -- as long as at most this many shares are watched
    sum         INTEGER NOT NULL DEFAULT 0,
    run_from    INTEGER,                         -- since when the sum is above nothing, and the cases since
    run_cases   INTEGER NOT NULL DEFAULT 0,
    run_bad     INTEGER NOT NULL DEFAULT 0,
    alarm_id    TEXT,                            -- the alarm that stands
    read_to     TEXT NOT NULL DEFAULT '',        -- of questions that mature: those up to this one were heard,
    next_at     INTEGER,                         -- and when they are looked at next
    PRIMARY KEY (line_id, channel, kind),
    CHECK (learnt_at IS NULL OR (adds > 0 AND takes > 0 AND sum_limit > 0))
) STRICT, WITHOUT ROWID;

-- When a line was last looked at for what is usual on it, and in which version.
CREATE TABLE share_look (
    line_id   TEXT PRIMARY KEY NOT NULL,
    version   INTEGER NOT NULL,
    looked_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Alarms: a watched share has fallen. What people are told of one are alerts about its id.
CREATE TABLE share_alarm (
    id         TEXT PRIMARY KEY NOT NULL,        -- sorts by time
    line_id    TEXT NOT NULL,
    channel    TEXT NOT NULL,
    kind       TEXT NOT NULL CHECK (kind IN ('score', 'response', 'delivery')),
    raised_at  INTEGER NOT NULL,
    from_at    INTEGER NOT NULL,                 -- the cases that drove it: from the first to the last,
    until_at   INTEGER NOT NULL,
    cases      INTEGER NOT NULL,                 -- how many there were,
    bad        INTEGER NOT NULL,                 -- and how many of them were bad
    usual      INTEGER NOT NULL,                 -- the baseline, as it was then
    promise    INTEGER NOT NULL,
    ended_at   INTEGER,
    end_reason TEXT CHECK (end_reason IN ('all_clear', 'learnt_anew')),
    news       TEXT CHECK (news IN ('raised', 'cleared')), -- what is still to be told
    CHECK ((ended_at IS NULL) = (end_reason IS NULL))
) STRICT, WITHOUT ROWID;
CREATE INDEX share_alarm_line ON share_alarm (line_id, id);
CREATE INDEX share_alarm_news ON share_alarm (id) WHERE news IS NOT NULL;
CREATE INDEX share_alarm_stands ON share_alarm (line_id) WHERE ended_at IS NULL;

-- Letters to owners: the numbers of the last day, week or month, for one recipient.
CREATE TABLE letter (
    id           TEXT PRIMARY KEY NOT NULL,
    recipient_id TEXT NOT NULL,
    every        TEXT NOT NULL CHECK (every IN ('daily', 'weekly', 'monthly')),
    hour         INTEGER NOT NULL,               -- of the organisation's clock
    lines        TEXT,                           -- the lines it is about, as JSON; null for all of them
    created_at   INTEGER NOT NULL,
    changed_at   INTEGER NOT NULL,
    changed_by   TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Which were sent: one row for each letter and period, so that none is sent twice whatever restarts.
CREATE TABLE letter_sent (
    letter_id TEXT NOT NULL,
    day       INTEGER NOT NULL,                  -- the first day it is about, since 1970
    people    INTEGER NOT NULL,                  -- to how many it was sent
    sent_at   INTEGER NOT NULL,
    PRIMARY KEY (letter_id, day)
) STRICT, WITHOUT ROWID;

-- Data in, and data gone --------------------------------------------------------------------------------------------------

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

-- How far each line is with removing personal data after its time: closes before this moment have been seen to.
CREATE TABLE retention (
    line_id    TEXT PRIMARY KEY NOT NULL,
    done_until INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- The installation --------------------------------------------------------------------------------------------------------

-- The oldest program that may work on these tables, by the last migration that it knows. A migration that adds leaves it alone; one that
-- older programs cannot work with raises it. One row.
CREATE TABLE schema_support (
    id               INTEGER PRIMARY KEY NOT NULL CHECK (id = 1),
    oldest_migration INTEGER NOT NULL,           -- an older program stops working and says why
    oldest_program   TEXT NOT NULL               -- its version, for people
) STRICT;
INSERT INTO schema_support (id, oldest_migration, oldest_program) VALUES (1, 1, '0.1.0');

-- What is known of this database as a whole: where it lives, when it was last at work, and whether it may send. One row.
-- `lastword backup` leaves the row out of a dump of PostgreSQL: a database without it came from a copy, and sends nothing.
CREATE TABLE installation (
    id             INTEGER PRIMARY KEY NOT NULL CHECK (id = 1),
    lineage        TEXT,                         -- made at the first start; the same in every copy
    place          TEXT,                         -- where it lives: what a copy has differently
    beats          INTEGER NOT NULL DEFAULT 0,   -- one for each minute at work
    beat_at        INTEGER,                      -- the last one
    awake_until    INTEGER,                      -- without a beat until then, something is wrong, and nothing is sent
    quarantine     TEXT CHECK (quarantine IN ('backup', 'restored', 'elsewhere', 'dump', 'older', 'asleep')),
    quarantined_at INTEGER,                      -- what was due by then may have been sent by another life of this database
    CHECK ((quarantine IS NULL) = (quarantined_at IS NULL))
) STRICT;
INSERT INTO installation (id) VALUES (1);
