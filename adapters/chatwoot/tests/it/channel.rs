//! Chatwoot's own chats as a channel.

use crate::desk::{MORNING, chatwoot, forgeries};
use crate::stub::{Inside, SECRET, Stub, TOKEN, signed};
use async_trait::async_trait;
use lastword_chatwoot::Chatwoot;
use lastword_contract::kit::{Call, Harness, Played, Remote};
use lastword_contract::{
    Address, Channel, Choice, ChoiceKind, Context, Inbound, InboundKind, Millis, Outgoing, Purpose, RawRequest, Scale, Verdict,
};
use serde_json::{Value, json};
use std::sync::atomic::{AtomicU64, Ordering};

/// What one webhook about a message says.
fn said(body: Value) -> InboundKind {
    received(body, MORNING).kind
}

fn received(body: Value, at: Millis) -> Inbound {
    let desk = chatwoot("https://chat.example.com");
    let received = Channel::receive(&desk, &signed(body.to_string().as_bytes(), at)).unwrap();
    assert_eq!(received.events.len(), 1);
    received.events.into_iter().next().unwrap()
}

/// A client's message, as Chatwoot posts it.
fn message(event: &str, channel: &str, content: &str, attributes: Value) -> Value {
    json!({
        "event": event, "id": 77, "message_type": "incoming", "content": content, "content_type": "text", "private": false,
        "content_attributes": attributes, "created_at": "2026-11-22T08:20:00.123Z", "source_id": "wamid.x",
        "account": { "id": 1, "name": "Acme" }, "conversation": { "id": 5, "channel": channel, "status": "open" },
        "sender": { "id": 8, "name": "Jane", "email": null },
    })
}

#[test]
fn a_text_is_told_with_what_it_belongs_to() {
    let context = |attributes: Value| match said(message("message_created", "Channel::Whatsapp", "1", attributes)) {
        InboundKind::Text(text) => {
            assert_eq!((text.text.as_str(), text.message_id.as_deref()), ("1", Some("77")));
            text.context
        }
        other => panic!("{other:?}"),
    };
    assert_eq!(context(json!({})), Context::Own);
    assert_eq!(context(Value::Null), Context::Own);
    assert_eq!(context(json!({ "in_reply_to": 41, "in_reply_to_external_id": "wamid.q" })), Context::ReplyTo("41".into()));
    assert_eq!(context(json!({ "in_reply_to": null, "in_reply_to_external_id": null })), Context::Own);
    // The client replies to a message that Chatwoot does not have.
    let elsewhere = |attributes| matches!(context(attributes), Context::Elsewhere(_));
    assert!(elsewhere(json!({ "in_reply_to": null, "in_reply_to_external_id": "wamid.of_an_operator" })));
    for story in [
        json!({ "story_id": "17", "story_sender": "acme" }),
        json!({ "image_type": "story_mention" }),
        json!({ "image_type": "ig_story_reply" }),
    ] {
        assert!(elsewhere(story.clone()), "{story}");
    }
}

#[test]
fn the_words_below_a_picture_are_no_score() {
    let mut body = message("message_created", "Channel::Telegram", "1", json!({}));
    body["attachments"] = json!([{ "file_type": "image", "data_url": "https://desk.example.com/1.png" }]);
    assert!(matches!(said(body), InboundKind::Text(text) if text.context == Context::Elsewhere("media")));
}

/// Chatwoot does not report the time of an edit.
#[test]
fn an_edit_follows_its_message_and_the_edits_before_it_and_precedes_later_messages() {
    let order = |id: u64, event: &str, received_at| {
        let mut body = message(event, "Channel::Telegram", "1", json!({}));
        body["id"] = json!(id);
        received(body, received_at).order
    };
    let said = order(77, "message_created", MORNING);
    let (first, second) = (order(77, "message_updated", MORNING + 1_000), order(77, "message_updated", MORNING + 3_000));
    assert!(said < first && first < second && second < order(78, "message_created", MORNING + 2_000));
}

#[test]
fn senders_that_are_not_named_are_clients_by_the_kind_of_the_message() {
    for sender in [Value::Null, json!({ "id": 8, "name": "Jane" }), json!({ "id": 8, "type": "contact" })] {
        let mut body = message("message_created", "Channel::Api", "5", json!({}));
        body["sender"] = sender.clone();
        assert!(matches!(said(body), InboundKind::Text(_)), "{sender}");
    }
}

#[test]
fn what_a_client_changed_or_took_back_is_told_where_the_channel_lets_clients_do_that() {
    let updated = |channel: &str, attributes: Value| said(message("message_updated", channel, "2", attributes));
    match updated("Channel::Telegram", json!({ "in_reply_to": 41 })) {
        InboundKind::Edited(text) => {
            assert_eq!((text.text.as_str(), text.message_id.as_deref()), ("2", Some("77")));
            assert_eq!(text.context, Context::ReplyTo("41".into()));
        }
        other => panic!("{other:?}"),
    }
    match updated("Channel::Instagram", json!({ "deleted": true })) {
        InboundKind::Deleted { by, message_id } => assert_eq!((by.chat.as_str(), message_id.as_str()), ("5", "77")),
        other => panic!("{other:?}"),
    }
    // A translation of the desk's, and a client's message that an operator deleted.
    for (channel, attributes) in [
        ("Channel::Whatsapp", json!({ "translations": { "en": "two" } })),
        ("Channel::Whatsapp", json!({ "deleted": true })),
        ("Channel::Telegram", json!({ "deleted": true })),
    ] {
        assert!(matches!(updated(channel, attributes), InboundKind::Other { .. }), "{channel}");
    }
}

