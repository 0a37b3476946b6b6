//! Single values in the various forms that desks send: numbers as IDs, seconds as times, blanks and dashes for missing values.

use chrono::{DateTime, NaiveDateTime};
use lastword_contract::{CloseBy, Millis, Person, json};
use serde_json::Value;

/// Numbers below this are seconds: as milliseconds they would be in March 1973.
const SECONDS_BELOW: f64 = 1e11;
/// Numbers from here on are microseconds, and from there on nanoseconds: as milliseconds they would be after the year 5138.
const MICROSECONDS_FROM: f64 = 1e14;
const NANOSECONDS_FROM: f64 = 1e17;
/// Numbers in this range are days of a spreadsheet, of 1954 to 2119: as seconds they would be the first day of 1970.
const SHEET_DAYS: std::ops::Range<f64> = 20_000.0..80_000.0;
/// The day of a spreadsheet that is 1 January 1970.
const SHEET_EPOCH: f64 = 25_569.0;
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

/// True for a template placeholder that was not filled in: `{{ticket.assignee}}`, `#{ticket.owner}`, `{id}`, `%id%`, `<id>`.
fn is_unfilled(text: &str) -> bool {
    let text = text.trim();
    let between = |start: &str, end: &str| text.strip_prefix(start).and_then(|rest| rest.strip_suffix(end));
    let is_name = |inner: &str| {
        inner.starts_with(char::is_alphabetic) && inner.chars().all(|letter| letter.is_alphanumeric() || matches!(letter, '_' | '.' | '-'))
    };
    between("{{", "}}").is_some()
        || between("#{", "}").is_some()
        || between("${", "}").is_some()
        || [("{", "}"), ("%", "%"), ("<", ">")].into_iter().any(|(start, end)| between(start, end).is_some_and(is_name))
}

