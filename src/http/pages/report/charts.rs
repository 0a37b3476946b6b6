//! Charts of reports: prepares figures, texts and tables for the drawings.

use super::figures::Maker;
use super::lists::Lists;
use super::words;
use crate::chart::{Axis, Chart, distribution, funnel, heat, operators, trend};
use crate::frame::Frame;
use lastword_domain::answer::rating::Scale;
use lastword_domain::report::calendar::Day;
use lastword_domain::report::comparison::{Comparison, Difference, Verdict};
use lastword_domain::report::period::{Period, Step};
use lastword_domain::report::rating_filter::write_hour;
use lastword_domain::report::rolling::Rolling;
use lastword_domain::report::rule::Rule;
use lastword_domain::report::{Bar, FEW, Part, Report};
use lastword_http::locale::format;
use lastword_life::report::by_hour::WorseHours;
use lastword_life::report::timeline::Timeline;
use lastword_life::report::{Point, Row};
use lastword_store::report::{Closes, Hour};

/// Value of a step with its interval.
fn value(report: &Report, stars: bool) -> Option<(f64, f64, f64)> {
    if stars {
        return report.on(Scale::FiveStar)?.adjusted_average.map(|average| (average.mean, average.low, average.high));
    }
    let share = report.score.adjusted.share;
    Some((share.percent?, share.low?, share.high?))
}

/// A step is incomplete if more than one in this many delivered questions is still open.
const OPEN_PART: i64 = 20;

/// The score over time; the average of stars if all ratings are stars. `closes` are those of the whole period, if figures
/// may link to their lists; `change` is the share of the previous period in percent and the difference with its confidence.
pub fn over_time(page: &Frame, time: &Timeline, closes: Option<&Closes>, whole: &Report, change: Option<(f64, &Difference)>) -> Chart {
    let rated = |scale: Scale| whole.on(scale).is_some_and(|report| report.score.adjusted.rated > 0);
    let stars = rated(Scale::FiveStar) && !rated(Scale::Binary);
    let say = |value: f64| if stars { words::stars(page, value) } else { words::percent(page, Some(value)) };
    let ends = |low: f64, high: f64| {
        if stars { format!("{}–{}", words::stars(page, low), words::stars(page, high)) } else { words::range(page, low, high) }
    };
    let running = |rolling: Rolling| if stars { rolling.stars } else { rolling.good.percent() };
    let window = rolling_words(page, time);
    let (mut points, mut rows, mut behind) = (Vec::new(), Vec::new(), Vec::new());
    for (at, point) in time.points.iter().enumerate() {
        let Point { period, report } = point;
        let (full, label) = step_words(page, *period, time.months);
        let (value, adjusted) = (value(report, stars), &report.score.adjusted);
        let earlier = beside(time, at).and_then(|point| self::value(&point.report, stars)).map(|(value, ..)| value);
        let shown = value.map_or_else(|| words::NONE.to_owned(), |(value, ..)| say(value));
        let interval = value.map(|(_, low, high)| ends(low, high)).unwrap_or_default();
        let open = report.funnel.delivered_open;
        let unripe = open * OPEN_PART > report.funnel.delivered;
        let of = words::part(page, &adjusted.share);
        let mut said =
            if value.is_some() { format!("{full}: {shown} ({interval}), {of}") } else { format!("{full}: {}", page.t("num-no-ratings")) };
        let through = time.rolling.before(period.until).and_then(running);
        if let Some(through) = through {
            said = format!("{said} · {window}: {}", say(through));
        }
        if unripe {
            said = format!("{said} · {}", page.t1("num-still-open", "n", open));
        }
        let changed = changed(page, time, *period);
        if !changed.is_empty() {
            said = format!("{said} · {changed}");
        }
        let list = closes.map(|closes| Lists::of(page, &Closes { from: period.from, until: period.until, ..closes.clone() }));
        let kept = (report.score.voided > 0).then_some(("voided", "no"));
        let list = list.filter(|_| adjusted.rated > 0).map(|lists| lists.to(kept.as_slice())).unwrap_or_default();
        behind.push(vec![String::new(), String::new(), String::new(), String::new(), list.clone(), String::new(), String::new()]);
        let or_none = |value: Option<f64>| value.map_or_else(|| words::NONE.to_owned(), say);
        rows.push(vec![full, shown, interval, of, page.number(&adjusted.rated), or_none(earlier), or_none(through)]);
        let (few, faint) = (report.score.few && value.is_some(), unripe || (at == 0 && time.cut));
        points.push(trend::Point { label, said, value, before: earlier, few, faint, href: list });
    }
    let place = |(day, rolling): &(Day, Rolling)| Some((time.place(*day)?.1, running(*rolling)?));
    let drawn = trend::Trend {
        points,
        rolling: time.unbroken().map(|days| days.iter().filter_map(place).collect()).collect(),
        marks: time.changes.iter().filter_map(|(day, _)| Some(time.place(*day)?.0)).collect(),
    };
    let mut head = heads(page, stars, &window);
    if drawn.rolling.is_empty() {
        // Drops the last column, which would be empty.
        head.truncate(6);
        rows.iter_mut().for_each(|row: &mut Vec<String>| row.truncate(6));
    }
    let axis = if stars { Axis::stars() } else { trend::axis(&drawn) };
    let label = |line: f64| if stars { format::decimal(page.language, line, 0) } else { words::round_percent(page, line) };
    Chart {
        id: "trend",
        title: page.t(if stars { "trend-stars" } else { "trend-title" }),
        finding: trend_finding(page, whole, change),
        drawing: trend::draw(&drawn, axis, label),
        role: "group",
        legend: trend_legend(page, &drawn, window),
        head,
        rows,
        lists: behind,
    }
}

