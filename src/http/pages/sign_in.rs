//! Sign-in and sign-out, creation of the first admin, and choosing a password by link.

use super::frame::choice::back;
use super::frame::form::{Fields, Form};
use super::frame::visit::{SignedIn, Visit};
use super::frame::{Frame, html};
use super::{Pages, done};
use crate::frame::cookies::{self, DEVICE, GUEST, LOGIN, PUSH, YEAR};
use crate::frame::guard::SIGN_IN;
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use lastword_base::names::BrowserId;
use lastword_domain::access::audit::By;
use lastword_domain::access::rights::{Rights, Role};
use lastword_http::locale::language::Language;
use lastword_http::middleware::client_ip::ClientIp;
use lastword_http::middleware::rate_limit::{TooSoon, network};
use lastword_http::problem::Problem;
use lastword_life::access::change_account::{self, Wanted, is_login};
use lastword_life::access::passwords::{self, BadPassword, CHARS_MAX, CHARS_MIN};
use lastword_life::access::push_browser::choose as choose_notices;
use lastword_life::access::sign_in::{self, Try};
use serde::Deserialize;
use std::collections::BTreeSet;
use std::net::IpAddr;
use std::sync::Arc;

/// First page after signing in.
pub(super) fn first_page(rights: &Rights) -> &'static str {
    match rights.role {
        Role::Admin | Role::Supervisor => "/today",
        Role::Operator if super::has_page("/me") => "/me",
        Role::Operator => "/account",
    }
}

