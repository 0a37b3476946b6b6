//! Assigns a rating to the person who works on it, or unassigns it.

use super::{Acted, Held, Refused};
use crate::engine::Engine;
use crate::engine::stop::Stop;
use lastword_base::names::{AccountId, LineId};
use lastword_domain::access::audit::{Act, By};
use lastword_domain::access::rights::{Right, Rights};
use lastword_store::access::account::{self, Account};
use lastword_store::review::Review;
use lastword_store::{Millis, StoreError, Tx};
use serde_json::json;

/// Assigns a rating to the account `to`; `None` unassigns it.
pub(super) async fn assign(
    tx: &mut Tx,
    engine: &Engine,
    by: &By,
    held: &Held,
    to: Option<AccountId>,
    now: Millis,
) -> Result<Acted, Stop<Refused>> {
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
    Ok(held.keep(tx, engine, by, review, change, now).await?)
}

/// A person who can work on ratings of this line.
async fn person(tx: &mut Tx, id: AccountId, line: &LineId) -> Result<Option<Account>, StoreError> {
    let Some(account) = account::hold(tx, id).await?.filter(|account| account.disabled_at.is_none()) else { return Ok(None) };
    let lines = account::lines_in(tx, id).await?;
    let rights = Rights::of(account.role, account.all_lines, lines, None, false);
    Ok((rights.may(Right::WorkLowRatings) && rights.sees(line, None)).then_some(account))
}
