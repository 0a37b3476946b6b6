//! `POST /v1/sessions/close`: sessions were closed. Answered after the commit.

use super::refused::note;
use super::request::fields::{
    AddressBody, CountBody, NoteOut, Notes, OrId, at_most, count, id, id_or_none, language_or_none, name, past_or_now, word, word_or_none,
};
use super::request::limited::must_be_theirs;
use super::request::who::{closed_by, operator, operators, whole};
use crate::json::{Batch, Sent, items_of};
use crate::middleware::auth::LineCaller;
use crate::problem::Problem;
use crate::state::AppState;
use crate::timestamp::Timestamp;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use lastword_contract::Address;
use lastword_domain::access::api_key::Scope;
use lastword_domain::question::outcome::NotAsked;
use lastword_domain::session::desk_page::desk_page;
use lastword_domain::session::label::Named;
use lastword_domain::session::{ClosedBy, Operator, Wish};
use lastword_life::Millis;
use lastword_life::connection::channels::Channels;
use lastword_life::engine::Engine;
use lastword_life::question::other_address::OtherAddress;
use lastword_life::session::close_batch::{Close, Closed};
use serde::de::{Unexpected, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;
use utoipa::ToSchema;

/// The call, as it is counted.
const CALL: &str = "POST /v1/sessions/close";
/// The most other addresses of one client.
const ADDRESSES_MAX: usize = 10;

/// A session was closed.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CloseBody {
    /// Who tells, where several programs do; session ids and event keys are its own.
    #[serde(default = "api_source")]
    #[schema(default = "api")]
    pub source: String,
    /// Your id of this event. The same key with the same body is the same event, however often it is sent.
    pub event_key: String,
    /// Your id of the session.
    pub session: String,
    /// The line.
    pub line: String,
    /// When it was closed.
    pub closed_at: Timestamp,
    /// When it began.
    #[serde(default)]
    pub opened_at: Option<Timestamp>,
    /// Who closed it. The words of many desks are taken too, such as `agent`; one that nobody knows is the operator, with a note.
    #[serde(default)]
    #[schema(value_type = ClosedBy)]
    pub closed_by: Option<String>,
    /// The responsible operator. Left out, it is who the session had before; where there was nobody, the client is not asked
    /// (`no_operator`) unless the line's `skip.no_operator` is off. A name that is left out stays as it is known. The id
    /// alone is taken too.
    #[serde(default)]
    #[schema(value_type = Option<Operator>)]
    pub operator: Option<OrId<Operator>>,
    /// All operators who wrote, people and programs. Who wrote says who handled the session; people are credited, and a program
    /// only where it was alone.
    #[serde(default)]
    #[schema(max_items = 50, value_type = Vec<Operator>)]
    pub operators: Vec<OrId<Operator>>,
    /// Your id of the client, the same over all channels: nobody is asked too often.
    #[serde(default)]
    pub client: Option<String>,
    /// The client's language, such as `en` or `pt-BR`.
    #[serde(default)]
    #[schema(max_length = 35)]
    pub language: Option<String>,
    /// The connection through which the conversation ran.
    #[serde(default)]
    pub connection: Option<String>,
    /// Where it took place. The chat alone is taken too.
    #[serde(default)]
    #[schema(value_type = Option<AddressBody>)]
    pub address: Option<OrId<AddressBody>>,
    /// Where else the client can be written to, at most ten: for lines with a fallback channel.
    #[serde(default)]
    #[schema(max_items = 10)]
    pub addresses: Vec<OtherAddressBody>,
    /// When the client last wrote, at most now. Some channels let us write only for a day after it; left out there, a template or
    /// the line's fallback channel goes first (`window_unknown`).
    #[serde(default)]
    pub last_client_message_at: Option<Timestamp>,
    /// How many messages operators wrote.
    #[serde(default)]
    #[schema(value_type = Option<u32>)]
    pub operator_messages: Option<CountBody>,
    /// How many messages the client wrote.
    #[serde(default)]
    #[schema(value_type = Option<u32>)]
    pub client_messages: Option<CountBody>,
    /// The client's name, for macros in replies.
    #[serde(default)]
    pub client_name: Option<String>,
    /// Web address of the chat's page at the desk; the rating links to it. Any other text is ignored.
    #[serde(default)]
    pub link: Option<String>,
    /// The client rated already, during the conversation.
    #[serde(default)]
    pub already_rated: bool,
    /// The labels of the session, of those that `sessions.labels` of the settings names.
    #[serde(default)]
    #[schema(max_items = 20)]
    pub labels: Vec<String>,
    /// Values of its fields, of those that `sessions.fields` of the settings names; a longer one is cut after 60 characters.
    #[serde(default)]
    pub fields: BTreeMap<String, String>,
    /// Whether the client is asked: `true`, also where the line's own preferences speak against it (sampling, silent or short chats,
    /// time-outs, bots); `false`, and the outcome is `not_asked` with the reason `by_choice`; or `"auto"`, as the line says.
    #[serde(default)]
    #[schema(value_type = AskSchema, default = "auto")]
    pub ask: AskBody,
    /// Why it is so, in your words, up to 200 characters.
    #[serde(default)]
    pub ask_reason: Option<String>,
}

