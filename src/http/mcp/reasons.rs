//! Reasons for low ratings.

use super::figure::{Figure, clients};
use super::summary::{days, span};
use super::tools::{Asked, ROWS_MAX};
use crate::api::reports::query::{ReportQuery, closes};
use crate::problem::Problem;
use lastword_life::report::low_reasons::Labels;
use lastword_store::report::By;
use serde_json::{Value, json};

pub(super) async fn reasons(asked: &Asked, query: ReportQuery) -> Result<Value, Problem> {
    let db = &asked.app.engine.db;
    let closes = closes(&asked.app, &asked.program.lines, query, By::Nothing).await?;
    let known = asked.app.reasons.of(db, &closes, asked.app.engine.now()).await?;
    let (found, before) = (&known.0, known.1);
    let labels = Labels::of(db, &closes).await?;
    let mut items = Vec::new();
    for item in found.items.iter().take(ROWS_MAX) {
        let label = labels.label("en", &item.code);
        let (one, several) = (|has: &str| format!("low rating {has} “{label}”"), |have: &str| format!("low ratings {have} “{label}”"));
        let mut shown = json!({
            "code": item.code,
            "label": label,
            "chosen": Figure::share(&item.chosen, [&one("with a chosen reason names"), &several("with a chosen reason name")]),
            "tagged": Figure::share(&item.tagged, [&one("whose comment was checked is tagged"), &several("whose comment was checked are tagged")]),
        });
        if let (Some(difference), Some(before)) = (&item.chosen_change, before) {
            let (now, then) = (item.chosen_votes.compared, item.chosen_votes.compared_before);
            let seen = format!("{} with a low rating and a reason in this period and {then} in {}", clients(now), span(before));
            let what = format!("the share of “{label}” among them");
            shown["change_since_the_period_before"] = json!(Figure::difference(difference, now + then, &what, &seen));
        }
        items.push(shown);
    }
    let note = match found.redefined {
        true => "Changes leave out lines where other scores counted as low in the period before.",
        false => "Changes count each client once per period.",
    };
    Ok(json!({
        "note": note,
        "days": days(db, &closes).await?,
        "low_ratings": Figure::count(found.low, ["rating is low", "ratings are low"]),
        "with_a_reason": Figure::share(&found.reasoned, ["low rating has a chosen reason", "low ratings have a chosen reason"]),
        "items": items,
        "left_out": found.items.len().saturating_sub(ROWS_MAX),
    }))
}
