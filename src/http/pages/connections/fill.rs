//! The form of a connection's settings: fields from the adapter's descriptions of its keys, and the submitted values.

use crate::frame::Frame;
use crate::frame::changes::said;
use crate::frame::form::{Choice, Form};
use lastword_contract::{Input, Setting};
use lastword_life::engine::adapters::DraftProblem;
use lastword_life::engine::adapters::draft::Draft;
use lastword_life::engine::adapters::kind::Kind;
use serde_json::{Map, Value, json};

/// Keys of a desk that Lastword interprets itself, as in the settings file.
const LINE: &str = "line";
const ASK_THROUGH: &str = "ask_through";
/// Key in `ask_through` for all other queues.
const ALL: &str = "*";

/// A field of the form.
pub(super) struct Field {
    /// Its name in the form.
    pub(super) name: String,
    pub(super) key: &'static str,
    pub(super) label: String,
    pub(super) help: String,
    /// `text`, `secret`, `own_secret`, `number`, `choice`, `switch` or `list`.
    pub(super) input: &'static str,
    pub(super) required: bool,
    pub(super) value: String,
    pub(super) example: &'static str,
    pub(super) error: String,
    pub(super) options: Vec<Choice>,
    /// True for a switch that is on.
    pub(super) on: bool,
    /// A secret is stored, and not shown.
    pub(super) kept: bool,
    /// A secret that we generate if the field is empty.
    pub(super) made: bool,
}

/// All fields of a form.
#[derive(Default)]
pub(super) struct Fields {
    pub(super) first: Vec<Field>,
    /// Rarely changed fields.
    pub(super) folded: Vec<Field>,
    /// True if they are shown unfolded, because one has a value or a problem.
    pub(super) unfolded: bool,
    /// Keys without a field, as TOML.
    pub(super) more: String,
    pub(super) more_error: String,
    /// Problems of the whole.
    pub(super) wrong: Vec<String>,
}

/// Options for the fields.
pub(super) struct Choices {
    /// Lines: ID and name.
    pub(super) lines: Vec<(String, String)>,
    /// Connections that can ask: name and label.
    pub(super) askers: Vec<(String, String)>,
}

/// Values of a form, from the browser or from the database.
pub(super) struct Filled<'a> {
    pub(super) kind: &'a Kind,
    /// All values except secrets.
    pub(super) plain: &'a Map<String, Value>,
    /// Keys of secrets that exist.
    pub(super) secrets: Vec<String>,
    /// Our own secrets that are proposed, or were entered and are not saved yet.
    pub(super) proposed: Map<String, Value>,
    pub(super) problems: &'a [DraftProblem],
    /// Text of the field for further keys, if it could not be parsed.
    pub(super) more: Option<String>,
}

impl Fields {
    /// The fields for `page`.
    pub(super) fn of(page: &Frame, filled: &Filled<'_>, choices: &Choices) -> Self {
        let (mut first, mut folded) = (Vec::new(), Vec::new());
        for setting in filled.kind.all() {
            let field = filled.field(page, setting, choices);
            if setting.advanced { folded.push(field) } else { first.push(field) }
        }
        if filled.kind.desk {
            first.push(filled.field(page, &Setting::optional(LINE, Input::Line, ""), choices));
            first.push(filled.asks_through(page, choices));
        }
        let known: Vec<&str> = first.iter().chain(&folded).map(|field| field.key).collect();
        // Problems of keys without a field belong to the box for such keys.
        let boxed = |problem: &&DraftProblem| !["", "name", "more"].contains(&&*problem.key) && !known.contains(&problem.key.as_str());
        let boxed: Vec<String> = filled.problems.iter().filter(boxed).map(|one| format!("{}: {}", one.key, one.message)).collect();
        let wrong = filled.problems.iter().filter(|problem| problem.key.is_empty()).map(|problem| problem.message.clone());
        let more = filled.more.clone().unwrap_or_else(|| filled.rest());
        let more_error = [vec![filled.error("more")], boxed].concat().join(" ").trim().to_owned();
        let set = |field: &Field| {
            !field.error.is_empty() || (field.kept && !field.made) || field.on || (field.input != "choice" && !field.value.is_empty())
        };
        Self {
            unfolded: folded.iter().any(set) || !more.is_empty() || !more_error.is_empty(),
            wrong: wrong.collect(),
            first,
            folded,
            more,
            more_error,
        }
    }
}

