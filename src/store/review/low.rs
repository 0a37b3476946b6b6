//! The list of low ratings to work on: selection, order and pages.

use super::waits;
use crate::sql::Sql;
use crate::{Db, Millis, Row, StoreError, values};
use lastword_base::names::{AccountId, LineId, OperatorId, RequestId, SessionId};
use lastword_domain::access::rights::Lines;
use lastword_domain::answer::rating::Scale;
use lastword_domain::answer::reason::Reason;
use lastword_domain::session::Operator;
use std::collections::HashMap;

/// Rows per query if the filter excludes some.
const STEP: usize = 500;
/// Maximum number of queries for one page.
const STEPS: usize = 10;

/// Selection of low ratings.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Show {
    /// Those with a deadline and without a reply, due first.
    Due,
    /// Those that wait.
    #[default]
    Waiting,
    /// Waiting ones assigned to a person.
    Mine,
    /// Waiting ones without an assignee.
    Nobody,
    /// All low ratings.
    All,
    /// Those that were worked on, latest first.
    Done,
}

impl Show {
    /// All selections, in the order of the page.
    pub const ALL: [Show; 6] = [Show::Due, Show::Waiting, Show::Mine, Show::Nobody, Show::All, Show::Done];

    /// The text in addresses and the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Show::Due => "due",
            Show::Waiting => "waiting",
            Show::Mine => "mine",
            Show::Nobody => "nobody",
            Show::All => "all",
            Show::Done => "done",
        }
    }

    /// Parses [`Show::as_str`].
    pub fn parse(word: &str) -> Option<Self> {
        Show::ALL.into_iter().find(|show| show.as_str() == word)
    }
}

/// Order of the list. Due and done ratings have an order of their own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// The newest first.
    #[default]
    Newest,
    /// The oldest first.
    Oldest,
}

impl Order {
    /// The text in addresses and the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Order::Newest => "newest",
            Order::Oldest => "oldest",
        }
    }

    /// Parses [`Order::as_str`].
    pub fn parse(word: &str) -> Option<Self> {
        [Order::Newest, Order::Oldest].into_iter().find(|order| order.as_str() == word)
    }
}

/// Filter of the list.
#[derive(Clone, Debug, Default)]
pub struct LowFilter {
    /// The selection.
    pub show: Show,
    /// The order.
    pub order: Order,
    /// The account whose ratings [`Show::Mine`] shows.
    pub me: Option<AccountId>,
    /// Only this line.
    pub line: Option<LineId>,
    /// Only this responsible operator.
    pub operator: Option<OperatorId>,
    /// Only ratings with this reason, chosen by the client or tagged by a rule.
    pub reason: Option<String>,
    /// Only ratings given at or before this time.
    pub until: Option<Millis>,
}

impl LowFilter {
    /// True if the filter excludes some ratings of the selection.
    pub fn sifts(&self) -> bool {
        self.line.is_some() || self.operator.is_some() || self.reason.is_some() || self.until.is_some()
    }
}

/// A page of a list.
#[derive(Clone, Debug, Default)]
pub struct LowPage {
    /// Its ratings.
    pub items: Vec<Low>,
    /// Start of the next page, if there may be one.
    pub next: Option<LowCursor>,
    /// The page is not full because the filter excluded many: the next one continues.
    pub cut: bool,
}

