//! Chatwoot: the kits of desks and channels against a stub of its API, written from its documents and source.

mod channel;
mod desk;
mod history;
mod languages;
mod stub;
