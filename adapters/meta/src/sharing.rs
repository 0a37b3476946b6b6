//! Who receives the account's webhooks first.

use serde::Deserialize;

/// How the account's webhook is shared with a help desk.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sharing {
    /// Meta posts to us.
    #[default]
    Own,
    /// Meta posts to a desk, which forwards the bytes unchanged to us, with Meta's signature.
    Forwarded,
    /// No webhooks reach us: questions have links.
    Links,
}
