//! Detects the fall of a share, answer by answer: a cumulative sum on whole numbers (Reynolds & Stoumbos, "A CUSUM chart for
//! monitoring a proportion when inspecting continuously", Journal of Quality Technology 31, 1999). A bad answer adds, a good one
//! subtracts, and at a limit an alarm is raised. The limit is chosen so that, while nothing changes, the average number of answers
//! between two false alarms is as promised.

use crate::share::wilson;

/// How answers are summed, and the limit of the alarm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Plan {
    /// Added by a bad answer.
    pub adds: i64,
    /// Subtracted by a good answer.
    pub takes: i64,
    /// Limit at which the alarm is raised.
    pub limit: i64,
}

/// Minimum number of answers of a baseline.
pub const BASELINE_MIN: i64 = 500;
/// The quantile of the normal distribution that leaves 10 % above.
const Z90: f64 = 1.281_551_565_544_6;
/// Maximum limit.
const LIMIT_MAX: i64 = 100_000;

/// The share of bad answers to assume for a baseline: Wilson's upper 90 % bound, so that a lucky baseline seldom breaks the
/// promise. `share` of `answers` was bad; pass fewer answers if they are correlated.
pub fn upper_bound(share: f64, answers: f64) -> f64 {
    wilson(share, answers, Z90).1.clamp(0.001, 0.99)
}

/// The lower 90 % bound.
pub fn lower_bound(share: f64, answers: f64) -> f64 {
    wilson(share, answers, Z90).0
}

impl Plan {
    /// A plan to detect soon that the odds of a bad answer are `odds` times those of `bad` (a share above 0 and below 1), with on
    /// average at least `promise` answers between two false alarms. `None` if no limit achieves that.
    pub fn new(bad: f64, odds: f64, promise: f64) -> Option<Self> {
        let worse = bad / (1.0 - bad) * odds;
        let worse = worse / (1.0 + worse);
        let ratio = (worse / bad).ln() / -((1.0 - worse) / (1.0 - bad)).ln();
        // The smaller of the two steps is one.
        let whole = |ratio: f64| (ratio.round() as i64).max(1);
        let (adds, takes) = if ratio >= 1.0 { (whole(ratio), 1) } else { (1, whole(1.0 / ratio)) };
        let of = |limit: i64| Self { adds, takes, limit };
        let keeps = |limit: i64| of(limit).answers_between(bad) >= promise;
        let (mut low, mut high) = (0, adds + 1);
        while !keeps(high) {
            (low, high) = (high, high * 2);
            if high > LIMIT_MAX {
                return None;
            }
        }
        while high - low > 1 {
            let middle = (low + high) / 2;
            if keeps(middle) { high = middle } else { low = middle }
        }
        Some(of(high))
    }

    /// Average number of answers until an alarm if this share is bad, starting from zero.
    pub fn answers_between(self, bad: f64) -> f64 {
        if self.takes == 1 { self.heavy_bad(bad) } else { self.heavy_good(bad) }
    }

    /// From each sum s, the expected number of further answers is E(s) = 1 + q E(s + k) + (1 − q) E(s − 1), and from zero
    /// E(0) = 1 + q E(k) + (1 − q) E(0). Going up, each is expressed by the k sums above it; going down, these are known. All terms are
    /// positive, so that no digits are lost however long the run.
    fn heavy_bad(self, q: f64) -> f64 {
        let (k, top) = (place(self.adds), place(self.limit));
        // E(s) is the first of the pair plus the given shares of E(s + 1) to E(s + k).
        let mut rows: Vec<(f64, Vec<f64>)> = Vec::with_capacity(top);
        for s in 0..top {
            let (mut alone, mut parts, mut own) = (1.0, vec![0.0; k], 0.0);
            parts[k - 1] = q;
            match s.checked_sub(1).map(|below| &rows[below]) {
                None => own = 1.0 - q,
                Some((constant, below)) => {
                    alone += (1.0 - q) * constant;
                    own += (1.0 - q) * below[0];
                    parts.iter_mut().zip(&below[1..]).for_each(|(part, below)| *part += (1.0 - q) * below);
                }
            }
            parts.iter_mut().for_each(|part| *part /= 1.0 - own);
            rows.push((alone / (1.0 - own), parts));
        }
        let mut known = vec![0.0; top + k];
        for s in (0..top).rev() {
            let (alone, parts) = &rows[s];
            known[s] = alone + parts.iter().zip(&known[s + 1..]).map(|(part, above)| part * above).sum::<f64>();
        }
        known[0]
    }

    /// E(s) = 1 + q E(s + 1) + (1 − q) E(s − g), solved upwards: the difference of E(s) to E(0) has no unknown.
    fn heavy_good(self, q: f64) -> f64 {
        let (g, top) = (place(self.takes), place(self.limit));
        let mut below = vec![0.0];
        for s in 0..top {
            below.push((below[s] + 1.0 - (1.0 - q) * below[s.saturating_sub(g)]) / q);
        }
        below[top]
    }
}

