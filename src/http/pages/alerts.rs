//! Alerts: who was told of which low rating and when, who has seen it, and where it went on to.

use super::changes::said;
use super::frame::{Frame, html};
use super::lines::{part, recipient_name};
use super::visit::SignedIn;
use super::{Pages, done};
use crate::domain::rights::Right;
use crate::http::problem::Problem;
use crate::http::query::Query;
use crate::life::acknowledge_alert::by_hand_of;
use crate::store::alert::{self, Alert, Shown};
use crate::store::{delivery, line, recipient};
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use serde::Deserialize;
use std::collections::HashMap;
use std::sync::Arc;

/// The alerts of one page.
const SHOWN: usize = 50;

/// Which alerts.
#[derive(Debug, Deserialize)]
pub(super) struct Asked {
    show: Option<String>,
    before: Option<String>,
}

/// An alert as it is shown.
pub(super) struct Listed {
    pub(super) alert: Alert,
    line: String,
    pub(super) recipient: String,
    pub(super) kind: String,
    pub(super) state: String,
    pub(super) tone: &'static str,
    pub(super) why: String,
    /// The page of the rating; a test has none.
    rating: Option<String>,
    delivery: Option<String>,
    acknowledge: Option<String>,
}

#[derive(Template)]
#[template(path = "pages/alerts/list.html")]
struct ListPage {
    page: Frame,
    show: &'static str,
    listed: Vec<Listed>,
    next: Option<String>,
}

/// `GET /alerts`
pub(super) async fn list(State(pages): State<Arc<Pages>>, person: SignedIn, Query(asked): Query<Asked>) -> Result<Response, Problem> {
    let db = &pages.doors.engine.db;
    let page = Frame::of(&pages, &person.visit).await?;
    let (show, shown) = match asked.show.as_deref().unwrap_or_default() {
        "waiting" => ("waiting", Shown::Waiting),
        "lost" => ("lost", Shown::Lost),
        _ => ("all", Shown::All),
    };
    let mut found = alert::of_lines(db, &person.rights.lines, shown, asked.before.as_deref(), (SHOWN + 1) as i64).await?;
    let more = found.len() > SHOWN;
    found.truncate(SHOWN);
    let next = found.last().filter(|_| more).map(|last| format!("/alerts?show={show}&before={}", part(&last.id)));
    let listed = listed(&pages, &person, &page, found).await?;
    Ok(html(&ListPage { show, listed, next, page }))
}

/// Alerts as they are shown, with how their messages fared.
pub(super) async fn listed(pages: &Pages, person: &SignedIn, page: &Frame, found: Vec<Alert>) -> Result<Vec<Listed>, Problem> {
    let db = &pages.doors.engine.db;
    let names = line::names(db).await?;
    let recipients = recipient::all(db).await?;
    // A page has at most fifty alerts, and those of one digest share a message.
    let mut states: HashMap<String, (String, String)> = HashMap::new();
    for id in found.iter().filter_map(|alert| alert.delivery_id.as_ref()) {
        if !states.contains_key(id)
            && let Some(delivery) = delivery::find(db, id).await?
        {
            states.insert(id.clone(), (delivery.state, delivery.detail.unwrap_or_default()));
        }
    }
    let may = person.rights.may(Right::AcknowledgeAlerts);
    let shown = |alert: Alert| {
        let carried = alert.delivery_id.as_ref().and_then(|id| states.get(id));
        let word = match (alert.state.as_str(), carried) {
            ("raised" | "digested", Some((state, _))) => state.clone(),
            (state, _) => state.to_owned(),
        };
        let waits = alert.acknowledged_at.is_none() && alert.kind == "low" && matches!(alert.state.as_str(), "raised" | "digested");
        let tested = |word: &str| said(page, &format!("tested-{}", word.replace('_', "-"))).unwrap_or_else(|| word.to_owned());
        Listed {
            line: names.get(&alert.line_id).cloned().unwrap_or_else(|| alert.line_id.clone()),
            recipient: match alert.recipient_id.as_str() {
                "" => page.t("alert-nobody"),
                id => recipient_name(page, id, &recipients),
            },
            kind: said(page, &format!("alert-kind-{}", alert.kind)).unwrap_or_else(|| alert.kind.clone()),
            state: said(page, &format!("delivery-state-{word}")).unwrap_or_else(|| word.clone()),
            tone: match word.as_str() {
                "sent" | "delivered" => "on",
                "unknown" => "warn",
                "failed" | "dead" | "undeliverable" => "bad",
                _ => "",
            },
            why: match (&alert.reason, carried) {
                (Some(reason), _) => tested(reason),
                (None, Some((_, detail))) => detail.clone(),
                (None, None) => String::new(),
            },
            rating: (alert.kind != "test" && page.leads("/ratings")).then(|| format!("/ratings/{}", part(&alert.request_id))),
            delivery: alert.delivery_id.as_ref().map(|id| format!("/deliveries/{}", part(id))).filter(|_| page.leads("/deliveries")),
            acknowledge: (may && waits).then(|| format!("/alerts/{}/acknowledge", part(&alert.id))),
            alert,
        }
    };
    Ok(found.into_iter().map(shown).collect())
}

/// `POST /alerts/{id}/acknowledge`
pub(super) async fn acknowledge(State(pages): State<Arc<Pages>>, person: SignedIn, Path(id): Path<String>) -> Result<Response, Problem> {
    let engine = &pages.doors.engine;
    let alert = alert::by_id(&engine.db, &id).await?.ok_or_else(Problem::not_found)?;
    person.sees(&alert.line_id, None)?;
    let new = by_hand_of(engine, Some(&person.by()), &id, &person.name, engine.now()).await?.ok_or_else(Problem::not_found)?;
    Ok(done(&pages, "/alerts", if new { "done-alert-seen" } else { "done-alert-seen-before" }, ""))
}
