//! Figures as text: numbers in the format of each language, with what they are a part of.

use crate::frame::Frame;
use lastword_base::names::LineId;
use lastword_domain::answer::rating::Scale;
use lastword_domain::channel_brand::channel_brand;
use lastword_domain::outcome::Outcome;
use lastword_domain::report::calendar::Day;
use lastword_domain::report::change::Change;
use lastword_domain::report::comparison::{Difference, Verdict};
use lastword_domain::report::period::{Period, Step};
use lastword_domain::report::rule::{Rule, named, score_span};
use lastword_domain::report::{Average, Part};
use lastword_domain::session::label::LabelIs;
use lastword_http::locale::format;
use lastword_http::locale::language::Language;
use lastword_life::report::changed::Claims;
use lastword_store::report::{Closes, recount};
use lastword_store::{Db, StoreError};
use std::collections::BTreeMap;

/// Shown if there is no number.
pub const NONE: &str = "–";

/// A share: "92.3%", or a dash.
pub fn percent(page: &Frame, percent: Option<f64>) -> String {
    percent.map_or_else(|| NONE.to_owned(), |percent| format::percent(page.language, percent, 1))
}

/// A share without decimals.
pub fn round_percent(page: &Frame, percent: f64) -> String {
    format::percent(page.language, percent, 0)
}

/// "81 of 263".
pub fn part(page: &Frame, part: &Part) -> String {
    page.t2("num-n-of-n", "part", part.part, "of", part.of)
}

/// "25.5%–36.6%", or empty.
pub fn interval(page: &Frame, part: &Part) -> String {
    let ends = part.low.zip(part.high);
    ends.map(|(low, high)| range(page, low, high)).unwrap_or_default()
}

/// "25.5%–36.6%".
pub fn range(page: &Frame, low: f64, high: f64) -> String {
    format!("{}–{}", format::decimal(page.language, low, 1), format::percent(page.language, high, 1))
}

/// A difference in points, with its sign: "+4.2", "−23.0".
pub fn points(page: &Frame, points: f64) -> String {
    let sign = if points < 0.0 { "−" } else { "+" };
    format!("{sign}{}", format::decimal(page.language, points.abs(), 1))
}

/// An average of stars: "4.32".
pub fn stars(page: &Frame, mean: f64) -> String {
    format::decimal(page.language, mean, 2)
}

/// "4.32 (4.21–4.40)".
pub fn average(page: &Frame, average: &Average) -> String {
    format!("{} ({}–{})", stars(page, average.mean), stars(page, average.low), stars(page, average.high))
}

