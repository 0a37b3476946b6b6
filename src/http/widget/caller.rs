//! Authentication of calls: the exact origin of the page, and the visitor identified by the token.

use super::Widgets;
use crate::problem::{Code, Problem};
use crate::site::Site;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use lastword_base::names::{ChatId, ConnectionId};
use std::sync::Arc;

/// A page that may use a chat.
pub(super) struct Page {
    pub(super) connection: ConnectionId,
    pub(super) site: Arc<dyn Site>,
    /// The origin that the browser sent. If it sent none (a `GET` to its own site), the two origins that our own host can have.
    origins: Vec<String>,
}

/// A visitor on such a page.
#[derive(Clone)]
pub(super) struct Visit {
    pub(super) connection: ConnectionId,
    pub(super) site: Arc<dyn Site>,
    pub(super) visitor: ChatId,
}

impl Visit {
    pub(super) fn who(&self) -> (String, String) {
        (self.connection.to_string(), self.visitor.to_string())
    }
}

impl Page {
    /// The calling page, if its origin is in the connection's list.
    pub(super) fn find(widgets: &Widgets, connection: &ConnectionId, headers: &HeaderMap) -> Result<Self, Problem> {
        let site = widgets.app.sites.get(connection.as_str()).ok_or_else(Problem::not_found)?;
        let mut origins = named_origins(headers);
        origins.retain(|origin| site.admits_origin(origin));
        if origins.is_empty() {
            let problem = Problem::new(Code::Forbidden, "This page's origin is not among the connection's origins.");
            return Err(problem.remedy("Add the site to the connection's origins, exactly as browsers send it."));
        }
        Ok(Self { connection: connection.clone(), site, origins })
    }

    /// Origin that a new token is bound to.
    pub(super) fn origin(&self) -> &str {
        &self.origins[0]
    }

    /// The visitor with this token.
    pub(super) fn visit(&self, widgets: &Widgets, token: &str) -> Option<Visit> {
        let now = widgets.app.engine.now();
        let visitor = self.origins.iter().find_map(|origin| self.site.visitor(origin, token, now))?;
        Some(Visit { connection: self.connection.clone(), site: self.site.clone(), visitor: visitor.into() })
    }

    /// The calling visitor; without a valid token a problem that makes the widget register again.
    pub(super) fn known(&self, widgets: &Widgets, headers: &HeaderMap) -> Result<Visit, Problem> {
        let nobody =
            || Problem::new(Code::Unauthorized, "The visitor's token is not valid or has expired.").remedy("Register the visitor again.");
        told_token(headers).and_then(|token| self.visit(widgets, token)).ok_or_else(nobody)
    }

    /// Lets the page read the response, errors included.
    pub(super) fn may_read(&self, answer: impl IntoResponse) -> Response {
        let mut response = answer.into_response();
        let headers = response.headers_mut();
        headers.insert(header::VARY, HeaderValue::from_static("origin"));
        if let Ok(origin) = HeaderValue::from_str(self.origin()) {
            headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        }
        response
    }
}

/// Subprotocol of a widget's socket. Browsers allow no custom headers on sockets, so the token follows the subprotocol:
/// `Sec-WebSocket-Protocol: lastword, w1.…`.
pub(super) const SUBPROTOCOL: &str = "lastword";

/// The visitor's token: `Authorization: Bearer w1.…`, or the one in the subprotocols of a socket.
fn told_token(headers: &HeaderMap) -> Option<&str> {
    let text = |name: header::HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    let bearer = text(header::AUTHORIZATION).and_then(|value| value.strip_prefix("Bearer "));
    let offered = || text(header::SEC_WEBSOCKET_PROTOCOL)?.split(',').map(str::trim).find(|offered| *offered != SUBPROTOCOL);
    bearer.or_else(offered)
}

fn named_origins(headers: &HeaderMap) -> Vec<String> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    // Browsers send one origin; two in one request are forged.
    match (headers.get_all(header::ORIGIN).iter().count(), text("origin")) {
        (1, Some(origin)) => vec![origin.to_owned()],
        // Browsers may omit the origin for their own site, but then say so in a header that scripts cannot set.
        (0, None) if text("sec-fetch-site") == Some("same-origin") => {
            let host = text("host").unwrap_or_default();
            vec![format!("https://{host}"), format!("http://{host}")]
        }
        _ => Vec::new(),
    }
}

/// `OPTIONS`: the CORS preflight.
pub(super) async fn preflight(State(widgets): State<Arc<Widgets>>, Path(connection): Path<ConnectionId>, headers: HeaderMap) -> Response {
    match Page::find(&widgets, &connection, &headers) {
        Ok(page) => {
            let allowed = [
                (header::ACCESS_CONTROL_ALLOW_METHODS, "GET, POST"),
                (header::ACCESS_CONTROL_ALLOW_HEADERS, "authorization, content-type"),
                (header::ACCESS_CONTROL_MAX_AGE, "600"),
            ];
            page.may_read((StatusCode::NO_CONTENT, allowed))
        }
        Err(problem) => problem.into_response(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_named_once_or_is_our_own() {
        let named = |pairs: &[(&'static str, &'static str)]| {
            let mut headers = HeaderMap::new();
            for (name, value) in pairs {
                headers.append(*name, HeaderValue::from_static(value));
            }
            named_origins(&headers)
        };
        assert_eq!(named(&[("origin", "https://shop.example")]), ["https://shop.example"]);
        assert_eq!(named(&[("origin", "https://a.example"), ("origin", "https://b.example")]), [""; 0]);
        assert_eq!(named(&[("host", "rate.example")]), [""; 0]);
        assert_eq!(named(&[("host", "rate.example"), ("sec-fetch-site", "same-site")]), [""; 0]);
        let own = named(&[("host", "rate.example"), ("sec-fetch-site", "same-origin")]);
        assert_eq!(own, ["https://rate.example", "http://rate.example"]);
        // A foreign page cannot pass as our own host.
        let both = named(&[("origin", "https://evil.example"), ("host", "rate.example"), ("sec-fetch-site", "same-origin")]);
        assert_eq!(both, ["https://evil.example"]);
    }
}
