//! Lists come in pages, newest first; `next` is where the following page begins.

use crate::problem::Problem;
use serde::Serialize;
use utoipa::ToSchema;

/// The items of a page where nothing is said.
const LIMIT: u32 = 50;
/// The most items of a page.
pub(crate) const LIMIT_MAX: u32 = 200;

/// One page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct Page<T> {
    /// The items, newest first.
    pub items: Vec<T>,
    /// Send it as `cursor` to get the next page; missing on the last one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// How many items a page has.
pub(crate) fn limit(asked: Option<u32>) -> Result<usize, Problem> {
    match asked.unwrap_or(LIMIT) {
        limit @ 1..=LIMIT_MAX => Ok(limit as usize),
        limit => Err(Problem::invalid_field("limit", format!("limit cannot be {limit}."), format!("Ask for 1 to {LIMIT_MAX}."))),
    }
}

/// How many rows to read: one more than the page has shows whether there is another page.
pub(crate) fn rows(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX).saturating_add(1)
}

/// The page made of the rows that were read.
pub(crate) fn page<R, T>(mut rows: Vec<R>, limit: usize, id: impl Fn(&R) -> &str, make: impl FnMut(R) -> T) -> Page<T> {
    let more = rows.len() > limit;
    rows.truncate(limit);
    let next = rows.last().filter(|_| more).map(|row| id(row).to_owned());
    Page { items: rows.into_iter().map(make).collect(), next }
}
