//! What the address of a list asks for: read once, shown in the filter bar and as chips, and written into links.

use super::super::Pages;
use super::words::{day, in_words};
use crate::domain::access::rights::Lines;
use crate::domain::answer::rating::Grade;
use crate::domain::question::outcome::{NotAsked, Outcome};
use crate::domain::report::rating_filter::{self, Ended, Filter, NAMES, NONE, Why};
use crate::http::pages::frame::form::Fields;
use crate::http::pages::frame::language::Language;
use crate::http::pages::frame::visit::SignedIn;
use crate::http::problem::Problem;
use crate::store::line::{self, Line};
use crate::store::report::rating_list::Place;
use crate::store::session::operator;
use std::collections::{BTreeMap, BTreeSet};
use url::form_urlencoded::{Serializer, parse};

/// What an address asks for.
#[derive(Clone, Debug, Default)]
pub(super) struct RatingsQuery {
    /// By the names of the filter; no empty texts.
    values: BTreeMap<&'static str, String>,
    /// Where the page begins.
    pub(super) after: Option<Place>,
}

impl RatingsQuery {
    /// Reads the part of an address behind `?`. Names that are not a filter's are no business of ours.
    pub(super) fn read(query: &str) -> Self {
        let mut asked = Self::default();
        for (name, value) in parse(query.as_bytes()) {
            let value = value.trim();
            if name == "cursor" {
                asked.after = Place::parse(value);
            } else if let Some(name) = NAMES.into_iter().find(|known| *known == name).filter(|_| !value.is_empty()) {
                asked.values.entry(name).or_insert_with(|| value.to_owned());
            }
        }
        asked
    }

    /// A value; empty where there is none.
    pub(super) fn value(&self, name: &str) -> &str {
        self.values.get(name).map(String::as_str).unwrap_or_default()
    }

    /// Whether nothing is filtered.
    pub(super) fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// The address of the list, or of a file of it, from its beginning.
    pub(super) fn address(&self, path: &str) -> String {
        self.but(path, "", None)
    }

    /// The address of the page that begins at a place.
    pub(super) fn page(&self, path: &str, at: &Place) -> String {
        self.but(path, "", Some(("cursor", &at.cursor())))
    }

    /// The address without the value of `name`, and with another one.
    fn but(&self, path: &str, name: &str, more: Option<(&str, &str)>) -> String {
        let mut query = Serializer::new(String::new());
        query.extend_pairs(NAMES.iter().filter(|known| **known != name).filter_map(|known| Some((known, self.values.get(known)?))));
        query.extend_pairs(more);
        let query = query.finish();
        if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
    }
}

/// A link to the list of one value.
pub(super) fn list_of(name: &str, value: &str) -> String {
    let mut query = Serializer::new(String::new());
    query.append_pair(name, value);
    format!("{}?{}", super::PATH, query.finish())
}

/// An active filter.
pub(super) struct Chip {
    /// What it filters.
    pub(super) label: String,
    /// By what.
    pub(super) value: String,
    /// The list without it.
    pub(super) without: String,
}

/// One thing to choose.
pub(super) struct Choice {
    /// What stands in the address.
    pub(super) value: String,
    /// What stands on the page.
    pub(super) words: String,
}

/// A filter, as it is looked up and as it is shown.
pub(super) struct Bar {
    /// What the store is asked for.
    pub(super) filter: Filter,
    /// What stands in the form, and what is wrong with it.
    pub(super) fields: Fields,
    pub(super) chips: Vec<Chip>,
    /// A filter that is not in the first row is active.
    pub(super) more: bool,
    choices: BTreeMap<&'static str, Vec<Choice>>,
    language: Language,
}

/// The filters of the first row; the others open by a click.
const FIRST: [&str; 5] = ["q", "from", "until", "line", "grade"];

impl Bar {
    /// Reads what is asked for, for somebody who sees these lines.
    ///
    /// # Errors
    /// The database's, as a problem.
    pub(super) async fn of(pages: &Pages, person: &SignedIn, asked: &RatingsQuery) -> Result<Self, Problem> {
        let (engine, language) = (&pages.app.engine, person.visit.language);
        let lines: Vec<Choice> = seen(line::all(&engine.db).await?, &person.rights.lines);
        let (filter, mut wrong) = rating_filter::read(|name| asked.value(name), engine.db.zone());
        if filter.line.as_ref().is_some_and(|id| lines.iter().all(|line| line.value != *id)) {
            wrong.push(("line", Why::UnknownLine));
        }
        let mut fields = Fields::default();
        for (name, value) in &asked.values {
            fields = fields.with(name, value);
        }
        for (name, why) in wrong {
            fields.refuse(name, language.text(why.key(), &[]));
        }
        let names = match filter.operator.as_deref() {
            Some(id) if !id.is_empty() => operator::names(&engine.db, &[id]).await?,
            _ => Default::default(),
        };
        let mut kinds: BTreeSet<&str> = engine.channels.iter().map(|(_, connection)| connection.channel.kind()).collect();
        kinds.extend(Some(asked.value("channel")).filter(|kind| !kind.is_empty() && *kind != NONE));
        let more = asked.values.keys().any(|name| !FIRST.contains(name));
        let mut bar = Self { filter, fields, chips: Vec::new(), more, choices: choices(language, lines, &kinds, asked), language };
        bar.chips = bar.chips(asked, names.get(asked.value("operator")));
        Ok(bar)
    }

