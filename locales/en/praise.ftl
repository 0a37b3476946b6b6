# Praise for operators, and the public review link.
set-praise = Pass praise on to the operator
set-praise-hint = A best score with a comment appears on the operator’s own page and is sent to them if they are a recipient. The client is not named.
set-review_link = Public review link
set-review_link-hint = Shown with the thank-you to everyone who answered, whatever the score. Empty: shown to nobody.
set-bad-review-link = Enter an address that starts with https://, at most 200 characters.
set-texts-review = Text before the review link
set-texts-review-hint = Everyone sees the same text. Placeholders: #NAME#, #OPERATOR#, #LINE#, #ORGANISATION#, #SESSION#
set-bad-review-gated = This text depends on the score, so it cannot link to the review site: the review link is shown to everyone who answered, or to nobody.
alert-kind-praise = Praise
me-praise = Praise
me-praise-none = No best score with a comment in the last 90 days.
