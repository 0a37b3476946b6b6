//! WhatsApp, Messenger and Instagram against a stub of the Graph API, over real HTTP.

mod kit;
mod samples;
mod stub;
