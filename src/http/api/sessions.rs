//! Calls about sessions, other than the close. Reading a session's history and asking while it is open are in `story` and `ask`.

pub mod ask;
pub mod operators;
pub mod story;

use super::close::{api_source, place};
use super::refused::note;
use super::request::fields::{AddressBody, Notes, id, language_or_none, past, word, word_or_none};
use super::request::limited::must_be_theirs;
use super::request::who::operator;
use crate::auth::LineCaller;
use crate::json::{Event, Sent};
use crate::problem::{Code, Problem};
use crate::state::AppState;
use crate::timestamp::Timestamp;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use lastword_base::names::{ClientId, LineId, SessionId};
use lastword_domain::access::api_key::Scope;
use lastword_domain::session::Operator;
use lastword_life::session::event::{EventEnvelope, EventResult};
use lastword_life::session::merge::merge_session;
use lastword_life::session::message::{Writer, note_message};
use lastword_life::session::open::{Opening, open_session};
use lastword_life::session::reassign::reassign_session;
use lastword_life::session::reopen::reopen_session;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::ToSchema;

/// A new session.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OpenBody {
    /// The reporting program.
    #[serde(default = "api_source")]
    #[schema(default = "api")]
    pub source: String,
    /// Your ID of this event.
    pub event_key: String,
    /// Your ID of the session.
    pub session: String,
    /// Time of the event.
    pub at: Timestamp,
    /// ID of the line.
    pub line: String,
    /// The operator who answers.
    #[serde(default)]
    pub operator: Option<Operator>,
    /// Your ID of the client, the same on all channels.
    #[serde(default)]
    pub client: Option<String>,
    /// Language of the client, such as `en` or `pt-BR`.
    #[serde(default)]
    pub language: Option<String>,
    /// Connection used by the conversation. Together with `address`, it allows asking the client while the session is open
    /// and when an idle timer closes it.
    #[serde(default)]
    pub connection: Option<String>,
    /// Address of the conversation.
    #[serde(default)]
    pub address: Option<AddressBody>,
}

/// Author of a message.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum WriterWord {
    /// The client.
    Client,
    /// An operator.
    Operator,
}

/// A message in a session.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MessageBody {
    /// The reporting program.
    #[serde(default = "api_source")]
    #[schema(default = "api")]
    pub source: String,
    /// Your ID of this event.
    pub event_key: String,
    /// Your ID of the session.
    pub session: String,
    /// Time of the event.
    pub at: Timestamp,
    /// Author of the message. The text is not sent to us.
    pub by: WriterWord,
    /// The operator who wrote.
    #[serde(default)]
    pub operator: Option<Operator>,
}

/// A session that was reopened.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReopenBody {
    /// The reporting program.
    #[serde(default = "api_source")]
    #[schema(default = "api")]
    pub source: String,
    /// Your ID of this event.
    pub event_key: String,
    /// Your ID of the session.
    pub session: String,
    /// Time of the event.
    pub at: Timestamp,
}

/// A session with a new operator, a new line, or both.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReassignBody {
    /// The reporting program.
    #[serde(default = "api_source")]
    #[schema(default = "api")]
    pub source: String,
    /// Your ID of this event.
    pub event_key: String,
    /// Your ID of the session.
    pub session: String,
    /// Time of the event.
    pub at: Timestamp,
    /// The new responsible operator.
    #[serde(default)]
    pub operator: Option<Operator>,
    /// The new line.
    #[serde(default)]
    pub line: Option<String>,
}

/// A session that was merged into another one.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MergeBody {
    /// The reporting program.
    #[serde(default = "api_source")]
    #[schema(default = "api")]
    pub source: String,
    /// Your ID of this event.
    pub event_key: String,
    /// Your ID of the session that no longer exists.
    pub session: String,
    /// Time of the event.
    pub at: Timestamp,
    /// Your ID of the session that remains.
    pub into: String,
}

/// Result of an event.
#[derive(Debug, Serialize, ToSchema)]
pub struct EventReceipt {
    /// Your ID of the event.
    pub event_key: String,
    /// Your ID of the session.
    pub session: String,
    /// `applied`, `repeated` (already reported), or `stale` (overtaken by a newer event and only recorded in the session's history).
    pub result: &'static str,
}

/// Response to an event.
type Answer = Result<(StatusCode, Json<EventReceipt>), Problem>;
/// A program that reports sessions.
type Teller = LineCaller<{ Scope::SessionsWrite as u8 }>;

/// Returns the response; if it is a refusal, the request body is stored.
async fn noted(app: &AppState, caller: &Teller, call: &'static str, answer: Answer, words: &[u8]) -> Answer {
    if let Err(problem) = &answer {
        note(app, caller.program(), call, &[(problem, words)]).await;
    }
    answer
}

