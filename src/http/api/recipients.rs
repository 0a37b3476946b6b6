//! Recipients of alerts: people, groups and rooms.

pub mod letters;

use super::alerts::AlertOut;
use super::lines::hangs;
use super::request::fields::{AddressBody, language, word, word_or_none};
use crate::auth::Caller;
use crate::json::Body;
use crate::path::Path;
use crate::problem::{Code, Problem, Thing};
use crate::state::AppState;
use crate::timestamp::Timestamp;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use lastword_base::names::{ConnectionId, OperatorId};
use lastword_contract::Address;
use lastword_domain::access::api_key::Scope;
use lastword_domain::alert::RecipientKind;
use lastword_life::admin::change_line::save_recipient_by;
use lastword_life::admin::delete_recipient::delete_recipient;
use lastword_life::alert::test_alert::raise_test;
use lastword_life::engine::stop::Deleted;
use lastword_life::recipient::room::{self, NamedRoom, ROOMS};
use lastword_store::alert::recipient::{self, Recipient};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::ToSchema;

/// IDs with a special meaning in a line's list of recipients.
const RESERVED: [&str; 2] = ["operator", "supervisors"];
/// Maximum number of members of a group.
const MEMBERS_MAX: usize = 200;

/// A recipient of alerts.
#[derive(Debug, Serialize, ToSchema)]
pub struct RecipientOut {
    /// ID of the recipient.
    pub id: String,
    /// Display name.
    pub name: String,
    /// `person`, `group` or `room`.
    #[schema(value_type = RecipientKind)]
    pub kind: String,
    /// For a person: connection through which they are notified.
    pub connection: Option<String>,
    /// For a person: their address.
    #[schema(value_type = Option<AddressBody>)]
    pub address: Option<Address>,
    /// For a room: its service and the visible part of its hook.
    pub room: Option<RoomOut>,
    /// Your ID of the operator, if this person is one.
    pub operator: Option<String>,
    /// Language of alerts.
    pub language: Option<String>,
    /// For a group: IDs of its recipients.
    pub members: Vec<String>,
    /// True if the recipient is disabled and receives no alerts.
    pub disabled: bool,
    /// For a room: the time when its service reported that it no longer exists. It has been disabled since.
    pub gone_at: Option<Timestamp>,
    /// Time the recipient was created.
    pub created_at: Timestamp,
    /// Time the last alert failed to reach them; `null` once one arrives.
    pub unreached_at: Option<Timestamp>,
    /// Reason, given by the platform.
    pub unreached_reason: Option<String>,
}

/// The visible part of a room: its hook is a secret.
#[derive(Debug, Serialize, ToSchema)]
pub struct RoomOut {
    /// The service: `slack`, `teams` …
    pub service: String,
    /// The host, and the last characters of the secret.
    pub place: String,
}

/// Where a room is.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RoomBody {
    /// `slack`, `mattermost`, `rocketchat`, `zulip`, `teams`, `discord`, `google_chat`, `ntfy`, `gotify`, `matrix` or `pagerduty`.
    pub service: String,
    /// The address of the hook; of ntfy the topic's, of Gotify the server's, of Matrix the server's with the room's ID. Not needed for
    /// PagerDuty.
    #[serde(default)]
    pub url: String,
    /// The token of ntfy (where the topic wants one), Gotify or Matrix; the routing key of PagerDuty.
    #[serde(default)]
    pub token: Option<String>,
}

/// The hook and the token stay out of debug output.
impl std::fmt::Debug for RoomBody {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RoomBody").field("service", &self.service).finish_non_exhaustive()
    }
}

/// All recipients.
#[derive(Debug, Serialize, ToSchema)]
pub struct RecipientsOut {
    /// The recipients, by ID.
    pub items: Vec<RecipientOut>,
}

