# Seiten mit Zahlen: heute, Berichte, Mitarbeiter, die eigenen.
nav-reports = Berichte
num-download = Tabelle herunterladen
num-show = Anwenden
num-period = Zeitraum
num-from = Von
num-until = Bis
num-filter-line = Linie
num-filter-operator = Mitarbeiter
num-filter-channel = Kanal
num-filter-scale = Skala
num-filter-by = Gruppieren nach
num-all-lines = Alle Linien
num-all-operators = Alle Mitarbeiter
num-all-channels = Alle Kanäle
num-all-scales = Alle Skalen
num-scale-binary = Daumen
num-scale-five-star = Sterne
num-channel-webchat = Webchat
num-channel-email = E-Mail
num-channel-none = Kein Kanal
num-operator-none = Kein Mitarbeiter
by-operator = Mitarbeiter
by-line = Linie
by-channel = Kanal
by-day = Tag
by-week = Woche
by-month = Monat
ask-day-wrong = Geben Sie ein Datum ein, etwa 2026-09-30.
ask-ends-before = Das Enddatum liegt vor dem Anfangsdatum.
ask-too-long = Wählen Sie höchstens zehn Jahre.
ask-period-unknown = Diesen Zeitraum gibt es nicht. Wählen Sie hier die Tage.
ask-line-unknown = Diese Linie gibt es nicht.
ask-scale-unknown = Diese Skala gibt es nicht.
ask-by-unknown = Danach lässt sich die Tabelle nicht gruppieren.
ask-by-too-many = Zu viele Tage für eine Tabelle. Gruppieren Sie nach Wochen oder Monaten.
ask-wrong = Prüfen Sie das markierte Feld.
period-today = Heute
period-yesterday = Gestern
period-7 = 7 Tage
period-30 = 30 Tage
period-90 = 90 Tage
period-month = Dieser Monat
period-last-month = Letzter Monat
period-quarter = Dieses Quartal
period-year = Dieses Jahr
num-n-of-n = { $part } von { $of }
num-day-month = { $day }. { $month }
num-no-ratings = keine Bewertungen
num-few = wenige Antworten
num-few-hint = Weniger als 30 Antworten: zu wenige für klare Aussagen
num-response-of = { $part } von { $of } abgeschlossenen Fragen
num-place = { $from } von { $of }
num-places = { $from }–{ $to } von { $of }
num-empty-title = Keine Daten für diesen Zeitraum
num-empty-words = In diesen Tagen wurde mit diesen Filtern kein Chat geschlossen. Wählen Sie andere Tage oder weniger Filter.
num-supervisor-scored = Bewertung des Supervisors: { $n } von 5
took-secs = { $n } s
took-mins = { $n } Min.
took-hours = { $n } Std.
change-higher = ▲ { $points } Punkte, kaum Zufall
change-lower = ▼ { $points } Punkte, kaum Zufall
change-cannot-tell = ≈ keine klare Veränderung
rule-thumbs = Gut: 👍 · schlecht: 👎 ({ $lines })
rule-stars = Gut: { $good } ★ · schlecht: { $bad } ★ ({ $lines })
raw-score = Mit den { $n } gestrichenen: { $score }
compared-with = Verglichen mit { $days }
figure-score = Gute Bewertungen
figure-response = Antwortquote
figure-closed = Geschlossen
figure-asked = Gefragt
figure-delivered = Zugestellt
figure-answered = Beantwortet
figure-not-asked = Nicht gefragt
figure-kept-back = Vom Helpdesk ausgenommen
figure-canceled = Abgebrochen
figure-open = Noch offen
figure-expired = Abgelaufen
figure-unreachable = Nicht erreichbar
figure-unsure = Zustellung ungewiss
figure-late = Zu spät geantwortet
figure-good = Gut
figure-neutral = Neutral
figure-bad = Schlecht
figure-bad-ratings = Schlechte Bewertungen
figure-voided = Gestrichen
figure-average = Sterne im Durchschnitt
figure-silent = Wenn alle geantwortet hätten
figure-silent-of = von alle schlecht bis alle gut
figure-resolved = Anliegen gelöst
figure-unresolved = Anliegen nicht gelöst
figure-commented = Mit Kommentar
figure-took-median = Zeit bis zur Bewertung, Median
figure-took-average = Zeit bis zur Bewertung, Mittelwert
figure-supervised = Vom Supervisor bewertet
of-answered = { $share } der Bewertungen
median-under = unter { $time }
median-between = { $from }–{ $to }
average-of-5 = Durchschnitt { $mean } von 5
before-was = davor: { $n }
overall-is = insgesamt: { $n } { $of }
reports-title = Berichte
trend-title = Gute Bewertungen im Verlauf
trend-stars = Sterne im Durchschnitt, im Verlauf
trend-none = Keine Bewertungen in diesem Zeitraum.
trend-higher = { $now } sind gut, davor { $before }: besser, und das ist kaum Zufall.
trend-lower = { $now } sind gut, davor { $before }: schlechter, und das ist kaum Zufall.
trend-cannot-tell = { $now } sind gut, im Zeitraum davor { $before }. Der Unterschied kann Zufall sein.
legend-period = dieser Zeitraum
legend-interval = 95-%-Intervall
legend-few = wenige Antworten
legend-before = Zeitraum davor
legend-closes = wenige bis viele geschlossene Chats
legend-bad = mehr schlechte Bewertungen als sonst
legend-faint = Fragen noch offen, oder kein ganzer Schritt
legend-changed = Einstellungen einer Linie geändert
chart-table = Als Tabelle zeigen
head-time = Zeit
head-interval = 95-%-Intervall
head-good-of = Gut / bewertet
head-score = Bewertung
head-ratings = Bewertungen
head-share = Anteil
head-step = Schritt
head-chats = Chats
head-of-before = % vom Schritt davor
head-operator = Mitarbeiter
head-stars = Ø ★
head-place = Mögliche Plätze
head-id = Kennung
head-response-percent = Antwortquote, %
head-score-percent = Gut, %
head-low = 95-%-Intervall von
head-high = 95-%-Intervall bis
head-raw-percent = Gut einschließlich gestrichener, %
head-resolved-percent = Gelöst, %
head-took-secs = Zeit bis zur Bewertung, s
head-beside = Neben dem übrigen Team
head-stars-low = Mittel ★, 95 % von
head-stars-high = Mittel ★, 95 % bis
head-kept-back-percent = Vom Helpdesk ausgenommen, %
head-kept-back-low = Ausgenommen, 95 % von
head-kept-back-high = Ausgenommen, 95 % bis
head-stars-of = Mittel ★, Bewertungen
head-raw-good = Gut mit gestrichenen
head-raw-neutral = Neutral mit gestrichenen
head-raw-bad = Schlecht mit gestrichenen
distribution-thumbs = Daumen
distribution-stars = Sterne
funnel-title = Vom geschlossenen Chat zur Bewertung
funnel-finding = Von { $closed ->
    [one] { $closed } geschlossenen Chat
   *[other] { $closed } geschlossenen Chats
    } wurde zu { $asked } gefragt; { $delivered ->
    [one] { $delivered } Frage kam an
   *[other] { $delivered } Fragen kamen an
    }, { $answered ->
    [one] { $answered } wurde beantwortet
   *[other] { $answered } wurden beantwortet
    }.
