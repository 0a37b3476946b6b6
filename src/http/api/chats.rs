//! The built-in web chat from the operator's side: list conversations, read and write messages, close. For desks without a
//! chat of their own and for small programs that answer visitors.

use super::request::fields::{Notes, word};
use super::request::page::limit;
use super::request::who::operator;
use super::sessions::ask::{AskedOpen, asked_open};
use crate::auth::Caller;
use crate::json::Body;
use crate::path::Path;
use crate::problem::{Code, Problem, Thing};
use crate::query::Query;
use crate::state::AppState;
use crate::timestamp::Timestamp;
use axum::Json;
use axum::extract::State;
use lastword_base::names::{ChatId, ConnectionId};
use lastword_domain::access::api_key::Scope;
use lastword_domain::session::{Operator, SessionStatus};
use lastword_life::asking::while_talking::{AskedTalking, NotWhileTalking, ask_while_talking};
use lastword_life::session::close_batch::Closed;
use lastword_life::session::web_chat::{TEXT_CHARS_MAX, current_session, operator_closes, operator_writes};
use lastword_store::session::{mail, visitor};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::sync::Arc;
use utoipa::{IntoParams, ToSchema};

/// A conversation with one visitor.
#[derive(Debug, Serialize, ToSchema)]
pub struct ChatOut {
    /// ID of the visitor.
    pub visitor: String,
    /// Sequence number of the newest message.
    pub newest: i64,
    /// ID of the visitor's current or last session.
    pub session: Option<String>,
    /// True if the session is open.
    pub open: bool,
}

/// Conversations of a web chat.
#[derive(Debug, Serialize, ToSchema)]
pub struct ChatsOut {
    /// The conversations, latest activity first.
    pub items: Vec<ChatOut>,
}

/// Filter of the list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ChatsQuery {
    /// Connection of the web chat.
    pub connection: String,
    /// Only conversations with a message after this time.
    pub since: Option<Timestamp>,
    /// Maximum number of items, 1 to 200; default 50.
    pub limit: Option<u32>,
}

/// Lists the conversations of a web chat, latest activity first
#[utoipa::path(
    get, path = "/v1/chats", operation_id = "listChats", tag = "chats", params(ChatsQuery), security(("api_key" = ["chats:write"])),
    responses((status = 200, body = ChatsOut), (status = 422, body = Problem))
)]
pub async fn list(
    _: Caller<{ Scope::ChatsWrite as u8 }>,
    State(app): State<Arc<AppState>>,
    Query(query): Query<ChatsQuery>,
) -> Result<Json<ChatsOut>, Problem> {
    if app.sites.get(&query.connection).is_none() {
        return Err(Problem::unknown_connection("connection", &query.connection));
    }
    let most = i64::try_from(limit(query.limit)?).unwrap_or(i64::MAX);
    let since = query.since.map_or(0, |since| since.0);
    let connection = query.connection.into();
    let mut items = Vec::new();
    for (visitor, newest) in mail::conversations(&app.engine.db, &connection, since, most).await? {
        let session = current_session(&app.engine, &connection, &visitor).await?;
        let open = session.as_ref().is_some_and(|session| session.status == SessionStatus::Open);
        items.push(ChatOut { visitor: visitor.into(), newest, session: session.map(|session| session.id).map(String::from), open });
    }
    Ok(Json(ChatsOut { items }))
}

/// A message of a conversation.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ChatMessage)]
pub struct MessageOut {
    /// Sequence number; greater than that of every earlier message.
    pub seq: i64,
    /// Time the message was written.
    pub at: Timestamp,
    /// `message`, `question` (the rating question) or `settle` (the text that replaced the question).
    pub kind: String,
    /// Author of a message: `visitor` or `operator`.
    pub from: Option<String>,
    /// Name of the operator.
    pub name: Option<String>,
    /// Text of the message.
    pub text: String,
}

/// Messages of a conversation.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ChatMessages)]
pub struct MessagesOut {
    /// The messages, oldest first.
    pub items: Vec<MessageOut>,
}

