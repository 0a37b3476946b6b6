-- Where a question or an alert was sent before its address changed: a button that was sent there stays good. The rows of
-- questions and recipients themselves hold the address of today. Twin of the file of the same name for PostgreSQL.

CREATE TABLE earlier_address (
    subject    TEXT NOT NULL,                    -- the rating request, or the recipient of alerts
    connection TEXT NOT NULL,
    chat       TEXT NOT NULL,                    -- personal
    address    TEXT NOT NULL,                    -- personal: JSON of the contract's Address
    moved_at   INTEGER NOT NULL,
    PRIMARY KEY (subject, connection, chat)
) STRICT, WITHOUT ROWID;
