# Alarms: watched shares that fell.
line-tab-alarms = Trendalarme
line-alarms-stand = { $n ->
    [one] Trendalarm: schlechter als üblich
   *[other] { $n } Trendalarme: schlechter als üblich
}
wait-alarms = { $n ->
    [one] Trendalarm: schlechter als üblich
   *[other] Trendalarme: schlechter als üblich
}
alarms-line-lead = In jedem Kanal werden drei Anteile beobachtet. Wird einer schlechter als üblich, werden die Empfänger dieser Linie einmal benachrichtigt, und noch einmal, wenn alles wieder normal ist.
alarm-watched = Beobachtet
alarm-usual = Normalwert
alarm-share-score = Schlechte Bewertungen
alarm-share-response = Fragen ohne Antwort
alarm-share-delivery = Nicht angekommene Fragen
alarm-channel-none = Kanal unbekannt
alarm-stands = Trendalarm
alarm-as-usual = wie üblich
alarm-off = noch nicht beobachtet
alarm-between = zwischen { $low } und { $high }
alarm-learnt-score = { $n ->
    [one] { $bad } schlecht, von { $n } Kunden,
   *[other] { $bad } schlecht, von { $n } Kunden,
}
alarm-learnt-response = { $n ->
    [one] { $bad } ohne Antwort, von { $n } Kunden,
   *[other] { $bad } ohne Antwort, von { $n } Kunden,
}
alarm-learnt-messages = { $n ->
    [one] { $bad } von { $n } Frage verloren,
   *[other] { $bad } von { $n } Fragen verloren,
}
alarm-learnt-on = bestimmt am
alarm-how = So funktioniert es
alarm-sum = Ein schlechter Fall zählt { $adds } dazu, jeder andere { $takes } ab; der Trendalarm kommt bei { $limit }. Jetzt: { $sum }.
alarm-promise = Ändert sich nichts, löst der Zufall allein über alle beobachteten Werte etwa { $all } Trendalarme im Jahr aus; dieser einen in { $n } Fällen oder seltener. Dass Tage sich unterscheiden wie bisher, ist eingerechnet.
alarm-days = { $n ->
    [one] Gesehen an { $n } Tag.
   *[other] Gesehen an { $n } Tagen.
}
alarm-few-days = Zu wenige Tage für einen Normalwert: { $n } von { $min }. Weniger zeigen nicht, wie sehr Tage sich unterscheiden.
alarm-few-clients = Zu wenig Daten für einen Normalwert: { $n } von { $min } Kunden in den letzten 180 Tagen. Mit weniger gäbe es zu viele zufällige Trendalarme.
alarm-few-messages = Zu wenig Daten für einen Normalwert: { $n } von { $min } Fragen in den letzten 180 Tagen. Mit weniger gäbe es zu viele zufällige Trendalarme.
alarm-never = Schlechte Fälle sind hier zu häufig für einen verlässlichen Trendalarm.
alarm-none-yet = Noch nichts zu beobachten
alarm-none-yet-words = Sobald Kunden gefragt werden, erscheint hier jeder Kanal. Beobachtet wird ab 500 Kunden in 180 Tagen.
alarm-learn = Normalwert neu bestimmen
alarm-learn-hint = Die letzten 180 Tage werden zum neuen Normalwert, soweit die Frage seither unverändert ist. Ein bestehender Trendalarm endet.
alarm-history = Bisherige Trendalarme
alarm-history-none = Bisher keine Trendalarme.
alarm-figures-score = { $bad } von { $cases } Bewertungen waren schlecht; üblich waren bis zu { $usual }.
alarm-figures-response = { $bad } von { $cases } Fragen blieben ohne Antwort; üblich waren bis zu { $usual }.
alarm-figures-delivery = { $bad } von { $cases } Fragen kamen nicht an; üblich waren bis zu { $usual }.
alarm-end-all-clear = Entwarnung
alarm-end-learnt-anew = beendet: Normalwert neu bestimmt
alarm-chats = Die Chats dahinter
alarm-chats-newest = Die neuesten { $n }.
alert-kind-alarm = Trendalarm: schlechter als üblich
alert-kind-all-clear = Entwarnung
audit-act-line-baseline-learnt = Normalwert neu bestimmt:
done-baseline-learnt = Der Normalwert von { $name } wurde neu bestimmt.
