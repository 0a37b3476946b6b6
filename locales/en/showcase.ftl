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
