//! Texts of the widget in languages other than English. The widget contains only English and gets its visitor's language
//! from here, so that it stays small.

use lastword_contract::language::nearest;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// Texts by key.
type Texts = BTreeMap<String, String>;

/// All languages, each with every key of [`crate::TEXT_KEYS`].
static WORDS: LazyLock<BTreeMap<String, Texts>> =
    LazyLock::new(|| serde_json::from_str(include_str!("../widget/words.json")).expect("a test reads the table"));

/// Texts for `language`; empty for English and for unsupported languages.
pub(crate) fn built_in(language: &str) -> Texts {
    let nearest = nearest(language);
    // Texts without a region are those of Brazil.
    let key = if nearest == "pt-BR" { "pt" } else { nearest.as_str() };
    WORDS.get(key).cloned().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::TEXT_KEYS;

    #[test]
    fn every_language_has_every_word_with_its_numbers() {
        assert!(WORDS.len() >= 10, "{:?}", WORDS.keys());
        let wanted: std::collections::BTreeSet<&str> = TEXT_KEYS.iter().copied().collect();
        for (language, texts) in &*WORDS {
            assert_eq!(texts.keys().map(String::as_str).collect::<std::collections::BTreeSet<_>>(), wanted, "{language}");
            assert!(texts.values().all(|text| !text.trim().is_empty()), "{language}");
            assert!(texts["star"].contains("{n}") && texts["star"].contains("{m}"), "{language}");
        }
    }

    #[test]
    fn a_region_gets_its_language() {
        let title = |language: &str| built_in(language).remove("title");
        assert_eq!(title("de-AT"), title("de"));
        assert_eq!([title("pt"), title("pt-br")], [Some("Fale conosco".to_owned()), Some("Fale conosco".to_owned())]);
        assert_eq!([title("pt-AO"), title("pt_PT")], [Some("Fale connosco".to_owned()), Some("Fale connosco".to_owned())]);
        assert_eq!([title("en-GB"), title("fi"), title("")], [None, None, None]);
    }
}
