//! Reads JSON bodies with limits on size and depth, and reports each error with its field.

pub mod described;
mod form;

pub use form::{INTEGER_MAX, SMALL_INTEGER_MAX};

use super::problem::{Code, Problem};
use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, header};
use described::BodyRules;
use form::Patience;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use lastword_domain::fingerprint::fingerprint;
use serde::de::{Deserialize, DeserializeOwned, IgnoredAny};
use serde_json::Value;
use serde_json::error::Category;
use serde_json::value::RawValue;
use std::convert::Infallible;
use std::error::Error;

/// Maximum nesting depth.
pub const DEPTH_MAX: usize = 32;
/// Maximum number of items in one call.
pub const ITEMS_MAX: usize = 1000;
/// Maximum body size where no [`BodyLimit`] is set.
pub const BODY_MAX_BYTES: usize = 64 * 1024;

/// Maximum body size of a route: add it as `Extension(BodyLimit(n))`.
#[derive(Clone, Copy, Debug)]
pub struct BodyLimit(pub usize);

/// A JSON body.
#[derive(Debug)]
pub struct Body<T>(pub T);

impl<S: Sync, T: DeserializeOwned> FromRequest<S> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        must_be_json(request.headers())?;
        let rules = BodyRules::of(request.extensions(), request.method());
        let bytes = bytes(request).await?;
        let body = Self(read(&bytes)?);
        rules.map_or(Ok(()), |rules| rules.check(&bytes))?;
        Ok(body)
    }
}

/// A JSON body with one item or a list of items, each of which is accepted or refused on its own.
#[derive(Debug)]
pub struct Batch<T> {
    /// True if a list was sent; the response is then a list too.
    pub is_list: bool,
    /// The items, in order.
    pub items: Vec<Result<T, Problem>>,
    /// SHA-256 of each item's bytes in hex, to detect an event key that is reused with other bytes.
    pub hashes: Vec<String>,
}

/// A JSON body with one event, and the hash of its bytes.
#[derive(Debug)]
pub struct Event<T> {
    /// The event.
    pub value: T,
    /// SHA-256 of the body in hex.
    pub hash: String,
}

/// A body sent by a desk, parsed or not, with its original bytes, which are stored if it is refused.
#[derive(Debug)]
pub struct Sent<T> {
    /// The parsed body.
    pub read: Result<T, Problem>,
    /// The body as received.
    pub words: Bytes,
}

/// A type that can be parsed from the body of a call that reports events.
pub trait FromBody: Sized {
    /// Parses the body.
    ///
    /// # Errors
    /// The problem with the body.
    fn from_body(bytes: &[u8]) -> Result<Self, Problem>;
}

impl<T: DeserializeOwned> FromBody for Event<T> {
    fn from_body(bytes: &[u8]) -> Result<Self, Problem> {
        Ok(Self { value: read_event(bytes, "")?, hash: hash(bytes) })
    }
}

impl<T: DeserializeOwned> FromBody for Batch<T> {
    fn from_body(bytes: &[u8]) -> Result<Self, Problem> {
        read_batch(bytes)
    }
}

impl<S: Sync, T: FromBody> FromRequest<S> for Sent<T> {
    type Rejection = Infallible;

    async fn from_request(request: Request, _: &S) -> Result<Self, Infallible> {
        let marked = must_be_json(request.headers());
        Ok(match bytes(request).await {
            Ok(words) => Self { read: marked.and_then(|()| T::from_body(&words)), words },
            Err(problem) => Self { read: Err(problem), words: Bytes::new() },
        })
    }
}

/// The text of each item of a list, or of the single item.
pub fn items_of(words: &[u8]) -> Vec<&[u8]> {
    let raw: Result<Vec<&RawValue>, _> = serde_json::from_slice(words);
    raw.map_or_else(|_| vec![words], |items| items.into_iter().map(|item| item.get().as_bytes()).collect())
}

/// SHA-256 of a body, without the white space around it.
pub fn hash(bytes: &[u8]) -> String {
    fingerprint(bytes.trim_ascii())
}

/// Reads the whole body, within the route's limit.
///
/// # Errors
/// The body is too large, or was not received in time.
pub async fn bytes(request: Request) -> Result<Bytes, Problem> {
    let limit = request.extensions().get::<BodyLimit>().map_or(BODY_MAX_BYTES, |limit| limit.0);
    match Limited::new(request.into_body(), limit).collect().await {
        Ok(body) => Ok(body.to_bytes()),
        Err(error) if caused_by::<LengthLimitError>(&*error) => {
            Err(Problem::new(Code::TooLarge, format!("The body has more than {limit} bytes.")).remedy("Send less in one call."))
        }
        Err(error) if caused_by::<tower_http::timeout::TimeoutError>(&*error) => {
            Err(Problem::new(Code::TooSlow, "The body stopped arriving before its end."))
        }
        Err(_) => Err(Problem::new(Code::InvalidJson, "The body ended before its announced length.")),
    }
}

