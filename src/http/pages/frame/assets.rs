//! The pages' own styles and scripts. Their addresses change with their content, so browsers may cache them forever without combining a new
//! page with old styles.

use axum::extract::Path;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use lastword_http::problem::Problem;
use rust_embed::RustEmbed;
use sha2::{Digest, Sha256};
use std::sync::LazyLock;

#[derive(RustEmbed)]
#[folder = "frame/assets"]
struct Assets;

/// One version for all files together, so that scripts can import each other by plain names.
static VERSION: LazyLock<String> = LazyLock::new(|| {
    let mut names: Vec<_> = Assets::iter().collect();
    names.sort();
    let mut sum = Sha256::new();
    for name in names {
        sum.update(name.as_bytes());
        sum.update(Assets::get(&name).map(|file| file.metadata.sha256_hash()).unwrap_or_default());
    }
    hex::encode(&sum.finalize()[..8])
});

/// Address of a file.
pub(crate) fn address(file: &str) -> String {
    format!("/assets/{}/{file}", *VERSION)
}

/// `GET /service-worker.js`: at the root, because its scope is limited to its own folder. Browsers check for a new version themselves.
pub(crate) async fn service_worker() -> Result<Response, Problem> {
    let found = Assets::get("service-worker.js").ok_or_else(Problem::not_found)?;
    let headers = [(header::CONTENT_TYPE, "text/javascript; charset=utf-8"), (header::CACHE_CONTROL, "no-cache")];
    Ok((headers, found.data.into_owned()).into_response())
}

/// `GET /assets/{version}/{file}`
pub(crate) async fn serve(Path((version, file)): Path<(String, String)>) -> Result<Response, Problem> {
    let found = Assets::get(&file).ok_or_else(Problem::not_found)?;
    // A page of another release gets the present file, without caching it.
    let keep = if version == *VERSION { "public, max-age=31536000, immutable" } else { "no-store" };
    let kind = found.metadata.mimetype();
    let kind = if kind.starts_with("text/") { format!("{kind}; charset=utf-8") } else { kind.to_owned() };
    Ok(([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, keep.to_owned())], found.data.into_owned()).into_response())
}
