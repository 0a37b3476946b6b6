//! Rate limits by GCRA: the whole state is one number, the theoretical arrival time, so that it fits in a row and all nodes share
//! it.

use crate::Millis;

/// Maximum difference between the clocks of nodes that share a limit.
const AGREE_WITHIN: Millis = 2_000;

/// Calls that a limit admits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Grant {
    /// Number of calls admitted now.
    pub calls: i64,
    /// The new state, in microseconds: milliseconds are too coarse for more than a few hundred calls a second.
    pub tat_micros: i64,
    /// Time of the next call, if fewer were admitted than wanted.
    pub next_at: Millis,
}

/// Admits up to `wanted` calls at `now`, for a limit of `per_second` with a burst of `burst` calls. A limit of zero admits all.
///
/// A state further in the future than a full bucket and one planned call was written with a clock that was ahead: it counts as a
/// bucket with room for one call.
///
/// Any window of one second admits at most `per_second + burst` calls; a channel that must never exceed a platform's limit sets its
/// rate that much lower.
pub fn grant(tat_micros: i64, now: Millis, per_second: f64, burst: u32, wanted: i64) -> Grant {
    if per_second <= 0.0 {
        return Grant { calls: wanted, tat_micros, next_at: now };
    }
    let interval = ((1_000_000.0 / per_second) as i64).max(1);
    let slack = interval * i64::from(burst.max(1) - 1);
    let now_micros = now * 1_000;
    let (full, planned) = (now_micros + slack + interval, interval);
    // Nodes that share a limit have the same time, but not to the millisecond.
    let tat_micros = if tat_micros > full + planned + AGREE_WITHIN * 1_000 { now_micros + slack } else { tat_micros };
    let from = tat_micros.max(now_micros);
    let room = now_micros + slack - from;
    let calls = if room < 0 { 0 } else { (room / interval + 1).min(wanted) };
    let tat_micros = if calls > 0 { from + calls * interval } else { tat_micros };
    Grant { calls, tat_micros, next_at: (tat_micros - slack).div_euclid(1_000) + 1 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn five_of_eight_immediate_calls_pass_a_burst_of_five() {
        assert_eq!(grant(0, 1_000_000, 1.0, 5, 8).calls, 5);
    }

    #[test]
    fn a_state_from_a_clock_that_was_ahead_holds_up_nothing() {
        let (now, burst) = (1_000_000, 5);
        let ahead = grant(0, now + 7_200_000, 25.0, burst, 5).tat_micros;
        let granted = grant(ahead, now, 25.0, burst, 8);
        assert_eq!((granted.calls, granted.next_at), (1, now + 41), "one at once, and from now on as always");
        assert_eq!(grant(granted.tat_micros, now + 1_000, 25.0, burst, 8).calls, 5);
        let little = grant(0, now + 1_500, 25.0, burst, 5).tat_micros;
        assert_eq!(
            grant(little, now, 25.0, burst, 1),
            Grant { calls: 0, tat_micros: little, next_at: now + 1_541 },
            "nodes differ a little"
        );
    }

    proptest! {
        /// I16: for any requests at any times, one second never admits more than the rate and the burst.
        #[test]
        fn a_second_never_sees_more_than_rate_and_burst(
            steps in proptest::collection::vec((0_i64..400, 0_i64..50), 1..200), per_second in 1.0_f64..100.0, burst in 1_u32..10,
        ) {
            let (mut now, mut tat, mut passed) = (1_000_000_i64, 0, Vec::new());
            for (pause, wanted) in steps {
                now += pause;
                let granted = grant(tat, now, per_second, burst, wanted);
                tat = granted.tat_micros;
                passed.push((now, granted.calls));
                if granted.calls < wanted {
                    prop_assert!(granted.next_at > now, "the next call is in the future");
                    prop_assert!(grant(tat, granted.next_at, per_second, burst, 1).calls == 1, "and it does pass then");
                }
            }
            for &(start, _) in &passed {
                let calls: i64 = passed.iter().filter(|(at, _)| (start..start + 1_000).contains(at)).map(|(_, calls)| calls).sum();
                prop_assert!(calls as f64 <= per_second + f64::from(burst) + 1.0, "{calls} calls in a second");
            }
        }
    }
}
