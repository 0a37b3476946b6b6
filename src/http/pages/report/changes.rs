//! Changes since the previous period, shown at the top of the reports.

use super::ask::{ReportQuery, Tab};
use super::words;
use crate::Pages;
use crate::frame::Frame;
use lastword_domain::report::Part;
use lastword_domain::report::case::Whose;
use lastword_domain::report::change::Change;
use lastword_domain::report::comparison::Verdict;
use lastword_domain::report::watch::Watched;
use lastword_http::locale::catalogue::Argument;
use lastword_http::locale::format;
use lastword_life::report::changed::{Changed, Claims};
use lastword_life::report::low_reasons::Labels;
use lastword_store::StoreError;

/// The changes as text.
pub(super) struct ChangesView {
    /// The period it is compared with.
    pub(super) before: String,
    /// Number of lines, channels and operators compared.
    pub(super) compared: usize,
    /// True if anything could be compared.
    pub(super) compares: bool,
    /// Changes that the data support.
    pub(super) rows: Vec<ChangeView>,
    /// Notes: how much of a change comes from another mix, and which scales are not compared.
    pub(super) notes: Vec<String>,
}

/// One change.
pub(crate) struct ChangeView {
    /// Kind: line, channel, operator or reason.
    pub(crate) kind: String,
    /// Name.
    pub(crate) name: String,
    /// Value before and now.
    pub(crate) figures: String,
    /// Size of the change.
    pub(crate) by: String,
    /// Style: `on` or `bad`.
    pub(crate) tone: &'static str,
    /// The same report filtered by it.
    pub(crate) href: String,
}

impl ChangesView {
    /// Changes of the selected closes; `None` if there is nothing to compare.
    pub(super) async fn of(pages: &Pages, page: &Frame, asked: &ReportQuery, claims: &Claims) -> Result<Option<Self>, StoreError> {
        let (closes, db) = (&asked.closes, &pages.app.engine.db);
        let (why, labels) = tokio::try_join!(pages.app.reasons.of(db, closes, page.now), Labels::of(db, closes))?;
        let mut rows: Vec<ChangeView> = claims.changed.iter().map(|changed| moved(page, asked, changed)).collect();
        for reason in &why.0.items {
            let Some(change) = reason.chosen_change.as_ref().filter(|change| change.verdict != Verdict::CannotTell) else { continue };
            rows.push(ChangeView {
                kind: page.t("changes-reason"),
                name: labels.label(page.language.tag(), &reason.code),
                figures: format!("{} → {}", share(page, &reason.chosen_votes.before), share(page, &reason.chosen_votes.now)),
                by: points(page, change.points),
                tone: if change.verdict == Verdict::Higher { "bad" } else { "on" },
                href: format!("/reports?{}", asked.tab_address(&Tab::Reasons)),
            });
        }
        let mut notes = notes(page, claims);
        notes.extend(why.0.redefined.then(|| page.t("changes-reasons-rule")));
        let (compares, compared, before) = (claims.compares(), claims.compared, words::days(page, claims.before));
        Ok((compares || !rows.is_empty() || !notes.is_empty()).then_some(Self { before, compared, compares, rows, notes }))
    }
}

/// The effect of another mix on the shares of all closes, and the scales that are not compared.
fn notes(page: &Frame, claims: &Claims) -> Vec<String> {
    let mixed = [("figure-score", &claims.score), ("figure-response", &claims.response), ("figure-arrived", &claims.delivery)];
    mixed.into_iter().filter_map(|(key, change)| mix(page, &page.t(key), change)).chain(left_out(page, claims)).collect()
}

/// Notes on what is not compared: other scales, and lines whose definition of good changed.
pub(super) fn left_out(page: &Frame, claims: &Claims) -> Vec<String> {
    let mut notes = Vec::new();
    if claims.scale_changed() {
        let score = &claims.score;
        let counts: [(&'static str, &dyn Argument); 4] = [
            ("compared", &score.compared),
            ("now", &score.now.of),
            ("comparedBefore", &score.compared_before),
            ("before", &score.before.of),
        ];
        notes.push(page.language.text("changes-scale", &counts));
    }
    if claims.redefined {
        notes.push(page.t("changes-rule"));
    }
    notes
}

/// The change of a share within lines, channels and scales, and the effect of another mix of them; `None` if the effect is small.
fn mix(page: &Frame, share: &str, change: &Change) -> Option<String> {
    let within = change.difference.filter(|_| change.mixed)?;
    let points = words::points(page, within.points);
    let Some((mix, (low, high))) = change.mix.zip(within.low.zip(within.high)) else {
        return Some(page.t2("changes-mix-few", "share", share, "points", points.as_str()));
    };
    let mix = words::points(page, mix);
    let [low, high] = [low, high].map(|points| words::points(page, points));
    Some(page.language.text("changes-mix", &[("share", &share), ("points", &points), ("low", &low), ("high", &high), ("mix", &mix)]))
}

fn moved(page: &Frame, asked: &ReportQuery, Changed { shown, name }: &Changed) -> ChangeView {
    let (field, key) = match shown.whose {
        Whose::All => ("", "changes-all"),
        Whose::Line => ("line", "changes-line"),
        Whose::Channel => ("channel", "changes-channel"),
        Whose::Operator => ("operator", "changes-operator"),
    };
    let share_name = page.t(match shown.share {
        Watched::Score => "figure-score",
        Watched::Response => "figure-response",
        Watched::Delivery => "figure-arrived",
    });
    let name = match shown.whose {
        Whose::All => share_name.clone(),
        Whose::Channel => words::channel(page, &shown.id),
        Whose::Line | Whose::Operator => name.clone().unwrap_or_else(|| shown.id.clone()),
    };
    let kind = if shown.whose == Whose::All { page.t(key) } else { format!("{} · {share_name}", page.t(key)) };
    let (change, here) = (&shown.change, asked.address(&[]));
    let difference = change.difference;
    let by = difference.map(|difference| points(page, difference.points)).unwrap_or_default();
    let ends = difference.and_then(|difference| difference.low.zip(difference.high));
    let ends = ends
        .map(|(low, high)| page.t2("changes-ends", "low", words::points(page, low).as_str(), "high", words::points(page, high).as_str()));
    let figures = [Some(format!("{} → {}", share(page, &change.before), share(page, &change.now))), ends];
    ChangeView {
        kind,
        name,
        figures: figures.into_iter().flatten().collect::<Vec<_>>().join(" · "),
        by,
        tone: if difference.is_some_and(|difference| difference.points > 0.0) { "on" } else { "bad" },
        href: if field.is_empty() { format!("/reports?{here}") } else { format!("/reports?{}", asked.address(&[(field, &shown.id)])) },
    }
}

fn share(page: &Frame, part: &Part) -> String {
    format!("{} ({})", words::percent(page, part.percent), words::part(page, part))
}

/// A change in points, with its direction.
fn points(page: &Frame, points: f64) -> String {
    let key = if points > 0.0 { "change-up" } else { "change-down" };
    page.t1(key, "points", format::decimal(page.language, points.abs(), 1).as_str())
}
