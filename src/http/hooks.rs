//! Webhooks at `/hooks/{connection}`. A request is verified by its channel or desk and stored before it is answered.

use super::json::{self, BodyLimit};
use super::listener::Place;
use super::middleware::client_ip::ClientIp;
use super::problem::{Code, Problem};
use super::state::AppState;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Extension, Router};
use lastword_base::names::ConnectionId;
use lastword_contract::{Channel, Desk, Headers, Heard, RawRequest, Received, Rejected, SendError, Verdict};
use lastword_domain::connection::refusals::{UNREADABLE, cause};
use lastword_life::connection::watch::write_heard;
use lastword_life::desk::events::{Closes, DeskEventResult, hear};
use lastword_life::facts::inbound::{AcceptResult, Arrived};
use lastword_life::records::refused_call::{Unusable, keep_unsigned, keep_unusable};
use lastword_life::session::close_batch::{Close, Closed};
use lastword_life::shared_account::forward_outbox::keep_empty;
use lastword_life::shared_account::unreadable::keep_unreadable;
use lastword_store::StoreError;
use std::net::IpAddr;
use std::sync::Arc;

/// Routes of the webhooks. Every channel authenticates its callers.
pub fn routes(app: &Arc<AppState>) -> Router<Arc<AppState>> {
    Router::new()
        .route("/hooks/{connection}", get(take).post(take))
        .route("/hooks/{connection}/{path}", get(take_at).post(take_at))
        .layer(Extension(BodyLimit(app.body_max.hook)))
}

async fn take(state: State<Arc<AppState>>, Path(connection): Path<ConnectionId>, request: Request) -> Result<Response, Problem> {
    take_from(state, connection, None, request).await
}

/// For callers whose only credential is a secret URL.
async fn take_at(
    state: State<Arc<AppState>>,
    Path((connection, path)): Path<(ConnectionId, String)>,
    request: Request,
) -> Result<Response, Problem> {
    take_from(state, connection, Some(path), request).await
}

async fn take_from(
    State(app): State<Arc<AppState>>,
    connection: ConnectionId,
    path: Option<String>,
    request: Request,
) -> Result<Response, Problem> {
    let Some(channel) = app.engine.channels.get(&connection) else { return Err(Problem::not_found()) };
    let (ip, place) = (ClientIp::of(request.extensions()).0, request.extensions().get::<Arc<Place>>().cloned());
    let raw = raw(&app, path, request).await?;
    let hash = json::hash(&raw.body);
    let desk = app.engine.desks.get(&connection).map(|at_desk| at_desk.desk.clone());
    let refused = match &desk {
        Some(desk) => prepared(&app, &connection, &**desk, (&raw, ip)).await?,
        None => None,
    };
    // A desk that is also a channel reports chats and answers at one URL; each part reads its own.
    let (heard, received) = match (&desk, refused) {
        (_, Some(rejected)) => (Err(rejected), Received::default()),
        (Some(desk), None) => (desk.receive(&raw).map(Some), channel.receive(&raw).unwrap_or_default()),
        (None, None) => match channel.receive(&raw) {
            Ok(received) => (Ok(None), received),
            Err(rejected) => (Err(rejected), Received::default()),
        },
    };
    match heard {
        Ok(heard) => {
            if let Some(place) = place {
                place.vouch();
            }
            let words = desk.as_ref().map(|_| raw.body.clone());
            let answer = keep(&app, &connection, channel, received, raw, &hash).await?;
            match (desk, heard, words) {
                // Boxed because this future is twice as large as the rest, and every tap would carry it along.
                (Some(desk), Some(heard), Some(words)) => Box::pin(hear_all(&app, &connection, &*desk, heard, &words)).await,
                _ => {
                    note_accepted(&app, &connection).await;
                    Ok(answer)
                }
            }
        }
        Err(Rejected::Unsigned(why)) => {
            app.metrics.inbound_rejected(connection.as_str(), "unsigned");
            // Only unsigned calls are limited, so that unauthenticated callers at the address of a platform or proxy do not
            // delay answers.
            let counted = app.limits.unauthenticated.take(ip, app.engine.now());
            counted.map_err(|too_soon| too_soon.problem("Too many calls without a right signature came from this address."))?;
            tracing::warn!(connection = connection.as_str(), why, "refused a call without a valid signature");
            note_unsigned(&app, &connection, why).await;
            Err(Problem::not_signed(why))
        }
        Err(Rejected::Unreadable(why)) => {
            tracing::warn!(
                connection = connection.as_str(),
                why,
                "could not read an update from the platform; it is stored in the inbox as unreadable"
            );
            app.metrics.inbound_rejected(connection.as_str(), "unreadable");
            app.engine.hearing.failed(&connection, why.clone(), app.engine.now());
            let fault = Fault { code: UNREADABLE, field: None, detail: why };
            note(&app, &connection, &raw.body, vec![fault]).await;
            keep_unreadable(&app.engine, &connection, &hash, raw).await?;
            Ok(().into_response())
        }
        Err(Rejected::NotHere) => Err(Problem::not_found()),
    }
}