/// Heads of the table; the last is the rolling average.
fn heads(page: &Frame, stars: bool, window: &str) -> Vec<String> {
    let value = if stars { "figure-average" } else { "figure-score" };
    let keys = ["head-time", value, "head-interval", "head-good-of", "head-ratings", "legend-before"];
    keys.into_iter().map(|key| page.t(key)).chain([window.to_owned()]).collect()
}

/// The matching step of the previous period, counted from the ends of both; months are counted from their beginnings.
fn beside(time: &Timeline, at: usize) -> Option<&Point> {
    (at + time.before.len()).checked_sub(time.points.len()).and_then(|at| time.before.get(at))
}

/// Name of a step, long and short: its last day, because the first step may be shorter, and the last days are equally far apart.
fn step_words(page: &Frame, period: Period, months: bool) -> (String, String) {
    if months { words::step(page, Step::Month, period) } else { (words::days(page, period), words::short_day(page, period.last_day())) }
}

/// Lines whose settings changed in a step.
fn changed(page: &Frame, time: &Timeline, period: Period) -> String {
    let inside = time.changes.iter().filter(|(day, _)| (period.from..period.until).contains(day));
    let mut lines: Vec<&str> = inside.map(|(_, name)| name.as_str()).collect();
    lines.sort_unstable();
    lines.dedup();
    if lines.is_empty() { String::new() } else { page.t1("trend-changed", "lines", lines.join(", ").as_str()) }
}

/// Period covered by the rolling value: "the last 21 days".
fn rolling_words(page: &Frame, time: &Timeline) -> String {
    page.t1(if time.months { "trend-last-months" } else { "trend-last-days" }, "n", time.rolling.window)
}

fn trend_legend(page: &Frame, drawn: &trend::Trend, window: String) -> Vec<(&'static str, String)> {
    let points = &drawn.points;
    let mut legend = vec![("line", page.t("legend-period")), ("band", page.t("legend-interval"))];
    legend.extend((!drawn.rolling.is_empty()).then_some(("mean", window)));
    let seen = [
        ("few", "legend-few", points.iter().any(|point| point.few)),
        ("faint", "legend-faint", points.iter().any(|point| point.faint)),
        ("mark", "legend-changed", !drawn.marks.is_empty()),
        ("before", "legend-before", points.iter().any(|point| point.before.is_some())),
    ];
    legend.extend(seen.into_iter().filter(|(.., seen)| *seen).map(|(class, key, _)| (class, page.t(key))));
    legend
}

