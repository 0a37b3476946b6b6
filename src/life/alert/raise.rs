//! A low rating is told: one alert row for each recipient, in the transaction of the rating. No recipient is an alert
//! row too, never silence.

use super::compose::{About, data, language_of, text};
use crate::domain::alert::{GIVE_UP_AFTER, MORE_WAIT, NobodyTold, Route, after_digest, route};
use crate::domain::line::Alerts;
use crate::domain::question::delivery::Kind;
use crate::life::engine::Engine;
use crate::life::notifications::Notification;
use crate::store::alert::recipient::{self, Recipient};
use crate::store::alert::{self, Alert};
use crate::store::answer::rating::Rating;
use crate::store::line::Line;
use crate::store::question::delivery::{self, NewDelivery};
use crate::store::question::rating_request::RatingRequest;
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
    /// `low`, `changed`, `more` or `test`.
    pub kind: &'static str,
    /// The recipient who could not be told, so that this level is; empty where there is none.
    pub instead_of: Option<&'a str>,
}

/// What was raised.
#[derive(Debug, Default)]
pub struct Raised {
    /// For those who watch.
    pub news: Vec<Notification>,
    /// Whether anybody is told, now or already.
    pub reaches: bool,
}

/// Raises the alerts of one low rating, or of one level of its escalation. Where nobody of that level can be told, the next one
/// is, at once.
///
/// # Errors
/// The database's error.
pub async fn raise(tx: &mut Tx, engine: &Engine, low: &Low<'_>, now: Millis) -> Result<Vec<Notification>, StoreError> {
    let mut recipients = recipient::hold_all(tx).await?;
    let alerts = &low.line.settings.alerts;
    let chosen = choose(names_at(alerts, low.level), alerts, &recipients, low.request.operator_id.as_deref());
    let not_told = chosen.iter().find_map(|choice| reach_of(engine, choice, &recipients).err().map(|(id, _)| id)).unwrap_or_default();
    let raised = raise_for(tx, engine, low, chosen, &mut recipients, now).await?;
    if raised.reaches {
        return Ok(raised.news);
    }
    let next = go_on(tx, engine, &Low { instead_of: Some(&not_told), level: low.level + 1, ..*low }, &mut recipients, now).await?;
    Ok(raised.news.into_iter().chain(next.news).collect())
}

/// Raises the alerts of a rating that was not low a moment ago, and may have been before: whoever has not heard yet that it was no
/// longer low need not.
///
/// # Errors
/// The database's error.
pub(crate) async fn raise_anew(tx: &mut Tx, engine: &Engine, low: &Low<'_>, now: Millis) -> Result<Vec<Notification>, StoreError> {
    delivery::cancel(tx, &[&low.request.id], &[Kind::Alert.as_str()], "score_changed", now).await?;
    alert::cancel_unsent(tx, &low.request.id).await?;
    alert::overtaken(tx, &low.request.id, "changed").await?;
    raise(tx, engine, low, now).await
}

/// Tells the next who can be told: the levels of the escalation from `low.level` on, then whoever else the line names. Who has an
/// alert about this rating already is told, or cannot be.
///
/// # Errors
/// The database's error.
pub(crate) async fn go_on(
    tx: &mut Tx,
    engine: &Engine,
    low: &Low<'_>,
    recipients: &mut [Recipient],
    now: Millis,
) -> Result<Raised, StoreError> {
    let alerts = &low.line.settings.alerts;
    let stands = |alert: &Alert| alert.kind == "low" && alert.reason.as_deref() != Some("score_changed");
    let known: Vec<Alert> = alert::about(tx, &[&low.request.id]).await?.into_iter().filter(stands).collect();
    let levels = i64::try_from(alerts.escalate_to.len()).unwrap_or(0);
    let everybody = alerts.recipients.iter().chain(&alerts.supervisors).cloned().collect::<Vec<_>>();
    let mut steps: Vec<(i64, Vec<String>)> = (low.level..=levels).map(|level| (level, names_at(alerts, level))).collect();
    steps.push((low.level, everybody));
    for (level, names) in steps.into_iter().filter(|(_, names)| !names.is_empty()) {
        let chosen = choose(names, alerts, recipients, low.request.operator_id.as_deref());
        let knows = |id: &String| known.iter().find(|alert| alert.recipient_id == *id);
        if chosen.iter().flatten().filter_map(knows).any(|alert| alert.state != "undeliverable") {
            return Ok(Raised { reaches: true, ..Raised::default() });
        }
        let new = |choice: &Result<String, (String, NobodyTold)>| match choice {
            Ok(id) | Err((id, _)) => !id.is_empty() && knows(id).is_none(),
        };
        let chosen: Vec<_> = chosen.into_iter().filter(new).collect();
        let raised = raise_for(tx, engine, &Low { level, ..*low }, chosen, recipients, now).await?;
        if raised.reaches {
            return Ok(raised);
        }
    }
    tracing::error!(line = low.line.id, rating_request = low.request.id, "a low rating reaches nobody; see the line's page and its alerts");
    Ok(Raised::default())
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
) -> Result<Raised, StoreError> {
    let mut reaches = false;
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
            reaches = true;
            continue;
        }
        let mut row = new_alert(engine, low, &who, now);
        if let Some(before) = before {
            row.id.clone_from(&before.id);
        }
        match reach_of(engine, &choice, recipients) {
            Ok(at) => {
                let person = &mut recipients[at];
                let (state, delivery_id, due_at) = message(tx, engine, low, &row.id, person, &mut deliveries, now).await?;
                recipient::used(tx, &person.id, person.tat).await?;
                row.state = state.to_owned();
                row.delivery_id = Some(delivery_id);
                // Counted anew from when it is told. Where that is not to be, nobody has to wait longer.
                row.escalate_at = row.escalate_after.map(|after| due_at + after);
                reaches = true;
            }
            Err((_, why)) => {
                row.state = "undeliverable".to_owned();
                row.reason = Some(why.as_str().to_owned());
            }
        }
        alerts.push(row);
    }
    delivery::schedule(tx, &deliveries).await?;
    alert::raise(tx, &alerts).await?;
    let news = |alert: &Alert| Notification::Alerted { rating_request: alert.request_id.clone(), state: alert.state.clone() };
    Ok(Raised { news: alerts.iter().map(news).collect(), reaches })
}

