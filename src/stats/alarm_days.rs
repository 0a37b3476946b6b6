//! Limit of an alarm if days differ. Answers of one day are correlated (a new colleague, an outage, a campaign), so a limit for
//! independent answers raises several times as many false alarms as promised. The observed days are drawn again with their answers in
//! random order, for many simulated years, to see how high the sum climbs by chance (the bootstrap). The days themselves are resampled
//! several times, because the observed half year is only one of many possible ones.

use crate::alarm::Plan;

/// Answers of one day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Day {
    /// All answers.
    pub answers: i64,
    /// Bad ones among them.
    pub bad: i64,
}

/// Fewer days than this do not show how much days differ.
pub const DAYS_MIN: usize = 14;
/// Number of drawn answers.
const DRAWN: i64 = 400_000;
/// Number of the highest climbs from which rarer ones are extrapolated: their height grows as the logarithm of the time.
const CLIMBS: usize = 100;
/// Number of resamples of the observed days.
const DRAWINGS: i64 = 50;

/// Variance of the shares of days, divided by the variance with independent answers; at least one.
pub fn spread(days: &[Day]) -> f64 {
    let (answers, bad) = sums(days);
    let p = bad / answers;
    if days.len() < 2 || p <= 0.0 || p >= 1.0 {
        return 1.0;
    }
    let of = |day: &Day| (day.bad as f64 - day.answers as f64 * p).powi(2) / (day.answers as f64 * p * (1.0 - p));
    let seen = days.iter().filter(|day| day.answers > 0);
    // Each answer has the same weight: days with few answers show little of how days differ.
    let sum: f64 = seen.map(|day| of(day) * day.answers as f64).sum();
    let free = 1.0 - 1.0 / days.len() as f64;
    (sum / answers / free).max(1.0)
}

fn sums(days: &[Day]) -> (f64, f64) {
    let (answers, bad) = days.iter().fold((0, 0), |(answers, bad), day| (answers + day.answers, bad + day.bad));
    (answers as f64, bad as f64)
}

/// Limit at which `plan` raises a false alarm once in `answers_between` answers, if days are like the observed ones and the share `bad`,
/// which is at least theirs, is bad. Never below the limit of the plan. `None` for fewer than [`DAYS_MIN`] days.
pub fn limit(plan: Plan, days: &[Day], bad: f64, answers_between: f64) -> Option<i64> {
    let days: Vec<Day> = days.iter().copied().filter(|day| day.answers > 0).collect();
    if days.len() < DAYS_MIN {
        return None;
    }
    let (answers, seen) = sums(&days);
    let seen = seen / answers;
    // The usual share is an upper bound: this share of good answers becomes bad.
    let more = ((bad - seen) / (1.0 - seen)).clamp(0.0, 1.0);
    let mut climbs = climbs(plan, &days, more);
    climbs.sort_unstable_by(|a, b| b.cmp(a));
    let wanted = DRAWN as f64 / answers_between;
    let height = match climbs.get(wanted.ceil() as usize) {
        Some(height) if wanted >= CLIMBS as f64 => *height as f64,
        _ => {
            let top = &climbs[..climbs.len().min(CLIMBS)];
            let least = *top.last()? as f64;
            let beyond = top.iter().map(|height| *height as f64 - least).sum::<f64>() / top.len() as f64;
            least + beyond.max(1.0) * (top.len() as f64 / wanted).ln().max(0.0)
        }
    };
    Some((height.ceil() as i64 + 1).max(plan.limit))
}

/// Maximum of the sum in each stretch between two zeros.
fn climbs(plan: Plan, days: &[Day], more: f64) -> Vec<i64> {
    let (mut chance, mut climbs, mut drawn) = (Chance(0x9e37_79b9_7f4a_7c15), Vec::new(), 0);
    let (mut sum, mut highest) = (0_i64, 0_i64);
    let mut drawing = days.to_vec();
    let mut until = 0;
    while drawn < DRAWN {
        if drawn >= until {
            drawing.iter_mut().for_each(|day| *day = days[chance.below(days.len())]);
            until += DRAWN / DRAWINGS;
        }
        let Day { answers, mut bad } = drawing[chance.below(drawing.len())];
        drawn += answers;
        for left in (1..=answers).rev() {
            let is_bad = chance.next() * (left as f64) < bad as f64;
            bad -= i64::from(is_bad);
            if is_bad || (more > 0.0 && chance.next() < more) {
                sum += plan.adds;
                highest = highest.max(sum);
            } else if sum > 0 {
                sum -= plan.takes;
                if sum <= 0 {
                    climbs.push(highest);
                    (sum, highest) = (0, 0);
                }
            }
        }
    }
    if highest > 0 {
        climbs.push(highest);
    }
    climbs
}

