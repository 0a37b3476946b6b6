//! Labels and fields of a session: they decide which sessions are asked about and who receives alerts, and dry runs
//! evaluate their rules.

use crate::on_both_databases;
use crate::rig::world::{World, messenger};
use lastword::domain::line::ask_rule::AskRule;
use lastword::domain::line::{Alerts, LabelRoute, LineSettings};
use lastword::domain::session::Wish;
use lastword::domain::session::label::{Fields, LabelIs, Named};
use lastword::life::admin::change_line::{Changed, save_line};
use lastword::life::admin::dry_run::{RuleCount, plan_line};
use lastword::life::engine::Options;
use lastword::life::session::close_batch::{Close, Closed};
use lastword::life::session::explain::explain;
use lastword::store::line::{self, LineChange};
use lastword::store::question::rating_request;
use lastword_contract::{Address, InboundKind};
use std::sync::Arc;

on_both_databases! {
    a_line_asks_by_the_labels_of_a_session => asked;
    a_recipient_may_hear_of_some_labels_only => routed;
}

fn rules(lines: &[&str]) -> Vec<AskRule> {
    lines.iter().map(|line| AskRule::parse(line).expect(line)).collect()
}

async fn labelled_world(url: &str) -> World {
    let mut world = World::on(url, messenger()).await;
    let named = |text: &str| Named::parse(text).unwrap();
    let named = Named { labels: ["vip: Important clients", "spam"].map(named).into(), fields: [named("topic")].into() };
    world.engine.options = Arc::new(Options { named, ..(*world.engine.options).clone() });
    world
}

impl World {
    fn labelled(&self, session: &str, labels: &[&str], topic: &str) -> Close {
        let fields = Some(("topic".to_owned(), topic.to_owned())).filter(|_| !topic.is_empty());
        let labels = labels.iter().map(|&label| label.to_owned()).collect();
        Close { labels, fields: Fields(fields.into_iter().collect()), ..self.close_of(session) }
    }

    /// Reason that the client of a close is not asked; `None` if they are.
    async fn not_asked(&self, close: Close) -> Option<String> {
        let Closed::Kept { decision, .. } = self.tell(close).await else { panic!("kept") };
        decision.err()
    }
}

async fn asked(url: String) {
    let world = labelled_world(&url).await;
    let start = world.now();
    let by_rules = |lines: &[&str]| LineSettings { sampling_percent: 0, ask_rules: rules(lines), ..LineSettings::default() };
    world.line(by_rules(&["ask: vip", "skip: vip & topic:refund", "skip: spam"])).await;
    assert_eq!(world.not_asked(world.labelled("S-1", &["vip"], "")).await, None, "a rule to ask counts before the sample");
    assert_eq!(world.not_asked(world.labelled("S-2", &["vip"], "refund")).await.as_deref(), Some("by_rule"), "the most specific one");
    assert_eq!(world.not_asked(world.labelled("S-3", &[], "refund")).await.as_deref(), Some("sampled_out"), "no rule fits");
    assert_eq!(world.not_asked(world.labelled("S-4", &["spam"], "")).await.as_deref(), Some("by_rule"));
    let kept = Close { wish: Wish::Keep, ..world.labelled("S-5", &["vip"], "") };
    assert_eq!(world.not_asked(kept).await.as_deref(), Some("by_choice"), "whoever closed knows better");
    let wanted = Close { wish: Wish::Ask, ..world.labelled("S-6", &["spam"], "") };
    assert_eq!(world.not_asked(wanted).await, None);

    // The history names the rule, and the close keeps its labels.
    let story = explain(&world.engine.db, &"S-2".into()).await.unwrap().remove(0).history;
    assert!(story.iter().any(|told| told.text == "The line’s ask rule 2 applies: do not ask."), "{story:?}");
    let requests = rating_request::of_session(&world.engine.db, &"desk".into(), &"S-2".into()).await.unwrap();
    assert_eq!((requests[0].labels.clone(), requests[0].fields.written()), (vec!["vip".to_owned()], "topic: refund".to_owned()));

    // A dry run shows the effect of other rules.
    let plan = plan_line(&world.engine, &"support".into(), &by_rules(&["skip: vip", "ask: topic"]), start, world.now() + 1).await.unwrap();
    assert_eq!(plan.summary.rules[&1], RuleCount { closes: 3, asked: 0, changed: 0 }, "{:?}", plan.summary);
    assert_eq!(plan.summary.rules[&2], RuleCount { closes: 1, asked: 1, changed: 1 }, "without the rule it is not in the sample");

    // A rule that can never match is an error that lists the known labels.
    let change = LineChange {
        id: "support".into(),
        name: "Support".to_owned(),
        settings: by_rules(&["ask: gold"]),
        archived: false,
        seen_version: line::find(&world.engine.db, &"support".into()).await.unwrap().unwrap().version,
        by: "test".to_owned(),
        at: world.now(),
    };
    let Changed::Bad(bad) = save_line(&world.engine, change).await.unwrap() else { panic!("it names a label that there is not") };
    assert_eq!(bad.field, "ask_rules");
    assert!(bad.problem.contains("\"gold\"") && bad.problem.contains("spam, vip"), "{}", bad.problem);
}

async fn routed(url: String) {
    let world = labelled_world(&url).await;
    world.recipient("boris", None).await;
    let route =
        LabelRoute { recipient: "boris".to_owned(), any: vec![LabelIs::parse("vip").unwrap(), LabelIs::parse("topic:refund").unwrap()] };
    let alerts = Alerts { by_label: vec![route], ..Alerts::default() };
    world.line(LineSettings { alerts, once_per_client_hours: 0, ..LineSettings::default() }).await;
    for (session, labels, topic, told) in [
        ("S-1", &["vip"][..], "", &["anna", "boris"][..]),
        ("S-2", &[], "refund", &["anna", "boris"]),
        ("S-3", &["spam"], "delivery", &["anna"]),
    ] {
        let chat = format!("chat-{session}");
        let close = Close { address: Some(Address::chat(chat.clone())), ..world.labelled(session, labels, topic) };
        assert_eq!(world.not_asked(close).await, None);
        world.pass(5_000).await;
        let question = world.client.take().pop().expect("the question");
        let token = question.choices.iter().find(|choice| choice.label == "👎").unwrap().token.clone();
        let by = Address::chat(chat);
        world.happens("bot", InboundKind::Press { token, by, message_id: Some(format!("m-{}", question.key)), press_id: None }).await;
        world.pass(5_000).await;
        let mut found: Vec<String> = world.staff.take().into_iter().map(|alert| alert.to.chat).collect();
        // Messages other than alerts have no recipient.
        found.retain(|chat| !chat.is_empty());
        found.sort();
        found.dedup();
        assert_eq!(found, told, "{session}");
        world.client.take();
    }
}
