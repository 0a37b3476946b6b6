# Lines: their settings, what the client sees, the dry run.
said-yes = ja
said-no = nein
lines-lead = Jede Linie fragt ihre Kunden nach eigenen Regeln.
lines-none = Noch keine Linie
lines-none-words = Eine Linie ist eine Warteschlange von Chats mit eigenen Bewertungseinstellungen. Legen Sie die erste an, mit der Kennung, die Ihr Helpdesk verwendet.
line-word = Linie
line-session = Sitzung
line-older = Ältere
line-asks = Fragt
line-today = Heute
line-on = an
line-off = aus
line-archived = abgelegt
line-new = Neue Linie
line-make = Linie anlegen
line-name = Name
line-name-hint = Wie Menschen ihn lesen.
line-id = Kennung
line-id-hint = Wie Ihr Helpdesk sie nennt; sie bleibt für immer.
line-scale-hint = Alles andere lässt sich danach einstellen.
line-scale-binary = 👍 oder 👎
line-scale-five-star = fünf Sterne
line-at-once = sofort
line-n-seconds = { $n ->
    [one] { $n } Sekunde
   *[other] { $n } Sekunden
}
line-n-minutes = { $n ->
    [one] { $n } Minute
   *[other] { $n } Minuten
}
line-n-hours = { $n ->
    [one] { $n } Stunde
   *[other] { $n } Stunden
}
line-n-days = { $n ->
    [one] { $n } Tag
   *[other] { $n } Tage
}
line-n-closed = { $n ->
    [one] { $n } geschlossen
   *[other] { $n } geschlossen
}
line-asked-answered = { $asked } gefragt, { $answered } beantwortet
line-good-share = { $share } gut
line-archive = Linie ablegen
line-archive-hint = Eine abgelegte Linie fragt niemanden. Bewertungen und Zahlen bleiben, und sie lässt sich zurückholen.
line-restore = Linie zurückholen
line-restore-hint = Die Linie ist abgelegt und fragt niemanden.
line-tab-rating = Bewertung
line-tab-plan = Probelauf
line-tab-versions = Versionen
line-texts-own = eigene Texte
line-texts-built-in = eingebaute Texte
line-texts-add = Weitere Sprache
line-texts-add-button = Hinzufügen
line-texts-add-hint = Ihr Kürzel, etwa fr oder pt-BR. Was leer bleibt, kommt in der Sprache der Linie.
line-versions-lead = Jede Änderung bleibt erhalten. Zurückgehen macht eine neue Version; frühere Abschlüsse behalten ihre Einstellungen.
line-version-n = Version { $n }
line-version-present = aktuell
line-version-back = Hierher zurück
line-version-first = Die Linie wurde angelegt.
line-version-same = Ohne geänderte Einstellungen gespeichert.
line-warning-no-recipient = Niemand erfährt von einer schlechten Bewertung auf dieser Linie.
line-warning-no-supervisors = Die Supervisoren der Linie werden informiert, aber sie hat keine.
line-warning-unknown-recipient = Es gibt keinen Empfänger { $name }.
line-warning-empty-group = Die Gruppe { $name } ist leer.
line-warning-not-reached = { $name } ist nicht erreichbar: abgeschaltet oder ohne Verbindung für Meldungen.
line-warning-no-fallback = Der Ersatzkanal { $name } ist nicht unter den Verbindungen.
line-warning-fallback-cannot = Der Ersatzkanal { $name } kann auf dieser Skala nicht fragen.
done-line-made = Die Linie { $name } ist da. Legen Sie fest, wer von schlechten Bewertungen erfährt.
done-line-saved = Gespeichert. Es gilt für Abschlüsse ab jetzt.
done-line-archived = { $name } ist abgelegt.
done-line-restored = { $name } ist wieder da.
done-line-back = Die Einstellungen der Version { $name } gelten wieder.
set-save = Speichern
set-save-hint = Frühere Abschlüsse behalten die Einstellungen, nach denen entschieden wurde.
set-form-wrong = { $n ->
    [one] { $n } Einstellung geht so nicht; der Grund steht dabei. Nichts wurde gespeichert.
   *[other] { $n } Einstellungen gehen so nicht; die Gründe stehen dabei. Nichts wurde gespeichert.
}
set-clash-title = { $name } hat diese Linie inzwischen geändert
set-clash-words = Von Ihnen ging nichts verloren, von anderen wurde nichts überschrieben: unten steht Ihres, hier, was geändert wurde. Wählen Sie.
set-clash-both = Beides zusammenführen
set-clash-mine = Meines darüber speichern
set-clash-theirs = Meines verwerfen
set-part-asking = Fragen
set-part-asking-lead = Ob, wann und auf welcher Skala nach einem Abschluss gefragt wird.
set-part-texts = Texte
set-part-texts-lead = Die Sprache des Kunden entscheidet. Was leer bleibt, wird mit den eingebauten Texten gesagt, die grau dastehen.
set-part-low = Schlechte Bewertungen
set-part-low-lead = Was als schlecht gilt und was dann gefragt wird.
set-part-alerts = Meldungen
set-part-alerts-lead = Wer sofort von einer schlechten Bewertung erfährt, und wer, wenn niemand reagiert.
set-part-answering = Antworten
set-part-answering-lead = Wie viel Zeit der Kunde hat und wessen Bewertung es ist.
set-part-leaving-out = Wann nicht gefragt wird
set-part-leaving-out-lead = Jeder ausgelassene Abschluss behält seinen Grund, und die Zahlen zeigen ihn.
set-part-windows = Ruhezeiten und Fenster
set-part-windows-lead = Manche Kanäle erlauben Nachrichten nur eine Zeit lang nach der letzten des Kunden. Der Reihe nach: früher, Vorlage, anderer Kanal. Sonst wird nicht gefragt.
set-enabled = Kunden dieser Linie fragen
set-name = Name der Linie
set-archived = Abgelegt
set-scale = Skala
set-delay_secs = Verzögerung nach dem Abschluss
set-delay_secs-hint = Der Webchat fragt sofort, solange der Besucher da ist.
set-language = Sprache der Linie
set-language-hint = Wo die des Kunden unbekannt ist oder keine Texte hat.
set-ask_after_timeout = Auch wenn der Chat schloss, weil niemand schrieb
set-ask_after_bot = Auch wenn ein Bot den Chat schloss
set-texts-question = Frage
set-texts-reminder = Erinnerung
set-texts-thanks_good = Dank nach guter Bewertung
set-texts-thanks_low = Dank nach schlechter Bewertung
set-texts-expired = Wenn die Zeit vorbei ist
set-texts-resolved = Wurde es gelöst?
set-texts-comment = Beschriftung des Kommentarfelds
set-texts-reasons = Gründe zur Auswahl
set-texts-reasons-hint = Einer je Zeile, höchstens acht. Nach einer schlechten Bewertung werden sie Knöpfe.
set-low_max = Schlecht ist bis
set-low-usual = wie üblich: 👎 oder zwei Sterne
set-low-stars = { $n ->
    [one] { $n } Stern
   *[other] { $n } Sterne
}
set-follow_up-reasons = Nach schlechter Bewertung Gründe anbieten
set-follow_up-comment = Nach schlechter Bewertung um einen Kommentar bitten
set-follow_up-resolved = Fragen, ob das Anliegen gelöst wurde
set-resolved-never = nie
set-resolved-after-low = nach schlechter Bewertung
set-resolved-always = nach jeder Bewertung
set-alerts-recipients = Sofort informiert
set-alerts-recipients-hint = Empfänger werden auf ihrer eigenen Seite angelegt, mit einem Knopf zum Testen.
set-alerts-supervisors = Supervisoren dieser Linie
set-alerts-text = Text der Meldung
set-alerts-text-hint = Eingesetzt werden: #LINE#, #OPERATOR#, #SCORE#, #SESSION#, #CHANNEL#, #TIME#, #LINK#
set-alerts-escalate_after_minutes = Weiterleiten, wenn niemand reagiert nach
set-alerts-escalate_after_minutes-hint = Leer: nie.
set-alerts-escalate_to = Dann informiert, Stufe für Stufe
alert-to-operator = zuständiger Operator
alert-to-supervisors = Supervisoren der Linie
alert-nobody = niemand
set-expires_after_hours = Die Frage ist offen für
set-expires_after_hours-hint = Für eine spätere Antwort wird gedankt; sie wird getrennt aufbewahrt.
set-change_minutes = Die Bewertung lässt sich ändern für
set-reminder_after_hours = Eine Erinnerung nach
set-reminder_after_hours-hint = Leer: keine. Nur innerhalb des Fensters.
set-other_text = Wenn der Kunde etwas anderes schreibt
set-other-text-keep-open = bleibt die Frage offen
set-other-text-cancel = ist die Frage vorbei
set-attribution = Wessen Bewertung es ist
set-attribution-closing = des Operators, der den Chat schloss
set-attribution-shared = aller, die geschrieben haben
set-skip-no_operator = Wenn kein Mitarbeiter beteiligt war
set-skip-no_operator-hint = Aus: Der Kunde wird auch gefragt, wenn weder der Abschluss noch die Sitzung einen Mitarbeiter nennt.
set-skip-operator_silent = Wenn kein Operator etwas schrieb
set-skip-client_silent = Wenn der Kunde nichts schrieb
set-skip-min_messages = Weniger Nachrichten als
set-skip-min_messages-hint = 0 fragt nach jedem Gespräch.
set-once_per_client_hours = Denselben Kunden höchstens einmal in
set-once_per_client_hours-hint = Über alle Linien und Kanäle; 0 fragt jedes Mal.
set-sampling_percent = Fragen nach
set-sampling_percent-hint = Aller Abschlüsse; die Auswahl ist wiederholbar.
set-quiet_hours = Ruhezeiten einhalten
set-quiet_hours-from = Von
set-quiet_hours-to = Bis
set-quiet_hours-time_zone = Zeitzone
set-quiet_hours-time_zone-hint = Etwa Europe/Berlin; leer: die der Organisation.
set-quiet_hours-shut_out = Wenn die Frage nicht so lange warten kann
set-shut-out-early = vorher fragen
set-shut-out-skip = nicht fragen
set-window-ask_early = Früher fragen, solange das Fenster offen ist
set-window-template = Genehmigte Vorlage nutzen, wo es eine gibt
set-window-fallback = Über einen anderen Kanal fragen
set-no-fallback = keinen
set-unit-seconds = Sekunden
set-unit-minutes = Minuten
set-unit-hours = Stunden
set-unit-days = Tage
set-bad-number = Schreiben Sie eine ganze Zahl von { $min } bis { $max }.
set-bad-duration = Schreiben Sie eine ganze Zahl und wählen Sie die Einheit.
set-bad-id = Schreiben Sie 1 bis 64 Buchstaben, Ziffern oder - _ . :
set-bad-id-taken = Diese Kennung ist vergeben. Wählen Sie eine andere.
set-bad-line-name = Schreiben Sie 1 bis 200 Zeichen in einer Zeile.
set-bad-alert-text = Höchstens 2000 Zeichen.
set-bad-language = Schreiben Sie ein Sprachkürzel, etwa en oder pt-BR.
set-bad-text = Höchstens 640 Zeichen, damit es in jeden Kanal passt.
set-bad-reasons = Höchstens acht Gründe mit 1 bis 40 Zeichen, einer je Zeile.
set-bad-sampling-percent = Schreiben Sie 0 bis 100.
set-bad-low-max = Diese Bewertung gibt es auf der Skala der Linie nicht.
set-bad-scale = Diese Skala gibt es nicht. Wählen Sie Daumen oder Sterne.
set-bad-expires-after-hours = Schreiben Sie 1 Stunde bis 90 Tage.
set-bad-delay-secs = Die Frage wäre vorbei, bevor sie gesendet wird: kürzen Sie die Verzögerung.
set-bad-reminder-after-hours = Die Erinnerung liegt zwischen Frage und Ende: mindestens 1 Stunde und weniger, als die Frage offen ist.
set-bad-alerts-escalate-to = Nennen Sie mindestens eine Stufe, oder lassen Sie die Zeit leer.
set-bad-quiet-hours-from = Schreiben Sie eine Uhrzeit von 00:00 bis 23:59.
set-bad-quiet-hours-to = Schreiben Sie eine Uhrzeit, die nicht der Anfang ist.
set-bad-quiet-hours-time-zone = Diese Zeitzone gibt es nicht. Schreiben Sie etwa Europe/Berlin.
preview-title = Vorschau
preview-moment = Nachricht
preview-show = Vorschau zeigen
preview-none = Kein Kanal dieser Version bringt Nachrichten zu Kunden.
preview-not-connected = noch nicht verbunden
preview-cannot-ask = Dieser Kanal kann auf dieser Skala nicht fragen: seine Kunden werden nicht gefragt.
preview-cut = Der Text ist für diesen Kanal zu lang und wird gekürzt.
preview-cut-labels = { $n ->
    [one] { $n } Knopf ist für diesen Kanal zu lang und wird gekürzt.
   *[other] { $n } Knöpfe sind für diesen Kanal zu lang und werden gekürzt.
}
preview-left-out = { $n ->
    [one] Für { $n } Auswahl ist kein Platz.
   *[other] Für { $n } Auswahlen ist kein Platz.
}
preview-typed = Auch zum Tippen: { $hint }
preview-new-message = Der Dank kommt als weitere Nachricht: dieser Kanal kann die Frage nicht ersetzen.
preview-no-link = #LINK# bleibt leer: http.public_url ist nicht gesetzt, von außen führt keine Adresse hierher.
preview-moment-question = Frage
preview-moment-thanks-good = Dank nach guter Bewertung
preview-moment-thanks-low = Dank nach schlechter Bewertung
preview-moment-reminder = Erinnerung
preview-moment-expired = Die Zeit ist vorbei
preview-moment-alert = Meldung einer schlechten Bewertung
preview-channel-telegram = Telegram
preview-channel-whatsapp = WhatsApp
preview-channel-messenger = Messenger
preview-channel-instagram = Instagram
preview-channel-webchat = Webchat
preview-channel-email = E-Mail
preview-channel-webhook = Nur Text (SMS und andere)
plan-lead = Was diese Linie nach vergangenen Abschlüssen gefragt hätte, neu entschieden nach den gespeicherten Einstellungen, als wäre sie an. Nichts wird gesendet.
plan-since = Geschlossen seit
plan-limit = Gelistet
plan-look = Ansehen
plan-wrong = Das ist kein Tag bis heute. Gezeigt werden die letzten sieben Tage.
plan-truncated = Es gibt mehr Abschlüsse, als ein Probelauf ansieht: die späteren fehlen.
plan-none = In dieser Zeit wurde kein Chat geschlossen
plan-none-words = Wählen Sie einen früheren Tag, oder schließen Sie einen Chat im Helpdesk.
plan-closes = Abschlüsse
plan-asked = Würden gefragt
plan-not = Würden nicht gefragt
plan-closed = Geschlossen
plan-result = Ergebnis
plan-due = Die Frage ginge
plan-way-in-time = rechtzeitig gefragt
plan-way-early = früher gefragt
plan-way-template = per Vorlage gefragt
plan-way-fallback = über anderen Kanal gefragt
plan-way-window-unknown = gefragt, ohne das Fenster zu kennen
plan-not-asked-line-off = Linie ist aus
plan-not-asked-line-archived = Linie ist archiviert
plan-not-asked-spam = als Spam geschlossen
plan-not-asked-forced = erzwungen geschlossen
plan-not-asked-by-choice = bewusst nicht gefragt
plan-not-asked-timeout-close = geschlossen, weil niemand schrieb
plan-not-asked-bot-close = von einem Bot geschlossen
plan-not-asked-no-client = keine Adresse des Kunden
plan-not-asked-channel-off = Kanal kann nicht fragen
plan-not-asked-no-operator = kein Operator
plan-not-asked-operator-silent = Operator schrieb nichts
plan-not-asked-client-silent = Kunde schrieb nichts
plan-not-asked-too-short = zu wenige Nachrichten
plan-not-asked-opted-out = Kunde will keine Fragen
plan-not-asked-blocked = Kunde hat uns blockiert
plan-not-asked-already-rated = schon bewertet
plan-not-asked-throttled = vor Kurzem gefragt
plan-not-asked-sampled-out = nicht in der Stichprobe
plan-not-asked-window-shut = Fenster geschlossen
plan-not-asked-template-missing = keine Vorlage für die Zeit außerhalb des Fensters
plan-not-asked-template-refused = Plattform nahm die Vorlage nicht an
plan-not-asked-no-form = das Formular der Plattform passt nicht
plan-not-asked-quiet-hours = Ruhezeit
plan-not-asked-too-late = zu spät gemeldet
plan-not-asked-flapping = immer wieder geschlossen und geöffnet
set-part-keeping = Zeigen und Aufbewahren
set-part-keeping-lead = Was andere von Bewertungen sehen, und wie lange bekannt ist, wessen sie sind.
set-publication = Öffentlich zeigen, was Kunden sagen
set-publication-hint = Drei Tage danach, auf einer Seite und einem Abzeichen dieser Linie.
set-retention_months = Personenbezogene Daten entfernen nach
set-retention_months-hint = Bewertungen und Zähler bleiben; 0 behält sie für immer.
set-unit-months = Monate
set-bad-retention-months = Schreiben Sie 1 bis 1200 Monate oder 0 für immer.
set-alerts = Meldungen
set-follow_up = Fragen nach schlechter Bewertung
set-window = Was tun, wenn das Fenster schließt
set-skip = Wann nicht gefragt wird
