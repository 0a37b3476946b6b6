//! The settings of one connection.

use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

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
}

impl Config {
    /// Checks everything that can be known without the network.
    ///
    /// # Errors
    /// All that is wrong, one sentence a line.
    pub(crate) fn check(&self) -> Result<(), String> {
        let mut wrong = Vec::new();
        if self.secret.is_none() && self.key.is_none() && self.path.is_none() {
            wrong.push(
                "needs a proof of who calls: set secret (signed by Standard Webhooks), key (sent with each call) or path (an address that \
                 nobody else knows); make one with: openssl rand -hex 32"
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
        if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n")) }
    }
}
