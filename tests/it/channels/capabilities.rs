//! The engine's behaviour for each capability that a channel can claim. The kit tests channels against their claims; here
//! the engine is tested with and without each claim.

use super::meta::{PAGE, Shop};
use super::rooms::{a_chat_that_waits_holds_no_other, alerts_in_parts};
use crate::on_both_databases;
use crate::rig::world::{Parrot, World, messenger, parrot};
use lastword::domain::alert::RecipientKind;
use lastword::domain::answer::Disposition;
use lastword::domain::answer::rating::Scale;
use lastword::domain::answer::reason::Reason;
use lastword::domain::line::{Alerts, FollowUp, LineSettings, Resolved, Texts};
use lastword::domain::question::delivery::State;
use lastword::life::Engine;
use lastword::life::admin::preview_message::{MessagePreview, Moment, preview};
use lastword::life::engine::channels::Channels;
use lastword::life::session::close_batch::{Close, Closed};
use lastword::names::RequestId;
use lastword::store::alert;
use lastword::store::alert::recipient::Recipient;
use lastword::store::answer::rating;
use lastword::store::question::delivery;
use lastword_contract::{
    Address, Capabilities, DeliveryStatus, InboundKind, Outgoing, OutsideForm, Purpose, Rate, Reaction, Scale as On, SendError, TextLimit,
    TextMessage, Verdict, WindowRule,
};
use serde_json::json;
use std::sync::Arc;

/// One test for each capability, on both databases. A capability without a test does not compile.
macro_rules! each_capability {
    ($($capability:ident => $test:expr;)*) => {
        #[test]
        fn every_capability_has_a_test() {
            let Capabilities { $($capability: _),* } = Capabilities::default();
        }
        on_both_databases! { $($capability => $test;)* }
    };
}

each_capability! {
    binary => thumbs;
    five_star => stars;
    text_max => texts_are_cut;
    choices_max => no_more_choices_than_fit;
    label_max => labels_are_cut;
    edits => thanks_in_place;
    comment_box => a_box_for_comments;
    free_text => typed_answers;
    reactions => reactions_are_answers;
    edits_seen => edits_change_answers;
    deletions_seen => deletions_take_comments_away;
    links => choices_as_links;
    footer => who_asks_and_why;
    templates => asked_outside_the_window;
    template_window => the_form_has_its_own_window;
    outside_form => the_missing_form_is_the_reason;
    native_form => the_platforms_own_form;
    alerts => told_where_alerts_are_carried;
    parts => alerts_in_parts;
    chats_apart => a_chat_that_waits_holds_no_other;
    events => events_for_programs;
    asks_at_close => asked_at_the_close;
    idempotent_sends => sent_once_more_under_its_key;
    proof_of_delivery => settled_by_proof;
    window => not_asked_when_it_is_shut;
    rate => one_message_to_a_chat_at_a_time;
}

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;
const BOTH: &[On] = &[On::Binary, On::FiveStar];

/// A channel on which clients can only type.
fn bare() -> Capabilities {
    Capabilities { free_text: true, ..Capabilities::default() }
}

/// Questions about sessions of two channels in one world: one that claims `with`, one that claims `without`.
async fn two(url: &str, with: Capabilities, without: Capabilities) -> (World, Arc<Parrot>, Arc<Parrot>) {
    let (yes, no) = (parrot(with), parrot(without));
    let world = World::on(url, messenger()).await.and("yes", yes.clone()).await.and("no", no.clone()).await;
    (world, yes, no)
}

async fn close(world: &World, connection: &str, session: &str) -> (String, Result<i64, String>) {
    let close = Close { connection: Some(connection.into()), ..world.close_of(session) };
    let Closed::Kept { rating_request, decision, .. } = world.tell(close).await else { panic!("kept") };
    (rating_request.to_string(), decision)
}

/// The question that a client gets on `connection`.
async fn question(world: &World, connection: &str, channel: &Parrot) -> Outgoing {
    close(world, connection, &format!("at-{connection}")).await.1.expect("asks");
    world.pass(MINUTE).await;
    channel.take().pop().expect("a question")
}

