//! Live Helper Chat by the recipe: what its triggers send, in its order, and a REST API that takes forms and refuses JSON.

use crate::wire::{NOW, config, request};
use lastword_contract::kit::desks::{DeskApi, DeskStub};
use lastword_contract::kit::{HttpAnswer, HttpRequest};
use lastword_contract::{CloseBy, Desk, DeskEvent, DeskEventKind, Scale, Verdict, WriteBack};
use lastword_desk::AnyDesk;
use reqwest::Client;
use serde_json::{Value, json};

const README: &str = include_str!("../../recipes/live_helper_chat/README.md");
const KEY: &str = "the-key-that-lhc-sends-with-each-call";
const TOKEN: &str = "Basic bGFzdHdvcmQ6YXBpLWtleS1vZi1sYXN0d29yZA==";

fn block(fence: &str) -> String {
    let block = README.split_once(&format!("```{fence}\n")).expect("its block is there").1.split_once("```").expect("it ends").0;
    block.lines().map(|line| line.strip_prefix("   ").unwrap_or(line)).collect::<Vec<_>>().join("\n")
}

/// The connection of the README, at the stub.
fn settings(url: &str) -> Value {
    let document: toml::Table = block("toml").parse().unwrap();
    let mut settings: Value = serde_json::to_value(&document["connections"]["lhc"]).unwrap();
    // What the engine takes from a connection before its adapter sees it.
    for shared in ["kind", "line", "ask_through"] {
        settings.as_object_mut().unwrap().remove(shared);
    }
    (settings["url"], settings["key"], settings["token"]) = (json!(url), json!(KEY), json!(TOKEN));
    settings
}

/// A chat as LHC fills it into a trigger's body: texts are JSON with their quotes, `raw_` leaves them off.
fn filled(template: &str, event: &str, by: &str, operator: bool) -> String {
    let mut text = template.to_owned();
    let (before, rest) =
        text.split_once("{not_empty__lhc.user_id}").map(|(a, b)| (a.to_owned(), b.to_owned())).unwrap_or((text.clone(), String::new()));
    if !rest.is_empty() {
        let (inner, after) = rest.split_once("{/not_empty}").unwrap();
        text = if operator { format!("{before}{inner}{after}") } else { format!("{before}{after}") };
    }
    for (name, value) in [
        ("args.lhc_event", event),
        ("chat_id", "17"),
        ("lhc.cls_time", "1795339187"),
        ("lhc.dep_id", "4"),
        ("lhc.time", "1795338000"),
        ("custom_args_1", by),
        ("lhc.nick", "Jane &amp; \"Co\"\nRoe"),
        ("lhc.email", "jane@example.com"),
        ("lhc.phone", ""),
        ("lhc.chat_locale", ""),
        ("lhc.user_id", "3"),
        ("args.chat.user.name_support", "Ann Lee"),
        ("timestamp", "1795342787"),
    ] {
        text = text.replace(&format!("raw_{{{{{name}}}}}"), value).replace(&format!("{{{{{name}}}}}"), &json!(value).to_string());
    }
    text
}

#[derive(Default)]
struct Lhc {
    messages: Vec<String>,
    asked: Vec<String>,
}

impl DeskApi for Lhc {
    fn arrives(&mut self, request: &HttpRequest) {
        self.asked.push(format!("{} {}?{}", request.method, request.path, request.query));
    }

    fn takes(&mut self, request: &HttpRequest) -> HttpAnswer {
        if request.headers.get("authorization") != Some(TOKEN) {
            return HttpAnswer::json(401, &json!({ "error": true, "result": "Authorization failed" }));
        }
        match (request.method.as_str(), request.path.as_str()) {
            ("POST", "/index.php/restapi/addmsgadmin") => {
                let body = String::from_utf8_lossy(&request.body).into_owned();
                let fields: std::collections::BTreeMap<String, String> = form_urlencoded::parse(body.as_bytes()).into_owned().collect();
                match (fields.get("chat_id").map(String::as_str), fields.get("msg")) {
                    (Some("17"), Some(msg)) => {
                        self.messages.push(msg.clone());
                        HttpAnswer::json(200, &json!({ "error": false, "result": "" }))
                    }
                    (Some(_), Some(_)) => HttpAnswer::json(400, &json!({ "error": true, "result": "Chat could not be found!" })),
                    // So it is answered where the body is JSON: no field of a form is there.
                    _ => HttpAnswer::json(400, &json!({ "error": true, "result": "Please enter a message!" })),
                }
            }
            ("GET", "/index.php/restapi/fetchchatmessages") if request.asked("chat_id").as_deref() == Some("17") => {
                let messages: Vec<Value> = self.messages.iter().map(|msg| json!({ "id": "1", "user_id": "-1", "msg": msg })).collect();
                HttpAnswer::json(200, &json!({ "error": false, "result": { "messages": messages, "closed": true } }))
            }
            ("GET", "/index.php/restapi/fetchchatmessages") => {
                HttpAnswer::json(200, &json!({ "error": true, "result": "Could not find chat by chat_id!" }))
            }
            ("GET", "/index.php/restapi/chats") => {
                let since: i64 = request.asked("last_user_msg_time_gt").unwrap().parse().unwrap();
                let chat = json!({ "id": 17, "dep_id": 4, "cls_time": 1_795_339_187, "time": 1_795_338_000, "nick": "Jane", "email": "jane@example.com", "user_id": 3 });
                let list: Vec<Value> = Some(chat).filter(|_| since < 1_795_339_100).into_iter().collect();
                HttpAnswer::json(200, &json!({ "list": list, "list_count": list.len() }))
            }
            _ => HttpAnswer::json(404, &json!({})),
        }
    }

