# Das Feld im Helpdesk.
panel-title = Bewertung
panel-no-script = Dieser Bereich benötigt JavaScript.
panel-sign-in-lead = Mit Ihrem Lastword-Konto. Sie bleiben angemeldet, solange dieser Tab geöffnet ist.
panel-waiting = Wählen Sie einen Chat, um hier die Bewertung zu sehen.
panel-failed = Der Server ist nicht erreichbar. Versuchen Sie es noch einmal.
panel-chat = Chat { $id }
panel-unknown = Über diesen Chat ist noch nichts bekannt, oder er gehört nicht zu Ihren Linien. Er erscheint hier, sobald der Helpdesk ihn gemeldet hat.
panel-open = In Lastword öffnen
panel-hold = Nicht fragen
panel-hold-lead = Die Frage ist noch nicht gesendet. Sie können diesen Chat noch auslassen.
panel-held = Zu diesem Chat wird nicht gefragt.
panel-too-late = Zu spät: Der Chat hat sich inzwischen geändert.
panel-earlier = Frühere Bewertungen dieses Kunden
panel-earlier-none = Keine, auf die Sie Zugriff haben.
