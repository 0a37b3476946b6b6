//! The contract's named cases, for all three platforms against the stub.

mod deeds;

use crate::{
    samples::{
        ACCOUNT_ID, APP_SECRET, AT, AT_SECS, CLIENT, CLIENT_ID, NUMBER_ID, PAGE_ID, PSID, TOKEN, VERIFY_TOKEN, feedback, feedback_post,
        from_client, from_us, from_whatsapp, instagram, messenger, posted, signature, signed, templates, whatsapp, whatsapp_value,
    },
    stub::{Logged, Play, Stub},
};
use async_trait::async_trait;
use deeds::Deed;
use lastword_contract::{
    Address, Channel, Headers, RawRequest,
    kit::{Call, Harness, Played, Remote},
};
use serde_json::{Value, json};
use std::{
    marker::PhantomData,
    sync::atomic::{AtomicI64, Ordering},
};

/// What differs from platform to platform.
trait Platform: Send + Sync + 'static {
    /// The code and subcode of a client who cannot be reached.
    const BLOCKED: (i64, Option<i64>);
    /// The code of a rate limit.
    const THROTTLED: i64;
    /// True if anything is received, or answers come through links.
    const RECEIVES: bool = true;

    fn channel(base_url: &str, more: Value) -> Box<dyn Channel>;
    /// What is switched on for the kit.
    fn more() -> Value {
        json!({})
    }
    fn client() -> Address;
    fn stranger() -> Address;
    fn call(logged: Logged) -> Call;
    fn press(n: i64, token: &str, by: &Address, message_id: Option<&str>) -> Value;
    fn text(n: i64, text: &str, by: &Address) -> Value;
    fn delivered(message_id: &str, key: &str) -> Value;
    fn unknown() -> Value;
    fn deed(n: i64, deed: &Deed<'_>, by: &Address) -> Value;

    fn form(token: &str, score: u8, comment: &str, by: &Address) -> Option<Value> {
        let _ = (token, score, comment, by);
        None
    }
}

/// The harness of one platform.
struct On<P> {
    stub: Stub,
    channel: Box<dyn Channel>,
    last: AtomicI64,
    platform: PhantomData<P>,
}

impl<P> On<P> {
    fn next(&self) -> i64 {
        self.last.fetch_add(1, Ordering::Relaxed)
    }
}

impl<P: Platform> On<P> {
    fn deed(&self, deed: &Deed<'_>, by: &Address) -> Option<RawRequest> {
        P::RECEIVES.then(|| request(P::deed(self.next(), deed, by)))
    }
}

fn request(body: Value) -> RawRequest {
    signed(body.to_string().as_bytes())
}

#[async_trait]
impl<P: Platform> Harness for On<P> {
    async fn start() -> Self {
        let stub = Stub::start().await;
        let channel = P::channel(&stub.base_url(), P::more());
        Self { stub, channel, last: AtomicI64::new(0), platform: PhantomData }
    }

    fn channel(&self) -> &dyn Channel {
        self.channel.as_ref()
    }

    async fn play(&self, remote: Remote) -> Played {
        self.stub.accept().await;
        match remote {
            Remote::Ok => self.stub.play(Play::Well),
            Remote::Blocked => self.stub.play(Play::refusal(400, P::BLOCKED.0, P::BLOCKED.1, "This person isn't available right now")),
            Remote::Throttled(wait) => {
                let refusal = Play::refusal(400, P::THROTTLED, None, "Rate limit hit");
                self.stub.play(refusal.with_header("retry-after", (wait / 1_000).to_string()));
            }
            Remote::Down => self.stub.play(Play::refusal(500, 2, None, "Service temporarily unavailable")),
            Remote::Hang => self.stub.play(Play::Hang),
            Remote::Refused => self.stub.refuse().await,
            Remote::Garbage => self.stub.play(Play::page(200, "<html>Welcome to nginx")),
        }
        Played::Ready
    }

    async fn calls(&self) -> Vec<Call> {
        self.stub.sends().into_iter().map(P::call).collect()
    }

    fn client(&self) -> Address {
        P::client()
    }

    fn stranger(&self) -> Option<Address> {
        Some(P::stranger())
    }

    fn press(&self, token: &str, by: &Address, message_id: Option<&str>) -> Option<RawRequest> {
        P::RECEIVES.then(|| request(P::press(self.next(), token, by, message_id)))
    }

