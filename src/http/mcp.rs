//! `/mcp`: what the pages know, for assistants. A read-only server of the Model Context Protocol, without sessions: each call stands
//! alone, so that any node answers it.
//!
//! An assistant shortens what it reads. So no share stands alone: each number is a `Figure` with how many it is of, its interval,
//! a verdict and a sentence to quote, and where the data cannot tell there is no number to quote. What people wrote stands in fields
//! named `untrusted`, and only for keys with the scope `mcp:comments`.

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
use super::middleware::auth::admitted;
use super::state::AppState;
use axum::Router;
use axum::extract::{Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use lastword_domain::access::api_key::Scope;
use rmcp::transport::streamable_http_server::session::never::NeverSessionManager;
use rmcp::transport::streamable_http_server::{StreamableHttpServerConfig, StreamableHttpService};
use std::sync::Arc;
use url::Url;

/// The longest call.
const BODY_MAX_BYTES: usize = 65_536;
/// By which names this machine calls itself.
const OWN_NAMES: [&str; 3] = ["localhost", "127.0.0.1", "::1"];

/// The route.
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

/// The names under which we are called: a page in a browser that made another name lead to us is refused.
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