async fn press(world: &World, connection: &str, message: &Outgoing, label: &str) {
    let token = message.choices.iter().find(|choice| choice.label == label).expect("the choice").token.clone();
    let what = InboundKind::Press { token, by: message.to.clone(), message_id: Some(format!("m-{}", message.key)), press_id: None };
    assert_eq!(world.happens(connection, what).await.disposition, Disposition::Counted);
    world.work().await;
}

fn labels(message: &Outgoing) -> Vec<&str> {
    message.choices.iter().map(|choice| choice.label.as_str()).collect()
}

async fn thumbs(url: String) {
    let (world, yes, no) = two(&url, Capabilities { binary: true, choices_max: 2, ..bare() }, bare()).await;
    let asked = question(&world, "yes", &yes).await;
    assert_eq!(labels(&asked), ["👍", "👎"]);
    assert!(asked.hint.is_some(), "typing is a way too, beside the buttons");
    let asked = question(&world, "no", &no).await;
    assert!(asked.choices.is_empty() && asked.text.contains("1") && asked.hint.is_none(), "{}", asked.text);
}

async fn stars(url: String) {
    let (world, yes, no) = two(&url, Capabilities { five_star: true, choices_max: 5, ..bare() }, bare()).await;
    world.line(LineSettings { scale: Scale::FiveStar, ..LineSettings::default() }).await;
    assert_eq!(question(&world, "yes", &yes).await.choices.len(), 5);
    let asked = question(&world, "no", &no).await;
    assert!(asked.choices.is_empty() && asked.text.contains("5"), "{}", asked.text);
}

/// The preview of a line on one channel.
fn previewed(world: &World, can: Capabilities, settings: &LineSettings, moment: Moment) -> MessagePreview {
    let channels = Channels::default();
    channels.add("one", parrot(can), Vec::new());
    let engine = Engine { channels: Arc::new(channels), samples: Arc::default(), ..world.engine.clone() };
    preview(&engine, ("Support", settings), "en", moment, world.now()).remove(0)
}

async fn texts_are_cut(url: String) {
    let world = World::on(&url, messenger()).await;
    let settings = LineSettings::default();
    let shown = previewed(&world, Capabilities { text_max: Some(TextLimit::Chars(10)), ..messenger() }, &settings, Moment::Question);
    assert!(shown.cut && shown.text.chars().count() == 10, "{shown:?}");
    assert!(!previewed(&world, messenger(), &settings, Moment::Question).cut);
}

async fn no_more_choices_than_fit(url: String) {
    let (world, yes, no) = two(&url, Capabilities { choices_max: 6, ..messenger() }, Capabilities { choices_max: 20, ..messenger() }).await;
    let reasons: Vec<Reason> = (1..=8).map(|number| Reason::worded(&format!("Reason {number}"))).collect();
    let texts = [("en".to_owned(), Texts { reasons: Some(reasons), ..Texts::default() })].into();
    let follow_up = FollowUp { resolved: Resolved::AfterLow, ..FollowUp::default() };
    world.line(LineSettings { texts, follow_up, ..LineSettings::default() }).await;
    for (connection, channel, fits) in [("yes", &yes, 6), ("no", &no, 12)] {
        let asked = question(&world, connection, channel).await;
        press(&world, connection, &asked, "👎").await;
        let thanks = channel.take().pop().expect("thanks");
        assert_eq!(thanks.choices.len(), fits, "{:?}", labels(&thanks));
        assert!(labels(&thanks)[fits - 3..].iter().all(|label| !label.starts_with("Reason")), "reasons go first: {:?}", labels(&thanks));
    }
}

async fn labels_are_cut(url: String) {
    let world = World::on(&url, messenger()).await;
    let settings = LineSettings::default();
    let shown = previewed(&world, Capabilities { label_max: Some(TextLimit::Chars(5)), ..messenger() }, &settings, Moment::ThanksLow);
    assert!(shown.choices.iter().any(|choice| choice.cut && choice.label.chars().count() <= 5), "{shown:?}");
    assert!(previewed(&world, messenger(), &settings, Moment::ThanksLow).choices.iter().all(|choice| !choice.cut));
}

