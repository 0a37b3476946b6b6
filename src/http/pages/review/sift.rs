//! The query of the list of low ratings: parsed once, shown in its filter bar, and written into its links.

use crate::Pages;
use crate::frame::visit::SignedIn;
use lastword_base::names::{LineId, OperatorId};
use lastword_http::api::request::page::{read_place, write_place};
use lastword_http::locale::language::Language;
use lastword_life::report::low_reasons::Labels;
use lastword_store::review::low::{LowCursor, LowFilter, Order, Show};
use lastword_store::{Millis, StoreError, line};
use serde::Deserialize;
use url::form_urlencoded::Serializer;

/// Rows per page of the list.
pub(crate) const ROWS: usize = 25;
/// Ages to choose from, in days: only ratings at least that old.
const AGES: [i64; 4] = [1, 3, 7, 30];
const DAY: Millis = 24 * 60 * 60 * 1_000;

/// The list, the start of the page, and the last bulk action.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct LowQuery {
    show: Option<String>,
    order: Option<String>,
    line: Option<String>,
    operator: Option<String>,
    reason: Option<String>,
    age: Option<String>,
    before: Option<String>,
    /// The action that undoes it.
    pub(crate) undo: Option<String>,
    /// IDs of its ratings.
    pub(crate) ids: Option<String>,
}

fn given(value: Option<&String>) -> Option<String> {
    value.map(|value| value.trim().to_owned()).filter(|value| !value.is_empty())
}

/// A filter for the database and for the page.
#[derive(Debug)]
pub(crate) struct Sift {
    /// The filter for the database.
    pub(crate) filter: LowFilter,
    /// Start of the page.
    pub(crate) after: Option<LowCursor>,
    /// Lines to choose from: ID and name.
    pub(crate) lines: Vec<(String, String)>,
    /// Reasons to choose from: code and label.
    pub(crate) reasons: Vec<(String, String)>,
    /// Minimum age of the ratings, in days; 0 for any.
    pub(crate) age: i64,
}

impl Sift {
    /// Parses a query. `usual` is the default list.
    pub(crate) async fn of(pages: &Pages, person: &SignedIn, query: &LowQuery, usual: Show) -> Result<Self, StoreError> {
        let engine = &pages.app.engine;
        let seen: Vec<line::Line> = line::all(&engine.db).await?.into_iter().filter(|line| person.rights.lines.admit(&line.id)).collect();
        let labels = Labels::over(seen.iter().map(|line| line.settings.clone()).collect());
        let age = query.age.as_deref().and_then(|days| days.parse().ok()).filter(|days| AGES.contains(days)).unwrap_or_default();
        let filter = LowFilter {
            show: query.show.as_deref().and_then(Show::parse).unwrap_or(usual),
            order: query.order.as_deref().and_then(Order::parse).unwrap_or_default(),
            me: Some(person.id),
            line: given(query.line.as_ref()).map(LineId::from),
            operator: given(query.operator.as_ref()).map(OperatorId::from),
            reason: given(query.reason.as_ref()),
            until: (age > 0).then(|| engine.now() - age * DAY),
        };
        let reasons = reasons(person.visit.language, &labels, filter.reason.as_deref());
        let lines = seen.into_iter().map(|line| (line.id.into(), line.name)).collect();
        Ok(Self { filter, after: query.before.as_deref().and_then(read_place), lines, reasons, age })
    }

    /// The selected list.
    pub(crate) fn show(&self) -> Show {
        self.filter.show
    }

    /// True if the order of the list can be chosen.
    pub(crate) fn ordered(&self) -> bool {
        !matches!(self.filter.show, Show::Due | Show::Done)
    }

    /// True if the oldest come first.
    pub(crate) fn oldest(&self) -> bool {
        self.filter.order == Order::Oldest
    }

    /// Ages to choose from.
    pub(crate) fn ages(&self) -> [i64; 4] {
        AGES
    }

    /// Address of a page below `/low` with the same filter.
    pub(crate) fn address(&self, path: &str) -> String {
        self.with(path, self.filter.show, None)
    }

    /// Address of another list with the same filter.
    pub(crate) fn list(&self, show: &Show) -> String {
        self.with("/low", *show, None)
    }

    /// Address of the page that starts at this position.
    pub(crate) fn next(&self, after: &LowCursor) -> String {
        self.with("/low", self.filter.show, Some(("before", write_place(after))))
    }

    fn with(&self, path: &str, show: Show, more: Option<(&str, String)>) -> String {
        let order = (self.filter.order != Order::default()).then(|| self.filter.order.as_str().to_owned());
        let age = (self.age > 0).then(|| self.age.to_string());
        let filter = &self.filter;
        let filters = [
            ("order", order),
            ("line", filter.line.as_ref().map(LineId::to_string)),
            ("operator", filter.operator.as_ref().map(OperatorId::to_string)),
            ("reason", filter.reason.clone()),
            ("age", age),
        ];
        let mut query = Serializer::new(String::new());
        query.append_pair("show", show.as_str());
        query.extend_pairs(filters.into_iter().filter_map(|(name, value)| Some((name, value?))));
        query.extend_pairs(more);
        format!("{path}?{}", query.finish())
    }
}

fn reasons(language: Language, labels: &Labels, asked: Option<&str>) -> Vec<(String, String)> {
    let mut codes = labels.codes();
    codes.extend(asked.map(str::to_owned));
    let mut coded: Vec<_> =
        codes.into_iter().map(|code| (labels.label(language.tag(), &code), code)).map(|(words, code)| (code, words)).collect();
    coded.sort_by(|(_, one), (_, other)| one.cmp(other));
    coded
}
