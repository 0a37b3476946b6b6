//! The layers around every page: authentication, checks of submitted forms, and problems rendered as pages for browsers.

use super::form::{Form, TOKEN_FIELD};
use super::problem;
use super::visit::Visit;
use crate::frame::cookies::{self, FLASH, LOGIN};
use crate::{Pages, Who};
use axum::body::{Body, to_bytes};
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use lastword_http::listener::Place;
use lastword_http::middleware::RequestId;
use lastword_http::middleware::client_ip::ClientIp;
use lastword_http::problem::{Code, Problem};
use lastword_life::access::admit_person;
use std::sync::Arc;
use subtle::ConstantTimeEq;

/// Path of the sign-in page.
pub(crate) const SIGN_IN: &str = "/sign-in";

/// Address of the sign-in page that leads to `next` afterwards.
pub(crate) fn sign_in_leading_to(next: &str) -> String {
    let next: String = url::form_urlencoded::byte_serialize(next.as_bytes()).collect();
    format!("{SIGN_IN}?next={next}")
}

/// Header of our script's automatic checks for changes, which are no sign of a person's activity.
pub(crate) const LOOK: &str = "x-look";

/// The router's outer layer: around every page, and around 404 responses.
pub(crate) async fn around(State(pages): State<Arc<Pages>>, mut request: Request, next: Next) -> Response {
    let address = request.uri().path_and_query().map_or("/", |address| address.as_str()).to_owned();
    let visit = match Visit::of(&pages, request.headers(), address).await {
        Ok(visit) => Arc::new(visit),
        Err(error) => return Problem::from(error).into_response(),
    };
    if visit.person.is_some() {
        Place::vouch_for(request.extensions());
    }
    let call = Call::of(&request);
    let in_time = in_time(&pages, &visit, &request);
    request.extensions_mut().insert(visit.clone());
    if !call.look {
        write_down_use(&pages, &visit);
    }
    let checked = match in_time {
        Ok(()) => checked(&pages, &visit, request).await,
        Err(problem) => Err(problem),
    };
    let mut response = match checked {
        Ok(request) => next.run(request).await,
        Err(problem) => problem.into_response(),
    };
    if call.wants_a_page
        && let Some(problem) = response.extensions_mut().remove::<Box<Problem>>()
    {
        response = shown(&pages, &visit, &call, &problem).await;
    }
    finish(&pages, &visit, &mut response);
    response
}

/// Limits the rate of callers that are not signed in.
fn in_time(pages: &Pages, visit: &Visit, request: &Request) -> Result<(), Problem> {
    if visit.person.is_some() {
        return Ok(());
    }
    let taken = pages.app.limits.page_views.take(ClientIp::of(request.extensions()).0, pages.app.engine.now());
    taken.map_err(|too_soon| too_soon.problem("Too many calls by somebody who is not signed in came from this address."))
}

/// The layer of one route: checks who may call it.
pub(crate) async fn only(State(who): State<Who>, visit: Visit, request: Request, next: Next) -> Response {
    match visit.may(who) {
        Ok(()) => next.run(request).await,
        Err(problem) => problem.into_response(),
    }
}

/// Properties of a call that are needed after its handler has consumed it.
struct Call {
    wants_a_page: bool,
    look: bool,
    reads: bool,
    id: Option<RequestId>,
}

impl Call {
    fn of(request: &Request) -> Self {
        let accept = request.headers().get(header::ACCEPT).and_then(|accept| accept.to_str().ok()).unwrap_or_default();
        Self {
            wants_a_page: accept.contains("text/html"),
            look: request.headers().contains_key(LOOK),
            reads: request.method() == Method::GET || request.method() == Method::HEAD,
            id: request.extensions().get::<RequestId>().cloned(),
        }
    }
}

