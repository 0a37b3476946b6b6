//! A low rating is told: one alert row for each recipient, in the transaction of the rating. No recipient is an alert
//! row too, never silence.

use super::emit_event;
use super::engine::Engine;
use super::news::News;
use crate::domain::alert::{AlertFacts, GIVE_UP_AFTER, NobodyTold, Route, TEXT, after_digest, fill, route};
use crate::domain::delivery::Kind;
use crate::domain::line::Alerts;
use crate::domain::rating::Scale;
use crate::store::alert::{self, Alert};
use crate::store::delivery::{self, NewDelivery};
use crate::store::line::Line;
use crate::store::rating::Rating;
use crate::store::rating_request::RatingRequest;
use crate::store::recipient::{self, Recipient};
use crate::store::{Millis, StoreError, Tx};
use serde_json::json;

/// One low rating, to be told at `level` (0: at once; 1, 2 …: escalated).
pub struct Low<'a> {
    /// The rating request.
    pub request: &'a RatingRequest,
    /// Its rating.
    pub rating: &'a Rating,
    /// Its line.
    pub line: &'a Line,
    /// The level.
    pub level: i64,
    /// `low`, `changed` or `test`.
    pub kind: &'static str,
}

/// Raises the alerts of one low rating, or of one level of its escalation.
///
/// # Errors
/// The database's error.
pub async fn raise(tx: &mut Tx, engine: &Engine, low: &Low<'_>, now: Millis) -> Result<Vec<News>, StoreError> {
    if low.level == 0 {
        alert::overtaken(tx, &low.request.id, "changed").await?;
    }
    let mut recipients = recipient::hold_all(tx).await?;
    let names = names_at(&low.line.settings.alerts, low.level);
    let chosen = choose(names, &low.line.settings.alerts, &recipients, low.request.operator_id.as_deref());
    raise_for(tx, engine, low, chosen, &mut recipients, now).await
}

/// Raises alerts for exactly these recipients.
///
/// # Errors
/// The database's error.
pub async fn raise_for(
    tx: &mut Tx,
    engine: &Engine,
    low: &Low<'_>,
    chosen: Vec<Result<String, (String, NobodyTold)>>,
    recipients: &mut [Recipient],
    now: Millis,
) -> Result<Vec<News>, StoreError> {
    let already: Vec<Alert> = alert::about(tx, &[&low.request.id]).await?;
    let (mut alerts, mut deliveries) = (Vec::new(), Vec::new());
    for choice in chosen {
        let who = match &choice {
            Ok(id) | Err((id, _)) => id.clone(),
        };
        let is_its = |alert: &&Alert| alert.recipient_id == who && alert.level == low.level && alert.kind == low.kind;
        let before = already.iter().find(is_its);
        // Low, good, and low again: an alert that was taken back or corrected is raised anew.
        let stands = |alert: &Alert| alert.state != "undeliverable" && alert.reason.as_deref() != Some("score_changed");
        if before.is_some_and(stands) || alerts.iter().any(|alert| is_its(&alert)) {
            continue;
        }
        let mut row = new_alert(engine, low, &who, now);
        if let Some(before) = before {
            row.id.clone_from(&before.id);
        }
        let reached = match choice {
            Ok(id) => reach(engine, recipients, &id),
            Err((_, why)) => Err(why),
        };
        match reached {
            Ok(at) => {
                let person = &mut recipients[at];
                let (state, delivery_id) = message(tx, engine, low, &row.id, person, &mut deliveries, now).await?;
                recipient::used(tx, &person.id, person.tat).await?;
                row.state = state.to_owned();
                row.delivery_id = Some(delivery_id);
            }
            Err(why) => {
                row.state = "undeliverable".to_owned();
                row.reason = Some(why.as_str().to_owned());
            }
        }
        alerts.push(row);
    }
    delivery::schedule(tx, &deliveries).await?;
    alert::raise(tx, &alerts).await?;
    Ok(alerts.iter().map(|alert| News::Alerted { rating_request: alert.request_id.clone(), state: alert.state.clone() }).collect())
}

