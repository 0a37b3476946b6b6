//! Asking the client while the session is open.

use crate::api::close::api_source;
use crate::api::rating_requests::not_asked;
use crate::api::request::fields::word;
use crate::api::request::limited::must_be_theirs;
use crate::auth::LineCaller;
use crate::json::Body;
use crate::path::Path;
use crate::problem::{Code, Problem};
use crate::state::AppState;
use crate::timestamp::Timestamp;
use axum::Json;
use axum::extract::State;
use lastword_domain::access::api_key::Scope;
use lastword_life::asking::while_talking::{AskedTalking, ask_while_talking};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::ToSchema;

/// The source of the session.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AskOpenBody {
    /// The program that reports it.
    #[serde(default = "api_source")]
    #[schema(default = "api")]
    pub source: String,
}

/// The question created while the session is open.
#[derive(Debug, Serialize, ToSchema)]
pub struct AskedOpen {
    /// Your ID of the session.
    pub session: String,
    /// ID of the rating request, which the next close of the session shares.
    pub rating_request: String,
    /// Time the question is sent.
    pub due_at: Option<Timestamp>,
    /// Time after which an answer is late.
    pub expires_at: Option<Timestamp>,
}

/// Asks the client while the session is open
///
/// Requires a line that asks during the conversation. This is the only question about the session's next close, which does
/// not ask again. The answer closes the session if the line is set to do so.
#[utoipa::path(
    post, path = "/v1/sessions/{id}/ask", operation_id = "askWhileTalking", tag = "sessions", request_body = AskOpenBody, security(("api_key" = ["sessions:write"])),
    params(("id" = String, Path, description = "Your ID of the session")),
    responses(
        (status = 200, description = "The client is asked", body = AskedOpen),
        (status = 404, description = "This session has not been reported", body = Problem),
        (status = 409, description = "The client is not asked; `detail` says why. Nothing was changed", body = Problem),
    )
)]
pub async fn ask(
    caller: LineCaller<{ Scope::SessionsWrite as u8 }>,
    State(app): State<Arc<AppState>>,
    Path(id): Path<String>,
    Body(body): Body<AskOpenBody>,
) -> Result<Json<AskedOpen>, Problem> {
    let (source, id) = (word("source", body.source)?.into(), id.into());
    must_be_theirs(&app, caller.lines(), &source, &id).await?;
    asked_open(ask_while_talking(&app.engine, &caller.by(), &source, &id, app.engine.now()).await?)
}

/// The response for the result of asking while the session is open.
pub(in crate::api) fn asked_open(asked: AskedTalking) -> Result<Json<AskedOpen>, Problem> {
    match asked {
        AskedTalking::Asked(request) => Ok(Json(AskedOpen {
            session: request.session_id.into(),
            rating_request: request.id.to_string(),
            due_at: request.due_at.map(Timestamp),
            expires_at: request.expires_at.map(Timestamp),
        })),
        AskedTalking::Not(reason) => Err(not_asked(reason.as_str())),
        AskedTalking::Unknown => {
            let problem = Problem::new(Code::NotFound, "This session has not been reported.");
            Err(problem.remedy("Report its opening first, with the same source, and with the client's connection and address."))
        }
    }
}
