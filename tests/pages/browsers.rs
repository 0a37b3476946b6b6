//! Browser notifications: recipients, responses of push services, and disabling. The push service is a stub; independent
//! libraries decrypt its messages.

use crate::on_both_databases;
use crate::rig::browser::run;
use crate::rig::house::{House, wanted};
use crate::rig::stub::{Answer, Seen, Stub};
use crate::rig::world::{PUBLIC_URL, World, messenger};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use lastword::app::vault::EngineVault;
use lastword::domain::access::audit::By;
use lastword::domain::access::rights::Role;
use lastword::domain::access::sealed::open;
use lastword::domain::line::deadline::Deadline;
use lastword::domain::line::{Alerts, LineSettings};
use lastword::domain::question::token::TokenKeys;
use lastword::life::access::change_account;
use lastword::life::access::push_browser::{Given, choose, public_key, switch_on};
use lastword::life::connection::reseal::reseal;
use lastword::life::engine::Engine;
use lastword::life::recipient::push::WEB_PUSH;
use lastword::life::review::act::{ReviewAct, act};
use lastword::names::{BrowserId, RequestId};
use lastword::settings::Limits;
use lastword::store::access::account::Account;
use lastword::store::alert::push_browser::{PushBrowser, of_account};
use lastword::store::connection::secret;
use lastword::store::question::delivery::about;
use lastword_contract::{Address, InboundKind, TextMessage};
use lastword_webhook::{PushConfig, WebPush};
use serde_json::Value;
use std::sync::Arc;
use std::sync::atomic::{AtomicU16, Ordering};

on_both_databases! {
    a_low_rating_comes_once_to_those_who_may_see_it => told;
    a_browser_that_is_gone_is_forgotten_and_said => gone;
    a_push_service_in_trouble_is_tried_again => retried;
    what_is_off_is_told_nothing => off;
    who_did_not_get_a_reply_in_time_is_told_too => late;
    an_endpoint_inside_our_network_is_refused => inside;
    with_a_new_key_nothing_is_lost_that_was_sealed_with_the_old_one => rekeyed;
    of_a_storm_a_browser_shows_a_few_and_then_how_many_wait => storm;
}

/// A browser's keys: those of the example in RFC 8291.
const PRIVATE: &str = "q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94";
const PUBLIC: &str = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4";
const AUTH: &str = "BTBZMqHH6r4Tts7J_aSIgg";
const HOUR: i64 = 3_600_000;

fn web_push(world: &World, config: PushConfig) -> Arc<WebPush> {
    let engine = &world.engine;
    let vault = Arc::new(EngineVault::new(engine.db.clone(), engine.keys.clone(), engine.ids.clone(), engine.clock.clone()));
    Arc::new(WebPush::new(WEB_PUSH, config, vault, Some(PUBLIC_URL)).unwrap())
}

/// A house with a connection to browsers, and a push service that responds with `status`.
async fn house(url: &str) -> (House, Stub, Arc<AtomicU16>) {
    let world = World::on(url, messenger()).await;
    let channel = web_push(&world, PushConfig { allow_private_networks: true, ..PushConfig::default() });
    let status = Arc::new(AtomicU16::new(201));
    let answers = status.clone();
    let stub = Stub::start(move |_| Answer::Full(answers.load(Ordering::SeqCst), Vec::new(), Bytes::new()));
    (House::over(world.and(WEB_PUSH, channel).await, None, Limits::NONE, None), stub, status)
}

fn address(stub: &Stub, name: &str) -> Address {
    Address { chat: format!("{}/push/{name}", stub.url()), user: Some(PUBLIC.to_owned()), via: Some(AUTH.to_owned()) }
}

/// Enables notifications in a browser of `account`. Returns its ID.
async fn on(house: &House, stub: &Stub, account: &Account) -> String {
    let given = Given { address: address(stub, &account.login), agent: "Firefox/140.0 (X11; Linux)".to_owned(), low: true, late: true };
    let world = &house.world;
    switch_on(&world.engine, account.id, given, world.now()).await.unwrap().expect("taken").to_string()
}

