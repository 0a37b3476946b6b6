//! A line's settings under their Bitrix24 names (`imopenlines.config.get`, release 26.250): import and export, with a result for
//! each field. Bitrix24 has only the binary scale, and no counterpart for many of our settings.

use super::check::TALK_SECS;
use super::{IDLE_MINUTES_MAX, LineSettings, TEXT_CHARS_MAX, Texts};
use crate::answer::rating::Scale;
use crate::line::macros::{ASKED, THANKED, unknown};
use crate::line::texts::words;
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

/// Maximum time of an open question in our settings, in hours: 90 days.
const HOURS_MAX: u64 = 24 * 90;
/// Maximum length of the texts of Bitrix24's graphic form, in characters.
const GRAPHIC_CHARS_MAX: usize = 100;
/// Keys under which documents of that API hold the fields.
const WRAPPERS: [&str; 4] = ["result", "PARAMS", "params", "fields"];

/// Result for a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = FieldFate)]
#[serde(rename_all = "snake_case")]
pub enum Fate {
    /// Applied unchanged.
    Taken,
    /// Applied in a form that fits.
    Clipped,
    /// No counterpart on the other side.
    NoCounterpart,
    /// Refused: its value is invalid.
    Refused,
}

impl Fate {
    /// The text in the API and on pages.
    pub fn as_str(self) -> &'static str {
        match self {
            Fate::Taken => "taken",
            Fate::Clipped => "clipped",
            Fate::NoCounterpart => "no_counterpart",
            Fate::Refused => "refused",
        }
    }
}

/// Result for one field, with the reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct FieldResult {
    /// The field: Bitrix24's name on import, ours on export.
    pub field: String,
    /// The result.
    pub fate: Fate,
    /// The field on the other side, if there is one.
    pub counterpart: Option<String>,
    /// Reason code, if there is more to report.
    pub reason: Option<&'static str>,
}

fn told(field: &str, fate: Fate, counterpart: Option<&str>, why: Option<&'static str>) -> FieldResult {
    FieldResult { field: field.to_owned(), fate, counterpart: counterpart.map(str::to_owned), reason: why }
}

/// Imported settings.
#[derive(Clone, Debug, PartialEq)]
pub struct Imported {
    /// The line's name in Bitrix24, if present.
    pub name: Option<String>,
    /// The previous settings with the imported ones applied.
    pub settings: LineSettings,
    /// Results by field name.
    pub fates: Vec<FieldResult>,
}

/// The fields of a document: its own, or those of the API response or call that it contains. `None` if none of them belongs to a
/// line.
fn fields(document: &Value) -> Option<&Map<String, Value>> {
    let ours = |fields: &Map<String, Value>| fields.keys().any(|key| key.starts_with("VOTE_") || key == "LINE_NAME" || key == "CONFIG_ID");
    let whole = document.as_object()?;
    if ours(whole) {
        return Some(whole);
    }
    WRAPPERS.iter().filter_map(|wrapper| whole.get(*wrapper)?.as_object()).find(|fields| ours(fields))
}

/// Applies Bitrix24 settings to the existing ones (`there`). `None` if the document is not of that kind.
pub fn import(document: &Value, there: &LineSettings) -> Option<Imported> {
    let fields = fields(document)?;
    let mut reader = Reader { settings: there.clone(), name: None, fates: Vec::new(), texts: Texts::default(), language: None };
    reader.language = fields.get("LANGUAGE_ID").and_then(Value::as_str).map(str::to_lowercase).filter(|tag| is_tag(tag));
    let graphic = |name: &str| fields.get(&name.replace("_2_", "_1_")).and_then(Value::as_str).is_some_and(|text| !text.trim().is_empty());
    for (field, value) in fields {
        let second = field.starts_with("VOTE_MESSAGE_2_") && graphic(field);
        reader.take(field, value, second);
    }
    // Last, because the time limit depends on VOTE_BEFORE_FINISH.
    if let Some(value) = fields.get("VOTE_TIME_LIMIT") {
        let fate = reader.time_limit(value);
        reader.fates.push(fate);
    }
    let Reader { mut settings, name, mut fates, texts, language } = reader;
    if let Some(language) = language {
        settings.language = language;
    }
    if texts != Texts::default() {
        let own = settings.texts.entry(settings.language.clone()).or_default();
        own.question = texts.question.or(own.question.take());
        own.thanks_good = texts.thanks_good.or(own.thanks_good.take());
        own.thanks_low = texts.thanks_low.or(own.thanks_low.take());
    }
    fates.sort_by(|a, b| a.field.cmp(&b.field));
    Some(Imported { name, settings, fates })
}

