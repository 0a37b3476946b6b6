//! Calls of a desk's own API, as described by the settings.

use crate::config::{Config, ReconcileCall, WriteBackCall};
use crate::template::{Form, Template};
use chrono::DateTime;
use chrono::format::{Item, StrftimeItems};
use lastword_contract::Millis;
use lastword_contract::http::{self, Api, Client, Method};
use lastword_contract::phone::Country;
use reqwest::header::HeaderName;
use serde_json::Value;
use std::time::Duration;

/// Placeholders of a call.
pub(crate) const BLANKS: [&str; 14] = [
    "session",
    "key",
    "text",
    "score",
    "rating",
    "scale",
    "low",
    "comment",
    "reasons",
    "resolved",
    "rated_at",
    "changed",
    "page",
    "rating_request",
];

/// Maximum calls of one kind.
const CALLS_MAX: usize = 10;

/// Configured calls of a desk.
#[derive(Debug)]
pub(crate) struct Calls {
    pub(crate) api: Api,
    pub(crate) write_back: Vec<Write>,
    pub(crate) reconcile: Vec<List>,
    /// Country of phone numbers without a country code.
    pub(crate) country: Option<Country>,
}

/// A call that writes a rating.
#[derive(Debug)]
pub(crate) struct Write {
    pub(crate) method: Method,
    pub(crate) path: Template,
    pub(crate) body: Body,
    pub(crate) unless: Option<Unless>,
}

impl Write {
    /// True if repeating the call is harmless: it is preceded by a check, or it sets a value.
    pub(crate) fn repeats_harmlessly(&self) -> bool {
        self.unless.is_some() || matches!(self.method, Method::PUT | Method::PATCH)
    }
}

/// Body of a call.
#[derive(Debug)]
pub(crate) enum Body {
    Json(Form),
    /// Form fields, by name.
    Fields(Vec<(String, Template)>),
}

impl Body {
    fn blanks(&self) -> Vec<&str> {
        match self {
            Body::Json(form) => form.blanks(),
            Body::Fields(fields) => fields.iter().flat_map(|(_, template)| template.blanks()).collect(),
        }
    }
}

/// Check for a rating that was written before.
#[derive(Debug)]
pub(crate) struct Unless {
    pub(crate) path: Template,
    /// Path of the list in the response.
    pub(crate) found: String,
    /// True if the desk itself searches for our key, so that every result is ours.
    pub(crate) searches: bool,
}

/// A call that finds past events.
#[derive(Debug)]
pub(crate) struct List {
    pub(crate) path: Template,
    pub(crate) has_pages: bool,
    pub(crate) since: Since,
    pub(crate) items: String,
    pub(crate) event: Form,
}

/// Format of a time in a call.
#[derive(Debug)]
pub(crate) enum Since {
    Rfc3339,
    Seconds,
    Milliseconds,
    Form(String),
}

impl Since {
    fn new(form: &str) -> Option<Self> {
        Some(match form.trim() {
            "rfc3339" => Since::Rfc3339,
            "seconds" => Since::Seconds,
            "milliseconds" => Since::Milliseconds,
            form if !form.contains('%') || StrftimeItems::new(form).any(|item| item == Item::Error) => return None,
            form => Since::Form(form.to_owned()),
        })
    }

    pub(crate) fn write(&self, at: Millis) -> String {
        let time = DateTime::from_timestamp_millis(at).unwrap_or_default();
        match self {
            Since::Rfc3339 => time.format("%Y-%m-%dT%H:%M:%SZ").to_string(),
            Since::Seconds => time.timestamp().to_string(),
            Since::Milliseconds => at.to_string(),
            Since::Form(form) => time.format(form).to_string(),
        }
    }
}

impl Calls {
    /// The calls of these settings; `None` if there are none.
    ///
    /// # Errors
    /// Every problem in the settings, one sentence each.
    pub(crate) fn new(config: &Config, http: Client) -> Result<Option<Self>, Vec<String>> {
        let mut wrong = Vec::new();
        if !(1..=60).contains(&config.timeout_secs) {
            wrong.push("timeout_secs has to be 1 to 60".to_owned());
        }
        if config.per_second == 0 {
            wrong.push("per_second has to be 1 or more".to_owned());
        }
        if config.write_back.len().max(config.reconcile.len()) > CALLS_MAX {
            wrong.push(format!("write_back and reconcile hold at most {CALLS_MAX} calls each"));
        }
        if HeaderName::try_from(&config.token_header).is_err() {
            wrong.push("token_header is no name of a header, such as Authorization or X-Api-Key".to_owned());
        }
        let mut keep = |name: String, problem: &str| wrong.push(format!("{name} {problem}"));
        let numbered = |name: &str, at: usize, key: &str| format!("{name}[{at}].{key}");
        let write_back = config.write_back.iter().enumerate();
        let write_back =
            write_back.filter_map(|(at, call)| write(call, &mut |key, problem| keep(numbered("write_back", at, key), problem)));
        let write_back = write_back.collect();
        let reconcile = config.reconcile.iter().enumerate();
        let reconcile = reconcile.filter_map(|(at, call)| list(call, &mut |key, problem| keep(numbered("reconcile", at, key), problem)));
        let reconcile = reconcile.collect();
        let calls = !config.write_back.is_empty() || !config.reconcile.is_empty();
        let base = http::base(&config.url, ".");
        match (calls, &base) {
            (true, None) => wrong.push("url is no address; write where the desk's API is, such as https://desk.example.com".to_owned()),
            (false, _) if !config.url.is_empty() || config.token.is_some() => {
                wrong.push("url and token are for calls of the desk; add write_back or reconcile, or leave them out".to_owned());
            }
            _ => {}
        }
        let Some(base) = base.filter(|_| calls && wrong.is_empty()) else {
            return if wrong.is_empty() { Ok(None) } else { Err(wrong) };
        };
        let api = Api::new("the desk", http, base, Vec::new(), Duration::from_secs(config.timeout_secs.into()));
        let api = api.quoting_refusals();
        let api = match &config.token {
            Some(token) => api.proved_by(config.token_header.clone(), token.clone()),
            None => api,
        };
        Ok(Some(Self { api, write_back, reconcile, country: config.default_country }))
    }
}