fn trend_finding(page: &Frame, whole: &Report, change: Option<(f64, &Difference)>) -> String {
    let share = whole.score.adjusted.share;
    let Some(percent) = share.percent else { return page.t("trend-none") };
    let now = words::percent(page, Some(percent));
    let Some((before, change)) = change else { return page.t2("trend-alone", "score", now.as_str(), "n", share.of) };
    let before = words::percent(page, Some(before));
    let key = match change.verdict {
        Verdict::Higher => "trend-higher",
        Verdict::Lower => "trend-lower",
        Verdict::CannotTell if now == before => "trend-same",
        Verdict::CannotTell => "trend-cannot-tell",
    };
    page.t2(key, "now", now.as_str(), "before", before.as_str())
}

/// Message key of the heading for ratings on a scale.
pub fn title_of(scale: Scale) -> &'static str {
    match scale {
        Scale::Binary => "distribution-thumbs",
        Scale::FiveStar => "distribution-stars",
    }
}

/// Ratings by score; `None` if there are none on this scale.
pub fn scores(make: &Maker<'_>, scale: Scale, rules: &[Rule]) -> Option<Chart> {
    let (page, report) = (make.page, make.report);
    let found = report.on(scale).filter(|found| found.score.adjusted.rated > 0)?;
    let (rated, adjusted) = (found.score.adjusted.rated, &found.score.adjusted);
    let share = |count: i64| words::percent(page, Part::new(count, rated).percent);
    let bars = found.distribution.iter().rev().map(|bar| distribution::Score {
        name: words::score(page, scale, bar.score),
        tone: words::tone(rules, scale, bar.score),
        count: bar.count - bar.voided,
        value: page.number(&(bar.count - bar.voided)),
        share: share(bar.count - bar.voided),
    });
    let bars: Vec<distribution::Score> = bars.collect();
    let behind = |bar: &Bar| {
        let list = make.lists.to(&make.with_score(scale, &bar.score.to_string()));
        vec![String::new(), if bar.count > bar.voided { list } else { String::new() }]
    };
    let id = match scale {
        Scale::Binary => "thumbs",
        Scale::FiveStar => "stars",
    };
    let (good, bad) = (share(adjusted.good), share(adjusted.bad));
    let finding = page.language.text("distribution-finding", &[("n", &rated), ("good", &good), ("bad", &bad)]);
    Some(Chart {
        id,
        title: page.t(title_of(scale)),
        finding,
        drawing: distribution::draw(&bars),
        role: "img",
        legend: Vec::new(),
        head: ["head-score", "head-ratings", "head-share"].map(|key| page.t(key)).into(),
        rows: bars.into_iter().map(|bar| vec![bar.name, bar.value, bar.share]).collect(),
        lists: found.distribution.iter().rev().map(behind).collect(),
    })
}

/// Funnel from closed to answered.
pub fn way(make: &Maker<'_>) -> Chart {
    let (page, of) = (make.page, &make.report.funnel);
    let counts =
        [("figure-closed", of.closed), ("figure-asked", of.asked), ("figure-delivered", of.delivered), ("figure-answered", of.answered)];
    let mut steps: Vec<funnel::Step> = Vec::new();
    let mut before = None;
    for (label, count) in counts {
        let share = before.map(|all| words::percent(page, Part::new(count, all).percent)).unwrap_or_default();
        steps.push(funnel::Step { name: page.t(label), count, value: page.number(&count), share });
        before = Some(count);
    }
    let finding = page
        .language
        .text("funnel-finding", &[("closed", &of.closed), ("asked", &of.asked), ("delivered", &of.delivered), ("answered", &of.answered)]);
    let behind = |(step, outcome): (&funnel::Step, &str)| {
        vec![String::new(), if step.count > 0 { make.lists.to(&[("outcome", outcome)]) } else { String::new() }]
    };
    Chart {
        id: "funnel",
        title: page.t("funnel-title"),
        finding,
        drawing: funnel::draw(&steps),
        role: "img",
        legend: Vec::new(),
        head: ["head-step", "head-chats", "head-of-before"].map(|key| page.t(key)).into(),
        lists: steps.iter().zip(["all", "asked", "delivered", "answered"]).map(behind).collect(),
        rows: steps.into_iter().map(|step| vec![step.name, step.value, step.share]).collect(),
    }
}

