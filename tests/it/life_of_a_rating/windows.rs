//! Closed windows, quiet hours, and other routes to a client.

use super::{HOUR, MINUTE, outcome};
use crate::on_both_databases;
use crate::rig::world::{World, messenger};
use lastword::domain::answer::Disposition;
use lastword::domain::line::{LineSettings, QuietHours, ShutOut, Texts, WindowRules};
use lastword::domain::question::delivery::Kind;
use lastword::life::connection::resume::resume;
use lastword::life::engine::other_address::OtherAddress;
use lastword::life::session::close_batch::{Close, Closed};
use lastword::names::{ConnectionId, RequestId};
use lastword::store::answer::rating;
use lastword::store::line::{self, LineChange};
use lastword::store::question::delivery;
use lastword::store::question::rating_request::{self, RatingRequest};
use lastword_contract::{
    Address, Capabilities, DeliveryStatus, InboundKind, Outgoing, OutsideForm, Scale, SendError, TextMessage, Verdict, WindowRule,
};

on_both_databases! {
    a_delay_longer_than_the_window_is_cut_short => asked_early;
    outside_the_window_a_template_asks => by_template;
    a_form_outside_the_window_has_a_window_of_its_own => by_form_in_its_window;
    without_a_template_the_fallback_channel_asks => by_fallback;
    a_refusal_at_once_leads_to_the_template => refused_at_once;
    a_refusal_told_later_leads_on_and_at_last_to_unreachable => refused_later;
    where_a_copy_may_have_arrived_nobody_is_asked_elsewhere => may_have_arrived;
    a_second_copy_that_is_refused_later_was_not_delivered => copy_refused_later;
    a_client_who_writes_opens_the_window_again => opened_again;
    who_wrote_under_another_form_of_the_address_has_the_window_open => another_form;
    an_outage_that_outlasts_the_window_leads_to_the_fallback => outage;
    nobody_is_asked_in_quiet_hours => quiet_hours;
    a_reminder_keeps_to_the_window_too => reminder;
    a_changed_text_is_what_the_next_question_says => changed_text;
}

const DAY: i64 = 24 * HOUR;

/// The client wrote from `777`; the desk writes `+777`, and does not report when they wrote.
async fn another_form(url: String) {
    let world = world(url, with_templates(), LineSettings::default()).await;
    let wrote = InboundKind::Wrote { by: Address::chat("777"), at: world.now() - HOUR, window_expires_at: None };
    world.happens("bot", wrote).await;
    for (session, chat, way) in [("S-2", "+777", "in_time"), ("S-3", "777", "in_time"), ("S-4", "888", "template")] {
        let close = Close { client: None, address: Some(Address::chat(chat)), last_client_message_at: None, ..world.close_of(session) };
        let (request, decision) = world.told(close).await;
        assert!(decision.is_ok(), "{session}: {decision:?}");
        let request = rating_request::load(&world.engine.db, &[RequestId::named(&request)]).await.unwrap().remove(0);
        assert_eq!(request.way.map(|way| way.as_str()), Some(way), "{session}");
    }
}

/// A messenger whose window is open for a day after the client's last message.
fn windowed() -> Capabilities {
    Capabilities { window: WindowRule::AfterClient(DAY), ..messenger() }
}

fn with_templates() -> Capabilities {
    Capabilities { templates: &[Scale::Binary, Scale::FiveStar], proof_of_delivery: true, ..windowed() }
}

async fn world(url: String, can: Capabilities, settings: LineSettings) -> World {
    let world = World::on(&url, can).await;
    world.line(often(settings)).await;
    world
}

/// All closes have the same mail address, so they are of one person, who may be asked about each.
fn often(settings: LineSettings) -> LineSettings {
    LineSettings { once_per_client_hours: 0, ..settings }
}

fn falls_back() -> LineSettings {
    LineSettings { window: WindowRules { fallback: Some("mail".into()), ..WindowRules::default() }, ..LineSettings::default() }
}

