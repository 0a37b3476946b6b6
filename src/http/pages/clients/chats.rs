//! Chats of our own web chat: the open ones, a conversation to answer, and the rating after it was closed.

use crate::frame::form::Form;
use crate::frame::own_chats::sources;
use crate::frame::visit::SignedIn;
use crate::frame::{Frame, html};
use crate::lines::part;
use crate::ratings::given::Given;
use crate::ratings::talk::{self, Talk};
use crate::{Pages, done};
use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use lastword_base::names::{ConnectionId, LineId, Place, RequestId, SessionId, Source};
use lastword_domain::access::rights::Right;
use lastword_domain::session::{Operator, SessionStatus};
use lastword_http::problem::Problem;
use lastword_life::session::web_chat::TEXT_CHARS_MAX;
use lastword_life::session::web_chat::by_person;
use lastword_life::session::web_chat::by_person::{Answered, Worker, chat_of};
use lastword_life::session::web_chat::source as web_chat_of;
use lastword_store::access::account;
use lastword_store::answer::rating::{self, Rating};
use lastword_store::question::rating_request;
use lastword_store::session::web_chat as stored;
use lastword_store::session::{self, Session};
use lastword_store::sql::Dialect;
use lastword_store::{Millis, StoreError, line};
use std::collections::HashMap;
use std::sync::Arc;

/// Maximum number of open chats shown.
const OPEN_MAX: i64 = 200;
/// Maximum number of closed chats shown.
const CLOSED_MAX: i64 = 50;
/// Age up to which closed chats are shown.
const CLOSED_FOR: Millis = 24 * 60 * 60 * 1_000;
/// Number of letters of a visitor's ID that are shown.
const SHOWN_LETTERS: usize = 4;
/// Maximum length of the key of a message.
const KEY_MAX: usize = 64;

#[derive(Template)]
#[template(path = "pages/clients/chats.html")]
struct ChatsPage {
    page: Frame,
    /// True if there is a web chat of our own on a line that this person sees.
    connected: bool,
    open: Vec<OpenRow>,
    closed: Vec<ClosedRow>,
    chosen: Option<Chosen>,
    /// True if another node may receive messages.
    polls: bool,
}

impl ChatsPage {
    /// Name under which the visitor sees this person.
    fn sender(&self) -> &str {
        self.page.person.as_ref().map(|person| person.name.as_str()).unwrap_or_default()
    }
}

/// An open chat of the list.
struct OpenRow {
    address: String,
    visitor: String,
    line: String,
    /// The newest message; empty if it is not text, or was erased.
    text: String,
    /// True if the client waits for an answer.
    waits: bool,
    at: Millis,
    here: bool,
}

/// A closed chat of the list.
struct ClosedRow {
    address: String,
    visitor: String,
    rating: Option<Rating>,
    at: Millis,
    here: bool,
}

/// The selected chat.
struct Chosen {
    address: String,
    visitor: String,
    line: String,
    language: String,
    opened_at: Option<Millis>,
    talk: Talk,
    open: bool,
    /// Its close and the rating, once it is closed.
    given: Option<Given>,
    /// Key of the next message.
    key: String,
    /// A message that could not be sent, and the reason.
    text: String,
    wrong: String,
}

/// `GET /chats`
pub(crate) async fn list(State(pages): State<Arc<Pages>>, person: SignedIn) -> Result<Response, Problem> {
    let page = Frame::of(&pages, &person.visit).await?;
    Ok(html(&chats(&pages, &person, page, None).await?))
}

/// `GET /chats/{connection}/{session}`
pub(crate) async fn one(
    State(pages): State<Arc<Pages>>,
    person: SignedIn,
    Path((connection, id)): Path<(ConnectionId, SessionId)>,
) -> Result<Response, Problem> {
    let session = theirs(&pages, &person, &connection, &id).await?;
    shown(&pages, &person, session, Refused::default(), StatusCode::OK).await
}