/// A recipient to create or change.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RecipientBody {
    /// Display name.
    pub name: String,
    /// One person, several recipients, or a chat room.
    #[serde(default)]
    pub kind: RecipientKind,
    /// For a person: connection through which they are notified.
    #[serde(default)]
    pub connection: Option<String>,
    /// For a person: their address.
    #[serde(default)]
    pub address: Option<AddressBody>,
    /// Where a room is. May be left out where the room stays where it is.
    #[serde(default)]
    pub room: Option<RoomBody>,
    /// Your ID of the operator, if this person is one. Alerts for "the responsible operator" are then sent here.
    #[serde(default)]
    pub operator: Option<String>,
    /// Language of alerts.
    #[serde(default)]
    #[schema(min_length = 2, max_length = 35, pattern = "^[A-Za-z0-9-]+$")]
    pub language: Option<String>,
    /// For a group: IDs of its recipients.
    #[serde(default)]
    #[schema(max_items = 200)]
    pub members: Vec<String>,
    /// True to disable the recipient, who then receives no alerts.
    #[serde(default)]
    pub disabled: bool,
}

impl From<Recipient> for RecipientOut {
    fn from(recipient: Recipient) -> Self {
        let room = room::shown(&recipient).map(|shown| RoomOut { service: shown.service, place: shown.place });
        Self {
            gone_at: recipient.gone_at.map(Timestamp),
            id: recipient.id,
            name: recipient.name,
            kind: recipient.kind.to_string(),
            connection: recipient.connection.map(String::from),
            // Of a room it names the room itself.
            address: recipient.address.filter(|_| room.is_none()).and_then(|address| serde_json::from_str(&address).ok()),
            room,
            operator: recipient.operator_id.map(String::from),
            language: recipient.language,
            members: recipient.members,
            disabled: recipient.disabled_at.is_some(),
            created_at: Timestamp(recipient.created_at),
            unreached_at: recipient.unreached_at.map(Timestamp),
            unreached_reason: recipient.unreached_why,
        }
    }
}

/// Lists all recipients
#[utoipa::path(
    get, path = "/v1/recipients", operation_id = "listRecipients", tag = "recipients", security(("api_key" = ["recipients:write"])),
    responses((status = 200, body = RecipientsOut))
)]
pub async fn list(_: Caller<{ Scope::RecipientsWrite as u8 }>, State(app): State<Arc<AppState>>) -> Result<Json<RecipientsOut>, Problem> {
    let items = recipient::all(&app.engine.db).await?.into_iter().map(RecipientOut::from).collect();
    Ok(Json(RecipientsOut { items }))
}

/// Gets a recipient
#[utoipa::path(
    get, path = "/v1/recipients/{id}", operation_id = "getRecipient", tag = "recipients", security(("api_key" = ["recipients:write"])),
    params(("id" = String, Path, description = "The recipient")),
    responses((status = 200, body = RecipientOut), (status = 404, body = Problem))
)]
pub async fn one(
    _: Caller<{ Scope::RecipientsWrite as u8 }>,
    State(app): State<Arc<AppState>>,
    Path(id): Path<String>,
) -> Result<Json<RecipientOut>, Problem> {
    Ok(Json(find(&app, &id).await?.ok_or_else(|| Problem::missing(Thing::Recipient, &id))?.into()))
}

async fn find(app: &AppState, id: &str) -> Result<Option<Recipient>, Problem> {
    Ok(recipient::all(&app.engine.db).await?.into_iter().find(|recipient| recipient.id == id))
}

/// Creates or changes a recipient
#[utoipa::path(
    put, path = "/v1/recipients/{id}", operation_id = "putRecipient", tag = "recipients", request_body = RecipientBody, security(("api_key" = ["recipients:write"])),
    params(("id" = String, Path, description = "The recipient")),
    responses(
        (status = 200, description = "Changed", body = RecipientOut),
        (status = 201, description = "Created", body = RecipientOut),
        (status = 409, description = "Another recipient already has this operator ID", body = Problem),
        (status = 422, body = Problem),
    )
)]
pub async fn put(
    caller: Caller<{ Scope::RecipientsWrite as u8 }>,
    State(app): State<Arc<AppState>>,
    Path(id): Path<String>,
    Body(body): Body<RecipientBody>,
) -> Result<(StatusCode, Json<RecipientOut>), Problem> {
    let known = find(&app, &id).await?;
    let status = if known.is_some() { StatusCode::OK } else { StatusCode::CREATED };
    let recipient = check(&app, id, body, known)?;
    if !save_recipient_by(&app.engine, &caller.by(), recipient.clone(), app.engine.now()).await? {
        return Err(Problem::new(Code::Conflict, "Another recipient already has this operator ID.")
            .field("operator")
            .remedy("An operator can be only one recipient: remove it from the other one first."));
    }
    Ok((status, Json(recipient.into())))
}

