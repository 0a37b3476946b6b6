//! What the API's description allows is accepted, and what it forbids is refused with the field's name: the limits of every
//! operation are tested against the server.

use crate::rig::caller::{Answer, Api};
use crate::rig::world::World;
use lastword::domain::line::{Alerts, LineSettings};
use lastword::http::api::openapi;
use lastword::settings::Limits;
use serde_json::{Map, Value, json};

/// No rate limits.
const LIMITS: Limits = Limits { key_per_second: 0, address_per_second: 0, sign_ins_per_minute: 0 };

/// A body that is accepted, by operation name. Its optional fields are those with limits in the description.
fn body(operation: &str) -> Value {
    let operator = json!({ "id": "op-7", "name": "Olga" });
    match operation {
        "putLine" => json!({ "name": "Other", "version": 0, "settings": {} }),
        "importLineFromBitrix24" => json!({ "fields": {}, "version": 1, "dry_run": true }),
        "startLineExperiment" => json!({ "trial": { "delay_secs": 60 }, "margin": 5, "clients_max": 200 }),
        "endLineExperiment" => json!({ "keep": "a" }),
        "learnLineBaseline" => json!({ "channel": "parrot", "share": "score" }),
        "putRecipient" => json!({
            "name": "Zoe", "connection": "staff", "address": { "chat": "zoe", "user": "z", "via": "v" }, "operator": "op-99", "language": "en",
        }),
        "putLetter" => json!({ "recipient": "anna", "every": "daily", "hour": 8, "lines": ["support"] }),
        "createReplyTemplate" | "updateReplyTemplate" => json!({ "name": "Sorry", "text": "We are sorry.", "line": "support" }),
        "replyToRating" => json!({ "text": "We are sorry." }),
        "flagRating" => json!({ "reason": "spam", "text": "It is spam." }),
        "appealRating" | "restoreRating" => json!({ "text": "It is not about us." }),
        "judgeRating" => json!({ "objection": "o", "upheld": true, "text": "So it is." }),
        "assignRating" => json!({ "to": "somebody" }),
        "settleRating" => json!({ "settled": true, "note": "Called." }),
        "askClientAgain" => json!({ "version": 1 }),
        "askByHand" => json!({ "reason": "They asked for it." }),
        "acknowledgeAlert" => json!({ "by": "Anna" }),
        "releaseQuarantine" => json!({ "waiting": "keep" }),
        "replayEvents" => json!({ "from": "2026-11-01" }),
        "createConnection" => json!({ "name": "shop", "kind": "pigeon", "settings": {} }),
        "updateConnection" => json!({ "version": 1, "settings": {} }),
        "createKey" => json!({ "name": "till", "scopes": ["ratings:read"], "lines": ["support"] }),
        "putOperator" => json!({ "kind": "human" }),
        "createPerson" => json!({ "login": "eve", "person": { "name": "Eve", "role": "admin" } }),
        "updatePerson" => json!({ "name": "Eve", "role": "supervisor", "operator": "op-9", "lines": ["support"] }),
        "sendChatMessage" => json!({ "event_key": "k", "operator": operator, "text": "Hello" }),
        "closeChat" => json!({ "operator": operator }),
        "askWhileTalking" => json!({ "source": "api" }),
        "openSession" => {
            json!({ "event_key": "k", "session": "s", "at": 1_790_000_000_000_i64, "line": "support", "operator": operator, "client": "c" })
        }
        "noteMessage" => json!({ "event_key": "k", "session": "s", "at": 1_790_000_000_000_i64, "by": "client" }),
        "reopenSession" => json!({ "event_key": "k", "session": "s", "at": 1_790_000_000_000_i64 }),
        "reassignSession" => {
            json!({ "event_key": "k", "session": "s", "at": 1_790_000_000_000_i64, "operator": operator, "line": "support" })
        }
        "mergeSession" => json!({ "event_key": "k", "session": "s", "at": 1_790_000_000_000_i64, "into": "t" }),
        "closeSessions" => json!({
            "event_key": "k", "session": "s", "line": "support", "closed_at": 1_790_000_000_000_i64, "operator": operator, "client": "c",
            "client_name": "Jane", "language": "en",
        }),
        other => panic!("{other} has a body of which nothing is known here"),
    }
}

