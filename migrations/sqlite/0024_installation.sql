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

-- Deliveries whose node died while it held them: they are taken up one at a time, so that it is seen which of them it was.
CREATE INDEX delivery_suspect ON delivery (connection, due_at) WHERE state = 'scheduled' AND crashes > 0;
