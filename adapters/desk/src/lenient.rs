//! Single values in the various forms that desks send: numbers as IDs, seconds as times, blanks and dashes for missing values.

use chrono::{DateTime, NaiveDateTime};
use lastword_contract::{CloseBy, Millis, Person, json};
use serde_json::Value;

/// Numbers below this are seconds: as milliseconds they would be in March 1973.
const SECONDS_BELOW: i64 = 100_000_000_000;
/// Texts that templates write for a missing value.
const NOTHING: [&str; 9] = ["", "-", "null", "none", "undefined", "nil", "n/a", "nobody", "false"];

/// Repairs so far, as sentences.
#[derive(Debug, Default)]
pub(crate) struct Notes(pub(crate) Vec<String>);

impl Notes {
    pub(crate) fn add(&mut self, field: &str, what: &str) {
        self.0.push(format!("{field}: {what}."));
    }
}

/// The first of these fields that has a value.
pub(crate) fn first<'a>(data: &'a Value, names: &[&str]) -> Option<(&'a Value, String)> {
    names.iter().find_map(|name| data.get(name).filter(|value| !is_nothing(value)).map(|value| (value, (*name).to_owned())))
}

fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => NOTHING.contains(&text.trim().to_ascii_lowercase().as_str()) || is_unfilled(text),
        Value::Array(items) => items.is_empty(),
        Value::Object(fields) => fields.is_empty(),
        Value::Bool(_) | Value::Number(_) => false,
    }
}

/// True for a template placeholder that was not filled in: `{{ticket.assignee}}`, `#{ticket.owner}`.
fn is_unfilled(text: &str) -> bool {
    let text = text.trim();
    (text.starts_with("{{") && text.ends_with("}}")) || ((text.starts_with("#{") || text.starts_with("${")) && text.ends_with('}'))
}

/// A text, or a number as text.
pub(crate) fn text(data: &Value, names: &[&str], notes: &mut Notes) -> Option<String> {
    let (value, name) = first(data, names)?;
    match plain(value) {
        Some((text, mended)) => {
            mended.into_iter().for_each(|what| notes.add(&name, what));
            Some(text)
        }
        None => {
            notes.add(&name, "it is neither text nor number, and was left out");
            None
        }
    }
}

/// Like [`text`], for text that people read: HTML entities as in `Joe &amp; Ann` are decoded.
pub(crate) fn words(data: &Value, names: &[&str], notes: &mut Notes) -> Option<String> {
    let name = first(data, names)?.1;
    let text = text(data, names, notes)?;
    let decoded = json::plain(&text);
    if decoded != text {
        notes.add(&name, "entities of HTML in it were read as the characters they stand for");
    }
    Some(decoded.replace(char::is_control, " ").trim().to_owned()).filter(|text| !text.is_empty())
}

/// A value on one line, and the repair that it needed.
fn plain(value: &Value) -> Option<(String, Option<&'static str>)> {
    match value {
        Value::String(text) => {
            let trimmed = text.replace(char::is_control, " ").trim().to_owned();
            let mended = (trimmed != *text).then_some("blanks and control characters around it were taken off");
            Some((trimmed, mended))
        }
        Value::Number(number) => match number.as_f64() {
            Some(float) if !number.is_i64() && !number.is_u64() && float.fract() == 0.0 && float.abs() < 9e15 => {
                Some((format!("{float:.0}"), Some("a number with a point was taken as an id")))
            }
            _ => Some((number.to_string(), None)),
        },
        _ => None,
    }
}

/// An ID: like [`text`], without decoration (`#123`, `[#123]`).
pub(crate) fn id(data: &Value, names: &[&str], notes: &mut Notes) -> Option<String> {
    let text = text(data, names, notes)?;
    let bare = text.trim_start_matches('[').trim_end_matches(']').trim_start_matches('#').trim();
    if bare != text && !bare.is_empty() {
        notes.add(names[0], "the decoration around the id was taken off");
        return Some(bare.to_owned());
    }
    Some(text)
}

/// A time: RFC 3339, seconds or milliseconds since 1970, as number or text; UTC if it has no zone.
pub(crate) fn moment(data: &Value, names: &[&str], notes: &mut Notes) -> Option<Millis> {
    let (value, name) = first(data, names)?;
    let found = match value {
        Value::Number(number) => number.as_f64().and_then(of_number).map(|at| (at, None)),
        Value::String(text) => of_text(text.trim()),
        _ => None,
    };
    let Some((at, mended)) = found else {
        notes.add(&name, "it is no time, and was left out; send RFC 3339, such as 2026-11-22T09:19:47Z");
        return None;
    };
    mended.into_iter().for_each(|what: &str| notes.add(&name, what));
    Some(at)
}

fn of_number(number: f64) -> Option<Millis> {
    let millis = if number < SECONDS_BELOW as f64 { number * 1_000.0 } else { number };
    // Templates write 0 if nothing happened.
    (1_000.0..253_402_300_800_000.0).contains(&millis).then_some(millis as Millis)
}

fn of_text(text: &str) -> Option<(Millis, Option<&'static str>)> {
    if let Ok(number) = text.parse::<f64>() {
        return of_number(number).map(|at| (at, None));
    }
    if let Ok(at) = DateTime::parse_from_rfc3339(text) {
        return Some((at.timestamp_millis(), None));
    }
    if let Ok(at) = DateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S%.f %z").or_else(|_| DateTime::parse_from_rfc2822(text)) {
        return Some((at.timestamp_millis(), None));
    }
    let naive = ["%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S%.f UTC"];
    let naive = naive.into_iter().find_map(|form| NaiveDateTime::parse_from_str(text, form).ok())?;
    Some((naive.and_utc().timestamp_millis(), Some("it has no time zone, and was taken as UTC")))
}

