# Die Liste der Bewertungen: mehrere Werte in einem Filter, Summen, die Bewertung daneben, gespeicherte Ansichten.
sift-too-many-values = Wählen Sie höchstens 50 Werte.
sift-several = { $n } gewählt
sift-operator-other = ID eines anderen Mitarbeiters
ratings-all = Alle
ratings-with-words = Mit Text
sums-title = Diese Liste in Zahlen
sums-closes = { $n ->
    [one] geschlossener Chat
   *[other] geschlossene Chats
}
sums-ratings = { $n ->
    [one] Bewertung
   *[other] Bewertungen
}
sums-good = gut
sums-low = schlecht
sums-commented = mit Kommentar
sums-waiting = noch ohne Antwort von uns
sums-wait = Wird gezählt …
sums-wait-now = Jetzt zählen
sums-since = Gezählt bis zurück zum { $day }. Ältere Chats sind nicht dabei.
drawer-close = Schließen
shortcut-open = Bewertung öffnen
shortcut-close = Bewertung schließen
views-title = Gespeicherte Ansichten
views-lead = Eine Ansicht ist ein Filter mit einem Namen. Geteilte Ansichten sehen alle, die Bewertungen sehen dürfen – darin aber nur die Chats ihrer eigenen Linien.
views-new = Ansicht speichern
views-edit = Ansichten verwalten
views-name = Name
views-words = Gespeichert wird der ganze Filter, außer den gesuchten Wörtern.
views-share = Mit dem Team teilen
views-shared = geteilt
views-save = Speichern
views-delete = Löschen
views-all = Alle Ansichten
views-none = Noch keine gespeicherten Ansichten. Filtern Sie die Bewertungen und wählen Sie dann „Ansicht speichern“.
views-by = von { $name }
views-no-name = Geben Sie einen Namen ein.
views-long-name = Höchstens { $n } Zeichen.
views-same-name = Eine Ansicht mit diesem Namen gibt es schon. Wählen Sie einen anderen.
views-too-many = Sie haben schon { $n } Ansichten. Löschen Sie zuerst eine.
views-too-many-shared = Das Team teilt schon { $n } Ansichten. Heben Sie zuerst eine Freigabe auf.
done-view-saved = Ansicht „{ $name }“ gespeichert.
done-view-deleted = Ansicht „{ $name }“ gelöscht.
audit-act-view-saved = Ansicht gespeichert:
audit-act-view-deleted = Ansicht gelöscht:
