//! Recipients notified when a connection or a room is broken.

use crate::engine::Engine;
use crate::engine::channels::Channels;
use crate::recipient::choose::persons;
use lastword_base::names::ConnectionId;
use lastword_domain::line::Alerts;
use lastword_store::Millis;
use lastword_store::alert::recipient::Recipient;
use lastword_store::connection::ConnectionState;
use lastword_store::line::Line;
use std::collections::BTreeSet;

/// Recipients to notify that `broken` is broken: those named in the settings, else all recipients that lines name, else all recipients.
/// Only those reachable through another connection that works; if none of the wanted ones is, all that are.
pub(crate) fn admins(
    engine: &Engine,
    broken: &ConnectionId,
    states: &[ConnectionState],
    (recipients, lines): (&[Recipient], &[Line]),
    now: Millis,
) -> Vec<Recipient> {
    let of_lines = || -> BTreeSet<&str> {
        let all = lines.iter().filter(|line| line.archived_at.is_none()).map(|line| &line.settings.alerts);
        all.flat_map(Alerts::named).map(String::as_str).collect()
    };
    let named: BTreeSet<&str> = match engine.options.admins.is_empty() {
        false => engine.options.admins.iter().map(String::as_str).collect(),
        true => of_lines(),
    };
    let wanted: BTreeSet<String> = named.iter().flat_map(|id| persons(id, recipients)).filter_map(Result::ok).collect();
    let held = |state: &ConnectionState| state.stopped_at.is_some() || state.waits_until(now).is_some();
    let stopped = |name: &ConnectionId| states.iter().any(|state| state.name == *name && held(state));
    let reaches = |person: &&Recipient| {
        let through = person.connection.as_ref().filter(|name| *name != broken && !stopped(name));
        person.disabled_at.is_none() && person.address.is_some() && through.is_some_and(|name| carries_alerts(&engine.channels, name))
    };
    let chosen: Vec<Recipient> = recipients.iter().filter(|person| wanted.contains(&person.id)).filter(reaches).cloned().collect();
    match chosen.is_empty() {
        false => chosen,
        true => recipients.iter().filter(reaches).cloned().collect(),
    }
}

fn carries_alerts(channels: &Channels, name: &ConnectionId) -> bool {
    channels.get(name).is_some_and(|channel| channel.capabilities().alerts)
}
