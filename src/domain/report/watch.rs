//! Shares that are watched on each line and channel: which cases count and which are bad, the baseline, and the run towards an
//! alarm. The sum is in [`alarm`](super::stats::alarm).
//!
//! A client counts once a calendar week, because the answers of one client are not independent cases; of messages, each counts.

use super::stats::alarm::{BASELINE_MIN, Heard, Plan, Watch, lower_bound, upper_bound};
use super::stats::alarm_days::{DAYS_MIN, Day, limit, spread};
use crate::Millis;
use crate::line::LineSettings;
use crate::word::words;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, HashSet};
use utoipa::ToSchema;

const HOUR: Millis = 3_600_000;
const DAY: Millis = 24 * HOUR;
/// A client counts once in this time.
pub const WEEK: Millis = 7 * DAY;
/// A baseline is learned from the cases of this time.
pub const LEARNT_FROM: Millis = 180 * DAY;
/// Lifetime of a baseline.
pub const LEARNT_FOR: Millis = 365 * DAY;
/// Maximum number of cases of a baseline, the newest.
pub const CASES_MAX: usize = 20_000;
/// Maximum number of false alarms a year, on average, over all watched shares of the installation, while nothing changes.
pub const FALSE_A_YEAR: i64 = 12;
/// Maximum number of false alarms a year of a single share.
const FALSE_A_YEAR_EACH: f64 = 1.0;

words! {
    /// A watched share.
    #[derive(Default, Deserialize, ToSchema)]
    #[schema(as = WatchedShare)]
    #[serde(rename_all = "snake_case")]
    pub enum Watched {
        /// Ratings that are low.
        #[default]
        Score = "score",
        /// Delivered questions that were not answered in time.
        Response = "response",
        /// Questions that were not delivered.
        Delivery = "delivery",
    }
}

words! {
    /// End of an alarm.
    #[derive(ToSchema)]
    #[schema(rename_all = "snake_case")]
    pub enum AlarmEnd {
        /// The share is back to normal.
        AllClear = "all_clear",
        /// The baseline was learned again.
        LearntAnew = "learnt_anew",
    }
}

words! {
    /// Messages about an alarm that are still to be sent.
    pub enum AlarmNews {
        /// It was raised.
        Raised = "raised",
        /// It is over.
        Cleared = "cleared",
    }
}

impl Watched {
    /// The fall to be detected soon: the odds of a bad case grow by this factor.
    fn odds(self) -> f64 {
        if self == Watched::Delivery { 10.0 } else { 2.0 }
    }

    /// Hash of the settings on which the normal share depends: if it differs, the baseline no longer applies.
    pub fn basis(self, settings: &LineSettings) -> String {
        let own = settings.texts.iter().filter(|(_, texts)| texts.question.is_some() || texts.reminder.is_some());
        let questions: Vec<_> = own.map(|(language, texts)| (language, &texts.question, &texts.reminder)).collect();
        let basis = match self {
            Watched::Score => format!("{:?}", (settings.scale, settings.low_max, questions)),
            Watched::Response => {
                let times = (settings.delay_secs, settings.expires_after_hours, settings.reminder_after_hours);
                format!("{:?}", (settings.scale, questions, times))
            }
            Watched::Delivery => String::new(),
        };
        hex::encode(&Sha256::digest(basis.as_bytes())[..8])
    }
}

/// Time after its close at which a question is mature: it was answered by then, or counts as not answered.
pub fn matures_after(settings: &LineSettings) -> Millis {
    Millis::from(settings.delay_secs) * 1_000 + Millis::from(settings.expires_after_hours.min(24)) * HOUR
}

/// One case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    /// The client, or the rating request if the client is unknown.
    pub client: String,
    /// Its time.
    pub at: Millis,
    /// True if it is low, was not answered, or was not delivered.
    pub bad: bool,
}

/// Result of learning from cases.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Learnt {
    /// Number of clients; for messages, the number of messages.
    pub clients: i64,
    /// Number of cases.
    pub cases: i64,
    /// Number of bad cases.
    pub bad: i64,
    /// Number of days with cases.
    pub days: i64,
    /// The baseline, if there are enough cases.
    pub baseline: Option<Baseline>,
}

/// Basis of an alarm.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Baseline {
    /// Normal share of bad cases, in millionths: the upper 90 % bound. The more the days differ, the fewer independent cases they
    /// count as.
    pub usual: i64,
    /// The lower 90 % bound.
    pub usual_low: i64,
    /// Parameters of the sum.
    pub plan: Plan,
    /// Minimum number of cases between two false alarms, on average.
    pub promise: i64,
    /// Number of watched shares for which the promise holds.
    pub shares: i64,
}

/// Number of watched shares for which a plan is made: with room for more, so that a new share does not change all other plans.
fn planned_for(shares: i64) -> i64 {
    let room = u64::try_from(shares.max(1)).unwrap_or(1).next_power_of_two();
    i64::try_from(room).unwrap_or(i64::MAX).max(FALSE_A_YEAR)
}

