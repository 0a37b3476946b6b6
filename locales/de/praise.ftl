# Praise for operators, and the public review link.
set-praise = Mitarbeiter über Lob informieren
set-praise-hint = Die beste Bewertung mit Kommentar erscheint auf der Seite des Mitarbeiters und geht als Nachricht an ihn, wenn er Empfänger ist. Der Kunde wird nicht genannt.
set-review_link = Link für öffentliche Bewertungen
set-review_link-hint = Steht beim Dankeschön für alle, die geantwortet haben, bei jeder Bewertung. Leer lassen, um ihn niemandem zu zeigen.
set-bad-review-link = Schreiben Sie eine Adresse mit höchstens 200 Zeichen, die mit https:// beginnt.
set-texts-review = Text vor dem Bewertungslink
set-texts-review-hint = Alle lesen dieselben Worte. Platzhalter: #NAME#, #OPERATOR#, #LINE#, #ORGANISATION#, #SESSION#
set-bad-review-gated = Dieser Text hängt von der Bewertung ab und darf deshalb nicht zur Bewertungsseite führen: Den Link bekommen alle, die geantwortet haben, oder niemand.
alert-kind-praise = Lob
me-praise = Lob
me-praise-none = In den letzten 90 Tagen hat niemand die beste Bewertung mit Kommentar gegeben.