/// Deletes a recipient that no line and no group refers to
#[utoipa::path(
    delete, path = "/v1/recipients/{id}", operation_id = "deleteRecipient", tag = "recipients", security(("api_key" = ["recipients:write"])),
    params(("id" = String, Path, description = "The recipient")),
    responses(
        (status = 204, description = "Deleted"),
        (status = 404, description = "No such recipient", body = Problem),
        (status = 409, description = "The recipient is still in use; `present.used_by` lists what uses it", body = Problem),
    )
)]
pub async fn delete(
    caller: Caller<{ Scope::RecipientsWrite as u8 }>,
    State(app): State<Arc<AppState>>,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    match delete_recipient(&app.engine, &caller.by(), &id, app.engine.now()).await? {
        Deleted::Done => Ok(StatusCode::NO_CONTENT),
        Deleted::Unknown => Err(Problem::missing(Thing::Recipient, &id)),
        Deleted::Hangs(hanging) => {
            let remedy = "Remove it there, or disable it: then it gets no alerts.";
            Err(hangs(&format!("The recipient {id}"), &hanging, remedy))
        }
    }
}

/// Validates a recipient and converts it to its stored form.
///
/// # Errors
/// The invalid field, with a remedy.
pub fn check(app: &AppState, id: String, body: RecipientBody, known: Option<Recipient>) -> Result<Recipient, Problem> {
    let (id, now) = (word("id", id)?, app.engine.now());
    if RESERVED.contains(&id.as_str()) {
        let detail = format!("\"{id}\" is reserved in a line's settings.");
        return Err(Problem::invalid_field("id", detail, "Choose another id."));
    }
    let known = known.unwrap_or_else(|| Recipient { created_at: now, ..Recipient::default() });
    if let Some(other) = body.room.as_ref().filter(|_| body.kind != RecipientKind::Room) {
        let detail = format!("A {} has no room, and {} was sent as one.", body.kind, other.service);
        return Err(Problem::invalid_field("room", detail, "Leave room out, or send the kind room."));
    }
    let (Reach { connection, address, members }, known) = match body.kind {
        RecipientKind::Person => (person(app, body.connection, body.address, &body.members)?, no_room(known)),
        RecipientKind::Group => (group(&id, body.connection, body.address, body.members)?, no_room(known)),
        RecipientKind::Room => {
            if body.connection.is_some() || body.address.is_some() || !body.members.is_empty() {
                let remedy = "Send room alone, without connection, address and members.";
                return Err(Problem::invalid_field("room", "A room has neither a connection of its own nor members.", remedy));
            }
            let known = in_room(app, Recipient { id: id.clone(), ..known }, body.room)?;
            let known = Recipient { gone_at: known.gone_at.filter(|_| body.disabled), ..known };
            (Reach { connection: known.connection.clone(), address: known.address.clone(), members: Vec::new() }, known)
        }
    };
    Ok(Recipient {
        id,
        name: word("name", body.name)?,
        kind: body.kind,
        connection,
        address,
        operator_id: word_or_none("operator", body.operator)?.map(OperatorId::from),
        language: language("language", body.language)?,
        members,
        disabled_at: body.disabled.then(|| known.disabled_at.unwrap_or(now)),
        ..known
    })
}

/// Where a recipient is told.
struct Reach {
    connection: Option<ConnectionId>,
    /// JSON.
    address: Option<String>,
    members: Vec<String>,
}

fn no_room(known: Recipient) -> Recipient {
    Recipient { sealed: None, gone_at: None, gone_notified_at: None, ..known }
}

