//! The list of closes and ratings as a table.

use super::{Cell, Column, Kind, Rows};
use crate::locale::language::Language;
use async_trait::async_trait;
use chrono::DateTime;
use chrono_tz::Tz;
use lastword_base::names::{LineId, OperatorId, RequestId};
use lastword_domain::access::rights::Lines;
use lastword_domain::answer::rating::Grade;
use lastword_domain::answer::reason::texts;
use lastword_domain::outcome::Outcome;
use lastword_domain::report::rating_filter::Filter;
use lastword_store::answer::rating::Rating;
use lastword_store::report::rating_list::{Listed, RatingCursor, page};
use lastword_store::review::supervisor_score::{self, SupervisorScore};
use lastword_store::session::operator;
use lastword_store::{Db, StoreError, line};
use std::collections::{BTreeSet, HashMap};

/// Number of rows read at once.
const BATCH: usize = 500;

/// The columns, with titles in `language`. Times are in `zone`.
pub fn columns(language: Language, zone: Tz) -> Vec<Column> {
    let table = [
        ("closed_at", Kind::Moment, 20),
        ("outcome", Kind::Text, 12),
        ("reason", Kind::Text, 16),
        ("scale", Kind::Text, 10),
        ("score", Kind::Number, 7),
        ("grade", Kind::Text, 9),
        ("comment", Kind::Text, 60),
        ("reasons", Kind::Text, 24),
        ("reason_codes", Kind::Text, 24),
        ("tags", Kind::Text, 24),
        ("resolved", Kind::Text, 10),
        ("line", Kind::Text, 14),
        ("line_name", Kind::Text, 20),
        ("operator", Kind::Text, 14),
        ("operator_name", Kind::Text, 20),
        ("handled_by", Kind::Text, 12),
        ("labels", Kind::Text, 20),
        ("fields", Kind::Text, 30),
        ("channel", Kind::Text, 12),
        ("rated_at", Kind::Moment, 20),
        ("changed_at", Kind::Moment, 20),
        ("voided_at", Kind::Moment, 20),
        ("supervisor_score", Kind::Number, 10),
        ("supervisor_comment", Kind::Text, 40),
        ("source", Kind::Text, 14),
        ("session", Kind::Text, 24),
        ("close", Kind::Number, 7),
        ("rating_request", Kind::Text, 26),
        ("experiment", Kind::Text, 26),
        ("variant", Kind::Text, 5),
    ];
    let column = |(key, kind, width): (&'static str, Kind, u8)| {
        let title = language.text(&format!("ratings-column-{}", key.replace('_', "-")), &[]);
        let title = if kind == Kind::Moment { format!("{title} ({zone})") } else { title };
        Column::new(key, title, kind, width)
    };
    table.into_iter().map(column).collect()
}

/// The rows of a list, newest close first, read page by page.
pub struct Closes {
    db: Db,
    filter: Filter,
    sees: Lines,
    comments: bool,
    lines: Option<HashMap<LineId, String>>,
    after: Option<RatingCursor>,
    over: bool,
}

impl Closes {
    /// Selects the closes that match `filter` and that `sees` may see. Without `comments`, texts written by clients are left out.
    pub fn new(db: &Db, filter: Filter, sees: Lines, comments: bool) -> Self {
        Self { db: db.clone(), filter, sees, comments, lines: None, after: None, over: false }
    }

    /// When the last of the rows so far was closed, in milliseconds: those that follow are older.
    pub fn reached(&self) -> Option<i64> {
        self.after.as_ref().map(RatingCursor::closed_at)
    }

    async fn rows(&mut self, items: Vec<Listed>) -> Result<Vec<Vec<Cell>>, StoreError> {
        if self.lines.is_none() {
            self.lines = Some(line::names(&self.db).await?);
        }
        let ids: Vec<RequestId> = items.iter().map(|item| item.request.id).collect();
        let scores = supervisor_score::of_requests(&self.db, &ids).await?;
        let operators: BTreeSet<&OperatorId> = items.iter().filter_map(|item| item.request.operator_id.as_ref()).collect();
        let operators = operator::plain_names(&self.db, &operators.into_iter().collect::<Vec<_>>()).await?;
        Ok(items.iter().map(|item| self.row(item, &operators, scores.get(&item.request.id))).collect())
    }

