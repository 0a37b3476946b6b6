//! The page that a desk frames, and its sign-in.

use super::caller::{form, language, person, place};
use crate::Pages;
use crate::frame::visit::Visit;
use crate::frame::{Frame, html};
use crate::sign_in::{short, tried, waited};
use askama::Template;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use lastword_base::names::{ConnectionId, SessionId};
use lastword_contract::{Headers, PanelPlace, PanelTold, RawRequest, SendError, Verdict};
use lastword_http::json::bytes;
use lastword_http::middleware::client_ip::ClientIp;
use lastword_http::middleware::headers::CONTENT_SECURITY_POLICY;
use lastword_http::middleware::rate_limit::TooSoon;
use lastword_http::problem::{Code, Problem};
use lastword_life::access::sign_in;
use lastword_life::desk::beside::session_beside;
use std::sync::Arc;

#[derive(Template)]
#[template(path = "pages/elsewhere/panel/page.html")]
struct PanelPage {
    page: Frame,
    /// Path prefix of this page's calls.
    path: String,
    /// Origin whose messages the page accepts.
    origin: String,
    /// Message that asks the desk's page for the chat; empty if the desk already sent it.
    ask: &'static str,
    /// Session ID of the chat, if known.
    session: String,
}

/// `GET /panel/{connection}`: the page for desks that report the chat by a message in the browser.
pub(super) async fn open(
    State(pages): State<Arc<Pages>>,
    Path(connection): Path<ConnectionId>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let place = place(&pages, &connection)?;
    let PanelTold::Message(ask) = place.told_by else { return Err(Problem::not_found()) };
    framed(&pages, &headers, connection.as_str(), &place, ask, String::new()).await
}

/// `POST /panel/{connection}`: the page for desks that post the chat with an authentication token.
pub(super) async fn placed(
    State(pages): State<Arc<Pages>>,
    Path(connection): Path<ConnectionId>,
    request: Request,
) -> Result<Response, Problem> {
    let place = place(&pages, &connection)?;
    if place.told_by != PanelTold::Post {
        return Err(Problem::not_found());
    }
    let ip = ClientIp::of(request.extensions()).0;
    let headers = request.headers().clone();
    let raw = RawRequest {
        method: "POST".to_owned(),
        query: request.uri().query().unwrap_or_default().to_owned(),
        headers: Headers::default(),
        body: bytes(request).await?.to_vec(),
        received_at: pages.app.engine.now(),
    };
    let desk = pages.app.engine.desks.get(&connection).ok_or_else(Problem::not_found)?;
    let too_many = |too_soon: TooSoon| too_soon.problem("Too many calls without a right token came from this address.");
    // The desk is asked to check the token. An address with too many refused attempts does not cause that call.
    pages.app.limits.unauthenticated.ask(ip, pages.app.engine.now()).map_err(too_many)?;
    let session = match desk.desk.panel_chat(&raw).await {
        Ok(Some(beside)) => session_beside(&pages.app.engine, &connection, beside).await?.unwrap_or_default(),
        Ok(None) => SessionId::default(),
        Err(SendError { verdict: Verdict::RetryAfter(_) | Verdict::RetryBackoff | Verdict::CannotKnow, kind, .. }) => {
            tracing::warn!(connection = connection.as_str(), kind, "the desk did not report the chat of the panel");
            return Err(Problem::new(Code::Busy, "The desk does not say which chat this is.")
                .remedy("Open the panel again.")
                .retry_after(1));
        }
        Err(SendError { kind, .. }) => {
            tracing::warn!(connection = connection.as_str(), kind, "refused a panel that the desk did not open");
            let counted = pages.app.limits.unauthenticated.take(ip, pages.app.engine.now());
            counted.map_err(too_many)?;
            return Err(Problem::not_signed(""));
        }
    };
    framed(&pages, &headers, connection.as_str(), &place, "", session.into()).await
}

/// The page; only its desk may frame it.
async fn framed(
    pages: &Pages,
    headers: &HeaderMap,
    connection: &str,
    place: &PanelPlace,
    ask: &'static str,
    session: String,
) -> Result<Response, Problem> {
    let language = language(pages, headers);
    let encoded: String = url::form_urlencoded::byte_serialize(connection.as_bytes()).collect();
    let page = PanelPage {
        page: Frame::of(pages, &Visit::in_a_desk(None, language)).await?,
        path: format!("/panel/{}", encoded.replace('+', "%20")),
        origin: place.origin.clone(),
        ask,
        session,
    };
    let mut response = html(&page);
    let policy = CONTENT_SECURITY_POLICY.replace("frame-ancestors 'none'", &format!("frame-ancestors {}", place.origin));
    let policy = HeaderValue::from_str(&policy).map_err(|_| Problem::internal())?;
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    Ok(response)
}

/// `POST /panel/{connection}/sign-in`: returns the secret to the page, or the reason as text.
pub(super) async fn enter(
    State(pages): State<Arc<Pages>>,
    Path(connection): Path<ConnectionId>,
    ClientIp(ip): ClientIp,
    request: Request,
) -> Result<Response, Problem> {
    place(&pages, &connection)?;
    let (engine, (headers, form)) = (&pages.app.engine, form(request).await?);
    let language = language(&pages, &headers);
    let (login, password) = (form.get("login"), form.raw("password"));
    if login.is_empty() || password.is_empty() {
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, language.text("sign-in-empty", &[])).into_response());
    }
    let too_many = |millis: i64| (StatusCode::TOO_MANY_REQUESTS, waited(language, millis)).into_response();
    if let Err(TooSoon { wait_secs }) = pages.app.limits.sign_ins.take(ip, engine.now()) {
        return Ok(too_many(i64::from(wait_secs) * 1_000));
    }
    let tried = sign_in::Try { panel: true, ..tried(&pages, &short(login), password, ip, &headers) };
    Ok(match sign_in::sign_in(engine, tried, engine.now()).await? {
        sign_in::SignedIn::Yes { secret, .. } => secret.into_response(),
        sign_in::SignedIn::No => (StatusCode::UNAUTHORIZED, language.text("sign-in-wrong", &[])).into_response(),
        sign_in::SignedIn::Wait(millis) => too_many(millis),
        sign_in::SignedIn::Busy => return Err(Problem::busy("Too many people sign in at this moment.", 2)),
    })
}

/// `POST /panel/{connection}/sign-out`
pub(super) async fn leave(State(pages): State<Arc<Pages>>, request: Request) -> Result<Response, Problem> {
    let (headers, _) = form(request).await?;
    let person = person(&pages, &headers).await?;
    sign_in::sign_out(&pages.app.engine, &person.login_hash).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
