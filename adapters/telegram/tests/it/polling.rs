//! Long polling: what is committed before Telegram is told, and what comes again.

use crate::{
    samples::{bot, bot_at, press_update, text_update},
    stub::{Play, Stub},
};
use async_trait::async_trait;
use lastword_contract::{Channel, Fetched, Intake, IntakeError, Millis, Verdict};
use serde_json::{Value, json};
use std::{
    future::Future,
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};
use tokio::sync::watch;

/// A test that waits for ever is a failed one.
const PATIENCE: Duration = Duration::from_secs(20);

/// The cursor and the keys of a batch that was offered, and what Telegram still held at that moment.
type Batch = (String, Vec<String>, Vec<u64>);

struct Kept<'a> {
    stub: &'a Stub,
    offered: Mutex<Vec<Batch>>,
    refusals: Mutex<u32>,
    stop_after: usize,
    /// Stops when listening looks for a stop for this time: 1 is its first call, 2 the pause after it.
    stop_on_look: Option<usize>,
    looks: AtomicUsize,
    stop: watch::Sender<bool>,
}

impl<'a> Kept<'a> {
    fn new(stub: &'a Stub, stop_after: usize, refusals: u32) -> Self {
        Self {
            stub,
            offered: Mutex::default(),
            refusals: Mutex::new(refusals),
            stop_after,
            stop_on_look: None,
            looks: AtomicUsize::new(0),
            stop: watch::Sender::new(false),
        }
    }

    fn offered(&self) -> Vec<Batch> {
        self.offered.lock().unwrap().clone()
    }
}

#[async_trait]
impl Intake for Kept<'_> {
    async fn take(&self, events: Vec<Fetched>, cursor: String) -> Result<(), IntakeError> {
        let keys = events.into_iter().map(|event| event.inbound.key).collect();
        self.offered.lock().unwrap().push((cursor, keys, self.stub.unconfirmed()));
        {
            let mut refusals = self.refusals.lock().unwrap();
            if *refusals > 0 {
                *refusals -= 1;
                return Err(IntakeError("the disk is full".into()));
            }
        }
        if self.offered.lock().unwrap().len() >= self.stop_after {
            self.stop.send_replace(true);
        } else {
            // The next batch arrives only after this one is kept.
            self.stub.push_update(press_update(12, "r1_tok_0", 777, 777, 5));
        }
        Ok(())
    }

    async fn stopped(&self) {
        let look = 1 + self.looks.fetch_add(1, Ordering::Relaxed);
        if self.stop_on_look == Some(look) {
            return;
        }
        let _ = self.stop.subscribe().wait_for(|stop| *stop).await;
    }

    fn now(&self) -> Millis {
        0
    }
}

async fn in_time<T>(what: impl Future<Output = T>) -> T {
    tokio::time::timeout(PATIENCE, what).await.expect("it never ended")
}

fn offsets(stub: &Stub) -> Vec<Value> {
    stub.bodies("getUpdates").into_iter().map(|body| body["offset"].clone()).collect()
}

fn batch(cursor: &str, keys: &[&str], held: &[u64]) -> Batch {
    (cursor.into(), keys.iter().map(|&key| key.into()).collect(), held.to_vec())
}

#[tokio::test]
async fn a_batch_is_committed_before_it_is_confirmed() {
    let stub = Stub::start().await;
    stub.push_update(press_update(10, "r1_tok_1", 777, 777, 5));
    stub.push_update(json!({ "update_id": 11, "kind_of_tomorrow": {} }));
    let kept = Kept::new(&stub, 2, 0);
    in_time(bot(&stub).listen(&kept, None)).await.unwrap();
    // While a batch is being kept, Telegram still holds it; the next call's offset lets it go.
    assert_eq!(kept.offered(), [batch("11", &["u10", "u11"], &[10, 11]), batch("12", &["u12"], &[12])]);
    assert_eq!(offsets(&stub), [Value::Null, json!(12)]);
    assert_eq!(stub.unconfirmed(), [12], "the last batch is confirmed by the next start");
}

#[tokio::test]
async fn the_call_names_the_updates_it_wants_and_how_long_it_waits() {
    let stub = Stub::start().await;
    stub.push_update(press_update(10, "r1_tok_1", 777, 777, 5));
    in_time(bot(&stub).listen(&Kept::new(&stub, 1, 0), Some("8".into()))).await.unwrap();
    let corrections = ["edited_message", "edited_business_message", "deleted_business_messages", "message_reaction"];
    let usual = ["callback_query", "message", "my_chat_member", "business_connection", "business_message"];
    let allowed: Vec<&str> = usual.into_iter().chain(corrections).collect();
    assert_eq!(stub.bodies("getUpdates"), [json!({ "offset": 9, "timeout": 50, "allowed_updates": allowed })]);
}

