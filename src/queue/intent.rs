//! Intent: the last check before a call, committed before it. After this commit the message may have left us, and no
//! crash can make us forget that.

use super::handler::{Ended, Handler, Lane};
use crate::domain::window::MARGIN;
use crate::store::delivery::Delivery;
use crate::store::lease::{self, Lease, Pace};
use crate::store::{Db, StoreError};
use crate::time::Millis;
use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

/// Commits the intent for these leased deliveries. Gives the ids that may be sent now. Those whose window or time is
/// over end here; those whose chat was written to a moment ago wait.
///
/// # Errors
/// The database's error; nothing may be sent then.
pub async fn intend<H: Handler>(
    db: &Db,
    handler: &Arc<H>,
    lanes: &Arc<Vec<Lane>>,
    leased: &[Delivery],
    now: Millis,
    lease_until: Millis,
) -> Result<HashSet<String>, StoreError> {
    let chats: Arc<Vec<(Lease, Option<Pace>)>> =
        Arc::new(leased.iter().map(|delivery| (fence(delivery), pace_of(delivery, lanes, now))).collect());
    let handler = handler.clone();
    db.write(move |tx| {
        let (handler, chats) = (handler.clone(), chats.clone());
        Box::pin(async move {
            let (go, wait) = split(&chats);
            let paces: Vec<Pace> = go.iter().filter_map(|(_, pace)| pace.clone()).collect();
            let mut held: Vec<Lease> = wait;
            let mut ready: Vec<Lease> = Vec::new();
            let free: HashSet<(String, String)> =
                if paces.is_empty() { HashSet::new() } else { lease::pace(tx, &paces, now).await?.into_iter().collect() };
            for (lease, pace) in go {
                match pace {
                    Some(pace) if !free.contains(&(pace.connection.clone(), pace.chat.clone())) => held.push(lease),
                    _ => ready.push(lease),
                }
            }
            if !held.is_empty() {
                let pause = chats.iter().filter_map(|(_, pace)| pace.as_ref()).map(|pace| pace.next_at - now).max().unwrap_or(1_000);
                lease::put_back(tx, &held, now + pause).await?;
            }
            if ready.is_empty() {
                return Ok::<_, StoreError>(HashSet::new());
            }
            let sending: HashSet<String> = lease::intend(tx, &ready, now, lease_until, MARGIN).await?.into_iter().collect();
            let refused: Vec<Lease> = ready.into_iter().filter(|lease| !sending.contains(&lease.id)).collect();
            if !refused.is_empty() {
                let skipped = lease::skip_leased(tx, &refused, now, MARGIN).await?;
                let ended: Vec<Ended> = skipped.into_iter().map(skipped_end).collect();
                // Its connection pauses, its lease ran out or its clock went back: it waits, and no crash is counted.
                let early: Vec<Lease> = refused.into_iter().filter(|lease| ended.iter().all(|end| end.id != lease.id)).collect();
                lease::put_back(tx, &early, now).await?;
                handler.ended(tx, &ended, now).await?;
            }
            Ok(sending)
        })
    })
    .await
}

/// A delivery that ended as skipped.
pub(super) fn skipped_end(skipped: lease::Skipped) -> Ended {
    Ended { id: skipped.id, kind: skipped.kind, subject: skipped.subject, state: skipped.state, reason: Some(skipped.reason) }
}

fn fence(delivery: &Delivery) -> Lease {
    Lease { id: delivery.id.clone(), token: delivery.token }
}

fn pace_of(delivery: &Delivery, lanes: &[Lane], now: Millis) -> Option<Pace> {
    let lane = lanes.iter().find(|lane| lane.name == delivery.connection).filter(|lane| lane.per_chat_ms > 0)?;
    let address: serde_json::Value = serde_json::from_str(&delivery.address).ok()?;
    let chat = address.get("chat")?.as_str()?.to_owned();
    Some(Pace { connection: delivery.connection.clone(), chat, next_at: now + lane.per_chat_ms })
}

type Paced = (Lease, Option<Pace>);

/// Of several messages to one chat in one batch, the first goes and the others wait.
fn split(chats: &[Paced]) -> (Vec<Paced>, Vec<Lease>) {
    let mut first: BTreeMap<(&str, &str), ()> = BTreeMap::new();
    let (mut go, mut wait) = (Vec::new(), Vec::new());
    for (lease, pace) in chats {
        let taken = pace.as_ref().is_some_and(|pace| first.insert((&pace.connection, &pace.chat), ()).is_some());
        if taken {
            wait.push(lease.clone());
        } else {
            go.push((lease.clone(), pace.clone()));
        }
    }
    (go, wait)
}
