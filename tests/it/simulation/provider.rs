//! The messengers of the simulation: three connections with different capabilities behind one provider, which keeps a log
//! of what really happened. The database is compared with this log.

use super::faults::{Fate, Mood};
use async_trait::async_trait;
use lastword::time::{DAY, Millis};
use lastword_contract::{
    Account, Address, Capabilities, Channel, Choice, DeliveryStatus, Inbound, InboundKind, Outgoing, Rate, Receipt, SendError, Verdict,
    WindowRule,
};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// No proof of delivery and no idempotency, like Telegram.
pub(crate) const PLAIN: &str = "plain";
/// The platform reports later what arrived, and there is a window.
pub(crate) const PROOF: &str = "proof";
/// The platform recognises our key, and there is a window.
pub(crate) const KEYED: &str = "keyed";
/// All three.
pub(crate) const CONNECTIONS: [&str; 3] = [KEYED, PLAIN, PROOF];

/// A call that reached the provider.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    pub(crate) connection: &'static str,
    pub(crate) key: String,
    pub(crate) to: Address,
    pub(crate) choices: Vec<Choice>,
    /// Content of a digest: the number of low ratings, and which.
    pub(crate) told: Option<Told>,
    pub(crate) message_id: String,
    /// True if a message appeared that was not there before.
    pub(crate) shown: bool,
    /// True if the message is there, new or recognised.
    pub(crate) accepted: bool,
}

/// Content of a digest: the low ratings, and those that are no longer low, each with its count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Told {
    pub(crate) low: (u64, Vec<String>),
    pub(crate) changed: (u64, Vec<String>),
    /// Ratings to which the client added something.
    pub(crate) more: (u64, Vec<String>),
}

impl Told {
    /// `None` if a message is no digest.
    pub(crate) fn by(outgoing: &Outgoing) -> Option<Self> {
        let counted = |count: &str, requests: &str| {
            let requests = outgoing.data.get(requests)?.as_array()?.iter().filter_map(|id| Some(id.as_str()?.to_owned())).collect();
            Some((outgoing.data.get(count)?.as_u64()?, requests))
        };
        if let Some(kind) = outgoing.data.get("kind") {
            // A single alert in a digest has the form of that alert.
            let request = outgoing.data["rating_request"]["id"].as_str()?.to_owned();
            let only = |wanted: &str| if kind == wanted { (1, vec![request.clone()]) } else { (0, Vec::new()) };
            return Some(Self { low: only("low"), changed: only("changed"), more: only("more") });
        }
        let (low, changed) = (counted("count", "rating_requests")?, counted("changed", "changed_rating_requests")?);
        Some(Self { low, changed, more: counted("more", "more_rating_requests")? })
    }
}

/// State of the provider.
#[derive(Clone, Debug)]
pub(crate) struct Provider {
    rng: StdRng,
    pub(crate) now: Millis,
    pub(crate) moods: BTreeMap<&'static str, Mood>,
    pub(crate) log: Vec<Call>,
    /// Statuses of messages that are still in flight to us.
    pub(crate) statuses: Vec<(&'static str, Inbound)>,
    keys: BTreeSet<String>,
    told: i64,
}

/// The provider, shared by all nodes.
#[derive(Clone, Debug)]
pub(crate) struct Shared(Arc<Mutex<Provider>>);

impl Shared {
    pub(crate) fn new(seed: u64, now: Millis) -> Self {
        let moods = CONNECTIONS.into_iter().map(|name| (name, Mood::Flaky)).collect();
        let rng = StdRng::seed_from_u64(seed ^ 0x5ee4);
        Self(Arc::new(Mutex::new(Provider { rng, now, moods, log: Vec::new(), statuses: Vec::new(), keys: BTreeSet::new(), told: 0 })))
    }