/// A count.
pub(crate) fn count(data: &Value, names: &[&str], notes: &mut Notes) -> Option<u32> {
    let (value, name) = first(data, names)?;
    let number = match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    };
    let count = number.filter(|number| (0.0..=f64::from(u32::MAX)).contains(number)).map(|number| number as u32);
    if count.is_none() {
        notes.add(&name, "it is no count, and was left out");
    }
    count
}

/// A boolean; `None` for `"auto"`.
pub(crate) fn yes(data: &Value, names: &[&str], notes: &mut Notes) -> Option<bool> {
    // `false` means missing for every other field, but is a value of this one.
    let (value, name) = names.iter().find_map(|name| data.get(name).map(|value| (value, *name)))?;
    let word = match value {
        Value::Bool(yes) => return Some(*yes),
        Value::Number(number) => number.to_string(),
        Value::String(text) => text.trim().to_ascii_lowercase(),
        _ => String::new(),
    };
    match word.as_str() {
        "true" | "yes" | "1" | "on" => Some(true),
        "false" | "no" | "0" | "off" => Some(false),
        _ if is_nothing(value) || word == "auto" => None,
        _ => {
            notes.add(name, "it is neither yes nor no, and was left out");
            None
        }
    }
}

/// An operator: an object, or only an ID.
pub(crate) fn person(value: &Value, field: &str, notes: &mut Notes) -> Option<Person> {
    if is_nothing(value) {
        return None;
    }
    if let Some((id, mended)) = plain(value) {
        mended.into_iter().for_each(|what| notes.add(field, what));
        return Some(Person { id, name: None, program: false });
    }
    let name = words(value, &["name", "full_name", "fullname", "display_name", "realname"], notes);
    let Some(id) = text(value, &["id", "login", "username", "email"], notes).or_else(|| name.clone()) else {
        notes.add(field, "it names no person, and was ignored");
        return None;
    };
    let kind = text(value, &["kind", "type"], &mut Notes::default()).unwrap_or_default().to_ascii_lowercase();
    let program = ["program", "bot", "ai", "assistant", "agent_bot", "automation"].contains(&kind.as_str())
        || yes(value, &["program", "bot", "is_bot"], &mut Notes::default()) == Some(true);
    Some(Person { id, name, program })
}

/// Who closed, in the terms of many desks.
pub(crate) fn closer(data: &Value, notes: &mut Notes) -> CloseBy {
    let Some((value, name)) = first(data, &["closed_by"]) else { return CloseBy::Operator };
    let word = plain(value).map(|(word, _)| word).unwrap_or_default();
    json::closer(&word).unwrap_or_else(|| {
        notes.add(&name, "this value is unknown, and an operator was assumed");
        CloseBy::Operator
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_time_is_taken_in_every_form_that_desks_send() {
        let read = |value: Value| moment(&json!({ "at": value }), &["at"], &mut Notes::default());
        for same in [
            json!("2026-11-22T09:19:47Z"),
            json!("2026-11-22T12:19:47+03:00"),
            json!("2026-11-22 09:19:47"),
            json!("2026-11-22 09:19:47 UTC"),
            json!("2026-11-22 09:19:47 +0000"),
            json!("Sun, 22 Nov 2026 09:19:47 +0000"),
            json!(1_795_339_187),
            json!("1795339187"),
            json!(1_795_339_187_000_i64),
            json!("1795339187000"),
        ] {
            assert_eq!(read(same.clone()), Some(1_795_339_187_000), "{same}");
        }
        assert_eq!(read(json!(1_795_339_187.12)), Some(1_795_339_187_120));
        for nothing in [json!(0), json!("0"), json!("yesterday"), json!(-5), json!([]), json!(true), json!(1e300)] {
            assert_eq!(read(nothing.clone()), None, "{nothing}");
        }
    }

    #[test]
    fn ids_are_taken_as_numbers_and_without_decoration() {
        let mut notes = Notes::default();
        let mut read = |value: Value| id(&json!({ "session": value }), &["session"], &mut notes);
        assert_eq!(read(json!(17)).as_deref(), Some("17"));
        assert_eq!(read(json!(18_446_744_073_709_551_615_u64)).as_deref(), Some("18446744073709551615"));
        assert_eq!(read(json!(17.0)).as_deref(), Some("17"));
        assert_eq!(read(json!(" 17\n")).as_deref(), Some("17"));
        assert_eq!(read(json!("[#17]")).as_deref(), Some("17"));
        assert_eq!(read(json!("{{ticket.id}}")), None, "a placeholder that was not filled in");
        assert_eq!((read(json!(null)), read(json!("-")), read(json!({"id": 1}))), (None, None, None));
        assert_eq!(notes.0.len(), 4, "{:?}", notes.0);
    }

    #[test]
    fn people_are_taken_as_objects_and_as_ids() {
        let read = |value: Value| person(&value, "operator", &mut Notes::default());
        assert_eq!(read(json!(7)).map(|person| person.id).as_deref(), Some("7"));
        let ann = read(json!({"login": "ann", "name": "Ann"})).unwrap();
        assert_eq!((ann.id.as_str(), ann.name.as_deref(), ann.program), ("ann", Some("Ann"), false));
        assert!(read(json!({"id": 3, "type": "agent_bot"})).unwrap().program);
        assert_eq!((read(json!("Nobody")), read(json!({})), read(json!({"id": null}))), (None, None, None));
    }
}
