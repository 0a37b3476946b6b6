//! Error responses: RFC 9457 `application/problem+json` with a stable `code`.
//!
//! The texts are our own: messages of a database, a driver or a panic are never included.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use lastword_base::log;
use lastword_store::StoreError;
use serde::Serialize;
use std::sync::Arc;
use utoipa::ToSchema;

/// Stable error code for programs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ProblemCode)]
pub enum Code {
    /// The request is malformed.
    BadRequest,
    /// The body is not JSON, or is missing.
    InvalidJson,
    /// The content type of the body is not supported.
    UnsupportedMediaType,
    /// The body exceeds the maximum size.
    TooLarge,
    /// The URL exceeds the maximum length.
    AddressTooLong,
    /// The request head exceeds the maximum size.
    HeadTooLarge,
    /// The list has more items than are accepted in one call.
    TooMany,
    /// The JSON is nested too deeply.
    TooDeep,
    /// The body was not received in time.
    TooSlow,
    /// The field does not exist.
    UnknownField,
    /// A field is missing.
    MissingField,
    /// A field has an invalid value.
    InvalidField,
    /// The line does not exist.
    UnknownLine,
    /// The connection does not exist.
    UnknownConnection,
    /// The resource does not exist, or not for this caller.
    NotFound,
    /// This path does not accept this method.
    MethodNotAllowed,
    /// No valid API key, login or token.
    Unauthorized,
    /// The signature is missing or invalid.
    NotSigned,
    /// The caller may not do this.
    Forbidden,
    /// The same event key was used with another body.
    KeyReused,
    /// The call conflicts with the current state.
    Conflict,
    /// Too many calls.
    RateLimited,
    /// Try again later.
    Busy,
    /// The call took too long.
    TimedOut,
    /// A server error.
    Internal,
}

impl Code {
    /// The code as a string.
    pub fn word(self) -> String {
        serde_json::to_value(self).ok().and_then(|word| word.as_str().map(str::to_owned)).unwrap_or_default()
    }

    /// The status and title of this code.
    fn meaning(self) -> (StatusCode, &'static str) {
        match self {
            Code::BadRequest => (StatusCode::BAD_REQUEST, "The call is malformed"),
            Code::InvalidJson => (StatusCode::BAD_REQUEST, "The body is not valid JSON"),
            Code::UnsupportedMediaType => (StatusCode::UNSUPPORTED_MEDIA_TYPE, "The type of the body is not supported"),
            Code::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "The body is too large"),
            Code::AddressTooLong => (StatusCode::URI_TOO_LONG, "The address of the call is too long"),
            Code::HeadTooLarge => (StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE, "The headers of the call are too large"),
            Code::TooMany => (StatusCode::PAYLOAD_TOO_LARGE, "Too many items at once"),
            Code::TooDeep => (StatusCode::BAD_REQUEST, "The JSON is nested too deeply"),
            Code::TooSlow => (StatusCode::REQUEST_TIMEOUT, "The body did not arrive in time"),
            Code::UnknownField => (StatusCode::UNPROCESSABLE_ENTITY, "There is no such field"),
            Code::MissingField => (StatusCode::UNPROCESSABLE_ENTITY, "A field is missing"),
            Code::InvalidField => (StatusCode::UNPROCESSABLE_ENTITY, "A field has an invalid value"),
            Code::UnknownLine => (StatusCode::UNPROCESSABLE_ENTITY, "There is no such line"),
            Code::UnknownConnection => (StatusCode::UNPROCESSABLE_ENTITY, "There is no such connection"),
            Code::NotFound => (StatusCode::NOT_FOUND, "Not found"),
            Code::MethodNotAllowed => (StatusCode::METHOD_NOT_ALLOWED, "Method not allowed"),
            Code::Unauthorized => (StatusCode::UNAUTHORIZED, "Not signed in"),
            Code::NotSigned => (StatusCode::UNAUTHORIZED, "The signature does not match"),
            Code::Forbidden => (StatusCode::FORBIDDEN, "Not allowed"),
            Code::KeyReused => (StatusCode::UNPROCESSABLE_ENTITY, "The event key was used with a different body"),
            Code::Conflict => (StatusCode::CONFLICT, "This conflicts with the current state"),
            Code::RateLimited => (StatusCode::TOO_MANY_REQUESTS, "Too many calls"),
            Code::Busy => (StatusCode::SERVICE_UNAVAILABLE, "Busy"),
            Code::TimedOut => (StatusCode::SERVICE_UNAVAILABLE, "The call took too long"),
            Code::Internal => (StatusCode::INTERNAL_SERVER_ERROR, "Something went wrong on our side"),
        }
    }
}

/// Kinds of resources that a path can name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Thing {
    /// A line.
    Line,
    /// A session.
    Session,
    /// The rating request of a close.
    RatingRequest,
    /// The rating of a rating request.
    Rating,
    /// A recipient of alerts.
    Recipient,
    /// A letter to an owner.
    Letter,
    /// An alert.
    Alert,
    /// A delivery.
    Delivery,
    /// A connection.
    Connection,
    /// A conversation of the web chat.
    Chat,
    /// A client.
    Client,
    /// A reply template.
    ReplyTemplate,
    /// An API key.
    Key,
    /// A person who signs in.
    Person,
}

impl Thing {
    /// Name of the kind, and the remedy if the resource is missing.
    fn words(self) -> (&'static str, &'static str) {
        match self {
            Thing::Line => ("line", "GET /v1/lines lists all lines."),
            Thing::Session => {
                ("session", "Send the ID that the desk gave it. A session is not known until its opening or close is reported.")
            }
            Thing::RatingRequest => ("rating request", "GET /v1/rating-requests lists all rating requests."),
            Thing::Rating => ("rating of the rating request", "It has not been answered; GET /v1/ratings lists all ratings."),
            Thing::Recipient => ("recipient", "GET /v1/recipients lists all recipients."),
            Thing::Letter => ("letter", "GET /v1/letters lists all letters."),
            Thing::Alert => ("alert", "GET /v1/alerts lists all alerts."),
            Thing::Delivery => ("delivery", "GET /v1/deliveries lists all deliveries."),
            Thing::Connection => ("connection", "GET /v1/connections lists all connections."),
            Thing::Chat => ("visitor", "GET /v1/chats lists all conversations."),
            Thing::Client => ("client", "GET /v1/clients?q=… finds clients; write the / in an ID as %2F."),
            Thing::Key => ("key", "GET /v1/keys lists all keys."),
            Thing::Person => ("person", "GET /v1/people lists all people."),
            Thing::ReplyTemplate => ("reply template", "GET /v1/reply-templates lists all reply templates."),
        }
    }
}

/// An error response.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Problem {
    /// Stable error code for programs.
    pub code: Code,
    /// The HTTP status, repeated for callers that store only the body.
    pub status: u16,
    /// Meaning of the code, for people; the same for every problem with this code.
    pub title: &'static str,
    /// What happened this time.
    pub detail: String,
    /// The field concerned, such as `[3].session.line`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String, required = false)]
    pub field: Option<String>,
    /// How to fix it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String, required = false)]
    pub remedy: Option<Box<str>>,
    /// The current state, if the caller's state is outdated.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Object, required = false)]
    pub present: Option<Box<serde_json::Value>>,
    /// ID of this call in the log.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String, required = false)]
    pub request_id: Option<Box<str>>,
    /// Seconds to wait, sent as `Retry-After`.
    #[serde(skip)]
    pub retry_after: Option<u32>,
}

impl Problem {
    /// Creates a problem; `detail` says what happened this time.
    pub fn new(code: Code, detail: impl Into<String>) -> Self {
        let (status, title) = code.meaning();
        Self {
            code,
            status: status.as_u16(),
            title,
            detail: detail.into(),
            field: None,
            remedy: None,
            present: None,
            request_id: None,
            retry_after: None,
        }
    }

    /// Prefixes the field with its container, such as `[3]`.
    #[must_use]
    pub fn within(mut self, outer: &str) -> Self {
        if !outer.is_empty() {
            self.field = Some(self.field.map_or_else(|| outer.to_owned(), |field| format!("{outer}.{field}")));
        }
        self
    }

    /// Sets the field concerned.
    #[must_use]
    pub fn field(mut self, field: impl Into<String>) -> Self {
        self.field = Some(field.into());
        self
    }

    /// Sets the remedy.
    #[must_use]
    pub fn remedy(mut self, remedy: impl Into<String>) -> Self {
        self.remedy = Some(remedy.into().into());
        self
    }

    /// Sets the current state.
    #[must_use]
    pub fn present(mut self, present: &impl Serialize) -> Self {
        self.present = serde_json::to_value(present).ok().map(Box::new);
        self
    }

    /// Sets the seconds to wait.
    #[must_use]
    pub fn retry_after(mut self, seconds: u32) -> Self {
        self.retry_after = Some(seconds);
        self
    }

    /// `field` has an invalid value; `detail` continues after the field's name.
    pub fn invalid_field(field: &str, detail: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self::new(Code::InvalidField, detail).field(field).remedy(remedy)
    }

    /// The line does not exist.
    pub fn unknown_line(field: &str, line: &str) -> Self {
        Self::new(Code::UnknownLine, format!("There is no line \"{}\".", line.chars().take(80).collect::<String>()))
            .field(field)
            .remedy("Create the line first, or use one that GET /v1/lines lists.")
    }

    /// The connection does not exist.
    pub fn unknown_connection(field: &str, connection: &str) -> Self {
        let short: String = connection.chars().take(80).collect();
        Self::new(Code::UnknownConnection, format!("There is no connection \"{short}\"."))
            .field(field)
            .remedy("Add [connections.NAME] to the settings, or use one that GET /v1/connections lists.")
    }

