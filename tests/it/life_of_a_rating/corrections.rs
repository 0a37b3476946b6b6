//! Client actions on existing messages: replies to other messages, reactions, edits and deletions.

use super::typed::{received, score};
use super::{outcome, world};
use crate::on_both_databases;
use crate::rig::world::{World, messenger};
use lastword::domain::answer::Disposition;
use lastword::domain::answer::rating::Scale;
use lastword::domain::line::LineSettings;
use lastword::life::answer::accept::accept;
use lastword::life::facts::inbound::Arrived;
use lastword::life::session::explain::explain;
use lastword::names::RequestId;
use lastword::store::answer::{self, rating};
use lastword_contract::{
    Address, Capabilities, ChoiceKind, Context, Inbound, InboundKind, Outgoing, Purpose, Reaction, SendError, TextMessage, Verdict,
};

on_both_databases! {
    a_text_that_belongs_to_something_else_is_no_rating => belongs_elsewhere;
    a_text_to_a_business_account_is_no_answer_to_the_bot => through_another;
    a_reply_to_a_question_whose_id_is_not_known_yet_counts => nameless;
    a_score_in_reply_to_the_question_is_another_score => typed_correction;
    a_reaction_on_the_question_is_an_answer => reactions;
    a_reaction_that_says_nothing_switches_nothing_off => meaningless_reactions;
    a_tap_outranks_a_reaction_whichever_comes_first => tap_and_reaction;
    an_edited_score_is_another_score => edited_score;
    an_edited_comment_is_another_comment_also_in_the_alert => edited_comment;
    i10_edits_and_deletions_lead_to_one_value_in_any_order => any_order;
    a_deleted_comment_is_gone_and_the_score_stays => deleted_comment;
    thanks_that_cannot_take_the_questions_place_are_sent_once => not_editable;
}

fn said(question: &Outgoing, text: &str) -> TextMessage {
    TextMessage::new(text, question.to.clone())
}

fn comment(question: &Outgoing, text: &str, id: &str) -> TextMessage {
    said(question, text).in_reply_to(id_of(question)).with_id(id)
}

fn id_of(question: &Outgoing) -> String {
    format!("m-{}", question.key)
}

async fn writes(world: &World, message: TextMessage) -> Disposition {
    let became = world.happens("bot", InboundKind::Text(message)).await.disposition;
    world.work().await;
    became
}

async fn edits(world: &World, message: TextMessage) -> Disposition {
    let became = world.happens("bot", InboundKind::Edited(message)).await.disposition;
    world.work().await;
    became
}

async fn deletes(world: &World, question: &Outgoing, id: &str) -> Disposition {
    let what = InboundKind::Deleted { by: question.to.clone(), message_id: id.to_owned() };
    let became = world.happens("bot", what).await.disposition;
    world.work().await;
    became
}

async fn reacts(world: &World, question: &Outgoing, message_id: &str, emoji: Option<&str>) -> Disposition {
    let by = question.to.clone();
    let reaction = Reaction { by, message_id: message_id.to_owned(), emoji: emoji.map(str::to_owned) };
    let became = world.happens("bot", InboundKind::Reaction(reaction)).await.disposition;
    world.work().await;
    became
}

async fn belongs_elsewhere(url: String) {
    let world = world(url).await;
    let (request, question) = world.ask("S-1").await;
    world.staff.take();
    for context in [Context::ReplyTo("55".to_owned()), Context::Elsewhere("forward")] {
        assert_eq!(writes(&world, said(&question, "1").about(context.clone())).await, Disposition::NotAnAnswer, "{context:?}");
        assert_eq!(received(&world.staff.take()).len(), 1, "{context:?}: for the desk to read");
        assert_eq!(outcome(&world, &request).await, (None, None), "{context:?}");
    }
    assert_eq!(score(&world, &request).await, None);
    // It ended the wait for typed answers like any other message; a reply to the question itself still counts.
    assert_eq!(writes(&world, said(&question, "1")).await, Disposition::NotAnAnswer);
    assert_eq!(writes(&world, said(&question, "0").in_reply_to(id_of(&question))).await, Disposition::Counted);
    for context in [Context::ReplyTo("55".to_owned()), Context::Elsewhere("story")] {
        assert_eq!(writes(&world, said(&question, "Slow").about(context)).await, Disposition::NotAnAnswer, "no comment either");
    }
    assert_eq!(score(&world, &request).await, Some((0, None)));
    let (plain, question) = world.ask("S-2").await;
    assert_eq!(writes(&world, said(&question, "1")).await, Disposition::Counted, "alone it is one");
    assert_eq!(score(&world, &plain).await, Some((1, None)));
}

