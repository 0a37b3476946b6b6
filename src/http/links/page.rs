//! The page as it is drawn. What it draws is decided in `state`.

use super::words::{LinkTexts, direction};
use crate::problem::Problem;
use askama::Template;
use axum::http::{HeaderName, StatusCode, header};
use axum::response::{IntoResponse, Response};

/// Our own style and forms to ourselves; no script of anybody.
const POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// The page.
#[derive(Template, Default)]
#[template(path = "links/page.html")]
pub(super) struct Page {
    pub(super) language: String,
    pub(super) direction: &'static str,
    pub(super) organisation: String,
    pub(super) title: String,
    pub(super) text: String,
    /// What went wrong with the form before.
    pub(super) problem: &'static str,
    /// What the client has answered, with its label.
    pub(super) answered: Option<(&'static str, String)>,
    pub(super) nonce: String,
    /// The query of the style sheet and the picture, which shows that a browser fetched them.
    pub(super) mark: String,
    /// Label of the box that is visible only without the style sheet.
    pub(super) person: &'static str,
    pub(super) question: Option<Tiles>,
    pub(super) follow_up: Option<FollowUp>,
    /// The way to a public review: for everybody who answered, or for nobody.
    pub(super) review: String,
    /// The button to say that an alert was seen.
    pub(super) seen: Option<&'static str>,
    /// The way to another score.
    pub(super) change: Option<String>,
    /// The client's other ratings, under their heading.
    pub(super) own: Option<(&'static str, Vec<Own>)>,
    /// Whether to be asked at all.
    pub(super) wish: Option<Wished>,
    /// The way to say "do not ask me again".
    pub(super) stop: Option<String>,
}

/// Another rating of the client.
pub(super) struct Own {
    pub(super) day: String,
    pub(super) line: String,
    pub(super) score: String,
    /// Its page, where it can be changed.
    pub(super) link: Option<String>,
}

/// One wish that can be said.
pub(super) struct Wished {
    pub(super) text: &'static str,
    pub(super) value: &'static str,
    pub(super) button: String,
}

/// The scores to choose from.
pub(super) struct Tiles {
    pub(super) stars: bool,
    pub(super) tiles: Vec<Tile>,
    pub(super) send: &'static str,
}

/// One score to choose.
pub(super) struct Tile {
    pub(super) score: u8,
    /// What is seen.
    pub(super) sign: &'static str,
    /// What is read beside it.
    pub(super) label: String,
    pub(super) chosen: bool,
}

/// What is asked after the score.
pub(super) struct FollowUp {
    pub(super) reasons: Vec<Reason>,
    pub(super) resolved: Option<Resolved>,
    pub(super) comment: Option<Comment>,
    pub(super) send: &'static str,
}

/// One reason to choose.
pub(super) struct Reason {
    pub(super) place: usize,
    pub(super) label: String,
    pub(super) chosen: bool,
    /// It is kept already.
    pub(super) kept: bool,
}

/// "Was your issue resolved?"
pub(super) struct Resolved {
    pub(super) question: String,
    pub(super) yes: String,
    pub(super) no: String,
    pub(super) chosen: Option<bool>,
}

/// The comment box.
pub(super) struct Comment {
    pub(super) label: String,
    pub(super) text: String,
    pub(super) max: usize,
}

/// A text in pieces: the addresses in it can be opened. Only what begins with `http://` or `https://` is one.
fn pieces(text: &str) -> Vec<(&str, Option<&str>)> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some(start) = ["https://", "http://"].iter().filter_map(|scheme| rest.find(scheme)).min() {
        let length = rest[start..].find(|letter: char| letter.is_whitespace() || "<>\"".contains(letter)).unwrap_or(rest.len() - start);
        // What ends a sentence is no part of an address.
        let address = rest[start..start + length].trim_end_matches(['.', ',', ';', ':', '!', '?', ')', '»', '”']);
        pieces.push((&rest[..start], None));
        pieces.push((address, Some(address).filter(|address| !address.ends_with('/') || address.matches('/').count() > 2)));
        rest = &rest[start + address.len()..];
    }
    pieces.push((rest, None));
    pieces.retain(|(words, _)| !words.is_empty());
    pieces
}

impl Page {
    /// A page that only says something.
    pub(super) fn plain(organisation: &str, words: &LinkTexts, title: &str, text: &str) -> Self {
        Self { title: title.to_owned(), text: text.to_owned(), ..Self::empty(organisation, words.language) }
    }

    /// A page in `language` with nothing on it yet.
    pub(super) fn empty(organisation: &str, language: &str) -> Self {
        Self { language: language.to_owned(), direction: direction(language), organisation: organisation.to_owned(), ..Self::default() }
    }

    /// The answer to a call. The middleware adds that nothing may be stored, and that no referrer leaves the page.
    pub(super) fn respond(&self, status: StatusCode) -> Response {
        let Ok(text) = self.render() else { return Problem::internal().into_response() };
        let headers = [
            (header::CONTENT_TYPE, "text/html; charset=utf-8"),
            (header::CONTENT_SECURITY_POLICY, POLICY),
            (HeaderName::from_static("x-robots-tag"), "noindex, nofollow"),
        ];
        (status, headers, text).into_response()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_in_a_text_can_be_opened_and_nothing_else() {
        let link = |address: &'static str| (address, Some(address));
        assert_eq!(
            pieces("Thank you! Tell others at https://shop.example/reviews?a=1&b=2. And (https://shop.example/)!"),
            [
                ("Thank you! Tell others at ", None),
                link("https://shop.example/reviews?a=1&b=2"),
                (". And (", None),
                link("https://shop.example/"),
                (")!", None)
            ]
        );
        assert_eq!(pieces("http://a.example"), [link("http://a.example")]);
        for plain in ["", "javascript:alert(1)", "data:text/html,x", "no link", "https://", "ahttp:/x"] {
            assert!(pieces(plain).iter().all(|(_, address)| address.is_none()), "{plain}");
        }
        let hidden = Page { title: "<b>https://x.example/\"onclick=".to_owned(), ..Page::default() }.render().unwrap();
        assert!(hidden.contains("&#60;b&#62;<a href=\"https://x.example/\" rel="), "{hidden}");
    }
}
