//! How often one caller may call, by GCRA in memory: each node counts for itself, and a start begins anew.
//!
//! | who | by what | counted |
//! |---|---|---|
//! | a program | its API key | every call |
//! | nobody we know, at the API and the hooks | address | calls without a right key or signature |
//! | a person without a login, at the pages and the showcase | address | every call |
//! | a client behind a link | address | looks, and forms |
//! | a visitor of a web chat | address, then visitor | registrations, then frames and polls |
//! | a person who signs in | address | tries, whatever login is typed |
//!
//! Who has shown a right key, login or signature is never refused for what others do at the same address.

use crate::problem::Problem;
use lastword_base::settings::Limits;
use lastword_domain::question::limit::grant;
use lastword_life::Millis;
use std::borrow::Borrow;
use std::collections::HashMap;
use std::hash::Hash;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Mutex, PoisonError};

/// More callers than this are not remembered at once.
const REMEMBERED_MAX: usize = 10_000;
/// Seconds' worth of calls that may come at once from an address: a whole office, and the scanner of its mail, share one.
const ADDRESS_BURST: u32 = 10;
/// An office of people behind one address signs in at nine o'clock.
const SIGN_INS_AT_ONCE: u32 = 30;
/// A desk that tells everything wrong is understood from some of it; the rest is counted.
const REFUSALS: (u32, u32) = (1, 100);
/// A person taps a few times in a second at most; an outbox after an outage comes at once.
const FRAMES: (u32, u32) = (4, 40);

/// A call came too soon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooSoon {
    /// Whole seconds until it may come again, for `Retry-After`.
    pub wait_secs: u32,
}

impl TooSoon {
    /// As a problem; `detail` says what there was too much of.
    pub fn problem(self, detail: &str) -> Problem {
        Problem::rate_limited(detail, self.wait_secs)
    }
}

/// How often each caller may call.
#[derive(Debug)]
pub struct Limiter<K> {
    per_second: f64,
    burst: u32,
    /// GCRA's state of those who called lately.
    callers: Mutex<HashMap<K, i64>>,
}

impl<K: Hash + Eq> Limiter<K> {
    /// Lets `per_second` calls of each caller through, `burst` at once. Zero lets all through.
    pub fn new(per_second: f64, burst: u32) -> Self {
        Self { per_second, burst: burst.max(1), callers: Mutex::default() }
    }

    /// A call of `caller`: it is counted if it may come now.
    ///
    /// # Errors
    /// It came too soon.
    pub fn take<Q>(&self, caller: &Q, now: Millis) -> Result<(), TooSoon>
    where
        K: Borrow<Q>,
        Q: Hash + Eq + ToOwned<Owned = K> + ?Sized,
    {
        if self.per_second <= 0.0 {
            return Ok(());
        }
        let mut callers = self.callers.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(kept) = callers.get_mut(caller) {
            return self.granted(kept, now).map(|tat| *kept = tat);
        }
        let tat = self.granted(&mut 0, now)?;
        if callers.len() >= REMEMBERED_MAX {
            callers.retain(|_, tat| *tat > now * 1_000);
        }
        if callers.len() >= REMEMBERED_MAX {
            // A flood from so many addresses is none that a limit for each of them holds up.
            callers.clear();
        }
        callers.insert(caller.to_owned(), tat);
        Ok(())
    }

    /// Whether a call of `caller` may come now. Nothing is counted.
    ///
    /// # Errors
    /// It comes too soon.
    pub fn ask<Q>(&self, caller: &Q, now: Millis) -> Result<(), TooSoon>
    where
        K: Borrow<Q>,
        Q: Hash + Eq + ?Sized,
    {
        if self.per_second <= 0.0 {
            return Ok(());
        }
        let mut callers = self.callers.lock().unwrap_or_else(PoisonError::into_inner);
        callers.get_mut(caller).map_or(Ok(()), |kept| self.granted(kept, now).map(drop))
    }

    /// The state after one call more.
    fn granted(&self, kept: &mut i64, now: Millis) -> Result<i64, TooSoon> {
        // A clock that was set back shuts nobody out: what it wrote before counts as a bucket with room for one call.
        let full = now * 1_000 + (1_000_000.0 * f64::from(self.burst) / self.per_second) as i64;
        if *kept > full {
            *kept = full - (1_000_000.0 / self.per_second) as i64 - 1;
        }
        let granted = grant(*kept, now, self.per_second, self.burst, 1);
        if granted.calls == 1 {
            return Ok(granted.tat_micros);
        }
        // The limit names the first whole millisecond after it may pass.
        let wait = ((granted.next_at - 1 - now).max(1) + 999) / 1_000;
        Err(TooSoon { wait_secs: u32::try_from(wait).unwrap_or(u32::MAX) })
    }
}

/// One customer's network: an address of IPv4, the first 64 bits of one of IPv6.
pub fn network(ip: IpAddr) -> IpAddr {
    match ip.to_canonical() {
        IpAddr::V6(ip) => Ipv6Addr::from_bits(ip.to_bits() >> 64 << 64).into(),
        ip => ip,
    }
}

/// Calls by address.
#[derive(Debug)]
pub struct ByAddress(Limiter<IpAddr>);

impl ByAddress {
    fn new(per_second: f64, burst: u32) -> Self {
        Self(Limiter::new(per_second, burst))
    }

    /// As [`Limiter::take`].
    ///
    /// # Errors
    /// It came too soon.
    pub fn take(&self, ip: IpAddr, now: Millis) -> Result<(), TooSoon> {
        self.0.take(&network(ip), now)
    }

