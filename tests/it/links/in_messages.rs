//! Which messages contain links, and the reaction to an answer through one.

use crate::on_both_databases;
use crate::rig::world::{PUBLIC_URL, World, messenger};
use lastword::domain::answer::Disposition;
use lastword::domain::line::{LineSettings, WindowRules};
use lastword::domain::session::label::Fields;
use lastword::life::engine::other_address::OtherAddress;
use lastword::life::session::close_batch::Close;
use lastword::store::StoreError;
use lastword::store::session::mail;
use lastword_contract::{Address, Capabilities, Footer, SendError, Verdict};

/// A channel that shows all choices as links, like mail.
pub(super) fn links() -> Capabilities {
    Capabilities { links: true, edits: false, free_text: false, ..messenger() }
}

on_both_databases! {
    links_stand_where_they_are_claimed => stands;
    a_question_names_its_conversation => named;
}

async fn stands(url: String) {
    let world = World::on(&url, links()).await;
    let (_, question) = world.ask("S-1").await;
    assert_eq!(question.choices.len(), 2);
    for choice in &question.choices {
        assert_eq!(choice.link.as_deref(), Some(format!("{PUBLIC_URL}r/{}", choice.token).as_str()));
    }
    assert_eq!(world.tap(&question, "👎").await.disposition, Disposition::Counted);
    assert_eq!(world.client.take(), [], "the page has thanked; another message would only disturb");
    let alert = world.staff.take().into_iter().find(|message| !message.choices.is_empty()).expect("an alert");
    assert_eq!(alert.choices[0].link, None, "the supervisor's channel has buttons");
}

/// The footer of the question about a close.
async fn footer(world: &World, close: Close) -> Footer {
    world.tell(close).await;
    world.clock.advance(10_000);
    world.work().await;
    let question = world.client.take().pop().expect("the question");
    assert!(question.ends.is_some(), "the ends of the scale have words");
    question.footer.expect("a footer")
}

/// Its operator and day, and its topic or the client's first words.
async fn named(url: String) {
    let world = World::on(&url, Capabilities { footer: true, ..links() }).await;
    let told = footer(&world, world.close_of("S-1")).await;
    assert_eq!((&*told.about, told.topic), ("Your conversation with Olga on 21 September", None));
    assert!(told.why.ends_with("ended on 21 September."), "{}", told.why);
    let fields = Fields([("topic".to_owned(), "refund".to_owned())].into());
    let german = Close { fields, language: Some("de".to_owned()), operator_messages: Some(0), ..world.close_of("S-2") };
    let told = footer(&world, german).await;
    // Who wrote nothing is not named.
    assert_eq!((&*told.about, told.topic.as_deref()), ("Ihr Gespräch am 21. September", Some("refund")));
    for (key, from, text) in [("1", "operator", "Hello!"), ("2", "visitor", "Where  is my\nparcel?"), ("3", "visitor", "4711")] {
        let frame = format!(r#"{{"kind":"message","from":"{from}","text":{}}}"#, serde_json::json!(text));
        let now = world.now();
        let put = world.engine.db.write(move |tx| {
            let frame = frame.clone();
            Box::pin(async move { mail::put(tx, &"bot".into(), &"chat-S-3".into(), key, &frame, now).await.map(drop) })
        });
        let put: Result<(), StoreError> = put.await;
        put.unwrap();
    }
    // Held in a chat that the client has left, and asked by mail.
    world
        .line(LineSettings { window: WindowRules { fallback: Some("mail".into()), ..WindowRules::default() }, ..LineSettings::default() })
        .await;
    world.client.fails_with([SendError::new(Verdict::WindowShut, "left", "")]);
    let ann = OtherAddress { connection: "mail".into(), address: Address::chat("ann@example.com") };
    world.tell(Close { opened_at: Some(world.now() - 60_000), addresses: vec![ann], ..world.close_of("S-3") }).await;
    world.pass(120_000).await;
    let told = world.mail.take().pop().expect("the question by mail").footer.expect("a footer");
    assert_eq!(told.topic.as_deref(), Some("“Where is my parcel?”"));
}
