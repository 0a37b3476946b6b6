//! Which closes a list shows. Pages, API and command line read it from the same words, so that a link means the same
//! everywhere: every number leads to its list.

use super::calendar::Day;
use super::period::{NoPeriod, Period};
use super::words::{NoSearch, Search};
use crate::domain::Millis;
use crate::domain::answer::rating::{Grade, Scale};
use crate::domain::question::outcome::Outcome;
use chrono_tz::Tz;

/// What a filter can be told, by the names of the addresses of pages.
pub const NAMES: [&str; 17] = [
    "from",
    "until",
    "line",
    "operator",
    "channel",
    "scale",
    "score",
    "grade",
    "outcome",
    "reason",
    "commented",
    "unanswered",
    "resolved",
    "voided",
    "supervised",
    "hour",
    "q",
];

/// Stands for closes without an operator, or without a channel: an empty box of a form means any.
pub const NONE: &str = "-";

/// No word of a filter is longer.
const LENGTH_MAX: usize = 200;

/// How the closes ended, or how far they came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// So.
    As(Outcome),
    /// Not yet.
    Open,
    /// However, if they were asked about.
    Asked,
    /// However, if the question reached the client.
    Delivered,
    /// However, if somebody tried to rate when it was too late.
    Late,
    /// However.
    Any,
}

impl Ended {
    /// The word in addresses.
    pub fn as_str(self) -> &'static str {
        match self {
            Ended::As(outcome) => outcome.as_str(),
            Ended::Open => "open",
            Ended::Asked => "asked",
            Ended::Delivered => "delivered",
            Ended::Late => "late",
            Ended::Any => "all",
        }
    }

    /// Reads [`Ended::as_str`] back.
    pub fn parse(word: &str) -> Option<Self> {
        match word {
            "open" => Some(Ended::Open),
            "asked" => Some(Ended::Asked),
            "delivered" => Some(Ended::Delivered),
            "late" => Some(Ended::Late),
            "all" => Some(Ended::Any),
            word => Outcome::parse(word).map(Ended::As),
        }
    }

    /// All of them, as a person chooses.
    pub fn all() -> impl Iterator<Item = Ended> {
        Outcome::ALL.into_iter().map(Ended::As).chain([Ended::Open, Ended::Asked, Ended::Delivered, Ended::Late, Ended::Any])
    }
}

/// Which closes. What is none is any.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filter {
    /// Closed at or after.
    pub from: Option<Millis>,
    /// Closed before.
    pub until: Option<Millis>,
    /// The line at the close.
    pub line: Option<String>,
    /// For whom it counts; an empty text for nobody.
    pub operator: Option<String>,
    /// The kind of channel; an empty text where it is not known.
    pub channel: Option<String>,
    /// The scale.
    pub scale: Option<Scale>,
    /// The score.
    pub score: Option<u8>,
    /// What the score says.
    pub grade: Option<Grade>,
    /// How it ended.
    pub ended: Ended,
    /// Why it ended so.
    pub reason: Option<String>,
    /// With a comment.
    pub commented: bool,
    /// Waiting for an answer of ours.
    pub unanswered: bool,
    /// Resolved, by the client's word, or not.
    pub resolved: Option<bool>,
    /// Taken out of the score, or still in it.
    pub voided: Option<bool>,
    /// Scored by a supervisor too.
    pub supervised: bool,
    /// Closed on this weekday (0 is Monday), in this hour, by the organisation's clock.
    pub hour: Option<(i64, i64)>,
    /// Words of the comment.
    pub search: Option<Search>,
}

impl Default for Filter {
    fn default() -> Self {
        Self {
            from: None,
            until: None,
            line: None,
            operator: None,
            channel: None,
            scale: None,
            score: None,
            grade: None,
            ended: Ended::As(Outcome::Answered),
            reason: None,
            commented: false,
            unanswered: false,
            resolved: None,
            voided: None,
            supervised: false,
            hour: None,
            search: None,
        }
    }
}

