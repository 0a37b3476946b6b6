//! A figure over time: a line through its steps, with their 95 % intervals as a band, the thin rolling line day by day, and the
//! previous period as a faint line behind them. Each step is a column that shows its values on hover and focus.

use super::{Axis, count, draw, escaped};
use askama::filters::Safe;
use std::fmt::Write;

/// Height of the drawing.
const HEIGHT: f64 = 220.0;
/// Margin above the highest and below the lowest value.
const EDGE: f64 = 10.0;
/// Part of the width that the tooltip of a column may use.
const SAID_WIDTH: f64 = 50.0;

/// One step of time.
#[derive(Clone, Debug, Default)]
pub struct Point {
    /// Label below the axis.
    pub label: String,
    /// Text of the tooltip, shown on hover and focus.
    pub said: String,
    /// The value with its interval; `None` if there are no ratings.
    pub value: Option<(f64, f64, f64)>,
    /// Value of the same step of the previous period.
    pub before: Option<f64>,
    /// True if there are too few answers; drawn as a hollow dot.
    pub few: bool,
    /// True if the step is incomplete or its questions are still open; drawn as a faint dot.
    pub faint: bool,
    /// Link to the list of the step; empty if there is none.
    pub href: String,
}

/// Data of the chart; positions are in points from the left.
#[derive(Clone, Debug, Default)]
pub struct Trend {
    /// The steps.
    pub points: Vec<Point>,
    /// The rolling line, in parts without a gap.
    pub rolling: Vec<Vec<(f64, f64)>>,
    /// Positions of changes, such as new settings.
    pub marks: Vec<f64>,
}

/// Axis that shows all shares; the intervals of very few answers may exceed it.
pub fn axis(trend: &Trend) -> Axis {
    let points = &trend.points;
    let mut lows: Vec<f64> = points.iter().filter_map(|point| point.value.map(|(_, low, _)| low)).collect();
    lows.sort_by(f64::total_cmp);
    let usual = lows.get(lows.len() / 8).copied().unwrap_or(0.0);
    let values = points.iter().flat_map(|point| [point.value.map(|(value, ..)| value), point.before]).flatten();
    let values = values.chain(trend.rolling.iter().flatten().map(|(_, value)| *value));
    Axis::percent(values.fold(usual, f64::min))
}

/// Draws the whole chart.
pub fn draw(trend: &Trend, axis: Axis, label: impl Fn(f64) -> String) -> Safe<String> {
    let points = &trend.points;
    let all = count(points.len().max(1));
    let x = |place: usize| (count(place) + 0.5) / all * 1_000.0;
    let y = |value: f64| EDGE + (1.0 - axis.place(value)) * (HEIGHT - 2.0 * EDGE);
    let mut out = format!("<div class=\"axes\"><svg class=\"y\" height=\"{HEIGHT}\">");
    for line in axis.lines() {
        draw!(out, "<text x=\"100%\" y=\"{:.1}\">{}</text>", y(line) + 4.0, escaped(&label(line)));
    }
    draw!(out, "</svg><svg class=\"area\" height=\"{HEIGHT}\" width=\"100%\">");
    for line in axis.lines() {
        draw!(out, "<line class=\"grid\" x1=\"0\" x2=\"100%\" y1=\"{0:.1}\" y2=\"{0:.1}\"/>", y(line));
    }
    draw!(out, "<svg width=\"100%\" height=\"{HEIGHT}\" viewBox=\"0 0 1000 {HEIGHT}\" preserveAspectRatio=\"none\">");
    for run in runs(points, |point| point.value.is_some()) {
        out.push_str(&band(points, &run, &x, &y, 350.0 / all));
    }
    for run in runs(points, |point| point.before.is_some()) {
        draw!(out, "<path class=\"before\" d=\"{}\"/>", path(run.filter_map(|at| Some((x(at), y(points[at].before?))))));
    }
    for run in &trend.rolling {
        draw!(out, "<path class=\"mean\" d=\"{}\"/>", path(run.iter().map(|(place, value)| (place / all * 1_000.0, y(*value)))));
    }
    for run in runs(points, |point| point.value.is_some()) {
        draw!(out, "<path class=\"line\" d=\"{}\"/>", path(run.filter_map(|at| Some((x(at), y(points[at].value?.0))))));
    }
    out.push_str("</svg>");
    for mark in &trend.marks {
        let place = mark * 100.0 / all;
        draw!(out, "<line class=\"mark\" x1=\"{place:.2}%\" x2=\"{place:.2}%\" y1=\"0\" y2=\"{HEIGHT}\"/>");
    }
    for (at, point) in points.iter().enumerate() {
        let Some((value, ..)) = point.value else { continue };
        let few = format!("{}{}", if point.few { " few" } else { "" }, if point.faint { " faint" } else { "" });
        draw!(
            out,
            "<circle class=\"dot{few}\" cx=\"{:.2}%\" cy=\"{:.1}\" r=\"{}\"/>",
            x(at) / 10.0,
            y(value),
            if points.len() > 40 { 3 } else { 4 }
        );
    }
    out.push_str(&columns(points));
    out.push_str("</svg></div>");
    out.push_str(&labels(points));
    Safe(out)
}

