# Quarantine: a database that came from a copy.
quarantine-title = Quarantine
quarantine-lead = A database that came from a copy does not know what was sent since the copy was made. It accepts everything and sends nothing until you release it.
quarantine-now = Status
quarantine-none = The database is not in quarantine; messages are being sent.
quarantine-cause-backup = This database is a backup.
quarantine-cause-restored = This database was restored from a backup.
quarantine-cause-elsewhere = This database was copied or moved from another place.
quarantine-cause-dump = This database was made from a dump.
quarantine-cause-older = This database is older than the one that was running here.
quarantine-cause-asleep = This database last ran a long time ago and may be an old copy.
quarantine-banner = Everything is accepted, nothing is sent.
quarantine-look = Review and release
quarantine-due = { $n ->
    [one] { $n } message is due.
   *[other] { $n } messages are due.
}
quarantine-choose = What should happen to waiting messages?
quarantine-cancel = Cancel everything due until now: it may already have been sent
quarantine-moved = Send everything: the installation moved here, and nothing has run in between
quarantine-keep = Send everything anyway
quarantine-twice = Before you release, make sure that the other database is no longer running. Otherwise clients are asked twice.
quarantine-release = Release
done-quarantine-released = The database is sending again. Messages canceled: { $name }.