/// The recipient at the room that is asked for, or where it was before.
fn in_room(app: &AppState, known: Recipient, asked: Option<RoomBody>) -> Result<Recipient, Problem> {
    let Some(RoomBody { service, url, token }) = asked else {
        if known.sealed.is_some() {
            return Ok(known);
        }
        let problem = Problem::new(Code::MissingField, "A room is told by its hook, and room is missing.").field("room");
        return Err(problem.remedy("Send room with service and url."));
    };
    room::at_room(&app.engine, known, NamedRoom { service, url, token }).map_err(|bad| {
        let detail = format!("This {} of a room cannot be used.", bad.field);
        Problem::invalid_field(&format!("room.{}", bad.field), detail, bad.problem)
    })
}

fn person(app: &AppState, connection: Option<String>, address: Option<AddressBody>, members: &[String]) -> Result<Reach, Problem> {
    if !members.is_empty() {
        return Err(Problem::invalid_field("members", "A person has no members.", "Leave members out, or send the kind group."));
    }
    let missing = |field: &str| {
        let detail = format!("A person is alerted through a connection at an address, and {field} is missing.");
        Problem::new(Code::MissingField, detail).field(field).remedy("Send connection and address, or the kind group.")
    };
    let connection = connection.map(ConnectionId::from).ok_or_else(|| missing("connection"))?;
    let channel = app.engine.channels.get(&connection).ok_or_else(|| Problem::unknown_connection("connection", connection.as_str()))?;
    if connection == ROOMS {
        let detail = "A chat room is no person.";
        return Err(Problem::invalid_field("connection", detail, "Send the kind room, with room instead of connection and address."));
    }
    if !channel.capabilities().alerts {
        let detail = format!("Connections of kind {} cannot carry alerts.", channel.kind());
        return Err(Problem::invalid_field("connection", detail, "Name a connection that does, such as a Telegram bot or a webhook."));
    }
    let address = address.ok_or_else(|| missing("address"))?.check(&*channel)?;
    Ok(Reach { connection: Some(connection), address: serde_json::to_string(&address).ok(), members: Vec::new() })
}

fn group(id: &str, connection: Option<String>, address: Option<AddressBody>, members: Vec<String>) -> Result<Reach, Problem> {
    if connection.is_some() || address.is_some() {
        let remedy = "Leave connection and address out, or send the kind person.";
        return Err(Problem::invalid_field("connection", "A group has no address of its own.", remedy));
    }
    if members.is_empty() || members.len() > MEMBERS_MAX || members.iter().any(|member| member == id) {
        let remedy = format!("Name 1 to {MEMBERS_MAX} other recipients.");
        return Err(Problem::invalid_field("members", "These cannot be the members of this group.", remedy));
    }
    let members = members.into_iter().enumerate().map(|(at, member)| word(&format!("members[{at}]"), member));
    Ok(Reach { connection: None, address: None, members: members.collect::<Result<_, _>>()? })
}

/// Result of a test.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RecipientTest)]
pub struct TestOut {
    /// One alert per person. `state` and `reason` say whether it was sent; `delivery` is the message.
    pub alerts: Vec<AlertOut>,
}

/// Sends a test alert
///
/// Takes the same path as an alert about a low rating. A group's members each get one.
#[utoipa::path(
    post, path = "/v1/recipients/{id}/test", operation_id = "testRecipient", tag = "recipients", security(("api_key" = ["recipients:write"])),
    params(("id" = String, Path, description = "The recipient")),
    responses((status = 202, body = TestOut), (status = 404, body = Problem))
)]
pub async fn test(
    caller: Caller<{ Scope::RecipientsWrite as u8 }>,
    State(app): State<Arc<AppState>>,
    Path(id): Path<String>,
) -> Result<(StatusCode, Json<TestOut>), Problem> {
    find(&app, &id).await?.ok_or_else(|| Problem::missing(Thing::Recipient, &id))?;
    let alerts = raise_test(&app.engine, &caller.by(), &id, None, app.engine.now()).await?;
    Ok((StatusCode::ACCEPTED, Json(TestOut { alerts: alerts.into_iter().map(AlertOut::from).collect() })))
}
