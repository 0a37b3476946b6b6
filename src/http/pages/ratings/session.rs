//! A session: redirects to its latest close; a session that was never closed shows only its history.

use super::super::frame::{Frame, html};
use super::super::{Pages, done};
use super::story::{StoryLine, tell};
use super::words::{in_words, segment};
use crate::frame::form::Form;
use crate::frame::visit::SignedIn;
use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use lastword_base::names::{SessionId, Source};
use lastword_domain::access::rights::Right;
use lastword_domain::session::SessionStatus;
use lastword_http::problem::Problem;
use lastword_life::asking::while_talking::{AskedTalking, ask_while_talking};
use lastword_life::session::explain;
use lastword_store::question::rating_request::{self, RatingRequest};
use lastword_store::session::{self, Session};
use lastword_store::{Db, StoreError, line};
use std::sync::Arc;

#[derive(Template)]
#[template(path = "pages/ratings/session.html")]
struct SessionPage {
    page: Frame,
    session: Session,
    story: Vec<StoryLine>,
    /// Form address that asks the client; empty if that is not possible.
    ask: String,
    /// Reason that asking the client was refused just now.
    refused: String,
}

/// `GET /sessions/{source}/{session}`
pub(crate) async fn show(
    State(pages): State<Arc<Pages>>,
    Path((source, id)): Path<(String, String)>,
    person: SignedIn,
) -> Result<Response, Problem> {
    let db = &pages.app.engine.db;
    let (source, id) = (source.into(), id.into());
    if let Some(last) = closes_seen(db, &person, &source, &id).await?.pop() {
        return Ok(Redirect::to(&format!("{}/{}", super::PATH, last.id)).into_response());
    }
    let session = theirs(&pages, &person, &source, &id).await?;
    Ok(html(&page(&pages, &person, session, String::new()).await?).into_response())
}

/// The session, if the person may see it.
async fn theirs(pages: &Pages, person: &SignedIn, source: &Source, id: &SessionId) -> Result<Session, Problem> {
    let session = session::find(&pages.app.engine.db, id).await?.into_iter().find(|session| session.source == *source);
    let session = session.ok_or_else(Problem::not_found)?;
    person.sees(&session.line_id, session.operator_id.as_ref())?;
    Ok(session)
}

async fn page(pages: &Pages, person: &SignedIn, session: Session, refused: String) -> Result<SessionPage, Problem> {
    let db = &pages.app.engine.db;
    let story = explain::tell(db, session.clone(), &[]).await?;
    let page = Frame::of(pages, &person.visit).await?;
    let ask = ask_address(pages, person, &session).await?;
    Ok(SessionPage { story: tell(page.language, &story.history), page, session, ask, refused })
}

/// Form address that asks the client of an open session. Empty if the session is not open, its client was already asked,
/// the line does not ask during chats, or the person lacks the right.
pub(super) async fn ask_address(pages: &Pages, person: &SignedIn, session: &Session) -> Result<String, Problem> {
    let open = session.status == SessionStatus::Open && session.talk_request.is_none() && person.rights.may(Right::WorkLowRatings);
    let line = if open { line::find(&pages.app.engine.db, &session.line_id).await? } else { None };
    let asks = line.is_some_and(|line| line.settings.enabled && line.settings.while_talking.enabled);
    Ok(if asks { format!("/sessions/{}/{}/ask", segment(session.source.as_str()), segment(session.id.as_str())) } else { String::new() })
}

/// `POST /sessions/{source}/{session}/ask`: asks the client while the session is open.
pub(crate) async fn ask(
    State(pages): State<Arc<Pages>>,
    Path((source, id)): Path<(String, String)>,
    person: SignedIn,
    _: Form,
) -> Result<Response, Problem> {
    let session = theirs(&pages, &person, &source.into(), &id.into()).await?;
    let engine = &pages.app.engine;
    let reason = match ask_while_talking(engine, &person.by(), &session.source, &session.id, engine.now()).await? {
        AskedTalking::Asked(request) => {
            return Ok(done(&pages, &format!("{}/{}", super::PATH, request.id), "done-asked-by-hand", ""));
        }
        AskedTalking::Unknown => return Err(Problem::not_found()),
        AskedTalking::Not(reason) => reason,
    };
    let refused = in_words(person.visit.language, "ratings-reason", reason.as_str());
    Ok((StatusCode::CONFLICT, html(&page(&pages, &person, session, refused).await?)).into_response())
}

/// The closes of a session that the person sees, oldest first.
pub(super) async fn closes_seen(
    db: &Db,
    person: &SignedIn,
    source: &Source,
    session: &SessionId,
) -> Result<Vec<RatingRequest>, StoreError> {
    let all = rating_request::of_session(db, source, session).await?.into_iter();
    Ok(all.filter(|close| person.rights.sees(&close.line_id, close.operator_id.as_ref())).collect())
}
