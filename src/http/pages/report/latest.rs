//! The newest ratings, shown on several pages.

use super::words;
use crate::frame::Frame;
use askama::filters::Safe;
use lastword_base::names::{LineId, OperatorId, RequestId};
use lastword_domain::access::rights::Lines;
use lastword_store::answer::rating;
use lastword_store::question::rating_request::{self, RatingRequest};
use lastword_store::report::today;
use lastword_store::review::supervisor_score;
use lastword_store::session::operator;
use lastword_store::{Db, Millis, StoreError};
use std::collections::{BTreeMap, HashMap};

/// Number of the newest rated closes among which the latest ratings are searched.
const LOOK: i64 = 60;

/// One rating.
pub(crate) struct Latest {
    /// ID of the rating request.
    pub(crate) key: String,
    /// The score, rendered.
    pub(crate) score: Safe<String>,
    /// The client's comment; empty if there is none.
    pub(crate) comment: String,
    /// Client's name if known, operators, line and channel, as text.
    pub(crate) of: String,
    /// When it was rated.
    pub(crate) at: Millis,
    /// The supervisor's own score and remark.
    pub(crate) supervisor: Option<(i64, String)>,
}

/// The newest ratings of these lines, or of one operator, since `since`; latest rating first.
pub(crate) async fn read(
    db: &Db,
    page: &Frame,
    (sees, names): (&Lines, &BTreeMap<LineId, String>),
    operator: Option<&OperatorId>,
    since: Millis,
    limit: usize,
) -> Result<Vec<Latest>, StoreError> {
    let ids = today::newest_rated(db, sees, operator, since, LOOK).await?;
    let mut found = of_requests(db, page, names, operator, &ids).await?;
    found.sort_by_key(|latest| std::cmp::Reverse(latest.at));
    found.truncate(limit);
    Ok(found)
}

/// These ratings, in this order; only those that count for the operator, if one is given.
pub(crate) async fn of_requests(
    db: &Db,
    page: &Frame,
    names: &BTreeMap<LineId, String>,
    operator: Option<&OperatorId>,
    ids: &[RequestId],
) -> Result<Vec<Latest>, StoreError> {
    let (mut requests, mut ratings) = (rating_request::load(db, ids).await?, rating::of_requests(db, ids).await?);
    let mut scores = supervisor_score::of_requests(db, ids).await?;
    requests.retain(|request| operator.is_none_or(|operator| request.belongs().operators.iter().any(|id| id == operator)));
    let ids_of = |request: &RatingRequest| request.belongs().operators.to_vec();
    let people: Vec<OperatorId> = requests.iter().flat_map(ids_of).collect();
    let people = operator::names(db, &people.iter().collect::<Vec<_>>()).await?;
    let latest = |request: RatingRequest| {
        let rating = ratings.remove(&request.id)?;
        let line = names.get(&request.line_id).cloned().unwrap_or_else(|| request.line_id.to_string());
        let channel = request.channel.as_deref().map(|kind| words::channel(page, kind));
        let of: Vec<String> =
            [request.client_name.clone(), operators(&request, &people), Some(line), channel].into_iter().flatten().collect();
        Some(Latest {
            score: page.score(&rating.scale, &rating.score),
            comment: rating.comment.unwrap_or_default(),
            of: of.join(" · "),
            at: rating.changed_at,
            supervisor: scores.remove(&request.id).map(|score| (score.score, score.comment.unwrap_or_default())),
            key: request.id.to_string(),
        })
    };
    requests.sort_by_key(|request| ids.iter().position(|id| *id == request.id));
    Ok(requests.into_iter().filter_map(latest).collect())
}

/// Names of the operators that the close counts for.
fn operators(request: &RatingRequest, names: &HashMap<OperatorId, String>) -> Option<String> {
    let name = |id: &OperatorId| names.get(id).cloned().unwrap_or_else(|| id.to_string());
    let names: Vec<String> = request.belongs().operators.iter().filter(|id| !id.is_empty()).map(name).collect();
    (!names.is_empty()).then(|| names.join(", "))
}
