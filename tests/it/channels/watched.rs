//! People are notified of a connection that stops or falls silent through another one; and expiring secrets are renewed.

use crate::on_both_databases;
use crate::rig::caller::Api;
use crate::rig::stub::{Answer, Stub};
use crate::rig::world::{MORNING, PUBLIC_URL, World, messenger, parrot};
use hmac::{Hmac, KeyInit, Mac};
use lastword::domain::access::audit::By;
use lastword::domain::alert::RecipientKind;
use lastword::domain::line::{Alerts, LineSettings};
use lastword::domain::quarantine::Cause;
use lastword::life::connection::renew_secrets::renew;
use lastword::life::connection::resume::resume;
use lastword::life::records::release_quarantine::{Waiting, release};
use lastword::life::session::close_batch::Close;
use lastword::life::session::explain::explain;
use lastword::life::{Engine, Options};
use lastword::store::connection::{self, ConnectionState, secret};
use lastword::store::records::installation;
use lastword_contract::{Address, Capabilities, DeliveryStatus, InboundKind, Outgoing, Purpose, SendError, Verdict};
use lastword_meta::{Instagram, InstagramConfig};
use lastword_telegram::Telegram;
use serde_json::json;
use sha2::Sha256;
use std::sync::Arc;

on_both_databases! {
    a_stopped_connection_is_told_by_another_way_once => stopped;
    whom_the_settings_name_is_told => named;
    where_every_way_is_the_broken_one_nobody_counts_as_told => no_other_way;
    a_second_poller_is_told_and_so_is_its_end => second_poller;
    a_platform_that_reports_nothing_any_more_is_noticed => silent;
    fetches_that_fail_for_long_are_told_with_the_last_error => unfetched;
    calls_with_a_wrong_secret_are_shown_at_once_and_told_when_they_last => wrong_secret;
    a_long_pause_is_told_by_another_way_once_and_shown => long_pause;
    what_is_wrong_stands_in_the_api_and_on_the_page => shown;
    in_quarantine_nobody_is_told_before_the_release => in_quarantine;
    an_instagram_token_is_renewed_and_kept_sealed => renewed;
}

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;

async fn state_of(world: &World, name: &str) -> ConnectionState {
    connection::all(&world.engine.db).await.unwrap().into_iter().find(|state| state.name == name).unwrap()
}

/// Messages about connections sent through a channel.
fn told(sent: Vec<Outgoing>) -> Vec<(String, String)> {
    let about = |message: Outgoing| {
        let trouble = message.data.get("trouble")?.as_str()?.to_owned();
        (message.purpose == Purpose::Alert).then_some((trouble, message.text))
    };
    sent.into_iter().filter_map(about).collect()
}

/// A question that meets an expired token of its connection.
async fn expire(world: &World, session: &str) {
    world.client.fails_with([SendError::new(Verdict::ConnectionBroken, "invalid_token", "the token has expired")]);
    world.tell(world.close_of(session)).await;
    world.pass(MINUTE).await;
}

