//! The OpenAPI document: complete, sorted, and checked by a validator, a linter, and a generated client.

use crate::on_both_databases;
use crate::rig::process::Process;
use crate::rig::stub::{Answer, Seen, Stub};
use base64::Engine as _;
use hmac::{Hmac, KeyInit as _, Mac as _};
use lastword::http::api::openapi;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use tokio::process::Command;

on_both_databases! {
    a_client_made_from_the_description_runs_the_whole_loop => whole_loop;
}

/// All operations with method and path.
fn calls(document: &Value) -> Vec<(String, &Map<String, Value>)> {
    let mut calls = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap().iter().filter(|(_, operation)| operation["responses"].is_object()) {
            calls.push((format!("{method} {path}"), operation.as_object().unwrap()));
        }
    }
    calls
}

#[test]
fn every_answer_is_described_and_every_problem_is_one() {
    let document = openapi::document();
    for (call, operation) in calls(&document) {
        let responses = operation["responses"].as_object().unwrap();
        for (status, response) in responses {
            assert!(response["description"].as_str().is_some_and(|words| words.len() >= 4), "{call}: {status} has no description");
            if status.starts_with(['4', '5']) {
                let schema = &response["content"]["application/problem+json"]["schema"]["$ref"];
                assert_eq!(schema, "#/components/schemas/Problem", "{call}: {status}");
            }
        }
        let mut due = vec!["400", "401", "403", "414", "429", "431", "500", "503"];
        if operation.contains_key("requestBody") {
            due.extend(["408", "413", "415", "422"]);
        }
        let parameters = operation.get("parameters").and_then(Value::as_array).cloned().unwrap_or_default();
        if parameters.iter().any(|parameter| parameter["in"] == "query") {
            due.push("422");
        }
        if parameters.iter().any(|parameter| parameter["in"] == "path") {
            due.extend(["404", "422"]);
        }
        for status in due {
            assert!(responses.contains_key(status), "{call} does not say what {status} means");
        }
        for status in ["429", "503"] {
            assert!(responses[status]["headers"]["Retry-After"].is_object(), "{call}: {status} does not say when to come back");
        }
        assert!(parameters.iter().all(|parameter| parameter["description"].as_str().is_some_and(|words| !words.is_empty())), "{call}");
    }
}

/// A reader of the page sees what to send and what comes back, and nothing there is wrong: each example fits its schema, as a validator of
/// others says.
#[tokio::test]
async fn every_body_has_an_example_that_fits_its_schema() {
    let document = openapi::document();
    let schemas = document["components"]["schemas"].as_object().unwrap();
    let mut without = Vec::new();
    for (call, operation) in calls(&document) {
        let responses = operation["responses"].as_object().unwrap().iter().filter(|(status, _)| status.starts_with('2'));
        let bodies = operation.get("requestBody").into_iter().chain(responses.map(|(_, response)| response));
        for body in bodies.filter_map(|body| body["content"].get("application/json")) {
            let of_schema = body["schema"]["$ref"].as_str().and_then(|name| schemas.get(name.rsplit('/').next().unwrap()));
            if body.get("example").is_none() && !of_schema.is_some_and(|schema| schema["examples"].is_array()) {
                without.push(format!("{call}: {}", body["schema"]));
            }
        }
    }
    assert!(without.is_empty(), "add to src/http/api/openapi/examples.json: {without:#?}");
    let examples: Map<String, Value> =
        serde_json::from_str(&std::fs::read_to_string(crate::rig::root().join("src/http/api/openapi/examples.json")).unwrap()).unwrap();
    let left_over: Vec<_> = examples.keys().filter(|name| !schemas.contains_key(*name)).collect();
    assert!(left_over.is_empty(), "no schema has the name of {left_over:?}");
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("openapi.json");
    std::fs::write(&file, document.to_string()).unwrap();
    output(Command::new(installed(".venv/bin/python")).arg(installed("examples.py")).arg(&file)).await;
}

