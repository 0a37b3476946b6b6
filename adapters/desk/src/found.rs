//! Events that the desk did not report, found by the configured calls.

use crate::calls::{Calls, List};
use crate::receive;
use crate::template::at;
use lastword_contract::http::Api;
use lastword_contract::phone::Country;
use lastword_contract::{DeskEvent, DeskEventKind, Headers, Millis, RawRequest, Reconciled, Rejected, SendError, Verdict};
use serde_json::{Value, json};

/// Maximum pages of one list read at a time.
const PAGES_MAX: usize = 50;
/// The year 2100: a list without pages is empty since then.
const FAR: Millis = 4_102_444_800_000;

/// Reads every list from `since` on.
///
/// # Errors
/// Errors of the API; also if a response contains no list, or no entry is an event.
pub(crate) async fn reconcile(calls: &Calls, since: Millis, now: Millis) -> Result<Reconciled, SendError> {
    let (mut events, mut until) = (Vec::new(), now);
    for list in &calls.reconcile {
        let found = read(calls, list, since, now).await?;
        // If one list has more, the next run continues there for all lists; events read twice are recognized.
        until = until.min(found.until);
        events.extend(found.events);
    }
    events.sort_by_key(|event| event.at);
    Ok(Reconciled { events, until })
}

/// Checks that the desk responds as configured: with the first page from the beginning or, for a list without pages, with
/// the entries after [`FAR`].
///
/// # Errors
/// Errors of [`reconcile`].
pub(crate) async fn look(calls: &Calls) -> Result<(), SendError> {
    for list in &calls.reconcile {
        let since = if list.has_pages { 0 } else { FAR };
        events(list, &page(&calls.api, list, since, 1).await?, calls.country, since)?;
    }
    Ok(())
}

async fn read(calls: &Calls, list: &List, since: Millis, now: Millis) -> Result<Reconciled, SendError> {
    let mut found = Vec::new();
    for number in 1..=PAGES_MAX {
        let items = page(&calls.api, list, since, number).await?;
        found.extend(events(list, &items, calls.country, now)?);
        if items.is_empty() || !list.has_pages {
            return Ok(Reconciled { events: found, until: now });
        }
    }
    let usable = found.iter().filter(|event| !matches!(event.kind, DeskEventKind::Unusable { .. }));
    let until = usable.map(|event| event.at).max().unwrap_or(now);
    Ok(Reconciled { events: found, until })
}

async fn page(api: &Api, list: &List, since: Millis, number: usize) -> Result<Vec<Value>, SendError> {
    let values = json!({ "since": list.since.write(since), "page": number });
    let answer = api.get(&list.path.address(&values)).await?;
    let items = at(&answer, &list.items).and_then(Value::as_array).cloned();
    items.ok_or_else(|| SendError::new(Verdict::Refused, "no_list", "there is no list in the answer to reconcile; see items"))
}

/// Turns the entries of a list into events as if they had been posted. An unusable entry becomes an event with its fault,
/// so that it does not hold up the others.
fn events(list: &List, items: &[Value], country: Option<Country>, now: Millis) -> Result<Vec<DeskEvent>, SendError> {
    let (mut found, mut unusable) = (Vec::new(), Vec::new());
    for item in items {
        let body = list.event.filled(item).to_string().into_bytes();
        let posted = RawRequest { method: "POST".to_owned(), query: String::new(), headers: Headers::default(), body, received_at: now };
        match receive::events(&posted, country) {
            Ok(events) => found.extend(events),
            Err(Rejected::Unreadable(why)) => {
                let key = format!("found:{}", receive::hash(&String::from_utf8_lossy(&posted.body)));
                unusable.push(DeskEvent::new(key, now, "", DeskEventKind::Unusable { why }));
            }
            Err(_) => {}
        }
    }
    match unusable.first().map(|event| &event.kind) {
        Some(DeskEventKind::Unusable { why }) if found.is_empty() => {
            Err(SendError::new(Verdict::Refused, "no_event", format!("reconcile finds nothing usable: {why}")))
        }
        _ => {
            found.extend(unusable);
            Ok(found)
        }
    }
}
