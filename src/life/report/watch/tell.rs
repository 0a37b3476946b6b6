//! Notifies people of the start and the end of an alarm: the recipients of the line's low ratings, once, through deliveries like
//! all others.

use crate::engine::Engine;
use crate::engine::notifications::Notification;
use crate::events;
use crate::recipient::choose::{Choice, choose, names_at, reach_of, who};
use lastword_base::names::LineId;
use lastword_domain::alert::{AlertKind, AlertState, GIVE_UP_AFTER};
use lastword_domain::question::delivery::Kind;
use lastword_domain::report::alarm_words::{AlarmFacts, alarm_text};
use lastword_domain::report::watch::AlarmNews;
use lastword_store::alert::recipient::{self, Recipient};
use lastword_store::alert::{self, Alert};
use lastword_store::line::Line;
use lastword_store::question::delivery::{self, NewDelivery};
use lastword_store::report::alarm::{self, ShareAlarm};
use lastword_store::{Millis, StoreError, transaction};
use serde_json::json;

/// Maximum number of alarms in one run.
const ALARMS: i64 = 20;

/// Notifies people of alarms that were not reported yet. Returns their number.
#[lastword_base::boxed]
pub async fn tell(engine: &Engine, now: Millis) -> Result<usize, StoreError> {
    let (count, news) = transaction!(engine.db, [engine], async |tx| {
        let untold = alarm::untold(tx, ALARMS).await?;
        if untold.is_empty() {
            return Ok((0, Vec::new()));
        }
        let lines: Vec<&LineId> = untold.iter().map(|alarm| &alarm.line_id).collect();
        let lines = engine.lines.current(tx, &lines).await?;
        let recipients = recipient::all_in(tx).await?;
        let (mut alerts, mut deliveries) = (Vec::new(), Vec::new());
        for alarm in &untold {
            let Some(line) = lines.get(&alarm.line_id) else { continue };
            let (raised, messages) = raise(&engine, alarm, line, &recipients, now);
            alerts.extend(raised);
            deliveries.extend(messages);
            let cleared = alarm.news == Some(AlarmNews::Cleared);
            deliveries.extend(events::alarm(&engine, alarm, cleared, now));
        }
        delivery::schedule(tx, &deliveries).await?;
        alert::raise_first(tx, &alerts).await?;
        alarm::told(tx, &untold.iter().map(|alarm| alarm.id).collect::<Vec<_>>()).await?;
        let news = alerts.iter().map(|alert| Notification::Alerted { rating_request: alert.request_id, state: alert.state });
        Ok((untold.len(), news.collect::<Vec<_>>()))
    })
    .await?;
    if count > 0 {
        engine.wake.ring();
    }
    news.into_iter().for_each(|news| engine.tell(news));
    Ok(count)
}

/// The alerts about an alarm, and their messages. If none of the recipients named first can be notified, the next ones are.
fn raise(engine: &Engine, alarm: &ShareAlarm, line: &Line, recipients: &[Recipient], now: Millis) -> (Vec<Alert>, Vec<NewDelivery>) {
    let alerts = &line.settings.alerts;
    let levels = i64::try_from(alerts.escalate_to.len()).unwrap_or(0);
    let mut steps: Vec<Vec<String>> = (0..=levels).map(|level| names_at(alerts, level)).collect();
    steps.push(alerts.supervisors.clone());
    let (mut rows, mut messages): (Vec<Alert>, Vec<NewDelivery>) = (Vec::new(), Vec::new());
    for (level, names) in (0..).zip(steps) {
        if level > 0 && names.is_empty() {
            continue;
        }
        for choice in choose(names, alerts, recipients, None) {
            if rows.iter().any(|row| row.recipient_id == who(&choice)) {
                continue;
            }
            let (row, message) = told(engine, alarm, line, (&choice, level), recipients, now);
            rows.push(row);
            messages.extend(message);
        }
        if !messages.is_empty() {
            return (rows, messages);
        }
    }
    tracing::error!(line = line.id.as_str(), "alarm: no reachable recipient; see the line's page and its alerts");
    (rows, messages)
}

fn told(
    engine: &Engine,
    alarm: &ShareAlarm,
    line: &Line,
    (choice, level): (&Choice, i64),
    recipients: &[Recipient],
    now: Millis,
) -> (Alert, Option<NewDelivery>) {
    let kind = if alarm.news == Some(AlarmNews::Cleared) { AlertKind::AllClear } else { AlertKind::Alarm };
    let mut row = Alert {
        id: engine.ids.next(now),
        request_id: alarm.id.named_as(),
        recipient_id: who(choice).to_owned(),
        level,
        kind,
        line_id: line.id.clone(),
        created_at: now,
        ..Alert::default()
    };
    match reach_of(engine, choice, recipients) {
        Ok(at) => {
            let message = message(engine, alarm, line, &recipients[at], (&row, now));
            row.delivery_id = Some(message.id);
            (row, Some(message))
        }
        Err((_, why)) => {
            row.state = AlertState::Undeliverable;
            row.reason = Some(why.as_str().to_owned());
            (row, None)
        }
    }
}

fn message(engine: &Engine, alarm: &ShareAlarm, line: &Line, person: &Recipient, (row, now): (&Alert, Millis)) -> NewDelivery {
    let connection = person.connection.clone().unwrap_or_default();
    let time = |at: Millis| {
        let at = chrono::DateTime::from_timestamp_millis(at).unwrap_or_default().with_timezone(&engine.options.time_zone);
        at.format("%Y-%m-%d %H:%M %Z").to_string()
    };
    let page = engine.alarms_page(&line.id);
    let mut text = alarm_text(&AlarmFacts {
        language: person.language.as_deref().unwrap_or(&engine.options.language),
        line: &line.name,
        channel: &alarm.channel,
        kind: alarm.kind,
        cleared: row.kind == AlertKind::AllClear,
        since: &time(if row.kind == AlertKind::AllClear { alarm.raised_at } else { alarm.from_at }),
        bad: alarm.bad,
        cases: alarm.cases,
        usual: alarm.usual,
    });
    if let Some(page) = &page {
        text = format!("{text}\n{page}");
    }
    let data = json!({
        "kind": row.kind, "alarm": alarm.id, "line": line.id, "line_name": line.name, "channel": alarm.channel, "share": alarm.kind,
        "cases": alarm.cases, "bad": alarm.bad, "usual_percent": alarm.usual as f64 / 10_000.0, "url": page,
    });
    NewDelivery {
        id: engine.ids.next(now),
        kind: Kind::Alert,
        resends_max: engine.channels.resends_max(&connection, Kind::Alert, true),
        connection,
        address: person.address.clone().unwrap_or_default(),
        subject: None,
        payload: json!({ "alert": row.id, "text": text, "data": data }).to_string(),
        due_at: now,
        give_up_at: now + GIVE_UP_AFTER,
        window_closes_at: None,
        outside_window: 0,
        created_at: now,
    }
}
