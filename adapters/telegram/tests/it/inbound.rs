//! What Telegram posts, and what it means.

use crate::samples::{SECRET, bot_at, message, person, press_update, private, reaction_update, signed, text_update};
use lastword_contract::{Address, Channel, Context, Headers, Inbound, InboundKind, RawRequest, Reaction, Rejected, TextMessage};
use serde_json::{Value, json};

const NOWHERE: &str = "http://127.0.0.1:9";

fn receive(request: &RawRequest) -> Result<Inbound, Rejected> {
    let mut received = bot_at(NOWHERE, json!({ "receive": "webhook" })).receive(request)?;
    assert_eq!((received.events.len(), received.reply.as_str()), (1, ""));
    Ok(received.events.remove(0))
}

fn event(update: &Value) -> Inbound {
    receive(&signed(update.to_string().as_bytes())).unwrap()
}

fn kind(update: &Value) -> String {
    match event(update).kind {
        InboundKind::Other { kind } => kind,
        what => panic!("expected Other, got {what:?}"),
    }
}

fn client(chat: &str, via: Option<&str>) -> Address {
    Address { chat: chat.into(), user: Some(chat.into()), via: via.map(str::to_owned) }
}

fn press(token: &str, by: Address, message_id: Option<&str>) -> InboundKind {
    InboundKind::Press { token: token.into(), by, message_id: message_id.map(str::to_owned), press_id: Some("439001".into()) }
}

#[test]
fn a_press_names_its_token_its_person_and_its_message() {
    let read = event(&press_update(1, "r1_tok_1", 777, 777, 5));
    assert!(read.kind == press("r1_tok_1", client("777", None), Some("5")));
    assert_eq!((read.key.as_str(), read.order, read.at), ("u1", 1, None), "Telegram gives no time for a press");
}

/// An emoji that was cut in half spoils neither the update nor those behind it.
#[test]
fn a_broken_letter_costs_no_answer() {
    let broken = text_update(1, "0", 777).to_string().replacen("\"first_name\":\"", "\"first_name\":\"J \\ud83d", 1);
    assert!(broken.contains("\\ud83d"), "{broken}");
    assert!(matches!(receive(&signed(broken.as_bytes())).unwrap().kind, InboundKind::Text(text) if text.text == "0"));
}

#[test]
fn the_words_below_a_picture_are_no_score() {
    let mut update = text_update(1, "", 777);
    let message = update["message"].as_object_mut().unwrap();
    message.remove("text");
    message.extend([("caption".to_owned(), json!("1")), ("photo".to_owned(), json!([{ "file_id": "a", "width": 1, "height": 1 }]))]);
    assert!(matches!(event(&update).kind, InboundKind::Text(text) if text.context == Context::Elsewhere("media")));
}

#[test]
fn a_press_by_another_person_is_not_admitted() {
    let InboundKind::Press { by, .. } = event(&press_update(1, "r1_tok_1", 777, 888, 5)).kind else { panic!("not a press") };
    assert_eq!(by.user.as_deref(), Some("888"));
    assert!(!client("777", None).admits(&by));
}

#[test]
fn a_press_in_a_business_chat_names_its_connection() {
    let mut update = press_update(1, "r1_tok_1", 777, 777, 5);
    update["callback_query"]["message"]["business_connection_id"] = json!("bc_1");
    assert!(event(&update).kind == press("r1_tok_1", client("777", Some("bc_1")), Some("5")));
}

#[test]
fn a_press_on_a_message_too_old_to_show_still_counts() {
    let mut update = press_update(1, "r1_tok_1", 777, 777, 5);
    update["callback_query"]["message"] = json!({ "message_id": 5, "date": 0, "chat": private(777), "business_connection_id": "bc_1" });
    assert!(event(&update).kind == press("r1_tok_1", client("777", Some("bc_1")), Some("5")));
}

#[test]
fn a_press_without_its_message_is_in_the_persons_own_chat() {
    let mut update = press_update(1, "r1_tok_1", 777, 777, 5);
    update["callback_query"].as_object_mut().unwrap().remove("message");
    assert!(event(&update).kind == press("r1_tok_1", client("777", None), None));
}