async fn stopped(url: String) {
    let world = World::on(&url, messenger()).await;
    expire(&world, "S-1").await;
    world.pass(MINUTE).await;
    let said = told(world.staff.take());
    assert_eq!(said.len(), 1, "{said:?}");
    assert!(said[0].0 == "stopped" && said[0].1.contains("bot has stopped") && said[0].1.contains("the token has expired"), "{said:?}");
    assert!(said[0].1.ends_with("/connections"), "{said:?}");
    assert!(state_of(&world, "bot").await.notified_at.is_some());
    for _ in 0..3 {
        world.pass(HOUR).await;
    }
    assert!(told(world.staff.take()).is_empty(), "told once");
    // Resumed and broken again, it is a new incident.
    assert!(resume(&world.engine, &By::command(), &"bot".into(), world.now()).await.unwrap());
    world.client.fails_with([SendError::new(Verdict::ConnectionBroken, "invalid_token", "the token has expired")]);
    world.pass(MINUTE).await;
    world.pass(MINUTE).await;
    assert_eq!(told(world.staff.take()).len(), 1);
    // Recipients of the stop are also notified of its end, after a manual resume and after a restart.
    for restart in [false, true] {
        if restart {
            expire(&world, "S-2").await;
            world.pass(MINUTE).await;
            assert_eq!(told(world.staff.take())[0].0, "stopped");
            let now = world.now();
            let started =
                world.engine.db.write(move |tx| Box::pin(async move { connection::started(tx, &"bot".into(), "parrot", now).await }));
            let started: Result<(), lastword::store::StoreError> = started.await;
            started.unwrap();
        } else {
            assert!(resume(&world.engine, &By::command(), &"bot".into(), world.now()).await.unwrap());
        }
        world.pass(MINUTE).await;
        assert!(told(world.staff.take()).is_empty(), "it may stop again");
        world.pass(MINUTE).await;
        assert_eq!(
            told(world.staff.take()),
            [("runs_again".to_owned(), format!("✓ The connection bot runs again.\n{PUBLIC_URL}connections"))]
        );
        let state = state_of(&world, "bot").await;
        assert_eq!((state.notified_at, state.stopped_reason), (None, None));
        world.pass(HOUR).await;
        assert!(told(world.staff.take()).is_empty(), "once");
    }
}

async fn named(url: String) {
    let mut world = World::on(&url, messenger()).await;
    world.recipient("boris", None).await;
    let options = Options { admins: vec!["boris".to_owned()], language: "de".to_owned(), ..Options::default() };
    world.engine = Engine { options: Arc::new(options), ..world.engine };
    expire(&world, "S-1").await;
    world.pass(MINUTE).await;
    let sent = world.staff.take();
    let chats: Vec<&str> =
        sent.iter().filter(|message| message.purpose == Purpose::Alert).map(|message| message.to.chat.as_str()).collect();
    assert_eq!(chats, ["boris"]);
    assert!(sent.iter().any(|message| message.text.contains("Die Verbindung bot wurde angehalten")), "{sent:?}");
}

async fn no_other_way(url: String) {
    let world = World::on(&url, messenger()).await;
    world.staff.fails_with([SendError::new(Verdict::ConnectionBroken, "invalid_token", "the token has expired")]);
    let (_, asked) = world.ask("S-1").await;
    world.tap(&asked, "👎").await;
    world.pass(MINUTE).await;
    let state = state_of(&world, "staff").await;
    assert!(state.stopped_at.is_some() && state.notified_at.is_none(), "{state:?}");
    // Once another connection exists, the report is sent there.
    let world = world.and("second", parrot(messenger())).await;
    let alerts = Alerts { recipients: vec!["anna".into()], ..Alerts::default() };
    world.line(LineSettings { alerts, ..LineSettings::default() }).await;
    let recipient = lastword::store::alert::recipient::Recipient {
        id: "carla".into(),
        name: "Carla".into(),
        kind: RecipientKind::Person,
        connection: Some("second".into()),
        address: Some(serde_json::to_string(&Address::chat("carla")).unwrap()),
        created_at: world.now(),
        ..Default::default()
    };
    assert!(lastword::life::admin::change_line::save_recipient(&world.engine, recipient).await.unwrap());
    world.pass(MINUTE).await;
    assert!(state_of(&world, "staff").await.notified_at.is_some(), "whoever can be told is told, named by a line or not");
}

async fn in_quarantine(url: String) {
    let world = World::on(&url, messenger()).await;
    expire(&world, "S-1").await;
    installation::mark(&world.engine.db, Cause::Backup, world.now()).await.unwrap();
    world.pass(MINUTE).await;
    assert!(told(world.staff.take()).is_empty() && state_of(&world, "bot").await.notified_at.is_none());
    let waiting = Waiting::CancelBefore(world.now());
    release(&world.engine, &By::command(), waiting, world.now()).await.unwrap().expect("it was in quarantine");
    world.pass(MINUTE).await;
    assert_eq!(told(world.staff.take()).len(), 1, "it is told now");
}