#[test]
fn half_a_character_in_a_name_costs_no_answer() {
    let body = message("message_created", "Channel::Telegram", "5", json!({})).to_string().replace("Jane", "Jane \\ud83d");
    let received = Channel::receive(&chatwoot("https://chat.example.com"), &signed(body.as_bytes(), MORNING)).unwrap();
    assert!(matches!(&received.events[0].kind, InboundKind::Text(text) if text.text == "5"));
}

struct InChats {
    stub: Stub,
    channel: Chatwoot,
    last: AtomicU64,
}

impl InChats {
    fn next(&self) -> u64 {
        self.last.fetch_add(1, Ordering::Relaxed) + 1
    }

    fn post(&self, by: &Address, mut body: Value) -> RawRequest {
        body["account"] = json!({ "id": 1 });
        body["conversation"] = json!({ "id": by.chat.parse::<u64>().unwrap() });
        signed(body.to_string().as_bytes(), MORNING)
    }
}

#[async_trait]
impl Harness for InChats {
    async fn start() -> Self {
        let stub = Stub::start(Inside::at(MORNING)).await;
        for _ in 0..2 {
            stub.lock().open("Channel::WebWidget");
        }
        let channel = chatwoot(&stub.url());
        Self { stub, channel, last: AtomicU64::new(1_000) }
    }

    fn channel(&self) -> &dyn Channel {
        &self.channel
    }

    async fn play(&self, remote: Remote) -> Played {
        self.stub.play(remote).await
    }

    async fn calls(&self) -> Vec<Call> {
        let sent = self.stub.lock().sent.clone();
        let call = |message: &Value| Call {
            text: message["content"].as_str().unwrap().to_owned(),
            tokens: message["content_attributes"]["items"]
                .as_array()
                .into_iter()
                .flatten()
                .map(|item| item["value"].as_str().unwrap().to_owned())
                .collect(),
            raw: message.to_string(),
            ..Call::default()
        };
        sent.iter().map(call).collect()
    }

    fn client(&self) -> Address {
        Address::chat("1")
    }

    fn stranger(&self) -> Option<Address> {
        Some(Address::chat("2"))
    }

    fn press(&self, token: &str, by: &Address, message_id: Option<&str>) -> Option<RawRequest> {
        let id = message_id.map_or_else(|| self.next(), |id| id.parse().unwrap());
        let submitted = json!([{ "title": "👍", "value": token }]);
        let attributes = json!({ "items": [], "submitted_values": submitted });
        let body = json!({ "event": "message_updated", "id": id, "message_type": "outgoing", "content_type": "input_select", "content_attributes": attributes });
        Some(self.post(by, body))
    }

    fn text(&self, text: &str, by: &Address) -> Option<RawRequest> {
        let body = json!({ "event": "message_created", "id": self.next(), "message_type": "incoming", "content": text, "content_type": "text", "private": false });
        Some(self.post(by, body))
    }

    fn unknown_event(&self) -> Option<RawRequest> {
        Some(signed(br#"{"event":"webwidget_triggered","id":"","account":{"id":1}}"#, MORNING))
    }

    fn signed(&self, body: &[u8]) -> Option<RawRequest> {
        Some(signed(body, MORNING))
    }

    fn forgeries(&self, request: &RawRequest) -> Vec<RawRequest> {
        forgeries(request)
    }

    fn secrets(&self) -> Vec<String> {
        vec![SECRET.to_owned(), TOKEN.to_owned()]
    }
}

fn question(chat: &str) -> Outgoing {
    let choice =
        |score: &u8| Choice { label: Scale::Binary.label(*score), token: format!("r1_kit_{score}"), kind: ChoiceKind::Score, link: None };
    Outgoing {
        key: "dlv_1".into(),
        to: Address::chat(chat),
        purpose: Purpose::Question(Scale::Binary),
        text: "How was it?".into(),
        choices: Scale::Binary.scores().iter().map(choice).collect(),
        hint: Some("Reply with 1 or 0.".into()),
        ..Outgoing::default()
    }
}

#[tokio::test]
async fn each_of_chatwoots_channels_gets_what_it_draws() {
    let chats = InChats::start().await;
    for (channel, values, hint) in [
        ("Channel::WebWidget", Some(["r1_kit_1", "r1_kit_0"]), false),
        ("Channel::Telegram", Some(["👍", "👎"]), false),
        ("Channel::Whatsapp", Some(["👍", "👎"]), false),
        ("Channel::Instagram", None, true),
        ("Channel::Email", None, true),
    ] {
        let id = chats.stub.lock().open(channel);
        chats.channel.send(&question(&id.to_string())).await.unwrap();
        let sent = chats.stub.lock().sent.pop().unwrap();
        let items = sent["content_attributes"]["items"].as_array();
        let shown = items.map(|items| items.iter().map(|item| item["value"].as_str().unwrap()).collect::<Vec<_>>());
        assert_eq!(shown, values.map(|values| values.to_vec()), "{channel}");
        assert_eq!(sent["content"].as_str().unwrap().contains("Reply with"), hint, "{channel}");
        assert_eq!(sent["source_id"], Value::Null, "a message with an id of its own is never sent on");
    }
}

#[tokio::test]
async fn a_client_who_cannot_be_written_to_any_more_is_outside_the_window() {
    let chats = InChats::start().await;
    chats.stub.lock().shut.push(1);
    let shut = chats.channel.send(&question("1")).await.unwrap_err();
    let gone = chats.channel.send(&question("99")).await.unwrap_err();
    assert_eq!((shut.verdict, gone.verdict), (Verdict::WindowShut, Verdict::RecipientGone));
}

lastword_contract::channel_cases!(InChats);
