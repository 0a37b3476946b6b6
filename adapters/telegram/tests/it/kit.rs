//! The contract's named cases, against the stub.

use crate::{
    samples::{SECRET, TOKEN, bot_at, press_update, private, reaction_update, signed, text_update},
    stub::{Logged, Play, Stub},
};
use async_trait::async_trait;
use lastword_contract::{
    Address, Channel, Headers, RawRequest,
    kit::{Call, Harness, Played, Remote},
};
use lastword_telegram::Telegram;
use serde_json::{Value, json};
use std::sync::atomic::{AtomicU64, Ordering};

/// A bot in one of three ways: its updates come by webhook, by polling, or not at all, so that it shows links.
struct Bot<const WAY: char> {
    stub: Stub,
    channel: Telegram,
    updates: AtomicU64,
}

impl<const WAY: char> Bot<WAY> {
    fn text_update(&self, text: &str, by: &Address) -> Option<Value> {
        (WAY != 'l').then_some(())?;
        Some(text_update(self.next_update(), text, by.chat.parse().ok()?))
    }

    fn next_update(&self) -> u64 {
        self.updates.fetch_add(1, Ordering::Relaxed)
    }
}

#[async_trait]
impl<const WAY: char> Harness for Bot<WAY> {
    async fn start() -> Self {
        let stub = Stub::start().await;
        let way = match WAY {
            'w' => json!({ "receive": "webhook" }),
            'p' => json!({ "receive": "polling" }),
            _ => json!({ "sharing": "links" }),
        };
        let channel = bot_at(&stub.base_url(), way);
        Self { stub, channel, updates: AtomicU64::new(900) }
    }

    fn channel(&self) -> &dyn Channel {
        &self.channel
    }

    async fn play(&self, remote: Remote) -> Played {
        self.stub.accept().await;
        match remote {
            Remote::Ok => self.stub.play(Play::Well),
            Remote::Blocked => self.stub.play(Play::refusal(403, "Forbidden: bot was blocked by the user")),
            Remote::Throttled(wait) => {
                let seconds = wait / 1_000;
                let words = format!("Too Many Requests: retry after {seconds}");
                self.stub.play(Play::refusal_with(429, &words, json!({ "retry_after": seconds })));
            }
            Remote::Down => self.stub.play(Play::refusal(500, "Internal Server Error")),
            Remote::Hang => self.stub.play(Play::Hang),
            Remote::Refused => self.stub.refuse().await,
            Remote::Garbage => self.stub.play(Play::page(200, "<html>Welcome to nginx")),
        }
        Played::Ready
    }

    async fn calls(&self) -> Vec<Call> {
        let message = |call: &Logged| matches!(call.method.as_str(), "sendMessage" | "editMessageText");
        self.stub.log().into_iter().filter(message).map(call).collect()
    }

    fn client(&self) -> Address {
        Address { chat: "7770001".into(), user: Some("7770001".into()), via: None }
    }

    fn group(&self) -> Option<Address> {
        Some(Address::chat("-1001234567890"))
    }

    fn stranger(&self) -> Option<Address> {
        Some(Address { chat: "7770001".into(), user: Some("8880002".into()), via: None })
    }

    fn press(&self, token: &str, by: &Address, message_id: Option<&str>) -> Option<RawRequest> {
        if WAY == 'l' {
            return None;
        }
        let user = by.user.as_deref().unwrap_or(&by.chat).parse().ok()?;
        let message_id = message_id.map_or(Some(5), |id| id.parse().ok())?;
        let update = press_update(self.next_update(), token, by.chat.parse().ok()?, user, message_id);
        Some(signed(update.to_string().as_bytes()))
    }

    fn text(&self, text: &str, by: &Address) -> Option<RawRequest> {
        Some(signed(self.text_update(text, by)?.to_string().as_bytes()))
    }

    fn reply(&self, text: &str, to: &str, by: &Address) -> Option<RawRequest> {
        let mut update = self.text_update(text, by)?;
        let replied =
            json!({ "message_id": to.parse::<i64>().ok()?, "date": 1, "chat": update["message"]["chat"], "text": "Red or blue?" });
        update["message"]["reply_to_message"] = replied;
        Some(signed(update.to_string().as_bytes()))
    }

