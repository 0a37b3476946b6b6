# The list of ratings: several values in a filter, what the list comes to, the rating beside it, saved views.
sift-too-many-values = Choose at most 50 values.
sift-several = { $n } chosen
sift-operator-other = Another operator’s ID
ratings-all = All
ratings-with-words = With words
sums-title = This list in numbers
sums-closes = { $n ->
    [one] closed chat
   *[other] closed chats
}
sums-ratings = { $n ->
    [one] rating
   *[other] ratings
}
sums-good = good
sums-low = low
sums-commented = with a comment
sums-waiting = waiting for a reply
sums-wait = Counting…
sums-wait-now = Count now
sums-since = Counted back to { $day }. Older chats are not included.
drawer-close = Close
shortcut-open = Open the rating
shortcut-close = Close the rating
views-title = Saved views
views-lead = A view is a filter with a name. Everyone who can see ratings sees shared views, but only the chats of their own lines in them.
views-new = Save this view
views-edit = Manage views
views-name = Name
views-words = The whole filter is saved, except for words to search for.
views-share = Share with the team
views-shared = shared
views-save = Save
views-delete = Delete
views-all = All views
views-none = No saved views yet. Filter the ratings first, then choose “Save this view”.
views-by = by { $name }
views-no-name = Enter a name.
views-long-name = Use at most { $n } characters.
views-same-name = There is already a view with this name. Choose another name.
views-too-many = You already have { $n } views. Delete one first.
views-too-many-shared = The team already shares { $n } views. Stop sharing one first.
done-view-saved = View “{ $name }” saved.
done-view-deleted = View “{ $name }” deleted.
audit-act-view-saved = View saved:
audit-act-view-deleted = View deleted:
