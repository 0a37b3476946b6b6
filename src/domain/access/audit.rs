//! Audit log of changes: actor, action, subject and difference. Secrets are never written to it.

use crate::word::words;
use lastword_base::names::{AccountId, ActorId, ClientId, KeyId, LineId};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use std::fmt::Display;

words! {
    /// Kind of the actor.
    pub enum Kind {
        /// A person who is signed in.
        Person = "person",
        /// A program with an API key.
        Program = "program",
        /// The command line of the server.
        Command = "command",
        /// No known actor: a one-time link, the demo.
        Nobody = "nobody",
    }
}

/// The actor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct By {
    /// Kind of the actor.
    pub kind: Kind,
    /// The ID of the account or API key; empty for other actors.
    pub id: ActorId,
    /// The name at that time.
    pub name: String,
}

impl By {
    /// A person.
    pub fn person(id: AccountId, name: &str) -> Self {
        Self { kind: Kind::Person, id: id.into(), name: name.to_owned() }
    }

    /// A program.
    pub fn program(id: KeyId, name: &str) -> Self {
        Self { kind: Kind::Program, id: id.into(), name: name.to_owned() }
    }

    /// The command line.
    pub fn command() -> Self {
        Self { kind: Kind::Command, id: ActorId::default(), name: "command line".to_owned() }
    }

    /// Unknown actor, with a name for the source of the action.
    pub fn nobody(name: &str) -> Self {
        Self { kind: Kind::Nobody, id: ActorId::default(), name: name.to_owned() }
    }
}

/// The action. Its name starts with the subject, so that all actions on one kind of thing sort together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// An account was created.
    AccountAdded,
    /// An account's name, role, lines or state was changed.
    AccountChanged,
    /// A link to choose a password was created.
    AccountInvited,
    /// A password was chosen.
    PasswordChanged,
    /// A person signed in.
    SignedIn,
    /// A login was ended from elsewhere.
    LoginsEnded,
    /// An API key was created.
    KeyCreated,
    /// An API key was revoked.
    KeyRevoked,
    /// A line was created, changed or archived.
    LineSaved,
    /// A line's baselines were learned again.
    LineBaselineLearnt,
    /// An experiment was started on a line.
    LineExperimentStarted,
    /// An experiment ended.
    LineExperimentEnded,
    /// An unused line was deleted.
    LineDeleted,
    /// A recipient was created or changed.
    RecipientSaved,
    /// A recipient was deleted.
    RecipientDeleted,
    /// A test alert was sent.
    RecipientTested,
    /// A letter was created or changed.
    LetterSaved,
    /// A letter was deleted.
    LetterDeleted,
    /// A trial letter was sent.
    LetterTried,
    /// A stuck delivery was sent again.
    DeliveryResent,
    /// A delivery was canceled.
    DeliveryCanceled,
    /// A stuck delivery was dismissed.
    DeliveryDismissed,
    /// A connection was made.
    ConnectionMade,
    /// A connection was changed, or a secret of it replaced.
    ConnectionChanged,
    /// A connection on which nothing hung was deleted.
    ConnectionDeleted,
    /// A connection was paused.
    ConnectionSuspended,
    /// A stopped or paused connection was told to run again.
    ConnectionResumed,
    /// A person answered in a chat of our own web chat for the first time.
    ChatAnswered,
    /// A person closed a chat of our own web chat.
    ChatClosed,
    /// An alert was acknowledged on a page or by a program.
    AlertAcknowledged,
    /// A supervisor gave the conversation of a close a score of their own.
    RatingScored,
    /// Past closes were imported.
    HistoryImported,
    /// All data about a client was exported.
    ClientExported,
    /// All data about a client was erased.
    ClientErased,
    /// A client was opted out.
    ClientOptedOut,
    /// A client was opted in again.
    ClientOptedIn,
    /// A reply to a rating was written or edited.
    RatingReplied,
    /// A rating was flagged.
    RatingFlagged,
    /// An admin was asked to void a rating.
    RatingAppealed,
    /// A flag or an appeal was upheld or declined.
    RatingJudged,
    /// A voided rating was restored.
    RatingRestored,
    /// A rating was assigned, or unassigned.
    RatingAssigned,
    /// A low rating was marked as resolved, or as waiting again.
    RatingSettled,
    /// The client of a low rating was asked once more.
    RatingAskedAgain,
    /// A client was asked by hand: about a close that was not asked about, or while the session was open.
    RatingAskedByHand,
    /// An admin set whether an operator is a person or a program.
    OperatorKindSet,
    /// A reply template was created or changed.
    TemplateSaved,
    /// A reply template was deleted.
    TemplateRemoved,
    /// A view was saved, renamed or shared.
    ViewSaved,
    /// A saved view was deleted.
    ViewDeleted,
    /// A list was downloaded as a file.
    ListExported,
    /// A report was downloaded as a file.
    ReportExported,
    /// The quarantine of a copied database was released.
    QuarantineReleased,
    /// The name, color or logo that clients see was changed.
    OrganisationChanged,
}

