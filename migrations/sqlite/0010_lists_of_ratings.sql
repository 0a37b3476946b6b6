-- Lists of closes and ratings that page at a constant cost, and the words of comments. This file has a twin for
-- PostgreSQL with the same name, the same tables and the same columns.
--
-- Each list is read in the order of one index, newest close first, from where the page before ended. What else a filter asks
-- for is looked at row by row, and only so many rows for one page: see src/store/rating_list.rs.

-- Ratings, by what most lists ask for.
CREATE INDEX rating_closed ON rating (closed_at, request_id);
CREATE INDEX rating_line ON rating (line_id, closed_at, request_id);
CREATE INDEX rating_operator ON rating (operator_id, closed_at, request_id) WHERE operator_id IS NOT NULL;
CREATE INDEX rating_score ON rating (scale, score, closed_at, request_id);
CREATE INDEX rating_low ON rating (closed_at, request_id) WHERE low = 1;

-- Closes that have no rating, by how they ended. Those that have one are found by it.
CREATE INDEX rating_request_unrated ON rating_request (outcome, closed_at, id)
    WHERE outcome IS NULL OR outcome = 'expired' OR outcome = 'not_asked' OR outcome = 'canceled' OR outcome = 'unreachable' OR outcome = 'unsure';

-- The words of comments, as src/domain/words.rs makes them: kept in the transaction of the comment.
CREATE TABLE comment_word (
    word       TEXT NOT NULL,                    -- personal, as the comment is
    closed_at  INTEGER NOT NULL,
    request_id TEXT NOT NULL,
    PRIMARY KEY (word, closed_at, request_id)
) STRICT, WITHOUT ROWID;

-- One row: comments from before there was this table are read from the last to the first, a few at a time, by whichever node
-- comes to it. Null when all are.
CREATE TABLE comment_word_state (
    id     INTEGER PRIMARY KEY NOT NULL CHECK (id = 1),
    below TEXT                                   -- rating requests below this one are still to be read
) STRICT, WITHOUT ROWID;
INSERT INTO comment_word_state (id, below) VALUES (1, 'zzzzzzzzzzzzzzzzzzzzzzz');
