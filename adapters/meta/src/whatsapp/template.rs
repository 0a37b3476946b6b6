//! A question outside the window: an approved template whose quick-reply buttons have the tokens.

use super::config::Template;
use crate::wording::check_choices;
use lastword_contract::language::primary;
use lastword_contract::{Outgoing, SendError, TextLimit, Verdict};
use serde_json::{Value, json};

/// Maximum quick-reply buttons of a template.
const BUTTONS_MAX: usize = 10;
/// Maximum length of a button's payload. Meta documents none; this is the limit of a reply button's ID.
const PAYLOAD_MAX: usize = 256;
/// Maximum length of the question in `{{1}}`: the template's own text has to fit its body of 1024 characters too.
const PARAMETER_MAX: TextLimit = TextLimit::Utf16(600);

/// The body for `outgoing`, without its recipient.
pub(super) fn body(template: &Template, outgoing: &Outgoing) -> Result<Value, SendError> {
    check_choices(&outgoing.choices, BUTTONS_MAX, PAYLOAD_MAX)?;
    let mut components = Vec::new();
    if template.text_parameter {
        let text = one_line(&outgoing.text);
        if text.is_empty() {
            return Err(SendError::new(Verdict::Refused, "empty_text", "Meta takes no empty parameter"));
        }
        components.push(json!({ "type": "body", "parameters": [{ "type": "text", "text": PARAMETER_MAX.shorten(&text) }] }));
    }
    components.extend(outgoing.choices.iter().enumerate().map(|(index, choice)| {
        let payload = json!({ "type": "payload", "payload": choice.token });
        json!({ "type": "button", "sub_type": "quick_reply", "index": index.to_string(), "parameters": [payload] })
    }));
    let language = json!({ "code": language(template, &outgoing.language), "policy": "deterministic" });
    Ok(json!({ "type": "template", "template": { "name": template.name, "language": language, "components": components } }))
}

/// A parameter may not contain line breaks, tabs, or four spaces in a row.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The approved language closest to the client's: the same, the same without its region, or the first.
fn language<'a>(template: &'a Template, wanted: &str) -> &'a str {
    let same = |code: &&String| code.replace('_', "-").eq_ignore_ascii_case(&wanted.replace('_', "-"));
    let related = |code: &&String| primary(code) == primary(wanted);
    let bare = |code: &&String| related(code) && !code.contains('_');
    let codes = &template.languages;
    let found = codes.iter().find(same).or_else(|| codes.iter().find(bare)).or_else(|| codes.iter().find(related));
    found.or_else(|| codes.first()).map_or("en", String::as_str)
}
