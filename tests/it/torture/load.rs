//! The desks and clients of the torture test: they repeat each event until it is acknowledged, and record what was.

use super::{Accepted, Addresses, SECRET};
use base64::Engine as _;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

/// What was acknowledged.
#[derive(Debug, Default)]
pub(crate) struct Told {
    /// Sessions whose close got a 2xx.
    pub(crate) closed: BTreeSet<String>,
    /// The score of each session whose press got a 2xx.
    pub(crate) scores: BTreeMap<String, i64>,
}

/// The running desks and clients.
pub(crate) struct Load {
    addresses: Addresses,
    key: String,
    told: Arc<Mutex<Told>>,
    stop: CancellationToken,
    tasks: Mutex<Vec<JoinHandle<()>>>,
}

impl Load {
    /// Starts desks that close sessions, some of them repeatedly under the same key, and clients who answer.
    pub(crate) fn start(addresses: Addresses, key: String, accepted: Accepted) -> Self {
        let load = Self { addresses, key, told: Arc::default(), stop: CancellationToken::new(), tasks: Mutex::default() };
        for desk in 0..6 {
            load.desk(desk);
        }
        load.clients(accepted);
        load
    }

    fn desk(&self, desk: usize) {
        let (addresses, key, told, stop) = (self.addresses.clone(), self.key.clone(), self.told.clone(), self.stop.clone());
        let task = tokio::spawn(async move {
            let client = client();
            for number in 0_u64.. {
                let session = format!("S-{desk}-{number}");
                for _ in 0..=number % 3 {
                    while !close(&client, &addresses, &key, &session).await {
                        if stop.is_cancelled() {
                            return;
                        }
                        tokio::time::sleep(Duration::from_millis(20)).await;
                    }
                    told.lock().unwrap().closed.insert(session.clone());
                }
                if stop.is_cancelled() {
                    return;
                }
            }
        });
        self.tasks.lock().unwrap().push(task);
    }

    /// Starts clients who tap on every second question accepted by the provider, and repeat the tap until it is stored.
    fn clients(&self, accepted: Accepted) {
        let (addresses, told, stop) = (self.addresses.clone(), self.told.clone(), self.stop.clone());
        let task = tokio::spawn(async move {
            let (client, mut at) = (client(), 0);
            while !stop.is_cancelled() {
                let fresh = accepted.lock().unwrap()[at..].to_vec();
                if fresh.is_empty() {
                    tokio::time::sleep(Duration::from_millis(10)).await;
                }
                at += fresh.len();
                for seen in fresh {
                    let body = seen.json();
                    let chat = body.pointer("/data/to/chat").and_then(|chat| chat.as_str()).unwrap_or_default().to_owned();
                    if body["type"] != "question" || !chat.ends_with(['0', '2', '4', '6', '8']) {
                        continue;
                    }
                    let score = i64::from(chat.ends_with(['0', '4']));
                    let token = body["data"]["choices"][usize::from(score == 0)]["token"].as_str().unwrap_or_default().to_owned();
                    while !press(&client, &addresses, "stub", &chat, &token).await {
                        if stop.is_cancelled() {
                            return;
                        }
                        tokio::time::sleep(Duration::from_millis(20)).await;
                    }
                    told.lock().unwrap().scores.insert(chat, score);
                }
            }
        });
        self.tasks.lock().unwrap().push(task);
    }

    /// Number of closes and answers acknowledged so far.
    pub(crate) fn acknowledged(&self) -> impl Fn() -> usize + Send + 'static {
        let told = self.told.clone();
        move || {
            let told = told.lock().unwrap();
            told.closed.len() + told.scores.len()
        }
    }

    /// Stops, and returns what was acknowledged.
    pub(crate) async fn stop(self) -> Told {
        self.stop.cancel();
        for task in self.tasks.into_inner().unwrap() {
            task.await.unwrap();
        }
        std::mem::take(&mut self.told.lock().unwrap())
    }
}

pub(crate) fn client() -> reqwest::Client {
    reqwest::Client::builder().timeout(Duration::from_secs(5)).build().unwrap()
}

fn address(addresses: &Addresses, key: &str) -> Option<String> {
    let addresses = addresses.lock().unwrap();
    (!addresses.is_empty()).then(|| addresses[key.len() % addresses.len()].clone())
}

async fn close(client: &reqwest::Client, addresses: &Addresses, key: &str, session: &str) -> bool {
    let Some(address) = address(addresses, session) else { return false };
    let body = serde_json::json!({
        "event_key": format!("close {session}"), "session": session, "line": "support", "closed_at": 1_790_000_000_000_i64 + now_offset(),
        "operator": { "id": "op-7" }, "client": session, "connection": "stub", "address": { "chat": session },
    });
    let call = client.post(format!("http://{address}/v1/sessions/close")).bearer_auth(key).json(&body).send().await;
    match call {
        Ok(answer) if answer.status().is_success() => true,
        Ok(answer) if answer.status().is_server_error() => false,
        Ok(answer) => panic!("{}: {}", answer.status(), answer.text().await.unwrap_or_default()),
        Err(_) => false,
    }
}

/// Closes are reported with the real time, cut to the hour so that a repeated close has the same body.
fn now_offset() -> i64 {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_millis() as i64;
    now / 3_600_000 * 3_600_000 - 1_790_000_000_000
}

/// Presses a button, as reported by the provider of `connection`; returns true if that was acknowledged.
pub(crate) async fn press(client: &reqwest::Client, addresses: &Addresses, connection: &str, chat: &str, token: &str) -> bool {
    let Some(address) = address(addresses, chat) else { return false };
    let body = serde_json::json!({ "type": "press", "data": { "token": token, "chat": chat, "order": 1 } }).to_string();
    let at = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs().to_string();
    let id = format!("press {chat}").replace(' ', "-");
    let mut mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).unwrap();
    mac.update(format!("{id}.{at}.{body}").as_bytes());
    let signature = format!("v1,{}", base64::engine::general_purpose::STANDARD.encode(mac.finalize().into_bytes()));
    let call = client.post(format!("http://{address}/hooks/{connection}")).header("webhook-id", &id).header("webhook-timestamp", &at);
    let call = call.header("webhook-signature", signature).header("content-type", "application/json").body(body).send().await;
    call.is_ok_and(|answer| answer.status().is_success())
}
