//! What programs are told, against what the webhook's README shows them: the same fields, of the same kinds.

use crate::on_both_databases;
use crate::rig::world::{World, messenger};
use lastword::life::session::close_batch::Close;
use lastword_contract::{Address, InboundKind, Outgoing, Purpose, TextMessage};
use serde_json::{Map, Value};

on_both_databases! {
    every_event_is_as_the_readme_shows_it => events;
}

/// The bodies that the README shows, by type.
fn shown() -> Map<String, Value> {
    let readme = include_str!("../../adapters/webhook/README.md");
    let blocks = readme.split("```json\n").skip(1).filter_map(|rest| rest.split("```").next());
    let bodies = blocks.filter_map(|block| serde_json::from_str::<Value>(block).ok());
    bodies.map(|body| (body["type"].as_str().unwrap().to_owned(), body["data"].clone())).collect()
}

/// Where two documents are not of one form. Null stands for anything that is not known.
fn differences(shown: &Value, told: &Value, place: &str, found: &mut Vec<String>) {
    match (shown, told) {
        (Value::Object(shown), Value::Object(told)) => {
            for name in shown.keys().chain(told.keys()) {
                match (shown.get(name), told.get(name)) {
                    (Some(shown), Some(told)) => differences(shown, told, &format!("{place}.{name}"), found),
                    (Some(_), None) => found.push(format!("{place}.{name} is shown and not told")),
                    (None, _) => found.push(format!("{place}.{name} is told and not shown")),
                }
            }
        }
        (Value::Array(shown), Value::Array(told)) => {
            if let (Some(shown), Some(told)) = (shown.first(), told.first()) {
                differences(shown, told, &format!("{place}[]"), found);
            }
        }
        (Value::Null, _) | (_, Value::Null) => {}
        (Value::String(_), Value::String(told)) if place.ends_with("_at") => {
            if chrono::DateTime::parse_from_rfc3339(told).is_err() {
                found.push(format!("{place} is no time: {told}"));
            }
        }
        (Value::String(_), Value::String(_)) | (Value::Number(_), Value::Number(_)) | (Value::Bool(_), Value::Bool(_)) => {}
        _ => found.push(format!("{place} is shown as {shown} and told as {told}")),
    }
}

fn told(message: &Outgoing) -> (String, Value) {
    match &message.purpose {
        Purpose::Event(name) => (name.clone(), message.data.clone()),
        _ => ("alert".to_owned(), message.data.clone()),
    }
}

async fn events(url: String) {
    let world = World::on(&url, messenger()).await;
    let (_, question) = world.ask("S-1").await;
    let what = InboundKind::Text(TextMessage::new("One more question, and a long one", Address::chat("chat-S-1")));
    world.happens("bot", what).await;
    world.tap(&question, "👎").await;
    world.tap(&question, "👍").await;
    let unasked = Close { connection: None, address: None, ..world.close_of("S-2") };
    world.tell(unasked).await;
    world.work().await;
    let shown = shown();
    let mut seen = Vec::new();
    for (name, data) in world.staff.take().iter().map(told) {
        let body = shown.get(name.replace("changed", "created").as_str()).unwrap_or_else(|| panic!("the README does not show {name}"));
        let mut body = body.clone();
        if name == "alert" {
            // The webhook adds to the facts what every message has.
            for common in ["to", "language", "text", "choices"] {
                assert!(body.as_object_mut().unwrap().remove(common).is_some(), "{common} is not shown");
            }
        }
        let mut found = Vec::new();
        differences(&body, &data, &name, &mut found);
        assert!(found.is_empty(), "{found:#?}\n{data:#}");
        seen.push(name);
    }
    for name in ["rating.created", "rating.changed", "outcome.decided", "message.received", "alert"] {
        assert!(seen.iter().any(|seen| seen == name), "{name} was not told: {seen:?}");
    }
}