impl Act {
    /// All actions.
    pub const ALL: [Act; 54] = [
        Act::AccountAdded,
        Act::AccountChanged,
        Act::AccountInvited,
        Act::PasswordChanged,
        Act::SignedIn,
        Act::LoginsEnded,
        Act::KeyCreated,
        Act::KeyRevoked,
        Act::LineSaved,
        Act::LineBaselineLearnt,
        Act::LineExperimentStarted,
        Act::LineExperimentEnded,
        Act::LineDeleted,
        Act::RecipientSaved,
        Act::RecipientDeleted,
        Act::RecipientTested,
        Act::LetterSaved,
        Act::LetterDeleted,
        Act::LetterTried,
        Act::DeliveryResent,
        Act::DeliveryCanceled,
        Act::DeliveryDismissed,
        Act::ConnectionMade,
        Act::ConnectionChanged,
        Act::ConnectionDeleted,
        Act::ConnectionSuspended,
        Act::ConnectionResumed,
        Act::ChatAnswered,
        Act::ChatClosed,
        Act::AlertAcknowledged,
        Act::RatingScored,
        Act::HistoryImported,
        Act::ClientExported,
        Act::ClientErased,
        Act::ClientOptedOut,
        Act::ClientOptedIn,
        Act::RatingReplied,
        Act::RatingFlagged,
        Act::RatingAppealed,
        Act::RatingJudged,
        Act::RatingRestored,
        Act::RatingAssigned,
        Act::RatingSettled,
        Act::RatingAskedAgain,
        Act::RatingAskedByHand,
        Act::OperatorKindSet,
        Act::TemplateSaved,
        Act::TemplateRemoved,
        Act::ViewSaved,
        Act::ViewDeleted,
        Act::ListExported,
        Act::ReportExported,
        Act::QuarantineReleased,
        Act::OrganisationChanged,
    ];

    /// The text in tables and the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Act::AccountAdded => "account.added",
            Act::AccountChanged => "account.changed",
            Act::AccountInvited => "account.invited",
            Act::PasswordChanged => "account.password_changed",
            Act::SignedIn => "account.signed_in",
            Act::LoginsEnded => "account.logins_ended",
            Act::KeyCreated => "key.created",
            Act::KeyRevoked => "key.revoked",
            Act::LineSaved => "line.saved",
            Act::LineBaselineLearnt => "line.baseline_learnt",
            Act::LineExperimentStarted => "line.experiment_started",
            Act::LineExperimentEnded => "line.experiment_ended",
            Act::LineDeleted => "line.deleted",
            Act::RecipientSaved => "recipient.saved",
            Act::RecipientDeleted => "recipient.deleted",
            Act::RecipientTested => "recipient.tested",
            Act::LetterSaved => "letter.saved",
            Act::LetterDeleted => "letter.deleted",
            Act::LetterTried => "letter.tried",
            Act::DeliveryResent => "delivery.resent",
            Act::DeliveryCanceled => "delivery.canceled",
            Act::DeliveryDismissed => "delivery.dismissed",
            Act::ConnectionMade => "connection.made",
            Act::ConnectionChanged => "connection.changed",
            Act::ConnectionDeleted => "connection.deleted",
            Act::ConnectionSuspended => "connection.paused",
            Act::ConnectionResumed => "connection.resumed",
            Act::ChatAnswered => "chat.answered",
            Act::ChatClosed => "chat.closed",
            Act::AlertAcknowledged => "alert.acknowledged",
            Act::RatingScored => "rating.scored",
            Act::HistoryImported => "history.imported",
            Act::ClientExported => "client.exported",
            Act::ClientErased => "client.erased",
            Act::ClientOptedOut => "client.opted_out",
            Act::ClientOptedIn => "client.opted_in",
            Act::RatingReplied => "rating.replied",
            Act::RatingFlagged => "rating.flagged",
            Act::RatingAppealed => "rating.appealed",
            Act::RatingJudged => "rating.judged",
            Act::RatingRestored => "rating.restored",
            Act::RatingAssigned => "rating.assigned",
            Act::RatingSettled => "rating.settled",
            Act::RatingAskedAgain => "rating.asked_again",
            Act::RatingAskedByHand => "rating.asked_by_hand",
            Act::OperatorKindSet => "operator.kind_set",
            Act::TemplateSaved => "template.saved",
            Act::TemplateRemoved => "template.removed",
            Act::ViewSaved => "view.saved",
            Act::ViewDeleted => "view.deleted",
            Act::ListExported => "list.exported",
            Act::ReportExported => "report.exported",
            Act::QuarantineReleased => "quarantine.released",
            Act::OrganisationChanged => "organisation.changed",
        }
    }

    /// Parses [`Act::as_str`].
    pub fn parse(word: &str) -> Option<Self> {
        Act::ALL.into_iter().find(|act| act.as_str() == word)
    }

    /// Kind of the subject.
    pub fn subject_kind(self) -> &'static str {
        self.as_str().split('.').next().unwrap_or_default()
    }
}

