//! Figures of an experiment: each client once, in their variant; the share of questions answered in time; and a verdict that may be
//! read every day ([`race`](super::stats::race)). Computed from the cases every time, day by day, so that nothing is stored that a
//! recount would not find.

use super::share::Share;
use super::stats::ALPHA;
use super::stats::race::{Between, CLIENTS_MIN, Found, look};
use super::stats::target::differs;
use crate::Millis;
use crate::answer::rating::{Grade, Scale};
use crate::line::experiment::Variant;
use crate::word::words;
use std::collections::{HashMap, HashSet};

/// Maximum share of experiments with a random split that are ever reported as split unevenly.
const SPLIT_ERROR: f64 = 0.01;
/// Time between two looks.
const DAY: Millis = 24 * 3_600_000;

/// One delivered question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    /// The client, under one name; the rating request if the client is no longer known.
    pub person: String,
    /// The variant.
    pub variant: Variant,
    /// Time when its session was closed.
    pub closed_at: Millis,
    /// Time when it matured: a later answer is not in time.
    pub matures_at: Millis,
    /// True if it was answered by then.
    pub answered: bool,
    /// Its score with the scale, and whether it is low.
    pub rated: Option<(Scale, u8, bool)>,
}

words! {
    /// Verdict of an experiment.
    #[derive(Default, serde::Deserialize, utoipa::ToSchema)]
    #[serde(rename_all = "snake_case")]
    pub enum ExperimentVerdict {
        /// No verdict yet.
        #[default]
        GoOn = "go_on",
        /// Variant A gets more answers.
        ABetter = "a_better",
        /// Variant B gets more answers.
        BBetter = "b_better",
        /// No difference larger than the margin.
        NoLarger = "no_larger",
        /// The planned number of clients was asked, without a verdict.
        CannotTell = "cannot_tell",
    }
}

/// Figures of one variant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    /// Delivered questions.
    pub asked: i64,
    /// Mature questions among them.
    pub matured: i64,
    /// Clients with a mature question.
    pub clients: i64,
    /// Clients who answered the last one in time.
    pub answered: i64,
    /// Clients whose last rating counts.
    pub rated: i64,
    /// Clients whose last rating is good.
    pub good: i64,
    /// Clients whose last rating is low.
    pub low: i64,
}

impl Figures {
    /// The share of clients who answered.
    pub fn response(&self) -> Share {
        Share::of(self.answered, self.clients)
    }
}

/// Split of clients between the variants.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Split {
    /// Clients of A with a delivered question.
    pub a: i64,
    /// Clients of B with a delivered question.
    pub b: i64,
    /// True if the data show that they are not halves. Then the variant, or the delivery of the question, is not random, and the
    /// variants cannot be compared.
    pub off: bool,
}

/// Result of an experiment.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Outcome {
    /// The line as it is.
    pub a: Figures,
    /// The trial.
    pub b: Figures,
    /// Bounds of the true difference of the response rates, B minus A.
    pub between: Between,
    /// The verdict.
    pub verdict: ExperimentVerdict,
    /// Number of clients in each variant at which there would be a verdict if the shares stay as they are; `None` if there is one
    /// already, or no planned number would suffice.
    pub clients_needed: Option<i64>,
    /// Split of clients.
    pub split: Split,
}

/// Time of the last close whose question was sent in both variants, which have these delays in seconds.
pub fn both_sent_until(delays: [Option<u32>; 2], ended_at: Option<Millis>, now: Millis) -> Millis {
    let longest = delays.into_iter().flatten().max().unwrap_or(0);
    // One more minute for late sends.
    ended_at.unwrap_or(now).min(now) - (Millis::from(longest) + 60) * 1_000
}

/// Split of the clients of cases that were closed at or before `until`. Later questions of the variant with the longer delay are not
/// sent yet.
pub fn split(cases: &[Case], until: Millis) -> Split {
    let of = |variant: Variant| {
        let own = cases.iter().filter(|case| case.variant == variant && case.closed_at <= until);
        own.map(|case| case.person.as_str()).collect::<HashSet<_>>().len() as i64
    };
    let (a, b) = (of(Variant::A), of(Variant::B));
    Split { a, b, off: differs(Share::of(a, a + b), 50.0, SPLIT_ERROR) }
}