/// `POST /chats/{connection}/{session}`: `text` and its `key`, so that a repeated form is the same message.
pub(crate) async fn answer(
    State(pages): State<Arc<Pages>>,
    person: SignedIn,
    Path((connection, id)): Path<(ConnectionId, SessionId)>,
    form: Form,
) -> Result<Response, Problem> {
    let session = theirs(&pages, &person, &connection, &id).await?;
    let (engine, text) = (&pages.app.engine, form.get("text"));
    let key: String = form.get("key").chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').take(KEY_MAX).collect();
    let key = if key.is_empty() { engine.ids.text(engine.now()) } else { key };
    let wrong = match text.chars().count() {
        0 => Some("chats-wrong-empty"),
        n if n > TEXT_CHARS_MAX || text.contains('\0') => Some("chats-wrong-long"),
        _ => None,
    };
    if let Some(wrong) = wrong {
        let refused = Refused { text: text.to_owned(), wrong };
        return shown(&pages, &person, session, refused, StatusCode::UNPROCESSABLE_ENTITY).await;
    }
    let worker = worker(&pages, &person).await?;
    match by_person::answer(engine, &worker, &session.key(), &key, text, engine.now()).await? {
        Answered::Written => Ok(Redirect::to(&address(&connection, &id)).into_response()),
        Answered::NotOpen => {
            let session = theirs(&pages, &person, &connection, &id).await?;
            shown(&pages, &person, session, Refused { text: text.to_owned(), wrong: "chats-wrong-closed" }, StatusCode::CONFLICT).await
        }
    }
}

/// `POST /chats/{connection}/{session}/close`
pub(crate) async fn close(
    State(pages): State<Arc<Pages>>,
    person: SignedIn,
    Path((connection, id)): Path<(ConnectionId, SessionId)>,
    _: Form,
) -> Result<Response, Problem> {
    let session = theirs(&pages, &person, &connection, &id).await?;
    let (engine, worker) = (&pages.app.engine, worker(&pages, &person).await?);
    // If somebody else closed it meanwhile, its page shows that.
    let closed = by_person::close(engine, &worker, &session.key(), engine.now()).await?;
    let to = address(&connection, &id);
    Ok(if closed.is_some() { done(&pages, &to, "done-chat-closed", "") } else { Redirect::to(&to).into_response() })
}

/// A message that could not be sent, and the message key of the reason.
#[derive(Default)]
struct Refused {
    text: String,
    wrong: &'static str,
}

/// The connection of a web chat's source.
fn connection(source: &Source) -> ConnectionId {
    source.as_str().strip_prefix(web_chat_of(&ConnectionId::default()).as_str()).unwrap_or_default().into()
}

/// Path of a chat's page.
fn address(connection: &ConnectionId, session: &SessionId) -> String {
    format!("/chats/{}/{}", part(connection.as_str()), part(session.as_str()))
}

/// The session of a web chat, if the person may see it.
async fn theirs(pages: &Pages, person: &SignedIn, connection: &ConnectionId, id: &SessionId) -> Result<Session, Problem> {
    let source = web_chat_of(connection);
    let session = session::find(&pages.app.engine.db, id).await?.into_iter().find(|session| session.source == source);
    let session = session.ok_or_else(Problem::not_found)?;
    person.sees(&session.line_id, session.operator_id.as_ref())?;
    Ok(session)
}

/// The person as an actor, and as the operator that visitors and reports see: the desk's operator with their ID, if an admin entered one.
async fn worker(pages: &Pages, person: &SignedIn) -> Result<Worker, StoreError> {
    let account = account::find(&pages.app.engine.db, person.id).await?;
    let id = account.and_then(|account| account.operator_id).unwrap_or_else(|| person.login.as_str().into());
    Ok(Worker { by: person.by(), operator: Operator { id, name: Some(person.name.clone()), kind: None } })
}

/// The page of one chat.
async fn shown(pages: &Pages, person: &SignedIn, session: Session, refused: Refused, status: StatusCode) -> Result<Response, Problem> {
    let page = Frame::of(pages, &person.visit).await?;
    let chosen = chosen(pages, person, &page, session, refused).await?;
    Ok((status, html(&chats(pages, person, page, Some(chosen)).await?)).into_response())
}

