//! Places: how many connections there may be at once, of whom and of which kind, so that no single address has them all.
//!
//! | a connection is | it counts | until |
//! |---|---|---|
//! | a stranger's | for all, and for its address | its caller shows a right key, signature or login |
//! | known | for all | it ends |
//! | a socket (WebSocket) | apart from all others, and for its client's address | it ends |
//!
//! Where there is none left, whoever comes takes the place of the stranger who has been silent for longest, of the same address if
//! that has all of its share: a call shows within a moment who makes it, and one with a right key is not sent away any more. The
//! last places are spare: whoever gets one, where nobody is silent, and is still a stranger after one call has to leave.

use crate::middleware::rate_limit::network;
use axum::http::Extensions;
use ipnet::IpNet;
use std::collections::{BTreeMap, HashMap};
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio_util::sync::CancellationToken;

/// How many there may be.
#[derive(Clone, Debug)]
pub struct PlacesMax {
    /// Connections that are no sockets.
    pub connections: usize,
    /// Of them, what one stranger's address may hold.
    pub of_address: usize,
    /// Of them, the last ones, in which nobody stays a stranger.
    pub spare: usize,
    /// Sockets.
    pub sockets: usize,
    /// Of them, what one client's address may hold.
    pub sockets_of_address: usize,
    /// Proxies, behind whose addresses stand many clients.
    pub trusted_proxies: Arc<[IpNet]>,
}

impl PlacesMax {
    /// The limits of the settings.
    pub fn of(settings: &lastword_base::settings::Http) -> Self {
        Self {
            connections: settings.max_connections,
            of_address: settings.connections_per_address,
            // However few places there are, unauthenticated callers have half of them.
            spare: settings.spare_connections.min(settings.max_connections / 2),
            sockets: settings.max_sockets,
            sockets_of_address: settings.sockets_per_address,
            trusted_proxies: settings.trusted_proxies.clone().into(),
        }
    }
}

/// Why there is no place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Full {
    /// All are taken.
    All,
    /// This address has its share.
    OfAddress,
}

/// All places.
#[derive(Debug)]
pub struct Places {
    max: PlacesMax,
    held: Mutex<Held>,
}

#[derive(Debug, Default)]
struct Held {
    next: u64,
    places: HashMap<u64, Entry>,
    /// Strangers who are in no call, by when they fell silent.
    silent: BTreeMap<u64, u64>,
    connections: usize,
    sockets: usize,
    strangers_of: HashMap<IpAddr, usize>,
    sockets_of: HashMap<IpAddr, usize>,
}

#[derive(Debug)]
struct Entry {
    kind: Kind,
    /// Its key in [`Held::silent`].
    silent_since: Option<u64>,
    leave: CancellationToken,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Stranger { of: Option<IpAddr>, spare: bool },
    Known,
    Socket { of: IpAddr },
}

impl Places {
    /// So many places, all free.
    pub fn new(max: PlacesMax) -> Arc<Self> {
        Arc::new(Self { max, held: Mutex::default() })
    }

    /// A place for a connection from `peer`, given back when the last who holds it drops it.
    ///
    /// # Errors
    /// Why there is none.
    pub fn take(self: &Arc<Self>, peer: IpAddr) -> Result<Arc<Place>, Full> {
        let peer = peer.to_canonical();
        let proxy = self.max.trusted_proxies.iter().any(|trusted| trusted.contains(&peer));
        let of = (!proxy).then(|| network(peer));
        let mut held = self.held();
        let share = |held: &Held| of.and_then(|of| held.strangers_of.get(&of)).copied().unwrap_or(0);
        if share(&held) >= self.max.of_address {
            held.send_away(|kind| matches!(kind, Kind::Stranger { of: other, .. } if other == of));
        }
        if held.connections >= self.max.connections {
            held.send_away(|_| true);
        }
        if held.connections >= self.max.connections {
            return Err(Full::All);
        }
        let beyond = share(&held).saturating_sub(self.max.of_address.saturating_sub(1));
        if beyond > self.max.spare {
            return Err(Full::OfAddress);
        }
        held.connections += 1;
        let spare = beyond > 0 || held.connections > self.max.connections - self.max.spare;
        Ok(held.sit_down(self, Kind::Stranger { of, spare }))
    }