impl Filled<'_> {
    fn error(&self, key: &str) -> String {
        let found: Vec<&str> = self.problems.iter().filter(|one| one.key == key).map(|one| one.message.as_str()).collect();
        found.join(" ")
    }

    fn field(&self, page: &Frame, setting: &Setting, choices: &Choices) -> Field {
        let (kind, key) = (self.kind.name, setting.key);
        let value = self.plain.get(key);
        let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let shown = match (setting.input, value) {
            (Input::OwnSecret, _) => self.proposed.get(key).map(text).unwrap_or_default(),
            (Input::List, Some(Value::Array(all))) => all.iter().map(text).collect::<Vec<_>>().join("\n"),
            (_, Some(value)) => text(value),
            (Input::Choice(_), None) => setting.example.to_owned(),
            (_, None) => String::new(),
        };
        let options = match setting.input {
            Input::Choice(words) => words.iter().map(|word| ((*word).to_owned(), words_of(page, kind, key, &format!("-{word}")))).collect(),
            Input::Line => choices.lines.clone(),
            _ => Vec::new(),
        };
        Field {
            name: if setting.input.is_secret() { format!("password.{key}") } else { format!("s.{key}") },
            key,
            label: words_of(page, kind, key, ""),
            help: words_of(page, kind, key, "-help"),
            input: match setting.input {
                Input::Address => "url",
                Input::Line => "choice",
                other => other.as_str(),
            },
            required: setting.required,
            example: setting.example,
            error: self.error(key),
            on: value == Some(&Value::Bool(true)),
            made: setting.made,
            kept: setting.input.is_secret() && !setting.made && self.secrets.iter().any(|kept| kept == key) && shown.is_empty(),
            options: chosen(options, &shown, setting.input == Input::Line),
            value: shown,
        }
    }

    /// The connection through which a desk's clients are asked: one for all queues here, more in TOML.
    fn asks_through(&self, page: &Frame, choices: &Choices) -> Field {
        let mut field = self.field(page, &Setting::optional(ASK_THROUGH, Input::Text, ""), choices);
        let value = self.plain.get(ASK_THROUGH).and_then(|through| through.get(ALL)).and_then(Value::as_str).unwrap_or_default();
        (field.input, field.value) = ("choice", value.to_owned());
        field.options = chosen(choices.askers.clone(), value, true);
        if let Some(automatic) = field.options.first_mut() {
            automatic.words = page.t("connection-asks-where-known");
        }
        field
    }

    /// Keys without a field, as TOML.
    fn rest(&self) -> String {
        let shown = |key: &str| {
            let ours = self.kind.desk && (key == LINE || key == ASK_THROUGH && self.asks_one_way());
            ours || self.kind.setting(key).is_some()
        };
        let rest: Map<String, Value> =
            self.plain.iter().filter(|(key, _)| !shown(key)).map(|(key, value)| (key.clone(), value.clone())).collect();
        if rest.is_empty() { String::new() } else { toml::to_string(&rest).unwrap_or_default() }
    }

    /// True if the field can express `ask_through`.
    fn asks_one_way(&self) -> bool {
        self.plain.get(ASK_THROUGH).and_then(Value::as_object).is_none_or(|through| through.keys().all(|queue| queue == ALL))
    }
}

/// The texts of a key: those of the kind, else those for all kinds.
fn words_of(page: &Frame, kind: &str, key: &str, end: &str) -> String {
    let key = &key.replace('.', "-");
    let own = said(page, &format!("setting-{kind}-{key}{end}"));
    own.or_else(|| said(page, &format!("setting-{key}{end}")))
        .unwrap_or_else(|| if end.is_empty() { key.to_owned() } else { String::new() })
}

/// Options with the selected one marked. `none` adds an empty one first. A value that is not among them is added, so that it stays visible.
fn chosen(options: Vec<(String, String)>, value: &str, none: bool) -> Vec<Choice> {
    let unknown = !value.is_empty() && !options.iter().any(|(known, _)| known == value);
    let empty = none.then(|| (String::new(), String::new()));
    let all = empty.into_iter().chain(options).chain(unknown.then(|| (value.to_owned(), value.to_owned())));
    all.map(|(known, words)| Choice { chosen: known == value, value: known, words }).collect()
}

/// The submitted settings.
pub(super) struct Read {
    pub(super) draft: Draft,
    pub(super) problems: Vec<DraftProblem>,
    /// Text of the further keys, if it could not be parsed.
    pub(super) more: Option<String>,
}

