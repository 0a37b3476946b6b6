//! What goes into the mailbox.

use crate::mailbox::{Memory, VISITOR, chat_with, config};
use lastword_contract::{Address, Channel, Choice, ChoiceKind, CommentBox, Conversation, Outgoing, Purpose, Scale, Verdict, Window};
use lastword_webchat::WebChat;
use lastword_webchat::frames::{Answer, ClientFrame, From, ServerBody, ServerFrame};
use serde_json::{Value, json};
use std::sync::Arc;

fn outgoing(key: &str, purpose: Purpose) -> Outgoing {
    Outgoing {
        key: key.into(),
        to: Address::chat(VISITOR),
        language: "en".into(),
        purpose,
        text: "How did we do?".into(),
        at: 1_000,
        ..Outgoing::default()
    }
}

fn choice(label: &str, token: &str, kind: ChoiceKind) -> Choice {
    Choice { label: label.into(), token: token.into(), kind, link: None }
}

#[tokio::test]
async fn every_purpose_has_exactly_its_frame() {
    let mailbox = Arc::new(Memory::default());
    let chat = chat_with(mailbox.clone());
    let question = Outgoing {
        choices: vec![choice("👍", "r_1", ChoiceKind::Score), choice("👎", "r_0", ChoiceKind::Score)],
        ..outgoing("d1", Purpose::Question(Scale::Binary))
    };
    let settle = Outgoing {
        text: "Thank you".into(),
        replaces: Some("d1".into()),
        choices: vec![choice("Slow", "r_a", ChoiceKind::Reason), choice("Yes", "r_y", ChoiceKind::Resolved)],
        comment: Some(CommentBox { label: "Tell us more".into(), token: "r_c".into(), max_chars: 2_000 }),
        ..outgoing("d2", Purpose::Settle)
    };
    let alert = Outgoing { choices: vec![choice("Seen", "a_1", ChoiceKind::Acknowledge)], ..outgoing("d4", Purpose::Alert) };
    for message in [&question, &settle, &outgoing("d3", Purpose::Text), &alert] {
        let receipt = chat.send(message).await.unwrap();
        let id = message.replaces.as_ref().unwrap_or(&message.key);
        assert_eq!(receipt.message_id.as_ref(), Some(id), "a question's id is its key, and a settle keeps it");
    }
    let expected = [
        json!({"seq":1,"key":"d1","at":1000,"kind":"question","scale":"binary","text":"How did we do?","lang":"en",
            "choices":[{"label":"👍","token":"r_1","kind":"score"},{"label":"👎","token":"r_0","kind":"score"}],"comment":null}),
        json!({"seq":2,"key":"d2","at":1000,"kind":"settle","replaces":"d1","text":"Thank you","lang":"en",
            "choices":[{"label":"Slow","token":"r_a","kind":"reason"},{"label":"Yes","token":"r_y","kind":"resolved"}],
            "comment":{"label":"Tell us more","token":"r_c","max_chars":2000}}),
        json!({"seq":3,"key":"d3","at":1000,"kind":"message","from":"operator","text":"How did we do?"}),
        json!({"seq":4,"key":"d4","at":1000,"kind":"alert","text":"How did we do?","lang":"en",
            "choices":[{"label":"Seen","token":"a_1","kind":"acknowledge"}]}),
    ];
    assert_eq!(mailbox.frames("site", VISITOR), expected);
    assert!(mailbox.frames("other", VISITOR).is_empty());
    for frame in expected {
        let typed: ServerFrame = serde_json::from_value(frame.clone()).unwrap();
        assert_eq!(serde_json::to_value(&typed).unwrap(), frame, "a frame survives its type");
    }
}

#[tokio::test]
async fn sending_twice_with_one_key_shows_one_message() {
    let mailbox = Arc::new(Memory::default());
    let chat = chat_with(mailbox.clone());
    let message = outgoing("d1", Purpose::Question(Scale::FiveStar));
    let (first, again) = (chat.send(&message).await, chat.send(&message).await);
    assert!(first.is_ok() && first == again, "both tries have the same receipt");
    chat.send(&outgoing("d2", Purpose::Question(Scale::FiveStar))).await.unwrap();
    assert_eq!(mailbox.frames("site", VISITOR).len(), 2);
}

