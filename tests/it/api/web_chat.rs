//! The web chat's endpoints over HTTP, as called by a browser and by a forger. The widget itself is tested in `tests/it/browser.rs`.

use crate::rig::process::Process;
use reqwest::{Client, Method, Response, StatusCode};
use serde_json::{Value, json};

struct Chat {
    http: Client,
    origin: String,
}

impl Chat {
    async fn open(demo: &Process) -> Self {
        Self { http: Client::new(), origin: format!("http://{}", demo.listening().await) }
    }

    async fn call(&self, method: Method, path: &str, headers: &[(&str, &str)], body: Option<Value>) -> Response {
        let mut call = self.http.request(method, format!("{}/widget/site/{path}", self.origin));
        for (name, value) in headers {
            call = call.header(*name, *value);
        }
        if let Some(body) = body {
            call = call.json(&body);
        }
        call.send().await.expect("the server answers")
    }

    async fn register(&self, token: Option<&str>) -> Value {
        let answer = self.call(Method::POST, "visitor", &[("origin", &self.origin)], Some(json!({ "token": token, "lang": "en" }))).await;
        assert_eq!(answer.status(), StatusCode::OK);
        assert_eq!(answer.headers()["access-control-allow-origin"], self.origin.as_str());
        answer.json().await.unwrap()
    }

    async fn post(&self, token: &str, frames: Value) -> Response {
        let headers = [("origin", self.origin.as_str()), ("authorization", &bearer(token))];
        self.call(Method::POST, "frames", &headers, Some(frames)).await
    }

    async fn frames(&self, token: &str) -> Vec<Value> {
        let headers = [("sec-fetch-site", "same-origin"), ("authorization", &*bearer(token))];
        let answer = self.call(Method::GET, "frames?after=0&wait=0", &headers, None).await;
        answer.json::<Value>().await.unwrap()["frames"].as_array().unwrap().clone()
    }
}

fn bearer(token: &str) -> String {
    format!("Bearer {token}")
}

