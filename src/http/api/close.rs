//! `POST /v1/sessions/close`: reports closed sessions. The response is sent after the commit.

pub mod receipt;

use super::refused::note;
use super::request::fields::{
    AddressBody, CountBody, NoteOut, Notes, OrId, at_most, count, id, id_or_none, language_or_none, name, past_or_now, word, word_or_none,
};
use super::request::limited::must_be_theirs;
use super::request::who::{closed_by, operator, operators, whole};
use crate::auth::LineCaller;
use crate::json::{Batch, Sent, items_of};
use crate::problem::Problem;
use crate::state::AppState;
use crate::timestamp::Timestamp;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use lastword_base::names::{ClientId, ConnectionId};
use lastword_contract::Address;
use lastword_domain::access::api_key::Scope;
use lastword_domain::session::desk_page::desk_page;
use lastword_domain::session::label::Named;
use lastword_domain::session::{ClosedBy, Operator, Wish};
use lastword_life::Millis;
use lastword_life::engine::Engine;
use lastword_life::engine::channels::Channels;
use lastword_life::engine::other_address::OtherAddress;
use lastword_life::session::close_batch::Close;
use receipt::{CloseItem, CloseReceipt, CloseReceipts, ClosesAnswer};
use serde::de::{Unexpected, Visitor};
use serde::{Deserialize, Deserializer};
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;
use utoipa::ToSchema;

/// Label of this call in metrics and in the list of refused calls.
const CALL: &str = "POST /v1/sessions/close";
/// Maximum number of other addresses of a client.
const ADDRESSES_MAX: usize = 10;

/// A closed session.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CloseBody {
    /// The reporting program, if several report. Session IDs and event keys are unique per source.
    #[serde(default = "api_source")]
    #[schema(default = "api")]
    pub source: String,
    /// Your ID of this event. The same key with the same body is the same event, however often it is sent.
    pub event_key: String,
    /// Your ID of the session.
    pub session: String,
    /// ID of the line.
    pub line: String,
    /// Time of the close.
    pub closed_at: Timestamp,
    /// Time the session was opened.
    #[serde(default)]
    pub opened_at: Option<Timestamp>,
    /// Who closed the session. Values of many desks are accepted, such as `agent`; an unknown value counts as the operator,
    /// with a note.
    #[serde(default)]
    #[schema(value_type = ClosedBy)]
    pub closed_by: Option<String>,
    /// The responsible operator, as an object or as an ID alone. Default: the session's previous operator. If there is
    /// none, the client is not asked (`no_operator`) unless the line's `skip.no_operator` is off. If the name is missing,
    /// the known name is kept.
    #[serde(default)]
    #[schema(value_type = Option<Operator>)]
    pub operator: Option<OrId<Operator>>,
    /// All operators who wrote, people and programs. They determine who handled the session. A close is credited to people;
    /// to a program only if no person wrote.
    #[serde(default)]
    #[schema(max_items = 50, value_type = Vec<Operator>)]
    pub operators: Vec<OrId<Operator>>,
    /// Your ID of the client, the same on all channels. It limits how often a client is asked.
    #[serde(default)]
    pub client: Option<String>,
    /// Language of the client, such as `en` or `pt-BR`.
    #[serde(default)]
    #[schema(max_length = 35)]
    pub language: Option<String>,
    /// Connection used by the conversation.
    #[serde(default)]
    pub connection: Option<String>,
    /// Address of the conversation, as an object or as the chat alone.
    #[serde(default)]
    #[schema(value_type = Option<AddressBody>)]
    pub address: Option<OrId<AddressBody>>,
    /// Other addresses of the client, at most ten, for lines with a fallback channel.
    #[serde(default)]
    #[schema(max_items = 10)]
    pub addresses: Vec<OtherAddressBody>,
    /// Time of the client's last message; later times are capped at now. Some channels allow messages only for a day after
    /// it. If it is missing on such a channel, a template or the line's fallback channel is tried first (`window_unknown`).
    #[serde(default)]
    pub last_client_message_at: Option<Timestamp>,
    /// Number of messages from operators.
    #[serde(default)]
    #[schema(value_type = Option<u32>)]
    pub operator_messages: Option<CountBody>,
    /// Number of messages from the client.
    #[serde(default)]
    #[schema(value_type = Option<u32>)]
    pub client_messages: Option<CountBody>,
    /// Name of the client, for macros in replies.
    #[serde(default)]
    pub client_name: Option<String>,
    /// URL of the chat at the desk, linked from the rating. Any other text is ignored.
    #[serde(default)]
    pub link: Option<String>,
    /// True if the client has already rated during the conversation.
    #[serde(default)]
    pub already_rated: bool,
    /// Labels of the session; they must be named in `sessions.labels` of the settings.
    #[serde(default)]
    #[schema(max_items = 20)]
    pub labels: Vec<String>,
    /// Values of fields; the fields must be named in `sessions.fields` of the settings. Values are cut after 60 characters.
    #[serde(default)]
    pub fields: BTreeMap<String, String>,
    /// Whether to ask the client. `true` overrides the line's preferences (sampling, silent or short chats, timeouts,
    /// bots). `false` ends the request as `not_asked` with the reason `by_choice`. `"auto"` follows the line's settings.
    #[serde(default)]
    #[schema(value_type = AskSchema, default = "auto")]
    pub ask: AskBody,
    /// Reason for the choice, up to 200 characters.
    #[serde(default)]
    pub ask_reason: Option<String>,
}

/// Whether to ask the client: `true`, `false`, or `"auto"` to follow the line's settings.
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

/// Schema of `ask` in the API description: a boolean or a string.
#[derive(ToSchema)]
#[schema(as = AskBody)]
#[serde(untagged)]
pub enum AskSchema {
    /// True to ask, false not to ask.
    Wanted(bool),
    /// `auto`: follow the line's settings.
    Word(String),
}

