//! The web pages: rendered on the server, usable without scripts, and updated live with them.
//!
//! # To add a page
//!
//! 1. A file here with a handler, and its template beside it:
//!
//!    ```text
//!    #[derive(Template)]
//!    #[template(path = "pages/lines/list.html")]
//!    struct ListPage { page: Frame, lines: Vec<Line> }
//!
//!    pub(super) async fn list(State(pages): State<Arc<Pages>>, person: SignedIn) -> Result<Response, Problem> {
//!        let lines = store::line::all(&pages.app.engine.db).await?;
//!        let lines = lines.into_iter().filter(|line| person.rights.lines.admit(&line.id)).collect();
//!        Ok(html(&ListPage { page: Frame::of(&pages, &person.visit).await?, lines }))
//!    }
//!    ```
//!
//! 2. The template begins with `{% extends "pages/layout.html" %}` and fills the blocks `title` and `content`. Texts are
//!    `{{ page.t("today-title") }}` or `{{ page.t1("ago-minutes", "n", count) }}`, with the key in all folders of
//!    `locales/` (one `.ftl` file for each page). Shared components are macros in `components.html`; the
//!    classes of tables, cards, chips and forms are in `assets/app.css`, under their headings. The content of
//!    `<section id="…" data-live="lines">` is reloaded whenever the server announces a change of that topic ([`frame::live`]).
//! 3. A row in [`table`]: method, path, **required access**. A route cannot be defined without it. The navigation shows
//!    an entry once its page is in the table.
//! 4. Limit the data to what the person may see: pass `person.rights.lines` to the store, or ask
//!    [`frame::visit::SignedIn::sees`]. Data that the person may not see is [`Problem::not_found`], as if it did not exist.
//! 5. A form: `<form method="post">{{ page.form_token() }} …`, read with [`Form`]. The guard checks its origin before
//!    the handler runs. Afterwards [`done`] redirects and shows a message. Problems are rendered as pages automatically.
//! 6. A test in `tests/pages/`; the matrix of routes and roles there includes the new row automatically.

pub mod alerts;
pub mod chart;
mod clients;
pub mod connections;
pub mod deliveries;
pub mod elsewhere;
pub mod frame;
pub mod lines;
mod low;
pub mod me;
pub mod operators;
pub mod people;
pub mod ratings;
pub mod recipients;
pub mod report;
pub mod review;
pub mod routes;
pub mod sign_in;
pub mod today;

use self::frame::form::Form;
use self::frame::visit::{Flash, SignedIn, Visit};
use self::low::acts::ReviewForm;
use axum::Router;
use axum::extract::State;
use axum::handler::Handler;
use axum::http::{Method, StatusCode, header};
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodFilter, MethodRouter, get, on};
use lastword_base::names::RequestId;
use lastword_domain::access::rights::Right;
use lastword_http::locale::language::Language;
use lastword_http::path::PathId;
use lastword_http::problem::Problem;
use lastword_http::state::AppState;
use std::collections::BTreeSet;
use std::sync::{Arc, LazyLock};
use std::time::Duration;
use tokio_util::sync::CancellationToken;
use url::Url;

/// Settings of the pages.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Public base URL.
    pub public_url: Option<Url>,
    /// The organisation's language.
    pub language: String,
    /// Time limit for generating a file before its response begins; `None` if requests have no time limit.
    pub file_within: Option<Duration>,
}

impl Options {
    /// The options according to the settings.
    pub fn of(settings: &lastword_base::settings::Settings) -> Self {
        Self {
            public_url: settings.http.public_url.clone(),
            language: settings.organisation.language.clone(),
            // Part of the request timeout is reserved for the error response.
            file_within: Some(settings.http.request_timeout.mul_f64(0.8)),
        }
    }
}

