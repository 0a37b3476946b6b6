//! The user's own account: password, logins in browsers, and browser notifications.

pub(crate) mod browsers;
mod device;

use self::browsers::Browsers;
use self::device::device;
use crate::frame::form::{Fields, Form};
use crate::frame::visit::SignedIn;
use crate::frame::{Frame, html};
use crate::sign_in::new_password;
use crate::{Pages, done};
use askama::Template;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use lastword_base::names::LoginId;
use lastword_http::problem::Problem;
use lastword_life::access::admit_person::{IDLE_MAX, LOGIN_MAX};
use lastword_life::access::change_account::set_password;
use lastword_life::access::passwords;
use lastword_life::access::sign_in::end_others;
use lastword_store::access::account;
use lastword_store::access::login::{self, Login};
use std::sync::Arc;

#[derive(Template)]
#[template(path = "pages/people/my_account.html")]
struct AccountPage {
    page: Frame,
    fields: Fields,
    login: String,
    logins: Vec<AccountView>,
    /// Notifications; `None` if there are none that the person could receive.
    browsers: Option<Browsers>,
}

/// A login for display.
struct AccountView {
    login: Login,
    /// Browser and system, as far as they can be recognised.
    device: String,
    present: bool,
}

/// `GET /account`
pub(crate) async fn show(State(pages): State<Arc<Pages>>, person: SignedIn, headers: HeaderMap) -> Result<Response, Problem> {
    Ok(html(&page(&pages, &person, Fields::default(), &headers).await?))
}

async fn page(pages: &Pages, person: &SignedIn, fields: Fields, headers: &HeaderMap) -> Result<AccountPage, Problem> {
    let engine = &pages.app.engine;
    let now = engine.now();
    let logins = login::of_account(&engine.db, person.id, now - LOGIN_MAX).await?;
    let live = logins.into_iter().filter(|login| now - login.seen_at < IDLE_MAX);
    let shown = |login: Login| AccountView { device: device(&login.agent), present: login.id == person.login_id, login };
    let browsers = Browsers::of(pages, person, headers).await?;
    let (page, login) = (Frame::of(pages, &person.visit).await?, person.login.clone());
    Ok(AccountPage { page, fields, login, logins: live.map(shown).collect(), browsers })
}

/// `POST /account/password`
pub(crate) async fn change_password(
    State(pages): State<Arc<Pages>>,
    person: SignedIn,
    headers: HeaderMap,
    form: Form,
) -> Result<Response, Problem> {
    let engine = &pages.app.engine;
    let mut fields = Fields::default();
    let kept = account::find(&engine.db, person.id).await?.map(|account| account.password_hash);
    let right = passwords::verify_aside(form.raw("password_now").to_owned(), kept).await;
    let busy = || Problem::busy("Too many people sign in at this moment.", 2);
    if !right.map_err(|_| busy())? {
        fields.wrong("password-now-wrong", "password_now", person.visit.language);
    }
    let hash = new_password(&pages, &mut fields, &form, &person.login, person.visit.language).await?;
    let Some(hash) = hash else {
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, html(&page(&pages, &person, fields, &headers).await?)).into_response());
    };
    set_password(engine, &person.by(), person.id, hash, &person.login_hash, engine.now()).await?;
    Ok(done(&pages, "/account", "done-password", ""))
}

/// `POST /account/logins`: ends the login with the ID `login`, or all other logins if it is missing.
pub(crate) async fn end_logins(State(pages): State<Arc<Pages>>, person: SignedIn, form: Form) -> Result<Response, Problem> {
    let engine = &pages.app.engine;
    let which = Some(form.get("login")).filter(|id| !id.is_empty()).map(LoginId::named);
    end_others(engine, &person.by(), which, &person.login_hash, engine.now()).await?;
    Ok(done(&pages, "/account", "done-logins", ""))
}
