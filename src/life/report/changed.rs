//! What changed since the period before: which lines, channels and operators moved, as far as the data can tell.

use super::{period, scaled};
use lastword_domain::report::comparison::{Difference, Verdict};
use lastword_domain::report::counter::Measure;
use lastword_domain::report::period::Period;
use lastword_domain::report::share::Share;
use lastword_domain::report::stats::team::Ratings;
use lastword_domain::report::{Part, Scaled, good_by_scale};
use lastword_store::report::{self, By, Closes};
use lastword_store::session::operator;
use lastword_store::{Db, StoreError, line};
use std::collections::{BTreeMap, HashMap};

/// So many of each kind are compared: those with most ratings.
const COMPARED_MAX: usize = 40;
/// So many changes are told.
const TOLD_MAX: usize = 6;

/// A line, channel or operator whose score is another than in the period before.
#[derive(Clone, Debug)]
pub struct Changed {
    /// What it is.
    pub by: By,
    /// Its id or kind.
    pub id: String,
    /// Its name, where one is known.
    pub name: Option<String>,
    /// Good of rated, voided ones left out.
    pub now: Part,
    /// The same in the period before.
    pub before: Part,
    /// The difference: all that were compared share one error of 5 %.
    pub difference: Difference,
}

/// What changed.
#[derive(Clone, Debug)]
pub struct Changes {
    /// The period before.
    pub before: Period,
    /// How many lines, channels and operators were compared.
    pub compared: usize,
    /// Those that changed, the largest change first; at most six.
    pub changed: Vec<Changed>,
}

/// What changed since the period before; none where there is none. What all closes have in common is not compared.
///
/// # Errors
/// The database's error.
pub async fn changes(db: &Db, closes: &Closes) -> Result<Option<Changes>, StoreError> {
    let Some(before) = period(closes).previous() else { return Ok(None) };
    let then = Closes { from: before.from, until: before.until, ..closes.clone() };
    let kinds = [(By::Line, closes.line.is_none()), (By::Channel, closes.channel.is_none()), (By::Operator, closes.operator.is_none())];
    let mut all: Vec<(By, String)> = Vec::new();
    let mut rated: Vec<(Ratings, Ratings)> = Vec::new();
    for (by, _) in kinds.into_iter().filter(|(_, free)| *free) {
        let (now, then) = tokio::try_join!(good(db, closes, by), good(db, &then, by))?;
        let mut then: HashMap<String, Ratings> = then.into_iter().collect();
        for (id, now) in now.into_iter().take(COMPARED_MAX).filter(|(id, _)| !id.is_empty()) {
            if let Some(then) = then.remove(&id) {
                all.push((by, id));
                rated.push((now, then));
            }
        }
    }
    let compared = all.len();
    let differences = Difference::among(&rated);
    let mut changed: Vec<Changed> = all
        .into_iter()
        .zip(rated)
        .zip(differences)
        .filter_map(|(((by, id), (now, then)), difference)| {
            let difference = difference.filter(|difference| difference.verdict != Verdict::CannotTell)?;
            Some(Changed { by, id, name: None, now: pooled(&now), before: pooled(&then), difference })
        })
        .collect();
    changed.sort_by(|one, other| other.difference.points.abs().total_cmp(&one.difference.points.abs()));
    changed.truncate(TOLD_MAX);
    let lines = line::names(db).await?;
    let operators: Vec<&str> = changed.iter().filter(|one| one.by == By::Operator).map(|one| one.id.as_str()).collect();
    let operators = operator::names(db, &operators).await?;
    for one in &mut changed {
        one.name = match one.by {
            By::Line => lines.get(&one.id).cloned(),
            By::Operator => operators.get(&one.id).cloned(),
            _ => None,
        };
    }
    Ok(Some(Changes { before, compared, changed }))
}

/// Good of rated by scale, of each line, channel or operator with closes; those with most ratings first.
async fn good(db: &Db, closes: &Closes, by: By) -> Result<Vec<(String, Ratings)>, StoreError> {
    let mut by_name: BTreeMap<String, Vec<Scaled>> = BTreeMap::new();
    for group in report::counts(db, closes, by).await? {
        by_name.entry(group.name.clone()).or_default().push(scaled(&group));
    }
    let sum = |scaled: &[Scaled], measure: Measure| scaled.iter().map(|(_, counts)| counts[measure]).sum::<i64>();
    let mut all: Vec<(String, Vec<Scaled>)> = by_name.into_iter().filter(|(_, scaled)| sum(scaled, Measure::Closes) > 0).collect();
    all.sort_by_cached_key(|(_, scaled)| std::cmp::Reverse((sum(scaled, Measure::Answered), sum(scaled, Measure::Closes))));
    Ok(all.into_iter().map(|(name, scaled)| (name, good_by_scale(&scaled))).collect())
}

/// Good of rated on all scales.
fn pooled(ratings: &Ratings) -> Part {
    ratings.iter().fold(Share::default(), |sum, (_, good)| sum.and(*good)).into()
}
