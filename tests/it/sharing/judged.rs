//! Which updates are ours, and which are the desk's.

use super::{Shared, event, other};
use crate::on_both_databases;
use crate::rig::world::{World, messenger};
use lastword::domain::answer::Disposition;
use lastword::domain::question::token::{Purpose, TokenValue};
use lastword::life::shared_account::forward_outbox::keep_empty;
use lastword::life::shared_account::unreadable::keep_unreadable;
use lastword_contract::{Address, Context, DeliveryStatus, Inbound, InboundKind, Outgoing, Reaction, TextMessage};

on_both_databases! {
    a_press_on_our_button_is_ours_alone => presses;
    words_are_ours_where_they_answer => texts;
    what_changes_an_answer_is_ours_and_what_belongs_elsewhere_is_not => corrections;
    the_platforms_word_on_our_messages_is_ours => statuses;
    a_request_is_passed_on_whole_unless_all_of_it_is_ours => many_in_one;
    an_update_is_passed_on_once_however_often_it_is_told => once;
    what_we_cannot_read_is_passed_on_too => unreadable;
    without_a_desk_nothing_is_kept => nobody;
}

fn press(key: &str, token: &str, chat: &str) -> Inbound {
    let what =
        InboundKind::Press { token: token.to_owned(), by: Address::chat(chat), message_id: None, press_id: Some(format!("p-{key}")) };
    event(key, what)
}

fn token(question: &Outgoing, label: &str) -> String {
    question.choices.iter().find(|choice| choice.label == label).expect("the choice").token.clone()
}

async fn presses(url: String) {
    let shared = Shared::on(&url).await;
    let (_, question) = shared.world.ask("S-1").await;
    let (good, bad, chat) = (token(&question, "👍"), token(&question, "👎"), question.to.chat.as_str());
    let keys = &shared.world.engine.keys;
    let erased = keys.mint(Purpose::Rate, "00000000000000000", &format!("bot:{chat}"), TokenValue::Score(1));
    for (key, pressed, by, expected) in [
        ("stranger", &good, "somebody-else", Disposition::Foreign),
        ("first", &bad, chat, Disposition::Counted),
        ("again", &bad, chat, Disposition::Superseded),
        ("erased", &erased, chat, Disposition::Unknown),
    ] {
        let taken = shared.posted(key, vec![press(key, pressed, by)]).await.remove(0);
        assert_eq!((taken.disposition, taken.acknowledge.is_some()), (expected, true), "{key}");
    }
    shared.world.pass(100 * 24 * 3_600_000).await;
    assert_eq!(shared.posted("late", vec![press("late", &good, chat)]).await[0].disposition, Disposition::Locked);
    assert_eq!(shared.passed().await, [""; 0], "also those of unauthenticated, and late ones");

    // The desk's own buttons, and forgeries of ours: the desk answers them, so the desk must stop their spinners.
    let mut forged = good.clone();
    forged.replace_range(forged.len() - 3.., "000");
    for (key, pressed) in [("desk", "order:42"), ("forged", forged.as_str()), ("lost", &erased.replace("_1_", "_0_"))] {
        let taken = shared.posted(key, vec![press(key, pressed, chat)]).await.remove(0);
        assert_eq!((taken.disposition, taken.acknowledge), (Disposition::Forged, None), "{key}");
        let again = shared.posted(key, vec![press(key, pressed, chat)]).await.remove(0);
        assert_eq!((again.repeated, again.acknowledge), (true, None), "{key}");
    }
    assert_eq!(shared.passed().await, ["desk", "forged", "lost"]);
}