/// Renders a problem as a page. A caller that is not signed in is redirected to the sign-in page.
async fn shown(pages: &Pages, visit: &Visit, call: &Call, problem: &Problem) -> Response {
    if problem.code == Code::Unauthorized {
        let back = if call.reads { sign_in_leading_to(&visit.address) } else { SIGN_IN.to_owned() };
        return Redirect::to(&back).into_response();
    }
    let id = call.id.as_ref().map(|id| id.0.as_ref());
    problem::page(pages, visit, problem, id).await
}

/// Checks that a call that changes something comes from a page of ours, by the browser's headers and by the form's token. It runs before
/// all routes, so no route can forget it.
async fn checked(pages: &Pages, visit: &Visit, request: Request) -> Result<Request, Problem> {
    // A missing page needs no form token: a program that calls a wrong address gets a 404.
    let there = request.extensions().get::<MatchedPath>().is_some();
    if !there || matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS) {
        return Ok(request);
    }
    let foreign = || {
        Problem::forbidden("a form of this very site, shown in this browser").remedy("Go back, reload the page and send the form again.")
    };
    if !from_here(pages, request.headers(), request.uri()) {
        return Err(foreign());
    }
    let (mut parts, body) = request.into_parts();
    // A signed-in person may paste the content of a file, such as a calendar of holidays or a desk's settings.
    let most = if visit.person.is_some() { pages.app.body_max.batch } else { pages.app.body_max.ordinary };
    let body = to_bytes(body, most).await.map_err(|_| Problem::new(Code::TooLarge, "The form is too large."))?;
    let form = Form::read(&body);
    if !bool::from(form.raw(TOKEN_FIELD).as_bytes().ct_eq(visit.form_token.as_bytes())) {
        return Err(foreign());
    }
    parts.extensions.insert(form);
    Ok(Request::from_parts(parts, Body::from(body)))
}

/// True if the browser reports this site as the origin of a call: by Fetch Metadata, else by `Origin`.
fn from_here(pages: &Pages, headers: &HeaderMap, uri: &Uri) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = text("sec-fetch-site") {
        return matches!(site, "same-origin" | "none");
    }
    let Some(origin) = text("origin") else { return false };
    let host = text("host").or_else(|| uri.authority().map(|authority| authority.as_str()));
    let named = origin.split_once("://").map(|(_, host)| host);
    let public = pages.public_url.as_ref().map(|url| url.origin().ascii_serialization());
    named.is_some() && (named == host || Some(origin) == public.as_deref())
}

/// Records that a login was used, in the background.
pub(crate) fn write_down_use(pages: &Pages, visit: &Visit) {
    let engine = pages.app.engine.clone();
    let now = engine.now();
    let Some(person) = visit.person.as_ref().filter(|person| person.is_news(now)) else { return };
    let hash = person.login_hash.clone();
    tokio::spawn(async move {
        if let Err(error) = admit_person::seen(&engine, &hash, now).await {
            tracing::warn!(%error, "could not record the use of a login");
        }
    });
}

/// Sets or deletes cookies, and sets the header that lets our own forms report their origin.
fn finish(pages: &Pages, visit: &Visit, response: &mut Response) {
    let html = response.headers().get(header::CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    let headers = response.headers_mut();
    let sets = |headers: &HeaderMap, cookie: &str| {
        headers.get_all(header::SET_COOKIE).iter().any(|set| set.to_str().is_ok_and(|set| set.contains(&format!("{cookie}="))))
    };
    if html {
        headers.extend(visit.fresh_guest.clone().map(|cookie| (header::SET_COOKIE, cookie)));
        if visit.flash.is_some() && !sets(headers, FLASH) {
            headers.append(header::SET_COOKIE, cookies::clear(FLASH, pages.https));
        }
        // With no-referrer, browsers would send the origin of our own forms as "null".
        headers.entry(header::REFERRER_POLICY).or_insert(HeaderValue::from_static("same-origin"));
    }
    if visit.stale_login && !sets(headers, LOGIN) {
        headers.append(header::SET_COOKIE, cookies::clear(LOGIN, pages.https));
    }
    if response.status() == StatusCode::SEE_OTHER {
        response.headers_mut().entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    }
}
