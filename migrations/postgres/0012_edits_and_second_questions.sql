-- What a client edits after the first minutes, and questions that are asked once more after a low rating.
-- This file has a twin for SQLite with the same name, the same tables and the same columns.

-- Edits of a rating by its client, at most two: up at once, down held for three days. src/domain/review/edit.rs has the
-- rule. The rating itself is what counts; every tap stays in answer_event too.
CREATE TABLE rating_edit (
    request_id TEXT NOT NULL,
    number     BIGINT NOT NULL,                 -- 1 or 2
    before     BIGINT NOT NULL,                 -- the score that counted
    score      BIGINT NOT NULL,
    state      TEXT NOT NULL CHECK (state IN ('applied', 'held', 'withdrawn')),
    made_at    BIGINT NOT NULL,
    due_at     BIGINT,                          -- when a held one counts
    decided_at BIGINT,                          -- when it counted, or was withdrawn
    PRIMARY KEY (request_id, number),
    CHECK ((state = 'held') = (decided_at IS NULL)),
    CHECK (state <> 'held' OR due_at IS NOT NULL)
);
CREATE INDEX rating_edit_due ON rating_edit (due_at) WHERE state = 'held';

-- Of a question asked once more: the rating request of the low rating. It is no close of its own: the counters pass it over,
-- so that nobody raises a score by asking twice. Its epoch is that of the close, below zero.
ALTER TABLE rating_request ADD COLUMN again_of TEXT;

-- What clients wrote about a line, newest first: the list of its public showcase.
CREATE INDEX rating_words ON rating (line_id, first_at, request_id) WHERE comment IS NOT NULL;
