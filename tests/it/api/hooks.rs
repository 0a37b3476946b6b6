//! `/hooks/{connection}`: webhooks of platforms.

use crate::on_both_databases;
use crate::rig::caller::{Answer, Api};
use lastword::store::inbox;
use lastword_base::names::EventKey;
use serde_json::json;

on_both_databases! {
    a_press_counts_once_however_often_it_is_posted => press;
    what_cannot_be_read_is_kept => unreadable;
}

async fn post(api: &Api, path: &str, secret: &str, body: &str) -> Answer {
    api.send("POST", path, &[("x-secret", secret.to_owned())], body.as_bytes().to_vec()).await
}

async fn press(url: String) {
    let api = Api::new(&url).await;
    let close = json!({
        "event_key": "e1", "session": "S-1", "line": "support", "closed_at": api.world.now(), "operator": { "id": "op-7" },
        "connection": "post", "address": { "chat": "c" },
    });
    let request = api.post("/v1/sessions/close", &close).await.json()["rating_request"].as_str().unwrap().to_owned();
    let token = {
        use lastword::domain::question::token::{Purpose, TokenValue};
        api.world.engine.keys.mint(Purpose::Rate, request.clone(), "post:c", TokenValue::Score(0))
    };
    let body = format!("u1 c {token}");
    let answer = post(&api, "/hooks/post", "hush", &body).await;
    assert_eq!((answer.status, answer.text.as_str()), (200, "ok"));
    let rating = api.get(&format!("/v1/ratings/{request}")).await.json();
    assert_eq!((&rating["rating_request"]["rating"]["score"], &rating["rating_request"]["rating"]["low"]), (&json!(0), &json!(true)));
    assert_eq!(post(&api, "/hooks/post", "hush", &body).await.status, 200, "a replay is taken and changes nothing");
    let rating = api.get(&format!("/v1/ratings/{request}")).await.json();
    assert_eq!((rating["answers"].as_array().unwrap().len(), &rating["answers"][0]["disposition"]), (1, &json!("counted")));
    let list = api.get("/v1/ratings?low=true&line=support&channel=postbox").await.json();
    assert_eq!((list["items"].as_array().unwrap().len(), &list["items"][0]["rating_request"]), (1, &json!(request)));
    assert_eq!(api.get("/v1/ratings?operator=nobody").await.json()["items"], json!([]));
    // The spinner is stopped concurrently with the call.
    while api.postbox.acknowledged.lock().unwrap().is_empty() {
        tokio::task::yield_now().await;
    }
}

async fn unreadable(url: String) {
    let api = Api::new(&url).await;
    for _ in 0..2 {
        assert_eq!(post(&api, "/hooks/post", "hush", "what?\0").await.status, 200);
    }
    let seen = api.world.engine.db.write(|tx| {
        Box::pin(async move {
            let key = format!("unreadable:{}", lastword::http::json::hash(b"what?\0"));
            inbox::seen(tx, &[&EventKey { source: "post".into(), key }]).await
        })
    });
    let seen = seen.await.unwrap();
    assert_eq!(seen.values().next().unwrap().disposition.as_deref(), Some("unreadable"));
    assert!(api.metrics.encode().contains(r#"lastword_inbound_rejected_total{connection="post",why="unreadable"} 2"#));
}

#[tokio::test]
async fn nobody_but_the_platform_is_heard() {
    let api = Api::in_memory().await;
    assert_eq!(post(&api, "/hooks/post", "guess", "u1 c token").await.problem(), (401, "not_signed".into(), String::new()));
    assert!(api.metrics.encode().contains(r#"lastword_inbound_rejected_total{connection="post",why="unsigned"} 1"#));
    assert_eq!(post(&api, "/hooks/nobody", "hush", "u1 c token").await.problem().0, 404);
    assert_eq!(post(&api, "/hooks/bot", "hush", "u1 c token").await.problem().0, 404, "it takes no webhooks");
    let challenge = api.send("GET", "/hooks/post?challenge=7", &[("x-secret", "hush".to_owned())], Vec::new()).await;
    assert_eq!((challenge.status, challenge.text.as_str()), (200, "challenge=7"));
    let large = vec![b'x'; (1 << 20) + 1];
    let answer = api.send("POST", "/hooks/post", &[("x-secret", "hush".to_owned())], large).await;
    assert_eq!(answer.problem().1, "too_large");
}
