# The public showcase of a line.
showcase-client = Kunde
showcase-good = gut
showcase-ratings = { $n ->
    [one] { $n } Bewertung
   *[other] { $n } Bewertungen
}
showcase-rule = Alle Bewertungen der letzten zwölf Monate, drei Tage nach der Abgabe gezeigt. Bewerten kann jeder Kunde, der gefragt wird.
showcase-none = Noch keine Bewertungen.
showcase-reply = Antwort von
showcase-older = Ältere Bewertungen
showcase-index = Was Kunden über uns sagen
showcase-order = Geordnet nach dem unteren Ende des 95-%-Intervalls guter Bewertungen, damit wenige Bewertungen allein nicht an die Spitze führen.
showcase-at-least = mindestens { $share } gut