/// A low rating in the list.
#[derive(Clone, Debug, Default)]
pub struct Low {
    /// The rating request.
    pub request_id: RequestId,
    /// The line.
    pub line_id: LineId,
    /// The responsible operator.
    pub operator_id: Option<OperatorId>,
    /// The kind of channel.
    pub channel: Option<String>,
    /// The scale.
    pub scale: Scale,
    /// The score.
    pub score: i64,
    /// The client's comment.
    pub comment: Option<String>,
    /// The reasons that the client chose.
    pub reasons: Vec<Reason>,
    /// Time of the rating.
    pub rated_at: Millis,
    /// Time when an admin voided it.
    pub voided_at: Option<Millis>,
    /// Time when it was done: it no longer waits.
    pub done_at: Option<Millis>,
    /// All operators at the close.
    pub operators: Vec<Operator>,
    /// The session.
    pub session_id: SessionId,
    /// The client's name, if the desk reported it.
    pub client_name: Option<String>,
    /// The assignee.
    pub assigned_to: Option<AccountId>,
    /// The assignee's name.
    pub assigned_name: Option<String>,
    /// Time when it was marked as resolved.
    pub settled_at: Option<Millis>,
    /// Time of the first reply.
    pub replied_at: Option<Millis>,
    /// The deadline for a reply, if its line has one.
    pub due_at: Option<Millis>,
    /// Time of the reply or resolution, if it has a deadline.
    pub met_at: Option<Millis>,
}

/// Start of a page: below this time and ID, which are those of the previous row in the order of its list.
pub type LowCursor = (Millis, RequestId);

impl Low {
    /// Its position in a list.
    pub fn place(&self, show: Show) -> LowCursor {
        let at = match show {
            Show::Done => self.done_at.unwrap_or(self.rated_at),
            Show::Due => self.due_at.unwrap_or(self.rated_at),
            Show::Waiting | Show::Mine | Show::Nobody | Show::All => self.rated_at,
        };
        (at, self.request_id)
    }
}

/// The list of these lines, starting after `after`.
pub async fn page(db: &Db, lines: &Lines, filter: &LowFilter, after: Option<&LowCursor>, limit: usize) -> Result<LowPage, StoreError> {
    let step = if filter.sifts() { STEP } else { limit.saturating_add(1) };
    let (mut items, mut from) = (Vec::new(), after.cloned());
    for _ in 0..STEPS {
        let places = places(db, lines, filter, from.as_ref(), step).await?;
        items.extend(sifted(db, filter, &places).await?);
        if items.len() > limit {
            items.truncate(limit);
            let next = items.last().map(|low| low.place(filter.show));
            return Ok(LowPage { items, next, cut: false });
        }
        if places.len() < step {
            return Ok(LowPage { items, next: None, cut: false });
        }
        from = places.into_iter().next_back();
    }
    Ok(LowPage { items, next: from, cut: true })
}

/// The positions of a list, read along one index of exactly this selection.
macro_rules! places {
    ($from:expr, $which:expr, $at:literal, $id:literal, $past:literal, $then:literal) => {
        Sql::new(concat!(
            "SELECT ",
            $at,
            ", ",
            $id,
            " FROM ",
            $from,
            " LEFT JOIN review v ON v.request_id = ",
            $id,
            " WHERE ",
            $which,
            " AND (",
            $at,
            ", ",
            $id,
            ") ",
            $past,
            " ($1, $2) AND ($3 = 1 OR t.line_id {among $4}) AND ($5 = '' OR v.assigned_to = $5) ORDER BY ",
            $at,
            $then,
            ", ",
            $id,
            $then,
            " LIMIT $6"
        ))
    };
}

/// A list by the time of the rating, in either direction.
macro_rules! by_age {
    ($which:expr) => {
        [
            places!("rating t", $which, "t.rated_at", "t.request_id", "<", " DESC"),
            places!("rating t", $which, "t.rated_at", "t.request_id", ">", ""),
        ]
    };
}

