//! Totals of a list: from the counters if they distinguish what its filter asks for, otherwise from the rows of the list, up to a
//! limit.

use super::{Filter, Lines, Part, RatingCursor, parts, read_stretch, rest};
use crate::report::{By, Closes, counts};
use crate::{Db, Millis, Row, StoreError, document, values};
use lastword_base::names::OperatorId;
use lastword_domain::answer::rating::Scale;
use lastword_domain::outcome::Outcome;
use lastword_domain::report::calendar::{Day, hour};
use lastword_domain::report::counter::{Counts, Measure, RatingMeasures, counted_operators};
use lastword_domain::report::period::Period;
use lastword_domain::report::rating_filter::Ended;
use lastword_domain::report::{Report, Scaled};
use lastword_domain::session::Operator;
use std::collections::HashMap;

/// Maximum number of index rows read while a page waits for its totals; those of more closes are loaded after the page.
pub const AT_ONCE: i64 = 1_000;
/// Maximum number of index rows if the totals are loaded after the page.
pub const AT_MOST: i64 = 100_000;
/// Number of rows per query.
const STEP: i64 = 4_000;
/// Bounds before the first and after the last day with counts.
const EVER: (Day, Day) = (Day(0), Day(100_000));

/// Totals of a list.
#[derive(Clone, Debug, PartialEq)]
pub struct Sums {
    /// Number of closes.
    pub closes: i64,
    /// Figures of their ratings.
    pub report: Report,
    /// Only closes since then were included, because there are more than the limit. `None` if all were.
    pub since: Option<Millis>,
}

impl Sums {
    fn of(closes: i64, scaled: &[Scaled], since: Option<Millis>) -> Self {
        Self { closes, report: Report::of(scaled), since }
    }
}

/// Totals of the closes that match `filter` and that `sees` may see: exact if the counters have them, otherwise of at most `rows`
/// rows.
pub async fn sums(db: &Db, filter: &Filter, sees: &Lines, rows: i64) -> Result<Sums, StoreError> {
    match from_counters(db, filter, sees).await? {
        Some(sums) => Ok(sums),
        None => from_rows(db, filter, sees, rows).await,
    }
}

/// Number of them that wait for a reply, and the time since which they were counted.
pub async fn waiting(db: &Db, filter: &Filter, sees: &Lines, rows: i64) -> Result<(i64, Option<Millis>), StoreError> {
    let waiting = Filter { unanswered: true, ..filter.clone() };
    let sums = from_rows(db, &waiting, sees, rows).await?;
    Ok((sums.closes, sums.since))
}

/// Totals from the counters; `None` if they do not distinguish what the filter asks for.
pub async fn from_counters(db: &Db, filter: &Filter, sees: &Lines) -> Result<Option<Sums>, StoreError> {
    let Some(questions) = questions(filter, sees, db) else { return Ok(None) };
    let mut scaled: Vec<Scaled> = Vec::new();
    for closes in &questions {
        scaled.extend(counts(db, closes, By::Nothing).await?.into_iter().map(|group| (group.scale, group.counts)));
    }
    let mut all = Counts::default();
    scaled.iter().for_each(|(_, counts)| all.add(counts, 1));
    let closes = match filter.ended {
        Ended::As(Outcome::Answered) => all[Measure::Answered],
        Ended::As(Outcome::Expired) => all[Measure::Expired],
        Ended::As(Outcome::NotAsked) => all[Measure::NotAsked],
        Ended::As(Outcome::Canceled) => all[Measure::Canceled],
        Ended::As(Outcome::Unreachable) => all[Measure::Unreachable],
        Ended::As(Outcome::Unsure) => all[Measure::Unsure],
        Ended::Open => all.open(),
        Ended::Asked => all.asked(),
        Ended::Delivered => all[Measure::Delivered],
        Ended::Over | Ended::AnsweredOver | Ended::Late => return Ok(None),
        Ended::Any => all[Measure::Closes],
    };
    // Closes that were not answered have no ratings.
    let rated = matches!(filter.ended, Ended::As(Outcome::Answered) | Ended::Asked | Ended::Delivered | Ended::Any);
    Ok(Some(Sums::of(closes, if rated { &scaled } else { &[] }, None)))
}

