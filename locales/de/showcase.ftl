# The public showcase of a line.
showcase-client = Kunde
showcase-good = gut
showcase-ratings = { $n ->
    [one] { $n } Bewertung
   *[other] { $n } Bewertungen
}
showcase-rule = Alle Bewertungen auf der heutigen Skala von Chats, die in den letzten zwölf Monaten geschlossen wurden, ohne heute und die drei Tage davor. Kommentare erscheinen drei Tage nach ihrer Abgabe. Jeder Kunde, der gefragt wird, kann bewerten.
showcase-none = Noch keine Bewertungen.
showcase-reply = Antwort von
showcase-older = Ältere Bewertungen
showcase-index = Was Kunden über uns sagen
showcase-order = Sortiert nach der Untergrenze des 95-%-Intervalls der guten Bewertungen, damit wenige Bewertungen allein nicht für die Spitze reichen.
showcase-at-least = mindestens { $share } gut