    fn text(&self, text: &str, by: &Address) -> Option<RawRequest> {
        P::RECEIVES.then(|| request(P::text(self.next(), text, by)))
    }

    fn form(&self, token: &str, score: u8, comment: &str, by: &Address) -> Option<RawRequest> {
        P::form(token, score, comment, by).map(request)
    }

    fn reply(&self, text: &str, to: &str, by: &Address) -> Option<RawRequest> {
        self.deed(&Deed::Reply { text, to }, by)
    }

    fn forwarded(&self, text: &str, by: &Address) -> Option<RawRequest> {
        self.deed(&Deed::Elsewhere { text }, by)
    }

    fn reaction(&self, message_id: &str, emoji: Option<&str>, by: &Address) -> Option<RawRequest> {
        self.deed(&Deed::Reaction { message_id, emoji }, by)
    }

    fn edited(&self, text: &str, message_id: &str, by: &Address) -> Option<RawRequest> {
        self.deed(&Deed::Edit { text, message_id }, by)
    }

    fn deleted(&self, message_id: &str, by: &Address) -> Option<RawRequest> {
        self.deed(&Deed::Deletion { message_id }, by)
    }

    fn delivered(&self, message_id: &str, key: &str) -> Option<RawRequest> {
        P::RECEIVES.then(|| request(P::delivered(message_id, key)))
    }

    fn unknown_event(&self) -> Option<RawRequest> {
        P::RECEIVES.then(|| request(P::unknown()))
    }

    fn signed(&self, body: &[u8]) -> Option<RawRequest> {
        P::RECEIVES.then(|| signed(body))
    }

    fn forgeries(&self, request: &RawRequest) -> Vec<RawRequest> {
        forgeries(request)
    }

    fn secrets(&self) -> Vec<String> {
        [TOKEN, APP_SECRET, VERIFY_TOKEN].map(str::to_owned).to_vec()
    }
}

/// Every way not to be Meta.
fn forgeries(request: &RawRequest) -> Vec<RawRequest> {
    let (header, own) = ("X-Hub-Signature-256", signature(&request.body));
    let with = |value: &str| posted(&request.body, Headers::new([(header, value)]));
    let mut flipped = request.clone();
    flipped.body[10] ^= 1;
    vec![
        posted(&request.body, Headers::default()),
        with(""),
        with("sha256="),
        with(own.trim_start_matches("sha256=")),
        with(&own.replace("sha256", "sha1")),
        with(&own[..own.len() - 2]),
        with(&signature(b"another body")),
        flipped,
    ]
}

struct OnWhatsApp;

impl Platform for OnWhatsApp {
    const BLOCKED: (i64, Option<i64>) = (131_026, None);
    const THROTTLED: i64 = 130_429;

    fn channel(base_url: &str, more: Value) -> Box<dyn Channel> {
        Box::new(whatsapp(base_url, more))
    }

    fn more() -> Value {
        templates()
    }

    fn client() -> Address {
        Address { chat: CLIENT.into(), user: Some(CLIENT_ID.into()), via: None }
    }

    fn stranger() -> Address {
        Address { user: Some("US.999".into()), ..Self::client() }
    }

    fn call(logged: Logged) -> Call {
        whatsapp_call(logged)
    }

    fn press(n: i64, token: &str, by: &Address, message_id: Option<&str>) -> Value {
        let context = message_id.map(|id| json!({ "from": NUMBER_ID, "id": id }));
        let reply = json!({ "type": "button_reply", "button_reply": { "id": token, "title": "👍" } });
        whatsapp_event(n, by, json!({ "context": context, "type": "interactive", "interactive": reply }))
    }

    fn text(n: i64, text: &str, by: &Address) -> Value {
        whatsapp_event(n, by, json!({ "type": "text", "text": { "body": text } }))
    }

    fn delivered(message_id: &str, key: &str) -> Value {
        whatsapp_value(json!({ "statuses": [{ "id": message_id, "status": "delivered", "timestamp": AT_SECS.to_string(),
            "recipient_id": CLIENT, "biz_opaque_callback_data": key }] }))
    }

    fn unknown() -> Value {
        json!({ "object": "whatsapp_business_account", "entry": [{ "id": "1", "changes": [{ "field": "moods", "value": { "mood": "good" } }] }] })
    }

