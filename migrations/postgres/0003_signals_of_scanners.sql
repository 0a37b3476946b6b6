-- Signs that an answer by link came from a program that opens every link in a mail. The answer counts; a person judges.
-- Twin of the file of the same name for SQLite.

-- One sign about one rating request, from when it was first seen.
CREATE TABLE answer_signal (
    request_id TEXT NOT NULL,
    kind       TEXT NOT NULL CHECK (kind IN ('too_soon', 'every_score')),
    noticed_at BIGINT NOT NULL,
    PRIMARY KEY (request_id, kind)
);
