//! What changed since the period before: which lines, channels and operators moved, as far as the data can tell.

use super::{Row, good, groups, period};
use crate::domain::report::Part;
use crate::domain::report::comparison::{Difference, Verdict};
use crate::domain::report::period::Period;
use crate::domain::report::stats::team::Ratings;
use crate::store::report::{By, Closes};
use crate::store::{Db, StoreError};

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
    let mut pairs: Vec<(By, Row, Row)> = Vec::new();
    for (by, _) in kinds.into_iter().filter(|(_, free)| *free) {
        let (rows, _) = groups(db, closes, by, COMPARED_MAX).await?;
        let (mut earlier, _) = groups(db, &then, by, usize::MAX).await?;
        for row in rows.into_iter().filter(|row| !row.id.is_empty()) {
            if let Some(at) = earlier.iter().position(|other| other.id == row.id) {
                pairs.push((by, row, earlier.swap_remove(at)));
            }
        }
    }
    let rated: Vec<(Ratings, Ratings)> = pairs.iter().map(|(_, now, then)| (good(&now.report), good(&then.report))).collect();
    let compared = pairs.len();
    let said = pairs.into_iter().zip(Difference::among(&rated));
    let mut changed: Vec<Changed> = said
        .filter_map(|((by, now, then), difference)| {
            let difference = difference.filter(|difference| difference.verdict != Verdict::CannotTell)?;
            let [now_share, then_share] = [&now, &then].map(|row| row.report.score.adjusted.share);
            Some(Changed { by, id: now.id, name: now.name, now: now_share, before: then_share, difference })
        })
        .collect();
    changed.sort_by(|one, other| other.difference.points.abs().total_cmp(&one.difference.points.abs()));
    changed.truncate(TOLD_MAX);
    Ok(Some(Changes { before, compared, changed }))
}
