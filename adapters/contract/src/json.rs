//! Lenient parsing of JSON from platforms: IDs are numbers or strings, blank strings count as missing, and a damaged
//! character does not invalidate the whole body.

use crate::CloseBy;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::borrow::Cow;

/// A parsed body, and whether it had to be repaired.
#[derive(Clone, Debug, PartialEq)]
pub struct Read {
    /// The parsed value.
    pub value: Value,
    /// True if the body was not valid JSON as received. Worth reporting, because the sender has a bug.
    pub repaired: bool,
}

/// Parses a body that may contain characters that JSON does not allow:
///
/// - half of a surrogate pair (`\ud83d` alone: RFC 8259 section 8.2 names it) and bytes that are not UTF-8 become U+FFFD;
/// - a raw line break, tab or other control character inside a string is read as its escape;
/// - a byte order mark at the beginning is skipped.
///
/// Verify signatures over the original bytes before, never over the value read here.
///
/// # Errors
/// The parser's error, with the position in the original body, if it is not JSON even after the repair. Its text may quote the body.
pub fn read(body: &[u8]) -> Result<Read, serde_json::Error> {
    let strict = match serde_json::from_slice(body) {
        Ok(value) => return Ok(Read { value, repaired: false }),
        Err(error) => error,
    };
    let value = serde_json::from_str(&repaired(&String::from_utf8_lossy(body))).map_err(|_| strict)?;
    Ok(Read { value, repaired: true })
}

/// Parses a body into a type. If that fails, it is tried once more with what [`read`] repairs.
///
/// # Errors
/// The parser's error for the body as received.
pub fn typed<T: DeserializeOwned>(body: &[u8]) -> Result<T, serde_json::Error> {
    serde_json::from_slice(body).or_else(|error| match repair(body) {
        Cow::Owned(repaired) => serde_json::from_slice(&repaired).map_err(|_| error),
        Cow::Borrowed(_) => Err(error),
    })
}

/// The body as JSON for other parsers: what [`read`] repairs is repaired, everything else is unchanged.
pub fn repair(body: &[u8]) -> Cow<'_, [u8]> {
    match read(body) {
        Ok(Read { value, repaired: true }) => Cow::Owned(value.to_string().into_bytes()),
        Ok(_) | Err(_) => Cow::Borrowed(body),
    }
}

/// The escape of U+FFFD.
const UNKNOWN: &str = "\\ufffd";

fn repaired(body: &str) -> String {
    let mut rest = body.strip_prefix('\u{feff}').unwrap_or(body);
    let (mut whole, mut inside) = (String::with_capacity(body.len() + 16), false);
    while let Some(next) = rest.chars().next() {
        let (piece, length) = match next {
            '\\' if inside => escape(rest),
            '"' => {
                inside = !inside;
                (Cow::Borrowed("\""), 1)
            }
            control if inside && control < ' ' => (Cow::Owned(format!("\\u{:04x}", u32::from(control))), 1),
            other => (Cow::Borrowed(&rest[..other.len_utf8()]), other.len_utf8()),
        };
        whole.push_str(&piece);
        rest = &rest[length..];
    }
    whole
}

/// The replacement for the escape at the start of `text`, and its length in bytes.
fn escape(text: &str) -> (Cow<'_, str>, usize) {
    let unit = |from: usize| {
        let digits = text.get(from..from + 6)?.strip_prefix("\\u")?;
        let hex = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        hex.then(|| u16::from_str_radix(digits, 16).ok()).flatten()
    };
    match (unit(0), unit(6)) {
        (Some(0xd800..=0xdbff), Some(0xdc00..=0xdfff)) => (Cow::Borrowed(&text[..12]), 12),
        (Some(0xd800..=0xdfff), _) => (Cow::Borrowed(UNKNOWN), 6),
        // The backslash and the escaped character: an escaped quotation mark does not end the string.
        _ => {
            let length = text.chars().take(2).map(char::len_utf8).sum();
            (Cow::Borrowed(&text[..length]), length)
        }
    }
}

/// An ID, as a string.
pub fn id(value: &Value) -> Option<String> {
    match value {
        Value::Number(number) => Some(number.to_string()),
        Value::String(_) => text(value),
        _ => None,
    }
}

/// A string that is not blank.
pub fn text(value: &Value) -> Option<String> {
    value.as_str().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned)
}

/// Name of a person or a thing, decoded by [`plain`].
pub fn name(value: &Value) -> Option<String> {
    text(value).map(|name| plain(&name))
}

/// Decodes HTML entities, because some desks store or send texts escaped for a page. Everything else is unchanged,
/// including entities of control characters; a no-break space becomes a space.
pub fn plain(text: &str) -> String {
    let (mut whole, mut rest) = (String::with_capacity(text.len()), text);
    while let Some(at) = rest.find('&') {
        let end = rest[at..].find(';').map_or(rest.len(), |end| at + end + 1);
        let decoded = html_escape::decode_html_entities(&rest[at..end]);
        whole.push_str(&rest[..at]);
        whole.push_str(if decoded.contains(char::is_control) { &rest[at..end] } else { &decoded });
        rest = &rest[end..];
    }
    (whole + rest).replace('\u{a0}', " ")
}