    fn deed(n: i64, deed: &Deed<'_>, by: &Address) -> Value {
        deeds::on_whatsapp(n, deed, by)
    }
}

struct OnMessenger;

impl Platform for OnMessenger {
    const BLOCKED: (i64, Option<i64>) = (551, Some(1_545_041));
    const THROTTLED: i64 = 613;

    fn channel(base_url: &str, more: Value) -> Box<dyn Channel> {
        Box::new(messenger(base_url, more))
    }

    fn more() -> Value {
        feedback()
    }

    fn client() -> Address {
        Address::chat(PSID)
    }

    fn stranger() -> Address {
        Address::chat("8880001112223334")
    }

    fn call(logged: Logged) -> Call {
        messaging_call(logged)
    }

    fn press(n: i64, token: &str, by: &Address, _: Option<&str>) -> Value {
        messaging_press("page", PAGE_ID, n, token, by)
    }

    fn text(n: i64, text: &str, by: &Address) -> Value {
        messaging_text("page", PAGE_ID, n, text, by)
    }

    fn delivered(message_id: &str, key: &str) -> Value {
        messaging_echo("page", PAGE_ID, message_id, key)
    }

    fn unknown() -> Value {
        from_client("page", PAGE_ID, json!({ "mood": { "mood": "good" } }))
    }

    fn deed(n: i64, deed: &Deed<'_>, by: &Address) -> Value {
        deeds::on_messaging("page", PAGE_ID, n, deed, by)
    }

    fn form(token: &str, score: u8, comment: &str, by: &Address) -> Option<Value> {
        Some(with_client(feedback_post(token, json!(score.to_string()), Some(comment)), by))
    }
}

struct OnInstagram;

impl Platform for OnInstagram {
    const BLOCKED: (i64, Option<i64>) = (10, Some(2_018_108));
    const THROTTLED: i64 = 613;

    fn channel(base_url: &str, more: Value) -> Box<dyn Channel> {
        Box::new(instagram(base_url, more))
    }

    fn client() -> Address {
        Address::chat(PSID)
    }

    fn stranger() -> Address {
        Address::chat("8880001112223334")
    }

    fn call(logged: Logged) -> Call {
        messaging_call(logged)
    }

    fn press(n: i64, token: &str, by: &Address, _: Option<&str>) -> Value {
        messaging_press("instagram", ACCOUNT_ID, n, token, by)
    }

    fn text(n: i64, text: &str, by: &Address) -> Value {
        messaging_text("instagram", ACCOUNT_ID, n, text, by)
    }

    fn delivered(message_id: &str, key: &str) -> Value {
        messaging_echo("instagram", ACCOUNT_ID, message_id, key)
    }

    fn unknown() -> Value {
        from_client("instagram", ACCOUNT_ID, json!({ "mood": { "mood": "good" } }))
    }

    fn deed(n: i64, deed: &Deed<'_>, by: &Address) -> Value {
        deeds::on_messaging("instagram", ACCOUNT_ID, n, deed, by)
    }
}

/// A platform with `sharing = "links"`.
struct WithLinks<P>(PhantomData<P>);

impl<P: Platform> Platform for WithLinks<P> {
    const BLOCKED: (i64, Option<i64>) = P::BLOCKED;
    const THROTTLED: i64 = P::THROTTLED;
    const RECEIVES: bool = false;

    fn channel(base_url: &str, more: Value) -> Box<dyn Channel> {
        let mut links = json!({ "sharing": "links" });
        links.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        P::channel(base_url, links)
    }

    fn more() -> Value {
        json!({})
    }

    fn client() -> Address {
        P::client()
    }

    fn stranger() -> Address {
        P::stranger()
    }

    /// Links in the text count by their token.
    fn call(logged: Logged) -> Call {
        let call = P::call(logged);
        let tokens = call.text.split_whitespace().filter_map(|word| word.split_once("/r/")).map(|(_, token)| token.to_owned()).collect();
        Call { tokens, ..call }
    }

    fn press(n: i64, token: &str, by: &Address, message_id: Option<&str>) -> Value {
        P::press(n, token, by, message_id)
    }

    fn text(n: i64, text: &str, by: &Address) -> Value {
        P::text(n, text, by)
    }

    fn delivered(message_id: &str, key: &str) -> Value {
        P::delivered(message_id, key)
    }

    fn unknown() -> Value {
        P::unknown()
    }