impl Filter {
    /// Whether it asks for something that only a rating has.
    pub fn asks_for_a_rating(&self) -> bool {
        let said = self.commented || self.unanswered || self.resolved.is_some() || self.voided.is_some() || self.search.is_some();
        said || self.score.is_some() || self.grade.is_some() || self.ended == Ended::As(Outcome::Answered)
    }
}

/// Why a value makes no sense.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// Not a day such as 2026-09-30.
    NotADay,
    /// The last day is before the first.
    EndsBeforeItStarts,
    /// More than ten years.
    TooLong,
    /// There is no such line, or not for these eyes.
    UnknownLine,
    /// Not a word that can be chosen here.
    NotAChoice,
    /// Not a score from 0 to 5.
    NotAScore,
    /// The scale has no such score.
    NotOnThisScale,
    /// Only closes that were answered have it.
    OnlyOfAnswered,
    /// Closes that were answered have no reason.
    NoReason,
    /// No word to search for.
    NoWord,
    /// Too many words to search for.
    TooManyWords,
    /// Too long, or with characters that nobody types.
    Unreadable,
}

impl Why {
    /// The key of the words that say so.
    pub fn key(self) -> &'static str {
        match self {
            Why::NotADay => "sift-not-a-day",
            Why::EndsBeforeItStarts => "sift-ends-before-start",
            Why::TooLong => "sift-too-long",
            Why::UnknownLine => "sift-unknown-line",
            Why::NotAChoice => "sift-not-a-choice",
            Why::NotAScore => "sift-not-a-score",
            Why::NotOnThisScale => "sift-not-on-scale",
            Why::OnlyOfAnswered => "sift-only-answered",
            Why::NoReason => "sift-no-reason",
            Why::NoWord => "sift-no-word",
            Why::TooManyWords => "sift-too-many-words",
            Why::Unreadable => "sift-unreadable",
        }
    }
}

/// One value that makes no sense.
pub type Wrong = (&'static str, Why);

/// Reads a filter from what `value` gives by name; an empty text is nothing. What makes no sense is left out and told.
pub fn read<'v>(value: impl Fn(&str) -> &'v str, zone: Tz) -> (Filter, Vec<Wrong>) {
    let mut reader = Reader { value, wrong: Vec::new() };
    let filter = reader.filter(zone);
    (filter, reader.wrong)
}

struct Reader<F> {
    value: F,
    wrong: Vec<Wrong>,
}

impl<'v, F: Fn(&str) -> &'v str> Reader<F> {
    /// A value, if there is one and `parse` makes sense of it.
    fn parsed<T>(&mut self, name: &'static str, parse: impl FnOnce(&str) -> Result<T, Why>) -> Option<T> {
        let text = (self.value)(name).trim();
        if text.is_empty() {
            return None;
        }
        let readable = text.chars().count() <= LENGTH_MAX && !text.chars().any(char::is_control);
        let read = if readable { parse(text) } else { Err(Why::Unreadable) };
        read.map_err(|why| self.wrong.push((name, why))).ok()
    }

    fn choice<T>(&mut self, name: &'static str, parse: impl FnOnce(&str) -> Option<T>) -> Option<T> {
        self.parsed(name, |text| parse(text).ok_or(Why::NotAChoice))
    }

    fn ticked(&mut self, name: &'static str) -> bool {
        self.choice(name, |text| matches!(text, "0" | "1").then_some(text == "1")).unwrap_or(false)
    }

    fn yes_or_no(&mut self, name: &'static str) -> Option<bool> {
        self.choice(name, |text| matches!(text, "yes" | "no").then_some(text == "yes"))
    }

