//! The trail of changes: who did what to what, and what was different afterwards. Secrets never get this far.

use crate::word::words;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

words! {
    /// What kind of somebody did it.
    pub enum Kind {
        /// A person who is signed in.
        Person = "person",
        /// A program with an API key.
        Program = "program",
        /// Somebody at the command line of the server.
        Command = "command",
        /// Nobody in particular: a one-time link, the demo.
        Nobody = "nobody",
    }
}

/// Who did it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct By {
    /// What kind of somebody.
    pub kind: Kind,
    /// The account or API key; empty for the others.
    pub id: String,
    /// The name as it was then.
    pub name: String,
}

impl By {
    /// A person.
    pub fn person(id: &str, name: &str) -> Self {
        Self { kind: Kind::Person, id: id.to_owned(), name: name.to_owned() }
    }

    /// A program.
    pub fn program(id: &str, name: &str) -> Self {
        Self { kind: Kind::Program, id: id.to_owned(), name: name.to_owned() }
    }

    /// Somebody at the command line.
    pub fn command() -> Self {
        Self { kind: Kind::Command, id: String::new(), name: "command line".to_owned() }
    }

    /// Nobody in particular, with what stood in their place.
    pub fn nobody(name: &str) -> Self {
        Self { kind: Kind::Nobody, id: String::new(), name: name.to_owned() }
    }
}

/// What was done. The word names the subject first, so that all acts about one kind of thing stand together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// An account was made.
    AccountAdded,
    /// An account's name, role, lines or state were changed.
    AccountChanged,
    /// A link to choose a password was made for somebody.
    AccountInvited,
    /// A password was chosen.
    PasswordChanged,
    /// Somebody signed in.
    SignedIn,
    /// A login was ended from elsewhere.
    LoginsEnded,
    /// An API key was made.
    KeyCreated,
    /// An API key was taken back.
    KeyRevoked,
    /// A line was made, changed or put away.
    LineSaved,
    /// What is usual on a line was learnt anew.
    LineBaselineLearnt,
    /// An experiment began on a line.
    LineExperimentStarted,
    /// An experiment ended.
    LineExperimentEnded,
    /// A line on which nothing hung was deleted.
    LineDeleted,
    /// A recipient was made or changed.
    RecipientSaved,
    /// A recipient was deleted.
    RecipientDeleted,
    /// A test alert was sent.
    RecipientTested,
    /// A letter was made or changed.
    LetterSaved,
    /// A letter was deleted.
    LetterDeleted,
    /// A letter was sent as a trial.
    LetterTried,
    /// A stuck delivery was sent again.
    DeliveryResent,
    /// A delivery was taken back.
    DeliveryCanceled,
    /// A stuck delivery was given up.
    DeliveryDismissed,
    /// A stopped connection was told to run again.
    ConnectionResumed,
    /// An alert was acknowledged on a page or by a program.
    AlertAcknowledged,
    /// A supervisor scored the conversation behind a close themselves.
    RatingScored,
    /// Past closes were imported.
    HistoryImported,
    /// Everything about a client was handed out.
    ClientExported,
    /// Everything about a client was erased.
    ClientErased,
    /// A client is not to be asked any more.
    ClientOptedOut,
    /// A client may be asked again.
    ClientOptedIn,
    /// Somebody replied to a rating, or edited the reply.
    RatingReplied,
    /// A rating was flagged.
    RatingFlagged,
    /// Somebody asked an admin to void a rating.
    RatingAppealed,
    /// A flag or an appeal was upheld or declined.
    RatingJudged,
    /// A voided rating was put back into the score.
    RatingRestored,
    /// A rating was given to somebody, or to nobody.
    RatingAssigned,
    /// A low rating was marked as resolved, or as waiting again.
    RatingSettled,
    /// The client of a low rating was asked once more.
    RatingAskedAgain,
    /// The client was asked about a close that nobody was asked about, or while the session was open.
    RatingAskedByHand,
    /// An admin said whether an operator is a person or a program.
    OperatorKindSet,
    /// A template of replies was made or changed.
    TemplateSaved,
    /// A template of replies was removed.
    TemplateRemoved,
    /// A filter of the ratings was given a name, or a view was renamed or shared.
    ViewSaved,
    /// A saved view was deleted.
    ViewDeleted,
    /// A list was taken as a file.
    ListExported,
    /// A report was taken as a file.
    ReportExported,
    /// A database that came from a copy may send again.
    QuarantineReleased,
}

impl Act {
    /// All of them.
    pub const ALL: [Act; 47] = [
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
        Act::ConnectionResumed,
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
    ];

    /// The word in tables and API.
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
            Act::ConnectionResumed => "connection.resumed",
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
        }
    }

    /// Reads [`Act::as_str`] back.
    pub fn parse(word: &str) -> Option<Self> {
        Act::ALL.into_iter().find(|act| act.as_str() == word)
    }

    /// The kind of thing it was done to.
    pub fn subject_kind(self) -> &'static str {
        self.as_str().split('.').next().unwrap_or_default()
    }
}

/// One entry of the trail, before it has its id and time.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// What was done.
    pub act: Act,
    /// To what: an id.
    pub subject: String,
    /// The line that it belongs to, if it belongs to one.
    pub line: Option<String>,
    /// What was there, as far as it was changed.
    pub before: Map<String, Value>,
    /// What took its place.
    pub after: Map<String, Value>,
}

impl Entry {
    /// Something was done to `subject`, and there is no more to say about it.
    pub fn new(act: Act, subject: &str) -> Self {
        Self { act, subject: subject.to_owned(), line: None, before: Map::new(), after: Map::new() }
    }

    /// Says what was different: only fields that changed stay. `before` is null where there was nothing.
    #[must_use]
    pub fn with(mut self, before: &Value, after: &Value) -> Self {
        (self.before, self.after) = difference(before, after);
        self
    }

    /// Says to which line it belongs.
    #[must_use]
    pub fn on_line(mut self, line: &str) -> Self {
        self.line = Some(line.to_owned());
        self
    }
}

/// The fields of two documents that differ, with keys in dots.
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

/// What the trail calls a client: the same for the same one, and no way back.
pub fn pseudonym(client: &str) -> String {
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
