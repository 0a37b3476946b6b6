# Der Weg hinein und das eigene Konto.
sign-in = Anmelden
sign-in-empty = Geben Sie Anmeldenamen und Passwort ein.
sign-in-wrong = Anmeldename oder Passwort ist falsch.
sign-in-wait-seconds = { $n ->
    [one] Zu viele Versuche. Versuchen Sie es in { $n } Sekunde noch einmal.
   *[other] Zu viele Versuche. Versuchen Sie es in { $n } Sekunden noch einmal.
}
sign-in-wait-minutes = { $n ->
    [one] Zu viele Versuche. Versuchen Sie es in { $n } Minute noch einmal.
   *[other] Zu viele Versuche. Versuchen Sie es in { $n } Minuten noch einmal.
}
sign-in-plain = Diese Verbindung ist nicht verschlüsselt: Andere im Netz können Ihr Passwort mitlesen. Verwenden Sie eine Adresse, die mit https beginnt.
sign-in-nobody = Es gibt noch keine Konten. Die Konsole des Servers zeigt einen Link, um den ersten Admin anzulegen; nach einem Neustart des Servers erscheint er erneut.
sign-in-forgot = Passwort vergessen? Ein Admin kann Ihnen einen Link geben, mit dem Sie ein neues wählen.
field-login = Anmeldename
field-login-hint = Buchstaben, Ziffern und - _ . @ +
field-name = Ihr Name
field-name-hint = So sehen ihn andere.
field-password = Passwort
field-password-now = Aktuelles Passwort
field-password-new = Neues Passwort
field-password-again = Neues Passwort wiederholen
field-password-hint = Mindestens 12 Zeichen. Vier Wörter ohne Zusammenhang sind leicht zu merken und schwer zu erraten.
first-title = Ersten Admin anlegen
first-lead = Das ist Ihre eigene Installation von Lastword. Das erste Konto darf alles und legt die anderen an.
first-make = Konto anlegen
choose-title = Passwort wählen
choose-keep = Passwort speichern
account-who = Ihr Anmeldename ist { $login }.
account-title = Mein Konto
account-password = Passwort
account-logins = Wo Sie angemeldet sind
account-logins-lead = Sie werden nach 30 Minuten ohne Aktivität abgemeldet, spätestens nach 12 Stunden.
account-this = dieser Browser
account-since = seit
account-seen = zuletzt aktiv
account-end-others = Überall sonst abmelden
password-short = Das Passwort braucht mindestens { $n } Zeichen.
password-long = Das Passwort darf höchstens { $n } Zeichen haben.
password-common = Das ist eines der häufigsten Passwörter. Wählen Sie ein anderes.
password-holds-login = Das Passwort darf den Anmeldenamen nicht enthalten.
password-differs = Die beiden Passwörter stimmen nicht überein.
password-now-wrong = Das ist nicht Ihr aktuelles Passwort.
name-wrong = Geben Sie einen Namen mit 1 bis 100 Zeichen in einer Zeile ein.
login-wrong = Geben Sie 1 bis 100 Buchstaben, Ziffern oder - _ . @ + ein, ohne Leerzeichen.
done-password = Passwort geändert. Sie wurden überall sonst abgemeldet.
done-logins = Sie wurden überall sonst abgemeldet.
done-signed-out = Sie sind abgemeldet.
manual-title = Handbuch
manual-steps = Schritt für Schritt im Handbuch
