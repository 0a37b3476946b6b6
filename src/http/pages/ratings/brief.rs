//! The history of a session in short: the sentences of one moment are one line, without plans and internal steps.

use super::story::{StoryLine, tell, words};
use super::words::in_words;
use lastword_domain::alert::AlertState;
use lastword_domain::answer::Disposition;
use lastword_domain::outcome::Outcome;
use lastword_domain::question::delivery::{Kind, State};
use lastword_http::locale::language::Language;
use lastword_life::Millis;
use lastword_life::session::explain::Sentence;

/// Sentences within this time have no reliable order, such as an answer and the alert that it causes.
const SECOND: Millis = 1_000;
/// Sentences of the same minute are one moment.
const MINUTE: Millis = 60_000;

/// The history of a session, in short and whole.
pub(crate) struct History {
    pub(crate) brief: Vec<Moment>,
    pub(crate) whole: Vec<StoryLine>,
}

impl History {
    /// Translates a history. `channel` names the channel of its questions; empty if it is unknown.
    pub(crate) fn of(language: Language, story: &[Sentence], channel: &str) -> Self {
        Self { brief: shorten(language, story, channel), whole: tell(language, story) }
    }
}

/// Phrases of one moment.
pub(crate) struct Moment {
    pub(crate) at: Millis,
    pub(crate) phrases: Vec<String>,
}

fn shorten(language: Language, story: &[Sentence], channel: &str) -> Vec<Moment> {
    let phrased = |sentence: &Sentence| phrase(language, sentence, channel).map(|(rank, phrase)| (sentence.at, rank, phrase));
    let mut phrased: Vec<(Millis, u8, String)> = story.iter().filter_map(phrased).collect();
    phrased.sort_by_key(|(at, rank, _)| (at / SECOND, *rank));
    let mut moments: Vec<Moment> = Vec::new();
    for (at, _, phrase) in phrased {
        match moments.last_mut().filter(|last| last.at / MINUTE == at / MINUTE) {
            Some(last) if last.phrases.contains(&phrase) => {}
            Some(last) => last.phrases.push(phrase),
            None => moments.push(Moment { at, phrases: vec![phrase] }),
        }
    }
    moments
}

