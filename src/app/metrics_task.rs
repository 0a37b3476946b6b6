//! Metrics: counts notifications of the steps, and measures the queue every few seconds.

use crate::domain::alert::AlertState;
use crate::domain::answer::rating::Grade;
use crate::domain::connection::refusals::UNREADABLE;
use crate::domain::outcome::Outcome;
use crate::domain::question::delivery::Kind;
use crate::http::problem::Code;
use crate::life::{Engine, Notification};
use crate::log;
use crate::metrics::{Beginnings, Metrics};
use crate::names::ConnectionId;
use crate::store::connection::{self, forward_outbox};
use crate::store::line;
use crate::store::question::delivery;
use crate::store::records::installation;
use crate::store::report::{alarm, today};
use crate::time::{SECOND, SystemClock, wait};
use std::collections::BTreeSet;
use std::sync::Arc;
use tokio::sync::broadcast::error::RecvError;
use tokio_util::sync::CancellationToken;

/// Interval of measuring the queue.
const MEASURE_EVERY: i64 = 5 * SECOND;

/// Measurements between two of what waits at each line and channel.
const PLACES_EVERY: u64 = 3;

/// Measurements between two log messages about suppressed errors.
const COUNT_EVERY: u64 = 12;

/// Kinds of desks' calls that may be refused.
const CALLS: [&str; 6] = [
    "POST /v1/sessions/close",
    "POST /v1/sessions/open",
    "POST /v1/sessions/message",
    "POST /v1/sessions/reopen",
    "POST /v1/sessions/reassign",
    "POST /v1/sessions/merge",
];

/// Reasons for a refusal: the content of the call, or its conflict with our data.
const CODES: [Code; 10] = [
    Code::BadRequest,
    Code::InvalidJson,
    Code::MissingField,
    Code::InvalidField,
    Code::UnknownField,
    Code::UnknownLine,
    Code::UnknownConnection,
    Code::Forbidden,
    Code::KeyReused,
    Code::Conflict,
];

/// Reasons why a webhook of a desk is not used.
const UNUSED: [&str; 2] = ["not_usable", UNREADABLE];

/// Initializes the counters watched by alert rules to 0, for each connection and each label value in the code.
pub fn begin<'a>(metrics: &Metrics, connections: impl Iterator<Item = &'a str>) {
    let calls = CALLS.iter().flat_map(|call| CODES.iter().map(move |code| (*call, code.word())));
    let refused: Vec<(&str, String)> = calls.chain(UNUSED.map(|code| ("POST /hooks", code.to_owned()))).collect();
    let words = Beginnings {
        kinds: &[Kind::Ask, Kind::Alert].map(Kind::as_str),
        rejected: &["unsigned", "unreadable"],
        passed_on: &["passed", "failed", "dropped"],
        alerts: &AlertState::ALL.map(AlertState::as_str),
        refused: &refused,
    };
    metrics.begin(connections, &words);
}

/// Counts until `stop`.
pub async fn run(engine: Engine, metrics: Arc<Metrics>, clock: Arc<SystemClock>, stop: CancellationToken) {
    let mut news = engine.news.subscribe();
    let counting = async {
        loop {
            match news.recv().await {
                Ok(news) => count(&metrics, &news),
                Err(RecvError::Lagged(missed)) => tracing::warn!(missed, "too many events at once; some are not counted"),
                Err(RecvError::Closed) => break,
            }
        }
    };
    let measuring = async {
        for round in 0_u64.. {
            let health = clock.health();
            metrics.clock(health.offset.unwrap_or(0), health.went_back);
            measure(&engine, &metrics).await;
            if round.is_multiple_of(PLACES_EVERY) {
                measure_places(&engine, &metrics).await;
            }
            if round.is_multiple_of(COUNT_EVERY) {
                let more = log::REFUSED.held_back();
                if more > 0 {
                    tracing::error!(more, "further database errors while handling requests");
                }
            }
            wait(MEASURE_EVERY).await;
        }
    };
    tokio::select! { () = counting => {}, () = measuring => {}, () = stop.cancelled() => {} }
}

/// Attempts are counted where they end, because that count must not miss any.
fn count(metrics: &Metrics, news: &Notification) {
    match news {
        Notification::Closed { decision, .. } => {
            metrics.closes(decision, 1);
            if *decision != "ask" {
                metrics.outcome("not_asked", decision);
            }
        }
        Notification::Answered { disposition, .. } => metrics.answer(disposition),
        Notification::Decided { outcome, reason, .. } => metrics.outcome(outcome.as_str(), reason),
        Notification::Alerted { state, .. } => metrics.alert(state.as_str()),
        Notification::Reviewed { .. }
        | Notification::Tried { .. }
        | Notification::Mail { .. }
        | Notification::Stopped { .. }
        | Notification::Wrote { .. } => {}
    }
}

