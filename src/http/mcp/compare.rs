//! Comparison of two periods, or of the operators of a team.

use super::figure::Figure;
use super::summary::{days, span};
use super::tools::{Asked, ROWS_MAX};
use crate::api::reports::query::{ReportQuery, closes};
use crate::problem::Problem;
use lastword_base::names::OperatorId;
use lastword_domain::report::case::Whose;
use lastword_domain::report::watch::Watched;
use lastword_life::report;
use lastword_store::report::{By, Closes};
use lastword_store::session::operator;
use serde::Deserialize;
use serde_json::{Value, json};

/// What to compare.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Compare {
    /// A period with the previous one.
    #[default]
    Periods,
    /// The operators of a team, each with the rest of it.
    Operators,
}

pub(super) async fn compare(asked: &Asked, compare: Compare, query: ReportQuery) -> Result<Value, Problem> {
    let closes = closes(&asked.app, &asked.program.lines, query, By::Nothing).await?;
    match compare {
        Compare::Periods => periods(asked, &closes).await,
        Compare::Operators => operators(asked, &closes).await,
    }
}

fn name(share: Watched) -> &'static str {
    match share {
        Watched::Score => "the share of good ratings",
        Watched::Response => "the response rate",
        Watched::Delivery => "the share of questions that arrived",
    }
}

async fn periods(asked: &Asked, closes: &Closes) -> Result<Value, Problem> {
    let app = &asked.app;
    let mut found = report::summary(&app.engine.db, closes).await?;
    let claims = app.claims.about(&app.engine.db, closes, &mut found, true, app.engine.now()).await?;
    let Some(claims) = claims.as_deref().and_then(Option::as_ref) else {
        let sentence = "No statement is possible: there is no period before to compare with.";
        return Ok(json!({ "days": days(&app.engine.db, closes).await?, "items": [], "note": sentence }));
    };
    let before = span(claims.before);
    let rule = |share: Watched| share == Watched::Score && claims.redefined;
    let all = [(Watched::Score, &claims.score), (Watched::Response, &claims.response), (Watched::Delivery, &claims.delivery)];
    let mut items: Vec<Value> = all
        .iter()
        .map(|(share, change)| json!({ "what": "all", "figure": Figure::change(change, name(*share), &before, rule(*share)) }))
        .collect();
    for changed in claims.changed.iter().filter(|changed| changed.shown.whose != Whose::All) {
        let shown = &changed.shown;
        let called = match &changed.name {
            // Other operators may have the same name.
            Some(name) if shown.whose == Whose::Operator => format!("{name} ({})", shown.id),
            Some(name) => name.clone(),
            None => shown.id.clone(),
        };
        let what = format!("{} of {} {called}", name(shown.share), shown.whose.as_str());
        items.push(json!({ "what": shown.whose.as_str(), "id": shown.id, "figure": Figure::change(&shown.change, &what, &before, rule(shown.share)) }));
    }
    let note = format!(
        "Of {} lines, channels and operators only those are listed whose change the data show; the others cannot be told from no change.",
        claims.compared
    );
    Ok(json!({ "days": days(&app.engine.db, closes).await?, "compared_with": before, "items": items, "note": note }))
}

async fn operators(asked: &Asked, closes: &Closes) -> Result<Value, Problem> {
    let app = &asked.app;
    let team = app.comparisons.of(&app.engine.db, closes, app.engine.now()).await?;
    let shown: Vec<_> = team.operators.iter().take(ROWS_MAX).collect();
    let ids: Vec<OperatorId> = shown.iter().map(|one| OperatorId::from(&one.id)).collect();
    let names = operator::names(&app.engine.db, &ids.iter().collect::<Vec<_>>()).await?;
    let item = |one: &&lastword_domain::report::comparison::Compared| {
        let called = names.get(one.id.as_str()).map_or(one.id.as_str(), String::as_str);
        json!({
            "id": one.id,
            "name": called,
            "share": Figure::share(&one.share, [&format!("client of {called} rated it good"), &format!("clients of {called} rated it good")]),
            "beside_the_rest": Figure::operator(one, called),
        })
    };
    let mut note =
        "Each client counts once for each operator. The tests share an error of 5 % over the whole team. The order is no ranking."
            .to_owned();
    if team.redefined {
        note.push_str(" Lines whose definition of good changed in these days are left out.");
    }
    let left_out = team.operators.len() - shown.len();
    Ok(
        json!({ "days": days(&app.engine.db, closes).await?, "items": shown.iter().map(item).collect::<Vec<_>>(), "left_out": left_out, "note": note }),
    )
}