/// State shared by all pages.
pub struct Pages {
    /// State shared by all handlers.
    pub app: Arc<AppState>,
    /// Public base URL.
    pub public_url: Option<Url>,
    /// True if the public URL uses TLS.
    pub https: bool,
    /// The organisation's language.
    pub language: Language,
    /// Time limit for generating a file before its response begins.
    pub file_within: Option<Duration>,
    /// Ends live updates at shutdown.
    pub stop: CancellationToken,
}

impl std::fmt::Debug for Pages {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Pages").field("https", &self.https).finish_non_exhaustive()
    }
}

impl Pages {
    /// Creates the state for this application.
    pub fn new(app: &Arc<AppState>, options: Options, stop: CancellationToken) -> Arc<Self> {
        Arc::new(Self {
            app: app.clone(),
            https: options.public_url.as_ref().is_some_and(|url| url.scheme() == "https"),
            public_url: options.public_url,
            language: Language::parse(&options.language).unwrap_or(Language::En),
            file_within: options.file_within,
            stop,
        })
    }

    /// The public address of a page, for links used outside the browser.
    pub fn link(&self, path: &str, host: Option<&str>) -> String {
        let ours = self.public_url.as_ref().and_then(|url| url.join(path.trim_start_matches('/')).ok());
        ours.map_or_else(|| format!("http://{}{path}", host.unwrap_or("127.0.0.1")), String::from)
    }
}

/// Required access of a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    /// Also visitors who are not signed in.
    Anybody,
    /// Every signed-in person.
    SignedIn,
    /// Roles with this right.
    May(Right),
}

/// A route of the pages.
pub struct Route {
    /// HTTP method.
    pub method: Method,
    /// Path in the router's syntax.
    pub path: &'static str,
    /// Required access.
    pub who: Who,
    handler: MethodRouter<Arc<Pages>>,
}

fn show<T: 'static>(path: &'static str, who: Who, handler: impl Handler<T, Arc<Pages>>) -> Route {
    Route { method: Method::GET, path, who, handler: on(MethodFilter::GET, handler) }
}

fn act<T: 'static>(path: &'static str, who: Who, handler: impl Handler<T, Arc<Pages>>) -> Route {
    Route { method: Method::POST, path, who, handler: on(MethodFilter::POST, handler) }
}

/// A form of the review of a rating.
fn review(path: &'static str, who: Who, form: ReviewForm) -> Route {
    act(path, who, move |pages: State<Arc<Pages>>, person: SignedIn, id: PathId<RequestId>, fields: Form| {
        form.take(pages, person, id, fields)
    })
}

/// All pages with their required access.
pub fn table() -> Vec<Route> {
    [auth_routes(), report_routes(), work_routes(), setup_routes(), people_routes()].into_iter().flatten().collect()
}

/// Sign-in and account routes.
fn auth_routes() -> Vec<Route> {
    vec![
        show("/sign-in", Who::Anybody, sign_in::ask),
        act("/sign-in", Who::Anybody, sign_in::enter),
        act("/sign-out", Who::SignedIn, sign_in::leave),
        show("/first/{link}", Who::Anybody, sign_in::first),
        act("/first/{link}", Who::Anybody, sign_in::make_first),
        show("/password/{link}", Who::Anybody, sign_in::choose),
        act("/password/{link}", Who::Anybody, sign_in::chosen),
        act("/choice", Who::Anybody, frame::choice::keep),
        show("/account", Who::SignedIn, people::my_account::show),
        act("/account/password", Who::SignedIn, people::my_account::change_password),
        act("/account/logins", Who::SignedIn, people::my_account::end_logins),
        act("/account/browsers", Who::May(Right::SeeLowRatings), people::my_account::browsers::switch_on),
        act("/account/browsers/{id}", Who::May(Right::SeeLowRatings), people::my_account::browsers::change),
        show("/live", Who::SignedIn, frame::live::watch),
        show("/manual", Who::SignedIn, elsewhere::manual::first),
        show("/manual/{*name}", Who::SignedIn, elsewhere::manual::show),
    ]
}

