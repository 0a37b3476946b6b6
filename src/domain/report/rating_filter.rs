//! Which closes a list shows. Pages, API and command line read it from the same words, so that a link means the same
//! everywhere: every number leads to its list.

use super::calendar::Day;
use super::period::{NoPeriod, Period};
use super::words::{NoSearch, Search};
use crate::Millis;
use crate::answer::rating::{Grade, Scale};
use crate::answer::reason::is_code;
use crate::question::outcome::Outcome;
use crate::session::HandledBy;
use crate::session::label::LabelIs;
use chrono_tz::Tz;

/// What a filter can be told, by the names of the addresses of pages.
pub const NAMES: [&str; 21] = [
    "from",
    "until",
    "line",
    "operator",
    "channel",
    "scale",
    "handled_by",
    "label",
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
    "chosen",
    "tagged",
    "q",
];

/// Of these, those that can be told several values: any of them lets a close through.
pub const SEVERAL: [&str; 7] = ["line", "operator", "channel", "score", "reason", "chosen", "tagged"];

/// So many values one of them can be told at most.
pub const VALUES_MAX: usize = 50;

/// Stands for closes without an operator, or without a channel: an empty box of a form means any.
pub const NONE: &str = "-";

/// Stands for any reason.
pub const SOME: &str = "*";

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

/// Which reasons ratings have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HasReason {
    /// This one.
    Code(String),
    /// At least one.
    Some,
    /// None.
    None,
}

impl HasReason {
    /// The word in addresses.
    pub fn as_str(&self) -> &str {
        match self {
            HasReason::Code(code) => code,
            HasReason::Some => SOME,
            HasReason::None => NONE,
        }
    }

    /// Reads [`HasReason::as_str`] back.
    pub fn parse(word: &str) -> Option<Self> {
        match word {
            SOME => Some(HasReason::Some),
            NONE => Some(HasReason::None),
            code => is_code(code).then(|| HasReason::Code(code.to_owned())),
        }
    }
}

/// Which closes. What is none, or an empty list, is any; a list is any of what is in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filter {
    /// Closed at or after.
    pub from: Option<Millis>,
    /// Closed before.
    pub until: Option<Millis>,
    /// The lines at the close.
    pub lines: Vec<String>,
    /// For whom it counts; an empty text for nobody.
    pub operators: Vec<String>,
    /// The kinds of channels; an empty text where it is not known.
    pub channels: Vec<String>,
    /// The scale.
    pub scale: Option<Scale>,
    /// Who handled the session.
    pub handled_by: Option<HandledBy>,
    /// A label of the session, or a value of a field.
    pub label: Option<LabelIs>,
    /// The scores.
    pub scores: Vec<u8>,
    /// What the score says.
    pub grade: Option<Grade>,
    /// How it ended.
    pub ended: Ended,
    /// Why it ended so.
    pub reasons: Vec<String>,
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
    /// Reasons that the client chose.
    pub chosen: Vec<HasReason>,
    /// Reasons with which keyword rules tagged the comment; ratings whose comment was held against none have not even none.
    pub tagged: Vec<HasReason>,
    /// Words of the comment.
    pub search: Option<Search>,
}

impl Default for Filter {
    fn default() -> Self {
        Self {
            from: None,
            until: None,
            lines: Vec::new(),
            operators: Vec::new(),
            channels: Vec::new(),
            scale: None,
            handled_by: None,
            label: None,
            scores: Vec::new(),
            grade: None,
            ended: Ended::As(Outcome::Answered),
            reasons: Vec::new(),
            commented: false,
            unanswered: false,
            resolved: None,
            voided: None,
            supervised: false,
            hour: None,
            chosen: Vec::new(),
            tagged: Vec::new(),
            search: None,
        }
    }
}

