//! The owner's letter: its schedule, its period and its content.

use super::Part;
use super::calendar::Day;
use super::change::Change;
use super::letter_words::{LetterWords, words};
use super::period::Period;
use super::rule::{Rule, by_good, named, score_span};
use super::stats::ALPHA;
use super::stats::target::Reached;
use super::stats::team::Verdict;
use crate::Millis;
use crate::answer::rating::Scale;
use crate::word::words as word_enum;
use chrono_tz::Tz;

/// Maximum length of a quoted comment in a letter, in characters.
pub const QUOTE_CHARS_MAX: usize = 240;
/// Maximum number of comments, and of reasons, in a letter.
pub const QUOTES: usize = 3;
const HOUR: Millis = 3_600_000;

word_enum! {
    /// Frequency of a letter.
    #[derive(Default, serde::Deserialize, utoipa::ToSchema)]
    #[schema(as = LetterInterval)]
    #[serde(rename_all = "snake_case")]
    pub enum Every {
        /// Daily, about the previous day.
        Daily = "daily",
        /// Every Monday, about the previous week.
        #[default]
        Weekly = "weekly",
        /// On the first of each month, about the previous month.
        Monthly = "monthly",
    }
}

impl Every {
    /// The last complete day, week or month before `today`.
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

    /// Error of one letter. The letters of a month share 5 %: in at most one of twenty months, any of them makes a false claim.
    pub fn error(self) -> f64 {
        let letters_a_month = match self {
            Every::Daily => 31.0,
            Every::Weekly => 5.0,
            Every::Monthly => 1.0,
        };
        ALPHA / letters_a_month
    }

    /// The newest period whose letter is due at `now`, and the due time: this hour of the day after its last day.
    pub fn due(self, hour: i64, now: Millis, zone: Tz) -> (Period, Millis) {
        let due = |period: Period| (period, period.until.start(zone) + hour * HOUR);
        let (period, at) = due(self.before(Day::of(now, zone)));
        if at <= now { (period, at) } else { due(self.before(period.from)) }
    }
}

/// State of a line's target.
#[derive(Clone, Debug, PartialEq)]
pub struct Goal {
    /// The line.
    pub line: String,
    /// Its target, in percent.
    pub percent: u8,
    /// Good ones among the clients' last ratings whose question is over, with the interval of the verdict.
    pub share: Part,
    /// The verdict.
    pub verdict: Reached,
    /// True if the definition of good changed in these days, which is why there is no verdict.
    pub redefined: bool,
}

/// A quoted comment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quote {
    /// The score for display.
    pub score: String,
    /// The comment.
    pub text: String,
    /// The line.
    pub line: String,
}

/// A reason for low ratings, with its change.
#[derive(Clone, Debug, PartialEq)]
pub struct Why {
    /// The reason in the reader's language.
    pub reason: String,
    /// Its share of the low ratings with a reason.
    pub chosen: Part,
    /// Change since the previous period.
    pub change: Option<Change>,
}

/// Content of a letter.
#[derive(Clone, Debug, PartialEq)]
pub struct Facts {
    /// Frequency.
    pub every: Every,
    /// The days.
    pub period: Period,
    /// The previous days for comparison; `None` if nothing can be compared.
    pub before: Option<Period>,
    /// Good of rated, without voided ones.
    pub score: Part,
    /// The rules for "good", with the names of their lines.
    pub good: Vec<(Rule, Vec<String>)>,
    /// Change of the score.
    pub score_change: Change,
    /// Answered of the questions that are over.
    pub response: Part,
    /// Number of questions whose time for an answer still runs.
    pub running: i64,
    /// Change of the response rate.
    pub response_change: Change,
    /// Change of the share of delivered questions.
    pub delivery_change: Change,
    /// True if clients rated on other scales in the previous period.
    pub scale_changed: bool,
    /// True if scores of some lines are not compared, because their definition of good changed.
    pub redefined: bool,
    /// True if reasons of some lines are not compared, because other scores counted as low there before.
    pub reasons_redefined: bool,
    /// Reasons for low ratings, the most frequent first.
    pub why: Vec<Why>,
    /// Number of low ratings that are not voided, with imported ones.
    pub low: i64,
    /// Low ratings with a reply, of those that were not imported: nobody could reply to imported ones.
    pub replied: Part,
    /// Number of overdue ones without a reply.
    pub late: i64,
    /// Quoted comments.
    pub quotes: Vec<Quote>,
    /// Lines with a target.
    pub goals: Vec<Goal>,
    /// Address of the report.
    pub link: Option<String>,
}

