//! Calls of the REST API, and what Bitrix24 alone says by its refusals. Its own words are not passed on: they may hold what people
//! wrote.

use crate::tokens::{Grant, Tokens};
use lastword_contract::http::{self, Client, Refusal, Url, wait};
use lastword_contract::{Millis, SendError, Verdict};
use serde_json::Value;
use std::time::Duration;

/// Two calls a second drip out of the bucket.
const BUCKET_PAUSE: Millis = 1_000;
/// How long to wait where the limit of running time does not say: a tenth of its ten minutes.
const RUNNING_TIME_PAUSE: Millis = 60_000;

/// The access token was spent: nothing was done.
const SPENT: &str = "token_spent";
/// The access token is none of ours.
pub(crate) const REFUSED: &str = "token_refused";
/// There is no such thing, or it is not ours to see or to change.
pub(crate) const NO_ACCESS: &str = "no_access";
/// This portal does not have the method: its plan, or its release.
pub(crate) const NOT_OFFERED: &str = "not_offered";
/// The application lacks a permission.
pub(crate) const MISSING_SCOPE: &str = "missing_scope";
/// The handler is bound already.
pub(crate) const BOUND_ALREADY: &str = "bound_already";
/// There is no such member of staff.
pub(crate) const NO_USER: &str = "no_such_user";

/// The API.
pub(crate) struct Api {
    http: http::Api,
    origin: String,
    /// The tokens to call with.
    pub(crate) tokens: Tokens,
}

impl Api {
    pub(crate) fn new(http: Client, base: Url, timeout: Duration, tokens: Tokens) -> Self {
        let origin = base.origin().ascii_serialization();
        Self { origin, http: http::Api::new("Bitrix24", http, base, Vec::new(), timeout).reading_refusals(refusal), tokens }
    }

    /// The origin of the portal's pages.
    pub(crate) fn origin(&self) -> String {
        self.origin.clone()
    }

    /// The portal's host, for people.
    pub(crate) fn host(&self) -> String {
        self.http.host()
    }

    /// Calls a method that changes nothing, and gives its result.
    pub(crate) async fn read(&self, method: &str, parameters: Value) -> Result<Value, SendError> {
        self.call(method, parameters, true).await
    }

    /// Calls a method that changes something.
    pub(crate) async fn write(&self, method: &str, parameters: Value) -> Result<Value, SendError> {
        self.call(method, parameters, false).await
    }

    /// Calls with the tokens in use; once more where they were spent, since then nothing was done.
    async fn call(&self, method: &str, parameters: Value, reads: bool) -> Result<Value, SendError> {
        let grant = self.tokens.current().await?;
        let other = match self.call_with(&grant, method, &parameters, reads).await {
            Err(error) if error.kind == SPENT => self.tokens.after(&grant).await?,
            Err(error) if error.kind == REFUSED => self.tokens.other_than(&grant).await?.ok_or(error)?,
            done => return done,
        };
        self.call_with(&other, method, &parameters, reads).await
    }

    /// Calls with these tokens, once.
    pub(crate) async fn call_with(&self, grant: &Grant, method: &str, parameters: &Value, reads: bool) -> Result<Value, SendError> {
        let mut body = parameters.clone();
        body["auth"] = Value::String(grant.access.clone());
        let answer = if reads { self.http.search(method, &body).await } else { self.http.post(method, &body).await };
        let mut answer = answer?;
        // Whoever answers without a result is no Bitrix24.
        let unclear = if reads { Verdict::RetryBackoff } else { Verdict::CannotKnow };
        let garbled = || SendError::new(unclear, "garbled", "the answer holds no result");
        answer.get_mut("result").map(Value::take).ok_or_else(garbled)
    }
}

/// What a refusal says; nothing where it has no code of Bitrix24's.
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
            let detail = "whoever installed the application may not use it any more: install it again";
            (Verdict::ConnectionBroken, "missing_right", detail)
        }
        "INTERNAL_SERVER_ERROR" | "ERROR_UNEXPECTED_ANSWER" => (Verdict::RetryBackoff, "server_error", "Bitrix24 failed"),
        "ACCESS_DENIED" | "ACCESS_ERROR" | "CHAT_ID" | "CHAT_TYPE" | "EMPTY_SESSION_ID" | "CONFIG_WRONG_USER_PERMISSION" => {
            let detail = "it is not there, or whoever installed the application has no access to it: an administrator has to install it";
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

/// How long until the running time counts anew, by Bitrix24's own clock.
fn reset_in(body: &Value) -> Millis {
    let time = &body["time"];
    let (at, now) = (time["operating_reset_at"].as_f64(), time["finish"].as_f64().or_else(|| time["start"].as_f64()));
    let Some((at, now)) = at.zip(now).filter(|(at, now)| at > now && at - now < 86_400.0) else { return RUNNING_TIME_PAUSE };
    #[expect(clippy::cast_possible_truncation, reason = "at most a day in milliseconds")]
    let pause = ((at - now) * 1_000.0).ceil() as Millis;
    pause
}