    /// A resource of kind `what` with this ID does not exist; the remedy says how to list the existing ones.
    pub fn missing(what: Thing, id: impl std::fmt::Display) -> Self {
        let (noun, remedy) = what.words();
        let short: String = id.to_string().chars().take(80).collect();
        Self::new(Code::NotFound, format!("There is no {noun} \"{short}\".")).remedy(remedy)
    }

    /// The resource does not exist; the same problem for missing and for hidden resources.
    pub fn not_found() -> Self {
        Self::new(Code::NotFound, "There is nothing at this address.")
    }

    /// No valid API key.
    pub fn unauthorized() -> Self {
        Self::new(Code::Unauthorized, "This call needs a valid API key or login.")
            .remedy("Send the header Authorization: Bearer lw_… with a key created by: lastword key create")
    }

    /// A key or a person without the required right.
    pub fn forbidden(needed: &str) -> Self {
        Self::new(Code::Forbidden, format!("This call needs {needed}."))
    }

    /// The key is limited to other lines.
    pub fn other_line(field: &str, line: &str) -> Self {
        let short: String = line.chars().take(80).collect();
        Self::new(Code::Forbidden, format!("This API key does not cover the line \"{short}\"."))
            .field(field)
            .remedy("Use one of the lines that GET /v1/lines lists for this key, or create a key for this one.")
    }

    /// A webhook request without a valid signature.
    pub fn not_signed(why: &str) -> Self {
        // Adapters mention the clock only if the secret was right.
        if why.contains("clock") {
            return Self::new(Code::NotSigned, format!("This call was refused: {why}."))
                .remedy("Synchronise the clocks of both machines with NTP; the secret is not the cause.");
        }
        Self::new(Code::NotSigned, "The signature or secret of this call is missing or wrong.")
            .remedy("Compare the secret in the platform's settings with the secret of this connection.")
    }

    /// The event key was used with another body.
    pub fn key_reused(field: &str) -> Self {
        Self::new(Code::KeyReused, "This event key was sent before with a different body; nothing was changed.")
            .field(field)
            .remedy("Send the same body again, or use a new event key for a new event.")
    }

    /// The server is busy.
    pub fn busy(detail: impl Into<String>, retry_after: u32) -> Self {
        Self::new(Code::Busy, detail).remedy("Send the same call again a little later.").retry_after(retry_after)
    }

    /// A rate limit was exceeded.
    pub fn rate_limited(detail: impl Into<String>, retry_after: u32) -> Self {
        Self::new(Code::RateLimited, detail)
            .remedy("Wait for the number of seconds in the header Retry-After, then send the same call again.")
            .retry_after(retry_after)
    }

    /// A server error. The cause is in the log, under the request ID.
    pub fn internal() -> Self {
        Self::new(Code::Internal, "The call could not be carried out; nothing was left half-done.")
            .remedy("Try again; if it persists, give the request ID to whoever runs this server.")
    }
}

/// Maps a database error to a problem. The original message goes only to the log.
impl From<&StoreError> for Problem {
    fn from(error: &StoreError) -> Self {
        if !error.is_read_only() && log::REFUSED.may_speak() {
            tracing::error!(%error, "database error while handling a request");
        }
        match error {
            StoreError::DiskFull => Problem::busy("The server has run out of disk space.", 30),
            StoreError::ReadOnly | StoreError::NoLeader(_) => Problem::busy("The database is read-only at the moment.", 5),
            StoreError::Conflict => Problem::busy("Other calls kept changing the same data at the same moment.", 1),
            StoreError::Disconnected(_) | StoreError::Unreachable(_) => Problem::busy("The database is away at the moment.", 5),
            StoreError::Driver(_) | StoreError::Disk(_) | StoreError::Damaged(_) => {
                Problem::busy("The database is not responding as it should.", 5)
            }
            StoreError::DamagedCopy(_)
            | StoreError::NotOurs(_)
            | StoreError::Inconsistent { .. }
            | StoreError::Newer { .. }
            | StoreError::Differs(_)
            | StoreError::Address(_) => Problem::internal(),
        }
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        Problem::from(&error)
    }
}

impl From<Arc<StoreError>> for Problem {
    fn from(error: Arc<StoreError>) -> Self {
        Problem::from(&*error)
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, Json(&self)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if let Some(seconds) = self.retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        // The middleware adds the request ID and writes the body again.
        response.extensions_mut().insert(Box::new(self));
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http_body_util::BodyExt;

    #[tokio::test]
    async fn a_problem_is_sent_as_rfc_9457() {
        let response = Problem::busy("The disk is almost full.", 30).into_response();
        assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(response.headers()[header::CONTENT_TYPE], "application/problem+json");
        assert_eq!(response.headers()[header::RETRY_AFTER], "30");
        let body: serde_json::Value = serde_json::from_slice(&response.into_body().collect().await.unwrap().to_bytes()).unwrap();
        assert_eq!(
            body,
            serde_json::json!({
                "code": "busy", "status": 503, "title": "Busy",
                "detail": "The disk is almost full.", "remedy": "Send the same call again a little later.",
            })
        );
    }
}
