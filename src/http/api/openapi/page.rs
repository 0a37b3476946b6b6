//! The description as a file and as a page: Swagger UI, whose files are read from the archive of its release when they are asked for.

use axum::Router;
use axum::body::Bytes;
use axum::extract::Path;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use serde_json::Value;
use std::io::{Cursor, Read};
use tower_http::set_header::SetResponseHeaderLayer;
use utoipa_swagger_ui_vendored::SWAGGER_UI_VENDORED;
use zip::ZipArchive;

/// Swagger UI sets styles from its script. All resources are served from here.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; \
     connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
const SCRIPT: &str = "text/javascript; charset=utf-8";
const STYLES: &str = "text/css; charset=utf-8";

/// Routes of `/openapi.json` and `/docs`.
pub fn routes(document: Value) -> Router {
    let document = Bytes::from(document.to_string());
    let page = async || ([(header::CONTENT_TYPE, "text/html; charset=utf-8")], include_str!("page.html"));
    let policy = HeaderValue::from_static(POLICY);
    Router::new()
        .route("/openapi.json", get(async move || ([(header::CONTENT_TYPE, "application/json")], document)))
        .route("/docs", get(async || Redirect::permanent("/docs/")))
        .route("/docs/", get(page))
        .route("/docs/{file}", get(file))
        .layer(SetResponseHeaderLayer::if_not_present(header::CONTENT_SECURITY_POLICY, policy))
}

async fn file(Path(name): Path<String>) -> Response {
    let found = match name.as_str() {
        "page.js" => Some((SCRIPT, include_bytes!("page.js").to_vec())),
        "swagger-ui-bundle.js" => released(&name).map(|content| (SCRIPT, content)),
        "swagger-ui.css" => released(&name).map(|content| (STYLES, content)),
        _ => None,
    };
    let Some((kind, content)) = found else { return StatusCode::NOT_FOUND.into_response() };
    ([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, "public, max-age=86400")], content).into_response()
}

/// A file of the release; `None` if the archive has none of this name.
fn released(name: &str) -> Option<Vec<u8>> {
    let mut archive = ZipArchive::new(Cursor::new(SWAGGER_UI_VENDORED)).ok()?;
    let path = archive.file_names().flatten().find(|path| path.ends_with(&format!("/dist/{name}")))?.into_owned();
    let mut content = Vec::new();
    archive.by_name(&path).ok()?.read_to_end(&mut content).ok()?;
    Some(content)
}
