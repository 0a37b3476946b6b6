# Quarantäne: eine Datenbank, die aus einer Kopie stammt.
quarantine-title = Quarantäne
quarantine-lead = Eine Datenbank aus einer Kopie weiß nicht, was seit der Kopie gesendet wurde. Sie nimmt alles an und sendet nichts, bis Sie sie freigeben.
quarantine-now = Status
quarantine-none = Die Datenbank ist nicht in Quarantäne: Nachrichten werden gesendet.
quarantine-cause-backup = Diese Datenbank ist eine Sicherung.
quarantine-cause-restored = Diese Datenbank wurde aus einer Sicherung wiederhergestellt.
quarantine-cause-elsewhere = Diese Datenbank wurde von einem anderen Ort kopiert oder verschoben.
quarantine-cause-dump = Diese Datenbank wurde aus einem Dump erstellt.
quarantine-cause-older = Diese Datenbank ist älter als die, die hier zuletzt lief.
quarantine-cause-asleep = Diese Datenbank lief zuletzt vor langer Zeit und ist vielleicht eine alte Kopie.
quarantine-banner = Alles wird angenommen, nichts wird gesendet.
quarantine-look = Prüfen und freigeben
quarantine-due = { $n ->
    [one] { $n } Nachricht ist fällig.
   *[other] { $n } Nachrichten sind fällig.
}
quarantine-choose = Was soll mit den wartenden Nachrichten geschehen?
quarantine-cancel = Alles bis jetzt Fällige abbrechen: Es wurde vielleicht schon gesendet
quarantine-moved = Alles senden: Die Installation ist hierher umgezogen, und dazwischen lief nichts
quarantine-keep = Trotzdem alles senden
quarantine-twice = Stellen Sie vor der Freigabe sicher, dass die andere Datenbank nicht mehr läuft. Sonst werden Kunden zweimal gefragt.
quarantine-release = Freigeben
done-quarantine-released = Die Datenbank sendet wieder. Abgebrochene Nachrichten: { $name }.
