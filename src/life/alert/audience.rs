//! Recipients of alerts about ratings, locked in the order of all locks (`lastword_store::locks`) before their alerts change: alerts use
//! up the recipients' limits and are added to their digests.

use crate::engine::Engine;
use crate::recipient::choose::{concerned, persons};
use crate::recipient::push;
use lastword_base::names::{RequestId, Subject};
use lastword_store::alert;
use lastword_store::alert::recipient::{self, Recipient};
use lastword_store::line::Line;
use lastword_store::locks::{self, Open};
use lastword_store::question::rating_request::RatingRequest;
use lastword_store::{StoreError, Tx};
use std::collections::BTreeSet;

/// All recipients; those who may be notified are locked.
#[derive(Default)]
pub(crate) struct Audience {
    pub(super) recipients: Vec<Recipient>,
    /// IDs of the locked recipients.
    pub(super) held: BTreeSet<String>,
}

impl Audience {
    /// Locks the recipients who may be notified of these ratings, on their current lines, and `more`, by name; then their alerts, and
    /// the messages of `open` that have not ended. The transaction holds the rating requests, and no row of later tables.
    pub(crate) async fn hold(
        tx: &mut Tx,
        engine: &Engine,
        about: &[(&RatingRequest, &Line)],
        more: &[&str],
        open: Open<'_>,
    ) -> Result<Self, StoreError> {
        if about.is_empty() && more.is_empty() {
            locks::hold_open(tx, open).await?;
            return Ok(Self::default());
        }
        let mut recipients = recipient::all_in(tx).await?;
        let mut held: BTreeSet<String> = about.iter().flat_map(|(request, line)| concerned(request, line, &recipients)).collect();
        held.extend(more.iter().flat_map(|name| persons(name, &recipients)).flatten());
        let mut requests: Vec<RequestId> = about.iter().map(|(request, _)| request.id).collect();
        let told = alert::about(tx, &requests).await?;
        held.extend(told.into_iter().map(|alert| alert.recipient_id).filter(|id| !id.is_empty()));
        let ids: Vec<&str> = held.iter().map(String::as_str).collect();
        // A recipient deleted since the first read is left out.
        recipients.retain(|known| !held.contains(&known.id));
        recipients.extend(recipient::hold(tx, &ids).await?);
        recipients.sort_by(|one, next| one.id.cmp(&next.id));
        let lines: Vec<&Line> = about.iter().map(|(_, line)| *line).collect();
        let browsers = push::hold(tx, engine, &lines).await?;
        let gathering: Vec<Subject> = ids.iter().map(|&id| id.into()).chain(browsers.iter().map(|&id| id.into())).collect();
        requests.extend(open.requests);
        locks::hold_open(tx, Open { requests: &requests, gathering: &gathering, ..open }).await?;
        Ok(Self { recipients, held })
    }
}
