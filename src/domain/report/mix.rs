//! Mix of a group's rated sessions by who handled them. If the mixes differ, the comparison of groups may be an effect of that:
//! programs are rated differently from people.

use crate::session::HandledBy;

/// A group with fewer ratings has no meaningful mix.
const RATINGS_MIN: i64 = 10;
/// Shares differ if they are this many percentage points apart.
const POINTS: i64 = 10;

/// Ratings by who handled the session.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Mix([i64; HandledBy::ALL.len()]);

impl Mix {
    /// Adds ratings of sessions handled by `handled_by`. Sessions handled by nobody known are ignored.
    pub fn add(&mut self, handled_by: HandledBy, ratings: i64) {
        if handled_by != HandledBy::Nobody {
            self.0[handled_by as usize] += ratings;
        }
    }

    fn all(&self) -> i64 {
        self.0.iter().sum()
    }
}

/// True if the mixes of these groups differ so much that a comparison has to mention it.
pub fn mixes_differ<'m>(mixes: impl IntoIterator<Item = &'m Mix>) -> bool {
    let enough: Vec<&Mix> = mixes.into_iter().filter(|mix| mix.all() >= RATINGS_MIN).collect();
    let apart = |one: &Mix, other: &Mix, kind: usize| {
        let (of, of_other) = (one.all(), other.all());
        100 * (one.0[kind] * of_other - other.0[kind] * of).abs() >= POINTS * of * of_other
    };
    let pairs = enough.iter().enumerate().flat_map(|(at, one)| enough[at + 1..].iter().map(move |other| (*one, *other)));
    pairs.into_iter().any(|(one, other)| (0..one.0.len()).any(|kind| apart(one, other, kind)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mix(human: i64, program: i64, both: i64) -> Mix {
        let mut mix = Mix::default();
        for (handled_by, ratings) in [(HandledBy::Human, human), (HandledBy::Program, program), (HandledBy::Both, both)] {
            mix.add(handled_by, ratings);
        }
        mix
    }

    #[test]
    fn mixes_differ_from_ten_points_on() {
        assert!(!mixes_differ([]));
        assert!(!mixes_differ([&mix(100, 0, 0)]));
        assert!(!mixes_differ([&mix(100, 0, 0), &mix(20, 0, 0)]));
        assert!(!mixes_differ([&mix(100, 0, 0), &mix(91, 9, 0)]));
        assert!(mixes_differ([&mix(100, 0, 0), &mix(90, 10, 0)]));
        assert!(mixes_differ([&mix(50, 50, 0), &mix(50, 0, 50)]), "both is another thing than a program alone");
        assert!(!mixes_differ([&mix(100, 0, 0), &mix(0, 9, 0)]), "nine ratings say nothing of a mix");
        let mut unknown = mix(0, 0, 0);
        unknown.add(HandledBy::Nobody, 50);
        assert!(!mixes_differ([&mix(100, 0, 0), &unknown]), "unknown is not a program");
        assert!(mixes_differ([&mix(40, 0, 0), &mix(39, 1, 0), &mix(0, 0, 30)]));
    }
}
