//! The public review link goes to every client who answered, or to none. Review sites, and in many countries the law, forbid
//! sending only happy clients there; so no text that depends on the score may contain a link to its site.

use super::{BadSetting, LineSettings, Texts};
use url::Url;

/// Maximum length of the address, in characters: with the longest thank-you and introduction it fits every channel.
const ADDRESS_CHARS_MAX: usize = 200;
/// Maximum length of the text before it, in characters.
const WORDS_CHARS_MAX: usize = 160;

impl LineSettings {
    /// The address, if clients can open it.
    fn review_address(&self) -> Option<Url> {
        let link = self.review_link.as_deref()?;
        let url = Url::parse(link).ok().filter(|_| link.chars().count() <= ADDRESS_CHARS_MAX && !link.contains(char::is_whitespace))?;
        let open = matches!(url.scheme(), "https" | "http") && url.username().is_empty() && url.password().is_none();
        let named = url.host_str().is_some_and(|host| host.contains('.'));
        (open && named).then_some(url)
    }

    /// Checks that the review link is valid and goes to every client.
    pub(super) fn check_review_link(&self) -> Result<(), BadSetting> {
        for (language, texts) in &self.texts {
            if texts.review.as_ref().is_some_and(|words| words.chars().count() > WORDS_CHARS_MAX) {
                let problem = format!("write at most {WORDS_CHARS_MAX} characters, or leave it out for the built-in words");
                return Err(BadSetting { field: format!("texts.{language}.review"), problem });
            }
        }
        if self.review_link.is_none() {
            return Ok(());
        }
        let Some(url) = self.review_address() else {
            let problem = format!("write an address of at most {ADDRESS_CHARS_MAX} characters that begins with https://, or leave it out");
            return Err(BadSetting { field: "review_link".to_owned(), problem });
        };
        let site = url.host_str().unwrap_or_default().trim_start_matches("www.").to_lowercase();
        for (language, texts) in &self.texts {
            if let Some((name, _)) = by_score(texts).into_iter().find(|(_, text)| text.to_lowercase().contains(&site)) {
                let problem = format!(
                    "leads to {site}, the site of review_link, but is read only after some scores: the review link goes to everybody who \
                     answered or to nobody. Take the address out; review_link adds it to all thanks alike"
                );
                return Err(BadSetting { field: format!("texts.{language}.{name}"), problem });
            }
        }
        Ok(())
    }
}

/// The texts that depend on the score.
fn by_score(texts: &Texts) -> Vec<(&'static str, &str)> {
    let texts = [
        ("thanks_good", &texts.thanks_good),
        ("thanks_neutral", &texts.thanks_neutral),
        ("thanks_low", &texts.thanks_low),
        ("resolved", &texts.resolved),
        ("comment", &texts.comment),
    ];
    texts.into_iter().filter_map(|(name, text)| Some((name, text.as_deref()?))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn line(texts: serde_json::Value, link: &str) -> LineSettings {
        serde_json::from_value(json!({ "texts": { "en": texts }, "review_link": link })).expect("settings")
    }

    #[test]
    fn no_text_of_some_scores_leads_to_the_review_site() {
        let link = "https://www.reviews.example/shop?ref=chat";
        for name in ["thanks_good", "thanks_neutral", "thanks_low", "resolved", "comment"] {
            for text in ["Tell others: https://reviews.example/shop", "See REVIEWS.example", "http://www.reviews.example/other"] {
                let bad = line(json!({ name: text }), link).check().expect_err(text);
                assert_eq!(bad.field, format!("texts.en.{name}"));
                assert!(bad.problem.contains("goes to everybody who answered or to nobody"), "{}", bad.problem);
            }
            assert_eq!(line(json!({ name: "Thank you! https://shop.example" }), link).check(), Ok(()));
        }
        assert_eq!(line(json!({ "review": "Tell others" }), link).check(), Ok(()));
        let scored = line(json!({ "review": "You gave #SCORE#, tell others" }), link).check().expect_err("the score is none of its words");
        assert_eq!(scored.field, "texts.en.review");
        assert_eq!(line(json!({ "review": "x".repeat(161) }), link).check().expect_err("too long").field, "texts.en.review");
    }

    #[test]
    fn a_review_link_is_an_address_that_clients_can_open() {
        for link in ["http://reviews.example", "https://g.page/r/abc/review", "https://reviews.example/#write"] {
            assert_eq!(line(json!({}), link).check(), Ok(()), "{link}");
        }
        let long = format!("https://reviews.example/{}", "x".repeat(200));
        for link in
            ["", "reviews", "javascript:alert(1)", "https://localhost", "https://me:secret@reviews.example/", "https://a.example/ b", &long]
        {
            assert_eq!(line(json!({}), link).check().expect_err(link).field, "review_link");
        }
    }
}
