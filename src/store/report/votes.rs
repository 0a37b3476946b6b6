//! Cases behind claims about a period: rows, not counters, because each client has one vote. `lastword_domain::report::case`
//! defines a case.

use super::{ANY, Closes};
use crate::sql::Sql;
use crate::sql::rows::Rows;
use crate::sql::value::{LentRow, Value};
use crate::{Db, Millis, StoreError, document, values};
use chrono_tz::Tz;
use futures_util::{StreamExt, TryStreamExt, stream};
use lastword_base::names::{OperatorId, RequestId};
use lastword_domain::answer::rating::Grade;
use lastword_domain::outcome::Outcome;
use lastword_domain::report::calendar::{Day, hour};
use lastword_domain::report::case::{Counted, Member, Question, Whose, parts};
use lastword_domain::report::counter;
use lastword_domain::report::period::Period;
use lastword_domain::report::rating_filter::write_hour;
use lastword_domain::report::rule::graded::Graded;
use lastword_domain::report::stats::clients::{Cases, Given};
use lastword_domain::report::watch::Watched;
use lastword_domain::session::Operator;

/// Days per query: for all closes, and for those of an operator or with a label.
const DAYS: [i64; 2] = [7, 56];
/// Maximum number of parallel queries.
const AT_ONCE: usize = 2;

/// Filter of closes besides days ($1 and $2), line ($3) and label ($9 and $10), with the values of [`filter`].
pub(super) const FILTER: &str = "AND ($4 = '\u{1}' OR COALESCE(q.channel, '') = $4) AND ($5 = '\u{1}' OR q.scale = $5) \
     AND ($6 = 1 OR q.line_id {among $7}) AND ($8 = '\u{1}' OR q.handled_by = $8)";
/// The filter by label.
pub(super) const LABELLED: &str = "AND ($9 = '\u{1}' OR EXISTS (SELECT 1 FROM close_label l WHERE l.key = $9 AND l.request_id = q.id \
     AND ($10 = '\u{1}' OR l.value = $10)))";

/// Values $1 to $10 for selecting closes of these days.
pub(super) fn filter(db: &Db, closes: &Closes, from: Day, until: Day) -> Vec<Value> {
    fn text<T: AsRef<str>>(text: Option<&T>) -> &str {
        text.map_or(ANY, AsRef::as_ref)
    }
    let scale = closes.scale.map(|scale| scale.as_str().to_owned());
    let handled_by = closes.handled_by.map(|handled_by| handled_by.to_string());
    let (all, lines): (i64, Rows) = crate::limits(&closes.sees);
    let (zone, label) = (db.zone(), closes.label.as_ref());
    let (key, value) = (text(label.map(|label| &label.key)), text(label.and_then(|label| label.value.as_ref())));
    let (line, channel) = (text(closes.line.as_ref()), text(closes.channel.as_ref()));
    let (first, after) = (RequestId::first_of(from.start(zone)), RequestId::first_of(until.start(zone)));
    values![first, after, line, channel, text(scale.as_ref()), all, lines, text(handled_by.as_ref()), key, value]
}

/// The operators that a close counts for. `shared` is the JSON of all who wrote, if the attribution is shared.
pub(super) fn counted_operators(responsible: Option<&str>, shared: Option<&str>) -> Result<Vec<OperatorId>, StoreError> {
    let all: Vec<Operator> = shared.map_or(Ok(Vec::new()), |all| document("rating_request", "operators", all))?;
    Ok(counter::counted_operators(
        responsible.map(OperatorId::from).as_ref(),
        all.into_iter().map(|operator| operator.id).collect(),
        shared.is_some(),
    ))
}

/// Votes, and how their scores were graded.
#[derive(Clone, Debug, Default)]
pub struct Votes {
    /// The votes.
    pub cases: Cases,
    /// The scores that were good, and those that were not.
    pub graded: Graded,
}

/// The votes on these closes, whose members are those of `lastword_domain::report::case::Member`.
pub async fn votes(db: &Db, closes: &Closes) -> Result<Votes, StoreError> {
    voted(db, closes, take).await
}

/// The ratings of these closes, whose members are the hours of the week in which the chats were closed ([`write_hour`]). Each is good
/// unless it is bad.
pub async fn by_hour(db: &Db, closes: &Closes) -> Result<Votes, StoreError> {
    voted(db, closes, take_hour).await
}

