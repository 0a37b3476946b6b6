//! Lines compared with their targets.

use super::figure::Figure;
use super::summary::days;
use super::tools::{Asked, ROWS_MAX};
use crate::api::reports::query::{ReportQuery, closes};
use crate::problem::Problem;
use lastword_domain::report::stats::ALPHA;
use lastword_life::report::targets::{are_whole_lines, targets};
use lastword_store::report::By;
use serde_json::{Value, json};

pub(super) async fn target(asked: &Asked, query: ReportQuery) -> Result<Value, Problem> {
    let closes = closes(&asked.app, &asked.program.lines, query, By::Nothing).await?;
    let all = targets(&asked.app.engine.db, &closes, ALPHA).await?;
    let item = |target: &lastword_life::report::targets::Target| json!({ "line": target.line, "name": target.name, "target_percent": target.percent, "figure": Figure::target(target) });
    let items: Vec<Value> = all.iter().take(ROWS_MAX).map(item).collect();
    let note = match all.is_empty() {
        _ if !are_whole_lines(&closes) => {
            "A target is about a whole line: ask without channel, scale, operator, label and kind of handling."
        }
        true => "No line here has a target.",
        false => "Each client counts once, with the last rating.",
    };
    Ok(
        json!({ "days": days(&asked.app.engine.db, &closes).await?, "items": items, "left_out": all.len().saturating_sub(ROWS_MAX), "note": note }),
    )
}
