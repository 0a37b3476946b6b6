//! Repairs JSON that a template broke, if only one reading remains: line feeds inside texts, missing values, extra commas,
//! literals of other languages. A quotation mark inside a text is not repaired, because the end of that text is unknown.

use std::iter::Peekable;
use std::str::Chars;

/// A JSON text after its repair, and the repairs.
pub(crate) struct Mended {
    pub(crate) text: String,
    pub(crate) notes: Vec<&'static str>,
}

const CONTROLS: &str = "line feeds and other control characters inside texts were escaped";
const ESCAPES: &str = "escapes that JSON does not have were read as the characters they stand for";
const HALVES: &str = "halves of a character became U+FFFD";
const COMMAS: &str = "commas before nothing were taken off";
const BLANKS: &str = "values that nothing filled were taken as null";
const WORDS: &str = "words of another language were taken as true, false or null";

/// Repairs what it can. The result is not necessarily JSON.
pub(crate) fn mended(broken: &str) -> Mended {
    let mut mender = Mender { rest: broken.chars().peekable(), text: String::with_capacity(broken.len() + 16), notes: Vec::new() };
    while let Some(next) = mender.rest.next() {
        mender.outside(next);
    }
    Mended { text: mender.text, notes: mender.notes }
}

struct Mender<'a> {
    rest: Peekable<Chars<'a>>,
    text: String,
    notes: Vec<&'static str>,
}

impl Mender<'_> {
    fn note(&mut self, what: &'static str) {
        if !self.notes.contains(&what) {
            self.notes.push(what);
        }
    }

    /// Peeks at the next character that is not white space.
    fn coming(&mut self) -> Option<char> {
        while self.rest.peek().is_some_and(|next| next.is_whitespace()) {
            self.text.extend(self.rest.next());
        }
        self.rest.peek().copied()
    }

    fn outside(&mut self, next: char) {
        match next {
            '"' => self.string(),
            ',' => {
                let before = self.text.len();
                self.text.push(',');
                if matches!(self.coming(), None | Some('}' | ']' | ',')) {
                    self.text.remove(before);
                    self.note(COMMAS);
                }
            }
            ':' => {
                self.text.push(':');
                if matches!(self.coming(), None | Some('}' | ']' | ',')) {
                    self.text.push_str("null");
                    self.note(BLANKS);
                }
            }
            '{' if self.rest.peek() == Some(&'{') => self.blank(),
            'A'..='Z' | 'a'..='z' | '_' => self.word(next),
            // A letter after digits does not start a word: 1e5.
            '0'..='9' => {
                self.text.push(next);
                while let Some(digit) = self.rest.next_if(|next| next.is_ascii_alphanumeric() || matches!(next, '.' | '+' | '-')) {
                    self.text.push(digit);
                }
            }
            _ => self.text.push(next),
        }
    }

    /// `{{ticket.closed_at}}` in place of a number.
    fn blank(&mut self) {
        let mut depth = 1_usize;
        for next in self.rest.by_ref() {
            match next {
                '{' => depth += 1,
                '}' => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                break;
            }
        }
        self.text.push_str("null");
        self.note(BLANKS);
    }

    fn word(&mut self, first: char) {
        let mut word = String::from(first);
        while let Some(next) = self.rest.next_if(|next| next.is_ascii_alphanumeric() || *next == '_') {
            word.push(next);
        }
        let known = match word.as_str() {
            "true" | "false" | "null" => word.as_str(),
            "True" | "TRUE" => "true",
            "False" | "FALSE" => "false",
            "None" | "NULL" | "Null" | "nil" | "undefined" | "NaN" => "null",
            _ => word.as_str(),
        };
        let changed = known != word;
        self.text.push_str(known);
        if changed {
            self.note(WORDS);
        }
    }

    fn string(&mut self) {
        self.text.push('"');
        while let Some(next) = self.rest.next() {
            match next {
                '"' => {
                    self.text.push('"');
                    return;
                }
                '\\' => self.escape(),
                control if control < ' ' => {
                    // Writing to a String cannot fail.
                    let _ = std::fmt::Write::write_fmt(&mut self.text, format_args!("\\u{:04x}", u32::from(control)));
                    self.note(CONTROLS);
                }
                plain => self.text.push(plain),
            }
        }
    }

    fn escape(&mut self) {
        match self.rest.next() {
            Some(known @ ('"' | '\\' | '/' | 'b' | 'f' | 'n' | 'r' | 't')) => self.text.extend(['\\', known]),
            Some('u') => self.unit(),
            Some('\'') => {
                self.text.push('\'');
                self.note(ESCAPES);
            }
            Some(control) if control < ' ' => {
                self.text.push_str("\\n");
                self.note(CONTROLS);
            }
            Some(other) => {
                self.text.extend(['\\', '\\', other]);
                self.note(ESCAPES);
            }
            None => {}
        }
    }

    /// Reads what follows `\u`. Two surrogates form a character; a single one is replaced.
    fn unit(&mut self) {
        let Some(unit) = self.hex() else {
            self.text.push_str("\\\\u");
            return self.note(ESCAPES);
        };
        if !(0xd800..0xe000).contains(&unit) {
            return self.text.push_str(&format!("\\u{unit:04x}"));
        }
        let mut ahead = self.rest.clone();
        if unit < 0xdc00 && ahead.next() == Some('\\') && ahead.next() == Some('u') {
            let digits: String = ahead.by_ref().take(4).collect();
            if let Some(second) = u32::from_str_radix(&digits, 16).ok().filter(|second| (0xdc00..0xe000).contains(second)) {
                self.rest = ahead;
                return self.text.push_str(&format!("\\u{unit:04x}\\u{second:04x}"));
            }
        }
        self.text.push('\u{fffd}');
        self.note(HALVES);
    }

    fn hex(&mut self) -> Option<u32> {
        let digits: String = self.rest.clone().take(4).collect();
        let unit = Some(digits).filter(|digits| digits.len() == 4 && digits.bytes().all(|digit| digit.is_ascii_hexdigit()));
        let unit = u32::from_str_radix(&unit?, 16).ok()?;
        self.rest.by_ref().take(4).for_each(drop);
        Some(unit)
    }
}

