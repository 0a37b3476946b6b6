//! The part of Chatwoot's API that the adapter calls. Attributes and labels replace the whole set; messages are returned in
//! pages of twenty.

use super::account::{Account, Draft};
use super::conversation::{INBOX, Item, Message, Status};
use crate::page::Stage;
use axum::Json;
use axum::extract::{Path, Request, State};
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};
use lastword_http::json::bytes;
use lastword_http::problem::Problem;
use lastword_life::Millis;
use serde_json::{Value, json};
use std::sync::Arc;

/// Messages and conversations per page.
const MESSAGES: usize = 20;
const CONVERSATIONS: usize = 25;

/// One call.
struct Call<'a> {
    method: Method,
    /// Path inside the account.
    path: Vec<&'a str>,
    query: String,
    sent: Value,
    now: Millis,
}

impl Call<'_> {
    fn number(&self, name: &str) -> Option<u64> {
        let found = url::form_urlencoded::parse(self.query.as_bytes()).find(|(key, _)| key == name)?;
        found.1.parse().ok()
    }
}

/// Status and body of a response.
type Answer = (StatusCode, Value);

fn found(value: Value) -> Answer {
    (StatusCode::OK, value)
}

fn not_found() -> Answer {
    (StatusCode::NOT_FOUND, json!({ "error": "Resource could not be found" }))
}

fn taken(what: &str) -> Answer {
    (StatusCode::UNPROCESSABLE_ENTITY, json!({ "message": format!("{what} has already been taken") }))
}

/// `/demo/chatwoot/api/v1/{*path}`
pub(super) async fn answer(State(stage): State<Arc<Stage>>, Path(path): Path<String>, request: Request) -> Result<Response, Problem> {
    let desk = stage.desk.as_ref().ok_or_else(Problem::not_found)?;
    let token = request.headers().get("api_access_token").and_then(|token| token.to_str().ok()).unwrap_or_default();
    if !desk.knows(token) {
        return Ok((StatusCode::UNAUTHORIZED, Json(json!({ "error": "Invalid Access Token" }))).into_response());
    }
    let (method, query) = (request.method().clone(), request.uri().query().unwrap_or_default().to_owned());
    let sent = serde_json::from_slice(&bytes(request).await?).unwrap_or_default();
    let reads = method == Method::GET;
    let inside = path.strip_prefix("accounts/1/").unwrap_or_default().split('/').collect();
    let call = Call { method, path: inside, query, sent, now: stage.engine.now() };
    let answered = desk.with(|account| if path == "profile" { found(account.us()) } else { take(account, &call) });
    if !reads {
        desk.tell(&stage.engine);
    }
    Ok((answered.0, Json(answered.1)).into_response())
}

fn take(account: &mut Account, call: &Call<'_>) -> Answer {
    match (call.method.as_str(), call.path.as_slice()) {
        ("GET", ["conversations"]) => found(list(account, call)),
        (_, ["conversations", id, rest @ ..]) => match id.parse().ok().filter(|id| account.conversation(*id).is_some()) {
            Some(id) => of_conversation(account, id, rest, call),
            None => not_found(),
        },
        ("GET", ["inboxes"]) => found(json!({ "payload": [
            { "id": INBOX, "name": "Shop", "channel_type": "Channel::WebWidget", "csat_survey_enabled": false }] })),
        ("GET", ["webhooks"]) => found(json!({ "payload": { "webhooks": account.hooks } })),
        ("POST", ["webhooks"]) => match account.add_hook(&call.sent["webhook"]) {
            Some(hook) => found(json!({ "payload": { "webhook": hook } })),
            None => taken("Url"),
        },
        ("GET", ["custom_attribute_definitions"]) => found(json!(account.definitions)),
        ("POST", ["custom_attribute_definitions"]) => {
            let wanted = call.sent["custom_attribute_definition"].clone();
            if account.definitions.iter().any(|one| one["attribute_key"] == wanted["attribute_key"]) {
                return taken("Attribute key");
            }
            account.definitions.push(wanted.clone());
            found(wanted)
        }
        ("GET", ["labels"]) => found(json!({ "payload": account.labels })),
        ("POST", ["labels"]) => {
            account.labels.push(call.sent.clone());
            found(call.sent.clone())
        }
        ("GET", ["dashboard_apps"]) => found(json!(account.apps)),
        ("POST", ["dashboard_apps"]) => {
            account.apps.push(call.sent["dashboard_app"].clone());
            found(call.sent["dashboard_app"].clone())
        }
        _ => not_found(),
    }
}

