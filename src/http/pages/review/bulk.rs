//! One action on several low ratings, and its undo.

use super::sift::ROWS;
use crate::frame::choice::back as local;
use crate::frame::form::Form;
use crate::frame::visit::SignedIn;
use crate::{Pages, done};
use axum::extract::State;
use axum::response::Response;
use lastword_base::names::{AccountId, RequestId};
use lastword_http::problem::Problem;
use lastword_life::review::act::{self as review_act, ReviewAct};
use lastword_store::question::rating_request;
use lastword_store::review::{self, Review};
use std::sync::Arc;
use url::form_urlencoded::Serializer;

/// The action on each rating.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BulkAct {
    /// Assign them to the person.
    Take,
    /// Remove their assignment.
    Release,
    /// Mark them as resolved.
    Settle,
    /// Reopen them.
    Reopen,
}

impl BulkAct {
    const ALL: [BulkAct; 4] = [BulkAct::Take, BulkAct::Release, BulkAct::Settle, BulkAct::Reopen];

    fn as_str(self) -> &'static str {
        match self {
            BulkAct::Take => "take",
            BulkAct::Release => "release",
            BulkAct::Settle => "settle",
            BulkAct::Reopen => "reopen",
        }
    }

    /// Parses the value of a form field.
    pub(crate) fn parse(word: &str) -> Option<Self> {
        BulkAct::ALL.into_iter().find(|act| act.as_str() == word)
    }

    /// The action that undoes this one. An undo has no undo of its own, so a second click at the same place does nothing.
    fn undone_by(self) -> Option<Self> {
        match self {
            BulkAct::Take => Some(BulkAct::Release),
            BulkAct::Settle => Some(BulkAct::Reopen),
            BulkAct::Release | BulkAct::Reopen => None,
        }
    }

    /// True if it would change the rating. A rating assigned to someone else is not reassigned, so that an undo is exact.
    fn changes(self, review: Option<&Review>, me: AccountId) -> bool {
        let owner = review.and_then(|review| review.assigned_to);
        let settled = review.is_some_and(|review| review.settled_at.is_some());
        match self {
            BulkAct::Take => owner.is_none(),
            BulkAct::Release => owner == Some(me),
            BulkAct::Settle => !settled,
            BulkAct::Reopen => settled,
        }
    }

    fn done(self) -> &'static str {
        match self {
            BulkAct::Take => "done-bulk-take",
            BulkAct::Release => "done-bulk-release",
            BulkAct::Settle => "done-bulk-settle",
            BulkAct::Reopen => "done-bulk-reopen",
        }
    }
}

/// `POST /low/bulk`: `rating` for each rating, `act`, and `back`. Skips ratings that someone else changed meanwhile, and those that this
/// person may not see. The number in the message counts changed ratings.
pub(crate) async fn act(State(pages): State<Arc<Pages>>, person: SignedIn, form: Form) -> Result<Response, Problem> {
    let wanted = "Send take, release, settle or reopen.";
    let act = BulkAct::parse(form.get("act")).ok_or_else(|| Problem::invalid_field("act", "There is no such act.", wanted))?;
    let ids: Vec<RequestId> = form.all("rating").filter(|id| !id.is_empty()).map(RequestId::named).collect();
    if ids.len() > ROWS {
        return Err(Problem::invalid_field("rating", "These are too many at once.", "Send those of one page."));
    }
    let engine = &pages.app.engine;
    let reviews = review::of_requests(&engine.db, &ids).await?;
    let mut changed = Vec::new();
    for request in rating_request::load(&engine.db, &ids).await? {
        let before = reviews.get(&request.id);
        if !person.rights.sees(&request.line_id, request.operator_id.as_ref()) || !act.changes(before, person.id) {
            continue;
        }
        let one = match act {
            BulkAct::Take => ReviewAct::Assign(Some(person.id)),
            BulkAct::Release => ReviewAct::Assign(None),
            BulkAct::Settle => ReviewAct::Settle(String::new()),
            BulkAct::Reopen => ReviewAct::Reopen,
        };
        let kept = review_act::act(engine, &person.by(), request.id, one, None, engine.now()).await?;
        if kept.is_ok() {
            changed.push(request.id);
        }
    }
    let back = match local(form.get("back")) {
        address if address.starts_with("/low") => address,
        _ => "/low".to_owned(),
    };
    let to = act.undone_by().filter(|_| !changed.is_empty()).map_or(back.clone(), |undo| undoable(&back, undo, &changed));
    Ok(done(&pages, &to, act.done(), &changed.len().to_string()))
}

/// Address of the form's page, with an undo.
fn undoable(back: &str, undo: BulkAct, ids: &[RequestId]) -> String {
    let mut query = Serializer::new(String::new());
    query.append_pair("undo", undo.as_str()).append_pair("ids", &ids.iter().map(RequestId::to_string).collect::<Vec<_>>().join(","));
    format!("{back}{}{}", if back.contains('?') { '&' } else { '?' }, query.finish())
}
