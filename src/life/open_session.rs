//! A session begins. Not needed for asking (a close tells all), but it lets the close know when the chat began.

use super::engine::Engine;
use super::session_event::{Taken, Told, keep, session_of, told_before};
use crate::store::session::Session;
use crate::store::{Millis, StoreError};

/// A session begins on `line_id`.
///
/// # Errors
/// The database's error.
pub async fn open_session(engine: &Engine, told: Told, line_id: String, now: Millis) -> Result<Taken, StoreError> {
    let steps = engine.clone();
    engine
        .db
        .write(move |tx| {
            let (engine, told, line_id) = (steps.clone(), told.clone(), line_id.clone());
            Box::pin(async move {
                if let Some(taken) = told_before(tx, &told).await? {
                    return Ok::<_, StoreError>(taken);
                }
                if !engine.lines.current(tx, &[&line_id]).await?.contains_key(&line_id) {
                    return Ok(Taken::UnknownLine);
                }
                let fresh = Session {
                    source: told.source.clone(),
                    id: told.session_id.clone(),
                    line_id,
                    status: "open".to_owned(),
                    operators: "[]".to_owned(),
                    ..Session::default()
                };
                let known = session_of(tx, &told).await?;
                let session = Session { opened_at: Some(told.occurred_at), ..known.unwrap_or(fresh) };
                keep(tx, &told, "opened", String::new(), Some(session), now).await
            })
        })
        .await
}
