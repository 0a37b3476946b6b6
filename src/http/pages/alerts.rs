//! Alerts: the rating or alarm, the recipients, when the alerts were sent and acknowledged, and their escalations.

mod group;

use super::frame::changes::said;
use super::frame::days::Days;
use super::frame::filter::{Entry, Filters};
use super::frame::form::Choice;
use super::frame::visit::SignedIn;
use super::frame::{Frame, html};
use super::lines::{address, part, recipient_name};
use super::{Pages, done};
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use group::{Group, grouped};
use lastword_base::names::{AlertId, DeliveryId, LineId};
use lastword_domain::access::rights::Right;
use lastword_domain::alert::{AlertKind, AlertState};
use lastword_domain::question::delivery::State as DeliveryState;
use lastword_http::path::PathId;
use lastword_http::problem::Problem;
use lastword_http::query::Query;
use lastword_life::alert::acknowledge::by_hand_of;
use lastword_store::alert::{self, Alert, AlertFilter, Filter, recipient};
use lastword_store::line;
use lastword_store::question::delivery;
use serde::Deserialize;
use std::collections::HashMap;
use std::sync::Arc;

/// Ratings and alarms per page.
const SHOWN: usize = 25;

/// Filters and position in the list.
#[derive(Debug, Deserialize)]
pub(super) struct AlertsQuery {
    show: Option<String>,
    line: Option<String>,
    recipient: Option<String>,
    from: Option<String>,
    until: Option<String>,
    before: Option<String>,
}

/// An alert for display.
pub(super) struct Listed {
    pub(super) alert: Alert,
    line: String,
    pub(super) recipient: String,
    pub(super) kind: String,
    pub(super) state: String,
    pub(super) tone: &'static str,
    pub(super) why: String,
    /// Name of the unreachable recipient that this recipient replaces.
    pub(super) instead_of: Option<String>,
    /// Page of the rating, or of the line's alarms; `None` for a test.
    about: Option<String>,
    delivery: Option<String>,
    acknowledge: Option<String>,
}

#[derive(Template)]
#[template(path = "pages/alerts/list.html")]
struct ListPage {
    page: Frame,
    show: &'static str,
    filters: Filters,
    groups: Vec<Group>,
    next: Option<String>,
}

/// `GET /alerts`
pub(super) async fn list(State(pages): State<Arc<Pages>>, person: SignedIn, Query(asked): Query<AlertsQuery>) -> Result<Response, Problem> {
    let db = &pages.app.engine.db;
    let page = Frame::of(&pages, &person.visit).await?;
    let (show, shown) = match asked.show.as_deref().unwrap_or_default() {
        "waiting" => ("waiting", AlertFilter::Waiting),
        "lost" => ("lost", AlertFilter::Lost),
        _ => ("all", AlertFilter::All),
    };
    let days = Days::of(&asked.from, &asked.until, pages.app.engine.options.time_zone);
    let text = |text: &Option<String>| text.clone().map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
    let (line, recipient) = (text(&asked.line), text(&asked.recipient));
    let filter = Filter {
        lines: person.rights.lines.narrowed(line.as_deref().map(LineId::from).as_ref()),
        shown,
        recipient: recipient.clone(),
        state: None,
        since: days.starts_at,
        until: days.ends_at,
    };
    let before = asked.before.as_deref().and_then(|before| before.parse().ok());
    let mut found = if days.wrong { Vec::new() } else { alert::newest(db, &filter, before, (SHOWN + 1) as i64).await? };
    let more = found.len() > SHOWN;
    found.truncate(SHOWN);
    let names = line::names(db).await?.into_iter().filter(|(id, _)| person.rights.lines.admit(id));
    let lines = choices(&page, names.map(|(id, name)| (id.into(), name)).collect(), &line);
    let people = recipient::all(db).await?.into_iter().map(|recipient| (recipient.id, recipient.name));
    let filters = Filters::of(&page, "/alerts").keep("show", show).choices("line", page.t("line-word"), lines);
    let filters = filters.choices("recipient", page.t("alert-told"), choices(&page, people.collect(), &recipient)).days(&page, &days);
    let next = found.last().filter(|_| more).map(|last| filters.address(None, &[("before", &last.id.to_string())]));
    let groups = grouped(&pages, &person, &page, &found).await?;
    Ok(html(&ListPage { show, filters, groups, next, page }))
}

