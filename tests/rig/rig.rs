//! Test infrastructure: a private PostgreSQL, the real binary as a process, a stub of any HTTP service, a browser. Only
//! `world` knows ratings. Everything started here ends with the test process, even if that is killed.

pub(crate) mod adapters;
pub(crate) mod browser;
pub(crate) mod caller;
pub(crate) mod folder;
pub(crate) mod house;
pub(crate) mod mail;
pub(crate) mod postgres;
pub(crate) mod process;
pub(crate) mod sqlite;
pub(crate) mod stub;
pub(crate) mod tables;
pub(crate) mod world;

use std::path::PathBuf;

/// The root of the repository.
pub(crate) fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// True for the long form (`./test --long`): more seeds, more kills, a real desk.
pub(crate) fn long() -> bool {
    std::env::var("LASTWORD_TEST_LONG").is_ok_and(|value| value == "1")
}