/// Generated clients have a function with the operation's name, so it names the action and its object.
#[test]
fn every_call_has_a_name_that_a_programmer_expects() {
    const VERBS: [&str; 34] = [
        "list",
        "get",
        "find",
        "create",
        "put",
        "update",
        "delete",
        "close",
        "open",
        "reopen",
        "reassign",
        "merge",
        "send",
        "export",
        "import",
        "erase",
        "resume",
        "resend",
        "cancel",
        "acknowledge",
        "test",
        "reply",
        "flag",
        "appeal",
        "judge",
        "restore",
        "assign",
        "settle",
        "ask",
        "plan",
        "start",
        "end",
        "revoke",
        "set",
    ];
    let document = openapi::document();
    let tags: Vec<&str> = document["tags"].as_array().unwrap().iter().map(|tag| tag["name"].as_str().unwrap()).collect();
    let mut names = BTreeSet::new();
    for (call, operation) in calls(&document) {
        let name = operation["operationId"].as_str().unwrap_or_else(|| panic!("{call} has no name"));
        let verb = name.split(char::is_uppercase).next().unwrap();
        let more = [
            "release", "allow", "stop", "opt", "add", "remove", "rate", "forget", "hold", "keep", "begin", "note", "learn", "dismiss",
            "preview", "replay",
        ];
        assert!(VERBS.contains(&verb) || more.contains(&verb), "{call}: {name} does not begin with a verb");
        assert!(name.len() > verb.len() && name.chars().all(|letter| letter.is_ascii_alphanumeric()), "{call}: {name} names no thing");
        // The rule of docs/api_rules.md. What is set, such as an opt-out, is not created and has a state afterwards.
        let success: Vec<&String> = operation["responses"].as_object().unwrap().keys().filter(|status| status.starts_with('2')).collect();
        match verb {
            "create" | "start" => assert_eq!(success, ["201"], "{call}"),
            "delete" if name != "deleteClientOptOut" => assert_eq!(success, ["204"], "{call}"),
            _ => {}
        }
        assert!(names.insert(name.to_owned()), "{call}: {name} is the name of another call too");
        let own: Vec<&str> = operation["tags"].as_array().unwrap().iter().map(|tag| tag.as_str().unwrap()).collect();
        assert!(own.len() == 1 && tags.contains(&own[0]), "{call}: {own:?} is none of {tags:?}");
    }
}

#[test]
fn all_that_is_sent_has_its_limits() {
    let document = openapi::document();
    let (schemas, mut sent, mut missing) = (&document["components"]["schemas"], BTreeSet::new(), Vec::new());
    for (call, operation) in calls(&document) {
        names(operation.get("requestBody").unwrap_or(&Value::Null), &mut sent);
        for parameter in operation.get("parameters").and_then(Value::as_array).into_iter().flatten() {
            unlimited(&parameter["schema"], &format!("{call} {}", parameter["name"]), &mut missing);
            names(&parameter["schema"], &mut sent);
        }
    }
    let mut seen = BTreeSet::new();
    while let Some(name) = sent.pop_first() {
        unlimited(&schemas[&name], &name, &mut missing);
        names(&schemas[&name], &mut sent);
        seen.insert(name);
        sent.retain(|name| !seen.contains(name));
    }
    assert!(seen.len() > 30 && missing.is_empty(), "without limits: {missing:#?}");
    let field = |path: &str| document.pointer(&format!("/components/schemas/{path}")).unwrap().clone();
    assert_eq!(field("CloseBody/properties/session/maxLength"), 200);
    assert_eq!(field("CloseBody/properties/operators/maxItems"), 50);
    assert_eq!(field("Texts/properties/question/maxLength"), 640);
    assert_eq!(field("LineBody/properties/version/maximum"), 9_007_199_254_740_991_i64);
    assert_eq!(field("SkipRules/properties/min_messages/maximum"), 2_147_483_647);
}