/// The queries of the counters that together match the filter; `None` if that is not possible.
fn questions(filter: &Filter, sees: &Lines, db: &Db) -> Option<Vec<Closes>> {
    let said = filter.commented || filter.unanswered || filter.supervised || filter.search.is_some();
    let graded = filter.grade.is_some() || !filter.scores.is_empty() || filter.resolved.is_some() || filter.voided.is_some();
    let told = !filter.reasons.is_empty() || !filter.chosen.is_empty() || !filter.tagged.is_empty();
    // A shared close counts for each of its operators: their sum may exceed the number of closes.
    if said || graded || told || filter.hour.is_some() || filter.label.is_some() || filter.operators.len() > 1 {
        return None;
    }
    let day = |at: Option<Millis>, none: Day| match at {
        None => Some(none),
        Some(at) => Some(Day::of(at, db.zone())).filter(|day| day.start(db.zone()) == at),
    };
    let of_channel = |channel: Option<&String>| -> Option<Closes> {
        let period = Period { from: day(filter.from, EVER.0)?, until: day(filter.until, EVER.1)? };
        Some(Closes {
            operator: filter.operators.first().cloned(),
            channel: channel.cloned(),
            scale: filter.scale,
            handled_by: filter.handled_by,
            sees: match &filter.lines[..] {
                [] => sees.clone(),
                lines => Lines::Some(lines.iter().filter(|line| sees.admit(line)).cloned().collect()),
            },
            ..Closes::of(period)
        })
    };
    match &filter.channels[..] {
        [] => Some(vec![of_channel(None)?]),
        channels => channels.iter().map(|channel| of_channel(Some(channel))).collect(),
    }
}

/// Data of a close for totals.
struct Brief {
    place: RatingCursor,
    scale: Scale,
    rated: Option<RatingMeasures>,
    counts: bool,
}

/// Totals from the rows, from at most `rows` index rows.
pub async fn from_rows(db: &Db, filter: &Filter, sees: &Lines, rows: i64) -> Result<Sums, StoreError> {
    let begin = RatingCursor::before(filter.until.unwrap_or(Millis::MAX));
    let parts = parts(db, filter, sees).await?;
    let each = (rows / parts.len().max(1) as i64).max(1);
    let (mut found, mut until): (HashMap<RatingCursor, Brief>, Option<RatingCursor>) = (HashMap::new(), None);
    for part in parts {
        until = until.max(follow(db, filter, sees, &part, begin.clone(), each, &mut found).await?);
    }
    let mut scaled = [(Scale::Binary, Counts::default()), (Scale::FiveStar, Counts::default())];
    let mut closes = 0;
    for brief in found.values().filter(|brief| until.as_ref().is_none_or(|until| brief.place >= *until)) {
        closes += 1;
        let Some(rated) = &brief.rated else { continue };
        let place = usize::from(brief.scale == Scale::FiveStar);
        scaled[place].1[Measure::Answered] += 1;
        scaled[place].1.add(&rated.counts(), 1);
    }
    Ok(Sums::of(closes, &scaled, until.map(|place| place.closed_at())))
}

/// Follows a part for `rows` rows of its index; returns the position reached.
async fn follow(
    db: &Db,
    filter: &Filter,
    sees: &Lines,
    part: &Part,
    mut begin: RatingCursor,
    rows: i64,
    found: &mut HashMap<RatingCursor, Brief>,
) -> Result<Option<RatingCursor>, StoreError> {
    let from = RatingCursor::before(filter.from.unwrap_or(Millis::MIN));
    let mut left = rows;
    while left > 0 {
        let step = left.min(STEP);
        let key = values![&part.key, part.score, &begin.0, &from.0, step];
        let Some((end, count)) = db.read(part.along.stretch(), key).await?.first_mut().map(read_stretch).transpose()? else {
            return Ok(None);
        };
        let mut values = values![&part.key, part.score, &begin.0, &end.0, i64::MAX];
        values.extend(rest(filter, sees, part.along));
        for row in &mut db.read(part.along.brief(), values).await? {
            let brief = read(row, filter, db)?;
            if brief.counts {
                found.insert(brief.place.clone(), brief);
            }
        }
        if count < step {
            return Ok(None);
        }
        (begin, left) = (end, left - step);
    }
    Ok(Some(begin))
}

fn read(row: &mut Row, filter: &Filter, db: &Db) -> Result<Brief, StoreError> {
    let (place, closed_at) = (RatingCursor(row.id()?), row.int()?);
    let scale = row.column("rating_request", "scale")?;
    let (score, low) = (row.int_or_null()?, row.int_or_null()?);
    let (voided, commented) = (row.int()? == 1, row.int()? == 1);
    let (shared, responsible, comment) = (row.text_or_null()?, row.text_or_null()?, row.text_or_null()?);
    let rated = score.map(|score| RatingMeasures {
        scale,
        score: u8::try_from(score).unwrap_or_default(),
        low: low == Some(1),
        voided,
        commented,
        ..RatingMeasures::default()
    });
    let begun = filter.search.as_ref().is_none_or(|search| comment.as_deref().is_some_and(|text| search.finds(text)));
    let when = (Day::of(closed_at, db.zone()).weekday(), hour(closed_at, db.zone()));
    let theirs = match shared.filter(|_| !filter.operators.is_empty()) {
        None => true,
        Some(operators) => {
            let operators: Vec<Operator> = document("rating_request", "operators", &operators)?;
            let all = operators.into_iter().map(|operator| operator.id).collect();
            counted_operators(responsible.as_deref().map(OperatorId::from).as_ref(), all, true)
                .iter()
                .any(|operator| filter.operators.contains(operator))
        }
    };
    let counts = begun && theirs && filter.hour.is_none_or(|wanted| wanted == when);
    Ok(Brief { place, scale, rated, counts })
}
