# Chats of our own web chat.
nav-chats = Chats
chats-title = Chats
chats-lead = Visitors of your website write here. When a chat is closed, its client is asked for a rating.
chats-open = Open chats
chats-closed = Closed in the last 24 hours
chats-visitor = Visitor { $code }
chats-waits = Waiting for an answer
chats-n-waiting = { $n ->
    [one] { $n } chat waiting for an answer
   *[other] { $n } chats waiting for an answer
}
chats-no-text = No text
chats-not-rated = not rated
chats-none-title = No open chats
chats-none = New chats appear here automatically.
chats-no-site-title = No web chat yet
chats-no-site = Connect a web chat and add one line of HTML to your website. Visitors can then write to you here.
chats-connect = Connect a web chat
chats-choose-title = Select a chat
chats-choose = The conversation will appear here.
chats-messages = Messages
chats-close = Close chat
chats-is-closed = Chat closed:
chats-write = Your message
chats-as = The visitor sees your name, { $name }.
chats-keys = Enter sends, Shift+Enter starts a new line.
chats-send = Send
chats-not-sent = The message was not sent. Check your connection and send it again.
chats-wrong-empty = Enter a message.
chats-wrong-long = Enter up to { $n } characters.
chats-wrong-closed = Not sent: this chat has been closed in the meantime.
chats-news = A visitor is waiting for an answer
chats-notify-on = Notify me in this browser
chats-notify-off = Notifications on
chats-notify-denied = Notifications are blocked in this browser
done-chat-closed = Chat closed.
connection-chats = Answer visitors
connection-chats-words = Visitors’ messages arrive on the page Chats. Reply and close chats there; you need no help desk.