/// The letter, in `language` or in English; its first line is its title. Each figure has its counts and its interval.
pub fn letter(language: &str, facts: &Facts) -> String {
    let words = words(language);
    let mut text = vec![fill(words.title[facts.every as usize], &[("days", &days(words, facts.period))]), String::new()];
    text.extend(figures(words, facts));
    for part in [changes(words, facts), facts.goals.iter().map(|each| goal(words, each, facts.every)).collect()] {
        if !part.is_empty() {
            text.push(String::new());
            text.extend(part);
        }
    }
    let chosen: Vec<&Why> = facts.why.iter().filter(|why| why.chosen.part > 0).take(QUOTES).collect();
    if !chosen.is_empty() {
        text.extend([String::new(), words.why.to_owned()]);
        let line = |why: &&Why| format!("• {}: {}; {}", why.reason, share(words, &why.chosen), ends(words, &why.chosen));
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
    let figure = |text: &str, part: &Part| {
        let (percent, interval) = (percent(words, part.percent.unwrap_or(0.0), 1), ends(words, part));
        let (good, of) = (part.part.to_string(), part.of.to_string());
        fill(text, &[("share", &percent), ("part", &good), ("of", &of), ("interval", &interval)])
    };
    let mut lines = vec![if facts.score.of > 0 { figure(words.score, &facts.score) } else { words.no_ratings.to_owned() }];
    if facts.score.of > 0 && !facts.good.is_empty() {
        lines.push(fill(words.good, &[("rules", &good(&facts.good))]));
    }
    if facts.response.of > 0 {
        lines.push(figure(words.response, &facts.response));
    }
    if facts.running > 0 {
        lines.push(fill(words.open, &[("n", &facts.running.to_string())]));
    }
    let (low, replied) = (facts.replied.of, facts.replied.part);
    match low - replied {
        0 if low > 0 => lines.push(fill(words.all_replied, &[("n", &low.to_string())])),
        0 if facts.score.of > 0 && facts.low == 0 => lines.push(words.no_low.to_owned()),
        0 => {}
        n => lines.push(fill(words.unreplied, &[("n", &n.to_string()), ("of", &low.to_string())])),
    }
    if facts.late > 0 {
        lines.push(fill(words.late, &[("n", &facts.late.to_string())]));
    }
    lines
}

/// The good scores; with the lines of each rule if there are several.
fn good(rules: &[(Rule, Vec<String>)]) -> String {
    let rules = by_good(rules);
    let shown = |(rule, lines): &(Rule, Vec<String>)| {
        let scores = match rule.scale {
            Scale::Binary => "👍".to_owned(),
            Scale::FiveStar => format!("{} ★", score_span(&rule.good).unwrap_or_else(|| "–".to_owned())),
        };
        if rules.len() > 1 { format!("{scores} ({})", named(lines)) } else { scores }
    };
    rules.iter().map(shown).collect::<Vec<_>>().join("; ")
}

/// The changes that the data show, or a statement that they show none; empty if nothing can be compared.
fn changes(words: &LetterWords, facts: &Facts) -> Vec<String> {
    let Some(before) = facts.before else { return Vec::new() };
    let shares = [
        (&facts.score_change, words.score_change),
        (&facts.response_change, words.response_change),
        (&facts.delivery_change, words.delivery_change),
    ];
    let mut lines: Vec<String> = shares.into_iter().filter_map(|(change, words_of)| said(words, change, words_of, "")).collect();
    let reasons = facts.why.iter().filter_map(|why| said(words, why.change.as_ref()?, words.reason_change, &why.reason));
    lines.extend(reasons);
    let changed = !lines.is_empty();
    if let Some(mix) = facts.score_change.mix {
        lines.push(format!("• {}", fill(words.mix, &[("points", &signed(words, mix))])));
    }
    if facts.scale_changed {
        lines.push(format!("• {}", words.scale));
    }
    if facts.redefined {
        lines.push(format!("• {}", words.rule));
    }
    if facts.reasons_redefined {
        lines.push(format!("• {}", words.reasons_rule));
    }
    let compared = |count: fn(&Change) -> i64| shares.iter().map(|(change, _)| count(change)).max().unwrap_or(0).to_string();
    let (now, then) = (compared(|change| change.compared), compared(|change| change.compared_before));
    let mut head = fill(words.changed, &[("days", &days(words, before))]);
    if !changed && shares.iter().any(|(change, _)| change.difference.is_some()) {
        head = format!("{head} {}", fill(words.nothing, &[("now", &now), ("before", &then)]));
    } else if lines.is_empty() {
        return lines;
    }
    lines.insert(0, head);
    lines
}

/// A change that the data show, with the compared shares.
fn said(words: &LetterWords, change: &Change, [rose, fell]: [&str; 2], reason: &str) -> Option<String> {
    let difference = change.difference.as_ref()?;
    let text = match difference.verdict {
        Verdict::Higher => rose,
        Verdict::Lower => fell,
        Verdict::CannotTell => return None,
    };
    let interval = interval(words, difference.low.zip(difference.high), |points| signed(words, points));
    let (now, before) = (share(words, &change.now), share(words, &change.before));
    let compared = fill(words.compared, &[("now", &now), ("before", &before), ("interval", &interval)]);
    let text = fill(text, &[("points", &decimal(words, difference.points.abs(), 1)), ("reason", reason)]);
    Some(format!("• {text} ({compared})."))
}

fn goal(words: &LetterWords, goal: &Goal, every: Every) -> String {
    let wanted = percent(words, f64::from(goal.percent), 0);
    let (text, verdict) = match goal.verdict {
        _ if goal.share.of == 0 => (words.goal_none, ""),
        _ if goal.redefined => (words.goal_redefined, ""),
        Reached::Reached => (words.goal, words.verdicts[0]),
        Reached::Missed => (words.goal, words.verdicts[1]),
        Reached::CannotTell => (words.goal, words.verdicts[2]),
    };
    // The interval of the verdict, which has the letter's part of the error of a month.
    let level = decimal(words, 100.0 * (1.0 - every.error()), 1).trim_end_matches('0').trim_end_matches(words.point).to_owned();
    let interval = interval_at(words, &level, goal.share.low.zip(goal.share.high), |value| percent(words, value, 1));
    let share = share(words, &goal.share);
    fill(text, &[("line", &goal.line), ("percent", &wanted), ("verdict", verdict), ("share", &share), ("interval", &interval)])
}

/// A day, or a range of days.
fn days(words: &LetterWords, period: Period) -> String {
    let (from, last) = (period.from, period.last_day());
    let date = |day: Day, with_year: bool| {
        let month = day.month();
        let part = |number: i64| u32::try_from(number).unwrap_or_default();
        let year = with_year.then(|| i32::try_from(year(day)).unwrap_or_default());
        lastword_language::day(words.language, part(day.0 - month.first().0 + 1), part(month.0.rem_euclid(12) + 1), year)
    };
    if last <= from {
        return date(from, true);
    }
    format!("{} – {}", date(from, year(from) != year(last)), date(last, true))
}

fn year(day: Day) -> i64 {
    1970 + day.month().0.div_euclid(12)
}

fn share(words: &LetterWords, part: &Part) -> String {
    let (percent, good, of) = (percent(words, part.percent.unwrap_or(0.0), 1), part.part.to_string(), part.of.to_string());
    fill(words.of, &[("share", &percent), ("part", &good), ("of", &of)])
}

/// The interval of a share.
fn ends(words: &LetterWords, part: &Part) -> String {
    interval(words, part.low.zip(part.high), |value| percent(words, value, 1))
}

fn interval(words: &LetterWords, ends: Option<(f64, f64)>, write: impl Fn(f64) -> String) -> String {
    interval_at(words, "95", ends, write)
}

/// An interval of another level, in percent.
fn interval_at(words: &LetterWords, level: &str, ends: Option<(f64, f64)>, write: impl Fn(f64) -> String) -> String {
    let Some((low, high)) = ends else { return words.no_interval.to_owned() };
    fill(words.interval, &[("level", level), ("low", &write(low)), ("high", &write(high))])
}

fn decimal(words: &LetterWords, value: f64, decimals: usize) -> String {
    format!("{value:.decimals$}").replace('.', words.point)
}

/// Points with their sign.
fn signed(words: &LetterWords, points: f64) -> String {
    format!("{}{}", if points < 0.0 { "−" } else { "+" }, decimal(words, points.abs(), 1))
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
    use crate::report::comparison::Difference;

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

    fn rule(scale: Scale, good: Vec<u8>) -> Rule {
        Rule { scale, good, neutral: Vec::new(), bad: Vec::new(), lines: Vec::new() }
    }

    fn facts() -> Facts {
        let change = |now: (i64, i64), before: (i64, i64)| {
            let difference = Difference { points: 0.0, low: Some(-9.1), high: Some(9.1), verdict: Verdict::CannotTell };
            let (now, before) = (Part::new(now.0, now.1), Part::new(before.0, before.1));
            Change { now, before, compared: now.of, compared_before: before.of, difference: Some(difference), ..Change::default() }
        };
        Facts {
            every: Every::Weekly,
            period: Period { from: day("2026-11-16"), until: day("2026-11-23") },
            before: Some(Period { from: day("2026-11-09"), until: day("2026-11-16") }),
            score: Part::new(81, 90),
            good: vec![(rule(Scale::FiveStar, vec![4, 5]), vec!["Shop".to_owned()])],
            score_change: change((72, 80), (72, 80)),
            response: Part::new(90, 300),
            running: 12,
            response_change: change((80, 250), (80, 240)),
            delivery_change: Change::default(),
            scale_changed: false,
            redefined: false,
            reasons_redefined: false,
            why: Vec::new(),
            low: 9,
            replied: Part::new(9, 9),
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
            "Your clients’ ratings of the week: 16 November – 22 November 2026\n\n\
             Good ratings: 90.0% (81 of 90); 95% interval 82.1% to 94.6%.\n\
             Good means 4–5 ★.\n\
             Answered questions: 30.0% (90 of 300 whose time is over); 95% interval 25.1% to 35.4%.\n\
             Questions whose time is not over: 12\n\
             Every low rating has a reply: 9 of 9.\n\n\
             What changed since 9 November – 15 November 2026: nothing that the data can show (clients now: 250, then: 240)."
        );
        let fell = Difference { points: -12.3, low: Some(-20.0), high: Some(-4.0), verdict: Verdict::Lower };
        let more = Difference { points: 40.0, low: None, high: None, verdict: Verdict::Higher };
        let changed = |difference| Change { difference: Some(difference), ..facts().score_change };
        let slow = Change { now: Part::new(6, 8), before: Part::new(2, 9), ..changed(more) };
        let why = Why { reason: "Took too long".into(), chosen: Part::new(6, 8), change: Some(slow) };
        let goals = vec![
            Goal { line: "Shop".into(), percent: 90, share: Part::new(70, 100), verdict: Reached::Missed, redefined: false },
            Goal { line: "New".into(), percent: 90, share: Part::default(), verdict: Reached::CannotTell, redefined: false },
            Goal { line: "Desk".into(), percent: 90, share: Part::new(9, 10), verdict: Reached::CannotTell, redefined: true },
        ];
        let quotes = vec![Quote { score: "👎".into(), text: "Three days!".into(), line: "Shop".into() }];
        let score_change = Change { mix: Some(-6.4), ..changed(fell) };
        let five = (rule(Scale::FiveStar, vec![5]), ["A", "B", "C", "D", "E"].map(str::to_owned).to_vec());
        let good = vec![(rule(Scale::Binary, vec![1]), vec!["Shop".to_owned()]), five];
        let worse = Facts { good, score_change, why: vec![why], replied: Part::new(5, 9), late: 2, goals, quotes, ..facts() };
        let text = letter("en", &worse);
        for line in [
            "Good means 👍 (Shop); 5 ★ (A, B, C, D +1).",
            "What changed since 9 November – 15 November 2026:",
            "• Good ratings fell by 12.3 points (90.0% (72 of 80) of clients now, 90.0% (72 of 80) then; 95% interval −20.0 to −4.0).",
            "• “Took too long” is named more often for low ratings, by 40.0 points (75.0% (6 of 8) of clients now, 22.2% (2 of 9) then; too few answers for an interval).",
            "• A different mix of lines, channels and scales makes −6.4 points of the plain difference in good ratings.",
            "• Took too long: 75.0% (6 of 8); 95% interval 40.9% to 92.9%",
            "Low ratings without a reply: 4 of 9",
            "Overdue: 2",
            "Target of Shop, 90% good: missed. 70.0% (70 of 100); 99% interval 60.4% to 78.1%.",
            "Target of New, 90% good: no ratings whose question is over.",
            "Target of Desk, 90% good: no verdict, because the scale or the definition of good changed in these days.",
            "👎 “Three days!” (Shop)",
        ] {
            assert!(text.lines().any(|found| found == line), "{line} is not in\n{text}");
        }
        let all: Vec<String> = ["en", "ru", "de", "es", "pt-BR", "pt-PT"].map(|tag| letter(tag, &worse)).into();
        assert!(all.iter().all(|text| !text.contains('{') && text.contains("Three days!")), "{all:?}");
        assert_eq!(all.iter().collect::<std::collections::BTreeSet<_>>().len(), 6);
        assert!(all[2].starts_with("Die Bewertungen Ihrer Kunden in einer Woche: 16. November – 22. November 2026"), "{}", all[2]);
        let year = Facts { period: Period { from: day("2026-12-28"), until: day("2027-01-04") }, ..facts() };
        assert!(letter("ru", &year).starts_with("Оценки клиентов за неделю: 28 декабря 2026 года – 3 января 2027 года"));
    }

    /// A letter omits figures without data, and makes no statement about changes if nothing can be compared.
    #[test]
    fn it_says_nothing_of_nothing() {
        let none = Facts {
            score: Part::default(),
            score_change: Change::default(),
            response: Part::default(),
            running: 0,
            response_change: Change::default(),
            low: 0,
            replied: Part::default(),
            ..facts()
        };
        assert_eq!(letter("en", &none), "Your clients’ ratings of the week: 16 November – 22 November 2026\n\nNo ratings.");
        let all_good = Facts { low: 0, replied: Part::default(), ..facts() };
        assert!(letter("en", &all_good).contains("\nNo low ratings.\n"));
        let imported = letter("en", &Facts { replied: Part::default(), ..facts() });
        assert!(!imported.contains("No low ratings") && !imported.contains("reply"), "nobody could reply to them: {imported}");
        let stars = Facts { score_change: Change::default(), response_change: Change::default(), scale_changed: true, ..facts() };
        assert!(letter("en", &stars).ends_with(
            "What changed since 9 November – 15 November 2026:\n\
             • Not all clients rated on the same scale in both periods. Thumbs and stars are not compared."
        ));
    }
}
