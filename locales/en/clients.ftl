# The page "Clients": find, hand out, erase.
nav-clients = Clients
clients-title = Clients
clients-lead = Everything that is held about one client: to hand out, or to erase.
clients-find = Client
clients-find-hint = The desk's id of the person, a chat id, a phone number or a mail address, as the messenger knows it. Names are not kept.
clients-search = Find
clients-none-yet = Whom are you looking for?
clients-none-yet-lead = Type what you know of the client above.
clients-nobody = Nobody is known by that
clients-nobody-lead = Nothing is held about such a client, or the personal data was removed already.
clients-found = { $n ->
    [one] { $n } client found
   *[other] { $n } clients found
}
clients-id = Client
clients-sessions = Sessions
clients-last = Last heard of
client-held = What is held
client-held-clients = Client record
client-held-sessions = Sessions
client-held-rating-requests = Closes
client-held-ratings = Ratings
client-held-answers = Answers
client-held-supervisor-scores = Supervisor's scores
client-held-deliveries = Messages sent
client-held-earlier-addresses = Earlier addresses
client-held-conversations = Conversations
client-held-messages = Chat messages
client-held-visitors = Web chat visitor
client-held-session-events = Events of sessions
client-file = Download everything
client-file-hint = A JSON file for the client to see. That it was made goes into the audit trail, without the client's id.
client-erase = Erase this client
client-erase-lead = Open questions are canceled. Who the client is, where they were written to and what they wrote is removed everywhere. Scores and counters stay and say nothing of the person. It cannot be undone; a client who comes back is new.
client-erase-backups = Copies stay in backups made before, until those are deleted.
client-confirm = Type { $id } to confirm
client-confirm-wrong = This is not the client's id. Nothing was erased.
client-erase-now = Erase everything
done-client-erased = Everything about the client is erased.