/// The score is no longer low: alerts that have not left are taken back, and whoever was told hears of the change.
///
/// # Errors
/// The database's error.
pub async fn take_back(tx: &mut Tx, engine: &Engine, low: &Low<'_>, now: Millis) -> Result<Vec<News>, StoreError> {
    delivery::cancel(tx, &[&low.request.id], &[Kind::Alert.as_str()], "score_changed", now).await?;
    alert::cancel_unsent(tx, &low.request.id).await?;
    let about = alert::about(tx, &[&low.request.id]).await?;
    alert::overtaken(tx, &low.request.id, "low").await?;
    // In a message of their own or in a digest: what had not left was canceled just now.
    let told = about.iter().filter(|alert| matches!(alert.state.as_str(), "raised" | "digested") && alert.kind == "low");
    let mut told: Vec<Result<String, (String, NobodyTold)>> = told.map(|alert| Ok(alert.recipient_id.clone())).collect();
    told.dedup();
    let mut recipients = recipient::hold_all(tx).await?;
    raise_for(tx, engine, low, told, &mut recipients, now).await
}

fn names_at(alerts: &Alerts, level: i64) -> Vec<String> {
    match usize::try_from(level).unwrap_or(0) {
        0 => alerts.recipients.clone(),
        level => alerts.escalate_to.get(level - 1).cloned().into_iter().collect(),
    }
}

/// Turns the line's words into persons: the operator, the supervisors, members of groups; each once.
fn choose(
    names: Vec<String>,
    alerts: &Alerts,
    recipients: &[Recipient],
    operator_id: Option<&str>,
) -> Vec<Result<String, (String, NobodyTold)>> {
    let mut chosen: Vec<Result<String, (String, NobodyTold)>> = Vec::new();
    for name in names {
        match name.as_str() {
            "operator" => {
                let linked = recipients.iter().find(|recipient| operator_id.is_some() && recipient.operator_id.as_deref() == operator_id);
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
            // An operator who is no recipient is only worth a row of its own when nobody else is told.
            Err((_, NobodyTold::OperatorNotLinked)) if told > 0 => return false,
            Err((id, _)) => id.clone(),
        };
        let new = !seen.contains(&who);
        seen.push(who);
        new
    });
    chosen
}

/// The persons behind the id of a recipient or group.
pub(super) fn persons(id: &str, recipients: &[Recipient]) -> Vec<Result<String, (String, NobodyTold)>> {
    match recipients.iter().find(|recipient| recipient.id == id) {
        None => vec![Err((id.to_owned(), NobodyTold::UnknownRecipient))],
        Some(group) if group.kind == "group" && group.disabled_at.is_some() => vec![Err((id.to_owned(), NobodyTold::RecipientDisabled))],
        Some(group) if group.kind == "group" && group.members.is_empty() => vec![Err((id.to_owned(), NobodyTold::EmptyGroup))],
        Some(group) if group.kind == "group" => group.members.iter().map(|member| Ok(member.clone())).collect(),
        Some(person) => vec![Ok(person.id.clone())],
    }
}

/// Where a person is told, or why not.
fn reach(engine: &Engine, recipients: &[Recipient], id: &str) -> Result<usize, NobodyTold> {
    let at = recipients.iter().position(|recipient| recipient.id == id).ok_or(NobodyTold::UnknownRecipient)?;
    let person = &recipients[at];
    if person.disabled_at.is_some() {
        return Err(NobodyTold::RecipientDisabled);
    }
    let channel = person.connection.as_deref().and_then(|connection| engine.channels.get(connection));
    let carries = channel.is_some_and(|channel| channel.capabilities().alerts);
    if carries && person.address.is_some() { Ok(at) } else { Err(NobodyTold::ChannelUnlinked) }
}

fn new_alert(engine: &Engine, low: &Low<'_>, recipient_id: &str, now: Millis) -> Alert {
    let alerts = &low.line.settings.alerts;
    let more_levels = usize::try_from(low.level).is_ok_and(|level| level < alerts.escalate_to.len());
    let wait = alerts.escalate_after_minutes.filter(|_| more_levels && low.kind == "low");
    Alert {
        id: engine.ids.next(now),
        request_id: low.request.id.clone(),
        recipient_id: recipient_id.to_owned(),
        level: low.level,
        kind: low.kind.to_owned(),
        line_id: low.line.id.clone(),
        created_at: now,
        escalate_at: wait.map(|minutes| now + i64::from(minutes) * 60_000),
        ..Alert::default()
    }
}

