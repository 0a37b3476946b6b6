//! One setting as a form shows it. Names of fields are the keys of the settings; their words are found by these names, so
//! that the page, the list of versions and the audit log call each the same.

use super::super::frame::Frame;
use crate::frame::changes::said;
use crate::frame::form::Fields;

/// Units of a duration: the word's key and how many of the setting's own unit it is.
pub(super) type Units = &'static [(&'static str, u32)];
/// For settings kept in seconds.
pub(super) const SECONDS: Units = &[("seconds", 1), ("minutes", 60), ("hours", 3_600)];
/// For settings kept in minutes.
pub(super) const MINUTES: Units = &[("minutes", 1), ("hours", 60), ("days", 1_440)];
/// For settings kept in hours.
pub(super) const HOURS: Units = &[("hours", 1), ("days", 24)];

/// One thing to choose.
pub(super) struct Choice {
    /// What is sent.
    pub value: String,
    /// Its words.
    pub label: String,
    /// Whether it is chosen.
    pub chosen: bool,
}

/// One setting.
#[derive(Default)]
pub(super) struct Setting {
    /// `tick`, `number`, `duration`, `text`, `time`, `area`, `select`, `ticks` or `levels`.
    pub kind: &'static str,
    /// The name of its field.
    pub name: String,
    /// What it is called.
    pub label: String,
    /// What it does.
    pub hint: String,
    /// What stands in it.
    pub value: String,
    /// What is wrong with it.
    pub error: String,
    /// What is shown in an empty field.
    pub placeholder: String,
    /// What stands behind the field.
    pub suffix: String,
    /// What can be chosen: units, options, boxes, or one level after another.
    pub choices: Vec<Choice>,
    /// Of `levels`: the further selects.
    pub levels: Vec<Vec<Choice>>,
    /// Of an `area`: maximum number of characters.
    pub most: usize,
    /// A box that is ticked.
    pub on: bool,
}

/// Makes settings from what stands in the fields of a form.
#[derive(Clone, Copy)]
pub(super) struct Draw<'a> {
    pub(super) page: &'a Frame,
    pub(super) fields: &'a Fields,
}

impl Draw<'_> {
    fn of(&self, kind: &'static str, name: &str) -> Setting {
        let key = format!("set-{}", worded(name).replace('.', "-"));
        Setting {
            kind,
            name: name.to_owned(),
            label: self.page.t(&key),
            hint: said(self.page, &format!("{key}-hint")).unwrap_or_default(),
            value: self.fields.value(name).to_owned(),
            error: self.fields.error(name).to_owned(),
            on: self.fields.chosen(name, "1"),
            ..Setting::default()
        }
    }

    /// A box to tick.
    pub(super) fn tick(&self, name: &str) -> Setting {
        self.of("tick", name)
    }

    /// A number, with what stands behind it.
    pub(super) fn number(&self, name: &str, suffix: &str) -> Setting {
        Setting { suffix: suffix.to_owned(), ..self.of("number", name) }
    }

    /// A number and its unit.
    pub(super) fn duration(&self, name: &str, units: Units) -> Setting {
        let field = format!("{name}.unit");
        let choice = |&(unit, _): &(&'static str, u32)| Choice {
            value: unit.to_owned(),
            label: self.page.t(&format!("set-unit-{unit}")),
            chosen: self.fields.chosen(&field, unit),
        };
        Setting { choices: units.iter().map(choice).collect(), ..self.of("duration", name) }
    }

    /// A line of text.
    pub(super) fn text(&self, name: &str, placeholder: &str) -> Setting {
        Setting { placeholder: placeholder.to_owned(), ..self.of("text", name) }
    }

    /// A time of day.
    pub(super) fn time(&self, name: &str) -> Setting {
        self.of("time", name)
    }

    /// A text of some lines.
    pub(super) fn area(&self, name: &str, placeholder: &str) -> Setting {
        Setting { placeholder: placeholder.to_owned(), most: 4_000, ..self.of("area", name) }
    }

    /// A text of some lines, or the content of a file.
    pub(super) fn file_text(&self, name: &str, placeholder: &str) -> Setting {
        Setting { most: 400_000, ..self.area(name, placeholder) }
    }

    /// One of several.
    pub(super) fn select(&self, name: &str, options: &[(String, String)]) -> Setting {
        Setting { choices: self.choices(name, options), ..self.of("select", name) }
    }

    /// Any of several.
    pub(super) fn ticks(&self, name: &str, options: &[(String, String)]) -> Setting {
        Setting { choices: self.choices(name, options), ..self.of("ticks", name) }
    }

    /// One after another, each one of several.
    pub(super) fn levels(&self, name: &str, options: &[(String, String)], chosen: &[String]) -> Setting {
        let level = |at: usize| -> Vec<Choice> {
            let value = chosen.get(at).map(String::as_str).unwrap_or_default();
            options.iter().map(|(id, label)| Choice { value: id.clone(), label: label.clone(), chosen: id == value }).collect()
        };
        Setting { levels: (0..(chosen.len() + 1).max(2)).map(level).collect(), ..self.of("levels", name) }
    }

    fn choices(&self, name: &str, options: &[(String, String)]) -> Vec<Choice> {
        let choice = |(value, label): &(String, String)| Choice {
            value: value.clone(),
            label: label.clone(),
            chosen: self.fields.chosen(name, value) || (value.is_empty() && self.fields.value(name).is_empty()),
        };
        options.iter().map(choice).collect()
    }
}

/// The name by which a field has its words: texts are called the same in every language.
pub(super) fn worded(name: &str) -> String {
    match name.strip_prefix("texts.").and_then(|text| text.split_once('.')) {
        Some((_, text)) => format!("texts.{text}"),
        None => name.to_owned(),
    }
}
