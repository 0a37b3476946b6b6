//! One's own account: the password, and the browsers in which one is signed in.

use super::frame::form::{Fields, Form};
use super::frame::visit::SignedIn;
use super::frame::{Frame, html};
use super::sign_in::new_password;
use super::{Pages, done};
use crate::http::problem::Problem;
use crate::life::access::admit_person::{IDLE_MAX, LOGIN_MAX};
use crate::life::access::change_account::set_password;
use crate::life::access::passwords;
use crate::life::access::sign_in::end_others;
use crate::store::access::account;
use crate::store::access::login::{self, Login};
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use std::sync::Arc;

#[derive(Template)]
#[template(path = "pages/account.html")]
struct AccountPage {
    page: Frame,
    fields: Fields,
    login: String,
    logins: Vec<AccountView>,
}

/// A login as it is shown.
struct AccountView {
    login: Login,
    /// The browser and the machine, as far as they can be told.
    device: String,
    present: bool,
}

/// `GET /account`
pub(super) async fn show(State(pages): State<Arc<Pages>>, person: SignedIn) -> Result<Response, Problem> {
    Ok(html(&page(&pages, &person, Fields::default()).await?))
}

async fn page(pages: &Pages, person: &SignedIn, fields: Fields) -> Result<AccountPage, Problem> {
    let engine = &pages.app.engine;
    let now = engine.now();
    let logins = login::of_account(&engine.db, &person.id, now - LOGIN_MAX).await?;
    let live = logins.into_iter().filter(|login| now - login.seen_at < IDLE_MAX);
    let shown = |login: Login| AccountView { device: device(&login.agent), present: login.id == person.login_id, login };
    Ok(AccountPage { page: Frame::of(pages, &person.visit).await?, fields, login: person.login.clone(), logins: live.map(shown).collect() })
}

/// `POST /account/password`
pub(super) async fn change_password(State(pages): State<Arc<Pages>>, person: SignedIn, form: Form) -> Result<Response, Problem> {
    let engine = &pages.app.engine;
    let mut fields = Fields::default();
    let kept = account::find(&engine.db, &person.id).await?.map(|account| account.password_hash);
    let right = passwords::verify_aside(form.raw("password_now").to_owned(), kept).await;
    let busy = || Problem::busy("Too many people sign in at this moment.", 2);
    if !right.map_err(|_| busy())? {
        fields.wrong("password-now-wrong", "password_now", person.visit.language);
    }
    let hash = new_password(&pages, &mut fields, &form, &person.login, person.visit.language).await?;
    let Some(hash) = hash else {
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, html(&page(&pages, &person, fields).await?)).into_response());
    };
    set_password(engine, &person.by(), &person.id, hash, &person.login_hash, engine.now()).await?;
    Ok(done(&pages, "/account", "done-password", ""))
}

/// `POST /account/logins`: ends the login with the id `login`, or all others where there is none.
pub(super) async fn end_logins(State(pages): State<Arc<Pages>>, person: SignedIn, form: Form) -> Result<Response, Problem> {
    let engine = &pages.app.engine;
    let which = Some(form.get("login").to_owned()).filter(|id| !id.is_empty());
    end_others(engine, &person.by(), which, &person.login_hash, engine.now()).await?;
    Ok(done(&pages, "/account", "done-logins", ""))
}

/// "Firefox, Linux": the first names that the browser says and everybody knows.
fn device(agent: &str) -> String {
    // The order counts: each says the names of those below it too.
    let browser = [("Edg", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari")];
    let machine = [
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Android", "Android"),
        ("Windows", "Windows"),
        ("Mac OS", "macOS"),
        ("CrOS", "ChromeOS"),
        ("Linux", "Linux"),
    ];
    let known = |names: &[(&str, &'static str)]| names.iter().find(|(mark, _)| agent.contains(mark)).map(|&(_, name)| name);
    let found: Vec<&str> = [known(&browser), known(&machine)].into_iter().flatten().collect();
    if found.is_empty() { agent.chars().take(40).collect() } else { found.join(", ") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_is_called_by_its_name() {
        let agent = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36 Edg/140.0";
        assert_eq!(device(agent), "Edge, Linux");
        assert_eq!(device("Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Version/19.0 Safari/604.1"), "Safari, iPhone");
        assert_eq!(device("curl/8.1"), "curl/8.1");
    }
}
