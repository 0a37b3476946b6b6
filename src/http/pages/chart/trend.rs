//! A figure over time: a line with its 95 % interval as a band, and the period before as a faint line behind it.

use super::{Axis, count, draw, escaped};
use askama::filters::Safe;
use std::fmt::Write;

/// The height of the drawing.
const HEIGHT: f64 = 220.0;
/// Free above the highest and below the lowest.
const EDGE: f64 = 10.0;

/// One step of time.
#[derive(Clone, Debug, Default)]
pub struct Point {
    /// As it stands below the axis.
    pub label: String,
    /// What somebody reads who points at it.
    pub said: String,
    /// The value with its interval; none where nobody rated.
    pub value: Option<(f64, f64, f64)>,
    /// The value of the same step of the period before.
    pub before: Option<f64>,
    /// Too few answers to say much: a hollow dot.
    pub few: bool,
    /// Not ripe or not whole: a faint dot.
    pub faint: bool,
    /// The list behind it; empty where there is none.
    pub href: String,
    /// What changed in it, marked by a line; empty where nothing did.
    pub mark: String,
}

/// The axis that shows these shares: intervals of a handful of answers may leave it.
pub fn axis(points: &[Point]) -> Axis {
    let mut lows: Vec<f64> = points.iter().filter_map(|point| point.value.map(|(_, low, _)| low)).collect();
    lows.sort_by(f64::total_cmp);
    let usual = lows.get(lows.len() / 8).copied().unwrap_or(0.0);
    let values = points.iter().flat_map(|point| [point.value.map(|(value, ..)| value), point.before]).flatten();
    Axis::percent(values.fold(usual, f64::min))
}

/// The line, its band and the line behind it.
pub fn draw(points: &[Point], axis: Axis, label: impl Fn(f64) -> String) -> Safe<String> {
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
    for run in runs(points, |point| point.value.is_some()) {
        draw!(out, "<path class=\"line\" d=\"{}\"/>", path(run.filter_map(|at| Some((x(at), y(points[at].value?.0))))));
    }
    out.push_str("</svg>");
    for (at, _) in points.iter().enumerate().filter(|(_, point)| !point.mark.is_empty()) {
        let place = (x(at) - 500.0 / all) / 10.0;
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
    // What is pointed at is a whole column, which is easier to hit than a dot.
    for (at, point) in points.iter().enumerate() {
        let (left, width) = ((x(at) - 500.0 / all) / 10.0, 100.0 / all);
        let said =
            escaped(&[point.said.as_str(), &point.mark].into_iter().filter(|words| !words.is_empty()).collect::<Vec<_>>().join(" · "));
        let hit = format!("<rect class=\"hit\" x=\"{left:.2}%\" width=\"{width:.2}%\" height=\"{HEIGHT}\"><title>{said}</title></rect>");
        if point.href.is_empty() {
            out.push_str(&hit);
        } else {
            draw!(out, "<a href=\"{}\" aria-label=\"{said}\">{hit}</a>", escaped(&point.href));
        }
    }
    out.push_str("</svg></div>");
    out.push_str(&labels(points));
    Safe(out)
}

/// Some of the labels below: a few on phones, more on wide screens.
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

/// Neighbours that all have what is asked for.
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

/// The band of one run; that of a single point is as wide as `half` to either side.
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

    #[test]
    fn a_gap_breaks_the_line_and_nothing_leaves_the_drawing() {
        let points = [point(Some(90.0), Some(80.0)), point(None, None), point(Some(70.0), None), point(Some(100.0), Some(95.0))];
        let drawn = draw(&points, axis(&points), |line| format!("{line}%")).0;
        assert_eq!((drawn.matches("class=\"line\"").count(), drawn.matches("class=\"before\"").count()), (2, 2), "{drawn}");
        assert_eq!((drawn.matches("class=\"band\"").count(), drawn.matches("class=\"dot").count()), (2, 3));
        assert!(drawn.contains("1 &lt;b&gt;") && !drawn.contains("NaN"), "{drawn}");
        let marked = Point { faint: true, href: "/ratings?a=1&b=2".into(), mark: "settings changed".into(), ..point(Some(90.0), None) };
        let drawn = draw(&[marked], axis(&points), |line| format!("{line}%")).0;
        assert!(drawn.contains("class=\"dot faint\"") && drawn.contains("class=\"mark\""), "{drawn}");
        assert!(drawn.contains("<a href=\"/ratings?a=1&amp;b=2\" aria-label=\"settings changed\">"), "{drawn}");
        assert_eq!(axis(&points).from, 60.0);
        assert!(!draw(&[], Axis::percent(0.0), |_| String::new()).0.contains("NaN"));
    }
}
