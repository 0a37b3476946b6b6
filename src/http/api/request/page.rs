//! Paged lists, newest first; `next` is the start of the following page.

use crate::problem::Problem;
use lastword_base::time::Millis;
use serde::Serialize;
use std::fmt::Display;
use std::str::FromStr;
use utoipa::ToSchema;

/// Default number of items of a page.
const LIMIT: u32 = 50;
/// Maximum number of items of a page.
pub(crate) const LIMIT_MAX: u32 = 200;

/// A page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct Page<T> {
    /// The items, newest first.
    pub items: Vec<T>,
    /// Send it as `cursor` to get the next page; missing on the last page.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String, required = false)]
    pub next: Option<String>,
}

/// The number of items of a page.
pub(crate) fn limit(asked: Option<u32>) -> Result<usize, Problem> {
    match asked.unwrap_or(LIMIT) {
        limit @ 1..=LIMIT_MAX => Ok(limit as usize),
        limit => Err(Problem::invalid_field("limit", format!("limit cannot be {limit}."), format!("Ask for 1 to {LIMIT_MAX}."))),
    }
}

/// The position after which a page starts, as a list's own `parse` reads its `next`.
pub(crate) fn cursor<T>(sent: Option<&str>, parse: impl FnOnce(&str) -> Option<T>) -> Result<Option<T>, Problem> {
    let read = |sent| {
        let remedy = "Send the `next` of the previous page unchanged, or leave it out.";
        parse(sent).ok_or_else(|| Problem::invalid_field("cursor", "This is not a cursor of this list.", remedy))
    };
    sent.map(read).transpose()
}

/// Formats a position in a list that is ordered by time, as a query value.
pub fn write_place<I: Display>((at, id): &(Millis, I)) -> String {
    format!("{at}.{id}")
}

/// Parses a value formatted by [`write_place`].
pub fn read_place<I: FromStr>(word: &str) -> Option<(Millis, I)> {
    word.split_once('.').and_then(|(at, id)| Some((at.parse().ok()?, id.parse().ok()?)))
}

/// The number of rows to read: one more than the page holds, to detect whether there is another page.
pub(crate) fn rows(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX).saturating_add(1)
}

/// Builds a page from the rows read.
pub(crate) fn page<R, T>(mut rows: Vec<R>, limit: usize, id: impl Fn(&R) -> String, make: impl FnMut(R) -> T) -> Page<T> {
    let more = rows.len() > limit;
    rows.truncate(limit);
    let next = rows.last().filter(|_| more).map(id);
    Page { items: rows.into_iter().map(make).collect(), next }
}