/// True for events from desks: there, invalid values are corrected with a note, or refused.
fn is_event(operation: &str) -> bool {
    ["openSession", "noteMessage", "reopenSession", "reassignSession", "mergeSession", "closeSessions"].contains(&operation)
}

struct Walk {
    api: Api,
    document: Value,
    wrong: Vec<String>,
    played: usize,
    number: usize,
}

/// A value at a limit, and if the description allows it.
struct Case {
    what: String,
    value: Value,
    allowed: bool,
}

impl Walk {
    fn resolve<'a>(&'a self, schema: &'a Value) -> &'a Value {
        let name = schema["$ref"].as_str().and_then(|path| path.rsplit('/').next());
        name.map_or(schema, |name| &self.document["components"]["schemas"][name])
    }

    /// The schema without the null alternative.
    fn own<'a>(&'a self, schema: &'a Value) -> &'a Value {
        let schema = self.resolve(schema);
        let variants = schema["oneOf"].as_array().or(schema["anyOf"].as_array());
        let some = variants.and_then(|variants| variants.iter().find(|variant| variant["type"] != "null"));
        some.map_or(schema, |variant| self.own(variant))
    }

    /// The limits of the schema at a place, if it has any.
    fn edges(&mut self, schema: &Value, present: &Value) -> Vec<Case> {
        let of = |name: &str| schema[name].as_u64();
        let mut edges = Vec::new();
        let mut edge = |what: &str, value: Value, allowed: bool| edges.push(Case { what: what.to_owned(), value, allowed });
        if present.is_string() && schema["enum"].is_null() && schema["format"] != "day-or-time" {
            self.number += 1;
            // A new text each time, so that it is unique.
            let text = |length: u64| Value::from("ab".chars().cycle().take(length as usize).collect::<String>());
            let (start, rest) = match schema["pattern"].as_str() {
                None | Some(r"\S") => ("e", "ä"),
                Some("[/:]") => ("e/", "ä"),
                Some(_) => ("e", "a"),
            };
            let unique = |length: u64| {
                let number = format!("{start}{}", self.number);
                let more = (length as usize).saturating_sub(number.len());
                Value::from(format!("{number}{}", rest.repeat(more)).chars().take(length as usize).collect::<String>())
            };
            match of("minLength") {
                Some(least) if least > 0 => {
                    edge("one too short", text(least - 1), false);
                    edge("the shortest", unique(least), true);
                }
                _ if schema["format"].is_null() && schema["pattern"].is_null() => edge("the shortest", "".into(), true),
                _ => {}
            }
            if let Some(most) = of("maxLength") {
                edge("the longest", unique(most), true);
                edge("one too long", text(most + 1), false);
            }
        }
        if present.is_i64() && schema["format"] != "date-time" {
            let at = |name: &str| schema[name].as_i64();
            for (name, beyond) in [("minimum", -1), ("maximum", 1)] {
                if let Some(end) = at(name).filter(|end| end.abs() < i64::from(i32::MAX)) {
                    edge(name, end.into(), true);
                    edge(&format!("beyond the {name}"), (end + beyond).into(), false);
                }
            }
        }
        if let (Some(most), Some(one)) = (of("maxItems"), present.as_array().and_then(|items| items.first())) {
            edge("one item too many", vec![one.clone(); most as usize + 1].into(), false);
            edge("the most items", vec![one.clone(); most as usize].into(), true);
        }
        edges
    }

    /// The places within a body that have a schema in the description, with their schemas.
    fn places(&self, schema: &Value, present: &Value, place: &str, found: &mut Vec<(String, Value, Value)>) {
        let schema = self.own(schema);
        found.push((place.to_owned(), schema.clone(), present.clone()));
        if let (Some(fields), Some(properties)) = (present.as_object(), schema["properties"].as_object()) {
            for (name, value) in fields {
                self.places(&properties[name], value, &format!("{place}/{name}"), found);
            }
        }
        if let Some(first) = present.as_array().and_then(|items| items.first()) {
            self.places(&schema["items"], first, &format!("{place}/0"), found);
        }
    }