    fn forwarded(&self, text: &str, by: &Address) -> Option<RawRequest> {
        let mut update = self.text_update(text, by)?;
        update["message"]["forward_origin"] = json!({ "type": "hidden_user", "date": 1, "sender_user_name": "Ann" });
        Some(signed(update.to_string().as_bytes()))
    }

    fn reaction(&self, message_id: &str, emoji: Option<&str>, by: &Address) -> Option<RawRequest> {
        let (mut old, mut new) = (Vec::new(), vec![json!({ "type": "emoji", "emoji": emoji.unwrap_or("👎") })]);
        if emoji.is_none() {
            std::mem::swap(&mut old, &mut new);
        }
        let update = reaction_update(self.next_update(), message_id.parse().ok()?, by.chat.parse().ok()?, old, new);
        (WAY != 'l').then(|| signed(update.to_string().as_bytes()))
    }

    fn edited(&self, text: &str, message_id: &str, by: &Address) -> Option<RawRequest> {
        let mut update = self.text_update(text, by)?;
        let mut message = update["message"].take();
        (message["message_id"], message["edit_date"]) = (json!(message_id.parse::<i64>().ok()?), json!(1_790_000_160));
        let update = json!({ "update_id": update["update_id"], "edited_message": message });
        Some(signed(update.to_string().as_bytes()))
    }

    fn deleted(&self, message_id: &str, by: &Address) -> Option<RawRequest> {
        let told = json!({ "business_connection_id": "bc_1", "chat": private(by.chat.parse().ok()?), "message_ids": [message_id.parse::<i64>().ok()?] });
        Some(signed(json!({ "update_id": self.next_update(), "deleted_business_messages": told }).to_string().as_bytes()))
    }

    async fn offer(&self) -> Option<Vec<u8>> {
        let update =
            format!("{{ \"update_id\" : {}, \"guest_message\" : {{\"x\":1.50, \"name\":\"J\\u00fcrgen\" }} }}", self.next_update());
        self.stub.push_raw(&update);
        (WAY == 'p').then(|| update.into_bytes())
    }

    fn unknown_event(&self) -> Option<RawRequest> {
        (WAY != 'l').then_some(())?;
        Some(signed(json!({ "update_id": self.next_update(), "guest_message": { "x": 1 } }).to_string().as_bytes()))
    }

    fn signed(&self, body: &[u8]) -> Option<RawRequest> {
        Some(signed(body))
    }

    fn forgeries(&self, request: &RawRequest) -> Vec<RawRequest> {
        let with = |headers: Headers| RawRequest { headers, ..request.clone() };
        let header = "X-Telegram-Bot-Api-Secret-Token";
        vec![
            with(Headers::default()),
            with(Headers::new([(header, "")])),
            with(Headers::new([(header, "wrong")])),
            with(Headers::new([(header, SECRET.to_lowercase() + "x")])),
        ]
    }

    fn secrets(&self) -> Vec<String> {
        let bare = TOKEN.split_once(':').map(|(_, bare)| bare.to_owned());
        [Some(TOKEN.to_owned()), bare, Some(TOKEN.replace(':', "%3A")), Some(SECRET.to_owned())].into_iter().flatten().collect()
    }
}

fn call(logged: Logged) -> Call {
    let rows = logged.body["reply_markup"]["inline_keyboard"].as_array().cloned().unwrap_or_default();
    let buttons = rows.iter().filter_map(Value::as_array).flatten();
    Call {
        text: logged.body["text"].as_str().unwrap_or_default().to_owned(),
        tokens: buttons.filter_map(token).collect(),
        replaces: logged.body["message_id"].as_i64().map(|id| id.to_string()),
        key: None,
        raw: logged.raw,
    }
}

/// What is on a button, or at the end of its link.
fn token(button: &Value) -> Option<String> {
    let link = || button["url"].as_str().and_then(|url| url.rsplit('/').next());
    button["callback_data"].as_str().or_else(link).map(str::to_owned)
}

mod by_webhook {
    lastword_contract::channel_cases!(super::Bot<'w'>);
}

mod by_polling {
    lastword_contract::channel_cases!(super::Bot<'p'>);
}

mod by_links {
    lastword_contract::channel_cases!(super::Bot<'l'>);
}
