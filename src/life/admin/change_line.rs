//! Changes a line's settings, or recipients. If two people change a line at the same time, the second gets an error and nothing is
//! overwritten.

use crate::engine::Engine;
use crate::engine::channels::contract_scale;
use lastword_base::names::ConnectionId;
use lastword_domain::access::audit::{Act, By, Entry};
use lastword_domain::alert::RecipientKind;
use lastword_domain::line::{BadSetting, LineSettings};
use lastword_domain::session::label::Named;
use lastword_store::access::audit;
use lastword_store::alert::recipient::{self, Recipient};
use lastword_store::line::{self, Line, LineChange};
use lastword_store::{Millis, StoreError, document_or_said, transaction};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Result of a change.
#[derive(Debug)]
pub enum Changed {
    /// Saved.
    Saved(Box<Line>),
    /// The line was changed in the meantime: its current state (`None`: it does not exist).
    Outdated(Option<Box<Line>>),
    /// A setting is invalid.
    Bad(BadSetting),
}

/// Saves a line without a known actor, for the demo and for tests.
#[lastword_base::boxed]
pub async fn save_line(engine: &Engine, change: LineChange) -> Result<Changed, StoreError> {
    save(engine, None, change).await
}

/// Saves a line, and records the change in the audit log.
#[lastword_base::boxed]
pub async fn save_line_by(engine: &Engine, by: &By, change: LineChange) -> Result<Changed, StoreError> {
    save(engine, Some(by.clone()), change).await
}

async fn save(engine: &Engine, by: Option<By>, change: LineChange) -> Result<Changed, StoreError> {
    if let Err(bad) = change.settings.check() {
        return Ok(Changed::Bad(bad));
    }
    if let Err(bad) = known_labels(&engine.options.named, &change.settings) {
        return Ok(Changed::Bad(bad));
    }
    let id = change.id.clone();
    let saved = transaction!(engine.db, [engine, by, change], async |tx| {
        let before = line::load(tx, &change.id).await?;
        if let Some(bad) =
            before.as_ref().filter(|line| line.version == change.seen_version).and_then(|line| held_still(line, &change.settings))
        {
            return Ok(Err(bad));
        }
        let saved = line::save(tx, &change).await?;
        if let (true, Some(by)) = (saved, &by) {
            let after = summary(&change.name, &change.settings, change.archived);
            let before = before.map_or(Value::Null, |line| summary(&line.name, &line.settings, line.archived_at.is_some()));
            let entry = Entry::new(Act::LineSaved, change.id.as_str()).with(&before, &after).on_line(&change.id);
            audit::write(tx, engine.ids.next(change.at), change.at, by, &entry).await?;
        }
        Ok(Ok((saved, line::load(tx, &change.id).await?)))
    })
    .await?;
    let saved = match saved {
        Err(bad) => return Ok(Changed::Bad(bad)),
        Ok(saved) => saved,
    };
    Ok(match saved {
        (true, Some(line)) => {
            engine.lines.keep(line.clone(), engine.db.lost());
            Changed::Saved(Box::new(line))
        }
        (_, now) => {
            debug_assert!(now.as_ref().is_none_or(|line| line.id == id), "a line is loaded by its id");
            Changed::Outdated(now.map(Box::new))
        }
    })
}

/// The first condition that no session can meet, because its label or field is not defined.
fn known_labels(named: &Named, settings: &LineSettings) -> Result<(), BadSetting> {
    let rules = settings.ask_rules.iter().flat_map(|rule| rule.all.iter().chain(&rule.any)).map(|condition| ("ask_rules", condition));
    let routes = settings.alerts.by_label.iter().flat_map(|route| &route.any).map(|condition| ("alerts.by_label", condition));
    match rules.chain(routes).find(|(_, condition)| !named.knows(condition)) {
        None => Ok(()),
        Some((field, unknown)) => {
            let problem = format!("no label or field makes \"{unknown}\" possible; {}", named.in_words());
            Err(BadSetting { field: field.to_owned(), problem })
        }
    }
}

/// Message for a change that is refused while an experiment runs.
pub const HELD_STILL: &str = "stays as it is while an experiment runs on this line, or its two halves would no longer be asked alike; \
                              end the experiment first";

