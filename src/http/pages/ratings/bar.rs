//! The filter bar above the list: options, active values and errors.

use super::super::Pages;
use super::asked::RatingsQuery;
use super::words::in_words;
use crate::frame::filter::{Chip, day};
use crate::frame::form::Fields;
use crate::frame::visit::SignedIn;
use lastword_base::names::OperatorId;
use lastword_domain::access::rights::Lines;
use lastword_domain::answer::rating::Grade;
use lastword_domain::answer::reason::is_code;
use lastword_domain::outcome::{NotAsked, Outcome};
use lastword_domain::report::calendar::Day;
use lastword_domain::report::period::Period;
use lastword_domain::report::rating_filter::{self, Ended, Filter, NONE, SEVERAL, SOME, Why};
use lastword_domain::session::HandledBy;
use lastword_http::locale::language::Language;
use lastword_http::problem::Problem;
use lastword_life::report::low_reasons::Labels;
use lastword_store::answer::rating::Rating;
use lastword_store::line::{self, Line};
use lastword_store::report::{By, Closes, known, labelled};
use lastword_store::session::operator;
use std::collections::{BTreeMap, BTreeSet};

/// Maximum number of operators in the select; others are found by their ID.
const OPERATORS_MAX: usize = 200;
/// Number of days whose operators are offered if the filter has no period.
const DAYS: i64 = 365;

/// An option.
pub(crate) struct Choice {
    /// Value in the address.
    pub(crate) value: String,
    /// Label.
    pub(crate) words: String,
}

/// The filter, for queries and for display.
pub(super) struct Bar {
    /// Filter for the store.
    pub(super) filter: Filter,
    /// Form fields and their errors.
    pub(super) fields: Fields,
    pub(super) chips: Vec<Chip>,
    /// True if there are more operators than the select offers.
    pub(super) more_operators: bool,
    choices: BTreeMap<&'static str, Vec<Choice>>,
    labels: Labels,
    language: Language,
}

impl Bar {
    /// Parses the query for a person who sees these lines.
    ///
    /// # Errors
    /// Database errors, as a problem.
    pub(super) async fn of(pages: &Pages, person: &SignedIn, asked: &RatingsQuery) -> Result<Self, Problem> {
        let (engine, language) = (&pages.app.engine, person.visit.language);
        let all = line::all(&engine.db).await?;
        let labels =
            Labels::over(all.iter().filter(|line| person.rights.lines.admit(&line.id)).map(|line| line.settings.clone()).collect());
        let lines: Vec<Choice> = seen(all, &person.rights.lines);
        let (filter, mut wrong) = rating_filter::read(|name| asked.values(name), engine.db.zone());
        if filter.lines.iter().any(|id| lines.iter().all(|line| line.value != *id)) {
            wrong.push(("line", Why::UnknownLine));
        }
        let mut fields = Fields::default();
        for (name, value) in asked.all() {
            fields = fields.with(name, value);
        }
        for (name, why) in wrong {
            fields.refuse(name, language.text(why.key(), &[]));
        }
        // Web push is only for our own users; no client is asked there.
        let asking = engine.channels.of_clients();
        let mut kinds: BTreeSet<&str> = asking.map(|(_, connection)| connection.channel.kind()).collect();
        kinds.extend(asked.values("channel").into_iter().filter(|kind| *kind != NONE));
        let mut choices = choices(language, lines, &kinds, asked);
        choices.extend(["chosen", "tagged"].map(|name| (name, reasons(language, &labels, &asked.values(name)))));
        let (operators, more_operators) = operators(pages, person, &filter, language).await?;
        choices.insert("operator", operators);
        let until = filter.until.unwrap_or_else(|| engine.now() + 1);
        let known = labelled::choices(&engine.db, &engine.options.named, until, &person.rights.lines).await?;
        choices.insert("label", known.into_iter().map(|(value, words)| Choice { value, words }).collect());
        // Values in the query are always offered, even if they are no option.
        for (name, value) in asked.all().filter(|(name, _)| SEVERAL.contains(name) || *name == "label") {
            let known = choices.entry(name).or_default();
            if known.iter().all(|choice| choice.value != value) {
                known.push(Choice { value: value.to_owned(), words: value.to_owned() });
            }
        }
        let mut bar = Self { filter, fields, chips: Vec::new(), more_operators, choices, labels, language };
        bar.chips = bar.chips(asked);
        Ok(bar)
    }