    /// Whether the filter makes sense.
    pub(super) fn fine(&self) -> bool {
        self.fields.fine()
    }

    /// What can be chosen of a filter.
    pub(super) fn choices(&self, name: &str) -> &[Choice] {
        self.choices.get(name).map(Vec::as_slice).unwrap_or_default()
    }

    /// What a filter is called.
    pub(super) fn label(&self, name: &str) -> String {
        in_words(self.language, "sift", name)
    }

    /// The name of a line.
    pub(super) fn line<'b>(&'b self, id: &'b str) -> &'b str {
        self.choices("line").iter().find(|line| line.value == id).map_or(id, |line| &line.words)
    }

    fn chips(&self, asked: &RatingsQuery, operator: Option<&String>) -> Vec<Chip> {
        let chosen =
            |name: &str, value: &str| self.choices(name).iter().find(|choice| choice.value == value).map(|choice| choice.words.clone());
        let words = |name: &str, value: &str| match name {
            "from" | "until" => day(self.language, value),
            "operator" if value == NONE => Some(self.language.text("sift-operator-none", &[])),
            "operator" => operator.cloned(),
            "outcome" => Some(in_words(self.language, "ratings-outcome", value)),
            "commented" | "unanswered" | "supervised" => Some(String::new()),
            "hour" => rating_filter::parse_hour(value)
                .map(|(weekday, hour)| format!("{} {hour:02}:00", self.language.text(&format!("num-weekday-{}", weekday + 1), &[]))),
            name => chosen(name, value),
        };
        let fine = asked.values.iter().filter(|(name, _)| self.fields.error(name).is_empty());
        let chip = |(name, value): (&&'static str, &String)| Chip {
            label: self.label(name),
            value: words(name, value).unwrap_or_else(|| value.clone()),
            without: asked.but(super::PATH, name, None),
        };
        fine.map(chip).collect()
    }
}

fn choices(language: Language, lines: Vec<Choice>, kinds: &BTreeSet<&str>, asked: &RatingsQuery) -> BTreeMap<&'static str, Vec<Choice>> {
    let named = |of: &'static str, values: &[&str]| -> Vec<Choice> {
        values.iter().map(|value| Choice { value: (*value).to_owned(), words: in_words(language, of, value) }).collect()
    };
    let mut channels: Vec<Choice> = kinds.iter().map(|kind| Choice { value: (*kind).to_owned(), words: (*kind).to_owned() }).collect();
    channels.push(Choice { value: NONE.to_owned(), words: language.text("sift-channel-none", &[]) });
    let mut reasons: Vec<&str> = NotAsked::ALL.iter().map(|reason| reason.as_str()).collect();
    if !reasons.contains(&asked.value("reason")) {
        reasons.extend(Some(asked.value("reason")).filter(|reason| !reason.is_empty()));
    }
    // Nothing chosen is answered.
    let outcomes: Vec<&str> = Ended::all().map(Ended::as_str).filter(|word| *word != Outcome::Answered.as_str()).collect();
    BTreeMap::from([
        ("line", lines),
        ("channel", channels),
        ("outcome", named("ratings-outcome", &outcomes)),
        ("reason", named("ratings-reason", &reasons)),
        ("grade", named("ratings-grade", &Grade::ALL.map(Grade::as_str))),
        ("scale", named("ratings-scale", &["binary", "five_star"])),
        ("score", named("ratings-score", &["0", "1", "2", "3", "4", "5"])),
        ("resolved", named("sift-resolved", &["yes", "no"])),
        ("voided", named("sift-voided", &["yes", "no"])),
    ])
}

/// The lines that somebody sees; those that were put away too, for their ratings stay.
fn seen(lines: Vec<Line>, sees: &Lines) -> Vec<Choice> {
    lines.into_iter().filter(|line| sees.admit(&line.id)).map(|line| Choice { value: line.id, words: line.name }).collect()
}

/// The outcome of a close, as lists name it.
pub(super) fn outcome_word(outcome: Option<&str>) -> &'static str {
    outcome.and_then(Outcome::parse).map_or("open", Outcome::as_str)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_keep_what_is_asked_and_leave_out_one() {
        let asked = RatingsQuery::read("from=2026-09-01&line=&operator=%D0%B0+b&utm=x&q=caf%C3%A9&from=1999-01-01&cursor=5.ab");
        assert_eq!(asked.address("/ratings"), "/ratings?from=2026-09-01&operator=%D0%B0+b&q=caf%C3%A9");
        assert_eq!(asked.but("/ratings", "operator", None), "/ratings?from=2026-09-01&q=caf%C3%A9");
        let place = asked.after.clone().unwrap();
        assert_eq!(asked.page("/ratings", &place), "/ratings?from=2026-09-01&operator=%D0%B0+b&q=caf%C3%A9&cursor=5.ab");
        assert!(RatingsQuery::read("").is_empty() && RatingsQuery::read("").address("/ratings.csv") == "/ratings.csv");
        assert_eq!(list_of("operator", "a&b"), "/ratings?operator=a%26b");
    }
}
