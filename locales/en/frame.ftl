# What stands on every page.
skip = To the content
menu = Menu
nav-today = Today
nav-ratings = Ratings
nav-low = Low ratings
nav-operators = Operators
nav-me = My ratings
nav-lines = Lines
nav-recipients = Recipients
nav-connections = Connections
nav-deliveries = Deliveries
nav-alerts = Alerts
nav-audit = Audit
nav-people = People & keys
role-admin = Admin
role-supervisor = Supervisor
role-operator = Operator
theme = Appearance
theme-auto = Auto
theme-light = Light
theme-dark = Dark
language = Language
sign-out = Sign out
login-ended = You are signed out.
n-waiting = { $n ->
    [one] { $n } low rating waits for an answer
   *[other] { $n } low ratings wait for an answer
}
just-now = just now
ago-minutes = { $n ->
    [one] { $n } minute ago
   *[other] { $n } minutes ago
}
ago-hours = { $n ->
    [one] { $n } hour ago
   *[other] { $n } hours ago
}
ago-days = { $n ->
    [one] { $n } day ago
   *[other] { $n } days ago
}
date = { $day } { $month } { $year }
date-time = { $date }, { $time }
today-at = today, { $time }
month-short-1 = Jan
month-short-2 = Feb
month-short-3 = Mar
month-short-4 = Apr
month-short-5 = May
month-short-6 = Jun
month-short-7 = Jul
month-short-8 = Aug
month-short-9 = Sep
month-short-10 = Oct
month-short-11 = Nov
month-short-12 = Dec
score-good = Good
score-bad = Bad
score-stars = { $n } of 5 stars
problem-home = To the start
problem-id = The log knows this call by the id { $id }.
problem-missing-title = Nothing is here
problem-missing = The address is wrong, the link is no longer valid, or it is not for your account.
problem-forbidden-title = Not allowed
problem-forbidden = Your role does not allow this, or the form was too old. Go back, load the page again and try once more.
problem-large-title = Too much for this file
problem-large = The list is too long to make this file of it. Take the CSV file, or narrow the filter, for instance to a shorter period.
problem-often-title = Too many calls
problem-often = Wait a moment, then try again.
problem-busy-title = Busy at the moment
problem-busy = Nothing was lost. Try again in a few seconds.
problem-internal-title = Something went wrong on our side
problem-internal = Nothing was left half-done. Try again; if it stays, tell the person who runs this server.
problem-conflict-title = Somebody was faster
problem-conflict = What you wanted to change is different now. Go back, load the page again and look.
problem-wrong-title = This cannot be done
problem-wrong = Something in the form or in the address makes no sense here. Go back and look at it again.
table-scrolls = More columns to the side: scroll this table.
