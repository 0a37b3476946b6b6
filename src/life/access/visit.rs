//! Records visits to the page of news, and returns the start of the period to show.

use crate::engine::Engine;
use lastword_base::names::AccountId;
use lastword_domain::access::since::{Since, since};
use lastword_store::access::account_visit;
use lastword_store::{Millis, StoreError, transaction};

/// After this long without a request, the next one is a new visit.
const PAUSE: Millis = 30 * 60 * 1_000;

/// Start of the news for this account. `opens`: a person opened the page; false for a script that polls.
#[lastword_base::boxed]
pub async fn visit(engine: &Engine, account: AccountId, opens: bool, now: Millis) -> Result<Since, StoreError> {
    if opens {
        let seen = transaction!(engine.db, async |tx| { account_visit::seen(tx, account, now, PAUSE).await });
        seen.await?;
    }
    let before = account_visit::before(&engine.db, account).await?;
    Ok(since(before, now, engine.options.time_zone))
}
