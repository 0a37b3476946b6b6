//! Deliveries: all outgoing messages, in particular those that are stuck.

use super::request::page::{Page, cursor, limit, page, rows};
use crate::api::openapi::words;
use crate::auth::LineCaller;
use crate::path::PathId;
use crate::problem::{Code, Problem, Thing};
use crate::query::Query;
use crate::state::AppState;
use crate::timestamp::{DayOrTime, Timestamp};
use axum::Json;
use axum::extract::State;
use chrono_tz::Tz;
use lastword_base::names::{ConnectionId, DeliveryId, LineId};
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

/// An outgoing message. The address is not shown because it is the client's personal data.
#[derive(Debug, Serialize, ToSchema)]
pub struct DeliveryOut {
    /// ID of the delivery, also used as our idempotency key at the platform.
    pub id: String,
    /// `ask`, `reminder`, `settle`, `alert`, `digest`, `event` or `reply`.
    pub kind: String,
    /// Connection that sends it.
    pub connection: String,
    /// Subject of the message: a rating request, or the recipient or browser of a digest.
    pub subject: Option<String>,
    /// `scheduled`, `leased`, `sending`, `sent`, `delivered`, `undeliverable`, `unknown`, `canceled`, `skipped`, `failed`, `dead`.
    pub state: String,
    /// Reason for the state.
    pub reason: Option<String>,
    /// Time it is to be sent.
    pub due_at: Timestamp,
    /// Time after which it is no longer sent.
    pub give_up_at: Timestamp,
    /// Number of attempts.
    pub attempts: i64,
    /// Number of times it was sent again although it may have arrived.
    pub resends: i64,
    /// Start of the last attempt.
    pub tried_at: Option<Timestamp>,
    /// End of the last attempt.
    pub ended_at: Option<Timestamp>,
    /// ID of the message at the platform.
    pub message_id: Option<String>,
    /// Message from the platform.
    pub detail: Option<String>,
    /// Time the delivery was created.
    pub created_at: Timestamp,
}

impl From<Delivery> for DeliveryOut {
    fn from(delivery: Delivery) -> Self {
        Self {
            id: delivery.id.to_string(),
            kind: delivery.kind.to_string(),
            connection: delivery.connection.into(),
            subject: delivery.subject.map(String::from),
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

/// An attempt before the last one.
#[derive(Debug, Serialize, ToSchema)]
pub struct AttemptOut {
    /// Start of the attempt.
    pub tried_at: Option<Timestamp>,
    /// End of the attempt.
    pub ended_at: Timestamp,
    /// Result of the attempt.
    pub verdict: String,
    /// Message from the platform.
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

/// A delivery with its attempts.
#[derive(Debug, Serialize, ToSchema)]
pub struct DeliveryWithAttempts {
    /// The delivery.
    pub delivery: DeliveryOut,
    /// The attempts before the last one, oldest first.
    pub attempts: Vec<AttemptOut>,
}

/// Filter and page of the list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct DeliveriesQuery {
    /// A state, or `stuck` for deliveries that need attention: unknown, failed, dead and undeliverable ones, except
    /// dismissed ones. Default: `stuck`.
    #[param(value_type = Option<words::DeliveryStateFilter>)]
    pub state: Option<String>,
    /// Only deliveries of this kind: `ask`, `reminder`, `settle`, `alert`, `digest`, `event` or `reply`.
    #[param(value_type = Option<words::DeliveryKind>)]
    pub kind: Option<String>,
    /// Only deliveries of this connection.
    pub connection: Option<String>,
    /// Only deliveries about rating requests of this line.
    pub line: Option<String>,
    /// Created at or after this time, or on or after this day (such as `2026-09-30`) in the organisation's time zone.
    #[param(value_type = Option<String>)]
    pub from: Option<DayOrTime>,
    /// Created before this time, or up to and including this day.
    #[param(value_type = Option<String>)]
    pub until: Option<DayOrTime>,
    /// `next` of the previous page.
    pub cursor: Option<String>,
    /// Maximum number of items, 1 to 200; default 50.
    pub limit: Option<u32>,
}

/// Lists deliveries in one state, newest first; scheduled ones by the time they are due
#[utoipa::path(
    get, path = "/v1/deliveries", operation_id = "listDeliveries", tag = "deliveries", params(DeliveriesQuery), security(("api_key" = ["deliveries:read"])),
    responses((status = 200, body = Page<DeliveryOut>))
)]
pub async fn list(
    caller: LineCaller<{ Scope::DeliveriesRead as u8 }>,
    State(app): State<Arc<AppState>>,
    Query(query): Query<DeliveriesQuery>,
) -> Result<Json<Page<DeliveryOut>>, Problem> {
    let (limit, db, sent) = (limit(query.limit)?, &app.engine.db, query.cursor.as_deref());
    let after = || cursor(sent, |sent| sent.parse().ok());
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
        None => delivery_list::stuck(db, None, &filter, after()?, rows(limit)).await?,
        Some(DeliveryState::Scheduled) => return scheduled(db, &filter, sent, limit).await,
        Some(state) => delivery_list::in_state(db, state, &filter, after()?, rows(limit)).await?,
    };
    Ok(Json(page(found, limit, |delivery| delivery.id.to_string(), DeliveryOut::from)))
}