async fn second_poller(url: String) {
    let world = World::on(&url, messenger()).await;
    world.engine.hearing.heard(&"bot".into(), world.now());
    world.pass(MINUTE).await;
    world.engine.hearing.deaf(&"bot".into(), "conflict: terminated by other getUpdates request", world.now());
    world.pass(1_000).await;
    let state = state_of(&world, "bot").await;
    assert!(state.deaf_at.is_some() && state.deaf_reason.unwrap().starts_with("conflict"));
    assert!(told(world.staff.take()).is_empty(), "a blink is not worth a word");
    world.engine.hearing.deaf(&"bot".into(), "conflict: terminated by other getUpdates request", world.now());
    world.pass(MINUTE).await;
    let said = told(world.staff.take());
    assert!(said.len() == 1 && said[0].0 == "deaf" && said[0].1.contains("getUpdates"), "{said:?}");
    // It receives again: the other program was stopped.
    world.engine.hearing.heard(&"bot".into(), world.now());
    world.pass(MINUTE).await;
    let state = state_of(&world, "bot").await;
    assert_eq!((state.deaf_at, state.deaf_reason, state.notified_at), (None, None, None));
    let said = told(world.staff.take());
    assert!(said.len() == 1 && said[0].0 == "hears_again", "{said:?}");
}

/// Telegram's way of pausing a bot for hours: 429 with `retry_after` 34567.
async fn long_pause(url: String) {
    let api = Api::new(&url).await;
    let world = &api.world;
    let pause = |millis| SendError::new(Verdict::RetryAfter(millis), "throttled", "Too Many Requests: retry after 34567");
    world.client.fails_with([pause(30_000)]);
    world.tell(world.close_of("S-0")).await;
    world.pass(MINUTE).await;
    world.pass(MINUTE).await;
    world.client.take();
    assert!(told(world.staff.take()).is_empty(), "half a minute is how a platform paces us");
    world.client.fails_with([pause(34_567_000)]);
    world.tell(world.close_of("S-1")).await;
    world.pass(MINUTE).await;
    let until = state_of(world, "bot").await.blocked_until;
    world.pass(MINUTE).await;
    let said = told(world.staff.take());
    assert!(said.len() == 1 && said[0].0 == "waits" && said[0].1.contains("bot asked us to wait until"), "{said:?}");
    let all = api.get("/v1/connections").await.json();
    let bot = all["items"].as_array().unwrap().iter().find(|item| item["name"] == "bot").unwrap().clone();
    assert!(bot["warnings"][0].as_str().unwrap().contains("asked us to wait until"), "{bot}");
    assert!(all["items"].as_array().unwrap().iter().any(|item| item["name"] == "staff" && item["warnings"] == json!([])), "{all}");
    // The next client waits, and the history states the reason.
    world.tell(world.close_of("S-2")).await;
    world.pass(MINUTE).await;
    assert!(world.client.take().is_empty());
    let told_of = explain(&world.engine.db, &"S-2".into()).await.unwrap().pop().unwrap();
    let waits = told_of.history.iter().find(|sentence| sentence.key == "told-waits").expect("why it waits");
    assert!(waits.text.contains("The ask waits: the platform of bot asked for a pause until"), "{}", waits.text);
    for _ in 0..3 {
        world.pass(HOUR).await;
    }
    assert!(told(world.staff.take()).is_empty(), "told once");
    world.pass(until - world.now() + MINUTE).await;
    assert_eq!(world.client.take().len(), 2, "both leave when the pause is over");
    let all = api.get("/v1/connections").await.json();
    assert!(all["items"].as_array().unwrap().iter().all(|item| item["warnings"] == json!([])), "{all}");
}

