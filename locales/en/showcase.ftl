# The public showcase of a line.
showcase-client = Client
showcase-good = good
showcase-ratings = { $n ->
    [one] { $n } rating
   *[other] { $n } ratings
}
showcase-rule = All ratings of the past twelve months, shown three days after they were given. Every client who is asked may rate.
showcase-none = Nobody has rated yet.
showcase-reply = Reply by
showcase-older = Older ratings
showcase-index = What clients say about us
showcase-order = The order goes by what is sure: the lower end of the 95 % interval of the share of good ratings, so that a few ratings do not lead.
showcase-at-least = at least { $share } good
