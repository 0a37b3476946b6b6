# The public showcase of a line.
showcase-client = Kunde
showcase-good = zufrieden
showcase-ratings = { $n ->
    [one] { $n } Bewertung
   *[other] { $n } Bewertungen
}
showcase-rule = Alle Bewertungen der letzten zwölf Monate, drei Tage nach der Abgabe gezeigt. Bewerten kann jeder Kunde, der gefragt wird.
showcase-none = Noch keine Bewertungen.
showcase-reply = Antwort von
showcase-older = Ältere Bewertungen
