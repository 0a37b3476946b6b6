//! Rendering of the page. Its contents are decided in `state`.

use super::words::LinkTexts;
use crate::problem::Problem;
use askama::Template;
use axum::http::{HeaderName, StatusCode, header};
use axum::response::{IntoResponse, Response};
use lastword_language::direction;

/// Allows our own style sheet and forms to ourselves, and no scripts.
const POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// Contents of the page.
#[derive(Template, Default)]
#[template(path = "links/page.html")]
pub(super) struct Page {
    pub(super) language: String,
    pub(super) direction: &'static str,
    pub(super) organisation: String,
    /// Version of its logo, if it has one.
    pub(super) logo: Option<i64>,
    /// The conversation that is rated.
    pub(super) about: String,
    pub(super) title: String,
    pub(super) text: String,
    /// Error about the previous form.
    pub(super) problem: &'static str,
    /// The client's answer, with its label.
    pub(super) answered: Option<(&'static str, String)>,
    pub(super) nonce: String,
    /// The query of the style sheet and the picture, which shows that a browser fetched them.
    pub(super) mark: String,
    /// Label of the box that is visible only without the style sheet.
    pub(super) person: &'static str,
    pub(super) question: Option<Tiles>,
    pub(super) follow_up: Option<FollowUp>,
    /// Link to a public review: for all who answered, or for none.
    pub(super) review: String,
    /// Label of the button to acknowledge an alert.
    pub(super) seen: Option<&'static str>,
    /// Link to choose another score.
    pub(super) change: Option<String>,
    /// The client's other ratings, with a heading.
    pub(super) own: Option<(&'static str, Vec<Own>)>,
    /// Choice to be asked or not.
    pub(super) wish: Option<Wished>,
    /// Link for "do not ask me again".
    pub(super) stop: Option<String>,
}

/// Another rating of the client.
pub(super) struct Own {
    pub(super) day: String,
    pub(super) line: String,
    pub(super) score: String,
    /// Link to change it, if it can be changed.
    pub(super) link: Option<String>,
}

/// A wish that the client can choose.
pub(super) struct Wished {
    pub(super) text: &'static str,
    pub(super) value: &'static str,
    pub(super) button: String,
}

/// The scores to choose from.
pub(super) struct Tiles {
    pub(super) stars: bool,
    /// Meaning of the first and of the last star.
    pub(super) ends: Option<[&'static str; 2]>,
    pub(super) tiles: Vec<Tile>,
    pub(super) send: &'static str,
}

/// A score to choose.
pub(super) struct Tile {
    pub(super) score: u8,
    /// Symbol shown.
    pub(super) sign: &'static str,
    /// Label for screen readers.
    pub(super) label: String,
    pub(super) chosen: bool,
}

/// Questions after the score.
pub(super) struct FollowUp {
    pub(super) reasons: Vec<Reason>,
    pub(super) resolved: Option<Resolved>,
    pub(super) comment: Option<Comment>,
    pub(super) send: &'static str,
}

/// A reason to choose.
pub(super) struct Reason {
    pub(super) place: usize,
    pub(super) label: String,
    pub(super) chosen: bool,
    /// True if it is already stored.
    pub(super) kept: bool,
}

/// "Was your issue resolved?"
pub(super) struct Resolved {
    pub(super) question: String,
    pub(super) yes: String,
    pub(super) no: String,
    pub(super) chosen: Option<bool>,
}

/// The comment field.
pub(super) struct Comment {
    pub(super) label: String,
    pub(super) text: String,
    pub(super) max: usize,
}

/// Splits a text into pieces with and without a link. Only `http://` and `https://` URLs become links.
fn pieces(text: &str) -> Vec<(&str, Option<&str>)> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some(start) = ["https://", "http://"].iter().filter_map(|scheme| rest.find(scheme)).min() {
        let length = rest[start..].find(|letter: char| letter.is_whitespace() || "<>\"".contains(letter)).unwrap_or(rest.len() - start);
        // Punctuation at the end of a sentence is not part of a URL.
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
    /// A page with only a title and a text.
    pub(super) fn plain(organisation: &str, words: &LinkTexts, title: &str, text: &str) -> Self {
        Self { title: title.to_owned(), text: text.to_owned(), ..Self::empty(organisation, words.language) }
    }

    /// An empty page in `language`.
    pub(super) fn empty(organisation: &str, language: &str) -> Self {
        Self { language: language.to_owned(), direction: direction(language), organisation: organisation.to_owned(), ..Self::default() }
    }

    /// The response. The middleware adds the headers that forbid caching and referrers.
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