/// Hover areas are whole columns, which are easier to hit than a dot. The tooltip is placed on the side that has room.
fn columns(points: &[Point]) -> String {
    let (all, mut out) = (count(points.len().max(1)), String::new());
    for (at, point) in points.iter().enumerate() {
        let (left, width, said) = (count(at) * 100.0 / all, 100.0 / all, escaped(&point.said));
        let (side, from) = if at * 2 < points.len() { ("right", left + width) } else { ("left", left - SAID_WIDTH) };
        let inside = format!(
            "<rect class=\"hit\" x=\"{left:.2}%\" width=\"{width:.2}%\" height=\"{HEIGHT}\"/>\
             <foreignObject class=\"said {side}\" x=\"{from:.2}%\" width=\"{SAID_WIDTH}%\" height=\"{HEIGHT}\" aria-hidden=\"true\">\
             <div>{said}</div></foreignObject>"
        );
        if point.href.is_empty() {
            draw!(out, "<g class=\"column\" tabindex=\"0\" role=\"img\" aria-label=\"{said}\">{inside}</g>");
        } else {
            draw!(out, "<a class=\"column\" href=\"{}\" aria-label=\"{said}\">{inside}</a>", escaped(&point.href));
        }
    }
    out
}

/// Labels of some steps: a few on phones, more on wide screens.
fn labels(points: &[Point]) -> String {
    let (all, mut out) = (count(points.len().max(1)), String::from("<svg class=\"x\" height=\"20\" width=\"100%\">"));
    let (few, many) = (points.len().div_ceil(4).max(1), points.len().div_ceil(8).max(1));
    for (at, point) in points.iter().enumerate() {
        if at % many != 0 {
            continue;
        }
        let minor = if at % few == 0 { "" } else { " class=\"minor\"" };
        draw!(out, "<text x=\"{:.2}%\" y=\"15\"{minor}>{}</text>", (count(at) + 0.5) * 100.0 / all, escaped(&point.label));
    }
    out + "</svg>"
}

/// Runs of neighbouring points for which `has` is true.
fn runs(points: &[Point], has: impl Fn(&Point) -> bool) -> Vec<std::ops::Range<usize>> {
    let mut found: Vec<std::ops::Range<usize>> = Vec::new();
    for at in (0..points.len()).filter(|&at| has(&points[at])) {
        match found.last_mut().filter(|run| run.end == at) {
            Some(run) => run.end = at + 1,
            None => found.push(at..at + 1),
        }
    }
    found
}

fn path(places: impl Iterator<Item = (f64, f64)>) -> String {
    let mut out = String::new();
    for (x, y) in places {
        draw!(out, "{}{x:.1} {y:.1}", if out.is_empty() { 'M' } else { 'L' });
    }
    out
}

