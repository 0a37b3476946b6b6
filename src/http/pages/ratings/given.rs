//! The answer to one close with the conversation before it, shown beside the inbox of low ratings and beside the list of ratings.

use super::asked::outcome_word;
use super::bar::by_rules;
use super::talk::{self, Talk};
use super::words::in_words;
use crate::Pages;
use crate::frame::Frame;
use crate::frame::client::ClientRef;
use crate::frame::visit::SignedIn;
use lastword_domain::answer::reason::texts;
use lastword_http::problem::Problem;
use lastword_life::report::low_reasons::Labels;
use lastword_store::answer::rating::Rating;
use lastword_store::line;
use lastword_store::question::rating_request::RatingRequest;
use lastword_store::session::operator;

/// The answer to one close.
pub(crate) struct Given {
    pub(crate) request: RatingRequest,
    /// The rating, if there is one.
    pub(crate) rating: Option<Rating>,
    pub(crate) client: Option<ClientRef>,
    pub(crate) line: String,
    pub(crate) operator: Option<String>,
    /// The outcome with its reason.
    pub(crate) outcome: String,
    pub(crate) comment: Option<String>,
    pub(crate) reasons: Vec<String>,
    /// Tags from keyword rules.
    pub(crate) tags: Vec<String>,
    /// The conversation, if it took place in our own web chat.
    pub(crate) talk: Talk,
}

impl Given {
    /// Loads the answer to this close, as far as the person may see it.
    ///
    /// # Errors
    /// The database's, as a problem.
    pub(crate) async fn of(
        pages: &Pages,
        person: &SignedIn,
        page: &Frame,
        request: RatingRequest,
        rating: Option<Rating>,
    ) -> Result<Self, Problem> {
        let (db, comments) = (&pages.app.engine.db, person.rights.comments);
        let line = line::find(db, &request.line_id).await?;
        let labels = Labels::over(line.iter().map(|line| line.settings.clone()).collect());
        let operator = match &request.operator_id {
            None => None,
            Some(id) => {
                let here = request.operators.iter().find(|operator| operator.id == *id).and_then(|operator| operator.name.clone());
                let known = if here.is_none() { operator::names(db, &[id]).await?.remove(id) } else { None };
                Some(here.or(known).unwrap_or_else(|| id.to_string()))
            }
        };
        let why = request.reason.as_deref().map(|reason| in_words(page.language, "ratings-reason", reason));
        let ended = in_words(page.language, "ratings-outcome", outcome_word(request.outcome));
        Ok(Self {
            client: ClientRef::of(page, &request),
            line: line.map_or_else(|| request.line_id.to_string(), |line| line.name),
            operator,
            outcome: why.map_or(ended.clone(), |why| format!("{ended}: {why}")),
            comment: rating.as_ref().and_then(|rating| rating.comment.clone()).filter(|_| comments),
            reasons: rating.as_ref().map(|rating| texts(&rating.reasons)).unwrap_or_default(),
            tags: rating.as_ref().filter(|_| comments).map(|rating| by_rules(page.language, &labels, rating)).unwrap_or_default(),
            talk: if comments { talk::of(db, &request).await? } else { Talk::default() },
            request,
            rating,
        })
    }
}
