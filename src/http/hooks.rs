//! What platforms post to `/hooks/{connection}`: checked by the channel, kept, and only then answered.

use super::client_ip::ClientIp;
use super::doors::Doors;
use super::json::{self, BodyLimit};
use super::listener::Place;
use super::problem::{Code, Problem};
use crate::life::accept_answer::{Arrived, Taken};
use crate::life::keep_for_desk::keep_empty;
use crate::life::keep_unreadable::keep_unreadable;
use axum::extract::{Path, Request, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Extension, Router};
use lastword_contract::{Channel, Headers, RawRequest, Received, Rejected};
use std::sync::Arc;

/// The address of platforms. Every channel checks who calls.
pub fn routes(doors: &Arc<Doors>) -> Router<Arc<Doors>> {
    Router::new().route("/hooks/{connection}", get(take).post(take)).layer(Extension(BodyLimit(doors.body_max.hook)))
}

async fn take(State(doors): State<Arc<Doors>>, Path(connection): Path<String>, request: Request) -> Result<Response, Problem> {
    let Some(channel) = doors.engine.channels.get(&connection).cloned() else { return Err(Problem::not_found()) };
    let (ip, place) = (ClientIp::of(request.extensions()).0, request.extensions().get::<Arc<Place>>().cloned());
    let raw = raw(&doors, request).await?;
    let hash = json::hash(&raw.body);
    match channel.receive(&raw) {
        Ok(received) => {
            if let Some(place) = place {
                place.vouch();
            }
            keep(&doors, &connection, channel, received, raw, &hash).await
        }
        Err(Rejected::Unsigned(why)) => {
            doors.metrics.inbound_rejected(&connection, "unsigned");
            // Only what is not signed counts: strangers at a platform's address, or at a proxy's, hold up no answer.
            let counted = doors.limits.strangers.take(ip, doors.engine.now());
            counted.map_err(|too_soon| too_soon.problem("Too many calls without a right signature came from this address."))?;
            tracing::warn!(connection, why, "a call that the platform has not signed was refused");
            Err(Problem::not_signed())
        }
        Err(Rejected::Unreadable(why)) => {
            tracing::warn!(connection, why, "what the platform told cannot be read; it is kept in the inbox as unreadable");
            doors.metrics.inbound_rejected(&connection, "unreadable");
            keep_unreadable(&doors.engine, &connection, &hash, raw).await?;
            Ok(().into_response())
        }
        Err(Rejected::NotHere) => Err(Problem::not_found()),
    }
}

/// The call exactly as it came: signatures are over its bytes.
async fn raw(doors: &Doors, request: Request) -> Result<RawRequest, Problem> {
    let method = request.method().as_str().to_owned();
    let query = request.uri().query().unwrap_or_default().to_owned();
    let headers = headers(request.headers());
    let body = json::bytes(request).await?.to_vec();
    Ok(RawRequest { method, query, headers, body, received_at: doors.engine.now() })
}

/// All headers, but those of ours in which only the edge may speak to a channel.
fn headers(headers: &HeaderMap) -> Headers {
    let outside = headers.iter().filter(|(name, _)| !name.as_str().starts_with("x-lastword-"));
    Headers::new(outside.map(|(name, value)| (name.as_str(), value.as_bytes().iter().copied().map(char::from).collect::<String>())))
}

async fn keep(
    doors: &Arc<Doors>,
    connection: &str,
    channel: Arc<dyn Channel>,
    received: Received,
    raw: RawRequest,
    hash: &str,
) -> Result<Response, Problem> {
    if !received.events.is_empty() {
        let came = doors.engine.channels.desk(connection).map(|_| Arc::new(raw));
        let arrived = received.events.into_iter().map(|inbound| Arrived {
            connection: connection.to_owned(),
            inbound,
            body_hash: hash.to_owned(),
            came: came.clone(),
        });
        let taken = doors.answers.run(arrived.collect()).await.map_err(|error| {
            tracing::error!(%error, connection, "what a platform told could not be kept; it will tell it again");
            Problem::new(Code::Busy, "This could not be kept.").remedy("Send it again.").retry_after(1)
        })?;
        acknowledge(channel, taken);
    } else if received.reply.is_empty() {
        keep_empty(&doors.engine, connection, raw).await?;
    }
    Ok(received.reply.into_response())
}

/// Stops the platform's spinners. The answer to the call does not wait for it.
fn acknowledge(channel: Arc<dyn Channel>, taken: Vec<Taken>) {
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
