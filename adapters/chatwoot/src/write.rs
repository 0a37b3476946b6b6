//! Writes a rating as note, attribute and labels. Chatwoot's calls for attributes and labels replace the whole set, so the
//! existing ones are read first and merged.

use crate::answers::context;
use crate::config::Config;
use crate::people::{is_incoming_message, is_ours, named};
use crate::timeline::{Facts, Timeline, is_activity};
use lastword_contract::http::Api;
use lastword_contract::json;
use lastword_contract::{Context, Receipt, Scale, SendError, Verdict, WriteBack};
use serde_json::{Value, json};

/// Our labels, of which a conversation has at most one.
pub(crate) const GOOD: &str = "rated-good";
pub(crate) const LOW: &str = "rated-low";

/// Writes a rating, once per key.
///
/// # Errors
/// Errors of the API; a retry does not repeat completed parts.
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

/// The score as the attribute shows it: a thumb, or a number that can be used in filters.
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

/// Writes a private note. It carries our key if Chatwoot stores keys; otherwise a note with the same text counts as written before.
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

/// True if only the client's typed answers opened the conversation again: everything that the client wrote since the close
/// came after a message of ours, is only a score or the text of a choice, and replies to no message or to one of ours.
/// Anything else needs an operator.
fn was_opened_by_the_answer(conversation: &Value, messages: &[Value], own: Option<&str>, rating: &WriteBack) -> bool {
    if conversation["status"] != "open" && conversation["status"] != "pending" {
        return false;
    }
    let mut messages: Vec<Value> = messages.iter().filter(|message| message["private"] != true).cloned().collect();
    messages.sort_by_key(|message| message["id"].as_u64());
    let mut names = named(&messages);
    names.add_meta(&conversation["meta"]);
    // Without a close on the page, the last message of another author to the client ends the conversation.
    let is_ours = |message: &Value| is_ours(message, own);
    let is_word = |message: &Value| !is_activity(message) && !is_incoming_message(message);
    let talk = messages.iter().rposition(|message| is_word(message) && !is_ours(message));
    let facts = Facts { is_resolved: false, told_at: None, own, labels: &[], closes: &[] };
    let since = Timeline::of(&messages, &facts, &names).last_close().max(talk).map_or(0, |place| place + 1);
    let mut ours: Vec<&Value> = Vec::new();
    let mut answers = 0;
    for message in &messages[since..] {
        if is_ours(message) {
            ours.push(message);
        } else if is_incoming_message(message) {
            if !is_answer(message, &ours, rating) {
                return false;
            }
            answers += 1;
        }
    }
    answers > 0
}

/// True if a client's message is only an answer to one of ours.
fn is_answer(message: &Value, ours: &[&Value], rating: &WriteBack) -> bool {
    let text = message["content"].as_str().unwrap_or_default().trim();
    let replies = match context(&message["content_attributes"]) {
        Context::Own => !ours.is_empty(),
        Context::ReplyTo(id) => ours.iter().any(|message| json::id(&message["id"]).as_deref() == Some(id.as_str())),
        _ => false,
    };
    let mut choices = ours.iter().flat_map(|message| message["content_attributes"]["items"].as_array().into_iter().flatten());
    replies && (is_score(text, rating.scale) || choices.any(|choice| !text.is_empty() && choice["title"] == text))
}

/// True if a text is only a score: a number, alone or of five, a thumb, or stars.
fn is_score(text: &str, scale: Scale) -> bool {
    // Skin tones, the emoji variation selector, and punctuation around a number.
    let is_variant = |letter: &char| matches!(letter, '\u{fe0f}' | '\u{1f3fb}'..='\u{1f3ff}' | '.' | '!') || letter.is_whitespace();
    let text: String = text.chars().filter(|letter| !is_variant(letter)).collect();
    match scale {
        Scale::Binary => ["0", "1", "👍", "👎"].contains(&text.as_str()),
        Scale::FiveStar => {
            let number = text.strip_suffix("/5").unwrap_or(&text);
            let stars = ['★', '⭐', '🌟'].iter().any(|star| (1..=5).any(|count| text == star.to_string().repeat(count)));
            stars || number.parse::<u8>().is_ok_and(|score| (1..=5).contains(&score))
        }
    }
}
