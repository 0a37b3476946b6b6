//! The query of a list: parsed from the address, and written into links.

use lastword_domain::outcome::Outcome;
use lastword_domain::report::rating_filter::{NAMES, SEVERAL};
use lastword_store::report::rating_list::RatingCursor;
use std::collections::BTreeMap;
use url::form_urlencoded::{Serializer, parse};

/// Query parameter of the rating that is open beside the list.
pub(super) const OPEN: &str = "open";
/// Query parameter that requests slow totals.
pub(super) const COUNT: &str = "count";

/// The parsed query.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct RatingsQuery {
    /// Values by filter name; without empty values, and several only for filters that allow it.
    values: BTreeMap<&'static str, Vec<String>>,
    /// Position of the page.
    pub(super) after: Option<RatingCursor>,
    /// The rating that is open beside the list.
    pub(super) open: Option<String>,
    /// True if slow totals may be computed.
    pub(super) count: bool,
}

impl RatingsQuery {
    /// Parses a query string. Unknown parameters are ignored.
    pub(super) fn read(query: &str) -> Self {
        let mut asked = Self::default();
        for (name, value) in parse(query.as_bytes()) {
            let value = value.trim();
            match name.as_ref() {
                "cursor" => asked.after = RatingCursor::parse(value),
                OPEN => asked.open = Some(value.to_owned()).filter(|id| !id.is_empty()),
                COUNT => asked.count = true,
                name => {
                    if let Some(name) = NAMES.into_iter().find(|known| *known == name).filter(|_| !value.is_empty()) {
                        let values = asked.values.entry(name).or_default();
                        if values.is_empty() || (SEVERAL.contains(&name) && values.iter().all(|known| known != value)) {
                            values.push(value.to_owned());
                        }
                    }
                }
            }
        }
        asked
    }

    /// The value of a filter; empty if there is none.
    pub(super) fn value(&self, name: &str) -> &str {
        self.values.get(name).and_then(|values| values.first()).map(String::as_str).unwrap_or_default()
    }

    /// All values of a filter.
    pub(super) fn values(&self, name: &str) -> Vec<&str> {
        self.values.get(name).into_iter().flatten().map(String::as_str).collect()
    }

    /// All values with their filter names.
    pub(super) fn all(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let named = NAMES.into_iter().filter_map(|name| Some((name, self.values.get(name)?)));
        named.flat_map(|(name, values)| values.iter().map(move |value| (name, value.as_str())))
    }

    /// True if no filter is set.
    pub(super) fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// The address of the list or its file, from the first page.
    pub(super) fn address(&self, path: &str) -> String {
        self.but(path, |_, _| true, &[])
    }

    /// The address of the page at a position.
    pub(super) fn page(&self, path: &str, at: &RatingCursor) -> String {
        self.but(path, |_, _| true, &[("cursor", &at.cursor())])
    }

    /// The address of the present page of the list, with other parameters added.
    pub(super) fn here(&self, path: &str, more: &[(&str, &str)]) -> String {
        let cursor = self.after.as_ref().map(RatingCursor::cursor);
        let here: Vec<(&str, &str)> = cursor.iter().map(|cursor| ("cursor", cursor.as_str())).chain(more.iter().copied()).collect();
        self.but(path, |_, _| true, &here)
    }

    /// The address of the list without this value.
    pub(super) fn without(&self, path: &str, name: &str, value: &str) -> String {
        self.but(path, |known, other| known != name || other != value, &[])
    }

    /// The address of the list with this single value for `name`; without the filter if the value is empty.
    pub(super) fn with(&self, path: &str, name: &str, value: &str) -> String {
        let more = [(name, value)];
        self.but(path, |known, _| known != name, if value.is_empty() { &[] } else { &more })
    }

    /// The address with the values for which `kept` is true, and the values in `more`.
    pub(super) fn but(&self, path: &str, kept: impl Fn(&str, &str) -> bool, more: &[(&str, &str)]) -> String {
        let mut query = Serializer::new(String::new());
        query.extend_pairs(self.all().filter(|(name, value)| kept(name, value)));
        query.extend_pairs(more);
        let query = query.finish();
        if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
    }
}

/// Link to the list with one filter value.
pub(super) fn list_of(name: &str, value: &str) -> String {
    let mut query = Serializer::new(String::new());
    query.append_pair(name, value);
    format!("{}?{}", super::PATH, query.finish())
}

/// The outcome of a close as a filter value.
pub(super) fn outcome_word(outcome: Option<Outcome>) -> &'static str {
    outcome.map_or("open", Outcome::as_str)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_keep_what_is_asked_and_leave_out_one() {
        let asked =
            RatingsQuery::read("from=2026-09-01&line=&operator=%D0%B0+b&utm=x&q=caf%C3%A9&from=1999-01-01&cursor=0352qCs9YGpLFGC92");
        assert_eq!(asked.address("/ratings"), "/ratings?from=2026-09-01&operator=%D0%B0+b&q=caf%C3%A9");
        assert_eq!(asked.without("/ratings", "operator", "а b"), "/ratings?from=2026-09-01&q=caf%C3%A9");
        assert_eq!(asked.with("/ratings", "from", ""), "/ratings?operator=%D0%B0+b&q=caf%C3%A9");
        assert_eq!(asked.with("/r", "commented", "1"), "/r?from=2026-09-01&operator=%D0%B0+b&q=caf%C3%A9&commented=1");
        let several = RatingsQuery::read("line=b&line=&line=a&line=b&grade=good&grade=bad&open=7&cursor=0352qCs9YGpLFGC92&count=all");
        assert_eq!(several.address("/ratings"), "/ratings?line=b&line=a&grade=good", "what takes one value takes the first");
        assert_eq!(several.without("/ratings", "line", "b"), "/ratings?line=a&grade=good");
        assert_eq!(several.here("/ratings", &[(OPEN, "7")]), "/ratings?line=b&line=a&grade=good&cursor=0352qCs9YGpLFGC92&open=7");
        assert_eq!((several.open.as_deref(), several.count), (Some("7"), true));
        let place = asked.after.clone().unwrap();
        assert_eq!(asked.page("/ratings", &place), "/ratings?from=2026-09-01&operator=%D0%B0+b&q=caf%C3%A9&cursor=0352qCs9YGpLFGC92");
        assert!(RatingsQuery::read("").is_empty() && RatingsQuery::read("").address("/ratings.csv") == "/ratings.csv");
        assert_eq!(list_of("operator", "a&b"), "/ratings?operator=a%26b");
    }
}
