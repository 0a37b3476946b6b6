//! The page's own few words, beside the line's texts: what stands on its buttons, and what it says when it cannot help.

mod table;

use axum::http::{HeaderMap, header};
use lastword_domain::question::texts::{nearest, root};
use table::ALL;

/// The words of one language.
#[derive(Debug)]
pub(super) struct LinkTexts {
    pub(super) language: &'static str,
    /// The button under the question.
    pub(super) send: &'static str,
    /// 👍 as a word.
    pub(super) good: &'static str,
    /// 👎 as a word.
    pub(super) bad: &'static str,
    /// "{} of 5".
    out_of_five: &'static str,
    /// Above what the client has answered.
    pub(super) answered: &'static str,
    /// Nothing was chosen.
    pub(super) choose: &'static str,
    /// The page was open for too long, or is a copy.
    pub(super) again: &'static str,
    /// It could not be kept.
    pub(super) busy: &'static str,
    /// The score can no longer be changed.
    pub(super) locked: &'static str,
    /// The score was changed as often as it can be.
    pub(super) used_up: &'static str,
    /// The scores look like a program's, and one more tap is asked for.
    pub(super) confirm: &'static str,
    /// A form looks like a program's, and one more tap is asked for.
    pub(super) once_more: &'static str,
    /// Label of the box that is visible only without the style sheet.
    pub(super) person: &'static str,
    /// "Your change to {score} takes effect on {day}."
    held: &'static str,
    /// Above the client's other ratings.
    pub(super) own_title: &'static str,
    /// Above the button not to be asked again, and what it does.
    pub(super) stop_title: &'static str,
    pub(super) stop_text: &'static str,
    /// Above the button to be asked again.
    pub(super) stopped: &'static str,
    /// Nothing behind the link.
    pub(super) gone_title: &'static str,
    pub(super) gone_text: &'static str,
    /// Too many calls.
    pub(super) slow_title: &'static str,
    pub(super) slow_text: &'static str,
    /// An alert.
    pub(super) alert_title: &'static str,
    pub(super) alert_text: &'static str,
    pub(super) seen: &'static str,
    /// "Seen by {}."
    seen_by: &'static str,
}

impl LinkTexts {
    /// How a screen reader says so many stars.
    pub(super) fn stars(&self, score: u8) -> String {
        self.out_of_five.replace("{}", &score.to_string())
    }

    /// A lower score is held for some days.
    pub(super) fn held(&self, score: &str, day: &str) -> String {
        self.held.replace("{score}", score).replace("{day}", day)
    }

    /// Who has seen an alert.
    pub(super) fn seen_by(&self, name: &str) -> String {
        self.seen_by.replace("{}", name)
    }
}

/// The words for somebody who reads `language`; English where there are none.
pub(super) fn words(language: &str) -> &'static LinkTexts {
    find(language).unwrap_or(&ALL[0])
}

/// The words for somebody of whom only the browser's wish is known.
pub(super) fn accepted(headers: &HeaderMap, otherwise: &str) -> &'static LinkTexts {
    let wishes = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    // Browsers name the dearest first.
    let mut wishes = wishes.split(',').take(10).filter_map(|wish| find(wish.split(';').next()?.trim()));
    wishes.next().unwrap_or_else(|| words(otherwise))
}

fn find(language: &str) -> Option<&'static LinkTexts> {
    let nearest = nearest(language);
    ALL.iter().find(|words| words.language.eq_ignore_ascii_case(nearest))
}

/// The side from which `language` is read.
pub(super) fn direction(language: &str) -> &'static str {
    const FROM_THE_RIGHT: [&str; 9] = ["ar", "he", "fa", "ur", "ps", "yi", "dv", "ckb", "sd"];
    if FROM_THE_RIGHT.iter().any(|right| right.eq_ignore_ascii_case(root(language))) { "rtl" } else { "ltr" }
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

    #[test]
    fn languages_know_their_side() {
        assert_eq!(
            [direction("ar-EG"), direction("he"), direction("FA"), direction("en"), direction("")],
            ["rtl", "rtl", "rtl", "ltr", "ltr"]
        );
    }
}