/// Reports and ratings.
fn report_routes() -> Vec<Route> {
    vec![
        show("/today", Who::May(Right::SeeToday), today::show),
        show("/reports", Who::May(Right::SeeRatings), report::show),
        show("/reports/file", Who::May(Right::Export), report::keep),
        show("/reports/cases", Who::SignedIn, report::cases::show),
        show("/operators", Who::May(Right::SeeOperators), operators::list),
        show("/operators/{id}", Who::May(Right::SeeOperators), operators::profile),
        act("/operators/{id}/kind", Who::May(Right::ChangeLines), operators::keep_kind),
        show("/me", Who::May(Right::SeeOwnNumbers), me::show),
        show("/ratings", Who::May(Right::SeeRatings), ratings::list),
        show("/ratings/views", Who::May(Right::SeeRatings), ratings::views::list),
        act("/ratings/views", Who::May(Right::SeeRatings), ratings::views::save),
        act("/ratings/views/{id}/delete", Who::May(Right::SeeRatings), ratings::views::delete),
        show("/ratings/{rating_request}/drawer", Who::May(Right::SeeRatings), ratings::drawer::fragment),
        show("/ratings/{rating_request}", Who::May(Right::SeeRatings), ratings::one::show),
        act("/ratings/{rating_request}/ask", Who::May(Right::WorkLowRatings), ratings::one::ask),
        act("/ratings/{rating_request}/score", Who::May(Right::WorkLowRatings), ratings::one::keep_score),
        act("/sessions/{source}/{session}/ask", Who::May(Right::WorkLowRatings), ratings::session::ask),
        show("/sessions/{source}/{session}", Who::May(Right::SeeRatings), ratings::session::show),
        show("/ratings.csv", Who::May(Right::Export), ratings::file::as_csv),
        show("/ratings.xlsx", Who::May(Right::Export), ratings::file::as_xlsx),
    ]
}

/// Work with chats and ratings: answers, low ratings, replies, objections.
fn work_routes() -> Vec<Route> {
    vec![
        act("/lines/{id}/preview", Who::May(Right::SeeLines), lines::preview::fragment),
        show("/chats", Who::May(Right::AnswerChats), clients::chats::list),
        show("/chats/{connection}/{session}", Who::May(Right::AnswerChats), clients::chats::one),
        act("/chats/{connection}/{session}", Who::May(Right::AnswerChats), clients::chats::answer),
        act("/chats/{connection}/{session}/close", Who::May(Right::AnswerChats), clients::chats::close),
        show("/low", Who::May(Right::SeeLowRatings), low::list),
        act("/low/bulk", Who::May(Right::WorkLowRatings), review::bulk::act),
        show("/low/{rating_request}", Who::May(Right::SeeLowRatings), low::one),
        show("/low/templates", Who::May(Right::WorkLowRatings), review::templates::list),
        act("/low/templates", Who::May(Right::WorkLowRatings), review::templates::save),
        act("/low/templates/remove", Who::May(Right::WorkLowRatings), review::templates::remove),
        review("/ratings/{rating_request}/reply", Who::May(Right::WorkLowRatings), ReviewForm::Reply),
        review("/ratings/{rating_request}/flag", Who::May(Right::WorkLowRatings), ReviewForm::Flag),
        review("/ratings/{rating_request}/appeal", Who::May(Right::WorkLowRatings), ReviewForm::Appeal),
        review("/ratings/{rating_request}/judge", Who::May(Right::JudgeAppeals), ReviewForm::Judge),
        review("/ratings/{rating_request}/restore", Who::May(Right::JudgeAppeals), ReviewForm::Restore),
        review("/ratings/{rating_request}/assign", Who::May(Right::WorkLowRatings), ReviewForm::Assign),
        review("/ratings/{rating_request}/settle", Who::May(Right::WorkLowRatings), ReviewForm::Settle),
        review("/ratings/{rating_request}/ask-again", Who::May(Right::WorkLowRatings), ReviewForm::AskAgain),
    ]
}

