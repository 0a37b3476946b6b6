//! The panel's view of one chat, for a signed-in person.

use super::caller::{form, person, place};
use crate::Pages;
use crate::frame::visit::SignedIn;
use crate::frame::{Frame, html};
use crate::ratings::story::{StoryLine, tell};
use crate::ratings::words::in_words;
use askama::Template;
use axum::extract::{Path, Request, State};
use axum::response::Response;
use lastword_base::names::{ClientId, DeliveryId, LineId, RequestId, SessionId, Source};
use lastword_domain::access::rights::Right;
use lastword_domain::answer::rating::Scale;
use lastword_domain::outcome::Outcome;
use lastword_domain::question::delivery::{Kind, State as DeliveryState};
use lastword_domain::session::SessionStatus;
use lastword_http::problem::Problem;
use lastword_life::Millis;
use lastword_life::facts::opted_out;
use lastword_life::review::view::look;
use lastword_life::session::explain;
use lastword_store::answer::own_ratings;
use lastword_store::answer::rating::{self, Rating};
use lastword_store::question::delivery;
use lastword_store::question::rating_request::{self, RatingRequest};
use lastword_store::session::{self, Session};
use lastword_store::{Db, StoreError, line};
use std::collections::HashMap;
use std::sync::Arc;

/// Maximum number of earlier ratings of a client that are read; those that the person may see are shown.
const EARLIER_MAX: i64 = 30;
/// Maximum number of sentences of a story, the newest.
const STORY_MAX: usize = 12;

/// An earlier rating of the client.
struct Earlier {
    at: Millis,
    scale: Scale,
    score: i64,
    comment: Option<String>,
    line: String,
}

/// The reply form.
struct ReplyBox {
    text: String,
    revision: i64,
    /// Reason that a reply would not reach the client; empty if it would.
    stays: String,
}

/// Actions that this person can take on the chat now.
#[derive(Default)]
pub(super) struct Can {
    /// Ask the client, about this close or while the chat is open.
    pub(super) ask: bool,
    /// The question that was not sent yet and can be canceled.
    pub(super) hold: Option<DeliveryId>,
    /// Reply to the rating.
    pub(super) reply: bool,
    /// Opt the client out, or end the opt-out.
    pub(super) client: Option<ClientId>,
}

/// A chat, as far as this person may see it.
pub(super) struct Seen {
    pub(super) session: Session,
    /// The latest close.
    pub(super) close: Option<RatingRequest>,
    pub(super) can: Can,
    closes: Vec<RatingRequest>,
}

impl Seen {
    /// Loads the chat of a connection; `None` if it is unknown or the person may not see it. The two cases are indistinguishable.
    pub(super) async fn of(pages: &Pages, person: &SignedIn, connection: &str, id: &str) -> Result<Option<Self>, Problem> {
        let db = &pages.app.engine.db;
        let (source, id) = (Source::from(connection), SessionId::from(id));
        let found = session::find(db, &id).await?.into_iter().find(|session| session.source == source);
        let all = rating_request::of_session(db, &source, &id).await?.into_iter();
        let closes: Vec<RatingRequest> = all.filter(|close| person.rights.sees(&close.line_id, close.operator_id.as_ref())).collect();
        let theirs = |session: &Session| person.rights.sees(&session.line_id, session.operator_id.as_ref()) || !closes.is_empty();
        let Some(session) = found.filter(theirs) else { return Ok(None) };
        let close = closes.last().cloned();
        let can = can(pages, person, &session, close.as_ref()).await?;
        Ok(Some(Self { session, close, can, closes }))
    }
}

async fn can(pages: &Pages, person: &SignedIn, session: &Session, close: Option<&RatingRequest>) -> Result<Can, Problem> {
    let (db, may) = (&pages.app.engine.db, |right| person.rights.may(right));
    let open = session.status == SessionStatus::Open;
    let client = session.client_id.clone().or_else(|| close.and_then(|close| close.client_id.clone()));
    let mut can = Can { client: client.filter(|_| may(Right::ManageClients)), ..Can::default() };
    if open && session.talk_request.is_none() && may(Right::WorkLowRatings) {
        let line = line::find(db, &session.line_id).await?;
        can.ask = line.is_some_and(|line| line.settings.enabled && line.settings.while_talking.enabled);
    }
    let Some(close) = close else { return Ok(can) };
    can.ask |= !open && close.outcome == Some(Outcome::NotAsked) && may(Right::WorkLowRatings);
    can.reply = close.outcome == Some(Outcome::Answered) && may(Right::WorkLowRatings);
    if close.outcome.is_none() && may(Right::MendDeliveries) {
        let asked = delivery::about(db, &[&close.id]).await?.into_iter();
        let mut waiting = asked.filter(|delivery| delivery.kind == Kind::Ask && delivery.state == DeliveryState::Scheduled);
        can.hold = waiting.next().map(|delivery| delivery.id);
    }
    Ok(can)
}

#[derive(Template)]
#[template(path = "pages/elsewhere/panel/chat.html")]
struct ChatPage {
    page: Frame,
    id: String,
    /// `None` if there is nothing to show.
    shown: Option<ChatView>,
    /// Message about the action just done.
    done: String,
    /// Reason that the action was refused.
    refused: String,
}

