//! Parses a filter from the query of an address, and reports invalid values.

use super::{Ended, Filter, HasReason, LENGTH_MAX, NONE, VALUES_MAX, parse_hour};
use crate::answer::rating::{Grade, Scale};
use crate::outcome::Outcome;
use crate::report::calendar::Day;
use crate::report::period::{NoPeriod, Period};
use crate::session::HandledBy;
use crate::session::label::LabelIs;
use crate::word_split::{NoSearch, Search};
use chrono_tz::Tz;
use lastword_base::names::OperatorId;

/// Reason why a value is invalid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// Not a day such as 2026-09-30.
    NotADay,
    /// The last day is before the first.
    EndsBeforeItStarts,
    /// More than ten years.
    TooLong,
    /// Too many values.
    TooManyValues,
    /// There is no such line, or the reader may not see it.
    UnknownLine,
    /// Not one of the choices.
    NotAChoice,
    /// Not a score from 0 to 5.
    NotAScore,
    /// The scale has no such score.
    NotOnThisScale,
    /// It requires closes that were answered.
    OnlyOfAnswered,
    /// Closes that were answered have no reason.
    NoReason,
    /// No word to search for.
    NoWord,
    /// Too many words to search for.
    TooManyWords,
    /// Too long, or with control characters.
    Unreadable,
}

impl Why {
    /// Key of the text.
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

/// Name and problem of an invalid value.
pub type Wrong = (&'static str, Why);

/// Parses a filter from the values that `values` returns by name; an empty text is no value. Invalid values are omitted and
/// reported.
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
    /// Distinct values of `name`.
    fn told(&self, name: &str) -> Vec<&'v str> {
        let mut told: Vec<&str> = Vec::new();
        for text in (self.values)(name).into_iter().map(str::trim).filter(|text| !text.is_empty()) {
            if !told.contains(&text) {
                told.push(text);
            }
        }
        told
    }

    /// First value, if there is one and `parse` accepts it.
    fn parsed<T>(&mut self, name: &'static str, parse: impl FnOnce(&str) -> Result<T, Why>) -> Option<T> {
        let text = self.told(name).into_iter().next()?;
        let read = if readable(text) { parse(text) } else { Err(Why::Unreadable) };
        read.map_err(|why| self.wrong.push((name, why))).ok()
    }

    /// All values; empty if `parse` rejects one of them.
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
        let operator = |text: &str| Ok(if text == NONE { OperatorId::default() } else { text.into() });
        let reasons = self.several("reason", text);
        let has = |text: &str| HasReason::parse(text).ok_or(Why::NotAChoice);
        let told = self.choice("outcome", Ended::parse);
        let scale = self.choice("scale", Scale::parse);
        let mut filter = Filter {
            from: from.map(|day| day.start(zone)),
            until: until.map(|day| day.plus(1).start(zone)),
            lines: self.several("line", |line| Ok(line.into())),
            operators: self.several("operator", operator),
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

    /// Reports contradictions: they would return an empty list without a reason.
    fn fits(&mut self, filter: &mut Filter) {
        use Ended::{AnsweredOver, Any, As, Asked, Delivered, Late, Over};
        let answered = matches!(filter.ended, As(Outcome::Answered) | Asked | Delivered | Over | AnsweredOver | Late | Any);
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
        if !filter.reasons.is_empty() && matches!(filter.ended, As(Outcome::Answered) | AnsweredOver) {
            self.wrong.push(("reason", Why::NoReason));
            filter.reasons.clear();
        }
    }
}

/// True if a text is short enough and has no control characters.
fn readable(text: &str) -> bool {
    text.chars().count() <= LENGTH_MAX && !text.chars().any(char::is_control)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::rating_filter::write_hour;

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
        // Both days as a whole, in the organisation's time zone.
        assert_eq!((filter.from, filter.until), (Some(1_788_213_600_000), Some(1_790_805_600_000)));
        assert_eq!((filter.lines, filter.operators, filter.channels), (vec!["vip".into()], vec![OperatorId::default()], vec![]));
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
        assert_eq!((filter.lines, filter.scores), (vec!["vip".into(), "sales".into()], vec![0, 2]));
        assert_eq!(wrong, [("from", Why::NotADay)], "what takes one value takes the first");
        // One invalid value makes all of them invalid: a longer list than requested would look like a result.
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
