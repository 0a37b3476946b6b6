//! Low ratings as a list to work off: which ones, in which order, page by page.

use super::waits;
use crate::sql::Sql;
use crate::values;
use crate::{Db, Millis, Row, StoreError};
use lastword_domain::access::rights::Lines;
use lastword_domain::answer::rating::Scale;
use lastword_domain::answer::reason::Reason;
use lastword_domain::session::Operator;
use std::collections::HashMap;

/// So many are read at once where some are sifted out.
const STEP: usize = 500;
/// So many times; whoever wants more asks for the next page.
const STEPS: usize = 10;

/// Which low ratings a list shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Show {
    /// Those with a deadline that nobody has replied to, due first.
    Due,
    /// Those that wait.
    #[default]
    Waiting,
    /// Of those, the ones that are a person's.
    Mine,
    /// Of those, the ones that are nobody's.
    Nobody,
    /// All low ones.
    All,
    /// Those that somebody took care of, latest first.
    Done,
}

impl Show {
    /// All of them, in the order of the page.
    pub const ALL: [Show; 6] = [Show::Due, Show::Waiting, Show::Mine, Show::Nobody, Show::All, Show::Done];

    /// The word in addresses and API.
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

    /// Reads [`Show::as_str`] back.
    pub fn parse(word: &str) -> Option<Self> {
        Show::ALL.into_iter().find(|show| show.as_str() == word)
    }
}

/// Which of the list come first. What is due, and what is done, has an order of its own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// The newest.
    #[default]
    Newest,
    /// The oldest.
    Oldest,
}

impl Order {
    /// The word in addresses and API.
    pub fn as_str(self) -> &'static str {
        match self {
            Order::Newest => "newest",
            Order::Oldest => "oldest",
        }
    }

    /// Reads [`Order::as_str`] back.
    pub fn parse(word: &str) -> Option<Self> {
        [Order::Newest, Order::Oldest].into_iter().find(|order| order.as_str() == word)
    }
}

/// What a list is of.
#[derive(Clone, Debug, Default)]
pub struct LowFilter {
    /// Which ratings.
    pub show: Show,
    /// Which come first.
    pub order: Order,
    /// The account whose ratings [`Show::Mine`] shows.
    pub me: String,
    /// Of one line.
    pub line: Option<String>,
    /// Of one responsible operator.
    pub operator: Option<String>,
    /// With a reason of this code, chosen by the client or tagged by a rule.
    pub reason: Option<String>,
    /// Given at this moment or before.
    pub until: Option<Millis>,
}

impl LowFilter {
    /// Whether some of the list are left out.
    pub fn sifts(&self) -> bool {
        self.line.is_some() || self.operator.is_some() || self.reason.is_some() || self.until.is_some()
    }
}

/// A page of a list.
#[derive(Clone, Debug, Default)]
pub struct LowPage {
    /// What is on it.
    pub items: Vec<Low>,
    /// Where the next page begins, if there may be one.
    pub next: Option<LowCursor>,
    /// So many were left out that the page is not full: the next one goes on.
    pub cut: bool,
}

/// A low rating in the list.
#[derive(Clone, Debug, Default)]
pub struct Low {
    /// The rating request.
    pub request_id: String,
    /// The line.
    pub line_id: String,
    /// The responsible operator.
    pub operator_id: Option<String>,
    /// The kind of channel.
    pub channel: Option<String>,
    /// The scale.
    pub scale: Scale,
    /// The score.
    pub score: i64,
    /// What the client wrote.
    pub comment: Option<String>,
    /// The reasons that the client chose.
    pub reasons: Vec<Reason>,
    /// When it was given.
    pub first_at: Millis,
    /// When an admin voided it.
    pub voided_at: Option<Millis>,
    /// When somebody took care of it.
    pub worked_at: Option<Millis>,
    /// All operators at the close.
    pub operators: Vec<Operator>,
    /// The session.
    pub session_id: String,
    /// The client's name, where the desk told it.
    pub client_name: Option<String>,
    /// Whose it is.
    pub assigned_to: Option<String>,
    /// Their name.
    pub assigned_name: Option<String>,
    /// When it was marked as resolved.
    pub settled_at: Option<Millis>,
    /// The first reply.
    pub replied_at: Option<Millis>,
    /// By when it is to be replied to, where its line has a deadline.
    pub due_at: Option<Millis>,
    /// When somebody replied or marked it as resolved, where it has one.
    pub met_at: Option<Millis>,
}

/// Where a page begins: below this moment and id. It is what the row before says in the order of its list.
pub type LowCursor = (Millis, String);