#[test]
fn a_press_that_teloxide_cannot_read_still_counts() {
    let mut bare = press_update(1, "r1_tok_1", 777, 777, 5);
    bare["callback_query"].as_object_mut().unwrap().remove("chat_instance");
    let mut newer = press_update(1, "r1_tok_1", 777, 777, 5);
    newer["callback_query"]["message"]["entities"] = json!([{ "type": "kind_of_tomorrow", "offset": 0, "length": 3 }]);
    newer["callback_query"]["message"]["business_connection_id"] = json!("bc_1");
    assert!(event(&bare).kind == press("r1_tok_1", client("777", None), Some("5")));
    assert!(event(&newer).kind == press("r1_tok_1", client("777", Some("bc_1")), Some("5")));
}

#[test]
fn a_press_in_a_group_counts_for_alerts() {
    let mut update = press_update(1, "k1_tok", -100, 888, 5);
    update["callback_query"]["message"]["chat"] = json!({ "id": -100, "type": "supergroup", "title": "Supervisors" });
    let InboundKind::Press { by, .. } = event(&update).kind else { panic!("not a press") };
    assert!(Address::chat("-100").admits(&by));
}

#[test]
fn a_press_without_data_is_not_for_us() {
    let mut update = press_update(1, "r1_tok_1", 777, 777, 5);
    update["callback_query"].as_object_mut().unwrap().remove("data");
    assert_eq!(kind(&update), "callback_query_without_data");
}

#[test]
fn a_private_text_comes_with_the_message_it_answers() {
    let mut update = text_update(2, "too slow", 777);
    update["message"]["reply_to_message"] = json!({ "message_id": 5, "date": 1_790_000_000, "chat": private(777), "text": "Why?" });
    let read = event(&update);
    assert!(read.kind == InboundKind::Text(TextMessage::new("too slow", client("777", None)).with_id("9").in_reply_to("5")));
    assert_eq!((read.key.as_str(), read.order, read.at), ("u2", 2, Some(1_790_000_100_000)));
}

#[test]
fn a_text_with_an_entity_of_tomorrow_is_not_lost() {
    let mut update = text_update(2, "too slow", 777);
    update["message"]["entities"] = json!([{ "type": "kind_of_tomorrow", "offset": 0, "length": 3 }]);
    let read = event(&update);
    assert!(read.kind == InboundKind::Text(TextMessage::new("too slow", client("777", None)).with_id("9")));
    assert_eq!(read.at, Some(1_790_000_100_000));
}

#[test]
fn a_business_text_counts_from_the_client_and_not_from_the_owner_or_the_bot() {
    let mut from_client = message("thanks", 777);
    from_client["business_connection_id"] = json!("bc_1");
    let mut from_owner = from_client.clone();
    from_owner["from"] = person(555);
    let mut from_bot = from_client.clone();
    from_bot["from"] = person(555);
    from_bot["sender_business_bot"] = json!({ "id": 123_456, "is_bot": true, "first_name": "Rating" });
    let update = |message: Value| json!({ "update_id": 3, "business_message": message });
    let read = event(&update(from_client));
    assert!(read.kind == InboundKind::Text(TextMessage::new("thanks", client("777", Some("bc_1"))).with_id("9")));
    assert_eq!(read.at, Some(1_790_000_100_000));
    assert_eq!(kind(&update(from_owner)), "business_message_by_owner");
    assert_eq!(kind(&update(from_bot)), "message_by_bot");
}