async fn browsers(house: &House, account: &Account) -> Vec<PushBrowser> {
    of_account(&house.world.engine.db, account.id).await.unwrap()
}

/// Accounts whose browsers the push service was called for.
fn called(stub: &Stub) -> Vec<String> {
    stub.seen().iter().map(|seen| seen.path.trim_start_matches("/push/").to_owned()).collect()
}

/// A low rating of a close, with a comment.
async fn low(world: &World, session: &str, comment: &str) -> String {
    let (request, question) = world.ask(session).await;
    world.try_tap(&question, "👎").await.unwrap();
    let words = InboundKind::Text(TextMessage::new(comment, question.to.clone()).in_reply_to(format!("m-{}", question.key)));
    world.happens("bot", words).await;
    world.work().await;
    request
}

/// The message as decrypted by the browser.
async fn read(world: &World, stub: &Stub, seen: &Seen) -> Value {
    let key = public_key(&world.engine).await.unwrap();
    let (body, now) = (STANDARD.encode(&seen.body), (world.now() / 1000).to_string());
    let told = [
        ("PRIVATE", PRIVATE),
        ("AUTH", AUTH),
        ("KEY", &key),
        ("ENDPOINT", &stub.url()),
        ("NOW", &now),
        ("BODY", &body),
        ("AUTHORIZATION", seen.header("authorization").unwrap()),
    ];
    serde_json::from_str(&run("push_receiver.mjs", &told).await).unwrap()
}

async fn told(url: String) {
    let (house, stub, _) = house(&url).await;
    let world = &house.world;
    let mut people = Vec::new();
    for (login, role, lines) in [
        ("anna", Role::Admin, &[][..]),
        ("boris", Role::Supervisor, &["support"]),
        ("carla", Role::Supervisor, &["sales"]),
        ("olga", Role::Operator, &[]),
    ] {
        let account = house.person(login, role, lines).await;
        on(&house, &stub, &account).await;
        people.push(account);
    }
    change_account::choose(&world.engine, people[0].id, Some("de".to_owned()), None).await.unwrap();
    let request = low(world, "A", "Waited an hour for nothing").await;
    let mut whose = called(&stub);
    whose.sort();
    assert_eq!(whose, ["anna", "boris"], "who sees the line, and nobody else");
    let seen = stub.seen();
    let of = |name: &str| seen.iter().find(|seen| seen.path.ends_with(name)).unwrap();
    let boris = read(world, &stub, of("boris")).await;
    assert_eq!(boris["title"], "Low rating 👎 on Support");
    assert_eq!((&boris["url"], &boris["tag"]), (&format!("/ratings/{request}").into(), &format!("rating-{request}").into()));
    assert_eq!(boris["body"], "Waited an hour for nothing");
    assert!(!boris.to_string().contains("client-of-A"), "nobody is named: {boris}");
    assert_eq!(read(world, &stub, of("anna")).await["title"], "Schlechte Bewertung 👎 auf Support", "in the person's language");
    for (name, value) in [("content-encoding", "aes128gcm"), ("urgency", "high"), ("ttl", "43200")] {
        assert_eq!(of("anna").header(name), Some(value));
    }
    assert!(of("anna").header("topic").is_some_and(|topic| topic.len() == 32 && topic != of("boris").header("topic").unwrap()));
    world.pass(HOUR).await;
    assert_eq!(called(&stub).len(), 2, "once");
    // Neither the stored browser nor its messages contain the address of the browser in plain text.
    let kept = format!("{:?}{:?}", browsers(&house, &people[0]).await, about(&world.engine.db, &[&request]).await.unwrap());
    assert!(!kept.contains("/push/") && !kept.contains(PUBLIC) && !kept.contains(AUTH), "{kept}");
    // Content that a line leaves out of its alerts is left out here too.
    let alerts = Alerts { text: Some("Look: #LINK#".to_owned()), recipients: vec!["anna".to_owned()], ..Alerts::default() };
    world.line_as_it_is(LineSettings { alerts, ..LineSettings::default() }).await;
    low(world, "B", "Waited an hour for nothing").await;
    assert_eq!(read(world, &stub, stub.seen().last().unwrap()).await["body"], "");
}