#[tokio::test]
async fn a_socket_opens_by_a_token_that_no_address_holds() {
    let demo = Process::lastword(&["demo", "--listen", "127.0.0.1:0", "--days", "1"], &[]);
    let chat = Chat::open(&demo).await;
    let known = chat.register(None).await;
    let token = known["token"].as_str().unwrap();
    let open = async |path: &str, offered: &str| {
        let mut headers = vec![
            ("origin", chat.origin.as_str()),
            ("connection", "upgrade"),
            ("upgrade", "websocket"),
            ("sec-websocket-version", "13"),
            ("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ=="),
        ];
        headers.extend((!offered.is_empty()).then_some(("sec-websocket-protocol", offered)));
        chat.call(Method::GET, path, &headers, None).await
    };
    let opened = open("socket?after=0", &format!("lastword, {token}")).await;
    assert_eq!(
        (opened.status(), &opened.headers()["sec-websocket-protocol"]),
        (StatusCode::SWITCHING_PROTOCOLS, &"lastword".parse().unwrap())
    );
    assert_eq!(open("socket?after=0", &format!("lastword, {token}0")).await.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(open("socket?after=0", "lastword").await.status(), StatusCode::UNAUTHORIZED);
    assert_ne!(open(&format!("socket?after=0&token={token}"), "").await.status(), StatusCode::SWITCHING_PROTOCOLS);
    let (status, log) = demo.stop().await;
    assert!(status.success() && !log.contains(token), "{log}");
}

#[tokio::test]
async fn visitors_are_who_we_say_and_pages_are_who_browsers_say() {
    let demo = Process::lastword(&["demo", "--listen", "127.0.0.1:0", "--days", "1"], &[]);
    let chat = Chat::open(&demo).await;
    let origin = chat.origin.clone();
    // A foreign origin, however similar to ours, gets no response and no permission to read one.
    let port = format!("{origin}0");
    for foreign in ["null", "https://evil.example", &origin.replace("http:", "https:"), &format!("{origin}.evil.example"), &port, ""] {
        for (method, path) in [(Method::POST, "visitor"), (Method::OPTIONS, "visitor"), (Method::GET, "frames"), (Method::GET, "socket")] {
            let answer = chat.call(method.clone(), path, &[("origin", foreign)], None).await;
            assert_eq!(answer.status(), StatusCode::FORBIDDEN, "{method} {path} from {foreign:?}");
            assert!(!answer.headers().contains_key("access-control-allow-origin"), "{method} {path} from {foreign:?}");
        }
    }
    let preflight = chat.call(Method::OPTIONS, "frames", &[("origin", &origin)], None).await;
    assert_eq!(
        (preflight.status(), &preflight.headers()["access-control-allow-origin"]),
        (StatusCode::NO_CONTENT, &origin.parse().unwrap())
    );

    let known = chat.register(None).await;
    let token = known["token"].as_str().unwrap();
    assert_eq!((known["mode"].as_str(), known["line"].as_str(), known["cursor"].as_i64()), (Some("own"), Some("support"), Some(0)));
    assert_eq!(chat.register(Some(token)).await["visitor"], known["visitor"]);
    // An invalid token creates a new visitor, and opens no existing conversation.
    assert_ne!(chat.register(Some(&format!("{token}0"))).await["visitor"], known["visitor"]);
    let nobody = [("origin", origin.as_str()), ("authorization", &bearer(&format!("{token}0")))];
    let forged = chat.call(Method::GET, "frames", &nobody, None).await;
    assert_eq!(forged.status(), StatusCode::UNAUTHORIZED);
    // Proxies log addresses, so a token in the address is ignored.
    let in_the_address = chat.call(Method::GET, &format!("frames?token={token}"), &[("origin", &origin)], None).await;
    assert_ne!(in_the_address.status(), StatusCode::OK);
    assert_eq!(forged.headers()["access-control-allow-origin"], origin.as_str(), "the widget has to read that it must register");

    // The visitor is identified only by the token, and the same frame again is one message.
    let hello = json!([{ "kind": "message", "id": "a-1", "text": "Hello" }]);
    for _ in 0..2 {
        let answer: Value = chat.post(token, hello.clone()).await.json().await.unwrap();
        assert_eq!(answer, json!({ "acks": [{ "kind": "ack", "id": "a-1" }] }));
    }
    let frames = chat.frames(token).await;
    assert_eq!(frames.len(), 1, "{frames:?}");
    assert_eq!(frames[0]["key"], format!("{}:a-1", known["visitor"].as_str().unwrap()));
    assert_eq!((frames[0]["seq"].as_i64(), frames[0]["from"].as_str()), (Some(1), Some("visitor")));

    // The widget drops what cannot be parsed instead of retrying forever.
    assert_eq!(chat.post(token, json!([])).await.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let forged: Value = chat.post(token, json!({ "kind": "press", "id": "a-2", "token": "r1_x_1" })).await.json().await.unwrap();
    assert_eq!((forged["acks"][0]["kind"].as_str(), forged["acks"][0]["code"].as_str()), (Some("error"), Some("not_yours")));
    // A flood is rate-limited.
    let mut slowed = false;
    for number in 0..80 {
        let frame = json!({ "kind": "press", "id": format!("f-{number}"), "token": "r1_x_1" });
        slowed |= chat.post(token, frame).await.status() == StatusCode::TOO_MANY_REQUESTS;
    }
    assert!(slowed);
    let mut visit = chat.call(Method::POST, "visitor", &[("origin", &origin)], Some(json!({}))).await;
    for _ in 0..1_000 {
        if visit.status() == StatusCode::TOO_MANY_REQUESTS {
            break;
        }
        visit = chat.call(Method::POST, "visitor", &[("origin", &origin)], Some(json!({}))).await;
    }
    assert_eq!(visit.headers()["retry-after"], "1", "one address makes only so many visitors");
    assert_eq!(visit.headers()["access-control-allow-origin"], origin.as_str(), "the widget has to read when to come again");
    assert_eq!(visit.json::<Value>().await.unwrap()["code"], "rate_limited");
    let (status, log) = demo.stop().await;
    assert!(status.success(), "{log}");
}

/// An operator without a desk: an API key, the conversation over the API, and the history afterwards.
#[tokio::test]
async fn an_operator_answers_and_closes_over_the_api() {
    let demo = Process::lastword(&["demo", "--listen", "127.0.0.1:0", "--days", "1", "--keep"], &[]);
    let chat = Chat::open(&demo).await;
    let kept = demo.says("--config").await;
    let config = kept.rsplit(' ').next().unwrap().to_owned();
    let (made, said) =
        Process::lastword(&["--config", &config, "key", "create", "--name", "bot", "--scope", "chats:write"], &[]).ended().await;
    assert!(made.success(), "{said}");
    let key = said.split_whitespace().find(|word| word.starts_with("lw_") && word.len() == 46).expect("the key is printed").to_owned();
    let api = async |method: Method, path: &str, body: Option<Value>| {
        let call = chat.http.request(method, format!("{}/v1/chats{path}", chat.origin)).bearer_auth(&key);
        let answer = body.into_iter().fold(call, |call, body| call.json(&body)).send().await.unwrap();
        (answer.status().as_u16(), answer.json::<Value>().await.unwrap())
    };
    let known = chat.register(None).await;
    let (token, visitor) = (known["token"].as_str().unwrap(), known["visitor"].as_str().unwrap());
    chat.post(token, json!([{ "kind": "message", "id": "a-1", "text": "Hello?" }])).await;
    let (status, chats) = api(Method::GET, "?connection=site", None).await;
    assert_eq!((status, chats["items"][0]["visitor"].as_str(), chats["items"][0]["open"].as_bool()), (200, Some(visitor), Some(true)));
    let operator = json!({ "id": "ann", "name": "Ann" });
    let words = json!({ "event_key": "1", "operator": operator, "text": "Good morning!" });
    for _ in 0..2 {
        assert_eq!(api(Method::POST, &format!("/site/{visitor}/messages"), Some(words.clone())).await.0, 200);
    }
    let close = async || api(Method::POST, &format!("/site/{visitor}/close"), Some(json!({ "operator": operator }))).await;
    let (status, closed) = close().await;
    assert_eq!((status, closed["asked"].as_bool()), (200, Some(true)), "{closed}");
    assert_eq!(close().await.0, 409);
    let headers = [("sec-fetch-site", "same-origin"), ("authorization", &*bearer(token))];
    let asked: Value = chat.call(Method::GET, "frames?after=2&wait=20", &headers, None).await.json().await.unwrap();
    assert_eq!(asked["frames"][0]["kind"], "question", "{asked}");
    // Sent again after the close, a message opens no new chat.
    chat.post(token, json!([{ "kind": "message", "id": "a-1", "text": "Hello?" }])).await;
    let (_, chats) = api(Method::GET, "?connection=site", None).await;
    assert_eq!(chats["items"][0]["open"], false);
    let (_, messages) = api(Method::GET, &format!("/site/{visitor}/messages"), None).await;
    let kinds: Vec<&str> = messages["items"].as_array().unwrap().iter().map(|item| item["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["message", "message", "question"]);
    for (path, status) in [("?connection=nowhere", 422), ("/site/nobody/messages", 404), ("/nowhere/nobody/messages", 404)] {
        assert_eq!(api(Method::GET, path, None).await.0, status, "{path}");
    }
    let session = chats["items"][0]["session"].as_str().unwrap();
    let (told, story) = Process::lastword(&["--config", &config, "explain", session], &[]).ended().await;
    assert!(told.success() && story.contains("Decided to ask"), "{story}");
    let (status, log) = demo.stop().await;
    assert!(status.success(), "{log}");
    std::fs::remove_dir_all(std::path::Path::new(&config).parent().unwrap()).unwrap();
}
