//! Applies held edits after their three days. Any node may do it; the first one to lock the rating request does.

use crate::alert::audience::Audience;
use crate::alert::changed::{Change, tell};
use crate::engine::Engine;
use crate::engine::notifications::Notification;
use crate::events;
use lastword_base::names::LineId;
use lastword_domain::review::edit::EditState;
use lastword_store::answer::rating::{self, Rating};
use lastword_store::answer::rating_edit::{self, RatingEdit};
use lastword_store::locks::Open;
use lastword_store::question::{delivery, rating_request};
use lastword_store::{Millis, StoreError, Tx, transaction};

/// Applies due held edits, at most `limit`. Returns their number.
#[lastword_base::boxed]
pub async fn release(engine: &Engine, now: Millis, limit: i64) -> Result<usize, StoreError> {
    let (count, news) = transaction!(engine.db, [engine], async |tx| { release_due(tx, &engine, now, limit).await }).await?;
    if count > 0 {
        engine.wake.ring();
    }
    news.into_iter().for_each(|news| engine.tell(news));
    Ok(count)
}

async fn release_due(tx: &mut Tx, engine: &Engine, now: Millis, limit: i64) -> Result<(usize, Vec<Notification>), StoreError> {
    let due = rating_edit::due(tx, now, limit).await?;
    if due.is_empty() {
        return Ok((0, Vec::new()));
    }
    let mut ids = due;
    ids.sort_unstable();
    let requests = rating_request::hold(tx, &ids).await?;
    let ratings = rating::load(tx, &ids).await?;
    // Read again after locking: the client, or another node, may have been faster.
    let is_due = |edit: &RatingEdit| edit.state == EditState::Held && edit.due_at.is_some_and(|at| at <= now);
    let edits: Vec<RatingEdit> = rating_edit::load(tx, &ids).await?.into_iter().filter(is_due).collect();
    let mut lines: Vec<&LineId> = requests.iter().map(|request| &request.line_id).collect();
    lines.sort_unstable();
    lines.dedup();
    let lines = engine.lines.current(tx, &lines).await?;
    let released = edits.iter().filter_map(|edit| {
        let request = requests.iter().find(|request| request.id == edit.request_id)?;
        let (before, line) = (ratings.get(&edit.request_id)?, lines.get(&request.line_id)?);
        let low = u8::try_from(edit.score).is_ok_and(|score| line.settings.is_low(request.scale, score));
        let after = Rating { score: edit.score, low: i64::from(low), revision: before.revision + 1, changed_at: now, ..before.clone() };
        Some((request, line, before, after, edit))
    });
    let released: Vec<_> = released.collect();
    let saved = released.iter().map(|(request, _, before, after, _)| rating::Change { request, before: Some(before), after });
    rating::save(tx, &saved.collect::<Vec<_>>()).await?;
    let events = released.iter().flat_map(|(request, _, _, after, _)| events::rating(engine, request, after, false, now));
    delivery::schedule(tx, &events.collect::<Vec<_>>()).await?;
    let changes = released.iter().map(|(request, line, before, after, _)| {
        let fell = after.low == 1 && before.low == 0;
        Change { request, line, before: Some(before), after, fell }
    });
    let changes: Vec<Change<'_>> = changes.collect();
    let about: Vec<_> = changes.iter().filter(|change| change.concerns()).map(|change| (change.request, change.line)).collect();
    let mut audience = Audience::hold(tx, engine, &about, &[], Open::default()).await?;
    let mut news = tell(tx, engine, &mut audience, &changes, now).await?;
    news.extend(released.iter().map(|(request, ..)| Notification::Reviewed { rating_request: request.id }));
    let applied = released.iter().map(|(.., edit)| RatingEdit { state: EditState::Applied, decided_at: Some(now), ..(*edit).clone() });
    let applied: Vec<RatingEdit> = applied.collect();
    rating_edit::save(tx, &applied).await?;
    Ok((applied.len(), news))
}