/// The result of `cases` at `now`, with a difference of `margin` percentage points that would not matter and at most `clients_max`
/// clients in each variant.
pub fn outcome(cases: &[Case], margin: u8, clients_max: i64, now: Millis) -> Outcome {
    let mut mature: Vec<&Case> = cases.iter().filter(|case| case.matures_at <= now).collect();
    mature.sort_by_key(|case| case.matures_at);
    let mut found = Outcome::default();
    let mut people: HashMap<&str, (Variant, bool)> = HashMap::new();
    let (mut a, mut b) = (Share::default(), Share::default());
    for day in mature.chunk_by(|one, next| one.matures_at.div_euclid(DAY) == next.matures_at.div_euclid(DAY)) {
        for case in day {
            if let Some((variant, answered)) = people.insert(&case.person, (case.variant, case.answered)) {
                count(&mut a, &mut b, variant, answered, -1);
            }
            count(&mut a, &mut b, case.variant, case.answered, 1);
        }
        if found.verdict == ExperimentVerdict::GoOn {
            (found.between, found.verdict) = judged(a, b, found.between, margin, clients_max);
        }
    }
    (found.a, found.b) = (figures(cases, Variant::A, now, a), figures(cases, Variant::B, now, b));
    if found.verdict == ExperimentVerdict::GoOn {
        found.clients_needed = clients_needed(a, b, found.between, margin, clients_max);
    }
    found
}

fn count(a: &mut Share, b: &mut Share, variant: Variant, answered: bool, by: i64) {
    let share = if variant == Variant::A { a } else { b };
    *share = Share::of(share.part + if answered { by } else { 0 }, share.whole + by);
}

/// One look. B is the first, so that a positive difference favors the trial.
fn judged(a: Share, b: Share, kept: Between, margin: u8, clients_max: i64) -> (Between, ExperimentVerdict) {
    let (between, found) = look(b, a, kept, f64::from(margin) / 100.0, ALPHA);
    let verdict = match found {
        Found::First => ExperimentVerdict::BBetter,
        Found::Second => ExperimentVerdict::ABetter,
        Found::NoLarger => ExperimentVerdict::NoLarger,
        Found::GoOn if a.whole.min(b.whole) >= clients_max => ExperimentVerdict::CannotTell,
        Found::GoOn => ExperimentVerdict::GoOn,
    };
    (between, verdict)
}

/// Minimum number of clients in each variant with which the present shares would give a verdict.
fn clients_needed(a: Share, b: Share, kept: Between, margin: u8, clients_max: i64) -> Option<i64> {
    let now = a.whole.min(b.whole);
    if now < CLIENTS_MIN {
        return None;
    }
    let grown = |share: Share, clients: i64| Share::of((share.part as f64 / share.whole as f64 * clients as f64).round() as i64, clients);
    let tells = |clients: i64| judged(grown(a, clients), grown(b, clients), kept, margin, i64::MAX).1 != ExperimentVerdict::GoOn;
    let (mut few, mut enough) = (now, clients_max);
    if enough <= few || !tells(enough) {
        return None;
    }
    while enough - few > (few / 100).max(1) {
        let middle = few + (enough - few) / 2;
        if tells(middle) { enough = middle } else { few = middle }
    }
    Some(enough)
}

