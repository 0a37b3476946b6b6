//! The web pages over HTTP: the real routes over the real engine, called like a browser. A test binary of its own, so that a changed
//! page is tested in seconds.
#![expect(clippy::disallowed_methods, reason = "tests stand outside: they set environments, wait for real processes and talk to databases")]

mod alarms;
mod asking;
mod browsers;
mod chats;
mod clients;
mod connections;
mod experiments;
mod foreign;
mod lines;
mod low;
mod matrix;
mod mend;
mod organisation;
mod people;
mod quarantine;
mod rating_desk;
mod ratings;
#[path = "../rig/rig.rs"]
#[expect(dead_code, reason = "other tests need the rest")]
mod rig;
mod setup;
mod way_in;
