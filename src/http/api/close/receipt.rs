//! Responses to closes: the decision about each, and what was missing for a question.

use super::super::request::fields::NoteOut;
use crate::problem::Problem;
use crate::timestamp::Timestamp;
use lastword_domain::outcome::NotAsked;
use lastword_life::session::close_batch::Closed;
use serde::Serialize;
use utoipa::ToSchema;

/// Result of a close.
#[derive(Debug, Serialize, ToSchema)]
pub struct CloseReceipt {
    /// Your ID of the event.
    pub event_key: String,
    /// Your ID of the session.
    pub session: String,
    /// `kept`: accepted. `already_closed`: the session was closed before and has no messages since, so that the named
    /// rating request stays its close. `stale`: a newer event of the session has overtaken it. The last two are only
    /// recorded in the session's history.
    pub result: &'static str,
    /// True if the event was already reported; this is the original response.
    pub repeated: bool,
    /// ID of the rating request of this close.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String, required = false)]
    pub rating_request: Option<String>,
    /// `ask`, `not_asked`, or `asked`: the client was asked while the session was open, and no more questions are sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String, required = false)]
    pub decision: Option<&'static str>,
    /// Time the question is sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Timestamp, required = false)]
    pub due_at: Option<Timestamp>,
    /// Reason why the client is not asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String, required = false)]
    pub reason: Option<String>,
    /// Corrections made so that the close could be accepted, such as a shortened name.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub notes: Vec<NoteOut>,
    /// The field to send, or the setting of the line to change, so that the client is asked next time. Present if something was missing.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String, required = false)]
    pub remedy: Option<&'static str>,
}

/// Result of one close of a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct CloseItem {
    /// 202, or the status that the close would have received on its own.
    pub status: u16,
    /// The receipt, if the close was accepted.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = CloseReceipt, required = false)]
    pub close: Option<CloseReceipt>,
    /// The error, if the close was refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Problem, required = false)]
    pub problem: Option<Problem>,
}

/// Results of a list of closes.
#[derive(Debug, Serialize, ToSchema)]
pub struct CloseReceipts {
    /// Number of closes that were accepted and committed.
    pub accepted: usize,
    /// Number of closes that were refused. Nothing of them is stored.
    pub refused: usize,
    /// One result per close, in the order of the request.
    pub items: Vec<CloseItem>,
}

/// Result of one close, or of a list.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CloseResponse)]
#[serde(untagged)]
pub enum ClosesAnswer {
    /// Result of one close.
    One(CloseReceipt),
    /// Results of a list.
    Many(CloseReceipts),
}

/// The receipt for a close on `line`, without notes; the error, if nothing of it is stored.
pub(super) fn of(closed: Closed, event_key: String, session: String, line: &str) -> Result<CloseReceipt, Problem> {
    let stale = |event_key, session| CloseReceipt {
        event_key,
        session,
        result: "stale",
        repeated: false,
        rating_request: None,
        decision: None,
        due_at: None,
        reason: None,
        notes: Vec::new(),
        remedy: None,
    };
    match closed {
        Closed::Kept { rating_request, decision, repeated } => Ok(CloseReceipt {
            result: "kept",
            repeated,
            rating_request: Some(rating_request.to_string()),
            decision: Some(if decision.is_ok() { "ask" } else { "not_asked" }),
            due_at: decision.as_ref().ok().map(|&at| Timestamp(at)),
            remedy: decision.as_ref().err().and_then(|reason| NotAsked::parse(reason)).and_then(remedy),
            reason: decision.err(),
            ..stale(event_key, session)
        }),
        Closed::AskedBefore { rating_request, repeated } => {
            let (rating_request, decision) = (Some(rating_request.to_string()), Some("asked"));
            Ok(CloseReceipt { result: "kept", repeated, rating_request, decision, ..stale(event_key, session) })
        }
        Closed::AlreadyClosed { rating_request, repeated } => {
            let rating_request = Some(rating_request.to_string());
            Ok(CloseReceipt { result: "already_closed", repeated, rating_request, ..stale(event_key, session) })
        }
        Closed::Stale => Ok(stale(event_key, session)),
        Closed::KeyReused => Err(Problem::key_reused("event_key")),
        Closed::UnknownLine => Err(Problem::unknown_line("line", line)),
    }
}

/// Remedy for a close that is not asked about because something was missing.
fn remedy(reason: NotAsked) -> Option<&'static str> {
    match reason {
        NotAsked::NoOperator => {
            Some("Name the operator in `operator`, or switch `skip.no_operator` off on the line to ask about closes without one.")
        }
        NotAsked::NoClient => Some("Send `connection` and `address`: where the conversation took place."),
        _ => None,
    }
}