#[test]
fn blocking_and_unblocking_are_told() {
    let member = |status: &str| {
        let mut member = json!({ "user": { "id": 123_456, "is_bot": true, "first_name": "Rating" }, "status": status });
        if status == "kicked" {
            member["until_date"] = json!(0);
        }
        member
    };
    let update = |chat: Value, old: &str, new: &str| {
        json!({ "update_id": 4, "my_chat_member": { "chat": chat, "from": person(777), "date": 1_790_000_000,
            "old_chat_member": member(old), "new_chat_member": member(new) } })
    };
    let blocked = event(&update(private(777), "member", "kicked"));
    assert!(blocked.kind == InboundKind::Reachable { by: client("777", None), reachable: false });
    assert_eq!(blocked.at, Some(1_790_000_000_000));
    let back = event(&update(private(777), "kicked", "member"));
    assert!(back.kind == InboundKind::Reachable { by: client("777", None), reachable: true });
    let group = json!({ "id": -100, "type": "supergroup", "title": "Supervisors" });
    assert_eq!(kind(&update(group, "member", "kicked")), "my_chat_member");
}

#[test]
fn what_is_not_for_us_is_kept_by_its_name() {
    let mut group = message("5", 777);
    group["chat"] = json!({ "id": -100, "type": "supergroup", "title": "Supervisors" });
    let mut sticker = message("", 777);
    sticker.as_object_mut().unwrap().remove("text");
    sticker["location"] = json!({ "latitude": 1.5, "longitude": 2.5 });
    let connection = |enabled: bool| {
        json!({ "update_id": 6, "business_connection": { "id": "bc_1", "user": person(555), "user_chat_id": 555,
            "date": 1_790_000_000, "is_enabled": enabled } })
    };
    let cases = [
        ("group_message", json!({ "update_id": 6, "message": group })),
        ("message_without_text", json!({ "update_id": 6, "message": sticker })),
        ("edited_group_message", json!({ "update_id": 6, "edited_message": group.clone() })),
        ("edited_channel_post", json!({ "update_id": 6, "edited_channel_post": message("5", 777) })),
        ("guest_message", json!({ "update_id": 6, "guest_message": { "x": 1 } })),
        ("unknown", json!({ "update_id": 6, "Odd Kind <b>": {} })),
        ("unknown", json!({ "update_id": 6 })),
        ("business_connection", connection(true)),
        ("business_connection_disabled", connection(false)),
    ];
    for (word, update) in cases {
        assert_eq!(kind(&update), word);
    }
}

#[test]
fn without_the_right_secret_nothing_is_taken() {
    let good = signed(press_update(1, "r1_tok_1", 777, 777, 5).to_string().as_bytes());
    assert!(receive(&good).is_ok());
    let with = |name: &str, value: &str| RawRequest { headers: Headers::new([(name, value)]), ..good.clone() };
    let header = "X-Telegram-Bot-Api-Secret-Token";
    let wrong = [
        RawRequest { headers: Headers::default(), ..good.clone() },
        with(header, ""),
        with(header, &SECRET[1..]),
        with(header, &format!("{SECRET}x")),
        with(header, &SECRET.to_uppercase()),
        with("Authorization", SECRET),
    ];
    for request in wrong {
        assert!(matches!(receive(&request), Err(Rejected::Unsigned(_))));
    }
    let open = bot_at(NOWHERE, json!({ "webhook_secret": null }));
    for request in [good.clone(), with(header, "")] {
        assert!(matches!(open.receive(&request), Err(Rejected::Unsigned(_))), "no secret is no open door");
    }
}

#[test]
fn garbage_is_unreadable_and_not_repeated() {
    let bodies: [&[u8]; 6] = [b"", b"\xff\xfe", b"{", b"[]", b"{\"update_id\":\"canary\"}", b"{\"message\":{\"text\":\"canary\"}}"];
    for body in bodies {
        match receive(&signed(body)) {
            Err(Rejected::Unreadable(why)) => assert!(!why.contains("canary"), "{why}"),
            other => panic!("{other:?}"),
        }
    }
}

fn context(more: Value) -> Context {
    let mut update = text_update(2, "1", 777);
    update["message"].as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    match event(&update).kind {
        InboundKind::Text(message) => message.context,
        what => panic!("expected a text, got {what:?}"),
    }
}