fn names(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) => {
            found.extend(fields.get("$ref").and_then(Value::as_str).map(|path| path.rsplit('/').next().unwrap().to_owned()));
            fields.values().for_each(|value| names(value, found));
        }
        Value::Array(items) => items.iter().for_each(|value| names(value, found)),
        _ => {}
    }
}

fn unlimited(value: &Value, place: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            let kinds = fields.get("type").map(|kind| kind.as_array().cloned().unwrap_or_else(|| vec![kind.clone()])).unwrap_or_default();
            let is = |kind: &str| kinds.iter().any(|one| one == kind);
            let has = |keys: &[&str]| keys.iter().any(|key| fields.contains_key(*key));
            if is("string") && !has(&["maxLength", "enum", "const", "format"])
                || is("array") && !has(&["maxItems"])
                || is("integer") && !(has(&["minimum"]) && has(&["maximum"]) && has(&["format"]))
            {
                found.push(place.to_owned());
            }
            fields.iter().for_each(|(key, value)| unlimited(value, &format!("{place}.{key}"), found));
        }
        Value::Array(items) => items.iter().for_each(|value| unlimited(value, place, found)),
        _ => {}
    }
}

/// If two types shared a name, the document would contain only one, and calls of the other would be wrong.
#[test]
fn no_two_types_share_a_name_in_the_description() {
    let mut places: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for file in rust_files(&crate::rig::root().join("src")) {
        let text = std::fs::read_to_string(&file).unwrap();
        for (at, _) in text.match_indices("ToSchema").filter(|(at, _)| text[..*at].rsplit('\n').next().unwrap().contains("derive(")) {
            let rest = &text[at..];
            let (attributes, declared) = rest
                .split_once("pub struct ")
                .into_iter()
                .chain(rest.split_once("pub enum "))
                .min_by_key(|(before, _)| before.len())
                .unwrap();
            let renamed = attributes.split_once("schema(as = ").map(|(_, name)| name);
            let name = renamed.unwrap_or(declared).split(|letter: char| !letter.is_alphanumeric()).next().unwrap();
            places.entry(name.to_owned()).or_default().push(file.display().to_string());
        }
    }
    assert!(places.len() > 80, "{places:?}");
    let twice: Vec<_> = places.iter().filter(|(_, files)| files.len() > 1).collect();
    assert!(twice.is_empty(), "{twice:?}");
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries
        .flat_map(|path| if path.is_dir() { rust_files(&path) } else { vec![path] })
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
        .collect()
}

/// A program of `tests/openapi`, installed there by ./test.
fn installed(program: &str) -> PathBuf {
    let path = crate::rig::root().join("tests/openapi").join(program);
    assert!(path.exists(), "{} is missing: run ./test, which installs it", path.display());
    path
}

async fn output(command: &mut Command) -> String {
    let ended = command.stdin(Stdio::null()).kill_on_drop(true).output().await.unwrap();
    let said = String::from_utf8_lossy(&[ended.stdout, ended.stderr].concat()).into_owned();
    assert!(ended.status.success(), "{command:?}:\n{said}");
    said
}

#[tokio::test]
async fn a_validator_and_a_lint_find_nothing_wrong() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("openapi.json");
    std::fs::write(&file, openapi::document().to_string()).unwrap();
    output(Command::new(installed(".venv/bin/openapi-spec-validator")).arg(&file)).await;
    let rules = crate::rig::root().join("tests/openapi/redocly.yaml");
    let mut lint = Command::new("node");
    lint.arg(installed("node_modules/@redocly/cli/bin/cli.js")).arg("lint").arg(&file).arg("--config").arg(rules);
    // It checks for new releases and sends telemetry unless disabled.
    lint.env("REDOCLY_TELEMETRY", "off").env("REDOCLY_SUPPRESS_UPDATE_NOTICE", "true");
    output(&mut lint).await;
}

const SECRET: &str = "a secret of at least twenty-four bytes";

