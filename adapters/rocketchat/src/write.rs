//! Writes a rating as custom fields and tags of the room and, if configured, as the room's own survey and a message. One
//! call sets the fields and removes every tag that it does not name, so the existing ones are read first and sent back.

use crate::api::{messages, moment, room};
use crate::config::Config;
use crate::read::channel;
use lastword_contract::http::Api;
use lastword_contract::json;
use lastword_contract::{Receipt, Scale, SendError, SetUp, Verdict, WriteBack};
use serde_json::{Map, Value, json};
use std::sync::atomic::{AtomicBool, Ordering};

/// Our tags, of which a room has at most one.
const GOOD: &str = "rated-good";
const LOW: &str = "rated-low";
/// Separates a rating from the previous one in the field that shows all.
const BEFORE: char = '←';
/// Maximum length of a field, in characters. The newest rating is never cut; older ones are dropped.
const FIELD_MAX: usize = 4_000;
/// The survey's name for the score and the comment.
const SATISFACTION: &str = "satisfaction";
const FEEDBACK: &str = "additionalFeedback";

/// True once the custom fields were found. Rocket.Chat silently ignores values of undefined fields.
#[derive(Default)]
pub(crate) struct Fields(AtomicBool);

/// Writes a rating, once per key.
///
/// # Errors
/// Errors of the API; a retry does not repeat completed parts.
pub(crate) async fn write_back(api: &Api, config: &Config, fields: &Fields, rating: &WriteBack) -> Result<Receipt, SendError> {
    let room = room(api, &rating.session).await?;
    if !fields.0.load(Ordering::Relaxed) {
        let missing = missing_fields(api, config).await?;
        if !missing.is_empty() {
            let by_hand = "make it by hand (Omnichannel → Custom Fields, scope Room)";
            return Err(SendError::new(
                Verdict::Refused,
                "no_field",
                format!("Rocket.Chat has no custom field {}: {}, or {by_hand}", missing.join(", "), SetUp::remedy("rocketchat")),
            ));
        }
        fields.0.store(true, Ordering::Relaxed);
    }
    save(api, config, &room, rating).await?;
    if config.survey {
        survey(api, &room, rating).await?;
    }
    let message_id = if config.message { message(api, config, &room, rating).await? } else { None };
    Ok(Receipt { message_id, moved_to: None })
}

/// Our custom fields that rooms do not have.
///
/// # Errors
/// Errors of the API.
pub(crate) async fn missing_fields(api: &Api, config: &Config) -> Result<Vec<String>, SendError> {
    let mut missing: Vec<String> = config.fields().map(|(field, _)| field.to_owned()).collect();
    let mut offset = 0;
    while !missing.is_empty() {
        let answer = api.get(&format!("livechat/custom-fields?count=100&offset={offset}")).await?;
        let garbled = || SendError::new(Verdict::RetryBackoff, "garbled", "the answer holds no custom fields");
        let found = answer["customFields"].as_array().ok_or_else(garbled)?;
        missing.retain(|field| !found.iter().any(|one| one["_id"] == field.as_str() && one["scope"] == "room"));
        offset += found.len();
        if found.is_empty() || answer["total"].as_u64().is_none_or(|total| offset as u64 >= total) {
            break;
        }
    }
    Ok(missing)
}

/// Writes fields and tags in one call; skipped if they are already there.
async fn save(api: &Api, config: &Config, room: &Value, rating: &WriteBack) -> Result<(), SendError> {
    let data = &room["livechatData"];
    let mut wanted = Map::new();
    if !config.field.is_empty() {
        wanted.insert(config.field.clone(), json!(shown(rating)));
    }
    if !config.note.is_empty() {
        wanted.insert(config.note.clone(), json!(in_words(data[&config.note].as_str().unwrap_or_default(), &rating.text)));
    }
    wanted.retain(|field, value| data[field.as_str()] != *value);
    let before: Vec<Value> = room["tags"].as_array().cloned().unwrap_or_default();
    let mut tags = before.clone();
    if config.tags {
        let (mine, other) = if rating.low { (LOW, GOOD) } else { (GOOD, LOW) };
        tags.retain(|tag| tag != other);
        if !tags.iter().any(|tag| tag == mine) {
            tags.push(json!(mine));
        }
    }
    if wanted.is_empty() && tags == before {
        return Ok(());
    }
    // Only the client's ID is required here; without it the call is refused. The rest of the client is left unchanged.
    let body = json!({
        "guestData": { "_id": room["v"]["_id"] },
        "roomData": { "_id": room["_id"], "tags": tags, "livechatData": wanted },
    });
    api.post("livechat/room.saveInfo", &body).await.and_then(|answer| taken(&answer))
}

