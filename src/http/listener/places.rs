//! Places: how many connections there may be at once, of whom and of which kind, so that no single address has them all.
//!
//! | a connection is | it counts | until |
//! |---|---|---|
//! | a stranger's | for all, and for its address | its caller shows a right key, signature or login |
//! | known | for all | it ends |
//! | a socket (WebSocket) | apart from all others, and for its client's address | it ends |
//!
//! The last places are spare: whoever gets one and is still a stranger after one call has to leave. So a call with a right key
//! finds a place although strangers hold all others.

use crate::http::rate_limit::network;
use axum::http::Extensions;
use ipnet::IpNet;
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

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
    pub fn of(settings: &crate::settings::Http) -> Self {
        Self {
            connections: settings.max_connections,
            of_address: settings.connections_per_address,
            // However few places there are, strangers have half of them.
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
    connections: usize,
    sockets: usize,
    strangers_of: HashMap<IpAddr, usize>,
    sockets_of: HashMap<IpAddr, usize>,
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
        if held.connections >= self.max.connections {
            return Err(Full::All);
        }
        if let Some(of) = of {
            let share = held.strangers_of.entry(of).or_default();
            if *share >= self.max.of_address {
                return Err(Full::OfAddress);
            }
            *share += 1;
        }
        held.connections += 1;
        let spare = held.connections > self.max.connections - self.max.spare;
        drop(held);
        Ok(Arc::new(Place { places: self.clone(), kind: Mutex::new(Kind::Stranger { of, spare }) }))
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

/// The place of one connection.
#[derive(Debug)]
pub struct Place {
    places: Arc<Places>,
    kind: Mutex<Kind>,
}

impl Place {
    /// Its caller has shown a right key, signature or login.
    pub fn vouch(&self) {
        let mut kind = self.kind();
        if let Kind::Stranger { of, .. } = *kind {
            *kind = Kind::Known;
            less(&mut self.places.held().strangers_of, of);
        }
    }

    /// Whether its caller has to leave it after one call.
    pub fn is_spare(&self) -> bool {
        matches!(*self.kind(), Kind::Stranger { spare: true, .. })
    }

    /// The connection becomes the socket of a client at `client`, and gives its place among the others back. Gives whether there
    /// was a place for a socket.
    pub fn becomes_socket(&self, client: IpAddr) -> bool {
        let of = network(client);
        let mut kind = self.kind();
        let mut held = self.places.held();
        let count = held.sockets_of.get(&of).copied().unwrap_or(0);
        let free = held.sockets < self.places.max.sockets && count < self.places.max.sockets_of_address;
        if free {
            release(&mut held, *kind);
            held.sockets += 1;
            *held.sockets_of.entry(of).or_default() += 1;
            *kind = Kind::Socket { of };
        }
        free
    }

    /// The caller behind a call has shown a right key, signature or login. A call without a connection is a test's.
    pub fn vouch_for(extensions: &Extensions) {
        if let Some(place) = extensions.get::<Arc<Self>>() {
            place.vouch();
        }
    }

    fn kind(&self) -> MutexGuard<'_, Kind> {
        self.kind.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let kind = *self.kind();
        release(&mut self.places.held(), kind);
    }
}

fn release(held: &mut Held, kind: Kind) {
    match kind {
        Kind::Stranger { of, .. } => {
            held.connections -= 1;
            less(&mut held.strangers_of, of);
        }
        Kind::Known => held.connections -= 1,
        Kind::Socket { of } => {
            held.sockets -= 1;
            less(&mut held.sockets_of, Some(of));
        }
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

    #[test]
    fn one_address_has_its_share_and_a_proxy_has_many_clients() {
        let places = places(8, 2, 0);
        let mut held = vec![places.take(ip("192.0.2.1")).unwrap(), places.take(ip("::ffff:192.0.2.1")).unwrap()];
        assert_eq!(places.take(ip("192.0.2.1")).unwrap_err(), Full::OfAddress);
        held.push(places.take(ip("192.0.2.2")).unwrap());
        held[0].vouch();
        held[0].vouch();
        held.push(places.take(ip("192.0.2.1")).expect("who is known does not count for its address"));
        held.extend((0..4).map(|_| places.take(ip("10.1.2.3")).unwrap()));
        assert_eq!(places.take(ip("192.0.2.9")).unwrap_err(), Full::All);
        held.clear();
        assert_eq!(places.counts(), (0, 0));
        assert!(places.held().strangers_of.is_empty());
    }

    #[test]
    fn nobody_stays_a_stranger_in_the_last_places() {
        let places = places(4, 4, 1);
        let held: Vec<_> = (0..3).map(|_| places.take(ip("192.0.2.1")).unwrap()).collect();
        let last = places.take(ip("192.0.2.1")).unwrap();
        assert!(last.is_spare() && held.iter().all(|place| !place.is_spare()));
        last.vouch();
        assert!(!last.is_spare(), "with a right key it may stay");
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