async fn told(
    app: &AppState,
    caller: &Teller,
    source: String,
    event_key: String,
    session: String,
    at: Timestamp,
    body_hash: String,
) -> Result<EventEnvelope, Problem> {
    let told = EventEnvelope {
        source: word("source", source)?.into(),
        event_key: id("event_key", event_key, &mut Notes::default())?,
        body_hash,
        session_id: id("session", session, &mut Notes::default())?.into(),
        occurred_at: past("at", at, app.engine.now())?,
    };
    must_be_theirs(app, caller.lines(), &told.source, &told.session_id).await?;
    Ok(told)
}

fn answer(taken: EventResult, told: EventEnvelope, line: &str) -> Answer {
    match taken {
        EventResult::Applied | EventResult::Repeated | EventResult::Stale => Ok((
            StatusCode::ACCEPTED,
            Json(EventReceipt { event_key: told.event_key, session: told.session_id.into(), result: taken.as_str() }),
        )),
        EventResult::KeyReused => Err(Problem::key_reused("event_key")),
        EventResult::UnknownLine => Err(Problem::unknown_line("line", line)),
        EventResult::UnknownSession => {
            let detail = "This session has not been reported.";
            Err(Problem::new(Code::NotFound, detail).field("session").remedy("Report its opening or close first, with the same source."))
        }
    }
}

/// Reports a new session
///
/// Optional, because a close contains everything. It records when the chat began, allows the line's idle timer to close the
/// session, and allows asking the client while it is open. A closed session is opened again.
#[utoipa::path(
    post, path = "/v1/sessions/open", operation_id = "openSession", tag = "sessions", request_body = OpenBody, security(("api_key" = ["sessions:write"])),
    responses((status = 202, body = EventReceipt), (status = 422, body = Problem))
)]
pub async fn open(
    caller: LineCaller<{ Scope::SessionsWrite as u8 }>,
    State(app): State<Arc<AppState>>,
    sent: Sent<Event<OpenBody>>,
) -> Answer {
    let answer = match sent.read {
        Ok(event) => open_it(&app, &caller, event).await,
        Err(problem) => Err(problem),
    };
    noted(&app, &caller, "POST /v1/sessions/open", answer, &sent.words).await
}

async fn open_it(app: &AppState, caller: &Teller, event: Event<OpenBody>) -> Answer {
    let body = event.value;
    let (connection, address) = place(body.connection, body.address, &app.engine.channels)?;
    let notes = &mut Notes::default();
    let opening = Opening {
        line_id: word("line", body.line)?.into(),
        operator: body.operator.map(|one| operator("operator", one, notes)).transpose()?,
        client: word_or_none("client", body.client)?.map(ClientId::from),
        language: language_or_none("language", body.language, notes),
        connection,
        address,
    };
    let line = opening.line_id.clone();
    caller.must_admit("line", line.as_str())?;
    let told = told(app, caller, body.source, body.event_key, body.session, body.at, event.hash).await?;
    let taken = open_session(&app.engine, told.clone(), opening, app.engine.now()).await?;
    answer(taken, told, line.as_str())
}

/// Reports a message in a session
///
/// Not required for asking. Restarts the line's idle timer. A later close counts as new even if you never report
/// reopenings. The text of the message is not sent to us.
#[utoipa::path(
    post, path = "/v1/sessions/message", operation_id = "noteMessage", tag = "sessions", request_body = MessageBody, security(("api_key" = ["sessions:write"])),
    responses((status = 202, body = EventReceipt), (status = 404, body = Problem), (status = 422, body = Problem))
)]
pub async fn message(
    caller: LineCaller<{ Scope::SessionsWrite as u8 }>,
    State(app): State<Arc<AppState>>,
    sent: Sent<Event<MessageBody>>,
) -> Answer {
    let answer = match sent.read {
        Ok(event) => message_it(&app, &caller, event).await,
        Err(problem) => Err(problem),
    };
    noted(&app, &caller, "POST /v1/sessions/message", answer, &sent.words).await
}

async fn message_it(app: &AppState, caller: &Teller, event: Event<MessageBody>) -> Answer {
    let body = event.value;
    let writer = match body.by {
        WriterWord::Client => Writer::Client,
        WriterWord::Operator => Writer::Operator(body.operator.map(|one| operator("operator", one, &mut Notes::default())).transpose()?),
    };
    let told = told(app, caller, body.source, body.event_key, body.session, body.at, event.hash).await?;
    let taken = note_message(&app.engine, told.clone(), writer, app.engine.now()).await?;
    answer(taken, told, "")
}

