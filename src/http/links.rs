//! `/r/{token}`: the page behind a one-tap link.
//!
//! Programs open links too: scanners of mail, previews of messengers. So looking (GET, HEAD) records nothing: the page
//! shows the score of the link chosen, and a button. What counts is the form that comes back with the nonce of the page.
//! It needs no script and no cookie. Only a mail program's own "unsubscribe" (RFC 8058) is a POST without a page before it: it
//! counts at the links that say "do not ask me again", and for nothing else.

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
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use form::Form;
use lastword_domain::answer::Disposition;
use lastword_life::Millis;
use lastword_life::answer::batch::Arrived;
use lastword_life::answer::by_link::{answers, seen, unsubscribed};
use lastword_life::answer::open_link::{Behind, open, own_ratings};
use page::Page;
use state::StateView;
use std::sync::Arc;
use words::{LinkTexts, accepted};

/// What the pages need.
pub struct Links {
    app: Arc<AppState>,
}

impl Links {
    async fn page(&self, behind: &Behind, shown: StateView, nonce: &str, form: &Form, now: Millis) -> Result<Page, Problem> {
        let options = &self.app.engine.options;
        let page = state::page(&options.organisation, behind, shown, nonce, form, &options.language, now);
        match behind {
            Behind::Question(question) => Ok(state::with_own(page, &own_ratings(&self.app.engine, question, now).await?)),
            Behind::Alert(_) => Ok(page),
        }
    }
}

impl std::fmt::Debug for Links {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Links").finish_non_exhaustive()
    }
}

/// The routes. Their paths hold tokens and are never logged: the middleware logs the patterns.
pub fn routes(app: &Arc<AppState>) -> Router {
    let links = Links { app: app.clone() };
    Router::new().route("/r/page.css", get(style)).route("/r/{token}", get(look).post(answer)).with_state(Arc::new(links))
}

async fn style() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "text/css; charset=utf-8"), (header::CACHE_CONTROL, "max-age=3600")], include_str!("links/page.css"))
}

type Token = Result<Path<String>, PathRejection>;

/// Shows the page. Nothing is written.
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
        Some("done") => StateView::Done,
        Some("locked") => StateView::Locked,
        _ => StateView::Opened,
    };
    let (now, form) = (engine.now(), Form::default());
    let nonce = engine.keys.nonce(&token, &engine.ids.next(now), now);
    Ok(links.page(&behind, shown, &nonce, &form, now).await?.respond(StatusCode::OK))
}

/// Takes the form. Without the nonce of a page that we have just shown it says nothing, and the page comes back.
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
        let events = unsubscribed(engine, question, &engine.ids.next(now), now);
        return match links.app.answers.run(events).await {
            Ok(_) => Ok(StatusCode::OK.into_response()),
            Err(error) => {
                tracing::error!(%error, "that somebody unsubscribed could not be kept; their mail program has to say it again");
                Ok(StatusCode::SERVICE_UNAVAILABLE.into_response())
            }
        };
    }
    let events = events(&links, &behind, &token, &form, now);
    let (problem, status) = match events {
        Err(why) => (why, StatusCode::OK),
        Ok(events) => match links.app.answers.run(events).await {
            Ok(taken) => {
                let locked = taken.iter().any(|taken| taken.disposition == Disposition::Locked);
                let next = format!("{token}?{}", if locked { "locked" } else { "done" });
                return Ok((StatusCode::SEE_OTHER, [(header::LOCATION, next)]).into_response());
            }
            Err(error) => {
                tracing::error!(%error, "what a client said on a page could not be kept; the page asks for it again");
                (Refused::Busy, StatusCode::SERVICE_UNAVAILABLE)
            }
        },
    };
    let nonce = engine.keys.nonce(&token, &engine.ids.next(now), now);
    let form = Form { refused: Some(problem), ..form };
    Ok(links.page(&behind, StateView::Again, &nonce, &form, now).await?.respond(status))
}

/// Why a form was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Refused {
    /// It is not from a page that we have just shown.
    NoNonce,
    /// Nothing was chosen.
    Nothing,
    /// It could not be kept.
    Busy,
}

/// The events that a form means.
fn events(links: &Links, behind: &Behind, token: &str, form: &Form, now: Millis) -> Result<Vec<Arrived>, Refused> {
    let engine = &links.app.engine;
    let Some(nonce_id) = engine.keys.nonce_id(token, &form.nonce, now) else {
        links.app.metrics.inbound_rejected(behind.connection(), "no_nonce");
        return Err(Refused::NoNonce);
    };
    match behind {
        Behind::Alert(told) => Ok(vec![seen(engine, told, nonce_id, now)]),
        Behind::Question(question) => {
            let said = form.said(question);
            if said.is_empty() { Err(Refused::Nothing) } else { Ok(answers(engine, question, &said, nonce_id, now)) }
        }
    }
}

/// What is behind the token of a path, with the token.
async fn behind(links: &Links, token: Token) -> Result<Option<(String, Behind)>, Problem> {
    // A path that is no text is no token.
    let Ok(Path(token)) = token else { return Ok(None) };
    Ok(open(&links.app.engine, &token).await?.map(|behind| (token, behind)))
}

/// The same page for whatever is not ours, forged, somebody else's or gone.
fn gone(links: &Links, words: &LinkTexts) -> Response {
    Page::plain(&links.app.engine.options.organisation, words, words.gone_title, words.gone_text).respond(StatusCode::NOT_FOUND)
}

fn too_many(links: &Links, words: &LinkTexts, too_soon: TooSoon) -> Response {
    let page = Page::plain(&links.app.engine.options.organisation, words, words.slow_title, words.slow_text);
    let mut response = page.respond(StatusCode::TOO_MANY_REQUESTS);
    response.headers_mut().insert(header::RETRY_AFTER, axum::http::HeaderValue::from(too_soon.wait_secs));
    response
}