impl World {
    /// A close of `S-1` whose client last wrote this long ago, and has a mail address.
    fn close_after(&self, silent_for: i64) -> Close {
        let ann = OtherAddress { connection: "mail".into(), address: Address::chat("ann@example.com") };
        let wrote_at = Some(self.now() - silent_for);
        Close { last_client_message_at: wrote_at, addresses: vec![ann], ..self.close_of("S-1") }
    }

    async fn told(&self, close: Close) -> (String, Result<i64, String>) {
        let Closed::Kept { rating_request, decision, .. } = self.tell(close).await else { panic!("kept") };
        (rating_request.to_string(), decision)
    }

    /// The platform reports that a message will not arrive because its window is closed.
    async fn refuses(&self, message: &Outgoing) {
        let shut = SendError::new(Verdict::WindowShut, "window_shut", "131047: more than 24 hours have passed");
        let status = DeliveryStatus::Failed(shut);
        let what = InboundKind::Status { message_id: Some(format!("m-{}", message.key)), key: Some(message.key.clone()), status };
        assert_eq!(self.happens("bot", what).await.disposition, Disposition::Counted);
        self.work().await;
    }
}

async fn request(world: &World, id: &str) -> RatingRequest {
    rating_request::load(&world.engine.db, &[RequestId::named(id)]).await.unwrap().remove(0)
}

fn only(mut messages: Vec<Outgoing>) -> Outgoing {
    assert_eq!(messages.len(), 1, "{messages:?}");
    messages.remove(0)
}

async fn asked_early(url: String) {
    let delay = LineSettings { delay_secs: 36 * 3_600, ..LineSettings::default() };
    let world = world(url, windowed(), delay).await;
    let (id, due) = world.told(world.close_after(HOUR)).await;
    assert_eq!(due, Ok(world.now() + 23 * HOUR - 10 * MINUTE));
    assert_eq!(request(&world, &id).await.way.map(|way| way.as_str()), Some("early"));
    world.pass(23 * HOUR - 5 * MINUTE).await;
    assert!(!only(world.client.take()).outside_window);
}

async fn by_template(url: String) {
    let world = world(url, with_templates(), falls_back()).await;
    let (id, _) = world.told(world.close_after(25 * HOUR)).await;
    world.pass(MINUTE).await;
    let question = only(world.client.take());
    assert!(question.outside_window && world.mail.take().is_empty());
    assert_eq!(request(&world, &id).await.way.map(|way| way.as_str()), Some("template"));
    assert_eq!(world.tap(&question, "👎").await.disposition, Disposition::Counted);

    // If it is disabled, the fallback is used; without an address there, the reason is recorded.
    let window = WindowRules { template: false, ..falls_back().window };
    world.line(often(LineSettings { window, ..LineSettings::default() })).await;
    let second = Close { session_id: "S-2".into(), client: Some("Ben".into()), ..world.close_after(25 * HOUR) };
    let (id, _) = world.told(second).await;
    assert_eq!(request(&world, &id).await.way.map(|way| way.as_str()), Some("fallback"));
    let third = Close { session_id: "S-3".into(), client: Some("Cem".into()), addresses: Vec::new(), ..world.close_after(25 * HOUR) };
    let (id, decision) = world.told(third).await;
    assert_eq!(decision, Err("window_shut".into()));
    assert_eq!(outcome(&world, &id).await, (Some("not_asked".into()), Some("window_shut".into())));
}

/// A messenger whose platform accepts its own form for a week after the client's last message.
fn with_form() -> Capabilities {
    Capabilities { template_window: WindowRule::AfterClient(7 * DAY), outside_form: Some(OutsideForm::OfPlatform), ..with_templates() }
}