#[derive(Template)]
#[template(path = "pages/sign_in.html")]
struct SignInPage {
    page: Frame,
    fields: Fields,
    next: String,
    /// Error message above the fields.
    refused: Option<String>,
    /// True if the connection is not encrypted.
    plain: bool,
    nobody: bool,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct SignInQuery {
    #[serde(default)]
    next: String,
}

/// True if the public URL is not HTTPS and the request is not addressed to this machine, so it may be intercepted.
fn plain(pages: &Pages, headers: &HeaderMap) -> bool {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let host = if host.starts_with("[::1]") { "localhost" } else { host.split(':').next().unwrap_or_default() };
    !pages.https && !matches!(host, "localhost" | "127.0.0.1") && !host.ends_with(".localhost")
}

/// `GET /sign-in`
pub(super) async fn ask(
    State(pages): State<Arc<Pages>>,
    visit: Visit,
    headers: HeaderMap,
    Query(asked): Query<SignInQuery>,
) -> Result<Response, Problem> {
    if let Some(person) = &visit.person {
        let next = Some(back(&asked.next)).filter(|next| next != "/");
        return Ok(Redirect::to(&next.unwrap_or_else(|| first_page(&person.rights).to_owned())).into_response());
    }
    let plain = plain(&pages, &headers);
    Ok(html(&SignInPage {
        page: Frame::of(&pages, &visit).await?,
        fields: Fields::default(),
        next: asked.next,
        refused: None,
        plain,
        nobody: !lastword_store::access::account::any(&pages.app.engine.db).await?,
    }))
}

/// `POST /sign-in`
pub(super) async fn enter(
    State(pages): State<Arc<Pages>>,
    visit: Visit,
    ClientIp(ip): ClientIp,
    headers: HeaderMap,
    form: Form,
) -> Result<Response, Problem> {
    let engine = &pages.app.engine;
    let language = visit.language;
    let refuse = async |status: StatusCode, words: String, wait: Option<i64>| {
        let page = SignInPage {
            page: Frame::of(&pages, &visit).await?,
            fields: Fields::of(&form),
            next: form.get("next").to_owned(),
            refused: Some(words),
            plain: plain(&pages, &headers),
            nobody: false,
        };
        let mut response = (status, html(&page)).into_response();
        let wait = wait.and_then(|seconds| HeaderValue::from_str(&seconds.to_string()).ok());
        response.headers_mut().extend(wait.map(|seconds| (header::RETRY_AFTER, seconds)));
        Ok::<_, Problem>(response)
    };
    let (login, password) = (form.get("login"), form.raw("password"));
    if login.is_empty() || password.is_empty() {
        return refuse(StatusCode::UNPROCESSABLE_ENTITY, language.text("sign-in-empty", &[]), None).await;
    }
    if let Err(TooSoon { wait_secs }) = pages.app.limits.sign_ins.take(ip, engine.now()) {
        let wait = i64::from(wait_secs);
        return refuse(StatusCode::TOO_MANY_REQUESTS, waited(language, wait * 1_000), Some(wait)).await;
    }
    let tried = tried(&pages, &short(login), password, ip, &headers);
    match sign_in::sign_in(engine, tried, engine.now()).await? {
        sign_in::SignedIn::Yes { secret, device } => Ok(known(&pages, entered(&pages, &secret, &back(form.get("next"))), &device)),
        sign_in::SignedIn::No => refuse(StatusCode::UNAUTHORIZED, language.text("sign-in-wrong", &[]), None).await,
        sign_in::SignedIn::Wait(millis) => {
            refuse(StatusCode::TOO_MANY_REQUESTS, waited(language, millis), Some((millis + 999) / 1_000)).await
        }
        sign_in::SignedIn::Busy => Err(Problem::busy("Too many people sign in at this moment.", 2)),
    }
}

/// A sign-in attempt, with the details of the request.
pub(crate) fn tried(pages: &Pages, login: &str, password: &str, ip: IpAddr, headers: &HeaderMap) -> Try {
    Try {
        login: login.to_owned(),
        password: password.to_owned(),
        address: ip.to_string(),
        network: network(ip).to_string(),
        agent: agent(headers).to_owned(),
        device: cookies::read(headers, DEVICE, pages.https).unwrap_or_default(),
        panel: false,
    }
}

/// The user agent.
pub fn agent(headers: &HeaderMap) -> &str {
    headers.get(header::USER_AGENT).and_then(|agent| agent.to_str().ok()).unwrap_or_default()
}

/// Sets the cookie that marks the browser as known.
fn known(pages: &Pages, mut response: Response, device: &str) -> Response {
    response.headers_mut().append(header::SET_COOKIE, cookies::set(DEVICE, device, pages.https, Some(YEAR)));
    response
}

/// Cuts a login to the maximum length before it is used.
pub(crate) fn short(login: &str) -> String {
    login.chars().take(200).collect()
}

/// Remaining lockout after too many attempts, as text.
pub(crate) fn waited(language: Language, millis: i64) -> String {
    match (millis + 999) / 1_000 {
        seconds @ ..=90 => language.text("sign-in-wait-seconds", &[("n", &seconds)]),
        seconds => language.text("sign-in-wait-minutes", &[("n", &((seconds + 59) / 60))]),
    }
}

/// Sets the cookie of a new login. The old form token becomes invalid.
pub fn entered(pages: &Pages, secret: &str, to: &str) -> Response {
    let cookies = [(header::SET_COOKIE, cookies::set(LOGIN, secret, pages.https, None))];
    let mut response = (StatusCode::SEE_OTHER, [(header::LOCATION, to.to_owned())], cookies).into_response();
    response.headers_mut().append(header::SET_COOKIE, cookies::clear(GUEST, pages.https));
    response
}

/// `POST /sign-out`
pub(super) async fn leave(State(pages): State<Arc<Pages>>, person: SignedIn, headers: HeaderMap) -> Result<Response, Problem> {
    sign_in::sign_out(&pages.app.engine, &person.login_hash).await?;
    // The next user of this machine must not receive the notifications either.
    if let Some(browser) = cookies::read(&headers, PUSH, pages.https) {
        choose_notices(&pages.app.engine, person.id, BrowserId::named(&browser), (false, false)).await?;
    }
    let mut response = done(&pages, SIGN_IN, "done-signed-out", "");
    let headers = response.headers_mut();
    headers.append(header::SET_COOKIE, cookies::clear(LOGIN, pages.https));
    headers.append(header::SET_COOKIE, cookies::clear(PUSH, pages.https));
    // The next user of this machine finds nothing in the cache, not even by going back.
    headers.insert("clear-site-data", HeaderValue::from_static("\"cache\""));
    Ok(response)
}

#[derive(Template)]
#[template(path = "pages/password.html")]
struct PasswordPage {
    page: Frame,
    fields: Fields,
    /// True for the first admin, who also enters a name and a login.
    first: bool,
    /// Login of the account.
    login: String,
}

/// `GET /first/{link}`: the link is only printed on the server's console.
pub(super) async fn first(State(pages): State<Arc<Pages>>, visit: Visit, Path(link): Path<String>) -> Result<Response, Problem> {
    let engine = &pages.app.engine;
    if !change_account::first_link_holds(engine, &link, engine.now()).await? {
        return Err(Problem::not_found());
    }
    let page = Frame::of(&pages, &visit).await?;
    Ok(html(&PasswordPage { page, fields: Fields::default(), first: true, login: String::new() }))
}

/// `POST /first/{link}`
pub(super) async fn make_first(
    State(pages): State<Arc<Pages>>,
    visit: Visit,
    ClientIp(ip): ClientIp,
    headers: HeaderMap,
    Path(link): Path<String>,
    form: Form,
) -> Result<Response, Problem> {
    let engine = &pages.app.engine;
    let now = engine.now();
    if !change_account::first_link_holds(engine, &link, now).await? {
        return Err(Problem::not_found());
    }
    let mut fields = Fields::of(&form);
    check_name(&mut fields, form.get("name"), visit.language);
    check_login(&mut fields, form.get("login"), visit.language);
    let hash = new_password(&pages, &mut fields, &form, form.get("login"), visit.language).await?;
    let Some(hash) = hash.filter(|_| fields.fine()) else {
        let page = Frame::of(&pages, &visit).await?;
        let shown = PasswordPage { page, fields, first: true, login: String::new() };
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, html(&shown)).into_response());
    };
    let wanted = Wanted {
        name: form.get("name").to_owned(),
        role: Role::Admin,
        operator_id: None,
        all_lines: true,
        lines: BTreeSet::new(),
        comments: false,
        disabled: false,
    };
    let made = change_account::add(engine, &By::nobody("one-time link"), form.get("login"), wanted, Some(hash), now).await?;
    let account = made.ok_or_else(Problem::not_found)?;
    enter_at_once(&pages, &account.login, &form, ip, &headers).await
}

