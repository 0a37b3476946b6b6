//! Values of tables and addresses as displayed text.

use lastword_http::locale::language::Language;

/// Translates a value of a table, such as a reason, by the key `of-word`. A value without a translation is shown as it is,
/// such as a platform's own reason.
pub(crate) fn in_words(language: Language, of: &str, word: &str) -> String {
    let key = format!("{of}-{}", word.replace('_', "-"));
    let words = language.text(&key, &[]);
    if words == key { word.replace('_', " ") } else { words }
}

/// Encodes a path segment, such as a session ID, which may contain any characters.
pub(super) fn segment(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_translated_stays_as_it_is() {
        assert_eq!(in_words(Language::De, "ratings-reason", "too_short"), "zu wenige Nachrichten");
        assert_eq!(in_words(Language::De, "ratings-reason", "odd_reason_42"), "odd reason 42");
        assert_eq!(segment("webchat:site/1 ы"), "webchat%3Asite%2F1%20%D1%8B");
    }
}