#[test]
fn a_text_says_what_it_belongs_to() {
    let ours = json!({ "message_id": 55, "date": 1, "chat": private(777), "from": { "id": 1, "is_bot": true, "first_name": "B" }, "text": "Which one: 1 red or 2 blue?" });
    let origin = json!({ "type": "user", "date": 1, "sender_user": person(888) });
    let elsewhere = |more: Value, word: &'static str| assert_eq!(context(more), Context::Elsewhere(word));
    assert_eq!(context(json!({})), Context::Own);
    assert_eq!(context(json!({ "reply_to_message": ours })), Context::ReplyTo("55".into()));
    let quoted = json!({ "reply_to_message": ours, "quote": { "text": "red", "position": 12, "is_manual": true } });
    assert_eq!(context(quoted), Context::ReplyTo("55".into()), "a quote is of the message it replies to");
    let topic = json!({ "message_id": 3, "date": 1, "chat": private(777), "forum_topic_created": { "name": "Order", "icon_color": 1 } });
    assert_eq!(context(json!({ "reply_to_message": topic, "is_topic_message": true, "message_thread_id": 3 })), Context::Own);
    let other = json!({ "message_id": 5, "date": 1, "chat": private(888), "text": "?" });
    elsewhere(json!({ "reply_to_message": other }), "other_chat");
    elsewhere(
        json!({ "external_reply": { "origin": origin, "message_id": 5 }, "quote": { "text": "2", "position": 0 } }),
        "external_reply",
    );
    elsewhere(json!({ "reply_to_story": { "chat": private(777), "id": 4 } }), "story");
    elsewhere(json!({ "forward_origin": origin }), "forward");
    elsewhere(json!({ "forward_date": 1 }), "forward");
    elsewhere(json!({ "via_bot": { "id": 9, "is_bot": true, "first_name": "Gif" } }), "inline_bot");
    elsewhere(json!({ "quote": { "text": "2", "position": 0 } }), "quote");
}

fn reaction(message_id: &str, emoji: Option<&str>) -> InboundKind {
    InboundKind::Reaction(Reaction { by: client("777", None), message_id: message_id.into(), emoji: emoji.map(str::to_owned) })
}

#[test]
fn a_reaction_names_what_was_added() {
    let emoji = |emoji: &str| json!({ "type": "emoji", "emoji": emoji });
    let custom = || json!({ "type": "custom_emoji", "custom_emoji_id": "5368324170671202286" });
    let read = |old: Vec<Value>, new: Vec<Value>| event(&reaction_update(7, 5, 777, old, new)).kind;
    assert!(read(vec![], vec![emoji("👎")]) == reaction("5", Some("👎")));
    assert!(read(vec![emoji("👎")], vec![emoji("👍")]) == reaction("5", Some("👍")));
    assert!(read(vec![emoji("👍")], vec![emoji("👍"), emoji("👎")]) == reaction("5", Some("👎")), "some may put on several");
    assert!(read(vec![emoji("👍"), emoji("👎")], vec![emoji("👍")]) == reaction("5", None));
    assert!(read(vec![emoji("👍")], vec![]) == reaction("5", None));
    assert!(read(vec![], vec![custom()]) == reaction("5", Some("")), "a picture says nothing");
    assert!(read(vec![], vec![json!({ "type": "paid" })]) == reaction("5", Some("")));
    let read = event(&reaction_update(7, 5, 777, vec![], vec![emoji("👎")]));
    assert_eq!((read.key.as_str(), read.order, read.at), ("u7", 7, Some(1_790_000_150_000)));
}

#[test]
fn a_reaction_in_a_group_or_of_somebody_hidden_is_not_for_us() {
    let update = |change: &dyn Fn(&mut Value)| {
        let mut update = reaction_update(7, 5, 777, vec![], vec![json!({ "type": "emoji", "emoji": "👎" })]);
        change(&mut update["message_reaction"]);
        kind(&update)
    };
    let group = json!({ "id": -100, "type": "supergroup", "title": "Supervisors" });
    assert_eq!(update(&|told| told["chat"] = group.clone()), "group_reaction");
    let hidden = |told: &mut Value| {
        told.as_object_mut().unwrap().remove("user");
        told["actor_chat"] = group.clone();
    };
    assert_eq!(update(&hidden), "reaction_by_other");
    assert_eq!(update(&|told| told["user"] = person(888)), "reaction_by_other");
    assert_eq!(update(&|told| told["user"]["is_bot"] = json!(true)), "reaction_by_other");
}

