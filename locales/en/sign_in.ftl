# The way in, and one's own account.
sign-in = Sign in
sign-in-empty = Enter your login and password.
sign-in-wrong = Wrong login or password.
sign-in-wait-seconds = { $n ->
    [one] Too many attempts. Try again in { $n } second.
   *[other] Too many attempts. Try again in { $n } seconds.
}
sign-in-wait-minutes = { $n ->
    [one] Too many attempts. Try again in { $n } minute.
   *[other] Too many attempts. Try again in { $n } minutes.
}
sign-in-plain = This connection is not encrypted: others on the network can read your password. Use an address that starts with https.
sign-in-nobody = There are no accounts yet. The server’s console shows a link to create the first admin; restart the server to see it again.
sign-in-forgot = Forgot your password? An admin can give you a link to choose a new one.
field-login = Login
field-login-hint = Letters, digits and - _ . @ +
field-name = Your name
field-name-hint = Shown to others.
field-password = Password
field-password-now = Current password
field-password-new = New password
field-password-again = Repeat the new password
field-password-hint = At least 12 characters. Four unrelated words are easy to remember and hard to guess.
first-title = Create the first admin
first-lead = This is your own installation of Lastword. The first account has full access and can add the others.
first-make = Create account
choose-title = Choose a password
choose-keep = Save password
account-who = Your login is { $login }.
account-title = My account
account-password = Password
account-logins = Where you are signed in
account-logins-lead = You are signed out after 30 minutes without activity, and after 12 hours in any case.
account-this = this browser
account-since = since
account-seen = last active
account-end-others = Sign out everywhere else
password-short = The password needs at least { $n } characters.
password-long = The password can have at most { $n } characters.
password-common = This is one of the most common passwords. Choose another.
password-holds-login = The password must not contain your login.
password-differs = The two passwords do not match.
password-now-wrong = This is not your current password.
name-wrong = Enter a name of 1 to 100 characters on one line.
login-wrong = Enter 1 to 100 letters, digits or - _ . @ +, without spaces.
done-password = Password changed. You have been signed out everywhere else.
done-logins = Signed out everywhere else.
done-signed-out = You are signed out.
manual-title = Manual
manual-steps = Step by step, in the manual