async fn thanks_in_place(url: String) {
    let (world, yes, no) = two(&url, messenger(), Capabilities { edits: false, ..messenger() }).await;
    for (connection, channel, in_place) in [("yes", &yes, true), ("no", &no, false)] {
        let asked = question(&world, connection, channel).await;
        press(&world, connection, &asked, "👎").await;
        let thanks = channel.take().pop().expect("thanks");
        assert_eq!(thanks.replaces, in_place.then(|| format!("m-{}", asked.key)), "{connection}");
    }
}

async fn a_box_for_comments(url: String) {
    let (world, yes, no) = two(&url, Capabilities { comment_box: true, ..messenger() }, messenger()).await;
    let mut invitations = Vec::new();
    for (connection, channel) in [("yes", &yes), ("no", &no)] {
        let asked = question(&world, connection, channel).await;
        press(&world, connection, &asked, "👎").await;
        invitations.push(channel.take().pop().and_then(|thanks| thanks.comment).expect("an invitation").label);
    }
    assert_ne!(invitations[0], invitations[1], "a box has a label, a chat says how to reply");
    assert!(invitations[1].to_lowercase().contains("reply"), "{invitations:?}");
}

async fn typed_answers(url: String) {
    let buttons = Capabilities { binary: true, choices_max: 9, ..Capabilities::default() };
    let (world, yes, no) = two(&url, Capabilities { free_text: true, ..buttons.clone() }, buttons).await;
    assert!(question(&world, "yes", &yes).await.hint.is_some());
    assert!(question(&world, "no", &no).await.hint.is_none(), "nobody is told to type where nothing is heard");
    // If a client can neither tap nor type, no question is sent.
    world.line(LineSettings { scale: Scale::FiveStar, ..LineSettings::default() }).await;
    assert_eq!(close(&world, "no", "S-9").await.1, Err("channel_off".into()));
    assert!(close(&world, "yes", "S-10").await.1.is_ok());
}

/// A question on a channel that claims `can`, and its rating after the events of `told`.
async fn rated_by(url: &str, can: Capabilities, told: impl Fn(&Outgoing) -> Vec<InboundKind>) -> Option<(i64, Option<String>)> {
    let channel = parrot(can);
    let world = World::on(url, messenger()).await.and("yes", channel.clone()).await;
    let (request, asked) = close(&world, "yes", "S-1").await;
    asked.expect("asks");
    world.pass(MINUTE).await;
    for what in told(&channel.take().pop().expect("a question")) {
        world.happens("yes", what).await;
    }
    let rating = rating::of_requests(&world.engine.db, &[RequestId::named(&request)]).await.unwrap().remove(&RequestId::named(&request));
    rating.map(|rating| (rating.score, rating.comment))
}

async fn reactions_are_answers(url: String) {
    let reaction = |asked: &Outgoing| {
        let (by, message_id) = (asked.to.clone(), format!("m-{}", asked.key));
        vec![InboundKind::Reaction(Reaction { by, message_id, emoji: Some("👎".to_owned()) })]
    };
    assert_eq!(rated_by(&url, Capabilities { reactions: true, ..bare() }, reaction).await, Some((0, None)));
}

async fn edits_change_answers(url: String) {
    let edit = |asked: &Outgoing| {
        let said = |text: &str| TextMessage::new(text, asked.to.clone()).with_id("c1");
        vec![InboundKind::Text(said("1")), InboundKind::Edited(said("0"))]
    };
    assert_eq!(rated_by(&url, Capabilities { edits_seen: true, ..bare() }, edit).await, Some((0, None)));
}

async fn deletions_take_comments_away(url: String) {
    let deletion = |asked: &Outgoing| {
        let said = TextMessage::new("0 - slow", asked.to.clone()).with_id("c1");
        vec![InboundKind::Text(said), InboundKind::Deleted { by: asked.to.clone(), message_id: "c1".to_owned() }]
    };
    assert_eq!(rated_by(&url, Capabilities { deletions_seen: true, ..bare() }, deletion).await, Some((0, None)));
}