    fn filter(&mut self, zone: Tz) -> Filter {
        let (from, until) = self.days();
        let text = |text: &str| Ok(text.to_owned());
        let or_none = |text: &str| Ok(if text == NONE { String::new() } else { text.to_owned() });
        let reason = self.parsed("reason", text);
        let told = self.choice("outcome", Ended::parse);
        let scale = self.choice("scale", Scale::parse);
        let mut filter = Filter {
            from: from.map(|day| day.start(zone)),
            until: until.map(|day| day.plus(1).start(zone)),
            line: self.parsed("line", text),
            operator: self.parsed("operator", or_none),
            channel: self.parsed("channel", or_none),
            scale,
            score: self.score(scale),
            grade: self.choice("grade", Grade::parse),
            ended: told.unwrap_or(if reason.is_some() { Ended::Any } else { Ended::As(Outcome::Answered) }),
            reason,
            commented: self.ticked("commented"),
            unanswered: self.ticked("unanswered"),
            resolved: self.yes_or_no("resolved"),
            voided: self.yes_or_no("voided"),
            supervised: self.ticked("supervised"),
            hour: self.choice("hour", parse_hour),
            search: self.parsed("q", |text| {
                Search::read(text).map_err(|why| match why {
                    NoSearch::NoWord => Why::NoWord,
                    NoSearch::TooMany => Why::TooManyWords,
                })
            }),
        };
        self.fits(&mut filter);
        filter
    }

    fn days(&mut self) -> (Option<Day>, Option<Day>) {
        let day = |text: &str| Day::parse(text).ok_or(Why::NotADay);
        let (from, until) = (self.parsed("from", day), self.parsed("until", day));
        if let (Some(first), Some(last)) = (from, until) {
            match Period::new(first, last.plus(1)) {
                Ok(_) => {}
                Err(NoPeriod::EndsBeforeItStarts) => {
                    self.wrong.push(("until", Why::EndsBeforeItStarts));
                    return (from, None);
                }
                Err(NoPeriod::TooLong) => {
                    self.wrong.push(("until", Why::TooLong));
                    return (from, None);
                }
            }
        }
        (from, until)
    }

    fn score(&mut self, scale: Option<Scale>) -> Option<u8> {
        self.parsed("score", |text| match text.parse() {
            Ok(score @ 0..=5) if scale.is_none_or(|scale| scale.admits(score)) => Ok(score),
            Ok(0..=5) => Err(Why::NotOnThisScale),
            _ => Err(Why::NotAScore),
        })
    }

    /// What contradicts itself would show nothing and not say why.
    fn fits(&mut self, filter: &mut Filter) {
        use Ended::{Any, As, Asked, Delivered, Late};
        let answered = matches!(filter.ended, As(Outcome::Answered) | Asked | Delivered | Late | Any);
        let asked = [
            ("score", filter.score.is_some()),
            ("grade", filter.grade.is_some()),
            ("commented", filter.commented),
            ("unanswered", filter.unanswered),
            ("resolved", filter.resolved.is_some()),
            ("voided", filter.voided.is_some()),
            ("q", filter.search.is_some()),
        ];
        for (name, _) in asked.into_iter().filter(|(_, asked)| *asked && !answered) {
            self.wrong.push((name, Why::OnlyOfAnswered));
        }
        if filter.reason.is_some() && filter.ended == Ended::As(Outcome::Answered) {
            self.wrong.push(("reason", Why::NoReason));
            filter.reason = None;
        }
    }
}

/// An hour of the week as it stands in addresses: `1-14` is Monday from 14:00.
pub fn write_hour(weekday: i64, hour: i64) -> String {
    format!("{}-{hour}", weekday + 1)
}