async fn gone(url: String) {
    let (house, stub, status) = house(&url).await;
    let (world, anna) = (&house.world, house.person("anna", Role::Admin, &[]).await);
    on(&house, &stub, &anna).await;
    status.store(410, Ordering::SeqCst);
    low(world, "A", "x").await;
    let known = browsers(&house, &anna).await;
    assert!(known[0].gone_at.is_some() && known[0].sealed.is_empty(), "{known:?}");
    let page = house.signed_in(&anna).await.get("/account").await;
    assert!(page.text.contains("No longer reachable, so switched off:") && page.text.contains("Firefox, Linux"), "{}", page.text);
    low(world, "B", "x").await;
    assert_eq!(called(&stub).len(), 1, "it is not called again");
    status.store(201, Ordering::SeqCst);
    on(&house, &stub, &anna).await;
    low(world, "C", "x").await;
    assert_eq!((called(&stub).len(), browsers(&house, &anna).await.len()), (2, 1), "switched on again, it is one browser");
}

async fn retried(url: String) {
    let (house, stub, status) = house(&url).await;
    let (world, anna) = (&house.world, house.person("anna", Role::Admin, &[]).await);
    on(&house, &stub, &anna).await;
    for (answer, calls) in [(503, 1), (429, 2), (500, 3), (201, 4), (201, 4)] {
        status.store(answer, Ordering::SeqCst);
        if calls == 1 {
            low(world, "A", "x").await;
        } else {
            world.pass(HOUR / 4).await;
        }
        assert_eq!(called(&stub).len(), calls, "after {answer}");
    }
    let seen = stub.seen();
    assert!(seen.iter().all(|one| one.header("topic") == seen[0].header("topic")), "one takes the other's place");
    assert!(browsers(&house, &anna).await[0].gone_at.is_none());
}

async fn off(url: String) {
    let (house, stub, _) = house(&url).await;
    let (world, engine) = (&house.world, &house.world.engine);
    let anna = house.person("anna", Role::Admin, &[]).await;
    let dora = house.person("dora", Role::Admin, &[]).await;
    let browser = on(&house, &stub, &anna).await;
    choose(engine, dora.id, BrowserId::named(&browser), (false, false)).await.unwrap();
    assert_eq!(browsers(&house, &anna).await.len(), 1, "nobody switches off what is another's");
    // Between the rating and the message.
    let (_, question) = world.ask("A").await;
    world.try_tap(&question, "👎").await.unwrap();
    choose(engine, anna.id, BrowserId::named(&browser), (false, false)).await.unwrap();
    world.work().await;
    assert_eq!(called(&stub), Vec::<String>::new());
    // On the page, and by signing out of that browser.
    let mut visit = house.signed_in(&anna).await;
    let Address { chat, user, via } = address(&stub, "anna");
    let (key, auth) = (user.unwrap(), via.unwrap());
    let fields = [("endpoint", chat.as_str()), ("key", &key), ("auth", &auth), ("low", "on")];
    assert_eq!(visit.send("/account", "/account/browsers", &fields).await.leads_to(), "/account");
    assert!(visit.get("/account").await.text.contains("data-here="), "the page knows this browser");
    assert!(!house.signed_in(&anna).await.get("/account").await.text.contains("data-here="), "and no other");
    assert_eq!(visit.send("/account", "/sign-out", &[]).await.status, 303);
    assert_eq!(browsers(&house, &anna).await, []);
    // Together with the account.
    on(&house, &stub, &anna).await;
    let disabled = change_account::Wanted { disabled: true, ..wanted("anna", Role::Admin, &[]) };
    change_account::change(engine, &By::command(), anna.id, disabled, world.now()).await.unwrap();
    assert_eq!(browsers(&house, &anna).await, []);
    // A right that was removed in between.
    let boris = house.person("boris", Role::Supervisor, &["support"]).await;
    on(&house, &stub, &boris).await;
    let (_, question) = world.ask("B").await;
    world.try_tap(&question, "👎").await.unwrap();
    let elsewhere = wanted("boris", Role::Supervisor, &["sales"]);
    change_account::change(engine, &By::command(), boris.id, elsewhere, world.now()).await.unwrap();
    world.work().await;
    assert_eq!(called(&stub), Vec::<String>::new());
}

