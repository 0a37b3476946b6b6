//! Actions of clients and recipients on what they see: they tap, twice, late, from another account; some forge.

use super::invariants::{Broken, Press, check};
use super::provider::Call;
use super::world::{Tap, World};
use lastword::domain::answer::Disposition;
use lastword::domain::question::token;
use lastword::life::answer::accept::accept;
use lastword::life::facts::inbound::Arrived;
use lastword::names::Place;
use lastword::store::question::rating_request::RatingRequest;
use lastword::store::records::inspect;
use lastword_contract::{Address, ChoiceKind, Inbound, InboundKind};
use rand::Rng;

impl World {
    /// A person taps on a message. The tap is then in flight.
    pub(crate) fn somebody_taps(&mut self) {
        let storm = self.storm;
        let tappable = |call: &&Call| call.accepted && call.choices.first().is_some_and(|first| !storm || first.kind == ChoiceKind::Score);
        let shown: Vec<_> = self.provider.lock().log.iter().filter(tappable).cloned().collect();
        if shown.is_empty() {
            return;
        }
        let call = &shown[self.rng.random_range(0..shown.len())];
        let low = self.storm && self.rng.random_bool(0.8);
        let at = if low { call.choices.len() - 1 } else { self.rng.random_range(0..call.choices.len()) };
        let choice = &call.choices[at];
        let order = i64::try_from(self.step).unwrap_or(0) * 10 + self.rng.random_range(-30..10);
        let mut token = choice.token.clone();
        let mut by = Address { chat: call.to.chat.clone(), user: Some(call.to.chat.replace('c', "u")), via: None };
        let mut honest = true;
        match self.rng.random_range(0..12) {
            0 => (honest, token) = (false, spoil(&token)),
            1 => (honest, token) = (false, other_value(&token)),
            2 => {
                let other = &shown[self.rng.random_range(0..shown.len())];
                let same = other.to.chat == call.to.chat || other.choices.is_empty();
                (honest, by.chat) = (same, other.to.chat.clone());
            }
            3 if call.to.user.is_some() => (honest, by.user) = (false, Some("stranger".to_owned())),
            _ => {}
        }
        let claimed = token::read(&token);
        let score = claimed.as_ref().and_then(|claimed| match claimed.value {
            token::TokenValue::Score(score) => Some(i64::from(score)),
            _ => None,
        });
        let is_score = choice.kind == ChoiceKind::Score;
        let request = claimed.and_then(|claimed| claimed.subject.as_id());
        let what = InboundKind::Press { token, by, message_id: Some(call.message_id.clone()), press_id: None };
        let inbound = Inbound { key: format!("t{}", self.step), order, at: Some(self.now), kind: what };
        let tap = Tap { connection: call.connection, inbound, honest: request.zip(score).filter(|_| honest && is_score), is_score };
        self.note(format!("a tap {} on {} {:?} (honest: {honest})", tap.inbound.key, call.key, choice.kind));
        // The app sends the same tap again after a reconnect, under a new key.
        if self.rng.random_bool(0.15) {
            let again = Inbound { key: format!("t{}b", self.step), order: order + 1, ..tap.inbound.clone() };
            self.under_way.push(Tap { inbound: again, ..tap.clone() });
        }
        self.under_way.push(tap);
    }

    /// Something in flight arrives at a node; it may arrive again later, and in any order.
    pub(crate) async fn something_arrives(&mut self, number: usize) -> Result<(), Broken> {
        let statuses: Vec<_> = std::mem::take(&mut self.provider.lock().statuses);
        let as_tap = |(connection, inbound)| Tap { connection, inbound, honest: None, is_score: false };
        self.under_way.extend(statuses.into_iter().map(as_tap));
        let mut taps = Vec::new();
        for _ in 0..self.rng.random_range(1..4) {
            if self.under_way.is_empty() {
                break;
            }
            let at = self.rng.random_range(0..self.under_way.len());
            let tap = if self.rng.random_bool(0.2) { self.under_way[at].clone() } else { self.under_way.swap_remove(at) };
            taps.push(tap);
        }
        let engine = self.nodes[number].engine.clone();
        let now = engine.now();
        let requests = inspect::rating_requests(&self.db).await?;
        let arrived = |tap: &Tap| Arrived {
            connection: tap.connection.into(),
            inbound: tap.inbound.clone(),
            body_hash: String::new(),
            came: None,
            form: None,
        };
        let taken = accept(&engine, taps.iter().map(arrived).collect(), None, now).await?;
        let afterwards = inspect::rating_requests(&self.db).await?;
        for (tap, taken) in taps.iter().zip(taken) {
            self.note(format!("arrives {} {:?}: {:?}", tap.inbound.key, tap.inbound.kind, taken.disposition));
            let first = self.watch.taken_in.insert((tap.connection.to_owned(), tap.inbound.key.clone()));
            check(first != taken.repeated, "I12 told before", || format!("{tap:?} {taken:?}"))?;
            let counts = matches!(taken.disposition, Disposition::Counted | Disposition::Changed);
            check(!tap.is_score || tap.honest.is_some() || !counts, "I11", || format!("{tap:?} {taken:?}"))?;
            if let (InboundKind::Press { by, .. }, false) = (&tap.inbound.kind, taken.repeated) {
                match taken.disposition {
                    Disposition::OptedOut => {
                        self.watch.opted_out.insert(Place { connection: tap.connection.into(), chat: (&by.chat).into() });
                    }
                    // The opt-out ends for all names of a person.
                    Disposition::OptedIn => self.watch.opted_out.clear(),
                    _ => {}
                }
            }
            let Some((id, score)) = tap.honest.filter(|_| first) else { continue };
            let outcome = requests.iter().find(|request| request.id == id).and_then(|request| request.outcome.map(|word| word.as_str()));
            // An opt-out that arrived just before it, in the same batch.
            let ended = |request: &&RatingRequest| request.id == id && request.reason.as_deref() == Some("opted_out");
            let over = matches!(outcome, Some("expired" | "canceled" | "not_asked")) || afterwards.iter().any(|request| ended(&request));
            let order = (tap.inbound.order, tap.inbound.key.clone());
            self.watch.presses.entry(id).or_default().push(Press { order, score, at: now, over });
            if counts {
                self.watch.barred.insert(id, "answered");
            }
        }
        Ok(())
    }
}

/// The token with its last character changed.
fn spoil(token: &str) -> String {
    let last = if token.ends_with('x') { 'y' } else { 'x' };
    format!("{}{last}", &token[..token.len() - 1])
}

/// The token with another value and the old MAC.
fn other_value(token: &str) -> String {
    let mut parts: Vec<&str> = token.split('_').collect();
    if let Some(value) = parts.get_mut(2) {
        *value = if *value == "1" { "0" } else { "1" };
    }
    parts.join("_")
}
