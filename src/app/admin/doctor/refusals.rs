//! Refused calls of platforms and desks: a connection whose calls all fail looks healthy otherwise, because they call us.

use super::{Findings, Grade};
use crate::domain::connection::refusals::{Refusals, UNREADABLE};
use crate::domain::question::delivery::Kind;
use crate::names::ConnectionId;
use crate::store::question::delivery_list::{self, Filter};
use crate::store::{Db, StoreError};
use crate::time::{DAY, Millis};

/// Calls to the address of the connection `name` refused in the last day, with the cause of the last one.
pub(super) fn refused_calls(findings: &mut Findings, name: &ConnectionId, refusals: &Refusals) {
    let about = format!("connection {name}");
    let cause = &refusals.cause;
    match refusals.sentence() {
        None => {
            let what =
                format!("{} calls of the last 24 hours were refused, the last one: {cause}; calls were accepted since", refusals.in_all);
            findings.add(Grade::Note, about, what, REMEDY);
        }
        Some(said) => findings.problem(about, format!("{said}; the last one: {cause}"), REMEDY),
    }
}

/// The last rating in the last day that the desk `name` refused, with the desk's message.
pub(super) async fn refused_write_backs(findings: &mut Findings, db: &Db, name: &ConnectionId, now: Millis) -> Result<(), StoreError> {
    let filter = Filter { connection: Some(name.clone()), kind: Some(Kind::WriteBack), since: Some(now - DAY), ..Filter::default() };
    if let Some(last) = delivery_list::stuck(db, None, &filter, None, 1).await?.pop() {
        let why = last.detail.or(last.reason).unwrap_or_default();
        let what = format!("ratings could not be shown at the desk, the last one: {why}");
        findings.problem(format!("connection {name}"), what, format!("correct write_back, then lastword delivery resend {}", last.id));
    }
    Ok(())
}

/// Maximum unreadable deliveries that are listed one by one.
const UNREADABLE_MAX: i64 = 100;

/// Deliveries of the last day that failed because a row of the database cannot be read.
pub(super) async fn unreadable(findings: &mut Findings, db: &Db, now: Millis) -> Result<(), StoreError> {
    let filter = Filter { since: Some(now - DAY), ..Filter::default() };
    let failed = delivery_list::stuck(db, None, &filter, None, UNREADABLE_MAX).await?;
    let unreadable: Vec<_> = failed.into_iter().filter(|one| one.reason.as_deref() == Some(UNREADABLE)).collect();
    if let Some(last) = unreadable.first() {
        let why = last.detail.as_deref().unwrap_or_default();
        let what = format!("{} of the last 24 hours could not be written, the last one: {why}", unreadable.len());
        let remedy = format!("report it as a bug; repair the row, then run lastword delivery resend {}", last.id);
        findings.problem("deliveries", what, remedy);
    }
    Ok(())
}

const REMEDY: &str = "correct the secret, or what is sent; see the page Connections or GET /v1/refused-calls for its words";