/// Unit of a duration: seconds, and the key of its text.
type Unit = (i64, &'static str);

const SECS: Unit = (1, "took-secs");
const MINS: Unit = (60, "took-mins");
const HOURS: Unit = (3_600, "took-hours");
const DAYS: Unit = (86_400, "took-days");

/// The unit in which a duration is displayed: the largest in which it is one or more, days from two on.
fn unit(secs: i64) -> Unit {
    match secs {
        ..60 => SECS,
        60..3_600 => MINS,
        3_600..172_800 => HOURS,
        _ => DAYS,
    }
}

/// A duration in a unit, without it: hours and minutes below ten with a decimal if they are not whole.
fn amount(language: Language, secs: i64, unit: Unit) -> String {
    let value = secs as f64 / unit.0 as f64;
    let tenths = (value * 10.0).round();
    let decimals = usize::from(unit != DAYS && tenths < 100.0 && tenths % 10.0 != 0.0);
    format::decimal(language, value, decimals)
}

/// An amount with its unit. A whole number chooses the plural.
fn with_unit(language: Language, amount: &str, (_, key): Unit) -> String {
    amount.parse::<i64>().map_or_else(|_| language.text(key, &[("n", &amount)]), |whole| language.text(key, &[("n", &whole)]))
}

/// A duration in a language.
fn secs_in(language: Language, secs: i64, unit: Unit) -> String {
    with_unit(language, &amount(language, secs, unit), unit)
}

/// A range of durations, in one unit if it is not too wide for that.
fn span_in(language: Language, low: i64, high: i64) -> String {
    let Some(unit) = common(low, high) else {
        return format!("{} – {}", secs_in(language, low, unit(low)), secs_in(language, high, unit(high)));
    };
    let (low, high) = (amount(language, low, unit), amount(language, high, unit));
    if low == high { with_unit(language, &high, unit) } else { with_unit(language, &format!("{low}–{high}"), unit) }
}

/// A duration.
pub fn secs(page: &Frame, secs: i64) -> String {
    secs_in(page.language, secs, unit(secs))
}

/// A range of durations.
pub fn span(page: &Frame, low: i64, high: i64) -> String {
    span_in(page.language, low, high)
}

/// A duration within a range, in the unit of the range if it has one.
pub fn within(page: &Frame, secs: i64, (low, high): (i64, i64)) -> String {
    secs_in(page.language, secs, common(low, high).unwrap_or_else(|| unit(secs)))
}

/// The unit of a range: that of its start, or of its end if that has three digits in it; `None` if the start would be nothing in it.
fn common(low: i64, high: i64) -> Option<Unit> {
    let (of_low, of_high) = (unit(low), unit(high));
    if high / of_low.0 < 100 {
        return Some(of_low);
    }
    (10 * low >= of_high.0).then_some(of_high)
}

/// A day: "21 Nov 2026".
pub fn day(page: &Frame, day: Day) -> String {
    // Noon of the day in UTC is on the same day in all supported time zones.
    format::date(page.language, chrono_tz::UTC, day.0 * 86_400_000 + 43_200_000)
}

/// A day without its year: "21 Nov".
pub fn short_day(page: &Frame, of: Day) -> String {
    let text = of.to_string();
    let (month, date) = (text.get(5..7).unwrap_or_default(), text.get(8..10).unwrap_or_default());
    let month = page.t(&format!("month-short-{}", month.trim_start_matches('0')));
    page.t2("num-day-month", "day", date.trim_start_matches('0'), "month", month.as_str())
}

/// A month: "Nov 2026".
fn month(page: &Frame, of: Day) -> String {
    let text = of.to_string();
    let month = page.t(&format!("month-short-{}", text.get(5..7).unwrap_or_default().trim_start_matches('0')));
    format!("{month} {}", text.get(..4).unwrap_or_default())
}

/// Days: "1 Nov – 30 Nov 2026", or one day.
pub fn days(page: &Frame, period: Period) -> String {
    let (first, last) = (period.from, period.last_day());
    if last <= first {
        return day(page, first);
    }
    let same_year = first.to_string().get(..4) == last.to_string().get(..4);
    let from = if same_year { short_day(page, first) } else { day(page, first) };
    format!("{from} – {}", day(page, last))
}

/// One step of a trend, long and short.
pub fn step(page: &Frame, step: Step, period: Period) -> (String, String) {
    match step {
        Step::Day => (day(page, period.from), short_day(page, period.from)),
        Step::Week => (days(page, period), short_day(page, period.from)),
        Step::Month => (month(page, period.from), month(page, period.from)),
    }
}

/// The change since the previous period as a short remark with its style; both empty if there is nothing to compare.
pub fn changed(page: &Frame, claims: &Claims, changed: &Change) -> (String, &'static str) {
    match &changed.difference {
        None if claims.no_common_scale() => (page.t("change-scale"), ""),
        difference => change(page, difference.as_ref()),
    }
}

/// As [`changed`], of the score.
pub fn score_changed(page: &Frame, claims: &Claims) -> (String, &'static str) {
    if claims.score.difference.is_none() && !claims.no_common_scale() && claims.redefined {
        return (page.t("change-rule"), "");
    }
    let (words, tone) = changed(page, claims, &claims.score);
    if claims.redefined && claims.score.difference.is_some() {
        return (format!("{words} · {}", page.t("change-rule-some")), tone);
    }
    (words, tone)
}

/// The change since the previous period, with its style.
pub fn change(page: &Frame, change: Option<&Difference>) -> (String, &'static str) {
    let Some(change) = change else { return (String::new(), "") };
    let points = format::decimal(page.language, change.points.abs(), 1);
    match change.verdict {
        Verdict::Higher => (page.t1("change-higher", "points", points.as_str()), "on"),
        Verdict::Lower => (page.t1("change-lower", "points", points.as_str()), "bad"),
        Verdict::CannotTell => (page.t("change-cannot-tell"), ""),
    }
}

/// A score for display, with its number of stars as text.
pub fn score(page: &Frame, scale: Scale, score: u8) -> String {
    match (scale, score) {
        (Scale::Binary, 0) => format!("👎 {}", page.t("score-bad")),
        (Scale::Binary, _) => format!("👍 {}", page.t("score-good")),
        (Scale::FiveStar, stars) => format!("{} {stars}", "★".repeat(usize::from(stars))),
    }
}

/// Grade of a score according to most rules of the period.
pub fn tone(rules: &[Rule], scale: Scale, score: u8) -> &'static str {
    let of_scale = || rules.iter().filter(|rule| rule.scale == scale);
    if of_scale().any(|rule| rule.bad.contains(&score)) {
        "bad"
    } else if of_scale().any(|rule| rule.neutral.contains(&score)) {
        "mid"
    } else {
        "good"
    }
}

