//! Raises alerts about low ratings: one alert row per recipient, in the transaction of the rating. A missing recipient is an alert row too,
//! never silence. Recipients and alerts of all ratings are read together and written together.

use super::audience::Audience;
use crate::engine::Engine;
use crate::engine::notifications::Notification;
use crate::message::alert::{About, data, language_of, text};
use crate::recipient::choose::{Choice, choose, names_at, reach_of, who};
use lastword_base::names::{AlertId, DeliveryId, RequestId, Subject};
use lastword_domain::alert::{AlertKind, AlertState, GIVE_UP_AFTER, HAND_OVER_AFTER, MORE_WAIT, Route, after_digest, route};
use lastword_domain::question::delivery::Kind;
use lastword_store::alert::recipient::{self, Recipient};
use lastword_store::alert::{self, Alert};
use lastword_store::answer::rating::Rating;
use lastword_store::line::Line;
use lastword_store::question::delivery::{self, NewDelivery};
use lastword_store::question::rating_request::RatingRequest;
use lastword_store::{Millis, StoreError, Tx};
use serde_json::json;
use std::collections::{BTreeSet, HashMap};

/// A low rating to alert about at `level` (0: immediately; 1, 2 …: escalated).
#[derive(Clone, Copy)]
pub struct Low<'a> {
    /// The rating request.
    pub request: &'a RatingRequest,
    /// Its rating.
    pub rating: &'a Rating,
    /// Its line.
    pub line: &'a Line,
    /// The level.
    pub level: i64,
    /// Kind of the alert.
    pub kind: AlertKind,
    /// The recipient that could not be notified, which is why this level is; empty if there is none.
    pub instead_of: Option<&'a str>,
}

/// Alerts raised together: what was read, and what is to be written.
pub(crate) struct Raising<'e> {
    pub(super) engine: &'e Engine,
    pub(super) now: Millis,
    pub(crate) recipients: Vec<Recipient>,
    /// The alerts about the rating requests, including those raised now.
    pub(super) about: Vec<Alert>,
    /// The open digest of each recipient, and when it is sent.
    digests: HashMap<Subject, (DeliveryId, Millis)>,
    raised: Vec<Alert>,
    deliveries: Vec<NewDelivery>,
    /// Indexes of the recipients whose limit was used.
    used: BTreeSet<usize>,
    news: Vec<Notification>,
}

impl<'e> Raising<'e> {
    /// Reads the alerts about these rating requests, and the digests of `audience`.
    pub(crate) async fn read(
        tx: &mut Tx,
        engine: &'e Engine,
        audience: &Audience,
        requests: &[RequestId],
        now: Millis,
    ) -> Result<Self, StoreError> {
        let recipients = audience.recipients.clone();
        let about = alert::about(tx, requests).await?;
        let ids: Vec<Subject> = audience.held.iter().map(|id| id.as_str().into()).collect();
        let digests = alert::gathering_digests(tx, &ids, now).await?;
        let (raised, deliveries, used, news) = Default::default();
        Ok(Self { engine, now, recipients, about, digests, raised, deliveries, used, news })
    }

    /// Writes the raised alerts, and returns the rest of the limits to `audience`.
    pub(crate) async fn write(self, tx: &mut Tx, audience: &mut Audience) -> Result<Vec<Notification>, StoreError> {
        let used: Vec<&Recipient> = self.used.iter().map(|&at| &self.recipients[at]).collect();
        recipient::used(tx, &used).await?;
        delivery::schedule(tx, &self.deliveries).await?;
        alert::raise(tx, &self.raised).await?;
        audience.recipients = self.recipients;
        Ok(self.news)
    }

    /// `true` if the escalation of the alert with this id is still due.
    pub(super) fn is_due(&self, id: AlertId) -> bool {
        self.about.iter().any(|alert| alert.id == id && alert.escalate_at.is_some_and(|at| at <= self.now))
    }

    /// Adds a message to send with the alerts.
    pub(super) fn deliver(&mut self, delivery: NewDelivery) {
        self.deliveries.push(delivery);
    }

