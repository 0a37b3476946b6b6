//! Values of the macros in texts about one close, and the line's texts with them filled in.

use lastword_domain::answer::reason::texts;
use lastword_domain::line::experiment::Variant;
use lastword_domain::line::macros::Macros;
use lastword_domain::line::texts::{Words, words};
use lastword_domain::session::Operator;
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
