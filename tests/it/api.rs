//! The API over HTTP: the real routes over the real engine, called as a desk, a platform or a stranger does.

mod alerts;
mod assistants;
mod clients;
mod closes;
mod commits;
mod connections;
mod description;
mod edges;
mod hooks;
mod limited_keys;
mod nouns;
mod plan;
mod rate_limits;
mod ratings;
mod refused;
mod reports;
mod reviews;
mod rights;
mod until;
mod web_chat;
mod wishes;
