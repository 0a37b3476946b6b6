//! A close of the past, as a file of another program reports it.

use super::label::Fields;
use super::{ClosedBy, Operator};
use crate::Millis;
use crate::answer::rating::Scale;
use crate::answer::reason::Reason;
use crate::line::LineSettings;
use std::sync::Arc;

/// A line that closes can belong to.
#[derive(Clone, Debug, PartialEq)]
pub struct KnownLine {
    /// Its id.
    pub id: String,
    /// The present version of its settings.
    pub version: i64,
    /// Its scale.
    pub scale: Scale,
    /// Its own rule for low scores.
    pub low_max: Option<u8>,
    /// Its settings: they know reasons by their words, and tag comments.
    pub settings: LineSettings,
}

impl KnownLine {
    /// Whether a score is low by the present rule of the line.
    pub fn is_low(&self, scale: Scale, score: u8) -> bool {
        let own = self.low_max.filter(|_| scale == self.scale);
        score <= own.unwrap_or(scale.low_max_default())
    }
}

/// A close of the past.
#[derive(Clone, Debug, PartialEq)]
pub struct PastClose {
    /// Made from what the row says: the same row has the same key, wherever it stands.
    pub key: [u8; 32],
    /// The desk's id of the session; one made from the row where it names none.
    pub session_id: String,
    /// The line.
    pub line: Arc<KnownLine>,
    /// When it was closed.
    pub closed_at: Millis,
    /// When it began.
    pub opened_at: Option<Millis>,
    /// Who closed it.
    pub closed_by: ClosedBy,
    /// The operator.
    pub operator: Option<Operator>,
    /// The desk's id of the client.
    pub client: Option<String>,
    /// Mail address or telephone number of a client without an id at the desk.
    pub contact: Option<String>,
    /// Name of the client at `place` on the connection, and the identity that all forms of the address share.
    pub person: Option<(String, String)>,
    /// The kind of channel.
    pub channel: Option<String>,
    /// The connection and the conversation there.
    pub place: Option<(String, String)>,
    /// The client's language.
    pub language: Option<String>,
    /// When the client wrote last, as far as the row says.
    pub client_wrote_at: Option<Millis>,
    /// When anybody wrote last, as far as the row says.
    pub last_message_at: Option<Millis>,
    /// Whether the client was asked, as far as the row says.
    pub asked: Option<bool>,
    /// The scale of the question.
    pub scale: Scale,
    /// What the client said.
    pub rating: Option<PastRating>,
    /// The labels of the session, of those that are named.
    pub labels: Vec<String>,
    /// Values of its fields, of those that are named.
    pub fields: Fields,
    /// The supervisor's own score, and what they said about it.
    pub supervisor: Option<(u8, Option<String>)>,
}

/// What the client said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PastRating {
    /// The score.
    pub score: u8,
    /// Whether it is low, by the present rule of the line.
    pub low: bool,
    /// What they wrote.
    pub comment: Option<String>,
    /// The reasons they chose.
    pub reasons: Vec<Reason>,
    /// Whether the issue was resolved.
    pub resolved: Option<bool>,
    /// When they rated.
    pub at: Millis,
}
