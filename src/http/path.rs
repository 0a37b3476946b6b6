//! Extracts path parameters; errors are problems like all others.

use super::json::described;
use super::problem::{Code, Problem, Thing};
use axum::extract::{FromRequestParts, RawPathParams};
use axum::http::request::Parts;
use lastword_base::names::{AccountId, AlertId, DeliveryId, KeyId, RequestId};
use serde::de::DeserializeOwned;
use std::str::FromStr;

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

/// The ID that is the only path parameter of the route. A text that is no ID is answered as an unknown ID is.
#[derive(Debug)]
pub struct PathId<I>(pub I);

/// IDs of what a path can name.
pub trait InPath: FromStr {
    /// What is missing if there is none with this ID.
    const THING: Thing;
}

macro_rules! in_path {
    ($($id:ty => $thing:ident),* $(,)?) => { $(impl InPath for $id { const THING: Thing = Thing::$thing; })* };
}
in_path! { AccountId => Person, AlertId => Alert, DeliveryId => Delivery, KeyId => Key, RequestId => RatingRequest }

impl<S: Send + Sync, I: InPath> FromRequestParts<S> for PathId<I> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let Path(text) = Path::<String>::from_request_parts(parts, state).await?;
        text.parse().map(Self).map_err(|_| Problem::missing(I::THING, &text))
    }
}
