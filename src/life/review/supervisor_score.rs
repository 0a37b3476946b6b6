//! A supervisor's own score of a conversation, from 1 to 5, beside the client's rating. Omitted fields stay as they are: changing
//! only the score keeps the comment.

use crate::engine::Engine;
use lastword_base::names::RequestId;
use lastword_domain::access::audit::{Act, By, Entry};
use lastword_domain::answer::SUPERVISOR_COMMENT_CHARS_MAX;
use lastword_store::access::audit;
use lastword_store::question::rating_request;
use lastword_store::review::supervisor_score::{self, SupervisorScore};
use lastword_store::{Millis, StoreError, transaction};
use serde_json::{Value, json};

/// A supervisor's input for one close.
#[derive(Clone, Debug)]
pub struct Opinion {
    /// From 1 to 5; `None` keeps the stored score.
    pub score: Option<u8>,
    /// `None` keeps the stored comment, an empty text removes it.
    pub comment: Option<String>,
    /// The actor.
    pub by: By,
    /// The revision that they saw, 0 without a score so far; `None` skips the check.
    pub seen: Option<i64>,
}

/// Result of scoring.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scored {
    /// It is stored.
    Kept(SupervisorScore),
    /// A comment requires a score.
    NoScore,
    /// The score is not from 1 to 5.
    NotAScore,
    /// The comment is too long.
    TooLong,
    /// It was scored by another person in the meantime: the current score.
    Outrun(SupervisorScore),
    /// There is no such rating request.
    Unknown,
}

/// Stores a supervisor's score of the close behind `request`.
///
/// # Errors
/// A database error; then nothing was stored.
#[lastword_base::boxed]
pub async fn score(engine: &Engine, request: RequestId, opinion: Opinion, now: Millis) -> Result<Scored, StoreError> {
    if opinion.score.is_some_and(|score| !(1..=5).contains(&score)) {
        return Ok(Scored::NotAScore);
    }
    if opinion.comment.as_ref().is_some_and(|comment| comment.chars().count() > SUPERVISOR_COMMENT_CHARS_MAX) {
        return Ok(Scored::TooLong);
    }
    transaction!(engine.db, [engine, opinion], async |tx| {
        let Some(held) = rating_request::hold(tx, &[request]).await?.pop() else { return Ok(Scored::Unknown) };
        let before = supervisor_score::find(tx, request).await?;
        if let Some(present) = before.as_ref().filter(|before| opinion.seen.is_some_and(|seen| seen != before.revision)) {
            return Ok(Scored::Outrun(present.clone()));
        }
        let Some(score) = opinion.score.map(i64::from).or(before.as_ref().map(|before| before.score)) else {
            return Ok(Scored::NoScore);
        };
        let comment = match opinion.comment {
            Some(comment) => Some(comment.trim().to_owned()).filter(|comment| !comment.is_empty()),
            None => before.as_ref().and_then(|before| before.comment.clone()),
        };
        let after = SupervisorScore {
            request_id: request,
            score,
            comment,
            scored_by: opinion.by.name.clone(),
            created_at: before.as_ref().map_or(now, |before| before.created_at),
            changed_at: now,
            revision: before.as_ref().map_or(1, |before| before.revision + 1),
        };
        supervisor_score::save(tx, &held, before.as_ref(), &after).await?;
        let entry = Entry::new(Act::RatingScored, after.request_id).on_line(&held.line_id);
        let entry = entry.with(&before.as_ref().map_or(Value::Null, summary), &summary(&after));
        audit::write(tx, engine.ids.next(now), now, &opinion.by, &entry).await?;
        Ok(Scored::Kept(after))
    })
    .await
}

/// Summary of a score for the audit log. The supervisor's comment stays where it can be erased.
fn summary(score: &SupervisorScore) -> Value {
    json!({ "score": score.score, "comment_letters": score.comment.as_ref().map(|comment| comment.chars().count()) })
}
