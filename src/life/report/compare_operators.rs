//! Comparison of operators: exact tests over rows, one rating of each client. A comparison of many ratings is cached.

use super::figures;
use super::kept::Kept;
use lastword_base::time::Millis;
use lastword_domain::report::comparison::Comparison;
use lastword_store::report::Closes;
use lastword_store::report::compared::{self, Rated};
use lastword_store::report::labelled::has_more_than;
use lastword_store::{Db, StoreError};
use std::sync::Arc;

/// Comparisons of more ratings than this are cached, and pages do not wait for them.
const MANY: i64 = 10_000;

/// Compares the operators of these closes. `closes.operator` is ignored, because a comparison covers the whole team. Closes without
/// an operator are excluded.
#[lastword_base::boxed]
pub async fn compare_operators(db: &Db, closes: &Closes) -> Result<Comparison, StoreError> {
    let Rated { mut cases, scales, graded } = compared::cases(db, closes).await?;
    let redefined = graded.redefined();
    let left_out = cases.leave_out(|stratum| redefined.contains(stratum));
    let team = cases.team().into_iter().filter(|case| !case.id.is_empty()).collect();
    Ok(Comparison { redefined: left_out, ..Comparison::of(team, scales.into_iter().collect()) })
}

/// Cache of comparisons that took long.
#[derive(Debug, Default)]
pub struct Comparisons(Kept<Comparison>);

impl Comparisons {
    /// The comparison of the operators of these closes, computed now or recently.
    #[lastword_base::boxed]
    pub async fn of(&self, db: &Db, closes: &Closes, now: Millis) -> Result<Arc<Comparison>, StoreError> {
        if let Some(ready) = self.unless_long(db, closes, now).await? {
            return Ok(ready);
        }
        let team = whole_team(closes);
        let (db, over) = (db.clone(), team.clone());
        self.0.get_or_compute(&team, now, async move { compare_operators(&db, &over).await }).await
    }

    /// The same; `None` if it takes long and is not in the cache.
    #[lastword_base::boxed]
    pub async fn unless_long(&self, db: &Db, closes: &Closes, now: Millis) -> Result<Option<Arc<Comparison>>, StoreError> {
        let team = whole_team(closes);
        if let Some(known) = self.0.known(&team, now) {
            return Ok(Some(known));
        }
        // Ratings of other channels and scales are read too.
        let read = compared::read_for(&team);
        let reads_many = match &read.label {
            Some(_) => has_more_than(db, &read, MANY).await?,
            None => figures(db, &read).await?.0.score.adjusted.rated > MANY,
        };
        if reads_many {
            return Ok(None);
        }
        compare_operators(db, &team).await.map(|comparison| Some(Arc::new(comparison)))
    }
}

fn whole_team(closes: &Closes) -> Closes {
    Closes { operator: None, ..closes.clone() }
}
