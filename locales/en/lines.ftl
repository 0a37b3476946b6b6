# Lines: their settings, what the client sees, the dry run.
said-yes = yes
said-no = no
lines-lead = Each line asks its clients by its own rules.
lines-none = There is no line yet
lines-none-words = A line is a queue of chats with its own rating settings. Make the first one, under the id by which your desk calls it.
line-word = Line
line-session = Session
line-older = Older
line-asks = Asks
line-today = Today
line-on = on
line-off = off
line-archived = put away
line-new = New line
line-make = Make the line
line-name = Name
line-name-hint = As people read it.
line-id = Id
line-id-hint = As your desk calls it; it stays for ever.
line-scale-hint = Everything else can be set afterwards.
line-scale-binary = 👍 or 👎
line-scale-five-star = five stars
line-at-once = at once
line-n-seconds = { $n ->
    [one] { $n } second
   *[other] { $n } seconds
}
line-n-minutes = { $n ->
    [one] { $n } minute
   *[other] { $n } minutes
}
line-n-hours = { $n ->
    [one] { $n } hour
   *[other] { $n } hours
}
line-n-days = { $n ->
    [one] { $n } day
   *[other] { $n } days
}
line-n-closed = { $n ->
    [one] { $n } closed
   *[other] { $n } closed
}
line-asked-answered = { $asked } asked, { $answered } answered
line-good-share = { $share } good
line-archive = Put the line away
line-archive-hint = A line that is put away asks nobody. Its ratings and numbers stay, and it can be taken out again.
line-restore = Take the line out again
line-restore-hint = The line is put away and asks nobody.
line-tab-rating = Rating
line-tab-plan = Dry run
line-tab-versions = Versions
line-texts-own = own words
line-texts-built-in = built-in words
line-texts-add = Another language
line-texts-add-button = Add
line-texts-add-hint = Its tag, such as fr or pt-BR. What is left empty is asked in the line's language.
line-versions-lead = Every change is kept. Going back makes a new version; closes before it keep the settings that decided about them.
line-version-n = Version { $n }
line-version-present = present
line-version-back = Back to this
line-version-first = The line was made.
line-version-same = Saved without a change of settings.
line-warning-no-recipient = Nobody is told of a low rating on this line.
line-warning-no-supervisors = The line's supervisors are told, and it has none.
line-warning-unknown-recipient = There is no recipient { $name }.
line-warning-empty-group = The group { $name } is empty.
line-warning-not-reached = { $name } cannot be told: switched off, or without a connection that carries alerts.
line-warning-no-fallback = The fallback { $name } is not among the connections.
line-warning-fallback-cannot = The fallback { $name } cannot ask on this scale.
done-line-made = The line { $name } is there. Set who is told of low ratings.
done-line-saved = Saved. It holds for closes from now on.
done-line-archived = { $name } is put away.
done-line-restored = { $name } is there again.
done-line-back = The settings of version { $name } hold again.
set-save = Save
set-save-hint = Closes before this keep the settings that decided about them.
set-form-wrong = { $n ->
    [one] { $n } setting cannot be taken; it says why. Nothing was saved.
   *[other] { $n } settings cannot be taken; each says why. Nothing was saved.
}
set-clash-title = { $name } changed this line meanwhile
set-clash-words = Nothing of yours is lost and nothing of theirs is overwritten: below stands what you typed, here what they changed. Choose.
set-clash-both = Put both together
set-clash-mine = Save mine over it
set-clash-theirs = Drop mine
set-part-asking = Asking
set-part-asking-lead = Whether, when and on which scale clients are asked after a close.
set-part-texts = Texts
set-part-texts-lead = The client's language decides. What is left empty is said in the built-in words, which stand in grey.
set-part-low = Low ratings
set-part-low-lead = What counts as low, and what the client is asked then.
set-part-alerts = Alerts
set-part-alerts-lead = Who hears of a low rating at once, and who when nobody reacts.
set-part-answering = Answering
set-part-answering-lead = How long the client has, and whose rating it is.
set-part-leaving-out = When not to ask
set-part-leaving-out-lead = Every close that is left out keeps its reason, and the numbers show it.
set-part-windows = Quiet hours and windows
set-part-windows-lead = Some channels let us write only for a while after the client's last message. What helps is tried in this order: earlier, template, another channel. Else the client is not asked.
set-enabled = Ask clients of this line
set-name = Name of the line
set-archived = Put away
set-scale = Scale
set-delay_secs = Delay after the close
set-delay_secs-hint = The web chat asks at once, while the visitor is there.
set-language = The line's language
set-language-hint = Where the client's own is not known or has no texts.
set-ask_after_timeout = Also when the chat closed because nobody wrote
set-ask_after_bot = Also when a bot closed the chat
set-texts-question = Question
set-texts-reminder = Reminder
set-texts-thanks_good = Thanks after a good score
set-texts-thanks_low = Thanks after a low score
set-texts-expired = When the time is over
set-texts-resolved = Was it resolved?
set-texts-comment = Label of the comment box
set-texts-reasons = Reasons to choose from
set-texts-reasons-hint = One a line, at most eight. They become buttons after a low score.
set-low_max = A score is low up to
set-low-usual = the usual: 👎, or two stars
set-low-stars = { $n ->
    [one] { $n } star
   *[other] { $n } stars
}
set-follow_up-reasons = Offer reasons after a low score
set-follow_up-comment = Invite a comment after a low score
set-follow_up-resolved = Ask whether the issue was resolved
set-resolved-never = never
set-resolved-after-low = after a low score
set-resolved-always = after every score
set-alerts-recipients = Told at once
set-alerts-recipients-hint = Recipients are made on their own page, with a button to test the way.
set-alerts-supervisors = Supervisors of this line
set-alerts-text = Text of the alert
set-alerts-text-hint = Filled in: #LINE#, #OPERATOR#, #SCORE#, #SESSION#, #CHANNEL#, #TIME#, #LINK#
set-alerts-escalate_after_minutes = Escalate when nobody has seen it after
set-alerts-escalate_after_minutes-hint = Empty: never.
set-alerts-escalate_to = Then told, one level after another
alert-to-operator = the responsible operator
alert-to-supervisors = the line's supervisors
alert-nobody = nobody
set-expires_after_hours = The question is open for
set-expires_after_hours-hint = A later answer is thanked for and kept apart.
set-change_minutes = The score can be changed for
set-reminder_after_hours = One reminder after
set-reminder_after_hours-hint = Empty: none. Only inside the channel's window.
set-other_text = When the client writes something else
set-other-text-keep-open = the question stays open
set-other-text-cancel = the question is over
set-attribution = Whose rating it is
set-attribution-closing = the operator's who closed the chat
set-attribution-shared = shared by all who wrote
set-skip-no_operator = When no operator took part
set-skip-no_operator-hint = Off: the client is asked also where neither the close nor the session names an operator.
set-skip-operator_silent = When no operator wrote anything
set-skip-client_silent = When the client wrote nothing
set-skip-min_messages = Fewer messages than
set-skip-min_messages-hint = 0 asks after any conversation.
set-once_per_client_hours = The same client at most once in
set-once_per_client_hours-hint = Over all lines and channels; 0 asks every time.
set-sampling_percent = Ask about
set-sampling_percent-hint = Of all closes; which ones is repeatable.
set-quiet_hours = Keep quiet hours
set-quiet_hours-from = From
set-quiet_hours-to = To
set-quiet_hours-time_zone = Time zone
set-quiet_hours-time_zone-hint = Such as Europe/Berlin; empty: the organisation's.
set-quiet_hours-shut_out = When the question cannot wait that long
set-shut-out-early = ask before they begin
set-shut-out-skip = do not ask
set-window-ask_early = Ask earlier, while the window is open
set-window-template = Use an approved template, where there is one
set-window-fallback = Ask through another channel
set-no-fallback = none
set-unit-seconds = seconds
set-unit-minutes = minutes
set-unit-hours = hours
set-unit-days = days
set-bad-number = Write a whole number from { $min } to { $max }.
set-bad-duration = Write a whole number, and choose its unit.
set-bad-id = Write 1 to 64 letters, digits or - _ . :
set-bad-id-taken = This id is taken. Choose another.
set-bad-line-name = Write 1 to 200 characters on one line.
set-bad-alert-text = At most 2,000 characters.
set-bad-language = Write a language's tag, such as en or pt-BR.
set-bad-text = At most 640 characters, so that it fits every channel.
set-bad-reasons = At most eight reasons of 1 to 40 characters, one a line.
set-bad-sampling-percent = Write 0 to 100.
set-bad-low-max = This score is not on the scale of the line.
set-bad-scale = There is no such scale. Choose thumbs or stars.
set-bad-expires-after-hours = Write 1 hour to 90 days.
set-bad-delay-secs = The question would be over before it is sent: shorten the delay.
set-bad-reminder-after-hours = The reminder lies between the question and its end: at least 1 hour, and less than the question is open.
set-bad-alerts-escalate-to = Name at least one level, or leave the time empty.
set-bad-quiet-hours-from = Write a time of day from 00:00 to 23:59.
set-bad-quiet-hours-to = Write a time of day that differs from the beginning.
set-bad-quiet-hours-time-zone = There is no such time zone. Write for instance Europe/Berlin.
preview-title = Preview
preview-moment = Message
preview-show = Show preview
preview-none = No channel of this build carries messages to clients.
preview-not-connected = not connected yet
preview-cannot-ask = This channel cannot ask on this scale: its clients are not asked.
preview-cut = The text is too long for this channel and is shortened.
preview-cut-labels = { $n ->
    [one] { $n } button is too long for this channel and is shortened.
   *[other] { $n } buttons are too long for this channel and are shortened.
}
preview-left-out = { $n ->
    [one] There is no room for { $n } choice.
   *[other] There is no room for { $n } choices.
}
preview-typed = Can also be typed: { $hint }
preview-new-message = Thanks come as one more message: this channel cannot replace the question.
preview-no-link = #LINK# stays empty: http.public_url is not set, so no address leads here from outside.
preview-moment-question = Question
preview-moment-thanks-good = Thanks after a good score
preview-moment-thanks-low = Thanks after a low score
preview-moment-reminder = Reminder
preview-moment-expired = The time is over
preview-moment-alert = Alert of a low rating
preview-channel-telegram = Telegram
preview-channel-whatsapp = WhatsApp
preview-channel-messenger = Messenger
preview-channel-instagram = Instagram
preview-channel-webchat = Web chat
preview-channel-email = E-mail
preview-channel-webhook = Text only (SMS and others)
plan-lead = What this line would have asked about closes that have been, decided anew by the settings as they are saved, as if the line were on. Nothing is sent.
plan-since = Closed since
plan-limit = Listed
plan-look = Look
plan-wrong = This is no day up to today. Shown are the last seven days.
plan-truncated = There are more closes than one dry run looks at: the later ones are left out.
plan-none = No chat was closed in that time
plan-none-words = Choose an earlier day, or close a chat in your desk.
plan-closes = Closes
plan-asked = Would be asked
plan-not = Would not be asked
plan-closed = Closed
plan-result = Result
plan-due = The question would leave
plan-way-in-time = asked in time
plan-way-early = asked earlier
plan-way-template = asked by template
plan-way-fallback = asked through another channel
plan-way-window-unknown = asked without knowing the window
plan-not-asked-line-off = the line is off
plan-not-asked-line-archived = the line is archived
plan-not-asked-spam = closed as spam
plan-not-asked-forced = closed by force
plan-not-asked-by-choice = chosen not to ask
plan-not-asked-timeout-close = closed because nobody wrote
plan-not-asked-bot-close = closed by a bot
plan-not-asked-no-client = no address of the client
plan-not-asked-channel-off = the channel cannot ask
plan-not-asked-no-operator = no operator
plan-not-asked-operator-silent = the operator wrote nothing
plan-not-asked-client-silent = the client wrote nothing
plan-not-asked-too-short = too few messages
plan-not-asked-opted-out = the client wants no questions
plan-not-asked-blocked = the client blocked us
plan-not-asked-already-rated = rated already
plan-not-asked-throttled = asked a short while ago
plan-not-asked-sampled-out = not in the sample
plan-not-asked-window-shut = the window is shut
plan-not-asked-template-missing = there is no template for the time outside the window
plan-not-asked-template-refused = the platform refused the template
plan-not-asked-no-form = the platform's own form does not fit
plan-not-asked-quiet-hours = quiet hours
plan-not-asked-too-late = told too late
plan-not-asked-flapping = closed and reopened again and again
set-part-keeping = Showing and keeping
set-part-keeping-lead = What others may see of ratings, and how long it is known whose they are.
set-publication = Show what clients say in public
set-publication-hint = Three days after they said it, on a page and a badge of this line.
set-retention_months = Remove personal data after
set-retention_months-hint = Scores and counters stay; 0 keeps it for ever.
set-unit-months = months
set-bad-retention-months = Write 1 to 1,200 months, or 0 for ever.
set-alerts = Alerts
set-follow_up = What is asked after a low score
set-window = What to do when the window shuts
set-skip = When not to ask
