//! Meta's customer-feedback template: one screen, one question, five stars and a free text.

use super::config::Feedback;
use crate::words::words;
use lastword_contract::{Outgoing, SendError, TextLimit, Verdict};
use serde_json::{Value, json};

/// The longest title of the card.
pub(super) const TITLE_MAX: TextLimit = TextLimit::Utf16(65);
/// The longest subtitle.
pub(super) const SUBTITLE_MAX: TextLimit = TextLimit::Utf16(80);
/// The longest label of the card's button.
pub(super) const BUTTON_TITLE_MAX: TextLimit = TextLimit::Utf16(20);
/// The longest text in the empty field.
pub(super) const PLACEHOLDER_MAX: TextLimit = TextLimit::Utf16(65);
/// The longest question.
const QUESTION_MAX: TextLimit = TextLimit::Utf16(85);
/// The shortest question, in characters.
const QUESTION_CHARS_MIN: usize = 5;
/// The longest id of a question.
const QUESTION_ID_MAX: usize = 80;

/// How much `limit` admits.
pub(super) fn size(limit: TextLimit) -> usize {
    match limit {
        TextLimit::Chars(max) | TextLimit::Bytes(max) | TextLimit::Utf16(max) => max,
    }
}

/// Whether a text holds an address, which the form does not take.
pub(super) fn has_address(text: &str) -> bool {
    let text = text.to_lowercase();
    ["http://", "https://", "www."].iter().any(|beginning| text.contains(beginning))
}

/// Whether the form can ask `question`; else it is asked with quick replies inside the window.
pub(super) fn takes(question: &str) -> bool {
    question.trim().chars().count() >= QUESTION_CHARS_MIN && !has_address(question)
}

/// The message that shows the form, whose answer brings `token` back.
pub(super) fn message(feedback: &Feedback, token: &str, outgoing: &Outgoing) -> Result<Value, SendError> {
    let word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    if !(1..=QUESTION_ID_MAX).contains(&token.len()) || !token.bytes().all(word) {
        return Err(SendError::new(Verdict::Refused, "bad_token", "the form's token has to be 1 to 80 of A-Z, a-z, 0-9 and _"));
    }
    let words = words(&outgoing.language);
    let question = if takes(&outgoing.text) { outgoing.text.trim() } else { words.question };
    let given = |text: &Option<String>, else_: &str, limit: TextLimit| limit.shorten(text.as_deref().unwrap_or(else_));
    let follow_up = json!({ "type": "free_form", "placeholder": given(&feedback.placeholder, words.more, PLACEHOLDER_MAX) });
    let question_asked = json!({
        "id": token, "type": "csat", "title": QUESTION_MAX.shorten(question),
        "score_label": "neg_pos", "score_option": "five_stars", "follow_up": follow_up,
    });
    let mut payload = json!({
        "template_type": "customer_feedback",
        "title": given(&feedback.title, question, TITLE_MAX),
        "button_title": given(&feedback.button_title, words.rate, BUTTON_TITLE_MAX),
        "feedback_screens": [{ "questions": [question_asked] }],
        "business_privacy": { "url": feedback.privacy_url },
        "expires_in_days": feedback.expires_in_days,
    });
    if let Some(subtitle) = &feedback.subtitle {
        payload["subtitle"] = json!(subtitle);
    }
    Ok(json!({ "attachment": { "type": "template", "payload": payload } }))
}
