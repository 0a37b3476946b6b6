//! The API over HTTP: the real routes over the real engine, called as a desk, a platform or a stranger would.

pub(crate) mod caller;
mod clients;
mod closes;
mod commits;
mod description;
mod hooks;
mod nouns;
mod plan;
mod rate_limits;
mod ratings;
mod reports;
mod reviews;
mod rights;
mod web_chat;
mod wishes;