/// Resolved conversations by last activity, latest first. The adapter requests no others.
fn list(account: &Account, call: &Call<'_>) -> Value {
    let page = usize::try_from(call.number("page").unwrap_or(1)).unwrap_or(usize::MAX);
    let mut resolved: Vec<_> = account.newest().filter(|one| one.status == Status::Resolved).collect();
    resolved.sort_by_key(|one| std::cmp::Reverse((one.active_at(), one.id)));
    let shown = resolved.iter().skip(page.saturating_sub(1).saturating_mul(CONVERSATIONS)).take(CONVERSATIONS);
    let shown: Vec<Value> = shown.map(|one| account.shown(one)).collect();
    json!({ "data": { "meta": { "all_count": resolved.len() }, "payload": shown } })
}

fn of_conversation(account: &mut Account, id: u64, rest: &[&str], call: &Call<'_>) -> Answer {
    let Some(conversation) = account.conversation(id) else { return not_found() };
    match (call.method.as_str(), rest) {
        ("GET", []) => found(account.shown(conversation)),
        ("GET", ["messages"]) => {
            let before = call.number("before").unwrap_or(u64::MAX);
            let older: Vec<&Message> = conversation.messages.iter().filter(|message| message.id < before).collect();
            let page = &older[older.len().saturating_sub(MESSAGES)..];
            found(json!({ "meta": {}, "payload": page.iter().map(|message| conversation.message(message)).collect::<Vec<_>>() }))
        }
        ("POST", ["messages"]) => {
            let written = account.we_write(id, draft(&call.sent), call.now);
            let conversation = account.conversation(id);
            let message = conversation
                .zip(written)
                .and_then(|(one, written)| one.messages.iter().find(|message| message.id == written).map(|message| one.message(message)));
            message.map_or_else(not_found, found)
        }
        ("POST", ["custom_attributes"]) => {
            account.set_attributes(id, call.sent["custom_attributes"].as_object().cloned().unwrap_or_default(), call.now);
            found(json!({ "custom_attributes": call.sent["custom_attributes"] }))
        }
        ("GET", ["labels"]) => found(json!({ "payload": conversation.labels })),
        ("POST", ["labels"]) => {
            let labels = call.sent["labels"].as_array().into_iter().flatten().filter_map(Value::as_str);
            account.set_labels(id, labels.map(str::to_owned).collect(), call.now);
            found(json!({ "payload": call.sent["labels"] }))
        }
        ("POST", ["toggle_status"]) => {
            let status = if call.sent["status"] == Status::Resolved.word() { Status::Resolved } else { Status::Open };
            account.set_status_by(id, status, "Lastword", call.now);
            found(json!({ "payload": { "conversation_id": id, "current_status": status.word(), "success": true } }))
        }
        _ => not_found(),
    }
}

/// Parses a message sent to the API.
fn draft(sent: &Value) -> Draft {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let items = sent["content_attributes"]["items"].as_array().into_iter().flatten();
    let item = |item: &Value| Some(Item { title: text(&item["title"])?, value: text(&item["value"])? });
    Draft {
        text: text(&sent["content"]).unwrap_or_default(),
        private: sent["private"] == true,
        source_id: text(&sent["source_id"]),
        reply_to: None,
        items: items.filter_map(item).collect(),
    }
}