/// Whether the client is asked: `true`, `false` or `"auto"`, which is as the line says.
#[derive(Clone, Copy, Debug, Default)]
pub struct AskBody(Wish);

impl<'de> Deserialize<'de> for AskBody {
    fn deserialize<D: Deserializer<'de>>(source: D) -> Result<Self, D::Error> {
        struct Ask;
        impl Visitor<'_> for Ask {
            type Value = AskBody;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("true, false or \"auto\"")
            }

            fn visit_bool<E: serde::de::Error>(self, ask: bool) -> Result<AskBody, E> {
                Ok(AskBody(if ask { Wish::Ask } else { Wish::Keep }))
            }

            fn visit_str<E: serde::de::Error>(self, word: &str) -> Result<AskBody, E> {
                if word == "auto" { Ok(AskBody(Wish::Auto)) } else { Err(E::invalid_value(Unexpected::Str(word), &self)) }
            }
        }
        source.deserialize_any(Ask)
    }
}

/// In the description of the API: one of a flag and a word.
#[derive(ToSchema)]
#[schema(as = AskBody)]
#[serde(untagged)]
pub enum AskSchema {
    /// Ask, or do not ask.
    Wanted(bool),
    /// `auto`: as the line says.
    Word(String),
}

/// Another address of the client.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OtherAddressBody {
    /// The connection.
    pub connection: String,
    /// The address.
    #[schema(value_type = AddressBody)]
    pub address: OrId<AddressBody>,
}

pub(in crate::api) fn api_source() -> String {
    "api".to_owned()
}

/// One close, or a list of up to 1,000.
#[derive(ToSchema)]
#[schema(as = Closes)]
#[serde(untagged)]
pub enum ClosesBody {
    /// One.
    One(Box<CloseBody>),
    /// Several: each is right or wrong for itself.
    Many(Vec<CloseBody>),
}

/// What became of a close.
#[derive(Debug, Serialize, ToSchema)]
pub struct CloseReceipt {
    /// Your id of the event.
    pub event_key: String,
    /// Your id of the session.
    pub session: String,
    /// `kept`; `already_closed`: the session was closed before, and nobody wrote since, so it stays the close of the rating request
    /// that is named; or `stale`: overtaken by a newer event of the session. The latter two are only noted in the session's story.
    pub result: &'static str,
    /// It was told before; this is what was answered then.
    pub repeated: bool,
    /// The rating request of this close.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rating_request: Option<String>,
    /// `ask`, `not_asked`, or `asked`: the client was asked while the session was open, and nothing more is sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decision: Option<&'static str>,
    /// When the question leaves.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due_at: Option<Timestamp>,
    /// Why the client is not asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// What was mended in what you sent, so that it could be taken: a name that was too long was cut.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub notes: Vec<NoteOut>,
    /// What to send, or to set on the line, so that the client is asked the next time; where something was left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remedy: Option<&'static str>,
}