/// The first setting of `after` that a running experiment does not allow to change.
fn held_still(line: &Line, after: &LineSettings) -> Option<BadSetting> {
    line.experiment.as_ref()?;
    let field = after.asks_otherwise(&line.settings)?;
    Some(BadSetting { field, problem: HELD_STILL.to_owned() })
}

/// Summary of a line for the audit log and the list of versions.
pub fn summary(name: &str, settings: &LineSettings, archived: bool) -> Value {
    json!({ "name": name, "settings": settings, "archived": archived.then_some(true) })
}

/// Saves a recipient without a known actor. Returns whether it could be saved: an operator can be only one recipient.
#[lastword_base::boxed]
pub async fn save_recipient(engine: &Engine, recipient: Recipient) -> Result<bool, StoreError> {
    keep_recipient(engine, None, recipient).await
}

/// As [`save_recipient`], and records the change in the audit log.
#[lastword_base::boxed]
pub async fn save_recipient_by(engine: &Engine, by: &By, recipient: Recipient, now: Millis) -> Result<bool, StoreError> {
    keep_recipient(engine, Some((by.clone(), now)), recipient).await
}

async fn keep_recipient(engine: &Engine, by: Option<(By, Millis)>, recipient: Recipient) -> Result<bool, StoreError> {
    let saved = transaction!(engine.db, [engine, by, recipient], async |tx| {
        let Some((by, now)) = by else { return recipient::save(tx, &recipient).await };
        let before = recipient::all_in(tx).await?.into_iter().find(|known| known.id == recipient.id);
        recipient::save(tx, &recipient).await?;
        let before = before.as_ref().map_or(Value::Null, told_of);
        let entry = Entry::new(Act::RecipientSaved, &recipient.id).with(&before, &told_of(&recipient));
        audit::write(tx, engine.ids.next(now), now, &by, &entry).await
    })
    .await;
    match saved {
        Ok(()) => Ok(true),
        Err(StoreError::Conflict) => Ok(false),
        Err(error) => Err(error),
    }
}

/// Summary of a recipient for the audit log.
pub(super) fn told_of(recipient: &Recipient) -> Value {
    let address: Option<Value> =
        recipient.address.as_deref().and_then(|address| document_or_said("recipient", "address", &recipient.id, address));
    json!({
        "name": recipient.name,
        "kind": recipient.kind,
        "connection": recipient.connection,
        "address": address,
        "operator": recipient.operator_id,
        "language": recipient.language,
        "members": (!recipient.members.is_empty()).then_some(&recipient.members),
        "disabled": recipient.disabled_at.map(|_| true),
    })
}

/// A problem with a line's settings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Warning {
    /// Alerts of low ratings have no recipient.
    NoRecipient,
    /// The line's supervisors are recipients, and it has none.
    NoSupervisors,
    /// There is no recipient with this ID.
    UnknownRecipient(String),
    /// The group of this name is empty.
    EmptyGroup(String),
    /// The person of this name is disabled, or their connection is missing or carries no alerts.
    NotReached(String),
    /// The last alert did not reach the person of this name; with the platform's message.
    Unreached(String, String),
    /// The last alerts reached none of the line's recipients.
    NobodyReached,
    /// The fallback channel is not one of the connections.
    NoFallback(ConnectionId),
    /// The fallback channel cannot ask on the line's scale.
    FallbackCannotAsk(ConnectionId, &'static str),
}

impl std::fmt::Display for Warning {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Warning::NoRecipient => f.write_str("Nobody is alerted to low ratings on this line: name a recipient in alerts.recipients."),
            Warning::NoSupervisors => f.write_str("Alerts go to the line's supervisors, but it has none: name them in alerts.supervisors."),
            Warning::UnknownRecipient(id) => write!(f, "There is no recipient {id}."),
            Warning::EmptyGroup(name) => write!(f, "The group {name} is empty."),
            Warning::NotReached(name) => {
                write!(f, "{name} cannot be alerted: disabled, or its connection is missing or carries no alerts.")
            }
            Warning::Unreached(name, why) => {
                write!(f, "The last alert did not reach {name}: {why}. Check the address, then send a test alert.")
            }
            Warning::NobodyReached => f.write_str("Low ratings on this line reach nobody: the last alert reached none of its recipients."),
            Warning::NoFallback(name) => {
                write!(f, "The fallback channel {name} is not one of the connections: add it, or change window.fallback.")
            }
            Warning::FallbackCannotAsk(name, scale) => {
                write!(f, "The fallback channel {name} cannot ask on the scale {scale}: change window.fallback.")
            }
        }
    }
}

