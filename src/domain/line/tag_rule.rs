//! Keyword rules: a comment that contains one of a rule's words is tagged with its reason. They look only at words, so that the
//! cause of every tag is visible.

use super::BadSetting;
use crate::answer::reason::{CODE_CHARS_MAX, is_code};
use crate::word_split::in_order;
use lastword_language::primary;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use utoipa::ToSchema;

/// Maximum number of rules of a line.
const RULES_MAX: usize = 30;
/// Maximum number of words of a rule in one language.
const WORDS_MAX: usize = 60;
/// Maximum length of a word, in characters.
const WORD_CHARS_MAX: usize = 60;

/// A keyword rule of a line.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TagRule {
    /// The reason: one that clients choose from, or another code.
    #[schema(max_length = 40, example = "price")]
    pub code: String,
    /// Words and phrases by language (`en`, `pt`), one of which is enough. Case and accents are ignored; `expens*` matches all
    /// words that begin with it. A comment is compared with the words of its client's language, or with those of all languages if
    /// the rule has none of that language, or the language is unknown.
    pub words: BTreeMap<String, Vec<String>>,
}

impl TagRule {
    /// True if a comment of these words matches the rule.
    fn finds(&self, comment: &[String], language: Option<&str>) -> bool {
        let own = language.map(|language| self.words.iter().filter(|(of, _)| primary(of) == primary(language)).collect());
        let own: Vec<_> = own.unwrap_or_default();
        let phrases =
            if own.is_empty() { self.words.values().flatten().collect() } else { own.into_iter().flat_map(|(_, words)| words).collect() };
        let phrases: Vec<&String> = phrases;
        phrases.into_iter().any(|phrase| stands_in(phrase, comment))
    }
}

/// The codes with which these rules tag a comment, in order; `None` if there are no rules.
pub fn tags(rules: &[TagRule], language: Option<&str>, comment: &str) -> Option<Vec<String>> {
    if rules.is_empty() {
        return None;
    }
    let words: Vec<String> = in_order(comment).collect();
    let codes: BTreeSet<&String> = rules.iter().filter(|rule| rule.finds(&words, language)).map(|rule| &rule.code).collect();
    Some(codes.into_iter().cloned().collect())
}

/// True if the words contain the phrase; its last word may be a prefix.
fn stands_in(phrase: &str, words: &[String]) -> bool {
    let (phrase, begun) = phrase.trim().strip_suffix('*').map_or((phrase, false), |phrase| (phrase, true));
    let phrase: Vec<String> = in_order(phrase).collect();
    let Some((last, first)) = phrase.split_last() else { return false };
    let fits = |there: &[String]| {
        let end = &there[first.len()];
        there[..first.len()] == *first && if begun { end.starts_with(last) } else { end == last }
    };
    words.windows(phrase.len()).any(fits)
}

/// Refuses the first invalid rule.
pub(super) fn check(rules: &[TagRule], is_language: impl Fn(&str) -> bool) -> Result<(), BadSetting> {
    let bad = |problem: String| Err(BadSetting { field: "tag_rules".to_owned(), problem });
    if rules.len() > RULES_MAX {
        return bad(format!("at most {RULES_MAX} rules; give one rule several words"));
    }
    for (at, TagRule { code, words }) in rules.iter().enumerate() {
        if !is_code(code) {
            return bad(format!("the code \"{code}\" is none: write at most {CODE_CHARS_MAX} small letters, digits, _ and -"));
        }
        if rules[..at].iter().any(|other| other.code == *code) {
            return bad(format!("two rules have the code \"{code}\"; make one rule of them"));
        }
        if words.values().all(Vec::is_empty) {
            return bad(format!("the rule \"{code}\" has no words; write some, or take it out"));
        }
        for (language, words) in words {
            if !is_language(language) {
                return bad(format!("\"{language}\" is not a language; write for instance \"en\" or \"pt-BR\""));
            }
            if words.len() > WORDS_MAX {
                return bad(format!("the rule \"{code}\" has more than {WORDS_MAX} words in \"{language}\"; take some out"));
            }
            let no_word = |word: &&String| word.chars().count() > WORD_CHARS_MAX || in_order(word).next().is_none();
            if let Some(word) = words.iter().find(no_word) {
                let word: String = word.chars().take(WORD_CHARS_MAX).collect();
                return bad(format!(
                    "\"{word}\" of the rule \"{code}\" is no word to look for; write 1 to {WORD_CHARS_MAX} characters with letters"
                ));
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(code: &str, words: &[(&str, &[&str])]) -> TagRule {
        let words = words.iter().map(|(language, words)| ((*language).to_owned(), words.iter().map(|&word| word.to_owned()).collect()));
        TagRule { code: code.to_owned(), words: words.collect() }
    }

    #[test]
    fn a_comment_is_tagged_by_its_words() {
        let rules = [
            rule("slow", &[("en", &["slow", "took too long", "wait*"]), ("de", &["langsam"])]),
            rule("price", &[("en", &["price", "too expensive"])]),
            rule("отмена", &[("ru", &["отмен*", "вернули деньги"])]),
        ];
        let tags = |language: Option<&str>, text: &str| tags(&rules, language, text).unwrap().join(" ");
        assert_eq!(tags(Some("en-GB"), "I WAITED, and it was too… expensive!"), "price slow");
        assert_eq!(tags(Some("en"), "too much, expensive"), "", "the words of a phrase stand together");
        assert_eq!(tags(Some("en"), "slowly"), "", "a whole word, unless it says *");
        assert_eq!(tags(Some("en"), "so langsam"), "", "the words of the client's language");
        assert_eq!(tags(None, "so langsam"), "slow", "of all languages where it is not known");
        assert_eq!(tags(Some("en"), "Отменили заказ"), "отмена", "or where the rule has none of it");
        assert_eq!(tags(Some("fr"), "it took  too long"), "slow");
        assert_eq!(super::tags(&[], Some("en"), "slow"), None);
        assert_eq!(tags(None, "👎"), "");
    }

    #[test]
    fn rules_that_make_no_sense_are_refused_with_the_remedy() {
        let long = "x".repeat(61);
        let cases = [
            (vec![rule("Slow", &[("en", &["slow"])])], "the code \"Slow\" is none"),
            (vec![rule("slow", &[("en", &["slow"])]), rule("slow", &[("en", &["late"])])], "two rules have the code"),
            (vec![rule("slow", &[("en", &[])])], "has no words"),
            (vec![rule("slow", &[("en", &["!?"])])], "is no word to look for"),
            (vec![rule("slow", &[("en", &[&long])])], "is no word to look for"),
            (vec![rule("slow", &[("", &["slow"])])], "is not a language"),
            ((0..31).map(|n| rule(&format!("r{n}"), &[("en", &["slow"])])).collect(), "at most 30 rules"),
        ];
        for (rules, said) in cases {
            let bad = check(&rules, |language| !language.is_empty()).expect_err(said);
            assert!(bad.field == "tag_rules" && bad.problem.contains(said), "{bad:?}");
        }
        assert_eq!(check(&[rule("slow", &[("en", &["slow"]), ("de", &[])])], |_| true), Ok(()));
    }
}