/// A sentence in short, with its rank among those of the same second; `None` for plans and internal steps.
fn phrase(language: Language, sentence: &Sentence, channel: &str) -> Option<(u8, String)> {
    let argument = |name: &str| sentence.arguments.iter().find(|(known, _)| *known == name).map_or("", |(_, value)| value.as_str());
    let text = |key: &str| language.text(key, &[]);
    let whole = || words(language, sentence).trim_end_matches(['.', ' ']).to_owned();
    Some(match sentence.key {
        "told-closed" | "told-closed-alone" => {
            (0, language.text("brief-closed", &[("by", &in_words(language, "told-by", argument("by")))]))
        }
        "told-delivery" => match (State::parse(argument("state"))?, Kind::parse(argument("kind"))?) {
            (State::Scheduled | State::Leased | State::Sending | State::Canceled | State::Skipped, _) => return None,
            (State::Sent | State::Delivered, kind) => match kind {
                Kind::Ask if channel.is_empty() => (1, text("brief-asked")),
                Kind::Ask => (1, format!("{} ({channel})", text("brief-asked"))),
                Kind::Reminder => (1, text("brief-reminded")),
                Kind::Alert | Kind::Digest => (4, text("brief-alerted")),
                Kind::Reply => (6, text("brief-replied")),
                Kind::Settle | Kind::Event | Kind::WriteBack | Kind::Look => return None,
            },
            (State::Unknown | State::Undeliverable | State::Failed | State::Dead, _) => (5, whole()),
        },
        "told-answer" => match (Disposition::parse(argument("disposition")), argument("answer")) {
            (Some(Disposition::Counted | Disposition::Changed), "score") => {
                (2, language.text("brief-answered", &[("value", &argument("value"))]))
            }
            (Some(Disposition::Counted | Disposition::Changed), answer) => {
                (2, language.text("brief-added", &[("answer", &in_words(language, "told-what", answer))]))
            }
            _ => (2, whole()),
        },
        "told-ended" | "told-ended-again" if argument("outcome") == Outcome::Answered.as_str() => return None,
        "told-ended" | "told-ended-again" => {
            let outcome = in_words(language, "ratings-outcome", argument("outcome"));
            let why = argument("why");
            (3, if why.is_empty() { outcome } else { format!("{outcome}: {}", in_words(language, "ratings-reason", why)) })
        }
        "told-alert" if argument("alert") == AlertState::Undeliverable.as_str() => (4, whole()),
        "told-seen" => (5, language.text("brief-seen", &[("who", &argument("who"))])),
        "told-began"
        | "told-decided"
        | "told-decided-early"
        | "told-decided-unknown"
        | "told-planned"
        | "told-planned-template"
        | "told-try"
        | "told-variant"
        | "told-rule-ask"
        | "told-rule-skip"
        | "told-alert"
        | "told-rating"
        | "told-rating-low"
        | "told-again" => return None,
        _ => (3, whole()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sentence(at: Millis, key: &'static str, arguments: &[(&'static str, &str)]) -> Sentence {
        let arguments = arguments.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
        Sentence { at, text: String::new(), key, arguments }
    }

    fn brief(story: &[Sentence]) -> Vec<(Millis, String)> {
        shorten(Language::En, story, "Web chat").into_iter().map(|moment| (moment.at, moment.phrases.join(" · "))).collect()
    }

    #[test]
    fn steps_of_one_moment_are_one_line_in_the_order_of_their_causes() {
        let delivery = |at, kind, state| sentence(at, "told-delivery", &[("kind", kind), ("state", state), ("why", ""), ("words", "")]);
        let story = [
            sentence(0, "told-began", &[("line", "support")]),
            sentence(10_000, "told-closed-alone", &[("by", "timeout"), ("close", "1")]),
            sentence(10_100, "told-decided", &[("version", "1")]),
            sentence(10_100, "told-planned", &[("kind", "ask"), ("connection", "site")]),
            delivery(12_000, "ask", "sent"),
            delivery(600_050, "settle", "sent"),
            delivery(600_100, "alert", "sent"),
            delivery(600_100, "alert", "sent"),
            sentence(600_200, "told-answer", &[("answer", "score"), ("value", "👎"), ("disposition", "counted")]),
            sentence(600_300, "told-ended", &[("close", "1"), ("outcome", "answered"), ("why", "")]),
            sentence(700_000, "told-answer", &[("answer", "comment"), ("value", "…"), ("disposition", "counted")]),
            sentence(900_000, "told-seen", &[("who", "Anna")]),
        ];
        let expected = [
            (10_000, "closed by timeout · asked (Web chat)"),
            (600_200, "answered 👎 · alert sent"),
            (700_000, "added: comment"),
            (900_000, "seen by Anna"),
        ];
        assert_eq!(brief(&story), expected.map(|(at, words)| (at, words.to_owned())));
    }

    #[test]
    fn what_went_wrong_is_said_in_full() {
        let failed = [("kind", "ask"), ("state", "failed"), ("why", ""), ("words", "chat not found")];
        let story = [
            sentence(1_000, "told-delivery", &failed),
            sentence(2_000, "told-ended", &[("close", "1"), ("outcome", "not_asked"), ("why", "too_short")]),
            sentence(100_000, "told-held", &[]),
            sentence(200_000, "told-answer", &[("answer", "score"), ("value", "👍"), ("disposition", "held")]),
        ];
        let lines = brief(&story);
        assert!(lines[0].1.contains("rejected – chat not found · Not asked: "), "{lines:?}");
        assert!(lines[1].1.starts_with("Answers through the links may be automated") && lines[2].1.contains("👍 – "), "{lines:?}");
    }
}