/// The same two people talk in the bot's own chat and through a business account.
async fn through_another(url: String) {
    let world = world(url).await;
    let (request, question) = world.ask("S-1").await;
    let through = Address { via: Some("bc_1".to_owned()), ..question.to.clone() };
    assert_eq!(writes(&world, TextMessage::new("1", through)).await, Disposition::NotAnAnswer);
    assert_eq!(score(&world, &request).await, None);
    assert_eq!(writes(&world, said(&question, "1")).await, Disposition::Counted, "the question still waits for its own chat");
}

async fn nameless(url: String) {
    let world = world(url).await;
    world.client.fails_with([SendError::new(Verdict::CannotKnow, "timeout", "no answer in time")]);
    world.tell(world.close_of("S-1")).await;
    world.pass(10_000).await;
    let reply = TextMessage::new("1", Address::chat("chat-S-1")).in_reply_to("4711");
    assert_eq!(writes(&world, reply).await, Disposition::Counted, "it may be our question");
}

/// On channels whose messages stay, the thanks come below the question.
async fn typed_correction(url: String) {
    let world = World::on(&url, Capabilities { edits: false, ..messenger() }).await;
    world.line(LineSettings { scale: Scale::FiveStar, ..LineSettings::default() }).await;
    let (request, question) = world.ask("S-1").await;
    let reply = |text: &str| said(&question, text).in_reply_to(id_of(&question));
    assert_eq!(reacts(&world, &question, &id_of(&question), Some("1️⃣")).await, Disposition::Counted);
    assert_eq!(writes(&world, reply("5")).await, Disposition::Changed);
    assert_eq!(score(&world, &request).await, Some((5, None)));
    assert_eq!(writes(&world, reply("5 items were missing")).await, Disposition::Counted, "a comment");
    assert_eq!(score(&world, &request).await, Some((5, Some("5 items were missing".to_owned()))));
    world.pass(11 * 60_000).await;
    world.staff.take();
    assert_eq!(writes(&world, reply("2")).await, Disposition::Locked, "after the time for changes");
    assert_eq!(received(&world.staff.take()).len(), 1, "for the desk to read");
    assert_eq!(score(&world, &request).await, Some((5, Some("5 items were missing".to_owned()))));
}

async fn reactions(url: String) {
    let world = world(url).await;
    let (request, question) = world.ask("S-1").await;
    let id = id_of(&question);
    world.staff.take();
    assert_eq!(reacts(&world, &question, &id, Some("👎🏽")).await, Disposition::Counted);
    assert_eq!(score(&world, &request).await, Some((0, None)));
    assert_eq!(outcome(&world, &request).await.0.as_deref(), Some("answered"));
    let thanks = world.client.take().pop().expect("thanks");
    assert_eq!(thanks.replaces.as_ref(), Some(&id));
    assert!(!thanks.choices.is_empty(), "with reasons");
    assert_eq!(world.staff.take().iter().filter(|message| message.purpose == Purpose::Alert).count(), 1);

    assert_eq!(reacts(&world, &question, &id, None).await, Disposition::NotAnAnswer, "taken back");
    assert_eq!(score(&world, &request).await, Some((0, None)), "it changes nothing");
    assert_eq!(reacts(&world, &question, &id, Some("❤️")).await, Disposition::Changed);
    assert_eq!(score(&world, &request).await, Some((1, None)));
    world.pass(11 * 60_000).await;
    assert_eq!(reacts(&world, &question, &id, Some("👎")).await, Disposition::Locked, "after the time for changes");
    assert_eq!(score(&world, &request).await, Some((1, None)));

    world.line(LineSettings { scale: Scale::FiveStar, ..LineSettings::default() }).await;
    let (stars, question) = world.ask("S-2").await;
    assert_eq!(reacts(&world, &question, &id_of(&question), Some("👍")).await, Disposition::NotAnAnswer, "how many stars?");
    assert_eq!(reacts(&world, &question, &id_of(&question), Some("2️⃣")).await, Disposition::Counted);
    assert_eq!(score(&world, &stars).await, Some((2, None)));
}

async fn meaningless_reactions(url: String) {
    let world = world(url).await;
    let (request, question) = world.ask("S-1").await;
    world.staff.take();
    for (message, emoji) in [("55", "👎"), (id_of(&question).as_str(), "🤔"), (id_of(&question).as_str(), "")] {
        assert_eq!(reacts(&world, &question, message, Some(emoji)).await, Disposition::NotAnAnswer, "{emoji}");
    }
    // A reaction that counts for the platform's window also reports that.
    let reaction = |order| Inbound {
        key: format!("r{order}"),
        order,
        at: Some(world.now()),
        kind: InboundKind::Reaction(Reaction { by: question.to.clone(), message_id: "55".to_owned(), emoji: Some("👍".to_owned()) }),
    };
    let wrote = InboundKind::Wrote { by: question.to.clone(), at: world.now(), window_expires_at: None };
    let beside = Inbound { key: "r900:wrote".to_owned(), kind: wrote, ..reaction(900) };
    let arrived = [reaction(900), beside].map(|inbound| Arrived {
        connection: "bot".into(),
        inbound,
        body_hash: String::new(),
        came: None,
        form: None,
    });
    accept(&world.engine, arrived.to_vec(), None, world.now()).await.unwrap();
    assert!(received(&world.staff.take()).is_empty(), "it is no message");
    assert_eq!(score(&world, &request).await, None);
    assert_eq!(writes(&world, said(&question, "1")).await, Disposition::Counted, "typing still counts");
}