/// Reads the settings of a form. `kept` are the existing secrets; `fresh` generates one that no person has to know.
pub(super) fn read(page: &Frame, kind: &Kind, name: &str, form: &Form, kept: &Map<String, Value>, fresh: impl Fn() -> String) -> Read {
    let (mut values, mut problems) = (Map::new(), Vec::new());
    for setting in kind.all() {
        match value_of(setting, form, kept) {
            Ok(Some(value)) => drop(values.insert(setting.key.to_owned(), value)),
            Ok(None) if setting.required => problems.push(DraftProblem::new(setting.key, page.t("connection-missing"))),
            Ok(None) => {}
            Err(key) => problems.push(DraftProblem::new(setting.key, page.t(key))),
        }
    }
    let mut unread = None;
    let more = form.get("more");
    match toml::from_str::<Map<String, Value>>(more) {
        Ok(more) => {
            for (key, value) in more {
                match kind.setting(&key) {
                    _ if key == "kind" || key == "pass_on" && kind.shared.is_empty() => {
                        problems.push(DraftProblem::new("more", page.t1("connection-more-not", "key", key)))
                    }
                    _ if key == "pass_on" => problems.push(DraftProblem::new("more", page.t1("connection-more-has-field", "key", key))),
                    Some(_) => problems.push(DraftProblem::new("more", page.t1("connection-more-has-field", "key", key))),
                    None => drop(values.insert(key, value)),
                }
            }
            if more_is_all_secret(kind) && values.is_empty() {
                values.clone_from(kept);
            }
        }
        Err(error) => problems.push(DraftProblem::new("more", page.t1("connection-more-bad", "why", error.message()))),
    }
    if problems.iter().any(|problem| problem.key == "more") {
        unread = Some(more.to_owned());
    }
    if kind.desk {
        ours(form, &mut values);
    }
    for setting in kind.all().filter(|setting| setting.made) {
        values.entry(setting.key).or_insert_with(|| json!(fresh()));
    }
    Read { draft: Draft { name: name.into(), kind: kind.name.to_owned(), values }, problems, more: unread }
}

/// True for a kind that declares no settings: all are written as TOML, and stored sealed.
fn more_is_all_secret(kind: &Kind) -> bool {
    kind.settings.is_empty()
}

/// Reads the keys that every desk has.
fn ours(form: &Form, values: &mut Map<String, Value>) {
    let (line, through) = (form.get("s.line"), form.get("s.ask_through"));
    if !line.is_empty() {
        values.insert(LINE.to_owned(), json!(line));
    }
    let all = values.entry(ASK_THROUGH).or_insert_with(|| json!({}));
    if let Some(queues) = all.as_object_mut() {
        if !through.is_empty() {
            queues.insert(ALL.to_owned(), json!(through));
        }
        if queues.is_empty() {
            values.remove(ASK_THROUGH);
        }
    }
}

/// The value of one field; `None` if it is empty.
///
/// # Errors
/// The message key of the problem.
fn value_of(setting: &Setting, form: &Form, kept: &Map<String, Value>) -> Result<Option<Value>, &'static str> {
    let key = setting.key;
    if setting.input.is_secret() {
        let typed = form.get(&format!("password.{key}"));
        return Ok(match typed.is_empty() {
            false => Some(json!(typed)),
            true => kept.get(key).filter(|_| !form.ticked(&format!("clear.{key}"))).cloned(),
        });
    }
    let text = form.get(&format!("s.{key}"));
    Ok(match setting.input {
        Input::Switch => (!text.is_empty()).then_some(Value::Bool(true)),
        Input::List => {
            let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
            (!lines.is_empty()).then(|| json!(lines))
        }
        _ if text.is_empty() => None,
        Input::Number => Some(json!(text.parse::<i64>().map_err(|_| "connection-bad-number")?)),
        Input::Choice(words) if text == setting.example || !words.contains(&text) => None,
        _ => Some(json!(text)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const SETTINGS: &[Setting] = &[
        Setting::required("token", Input::Secret, ""),
        Setting::optional("secret", Input::OwnSecret, ""),
        Setting::optional("origins", Input::List, ""),
        Setting::optional("port", Input::Number, ""),
        Setting::optional("mode", Input::Choice(&["own", "beside"]), "own"),
        Setting::optional("links", Input::Switch, ""),
    ];

    fn values(body: &str, kept: &Value) -> Vec<Result<Option<Value>, &'static str>> {
        let (form, kept) = (Form::read(body.as_bytes()), kept.as_object().unwrap());
        SETTINGS.iter().map(|setting| value_of(setting, &form, kept)).collect()
    }

    #[test]
    fn each_field_becomes_what_the_adapter_reads() {
        let body = "password.token=+1%3Aa+&s.origins=https%3A%2F%2Fa.example%0D%0A%0D%0A+https%3A%2F%2Fb.example+&s.port=587&s.mode=beside&s.links=1";
        let read: Vec<Value> = values(body, &json!({})).into_iter().filter_map(|value| value.unwrap()).collect();
        assert_eq!(read, [json!("1:a"), json!(["https://a.example", "https://b.example"]), json!(587), json!("beside"), json!(true)]);
        assert_eq!(values("s.port=many", &json!({}))[3], Err("connection-bad-number"));
        assert!(values("s.mode=own&s.origins=+%0A", &json!({})).iter().all(|value| value == &Ok(None)), "a default is not kept");
    }

    #[test]
    fn a_secret_stays_until_it_is_replaced_or_cleared() {
        let kept = json!({"token": "old", "secret": "own"});
        assert_eq!(values("password.token=", &kept)[..2], [Ok(Some(json!("old"))), Ok(Some(json!("own")))]);
        assert_eq!(values("password.token=new&clear.secret=1", &kept)[..2], [Ok(Some(json!("new"))), Ok(None)]);
    }
}
