//! Words of a comment for the search: lowercase letters without marks, so that "Ещё" finds "еще" and "Café" finds "cafe". Scripts
//! without blanks are searched letter by letter.

use std::collections::BTreeSet;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Longer words are cut, in comments and in searches.
pub const LETTERS_MAX: usize = 32;
/// Maximum number of different words of one comment that are found; a comment has at most 4,000 characters.
pub const WORDS_MAX: usize = 400;
/// Sorts after every letter in byte order: a word with it appended sorts after all words that the word begins.
pub const LAST_LETTER: char = '\u{10ffff}';
/// Maximum number of words of a search.
pub const SEARCHED_MAX: usize = 8;

/// The different words of a text.
pub fn words(text: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for word in WordSplitter::of(text) {
        found.insert(word);
        if found.len() == WORDS_MAX {
            break;
        }
    }
    found
}

/// The words of a text in their order, with repetitions.
pub fn in_order(text: &str) -> impl Iterator<Item = String> + '_ {
    WordSplitter::of(text)
}

struct WordSplitter<I: Iterator<Item = char>> {
    letters: std::iter::Peekable<I>,
}

impl WordSplitter<std::iter::Empty<char>> {
    fn of(text: &str) -> WordSplitter<impl Iterator<Item = char> + '_> {
        // Decomposed first, so that marks are separate; compatibility variants (ﬁ, ①, Ａ) are equal.
        let small = text.nfkd().filter(|letter| !is_combining_mark(*letter)).flat_map(char::to_lowercase);
        // The lowercase form of capitals with marks can contain a mark again: İ.
        WordSplitter { letters: small.filter(|letter| !is_combining_mark(*letter)).peekable() }
    }
}

impl<I: Iterator<Item = char>> Iterator for WordSplitter<I> {
    type Item = String;

    fn next(&mut self) -> Option<String> {
        while self.letters.next_if(|letter| !letter.is_alphanumeric()).is_some() {}
        let first = self.letters.next()?;
        let mut word = String::from(first);
        if writes_no_blanks(first) {
            return Some(word);
        }
        let mut length = 1;
        while let Some(letter) = self.letters.next_if(|letter| letter.is_alphanumeric() && !writes_no_blanks(*letter)) {
            length += 1;
            if length <= LETTERS_MAX {
                word.push(letter);
            }
        }
        Some(word)
    }
}

/// Han, kana and their like, Thai, Lao, Khmer, Burmese.
fn writes_no_blanks(letter: char) -> bool {
    matches!(letter, '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}' | '\u{3040}'..='\u{30ff}'
        | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

/// A search: all of these words, the last one possibly a prefix.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Search {
    /// Whole words.
    pub whole: BTreeSet<String>,
    /// Prefix of a further word.
    pub begins: String,
}

/// Reason why a text is no search.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoSearch {
    /// It contains no word.
    NoWord,
    /// It contains too many words.
    TooMany,
}

impl Search {
    /// Parses a typed search.
    ///
    /// # Errors
    /// If it has no words, or too many.
    pub fn read(text: &str) -> Result<Self, NoSearch> {
        let mut all: Vec<String> = WordSplitter::of(text).take(SEARCHED_MAX + 1).collect();
        if all.len() > SEARCHED_MAX {
            return Err(NoSearch::TooMany);
        }
        let begins = all.pop().ok_or(NoSearch::NoWord)?;
        Ok(Self { whole: all.into_iter().collect(), begins })
    }

    /// True if a text matches.
    pub fn finds(&self, text: &str) -> bool {
        let words = words(text);
        self.begun_in(&words) && self.whole.iter().all(|word| words.contains(word))
    }

    /// True if one of these words starts with the last word of the search.
    fn begun_in(&self, words: &BTreeSet<String>) -> bool {
        words.range(self.begins.clone()..).next().is_some_and(|word| word.starts_with(&self.begins))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn list(text: &str) -> Vec<String> {
        words(text).into_iter().collect()
    }

    #[test]
    fn words_are_small_and_without_marks() {
        assert_eq!(list("Ещё ЁЛКА, ещё — ёлка!"), ["елка", "еще"]);
        assert_eq!(list("Café crème; naïve ÅNGSTRÖM, São"), ["angstrom", "cafe", "creme", "naive", "sao"]);
        assert_eq!(list("İSTANBUL <b>x</b> it's 4711-a"), ["4711", "a", "b", "istanbul", "it", "s", "x"]);
        assert_eq!(list("退款 慢い"), ["い", "慢", "款", "退"]);
        assert!(list(" … 👎👎 !").is_empty());
        assert_eq!(list(&"w".repeat(100)), ["w".repeat(LETTERS_MAX)]);
    }

    #[test]
    fn a_search_is_all_words_and_the_last_one_may_be_begun() {
        let finds = |search: &str, text: &str| Search::read(search).unwrap().finds(text);
        assert!(finds("printer bro", "The PRINTER is still broken"));
        assert!(!finds("print broken", "The printer is still broken"), "only the last word may be begun");
        assert!(finds("еще", "Ещё раз спасибо") && finds("退", "要退款") && finds(&"w".repeat(60), &"w".repeat(90)));
        assert_eq!((Search::read(" !? "), Search::read("a b c d e f g h i")), (Err(NoSearch::NoWord), Err(NoSearch::TooMany)));
        assert!(finds("no no no", "no"));
    }

    proptest! {
        /// Every word of a text finds it, whole or as a prefix, in any case.
        #[test]
        fn every_word_finds_its_text(text in "\\PC{0,60}", place in any::<prop::sample::Index>(), cut in any::<prop::sample::Index>()) {
            let words: Vec<String> = words(&text).into_iter().collect();
            for word in &words {
                prop_assert!(word.chars().count() <= LETTERS_MAX && !word.is_empty());
                prop_assert_eq!(list(word), vec![word.clone()]);
            }
            if !words.is_empty() {
                let word = place.get(&words);
                let letters: Vec<char> = word.chars().collect();
                let begun: String = letters[..=cut.index(letters.len())].iter().collect();
                prop_assert!(Search::read(&begun).unwrap().finds(&text), "{} in {:?}", begun, text);
                let both = [words[0].as_str(), &begun].join(" ");
                prop_assert!(Search::read(&both).unwrap().finds(&text), "{} in {:?}", both, text);
            }
        }

        #[test]
        fn a_search_finds_what_a_naive_look_finds(search in "[a-cё ]{1,12}", text in "[A-Ca-cЁе ,]{0,40}") {
            let fold = |text: &str| text.to_lowercase().replace('ё', "е");
            let parts = |text: &str| fold(text).split([' ', ',']).filter(|word| !word.is_empty()).map(str::to_owned).collect::<Vec<_>>();
            let (mut wanted, there) = (parts(&search), parts(&text));
            let read = Search::read(&search);
            match wanted.pop() {
                None => prop_assert_eq!(read, Err(NoSearch::NoWord)),
                Some(last) => {
                    let all = wanted.iter().all(|word| there.contains(word)) && there.iter().any(|word| word.starts_with(&last));
                    prop_assert_eq!(read.unwrap().finds(&text), all);
                }
            }
        }
    }
}
