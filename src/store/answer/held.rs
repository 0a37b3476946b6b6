//! Scores on hold until one more tap: the rating is removed, the rating request is open again, and the history stays.

use super::rating::Rating;
use crate::answer::rating::{comment_word, rating_reason};
use crate::question::rating_request::RatingRequest;
use crate::question::rating_request::counted::count_opened;
use crate::question::rating_request::expiry::{keep_again, running};
use crate::question::rating_request::labelled::labelled;
use crate::sql::Sql;
use crate::{Millis, StoreError, Tx, values};
use lastword_base::names::RequestId;
use lastword_domain::outcome::Outcome;

/// Reopens these rating requests, which this transaction has locked, and removes their stored ratings.
pub async fn hold(tx: &mut Tx, requests: &[RatingRequest], rated: &[(&RatingRequest, &Rating)], now: Millis) -> Result<(), StoreError> {
    static RATINGS: Sql = Sql::new("DELETE FROM rating WHERE request_id {among $1}");
    static EDITS: Sql = Sql::new("DELETE FROM rating_edit WHERE request_id {among $1}");
    static OPEN: Sql = Sql::new(
        "UPDATE rating_request SET held_at = $2, outcome = CASE WHEN outcome = 'answered' THEN NULL ELSE outcome END, \
         reason = CASE WHEN outcome = 'answered' THEN NULL ELSE reason END, \
         decided_at = CASE WHEN outcome = 'answered' THEN NULL ELSE decided_at END WHERE id {among $1}",
    );
    let ids = crate::ids(&requests.iter().map(|request| request.id).collect::<Vec<_>>());
    comment_word::forget_comments(tx, &ids).await?;
    rating_reason::forget(tx, rated.iter().map(|(_, rating)| *rating)).await?;
    tx.execute(&RATINGS, values![&ids]).await?;
    tx.execute(&EDITS, values![&ids]).await?;
    tx.execute(&OPEN, values![&ids, now]).await?;
    let counted = rated.iter().filter(|(request, _)| request.is_counted());
    let counted = counted.map(|(request, rating)| Ok((request.belongs(), rating.rated()?)));
    let counted: Vec<_> = counted.collect::<Result<_, StoreError>>()?;
    let changed = labelled(rated.iter().map(|(request, _)| *request));
    tx.count(changed, |cells, zone| counted.iter().for_each(|(belongs, rating)| cells.rating(belongs, zone, rating, -1)));
    let answered = requests.iter().filter(|request| request.outcome == Some(Outcome::Answered));
    let opened: Vec<RatingRequest> =
        answered.clone().map(|before| RatingRequest { outcome: None, reason: None, ..before.clone() }).collect();
    // They may have expired while they were answered.
    let running = running(tx, answered.clone()).await?;
    keep_again(tx, &opened).await?;
    count_opened(tx, &answered.cloned().zip(opened).collect::<Vec<_>>(), &running);
    Ok(())
}

/// Marks these rating requests, which have no rating, as waiting for one more tap.
pub async fn wait(tx: &mut Tx, requests: &[RequestId], now: Millis) -> Result<(), StoreError> {
    static WAIT: Sql = Sql::new("UPDATE rating_request SET held_at = $2 WHERE id {among $1}");
    tx.execute(&WAIT, values![crate::ids(requests), now]).await.map(drop)
}

/// Cancels alerts and events about the ratings of these rating requests that were not sent. Those about other texts of the client
/// are sent anyway.
pub async fn keep_quiet(tx: &mut Tx, requests: &[RequestId], now: Millis) -> Result<(), StoreError> {
    static QUIET: Sql = Sql::new(
        "UPDATE delivery SET state = 'canceled', reason = 'held', ended_at = $2, lease_until = NULL, owner = NULL \
         WHERE {about delivery among $1} AND state IN ('scheduled', 'leased') AND attempts = 0 \
         AND (kind = 'alert' OR (kind = 'event' AND payload NOT LIKE '%\"event\":\"message.received\"%'))",
    );
    tx.execute(&QUIET, values![crate::ids(requests), now]).await.map(drop)
}

/// Delays alerts and events about these rating requests to `at`, if they were not sent and are due before.
pub async fn tell_later(tx: &mut Tx, requests: &[RequestId], at: Millis) -> Result<(), StoreError> {
    static LATER: Sql = Sql::new(
        "UPDATE delivery SET due_at = $2 WHERE {about delivery among $1} AND kind IN ('alert', 'event') AND state = 'scheduled' \
         AND attempts = 0 AND due_at < $2 AND give_up_at > $2",
    );
    if requests.is_empty() {
        return Ok(());
    }
    tx.execute(&LATER, values![crate::ids(requests), at]).await.map(drop)
}
