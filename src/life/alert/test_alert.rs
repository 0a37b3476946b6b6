//! Raises a test alert about a made-up session, for exactly one recipient, by the same path as a low rating.

use super::audience::Audience;
use super::raise::{Low, Raising};
use crate::engine::Engine;
use crate::recipient::choose::persons;
use lastword_domain::access::audit::{Act, By, Entry};
use lastword_domain::alert::AlertKind;
use lastword_domain::line::LineSettings;
use lastword_domain::session::ClosedBy;
use lastword_store::access::audit;
use lastword_store::alert::{self, Alert};
use lastword_store::answer::rating::Rating;
use lastword_store::line::Line;
use lastword_store::locks::Open;
use lastword_store::question::rating_request::RatingRequest;
use lastword_store::{Millis, StoreError, transaction};
use std::sync::Arc;

/// Raises a test alert for a recipient, or for each member of a group, with the texts of `line`, or the built-in ones without a line.
/// Returns the alerts; one that cannot be sent has the reason.
#[lastword_base::boxed]
pub async fn raise_test(engine: &Engine, by: &By, recipient_id: &str, line: Option<Line>, now: Millis) -> Result<Vec<Alert>, StoreError> {
    let line = line.unwrap_or_else(|| no_line(now));
    let (request, rating) = made_up(engine, &line, now);
    let facts = Arc::new((line, request, rating, recipient_id.to_owned(), engine.clone(), by.clone()));
    let alerts = transaction!(engine.db, [facts], async |tx| {
        let (line, request, rating, recipient_id, engine, by) = &*facts;
        let mut audience = Audience::hold(tx, engine, &[(request, line)], &[recipient_id], Open::default()).await?;
        let mut raising = Raising::read(tx, engine, &audience, &[request.id], now).await?;
        let chosen = persons(recipient_id, &raising.recipients);
        raising.raise_for(&Low { request, rating, line, level: 0, kind: AlertKind::Test, instead_of: None }, chosen);
        raising.write(tx, &mut audience).await?;
        let entry = Entry::new(Act::RecipientTested, recipient_id);
        audit::write(tx, engine.ids.next(now), now, by, &entry).await?;
        alert::about(tx, &[request.id]).await
    })
    .await?;
    engine.wake.ring();
    Ok(alerts)
}

fn no_line(now: Millis) -> Line {
    let settings = LineSettings::default();
    Line {
        id: "test".into(),
        name: "Test line".to_owned(),
        settings,
        version: 1,
        created_at: now,
        updated_at: now,
        archived_at: None,
        experiment: None,
    }
}

/// A made-up low rating. It is in no table: only the alert and its message are stored.
fn made_up(engine: &Engine, line: &Line, now: Millis) -> (RatingRequest, Rating) {
    let scale = line.settings.scale;
    let request = RatingRequest {
        id: engine.ids.next(now),
        source: "test".into(),
        session_id: "test".into(),
        epoch: 1,
        line_id: line.id.clone(),
        line_version: line.version,
        scale,
        operators: Vec::new(),
        attribution: line.settings.attribution,
        closed_by: Some(ClosedBy::Operator),
        closed_at: now,
        created_at: now,
        ..RatingRequest::default()
    };
    let rating = Rating {
        request_id: request.id,
        line_id: line.id.clone(),
        scale,
        score: line.settings.low_max.unwrap_or(scale.low_max_default()).into(),
        low: 1,
        reasons: Vec::new(),
        revision: 1,
        rated_at: now,
        changed_at: now,
        closed_at: now,
        ..Rating::default()
    };
    (request, rating)
}
