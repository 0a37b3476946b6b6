# The way in, and one's own account.
sign-in = Sign in
sign-in-empty = Type your login and your password.
sign-in-wrong = The login or the password is wrong.
sign-in-wait-seconds = { $n ->
    [one] Too many tries. Try again in { $n } second.
   *[other] Too many tries. Try again in { $n } seconds.
}
sign-in-wait-minutes = { $n ->
    [one] Too many tries. Try again in { $n } minute.
   *[other] Too many tries. Try again in { $n } minutes.
}
sign-in-plain = This connection is not encrypted: others on the way can read your password. Use an address that begins with https.
sign-in-nobody = Nobody has an account yet. The console of the server shows a link that makes the first admin; it is shown again when the server starts.
sign-in-forgot = Forgot your password? An admin can give you a link to choose a new one.
field-login = Login
field-login-hint = What you type to sign in: letters, digits and - _ . @ +
field-name = Your name
field-name-hint = As others see it.
field-password = Password
field-password-now = Present password
field-password-new = New password
field-password-again = New password once more
field-password-hint = 12 characters or more. Four words that do not belong together are easy to remember and hard to guess.
first-title = Make the first admin
first-lead = This is your own installation of Lastword. The first account may do everything and adds the others.
first-make = Make the account
choose-title = Choose a password
choose-keep = Keep the password
account-who = You sign in as { $login }.
account-title = My account
account-password = Password
account-logins = Where you are signed in
account-logins-lead = A login ends after 30 minutes without use, and after 12 hours in any case.
account-this = this browser
account-since = since
account-seen = last used
account-end-others = Sign out everywhere else
password-short = The password needs at least { $n } characters.
password-long = The password may have at most { $n } characters.
password-common = This password is one of those that are tried first. Choose another.
password-holds-login = The password must not contain the login.
password-differs = The two passwords are not the same.
password-now-wrong = This is not your present password.
name-wrong = Write a name of 1 to 100 characters on one line.
login-wrong = Write 1 to 100 letters, digits or - _ . @ +, without blanks.
done-password = The new password holds from now on. All other logins have ended.
done-logins = Signed out there.
done-signed-out = You are signed out.
