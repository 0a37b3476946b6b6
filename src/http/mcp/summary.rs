//! Numbers of a period, compared with the previous one.

use super::figure::Figure;
use super::tools::Asked;
use crate::api::reports::query::{ReportQuery, closes};
use crate::problem::Problem;
use lastword_domain::report::period::Period;
use lastword_life::report;
use lastword_store::report::recount::other_clock;
use lastword_store::report::{By, Closes};
use lastword_store::{Db, StoreError};
use serde_json::{Value, json};

/// The days of a report as text, with a note if the counters use those of another time zone.
pub(super) async fn days(db: &Db, closes: &Closes) -> Result<String, StoreError> {
    let days = span(Period { from: closes.from, until: closes.until });
    Ok(match other_clock(db).await? {
        Some(zone) => format!("{days} (counts still use the days of {zone}, not of {}, until `lastword recount` has run)", db.zone()),
        None => days,
    })
}

pub(super) fn span(period: Period) -> String {
    format!("{} to {}", period.from, period.last_day())
}

pub(super) async fn summary(asked: &Asked, query: ReportQuery) -> Result<Value, Problem> {
    let app = &asked.app;
    let closes = closes(app, &asked.program.lines, query, By::Nothing).await?;
    let mut found = report::summary(&app.engine.db, &closes).await?;
    let claims = app.claims.about(&app.engine.db, &closes, &mut found, true, app.engine.now()).await?;
    let claims = claims.as_deref().and_then(Option::as_ref);
    let funnel = &found.report.funnel;
    let mut changes = json!({});
    if let Some(claims) = claims {
        let before = span(claims.before);
        changes = json!({
            "score": Figure::change(&claims.score, "the share of good ratings", &before, claims.redefined),
            "response_rate": Figure::change(&claims.response, "the response rate", &before, false),
            "delivery": Figure::change(&claims.delivery, "the share of questions that arrived", &before, false),
        });
    }
    Ok(json!({
        "days": days(&app.engine.db, &closes).await?,
        "figures": {
            "score": Figure::share(&found.report.score.adjusted.share, ["rating is good", "ratings are good"]),
            "response_rate": Figure::share(&found.report.response, ["delivered question whose time is over was answered", "delivered questions whose time is over were answered"]),
            "resolved": Figure::share(&found.report.resolved, ["answer about it says that the issue was resolved", "answers about it say that the issue was resolved"]),
            "closed": Figure::count(funnel.closed, ["chat was closed", "chats were closed"]),
            "delivered": Figure::count(funnel.delivered, ["question arrived", "questions arrived"]),
            "ratings": Figure::count(found.report.score.adjusted.rated, ["rating counts", "ratings count"]),
            "low_ratings": Figure::count(found.report.score.adjusted.bad, ["rating is low", "ratings are low"]),
        },
        "changes_since_the_period_before": changes,
        "good_means": found.rules,
    }))
}
