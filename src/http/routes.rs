//! All addresses of the server.

use super::ops::{self, Ops};
use super::pages::{self, Pages};
use super::state::Doors;
use super::{api, hooks, links, schemas, showcase};
use axum::Router;
use std::sync::Arc;

/// All addresses but `/`, without the edge around them.
pub fn all(doors: &Arc<Doors>, ops: Ops, pages: &Arc<Pages>) -> Router {
    let (api, document) = api::routes(doors.body_max).split_for_parts();
    let ours = Router::new().merge(api).merge(hooks::routes(doors)).with_state(doors.clone());
    let ours =
        ours.merge(api::openapi::routes(api::openapi::complete(document))).merge(links::routes(doors)).merge(showcase::routes(doors));
    ours.merge(schemas::routes()).merge(ops::routes(ops)).merge(pages::routes(pages))
}
