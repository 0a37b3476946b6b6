//! One message that leaves us, and what the platform says when it took it.

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

    /// The word for this scale in tables, API and settings.
    pub fn as_str(self) -> &'static str {
        match self {
            Scale::Binary => "binary",
            Scale::FiveStar => "five_star",
        }
    }

    /// Reads [`Scale::as_str`] back.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "binary" => Some(Scale::Binary),
            "five_star" => Some(Scale::FiveStar),
            _ => None,
        }
    }

    /// What stands on the button for `score`: 👍, 👎 or stars.
    pub fn label(self, score: u8) -> String {
        match self {
            Scale::Binary if score == 1 => "👍".to_owned(),
            Scale::Binary => "👎".to_owned(),
            Scale::FiveStar => "★".repeat(usize::from(score)),
        }
    }
}

/// One message that leaves us.
#[derive(Clone, Default, PartialEq, Debug)]
pub struct Outgoing {
    /// The same for every try of one delivery. Channels that know idempotent sends pass it on; channels with proof of
    /// delivery attach it so that the platform echoes it.
    pub key: String,
    /// Where to.
    pub to: Address,
    /// BCP 47 language of the text, for instance `en` or `pt-BR`.
    pub language: String,
    /// What the message is for; decides its native form.
    pub purpose: Purpose,
    /// The text as the client sees it. Plain: no markup of any platform.
    pub text: String,
    /// What can be tapped, in reading order.
    pub choices: Vec<Choice>,
    /// The platform's id of the message of ours that this one takes the place of, where the channel can edit.
    pub replaces: Option<String>,
    /// A box for a free comment, where the channel can show one.
    pub comment: Option<CommentBox>,
    /// How to answer by typing ("Reply with a number from 1 (bad) to 5 (excellent)."), in the language of the text. A
    /// channel whose buttons do not show everywhere puts it under the text; the others leave it out.
    pub hint: Option<String>,
    /// Who asks and why, under a question. Set for channels that claim [`crate::Capabilities::footer`].
    pub footer: Option<Footer>,
    /// A question whose window is shut: only the form that the platform allows then (an approved template) may go out.
    /// Set only for channels that claim [`crate::Capabilities::templates`].
    pub outside_window: bool,
    /// What a native form carries, so that its answer ([`crate::InboundKind::Form`]) can be told from a forged one: at most
    /// 64 bytes of `[A-Za-z0-9_]`. Set for channels that claim [`crate::Capabilities::native_form`].
    pub form: Option<String>,
    /// What a client wrote, apart from the text, which does not repeat it: shown last, as a quotation. Set for channels that claim
    /// [`crate::Capabilities::parts`].
    pub quote: Option<String>,
    /// Pages to open in a browser, apart from the text. Set for channels that claim [`crate::Capabilities::parts`].
    pub pages: Vec<PageLink>,
    /// Facts for programs: what a webhook carries beside the text. `Null` for people's messages.
    pub data: serde_json::Value,
    /// When this message was made, for platforms that sign a time.
    pub at: Millis,
}

/// What a message is for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Purpose {
    /// The rating question, on its scale.
    Question(Scale),
    /// The question is answered or over: thanks in its place, perhaps with follow-up choices.
    Settle,
    /// An ordinary text to the client, such as a reply to a rating.
    #[default]
    Text,
    /// A low-rating alert, or a digest of several.
    Alert,
    /// An event for a program, by name: `rating.created`.
    Event(String),
}

/// One thing that can be tapped.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// What stands on it.
    pub label: String,
    /// What comes back when it is tapped: at most 64 bytes of `[A-Za-z0-9_]`.
    pub token: String,
    /// What tapping it means, so that a channel can lay it out.
    pub kind: ChoiceKind,
    /// The same choice as an address to open in a browser. Set for channels that claim [`crate::Capabilities::links`].
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

/// What tapping a choice means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChoiceKind {
    /// A score on the scale.
    Score,
    /// A reason for a low score; several may be chosen.
    Reason,
    /// "Was your issue resolved?": yes or no.
    Resolved,
    /// A recipient has seen the alert.
    Acknowledge,
    /// The client wants to choose another score.
    Change,
    /// The client does not want to be asked any more. Best shown small, apart from the others.
    OptOut,
    /// The client wants to be asked again after all.
    OptIn,
}

/// A box for a free comment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CommentBox {
    /// The label of the box, which is also the hint where there is none ("Reply to this message to tell us more").
    pub label: String,
    /// What comes back with the comment.
    pub token: String,
    /// The longest comment we keep, in characters.
    pub max_chars: usize,
}

/// Who asks, why, and how not to be asked again: for channels whose readers do not see it from where the message stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Footer {
    /// Which conversation it is about, without a word of any language: "Support · 2026-05-01".
    pub about: String,
    /// The organisation's name.
    pub sender: String,
    /// Why this message came, in the language of the text: it names the conversation.
    pub why: String,
    /// "Do not ask me again", as a link. Its page asks before it acts; a POST of `List-Unsubscribe=One-Click` to the same
    /// address acts at once, as RFC 8058 wants it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stop: Option<Choice>,
}

/// The platform took a message.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Receipt {
    /// The platform's id of the message, where it gives one.
    pub message_id: Option<String>,
    /// The address to use from now on, where the platform says that the old one moved, or names its client otherwise: WhatsApp
    /// knows some numbers in another form than people write them. The same person is meant, so what is known of the old
    /// address (limits, windows, wishes) counts for this one: the engine follows it as it follows
    /// [`crate::InboundKind::Moved`].
    pub moved_to: Option<Address>,
}