/// The score as the field shows it: a thumb, or a number that can be used in filters.
fn shown(rating: &WriteBack) -> String {
    match rating.scale {
        Scale::Binary => rating.scale.label(rating.score),
        Scale::FiveStar => rating.score.to_string(),
    }
}

/// Puts the rating's text before the earlier ones, on one line. The newest is recognized by its text, so that the same
/// rating is written once.
fn in_words(before: &str, text: &str) -> String {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>();
    let newest = lines.join(" — ").replace(BEFORE, "<-");
    let mut known: Vec<&str> = before.split(BEFORE).map(str::trim).filter(|one| !one.is_empty()).collect();
    if known.first() != Some(&newest.as_str()) {
        known.insert(0, &newest);
    }
    let (mut all, mut length) = (Vec::new(), 0);
    for one in known {
        length += one.chars().count() + 3;
        if !all.is_empty() && length > FIELD_MAX {
            break;
        }
        all.push(one);
    }
    all.join(&format!(" {BEFORE} "))
}

/// Writes the room's own survey. The call replaces the whole survey, so its other values are sent back.
async fn survey(api: &Api, room: &Value, rating: &WriteBack) -> Result<(), SendError> {
    let score = match rating.scale {
        Scale::FiveStar => rating.score.to_string(),
        Scale::Binary => if rating.score == 1 { "5" } else { "1" }.to_owned(),
    };
    let before = room["surveyFeedback"].as_object().cloned().unwrap_or_default();
    let mut after = before.clone();
    after.insert(SATISFACTION.to_owned(), json!(score));
    if let Some(comment) = rating.comment.as_deref().map(str::trim).filter(|comment| !comment.is_empty()) {
        after.insert(FEEDBACK.to_owned(), json!(comment));
    }
    if after == before {
        return Ok(());
    }
    let Some(token) = json::text(&room["v"]["token"]) else {
        let why = "this release does not tell the client's token, without which no survey is taken: set survey = false";
        return Err(SendError::new(Verdict::Refused, "no_token", why));
    };
    let data: Vec<Value> = after.into_iter().map(|(name, value)| json!({ "name": name, "value": value })).collect();
    let answer = api.post("livechat/room.survey", &json!({ "rid": room["_id"], "token": token, "data": data })).await?;
    taken(&answer)
}

/// Writes a message of ours in the closed room. Never a message of the client: that would open a new room. Only in rooms of
/// the widget, which the client has left: apps, email and SMS would forward it to the client.
async fn message(api: &Api, config: &Config, room: &Value, rating: &WriteBack) -> Result<Option<String>, SendError> {
    let is_closed = room["open"] != true && moment(&room["closedAt"]).is_some();
    if !is_closed || channel(room).as_deref() != Some("widget") {
        return Ok(None);
    }
    let id = room["_id"].as_str().unwrap_or_default();
    let written = messages(api, id).await?;
    // A rating that was changed and changed back is written again: only our newest message counts.
    let newest = written.iter().rev().find(|message| message["u"]["_id"] == config.user.as_str());
    if let Some(ours) = newest.filter(|message| message["msg"] == rating.text.as_str()) {
        return Ok(json::text(&ours["_id"]));
    }
    let answer = api.post("chat.postMessage", &json!({ "roomId": id, "text": rating.text })).await?;
    taken(&answer)?;
    Ok(json::text(&answer["message"]["_id"]))
}

/// Responses say if the call succeeded, in addition to the status.
fn taken(answer: &Value) -> Result<(), SendError> {
    if answer["success"] == true {
        return Ok(());
    }
    Err(SendError::new(Verdict::CannotKnow, "garbled", "the answer does not say that it was taken"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_rating_stands_first_once() {
        let first = in_words("", "★★★★\nfine, thanks\n");
        assert_eq!(first, "★★★★ — fine, thanks");
        assert_eq!(in_words(&first, "★★★★\nfine, thanks"), first);
        let second = in_words(&first, "★\nno ← not fine");
        assert_eq!(second, "★ — no <- not fine ← ★★★★ — fine, thanks");
        assert_eq!(in_words(&second, "★\nno ← not fine"), second);
        let back = in_words(&second, "★★★★\nfine, thanks");
        assert_eq!(back.split(BEFORE).count(), 3, "changed back, it is a rating again: {back}");
    }

    #[test]
    fn what_is_too_long_loses_the_oldest() {
        let length = |before: &str, text: usize| in_words(before, &"x".repeat(text)).chars().count();
        assert_eq!(length("old", FIELD_MAX - 100), FIELD_MAX - 100 + 6);
        assert_eq!(length("newer ← old", FIELD_MAX - 12), FIELD_MAX - 12 + 8);
        assert_eq!(length("old", FIELD_MAX + 1), FIELD_MAX + 1, "a rating is never cut");
    }
}