    /// Records responses that contradict the description. Refusals for other reasons than form (an unknown thing, a state)
    /// are up to the server.
    fn judge(&mut self, call: &str, edge: &Case, field: &str, answer: &Answer, mends: bool) {
        self.played += 1;
        let said = if answer.status >= 400 { answer.json() } else { Value::Null };
        let of_form = ["invalid_field", "missing_field", "unknown_field", "bad_request", "invalid_json"];
        // A text that names something unknown is no error of form.
        let unknown = ["here is no", "is no such", "is not watched", "not the settings"];
        let unknown = said["detail"].as_str().is_some_and(|detail| unknown.iter().any(|words| detail.contains(words)));
        let refused = !(edge.allowed && unknown) && matches!(said["code"].as_str(), Some(code) if of_form.contains(&code));
        let what = &edge.what;
        if edge.allowed && (refused || answer.status >= 500) {
            self.wrong.push(format!("{call}: {what} of {field} is refused: {said}"));
        }
        if !edge.allowed && !refused && !mends {
            self.wrong.push(format!("{call}: {what} of {field} is answered {} {said}", answer.status));
        }
        let named = said["field"].as_str().unwrap_or_default();
        let last = field.rsplit('/').find(|part| part.parse::<usize>().is_err()).unwrap_or_default();
        if !edge.allowed && refused && !named.contains(last) {
            self.wrong.push(format!("{call}: {what} of {field} is refused for {named:?}"));
        }
    }

    async fn body(&mut self, call: &Call, schema: &Value) {
        let (base, schema) = (body(&call.name), self.own(schema).clone());
        let schema = if call.name == "closeSessions" { json!({ "$ref": "#/components/schemas/CloseBody" }) } else { schema };
        let mut places = Vec::new();
        self.places(&schema, &base, "", &mut places);
        for (place, schema, present) in places {
            for edge in self.edges(&schema, &present) {
                let mut body = base.clone();
                *body.pointer_mut(&place).unwrap() = edge.value.clone();
                if is_event(&call.name) && place != "/event_key" {
                    self.number += 1;
                    body["event_key"] = format!("edge-{}", self.number).into();
                }
                let answer =
                    self.api.send(&call.method, &call.address(None), &call.headers(&self.api), body.to_string().into_bytes()).await;
                self.judge(&call.title, &edge, &place, &answer, is_event(&call.name));
            }
        }
    }

    async fn parameters(&mut self, call: &Call, parameters: &[Value], with: &Value) {
        for parameter in parameters {
            let (name, schema) = (parameter["name"].as_str().unwrap().to_owned(), self.own(&parameter["schema"]).clone());
            let present = match schema["type"].as_str().or(schema["type"][0].as_str()) {
                Some("integer") => json!(1),
                Some("array") => json!(["x"]),
                Some("string") => json!("x"),
                _ => continue,
            };
            for edge in self.edges(&schema, &present) {
                let in_path = parameter["in"] == "path";
                if in_path && edge.value == "" {
                    continue;
                }
                let address = call.address(Some((&name, in_path, &edge.value)));
                let body = if with.is_null() { Vec::new() } else { with.to_string().into_bytes() };
                let answer = self.api.send(&call.method, &address, &call.headers(&self.api), body).await;
                // The meaning of a listed value is up to the server.
                let free = !in_path && edge.allowed && schema["type"] != "integer";
                let edge = if free { Case { allowed: true, what: format!("{} (any word)", edge.what), ..edge } } else { edge };
                if !(free && answer.status == 422) {
                    self.judge(&call.title, &edge, &name, &answer, false);
                }
            }
        }
    }
}

/// An operation of the description.
struct Call {
    name: String,
    title: String,
    method: String,
    path: String,
    with_body: bool,
    rated: String,
}

