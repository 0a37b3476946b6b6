//! The query of a report: period, filters and split. The form shows the values of the address; an invalid value has an
//! error at its field.

use crate::frame::form::Fields;
use lastword_base::names::{LineId, OperatorId};
use lastword_domain::access::rights::Lines;
use lastword_domain::answer::rating::Scale;
use lastword_domain::report::calendar::Day;
use lastword_domain::report::period::{NoPeriod, Period, Step};
use lastword_domain::session::HandledBy;
use lastword_domain::session::label::LabelIs;
use lastword_domain::word::words;
use lastword_http::locale::language::Language;
use lastword_store::report::{By, Closes};
use std::collections::BTreeMap;

/// Period presets: value in the address and key of the label.
pub const PRESETS: [(&str, &str); 9] = [
    ("today", "period-today"),
    ("yesterday", "period-yesterday"),
    ("7", "period-7"),
    ("30", "period-30"),
    ("90", "period-90"),
    ("month", "period-month"),
    ("last_month", "period-last-month"),
    ("quarter", "period-quarter"),
    ("year", "period-year"),
];

/// How the table of a report is split.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Split {
    /// By a property of closes.
    By(By),
    /// By time.
    Step(Step),
}

/// Values of [`Split`] in addresses.
pub const SPLITS: [(&str, Split); 8] = [
    ("operator", Split::By(By::Operator)),
    ("line", Split::By(By::Line)),
    ("channel", Split::By(By::Channel)),
    ("handled_by", Split::By(By::HandledBy)),
    ("label", Split::By(By::Label)),
    ("day", Split::Step(Step::Day)),
    ("week", Split::Step(Step::Week)),
    ("month", Split::Step(Step::Month)),
];

words! {
    /// A tab of the reports, with its own address.
    #[derive(Default)]
    pub enum Tab {
        /// Overall trend and changes.
        #[default]
        Overview = "overview",
        /// Comparison of operators, lines, channels or periods.
        Compare = "compare",
        /// Reasons of low ratings.
        Reasons = "reasons",
        /// By weekday and hour.
        Week = "week",
        /// Outcomes of the questions and content of the answers.
        Details = "details",
    }
}

impl Tab {
    /// True if its content is split.
    pub fn splits(self) -> bool {
        matches!(self, Tab::Compare | Tab::Reasons)
    }
}

/// The parsed query.
#[derive(Clone, Debug)]
pub struct ReportQuery {
    /// The tab shown.
    pub tab: Tab,
    /// Form fields and their errors.
    pub fields: Fields,
    /// Value of the period preset; empty for a custom period.
    pub preset: &'static str,
    /// The period; the default if the query is invalid.
    pub period: Period,
    /// The closes selected.
    pub closes: Closes,
    /// Value of the split.
    pub by: &'static str,
    /// Keys of the table's columns; empty for the usual ones.
    pub columns: Vec<String>,
}

impl ReportQuery {
    /// Parses a query string. `usual` is the default period, `lines` the names of the lines that the person sees.
    pub fn read(query: &str, usual: &'static str, today: Day, sees: &Lines, lines: &BTreeMap<LineId, String>, language: Language) -> Self {
        let given: BTreeMap<String, String> = url::form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        let value = |name: &str| given.get(name).map(|value| value.trim().to_owned()).filter(|value| !value.is_empty());
        let mut fields = Fields::default();
        let (preset, period) = days(&value, usual, today, &mut fields, language);
        if value("line").is_some_and(|line| !lines.contains_key(line.as_str())) {
            fields.wrong("ask-line-unknown", "line", language);
        }
        let scale = value("scale");
        if scale.as_deref().is_some_and(|scale| Scale::parse(scale).is_none()) {
            fields.wrong("ask-scale-unknown", "scale", language);
        }
        let handled_by = value("handled_by");
        if handled_by.as_deref().is_some_and(|word| HandledBy::parse(word).is_none()) {
            fields.wrong("ask-handled-unknown", "handled_by", language);
        }
        let label = value("label");
        if label.as_deref().is_some_and(|text| LabelIs::parse(text).is_none()) {
            fields.wrong("ask-label-unknown", "label", language);
        }
        let wanted = value("by").unwrap_or_else(|| SPLITS[0].0.to_owned());
        let by = SPLITS.iter().find(|(word, _)| *word == wanted);
        if by.is_none() {
            fields.wrong("ask-by-unknown", "by", language);
        }
        let by = by.map_or(SPLITS[0].0, |(word, _)| word);
        if split(by) == Split::Step(Step::Day) && period.cut(Step::Day).is_none() {
            fields.wrong("ask-by-too-many", "by", language);
        }
        for name in ["line", "operator", "channel", "scale", "handled_by", "label"] {
            fields = fields.with(name, value(name).unwrap_or_default());
        }
        fields = fields.with("by", by).with("period", preset);
        let closes = Closes {
            line: value("line").map(LineId::from),
            // An empty operator or channel means no filter; `-` selects closes that have none.
            operator: value("operator").map(|operator| if operator == "-" { String::new() } else { operator }).map(OperatorId::from),
            channel: value("channel").map(|channel| if channel == "-" { String::new() } else { channel }),
            scale: scale.as_deref().and_then(Scale::parse),
            handled_by: handled_by.as_deref().and_then(HandledBy::parse),
            label: label.as_deref().and_then(LabelIs::parse),
            sees: sees.clone(),
            ..Closes::of(period)
        };
        let tab = value("tab").and_then(|word| Tab::parse(&word)).unwrap_or_default();
        let columns = url::form_urlencoded::parse(query.as_bytes()).filter(|(name, _)| name == COLUMNS);
        let columns: Vec<String> = columns.flat_map(|(_, keys)| keys.split(',').map(str::to_owned).collect::<Vec<_>>()).collect();
        let columns = columns.into_iter().filter(|key| is_column(key)).take(COLUMNS_MAX).collect();
        Self { tab, fields, preset, period, closes, by, columns }
    }

