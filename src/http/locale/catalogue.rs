//! Texts of the pages: message files in `locales/`, with the plural rules of each language.
//!
//! To add a text, add the same key in all folders (a test counts them); `pt-PT` contains only what differs from `pt`. To
//! add a language, add a folder, a variant of [`Language`], and its number and date formats in `format`.

use super::format;
use super::language::Language;
use fluent_templates::fluent_bundle::FluentValue;
use fluent_templates::{LanguageIdentifier, Loader, static_loader};
use lastword_base::names::Name;
use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::LazyLock;

static_loader! {
    static LOCALES = {
        locales: "../../locales",
        fallback_language: "en",
        // Isolation marks around arguments would be copied along with the text. Numbers are formatted by language.
        customise: |bundle| {
            bundle.set_use_isolating(false);
            let tag = bundle.locales.first().map(ToString::to_string);
            bundle.set_formatter(Some(format::formatter_of(tag.as_deref().unwrap_or_default())));
        },
    };
}

/// An argument of a message: a number or a text.
pub trait Argument {
    /// The value for the message files.
    fn value(&self) -> FluentValue<'static>;
}

macro_rules! numbers {
    ($($kind:ty),*) => { $(impl Argument for $kind {
        fn value(&self) -> FluentValue<'static> {
            FluentValue::from(*self)
        }
    })* };
}
numbers!(i64, i32, u32, u64, usize);

impl<K> Argument for Name<K> {
    fn value(&self) -> FluentValue<'static> {
        FluentValue::from(self.to_string())
    }
}

impl Argument for str {
    fn value(&self) -> FluentValue<'static> {
        FluentValue::String(Cow::Owned(self.to_owned()))
    }
}

impl Argument for String {
    fn value(&self) -> FluentValue<'static> {
        self.as_str().value()
    }
}

impl<T: Argument + ?Sized> Argument for &T {
    fn value(&self) -> FluentValue<'static> {
        (**self).value()
    }
}

impl Language {
    /// The text of a key; the key itself if it is missing, so that this is noticed.
    pub fn text(self, key: &str, arguments: &[(&'static str, &dyn Argument)]) -> String {
        let arguments: HashMap<Cow<'static, str>, FluentValue<'_>> =
            arguments.iter().map(|(name, argument)| (Cow::Borrowed(*name), argument.value())).collect();
        LOCALES.try_lookup_with_args(self.identifier(), key, &arguments).unwrap_or_else(|| key.to_owned())
    }

    fn identifier(self) -> &'static LanguageIdentifier {
        static IDENTIFIERS: LazyLock<Vec<LanguageIdentifier>> =
            LazyLock::new(|| Language::ALL.iter().map(|language| language.tag().parse().unwrap_or_default()).collect());
        &IDENTIFIERS[self as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::{BTreeMap, BTreeSet};
    use std::path::Path;

    /// The message file of a language: texts by key.
    fn messages(language: Language) -> BTreeMap<String, String> {
        let mut found = BTreeMap::new();
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../locales").join(language.tag());
        for entry in std::fs::read_dir(folder).unwrap() {
            let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
            let mut key = None;
            for line in text.lines() {
                match line.split_once(" = ").or_else(|| line.strip_suffix(" =").map(|key| (key, ""))) {
                    Some((name, words)) if line.starts_with(|first: char| first.is_ascii_lowercase()) => {
                        assert!(found.insert(name.to_owned(), words.to_owned()).is_none(), "{} has {name} twice", language.tag());
                        key = Some(name.to_owned());
                    }
                    _ => {
                        if let Some(text) = key.as_ref().and_then(|key| found.get_mut(key)) {
                            text.push_str(line);
                        }
                    }
                }
            }
        }
        found
    }

    /// The arguments used in a text.
    fn arguments(text: &str) -> BTreeSet<String> {
        let names = text.split('$').skip(1).map(|rest| rest.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect());
        names.collect()
    }

    #[test]
    fn every_language_has_every_key_with_the_same_arguments() {
        let english = messages(Language::En);
        assert!(english.len() > 50);
        for language in Language::ALL {
            let own = messages(language);
            let (ours, theirs): (BTreeSet<_>, BTreeSet<_>) = (english.keys().collect(), own.keys().collect());
            let missing: Vec<_> = match language {
                // Falls back to the texts of Brazil.
                Language::PtPt => theirs.difference(&ours).collect(),
                _ => ours.symmetric_difference(&theirs).collect(),
            };
            assert!(missing.is_empty(), "{}: {missing:?}", language.tag());
            for (key, text) in &own {
                assert_eq!(arguments(text), arguments(&english[key]), "{} {key}", language.tag());
                let some: Vec<(&'static str, &dyn Argument)> =
                    arguments(text).into_iter().map(|name| (&*name.leak(), &1_i64 as &dyn Argument)).collect();
                assert!(!text.is_empty() && language.text(key, &some) != *key, "{} {key}", language.tag());
            }
        }
    }

    #[test]
    fn every_key_that_a_template_or_a_handler_names_has_words() {
        let english = messages(Language::En);
        let mut named = BTreeSet::new();
        walk(&Path::new(env!("CARGO_MANIFEST_DIR")).join("pages"), &mut named);
        assert!(named.len() > 30, "the walk finds the templates");
        let missing: Vec<_> = named.iter().filter(|key| !english.contains_key(*key)).collect();
        assert!(missing.is_empty(), "{missing:?}");
    }

    fn walk(folder: &Path, named: &mut BTreeSet<String>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, named);
            } else if path.extension().is_some_and(|kind| kind == "html" || kind == "rs") {
                let text = std::fs::read_to_string(&path).unwrap();
                // A literal key directly after the parenthesis of these calls.
                for call in [".t(\"", ".t1(\"", ".t2(\"", ".t3(\"", "saying(\"", "wrong(\""] {
                    named.extend(text.split(call).skip(1).filter_map(|rest| rest.split('"').next()).map(str::to_owned));
                }
            }
        }
    }

    #[test]
    fn plurals_and_numbers_are_the_languages_own() {
        let said = |language: Language, n: i64| language.text("ago-minutes", &[("n", &n)]);
        assert_eq!(["1 minute ago", "2 minutes ago"].map(str::to_owned), [said(Language::En, 1), said(Language::En, 2)]);
        let russian: Vec<String> = [1, 2, 5, 21].iter().map(|&n| said(Language::Ru, n)).collect();
        assert_eq!(russian, ["1 минуту назад", "2 минуты назад", "5 минут назад", "21 минуту назад"]);
        assert_eq!(said(Language::De, 12_345), "vor 12.345 Minuten");
        for language in Language::ALL {
            let text = language.text("account-who", &[("login", &"anna")]);
            assert!(!text.chars().any(|letter| ('\u{2066}'..='\u{2069}').contains(&letter)) && text.contains("anna"), "{text:?}");
        }
    }

    #[test]
    fn portugal_says_what_it_says_alike_with_brazils_words() {
        let [of_brazil, of_portugal] = [Language::Pt, Language::PtPt].map(|language| language.text("field-password", &[]));
        assert_eq!((of_brazil.as_str(), of_portugal.as_str()), ("Senha", "Palavra-passe"));
        assert_eq!(Language::PtPt.text("nav-today", &[]), "Hoje");
        assert_eq!(Language::PtPt.text("ago-minutes", &[("n", &12_345)]), "há 12.345 minutos");
    }
}
