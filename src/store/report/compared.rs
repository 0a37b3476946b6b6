//! Ratings for the comparison of operators: rows, not counters, because a client who rated twice counts once.

use super::votes::counted_operators;
use super::{ANY, Closes};
use crate::sql::Sql;
use crate::sql::rows::Rows;
use crate::sql::value::LentRow;
use crate::{Db, StoreError, values};
use futures_util::{StreamExt, TryStreamExt, stream};
use lastword_base::names::{LineId, RequestId};
use lastword_domain::access::rights::Lines;
use lastword_domain::answer::rating::{Grade, Scale};
use lastword_domain::report::calendar::Day;
use lastword_domain::report::period::Period;
use lastword_domain::report::rule::graded::Graded;
use lastword_domain::report::stats::clients::{Cases, Given};
use std::collections::BTreeSet;

/// Days per query: for all closes, and for a narrow filter.
const DAYS: [i64; 2] = [7, 56];
/// Maximum number of parallel queries.
const AT_ONCE: usize = 2;

/// The ratings of a team.
#[derive(Clone, Debug, Default)]
pub struct Rated {
    /// The ratings, by operator.
    pub cases: Cases,
    /// Their scales.
    pub scales: BTreeSet<Scale>,
    /// The scores that were good, and those that were not.
    pub graded: Graded,
}

/// All ratings of these closes that are not voided, for every operator they count for, ignoring the operator in `closes`.
pub async fn cases(db: &Db, closes: &Closes) -> Result<Rated, StoreError> {
    let few = closes.label.is_some() || closes.line.is_some() || closes.sees != Lines::All;
    let stretches = closes.from.stretches(closes.until, DAYS[usize::from(few)]);
    let mut read = stream::iter(stretches.map(|(from, until)| read(db, closes, from, until))).buffered(AT_ONCE);
    let mut all = Rated::default();
    while let Some(later) = read.try_next().await? {
        all.cases.join(later.cases);
        all.scales.extend(later.scales);
        all.graded.join(&later.graded);
    }
    Ok(all)
}

/// The closes whose ratings [`cases`] reads to find these: those of the narrowest part of the filter that has an index.
pub fn read_for(closes: &Closes) -> Closes {
    let all = Closes::of(Period { from: closes.from, until: closes.until });
    match Along::of(closes) {
        Along::Time => all,
        Along::Line => Closes { line: closes.line.clone(), ..all },
        Along::Lines => Closes { sees: closes.sees.clone(), ..all },
        Along::Label => Closes { label: closes.label.clone(), ..all },
    }
}

/// The ratings of a period, selected by the narrowest part of the filter: a label, or lines. Without such a part they are selected
/// by time only.
fn ratings(along: Along) -> String {
    let (from, which) = match along {
        Along::Time => ("rating t", "t.request_id >= $1 AND t.request_id < $2"),
        Along::Line => ("rating t", "t.line_id = $8 AND t.request_id >= $1 AND t.request_id < $2"),
        Along::Lines => ("{rows $9 r: id text} CROSS JOIN rating t", "t.line_id = r.id AND t.request_id >= $1 AND t.request_id < $2"),
        Along::Label => (
            "close_label l CROSS JOIN rating t",
            "l.key = $9 AND l.request_id >= $1 AND l.request_id < $2 AND ($10 = '\u{1}' OR l.value = $10) AND t.request_id = l.request_id",
        ),
    };
    // An erased or unknown client counts as a separate client for each close. Line, channel and scale are one text, because each
    // column costs.
    format!(
        "SELECT COALESCE(q.client_id, q.id), q.operator_id, CASE q.attribution WHEN 'shared' THEN q.operators END, \
         q.line_id || '\u{1f}' || COALESCE(q.channel, '') || '\u{1f}' || q.scale, t.score, t.low, t.closed_at FROM {from} CROSS JOIN rating_request q \
         WHERE {which} AND q.id = t.request_id AND t.voided_at IS NULL AND q.again_of IS NULL \
         AND ($3 = '\u{1}' OR COALESCE(q.channel, '') = $3) AND ($4 = '\u{1}' OR q.scale = $4) AND ($5 = '\u{1}' OR q.handled_by = $5) \
         AND ($6 = 1 OR q.line_id {{among $7}}) AND ($8 = '\u{1}' OR q.line_id = $8) ORDER BY t.request_id"
    )
}

/// The index along which ratings are found.
#[derive(Clone, Copy)]
enum Along {
    Time,
    Line,
    Lines,
    Label,
}

impl Along {
    fn of(closes: &Closes) -> Self {
        match (&closes.label, &closes.line, &closes.sees) {
            (Some(_), ..) => Self::Label,
            (None, Some(_), _) => Self::Line,
            (None, None, Lines::Some(_)) => Self::Lines,
            (None, None, Lines::All) => Self::Time,
        }
    }
}

