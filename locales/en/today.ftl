# The page "Today".
today-title = Today
verdict-better = The last 7 days are better than the 7 before: { $now } good, { $before } before.
verdict-worse = The last 7 days are worse than the 7 before: { $now } good, { $before } before.
verdict-same = No clear change in the last 7 days: { $now } good, { $before } before.
verdict-better-within = The last 7 days are better than the 7 before: { $points } points good within the same lines, channels and scales.
verdict-worse-within = The last 7 days are worse than the 7 before: { $points } points good within the same lines, channels and scales.
verdict-same-within = No clear change in the last 7 days: { $points } points good within the same lines, channels and scales.
verdict-scale = The last 7 days cannot be compared with the 7 before: clients rated on another scale.
verdict-rule = The last 7 days cannot be compared with the 7 before: the definition of good has changed.
verdict-few = Too few finished questions to say whether the last 7 days are better or worse than the 7 before.
verdict-report = Open the report
