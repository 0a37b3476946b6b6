//! Sends a message: one call of the channel, with a hard timeout, and the meaning of its result for the queue.

use crate::engine::Engine;
use crate::engine::in_time::in_time;
use lastword_base::names::ConnectionId;
use lastword_base::time::SECOND;
use lastword_contract::{Address, Outgoing, SendError, Verdict};
use lastword_domain::question::delivery::Failure;
use lastword_store::Millis;
use std::time::Duration;

/// Result of one try.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tried {
    /// The platform accepted it.
    Sent {
        /// The platform's ID of the message.
        message_id: Option<String>,
        /// The address to use from now on.
        moved_to: Option<Address>,
    },
    /// It was not sent, or that is unknown.
    Failed {
        /// The meaning.
        failure: Failure,
        /// Stable code of the failure.
        kind: &'static str,
        /// The platform's own message.
        detail: String,
    },
}

/// Calls the channel behind `connection` once. Without a response within `timeout`, it may have arrived.
#[lastword_base::boxed]
pub async fn send(engine: &Engine, connection: &ConnectionId, outgoing: &Outgoing, timeout: Millis) -> Tried {
    let Some(channel) = engine.channels.get(connection) else {
        return failed(&SendError::new(Verdict::ConnectionBroken, "no_connection", "this connection is not in the settings"));
    };
    let limit = Duration::from_millis(u64::try_from(timeout).unwrap_or(0));
    match in_time(limit, Verdict::CannotKnow, channel.send(outgoing)).await {
        Ok(receipt) => Tried::Sent { message_id: receipt.message_id, moved_to: receipt.moved_to },
        Err(error) => match failed(&error) {
            Tried::Failed { failure: Failure::RetryAfter(pause), kind, detail } if channel.capabilities().chats_apart => {
                Tried::Failed { failure: Failure::ChatRetryAfter(pause), kind, detail }
            }
            tried => tried,
        },
    }
}

/// A try that ended with `error`.
pub(crate) fn failed(error: &SendError) -> Tried {
    Tried::Failed { failure: failure(error), kind: error.kind, detail: error.to_string() }
}

/// Translates a channel's error for the queue. For a closed window, the kind distinguishes a missing template for sending outside
/// it.
pub fn failure(error: &SendError) -> Failure {
    match error.verdict {
        // A platform that asks for no pause while it refuses would be called without end.
        Verdict::RetryAfter(pause) => Failure::RetryAfter(pause.max(SECOND)),
        Verdict::RetryBackoff => Failure::RetryBackoff,
        Verdict::WindowShut => match error.kind {
            "no_form" => Failure::NoForm,
            "no_template" | "template_missing" => Failure::TemplateMissing,
            kind if kind.starts_with("template_") => Failure::TemplateRefused,
            _ => Failure::WindowShut,
        },
        Verdict::RecipientGone => Failure::RecipientGone,
        Verdict::ConnectionBroken => Failure::ConnectionBroken,
        Verdict::Refused => Failure::Refused,
        Verdict::CannotKnow => Failure::CannotKnow,
    }
}