fn filter(zone: Tz, lines: &Lines, query: &DeliveriesQuery) -> Result<Filter, Problem> {
    let unknown = |kind: &str| {
        let detail = format!("There is no kind \"{}\".", kind.chars().take(40).collect::<String>());
        Problem::invalid_field("kind", detail, format!("Ask for one of {}.", Kind::ALL.map(Kind::as_str).join(", ")))
    };
    let kind = query.kind.as_deref().map(|kind| Kind::parse(kind).ok_or_else(|| unknown(kind))).transpose()?;
    Ok(Filter {
        connection: query.connection.as_ref().map(ConnectionId::from),
        kind,
        lines: lines.narrowed(query.line.as_deref().map(LineId::from).as_ref()),
        since: query.from.map(|from| from.0.since(zone)),
        until: query.until.map(|until| until.0.until(zone)),
    })
}

/// Lists scheduled deliveries in the order in which they are due.
async fn scheduled(db: &Db, filter: &Filter, sent: Option<&str>, limit: usize) -> Result<Json<Page<DeliveryOut>>, Problem> {
    let after = cursor(sent, DeliveryCursor::parse)?.unwrap_or_default();
    let mut found = delivery_list::scheduled(db, filter, &after, rows(limit)).await?;
    let more = found.len() > limit;
    found.truncate(limit);
    let next = found.last().filter(|_| more).map(|last| DeliveryCursor::of(last).text());
    Ok(Json(Page { items: found.into_iter().map(DeliveryOut::from).collect(), next }))
}

/// Gets a delivery with its attempts
#[utoipa::path(
    get, path = "/v1/deliveries/{id}", operation_id = "getDelivery", tag = "deliveries", security(("api_key" = ["deliveries:read"])),
    params(("id" = String, Path, description = "The delivery")),
    responses((status = 200, body = DeliveryWithAttempts), (status = 404, body = Problem))
)]
pub async fn one(
    caller: LineCaller<{ Scope::DeliveriesRead as u8 }>,
    State(app): State<Arc<AppState>>,
    PathId(id): PathId<DeliveryId>,
) -> Result<Json<DeliveryWithAttempts>, Problem> {
    must_be_theirs(&app, caller.lines(), id).await?;
    shown(&app, id).await
}

/// Keys that are limited to lines see only deliveries about rating requests of those lines.
async fn must_be_theirs(app: &AppState, lines: &Lines, id: DeliveryId) -> Result<(), Problem> {
    if *lines == Lines::All {
        return Ok(());
    }
    let request = delivery::find(&app.engine.db, id).await?.and_then(|delivery| delivery.request());
    let request = match request {
        Some(request) => rating_request::load(&app.engine.db, &[request]).await?.pop(),
        None => None,
    };
    let theirs = request.is_some_and(|request| lines.admit(&request.line_id));
    if theirs { Ok(()) } else { Err(Problem::missing(Thing::Delivery, id)) }
}

