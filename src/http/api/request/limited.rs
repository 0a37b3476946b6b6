//! What a key that is limited to lines may touch.

use crate::problem::Problem;
use crate::state::AppState;
use lastword_domain::access::rights::Lines;
use lastword_store::session;

/// Refuses what is told of a session that stands on another line by now. One that is not known yet is nobody else's.
pub(crate) async fn must_be_theirs(app: &AppState, lines: &Lines, source: &str, id: &str) -> Result<(), Problem> {
    if *lines == Lines::All {
        return Ok(());
    }
    let there = session::find(&app.engine.db, id).await?.into_iter().find(|session| session.source == source);
    match there {
        Some(session) if !lines.admit(&session.line_id) => Err(Problem::other_line("session", &session.line_id)),
        _ => Ok(()),
    }
}
