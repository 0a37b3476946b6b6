//! Distributions over whole numbers, exact except for negligible terms, and their tails.

/// Probabilities smaller than this fraction of the largest are dropped.
const NOTHING: f64 = 1e-20;

/// A distribution over whole numbers: the probabilities of `first`, `first + 1` and so on. They add up to one.
#[derive(Clone, Debug, PartialEq)]
pub struct Chances {
    first: i64,
    chances: Vec<f64>,
}

impl Chances {
    /// The distribution of a constant.
    pub fn certain(number: i64) -> Self {
        Self { first: number, chances: vec![1.0] }
    }

    /// The number of good ones among `drawn` drawn at random from `all`, of which `good` are good (hypergeometric). Arguments out
    /// of range are clamped.
    pub fn hypergeometric(all: i64, good: i64, drawn: i64) -> Self {
        let all = all.max(0);
        let (good, drawn) = (good.clamp(0, all), drawn.clamp(0, all));
        let (lowest, highest) = ((drawn - (all - good)).max(0), drawn.min(good));
        let mode = ((drawn + 1) as f64 * (good + 1) as f64 / (all + 2) as f64).floor() as i64;
        // The probability of k + 1 divided by that of k.
        let ratio = |k: i64| (good - k) as f64 * (drawn - k) as f64 / ((k + 1) as f64 * (all - good - drawn + k + 1) as f64);
        Self::around(mode.clamp(lowest, highest), lowest, highest, ratio)
    }

    /// Expands from the most likely number in both directions, by the ratios of neighbours.
    fn around(mode: i64, lowest: i64, highest: i64, ratio: impl Fn(i64) -> f64) -> Self {
        let (mut below, mut above) = (Vec::new(), vec![1.0]);
        let mut weight = 1.0;
        for k in (lowest..mode).rev() {
            weight /= ratio(k);
            if weight < NOTHING {
                break;
            }
            below.push(weight);
        }
        weight = 1.0;
        for k in mode..highest {
            weight *= ratio(k);
            if weight < NOTHING {
                break;
            }
            above.push(weight);
        }
        let first = mode - i64::try_from(below.len()).unwrap_or(0);
        below.reverse();
        below.append(&mut above);
        let whole: f64 = below.iter().sum();
        below.iter_mut().for_each(|weight| *weight /= whole);
        Self { first, chances: below }
    }

    /// The sum of two independent numbers.
    pub fn plus(&self, other: &Self) -> Self {
        let (short, long) = if self.chances.len() < other.chances.len() { (self, other) } else { (other, self) };
        // Four probabilities of the shorter one at a time: then the sums are read and written a quarter as often.
        let rounded = short.chances.len().next_multiple_of(4);
        let mut chances = vec![0.0; rounded + long.chances.len() - 1];
        let mut padded = vec![0.0; long.chances.len() + 6];
        padded[3..3 + long.chances.len()].copy_from_slice(&long.chances);
        for at in (0..rounded).step_by(4) {
            let [a, b, c, d] = [0, 1, 2, 3].map(|next| short.chances.get(at + next).copied().unwrap_or(0.0));
            let theirs = padded[3..].iter().zip(&padded[2..]).zip(&padded[1..]).zip(&padded);
            for (sum, (((w, x), y), z)) in chances[at..].iter_mut().zip(theirs) {
                *sum += a * w + b * x + c * y + d * z;
            }
        }
        let least = chances.iter().copied().fold(0.0, f64::max) * NOTHING;
        let from = chances.iter().position(|&chance| chance >= least).unwrap_or(0);
        let to = chances.iter().rposition(|&chance| chance >= least).map_or(chances.len(), |last| last + 1);
        chances.truncate(to);
        chances.drain(..from);
        Self { first: self.first + other.first + i64::try_from(from).unwrap_or(0), chances }
    }

    /// Probabilities of at most and of at least each number.
    pub fn tails(&self) -> Tails {
        Tails::of_sum(vec![self])
    }

