//! Outgoing messages, and the platform's receipt.

use crate::{Address, Millis};
use serde::{Deserialize, Serialize};

/// The scale of a question.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scale {
    /// 👍 (1) or 👎 (0).
    #[default]
    Binary,
    /// One to five stars.
    FiveStar,
}

impl Scale {
    /// The scores of this scale, best first.
    pub fn scores(self) -> &'static [u8] {
        match self {
            Scale::Binary => &[1, 0],
            Scale::FiveStar => &[5, 4, 3, 2, 1],
        }
    }

    /// Name of this scale in tables, API and settings.
    pub fn as_str(self) -> &'static str {
        match self {
            Scale::Binary => "binary",
            Scale::FiveStar => "five_star",
        }
    }

    /// Parses a value of [`Scale::as_str`].
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "binary" => Some(Scale::Binary),
            "five_star" => Some(Scale::FiveStar),
            _ => None,
        }
    }

    /// Label of the button for `score`: 👍, 👎 or stars.
    pub fn label(self, score: u8) -> String {
        match self {
            Scale::Binary if score == 1 => "👍".to_owned(),
            Scale::Binary => "👎".to_owned(),
            Scale::FiveStar => "★".repeat(usize::from(score)),
        }
    }
}

/// An outgoing message.
#[derive(Clone, Default, PartialEq, Debug)]
pub struct Outgoing {
    /// The same for every attempt of one delivery. Channels with idempotent sends pass it on; channels with proof of
    /// delivery attach it so that the platform returns it.
    pub key: String,
    /// Address of the recipient.
    pub to: Address,
    /// BCP 47 language of the text, such as `en` or `pt-BR`.
    pub language: String,
    /// Purpose of the message; determines its native form.
    pub purpose: Purpose,
    /// The text as shown to the client, without any platform's markup.
    pub text: String,
    /// The choices, in reading order.
    pub choices: Vec<Choice>,
    /// The platform's ID of our message to replace, if the channel can edit.
    pub replaces: Option<String>,
    /// A field for a free comment, if the channel can show one.
    pub comment: Option<CommentBox>,
    /// How to answer by typing ("Reply with a number from 1 (bad) to 5 (excellent)."), in the language of the text.
    /// Channels whose buttons are not shown everywhere put it under the text; others leave it out.
    pub hint: Option<String>,
    /// Sender and reason, around a question. Set for channels that claim [`crate::Capabilities::footer`].
    pub footer: Option<Footer>,
    /// Meaning of the lowest and of the highest score, in the language of the text. Set with the footer.
    pub ends: Option<[String; 2]>,
    /// True for a question whose window is shut: only the form that the platform allows then (an approved template) may be
    /// sent. Set only for channels that claim [`crate::Capabilities::templates`].
    pub outside_window: bool,
    /// Token of a native form, so that its answer ([`crate::InboundKind::Form`]) can be distinguished from a forged one: at
    /// most 64 bytes of `[A-Za-z0-9_]`. Set for channels that claim [`crate::Capabilities::native_form`].
    pub form: Option<String>,
    /// What a client wrote, apart from the text, which does not repeat it: shown last, as a quotation. Set for channels that claim
    /// [`crate::Capabilities::parts`].
    pub quote: Option<String>,
    /// Pages to open in a browser, apart from the text. Set for channels that claim [`crate::Capabilities::parts`].
    pub pages: Vec<PageLink>,
    /// Facts for programs: what a webhook carries beside the text. `Null` for people's messages.
    pub data: serde_json::Value,
    /// Time the message was created, for platforms that sign a time.
    pub at: Millis,
}

/// Purpose of a message. A channel refuses one that it does not know ([`crate::Verdict::Refused`]).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Purpose {
    /// The rating question, on its scale.
    Question(Scale),
    /// Replaces a question that is answered or over: thanks, perhaps with follow-up choices.
    Settle,
    /// An ordinary text to the client, such as a reply to a rating.
    #[default]
    Text,
    /// A low-rating alert, or a digest of several.
    Alert,
    /// An event for a program, by name: `rating.created`.
    Event(String),
}

/// A choice that can be tapped.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// Label of the button.
    pub label: String,
    /// Value returned when it is tapped: at most 64 bytes of `[A-Za-z0-9_]`.
    pub token: String,
    /// Meaning of the choice, so that a channel can lay it out.
    pub kind: ChoiceKind,
    /// The same choice as a link to open in a browser. Set for channels that claim [`crate::Capabilities::links`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
}

/// A page to open in a browser.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageLink {
    /// The label of the link.
    pub label: String,
    /// The address of the page.
    pub url: String,
}

/// Purpose of a choice. A channel shows a purpose that it does not know as an ordinary button.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ChoiceKind {
    /// A score on the scale.
    Score,
    /// A reason for a low score; several may be chosen.
    Reason,
    /// "Was your issue resolved?": yes or no.
    Resolved,
    /// Acknowledges an alert.
    Acknowledge,
    /// The client wants to choose another score.
    Change,
    /// The client does not want to be asked any more. Best shown small, apart from the others.
    OptOut,
    /// The client wants to be asked again after all.
    OptIn,
}

/// A field for a free comment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CommentBox {
    /// Label of the field, also used as the hint if there is no field ("Reply to this message to tell us more").
    pub label: String,
    /// Value returned with the comment.
    pub token: String,
    /// Maximum length of a stored comment, in characters.
    pub max_chars: usize,
}

/// Sender, reason and opt-out link, for channels whose readers do not see them from the context.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Footer {
    /// The conversation, in the language of the text: "Your conversation with Olga on 25 November".
    pub about: String,
    /// The topic of the conversation, or its first words, if known.
    pub topic: Option<String>,
    /// Name of the organisation.
    pub sender: String,
    /// Its color, such as `#0b6b62`, if it has one.
    pub color: Option<String>,
    /// Address of its logo, if it has one.
    pub logo: Option<String>,
    /// Reason for the message, in the language of the text; it names the conversation.
    pub why: String,
    /// "Do not ask me again", as a link. Its page asks for confirmation; a POST of `List-Unsubscribe=One-Click` to the same
    /// URL works immediately, as RFC 8058 requires.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stop: Option<Choice>,
}

/// The platform accepted a message.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Receipt {
    /// The platform's ID of the message, if it returns one.
    pub message_id: Option<String>,
    /// The address to use from now on, if the platform reports that the old one moved, or identifies its client
    /// differently: WhatsApp knows some numbers in another form than people write them. It is the same person, so data of
    /// the old address (limits, windows, opt-outs) applies to the new one. The engine treats it like
    /// [`crate::InboundKind::Moved`].
    pub moved_to: Option<Address>,
}