/// The rules for "good", each in one sentence, and a note if days were counted in another time zone.
pub async fn rules(db: &Db, page: &Frame, rules: &[Rule], lines: &BTreeMap<LineId, String>) -> Result<Vec<String>, StoreError> {
    let counted_by = recount::other_clock(db).await?;
    let sentence = |rule: &Rule| {
        let names: Vec<&str> = rule.lines.iter().map(|line| lines.get(line).map_or(line.as_str(), String::as_str)).collect();
        let named = named(&names);
        match rule.scale {
            Scale::Binary => page.t1("rule-thumbs", "lines", named.as_str()),
            Scale::FiveStar => {
                let (good, bad) = (scores(&rule.good), scores(&rule.bad));
                page.language.text("rule-stars", &[("lines", &named), ("good", &good), ("bad", &bad)])
            }
        }
    };
    let clock = counted_by.iter().map(|zone| page.t2("num-other-clock", "zone", zone.as_str(), "ours", page.zone_name()));
    Ok(rules.iter().map(sentence).chain(clock).collect())
}

fn scores(scores: &[u8]) -> String {
    score_span(scores).unwrap_or_else(|| NONE.to_owned())
}

/// Reason that a close was not asked about, canceled or not reached.
pub fn reason(page: &Frame, outcome: Outcome, reason: &str) -> String {
    let key = format!("num-reason-{}", reason.replace('_', "-"));
    let words = page.t(&key);
    // Reasons of channels have no translation.
    let words = if words == key { reason.replace('_', " ") } else { words };
    match outcome {
        Outcome::NotAsked => words,
        other => format!("{}: {words}", page.t(&format!("num-outcome-{}", other.as_str().replace('_', "-")))),
    }
}

/// Label of a `handled_by` value.
pub fn handled_by(page: &Frame, word: &str) -> String {
    page.t(&format!("handled-by-{word}"))
}

/// Name of a label, or of a value of a field, as given by an admin.
pub fn label(page: &Frame, id: &str) -> String {
    page.named.name_of(id, &page.t("num-label-other"))
}

/// The closes with a label or value; `None` if no list can show exactly these: lists filter by one label, and the rarer values of a
/// field are one group (`topic:`).
pub fn of_label(id: &str, closes: Closes) -> Option<Closes> {
    let label = LabelIs::parse(id).filter(|_| !id.ends_with(':'))?;
    let is_part_of = |asked: &LabelIs| asked.key == label.key && (asked.value.is_none() || asked.value == label.value);
    closes.label.as_ref().is_none_or(is_part_of).then(|| Closes { label: Some(label), ..closes })
}

/// The name of a channel.
pub fn channel(page: &Frame, kind: &str) -> String {
    match kind {
        "webchat" => page.t("num-channel-webchat"),
        "email" => page.t("num-channel-email"),
        "" => page.t("num-channel-none"),
        other => channel_brand(other).unwrap_or(other).to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_of_a_label_has_a_list_only_if_it_shows_the_same_closes() {
        let day = |text| lastword_domain::report::calendar::Day::parse(text).unwrap();
        let under = |asked: Option<&str>, row| {
            let closes = Closes::of(lastword_domain::report::period::Period { from: day("2026-09-01"), until: day("2026-10-01") });
            of_label(row, Closes { label: asked.and_then(LabelIs::parse), ..closes }).map(|closes| closes.label.unwrap().to_string())
        };
        assert_eq!(under(None, "topic:bill").as_deref(), Some("topic:bill"));
        assert_eq!(under(None, "topic:"), None, "the rare values together");
        assert_eq!(under(Some("vip"), "vip").as_deref(), Some("vip"));
        assert_eq!(under(Some("vip"), "topic:bill"), None, "a list filters by one label");
        assert_eq!(under(Some("topic"), "topic:bill").as_deref(), Some("topic:bill"));
        assert_eq!(under(Some("topic:bill"), "topic:refund"), None);
    }

    #[test]
    fn a_duration_has_one_unit_and_so_has_a_range() {
        let secs = |value| secs_in(Language::En, value, unit(value));
        assert_eq!([40, 90, 73 * 60, 119 * 60, 36 * 3_600].map(secs), ["40 s", "1.5 min", "1.2 h", "2 h", "36 h"]);
        assert_eq!([86_400 * 2, 9 * 86_400 + 50_000].map(secs), ["2 days", "10 days"]);
        let span = |low, high| span_in(Language::En, low, high);
        assert_eq!(span(300, 900), "5–15 min");
        assert_eq!(span(900, 3_600), "15–60 min");
        assert_eq!(span(20, 240), "0.3–4 min");
        assert_eq!(span(86 * 60, 4 * 3_600), "1.4–4 h");
        assert_eq!(span(30 * 3_600, 4 * 86_400), "30–96 h");
        assert_eq!(span(7_200, 7_210), "2 h");
        assert_eq!(span_in(Language::De, 5_400, 12 * 3_600), "1,5–12 Std.");
        assert_eq!(span(62, 414_720), format!("{} – {}", secs_in(Language::En, 62, MINS), secs_in(Language::En, 414_720, DAYS)));
        assert_eq!(common(62, 414_720), None, "a minute is nothing in days, and each end has a unit of its own");
        assert_eq!(span_in(Language::Ru, 2 * 86_400, 5 * 86_400), "2–5 дня");
    }
}
