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
sign-in-plain = Diese Verbindung ist nicht verschlüsselt: Andere können Ihr Passwort unterwegs lesen. Nehmen Sie eine Adresse, die mit https beginnt.
sign-in-nobody = Noch hat niemand ein Konto. Die Konsole des Servers zeigt einen Link, der den ersten Administrator anlegt; beim Start des Servers erscheint er wieder.
sign-in-forgot = Passwort vergessen? Ein Administrator kann Ihnen einen Link geben, mit dem Sie ein neues wählen.
field-login = Anmeldename
field-login-hint = Damit melden Sie sich an: Buchstaben, Ziffern und - _ . @ +
field-name = Ihr Name
field-name-hint = So sehen ihn andere.
field-password = Passwort
field-password-now = Bisheriges Passwort
field-password-new = Neues Passwort
field-password-again = Neues Passwort noch einmal
field-password-hint = Mindestens 12 Zeichen. Vier Wörter, die nicht zusammengehören, merkt man sich leicht, und niemand errät sie.
first-title = Den ersten Administrator anlegen
first-lead = Das ist Ihre eigene Installation von Lastword. Das erste Konto darf alles und legt die anderen an.
first-make = Konto anlegen
choose-title = Ein Passwort wählen
choose-keep = Passwort speichern
account-who = Sie melden sich als { $login } an.
account-title = Mein Konto
account-password = Passwort
account-logins = Wo Sie angemeldet sind
account-logins-lead = Eine Anmeldung endet nach 30 Minuten ohne Nutzung, in jedem Fall nach 12 Stunden.
account-this = dieser Browser
account-since = seit
account-seen = zuletzt genutzt
account-end-others = Überall sonst abmelden
password-short = Das Passwort braucht mindestens { $n } Zeichen.
password-long = Das Passwort darf höchstens { $n } Zeichen haben.
password-common = Dieses Passwort wird mit als erstes probiert. Wählen Sie ein anderes.
password-holds-login = Das Passwort darf den Anmeldenamen nicht enthalten.
password-differs = Die beiden Passwörter sind nicht gleich.
password-now-wrong = Das ist nicht Ihr bisheriges Passwort.
name-wrong = Schreiben Sie einen Namen mit 1 bis 100 Zeichen in einer Zeile.
login-wrong = 1 bis 100 Buchstaben, Ziffern oder - _ . @ +, ohne Leerzeichen.
done-password = Das neue Passwort gilt ab jetzt. Alle anderen Anmeldungen sind beendet.
done-logins = Dort abgemeldet.
done-signed-out = Sie sind abgemeldet.