    /// True if the filter is valid.
    pub(super) fn fine(&self) -> bool {
        self.fields.fine()
    }

    /// Options of a filter.
    pub(super) fn choices(&self, name: &str) -> &[Choice] {
        self.choices.get(name).map(Vec::as_slice).unwrap_or_default()
    }

    /// Name of a filter.
    pub(super) fn label(&self, name: &str) -> String {
        in_words(self.language, "sift", name)
    }

    /// The name of a line.
    pub(super) fn line<'b>(&'b self, id: &'b str) -> &'b str {
        self.choices("line").iter().find(|line| line.value == id).map_or(id, |line| &line.words)
    }

    /// Labels of the reasons.
    pub(super) fn labels(&self) -> &Labels {
        &self.labels
    }

    /// Number of values of a filter that are set.
    pub(super) fn count(&self, name: &str) -> usize {
        self.fields.values(name).count()
    }

    /// Label of the value of a filter, if exactly one is set.
    pub(super) fn chosen(&self, name: &str) -> &str {
        let value = self.fields.value(name);
        self.choices(name).iter().find(|choice| choice.value == value).map_or(value, |choice| &choice.words)
    }

    fn chips(&self, asked: &RatingsQuery) -> Vec<Chip> {
        let chosen =
            |name: &str, value: &str| self.choices(name).iter().find(|choice| choice.value == value).map(|choice| choice.words.clone());
        let words = |name: &str, value: &str| match name {
            "from" | "until" => day(self.language, value),
            "outcome" => Some(in_words(self.language, "ratings-outcome", value)),
            "commented" | "unanswered" | "supervised" => Some(String::new()),
            "hour" => rating_filter::parse_hour(value)
                .map(|(weekday, hour)| format!("{} {hour:02}:00", self.language.text(&format!("num-weekday-{}", weekday + 1), &[]))),
            name => chosen(name, value),
        };
        let fine = asked.all().filter(|(name, _)| self.fields.error(name).is_empty());
        let chip = |(name, value): (&'static str, &str)| Chip {
            label: self.label(name),
            value: words(name, value).unwrap_or_else(|| value.to_owned()),
            without: asked.without(super::PATH, name, value),
        };
        fine.map(chip).collect()
    }
}

/// Operators for the select, by name, including those in the filter; and true if there are more.
pub(crate) async fn operators(
    pages: &Pages,
    person: &SignedIn,
    filter: &Filter,
    language: Language,
) -> Result<(Vec<Choice>, bool), Problem> {
    let (db, now) = (&pages.app.engine.db, pages.app.engine.now());
    let day = |at| Day::of(at, db.zone());
    let until = filter.until.map_or_else(|| day(now).plus(1), |until| day(until - 1).plus(1));
    let from = filter.from.map_or_else(|| until.plus(-DAYS), day).min(until.plus(-1));
    let closes = Closes { sees: person.rights.lines.clone(), ..Closes::of(Period { from, until }) };
    let mut ids = known(db, &closes, By::Operator, OPERATORS_MAX + 1).await?;
    let more = ids.len() > OPERATORS_MAX;
    ids.truncate(OPERATORS_MAX);
    // An operator in the filter is named only to people who see all lines: otherwise the name would reveal who works on other lines.
    let named = ids.clone();
    ids.extend(filter.operators.iter().filter(|id| !id.is_empty()).map(OperatorId::to_string));
    ids.sort();
    ids.dedup();
    let named = if person.rights.sees_everything() { &ids } else { &named };
    let named: Vec<OperatorId> = named.iter().map(OperatorId::from).collect();
    let mut names = operator::names(db, &named.iter().collect::<Vec<_>>()).await?;
    let choice = |id: String| Choice { words: names.remove(id.as_str()).unwrap_or_else(|| id.clone()), value: id };
    let mut choices: Vec<Choice> = ids.into_iter().map(choice).collect();
    choices.sort_by(|one, other| one.words.cmp(&other.words));
    choices.push(Choice { value: NONE.to_owned(), words: language.text("sift-operator-none", &[]) });
    Ok((choices, more))
}

