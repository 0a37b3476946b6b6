# Notifications in browsers.
push-title = Mitteilungen in diesem Browser
push-lead = Dieser Browser zeigt eine schlechte Bewertung auf Ihren Linien auch dann, wenn keine Seite offen ist. Linie, Note, Gründe und die ersten Worte gehen über den Push-Dienst des Browserherstellers, so verschlüsselt, dass nur dieser Browser sie lesen kann. Wenn Sie sich hier abmelden, wird das ausgeschaltet.
push-low = Schlechte Bewertungen
push-late = Schlechte Bewertungen ohne rechtzeitige Antwort
push-on = In diesem Browser einschalten
push-keep = Speichern
push-off = Ausschalten
push-remove = Entfernen
push-gone = Nicht mehr erreichbar, daher ausgeschaltet:
push-insecure = Das geht nur über https. Verwenden Sie eine Adresse, die mit https beginnt.
push-unsupported = Dieser Browser kann keine Mitteilungen anzeigen. Fügen Sie Lastword auf dem iPhone oder iPad zuerst zum Home-Bildschirm hinzu und öffnen Sie es von dort.
push-denied = Dieser Browser blockiert Mitteilungen dieser Website. Erlauben Sie sie in seinen Einstellungen und versuchen Sie es noch einmal.
push-failed = Das Einschalten ist nicht gelungen. Prüfen Sie die Verbindung und versuchen Sie es noch einmal.
push-no-script = Mitteilungen brauchen JavaScript.
done-push-on = Mitteilungen sind in diesem Browser eingeschaltet.
done-push-kept = Gespeichert.
done-push-off = Mitteilungen sind dort ausgeschaltet.
