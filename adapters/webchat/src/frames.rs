//! Every frame between the engine and the widget, exactly.
//!
//! **Engine → widget.** A frame is one JSON object: `seq` (given by the mailbox, growing within one visitor), `key`
//! (unique; a frame seen twice is shown once), `at` (milliseconds, for the time beside a message), `kind`, and what the
//! kind adds:
//!
//! ```json
//! {"seq":12,"key":"d_81","at":1700000000000,"kind":"question","scale":"binary","text":"How did we do?","lang":"en",
//!  "choices":[{"label":"👍","token":"r1_x_1","kind":"score"},{"label":"👎","token":"r1_x_0","kind":"score"}],"comment":null}
//! {"seq":13,"key":"d_82","at":1700000005000,"kind":"settle","replaces":"d_81","text":"Thank you. What went wrong?","lang":"en",
//!  "choices":[{"label":"Slow","token":"r1_x_a","kind":"reason"},{"label":"Yes","token":"r1_x_y","kind":"resolved"}],
//!  "comment":{"label":"Tell us more","token":"r1_x_c","max_chars":2000}}
//! {"seq":14,"key":"m_7","at":1700000009000,"kind":"message","from":"operator","name":"Ann","text":"Good morning!"}
//! {"seq":15,"key":"d_90","at":1700000009000,"kind":"alert","text":"👎 on Sales","lang":"en",
//!  "choices":[{"label":"I have seen it","token":"a1_x","kind":"acknowledge"}]}
//! ```
//!
//! A question's `key` is its platform message id; a settle's `replaces` names it. A later settle of the same question
//! takes the place of an earlier one. Choices stand best first. A choice whose label begins with `✓ ` is shown as chosen.
//! The engine may echo what a visitor wrote as a message from `visitor`; its key is then the event's key
//! (`{visitor}:{id}`), so that the tab which wrote it does not show it twice.
//!
//! **Widget → engine.** `id` is made by the widget and the same for every try; it is `[A-Za-z0-9_-]{1,64}`. `at` is the
//! moment by the visitor's clock, growing from frame to frame; it may be left out. It orders one visitor's own frames,
//! however late or often they arrive, and is believed for nothing else:
//!
//! ```json
//! {"kind":"press","id":"m3x-1-9f2c","at":1700000000001,"token":"r1_x_1"}
//! {"kind":"comment","id":"m3x-2-77ab","at":1700000000002,"token":"r1_x_c","text":"Nobody answered for an hour"}
//! {"kind":"message","id":"m3x-3-01de","at":1700000000003,"text":"Hello?"}
//! ```
//!
//! A press of a reason that is chosen already takes it back; any other press chooses.
//!
//! **Engine → widget, about those.** Each is answered by one of
//!
//! ```json
//! {"kind":"ack","id":"m3x-1-9f2c"}
//! {"kind":"error","id":"m3x-2-77ab","code":"unreadable","detail":"the comment has more than 4000 characters"}
//! ```
//!
//! An `ack` is sent after the commit. On the error code `busy` the widget keeps the frame and tries again; on any other
//! it drops the frame and tells the visitor.

use lastword_contract::{Choice, CommentBox, Millis, Outgoing, Purpose, Scale, TextLimit};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A frame to the widget.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ServerFrame {
    /// Its place in the visitor's mailbox. Absent until the mailbox has given it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seq: Option<i64>,
    /// The same for every try of one message.
    pub key: String,
    /// When the message was made.
    pub at: Millis,
    /// What it says.
    #[serde(flatten)]
    pub body: ServerBody,
}

/// What a frame to the widget says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ServerBody {
    /// The rating question.
    Question {
        /// How the choices are laid out.
        scale: Scale,
        /// The question.
        text: String,
        /// The language of the text.
        lang: String,
        /// One choice for each score, best first.
        choices: Vec<Choice>,
        /// A box for a comment beside the scores.
        comment: Option<CommentBox>,
    },
    /// A question is answered or over.
    Settle {
        /// The key of the question's frame.
        replaces: Option<String>,
        /// The thanks, or why it is too late.
        text: String,
        /// The language of the text.
        lang: String,
        /// Reasons, and "was it resolved?".
        choices: Vec<Choice>,
        /// A box for a comment.
        comment: Option<CommentBox>,
    },
    /// A message of the conversation.
    Message {
        /// Who speaks.
        from: From,
        /// The text.
        text: String,
        /// The speaker's name, as visitors may see it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        name: Option<String>,
        /// The key of the earlier message that this one takes the place of.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        replaces: Option<String>,
    },
    /// A low-rating alert, for a supervisor's page.
    Alert {
        /// The alert.
        text: String,
        /// The language of the text.
        lang: String,
        /// A button to acknowledge it.
        choices: Vec<Choice>,
    },
}

