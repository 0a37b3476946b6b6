//! Connections created by admins on the pages: tried out, stored sealed, applied by every node, changed, paused and deleted.

use crate::on_both_databases;
use crate::rig::adapters::{TOKEN, bot_api, key, node, settings};
use crate::rig::house::{Browser, House};
use crate::rig::stub::Stub;
use crate::rig::world::{World, messenger};
use lastword::domain::access::audit::By;
use lastword::domain::access::rights::Role;
use lastword::domain::line::LineSettings;
use lastword::http::locale::language::Language;
use lastword::life::Engine;
use lastword::life::connection::keep::{self, Kept};
use lastword::life::connection::reseal::reseal;
use lastword::life::connection::watch::watch;
use lastword::life::engine::adapters::NotRunning;
use lastword::life::engine::adapters::draft::Draft;
use lastword::settings::Limits;
use lastword::store::Db;
use lastword::store::access::audit::{self, Filter};
use lastword::store::connection::{self, stored};
use lastword_contract::{Input, Outgoing, Purpose, Setting};
use serde_json::{Map, Value, json};

on_both_databases! {
    a_bot_is_tried_out_saved_and_used_without_a_restart => made;
    what_a_platform_refuses_is_said_at_its_field => refused;
    two_admins_do_not_overwrite_each_other => conflict;
    a_node_that_was_away_takes_up_what_changed => taken_up;
    without_its_key_a_connection_waits_and_the_others_go_on => locked;
    a_paused_connection_sends_nothing_and_stays_paused => paused;
    a_connection_that_is_used_is_not_deleted => deleted;
    past_events_are_sent_again_on_the_page_of_their_connection => replayed;
}

/// A house whose pages have the adapters of this build.
async fn house(url: &str) -> House {
    house_with(url, &key("ab")).await
}

async fn house_with(url: &str, key: &str) -> House {
    let mut world = World::on(url, messenger()).await;
    let real = node(&world.engine.db, &settings(key, &[]));
    let Engine { channels, desks, adapters, keys, .. } = real.engine;
    world.engine = Engine { channels, desks, adapters, keys, ..world.engine.clone() };
    House::over(world, None, Limits::NONE, None)
}

/// Creates a bot on the pages.
async fn make(browser: &mut Browser<'_>, api: &Stub, name: &str) {
    let fields = [("kind", "telegram"), ("name", name), ("password.token", TOKEN), ("s.base_url", &api.url()), ("do", "save")];
    let answer = browser.send("/connections/new?kind=telegram", "/connections", &fields).await;
    assert_eq!(answer.leads_to(), format!("/connections/{name}"));
}

fn between<'t>(text: &'t str, before: &str) -> &'t str {
    text.split(before).nth(1).and_then(|rest| rest.split('"').next()).unwrap_or_default()
}

async fn made(url: String) {
    let (house, api) = (house(&url).await, bot_api());
    let anna = house.person("anna", Role::Admin, &[]).await;
    let mut browser = house.signed_in(&anna).await;
    let kinds = browser.get("/connections/new").await.text;
    for kind in [
        "telegram",
        "whatsapp",
        "messenger",
        "instagram",
        "webchat",
        "email",
        "webhook",
        "chatwoot",
        "bitrix24",
        "rocketchat",
        "zammad",
        "desk",
    ] {
        assert!(kinds.contains(&format!("/connections/new?kind={kind}\"")), "{kind}");
    }
    let base = api.url();
    let fields = [("kind", "telegram"), ("name", "shop"), ("password.token", TOKEN), ("s.base_url", &base), ("do", "test")];
    let tried = browser.send("/connections/new?kind=telegram", "/connections", &fields).await;
    assert!(tried.status == 200 && tried.text.contains("Connected as @shop_bot.") && tried.text.contains("polling"), "{tried:?}");
    assert!(!tried.text.contains("hush"), "what was entered is not shown again");
    assert!(stored::all(&house.world.engine.db).await.unwrap().is_empty(), "a test saves nothing");
    // The form carries the entered secrets, sealed, so they need not be entered again.
    let carried = between(&tried.text, "name=\"carried\" value=\"").replace("&#43;", "+").replace("&#61;", "=").replace("&#x2b;", "+");
    let fields = [("kind", "telegram"), ("name", "shop"), ("carried", &carried), ("s.base_url", &base), ("do", "save")];
    let saved = browser.send("/connections/new?kind=telegram", "/connections", &fields).await;
    assert_eq!(saved.leads_to(), "/connections/shop");
    let engine = &house.world.engine;
    assert_eq!(engine.channels.get(&"shop".into()).map(|channel| channel.kind()), Some("telegram"), "it is in use at once");
    let people = browser.get("/connections/shop/people").await.text;
    let (_, code) = people.split_once("aria-label=\"QR code of https://t.me/shop_bot\"").expect("a code beside the link");
    assert!(code.split("</svg>").next().is_some_and(|code| code.contains("<path d=\"M4 4h1v1h-1z")), "{code}");
    let kept = stored::find(&engine.db, &"shop".into()).await.unwrap().unwrap();
    assert!(!format!("{kept:?}").contains("hush") && kept.changed_by == "anna", "{kept:?}");
    let page = browser.get("/connections/shop").await.text;
    assert!(page.contains("shop") && !page.contains("hush") && page.contains("entered; leave empty to keep it"), "{page}");
    let trail = audit::list(&engine.db, &Filter::default(), None, 10).await.unwrap();
    let words = format!("{trail:?}");
    assert!(words.contains("connection.made") && !words.contains("hush"), "{words}");
    // The name is taken, here or in the settings of other nodes.
    let again = [("kind", "telegram"), ("name", "shop"), ("password.token", TOKEN), ("do", "save")];
    let again = browser.send("/connections/new?kind=telegram", "/connections", &again).await;
    assert!(again.status == 422 && again.text.contains("There is a connection of this name."), "{again:?}");
}