struct Reader {
    settings: LineSettings,
    name: Option<String>,
    fates: Vec<FieldResult>,
    texts: Texts,
    language: Option<String>,
}

impl Reader {
    /// Imports one field. `second`: the same text exists in the graphic form, which takes precedence.
    fn take(&mut self, field: &str, value: &Value, second: bool) {
        let fate = match field {
            "VOTE_TIME_LIMIT" => return,
            "VOTE_MESSAGE" => self.flag(field, value, "enabled", |settings, on| settings.enabled = on),
            "LANGUAGE_ID" => match &self.language {
                Some(_) => told(field, Fate::Taken, Some("language"), None),
                None => told(field, Fate::Refused, None, Some("no_language")),
            },
            "LINE_NAME" => match value.as_str().map(str::trim).filter(|name| !name.is_empty() && name.chars().count() <= 200) {
                Some(name) => {
                    self.name = Some(name.to_owned());
                    told(field, Fate::Taken, Some("name"), None)
                }
                None => told(field, Fate::Refused, None, Some("no_text")),
            },
            _ if field.starts_with("VOTE_MESSAGE_") && second => told(field, Fate::NoCounterpart, None, Some("one_text_for_all")),
            _ if field.starts_with("VOTE_MESSAGE_") => self.text(field, value),
            "VOTE_BEFORE_FINISH" => self.flag(field, value, "while_talking.enabled", |settings, on| settings.while_talking.enabled = on),
            "VOTE_CLOSING_DELAY" => self.flag(field, value, "while_talking.closes", |settings, on| settings.while_talking.closes = on),
            "AUTO_CLOSE_TIME" => self.idle(value),
            "FULL_CLOSE_TIME" | "AUTO_EXPIRE_TIME" => told(field, Fate::NoCounterpart, None, Some("never_closes_chats")),
            _ if field.starts_with("KPI_") => told(field, Fate::NoCounterpart, None, Some("alerts_are_ours")),
            _ => told(field, Fate::NoCounterpart, None, None),
        };
        self.fates.push(fate);
    }

    fn flag(&mut self, field: &str, value: &Value, ours: &str, set: impl Fn(&mut LineSettings, bool)) -> FieldResult {
        let on = match value {
            Value::Bool(on) => Some(*on),
            Value::String(text) if text.eq_ignore_ascii_case("y") => Some(true),
            Value::String(text) if text.eq_ignore_ascii_case("n") => Some(false),
            _ => None,
        };
        match on {
            Some(on) => {
                set(&mut self.settings, on);
                told(field, Fate::Taken, Some(ours), None)
            }
            None => told(field, Fate::Refused, None, Some("no_flag")),
        }
    }

    /// Seconds in Bitrix24, with 0 for never; whole minutes up to 31 days here.
    fn idle(&mut self, value: &Value) -> FieldResult {
        let field = "AUTO_CLOSE_TIME";
        let Some(secs) = seconds(value) else { return told(field, Fate::Refused, None, Some("no_number")) };
        let minutes = secs.div_ceil(60).min(IDLE_MINUTES_MAX.into());
        self.settings.idle_minutes = u32::try_from(minutes).ok().filter(|minutes| *minutes > 0);
        let (fate, why) = if minutes * 60 == secs { (Fate::Taken, None) } else { (Fate::Clipped, Some("whole_minutes_to_31_days")) };
        told(field, fate, Some("idle_minutes"), why)
    }

    /// Seconds in Bitrix24, with 0 for no limit. Here, the limit of a question while talking is in seconds too; that of a question
    /// about a close is in whole hours up to 90 days.
    fn time_limit(&mut self, value: &Value) -> FieldResult {
        let field = "VOTE_TIME_LIMIT";
        let Some(secs) = seconds(value) else { return told(field, Fate::Refused, None, Some("no_number")) };
        let wanted = if secs == 0 { u64::MAX } else { secs.div_ceil(3_600) };
        let hours = wanted.min(HOURS_MAX);
        self.settings.expires_after_hours = u32::try_from(hours).unwrap_or(u32::MAX);
        let mut exact = hours.checked_mul(3_600) == Some(secs);
        let talking = &mut self.settings.while_talking;
        if let Some(secs) = u32::try_from(secs).ok().filter(|secs| !exact && talking.enabled && TALK_SECS.contains(secs)) {
            talking.time_limit_secs = Some(secs);
            exact = true;
        }
        let (fate, why) = if exact { (Fate::Taken, None) } else { (Fate::Clipped, Some("whole_hours_to_90_days")) };
        told(field, fate, Some("expires_after_hours"), why)
    }

