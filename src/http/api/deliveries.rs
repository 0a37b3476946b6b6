//! Deliveries: every message that leaves, above all those that are stuck.

use super::request::page::{Page, limit, page, rows};
use crate::api::openapi::words;
use crate::middleware::auth::LineCaller;
use crate::path::Path;
use crate::problem::{Code, Problem, Thing};
use crate::query::Query;
use crate::state::AppState;
use crate::timestamp::{DayOrTime, Timestamp};
use axum::Json;
use axum::extract::State;
use chrono_tz::Tz;
use lastword_domain::access::api_key::Scope;
use lastword_domain::access::rights::Lines;
use lastword_domain::question::delivery::{Kind, State as DeliveryState};
use lastword_life::admin::mend_delivery::{self, Mended};
use lastword_store::Db;
use lastword_store::question::delivery::{self, Attempt, Delivery};
use lastword_store::question::delivery_list::{self, DeliveryCursor, Filter};
use lastword_store::question::rating_request;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::{IntoParams, ToSchema};

/// One message that leaves us. Where it goes is not shown: that is the client's.
#[derive(Debug, Serialize, ToSchema)]
pub struct DeliveryOut {
    /// Its id, and our key at the platform.
    pub id: String,
    /// `ask`, `reminder`, `settle`, `alert`, `digest`, `event` or `reply`.
    pub kind: String,
    /// Through which connection.
    pub connection: String,
    /// What it is about: a rating request, or the recipient or browser of a digest.
    pub subject: Option<String>,
    /// `scheduled`, `leased`, `sending`, `sent`, `delivered`, `undeliverable`, `unknown`, `canceled`, `skipped`, `failed`, `dead`.
    pub state: String,
    /// Why it is in that state.
    pub reason: Option<String>,
    /// When it leaves.
    pub due_at: Timestamp,
    /// After this it no longer leaves.
    pub give_up_at: Timestamp,
    /// How often it was tried.
    pub attempts: i64,
    /// How often it was sent again although it may have arrived.
    pub resends: i64,
    /// When it was tried last.
    pub tried_at: Option<Timestamp>,
    /// When that try ended.
    pub ended_at: Option<Timestamp>,
    /// The platform's id of the message.
    pub message_id: Option<String>,
    /// The platform's own words.
    pub detail: Option<String>,
    /// When it was made.
    pub created_at: Timestamp,
}

impl From<Delivery> for DeliveryOut {
    fn from(delivery: Delivery) -> Self {
        Self {
            id: delivery.id,
            kind: delivery.kind.to_string(),
            connection: delivery.connection,
            subject: delivery.subject,
            state: delivery.state.to_string(),
            reason: delivery.reason,
            due_at: Timestamp(delivery.due_at),
            give_up_at: Timestamp(delivery.give_up_at),
            attempts: delivery.attempts,
            resends: delivery.resends,
            tried_at: delivery.intent_at.map(Timestamp),
            ended_at: delivery.ended_at.map(Timestamp),
            message_id: delivery.message_id,
            detail: delivery.detail,
            created_at: Timestamp(delivery.created_at),
        }
    }
}

/// A try before the last one.
#[derive(Debug, Serialize, ToSchema)]
pub struct AttemptOut {
    /// When it began.
    pub tried_at: Option<Timestamp>,
    /// When it ended.
    pub ended_at: Timestamp,
    /// How it ended.
    pub verdict: String,
    /// The platform's own words.
    pub detail: Option<String>,
}

impl From<Attempt> for AttemptOut {
    fn from(attempt: Attempt) -> Self {
        Self {
            tried_at: attempt.intent_at.map(Timestamp),
            ended_at: Timestamp(attempt.ended_at),
            verdict: attempt.verdict,
            detail: attempt.detail,
        }
    }
}

/// A delivery with its tries.
#[derive(Debug, Serialize, ToSchema)]
pub struct DeliveryWithTries {
    /// The delivery.
    pub delivery: DeliveryOut,
    /// The tries before the last one, oldest first.
    pub tries: Vec<AttemptOut>,
}

/// Which deliveries a list shows.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct DeliveriesQuery {
    /// One state, or `stuck` for those that need a person: unknown, failed, dead, undeliverable, but none that was dismissed.
    /// `stuck` where nothing is said.
    #[param(value_type = Option<words::DeliveryStateFilter>)]
    pub state: Option<String>,
    /// Only those that carry this: `ask`, `reminder`, `settle`, `alert`, `digest`, `event` or `reply`.
    #[param(value_type = Option<words::DeliveryKind>)]
    pub kind: Option<String>,
    /// Only this connection.
    pub connection: Option<String>,
    /// Only those about rating requests of this line.
    pub line: Option<String>,
    /// Made at or after this instant, or on or after this day (such as `2026-09-30`) of the organisation's calendar.
    #[param(value_type = Option<String>)]
    pub since: Option<DayOrTime>,
    /// Made before this instant, or up to and including this day.
    #[param(value_type = Option<String>)]
    pub until: Option<DayOrTime>,
    /// The `next` of the page before.
    pub cursor: Option<String>,
    /// How many items, 1 to 200; 50 where nothing is said.
    pub limit: Option<u32>,
}