/// Reports that a session was reopened
///
/// Ends its open question. A question that was not sent yet is canceled, and the client may be asked at the next close. If
/// it was sent, its buttons are removed, a late tap does not count, and texts from the client go to the desk. An existing
/// rating is kept.
#[utoipa::path(
    post, path = "/v1/sessions/reopen", operation_id = "reopenSession", tag = "sessions", request_body = ReopenBody, security(("api_key" = ["sessions:write"])),
    responses((status = 202, body = EventReceipt), (status = 404, body = Problem), (status = 422, body = Problem))
)]
pub async fn reopen(
    caller: LineCaller<{ Scope::SessionsWrite as u8 }>,
    State(app): State<Arc<AppState>>,
    sent: Sent<Event<ReopenBody>>,
) -> Answer {
    let answer = match sent.read {
        Ok(event) => reopen_it(&app, &caller, event).await,
        Err(problem) => Err(problem),
    };
    noted(&app, &caller, "POST /v1/sessions/reopen", answer, &sent.words).await
}

async fn reopen_it(app: &AppState, caller: &Teller, event: Event<ReopenBody>) -> Answer {
    let body = event.value;
    let told = told(app, caller, body.source, body.event_key, body.session, body.at, event.hash).await?;
    let taken = reopen_session(&app.engine, told.clone(), app.engine.now()).await?;
    answer(taken, told, "")
}

/// Reports that a session has a new operator or line
///
/// Earlier ratings keep their operator and line.
#[utoipa::path(
    post, path = "/v1/sessions/reassign", operation_id = "reassignSession", tag = "sessions", request_body = ReassignBody, security(("api_key" = ["sessions:write"])),
    responses((status = 202, body = EventReceipt), (status = 404, body = Problem), (status = 422, body = Problem))
)]
pub async fn reassign(
    caller: LineCaller<{ Scope::SessionsWrite as u8 }>,
    State(app): State<Arc<AppState>>,
    sent: Sent<Event<ReassignBody>>,
) -> Answer {
    let answer = match sent.read {
        Ok(event) => reassign_it(&app, &caller, event).await,
        Err(problem) => Err(problem),
    };
    noted(&app, &caller, "POST /v1/sessions/reassign", answer, &sent.words).await
}

async fn reassign_it(app: &AppState, caller: &Teller, event: Event<ReassignBody>) -> Answer {
    let body = event.value;
    if body.operator.is_none() && body.line.is_none() {
        let problem = Problem::new(Code::MissingField, "Neither a new operator nor a new line is named.");
        return Err(problem.field("operator").remedy("Send operator, line, or both."));
    }
    let new_operator = body.operator.map(|one| operator("operator", one, &mut Notes::default())).transpose()?;
    let line = body.line.map(|line| word("line", line)).transpose()?;
    line.as_deref().map_or(Ok(()), |line| caller.must_admit("line", line))?;
    let told = told(app, caller, body.source, body.event_key, body.session, body.at, event.hash).await?;
    let taken = reassign_session(&app.engine, told.clone(), new_operator, line.clone().map(LineId::from), app.engine.now()).await?;
    answer(taken, told, line.as_deref().unwrap_or_default())
}

/// Reports that a session was merged into another one
///
/// The client is asked about the session that remains.
#[utoipa::path(
    post, path = "/v1/sessions/merge", operation_id = "mergeSession", tag = "sessions", request_body = MergeBody, security(("api_key" = ["sessions:write"])),
    responses((status = 202, body = EventReceipt), (status = 404, body = Problem), (status = 422, body = Problem))
)]
pub async fn merge(
    caller: LineCaller<{ Scope::SessionsWrite as u8 }>,
    State(app): State<Arc<AppState>>,
    sent: Sent<Event<MergeBody>>,
) -> Answer {
    let answer = match sent.read {
        Ok(event) => merge_it(&app, &caller, event).await,
        Err(problem) => Err(problem),
    };
    noted(&app, &caller, "POST /v1/sessions/merge", answer, &sent.words).await
}

async fn merge_it(app: &AppState, caller: &Teller, event: Event<MergeBody>) -> Answer {
    let body = event.value;
    let into = SessionId::from(word("into", body.into)?);
    if into == body.session {
        return Err(Problem::invalid_field("into", "A session cannot be merged into itself.", "Name the session that remains."));
    }
    let told = told(app, caller, body.source, body.event_key, body.session, body.at, event.hash).await?;
    must_be_theirs(app, caller.lines(), &told.source, &into).await?;
    let taken = merge_session(&app.engine, told.clone(), into, app.engine.now()).await?;
    answer(taken, told, "")
}