impl Call {
    /// Its address, with one parameter set to the given value.
    fn address(&self, own: Option<(&str, bool, &Value)>) -> String {
        let encode = |text: &str| text.bytes().map(|byte| format!("%{byte:02X}")).collect::<String>();
        let mut address = self.path.clone();
        let mut query = if self.name == "planLine" { vec![("from".to_owned(), "2026-09-01".to_owned())] } else { Vec::new() };
        if self.name == "listChats" {
            query.push(("connection".to_owned(), "bot".to_owned()));
        }
        if self.name == "findClients" {
            query.push(("q".to_owned(), "x".to_owned()));
        }
        if let Some((name, in_path, value)) = own {
            let texts: Vec<String> = match value {
                Value::Array(items) => items.iter().map(|item| item.as_str().unwrap_or_default().to_owned()).collect(),
                Value::String(text) => vec![text.clone()],
                other => vec![other.to_string()],
            };
            if in_path {
                address = address.replace(&format!("{{{name}}}"), &encode(&texts[0]));
            } else {
                query.retain(|(known, _)| known != name);
                query.extend(texts.into_iter().map(|text| (name.to_owned(), text)));
            }
        }
        let line = self.path.starts_with("/v1/lines/");
        let id = match self.path.as_str() {
            path if path.starts_with("/v1/rating-requests") => self.rated.as_str(),
            "/v1/lines/{id}" => "other",
            _ if line => "support",
            // An ID of nothing. A text that is no ID would be unknown before its body is read.
            _ => "0AW68fPiVrKPTH9Y4",
        };
        for (name, value) in [("id", id), ("rating_request", &self.rated), ("connection", "bot"), ("visitor", "v"), ("name", "bot")] {
            address = address.replace(&format!("{{{name}}}"), &encode(value));
        }
        let query: Vec<String> = query.iter().map(|(name, value)| format!("{name}={}", encode(value))).collect();
        if query.is_empty() { address } else { format!("{address}?{}", query.join("&")) }
    }

    fn headers(&self, api: &Api) -> Vec<(&'static str, String)> {
        let mut headers = vec![("authorization", format!("Bearer {}", api.admin()))];
        headers.extend(self.with_body.then(|| ("content-type", "application/json".to_owned())));
        headers
    }
}

#[tokio::test]
async fn what_the_description_allows_is_accepted_and_what_it_forbids_is_refused() {
    let api = Api::limited(World::in_memory().await, LIMITS).await;
    let alerts = Alerts { recipients: vec!["anna".into()], ..Alerts::default() };
    api.world.line_as_it_is(LineSettings { alerts, ..LineSettings::default() }).await;
    let (rated, question) = api.world.ask("S-1").await;
    api.world.tap(&question, "👎").await;
    let mut walk = Walk { api, document: openapi::document(), wrong: Vec::new(), played: 0, number: 0 };
    let paths: Map<String, Value> = walk.document["paths"].as_object().unwrap().clone();
    for (path, item) in &paths {
        for (method, operation) in item.as_object().unwrap().iter().filter(|(_, operation)| operation["responses"].is_object()) {
            let call = Call {
                name: operation["operationId"].as_str().unwrap().to_owned(),
                title: format!("{} {path}", method.to_uppercase()),
                method: method.to_uppercase(),
                path: path.clone(),
                with_body: operation["requestBody"].is_object(),
                rated: rated.clone(),
            };
            let with = if call.with_body { body(&call.name) } else { Value::Null };
            walk.parameters(&call, operation["parameters"].as_array().map(Vec::as_slice).unwrap_or_default(), &with).await;
            if call.with_body {
                walk.body(&call, &operation["requestBody"]["content"]["application/json"]["schema"]).await;
            }
        }
    }
    assert!(walk.played > 300, "only {} edges were played", walk.played);
    assert!(walk.wrong.is_empty(), "{} of {}:\n{}", walk.wrong.len(), walk.played, walk.wrong.join("\n"));
}
