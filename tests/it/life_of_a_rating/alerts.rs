//! A low rating reaches a recipient, or the reason that it does not is recorded; and the alert contains the essentials.

use crate::on_both_databases;
use crate::rig::world::{PUBLIC_URL, World, messenger};
use lastword::domain::access::audit::By;
use lastword::domain::alert::AlertKind;
use lastword::domain::answer::Disposition;
use lastword::domain::line::{Alerts, LineSettings, Texts};
use lastword::life::admin::change_line::{save_recipient, warnings};
use lastword::life::admin::mend_delivery::{self, Mended};
use lastword::life::alert::test_alert::raise_test;
use lastword::life::session::close_batch::{Close, Closed};
use lastword::names::RequestId;
use lastword::store::alert::{self, Alert, recipient};
use lastword::store::line;
use lastword_contract::{Address, Capabilities, DeliveryStatus, InboundKind, Outgoing, Purpose, SendError, TextMessage, Verdict};

const SECOND: i64 = 1_000;
const MINUTE: i64 = 60_000;

on_both_databases! {
    what_the_platform_refuses_goes_on_to_the_next_at_once => refused_goes_on;
    what_the_platform_refuses_later_goes_on_too => refused_later;
    where_nobody_escalates_the_others_of_the_line_are_told => others_are_told;
    where_nobody_is_left_the_line_and_the_log_say_so => nobody_left;
    a_whole_chain_of_refusals_ends_with_whoever_can_be_told => chain;
    what_somebody_has_seen_goes_on_no_more => seen_stays;
    a_person_sends_a_refused_alert_again => sent_again;
    an_alert_says_who_what_and_where_and_more_when_the_client_does => edited_in_place;
    where_nothing_can_be_edited_one_more_message_follows => followed_up;
    a_rating_that_is_no_longer_low_is_not_called_low => no_longer_low;
    a_comment_on_what_was_told_in_a_digest_is_in_the_digest => digest_edited;
    one_alert_alone_in_a_digest_is_that_alert => alone_in_a_digest;
    a_digest_says_what_it_is_about_in_the_words_of_the_line => digest_in_own_words;
    escalation_counts_from_when_it_was_told => counted_from_told;
    a_test_is_told_at_once_in_a_storm_and_never_twice => test_in_a_storm;
    alerts_speak_the_language_of_their_recipient => in_their_language;
    a_question_names_the_client_the_operator_and_the_line => macros_in_questions;
}

fn blocked() -> SendError {
    SendError::new(Verdict::RecipientGone, "blocked", "bot was blocked by the user")
}

fn names(names: &[&str]) -> Vec<String> {
    names.iter().map(|&name| name.to_owned()).collect()
}

/// Anna is notified, then Boris; there are other recipients.
async fn world_of(url: &str, alerts: Alerts) -> World {
    let world = World::on(url, messenger()).await;
    for id in ["boris", "clara"] {
        world.recipient(id, None).await;
    }
    world.line_as_it_is(LineSettings { alerts, ..LineSettings::default() }).await;
    world
}

/// Asks Maria Lopez about `session`.
async fn ask_maria(world: &World, session: &str) -> (String, Outgoing) {
    let close = Close { client_name: Some("Maria Lopez".into()), ..world.close_of(session) };
    let Closed::Kept { rating_request, decision: Ok(due_at), .. } = world.tell(close).await else { panic!("asks") };
    world.clock.set(due_at);
    world.work().await;
    (rating_request.to_string(), world.client.take().pop().expect("the question"))
}

async fn rate_low(world: &World, session: &str) -> (String, Outgoing) {
    let (request, question) = ask_maria(world, session).await;
    assert_eq!(world.tap(&question, "👎").await.disposition, Disposition::Counted);
    (request, question)
}

async fn comment(world: &World, question: &Outgoing, text: &str) {
    let what = InboundKind::Text(TextMessage::new(text, question.to.clone()).in_reply_to(format!("m-{}", question.key)));
    assert_eq!(world.happens("bot", what).await.disposition, Disposition::Counted);
    world.work().await;
}

