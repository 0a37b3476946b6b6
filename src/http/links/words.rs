//! Texts of the page besides the texts of the line: buttons and error messages.

mod table;

use axum::http::{HeaderMap, header};
use lastword_language::{accepted as wished, nearest};
use table::ALL;

/// The texts in one language.
#[derive(Debug)]
pub(super) struct LinkTexts {
    pub(super) language: &'static str,
    /// The button under the question.
    pub(super) send: &'static str,
    /// The button under the questions after a score.
    pub(super) send_more: &'static str,
    /// Name of 👍.
    pub(super) good: &'static str,
    /// Name of 👎.
    pub(super) bad: &'static str,
    /// "{} of 5".
    out_of_five: &'static str,
    /// Heading of the client's answer.
    pub(super) answered: &'static str,
    /// Error: nothing was selected.
    pub(super) choose: &'static str,
    /// Error: the page was open for too long, or is a copy.
    pub(super) again: &'static str,
    /// Error: the answer could not be stored.
    pub(super) busy: &'static str,
    /// Error: the score can no longer be changed.
    pub(super) locked: &'static str,
    /// Error: the score was changed as often as allowed.
    pub(super) used_up: &'static str,
    /// The scores look like a program's; asks for a second tap.
    pub(super) confirm: &'static str,
    /// A form looks like a program's; asks for a second tap.
    pub(super) once_more: &'static str,
    /// Label of the box that is visible only without the style sheet.
    pub(super) person: &'static str,
    /// "Your change to {score} takes effect on {day}."
    held: &'static str,
    /// Heading of the client's other ratings.
    pub(super) own_title: &'static str,
    /// Heading and explanation of the button to opt out.
    pub(super) stop_title: &'static str,
    pub(super) stop_text: &'static str,
    /// Heading of the button to be asked again.
    pub(super) stopped: &'static str,
    /// The link is unknown.
    pub(super) gone_title: &'static str,
    pub(super) gone_text: &'static str,
    /// Too many calls.
    pub(super) slow_title: &'static str,
    pub(super) slow_text: &'static str,
    /// Title of an alert.
    pub(super) alert_title: &'static str,
    pub(super) alert_text: &'static str,
    pub(super) seen: &'static str,
    /// "Seen by {}."
    seen_by: &'static str,
}

impl LinkTexts {
    /// Label of a number of stars for screen readers.
    pub(super) fn stars(&self, score: u8) -> String {
        self.out_of_five.replace("{}", &score.to_string())
    }

    /// Notice that a lower score is held for some days.
    pub(super) fn held(&self, score: &str, day: &str) -> String {
        self.held.replace("{score}", score).replace("{day}", day)
    }

    /// Notice of who acknowledged an alert.
    pub(super) fn seen_by(&self, name: &str) -> String {
        self.seen_by.replace("{}", name)
    }
}

/// The texts for `language`; English if there are none.
pub(super) fn words(language: &str) -> &'static LinkTexts {
    find(language).unwrap_or(&ALL[0])
}

/// The texts for the browser's `Accept-Language`; those of `otherwise` if there is no match.
pub(super) fn accepted(headers: &HeaderMap, otherwise: &str) -> &'static LinkTexts {
    let wishes = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    wished(wishes).into_iter().find_map(find).unwrap_or_else(|| words(otherwise))
}

fn find(language: &str) -> Option<&'static LinkTexts> {
    let nearest = nearest(language);
    ALL.iter().find(|words| words.language == nearest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_browsers_wish_is_heard_in_its_order() {
        let heard = |wish: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT_LANGUAGE, wish.parse().unwrap());
            accepted(&headers, "ru").language
        };
        assert_eq!(heard("de-AT,de;q=0.9,en;q=0.8"), "de");
        assert_eq!([heard("sw, pt-BR;q=0.5"), heard("pt-PT"), heard("pt")], ["pt-BR", "pt-PT", "pt-BR"]);
        assert_eq!(heard("*"), "ru", "the organisation's own");
        assert_eq!(accepted(&HeaderMap::new(), "xx").language, "en");
    }
}
