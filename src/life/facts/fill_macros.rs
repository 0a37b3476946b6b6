//! Values of the macros in texts about one close, the line's texts with them filled in, and how clients call a close.

use chrono::{DateTime, Datelike};
use chrono_tz::Tz;
use lastword_contract::language;
use lastword_domain::answer::reason::texts;
use lastword_domain::line::experiment::Variant;
use lastword_domain::line::macros::Macros;
use lastword_domain::line::texts::{Words, words};
use lastword_domain::session::Operator;
use lastword_store::Millis;
use lastword_store::answer::rating::Rating;
use lastword_store::line::Line;
use lastword_store::question::rating_request::RatingRequest;
use std::borrow::Cow;

/// Values of the macros, from the facts of a close and its rating.
pub fn macros(organisation: &str, line: &str, request: &RatingRequest, rating: Option<&Rating>) -> Macros {
    let operators: Vec<Operator> = request.operators.clone();
    let responsible = operators.into_iter().find(|operator| Some(&operator.id) == request.operator_id.as_ref());
    let reasons = |rating: &Rating| texts(&rating.reasons).join(", ");
    let score = |rating: &Rating| rating.scale.show(u8::try_from(rating.score).unwrap_or(0));
    Macros {
        client: request.client_name.clone(),
        operator: responsible.and_then(|operator| operator.name),
        line: Some(line.to_owned()),
        organisation: Some(organisation.to_owned()),
        score: rating.map(score),
        session: Some(request.session_id.to_string()),
        channel: request.channel.clone(),
        reasons: rating.map(reasons),
        comment: rating.and_then(|rating| rating.comment.clone()),
        time: None,
        link: None,
    }
}

/// The texts for the client of `request`, with macros filled in.
pub fn words_for(organisation: &str, line: &Line, request: &RatingRequest, rating: Option<&Rating>) -> Words {
    let tried = line
        .experiment
        .as_ref()
        .filter(|running| request.variant == Some(Variant::B) && request.experiment_id.as_ref() == Some(&running.id));
    let settings = tried.map_or(Cow::Borrowed(&line.settings), |running| Cow::Owned(line.settings.tried(&running.trial)));
    words(&settings, request.language.as_deref()).filled(&macros(organisation, &line.name, request, rating))
}

/// The conversation that the client of `request` is asked about: its day, and its operator if a person wrote.
pub fn conversation(words: &Words, request: &RatingRequest, zone: Tz, now: Millis) -> String {
    let responsible = request.operators.iter().find(|operator| Some(&operator.id) == request.operator_id.as_ref());
    let wrote = responsible.filter(|operator| request.operator_messages != Some(0) && !operator.is_program());
    let name = wrote.and_then(|operator| operator.name.as_deref());
    words.about(name, &day(&words.language, request.closed_at, zone, now))
}

/// The day of a time as readers of `language` write it, with the year if it is not that of `now`.
pub fn day(language: &str, at: Millis, zone: Tz, now: Millis) -> String {
    let local = |at: Millis| DateTime::from_timestamp_millis(at).unwrap_or_default().with_timezone(&zone);
    let (then, year) = (local(at), local(now).year());
    language::day(language, then.day(), then.month(), Some(then.year()).filter(|then| *then != year))
}
