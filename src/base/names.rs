//! IDs and names as types. What Lastword names itself is an [`Id`]: 100 bits, copied freely. What others name – lines, connections,
//! operators, clients, their sessions and events – is a [`Name`]: text, shared and never changed. Each has a type of its own for
//! each kind of thing, so that the compiler refuses a line where a connection belongs.
//!
//! Text becomes an ID or a name where it enters: at an API, a page, a row, a setting, a payload.

pub use crate::id::{Id, Kind, NotAnId};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::borrow::Borrow;
use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;
use std::sync::Arc;

/// Lists kinds, each with the type of its ID or name.
macro_rules! kinds {
    ($Of:ident: $($(#[$meta:meta])* $Kind:ident $Type:ident = $name:literal;)*) => {
        $(
            #[doc = concat!("Kind of [`", stringify!($Type), "`](super::", stringify!($Type), ").")]
            #[derive(Debug)]
            pub enum $Kind {}

            impl super::Kind for $Kind {
                const NAME: &'static str = $name;
            }

            $(#[$meta])*
            pub type $Type = super::$Of<$Kind>;
        )*
    };
}

/// Things that Lastword names.
mod ours {
    kinds! { Id:
        /// ID of a rating request, and of the question and the rating that came of it.
        Request RequestId = "rating request";
        /// ID of a message to send or sent.
        Delivery DeliveryId = "delivery";
        /// ID of a low-rating alert.
        Alert AlertId = "alert";
        /// ID of a person's account.
        Account AccountId = "account";
        /// ID of an entry of the audit log.
        Audit AuditId = "audit entry";
        /// ID of a client's action about a rating request.
        Answer AnswerId = "answer";
        /// ID of a flag or an appeal.
        Objection ObjectionId = "objection";
        /// ID of an experiment with the time to wait before a question.
        Experiment ExperimentId = "experiment";
        /// ID of an alarm about a watched share.
        Alarm AlarmId = "alarm";
        /// ID of an API key; the key itself is a secret.
        ApiKey KeyId = "API key";
        /// ID of a login; its cookie is a secret.
        Login LoginId = "login";
        /// ID of a browser that gets push messages.
        Browser BrowserId = "browser";
    }
}

/// Things that others name.
mod theirs {
    kinds! { Name:
        /// ID of an open line, as its owner named it.
        Line LineId = "line";
        /// ID of a connection to a channel or desk, as its owner named it.
        Connection ConnectionId = "connection";
        /// ID of a chat, as the channel names it; unique within its connection.
        Chat ChatId = "chat";
        /// ID of an operator, as the desk names them; unique within their source.
        Operator OperatorId = "operator";
        /// ID of a client, as the desk or the channel names them.
        Client ClientId = "client";
        /// The program that reports sessions and events: a desk's connection, an API key, or a channel's connection.
        SourceKind Source = "source";
        /// ID of a session, as its source names it; unique within that source.
        Session SessionId = "session";
        /// What a delivery, a token or an event is about: the ID of a rating request, an alert, a recipient or another thing.
        SubjectKind Subject = "subject";
        /// Who acted: the ID of an account or an API key; empty for other actors.
        Actor ActorId = "actor";
    }
}

pub use ours::{
    AccountId, AlarmId, AlertId, AnswerId, AuditId, BrowserId, DeliveryId, ExperimentId, KeyId, LoginId, ObjectionId, RequestId,
};
pub use theirs::{ActorId, ChatId, ClientId, ConnectionId, LineId, OperatorId, SessionId, Source, Subject};

/// A session: its source and the ID that this source gives it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SessionKey {
    /// The program that reported it.
    pub source: Source,
    /// Its ID there.
    pub session: SessionId,
}

/// An event of a source: what is reported twice under one key counts once.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EventKey {
    /// The program that reported it.
    pub source: Source,
    /// The key that this program gave it.
    pub key: String,
}

/// Where a client is reached: a chat of a connection.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Place {
    /// The connection.
    pub connection: ConnectionId,
    /// The chat there.
    pub chat: ChatId,
}

/// A name that others gave: any text, compared letter by letter.
pub struct Name<K>(Arc<str>, PhantomData<fn() -> K>);

