//! Metrics of ratings by line and channel: never by operator or client.
//!
//! The number of series is bounded: by lines, kinds of channels, scales, grades, outcomes and kinds of alarms, of which only the
//! lines and the channels that closes name are not listed in the code. Further places than [`PLACES_MAX`] are counted together.

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;
use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

/// Maximum number of lines with a channel that have their own series.
const PLACES_MAX: usize = 1_000;
/// Line and channel of all others.
const OTHER: &str = "(other)";

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Rated {
    line: String,
    channel: String,
    scale: String,
    grade: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Ended {
    line: String,
    channel: String,
    outcome: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Place {
    line: String,
    channel: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Watched {
    line: String,
    channel: String,
    kind: String,
}

/// Ratings, questions, open low ratings and alarms by line and channel.
#[derive(Debug, Default)]
pub struct Ratings {
    ratings: Family<Rated, Counter>,
    questions: Family<Ended, Counter>,
    low_open: Family<Place, Gauge>,
    alarm_state: Family<Watched, Gauge>,
    /// Those with their own series.
    places: Mutex<BTreeSet<(String, String)>>,
}

impl Ratings {
    pub(super) fn register(&self, registry: &mut Registry) {
        let about = "Ratings by grade, as they are given or changed; imports are not counted";
        registry.register("ratings", about, self.ratings.clone());
        registry.register("questions", "Closes by the outcome of their question; imports are not counted", self.questions.clone());
        let about = "Low ratings that nobody has handled yet, of the newest ten thousand";
        registry.register("low_ratings_open", about, self.low_open.clone());
        let about = "1 while an alarm is active: a watched share (score, response, delivery) has fallen";
        registry.register("alarm_state", about, self.alarm_state.clone());
    }

    /// The labels of a place: its own, or those of all others if there are too many.
    fn place(&self, line: &str, channel: &str) -> (String, String) {
        let place = (line.to_owned(), channel.to_owned());
        let mut places = self.places.lock().unwrap_or_else(PoisonError::into_inner);
        if places.contains(&place) || (places.len() < PLACES_MAX && places.insert(place.clone())) {
            place
        } else {
            (OTHER.to_owned(), OTHER.to_owned())
        }
    }

    /// Creates the series of a line on a channel at zero.
    pub fn begin(&self, place: (&str, &str), scale: &str, grades: &[&str], outcomes: &[&str]) {
        grades.iter().for_each(|grade| self.count_rating(place, scale, grade, 0));
        outcomes.iter().for_each(|outcome| self.count_outcome(place, outcome, 0));
    }

    /// Counts ratings of a grade.
    pub fn count_rating(&self, place: (&str, &str), scale: &str, grade: &str, count: u64) {
        let (line, channel) = self.place(place.0, place.1);
        self.ratings.get_or_create(&Rated { line, channel, scale: scale.to_owned(), grade: grade.to_owned() }).inc_by(count);
    }

    /// Counts closes by the outcome of their question.
    pub fn count_outcome(&self, place: (&str, &str), outcome: &str, count: u64) {
        let (line, channel) = self.place(place.0, place.1);
        self.questions.get_or_create(&Ended { line, channel, outcome: outcome.to_owned() }).inc_by(count);
    }

    /// Replaces the numbers of low ratings that nobody has handled. Places that had some keep their series, at 0.
    pub fn low_open<'a>(&self, counts: impl Iterator<Item = (&'a str, &'a str, i64)>) {
        let known = self.places.lock().unwrap_or_else(PoisonError::into_inner).clone();
        for (line, channel) in known {
            self.low_open.get_or_create(&Place { line, channel }).set(0);
        }
        let other = Place { line: OTHER.to_owned(), channel: OTHER.to_owned() };
        if let Some(gauge) = self.low_open.get(&other) {
            gauge.set(0);
        }
        for (line, channel, count) in counts {
            let (line, channel) = self.place(line, channel);
            self.low_open.get_or_create(&Place { line, channel }).inc_by(count);
        }
    }

    /// Replaces the watched shares, by line, channel and kind, and whether each has an active alarm.
    pub fn alarms<'a>(&self, states: impl Iterator<Item = (&'a str, &'a str, &'a str, bool)>) {
        self.alarm_state.clear();
        for (line, channel, kind, stands) in states {
            let (line, channel) = self.place(line, channel);
            let gauge = self.alarm_state.get_or_create(&Watched { line, channel, kind: kind.to_owned() });
            gauge.set(gauge.get().max(i64::from(stands)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_beyond_the_limit_are_counted_together() {
        let ratings = Ratings::default();
        for number in 0..PLACES_MAX + 50 {
            ratings.count_outcome((&format!("line-{number}"), "telegram"), "answered", 2);
        }
        ratings.low_open([("line-1", "telegram", 3), ("line-1040", "telegram", 4), ("line-1041", "telegram", 5)].into_iter());
        let mut registry = Registry::default();
        ratings.register(&mut registry);
        let mut page = String::new();
        prometheus_client::encoding::text::encode(&mut page, &registry).unwrap();
        let series = |name: &str| page.lines().filter(|line| line.starts_with(name)).count();
        assert_eq!((series("questions_total{"), series("low_ratings_open{")), (PLACES_MAX + 1, PLACES_MAX + 1));
        assert!(page.contains(r#"questions_total{line="(other)",channel="(other)",outcome="answered"} 100"#), "{page}");
        assert!(page.contains(r#"low_ratings_open{line="(other)",channel="(other)"} 9"#), "{page}");
        // None of them is left, later.
        ratings.low_open(std::iter::empty());
        let mut page = String::new();
        prometheus_client::encoding::text::encode(&mut page, &registry).unwrap();
        assert!(page.lines().filter(|line| line.starts_with("low_ratings_open{")).all(|line| line.ends_with(" 0")), "{page}");
    }
}
