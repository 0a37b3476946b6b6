//! Comparison of operators: exact tests over rows, one rating of each client. A comparison of many ratings is cached.

use super::kept::Kept;
use lastword_base::time::Millis;
use lastword_domain::report::comparison::Comparison;
use lastword_store::report::labelled::Memo;
use lastword_store::report::{Closes, compared};
use lastword_store::{Db, StoreError};
use std::sync::Arc;

/// Comparisons of more ratings than this are cached, and pages do not wait for them.
pub const MANY: i64 = 10_000;

/// Compares the operators of these closes. `closes.operator` is ignored, because a comparison covers the whole team. Closes without
/// an operator are excluded.
pub async fn compare_operators(db: &Db, closes: &Closes) -> Result<Comparison, StoreError> {
    let (cases, scales) = compared::cases(db, closes).await?;
    let team = cases.team().into_iter().filter(|case| !case.id.is_empty()).collect();
    Ok(Comparison::of(team, scales.into_iter().collect()))
}

/// Cache of comparisons that took long.
#[derive(Debug, Default)]
pub struct Comparisons(Kept<Comparison>);

impl Comparisons {
    /// A recent comparison.
    pub fn known(&self, closes: &Closes, now: Millis) -> Option<Arc<Comparison>> {
        self.0.known(&whole_team(closes), now)
    }

    /// The comparison of the operators of these closes, new or recent.
    pub async fn of(&self, db: &Db, closes: &Closes, now: Millis) -> Result<Arc<Comparison>, StoreError> {
        if let Some(known) = self.known(closes, now) {
            return Ok(known);
        }
        let closes = whole_team(closes);
        let comparison = Arc::new(compare_operators(db, &closes).await?);
        if comparison.ratings > MANY {
            self.0.keep(&closes, now, comparison.clone());
        }
        Ok(comparison)
    }
}

fn whole_team(closes: &Closes) -> Closes {
    Closes { operator: None, memo: Memo::default(), ..closes.clone() }
}
