//! Writes a rating as internal note and tag. Neither reopens a ticket. The note makes the trigger fire again, which has no effect.

use crate::config::Config;
use lastword_contract::http::Api;
use lastword_contract::json;
use lastword_contract::{Receipt, Scale, SendError, Verdict, WriteBack};
use serde_json::{Value, json};

/// Our tags, of which a ticket has at most one.
const GOOD: &str = "rated-good";
const LOW: &str = "rated-low";

/// Writes a rating, once per key.
///
/// # Errors
/// Errors of the API; a retry does not repeat completed parts.
pub(crate) async fn write_back(api: &Api, config: &Config, rating: &WriteBack) -> Result<Receipt, SendError> {
    let session = rating.session.as_str();
    if session.is_empty() || !session.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(SendError::new(Verdict::RecipientGone, "no_such_ticket", "this is no number of a ticket"));
    }
    let articles = api.get(&format!("ticket_articles/by_ticket/{session}")).await?;
    let articles = articles.as_array().cloned();
    let articles = articles.ok_or_else(|| SendError::new(Verdict::RetryBackoff, "garbled", "the answer holds no articles"))?;
    if config.tags {
        tag(api, session, rating).await?;
    }
    if !config.attribute.is_empty() {
        let shown = if rating.scale == Scale::Binary { rating.scale.label(rating.score) } else { rating.score.to_string() };
        api.put(&format!("tickets/{session}"), &json!({ (config.attribute.as_str()): shown })).await?;
    }
    note(api, session, &articles, rating).await
}

async fn tag(api: &Api, session: &str, rating: &WriteBack) -> Result<(), SendError> {
    let (wanted, other) = if rating.low { (LOW, GOOD) } else { (GOOD, LOW) };
    let present = api.get(&format!("tags?object=Ticket&o_id={session}")).await?;
    let has = |tag: &str| present["tags"].as_array().is_some_and(|tags| tags.iter().any(|one| one == tag));
    if has(other) {
        api.delete(&format!("tags/remove?item={other}&object=Ticket&o_id={session}")).await?;
    }
    if !has(wanted) {
        api.post("tags/add", &json!({ "item": wanted, "object": "Ticket", "o_id": session.parse::<u64>().unwrap_or_default() })).await?;
    }
    Ok(())
}

/// Writes the note. Its subject contains our key, by which it is recognized.
async fn note(api: &Api, session: &str, articles: &[Value], rating: &WriteBack) -> Result<Receipt, SendError> {
    let subject = format!("Rating {}", rating.key);
    if let Some(note) = articles.iter().find(|article| article["internal"] == true && article["subject"] == subject.as_str()) {
        return Ok(Receipt { message_id: json::id(&note["id"]), moved_to: None });
    }
    let article = json!({
        "ticket_id": session.parse::<u64>().unwrap_or_default(), "subject": subject, "body": rating.text, "content_type": "text/plain",
        "type": "note", "internal": true, "sender": "Agent",
    });
    let written = api.post("ticket_articles", &article).await?;
    match json::id(&written["id"]) {
        Some(id) => Ok(Receipt { message_id: Some(id), moved_to: None }),
        None => Err(SendError::new(Verdict::CannotKnow, "garbled", "the answer names no article")),
    }
}