/// Problems with a line's settings: alerts that reach no recipient, or only some, and a fallback channel that cannot ask. Shown on
/// the line's page. Empty if there are none.
pub fn warnings(engine: &Engine, line: &Line, recipients: &[Recipient]) -> Vec<String> {
    doubts(engine, &line.settings, recipients).iter().map(Warning::to_string).collect()
}

/// As [`warnings`], for callers with texts of their own.
pub fn doubts(engine: &Engine, settings: &LineSettings, recipients: &[Recipient]) -> Vec<Warning> {
    let alerts = &settings.alerts;
    let mut warnings: Vec<Warning> = fallback_warning(engine, settings).into_iter().collect();
    if alerts.recipients.is_empty() {
        warnings.push(Warning::NoRecipient);
    }
    let named = alerts.recipients.iter().flat_map(|name| match name.as_str() {
        "operator" => Vec::new(),
        "supervisors" if alerts.supervisors.is_empty() => {
            warnings.push(Warning::NoSupervisors);
            Vec::new()
        }
        "supervisors" => alerts.supervisors.clone(),
        id => vec![id.to_owned()],
    });
    let by_label = alerts.by_label.iter().map(|route| &route.recipient).filter(|name| !matches!(name.as_str(), "operator" | "supervisors"));
    let named: Vec<String> = named.chain(by_label.chain(&alerts.escalate_to).cloned()).collect();
    let told: Vec<Vec<&Recipient>> = named.iter().map(|id| told_as(id, recipients)).collect();
    let mut seen = BTreeSet::new();
    for (id, told) in named.iter().zip(&told) {
        warnings.extend(recipient_warning(id, recipients));
        let new = told.iter().filter(|person| seen.insert(&person.id));
        warnings.extend(new.filter_map(|person| person_warning(engine, person)));
    }
    let lost = |person: &&Recipient| person_warning(engine, person).is_some();
    // The responsible operator is only known for each rating.
    let all_lost = !alerts.recipients.iter().any(|name| name == "operator") && !seen.is_empty() && told.iter().flatten().all(lost);
    warnings.extend(all_lost.then_some(Warning::NobodyReached));
    warnings
}

/// The persons notified for `id` in a line's settings: one, or the members of a group.
fn told_as<'r>(id: &str, recipients: &'r [Recipient]) -> Vec<&'r Recipient> {
    let find = |id: &str| recipients.iter().find(|recipient| recipient.id == id);
    match find(id) {
        Some(group) if group.kind == RecipientKind::Group => group.members.iter().filter_map(|member| find(member)).collect(),
        found => found.into_iter().collect(),
    }
}

/// True if a person can be notified through their connection.
pub fn reachable(engine: &Engine, recipient: &Recipient) -> bool {
    let channel = recipient.connection.as_ref().and_then(|name| engine.channels.get(name));
    recipient.disabled_at.is_none() && channel.is_some_and(|channel| channel.capabilities().alerts)
}

fn recipient_warning(id: &str, recipients: &[Recipient]) -> Option<Warning> {
    match recipients.iter().find(|recipient| recipient.id == id) {
        None => Some(Warning::UnknownRecipient(id.to_owned())),
        Some(group) if group.kind == RecipientKind::Group && group.members.is_empty() => Some(Warning::EmptyGroup(group.name.clone())),
        Some(_) => None,
    }
}

fn person_warning(engine: &Engine, person: &Recipient) -> Option<Warning> {
    match &person.unreached_why {
        _ if !reachable(engine, person) => Some(Warning::NotReached(person.name.clone())),
        Some(why) if person.unreached_at.is_some() => Some(Warning::Unreached(person.name.clone(), why.clone())),
        _ => None,
    }
}

fn fallback_warning(engine: &Engine, settings: &LineSettings) -> Option<Warning> {
    let name = settings.window.fallback.as_ref()?;
    match engine.channels.get(name) {
        None => Some(Warning::NoFallback(name.to_owned())),
        Some(channel) if !channel.capabilities().asks(contract_scale(settings.scale)) => {
            Some(Warning::FallbackCannotAsk(name.to_owned(), settings.scale.as_str()))
        }
        Some(_) => None,
    }
}
