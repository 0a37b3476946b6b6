//! Seven kinds of programs that follow the links of a message, compared with people: on every channel whose question can be
//! sent as links. No program changes an answer or opts a client out; people succeed.

use super::visitor::{browse, fill_in, nonce, open, path, paths, rating, read_and_fill_in, send, submit};
use crate::on_both_databases;
use crate::rig::caller::Api;
use crate::rig::world::{PUBLIC_URL, World};
use lastword::domain::answer::rating::Scale;
use lastword::domain::answer::scanner::READ_MIN;
use lastword::domain::line::LineSettings;
use lastword::domain::report::calendar::Day;
use lastword::domain::report::period::Period;
use lastword::life::facts::opted_out;
use lastword::life::report::recount::recount;
use lastword::life::report::summary;
use lastword::store::report::Closes;
use lastword::time::MINUTE;
use lastword_contract::{Capabilities, Channel, ChoiceKind, Outgoing, Purpose};
use serde_json::{Value, json};

on_both_databases! {
    no_kind_of_scanner_answers_or_opts_out => alone;
    no_kind_of_scanner_changes_what_a_person_said => around_a_person;
    who_sees_no_style_sheet_ticks_a_box => without_style;
    a_held_answer_is_seen_by_staff_and_counts_nowhere => seen_by_staff;
    a_scanner_opts_nobody_back_in => back_in;
    a_browser_that_scans_yields_to_who_reads => rendered;
}

/// Capabilities of each adapter whose question can be sent as links.
fn carriers() -> Vec<(&'static str, Capabilities)> {
    fn config<C: serde::de::DeserializeOwned>(config: Value) -> C {
        serde_json::from_value(config).unwrap()
    }
    let http = reqwest::Client::new;
    let account = |id: &str| json!({ id: "1555", "access_token": "EAAG", "sharing": "links" });
    let webhook = json!({ "url": "https://sms.example.com/", "secret": "a secret of more than 24 bytes", "links": true });
    let mail = json!({ "host": "mail.example.com", "from": "support@example.com", "tls": "none" });
    let telegram = json!({ "token": "12345:AAAA", "sharing": "links" });
    let all: [Box<dyn Channel>; 6] = [
        Box::new(lastword_email::Email::new(config(mail)).unwrap()),
        Box::new(lastword_telegram::Telegram::new(config(telegram), http()).unwrap()),
        Box::new(lastword_meta::WhatsApp::new(config(account("phone_number_id")), http()).unwrap()),
        Box::new(lastword_meta::Messenger::new(config(account("page_id")), http()).unwrap()),
        Box::new(lastword_meta::Instagram::new(config(account("account_id")), http()).unwrap()),
        Box::new(lastword_webhook::Webhook::new("sms", config(webhook)).unwrap()),
    ];
    all.iter().map(|channel| (channel.kind(), channel.capabilities())).inspect(|(kind, can)| assert!(can.links, "{kind}")).collect()
}

/// Behaviour of a program on the links of a message.
#[derive(Clone, Copy, Debug)]
enum Kind {
    OpensAll,
    Head,
    Prefetch,
    SubmitsAll,
    SubmitsOneLate,
    SubmitsTheSame,
    SubmitsAnother,
}

const KINDS: [Kind; 7] =
    [Kind::OpensAll, Kind::Head, Kind::Prefetch, Kind::SubmitsAll, Kind::SubmitsOneLate, Kind::SubmitsTheSame, Kind::SubmitsAnother];

/// The links of a message: all scores, and the opt-out if the channel has a footer.
fn all_links(question: &Outgoing) -> Vec<String> {
    let stop = question.footer.as_ref().and_then(|footer| footer.stop.as_ref()?.link.clone());
    let here = |link: String| link.strip_prefix(PUBLIC_URL.trim_end_matches('/')).expect("ours").to_owned();
    let choices = question.choices.iter().filter(|choice| matches!(choice.kind, ChoiceKind::Score | ChoiceKind::OptOut));
    choices.map(|choice| path(question, &choice.label)).chain(stop.map(here)).collect()
}