async fn raised(world: &World, request: &str) -> Vec<(String, String, Option<String>)> {
    let alerts = alert::of_requests(&world.engine.db, &[RequestId::named(request)]).await.unwrap();
    alerts.into_iter().map(|alert| (alert.recipient_id, alert.state.to_string(), alert.reason)).collect()
}

fn row(who: &str, state: &str, reason: Option<&str>) -> (String, String, Option<String>) {
    (who.to_owned(), state.to_owned(), reason.map(str::to_owned))
}

async fn warned(world: &World) -> Vec<String> {
    let line = line::find(&world.engine.db, &"support".into()).await.unwrap().unwrap();
    warnings(&world.engine, &line, &recipient::all(&world.engine.db).await.unwrap())
}

/// Messages to people, without those to programs.
fn to_people(world: &World) -> Vec<Outgoing> {
    world.staff.take().into_iter().filter(|message| !matches!(message.purpose, Purpose::Event(_))).collect()
}

/// Recipients and texts.
fn told(world: &World) -> Vec<(String, String)> {
    let alerts = to_people(world).into_iter().filter(|message| message.purpose == Purpose::Alert);
    alerts.map(|message| (message.to.chat, message.text)).collect()
}

async fn refused_goes_on(url: String) {
    let alerts = Alerts { recipients: names(&["anna"]), escalate_to: names(&["boris"]), ..Alerts::default() };
    let world = world_of(&url, alerts).await;
    world.staff.fails_for("anna", [blocked()]);
    let (request, _) = rate_low(&world, "S-1").await;

    let messages = told(&world);
    assert_eq!(messages.len(), 1, "{messages:?}");
    assert_eq!(messages[0].0, "boris");
    assert!(messages[0].1.starts_with("anna could not be reached.\nLow rating 👎 on Support"), "{}", messages[0].1);
    let expected = [row("anna", "undeliverable", Some("recipient_gone")), row("boris", "raised", None)];
    assert_eq!(raised(&world, &request).await, expected);
    let stands = alert::of_requests(&world.engine.db, &[RequestId::named(&request)]).await.unwrap();
    assert_eq!((stands[1].instead_of.as_deref(), stands[1].sent_at), (Some("anna"), Some(world.now())));
    assert_eq!(
        warned(&world).await,
        ["The last alert did not reach anna: blocked: bot was blocked by the user. Check the address, then send a test alert."]
    );

    // She unblocks the bot, and the next alert reaches her.
    rate_low(&world, "S-2").await;
    assert_eq!(told(&world).into_iter().map(|(who, _)| who).collect::<Vec<_>>(), ["anna"]);
    assert!(warned(&world).await.is_empty());
}

async fn refused_later(url: String) {
    let alerts = Alerts { recipients: names(&["anna"]), escalate_to: names(&["boris"]), ..Alerts::default() };
    let world = world_of(&url, alerts).await;
    let (request, _) = rate_low(&world, "S-1").await;
    assert_eq!(told(&world).len(), 1);
    let carried: Vec<Alert> = alert::of_requests(&world.engine.db, &[RequestId::named(&request)]).await.unwrap();
    let key = carried[0].delivery_id.map(|id| id.to_string());
    let status = InboundKind::Status { message_id: None, key, status: DeliveryStatus::Failed(blocked()) };
    assert_eq!(world.happens("staff", status).await.disposition, Disposition::Counted);
    world.work().await;
    assert_eq!(told(&world).into_iter().map(|(who, _)| who).collect::<Vec<_>>(), ["boris"]);
    let expected = [row("anna", "undeliverable", Some("recipient_gone")), row("boris", "raised", None)];
    assert_eq!(raised(&world, &request).await, expected);
}