    fn deed(n: i64, deed: &Deed<'_>, by: &Address) -> Value {
        P::deed(n, deed, by)
    }
}

mod whatsapp_passes {
    lastword_contract::channel_cases!(super::On<super::OnWhatsApp>);
}

mod messenger_passes {
    lastword_contract::channel_cases!(super::On<super::OnMessenger>);
}

mod instagram_passes {
    lastword_contract::channel_cases!(super::On<super::OnInstagram>);
}

mod whatsapp_passes_with_links {
    lastword_contract::channel_cases!(super::On<super::WithLinks<super::OnWhatsApp>>);
}

mod messenger_passes_with_links {
    lastword_contract::channel_cases!(super::On<super::WithLinks<super::OnMessenger>>);
}

mod instagram_passes_with_links {
    lastword_contract::channel_cases!(super::On<super::WithLinks<super::OnInstagram>>);
}

fn whatsapp_event(n: i64, by: &Address, part: Value) -> Value {
    let mut message =
        json!({ "from": by.chat, "from_user_id": by.user, "id": format!("wamid.{n}"), "timestamp": (AT_SECS + n).to_string() });
    for (key, value) in part.as_object().unwrap() {
        message[key] = value.clone();
    }
    from_whatsapp(message)
}

fn messaging_press(object: &str, account: &str, n: i64, token: &str, by: &Address) -> Value {
    let message = json!({ "mid": format!("m_{n}"), "text": "👍", "quick_reply": { "payload": token } });
    with_client(from_client(object, account, json!({ "timestamp": AT + n, "message": message })), by)
}

fn messaging_text(object: &str, account: &str, n: i64, text: &str, by: &Address) -> Value {
    let message = json!({ "mid": format!("m_{n}"), "text": text });
    with_client(from_client(object, account, json!({ "timestamp": AT + n, "message": message })), by)
}

fn with_client(mut body: Value, by: &Address) -> Value {
    body["entry"][0]["messaging"][0]["sender"]["id"] = json!(by.chat);
    body
}

fn messaging_echo(object: &str, account: &str, message_id: &str, key: &str) -> Value {
    from_us(object, account, json!({ "message": { "is_echo": true, "app_id": 1, "mid": message_id, "metadata": key, "text": "…" } }))
}

/// Everything that can be tapped in what WhatsApp would show.
fn whatsapp_call(logged: Logged) -> Call {
    let body = &logged.body;
    let text = |path: &str| body.pointer(path).and_then(Value::as_str);
    let list = |path: &str| body.pointer(path).and_then(Value::as_array).cloned().unwrap_or_default();
    let buttons = list("/interactive/action/buttons").into_iter().filter_map(|button| button["reply"]["id"].as_str().map(str::to_owned));
    let rows = list("/interactive/action/sections")
        .into_iter()
        .flat_map(|section| section["rows"].as_array().cloned().unwrap_or_default())
        .filter_map(|row| row["id"].as_str().map(str::to_owned));
    let payloads = list("/template/components").into_iter().filter_map(|part| part["parameters"][0]["payload"].as_str().map(str::to_owned));
    Call {
        text: text("/text/body").or_else(|| text("/interactive/body/text")).unwrap_or_default().to_owned(),
        tokens: buttons.chain(rows).chain(payloads).collect(),
        replaces: None,
        key: text("/biz_opaque_callback_data").map(str::to_owned),
        raw: logged.raw,
    }
}

/// Everything that can be tapped or filled in in what Messenger and Instagram would show.
fn messaging_call(logged: Logged) -> Call {
    let message = &logged.body["message"];
    let text = |path: &str| message.pointer(path).and_then(Value::as_str);
    let list = |path: &str| message.pointer(path).and_then(Value::as_array).cloned().unwrap_or_default();
    let replies = list("/quick_replies").into_iter().chain(list("/attachment/payload/buttons"));
    let replies = replies.filter_map(|reply| reply["payload"].as_str().map(str::to_owned));
    let forms =
        list("/attachment/payload/feedback_screens/0/questions").into_iter().filter_map(|one| one["id"].as_str().map(str::to_owned));
    Call {
        text: text("/text").or_else(|| text("/attachment/payload/text")).unwrap_or_default().to_owned(),
        tokens: replies.chain(forms).collect(),
        replaces: None,
        key: text("/metadata").map(str::to_owned),
        raw: logged.raw,
    }
}