/// An entry of the audit log, before it has its ID and time.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The action.
    pub act: Act,
    /// ID of its subject.
    pub subject: String,
    /// The line it belongs to, if any.
    pub line: Option<LineId>,
    /// Old values of the changed fields.
    pub before: Map<String, Value>,
    /// New values of the changed fields.
    pub after: Map<String, Value>,
}

impl Entry {
    /// An entry without details.
    pub fn new(act: Act, subject: impl Display) -> Self {
        Self { act, subject: subject.to_string(), line: None, before: Map::new(), after: Map::new() }
    }

    /// Adds the difference of two documents: only changed fields are stored. `before` is null if the subject is new.
    #[must_use]
    pub fn with(mut self, before: &Value, after: &Value) -> Self {
        (self.before, self.after) = difference(before, after);
        self
    }

    /// Sets the line.
    #[must_use]
    pub fn on_line(mut self, line: &LineId) -> Self {
        self.line = Some(line.clone());
        self
    }
}

/// The fields that differ between two documents, with dotted keys.
fn difference(before: &Value, after: &Value) -> (Map<String, Value>, Map<String, Value>) {
    let (before, after) = (flat(before), flat(after));
    let keep = |of: &Map<String, Value>, other: &Map<String, Value>| {
        of.iter().filter(|(key, value)| other.get(*key) != Some(value)).map(|(key, value)| (key.clone(), value.clone())).collect()
    };
    (keep(&before, &after), keep(&after, &before))
}

fn flat(document: &Value) -> Map<String, Value> {
    fn walk(prefix: &str, value: &Value, into: &mut Map<String, Value>) {
        match value {
            Value::Object(fields) => fields.iter().for_each(|(key, value)| {
                walk(&if prefix.is_empty() { key.clone() } else { format!("{prefix}.{key}") }, value, into);
            }),
            Value::Null => {}
            value => {
                into.insert(prefix.to_owned(), value.clone());
            }
        }
    }
    let mut into = Map::new();
    walk("", document, &mut into);
    into
}

/// Pseudonym of a client in the audit log: the same for the same client, and not reversible.
pub fn pseudonym(client: &ClientId) -> String {
    hex::encode(&Sha256::digest(format!("erased client {client}").as_bytes())[..8])
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn only_what_changed_is_kept() {
        let before = json!({ "name": "Sales", "settings": { "delay_secs": 2, "scale": "binary" }, "archived": null });
        let after = json!({ "name": "Sales", "settings": { "delay_secs": 5, "scale": "binary" }, "archived": true });
        let entry = Entry::new(Act::LineSaved, "sales").with(&before, &after);
        assert_eq!(Value::Object(entry.before), json!({ "settings.delay_secs": 2 }));
        assert_eq!(Value::Object(entry.after), json!({ "settings.delay_secs": 5, "archived": true }));
        let made = Entry::new(Act::KeyCreated, "k").with(&Value::Null, &json!({ "name": "desk" }));
        assert!(made.before.is_empty() && made.after.len() == 1);
    }

    #[test]
    fn acts_are_words_of_their_own() {
        for act in Act::ALL {
            assert_eq!(Act::parse(act.as_str()), Some(act));
        }
        assert_eq!(Act::SignedIn.subject_kind(), "account");
    }
}