/// Deliveries in one state, newest first; scheduled ones in the order of their time
#[utoipa::path(
    get, path = "/v1/deliveries", operation_id = "listDeliveries", tag = "deliveries", params(DeliveriesQuery), security(("api_key" = ["deliveries:read"])),
    responses((status = 200, body = Page<DeliveryOut>))
)]
pub async fn list(
    caller: LineCaller<{ Scope::DeliveriesRead as u8 }>,
    State(app): State<Arc<AppState>>,
    Query(query): Query<DeliveriesQuery>,
) -> Result<Json<Page<DeliveryOut>>, Problem> {
    let (limit, db, cursor) = (limit(query.limit)?, &app.engine.db, query.cursor.as_deref());
    query.line.iter().try_for_each(|line| caller.must_admit("line", line))?;
    let filter = filter(app.engine.db.zone(), caller.lines(), &query)?;
    let state = query.state.as_deref().filter(|word| *word != "stuck").map(|word| {
        DeliveryState::parse(word).ok_or_else(|| {
            let words = DeliveryState::ALL.map(DeliveryState::as_str).join(", ");
            let detail = format!("There is no state \"{}\".", word.chars().take(40).collect::<String>());
            Problem::invalid_field("state", detail, format!("Ask for one of {words}, stuck."))
        })
    });
    let found = match state.transpose()? {
        None => delivery_list::stuck(db, None, &filter, cursor, rows(limit)).await?,
        Some(DeliveryState::Scheduled) => return scheduled(db, &filter, cursor, limit).await,
        Some(state) => delivery_list::in_state(db, state, &filter, cursor, rows(limit)).await?,
    };
    Ok(Json(page(found, limit, |delivery| &delivery.id, DeliveryOut::from)))
}

fn filter(zone: Tz, lines: &Lines, query: &DeliveriesQuery) -> Result<Filter, Problem> {
    let unknown = |kind: &str| {
        let detail = format!("There is no kind \"{}\".", kind.chars().take(40).collect::<String>());
        Problem::invalid_field("kind", detail, format!("Ask for one of {}.", Kind::ALL.map(Kind::as_str).join(", ")))
    };
    let kind = query.kind.as_deref().map(|kind| Kind::parse(kind).ok_or_else(|| unknown(kind))).transpose()?;
    Ok(Filter {
        connection: query.connection.clone(),
        kind,
        lines: lines.narrowed(query.line.as_deref()),
        since: query.since.map(|since| since.0.since(zone)),
        until: query.until.map(|until| until.0.until(zone)),
    })
}

/// Those that wait for their time come in its order, the next one first.
async fn scheduled(db: &Db, filter: &Filter, cursor: Option<&str>, limit: usize) -> Result<Json<Page<DeliveryOut>>, Problem> {
    let after = match cursor {
        Some(cursor) => DeliveryCursor::parse(cursor).ok_or_else(|| {
            Problem::invalid_field("cursor", "This is not a cursor of this list.", "Send the `next` of the previous page unchanged.")
        })?,
        None => DeliveryCursor::default(),
    };
    let mut found = delivery_list::scheduled(db, filter, &after, rows(limit)).await?;
    let more = found.len() > limit;
    found.truncate(limit);
    let next = found.last().filter(|_| more).map(|last| DeliveryCursor::of(last).text());
    Ok(Json(Page { items: found.into_iter().map(DeliveryOut::from).collect(), next }))
}

/// One delivery with its tries
#[utoipa::path(
    get, path = "/v1/deliveries/{id}", operation_id = "getDelivery", tag = "deliveries", security(("api_key" = ["deliveries:read"])),
    params(("id" = String, Path, description = "The delivery")),
    responses((status = 200, body = DeliveryWithTries), (status = 404, body = Problem))
)]
pub async fn one(
    caller: LineCaller<{ Scope::DeliveriesRead as u8 }>,
    State(app): State<Arc<AppState>>,
    Path(id): Path<String>,
) -> Result<Json<DeliveryWithTries>, Problem> {
    must_be_theirs(&app, caller.lines(), &id).await?;
    shown(&app, &id).await
}

