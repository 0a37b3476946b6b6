//! A full day at a portal of Bitrix24: three dozen conversations with closes of every kind, events in every form, a network
//! that loses, repeats and reorders, expired tokens, both rate limits, and a killed process. The stub is the adapter's own,
//! written from Bitrix24's documentation.

#[path = "../../../adapters/bitrix24/tests/it/portal.rs"]
pub(crate) mod portal;
#[path = "../../../adapters/bitrix24/tests/it/stub.rs"]
pub(crate) mod stub;

use super::shift::{Adapter, Day, MINUTE, Questions, SECOND, Works, a_stub};
use crate::on_both_databases;
use crate::rig::world::World;
use lastword::app::vault::EngineVault;
use lastword::domain::line::LineSettings;
use lastword::domain::session::SessionStatus;
use lastword::store::connection::secret;
use lastword::store::session;
use lastword_bitrix24::Bitrix24;
use lastword_contract::kit::Remote;
use lastword_contract::{InboundKind, TextMessage};
use portal::{ANN, BOT, CARRIED, Portal, Shape};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;
use stub::{APP, KEY};

const CHATS: usize = 96;
/// Number of kinds of conversations; the number of a conversation selects its kind.
const KINDS: usize = 12;

impl Works for Portal {
    const NAME: &'static str = "b24";
    const KIND: &'static str = "bitrix24";

    a_stub!();

    fn config(url: &str) -> Value {
        json!({ "url": url, "client_id": APP, "secret": KEY, "auth_url": url, "supervisor_score": true, "timeout_secs": 1,
            "through": { "mychat": "bot", CARRIED: "bot" }, "vote_as_client": { CARRIED: "u-{chat}" } })
    }

    fn adapter(url: &str, world: &World) -> Adapter {
        let engine = &world.engine;
        let vault = EngineVault::new(engine.db.clone(), engine.keys.clone(), engine.ids.clone(), engine.clock.clone());
        let hook = "https://rate.example.com/hooks/b24".to_owned();
        let config = serde_json::from_value(Self::config(url)).unwrap();
        let desk = Arc::new(Bitrix24::new("b24", config, reqwest::Client::new(), Arc::new(vault), Some(hook)).unwrap());
        Adapter { desk: desk.clone(), channel: Some(desk) }
    }
}

/// A day with our application in the portal. All of its clients are one person to Bitrix24.
pub(super) async fn begin(url: &str) -> Day<Portal> {
    let day = Day::<Portal>::begin(url).await;
    day.world.line(LineSettings { once_per_client_hours: 0, ..LineSettings::default() }).await;
    let installation = day.stub.lock().installation();
    day.bring(vec![installation]).await;
    assert_eq!(day.stub.lock().bindings.len(), 5);
    day
}

fn outside(day: &Day<Portal>, id: u64) -> String {
    format!("out-{}", day.stub.lock().sessions[&id].chat)
}

/// Every conversation is opened and closed, with events in the network's order.
async fn morning(day: &mut Day<Portal>) -> Vec<u64> {
    let (mut sessions, mut held) = (Vec::new(), BTreeMap::new());
    for number in 0..CHATS {
        day.stub.lock().shape = [Shape::Named, Shape::Listed, Shape::Whole][number % 3];
        sessions.push(day.stub.lock().open("mychat"));
        let posted = day.posted();
        match number % KINDS {
            4 => {}
            3 => drop(held.insert(number, posted)),
            _ => day.bring(posted).await,
        }
    }
    for (number, id) in sessions.iter().enumerate() {
        {
            let mut portal = day.stub.lock();
            portal.shape = [Shape::Named, Shape::Listed, Shape::Whole][number % 3];
            match number % KINDS {
                8 => portal.close(*id, "auto"),
                9 => portal.close(*id, "spam"),
                10 => {
                    portal.sessions.get_mut(id).unwrap().messages.retain(|message| message.sender != ANN);
                    portal.says(*id, BOT, "");
                    portal.close(*id, "operator");
                }
                11 => {
                    portal.sessions.get_mut(id).unwrap().rated = 5;
                    portal.close(*id, "operator");
                }
                _ => portal.close(*id, "operator"),
            }
        }
        let mut posted = day.posted();
        match number % KINDS {
            4 | 5 => posted.clear(),
            3 => posted = [posted.clone(), posted, held.remove(&number).unwrap()].concat(),
            _ => {}
        }
        day.bring(posted).await;
        match number {
            7 => day.stub.lock().spent = true,
            12 => day.start(),
            18 => day.stub.lock().full = 4,
            20 => drop(day.stub.play(Remote::Throttled(30_000)).await),
            24 => {
                day.go_on(4).await;
                day.stub.play(Remote::Ok).await;
            }
            _ => {}
        }
    }
    sessions
}

/// Clients answer; the first write-backs succeed, but their responses are lost; then the token expires again.
async fn afternoon(day: &Day<Portal>, sessions: &[u64], questions: &Questions) {
    day.stub.play(Remote::Hang).await;
    for (number, id) in sessions.iter().enumerate().filter(|(number, _)| matches!(number % KINDS, 6 | 7)) {
        let asked = &questions[&outside(day, *id)][0];
        if number % KINDS == 6 {
            day.world.tap(asked, "👍").await;
        } else {
            day.world.tap(asked, "👎").await;
            let (text, reply_to) = ("[b]slow[/b]".to_owned(), Some(format!("m-{}", asked.key)));
            day.world.happens("bot", InboundKind::Text(TextMessage::new(text, asked.to.clone()).about(reply_to.into()))).await;
        }
    }
    day.go_on(6).await;
    day.stub.play(Remote::Ok).await;
    day.stub.lock().spent = true;
    day.go_on(120).await;
}

