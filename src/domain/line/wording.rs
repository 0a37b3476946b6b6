//! Limits of the texts of a line, and the macros allowed in each.

use super::{Alerts, BadSetting, LabelRoute, LineSettings, Texts};
use crate::answer::reason::{CODE_CHARS_MAX, Reason, is_code};
use crate::line::macros::{ALERTED, ASKED, THANKED, unknown};

/// Maximum length of a text for clients, in characters: it fits every channel.
pub const TEXT_CHARS_MAX: usize = 640;
/// Maximum length of the text of an alert, in characters.
pub const ALERT_CHARS_MAX: usize = 2_000;

/// Maximum number of recipients in one list.
const NAMES_MAX: usize = 50;
/// Maximum length of a recipient's ID, in characters.
const NAME_CHARS_MAX: usize = 200;
/// Maximum number of recipients by label, and of labels of each.
const ROUTES_MAX: usize = 20;

/// An unknown macro.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownMacro {
    /// The text that contains it.
    pub field: String,
    /// The macro, as written.
    pub name: String,
    /// The allowed macros; none in a reason.
    pub known: &'static [&'static str],
}

impl UnknownMacro {
    /// The allowed macros, as a list.
    pub fn known(&self) -> String {
        self.known.join(", ")
    }
}

impl From<UnknownMacro> for BadSetting {
    fn from(unknown: UnknownMacro) -> Self {
        let problem = match unknown.known {
            [] => format!("macros such as {} are not filled in here; write the words themselves", unknown.name),
            _ => format!("there is no macro {}; here you can write {}", unknown.name, unknown.known()),
        };
        BadSetting { field: unknown.field, problem }
    }
}