/// Tags that keyword rules gave a comment, as text.
pub(crate) fn by_rules(language: Language, labels: &Labels, rating: &Rating) -> Vec<String> {
    let words = |code: &String| language.text("ratings-by-rule", &[("reason", &labels.label(language.tag(), code))]);
    rating.tags.iter().flatten().map(words).collect()
}

/// Reasons to choose from, including those in the filter.
fn reasons(language: Language, labels: &Labels, asked: &[&str]) -> Vec<Choice> {
    let named = [SOME, NONE].into_iter().zip(["sift-reason-some", "sift-reason-none"]);
    let named = named.map(|(value, key)| Choice { value: value.to_owned(), words: language.text(key, &[]) });
    let mut codes = labels.codes();
    codes.extend(asked.iter().filter(|code| is_code(code)).map(|code| (*code).to_owned()));
    let mut coded: Vec<Choice> = codes.into_iter().map(|code| Choice { words: labels.label(language.tag(), &code), value: code }).collect();
    coded.sort_by(|one, other| one.words.cmp(&other.words));
    named.chain(coded).collect()
}

fn choices(language: Language, lines: Vec<Choice>, kinds: &BTreeSet<&str>, asked: &RatingsQuery) -> BTreeMap<&'static str, Vec<Choice>> {
    let named = |of: &'static str, values: &[&str]| -> Vec<Choice> {
        values.iter().map(|value| Choice { value: (*value).to_owned(), words: in_words(language, of, value) }).collect()
    };
    let mut channels: Vec<Choice> = kinds.iter().map(|kind| Choice { value: (*kind).to_owned(), words: (*kind).to_owned() }).collect();
    channels.push(Choice { value: NONE.to_owned(), words: language.text("sift-channel-none", &[]) });
    let mut reasons: Vec<&str> = NotAsked::ALL.iter().map(|reason| reason.as_str()).collect();
    for reason in asked.values("reason") {
        if !reasons.contains(&reason) {
            reasons.push(reason);
        }
    }
    // No value means answered.
    let outcomes: Vec<&str> = Ended::all().map(Ended::as_str).filter(|word| *word != Outcome::Answered.as_str()).collect();
    BTreeMap::from([
        ("line", lines),
        ("channel", channels),
        ("outcome", named("ratings-outcome", &outcomes)),
        ("reason", named("ratings-reason", &reasons)),
        ("grade", named("ratings-grade", &Grade::ALL.map(Grade::as_str))),
        ("scale", named("ratings-scale", &["binary", "five_star"])),
        ("handled_by", named("handled-by", &HandledBy::ALL.map(HandledBy::as_str))),
        ("score", named("ratings-score", &["0", "1", "2", "3", "4", "5"])),
        ("resolved", named("sift-resolved", &["yes", "no"])),
        ("voided", named("sift-voided", &["yes", "no"])),
    ])
}

/// Lines that the person sees, archived ones included, because their ratings remain.
fn seen(lines: Vec<Line>, sees: &Lines) -> Vec<Choice> {
    lines.into_iter().filter(|line| sees.admit(&line.id)).map(|line| Choice { value: line.id.into(), words: line.name }).collect()
}
