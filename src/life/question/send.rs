//! A message is sent: the call of the channel, once, with a hard end, and what its result means to the queue.

use crate::connection::in_time::in_time;
use crate::engine::Engine;
use lastword_contract::{Address, Outgoing, SendError, Verdict};
use lastword_domain::question::delivery::Failure;
use lastword_store::Millis;
use std::time::Duration;

/// How one try ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tried {
    /// The platform took it.
    Sent {
        /// The platform's id of the message.
        message_id: Option<String>,
        /// The address to use from now on.
        moved_to: Option<Address>,
    },
    /// It did not go out, or nobody can say.
    Failed {
        /// What it means.
        failure: Failure,
        /// What happened, as a stable word.
        kind: &'static str,
        /// The platform's own words.
        detail: String,
    },
}

/// Calls the channel behind `connection` once. After `timeout` without an answer it may have arrived.
pub async fn send(engine: &Engine, connection: &str, outgoing: &Outgoing, timeout: Millis) -> Tried {
    let Some(channel) = engine.channels.get(connection) else {
        return failed(&SendError::new(Verdict::ConnectionBroken, "no_connection", "this connection is not in the settings"));
    };
    let limit = Duration::from_millis(u64::try_from(timeout).unwrap_or(0));
    match in_time(limit, Verdict::CannotKnow, channel.send(outgoing)).await {
        Ok(receipt) => Tried::Sent { message_id: receipt.message_id, moved_to: receipt.moved_to },
        Err(error) => failed(&error),
    }
}

/// A try that ended with `error`.
pub(crate) fn failed(error: &SendError) -> Tried {
    Tried::Failed { failure: failure(error), kind: error.kind, detail: error.to_string() }
}

/// A channel's verdict in the queue's words. Beside a shut window, the kind says whether it was the form for the time outside
/// the window that was missing.
pub fn failure(error: &SendError) -> Failure {
    match error.verdict {
        Verdict::RetryAfter(pause) => Failure::RetryAfter(pause),
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