impl Texts {
    /// The texts that may have macros, by name, with the macros allowed in each.
    fn with_macros(&self) -> [(&'static str, &Option<String>, &'static [&'static str]); 10] {
        [
            ("question", &self.question, ASKED),
            ("reminder", &self.reminder, ASKED),
            ("thanks_good", &self.thanks_good, THANKED),
            ("thanks_neutral", &self.thanks_neutral, THANKED),
            ("thanks_low", &self.thanks_low, THANKED),
            ("expired", &self.expired, ASKED),
            ("goes_on", &self.goes_on, ASKED),
            ("resolved", &self.resolved, THANKED),
            ("comment", &self.comment, THANKED),
            // The text before the review link is the same for every client, so the score is not allowed in it.
            ("review", &self.review, ASKED),
        ]
    }

    pub(super) fn check(&self, language: &str) -> Result<(), BadSetting> {
        for (name, text, _) in self.with_macros() {
            let Some(text) = text else { continue };
            if text.trim().is_empty() || text.chars().count() > TEXT_CHARS_MAX {
                let problem = format!("write 1 to {TEXT_CHARS_MAX} characters, or leave it out for the built-in text");
                return Err(BadSetting { field: format!("texts.{language}.{name}"), problem });
            }
        }
        let reasons = self.reasons.as_deref().unwrap_or_default();
        let bad = |problem: String| Err(BadSetting { field: format!("texts.{language}.reasons"), problem });
        if reasons.len() > 8 || reasons.iter().any(|reason| reason.text.trim().is_empty() || reason.text.chars().count() > 40) {
            return bad("at most eight reasons of 1 to 40 characters each".to_owned());
        }
        for (at, Reason { code, .. }) in reasons.iter().enumerate() {
            if !is_code(code) {
                return bad(format!("the code \"{code}\" is none: write at most {CODE_CHARS_MAX} small letters, digits, _ and -"));
            }
            if reasons[..at].iter().any(|other| other.code == *code) {
                return bad(format!("two reasons have the code \"{code}\"; give each its own"));
            }
        }
        Ok(())
    }
}

impl Alerts {
    pub(super) fn check(&self) -> Result<(), BadSetting> {
        let bad = |field: &str, problem: String| Err(BadSetting { field: format!("alerts.{field}"), problem });
        for (field, names) in [("recipients", &self.recipients), ("supervisors", &self.supervisors), ("escalate_to", &self.escalate_to)] {
            if names.len() > NAMES_MAX || names.iter().any(|name| name.chars().count() > NAME_CHARS_MAX) {
                return bad(field, format!("name at most {NAMES_MAX} recipients; a group is one of them"));
            }
        }
        if self.by_label.len() > ROUTES_MAX {
            return bad("by_label", format!("name at most {ROUTES_MAX} of them; a group is one"));
        }
        for LabelRoute { recipient, any } in &self.by_label {
            if recipient.is_empty() || recipient.chars().count() > NAME_CHARS_MAX {
                return bad("by_label", "name a recipient, a group, operator or supervisors in each".to_owned());
            }
            if any.is_empty() || any.len() > ROUTES_MAX {
                return bad(
                    "by_label",
                    format!(
                        "{recipient} needs 1 to {ROUTES_MAX} labels or fields; to hear of everything, they belong into alerts.recipients"
                    ),
                );
            }
        }
        if self.text.as_ref().is_some_and(|text| text.trim().is_empty() || text.chars().count() > ALERT_CHARS_MAX) {
            return bad("text", format!("write at most {ALERT_CHARS_MAX} characters, or leave it out for the built-in text"));
        }
        Ok(())
    }
}

impl LineSettings {
    /// The first unknown macro in any of the texts; it would be sent as written.
    pub fn unknown_macro(&self) -> Option<UnknownMacro> {
        let found = |field: String, text: &str, known: &'static [&'static str]| {
            unknown(text, known).map(|name| UnknownMacro { field, name: name.to_owned(), known })
        };
        for (language, texts) in &self.texts {
            for (name, text, known) in texts.with_macros() {
                let bad = text.as_deref().and_then(|text| found(format!("texts.{language}.{name}"), text, known));
                if bad.is_some() {
                    return bad;
                }
            }
            let reasons = texts.reasons.iter().flatten();
            let bad = reasons.into_iter().find_map(|reason| found(format!("texts.{language}.reasons"), &reason.text, &[]));
            if bad.is_some() {
                return bad;
            }
        }
        found("alerts.text".to_owned(), self.alerts.text.as_deref()?, ALERTED)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_macro_that_there_is_not_is_refused_in_every_text() {
        let names =
            ["question", "reminder", "thanks_good", "thanks_neutral", "thanks_low", "expired", "goes_on", "resolved", "comment", "review"];
        for name in names {
            let with = |text: &str| -> LineSettings {
                serde_json::from_value(serde_json::json!({ "texts": { "en": { name: text } } })).expect("settings")
            };
            assert_eq!(with("#NAME#, #OPERATOR#, #LINE#, #ORGANISATION#").check(), Ok(()), "{name}");
            let bad = with("Hello #COLOUR#").check().expect_err(name);
            assert_eq!(bad.field, format!("texts.en.{name}"));
            assert!(bad.problem.starts_with("there is no macro #COLOUR#; here you can write #NAME#, #CLIENT#, "), "{}", bad.problem);
            // There is no score yet when the client is asked.
            let scored = with("You gave #SCORE#").check();
            assert_eq!(
                scored.is_ok(),
                ["thanks_good", "thanks_neutral", "thanks_low", "resolved", "comment"].contains(&name),
                "{name}: {scored:?}"
            );
        }
        let reasons: LineSettings = serde_json::from_value(
            serde_json::json!({ "texts": { "en": { "reasons": [{ "code": "slow", "text": "#OPERATOR# was slow" }] } } }),
        )
        .expect("settings");
        assert_eq!(reasons.check().expect_err("no macros in reasons").field, "texts.en.reasons");
        let alert =
            |text: &str| LineSettings { alerts: Alerts { text: Some(text.to_owned()), ..Alerts::default() }, ..LineSettings::default() };
        assert_eq!(alert("#SCORE# of #CLIENT#: #COMMENT# (#REASONS#), #DIALOG#").check(), Ok(()));
        assert_eq!(alert("#SCORE# #KOMMENTAR#").check().expect_err("no such macro").field, "alerts.text");
        assert_eq!(alert(&"x".repeat(ALERT_CHARS_MAX + 1)).check().expect_err("too long").field, "alerts.text");
    }
}
