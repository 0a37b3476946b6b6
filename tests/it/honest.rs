//! Validates the statistics: the product's own functions on data whose truth is known. The tests are short; the whole
//! table, over a thousand teams and a hundred thousand days, is printed by
//!
//! cargo run --release --example honest

pub(crate) mod chance;
pub(crate) mod changes;
pub(crate) mod equals;
pub(crate) mod intervals;
pub(crate) mod power;
pub(crate) mod reasons;
pub(crate) mod single;

/// A row of the table.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    /// The simulated case.
    pub(crate) what: String,
    /// The result, in percent unless `what` says otherwise.
    pub(crate) found: f64,
    /// The required maximum or minimum.
    pub(crate) bound: Bound,
}

/// Requirement of a figure.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Bound {
    /// Maximum.
    Most(f64),
    /// Minimum.
    Least(f64),
}

impl Row {
    pub(crate) fn new(what: String, found: f64, bound: Bound) -> Self {
        Self { what, found, bound }
    }

    /// True if the requirement is met within this much noise.
    pub(crate) fn keeps(&self, noise: f64) -> bool {
        match self.bound {
            Bound::Most(most) => self.found <= most + noise,
            Bound::Least(least) => self.found >= least - noise,
        }
    }
}

impl std::fmt::Display for Row {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (sign, bound) = match self.bound {
            Bound::Most(most) => ("at most", most),
            Bound::Least(least) => ("at least", least),
        };
        write!(f, "{:<96} {:>9.1}   {sign} {bound}", self.what, self.found)
    }
}

/// Three standard deviations of a share near this percentage over `trials` trials, in percentage points.
pub(crate) fn noise(percent: f64, trials: u32) -> f64 {
    3.0 * (percent * (100.0 - percent) / f64::from(trials)).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all_keep(rows: &[Row], trials: u32) {
        for row in rows {
            let (Bound::Most(bound) | Bound::Least(bound)) = row.bound;
            let broken = !row.keeps(noise(bound.clamp(1.0, 99.0), trials));
            assert!(!broken, "{row}");
        }
    }

    #[test]
    fn equals_are_seldom_told_apart() {
        all_keep(&equals::teams(60, &[(8, 0.9), (40, 0.9), (0, 0.95)]), 60);
        all_keep(&[equals::mixes(7, 40, 100), equals::returning(20, 40, 100)], 100);
        all_keep(&[equals::places(20, 40, 60)], 60);
    }

    /// Equal teams show differences if every rating of a client counts, or if lines are combined: the trials can fail.
    #[test]
    fn the_trials_find_what_is_wrong() {
        let wrong = [equals::returning_counted_each(20, 40, 60), equals::pooled(20, 40, 60)];
        assert!(wrong.iter().all(|row| !row.keeps(noise(5.0, 60))), "{wrong:?}");
    }

    #[test]
    fn who_differs_is_found() {
        all_keep(&power::found(100, &[(40, 7, 64.0), (80, 20, 95.0)]), 100);
        all_keep(&[power::found_on_lines(20, 40, 100, 50.0)], 100);
    }

    #[test]
    fn reasons_change_where_they_do() {
        all_keep(&reasons::unchanged(200, &[12, 40, 150]), 200);
        all_keep(&[reasons::changed(100, 60, 70.0)], 100);
    }

    #[test]
    fn nothing_is_claimed_where_nothing_changed() {
        all_keep(&changes::unchanged(25), 25);
        all_keep(&[changes::letters(8)], 8);
        all_keep(&[changes::found(15, 200, 85.0), changes::mix_is_named(15)], 15);
    }

    #[test]
    fn intervals_hold_the_truth() {
        all_keep(&intervals::differences(600), 600);
        all_keep(&intervals::returning(150), 150);
    }

    #[test]
    fn verdicts_that_are_read_daily_keep_their_word() {
        all_keep(&intervals::targets(100), 100);
        all_keep(&intervals::splits(25), 25);
    }

    #[test]
    fn single_figures_keep_their_word() {
        all_keep(&single::stars(400, &[5, 20, 100]), 400);
        all_keep(&single::races(60, 1_000), 60);
        all_keep(&single::experiments(60, 1_000), 60);
        all_keep(&single::baselines(30), 30);
        let alarms = single::alarms(3_650);
        assert!(
            alarms.iter().all(|row| row.keeps(match row.bound {
                Bound::Most(most) => most,
                Bound::Least(least) => least,
            })),
            "{alarms:?}"
        );
    }
}
