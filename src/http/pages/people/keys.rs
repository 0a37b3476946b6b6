//! API keys: a key is shown once and can be revoked.

use super::super::frame::html;
use super::super::{Pages, done};
use super::{draw, once};
use crate::frame::form::{Fields, Form};
use crate::frame::visit::SignedIn;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use lastword_base::names::{KeyId, LineId};
use lastword_domain::access::api_key::Scope;
use lastword_domain::access::rights::Lines;
use lastword_http::path::PathId;
use lastword_http::problem::Problem;
use lastword_life::access::change_key;
use lastword_store::access::api_key;
use lastword_store::line;
use std::collections::BTreeSet;
use std::sync::Arc;

/// `POST /keys`
pub async fn make(State(pages): State<Arc<Pages>>, person: SignedIn, form: Form) -> Result<Response, Problem> {
    let (engine, language) = (&pages.app.engine, person.visit.language);
    let mut fields = Fields::of(&form);
    let name = form.get("key_name");
    if name.is_empty() || name.chars().count() > 100 || name.chars().any(char::is_control) {
        fields.wrong("name-wrong", "key_name", language);
    }
    let scopes: Vec<Scope> = form.all("scopes").filter_map(Scope::parse).collect();
    if scopes.is_empty() {
        fields.wrong("key-bad-scopes", "scopes", language);
    }
    let known = line::names(&engine.db).await?;
    let lines: BTreeSet<LineId> = form.all("key_lines").filter(|id| known.contains_key(*id)).map(LineId::from).collect();
    let lines = if lines.is_empty() { Lines::All } else { Lines::Some(lines) };
    if !fields.fine() {
        let page = draw(&pages, &person, Fields::default().with("all_lines", "1"), fields).await?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, html(&page)).into_response());
    }
    let made = change_key::create(engine, &person.by(), name, &scopes, lines, engine.now()).await?;
    let title = language.text("key-made-title", &[("name", &name)]);
    once(&pages, &person, title, language.text("key-made-words", &[]), made.key.text().to_owned()).await
}

/// `POST /keys/{id}/revoke`
pub async fn revoke(State(pages): State<Arc<Pages>>, person: SignedIn, PathId(id): PathId<KeyId>) -> Result<Response, Problem> {
    let engine = &pages.app.engine;
    let key = api_key::all(&engine.db).await?.into_iter().find(|key| key.id == id).ok_or_else(Problem::not_found)?;
    change_key::revoke(engine, &person.by(), &id.to_string(), engine.now()).await?;
    Ok(done(&pages, "/people#keys", "done-key-revoked", &key.name))
}
