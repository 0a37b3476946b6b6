//! Limits the number of concurrent connections, by caller and kind, so that no single address can use all of them.
//!
//! | a connection is | counts towards | until |
//! |---|---|---|
//! | unauthenticated | the total, and its address | its caller presents a valid key, signature or login |
//! | authenticated | the total | it ends |
//! | a WebSocket | the total of WebSockets, and its client's address | it ends |
//!
//! If no place is left, a new connection replaces the unauthenticated one that has been silent for longest, of the same
//! address if that address has used its share. A call shows within moments who makes it, and an authenticated connection is
//! never replaced. The last places are spare: a connection that gets one while no other is silent is closed after one call
//! if it is still unauthenticated.

use crate::middleware::rate_limit::network;
use axum::http::Extensions;
use ipnet::IpNet;
use std::collections::{BTreeMap, HashMap};
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio_util::sync::CancellationToken;

/// Maximum numbers of connections.
#[derive(Clone, Debug)]
pub struct PlacesMax {
    /// Connections other than WebSockets.
    pub connections: usize,
    /// Unauthenticated connections per address.
    pub of_address: usize,
    /// The last of all connections, in which no connection stays unauthenticated.
    pub spare: usize,
    /// WebSockets.
    pub sockets: usize,
    /// WebSockets per client address.
    pub sockets_of_address: usize,
    /// Proxies, each of which serves many clients from one address.
    pub trusted_proxies: Arc<[IpNet]>,
}

impl PlacesMax {
    /// The limits from the settings.
    pub fn of(settings: &lastword_base::settings::Http) -> Self {
        Self {
            connections: settings.max_connections,
            of_address: settings.connections_per_address,
            // With few places, unauthenticated callers still have half of them.
            spare: settings.spare_connections.min(settings.max_connections / 2),
            sockets: settings.max_sockets,
            sockets_of_address: settings.sockets_per_address,
            trusted_proxies: settings.trusted_proxies.clone().into(),
        }
    }
}

/// Reasons why there is no place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Full {
    /// All places are taken.
    All,
    /// The address has used its share.
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
    /// Silent unauthenticated connections (no call in progress), by the time they fell silent.
    silent: BTreeMap<u64, u64>,
    connections: usize,
    sockets: usize,
    strangers_of: HashMap<IpAddr, usize>,
    sockets_of: HashMap<IpAddr, usize>,
}

#[derive(Debug)]
struct Entry {
    kind: Kind,
    /// Key in [`Held::silent`].
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
    /// Creates free places.
    pub fn new(max: PlacesMax) -> Arc<Self> {
        Arc::new(Self { max, held: Mutex::default() })
    }

    /// Takes a place for a connection from `peer`. It is released when its last holder is dropped.
    ///
    /// # Errors
    /// The reason why there is no place.
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

    /// Number of connections and of WebSockets.
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

    /// Closes the unauthenticated connection that has been silent for longest, among those of a matching kind.
    fn send_away(&mut self, meant: impl Fn(Kind) -> bool) {
        let id = self.silent.values().find(|id| self.places.get(id).is_some_and(|entry| meant(entry.kind))).copied();
        if let Some(id) = id {
            self.leaves(id);
        }
    }

    /// Releases a place immediately; its connection ends as soon as it is notified.
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

/// The place of a connection.
#[derive(Debug)]
pub struct Place {
    places: Arc<Places>,
    id: u64,
    leave: CancellationToken,
}

impl Place {
    /// Marks the caller as authenticated by a valid key, signature or login.
    pub fn vouch(&self) {
        let mut held = self.places.held();
        let Some(entry) = held.places.get_mut(&self.id) else { return };
        if let Kind::Stranger { of, .. } = entry.kind {
            entry.kind = Kind::Known;
            held.is_not_silent(self.id);
            less(&mut held.strangers_of, of);
        }
    }

    /// True if the connection must be closed after one call.
    pub fn is_spare(&self) -> bool {
        matches!(self.places.held().places.get(&self.id), Some(Entry { kind: Kind::Stranger { spare: true, .. }, .. }))
    }

    /// Waits until the place is given to another connection.
    pub async fn is_lost(&self) {
        self.leave.cancelled().await;
    }

    /// Marks the start of a call, which lasts until the returned value is dropped.
    pub fn in_call(self: &Arc<Self>) -> InCall {
        self.places.held().is_not_silent(self.id);
        InCall(self.clone())
    }

    /// Turns the connection into a WebSocket of the client at `client` and releases its place among the others. Returns
    /// false if there is no place for a WebSocket.
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

    /// Marks the caller of a request as authenticated. Requests without a connection occur only in tests.
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

/// A call in progress; its connection is not silent.
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

    /// A connection with a call in progress.
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
        held.push(busy(&places, "192.0.2.1").expect("authenticated connections do not count towards their address"));
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
        let beyond = busy(&places, "192.0.2.1").expect("a spare place, because the whole share is busy");
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