/// Lines, connections, recipients and deliveries.
fn setup_routes() -> Vec<Route> {
    vec![
        show("/lines", Who::May(Right::SeeLines), lines::list),
        act("/lines", Who::May(Right::ChangeLines), lines::make),
        show("/lines/{id}", Who::May(Right::SeeLines), lines::rating_tab::show),
        act("/lines/{id}", Who::May(Right::ChangeLines), lines::rating_tab::save),
        act("/lines/{id}/delete", Who::May(Right::ChangeLines), lines::delete),
        act("/lines/{id}/archive", Who::May(Right::ChangeLines), lines::archive),
        show("/lines/{id}/versions", Who::May(Right::SeeLines), lines::versions::show),
        act("/lines/{id}/versions", Who::May(Right::ChangeLines), lines::versions::back),
        show("/lines/{id}/alarms", Who::May(Right::SeeLines), lines::alarms::show),
        act("/lines/{id}/alarms", Who::May(Right::ChangeLines), lines::alarms::learn),
        show("/lines/{id}/experiments", Who::May(Right::SeeLines), lines::experiments::show),
        act("/lines/{id}/experiments", Who::May(Right::ChangeLines), lines::experiments::start),
        act("/lines/{id}/experiments/end", Who::May(Right::ChangeLines), lines::experiments::end),
        show("/lines/{id}/plan", Who::May(Right::SeeLines), lines::dry_run::show),
        show("/lines/{id}/bitrix24", Who::May(Right::SeeLines), lines::bitrix::show),
        act("/lines/{id}/bitrix24", Who::May(Right::ChangeLines), lines::bitrix::take),
        show("/lines/{id}/bitrix24.json", Who::May(Right::SeeLines), lines::bitrix::file),
        show("/organisation", Who::May(Right::ChangeOrganisation), people::organisation::show),
        act("/organisation", Who::May(Right::ChangeOrganisation), people::organisation::change),
        show("/recipients", Who::May(Right::SeeRecipients), recipients::list),
        act("/recipients", Who::May(Right::ChangeRecipients), recipients::make),
        show("/recipients/{id}", Who::May(Right::SeeRecipients), recipients::one),
        act("/recipients/{id}", Who::May(Right::ChangeRecipients), recipients::change),
        act("/recipients/{id}/delete", Who::May(Right::ChangeRecipients), recipients::delete),
        act("/recipients/{id}/test", Who::May(Right::ChangeRecipients), recipients::test),
        show("/letters", Who::May(Right::SeeRecipients), recipients::letters::list),
        act("/letters", Who::May(Right::ChangeRecipients), recipients::letters::make),
        show("/letters/{id}", Who::May(Right::SeeRecipients), recipients::letters::one),
        act("/letters/{id}/send", Who::May(Right::ChangeRecipients), recipients::letters::send),
        act("/letters/{id}/delete", Who::May(Right::ChangeRecipients), recipients::letters::delete),
        show("/connections", Who::May(Right::SeeConnections), connections::list),
        act("/connections", Who::May(Right::ManageConnections), connections::setup::make),
        show("/connections/new", Who::May(Right::ManageConnections), connections::setup::ask),
        show("/connections/{name}", Who::May(Right::SeeConnections), connections::one::show),
        act("/connections/{name}", Who::May(Right::ManageConnections), connections::one::change),
        act("/connections/{name}/resume", Who::May(Right::ResumeConnections), connections::one::go_on),
        act("/connections/{name}/replay", Who::May(Right::ManageConnections), connections::one::replay),
        act("/connections/{name}/pause", Who::May(Right::ManageConnections), connections::one::pause),
        act("/connections/{name}/delete", Who::May(Right::ManageConnections), connections::one::delete),
        show("/connections/{name}/people", Who::May(Right::ManageConnections), connections::people::show),
        act("/connections/{name}/people", Who::May(Right::ManageConnections), connections::people::act),
        act("/connections/{name}/desk", Who::May(Right::ManageConnections), connections::one::set_up_desk),
        show("/deliveries", Who::May(Right::SeeDeliveries), deliveries::list),
        show("/deliveries/{id}", Who::May(Right::SeeDeliveries), deliveries::one),
        act("/deliveries/{id}/resend", Who::May(Right::MendDeliveries), deliveries::resend),
        act("/deliveries/{id}/dismiss", Who::May(Right::MendDeliveries), deliveries::dismiss),
        act("/deliveries/{id}/cancel", Who::May(Right::MendDeliveries), deliveries::cancel),
        show("/alerts", Who::May(Right::SeeAlerts), alerts::list),
        show("/quarantine", Who::May(Right::ReleaseQuarantine), connections::quarantine::show),
        act("/quarantine", Who::May(Right::ReleaseQuarantine), connections::quarantine::free),
        act("/alerts/{id}/acknowledge", Who::May(Right::AcknowledgeAlerts), alerts::acknowledge),
    ]
}