/// All values of a filter with their names.
fn choices(page: &Frame, named: Vec<(String, String)>, chosen: &Option<String>) -> Vec<Choice> {
    let mut named: Vec<Choice> =
        named.into_iter().map(|(value, words)| Choice { chosen: chosen.as_ref() == Some(&value), value, words }).collect();
    named.sort_by(|a, b| (&a.words, &a.value).cmp(&(&b.words, &b.value)));
    named.insert(0, Choice { value: String::new(), words: page.t("delivery-any"), chosen: chosen.is_none() });
    named
}

/// Alerts for display, with the state of their messages.
pub(super) async fn listed(pages: &Pages, person: &SignedIn, page: &Frame, found: Vec<Alert>) -> Result<Vec<Listed>, Problem> {
    let db = &pages.app.engine.db;
    let names = line::names(db).await?;
    let recipients = recipient::all(db).await?;
    // A page has at most fifty alerts, and the alerts of a digest share a message.
    let mut states: HashMap<DeliveryId, (DeliveryState, String)> = HashMap::new();
    for id in found.iter().filter_map(|alert| alert.delivery_id) {
        if !states.contains_key(&id)
            && let Some(delivery) = delivery::find(db, id).await?
        {
            states.insert(id, (delivery.state, delivery.detail.unwrap_or_default()));
        }
    }
    let may = person.rights.may(Right::AcknowledgeAlerts);
    let shown = |alert: Alert| {
        let carried = alert.delivery_id.as_ref().and_then(|id| states.get(id));
        let told = alert.state.is_told();
        let word = carried.filter(|_| told).map_or(alert.state.as_str(), |(state, _)| state.as_str());
        let waits = alert.acknowledged_at.is_none() && alert.kind == AlertKind::Low && told;
        let in_words = |word: &str| {
            let word = word.replace('_', "-");
            ["tested", "delivery-reason"].iter().find_map(|prefix| said(page, &format!("{prefix}-{word}"))).unwrap_or(word)
        };
        let name = |id: &String| recipient_name(page, id, &recipients);
        Listed {
            line: names.get(&alert.line_id).cloned().unwrap_or_else(|| alert.line_id.to_string()),
            recipient: match alert.recipient_id.as_str() {
                "" => page.t("alert-nobody"),
                id => recipient_name(page, id, &recipients),
            },
            kind: said(page, &format!("alert-kind-{}", alert.kind.as_str().replace('_', "-"))).unwrap_or_else(|| alert.kind.to_string()),
            state: said(page, &format!("delivery-state-{word}")).unwrap_or_else(|| word.to_owned()),
            tone: match word {
                "sent" | "delivered" => "on",
                "unknown" => "warn",
                "failed" | "dead" | "undeliverable" => "bad",
                _ => "",
            },
            why: match (&alert.reason, carried) {
                (Some(reason), Some((_, detail))) if alert.state == AlertState::Undeliverable && !detail.is_empty() => {
                    format!("{} – {detail}", in_words(reason))
                }
                (Some(reason), _) => in_words(reason),
                (None, Some((_, detail))) => detail.clone(),
                (None, None) => String::new(),
            },
            instead_of: alert.instead_of.as_ref().map(name).map(|name| page.t1("alert-instead-of", "name", name)),
            about: match alert.kind.is_of_share() {
                true => page.leads("/lines").then(|| format!("{}/alarms", address(alert.line_id.as_str()))),
                false => (alert.kind.is_of_rating() && page.leads("/ratings"))
                    .then(|| format!("/ratings/{}", part(&alert.request_id.to_string()))),
            },
            delivery: alert.delivery_id.map(|id| format!("/deliveries/{id}")).filter(|_| page.leads("/deliveries")),
            acknowledge: (may && waits).then(|| format!("/alerts/{}/acknowledge", part(&alert.id.to_string()))),
            alert,
        }
    };
    Ok(found.into_iter().map(shown).collect())
}

/// `POST /alerts/{id}/acknowledge`
pub(super) async fn acknowledge(
    State(pages): State<Arc<Pages>>,
    person: SignedIn,
    PathId(id): PathId<AlertId>,
) -> Result<Response, Problem> {
    let engine = &pages.app.engine;
    let alert = alert::by_id(&engine.db, id).await?.ok_or_else(Problem::not_found)?;
    person.sees(&alert.line_id, None)?;
    let new = by_hand_of(engine, Some(&person.by()), id, &person.name, engine.now()).await?.ok_or_else(Problem::not_found)?;
    Ok(done(&pages, "/alerts", if new { "done-alert-seen" } else { "done-alert-seen-before" }, ""))
}
