//! Page of a chat at its desk, linked from the rating.

use url::Url;

/// Maximum length of an address.
const LONGEST: usize = 2_000;

/// Address that can be shown as a link: `http` or `https`, without credentials. `None` for any other text.
pub fn desk_page(text: &str) -> Option<String> {
    let page = Url::parse(text.trim()).ok().filter(|_| text.len() <= LONGEST)?;
    let plain = page.username().is_empty() && page.password().is_none() && page.has_host();
    (plain && matches!(page.scheme(), "http" | "https")).then(|| page.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_of_the_web_are_links() {
        assert_eq!(desk_page(" https://desk.example.com/t/17?a=1#m2 ").as_deref(), Some("https://desk.example.com/t/17?a=1#m2"));
        assert_eq!(desk_page("http://10.0.0.7/t/\"><b>").as_deref(), Some("http://10.0.0.7/t/%22%3E%3Cb%3E"));
        let long = format!("https://desk.example.com/{}", "a".repeat(LONGEST));
        for text in ["", "desk.example.com/17", "/t/17", "javascript:alert(1)", "data:text/html,x", "ftp://a.example/", "https://", &long] {
            assert_eq!(desk_page(text), None, "{text}");
        }
        assert_eq!(desk_page("https://ann:secret@desk.example.com/"), None, "a login is nobody else's business");
    }
}