/// Signs in immediately with the password just chosen.
async fn enter_at_once(pages: &Pages, login: &str, form: &Form, ip: IpAddr, headers: &HeaderMap) -> Result<Response, Problem> {
    let engine = &pages.app.engine;
    let tried = tried(pages, login, form.raw("password"), ip, headers);
    match sign_in::sign_in(engine, tried, engine.now()).await? {
        sign_in::SignedIn::Yes { secret, device } => Ok(known(pages, entered(pages, &secret, "/"), &device)),
        _ => Ok(done(pages, SIGN_IN, "done-password", "")),
    }
}

/// `GET /password/{link}`
pub(super) async fn choose(State(pages): State<Arc<Pages>>, visit: Visit, Path(link): Path<String>) -> Result<Response, Problem> {
    let engine = &pages.app.engine;
    let account = change_account::password_link_of(engine, &link, engine.now()).await?.ok_or_else(Problem::not_found)?;
    let page = Frame::of(&pages, &visit).await?;
    Ok(html(&PasswordPage { page, fields: Fields::default(), first: false, login: account.login }))
}

/// `POST /password/{link}`
pub(super) async fn chosen(
    State(pages): State<Arc<Pages>>,
    visit: Visit,
    ClientIp(ip): ClientIp,
    headers: HeaderMap,
    Path(link): Path<String>,
    form: Form,
) -> Result<Response, Problem> {
    let engine = &pages.app.engine;
    let account = change_account::password_link_of(engine, &link, engine.now()).await?.ok_or_else(Problem::not_found)?;
    let mut fields = Fields::of(&form);
    let hash = new_password(&pages, &mut fields, &form, &account.login, visit.language).await?;
    let Some(hash) = hash else {
        let page = Frame::of(&pages, &visit).await?;
        let shown = PasswordPage { page, fields, first: false, login: account.login };
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, html(&shown)).into_response());
    };
    let by = By::person(account.id, &account.name);
    change_account::set_password(engine, &by, account.id, hash, "", engine.now()).await?;
    enter_at_once(&pages, &account.login, &form, ip, &headers).await
}

/// Hash of the new password; if it is unacceptable, the errors are added to the fields.
pub(super) async fn new_password(
    pages: &Pages,
    fields: &mut Fields,
    form: &Form,
    login: &str,
    language: Language,
) -> Result<Option<String>, Problem> {
    let (password, again) = (form.raw("password"), form.raw("password_again"));
    let holds_login = login.chars().count() >= 4 && password.to_lowercase().contains(&login.to_lowercase());
    if holds_login {
        fields.wrong("password-holds-login", "password", language);
    } else if let Err(bad) = passwords::check(password) {
        fields.refuse("password", bad_words(bad, language));
    } else if password != again {
        fields.wrong("password-differs", "password_again", language);
    }
    if !fields.fine() {
        return Ok(None);
    }
    let hashed = passwords::hash_aside(password.to_owned(), pages.app.engine.ids.bytes()).await;
    let hashed = hashed.map_err(|_| Problem::busy("Too many people choose passwords at this moment.", 2))?;
    Ok(hashed.ok())
}

fn bad_words(bad: BadPassword, language: Language) -> String {
    match bad {
        BadPassword::Short(_) => language.text("password-short", &[("n", &CHARS_MIN)]),
        BadPassword::Long(_) => language.text("password-long", &[("n", &CHARS_MAX)]),
        BadPassword::Common => language.text("password-common", &[]),
    }
}

/// Checks a person's name: not empty, on one line.
pub(super) fn check_name(fields: &mut Fields, name: &str, language: Language) {
    if name.is_empty() || name.chars().count() > 100 || name.chars().any(char::is_control) {
        fields.wrong("name-wrong", "name", language);
    }
}

/// Checks a login: no spaces, so that it can be read aloud.
pub(super) fn check_login(fields: &mut Fields, login: &str, language: Language) {
    if !is_login(login) {
        fields.wrong("login-wrong", "login", language);
    }
}
