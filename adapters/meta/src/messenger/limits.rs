//! Limits of the customer-feedback form's texts.

use lastword_contract::TextLimit;

/// Maximum length of the card's title.
pub(super) const TITLE_MAX: TextLimit = TextLimit::Utf16(65);
/// Maximum length of the subtitle.
pub(super) const SUBTITLE_MAX: TextLimit = TextLimit::Utf16(80);
/// Maximum length of the label of the card's button.
pub(super) const BUTTON_TITLE_MAX: TextLimit = TextLimit::Utf16(20);
/// Maximum length of the text field's placeholder.
pub(super) const PLACEHOLDER_MAX: TextLimit = TextLimit::Utf16(65);

/// Number of units that `limit` allows.
pub(super) fn size(limit: TextLimit) -> usize {
    match limit {
        TextLimit::Chars(max) | TextLimit::Bytes(max) | TextLimit::Utf16(max) => max,
    }
}

/// True if a text contains an address, which the form does not accept.
pub(super) fn has_address(text: &str) -> bool {
    let text = text.to_lowercase();
    ["http://", "https://", "www."].iter().any(|beginning| text.contains(beginning))
}