    fn gone(&self, _: &HttpRequest) -> Option<HttpAnswer> {
        None
    }
}

fn lhc(url: &str) -> AnyDesk {
    AnyDesk::new(config(settings(url)), Client::new()).unwrap()
}

fn rating(session: &str) -> WriteBack {
    WriteBack {
        key: "dlv_1".into(),
        session: session.into(),
        scale: Scale::Binary,
        score: 0,
        low: true,
        text: "👎\nSlow".into(),
        ..Default::default()
    }
}

#[test]
fn its_triggers_tell_one_close_twice_and_its_reopening() {
    let desk = lhc("https://chat.example.com");
    let bearer = format!("Bearer {KEY}");
    let headers = [("authorization", bearer.as_str()), ("content-type", "application/json")];
    let hears = |body: &str| -> Vec<DeskEvent> {
        desk.receive(&request(&headers, body.as_bytes(), NOW)).unwrap_or_else(|error| panic!("{body}: {error}")).events
    };
    let template = block("lhc-close");
    let auto = hears(&filled(&template, "chat.auto_close", "timeout", false)).remove(0);
    let close = hears(&filled(&template, "chat.close", "operator", true)).remove(0);
    assert_eq!((auto.at, auto.session.as_str()), (close.at, "17"), "the same moment of the same chat: it is the same close");
    let DeskEventKind::Closed(closing) = &auto.kind else { panic!("{auto:?}") };
    assert_eq!((closing.by, closing.chat.operator.is_none()), (CloseBy::Timeout, true));
    let DeskEventKind::Closed(closing) = &close.kind else { panic!("{close:?}") };
    assert_eq!(closing.chat.client_name.as_deref(), Some("Jane & \"Co\" Roe"));
    assert_eq!(closing.chat.operator.as_ref().and_then(|one| one.name.as_deref()), Some("Ann Lee"));
    let reopened = hears(&filled(&block("lhc-reopen"), "", "", false)).remove(0);
    assert_eq!((reopened.kind, reopened.at), (DeskEventKind::Reopened, 1_795_342_787_000));
    assert!(!desk.closes_anew(), "it tells when a chat goes on");
}

#[tokio::test]
async fn a_rating_is_written_as_a_form_once() {
    let stub = DeskStub::start(Lhc::default()).await;
    let desk = lhc(&stub.url());
    for _ in 0..2 {
        desk.write_back(&rating("17")).await.unwrap();
    }
    assert_eq!(stub.lock().messages, ["!note 👎\nSlow (dlv_1)"]);
    let error = desk.write_back(&rating("99")).await.unwrap_err();
    assert_eq!(error.verdict, Verdict::Refused);
    assert!(error.detail.contains("Could not find chat by chat_id!"), "a refusal under 200, in its own words: {error}");
}

#[tokio::test]
async fn its_refusals_are_quoted_without_the_token() {
    let stub = DeskStub::start(Lhc::default()).await;
    let mut json = settings(&stub.url());
    json["write_back"] = json!([{ "call": "POST /index.php/restapi/addmsgadmin", "body": r#"{"chat_id": "{session}", "msg": "{text}"}"# }]);
    let error = AnyDesk::new(config(json), Client::new()).unwrap().write_back(&rating("17")).await.unwrap_err();
    assert!(error.detail.contains("400") && error.detail.contains("Please enter a message!"), "{error}");
    let mut strange = settings(&stub.url());
    strange["token"] = json!("Basic another");
    let error = AnyDesk::new(config(strange), Client::new()).unwrap().look(None).await.unwrap_err();
    assert!(error.detail.contains("Authorization failed") && !error.detail.contains("another"), "{error}");
}

#[tokio::test]
async fn what_it_did_not_tell_has_the_key_that_it_would_have_had() {
    let stub = DeskStub::start(Lhc::default()).await;
    let desk = lhc(&stub.url());
    let found = desk.reconcile(1_795_339_000_000, NOW).await.unwrap();
    let event = &found.events[0];
    assert_eq!((event.key.as_str(), event.at), ("chat.close-17-1795339187", 1_795_339_187_000));
    assert_eq!(stub.lock().asked[0], "GET /index.php/restapi/chats?status_ids=2&last_user_msg_time_gt=1795339000&limit=500");
    assert_eq!(desk.look(None).await.unwrap().name, "127.0.0.1");
}
