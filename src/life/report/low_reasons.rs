//! Reasons for low ratings, from the counters: over all, by line, operator or channel, and step by step.

use super::kept::Kept;
use super::{figures, period};
use lastword_base::names::OperatorId;
use lastword_base::time::Millis;
use lastword_domain::answer::rating::Scale;
use lastword_domain::line::LineSettings;
use lastword_domain::line::texts::{known_codes, reason_label};
use lastword_domain::report::change::PAGE_THIRD;
use lastword_domain::report::counter::{Counts, Measure};
use lastword_domain::report::low_reasons::{Before, LowReasons, Tally};
use lastword_domain::report::period::{Period, Step};
use lastword_domain::report::rule::graded::has_one_low_rule;
use lastword_store::report::low_votes::low_votes;
use lastword_store::report::{self, By, Closes, reason};
use lastword_store::session::operator;
use lastword_store::{Db, StoreError, line};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

/// Reasons are cached if more low ratings than this are read for them, both periods together.
const MANY: i64 = 5_000;

/// Reasons for low ratings, and the previous period for comparison.
#[lastword_base::boxed]
pub async fn low_reasons(db: &Db, closes: &Closes) -> Result<(LowReasons, Option<Period>), StoreError> {
    low_reasons_at(db, closes, PAGE_THIRD).await
}

/// Cache of the reasons of many low ratings.
pub type KeptReasons = Kept<(LowReasons, Option<Period>)>;

impl KeptReasons {
    /// As [`low_reasons`], computed now or recently.
    #[lastword_base::boxed]
    pub async fn of(&self, db: &Db, closes: &Closes, now: Millis) -> Result<Arc<(LowReasons, Option<Period>)>, StoreError> {
        if let Some(known) = self.known(closes, now) {
            return Ok(known);
        }
        let before = period(closes).previous();
        // All low ratings of both periods are read, whatever the filter.
        let from = before.map_or(closes.from, |before| before.from);
        let read = Closes::of(Period { from, until: closes.until });
        if figures(db, &read).await?.0.score.adjusted.bad <= MANY {
            return low_reasons(db, closes).await.map(Arc::new);
        }
        let (db, over) = (db.clone(), closes.clone());
        self.get_or_compute(closes, now, async move { low_reasons(&db, &over).await }).await
    }
}

/// As [`low_reasons`], with the error `alpha` for all reported changes.
#[lastword_base::boxed]
pub async fn low_reasons_at(db: &Db, closes: &Closes, alpha: f64) -> Result<(LowReasons, Option<Period>), StoreError> {
    let Some(before) = period(closes).previous() else { return Ok((LowReasons::of(&tally(db, closes).await?, None), None)) };
    let then = Closes { from: before.from, until: before.until, ..closes.clone() };
    let (now, tally, mut votes, mut votes_then, redefined) =
        tokio::try_join!(tally(db, closes), tally(db, &then), low_votes(db, closes), low_votes(db, &then), redefined(db, [closes, &then]))?;
    // Where other scores are low, other reasons are given: no change is claimed.
    let is_left_out = |line: &str, scale| redefined.contains(&(line.to_owned(), scale));
    let left_out = [&mut votes, &mut votes_then].map(|votes| votes.leave_out(is_left_out));
    let compared = Before { tally: &tally, votes: [&votes, &votes_then], alpha };
    Ok((LowReasons { redefined: left_out.contains(&true), ..LowReasons::of(&now, Some(compared)) }, Some(before)))
}

/// The lines and scales with low ratings in both periods that were not graded by one rule for low scores.
async fn redefined(db: &Db, periods: [&Closes; 2]) -> Result<BTreeSet<(String, Scale)>, StoreError> {
    let (now, then) = tokio::try_join!(report::counts(db, periods[0], By::Line), report::counts(db, periods[1], By::Line))?;
    let mut lines: BTreeMap<(String, Scale), [Counts; 2]> = BTreeMap::new();
    for (period, groups) in [now, then].into_iter().enumerate() {
        for group in groups {
            lines.entry((group.name, group.scale)).or_default()[period].add(&group.counts, 1);
        }
    }
    lines.retain(|_, periods| periods.iter().all(|counts| counts[Measure::Bad] > 0) && !has_one_low_rule(periods));
    Ok(lines.into_keys().collect())
}

async fn tally(db: &Db, closes: &Closes) -> Result<Tally, StoreError> {
    Ok(tallies(db, closes, By::Nothing).await?.into_values().next().unwrap_or_default())
}

/// The counts of each group and day or month.
async fn tallies(db: &Db, closes: &Closes, by: By) -> Result<BTreeMap<(String, i64), Tally>, StoreError> {
    let mut tallies: BTreeMap<(String, i64), Tally> = BTreeMap::new();
    let (groups, reasons) = reason::counts_and_low(db, closes, by).await?;
    for group in groups {
        tallies.entry((group.name, group.period)).or_default().count(group.scale, &group.counts);
    }
    for (group, reasons) in reasons {
        let tally = tallies.entry(group).or_default();
        reasons.into_iter().for_each(|(scale, origin, code, n)| tally.reason(scale, origin, code, n));
    }
    Ok(tallies)
}