async fn late(url: String) {
    let (house, stub, _) = house(&url).await;
    let (world, anna) = (&house.world, house.person("anna", Role::Admin, &[]).await);
    let deadline = Some(Deadline { hours: 4, ..Deadline::default() });
    world.line(LineSettings { deadline, ..LineSettings::default() }).await;
    let browser = on(&house, &stub, &anna).await;
    choose(&world.engine, anna.id, BrowserId::named(&browser), (false, true)).await.unwrap();
    let request = low(world, "A", "x").await;
    let replied = low(world, "B", "x").await;
    assert_eq!(called(&stub).len(), 0, "low ratings are not wanted");
    act(&world.engine, &By::command(), RequestId::named(&replied), ReviewAct::Reply("Sorry.".to_owned()), None, world.now())
        .await
        .unwrap()
        .unwrap();
    world.pass(4 * HOUR + 60_000).await;
    world.work().await;
    assert_eq!(called(&stub).len(), 1);
    let message = read(world, &stub, &stub.seen()[0]).await;
    assert_eq!((&message["title"], &message["tag"]), (&"No reply in time: 👎 on Support".into(), &format!("rating-{request}").into()));
}

async fn rekeyed(url: String) {
    const NEW: &[u8] = b"new new new new new new new new!";
    const OLD: &[u8] = b"a key of thirty-two bytes, or so";
    let (house, stub, _) = house(&url).await;
    let (world, anna) = (&house.world, house.person("anna", Role::Admin, &[]).await);
    on(&house, &stub, &anna).await;
    let with = |previous: Option<&[u8]>| Engine { keys: TokenKeys::new(NEW, previous), ..world.engine.clone() };
    public_key(&world.engine).await.unwrap();
    assert_eq!(reseal(&world.engine).await.unwrap(), 0, "with one key there is nothing to do");
    assert_eq!(reseal(&with(None)).await.unwrap(), 0, "and without the old one nothing can be done");
    let sealed =
        || async { (browsers(&house, &anna).await.remove(0).sealed, secret::all(&world.engine.db).await.unwrap().remove(0).sealed) };
    let before = sealed().await;
    assert_eq!(reseal(&with(Some(OLD))).await.unwrap(), 2, "the browser, and our own key pair");
    assert_eq!(reseal(&with(Some(OLD))).await.unwrap(), 0, "once");
    let after = sealed().await;
    assert!(after.0 != before.0 && after.1 != before.1);
    // The old key is removed from the settings.
    let engine = with(None);
    let browser = browsers(&house, &anna).await.remove(0);
    let opened = open(engine.keys.each(), &browser.id.to_string(), &browser.sealed).expect("sealed with the new key");
    assert_eq!(serde_json::from_str::<Address>(&opened).unwrap(), address(&stub, "anna"));
    assert!(open([OLD].into_iter(), &browser.id.to_string(), &browser.sealed).is_none());
    let pair = secret::all(&engine.db).await.unwrap().remove(0);
    let said = open([OLD].into_iter(), pair.connection.as_str(), &before.1);
    assert!(said.is_some() && open(engine.keys.each(), pair.connection.as_str(), &pair.sealed) == said, "it says the same");
}