/// Adds one close to the votes, in the time zone of the database and with a buffer for names.
type Take = fn(&Close<'_>, &mut Votes, Tz, &mut String);

async fn voted(db: &Db, closes: &Closes, take: Take) -> Result<Votes, StoreError> {
    let few = closes.label.is_some() || closes.operator.is_some();
    let stretches = closes.from.stretches(closes.until, DAYS[usize::from(few)]);
    let mut read = stream::iter(stretches.map(|(from, until)| read(db, closes, from, until, take))).buffered(AT_ONCE);
    let mut votes = Votes::default();
    while let Some(later) = read.try_next().await? {
        votes.cases.join(later.cases);
        votes.graded.join(&later.graded);
    }
    Ok(votes)
}

/// The closes whose rows [`votes`] reads to find these: those of the narrowest part of the filter that has an index.
pub fn read_for(closes: &Closes) -> Closes {
    let all = Closes::of(Period { from: closes.from, until: closes.until });
    match Along::of(closes) {
        Along::Time => all,
        Along::Line => Closes { line: closes.line.clone(), ..all },
        Along::Label => Closes { label: closes.label.clone(), ..all },
        Along::Operator => Closes { operator: closes.operator.clone(), ..all },
    }
}

/// The index along which closes are found.
#[derive(Clone, Copy)]
enum Along {
    Time,
    Line,
    Label,
    Operator,
}

impl Along {
    fn of(closes: &Closes) -> Self {
        match (&closes.label, closes.operator.as_ref().filter(|one| !one.as_str().is_empty()), &closes.line) {
            (Some(_), ..) => Self::Label,
            (None, Some(_), _) => Self::Operator,
            (None, None, Some(_)) => Self::Line,
            (None, None, None) => Self::Time,
        }
    }
}

/// The statement of [`votes`], with the closes selected by the narrowest part of the filter. An erased or unknown client counts as a
/// separate client for each close. Line, channel and scale are one text, because each column costs.
fn text(along: Along) -> String {
    let (from, which) = match along {
        Along::Time => ("rating_request q", "$3 = $3 AND q.id >= $1 AND q.id < $2"),
        Along::Line => ("rating_request q", "q.line_id = $3 AND q.id >= $1 AND q.id < $2"),
        Along::Label => (
            "close_label d CROSS JOIN rating_request q",
            "d.key = $9 AND ($10 = '\u{1}' OR d.value = $10) AND d.request_id >= $1 AND d.request_id < $2 AND q.id = d.request_id \
             AND ($3 = '\u{1}' OR q.line_id = $3)",
        ),
        // The closes that may count for the operator. Each is checked when its row is read.
        Along::Operator => (
            "(SELECT id FROM rating_request WHERE operator_id = $9 AND operator_id IS NOT NULL AND id >= $1 AND id < $2 \
             UNION SELECT request_id FROM shared_close WHERE operator_id = $9 AND request_id >= $1 AND request_id < $2) AS o \
             CROSS JOIN rating_request q",
            "q.id = o.id AND ($3 = '\u{1}' OR q.line_id = $3)",
        ),
    };
    format!(
        "SELECT COALESCE(q.client_id, q.id), q.operator_id, CASE q.attribution WHEN 'shared' THEN q.operators END, \
         q.line_id || '\u{1f}' || COALESCE(q.channel, '') || '\u{1f}' || q.scale, q.closed_at, q.outcome, \
         CASE WHEN q.delivered_at IS NULL THEN 0 ELSE 1 END, CASE WHEN EXISTS (SELECT 1 FROM question_expiry e \
         WHERE e.expires_at = q.expires_at AND e.request_id = q.id) THEN 1 ELSE 0 END, \
         COALESCE(CASE WHEN t.voided_at IS NULL THEN t.score END, -1), COALESCE(t.low, 0) FROM {from} LEFT JOIN rating t ON t.request_id = q.id \
         WHERE {which} AND q.again_of IS NULL AND COALESCE(q.outcome, '') NOT IN ('not_asked', 'canceled') \
         {FILTER} ORDER BY q.id"
    )
}

async fn read(db: &Db, closes: &Closes, from: Day, until: Day, take: Take) -> Result<Votes, StoreError> {
    static BY_TIME: Sql = Sql::made(|| text(Along::Time));
    static BY_LINE: Sql = Sql::made(|| text(Along::Line));
    static BY_LABEL: Sql = Sql::made(|| text(Along::Label));
    static BY_OPERATOR: Sql = Sql::made(|| text(Along::Operator));
    let (mut values, operator, zone) = (filter(db, closes, from, until), closes.operator.clone(), db.zone());
    if closes.label.is_none() {
        values.truncate(8);
    }
    let sql = match Along::of(closes) {
        Along::Label => &BY_LABEL,
        Along::Operator => {
            values.extend(values![operator.clone()]);
            &BY_OPERATOR
        }
        Along::Line => &BY_LINE,
        Along::Time => &BY_TIME,
    };
    let mut name = String::new();
    db.fold(sql, values, Votes::default(), move |votes, row| {
        let close = Close::read(row, operator.as_ref().map(OperatorId::as_str))?;
        close.into_iter().for_each(|close| take(&close, votes, zone, &mut name));
        Ok(())
    })
    .await
}

/// A close with its question.
struct Close<'r> {
    client: &'r str,
    stratum: &'r str,
    line: &'r str,
    channel: &'r str,
    at: Millis,
    question: Question,
    /// The score of a rating that counts.
    score: Option<u8>,
    /// The operators that it counts for, among those asked for.
    operators: Vec<OperatorId>,
}

