//! Lists of closes and their ratings, newest close first, with any filter.
//!
//! A list follows the most selective index for its filter, from the position where the previous page ended. Closes that count for
//! an operator, lines of a supervisor and words with the same prefix are in several ranges of an index: each is followed
//! separately, and the results are merged. The rest of the filter is checked row by row. A filter with hardly any matches would
//! read the whole table, so each page reads at most [`LOOKED_AT`] rows, then returns its position, and the next page continues
//! there. So a page costs the same, whatever the size of the table.

mod statement;
pub mod sums;

use self::statement::{ANY, Along};
use crate::answer::rating::{self, Rating, comment_word};
use crate::question::rating_request::RatingRequest;
use crate::sql::rows::Rows;
use crate::sql::value::Value;
use crate::{Db, Millis, Row, StoreError, values};
use lastword_base::names::{LineId, OperatorId, RequestId};
use lastword_domain::access::rights::Lines;
use lastword_domain::answer::rating::{Grade, Scale};
use lastword_domain::outcome::Outcome;
use lastword_domain::report::calendar::{Day, hour};
use lastword_domain::report::rating_filter::{Ended, Filter, HasReason};
use lastword_domain::session::HandledBy;
use std::cmp::Reverse;
use std::collections::HashMap;

/// Index rows read for one page, in growing steps: most pages are full after the first.
pub const LOOKED_AT: [i64; 3] = [500, 1_500, 2_000];
/// Maximum number of lines, operators, scores or reasons that are followed separately; more are a filter.
const FOLLOWED_MAX: usize = 12;
/// Maximum number of words that are followed separately; more share such a frequent prefix that scanning the ratings finds enough.
const WORDS_MAX: usize = 12;

/// Minimum number of rows per query if their content decides.
const READ_AT_LEAST: usize = 250;

/// A position in a list: a close, or the start of a time. Older closes come after it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RatingCursor(RequestId);

impl RatingCursor {
    /// The position before everything closed at `at` or later.
    pub fn before(at: Millis) -> Self {
        Self(RequestId::first_of(at))
    }

    /// Time of this position's close, from its ID.
    pub fn closed_at(&self) -> Millis {
        self.0.moment()
    }

    /// Text form for addresses.
    pub fn cursor(&self) -> String {
        self.0.to_string()
    }

    /// Parses [`RatingCursor::cursor`].
    pub fn parse(cursor: &str) -> Option<Self> {
        cursor.parse().ok().map(Self)
    }
}

/// A close and its rating, if it has one.
#[derive(Clone, Debug)]
pub struct Listed {
    /// The close.
    pub request: RatingRequest,
    /// Its rating.
    pub rating: Option<Rating>,
}

impl Listed {
    fn place(&self) -> RatingCursor {
        RatingCursor(self.request.id)
    }
}

/// One page of a list.
#[derive(Clone, Debug, Default)]
pub struct Page {
    /// Matching closes, newest first.
    pub items: Vec<Listed>,
    /// Start of the next page; `None` on the last one.
    pub next: Option<RatingCursor>,
    /// The page read the maximum number of rows and is not full: there may be more matches.
    pub cut: bool,
}

/// A range of an index that is followed.
struct Part {
    along: Along,
    /// The line, operator, word or scale.
    key: String,
    score: i64,
}

/// Result of following a part.
struct Followed {
    items: Vec<Listed>,
    /// Position up to which it was followed.
    until: Option<RatingCursor>,
}

/// The page of closes that match `filter` and that `sees` may see, after the position `after`: at most `limit` items.
pub async fn page(db: &Db, filter: &Filter, sees: &Lines, after: Option<&RatingCursor>, limit: usize) -> Result<Page, StoreError> {
    page_looking_at(db, filter, sees, after, limit, &LOOKED_AT).await
}