/// Closes by weekday and hour. `worse` are the hours that clearly have more bad ratings than the others; `None` if that was not tested.
pub fn week(page: &Frame, hours: &[Hour], worse: Option<&WorseHours>, lists: &Lists) -> Chart {
    let place = |number: i64| usize::try_from(number).unwrap_or(0);
    let is_worse = |hour: &Hour| worse.is_some_and(|worse| worse.hours.contains(&(hour.weekday, hour.hour)));
    let cells: Vec<heat::Hour> = hours
        .iter()
        .map(|hour| heat::Hour {
            weekday: place(hour.weekday),
            hour: place(hour.hour),
            closes: hour.closes,
            rated: hour.rated,
            bad: hour.bad,
            worse: is_worse(hour),
        })
        .collect();
    let weekday = |day: i64| page.t(&format!("num-weekday-{}", day + 1));
    let weekdays: Vec<String> = (0..7).map(weekday).collect();
    let time = |hour: i64| format!("{hour:02}:00");
    let named: Vec<String> =
        hours.iter().filter(|hour| is_worse(hour)).map(|hour| format!("{} {}", weekday(hour.weekday), time(hour.hour))).collect();
    let verdict = hours_verdict(page, worse, &named.join(", "));
    let most = hours.iter().map(|hour| hour.closes).max();
    let mut busiest = hours.iter().filter(|hour| Some(hour.closes) == most);
    // None is named if others have as many.
    let finding = match (busiest.next(), busiest.next()) {
        (None, _) => page.t("heat-none"),
        (Some(_), Some(_)) => verdict,
        (Some(hour), None) => {
            let (day, time) = (page.t(&format!("num-weekday-long-{}", hour.weekday + 1)), time(hour.hour));
            format!("{} {verdict}", page.language.text("heat-finding", &[("day", &day), ("time", &time), ("n", &hour.closes)]))
        }
    };
    let said = |hour: &heat::Hour| {
        let (day, time) = (&weekdays[hour.weekday.min(6)], time(i64::try_from(hour.hour).unwrap_or(0)));
        let counts = page.t2("heat-said", "closes", hour.closes, "bad", hour.bad);
        format!("{day} {time}: {counts}")
    };
    let row = |hour: &Hour| {
        let time = format!("{} {}", weekday(hour.weekday), time(hour.hour));
        vec![time, page.number(&hour.closes), page.number(&hour.rated), page.number(&hour.bad)]
    };
    let behind = |of: &Hour| {
        let hour = write_hour(of.weekday, of.hour);
        let list = |count: i64, more: &[(&str, &str)]| {
            let more: Vec<(&str, &str)> = more.iter().copied().chain([("hour", hour.as_str())]).collect();
            if count > 0 { lists.to(&more) } else { String::new() }
        };
        vec![
            String::new(),
            list(of.closes, &[("outcome", "all")]),
            list(of.rated, &[("voided", "no")]),
            list(of.bad, &[("grade", "bad"), ("voided", "no")]),
        ]
    };
    Chart {
        id: "heat",
        title: page.t("heat-title"),
        finding,
        drawing: heat::draw(&cells, &weekdays, said),
        role: "img",
        legend: [("shades", "legend-closes"), ("dots", "legend-bad")].map(|(class, key)| (class, page.t(key))).into(),
        head: ["head-time", "figure-closed", "head-ratings", "figure-bad"].map(|key| page.t(key)).into(),
        rows: hours.iter().map(row).collect(),
        lists: hours.iter().map(behind).collect(),
    }
}

/// The test of hours in words. `named` are the clearly worse ones.
fn hours_verdict(page: &Frame, worse: Option<&WorseHours>, named: &str) -> String {
    let Some(worse) = worse else { return page.t("changes-wait") };
    if worse.nothing {
        return page.t("heat-nothing");
    }
    let found = if named.is_empty() { page.t("heat-alike") } else { page.t1("heat-worse", "hours", named) };
    if worse.redefined { format!("{found} {}", page.t("heat-rule")) } else { found }
}

/// Sort key of operators, highest first: the estimate from the comparison with the team, or without an estimate the lower end of
/// the interval. A few lucky answers make neither high.
pub fn rank(row: &Row, team: Option<&Comparison>) -> f64 {
    let estimate = team.and_then(|team| team.about(&row.id)?.estimate);
    estimate.or(row.report.score.adjusted.share.low).unwrap_or(-1.0)
}

/// The name of an operator.
pub fn operator_name(page: &Frame, row: &Row) -> String {
    operator_name_of(page, &row.id, row.name.as_deref())
}