    fn row(&self, item: &Listed, operators: &HashMap<OperatorId, String>, supervisor: Option<&SupervisorScore>) -> Vec<Cell> {
        let (request, rating) = (&item.request, item.rating.as_ref());
        let moment = |at: Option<i64>| at.map_or(Cell::Empty, |at| Cell::Moment(local(self.db.zone(), at)));
        let of = |pick: fn(&Rating) -> Option<i64>| rating.and_then(pick);
        let name = self.lines.as_ref().and_then(|lines| lines.get(&request.line_id));
        let reasons = rating.map(|rating| texts(&rating.reasons).join(", ")).unwrap_or_default();
        let codes = rating.map(|rating| rating.reasons.iter().map(|reason| reason.code.as_str()).collect::<Vec<_>>().join(", "));
        let codes = codes.unwrap_or_default();
        // Tags reveal what the comment is about.
        let tags =
            rating.filter(|_| self.comments).and_then(|rating| Some(rating.tags.as_ref()?.join(", "))).filter(|tags| !tags.is_empty());
        let resolved = of(|rating| rating.resolved).map(|resolved| if resolved == 1 { "yes" } else { "no" });
        let comment = rating.and_then(|rating| rating.comment.clone()).filter(|_| self.comments);
        vec![
            moment(Some(request.closed_at)),
            request.outcome.map_or("open", Outcome::as_str).to_owned().into(),
            request.reason.clone().into(),
            request.scale.as_str().to_owned().into(),
            of(|rating| Some(rating.score)).into(),
            rating.map(grade).into(),
            comment.into(),
            Some(reasons).filter(|reasons| !reasons.is_empty()).into(),
            Some(codes).filter(|codes| !codes.is_empty()).into(),
            tags.into(),
            resolved.into(),
            request.line_id.as_str().into(),
            name.cloned().into(),
            request.operator_id.as_ref().map(OperatorId::to_string).into(),
            request.operator_id.as_ref().and_then(|id| operators.get(id)).cloned().into(),
            request.handled_by.as_str().to_owned().into(),
            Some(request.labels.join(", ")).filter(|labels| !labels.is_empty()).into(),
            Some(request.fields.written()).filter(|fields| !fields.is_empty()).into(),
            request.channel.clone().into(),
            moment(of(|rating| Some(rating.rated_at))),
            moment(of(|rating| Some(rating.changed_at))),
            moment(of(|rating| rating.voided_at)),
            supervisor.map(|score| score.score).into(),
            supervisor.and_then(|score| score.comment.clone()).into(),
            request.source.as_str().into(),
            request.session_id.as_str().into(),
            request.epoch.into(),
            request.id.to_string().into(),
            request.experiment_id.map(|id| id.to_string()).into(),
            request.variant.map(|variant| variant.as_str().to_owned()).into(),
        ]
    }
}

/// Name of the grade of a rating's score.
fn grade(rating: &Rating) -> &'static str {
    let scale = rating.scale;
    Grade::of(scale, u8::try_from(rating.score).unwrap_or_default(), rating.low == 1).as_str()
}

fn local(zone: Tz, at: i64) -> DateTime<Tz> {
    DateTime::from_timestamp_millis(at).unwrap_or_default().with_timezone(&zone)
}

#[async_trait]
impl Rows for Closes {
    async fn next(&mut self) -> Result<Vec<Vec<Cell>>, StoreError> {
        while !self.over {
            let page = page(&self.db, &self.filter, &self.sees, self.after.as_ref(), BATCH).await?;
            self.over = page.next.is_none();
            self.after = page.next;
            // An empty page can have a next page: the search continues.
            if !page.items.is_empty() {
                return self.rows(page.items).await;
            }
        }
        Ok(Vec::new())
    }
}
