//! Client data through the API: it has its own scope, and is hidden without it.

use crate::on_both_databases;
use crate::rig::caller::Api;
use serde_json::json;

on_both_databases! {
    a_client_is_found_handed_out_and_erased => erased;
}

async fn erased(url: String) {
    let api = Api::new(&url).await;
    api.world.tell(api.world.close_of("s1")).await;
    let id = "desk%2Fclient-of-s1";
    let found = api.get("/v1/clients?q=client-of-s1").await.json();
    assert_eq!((&found["items"][0]["id"], &found["items"][0]["sessions"]), (&json!("desk/client-of-s1"), &json!(1)));
    let held = api.get(&format!("/v1/clients/{id}/export")).await.json();
    assert_eq!((&held["client"], &held["sessions"][0]["id"]), (&json!("desk/client-of-s1"), &json!("s1")));

    let few = api.key(7, &["ratings:read", "sessions:write"]).await;
    for (method, path) in [("GET", format!("/v1/clients/{id}/export")), ("POST", format!("/v1/clients/{id}/erase"))] {
        assert_eq!(api.call(method, &path, Some(&few), "").await.status, 403, "{path}");
        assert_eq!(api.call(method, &path, None, "").await.status, 401, "{path}");
    }
    let own = api.key(8, &["clients:manage"]).await;
    let gone = api.call("POST", &format!("/v1/clients/{id}/erase"), Some(&own), "").await;
    assert_eq!((gone.status, gone.json()), (200, json!({ "closes": 1, "canceled": 1, "places": 1 })), "{gone:?}");
    assert_eq!(api.get(&format!("/v1/clients/{id}/export")).await.status, 404);
    assert_eq!(api.call("POST", &format!("/v1/clients/{id}/erase"), Some(&own), "").await.status, 404);
    let request = api.get("/v1/rating-requests").await.json();
    assert_eq!((&request["items"][0]["outcome"], &request["items"][0]["reason"]), (&json!("canceled"), &json!("erased")));
}
