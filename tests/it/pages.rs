//! The web pages over HTTP: the real routes over the real engine, called like a browser.

mod alarms;
mod asking;
mod browsers;
mod chats;
mod clients;
mod connections;
mod experiments;
mod foreign;
pub(crate) mod house;
mod lines;
mod low;
mod matrix;
mod mend;
mod organisation;
mod people;
mod quarantine;
mod rating_desk;
mod ratings;
mod setup;
mod way_in;
