//! WhatsApp (Cloud API), Messenger and Instagram as channels of Lastword, over one small client of Meta's Graph API.
//!
//! # Map
//!
//! | module | what it is |
//! |---|---|
//! | `settings` | what all three have in common in `lastword.toml`, and its mistakes as sentences |
//! | `graph` | one call of the Graph API, made once, with a hard time limit |
//! | `error` | Meta's codes as kinds and verdicts; the only place that reads them |
//! | `webhook_signature` | who may post to us: the handshake, and `X-Hub-Signature-256` over the raw bytes |
//! | `event` | reading webhooks leniently: one odd event never spoils its neighbours |
//! | `wording`, `words` | texts within their limits; labels in the client's language |
//! | `hook` | what the platforms say about where webhooks go |
//! | [`WhatsApp`] | one business phone number: reply buttons, lists, templates, Direct Send |
//! | [`Messenger`] | one Page: quick replies, buttons, the customer-feedback template |
//! | [`Instagram`] | one professional account: quick replies with a numbered text |
//! | `messaging` | what Messenger and Instagram share: both speak the Messenger Platform |
//!
//! A send is one call and never repeated here. Nothing can be edited on these platforms, so thanks are a new message.
//! Facts, limits and codes are Meta's documentation of 2026; each number says so where it stands.

#![deny(missing_docs)]

mod error;
mod event;
mod graph;
mod hook;
mod instagram;
mod messaging;
mod messenger;
mod settings;
mod webhook_signature;
mod whatsapp;
mod wording;
mod words;

pub use instagram::{Instagram, InstagramConfig};
pub use messenger::{Buttons, Feedback, Messenger, MessengerConfig};
pub use settings::{INSTAGRAM_SETTINGS, MESSENGER_SETTINGS, Sharing, WHATSAPP_SETTINGS};
pub use whatsapp::{Template, Templates, WhatsApp, WhatsAppConfig};
