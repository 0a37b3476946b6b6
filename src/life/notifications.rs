//! What happened, for those who watch: live pages and metrics. Lossy on purpose: the record is in the database.

use lastword_domain::alert::AlertState;
use lastword_domain::question::delivery;
use lastword_domain::question::outcome::Outcome;
use lastword_store::Millis;

/// One thing that happened. Carries no personal data.
#[derive(Clone, Debug)]
pub enum Notification {
    /// A close was decided.
    Closed {
        /// The rating request.
        rating_request: String,
        /// Its line.
        line: String,
        /// `ask`, or the reason why not.
        decision: &'static str,
    },
    /// An answer arrived.
    Answered {
        /// The rating request, if it is known.
        rating_request: Option<String>,
        /// What became of the answer.
        disposition: &'static str,
    },
    /// Somebody did something about a rating.
    Reviewed {
        /// The rating request.
        rating_request: String,
    },
    /// A rating request ended.
    Decided {
        /// The rating request.
        rating_request: String,
        /// The outcome.
        outcome: Outcome,
        /// Why.
        reason: String,
    },
    /// An alert was raised.
    Alerted {
        /// The rating request.
        rating_request: String,
        /// Where it stands.
        state: AlertState,
    },
    /// A try to send ended.
    Tried {
        /// The connection.
        connection: String,
        /// What the message carried.
        kind: delivery::Kind,
        /// How it ended.
        verdict: &'static str,
        /// How late it left, in milliseconds.
        late: Millis,
    },
    /// A message was put into a web chat.
    Mail {
        /// The connection.
        connection: String,
        /// The conversation.
        chat: String,
    },
    /// A connection was stopped.
    Stopped {
        /// The connection.
        connection: String,
    },
    /// A client wrote something that is not an answer.
    Wrote {
        /// The connection.
        connection: String,
    },
}
