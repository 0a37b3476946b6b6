//! WhatsApp (Cloud API), Messenger and Instagram as channels of Lastword, over a small client of Meta's Graph API.
//!
//! # Modules
//!
//! | module | contents |
//! |---|---|
//! | `settings` | settings shared by all three, and their checks |
//! | `graph` | one call of the Graph API, made once with a time limit |
//! | `error` | maps Meta's codes to kinds and verdicts; the only module that reads them |
//! | `webhook_signature` | authenticates requests: the handshake, and `X-Hub-Signature-256` over the raw bytes |
//! | `event` | lenient parsing: one odd event does not affect the others of its request |
//! | `wording`, `words` | texts within their limits; labels in the client's language |
//! | `hook` | checks of webhook addresses |
//! | [`WhatsApp`] | one business phone number: reply buttons, lists, templates, Direct Send |
//! | [`Messenger`] | one Page: quick replies, buttons, the customer-feedback template |
//! | [`Instagram`] | one professional account: quick replies with a numbered text |
//! | `messaging` | shared by Messenger and Instagram, which both use the Messenger Platform |
//!
//! Sending is one call and never repeated here. Messages cannot be edited on these platforms, so thanks are new messages.
//! Facts, limits and codes are from Meta's documentation of 2026; other sources are named beside the values.

#![deny(missing_docs)]

mod error;
mod event;
mod graph;
mod hook;
mod instagram;
mod messaging;
mod messenger;
mod settings;
mod sharing;
mod webhook_signature;
mod whatsapp;
mod wording;
mod words;

pub use instagram::{Instagram, InstagramConfig};
pub use messenger::{Buttons, Feedback, Messenger, MessengerConfig};
pub use settings::{INSTAGRAM_SETTINGS, MESSENGER_SETTINGS, WHATSAPP_SETTINGS};
pub use sharing::Sharing;
pub use whatsapp::{Template, Templates, WhatsApp, WhatsAppConfig};
