# The page "Clients": find, hand out, erase.
nav-clients = Kunden
clients-title = Kunden
clients-lead = Alles, was über einen Kunden gespeichert ist: zum Aushändigen oder Löschen.
clients-find = Kunde
clients-find-hint = Die Kennung der Person in Ihrem System, eine Chat-Nummer, Telefonnummer oder Mailadresse, wie der Messenger sie kennt. Namen werden nicht gespeichert.
clients-search = Suchen
clients-none-yet = Wen suchen Sie?
clients-none-yet-lead = Geben Sie oben ein, was Sie über den Kunden wissen.
clients-nobody = So ist niemand bekannt
clients-nobody-lead = Über diesen Kunden ist nichts gespeichert, oder die persönlichen Daten sind schon entfernt.
clients-found = { $n ->
    [one] { $n } Kunde gefunden
   *[other] { $n } Kunden gefunden
}
clients-id = Kunde
clients-sessions = Sitzungen
clients-last = Zuletzt
client-held = Was gespeichert ist
client-held-clients = Kundeneintrag
client-held-sessions = Sitzungen
client-held-rating-requests = Abschlüsse
client-held-ratings = Bewertungen
client-held-answers = Antworten
client-held-supervisor-scores = Bewertungen der Leitung
client-held-deliveries = Gesendete Nachrichten
client-held-earlier-addresses = Frühere Adressen
client-held-conversations = Unterhaltungen
client-held-messages = Chat-Nachrichten
client-held-visitors = Besucher des Webchats
client-held-session-events = Ereignisse der Sitzungen
client-file = Alles herunterladen
client-file-hint = Eine JSON-Datei für den Kunden. Dass sie erstellt wurde, steht im Protokoll, ohne die Kennung des Kunden.
client-erase = Diesen Kunden löschen
client-erase-lead = Offene Fragen werden zurückgenommen. Wer der Kunde ist, wohin ihm geschrieben wurde und was er schrieb, wird überall entfernt. Bewertungen und Zähler bleiben und sagen nichts über die Person. Das lässt sich nicht rückgängig machen; wer wiederkommt, ist neu.
client-erase-backups = In früheren Sicherungen bleiben die Daten, bis diese gelöscht sind.
client-confirm = Zur Bestätigung { $id } eingeben
client-confirm-wrong = Das ist nicht die Kennung des Kunden. Nichts wurde gelöscht.
client-erase-now = Alles löschen
done-client-erased = Alles über den Kunden ist gelöscht.