struct ChatView {
    line: String,
    open: bool,
    handled_by: String,
    outcome: String,
    reason: String,
    rating: Option<Rating>,
    story: Vec<StoryLine>,
    earlier: Vec<Earlier>,
    reply: Option<ReplyBox>,
    /// True if the client opted out.
    opted_out: bool,
    /// Address of the chat on our own pages; empty if the person has no access to them.
    page: String,
    can: Can,
}

/// `POST /panel/{connection}/chat`: shows the chat `session`.
pub(super) async fn show(State(pages): State<Arc<Pages>>, Path(connection): Path<String>, request: Request) -> Result<Response, Problem> {
    place(&pages, &connection.as_str().into())?;
    let (headers, form) = form(request).await?;
    let person = person(&pages, &headers).await?;
    drawn(&pages, &person, &connection, form.get("session"), String::new(), String::new()).await
}

/// Renders the chat, with the result of the last action.
pub(super) async fn drawn(
    pages: &Pages,
    person: &SignedIn,
    connection: &str,
    id: &str,
    done: String,
    refused: String,
) -> Result<Response, Problem> {
    let page = Frame::of(pages, &person.visit).await?;
    let shown = match Seen::of(pages, person, connection, id).await? {
        Some(seen) => Some(shown(pages, person, &page, seen).await?),
        None => None,
    };
    Ok(html(&ChatPage { page, id: id.to_owned(), shown, done, refused }))
}

async fn shown(pages: &Pages, person: &SignedIn, page: &Frame, seen: Seen) -> Result<ChatView, Problem> {
    let (engine, language) = (&pages.app.engine, person.visit.language);
    let db = &engine.db;
    let Seen { session, close, can, closes } = seen;
    let words = |of: &str, word: &str| in_words(language, of, word);
    let client = session.client_id.clone().or_else(|| close.as_ref().and_then(|close| close.client_id.clone()));
    let opted_out = match &client {
        Some(client) => !opted_out::on_the_list(engine, std::slice::from_ref(client)).await?.is_empty(),
        None => false,
    };
    let rating = match &close {
        Some(close) => rating::of_requests(db, &[close.id]).await?.remove(&close.id),
        None => None,
    };
    let names = line::names(db).await?;
    let reply = match close.as_ref().filter(|_| can.reply) {
        Some(close) => look(engine, close.id, engine.now()).await?.map(|look| ReplyBox {
            text: look.reply().map(|(reply, _)| reply.text.clone()).unwrap_or_default(),
            revision: look.review.revision,
            stays: look.way.as_ref().err().map(|reason| words("review-not-sent", reason.as_str())).unwrap_or_default(),
        }),
        None => None,
    };
    let mut told = explain::tell(db, session.clone(), &closes).await?.history;
    told.drain(..told.len().saturating_sub(STORY_MAX));
    let earlier = match &client {
        Some(client) => earlier(db, person, client, close.as_ref(), &names).await?,
        None => Vec::new(),
    };
    let comments = person.rights.comments;
    Ok(ChatView {
        line: names.get(&session.line_id).cloned().unwrap_or_else(|| session.line_id.to_string()),
        open: session.status == SessionStatus::Open,
        handled_by: close.as_ref().map(|close| words("handled-by", close.handled_by.as_str())).unwrap_or_default(),
        outcome: close.as_ref().map(|close| words("ratings-outcome", close.outcome.map_or("open", Outcome::as_str))).unwrap_or_default(),
        reason: close.as_ref().and_then(|close| close.reason.as_deref()).map(|reason| words("ratings-reason", reason)).unwrap_or_default(),
        rating: rating.map(|rating| Rating { comment: rating.comment.filter(|_| comments), ..rating }),
        story: tell(language, &told),
        earlier,
        reply,
        opted_out,
        page: close.filter(|_| page.leads("/ratings")).map(|close| format!("/ratings/{}", close.id)).unwrap_or_default(),
        can,
    })
}

/// Earlier ratings of the client that the person may see, newest first.
async fn earlier(
    db: &Db,
    person: &SignedIn,
    client: &ClientId,
    close: Option<&RatingRequest>,
    names: &HashMap<LineId, String>,
) -> Result<Vec<Earlier>, StoreError> {
    let ids = own_ratings::of_client(db, client, close.map_or(RequestId::default(), |close| close.id), EARLIER_MAX).await?;
    let ratings = rating::of_requests(db, &ids).await?;
    let mut requests = rating_request::load(db, &ids).await?;
    requests.retain(|request| person.rights.sees(&request.line_id, request.operator_id.as_ref()));
    requests.sort_by_key(|request| std::cmp::Reverse(request.closed_at));
    let earlier = |request: &RatingRequest| {
        let rating = ratings.get(&request.id)?;
        Some(Earlier {
            at: rating.rated_at,
            scale: rating.scale,
            score: rating.score,
            comment: rating.comment.clone().filter(|_| person.rights.comments),
            line: names.get(&request.line_id).cloned().unwrap_or_else(|| request.line_id.to_string()),
        })
    };
    Ok(requests.iter().filter_map(earlier).collect())
}