/// Filter of the list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct MessagesQuery {
    /// Only messages with a greater sequence number.
    #[serde(default)]
    pub after: i64,
    /// Maximum number of messages; the newest are returned. 1 to 200, default 50.
    pub limit: Option<u32>,
}

/// Lists the messages of a conversation
#[utoipa::path(
    get, path = "/v1/chats/{connection}/{visitor}/messages", operation_id = "listChatMessages", tag = "chats", security(("api_key" = ["chats:write"])),
    params(MessagesQuery, ("connection" = String, Path, description = "The web chat"), ("visitor" = String, Path, description = "The visitor")),
    responses((status = 200, body = MessagesOut), (status = 404, body = Problem))
)]
pub async fn messages(
    _: Caller<{ Scope::ChatsWrite as u8 }>,
    State(app): State<Arc<AppState>>,
    Path((connection, visitor)): Path<(ConnectionId, ChatId)>,
    Query(query): Query<MessagesQuery>,
) -> Result<Json<MessagesOut>, Problem> {
    must_be_there(&app, &connection, &visitor).await?;
    let most = i64::try_from(limit(query.limit)?).unwrap_or(i64::MAX);
    let mail = mail::after(&app.engine.db, &connection, &visitor, query.after.max(0), most).await?;
    Ok(Json(MessagesOut { items: mail.iter().filter_map(message).collect() }))
}

fn message(mail: &mail::Mail) -> Option<MessageOut> {
    let frame: Value = serde_json::from_str(&mail.body).ok()?;
    let word = |name: &str| frame.get(name).and_then(Value::as_str).map(str::to_owned);
    Some(MessageOut {
        seq: mail.seq,
        at: Timestamp(mail.put_at),
        kind: word("kind")?,
        from: word("from"),
        name: word("name"),
        text: word("text")?,
    })
}

/// A message from an operator.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChatMessageBody {
    /// Your ID of this message; use the same key for retries. A repeated key is the same message.
    pub event_key: String,
    /// Author; the visitor sees the name.
    pub operator: Operator,
    /// Text, up to 4,000 characters.
    #[schema(min_length = 1, max_length = 4000)]
    pub text: String,
}

/// Result of sending a message.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ChatMessageKept)]
pub struct Written {
    /// Always true: the message is stored in the conversation.
    pub kept: bool,
}

/// Sends an operator's message to a visitor
///
/// The visitor sees it immediately, or on the next visit.
#[utoipa::path(
    post, path = "/v1/chats/{connection}/{visitor}/messages", operation_id = "sendChatMessage", tag = "chats", request_body = ChatMessageBody, security(("api_key" = ["chats:write"])),
    params(("connection" = String, Path, description = "The web chat"), ("visitor" = String, Path, description = "The visitor")),
    responses((status = 200, body = Written), (status = 404, body = Problem), (status = 422, body = Problem))
)]
pub async fn write(
    _: Caller<{ Scope::ChatsWrite as u8 }>,
    State(app): State<Arc<AppState>>,
    Path((connection, visitor)): Path<(ConnectionId, ChatId)>,
    Body(body): Body<ChatMessageBody>,
) -> Result<Json<Written>, Problem> {
    must_be_there(&app, &connection, &visitor).await?;
    let key = format!("operator:{}", word("event_key", body.event_key)?);
    let operator = operator("operator", body.operator, &mut Notes::default())?;
    if body.text.trim().is_empty() || body.text.chars().count() > TEXT_CHARS_MAX || body.text.contains('\0') {
        let remedy = format!("Send 1 to {TEXT_CHARS_MAX} characters, without NUL.");
        return Err(Problem::invalid_field("text", "text cannot be shown to the visitor.", remedy));
    }
    operator_writes(&app.engine, &connection, &visitor, &operator, &key, &body.text, app.engine.now()).await?;
    Ok(Json(Written { kept: true }))
}

/// The operator who closes the chat.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChatCloseBody {
    /// The operator; the rating is credited to them.
    pub operator: Operator,
}

