//! A rating as custom fields and tags of the room, and, where that is switched on, as the room's own survey and a message. One
//! call sets the fields and takes away every tag that it does not name: what is there is read first and sent back.

use crate::api::{messages, moment, room};
use crate::config::Config;
use crate::read::channel;
use lastword_contract::http::Api;
use lastword_contract::json;
use lastword_contract::{Receipt, Scale, SendError, Verdict, WriteBack};
use serde_json::{Map, Value, json};
use std::sync::atomic::{AtomicBool, Ordering};

/// Tags of ours: of two at most one stands.
const GOOD: &str = "rated-good";
const LOW: &str = "rated-low";
/// Between a rating and the one before it, in the field that shows all.
const BEFORE: char = '←';
/// The longest field, in characters: a rating is never cut, those before it are left out.
const FIELD_MAX: usize = 4_000;
/// What the survey calls the score and the comment.
const SATISFACTION: &str = "satisfaction";
const FEEDBACK: &str = "additionalFeedback";

/// Whether the custom fields were seen to be there. What is not defined is dropped without a word.
#[derive(Default)]
pub(crate) struct Fields(AtomicBool);

/// Shows a rating, once per key.
///
/// # Errors
/// As the API's; what was done already is done no second time when it is called again.
pub(crate) async fn write_back(api: &Api, config: &Config, fields: &Fields, rating: &WriteBack) -> Result<Receipt, SendError> {
    let room = room(api, &rating.session).await?;
    if !fields.0.load(Ordering::Relaxed) {
        let missing = missing_fields(api, config).await?;
        if !missing.is_empty() {
            let remedy = "run lastword desk setup rocketchat, or make it by hand (Omnichannel → Custom Fields, scope Room)";
            return Err(SendError::new(
                Verdict::Refused,
                "no_field",
                format!("Rocket.Chat has no custom field {}: {remedy}", missing.join(", ")),
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

/// Those of our custom fields that rooms do not have.
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

/// Fields and tags, in one call; none where they stand there already.
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
    // Its answer says nothing about the client; only their id has to be there, or the call is refused.
    let body = json!({
        "guestData": { "_id": room["v"]["_id"] },
        "roomData": { "_id": room["_id"], "tags": tags, "livechatData": wanted },
    });
    api.post("livechat/room.saveInfo", &body).await.and_then(|answer| taken(&answer))
}

/// The score as the field shows it: a thumb, or a number that can be filtered by.
fn shown(rating: &WriteBack) -> String {
    match rating.scale {
        Scale::Binary => rating.scale.label(rating.score),
        Scale::FiveStar => rating.score.to_string(),
    }
}

/// The rating in words, before those that stand there. A field is one line. The newest is known again by its words, so that the
/// same rating is written once.
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

/// The room's own survey. It is replaced as a whole: what else stands there is sent back.
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

/// A message of ours in the closed room. Never one of the client's: that opens a new room. Only in rooms of the widget, which a
/// client has left by then: apps, mail and SMS carry on what is written there.
async fn message(api: &Api, config: &Config, room: &Value, rating: &WriteBack) -> Result<Option<String>, SendError> {
    let is_closed = room["open"] != true && moment(&room["closedAt"]).is_some();
    if !is_closed || channel(room).as_deref() != Some("widget") {
        return Ok(None);
    }
    let id = room["_id"].as_str().unwrap_or_default();
    let written = messages(api, id).await?;
    // A rating that was changed and changed back is said again: only the newest of ours is this one.
    let newest = written.iter().rev().find(|message| message["u"]["_id"] == config.user.as_str());
    if let Some(ours) = newest.filter(|message| message["msg"] == rating.text.as_str()) {
        return Ok(json::text(&ours["_id"]));
    }
    let answer = api.post("chat.postMessage", &json!({ "roomId": id, "text": rating.text })).await?;
    taken(&answer)?;
    Ok(json::text(&answer["message"]["_id"]))
}

/// Its answers say that something was done, besides the status.
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
