//! Authentication and language of calls to the panel.

use crate::Pages;
use crate::frame::form::Form;
use crate::frame::guard::write_down_use;
use crate::frame::visit::SignedIn;
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderName};
use lastword_base::names::ConnectionId;
use lastword_contract::PanelPlace;
use lastword_http::json::bytes;
use lastword_http::locale::language::Language;
use lastword_http::problem::Problem;
use lastword_life::access::admit_person;

/// Header with the login's secret. Other sites cannot send it: it needs a CORS preflight, which we do not answer.
const LOGIN: HeaderName = HeaderName::from_static("lastword-panel");

/// Configuration of the panel of a desk.
pub(super) fn place(pages: &Pages, connection: &ConnectionId) -> Result<PanelPlace, Problem> {
    let desk = pages.app.engine.desks.get(connection).ok_or_else(Problem::not_found)?;
    desk.desk.panel().ok_or_else(Problem::not_found)
}

/// Language for a visitor who has not signed in.
pub(super) fn language(pages: &Pages, headers: &HeaderMap) -> Language {
    Language::accepted(headers).unwrap_or(pages.language)
}

/// Reads the form of a call made by a panel page. The header proves that no other site made it.
pub(super) async fn form(request: Request) -> Result<(HeaderMap, Form), Problem> {
    let headers = request.headers().clone();
    if !headers.contains_key(LOGIN) {
        return Err(Problem::forbidden("a page of the panel").remedy("Open the panel in your desk."));
    }
    Ok((headers, Form::read(&bytes(request).await?)))
}

/// The person who signed in on this page.
pub(super) async fn person(pages: &Pages, headers: &HeaderMap) -> Result<SignedIn, Problem> {
    let engine = &pages.app.engine;
    let secret = headers.get(LOGIN).and_then(|secret| secret.to_str().ok()).unwrap_or_default();
    let person = admit_person::admit(engine, &admit_person::panel_hash(secret), engine.now()).await?.ok_or_else(Problem::unauthorized)?;
    let chosen = person.language.as_deref().and_then(Language::parse);
    let person = SignedIn::in_a_desk(person, chosen.unwrap_or_else(|| language(pages, headers)));
    write_down_use(pages, &person.visit);
    Ok(person)
}