/// Lets a desk load what it needs to identify the caller. A call that fails here counts as unsigned. The limit of unsigned calls also
/// limits how often an address can make us call the desk's servers.
async fn prepared(
    app: &AppState,
    connection: &ConnectionId,
    desk: &dyn Desk,
    (raw, ip): (&RawRequest, IpAddr),
) -> Result<Option<Rejected>, Problem> {
    if desk.tries_tokens(raw)
        && let Err(too_soon) = app.limits.unauthenticated.ask(ip, app.engine.now())
    {
        app.metrics.inbound_rejected(connection.as_str(), "unsigned");
        return Err(too_soon.problem("Too many calls without a right signature came from this address."));
    }
    let Err(SendError { kind, verdict, detail }) = desk.prepare(raw).await else { return Ok(None) };
    tracing::warn!(connection = connection.as_str(), kind, detail, "could not accept a call from a desk");
    match verdict {
        Verdict::RetryAfter(_) | Verdict::RetryBackoff | Verdict::CannotKnow => {
            app.metrics.inbound_rejected(connection.as_str(), "not_now");
            Err(Problem::new(Code::Busy, "This could not be taken now.").remedy("Send it again.").retry_after(1))
        }
        _ => Ok(Some(Rejected::Unsigned(kind))),
    }
}

/// Commits the closes of desks together with those of other callers.
struct Together<'a>(&'a AppState);

impl Closes for Together<'_> {
    async fn close(&self, closes: Vec<Close>) -> Result<Vec<Closed>, StoreError> {
        self.0.closes.run(closes).await.map_err(|error| StoreError::Driver(error.to_string()))
    }
}

/// Processes the events of a desk. Unusable events are stored for people to look at, because the desk would only send the same again.
async fn hear_all(
    app: &Arc<AppState>,
    connection: &ConnectionId,
    desk: &dyn Desk,
    heard: Heard,
    words: &[u8],
) -> Result<Response, Problem> {
    let became = hear(&app.engine, connection, heard.events, &Together(app), app.engine.now()).await.map_err(|error| {
        if !error.is_read_only() {
            tracing::error!(%error, connection = connection.as_str(), kind = desk.kind(), "could not store events of a desk; they are resent or found later");
        }
        Problem::new(Code::Busy, "This could not be kept.").remedy("Send it again.").retry_after(1)
    })?;
    let now = app.engine.now();
    app.engine.hearing.heard(connection, now);
    let faults = became.into_iter().filter_map(|became| match became {
        DeskEventResult::Refused(field, detail) => Some(Fault { code: "not_usable", field: Some(field), detail }),
        DeskEventResult::Kept(_) | DeskEventResult::Nothing => None,
    });
    let faults: Vec<Fault> = faults.collect();
    if faults.is_empty() {
        note_accepted(app, connection).await;
    }
    note(app, connection, words, faults).await;
    let is_json = heard.reply.starts_with(['{', '[']);
    let kind = if is_json { "application/json" } else { "text/plain; charset=utf-8" };
    Ok(([(header::CONTENT_TYPE, kind)], heard.reply).into_response())
}

/// Stores at once that a call was accepted after a refused one: `doctor` compares the two.
async fn note_accepted(app: &AppState, connection: &ConnectionId) {
    if !app.engine.hearing.accepted(connection) {
        return;
    }
    let now = app.engine.now();
    app.engine.hearing.heard(connection, now);
    if let Err(error) = write_heard(&app.engine, connection, now).await {
        tracing::warn!(%error, connection = connection.as_str(), "could not record that a call was accepted after a refused one");
    }
}