/// The program fetches a page and submits each of its forms unchanged, with the score of its link.
async fn sends_forms(api: &Api, link: &str) {
    for address in [link.to_owned(), format!("{link}?stop"), format!("{link}?done")] {
        let page = open(api, &address).await;
        let chosen = page.text.split("name=\"score\" value=\"").skip(1).find(|tile| tile.split('>').next().unwrap().contains("checked"));
        let wish = page.text.split("name=\"wish\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
        let mut forms: Vec<Vec<(&str, &str)>> = Vec::new();
        forms.extend(chosen.and_then(|tile| tile.split('"').next()).map(|score| vec![("score", score)]));
        forms.extend(wish.map(|wish| vec![("wish", wish)]));
        if page.text.contains("name=\"comment\"") {
            forms.push(vec![("reason", "0"), ("comment", "text")]);
        }
        for mut form in forms {
            let nonce = nonce(&page);
            form.push(("nonce", &nonce));
            assert_eq!(send(api, link, &form).await.status, 303);
        }
    }
}

impl Kind {
    /// `said` is the link that the client chose.
    async fn scans(self, api: &Api, question: &Outgoing, said: &str) {
        let links = all_links(question);
        let another = paths(question).into_iter().find(|link| link != said).expect("another");
        for link in &links {
            match self {
                Kind::OpensAll => drop(browse(api, link).await),
                Kind::Head => drop(api.send("HEAD", link, &[], Vec::new()).await),
                Kind::Prefetch => drop(api.send("GET", link, &[("sec-purpose", "prefetch".to_owned())], Vec::new()).await),
                Kind::SubmitsAll => sends_forms(api, link).await,
                Kind::SubmitsOneLate | Kind::SubmitsTheSame | Kind::SubmitsAnother => {}
            }
        }
        match self {
            Kind::OpensAll | Kind::Head | Kind::Prefetch | Kind::SubmitsAll => {}
            Kind::SubmitsOneLate | Kind::SubmitsAnother => sends_forms(api, &another).await,
            Kind::SubmitsTheSame => sends_forms(api, said).await,
        }
        api.world.work().await;
    }
}

/// A world whose client is asked on a channel like `can`.
async fn asked_on(url: &str, can: Capabilities) -> (Api, String, Outgoing) {
    let world = World::on(url, can).await;
    world.line(LineSettings { scale: Scale::FiveStar, once_per_client_hours: 0, ..LineSettings::default() }).await;
    let api = Api::over(world).await;
    let (request, question) = api.world.ask("S-1").await;
    api.world.staff.take();
    (api, request, question)
}

async fn is_asked_again(api: &Api) -> bool {
    opted_out::state(&api.world.engine, &"desk/client-of-S-1".into()).await.unwrap().is_none()
}

async fn score(api: &Api, request: &str) -> Option<i64> {
    rating(api, request).await.map(|rating| rating["rating_request"]["rating"]["score"].as_i64().unwrap())
}

fn alarms(api: &Api) -> usize {
    api.world.staff.take().into_iter().filter(|message| message.purpose == Purpose::Alert).count()
}

/// Each on its own database: the one at `url` is used only once.
async fn each(url: &str, mut test: impl AsyncFnMut(String, &'static str, Capabilities)) {
    for (number, (name, can)) in carriers().into_iter().enumerate() {
        let own = match url.starts_with("sqlite") {
            true => "sqlite::memory:".to_owned(),
            false if number == 0 => url.to_owned(),
            false => crate::rig::postgres::database().await,
        };
        test(own, name, can).await;
    }
}

async fn alone(url: String) {
    each(&url, async |url, name, can| {
        let (api, request, question) = asked_on(&url, can).await;
        let said = paths(&question).remove(0);
        // Immediately, and long after.
        for wait in [500, 12_000, 60 * MINUTE] {
            api.world.pass(wait).await;
            for kind in KINDS {
                kind.scans(&api, &question, &said).await;
                assert_eq!(score(&api, &request).await, None, "{name}: {kind:?}");
                assert!(is_asked_again(&api).await, "{name}: {kind:?}");
            }
        }
        assert_eq!(alarms(&api), 0, "{name}");
        // The person comes after all of them, and one press is enough.
        let page = browse(&api, &said).await;
        assert!(page.text.contains("None of them counts yet"), "{name}: {}", page.text);
        submit(&api, &said, &page, &[("score", "2")]).await;
        assert_eq!(score(&api, &request).await, Some(2), "{name}");
        api.world.pass(MINUTE).await;
        assert_eq!(alarms(&api), 1, "{name}");
    })
    .await;
}

async fn around_a_person(url: String) {
    each(&url, async |url, name, can| {
        let (api, request, question) = asked_on(&url, can).await;
        let said = paths(&question).remove(3);
        api.world.pass(20_000).await;
        read_and_fill_in(&api, &said, &[("score", "2")]).await;
        fill_in(&api, &format!("{said}?done"), &[("comment", "Nobody called back.")]).await;
        let before = rating(&api, &request).await.unwrap()["rating_request"]["rating"].clone();
        for wait in [500, 30_000, 15 * MINUTE] {
            api.world.pass(wait).await;
            for kind in KINDS {
                kind.scans(&api, &question, &said).await;
                let rating = rating(&api, &request).await.unwrap();
                assert_eq!(rating["rating_request"]["rating"], before, "{name}: {kind:?}");
                assert!(is_asked_again(&api).await, "{name}: {kind:?}");
            }
        }
        api.world.pass(4 * 24 * 60 * MINUTE).await;
        assert_eq!(score(&api, &request).await, Some(2), "{name}: nothing was held for some days either");
        assert_eq!(recount(&api.world.engine.db, api.world.now(), |_| {}).await.unwrap().wrong, 0);
    })
    .await;
}

async fn without_style(url: String) {
    let (api, request, question) = asked_on(&url, super::in_messages::links()).await;
    let link = paths(&question).remove(3);
    api.world.pass(20_000).await;
    let page = open(&api, &link).await;
    assert!(page.text.contains("I am a person, not a program"), "{}", page.text);
    let waits = submit(&api, &link, &page, &[("score", "2")]).await;
    assert!(waits.text.contains("press the button once more") && waits.text.contains("value=\"2\" required checked"), "{}", waits.text);
    assert_eq!(score(&api, &request).await, None);
    // Also with the browser's back button: the previous page, and its checkbox.
    let thanks = submit(&api, &link, &page, &[("score", "2"), ("person", "yes")]).await;
    assert!(thanks.text.contains("We are sorry"), "{}", thanks.text);
    assert_eq!(score(&api, &request).await, Some(2));
    let done = format!("{link}?done");
    let page = open(&api, &done).await;
    submit(&api, &done, &page, &[("reason", "0"), ("comment", "Slow."), ("person", "yes")]).await;
    let kept = rating(&api, &request).await.unwrap()["rating_request"]["rating"].clone();
    assert_eq!((&kept["comment"], &kept["reasons"][0]["code"]), (&json!("Slow."), &json!("slow")));
    let stop = format!("{link}?stop");
    let page = open(&api, &stop).await;
    api.world.clock.advance(2_000);
    submit(&api, &link, &page, &[("wish", "stop"), ("person", "yes")]).await;
    assert!(!is_asked_again(&api).await);
}

async fn seen_by_staff(url: String) {
    let (api, request, question) = asked_on(&url, super::in_messages::links()).await;
    let links = paths(&question);
    api.world.pass(12_000).await;
    sends_forms(&api, &links[4]).await;
    let story = api.get("/v1/sessions/S-1").await.text;
    for sentence in
        ["score 1 – unconfirmed", "its page was not opened in a browser (unopened)", "They are on hold", "waits for one more tap: opt out"]
    {
        assert!(story.contains(sentence), "{sentence}: {story}");
    }
    let close = api.get(&format!("/v1/rating-requests/{request}")).await.json();
    assert_eq!((&close["outcome"], close["held_at"].is_string() || close["held_at"].is_number()), (&json!(null), true), "{close}");
    let funnel = async || {
        let period = Period { from: Day::parse("2026-09-01").unwrap(), until: Day::parse("2027-09-01").unwrap() };
        let report = summary(&api.world.engine.db, &Closes::of(period)).await.unwrap().report;
        (report.funnel.asked, report.funnel.answered, report.score.raw.bad)
    };
    assert_eq!(funnel().await, (1, 0, 0));
    // The client answers, and a program submits something else: the rating shows both.
    read_and_fill_in(&api, &links[0], &[("score", "5")]).await;
    api.world.pass(20_000).await;
    fill_in(&api, &links[4], &[("score", "1")]).await;
    let kept = rating(&api, &request).await.unwrap();
    assert_eq!((&kept["rating_request"]["rating"]["score"], &kept["rating_request"]["held_at"]), (&json!(5), &json!(null)));
    assert_eq!(kept["signals"], json!(["outweighed", "unopened"]));
    let became: Vec<&str> = kept["answers"].as_array().unwrap().iter().filter_map(|event| event["disposition"].as_str()).collect();
    assert_eq!(became, ["unconfirmed", "unconfirmed", "counted", "unconfirmed"]);
    assert_eq!((funnel().await, alarms(&api)), ((1, 1, 0), 0));
    // Another tap, on a page that was shown since.
    let page = open(&api, &format!("{}?once-more=1", links[4])).await;
    assert!(page.text.contains("★★★★★ 5/5") && page.text.contains("value=\"1\" required checked"), "{}", page.text);
    api.world.clock.advance(1_000);
    read_and_fill_in(&api, &links[4], &[("score", "1")]).await;
    assert_eq!(score(&api, &request).await, Some(1));
}

async fn back_in(url: String) {
    let (api, _, question) = asked_on(&url, super::in_messages::links()).await;
    let link = paths(&question).remove(0);
    api.world.pass(20_000).await;
    read_and_fill_in(&api, &format!("{link}?stop"), &[("wish", "stop")]).await;
    assert!(!is_asked_again(&api).await);
    for kind in KINDS {
        api.world.pass(10_000).await;
        kind.scans(&api, &question, &link).await;
        assert!(!is_asked_again(&api).await, "{kind:?}");
    }
}

/// A program that renders pages and submits their forms immediately, beside a person who views theirs.
async fn rendered(url: String) {
    let (api, request, question) = asked_on(&url, super::in_messages::links()).await;
    let links = paths(&question);
    api.world.pass(READ_MIN).await;
    read_and_fill_in(&api, &links[0], &[("score", "5")]).await;
    api.world.pass(30_000).await;
    fill_in(&api, &links[4], &[("score", "1")]).await;
    fill_in(&api, &format!("{}?stop", links[4]), &[("wish", "stop")]).await;
    assert_eq!((score(&api, &request).await, is_asked_again(&api).await), (Some(5), true));
    // A tap in the messenger has more weight than any page.
    api.world.tap(&question, "★★★★").await;
    read_and_fill_in(&api, &links[4], &[("score", "1")]).await;
    assert_eq!(score(&api, &request).await, Some(4));
}
