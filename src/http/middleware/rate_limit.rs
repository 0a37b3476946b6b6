//! Rate limits per caller: GCRA in memory, separate on each node and reset at start.
//!
//! | caller | limited by | counted |
//! |---|---|---|
//! | a program | API key | every call |
//! | unauthenticated, at the API and the hooks | address | calls without a valid key or signature |
//! | a person without a login, at the pages and the showcase | address | every call |
//! | a client behind a link | address | page views, and forms |
//! | a visitor of a web chat | address, then visitor | registrations, then frames and polls |
//! | a person who signs in | address | attempts, whatever login is entered |
//!
//! A caller with a valid key, login or signature is never refused because of others at the same address.

use crate::problem::Problem;
use lastword_base::names::KeyId;
use lastword_base::settings::Limits;
use lastword_domain::question::limit::grant;
use lastword_life::Millis;
use std::borrow::Borrow;
use std::collections::HashMap;
use std::hash::Hash;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Mutex, PoisonError};

/// Maximum number of callers remembered.
const REMEMBERED_MAX: usize = 10_000;
/// Burst per address, in seconds of its rate: a whole office and its mail scanner share one address.
const ADDRESS_BURST: u32 = 10;
/// Burst of sign-ins: an office behind one address signs in at nine o'clock.
const SIGN_INS_AT_ONCE: u32 = 30;
/// Rate and burst of stored refusals. If everything a desk sends is wrong, a sample is enough; the rest is only counted.
const REFUSALS: (u32, u32) = (1, 100);
/// Rate and burst of frames: a person taps a few times per second at most; an outbox after an outage is sent at once.
const FRAMES: (u32, u32) = (4, 40);

/// A call exceeded its limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooSoon {
    /// Whole seconds until the next call is allowed, for `Retry-After`.
    pub wait_secs: u32,
}

impl TooSoon {
    /// Converts to a problem; `detail` says what was exceeded.
    pub fn problem(self, detail: &str) -> Problem {
        Problem::rate_limited(detail, self.wait_secs)
    }
}

/// A rate limit per caller.
#[derive(Debug)]
pub struct Limiter<K> {
    per_second: f64,
    burst: u32,
    /// GCRA state of recent callers.
    callers: Mutex<HashMap<K, i64>>,
}

impl<K: Hash + Eq> Limiter<K> {
    /// Allows `per_second` calls per caller, with a burst of `burst`. Zero means no limit.
    pub fn new(per_second: f64, burst: u32) -> Self {
        Self { per_second, burst: burst.max(1), callers: Mutex::default() }
    }

    /// Counts a call of `caller` if it is allowed.
    ///
    /// # Errors
    /// The call exceeds the limit.
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
            // A flood from this many addresses cannot be stopped by limits per address.
            callers.clear();
        }
        callers.insert(caller.to_owned(), tat);
        Ok(())
    }

    /// Checks whether a call of `caller` is allowed, without counting it.
    ///
    /// # Errors
    /// The call would exceed the limit.
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

    /// The state after one more call.
    fn granted(&self, kept: &mut i64, now: Millis) -> Result<i64, TooSoon> {
        // A clock that was set back locks out no caller: states written before count as a bucket with room for one call.
        let full = now * 1_000 + (1_000_000.0 * f64::from(self.burst) / self.per_second) as i64;
        if *kept > full {
            *kept = full - (1_000_000.0 / self.per_second) as i64 - 1;
        }
        let granted = grant(*kept, now, self.per_second, self.burst, 1);
        if granted.calls == 1 {
            return Ok(granted.tat_micros);
        }
        // The limit returns the first whole millisecond after which the call may pass.
        let wait = ((granted.next_at - 1 - now).max(1) + 999) / 1_000;
        Err(TooSoon { wait_secs: u32::try_from(wait).unwrap_or(u32::MAX) })
    }
}

/// The network of a customer: an IPv4 address, or the first 64 bits of an IPv6 address.
pub fn network(ip: IpAddr) -> IpAddr {
    match ip.to_canonical() {
        IpAddr::V6(ip) => Ipv6Addr::from_bits(ip.to_bits() >> 64 << 64).into(),
        ip => ip,
    }
}

/// A rate limit per address.
#[derive(Debug)]
pub struct ByAddress(Limiter<IpAddr>);

impl ByAddress {
    fn new(per_second: f64, burst: u32) -> Self {
        Self(Limiter::new(per_second, burst))
    }

    /// As [`Limiter::take`].
    ///
    /// # Errors
    /// The call exceeds the limit.
    pub fn take(&self, ip: IpAddr, now: Millis) -> Result<(), TooSoon> {
        self.0.take(&network(ip), now)
    }

    /// As [`Limiter::ask`].
    ///
    /// # Errors
    /// The call would exceed the limit.
    pub fn ask(&self, ip: IpAddr, now: Millis) -> Result<(), TooSoon> {
        self.0.ask(&network(ip), now)
    }
}

/// All rate limits of a server.
#[derive(Debug)]
pub struct RateLimits {
    /// Calls of a program, by key ID.
    pub keys: Limiter<KeyId>,
    /// Refused calls of a program that are stored for people to look at.
    pub refusals: Limiter<String>,
    /// Calls without a valid key or signature.
    pub unauthenticated: ByAddress,
    /// Views of public pages.
    pub page_views: ByAddress,
    /// Forms of clients.
    pub forms: ByAddress,
    /// Registrations of visitors.
    pub visits: ByAddress,
    /// Frames sent by visitors of a web chat, by connection and visitor.
    pub frames: Limiter<(String, String)>,
    /// Polls for frames by such visitors.
    pub polls: Limiter<(String, String)>,
    /// Sign-in attempts.
    pub sign_ins: ByAddress,
}

impl RateLimits {
    /// The limits from the settings.
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
        assert!((0..100_000).all(|_| limits.keys.take(&KeyId::default(), NOW).is_ok()), "zero is no limit");
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
        // Idle callers are removed first.
        let limiter = Limiter::<String>::new(1.0, 1);
        for caller in 0..REMEMBERED_MAX - 1 {
            assert!(limiter.take(caller.to_string().as_str(), NOW - 5_000).is_ok());
        }
        assert!(limiter.take("busy", NOW).is_ok() && limiter.take("new", NOW).is_ok());
        assert!(limiter.take("busy", NOW).is_err(), "still remembered");
        assert_eq!(limiter.callers.lock().unwrap().len(), 2);
    }
}
