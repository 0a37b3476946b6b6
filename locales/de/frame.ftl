# Was auf jeder Seite steht.
skip = Zum Inhalt
menu = Menü
nav-today = Heute
nav-ratings = Bewertungen
nav-low = Schlechte Bewertungen
nav-operators = Mitarbeiter
nav-me = Meine Bewertungen
nav-lines = Linien
nav-recipients = Empfänger
nav-connections = Verbindungen
nav-deliveries = Zustellung
nav-alerts = Alarme
nav-audit = Protokoll
nav-people = Personen und Schlüssel
role-admin = Administrator
role-supervisor = Leitung
role-operator = Mitarbeiter
theme = Darstellung
theme-auto = Auto
theme-light = Hell
theme-dark = Dunkel
language = Sprache
sign-out = Abmelden
login-ended = Sie sind abgemeldet.
n-waiting = { $n ->
    [one] { $n } schlechte Bewertung wartet auf Antwort
   *[other] { $n } schlechte Bewertungen warten auf Antwort
}
just-now = gerade eben
ago-minutes = { $n ->
    [one] vor { $n } Minute
   *[other] vor { $n } Minuten
}
ago-hours = { $n ->
    [one] vor { $n } Stunde
   *[other] vor { $n } Stunden
}
ago-days = { $n ->
    [one] vor { $n } Tag
   *[other] vor { $n } Tagen
}
date = { $day }. { $month } { $year }
date-time = { $date }, { $time }
today-at = heute, { $time }
month-short-1 = Jan.
month-short-2 = Feb.
month-short-3 = März
month-short-4 = Apr.
month-short-5 = Mai
month-short-6 = Juni
month-short-7 = Juli
month-short-8 = Aug.
month-short-9 = Sept.
month-short-10 = Okt.
month-short-11 = Nov.
month-short-12 = Dez.
score-good = Gut
score-bad = Schlecht
score-stars = { $n } von 5 Sternen
problem-home = Zum Anfang
problem-id = Im Protokoll des Servers steht dieser Aufruf unter { $id }.
problem-missing-title = Hier ist nichts
problem-missing = Die Adresse ist falsch, der Link gilt nicht mehr, oder er ist nicht für Ihr Konto.
problem-forbidden-title = Nicht erlaubt
problem-forbidden = Ihre Rolle erlaubt das nicht, oder das Formular war zu alt. Gehen Sie zurück, laden Sie die Seite neu und versuchen Sie es noch einmal.
problem-large-title = Zu viel für diese Datei
problem-large = Die Liste ist zu lang für eine solche Datei. Nehmen Sie die CSV-Datei oder grenzen Sie den Filter ein, zum Beispiel auf einen kürzeren Zeitraum.
problem-often-title = Zu viele Aufrufe
problem-often = Warten Sie einen Moment und versuchen Sie es dann noch einmal.
problem-busy-title = Gerade beschäftigt
problem-busy = Nichts ging verloren. Versuchen Sie es in einigen Sekunden noch einmal.
problem-internal-title = Bei uns ging etwas schief
problem-internal = Nichts blieb halb erledigt. Versuchen Sie es noch einmal; bleibt es dabei, sagen Sie es der Person, die den Server betreibt.
problem-conflict-title = Jemand war schneller
problem-conflict = Was Sie ändern wollten, ist inzwischen anders. Gehen Sie zurück, laden Sie die Seite neu und sehen Sie nach.
problem-wrong-title = Das geht nicht
problem-wrong = Etwas im Formular oder in der Adresse ergibt hier keinen Sinn. Gehen Sie zurück und sehen Sie noch einmal nach.
table-scrolls = Weitere Spalten rechts: Tabelle seitwärts scrollen.
