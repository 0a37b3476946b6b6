-- People who do not want to be asked: the one list that says so. It names nobody: a person is known again by the sums of what
-- they are called (the desk's id of the client, connection and chat), so that it outlives the erasure of everything else.
-- This file has a twin for SQLite with the same name, the same tables and the same columns.

CREATE TABLE opt_out (
    mark         TEXT PRIMARY KEY NOT NULL,      -- HMAC-SHA256 of one name, under the key below
    person       TEXT NOT NULL,                  -- the same for all names of one person, and made of chance
    opted_out_at BIGINT NOT NULL,
    told_by      TEXT NOT NULL CHECK (told_by IN ('text', 'button', 'link', 'mail', 'person', 'program', 'command'))
);
CREATE INDEX opt_out_person ON opt_out (person);

-- The key of the sums. It lies here, and not in the settings, because a lost or replaced security.key must not lead to
-- people being asked who asked not to be.
CREATE TABLE opt_out_key (
    id  BIGINT PRIMARY KEY CHECK (id = 1),
    key TEXT NOT NULL                            -- 32 bytes in hex; what two UUIDs have of chance: 244 bits
);
INSERT INTO opt_out_key (id, key) VALUES (1, replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', ''));

-- It was never set.
ALTER TABLE client DROP COLUMN opted_out_at;
