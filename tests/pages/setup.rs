//! Recipients and connections on their pages: created, tested, repaired.

use crate::on_both_databases;
use crate::rig::house::House;
use lastword::app::Node;
use lastword::domain::access::rights::Role;
use lastword::domain::answer::rating::Scale;
use lastword::domain::answer::reason::Reason;
use lastword::domain::line::{Alerts, LineSettings, Texts};
use lastword::id::Ids;
use lastword::life::Engine;
use lastword::life::access::change_account;
use lastword::life::admin::preview_message::{Moment, preview};
use lastword::life::recipient::push::WEB_PUSH;
use lastword::life::recipient::room::ROOMS;
use lastword::settings::Settings;
use lastword::store::access::audit;
use lastword::store::alert::recipient;
use lastword::store::{Db, StoreError, connection};
use lastword::time::SystemClock;
use lastword_contract::{SendError, Verdict};
use std::collections::BTreeSet;
use std::io::Write;
use std::sync::Arc;

on_both_databases! {
    a_recipient_is_made_tested_and_put_away => recipients;
    a_stopped_connection_says_why_and_runs_again => connections;
}

async fn recipients(url: String) {
    let house = House::on(&url, None).await;
    house
        .world
        .line(LineSettings { alerts: Alerts { recipients: vec!["boris".to_owned()], ..Alerts::default() }, ..LineSettings::default() })
        .await;
    let anna = house.person("anna", Role::Admin, &[]).await;
    let mut browser = house.signed_in(&anna).await;
    let person = [("id", "boris"), ("name", "Boris"), ("kind", "person"), ("connection", "staff"), ("chat", "boris-chat")];
    for (field, typed, words) in [
        ("chat", "", "A person needs an address"),
        ("connection", "", "Choose a connection that carries alerts."),
        ("connection", "mail", "Choose a connection that carries alerts."),
        ("name", " ", "Enter 1 to 200 characters"),
        ("id", "a b", "Enter 1 to 64 letters"),
        ("id", "anna", "This ID is taken."),
        ("id", "operator", "This ID cannot be used."),
        ("operator", "op-7", "Another recipient already has this operator ID."),
    ] {
        let mut fields: Vec<(&str, &str)> = person.into_iter().filter(|(name, _)| *name != field).collect();
        fields.push((field, typed));
        let answer = browser.send("/recipients", "/recipients", &fields).await;
        assert!(answer.status == 422 && answer.text.contains(words), "{field} = {typed}: {}", answer.status);
        assert!(answer.text.contains("value=\"Boris\"") || field == "name", "what was typed stays");
    }
    assert_eq!(browser.send("/recipients", "/recipients", &person).await.leads_to(), "/recipients/boris");
    let page = browser.get("/recipients/boris").await.text;
    assert!(page.contains("/lines/support") && page.contains("boris-chat"), "the line that uses it, and where it is told");

    let test = browser.send("/recipients/boris", "/recipients/boris/test", &[]).await.leads_to().to_owned();
    assert!(browser.get(test.split('#').next().unwrap()).await.text.contains("the test is on its way"));
    house.world.work().await;
    assert!(browser.get(test.split('#').next().unwrap()).await.text.contains("the test was sent"));
    assert_eq!(house.world.staff.take().pop().unwrap().to.chat, "boris-chat");

    let away = [("name", "Boris"), ("kind", "person"), ("connection", "staff"), ("chat", "boris-chat"), ("disabled", "1")];
    assert_eq!(browser.send("/recipients/boris", "/recipients/boris", &away).await.leads_to(), "/recipients/boris");
    let test = browser.send("/recipients/boris", "/recipients/boris/test", &[]).await.leads_to().to_owned();
    assert!(browser.get(test.split('#').next().unwrap()).await.text.contains("the recipient is disabled"));
    assert!(browser.get("/lines").await.text.contains("Boris cannot be alerted"), "the line says so too");
    let group = [("id", "all"), ("name", "All"), ("kind", "group"), ("members", "anna"), ("members", "boris")];
    browser.send("/recipients", "/recipients", &group).await.leads_to();
    let kept = recipient::all(&house.world.engine.db).await.unwrap().into_iter().find(|kept| kept.id == "all").unwrap();
    assert_eq!(kept.members, ["anna", "boris"]);
    let filter = audit::Filter { subject_kind: Some("recipient".to_owned()), ..audit::Filter::default() };
    let acts: Vec<String> =
        audit::list(&house.world.engine.db, &filter, None, 10).await.unwrap().into_iter().map(|entry| entry.act).collect();
    assert_eq!(acts, ["recipient.saved", "recipient.tested", "recipient.saved", "recipient.tested", "recipient.saved"]);
}