/// Gives the alert a message: its own, or a place in a digest when the recipient already got many.
async fn message(
    tx: &mut Tx,
    engine: &Engine,
    low: &Low<'_>,
    alert_id: &str,
    person: &mut Recipient,
    deliveries: &mut Vec<NewDelivery>,
    now: Millis,
) -> Result<(&'static str, String), StoreError> {
    let (route, tat) = route(person.tat, now);
    let (kind, subject, due_at, payload) = match route {
        Route::AtOnce => {
            person.tat = tat;
            (Kind::Alert, low.request.id.clone(), now, payload(engine, low, alert_id))
        }
        Route::Digest(at) => {
            let gathering = deliveries.iter().find(|delivery| delivery.kind == "digest" && delivery.subject.as_ref() == Some(&person.id));
            let gathering = match gathering {
                Some(delivery) => Some(delivery.id.clone()),
                None => alert::gathering_digest(tx, &person.id, now).await?,
            };
            if let Some(digest) = gathering {
                return Ok(("digested", digest));
            }
            person.tat = after_digest(person.tat, at);
            (Kind::Digest, person.id.clone(), at, json!({ "line": low.line.name }))
        }
    };
    let id = engine.ids.next(now);
    let connection = person.connection.clone().unwrap_or_default();
    deliveries.push(NewDelivery {
        id: id.clone(),
        kind: kind.as_str(),
        resends_max: engine.channels.resends_max(&connection, kind, true),
        connection,
        address: person.address.clone().unwrap_or_default(),
        subject: Some(subject),
        payload: payload.to_string(),
        due_at,
        give_up_at: due_at + GIVE_UP_AFTER,
        window_closes_at: None,
        outside_window: 0,
        created_at: now,
    });
    Ok((if kind == Kind::Alert { "raised" } else { "digested" }, id))
}

/// What an alert's message is made of, with its words fixed now: they tell what was true when it was raised.
pub(super) fn payload(engine: &Engine, low: &Low<'_>, alert_id: &str) -> serde_json::Value {
    let mut data = emit_event::facts(low.request, low.rating);
    if let Some(page) = page_of(engine, low) {
        data["url"] = json!(page);
    }
    json!({ "alert": alert_id, "kind": low.kind, "text": words(engine, low), "data": data })
}

/// The page of the rating. What a test is about has none.
fn page_of(engine: &Engine, low: &Low<'_>) -> Option<String> {
    if low.kind == "test" { None } else { engine.rating_page(&low.request.id) }
}

/// The words of an alert.
pub fn words(engine: &Engine, low: &Low<'_>) -> String {
    let scale = Scale::parse(&low.rating.scale).unwrap_or_default();
    let score = scale.show(u8::try_from(low.rating.score).unwrap_or(0));
    let operators: Vec<crate::domain::session::Operator> = serde_json::from_str(&low.request.operators).unwrap_or_default();
    let responsible = low.request.operator_id.as_deref();
    let operator = operators.iter().find(|operator| Some(operator.id.as_str()) == responsible);
    let operator = operator.and_then(|operator| operator.name.as_deref()).or(responsible).unwrap_or("–");
    let time = chrono::DateTime::from_timestamp_millis(low.rating.changed_at).unwrap_or_default().with_timezone(&engine.options.time_zone);
    let facts = AlertFacts {
        line: &low.line.name,
        operator,
        score: &score,
        session: &low.request.session_id,
        channel: low.request.channel.as_deref().unwrap_or("–"),
        time: &time.format("%Y-%m-%d %H:%M %Z").to_string(),
        link: &page_of(engine, low).unwrap_or_default(),
    };
    let text = fill(low.line.settings.alerts.text.as_deref().unwrap_or(TEXT), &facts);
    match low.kind {
        "test" => format!("Test alert. This is what a low rating looks like:\n{text}"),
        "changed" => format!("The client changed the rating to {score}.\n{text}"),
        _ if low.level > 0 => format!("Nobody has acknowledged this yet.\n{text}"),
        _ => text,
    }
}