/// What became of one close of a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct CloseItem {
    /// 202, or the status that the close would have got alone.
    pub status: u16,
    /// What became of it, where it was taken.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub close: Option<CloseReceipt>,
    /// What is wrong with it, where it was not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub problem: Option<Problem>,
}

/// What became of a list of closes.
#[derive(Debug, Serialize, ToSchema)]
pub struct CloseReceipts {
    /// How many were taken. They are kept for good.
    pub accepted: usize,
    /// How many were not. Nothing of them was kept.
    pub refused: usize,
    /// One for each close, in order.
    pub items: Vec<CloseItem>,
}

/// What became of one close, or of a list.
#[derive(ToSchema)]
#[schema(as = ClosesAnswer)]
#[serde(untagged)]
pub enum ClosesAnswer {
    /// Of one.
    One(CloseReceipt),
    /// Of a list.
    Many(CloseReceipts),
}

/// Sessions were closed
///
/// One object, or a list of up to 1,000, of which each is right or wrong for itself. Kept for good when it is answered.
#[utoipa::path(
    post, path = "/v1/sessions/close", operation_id = "closeSessions", tag = "sessions", request_body = ClosesBody, security(("api_key" = ["sessions:write"])),
    responses(
        (status = 202, description = "Kept. For a list: look at `refused`", body = ClosesAnswer),
        (status = 422, description = "Not kept: a field is wrong, the line is unknown, or the event key was used for another body", body = Problem),
    )
)]
pub async fn close(
    caller: LineCaller<{ Scope::SessionsWrite as u8 }>,
    State(app): State<Arc<AppState>>,
    sent: Sent<Batch<CloseBody>>,
) -> Result<Response, Problem> {
    let batch = match sent.read {
        Ok(batch) => batch,
        Err(problem) => {
            note(&app, caller.program(), CALL, &[(&problem, &sent.words)]).await;
            return Err(problem);
        }
    };
    let is_list = batch.is_list;
    let results = close_all(&app, &caller, batch).await?;
    if results.iter().any(Result::is_err) {
        let each = items_of(&sent.words);
        let refused: Vec<_> = results.iter().zip(each).filter_map(|(result, words)| Some((result.as_ref().err()?, words))).collect();
        note(&app, caller.program(), CALL, &refused).await;
    }
    if !is_list {
        let one = results.into_iter().next();
        return Ok((StatusCode::ACCEPTED, Json(one.ok_or_else(Problem::internal)??)).into_response());
    }
    let items: Vec<CloseItem> = results
        .into_iter()
        .map(|result| match result {
            Ok(close) => CloseItem { status: 202, close: Some(close), problem: None },
            Err(problem) => CloseItem { status: problem.status, close: None, problem: Some(problem) },
        })
        .collect();
    let refused = items.iter().filter(|item| item.problem.is_some()).count();
    Ok((StatusCode::ACCEPTED, Json(CloseReceipts { accepted: items.len() - refused, refused, items })).into_response())
}

/// What the answer to a close says of it besides what became of it.
struct CloseNotes {
    event_key: String,
    line: String,
    notes: Vec<NoteOut>,
}

