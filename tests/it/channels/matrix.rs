//! Client actions on a message, from the platform's own webhooks to the rating: a reply or a reaction to another message
//! and to our question, an edit, a deletion. On WhatsApp and Messenger, on both databases.

use super::meta::{NUMBER, PAGE, Shop};
use crate::on_both_databases;
use lastword::domain::line::LineSettings;
use lastword::life::session::close_batch::{Close, Closed};
use lastword::store::answer::rating;
use lastword_contract::Address;
use serde_json::{Value, json};

on_both_databases! {
    what_a_client_does_with_a_message_of_whatsapp => whatsapp;
    what_a_client_does_with_a_message_of_messenger => messenger;
}

/// A client's action, in the order of events.
#[derive(Clone, Copy, Debug)]
enum Does {
    /// A text that replies to the message with this ID; to our question if it is empty.
    Replies(&'static str, &'static str),
    /// A reaction to that message.
    Reacts(&'static str, &'static str),
    /// The text of the last reply is replaced.
    Edits(&'static str),
    /// The last reply is deleted.
    Deletes,
}

/// The actions, and the resulting score and comment.
type Case = (&'static [Does], Option<(i64, Option<&'static str>)>);

const CASES: [Case; 8] = [
    (&[Does::Replies("wamid.other", "👎")], None),
    (&[Does::Replies("", "👎")], Some((0, None))),
    (&[Does::Reacts("wamid.other", "👎")], None),
    (&[Does::Reacts("", "👎")], Some((0, None))),
    (&[Does::Reacts("wamid.other", "👎"), Does::Replies("", "👍")], Some((1, None))),
    (&[Does::Replies("", "👎"), Does::Edits("👍")], Some((1, None))),
    (&[Does::Reacts("", "👎"), Does::Replies("", "Too slow"), Does::Edits("Much too slow")], Some((0, Some("Much too slow")))),
    (&[Does::Reacts("", "👎"), Does::Replies("", "Too slow"), Does::Deletes], Some((0, None))),
];

async fn play(shop: &Shop, client: &dyn Fn(usize) -> String, told: &dyn Fn(&str, usize, i64, Does, &str) -> Value) {
    shop.world().line(LineSettings { once_per_client_hours: 0, ..LineSettings::default() }).await;
    for (number, (does, expected)) in CASES.into_iter().enumerate() {
        let (world, who) = (shop.world(), client(number));
        let close = Close {
            connection: Some("shop".into()),
            address: Some(Address::chat(who.as_str())),
            client: None,
            last_client_message_at: Some(world.now()),
            ..world.close_of(&format!("S-{number}"))
        };
        let Closed::Kept { rating_request, decision: Ok(due_at), .. } = world.tell(close).await else { panic!("{does:?}: asked") };
        world.clock.set(due_at);
        world.work().await;
        let asked = shop.ask_of(&rating_request.to_string()).await.message_id.expect("the platform's id of the question");
        for (step, does) in does.iter().enumerate() {
            world.clock.advance(5_000);
            shop.posts(told(&who, number * 10 + step, world.now(), *does, &asked)).await;
            world.work().await;
        }
        let rated = rating::of_requests(&world.engine.db, &[rating_request]).await.unwrap().remove(&rating_request);
        let found = rated.as_ref().map(|rating| (rating.score, rating.comment.as_deref().filter(|comment| !comment.is_empty())));
        assert_eq!(found, expected, "{does:?}");
    }
}

/// The message that a step replies or reacts to.
fn target<'a>(id: &'a str, asked: &'a str) -> &'a str {
    if id.is_empty() { asked } else { id }
}

async fn whatsapp(url: String) {
    let shop = Shop::whatsapp(&url, json!({})).await;
    let told = |who: &str, step: usize, at: i64, does: Does, asked: &str| {
        // A correction follows its message immediately.
        let last = |back: usize| format!("wamid.said-{}", step - back);
        let mut message = match does {
            Does::Replies(to, text) => {
                json!({ "type": "text", "text": { "body": text }, "context": { "id": target(to, asked), "from": "1555" } })
            }
            Does::Reacts(to, emoji) => json!({ "type": "reaction", "reaction": { "message_id": target(to, asked), "emoji": emoji } }),
            Does::Edits(text) => json!({
                "type": "edit",
                "edit": { "original_message_id": last(1), "message": { "type": "text", "text": { "body": text }, "context": { "id": "M0" } } },
            }),
            Does::Deletes => json!({ "type": "revoke", "revoke": { "original_message_id": last(1) } }),
        };
        message["from"] = who.into();
        message["id"] = format!("wamid.said-{step}").into();
        message["timestamp"] = (at / 1_000).to_string().into();
        let value = json!({
            "messaging_product": "whatsapp", "metadata": { "phone_number_id": NUMBER }, "messages": [message],
            "contacts": [{ "wa_id": who, "profile": { "name": "Jane" } }],
        });
        json!({ "object": "whatsapp_business_account", "entry": [{ "id": "1", "changes": [{ "field": "messages", "value": value }] }] })
    };
    play(&shop, &|number| format!("4917012345{number:02}"), &told).await;
}

async fn messenger(url: String) {
    let shop = Shop::messenger(&url, json!({})).await;
    let told = |who: &str, step: usize, at: i64, does: Does, asked: &str| {
        let last = |back: usize| format!("m_said-{}", step - back);
        let (field, body) = match does {
            Does::Replies(to, text) => {
                ("message", json!({ "mid": format!("m_said-{step}"), "text": text, "reply_to": { "mid": target(to, asked) } }))
            }
            Does::Reacts(to, emoji) => ("reaction", json!({ "mid": target(to, asked), "action": "react", "emoji": emoji })),
            Does::Edits(text) => ("message_edit", json!({ "mid": last(1), "text": text, "num_edit": 1 })),
            Does::Deletes => ("message", json!({ "mid": last(1), "is_deleted": true })),
        };
        let mut event = json!({ "sender": { "id": who }, "recipient": { "id": PAGE }, "timestamp": at });
        event[field] = body;
        json!({ "object": "page", "entry": [{ "id": PAGE, "time": at, "messaging": [event] }] })
    };
    play(&shop, &|number| format!("7770{number}"), &told).await;
}