fn figures(cases: &[Case], variant: Variant, now: Millis, clients: Share) -> Figures {
    let own = || cases.iter().filter(|case| case.variant == variant);
    let mut last: HashMap<&str, &Case> = HashMap::new();
    for case in own().filter(|case| case.rated.is_some()) {
        let known = last.entry(&case.person).or_insert(case);
        if known.matures_at <= case.matures_at {
            *known = case;
        }
    }
    let grades: Vec<Grade> = last.values().filter_map(|case| case.rated).map(|(scale, score, low)| Grade::of(scale, score, low)).collect();
    let graded = |grade: Grade| grades.iter().filter(|one| **one == grade).count() as i64;
    Figures {
        asked: own().count() as i64,
        matured: own().filter(|case| case.matures_at <= now).count() as i64,
        clients: clients.whole,
        answered: clients.part,
        rated: grades.len() as i64,
        good: graded(Grade::Good),
        low: graded(Grade::Bad),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `n` clients in each variant, a hundred a day, who answer with these shares.
    fn cases(n: usize, a: f64, b: f64) -> Vec<Case> {
        let case = |variant: Variant, share: f64, at: usize| Case {
            person: format!("{variant}-{at}"),
            variant,
            closed_at: at as Millis,
            matures_at: (at / 100) as Millis * DAY,
            // Evenly spread, so that every look sees this share.
            answered: ((at + 1) as f64 * share).floor() > (at as f64 * share).floor(),
            rated: None,
        };
        (0..n).flat_map(|at| [case(Variant::A, a, at), case(Variant::B, b, at)]).collect()
    }

    fn verdict(n: usize, a: f64, b: f64) -> ExperimentVerdict {
        outcome(&cases(n, a, b), 5, 6_000, Millis::MAX).verdict
    }

    #[test]
    fn each_verdict_is_said_when_the_data_show_it() {
        assert_eq!(verdict(99, 0.0, 1.0), ExperimentVerdict::GoOn, "too few clients");
        assert_eq!(verdict(1_500, 0.2, 0.3), ExperimentVerdict::BBetter);
        assert_eq!(verdict(1_500, 0.3, 0.2), ExperimentVerdict::ABetter);
        assert_eq!(verdict(400, 0.25, 0.25), ExperimentVerdict::GoOn);
        assert_eq!(verdict(5_000, 0.2, 0.2), ExperimentVerdict::NoLarger);
        assert_eq!(outcome(&cases(400, 0.25, 0.27), 5, 400, Millis::MAX).verdict, ExperimentVerdict::CannotTell, "as many as were planned");
    }

    #[test]
    fn how_many_would_tell_tells() {
        let found = outcome(&cases(400, 0.2, 0.27), 5, 6_000, Millis::MAX);
        let needed = found.clients_needed.expect("with these shares it tells in time");
        assert!(found.verdict == ExperimentVerdict::GoOn && (401..6_000).contains(&needed), "{found:?}");
        assert_eq!(
            outcome(&cases(usize::try_from(needed).unwrap() + 100, 0.2, 0.27), 5, 6_000, Millis::MAX).verdict,
            ExperimentVerdict::BBetter
        );
        assert_eq!(outcome(&cases(400, 0.2, 0.25), 5, 500, Millis::MAX).clients_needed, None, "not with so few");
    }

    #[test]
    fn a_client_counts_once_with_the_last_question_that_is_mature() {
        let case = |person: &str, at: Millis, answered: bool| Case {
            person: person.to_owned(),
            variant: Variant::A,
            closed_at: at,
            matures_at: at,
            answered,
            rated: answered.then_some((Scale::Binary, 1, false)),
        };
        let cases = [case("p", 10, true), case("p", 20, false), case("q", 10, true), case("r", 99, true)];
        let found = outcome(&cases, 5, 6_000, 50).a;
        assert_eq!((found.asked, found.matured, found.clients, found.answered), (4, 3, 2, 1));
        assert_eq!((found.rated, found.good, found.low), (3, 3, 0));
    }

    #[test]
    fn a_split_that_is_no_chance_is_told() {
        let people = |a: usize, b: usize| -> Vec<Case> {
            cases(a, 0.3, 0.3).into_iter().filter(|case| case.variant == Variant::A || (case.closed_at as usize) < b).collect()
        };
        assert_eq!(split(&people(1_000, 980), Millis::MAX), Split { a: 1_000, b: 980, off: false });
        assert_eq!(split(&people(1_000, 820), Millis::MAX), Split { a: 1_000, b: 820, off: true });
        assert_eq!(split(&people(1_000, 820), 819), Split { a: 820, b: 820, off: false }, "until then both had left");
        assert_eq!(split(&[], 0), Split::default());
        let again = [cases(40, 0.3, 0.3), cases(20, 0.3, 0.3)].concat();
        assert_eq!((split(&again, Millis::MAX).a, split(&again, Millis::MAX).off), (40, false), "a client counts once");
    }
}
