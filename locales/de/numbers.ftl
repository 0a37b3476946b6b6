# Seiten mit Zahlen: heute, Berichte, Mitarbeiter, die eigenen.
nav-reports = Berichte
num-download = Tabelle herunterladen
num-show = Anzeigen
num-period = Zeitraum
num-from = Von
num-until = Bis
num-filter-line = Linie
num-filter-operator = Mitarbeiter
num-filter-channel = Kanal
num-filter-scale = Skala
num-filter-by = Tabelle nach
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
ask-day-wrong = Schreiben Sie einen Tag wie 2026-09-30.
ask-ends-before = Das Ende liegt vor dem Anfang.
ask-too-long = Mehr als zehn Jahre. Wählen Sie weniger Tage.
ask-period-unknown = Diesen Zeitraum gibt es nicht. Wählen Sie hier Tage.
ask-line-unknown = Diese Linie gibt es nicht.
ask-scale-unknown = Diese Skala gibt es nicht.
ask-by-unknown = Danach lässt sich die Tabelle nicht ordnen.
ask-by-too-many = Zu viele Tage für eine Tabelle. Wählen Sie Wochen oder Monate.
ask-wrong = Das ergibt noch keinen Sinn: Sehen Sie sich das markierte Feld an.
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
num-few-hint = Weniger als 30 Antworten: wenig lässt sich sagen
num-response-of = { $part } von { $of } zugestellten
num-place = { $from } von { $of }
num-places = { $from }–{ $to } von { $of }
num-empty-title = Nichts in diesem Zeitraum
num-empty-words = In diesen Tagen wurde mit diesen Filtern kein Chat geschlossen. Wählen Sie andere Tage oder weniger Filter.
num-supervisor-scored = Bewertung der Leitung: { $n } von 5
took-secs = { $n } s
took-mins = { $n } Min.
took-hours = { $n } Std.
change-higher = ▲ { $points } Punkte, mehr als Zufall
change-lower = ▼ { $points } Punkte, mehr als Zufall
change-cannot-tell = ≈ keine klare Änderung
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
figure-kept-back = Zurückgehalten
figure-canceled = Zurückgezogen
figure-open = Können noch antworten
figure-expired = Abgelaufen
figure-unreachable = Nicht erreicht
figure-unsure = Vielleicht angekommen
figure-late = Zu spät versucht
figure-good = Gut
figure-neutral = Neutral
figure-bad = Schlecht
figure-bad-ratings = Schlechte Bewertungen
figure-adjusted-good = Gut, ohne gestrichene
figure-adjusted-neutral = Neutral, ohne gestrichene
figure-adjusted-bad = Schlecht, ohne gestrichene
figure-voided = Gestrichen
figure-average = Mittel der Sterne
figure-silent = Hätten die Stillen geantwortet
figure-silent-of = alle schlecht – alle gut
figure-resolved = Anliegen gelöst
figure-unresolved = Anliegen nicht gelöst
figure-commented = Mit Kommentar
figure-took-median = Zeit bis zur Bewertung, Median
figure-took-average = Zeit bis zur Bewertung, Mittelwert
figure-supervised = Von der Leitung bewertet
of-answered = { $share } der Bewertungen
median-under = unter { $time }
median-between = { $from }–{ $to }
average-of-5 = Mittel { $mean } von 5
before-was = davor: { $n }
overall-is = insgesamt: { $n } { $of }
reports-title = Berichte
trend-title = Gute Bewertungen im Verlauf
trend-stars = Mittel der Sterne im Verlauf
trend-none = In diesem Zeitraum hat niemand bewertet.
trend-higher = { $now } sind gut, davor { $before }: besser, und mehr als Zufall.
trend-lower = { $now } sind gut, davor { $before }: schlechter, und mehr als Zufall.
trend-cannot-tell = { $now } sind gut, davor { $before }: Ob sich etwas geändert hat, sagen die Daten nicht.
legend-period = dieser Zeitraum
legend-interval = 95-%-Intervall
legend-few = wenige Antworten
legend-before = Zeitraum davor
legend-closes = wenigste bis meiste geschlossene Chats
legend-bad = größerer Anteil schlechter Bewertungen als sonst
chart-table = Dasselbe als Tabelle
head-time = Zeit
head-interval = 95-%-Intervall
head-good-of = Gute von bewerteten
head-score = Bewertung
head-ratings = Bewertungen
head-share = Anteil
head-step = Schritt
head-chats = Chats
head-of-before = Vom Schritt davor
head-operator = Mitarbeiter
head-stars = Mittel ★
head-place = Platz
head-id = Kennung
head-response-percent = Antwortquote, %
head-score-percent = Gut, %
head-low = 95 % von
head-high = 95 % bis
head-raw-percent = Gut mit gestrichenen, %
head-resolved-percent = Gelöst, %
head-took-secs = Zeit bis zur Bewertung, s
distribution-thumbs = Daumen
distribution-stars = Sterne
funnel-title = Vom Abschluss zur Antwort
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
heat-title = Die Woche nach Stunden
heat-none = In diesem Zeitraum wurde kein Chat geschlossen.
heat-finding = Am häufigsten enden Chats hier: { $day } ab { $time }, { $n } in diesen Tagen.
heat-said = geschlossen { $closes }, schlecht { $bad }
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
whiskers-title = Mitarbeiter, und wie sicher man sein kann
whiskers-one = Ein Mitarbeiter wurde bewertet: Es gibt niemanden zum Vergleichen.
whiskers-same = Vom Ersten hier nicht zu unterscheiden
whiskers-apart = Steht allein
way-title = Was aus den Abschlüssen wurde
said-title = Was die Bewertungen sagen
more-title = Was man sonst weiß
reasons-title = Nicht gefragt, nicht erreicht: warum
split-title = Nach: { $by }
split-hint = Jede Zahl zählt dieselben Abschlüsse und führt zu deren Liste. Plätze: was die Daten offenlassen; wer Plätze teilt, ist nicht zu unterscheiden.
num-outcome-canceled = Zurückgezogen
num-outcome-unreachable = Nicht erreicht
num-reason-line-off = Bewertung auf der Linie aus
num-reason-line-archived = Linie ist archiviert
num-reason-spam = Als Spam geschlossen
num-reason-forced = Erzwungen geschlossen
num-reason-by-choice = Wer schloss, wollte nicht fragen
num-reason-timeout-close = Durch Zeitablauf geschlossen
num-reason-bot-close = Vom Bot geschlossen
num-reason-no-client = Kunde nicht bekannt
num-reason-channel-off = Der Kanal kann nicht fragen
num-reason-no-operator = Kein Mitarbeiter beteiligt
num-reason-operator-silent = Mitarbeiter schrieb nichts
num-reason-client-silent = Kunde schrieb nichts
num-reason-too-short = Zu wenige Nachrichten
num-reason-opted-out = Kunde möchte keine Fragen
num-reason-blocked = Kunde hat uns blockiert
num-reason-already-rated = Schon bewertet
num-reason-throttled = Vor Kurzem gefragt
num-reason-sampled-out = Nicht in der Stichprobe
num-reason-window-shut = Fenster des Kanals zu
num-reason-template-missing = Keine Vorlage für die Zeit außerhalb des Fensters
num-reason-template-refused = Plattform nahm die Vorlage nicht an
num-reason-no-form = Das Formular der Plattform passt nicht
num-reason-quiet-hours = Ruhezeiten
num-reason-too-late = Abschluss zu alt
num-reason-flapping = Immer wieder geschlossen
num-reason-reopened = wieder geöffnet
num-reason-merged = mit einem anderen vereint
num-reason-recipient-gone = Kunde nicht mehr da
operators-title = Mitarbeiter
operators-empty = In diesem Zeitraum hat niemand gearbeitet
operators-all = Alle Mitarbeiter mit ihren Zahlen
compared-title = Neben den anderen der Linie
compared-own = Eigene:
compared-rest = Alle anderen:
compared-higher = ▲ sicher besser
compared-lower = ▼ sicher schlechter
compared-same = ≈ nicht zu unterscheiden
latest-title = Letzte Bewertungen
latest-none = Noch keine. Neue erscheinen hier von selbst.
latest-all = Alle Bewertungen
me-title = Meine Bewertungen
me-lead = Was Kunden über Chats mit Ihnen sagen.
me-empty = Noch nicht genug Antworten
me-groups = Im Verlauf
me-comments = Was Kunden schrieben
me-comments-not = Kommentare werden Ihnen nicht gezeigt. Ein Administrator kann das ändern.
me-comments-none = In diesen Wochen hat niemand etwas geschrieben.
first-title-steps = Erste Schritte
first-done = erledigt
first-connect = Einen Kanal verbinden
first-connect-words = Nennen Sie einen Bot, einen Webchat oder eine Nummer unter [connections] in lastword.toml und starten Sie den Server neu. Dort werden Kunden gefragt.
first-line = Eine Linie anlegen
first-line-words = Eine Linie ist eine Reihe von Chats mit eigener Frage: Skala, Worte und Zeitpunkt.
first-recipient = Einen Empfänger für Alarme nennen
first-recipient-words = Eine schlechte Bewertung erreicht diese Person in Sekunden, dort, wo sie ohnehin liest.
today-usual = Bisher heute. „Sonst“ ist der ganze Tag im Mittel der letzten vier: { $weekday }.
usually = sonst { $n }
waits-title = Was wartet
waits-nothing = Nichts wartet auf jemanden.
of-closed = { $n ->
    [one] von { $n } geschlossenen Chat
   *[other] von { $n } geschlossenen Chats
}
of-ratings = { $n ->
    [one] von { $n } Bewertung
   *[other] von { $n } Bewertungen
}
of-said = { $n ->
    [one] von { $n }, der es sagte
   *[other] von { $n }, die es sagten
}
took-days = { $n ->
    [one] { $n } Tag
   *[other] { $n } Tage
}
trend-alone = { $n ->
    [one] { $score } von { $n } Bewertung sind gut.
   *[other] { $score } von { $n } Bewertungen sind gut.
}
distribution-finding = { $n ->
    [one] Von { $n } Bewertung sind { $good } gut und { $bad } schlecht.
   *[other] Von { $n } Bewertungen sind { $good } gut und { $bad } schlecht.
}
whiskers-together = { $n ->
    [one] Die Daten können { $n } Mitarbeiter nicht unterscheiden.
   *[other] Die Daten können diese { $n } Mitarbeiter nicht unterscheiden.
}
whiskers-groups = { $n ->
    [one] { $n } Gruppe: Darin können die Daten niemanden vom Ersten unterscheiden.
   *[other] { $n } Gruppen: In jeder können die Daten niemanden vom Ersten unterscheiden.
}
num-left-off = { $n ->
    [one] { $n } weiterer mit weniger Bewertungen fehlt hier.
   *[other] { $n } weitere mit weniger Bewertungen fehlen hier.
}
me-gathered = { $n ->
    [one] Zahlen stehen hier in Gruppen ganzer Wochen mit mindestens { $n } Antwort, damit niemand einen einzelnen Kunden erkennt. Eine Woche zählt drei Tage nach ihrem Ende.
   *[other] Zahlen stehen hier in Gruppen ganzer Wochen mit mindestens { $n } Antworten, damit niemand einen einzelnen Kunden erkennt. Eine Woche zählt drei Tage nach ihrem Ende.
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
    [one] gesenkte Bewertung ist zurückgehalten: noch lässt es sich gutmachen
   *[other] gesenkte Bewertungen sind zurückgehalten: noch lässt es sich gutmachen
}
wait-alerts = { $n ->
    [one] Alarm, der niemanden erreichte
   *[other] Alarme, die niemanden erreichten
}
wait-deliveries = { $n ->
    [one] Zustellung braucht einen Menschen
   *[other] Zustellungen brauchen einen Menschen
}
wait-connections = { $n ->
    [one] Verbindung steht still
   *[other] Verbindungen stehen still
}
wait-lines = { $n ->
    [one] Linie ohne Empfänger für Alarme
   *[other] Linien ohne Empfänger für Alarme
}
num-reason-imported = Aus einer Datei eingelesen
num-reason-erased = Auf Wunsch des Kunden gelöscht
