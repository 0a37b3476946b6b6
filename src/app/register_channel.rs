//! Channels from outside: kinds that a program of somebody else brings along, beside those of this build.

/// The crate of the one HTTP client ([`ChannelDeps::http`]), in its version.
pub use reqwest;

use super::{ChannelDeps, StartError};
use crate::settings::Connection;
use lastword_contract::Channel;
use std::sync::{Arc, PoisonError, RwLock};

/// Makes the channel of one connection, or says what is wrong with its settings ([`Connection::problem`]).
pub type Maker = fn(&Connection, &ChannelDeps) -> Result<Arc<dyn Channel>, StartError>;

// A program says once, before anything runs, which kinds it brings; every command then knows them.
static ADOPTED: RwLock<Vec<(&'static str, Maker)>> = RwLock::new(Vec::new());

/// Lets `kind = "…"` in the settings be made by `maker`. Call it in `main`, before [`crate::cli::run`]; a kind of this build
/// stays what it is. `examples/third_party_channel` is a whole program that does.
pub fn adopt(kind: &'static str, maker: Maker) {
    ADOPTED.write().unwrap_or_else(PoisonError::into_inner).push((kind, maker));
}

pub(super) fn maker(kind: &str) -> Option<Maker> {
    let adopted = ADOPTED.read().unwrap_or_else(PoisonError::into_inner);
    adopted.iter().find(|(known, _)| *known == kind).map(|(_, maker)| *maker)
}

/// The kinds that were adopted.
pub(super) fn kinds() -> Vec<&'static str> {
    ADOPTED.read().unwrap_or_else(PoisonError::into_inner).iter().map(|(kind, _)| *kind).collect()
}