    /// As [`Limiter::ask`].
    ///
    /// # Errors
    /// It comes too soon.
    pub fn ask(&self, ip: IpAddr, now: Millis) -> Result<(), TooSoon> {
        self.0.ask(&network(ip), now)
    }
}

/// All limits of one server.
#[derive(Debug)]
pub struct RateLimits {
    /// Calls of a program, by the id of its key.
    pub keys: Limiter<String>,
    /// Refused calls of a program that are kept for people to look at.
    pub refusals: Limiter<String>,
    /// Calls without a right key or signature.
    pub unauthenticated: ByAddress,
    /// Looks at pages that everybody may see.
    pub page_views: ByAddress,
    /// Forms of clients.
    pub forms: ByAddress,
    /// Registrations of visitors.
    pub visits: ByAddress,
    /// What a visitor of a web chat sends, by connection and visitor.
    pub frames: Limiter<(String, String)>,
    /// How often such a visitor asks for frames.
    pub polls: Limiter<(String, String)>,
    /// Tries to sign in.
    pub sign_ins: ByAddress,
}

impl RateLimits {
    /// The limits that the settings ask for.
    pub fn of(settings: &Limits) -> Self {
        let address = |share: f64| {
            let per_second = f64::from(settings.address_per_second) * share;
            ByAddress::new(per_second, (per_second * f64::from(ADDRESS_BURST)) as u32)
        };
        let (per_second, burst) = FRAMES;
        let chat = || Limiter::new(f64::from(per_second), burst);
        Self {
            keys: Limiter::new(f64::from(settings.key_per_second), settings.key_per_second),
            refusals: Limiter::new(f64::from(REFUSALS.0), REFUSALS.1),
            unauthenticated: address(1.0),
            page_views: address(1.0),
            forms: address(0.25),
            visits: address(0.5),
            frames: chat(),
            polls: chat(),
            sign_ins: ByAddress::new(f64::from(settings.sign_ins_per_minute) / 60.0, SIGN_INS_AT_ONCE),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Millis = 1_790_000_000_000;

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn a_flood_is_slowed_down_and_others_are_not() {
        let limits = RateLimits::of(&Limits { key_per_second: 0, address_per_second: 20, sign_ins_per_minute: 20 });
        let through = |of: &ByAddress, from: &str| (0..2_000).filter(|_| of.take(ip(from), NOW).is_ok()).count();
        for (of, burst) in [(&limits.page_views, 200), (&limits.forms, 50), (&limits.visits, 100), (&limits.sign_ins, 30)] {
            assert_eq!(through(of, "2001:db8::1"), burst);
            assert_eq!(through(of, "2001:db8::ffff"), 0, "the same network");
            assert_eq!((through(of, "2001:db8:0:1::1"), through(of, "192.0.2.1")), (burst, burst), "others");
            assert_eq!(through(of, "::ffff:192.0.2.1"), 0, "the same address, written in the longer way");
        }
        assert_eq!(limits.page_views.take(ip("192.0.2.1"), NOW).unwrap_err().wait_secs, 1);
        assert_eq!(limits.sign_ins.take(ip("192.0.2.1"), NOW).unwrap_err().wait_secs, 3, "twenty a minute");
        assert!(limits.sign_ins.take(ip("192.0.2.1"), NOW + 3_001).is_ok(), "it does pass then");
        assert!((0..100_000).all(|_| limits.keys.take("key", NOW).is_ok()), "zero is no limit");
    }

    #[test]
    fn to_ask_counts_nothing() {
        let limiter = Limiter::<String>::new(1.0, 2);
        assert!((0..10).all(|_| limiter.ask("a", NOW).is_ok()));
        assert!(limiter.take("a", NOW).is_ok() && limiter.take("a", NOW).is_ok());
        assert_eq!((limiter.ask("a", NOW), limiter.take("a", NOW)), (Err(TooSoon { wait_secs: 1 }), Err(TooSoon { wait_secs: 1 })));
    }

    #[test]
    fn a_clock_that_goes_back_shuts_nobody_out() {
        let limiter = Limiter::<String>::new(1.0, 5);
        assert!((0..5).all(|_| limiter.take("a", NOW).is_ok()));
        let earlier = NOW - 3_600_000;
        assert!(limiter.take("a", earlier).is_ok(), "the first call after it is not refused");
        assert!(limiter.take("a", earlier).unwrap_err().wait_secs <= 5);
        assert!(limiter.take("a", earlier + 5_001).is_ok());
    }

    #[test]
    fn memory_has_an_end() {
        let limiter = Limiter::<String>::new(1.0, 1);
        for caller in 0..3 * REMEMBERED_MAX {
            assert!(limiter.take(caller.to_string().as_str(), NOW).is_ok());
        }
        assert!(limiter.callers.lock().unwrap().len() <= REMEMBERED_MAX);
        // Those who have been quiet go first.
        let limiter = Limiter::<String>::new(1.0, 1);
        for caller in 0..REMEMBERED_MAX - 1 {
            assert!(limiter.take(caller.to_string().as_str(), NOW - 5_000).is_ok());
        }
        assert!(limiter.take("busy", NOW).is_ok() && limiter.take("new", NOW).is_ok());
        assert!(limiter.take("busy", NOW).is_err(), "still remembered");
        assert_eq!(limiter.callers.lock().unwrap().len(), 2);
    }
}
