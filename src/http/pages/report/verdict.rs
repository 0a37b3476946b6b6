//! The verdict on the last seven days in one sentence, with the changes behind it: those that the report *What changed* names for the
//! same days, and nothing else.

use super::ask::ReportQuery;
use super::changes::{ChangeView, ChangesView};
use super::wait::waits;
use super::words;
use crate::Pages;
use crate::frame::Frame;
use lastword_base::names::LineId;
use lastword_domain::access::rights::Lines;
use lastword_domain::report::case::Whose;
use lastword_domain::report::comparison;
use lastword_domain::report::watch::Watched;
use lastword_life::report;
use lastword_life::report::changed::Claims;
use lastword_store::StoreError;
use std::collections::BTreeMap;

/// Query of the report about the same days.
const QUERY: &str = "period=7";
/// Maximum number of changes shown below the sentence.
const CHANGES: usize = 3;

/// The verdict.
pub(crate) struct VerdictView {
    /// The sentence; empty while it is being computed.
    pub(crate) sentence: String,
    /// Style: `on`, `bad` or empty.
    pub(crate) tone: &'static str,
    /// The largest changes, other than that of the score of all chats.
    pub(crate) changes: Vec<ChangeView>,
    /// The days compared.
    pub(crate) days: String,
    /// The days that they are compared with.
    pub(crate) before: String,
    /// The report.
    pub(crate) href: String,
}

impl VerdictView {
    /// The verdict for a person who sees these lines; `None` if nothing was closed. `query` is that of the page, which asks to wait for
    /// figures that take long.
    pub(crate) async fn of(
        pages: &Pages,
        page: &Frame,
        (sees, lines): (&Lines, &BTreeMap<LineId, String>),
        query: &str,
    ) -> Result<Option<Self>, StoreError> {
        let db = &pages.app.engine.db;
        let asked = ReportQuery::read(QUERY, "7", super::today(pages), sees, lines, page.language);
        let mut summary = report::summary(db, &asked.closes).await?;
        let before = summary.previous.as_ref().map_or(0, |(_, before)| before.funnel.closed);
        if summary.report.funnel.closed + before == 0 {
            return Ok(None);
        }
        let claimed = pages.app.claims.about(db, &asked.closes, &mut summary, waits(query), page.now).await?;
        let (days, href) = (words::days(page, asked.period), format!("/reports?{QUERY}"));
        let mut view = Self { sentence: String::new(), tone: "", changes: Vec::new(), days, before: String::new(), href };
        let Some(claimed) = claimed else { return Ok(Some(view)) };
        let Some(claims) = claimed.as_ref() else { return Ok(None) };
        (view.sentence, view.tone) = sentence(page, claims);
        view.before = words::days(page, claims.before);
        let mut others = claims.clone();
        others.changed.retain(|changed| changed.shown.whose != Whose::All || changed.shown.share != Watched::Score);
        // Of lines, channels and operators the largest, and the reason for low ratings if one changed.
        let parts = others.changed.len();
        let rows = ChangesView::of(pages, page, &asked, &others).await?.map(|changes| changes.rows).unwrap_or_default().into_iter();
        let shown = rows.enumerate().filter(|(at, _)| !(CHANGES - 1..parts).contains(at)).map(|(_, row)| row);
        view.changes = shown.take(CHANGES).collect();
        Ok(Some(view))
    }
}

/// The sentence with its style.
fn sentence(page: &Frame, claims: &Claims) -> (String, &'static str) {
    let change = &claims.score;
    let Some(difference) = &change.difference else {
        let key = match (claims.no_common_scale(), claims.redefined) {
            (true, _) => "verdict-scale",
            (_, true) => "verdict-rule",
            _ => "verdict-few",
        };
        return (page.t(key), "");
    };
    let (key, tone) = match difference.verdict {
        comparison::Verdict::Higher => ("better", "on"),
        comparison::Verdict::Lower => ("worse", "bad"),
        comparison::Verdict::CannotTell => ("same", ""),
    };
    // If the scales or the mix changed, plain shares could contradict the verdict.
    let plain = change.now.percent.zip(change.before.percent).map(|(now, before)| now - before);
    let contradicts = change.mixed && (tone.is_empty() || plain.is_none_or(|plain| plain.signum() != difference.points.signum()));
    if contradicts || claims.scale_changed() || claims.redefined {
        let points = words::points(page, difference.points);
        let words = page.t1(&format!("verdict-{key}-within"), "points", points.as_str());
        return (if claims.redefined { format!("{words} {}", page.t("changes-rule")) } else { words }, tone);
    }
    let [now, before] = [&change.now, &change.before].map(|part| words::percent(page, part.percent));
    (page.t2(&format!("verdict-{key}"), "now", now.as_str(), "before", before.as_str()), tone)
}