impl Low {
    /// Its place in a list.
    pub fn place(&self, show: Show) -> LowCursor {
        let at = match show {
            Show::Done => self.worked_at.unwrap_or(self.first_at),
            Show::Due => self.due_at.unwrap_or(self.first_at),
            Show::Waiting | Show::Mine | Show::Nobody | Show::All => self.first_at,
        };
        (at, self.request_id.clone())
    }
}

/// The list of these lines from `after` on.
///
/// # Errors
/// The database's error.
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

/// The places of a list: read along one index of just what it shows.
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

/// A list by the moment of the rating, either way.
macro_rules! by_age {
    ($which:expr) => {
        [
            places!("rating t", $which, "t.first_at", "t.request_id", "<", " DESC"),
            places!("rating t", $which, "t.first_at", "t.request_id", ">", ""),
        ]
    };
}

async fn places(db: &Db, lines: &Lines, filter: &LowFilter, after: Option<&LowCursor>, limit: usize) -> Result<Vec<LowCursor>, StoreError> {
    static WAITING: [Sql; 2] = by_age!(waits!());
    static NOBODY: [Sql; 2] = by_age!(concat!(waits!(), " AND v.assigned_to IS NULL"));
    static ALL: [Sql; 2] = by_age!("t.low = 1");
    static DONE: Sql = places!("rating t", "t.low = 1 AND t.worked_at IS NOT NULL", "t.worked_at", "t.request_id", "<", " DESC");
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
    let (at, id) = after.map_or((first, ""), |(at, id)| (*at, id.as_str()));
    let me = if filter.show == Show::Mine { filter.me.as_str() } else { "" };
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let mut rows = db.read(sql, values![at, id, all, some, me, limit]).await?;
    rows.iter_mut().map(|row| Ok((row.int()?, row.text()?))).collect()
}

/// What stands at these places, but for what the filter leaves out.
async fn sifted(db: &Db, filter: &LowFilter, places: &[LowCursor]) -> Result<Vec<Low>, StoreError> {
    static SIFTED: Sql = Sql::new(
        "SELECT t.request_id, t.line_id, t.operator_id, t.channel, t.scale, t.score, t.comment, t.reasons, t.first_at, t.voided_at, \
         t.worked_at, q.operators, q.session_id, q.client_name, v.assigned_to, v.assigned_name, v.settled_at, v.replied_at, d.due_at, d.met_at \
         FROM rating t JOIN rating_request q ON q.id = t.request_id LEFT JOIN review v ON v.request_id = t.request_id \
         LEFT JOIN reply_due d ON d.request_id = t.request_id \
         WHERE t.request_id {among $1} AND ($2 = '' OR t.line_id = $2) AND ($3 = '' OR t.operator_id = $3) AND t.first_at < $5 \
         AND ($4 = '' OR EXISTS (SELECT 1 FROM rating_reason r WHERE r.origin IN ('chosen', 'tagged') AND r.code = $4 \
         AND r.request_id = t.request_id))",
    );
    let ids: Vec<&str> = places.iter().map(|(_, id)| id.as_str()).collect();
    let word = |word: &Option<String>| word.clone().unwrap_or_default();
    let until = filter.until.unwrap_or(i64::MAX);
    let values = values![crate::ids(&ids), word(&filter.line), word(&filter.operator), word(&filter.reason), until];
    let mut rows = db.read(&SIFTED, values).await?;
    let read = |row: &mut Row| read(row).map(|low| (low.request_id.clone(), low));
    let mut found: HashMap<String, Low> = rows.iter_mut().map(read).collect::<Result<_, _>>()?;
    Ok(places.iter().filter_map(|(_, id)| found.remove(id)).collect())
}

fn read(row: &mut Row) -> Result<Low, StoreError> {
    Ok(Low {
        request_id: row.text()?,
        line_id: row.text()?,
        operator_id: row.text_or_null()?,
        channel: row.text_or_null()?,
        scale: row.word("rating", "scale", Scale::parse)?,
        score: row.int()?,
        comment: row.text_or_null()?,
        reasons: row.document("rating", "reasons")?,
        first_at: row.int()?,
        voided_at: row.int_or_null()?,
        worked_at: row.int_or_null()?,
        operators: row.document("rating_request", "operators")?,
        session_id: row.text()?,
        client_name: row.text_or_null()?,
        assigned_to: row.text_or_null()?,
        assigned_name: row.text_or_null()?,
        settled_at: row.int_or_null()?,
        replied_at: row.int_or_null()?,
        due_at: row.int_or_null()?,
        met_at: row.int_or_null()?,
    })
}