async fn refused(url: String) {
    let (house, api) = (house(&url).await, bot_api());
    let anna = house.person("anna", Role::Admin, &[]).await;
    let mut browser = house.signed_in(&anna).await;
    let base = api.url();
    for (field, typed, at, words) in [
        ("password.token", "no token", "token", "has to look like 123456:ABC-def"),
        ("password.token", "", "token", "Fill this in."),
        ("password.token", "1:foreign", "token", "wrong or was revoked"),
        ("s.base_url", "http://169.254.169.254/", "base_url", "no platform can be"),
        ("s.base_url", "http://93.184.216.34/", "base_url", "unencrypted"),
        ("s.base_url", "http://127.0.0.1:1/", "base_url", "no connection"),
        ("name", "Not a name", "name", "small letters"),
        ("more", "per_second = [", "more", "This is not TOML"),
        ("more", "token = \"1:x\"", "more", "has a field of its own"),
        ("more", "per_secnd = 3", "more", "per_secnd"),
    ] {
        let usual = [("kind", "telegram"), ("name", "shop"), ("password.token", TOKEN), ("s.base_url", base.as_str()), ("do", "save")];
        let mut fields: Vec<(&str, &str)> = usual.into_iter().filter(|(name, _)| *name != field).collect();
        fields.push((field, typed));
        let answer = browser.send("/connections/new?kind=telegram", "/connections", &fields).await;
        assert_eq!(answer.status, 422, "{field} {typed}: {answer:?}");
        let place = format!("id=\"h-{at}\"");
        let there = answer.text.split(&place).nth(1).unwrap_or_default();
        let there: String = there.chars().take(500).collect();
        assert!(there.contains(words), "{field} {typed}: {there}");
        assert!(!answer.text.contains("hush"), "{field}");
    }
    assert!(stored::all(&house.world.engine.db).await.unwrap().is_empty());
    // A person may override the platform's response.
    let fields = [("kind", "telegram"), ("name", "shop"), ("password.token", "1:foreign"), ("s.base_url", &base), ("do", "anyway")];
    let answer = browser.send("/connections/new?kind=telegram", "/connections", &fields).await;
    assert_eq!(answer.leads_to(), "/connections/shop");
    let boris = house.person("boris", Role::Supervisor, &[]).await;
    let his = house.signed_in(&boris).await.get("/connections/shop").await;
    assert!(his.status == 200 && !his.text.contains("id=\"settings\"") && !his.text.contains("/pause"), "a supervisor sees how it is");
}

