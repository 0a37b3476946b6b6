-- Lists behind the numbers of reports that had none: closes that somebody tried to rate too late, ratings that were taken
-- out of the score, and closes without an operator or a channel. This file has a twin for PostgreSQL with the same name and the
-- same indexes.
--
-- Each is partial: an ordinary close writes into none of them. A close has either an operator and a place in
-- rating_request_operator, or none and a place in rating_request_nobody.
CREATE INDEX rating_request_late ON rating_request (closed_at, id) WHERE late_at IS NOT NULL;
CREATE INDEX rating_request_nobody ON rating_request (closed_at, id) WHERE operator_id IS NULL;
CREATE INDEX rating_request_no_channel ON rating_request (closed_at, id) WHERE channel IS NULL;
CREATE INDEX rating_voided ON rating (closed_at, request_id) WHERE voided_at IS NOT NULL;
CREATE INDEX rating_nobody ON rating (closed_at, request_id) WHERE operator_id IS NULL;