/// Learns the normal share from the newest [`CASES_MAX`] of `cases`, oldest first. `shares` is the number of watched shares of the
/// installation.
pub fn learn(watched: Watched, cases: &[Case], shares: i64, now: Millis) -> Learnt {
    let cases = &cases[cases.len().saturating_sub(CASES_MAX)..];
    let all = cases.len() as i64;
    let bad = cases.iter().filter(|case| case.bad).count() as i64;
    let clients = match watched {
        Watched::Delivery => all,
        Watched::Score | Watched::Response => cases.iter().map(|case| case.client.as_str()).collect::<HashSet<_>>().len() as i64,
    };
    let days = by_day(cases);
    let found = Some(()).filter(|()| clients >= BASELINE_MIN && days.len() >= DAYS_MIN).and_then(|()| {
        let shares = planned_for(shares);
        let since = cases.first().map_or(1.0, |first| ((now - first.at) as f64 / DAY as f64).max(1.0));
        let false_a_year = (FALSE_A_YEAR as f64 / shares as f64).min(FALSE_A_YEAR_EACH);
        let promise = (all as f64 / since * 365.0 / false_a_year).ceil().max(BASELINE_MIN as f64);
        // Returning clients do not make the share more certain, and days that differ make it less certain.
        let (share, worth) = (bad as f64 / all as f64, clients as f64 / spread(&days));
        // Rounded to millionths, as it is stored.
        let [usual_low, usual] = [lower_bound(share, worth), upper_bound(share, worth)].map(|bound| (bound * 1e6).round());
        let plan = Plan::new(usual / 1e6, watched.odds(), promise)?;
        let plan = Plan { limit: limit(plan, &days, usual / 1e6, promise)?, ..plan };
        Some(Baseline { usual: usual as i64, usual_low: usual_low as i64, plan, promise: promise as i64, shares })
    });
    Learnt { clients, cases: all, bad, days: days.len() as i64, baseline: found }
}

/// Cases by day.
fn by_day(cases: &[Case]) -> Vec<Day> {
    let mut days: BTreeMap<i64, Day> = BTreeMap::new();
    for case in cases {
        let day = days.entry(case.at.div_euclid(DAY)).or_default();
        day.answers += 1;
        day.bad += i64::from(case.bad);
    }
    days.into_values().collect()
}

/// State of a watched share: the sum, and the cases since it was zero.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Run {
    /// The sum.
    pub sum: i64,
    /// True while an alarm is active.
    pub alarmed: bool,
    /// Time of the first case since the sum was zero.
    pub from: Option<Millis>,
    /// Number of cases since.
    pub cases: i64,
    /// Number of bad cases among them.
    pub bad: i64,
}

impl Run {
    /// Adds a case.
    pub fn hear(&mut self, plan: Plan, bad: bool, at: Millis) -> Heard {
        self.from.get_or_insert(at);
        self.cases += 1;
        self.bad += i64::from(bad);
        self.add(plan, bad)
    }

    /// Corrects a case that was added at `at`: it is `bad` now. A case from before this run is ignored.
    pub fn correct(&mut self, plan: Plan, bad: bool, at: Millis) -> Heard {
        if self.from.is_none_or(|from| at < from) {
            return Heard::Nothing;
        }
        self.bad += if bad { 1 } else { -1 };
        let both = plan.adds + plan.takes;
        self.add(Plan { adds: both, takes: both, ..plan }, bad)
    }