    fn text(&mut self, field: &str, value: &Value) -> FieldResult {
        let Some(raw) = value.as_str() else { return told(field, Fate::Refused, None, Some("no_text")) };
        let (place, ours, macros) = match field.rsplit('_').next() {
            Some("TEXT") => (&mut self.texts.question, "question", ASKED),
            Some("LIKE") => (&mut self.texts.thanks_good, "thanks_good", THANKED),
            Some("DISLIKE") => (&mut self.texts.thanks_low, "thanks_low", THANKED),
            _ => return told(field, Fate::NoCounterpart, None, None),
        };
        let plain = without_markup(raw);
        if plain.is_empty() {
            return told(field, Fate::NoCounterpart, Some(ours), Some("empty_is_built_in"));
        }
        // Bitrix24's macros that exist here have the same meaning; of any other, the client would read the name.
        if unknown(&plain, macros).is_some() {
            return told(field, Fate::Refused, Some(ours), Some("unknown_macro"));
        }
        let text: String = plain.chars().take(TEXT_CHARS_MAX).collect();
        let why = if text.chars().count() < plain.chars().count() {
            Some("too_long")
        } else {
            Some("markup").filter(|_| raw.contains('[') && raw.trim() != text)
        };
        *place = Some(text);
        told(field, if why.is_some() { Fate::Clipped } else { Fate::Taken }, Some(ours), why)
    }
}

/// A number, or a number as text.
fn seconds(value: &Value) -> Option<u64> {
    value.as_u64().or_else(|| value.as_str()?.trim().parse().ok())
}

fn is_tag(tag: &str) -> bool {
    (2..=35).contains(&tag.len()) && tag.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
}

/// Converts BB code to plain text: line breaks stay, other tags are removed.
fn without_markup(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find('[') {
        plain.push_str(&rest[..start]);
        rest = &rest[start..];
        let tag = rest.find(']').map(|end| &rest[1..end]);
        match tag.filter(|tag| tag.trim_start_matches('/').starts_with(|first: char| first.is_ascii_alphabetic()) && tag.len() < 200) {
            Some(tag) => {
                if tag.eq_ignore_ascii_case("br") {
                    plain.push('\n');
                }
                rest = &rest[tag.len() + 2..];
            }
            None => {
                plain.push('[');
                rest = &rest[1..];
            }
        }
    }
    (plain + rest).trim().to_owned()
}

/// Exports settings under Bitrix24's names, all as texts, with the results for our fields.
pub fn export(name: &str, settings: &LineSettings) -> (Map<String, Value>, Vec<FieldResult>) {
    let said = words(settings, None);
    let mut fates = Vec::new();
    let mut clip = |ours: &str, field: &str, text: &str| {
        let short: String = text.chars().take(GRAPHIC_CHARS_MAX).collect();
        let cut = short != text;
        fates.push(told(ours, if cut { Fate::Clipped } else { Fate::Taken }, Some(field), cut.then_some("graphic_100")));
        short
    };
    let graphic = [
        ("VOTE_MESSAGE_1_TEXT", clip("question", "VOTE_MESSAGE_1_TEXT", &said.question)),
        ("VOTE_MESSAGE_1_LIKE", clip("thanks_good", "VOTE_MESSAGE_1_LIKE", &said.thanks_good)),
        ("VOTE_MESSAGE_1_DISLIKE", clip("thanks_low", "VOTE_MESSAGE_1_DISLIKE", &said.thanks_low)),
    ];
    let flag = |on: bool| if on { "Y" } else { "N" }.to_owned();
    let hours = u64::from(settings.expires_after_hours) * 3_600;
    let talking = settings.while_talking.time_limit_secs.filter(|_| settings.while_talking.enabled).map(u64::from);
    let limit = talking.unwrap_or(hours);
    let broken = |text: &str| text.replace('\n', "[br]");
    let fields = [
        ("LINE_NAME", name.to_owned()),
        ("LANGUAGE_ID", settings.language.clone()),
        ("VOTE_MESSAGE", flag(settings.enabled)),
        ("VOTE_BEFORE_FINISH", flag(settings.while_talking.enabled)),
        ("VOTE_CLOSING_DELAY", flag(settings.while_talking.closes)),
        ("AUTO_CLOSE_TIME", (u64::from(settings.idle_minutes.unwrap_or(0)) * 60).to_string()),
        ("VOTE_TIME_LIMIT", limit.to_string()),
        ("VOTE_MESSAGE_2_TEXT", format!("{}[br][br]{}", broken(&said.question), said.hint(Scale::Binary))),
        ("VOTE_MESSAGE_2_LIKE", broken(&said.thanks_good)),
        ("VOTE_MESSAGE_2_DISLIKE", broken(&said.thanks_low)),
        ("CLOSE_RULE", "quality".to_owned()),
    ];
    let fields = fields.into_iter().chain(graphic).map(|(key, value)| (key.to_owned(), Value::String(value))).collect();
    fates.push(told("name", Fate::Taken, Some("LINE_NAME"), None));
    fates.push(told("language", Fate::Taken, Some("LANGUAGE_ID"), None));
    fates.push(told("enabled", Fate::Taken, Some("VOTE_MESSAGE"), None));
    // Bitrix24 has one limit for all questions: our limit while talking, in seconds, if it is set.
    fates.push(match limit.div_ceil(3_600) * 3_600 == hours {
        true => told("expires_after_hours", Fate::Taken, Some("VOTE_TIME_LIMIT"), None),
        false => told("expires_after_hours", Fate::Clipped, Some("VOTE_TIME_LIMIT"), Some("one_limit_for_all")),
    });
    fates.push(told("idle_minutes", Fate::Taken, Some("AUTO_CLOSE_TIME"), None));
    fates.push(told("while_talking", Fate::Taken, Some("VOTE_BEFORE_FINISH"), None));
    fates.push(match settings.scale {
        Scale::Binary => told("scale", Fate::Taken, Some("VOTE_MESSAGE"), None),
        Scale::FiveStar => told("scale", Fate::Clipped, Some("VOTE_MESSAGE"), Some("binary_alone")),
    });
    fates.extend(only_ours(settings));
    (fields, fates)
}