async fn texts(url: String) {
    let shared = Shared::on(&url).await;
    let text = |key: &str, text: &str, chat: &str, reply_to: Option<String>| {
        event(key, InboundKind::Text(TextMessage::new(text, Address::chat(chat)).about(reply_to.into())))
    };
    let (_, question) = shared.world.ask("S-1").await;
    let (chat, asked) = (question.to.chat.clone(), format!("m-{}", question.key));
    shared.posted("hello", vec![text("hello", "Hello?", &chat, None)]).await;
    shared.world.tap(&question, "👎").await;
    let taken = shared.posted("comment", vec![text("comment", "Too slow", &chat, Some(asked.clone()))]).await;
    assert_eq!(taken[0].disposition, Disposition::Counted);
    shared.posted("stranger", vec![text("stranger", "Me too", "somebody-else", Some(asked.clone()))]).await;
    assert_eq!(shared.passed().await, ["hello", "stranger"]);
    shared.world.pass(100 * 24 * 3_600_000).await;
    shared.posted("late", vec![text("late", "I have another question", &chat, Some(asked))]).await;
    assert_eq!(shared.passed().await, ["late"], "no message is eaten");

    // A score alone is ours; text beside it is forwarded to the desk.
    let (_, question) = shared.world.ask("S-2").await;
    let alone = shared.posted("alone", vec![text("alone", "1", &question.to.chat, None)]).await;
    let (_, question) = shared.world.ask("S-3").await;
    let both = shared.posted("both", vec![text("both", "0, where is my parcel", &question.to.chat, None)]).await;
    let (_, question) = shared.world.ask("S-4").await;
    let counts = shared.posted("counts", vec![text("counts", "1 item is missing", &question.to.chat, None)]).await;
    let taken = [alone, both, counts].map(|taken| taken[0].disposition);
    assert_eq!(taken, [Disposition::Counted, Disposition::Counted, Disposition::NotAnAnswer]);
    assert_eq!(shared.passed().await, ["both", "counts"]);
}

async fn corrections(url: String) {
    let shared = Shared::on(&url).await;
    let (_, question) = shared.world.ask("S-1").await;
    let (by, asked) = (question.to.clone(), format!("m-{}", question.key));
    let said = |text: &str| TextMessage::new(text, by.clone());
    let wrote =
        |key: &str| event(&format!("{key}:wrote"), InboundKind::Wrote { by: by.clone(), at: shared.world.now(), window_expires_at: None });
    let reaction = |message: &str, emoji: &str| {
        InboundKind::Reaction(Reaction { by: by.clone(), message_id: message.to_owned(), emoji: Some(emoji.to_owned()) })
    };
    for (key, what, expected) in [
        ("reply to the desk", InboundKind::Text(said("1").in_reply_to("55")), Disposition::NotAnAnswer),
        ("forwarded", InboundKind::Text(said("1").about(Context::Elsewhere("forward"))), Disposition::NotAnAnswer),
        ("reaction to the desk", reaction("55", "👎"), Disposition::NotAnAnswer),
        ("edit of another message", InboundKind::Edited(said("1").with_id("c9")), Disposition::NotAnAnswer),
        ("ours: reaction", reaction(&asked, "👎"), Disposition::Counted),
        ("ours: comment", InboundKind::Text(said("Slow").in_reply_to(&asked).with_id("c1")), Disposition::Counted),
        ("ours: edit", InboundKind::Edited(said("Slow, and rude").in_reply_to(&asked).with_id("c1")), Disposition::Changed),
        ("ours: deletion", InboundKind::Deleted { by: by.clone(), message_id: "c1".to_owned() }, Disposition::Counted),
        ("deletion of another message", InboundKind::Deleted { by: by.clone(), message_id: "c9".to_owned() }, Disposition::NotAnAnswer),
    ] {
        let beside = key.contains("reaction").then(|| wrote(key));
        let taken = shared.posted(key, [event(key, what)].into_iter().chain(beside).collect()).await;
        assert_eq!(taken[0].disposition, expected, "{key}");
    }
    let theirs = ["reply to the desk", "forwarded", "reaction to the desk", "edit of another message", "deletion of another message"];
    assert_eq!(shared.passed().await, theirs);
    // The desk has received the text beside a score, so it also receives later changes of it.
    let (_, question) = shared.world.ask("S-2").await;
    let said = |text: &str| TextMessage::new(text, question.to.clone()).with_id("c2");
    shared.posted("both", vec![event("both", InboundKind::Text(said("0 - slow")))]).await;
    shared.posted("both, edited", vec![event("both, edited", InboundKind::Edited(said("0 - rude")))]).await;
    let gone = InboundKind::Deleted { by: question.to.clone(), message_id: "c2".to_owned() };
    shared.posted("both, deleted", vec![event("both, deleted", gone)]).await;
    assert_eq!(shared.passed().await, ["both", "both, edited", "both, deleted"]);
}

