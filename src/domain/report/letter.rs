//! The owner's letter: how often it comes, about which days, and what it says.

use super::Part;
use super::calendar::Day;
use super::comparison::Difference;
use super::letter_words::{LetterWords, words};
use super::period::Period;
use super::stats::target::Reached;
use super::stats::team::Verdict;
use crate::Millis;
use crate::word::words as word_enum;
use chrono_tz::Tz;

/// So much of a comment stands in a letter, in characters.
pub const QUOTE_CHARS_MAX: usize = 240;
/// So many comments, and so many reasons, stand in it.
pub const QUOTES: usize = 3;
const HOUR: Millis = 3_600_000;

word_enum! {
    /// How often a letter comes.
    #[derive(Default, serde::Deserialize, utoipa::ToSchema)]
    #[serde(rename_all = "snake_case")]
    pub enum Every {
        /// Each day, about the day before.
        Daily = "daily",
        /// Each Monday, about the week before.
        #[default]
        Weekly = "weekly",
        /// On the first of each month, about the month before.
        Monthly = "monthly",
    }
}

impl Every {
    /// The last whole day, week or month before `today`.
    fn before(self, today: Day) -> Period {
        let until = match self {
            Every::Daily => today,
            Every::Weekly => today.monday(),
            Every::Monthly => today.month().first(),
        };
        let from = match self {
            Every::Daily => until.plus(-1),
            Every::Weekly => until.plus(-7),
            Every::Monthly => until.month().plus(-1).first(),
        };
        Period { from, until }
    }

    /// The newest period whose letter is due at `now`, and when it was: at this hour of the day after its last.
    pub fn due(self, hour: i64, now: Millis, zone: Tz) -> (Period, Millis) {
        let due = |period: Period| (period, period.until.start(zone) + hour * HOUR);
        let (period, at) = due(self.before(Day::of(now, zone)));
        if at <= now { (period, at) } else { due(self.before(period.from)) }
    }
}

/// Where a line stands to its target.
#[derive(Clone, Debug, PartialEq)]
pub struct Goal {
    /// The line.
    pub line: String,
    /// What it is to reach, in percent.
    pub percent: u8,
    /// What the data say.
    pub verdict: Reached,
}

/// What a client wrote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quote {
    /// The score as clients see it.
    pub score: String,
    /// What they wrote.
    pub text: String,
    /// The line.
    pub line: String,
}

/// Why ratings were low, and what changed about it.
#[derive(Clone, Debug, PartialEq)]
pub struct Why {
    /// The reason in the reader's language.
    pub reason: String,
    /// Of the low ratings with a reason.
    pub chosen: Part,
    /// What changed since the period before.
    pub change: Option<Verdict>,
}

/// What a letter is about.
#[derive(Clone, Debug, PartialEq)]
pub struct Facts {
    /// How often it comes.
    pub every: Every,
    /// The days.
    pub period: Period,
    /// The days before, with which they are compared.
    pub before: Option<Period>,
    /// Good of rated, voided ones left out.
    pub score: Part,
    /// What changed, as far as the data can tell.
    pub score_change: Option<Difference>,
    /// Answered of the questions that are over.
    pub response: Part,
    /// What changed.
    pub response_change: Option<Difference>,
    /// Why ratings were low, the most frequent first.
    pub why: Vec<Why>,
    /// Low ratings without a reply.
    pub unreplied: i64,
    /// Those of them that are overdue.
    pub late: i64,
    /// What clients wrote.
    pub quotes: Vec<Quote>,
    /// Where lines stand to their targets.
    pub goals: Vec<Goal>,
    /// The report.
    pub link: Option<String>,
}