/// Who speaks in a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum From {
    /// A person who answers, or a bot in their place.
    Operator,
    /// The visitor, from this tab or another.
    Visitor,
    /// Nobody: "The chat was closed".
    Notice,
}

impl ServerFrame {
    /// A message of the conversation, which the engine itself puts into the mailbox.
    pub fn message(key: impl Into<String>, at: Millis, from: From, name: Option<String>, text: impl Into<String>) -> Self {
        Self { seq: None, key: key.into(), at, body: ServerBody::Message { from, text: text.into(), name, replaces: None } }
    }

    /// The frame for one message that leaves us, or nothing for those that are not for people.
    pub fn of(outgoing: &Outgoing) -> Option<Self> {
        let text = outgoing.text.clone();
        let lang = outgoing.language.clone();
        let choices = outgoing.choices.clone();
        let comment = outgoing.comment.clone();
        let body = match &outgoing.purpose {
            Purpose::Question(scale) => ServerBody::Question { scale: *scale, text, lang, choices, comment },
            Purpose::Settle => ServerBody::Settle { replaces: outgoing.replaces.clone(), text, lang, choices, comment },
            Purpose::Text => ServerBody::Message { from: From::Operator, text, name: None, replaces: outgoing.replaces.clone() },
            Purpose::Alert => ServerBody::Alert { text, lang, choices },
            Purpose::Event(_) => return None,
        };
        Some(Self { seq: None, key: outgoing.key.clone(), at: outgoing.at, body })
    }

    /// Shortens the text where it does not fit `limit`.
    pub(crate) fn shorten(&mut self, limit: TextLimit) {
        let (ServerBody::Question { text, .. }
        | ServerBody::Settle { text, .. }
        | ServerBody::Message { text, .. }
        | ServerBody::Alert { text, .. }) = &mut self.body;
        *text = limit.shorten(text);
    }

    /// The frame as the mailbox keeps it.
    pub fn to_value(&self) -> Value {
        serde_json::to_value(self).expect("a frame has only text keys, so it is always JSON")
    }
}

/// Puts the mailbox's own number into a kept frame, on its way to the widget.
pub fn with_seq(mut frame: Value, seq: i64) -> Value {
    if let Some(fields) = frame.as_object_mut() {
        fields.insert("seq".to_owned(), seq.into());
    }
    frame
}

/// A frame from the widget.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum ClientFrame {
    /// The visitor tapped a choice.
    Press {
        /// The same for every try.
        id: String,
        /// When, by the visitor's clock.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        at: Option<Millis>,
        /// What was on the choice.
        token: String,
    },
    /// The visitor sent a comment from a box.
    Comment {
        /// The same for every try.
        id: String,
        /// When, by the visitor's clock.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        at: Option<Millis>,
        /// The box's token.
        token: String,
        /// The comment.
        text: String,
    },
    /// The visitor wrote a message.
    Message {
        /// The same for every try.
        id: String,
        /// When, by the visitor's clock.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        at: Option<Millis>,
        /// The text.
        text: String,
    },
}

impl ClientFrame {
    /// What the widget calls this frame.
    pub fn id(&self) -> &str {
        match self {
            ClientFrame::Press { id, .. } | ClientFrame::Comment { id, .. } | ClientFrame::Message { id, .. } => id,
        }
    }

    /// When it was made, by the visitor's clock.
    pub fn at(&self) -> Option<Millis> {
        match self {
            ClientFrame::Press { at, .. } | ClientFrame::Comment { at, .. } | ClientFrame::Message { at, .. } => *at,
        }
    }
}

/// What a visitor says stays out of debug output.
impl std::fmt::Debug for ClientFrame {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            ClientFrame::Press { .. } => f.write_str("Press(…)"),
            ClientFrame::Comment { .. } => f.write_str("Comment(…)"),
            ClientFrame::Message { .. } => f.write_str("Message(…)"),
        }
    }
}

/// What the engine answers to one frame of the widget.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Answer {
    /// It is kept.
    Ack {
        /// Which frame.
        id: String,
    },
    /// It is not kept.
    Error {
        /// Which frame, where that could be read.
        id: Option<String>,
        /// `busy` (try again), `unreadable`, or another word for "never".
        code: String,
        /// A sentence for the log of the browser.
        detail: String,
    },
}
