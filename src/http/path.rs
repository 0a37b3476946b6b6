//! Extracts path parameters; errors are problems like all others.

use super::json::described;
use super::problem::{Code, Problem};
use axum::extract::{FromRequestParts, RawPathParams};
use axum::http::request::Parts;
use serde::de::DeserializeOwned;

/// Maximum length of a path, percent-encoded.
const LENGTH_MAX: usize = 4_000;

/// The path parameters of the route.
#[derive(Debug)]
pub struct Path<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for Path<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        // No stored ID contains NUL, and PostgreSQL accepts none.
        if parts.uri.path().contains("%00") || parts.uri.path().len() > LENGTH_MAX {
            return Err(Problem::not_found());
        }
        let unreadable =
            || Problem::new(Code::BadRequest, "The path cannot be read.").remedy("Send each part of it in UTF-8, percent-encoded.");
        let raw = RawPathParams::from_request_parts(parts, state).await.map_err(|_| unreadable())?;
        described::path(&parts.extensions, &parts.method, &raw)?;
        let read = axum::extract::Path::from_request_parts(parts, state).await;
        read.map(|axum::extract::Path(value)| Self(value)).map_err(|_| unreadable())
    }
}
