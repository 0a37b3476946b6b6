//! All addresses of the server.

use super::doors::Doors;
use super::ops::{self, Ops};
use super::{api, hooks, links};
use axum::Router;
use std::sync::Arc;

/// All addresses, without the edge around them.
pub fn all(doors: &Arc<Doors>, ops: Ops) -> Router {
    let (api, document) = api::routes(doors.body_max).split_for_parts();
    let ours = Router::new().merge(api).merge(hooks::routes(doors)).with_state(doors.clone());
    ours.merge(api::openapi::routes(document)).merge(links::routes(doors)).merge(ops::routes(ops))
}