/// What became of each close, in order.
async fn close_all(
    app: &AppState,
    caller: &LineCaller<{ Scope::SessionsWrite as u8 }>,
    batch: Batch<CloseBody>,
) -> Result<Vec<Result<CloseReceipt, Problem>>, Problem> {
    let (now, is_list) = (app.engine.now(), batch.is_list);
    let mut closes = Vec::with_capacity(batch.items.len());
    let mut items: Vec<Result<CloseNotes, Problem>> = Vec::with_capacity(batch.items.len());
    for (at, (item, hash)) in batch.items.into_iter().zip(batch.hashes).enumerate() {
        let within = if is_list { format!("[{at}]") } else { String::new() };
        let checked = match item {
            Ok(body) => admitted(app, caller, body, hash, now).await.map_err(|problem| problem.within(&within)),
            Err(problem) => Err(problem),
        };
        items.push(checked.map(|(close, notes)| {
            let told = CloseNotes { event_key: close.event_key.clone(), line: close.line_id.clone(), notes };
            closes.push(close);
            told
        }));
    }
    let sessions: Vec<String> = closes.iter().map(|close| close.session_id.clone()).collect();
    let closed = if closes.is_empty() { Vec::new() } else { app.closes.run(closes).await? };
    let mut closed = closed.into_iter().zip(sessions);
    let results = items.into_iter().enumerate().map(|(at, item)| {
        let CloseNotes { event_key, line, notes } = item?;
        let (closed, session) = closed.next().ok_or_else(Problem::internal)?;
        let within = if is_list { format!("[{at}]") } else { String::new() };
        let taken = taken(closed, event_key, session, &line).map_err(|problem| problem.within(&within))?;
        Ok(CloseReceipt { notes, ..taken })
    });
    Ok(results.collect())
}

/// The close, if it is right and the key may tell of it.
async fn admitted(
    app: &AppState,
    caller: &LineCaller<{ Scope::SessionsWrite as u8 }>,
    body: CloseBody,
    hash: String,
    now: Millis,
) -> Result<(Close, Vec<NoteOut>), Problem> {
    let (close, notes) = check(body, hash, &app.engine, now)?;
    caller.must_admit("line", &close.line_id)?;
    must_be_theirs(app, caller.lines(), &close.source, &close.session_id).await?;
    Ok((close, notes))
}

fn taken(closed: Closed, event_key: String, session: String, line: &str) -> Result<CloseReceipt, Problem> {
    let stale = |event_key, session| CloseReceipt {
        event_key,
        session,
        result: "stale",
        repeated: false,
        rating_request: None,
        decision: None,
        due_at: None,
        reason: None,
        notes: Vec::new(),
        remedy: None,
    };
    match closed {
        Closed::Kept { rating_request, decision, repeated } => Ok(CloseReceipt {
            result: "kept",
            repeated,
            rating_request: Some(rating_request),
            decision: Some(if decision.is_ok() { "ask" } else { "not_asked" }),
            due_at: decision.as_ref().ok().map(|&at| Timestamp(at)),
            remedy: decision.as_ref().err().and_then(|reason| NotAsked::parse(reason)).and_then(remedy),
            reason: decision.err(),
            ..stale(event_key, session)
        }),
        Closed::AskedBefore { rating_request, repeated } => {
            let (rating_request, decision) = (Some(rating_request), Some("asked"));
            Ok(CloseReceipt { result: "kept", repeated, rating_request, decision, ..stale(event_key, session) })
        }
        Closed::AlreadyClosed { rating_request, repeated } => {
            let rating_request = Some(rating_request);
            Ok(CloseReceipt { result: "already_closed", repeated, rating_request, ..stale(event_key, session) })
        }
        Closed::Stale => Ok(stale(event_key, session)),
        Closed::KeyReused => Err(Problem::key_reused("event_key")),
        Closed::UnknownLine => Err(Problem::unknown_line("line", line)),
    }
}

/// What was left out of a close that is not asked about.
fn remedy(reason: NotAsked) -> Option<&'static str> {
    match reason {
        NotAsked::NoOperator => {
            Some("Name the operator in `operator`, or switch `skip.no_operator` off on the line to ask about closes without one.")
        }
        NotAsked::NoClient => Some("Send `connection` and `address`: where the conversation took place."),
        _ => None,
    }
}