async fn silent(url: String) {
    let reports = parrot(Capabilities { proof_of_delivery: true, ..messenger() });
    let world = World::on(&url, messenger()).await.and("shop", reports.clone()).await;
    for number in 0..3 {
        world.tell(Close { connection: Some("shop".into()), ..world.close_of(&format!("S-{number}")) }).await;
        world.pass(MINUTE).await;
    }
    let ours = reports.take();
    assert_eq!(ours.len(), 3);
    world.pass(2 * HOUR).await;
    assert!(state_of(&world, "shop").await.deaf_at.is_none(), "not yet");
    world.pass(HOUR).await;
    world.pass(2 * MINUTE).await;
    let state = state_of(&world, "shop").await;
    assert!(state.deaf_reason.as_deref().is_some_and(|why| why.contains("3 messages")), "{state:?}");
    world.pass(MINUTE).await;
    assert_eq!(told(world.staff.take()).len(), 1);
    let status = InboundKind::Status { message_id: None, key: Some(ours[0].key.clone()), status: DeliveryStatus::Delivered };
    world.happens("shop", status).await;
    world.pass(MINUTE).await;
    let state = state_of(&world, "shop").await;
    assert!(state.deaf_at.is_none() && state.heard_at.is_some() && state.unheard == 0, "{state:?}");
}

async fn unfetched(url: String) {
    let settings = json!({ "token": "1:abc", "base_url": "http://127.0.0.1:9" });
    let bot = Telegram::new(serde_json::from_value(settings).unwrap(), reqwest::Client::new()).unwrap();
    let world = World::on(&url, messenger()).await.and("fetching", Arc::new(bot)).await;
    for _ in 0..11 {
        world.engine.hearing.failed(&"fetching".into(), "server_error: Telegram answered 500".to_owned(), world.now());
        world.pass(MINUTE).await;
    }
    world.pass(2 * MINUTE).await;
    let said = told(world.staff.take());
    assert!(said.len() == 1 && said[0].0 == "deaf", "{said:?}");
    assert!(said[0].1.contains("nothing could be fetched for 1") && said[0].1.contains("Telegram answered 500"), "{said:?}");
    world.engine.hearing.heard(&"fetching".into(), world.now());
    world.pass(MINUTE).await;
    assert_eq!(told(world.staff.take())[0].0, "hears_again");
}

async fn wrong_secret(url: String) {
    let settings = json!({ "account_id": "1784", "access_token": "IGAA", "app_secret": "of-another-app", "verify_token": "v" });
    let config: InstagramConfig = serde_json::from_value(settings).unwrap();
    let insta = Arc::new(Instagram::new(config, reqwest::Client::new()).unwrap());
    let api = Api::over(World::on(&url, messenger()).await.and("insta", insta).await).await;
    let status = async |signature: &str| {
        let body = json!({ "object": "instagram", "entry": [] }).to_string();
        api.send("POST", "/hooks/insta", &[("x-hub-signature-256", signature.to_owned())], body.into_bytes()).await.status
    };
    let shown = async || {
        let all = api.get("/v1/connections").await.json();
        all["items"].as_array().unwrap().iter().find(|item| item["name"] == "insta").unwrap().clone()
    };
    let wrong = format!("sha256={}", "0".repeat(64));
    for _ in 0..3 {
        assert_eq!(status(&wrong).await, 401);
        api.world.pass(MINUTE).await;
    }
    let warning = shown().await["warnings"][0].as_str().unwrap_or_default().to_owned();
    assert!(warning.contains("calls were not signed correctly") && warning.contains("compare app_secret"), "{warning}");
    let refused = api.get("/v1/refused-calls").await.json();
    assert_eq!((&refused["items"][0]["key"], &refused["items"][0]["code"]), (&json!("insta"), &json!("not_signed")), "{refused}");
    assert!(told(api.world.staff.take()).is_empty(), "three calls may be a stranger's");
    api.world.pass(HOUR).await;
    assert_eq!(status(&wrong).await, 401);
    api.world.pass(MINUTE).await;
    api.world.pass(MINUTE).await;
    let said = told(api.world.staff.take());
    assert!(said.len() == 1 && said[0].0 == "deaf" && said[0].1.contains("all 4 calls of 6"), "{said:?}");

    // With the right secret, all is well at once.
    assert_eq!(status(&signed("of-another-app", &json!({ "object": "instagram", "entry": [] }).to_string())).await, 200);
    assert_eq!(shown().await["warnings"], json!([]));
    api.world.pass(MINUTE).await;
    assert_eq!(told(api.world.staff.take())[0].0, "hears_again");
}