/// Receives a problem: the key and its fault.
type Problem<'a> = &'a mut dyn FnMut(&str, &str);

fn write(call: &WriteBackCall, problem: Problem<'_>) -> Option<Write> {
    let split = call.call.trim().split_once(' ').and_then(|(method, path)| Some((method_of(method)?, path_of(path)?)));
    if split.is_none() {
        problem("call", "has to be POST, PUT or PATCH and a path, such as POST /tickets/{session}/notes");
    }
    let body = if call.form.is_empty() {
        form(&call.body).map(Body::Json)
    } else {
        Some(Body::Fields(call.form.iter().map(|(name, text)| (name.clone(), Template::new(text))).collect()))
    };
    if body.is_none() {
        problem("body", "has to be a JSON object, such as {\"text\": \"{text}\"}; for a form, write form = { text = \"{text}\" } instead");
    }
    if !call.form.is_empty() && !call.body.is_empty() {
        problem("form", "is set beside body: a call sends only one of them");
    }
    let unless = call.unless.as_deref().map(path_of);
    if unless.as_ref().is_some_and(Option::is_none) {
        problem("unless", "has to be a path, such as /tickets/{session}/notes");
    }
    let ((method, path), body) = (split?, body?);
    let unless = unless.flatten().map(|path| {
        let searches = path.blanks().any(|name| name == "key");
        Unless { path, found: call.found.clone(), searches }
    });
    let blanks = path.blanks().chain(body.blanks()).chain(unless.iter().flat_map(|look| look.path.blanks()));
    let unknown: Vec<&str> = blanks.filter(|name| !BLANKS.contains(name)).collect();
    if !unknown.is_empty() {
        problem("call", &format!("has blanks that nothing fills: {}; there are {}", unknown.join(", "), BLANKS.join(", ")));
    }
    Some(Write { method, path, body, unless })
}

fn list(call: &ReconcileCall, problem: Problem<'_>) -> Option<List> {
    let path = path_of(call.call.trim().trim_start_matches("GET "));
    if path.is_none() {
        problem("call", "has to be a path, such as /tickets?closed_after={since}&page={page}");
    }
    let since = Since::new(&call.since);
    if since.is_none() {
        problem("since", "has to be rfc3339, seconds, milliseconds, or a form such as %Y-%m-%d %H:%M:%S");
    }
    let event = form(&call.event);
    if event.is_none() {
        problem("event", "has to be a JSON object of close.v1, such as {\"data\": {\"session\": \"{id}\"}}");
    }
    let (path, since, event) = (path?, since?, event?);
    if !path.blanks().any(|name| name == "since") {
        problem("call", "needs the blank {since}: otherwise everything that ever happened is read each time");
    }
    let has_pages = path.blanks().any(|name| name == "page");
    if path.blanks().any(|name| !matches!(name, "since" | "page")) {
        problem("call", "has other blanks than {since} and {page}");
    }
    Some(List { path, has_pages, since, items: call.items.clone(), event })
}

fn method_of(name: &str) -> Option<Method> {
    [Method::POST, Method::PUT, Method::PATCH].into_iter().find(|method| method.as_str() == name)
}

/// A path below the desk's address, with any values filled in.
fn path_of(path: &str) -> Option<Template> {
    let path = path.trim().strip_prefix('/')?;
    Some(Template::new(&format!("./{}", path.trim_start_matches('/'))))
}

fn form(json: &str) -> Option<Form> {
    serde_json::from_str::<Value>(json).ok().filter(Value::is_object).map(|json| Form::new(&json))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_written_as_the_desk_reads_it() {
        let write = |form: &str| Since::new(form).map(|since| since.write(1_795_339_187_120));
        assert_eq!(write("rfc3339").as_deref(), Some("2026-11-22T09:19:47Z"));
        assert_eq!((write("seconds").as_deref(), write("milliseconds").as_deref()), (Some("1795339187"), Some("1795339187120")));
        assert_eq!(write("%Y-%m-%d %H:%M:%S").as_deref(), Some("2026-11-22 09:19:47"));
        assert_eq!((write("yesterday"), write("%Q")), (None, None));
    }
}
