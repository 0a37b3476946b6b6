//! Distributions over whole numbers, exact but for terms that are too small to matter, and their tails.

/// Chances smaller than this part of the largest are left off.
const NOTHING: f64 = 1e-20;

/// A distribution over whole numbers: the chances of `first`, `first + 1` and so on. They add up to one.
#[derive(Clone, Debug, PartialEq)]
pub struct Chances {
    first: i64,
    chances: Vec<f64>,
}

impl Chances {
    /// Always this number.
    pub fn certain(number: i64) -> Self {
        Self { first: number, chances: vec![1.0] }
    }

    /// How many of `drawn` are good, where `drawn` of `all` are drawn by chance and `good` of `all` are good
    /// (hypergeometric). Numbers out of range are brought into it.
    pub fn hypergeometric(all: i64, good: i64, drawn: i64) -> Self {
        let all = all.max(0);
        let (good, drawn) = (good.clamp(0, all), drawn.clamp(0, all));
        let (lowest, highest) = ((drawn - (all - good)).max(0), drawn.min(good));
        let mode = ((drawn + 1) as f64 * (good + 1) as f64 / (all + 2) as f64).floor() as i64;
        // The chance of k + 1 over that of k.
        let ratio = |k: i64| (good - k) as f64 * (drawn - k) as f64 / ((k + 1) as f64 * (all - good - drawn + k + 1) as f64);
        Self::around(mode.clamp(lowest, highest), lowest, highest, ratio)
    }

    /// Grown from the likeliest number to both sides by the ratios of neighbours.
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

    /// The sum of two numbers that do not depend on each other.
    pub fn plus(&self, other: &Self) -> Self {
        let mut chances = vec![0.0; self.chances.len() + other.chances.len() - 1];
        for (at, mine) in self.chances.iter().enumerate() {
            for (sum, theirs) in chances[at..].iter_mut().zip(&other.chances) {
                *sum += mine * theirs;
            }
        }
        let least = chances.iter().copied().fold(0.0, f64::max) * NOTHING;
        let from = chances.iter().position(|&chance| chance >= least).unwrap_or(0);
        let to = chances.iter().rposition(|&chance| chance >= least).map_or(chances.len(), |last| last + 1);
        chances.truncate(to);
        chances.drain(..from);
        Self { first: self.first + other.first + i64::try_from(from).unwrap_or(0), chances }
    }

    /// The chances of at most and of at least each number.
    pub fn tails(&self) -> Tails {
        let mut sum = 0.0;
        let mut add = |chance: &f64| {
            sum += chance;
            f64::min(sum, 1.0)
        };
        let at_most = self.chances.iter().map(&mut add).collect();
        sum = 0.0;
        let mut at_least: Vec<f64> = self
            .chances
            .iter()
            .rev()
            .map(|chance| {
                sum += chance;
                f64::min(sum, 1.0)
            })
            .collect();
        at_least.reverse();
        Tails { first: self.first, at_most, at_least }
    }
}

/// The tails of a distribution over whole numbers.
#[derive(Clone, Debug, PartialEq)]
pub struct Tails {
    first: i64,
    at_most: Vec<f64>,
    at_least: Vec<f64>,
}

/// A hair above one: equal chances that were added up in another order are equal.
const HAIR: f64 = 1.0 + 1e-9;

impl Tails {
    /// The chance of this number or less.
    pub fn at_most(&self, number: i64) -> f64 {
        match usize::try_from(number - self.first) {
            Err(_) => 0.0,
            Ok(at) => self.at_most.get(at).copied().unwrap_or(1.0),
        }
    }

    /// The chance of this number or more.
    pub fn at_least(&self, number: i64) -> f64 {
        match usize::try_from(number - self.first) {
            Err(_) => 1.0,
            Ok(at) => self.at_least.get(at).copied().unwrap_or(0.0),
        }
    }

    /// The largest lower tail that is not above `chance`: how often a test by it says something at that level.
    pub fn reach_below(&self, chance: f64) -> f64 {
        let after = self.at_most.partition_point(|&tail| tail <= chance * HAIR);
        after.checked_sub(1).map_or(0.0, |at| self.at_most[at])
    }

    /// The largest upper tail that is not above `chance`.
    pub fn reach_above(&self, chance: f64) -> f64 {
        let at = self.at_least.partition_point(|&tail| tail > chance * HAIR);
        self.at_least.get(at).copied().unwrap_or(0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The same by counting with factorials.
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

        /// What a test can reach is attainable and not above the level.
        #[test]
        fn reach_is_the_largest_attainable(all in 1_i64..80, good in 0_i64..80, drawn in 0_i64..80, level in 0.0_f64..1.0) {
            let tails = Chances::hypergeometric(all, good.min(all), drawn.min(all)).tails();
            for (reached, attainable) in [(tails.reach_below(level), &tails.at_most), (tails.reach_above(level), &tails.at_least)] {
                prop_assert!(reached <= level * HAIR);
                prop_assert!(reached == 0.0 || attainable.contains(&reached));
                prop_assert!(attainable.iter().all(|&tail| tail > level * HAIR || tail <= reached));
            }
        }
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
