//! Texts for the client: the line's own, otherwise the built-in ones, in the client's language if available.

mod built_in;
mod review;

use self::built_in::{BUILT_IN, BuiltIn};
use super::macros::{Macros, fill};
use crate::answer::rating::{Grade, Scale};
use crate::answer::reason::{BUILT_IN_CODES, Reason};
use crate::line::{LineSettings, Texts};
use crate::outcome::{NotAsked, Withdrawn};
use lastword_language::{nearest, primary};
use std::collections::BTreeSet;

/// All texts of one language.
#[derive(Clone, Debug, PartialEq)]
pub struct Words {
    /// Their language.
    pub language: String,
    /// The question.
    pub question: String,
    /// The reminder.
    pub reminder: String,
    /// Thank-you after a good score.
    pub thanks_good: String,
    /// Thank-you after a score that is neither good nor low.
    pub thanks_neutral: String,
    /// Thank-you after a low score.
    pub thanks_low: String,
    /// The question has expired.
    pub expired: String,
    /// There is nothing to rate yet: the conversation goes on.
    pub goes_on: String,
    /// "Was your issue resolved?"
    pub resolved: String,
    /// Yes.
    pub yes: String,
    /// No.
    pub no: String,
    /// Label of the comment box.
    pub comment: String,
    /// Hint to comment, if the channel has no such box.
    pub comment_by_reply: String,
    /// Thank-you for a comment.
    pub thanks_comment: String,
    /// Text before the public review link, if the line has one.
    pub review: String,
    /// The public review link.
    review_link: Option<String>,
    /// Button to choose another score.
    pub change: String,
    /// Text before the address at which a rating can be edited when it is too late to tap.
    pub edit: String,
    /// Button to opt out.
    pub stop: String,
    /// Button to opt in again.
    pub start: String,
    /// Confirmation of an opt-out.
    pub opted_out: String,
    /// Instructions for opting in again by typing. Lines cannot change it, because the word in it is parsed.
    pub type_start: &'static str,
    /// Confirmation of opting in.
    pub opted_in: String,
    /// Response to a person other than the client who pressed a button.
    pub not_yours: String,
    /// Explanation why the reader got the message, if that may be unclear: with the organisation, the line and the day.
    why: &'static str,
    /// The conversation, without and with its operator.
    about: [&'static str; 2],
    /// Meaning of the lowest and of the highest score.
    pub ends: [&'static str; 2],
    /// Reasons to choose from.
    pub reasons: Vec<Reason>,
    /// Instructions for answering by typing, with thumbs and with stars. Lines cannot change it, because the digits in it are parsed.
    hints: [&'static str; 2],
}

impl Words {
    /// Explanation why the reader got the message: the conversation it is about.
    pub fn why(&self, organisation: &str, line: &str, day: &str) -> String {
        // The names are inserted last, so that placeholders inside them are not replaced.
        let (before, after) = self.why.split_once("{organisation}").unwrap_or((self.why, ""));
        let after = after.replace("{day}", day);
        let (middle, after) = after.split_once("{line}").unwrap_or((&after, ""));
        format!("{before}{organisation}{middle}{line}{after}")
    }

    /// The conversation that the client is asked about, by its day and the operator who wrote.
    pub fn about(&self, operator: Option<&str>, day: &str) -> String {
        let [alone, with] = self.about;
        match operator {
            // The name is inserted last, so that placeholders inside it are not replaced.
            Some(operator) => with.replace("{day}", day).replacen("{operator}", operator, 1),
            None => alone.replace("{day}", day),
        }
    }

    /// These texts with their macros filled in.
    pub fn filled(self, macros: &Macros) -> Self {
        let fill = |text: String| if text.contains('#') { fill(&text, macros) } else { text };
        Self {
            question: fill(self.question),
            reminder: fill(self.reminder),
            thanks_good: fill(self.thanks_good),
            thanks_neutral: fill(self.thanks_neutral),
            thanks_low: fill(self.thanks_low),
            expired: fill(self.expired),
            goes_on: fill(self.goes_on),
            resolved: fill(self.resolved),
            comment: fill(self.comment),
            comment_by_reply: fill(self.comment_by_reply),
            review: fill(self.review),
            ..self
        }
    }

    /// The public review link with its text, if the line has one. It is the same for every client who answered: it has no score
    /// argument, so it cannot depend on the score.
    pub fn public_review(&self) -> Option<String> {
        self.review_link.as_ref().map(|link| format!("{}\n{link}", self.review))
    }

    /// Instructions for answering by typing, on this scale.
    pub fn hint(&self, scale: Scale) -> &'static str {
        let [thumbs, stars] = self.hints;
        match scale {
            Scale::Binary => thumbs,
            Scale::FiveStar => stars,
        }
    }

    /// Thank-you after a score of this grade.
    pub fn thanks(&self, grade: Grade) -> &str {
        match grade {
            Grade::Good => &self.thanks_good,
            Grade::Neutral => &self.thanks_neutral,
            Grade::Bad => &self.thanks_low,
        }
    }

    /// Response to a score that is no longer accepted; `why` is the reason why the question ended.
    pub fn over(&self, why: Option<&str>) -> &str {
        match why {
            Some(why) if Withdrawn::parse(why).is_some() => &self.goes_on,
            Some(why) if why == NotAsked::OptedOut.as_str() => &self.opted_out,
            Some(_) | None => &self.expired,
        }
    }
}

/// The texts for a client who reads `language`, on a line with `settings`.
///
/// A line's own text applies to its language and that language's regions (`pt` serves `pt-BR`). Then follow the built-in texts of
/// the client's language, the line's own language, and English.
pub fn words(settings: &LineSettings, language: Option<&str>) -> Words {
    let wanted = language.filter(|language| knows(settings, language)).unwrap_or(&settings.language);
    let own = own_texts(settings, wanted);
    let base = built_in(wanted).or_else(|| built_in(&settings.language)).unwrap_or(&BUILT_IN[0]);
    let pick = |own: &Option<String>, base: &str| own.clone().unwrap_or_else(|| base.to_owned());
    Words {
        language: wanted.to_owned(),
        question: pick(&own.question, base.question),
        reminder: pick(&own.reminder, base.reminder),
        thanks_good: pick(&own.thanks_good, base.thanks_good),
        thanks_neutral: pick(&own.thanks_neutral, base.thanks_neutral),
        thanks_low: pick(&own.thanks_low, base.thanks_low),
        expired: pick(&own.expired, base.expired),
        goes_on: pick(&own.goes_on, base.goes_on),
        resolved: pick(&own.resolved, base.resolved),
        yes: base.yes.to_owned(),
        no: base.no.to_owned(),
        comment: pick(&own.comment, base.comment),
        comment_by_reply: pick(&own.comment, base.comment_by_reply),
        thanks_comment: base.thanks_comment.to_owned(),
        review: pick(&own.review, review::built_in(base.language)),
        review_link: settings.review_link.clone(),
        change: base.change.to_owned(),
        edit: base.edit.to_owned(),
        stop: base.stop.to_owned(),
        start: base.start.to_owned(),
        opted_out: base.opted_out.to_owned(),
        type_start: base.type_start,
        opted_in: base.opted_in.to_owned(),
        not_yours: base.not_yours.to_owned(),
        why: base.why,
        about: base.about,
        ends: base.ends,
        reasons: own.reasons.clone().unwrap_or_else(|| coded(base)),
        hints: base.hints,
    }
}

/// The code of a reason of this line, by its code or by its text in any language, its own or built-in; `None` if it is unknown.
pub fn known_code(settings: &LineSettings, word: &str) -> Option<String> {
    let own = settings.texts.values().flat_map(|texts| texts.reasons.iter().flatten().cloned());
    let small = word.trim().to_lowercase();
    own.chain(BUILT_IN.iter().flat_map(coded))
        .find(|reason| reason.code == small || reason.text.to_lowercase() == small)
        .map(|reason| reason.code)
}

/// Codes of all reasons that clients of this line can choose, or that its rules tag comments with.
pub fn known_codes(settings: &LineSettings) -> BTreeSet<String> {
    let own = settings.texts.values().flat_map(|texts| texts.reasons.iter().flatten().map(|reason| reason.code.clone()));
    // The built-in reasons are used in some language, unless the line has its own in all of them.
    let built_in = BUILT_IN_CODES.iter().map(|code| (*code).to_owned());
    own.chain(built_in).chain(settings.tag_rules.iter().map(|rule| rule.code.clone())).collect()
}

/// Text of a reason for people who read `language`: from one of these lines, or built-in; otherwise its code.
pub fn reason_label<'s>(lines: impl Iterator<Item = &'s LineSettings> + Clone, language: &str, code: &str) -> String {
    let worded = |texts: &Texts| texts.reasons.iter().flatten().find(|reason| reason.code == code).map(|reason| reason.text.clone());
    let in_language = || lines.clone().find_map(|line| worded(&own_texts(line, language)));
    let built =
        || coded(built_in(language).unwrap_or(&BUILT_IN[0])).into_iter().find(|reason| reason.code == code).map(|reason| reason.text);
    let of_line = || lines.clone().find_map(|line| worded(&own_texts(line, &line.language)));
    let anywhere = || lines.clone().find_map(|line| line.texts.values().find_map(worded));
    in_language().or_else(built).or_else(of_line).or_else(anywhere).unwrap_or_else(|| code.replace('_', " "))
}

/// The built-in reasons of a language.
fn coded(words: &BuiltIn) -> Vec<Reason> {
    let reason = |(code, text): (&str, &str)| Reason { code: code.to_owned(), text: text.to_owned() };
    BUILT_IN_CODES.into_iter().zip(words.reasons).map(reason).collect()
}

fn knows(settings: &LineSettings, language: &str) -> bool {
    settings.texts.contains_key(language) || settings.texts.contains_key(&primary(language)) || built_in(language).is_some()
}

fn own_texts(settings: &LineSettings, language: &str) -> Texts {
    let of = |tag: &str| settings.texts.get(tag);
    of(language).or_else(|| of(&primary(language))).or_else(|| of(&nearest(language))).cloned().unwrap_or_default()
}

fn built_in(language: &str) -> Option<&'static BuiltIn> {
    let of = |tag: &str| BUILT_IN.iter().find(|words| words.language.eq_ignore_ascii_case(tag));
    of(language).or_else(|| of(&nearest(language)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(language: &str, question: &str) -> LineSettings {
        let texts = Texts { question: Some(question.to_owned()), ..Texts::default() };
        LineSettings { texts: [(language.to_owned(), texts)].into(), ..LineSettings::default() }
    }

    #[test]
    fn the_lines_own_words_win_and_serve_regions() {
        assert_eq!(words(&settings("pt", "Como foi?"), Some("pt-BR")).question, "Como foi?");
        assert_eq!(words(&settings("pt", "Como foi?"), Some("pt-BR")).yes, "Sim");
    }

    #[test]
    fn portuguese_is_that_of_the_clients_country() {
        for (language, expected) in [
            ("pt-BR", "Não foi resolvido"),
            ("pt_BR", "Não foi resolvido"),
            ("pt", "Não foi resolvido"),
            ("PT-br", "Não foi resolvido"),
            ("pt-PT", "Não resolvido"),
            ("pt-AO", "Não resolvido"),
        ] {
            let words = words(&LineSettings::default(), Some(language));
            assert_eq!(words.reasons[1].text, expected, "{language}");
        }
        assert_eq!(words(&LineSettings::default(), Some("de-AT")).yes, "Ja");
    }

    #[test]
    fn each_grade_has_its_thanks_in_every_language() {
        for built_in in &BUILT_IN {
            let words = words(&LineSettings::default(), Some(built_in.language));
            let all = [Grade::Good, Grade::Neutral, Grade::Bad].map(|grade| words.thanks(grade).to_owned());
            assert!(all[0] != all[1] && all[1] != all[2] && all[0] != all[2], "{all:?}");
            assert_ne!(words.over(Some("reopened")), words.over(None), "{}", built_in.language);
        }
    }

    #[test]
    fn an_unknown_language_falls_back_to_the_lines() {
        let line = LineSettings { language: "de".to_owned(), ..LineSettings::default() };
        assert_eq!(words(&line, Some("xx")).question, "Bitte bewerten Sie unseren Service");
        assert_eq!(words(&line, None).language, "de");
    }
}