/// Stores why a call was refused, once per reason. The body is not stored, because the caller is unknown.
async fn note_unsigned(app: &AppState, connection: &ConnectionId, why: &'static str) {
    let now = app.engine.now();
    app.engine.hearing.refused(connection);
    app.engine.hearing.failed(connection, cause(why).trim_end_matches('.').to_owned(), now);
    if app.limits.refusals.take(format!("unsigned:{connection}").as_str(), now).is_err() {
        return;
    }
    if let Err(error) = keep_unsigned(&app.engine, connection, why, now).await {
        tracing::warn!(%error, connection = connection.as_str(), "could not store why a call was refused");
    }
}

/// A problem with a call, or with an event of a desk.
struct Fault {
    code: &'static str,
    field: Option<&'static str>,
    detail: String,
}

/// Stores what we could not use, with its body. Failing to do so does not fail the response.
async fn note(app: &AppState, connection: &ConnectionId, words: &[u8], faults: Vec<Fault>) {
    let several = faults.len() > 1;
    if !faults.is_empty() {
        app.engine.hearing.refused(connection);
    }
    let unusable = faults.into_iter().map(|Fault { code, field, detail }| {
        tracing::warn!(connection = connection.as_str(), why = detail, "could not use what a call said; see the list of refused calls");
        app.metrics.call_refused("POST /hooks", code);
        let whole = [words, detail.as_bytes()].concat();
        // Several entries of one request are separate faults.
        let hash = json::hash(if several { &whole } else { words });
        Unusable { code, field, detail, words: String::from_utf8_lossy(words).into_owned(), hash }
    });
    if let Err(error) = keep_unusable(&app.engine, connection, unusable.collect(), app.engine.now()).await {
        tracing::warn!(%error, connection = connection.as_str(), "could not store what could not be used");
    }
}

/// The request exactly as it was received: signatures cover its bytes.
async fn raw(app: &AppState, path: Option<String>, request: Request) -> Result<RawRequest, Problem> {
    let method = request.method().as_str().to_owned();
    let query = request.uri().query().unwrap_or_default().to_owned();
    let headers = headers(request.headers(), path);
    let body = json::bytes(request).await?.to_vec();
    Ok(RawRequest { method, query, headers, body, received_at: app.engine.now() })
}

/// All headers, except ours that only the middleware may set for a channel.
fn headers(headers: &HeaderMap, path: Option<String>) -> Headers {
    let outside = headers.iter().filter(|(name, _)| !name.as_str().starts_with("x-lastword-"));
    let outside = outside.map(|(name, value)| (name.as_str(), value.as_bytes().iter().copied().map(char::from).collect::<String>()));
    Headers::new(outside.chain(path.map(|path| ("x-lastword-path", path))))
}

async fn keep(
    app: &Arc<AppState>,
    connection: &ConnectionId,
    channel: Arc<dyn Channel>,
    received: Received,
    raw: RawRequest,
    hash: &str,
) -> Result<Response, Problem> {
    if !received.events.is_empty() {
        let came = app.engine.channels.desk(connection).map(|_| Arc::new(raw));
        let arrived = received.events.into_iter().map(|inbound| Arrived {
            connection: connection.clone(),
            inbound,
            body_hash: hash.to_owned(),
            came: came.clone(),
            form: None,
        });
        let taken = app.answers.run(arrived.collect()).await.map_err(|error| {
            if !error.is_read_only() {
                tracing::error!(%error, connection = connection.as_str(), "could not store an update from a platform; the platform will send it again");
            }
            Problem::new(Code::Busy, "This could not be saved.").remedy("Send it again.").retry_after(1)
        })?;
        acknowledge(channel, taken);
    } else if received.reply.is_empty() {
        keep_empty(&app.engine, connection, raw).await?;
    }
    Ok(received.reply.into_response())
}

/// Stops the platform's progress indicators. The response does not wait for it.
fn acknowledge(channel: Arc<dyn Channel>, taken: Vec<AcceptResult>) {
    let presses: Vec<(String, String)> = taken.into_iter().filter_map(|taken| taken.acknowledge).collect();
    if presses.is_empty() {
        return;
    }
    tokio::spawn(async move {
        for (press_id, word) in presses {
            channel.acknowledge(&press_id, &word).await;
        }
    });
}
