//! All routes of the server.

use super::Pages;
use super::elsewhere::{panel, showcase};
use axum::{Extension, Router};
use lastword_http::json::described::Described;
use lastword_http::ops::{self, Ops};
use lastword_http::state::AppState;
use lastword_http::{api, hooks, links, mcp, schemas};
use std::sync::Arc;

/// All routes but `/`, without the middleware around them.
pub fn all(app: &Arc<AppState>, ops: Ops, pages: &Arc<Pages>) -> Router {
    let (api, document) = api::routes(app.body_max).split_for_parts();
    let document = api::openapi::complete(document);
    let api = api.layer(Extension(Arc::new(Described::new(&document))));
    let ours = Router::new().merge(api).merge(hooks::routes(app)).with_state(app.clone());
    let ours =
        ours.merge(api::openapi::page::routes(document)).merge(links::routes(app)).merge(showcase::routes(app)).merge(mcp::routes(app));
    ours.merge(schemas::routes()).merge(ops::routes(ops)).merge(panel::routes(pages)).merge(super::routes(pages))
}
