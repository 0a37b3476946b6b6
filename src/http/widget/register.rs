//! `POST /widget/{connection}/visitor`: identifies the browser.

use super::Widgets;
use super::caller::Page;
use crate::json::Body;
use crate::middleware::client_ip::ClientIp;
use crate::problem::Problem;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use lastword_base::names::ConnectionId;
use lastword_domain::brand::Color;
use lastword_life::Engine;
use lastword_life::engine::brand::UNNAMED;
use lastword_life::session::{claim, web_chat};
use lastword_store::session::mail;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Maximum length of a session ID, as in the API.
pub(super) const SESSION_BYTES_MAX: usize = 200;

/// Request body. Unknown fields are ignored, so newer widgets can send more.
#[derive(Deserialize)]
pub(super) struct RegisterQuery {
    /// Token of an earlier visit.
    #[serde(default)]
    token: Option<String>,
    /// The page's language.
    #[serde(default)]
    lang: Option<String>,
    /// The desk's session, if the widget is beside another chat.
    #[serde(default)]
    session: Option<String>,
    /// Signature of the session by the site's server.
    #[serde(default)]
    signature: Option<String>,
}

#[derive(Serialize)]
struct Known {
    token: String,
    visitor: String,
    mode: &'static str,
    texts: serde_json::Value,
    line: String,
    /// Position of the newest waiting frame.
    cursor: i64,
    /// True if the session is not signed for this page.
    session_refused: bool,
    /// How the organisation looks, if an admin has set it.
    #[serde(skip_serializing_if = "Option::is_none")]
    brand: Option<Branded>,
}

#[derive(Serialize)]
struct Branded {
    /// Empty if it was not set.
    name: String,
    /// Color, and color of text on it: on light and on dark pages. Empty for ours.
    colors: Vec<String>,
    /// Version of the logo; absent without one.
    #[serde(skip_serializing_if = "Option::is_none")]
    logo: Option<i64>,
}

impl Branded {
    fn of(engine: &Engine) -> Option<Self> {
        let (look, name) = (engine.brand.look(), engine.organisation());
        let shades = look.color.map(Color::shades).into_iter().flatten();
        let colors: Vec<String> = shades.flat_map(|shade| [shade.accent.to_string(), shade.on_accent.to_string()]).collect();
        let name = if name == UNNAMED { String::new() } else { name };
        let logo = look.logo.as_ref().map(|_| look.version);
        (!name.is_empty() || !colors.is_empty() || logo.is_some()).then_some(Self { name, colors, logo })
    }
}

pub(super) async fn register(
    State(widgets): State<Arc<Widgets>>,
    Path(connection): Path<ConnectionId>,
    ClientIp(ip): ClientIp,
    headers: HeaderMap,
    body: Result<Body<RegisterQuery>, Problem>,
) -> Response {
    let page = match Page::find(&widgets, &connection, &headers) {
        Ok(page) => page,
        Err(problem) => return problem.into_response(),
    };
    if let Err(too_soon) = widgets.app.limits.visits.take(ip, widgets.app.engine.now()) {
        return page.may_read(too_soon.problem("Too many visitors came from one address."));
    }
    match body {
        Ok(Body(asked)) => page.may_read(known(&widgets, &page, asked).await.map(Json)),
        Err(problem) => page.may_read(problem),
    }
}

async fn known(widgets: &Widgets, page: &Page, asked: RegisterQuery) -> Result<Known, Problem> {
    let engine = &widgets.app.engine;
    let now = engine.now();
    // A token that is expired or foreign is no error: the visitor is registered as new.
    let visit = asked.token.as_deref().and_then(|token| page.visit(widgets, token));
    let visitor = visit.map_or_else(|| engine.ids.text(now).into(), |visit| visit.visitor);
    let language = asked.lang.filter(|tag| is_language(tag));
    let came = web_chat::visitor_came(engine, &page.connection, &visitor, language.as_deref(), now).await;
    came.map_err(|error| unavailable(&error))?;
    let mut session_refused = false;
    if let Some(session) = asked.session.filter(|session| !page.site.own_chat() && (1..=SESSION_BYTES_MAX).contains(&session.len())) {
        session_refused = !page.site.admits_session(&session, asked.signature.as_deref().unwrap_or_default());
        if !session_refused {
            let claimed = claim::claim(engine, &page.connection, &session.as_str().into(), &visitor, now).await;
            claimed.map_err(|error| unavailable(&error))?;
        }
    }
    let newest = mail::after(&engine.db, &page.connection, &visitor, 0, 1).await.map_err(|error| unavailable(&error))?;
    Ok(Known {
        token: page.site.mint(page.origin(), visitor.as_str(), now),
        visitor: visitor.into(),
        mode: if page.site.own_chat() { "own" } else { "beside" },
        texts: page.site.texts(language.as_deref().unwrap_or("en")),
        line: page.site.line().to_owned(),
        cursor: newest.first().map_or(0, |mail| mail.seq),
        session_refused,
        brand: Branded::of(engine),
    })
}

fn is_language(tag: &str) -> bool {
    (1..=35).contains(&tag.len()) && tag.split('-').all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric()))
}

/// The problem for a database error; the widget retries.
pub(super) fn unavailable(error: &impl std::fmt::Display) -> Problem {
    tracing::warn!(%error, "web chat: the database does not answer");
    Problem::busy("The chat cannot be reached at the moment.", 2)
}