    /// How many connections and sockets there are.
    pub fn counts(&self) -> (usize, usize) {
        let held = self.held();
        (held.connections, held.sockets)
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Held {
    fn sit_down(&mut self, places: &Arc<Places>, kind: Kind) -> Arc<Place> {
        if let Kind::Stranger { of: Some(of), .. } = kind {
            *self.strangers_of.entry(of).or_default() += 1;
        }
        self.next += 1;
        let (id, leave) = (self.next, CancellationToken::new());
        self.places.insert(id, Entry { kind, silent_since: None, leave: leave.clone() });
        self.falls_silent(id);
        Arc::new(Place { places: places.clone(), id, leave })
    }

    fn falls_silent(&mut self, id: u64) {
        self.next += 1;
        let since = self.next;
        if let Some(entry) = self.places.get_mut(&id).filter(|entry| matches!(entry.kind, Kind::Stranger { .. })) {
            entry.silent_since = Some(since);
            self.silent.insert(since, id);
        }
    }

    fn is_not_silent(&mut self, id: u64) {
        if let Some(since) = self.places.get_mut(&id).and_then(|entry| entry.silent_since.take()) {
            self.silent.remove(&since);
        }
    }

    /// Sends the stranger away who has been silent for longest, of those that are meant.
    fn send_away(&mut self, meant: impl Fn(Kind) -> bool) {
        let id = self.silent.values().find(|id| self.places.get(id).is_some_and(|entry| meant(entry.kind))).copied();
        if let Some(id) = id {
            self.leaves(id);
        }
    }

    /// Its place is free at once; the connection ends as soon as it hears of it.
    fn leaves(&mut self, id: u64) {
        self.is_not_silent(id);
        let Some(entry) = self.places.remove(&id) else { return };
        entry.leave.cancel();
        match entry.kind {
            Kind::Stranger { of, .. } => {
                self.connections -= 1;
                less(&mut self.strangers_of, of);
            }
            Kind::Known => self.connections -= 1,
            Kind::Socket { of } => {
                self.sockets -= 1;
                less(&mut self.sockets_of, Some(of));
            }
        }
    }
}

/// The place of one connection.
#[derive(Debug)]
pub struct Place {
    places: Arc<Places>,
    id: u64,
    leave: CancellationToken,
}

impl Place {
    /// Its caller has shown a right key, signature or login.
    pub fn vouch(&self) {
        let mut held = self.places.held();
        let Some(entry) = held.places.get_mut(&self.id) else { return };
        if let Kind::Stranger { of, .. } = entry.kind {
            entry.kind = Kind::Known;
            held.is_not_silent(self.id);
            less(&mut held.strangers_of, of);
        }
    }

    /// Whether its caller has to leave it after one call.
    pub fn is_spare(&self) -> bool {
        matches!(self.places.held().places.get(&self.id), Some(Entry { kind: Kind::Stranger { spare: true, .. }, .. }))
    }

    /// Somebody else has it now.
    pub async fn is_lost(&self) {
        self.leave.cancelled().await;
    }

    /// A call began; it lasts as long as what this gives.
    pub fn in_call(self: &Arc<Self>) -> InCall {
        self.places.held().is_not_silent(self.id);
        InCall(self.clone())
    }

    /// The connection becomes the socket of a client at `client`, and gives its place among the others back. Gives whether there
    /// was a place for a socket.
    pub fn becomes_socket(&self, client: IpAddr) -> bool {
        let of = network(client);
        let mut held = self.places.held();
        let count = held.sockets_of.get(&of).copied().unwrap_or(0);
        let free = held.sockets < self.places.max.sockets && count < self.places.max.sockets_of_address;
        held.is_not_silent(self.id);
        let Some(entry) = held.places.get_mut(&self.id).filter(|_| free) else { return false };
        if let Kind::Stranger { of: stranger, .. } = std::mem::replace(&mut entry.kind, Kind::Socket { of }) {
            less(&mut held.strangers_of, stranger);
        }
        held.connections -= 1;
        held.sockets += 1;
        *held.sockets_of.entry(of).or_default() += 1;
        true
    }

    /// The caller behind a call has shown a right key, signature or login. A call without a connection is a test's.
    pub fn vouch_for(extensions: &Extensions) {
        if let Some(place) = extensions.get::<Arc<Self>>() {
            place.vouch();
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.places.held().leaves(self.id);
    }
}

/// A call under way: its caller is not silent.
#[derive(Debug)]
pub struct InCall(Arc<Place>);

impl Drop for InCall {
    fn drop(&mut self) {
        self.0.places.held().falls_silent(self.0.id);
    }
}

fn less(counts: &mut HashMap<IpAddr, usize>, of: Option<IpAddr>) {
    let Some(of) = of else { return };
    if let Some(count) = counts.get_mut(&of) {
        *count -= 1;
        if *count == 0 {
            counts.remove(&of);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(connections: usize, of_address: usize, spare: usize) -> Arc<Places> {
        let trusted_proxies = Arc::new(["10.0.0.0/8".parse().unwrap()]);
        Places::new(PlacesMax { connections, of_address, spare, sockets: 3, sockets_of_address: 2, trusted_proxies })
    }

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    /// A connection in a call.
    fn busy(places: &Arc<Places>, from: &str) -> Result<(Arc<Place>, InCall), Full> {
        let place = places.take(ip(from))?;
        let call = place.in_call();
        Ok((place, call))
    }

    #[test]
    fn one_address_has_its_share_and_a_proxy_has_many_clients() {
        let places = places(8, 2, 0);
        let mut held = vec![busy(&places, "192.0.2.1").unwrap(), busy(&places, "::ffff:192.0.2.1").unwrap()];
        assert_eq!(busy(&places, "192.0.2.1").unwrap_err(), Full::OfAddress);
        held.push(busy(&places, "192.0.2.2").unwrap());
        held[0].0.vouch();
        held[0].0.vouch();
        held.push(busy(&places, "192.0.2.1").expect("who is known does not count for its address"));
        held.extend((0..4).map(|_| busy(&places, "10.1.2.3").unwrap()));
        assert_eq!(busy(&places, "192.0.2.9").unwrap_err(), Full::All);
        held.clear();
        assert_eq!(places.counts(), (0, 0));
        assert!(places.held().strangers_of.is_empty() && places.held().silent.is_empty());
    }

    #[test]
    fn who_has_been_silent_for_longest_makes_room() {
        let places = places(8, 2, 0);
        let (first, second, other) =
            (places.take(ip("192.0.2.1")).unwrap(), places.take(ip("192.0.2.1")).unwrap(), places.take(ip("192.0.2.2")).unwrap());
        drop(first.in_call());
        let third = places.take(ip("192.0.2.1")).unwrap();
        assert!(second.leave.is_cancelled() && !first.leave.is_cancelled() && !other.leave.is_cancelled(), "the first has called since");
        first.vouch();
        drop(first.in_call());
        let more: Vec<_> = (0..20).map(|_| places.take(ip("192.0.2.1")).unwrap()).collect();
        assert!(third.leave.is_cancelled() && !first.leave.is_cancelled(), "who has a right key stays");
        let calls: Vec<_> = more.iter().map(Place::in_call).collect();
        assert_eq!(places.counts().0, 4);
        drop((calls, more, second, third));
        assert_eq!(places.counts(), (2, 0));
        let all: Vec<_> = (0..20).map(|number| places.take(ip(&format!("198.51.100.{number}"))).unwrap()).collect();
        assert!(other.leave.is_cancelled(), "of whatever address, where all places are taken");
        drop((all, other, first));
        assert_eq!(places.counts(), (0, 0));
    }

    #[test]
    fn nobody_stays_a_stranger_in_the_last_places() {
        let places = places(4, 2, 1);
        let held: Vec<_> = (0..2).map(|_| busy(&places, "192.0.2.1").unwrap()).collect();
        let beyond = busy(&places, "192.0.2.1").expect("where all of its share is in calls");
        assert!(beyond.0.is_spare() && held.iter().all(|(place, _)| !place.is_spare()));
        assert_eq!(busy(&places, "192.0.2.1").unwrap_err(), Full::OfAddress);
        let last = busy(&places, "192.0.2.2").unwrap();
        assert!(last.0.is_spare());
        last.0.vouch();
        assert!(!last.0.is_spare(), "with a right key it may stay");
    }

    #[test]
    fn sockets_count_apart() {
        let places = places(1, 1, 0);
        let mut sockets = Vec::new();
        for _ in 0..2 {
            let place = places.take(ip("10.0.0.1")).unwrap();
            assert!(place.becomes_socket(ip("192.0.2.1")));
            sockets.push(place);
        }
        let place = places.take(ip("10.0.0.1")).unwrap();
        assert!(!place.becomes_socket(ip("192.0.2.1")), "this client has its share");
        assert!(place.becomes_socket(ip("192.0.2.2")));
        sockets.push(place);
        let place = places.take(ip("10.0.0.1")).unwrap();
        assert!(!place.becomes_socket(ip("192.0.2.3")), "all are taken");
        assert_eq!(places.counts(), (1, 3));
        sockets.clear();
        assert!(place.becomes_socket(ip("192.0.2.1")));
        drop(place);
        assert_eq!(places.counts(), (0, 0));
    }
}