async fn tap_and_reaction(url: String) {
    let world = world(url).await;
    let (tapped, question) = world.ask("S-1").await;
    world.tap(&question, "👎").await;
    // A heart on the thanks that replaced the question.
    assert_eq!(reacts(&world, &question, &id_of(&question), Some("❤️")).await, Disposition::Superseded);
    assert_eq!(score(&world, &tapped).await, Some((0, None)));

    let (reacted, question) = world.ask("S-2").await;
    reacts(&world, &question, &id_of(&question), Some("👍")).await;
    let token = question.choices.iter().find(|choice| choice.label == "👎").unwrap().token.clone();
    let earlier = InboundKind::Press { token, by: question.to.clone(), message_id: Some(id_of(&question)), press_id: None };
    let tap = Inbound { key: "late tap".to_owned(), order: 0, at: None, kind: earlier };
    assert_eq!(world.arrives("bot", tap).await.disposition, Disposition::Changed, "although it was overtaken");
    assert_eq!(score(&world, &reacted).await, Some((0, None)));
}

async fn edited_score(url: String) {
    let world = world(url).await;
    world.line(LineSettings { scale: Scale::FiveStar, ..LineSettings::default() }).await;
    let (request, question) = world.ask("S-1").await;
    assert_eq!(writes(&world, said(&question, "5").with_id("c1")).await, Disposition::Counted);
    world.pass(60_000).await;
    world.staff.take();
    assert_eq!(edits(&world, said(&question, "1").with_id("c1")).await, Disposition::Changed);
    let rating =
        rating::of_requests(&world.engine.db, &[RequestId::named(&request)]).await.unwrap().remove(&RequestId::named(&request)).unwrap();
    assert_eq!((rating.score, rating.revision, rating.low), (1, 2, 1));
    assert_eq!(world.staff.take().iter().filter(|message| message.purpose == Purpose::Alert).count(), 1, "it became low");
    for (text, id) in [("never mind", "c1"), ("4", "c2")] {
        assert_eq!(edits(&world, said(&question, text).with_id(id)).await, Disposition::NotAnAnswer, "{text}");
    }
    assert_eq!(edits(&world, said(&question, "2 - too slow").with_id("c1")).await, Disposition::Changed);
    assert_eq!(score(&world, &request).await, Some((2, Some("too slow".to_owned()))));
    assert_eq!(edits(&world, said(&question, "2").with_id("c1")).await, Disposition::Repeated);
    assert_eq!(score(&world, &request).await, Some((2, None)), "the words are gone from it");
    assert_eq!(deletes(&world, &question, "c1").await, Disposition::Superseded);
    assert_eq!(score(&world, &request).await, Some((2, None)));
    world.pass(11 * 60_000).await;
    assert_eq!(edits(&world, said(&question, "5").with_id("c1")).await, Disposition::Locked, "after the time for changes");
    assert_eq!(score(&world, &request).await, Some((2, None)));
}

async fn edited_comment(url: String) {
    let world = world(url).await;
    let (request, question) = world.ask("S-1").await;
    world.tap(&question, "👎").await;
    assert_eq!(writes(&world, comment(&question, "Slow", "c1")).await, Disposition::Counted);
    world.staff.take();
    assert_eq!(edits(&world, comment(&question, "Slow and rude", "c1")).await, Disposition::Changed);
    assert_eq!(score(&world, &request).await, Some((0, Some("Slow and rude".to_owned()))));
    let told = world.staff.take();
    assert!(told.iter().any(|message| message.text.contains("Comment: Slow and rude")), "{told:?}");
    // An edit does not restore an older comment.
    assert_eq!(writes(&world, comment(&question, "And late", "c2")).await, Disposition::Counted);
    assert_eq!(edits(&world, comment(&question, "Slow, rude, wrong", "c1")).await, Disposition::Superseded);
    assert_eq!(score(&world, &request).await, Some((0, Some("And late".to_owned()))));
    assert_eq!(edits(&world, comment(&question, "And late", "unheard of")).await, Disposition::NotAnAnswer);
}

