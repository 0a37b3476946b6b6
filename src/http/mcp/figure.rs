//! A number with its sample size, interval, verdict and a sentence to quote.

use lastword_domain::report::change::Change;
use lastword_domain::report::comparison::{Compared, Difference, Verdict};
use lastword_domain::report::stats::target::Reached;
use lastword_domain::report::{FEW, Part};
use lastword_life::report::targets::Target;
use serde::Serialize;

/// A number. If the data cannot tell, `value` is null and the sentence states the reason.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(super) struct Figure {
    /// The number, in `unit`; null if there is nothing to quote.
    pub(super) value: Option<f64>,
    /// `percent`, `points` (of percentages) or `count`.
    pub(super) unit: &'static str,
    /// Sample size.
    pub(super) n: i64,
    /// Its 95 % interval; null for counts, and if it cannot be computed.
    pub(super) interval: Option<Interval>,
    /// The verdict, as one word.
    pub(super) verdict: &'static str,
    /// The statement as a sentence, to be quoted whole.
    pub(super) sentence: String,
}

/// An interval, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub(super) struct Interval {
    pub(super) low: f64,
    pub(super) high: f64,
}

/// Rounds to one decimal: the data are no more precise.
fn rounded(number: f64) -> f64 {
    // As pages round: 66.25 is 66.2.
    (number * 10.0).round_ties_even() / 10.0
}

fn interval(low: Option<f64>, high: Option<f64>) -> Option<Interval> {
    low.zip(high).map(|(low, high)| Interval { low: rounded(low), high: rounded(high) })
}

impl Figure {
    /// A count of `what`, for one and for several: `chat was closed`, `chats were closed`.
    pub(super) fn count(value: i64, what: [&str; 2]) -> Self {
        let sentence = format!("{value} {}.", plural(value, what));
        Self { value: Some(value as f64), unit: "count", n: value, interval: None, verdict: "counted", sentence }
    }

    /// A share: `part` of `what`, out of one and of several: `rating is good`, `ratings are good`.
    pub(super) fn share(part: &Part, what: [&str; 2]) -> Self {
        let n = part.of;
        let none = |verdict, sentence| Self { value: None, unit: "percent", n, interval: None, verdict, sentence };
        let (Some(percent), Some(interval)) = (part.percent, interval(part.low, part.high)) else {
            return match n {
                0 => none("no_data", format!("No statement is possible: nothing in this period tells how many {}.", what[1])),
                _ => {
                    let cases = plural(n, ["case gives", "cases give"]);
                    none("cannot_tell", format!("No statement is possible: {n} {cases} no interval for how many {}.", what[1]))
                }
            };
        };
        let (value, Interval { low, high }) = (rounded(percent), interval);
        let said = format!("{} of {n} {} ({value}%; 95% interval {low}% to {high}%)", part.part, plural(n, what));
        let (verdict, sentence) =
            if n < FEW { ("few_data", format!("Too few to rely on: {said}.")) } else { ("measured", format!("{said}.")) };
        Self { value: Some(value), unit: "percent", n, interval: Some(interval), verdict, sentence }
    }

    /// The change of `what` against `before`; `what` is, for example, `the share of good ratings`. `redefined` lines are left out.
    pub(super) fn change(change: &Change, what: &str, before: &str, redefined: bool) -> Self {
        let n = change.compared + change.compared_before;
        let Some(difference) = &change.difference else {
            let why = match (change.now.of, change.before.of) {
                _ if redefined => {
                    "the definition of good changed: the same score counts as good in some of these ratings and not in others"
                }
                (0, 0) => "neither period has any case",
                (0, _) => "this period has no case",
                (_, 0) => "that period has no case",
                _ => "they have no line, channel and scale in common",
            };
            return Self::incomparable(n, &format!("{what} cannot be compared with {before}, because {why}"));
        };
        let mut seen = format!("{} in this period and {} in {before}", clients(change.compared), change.compared_before);
        if redefined {
            seen.push_str(" without lines whose definition of good changed");
        }
        Self::difference(difference, n, what, &seen)
    }

