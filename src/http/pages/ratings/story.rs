//! The history of a session in the reader's language: the same sentences as `lastword explain`.

use super::words::in_words;
use lastword_http::locale::catalogue::Argument;
use lastword_http::locale::language::Language;
use lastword_life::Millis;
use lastword_life::session::explain::Sentence;

/// One sentence for display.
pub(crate) struct StoryLine {
    pub(crate) at: Millis,
    pub(crate) words: String,
    /// Subject, for its icon: `rating`, `close`, `message` or `other`.
    pub(crate) mark: &'static str,
}

/// Translates a history.
pub(crate) fn tell(language: Language, story: &[Sentence]) -> Vec<StoryLine> {
    story.iter().map(|sentence| StoryLine { at: sentence.at, words: words(language, sentence), mark: mark(sentence.key) }).collect()
}

/// A sentence in this language.
pub(super) fn words(language: Language, sentence: &Sentence) -> String {
    let arguments: Vec<(&'static str, String)> =
        sentence.arguments.iter().map(|(name, value)| (*name, argument(language, name, value))).collect();
    let arguments: Vec<(&'static str, &dyn Argument)> = arguments.iter().map(|(name, value)| (*name, value as &dyn Argument)).collect();
    language.text(sentence.key, &arguments)
}

/// Translates values of tables by their kind; other values stay as they are.
fn argument(language: Language, name: &str, value: &str) -> String {
    match name {
        "kind" => in_words(language, "told-kind", value),
        "state" => in_words(language, "told-state", value),
        "by" => in_words(language, "told-by", value),
        "answer" => in_words(language, "told-what", value),
        "disposition" => in_words(language, "told-disposition", value),
        "way" => in_words(language, "told-way", value),
        "event" => in_words(language, "told-event", value),
        "alert" => in_words(language, "told-alert-state", value),
        "outcome" => in_words(language, "ratings-outcome", value),
        "why" if value.is_empty() => String::new(),
        "why" => format!(" ({})", in_words(language, "ratings-reason", value)),
        "words" if value.is_empty() => String::new(),
        "words" => format!(" – {value}"),
        _ => value.to_owned(),
    }
}

fn mark(key: &str) -> &'static str {
    match key {
        "told-rating" | "told-rating-low" | "told-answer" => "rating",
        "told-closed" | "told-closed-alone" | "told-ended" => "close",
        "told-planned" | "told-planned-template" | "told-waits" | "told-delivery" | "told-try" => "message",
        _ => "other",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use lastword_domain::alert::AlertState;
    use lastword_domain::answer::opt_out::ToldBy;
    use lastword_domain::answer::{AnswerKind, Disposition};
    use lastword_domain::outcome::{NotAsked, Outcome, Withdrawn};
    use lastword_domain::question::delivery::{Kind, State};
    use lastword_domain::session::ClosedBy;

    #[test]
    fn every_word_of_a_table_that_a_story_tells_is_translated() {
        let words = [
            ("told-kind", Kind::ALL.map(Kind::as_str).to_vec()),
            ("told-state", State::ALL.map(State::as_str).to_vec()),
            ("told-by", ClosedBy::ALL.map(ClosedBy::as_str).to_vec()),
            ("told-what", AnswerKind::ALL.map(AnswerKind::as_str).to_vec()),
            ("told-disposition", Disposition::ALL.map(Disposition::as_str).to_vec()),
            ("told-way", ToldBy::ALL.map(ToldBy::as_str).to_vec()),
            ("told-alert-state", AlertState::ALL.map(AlertState::as_str).to_vec()),
            ("ratings-outcome", Outcome::ALL.map(Outcome::as_str).to_vec()),
            ("ratings-reason", NotAsked::ALL.map(NotAsked::as_str).to_vec()),
            ("ratings-reason", Withdrawn::ALL.map(Withdrawn::as_str).to_vec()),
        ];
        for (of, words) in words {
            for word in words {
                let key = format!("{of}-{}", word.replace('_', "-"));
                for language in Language::ALL {
                    assert_ne!(language.text(&key, &[]), key, "{language:?}");
                }
            }
        }
    }
}
