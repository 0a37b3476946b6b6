# Deadlines for replies to low ratings.
low-due = Nach Frist
low-due-by = Antwort bis
low-late-for = { $time } überfällig
low-late = { $n ->
    [one] { $n } überfällig
   *[other] { $n } überfällig
}
alert-kind-late = Keine rechtzeitige Antwort
set-part-deadline = Frist für schlechte Bewertungen
set-part-deadline-lead = Bis wann jemand auf eine schlechte Bewertung antworten oder sie als erledigt markieren soll. Läuft die Frist ab, werden die Personen benachrichtigt, an die Benachrichtigungen eskaliert werden.
set-deadline = Frist für schlechte Bewertungen
set-deadline-hours = Antwort innerhalb von
set-deadline-hours-hint = Leer: keine Frist.
set-unit-working-hours = Arbeitsstunden
set-deadline-days = Arbeitstage
set-deadline-days-hint = Nichts gewählt: jeder Tag.
set-deadline-from = Arbeitsbeginn
set-deadline-to = Arbeitsende
set-deadline-to-hint = Beides leer: alle Stunden zählen.
set-deadline-days_off = Freie Tage
set-deadline-days_off-hint = Je Zeile einer: 2026-12-24, 2026-12-24/2026-12-31 oder 12-25 für jedes Jahr. Auch der Inhalt einer iCalendar-Datei (.ics) kann eingefügt werden: ihre ganztägigen Termine werden freie Tage. Sie haben keine Arbeitsstunden.
set-calendar-left-out = { $n ->
    [one] { $n } Termin ist nicht verwendbar. Die übrigen freien Tage stehen im Feld: zum Übernehmen noch einmal speichern. Ausgelassen: { $events }
   *[other] { $n } Termine sind nicht verwendbar. Die übrigen freien Tage stehen im Feld: zum Übernehmen noch einmal speichern. Ausgelassen: { $events }
}
set-bad-day-off = Kein freier Tag: { $line }. Schreiben Sie 2026-12-24, 2026-12-24/2026-12-31 (höchstens ein Jahr) oder 12-25 für jedes Jahr.
set-bad-calendar = Der Kalender ist nicht verwendbar: { $problem }.
set-deadline-time_zone = Zeitzone der Arbeitszeit
set-bad-deadline-from = Geben Sie eine Uhrzeit ein, etwa 09:00.
set-bad-deadline-to = Das Arbeitsende muss nach dem Beginn liegen, am selben Tag.
set-bad-deadline-time-zone = Unbekannte Zeitzone. Geben Sie etwa Europe/Berlin ein.
replies-title = Antworten auf schlechte Bewertungen
replies-replied = beantwortet
replies-in-time = rechtzeitig
replies-first = erste Antwort, Median
replies-recovered = zurückgewonnen
replies-took = { $time } (wahrscheinlich { $likely })
replies-hint = Rechtzeitig: innerhalb der Frist der Linie beantwortet oder als erledigt markiert. Der Median gilt für die beantworteten. Nachfrage: Anteil der guten unter den zweiten Bewertungen.
