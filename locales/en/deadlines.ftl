# Deadlines for replies to low ratings.
low-due = By deadline
low-due-by = reply by
low-late-for = overdue { $time }
low-late = { $n ->
    [one] { $n } overdue
   *[other] { $n } overdue
}
alert-kind-late = No reply in time
set-part-deadline = Deadline for low ratings
set-part-deadline-lead = How soon someone should reply to a low rating or mark it as resolved. When the deadline passes, the people alerts escalate to are alerted.
set-deadline = Deadline for low ratings
set-deadline-hours = Reply within
set-deadline-hours-hint = Empty: no deadline.
set-unit-working-hours = working hours
set-deadline-days = Working days
set-deadline-days-hint = None chosen: every day.
set-deadline-from = Working hours start
set-deadline-to = Working hours end
set-deadline-to-hint = Both empty: all hours count.
set-deadline-days_off = Days off
set-deadline-days_off-hint = One on each line: 2026-12-24, 2026-12-24/2026-12-31, or 12-25 for every year. You can also paste the content of an iCalendar file (.ics): its whole-day events become days off. They hold no working hours.
set-calendar-left-out = { $n ->
    [one] { $n } event cannot be used. The other days off are in the field: save again to keep them. Left out: { $events }
   *[other] { $n } events cannot be used. The other days off are in the field: save again to keep them. Left out: { $events }
}
set-bad-day-off = No day off: { $line }. Write 2026-12-24, 2026-12-24/2026-12-31 (a year at most), or 12-25 for every year.
set-bad-calendar = The calendar cannot be used: it { $problem }.
set-deadline-time_zone = Time zone of working hours
set-bad-deadline-from = Enter a time of day, such as 09:00.
set-bad-deadline-to = Working hours must end after they start, on the same day.
set-bad-deadline-time-zone = Unknown time zone. Enter one such as Europe/Berlin.
replies-title = Replies to low ratings
replies-replied = replied to
replies-in-time = in time
replies-first = first reply, median
replies-recovered = recovered
replies-took = { $time } (likely { $likely })
replies-hint = In time: replied to or marked as resolved by the line’s deadline. The median counts only those with a reply. Asked again: the share of second ratings that are good.