/// The close, if every field has its form or could be mended; and what was mended.
fn check(body: CloseBody, body_hash: String, engine: &Engine, now: Millis) -> Result<(Close, Vec<NoteOut>), Problem> {
    let (channels, named) = (&*engine.channels, &engine.options.named);
    let mut notes = Notes::default();
    let closed_at = past_or_now("closed_at", body.closed_at, now, &mut notes)?;
    let opened_at = body.opened_at.map(|at| past_or_now("opened_at", at, now, &mut notes)).transpose()?;
    if opened_at.is_some_and(|opened_at| opened_at > closed_at) {
        let detail = "closed_at is before opened_at.";
        return Err(Problem::invalid_field("closed_at", detail, "Send both times of the same session, each with its time zone."));
    }
    let (connection, address) = place(body.connection, body.address.map(AddressBody::of), channels)?;
    let close = Close {
        source: word("source", body.source)?,
        event_key: id("event_key", body.event_key, &mut notes)?,
        body_hash,
        session_id: id("session", body.session, &mut notes)?,
        line_id: word("line", body.line)?,
        closed_at,
        opened_at,
        closed_by: closed_by(body.closed_by, &mut notes),
        operator: body.operator.map(|one| operator("operator", whole(one), &mut notes)).transpose()?,
        operators: operators(body.operators, &mut notes)?,
        client: id_or_none("client", body.client, &mut notes)?,
        language: language_or_none("language", body.language, &mut notes),
        connection,
        address,
        addresses: addresses(at_most("addresses", ADDRESSES_MAX, body.addresses, &mut notes), channels)?,
        last_client_message_at: body
            .last_client_message_at
            .map(|at| past_or_now("last_client_message_at", at, now, &mut notes))
            .transpose()?,
        operator_messages: count("operator_messages", body.operator_messages, &mut notes),
        client_messages: count("client_messages", body.client_messages, &mut notes),
        client_name: name("client_name", body.client_name, &mut notes),
        already_rated: body.already_rated,
        labels: named.labels(body.labels).map_err(|unknown| not_named("labels", "label", &unknown, named))?,
        fields: named.fields(body.fields).map_err(|unknown| not_named("fields", "field", &unknown, named))?,
        wish: body.ask.0,
        wish_reason: name("ask_reason", body.ask_reason, &mut notes),
        desk_page: body.link.as_deref().and_then(desk_page),
    };
    Ok((close, notes.all()))
}

/// A label or field that no admin named.
fn not_named(field: &str, what: &str, unknown: &str, named: &Named) -> Problem {
    let unknown: String = unknown.chars().take(40).collect();
    let remedy = format!("Leave it out, or name it in sessions.{field} of the settings. Now {}.", named.in_words());
    Problem::invalid_field(field, format!("There is no {what} \"{unknown}\"."), remedy)
}

/// Where a conversation took place: a connection that is there, and named wherever an address is.
pub(super) fn place(
    connection: Option<String>,
    address: Option<AddressBody>,
    channels: &Channels,
) -> Result<(Option<String>, Option<Address>), Problem> {
    let connection = word_or_none("connection", connection)?;
    let address = match (&connection, address) {
        (Some(name), address) => {
            let channel = channels.get(name).ok_or_else(|| Problem::unknown_connection("connection", name))?;
            address.map(|address| address.check(&**channel)).transpose()?
        }
        (None, Some(_)) => {
            let problem = Problem::new(crate::problem::Code::MissingField, "An address needs its connection.");
            return Err(problem.field("connection").remedy("Name the connection the conversation went through."));
        }
        (None, None) => None,
    };
    Ok((connection, address))
}

fn addresses(addresses: Vec<OtherAddressBody>, channels: &Channels) -> Result<Vec<OtherAddress>, Problem> {
    let check = |(at, other): (usize, OtherAddressBody)| {
        let within = format!("addresses[{at}]");
        let connection = word("connection", other.connection).map_err(|problem| problem.within(&within))?;
        let Some(channel) = channels.get(&connection) else {
            return Err(Problem::unknown_connection("connection", &connection).within(&within));
        };
        let address = AddressBody::of(other.address).check(&**channel).map_err(|problem| problem.within(&within))?;
        Ok(OtherAddress { connection, address })
    };
    addresses.into_iter().enumerate().map(check).collect()
}