    /// Raises the alerts of one low rating, or of one level of its escalation. If no recipient of that level can be notified, goes on to
    /// the next level immediately.
    pub(crate) fn raise(&mut self, low: &Low<'_>) {
        let alerts = &low.line.settings.alerts;
        let names = if low.level == 0 { alerts.recipients_of(low.request.labelled()) } else { names_at(alerts, low.level) };
        let chosen = choose(names, alerts, &self.recipients, low.request.operator_id.as_ref());
        let not_told = chosen.iter().find_map(|choice| reach_of(self.engine, choice, &self.recipients).err().map(|(id, _)| id));
        if !self.raise_for(low, chosen) {
            self.go_on(&Low { instead_of: not_told.as_deref().or(Some("")), level: low.level + 1, ..*low });
        }
    }

    /// Notifies the next reachable recipients: the escalation levels from `low.level` on, then all other recipients of the line. A
    /// recipient with an alert about this rating is skipped: it was notified or cannot be.
    pub(crate) fn go_on(&mut self, low: &Low<'_>) {
        let alerts = &low.line.settings.alerts;
        let stands = |alert: &&Alert| {
            alert.request_id == low.request.id && alert.kind == AlertKind::Low && alert.reason.as_deref() != Some("score_changed")
        };
        let known: Vec<Alert> = self.about.iter().filter(stands).cloned().collect();
        let levels = i64::try_from(alerts.escalate_to.len()).unwrap_or(0);
        let everybody = alerts.recipients_of(low.request.labelled()).into_iter().chain(alerts.supervisors.iter().cloned()).collect();
        let mut steps: Vec<(i64, Vec<String>)> = (low.level..=levels).map(|level| (level, names_at(alerts, level))).collect();
        steps.push((low.level, everybody));
        for (level, names) in steps.into_iter().filter(|(_, names)| !names.is_empty()) {
            let chosen = choose(names, alerts, &self.recipients, low.request.operator_id.as_ref());
            let knows = |id: &String| known.iter().find(|alert| alert.recipient_id == *id);
            if chosen.iter().flatten().filter_map(knows).any(|alert| self.hears_of_it(alert)) {
                return;
            }
            let new = |choice: &Choice| !who(choice).is_empty() && known.iter().all(|alert| alert.recipient_id != who(choice));
            if self.raise_for(&Low { level, ..*low }, chosen.into_iter().filter(new).collect()) {
                return;
            }
        }
        tracing::error!(
            line = low.line.id.as_str(),
            rating_request = low.request.id.to_string(),
            "a low rating reaches no recipient; see the line's page and its alerts"
        );
    }

    /// `true` if an alert was sent or is about to be. `false` if it cannot be sent, or was not sent within [`HAND_OVER_AFTER`].
    fn hears_of_it(&self, alert: &Alert) -> bool {
        let too_long = alert.sent_at.is_none() && alert.created_at + HAND_OVER_AFTER <= self.now;
        alert.state != AlertState::Undeliverable && !too_long
    }

    /// Raises alerts for exactly these recipients. Returns true if one of them is notified now or already was.
    pub(crate) fn raise_for(&mut self, low: &Low<'_>, chosen: Vec<Choice>) -> bool {
        let (mut reaches, mut here) = (false, BTreeSet::new());
        for choice in chosen {
            let id = who(&choice).to_owned();
            let is_its = |alert: &&Alert| is_alert(alert, low, &id);
            let before = self.about.iter().find(is_its);
            // Low, good, and low again: an alert that was withdrawn or corrected is raised again.
            let stands = |alert: &Alert| alert.state != AlertState::Undeliverable && alert.reason.as_deref() != Some("score_changed");
            if before.is_some_and(stands) || !here.insert(id.clone()) {
                reaches = true;
                continue;
            }
            let mut row = new_alert(self.engine, low, &id, self.now);
            if let Some(before) = before {
                row.id = before.id;
            }
            match reach_of(self.engine, &choice, &self.recipients) {
                Ok(at) => {
                    let (state, delivery_id, due_at) = self.message(low, row.id, at);
                    self.used.insert(at);
                    row.state = state;
                    row.delivery_id = Some(delivery_id);
                    // Counted from the time that it is sent. An alert that is not sent is handed over after this time.
                    let hand_over = Some(HAND_OVER_AFTER).filter(|_| low.kind == AlertKind::Low);
                    row.escalate_at = row.escalate_after.or(hand_over).map(|after| due_at + after);
                    reaches = true;
                }
                Err((_, why)) => {
                    row.state = AlertState::Undeliverable;
                    row.reason = Some(why.as_str().to_owned());
                }
            }
            self.keep(low, row);
        }
        reaches
    }