async fn storm(url: String) {
    let (house, stub, _) = house(&url).await;
    let (world, anna) = (&house.world, house.person("anna", Role::Admin, &[]).await);
    let boris = house.person("boris", Role::Supervisor, &["sales"]).await;
    on(&house, &stub, &anna).await;
    on(&house, &stub, &boris).await;
    let mut given = storm_of(world, "S", 12).await;
    assert_eq!(called(&stub), ["anna"; 5], "who sees none of these lines is told nothing");
    let page = house.signed_in(&anna).await.get("/deliveries?state=scheduled").await;
    assert!(page.text.contains("low ratings waiting"), "{}", page.text);
    world.pass(HOUR).await;
    assert_eq!(called(&stub), ["anna"; 6]);
    let message = read(world, &stub, &stub.seen()[5]).await;
    let said = ["title", "url", "tag"].map(|name| message[name].as_str().unwrap());
    assert_eq!(said, ["Low ratings waiting: 12", "/low", "low-ratings"]);
    given.extend(storm_of(world, "T", 1).await);
    assert_eq!(called(&stub).len(), 7, "after the storm each comes by itself again");
    // Low ratings handled by others in the meantime are no longer reported.
    world.pass(HOUR).await;
    given.extend(storm_of(world, "U", 7).await);
    assert_eq!(called(&stub).len(), 12);
    for request in given {
        act(&world.engine, &By::command(), RequestId::named(&request), ReviewAct::Settle(String::new()), None, world.now())
            .await
            .unwrap()
            .unwrap();
    }
    world.pass(HOUR).await;
    assert_eq!(called(&stub).len(), 12);
}

/// `many` low ratings at one moment.
async fn storm_of(world: &World, name: &str, many: usize) -> Vec<String> {
    let (mut requests, mut questions) = (Vec::new(), Vec::new());
    for number in 0..many {
        let (request, question) = world.ask(&format!("{name}{number}")).await;
        requests.push(request);
        questions.push(question);
    }
    for question in &questions {
        world.try_tap(question, "👎").await.unwrap();
    }
    world.work().await;
    requests
}

async fn inside(url: String) {
    let world = World::on(&url, messenger()).await;
    let channel = web_push(&world, PushConfig::default());
    let house = House::over(world.and(WEB_PUSH, channel).await, None, Limits::NONE, None);
    let (world, anna) = (&house.world, house.person("anna", Role::Admin, &[]).await);
    let given = |chat: &str, key: &str| {
        let address = Address { chat: chat.to_owned(), user: Some(key.to_owned()), via: Some(AUTH.to_owned()) };
        Given { address, agent: String::new(), low: true, late: true }
    };
    for (endpoint, key) in [
        ("https://127.0.0.1/x", PUBLIC),
        ("https://localhost/x", PUBLIC),
        ("https://10.1.2.3/x", PUBLIC),
        ("https://[::ffff:192.168.1.1]/x", PUBLIC),
        ("https://169.254.169.254/latest", PUBLIC),
        ("https://2130706433/x", PUBLIC),
        ("http://push.example.com/x", PUBLIC),
        ("https://push.example.com:22/x", PUBLIC),
        ("https://user:secret@push.example.com/x", PUBLIC),
        ("file:///etc/passwd", PUBLIC),
        ("https://push.example.com/x", "BCVxsr7N_eNgVRqvHtD0zTZs"),
    ] {
        assert_eq!(switch_on(&world.engine, anna.id, given(endpoint, key), world.now()).await.unwrap(), None, "{endpoint}");
    }
    assert!(switch_on(&world.engine, anna.id, given("https://push.example.com/x", PUBLIC), world.now()).await.unwrap().is_some());
    let mut visit = house.signed_in(&anna).await;
    let fields = [("endpoint", "https://10.0.0.1/x"), ("key", PUBLIC), ("auth", AUTH), ("low", "on")];
    assert_eq!(visit.send("/account", "/account/browsers", &fields).await.status, 422);
}