    fn add(&mut self, plan: Plan, bad: bool) -> Heard {
        let mut watch = Watch { sum: self.sum, alarmed: self.alarmed };
        let heard = watch.hear(plan, bad);
        (self.sum, self.alarmed) = (watch.sum, watch.alarmed);
        if self.sum == 0 {
            *self = Self { alarmed: self.alarmed, ..Self::default() };
        }
        heard
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::answer::rating::Scale;
    use crate::line::Texts;

    fn cases(clients: usize, each: usize, bad: usize) -> Vec<Case> {
        let case = |at: usize| Case { client: format!("c{}", at % clients), at: at as Millis * DAY / 10, bad: at % 10 < bad };
        (0..clients * each).map(case).collect()
    }

    #[test]
    fn five_hundred_clients_are_a_baseline_and_fewer_are_none() {
        let learnt = learn(Watched::Score, &cases(499, 1, 1), 1, 100 * DAY);
        assert_eq!((learnt.clients, learnt.baseline), (499, None));
        // Clients, not ratings.
        assert_eq!(learn(Watched::Score, &cases(300, 2, 1), 1, 100 * DAY).baseline, None);
        assert!(learn(Watched::Delivery, &cases(300, 2, 1), 1, 100 * DAY).baseline.is_some());
        let found = learn(Watched::Score, &cases(500, 1, 1), 1, 50 * DAY).baseline.unwrap();
        // The upper 90 % bound of 50 of 500, and ten cases a day for a year.
        assert!((found.usual - 118_600).abs() < 500, "{found:?}");
        assert_eq!((found.promise, found.shares), (3_650, FALSE_A_YEAR));
        assert!(found.plan.answers_between(found.usual as f64 / 1e6) >= 3_650.0);
        assert!(found.usual_low < 100_000, "{found:?}");
        let days = |cases: Vec<Case>| cases.into_iter().map(|case| Case { at: case.at / 5, ..case }).collect::<Vec<_>>();
        let short = learn(Watched::Score, &days(cases(500, 1, 1)), 1, 10 * DAY);
        assert_eq!((short.clients, short.days, short.baseline), (500, 10, None), "ten days do not show how days differ");
    }

    /// The number of lines does not change the number of false alarms.
    #[test]
    fn all_watched_shares_have_one_promise() {
        let found = |shares: i64| learn(Watched::Score, &cases(500, 1, 1), shares, 50 * DAY).baseline.unwrap();
        for shares in [1, 12, 13, 90, 500] {
            let Baseline { promise, shares: planned, .. } = found(shares);
            let a_year = 3_650.0 / promise as f64;
            assert!(planned >= shares && a_year <= 1.0 && a_year * shares as f64 <= FALSE_A_YEAR as f64, "{shares}: {a_year} a year");
        }
        assert!(found(90).plan.limit > found(1).plan.limit);
        assert_eq!(found(13), found(16), "one more changes nothing");
    }

    /// The same share, but each fifth day has all of the bad cases.
    #[test]
    fn days_that_differ_make_it_less_sure() {
        let alike = cases(500, 1, 1);
        let differ: Vec<Case> =
            (0..).zip(&alike).map(|(at, case)| Case { bad: (at / 10) % 5 == 0 && at % 2 == 0, ..case.clone() }).collect();
        let [alike, differ] = [alike, differ].map(|cases| learn(Watched::Score, &cases, 1, 50 * DAY));
        assert_eq!(alike.bad, differ.bad);
        let [alike, differ] = [alike, differ].map(|learnt| learnt.baseline.unwrap());
        assert!(
            differ.usual > alike.usual && differ.usual_low < alike.usual_low && differ.plan.limit > alike.plan.limit,
            "{alike:?} {differ:?}"
        );
    }

    #[test]
    fn who_comes_back_makes_the_share_no_surer() {
        let (once, thrice) = (cases(500, 1, 1), cases(500, 3, 1));
        let usual = |cases: &[Case]| learn(Watched::Score, cases, 1, 200 * DAY).baseline.unwrap().usual;
        assert_eq!(usual(&once), usual(&thrice));
    }

    #[test]
    fn another_question_is_another_basis() {
        let plain = LineSettings::default();
        let mut asked = plain.clone();
        asked.texts.insert("en".into(), Texts { question: Some("How was it?".into()), ..Texts::default() });
        let (stars, late) =
            (LineSettings { scale: Scale::FiveStar, ..plain.clone() }, LineSettings { expires_after_hours: 12, ..plain.clone() });
        let changed = |settings: &LineSettings| Watched::ALL.map(|watched| watched.basis(settings) != watched.basis(&plain));
        assert_eq!(changed(&asked), [true, true, false]);
        assert_eq!(changed(&stars), [true, true, false]);
        assert_eq!(changed(&late), [false, true, false]);
        assert_eq!(changed(&LineSettings { sampling_percent: 10, ..plain.clone() }), [false; 3]);
        let mut thanks = plain.clone();
        thanks.texts.insert("en".into(), Texts { thanks_low: Some("We are sorry.".into()), ..Texts::default() });
        assert_eq!(changed(&thanks), [false; 3], "what comes after the answer");
        assert_eq!((matures_after(&plain), matures_after(&late)), (2_000 + DAY, 2_000 + 12 * HOUR));
    }

    #[test]
    fn a_run_counts_since_the_sum_was_nothing() {
        let (plan, mut run) = (Plan { adds: 3, takes: 1, limit: 6 }, Run::default());
        assert_eq!(run.hear(plan, false, 1), Heard::Nothing);
        assert_eq!(run, Run::default(), "a good one after nothing is nothing");
        assert_eq!(run.hear(plan, true, 2), Heard::Nothing);
        assert_eq!(run.hear(plan, false, 3), Heard::Nothing);
        assert_eq!(run, Run { sum: 2, alarmed: false, from: Some(2), cases: 2, bad: 1 });
        // Changed by its client within the run, and a case from before it.
        assert_eq!(run.correct(plan, true, 1), Heard::Nothing);
        assert_eq!(run.correct(plan, true, 3), Heard::Alarm);
        assert_eq!((run.sum, run.bad), (6, 2));
        assert_eq!(run.correct(plan, false, 3), Heard::Nothing);
        assert_eq!((run.sum, run.alarmed), (2, true));
        assert_eq!(run.hear(plan, false, 4), Heard::Nothing);
        assert_eq!(run.hear(plan, false, 5), Heard::AllClear);
        assert_eq!(run, Run::default());
    }
}
