//! `/r/{token}`: the page behind a one-tap link.
//!
//! Programs open links too, such as mail scanners and previews of messengers. GET and HEAD therefore record nothing: the
//! page shows the score of the link as selected, and a button. Only the form counts that is sent with the nonce of the
//! page. It needs no script and no cookie. Programs also send forms. Browsers fetch the style sheet and the picture of a
//! page, which is recorded; a form from a page without such a fetch needs a second tap. The only POST without a page is the
//! one-click unsubscribe of mail programs (RFC 8058): it counts at the links that mean "do not ask me again", and nowhere
//! else.

mod form;
mod page;
mod state;
mod words;

use super::json;
use super::middleware::client_ip::ClientIp;
use super::middleware::rate_limit::TooSoon;
use super::problem::Problem;
use super::state::AppState;
use axum::Router;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, RawQuery, Request, State};
use axum::http::{HeaderMap, HeaderName, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use form::Form;
use lastword_domain::answer::Disposition;
use lastword_domain::answer::opt_out::Wish;
use lastword_domain::brand::{Color, Shade};
use lastword_life::Millis;
use lastword_life::answer::by_link::{self, answers, seen, unsubscribed};
use lastword_life::answer::open_link::{Behind, open, own_ratings};
use lastword_life::facts::inbound::Arrived;
use page::Page;
use state::StateView;
use std::net::IpAddr;
use std::sync::Arc;
use words::{LinkTexts, accepted};

/// State shared by the pages.
pub struct Links {
    app: Arc<AppState>,
}

impl Links {
    async fn page(&self, behind: &Behind, shown: StateView, token: &str, form: &Form, now: Millis) -> Result<Page, Problem> {
        let (options, keys) = (&self.app.engine.options, &self.app.engine.keys);
        let id = self.app.engine.ids.text(now);
        let organisation = self.app.engine.organisation();
        let page = state::page((&organisation, options), behind, shown, form, now);
        let look = self.app.engine.brand.look();
        let logo = look.logo.as_ref().map(|_| look.version);
        let page = Page { nonce: keys.nonce(token, &id, now), mark: keys.nonce(MARK, &id, now), logo, ..page };
        match behind {
            Behind::Question(question) => {
                Ok(state::with_own(page, &own_ratings(&self.app.engine, question, now).await?, options.time_zone, now))
            }
            Behind::Alert(_) => Ok(page),
        }
    }
}

impl std::fmt::Debug for Links {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Links").finish_non_exhaustive()
    }
}

/// The routes. Their paths contain tokens and are never logged: the middleware logs route patterns.
pub fn routes(app: &Arc<AppState>) -> Router {
    let links = Links { app: app.clone() };
    let pages = Router::new().route("/r/page.css", get(style)).route("/r/page.svg", get(picture)).route("/r/logo", get(logo));
    pages.route("/r/{token}", get(look).post(answer)).with_state(Arc::new(links))
}

/// Purpose of page marks: the style sheet and the picture are requested with the mark of their page.
const MARK: &str = "page.css";

async fn style(State(links): State<Arc<Links>>, ClientIp(ip): ClientIp, method: Method, RawQuery(mark): RawQuery) -> Response {
    fetched(&links, ip, &method, mark).await;
    let color = links.app.engine.brand.look().color;
    let style = include_str!("links/page.css").to_owned() + &color.map(colored).unwrap_or_default();
    ([(header::CONTENT_TYPE, "text/css; charset=utf-8")], style).into_response()
}

/// The rules of the organisation's color, after the others.
fn colored(color: Color) -> String {
    let rules = color.shades().map(|Shade { accent, on_accent }| {
        format!(":root{{--accent:{accent};--on-accent:{on_accent};--tint:color-mix(in srgb,{accent} 14%,transparent)}}")
    });
    let [light, dark] = rules;
    format!("\n{light}\n@media (prefers-color-scheme:dark){{{dark}}}\n")
}

