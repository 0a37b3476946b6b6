//! Alerts about low ratings without a reply by their deadline. They go to the line's escalation recipients, otherwise to its other
//! recipients.

use crate::alert::audience::Audience;
use crate::alert::held_low::HeldLow;
use crate::alert::raise::{Low, Raising};
use crate::engine::Engine;
use crate::events::{self, LowEvent};
use crate::recipient::choose::{choose, names_at};
use crate::recipient::push::{Notice, push};
use lastword_domain::alert::AlertKind;
use lastword_store::locks::Open;
use lastword_store::question::delivery;
use lastword_store::review::deadline;
use lastword_store::{Millis, StoreError, transaction};

/// Raises alerts about overdue low ratings, at most `limit`. Returns their number.
#[lastword_base::boxed]
pub async fn tell_late(engine: &Engine, now: Millis, limit: i64) -> Result<usize, StoreError> {
    let (count, news) = transaction!(engine.db, [engine], async |tx| {
        let late = deadline::late(tx, now, limit).await?;
        if late.is_empty() {
            return Ok((0, Vec::new()));
        }
        let held = HeldLow::read(tx, &engine, &late).await?;
        // Read again after locking: another node may have been faster.
        let late = deadline::told(tx, &held.ids(), now).await?;
        let mut audience = Audience::hold(tx, &engine, &held.about(), &[], Open::default()).await?;
        let mut raising = Raising::read(tx, &engine, &audience, &held.ids(), now).await?;
        let low: Vec<Low<'_>> = late.iter().filter_map(|request| held.low(*request, 1, AlertKind::Late)).collect();
        low.iter().for_each(|low| tell(&mut raising, low));
        let news = raising.write(tx, &mut audience).await?;
        let shown = low.iter().map(|low| Notice { request: low.request, rating: low.rating, line: low.line, kind: low.kind });
        push(tx, &engine, &shown.collect::<Vec<_>>(), now).await?;
        let told = low.iter().flat_map(|low| events::low_rating(&engine, LowEvent::Overdue, low.request, low.rating, now));
        delivery::schedule(tx, &told.collect::<Vec<_>>()).await?;
        Ok((late.len(), news))
    })
    .await?;
    if count > 0 {
        engine.wake.ring();
    }
    news.into_iter().for_each(|news| engine.tell(news));
    Ok(count)
}

/// Recipients: the first level of the escalation, otherwise the supervisors, otherwise the first recipients. If none of them can be
/// notified, the next group.
fn tell(raising: &mut Raising<'_>, low: &Low<'_>) {
    let alerts = &low.line.settings.alerts;
    let steps = [names_at(alerts, 1), alerts.supervisors.clone(), alerts.recipients_of(low.request.labelled())];
    for names in steps.into_iter().filter(|names| !names.is_empty()) {
        let chosen = choose(names, alerts, &raising.recipients, low.request.operator_id.as_ref());
        if raising.raise_for(low, chosen) {
            return;
        }
    }
    tracing::error!(
        line = low.line.id.as_str(),
        rating_request = low.request.id.to_string(),
        "overdue reply: no reachable recipient; see the line's page"
    );
}
