# What stands on every page.
skip = Skip to content
menu = Menu
nav-work = Work
nav-numbers = Numbers
nav-setup = Setup
nav-today = Today
nav-ratings = Ratings
nav-low = Low ratings
nav-operators = Operators
nav-me = My ratings
nav-lines = Lines
nav-recipients = Recipients
nav-connections = Connections
nav-deliveries = Messages
nav-alerts = Alerts
nav-audit = Audit log
nav-people = People & API keys
role-admin = Admin
role-supervisor = Supervisor
role-operator = Operator
theme = Appearance
theme-auto = Auto
theme-light = Light
theme-dark = Dark
language = Language
sign-out = Sign out
login-ended = You have been signed out.
n-waiting = { $n ->
    [one] { $n } low rating to answer
   *[other] { $n } low ratings to answer
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
problem-home = Go to the home page
problem-id = Log reference: { $id }
problem-missing-title = Page not found
problem-missing = The address is wrong, the link has expired, or your account does not have access.
problem-forbidden-title = Not allowed
problem-forbidden = Your role does not allow this, or the form has expired. Go back, reload the page and try again.
problem-large-title = Too long for one file
problem-large = The list is too long for this file format. Download it as CSV, or narrow the filter, for example to a shorter period.
problem-often-title = Too many requests
problem-often = Wait a moment, then try again.
problem-busy-title = The server is busy
problem-busy = Nothing was lost. Try again in a few seconds.
problem-internal-title = Something went wrong
problem-internal = Nothing was changed. Try again; if it keeps happening, contact the person who runs this server.
problem-conflict-title = Someone else made a change first
problem-conflict = What you wanted to change has been changed in the meantime. Go back, reload the page and check.
problem-wrong-title = This request is not valid
problem-wrong = Something in the form or the address is not valid. Go back and check it.
table-scrolls = Scroll sideways to see more columns.