/// The same, with other steps than [`LOOKED_AT`].
pub async fn page_looking_at(
    db: &Db,
    filter: &Filter,
    sees: &Lines,
    after: Option<&RatingCursor>,
    limit: usize,
    steps: &[i64],
) -> Result<Page, StoreError> {
    let begin = RatingCursor::before(filter.until.unwrap_or(Millis::MAX));
    let begin = after.filter(|after| **after < begin).cloned().unwrap_or(begin);
    let (mut items, mut until): (Vec<Listed>, Option<RatingCursor>) = (Vec::new(), None);
    let parts = parts(db, filter, sees).await?;
    // All parts together read no more rows than one would.
    let steps: Vec<i64> = steps.iter().map(|rows| (rows / parts.len().max(1) as i64).max(1)).collect();
    for part in parts {
        let followed = follow(db, filter, sees, &part, begin.clone(), limit + 1, &steps).await?;
        items.extend(followed.items);
        until = until.max(followed.until);
    }
    // Closes beyond the position that all parts have reached come with a later page.
    if let Some(until) = &until {
        items.retain(|item| item.place() >= *until);
    }
    items.sort_by_cached_key(|item| Reverse(item.place()));
    items.dedup_by(|a, b| a.request.id == b.request.id);
    if items.len() > limit {
        items.truncate(limit);
        return Ok(Page { next: items.last().map(Listed::place), items, cut: false });
    }
    Ok(Page { items, cut: until.is_some(), next: until })
}

/// The parts of indexes that contain all matching closes.
async fn parts(db: &Db, filter: &Filter, sees: &Lines) -> Result<Vec<Part>, StoreError> {
    if let Some(search) = &filter.search {
        // The longest word is likely to be the rarest.
        if let Some(word) = search.whole.iter().max_by_key(|word| word.len()) {
            return Ok(vec![part(Along::Word, word)]);
        }
        let words = comment_word::beginning(db, &search.begins, WORDS_MAX as i64 + 1).await?;
        if words.len() <= WORDS_MAX {
            return Ok(words.iter().map(|word| part(Along::Word, word)).collect());
        }
    }
    Ok(narrow(filter).or_else(|| of_lines(filter, sees)).unwrap_or_else(|| wide(filter)))
}

fn part(along: Along, key: &str) -> Part {
    Part { along, key: key.to_owned(), score: 0 }
}

/// The parts of a narrow filter.
fn narrow(filter: &Filter) -> Option<Vec<Part>> {
    for (along, reasons) in [(Along::Chosen, &filter.chosen), (Along::Tagged, &filter.tagged)] {
        let codes = reasons.iter().map(|reason| if let HasReason::Code(code) = reason { Some(part(along, code)) } else { None });
        if let Some(codes) = codes.collect::<Option<Vec<Part>>>().filter(|codes| (1..=FOLLOWED_MAX).contains(&codes.len())) {
            return Some(codes);
        }
    }
    if let Some(label) = &filter.label {
        return Some(vec![part(Along::Labelled, &label.key)]);
    }
    if filter.ended == Ended::Late {
        return Some(vec![part(Along::Late, "")]);
    }
    if filter.voided == Some(true) {
        return Some(vec![part(Along::Voided, "")]);
    }
    if filter.unanswered {
        return Some(vec![part(Along::Waiting, "")]);
    }
    let (rated, operators) = (filter.asks_for_a_rating(), &filter.operators);
    if (1..=FOLLOWED_MAX).contains(&operators.len()) {
        let of_operator = |operator: &OperatorId| match operator.as_str() {
            "" => vec![part(if rated { Along::RatingsOfNobody } else { Along::ClosesOfNobody }, "")],
            operator => {
                let own = if rated { Along::RatingsOfOperator } else { Along::ClosesOfOperator };
                vec![part(own, operator), part(Along::Shared, operator)]
            }
        };
        return Some(operators.iter().flat_map(of_operator).collect());
    }
    (filter.channels == [""]).then(|| vec![part(Along::ClosesOfNoChannel, "")])
}

