-- Low ratings that wait for an answer, found among millions. This file has a twin for SQLite with the same name and the same
-- index.
--
-- Without statistics SQLite takes any index of low ratings for as good as this one, and went through all of them on every
-- page for the number in its frame. Columns that are always empty here are begun with, so that this one fits best.
DROP INDEX rating_waits;
CREATE INDEX rating_waits ON rating (worked_at, voided_at, first_at, request_id, line_id)
    WHERE low = 1 AND worked_at IS NULL AND voided_at IS NULL;