async fn chosen(pages: &Pages, person: &SignedIn, page: &Frame, session: Session, refused: Refused) -> Result<Chosen, Problem> {
    let engine = &pages.app.engine;
    let closes = rating_request::of_session(&engine.db, &session.source, &session.id).await?;
    let open = session.status == SessionStatus::Open;
    let close = closes.into_iter().next_back().filter(|_| !open);
    let talk = match (&close, chat_of(&session)) {
        (Some(close), _) => talk::of(&engine.db, close).await?,
        (None, Some(Place { connection, chat })) => {
            talk::between(&engine.db, &connection, &chat, (session.opened_at.unwrap_or(Millis::MIN), Millis::MAX)).await?
        }
        (None, None) => Talk::default(),
    };
    let given = match close {
        Some(close) => {
            let rating = rating::of_requests(&engine.db, &[close.id]).await?.remove(&close.id);
            Some(Given::of(pages, person, page, close, rating).await?)
        }
        None => None,
    };
    let connection = connection(&session.source);
    Ok(Chosen {
        address: address(&connection, &session.id),
        visitor: visitor(page, &session.id),
        line: line::find(&engine.db, &session.line_id).await?.map_or_else(|| session.line_id.to_string(), |line| line.name),
        language: session.language.unwrap_or_default(),
        opened_at: session.opened_at,
        talk,
        open,
        given,
        key: engine.ids.text(engine.now()),
        wrong: if refused.wrong.is_empty() { String::new() } else { page.t1(refused.wrong, "n", TEXT_CHARS_MAX as u64) },
        text: refused.text,
    })
}

async fn chats(pages: &Pages, person: &SignedIn, page: Frame, chosen: Option<Chosen>) -> Result<ChatsPage, Problem> {
    let db = &pages.app.engine.db;
    let sources = sources(pages);
    let sources: Vec<&Source> = sources.iter().collect();
    let sees = &person.rights.lines;
    let names = line::names(db).await?;
    let open = stored::open(db, &sources, sees, OPEN_MAX).await?;
    let places: Vec<Option<Place>> = open.iter().map(chat_of).collect();
    let newest = stored::last_messages(db, &places.iter().flatten().collect::<Vec<_>>()).await?;
    let here = chosen.as_ref().map(|chosen| chosen.address.clone());
    let row = |(session, place): (Session, Option<Place>)| {
        let place = place?;
        let address = address(&place.connection, &session.id);
        Some(OpenRow {
            here: here.as_ref() == Some(&address),
            visitor: visitor(&page, &session.id),
            text: newest.get(&place).map(|body| talk::text(body)).unwrap_or_default(),
            waits: session.last_client_message_at.is_some_and(|at| at >= session.active_at),
            at: session.active_at,
            line: named(&names, &session.line_id),
            address,
        })
    };
    let open = open.into_iter().zip(places).filter_map(row).collect();
    let closed = stored::closed(db, &sources, sees, page.now - CLOSED_FOR, CLOSED_MAX).await?;
    let ids: Vec<RequestId> = closed.iter().map(|chat| chat.request_id).collect();
    let mut ratings = rating::of_requests(db, &ids).await?;
    let row = |chat: stored::ClosedChat| {
        let address = address(&connection(&chat.source), &chat.session_id);
        ClosedRow {
            here: here.as_ref() == Some(&address),
            visitor: visitor(&page, &chat.session_id),
            rating: ratings.remove(&chat.request_id),
            at: chat.closed_at,
            address,
        }
    };
    let closed = closed.into_iter().map(row).collect();
    let own = |name: &String| pages.app.sites.get(name).is_some_and(|site| site.own_chat() && sees.admit(&site.line().into()));
    let connected = pages.app.sites.names().iter().any(own);
    Ok(ChatsPage { polls: db.dialect() == Dialect::Postgres, connected, open, closed, chosen, page })
}

fn named(names: &HashMap<LineId, String>, line: &LineId) -> String {
    names.get(line).cloned().unwrap_or_else(|| line.to_string())
}

/// Label of a visitor, who has no name: the end of their random ID, and the number of the chat.
fn visitor(page: &Frame, session: &SessionId) -> String {
    let (id, number) = session.as_str().rsplit_once('-').unwrap_or((session.as_str(), "1"));
    let start = id.char_indices().rev().nth(SHOWN_LETTERS - 1).map_or(0, |(at, _)| at);
    let code = if number == "1" { id[start..].to_owned() } else { format!("{}-{number}", &id[start..]) };
    page.t1("chats-visitor", "code", code.as_str())
}
