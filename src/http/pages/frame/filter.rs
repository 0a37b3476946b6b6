//! The filter bar of a list: active filters as chips, each with a link that removes it, and all filters behind a button.

use super::Frame;
use super::days::Days;
use super::form::Choice;
use lastword_domain::report::calendar::Day;
use lastword_http::locale::format;
use lastword_http::locale::language::Language;
use url::form_urlencoded::Serializer;

/// An active filter.
pub(crate) struct Chip {
    /// Name of the filter.
    pub(crate) label: String,
    /// Value; empty if the name says it all.
    pub(crate) value: String,
    /// Address of the page without it.
    pub(crate) without: String,
}

/// The form field of a filter, with its value.
pub(crate) enum Entry {
    /// One of these; the first means no filter.
    Choices(Vec<Choice>),
    /// A text.
    Text(String),
    /// A day.
    Day(String),
}

/// A filter of a list.
pub(crate) struct Filter {
    /// Query parameter.
    pub(crate) name: &'static str,
    /// Label.
    pub(crate) label: String,
    pub(crate) entry: Entry,
}

impl Filter {
    /// The value and its label, if the filter is active.
    fn active(&self, language: Language) -> Option<(&str, String)> {
        match &self.entry {
            Entry::Choices(choices) => {
                choices.iter().skip(1).find(|choice| choice.chosen).map(|choice| (choice.value.as_str(), choice.words.clone()))
            }
            Entry::Text(text) if text.is_empty() => None,
            Entry::Text(text) => Some((text, text.clone())),
            Entry::Day(text) if text.is_empty() => None,
            Entry::Day(text) => Some((text, day(language, text).unwrap_or_else(|| text.clone()))),
        }
    }
}

/// The filters of a list.
pub(crate) struct Filters {
    language: Language,
    /// Address of the list without a query.
    pub(crate) path: &'static str,
    /// Parameters that are kept when filters change.
    pub(crate) kept: Vec<(&'static str, String)>,
    pub(crate) all: Vec<Filter>,
    /// True if the entered days are not a period: the form stays open, with a message.
    pub(crate) wrong: bool,
}

impl Filters {
    /// No filters yet.
    pub(crate) fn of(page: &Frame, path: &'static str) -> Self {
        Self { language: page.language, path, kept: Vec::new(), all: Vec::new(), wrong: false }
    }

    /// Adds a parameter that is kept.
    pub(crate) fn keep(mut self, name: &'static str, value: &str) -> Self {
        self.kept.push((name, value.to_owned()));
        self
    }

    /// Adds a choice of which the first means no filter.
    pub(crate) fn choices(mut self, name: &'static str, label: String, choices: Vec<Choice>) -> Self {
        self.all.push(Filter { name, label, entry: Entry::Choices(choices) });
        self
    }

    /// Adds a text.
    pub(crate) fn text(mut self, name: &'static str, label: String, text: String) -> Self {
        self.all.push(Filter { name, label, entry: Entry::Text(text) });
        self
    }

    /// Adds the first and the last day.
    pub(crate) fn days(mut self, page: &Frame, days: &Days) -> Self {
        for (name, key, text) in [("from", "audit-from", &days.from), ("until", "audit-to", &days.until)] {
            self.all.push(Filter { name, label: page.t(key), entry: Entry::Day(text.clone().unwrap_or_default()) });
        }
        self.wrong = days.wrong;
        self
    }

    /// True if a filter is active.
    pub(crate) fn any(&self) -> bool {
        self.all.iter().any(|filter| filter.active(self.language).is_some())
    }

    /// The active filters.
    pub(crate) fn chips(&self) -> Vec<Chip> {
        let chip = |filter: &Filter| {
            let (_, value) = filter.active(self.language)?;
            Some(Chip { label: filter.label.clone(), value, without: self.address(Some(filter.name), &[]) })
        };
        self.all.iter().filter_map(chip).collect()
    }

    /// Address of the list without any filter.
    pub(crate) fn clear(&self) -> String {
        let mut query = Serializer::new(String::new());
        query.extend_pairs(&self.kept);
        joined(self.path, query.finish())
    }

    /// Address of the list with these filters except `without`, and with `more` parameters, which replace those that are kept.
    pub(crate) fn address(&self, without: Option<&str>, more: &[(&str, &str)]) -> String {
        let mut query = Serializer::new(String::new());
        query.extend_pairs(self.kept.iter().filter(|(name, _)| more.iter().all(|(other, _)| other != name)));
        let active = self.all.iter().filter(|filter| Some(filter.name) != without);
        query.extend_pairs(active.filter_map(|filter| Some((filter.name, filter.active(self.language)?.0))));
        query.extend_pairs(more);
        joined(self.path, query.finish())
    }
}

fn joined(path: &str, query: String) -> String {
    if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
}

/// A day of an address for display.
pub(crate) fn day(language: Language, text: &str) -> Option<String> {
    Day::parse(text).map(|day| format::date(language, chrono_tz::UTC, day.start(chrono_tz::UTC)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filters() -> Filters {
        let choice = |value: &str, chosen| Choice { value: value.to_owned(), words: value.to_uppercase(), chosen };
        let filters = Filters { language: Language::En, path: "/list", kept: Vec::new(), all: Vec::new(), wrong: false };
        let filters = filters.keep("show", "all").choices("line", "Line".to_owned(), vec![choice("", false), choice("a&b", true)]);
        let filters = filters.choices("kind", "Kind".to_owned(), vec![choice("", true), choice("x", false)]);
        let mut filters = filters.text("subject", "Subject".to_owned(), String::new());
        filters.all.push(Filter { name: "from", label: "From".to_owned(), entry: Entry::Day("2026-11-02".to_owned()) });
        filters
    }

    #[test]
    fn a_chip_leads_to_the_list_without_its_filter() {
        let chips: Vec<_> = filters().chips().into_iter().map(|chip| (chip.label, chip.value, chip.without)).collect();
        let expected = [("Line", "A&B", "/list?show=all&from=2026-11-02"), ("From", "2 Nov 2026", "/list?show=all&line=a%26b")]
            .map(|(a, b, c)| (a.to_owned(), b.to_owned(), c.to_owned()));
        assert_eq!(chips, expected);
        assert_eq!(filters().clear(), "/list?show=all");
        assert_eq!(filters().address(None, &[("show", "lost"), ("before", "7")]), "/list?line=a%26b&from=2026-11-02&show=lost&before=7");
        assert!(filters().any() && !Filters { all: Vec::new(), ..filters() }.any());
    }
}
