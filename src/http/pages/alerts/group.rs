//! The alerts about one rating, alarm or test as one row: what it is about, who was alerted, and who has seen it.

use super::{Listed, listed};
use crate::Pages;
use crate::frame::Frame;
use crate::frame::client::ClientRef;
use crate::frame::visit::SignedIn;
use lastword_base::names::RequestId;
use lastword_domain::answer::rating::Scale;
use lastword_http::problem::Problem;
use lastword_store::alert::{self, Alert};
use lastword_store::answer::rating;
use lastword_store::question::rating_request;
use lastword_store::{Db, Millis, StoreError};
use std::collections::HashMap;

/// A rating as a row names it.
#[derive(Default)]
struct Given {
    client: Option<String>,
    score: Option<(Scale, i64)>,
    comment: Option<String>,
}

/// The alerts about one rating, alarm or test.
pub(super) struct Group {
    pub(super) key: RequestId,
    pub(super) line: String,
    /// The client, else the kind of the first alert.
    pub(super) name: String,
    pub(super) score: Option<(Scale, i64)>,
    pub(super) comment: Option<String>,
    /// Page of the rating, or of the line's alarms; `None` for a test.
    pub(super) about: Option<String>,
    /// Time of the newest alert.
    pub(super) at: Millis,
    /// The first recipient.
    pub(super) recipient: String,
    /// Kinds of the alerts after the first, each once.
    pub(super) since: Vec<String>,
    /// Highest level of escalation.
    pub(super) level: i64,
    /// Position among [`alerts`](Self::alerts) of the one whose state is shown: the worst.
    worst: usize,
    /// Position of the one that was acknowledged, or can be.
    seen: usize,
    /// All of them, oldest first.
    pub(super) alerts: Vec<Listed>,
}

impl Group {
    /// The alert whose state is shown.
    pub(super) fn worst(&self) -> &Listed {
        &self.alerts[self.worst]
    }

    /// The alert that was acknowledged, or can be.
    pub(super) fn seen(&self) -> &Listed {
        &self.alerts[self.seen]
    }

    /// Time of the next escalation.
    pub(super) fn escalates(&self) -> Option<Millis> {
        self.alerts.iter().filter_map(|one| one.alert.escalate_at).min()
    }

    fn of(key: RequestId, mut alerts: Vec<Listed>, given: Given) -> Option<Self> {
        alerts.sort_by_key(|one| (one.alert.created_at, one.alert.id));
        let (first, last) = (alerts.first()?, alerts.last()?);
        let mut since: Vec<String> = Vec::new();
        for one in &alerts {
            if one.kind != first.kind && !since.contains(&one.kind) {
                since.push(one.kind.clone());
            }
        }
        let urgency = |one: &Listed| match one.tone {
            "bad" => 3,
            "warn" => 2,
            "" => 1,
            _ => 0,
        };
        let open = |one: &Listed| (one.alert.acknowledged_at.is_some(), one.acknowledge.is_some());
        Some(Self {
            line: first.line.clone(),
            name: given.client.unwrap_or_else(|| first.kind.clone()),
            about: first.about.clone(),
            at: last.alert.created_at,
            recipient: first.recipient.clone(),
            since,
            level: alerts.iter().map(|one| one.alert.level).max().unwrap_or_default(),
            worst: (0..alerts.len()).max_by_key(|place| urgency(&alerts[*place])).unwrap_or_default(),
            seen: (0..alerts.len()).max_by_key(|place| open(&alerts[*place])).unwrap_or_default(),
            score: given.score,
            comment: given.comment,
            key,
            alerts,
        })
    }
}

/// All alerts about what these are about, as far as the person may see it: a group for each, in this order.
pub(super) async fn grouped(pages: &Pages, person: &SignedIn, page: &Frame, newest: &[Alert]) -> Result<Vec<Group>, Problem> {
    let db = &pages.app.engine.db;
    let keys: Vec<RequestId> = newest.iter().map(|alert| alert.request_id).collect();
    let mut given = given(db, page, &keys, person.rights.comments).await?;
    let mut groups: HashMap<RequestId, Vec<Listed>> = HashMap::new();
    for one in listed(pages, person, page, alert::of_requests(db, &keys).await?).await? {
        groups.entry(one.alert.request_id).or_default().push(one);
    }
    let group = |key: RequestId| Group::of(key, groups.remove(&key)?, given.remove(&key).unwrap_or_default());
    Ok(keys.into_iter().filter_map(group).collect())
}

async fn given(db: &Db, page: &Frame, keys: &[RequestId], comments: bool) -> Result<HashMap<RequestId, Given>, StoreError> {
    let mut ratings = rating::of_requests(db, keys).await?;
    let of = |request: rating_request::RatingRequest| {
        let rating = ratings.remove(&request.id);
        let given = Given {
            client: ClientRef::of(page, &request).map(|client| client.name),
            score: rating.as_ref().map(|rating| (rating.scale, rating.score)),
            comment: rating.and_then(|rating| rating.comment).filter(|_| comments),
        };
        (request.id, given)
    };
    Ok(rating_request::load(db, keys).await?.into_iter().map(of).collect())
}
