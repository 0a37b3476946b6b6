//! How often one address may look and answer. A whole office, and the scanner of its mail, share an address.

use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use std::net::{IpAddr, Ipv6Addr};
use std::num::NonZeroU32;

/// Beyond this many remembered addresses, those that have been quiet are forgotten.
const REMEMBERED_MAX: usize = 10_000;

/// How often one address may look and answer.
pub(super) struct Limits {
    looks: DefaultKeyedRateLimiter<IpAddr>,
    answers: DefaultKeyedRateLimiter<IpAddr>,
}

impl Default for Limits {
    fn default() -> Self {
        Self { looks: RateLimiter::keyed(quota(20, 200)), answers: RateLimiter::keyed(quota(5, 50)) }
    }
}

impl Limits {
    /// Whether this address may look at a page now.
    pub(super) fn look(&self, ip: IpAddr) -> bool {
        admits(&self.looks, ip)
    }

    /// Whether this address may send a form now.
    pub(super) fn answer(&self, ip: IpAddr) -> bool {
        admits(&self.answers, ip)
    }
}

fn quota(per_second: u32, burst: u32) -> Quota {
    let some = |number| NonZeroU32::new(number).unwrap_or(NonZeroU32::MIN);
    Quota::per_second(some(per_second)).allow_burst(some(burst))
}

fn admits(limiter: &DefaultKeyedRateLimiter<IpAddr>, ip: IpAddr) -> bool {
    if limiter.len() > REMEMBERED_MAX {
        limiter.retain_recent();
    }
    limiter.check_key(&caller(ip)).is_ok()
}

/// One caller has a whole /64 of IPv6 addresses.
fn caller(ip: IpAddr) -> IpAddr {
    match ip {
        IpAddr::V4(_) => ip,
        IpAddr::V6(ip) => IpAddr::V6(Ipv6Addr::from(u128::from(ip) & !u128::from(u64::MAX))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flood_is_slowed_down_and_others_are_not() {
        let limits = Limits::default();
        let flood: IpAddr = "2001:db8::1".parse().unwrap();
        let neighbour: IpAddr = "2001:db8::ffff".parse().unwrap();
        assert!((0..2_000).filter(|_| limits.look(flood)).count() < 400);
        assert!((0..2_000).filter(|_| limits.answer(flood)).count() < 100);
        assert!(!(0..100).all(|_| limits.answer(neighbour)), "the same network");
        assert!(limits.answer("2001:db8:0:1::1".parse().unwrap()) && limits.answer("192.0.2.1".parse().unwrap()));
    }
}