/// The letter, in `language` or in English; its first line says what it is.
pub fn letter(language: &str, facts: &Facts) -> String {
    let words = words(language);
    let mut text = vec![fill(words.title[facts.every as usize], &[("days", &days(facts.period))]), String::new()];
    text.extend(figures(words, facts));
    text.push(String::new());
    text.extend(changes(words, facts));
    if !facts.goals.is_empty() {
        text.push(String::new());
        text.extend(facts.goals.iter().map(|goal| {
            let says = match goal.verdict {
                Reached::Reached => words.reached,
                Reached::Missed => words.missed,
                Reached::CannotTell => words.cannot_tell,
            };
            fill(says, &[("line", &goal.line), ("percent", &percent(words, f64::from(goal.percent), 0))])
        }));
    }
    let chosen: Vec<&Why> = facts.why.iter().filter(|why| why.chosen.part > 0).take(QUOTES).collect();
    if !chosen.is_empty() {
        text.extend([String::new(), words.why.to_owned()]);
        let line = |why: &&Why| format!("• {}: {}", why.reason, part(words, &why.chosen));
        text.extend(chosen.iter().map(line));
    }
    if !facts.quotes.is_empty() {
        text.extend([String::new(), words.quotes.to_owned()]);
        text.extend(facts.quotes.iter().map(|quote| format!("{} “{}” ({})", quote.score, quote.text, quote.line)));
    }
    text.extend(facts.link.iter().flat_map(|link| [String::new(), link.clone()]));
    text.join("\n")
}

fn figures(words: &LetterWords, facts: &Facts) -> Vec<String> {
    let mut lines = Vec::new();
    match (facts.score.percent, facts.score.low, facts.score.high) {
        (Some(share), Some(low), Some(high)) => {
            let (share, low, high) = (percent(words, share, 1), percent(words, low, 1), percent(words, high, 1));
            let (part, of) = (facts.score.part.to_string(), facts.score.of.to_string());
            lines.push(fill(words.score, &[("share", &share), ("part", &part), ("of", &of), ("low", &low), ("high", &high)]));
        }
        _ => lines.push(words.no_ratings.to_owned()),
    }
    if facts.response.of > 0 {
        lines.push(fill(words.response, &[("share", &part(words, &facts.response))]));
    }
    lines.push(match facts.unreplied {
        0 => words.all_replied.to_owned(),
        n => fill(words.unreplied, &[("n", &n.to_string())]),
    });
    if facts.late > 0 {
        lines.push(fill(words.late, &[("n", &facts.late.to_string())]));
    }
    lines
}

/// What the data can show to have changed, or that nothing did.
fn changes(words: &LetterWords, facts: &Facts) -> Vec<String> {
    let Some(before) = facts.before else { return Vec::new() };
    let mut lines = Vec::new();
    let said = |change: &Option<Difference>, [rose, fell]: [&str; 2]| {
        let change = change.as_ref()?;
        let text = match change.verdict {
            Verdict::Higher => rose,
            Verdict::Lower => fell,
            Verdict::CannotTell => return None,
        };
        Some(format!("• {}", fill(text, &[("points", &decimal(words, change.points.abs(), 1))])))
    };
    lines.extend(said(&facts.score_change, words.score_change));
    lines.extend(said(&facts.response_change, words.response_change));
    for why in &facts.why {
        match why.change {
            Some(Verdict::Higher) => lines.push(format!("• {}", fill(words.reason_change[0], &[("reason", &why.reason)]))),
            Some(Verdict::Lower) => lines.push(format!("• {}", fill(words.reason_change[1], &[("reason", &why.reason)]))),
            Some(Verdict::CannotTell) | None => {}
        }
    }
    let head = fill(words.changed, &[("days", &days(before))]);
    if lines.is_empty() {
        return vec![format!("{head} {}", words.nothing)];
    }
    lines.insert(0, head);
    lines
}

fn days(period: Period) -> String {
    let last = period.last_day();
    if last == period.from { period.from.to_string() } else { format!("{} – {last}", period.from) }
}

fn part(words: &LetterWords, part: &Part) -> String {
    format!("{} ({} / {})", percent(words, part.percent.unwrap_or(0.0), 1), part.part, part.of)
}

fn decimal(words: &LetterWords, value: f64, decimals: usize) -> String {
    format!("{value:.decimals$}").replace('.', words.point)
}

fn percent(words: &LetterWords, value: f64, decimals: usize) -> String {
    format!("{}{}", decimal(words, value, decimals), words.percent)
}