    pub(crate) fn lock(&self) -> MutexGuard<'_, Provider> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A connection.
#[derive(Debug)]
pub(crate) struct SimChannel {
    pub(crate) name: &'static str,
    pub(crate) provider: Shared,
}

#[async_trait]
impl Channel for SimChannel {
    fn kind(&self) -> &'static str {
        self.name
    }

    fn capabilities(&self) -> Capabilities {
        let all = Capabilities {
            binary: true,
            five_star: true,
            choices_max: 10,
            edits: true,
            free_text: true,
            alerts: true,
            rate: Rate { per_second: 5.0, burst: 4, per_chat_ms: 1_000, per_group_ms: 3_000 },
            ..Capabilities::default()
        };
        let windowed = Capabilities { window: WindowRule::AfterClient(DAY), ..all.clone() };
        match self.name {
            PLAIN => all,
            PROOF => Capabilities { proof_of_delivery: true, edits: false, ..windowed },
            _ => Capabilities { idempotent_sends: true, events: true, rate: Rate { per_chat_ms: 0, ..windowed.rate }, ..windowed },
        }
    }

    async fn send(&self, outgoing: &Outgoing) -> Result<Receipt, SendError> {
        self.provider.lock().take(self.name, outgoing)
    }

    async fn check(&self) -> Result<Account, SendError> {
        Ok(Account::default())
    }
}

impl Provider {
    fn take(&mut self, connection: &'static str, outgoing: &Outgoing) -> Result<Receipt, SendError> {
        let mood = self.moods.get(connection).copied().unwrap_or(Mood::Good);
        let fate = mood.fate(&mut self.rng);
        let accepted = matches!(fate, Fate::Accepted | Fate::AcceptedAndLost);
        let known = connection == KEYED && self.keys.contains(&outgoing.key);
        let message_id = if known { format!("k{}", outgoing.key) } else { format!("m{}", self.log.len()) };
        let message_id = if connection == KEYED { format!("k{}", outgoing.key) } else { message_id };
        if accepted {
            self.keys.insert(outgoing.key.clone());
        }
        self.log.push(Call {
            connection,
            key: outgoing.key.clone(),
            to: outgoing.to.clone(),
            choices: outgoing.choices.clone(),
            told: Told::by(outgoing),
            message_id: message_id.clone(),
            shown: accepted && !known,
            accepted,
        });
        if accepted && connection == PROOF {
            self.tell(&outgoing.key, &message_id);
        }
        match fate {
            Fate::Accepted => Ok(Receipt { message_id: Some(message_id), moved_to: None }),
            Fate::AcceptedAndLost | Fate::Dropped => Err(SendError::new(Verdict::CannotKnow, "timeout", "no answer")),
            Fate::Refusal(verdict) => Err(SendError::new(verdict, verdict.as_str(), "no")),
        }
    }

    /// Queues the platform's later statuses of a message.
    fn tell(&mut self, key: &str, message_id: &str) {
        let failed = || DeliveryStatus::Failed(SendError::new(Verdict::RecipientGone, "gone", "no"));
        let words = match self.rng.random_range(0..10) {
            0 => vec![],
            1 => vec![DeliveryStatus::Sent, failed()],
            2 => vec![DeliveryStatus::Delivered],
            _ => vec![DeliveryStatus::Sent, DeliveryStatus::Delivered],
        };
        for status in words {
            self.told += 1;
            let echoed = self.rng.random_bool(0.8).then(|| key.to_owned());
            let what = InboundKind::Status { message_id: Some(message_id.to_owned()), key: echoed, status };
            self.statuses.push((PROOF, Inbound { key: format!("s{}", self.told), order: self.told, at: Some(self.now), kind: what }));
        }
    }

    /// Number of messages with this key that a person can see.
    pub(crate) fn copies(&self, key: &str) -> usize {
        self.log.iter().filter(|call| call.shown && call.key == key).count()
    }

    /// True if a message with this key exists.
    pub(crate) fn has(&self, key: &str) -> bool {
        self.keys.contains(key)
    }
}
