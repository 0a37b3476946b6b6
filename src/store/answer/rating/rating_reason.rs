//! Index of ratings by their reasons, for filtering lists. Written in the transaction of the rating.

use crate::answer::rating::{Change, Rating};
use crate::sql::{Sql, Statement};
use crate::values;
use crate::{StoreError, Tx};
use lastword_base::names::RequestId;
use lastword_domain::answer::reason::ReasonOrigin;
use serde::Serialize;
use std::collections::BTreeSet;

#[derive(Serialize)]
struct ReasonRow<'a> {
    origin: &'static str,
    code: &'a str,
    request_id: RequestId,
}

/// The reasons of a rating, whatever its score.
fn of(rating: &Rating) -> BTreeSet<(ReasonOrigin, &str)> {
    let chosen = rating.reasons.iter().map(|reason| (ReasonOrigin::Chosen, reason.code.as_str()));
    chosen.chain(rating.tags.iter().flatten().map(|code| (ReasonOrigin::Tagged, code.as_str()))).collect()
}

/// The statements that update the index after a change of reasons.
pub(crate) fn keep_statements(changes: &[Change<'_>]) -> Vec<Statement> {
    static INSERT: Sql = Sql::new(
        "INSERT INTO rating_reason (origin, code, request_id) SELECT r.origin, r.code, r.request_id \
         FROM {rows $1 r: origin text, code text, request_id text} WHERE true ON CONFLICT DO NOTHING",
    );
    let (mut gone, mut new) = (Vec::new(), Vec::new());
    for Change { before, after, .. } in changes {
        let (had, has) = (before.map(of).unwrap_or_default(), of(after));
        gone.extend(had.difference(&has).map(|&reason| place(reason, after)));
        new.extend(has.difference(&had).map(|&reason| place(reason, after)));
    }
    statement(&FORGET, &gone).into_iter().chain(statement(&INSERT, &new)).collect()
}

/// Removes deleted ratings from the index.
pub(crate) async fn forget<'r>(tx: &mut Tx, ratings: impl Iterator<Item = &'r Rating>) -> Result<(), StoreError> {
    let places: Vec<ReasonRow<'_>> = ratings.flat_map(|rating| of(rating).into_iter().map(|reason| place(reason, rating))).collect();
    match statement(&FORGET, &places) {
        Some(Statement { sql, values }) => tx.execute(sql, values).await.map(drop),
        None => Ok(()),
    }
}

static FORGET: Sql = Sql::new(
    "DELETE FROM rating_reason WHERE (origin, code, request_id) IN (SELECT r.origin, r.code, r.request_id \
     FROM {rows $1 r: origin text, code text, request_id text})",
);

fn place<'a>((origin, code): (ReasonOrigin, &'a str), rating: &'a Rating) -> ReasonRow<'a> {
    ReasonRow { origin: origin.as_str(), code, request_id: rating.request_id }
}

/// `None` if there is nothing to write.
fn statement(sql: &'static Sql, places: &[ReasonRow<'_>]) -> Option<Statement> {
    (!places.is_empty()).then(|| Statement::new(sql, values![crate::rows(places)]))
}