/// Settings that differ from the default and have no counterpart there.
fn only_ours(settings: &LineSettings) -> Vec<FieldResult> {
    let (Ok(Value::Object(own)), Ok(Value::Object(usual))) =
        (serde_json::to_value(settings), serde_json::to_value(LineSettings::default()))
    else {
        return Vec::new();
    };
    let known = ["enabled", "scale", "language", "expires_after_hours", "texts", "idle_minutes", "while_talking"];
    let differs = own.iter().filter(|(key, value)| !known.contains(&key.as_str()) && usual.get(*key) != Some(value));
    differs.map(|(key, _)| told(key, Fate::NoCounterpart, None, None)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn fate<'f>(fates: &'f [FieldResult], field: &str) -> &'f FieldResult {
        fates.iter().find(|told| told.field == field).unwrap_or_else(|| panic!("{field} has no fate"))
    }

    #[test]
    fn every_field_that_comes_in_has_its_fate() {
        let document = json!({ "result": {
            "LINE_NAME": "Shop", "LANGUAGE_ID": "de", "VOTE_MESSAGE": "N", "VOTE_TIME_LIMIT": "5400", "VOTE_CLOSING_DELAY": "Y", "AUTO_CLOSE_TIME": "14430",
            "VOTE_MESSAGE_1_TEXT": "Wie war's?", "VOTE_MESSAGE_2_TEXT": "Wie war's?[br][br]1 oder 0",
            "VOTE_MESSAGE_2_LIKE": "[b]Danke[/b]![br]Bis bald", "VOTE_MESSAGE_1_DISLIKE": 7, "KPI_FIRST_ANSWER_TIME": "60", "QUEUE": [1],
        } });
        let Imported { name, settings, fates } = import(&document, &LineSettings::default()).unwrap();
        assert_eq!((name.as_deref(), settings.enabled, settings.expires_after_hours, &*settings.language), (Some("Shop"), false, 2, "de"));
        assert_eq!(settings.texts["de"].question.as_deref(), Some("Wie war's?"));
        assert_eq!(settings.texts["de"].thanks_good.as_deref(), Some("Danke!\nBis bald"));
        assert_eq!(fates.len(), 12, "each field once");
        assert_eq!((settings.idle_minutes, settings.while_talking.closes), (Some(241), true));
        assert_eq!((fate(&fates, "AUTO_CLOSE_TIME").fate, fate(&fates, "VOTE_CLOSING_DELAY").fate), (Fate::Clipped, Fate::Taken));
        assert_eq!((fate(&fates, "VOTE_TIME_LIMIT").fate, fate(&fates, "VOTE_MESSAGE_2_LIKE").fate), (Fate::Clipped, Fate::Clipped));
        assert_eq!(fate(&fates, "VOTE_MESSAGE_2_TEXT").reason, Some("one_text_for_all"));
        assert_eq!((fate(&fates, "VOTE_MESSAGE_1_DISLIKE").fate, fate(&fates, "QUEUE").fate), (Fate::Refused, Fate::NoCounterpart));
        assert_eq!(settings.check(), Ok(()));
    }

    #[test]
    fn what_is_none_of_it_is_not_taken() {
        for other in [json!([]), json!({ "delay_secs": 2 }), json!("VOTE_MESSAGE"), json!({ "result": [] })] {
            assert_eq!(import(&other, &LineSettings::default()), None, "{other}");
        }
    }

    #[test]
    fn no_limit_is_the_longest_and_a_long_text_is_cut() {
        let long = "ö".repeat(700);
        let document = json!({ "VOTE_TIME_LIMIT": 0, "VOTE_MESSAGE_2_TEXT": long });
        let imported = import(&document, &LineSettings::default()).unwrap();
        assert_eq!(imported.settings.expires_after_hours, 2_160);
        assert_eq!(imported.settings.texts["en"].question.as_ref().unwrap().chars().count(), 640);
        assert_eq!(imported.settings.check(), Ok(()));
    }

    #[test]
    fn macros_keep_their_meaning_and_unknown_ones_are_told() {
        let document =
            json!({ "VOTE_MESSAGE_2_TEXT": "How was #OPERATOR# in #DIALOG#?", "VOTE_MESSAGE_2_LIKE": "Thanks, #USER_LAST_NAME#" });
        let imported = import(&document, &LineSettings::default()).unwrap();
        assert_eq!(imported.settings.texts["en"].question.as_deref(), Some("How was #OPERATOR# in #DIALOG#?"));
        let refused = fate(&imported.fates, "VOTE_MESSAGE_2_LIKE");
        assert_eq!(
            (refused.fate, refused.reason, &imported.settings.texts["en"].thanks_good),
            (Fate::Refused, Some("unknown_macro"), &None)
        );
        assert_eq!(imported.settings.check(), Ok(()));
    }

    #[test]
    fn what_goes_out_comes_back() {
        let mut line = LineSettings { expires_after_hours: 48, delay_secs: 9, idle_minutes: Some(240), ..LineSettings::default() };
        line.texts.insert("en".to_owned(), Texts { question: Some("How\nwas it?".to_owned()), ..Texts::default() });
        let (fields, fates) = export("Shop", &line);
        assert!(fields.values().all(Value::is_string) && fate(&fates, "delay_secs").fate == Fate::NoCounterpart);
        let back = import(&Value::Object(fields), &LineSettings::default()).unwrap();
        assert_eq!((back.name.as_deref(), back.settings.expires_after_hours), (Some("Shop"), 48));
        assert_eq!((back.settings.idle_minutes, &back.settings.while_talking), (Some(240), &line.while_talking));
        assert_eq!(back.settings.texts["en"].question.as_deref(), Some("How\nwas it?"));
    }

    #[test]
    fn a_time_limit_keeps_its_seconds_where_ours_has_them() {
        let read = |talking: &str, secs: u32| {
            let document = json!({ "VOTE_BEFORE_FINISH": talking, "VOTE_TIME_LIMIT": secs });
            let Imported { settings, fates, .. } = import(&document, &LineSettings::default()).unwrap();
            assert_eq!((settings.check(), fates.len()), (Ok(()), 2));
            (settings.while_talking.time_limit_secs, settings.expires_after_hours, fate(&fates, "VOTE_TIME_LIMIT").fate, settings)
        };
        let (secs, hours, fate_of, settings) = read("Y", 90);
        assert_eq!((secs, hours, fate_of), (Some(90), 1, Fate::Taken));
        let (fields, fates) = export("Shop", &settings);
        assert_eq!((&fields["VOTE_TIME_LIMIT"], fate(&fates, "expires_after_hours").fate), (&json!("90"), Fate::Taken));
        assert_eq!(
            export("Shop", &LineSettings { expires_after_hours: 72, ..settings })
                .1
                .iter()
                .filter(|fate| fate.fate == Fate::Clipped)
                .count(),
            1
        );
        let (secs, hours, fate_of, _) = read("N", 90);
        assert_eq!((secs, hours, fate_of), (None, 1, Fate::Clipped), "a question about a close has whole hours");
        let (secs, hours, fate_of, _) = read("Y", 7_200);
        assert_eq!((secs, hours, fate_of), (None, 2, Fate::Taken));
    }
}