impl<K> Name<K> {
    /// A text as a name of this kind.
    pub fn new(text: impl Into<Arc<str>>) -> Self {
        Self(text.into(), PhantomData)
    }

    /// Its text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// True if it has no letters: where a row must name something, it names nothing.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<K> Default for Name<K> {
    fn default() -> Self {
        Self::new("")
    }
}

impl<K> fmt::Display for Name<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl<K> fmt::Debug for Name<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&*self.0, f)
    }
}

impl<K> Clone for Name<K> {
    fn clone(&self) -> Self {
        Self(self.0.clone(), PhantomData)
    }
}

impl<K> PartialEq for Name<K> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}

impl<K> PartialEq<str> for Name<K> {
    fn eq(&self, other: &str) -> bool {
        &*self.0 == other
    }
}

impl<K> PartialEq<&str> for Name<K> {
    fn eq(&self, other: &&str) -> bool {
        &*self.0 == *other
    }
}

impl<K> PartialEq<String> for Name<K> {
    fn eq(&self, other: &String) -> bool {
        &*self.0 == other.as_str()
    }
}

impl<K> PartialEq<Name<K>> for str {
    fn eq(&self, other: &Name<K>) -> bool {
        self == &*other.0
    }
}

impl<K> PartialEq<Name<K>> for &str {
    fn eq(&self, other: &Name<K>) -> bool {
        *self == &*other.0
    }
}

impl<K> PartialEq<Name<K>> for String {
    fn eq(&self, other: &Name<K>) -> bool {
        self.as_str() == &*other.0
    }
}

impl<K> Eq for Name<K> {}

impl<K> PartialOrd for Name<K> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<K> Ord for Name<K> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.cmp(&other.0)
    }
}

impl<K> Hash for Name<K> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}

impl<K> AsRef<str> for Name<K> {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl<K> Borrow<str> for Name<K> {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl<K> Name<K> {
    /// The ID of another kind that this text is; `None` if it is no ID.
    pub fn as_id<Other: Kind>(&self) -> Option<Id<Other>> {
        self.0.parse().ok()
    }
}

impl<K> From<Id<K>> for Subject {
    fn from(id: Id<K>) -> Self {
        Self::new(id.to_string())
    }
}

impl<K> From<Id<K>> for ActorId {
    fn from(id: Id<K>) -> Self {
        Self::new(id.to_string())
    }
}

impl<K> From<&str> for Name<K> {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

impl<K> From<&String> for Name<K> {
    fn from(text: &String) -> Self {
        Self::new(text.as_str())
    }
}

impl<K> From<&Name<K>> for Name<K> {
    fn from(name: &Name<K>) -> Self {
        name.clone()
    }
}

impl<K> From<String> for Name<K> {
    fn from(text: String) -> Self {
        Self::new(text)
    }
}

/// A connection is the source of what it reports.
impl From<&ConnectionId> for Source {
    fn from(connection: &ConnectionId) -> Self {
        Self::new(connection.0.clone())
    }
}

impl From<ConnectionId> for Source {
    fn from(connection: ConnectionId) -> Self {
        Self::new(connection.0)
    }
}

impl Source {
    /// The connection of this name, if the source is one. An API source has the name of no connection.
    pub fn as_connection(&self) -> ConnectionId {
        ConnectionId::new(self.0.clone())
    }
}

impl PartialEq<ConnectionId> for Source {
    fn eq(&self, other: &ConnectionId) -> bool {
        self.0 == other.0
    }
}

impl<K> From<Name<K>> for String {
    fn from(name: Name<K>) -> Self {
        name.0.as_ref().to_owned()
    }
}

impl<K> Serialize for Name<K> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de, K> Deserialize<'de> for Name<K> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self::from)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_its_text() {
        let line = LineId::from("support");
        assert_eq!(line, "support");
        assert_eq!(serde_json::to_string(&line).unwrap(), "\"support\"");
        assert_eq!(serde_json::from_str::<LineId>("\"support\"").unwrap(), line);
        assert_eq!(format!("{line} {line:?} {line:>9}"), "support \"support\"   support");
        let set = std::collections::HashSet::from([line]);
        assert!(set.contains("support"), "found by its text");
    }
}
