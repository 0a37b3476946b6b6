//! A person changes a line's settings, or its recipients. Two people at once: the second is told, nothing is
//! overwritten silently.

use super::channels::contract_scale;
use super::engine::Engine;
use crate::domain::line::BadSetting;
use crate::store::StoreError;
use crate::store::line::{self, Line, LineChange};
use crate::store::recipient::{self, Recipient};

/// What became of a change.
#[derive(Debug)]
pub enum Changed {
    /// It holds from now on.
    Saved(Box<Line>),
    /// Somebody else changed the line since: this is how it is now (none: it is not there at all).
    Outdated(Option<Box<Line>>),
    /// A setting makes no sense.
    Bad(BadSetting),
}

/// Saves a line.
///
/// # Errors
/// The database's error.
pub async fn save_line(engine: &Engine, change: LineChange) -> Result<Changed, StoreError> {
    if let Err(bad) = change.settings.check() {
        return Ok(Changed::Bad(bad));
    }
    let id = change.id.clone();
    let saved = engine
        .db
        .write(move |tx| {
            let change = change.clone();
            Box::pin(async move { Ok::<_, StoreError>((line::save(tx, &change).await?, line::load(tx, &change.id).await?)) })
        })
        .await?;
    Ok(match saved {
        (true, Some(line)) => {
            engine.lines.keep(line.clone());
            Changed::Saved(Box::new(line))
        }
        (_, now) => {
            debug_assert!(now.as_ref().is_none_or(|line| line.id == id), "a line is loaded by its id");
            Changed::Outdated(now.map(Box::new))
        }
    })
}

/// Saves a recipient. Gives whether it could be saved: an operator can be only one recipient.
///
/// # Errors
/// The database's error.
pub async fn save_recipient(engine: &Engine, recipient: Recipient) -> Result<bool, StoreError> {
    let saved = engine
        .db
        .write(move |tx| {
            let recipient = recipient.clone();
            Box::pin(async move { recipient::save(tx, &recipient).await })
        })
        .await;
    match saved {
        Ok(()) => Ok(true),
        Err(StoreError::Conflict) => Ok(false),
        Err(error) => Err(error),
    }
}

/// What would not work as it is set: alerts that reach nobody, or only some, and a fallback channel that cannot ask. It
/// stands on the line's page. Empty when all is well.
pub fn warnings(engine: &Engine, line: &Line, recipients: &[Recipient]) -> Vec<String> {
    let alerts = &line.settings.alerts;
    let mut warnings: Vec<String> = fallback_warning(engine, line).into_iter().collect();
    if alerts.recipients.is_empty() {
        warnings.push("Nobody is told of a low rating on this line: name a recipient in alerts.recipients.".to_owned());
    }
    let reachable = |recipient: &Recipient| {
        let channel = recipient.connection.as_deref().and_then(|name| engine.channels.get(name));
        recipient.disabled_at.is_none() && channel.is_some_and(|channel| channel.capabilities().alerts)
    };
    let named = alerts.recipients.iter().flat_map(|name| match name.as_str() {
        "operator" => Vec::new(),
        "supervisors" if alerts.supervisors.is_empty() => {
            warnings.push("Alerts go to the supervisors of this line, and it has none: name them in alerts.supervisors.".to_owned());
            Vec::new()
        }
        "supervisors" => alerts.supervisors.clone(),
        id => vec![id.to_owned()],
    });
    let named: Vec<String> = named.chain(alerts.escalate_to.iter().cloned()).collect();
    for id in named {
        match recipients.iter().find(|recipient| recipient.id == id) {
            None => warnings.push(format!("There is no recipient {id}.")),
            Some(group) if group.kind == "group" && group.members.is_empty() => {
                warnings.push(format!("The group {} is empty.", group.name))
            }
            Some(person) if person.kind == "person" && !reachable(person) => {
                warnings.push(format!("{} cannot be told: switched off, or the connection is missing or carries no alerts.", person.name));
            }
            Some(_) => {}
        }
    }
    warnings
}

fn fallback_warning(engine: &Engine, line: &Line) -> Option<String> {
    let name = line.settings.window.fallback.as_deref()?;
    match engine.channels.get(name) {
        None => Some(format!("The fallback channel {name} is not among the connections: add it, or change window.fallback.")),
        Some(channel) if !channel.capabilities().asks(contract_scale(line.settings.scale)) => {
            Some(format!("The fallback channel {name} cannot ask on the scale {}: change window.fallback.", line.settings.scale.as_str()))
        }
        Some(_) => None,
    }
}