/// Result of closing a chat.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ChatClosed)]
pub struct ClosedOut {
    /// ID of the rating request of this close.
    pub rating_request: String,
    /// True if the visitor is asked.
    pub asked: bool,
    /// Reason why the visitor is not asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String, required = false)]
    pub reason: Option<String>,
}

/// Closes a chat
///
/// The rating question appears in the visitor's window immediately.
#[utoipa::path(
    post, path = "/v1/chats/{connection}/{visitor}/close", operation_id = "closeChat", tag = "chats", request_body = ChatCloseBody, security(("api_key" = ["chats:write"])),
    params(("connection" = String, Path, description = "The web chat"), ("visitor" = String, Path, description = "The visitor")),
    responses((status = 200, body = ClosedOut), (status = 404, body = Problem), (status = 409, body = Problem))
)]
pub async fn close(
    _: Caller<{ Scope::ChatsWrite as u8 }>,
    State(app): State<Arc<AppState>>,
    Path((connection, visitor)): Path<(ConnectionId, ChatId)>,
    Body(body): Body<ChatCloseBody>,
) -> Result<Json<ClosedOut>, Problem> {
    must_be_there(&app, &connection, &visitor).await?;
    let operator = operator("operator", body.operator, &mut Notes::default())?;
    match operator_closes(&app.engine, &connection, &visitor, &operator, app.engine.now()).await? {
        Some(Closed::Kept { rating_request, decision, .. }) => {
            Ok(Json(ClosedOut { rating_request: rating_request.to_string(), asked: decision.is_ok(), reason: decision.err() }))
        }
        Some(Closed::AskedBefore { rating_request, .. }) => {
            Ok(Json(ClosedOut { rating_request: rating_request.to_string(), asked: true, reason: None }))
        }
        Some(Closed::UnknownLine) => {
            let line = app.sites.get(connection.as_str()).map(|site| site.line().to_owned()).unwrap_or_default();
            Err(Problem::unknown_line("connection", &line))
        }
        Some(Closed::AlreadyClosed { .. } | Closed::Stale | Closed::KeyReused) | None => {
            Err(Problem::new(Code::Conflict, "This visitor has no open chat."))
        }
    }
}

/// Asks the visitor while the chat is open
///
/// Requires a line that asks during the conversation. The question appears in the visitor's window immediately and is the
/// only one about this chat.
#[utoipa::path(
    post, path = "/v1/chats/{connection}/{visitor}/ask", operation_id = "askVisitor", tag = "chats", security(("api_key" = ["chats:write"])),
    params(("connection" = String, Path, description = "The web chat"), ("visitor" = String, Path, description = "The visitor")),
    responses(
        (status = 200, description = "The visitor is asked", body = AskedOpen),
        (status = 404, description = "No such visitor", body = Problem),
        (status = 409, description = "The visitor is not asked; `detail` says why. Nothing was changed", body = Problem),
    )
)]
pub async fn ask(
    caller: Caller<{ Scope::ChatsWrite as u8 }>,
    State(app): State<Arc<AppState>>,
    Path((connection, visitor)): Path<(ConnectionId, ChatId)>,
) -> Result<Json<AskedOpen>, Problem> {
    must_be_there(&app, &connection, &visitor).await?;
    let engine = &app.engine;
    let asked = match current_session(engine, &connection, &visitor).await? {
        Some(session) => ask_while_talking(engine, &caller.by(), &session.source, &session.id, engine.now()).await?,
        None => AskedTalking::Not(NotWhileTalking::SessionNotOpen),
    };
    asked_open(asked)
}

async fn must_be_there(app: &AppState, connection: &ConnectionId, visitor: &ChatId) -> Result<(), Problem> {
    if app.sites.get(connection.as_str()).is_none() {
        return Err(Problem::missing(Thing::Connection, connection.as_str()));
    }
    visitor::find(&app.engine.db, connection, visitor).await?.map(drop).ok_or_else(|| Problem::missing(Thing::Chat, visitor.as_str()))
}
