//! The real adapters of Meta's platforms in a world: a stub of the Graph API, and webhooks with a valid signature.

use crate::rig::caller::Api;
use crate::rig::stub::{Answer, Stub};
use crate::rig::world::{World, messenger};
use hmac::{Hmac, KeyInit, Mac};
use lastword::domain::question::delivery::Kind;
use lastword::store::question::delivery::{self, Delivery};
use lastword_contract::Channel;
use lastword_meta::{Messenger, MessengerConfig, WhatsApp, WhatsAppConfig};
use serde_json::{Value, json};
use sha2::Sha256;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

pub(super) const NUMBER: &str = "106540352242922";
pub(super) const PAGE: &str = "1024";
const SECRET: &str = "secret-of-the-app";

/// A world with its routes, whose connection `shop` is one of Meta's.
pub(super) struct Shop {
    pub(super) api: Api,
    pub(super) graph: Stub,
    read: AtomicUsize,
}

/// Accepts every message and names it `m1`, `m2` …
fn graph() -> Stub {
    let messages = AtomicUsize::new(0);
    Stub::start(move |_| {
        let id = format!("m{}", messages.fetch_add(1, Ordering::Relaxed) + 1);
        Answer::json(200, &json!({ "messages": [{ "id": id }], "message_id": id, "recipient_id": "777" }))
    })
}

fn settings(graph: &Stub, more: Value) -> Value {
    let mut settings = json!({
        "access_token": "EAA-token", "app_secret": SECRET, "verify_token": "saved", "base_url": graph.url(), "per_chat_ms": 0
    });
    settings.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    settings
}

impl Shop {
    pub(super) async fn whatsapp(url: &str, more: Value) -> Self {
        let graph = graph();
        let mut settings = settings(&graph, more);
        settings["phone_number_id"] = json!(NUMBER);
        let config: WhatsAppConfig = serde_json::from_value(settings).unwrap();
        Self::with(url, graph, Arc::new(WhatsApp::new(config, reqwest::Client::new()).unwrap())).await
    }

    pub(super) async fn messenger(url: &str, more: Value) -> Self {
        let graph = graph();
        let mut settings = settings(&graph, more);
        settings["page_id"] = json!(PAGE);
        let config: MessengerConfig = serde_json::from_value(settings).unwrap();
        Self::with(url, graph, Arc::new(Messenger::new(config, reqwest::Client::new()).unwrap())).await
    }

    async fn with(url: &str, graph: Stub, channel: Arc<dyn Channel>) -> Self {
        let world = World::on(url, messenger()).await.and("shop", channel).await;
        Self { api: Api::over(world).await, graph, read: AtomicUsize::new(0) }
    }

    pub(super) fn world(&self) -> &World {
        &self.api.world
    }

    /// Bodies of the messages sent since the last call.
    pub(super) fn sent(&self) -> Vec<Value> {
        let seen = self.graph.seen();
        let before = self.read.swap(seen.len(), Ordering::Relaxed);
        seen[before..].iter().map(crate::rig::stub::Seen::json).collect()
    }

    /// Meta posts `body`, signed.
    pub(super) async fn posts(&self, body: Value) {
        let body = body.to_string();
        let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(SECRET.as_bytes()).unwrap();
        mac.update(body.as_bytes());
        let signature = format!("sha256={}", hex::encode(mac.finalize().into_bytes()));
        let answer = self.api.send("POST", "/hooks/shop", &[("x-hub-signature-256", signature)], body.into_bytes()).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
    }

    /// WhatsApp's status of the message `id`.
    pub(super) async fn status(&self, id: &str, key: Option<&str>, status: &str, error: Option<(i64, &str)>) {
        let mut said =
            json!({ "id": id, "status": status, "timestamp": (self.world().now() / 1_000).to_string(), "recipient_id": "15551234567" });
        if let Some(key) = key {
            said["biz_opaque_callback_data"] = json!(key);
        }
        if let Some((code, title)) = error {
            said["errors"] = json!([{ "code": code, "title": title, "message": title }]);
        }
        let value = json!({ "messaging_product": "whatsapp", "metadata": { "phone_number_id": NUMBER }, "statuses": [said] });
        let entry = json!([{ "id": "1", "changes": [{ "field": "messages", "value": value }] }]);
        self.posts(json!({ "object": "whatsapp_business_account", "entry": entry })).await;
    }

    /// The present state of the question of a rating request.
    pub(super) async fn ask_of(&self, request: &str) -> Delivery {
        let about = delivery::about(&self.world().engine.db, &[request]).await.unwrap();
        about.into_iter().find(|delivery| delivery.kind == Kind::Ask).expect("a question")
    }
}
