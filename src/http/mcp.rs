//! `/mcp`: the content of the pages, for assistants. A read-only server of the Model Context Protocol without sessions: calls are
//! independent, so any node can answer each.
//!
//! An assistant shortens what it reads, so every number is a `Figure` with its sample size, its interval, a verdict and a sentence to
//! quote. If the data cannot tell, there is no number to quote. Text written by people is in fields named `untrusted`, and only for keys
//! with the scope `mcp:comments`.

mod compare;
mod explain;
mod figure;
mod low_ratings;
mod reasons;
mod server;
mod summary;
mod target;
mod tools;

use self::server::Server;
use super::state::AppState;
use crate::auth::admitted;
use axum::Router;
use axum::extract::{Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use lastword_domain::access::api_key::Scope;
use rmcp::transport::streamable_http_server::session::never::NeverSessionManager;
use rmcp::transport::streamable_http_server::{StreamableHttpServerConfig, StreamableHttpService};
use std::sync::Arc;
use url::Url;

/// Maximum size of a request's body.
const BODY_MAX_BYTES: usize = 65_536;
/// Host names of this machine for itself.
const OWN_NAMES: [&str; 3] = ["localhost", "127.0.0.1", "::1"];

/// The route `/mcp`.
pub fn routes(app: &Arc<AppState>) -> Router {
    let config = StreamableHttpServerConfig::default()
        .with_legacy_session_mode(false)
        .with_json_response(true)
        .with_max_request_body_bytes(BODY_MAX_BYTES)
        .with_allowed_hosts(hosts(app.engine.options.public_url.as_ref()));
    let tools = app.clone();
    let service = StreamableHttpService::new(move || Ok(Server::new(tools.clone())), Arc::new(NeverSessionManager::default()), config);
    Router::new().route_service("/mcp", service).layer(from_fn_with_state(app.clone(), admit))
}

/// Host names at which this server may be called. Others are refused, to prevent DNS rebinding by a page in a browser.
fn hosts(public_url: Option<&Url>) -> Vec<String> {
    let public = public_url.and_then(Url::host_str).map(str::to_owned);
    OWN_NAMES.into_iter().map(str::to_owned).chain(public).collect()
}

/// Admits requests with a key for assistants, and records the use of the key.
async fn admit(State(app): State<Arc<AppState>>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    match admitted(&parts, &app, Scope::McpRead).await {
        Ok(program) => {
            parts.extensions.insert(program);
            next.run(Request::from_parts(parts, body)).await
        }
        Err(problem) => problem.into_response(),
    }
}
