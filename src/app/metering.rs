//! The numbers: what the steps tell becomes counts, and the queue is measured every few seconds.

use crate::life::{Engine, News};
use crate::metrics::Metrics;
use crate::store::{connection, delivery, pass_on};
use crate::time::{SECOND, wait};
use std::sync::Arc;
use tokio::sync::broadcast::error::RecvError;
use tokio_util::sync::CancellationToken;

/// The queue is measured this often.
const MEASURE_EVERY: i64 = 5 * SECOND;

/// Counts until `stop`.
pub async fn run(engine: Engine, metrics: Arc<Metrics>, stop: CancellationToken) {
    let mut news = engine.news.subscribe();
    let counting = async {
        loop {
            match news.recv().await {
                Ok(news) => count(&metrics, &news),
                Err(RecvError::Lagged(missed)) => tracing::warn!(missed, "too much happened at once; some of it is not counted"),
                Err(RecvError::Closed) => break,
            }
        }
    };
    let measuring = async {
        loop {
            measure(&engine, &metrics).await;
            wait(MEASURE_EVERY).await;
        }
    };
    tokio::select! { () = counting => {}, () = measuring => {}, () = stop.cancelled() => {} }
}

/// Tries are counted where they end: that count must not miss any.
fn count(metrics: &Metrics, news: &News) {
    match news {
        News::Closed { decision, .. } => {
            metrics.closes(decision, 1);
            if *decision != "ask" {
                metrics.outcome("not_asked", decision);
            }
        }
        News::Answered { disposition, .. } => metrics.answer(disposition),
        News::Decided { outcome, reason, .. } => metrics.outcome(outcome, reason),
        News::Alerted { state, .. } => metrics.alert(state),
        News::Reviewed { .. } | News::Tried { .. } | News::Mail { .. } | News::Stopped { .. } | News::Wrote { .. } => {}
    }
}

async fn measure(engine: &Engine, metrics: &Metrics) {
    let now = engine.now();
    match delivery::due(&engine.db, now).await {
        Ok((count, oldest)) => metrics.queue(u64::try_from(count).unwrap_or(0), oldest.map_or(0, |at| now - at)),
        Err(error) => tracing::warn!(%error, "the queue could not be measured"),
    }
    match connection::all(&engine.db).await {
        Ok(states) => {
            for state in states.iter().filter(|state| engine.channels.get(&state.name).is_some()) {
                metrics.connection(&state.name, state.stopped_at.is_some(), state.deaf_at.is_some(), state.heard_at);
            }
        }
        Err(error) => tracing::warn!(%error, "the connections could not be measured"),
    }
    match pass_on::desks(&engine.db).await {
        Ok(desks) => {
            for desk in desks {
                let (backlog, age) = (u64::try_from(desk.backlog).unwrap_or(0), desk.oldest_at.map_or(0, |at| now - at));
                metrics.pass_on_backlog(&desk.connection, backlog, age);
            }
        }
        Err(error) => tracing::warn!(%error, "what waits to be passed on could not be measured"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_close_without_a_question_is_an_outcome_at_once() {
        let metrics = Metrics::new("test");
        for decision in ["ask", "line_off"] {
            count(&metrics, &News::Closed { rating_request: "r".to_owned(), line: "l".to_owned(), decision });
        }
        let page = metrics.encode();
        assert!(page.contains(r#"lastword_outcomes_total{outcome="not_asked",reason="line_off"} 1"#), "{page}");
        assert!(page.contains(r#"lastword_closes_total{decision="ask"} 1"#) && !page.contains(r#"reason="ask""#), "{page}");
    }
}
