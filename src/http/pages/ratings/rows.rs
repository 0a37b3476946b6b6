//! Closes as rows of a table, with their ratings.

use super::asked::{list_of, outcome_word};
use super::bar::by_rules;
use super::words::in_words;
use crate::frame::Frame;
use crate::frame::client::ClientRef;
use lastword_base::names::{LineId, OperatorId, RequestId};
use lastword_domain::answer::rating::Scale;
use lastword_domain::answer::reason::texts;
use lastword_life::report::low_reasons::Labels;
use lastword_store::report::rating_list::Listed;
use lastword_store::review::supervisor_score;
use lastword_store::session::operator;
use lastword_store::{Db, StoreError};
use std::collections::{BTreeSet, HashMap};

/// A close in a table.
pub(crate) struct Row {
    pub(crate) id: String,
    pub(crate) scale: Scale,
    /// The score, if there is a rating.
    pub(crate) score: Option<i64>,
    /// The outcome, if there is no rating.
    pub(crate) outcome: String,
    pub(crate) reason: String,
    pub(crate) comment: Option<String>,
    pub(crate) reasons: Vec<String>,
    pub(crate) tags: Vec<String>,
    pub(crate) resolved: Option<bool>,
    pub(crate) voided: bool,
    pub(crate) client: Option<ClientRef>,
    pub(crate) line: String,
    pub(crate) line_list: String,
    pub(crate) operator: String,
    pub(crate) operator_list: Option<String>,
    pub(crate) channel: String,
    pub(crate) closed_at: i64,
    pub(crate) supervisor: Option<i64>,
    /// True if it is a second question about an earlier low rating.
    pub(crate) again: bool,
}

/// These closes as rows. `labels` are those of the reasons, `line` returns the name of a line, and comments are shown if the person
/// may read them.
pub(crate) async fn rows(
    db: &Db,
    page: &Frame,
    items: &[Listed],
    (labels, line): (&Labels, impl Fn(&LineId) -> String),
    comments: bool,
) -> Result<Vec<Row>, StoreError> {
    let operators: BTreeSet<&OperatorId> = items.iter().filter_map(|item| item.request.operator_id.as_ref()).collect();
    let names = operator::names(db, &operators.into_iter().collect::<Vec<_>>()).await?;
    let ids: Vec<RequestId> = items.iter().map(|item| item.request.id).collect();
    let scores = supervisor_score::of_requests(db, &ids).await?;
    let scores: HashMap<RequestId, i64> = scores.iter().map(|(id, score)| (*id, score.score)).collect();
    let row = |item: &Listed| {
        let request = &item.request;
        let rating = item.rating.as_ref();
        let operator = request.operator_id.as_ref();
        Row {
            id: request.id.to_string(),
            scale: request.scale,
            score: rating.map(|rating| rating.score),
            outcome: in_words(page.language, "ratings-outcome", outcome_word(request.outcome)),
            reason: request.reason.as_deref().map(|reason| in_words(page.language, "ratings-reason", reason)).unwrap_or_default(),
            comment: rating.and_then(|rating| rating.comment.clone()).filter(|_| comments),
            reasons: rating.map(|rating| texts(&rating.reasons)).unwrap_or_default(),
            tags: rating.filter(|_| comments).map(|rating| by_rules(page.language, labels, rating)).unwrap_or_default(),
            resolved: rating.and_then(|rating| rating.resolved).map(|resolved| resolved == 1),
            voided: rating.is_some_and(|rating| rating.voided_at.is_some()),
            client: ClientRef::of(page, request),
            line: line(&request.line_id),
            line_list: list_of("line", request.line_id.as_str()),
            operator: operator.map(|id| names.get(id).cloned().unwrap_or_else(|| id.to_string())).unwrap_or_default(),
            operator_list: operator.map(|id| list_of("operator", id.as_str())),
            channel: request.channel.as_deref().map(|kind| crate::report::words::channel(page, kind)).unwrap_or_default(),
            closed_at: request.closed_at,
            supervisor: scores.get(&request.id).copied(),
            again: request.again_of.is_some(),
        }
    };
    Ok(items.iter().map(row).collect())
}
