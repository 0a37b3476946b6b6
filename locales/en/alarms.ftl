# Trend alarms: watched shares that fell.
line-tab-alarms = Trend alarms
line-alarms-stand = { $n ->
    [one] trend alarm: worse than usual
   *[other] { $n } trend alarms: worse than usual
}
wait-alarms = { $n ->
    [one] trend alarm: worse than usual
   *[other] trend alarms: worse than usual
}
alarms-line-lead = Three rates are watched on each channel. When one becomes worse than usual, this line’s recipients are alerted once, and once more when it is back to normal.
alarm-watched = Watched
alarm-usual = Baseline
alarm-share-score = Low ratings
alarm-share-response = Questions without an answer
alarm-share-delivery = Questions that did not arrive
alarm-channel-none = channel unknown
alarm-stands = trend alarm
alarm-as-usual = as usual
alarm-off = not watched yet
alarm-between = between { $low } and { $high }
alarm-learnt-score = { $n ->
    [one] { $bad } low, from { $n } client,
   *[other] { $bad } low, from { $n } clients,
}
alarm-learnt-response = { $n ->
    [one] { $bad } unanswered, from { $n } client,
   *[other] { $bad } unanswered, from { $n } clients,
}
alarm-learnt-messages = { $n ->
    [one] { $bad } lost of { $n } question,
   *[other] { $bad } lost of { $n } questions,
}
alarm-learnt-on = learned on
alarm-how = How this works
alarm-sum = Each bad case adds { $adds }, any other subtracts { $takes }; the alarm goes off at { $limit }. Now: { $sum }.
alarm-promise = If nothing changes, chance alone raises about { $all } trend alarms a year over all watched rates, this one once in { $n } cases or less often. Days that differ as they did before are taken into account.
alarm-days = { $n ->
    [one] Seen on { $n } day.
   *[other] Seen on { $n } days.
}
alarm-few-days = Not enough days for a baseline: { $n } of { $min }. Fewer do not show how much days differ.
alarm-few-clients = Not enough data for a baseline: { $n } of { $min } clients in the last 180 days. With fewer, chance alone would raise too many alarms.
alarm-few-messages = Not enough data for a baseline: { $n } of { $min } questions in the last 180 days. With fewer, chance alone would raise too many alarms.
alarm-never = Bad cases are too frequent here for a reliable alarm.
alarm-none-yet = Nothing to watch yet
alarm-none-yet-words = Once clients are asked, each channel appears here. Watching starts after 500 clients in 180 days.
alarm-learn = Relearn baseline
alarm-learn-hint = The last 180 days become the new baseline, as far back as the question is unchanged. An active alarm ends.
alarm-history = Trend alarms so far
alarm-history-none = No trend alarms so far.
alarm-figures-score = { $bad } of { $cases } ratings were low; up to { $usual } was usual.
alarm-figures-response = { $bad } of { $cases } questions got no answer; up to { $usual } was usual.
alarm-figures-delivery = { $bad } of { $cases } questions did not arrive; up to { $usual } was usual.
alarm-end-all-clear = all clear
alarm-end-learnt-anew = ended: baseline relearned
alarm-chats = The chats behind it
alarm-chats-newest = The newest { $n }.
alert-kind-alarm = Trend alarm: worse than usual
alert-kind-all-clear = All clear
audit-act-line-baseline-learnt = Baseline relearned:
done-baseline-learnt = The baseline of { $name } was relearned.