/// Splits a list, or several JSON texts in a row, into the source texts of the entries, so that a broken entry does not
/// affect the others. `None` if `text` is neither.
pub(crate) fn entries(text: &str) -> Option<Vec<&str>> {
    let text = text.trim();
    let inner = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    let (body, list) = (inner.unwrap_or(text), inner.is_some());
    let (mut found, mut depth, mut from, mut in_text, mut escaped) = (Vec::new(), 0_usize, None, false, false);
    for (at, next) in body.char_indices() {
        match next {
            _ if escaped => escaped = false,
            '\\' if in_text => escaped = true,
            '"' => in_text = !in_text,
            _ if in_text => {}
            '{' | '[' => {
                from.get_or_insert(at);
                depth += 1;
            }
            '}' | ']' => {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    found.push(&body[from.take()?..=at]);
                }
            }
            ',' | ' ' | '\t' | '\r' | '\n' => {}
            // An entry of a list that is not an object: the list has to be parsed as a whole.
            _ if depth == 0 => return None,
            _ => {}
        }
    }
    (depth == 0 && !in_text && (list || found.len() > 1)).then_some(found)
}

/// The value of the first field of `names` in a broken text: enough to find the chat by hand.
pub(crate) fn glimpse<'a>(broken: &'a str, names: &[&str]) -> Option<&'a str> {
    names.iter().find_map(|name| {
        let after = broken.split_once(&format!("\"{name}\""))?.1.trim_start().strip_prefix(':')?.trim_start();
        let value = match after.strip_prefix('"') {
            Some(text) => text.split(['"', '\n']).next()?,
            None => after.split([',', '}', '\n']).next()?.trim(),
        };
        (!value.is_empty() && value.len() <= 200).then_some(value)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn read(broken: &str) -> Option<Value> {
        serde_json::from_str(&mended(broken).text).ok()
    }

    #[test]
    fn what_templates_break_is_mended_where_one_reading_is_left() {
        for (broken, right) in [
            ("{\"a\":\"one\ntwo\tthree\"}", json!({ "a": "one\ntwo\tthree" })),
            (r#"{"a":"Jane \ud83d","b":"\ud83d\ude00","c":"\udc00x"}"#, json!({ "a": "Jane \u{fffd}", "b": "😀", "c": "\u{fffd}x" })),
            (r#"{"a":,"b":[1,2,],}"#, json!({ "a": null, "b": [1, 2] })),
            (r#"{"at":{{ticket.closed_at}},"b":1}"#, json!({ "at": null, "b": 1 })),
            (r#"{"a":None,"b":True,"c":undefined,"d":1e3}"#, json!({ "a": null, "b": true, "c": null, "d": 1e3 })),
            (r#"{"a":"it\'s C:\dir \uZZ"}"#, json!({ "a": "it's C:\\dir \\uZZ" })),
        ] {
            assert_eq!(read(broken), Some(right), "{broken}");
            assert!(!mended(broken).notes.is_empty(), "{broken}");
        }
        assert_eq!(read(r#"{"client_name":"Joe "Jack" Smith"}"#), None, "the end of that text is unknown");
    }

    #[test]
    fn what_is_json_stays_as_it_is() {
        for right in [r#"{"a": "x,}\"{{ \\", "b": [1.5e+3, -2, true, null, {}], "c": ":,"}"#, "[]", "{\n\"a\": 1 ,\n\"b\": 2\n}"] {
            let Mended { text, notes } = mended(right);
            assert_eq!((text.as_str(), notes.len()), (right, 0));
        }
    }

    #[test]
    fn entries_are_found_though_one_of_them_is_broken() {
        assert_eq!(entries(r#"[{"a":1}, {"b":oops}, {"c":"}]"}]"#), Some(vec![r#"{"a":1}"#, r#"{"b":oops}"#, r#"{"c":"}]"}"#]));
        assert_eq!(entries("{\"a\":1}\n{\"a\":2}\n"), Some(vec!["{\"a\":1}", "{\"a\":2}"]));
        assert_eq!((entries(r#"{"a":1}"#), entries("[1, 2]"), entries("[{]")), (None, None, None));
    }

    #[test]
    fn a_broken_text_still_names_its_chat() {
        assert_eq!(glimpse(r#"{"client_name":"Joe "J"","session": "j9"}"#, &["session"]), Some("j9"));
        assert_eq!(glimpse(r#"{"ticket":17,"x":"a"b"}"#, &["session", "ticket"]), Some("17"));
        assert_eq!(glimpse("{", &["session"]), None);
    }
}