/// Reasons for low ratings of one line, channel or operator, or of one step.
#[derive(Clone, Debug)]
pub struct Row {
    /// Its ID or kind; empty for none, and for a step.
    pub id: String,
    /// Its name, if known.
    pub name: Option<String>,
    /// The days of a step.
    pub period: Option<Period>,
    /// The reasons.
    pub reasons: LowReasons,
}

/// Reasons for low ratings by line, channel or operator, those with most low ratings first, at most `limit`; groups without any are
/// omitted. Also returns the number of groups.
#[lastword_base::boxed]
pub async fn by_group(db: &Db, closes: &Closes, by: By, limit: usize) -> Result<(Vec<Row>, usize), StoreError> {
    let found = tallies(db, closes, by).await?;
    let row = |((id, _), tally): ((String, i64), Tally)| Row { id, name: None, period: None, reasons: LowReasons::of(&tally, None) };
    let mut rows: Vec<Row> = found.into_iter().map(row).filter(|row| row.reasons.low > 0).collect();
    rows.sort_by_key(|row| std::cmp::Reverse(row.reasons.low));
    let all = rows.len();
    rows.truncate(limit);
    let ids: Vec<&str> = rows.iter().map(|row| row.id.as_str()).collect();
    let mut names: HashMap<String, String> = match by {
        By::Line => line::names(db).await?.into_iter().map(|(id, name)| (id.into(), name)).collect(),
        By::Operator => {
            let ids: Vec<OperatorId> = ids.into_iter().map(OperatorId::from).collect();
            let names = operator::names(db, &ids.iter().collect::<Vec<_>>()).await?;
            names.into_iter().map(|(id, name)| (id.into(), name)).collect()
        }
        By::Nothing | By::Channel | By::HandledBy | By::Label | By::Day | By::Week | By::Month => HashMap::new(),
    };
    rows.iter_mut().for_each(|row| row.name = names.remove(&row.id));
    Ok((rows, all))
}

/// Reasons for low ratings step by step, including steps without any; `None` if there would be too many to display.
#[lastword_base::boxed]
pub async fn by_step(db: &Db, closes: &Closes, step: Step) -> Result<Option<Vec<Row>>, StoreError> {
    let Some(parts) = period(closes).cut(step) else { return Ok(None) };
    let by = if step == Step::Month { By::Month } else { By::Day };
    let (groups, reasons) = reason::counts_and_low(db, closes, by).await?;
    let mut found = groups.into_iter().peekable();
    let mut reasons = reasons.into_iter().map(|((_, at), reasons)| (at, reasons)).peekable();
    let mut rows = Vec::with_capacity(parts.len());
    for part in parts {
        let inside = |at: i64| if by == By::Month { at <= part.from.month().0 } else { at < part.until.0 };
        let mut tally = Tally::default();
        while let Some(group) = found.next_if(|group| inside(group.period)) {
            tally.count(group.scale, &group.counts);
        }
        while let Some((_, some)) = reasons.next_if(|(at, _)| inside(*at)) {
            some.into_iter().for_each(|(scale, origin, code, n)| tally.reason(scale, origin, code, n));
        }
        rows.push(Row { id: String::new(), name: None, period: Some(part), reasons: LowReasons::of(&tally, None) });
    }
    Ok(Some(rows))
}

/// Texts of reasons, from the lines that a person sees.
#[derive(Clone, Debug, Default)]
pub struct Labels {
    lines: Vec<LineSettings>,
}

impl Labels {
    /// Those of the lines of these closes.
    #[lastword_base::boxed]
    pub async fn of(db: &Db, closes: &Closes) -> Result<Self, StoreError> {
        let seen = |line: &line::Line| closes.sees.admit(&line.id) && closes.line.as_ref().is_none_or(|id| *id == line.id);
        Ok(Self { lines: line::all(db).await?.into_iter().filter(seen).map(|line| line.settings).collect() })
    }

    /// Those of these settings.
    pub fn over(lines: Vec<LineSettings>) -> Self {
        Self { lines }
    }

    /// Text of a reason for people who read `language`.
    pub fn label(&self, language: &str, code: &str) -> String {
        reason_label(self.lines.iter(), language, code)
    }

    /// The language of the line, if there is only one line.
    pub fn language(&self) -> Option<&str> {
        if let [line] = self.lines.as_slice() { Some(&line.language) } else { None }
    }

    /// Codes of all reasons that clients of these lines can choose or that their rules assign; codes that are no longer used are
    /// not included.
    pub fn codes(&self) -> BTreeSet<String> {
        self.lines.iter().flat_map(known_codes).collect()
    }
}
