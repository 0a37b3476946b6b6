//! Recent authors of messages to a connection. An admin can be asked here as a client would be, and a person can become a recipient of
//! alerts without knowing a chat ID.

use super::setup::choices;
use super::shown::address;
use crate::frame::form::Form;
use crate::frame::qr::Qr;
use crate::frame::visit::SignedIn;
use crate::frame::{Frame, html};
use crate::ratings::words::in_words;
use crate::{Pages, done};
use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use lastword_base::names::{ChatId, ConnectionId};
use lastword_contract::{Address, Channel};
use lastword_domain::alert::RecipientKind;
use lastword_http::problem::Problem;
use lastword_life::admin::change_line::{Changed, save_line_by, save_recipient_by};
use lastword_life::session::close_batch::Closed;
use lastword_life::session::try_out::try_out;
use lastword_store::alert::recipient::{self, Recipient};
use lastword_store::line::{self, LineChange};
use lastword_store::session::conversation;
use std::sync::Arc;
use std::time::Duration;

/// Maximum number of recent authors shown.
const SHOWN_MAX: i64 = 10;
/// Time limit for looking up a name on a platform.
const NAME_WITHIN: Duration = Duration::from_secs(3);

/// A recent author.
struct Wrote {
    chat: String,
    name: String,
    at: i64,
    /// True if this person already receives alerts.
    told: bool,
}

#[derive(Template)]
#[template(path = "pages/connections/people.html")]
struct PeoplePage {
    page: Frame,
    name: String,
    address: String,
    /// Name of our account there.
    account: String,
    /// Address for writing to us; empty if unknown.
    link: String,
    /// The address as a code.
    qr: Option<Qr>,
    people: Vec<Wrote>,
    lines: Vec<(String, String)>,
    alerts: bool,
    asks: bool,
    /// Reason why the person was not asked.
    not_asked: String,
}

/// `GET /connections/{name}/people`
pub(crate) async fn show(State(pages): State<Arc<Pages>>, person: SignedIn, Path(name): Path<ConnectionId>) -> Result<Response, Problem> {
    Ok(html(&people_page(&pages, &person, &name, String::new()).await?))
}

async fn people_page(pages: &Pages, person: &SignedIn, name: &ConnectionId, not_asked: String) -> Result<PeoplePage, Problem> {
    let engine = &pages.app.engine;
    let channel = engine.channels.get(name).ok_or_else(Problem::not_found)?;
    let page = Frame::of(pages, &person.visit).await?;
    let can = channel.capabilities();
    let account = tokio::time::timeout(NAME_WITHIN, channel.check()).await.ok().and_then(Result::ok);
    let account = account.map(|account| account.name).unwrap_or_default();
    let link = account.strip_prefix('@').filter(|_| channel.kind() == "telegram").map(|name| format!("https://t.me/{name}"));
    let told: Vec<Recipient> = recipient::all(&engine.db).await?;
    let wrote = conversation::wrote_lately(&engine.db, std::slice::from_ref(name), SHOWN_MAX).await?;
    let names = futures_util::future::join_all(wrote.iter().map(|one| name_of(&*channel, one.chat.as_str()))).await;
    let people = wrote.into_iter().zip(names).map(|(one, name)| Wrote {
        told: told.iter().any(|recipient| is_at(recipient, &one.connection, &one.chat)),
        name,
        chat: one.chat.into(),
        at: one.at,
    });
    Ok(PeoplePage {
        people: people.collect(),
        lines: choices(pages, name.as_str()).await?.lines,
        alerts: can.alerts,
        asks: can.binary || can.five_star || can.links,
        qr: link.as_deref().and_then(Qr::of),
        link: link.unwrap_or_default(),
        address: address(name.as_str()),
        name: name.to_string(),
        account,
        not_asked,
        page,
    })
}

/// Name of the person at a chat; the chat's ID if the platform does not return one.
async fn name_of(channel: &dyn Channel, chat: &str) -> String {
    let asked = tokio::time::timeout(NAME_WITHIN, channel.name_of(&Address::chat(chat))).await;
    asked.ok().and_then(Result::ok).flatten().unwrap_or_else(|| chat.to_owned())
}

