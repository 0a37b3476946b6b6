# The public showcase of a line.
showcase-client = Client
showcase-good = good
showcase-ratings = { $n ->
    [one] { $n } rating
   *[other] { $n } ratings
}
showcase-rule = All ratings, on the present scale, of chats that were closed in the past twelve months, without today and the three days before. Comments appear three days after they were given. Every client who is asked can rate.
showcase-none = No ratings yet.
showcase-reply = Reply from
showcase-older = Older ratings
showcase-index = What clients say about us
showcase-order = Sorted by the lower end of the 95% interval of good ratings, so that a handful of ratings is not enough to lead.
showcase-at-least = at least { $share } good