fn place(number: i64) -> usize {
    usize::try_from(number).unwrap_or(0).max(1)
}

/// Effect of an answer on a watched share.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Heard {
    /// No change.
    Nothing,
    /// The share has fallen.
    Alarm,
    /// After an alarm, the share is back to normal.
    AllClear,
}

/// State of a watched share. After an alarm it is silent until the sum is zero again: one alarm per cause.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Watch {
    /// The sum.
    pub sum: i64,
    /// True while an alarm is active.
    pub alarmed: bool,
}

impl Watch {
    /// Adds one answer.
    pub fn hear(&mut self, plan: Plan, bad: bool) -> Heard {
        self.sum = if bad { (self.sum + plan.adds).min(plan.limit) } else { (self.sum - plan.takes).max(0) };
        if self.alarmed && self.sum == 0 {
            self.alarmed = false;
            return Heard::AllClear;
        }
        if !self.alarmed && self.sum >= plan.limit {
            self.alarmed = true;
            return Heard::Alarm;
        }
        Heard::Nothing
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plans_are_those_of_the_table() {
        // The share of bad answers, the step of one, and for 1,825, 10,950 and 36,500 answers: the limit, and the answers until an
        // alarm if two and three times as many are bad.
        type Row = (f64, i64, [(i64, f64, f64); 3]);
        let table: [Row; 5] = [
            (0.01, 69, [(196, 336.0, 167.0), (346, 691.0, 302.0), (461, 975.0, 407.0)]),
            (0.05, 13, [(64, 128.0, 56.0), (96, 207.0, 85.0), (119, 264.0, 106.0)]),
            (0.08, 8, [(47, 91.0, 40.0), (69, 141.0, 59.0), (84, 175.0, 72.0)]),
            (0.20, 3, [(28, 44.0, 20.0), (40, 64.0, 29.0), (49, 79.0, 35.0)]),
            (0.30, 2, [(30, 37.0, 18.0), (46, 57.0, 27.0), (58, 72.0, 34.0)]),
        ];
        for (bad, adds, columns) in table {
            for ((limit, twice, thrice), promise) in columns.into_iter().zip([1_825.0, 10_950.0, 36_500.0]) {
                let plan = Plan::new(bad, 2.0, promise).unwrap();
                assert_eq!(plan, Plan { adds, takes: 1, limit }, "{bad} {promise}");
                let (found2, found3) = (plan.answers_between(2.0 * bad), plan.answers_between(3.0 * bad));
                assert!((found2 - twice).abs() <= 0.5 && (found3 - thrice).abs() <= 0.5, "{bad} {promise}: {found2} {found3}");
            }
        }
        // 92 % to 80 % at thirty a day: 2.8 days.
        assert!((Plan::new(0.08, 2.0, 10_950.0).unwrap().answers_between(0.2) / 30.0 - 2.8).abs() < 0.05);
        // Delivery: ten times the odds, 98 % to 50 % after 8 messages and to 80 % after 26.
        let delivery = Plan::new(0.02, 10.0, 36_500.0).unwrap();
        assert_eq!(delivery, Plan { adds: 13, takes: 1, limit: 47 });
        assert!((delivery.answers_between(0.5) - 8.0).abs() < 0.5 && (delivery.answers_between(0.2) - 26.0).abs() < 0.5);
        // Response: 75 % silence is normal; 90 % is detected after 112 questions.
        let response = Plan::new(0.75, 2.0, 36_500.0).unwrap();
        assert_eq!(response, Plan { adds: 1, takes: 4, limit: 58 });
        assert!((response.answers_between(0.9) - 112.0).abs() < 1.0);
    }

    #[test]
    fn a_baseline_is_careful() {
        let found = upper_bound(0.1, 500.0);
        assert!((found - 0.1186).abs() < 0.0005, "{found}");
        assert!(lower_bound(0.1, 500.0) < 0.1 && lower_bound(0.1, 500.0) > 0.08);
        assert!(upper_bound(0.1, 250.0) > found, "answers that are alike leave more open");
        assert!(upper_bound(0.0, 1_000.0) > 0.0 && lower_bound(0.0, 1_000.0) == 0.0);
    }

    #[test]
    fn an_outage_is_one_alarm_and_one_all_clear() {
        let (plan, mut watch) = (Plan { adds: 8, takes: 1, limit: 69 }, Watch::default());
        let mut heard: Vec<Heard> = (0..40).map(|_| watch.hear(plan, true)).collect();
        heard.extend((0..200).map(|_| watch.hear(plan, false)));
        heard.retain(|heard| *heard != Heard::Nothing);
        assert_eq!(heard, [Heard::Alarm, Heard::AllClear]);
    }
}