    /// Adds an alert to the known ones and to those to be written.
    fn keep(&mut self, low: &Low<'_>, row: Alert) {
        self.news.push(Notification::Alerted { rating_request: row.request_id, state: row.state });
        for alerts in [&mut self.about, &mut self.raised] {
            alerts.retain(|alert| !is_alert(alert, low, &row.recipient_id));
            alerts.push(row.clone());
        }
    }

    /// Assigns a message to the alert: its own, or the digest if the recipient is over its limit. A test always has its own, because a
    /// person waits for it, and is never sent a second time.
    fn message(&mut self, low: &Low<'_>, alert_id: AlertId, at: usize) -> (AlertState, DeliveryId, Millis) {
        let (engine, now, test) = (self.engine, self.now, low.kind == AlertKind::Test);
        let person = &mut self.recipients[at];
        let (route, tat) = if test { (Route::AtOnce, person.tat) } else { route(person.tat, now) };
        let (kind, subject, due_at, payload): (_, Subject, _, _) = match route {
            Route::AtOnce => {
                person.tat = tat;
                let due_at = if low.kind == AlertKind::More { now + MORE_WAIT } else { now };
                (Kind::Alert, low.request.id.into(), due_at, payload(engine, low, alert_id, person))
            }
            Route::Digest(at) => {
                if let Some((digest, due_at)) = self.digests.get(person.id.as_str()) {
                    return (AlertState::Digested, *digest, *due_at);
                }
                person.tat = after_digest(person.tat, at);
                (Kind::Digest, person.id.as_str().into(), at, json!({ "line": low.line.name }))
            }
        };
        let id = engine.ids.next(now);
        if kind == Kind::Digest {
            self.digests.insert(person.id.as_str().into(), (id, due_at));
        }
        let connection = person.connection.clone().unwrap_or_default();
        self.deliveries.push(NewDelivery {
            id,
            kind,
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
        (if kind == Kind::Alert { AlertState::Raised } else { AlertState::Digested }, id, due_at)
    }
}

/// True if `alert` has this rating, level and kind, and the recipient `id`.
fn is_alert(alert: &Alert, low: &Low<'_>, id: &str) -> bool {
    alert.request_id == low.request.id && alert.recipient_id == id && alert.level == low.level && alert.kind == low.kind
}

fn new_alert(engine: &Engine, low: &Low<'_>, recipient_id: &str, now: Millis) -> Alert {
    let alerts = &low.line.settings.alerts;
    let more_levels = usize::try_from(low.level).is_ok_and(|level| level < alerts.escalate_to.len());
    let wait = alerts.escalate_after_minutes.filter(|_| more_levels && low.kind == AlertKind::Low);
    Alert {
        id: engine.ids.next(now),
        request_id: low.request.id,
        recipient_id: recipient_id.to_owned(),
        level: low.level,
        kind: low.kind,
        line_id: low.line.id.clone(),
        created_at: now,
        escalate_after: wait.map(|minutes| i64::from(minutes) * 60_000),
        instead_of: low.instead_of.filter(|id| !id.is_empty()).map(str::to_owned),
        ..Alert::default()
    }
}

/// Payload of an alert's message. A low rating is read again when the message is composed; a test is in no table, so its text is stored.
fn payload(engine: &Engine, low: &Low<'_>, alert_id: AlertId, person: &Recipient) -> serde_json::Value {
    if low.kind != AlertKind::Test {
        return json!({ "alert": alert_id });
    }
    let language = language_of(engine, Some(person));
    let about = About {
        request: low.request,
        rating: low.rating,
        line: low.line,
        kind: low.kind,
        level: 0,
        instead_of: None,
        language,
        quoted_apart: false,
    };
    json!({ "alert": alert_id, "text": text(engine, &about), "data": data(engine, &about) })
}
