//! Ratings whose alerts are raised some time after the score: each with its locked request and the current line.

use super::raise::Low;
use crate::engine::Engine;
use lastword_base::names::{LineId, RequestId};
use lastword_domain::alert::AlertKind;
use lastword_store::answer::rating::{self, Rating};
use lastword_store::line::Line;
use lastword_store::question::rating_request::{self, RatingRequest};
use lastword_store::{StoreError, Tx};
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

/// The requests, ratings and lines.
pub(crate) struct HeldLow {
    pub(crate) requests: Vec<RatingRequest>,
    ratings: HashMap<RequestId, Rating>,
    lines: HashMap<LineId, Arc<Line>>,
}

impl HeldLow {
    /// Locks the requests, then reads their ratings and lines.
    pub(crate) async fn read(tx: &mut Tx, engine: &Engine, requests: &[RequestId]) -> Result<Self, StoreError> {
        let requests = rating_request::hold(tx, requests).await?;
        let ids: Vec<RequestId> = requests.iter().map(|request| request.id).collect();
        let ratings = rating::load(tx, &ids).await?;
        let lines: BTreeSet<&LineId> = requests.iter().map(|request| &request.line_id).collect();
        let lines = engine.lines.current(tx, &lines.into_iter().collect::<Vec<_>>()).await?;
        Ok(Self { requests, ratings, lines })
    }

    /// IDs of the requests that exist.
    pub(crate) fn ids(&self) -> Vec<RequestId> {
        self.requests.iter().map(|request| request.id).collect()
    }

    /// The requests, each with its line.
    pub(crate) fn about(&self) -> Vec<(&RatingRequest, &Line)> {
        self.requests.iter().filter_map(|request| Some((request, self.lines.get(&request.line_id)?.as_ref()))).collect()
    }

    /// The rating of a request at a level of the escalation; `None` if it is no longer low.
    pub(crate) fn low(&self, request: RequestId, level: i64, kind: AlertKind) -> Option<Low<'_>> {
        let request = self.requests.iter().find(|known| known.id == request)?;
        let rating = self.ratings.get(&request.id).filter(|rating| rating.low == 1)?;
        let line = self.lines.get(&request.line_id)?;
        Some(Low { request, rating, line, level, kind, instead_of: None })
    }
}