    /// The difference of a share between two groups of clients; `seen` describes them.
    pub(super) fn difference(difference: &Difference, n: i64, what: &str, seen: &str) -> Self {
        let interval = interval(difference.low, difference.high);
        let fits = interval.map(|Interval { low, high }| match low > 0.0 || high < 0.0 {
            true => " It would be clear by itself, but all statements of an answer share an error of 5%.".to_owned(),
            false => format!(" Anything from {low:+} to {high:+} percentage points would fit."),
        });
        let fits = fits.unwrap_or_default();
        let told = |word, verdict| {
            let points = rounded(difference.points);
            let between = interval.map(|Interval { low, high }| format!("; 95% interval {low:+} to {high:+}")).unwrap_or_default();
            let sentence = format!(
                "{} is {word} by {} percentage points{between}, comparing {seen} on the same line, channel and scale.",
                capital(what),
                points.abs()
            );
            Self { value: Some(points), unit: "points", n, interval, verdict, sentence }
        };
        match difference.verdict {
            Verdict::Higher if interval.is_none() => Self::of_unknown_size(n, what, "higher", seen),
            Verdict::Lower if interval.is_none() => Self::of_unknown_size(n, what, "lower", seen),
            Verdict::Higher => told("higher", "higher"),
            Verdict::Lower => told("lower", "lower"),
            Verdict::CannotTell => Self::undecided(n, interval, what, seen, &fits),
        }
    }

    /// A difference that exact tests show, with too few answers for an interval: there is no number to quote.
    fn of_unknown_size(n: i64, what: &str, verdict: &'static str, seen: &str) -> Self {
        let sentence = format!(
            "No statement is possible about how much, with too few answers for an interval, but exact tests show that {what} is {verdict}, comparing {seen}."
        );
        Self { value: None, unit: "points", n, interval: None, verdict, sentence }
    }

    /// No statement. The sentence keeps its meaning however it is shortened.
    fn undecided(n: i64, interval: Option<Interval>, what: &str, seen: &str, fits: &str) -> Self {
        let sentence = format!("No statement is possible: the data do not show whether {what} differs, comparing {seen}.{fits}");
        Self { value: None, unit: "points", n, interval, verdict: "cannot_tell", sentence }
    }

    fn incomparable(n: i64, why: &str) -> Self {
        let sentence = format!("No statement is possible: {why}.");
        Self { value: None, unit: "points", n, interval: None, verdict: "not_comparable", sentence }
    }

    /// An operator compared with the rest of the team.
    pub(super) fn operator(compared: &Compared, who: &str) -> Self {
        let interval = compared.same_mix.and_then(|points| interval(Some(points.low), Some(points.high)));
        let seen = format!("{} of {who} and {} of the rest of the team", clients(compared.compared), compared.compared_rest);
        let what = format!("the share of good ratings of {who} beside the rest of the team");
        let n = compared.compared;
        match (compared.verdict, compared.same_mix, interval) {
            (Verdict::Higher | Verdict::Lower, Some(points), Some(_)) => {
                let difference =
                    Difference { points: points.points, low: Some(points.low), high: Some(points.high), verdict: compared.verdict };
                Self::difference(&difference, n, &what, &seen)
            }
            (Verdict::Higher, ..) => Self::of_unknown_size(n, &what, "higher", &seen),
            (Verdict::Lower, ..) => Self::of_unknown_size(n, &what, "lower", &seen),
            (Verdict::CannotTell, ..) if !compared.is_comparable() => {
                Self::incomparable(n, &format!("{what} cannot be compared: nobody else was rated on the same line, channel and scale"))
            }
            (Verdict::CannotTell, ..) => Self::undecided(n, interval, &what, &seen, ""),
        }
    }

    /// A line compared with its target.
    pub(super) fn target(target: &Target) -> Self {
        let (name, percent, n) = (&target.name, target.percent, target.share.whole);
        if target.redefined {
            let sentence = format!(
                "No statement is possible: the scale or the definition of good of {name} changed in this period, so its {} cannot be compared with its target of {percent}%.",
                clients(n)
            );
            return Self { value: None, unit: "percent", n, interval: None, verdict: "cannot_tell", sentence };
        }
        let interval = target.interval.and_then(|(low, high)| interval(Some(low), Some(high)));
        let Some((share, Interval { low, high })) = target.share.percent().map(rounded).zip(interval) else {
            let sentence = format!(
                "No statement is possible: {name} has no ratings in this period, to questions whose time for an answer is over, to compare with its target of {percent}%."
            );
            return Self { value: None, unit: "percent", n, interval: None, verdict: "no_data", sentence };
        };
        let said = format!("{} of {} of {name} rated it good ({share}%; interval {low}% to {high}%)", target.share.part, clients(n));
        let (value, verdict, sentence) = match target.verdict {
            Reached::Reached => (Some(share), "reached", format!("{said}: the target of {percent}% is reached.")),
            Reached::Missed => (Some(share), "missed", format!("{said}: the target of {percent}% is missed.")),
            Reached::CannotTell => {
                let more = target.answers.map(|answers| format!(" About {} in all would tell.", clients(answers))).unwrap_or_default();
                let sentence = format!(
                    "No statement is possible: the data do not show whether {name} reaches its target of {percent}%. Seen so far: {said}.{more}"
                );
                (None, "cannot_tell", sentence)
            }
        };
        Self { value, unit: "percent", n, interval: Some(Interval { low, high }), verdict, sentence }
    }
}

