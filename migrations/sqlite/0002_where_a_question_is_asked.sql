-- Where a rating request's question is asked. At first that is the conversation of the close; a question that cannot be
-- brought there may be asked in another place of the same client. A typed answer finds its question by this place.

ALTER TABLE rating_request ADD COLUMN asked_connection TEXT;
ALTER TABLE rating_request ADD COLUMN asked_address TEXT;      -- personal: JSON of the contract's Address
ALTER TABLE rating_request ADD COLUMN asked_chat TEXT;         -- personal: the chat in that address

UPDATE rating_request SET asked_connection = connection, asked_address = address, asked_chat = address ->> 'chat'
WHERE outcome IS NULL;

CREATE INDEX rating_request_asked ON rating_request (asked_connection, asked_chat) WHERE outcome IS NULL;
