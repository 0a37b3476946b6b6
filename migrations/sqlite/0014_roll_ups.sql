-- Counters by roll-up: a report reads one row for each thing it shows and each period, however many lines, operators,
-- channels and ratings there are. This file has a twin for PostgreSQL with the same name, the same tables and the same columns.
--
-- A roll-up says which of line, operator and channel its counters keep apart; what it does not keep is ''. Those with
-- operators count a close once for each operator it belongs to, the others once (src/domain/roll_up.rs).

-- What was counted until now goes back among what is not added up yet, and is added up again from there: reports are right
-- all the while. First what is known by the hour, then all other measures, then the reasons.
INSERT INTO counter_delta (day, hour, whose, line_id, operator_id, channel, scale, outcome, reason, n,
    closes, delivered, answered, good, bad)
    SELECT period, hour, whose, line_id, operator_id, channel, scale, '', '', 0, closes, delivered, answered, good, bad
    FROM counter_hour WHERE grain = 'day';
INSERT INTO counter_delta (day, hour, whose, line_id, operator_id, channel, scale, outcome, reason, n,
    not_asked, canceled, expired, unreachable, unsure, late, score_0, score_1, score_2, score_3, score_4, score_5,
    void_0, void_1, void_2, void_3, void_4, void_5, void_good, void_bad, resolved_yes, resolved_no, commented,
    rate_secs, took_0, took_1, took_2, took_3, took_4, took_5, took_6, took_7, supervised, supervisor_sum)
    SELECT period, 0, whose, line_id, operator_id, channel, scale, '', '', 0,
    not_asked, canceled, expired, unreachable, unsure, late, score_0, score_1, score_2, score_3, score_4, score_5,
    void_0, void_1, void_2, void_3, void_4, void_5, void_good, void_bad, resolved_yes, resolved_no, commented,
    rate_secs, took_0, took_1, took_2, took_3, took_4, took_5, took_6, took_7, supervised, supervisor_sum
    FROM counter WHERE grain = 'day';
INSERT INTO counter_delta (day, hour, whose, line_id, operator_id, channel, scale, outcome, reason, n)
    SELECT period, 0, whose, line_id, operator_id, channel, scale, outcome, reason, n
    FROM counter_reason WHERE grain = 'day';
DROP TABLE counter;
DROP TABLE counter_reason;
DROP TABLE counter_hour;

-- The counters, by day, month and year. The counts of a scale are an array without its zeros at the end, in this order:
--   closes, not_asked, canceled, delivered, answered, expired, unreachable, unsure, late, score_0, score_1, score_2,
--   score_3, score_4, score_5, good, bad, void_0, void_1, void_2, void_3, void_4, void_5, void_good, void_bad,
--   resolved_yes, resolved_no, commented, rate_secs, took_0, took_1, took_2, took_3, took_4, took_5, took_6, took_7,
--   supervised, supervisor_sum
CREATE TABLE counter (
    roll_up      TEXT NOT NULL,
    grain        TEXT NOT NULL CHECK (grain IN ('day', 'month', 'year')),
    line_id      TEXT NOT NULL,
    operator_id  TEXT NOT NULL,
    channel      TEXT NOT NULL,
    period       INTEGER NOT NULL,                 -- days, months or years since 1970
    counts       TEXT NOT NULL,                  -- JSON: scale to its counts
    reasons      TEXT NOT NULL,                  -- JSON: scale to outcome to reason to how many
    hours        TEXT NOT NULL,                  -- JSON: scale to hour of the week (from Monday 0:00 on the organisation's
                                                 -- clock) to closes, delivered, answered, good, bad; years have none
    PRIMARY KEY (roll_up, grain, line_id, operator_id, channel, period)
) STRICT, WITHOUT ROWID;
-- All counters of a day or month: what `lastword recount` reads.
CREATE INDEX counter_period ON counter (grain, period, roll_up);
