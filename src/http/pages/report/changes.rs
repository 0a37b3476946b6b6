//! What changed since the period before, as the reports open with it.

use super::ask::{ReportQuery, Tab};
use super::words;
use crate::frame::Frame;
use lastword_domain::report::Part;
use lastword_domain::report::comparison::Verdict;
use lastword_http::locale::format;
use lastword_life::report::changed::{Changed, changes};
use lastword_life::report::low_reasons::{Labels, low_reasons};
use lastword_store::report::By;
use lastword_store::{Db, StoreError};

/// What changed, in words.
pub(super) struct ChangesView {
    /// The days it is compared with.
    pub(super) before: String,
    /// How many lines, channels and operators were compared.
    pub(super) compared: usize,
    /// What the data can show.
    pub(super) rows: Vec<ChangeView>,
}

/// One thing that changed.
pub(super) struct ChangeView {
    /// What it is: a line, a channel, an operator, a reason.
    pub(super) kind: String,
    /// Its name.
    pub(super) name: String,
    /// How it was and how it is.
    pub(super) figures: String,
    /// By how much.
    pub(super) by: String,
    /// How that looks: `on` or `bad`.
    pub(super) tone: &'static str,
    /// The same report of it alone.
    pub(super) href: String,
}

impl ChangesView {
    /// What changed in the closes that are asked for; none where there is no period before.
    ///
    /// # Errors
    /// The database's error.
    pub(super) async fn of(db: &Db, page: &Frame, asked: &ReportQuery) -> Result<Option<Self>, StoreError> {
        let closes = &asked.closes;
        let (found, (why, _), labels) = tokio::try_join!(changes(db, closes), low_reasons(db, closes), Labels::of(db, closes))?;
        let Some(found) = found else { return Ok(None) };
        let mut rows: Vec<ChangeView> = found.changed.into_iter().map(|changed| moved(page, asked, changed)).collect();
        for reason in why.items {
            let Some(change) = reason.chosen_change.filter(|change| change.verdict != Verdict::CannotTell) else { continue };
            rows.push(ChangeView {
                kind: page.t("changes-reason"),
                name: labels.label(page.language.tag(), &reason.code),
                figures: share(page, &reason.chosen),
                by: points(page, change.points),
                tone: if change.verdict == Verdict::Higher { "bad" } else { "on" },
                href: format!("/reports?{}", asked.tab_address(&Tab::Reasons)),
            });
        }
        Ok(Some(Self { before: words::days(page, found.before), compared: found.compared, rows }))
    }
}

fn moved(page: &Frame, asked: &ReportQuery, changed: Changed) -> ChangeView {
    let (field, key) = match changed.by {
        By::Line => ("line", "changes-line"),
        By::Channel => ("channel", "changes-channel"),
        _ => ("operator", "changes-operator"),
    };
    let name = match changed.by {
        By::Channel => words::channel(page, &changed.id),
        _ => changed.name.unwrap_or_else(|| changed.id.clone()),
    };
    ChangeView {
        kind: page.t(key),
        name,
        figures: format!("{} → {}", share(page, &changed.before), share(page, &changed.now)),
        by: points(page, changed.difference.points),
        tone: if changed.difference.verdict == Verdict::Higher { "on" } else { "bad" },
        href: format!("/reports?{}", asked.address(&[(field, &changed.id)])),
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