/// For a key that is limited to lines there is no delivery but those about rating requests of its lines.
async fn must_be_theirs(app: &AppState, lines: &Lines, id: &str) -> Result<(), Problem> {
    if *lines == Lines::All {
        return Ok(());
    }
    let subject = delivery::find(&app.engine.db, id).await?.and_then(|delivery| delivery.subject);
    let request = match &subject {
        Some(subject) => rating_request::load(&app.engine.db, &[subject]).await?.pop(),
        None => None,
    };
    let theirs = request.is_some_and(|request| lines.admit(&request.line_id));
    if theirs { Ok(()) } else { Err(Problem::missing(Thing::Delivery, id)) }
}

async fn shown(app: &AppState, id: &str) -> Result<Json<DeliveryWithTries>, Problem> {
    let delivery = delivery::find(&app.engine.db, id).await?.ok_or_else(|| Problem::missing(Thing::Delivery, id))?;
    let tries = delivery::attempts(&app.engine.db, &[id]).await?.into_iter().map(AttemptOut::from).collect();
    Ok(Json(DeliveryWithTries { delivery: delivery.into(), tries }))
}

/// Sends a stuck delivery again
///
/// By your word: it may then be there twice.
#[utoipa::path(
    post, path = "/v1/deliveries/{id}/resend", operation_id = "resendDelivery", tag = "deliveries", security(("api_key" = ["deliveries:write"])),
    params(("id" = String, Path, description = "The delivery")),
    responses(
        (status = 200, body = DeliveryWithTries),
        (status = 404, body = Problem),
        (status = 409, description = "It is not stuck", body = Problem),
    )
)]
pub async fn resend(
    caller: LineCaller<{ Scope::DeliveriesWrite as u8 }>,
    State(app): State<Arc<AppState>>,
    Path(id): Path<String>,
) -> Result<Json<DeliveryWithTries>, Problem> {
    must_be_theirs(&app, caller.lines(), &id).await?;
    let mended = mend_delivery::resend(&app.engine, &caller.by(), &id, app.engine.now()).await?;
    answer(&app, &id, mended, "Only one that is unknown, failed, dead, undeliverable or skipped can be sent again.").await
}

/// Dismisses a stuck delivery
///
/// It is not resent and no longer needs attention; its reason becomes `dismissed`. An answer, or the platform's word, may still prove
/// that it arrived. Alerts that were in it go on to somebody else.
#[utoipa::path(
    post, path = "/v1/deliveries/{id}/dismiss", operation_id = "dismissDelivery", tag = "deliveries", security(("api_key" = ["deliveries:write"])),
    params(("id" = String, Path, description = "The delivery")),
    responses(
        (status = 200, description = "The delivery as it is now", body = DeliveryWithTries),
        (status = 404, description = "There is no such delivery", body = Problem),
        (status = 409, description = "It is not stuck", body = Problem),
    )
)]
pub async fn dismiss(
    caller: LineCaller<{ Scope::DeliveriesWrite as u8 }>,
    State(app): State<Arc<AppState>>,
    Path(id): Path<String>,
) -> Result<Json<DeliveryWithTries>, Problem> {
    must_be_theirs(&app, caller.lines(), &id).await?;
    let mended = mend_delivery::dismiss(&app.engine, &caller.by(), &id, app.engine.now()).await?;
    answer(&app, &id, mended, "Only one that is unknown, failed, dead or undeliverable, and not dismissed yet, can be dismissed.").await
}

/// Cancel a delivery that has not been sent yet
#[utoipa::path(
    post, path = "/v1/deliveries/{id}/cancel", operation_id = "cancelDelivery", tag = "deliveries", security(("api_key" = ["deliveries:write"])),
    params(("id" = String, Path, description = "The delivery")),
    responses(
        (status = 200, body = DeliveryWithTries),
        (status = 404, body = Problem),
        (status = 409, description = "It has left, or has ended", body = Problem),
    )
)]
pub async fn cancel(
    caller: LineCaller<{ Scope::DeliveriesWrite as u8 }>,
    State(app): State<Arc<AppState>>,
    Path(id): Path<String>,
) -> Result<Json<DeliveryWithTries>, Problem> {
    must_be_theirs(&app, caller.lines(), &id).await?;
    let mended = mend_delivery::cancel(&app.engine, &caller.by(), &id, app.engine.now()).await?;
    answer(&app, &id, mended, "Only deliveries that have not been sent yet can be canceled.").await
}

async fn answer(app: &AppState, id: &str, mended: Mended, rule: &str) -> Result<Json<DeliveryWithTries>, Problem> {
    match mended {
        Mended::Done => shown(app, id).await,
        Mended::Unknown => Err(Problem::missing(Thing::Delivery, id)),
        Mended::NotNow => {
            let Json(now) = shown(app, id).await?;
            Err(Problem::new(Code::Conflict, format!("The delivery is {}.", now.delivery.state)).remedy(rule).present(&now))
        }
    }
}