/// A press by the client, as reported by the program behind the webhook.
async fn press(base: &str, question: &Seen) {
    let data = &question.json()["data"];
    let worst = data["choices"].as_array().unwrap().iter().min_by_key(|choice| choice["label"].as_str().unwrap().chars().count()).unwrap();
    let body = json!({ "type": "press", "data": { "token": worst["token"], "chat": data["to"]["chat"] } }).to_string();
    let (id, at) = ("evt-1", question.header("webhook-timestamp").unwrap());
    let mut mac = Hmac::<sha2::Sha256>::new_from_slice(SECRET.as_bytes()).unwrap();
    mac.update(format!("{id}.{at}.{body}").as_bytes());
    let signature = format!("v1,{}", base64::engine::general_purpose::STANDARD.encode(mac.finalize().into_bytes()));
    let call = reqwest::Client::new().post(format!("{base}/hooks/crm")).header("webhook-id", id).header("webhook-timestamp", at);
    let answer = call.header("webhook-signature", signature).header("content-type", "application/json").body(body).send().await.unwrap();
    assert!(answer.status().is_success(), "{answer:?}");
}

async fn whole_loop(url: String) {
    let folder = tempfile::tempdir().unwrap();
    let crm = Stub::start(|_| Answer::json(200, &json!({ "message_id": "m-1" })));
    let target = crm.url();
    let environment = [
        ("LASTWORD__DATABASE__URL", url.as_str()),
        ("LASTWORD__HTTP__LISTEN", "127.0.0.1:0"),
        ("LASTWORD__CONNECTIONS__CRM__KIND", "webhook"),
        ("LASTWORD__CONNECTIONS__CRM__URL", &target),
        ("LASTWORD__CONNECTIONS__CRM__SECRET", SECRET),
        ("LASTWORD__CONNECTIONS__CRM__EVENTS", r#"["rating.created"]"#),
        ("LASTWORD__CONNECTIONS__CRM__ALLOW_HTTP", "true"),
        ("LASTWORD__CONNECTIONS__CRM__ALLOW_PRIVATE_NETWORKS", "true"),
    ];
    let server = Process::lastword(&["serve"], &environment);
    let base = format!("http://{}", server.listening().await);
    let (made, said) = Process::lastword(&["key", "create", "--name", "desk", "--scope", "admin"], &environment).ended().await;
    assert!(made.success(), "{said}");
    let key = said.split_whitespace().find(|word| word.starts_with("lw_")).unwrap().to_owned();

    let description = folder.path().join("openapi.json");
    std::fs::write(&description, reqwest::get(format!("{base}/openapi.json")).await.unwrap().bytes().await.unwrap()).unwrap();
    let (plain, package) = (folder.path().join("plain.yml"), folder.path().join("lastword_client"));
    std::fs::write(&plain, "post_hooks: []\n").unwrap();
    let mut generate = Command::new(installed(".venv/bin/openapi-python-client"));
    generate.arg("generate").arg("--path").arg(&description).arg("--output-path").arg(&package).args(["--meta", "none"]);
    let said = output(generate.arg("--fail-on-warning").arg("--config").arg(&plain)).await;
    assert!(package.join("api").exists(), "{said}");

    let run = |more: &[&str]| {
        let mut python = Command::new(installed(".venv/bin/python"));
        python.arg(installed("loop.py")).args([base.as_str(), key.as_str()]).args(more).env("PYTHONPATH", folder.path());
        python
    };
    let first = output(&mut run(&["close"])).await;
    let request = first.lines().next().unwrap().to_owned();
    let asked = crm.wait_for(|seen| seen.json()["type"] == "question").await;
    press(&base, &asked).await;
    let alert = crm.wait_for(|seen| seen.json()["type"] == "alert").await;
    assert_eq!(alert.json()["data"]["to"]["chat"], "anna");
    let told = crm.wait_for(|seen| seen.json()["type"] == "rating.created").await;
    assert_eq!(told.json()["data"]["rating_request"]["id"], request.as_str(), "{}", told.json());
    let second = output(&mut run(&["rated", &request])).await;
    assert!(second.contains("lists were read") && second.ends_with("done\n"), "{second}");
    assert!(server.stop().await.0.success());
}