async fn conflict(url: String) {
    let (house, api) = (house(&url).await, bot_api());
    let (anna, boris) = (house.person("anna", Role::Admin, &[]).await, house.person("boris", Role::Admin, &[]).await);
    let (mut hers, mut his) = (house.signed_in(&anna).await, house.signed_in(&boris).await);
    make(&mut hers, &api, "shop").await;
    let base = api.url();
    let change = |version: &'static str, burst: &'static str| {
        [("version", version.to_owned()), ("s.base_url", base.clone()), ("more", format!("burst = {burst}")), ("do", "save".to_owned())]
    };
    let send = |fields: [(&'static str, String); 4]| fields.map(|(name, value)| (name, value));
    let fields = send(change("1", "3"));
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    assert_eq!(hers.send("/connections/shop", "/connections/shop", &fields).await.leads_to(), "/connections/shop");
    let fields = send(change("1", "9"));
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let late = his.send("/connections/shop", "/connections/shop", &fields).await;
    assert!(late.status == 409 && late.text.contains("anna changed this connection") && late.text.contains("burst = 9"), "{late:?}");
    let engine = &house.world.engine;
    let kept = stored::find(&engine.db, &"shop".into()).await.unwrap().unwrap();
    assert!(kept.version == 2 && kept.settings.contains("\"burst\":3"), "{kept:?}");
    assert_eq!(engine.channels.get(&"shop".into()).unwrap().capabilities().rate.burst, 3, "the change is in use, and its secret stayed");
    // Saved again, after seeing that.
    let fields = send(change("2", "9"));
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    assert_eq!(his.send("/connections/shop", "/connections/shop", &fields).await.leads_to(), "/connections/shop");
    assert_eq!(engine.channels.get(&"shop".into()).unwrap().capabilities().rate.burst, 9);
}

async fn taken_up(url: String) {
    let (house, api) = (house(&url).await, bot_api());
    let anna = house.person("anna", Role::Admin, &[]).await;
    let mut browser = house.signed_in(&anna).await;
    let db = &house.world.engine.db;
    let other = node(db, &settings(&key("ab"), &[]));
    other.take_up().await.unwrap();
    assert!(other.engine.channels.get(&"shop".into()).is_none());
    make(&mut browser, &api, "shop").await;
    make(&mut browser, &api, "second").await;
    assert!(other.engine.channels.get(&"shop".into()).is_none(), "nothing is known there before it looks");
    other.take_up().await.unwrap();
    assert!(other.engine.channels.get(&"shop".into()).is_some() && other.engine.channels.get(&"second".into()).is_some());
    // The node is down while one connection is changed and the other deleted, and created again under the same name.
    let fields = [("version", "1"), ("s.base_url", &api.url()), ("more", "burst = 3"), ("do", "save")];
    browser.send("/connections/shop", "/connections/shop", &fields).await;
    assert_eq!(browser.send("/connections/second", "/connections/second/delete", &[("sure", "1")]).await.leads_to(), "/connections");
    other.take_up().await.unwrap();
    assert_eq!(other.engine.channels.get(&"shop".into()).unwrap().capabilities().rate.burst, 3);
    assert!(other.engine.channels.get(&"second".into()).is_none(), "what was deleted is gone everywhere");
    // A node whose settings contain the name uses those, and reports it.
    let own = [("LASTWORD__CONNECTIONS__SHOP__KIND", "telegram"), ("LASTWORD__CONNECTIONS__SHOP__TOKEN", "9:own")];
    let third = node(db, &settings(&key("ab"), &own));
    third.take_up().await.unwrap();
    assert_eq!(third.engine.adapters.not_running(&"shop".into()), Some(NotRunning::Overruled));
    assert!(third.engine.channels.get(&"shop".into()).is_some());
}

async fn locked(url: String) {
    let (house, api) = (house_with(&url, &key("ef")).await, bot_api());
    let db = &house.world.engine.db;
    let first = node(db, &settings(&key("ab"), &[]));
    let kind = first.engine.adapters.kinds().into_iter().find(|kind| kind.name == "telegram").unwrap();
    let values = json!({"token": TOKEN, "base_url": api.url()}).as_object().unwrap().clone();
    let draft = Draft { name: "shop".into(), kind: "telegram".to_owned(), values };
    let kept = keep::make(&first.engine, &By::command(), &kind, &draft, house.world.now()).await.unwrap();
    assert!(kept == Kept::Done(1) && first.engine.channels.get(&"shop".into()).is_some());
    let own = [("LASTWORD__CONNECTIONS__CRM__KIND", "telegram"), ("LASTWORD__CONNECTIONS__CRM__TOKEN", "9:own")];
    let lost = node(db, &settings(&key("cd"), &own));
    lost.take_up().await.unwrap();
    assert_eq!(lost.engine.adapters.not_running(&"shop".into()), Some(NotRunning::Locked));
    assert!(lost.engine.channels.get(&"shop".into()).is_none() && lost.engine.channels.get(&"crm".into()).is_some(), "the others go on");
    // With the previous key beside the new one it runs, and is resealed with the new one only.
    let former = key("ab");
    let changed = node(db, &settings(&key("cd"), &[("LASTWORD__SECURITY__PREVIOUS_KEY", &former)]));
    changed.take_up().await.unwrap();
    assert!(changed.engine.channels.get(&"shop".into()).is_some());
    assert_eq!(reseal(&changed.engine).await.unwrap(), 1);
    let after = node(db, &settings(&key("cd"), &[]));
    after.take_up().await.unwrap();
    assert!(after.engine.channels.get(&"shop".into()).is_some() && after.engine.adapters.not_running(&"shop".into()).is_none());
    // If no key opens it, the page lists what to enter again, and that fixes it.
    house.world.engine.adapters.reload().await.unwrap();
    let anna = house.person("anna", Role::Admin, &[]).await;
    let mut browser = house.signed_in(&anna).await;
    let page = browser.get("/connections/shop").await.text;
    assert!(page.contains("have to be entered again") && !page.contains("leave empty to keep"), "{page}");
    let fields = [("version", "1"), ("s.base_url", &api.url()), ("do", "save")];
    let empty = browser.send("/connections/shop", "/connections/shop", &fields).await;
    assert!(empty.status == 422 && empty.text.contains("Fill this in."), "{empty:?}");
    let fields = [("version", "1"), ("s.base_url", &api.url()), ("password.token", TOKEN), ("do", "save")];
    assert_eq!(browser.send("/connections/shop", "/connections/shop", &fields).await.leads_to(), "/connections/shop");
    assert!(house.world.engine.channels.get(&"shop".into()).is_some());
    assert!(!browser.get("/connections/shop").await.text.contains("have to be entered again"));
}

async fn paused(url: String) {
    let (house, api) = (house(&url).await, bot_api());
    let anna = house.person("anna", Role::Admin, &[]).await;
    let mut browser = house.signed_in(&anna).await;
    make(&mut browser, &api, "shop").await;
    let engine = &house.world.engine;
    lastword::life::connection::register::register(engine).await.unwrap();
    assert_eq!(browser.send("/connections/shop", "/connections/shop/pause", &[]).await.leads_to(), "/connections/shop");
    let state = async || connection::all(&engine.db).await.unwrap().into_iter().find(|state| state.name == "shop").unwrap();
    assert!(state().await.stopped_at.is_some() && state().await.suspended_at.is_some());
    // A node that starts resumes a stopped connection, but not a paused one; and a wanted pause is not reported.
    lastword::life::connection::register::register(engine).await.unwrap();
    watch(engine, house.world.now() + 3_600_000).await.unwrap();
    let now = state().await;
    assert!(now.stopped_at.is_some() && now.suspended_at.is_some() && now.notified_at.is_none(), "{now:?}");
    let page = browser.get("/connections/shop").await.text;
    assert!(page.contains("Paused since") && page.contains("Answers still arrive."), "{page}");
    assert_eq!(browser.send("/connections/shop", "/connections/shop/pause", &[]).await.status, 404, "it is paused already");
    assert_eq!(browser.send("/connections/shop", "/connections/shop/resume", &[]).await.leads_to(), "/connections/shop");
    assert!(state().await.stopped_at.is_none() && state().await.suspended_at.is_none());
}

async fn replayed(url: String) {
    let house = House::over(World::on(&url, messenger()).await, None, Limits::NONE, None);
    let (world, anna) = (&house.world, house.person("anna", Role::Admin, &[]).await);
    lastword::life::connection::register::register(&world.engine).await.unwrap();
    world.line(LineSettings::default()).await;
    let (_, question) = world.ask("S-1").await;
    world.tap(&question, "👎").await;
    world.work().await;
    let events = |sent: Vec<Outgoing>| sent.iter().filter(|one| matches!(one.purpose, Purpose::Event(_))).count();
    let told = events(world.staff.take());
    assert!(told > 1);
    let mut browser = house.signed_in(&anna).await;
    assert!(!browser.get("/connections/bot").await.text.contains("Send events again"), "it carries none");
    assert!(browser.get("/connections/staff").await.text.contains("Send events again"));
    let bad = browser.send("/connections/staff", "/connections/staff/replay", &[("since", "yesterday")]).await;
    assert_eq!(bad.status, 422, "{bad:?}");
    assert_eq!(browser.send("/connections/staff", "/connections/bot/replay", &[("since", "2026-01-01")]).await.status, 404);
    let done = browser.send("/connections/staff", "/connections/staff/replay", &[("since", "2026-01-01")]).await;
    assert_eq!(done.leads_to(), "/connections/staff");
    assert!(browser.get("/connections/staff").await.text.contains(&format!("Events to be sent again: {told}.")));
    world.work().await;
    assert_eq!(events(world.staff.take()), told);
}

async fn deleted(url: String) {
    let (house, api) = (house(&url).await, bot_api());
    let anna = house.person("anna", Role::Admin, &[]).await;
    let mut browser = house.signed_in(&anna).await;
    make(&mut browser, &api, "shop").await;
    let recipient = [("id", "sam"), ("name", "Sam"), ("kind", "person"), ("connection", "shop"), ("chat", "5")];
    assert_eq!(browser.send("/recipients", "/recipients", &recipient).await.leads_to(), "/recipients/sam");
    let kept = browser.send("/connections/shop", "/connections/shop/delete", &[("sure", "1")]).await;
    assert!(kept.status == 409 && kept.text.contains("the recipient Sam"), "{kept:?}");
    assert_eq!(browser.send("/recipients/sam", "/recipients/sam/delete", &[("sure", "1")]).await.leads_to(), "/recipients");
    assert_eq!(browser.send("/connections/shop", "/connections/shop/delete", &[]).await.leads_to(), "/connections/shop", "not sure");
    assert_eq!(browser.send("/connections/shop", "/connections/shop/delete", &[("sure", "1")]).await.leads_to(), "/connections");
    let engine = &house.world.engine;
    assert!(engine.channels.get(&"shop".into()).is_none() && stored::all(&engine.db).await.unwrap().is_empty());
    assert_eq!(browser.get("/connections/shop").await.status, 404);
}

/// The setting filled in with its example value.
fn filled(kind: &str, setting: &Setting) -> Value {
    match setting.input {
        Input::Secret if kind == "telegram" => json!(TOKEN),
        Input::Secret | Input::OwnSecret => json!("0123456789abcdef0123456789abcdef"),
        Input::Number => json!(setting.example.parse::<i64>().unwrap()),
        Input::Switch => json!(true),
        Input::List => json!([setting.example]),
        Input::Line => json!("support"),
        Input::Text | Input::Address | Input::Choice(_) => json!(setting.example),
    }
}

#[tokio::test]
async fn what_the_page_asks_for_makes_a_connection_of_each_kind() {
    let db = Db::open("sqlite::memory:", 1).await.unwrap();
    db.migrate().await.unwrap();
    let adapters = node(&db, &settings(&key("ab"), &[])).engine.adapters;
    for kind in adapters.kinds() {
        for all in [false, true] {
            let wanted = kind.settings.iter().filter(|setting| all || setting.required || setting.made || setting.key == "key");
            let mut values: Map<String, Value> = wanted.map(|setting| (setting.key.to_owned(), filled(kind.name, setting))).collect();
            if kind.name == "desk" && all {
                // Its API needs at least one call.
                values.insert("write_back".to_owned(), json!([{"call": "POST /notes", "body": "{}"}]));
            }
            // It names a line, and here is none.
            values.remove("event_lines");
            let draft = Draft { name: "one".into(), kind: kind.name.to_owned(), values };
            assert_eq!(adapters.check(&draft).await, [], "{} with {:?}", kind.name, draft.values.keys());
        }
    }
}

#[test]
fn each_setting_is_explained_in_each_language() {
    let db = || async { Db::open("sqlite::memory:", 1).await.unwrap() };
    let kinds =
        tokio::runtime::Runtime::new().unwrap().block_on(async { node(&db().await, &settings(&key("ab"), &[])).engine.adapters.kinds() });
    for language in Language::ALL {
        let said = |key: &str| Some(language.text(key, &[])).filter(|words| words != key);
        for kind in &kinds {
            for start in ["connection-kind", "connection-about"] {
                assert!(said(&format!("{start}-{}", kind.name)).is_some(), "{language:?} {start}-{}", kind.name);
            }
            for setting in kind.settings {
                let ends = ["", "-help"].into_iter().map(str::to_owned);
                let choices: Vec<String> = match setting.input {
                    Input::Choice(words) => words.iter().map(|word| format!("-{word}")).collect(),
                    _ => Vec::new(),
                };
                for end in ends.chain(choices) {
                    let own = said(&format!("setting-{}-{}{end}", kind.name, setting.key));
                    let words = own.or_else(|| said(&format!("setting-{}{end}", setting.key)));
                    assert!(words.is_some(), "{language:?}: {} {}{end}", kind.name, setting.key);
                }
            }
        }
    }
}
