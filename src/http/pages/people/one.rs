//! One person: access, a new password, logins.

use super::super::frame::{Frame, html};
use super::super::{Pages, done};
use super::{Choices, address, choices, refused, wanted, with_link};
use crate::frame::form::{Fields, Form};
use crate::frame::visit::SignedIn;
use askama::Template;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use lastword_base::names::AccountId;
use lastword_http::path::PathId;
use lastword_http::problem::Problem;
use lastword_life::access::admit_person::{IDLE_MAX, LOGIN_MAX};
use lastword_life::access::change_account::{self, Changed};
use lastword_life::access::passwords::NONE_YET;
use lastword_store::access::account::{self, Account};
use lastword_store::access::login::{self, Login};
use std::sync::Arc;

#[derive(Template)]
#[template(path = "pages/people/one.html")]
struct OnePage {
    page: Frame,
    account: Account,
    address: String,
    fields: Fields,
    choices: Choices,
    logins: Vec<Login>,
    invited: bool,
    made: bool,
}

/// `GET /people/{id}`
pub async fn show(State(pages): State<Arc<Pages>>, person: SignedIn, PathId(id): PathId<AccountId>) -> Result<Response, Problem> {
    let db = &pages.app.engine.db;
    let account = account::find(db, id).await?.ok_or_else(Problem::not_found)?;
    let mut fields = Fields::default()
        .with("name", &*account.name)
        .with("role", account.role.as_str())
        .with("operator", account.operator_id.clone().unwrap_or_default());
    for (name, on) in [("all_lines", account.all_lines), ("comments", account.comments), ("disabled", account.disabled_at.is_some())] {
        fields = if on { fields.with(name, "1") } else { fields };
    }
    let lines = account::lines(db, id).await?;
    let fields = lines.iter().fold(fields, |fields, line| fields.with("lines", line.as_str()));
    Ok(html(&draw(&pages, &person, account, fields).await?))
}

async fn draw(pages: &Pages, person: &SignedIn, account: Account, fields: Fields) -> Result<OnePage, Problem> {
    let engine = &pages.app.engine;
    let page = Frame::of(pages, &person.visit).await?;
    let now = engine.now();
    let mut logins = login::of_account(&engine.db, account.id, now - LOGIN_MAX).await?;
    logins.retain(|login| now - login.seen_at < IDLE_MAX);
    Ok(OnePage {
        address: address(&account.id.to_string()),
        invited: account.password_hash == NONE_YET,
        choices: choices(pages, &page).await?,
        made: true,
        account,
        fields,
        logins,
        page,
    })
}

/// `POST /people/{id}`
pub async fn change(
    State(pages): State<Arc<Pages>>,
    person: SignedIn,
    PathId(id): PathId<AccountId>,
    form: Form,
) -> Result<Response, Problem> {
    let (engine, language) = (&pages.app.engine, person.visit.language);
    let account = account::find(&engine.db, id).await?.ok_or_else(Problem::not_found)?;
    let mut fields = Fields::of(&form);
    let wanted = wanted(&pages, &form, &mut fields, language).await?;
    if fields.fine() {
        match change_account::change(engine, &person.by(), id, wanted, engine.now()).await? {
            Changed::Done => return Ok(done(&pages, &address(&id.to_string()), "done-person-saved", form.get("name"))),
            Changed::Unknown => return Err(Problem::not_found()),
            Changed::LastAdmin => fields.wrong("people-bad-last-admin", "role", language),
        }
    }
    Ok((StatusCode::UNPROCESSABLE_ENTITY, html(&draw(&pages, &person, account, fields).await?)).into_response())
}

/// `POST /people/{id}/link`: creates a new link for choosing a password.
pub async fn link(
    State(pages): State<Arc<Pages>>,
    person: SignedIn,
    PathId(id): PathId<AccountId>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let account = account::find(&pages.app.engine.db, id).await?.ok_or_else(Problem::not_found)?;
    with_link(&pages, &person, &headers, &account).await
}

/// `POST /people/{id}/logins`: ends all logins of the person.
pub async fn end_logins(State(pages): State<Arc<Pages>>, person: SignedIn, PathId(id): PathId<AccountId>) -> Result<Response, Problem> {
    let engine = &pages.app.engine;
    let account = account::find(&engine.db, id).await?.ok_or_else(Problem::not_found)?;
    match change_account::end_logins(engine, &person.by(), id, engine.now()).await? {
        Changed::Done => Ok(done(&pages, &address(&id.to_string()), "done-person-signed-out", &account.name)),
        other => Err(refused(other)),
    }
}
