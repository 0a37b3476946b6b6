//! Assigns a rating to the person who works on it, or unassigns it.

use super::{Done, Refused, hold};
use crate::engine::Engine;
use crate::engine::notifications::Notification;
use crate::engine::stop::Stop;
use lastword_base::names::{AccountId, LineId, RequestId};
use lastword_domain::access::audit::{Act, By};
use lastword_domain::access::rights::{Right, Rights};
use lastword_store::access::account::{self, Account};
use lastword_store::review::Review;
use lastword_store::{Millis, StoreError, Tx, transaction};
use serde_json::json;

/// Assigns a rating to the account `to`; `None` unassigns it. `by` saw revision `seen`.
pub async fn assign(
    engine: &Engine,
    by: &By,
    request: RequestId,
    to: Option<AccountId>,
    seen: Option<i64>,
    now: Millis,
) -> Result<Done<Review>, StoreError> {
    let id = request;
    let done = transaction!(engine.db, [engine, by], async |tx| -> Result<_, Stop<Refused>> {
        let held = hold(tx, id, seen).await?;
        let person = match to {
            None => None,
            Some(to) => Some(person(tx, to, &held.request.line_id).await?.ok_or(Stop::Refused(Refused::NoSuchPerson))?),
        };
        let review = Review {
            assigned_to: person.as_ref().map(|person| person.id),
            assigned_name: person.as_ref().map(|person| person.name.clone()),
            assigned_at: person.as_ref().map(|_| now),
            ..held.review.clone()
        };
        let said = |review: &Review| json!({ "assigned_to": review.assigned_name });
        let change = (Act::RatingAssigned, said(&held.review), said(&review));
        Ok(held.keep(tx, &engine, &by, review, change, now).await?)
    })
    .await;
    let done = Stop::split(done)?;
    if done.is_ok() {
        engine.tell(Notification::Reviewed { rating_request: request });
    }
    Ok(done)
}

/// A person who can work on ratings of this line.
async fn person(tx: &mut Tx, id: AccountId, line: &LineId) -> Result<Option<Account>, StoreError> {
    let Some(account) = account::hold(tx, id).await?.filter(|account| account.disabled_at.is_none()) else { return Ok(None) };
    let lines = account::lines_in(tx, id).await?;
    let rights = Rights::of(account.role, account.all_lines, lines, None, false);
    Ok((rights.may(Right::WorkLowRatings) && rights.sees(line, None)).then_some(account))
}
