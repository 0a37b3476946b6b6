# Pages of numbers: today, reports, operators, one’s own.
nav-reports = Reports
num-download = download the table
num-show = Show
num-period = Period
num-from = From
num-until = To
num-filter-line = Line
num-filter-operator = Operator
num-filter-channel = Channel
num-filter-scale = Scale
num-filter-by = Table by
num-all-lines = All lines
num-all-operators = All operators
num-all-channels = All channels
num-all-scales = All scales
num-scale-binary = Thumbs
num-scale-five-star = Stars
num-channel-webchat = Web chat
num-channel-email = Email
num-channel-none = No channel
num-operator-none = No operator
by-operator = Operator
by-line = Line
by-channel = Channel
by-day = Day
by-week = Week
by-month = Month
ask-day-wrong = Write a day such as 2026-09-30.
ask-ends-before = The end is before the start.
ask-too-long = More than ten years. Choose fewer days.
ask-period-unknown = There is no such period. Choose days here.
ask-line-unknown = There is no such line.
ask-scale-unknown = There is no such scale.
ask-by-unknown = The table cannot be made by this.
ask-by-too-many = Too many days for a table. Choose weeks or months.
ask-wrong = This makes no sense yet: look at the marked field.
period-today = Today
period-yesterday = Yesterday
period-7 = 7 days
period-30 = 30 days
period-90 = 90 days
period-month = This month
period-last-month = Last month
period-quarter = This quarter
period-year = This year
num-n-of-n = { $part } of { $of }
num-day-month = { $day } { $month }
num-no-ratings = no ratings
num-few = few answers
num-few-hint = Fewer than 30 answers: little can be said
num-response-of = { $part } of { $of } delivered
num-place = { $from } of { $of }
num-places = { $from }–{ $to } of { $of }
num-empty-title = Nothing in this time
num-empty-words = No chat was closed in these days with these filters. Choose other days, or fewer filters.
num-supervisor-scored = Supervisor’s score: { $n } of 5
took-secs = { $n } s
took-mins = { $n } min
took-hours = { $n } h
change-higher = ▲ { $points } points, more than chance
change-lower = ▼ { $points } points, more than chance
change-cannot-tell = ≈ no clear change
rule-thumbs = Good: 👍 · bad: 👎 ({ $lines })
rule-stars = Good: { $good } ★ · bad: { $bad } ★ ({ $lines })
raw-score = With the { $n } voided: { $score }
compared-with = Compared with { $days }
figure-score = Good ratings
figure-response = Response rate
figure-closed = Closed
figure-asked = Asked
figure-delivered = Delivered
figure-answered = Answered
figure-not-asked = Not asked
figure-kept-back = Kept back
figure-canceled = Taken back
figure-open = Can still answer
figure-expired = Expired
figure-unreachable = Could not be reached
figure-unsure = Perhaps arrived
figure-late = Tried too late
figure-good = Good
figure-neutral = Neutral
figure-bad = Bad
figure-bad-ratings = Bad ratings
figure-adjusted-good = Good, without voided
figure-adjusted-neutral = Neutral, without voided
figure-adjusted-bad = Bad, without voided
figure-voided = Voided
figure-average = Average of stars
figure-silent = If the silent had answered
figure-silent-of = all bad – all good
figure-resolved = Issue resolved
figure-unresolved = Issue not resolved
figure-commented = With a comment
figure-took-median = Time to rate, median
figure-took-average = Time to rate, average
figure-supervised = Scored by a supervisor
of-answered = { $share } of the ratings
median-under = under { $time }
median-between = { $from }–{ $to }
average-of-5 = average { $mean } of 5
before-was = before: { $n }
overall-is = overall: { $n } { $of }
reports-title = Reports
trend-title = Good ratings over time
trend-stars = Average of stars over time
trend-none = Nobody rated in this time.
trend-higher = { $now } are good, after { $before } in the period before: better, and by more than chance.
trend-lower = { $now } are good, after { $before } in the period before: worse, and by more than chance.
trend-cannot-tell = { $now } are good, { $before } in the period before: the data cannot tell whether that is a change.
legend-period = this period
legend-interval = 95 % interval
legend-few = few answers
legend-before = the period before
legend-closes = fewest to most closed chats
legend-bad = a larger share of bad ratings than usual
chart-table = The same as a table
head-time = Time
head-interval = 95 % interval
head-good-of = Good of rated
head-score = Score
head-ratings = Ratings
head-share = Share
head-step = Step
head-chats = Chats
head-of-before = Of the step before
head-operator = Operator
head-stars = Average ★
head-place = Place
head-id = Id
head-response-percent = Response rate, %
head-score-percent = Good, %
head-low = 95 % from
head-high = 95 % to
head-raw-percent = Good with voided, %
head-resolved-percent = Resolved, %
head-took-secs = Time to rate, s
distribution-thumbs = Thumbs
distribution-stars = Stars
funnel-title = From close to answer
funnel-finding = Of { $closed ->
    [one] { $closed } closed chat
   *[other] { $closed } closed chats
    }, { $asked ->
    [one] { $asked } was asked about
   *[other] { $asked } were asked about
    }; { $delivered ->
    [one] { $delivered } question arrived
   *[other] { $delivered } questions arrived
    }, and { $answered ->
    [one] { $answered } was answered
   *[other] { $answered } were answered
    }.
