//! The connection to browsers in which people switched notifications on: one, there by itself.

use super::webhook::{PushConfig, WebPush};
use super::{ChannelDeps, Connections, StartError};
use crate::life::alert::push::WEB_PUSH;
use crate::settings::Connection;
use lastword_contract::Channel;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The connection with these settings.
pub(super) fn made(name: &str, config: PushConfig, deps: &ChannelDeps) -> Result<Arc<dyn Channel>, String> {
    if name != WEB_PUSH {
        return Err(format!("there is one connection to browsers, and it is called {WEB_PUSH}"));
    }
    let public_url = deps.public_url.as_ref().map(url::Url::as_str);
    Ok(Arc::new(WebPush::new(name, config, deps.vault.clone(), public_url)?))
}

/// Adds it where the settings do not name it.
pub(super) fn add(all: &mut Connections, named: &BTreeMap<String, Connection>, deps: &ChannelDeps) -> Result<(), StartError> {
    if !named.contains_key(WEB_PUSH) {
        all.channels.add(WEB_PUSH, made(WEB_PUSH, PushConfig::default(), deps).map_err(StartError::Other)?, Vec::new());
    }
    Ok(())
}
