//! Settings of one connection.

use lastword_contract::phone::Country;
use lastword_contract::{Input, Setting};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use std::collections::BTreeMap;

/// Minimum bytes of a secret or key.
const SECRET_MIN_BYTES: usize = 24;
/// Maximum bytes of a reply.
const REPLY_MAX_BYTES: usize = 4_096;

/// Settings of one connection with `kind = "desk"`. At least one of `secret`, `key` and `path` is required.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Secret for signatures of Standard Webhooks: `whsec_` and base64, or raw text; at least 24 bytes.
    #[serde(default)]
    pub secret: Option<SecretString>,
    /// The secret before the last rotation, accepted until it is removed here.
    #[serde(default)]
    pub previous_secret: Option<SecretString>,
    /// Key that the desk sends with each call, as `Authorization: Bearer …`, as the password of `Authorization: Basic …`,
    /// or as `X-Api-Key`.
    #[serde(default)]
    pub key: Option<SecretString>,
    /// For desks that support neither: the last part of the address, `/hooks/NAME/PATH`. Anyone who knows the address can call it.
    #[serde(default)]
    pub path: Option<SecretString>,
    /// Body of the 200 response to a call. Leave empty unless the desk needs one: some show it to the visitor.
    #[serde(default)]
    pub reply: String,
    /// Address of the desk's own API, for `write_back` and `reconcile`: `https://desk.example.com`.
    #[serde(default)]
    pub url: String,
    /// Complete value of the header `token_header` in our calls of that API: `Bearer …`, `token …`.
    #[serde(default)]
    pub token: Option<SecretString>,
    /// Header that contains `token`.
    #[serde(default = "authorization")]
    pub token_header: String,
    /// Calls that write a rating to its chat, in order. If empty, operators see ratings only in Lastword.
    #[serde(default)]
    pub write_back: Vec<WriteBackCall>,
    /// Calls that find events that the desk did not report. If empty, missed events stay missed.
    #[serde(default)]
    pub reconcile: Vec<ReconcileCall>,
    /// True if the desk reports reopened chats or messages. If it reports neither, a close an hour or more after the chat's
    /// last close counts as a new close.
    #[serde(default)]
    pub reports_reopening: bool,
    /// Country of phone numbers without a country code: the connection's `default_country`, a key of all desks. Without it
    /// such numbers are ignored, because elsewhere they would belong to someone else.
    #[serde(skip)]
    pub default_country: Option<Country>,
    /// Timeout of one call, in seconds (1 to 60).
    #[serde(default = "ten")]
    pub timeout_secs: u32,
    /// Maximum ratings written per second.
    #[serde(default = "five")]
    pub per_second: u32,
}

/// A call that writes a rating, with placeholders such as `{session}`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WriteBackCall {
    /// `POST /path`, `PUT /path` or `PATCH /path`, below `url`.
    pub call: String,
    /// JSON to send, with placeholders in its texts. Empty if `form` is sent.
    #[serde(default)]
    pub body: String,
    /// Form fields to send, with placeholders, for desks that do not accept JSON. Empty if `body` is sent.
    #[serde(default)]
    pub form: BTreeMap<String, String>,
    /// Path of a check that is made first; if it finds the rating, the call is skipped.
    #[serde(default)]
    pub unless: Option<String>,
    /// Path of the list in the response to that check; empty if the response is the list.
    #[serde(default)]
    pub found: String,
}

/// A call that finds events since a time.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReconcileCall {
    /// Path of a list, oldest first, with the placeholders `{since}` and, if there are several pages, `{page}`.
    pub call: String,
    /// Format of `{since}`: `rfc3339`, `seconds`, `milliseconds`, or a pattern such as `%Y-%m-%d %H:%M:%S`, in UTC.
    #[serde(default = "rfc3339")]
    pub since: String,
    /// Path of the list in the response; empty if the response is the list.
    #[serde(default)]
    pub items: String,
    /// Turns an entry of the list into an event of `close.v1`: JSON with the entry's fields as placeholders.
    pub event: String,
}

fn authorization() -> String {
    "Authorization".to_owned()
}

fn rfc3339() -> String {
    "rfc3339".to_owned()
}

fn ten() -> u32 {
    10
}

/// A cautious default, because the desk's limits are unknown.
fn five() -> u32 {
    5
}

impl Config {
    /// Problems with the proofs and the reply, one sentence each.
    pub(crate) fn problems(&self) -> Vec<String> {
        let mut wrong = Vec::new();
        if self.secret.is_none() && self.key.is_none() && self.path.is_none() {
            wrong.push(
                "who calls has to be proved: `secret` is needed (signed by Standard Webhooks), or key (sent with each call), or path (an \
                 address that nobody else knows); make one with: openssl rand -hex 32"
                    .to_owned(),
            );
        }
        for (name, value) in [("key", &self.key), ("path", &self.path)] {
            let Some(value) = value.as_ref().map(ExposeSecret::expose_secret) else { continue };
            if value.len() < SECRET_MIN_BYTES {
                wrong.push(format!("{name} has to be at least {SECRET_MIN_BYTES} bytes; make one with: openssl rand -hex 32"));
            }
            if name == "path" && !value.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.')) {
                wrong.push("path has to be letters, digits, -, _ and . alone: it is a part of an address".to_owned());
            }
        }
        if self.previous_secret.is_some() && self.secret.is_none() {
            wrong.push("previous_secret is for a secret that was rotated; set secret".to_owned());
        }
        if self.reply.len() > REPLY_MAX_BYTES {
            wrong.push(format!("reply is longer than {REPLY_MAX_BYTES} bytes"));
        }
        wrong
    }
}

/// Fields of the form that sets up a connection.
pub const SETTINGS: &[Setting] = &[
    Setting::optional("key", Input::OwnSecret, ""),
    Setting::optional("secret", Input::OwnSecret, "").advanced(),
    Setting::optional("path", Input::OwnSecret, "").advanced(),
    Setting::optional("url", Input::Address, "https://desk.example.com").advanced(),
    Setting::optional("token", Input::Secret, "").advanced(),
];
