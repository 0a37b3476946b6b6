//! Access of keys that are limited to lines.

use crate::problem::Problem;
use crate::state::AppState;
use lastword_base::names::{SessionId, Source};
use lastword_domain::access::rights::Lines;
use lastword_store::session;

/// Refuses events of a session that is now on another line. An unknown session is allowed.
pub(crate) async fn must_be_theirs(app: &AppState, lines: &Lines, source: &Source, id: &SessionId) -> Result<(), Problem> {
    if *lines == Lines::All {
        return Ok(());
    }
    let there = session::find(&app.engine.db, id).await?.into_iter().find(|session| session.source == *source);
    match there {
        Some(session) if !lines.admit(&session.line_id) => Err(Problem::other_line("session", session.line_id.as_str())),
        _ => Ok(()),
    }
}