async fn shown(app: &AppState, id: DeliveryId) -> Result<Json<DeliveryWithAttempts>, Problem> {
    let delivery = delivery::find(&app.engine.db, id).await?.ok_or_else(|| Problem::missing(Thing::Delivery, id))?;
    let attempts = delivery::attempts(&app.engine.db, &[id]).await?.into_iter().map(AttemptOut::from).collect();
    Ok(Json(DeliveryWithAttempts { delivery: delivery.into(), attempts }))
}

/// Sends a stuck delivery again
///
/// At your risk: the message may then arrive twice.
#[utoipa::path(
    post, path = "/v1/deliveries/{id}/resend", operation_id = "resendDelivery", tag = "deliveries", security(("api_key" = ["deliveries:write"])),
    params(("id" = String, Path, description = "The delivery")),
    responses(
        (status = 200, body = DeliveryWithAttempts),
        (status = 404, body = Problem),
        (status = 409, description = "The delivery is not stuck", body = Problem),
    )
)]
pub async fn resend(
    caller: LineCaller<{ Scope::DeliveriesWrite as u8 }>,
    State(app): State<Arc<AppState>>,
    PathId(id): PathId<DeliveryId>,
) -> Result<Json<DeliveryWithAttempts>, Problem> {
    must_be_theirs(&app, caller.lines(), id).await?;
    let mended = mend_delivery::resend(&app.engine, &caller.by(), id, app.engine.now()).await?;
    answer(&app, id, mended, "Only one that is unknown, failed, dead, undeliverable or skipped can be sent again.").await
}

/// Dismisses a stuck delivery
///
/// The delivery is not sent again and no longer needs attention; its reason becomes `dismissed`. An answer or a report from
/// the platform can still prove that it arrived. Alerts it contained escalate to the next recipient.
#[utoipa::path(
    post, path = "/v1/deliveries/{id}/dismiss", operation_id = "dismissDelivery", tag = "deliveries", security(("api_key" = ["deliveries:write"])),
    params(("id" = String, Path, description = "The delivery")),
    responses(
        (status = 200, description = "The delivery as it is now", body = DeliveryWithAttempts),
        (status = 404, description = "No such delivery", body = Problem),
        (status = 409, description = "The delivery is not stuck", body = Problem),
    )
)]
pub async fn dismiss(
    caller: LineCaller<{ Scope::DeliveriesWrite as u8 }>,
    State(app): State<Arc<AppState>>,
    PathId(id): PathId<DeliveryId>,
) -> Result<Json<DeliveryWithAttempts>, Problem> {
    must_be_theirs(&app, caller.lines(), id).await?;
    let mended = mend_delivery::dismiss(&app.engine, &caller.by(), id, app.engine.now()).await?;
    answer(&app, id, mended, "Only one that is unknown, failed, dead or undeliverable, and not dismissed yet, can be dismissed.").await
}

/// Cancels a delivery that has not been sent yet
#[utoipa::path(
    post, path = "/v1/deliveries/{id}/cancel", operation_id = "cancelDelivery", tag = "deliveries", security(("api_key" = ["deliveries:write"])),
    params(("id" = String, Path, description = "The delivery")),
    responses(
        (status = 200, body = DeliveryWithAttempts),
        (status = 404, body = Problem),
        (status = 409, description = "The delivery was already sent or has ended", body = Problem),
    )
)]
pub async fn cancel(
    caller: LineCaller<{ Scope::DeliveriesWrite as u8 }>,
    State(app): State<Arc<AppState>>,
    PathId(id): PathId<DeliveryId>,
) -> Result<Json<DeliveryWithAttempts>, Problem> {
    must_be_theirs(&app, caller.lines(), id).await?;
    let mended = mend_delivery::cancel(&app.engine, &caller.by(), id, app.engine.now()).await?;
    answer(&app, id, mended, "Only deliveries that have not been sent yet can be canceled.").await
}

async fn answer(app: &AppState, id: DeliveryId, mended: Mended, rule: &str) -> Result<Json<DeliveryWithAttempts>, Problem> {
    match mended {
        Mended::Done => shown(app, id).await,
        Mended::Unknown => Err(Problem::missing(Thing::Delivery, id)),
        Mended::NotNow => {
            let Json(now) = shown(app, id).await?;
            Err(Problem::new(Code::Conflict, format!("The delivery is {}.", now.delivery.state)).remedy(rule).present(&now))
        }
    }
}