/// Measures the queue once.
pub async fn measure(engine: &Engine, metrics: &Metrics) {
    let now = engine.now();
    add_tallied(engine, metrics);
    match delivery::due(&engine.db, now).await {
        Ok((count, oldest)) => metrics.queue(u64::try_from(count).unwrap_or(0), oldest.map_or(0, |at| now - at)),
        Err(error) => tracing::warn!(%error, "could not measure the queue"),
    }
    match installation::quarantine(&engine.db).await {
        Ok(found) => metrics.quarantine(found.is_some()),
        Err(error) => tracing::warn!(%error, "could not read whether the database is in quarantine"),
    }
    metrics.wal(engine.db.wal_bytes());
    match connection::all(&engine.db).await {
        Ok(states) => {
            for state in states.iter().filter(|state| engine.channels.get(&state.name).is_some()) {
                metrics.connection(state.name.as_str(), state.stopped_at.is_some(), state.deaf_at.is_some(), state.heard_at);
            }
        }
        Err(error) => tracing::warn!(%error, "could not measure the connections"),
    }
    match alarm::states(&engine.db).await {
        Ok(states) => {
            metrics
                .by_place()
                .alarms(states.iter().map(|(line, channel, kind, stands)| (line.as_str(), channel.as_str(), kind.as_str(), *stands)));
        }
        Err(error) => tracing::warn!(%error, "could not count active alarms"),
    }
    match forward_outbox::desks(&engine.db).await {
        Ok(desks) => {
            let names = engine.channels.names();
            let waiting = desks.iter().map(|desk| (desk.connection.as_str(), desk.backlog, desk.oldest_at.map_or(0, |at| now - at)));
            metrics.pass_on_backlogs(names.iter().map(ConnectionId::as_str), waiting);
        }
        Err(error) => tracing::warn!(%error, "could not count updates waiting to be forwarded"),
    }
}

/// Adds what was committed since the last call, from memory.
fn add_tallied(engine: &Engine, metrics: &Metrics) {
    for ((line, channel, scale), tallied) in engine.db.tallied() {
        let place = (line.as_str(), channel.as_str());
        for (grade, count) in tallied.grades().filter(|(_, count)| *count > 0) {
            metrics.by_place().count_rating(place, &scale, grade.as_str(), count);
        }
        for (outcome, count) in tallied.outcomes().filter(|(_, count)| *count > 0) {
            metrics.by_place().count_outcome(place, outcome.as_str(), count);
        }
    }
}

/// Measures the waiting low ratings by line and channel, and creates the series of new lines and channels at 0.
pub async fn measure_places(engine: &Engine, metrics: &Metrics) {
    let grades = Grade::ALL.map(Grade::as_str);
    let outcomes: Vec<&str> = Outcome::ALL.iter().map(|outcome| outcome.as_str()).collect();
    let kinds: BTreeSet<&str> = engine.channels.of_clients().map(|(_, connection)| connection.channel.kind()).collect();
    match line::all(&engine.db).await {
        Ok(lines) => {
            for line in lines.iter().filter(|line| line.archived_at.is_none()) {
                for kind in &kinds {
                    metrics.by_place().begin((line.id.as_str(), kind), line.settings.scale.as_str(), &grades, &outcomes);
                }
            }
        }
        Err(error) => tracing::warn!(%error, "could not read the lines"),
    }
    match today::low_waiting_by_place(&engine.db).await {
        Ok(counts) => metrics.by_place().low_open(counts.iter().map(|(line, channel, count)| (line.as_str(), channel.as_str(), *count))),
        Err(error) => tracing::warn!(%error, "could not count the waiting low ratings"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::names::RequestId;

    #[test]
    fn a_close_without_a_question_is_an_outcome_at_once() {
        let metrics = Metrics::new("test");
        for decision in ["ask", "line_off"] {
            count(&metrics, &Notification::Closed { rating_request: RequestId::default(), line: "l".into(), decision });
        }
        let page = metrics.encode();
        assert!(page.contains(r#"lastword_outcomes_total{outcome="not_asked",reason="line_off"} 1"#), "{page}");
        assert!(page.contains(r#"lastword_closes_total{decision="ask"} 1"#) && !page.contains(r#"reason="ask""#), "{page}");
    }

    /// The metrics that alert rules watch, with their labels: `name{label="value"`.
    fn watched(page: &str) -> Vec<(String, Option<String>)> {
        let rules = page.lines().filter_map(|line| line.trim_start().strip_prefix("expr: "));
        let mut found = Vec::new();
        for rule in rules {
            for (at, _) in rule.match_indices("lastword_") {
                let name: String = rule[at..].chars().take_while(|letter| letter.is_ascii_alphanumeric() || *letter == '_').collect();
                let labels =
                    rule[at + name.len()..].strip_prefix('{').and_then(|rest| rest.split_once('}')).map(|(labels, _)| labels.to_owned());
                found.push((name, labels));
            }
        }
        found
    }

    #[test]
    fn what_the_rules_of_the_documentation_watch_is_there_from_the_start() {
        let metrics = Metrics::new("test");
        begin(&metrics, ["shop", "desk"].into_iter());
        let page = metrics.encode();
        // Series of lines begin when the lines are known.
        let mut rules = watched(include_str!("../../docs/prometheus/rules.yml"));
        rules.retain(|(name, _)| {
            !["lastword_questions_total", "lastword_low_ratings_open", "lastword_alarm_state"].contains(&name.as_str())
        });
        assert!(rules.len() >= 6, "{rules:?}");
        for (name, labels) in rules {
            let is = |line: &&str| {
                let rest = line.strip_prefix(name.as_str()).filter(|rest| rest.starts_with(['{', ' ']));
                rest.is_some_and(|rest| labels.as_deref().is_none_or(|labels| rest.contains(labels)))
            };
            let found: Vec<&str> = page.lines().filter(is).collect();
            assert!(
                !found.is_empty() && found.iter().all(|line| line.ends_with(" 0") || line.ends_with(" 0.0")),
                "{name} {labels:?}: {found:?}"
            );
            if name.starts_with("lastword_connection_") {
                assert_eq!(found.len(), 2, "for each connection: {found:?}");
            }
        }
        assert!(page.contains(r#"lastword_inbound_rejected_total{connection="shop",why="unsigned"} 0"#), "{page}");
    }
}