async fn by_form_in_its_window(url: String) {
    let world = world(url, with_form(), LineSettings::default()).await;
    for days in [7, 8, 30] {
        let close = Close { session_id: format!("S-{days}").into(), ..world.close_after(days * DAY) };
        let (id, decision) = world.told(close).await;
        assert_eq!(decision, Err("window_shut".into()), "{days} days");
        assert_eq!(outcome(&world, &id).await, (Some("not_asked".into()), Some("window_shut".into())));
    }
    let (id, _) = world.told(world.close_after(6 * DAY)).await;
    let asks = delivery::about(&world.engine.db, &[&id]).await.unwrap();
    assert_eq!((asks[0].outside_window, asks[0].window_closes_at), (1, Some(world.now() + DAY)), "it keeps to the end of the week");
    world.pass(MINUTE).await;
    assert!(only(world.client.take()).outside_window);

    // A question that finds its window closed is sent as the form, which is limited to the week as well.
    world.client.fails_with([SendError::new(Verdict::WindowShut, "window_shut", "outside of the allowed window")]);
    let wrote_at = world.now() - HOUR;
    let (id, _) = world.told(Close { session_id: "S-2".into(), client: Some("Ben".into()), ..world.close_after(HOUR) }).await;
    world.pass(MINUTE).await;
    assert!(only(world.client.take()).outside_window);
    let asks = delivery::about(&world.engine.db, &[&id]).await.unwrap();
    assert_eq!(asks[1].window_closes_at, Some(wrote_at + 7 * DAY));
}

async fn by_fallback(url: String) {
    let world = world(url, windowed(), falls_back()).await;
    let (id, _) = world.told(world.close_after(25 * HOUR)).await;
    world.pass(MINUTE).await;
    assert!(world.client.take().is_empty());
    let question = only(world.mail.take());
    assert_eq!(question.to.chat, "ann@example.com");
    // The answer arrives from there, and the thanks are sent there; the rating keeps the channel of the conversation.
    let press = |chat: &str| InboundKind::Press {
        token: question.choices[1].token.clone(),
        by: Address::chat(chat),
        message_id: None,
        press_id: None,
    };
    assert_eq!(world.happens("bot", press("chat-S-1")).await.disposition, Disposition::Forged, "the token is bound to its place");
    assert_eq!(world.happens("mail", press("ann@example.com")).await.disposition, Disposition::Counted);
    world.work().await;
    assert!(only(world.mail.take()).text.starts_with("Thank you"));
    let asked = request(&world, &id).await;
    assert_eq!(
        (asked.connection.as_ref().map(ConnectionId::as_str), asked.asked_connection.as_ref().map(ConnectionId::as_str)),
        (Some("bot"), Some("mail"))
    );
    assert_eq!(rating::of_requests(&world.engine.db, &[RequestId::named(&id)]).await.unwrap()[&RequestId::named(&id)].score, 0);
}

async fn refused_at_once(url: String) {
    let world = world(url, with_templates(), LineSettings::default()).await;
    world.client.fails_with([SendError::new(Verdict::WindowShut, "window_shut", "outside of the allowed window")]);
    let (id, _) = world.told(world.close_after(HOUR)).await;
    world.pass(MINUTE).await;
    assert!(only(world.client.take()).outside_window);
    assert_eq!(outcome(&world, &id).await, (None, None), "it was asked after all");
    assert_eq!(request(&world, &id).await.way.map(|way| way.as_str()), Some("template"));
}

async fn refused_later(url: String) {
    let world = world(url, with_templates(), falls_back()).await;
    let (id, _) = world.told(world.close_after(HOUR)).await;
    world.pass(MINUTE).await;
    let plain = only(world.client.take());
    assert!(!plain.outside_window);
    world.refuses(&plain).await;
    let template = only(world.client.take());
    assert!(template.outside_window && outcome(&world, &id).await.0.is_none());
    world.refuses(&template).await;
    let mail = only(world.mail.take());
    assert_eq!(request(&world, &id).await.way.map(|way| way.as_str()), Some("fallback"));
    // The platform repeats its report; nothing more happens.
    let again = DeliveryStatus::Failed(SendError::new(Verdict::WindowShut, "window_shut", "131047"));
    let again = InboundKind::Status { message_id: None, key: Some(template.key.clone()), status: again };
    assert_eq!(world.happens("bot", again).await.disposition, Disposition::Repeated);
    world.pass(HOUR).await;
    assert!(world.client.take().is_empty() && world.mail.take().is_empty());
    let asks = delivery::about(&world.engine.db, &[&id]).await.unwrap();
    let states: Vec<(&str, Option<&str>)> = asks.iter().map(|ask| (ask.state.as_str(), ask.reason.as_deref())).collect();
    assert_eq!(states, [("undeliverable", Some("window_shut")), ("undeliverable", Some("window_shut")), ("sent", None)]);
    assert_eq!(mail.choices.len(), 2);

    // A client without another address is unreachable, and the reason is recorded.
    let close = Close { session_id: "S-2".into(), client: Some("other".into()), addresses: Vec::new(), ..world.close_after(HOUR) };
    let (id, _) = world.told(close).await;
    world.pass(MINUTE).await;
    world.refuses(&only(world.client.take())).await;
    world.refuses(&only(world.client.take())).await;
    assert_eq!(outcome(&world, &id).await, (Some("unreachable".into()), Some("window_shut".into())));
}