fn is_at(recipient: &Recipient, connection: &ConnectionId, chat: &ChatId) -> bool {
    let at: Option<Address> = recipient.address.as_deref().and_then(|address| serde_json::from_str(address).ok());
    recipient.connection.as_ref() == Some(connection) && at.is_some_and(|at| *chat == at.chat)
}

/// `POST /connections/{name}/people`: asks a recent author, or makes them a recipient of alerts.
pub(crate) async fn act(
    State(pages): State<Arc<Pages>>,
    person: SignedIn,
    Path(name): Path<ConnectionId>,
    form: Form,
) -> Result<Response, Problem> {
    let engine = &pages.app.engine;
    let channel = engine.channels.get(&name).ok_or_else(Problem::not_found)?;
    // Only recent authors: this page must not be a way to write to other people.
    let chat = form.get("chat");
    let wrote = conversation::wrote_lately(&engine.db, std::slice::from_ref(&name), SHOWN_MAX).await?;
    if !wrote.iter().any(|one| one.chat == chat) {
        return Err(Problem::not_found());
    }
    let to = Address::chat(chat);
    if form.get("do") == "alert" {
        let shown = name_of(&*channel, chat).await;
        if let Some(why) = alert(&pages, &person, &name, to, &shown, form.get("line")).await? {
            return Ok((StatusCode::CONFLICT, html(&people_page(&pages, &person, &name, why).await?)).into_response());
        }
        return Ok(done(&pages, &format!("{}/people", address(name.as_str())), "done-recipient-made", &shown));
    }
    let closed = try_out(engine, &person.by(), &name, to, &form.get("line").into(), engine.now()).await?;
    let page = Frame::of(&pages, &person.visit).await?;
    let why = match closed {
        Closed::Kept { rating_request, decision: Ok(_), .. } => {
            return Ok(Redirect::to(&format!("/ratings/{rating_request}")).into_response());
        }
        Closed::Kept { decision: Err(reason), .. } => in_words(page.language, "ratings-reason", &reason),
        _ => page.t("connection-try-no-line"),
    };
    Ok((StatusCode::UNPROCESSABLE_ENTITY, html(&people_page(&pages, &person, &name, why).await?)).into_response())
}

/// Creates a recipient and adds it to the line's recipients. Returns the reason if the line could not be changed.
async fn alert(
    pages: &Pages,
    person: &SignedIn,
    name: &ConnectionId,
    to: Address,
    shown: &str,
    line: &str,
) -> Result<Option<String>, Problem> {
    let engine = &pages.app.engine;
    let id: String =
        format!("{name}-{}", to.chat).chars().map(|c| if c.is_ascii_alphanumeric() || c == '-' { c } else { '-' }).take(64).collect();
    let recipient = Recipient {
        id: id.clone(),
        name: shown.chars().filter(|c| !c.is_control()).take(200).collect(),
        kind: RecipientKind::Person,
        connection: Some(name.to_owned()),
        address: Some(serde_json::to_string(&to).unwrap_or_default()),
        created_at: engine.now(),
        ..Recipient::default()
    };
    save_recipient_by(engine, &person.by(), recipient, engine.now()).await?;
    let no_line = person.visit.language.text("connection-try-no-line", &[]);
    let Some(found) = line::find(&engine.db, &line.into()).await? else { return Ok(Some(no_line)) };
    let mut settings = found.settings.clone();
    if settings.alerts.recipients.contains(&id) {
        return Ok(None);
    }
    settings.alerts.recipients.push(id);
    let change = LineChange {
        id: found.id,
        name: found.name,
        settings,
        archived: found.archived_at.is_some(),
        seen_version: found.version,
        by: person.name.clone(),
        at: engine.now(),
    };
    Ok(match save_line_by(engine, &person.by(), change).await? {
        Changed::Saved(_) => None,
        Changed::Outdated(_) => Some(person.visit.language.text("connection-try-line-changed", &[])),
        Changed::Bad(bad) => Some(format!("{}: {}", bad.field, bad.problem)),
    })
}
