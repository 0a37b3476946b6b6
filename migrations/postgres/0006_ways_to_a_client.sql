-- How a question reaches its client, where the channel's window or quiet hours stand in its way.

-- 1: it goes out outside the window, in a form that the platform approved. It has no window of its own to keep to.
ALTER TABLE delivery ADD COLUMN outside_window INTEGER NOT NULL DEFAULT 0 CHECK (outside_window IN (0, 1));

-- The way of the question: in_time, early, template or fallback.
ALTER TABLE rating_request ADD COLUMN way TEXT;
-- Other addresses of the client, by connection, as the desk told them: JSON. Personal.
ALTER TABLE rating_request ADD COLUMN addresses TEXT NOT NULL DEFAULT '[]';
-- The other facts that the decision looked at, as JSON: what a dry run decides from anew.
ALTER TABLE rating_request ADD COLUMN facts TEXT NOT NULL DEFAULT '{}';

UPDATE rating_request SET way = 'in_time' WHERE due_at IS NOT NULL;

-- A dry run reads the closes of one line by time.
CREATE INDEX rating_request_line ON rating_request (line_id, closed_at);
