//! The panel beside a chat of an open line: a placement of our application. Bitrix24 opens it by a request that carries the token of
//! our installation, and says which chat it is beside.

use crate::api::Api;
use crate::form::{fields, id, text};
use crate::read::{Found, of_chat};
use lastword_contract::{Beside, RawRequest, SendError, Verdict};
use serde_json::{Value, json};

/// The permission that placements need.
pub(crate) const SCOPE: &str = "placement";
/// Where the panel is: in the side panel of a chat, and above the box in which operators write.
const PLACES: [&str; 2] = ["IM_SIDEBAR", "IM_TEXTAREA"];

/// The address of the panel beside that of the hook.
pub(crate) fn address(hook_url: &str) -> Option<String> {
    let (before, name) = hook_url.rsplit_once("/hooks/")?;
    Some(format!("{before}/panel/{name}"))
}

/// The places in which the panel is not.
///
/// # Errors
/// As the API's.
pub(crate) async fn unbound(api: &Api, url: &str) -> Result<Vec<&'static str>, SendError> {
    let bound = api.read("placement.get", json!({})).await?;
    let is_bound = |place: &str| bound.as_array().into_iter().flatten().any(|one| one["placement"] == place && one["handler"] == url);
    Ok(PLACES.into_iter().filter(|place| !is_bound(place)).collect())
}

/// Puts the panel into a place.
///
/// # Errors
/// As the API's.
pub(crate) async fn bind(api: &Api, place: &str, url: &str) -> Result<(), SendError> {
    let options = json!({ "iconName": "fa-star", "context": "LINES", "role": "USER", "extranet": "N", "width": 520, "height": 620 });
    let bound = json!({ "PLACEMENT": place, "HANDLER": url, "TITLE": "Lastword", "OPTIONS": options });
    api.write("placement.bind", bound).await.map(drop)
}

/// What Bitrix24 opens the panel beside: the conversation or, of a chat whose last one it shows to nobody but its members, the
/// client.
///
/// # Errors
/// When the request does not carry the token of our installation in our portal; else as the API's.
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