heat-title = Stunden der Woche
heat-none = In diesem Zeitraum wurde kein Chat geschlossen.
heat-finding = Die meisten Chats enden hier: { $day } ab { $time }, { $n } in diesem Zeitraum.
heat-said = { $closes } geschlossen, { $bad } schlecht
num-weekday-1 = Mo
num-weekday-2 = Di
num-weekday-3 = Mi
num-weekday-4 = Do
num-weekday-5 = Fr
num-weekday-6 = Sa
num-weekday-7 = So
num-weekday-long-1 = Montag
num-weekday-long-2 = Dienstag
num-weekday-long-3 = Mittwoch
num-weekday-long-4 = Donnerstag
num-weekday-long-5 = Freitag
num-weekday-long-6 = Samstag
num-weekday-long-7 = Sonntag
whiskers-title = Mitarbeiter und wie sicher ihre Werte sind
whiskers-one = Es wurde nur ein Mitarbeiter bewertet, ein Vergleich ist nicht möglich.
way-title = Was aus den geschlossenen Chats wurde
said-title = Was die Bewertungen sagen
more-title = Weitere Zahlen
reasons-title = Warum nicht gefragt oder nicht erreicht
split-title = Aufschlüsselung: { $by }
split-hint = Jede Zahl zählt dieselben Abschlüsse und führt zu deren Liste.
num-outcome-canceled = Abgebrochen
num-outcome-unreachable = Nicht erreichbar
num-reason-line-off = Bewertungen sind für die Linie aus
num-reason-line-archived = Linie ist archiviert
num-reason-spam = Als Spam geschlossen
num-reason-forced = Zwangsweise geschlossen
num-reason-by-choice = Der Helpdesk wollte nicht fragen
num-reason-timeout-close = Wegen Zeitablauf geschlossen
num-reason-bot-close = Von einem Bot geschlossen
num-reason-no-client = Kunde unbekannt
num-reason-group = Gruppengespräch
num-reason-channel-off = Der Kanal kann nicht fragen
num-reason-no-operator = Kein Mitarbeiter beteiligt
num-reason-operator-silent = Der Mitarbeiter schrieb nichts
num-reason-client-silent = Der Kunde schrieb nichts
num-reason-too-short = Zu wenige Nachrichten
num-reason-opted-out = Der Kunde möchte nicht gefragt werden
num-reason-blocked = Der Kunde hat uns blockiert
num-reason-already-rated = Schon bewertet
num-reason-throttled = Erst kürzlich gefragt
num-reason-sampled-out = Nicht in der Stichprobe
num-reason-window-shut = Das Zeitfenster des Kanals war zu
num-reason-template-missing = Keine Vorlage für Nachrichten außerhalb des Zeitfensters
num-reason-template-refused = Die Plattform hat die Vorlage abgelehnt
num-reason-no-form = Das Formular der Plattform passt nicht
num-reason-quiet-hours = Ruhezeiten
num-reason-too-late = Zu spät gemeldet
num-reason-flapping = Immer wieder geschlossen und geöffnet
num-reason-reopened = Wieder geöffnet
num-reason-restored = Aus einer Sicherung wiederhergestellt
num-reason-merged = Mit einer anderen Sitzung zusammengeführt
num-reason-recipient-gone = Der Kunde ist dort nicht mehr erreichbar
num-reason-engagement-limit = Von der Plattform zurückgehalten: zu viele Nachrichten an diesen Kunden
num-reason-client-in-experiment = Kunde nimmt an einem Versuch der Plattform teil
num-reason-marketing-stopped = Kunde hat Werbenachrichten abbestellt
num-reason-too-many-tries = Zu viele Versuche
num-reason-refused = Von der Plattform abgelehnt
operators-title = Mitarbeiter
operators-empty = In diesem Zeitraum hat kein Mitarbeiter gearbeitet
operators-all = Alle Mitarbeiter mit ihren Zahlen
compared-title = Neben dem übrigen Team
compared-higher = ▲ über den anderen
compared-lower = ▼ unter den anderen
compared-same = ≈ die Daten zeigen keinen Unterschied
compared-same-mix = Gleiches mit Gleichem: { $points } Punkte ({ $low } … { $high })
compared-raw = alle Linien, Kanäle und Skalen zusammen: { $points } Punkte ({ $low } … { $high })
compared-clients = Kunden: { $clients }, Bewertungen: { $ratings }
compared-of = davon vergleichbar: { $n }
compared-counted = Gezählt: { $clients } Kunden aus { $ratings } Bewertungen.
compared-scales = Daumen und Sterne werden getrennt verglichen; die Spalte der guten Bewertungen enthält beide.
compared-wait = Der Vergleich der Mitarbeiter wird noch berechnet.
compared-wait-now = Darauf warten
compared-hint = Jeder Kunde zählt je Mitarbeiter einmal, mit der letzten Bewertung. Verglichen wird innerhalb jeder Linie, jedes Kanals und jeder Skala; von zwanzig Seiten über gleiche Teams nennt höchstens eine einen Unterschied. Die Intervalle der Differenzen sind ohne Korrektur für viele Mitarbeiter.
latest-title = Neueste Bewertungen
latest-none = Noch keine. Neue erscheinen hier automatisch.
latest-all = Alle Bewertungen
me-title = Meine Bewertungen
me-lead = Was Kunden über Chats mit Ihnen sagen.
me-empty = Noch nicht genug Antworten
me-groups = Im Verlauf
me-comments = Was Kunden schrieben
me-comments-not = Sie haben keinen Zugriff auf Kommentare. Ein Admin kann das ändern.
me-comments-none = In diesen Wochen gab es keine Kommentare.
first-title-steps = Erste Schritte
first-done = erledigt
first-connect = Einen Kanal verbinden
first-connect-words = Tragen Sie einen Bot, einen Webchat oder eine Nummer unter [connections] in lastword.toml ein und starten Sie den Server neu. Dort werden Kunden gefragt.
first-line = Eine Linie anlegen
first-line-words = Eine Linie ist eine Warteschlange von Chats mit eigener Frage: Skala, Wortlaut und Zeitpunkt.
first-recipient = Einen Empfänger für Alarme anlegen
first-recipient-words = Diese Person erfährt in Sekunden von einer schlechten Bewertung, in dem Messenger, den sie ohnehin nutzt.
today-usual = Heute bis jetzt. „Sonst“ ist der Durchschnitt der letzten vier ganzen Tage: { $weekday }.
usually = sonst { $n }
waits-title = Zu erledigen
waits-nothing = Nichts zu erledigen.
of-closed = { $n ->
    [one] von { $n } geschlossenen Chat
   *[other] von { $n } geschlossenen Chats
}
of-ratings = { $n ->
    [one] von { $n } Bewertung
   *[other] von { $n } Bewertungen
}
of-said = { $n ->
    [one] von { $n }, der geantwortet hat
   *[other] von { $n }, die geantwortet haben
}
took-days = { $n ->
    [one] { $n } Tag
   *[other] { $n } Tage
}
trend-alone = { $n ->
    [one] { $score } von { $n } Bewertung ist gut.
   *[other] { $score } von { $n } Bewertungen sind gut.
}
trend-changed = Einstellungen geändert: { $lines }
distribution-finding = { $n ->
    [one] Von { $n } Bewertung sind { $good } gut und { $bad } schlecht.
   *[other] Von { $n } Bewertungen sind { $good } gut und { $bad } schlecht.
}
whiskers-together = { $n ->
    [one] { $n } Mitarbeiter: Die Daten zeigen keinen Unterschied.
   *[other] Zwischen diesen { $n } Mitarbeitern zeigen die Daten keinen Unterschied.
}
whiskers-few = Weniger als { $n } Bewertungen
whiskers-above = Über dem übrigen Team: { $names }. Bei den anderen zeigen die Daten keinen Unterschied.
whiskers-below = Unter dem übrigen Team: { $names }. Bei den anderen zeigen die Daten keinen Unterschied.
whiskers-both = Über dem übrigen Team: { $above }. Darunter: { $below }. Bei den anderen zeigen die Daten keinen Unterschied.
num-left-off = { $n ->
    [one] { $n } weiterer mit weniger Bewertungen ist nicht dargestellt.
   *[other] { $n } weitere mit weniger Bewertungen sind nicht dargestellt.
}
me-gathered = { $n ->
    [one] Die Zahlen umfassen ganze Wochen mit mindestens { $n } Antwort, damit kein Kunde erkennbar ist. Eine Woche zählt drei Tage nach ihrem Ende.
   *[other] Die Zahlen umfassen ganze Wochen mit mindestens { $n } Antworten, damit kein Kunde erkennbar ist. Eine Woche zählt drei Tage nach ihrem Ende.
}
me-empty-words = { $n ->
    [one] Sobald { $n } Kunde Chats mit Ihnen bewertet hat, stehen hier Zahlen.
   *[other] Sobald { $n } Kunden Chats mit Ihnen bewertet haben, stehen hier Zahlen.
}
wait-low = { $n ->
    [one] schlechte Bewertung ohne Antwort
   *[other] schlechte Bewertungen ohne Antwort
}
wait-held = { $n ->
    [one] gesenkte Bewertung zurückgestellt: noch lässt sich etwas retten
   *[other] gesenkte Bewertungen zurückgestellt: noch lässt sich etwas retten
}
wait-alerts = { $n ->
    [one] Alarm, der niemanden erreichte
   *[other] Alarme, die niemanden erreichten
}
wait-deliveries = { $n ->
    [one] hängende Zustellung
   *[other] hängende Zustellungen
}
wait-connections = { $n ->
    [one] angehaltene Verbindung
   *[other] angehaltene Verbindungen
}
wait-lines = { $n ->
    [one] Linie ohne Empfänger für Alarme
   *[other] Linien ohne Empfänger für Alarme
}
num-reason-imported = Aus einer Datei importiert
num-reason-erased = Auf Wunsch des Kunden gelöscht
num-response-open = noch offen: { $n }
num-pooled = Daumen und Sterne zusammen
target-title = Ziele
target-wanted = Ziel: { $percent } gut
target-reached = ▲ erreicht
target-missed = ▼ verfehlt
target-cannot-tell = ≈ lässt sich noch nicht sagen
target-answers = etwa { $n } Bewertungen insgesamt würden es zeigen, wenn der Anteil so bleibt