impl Filter {
    /// Whether it asks for something that only a rating has.
    pub fn asks_for_a_rating(&self) -> bool {
        let said = self.commented || self.unanswered || self.resolved.is_some() || self.voided.is_some() || self.search.is_some();
        said || !self.chosen.is_empty()
            || !self.tagged.is_empty()
            || !self.scores.is_empty()
            || self.grade.is_some()
            || self.ended == Ended::As(Outcome::Answered)
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
    /// More values than anybody chooses.
    TooManyValues,
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
            Why::TooManyValues => "sift-too-many-values",
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

/// Reads a filter from the values that `values` gives by name; an empty text is nothing. What makes no sense is left out and
/// told.
pub fn read<'v>(values: impl Fn(&str) -> Vec<&'v str>, zone: Tz) -> (Filter, Vec<Wrong>) {
    let mut reader = Reader { values, wrong: Vec::new() };
    let filter = reader.filter(zone);
    (filter, reader.wrong)
}

struct Reader<F> {
    values: F,
    wrong: Vec<Wrong>,
}

impl<'v, F: Fn(&str) -> Vec<&'v str>> Reader<F> {
    /// What is told of `name`, each once.
    fn told(&self, name: &str) -> Vec<&'v str> {
        let mut told: Vec<&str> = Vec::new();
        for text in (self.values)(name).into_iter().map(str::trim).filter(|text| !text.is_empty()) {
            if !told.contains(&text) {
                told.push(text);
            }
        }
        told
    }

    /// A value, if there is one and `parse` makes sense of it.
    fn parsed<T>(&mut self, name: &'static str, parse: impl FnOnce(&str) -> Result<T, Why>) -> Option<T> {
        let text = self.told(name).into_iter().next()?;
        let read = if readable(text) { parse(text) } else { Err(Why::Unreadable) };
        read.map_err(|why| self.wrong.push((name, why))).ok()
    }

    /// All values; none where `parse` makes no sense of one of them.
    fn several<T>(&mut self, name: &'static str, parse: impl Fn(&str) -> Result<T, Why>) -> Vec<T> {
        let told = self.told(name);
        let parse = |text: &str| if readable(text) { parse(text) } else { Err(Why::Unreadable) };
        let read = if told.len() > VALUES_MAX { Err(Why::TooManyValues) } else { told.into_iter().map(parse).collect() };
        read.unwrap_or_else(|why| {
            self.wrong.push((name, why));
            Vec::new()
        })
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
        let reasons = self.several("reason", text);
        let has = |text: &str| HasReason::parse(text).ok_or(Why::NotAChoice);
        let told = self.choice("outcome", Ended::parse);
        let scale = self.choice("scale", Scale::parse);
        let mut filter = Filter {
            from: from.map(|day| day.start(zone)),
            until: until.map(|day| day.plus(1).start(zone)),
            lines: self.several("line", text),
            operators: self.several("operator", or_none),
            channels: self.several("channel", or_none),
            scale,
            handled_by: self.choice("handled_by", HandledBy::parse),
            label: self.choice("label", LabelIs::parse),
            scores: self.scores(scale),
            grade: self.choice("grade", Grade::parse),
            ended: told.unwrap_or(if reasons.is_empty() { Ended::As(Outcome::Answered) } else { Ended::Any }),
            reasons,
            commented: self.ticked("commented"),
            unanswered: self.ticked("unanswered"),
            resolved: self.yes_or_no("resolved"),
            voided: self.yes_or_no("voided"),
            supervised: self.ticked("supervised"),
            hour: self.choice("hour", parse_hour),
            chosen: self.several("chosen", has),
            tagged: self.several("tagged", has),
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

    fn scores(&mut self, scale: Option<Scale>) -> Vec<u8> {
        self.several("score", |text| match text.parse() {
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
            ("score", !filter.scores.is_empty()),
            ("grade", filter.grade.is_some()),
            ("commented", filter.commented),
            ("unanswered", filter.unanswered),
            ("resolved", filter.resolved.is_some()),
            ("voided", filter.voided.is_some()),
            ("chosen", !filter.chosen.is_empty()),
            ("tagged", !filter.tagged.is_empty()),
            ("q", filter.search.is_some()),
        ];
        for (name, _) in asked.into_iter().filter(|(_, asked)| *asked && !answered) {
            self.wrong.push((name, Why::OnlyOfAnswered));
        }
        if !filter.reasons.is_empty() && filter.ended == Ended::As(Outcome::Answered) {
            self.wrong.push(("reason", Why::NoReason));
            filter.reasons.clear();
        }
    }
}

/// Whether somebody can have typed it.
fn readable(text: &str) -> bool {
    text.chars().count() <= LENGTH_MAX && !text.chars().any(char::is_control)
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
        let values = |name: &str| query.iter().filter(|(key, _)| *key == name).map(|(_, value)| *value).collect();
        read(values, chrono_tz::Europe::Berlin)
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
            ("handled_by", "both"),
            ("score", "2"),
            ("commented", "1"),
            ("resolved", "no"),
            ("voided", "yes"),
            ("supervised", "1"),
            ("hour", "7-23"),
            ("chosen", "slow"),
            ("tagged", "-"),
            ("q", "Ещё раз"),
        ]);
        assert_eq!(wrong, []);
        // Both days whole, by the organisation's clock.
        assert_eq!((filter.from, filter.until), (Some(1_788_213_600_000), Some(1_790_805_600_000)));
        assert_eq!((filter.lines, filter.operators, filter.channels), (vec!["vip".to_owned()], vec![String::new()], vec![]));
        assert_eq!(filter.handled_by, Some(HandledBy::Both));
        assert_eq!((filter.scores, filter.commented, filter.resolved), (vec![2], true, Some(false)));
        assert_eq!((filter.voided, filter.supervised, filter.hour), (Some(true), true, Some((6, 23))));
        assert_eq!(filter.search.unwrap().begins, "раз");
        assert_eq!((filter.chosen, filter.tagged), (vec![HasReason::Code("slow".to_owned())], vec![HasReason::None]));
        assert_eq!(parse_hour(&write_hour(0, 14)), Some((0, 14)));
        assert_eq!(read_all(&[]), (Filter::default(), vec![]));
        assert_eq!(read_all(&[("reason", "too_short")]).0.ended, Ended::Any, "a reason is of closes that were not answered");
        for ended in Ended::all() {
            assert_eq!(Ended::parse(ended.as_str()), Some(ended));
        }
    }

