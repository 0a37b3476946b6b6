//! Reads the parts of an address, with problems in the shape of all others.

use super::json::described;
use super::problem::{Code, Problem};
use axum::extract::{FromRequestParts, RawPathParams};
use axum::http::request::Parts;
use serde::de::DeserializeOwned;

/// The longest path, percent-encoded.
const LENGTH_MAX: usize = 4_000;

/// The parts of the address that the route names.
#[derive(Debug)]
pub struct Path<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for Path<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        // No id that is kept holds NUL, and PostgreSQL reads none.
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