async fn others_are_told(url: String) {
    let alerts = Alerts { recipients: names(&["anna"]), supervisors: names(&["clara"]), ..Alerts::default() };
    let world = world_of(&url, alerts).await;
    world.staff.fails_for("anna", [blocked()]);
    rate_low(&world, "S-1").await;
    assert_eq!(told(&world).into_iter().map(|(who, _)| who).collect::<Vec<_>>(), ["clara"]);

    // A recipient who cannot even be tried is skipped immediately, too.
    let gone = Alerts { recipients: names(&["nobody"]), escalate_to: names(&["nobody", "boris"]), ..Alerts::default() };
    world.line_as_it_is(LineSettings { alerts: gone, ..LineSettings::default() }).await;
    rate_low(&world, "S-2").await;
    assert_eq!(told(&world).into_iter().map(|(who, _)| who).collect::<Vec<_>>(), ["boris"]);
}

async fn nobody_left(url: String) {
    let world = world_of(&url, Alerts { recipients: names(&["anna"]), ..Alerts::default() }).await;
    world.staff.fails_for("anna", [blocked()]);
    let (request, _) = rate_low(&world, "S-1").await;
    assert!(told(&world).is_empty());
    assert_eq!(raised(&world, &request).await, [row("anna", "undeliverable", Some("recipient_gone"))]);
    let warned = warned(&world).await;
    assert!(
        warned[0].starts_with("The last alert did not reach anna") && warned[1].starts_with("Low ratings on this line reach nobody"),
        "{warned:?}"
    );
}

async fn chain(url: String) {
    let alerts = Alerts { recipients: names(&["anna", "boris"]), escalate_to: names(&["anna", "clara"]), ..Alerts::default() };
    let world = world_of(&url, alerts).await;
    world.staff.fails_for("anna", [blocked()]);
    world.staff.fails_for("boris", [blocked()]);
    let (request, _) = rate_low(&world, "S-1").await;
    assert_eq!(told(&world).into_iter().map(|(who, _)| who).collect::<Vec<_>>(), ["clara"], "once, whoever was refused");
    let who: Vec<_> = raised(&world, &request).await.into_iter().map(|(who, state, _)| (who, state)).collect();
    let expected = [("anna", "undeliverable"), ("boris", "undeliverable"), ("clara", "raised")];
    assert_eq!(who, expected.map(|(who, state)| (who.to_owned(), state.to_owned())));
}

async fn seen_stays(url: String) {
    let alerts = Alerts { recipients: names(&["anna", "boris"]), escalate_to: names(&["clara"]), ..Alerts::default() };
    let world = world_of(&url, alerts).await;
    let (request, _) = rate_low(&world, "S-1").await;
    let sent = to_people(&world);
    let anna = sent.iter().find(|message| message.to.chat == "anna").unwrap();
    let token = anna.choices[0].token.clone();
    let press = InboundKind::Press { token, by: Address::chat("anna"), message_id: Some(format!("m-{}", anna.key)), press_id: None };
    assert_eq!(world.happens("staff", press).await.disposition, Disposition::Counted);
    world.work().await;
    let seen = to_people(&world).pop().expect("the alert says who has seen it");
    assert_eq!(seen.text, format!("{}\n✓ Seen by anna", anna.text), "and still says what it is about");
    assert!(seen.choices.is_empty() && seen.replaces == Some(format!("m-{}", anna.key)));

    let boris = alert::of_requests(&world.engine.db, &[RequestId::named(&request)])
        .await
        .unwrap()
        .into_iter()
        .find(|alert| alert.recipient_id == "boris");
    let status = InboundKind::Status {
        message_id: None,
        key: boris.unwrap().delivery_id.map(|id| id.to_string()),
        status: DeliveryStatus::Failed(blocked()),
    };
    world.happens("staff", status).await;
    world.work().await;
    assert!(told(&world).is_empty(), "Anna takes care of it");
}

async fn sent_again(url: String) {
    let world = world_of(&url, Alerts { recipients: names(&["anna"]), ..Alerts::default() }).await;
    world.staff.fails_for("anna", [blocked()]);
    let (request, _) = rate_low(&world, "S-1").await;
    let delivery = alert::of_requests(&world.engine.db, &[RequestId::named(&request)]).await.unwrap()[0].delivery_id.unwrap();
    let by = By::command();
    assert_eq!(mend_delivery::resend(&world.engine, &by, delivery, world.now()).await.unwrap(), Mended::Done);
    world.work().await;
    assert_eq!(told(&world).len(), 1);
    assert_eq!(raised(&world, &request).await, [row("anna", "raised", None)]);
}