/// `GET /r/logo`: the organisation's logo, for the pages, mails and the web chat on other sites.
async fn logo(State(links): State<Arc<Links>>) -> Response {
    let look = links.app.engine.brand.look();
    let Some((kind, bytes)) = look.logo.clone() else { return StatusCode::NOT_FOUND.into_response() };
    let headers = [
        (header::CONTENT_TYPE, kind),
        (header::CACHE_CONTROL, "public, max-age=86400".to_owned()),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox".to_owned()),
        (HeaderName::from_static("cross-origin-resource-policy"), "cross-origin".to_owned()),
    ];
    (headers, bytes).into_response()
}

async fn picture(State(links): State<Arc<Links>>, ClientIp(ip): ClientIp, method: Method, RawQuery(mark): RawQuery) -> Response {
    fetched(&links, ip, &method, mark).await;
    ([(header::CONTENT_TYPE, "image/svg+xml")], include_str!("links/page.svg")).into_response()
}

/// Records that a browser fetched the style sheet or the picture of a page. Calls above the limit are served but not recorded.
async fn fetched(links: &Links, ip: IpAddr, method: &Method, mark: Option<String>) {
    let engine = &links.app.engine;
    let now = engine.now();
    let mark = mark.filter(|_| *method == Method::GET);
    let Some(shown) = mark.as_deref().and_then(|mark| engine.keys.shown(MARK, mark, now)) else { return };
    if links.app.limits.page_views.take(ip, now).is_ok()
        && let Err(error) = by_link::fetched(engine, shown.id, now).await
    {
        tracing::warn!(%error, "could not record that a browser opened a page; its form has to be sent twice");
    }
}

type Token = Result<Path<String>, PathRejection>;

/// Shows the page. Records no answer.
async fn look(
    State(links): State<Arc<Links>>,
    ClientIp(ip): ClientIp,
    token: Token,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let words = accepted(&headers, &links.app.engine.options.language);
    if let Err(too_soon) = links.app.limits.page_views.take(ip, links.app.engine.now()) {
        return Ok(too_many(&links, words, too_soon));
    }
    let Some((token, behind)) = behind(&links, token).await? else { return Ok(gone(&links, words)) };
    let engine = &links.app.engine;
    let shown = match query.as_deref() {
        Some("change") => StateView::Change,
        Some("stop") => StateView::Stop,
        Some("stop-once-more") => StateView::StopOnceMore,
        Some("done") => StateView::Done,
        Some("locked") => StateView::Locked,
        Some(query) if query.starts_with(ONCE_MORE) => StateView::OnceMore(query[ONCE_MORE.len()..].parse().ok()),
        _ => StateView::Opened,
    };
    let (now, form) = (engine.now(), Form::default());
    Ok(links.page(&behind, shown, &token, &form, now).await?.respond(StatusCode::OK))
}

/// Processes the form. Without the nonce of a recently shown page it has no effect, and the page is shown again.
async fn answer(
    State(links): State<Arc<Links>>,
    ClientIp(ip): ClientIp,
    token: Token,
    headers: HeaderMap,
    request: Request,
) -> Result<Response, Problem> {
    let words = accepted(&headers, &links.app.engine.options.language);
    if let Err(too_soon) = links.app.limits.forms.take(ip, links.app.engine.now()) {
        return Ok(too_many(&links, words, too_soon));
    }
    let Some((token, behind)) = behind(&links, token).await? else { return Ok(gone(&links, words)) };
    let engine = &links.app.engine;
    let form = Form::read(&json::bytes(request).await?);
    let now = engine.now();
    if let Some(question) = form.one_click.then(|| behind.unsubscribes()).flatten() {
        let events = unsubscribed(engine, question, &engine.ids.text(now), now);
        return match links.app.answers.run(events).await {
            Ok(_) => Ok(StatusCode::OK.into_response()),
            Err(error) => {
                tracing::error!(%error, "could not store an unsubscribe request; the mail program has to send it again");
                Ok(StatusCode::SERVICE_UNAVAILABLE.into_response())
            }
        };
    }
    let events = events(&links, &behind, &token, &form, now).await;
    let (problem, status) = match events {
        Err(Refused::Busy) => (Refused::Busy, StatusCode::SERVICE_UNAVAILABLE),
        Err(why) => (why, StatusCode::OK),
        Ok(events) => match links.app.answers.run(events).await {
            Ok(taken) => {
                let next = next(&form, &taken.iter().map(|taken| taken.disposition).collect::<Vec<_>>());
                return Ok((StatusCode::SEE_OTHER, [(header::LOCATION, format!("{token}?{next}"))]).into_response());
            }
            Err(error) => {
                tracing::error!(%error, "could not store a client's answer from a page; the page asks for it again");
                (Refused::Busy, StatusCode::SERVICE_UNAVAILABLE)
            }
        },
    };
    let form = Form { refused: Some(problem), ..form };
    Ok(links.page(&behind, StateView::Again, &token, &form, now).await?.respond(status))
}

