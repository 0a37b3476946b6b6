//! The way from the demo's page to the people's pages: signed in as the demo's own admin, or as one of its operators for
//! what operators see of themselves, without a password. Only the demo has this address; everything behind it is made up
//! and gone with it.

use super::{Stage, unavailable};
use crate::http::middleware::client_ip::ClientIp;
use crate::http::pages::sign_in::entered;
use crate::http::problem::Problem;
use crate::life::access::sign_in::let_in;
use crate::store::access::account;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, header};
use axum::response::Response;
use std::sync::Arc;

/// `GET /demo/enter/{page}`: leads to `/{page}`.
pub(super) async fn enter(
    State(stage): State<Arc<Stage>>,
    ClientIp(ip): ClientIp,
    headers: HeaderMap,
    Path(page): Path<String>,
) -> Result<Response, Problem> {
    if !page.bytes().all(|byte| byte.is_ascii_lowercase()) {
        return Err(Problem::not_found());
    }
    let (admin, operator) = &stage.people;
    let login = if page == "me" { operator } else { admin };
    let account = account::by_login(&stage.engine.db, login).await.map_err(|error| unavailable(&error))?;
    let account = account.ok_or_else(Problem::not_found)?;
    let agent = headers.get(header::USER_AGENT).and_then(|agent| agent.to_str().ok()).unwrap_or_default();
    let secret = let_in(&stage.engine, &account, &ip.to_string(), agent, stage.engine.now()).await.map_err(|error| unavailable(&error))?;
    Ok(entered(&stage.pages, &secret, &format!("/{page}")))
}