    #[test]
    fn several_values_are_any_of_them() {
        let (filter, wrong) = read_all(&[
            ("line", "vip"),
            ("line", ""),
            ("line", "sales"),
            ("line", "vip"),
            ("score", "0"),
            ("score", "2"),
            ("from", "x"),
            ("from", "2026-09-01"),
        ]);
        assert_eq!((filter.lines, filter.scores), (vec!["vip".to_owned(), "sales".to_owned()], vec![0, 2]));
        assert_eq!(wrong, [("from", Why::NotADay)], "what takes one value takes the first");
        // One that makes no sense makes none of them hold: a list that is longer than asked for would look like an answer.
        let (filter, wrong) = read_all(&[("score", "1"), ("score", "9")]);
        assert_eq!((filter.scores, wrong), (vec![], vec![("score", Why::NotAScore)]));
        let many: Vec<String> = (0..=VALUES_MAX).map(|n| n.to_string()).collect();
        let many: Vec<(&str, &str)> = many.iter().map(|id| ("operator", id.as_str())).collect();
        assert_eq!(read_all(&many).1, [("operator", Why::TooManyValues)]);
        assert_eq!(read_all(&many[1..]).0.operators.len(), VALUES_MAX);
    }

    #[test]
    fn nonsense_is_told_by_its_field() {
        let long = "x".repeat(201);
        let table: [(&[(&str, &str)], Wrong); 24] = [
            (&[("from", "2026-02-30")], ("from", Why::NotADay)),
            (&[("from", "2026-02-02"), ("until", "2026-02-01")], ("until", Why::EndsBeforeItStarts)),
            (&[("from", "2010-01-01"), ("until", "2026-02-01")], ("until", Why::TooLong)),
            (&[("scale", "ten")], ("scale", Why::NotAChoice)),
            (&[("handled_by", "robot")], ("handled_by", Why::NotAChoice)),
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
            (&[("chosen", "Too slow")], ("chosen", Why::NotAChoice)),
            (&[("tagged", "*"), ("outcome", "open")], ("tagged", Why::OnlyOfAnswered)),
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