async fn read(db: &Db, closes: &Closes, from: Day, until: Day) -> Result<Rated, StoreError> {
    static BY_TIME: Sql = Sql::made(|| ratings(Along::Time));
    static BY_LINE: Sql = Sql::made(|| ratings(Along::Line));
    static BY_LINES: Sql = Sql::made(|| ratings(Along::Lines));
    static BY_LABEL: Sql = Sql::made(|| ratings(Along::Label));
    let any = || ANY.to_owned();
    let (scale, handled_by) = (closes.scale.map(|scale| scale.as_str().to_owned()), closes.handled_by.map(|by| by.to_string()));
    let (all, lines): (i64, Rows) = crate::limits(&closes.sees);
    let zone = db.zone();
    let mut values = values![
        RequestId::first_of(from.start(zone)),
        RequestId::first_of(until.start(zone)),
        closes.channel.clone().unwrap_or_else(any),
        scale.unwrap_or_else(any),
        handled_by.unwrap_or_else(any),
        all,
        &lines,
        closes.line.as_ref().map_or(ANY, LineId::as_str)
    ];
    let sql = match Along::of(closes) {
        Along::Label => {
            let label = closes.label.as_ref();
            values.extend(values![
                label.map_or_else(any, |label| label.key.clone()),
                label.and_then(|label| label.value.clone()).unwrap_or_else(any)
            ]);
            &BY_LABEL
        }
        Along::Line => &BY_LINE,
        Along::Lines => {
            values.extend(values![lines]);
            &BY_LINES
        }
        Along::Time => &BY_TIME,
    };
    db.fold(sql, values, Rated::default(), |all, row| take(row, all)).await
}

fn take(row: &mut LentRow<'_, '_>, Rated { cases, scales, graded }: &mut Rated) -> Result<(), StoreError> {
    let (client, responsible, shared) = (row.text()?, row.text_or_null()?, row.text_or_null()?);
    let (stratum, score, low, at) = (row.text()?, row.int()?, row.int()? == 1, row.int()?);
    let broken = |column: &'static str, found: String| StoreError::Inconsistent { table: "rating", column, found };
    let word = stratum.rsplit('\u{1f}').next().unwrap_or_default();
    let scale = Scale::parse(word).ok_or_else(|| broken("scale", word.to_owned()))?;
    let score = u8::try_from(score).map_err(|_| broken("score", score.to_string()))?;
    let counted = counted_operators(responsible, shared)?;
    let good = Grade::of(scale, score, low) == Grade::Good;
    scales.insert(scale);
    graded.see(stratum, score, good);
    for member in &counted {
        cases.take(Given { member: member.as_str(), client, stratum, good, at });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sql::Dialect;

    /// SQLite's query plan of the statement that follows `along`.
    async fn plan(along: Along) -> String {
        let db = Db::open("sqlite::memory:", 1).await.unwrap();
        db.migrate().await.unwrap();
        let sql: &'static Sql = Box::leak(Box::new(Sql::new(Box::leak(ratings(along).into_boxed_str()))));
        let text = format!("EXPLAIN QUERY PLAN {}", sql.on(Dialect::Sqlite));
        let explain: &'static Sql = Box::leak(Box::new(Sql::new(Box::leak(text.into_boxed_str()))));
        let mut values = values!["a", "b", "c", "d", "e", 1, "[]", "f"];
        values.extend(match along {
            Along::Time | Along::Line => values![],
            Along::Lines => values!["[]"],
            Along::Label => values!["k", "v"],
        });
        let mut steps = Vec::new();
        for mut row in db.read(explain, values).await.unwrap() {
            let _ = (row.int().unwrap(), row.int().unwrap(), row.int().unwrap());
            steps.push(row.text().unwrap());
        }
        steps.join("\n")
    }

    /// A page about one line of hundreds, or about a rare label, reads nothing of the others.
    #[tokio::test]
    async fn what_few_have_is_found_by_its_index() {
        let (time, line, label) = (plan(Along::Time).await, plan(Along::Line).await, plan(Along::Label).await);
        let lines = plan(Along::Lines).await;
        for plan in [&line, &lines] {
            assert!(plan.contains("SEARCH t USING INDEX rating_line (line_id=? AND request_id>? AND request_id<?)"), "{plan}");
        }
        assert!(label.contains("SEARCH l USING PRIMARY KEY (key=? AND request_id>? AND request_id<?)"), "{label}");
        for plan in [&time, &line, &lines, &label] {
            assert!(plan.contains("SEARCH q USING PRIMARY KEY (id=?)") && !plan.contains("SCAN t"), "{plan}");
        }
    }
}