/// The text for one, or for several.
fn plural(number: i64, [one, several]: [&str; 2]) -> &str {
    if number == 1 { one } else { several }
}

/// A number of clients.
pub(super) fn clients(number: i64) -> String {
    format!("{number} {}", plural(number, ["client", "clients"]))
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn difference(points: f64, interval: Option<(f64, f64)>, verdict: Verdict) -> Difference {
        let (low, high) = interval.unzip();
        Difference { points, low, high, verdict }
    }

    #[test]
    fn what_the_data_cannot_tell_has_no_number_and_begins_with_that() {
        let undecided = [
            Figure::difference(&difference(7.0, Some((-3.0, 17.0)), Verdict::CannotTell), 60, "the score", "x"),
            Figure::difference(&difference(7.0, None, Verdict::Higher), 60, "the score", "x"),
            Figure::change(&Change::default(), "the score", "September", false),
            Figure::change(&Change::default(), "the score", "September", true),
            Figure::difference(&difference(-12.0, None, Verdict::Lower), 9, "the score", "6 clients and 60"),
            Figure::share(&Part::default(), ["rating is good", "ratings are good"]),
        ];
        for figure in undecided {
            assert_eq!(figure.value, None, "{figure:?}");
            assert!(figure.sentence.starts_with("No statement is possible"), "{figure:?}");
        }
    }

    #[test]
    fn what_they_tell_is_said_with_its_interval() {
        let told =
            Figure::difference(&difference(-7.26, Some((-12.0, -2.5)), Verdict::Lower), 600, "the score", "300 clients and 300 before");
        assert_eq!((told.value, told.verdict), (Some(-7.3), "lower"));
        assert_eq!(
            told.sentence,
            "The score is lower by 7.3 percentage points; 95% interval -12 to -2.5, comparing 300 clients and 300 before on the same \
             line, channel and scale."
        );
        assert!(
            Figure::share(&Part::new(9, 10), ["rating is good", "ratings are good"]).sentence.starts_with("Too few to rely on: 9 of 10")
        );
        assert_eq!(Figure::share(&Part::new(90, 100), ["rating is good", "ratings are good"]).verdict, "measured");
    }

    #[test]
    fn one_is_said_as_one() {
        assert_eq!(Figure::count(1, ["chat was closed", "chats were closed"]).sentence, "1 chat was closed.");
        assert_eq!(Figure::count(0, ["chat was closed", "chats were closed"]).sentence, "0 chats were closed.");
        let share = Figure::share(&Part::new(1, 1), ["rating is good", "ratings are good"]);
        assert!(share.sentence.contains("1 of 1 rating is good ("), "{share:?}");
        assert_eq!([0, 1, 2].map(clients), ["0 clients", "1 client", "2 clients"]);
    }

    #[test]
    fn numbers_between_two_tenths_are_rounded_as_on_the_pages() {
        assert_eq!([66.25, 66.35, -7.25, -7.26].map(rounded), [66.2, 66.4, -7.2, -7.3]);
    }

    proptest! {
        #[test]
        fn no_share_is_without_its_whole_and_its_interval(part in 0_i64..500, rest in 0_i64..500, sure in any::<bool>()) {
            let mut share = Part::new(part, part + rest);
            if !sure {
                share.sure(None);
            }
            let figure = Figure::share(&share, ["rating is good", "ratings are good"]);
            prop_assert_eq!(figure.n, part + rest);
            prop_assert!(figure.value.is_none() || figure.interval.is_some());
            prop_assert!(!figure.sentence.contains('%') || figure.sentence.contains("interval"));
        }
    }
}