fn fill(text: &str, values: &[(&str, &str)]) -> String {
    values.iter().fold(text.to_owned(), |text, (name, value)| text.replace(&format!("{{{name}}}"), value))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        Day::parse(text).unwrap()
    }

    #[test]
    fn a_letter_is_about_the_last_whole_period() {
        let zone = Tz::Europe__Berlin;
        let at = |text: &str| chrono::DateTime::parse_from_rfc3339(text).unwrap().timestamp_millis();
        let due = |every: Every, now: &str| {
            let (period, due) = every.due(8, at(now), zone);
            (period.from.to_string(), period.until.to_string(), due)
        };
        // Sunday, 22 November 2026, at nine and at seven.
        let expected = ("2026-11-21".to_owned(), "2026-11-22".to_owned(), at("2026-11-22T08:00:00+01:00"));
        assert_eq!(due(Every::Daily, "2026-11-22T09:00:00+01:00"), expected);
        assert_eq!(due(Every::Daily, "2026-11-22T07:00:00+01:00").0, "2026-11-20");
        let expected = ("2026-11-09".to_owned(), "2026-11-16".to_owned(), at("2026-11-16T08:00:00+01:00"));
        assert_eq!(due(Every::Weekly, "2026-11-22T09:00:00+01:00"), expected);
        assert_eq!(due(Every::Weekly, "2026-11-23T07:59:00+01:00"), expected);
        assert_eq!(due(Every::Weekly, "2026-11-23T08:00:00+01:00").0, "2026-11-16");
        assert_eq!(due(Every::Monthly, "2026-11-01T07:00:00+01:00").0, "2026-09-01");
        assert_eq!(due(Every::Monthly, "2026-11-01T08:00:00+01:00").0, "2026-10-01");
    }

    fn facts() -> Facts {
        Facts {
            every: Every::Weekly,
            period: Period { from: day("2026-11-16"), until: day("2026-11-23") },
            before: Some(Period { from: day("2026-11-09"), until: day("2026-11-16") }),
            score: Part::new(81, 90),
            score_change: None,
            response: Part::new(90, 300),
            response_change: None,
            why: Vec::new(),
            unreplied: 0,
            late: 0,
            quotes: Vec::new(),
            goals: Vec::new(),
            link: None,
        }
    }

    #[test]
    fn it_says_what_changed_or_that_nothing_did() {
        let calm = letter("en", &facts());
        assert_eq!(
            calm,
            "Your clients’ ratings of the week: 2026-11-16 – 2026-11-22\n\n\
             Good ratings: 90.0% (81 of 90); with so many answers anything from 82.1% to 94.6% is possible.\n\
             Answered questions: 30.0% (90 / 300)\n\
             Every low rating has a reply.\n\n\
             What changed since 2026-11-09 – 2026-11-15: nothing that the data can show."
        );
        let fell = Difference { points: -12.3, low: Some(-20.0), high: Some(-4.0), verdict: Verdict::Lower };
        let why = Why { reason: "Took too long".into(), chosen: Part::new(6, 8), change: Some(Verdict::Higher) };
        let goals = vec![Goal { line: "Shop".into(), percent: 90, verdict: Reached::Missed }];
        let quotes = vec![Quote { score: "👎".into(), text: "Three days!".into(), line: "Shop".into() }];
        let worse = Facts { score_change: Some(fell), why: vec![why], unreplied: 4, late: 2, goals, quotes, ..facts() };
        let text = letter("en", &worse);
        for line in [
            "What changed since 2026-11-09 – 2026-11-15:",
            "• Good ratings fell by 12.3 points.",
            "• “Took too long” is named more often for low ratings.",
            "• Took too long: 75.0% (6 / 8)",
            "Low ratings without a reply: 4",
            "Overdue: 2",
            "Goal of Shop, 90% good: missed",
            "👎 “Three days!” (Shop)",
        ] {
            assert!(text.lines().any(|found| found == line), "{line} is not in\n{text}");
        }
        let all: Vec<String> = ["en", "ru", "de", "es", "pt-BR", "pt-PT"].map(|tag| letter(tag, &worse)).into();
        assert!(all.iter().all(|text| !text.contains('{') && text.contains("Three days!")), "{all:?}");
        assert_eq!(all.iter().collect::<std::collections::BTreeSet<_>>().len(), 6);
    }
}
