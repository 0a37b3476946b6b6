//! An operator compared with their own past, shown on their profile and on their own page.

use super::changes::left_out;
use super::words;
use crate::frame::Frame;
use lastword_domain::report::comparison::Difference;
use lastword_domain::report::period::Period;
use lastword_domain::report::{Part, Report};
use lastword_life::report::changed::Claims;

/// The present period compared with an earlier one of the same operator.
pub struct Past {
    /// The present period.
    pub days: String,
    /// The period it is compared with.
    pub before: String,
    /// The figures compared.
    pub rows: Vec<PastRow>,
    /// Notes on scales and lines that are not compared.
    pub notes: Vec<String>,
}

/// One figure in both periods.
pub struct PastRow {
    /// Key for programs that read the page.
    pub key: &'static str,
    /// Label.
    pub label: String,
    /// Present value.
    pub now: String,
    /// Earlier value.
    pub before: String,
    /// Difference with its interval.
    pub difference: String,
    /// Conclusion from the data.
    pub verdict: String,
    /// Style: `on`, `bad` or empty.
    pub tone: &'static str,
}

impl Past {
    /// Compares two periods of one operator; `None` if they have nothing comparable.
    pub fn of(page: &Frame, (now, report): (Period, &Report), (then, earlier): (Period, &Report), claims: &Claims) -> Option<Self> {
        let score = |report: &Report| report.score.adjusted.share;
        let rows = [
            claims.score.difference.map(|change| row(page, "score", score(report), score(earlier), &change)),
            claims.response.difference.map(|change| row(page, "response", report.response, earlier.response, &change)),
        ];
        let rows: Vec<PastRow> = rows.into_iter().flatten().collect();
        let (days, before, notes) = (words::days(page, now), words::days(page, then), left_out(page, claims));
        (!rows.is_empty()).then_some(Self { days, before, rows, notes })
    }
}

fn row(page: &Frame, key: &'static str, now: Part, before: Part, change: &Difference) -> PastRow {
    let share = |part: &Part| format!("{} ({})", words::percent(page, part.percent), words::part(page, part));
    let points = words::points(page, change.points);
    let difference = match change.low.zip(change.high) {
        Some((low, high)) => {
            let (low, high) = (words::points(page, low), words::points(page, high));
            page.language.text("own-past-points", &[("points", &points), ("low", &low), ("high", &high)])
        }
        None => page.t1("own-past-few", "points", points.as_str()),
    };
    let (verdict, tone) = words::change(page, Some(change));
    PastRow { key, label: page.t(&format!("figure-{key}")), now: share(&now), before: share(&before), difference, verdict, tone }
}