#[tokio::test]
async fn a_batch_that_was_not_kept_comes_again() {
    let stub = Stub::start().await;
    stub.push_update(press_update(10, "r1_tok_1", 777, 777, 5));
    let kept = Kept::new(&stub, 2, 1);
    in_time(bot(&stub).listen(&kept, Some("9".into()))).await.unwrap();
    assert_eq!(kept.offered(), [batch("10", &["u10"], &[10]), batch("10", &["u10"], &[10])]);
    assert_eq!(offsets(&stub), [json!(10), json!(10)]);
}

#[tokio::test]
async fn an_unreadable_update_does_not_block_those_behind_it() {
    let stub = Stub::start().await;
    stub.push_update(json!({ "update_id": 10, "message": { "date": "yesterday" } }));
    stub.push_update(press_update(11, "r1_tok_1", 777, 777, 5));
    let kept = Kept::new(&stub, 1, 0);
    in_time(bot(&stub).listen(&kept, None)).await.unwrap();
    assert_eq!(kept.offered(), [batch("11", &["u10", "u11"], &[10, 11])]);
}

#[tokio::test]
async fn an_update_without_a_number_takes_none_beside_it_along() {
    let stub = Stub::start().await;
    stub.push_update(json!({ "message": { "text": "0" } }));
    stub.push_update(press_update(11, "r1_tok_1", 777, 777, 5));
    let kept = Kept::new(&stub, 1, 0);
    in_time(bot(&stub).listen(&kept, None)).await.unwrap();
    assert_eq!(kept.offered(), [batch("11", &["u11"], &[11])]);
}

#[tokio::test]
async fn a_broken_letter_stops_no_update() {
    let stub = Stub::start().await;
    let broken = text_update(10, "0", 777).to_string().replacen("\"first_name\":\"", "\"first_name\":\"J \\ud83d", 1);
    let sound = text_update(11, "1", 888);
    stub.play_next(Play::page(200, &format!("{{\"ok\":true,\"result\":[{broken},{sound}]}}")));
    let kept = Kept::new(&stub, 1, 0);
    in_time(bot(&stub).listen(&kept, None)).await.unwrap();
    assert_eq!(kept.offered(), [batch("11", &["u10", "u11"], &[])]);
}

#[tokio::test]
async fn trouble_on_the_way_is_waited_out() {
    let stub = Stub::start().await;
    stub.push_update(press_update(10, "r1_tok_1", 777, 777, 5));
    stub.play_next(Play::page(502, "<html>"));
    stub.play_next(Play::page(200, "<html>"));
    let kept = Kept::new(&stub, 1, 0);
    in_time(bot(&stub).listen(&kept, None)).await.unwrap();
    assert_eq!((kept.offered().len(), stub.log().len()), (1, 3));
}

#[tokio::test]
async fn a_conflict_ends_listening_and_leaves_the_webhook_alone() {
    let stub = Stub::start().await;
    stub.play(Play::refusal(
        409,
        "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
    ));
    let error = in_time(bot(&stub).listen(&Kept::new(&stub, 1, 0), None)).await.unwrap_err();
    assert_eq!((error.verdict, error.kind), (Verdict::ConnectionBroken, "conflict"));
    assert!(stub.bodies("deleteWebhook").is_empty());
}

#[tokio::test]
async fn a_stop_ends_the_waiting_call() {
    let stub = Stub::start().await;
    let kept = Kept::new(&stub, 1, 0);
    let bot = bot(&stub);
    let stop_when_called = async {
        while stub.log().is_empty() {
            tokio::task::yield_now().await;
        }
        kept.stop.send_replace(true);
    };
    let (ended, ()) = in_time(async { tokio::join!(bot.listen(&kept, None), stop_when_called) }).await;
    ended.unwrap();
}

#[tokio::test]
async fn a_stop_ends_the_longest_pause() {
    let stub = Stub::start().await;
    stub.play(Play::refusal_with(429, "Too Many Requests: retry after 3600", json!({ "retry_after": 3_600 })));
    let kept = Kept { stop_on_look: Some(2), ..Kept::new(&stub, 1, 0) };
    in_time(bot(&stub).listen(&kept, None)).await.unwrap();
    assert_eq!(stub.log().len(), 1);
}

#[tokio::test]
async fn a_bot_whose_updates_come_otherwise_does_not_listen() {
    let stub = Stub::start().await;
    assert!(crate::samples::bot(&stub).listens());
    for more in [json!({ "receive": "webhook" }), json!({ "sharing": "forwarded" }), json!({ "sharing": "links" })] {
        let bot = bot_at(&stub.base_url(), more);
        assert!(!bot.listens());
        in_time(bot.listen(&Kept::new(&stub, 1, 0), None)).await.unwrap();
    }
    assert!(stub.log().is_empty());
}