async fn edited_in_place(url: String) {
    let world = world_of(&url, Alerts { recipients: names(&["anna"]), ..Alerts::default() }).await;
    let (request, question) = rate_low(&world, "S-1").await;
    let alert = world.staff.take().into_iter().find(|message| message.purpose == Purpose::Alert).expect("an alert");
    let page = format!("{PUBLIC_URL}ratings/{request}");
    for part in ["Low rating 👎 on Support\n", "Client: Maria Lopez\n", "Operator: Olga\n", "Chat: S-1 (parrot)\n"] {
        assert!(alert.text.contains(part), "{part} is not in {}", alert.text);
    }
    assert!(alert.text.ends_with(&page) && !alert.text.contains("Reasons") && !alert.text.contains("Comment"), "{}", alert.text);

    let thanks = Outgoing { key: question.key.clone(), ..world.client.take().pop().expect("thanks") };
    world.tap(&thanks, "Took too long").await;
    comment(&world, &question, "Waited an hour").await;
    let edits: Vec<Outgoing> = world.staff.take().into_iter().filter(|message| message.purpose == Purpose::Settle).collect();
    let last = edits.last().expect("an edit");
    assert!(edits.iter().all(|edit| edit.replaces == Some(format!("m-{}", alert.key))), "in its own place: {edits:?}");
    assert!(last.text.contains("Reasons: Took too long\nComment: Waited an hour\n"), "{}", last.text);
    assert_eq!(last.choices[0].label, "✓ Seen", "which can still be acknowledged");
    assert_eq!((&last.data["rating"]["comment"], &last.data["client"]["name"]), (&"Waited an hour".into(), &"Maria Lopez".into()));

    // What is known before the alert is sent is part of the alert itself.
    world.staff.fails_for("anna", [SendError::new(Verdict::RetryAfter(MINUTE), "busy", "later")]);
    let (_, question) = rate_low(&world, "S-2").await;
    comment(&world, &question, "Rude").await;
    world.staff.take();
    world.pass(2 * MINUTE).await;
    let sent = to_people(&world);
    let [alert] = &sent[..] else { panic!("one message: {sent:?}") };
    assert!(alert.purpose == Purpose::Alert && alert.text.contains("Comment: Rude"), "{}", alert.text);
}

async fn followed_up(url: String) {
    let world = World::with_staff(&url, Capabilities { edits: false, ..messenger() }).await;
    let (request, question) = rate_low(&world, "S-1").await;
    assert_eq!(told(&world).len(), 1);
    let thanks = Outgoing { key: question.key.clone(), ..world.client.take().pop().expect("thanks") };
    world.tap(&thanks, "Took too long").await;
    comment(&world, &question, "Waited an hour").await;
    assert!(told(&world).is_empty(), "what comes in one go is gathered");
    world.pass(20 * SECOND).await;
    let follow = told(&world);
    assert_eq!(follow.len(), 1, "{follow:?}");
    let words = "The client added details to the low rating 👎 on Support\nClient: Maria Lopez\nOperator: Olga\nReasons: Took too long\n\
                 Comment: Waited an hour\n";
    assert!(follow[0].1.starts_with(words), "{}", follow[0].1);
    comment(&world, &question, "An hour and a half").await;
    world.pass(20 * SECOND).await;
    assert!(told(&world)[0].1.contains("Comment: An hour and a half"), "and again when there is more");
    let kinds: Vec<AlertKind> =
        alert::of_requests(&world.engine.db, &[RequestId::named(&request)]).await.unwrap().into_iter().map(|alert| alert.kind).collect();
    assert_eq!(kinds, [AlertKind::Low, AlertKind::More]);
}

