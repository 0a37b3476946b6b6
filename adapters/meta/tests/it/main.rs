//! WhatsApp, Messenger and Instagram against a stub of the Graph API, over real HTTP.

mod account;
mod config;
mod errors;
mod golden;
mod kit;
mod limits;
mod messaging_posts;
mod properties;
mod samples;
mod signatures;
mod stub;
mod whatsapp_posts;
