-- Counters of closes and what came of them, and lists that page at a constant cost: reports never scan ratings.
-- This file has a twin for SQLite with the same name, the same tables and the same columns.
--
-- Everything is counted under the day of the close on the organisation's calendar, so that what is asked, answered and
-- good is a part of the same closes. What each column counts, and for whom a close counts, says src/domain/counter.rs.

-- When the question reached the client as far as anybody can know: the platform took it, or an answer proves it.
ALTER TABLE rating_request ADD COLUMN delivered_at BIGINT;
-- When somebody first tried to rate although it was too late.
ALTER TABLE rating_request ADD COLUMN late_at BIGINT;
UPDATE rating_request SET delivered_at = COALESCE((SELECT min(d.ended_at) FROM delivery d
    WHERE d.subject = rating_request.id AND d.kind IN ('ask', 'reminder') AND d.state IN ('sent', 'delivered')), decided_at)
    WHERE outcome = 'answered' OR EXISTS (SELECT 1 FROM delivery d
    WHERE d.subject = rating_request.id AND d.kind IN ('ask', 'reminder') AND d.state IN ('sent', 'delivered'));
UPDATE rating_request SET late_at = (SELECT min(a.received_at) FROM answer_event a
    WHERE a.request_id = rating_request.id AND a.kind = 'score' AND a.disposition = 'late');

-- A rating that an admin voided stays as it was; it only leaves the adjusted score.
ALTER TABLE rating ADD COLUMN voided_at BIGINT;

-- The supervisor's own score of the conversation behind one close, beside the client's.
CREATE TABLE supervisor_score (
    request_id TEXT PRIMARY KEY NOT NULL,
    score      BIGINT NOT NULL CHECK (score BETWEEN 1 AND 5),
    comment    TEXT,                             -- at most 10,000 characters
    scored_by  TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    revision   BIGINT NOT NULL
);

-- The closes of an operator, newest last: their list, and how the operator is called.
CREATE INDEX rating_request_operator ON rating_request (operator_id, closed_at, id) WHERE operator_id IS NOT NULL;
-- All closes by time: lists of a period, and the rows behind the counters of a day.
CREATE INDEX rating_request_closed ON rating_request (closed_at, id);

-- Under shared attribution a close counts for operators besides the responsible one: their place in the lists.
CREATE TABLE shared_close (
    operator_id TEXT NOT NULL,
    closed_at   BIGINT NOT NULL,
    request_id  TEXT NOT NULL,
    PRIMARY KEY (operator_id, closed_at, request_id)
);

-- One row: on whose clock the days are cut, and when the counters were last held against the rows. Held while counters
-- are added up, so that one node at a time does it.
CREATE TABLE counter_state (
    id           BIGINT PRIMARY KEY NOT NULL CHECK (id = 1),
    time_zone    TEXT,
    recounted_at BIGINT
);
INSERT INTO counter_state (id) VALUES (1);

-- What happened and is not in the counters yet: written in the transaction of what it counts, many nodes at once without
-- a row they share; added up by whoever comes first. Reports read it beside the counters.
CREATE TABLE counter_delta (
    id           BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    day          BIGINT NOT NULL,                 -- days since 1970-01-01
    hour         BIGINT NOT NULL,
    whose        TEXT NOT NULL CHECK (whose IN ('line', 'operator')),
    line_id      TEXT NOT NULL,
    operator_id  TEXT NOT NULL,                  -- '' for lines, and for closes without an operator
    channel      TEXT NOT NULL,                  -- '' where it is not known
    scale        TEXT NOT NULL,
    outcome      TEXT NOT NULL,                  -- of a count of reasons; '' of the counts themselves
    reason       TEXT NOT NULL,
    n            BIGINT NOT NULL,                 -- of a count of reasons
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
    supervisor_sum BIGINT NOT NULL DEFAULT 0
);

-- The counters, by day and by month.
CREATE TABLE counter (
    whose        TEXT NOT NULL CHECK (whose IN ('line', 'operator')),
    grain        TEXT NOT NULL CHECK (grain IN ('day', 'month')),
    period       BIGINT NOT NULL,                 -- days or months since 1970
    line_id      TEXT NOT NULL,
    operator_id  TEXT NOT NULL,
    channel      TEXT NOT NULL,
    scale        TEXT NOT NULL,
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
    PRIMARY KEY (whose, grain, period, line_id, operator_id, channel, scale)
);
CREATE INDEX counter_operator ON counter (operator_id, grain, period) WHERE whose = 'operator';

-- Why closes were not asked about, taken back, or not reached.
CREATE TABLE counter_reason (
    whose        TEXT NOT NULL CHECK (whose IN ('line', 'operator')),
    grain        TEXT NOT NULL CHECK (grain IN ('day', 'month')),
    period       BIGINT NOT NULL,
    line_id      TEXT NOT NULL,
    operator_id  TEXT NOT NULL,
    channel      TEXT NOT NULL,
    scale        TEXT NOT NULL,
    outcome      TEXT NOT NULL,
    reason       TEXT NOT NULL,
    n            BIGINT NOT NULL,
    PRIMARY KEY (whose, grain, period, line_id, operator_id, channel, scale, outcome, reason)
);
CREATE INDEX counter_reason_operator ON counter_reason (operator_id, grain, period) WHERE whose = 'operator';

-- By weekday (0 is Monday) and hour of the close, on the organisation's clock.
CREATE TABLE counter_hour (
    whose        TEXT NOT NULL CHECK (whose IN ('line', 'operator')),
    grain        TEXT NOT NULL CHECK (grain IN ('day', 'month')),
    period       BIGINT NOT NULL,
    weekday      BIGINT NOT NULL CHECK (weekday BETWEEN 0 AND 6),
    hour         BIGINT NOT NULL CHECK (hour BETWEEN 0 AND 23),
    line_id      TEXT NOT NULL,
    operator_id  TEXT NOT NULL,
    channel      TEXT NOT NULL,
    scale        TEXT NOT NULL,
    closes       BIGINT NOT NULL,
    delivered    BIGINT NOT NULL,
    answered     BIGINT NOT NULL,
    good         BIGINT NOT NULL,
    bad          BIGINT NOT NULL,
    PRIMARY KEY (whose, grain, period, weekday, hour, line_id, operator_id, channel, scale)
);
CREATE INDEX counter_hour_operator ON counter_hour (operator_id, grain, period) WHERE whose = 'operator';

-- Rows come and go all the time: vacuum by number, not by share.
ALTER TABLE counter_delta SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);