async fn may_have_arrived(url: String) {
    let world = world(url, with_templates(), falls_back()).await;
    let no_answer = || SendError::new(Verdict::CannotKnow, "timeout", "no answer");
    let shut = SendError::new(Verdict::WindowShut, "window_shut", "outside of the allowed window");
    // The first attempt may have arrived; the single resend that the channel's proof makes safe is refused.
    world.client.fails_with([no_answer(), shut]);
    let (id, _) = world.told(world.close_after(HOUR)).await;
    for _ in 0..4 {
        world.pass(MINUTE).await;
    }
    assert!(world.client.take().is_empty() && world.mail.take().is_empty());
    let asks = delivery::about(&world.engine.db, &[&id]).await.unwrap();
    assert_eq!((asks.len(), asks[0].state.as_str(), asks[0].resends), (1, "unknown", 1));
    world.pass(73 * HOUR).await;
    assert_eq!(outcome(&world, &id).await.0.as_deref(), Some("unsure"));
}

async fn copy_refused_later(url: String) {
    let world = world(url, with_templates(), falls_back()).await;
    world.client.fails_with([SendError::new(Verdict::CannotKnow, "timeout", "no answer")]);
    let (id, _) = world.told(world.close_after(HOUR)).await;
    for _ in 0..4 {
        world.pass(MINUTE).await;
    }
    let copy = only(world.client.take());
    assert!(request(&world, &id).await.delivered_at.is_some(), "the platform took the second copy");
    world.refuses(&copy).await;
    let asks = delivery::about(&world.engine.db, &[&id]).await.unwrap();
    assert_eq!((asks.len(), asks[0].state.as_str(), asks[0].resends), (1, "unknown", 1), "the first may have arrived");
    assert_eq!(request(&world, &id).await.delivered_at, None, "and nobody knows that it did");
    world.pass(73 * HOUR).await;
    assert_eq!(outcome(&world, &id).await.0.as_deref(), Some("unsure"));
}

async fn opened_again(url: String) {
    let world = world(url, with_templates(), LineSettings { delay_secs: 600, ..LineSettings::default() }).await;
    let (shut, _) = world.told(world.close_after(25 * HOUR)).await;
    let late = Close {
        session_id: "S-2".into(),
        client: Some("other".into()),
        address: Some(Address::chat("two")),
        ..world.close_after(24 * HOUR - 11 * MINUTE)
    };
    let (closing, _) = world.told(late).await;
    world.pass(MINUTE).await;
    for chat in ["chat-S-1", "two"] {
        let text = InboundKind::Text(TextMessage::new("Thank you, bye", Address::chat(chat)));
        assert_eq!(world.happens("bot", text).await.disposition, Disposition::NotAnAnswer);
    }
    let rows = delivery::about(&world.engine.db, &[&shut, &closing]).await.unwrap();
    let asks = rows.iter().filter(|row| row.kind == Kind::Ask);
    let windows: Vec<_> = asks.map(|ask| (ask.outside_window, ask.window_closes_at)).collect();
    assert_eq!(windows, [(0, Some(world.now() + DAY)); 2], "both wait inside the window of the last message");
    world.pass(10 * MINUTE).await;
    assert!(world.client.take().iter().all(|question| !question.outside_window));
}