async fn any_order(url: String) {
    let world = world(url).await;
    let events = |question: &Outgoing| {
        [
            (1, InboundKind::Text(comment(question, "first", "c1"))),
            (2, InboundKind::Edited(comment(question, "second", "c1"))),
            (3, InboundKind::Edited(comment(question, "third", "c1"))),
            (4, InboundKind::Deleted { by: question.to.clone(), message_id: "c1".to_owned() }),
        ]
    };
    let orders: [(&[usize], Option<&str>); 7] = [
        (&[0, 1, 2], Some("third")),
        (&[2, 1, 0], Some("third")),
        (&[2, 0, 1], Some("third")),
        (&[1, 2, 0, 0], Some("third")),
        (&[0, 1, 2, 3], None),
        (&[3, 0, 2, 1], None),
        (&[2, 3, 1, 0], None),
    ];
    for together in [false, true] {
        for (at, (order, expected)) in orders.iter().enumerate() {
            let (request, question) = world.ask(&format!("S-{together}-{at}")).await;
            world.tap(&question, "👎").await;
            let all = events(&question);
            let arrived = order.iter().map(|&place| {
                let (order, kind) = all[place].clone();
                let inbound = Inbound { key: format!("{}:{order}", question.key), order, at: None, kind };
                Arrived { connection: "bot".into(), inbound, body_hash: String::new(), came: None, form: None }
            });
            let arrived: Vec<Arrived> = arrived.collect();
            let batches = if together { vec![arrived] } else { arrived.into_iter().map(|one| vec![one]).collect() };
            for batch in batches {
                accept(&world.engine, batch, None, world.now()).await.unwrap();
            }
            let comment = expected.map(str::to_owned);
            assert_eq!(score(&world, &request).await, Some((0, comment)), "{order:?}, in one batch: {together}");
        }
    }
}

async fn deleted_comment(url: String) {
    let world = world(url).await;
    let (request, question) = world.ask("S-1").await;
    world.tap(&question, "👎").await;
    writes(&world, comment(&question, "Secretly slow", "c1")).await;
    world.staff.take();
    assert_eq!(deletes(&world, &question, "c1").await, Disposition::Counted);
    assert_eq!(score(&world, &request).await, Some((0, None)));
    let told = world.staff.take();
    let alert = told.iter().find(|message| !matches!(message.purpose, Purpose::Event(_))).expect("whoever read it hears of it");
    assert!(alert.text.contains("Comment: deleted by the client"), "{}", alert.text);
    let event = told.iter().find(|message| message.purpose == Purpose::Event("rating.changed".into())).expect("programs too");
    assert!(event.data["rating"]["comment"].is_null());
    let history = answer::about(&world.engine.db, &[RequestId::named(&request)]).await.unwrap();
    let history: Vec<(&str, &str)> = history.iter().map(|event| (event.kind.as_str(), event.value.as_str())).collect();
    assert_eq!(history, [("score", "0"), ("comment", ""), ("comment_deleted", "")]);
    let story = explain(&world.engine.db, &"S-1".into()).await.unwrap();
    assert!(format!("{story:?}").contains("The client deleted the comment."), "{story:?}");
    assert_eq!(edits(&world, comment(&question, "Slow", "c1")).await, Disposition::Superseded, "an edit from before, told late");
    assert_eq!(deletes(&world, &question, "c1").await, Disposition::Superseded, "it is gone already");
    assert_eq!(score(&world, &request).await, Some((0, None)));
    assert_eq!(deletes(&world, &question, "not a comment").await, Disposition::NotAnAnswer);
    assert_eq!(writes(&world, comment(&question, "Rude", "c2")).await, Disposition::Counted, "another comment");
    assert_eq!(score(&world, &request).await, Some((0, Some("Rude".to_owned()))));
}

async fn not_editable(url: String) {
    let world = world(url).await;
    let (_, question) = world.ask("S-1").await;
    world.client.fails_with([SendError::new(Verdict::Refused, SendError::NOT_EDITABLE, "message to edit not found")]);
    assert_eq!(writes(&world, said(&question, "👎")).await, Disposition::Counted);
    world.pass(10_000).await;
    let sent = world.client.take();
    assert_eq!(sent.iter().map(|message| message.replaces.is_some()).collect::<Vec<_>>(), [false], "after the refused edit: {sent:?}");
    let thanks = sent.last().unwrap();
    assert!(thanks.choices.iter().any(|choice| choice.kind == ChoiceKind::Reason), "with reasons: {thanks:?}");
    // A reason is tapped under the new message: it is edited, and nothing more is sent.
    world.client.fails_with([SendError::new(Verdict::Refused, SendError::NOT_EDITABLE, "message to edit not found")]);
    let reason = &thanks.choices.iter().find(|choice| choice.kind == ChoiceKind::Reason).unwrap().label;
    world.tap(thanks, reason).await;
    world.pass(10_000).await;
    assert!(world.client.take().iter().all(|message| message.replaces.is_some()));
}