/// The score is no longer low: alerts that have not left are taken back, and whoever was told hears of the change.
///
/// # Errors
/// The database's error.
pub async fn take_back(tx: &mut Tx, engine: &Engine, low: &Low<'_>, now: Millis) -> Result<Vec<Notification>, StoreError> {
    delivery::cancel(tx, &[&low.request.id], &[Kind::Alert.as_str()], "score_changed", now).await?;
    alert::cancel_unsent(tx, &low.request.id).await?;
    let about = alert::about(tx, &[&low.request.id]).await?;
    alert::overtaken(tx, &low.request.id, "low").await?;
    alert::overtaken(tx, &low.request.id, "more").await?;
    // In a message of their own or in a digest: what had not left was canceled just now.
    let told = about.iter().filter(|alert| matches!(alert.state.as_str(), "raised" | "digested") && alert.kind == "low");
    let mut told: Vec<Result<String, (String, NobodyTold)>> = told.map(|alert| Ok(alert.recipient_id.clone())).collect();
    told.dedup();
    let mut recipients = recipient::hold_all(tx).await?;
    Ok(raise_for(tx, engine, low, told, &mut recipients, now).await?.news)
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
pub(crate) fn persons(id: &str, recipients: &[Recipient]) -> Vec<Result<String, (String, NobodyTold)>> {
    match recipients.iter().find(|recipient| recipient.id == id) {
        None => vec![Err((id.to_owned(), NobodyTold::UnknownRecipient))],
        Some(group) if group.kind == "group" && group.disabled_at.is_some() => vec![Err((id.to_owned(), NobodyTold::RecipientDisabled))],
        Some(group) if group.kind == "group" && group.members.is_empty() => vec![Err((id.to_owned(), NobodyTold::EmptyGroup))],
        Some(group) if group.kind == "group" => group.members.iter().map(|member| Ok(member.clone())).collect(),
        Some(person) => vec![Ok(person.id.clone())],
    }
}

/// Where the chosen person is told, or who is not, and why.
fn reach_of(
    engine: &Engine,
    choice: &Result<String, (String, NobodyTold)>,
    recipients: &[Recipient],
) -> Result<usize, (String, NobodyTold)> {
    match choice {
        Ok(id) => reach(engine, recipients, id).map_err(|why| (id.clone(), why)),
        Err(not_told) => Err(not_told.clone()),
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
        escalate_after: wait.map(|minutes| i64::from(minutes) * 60_000),
        instead_of: low.instead_of.filter(|id| !id.is_empty()).map(str::to_owned),
        ..Alert::default()
    }
}

/// Gives the alert a message: its own, or a place in a digest when the recipient already got many. A test is what somebody waits
/// for, so it has its own, and is not sent a second time.
async fn message(
    tx: &mut Tx,
    engine: &Engine,
    low: &Low<'_>,
    alert_id: &str,
    person: &mut Recipient,
    deliveries: &mut Vec<NewDelivery>,
    now: Millis,
) -> Result<(&'static str, String, Millis), StoreError> {
    let test = low.kind == "test";
    let (route, tat) = if test { (Route::AtOnce, person.tat) } else { route(person.tat, now) };
    let (kind, subject, due_at, payload) = match route {
        Route::AtOnce => {
            person.tat = tat;
            let due_at = if low.kind == "more" { now + MORE_WAIT } else { now };
            (Kind::Alert, low.request.id.clone(), due_at, payload(engine, low, alert_id, person))
        }
        Route::Digest(at) => {
            let gathering = deliveries.iter().find(|delivery| delivery.kind == "digest" && delivery.subject.as_ref() == Some(&person.id));
            let gathering = match gathering {
                Some(delivery) => Some((delivery.id.clone(), delivery.due_at)),
                None => alert::gathering_digest(tx, &person.id, now).await?,
            };
            if let Some((digest, due_at)) = gathering {
                return Ok(("digested", digest, due_at));
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
        resends_max: if test { 0 } else { engine.channels.resends_max(&connection, kind, true) },
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
    Ok((if kind == Kind::Alert { "raised" } else { "digested" }, id, due_at))
}

/// What an alert's message is made of. A low rating is read again when the message is written; a test is in no table.
fn payload(engine: &Engine, low: &Low<'_>, alert_id: &str, person: &Recipient) -> serde_json::Value {
    if low.kind != "test" {
        return json!({ "alert": alert_id });
    }
    let language = language_of(engine, Some(person));
    let about = About { request: low.request, rating: low.rating, line: low.line, kind: low.kind, level: 0, instead_of: None, language };
    json!({ "alert": alert_id, "text": text(engine, &about), "data": data(engine, &about) })
}