async fn no_longer_low(url: String) {
    let world = world_of(&url, Alerts::default()).await;
    for (session, text) in [("S-1", None), ("S-2", Some("Low rating #SCORE# by #CLIENT#".to_owned()))] {
        let alerts = Alerts { recipients: names(&["anna"]), text, ..Alerts::default() };
        world.line_as_it_is(LineSettings { alerts, ..LineSettings::default() }).await;
        let (_, question) = rate_low(&world, session).await;
        world.staff.take();
        assert_eq!(world.tap(&question, "👍").await.disposition, Disposition::Changed);
        let messages = told(&world);
        let words = "The client changed the rating to 👍. It is no longer low.\nLine: Support\nClient: Maria Lopez";
        assert!(messages.len() == 1 && messages[0].1.starts_with(words) && !messages[0].1.contains("Low rating"), "{messages:?}");
    }
}

/// Five simultaneous alerts use up the immediate alerts of a person.
async fn storm(world: &World, count: usize) -> Vec<(String, Outgoing)> {
    let mut rated = Vec::new();
    for number in 0..count {
        rated.push(rate_low(world, &format!("S-{number}")).await);
    }
    rated
}

async fn alone_in_a_digest(url: String) {
    let world = world_of(&url, Alerts { recipients: names(&["anna"]), ..Alerts::default() }).await;
    let rated = storm(&world, 6).await;
    world.staff.take();
    let (request, _) = &rated[5];
    assert_eq!(raised(&world, request).await, [row("anna", "digested", None)]);
    world.pass(2 * MINUTE).await;
    let sent = to_people(&world);
    let alert = sent.iter().find(|message| message.purpose == Purpose::Alert).expect("the alert");
    assert!(alert.text.starts_with("Low rating 👎 on Support\nClient: Maria Lopez") && alert.text.contains("S-5"), "{}", alert.text);
    assert_eq!(alert.data["rating_request"]["session"], "S-5");
}

async fn digest_edited(url: String) {
    let world = world_of(&url, Alerts { recipients: names(&["anna"]), ..Alerts::default() }).await;
    let rated = storm(&world, 8).await;
    world.pass(2 * MINUTE).await;
    let sent = to_people(&world);
    let digest = sent.iter().find(|message| message.data.get("count").is_some()).expect("a digest");
    assert!(digest.text.contains("\n👎 Support · Olga · S-7 – Maria Lopez\n"), "{}", digest.text);
    comment(&world, &rated[7].1, "Waited\nan hour").await;
    let sent = to_people(&world);
    let [edit] = &sent[..] else { panic!("one edit: {sent:?}") };
    assert_eq!((&edit.purpose, edit.replaces.as_ref()), (&Purpose::Settle, Some(&format!("m-{}", digest.key))));
    assert!(edit.text.contains("\n👎 Support · Olga · S-7 – Maria Lopez – “Waited an hour”\n"), "{}", edit.text);
}

async fn digest_in_own_words(url: String) {
    let text = "#CLIENT# is unhappy with #OPERATOR#\nSession #SESSION#, #LINK#".to_owned();
    let world = world_of(&url, Alerts { recipients: names(&["anna"]), text: Some(text), ..Alerts::default() }).await;
    storm(&world, 8).await;
    world.pass(2 * MINUTE).await;
    let sent = to_people(&world);
    let digest = sent.iter().find(|message| message.data.get("count").is_some()).expect("a digest");
    let said = digest.text.matches("Maria Lopez is unhappy with Olga\nSession S-").count() as u64;
    assert_eq!(Some(said), digest.data["count"].as_u64(), "{}", digest.text);
    assert_eq!(digest.data["ratings"].as_array().map(Vec::len), usize::try_from(said).ok());
}

