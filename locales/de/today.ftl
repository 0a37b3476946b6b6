# Die Seite „Heute“.
today-title = Heute
verdict-better = Die letzten 7 Tage sind besser als die 7 davor: { $now } gut, davor { $before }.
verdict-worse = Die letzten 7 Tage sind schlechter als die 7 davor: { $now } gut, davor { $before }.
verdict-same = Keine klare Veränderung in den letzten 7 Tagen: { $now } gut, davor { $before }.
verdict-better-within = Die letzten 7 Tage sind besser als die 7 davor: { $points } Punkte gute Bewertungen innerhalb derselben Linien, Kanäle und Skalen.
verdict-worse-within = Die letzten 7 Tage sind schlechter als die 7 davor: { $points } Punkte gute Bewertungen innerhalb derselben Linien, Kanäle und Skalen.
verdict-same-within = Keine klare Veränderung in den letzten 7 Tagen: { $points } Punkte gute Bewertungen innerhalb derselben Linien, Kanäle und Skalen.
verdict-scale = Die letzten 7 Tage lassen sich nicht mit den 7 davor vergleichen: Die Kunden haben auf einer anderen Skala bewertet.
verdict-rule = Die letzten 7 Tage lassen sich nicht mit den 7 davor vergleichen: „gut“ ist jetzt anders festgelegt.
verdict-few = Zu wenige abgeschlossene Fragen, um zu sagen, ob die letzten 7 Tage besser oder schlechter sind als die 7 davor.
verdict-report = Bericht öffnen
