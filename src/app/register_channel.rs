//! Channels of other programs: kinds that they register in addition to those of this build.

/// The crate of the shared HTTP client ([`ChannelDeps::http`]), in its version.
pub use reqwest;

use super::{ChannelDeps, StartError};
use crate::settings::Connection;
use lastword_contract::Channel;
use std::sync::{Arc, PoisonError, RwLock};

/// Creates the channel of one connection, or returns a problem with its settings ([`Connection::problem`]).
pub type Maker = fn(&Connection, &ChannelDeps) -> Result<Arc<dyn Channel>, StartError>;

// A program registers its kinds once, before anything runs; then every command knows them.
static ADOPTED: RwLock<Vec<(&'static str, Maker)>> = RwLock::new(Vec::new());

/// Registers `maker` for `kind = "…"` in the settings. Call it in `main`, before [`crate::cli::run`]; kinds of this build
/// cannot be replaced. `examples/third_party_channel` is a complete program.
pub fn adopt(kind: &'static str, maker: Maker) {
    ADOPTED.write().unwrap_or_else(PoisonError::into_inner).push((kind, maker));
}

pub(super) fn maker(kind: &str) -> Option<Maker> {
    let adopted = ADOPTED.read().unwrap_or_else(PoisonError::into_inner);
    adopted.iter().find(|(known, _)| *known == kind).map(|(_, maker)| *maker)
}

/// The registered kinds.
pub(super) fn kinds() -> Vec<&'static str> {
    ADOPTED.read().unwrap_or_else(PoisonError::into_inner).iter().map(|(kind, _)| *kind).collect()
}
