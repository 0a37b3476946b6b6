//! A session: the outcomes of its closes, and its history.

use crate::api::ratings::{RatingRequestOut, ratings_of};
use crate::auth::LineCaller;
use crate::path::Path;
use crate::problem::{Code, Problem, Thing};
use crate::query::Query;
use crate::state::AppState;
use crate::timestamp::Timestamp;
use axum::Json;
use axum::extract::State;
use lastword_domain::access::api_key::Scope;
use lastword_life::session::explain::{self, Story};
use lastword_store::question::rating_request;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::{IntoParams, ToSchema};

/// An entry of a session's history.
#[derive(Debug, Serialize, ToSchema)]
pub struct SessionEntryOut {
    /// Time of the event.
    pub at: Timestamp,
    /// Description of the event, for people.
    pub text: String,
}

/// A session with the outcomes of its closes, and its history.
#[derive(Debug, Serialize, ToSchema)]
pub struct SessionOut {
    /// The program that reports it.
    pub source: String,
    /// Your ID of the session.
    pub session: String,
    /// ID of the line.
    pub line: String,
    /// `open`, `closed` or `merged`.
    pub status: String,
    /// Rating requests of its closes, oldest first.
    pub closes: Vec<RatingRequestOut>,
    /// History of the session, oldest first, for people.
    pub history: Vec<SessionEntryOut>,
}

/// The source of the session.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct SessionQuery {
    /// The program that reports it; needed only if several programs use the same ID.
    pub source: Option<String>,
}

/// Gets a session with its outcomes and its history
#[utoipa::path(
    get, path = "/v1/sessions/{id}", operation_id = "getSession", tag = "sessions", security(("api_key" = ["ratings:read"])),
    params(("id" = String, Path, description = "Your ID of the session"), SessionQuery),
    responses(
        (status = 200, body = SessionOut),
        (status = 404, body = Problem),
        (status = 409, description = "Several programs report a session with this ID; name the source", body = Problem),
    )
)]
pub async fn one(
    caller: LineCaller<{ Scope::RatingsRead as u8 }>,
    State(app): State<Arc<AppState>>,
    Path(id): Path<String>,
    Query(query): Query<SessionQuery>,
) -> Result<Json<SessionOut>, Problem> {
    let mut stories: Vec<Story> = explain::explain(&app.engine.db, &id.as_str().into()).await?;
    stories.retain(|story| query.source.as_ref().is_none_or(|source| *source == story.source) && caller.lines().admit(&story.line));
    if stories.len() > 1 {
        let sources: Vec<&str> = stories.iter().map(|story| story.source.as_str()).collect();
        let detail = format!("Several sources report a session with this ID: {}.", sources.join(", "));
        return Err(Problem::new(Code::Conflict, detail).field("source").remedy("Add ?source=… to the address."));
    }
    let story = stories.pop().ok_or_else(|| Problem::missing(Thing::Session, &id))?;
    let closes = rating_request::of_session(&app.engine.db, &story.source, &id.as_str().into()).await?;
    let mut ratings = ratings_of(&app, &closes).await?;
    let close = |request: rating_request::RatingRequest| {
        let rating = ratings.remove(&request.id);
        RatingRequestOut::new(request, rating)
    };
    Ok(Json(SessionOut {
        source: story.source.into(),
        session: story.session.into(),
        line: story.line.into(),
        status: story.status,
        closes: closes.into_iter().map(close).collect(),
        history: story.history.into_iter().map(|sentence| SessionEntryOut { at: Timestamp(sentence.at), text: sentence.text }).collect(),
    }))
}