/// Parses one event or a list of events leniently.
///
/// # Errors
/// The body as a whole cannot be parsed. An item that cannot be parsed is an error in its place.
pub fn read_batch<T: DeserializeOwned>(bytes: &[u8]) -> Result<Batch<T>, Problem> {
    if bytes.trim_ascii_start().first() != Some(&b'[') {
        return Ok(Batch { is_list: false, items: vec![Ok(read_event(bytes, "")?)], hashes: vec![hash(bytes)] });
    }
    must_have_depth(bytes)?;
    let raw: Vec<&RawValue> = serde_json::from_slice(bytes).map_err(|error| problem(&error, "", ""))?;
    if raw.len() > ITEMS_MAX {
        let detail = format!("The list has {} items; at most {ITEMS_MAX} are accepted in one call.", raw.len());
        return Err(Problem::new(Code::TooMany, detail).remedy("Send the list in parts."));
    }
    let items = raw.iter().enumerate().map(|(at, item)| read_event(item.get().as_bytes(), &format!("[{at}]"))).collect();
    let hashes = raw.iter().map(|item| hash(item.get().as_bytes())).collect();
    Ok(Batch { is_list: true, items, hashes })
}

/// Parses an event of a desk. An ID sent as a number and empty fields are accepted.
fn read_event<T: DeserializeOwned>(bytes: &[u8], within: &str) -> Result<T, Problem> {
    must_have_depth(bytes)?;
    let mut told: Value = serde_json::from_slice(bytes).map_err(|error| problem(&error, within, ""))?;
    leave_out_empty(&mut told);
    let mut track = serde_path_to_error::Track::new();
    let read = form::read(serde_path_to_error::Deserializer::new(told, &mut track), Patience::Event);
    read.map_err(|error| problem(&error, within, &track.path().to_string()))
}

/// Removes fields that are null or empty, because they count as missing.
fn leave_out_empty(value: &mut Value) {
    let is_empty = |value: &Value| match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        Value::Object(fields) => fields.is_empty(),
        _ => false,
    };
    match value {
        Value::Object(fields) => {
            fields.values_mut().for_each(leave_out_empty);
            fields.retain(|_, value| !is_empty(value));
        }
        Value::Array(items) => {
            items.iter_mut().for_each(leave_out_empty);
            items.retain(|item| !is_empty(item));
        }
        _ => {}
    }
}

/// Parses one JSON value strictly.
///
/// # Errors
/// Names the invalid field.
pub fn read<'a, T: Deserialize<'a>>(bytes: &'a [u8]) -> Result<T, Problem> {
    must_have_depth(bytes)?;
    // Syntax errors are reported before problems of fields that precede them.
    serde_json::from_slice::<IgnoredAny>(bytes).map_err(|error| problem(&error, "", ""))?;
    let (mut json, mut track) = (serde_json::Deserializer::from_slice(bytes), serde_path_to_error::Track::new());
    let read = form::read(serde_path_to_error::Deserializer::new(&mut json, &mut track), Patience::None);
    read.map_err(|error| problem(&error, "", &track.path().to_string()))
}

fn must_have_depth(bytes: &[u8]) -> Result<(), Problem> {
    if bytes.trim_ascii().is_empty() {
        return Err(Problem::new(Code::InvalidJson, "The body is empty.").remedy("Send a JSON document."));
    }
    if is_deeper_than(DEPTH_MAX, bytes) {
        return Err(Problem::new(Code::TooDeep, format!("The JSON is nested deeper than {DEPTH_MAX} levels.")));
    }
    Ok(())
}

/// Maps an error of serde to a problem.
fn problem(error: &serde_json::Error, within: &str, path: &str) -> Problem {
    let words = error.to_string();
    let words = words.rsplit_once(" at line ").map_or(&*words, |(words, _)| words);
    let path = if path == "." { "" } else { path };
    if matches!(error.classify(), Category::Syntax | Category::Eof | Category::Io) {
        let detail = format!("The body is not JSON: {words} (line {}, column {}).", error.line(), error.column());
        return Problem::new(Code::InvalidJson, detail);
    }
    let named = |start: &str| words.strip_prefix(start)?.split('`').next();
    let (code, path) = if let Some(field) = named("missing field `") {
        (Code::MissingField, join(path, field))
    } else if named("unknown field `").is_some() {
        (Code::UnknownField, path.to_owned())
    } else {
        (Code::InvalidField, path.to_owned())
    };
    let whole = join(within, &path);
    let detail = words.chars().take(300).collect::<String>();
    let mut problem = Problem::new(code, detail);
    if code == Code::MissingField {
        problem = problem.remedy(format!("Send {whole} too; the page /docs of this server shows what each call takes."));
    }
    if whole.is_empty() { problem } else { problem.field(whole) }
}