async fn connections(url: String) {
    let house = House::on(&url, None).await;
    let anna = house.person("anna", Role::Admin, &[]).await;
    let boris = house.person("boris", Role::Supervisor, &[]).await;
    let words = "Unauthorized: bot token <revoked>";
    house.world.client.fails_with([SendError::new(Verdict::ConnectionBroken, "broken", words)]);
    house.world.tell(house.world.close_of("s-1")).await;
    house.world.clock.advance(5_000);
    house.world.work().await;
    let mut hers = house.signed_in(&anna).await;
    let page = hers.get("/connections").await.text;
    assert!(page.contains("bot token &#60;revoked&#62;") && page.contains("Resume"), "{page}");
    assert!(page.contains("1 message"), "what waits is counted");
    let imported: Result<(), StoreError> =
        house.world.engine.db.write(|tx| Box::pin(async move { connection::started(tx, &"old-desk".into(), "telegram", 0).await })).await;
    imported.unwrap();
    let page = hers.get("/connections").await.text;
    let old = page.split("data-key=\"old-desk\"").nth(1).unwrap().split("</article>").next().unwrap();
    assert!(old.contains("<dt>Started</dt><dd>never</dd>") && !old.contains("<dt>Can</dt>"), "{old}");
    let his = house.signed_in(&boris).await.get("/connections").await.text;
    assert!(his.contains("revoked") && !his.contains("Resume"), "resuming is the admin's");
    assert_eq!(hers.send("/connections", "/connections/bot/resume", &[]).await.leads_to(), "/connections/bot");
    let states = connection::all(&house.world.engine.db).await.unwrap();
    assert!(states.iter().all(|state| state.stopped_at.is_none()));
    assert_eq!(hers.send("/connections", "/connections/none/resume", &[]).await.status, 404);
    house.world.work().await;
    assert_eq!(house.world.client.take().len(), 1, "what waited has left");
}

/// Settings for `lastword.toml` of a new connection of each kind, with its secrets as environment variables.
const SNIPPETS: [(&str, &str, &str); 7] = [
    ("telegram", "[connections.support-bot]\nkind = \"telegram\"", "LASTWORD__CONNECTIONS__SUPPORT_BOT__TOKEN=123456:ABC-…"),
    (
        "whatsapp",
        "[connections.shop-whatsapp]\nkind = \"whatsapp\"\nphone_number_id = \"106540352242922\"\nbusiness_account_id = \"102290129340398\"",
        "LASTWORD__CONNECTIONS__SHOP_WHATSAPP__ACCESS_TOKEN=EAA…\nLASTWORD__CONNECTIONS__SHOP_WHATSAPP__APP_SECRET=…\nLASTWORD__CONNECTIONS__SHOP_WHATSAPP__VERIFY_TOKEN=…",
    ),
    (
        "messenger",
        "[connections.shop-page]\nkind = \"messenger\"\npage_id = \"201540352242944\"",
        "LASTWORD__CONNECTIONS__SHOP_PAGE__ACCESS_TOKEN=EAA…\nLASTWORD__CONNECTIONS__SHOP_PAGE__APP_SECRET=…\nLASTWORD__CONNECTIONS__SHOP_PAGE__VERIFY_TOKEN=…",
    ),
    (
        "instagram",
        "[connections.shop-instagram]\nkind = \"instagram\"\naccount_id = \"17841405822304914\"",
        "LASTWORD__CONNECTIONS__SHOP_INSTAGRAM__ACCESS_TOKEN=IGAA…\nLASTWORD__CONNECTIONS__SHOP_INSTAGRAM__APP_SECRET=…\nLASTWORD__CONNECTIONS__SHOP_INSTAGRAM__VERIFY_TOKEN=…",
    ),
    ("webchat", "[connections.site]\nkind = \"webchat\"\nline = \"support\"\norigins = [\"https://shop.example\"]", ""),
    (
        "email",
        "[connections.mail]\nkind = \"email\"\nhost = \"smtp.example.com\"\nuser = \"support@example.com\"\nfrom = \"Example Support <support@example.com>\"",
        "LASTWORD__CONNECTIONS__MAIL__PASSWORD=…",
    ),
    (
        "webhook",
        "[connections.crm]\nkind = \"webhook\"\nurl = \"https://crm.example.com/lastword\"\nevents = [\"rating.created\"]",
        "LASTWORD__CONNECTIONS__CRM__SECRET=whsec_…",
    ),
];

