//! Connections that are there by themselves, one of each kind: to browsers in which people switched notifications on, and to chat rooms.

#[cfg(feature = "rooms")]
use super::rooms::{Config, Rooms};
#[cfg(feature = "webhook")]
use super::webhook::{PushConfig, WebPush};
use super::{ChannelDeps, Connections, StartError};
#[cfg(feature = "webhook")]
use crate::life::recipient::push::WEB_PUSH;
#[cfg(feature = "rooms")]
use crate::life::recipient::room::ROOMS;
use crate::settings::Connection;
use lastword_contract::Channel;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Makes a connection with these settings, or with none.
type Make = fn(Option<&Connection>, &ChannelDeps) -> Result<Arc<dyn Channel>, StartError>;

/// Name and kind of each, and what makes it.
const ALL: &[(&str, &str, Make)] = &[
    #[cfg(feature = "webhook")]
    (WEB_PUSH, "web_push", browsers),
    #[cfg(feature = "rooms")]
    (ROOMS, "room", rooms),
];

/// `true` if connections of this kind are there by themselves.
pub(super) fn is_one(kind: &str) -> bool {
    ALL.iter().any(|(_, known, _)| *known == kind)
}

/// The connection of these settings.
///
/// # Errors
/// When it is not called as the one that there is, or a setting cannot be used.
pub(super) fn made(connection: &Connection, deps: &ChannelDeps) -> Result<Arc<dyn Channel>, StartError> {
    match ALL.iter().find(|(name, kind, _)| *kind == connection.kind && *name == connection.name) {
        Some((.., make)) => make(Some(connection), deps),
        None => {
            let name = ALL.iter().find(|(_, kind, _)| *kind == connection.kind).map_or("", |(name, ..)| name);
            let problem = format!("there is one connection of the kind {}, and it is called {name}", connection.kind);
            Err(connection.refused(&problem).into())
        }
    }
}

/// Adds those that the settings do not name.
///
/// # Errors
/// When one cannot be made.
pub(super) fn add(all: &mut Connections, named: &BTreeMap<String, Connection>, deps: &ChannelDeps) -> Result<(), StartError> {
    for (name, _, make) in ALL.iter().filter(|(name, ..)| !named.contains_key(*name)) {
        all.channels.add(*name, make(None, deps)?, Vec::new());
    }
    Ok(())
}

/// The error, with the place in the settings if there is one.
#[cfg(any(feature = "rooms", feature = "webhook"))]
fn refused(connection: Option<&Connection>, problem: String) -> StartError {
    match connection {
        Some(connection) => connection.refused(&problem).into(),
        None => StartError::Other(problem),
    }
}

#[cfg(feature = "webhook")]
fn browsers(connection: Option<&Connection>, deps: &ChannelDeps) -> Result<Arc<dyn Channel>, StartError> {
    let config: PushConfig = connection.map(Connection::read).transpose()?.unwrap_or_default();
    let public_url = deps.public_url.as_ref().map(url::Url::as_str);
    let made = WebPush::new(WEB_PUSH, config, deps.vault.clone(), public_url);
    Ok(Arc::new(made.map_err(|problem| refused(connection, problem))?))
}

#[cfg(feature = "rooms")]
fn rooms(connection: Option<&Connection>, _: &ChannelDeps) -> Result<Arc<dyn Channel>, StartError> {
    let config: Config = connection.map(Connection::read).transpose()?.unwrap_or_default();
    Ok(Arc::new(Rooms::new(&config).map_err(|problem| refused(connection, problem))?))
}