/// The parts of a few lines: the requested ones, or all visible ones.
fn of_lines(filter: &Filter, sees: &Lines) -> Option<Vec<Part>> {
    let lines: Vec<&LineId> = match sees {
        Lines::Some(lines) if filter.lines.is_empty() => lines.iter().collect(),
        Lines::All if filter.lines.is_empty() => return None,
        _ => filter.lines.iter().collect(),
    };
    let along = if filter.asks_for_a_rating() { Along::RatingsOfLine } else { Along::ClosesOfLine };
    (lines.len() <= FOLLOWED_MAX).then(|| lines.into_iter().map(|line| part(along, line.as_str())).collect())
}

/// The parts of a wide filter.
fn wide(filter: &Filter) -> Vec<Part> {
    if !filter.scores.is_empty() {
        let scales = [Scale::Binary, Scale::FiveStar].into_iter().filter(|scale| filter.scale.is_none_or(|wanted| wanted == *scale));
        let of_scale = |scale: Scale| {
            let scores = filter.scores.iter().filter(move |score| scale.admits(**score));
            scores.map(move |score| Part { score: (*score).into(), ..part(Along::RatingsOfScore, scale.as_str()) })
        };
        return scales.flat_map(of_scale).collect();
    }
    let along = match filter.ended {
        _ if filter.grade == Some(Grade::Bad) => Along::LowRatings,
        _ if filter.asks_for_a_rating() => Along::Ratings,
        // Those without an outcome are among the newest.
        Ended::Any | Ended::Asked | Ended::Delivered | Ended::Over | Ended::Open => Along::Closes,
        Ended::AnsweredOver | Ended::As(Outcome::Answered) => Along::Closes,
        Ended::Late => Along::Late,
        Ended::As(Outcome::Expired) => Along::Expired,
        Ended::As(Outcome::NotAsked) => Along::NotAsked,
        Ended::As(Outcome::Canceled) => Along::Canceled,
        Ended::As(Outcome::Unreachable) => Along::Unreachable,
        Ended::As(Outcome::Unsure) => Along::Unsure,
    };
    vec![part(along, "")]
}

/// Follows a part from `begin` until `wanted` items are found, it ends, or enough rows were read.
async fn follow(
    db: &Db,
    filter: &Filter,
    sees: &Lines,
    part: &Part,
    mut begin: RatingCursor,
    wanted: usize,
    steps: &[i64],
) -> Result<Followed, StoreError> {
    let mut items = Vec::new();
    let from = RatingCursor::before(filter.from.unwrap_or(Millis::MIN));
    // If many rows are read for few that are shown, larger steps need fewer queries.
    let seldom = (filter.search.is_some() && part.along != Along::Word) || filter.hour.is_some();
    let least = if seldom { READ_AT_LEAST } else { 1 };
    let zone = db.zone();
    // The databases do not know the organisation's time zone.
    let in_hour = |item: &Listed| {
        let at = item.request.closed_at;
        filter.hour.is_none_or(|wanted| (Day::of(at, zone).weekday(), hour(at, zone)) == wanted)
    };
    // The responsible operator of a shared close is in the index, whether it counts for them or not.
    let counts = |item: &Listed| {
        let everybodys = filter.operators.is_empty() || !item.request.is_shared();
        everybodys || item.request.belongs().operators.iter().any(|operator| filter.operators.contains(operator))
    };
    for &rows in steps {
        let key = values![&part.key, part.score, &begin.0, &from.0, rows];
        let ends = db.read(part.along.stretch(), key).await?.first_mut().map(read_stretch).transpose()?;
        let Some((end, count)) = ends else { return Ok(Followed { items, until: None }) };
        while begin > end {
            let batch = (wanted - items.len()).max(least);
            let found = rows_of(db, filter, sees, part, (&begin, &end), batch).await?;
            begin = found.last().filter(|_| found.len() == batch).map_or_else(|| end.clone(), Listed::place);
            // A prefix is not in the index as such.
            let begun = |item: &Listed| filter.search.as_ref().is_none_or(|search| item.comment().is_some_and(|text| search.finds(text)));
            items.extend(found.into_iter().filter(|item| begun(item) && in_hour(item) && counts(item)));
            if items.len() >= wanted {
                return Ok(Followed { items, until: None });
            }
        }
        if count < rows {
            return Ok(Followed { items, until: None });
        }
    }
    Ok(Followed { items, until: Some(begin) })
}