/// Who closed a chat, from values used by many desks; `None` for unknown values.
pub fn closer(word: &str) -> Option<CloseBy> {
    Some(match word.trim().to_ascii_lowercase().as_str() {
        "operator" | "agent" | "user" | "staff" | "human" | "teammate" | "admin" | "supervisor" => CloseBy::Operator,
        "client" | "customer" | "visitor" | "contact" | "requester" | "requestor" | "end_user" | "end-user" | "guest" | "lead" => {
            CloseBy::Client
        }
        "timeout" | "auto" | "auto_close" | "inactivity" | "idle" | "system" | "scheduler" | "abandoned" => CloseBy::Timeout,
        "bot" | "program" | "ai" | "assistant" | "chatbot" | "ai_assistant" | "agent_bot" => CloseBy::Bot,
        "spam" | "blocked" | "ban" => CloseBy::Spam,
        "forced" | "rule" | "automation" | "trigger" | "bulk" | "job" | "macro" | "workflow" | "merged" => CloseBy::Forced,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn an_id_is_a_number_or_a_text_that_says_something() {
        assert_eq!([id(&json!(7)), id(&json!(" 7 ")), id(&json!("a7"))], [Some("7".into()), Some("7".into()), Some("a7".into())]);
        assert_eq!([id(&json!(" ")), id(&json!(null)), id(&json!({})), text(&json!(7))], [None, None, None, None]);
    }

    fn reads(body: impl AsRef<[u8]>) -> Value {
        let read = read(body.as_ref()).unwrap_or_else(|error| panic!("{error}"));
        assert!(read.repaired);
        read.value
    }

    #[test]
    fn half_a_surrogate_pair_costs_one_character() {
        assert_eq!(reads(r#"{"name":"Jane \ud83d","tap":1}"#), json!({ "name": "Jane \u{fffd}", "tap": 1 }));
        let table = [
            (r#""\ud83d\ud83d\udc4e""#, "\u{fffd}👎"),
            (r#""\udc4e\ud83d""#, "\u{fffd}\u{fffd}"),
            (r#""\uD83D\n""#, "\u{fffd}\n"),
            (r#""\ud83d\" \\ud83d""#, "\u{fffd}\" \\ud83d"),
            (r#""\ud83dx👎""#, "\u{fffd}x👎"),
        ];
        for (body, text) in table {
            assert_eq!(reads(body), json!(text), "{body}");
        }
        assert_eq!(reads(r#"{"\udfff":"\ud800"}"#), json!({ "\u{fffd}": "\u{fffd}" }), "in a name too");
    }

    #[test]
    fn bytes_that_json_does_not_allow_cost_themselves_alone() {
        assert_eq!(reads(b"{\"a\":\"M\xfcller\",\"b\":2}"), json!({ "a": "M\u{fffd}ller", "b": 2 }));
        assert_eq!(reads("{\"a\":\"one\ntwo\t\u{1}\",\r\n\t\"b\":2}"), json!({ "a": "one\ntwo\t\u{1}", "b": 2 }));
        assert_eq!(reads("\u{feff}[1]"), json!([1]));
    }

    #[test]
    fn a_body_without_a_mistake_is_as_it_came_and_no_json_is_an_error_at_its_place() {
        assert_eq!(read(r#"["\ud83d\udc4e"]"#.as_bytes()).ok(), Some(Read { value: json!(["👎"]), repaired: false }));
        for body in ["", "{", "\"\\ud8", "\"\\", "\"\\ud83d", r#"{"a":"Joe "Jack" Smith"}"#, r#"["\uzzzz"]"#] {
            assert!(read(body.as_bytes()).is_err(), "{body}");
        }
        let broken = read("{\"a\":\"\\ud83d\",\n\"b\" 1}".as_bytes()).map_err(|error| error.line());
        assert_eq!(broken, Err(1), "where the strict reader stopped");
    }

    #[test]
    fn a_name_reads_as_on_a_page() {
        for (written, read) in [
            ("Joe &amp; Ann", "Joe & Ann"),
            ("O&#39;Brien &quot;Pat&quot; &lt;x&gt;", "O'Brien \"Pat\" <x>"),
            ("M&#xfc;ller", "Müller"),
            ("Tom & Jerry; AT&T", "Tom & Jerry; AT&T"),
            ("a &amp;lt; b &unknown; &#0; &#x110000;", "a &lt; b &unknown; &#0; &#x110000;"),
        ] {
            assert_eq!(name(&json!(written)).as_deref(), Some(read));
        }
        assert_eq!(name(&json!(7)), None);
    }
}
