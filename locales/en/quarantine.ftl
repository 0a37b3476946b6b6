# Quarantine: a database that came from a copy.
quarantine-title = Quarantine
quarantine-lead = A database that came from a copy does not know what was sent since the copy was made. It takes everything in and sends nothing, until you release it.
quarantine-now = Now
quarantine-none = The database is not in quarantine: messages are sent.
quarantine-cause-backup = This database is a backup.
quarantine-cause-restored = This database was restored from a backup.
quarantine-cause-elsewhere = This database was copied or moved from another place.
quarantine-cause-dump = This database was made from a dump.
quarantine-cause-older = This database is older than the one that was at work here.
quarantine-cause-asleep = This database was last at work long ago, and may be an old copy.
quarantine-banner = Everything is taken in, and nothing is sent.
quarantine-look = Look and release
quarantine-due = { $n ->
    [one] { $n } message is due.
   *[other] { $n } messages are due.
}
quarantine-choose = What becomes of the messages that wait?
quarantine-cancel = Cancel what was due until now: it may have been sent before
quarantine-moved = Send everything: the installation moved here, and nothing was at work in between
quarantine-keep = Send everything all the same
quarantine-twice = Before you release, make sure that the other database is not at work any more. Otherwise clients are asked twice.
quarantine-release = Release
done-quarantine-released = The database sends again. Messages canceled: { $name }.
