-- Sessions that nobody closed lose their personal data too, once they have been silent for as long as their line keeps it.
-- This file has a twin for PostgreSQL with the same name, the same tables and the same columns.

-- Closed sessions are not in it: they are found by their closes, and a close writes one row less.
CREATE INDEX session_silent ON session (line_id, last_event_at)
    WHERE status <> 'closed' AND (client_id IS NOT NULL OR address IS NOT NULL);
