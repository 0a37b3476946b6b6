//! The delivery of a reply to a client.

use serde::{Deserialize, Serialize};

/// Content of a reply's delivery. Its text is read when it is sent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Replying {
    /// Version of the reply.
    pub version: i64,
    /// The platform's ID of the earlier text that this one replaces.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaces: Option<String>,
}
