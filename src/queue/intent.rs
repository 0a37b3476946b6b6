//! Intent: the last check before a call, committed before it. After this commit the message may have been sent, and that survives
//! any crash.

use super::handler::{Chat, Handler};
use lastword_base::names::{ChatId, ConnectionId, DeliveryId, Place};
use lastword_base::time::{Clock, Millis};
use lastword_domain::question::window::MARGIN;
use lastword_store::question::delivery::Delivery;
use lastword_store::question::lease::{self, Held, Lease, Pace};
use lastword_store::{Db, StoreError, transaction};
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;

/// Result of an intent.
#[derive(Debug, Default)]
pub struct Intent {
    /// Time of the commit, by the shared clock of all nodes.
    pub at: Millis,
    /// IDs that may be sent now.
    pub sending: HashSet<DeliveryId>,
    /// IDs that were due, and may not be sent.
    pub refused: HashSet<DeliveryId>,
    /// The earliest time at which a delivery that had to wait for its chat is due.
    pub next_turn: Option<Millis>,
}

/// Commits the intent for these leased deliveries. Those whose chat got a message a moment ago wait. All others that may not be
/// sent are left to [`refuse`].
///
/// # Errors
/// A database error; nothing may be sent then.
pub async fn intend<'d, H: Handler>(
    db: &Db,
    handler: &Arc<H>,
    leased: impl Iterator<Item = &'d Delivery>,
    clock: &Arc<dyn Clock>,
    lease_ms: Millis,
) -> Result<Intent, StoreError> {
    let leased: Arc<Vec<(Lease, Option<Chat>, ConnectionId)>> =
        Arc::new(leased.map(|one| (Lease::of(one), handler.chat(one), one.connection.clone())).collect());
    transaction!(db, [leased, clock], async |tx| {
        let now = clock.by(tx.clock().await?);
        let pace = |chat: &Chat, connection: &ConnectionId| Pace {
            connection: connection.to_owned(),
            chat: chat.name.clone(),
            next_at: now + chat.between,
        };
        let chats: Vec<Paced> =
            leased.iter().map(|(lease, chat, connection)| (lease.clone(), chat.as_ref().map(|chat| pace(chat, connection)))).collect();
        let paces = firsts(&chats);
        let free: HashSet<Place> =
            if paces.is_empty() { HashSet::new() } else { lease::pace(tx, &paces, now).await?.into_iter().collect() };
        let taken: Vec<Pace> = paces
            .into_iter()
            .filter(|pace| !free.contains(&Place { connection: pace.connection.clone(), chat: pace.chat.clone() }))
            .collect();
        let taken = if taken.is_empty() { Vec::new() } else { lease::paced(tx, &taken).await? };
        let (ready, held) = queue_up(&chats, &taken, now);
        if !held.is_empty() {
            lease::hold_leased(tx, &chats.iter().map(|(lease, _)| lease.clone()).collect::<Vec<_>>()).await?;
            lease::hold(tx, &held).await?;
        }
        let next_turn = held.iter().map(|held| held.due_at).min();
        if ready.is_empty() {
            return Ok(Intent { at: now, next_turn, ..Intent::default() });
        }
        let sending: HashSet<DeliveryId> = lease::intend(tx, &ready, now, now + lease_ms, MARGIN).await?.into_iter().collect();
        let refused = ready.into_iter().map(|lease| lease.id).filter(|id| !sending.contains(id)).collect();
        Ok(Intent { at: now, sending, refused, next_turn })
    })
    .await
}

/// Ends or puts back leased deliveries that were due and for which no intent could be committed.
///
/// # Errors
/// A database error; then their leases expire.
pub async fn refuse<H: Handler>(db: &Db, handler: &Arc<H>, refused: Vec<Delivery>, now: Millis) -> Result<(), StoreError> {
    if refused.is_empty() {
        return Ok(());
    }
    let refused = Arc::new(refused);
    transaction!(db, [handler, refused], async |tx| {
        let all: Vec<&Delivery> = refused.iter().collect();
        handler.ending(tx, &all, &all).await?;
        let leases: Vec<Lease> = refused.iter().map(Lease::of).collect();
        let ended = lease::skip_leased(tx, &leases, now, MARGIN).await?;
        // These wait, and no crash is counted: the connection is paused, the lease expired or the clock went back.
        let early: Vec<Lease> = leases.into_iter().filter(|lease| ended.iter().all(|end| end.id != lease.id)).collect();
        lease::put_back(tx, &early, now).await?;
        handler.ended(tx, &ended, now).await
    })
    .await
}

/// A lease, and the pace of its chat: the time from which the next message may be sent to it after this one.
type Paced = (Lease, Option<Pace>);

/// Each chat once.
fn firsts(chats: &[Paced]) -> Vec<Pace> {
    let mut seen = BTreeSet::new();
    chats.iter().filter_map(|(_, pace)| pace.as_ref()).filter(|pace| seen.insert((&pace.connection, &pace.chat))).cloned().collect()
}

/// Decides which deliveries of a batch go now, and the due times of the others. `taken` are the chats that got a message a moment
/// ago, with the time from which the next one may be sent. In a free chat the first one goes; the others wait as long as the chat
/// requires for each message before them.
fn queue_up(chats: &[Paced], taken: &[Pace], now: Millis) -> (Vec<Lease>, Vec<Held>) {
    let mut next_at: BTreeMap<(&ConnectionId, &ChatId), Millis> =
        taken.iter().map(|pace| ((&pace.connection, &pace.chat), pace.next_at)).collect();
    let (mut ready, mut held) = (Vec::new(), Vec::new());
    for (lease, pace) in chats {
        let Some(pace) = pace else {
            ready.push(lease.clone());
            continue;
        };
        let between = pace.next_at - now;
        match next_at.get_mut(&(&pace.connection, &pace.chat)) {
            None => {
                next_at.insert((&pace.connection, &pace.chat), pace.next_at);
                ready.push(lease.clone());
            }
            Some(turn) => {
                held.push(Held { id: lease.id, token: lease.token, due_at: *turn });
                *turn += between;
            }
        }
    }
    (ready, held)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chat_gets_one_message_at_a_time_and_no_chat_waits_for_another() {
        let named = |id: &str| DeliveryId::first_of(i64::from_str_radix(id, 36).unwrap());
        let one = |id: &str, chat: &str, between: Millis| {
            let pace = Pace { connection: "bot".into(), chat: chat.into(), next_at: 1_000 + between };
            (Lease { id: named(id), token: 1 }, (between > 0).then_some(pace))
        };
        let chats = [
            one("a1", "anna", 1_000),
            one("g1", "-100", 3_000),
            one("a2", "anna", 1_000),
            one("g2", "-100", 3_000),
            one("g3", "-100", 3_000),
            one("b1", "boris", 1_000),
            one("b2", "boris", 1_000),
            one("free", "any", 0),
        ];
        assert_eq!(firsts(&chats).len(), 3);
        let taken = [Pace { connection: "bot".into(), chat: "boris".into(), next_at: 1_400 }];
        let (ready, held) = queue_up(&chats, &taken, 1_000);
        assert_eq!(ready.iter().map(|lease| lease.id).collect::<Vec<_>>(), ["a1", "g1", "free"].map(named));
        let turns: Vec<(DeliveryId, Millis)> = held.iter().map(|held| (held.id, held.due_at)).collect();
        let expected = [("a2", 2_000), ("g2", 4_000), ("g3", 7_000), ("b1", 1_400), ("b2", 2_400)];
        assert_eq!(turns, expected.map(|(id, due_at)| (named(id), due_at)));
    }
}
