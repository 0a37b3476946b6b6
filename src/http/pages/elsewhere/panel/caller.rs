//! Who calls the panel, and from where.

use crate::Pages;
use crate::frame::form::Form;
use crate::frame::guard::write_down_use;
use crate::frame::visit::SignedIn;
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderName};
use lastword_contract::PanelPlace;
use lastword_http::json::bytes;
use lastword_http::locale::language::Language;
use lastword_http::problem::Problem;
use lastword_life::access::admit_person;

/// The login's secret. No other site can send it: browsers ask us first, and we do not answer.
const LOGIN: HeaderName = HeaderName::from_static("lastword-panel");

/// The place of the panel in a desk.
pub(super) fn place(pages: &Pages, connection: &str) -> Result<PanelPlace, Problem> {
    let desk = pages.app.engine.desks.get(connection).ok_or_else(Problem::not_found)?;
    desk.desk.panel().ok_or_else(Problem::not_found)
}

/// The language of somebody who has not signed in.
pub(super) fn language(pages: &Pages, headers: &HeaderMap) -> Language {
    Language::accepted(headers).unwrap_or(pages.language)
}

/// The form of a call that a page of the panel made: of no other site, since the header is there.
pub(super) async fn form(request: Request) -> Result<(HeaderMap, Form), Problem> {
    let headers = request.headers().clone();
    if !headers.contains_key(LOGIN) {
        return Err(Problem::forbidden("a page of the panel").remedy("Open the panel in your desk."));
    }
    Ok((headers, Form::read(&bytes(request).await?)))
}

/// Who signed in on this page.
pub(super) async fn person(pages: &Pages, headers: &HeaderMap) -> Result<SignedIn, Problem> {
    let engine = &pages.app.engine;
    let secret = headers.get(LOGIN).and_then(|secret| secret.to_str().ok()).unwrap_or_default();
    let person = admit_person::admit(engine, &admit_person::panel_hash(secret), engine.now()).await?.ok_or_else(Problem::unauthorized)?;
    let chosen = person.language.as_deref().and_then(Language::parse);
    let person = SignedIn::in_a_desk(person, chosen.unwrap_or_else(|| language(pages, headers)));
    write_down_use(pages, &person.visit);
    Ok(person)
}
