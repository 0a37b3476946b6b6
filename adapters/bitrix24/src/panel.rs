//! The panel beside a chat of an open line: a placement of our application. Bitrix24 opens it with a request that has the
//! token of our installation and names the chat.

use crate::api::Api;
use crate::form::{fields, id, text};
use crate::read::{Found, of_chat};
use lastword_contract::{Beside, RawRequest, SendError, Verdict};
use serde_json::{Value, json};

/// Permission required for placements.
pub(crate) const SCOPE: &str = "placement";
/// Places of the panel: the side panel of a chat, and above the operator's input box.
const PLACES: [&str; 2] = ["IM_SIDEBAR", "IM_TEXTAREA"];

/// The panel's address, derived from the hook's.
pub(crate) fn address(hook_url: &str) -> Option<String> {
    let (before, name) = hook_url.rsplit_once("/hooks/")?;
    Some(format!("{before}/panel/{name}"))
}

/// Places where the panel is not bound.
///
/// # Errors
/// Errors of the API.
pub(crate) async fn unbound(api: &Api, url: &str) -> Result<Vec<&'static str>, SendError> {
    let bound = api.read("placement.get", json!({})).await?;
    let is_bound = |place: &str| bound.as_array().into_iter().flatten().any(|one| one["placement"] == place && one["handler"] == url);
    Ok(PLACES.into_iter().filter(|place| !is_bound(place)).collect())
}

/// Binds the panel to a place.
///
/// # Errors
/// Errors of the API.
pub(crate) async fn bind(api: &Api, place: &str, url: &str) -> Result<(), SendError> {
    let options = json!({ "iconName": "fa-star", "context": "LINES", "role": "USER", "extranet": "N", "width": 520, "height": 620 });
    let bound = json!({ "PLACEMENT": place, "HANDLER": url, "TITLE": "Lastword", "OPTIONS": options });
    api.write("placement.bind", bound).await.map(drop)
}

/// The chat beside which the panel was opened: its conversation or, if the last conversation is visible only to members of
/// the chat, its client.
///
/// # Errors
/// If the request lacks the token of our installation in our portal; otherwise errors of the API.
pub(crate) async fn chat(api: &Api, request: &RawRequest) -> Result<Option<Beside>, SendError> {
    let body = fields(&request.body);
    let part = |name: &str| text(&body[name]).unwrap_or_default();
    let (token, member) = (part("APPLICATION_TOKEN"), part("member_id"));
    if api.tokens.admits(token) != Some(true) {
        api.tokens.catch_up().await?;
    }
    if api.tokens.admits(token) != Some(true) || !api.tokens.is_of(member) {
        return Err(SendError::new(Verdict::Refused, "another_token", "APPLICATION_TOKEN or member_id is not that of the installation"));
    }
    let options: Value = serde_json::from_str(part("PLACEMENT_OPTIONS")).unwrap_or_default();
    let chat = options["dialogId"].as_str().and_then(|dialog| dialog.strip_prefix("chat"));
    let Some(chat) = chat.filter(|chat| !chat.is_empty() && chat.bytes().all(|byte| byte.is_ascii_digit())) else { return Ok(None) };
    Ok(match of_chat(api, chat, request.received_at).await? {
        Found::Conversation(history) => Some(Beside::Chat(history.session)),
        Found::Hidden { entity } => {
            let part = |number: usize| entity.split('|').nth(number).and_then(|part| id(&Value::String(part.to_owned())));
            part(3).map(|id| Beside::Client { id, queue: part(1) })
        }
    })
}
