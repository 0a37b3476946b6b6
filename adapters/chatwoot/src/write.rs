//! A rating as note, attribute and labels. Chatwoot's calls for attributes and labels replace the whole set: what is there
//! is read and merged first, so that nothing of the desk's own is lost.

use crate::config::Config;
use crate::receive::{is_incoming, seconds};
use lastword_contract::http::Api;
use lastword_contract::json;
use lastword_contract::{Receipt, Scale, SendError, Verdict, WriteBack};
use serde_json::{Value, json};

/// Labels of ours: of two at most one stands.
pub(crate) const GOOD: &str = "rated-good";
pub(crate) const LOW: &str = "rated-low";

/// How far the desk's times of the client's answer and ours may lie apart.
const SAME_MOMENT: i64 = 2 * 60_000;

/// Shows a rating, once per key.
///
/// # Errors
/// As the API's; what was done already is done no second time when it is called again.
pub(crate) async fn write_back(api: &Api, config: &Config, own: Option<&str>, rating: &WriteBack) -> Result<Receipt, SendError> {
    let session = json::id(&json!(rating.session)).unwrap_or_default();
    if session.is_empty() || !session.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(SendError::new(Verdict::RecipientGone, "no_such_chat", "this is no number of a conversation"));
    }
    let conversation = api.get(&format!("conversations/{session}")).await?;
    let messages = api.get(&format!("conversations/{session}/messages")).await?;
    let messages = messages["payload"].as_array().cloned();
    let messages = messages.ok_or_else(|| SendError::new(Verdict::RetryBackoff, "garbled", "the answer holds no messages"))?;
    if !config.attribute.is_empty() {
        write_attribute(api, &session, &conversation, &config.attribute, rating).await?;
    }
    if config.labels {
        write_label(api, &session, rating).await?;
    }
    let receipt = write_note(api, &session, &messages, rating).await?;
    if config.resolve_again && was_opened_by_the_answer(&conversation, &messages, own, rating) {
        api.post(&format!("conversations/{session}/toggle_status"), &json!({ "status": "resolved" })).await?;
    }
    Ok(receipt)
}

async fn write_attribute(api: &Api, session: &str, conversation: &Value, name: &str, rating: &WriteBack) -> Result<(), SendError> {
    let mut attributes = conversation["custom_attributes"].as_object().cloned().unwrap_or_default();
    let value = json!(shown(rating));
    if attributes.get(name) == Some(&value) {
        return Ok(());
    }
    attributes.insert(name.to_owned(), value);
    api.post(&format!("conversations/{session}/custom_attributes"), &json!({ "custom_attributes": attributes })).await.map(drop)
}

/// The score as the attribute shows it: a thumb, or a number that can be filtered by.
fn shown(rating: &WriteBack) -> String {
    match rating.scale {
        Scale::Binary => rating.scale.label(rating.score),
        Scale::FiveStar => rating.score.to_string(),
    }
}

async fn write_label(api: &Api, session: &str, rating: &WriteBack) -> Result<(), SendError> {
    let path = format!("conversations/{session}/labels");
    let before = api.get(&path).await?;
    let before = before["payload"].as_array().cloned();
    let before = before.ok_or_else(|| SendError::new(Verdict::RetryBackoff, "garbled", "the answer holds no labels"))?;
    let wanted = if rating.low { LOW } else { GOOD };
    let mut after: Vec<Value> = before.iter().filter(|label| **label != LOW && **label != GOOD).cloned().collect();
    after.push(json!(wanted));
    if before.contains(&json!(wanted)) && before.len() == after.len() {
        return Ok(());
    }
    api.post(&path, &json!({ "labels": after })).await.map(drop)
}

/// A private note carries our key where Chatwoot keeps it, and the same words where an older one does not.
async fn write_note(api: &Api, session: &str, messages: &[Value], rating: &WriteBack) -> Result<Receipt, SendError> {
    let mark = format!("lastword:{}", rating.key);
    let is_ours = |message: &&Value| {
        let marked = message["source_id"] == mark.as_str();
        let unmarked = message["source_id"].is_null() && message["content"] == rating.text.as_str();
        message["private"] == true && (marked || unmarked)
    };
    if let Some(note) = messages.iter().find(is_ours) {
        return Ok(Receipt { message_id: json::id(&note["id"]), moved_to: None });
    }
    let note = json!({ "content": rating.text, "message_type": "outgoing", "private": true, "source_id": mark });
    let written = api.post(&format!("conversations/{session}/messages"), &note).await?;
    match json::id(&written["id"]) {
        Some(id) => Ok(Receipt { message_id: Some(id), moved_to: None }),
        None => Err(SendError::new(Verdict::CannotKnow, "garbled", "the answer names no message")),
    }
}

/// Whether nothing but the client's typed answer opened the conversation again.
fn was_opened_by_the_answer(conversation: &Value, messages: &[Value], own: Option<&str>, rating: &WriteBack) -> bool {
    let is_open = conversation["status"] == "open" || conversation["status"] == "pending";
    // Our question and our thanks are no words of anybody's.
    let ours =
        |message: &Value| message["sender"]["type"] == "user" && own.is_some() && json::id(&message["sender"]["id"]).as_deref() == own;
    let is_word = |message: &&Value| {
        message["private"] != true && message["message_type"] != 2 && message["message_type"] != "activity" && !ours(message)
    };
    let Some(last) = messages.iter().filter(is_word).max_by_key(|message| message["id"].as_u64()) else { return false };
    let is_answer = seconds(&last["created_at"]).is_some_and(|at| (at - rating.rated_at).abs() <= SAME_MOMENT);
    let text = last["content"].as_str().unwrap_or_default();
    // A text with a matter of its own is for somebody to read.
    is_open && is_incoming(&last["message_type"]) && is_answer && text.chars().count() <= 40 && rating.comment.as_deref() != Some(text)
}
