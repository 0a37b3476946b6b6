//! Meta's customer-feedback template: one screen with one question, five stars and a free text.

use super::config::Feedback;
use super::limits::{BUTTON_TITLE_MAX, PLACEHOLDER_MAX, TITLE_MAX, has_address};
use crate::words::words;
use lastword_contract::{Outgoing, SendError, TextLimit, Verdict};
use serde_json::{Value, json};

/// Maximum length of the question.
const QUESTION_MAX: TextLimit = TextLimit::Utf16(85);
/// Minimum length of the question, in characters.
const QUESTION_CHARS_MIN: usize = 5;
/// Maximum length of a question's ID.
const QUESTION_ID_MAX: usize = 80;

/// True if the form accepts `question`; otherwise it is asked with quick replies inside the window.
pub(super) fn takes(question: &str) -> bool {
    question.trim().chars().count() >= QUESTION_CHARS_MIN && !has_address(question)
}

/// The message that shows the form. Its answer contains `token`.
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
