//! Creates a connection: choose its kind, enter its settings, try them out, save. A wizard that works without scripts.

use super::fill::{self, Choices, Fields, Filled};
use super::shown::address;
use crate::elsewhere::manual::about_kind;
use crate::frame::changes::said;
use crate::frame::form::Form;
use crate::frame::visit::SignedIn;
use crate::frame::{Frame, html};
use crate::{Pages, done};
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use lastword_http::problem::Problem;
use lastword_http::query::Query;
use lastword_life::connection::keep::{self, Kept};
use lastword_life::engine::adapters::draft::{Draft, carried, carried_back};
use lastword_life::engine::adapters::kind::Kind;
use lastword_life::engine::adapters::{Arrives, DraftProblem, TriedOut};
use lastword_store::{StoreError, line};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use std::sync::Arc;

/// A kind to choose.
struct KindView {
    name: &'static str,
    words: String,
    about: String,
}

#[derive(Template)]
#[template(path = "pages/connections/kinds.html")]
struct KindsPage {
    page: Frame,
    channels: Vec<KindView>,
    desks: Vec<KindView>,
}

/// Result of trying out settings, as shown.
pub(super) struct Outcome {
    pub(super) account: String,
    pub(super) warnings: Vec<String>,
    pub(super) arrives: String,
    pub(super) hook: String,
}

impl Outcome {
    pub(super) fn of(page: &Frame, tried: TriedOut) -> Self {
        let (key, hook) = match tried.arrives {
            Arrives::Fetched => ("connection-arrives-fetched", String::new()),
            Arrives::Posted(Some(hook)) => ("connection-arrives-posted", hook),
            Arrives::Posted(None) => ("connection-arrives-nowhere", String::new()),
            Arrives::Widget => ("connection-arrives-widget", String::new()),
            Arrives::Nothing => ("connection-arrives-nothing", String::new()),
        };
        Self { account: tried.account, warnings: tried.warnings, arrives: page.t(key), hook }
    }
}

/// The form of settings, for a new or an existing connection.
pub(super) struct Editor {
    pub(super) action: String,
    pub(super) kind: &'static str,
    /// Empty for an existing one.
    pub(super) name: String,
    pub(super) name_error: String,
    pub(super) new: bool,
    pub(super) version: i64,
    pub(super) fields: Fields,
    /// Entered secrets that are not saved yet, sealed.
    pub(super) carried: String,
    pub(super) outcome: Option<Outcome>,
    /// True if it may be saved although the platform refused it.
    pub(super) may_save: bool,
}

#[derive(Template)]
#[template(path = "pages/connections/new.html")]
struct NewPage {
    page: Frame,
    title: String,
    about: String,
    /// Its page in the manual; empty if there is none.
    manual: &'static str,
    editor: Editor,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    kind: String,
}

/// `GET /connections/new`
pub(crate) async fn ask(State(pages): State<Arc<Pages>>, person: SignedIn, Query(asked): Query<Asked>) -> Result<Response, Problem> {
    let page = Frame::of(&pages, &person.visit).await?;
    let engine = &pages.app.engine;
    let Some(kind) = kind(&pages, &asked.kind) else {
        let kinds = engine.adapters.kinds();
        let view = |kind: &Kind| KindView { name: kind.name, words: kind_words(&page, kind.name), about: about(&page, kind.name) };
        let (desks, channels): (Vec<&Kind>, Vec<&Kind>) = kinds.iter().partition(|kind| kind.desk);
        let (channels, desks) = (channels.into_iter().map(view).collect(), desks.into_iter().map(view).collect());
        return Ok(html(&KindsPage { channels, desks, page }));
    };
    let mut proposed = Map::new();
    for setting in kind.settings.iter().filter(|setting| setting.input == lastword_contract::Input::OwnSecret && !setting.advanced) {
        proposed.insert(setting.key.to_owned(), json!(fresh(&pages)));
    }
    let plain = Map::new();
    let filled = Filled { kind: &kind, plain: &plain, secrets: Vec::new(), proposed, problems: &[], more: None };
    let fields = Fields::of(&page, &filled, &choices(&pages, "").await?);
    let editor = Editor {
        action: "/connections".to_owned(),
        kind: kind.name,
        name: free_name(&pages, kind.name).await?,
        name_error: String::new(),
        new: true,
        version: 0,
        fields,
        carried: String::new(),
        outcome: None,
        may_save: false,
    };
    Ok(html(&new_page(page, kind.name, editor)))
}

fn new_page(page: Frame, kind: &str, editor: Editor) -> NewPage {
    NewPage { title: kind_words(&page, kind), about: about(&page, kind), manual: about_kind(kind), editor, page }
}

