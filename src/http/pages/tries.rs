//! How often one address may try to sign in, whatever logins it types. The wait of one login is the step's own.

use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use std::net::IpAddr;
use std::num::NonZeroU32;

/// Beyond this many remembered addresses, those that have been quiet are forgotten.
const REMEMBERED_MAX: usize = 10_000;
/// An office of people behind one address signs in at nine o'clock.
const AT_ONCE: u32 = 30;
/// After that, this many in a minute.
const A_MINUTE: u32 = 20;

pub(super) struct Tries(DefaultKeyedRateLimiter<u128>);

impl Default for Tries {
    fn default() -> Self {
        let some = |number| NonZeroU32::new(number).unwrap_or(NonZeroU32::MIN);
        Self(RateLimiter::keyed(Quota::per_minute(some(A_MINUTE)).allow_burst(some(AT_ONCE))))
    }
}

impl Tries {
    /// Whether this address may try now.
    pub(super) fn may(&self, ip: IpAddr) -> bool {
        if self.0.len() > REMEMBERED_MAX {
            self.0.retain_recent();
        }
        self.0.check_key(&network(ip)).is_ok()
    }
}

/// One customer's network: an address of IPv4, the first 64 bits of one of IPv6.
fn network(ip: IpAddr) -> u128 {
    match ip {
        IpAddr::V4(ip) => u128::from(ip.to_bits()),
        IpAddr::V6(ip) => ip.to_bits() >> 64 << 64,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_slowed_down_and_others_are_not() {
        let tries = Tries::default();
        let ip = |text: &str| text.parse::<IpAddr>().unwrap();
        let through = (0..200).filter(|_| tries.may(ip("2001:db8::1"))).count();
        assert!((AT_ONCE as usize..60).contains(&through), "{through}");
        assert!(!tries.may(ip("2001:db8::2")), "the same network");
        assert!(tries.may(ip("2001:db8:0:1::1")) && tries.may(ip("192.0.2.1")));
    }
}