/// The name of an operator; the ID if no name is known.
pub fn operator_name_of(page: &Frame, id: &str, name: Option<&str>) -> String {
    match (name, id) {
        (Some(name), _) => name.to_owned(),
        (None, "") => page.t("num-operator-none"),
        (None, id) => id.to_owned(),
    }
}

/// Operators above or below the rest of the team, in a sentence.
pub fn team_finding(page: &Frame, names: &dyn Fn(&str) -> String, team: &Comparison) -> String {
    let found = team_differences(page, names, team);
    if team.redefined { format!("{found} {}", page.t("compared-rule")) } else { found }
}

fn team_differences(page: &Frame, names: &dyn Fn(&str) -> String, team: &Comparison) -> String {
    let called = |verdict: Verdict| {
        let all: Vec<String> = team.operators.iter().filter(|one| one.verdict == verdict).map(|one| names(&one.id)).collect();
        all.join(", ")
    };
    let (above, below) = (called(Verdict::Higher), called(Verdict::Lower));
    let comparable = team.operators.iter().filter(|one| one.is_comparable()).count();
    let found = match (comparable, above.is_empty(), below.is_empty()) {
        _ if team.operators.len() < 2 => return page.t("whiskers-one"),
        (0, ..) if team.redefined => return page.t("whiskers-redefined"),
        (0, ..) => return page.t("whiskers-nothing"),
        (alike, true, true) => page.t1("whiskers-together", "n", alike),
        (_, false, true) => page.t1("whiskers-above", "names", above.as_str()),
        (_, true, false) => page.t1("whiskers-below", "names", below.as_str()),
        _ => page.t2("whiskers-both", "above", above.as_str(), "below", below.as_str()),
    };
    let alike = team.operators.iter().any(|one| one.verdict == Verdict::CannotTell && one.is_comparable());
    let differ = !(above.is_empty() && below.is_empty());
    let others = (alike && differ).then(|| page.t("whiskers-others"));
    let apart = team.operators.len() - comparable;
    let apart = (apart > 0).then(|| page.t1("whiskers-apart", "n", apart));
    [Some(found), others, apart].into_iter().flatten().collect::<Vec<_>>().join(" ")
}

/// Operators with their intervals, sorted by [`rank`], those with few answers separately; `None` if there are no ratings.
/// Without a comparison, the chart makes no claims about differences.
pub fn whiskers(page: &Frame, rows: &[Row], team: Option<&Comparison>, href: impl Fn(&Row) -> String) -> Option<Chart> {
    let one = |row: &Row| {
        let share = row.report.score.adjusted.share;
        let (name, of) = (operator_name(page, row), words::part(page, &share));
        let said = format!("{name}: {} ({}), {of}", words::percent(page, share.percent), words::interval(page, &share));
        let value = words::percent(page, share.percent);
        let mark = match team.and_then(|team| team.about(&row.id)).map(|one| one.verdict) {
            Some(Verdict::Higher) => "▲",
            Some(Verdict::Lower) => "▼",
            _ => "",
        };
        operators::Whisker { name, rank: rank(row, team), href: href(row), share: share.share(), value, of, said, mark }
    };
    let groups = operators::groups(rows.iter().filter(|row| !row.id.is_empty()).map(one).collect(), FEW);
    if groups.iter().all(Vec::is_empty) {
        return None;
    }
    let names = |id: &str| rows.iter().find(|row| row.id == id).map_or_else(|| id.to_owned(), |row| operator_name(page, row));
    let row = |operator: &operators::Whisker| {
        let share = Part::from(operator.share);
        vec![operator.name.clone(), operator.value.clone(), words::interval(page, &share), operator.of.clone()]
    };
    Some(Chart {
        id: "whiskers",
        title: page.t("whiskers-title"),
        finding: team.map_or_else(|| page.t("compared-wait"), |team| team_finding(page, &names, team)),
        drawing: operators::draw(&groups, &page.t1("whiskers-few", "n", FEW), |line| words::round_percent(page, line)),
        role: "group",
        legend: vec![("dots", page.t("figure-score")), ("whisker", page.t("legend-interval"))],
        head: ["head-operator", "figure-score", "head-interval", "head-good-of"].map(|key| page.t(key)).into(),
        rows: groups.iter().flatten().map(row).collect(),
        lists: Vec::new(),
    })
}
