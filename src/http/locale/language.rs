//! Languages of the pages, and their negotiation with the browser.

use axum::http::{HeaderMap, header};
use lastword_language::{accepted, nearest};

/// A language of the pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Language {
    /// English.
    En,
    /// Russian.
    Ru,
    /// German.
    De,
    /// Spanish.
    Es,
    /// Portuguese of Brazil, and without a country.
    Pt,
    /// Portuguese of Portugal and all other countries.
    PtPt,
}

impl Language {
    /// All languages.
    pub const ALL: [Language; 6] = [Language::En, Language::Ru, Language::De, Language::Es, Language::Pt, Language::PtPt];

    /// Language tag, also the name of its folder.
    pub fn tag(self) -> &'static str {
        match self {
            Language::En => "en",
            Language::Ru => "ru",
            Language::De => "de",
            Language::Es => "es",
            Language::Pt => "pt",
            Language::PtPt => "pt-PT",
        }
    }

    /// Name of the language in the language itself.
    pub fn own_name(self) -> &'static str {
        match self {
            Language::En => "English",
            Language::Ru => "Русский",
            Language::De => "Deutsch",
            Language::Es => "Español",
            Language::Pt => "Português (Brasil)",
            Language::PtPt => "Português (Portugal)",
        }
    }

    /// Parses a tag such as `pt-BR`.
    pub fn parse(tag: &str) -> Option<Self> {
        let nearest = match nearest(tag).as_str() {
            "pt-BR" => "pt".to_owned(),
            other => other.to_owned(),
        };
        Language::ALL.into_iter().find(|language| language.tag() == nearest)
    }

    /// The language the browser asks for, if available (RFC 9110, 12.5.4).
    pub fn accepted(headers: &HeaderMap) -> Option<Self> {
        let sent = headers.get(header::ACCEPT_LANGUAGE)?.to_str().ok()?;
        accepted(sent).into_iter().find_map(Language::parse)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_browser_is_asked() {
        for (sent, expected) in [
            ("ru-RU,ru;q=0.9,en;q=0.8", Some(Language::Ru)),
            ("fr, de;q=0.4, pt-BR;q=0.7", Some(Language::Pt)),
            ("fr", None),
            ("en;q=0, es;q=0.1", Some(Language::Es)),
            ("pt-PT, pt;q=0.9", Some(Language::PtPt)),
            ("", None),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT_LANGUAGE, sent.parse().unwrap());
            assert_eq!(Language::accepted(&headers), expected, "{sent}");
        }
    }

    #[test]
    fn a_tag_leads_to_its_language() {
        assert_eq!(["pt", "pt_BR", "pt-AO"].map(Language::parse), [Some(Language::Pt), Some(Language::Pt), Some(Language::PtPt)]);
    }
}
