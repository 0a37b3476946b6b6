//! The settings of one connection.

use lastword_contract::phone::Country;
use lastword_contract::{Input, Setting};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use std::collections::BTreeMap;

/// The least bytes of a secret or key.
const SECRET_MIN_BYTES: usize = 24;
/// The longest reply.
const REPLY_MAX_BYTES: usize = 4_096;

/// The settings of one connection with `kind = "desk"`. At least one of `secret`, `key` and `path` is needed.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Checks signatures by Standard Webhooks: `whsec_` and base64, or raw text; at least 24 bytes.
    #[serde(default)]
    pub secret: Option<SecretString>,
    /// The secret before the last rotation: still taken until it is removed here.
    #[serde(default)]
    pub previous_secret: Option<SecretString>,
    /// A key that the desk sends with each call, as `Authorization: Bearer …`, as the password of `Authorization: Basic …`, or
    /// as `X-Api-Key`.
    #[serde(default)]
    pub key: Option<SecretString>,
    /// For desks that can send neither: the last part of the address, `/hooks/NAME/PATH`. Whoever sees the address can call it.
    #[serde(default)]
    pub path: Option<SecretString>,
    /// The body of the 200 that answers a call. Empty unless the desk wants one: some show it to the visitor.
    #[serde(default)]
    pub reply: String,
    /// Where the desk's own API is, for `write_back` and `reconcile`: `https://desk.example.com`.
    #[serde(default)]
    pub url: String,
    /// What our calls of that API carry in the header `token_header`, as a whole: `Bearer …`, `token …`.
    #[serde(default)]
    pub token: Option<SecretString>,
    /// The header that holds `token`.
    #[serde(default = "authorization")]
    pub token_header: String,
    /// The calls that show a rating at its chat, one after the other. None: operators see ratings only here.
    #[serde(default)]
    pub write_back: Vec<WriteBackCall>,
    /// The calls that find what the desk did not tell. None: what is lost is lost.
    #[serde(default)]
    pub reconcile: Vec<ReconcileCall>,
    /// The desk tells when a chat is opened again, or who writes in it. Where it tells neither, a close an hour or more after the last
    /// one of its chat is a close of its own.
    #[serde(default)]
    pub reports_reopening: bool,
    /// The country of telephone numbers that name none: the connection's `default_country`, a key that all desks have. Without it, such
    /// a number is left out: it would be somebody else's elsewhere.
    #[serde(skip)]
    pub default_country: Option<Country>,
    /// How long one call may take as a whole, in seconds (1 to 60).
    #[serde(default = "ten")]
    pub timeout_secs: u32,
    /// How many ratings a second are written back.
    #[serde(default = "five")]
    pub per_second: u32,
}

/// A call that shows a rating, with blanks such as `{session}`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WriteBackCall {
    /// `POST /path`, `PUT /path` or `PATCH /path`, below `url`.
    pub call: String,
    /// The JSON that is sent, with blanks in its texts. Nothing where `form` is sent.
    #[serde(default)]
    pub body: String,
    /// The fields of a form that is sent, with blanks, for desks that take no JSON. Nothing where `body` is sent.
    #[serde(default)]
    pub form: BTreeMap<String, String>,
    /// The path of a look that comes first: where it finds the rating, the call is left out.
    #[serde(default)]
    pub unless: Option<String>,
    /// Where in the answer to that look the list stands; nothing where the answer is the list.
    #[serde(default)]
    pub found: String,
}

/// A call that finds what happened since a moment.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReconcileCall {
    /// The path of a list, oldest first, with the blanks `{since}` and, where there is more than one page, `{page}`.
    pub call: String,
    /// How `{since}` is written: `rfc3339`, `seconds`, `milliseconds`, or a form such as `%Y-%m-%d %H:%M:%S`, in UTC.
    #[serde(default = "rfc3339")]
    pub since: String,
    /// Where in the answer the list stands; nothing where the answer is the list.
    #[serde(default)]
    pub items: String,
    /// An entry of that list as an event of `close.v1`: JSON with the entry's fields as blanks.
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

/// Whose limits nobody knows is called with care.
fn five() -> u32 {
    5
}

impl Config {
    /// What is wrong with the proofs and the reply, one sentence each.
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

/// What a person fills in to set up a connection.
pub const SETTINGS: &[Setting] = &[
    Setting::optional("key", Input::OwnSecret, ""),
    Setting::optional("secret", Input::OwnSecret, "").advanced(),
    Setting::optional("path", Input::OwnSecret, "").advanced(),
    Setting::optional("url", Input::Address, "https://desk.example.com").advanced(),
    Setting::optional("token", Input::Secret, "").advanced(),
];
