//! Operators with intervals: a dot for the score, a whisker for its interval, sorted by rank. Operators with few answers
//! form a separate group.

use super::{Axis, draw, escaped};
use askama::filters::Safe;
use lastword_domain::report::share::Share;
use std::fmt::Write;

/// One operator.
#[derive(Clone, Debug)]
pub struct Whisker {
    /// The name.
    pub name: String,
    /// Sort key, highest first. A few lucky answers must not make it high.
    pub rank: f64,
    /// Page about the operator; empty if there is none.
    pub href: String,
    /// Share of good ratings.
    pub share: Share,
    /// Score as displayed.
    pub value: String,
    /// Number of ratings as displayed.
    pub of: String,
    /// Text of the tooltip.
    pub said: String,
    /// Result of the comparison with the rest of the team: ▲, ▼ or empty.
    pub mark: &'static str,
}

/// Operators with at least `enough` answers, and those with fewer; each group sorted by rank.
pub fn groups(mut operators: Vec<Whisker>, enough: i64) -> [Vec<Whisker>; 2] {
    operators.retain(|operator| operator.share.whole > 0);
    operators.sort_by(|a, b| b.rank.total_cmp(&a.rank).then_with(|| a.name.cmp(&b.name)));
    let (many, few) = operators.into_iter().partition(|operator| operator.share.whole >= enough);
    [many, few]
}

/// Draws both groups, the second under the heading `few`.
pub fn draw(groups: &[Vec<Whisker>; 2], few: &str, label: impl Fn(f64) -> String) -> Safe<String> {
    let lowest = groups.iter().flatten().filter_map(|operator| Some(operator.share.interval()?.0)).fold(100.0, f64::min);
    let axis = Axis::percent(lowest);
    let x = |value: f64| axis.place(value) * 96.0 + 2.0;
    let grid: String =
        axis.lines().map(|line| format!("<line class=\"grid\" x1=\"{0:.2}%\" x2=\"{0:.2}%\" y1=\"0\" y2=\"30\"/>", x(line))).collect();
    let mut out = String::from("<div class=\"whiskers\">");
    for (group, head) in groups.iter().zip(["", few]).filter(|(group, _)| !group.is_empty()) {
        out.push_str("<section>");
        if !head.is_empty() {
            draw!(out, "<p class=\"together\">{}</p>", escaped(head));
        }
        for Whisker { name, href, share, value, of, said, mark, .. } in group {
            let (low, high) = share.interval().unwrap_or_default();
            let (from, to, dot) = (x(low), x(high), x(share.percent().unwrap_or_default()));
            let name = if href.is_empty() { escaped(name) } else { format!("<a href=\"{}\">{}</a>", escaped(href), escaped(name)) };
            draw!(
                out,
                "<div><span class=\"name\">{name}</span><svg height=\"30\" width=\"100%\" aria-hidden=\"true\"><title>{}</title>{grid}\
                 <line class=\"whisker\" x1=\"{from:.2}%\" x2=\"{to:.2}%\" y1=\"15\" y2=\"15\"/>\
                 <line class=\"whisker\" x1=\"{from:.2}%\" x2=\"{from:.2}%\" y1=\"10\" y2=\"20\"/>\
                 <line class=\"whisker\" x1=\"{to:.2}%\" x2=\"{to:.2}%\" y1=\"10\" y2=\"20\"/>\
                 <circle class=\"dot\" cx=\"{dot:.2}%\" cy=\"15\" r=\"5\"/></svg><span class=\"value\">{} {mark} <small>{}</small></span></div>",
                escaped(said),
                escaped(value),
                escaped(of)
            );
        }
        out.push_str("</section>");
    }
    out.push_str("<div class=\"scale\"><span class=\"name\"></span><svg height=\"18\" width=\"100%\" aria-hidden=\"true\">");
    for line in axis.lines() {
        let end = if line <= axis.from {
            " class=\"first\""
        } else if line >= axis.to {
            " class=\"last\""
        } else {
            ""
        };
        draw!(out, "<text x=\"{:.2}%\" y=\"13\"{end}>{}</text>", x(line), escaped(&label(line)));
    }
    out.push_str("</svg><span class=\"value\"></span></div></div>");
    Safe(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn operator(name: &str, part: i64, whole: i64) -> Whisker {
        let share = Share::of(part, whole);
        let rank = share.interval().map_or(0.0, |(low, _)| low);
        Whisker { name: name.into(), rank, href: String::new(), share, value: "v".into(), of: "o".into(), said: "s".into(), mark: "" }
    }

    #[test]
    fn a_few_lucky_answers_lead_nothing() {
        let all = vec![
            operator("bad", 500, 1_000),
            operator("lucky", 4, 4),
            operator("best", 960, 1_000),
            operator("near", 96, 100),
            operator("none", 0, 0),
        ];
        let groups = groups(all, 30);
        let names: Vec<Vec<&str>> = groups.iter().map(|group| group.iter().map(|operator| operator.name.as_str()).collect()).collect();
        assert_eq!(names, [vec!["best", "near", "bad"], vec!["lucky"]]);
        let drawn = draw(&groups, "few answers", |line| format!("{line}%")).0;
        assert_eq!((drawn.matches("few answers").count(), drawn.matches("class=\"dot\"").count()), (1, 4));
    }
}