/// The whole number in a text such as `17.0`: some programs write IDs through a number with a point.
fn whole_number(text: &str) -> Option<&str> {
    let (whole, rest) = text.split_once('.')?;
    let digits = |text: &str, digit: fn(&u8) -> bool| !text.is_empty() && text.bytes().all(|byte| digit(&byte));
    (digits(whole, u8::is_ascii_digit) && digits(rest, |byte| *byte == b'0')).then_some(whole)
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

/// An ID: like [`text`], without decoration (`#123`, `[#123]`, `123.0`).
pub(crate) fn id(data: &Value, names: &[&str], notes: &mut Notes) -> Option<String> {
    let text = text(data, names, notes)?;
    let bare = text.trim_start_matches('[').trim_end_matches(']').trim_start_matches('#').trim();
    let bare = whole_number(bare).unwrap_or(bare);
    if bare != text && !bare.is_empty() {
        notes.add(names[0], "the decoration around the id was taken off");
        return Some(bare.to_owned());
    }
    Some(text)
}

/// A time: RFC 3339 or ISO 8601, seconds to nanoseconds since 1970, or days of a spreadsheet, as number or text; UTC if it has no zone.
pub(crate) fn moment(data: &Value, names: &[&str], notes: &mut Notes) -> Option<Millis> {
    let (value, name) = first(data, names)?;
    let found = match value {
        Value::Number(number) => number.as_f64().and_then(of_number),
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

fn of_number(number: f64) -> Option<(Millis, Option<&'static str>)> {
    if SHEET_DAYS.contains(&number) {
        let millis = ((number - SHEET_EPOCH) * 86_400_000.0).round() as Millis;
        return Some((millis, Some("it is a day of a spreadsheet, and was taken as UTC")));
    }
    let millis = match number {
        seconds if seconds < SECONDS_BELOW => seconds * 1_000.0,
        millis if millis < MICROSECONDS_FROM => millis,
        micros if micros < NANOSECONDS_FROM => micros / 1_000.0,
        nanos => nanos / 1_000_000.0,
    };
    // Templates write 0 if nothing happened.
    (1_000.0..253_402_300_800_000.0).contains(&millis).then_some((millis as Millis, None))
}

fn of_text(text: &str) -> Option<(Millis, Option<&'static str>)> {
    if let Ok(number) = text.parse::<f64>() {
        return of_number(number);
    }
    if let Ok(at) = DateTime::parse_from_rfc3339(text) {
        return Some((at.timestamp_millis(), None));
    }
    // Basic offsets (`+0300`) are ISO 8601, and what PHP calls so.
    let with_zone = ["%Y-%m-%d %H:%M:%S%.f %z", "%Y-%m-%dT%H:%M:%S%.f%z", "%Y-%m-%d %H:%M:%S%.f%z", "%Y-%m-%dT%H:%M%z"];
    let with_zone = with_zone.into_iter().find_map(|form| DateTime::parse_from_str(text, form).ok());
    if let Some(at) = with_zone.or_else(|| DateTime::parse_from_rfc2822(text).ok()) {
        return Some((at.timestamp_millis(), None));
    }
    let utc = text.strip_suffix("UTC").or_else(|| text.strip_suffix("GMT")).or_else(|| text.strip_suffix('Z')).map(str::trim_end);
    let naive = ["%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M"];
    let naive = naive.into_iter().find_map(|form| NaiveDateTime::parse_from_str(utc.unwrap_or(text), form).ok())?;
    let note = if utc.is_none() { Some("it has no time zone, and was taken as UTC") } else { None };
    Some((naive.and_utc().timestamp_millis(), note))
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
        return named(&id, None, false);
    }
    let name = words(value, &["name", "full_name", "fullname", "display_name", "realname"], notes);
    let Some(id) = text(value, &["id", "login", "username", "email"], notes).or_else(|| name.clone()) else {
        notes.add(field, "it names no person, and was ignored");
        return None;
    };
    let kind = text(value, &["kind", "type"], &mut Notes::default()).unwrap_or_default().to_ascii_lowercase();
    let program = ["program", "bot", "ai", "assistant", "agent_bot", "automation"].contains(&kind.as_str())
        || yes(value, &["program", "bot", "is_bot"], &mut Notes::default()) == Some(true);
    named(&id, name, program)
}

/// The person with this ID. Desks in PHP write 0, without a name, if there is none.
fn named(id: &str, name: Option<String>, program: bool) -> Option<Person> {
    let id = whole_number(id).unwrap_or(id);
    (id != "0" || name.is_some()).then(|| Person { id: id.to_owned(), name, program })
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
            json!(1_795_339_187_000_000_i64),
            json!(1_795_339_187_000_000_000_i64),
            json!("2026-11-22T12:19:47+0300"),
            json!("2026-11-22 09:19:47Z"),
        ] {
            assert_eq!(read(same.clone()), Some(1_795_339_187_000), "{same}");
        }
        assert_eq!(read(json!(1_795_339_187.12)), Some(1_795_339_187_120));
        assert_eq!(read(json!("2026-11-22T09:19Z")), Some(1_795_339_140_000));
        assert_eq!(read(json!(46_348.388738)).map(|at| at / 1_000), Some(1_795_339_186), "a day of a spreadsheet");
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
        assert_eq!((read(json!("17.0")).as_deref(), read(json!("1.2.0")).as_deref()), (Some("17"), Some("1.2.0")));
        assert_eq!([read(json!("{id}")), read(json!("%ticket_id%")), read(json!("<id>"))], [None, None, None]);
        assert_eq!(read(json!("{{ticket.id}}")), None, "a placeholder that was not filled in");
        assert_eq!((read(json!(null)), read(json!("-")), read(json!({"id": 1}))), (None, None, None));
        assert_eq!(notes.0.len(), 5, "{:?}", notes.0);
    }

    #[test]
    fn people_are_taken_as_objects_and_as_ids() {
        let read = |value: Value| person(&value, "operator", &mut Notes::default());
        assert_eq!(read(json!(7)).map(|person| person.id).as_deref(), Some("7"));
        let ann = read(json!({"login": "ann", "name": "Ann"})).unwrap();
        assert_eq!((ann.id.as_str(), ann.name.as_deref(), ann.program), ("ann", Some("Ann"), false));
        assert!(read(json!({"id": 3, "type": "agent_bot"})).unwrap().program);
        assert_eq!((read(json!("Nobody")), read(json!({})), read(json!({"id": null}))), (None, None, None));
        assert_eq!((read(json!(0)), read(json!("0")), read(json!({"id": "0"}))), (None, None, None));
        assert!(read(json!({"id": 0, "name": "Ann"})).is_some());
        assert_eq!(read(json!("7.0")).map(|person| person.id).as_deref(), Some("7"));
    }
}