/// `POST /connections`: tries out a connection, or creates it.
pub(crate) async fn make(State(pages): State<Arc<Pages>>, person: SignedIn, form: Form) -> Result<Response, Problem> {
    let page = Frame::of(&pages, &person.visit).await?;
    let engine = &pages.app.engine;
    let kind = kind(&pages, form.get("kind")).ok_or_else(Problem::not_found)?;
    let name = form.get("name").to_lowercase();
    let kept = carried_back(&engine.keys, &person.id.to_string(), form.get("carried"));
    let read = fill::read(&page, &kind, &name, &form, &kept, || fresh(&pages));
    let mut problems = read.problems;
    if keep::is_taken(engine, &name.as_str().into()).await? {
        problems.push(DraftProblem::new("name", page.t("connection-name-taken")));
    }
    let (mut outcome, mut may_save) = (None, false);
    if problems.is_empty() {
        match judge(&pages, &page, &read.draft, form.get("do")).await {
            Judged::Save => match keep::make(engine, &person.by(), &kind, &read.draft, engine.now()).await? {
                Kept::Taken => problems.push(DraftProblem::new("name", page.t("connection-name-taken"))),
                _ => return Ok(done(&pages, &address(&name), "done-connection-made", &name)),
            },
            Judged::Tried(tried) => outcome = Some(tried),
            Judged::Wrong(found, may) => (problems, may_save) = (found, may),
        }
    }
    let (plain, secrets) = read.draft.split(&kind);
    let filled = Filled {
        proposed: own_secrets(&kind, &secrets),
        secrets: secrets.keys().cloned().collect(),
        kind: &kind,
        plain: &plain,
        problems: &problems,
        more: read.more,
    };
    let editor = Editor {
        action: "/connections".to_owned(),
        kind: kind.name,
        name_error: joined(&problems, "name"),
        new: true,
        version: 0,
        fields: Fields::of(&page, &filled, &choices(&pages, &name).await?),
        carried: carried(&engine.keys, &engine.ids, &person.id.to_string(), &secrets),
        name,
        may_save,
        outcome,
    };
    let status = if problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok((status, html(&new_page(page, kind.name, editor))).into_response())
}

/// Verdict on submitted settings.
pub(super) enum Judged {
    /// Save them.
    Save,
    /// They were tried out.
    Tried(Outcome),
    /// Their problems. True if they may be saved anyway, because only the platform reports a problem.
    Wrong(Vec<DraftProblem>, bool),
}

/// Tries the settings out on the platform, unless the person saves them without that.
pub(super) async fn judge(pages: &Pages, page: &Frame, draft: &Draft, wanted: &str) -> Judged {
    let adapters = &pages.app.engine.adapters;
    let wrong = adapters.check(draft).await;
    if !wrong.is_empty() {
        return Judged::Wrong(wrong, false);
    }
    if wanted == "anyway" {
        return Judged::Save;
    }
    match adapters.try_out(draft).await {
        Ok(_) if wanted == "save" => Judged::Save,
        Ok(tried) => Judged::Tried(Outcome::of(page, tried)),
        Err(wrong) => Judged::Wrong(wrong, true),
    }
}

/// Our own secrets. They are shown until they are saved, because they have to be entered on the platform.
pub(super) fn own_secrets(kind: &Kind, secrets: &Map<String, Value>) -> Map<String, Value> {
    let own = |key: &str| kind.setting(key).is_some_and(|setting| setting.input == lastword_contract::Input::OwnSecret && !setting.made);
    secrets.iter().filter(|(key, _)| own(key)).map(|(key, value)| (key.clone(), value.clone())).collect()
}

pub(super) fn joined(problems: &[DraftProblem], key: &str) -> String {
    problems.iter().filter(|one| one.key == key).map(|one| one.message.as_str()).collect::<Vec<_>>().join(" ")
}

/// A random secret.
pub(super) fn fresh(pages: &Pages) -> String {
    hex::encode(pages.app.engine.ids.bytes::<24>())
}

pub(super) fn kind(pages: &Pages, name: &str) -> Option<Kind> {
    pages.app.engine.adapters.kinds().into_iter().find(|kind| kind.name == name)
}

pub(super) fn kind_words(page: &Frame, kind: &str) -> String {
    said(page, &format!("connection-kind-{}", kind.replace('_', "-"))).unwrap_or_else(|| kind.to_owned())
}

fn about(page: &Frame, kind: &str) -> String {
    said(page, &format!("connection-about-{}", kind.replace('_', "-"))).unwrap_or_default()
}

/// The name of the kind, with a number if it is taken; empty if no name is free.
async fn free_name(pages: &Pages, kind: &str) -> Result<String, StoreError> {
    let kind = kind.replace('_', "-");
    for number in 1..100 {
        let name = if number == 1 { kind.clone() } else { format!("{kind}-{number}") };
        if !keep::is_taken(&pages.app.engine, &name.as_str().into()).await? {
            return Ok(name);
        }
    }
    Ok(String::new())
}

/// Options for the fields. A desk does not ask through itself in this field.
pub(super) async fn choices(pages: &Pages, own: &str) -> Result<Choices, StoreError> {
    let engine = &pages.app.engine;
    let lines = line::all(&engine.db).await?.into_iter().filter(|line| line.archived_at.is_none());
    let asks = |channel: &dyn lastword_contract::Channel| {
        let can = channel.capabilities();
        can.binary || can.five_star || can.links
    };
    let askers = engine.channels.iter().filter(|(name, connection)| name != own && asks(&*connection.channel));
    Ok(Choices {
        lines: lines.map(|line| (line.id.into(), line.name)).collect(),
        askers: askers.map(|(name, connection)| (name.to_string(), format!("{name} ({})", connection.channel.kind()))).collect(),
    })
}
