# Pages of numbers: today, reports, operators, one’s own.
nav-reports = Reports
num-download = Download table
num-show = Apply
num-period = Period
num-from = From
num-until = To
num-filter-line = Line
num-filter-operator = Operator
num-filter-channel = Channel
num-filter-handled-by = Handled by
num-filter-label = Label
num-filter-scale = Scale
num-filter-by = Group by
num-all-lines = All lines
num-all-operators = All operators
num-all-channels = All channels
num-all-handled = All chats
num-all-labels = Any label
handled-by-human = a person
handled-by-program = a bot
handled-by-both = a bot and a person
handled-by-nobody = unknown
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
by-handled-by = Handled by
by-label = Label
by-day = Day
by-week = Week
by-month = Month
ask-day-wrong = Enter a date such as 2026-09-30.
ask-ends-before = The end date is before the start date.
ask-too-long = Choose a period of ten years or less.
ask-period-unknown = Unknown period. Choose the dates here.
ask-line-unknown = This line does not exist. Choose another.
ask-scale-unknown = This scale does not exist. Choose another.
ask-handled-unknown = There is no such choice. Choose another.
ask-label-unknown = There is no such label. Choose another.
num-label-other = other
ask-by-unknown = The table cannot be grouped by this. Choose another grouping.
ask-by-too-many = Too many days for one table. Group by week or month.
ask-wrong = Check the highlighted field.
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
num-few = small sample
num-few-hint = Fewer than 30 answers: a few more can move the share a lot
num-response-of = { $of ->
    [one] { $part } of { $of } question whose time is over
   *[other] { $part } of { $of } questions whose time is over
}
num-place = { $from } of { $of }
num-places = { $from }–{ $to } of { $of }
num-empty-title = No data for this period
num-empty-words = No chats closed on these days match these filters. Choose other days or fewer filters.
num-choose-others = Choose other days or fewer filters.
num-split-none = None of these chats has a label
num-supervisor-scored = Supervisor’s score: { $n } of 5
took-secs = { $n } s
took-mins = { $n } min
took-hours = { $n } h
change-up = ▲ { $points } points
change-down = ▼ { $points } points
change-higher = ▲ { $points } points, a real change
change-lower = ▼ { $points } points, a real change
change-cannot-tell = ≈ no clear change
rule-thumbs = Good: 👍 · bad: 👎 ({ $lines })
rule-stars = Good: { $good } ★ · bad: { $bad } ★ ({ $lines })
raw-score = Including { $n } voided: { $score }
compared-with = Compared with { $days }
figure-score = Good ratings
figure-response = Response rate
figure-closed = Closed
figure-asked = Asked
figure-delivered = Delivered
figure-answered = Answered
figure-not-asked = Not asked
figure-kept-back = Excluded by the desk
figure-canceled = Canceled
figure-open = Still open
figure-expired = Expired
figure-unreachable = Unreachable
figure-unsure = Delivery unconfirmed
figure-late = Answered too late
figure-good = Good
figure-neutral = Neutral
figure-bad = Bad
figure-bad-ratings = Bad ratings
figure-voided = Voided
figure-average = Average stars
figure-silent = Possible range with silent clients
figure-silent-of = from all bad to all good
figure-resolved = Issue resolved
figure-unresolved = Issue not resolved
figure-commented = With a comment
figure-took-median = Time to rate, median
figure-took-average = Time to rate, mean
figure-supervised = Supervisor-reviewed
of-answered = { $share } of ratings
median-under = under { $time }
average-of-5 = average { $mean } of 5
before-was = before: { $n }
overall-is = overall: { $n } { $of }
reports-title = Reports
trend-title = Good ratings over time
trend-stars = Average stars over time
trend-none = No ratings in this period.
trend-higher = { $now } are good, { $before } before: better, and unlikely to be chance.
trend-lower = { $now } are good, { $before } before: worse, and unlikely to be chance.
trend-cannot-tell = { $now } are good, { $before } in the previous period. The difference may be chance.
trend-same = { $now } are good, as in the previous period.
legend-period = this period
legend-interval = 95% interval
legend-few = small sample
legend-before = previous period
trend-last-days = the last { $n } days
trend-last-months = the last { $n } months
legend-closes = fewest to most closed chats
legend-bad = clearly more bad ratings than in other hours
legend-faint = incomplete
legend-changed = settings of a line changed
chart-table = Show as table
head-time = Time
head-interval = 95% interval
head-good-of = Good / rated
head-score = Score
head-ratings = Ratings
head-share = Share
head-step = Step
head-chats = Chats
head-of-before = % of previous step
head-operator = Operator
head-stars = Average ★
head-place = Possible rank
head-id = ID
head-response-percent = Response rate, %
head-score-percent = Good, %
head-low = 95% interval from
head-high = 95% interval to
head-raw-percent = Good including voided, %
head-resolved-percent = Resolved, %
head-took-secs = Time to rate, s
head-beside = Compared with the rest of the team
head-stars-low = Average ★, 95% from
head-stars-high = Average ★, 95% to
head-kept-back-percent = Excluded by the desk, %
head-kept-back-low = Excluded, 95% from
head-kept-back-high = Excluded, 95% to
head-stars-of = Average ★, ratings
head-raw-good = Good with voided
head-raw-neutral = Neutral with voided
head-raw-bad = Bad with voided
distribution-thumbs = Thumbs
distribution-stars = Stars
funnel-title = From closed chat to rating
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
heat-title = Hours of the week
heat-none = No chats were closed in this period.
heat-finding = Busiest hour: { $day } from { $time }, with { $n } closed in this period.
heat-said = { $closes } closed, { $bad } bad
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
whiskers-title = Operator scores with 95% intervals
whiskers-one = Only one operator was rated, so there is nobody to compare with.
way-title = What happened to closed chats
said-title = Ratings
more-title = More figures
reasons-title = Why clients were not asked or not reached
split-by-operator = By operator
split-by-line = By line
split-by-channel = By channel
split-by-handled-by = By who handled the chat
split-by-label = By label
split-by-day = By day
split-by-week = By week
split-by-month = By month
split-hint = Every number counts the same closed chats; select one to list them.
mixes-differ = People and bots share the work differently from row to row, which may explain part of the difference. Filter by who handled the chats to compare like with like.
mixes-differ-before = In the previous period, people and bots shared the work differently
low-reasons-title = Why ratings are low
low-reasons-download = Download reasons
low-reasons-reason = Reason
low-reasons-low = Low ratings
low-reasons-reasoned = With a reason from the client
low-reasons-without = Without one
low-reasons-with-tag = With a tag by keyword rules
low-reasons-without-tag = Without a tag, although rules were applied
low-reasons-chosen = Chosen by clients
low-reasons-tagged = Found by keyword rules
low-reasons-before = Before
low-reasons-rule = { $part ->
    [0] Of the low ratings ({ $of }), none has a reason chosen by its client.
    [one] Shares are of the one low rating (of { $of }) whose client chose at least one reason; a rating can have several. Each has its 95% interval; a change is shown only where it is unlikely to be chance across all reasons. Voided ratings are left out.
   *[other] Shares are of the { $part } low ratings (of { $of }) whose client chose at least one reason; a rating can have several. Each has its 95% interval; a change is shown only where it is unlikely to be chance across all reasons. Voided ratings are left out.
}
low-reasons-left-out = Changes leave out lines where other scores counted as low in the period before.
low-reasons-tags-rule = { $part ->
    [one] The lines’ keyword rules found these tags in comments; clients did not choose them. Shares are of the one low rating (of { $of }) with a comment that rules were applied to.
   *[other] The lines’ keyword rules found these tags in comments; clients did not choose them. Shares are of the { $part } low ratings (of { $of }) with a comment that rules were applied to.
}
low-reasons-split = Why ratings are low: { $by }
low-reasons-left-off = { $n ->
    [one] { $n } more with fewer low ratings is not shown.
   *[other] { $n } more with fewer low ratings are not shown.
}
low-reasons-all = All
low-reasons-code = Code
low-reasons-origin = From
low-reasons-part = Ratings with it
low-reasons-of = Of
low-reasons-percent = Share, %
low-reasons-before-part = Before: ratings with it
low-reasons-before-of = Before: of
low-reasons-before-percent = Before: share, %
low-reasons-points = Change, points
low-reasons-verdict = What the data show
num-outcome-canceled = Canceled
num-outcome-unreachable = Unreachable
num-reason-line-off = Ratings are off for the line
num-reason-line-archived = The line is archived
num-reason-spam = Closed as spam
num-reason-forced = Force-closed
num-reason-by-choice = The desk chose not to ask
num-reason-timeout-close = Closed for inactivity
num-reason-bot-close = Closed by a bot
num-reason-no-client = Client’s address unknown
num-reason-group = Group conversation
num-reason-nobody-reads = Nobody reads the address
num-reason-channel-off = The channel cannot ask
num-reason-no-operator = No operator took part
num-reason-operator-silent = The operator wrote nothing
num-reason-client-silent = The client wrote nothing
num-reason-too-short = Too few messages
num-reason-opted-out = The client opted out
num-reason-blocked = The client blocked us
num-reason-already-rated = Already rated
num-reason-throttled = Asked too recently
num-reason-sampled-out = Not in the sample
num-reason-handled-otherwise = Handled by someone the line does not ask about
num-reason-by-rule = Excluded by an ask rule
num-reason-window-shut = The channel’s messaging window had closed
num-reason-template-missing = No template for writing outside the messaging window
num-reason-template-refused = The platform rejected the template
num-reason-no-form = The platform’s own form is off or does not fit
num-reason-quiet-hours = Quiet hours
num-reason-too-late = Reported too late
num-reason-flapping = Closed and reopened repeatedly
num-reason-reopened = Reopened
num-reason-restored = Restored from a backup
num-reason-merged = Merged into another chat
num-reason-recipient-gone = The client can no longer be reached there
num-reason-engagement-limit = The platform held it back: too many messages to this client
num-reason-client-in-experiment = The client is part of a platform experiment
num-reason-marketing-stopped = The client opted out of marketing messages
num-reason-too-many-tries = Too many attempts
num-reason-refused = Rejected by the platform
operators-title = Operators
operators-empty = No chats of operators found
operators-all = All operators with their numbers
compared-title = Compared with the rest of the team
compared-higher = ▲ above the rest
compared-lower = ▼ below the rest
compared-same = ≈ no clear difference
compared-nothing = cannot be compared
compared-same-mix = { $points } points ({ $low } to { $high }), like for like
compared-raw = Unadjusted: { $points } points ({ $low } to { $high })
compared-clients = clients: { $clients }, ratings: { $ratings }
compared-of = { $n } of them can be compared
compared-counted = Clients counted: { $clients }. Their ratings: { $ratings }.
compared-scales = Thumbs and stars are compared separately; the column of good ratings includes both.
compared-wait = The comparison of operators is being calculated.
compared-wait-now = Wait for the result
labels-wait = Counting this many labelled chats takes a moment.
compared-hint = Each client counts once for each operator. Like is compared with like: within one line, channel and scale. At most 1 page in 20 shows a false difference. The intervals are not corrected for the number of operators.
head-estimate = Estimate
compared-estimate = Estimate: { $share }
estimate-hint = The estimate is the share drawn towards what colleagues have on the same lines, channels and scales, the more the fewer answers there are; lists of operators are in its order, so that a few lucky answers do not lead. Where nobody else was rated, the share stays as it is.
operator-kind = Person or bot
operator-kind-told = as reported by the desk ({ $kind })
operator-kind-human = person
operator-kind-program = bot
operator-kind-hint = Counts for chats closed from now on. A chat that a bot hands over to a person is credited to the person.
done-operator-kind = Saved. Applies to chats closed from now on.
latest-title = Latest ratings
latest-none = None yet. New ones appear here automatically.
latest-all = All ratings
me-title = My ratings
me-lead = What clients say about their chats with you.
me-empty = Not enough answers yet
me-groups = Over time
me-comments = What clients wrote
me-comments-not = You do not have access to comments. An admin can change that.
me-comments-none = No comments in these weeks.
first-title-steps = Getting started
first-done = done
first-connect = Connect a channel
first-connect-words = Add a bot, a web chat, a phone number or a mailbox, and your help desk. Lastword tries it out before it is saved.
first-line = Create a line
first-line-words = A line is a queue of chats with its own question: its scale, its wording and when it is asked.
first-recipient = Add a recipient for alerts
first-recipient-words = They hear about a low rating within seconds, in the messenger they already use.
first-try = Try it on yourself
first-try-words = Write to your own bot, get the question, answer it badly, and see the alert arrive.
today-usual = So far today. “Usually” is the average by { $time } over up to four weeks ({ $weekday }); for the score, over the whole day.
usually = usually { $n }
waits-title = Needs attention
waits-nothing = Nothing needs attention.
of-closed = { $n ->
    [one] of { $n } closed chat
   *[other] of { $n } closed chats
}
of-ratings = { $n ->
    [one] of { $n } rating
   *[other] of { $n } ratings
}
of-said = { $n ->
    [one] of { $n } answer
   *[other] of { $n } answers
}
took-days = { $n ->
    [one] { $n } day
   *[other] { $n } days
}
trend-alone = { $n ->
    [one] { $score } of { $n } rating is good.
   *[other] { $score } of { $n } ratings are good.
}
trend-changed = settings changed: { $lines }
distribution-finding = { $n ->
    [one] Of { $n } rating, { $good } are good and { $bad } bad.
   *[other] Of { $n } ratings, { $good } are good and { $bad } bad.
}
whiskers-together = { $n ->
    [one] { $n } operator: no clear difference.
   *[other] No clear difference between these { $n } operators.
}
whiskers-few = Fewer than { $n } ratings
whiskers-above = Above the rest of the team: { $names }.
whiskers-below = Below the rest of the team: { $names }.
whiskers-both = Above the rest of the team: { $above }. Below it: { $below }.
whiskers-others = The others show no clear difference.
whiskers-nothing = Nothing can be compared: on no line, channel and scale are there enough ratings of two operators that differ.
whiskers-redefined = Nothing can be compared.
whiskers-apart = { $n } cannot be compared.
compared-rule = Lines whose definition of good changed in these days are left out.
num-left-off = { $n ->
    [one] { $n } more with fewer ratings is not shown.
   *[other] { $n } more with fewer ratings are not shown.
}
me-gathered = { $n ->
    [one] Numbers cover whole weeks with at least { $n } answer, so that no answer can be singled out. A week is counted three days after it ends.
   *[other] Numbers cover whole weeks with at least { $n } answers, so that no answer can be singled out. A week is counted three days after it ends.
}
me-empty-words = { $n ->
    [one] Once { $n } client has rated chats with you, the numbers appear here.
   *[other] Once { $n } clients have rated chats with you, the numbers appear here.
}
wait-low = { $n ->
    [one] low rating to answer
   *[other] low ratings to answer
}
wait-held = { $n ->
    [one] lowered rating on hold: there is still time to put it right
   *[other] lowered ratings on hold: there is still time to put them right
}
wait-alerts = { $n ->
    [one] alert that reached nobody
   *[other] alerts that reached nobody
}
wait-deliveries = { $n ->
    [one] stuck message
   *[other] stuck messages
}
wait-connections = { $n ->
    [one] stopped connection
   *[other] stopped connections
}
wait-lines = { $n ->
    [one] line without alert recipients
   *[other] lines without alert recipients
}
num-reason-imported = Imported from a file
num-reason-erased = Erased at the client’s request
num-response-open = time not over: { $n }
num-still-open = still open: { $n }
num-pooled = thumbs and stars together
num-each-scale = each scale by itself
num-other-clock = Days are still counted by the clock of { $zone }, not { $ours }: run lastword recount
target-title = Targets
target-wanted = target: { $percent } good
target-reached = ▲ reached
target-missed = ▼ missed
target-cannot-tell = ≈ not yet clear
target-redefined = because the scale or the definition of good changed in these days
target-none = ≠ no verdict
target-no-cases = no ratings of clients whose time to answer is over
target-answers = clear after about { $n } clients in total, if the share stays the same
since-look = Since you last looked,
since-week = Since
since-all = All low ratings
since-nothing = No chats closed, and no low ratings received.
since-closed = { $n ->
    [one] { $n } chat closed, { $rated } rated.
   *[other] { $n } chats closed, { $rated } rated.
}
since-good = { $n } of { $of } good.
since-low = { $n ->
    [0] No low ratings received.
    [one] One low rating received, counted by when it was given.
   *[other] { $n } low ratings received, counted by when they were given.
}
since-worst = Low ratings, with comments first
wait-late = { $n ->
    [one] overdue reply
   *[other] overdue replies
}
wait-slipped = { $n ->
    [one] unanswered for over a day
   *[other] unanswered for over a day
}
tab-overview = Overview
tab-compare = Side by side
tab-reasons = Reasons
tab-week = Days and hours
tab-details = All figures
changes-title = What changed
changes-none = No clear change compared with { $days }.
changes-hint = { $n ->
    [0] Compared with { $days }: all chats. Each client counts once per period, with the last question whose time is over, and only within the same line, channel and scale. At most 1 report in 20 shows a change that isn’t real.
    [one] Compared with { $days }: all chats, and one line, channel or operator. Each client counts once per period, with the last question whose time is over, and only within the same line, channel and scale. At most 1 report in 20 shows a change that isn’t real.
   *[other] Compared with { $days }: all chats, and { $n } lines, channels and operators. Each client counts once per period, with the last question whose time is over, and only within the same line, channel and scale. At most 1 report in 20 shows a change that isn’t real.
}
change-scale = ≠ another scale: not compared
change-rule = ≠ another definition of good: not compared
change-rule-some = without lines with another definition of good
changes-rule = Lines whose definition of good has changed are left out of the comparison of scores.
changes-reasons-rule = Reasons for low ratings are compared without lines where other scores counted as low in the period before.
changes-all = all chats
changes-ends = 95% interval: { $low } to { $high }
changes-mix = { $share }: within the same lines, channels and scales { $points } points (95% interval: { $low } to { $high }). A different mix of them accounts for { $mix } points.
changes-mix-few = { $share }: within the same lines, channels and scales { $points } points. Too few clients to say what a different mix of them makes.
changes-scale = { $now ->
    [one] Clients did not rate on the same scales in both periods. Thumbs and stars are never compared with each other: { $compared } of { $now } client now and { $comparedBefore } of { $before } before have a counterpart.
   *[other] Clients did not rate on the same scales in both periods. Thumbs and stars are never compared with each other: { $compared } of { $now } clients now and { $comparedBefore } of { $before } before have a counterpart.
}
changes-wait = The comparison with the previous period is being calculated.
changes-case = What counts
case-counts = Counts
case-counts-words = Every number of closed chats, questions and ratings counts all of them, and leads to their list. A count claims nothing.
case-over = Only questions whose time is over
case-over-words = A question counts in the response rate, and in everything that is claimed, when the time for an answer has passed, whether it was answered or not. A question of yesterday would otherwise count only if it was answered.
case-vote = One vote per client and period
case-vote-words = Where something is claimed, each client counts once per period, with the last question whose time is over: answers of one client are alike.
case-like = Like with like
case-like-words = Only clients of the same line, channel and scale are compared. What a different mix of them makes of a share is said separately. Thumbs and stars are never compared with each other.
case-sure = How sure a figure is
case-sure-words = Intervals hold for clients who return: many answers of few clients say less than as many of many. If nothing changed, at most one report in twenty names any change.
case-daily = Read every day
case-daily-words = Verdicts about targets and experiments keep their promise however often you look. All letters of a month together name a change that is not real in at most one month in twenty.
figure-arrived = Questions that arrived
changes-line = line
changes-channel = channel
changes-operator = operator
changes-reason = reason for low ratings
own-past-title = Compared with their own past
own-past-points = { $points } points (95% interval: { $low } to { $high })
own-past-few = { $points } points; too few cases for an interval
own-past-hint = Each client counts once, and only within the same line, channel and scale. Other clients, topics or settings can also be behind a difference.
heat-alike = No hour has clearly more bad ratings than the others.
heat-nothing = Hours cannot be compared, because the definition of bad changed in these days.
heat-rule = Lines whose definition of bad changed in these days are left out.
heat-worse = Clearly more bad ratings than in other hours: { $hours }.
legend-more = Other marks
num-columns = Columns
num-add-filter = Filter