impl Listed {
    fn comment(&self) -> Option<&str> {
        self.rating.as_ref().and_then(|rating| rating.comment.as_deref())
    }
}

fn read_stretch(row: &mut Row) -> Result<(RatingCursor, i64), StoreError> {
    Ok((RatingCursor(row.id()?), row.int()?))
}

async fn rows_of(
    db: &Db,
    filter: &Filter,
    sees: &Lines,
    part: &Part,
    (begin, end): (&RatingCursor, &RatingCursor),
    limit: usize,
) -> Result<Vec<Listed>, StoreError> {
    let mut values = values![&part.key, part.score, &begin.0, &end.0, i64::try_from(limit).unwrap_or(i64::MAX)];
    values.extend(rest(filter, sees, part.along));
    let mut rows = db.read(part.along.page(), values).await?;
    let requests: Vec<RatingRequest> = rows.iter_mut().map(RatingRequest::read).collect::<Result<_, _>>()?;
    let ids: Vec<RequestId> = requests.iter().map(|request| request.id).collect();
    let mut ratings: HashMap<RequestId, Rating> = if ids.is_empty() { HashMap::new() } else { rating::of_requests(db, &ids).await? };
    Ok(requests.into_iter().map(|request| Listed { rating: ratings.remove(&request.id), request }).collect())
}

/// Values of the row conditions, from `$6` on.
fn rest(filter: &Filter, sees: &Lines, along: Along) -> Vec<Value> {
    // The responsible operator's index and that of the others contain nothing else.
    let of_operator = matches!(along, Along::RatingsOfOperator | Along::ClosesOfOperator | Along::Shared);
    let (all, lines) = crate::limits(sees);
    let words: Vec<&str> = filter.search.iter().flat_map(|search| search.whole.iter().map(String::as_str)).collect();
    let scores: Vec<String> = filter.scores.iter().map(u8::to_string).collect();
    values![
        any_of(filter.lines.iter().map(LineId::as_str)),
        any_of(filter.operators.iter().map(OperatorId::as_str).filter(|_| !of_operator)),
        any_of(filter.channels.iter().map(String::as_str)),
        filter.scale.map_or(ANY, Scale::as_str),
        any_of(scores.iter().map(String::as_str)),
        filter.grade.map_or(ANY, Grade::as_str),
        filter.ended.as_str(),
        any_of(filter.reasons.iter().map(String::as_str)),
        i64::from(filter.commented || filter.search.is_some()),
        i64::from(filter.unanswered),
        filter.resolved.map_or(-1, i64::from),
        all,
        lines,
        crate::ids(&words),
        filter.voided.map_or(-1, i64::from),
        i64::from(filter.supervised),
        any_of(filter.chosen.iter().map(HasReason::as_str)),
        any_of(filter.tagged.iter().map(HasReason::as_str)),
        filter.handled_by.map_or(ANY, HandledBy::as_str),
        filter.label.as_ref().map_or(ANY, |label| &label.key),
        filter.label.as_ref().and_then(|label| label.value.as_deref()).unwrap_or(ANY)
    ]
}

/// A list of which a row has one; if it is empty, one that matches everything.
fn any_of<'v>(values: impl Iterator<Item = &'v str>) -> Rows {
    let values: Vec<&str> = values.collect();
    crate::ids(if values.is_empty() { &[ANY] } else { &values })
}

#[cfg(test)]
mod tests;