/// A node with these settings, and well-formed secrets.
async fn node_of_the_snippets() -> Node {
    let mut file = tempfile::Builder::new().suffix(".toml").tempfile().unwrap();
    let mut env = vec![
        ("LASTWORD__SECURITY__KEY".to_owned(), "ab".repeat(32)),
        ("LASTWORD__HTTP__PUBLIC_URL".to_owned(), "https://rate.example.com".to_owned()),
    ];
    for (_, toml, secrets) in SNIPPETS {
        writeln!(file, "{toml}\n").unwrap();
        for (name, _) in secrets.lines().filter_map(|line| line.split_once('=')) {
            let secret = if name.ends_with("BOT__TOKEN") { "123456:ABC-def" } else { "0123456789abcdef0123456789abcdef" };
            env.push((name.to_owned(), secret.to_owned()));
        }
    }
    let settings = Settings::load(Some(file.path()), env.into_iter()).unwrap_or_else(|problems| panic!("{problems}"));
    let db = Db::open("sqlite::memory:", 1).await.unwrap();
    Node::over(db, &settings, Arc::new(SystemClock::default()), Arc::new(Ids::seeded(1))).unwrap_or_else(|problem| panic!("{problem}"))
}

#[tokio::test]
async fn what_is_copied_into_the_settings_makes_a_connection_of_its_kind() {
    let node = node_of_the_snippets().await;
    // Browsers of our own people and chat rooms are there without any settings.
    let set = node.engine.channels.iter().filter(|(name, _)| ![WEB_PUSH, ROOMS].contains(&name.as_str()));
    let kinds: BTreeSet<&str> = set.map(|(_, connection)| connection.channel.kind()).collect();
    assert_eq!(kinds, SNIPPETS.map(|(kind, ..)| kind).into());
}

