//! REST API calls, and the meaning of Bitrix24's error codes. Bitrix24's error descriptions are not passed on: they may
//! contain what people wrote.

use crate::tokens::{Grant, Tokens};
use lastword_contract::http::{self, Client, Refusal, Url, wait};
use lastword_contract::{Millis, SendError, Verdict};
use serde_json::Value;
use std::time::Duration;

/// The request bucket drains at two calls per second.
const BUCKET_PAUSE: Millis = 1_000;
/// Pause if a refusal does not say when the running time limit resets: a tenth of its ten minutes.
const RUNNING_TIME_PAUSE: Millis = 60_000;

/// The access token has expired; nothing was done.
const SPENT: &str = "token_spent";
/// The access token is not one of ours.
pub(crate) const REFUSED: &str = "token_refused";
/// The object does not exist, or we may not read or change it.
pub(crate) const NO_ACCESS: &str = "no_access";
/// The portal lacks the method, because of its plan or release.
pub(crate) const NOT_OFFERED: &str = "not_offered";
/// The application lacks a permission.
pub(crate) const MISSING_SCOPE: &str = "missing_scope";
/// The handler is already bound.
pub(crate) const BOUND_ALREADY: &str = "bound_already";
/// The employee does not exist.
pub(crate) const NO_USER: &str = "no_such_user";

/// REST API client of one portal.
pub(crate) struct Api {
    http: http::Api,
    origin: String,
    /// Tokens of the installation.
    pub(crate) tokens: Tokens,
}

impl Api {
    pub(crate) fn new(http: Client, base: Url, timeout: Duration, tokens: Tokens) -> Self {
        let origin = base.origin().ascii_serialization();
        Self { origin, http: http::Api::new("Bitrix24", http, base, Vec::new(), timeout).reading_refusals(refusal), tokens }
    }

    /// Origin of the portal's pages.
    pub(crate) fn origin(&self) -> String {
        self.origin.clone()
    }

    /// The portal's host, for messages to people.
    pub(crate) fn host(&self) -> String {
        self.http.host()
    }

    /// Calls a method that changes nothing, and returns its result.
    pub(crate) async fn read(&self, method: &str, parameters: Value) -> Result<Value, SendError> {
        self.call(method, parameters, true).await
    }

    /// Calls a method that changes something.
    pub(crate) async fn write(&self, method: &str, parameters: Value) -> Result<Value, SendError> {
        self.call(method, parameters, false).await
    }

    /// Calls with the current tokens. If they have expired, nothing was done, and the call is repeated once with new ones.
    async fn call(&self, method: &str, parameters: Value, reads: bool) -> Result<Value, SendError> {
        let grant = self.tokens.current().await?;
        let other = match self.call_with(&grant, method, &parameters, reads).await {
            Err(error) if error.kind == SPENT => self.tokens.after(&grant).await?,
            Err(error) if error.kind == REFUSED => self.tokens.other_than(&grant).await?.ok_or(error)?,
            done => return done,
        };
        self.call_with(&other, method, &parameters, reads).await
    }

    /// Calls once with the given tokens.
    pub(crate) async fn call_with(&self, grant: &Grant, method: &str, parameters: &Value, reads: bool) -> Result<Value, SendError> {
        let mut body = parameters.clone();
        body["auth"] = Value::String(grant.access.clone());
        let answer = if reads { self.http.search(method, &body).await } else { self.http.post(method, &body).await };
        let mut answer = answer?;
        // A response without a result does not come from Bitrix24.
        let unclear = if reads { Verdict::RetryBackoff } else { Verdict::CannotKnow };
        let garbled = || SendError::new(unclear, "garbled", "the answer holds no result");
        answer.get_mut("result").map(Value::take).ok_or_else(garbled)
    }
}

/// Maps a refusal to an error; `None` if it has no error code of Bitrix24.
fn refusal(refusal: &Refusal<'_>) -> Option<SendError> {
    let letters = |letter: &char| letter.is_ascii_alphanumeric() || *letter == '_';
    let code: String = refusal.body["error"].as_str()?.chars().filter(letters).take(60).collect();
    let (verdict, kind, detail) = match code.as_str() {
        "QUERY_LIMIT_EXCEEDED" => (Verdict::RetryAfter(BUCKET_PAUSE), "throttled", "too many calls a second"),
        "OPERATION_TIME_LIMIT" => (wait(reset_in(refusal.body)), "throttled", "the method ran for too long in the last ten minutes"),
        "expired_token" => (Verdict::RetryBackoff, SPENT, "the token is spent"),
        "invalid_token" | "NO_AUTH_FOUND" | "wrong_client" => {
            (Verdict::ConnectionBroken, REFUSED, "Bitrix24 does not take the token: install the application again")
        }
        "insufficient_scope" => {
            let detail = "the application lacks a permission: tick imopenlines and im on its page, and install it again";
            (Verdict::ConnectionBroken, MISSING_SCOPE, detail)
        }
        "PAYMENT_REQUIRED" => (Verdict::ConnectionBroken, "payment_required", "the portal's plan allows no applications any more"),
        "INVALID_CREDENTIALS" | "user_access_error" | "ERROR_USER_ACCESS" => {
            let detail = "the user who installed the application may no longer use it: install it again";
            (Verdict::ConnectionBroken, "missing_right", detail)
        }
        "INTERNAL_SERVER_ERROR" | "ERROR_UNEXPECTED_ANSWER" => (Verdict::RetryBackoff, "server_error", "Bitrix24 failed"),
        "ACCESS_DENIED" | "ACCESS_ERROR" | "CHAT_ID" | "CHAT_TYPE" | "EMPTY_SESSION_ID" | "CONFIG_WRONG_USER_PERMISSION" => {
            let detail = "it does not exist, or the installing user has no access to it: an administrator has to install the application";
            (Verdict::Refused, NO_ACCESS, detail)
        }
        "TARIFF_RESTRICTION" | "ERROR_METHOD_NOT_FOUND" => {
            (Verdict::Refused, NOT_OFFERED, "the portal's plan or release does not have this")
        }
        "ERROR_EVENT_BINDING_EXISTS" => (Verdict::Refused, BOUND_ALREADY, "the handler is bound already"),
        "USER_ID_EMPTY" | "USER_NOT_FOUND" => (Verdict::RecipientGone, NO_USER, "there is no such user, or they left"),
        "" => return None,
        _ if refusal.status.is_server_error() => return None,
        other => {
            let detail = format!("Bitrix24 answered {}: {other}", refusal.status.as_u16());
            return Some(SendError::new(Verdict::Refused, "refused", detail));
        }
    };
    Some(SendError::new(verdict, kind, detail))
}

/// Milliseconds until the running time limit resets, by Bitrix24's clock.
fn reset_in(body: &Value) -> Millis {
    let time = &body["time"];
    let (at, now) = (time["operating_reset_at"].as_f64(), time["finish"].as_f64().or_else(|| time["start"].as_f64()));
    let Some((at, now)) = at.zip(now).filter(|(at, now)| at > now && at - now < 86_400.0) else { return RUNNING_TIME_PAUSE };
    #[expect(clippy::cast_possible_truncation, reason = "at most a day in milliseconds")]
    let pause = ((at - now) * 1_000.0).ceil() as Millis;
    pause
}
