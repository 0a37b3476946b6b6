//! Links from the demo's page to the people's pages: signs the visitor in without a password as the demo's admin, or as one
//! of its operators for what operators see of themselves. Only the demo has this address; all its data are made up and deleted with it.

use super::{Stage, unavailable};
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use lastword_http::middleware::client_ip::ClientIp;
use lastword_http::problem::Problem;
use lastword_life::access::sign_in::{let_in, let_into_panel};
use lastword_pages::sign_in::{agent, entered};
use lastword_store::access::account::{self, Account};
use std::net::IpAddr;
use std::sync::Arc;

/// `GET /demo/enter/{page}`: redirects to `/{page}`, such as `/today` or the page of one rating.
pub(super) async fn enter(
    State(stage): State<Arc<Stage>>,
    ClientIp(ip): ClientIp,
    headers: HeaderMap,
    Path(page): Path<String>,
) -> Result<Response, Problem> {
    let plain = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
    if !page.split('/').all(plain) {
        return Err(Problem::not_found());
    }
    let (admin, operator) = &stage.people;
    let login = if page == "me" { operator } else { admin };
    let secret = begin(&stage, login, ip, &headers).await?;
    Ok(entered(&stage.pages, &secret, &format!("/{page}")))
}

/// Creates a login of one of the demo's accounts. Returns its secret.
pub(super) async fn begin(stage: &Stage, login: &str, ip: IpAddr, headers: &HeaderMap) -> Result<String, Problem> {
    let (account, agent) = (account(stage, login).await?, agent(headers));
    let begun = let_in(&stage.engine, &account, &ip.to_string(), agent, stage.engine.now()).await;
    begun.map_err(|error| unavailable(&error))
}

/// Like [`begin`], for the panel in a desk.
pub(super) async fn begin_panel(stage: &Stage, login: &str, ip: IpAddr, headers: &HeaderMap) -> Result<String, Problem> {
    let (account, agent) = (account(stage, login).await?, agent(headers));
    let begun = let_into_panel(&stage.engine, &account, &ip.to_string(), agent, stage.engine.now()).await;
    begun.map_err(|error| unavailable(&error))
}

async fn account(stage: &Stage, login: &str) -> Result<Account, Problem> {
    let account = account::by_login(&stage.engine.db, login).await.map_err(|error| unavailable(&error))?;
    account.ok_or_else(Problem::not_found)
}