async fn places(db: &Db, lines: &Lines, filter: &LowFilter, after: Option<&LowCursor>, limit: usize) -> Result<Vec<LowCursor>, StoreError> {
    static WAITING: [Sql; 2] = by_age!(waits!());
    static NOBODY: [Sql; 2] = by_age!(concat!(waits!(), " AND v.assigned_to IS NULL"));
    static ALL: [Sql; 2] = by_age!("t.low = 1");
    static DONE: Sql = places!("rating t", "t.low = 1 AND t.done_at IS NOT NULL", "t.done_at", "t.request_id", "<", " DESC");
    static DUE: Sql = places!(
        "reply_due d JOIN rating t ON t.request_id = d.request_id AND t.low > 0 AND t.voided_at IS NULL",
        "d.met_at IS NULL",
        "d.due_at",
        "d.request_id",
        ">",
        ""
    );
    let (sql, upwards) = match (filter.show, filter.order) {
        (Show::Due, _) => (&DUE, true),
        (Show::Done, _) => (&DONE, false),
        (Show::Waiting | Show::Mine, order) => (&WAITING[usize::from(order == Order::Oldest)], order == Order::Oldest),
        (Show::Nobody, order) => (&NOBODY[usize::from(order == Order::Oldest)], order == Order::Oldest),
        (Show::All, order) => (&ALL[usize::from(order == Order::Oldest)], order == Order::Oldest),
    };
    let (all, some) = crate::limits(lines);
    let first = if upwards { i64::MIN } else { i64::MAX };
    let (at, id) = after.map_or((first, RequestId::default()), |&(at, id)| (at, id));
    let me = filter.me.filter(|_| filter.show == Show::Mine).map(|me| me.to_string()).unwrap_or_default();
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let mut rows = db.read(sql, values![at, id, all, some, me, limit]).await?;
    rows.iter_mut().map(|row| Ok((row.int()?, row.id()?))).collect()
}

/// The ratings at these positions that match the filter.
async fn sifted(db: &Db, filter: &LowFilter, places: &[LowCursor]) -> Result<Vec<Low>, StoreError> {
    static SIFTED: Sql = Sql::new(
        "SELECT t.request_id, t.line_id, t.operator_id, t.channel, t.scale, t.score, t.comment, t.reasons, t.rated_at, t.voided_at, \
         t.done_at, q.operators, q.session_id, q.client_name, v.assigned_to, v.assigned_name, v.settled_at, v.replied_at, d.due_at, d.met_at \
         FROM rating t JOIN rating_request q ON q.id = t.request_id LEFT JOIN review v ON v.request_id = t.request_id \
         LEFT JOIN reply_due d ON d.request_id = t.request_id \
         WHERE t.request_id {among $1} AND ($2 = '' OR t.line_id = $2) AND ($3 = '' OR t.operator_id = $3) AND t.rated_at < $5 \
         AND ($4 = '' OR EXISTS (SELECT 1 FROM rating_reason r WHERE r.origin IN ('chosen', 'tagged') AND r.code = $4 \
         AND r.request_id = t.request_id))",
    );
    let ids: Vec<RequestId> = places.iter().map(|&(_, id)| id).collect();
    let until = filter.until.unwrap_or(i64::MAX);
    let values = values![
        crate::ids(&ids),
        filter.line.clone().unwrap_or_default(),
        filter.operator.clone().unwrap_or_default(),
        filter.reason.clone().unwrap_or_default(),
        until
    ];
    let mut rows = db.read(&SIFTED, values).await?;
    let read = |row: &mut Row| read(row).map(|low| (low.request_id, low));
    let mut found: HashMap<RequestId, Low> = rows.iter_mut().map(read).collect::<Result<_, _>>()?;
    Ok(places.iter().filter_map(|(_, id)| found.remove(id)).collect())
}

fn read(row: &mut Row) -> Result<Low, StoreError> {
    Ok(Low {
        request_id: row.id()?,
        line_id: row.name()?,
        operator_id: row.name_or_null()?,
        channel: row.text_or_null()?,
        scale: row.word("rating", "scale", Scale::parse)?,
        score: row.int()?,
        comment: row.text_or_null()?,
        reasons: row.document("rating", "reasons")?,
        rated_at: row.int()?,
        voided_at: row.int_or_null()?,
        done_at: row.int_or_null()?,
        operators: row.document("rating_request", "operators")?,
        session_id: row.name()?,
        client_name: row.text_or_null()?,
        assigned_to: row.id_or_null()?,
        assigned_name: row.text_or_null()?,
        settled_at: row.int_or_null()?,
        replied_at: row.int_or_null()?,
        due_at: row.int_or_null()?,
        met_at: row.int_or_null()?,
    })
}