    fn at_most(&self) -> Vec<f64> {
        let mut sum = 0.0;
        let added = self.chances.iter().map(|chance| {
            sum += chance;
            f64::min(sum, 1.0)
        });
        added.collect()
    }

    fn at_least(&self) -> Vec<f64> {
        let mut sum = 0.0;
        let added = self.chances.iter().rev().map(|chance| {
            sum += chance;
            f64::min(sum, 1.0)
        });
        let mut tails: Vec<f64> = added.collect();
        tails.reverse();
        tails
    }
}

/// Tails of the sum of some numbers and a wider one, which is kept separate: adding the widest costs as much as all the rest
/// together, and only a few tails of the sum are needed.
#[derive(Clone, Debug, PartialEq)]
pub struct Tails {
    others: Chances,
    first: i64,
    at_most: Vec<f64>,
    at_least: Vec<f64>,
}

/// Slightly above one: equal probabilities that were summed in a different order compare as equal.
pub(super) const HAIR: f64 = 1.0 + 1e-9;

impl Tails {
    /// The tails of the sum of independent numbers; without any, the sum is zero.
    pub fn of_sum(mut numbers: Vec<&Chances>) -> Self {
        numbers.sort_by_key(|number| number.chances.len());
        let zero = Chances::certain(0);
        let widest = numbers.pop().unwrap_or(&zero);
        let others = numbers.into_iter().fold(zero.clone(), |sum, number| sum.plus(number));
        Self { others, first: widest.first, at_most: widest.at_most(), at_least: widest.at_least() }
    }

    /// Probability of this number or less.
    pub fn at_most(&self, number: i64) -> f64 {
        let widest = |number: i64| match usize::try_from(number - self.first) {
            Err(_) => 0.0,
            Ok(at) => self.at_most.get(at).copied().unwrap_or(1.0),
        };
        self.over_others(number, widest)
    }

    /// Probability of this number or more.
    pub fn at_least(&self, number: i64) -> f64 {
        let widest = |number: i64| match usize::try_from(number - self.first) {
            Err(_) => 1.0,
            Ok(at) => self.at_least.get(at).copied().unwrap_or(0.0),
        };
        self.over_others(number, widest)
    }

    /// Sums the tail of the widest number over all values of the others.
    fn over_others(&self, number: i64, widest: impl Fn(i64) -> f64) -> f64 {
        let sum: f64 = (self.others.first..).zip(&self.others.chances).map(|(others, chance)| chance * widest(number - others)).sum();
        sum.min(1.0)
    }

    /// The largest lower tail that is not above `chance`: how often a test at this level is significant. And the next tail after
    /// it: up to there the reach is the same.
    pub fn reach_below(&self, chance: f64) -> (f64, f64) {
        let (lowest, numbers) = self.range();
        let after = partition_point(numbers, |at| self.at_most(lowest + at) <= chance * HAIR);
        (if after == 0 { 0.0 } else { self.at_most(lowest + after - 1) }, self.at_most(lowest + after))
    }

    /// The largest upper tail that is not above `chance`, and the next one.
    pub fn reach_above(&self, chance: f64) -> (f64, f64) {
        let (lowest, numbers) = self.range();
        let at = partition_point(numbers, |at| self.at_least(lowest + at) > chance * HAIR);
        (if at == numbers { 0.0 } else { self.at_least(lowest + at) }, self.at_least(lowest + at - 1))
    }

    /// The lowest possible number, and how many numbers there are from it to the highest.
    fn range(&self) -> (i64, i64) {
        let numbers = self.at_most.len() + self.others.chances.len() - 1;
        (self.first + self.others.first, i64::try_from(numbers).unwrap_or(i64::MAX))
    }
}