/// Pseudo-random numbers from 0 to below 1 (SplitMix64). The seed is fixed, so that the same answers have the same limit.
struct Chance(u64);

impl Chance {
    fn below(&mut self, count: usize) -> usize {
        (self.next() * count as f64) as usize % count
    }

    fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::alarm::{Heard, Watch};
    use crate::beta::quantile;

    const A_DAY: i64 = 30;

    /// Days with a usual share of 8 % whose shares are correlated by `alike`.
    fn days(alike: f64, count: usize, chance: &mut Chance) -> Vec<Day> {
        let shares: Vec<f64> = match alike {
            0.0 => vec![0.08],
            alike => {
                let (a, b) = (0.08 * (1.0 - alike) / alike, 0.92 * (1.0 - alike) / alike);
                (0..500).map(|step| quantile(a, b, (f64::from(step) + 0.5) / 500.0)).collect()
            }
        };
        let one = |chance: &mut Chance| {
            let share = shares[(chance.next() * shares.len() as f64) as usize];
            Day { answers: A_DAY, bad: (0..A_DAY).filter(|_| chance.next() < share).count() as i64 }
        };
        (0..count).map(|_| one(chance)).collect()
    }

    /// False alarms a year.
    fn alarms(plan: Plan, alike: f64, years: usize, chance: &mut Chance) -> f64 {
        let (mut watch, mut alarms) = (Watch::default(), 0);
        for Day { answers, mut bad } in days(alike, years * 365, chance) {
            for left in (1..=answers).rev() {
                let is_bad = chance.next() * (left as f64) < bad as f64;
                bad -= i64::from(is_bad);
                alarms += i32::from(watch.hear(plan, is_bad) == Heard::Alarm);
            }
        }
        f64::from(alarms) / years as f64
    }

    #[test]
    fn days_that_differ_keep_the_promise() {
        let mut chance = Chance(77);
        let a_year = (A_DAY * 365) as f64;
        for alike in [0.0, 0.02, 0.05] {
            let (mut mean, mut independent, baselines) = (0.0, 0.0, 12);
            for _ in 0..baselines {
                let seen = days(alike, 180, &mut chance);
                let (answers, bad) = sums(&seen);
                let usual = crate::alarm::upper_bound(bad / answers, answers / spread(&seen));
                let plan = Plan::new(usual, 2.0, a_year).unwrap();
                let limit = limit(plan, &seen, usual, a_year).unwrap();
                mean += alarms(Plan { limit, ..plan }, alike, 20, &mut chance) / f64::from(baselines);
                independent += alarms(plan, alike, 4, &mut chance) / f64::from(baselines);
            }
            assert!(mean <= 1.0, "correlation {alike}: {mean} a year");
            assert!(alike < 0.05 || independent > 2.0, "days that differ are what this is about: {independent}");
        }
    }

    #[test]
    fn rare_alarms_are_rarer() {
        let mut chance = Chance(9);
        let (seen, a_year) = (days(0.05, 180, &mut chance), (A_DAY * 365) as f64);
        let plan = Plan::new(0.1, 2.0, a_year).unwrap();
        let limits = [1.0, 4.0, 16.0].map(|years| limit(plan, &seen, 0.1, a_year * years).unwrap());
        assert!(limits[0] < limits[1] && limits[1] < limits[2], "{limits:?}");
        assert_eq!(limit(plan, &seen, 0.1, a_year), Some(limits[0]), "the same from the same");
        assert_eq!(limit(plan, &seen[..DAYS_MIN - 1], 0.1, a_year), None);
    }

    #[test]
    fn days_vary_as_they_are_seen_to() {
        let mut chance = Chance(3);
        let of = |alike: f64, chance: &mut Chance| spread(&days(alike, 400, chance));
        assert!((of(0.0, &mut chance) - 1.0).abs() < 0.2);
        // 1 + 29 × 0.05.
        assert!((of(0.05, &mut chance) - 2.45).abs() < 0.5);
        assert_eq!(spread(&[]), 1.0);
        assert_eq!(spread(&[Day { answers: 9, bad: 0 }, Day { answers: 9, bad: 0 }]), 1.0);
    }
}