heat-title = The week by the hour
heat-none = No chat was closed in this time.
heat-finding = Most chats end on { $day } from { $time }: { $n } in these days.
heat-said = closed { $closes }, bad { $bad }
num-weekday-1 = Mon
num-weekday-2 = Tue
num-weekday-3 = Wed
num-weekday-4 = Thu
num-weekday-5 = Fri
num-weekday-6 = Sat
num-weekday-7 = Sun
num-weekday-long-1 = Monday
num-weekday-long-2 = Tuesday
num-weekday-long-3 = Wednesday
num-weekday-long-4 = Thursday
num-weekday-long-5 = Friday
num-weekday-long-6 = Saturday
num-weekday-long-7 = Sunday
whiskers-title = Operators, and how sure one can be
whiskers-one = One operator was rated: there is nobody to compare with.
whiskers-same = Cannot be told apart from the first of these
whiskers-apart = Stands alone
way-title = What became of the closes
said-title = What the ratings say
more-title = What else is known
reasons-title = Not asked, not reached: why
split-title = By: { $by }
split-hint = Every number is a count of the same closes, and leads to their list. Places: those that the data leave open; whoever shares places cannot be told apart.
num-outcome-canceled = Taken back
num-outcome-unreachable = Not reached
num-reason-line-off = Ratings are off on the line
num-reason-line-archived = The line is archived
num-reason-spam = Closed as spam
num-reason-forced = Closed by force
num-reason-by-choice = Whoever closed it chose not to ask
num-reason-timeout-close = Closed by a time-out
num-reason-bot-close = Closed by a bot
num-reason-no-client = The client is not known
num-reason-channel-off = The channel cannot ask
num-reason-no-operator = No operator took part
num-reason-operator-silent = The operator wrote nothing
num-reason-client-silent = The client wrote nothing
num-reason-too-short = Too few messages
num-reason-opted-out = The client does not want questions
num-reason-blocked = The client blocked us
num-reason-already-rated = Rated already
num-reason-throttled = Asked not long ago
num-reason-sampled-out = Not in the sample
num-reason-window-shut = The channel’s window was shut
num-reason-template-missing = There is no template for the time outside the window
num-reason-template-refused = The platform refused the template
num-reason-no-form = The platform's own form does not fit
num-reason-quiet-hours = Quiet hours
num-reason-too-late = The close was too old
num-reason-flapping = Closed again and again
num-reason-reopened = opened again
num-reason-merged = joined with another
num-reason-recipient-gone = the client is gone
operators-title = Operators
operators-empty = Nobody worked in this time
operators-all = All operators, with their numbers
compared-title = Beside the others of the line
compared-own = Own:
compared-rest = All others:
compared-higher = ▲ surely better
compared-lower = ▼ surely worse
compared-same = ≈ cannot be told apart
latest-title = Last ratings
latest-none = None yet. New ones appear here by themselves.
latest-all = All ratings
me-title = My ratings
me-lead = What clients say about their chats with you.
me-empty = Not enough answers yet
me-groups = By time
me-comments = What clients wrote
me-comments-not = Comments are not shown to you. An admin can change that.
me-comments-none = Nobody wrote anything in these weeks.
first-title-steps = First steps
first-done = done
first-connect = Connect a channel
first-connect-words = Name a bot, a site’s chat or a number under [connections] in lastword.toml, and start the server again. Clients are asked there.
first-line = Make a line
first-line-words = A line is a queue of chats with its own question: its scale, its words, and when it is asked.
first-recipient = Name a recipient of alerts
first-recipient-words = A low rating reaches this person within seconds, where they read messages anyway.
today-usual = So far today. “Usually” is the whole day, on average of the last four: { $weekday }.
usually = usually { $n }
waits-title = What waits
waits-nothing = Nothing waits for anybody.
of-closed = { $n ->
    [one] of { $n } closed chat
   *[other] of { $n } closed chats
}
of-ratings = { $n ->
    [one] of { $n } rating
   *[other] of { $n } ratings
}
of-said = { $n ->
    [one] of { $n } who said
   *[other] of { $n } who said
}
took-days = { $n ->
    [one] { $n } day
   *[other] { $n } days
}
trend-alone = { $n ->
    [one] { $score } of { $n } rating are good.
   *[other] { $score } of { $n } ratings are good.
}
distribution-finding = { $n ->
    [one] Of { $n } rating, { $good } are good and { $bad } bad.
   *[other] Of { $n } ratings, { $good } are good and { $bad } bad.
}
whiskers-together = { $n ->
    [one] The data cannot tell { $n } operator apart.
   *[other] The data cannot tell these { $n } operators apart.
}
whiskers-groups = { $n ->
    [one] { $n } group: in it, the data cannot tell anybody apart from the first.
   *[other] { $n } groups: within each, the data cannot tell anybody apart from the first.
}
num-left-off = { $n ->
    [one] { $n } more with fewer ratings is left off.
   *[other] { $n } more with fewer ratings are left off.
}
me-gathered = { $n ->
    [one] Numbers are shown in groups of whole weeks with at least { $n } answer, so that no single client can be recognised. A week counts three days after its end.
   *[other] Numbers are shown in groups of whole weeks with at least { $n } answers, so that no single client can be recognised. A week counts three days after its end.
}
me-empty-words = { $n ->
    [one] As soon as { $n } client has rated chats with you, their numbers appear here.
   *[other] As soon as { $n } clients have rated chats with you, their numbers appear here.
}
wait-low = { $n ->
    [one] low rating that nobody has answered
   *[other] low ratings that nobody has answered
}
wait-held = { $n ->
    [one] lowered score is held: make it good while there is time
   *[other] lowered scores are held: make them good while there is time
}
wait-alerts = { $n ->
    [one] alert that reached nobody
   *[other] alerts that reached nobody
}
wait-deliveries = { $n ->
    [one] delivery that needs a person
   *[other] deliveries that need a person
}
wait-connections = { $n ->
    [one] connection that stands still
   *[other] connections that stand still
}
wait-lines = { $n ->
    [one] line without a recipient of alerts
   *[other] lines without a recipient of alerts
}
num-reason-imported = Imported from a file
num-reason-erased = Erased at the client’s wish
