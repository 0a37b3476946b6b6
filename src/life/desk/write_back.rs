//! Shows a rating to operators at the end of its chat: a delivery to the desk, created in the transaction of the rating and
//! composed when it is sent. A score and a comment within a few seconds become one note.

use crate::engine::Engine;
use crate::engine::channels::contract_scale;
use crate::engine::in_time::in_time;
use crate::events::Revision;
use crate::question::send::{Tried, failed};
use lastword_base::names::{ConnectionId, LineId, RequestId};
use lastword_contract::{SendError, Verdict, WriteBack};
use lastword_domain::answer::reason::texts;
use lastword_domain::line::texts::{Words, words};
use lastword_store::answer::rating::{self, Rating};
use lastword_store::question::delivery::Delivery;
use lastword_store::question::rating_request::{self, RatingRequest};
use lastword_store::{Millis, StoreError, document_in};
use std::collections::HashMap;
use std::time::Duration;

/// Composes the notes of `deliveries`, one for each; `None` if a newer delivery contains it.
#[lastword_base::boxed]
pub async fn compose(engine: &Engine, deliveries: &[&Delivery]) -> Result<Vec<Result<Option<WriteBack>, StoreError>>, StoreError> {
    let subjects: Vec<RequestId> = deliveries.iter().filter_map(|delivery| delivery.request()).collect();
    let requests = rating_request::load(&engine.db, &subjects).await?;
    let requests: HashMap<RequestId, RatingRequest> = requests.into_iter().map(|request| (request.id, request)).collect();
    let ratings = rating::of_requests(&engine.db, &subjects).await?;
    let lines: Vec<&LineId> = requests.values().map(|request| &request.line_id).collect();
    let lines = engine.lines.present(&engine.db, &lines).await?;
    let note = |delivery: &&Delivery| {
        let Revision { revision } = document_in("delivery", "payload", delivery.id, &delivery.payload)?;
        let subject = delivery.needs_request()?;
        let about = || {
            let (request, rating) = (requests.get(&subject)?, ratings.get(&subject).filter(|rating| rating.revision <= revision)?);
            let settings = &lines.get(&request.line_id)?.settings;
            Some(written(engine, delivery, request, rating, &words(settings, Some(&engine.options.language))))
        };
        Ok(about())
    };
    Ok(deliveries.iter().map(note).collect())
}

fn written(engine: &Engine, delivery: &Delivery, request: &RatingRequest, rating: &Rating, words: &Words) -> WriteBack {
    let scale = rating.scale;
    let score = u8::try_from(rating.score).unwrap_or_default();
    let reasons = texts(&rating.reasons);
    let resolved = rating.resolved.map(|resolved| resolved == 1);
    let page = engine.rating_page(request.id);
    let mut lines = vec![scale.show(score)];
    lines.extend((!reasons.is_empty()).then(|| reasons.join(", ")));
    lines.extend(resolved.map(|resolved| format!("{} {}", words.resolved, if resolved { &words.yes } else { &words.no })));
    lines.extend(rating.comment.clone());
    lines.extend(page.clone());
    WriteBack {
        key: delivery.id.to_string(),
        session: request.session_id.to_string(),
        rating_request: request.id.to_string(),
        scale: contract_scale(scale),
        score,
        low: rating.low == 1,
        comment: rating.comment.clone(),
        reasons,
        resolved,
        rated_at: rating.changed_at,
        changed: rating.revision > 1,
        text: lines.join("\n"),
        page,
    }
}

/// Shows one rating at its desk, once. Without a response within `timeout`, it may be there.
#[lastword_base::boxed]
pub async fn show(engine: &Engine, connection: &ConnectionId, rating: &WriteBack, timeout: Millis) -> Tried {
    let Some(at_desk) = engine.desks.get(connection) else {
        return failed(&SendError::new(Verdict::ConnectionBroken, "no_connection", "this desk is not in the settings"));
    };
    let limit = Duration::from_millis(u64::try_from(timeout).unwrap_or(0));
    match in_time(limit, Verdict::CannotKnow, at_desk.desk.write_back(rating)).await {
        Ok(receipt) => Tried::Sent { message_id: receipt.message_id, moved_to: None },
        Err(error) => failed(&error),
    }
}
