//! Refused calls of desks: a desk whose calls all fail looks healthy otherwise, because the desk calls us.

use super::{Findings, Grade};
use crate::domain::question::delivery::Kind;
use crate::life::desk::refused::{NOT_SIGNED, UNREADABLE};
use crate::store::question::delivery_list::{self, Filter};
use crate::store::records::refused_call::{self, RefusedCall};
use crate::store::{Db, StoreError, connection};
use crate::time::{DAY, Millis};

/// Maximum calls of one connection that are examined.
const CALLS_MAX: i64 = 100;

/// Calls of the desk `name` refused in the last day, with the cause of the last one.
pub(super) async fn refused_calls(findings: &mut Findings, db: &Db, name: &str, now: Millis) -> Result<(), StoreError> {
    let calls = refused_call::page(db, Some(&format!("connection:{name}")), i64::MAX, CALLS_MAX).await?;
    let calls: Vec<RefusedCall> = calls.into_iter().filter(|call| call.at > now - DAY).collect();
    let Some(last) = calls.first() else { return Ok(()) };
    let state = connection::all(db).await?.into_iter().find(|state| state.name == name);
    let heard_at = state.and_then(|state| state.heard_at).unwrap_or(Millis::MIN);
    let since: Vec<&RefusedCall> = calls.iter().filter(|call| call.at >= heard_at).collect();
    let (about, cause) = (format!("connection {name}"), last.told.detail.trim_end_matches('.'));
    if since.is_empty() {
        let what = format!("{} calls of the last 24 hours were refused, the last one: {cause}; calls were accepted since", calls.len());
        findings.add(Grade::Note, about, what, REMEDY);
        return Ok(());
    }
    let all = |code: &str| since.iter().all(|call| call.told.code == code);
    let became = if all(NOT_SIGNED) {
        "were not signed correctly"
    } else if all(UNREADABLE) {
        "could not be read"
    } else {
        "could not be used"
    };
    let count = since.len();
    findings.problem(about, format!("{count} of the last {count} calls {became}; the last one: {cause}"), REMEDY);
    Ok(())
}

/// The last rating in the last day that the desk `name` refused, with the desk's message.
pub(super) async fn refused_write_backs(findings: &mut Findings, db: &Db, name: &str, now: Millis) -> Result<(), StoreError> {
    let filter = Filter { connection: Some(name.into()), kind: Some(Kind::WriteBack), since: Some(now - DAY), ..Filter::default() };
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

const REMEDY: &str = "correct what the desk sends; see the page Connections or GET /v1/refused-calls for its words";
