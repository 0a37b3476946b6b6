//! People who sign in, and API keys.

pub mod audit;
pub mod keys;
pub mod my_account;
pub mod one;
pub mod organisation;

use super::Pages;
use super::frame::form::{Fields, Form};
use super::frame::visit::SignedIn;
use super::frame::{Frame, html};
use super::lines::part;
use super::sign_in::{check_login, check_name};
use askama::Template;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use lastword_base::names::{AccountId, LineId, OperatorId};
use lastword_domain::access::api_key::Scope;
use lastword_domain::access::rights::Role;
use lastword_http::locale::language::Language;
use lastword_http::problem::{Code, Problem};
use lastword_life::access::change_account::{self, Wanted};
use lastword_life::access::passwords::NONE_YET;
use lastword_store::access::account::{self, Account};
use lastword_store::access::api_key::{self, ApiKey};
use lastword_store::line;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Path of a person's page.
fn address(id: &str) -> String {
    format!("/people/{}", part(id))
}

/// A person in the list.
struct Listed {
    account: Account,
    address: String,
    lines: Vec<String>,
    invited: bool,
}

/// Options of the account forms.
struct Choices {
    /// All lines: ID and name.
    lines: Vec<(String, String)>,
    /// All scopes, each with its description.
    scopes: Vec<(&'static str, String)>,
}

#[derive(Template)]
#[template(path = "pages/people/list.html")]
struct ListPage {
    page: Frame,
    people: Vec<Listed>,
    keys: Vec<ApiKey>,
    fields: Fields,
    key_fields: Fields,
    choices: Choices,
    open: bool,
    open_key: bool,
    made: bool,
}

/// `GET /people`
pub(super) async fn list(State(pages): State<Arc<Pages>>, person: SignedIn) -> Result<Response, Problem> {
    Ok(html(&draw(&pages, &person, Fields::default().with("all_lines", "1"), Fields::default()).await?))
}

async fn choices(pages: &Pages, page: &Frame) -> Result<Choices, Problem> {
    let mut lines: Vec<(String, String)> =
        line::names(&pages.app.engine.db).await?.into_iter().map(|(id, name)| (id.into(), name)).collect();
    lines.sort_by_key(|(_, name)| name.to_lowercase());
    let scopes = Scope::ALL.map(|scope| (scope.as_str(), page.t(&format!("scope-{}", scope.as_str().replace(':', "-")))));
    Ok(Choices { lines, scopes: scopes.to_vec() })
}

async fn draw(pages: &Pages, person: &SignedIn, fields: Fields, key_fields: Fields) -> Result<ListPage, Problem> {
    let db = &pages.app.engine.db;
    let page = Frame::of(pages, &person.visit).await?;
    let names = line::names(db).await?;
    let mut lines: BTreeMap<AccountId, Vec<String>> = BTreeMap::new();
    for (account, line) in account::all_lines(db).await? {
        lines.entry(account).or_default().push(names.get(&line).cloned().unwrap_or_else(|| line.to_string()));
    }
    let people = account::all(db).await?.into_iter().map(|account| Listed {
        address: address(&account.id.to_string()),
        lines: lines.remove(&account.id).unwrap_or_default(),
        invited: account.password_hash == NONE_YET,
        account,
    });
    let mut people: Vec<Listed> = people.collect();
    people.sort_by_key(|listed| (listed.account.disabled_at.is_some(), listed.account.name.to_lowercase()));
    let mut keys = api_key::all(db).await?;
    keys.sort_by_key(|key| key.revoked_at.is_some());
    let choices = choices(pages, &page).await?;
    Ok(ListPage { open: !fields.fine(), open_key: !key_fields.fine(), made: false, people, keys, fields, key_fields, choices, page })
}

/// The account according to the form. Errors are added to `fields`.
async fn wanted(pages: &Pages, form: &Form, fields: &mut Fields, language: Language) -> Result<Wanted, Problem> {
    check_name(fields, form.get("name"), language);
    let role = Role::parse(form.get("role"));
    if role.is_none() {
        fields.wrong("people-bad-role", "role", language);
    }
    let role = role.unwrap_or(Role::Operator);
    let operator = Some(form.get("operator").to_owned()).filter(|id| !id.is_empty());
    let fits = |id: &String| id.chars().count() <= 200 && !id.chars().any(char::is_control);
    if role == Role::Operator && !operator.as_ref().is_some_and(fits) {
        fields.wrong("people-bad-operator", "operator", language);
    }
    let known = line::names(&pages.app.engine.db).await?;
    let lines: BTreeSet<LineId> = form.all("lines").filter(|id| known.contains_key(*id)).map(LineId::from).collect();
    let all_lines = form.ticked("all_lines");
    if role == Role::Supervisor && !all_lines && lines.is_empty() {
        fields.wrong("people-bad-lines", "lines", language);
    }
    Ok(Wanted {
        name: form.get("name").to_owned(),
        role,
        operator_id: operator.filter(|_| role == Role::Operator).map(OperatorId::from),
        all_lines,
        lines: if role == Role::Supervisor && !all_lines { lines } else { BTreeSet::new() },
        comments: form.ticked("comments"),
        disabled: form.ticked("disabled"),
    })
}

/// A page that shows a secret once: a link or a key.
#[derive(Template)]
#[template(path = "pages/people/once.html")]
struct OncePage {
    page: Frame,
    title: String,
    words: String,
    secret: String,
    /// True if the base URL of the link is only taken from the browser's request.
    guessed: bool,
}

async fn once(pages: &Pages, person: &SignedIn, title: String, words: String, secret: String) -> Result<Response, Problem> {
    let guessed = pages.public_url.is_none() && secret.starts_with("http://");
    Ok(html(&OncePage { page: Frame::of(pages, &person.visit).await?, title, words, secret, guessed }))
}

/// Shows a link for choosing a password.
async fn with_link(pages: &Pages, person: &SignedIn, headers: &HeaderMap, account: &Account) -> Result<Response, Problem> {
    let engine = &pages.app.engine;
    let link = change_account::password_link(engine, &person.by(), account.id, engine.now()).await?.ok_or_else(Problem::not_found)?;
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let language = person.visit.language;
    let title = language.text("people-link-title", &[("name", &account.name.as_str())]);
    once(pages, person, title, language.text("people-link-words", &[]), pages.link(&format!("/password/{link}"), host)).await
}

/// `POST /people`: creates an account and shows the link for choosing its password.
pub(super) async fn invite(State(pages): State<Arc<Pages>>, person: SignedIn, headers: HeaderMap, form: Form) -> Result<Response, Problem> {
    let (engine, language) = (&pages.app.engine, person.visit.language);
    let mut fields = Fields::of(&form);
    check_login(&mut fields, form.get("login"), language);
    let wanted = wanted(&pages, &form, &mut fields, language).await?;
    if fields.fine() {
        let wanted = Wanted { disabled: false, ..wanted };
        match change_account::add(engine, &person.by(), form.get("login"), wanted, None, engine.now()).await? {
            Some(account) => return with_link(&pages, &person, &headers, &account).await,
            None => fields.wrong("people-bad-login-taken", "login", language),
        }
    }
    let page = draw(&pages, &person, fields, Fields::default()).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, html(&page)).into_response())
}

/// Problem for a change of an account that was refused.
fn refused(changed: change_account::Changed) -> Problem {
    match changed {
        change_account::Changed::LastAdmin => Problem::new(Code::Conflict, "This is the last admin who can sign in."),
        _ => Problem::not_found(),
    }
}
