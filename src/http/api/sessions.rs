//! Calls about sessions, other than the close. Reading a session's history and asking while it is open are in `story` and `ask`.

pub mod ask;
pub mod operators;
pub mod story;

use super::close::{api_source, place};
use super::refused::note;
use super::request::fields::{AddressBody, Notes, id, language_or_none, past, word, word_or_none};
use super::request::limited::must_be_theirs;
use super::request::who;
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
use lastword_life::session::change::{SessionChange, change_session};
use lastword_life::session::event::{EventEnvelope, EventResult};
use lastword_life::session::message::Writer;
use lastword_life::session::open::Opening;
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
#[schema(as = MessageAuthor)]
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

/// What every body says about its event.
struct Told {
    source: String,
    event_key: String,
    session: String,
    at: Timestamp,
}

/// The event of a body.
macro_rules! told {
    ($body:ident) => {
        Told { source: $body.source, event_key: $body.event_key, session: $body.session, at: $body.at }
    };
}

/// Applies the change that `read` finds in the body. If it is refused, the body is stored.
async fn report<B>(
    app: &AppState,
    caller: &Teller,
    call: &'static str,
    sent: Sent<Event<B>>,
    read: impl FnOnce(B) -> Result<(Told, SessionChange), Problem>,
) -> Answer {
    let change = sent.read.and_then(|event| Ok((read(event.value)?, event.hash)));
    let answer = match change {
        Ok(((told, change), hash)) => apply(app, caller, told, change, hash).await,
        Err(problem) => Err(problem),
    };
    if let Err(problem) = &answer {
        note(app, caller.program(), call, &[(problem, &sent.words)]).await;
    }
    answer
}

async fn apply(app: &AppState, caller: &Teller, told: Told, change: SessionChange, body_hash: String) -> Answer {
    let line = change.line().cloned();
    line.as_ref().map_or(Ok(()), |line| caller.must_admit("line", line.as_str()))?;
    let told = EventEnvelope {
        source: word("source", told.source)?.into(),
        event_key: id("event_key", told.event_key, &mut Notes::default())?,
        body_hash,
        session_id: id("session", told.session, &mut Notes::default())?.into(),
        occurred_at: past("at", told.at, app.engine.now())?,
    };
    must_be_theirs(app, caller.lines(), &told.source, &told.session_id).await?;
    if let SessionChange::Merged { into } = &change {
        must_be_theirs(app, caller.lines(), &told.source, into).await?;
    }
    let taken = change_session(&app.engine, told.clone(), change, app.engine.now()).await?;
    answer(taken, told, line.as_ref().map_or("", LineId::as_str))
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

fn read_operator(operator: Option<Operator>) -> Result<Option<Operator>, Problem> {
    operator.map(|one| who::operator("operator", one, &mut Notes::default())).transpose()
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
    report(&app, &caller, "POST /v1/sessions/open", sent, |body| {
        let (connection, address) = place(body.connection, body.address, &app.engine.channels)?;
        let opening = Opening {
            line_id: word("line", body.line)?.into(),
            operator: read_operator(body.operator)?,
            client: word_or_none("client", body.client)?.map(ClientId::from),
            language: language_or_none("language", body.language, &mut Notes::default()),
            connection,
            address,
        };
        Ok((told!(body), SessionChange::Opened(opening)))
    })
    .await
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
    report(&app, &caller, "POST /v1/sessions/message", sent, |body| {
        let writer = match body.by {
            WriterWord::Client => Writer::Client,
            WriterWord::Operator => Writer::Operator(read_operator(body.operator)?),
        };
        Ok((told!(body), SessionChange::Wrote(writer)))
    })
    .await
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
    report(&app, &caller, "POST /v1/sessions/reopen", sent, |body| Ok((told!(body), SessionChange::Reopened))).await
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
    report(&app, &caller, "POST /v1/sessions/reassign", sent, |body| {
        if body.operator.is_none() && body.line.is_none() {
            let problem = Problem::new(Code::MissingField, "Neither a new operator nor a new line is named.");
            return Err(problem.field("operator").remedy("Send operator, line, or both."));
        }
        let operator = read_operator(body.operator)?;
        let line = body.line.map(|line| word("line", line)).transpose()?.map(LineId::from);
        Ok((told!(body), SessionChange::Reassigned { operator, line }))
    })
    .await
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
    report(&app, &caller, "POST /v1/sessions/merge", sent, |body| {
        let into = SessionId::from(word("into", body.into)?);
        if into == body.session {
            return Err(Problem::invalid_field("into", "A session cannot be merged into itself.", "Name the session that remains."));
        }
        Ok((told!(body), SessionChange::Merged { into }))
    })
    .await
}
