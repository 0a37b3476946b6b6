# Was auf jeder Seite steht.
skip = Zum Inhalt
menu = Menü
nav-work = Arbeit
nav-numbers = Zahlen
nav-setup = Einrichtung
nav-today = Heute
nav-ratings = Bewertungen
nav-low = Schlechte Bewertungen
nav-operators = Mitarbeiter
nav-me = Meine Bewertungen
nav-lines = Linien
nav-recipients = Empfänger
nav-connections = Verbindungen
nav-deliveries = Nachrichten
nav-alerts = Benachrichtigungen
nav-audit = Protokoll
nav-people = Personen und API-Schlüssel
role-admin = Admin
role-supervisor = Supervisor
role-operator = Mitarbeiter
theme = Darstellung
theme-auto = System
theme-light = Hell
theme-dark = Dunkel
language = Sprache
sign-out = Abmelden
login-ended = Ihre Anmeldung ist abgelaufen.
n-waiting = { $n ->
    [one] { $n } schlechte Bewertung zu beantworten
   *[other] { $n } schlechte Bewertungen zu beantworten
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
problem-home = Zur Startseite
problem-id = Referenz für das Serverprotokoll: { $id }
problem-missing-title = Seite nicht gefunden
problem-missing = Die Adresse ist falsch, der Link ist abgelaufen, oder Ihr Konto hat keinen Zugriff darauf.
problem-forbidden-title = Nicht erlaubt
problem-forbidden = Ihre Rolle erlaubt das nicht, oder das Formular ist abgelaufen. Gehen Sie zurück, laden Sie die Seite neu und versuchen Sie es noch einmal.
problem-large-title = Zu viel für eine Datei
problem-large = Die Liste ist zu lang für dieses Dateiformat. Laden Sie sie als CSV herunter oder grenzen Sie den Filter ein, zum Beispiel auf einen kürzeren Zeitraum.
problem-often-title = Zu viele Anfragen
problem-often = Warten Sie einen Moment und versuchen Sie es dann noch einmal.
problem-busy-title = Der Server ist ausgelastet
problem-busy = Es ist nichts verloren gegangen. Versuchen Sie es in einigen Sekunden noch einmal.
problem-internal-title = Etwas ist schiefgegangen
problem-internal = Es wurde nichts geändert. Versuchen Sie es noch einmal; tritt der Fehler wieder auf, wenden Sie sich an die Person, die den Server betreibt.
problem-conflict-title = Jemand anderes war schneller
problem-conflict = Was Sie ändern wollten, wurde inzwischen geändert. Gehen Sie zurück, laden Sie die Seite neu und prüfen Sie den neuen Stand.
problem-wrong-title = Ungültige Anfrage
problem-wrong = Eine Angabe im Formular oder in der Adresse ist ungültig. Gehen Sie zurück und prüfen Sie sie.
table-scrolls = Seitlich scrollen, um weitere Spalten zu sehen.