/// Meta's signature of `body`.
fn signed(secret: &str, body: &str) -> String {
    let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(secret.as_bytes()).unwrap();
    mac.update(body.as_bytes());
    format!("sha256={}", hex::encode(mac.finalize().into_bytes()))
}

async fn shown(url: String) {
    let api = Api::new(&url).await;
    api.world.engine.hearing.deaf(&"bot".into(), "conflict: another program polls", MORNING);
    api.world.pass(2 * MINUTE).await;
    let all = api.get("/v1/connections").await.json();
    let bot = all["items"].as_array().unwrap().iter().find(|item| item["name"] == "bot").unwrap().clone();
    assert_eq!(bot["deaf_reason"], "conflict: another program polls", "{bot}");
    assert!(bot["deaf_at"].is_string() && bot["notified_at"].is_string() && bot["heard_at"].is_null(), "{bot}");
}

async fn renewed(url: String) {
    let graph = Stub::start(|seen| match seen.path.as_str() {
        "/refresh_access_token" => {
            Answer::json(200, &json!({ "access_token": "IGAA-new", "token_type": "bearer", "expires_in": 5_184_000 }))
        }
        _ => Answer::json(200, &json!({ "message_id": "m1", "recipient_id": "777" })),
    });
    let instagram = |token: &str| {
        let settings =
            json!({ "account_id": "1784", "access_token": token, "app_secret": "s", "verify_token": "v", "base_url": graph.url() });
        let config: InstagramConfig = serde_json::from_value(settings).unwrap();
        Arc::new(Instagram::new(config, reqwest::Client::new()).unwrap())
    };
    let refreshes = || graph.seen().iter().filter(|seen| seen.path == "/refresh_access_token").count();
    let world = World::on(&url, messenger()).await.and("insta", instagram("IGAA-old")).await;
    assert_eq!(renew(&world.engine, world.now()).await.unwrap(), 1);
    assert!(graph.seen()[0].query.contains("grant_type=ig_refresh_token") && graph.seen()[0].query.contains("access_token=IGAA-old"));
    let kept = secret::all(&world.engine.db).await.unwrap().remove(0);
    assert!(!kept.sealed.contains("IGAA") && kept.ends_at == world.now() + 60 * 24 * HOUR, "{kept:?}");
    // Messages are sent with the new secret.
    world.tell(Close { connection: Some("insta".into()), address: Some(Address::chat("777")), ..world.close_of("S-1") }).await;
    world.pass(MINUTE).await;
    let sent = graph.wait_for(|seen| seen.path.ends_with("/messages")).await;
    assert_eq!(sent.header("authorization"), Some("Bearer IGAA-new"));
    // After a restart it is loaded from the database, and renewed again after a week.
    let world = world.and("insta", instagram("IGAA-old")).await;
    assert_eq!((renew(&world.engine, world.now() + HOUR).await.unwrap(), refreshes()), (0, 1));
    assert_eq!(renew(&world.engine, world.now() + 7 * 24 * HOUR).await.unwrap(), 1);
    assert!(graph.seen().last().unwrap().query.contains("access_token=IGAA-new"), "of the one in use");
    // A person sets another token: it takes precedence over the stored one.
    let world = world.and("insta", instagram("IGAA-by-hand")).await;
    assert_eq!(renew(&world.engine, world.now()).await.unwrap(), 1);
    assert!(graph.seen().last().unwrap().query.contains("access_token=IGAA-by-hand"));
    // After a refusal the present one stays in use.
    graph.program(|_| Answer::json(400, &json!({ "error": { "code": 190, "message": "expired" } })));
    assert_eq!(renew(&world.engine, world.now() + 14 * 24 * HOUR).await.unwrap(), 0);
    // A copy calls no platform.
    let before = refreshes();
    installation::mark(&world.engine.db, Cause::Backup, world.now()).await.unwrap();
    assert_eq!((renew(&world.engine, world.now() + 21 * 24 * HOUR).await.unwrap(), refreshes()), (0, before));
}
