//! The widget's source as it is served, and the script tag that embeds it.

use std::sync::LazyLock;

/// Source of the widget with comments.
const SOURCE: &str = include_str!("../widget/widget.js");

/// The widget as served at `/widget.js`: one file without dependencies, comment lines and indentation.
pub static WIDGET_JS: LazyLock<String> = LazyLock::new(|| {
    let lines = SOURCE.lines().map(str::trim_start).filter(|line| !line.is_empty() && !line.starts_with("//"));
    lines.flat_map(|line| [line, "\n"]).collect()
});

/// The script tag for a site's pages. `public_url` is the address of this installation.
pub fn embed_snippet(public_url: &str, connection: &str) -> String {
    let base = public_url.trim_end_matches('/');
    format!("<script src=\"{}/widget.js\" data-connection=\"{}\" async></script>", attribute(base), attribute(connection))
}

fn attribute(text: &str) -> String {
    text.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::TEXT_KEYS;

    #[test]
    fn the_snippet_cannot_be_broken_out_of() {
        assert_eq!(
            embed_snippet("https://rate.example/", "site"),
            "<script src=\"https://rate.example/widget.js\" data-connection=\"site\" async></script>"
        );
        assert!(!embed_snippet("https://rate.example", "\"><script>").contains("\"><script>"));
    }

    #[test]
    fn the_widget_has_the_texts_that_the_settings_can_replace() {
        assert!(WIDGET_JS.contains(&format!("'{}'", TEXT_KEYS.join(" "))), "the widget's KEYS differ from TEXT_KEYS");
    }

    #[test]
    fn the_widget_stays_small_and_needs_no_unsafe_csp() {
        assert!(WIDGET_JS.len() < 34_000, "{} bytes", WIDGET_JS.len());
        for word in ["innerHTML", "outerHTML", "insertAdjacentHTML", "eval(", "new Function", "document.write", "cssText", "'style'"] {
            assert!(!WIDGET_JS.contains(word), "{word} has no place in the widget");
        }
    }
}
