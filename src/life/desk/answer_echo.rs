//! At some desks, an answer typed in the desk's own chat reopens it, and an operator closes it again. Neither is a conversation, so
//! neither leads to another question.

use lastword_base::names::{SessionId, Source};
use lastword_domain::outcome::Outcome;
use lastword_domain::session::SessionStatus;
use lastword_store::answer::rating;
use lastword_store::question::rating_request;
use lastword_store::{Db, Millis, StoreError, session};

/// Tolerance for differing clocks and the duration of requests.
const GRACE: Millis = 2 * 60_000;

/// The answer to the question about a closed session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Answered {
    /// Time of the close.
    pub(crate) closed_at: Millis,
    rated_at: Millis,
    changed_at: Millis,
}

impl Answered {
    /// True if an event at `at` may be the answer itself, or caused by it.
    pub(super) fn covers(self, at: Millis) -> bool {
        (self.rated_at - GRACE..=self.changed_at + GRACE).contains(&at)
    }
}

/// The answer to the question about the last close of a session, if it was asked through the desk itself.
pub(crate) async fn answered(db: &Db, source: &Source, session_id: &SessionId) -> Result<Option<Answered>, StoreError> {
    let sessions = session::find(db, session_id).await?;
    let Some(session) = sessions.into_iter().find(|session| session.source == *source && session.status == SessionStatus::Closed) else {
        return Ok(None);
    };
    let requests = rating_request::of_session(db, source, session_id).await?;
    let asked_here = requests.into_iter().find(|request| {
        request.epoch == session.epoch
            && request.again_of.is_none()
            && request.outcome == Some(Outcome::Answered)
            && request.asked_through().is_some_and(|connection| connection == source.as_str())
    });
    let (Some(request), Some(closed_at)) = (asked_here, session.closed_at) else { return Ok(None) };
    let rating = rating::of_requests(db, &[request.id]).await?.remove(&request.id);
    Ok(rating.map(|rating| Answered { closed_at, rated_at: rating.rated_at, changed_at: rating.changed_at }))
}
