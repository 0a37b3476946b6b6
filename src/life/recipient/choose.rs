//! Recipients of a low rating: resolves the names in the line's settings to people, and finds where each can be notified.

use crate::engine::Engine;
use lastword_base::names::OperatorId;
use lastword_domain::alert::{NobodyTold, RecipientKind};
use lastword_domain::line::Alerts;
use lastword_store::alert::recipient::Recipient;
use lastword_store::line::Line;
use lastword_store::question::rating_request::RatingRequest;
use std::collections::BTreeSet;

/// The ID of a person to notify, or an ID and the reason that it cannot be notified.
pub(crate) type Choice = Result<String, (String, NobodyTold)>;

/// The ID that a choice is about; empty if there is none.
pub(crate) fn who(choice: &Choice) -> &str {
    match choice {
        Ok(id) | Err((id, _)) => id,
    }
}

/// Names in the line's settings for a level.
pub(crate) fn names_at(alerts: &Alerts, level: i64) -> Vec<String> {
    match usize::try_from(level).unwrap_or(0) {
        0 => alerts.recipients.clone(),
        level => alerts.escalate_to.get(level - 1).cloned().into_iter().collect(),
    }
}

/// IDs of all recipients who may be notified of a rating on its line: immediately, by escalation, by a follow-up, or by praise.
pub(crate) fn concerned(request: &RatingRequest, line: &Line, recipients: &[Recipient]) -> BTreeSet<String> {
    let alerts = &line.settings.alerts;
    let names = alerts.recipients_of(request.labelled()).into_iter().chain(alerts.escalate_to.iter().cloned());
    let names = names.chain(["supervisors".to_owned()]).collect();
    let chosen = choose(names, alerts, recipients, request.operator_id.as_ref());
    let its = request.belongs().operators;
    let praised = recipients.iter().filter(|recipient| recipient.operator_id.as_ref().is_some_and(|id| its.contains(id)));
    chosen.into_iter().flatten().chain(praised.map(|recipient| recipient.id.clone())).collect()
}

/// Resolves names to people, each once: `operator`, `supervisors`, recipients and members of groups.
pub(crate) fn choose(names: Vec<String>, alerts: &Alerts, recipients: &[Recipient], operator_id: Option<&OperatorId>) -> Vec<Choice> {
    let mut chosen: Vec<Choice> = Vec::new();
    for name in names {
        match name.as_str() {
            "operator" => {
                let linked = recipients.iter().find(|recipient| operator_id.is_some() && recipient.operator_id.as_ref() == operator_id);
                chosen.push(linked.map(|recipient| recipient.id.clone()).ok_or((String::new(), NobodyTold::OperatorNotLinked)));
            }
            "supervisors" => chosen.extend(alerts.supervisors.iter().flat_map(|id| persons(id, recipients))),
            id => chosen.extend(persons(id, recipients)),
        }
    }
    let told = chosen.iter().filter(|choice| choice.is_ok()).count();
    if chosen.is_empty() {
        chosen.push(Err((String::new(), NobodyTold::NoRecipient)));
    }
    let mut seen = Vec::new();
    chosen.retain(|choice| {
        let who = match choice {
            Ok(id) => id.clone(),
            // An operator without a recipient gets a row only if there is no other recipient.
            Err((_, NobodyTold::OperatorNotLinked)) if told > 0 => return false,
            Err((id, _)) => id.clone(),
        };
        let new = !seen.contains(&who);
        seen.push(who);
        new
    });
    chosen
}

/// The people that the ID of a recipient or group refers to.
pub(crate) fn persons(id: &str, recipients: &[Recipient]) -> Vec<Choice> {
    match recipients.iter().find(|recipient| recipient.id == id) {
        None => vec![Err((id.to_owned(), NobodyTold::UnknownRecipient))],
        Some(group) if group.kind == RecipientKind::Group && group.disabled_at.is_some() => {
            vec![Err((id.to_owned(), NobodyTold::RecipientDisabled))]
        }
        Some(group) if group.kind == RecipientKind::Group && group.members.is_empty() => vec![Err((id.to_owned(), NobodyTold::EmptyGroup))],
        Some(group) if group.kind == RecipientKind::Group => group.members.iter().map(|member| Ok(member.clone())).collect(),
        Some(person) => vec![Ok(person.id.clone())],
    }
}

/// Index of the recipient that a choice leads to, or the ID and the reason that it cannot be notified.
pub(crate) fn reach_of(engine: &Engine, choice: &Choice, recipients: &[Recipient]) -> Result<usize, (String, NobodyTold)> {
    match choice {
        Ok(id) => reach(engine, recipients, id).map_err(|why| (id.clone(), why)),
        Err(not_told) => Err(not_told.clone()),
    }
}

/// Index of a recipient that can be notified, or the reason that it cannot.
fn reach(engine: &Engine, recipients: &[Recipient], id: &str) -> Result<usize, NobodyTold> {
    let at = recipients.iter().position(|recipient| recipient.id == id).ok_or(NobodyTold::UnknownRecipient)?;
    let person = &recipients[at];
    if person.disabled_at.is_some() {
        return Err(NobodyTold::RecipientDisabled);
    }
    let channel = person.connection.as_ref().and_then(|connection| engine.channels.get(connection));
    let carries = channel.is_some_and(|channel| channel.capabilities().alerts);
    if carries && person.address.is_some() { Ok(at) } else { Err(NobodyTold::ChannelUnlinked) }
}