impl<'r> Close<'r> {
    /// Reads a close; `None` if it does not count for the operator `wanted`.
    fn read(row: &mut LentRow<'r, '_>, wanted: Option<&str>) -> Result<Option<Self>, StoreError> {
        let (client, responsible, shared) = (row.text()?, row.text_or_null()?, row.text_or_null()?);
        let (stratum, at, outcome) = (row.text()?, row.int()?, row.text_or_null()?);
        let (delivered, runs, score, low) = (row.int()? == 1, row.int()? == 1, row.int()?, row.int()? == 1);
        let broken = |column: &'static str, found: String| StoreError::Inconsistent { table: "rating_request", column, found };
        let (line, channel, scale) = parts(stratum).ok_or_else(|| broken("scale", stratum.to_owned()))?;
        let parse = |word: &str| Outcome::parse(word).ok_or_else(|| broken("outcome", word.to_owned()));
        let outcome = outcome.map(parse).transpose()?;
        // Without a rating that counts, the score is −1.
        let score = (score >= 0).then(|| u8::try_from(score).map_err(|_| broken("score", score.to_string()))).transpose()?;
        let grade = score.map(|score| Grade::of(scale, score, low));
        let mut operators = counted_operators(responsible, shared)?;
        if wanted.is_some_and(|wanted| !operators.iter().any(|one| one == wanted)) {
            return Ok(None);
        }
        operators.retain(|one| wanted.is_none_or(|wanted| wanted == *one));
        Ok(Some(Self { client, stratum, line, channel, at, question: Question { outcome, delivered, runs, grade }, score, operators }))
    }
}

fn take(close: &Close<'_>, Votes { cases: votes, graded }: &mut Votes, _: Tz, name: &mut String) {
    let &Close { client, stratum, line, channel, at, question, score, ref operators } = close;
    if let Some(score) = score {
        graded.see(stratum, score, question.grade == Some(Grade::Good));
    }
    for share in Watched::ALL {
        let Some(Counted { good, is_case }) = question.counts_for(share) else { continue };
        let mut vote = |whose: Whose, id: &str| {
            Member { share, whose, id }.write(name);
            let given = Given { member: name, client, stratum, good, at };
            if is_case { votes.take(given) } else { votes.count(given) }
        };
        vote(Whose::All, "");
        vote(Whose::Line, line);
        vote(Whose::Channel, channel);
        operators.iter().for_each(|one| vote(Whose::Operator, one.as_str()));
    }
}

fn take_hour(close: &Close<'_>, votes: &mut Votes, zone: Tz, _: &mut String) {
    let Some(Counted { is_case: true, .. }) = close.question.counts_for(Watched::Score) else { return };
    let member = write_hour(Day::of(close.at, zone).weekday(), hour(close.at, zone));
    let good = close.question.grade != Some(Grade::Bad);
    if let Some(score) = close.score {
        votes.graded.see(close.stratum, score, good);
    }
    votes.cases.take(Given { member: &member, client: close.client, stratum: close.stratum, good, at: close.at });
}