async fn outage(url: String) {
    let world = world(url, windowed(), falls_back()).await;
    world.client.fails_with([SendError::new(Verdict::ConnectionBroken, "token", "the token was revoked")]);
    let (id, _) = world.told(world.close_after(HOUR)).await;
    world.pass(MINUTE).await;
    world.pass(22 * HOUR).await;
    assert!(world.mail.take().is_empty(), "the connection may come back in time");
    world.pass(HOUR).await;
    assert_eq!(only(world.mail.take()).to.chat, "ann@example.com");
    assert!(resume(&world.engine, &lastword::domain::access::audit::By::command(), &"bot".into(), world.now()).await.unwrap());
    world.pass(HOUR).await;
    assert!(world.client.take().is_empty(), "not asked twice");
    assert_eq!(request(&world, &id).await.way.map(|way| way.as_str()), Some("fallback"));
}

async fn quiet_hours(url: String) {
    let night = |shut_out| QuietHours { from: "15:00".into(), to: "08:00".into(), time_zone: None, shut_out };
    let quiet = LineSettings { quiet_hours: Some(night(ShutOut::Early)), ..LineSettings::default() };
    let world = world(url, windowed(), quiet.clone()).await;
    // It is 14:13:20 UTC. A question that is due in time is sent; one delayed by an outage waits for the morning.
    world.client.fails_with([SendError::new(Verdict::RetryAfter(2 * HOUR), "throttled", "slow down")]);
    let (held, due) = world.told(world.close_after(HOUR)).await;
    assert_eq!(due, Ok(world.now() + 2_000));
    world.pass(MINUTE).await;
    world.pass(3 * HOUR).await;
    assert!(world.client.take().is_empty(), "it is quiet");
    let morning = delivery::about(&world.engine.db, &[&held]).await.unwrap()[0].due_at;
    assert_eq!(morning % DAY, 8 * HOUR, "at eight");
    // Closed in quiet hours: sent in the morning if the window is open until then; otherwise the reason is recorded.
    let close =
        |session: &str, silent_for| Close { session_id: session.into(), client: Some(session.into()), ..world.close_after(silent_for) };
    assert_eq!(world.told(close("S-2", HOUR)).await.1, Ok(morning));
    let (id, decision) = world.told(close("S-3", 23 * HOUR)).await;
    assert_eq!(decision, Err("quiet_hours".into()));
    assert_eq!(outcome(&world, &id).await, (Some("not_asked".into()), Some("quiet_hours".into())));
    world.clock.set(morning);
    world.pass(0).await;
    assert_eq!(world.client.take().len(), 2);
}

async fn reminder(url: String) {
    let remind = LineSettings { reminder_after_hours: Some(30), ..LineSettings::default() };
    let world = world(url, windowed(), remind).await;
    let (id, _) = world.told(world.close_after(HOUR)).await;
    world.pass(MINUTE).await;
    only(world.client.take());
    world.pass(22 * HOUR + 50 * MINUTE).await;
    let reminder = only(world.client.take());
    assert!(reminder.text.starts_with("We would still love to hear"));
    let rows = delivery::about(&world.engine.db, &[&id]).await.unwrap();
    assert!(rows.iter().all(|row| row.window_closes_at.is_some_and(|closes_at| row.due_at < closes_at)));
}

async fn changed_text(url: String) {
    let world = world(url, messenger(), LineSettings { delay_secs: 600, ..LineSettings::default() }).await;
    assert!(world.told(world.close_of("S-1")).await.1.is_ok());
    // Another node changes the line; this one only sends, and its cached settings are old.
    let texts = Texts { question: Some("How was it?".into()), ..Texts::default() };
    let settings = LineSettings { texts: [("en".to_owned(), texts)].into(), ..LineSettings::default() };
    let seen_version = line::find(&world.engine.db, &"support".into()).await.unwrap().unwrap().version;
    let change = LineChange {
        id: "support".into(),
        name: "Support".into(),
        settings,
        archived: false,
        seen_version,
        by: "another node".into(),
        at: world.now(),
    };
    let saved = world.engine.db.write(move |tx| {
        let change = change.clone();
        Box::pin(async move { line::save(tx, &change).await })
    });
    assert!(saved.await.unwrap());
    world.pass(HOUR).await;
    assert_eq!(only(world.client.take()).text, "How was it?");
}