/// Another address of the client.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OtherAddressBody {
    /// Connection of the address.
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
#[schema(as = CloseRequest)]
#[serde(untagged)]
pub enum ClosesBody {
    /// One close.
    One(Box<CloseBody>),
    /// Several closes; each is accepted or refused on its own.
    Many(Vec<CloseBody>),
}

/// Reports closed sessions
///
/// Accepts one object, or a list of up to 1,000 of which each is accepted or refused on its own. The response is sent after the commit.
#[utoipa::path(
    post, path = "/v1/sessions/close", operation_id = "closeSessions", tag = "sessions", request_body = ClosesBody, security(("api_key" = ["sessions:write"])),
    responses(
        (status = 202, description = "Accepted. For a list, check `refused`", body = ClosesAnswer),
        (status = 422, description = "Refused: invalid field, unknown line, or event key reused with another body", body = Problem),
    )
)]
pub async fn close(
    caller: LineCaller<{ Scope::SessionsWrite as u8 }>,
    State(app): State<Arc<AppState>>,
    sent: Sent<Batch<CloseBody>>,
) -> Result<(StatusCode, Json<ClosesAnswer>), Problem> {
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
        let one = results.into_iter().next().ok_or_else(Problem::internal)??;
        return Ok((StatusCode::ACCEPTED, Json(ClosesAnswer::One(one))));
    }
    let items: Vec<CloseItem> = results
        .into_iter()
        .map(|result| match result {
            Ok(close) => CloseItem { status: 202, close: Some(close), problem: None },
            Err(problem) => CloseItem { status: problem.status, close: None, problem: Some(problem) },
        })
        .collect();
    let refused = items.iter().filter(|item| item.problem.is_some()).count();
    let all = CloseReceipts { accepted: items.len() - refused, refused, items };
    Ok((StatusCode::ACCEPTED, Json(ClosesAnswer::Many(all))))
}

/// Parts of the response to a close that are known before it is committed.
struct CloseNotes {
    event_key: String,
    line: String,
    notes: Vec<NoteOut>,
}

/// Closes the sessions; returns one result per close, in order.
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
            let told = CloseNotes { event_key: close.event_key.clone(), line: close.line_id.to_string(), notes };
            closes.push(close);
            told
        }));
    }
    let sessions: Vec<String> = closes.iter().map(|close| close.session_id.to_string()).collect();
    let closed = if closes.is_empty() { Vec::new() } else { app.closes.run(closes).await? };
    let mut closed = closed.into_iter().zip(sessions);
    let results = items.into_iter().enumerate().map(|(at, item)| {
        let CloseNotes { event_key, line, notes } = item?;
        let (closed, session) = closed.next().ok_or_else(Problem::internal)?;
        let within = if is_list { format!("[{at}]") } else { String::new() };
        let receipt = receipt::of(closed, event_key, session, &line).map_err(|problem| problem.within(&within))?;
        Ok(CloseReceipt { notes, ..receipt })
    });
    Ok(results.collect())
}

/// Checks the close and that the key is allowed to report it.
async fn admitted(
    app: &AppState,
    caller: &LineCaller<{ Scope::SessionsWrite as u8 }>,
    body: CloseBody,
    hash: String,
    now: Millis,
) -> Result<(Close, Vec<NoteOut>), Problem> {
    let (close, notes) = check(body, hash, &app.engine, now)?;
    caller.must_admit("line", close.line_id.as_str())?;
    must_be_theirs(app, caller.lines(), &close.source, &close.session_id).await?;
    Ok((close, notes))
}

/// Validates the fields of a close and corrects what can be corrected. Returns the close and notes about the corrections.
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
        source: word("source", body.source)?.into(),
        event_key: id("event_key", body.event_key, &mut notes)?,
        body_hash,
        session_id: id("session", body.session, &mut notes)?.into(),
        line_id: word("line", body.line)?.into(),
        closed_at,
        opened_at,
        closed_by: closed_by(body.closed_by, &mut notes),
        operator: body.operator.map(|one| operator("operator", whole(one), &mut notes)).transpose()?,
        operators: operators(body.operators, &mut notes)?,
        client: id_or_none("client", body.client, &mut notes)?.map(ClientId::from),
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

/// The problem of a label or field that the settings do not name.
fn not_named(field: &str, what: &str, unknown: &str, named: &Named) -> Problem {
    let unknown: String = unknown.chars().take(40).collect();
    let remedy = format!("Leave it out, or name it in sessions.{field} of the settings. Now {}.", named.in_words());
    Problem::invalid_field(field, format!("There is no {what} \"{unknown}\"."), remedy)
}

/// The address of a conversation. The connection must exist and must be given together with an address.
pub(super) fn place(
    connection: Option<String>,
    address: Option<AddressBody>,
    channels: &Channels,
) -> Result<(Option<ConnectionId>, Option<Address>), Problem> {
    let connection = word_or_none("connection", connection)?.map(ConnectionId::from);
    let address = match (&connection, address) {
        (Some(name), address) => {
            let channel = channels.get(name).ok_or_else(|| Problem::unknown_connection("connection", name.as_str()))?;
            address.map(|address| address.check(&*channel)).transpose()?
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
        let connection = word("connection", other.connection).map(ConnectionId::from).map_err(|problem| problem.within(&within))?;
        let Some(channel) = channels.get(&connection) else {
            return Err(Problem::unknown_connection("connection", connection.as_str()).within(&within));
        };
        let address = AddressBody::of(other.address).check(&*channel).map_err(|problem| problem.within(&within))?;
        Ok(OtherAddress { connection, address })
    };
    addresses.into_iter().enumerate().map(check).collect()
}
