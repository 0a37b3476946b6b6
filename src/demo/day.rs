//! Times of closes on a day of the demo.

use super::words::one_of;
use lastword_base::time::{DAY, HOUR, Millis};

/// Number of closes in each hour of a day: few at night, most before and after noon.
const HOURS: [f64; 24] =
    [0.5, 0.4, 0.3, 0.3, 0.4, 0.6, 1.0, 1.7, 2.6, 3.5, 3.9, 3.7, 3.0, 3.3, 3.6, 3.4, 2.9, 2.2, 1.7, 1.4, 1.2, 1.0, 0.8, 0.6];
/// Chats on a weekday, and on a day of the weekend.
const CHATS: (f64, f64) = (72.0, 38.0);
/// Which closes of a day are reported together. With fewer groups the demo starts sooner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pace {
    /// Closes that are less than this time apart; with 0 each is reported by itself.
    Within(Millis),
    /// This number of closes, spread over this time before one of them.
    Groups(usize, Millis),
}

impl Pace {
    /// Each close by itself.
    pub(super) const EXACT: Pace = Pace::Within(0);
}

/// Times of closes on the day that starts at `midnight`, in groups that are reported together.
pub(super) fn closes(midnight: Millis, pace: Pace, mut chance: impl FnMut() -> f64) -> Vec<Vec<Millis>> {
    // 1970 began on a Thursday.
    let weekend = matches!((midnight / DAY + 4).rem_euclid(7), 0 | 6);
    let most = if weekend { CHATS.1 } else { CHATS.0 };
    let count = (most * (0.85 + 0.3 * chance())) as usize;
    let all: f64 = HOURS.iter().sum();
    let mut moments: Vec<Millis> = Vec::with_capacity(count);
    for _ in 0..count {
        let mut rest = chance() * all;
        let hour = HOURS.iter().position(|share| {
            rest -= share;
            rest < 0.0
        });
        moments.push(midnight + hour.unwrap_or(0) as Millis * HOUR + (chance() * HOUR as f64) as Millis);
    }
    moments.sort_unstable();
    let within = match pace {
        Pace::Groups(count, minutes) => return moments.chunks(count).map(|group| together(group, minutes, &mut chance)).collect(),
        Pace::Within(within) => within,
    };
    let mut groups: Vec<Vec<Millis>> = Vec::new();
    for at in moments {
        match groups.last_mut().filter(|group| at - group[0] < within) {
            Some(group) => group.push(at),
            None => groups.push(vec![at]),
        }
    }
    groups
}

/// Returns the same number of times, in the minutes that end with one of them.
fn together(moments: &[Millis], minutes: Millis, chance: &mut impl FnMut() -> f64) -> Vec<Millis> {
    let end = *one_of(moments, chance());
    let mut times: Vec<Millis> = moments.iter().skip(1).map(|_| end - (chance() * minutes as f64) as Millis).collect();
    times.push(end);
    times.sort_unstable();
    times
}

#[cfg(test)]
mod tests {
    use super::*;
    use lastword_base::id::Ids;
    use lastword_base::time::MINUTE;
    use std::collections::BTreeSet;

    #[test]
    fn days_have_hours_and_weeks_have_ends() {
        let ids = Ids::seeded(7);
        let monday = 4 * DAY;
        let (week, end) = (closes(monday, Pace::EXACT, || ids.fraction()), closes(monday + 5 * DAY, Pace::EXACT, || ids.fraction()));
        assert!(week.len() > end.len() && end.len() > 20, "{} {}", week.len(), end.len());
        assert!(week.iter().flatten().all(|at| (monday..monday + DAY).contains(at)) && week.is_sorted());
        let by_day = week.iter().flatten().filter(|at| (8 * HOUR..19 * HOUR).contains(&(**at - monday))).count();
        assert!(by_day * 10 > week.len() * 6, "{by_day} of {}", week.len());
    }

    #[test]
    fn long_ago_chats_are_closed_together_and_none_is_lost() {
        let (one, other) = (Ids::seeded(7), Ids::seeded(7));
        let (exact, together) = (closes(0, Pace::EXACT, || one.fraction()), closes(0, Pace::Groups(14, 40 * MINUTE), || other.fraction()));
        let count = |of: &[Vec<Millis>]| of.iter().map(Vec::len).sum::<usize>();
        assert_eq!(count(&exact), count(&together));
        assert!(together.iter().all(|group| group[group.len() - 1] - group[0] < 40 * MINUTE && group.is_sorted()));
        // They come one by one, as in life.
        let minutes: BTreeSet<Millis> = together.iter().flatten().map(|at| at / MINUTE).collect();
        assert!(minutes.len() * 10 > count(&together) * 8, "{} of {}", minutes.len(), count(&together));
    }
}
