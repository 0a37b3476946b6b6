//! Everything stored about a client: export as a file, erasure and opt-out.

use crate::frame::client::address;
use crate::frame::form::{Fields, Form};
use crate::frame::visit::SignedIn;
use crate::frame::{Frame, html};
use crate::{Pages, done};
use askama::Template;
use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use lastword_base::names::ClientId;
use lastword_domain::answer::opt_out::Wish;
use lastword_http::problem::Problem;
use lastword_http::query::Query;
use lastword_life::answer::opt_out;
use lastword_life::records::client_data;
use std::sync::Arc;

use super::Which;

#[derive(Template)]
#[template(path = "pages/clients/data.html")]
struct DataPage {
    page: Frame,
    fields: Fields,
    id: ClientId,
    /// Address of the client's page.
    client: String,
    link: String,
    held: Vec<Held>,
}

/// Number of stored rows of one kind.
struct Held {
    key: String,
    count: i64,
}

/// `GET /clients/data?id=…`
pub(crate) async fn show(State(pages): State<Arc<Pages>>, person: SignedIn, Query(which): Query<Which>) -> Result<Response, Problem> {
    Ok(html(&data(&pages, &person, which.id.into(), Fields::default()).await?))
}

async fn data(pages: &Pages, person: &SignedIn, id: ClientId, fields: Fields) -> Result<DataPage, Problem> {
    let held = client_data::look(&pages.app.engine, &id).await?.ok_or_else(Problem::not_found)?;
    let count = |rows: &serde_json::Value| rows.as_array().map_or(0, |rows| i64::try_from(rows.len()).unwrap_or(i64::MAX));
    let held = held.iter().map(|(kind, rows)| Held { key: format!("client-held-{}", kind.replace('_', "-")), count: count(rows) });
    Ok(DataPage {
        page: Frame::of(pages, &person.visit).await?,
        fields,
        client: address("/clients/one", &id),
        link: address("/clients/file", &id),
        held: held.collect(),
        id,
    })
}

/// `GET /clients/file?id=…`: all data of the client as a file.
pub(crate) async fn file(State(pages): State<Arc<Pages>>, person: SignedIn, Query(which): Query<Which>) -> Result<Response, Problem> {
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
pub(crate) async fn erase(State(pages): State<Arc<Pages>>, person: SignedIn, form: Form) -> Result<Response, Problem> {
    let engine = &pages.app.engine;
    let id = form.raw("id").to_owned();
    if form.get("confirm") != id {
        let mut fields = Fields::of(&form);
        fields.wrong("client-confirm-wrong", "confirm", person.visit.language);
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, html(&data(&pages, &person, id.into(), fields).await?)).into_response());
    }
    client_data::erase(engine, &person.by(), &id.as_str().into(), engine.now()).await?.ok_or_else(Problem::not_found)?;
    Ok(done(&pages, "/clients", "done-client-erased", ""))
}

/// `POST /clients/opt-out`: a user opts the client out, or ends the opt-out.
pub(crate) async fn wish(State(pages): State<Arc<Pages>>, person: SignedIn, form: Form) -> Result<Response, Problem> {
    let (engine, id) = (&pages.app.engine, ClientId::from(form.raw("id")));
    client_data::look(engine, &id).await?.ok_or_else(Problem::not_found)?;
    let (wish, said) = match form.get("wish") {
        "stop" => (Wish::Stop, "done-client-opted-out"),
        "start" => (Wish::Start, "done-client-opted-in"),
        _ => return Err(Problem::invalid_field("wish", "wish is neither stop nor start.", "Use one of the page's buttons.")),
    };
    opt_out::set(engine, &person.by(), &id, wish, engine.now()).await?;
    // A client that is known only from the opt-out list is unknown once removed from it.
    let known = client_data::look(engine, &id).await?.is_some();
    Ok(done(&pages, &if known { address("/clients/one", &id) } else { "/clients".to_owned() }, said, ""))
}
