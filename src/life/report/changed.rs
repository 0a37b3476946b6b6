//! Changes since the previous period: score, response rate and delivery, over all closes and by line, channel and operator, as far
//! as the data show them. `lastword_domain::report::case` defines the cases.

use super::kept::Kept;
use super::{Summary, period};
use lastword_base::names::OperatorId;
use lastword_domain::answer::rating::Scale;
use lastword_domain::report::Report;
use lastword_domain::report::case::Whose;
use lastword_domain::report::change::{Change, Changes, Errors, Shown};
use lastword_domain::report::comparison::Difference;
use lastword_domain::report::counter::Measure;
use lastword_domain::report::period::Period;
use lastword_domain::report::stats::spread::Spread;
use lastword_store::report::labelled::has_more_than;
use lastword_store::report::votes::{read_for, votes};
use lastword_store::report::{self, By, Closes};
use lastword_store::session::operator;
use lastword_store::{Db, Millis, StoreError, line};
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

/// Maximum number of reported changes of lines, channels and operators.
const TOLD_MAX: usize = 6;
/// Claims about more closes than this, both periods together, are cached, and pages do not wait for them.
const MANY: i64 = 6_000;
/// The same for one operator, whose closes are spread over the whole table: at ten million ratings each takes a tenth of a millisecond.
const MANY_OF_OPERATOR: i64 = 300;

/// A share that differs from that of the previous period.
#[derive(Clone, Debug)]
pub struct Changed {
    /// The change.
    pub shown: Shown,
    /// Name of the line or operator, if known.
    pub name: Option<String>,
}

/// Spreads of the shares of one period, for intervals that account for returning clients.
#[derive(Clone, Copy, Debug, Default)]
struct Sure {
    score: Spread,
    response: Spread,
}

impl Sure {
    /// Sets the intervals of the shares of `report`, which is over the same closes.
    fn put(&self, report: &mut Report) {
        if self.score.share() == report.score.adjusted.share.share() {
            report.score.sure(self.score.interval());
        }
        if self.response.share() == report.response.share() {
            report.response.sure(self.response.interval());
        }
    }
}

/// Claims about a period compared with the previous one.
#[derive(Clone, Debug)]
pub struct Claims {
    /// The previous period.
    pub before: Period,
    /// The score.
    pub score: Change,
    /// The response rate.
    pub response: Change,
    /// Delivered questions.
    pub delivery: Change,
    /// Number of compared lines, channels and operators.
    pub compared: usize,
    /// Those that changed: first all closes together, then by size; at most six lines, channels and operators.
    pub changed: Vec<Changed>,
    /// Scales on which clients rated, now and in the previous period.
    pub scales: [BTreeSet<Scale>; 2],
    /// True if scores of some lines are not compared because their definition of good is another one in the previous period.
    pub redefined: bool,
    sure: [Sure; 2],
}

impl Claims {
    /// True if any share of the two periods can be compared.
    pub fn compares(&self) -> bool {
        [&self.score, &self.response, &self.delivery].iter().any(|change| change.difference.is_some())
    }

    /// True if clients rated on other scales in the previous period. Only ratings on the same scale are compared.
    pub fn scale_changed(&self) -> bool {
        let [now, before] = &self.scales;
        !now.is_empty() && !before.is_empty() && now != before
    }

    /// True if no client of the two periods rated on the same scale, which is why their scores are not compared.
    pub fn no_common_scale(&self) -> bool {
        self.scale_changed() && self.scales[0].is_disjoint(&self.scales[1])
    }

    /// Score of the previous period in percent, and the difference. `None` if the plain shares would contradict the difference:
    /// other scales, or another mix.
    pub fn score_before(&self, summary: &Summary) -> Option<(f64, &Difference)> {
        let share = summary.previous.as_ref().and_then(|(_, before)| before.score.adjusted.share.percent)?;
        let difference = self.score.difference.as_ref().filter(|_| !self.scale_changed() && !self.redefined && !self.score.mixed)?;
        Some((share, difference))
    }

    /// Sets the intervals of the shares of `summary` to those that account for returning clients.
    pub fn make_sure(&self, summary: &mut Summary) {
        self.sure[0].put(&mut summary.report);
        if let Some((_, before)) = &mut summary.previous {
            self.sure[1].put(before);
        }
    }
}

/// Claims about these closes compared with the previous period; `None` if there is none. A line, channel or operator that all
/// closes have in common is not compared.
#[lastword_base::boxed]
pub async fn claims(db: &Db, closes: &Closes, errors: Errors) -> Result<Option<Claims>, StoreError> {
    let Some(before) = period(closes).previous() else { return Ok(None) };
    let then = Closes { from: before.from, until: before.until, ..closes.clone() };
    between(db, closes, &then, errors).await.map(Some)
}

