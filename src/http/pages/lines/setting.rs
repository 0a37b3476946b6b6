//! One setting as a form field. Field names are the keys of the settings; labels are found by these names, so the page, the
//! list of versions and the audit log use the same label.

use super::super::frame::Frame;
use crate::frame::changes::said;
use crate::frame::form::Fields;

/// Units of a duration: key of the label and size in the setting's own unit.
pub(super) type Units = &'static [(&'static str, u32)];
/// Units of settings stored in seconds.
pub(super) const SECONDS: Units = &[("seconds", 1), ("minutes", 60), ("hours", 3_600)];
/// Units of settings stored in minutes.
pub(super) const MINUTES: Units = &[("minutes", 1), ("hours", 60), ("days", 1_440)];
/// Units of settings stored in hours.
pub(super) const HOURS: Units = &[("hours", 1), ("days", 24)];

/// An option of a choice.
pub(super) struct Choice {
    /// Submitted value.
    pub value: String,
    /// Label.
    pub label: String,
    /// True if selected.
    pub chosen: bool,
}

/// One setting.
#[derive(Default)]
pub(super) struct Setting {
    /// `tick`, `number`, `duration`, `text`, `time`, `area`, `select`, `ticks` or `levels`.
    pub kind: &'static str,
    /// Field name.
    pub name: String,
    /// Label.
    pub label: String,
    /// Explanation.
    pub hint: String,
    /// Value.
    pub value: String,
    /// Error message.
    pub error: String,
    /// Text shown in an empty field.
    pub placeholder: String,
    /// Text after the field.
    pub suffix: String,
    /// Options: units, select options, checkboxes, or the levels in order.
    pub choices: Vec<Choice>,
    /// For `levels`: the further selects.
    pub levels: Vec<Vec<Choice>>,
    /// For an `area`: maximum number of characters.
    pub most: usize,
    /// True if the checkbox is ticked.
    pub on: bool,
}

/// Builds settings from the fields of a form.
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

    /// A checkbox.
    pub(super) fn tick(&self, name: &str) -> Setting {
        self.of("tick", name)
    }

    /// A number, with a text after it.
    pub(super) fn number(&self, name: &str, suffix: &str) -> Setting {
        Setting { suffix: suffix.to_owned(), ..self.of("number", name) }
    }

    /// A number with its unit.
    pub(super) fn duration(&self, name: &str, units: Units) -> Setting {
        let field = format!("{name}.unit");
        let choice = |&(unit, _): &(&'static str, u32)| Choice {
            value: unit.to_owned(),
            label: self.page.t(&format!("set-unit-{unit}")),
            chosen: self.fields.chosen(&field, unit),
        };
        Setting { choices: units.iter().map(choice).collect(), ..self.of("duration", name) }
    }

    /// A single-line text.
    pub(super) fn text(&self, name: &str, placeholder: &str) -> Setting {
        Setting { placeholder: placeholder.to_owned(), ..self.of("text", name) }
    }

    /// A time of day.
    pub(super) fn time(&self, name: &str) -> Setting {
        self.of("time", name)
    }

    /// A multi-line text.
    pub(super) fn area(&self, name: &str, placeholder: &str) -> Setting {
        Setting { placeholder: placeholder.to_owned(), most: 4_000, ..self.of("area", name) }
    }

    /// A multi-line text that can be filled from a file.
    pub(super) fn file_text(&self, name: &str, placeholder: &str) -> Setting {
        Setting { most: 400_000, ..self.area(name, placeholder) }
    }

    /// A choice of one option.
    pub(super) fn select(&self, name: &str, options: &[(String, String)]) -> Setting {
        Setting { choices: self.choices(name, options), ..self.of("select", name) }
    }

    /// A choice of several options.
    pub(super) fn ticks(&self, name: &str, options: &[(String, String)]) -> Setting {
        Setting { choices: self.choices(name, options), ..self.of("ticks", name) }
    }

    /// A list of levels, each a choice of one option.
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

/// The name under which a field's label is found: texts have the same label in every language.
pub(super) fn worded(name: &str) -> String {
    match name.strip_prefix("texts.").and_then(|text| text.split_once('.')) {
        Some((_, text)) => format!("texts.{text}"),
        None => name.to_owned(),
    }
}