/// People, the audit log and client data.
fn people_routes() -> Vec<Route> {
    vec![
        show("/clients", Who::May(Right::SeeRatings), clients::find),
        show("/clients/one", Who::May(Right::SeeRatings), clients::show),
        show("/clients/data", Who::May(Right::ManageClients), clients::data::show),
        show("/clients/file", Who::May(Right::ManageClients), clients::data::file),
        act("/clients/erase", Who::May(Right::ManageClients), clients::data::erase),
        act("/clients/opt-out", Who::May(Right::ManageClients), clients::data::wish),
        show("/audit", Who::May(Right::SeeAudit), people::audit::list),
        show("/people", Who::May(Right::ManagePeople), people::list),
        act("/people", Who::May(Right::ManagePeople), people::invite),
        show("/people/{id}", Who::May(Right::ManagePeople), people::one::show),
        act("/people/{id}", Who::May(Right::ManagePeople), people::one::change),
        act("/people/{id}/link", Who::May(Right::ManagePeople), people::one::link),
        act("/people/{id}/logins", Who::May(Right::ManagePeople), people::one::end_logins),
        act("/keys", Who::May(Right::ManagePeople), people::keys::make),
        act("/keys/{id}/revoke", Who::May(Right::ManagePeople), people::keys::revoke),
    ]
}

/// True if there is a page at this path.
fn has_page(path: &str) -> bool {
    static PATHS: LazyLock<BTreeSet<&'static str>> =
        LazyLock::new(|| table().iter().filter(|route| route.method == Method::GET).map(|route| route.path).collect());
    PATHS.contains(path)
}

/// All pages, with styles, scripts and the page for unknown paths.
pub fn routes(pages: &Arc<Pages>) -> Router {
    let mut router = Router::new();
    for route in table() {
        let guarded = route.handler.route_layer(from_fn_with_state(route.who, frame::guard::only));
        router = router.route(route.path, guarded);
    }
    let router = router.fallback(async || Problem::not_found()).layer(from_fn_with_state(pages.clone(), frame::guard::around));
    let router = router.route("/assets/{version}/{file}", get(frame::assets::serve));
    let router = router.route("/service-worker.js", get(frame::assets::service_worker));
    router.route("/manifest.webmanifest", get(frame::manifest::serve)).with_state(pages.clone())
}

/// `/`: redirects to the sign-in page, which leads signed-in people to their first page. The demo serves its own page there.
pub fn home() -> Router {
    Router::new().route("/", get(async || ([(header::CACHE_CONTROL, "no-store")], axum::response::Redirect::to(frame::guard::SIGN_IN))))
}

/// Redirects after a form was processed and shows one message on the next page: the text of `key` (`done-…`), with `name` for `$name`.
pub fn done(pages: &Pages, to: &str, key: &'static str, name: &str) -> Response {
    let cookie = frame::cookies::set(frame::cookies::FLASH, &Flash::cookie(key, name), pages.https, Some(60));
    (StatusCode::SEE_OTHER, [(header::LOCATION, to.to_owned())], [(header::SET_COOKIE, cookie)]).into_response()
}