/// The first of this many positions at which `before` no longer holds.
fn partition_point(places: i64, before: impl Fn(i64) -> bool) -> i64 {
    let (mut from, mut to) = (0, places);
    while from < to {
        let middle = from + (to - from) / 2;
        if before(middle) { from = middle + 1 } else { to = middle }
    }
    from
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The same, computed with factorials.
    fn counted(all: i64, good: i64, drawn: i64, k: i64) -> f64 {
        let choose = |n: i64, k: i64| if k < 0 || k > n { 0.0 } else { (0..k).fold(1.0, |c, i| c * (n - i) as f64 / (i + 1) as f64) };
        choose(good, k) * choose(all - good, drawn - k) / choose(all, drawn)
    }

    proptest! {
        #[test]
        fn chances_are_those_of_the_textbook(all in 0_i64..60, good in 0_i64..60, drawn in 0_i64..60) {
            let (good, drawn) = (good.min(all), drawn.min(all));
            let tails = Chances::hypergeometric(all, good, drawn).tails();
            let mut below = 0.0;
            for k in 0..=drawn {
                prop_assert!((tails.at_least(k) - (1.0 - below)).abs() < 1e-9);
                below += counted(all, good, drawn, k);
                prop_assert!((tails.at_most(k) - below).abs() < 1e-9, "{all} {good} {drawn} {k}");
            }
        }

        /// The reach of a test is attainable and not above the level.
        #[test]
        fn reach_is_the_largest_attainable(all in 1_i64..80, good in 0_i64..80, drawn in 0_i64..80, level in 0.0_f64..1.0) {
            let tails = Chances::hypergeometric(all, good.min(all), drawn.min(all)).tails();
            for ((reached, next), attainable) in [(tails.reach_below(level), &tails.at_most), (tails.reach_above(level), &tails.at_least)] {
                prop_assert!(reached <= level * HAIR && (level * HAIR < next || next == 1.0));
                prop_assert!(reached == 0.0 || attainable.contains(&reached));
                prop_assert!(attainable.iter().all(|&tail| tail > level * HAIR || tail <= reached));
            }
        }
    }

    /// Whichever number is the widest, the tails are those of the whole sum.
    #[test]
    fn tails_of_a_sum_are_those_of_its_distribution() {
        let numbers =
            [(30, 20, 10), (300, 240, 80), (12, 6, 5), (90, 1, 40)].map(|(all, good, drawn)| Chances::hypergeometric(all, good, drawn));
        let whole = numbers.iter().fold(Chances::certain(0), |sum, number| sum.plus(number)).tails();
        let apart = Tails::of_sum(numbers.iter().collect());
        for number in -2..120 {
            assert!((whole.at_most(number) - apart.at_most(number)).abs() < 1e-12, "{number}");
            assert!((whole.at_least(number) - apart.at_least(number)).abs() < 1e-12, "{number}");
        }
        for level in [0.0, 1e-9, 0.001, 0.05, 0.5, 1.0] {
            for (of_whole, of_apart) in
                [(whole.reach_below(level), apart.reach_below(level)), (whole.reach_above(level), apart.reach_above(level))]
            {
                assert!((of_whole.0 - of_apart.0).abs() < 1e-12 && of_apart.0 <= level * HAIR, "{level}");
            }
        }
        assert_eq!((Tails::of_sum(Vec::new()).at_most(0), Tails::of_sum(Vec::new()).at_least(1)), (1.0, 0.0));
    }

    #[test]
    fn sums_are_convolutions_and_large_numbers_stay_exact() {
        let one = Chances::hypergeometric(10, 5, 4);
        let both = one.plus(&Chances::certain(3)).plus(&one);
        let by_hand: f64 = (0..=4).map(|k| counted(10, 5, 4, k) * counted(10, 5, 4, 4 - k)).sum();
        let tails = both.tails();
        assert!((tails.at_most(7) - tails.at_most(6) - by_hand).abs() < 1e-12);
        let large = Chances::hypergeometric(4_000_000, 3_600_000, 50_000);
        let mean: f64 = large.chances.iter().enumerate().map(|(at, chance)| (large.first + at as i64) as f64 * chance).sum();
        assert!((mean - 45_000.0).abs() < 1e-4 && large.chances.len() < 2_000, "{mean} {}", large.chances.len());
    }
}