async fn choices_as_links(url: String) {
    let (world, yes, no) = two(&url, Capabilities { links: true, ..messenger() }, messenger()).await;
    let asked = question(&world, "yes", &yes).await;
    assert!(asked.choices.iter().all(|choice| choice.link.as_ref().is_some_and(|link| link.ends_with(&choice.token))));
    assert!(question(&world, "no", &no).await.choices.iter().all(|choice| choice.link.is_none()));
}

async fn who_asks_and_why(url: String) {
    let mail = Capabilities { links: true, ..messenger() };
    let (world, yes, no) = two(&url, Capabilities { footer: true, ..mail.clone() }, mail).await;
    let footer = question(&world, "yes", &yes).await.footer.expect("a footer");
    assert!(footer.sender == "Our team" && footer.why.contains("Support"), "{footer:?}");
    assert!(footer.stop.is_some_and(|stop| stop.link.is_some()), "the way not to be asked again");
    assert!(question(&world, "no", &no).await.footer.is_none());
}

async fn asked_outside_the_window(url: String) {
    let windowed = Capabilities { window: WindowRule::AfterClient(24 * HOUR), ..messenger() };
    let stars_alone = Capabilities { templates: &[On::FiveStar], ..windowed.clone() };
    let (world, yes, no) = two(&url, Capabilities { templates: BOTH, ..windowed }, stars_alone).await;
    let after = |connection: &str, session: &str| Close {
        connection: Some(connection.into()),
        last_client_message_at: Some(world.now() - 25 * HOUR),
        ..world.close_of(session)
    };
    let decision = |closed: Closed| match closed {
        Closed::Kept { decision, .. } => decision.map(drop),
        other => panic!("{other:?}"),
    };
    assert_eq!(decision(world.tell(after("yes", "S-1")).await), Ok(()));
    assert_eq!(
        decision(world.tell(after("no", "S-2")).await),
        Err("window_shut".into()),
        "there is no template for thumbs: it is not planned"
    );
    world.line(LineSettings { scale: Scale::FiveStar, ..LineSettings::default() }).await;
    assert_eq!(decision(world.tell(after("no", "S-3")).await), Ok(()));
    world.pass(MINUTE).await;
    assert!(yes.take().iter().chain(&no.take()).all(|asked| asked.outside_window));
}

/// Messenger's own form, from the line to the rating, through the adapter.
async fn the_platforms_own_form(url: String) {
    let feedback = json!({ "feedback": { "privacy_url": "https://example.com/privacy", "outside_window": true } });
    let shop = Shop::messenger(&url, feedback).await;
    let world = shop.world();
    let at = |session: &str, chat: &str, hours: i64| Close {
        connection: Some("shop".into()),
        address: Some(Address::chat(chat)),
        last_client_message_at: Some(world.now() - hours * HOUR),
        ..world.close_of(session)
    };
    // The binary scale has no form: inside the window it uses quick replies, outside it the client is not asked.
    world.tell(at("S-1", "771", 1)).await;
    world.pass(MINUTE).await;
    assert_eq!(shop.sent()[0]["message"]["quick_replies"].as_array().map(Vec::len), Some(2));
    let Closed::Kept { decision, .. } = world.tell(at("S-2", "772", 25)).await else { panic!("kept") };
    assert_eq!(decision, Err("no_form".into()));

    world.line(LineSettings { scale: Scale::FiveStar, ..LineSettings::default() }).await;
    for (number, hours) in [(3, 1), (4, 25)] {
        let (session, chat) = (format!("S-{number}"), format!("77{number}"));
        let Closed::Kept { rating_request, .. } = world.tell(at(&session, &chat, hours)).await else { panic!("kept") };
        world.pass(MINUTE).await;
        let sent = shop.sent().remove(0);
        let payload = &sent["message"]["attachment"]["payload"];
        assert_eq!(payload["template_type"], "customer_feedback", "{sent}");
        assert_eq!(sent["tag"].as_str(), (hours > 24).then_some("CUSTOMER_FEEDBACK"));
        let asked = &payload["feedback_screens"][0]["questions"][0];
        assert_eq!((&asked["type"], &asked["score_option"]), (&json!("csat"), &json!("five_stars")));
        // The client fills in the form.
        let said = json!({ "type": "csat", "payload": "2", "follow_up": { "type": "free_form", "payload": "Too slow" } });
        let screens = json!([{ "screen_id": 0, "questions": { asked["id"].as_str().unwrap(): said } }]);
        let event = json!({ "sender": { "id": chat }, "recipient": { "id": PAGE }, "timestamp": world.now(),
            "messaging_feedback": { "feedback_screens": screens } });
        shop.posts(json!({ "object": "page", "entry": [{ "id": PAGE, "time": world.now(), "messaging": [event] }] })).await;
        let rated = rating::of_requests(&world.engine.db, &[rating_request]).await.unwrap().remove(&rating_request).expect("rated");
        assert_eq!((rated.score, rated.low, rated.comment.as_deref()), (2, 1, Some("Too slow")));
        world.pass(MINUTE).await;
        shop.sent();
    }
    let Closed::Kept { decision, .. } = world.tell(at("S-5", "775", 7 * 24 + 2)).await else { panic!("kept") };
    assert_eq!(decision, Err("window_shut".into()), "Meta takes the form for a week");
}