/// The band of one run; a single point has a band that extends `half` to either side.
fn band(points: &[Point], run: &std::ops::Range<usize>, x: &impl Fn(usize) -> f64, y: &impl Fn(f64) -> f64, half: f64) -> String {
    let at = |place: usize, shift: f64, high: bool| {
        let (_, low, top) = points[place].value.unwrap_or_default();
        (x(place) + shift, y(if high { top } else { low }))
    };
    let outline: Vec<(f64, f64)> = if run.len() == 1 {
        let place = run.start;
        vec![at(place, -half, true), at(place, half, true), at(place, half, false), at(place, -half, false)]
    } else {
        run.clone().map(|place| at(place, 0.0, true)).chain(run.clone().rev().map(|place| at(place, 0.0, false))).collect()
    };
    format!("<path class=\"band\" d=\"{}Z\"/>", path(outline.into_iter()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn point(value: Option<f64>, before: Option<f64>) -> Point {
        Point {
            label: "1 <b>".into(),
            value: value.map(|value| (value, value - 5.0, (value + 5.0).min(100.0))),
            before,
            ..Point::default()
        }
    }

    fn trend(points: &[Point]) -> Trend {
        Trend { points: points.into(), ..Trend::default() }
    }

    #[test]
    fn a_gap_breaks_the_line_and_nothing_leaves_the_drawing() {
        let points = [point(Some(90.0), Some(80.0)), point(None, None), point(Some(70.0), None), point(Some(100.0), Some(95.0))];
        let trend = trend(&points);
        let drawn = draw(&trend, axis(&trend), |line| format!("{line}%")).0;
        assert_eq!((drawn.matches("class=\"line\"").count(), drawn.matches("class=\"before\"").count()), (2, 2), "{drawn}");
        assert_eq!((drawn.matches("class=\"band\"").count(), drawn.matches("class=\"dot").count()), (2, 3));
        assert!(drawn.contains("1 &lt;b&gt;") && !drawn.contains("NaN"), "{drawn}");
        assert_eq!(axis(&trend).from, 60.0);
        assert!(!draw(&Trend::default(), Axis::percent(0.0), |_| String::new()).0.contains("NaN"));
    }

    #[test]
    fn the_line_runs_through_the_steps_and_breaks_where_days_say_nothing() {
        let points = [point(Some(90.0), None), point(Some(70.0), None)];
        let rolling = vec![vec![(0.25, 88.0), (0.5, 86.0), (0.75, 84.0)], vec![(1.5, 40.0), (1.75, 41.0)]];
        let trend = Trend { rolling, marks: vec![1.5], ..trend(&points) };
        assert_eq!(axis(&trend).from, 25.0, "the axis holds the line too");
        let drawn = draw(&trend, axis(&trend), |line| format!("{line}%")).0;
        assert_eq!((drawn.matches("class=\"mean\"").count(), drawn.matches("class=\"line\"").count()), (2, 1), "{drawn}");
        assert!(drawn.contains("d=\"M125.0 ") && drawn.contains("class=\"mark\" x1=\"75.00%\""), "{drawn}");
    }

    #[test]
    fn every_step_says_its_values_and_can_have_the_focus() {
        let with_list = Point { faint: true, said: "90% <of>".into(), href: "/ratings?a=1&b=2".into(), ..point(Some(90.0), None) };
        let trend = trend(&[with_list, Point { said: "nothing".into(), ..point(None, None) }]);
        let drawn = draw(&trend, Axis::percent(0.0), |line| format!("{line}%")).0;
        assert!(drawn.contains("class=\"dot faint\""), "{drawn}");
        assert!(drawn.contains("<a class=\"column\" href=\"/ratings?a=1&amp;b=2\" aria-label=\"90% &lt;of&gt;\">"), "{drawn}");
        assert!(drawn.contains("<g class=\"column\" tabindex=\"0\" role=\"img\" aria-label=\"nothing\">"), "{drawn}");
        assert!(drawn.contains("said right\" x=\"50.00%\"") && drawn.contains("said left\" x=\"0.00%\""), "{drawn}");
        assert!(drawn.contains("<div>90% &lt;of&gt;</div>"), "what is said is seen too: {drawn}");
    }
}
