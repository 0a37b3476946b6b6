//! A past close, from an imported file of another program.

use crate::Millis;
use crate::answer::rating::Scale;
use crate::answer::reason::Reason;
use crate::line::LineSettings;
use crate::session::label::Fields;
use crate::session::{ClosedBy, Operator};
use lastword_base::names::{ChatId, ClientId, LineId, Place, SessionId};
use std::sync::Arc;

/// The event of an imported rating. It was not given to a question of ours, and nobody could reply to it here.
pub const IMPORTED: &str = "imported";

/// A line of imported closes.
#[derive(Clone, Debug, PartialEq)]
pub struct KnownLine {
    /// Its ID.
    pub id: LineId,
    /// Current version of its settings.
    pub version: i64,
    /// Its settings: its scale, its rule for low scores, the codes of reasons, and its rules for tags.
    pub settings: LineSettings,
}

/// A past close.
#[derive(Clone, Debug, PartialEq)]
pub struct PastClose {
    /// Hash of the row's content: equal rows have the same key, wherever they occur.
    pub key: [u8; 32],
    /// The desk's ID of the session; one derived from the row if it has none.
    pub session_id: SessionId,
    /// The line.
    pub line: Arc<KnownLine>,
    /// Time of the close.
    pub closed_at: Millis,
    /// Time of the opening.
    pub opened_at: Option<Millis>,
    /// Kind of the closer.
    pub closed_by: ClosedBy,
    /// The operator.
    pub operator: Option<Operator>,
    /// The desk's ID of the client.
    pub client: Option<ClientId>,
    /// Mail address or telephone number of a client without an ID at the desk.
    pub contact: Option<String>,
    /// Name of the client at `place` on the connection, and the identity that all forms of the address share.
    pub person: Option<(ClientId, ChatId)>,
    /// The kind of channel.
    pub channel: Option<String>,
    /// The connection and the conversation there.
    pub place: Option<Place>,
    /// The client's language.
    pub language: Option<String>,
    /// Time of the client's last message, if the row has it.
    pub client_wrote_at: Option<Millis>,
    /// Time of the last message, if the row has it.
    pub last_message_at: Option<Millis>,
    /// True if the client was asked, if the row states it.
    pub asked: Option<bool>,
    /// The scale of the question.
    pub scale: Scale,
    /// The client's rating.
    pub rating: Option<PastRating>,
    /// The known labels of the session.
    pub labels: Vec<String>,
    /// The known fields of the session.
    pub fields: Fields,
    /// The supervisor's own score and comment.
    pub supervisor: Option<(u8, Option<String>)>,
}

/// An imported rating.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PastRating {
    /// The score.
    pub score: u8,
    /// True if it is low by the line's current rule.
    pub low: bool,
    /// The comment.
    pub comment: Option<String>,
    /// The chosen reasons.
    pub reasons: Vec<Reason>,
    /// Answer to "Was your issue resolved?".
    pub resolved: Option<bool>,
    /// Time of the rating.
    pub at: Millis,
}
