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
num-filter-handled-by = Betreut von
num-filter-label = Label
num-filter-scale = Skala
num-filter-by = Gruppieren nach
num-all-lines = Alle Linien
num-all-operators = Alle Mitarbeiter
num-all-channels = Alle Kanäle
num-all-handled = Alle Chats
num-all-labels = Jedes Label
handled-by-human = eine Person
handled-by-program = ein Bot
handled-by-both = ein Bot und eine Person
handled-by-nobody = unbekannt
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
by-handled-by = Betreut von
by-label = Label
by-day = Tag
by-week = Woche
by-month = Monat
ask-day-wrong = Geben Sie ein Datum ein, etwa 2026-09-30.
ask-ends-before = Das Enddatum liegt vor dem Anfangsdatum.
ask-too-long = Wählen Sie höchstens zehn Jahre.
ask-period-unknown = Diesen Zeitraum gibt es nicht. Wählen Sie hier die Tage.
ask-line-unknown = Diese Linie gibt es nicht.
ask-scale-unknown = Diese Skala gibt es nicht.
ask-handled-unknown = Diese Auswahl gibt es nicht. Wählen Sie eine andere.
ask-label-unknown = Dieses Label gibt es nicht. Wählen Sie ein anderes.
num-label-other = andere
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
num-few = kleine Stichprobe
num-few-hint = Weniger als 30 Antworten: einige weitere können den Anteil stark verschieben
num-response-of = { $of ->
    [one] { $part } von { $of } Frage, deren Zeit vorbei ist
   *[other] { $part } von { $of } Fragen, deren Zeit vorbei ist
}
num-place = { $from } von { $of }
num-places = { $from }–{ $to } von { $of }
num-empty-title = Keine Daten für diesen Zeitraum
num-empty-words = In diesem Zeitraum wurde mit diesen Filtern kein Chat geschlossen. Wählen Sie andere Tage oder weniger Filter.
num-choose-others = Wählen Sie andere Tage oder weniger Filter.
num-split-none = Keiner dieser Chats hat ein Label
num-supervisor-scored = Bewertung des Supervisors: { $n } von 5
took-secs = { $n } s
took-mins = { $n } Min.
took-hours = { $n } Std.
change-up = ▲ { $points } Punkte
change-down = ▼ { $points } Punkte
change-higher = ▲ { $points } Punkte, kein Zufall
change-lower = ▼ { $points } Punkte, kein Zufall
change-cannot-tell = ≈ keine klare Veränderung
rule-thumbs = Gut: 👍 · schlecht: 👎 ({ $lines })
rule-stars = Gut: { $good } ★ · schlecht: { $bad } ★ ({ $lines })
raw-score = { $n ->
    [one] Mit der { $n } gestrichenen: { $score }
   *[other] Mit den { $n } gestrichenen: { $score }
}
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
figure-late = Zu spät beantwortet
figure-good = Gut
figure-neutral = Neutral
figure-bad = Schlecht
figure-bad-ratings = Schlechte Bewertungen
figure-voided = Gestrichen
figure-average = Durchschnittliche Sterne
figure-silent = Spanne, wenn alle geantwortet hätten
figure-silent-of = von „alle schlecht“ bis „alle gut“
figure-resolved = Anliegen gelöst
figure-unresolved = Anliegen nicht gelöst
figure-commented = Mit Kommentar
figure-took-median = Zeit bis zur Bewertung, Median
figure-took-average = Zeit bis zur Bewertung, Mittelwert
figure-supervised = Vom Supervisor bewertet
of-answered = { $share } der Bewertungen
median-under = unter { $time }
average-of-5 = Durchschnitt { $mean } von 5
before-was = davor: { $n }
overall-is = insgesamt: { $n } { $of }
reports-title = Berichte
trend-title = Gute Bewertungen im Verlauf
trend-stars = Durchschnittliche Sterne im Verlauf
trend-none = Keine Bewertungen in diesem Zeitraum.
trend-higher = { $now } sind gut, davor { $before }: besser, und wohl kein Zufall.
trend-lower = { $now } sind gut, davor { $before }: schlechter, und wohl kein Zufall.
trend-cannot-tell = { $now } sind gut, im Zeitraum davor { $before }. Der Unterschied kann Zufall sein.
trend-same = { $now } sind gut, wie im Zeitraum davor.
legend-period = dieser Zeitraum
legend-interval = 95-%-Intervall
legend-few = kleine Stichprobe
legend-before = Zeitraum davor
trend-last-days = die letzten { $n } Tage
trend-last-months = die letzten { $n } Monate
legend-closes = wenige bis viele geschlossene Chats
legend-bad = deutlich mehr schlechte Bewertungen als in anderen Stunden
legend-faint = unvollständig
legend-changed = Einstellungen einer Linie geändert
chart-table = Als Tabelle anzeigen
head-time = Zeit
head-interval = 95-%-Intervall
head-good-of = Gut / bewertet
head-score = Bewertung
head-ratings = Bewertungen
head-share = Anteil
head-step = Schritt
head-chats = Chats
head-of-before = % des vorigen Schritts
head-operator = Mitarbeiter
head-stars = Ø ★
head-place = Möglicher Platz
head-id = ID
head-response-percent = Antwortquote, %
head-score-percent = Gut, %
head-low = 95-%-Intervall von
head-high = 95-%-Intervall bis
head-raw-percent = Gut mit gestrichenen, %
head-resolved-percent = Gelöst, %
head-took-secs = Zeit bis zur Bewertung, s
head-beside = Vergleich zum Team
head-stars-low = Ø ★, 95 % von
head-stars-high = Ø ★, 95 % bis
head-kept-back-percent = Vom Helpdesk ausgenommen, %
head-kept-back-low = Ausgenommen, 95 % von
head-kept-back-high = Ausgenommen, 95 % bis
head-stars-of = Ø ★, Bewertungen
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
heat-finding = Die meisten Chats enden am { $day } ab { $time } Uhr: { $n } in diesem Zeitraum.
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
whiskers-title = Werte der Mitarbeiter mit 95-%-Intervallen
whiskers-one = Nur ein Mitarbeiter wurde bewertet, ein Vergleich ist daher nicht möglich.
way-title = Was aus den geschlossenen Chats wurde
said-title = Bewertungen
more-title = Weitere Zahlen
reasons-title = Warum Kunden nicht gefragt oder nicht erreicht wurden
split-by-operator = Nach Mitarbeiter
split-by-line = Nach Linie
split-by-channel = Nach Kanal
split-by-handled-by = Danach, wer den Chat betreut hat
split-by-label = Nach Label
split-by-day = Nach Tagen
split-by-week = Nach Wochen
split-by-month = Nach Monaten
split-hint = Alle Zahlen zählen dieselben Abschlüsse; jede führt zu ihrer Liste.
mixes-differ = Personen und Bots teilen sich die Arbeit von Zeile zu Zeile verschieden: Ein Teil des Unterschieds kann daran liegen. Filtern Sie danach, wer die Chats betreut hat, um Gleiches mit Gleichem zu vergleichen.
mixes-differ-before = Im Zeitraum davor teilten sich Personen und Bots die Arbeit anders
low-reasons-title = Warum Bewertungen schlecht sind
low-reasons-download = Gründe herunterladen
low-reasons-reason = Grund
low-reasons-low = Schlechte Bewertungen
low-reasons-reasoned = Mit einem Grund vom Kunden
low-reasons-without = Ohne einen
low-reasons-with-tag = Mit Markierung durch Stichwortregeln
low-reasons-without-tag = Ohne Markierung, obwohl Regeln galten
low-reasons-chosen = Von Kunden gewählt
low-reasons-tagged = Von Stichwortregeln gefunden
low-reasons-before = Zuvor
low-reasons-rule = { $part ->
    [0] Zu keiner der schlechten Bewertungen ({ $of }) hat der Kunde einen Grund gewählt.
    [one] Anteile beziehen sich auf die eine schlechte Bewertung (von { $of }), deren Kunde mindestens einen Grund gewählt hat; eine Bewertung kann mehrere haben. Jeder hat sein 95-%-Intervall; eine Änderung wird nur genannt, wenn sie über alle Gründe zusammen kaum Zufall ist. Gestrichene Bewertungen zählen nicht mit.
   *[other] Anteile beziehen sich auf die { $part } schlechten Bewertungen (von { $of }), deren Kunde mindestens einen Grund gewählt hat; eine Bewertung kann mehrere haben. Jeder hat sein 95-%-Intervall; eine Änderung wird nur genannt, wenn sie über alle Gründe zusammen kaum Zufall ist. Gestrichene Bewertungen zählen nicht mit.
}
low-reasons-left-out = Änderungen lassen Linien aus, auf denen im Zeitraum davor andere Werte als schlecht zählten.
low-reasons-tags-rule = { $part ->
    [one] Markierungen haben Stichwortregeln der Linien in Kommentaren gefunden, kein Kunde hat sie gewählt: Ihre Anteile beziehen sich auf die eine schlechte Bewertung (von { $of }) mit einem Kommentar, den Regeln angesehen haben.
   *[other] Markierungen haben Stichwortregeln der Linien in Kommentaren gefunden, kein Kunde hat sie gewählt: Ihre Anteile beziehen sich auf die { $part } schlechten Bewertungen (von { $of }) mit einem Kommentar, den Regeln angesehen haben.
}
low-reasons-split = Warum Bewertungen schlecht sind: { $by }
low-reasons-left-off = { $n ->
    [one] { $n } weitere Zeile mit weniger schlechten Bewertungen ist weggelassen.
   *[other] { $n } weitere Zeilen mit weniger schlechten Bewertungen sind weggelassen.
}
low-reasons-all = Alle
low-reasons-code = Code
low-reasons-origin = Herkunft
low-reasons-part = Bewertungen damit
low-reasons-of = Von
low-reasons-percent = Anteil, %
low-reasons-before-part = Zuvor: Bewertungen damit
low-reasons-before-of = Zuvor: von
low-reasons-before-percent = Zuvor: Anteil, %
low-reasons-points = Änderung, Punkte
low-reasons-verdict = Was die Daten sagen
num-outcome-canceled = Abgebrochen
num-outcome-unreachable = Nicht erreichbar
num-reason-line-off = Bewertungen ausgeschaltet
num-reason-line-archived = Linie archiviert
num-reason-spam = Als Spam geschlossen
num-reason-forced = Zwangsweise geschlossen
num-reason-by-choice = Vom Helpdesk nicht gewünscht
num-reason-timeout-close = Wegen Inaktivität geschlossen
num-reason-bot-close = Von einem Bot geschlossen
num-reason-no-client = Kunde unbekannt
num-reason-group = Gruppengespräch
num-reason-nobody-reads = Adresse, die niemand liest
num-reason-channel-off = Kanal kann nicht fragen
num-reason-no-operator = Kein Mitarbeiter beteiligt
num-reason-operator-silent = Mitarbeiter hat nichts geschrieben
num-reason-client-silent = Kunde hat nichts geschrieben
num-reason-too-short = Zu wenige Nachrichten
num-reason-opted-out = Kunde möchte nicht gefragt werden
num-reason-blocked = Kunde hat uns blockiert
num-reason-already-rated = Bereits bewertet
num-reason-throttled = Erst kürzlich gefragt
num-reason-sampled-out = Nicht in der Stichprobe
num-reason-handled-otherwise = Von jemandem betreut, zu dem die Linie nicht fragt
num-reason-by-rule = Eine Regel für Labels schließt den Chat aus
num-reason-window-shut = Zeitfenster des Kanals war geschlossen
num-reason-template-missing = Keine Vorlage für Nachrichten außerhalb des Zeitfensters
num-reason-template-refused = Vorlage von der Plattform abgelehnt
num-reason-no-form = Formular der Plattform ist aus oder passt nicht
num-reason-quiet-hours = Ruhezeiten
num-reason-too-late = Zu spät gemeldet
num-reason-flapping = Mehrmals geschlossen und wieder geöffnet
num-reason-reopened = Wieder geöffnet
num-reason-restored = Aus einer Sicherung wiederhergestellt
num-reason-merged = Mit einem anderen Chat zusammengeführt
num-reason-recipient-gone = Kunde dort nicht mehr erreichbar
num-reason-engagement-limit = Von der Plattform zurückgehalten: zu viele Nachrichten an diesen Kunden
num-reason-client-in-experiment = Kunde nimmt an einem Versuch der Plattform teil
num-reason-marketing-stopped = Kunde hat Werbenachrichten abbestellt
num-reason-too-many-tries = Zu viele Versuche
num-reason-refused = Von der Plattform abgelehnt
operators-title = Mitarbeiter
operators-empty = Keine Chats von Mitarbeitern gefunden
operators-all = Alle Mitarbeiter mit ihren Zahlen
compared-title = Im Vergleich zum übrigen Team
compared-higher = ▲ über dem übrigen Team
compared-lower = ▼ unter dem übrigen Team
compared-same = ≈ die Daten zeigen keinen Unterschied
compared-nothing = nicht vergleichbar
compared-same-mix = { $points } Punkte ({ $low } bis { $high }), Gleiches mit Gleichem
compared-raw = Ohne Ausgleich: { $points } Punkte ({ $low } bis { $high })
compared-clients = Kunden: { $clients }, Bewertungen: { $ratings }
compared-of = davon vergleichbar: { $n }
compared-counted = Gezählt: { $clients } Kunden mit { $ratings } Bewertungen.
compared-scales = Daumen und Sterne werden getrennt verglichen; die Spalte der guten Bewertungen enthält beide.
compared-wait = Der Vergleich der Mitarbeiter wird noch berechnet.
compared-wait-now = Ergebnis abwarten
labels-wait = So viele Chats mit Label zu zählen dauert einen Moment.
compared-hint = Jeder Kunde zählt je Mitarbeiter einmal. Verglichen wird Gleiches mit Gleichem: eine Linie, ein Kanal, eine Skala. Höchstens 1 von 20 Seiten zeigt einen falschen Unterschied. Die Intervalle sind nicht für die Anzahl der Mitarbeiter korrigiert.
head-estimate = Schätzung
compared-estimate = Schätzung: { $share }
estimate-hint = Die Schätzung ist der Anteil, gezogen zu dem, was Kollegen auf denselben Linien, Kanälen und Skalen haben, umso stärker, je weniger Antworten es gibt; Listen der Mitarbeiter sind danach geordnet, damit wenige Glückstreffer nicht führen. Wo niemand sonst bewertet wurde, bleibt der Anteil, wie er ist.
operator-kind = Person oder Bot
operator-kind-told = wie der Helpdesk es meldet ({ $kind })
operator-kind-human = Person
operator-kind-program = Bot
operator-kind-hint = Gilt für Chats, die ab jetzt geschlossen werden. Übergibt ein Bot einen Chat an eine Person, zählt der Chat für die Person.
done-operator-kind = Gespeichert. Gilt für Chats, die ab jetzt geschlossen werden.
latest-title = Neueste Bewertungen
latest-none = Noch keine. Neue erscheinen hier automatisch.
latest-all = Alle Bewertungen
me-title = Meine Bewertungen
me-lead = Was Kunden über ihre Chats mit Ihnen sagen.
me-empty = Noch nicht genug Antworten
me-groups = Im Verlauf
me-comments = Was Kunden geschrieben haben
me-comments-not = Sie haben keinen Zugriff auf Kommentare. Ein Admin kann das ändern.
me-comments-none = In diesen Wochen gibt es keine Kommentare.
first-title-steps = Erste Schritte
first-done = erledigt
first-connect = Kanal verbinden
first-connect-words = Fügen Sie einen Bot, einen Webchat, eine Nummer oder ein Postfach hinzu, und Ihren Helpdesk. Lastword probiert sie vor dem Speichern aus.
first-line = Linie anlegen
first-line-words = Eine Linie ist eine Warteschlange von Chats mit eigener Frage: Skala, Wortlaut und Zeitpunkt.
first-recipient = Empfänger für Benachrichtigungen anlegen
first-recipient-words = Er erfährt binnen Sekunden von einer schlechten Bewertung, in dem Messenger, den er ohnehin nutzt.
first-try = An sich selbst ausprobieren
first-try-words = Schreiben Sie Ihrem Bot, lassen Sie sich fragen, antworten Sie schlecht und sehen Sie die Benachrichtigung ankommen.
today-usual = Heute bis jetzt. „Sonst“ ist der Durchschnitt von bis zu vier Wochen (jeweils { $weekday }) bis { $time }; beim Anteil guter Bewertungen der ganze Tag.
usually = üblich: { $n }
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
    [one] von { $n } Antwort
   *[other] von { $n } Antworten
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
whiskers-above = Über dem übrigen Team: { $names }.
whiskers-below = Unter dem übrigen Team: { $names }.
whiskers-both = Über dem übrigen Team: { $above }. Darunter: { $below }.
whiskers-others = Bei den anderen zeigen die Daten keinen Unterschied.
whiskers-nothing = Nichts ist vergleichbar: Auf keiner Linie, keinem Kanal und keiner Skala gibt es genug Bewertungen zweier Mitarbeiter, die sich unterscheiden.
whiskers-redefined = Nichts ist vergleichbar.
whiskers-apart = { $n } nicht vergleichbar.
compared-rule = Linien, deren Definition von gut sich in diesen Tagen geändert hat, fehlen in diesem Vergleich.
num-left-off = { $n ->
    [one] { $n } weiterer mit weniger Bewertungen ist nicht dargestellt.
   *[other] { $n } weitere mit weniger Bewertungen sind nicht dargestellt.
}
me-gathered = { $n ->
    [one] Die Zahlen umfassen ganze Wochen mit mindestens { $n } Antwort, damit kein Kunde erkennbar ist. Eine Woche zählt drei Tage nach ihrem Ende.
   *[other] Die Zahlen umfassen ganze Wochen mit mindestens { $n } Antworten, damit kein Kunde erkennbar ist. Eine Woche zählt drei Tage nach ihrem Ende.
}
me-empty-words = { $n ->
    [one] Sobald { $n } Kunde Chats mit Ihnen bewertet hat, erscheinen hier die Zahlen.
   *[other] Sobald { $n } Kunden Chats mit Ihnen bewertet haben, erscheinen hier die Zahlen.
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
    [one] Benachrichtigung, die niemanden erreichte
   *[other] Benachrichtigungen, die niemanden erreichten
}
wait-deliveries = { $n ->
    [one] hängende Nachricht
   *[other] hängende Nachrichten
}
wait-connections = { $n ->
    [one] angehaltene Verbindung
   *[other] angehaltene Verbindungen
}
wait-lines = { $n ->
    [one] Linie ohne Empfänger für Benachrichtigungen
   *[other] Linien ohne Empfänger für Benachrichtigungen
}
num-reason-imported = Aus einer Datei importiert
num-reason-erased = Auf Wunsch des Kunden gelöscht
num-response-open = Antwortzeit läuft noch: { $n }
num-still-open = noch offen: { $n }
num-pooled = Daumen und Sterne zusammen
num-each-scale = jede Skala für sich
num-other-clock = Tage sind noch nach der Uhr von { $zone } gezählt, nicht { $ours }: lastword recount ausführen
target-title = Ziele
target-wanted = Ziel: { $percent } gut
target-reached = ▲ erreicht
target-missed = ▼ verfehlt
target-cannot-tell = ≈ lässt sich noch nicht sagen
target-redefined = weil sich die Skala oder die Definition von gut in diesen Tagen geändert hat
target-none = ≠ kein Urteil
target-no-cases = keine Bewertungen von Kunden, deren Antwortzeit vorbei ist
target-answers = erst mit insgesamt etwa { $n } Kunden ließe es sich sagen, wenn der Anteil so bleibt
since-look = Seit Ihrem letzten Blick,
since-week = Seit
since-all = Alle schlechten Bewertungen
since-nothing = Keine Chats geschlossen und keine schlechten Bewertungen erhalten.
since-closed = { $n ->
    [one] { $n } Chat beendet, { $rated } bewertet.
   *[other] { $n } Chats beendet, { $rated } bewertet.
}
since-good = { $n } von { $of } gut.
since-low = { $n ->
    [0] Keine schlechten Bewertungen erhalten.
    [one] Eine schlechte Bewertung erhalten, gezählt nach dem Zeitpunkt der Abgabe.
   *[other] { $n } schlechte Bewertungen erhalten, gezählt nach dem Zeitpunkt der Abgabe.
}
since-worst = Schlechte Bewertungen, zuerst die mit Kommentar
wait-late = { $n ->
    [one] überfällig
   *[other] überfällig
}
wait-slipped = { $n ->
    [one] seit über einem Tag ohne Antwort
   *[other] seit über einem Tag ohne Antwort
}
tab-overview = Überblick
tab-compare = Im Vergleich
tab-reasons = Gründe
tab-week = Tage und Stunden
tab-details = Alle Zahlen
changes-title = Was sich geändert hat
changes-none = Keine klare Änderung gegenüber { $days }.
changes-hint = { $n ->
    [0] Verglichen mit { $days }: alle Chats. Jeder Kunde zählt je Zeitraum einmal, mit der letzten Frage, deren Zeit vorbei ist, und nur innerhalb derselben Linie, desselben Kanals und derselben Skala. Höchstens 1 von 20 Berichten zeigt eine Änderung, die keine ist.
    [one] Verglichen mit { $days }: alle Chats sowie eine Linie, ein Kanal oder ein Mitarbeiter. Jeder Kunde zählt je Zeitraum einmal, mit der letzten Frage, deren Zeit vorbei ist, und nur innerhalb derselben Linie, desselben Kanals und derselben Skala. Höchstens 1 von 20 Berichten zeigt eine Änderung, die keine ist.
   *[other] Verglichen mit { $days }: alle Chats sowie { $n } Linien, Kanäle und Mitarbeiter. Jeder Kunde zählt je Zeitraum einmal, mit der letzten Frage, deren Zeit vorbei ist, und nur innerhalb derselben Linie, desselben Kanals und derselben Skala. Höchstens 1 von 20 Berichten zeigt eine Änderung, die keine ist.
}
change-scale = ≠ andere Skala: nicht verglichen
change-rule = ≠ andere Festlegung von „gut“: nicht verglichen
change-rule-some = ohne Linien mit anderer Definition von gut
changes-rule = Linien, auf denen „gut“ jetzt anders festgelegt ist, fehlen im Vergleich der Bewertungen.
changes-reasons-rule = Gründe schlechter Bewertungen sind ohne Linien verglichen, auf denen im Zeitraum davor andere Werte als schlecht zählten.
changes-all = alle Chats
changes-ends = 95-%-Intervall: { $low } bis { $high }
changes-mix = { $share }: innerhalb gleicher Linien, Kanäle und Skalen { $points } Punkte (95-%-Intervall: { $low } bis { $high }). Eine andere Mischung davon macht { $mix } Punkte aus.
changes-mix-few = { $share }: innerhalb gleicher Linien, Kanäle und Skalen { $points } Punkte. Zu wenige Kunden, um zu sagen, was eine andere Mischung davon ausmacht.
changes-scale = Kunden haben nicht in beiden Zeiträumen auf denselben Skalen bewertet. Daumen und Sterne werden nie miteinander verglichen: { $compared } von { $now } Kunden jetzt und { $comparedBefore } von { $before } davor haben ein Gegenstück.
changes-wait = Der Vergleich mit dem Zeitraum davor wird berechnet.
changes-case = Was zählt
case-counts = Zählungen
case-counts-words = Jede Zahl von geschlossenen Chats, Fragen und Bewertungen zählt alle und führt zu ihrer Liste. Eine Zählung behauptet nichts.
case-over = Nur Fragen, deren Zeit vorbei ist
case-over-words = Eine Frage zählt in der Antwortquote und in allem, was behauptet wird, sobald die Zeit für eine Antwort vorbei ist, ob sie beantwortet wurde oder nicht. Eine Frage von gestern zählte sonst nur, wenn sie beantwortet wurde.
case-vote = Eine Stimme je Kunde und Zeitraum
case-vote-words = Wo etwas behauptet wird, zählt jeder Kunde je Zeitraum einmal, mit der letzten Frage, deren Zeit vorbei ist: Antworten eines Kunden ähneln sich.
case-like = Gleiches mit Gleichem
case-like-words = Verglichen werden nur Kunden derselben Linie, desselben Kanals und derselben Skala. Was eine andere Mischung davon ausmacht, steht für sich. Daumen und Sterne werden nie miteinander verglichen.
case-sure = Wie sicher eine Zahl ist
case-sure-words = Intervalle gelten auch für Kunden, die wiederkommen: Viele Antworten weniger Kunden sagen weniger als ebenso viele von vielen. Hat sich nichts geändert, nennt höchstens einer von zwanzig Berichten eine Änderung.
case-daily = Jeden Tag gelesen
case-daily-words = Aussagen über Ziele und Experimente halten ihr Versprechen, wie oft man auch hinsieht. Alle Briefe eines Monats zusammen nennen in höchstens einem von zwanzig Monaten eine Änderung, die keine ist.
figure-arrived = Zugestellte Fragen
changes-line = Linie
changes-channel = Kanal
changes-operator = Mitarbeiter
changes-reason = Grund schlechter Bewertungen
own-past-title = Verglichen mit sich selbst früher
own-past-points = { $points } Punkte (95-%-Intervall: { $low } bis { $high })
own-past-few = { $points } Punkte; zu wenige Fälle für ein Intervall
own-past-hint = Jeder Kunde zählt einmal und nur innerhalb derselben Linie, desselben Kanals und derselben Skala. Hinter einem Unterschied können auch andere Kunden, Themen oder Einstellungen stehen.
heat-alike = Keine Stunde hat deutlich mehr schlechte Bewertungen als die anderen.
heat-nothing = Stunden sind nicht vergleichbar, weil sich die Definition von schlecht in diesen Tagen geändert hat.
heat-rule = Linien, deren Definition von schlecht sich in diesen Tagen geändert hat, fehlen in diesem Vergleich.
heat-worse = Deutlich mehr schlechte Bewertungen als in anderen Stunden: { $hours }.
legend-more = Weitere Zeichen
num-columns = Spalten
num-add-filter = Filter
