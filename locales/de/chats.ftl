# Chats des eigenen Webchats.
nav-chats = Chats
chats-title = Chats
chats-lead = Hier schreiben Besucher Ihrer Website. Wird ein Chat geschlossen, wird der Kunde um eine Bewertung gebeten.
chats-open = Offene Chats
chats-closed = In den letzten 24 Stunden geschlossen
chats-visitor = Besucher { $code }
chats-waits = Wartet auf Antwort
chats-n-waiting = { $n ->
    [one] { $n } Chat wartet auf Antwort
   *[other] { $n } Chats warten auf Antwort
}
chats-no-text = Kein Text
chats-not-rated = nicht bewertet
chats-none-title = Keine offenen Chats
chats-none = Neue Chats erscheinen hier automatisch.
chats-no-site-title = Noch kein Webchat
chats-no-site = Verbinden Sie einen Webchat und fügen Sie eine Zeile HTML in Ihre Website ein. Dann können Besucher Ihnen hier schreiben.
chats-connect = Webchat verbinden
chats-choose-title = Chat auswählen
chats-choose = Hier erscheint das Gespräch.
chats-messages = Nachrichten
chats-close = Chat schließen
chats-is-closed = Chat geschlossen:
chats-write = Ihre Nachricht
chats-as = Besucher sehen Ihren Namen: { $name }.
chats-keys = Enter sendet, Umschalt+Enter beginnt eine neue Zeile.
chats-send = Senden
chats-not-sent = Die Nachricht wurde nicht gesendet. Prüfen Sie die Verbindung und senden Sie sie erneut.
chats-wrong-empty = Geben Sie eine Nachricht ein.
chats-wrong-long = Geben Sie höchstens { $n } Zeichen ein.
chats-wrong-closed = Nicht gesendet: Dieser Chat wurde inzwischen geschlossen.
chats-news = Ein Besucher wartet auf Antwort
chats-notify-on = In diesem Browser benachrichtigen
chats-notify-off = Benachrichtigungen an
chats-notify-denied = In diesem Browser sind Benachrichtigungen blockiert
done-chat-closed = Chat geschlossen.
connection-chats = Besuchern antworten
connection-chats-words = Nachrichten von Besuchern erscheinen auf der Seite „Chats“. Dort antworten Sie und schließen Chats; ein Helpdesk ist nicht nötig.