#[tokio::test]
async fn a_preview_is_within_the_limits_of_each_channel() {
    let node = node_of_the_snippets().await;
    let texts = Texts { reasons: Some(vec![Reason::worded("It took far too long for me")]), ..Texts::default() };
    let settings = LineSettings { texts: [("en".to_owned(), texts)].into(), ..LineSettings::default() };
    let alone = Engine { channels: Arc::default(), ..node.engine.clone() };
    for engine in [&node.engine, &alone] {
        let shown = preview(engine, ("Support", &settings), "en", Moment::ThanksLow, 1_790_000_000_000);
        let on = |kind: &str| shown.iter().find(|shown| shown.kind == kind).unwrap_or_else(|| panic!("no {kind}"));
        assert_eq!(shown.len(), SNIPPETS.len(), "each kind once, connected or not");
        let reason = |kind: &str| on(kind).choices.first().map(|choice| (choice.label.clone(), choice.cut)).unwrap();
        assert_eq!(reason("telegram"), ("It took far too long for me".to_owned(), false));
        assert_eq!(reason("whatsapp"), ("It took far too long fo…".to_owned(), true), "24 units of a list's row");
        assert_eq!(reason("messenger"), ("It took far too lon…".to_owned(), true), "20 units of a quick reply");
        assert!(on("webchat").comment_box && on("webchat").edits && !on("email").edits);
        assert!(on("email").choices.iter().all(|choice| choice.link.as_ref().is_some_and(|link| link.contains("/r/"))));
        assert!(shown.iter().all(|shown| shown.connection.is_some() != engine.channels.names().is_empty()));
    }
    let stars = LineSettings { scale: Scale::FiveStar, ..settings };
    let question = preview(&alone, ("Support", &stars), "de", Moment::Question, 1_790_000_000_000);
    assert!(question.iter().all(|shown| shown.text == "Bitte bewerten Sie unseren Service" && shown.choices.len() == 5));
    let alerts = preview(&node.engine, ("Support", &stars), "en", Moment::Alert, 1_790_000_000_000);
    let kinds: BTreeSet<&str> = alerts.iter().map(|shown| shown.kind).collect();
    let carry = node.engine.channels.told_through();
    assert_eq!(kinds, carry.map(|(_, connection)| connection.channel.kind()).collect(), "where alerts are carried, and nowhere else");
    let telegram = alerts.iter().find(|shown| shown.kind == "telegram").unwrap();
    let words = "Low rating ★☆☆☆☆ 1/5 on Support\nClient: Anna Berg\nOperator: Olga\nReasons: It took far too long for me\nComment: …\nChat: 4711 (telegram)\n2026-09-21 14:13 UTC\nhttps://rate.example.com/ratings/preview";
    assert_eq!((telegram.text.as_str(), telegram.choices[0].label.as_str()), (words, "✓ Seen"));
}

#[tokio::test]
async fn every_word_of_the_pages_is_there_in_every_language() {
    let house = House::on("sqlite::memory:", None).await;
    let anna = house.person("anna", Role::Admin, &[]).await;
    let (_, question) = house.world.ask("s-1").await;
    house.world.tap(&question, "👎").await;
    house.world.client.fails_with([SendError::new(Verdict::CannotKnow, "timeout", "no answer in time")]);
    house.world.tell(house.world.close_of("s-2")).await;
    house.world.pass(5_000).await;
    house.world.tell(house.world.close_of("s-3")).await;
    let mut browser = house.signed_in(&anna).await;
    browser.send("/people", "/keys", &[("key_name", "desk"), ("scopes", "admin")]).await;
    let hers = format!("/people/{}", anna.id);
    let paths = [
        "/lines",
        "/lines/support",
        "/lines/support/plan",
        "/lines/support/versions",
        "/lines/support/bitrix24",
        "/recipients",
        "/recipients/anna",
        "/connections",
        "/connections/bot",
        "/connections/new",
        "/connections/new?kind=telegram",
        "/deliveries",
        "/deliveries?state=scheduled",
        "/alerts",
        "/audit",
        "/people",
        &hers,
    ];
    let prefixes = [
        "set",
        "line",
        "delivery",
        "audit",
        "recipient",
        "connection",
        "people",
        "key",
        "scope",
        "b24",
        "preview",
        "plan",
        "alert",
        "tested",
        "setting",
    ];
    for language in ["en", "ru", "de", "es", "pt"] {
        change_account::choose(&house.world.engine, anna.id, Some(language.to_owned()), None).await.unwrap();
        for path in paths {
            let page = browser.get(path).await;
            assert!(page.status == 200 && page.text.contains(&format!("<html lang=\"{language}\"")), "{path} in {language}");
            for prefix in prefixes {
                let raw = page.text.split(&format!(">{prefix}-")).nth(1).map(|rest| rest.chars().take(60).collect::<String>());
                assert_eq!(raw, None, "{path} in {language}: {prefix}-");
            }
            let inline = [" style=", " onclick", "<style", "<script>"].iter().any(|inline| page.text.contains(inline));
            assert!(!inline, "{path}: nothing inline");
        }
    }
}
