//! What tests stand on: a private PostgreSQL, the real binary as a process, a stub of anybody's HTTP service, a browser.
//! Nothing here but `world` knows ratings. Whatever it starts ends with the test process, even if that is killed.

pub(crate) mod browser;
pub(crate) mod folder;
pub(crate) mod mail;
pub(crate) mod postgres;
pub(crate) mod process;
pub(crate) mod sqlite;
pub(crate) mod stub;
pub(crate) mod world;

use std::path::PathBuf;

/// The root of the repository.
pub(crate) fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Whether the long form was asked for (`./test --long`): more seeds, more kills, a real desk.
pub(crate) fn long() -> bool {
    std::env::var("LASTWORD_TEST_LONG").is_ok_and(|value| value == "1")
}