    /// How the table is split.
    pub fn split(&self) -> Split {
        split(self.by)
    }

    /// Query string with the given fields replaced; an empty value removes a field.
    pub fn address(&self, but: &[(&str, &str)]) -> String {
        let mut out = url::form_urlencoded::Serializer::new(String::new());
        let (from, until) = (self.period.from.to_string(), self.period.last_day().to_string());
        let mut pairs = vec![("period", self.preset.to_owned())];
        if self.preset.is_empty() {
            pairs.extend([("from", from), ("until", until)]);
        }
        pairs.extend(
            ["line", "operator", "channel", "scale", "handled_by", "label", "by"].map(|name| (name, self.fields.value(name).to_owned())),
        );
        let changed = |name: &str| but.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned());
        for (name, value) in pairs {
            let value = changed(name).unwrap_or(value);
            let usual = name == "by" && value == SPLITS[0].0;
            if !value.is_empty() && !usual {
                out.append_pair(name, &value);
            }
        }
        if self.tab != Tab::default() {
            out.append_pair("tab", self.tab.as_str());
        }
        if !self.columns.is_empty() {
            out.append_pair(COLUMNS, &self.columns.join(","));
        }
        out.extend_pairs(but.iter().filter(|(name, _)| matches!(*name, "what" | "format")));
        out.finish()
    }

    /// The parameters of the query except the columns, for a form that chooses these.
    pub fn pairs(&self) -> Vec<(String, String)> {
        let usual = Self { columns: Vec::new(), ..self.clone() };
        url::form_urlencoded::parse(usual.address(&[]).as_bytes()).into_owned().collect()
    }

    /// The parameters that the form of filters keeps.
    pub fn kept(&self) -> Vec<(&'static str, String)> {
        let tab = if self.tab == Tab::default() { String::new() } else { self.tab.to_string() };
        let by = if self.by == SPLITS[0].0 { String::new() } else { self.by.to_owned() };
        let all = [("tab", tab), ("period", self.preset.to_owned()), ("by", by), (COLUMNS, self.columns.join(","))];
        all.into_iter().filter(|(_, value)| !value.is_empty()).collect()
    }

    /// Address of another tab of the same report.
    pub fn tab_address(&self, tab: &Tab) -> String {
        Self { tab: *tab, ..self.clone() }.address(&[])
    }

    /// Address for a period preset.
    pub fn preset_address(&self, word: &str) -> String {
        let of_preset = Self { preset: "own", ..self.clone() };
        of_preset.address(&[("period", word)])
    }
}

/// Query parameter of the columns of a table: keys, separated by commas or repeated.
pub const COLUMNS: &str = "cols";
/// Maximum number of columns in a query.
const COLUMNS_MAX: usize = 30;

/// True if a text has the form of a column's key.
fn is_column(text: &str) -> bool {
    (1..=20).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')
}

fn split(word: &str) -> Split {
    SPLITS.iter().find(|(known, _)| *known == word).map_or(SPLITS[0].1, |(_, split)| *split)
}

