//! Clients: search, stored data, export as a file, erasure and opt-out.

pub(crate) mod chats;

use super::frame::form::{Fields, Form};
use super::frame::visit::SignedIn;
use super::frame::{Frame, html};
use super::{Pages, done};
use askama::Template;
use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use lastword_domain::answer::opt_out::Wish;
use lastword_http::problem::Problem;
use lastword_http::query::Query;
use lastword_life::answer::opt_out;
use lastword_life::facts::opted_out;
use lastword_life::records::client_data;
use lastword_store::records::client_data::FoundClient;
use serde::Deserialize;
use std::sync::Arc;

/// Maximum length of a search text; longer than any ID, address or chat.
const FIND_CHARS_MAX: usize = 400;

/// The search query.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Search {
    #[serde(default)]
    find: String,
}

/// The client that is requested.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Which {
    #[serde(default)]
    id: String,
}

#[derive(Template)]
#[template(path = "pages/clients/find.html")]
struct FindPage {
    page: Frame,
    find: String,
    count: i64,
    found: Vec<ClientsView>,
}

/// A client in the list.
struct ClientsView {
    client: FoundClient,
    link: String,
}

#[derive(Template)]
#[template(path = "pages/clients/one.html")]
struct OnePage {
    page: Frame,
    fields: Fields,
    id: String,
    link: String,
    held: Vec<Held>,
    /// When the client opted out, and how.
    opted_out: Option<(i64, String)>,
}

/// Number of stored rows of one kind.
struct Held {
    key: String,
    count: i64,
}

fn address(path: &str, id: &str) -> String {
    let id: String = url::form_urlencoded::byte_serialize(id.as_bytes()).collect();
    format!("{path}?id={id}")
}

/// `GET /clients`
pub(super) async fn find(State(pages): State<Arc<Pages>>, person: SignedIn, Query(search): Query<Search>) -> Result<Response, Problem> {
    let find: String = search.find.trim().chars().take(FIND_CHARS_MAX).collect();
    let found = client_data::find(&pages.app.engine, &find, &person.rights.lines).await?;
    let shown = |client: FoundClient| ClientsView { link: address("/clients/one", client.id.as_str()), client };
    let count = i64::try_from(found.len()).unwrap_or(i64::MAX);
    Ok(html(&FindPage { page: Frame::of(&pages, &person.visit).await?, find, count, found: found.into_iter().map(shown).collect() }))
}

/// `GET /clients/one?id=…`
pub(super) async fn show(State(pages): State<Arc<Pages>>, person: SignedIn, Query(which): Query<Which>) -> Result<Response, Problem> {
    Ok(html(&one(&pages, &person, which.id, Fields::default()).await?))
}

async fn one(pages: &Pages, person: &SignedIn, id: String, fields: Fields) -> Result<OnePage, Problem> {
    let held = client_data::look(&pages.app.engine, &id.as_str().into()).await?.ok_or_else(Problem::not_found)?;
    let count = |rows: &serde_json::Value| rows.as_array().map_or(0, |rows| i64::try_from(rows.len()).unwrap_or(i64::MAX));
    let listed = opted_out::state(&pages.app.engine, &id.as_str().into()).await?;
    let opted_out = listed.map(|listed| (listed.opted_out_at, format!("client-told-by-{}", listed.told_by)));
    let held = held.iter().map(|(kind, rows)| Held { key: format!("client-held-{}", kind.replace('_', "-")), count: count(rows) });
    Ok(OnePage {
        page: Frame::of(pages, &person.visit).await?,
        fields,
        link: address("/clients/file", &id),
        held: held.collect(),
        opted_out,
        id,
    })
}

/// `GET /clients/file?id=…`: all data of the client as a file.
pub(super) async fn file(State(pages): State<Arc<Pages>>, person: SignedIn, Query(which): Query<Which>) -> Result<Response, Problem> {
    let engine = &pages.app.engine;
    let held = client_data::export(engine, &person.by(), &which.id.as_str().into(), engine.now()).await?.ok_or_else(Problem::not_found)?;
    let text = format!("{:#}\n", serde_json::Value::Object(held));
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("application/json")),
        (header::CONTENT_DISPOSITION, HeaderValue::from_static("attachment; filename=\"client.json\"")),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    Ok((headers, text).into_response())
}

/// `POST /clients/erase`: typing the ID again is the confirmation.
pub(super) async fn erase(State(pages): State<Arc<Pages>>, person: SignedIn, form: Form) -> Result<Response, Problem> {
    let engine = &pages.app.engine;
    let id = form.raw("id").to_owned();
    if form.get("confirm") != id {
        let mut fields = Fields::of(&form);
        fields.wrong("client-confirm-wrong", "confirm", person.visit.language);
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, html(&one(&pages, &person, id, fields).await?)).into_response());
    }
    client_data::erase(engine, &person.by(), &id.as_str().into(), engine.now()).await?.ok_or_else(Problem::not_found)?;
    Ok(done(&pages, "/clients", "done-client-erased", ""))
}

/// `POST /clients/opt-out`: a user opts the client out, or ends the opt-out.
pub(super) async fn wish(State(pages): State<Arc<Pages>>, person: SignedIn, form: Form) -> Result<Response, Problem> {
    let (engine, id) = (&pages.app.engine, form.raw("id").to_owned());
    client_data::look(engine, &id.as_str().into()).await?.ok_or_else(Problem::not_found)?;
    let (wish, said) = match form.get("wish") {
        "stop" => (Wish::Stop, "done-client-opted-out"),
        "start" => (Wish::Start, "done-client-opted-in"),
        _ => return Err(Problem::invalid_field("wish", "wish is neither stop nor start.", "Use one of the page's buttons.")),
    };
    opt_out::set(engine, &person.by(), &id.as_str().into(), wish, engine.now()).await?;
    // A client that is known only from the opt-out list is unknown once removed from it.
    let known = client_data::look(engine, &id.as_str().into()).await?.is_some();
    Ok(done(&pages, &if known { address("/clients/one", &id) } else { "/clients".to_owned() }, said, ""))
}