async fn counted_from_told(url: String) {
    let alerts =
        Alerts { recipients: names(&["anna"]), escalate_after_minutes: Some(5), escalate_to: names(&["boris"]), ..Alerts::default() };
    let world = world_of(&url, alerts).await;
    world.staff.fails_for("anna", [SendError::new(Verdict::RetryAfter(3 * MINUTE), "busy", "later")]);
    rate_low(&world, "S-1").await;
    world.pass(3 * MINUTE + SECOND).await;
    assert_eq!(told(&world).into_iter().map(|(who, _)| who).collect::<Vec<_>>(), ["anna"]);
    world.pass(2 * MINUTE + 30 * SECOND).await;
    assert!(told(&world).is_empty(), "she has known of it for two minutes and a half");
    world.pass(2 * MINUTE + 30 * SECOND).await;
    let messages = told(&world);
    assert!(messages.len() == 1 && messages[0].0 == "boris", "{messages:?}");
    assert!(messages[0].1.starts_with("Nobody has marked this as seen yet.\n"), "{}", messages[0].1);

    // If a recipient cannot be reached at all, the others need not wait longer than that.
    world.pass(MINUTE).await;
    world.staff.fails_for("anna", [SendError::new(Verdict::RetryAfter(30 * MINUTE), "busy", "later")]);
    let (request, _) = rate_low(&world, "S-2").await;
    world.pass(6 * MINUTE).await;
    assert_eq!(raised(&world, &request).await, [row("anna", "raised", None), row("boris", "raised", None)]);
}

async fn test_in_a_storm(url: String) {
    let world = world_of(&url, Alerts { recipients: names(&["anna"]), ..Alerts::default() }).await;
    storm(&world, 8).await;
    world.staff.take();
    let by = By::command();
    let tested = raise_test(&world.engine, &by, "anna", None, world.now()).await.unwrap();
    assert_eq!(tested.iter().map(|alert| alert.state.as_str()).collect::<Vec<_>>(), ["raised"]);
    world.work().await;
    assert!(told(&world)[0].1.starts_with("Test alert."), "a person waits for it");
    world.staff.fails_for("anna", [SendError::new(Verdict::CannotKnow, "timeout", "no answer")]);
    raise_test(&world.engine, &by, "anna", None, world.now()).await.unwrap();
    world.work().await;
    world.pass(10 * MINUTE).await;
    world.pass(10 * MINUTE).await;
    assert!(told(&world).iter().all(|(_, text)| !text.starts_with("Test alert.")), "what may have arrived does not come by itself");
}

async fn in_their_language(url: String) {
    let world = world_of(&url, Alerts { recipients: names(&["anna", "boris"]), ..Alerts::default() }).await;
    let known = recipient::all(&world.engine.db).await.unwrap().into_iter().find(|recipient| recipient.id == "boris").unwrap();
    assert!(save_recipient(&world.engine, recipient::Recipient { language: Some("ru".into()), ..known }).await.unwrap());
    rate_low(&world, "S-1").await;
    let sent = to_people(&world);
    let to = |who: &str| sent.iter().find(|message| message.to.chat == who && message.purpose == Purpose::Alert).unwrap();
    assert!(to("anna").text.starts_with("Low rating 👎 on Support\nClient: Maria Lopez"), "{}", to("anna").text);
    assert!(to("boris").text.starts_with("Низкая оценка 👎, линия «Support»\nКлиент: Maria Lopez"), "{}", to("boris").text);
    assert_eq!((to("boris").choices[0].label.as_str(), to("boris").language.as_str()), ("✓ Вижу", "ru"));
}

async fn macros_in_questions(url: String) {
    let world = World::on(&url, messenger()).await;
    let texts = Texts {
        question: Some("Hello #NAME#, how was #OPERATOR# of #LINE# (#ORGANISATION#)?".into()),
        thanks_low: Some("Sorry, #NAME#: #SCORE# it is.".into()),
        ..Texts::default()
    };
    world.line(LineSettings { texts: [("en".to_owned(), texts)].into(), ..LineSettings::default() }).await;
    let (_, question) = ask_maria(&world, "S-1").await;
    assert_eq!(question.text, "Hello Maria Lopez, how was Olga of Support (Our team)?");
    world.tap(&question, "👎").await;
    assert!(world.client.take().pop().expect("thanks").text.starts_with("Sorry, Maria Lopez: 👎 it is."));
    let (_, nameless) = world.ask("S-2").await;
    assert_eq!(nameless.text, "Hello, how was Olga of Support (Our team)?", "an unknown name leaves no gap");
}