/// The selected days. Days equal to those of the selected preset count as that preset.
fn days(
    value: &impl Fn(&str) -> Option<String>,
    usual: &'static str,
    today: Day,
    fields: &mut Fields,
    language: Language,
) -> (&'static str, Period) {
    let known = |word: &str| PRESETS.iter().map(|(known, _)| *known).find(|known| *known == word);
    let named = value("period").filter(|word| word != "own");
    let preset = named.as_deref().map_or(Some(usual), known);
    if preset.is_none() {
        fields.wrong("ask-period-unknown", "from", language);
    }
    let preset = preset.unwrap_or(usual);
    let chosen = preset_days(preset, today);
    let mut day = |name: &'static str| {
        let text = value(name)?;
        let day = Day::parse(&text);
        if day.is_none() {
            fields.wrong("ask-day-wrong", name, language);
        }
        *fields = std::mem::take(fields).with(name, text);
        day
    };
    let (from, until) = (day("from"), day("until"));
    let own = match (from, until) {
        (None, None) => chosen,
        (from, until) => {
            let last = until.unwrap_or_else(|| from.map_or(today, |from| from.max(today)));
            let first = from.unwrap_or_else(|| last.plus(-29));
            match Period::new(first, last.plus(1)) {
                Ok(period) => period,
                Err(why) => {
                    let key = match why {
                        NoPeriod::EndsBeforeItStarts => "ask-ends-before",
                        NoPeriod::TooLong => "ask-too-long",
                    };
                    fields.wrong(key, "until", language);
                    chosen
                }
            }
        }
    };
    if from.is_none() && fields.value("from").is_empty() {
        *fields = std::mem::take(fields).with("from", own.from.to_string());
    }
    if until.is_none() && fields.value("until").is_empty() {
        *fields = std::mem::take(fields).with("until", own.until.plus(-1).to_string());
    }
    (if own == chosen { preset } else { "" }, own)
}

/// The days of a preset. Periods that are not over end today, so they are compared with the same number of days before.
fn preset_days(word: &str, today: Day) -> Period {
    let since = |from: Day| Period { from, until: today.plus(1) };
    let month = today.month();
    match word {
        "today" => since(today),
        "yesterday" => Period { from: today.plus(-1), until: today },
        "7" => Period::last(7, today),
        "90" => Period::last(90, today),
        "month" => since(month.first()),
        "last_month" => Period { from: month.plus(-1).first(), until: month.first() },
        "quarter" => since(month.plus(-(month.0 % 3)).first()),
        "year" => since(month.plus(-(month.0 % 12)).first()),
        _ => Period::last(30, today),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(query: &str) -> ReportQuery {
        let lines = [("sales".into(), "Sales".to_owned())].into();
        ReportQuery::read(query, "30", Day::parse("2026-11-21").unwrap(), &Lines::All, &lines, Language::En)
    }

    fn days(query: &str) -> (String, String) {
        let asked = asked(query);
        assert!(asked.fields.fine(), "{query}: {:?}", asked.fields);
        (asked.period.from.to_string(), asked.period.last_day().to_string())
    }

    #[test]
    fn each_period_has_its_days_and_the_form_shows_them() {
        for (query, from, until) in [
            ("", "2026-10-23", "2026-11-21"),
            ("period=today", "2026-11-21", "2026-11-21"),
            ("period=yesterday", "2026-11-20", "2026-11-20"),
            ("period=7", "2026-11-15", "2026-11-21"),
            ("period=month", "2026-11-01", "2026-11-21"),
            ("period=last_month", "2026-10-01", "2026-10-31"),
            ("period=quarter", "2026-10-01", "2026-11-21"),
            ("period=year", "2026-01-01", "2026-11-21"),
            ("from=2026-09-01&until=2026-09-30", "2026-09-01", "2026-09-30"),
            ("period=own&from=2026-11-01", "2026-11-01", "2026-11-21"),
            ("until=2026-11-10", "2026-10-12", "2026-11-10"),
            ("period=7&from=2026-09-01&until=2026-09-30", "2026-09-01", "2026-09-30"),
        ] {
            assert_eq!(days(query), (from.to_owned(), until.to_owned()), "{query}");
            let shown = asked(query).fields;
            assert_eq!((shown.value("from"), shown.value("until")), (from, until), "{query}");
            assert_eq!(days(&asked(query).address(&[])), (from.to_owned(), until.to_owned()), "{query}: its own address asks for the same");
        }
        assert_eq!(asked("period=7&from=2026-11-15&until=2026-11-21").preset, "7", "days as the period gave them are the period");
        assert_eq!(asked("from=2026-09-01&until=2026-09-30&line=sales").preset_address("7"), "period=7&line=sales");
    }

    #[test]
    fn what_makes_no_sense_is_said_beside_its_field_and_stays_in_it() {
        for (query, field) in [
            ("from=2026-09-30&until=2026-09-01", "until"),
            ("from=2010-01-01&until=2026-01-01", "until"),
            ("from=yesterday", "from"),
            ("until=2026-02-30", "until"),
            ("period=century", "from"),
            ("line=nowhere", "line"),
            ("scale=ten", "scale"),
            ("handled_by=robot", "handled_by"),
            ("label=Very+important", "label"),
            ("by=mood", "by"),
            ("by=day&from=2020-01-01&until=2026-01-01", "by"),
        ] {
            let asked = asked(query);
            assert!(!asked.fields.fine() && !asked.fields.error(field).is_empty(), "{query}: {:?}", asked.fields);
        }
        assert_eq!(asked("from=yesterday").fields.value("from"), "yesterday");
        assert_eq!(asked("operator=-&channel=-").closes.operator.as_ref().map(|id| id.as_str()), Some(""));
    }
}
