//! `lastword doctor` on an installation with a connection of every kind, all in good order: it ends with 0. What an admin chose in the
//! settings, such as a receiver inside the own network, is a note.

#[path = "../../../adapters/meta/tests/it/stub.rs"]
#[expect(dead_code, reason = "the adapter's own tests use the rest")]
mod graph;

use super::setup::telegram;
use super::shop::{Shop, bot};
use crate::desks::{chatwoot_day, rocketchat_day, zammad_day};
use crate::rig::mail::MailServer;
use crate::rig::postgres;
use crate::rig::stub::{Answer, Stub};
use serde_json::json;

const BASE: &str = "[http]\nlisten = \"127.0.0.1:0\"\npublic_url = \"https://rate.example.com/\"\n[metrics]\nenabled = false\n";
const NOW: i64 = 1_790_000_000_000;

/// Settings of the channels, and of a desk that calls us.
fn channels(telegram: &str, graph: &str, mail: &MailServer, crm: &str) -> String {
    let meta = |kind: &str, own: &str| {
        format!(
            "[connections.{kind}]\nkind = \"{kind}\"\nbase_url = \"{graph}\"\naccess_token = \"EAA\"\napp_secret = \"app-secret\"\n\
             verify_token = \"verify-me\"\n{own}\n"
        )
    };
    let (bot, host, port) = (bot(telegram), mail.address.ip(), mail.address.port());
    [
        bot,
        meta("whatsapp", "phone_number_id = \"106540352242922\"\nbusiness_account_id = \"102290129340398\""),
        meta("messenger", "page_id = \"201540352242944\""),
        meta("instagram", "account_id = \"17841400000000001\""),
        format!(
            "[connections.mail]\nkind = \"email\"\nhost = \"{host}\"\nport = {port}\ntls = \"none\"\nfrom = \"Shop <shop@example.com>\"\n"
        ),
        "[connections.site]\nkind = \"webchat\"\nline = \"support\"\norigins = [\"https://shop.example\", \"http://intranet.example\"]\n"
            .into(),
        format!(
            "[connections.crm]\nkind = \"webhook\"\nurl = \"{crm}\"\nsecret = \"a secret of at least twenty-four bytes\"\n\
             allow_http = true\nallow_private_networks = true\n"
        ),
        "[connections.rooms]\nkind = \"room\"\nallow_private_networks = true\n".into(),
        "[connections.web-push]\nkind = \"web_push\"\nallow_private_networks = true\n".into(),
        "[connections.helpdesk]\nkind = \"desk\"\nkey = \"a-key-that-is-long-enough-to-be-one\"\nline = \"support\"\n".into(),
    ]
    .concat()
}

/// Sets up a desk by its command, and returns the settings that it prints, with the line filled in.
async fn set_up(shop: &Shop, desk: &str, url: &str, token: &str, more: &[&str]) -> String {
    let mut words = vec!["desk", "setup", desk, "--url", url, "--token", token];
    words.extend(more.iter().flat_map(|set| ["--set", *set]));
    let told = shop.run(&words).await.done();
    let printed = told.split_once("in lastword.toml:\n").expect("settings").1;
    printed.replace("line = \"…\"", "line = \"support\"").replace("\"*\" = \"…\"", "\"*\" = \"bot\"")
}

async fn every_kind_is_healthy(make: impl AsyncFn(&str) -> Shop) {
    let (telegram, mail, crm) = (telegram(), MailServer::start().await, Stub::start(|_| Answer::json(200, &json!({}))));
    let graph = graph::Stub::start().await;
    let chatwoot = chatwoot_day::stub::Stub::start(chatwoot_day::stub::Inside::at(NOW)).await;
    let zammad = zammad_day::stub::Stub::start(zammad_day::stub::Inside::at(NOW)).await;
    let rocketchat = rocketchat_day::stub::Stub::start(rocketchat_day::stub::Inside::at(NOW)).await;

    let shop = make(&format!("{BASE}{}", channels(&telegram.url(), &graph.base_url(), &mail, &crm.url()))).await;
    shop.run(&["migrate"]).await.done();
    shop.run(&["recipient", "add", "--id", "anna", "--name", "Anna", "--connection", "bot", "--chat", "7"]).await.done();
    shop.run(&["line", "add", "--id", "support", "--name", "Support", "--recipient", "anna"]).await.done();
    let secret = |secret: &str| format!("secret={secret}");
    let user = format!("user={}", rocketchat_day::stub::OURS);
    let setup_token = format!("setup_token={}", zammad_day::stub::TOKEN);
    let desks = [
        set_up(&shop, "chatwoot", &chatwoot.url(), chatwoot_day::stub::TOKEN, &[]).await,
        set_up(&shop, "zammad", &zammad.url(), zammad_day::stub::TOKEN, &[&secret(zammad_day::stub::SECRET), &setup_token]).await,
        set_up(&shop, "rocketchat", &rocketchat.url(), rocketchat_day::stub::TOKEN, &[&secret(rocketchat_day::stub::SECRET), &user]).await,
    ];
    let file = shop.dir().join("lastword.toml");
    let all = std::fs::read_to_string(&file).unwrap() + &desks.concat();
    std::fs::write(&file, all).unwrap();

    let doctor = shop.run(&["doctor"]).await;
    let works = [
        "bot: telegram works: connected as @",
        "whatsapp: whatsapp works: connected as Shop",
        "messenger: messenger works: connected as Shop",
        "instagram: instagram works: connected as shop",
        "mail: email works: connected as shop@example.com",
        "site: webchat works: connected as ",
        "crm: webhook works: connected as 127.0.0.1",
        "rooms: room works",
        "web-push: web_push works",
        "helpdesk: desk is ready for the desk's calls",
        "chatwoot: chatwoot works: connected as Lastword",
        "zammad: zammad works: connected as ",
        "rocketchat: rocketchat works: connected as lastword at 127.0.0.1",
    ];
    let notes = [
        "mail: Mail travels to the server in the clear",
        "site: http://intranet.example is not encrypted",
        "crm: Messages travel unencrypted",
        "crm: This connection may call addresses inside private networks",
        "rooms: This connection may call addresses inside private networks",
    ];
    let lines = works.map(|line| format!("ok      connection {line}")).into_iter();
    for line in lines.chain(notes.map(|line| format!("note    connection {line}"))) {
        assert!(doctor.out.contains(&line), "{line} is not in\n{}", doctor.out);
    }
    assert!(!doctor.out.contains("PROBLEM"), "{}", doctor.out);
    doctor.done();
}

#[tokio::test]
async fn an_installation_of_every_kind_is_healthy_on_sqlite() {
    every_kind_is_healthy(async |settings| Shop::new(settings)).await;
}

#[tokio::test]
async fn an_installation_of_every_kind_is_healthy_on_postgres() {
    every_kind_is_healthy(async |settings| Shop::over(settings, &postgres::empty().await)).await;
}
