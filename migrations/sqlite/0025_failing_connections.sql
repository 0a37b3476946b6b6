-- Connections that fail are tried now and then with one delivery, and what waits for them leaves when they work again.
-- This file has a twin for the other database with the same name, the same tables and the same columns.

-- Since when its calls fail, where they do, and when the next delivery is brought forward to see whether it works again.
ALTER TABLE connection ADD COLUMN failing_since INTEGER;
ALTER TABLE connection ADD COLUMN probe_at INTEGER;
-- When the pause until blocked_until was asked for: a time to come says that it was noted by a clock that was ahead.
ALTER TABLE connection ADD COLUMN blocked_at INTEGER NOT NULL DEFAULT 0;

-- When a delivery that was brought forward was due by its own schedule, which goes on if the try fails.
ALTER TABLE delivery ADD COLUMN brought_from INTEGER;