#[test]
fn an_edit_has_the_id_of_its_message_and_the_time_of_the_edit() {
    let mut edited = message("1", 777);
    edited["edit_date"] = json!(1_790_000_160);
    let read = event(&json!({ "update_id": 8, "edited_message": edited }));
    assert!(read.kind == InboundKind::Edited(TextMessage::new("1", client("777", None)).with_id("9")));
    assert_eq!((read.key.as_str(), read.at), ("u8", Some(1_790_000_160_000)));
    edited["business_connection_id"] = json!("bc_1");
    let read = event(&json!({ "update_id": 9, "edited_business_message": edited }));
    assert!(read.kind == InboundKind::Edited(TextMessage::new("1", client("777", Some("bc_1"))).with_id("9")));
    edited["from"] = person(555);
    assert_eq!(kind(&json!({ "update_id": 9, "edited_business_message": edited })), "business_message_by_owner");
}

#[test]
fn messages_deleted_together_are_events_of_their_own() {
    let told = json!({ "business_connection_id": "bc_1", "chat": private(777), "message_ids": [9, 10] });
    let request = signed(json!({ "update_id": 10, "deleted_business_messages": told }).to_string().as_bytes());
    let read = bot_at(NOWHERE, json!({ "receive": "webhook" })).receive(&request).unwrap().events;
    let deleted = |id: &str| InboundKind::Deleted { by: client("777", Some("bc_1")), message_id: id.into() };
    assert!(read.iter().map(|event| &event.kind).eq(&[deleted("9"), deleted("10")]));
    assert_eq!(read.iter().map(|event| event.key.as_str()).collect::<Vec<_>>(), ["u10:9", "u10:10"]);
    let none = json!({ "business_connection_id": "bc_1", "chat": private(777), "message_ids": [] });
    assert_eq!(kind(&json!({ "update_id": 11, "deleted_business_messages": none })), "deleted_business_messages");
}

/// Both messages as in the Bot API's own example of a group that becomes a supergroup.
#[test]
fn a_group_that_becomes_a_supergroup_has_moved() {
    let moved = InboundKind::Moved { from: Address::chat("-4011"), to: Address::chat("-1002511") };
    let from = json!({ "id": 7, "is_bot": false, "first_name": "Ann" });
    let old = json!({ "update_id": 1, "message": { "message_id": 3, "date": 1_790_000_000, "from": from, "migrate_to_chat_id": -1_002_511,
        "chat": { "id": -4_011, "type": "group", "title": "Support", "all_members_are_administrators": true } } });
    let new = json!({ "update_id": 2, "message": { "message_id": 1, "date": 1_790_000_000, "from": from, "migrate_from_chat_id": -4_011,
        "sender_chat": { "id": -1_002_511, "type": "supergroup", "title": "Support" },
        "chat": { "id": -1_002_511, "type": "supergroup", "title": "Support" } } });
    for update in [old, new] {
        assert_eq!(event(&update).kind, moved, "{update}");
    }
}

#[test]
fn a_press_in_a_topic_names_the_topic() {
    let mut update = press_update(1, "a1_tok_s", 777, 777, 5);
    let message = &mut update["callback_query"]["message"];
    message["chat"] = json!({ "id": -100, "type": "supergroup", "title": "Supervisors", "is_forum": true });
    (message["message_thread_id"], message["is_topic_message"]) = (json!(12), json!(true));
    let InboundKind::Press { by, .. } = event(&update).kind else { panic!("not a press") };
    assert_eq!((by.chat.as_str(), by.user.as_deref()), ("-100/12", Some("777")));
    update["callback_query"]["message"].as_object_mut().unwrap().remove("is_topic_message");
    let InboundKind::Press { by, .. } = event(&update).kind else { panic!("not a press") };
    assert_eq!(by.chat, "-100", "a thread of replies is no topic");
}