fn join(outer: &str, inner: &str) -> String {
    let dot = if outer.is_empty() || inner.is_empty() || inner.starts_with('[') { "" } else { "." };
    format!("{outer}{dot}{inner}")
}

/// Checks the content type. Forms of other sites cannot send this type without a preflight request, so this also protects against CSRF.
fn must_be_json(headers: &HeaderMap) -> Result<(), Problem> {
    let coding = headers.get(header::CONTENT_ENCODING).map(|value| value.as_bytes());
    if coding.is_some_and(|coding| !coding.eq_ignore_ascii_case(b"identity")) {
        let detail = "The body is compressed (Content-Encoding); compressed bodies are not supported.";
        return Err(Problem::new(Code::UnsupportedMediaType, detail).remedy("Send the body without compression."));
    }
    let sent = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("");
    let essence = sent.split(';').next().unwrap_or("").trim().to_ascii_lowercase();
    if essence == "application/json" || (essence.starts_with("application/") && essence.ends_with("+json")) {
        return Ok(());
    }
    Err(Problem::new(Code::UnsupportedMediaType, "The body is not marked as JSON.")
        .remedy("Send the header Content-Type: application/json."))
}

/// True if brackets are nested deeper than `max`. Allocates nothing.
fn is_deeper_than(max: usize, bytes: &[u8]) -> bool {
    let (mut depth, mut in_text, mut escaped) = (0_usize, false, false);
    for byte in bytes {
        if in_text {
            match byte {
                _ if escaped => escaped = false,
                b'\\' => escaped = true,
                b'"' => in_text = false,
                _ => {}
            }
            continue;
        }
        match byte {
            b'"' => in_text = true,
            b'[' | b'{' => depth += 1,
            b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > max {
            return true;
        }
    }
    false
}

fn caused_by<E: Error + 'static>(error: &(dyn Error + 'static)) -> bool {
    error.is::<E>() || error.source().is_some_and(caused_by::<E>)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;

    #[derive(Debug, Deserialize, PartialEq)]
    #[serde(deny_unknown_fields)]
    struct Close {
        line: String,
        #[serde(default)]
        operator: Option<Operator>,
    }

    #[derive(Debug, Deserialize, PartialEq)]
    #[serde(deny_unknown_fields)]
    struct Operator {
        id: u32,
    }

    fn refused(text: &str) -> (Code, Option<String>, String) {
        let problem = read::<Close>(text.as_bytes()).expect_err(text);
        (problem.code, problem.field, problem.detail)
    }

    #[test]
    fn each_mistake_names_its_field() {
        let table = [
            ("", Code::InvalidJson, None, "The body is empty."),
            ("{", Code::InvalidJson, None, "The body is not JSON: EOF while parsing an object (line 1, column 1)."),
            (r#"{"a":"#, Code::InvalidJson, None, "The body is not JSON: EOF while parsing a value (line 1, column 5)."),
            (r#"{"line":7,"#, Code::InvalidJson, None, "The body is not JSON: EOF while parsing an object (line 1, column 10)."),
            ("{\"line\":\"a\"} x", Code::InvalidJson, None, "The body is not JSON: trailing characters (line 1, column 14)."),
            ("[]", Code::InvalidField, None, "invalid type: sequence, expected an object"),
            (r#"["a",null]"#, Code::InvalidField, None, "invalid type: sequence, expected an object"),
            ("5", Code::InvalidField, None, "invalid type: integer `5`, expected an object"),
            (r#"{"line":"a","operator":[1]}"#, Code::InvalidField, Some("operator"), "invalid type: sequence, expected an object"),
            ("{}", Code::MissingField, Some("line"), "missing field `line`"),
            (r#"{"line":"a","lime":1}"#, Code::UnknownField, Some("lime"), "unknown field `lime`, expected `line` or `operator`"),
            (r#"{"line":"a","operator":{}}"#, Code::MissingField, Some("operator.id"), "missing field `id`"),
            (r#"{"line":7}"#, Code::InvalidField, Some("line"), "invalid type: integer `7`, expected a string"),
            (
                r#"{"line":"a","operator":{"id":-1}}"#,
                Code::InvalidField,
                Some("operator.id"),
                "invalid value: integer `-1`, expected an integer from 0 to 2147483647",
            ),
            (
                r#"{"line":"a","operator":{"id":2147483648}}"#,
                Code::InvalidField,
                Some("operator.id"),
                "invalid value: integer `2147483648`, expected an integer from 0 to 2147483647",
            ),
        ];
        for (text, code, field, detail) in table {
            assert_eq!(refused(text), (code, field.map(str::to_owned), detail.to_owned()), "{text}");
        }
    }

    /// Errors of form do not lose a desk's close.
    #[test]
    fn an_event_is_read_with_patience() {
        let told = br#"{"line":777,"operator":null}"#;
        assert_eq!(read_batch::<Close>(told).unwrap().items, [Ok(Close { line: "777".to_owned(), operator: None })]);
        let told = br#"[{"line":"a","operator":{"id":" 7 "}}, {"line":"b","operator":{"id":""}}, {"line":-5}]"#;
        let items: Vec<Close> = read_batch(told).unwrap().items.into_iter().map(Result::unwrap).collect();
        assert_eq!(items[0].operator, Some(Operator { id: 7 }));
        assert_eq!((&items[1].operator, &*items[2].line), (&None, "-5"));
        let refused = |body: &str| read_batch::<Close>(body.as_bytes()).err().map(|problem| (problem.code, problem.field));
        assert_eq!(refused(r#"{"line":" "}"#), Some((Code::MissingField, Some("line".to_owned()))));
        assert_eq!(refused(r#"{"line":true}"#), Some((Code::InvalidField, Some("line".to_owned()))));
        assert_eq!(refused(r#"{"line":1.5}"#), Some((Code::InvalidField, Some("line".to_owned()))));
        assert_eq!(refused(r#"{"a":"#), Some((Code::InvalidJson, None)));
    }

    #[test]
    fn nesting_has_an_end_and_brackets_in_a_text_do_not_count() {
        let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        assert!(read::<serde_json::Value>(nested(DEPTH_MAX).as_bytes()).is_ok());
        assert_eq!(read::<serde_json::Value>(nested(DEPTH_MAX + 1).as_bytes()).unwrap_err().code, Code::TooDeep);
        assert_eq!(read::<serde_json::Value>("[".repeat(1_000_000).as_bytes()).unwrap_err().code, Code::TooDeep);
        let text = format!(r#""\"{}""#, "[".repeat(100));
        assert!(read::<serde_json::Value>(text.as_bytes()).is_ok());
    }

    #[test]
    fn a_wrong_item_does_not_spoil_its_neighbours() {
        let batch = read_batch::<Close>(br#" [{"line":"a"}, {"line":[1]}, {"line":"b","operator":{"id":"x"}}, 5]"#).unwrap();
        assert!(batch.is_list);
        assert_eq!(batch.items[0], Ok(Close { line: "a".to_owned(), operator: None }));
        let fields: Vec<_> = batch.items[1..].iter().map(|item| item.as_ref().unwrap_err().field.clone().unwrap()).collect();
        assert_eq!(fields, ["[1].line", "[2].operator.id", "[3]"]);
        let one = read_batch::<Close>(br#"{"line":"a"}"#).unwrap();
        assert!(!one.is_list && one.items.len() == 1);
    }

    #[test]
    fn a_list_has_its_limit_and_must_be_whole() {
        let list = |count: usize| format!("[{}]", vec!["{}"; count].join(","));
        assert_eq!(read_batch::<Close>(list(ITEMS_MAX).as_bytes()).unwrap().items.len(), ITEMS_MAX);
        assert_eq!(read_batch::<Close>(list(ITEMS_MAX + 1).as_bytes()).unwrap_err().code, Code::TooMany);
        assert_eq!(read_batch::<Close>(b"[{},").unwrap_err().code, Code::InvalidJson);
    }

    #[tokio::test]
    async fn a_body_must_be_marked_and_short() {
        let request = |kind: &str, body: String| Request::post("/").header("content-type", kind).body(body.into()).unwrap();
        let code = |result: Result<Body<Close>, Problem>| result.map(|_| ()).map_err(|problem| problem.code);
        let good = r#"{"line":"a"}"#.to_owned();
        assert_eq!(code(Body::from_request(request("application/json; charset=utf-8", good.clone()), &()).await), Ok(()));
        assert_eq!(code(Body::from_request(request("text/plain", good.clone()), &()).await), Err(Code::UnsupportedMediaType));
        let mut packed = request("application/json", good.clone());
        packed.headers_mut().insert(header::CONTENT_ENCODING, "gzip".parse().unwrap());
        assert_eq!(code(Body::from_request(packed, &()).await), Err(Code::UnsupportedMediaType));
        let long = format!("{good}{}", " ".repeat(BODY_MAX_BYTES));
        assert_eq!(code(Body::from_request(request("application/json", long.clone()), &()).await), Err(Code::TooLarge));
        let mut roomy = request("application/json", long);
        roomy.extensions_mut().insert(BodyLimit(2 * BODY_MAX_BYTES));
        assert_eq!(code(Body::from_request(roomy, &()).await), Ok(()));
    }
}