#[tokio::test]
async fn an_edited_text_names_the_one_it_takes_the_place_of() {
    let mailbox = Arc::new(Memory::default());
    let chat = chat_with(mailbox.clone());
    let first = chat.send(&outgoing("d1", Purpose::Text)).await.unwrap().message_id;
    let edit = Outgoing { replaces: first.clone(), text: "Mended now.".into(), ..outgoing("d2", Purpose::Text) };
    assert_eq!(chat.send(&edit).await.unwrap().message_id, first, "and can be edited again");
    let frames = mailbox.frames("site", VISITOR);
    assert_eq!((frames[0].get("replaces"), &frames[1]["replaces"], &frames[1]["text"]), (None, &json!("d1"), &json!("Mended now.")));
}

#[tokio::test]
async fn a_mailbox_that_cannot_keep_it_is_tried_again() {
    let error = chat_with(Arc::new(Memory::broken())).send(&outgoing("d1", Purpose::Text)).await.unwrap_err();
    assert_eq!((error.verdict, error.kind), (Verdict::RetryBackoff, "mailbox_unavailable"));
}

#[tokio::test]
async fn what_can_never_be_shown_is_refused_for_good() {
    let chat = chat_with(Arc::new(Memory::default()));
    let nobody = Outgoing { to: Address::default(), ..outgoing("d2", Purpose::Text) };
    let crowded = Outgoing { choices: vec![choice("x", "t", ChoiceKind::Reason); 25], ..outgoing("d3", Purpose::Settle) };
    for message in [outgoing("d1", Purpose::Event("rating.created".into())), nobody, crowded] {
        assert_eq!(chat.send(&message).await.unwrap_err().verdict, Verdict::Refused);
    }
}

#[tokio::test]
async fn a_text_beyond_the_limit_is_shortened() {
    let mailbox = Arc::new(Memory::default());
    let long = Outgoing { text: "я".repeat(5_000), ..outgoing("d1", Purpose::Text) };
    chat_with(mailbox.clone()).send(&long).await.unwrap();
    let text = mailbox.frames("site", VISITOR)[0]["text"].as_str().unwrap().to_owned();
    assert_eq!(text.chars().count(), 4_000);
    assert!(text.ends_with('…'));
}

#[test]
fn the_window_never_shuts_and_debug_shows_little() {
    let chat = chat_with(Arc::new(Memory::default()));
    assert_eq!(chat.window(&Conversation::default(), 5), Window::Always);
    assert_eq!(format!("{chat:?}"), r#"WebChat { name: "site", line: "sales", .. }"#);
}

#[tokio::test]
async fn the_check_warns_of_sites_that_are_not_encrypted() {
    let chat = WebChat::new("site".into(), config(&["http://shop.example", "http://localhost:3000"]), Arc::new(Memory::default()));
    let account = chat.check().await.unwrap();
    assert_eq!(account.notes.len(), 1);
    assert!(account.notes[0].starts_with("http://shop.example is not encrypted"));
}

#[test]
fn the_small_frames_are_as_documented() {
    let same = |value: Value, frame: &dyn Fn(Value) -> Value| assert_eq!(frame(value.clone()), value);
    let client = |value| serde_json::to_value(serde_json::from_value::<ClientFrame>(value).unwrap()).unwrap();
    let answer = |value| serde_json::to_value(serde_json::from_value::<Answer>(value).unwrap()).unwrap();
    same(json!({"kind":"press","id":"a","token":"t"}), &client);
    same(json!({"kind":"press","id":"a","at":7,"token":"t"}), &client);
    same(json!({"kind":"comment","id":"a","token":"t","text":"x"}), &client);
    same(json!({"kind":"message","id":"a","text":"x"}), &client);
    same(json!({"kind":"ack","id":"a"}), &answer);
    same(json!({"kind":"error","id":null,"code":"busy","detail":"later"}), &answer);
    let said = ServerFrame::message("v:a", 5, From::Visitor, Some("Ann".into()), "hi");
    assert_eq!(said.to_value(), json!({"key":"v:a","at":5,"kind":"message","from":"visitor","name":"Ann","text":"hi"}));
    assert!(matches!(said.body, ServerBody::Message { from: From::Visitor, .. }));
}