async fn the_form_has_its_own_window(url: String) {
    let can = Capabilities { window: WindowRule::AfterClient(10_000), templates: BOTH, ..messenger() };
    let (world, ..) = two(&url, Capabilities { template_window: WindowRule::AfterClient(30_000), ..can.clone() }, can).await;
    assert_eq!(close(&world, "yes", "S-1").await.1, Err("window_shut".into()), "the client wrote a minute ago");
    assert!(close(&world, "no", "S-2").await.1.is_ok());
}

async fn the_missing_form_is_the_reason(url: String) {
    let missing = |form| Capabilities { window: WindowRule::AfterClient(10_000), outside_form: Some(form), ..messenger() };
    let (world, ..) = two(&url, missing(OutsideForm::Template), missing(OutsideForm::OfPlatform)).await;
    assert_eq!(close(&world, "yes", "S-1").await.1, Err("template_missing".into()));
    assert_eq!(close(&world, "no", "S-2").await.1, Err("no_form".into()));
}

async fn told_where_alerts_are_carried(url: String) {
    let (world, yes, no) = two(&url, messenger(), Capabilities { alerts: false, ..messenger() }).await;
    for connection in ["yes", "no"] {
        let recipient = Recipient {
            id: connection.to_owned(),
            name: connection.to_owned(),
            kind: RecipientKind::Person,
            connection: Some(connection.into()),
            address: Some(serde_json::to_string(&Address::chat(connection)).unwrap()),
            created_at: world.now(),
            ..Recipient::default()
        };
        assert!(lastword::life::admin::change_line::save_recipient(&world.engine, recipient).await.unwrap());
    }
    let alerts = Alerts { recipients: vec!["yes".into(), "no".into()], ..Alerts::default() };
    world.line(LineSettings { alerts, ..LineSettings::default() }).await;
    let (request, asked) = world.ask("S-1").await;
    world.tap(&asked, "👎").await;
    assert_eq!(yes.take().iter().filter(|message| message.purpose == Purpose::Alert).count(), 1);
    assert!(no.take().is_empty());
    let raised = alert::of_requests(&world.engine.db, &[RequestId::named(&request)]).await.unwrap();
    let unlinked = raised.iter().find(|alert| alert.recipient_id == "no").expect("a row");
    assert_eq!((unlinked.state.as_str(), unlinked.reason.as_deref()), ("undeliverable", Some("channel_unlinked")));
}

async fn events_for_programs(url: String) {
    let (mut world, yes, no) = two(&url, Capabilities { events: true, ..messenger() }, messenger()).await;
    let channels = Channels::clone(&world.engine.channels);
    channels.add("yes", yes.clone(), vec!["*".to_owned()]);
    channels.add("no", no.clone(), vec!["*".to_owned()]);
    world.engine.channels = Arc::new(channels);
    let (_, asked) = world.ask("S-1").await;
    world.tap(&asked, "👎").await;
    world.pass(MINUTE).await;
    let named = |sent: Vec<Outgoing>| -> Vec<String> {
        sent.into_iter().filter_map(|message| if let Purpose::Event(name) = message.purpose { Some(name) } else { None }).collect()
    };
    assert!(named(yes.take()).contains(&"rating.created".to_owned()));
    assert!(named(no.take()).is_empty(), "nothing is planned for a channel that carries no events");
}

