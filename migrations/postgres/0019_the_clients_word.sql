-- The client's word and the client's will.

-- The client wrote something else since the question: from then on only its buttons count, and what is typed goes to the desk.
ALTER TABLE rating_request ADD COLUMN typing_ended_at BIGINT;

-- Scores by link that look like a program's were held at this time: none counts until one more tap.
ALTER TABLE rating_request ADD COLUMN held_at BIGINT;

-- Of a conversation (connection and chat): the desk's id of the person in it, once a close has told both. They share one budget.
ALTER TABLE client ADD COLUMN same_as TEXT;      -- personal
CREATE INDEX client_same_as ON client (same_as) WHERE same_as IS NOT NULL;
