//! A second opinion: for the same text, our requests are compared with apprise's field by field. `apprise_says.py` prints apprise's
//! requests.

use crate::shape::request;
use lastword_contract::Outgoing;
use lastword_rooms::Service;
use serde_json::{Value, json};
use std::path::Path;
use std::process::Stdio;
use tokio::process::Command;

const TITLE: &str = "Low rating 👎 on Support";
const TEXT: &str = "Client: Ann\nOperator: Olga";

/// Fields of apprise that we send differently, each with its reason.
const OTHERWISE: &[(&str, &str, &str)] = &[
    ("discord", "/wait", "a parameter of the address, where Discord reads it"),
    ("pagerduty", "/client", "the program's name"),
    ("pagerduty", "/payload/component", "apprise has one always; what it would say is in the text"),
];

/// Fields that only we send, by prefix.
const BESIDE: &[(&str, &[&str])] = &[
    ("slack", &["/attachments/0/fallback", "/attachments/0/blocks/1/text/verbatim"]),
    ("mattermost", &[]),
    ("rocketchat", &["/alias"]),
    ("teams", &["/attachments/0/content/body/0/wrap"]),
    ("discord", &["/allowed_mentions"]),
    ("google_chat", &[]),
    ("ntfy", &["/priority"]),
    ("gotify", &["/extras"]),
    ("matrix", &["/m.mentions"]),
    ("pagerduty", &["/dedup_key"]),
];

/// All leaves of a document, by path.
fn leaves(at: &str, value: &Value, found: &mut Vec<(String, Value)>) {
    match value {
        Value::Object(fields) if !fields.is_empty() => {
            fields.iter().for_each(|(name, value)| leaves(&format!("{at}/{name}"), value, found))
        }
        Value::Array(items) if !items.is_empty() => {
            items.iter().enumerate().for_each(|(place, value)| leaves(&format!("{at}/{place}"), value, found));
        }
        leaf => found.push((at.to_owned(), leaf.clone())),
    }
}

fn all_leaves(value: &Value) -> Vec<(String, Value)> {
    let mut found = Vec::new();
    leaves("", value, &mut found);
    found
}

async fn apprise_says(kind: &str) -> Value {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let python = here.join("../../tests/openapi/.venv/bin/python");
    assert!(python.exists(), "{} is missing: ./test installs it", python.display());
    let script = here.join("tests/it/apprise_says.py");
    let said = Command::new(python).arg(script).args([TITLE, TEXT, kind]).stderr(Stdio::inherit()).output().await.unwrap();
    assert!(said.status.success());
    serde_json::from_slice(&said.stdout).unwrap()
}

async fn ours(service: Service, data: &Value) -> Value {
    let text = format!("{TITLE}\n{TEXT}");
    request(service, |alert| Outgoing { text, data: data.clone(), ..alert }).await.json()
}

#[tokio::test]
async fn what_apprise_sends_we_send() {
    let kinds = [
        ("failure", json!({ "kind": "low" })),
        ("warning", json!({ "kind": "alarm" })),
        ("info", json!({ "kind": "letter", "late": 3 })),
        ("success", json!({ "kind": "praise" })),
    ];
    for (kind, data) in kinds {
        let said = apprise_says(kind).await;
        for (name, beside) in BESIDE {
            let theirs = &said[name]["body"];
            assert!(theirs.is_object(), "apprise said nothing for {name}");
            let made = ours(Service::parse(name).unwrap(), &data).await;
            for (place, value) in all_leaves(theirs) {
                let excused = OTHERWISE.iter().any(|(service, other, _)| service == name && *other == place);
                // Apprise has one priority for all kinds; it equals ours only for failures.
                let priority = *name == "gotify" && place == "/priority" && kind != "failure";
                if excused || priority {
                    continue;
                }
                let here = made.pointer(&place).cloned().unwrap_or_else(|| panic!("{name}: {place} is missing in {made}"));
                // HTML of apprise is text in ours.
                let value = match value.as_str() {
                    Some(html) if place == "/formatted_body" => json!(html.replace('\n', "<br>")),
                    _ => value,
                };
                assert_eq!(here, value, "{name}, {kind}: {place}");
            }
            for (place, value) in all_leaves(&made) {
                let known = theirs.pointer(&place).is_some() || beside.iter().any(|prefix| place.starts_with(prefix));
                let excused = OTHERWISE.iter().any(|(service, other, _)| service == name && *other == place);
                assert!(known || excused, "{name}: {place} = {value} is beside what apprise sends");
            }
        }
    }
}

/// Zulip by its own API: the same text, in two fields of a form. And the header in which apprise has ntfy's priority.
#[tokio::test]
async fn zulip_and_ntfy_say_the_same_in_another_place() {
    let said = apprise_says("failure").await;
    let zulip = &said["zulip"]["body"];
    let made = ours(Service::Zulip, &json!({ "kind": "low" })).await;
    let whole = format!("{}\r\n{}", zulip["topic"].as_str().unwrap(), zulip["content"].as_str().unwrap());
    assert_eq!(made, json!({ "text": whole }));
    assert_eq!(said["ntfy"]["headers"]["X-Priority"], "high");
    assert_eq!(ours(Service::Ntfy, &json!({ "kind": "low" })).await["priority"], 4);
}