/// Reads [`write_hour`] back.
pub fn parse_hour(text: &str) -> Option<(i64, i64)> {
    let (weekday, hour): (i64, i64) = text.split_once('-').and_then(|(weekday, hour)| Some((weekday.parse().ok()?, hour.parse().ok()?)))?;
    ((1..=7).contains(&weekday) && (0..24).contains(&hour)).then_some((weekday - 1, hour))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_all(query: &[(&str, &str)]) -> (Filter, Vec<Wrong>) {
        let value = |name: &str| query.iter().find(|(key, _)| *key == name).map_or("", |(_, value)| value);
        read(value, chrono_tz::Europe::Berlin)
    }

    #[test]
    fn a_link_means_what_it_says() {
        let (filter, wrong) = read_all(&[
            ("from", "2026-09-01"),
            ("until", "2026-09-30"),
            ("line", "vip"),
            ("operator", "-"),
            ("channel", ""),
            ("scale", "five_star"),
            ("score", "2"),
            ("commented", "1"),
            ("resolved", "no"),
            ("voided", "yes"),
            ("supervised", "1"),
            ("hour", "7-23"),
            ("q", "Ещё раз"),
        ]);
        assert_eq!(wrong, []);
        // Both days whole, by the organisation's clock.
        assert_eq!((filter.from, filter.until), (Some(1_788_213_600_000), Some(1_790_805_600_000)));
        assert_eq!((filter.line.as_deref(), filter.operator.as_deref(), filter.channel), (Some("vip"), Some(""), None));
        assert_eq!((filter.score, filter.commented, filter.resolved), (Some(2), true, Some(false)));
        assert_eq!((filter.voided, filter.supervised, filter.hour), (Some(true), true, Some((6, 23))));
        assert_eq!(filter.search.unwrap().begins, "раз");
        assert_eq!(parse_hour(&write_hour(0, 14)), Some((0, 14)));
        assert_eq!(read_all(&[]), (Filter::default(), vec![]));
        assert_eq!(read_all(&[("reason", "too_short")]).0.ended, Ended::Any, "a reason is of closes that were not answered");
        for ended in Ended::all() {
            assert_eq!(Ended::parse(ended.as_str()), Some(ended));
        }
    }

    #[test]
    fn nonsense_is_told_by_its_field() {
        let long = "x".repeat(201);
        let table: [(&[(&str, &str)], Wrong); 21] = [
            (&[("from", "2026-02-30")], ("from", Why::NotADay)),
            (&[("from", "2026-02-02"), ("until", "2026-02-01")], ("until", Why::EndsBeforeItStarts)),
            (&[("from", "2010-01-01"), ("until", "2026-02-01")], ("until", Why::TooLong)),
            (&[("scale", "ten")], ("scale", Why::NotAChoice)),
            (&[("score", "6")], ("score", Why::NotAScore)),
            (&[("score", "good")], ("score", Why::NotAScore)),
            (&[("scale", "binary"), ("score", "3")], ("score", Why::NotOnThisScale)),
            (&[("scale", "five_star"), ("score", "0")], ("score", Why::NotOnThisScale)),
            (&[("grade", "great")], ("grade", Why::NotAChoice)),
            (&[("outcome", "lost")], ("outcome", Why::NotAChoice)),
            (&[("outcome", "expired"), ("score", "3")], ("score", Why::OnlyOfAnswered)),
            (&[("outcome", "open"), ("commented", "1")], ("commented", Why::OnlyOfAnswered)),
            (&[("outcome", "answered"), ("reason", "spam")], ("reason", Why::NoReason)),
            (&[("q", " ?! ")], ("q", Why::NoWord)),
            (&[("resolved", "maybe")], ("resolved", Why::NotAChoice)),
            (&[("voided", "1")], ("voided", Why::NotAChoice)),
            (&[("voided", "yes"), ("outcome", "expired")], ("voided", Why::OnlyOfAnswered)),
            (&[("supervised", "yes")], ("supervised", Why::NotAChoice)),
            (&[("hour", "8-0")], ("hour", Why::NotAChoice)),
            (&[("hour", "7-24")], ("hour", Why::NotAChoice)),
            (&[("line", &long)], ("line", Why::Unreadable)),
        ];
        for (query, expected) in table {
            assert_eq!(read_all(query).1, [expected], "{query:?}");
        }
        assert_eq!(read_all(&[("operator", "a\u{1}b")]).1, [("operator", Why::Unreadable)]);
        assert_eq!(read_all(&[("q", "a b c d e f g h i")]).1, [("q", Why::TooManyWords)]);
    }
}