/// Start of the query of a page that asks for a second tap, followed by the score on hold, if any.
const ONCE_MORE: &str = "once-more=";

/// The query of the page shown after a form, by the dispositions of its answers.
fn next(form: &Form, became: &[Disposition]) -> String {
    let became = |disposition| became.contains(&disposition);
    match (became(Disposition::Unconfirmed), form.wish, form.score) {
        (true, Some(Wish::Stop), _) => "stop-once-more".to_owned(),
        (true, _, score) => format!("{ONCE_MORE}{}", score.map(|score| score.to_string()).unwrap_or_default()),
        (false, ..) if became(Disposition::Locked) => "locked".to_owned(),
        (false, ..) => "done".to_owned(),
    }
}

/// Reasons why a form was not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Refused {
    /// The nonce is not from a recently shown page.
    NoNonce,
    /// Nothing was selected.
    Nothing,
    /// The database could not store it.
    Busy,
}

/// Converts a form to events.
async fn events(links: &Links, behind: &Behind, token: &str, form: &Form, now: Millis) -> Result<Vec<Arrived>, Refused> {
    let engine = &links.app.engine;
    let Some(shown) = engine.keys.shown(token, &form.nonce, now) else {
        links.app.metrics.inbound_rejected(behind.connection().as_str(), "no_nonce");
        return Err(Refused::NoNonce);
    };
    let page = by_link::sent(engine, shown, form.person, now).await.map_err(|error| {
        tracing::error!(%error, "could not read how a page was opened; it asks for its form again");
        Refused::Busy
    })?;
    match behind {
        Behind::Alert(told) => Ok(vec![seen(engine, told, &page, now)]),
        Behind::Question(question) => {
            let said = form.said(question);
            if said.is_empty() { Err(Refused::Nothing) } else { Ok(answers(engine, question, &said, &page, now)) }
        }
    }
}

/// Looks up the token of a path; returns it with its target.
async fn behind(links: &Links, token: Token) -> Result<Option<(String, Behind)>, Problem> {
    // A path that is not UTF-8 contains no token.
    let Ok(Path(token)) = token else { return Ok(None) };
    Ok(open(&links.app.engine, &token).await?.map(|behind| (token, behind)))
}

/// The same page for all links that are unknown, forged, of other installations or deleted.
fn gone(links: &Links, words: &LinkTexts) -> Response {
    Page::plain(&links.app.engine.organisation(), words, words.gone_title, words.gone_text).respond(StatusCode::NOT_FOUND)
}

fn too_many(links: &Links, words: &LinkTexts, too_soon: TooSoon) -> Response {
    let page = Page::plain(&links.app.engine.organisation(), words, words.slow_title, words.slow_text);
    let mut response = page.respond(StatusCode::TOO_MANY_REQUESTS);
    response.headers_mut().insert(header::RETRY_AFTER, axum::http::HeaderValue::from(too_soon.wait_secs));
    response
}