async fn asked_at_the_close(url: String) {
    let (world, ..) = two(&url, Capabilities { asks_at_close: true, ..messenger() }, messenger()).await;
    world.line(LineSettings { delay_secs: 600, ..LineSettings::default() }).await;
    assert_eq!(close(&world, "yes", "S-1").await.1, Ok(world.now()));
    assert_eq!(close(&world, "no", "S-2").await.1, Ok(world.now() + 10 * MINUTE));
}

/// A question whose first call got no response, some minutes later. Returns the number of messages sent since, and its state.
async fn after_silence(world: &World, connection: &str, channel: &Parrot) -> (usize, delivery::Delivery) {
    channel.fails_with([SendError::new(Verdict::CannotKnow, "timeout", "no answer")]);
    let (request, _) = close(world, connection, &format!("at-{connection}")).await;
    for _ in 0..4 {
        world.pass(MINUTE).await;
    }
    let ask = delivery::about(&world.engine.db, &[&request]).await.unwrap().remove(0);
    (channel.take().len(), ask)
}

async fn sent_once_more_under_its_key(url: String) {
    let (world, yes, no) = two(&url, Capabilities { idempotent_sends: true, ..messenger() }, messenger()).await;
    let (sent, ask) = after_silence(&world, "yes", &yes).await;
    assert_eq!((sent, ask.state.as_str(), ask.resends), (1, "sent", 1));
    let (sent, ask) = after_silence(&world, "no", &no).await;
    assert_eq!((sent, ask.state.as_str(), ask.resends), (0, "unknown", 0));
}

async fn settled_by_proof(url: String) {
    let (world, yes, no) = two(&url, Capabilities { proof_of_delivery: true, ..messenger() }, messenger()).await;
    let (sent, ask) = after_silence(&world, "no", &no).await;
    assert_eq!((sent, ask.state.as_str()), (0, "unknown"));
    // With proof of delivery it would be sent once more, unless the platform reported its arrival.
    yes.fails_with([SendError::new(Verdict::CannotKnow, "timeout", "no answer")]);
    let (request, _) = close(&world, "yes", "S-1").await;
    world.pass(2_000).await;
    let ask = delivery::about(&world.engine.db, &[&request]).await.unwrap().remove(0);
    let status = InboundKind::Status { message_id: Some("77".into()), key: Some(ask.id.to_string()), status: DeliveryStatus::Delivered };
    assert_eq!(world.happens("yes", status).await.disposition, Disposition::Counted);
    world.pass(5 * MINUTE).await;
    assert!(yes.take().is_empty());
    assert_eq!(delivery::about(&world.engine.db, &[&request]).await.unwrap()[0].state, State::Delivered);
}

async fn not_asked_when_it_is_shut(url: String) {
    let (world, ..) = two(&url, Capabilities { window: WindowRule::AfterClient(30_000), ..messenger() }, messenger()).await;
    assert_eq!(close(&world, "yes", "S-1").await.1, Err("window_shut".into()), "the client wrote a minute ago");
    assert!(close(&world, "no", "S-2").await.1.is_ok());
}

async fn one_message_to_a_chat_at_a_time(url: String) {
    let slow = Rate { per_chat_ms: 10 * MINUTE, ..Rate::default() };
    let (world, yes, no) = two(&url, Capabilities { rate: slow, ..messenger() }, messenger()).await;
    // Two sessions of one client within a minute, and both are asked about.
    world.line(LineSettings { once_per_client_hours: 0, ..LineSettings::default() }).await;
    for (connection, channel, at_once) in [("yes", &yes, 1), ("no", &no, 2)] {
        for number in 0..2 {
            let close = Close {
                connection: Some(connection.into()),
                address: Some(Address::chat("one-chat")),
                ..world.close_of(&format!("{connection}-{number}"))
            };
            world.tell(close).await;
        }
        world.pass(MINUTE).await;
        assert_eq!(channel.take().len(), at_once, "{connection}");
    }
    world.pass(10 * MINUTE).await;
    assert_eq!(yes.take().len(), 1);
}
