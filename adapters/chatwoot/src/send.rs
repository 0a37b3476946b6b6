//! Sends a question in Chatwoot's own chat: with choices to tap if its channel shows them, otherwise as text.

use lastword_contract::http::Api;
use lastword_contract::json;
use lastword_contract::{Outgoing, Purpose, Receipt, SendError, Verdict};
use serde_json::{Value, json};

/// Channels on which Chatwoot shows choices.
const DRAWS: [&str; 6] =
    ["Channel::WebWidget", "Channel::Api", "Channel::Telegram", "Channel::Whatsapp", "Channel::FacebookPage", "Channel::Line"];
/// Channels that return the value of a choice without showing it.
const HIDES: [&str; 2] = ["Channel::WebWidget", "Channel::Api"];

/// Sends one message, once.
///
/// # Errors
/// Errors of the API; a closed window if Chatwoot says that the client cannot be written to.
pub(crate) async fn send(api: &Api, outgoing: &Outgoing) -> Result<Receipt, SendError> {
    let session = &outgoing.to.chat;
    let conversation = api.get(&format!("conversations/{session}")).await?;
    if conversation["can_reply"] == false {
        return Err(SendError::new(Verdict::WindowShut, "cannot_reply", "Chatwoot says that the client cannot be written to any more"));
    }
    let channel = conversation["meta"]["channel"].as_str().unwrap_or_default();
    let sent = api.post(&format!("conversations/{session}/messages"), &message(outgoing, channel)).await?;
    match json::id(&sent["id"]) {
        Some(id) => Ok(Receipt { message_id: Some(id), moved_to: None }),
        None => Err(SendError::new(Verdict::CannotKnow, "garbled", "the answer names no message")),
    }
}

/// The message in Chatwoot's format. It has no key: Chatwoot treats a message with a `source_id` as received from the
/// channel and does not send it.
fn message(outgoing: &Outgoing, channel: &str) -> Value {
    let hides = HIDES.contains(&channel);
    let asks = matches!(outgoing.purpose, Purpose::Question(_));
    // If a tap returns the text of the choice, only scores can be read from it.
    let draws = !outgoing.choices.is_empty() && DRAWS.contains(&channel) && (hides || asks);
    let comment = outgoing.comment.as_ref().map(|comment| comment.label.as_str());
    let hint = outgoing.hint.as_deref().filter(|_| !draws);
    let text: Vec<&str> = [Some(outgoing.text.as_str()), hint, comment].into_iter().flatten().filter(|text| !text.is_empty()).collect();
    let mut message = json!({ "content": text.join("\n\n"), "message_type": "outgoing", "private": false });
    if draws {
        let item = |choice: &lastword_contract::Choice| {
            let value = if hides { &choice.token } else { &choice.label };
            json!({ "title": choice.label, "value": value })
        };
        message["content_type"] = json!("input_select");
        message["content_attributes"] = json!({ "items": outgoing.choices.iter().map(item).collect::<Vec<_>>() });
    }
    message
}