async fn statuses(url: String) {
    let shared = Shared::on(&url).await;
    let (_, question) = shared.world.ask("S-1").await;
    let status = |key: &str, ours: Option<&str>, message: &str, status| {
        let what = InboundKind::Status { message_id: Some(message.to_owned()), key: ours.map(str::to_owned), status };
        event(key, what)
    };
    let ours = format!("m-{}", question.key);
    for (key, of, message) in [("1", None, ours.as_str()), ("2", Some(question.key.as_str()), ours.as_str()), ("3", None, ours.as_str())] {
        let told = vec![status(key, of, message, DeliveryStatus::Delivered), status(&format!("{key}r"), of, message, DeliveryStatus::Read)];
        shared.posted(key, told).await;
    }
    assert_eq!(shared.passed().await, [""; 0], "also what changes nothing any more");
    shared.posted("desks", vec![status("4", None, "m-of-the-desk", DeliveryStatus::Read)]).await;
    shared.posted("desks too", vec![status("5", Some("key-of-the-desk"), "m-2", DeliveryStatus::Sent)]).await;
    assert_eq!(shared.passed().await, ["desks", "desks too"]);
}

async fn many_in_one(url: String) {
    let shared = Shared::on(&url).await;
    let (_, question) = shared.world.ask("S-1").await;
    let (good, chat) = (token(&question, "👍"), question.to.chat.as_str());
    let wrote =
        |key: &str, chat: &str| event(key, InboundKind::Wrote { by: Address::chat(chat), at: shared.world.now(), window_expires_at: None });
    shared.posted("ours", vec![press("1", &good, chat), wrote("1w", chat)]).await;
    assert_eq!(shared.passed().await, [""; 0], "a press comes with the word that its client wrote");
    shared.posted("mixed", vec![press("2", &good, chat), wrote("2w", chat), other("3")]).await;
    shared.posted("somebody else wrote", vec![press("4", &good, chat), wrote("4w", "another")]).await;
    shared.posted("wrote twice", vec![press("5", &good, chat), wrote("5w", chat), wrote("6w", chat)]).await;
    shared.posted("wrote", vec![wrote("7w", chat)]).await;
    let reachable = InboundKind::Reachable { by: Address::chat(chat), reachable: false };
    shared.posted("blocked", vec![event("8", reachable)]).await;
    assert_eq!(shared.passed().await, ["mixed", "somebody else wrote", "wrote twice", "wrote", "blocked"], "once, and whole");
}

async fn once(url: String) {
    let shared = Shared::on(&url).await;
    for body in ["first", "first", "first"] {
        shared.posted(body, vec![other("1"), other("2")]).await;
    }
    // The platform adds new updates to repeated ones.
    shared.posted("second", vec![other("2"), other("3")]).await;
    shared.posted("third", vec![other("1"), other("2"), other("3")]).await;
    assert_eq!(shared.passed().await, ["first", "second"]);
}

async fn unreadable(url: String) {
    let shared = Shared::on(&url).await;
    let engine = &shared.world.engine;
    for (hash, body) in [("1", "what\0?"), ("2", "what?"), ("2", "what?")] {
        keep_unreadable(engine, &"bot".into(), hash, super::request(body, shared.world.now())).await.unwrap();
    }
    keep_empty(engine, &"bot".into(), super::request("nothing we know", shared.world.now())).await.unwrap();
    // The same bytes twice may be two events: they cannot be distinguished here.
    assert_eq!(shared.passed().await, ["what\0?", "what?", "what?", "nothing we know"]);
}

async fn nobody(url: String) {
    let world = World::on(&url, messenger()).await;
    keep_unreadable(&world.engine, &"bot".into(), "1", super::request("what?", world.now())).await.unwrap();
    keep_empty(&world.engine, &"bot".into(), super::request("nothing", world.now())).await.unwrap();
    assert_eq!(lastword::store::connection::forward_outbox::desks(&world.engine.db).await.unwrap(), []);
}
