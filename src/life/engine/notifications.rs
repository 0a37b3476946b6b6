//! Notifications for live pages and metrics. They may be lost; the record is in the database.

use lastword_base::names::{ChatId, ConnectionId, LineId, RequestId};
use lastword_domain::alert::AlertState;
use lastword_domain::outcome::Outcome;
use lastword_domain::question::delivery;
use lastword_store::Millis;

/// One event. Contains no personal data.
#[derive(Clone, Debug)]
pub enum Notification {
    /// A close was decided.
    Closed {
        /// The rating request.
        rating_request: RequestId,
        /// Its line.
        line: LineId,
        /// `ask`, or the reason for not asking.
        decision: &'static str,
    },
    /// An answer arrived.
    Answered {
        /// The rating request, if it is known.
        rating_request: Option<RequestId>,
        /// Result of the answer.
        disposition: &'static str,
    },
    /// A person worked on a rating.
    Reviewed {
        /// The rating request.
        rating_request: RequestId,
    },
    /// A rating request ended.
    Decided {
        /// The rating request.
        rating_request: RequestId,
        /// The outcome.
        outcome: Outcome,
        /// Reason.
        reason: String,
    },
    /// An alert was raised.
    Alerted {
        /// The rating request.
        rating_request: RequestId,
        /// State of the alert.
        state: AlertState,
    },
    /// An attempt to send ended.
    Tried {
        /// The connection.
        connection: ConnectionId,
        /// Kind of the message.
        kind: delivery::Kind,
        /// Result.
        verdict: &'static str,
        /// Delay in milliseconds.
        late: Millis,
    },
    /// A message was put into a web chat.
    Mail {
        /// The connection.
        connection: ConnectionId,
        /// The conversation.
        chat: ChatId,
    },
    /// A connection was stopped.
    Stopped {
        /// The connection.
        connection: ConnectionId,
    },
    /// A client sent a message that is not an answer.
    Wrote {
        /// The connection.
        connection: ConnectionId,
    },
}
