//! Formats of numbers, shares, dates and times by language (CLDR 45), in the organisation's time zone.

use super::language::Language;
use chrono::{DateTime, Datelike, TimeZone, Timelike};
use chrono_tz::Tz;
use fluent_templates::fluent_bundle::FluentValue;
use fluent_templates::fluent_bundle::memoizer::MemoizerKind;
use lastword_life::Millis;

/// No-break space.
const NO_BREAK: char = '\u{a0}';
/// Narrow no-break space, between the groups of a number.
const NARROW: char = '\u{202f}';

/// Group separator, decimal separator, and the number of digits from which groups are used.
fn marks(language: Language) -> (char, char, usize) {
    match language {
        Language::En => (',', '.', 4),
        // Portugal like Brazil, because they share messages that are written by one formatter.
        Language::De | Language::Pt | Language::PtPt => ('.', ',', 4),
        Language::Es => ('.', ',', 5),
        Language::Ru => (NARROW, ',', 4),
    }
}

/// An integer: 12345 as 12,345.
pub fn number(language: Language, number: i64) -> String {
    let (group, _, from) = marks(language);
    let digits = number.unsigned_abs().to_string();
    let mut out = String::new();
    if number < 0 {
        out.push('\u{2212}');
    }
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && digits.len() >= from && (digits.len() - at).is_multiple_of(3) {
            out.push(group);
        }
        out.push(digit);
    }
    out
}

/// A number with this many decimals.
pub fn decimal(language: Language, value: f64, decimals: usize) -> String {
    let (_, point, _) = marks(language);
    let text = format!("{:.decimals$}", value.abs());
    let (whole, rest) = text.split_once('.').unwrap_or((&text, ""));
    let negative = value < 0.0 && text.bytes().any(|byte| matches!(byte, b'1'..=b'9'));
    let sign = if negative { "\u{2212}" } else { "" };
    let whole = number(language, whole.parse().unwrap_or(i64::MAX));
    if rest.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}{point}{rest}") }
}

/// A percentage; `value` is already in percent.
pub fn percent(language: Language, value: f64, decimals: usize) -> String {
    let text = decimal(language, value, decimals);
    match language {
        Language::En | Language::Pt | Language::PtPt => format!("{text}%"),
        Language::De | Language::Es | Language::Ru => format!("{text}{NO_BREAK}%"),
    }
}

fn local(zone: Tz, at: Millis) -> DateTime<Tz> {
    zone.from_utc_datetime(&DateTime::from_timestamp_millis(at).unwrap_or_default().naive_utc())
}

/// A date: "21 Nov 2026".
pub fn date(language: Language, zone: Tz, at: Millis) -> String {
    let at = local(zone, at);
    let month = language.text(&format!("month-short-{}", at.month()), &[]);
    let (day, year) = (at.day().to_string(), at.year().to_string());
    language.text("date", &[("day", &day), ("month", &month), ("year", &year)])
}

/// A time of day: "14:05".
pub fn time(zone: Tz, at: Millis) -> String {
    let at = local(zone, at);
    format!("{:02}:{:02}", at.hour(), at.minute())
}

/// A date and time as people say them: today the time, in the days before the weekday, in this year the date without the year.
pub fn moment(language: Language, zone: Tz, at: Millis, now: Millis) -> String {
    let (day, today, time) = (local(zone, at), local(zone, now), time(zone, at));
    let date = match (today.date_naive() - day.date_naive()).num_days() {
        0 => return language.text("today-at", &[("time", &time)]),
        1..7 => language.text(&format!("num-weekday-{}", day.weekday().number_from_monday()), &[]),
        _ if day.year() == today.year() => {
            let month = language.text(&format!("month-short-{}", day.month()), &[]);
            language.text("num-day-month", &[("day", &day.day().to_string()), ("month", &month)])
        }
        _ => date(language, zone, at),
    };
    language.text("date-time", &[("date", &date), ("time", &time)])
}

/// For `<time datetime>`: RFC 3339 in UTC.
pub fn machine(at: Millis) -> String {
    DateTime::from_timestamp_millis(at).unwrap_or_default().to_rfc3339_opts(chrono::SecondsFormat::Millis, true)
}

/// The formatter of numbers in messages of the language with this tag.
pub(super) fn formatter_of<M: MemoizerKind>(tag: &str) -> fn(&FluentValue<'_>, &M) -> Option<String> {
    fn whole(value: &FluentValue<'_>, language: Language) -> Option<String> {
        let FluentValue::Number(found) = value else { return None };
        // Arguments are integers; shares are passed as formatted texts.
        #[expect(clippy::cast_possible_truncation, reason = "a whole number below 2^53")]
        Some(number(language, found.value as i64))
    }
    match Language::parse(tag).unwrap_or(Language::En) {
        Language::En => |value, _| whole(value, Language::En),
        Language::Ru => |value, _| whole(value, Language::Ru),
        Language::De => |value, _| whole(value, Language::De),
        Language::Es => |value, _| whole(value, Language::Es),
        Language::Pt => |value, _| whole(value, Language::Pt),
        Language::PtPt => |value, _| whole(value, Language::PtPt),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_as_each_language_does() {
        let all = |n| Language::ALL.map(|language| number(language, n));
        assert_eq!(all(1_234), ["1,234", "1\u{202f}234", "1.234", "1234", "1.234", "1.234"]);
        assert_eq!(all(1_234_567), ["1,234,567", "1\u{202f}234\u{202f}567", "1.234.567", "1.234.567", "1.234.567", "1.234.567"]);
        assert_eq!(
            (number(Language::En, 0), number(Language::En, -1_000), number(Language::En, 999)),
            ("0".into(), "−1,000".into(), "999".into())
        );
    }

    #[test]
    fn shares_have_their_sign() {
        assert_eq!(percent(Language::En, 92.345, 1), "92.3%");
        assert_eq!(percent(Language::De, 92.36, 1), "92,4\u{a0}%");
        assert_eq!(percent(Language::En, -0.04, 1), "0.0%");
        assert_eq!(decimal(Language::Ru, -1_234.5, 1), "−1\u{202f}234,5");
    }

    #[test]
    fn days_are_the_organisations() {
        // 2026-09-21T22:30Z is the next day in Berlin.
        let at = 1_790_029_800_000;
        let berlin = chrono_tz::Europe::Berlin;
        assert_eq!(date(Language::En, chrono_tz::UTC, at), "21 Sep 2026");
        assert_eq!(date(Language::De, berlin, at), "22. Sept. 2026");
        assert_eq!(date(Language::Ru, berlin, at), "22 сент. 2026");
        assert_eq!((time(berlin, at), machine(at)), ("00:30".to_owned(), "2026-09-21T22:30:00.000Z".to_owned()));
        let an_hour_ago = |zone| moment(Language::En, zone, at, at - 3_600_000);
        assert_eq!([chrono_tz::UTC, berlin].map(an_hour_ago), ["today, 22:30", "22 Sep, 00:30"]);
        assert_eq!(moment(Language::En, berlin, at, at + 1_000), "today, 00:30");
        let day = 86_400_000;
        let after = |days: i64| moment(Language::En, berlin, at, at + days * day);
        assert_eq!([1, 6].map(after), ["Tue, 00:30", "Tue, 00:30"]);
        assert_eq!([7, -1, 200].map(after), ["22 Sep, 00:30", "22 Sep, 00:30", "22 Sep 2026, 00:30"]);
        assert_eq!(moment(Language::De, berlin, at, at + day), "Di, 00:30");
    }
}