/// Claims about these closes compared with those of another period.
#[lastword_base::boxed]
pub async fn between(db: &Db, closes: &Closes, then: &Closes, errors: Errors) -> Result<Claims, StoreError> {
    let (now, before) = tokio::try_join!(votes(db, closes), votes(db, then))?;
    let mut graded = now.graded.clone();
    graded.join(&before.graded);
    let free = |whose: Whose| match whose {
        Whose::All => false,
        Whose::Line => closes.line.is_none(),
        Whose::Channel => closes.channel.is_none(),
        Whose::Operator => closes.operator.is_none(),
    };
    let changes = Changes::of(&now.cases, &before.cases, free, &graded.redefined(), errors);
    let Changes { overall: [score, response, delivery], shown, compared, scales, redefined, spreads } = changes;
    let [score_spreads, response_spreads, _] = spreads;
    let sure = [0, 1].map(|at| Sure { score: score_spreads[at], response: response_spreads[at] });
    let changed = named(db, shown).await?;
    Ok(Claims { before: period(then), score, response, delivery, compared, changed, scales, redefined, sure })
}

/// All changes over all closes and the first [`TOLD_MAX`] others, with names.
async fn named(db: &Db, shown: Vec<Shown>) -> Result<Vec<Changed>, StoreError> {
    let (overall, parts): (Vec<Shown>, Vec<Shown>) = shown.into_iter().partition(|one| one.whose == Whose::All);
    let shown: Vec<Shown> = overall.into_iter().chain(parts.into_iter().take(TOLD_MAX)).collect();
    let of = |whose: Whose| shown.iter().filter(move |one| one.whose == whose).map(|one| one.id.as_str()).collect::<Vec<_>>();
    let lines = if of(Whose::Line).is_empty() { HashMap::new() } else { line::names(db).await? };
    let operators: Vec<OperatorId> = of(Whose::Operator).into_iter().map(OperatorId::from).collect();
    let operators = operator::names(db, &operators.iter().collect::<Vec<_>>()).await?;
    let name = |one: &Shown| match one.whose {
        Whose::Line => lines.get(one.id.as_str()).cloned(),
        Whose::Operator => operators.get(one.id.as_str()).cloned(),
        Whose::All | Whose::Channel => None,
    };
    Ok(shown.into_iter().map(|one| Changed { name: name(&one), shown: one }).collect())
}

/// True if claims about these closes, of which there are `own`, read more rows than a page waits for. Rows of other channels, scales
/// or lines are read too.
#[lastword_base::boxed]
pub async fn reads_many(db: &Db, closes: &Closes, own: i64) -> Result<bool, StoreError> {
    let read = read_for(closes);
    if read.label.is_some() {
        return has_more_than(db, &read, MANY).await;
    }
    let all = match *closes == read {
        true => own,
        false => report::counts(db, &read, By::Nothing).await?.iter().map(|group| group.counts[Measure::Closes]).sum(),
    };
    Ok(all > if read.operator.is_some() { MANY_OF_OPERATOR } else { MANY })
}

/// Cache of recent claims about many closes.
pub type KeptClaims = Kept<Option<Claims>>;

impl KeptClaims {
    /// Claims about the closes of `summary`, computed now or recently. `None` if they take long, are not in the cache, and the
    /// caller does not wait.
    #[lastword_base::boxed]
    pub async fn about(
        &self,
        db: &Db,
        closes: &Closes,
        summary: &mut Summary,
        waits: bool,
        now: Millis,
    ) -> Result<Option<Arc<Option<Claims>>>, StoreError> {
        let closed = |report: &Report| report.funnel.closed;
        let both = Closes { from: summary.previous.as_ref().map_or(closes.from, |(before, _)| before.from), ..closes.clone() };
        let own = closed(&summary.report) + summary.previous.as_ref().map_or(0, |(_, before)| closed(before));
        let claimed = match self.known(closes, now) {
            Some(known) => known,
            None if !reads_many(db, &both, own).await? => Arc::new(claims(db, closes, Errors::PAGE).await?),
            None if !waits => return Ok(None),
            None => {
                let (db, over) = (db.clone(), closes.clone());
                self.get_or_compute(closes, now, async move { claims(&db, &over, Errors::PAGE).await }).await?
            }
        };
        if let Some(claims) = &*claimed {
            claims.make_sure(summary);
        }
        Ok(Some(claimed))
    }
}