/// Compares one conversation with the expected result, and returns its outcome.
async fn ended(day: &Day<Portal>, questions: &Questions, number: usize, id: u64) -> String {
    let kind = number % KINDS;
    let asked = questions.get(&outside(day, id)).map_or(0, Vec::len);
    assert_eq!(asked, usize::from(!matches!(kind, 9..=11)), "conversation {number} was asked {asked} times");
    for request in day.requests(&id.to_string()).await.iter().filter(|_| kind != 10) {
        assert_eq!(request.operator_id.as_ref().map(|id| id.as_str()), Some("11"), "conversation {number}: whoever served is credited");
    }
    {
        let portal = day.stub.lock();
        let head = format!("#{id}\n");
        let notices: Vec<_> = portal.notices.values().filter(|notice| notice.text.starts_with(&head)).collect();
        let session = &portal.sessions[&id];
        let (count, score) = match kind {
            6 => (1, 5),
            7 => (1, 1),
            _ => (0, 0),
        };
        assert_eq!((notices.len(), session.score), (count, score), "conversation {number}: written once");
        assert!(session.comment.starts_with("Well handled"), "conversation {number}: a supervisor's words stay");
        assert_eq!(session.comment.matches("[/lastword]").count(), count, "conversation {number}: {}", session.comment);
        for notice in notices {
            assert_eq!(notice.user, ANN.to_string());
            assert!(notice.text.contains(if kind == 6 { "👍" } else { "👎" }), "{}", notice.text);
            assert!(!notice.text.contains("[b]"), "what a client writes is no markup: {}", notice.text);
        }
    }
    day.outcomes(&id.to_string()).await
}

on_both_databases! {
    every_conversation_of_a_day_ends_as_it_should_and_is_written_back_once => a_day;
}

async fn a_day(url: String) {
    let mut day = begin(&url).await;
    let sessions = morning(&mut day).await;
    // Each is read twice, at the portal's rate limit.
    day.go_on(160).await;
    // Lost events are asked for.
    day.pass(5 * MINUTE).await;
    day.reconcile().await;
    day.go_on(60).await;
    let mut questions = Questions::new();
    day.keep_questions(&mut questions);
    afternoon(&day, &sessions, &questions).await;
    let posted = day.posted();
    day.bring(posted).await;
    day.pass(5 * MINUTE).await;
    day.reconcile().await;
    day.go_on(60).await;
    day.keep_questions(&mut questions);
    let mut outcomes: BTreeMap<(usize, String), usize> = BTreeMap::new();
    for (number, id) in sessions.iter().enumerate() {
        *outcomes.entry((number % KINDS, ended(&day, &questions, number, *id).await)).or_default() += 1;
    }
    let expected = |kind: usize| match kind {
        6 | 7 => "answered ",
        9 => "not_asked spam",
        10 => "not_asked bot_close",
        11 => "not_asked already_rated",
        _ => "asked ",
    };
    let wanted: BTreeMap<(usize, String), usize> = (0..KINDS).map(|kind| ((kind, expected(kind).to_owned()), CHATS / KINDS)).collect();
    assert_eq!(outcomes, wanted);
    // Each time the token expired it was renewed once, and the stored one is sealed.
    assert_eq!(day.stub.lock().renewals, 2);
    let kept = secret::all(&day.world.engine.db).await.unwrap();
    assert!(kept.len() == 1 && !kept[0].sealed.contains("refresh-token"), "{kept:?}");
}

on_both_databases! {
    where_a_portal_gives_no_list_the_chats_that_were_seen_open_are_asked_about => without_a_list;
}

async fn without_a_list(url: String) {
    let day = begin(&url).await;
    let (mut closed, mut open) = (Vec::new(), Vec::new());
    {
        let mut portal = day.stub.lock();
        portal.reports = false;
        portal.shape = Shape::Whole;
    }
    // More than one turn asks about at once.
    for number in 0..120 {
        let id = day.stub.lock().open("mychat");
        if number % 2 == 0 { closed.push(id) } else { open.push(id) }
    }
    let posted = day.posted();
    day.bring(posted).await;
    // Each is read twice, at the portal's rate limit.
    day.go_on(160).await;
    for id in &closed {
        day.stub.lock().close(*id, "operator");
    }
    // None of the webhooks arrives.
    drop(day.posted());
    day.pass(5 * MINUTE).await;
    day.reconcile().await;
    day.go_on(60).await;
    for id in closed {
        assert_eq!(day.outcomes(&id.to_string()).await, "asked ", "conversation {id}");
    }
    for id in open {
        assert_eq!(day.outcomes(&id.to_string()).await, "", "conversation {id}");
        let kept = session::find(&day.world.engine.db, &id.to_string().as_str().into()).await.unwrap();
        assert_eq!(kept[0].status, SessionStatus::Open);
    }
    day.pass(SECOND).await;
}
